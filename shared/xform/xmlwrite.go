package xform

import (
	"maps"
	"slices"
	"strings"
)

const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// xmlWriter writes elements as text.
type xmlWriter struct {
	b strings.Builder
}

// text writes s so that a parser reads s again.
func (w *xmlWriter) text(s string) { w.escape(s, false) }

// escape writes s as text or as the value of an attribute. Characters that XML cannot hold are left out.
func (w *xmlWriter) escape(s string, attr bool) {
	from := 0
	for i, r := range s {
		esc, replace := escapeOf(r, attr)
		if !replace {
			continue
		}
		w.b.WriteString(s[from:i])
		w.b.WriteString(esc)
		from = i + runeWidth(s[i:], r)
	}
	w.b.WriteString(s[from:])
}

func runeWidth(rest string, r rune) int {
	if r == '\uFFFD' && !strings.HasPrefix(rest, "\uFFFD") {
		return 1 // a byte that is not UTF-8
	}
	return len(string(r))
}

// escapeOf is what stands for r, if r cannot stand for itself.
func escapeOf(r rune, attr bool) (string, bool) {
	switch {
	case r == '&':
		return "&amp;", true
	case r == '<':
		return "&lt;", true
	case r == '>':
		return "&gt;", true
	case r == '"' && attr:
		return "&quot;", true
	case r == '\r', attr && (r == '\n' || r == '\t'):
		return map[rune]string{'\r': "&#13;", '\n': "&#10;", '\t': "&#9;"}[r], true
	case r < ' ' && r != '\n' && r != '\t', r == '\uFFFE', r == '\uFFFF':
		return "", true
	case r == '\uFFFD':
		return "\uFFFD", true
	}
	return "", false
}

// open writes the start of an element, up to its attributes.
func (w *xmlWriter) open(name string) {
	w.b.WriteByte('<')
	w.b.WriteString(name)
}

func (w *xmlWriter) attr(name, value string) {
	w.b.WriteByte(' ')
	w.b.WriteString(name)
	w.b.WriteString(`="`)
	w.escape(value, true)
	w.b.WriteByte('"')
}

func (w *xmlWriter) close(name string) {
	w.b.WriteString("</")
	w.b.WriteString(name)
	w.b.WriteByte('>')
}

// element writes e with all that is in it.
func (w *xmlWriter) element(e *element) {
	name := e.String()
	w.open(name)
	for i := range e.attrs {
		w.attr(e.attrs[i].String(), e.attrs[i].value)
	}
	if len(e.children) == 0 {
		w.b.WriteString("/>")
		return
	}
	w.b.WriteByte('>')
	for i := range e.children {
		w.content(&e.children[i])
	}
	w.close(name)
}

func (w *xmlWriter) content(c *content) {
	switch {
	case c.elem != nil:
		w.element(c.elem)
	case c.comment:
		w.b.WriteString("<!--" + c.text + "-->")
	default:
		w.text(c.text)
	}
}

// standalone is e with declarations for the prefixes in it that are not declared around it.
func (e *element) standalone(around []binding) *element {
	known := map[string]string{}
	for _, b := range around {
		known[b.prefix] = b.space
	}
	c := *e
	c.attrs = slices.Clone(e.attrs)
	e.undeclared(known, func(n qname) {
		if slices.ContainsFunc(c.attrs, func(a attribute) bool { p, ns := a.isNamespace(); return ns && p == n.prefix }) {
			return
		}
		local := attribute{qname{"xmlns", n.prefix, ""}, n.space}
		if n.prefix == "" {
			local = attribute{qname{"", "xmlns", ""}, n.space}
		}
		c.attrs = append(c.attrs, local)
	})
	return &c
}

// undeclared calls add for each prefix in e that does not stand for its namespace yet.
func (e *element) undeclared(known map[string]string, add func(qname)) {
	inside := maps.Clone(known)
	for _, a := range e.attrs {
		if prefix, ok := a.isNamespace(); ok {
			inside[prefix] = a.value
		}
	}
	check := func(n qname) {
		if inside[n.prefix] != n.space && n.prefix != "xml" {
			inside[n.prefix], known[n.prefix] = n.space, n.space
			add(n)
		}
	}
	check(e.qname)
	for _, a := range e.attrs {
		if _, ns := a.isNamespace(); !ns && a.prefix != "" {
			check(a.qname)
		}
	}
	e.elements(func(c *element) bool {
		c.undeclared(inside, add)
		return true
	})
}
