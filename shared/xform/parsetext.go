package xform

import (
	"strings"
)

// label reads a <label> or <hint>; nil for none.
func (p *parser) label(e *element) (*Label, error) {
	if e == nil {
		return nil, nil
	}
	l := &Label{}
	if ref := strings.TrimSpace(e.attr("ref")); ref != "" {
		arg, ok := itextArgument(ref)
		if !ok {
			return nil, failAt(e, CodeStructure, "the ref %q of <%s> is not of the form jr:itext('…')", ref, e.local)
		}
		id, ok := unquote(arg)
		if !ok {
			return nil, failAt(e, CodeStructure, "the id of a text needs quotes: %s", ref)
		}
		if l.id = id; !p.hasText(l.id) {
			p.warn(e, "", "there is no text with the id %q", l.id)
		}
	}
	var err error
	l.parts, err = p.parts(e)
	return l, err
}

// itextArgument is what stands in jr:itext(…).
func itextArgument(ref string) (string, bool) {
	inner, ok := strings.CutPrefix(ref, "jr:itext(")
	if !ok || !strings.HasSuffix(inner, ")") {
		return "", false
	}
	return strings.TrimSpace(strings.TrimSuffix(inner, ")")), true
}

// unquote is the text of a literal.
func unquote(s string) (string, bool) {
	if n := len(s); n >= 2 && (s[0] == '\'' || s[0] == '"') && s[n-1] == s[0] {
		return s[1 : n-1], true
	}
	return "", false
}

func (p *parser) hasText(id string) bool {
	for _, texts := range p.form.itext {
		if _, ok := texts[id]; ok {
			return true
		}
	}
	return false
}

// parts reads text with <output>s in it. Space around it is cut off; markup gives its text.
func (p *parser) parts(e *element) ([]part, error) {
	parts, err := p.appendParts(nil, e)
	if n := len(parts); n > 0 {
		parts[0].text = strings.TrimLeft(parts[0].text, " \t\r\n")
		parts[n-1].text = strings.TrimRight(parts[n-1].text, " \t\r\n")
	}
	return parts, err
}

func (p *parser) appendParts(parts []part, e *element) ([]part, error) {
	for _, c := range e.children {
		switch {
		case c.comment:
		case c.elem == nil:
			parts = append(parts, part{text: c.text})
		case c.elem.local == "output":
			o, err := p.output(c.elem)
			if err != nil {
				return nil, err
			}
			parts = append(parts, o)
		default:
			var err error
			if parts, err = p.appendParts(parts, c.elem); err != nil {
				return nil, err
			}
		}
	}
	return parts, nil
}

func (p *parser) output(e *element) (part, error) {
	expr := e.attr("value")
	if expr == "" {
		expr = e.attr("ref")
	}
	if strings.TrimSpace(expr) == "" {
		return part{}, failAt(e, CodeStructure, "an <output> without value")
	}
	x, err := p.compile(expr, "output", e, "")
	return part{output: x}, err
}

// readIText reads the translations.
func (p *parser) readIText() error {
	itext := p.model.first("itext")
	if itext == nil {
		return nil
	}
	var failed error
	itext.elements(func(e *element) bool {
		if e.local == "translation" {
			failed = p.translation(e)
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	f := p.form
	if f.DefaultLanguage == "" && len(f.Languages) > 0 {
		f.DefaultLanguage = f.Languages[0]
	}
	return nil
}

func (p *parser) translation(e *element) error {
	lang := e.attr("lang")
	if lang == "" {
		return failAt(e, CodeStructure, "a <translation> without lang")
	}
	if p.form.itext[lang] != nil {
		return failAt(e, CodeStructure, "there are two <translation>s for %q", lang)
	}
	if d, ok := e.lookup("", "default"); ok && d != "false()" {
		if p.form.DefaultLanguage != "" {
			return failAt(e, CodeStructure, "more than one <translation> is the default")
		}
		p.form.DefaultLanguage = lang
	}
	p.form.Languages = append(p.form.Languages, lang)
	texts := map[string][]variant{}
	p.form.itext[lang] = texts
	var failed error
	e.elements(func(t *element) bool {
		if t.local == "text" {
			failed = p.text(texts, t)
		}
		return failed == nil
	})
	return failed
}

func (p *parser) text(texts map[string][]variant, t *element) error {
	id := t.attr("id")
	if id == "" {
		return failAt(t, CodeStructure, "a <text> without id")
	}
	variants := texts[id]
	if variants == nil {
		variants = []variant{}
	}
	var failed error
	t.elements(func(v *element) bool {
		if v.local != "value" {
			failed = failAt(v, CodeStructure, "<%s> in a <text>; only <value> can be there", v.local)
			return false
		}
		if len(variants) >= MaxVariants {
			failed = failAt(v, CodeLimit, "the text %q has more than %d values", id, MaxVariants)
			return false
		}
		form := v.attr("form")
		if _, has := find(variants, form); has {
			failed = failAt(v, CodeStructure, "the text %q has two values of the form %q", id, form)
			return false
		}
		var parts []part
		parts, failed = p.parts(v)
		variants = append(variants, variant{form, parts})
		return failed == nil
	})
	texts[id] = variants
	return failed
}
