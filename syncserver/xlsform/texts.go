package xlsform

import (
	"slices"
	"strings"
)

// translations are the texts of the form by language, as the model lists them: each text has an id and one form or
// several (long, guidance, image, …). Where a language lacks what another has, it says "-".
type translations struct{ languages []*translation }

type translation struct {
	language string
	ids      []string // in the order of their first mention
	texts    map[string]*formedText
}

// formedText is a text in the forms that it has in one language.
type formedText struct {
	forms []string // in the order of their first mention
	said  map[string]said
}

// said is a text, and whose it is: paths in it are as seen from there.
type said struct {
	text string
	by   *element
}

// Forms of a text. Others are kinds of media.
const (
	formLong     = "long"
	formGuidance = "guidance"
)

const noTranslation = "-"

func (t *translations) in(language string) *translation {
	for _, l := range t.languages {
		if l.language == language {
			return l
		}
	}
	l := &translation{language: language, texts: map[string]*formedText{}}
	t.languages = append(t.languages, l)
	return l
}

func (t *translations) put(language, id, form string, s said) {
	l := t.in(language)
	text := l.texts[id]
	if text == nil {
		text = &formedText{said: map[string]said{}}
		l.texts[id] = text
		l.ids = append(l.ids, id)
	}
	if _, known := text.said[form]; !known {
		text.forms = append(text.forms, form)
	}
	text.said[form] = s
}

// all returns the ids of all languages and the forms of each, those of the first language first.
func (t *translations) all() (ids []string, forms map[string][]string) {
	forms = map[string][]string{}
	for _, l := range t.languages {
		for _, id := range l.ids {
			if forms[id] == nil {
				ids = append(ids, id)
			}
			for _, f := range l.texts[id].forms {
				if !slices.Contains(forms[id], f) {
					forms[id] = append(forms[id], f)
				}
			}
		}
	}
	return ids, forms
}

// putAll puts a value: a text in the default language, or one for each language.
func (t *translations) putAll(v value, language, id, form string, by *element) {
	if !v.nested() {
		t.put(language, id, form, said{v.text, by})
		return
	}
	for _, l := range v.by {
		t.put(l.key, id, form, said{l.value.String(), by})
	}
}

// readTexts collects the texts of lists and questions.
func (w *xform) readTexts() error {
	for _, list := range w.lists.order {
		if list.inText() {
			w.readListTexts(list)
		}
	}
	mixed := searchMix{}
	err := w.root.walk(func(e *element) error {
		if e.kind == aQuestion && classOf(e.typ) == choiceControl {
			if err := mixed.note(w, e); err != nil {
				return err
			}
		}
		if e.kind == aQuestion || e.isSection() {
			w.readElementTexts(e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := mixed.check(); err != nil {
		return err
	}
	return w.root.walk(w.readMedia)
}

func (w *xform) readListTexts(list *choiceList) {
	for i, c := range list.options {
		id := list.textID(i)
		if !c.label.isZero() {
			w.readLabel(c.label, id)
		}
		for _, m := range c.media.by {
			w.texts.putAll(m.value, w.settings.language, id, m.key, nil)
		}
	}
}

// readLabel takes in the label of a choice, in which a language may have several forms.
func (w *xform) readLabel(label value, id string) {
	if !label.nested() {
		w.texts.put(w.settings.language, id, formLong, said{text: label.text})
		return
	}
	for _, l := range label.by {
		if !l.nested() {
			w.texts.put(l.key, id, formLong, said{text: l.text})
			continue
		}
		for _, inner := range l.by {
			w.texts.put(inner.key, id, l.key, said{text: inner.value.String()})
		}
	}
}

// readElementTexts takes in the messages, label and hints of a question or group.
func (w *xform) readElementTexts(e *element) {
	t, language := &w.texts, w.settings.language
	for _, key := range []string{constraintMsg, requiredMsg, noAppErrorString} {
		if e.messageInText(key) {
			t.putAll(e.bind.get(key), language, e.textID(key), formLong, e)
		}
	}
	if !e.label.isZero() && e.needsText() {
		t.putAll(e.label, language, e.textID("label"), formLong, e)
	}
	if !e.hint.isZero() && (e.hint.nested() || !e.guidance.isZero()) {
		t.putAll(e.hint, language, e.textID("hint"), formLong, e)
	}
	if !e.guidance.isZero() {
		t.putAll(e.guidance, language, e.textID("hint"), formGuidance, e)
	}
}

// messageInText reports whether a message of bind stands among the translations.
func (e *element) messageInText(key string) bool {
	v := e.bind.get(key)
	return v.nested() || key != noAppErrorString && refers(v.text)
}

// mediaTypes are the media that a text may have.
var mediaTypes = set("image", "big-image", "audio", "video")

// readMedia takes in the pictures and sounds of a label.
func (w *xform) readMedia(e *element) error {
	if e.kind != aQuestion && !e.isSection() {
		return nil
	}
	media := e.media
	if inner := media.get(languageDefault); inner.nested() {
		media = inner.by
	}
	for _, m := range media {
		if !mediaTypes[m.key] {
			return MediaUnknown.at(e.at("media", m.key), "name", m.key)
		}
		w.texts.putAll(m.value, w.settings.language, e.textID("label"), m.key, nil)
	}
	return nil
}

// itext writes the translations, nil if there are none.
func (w *xform) itext() (*node, error) {
	if len(w.texts.languages) == 0 {
		return nil, nil
	}
	ids, forms := w.texts.all()
	out := el("itext")
	for _, l := range w.texts.languages {
		n := el("translation", "lang", l.language)
		if l.language == w.settings.language {
			n.set("default", "true()")
		}
		out.add(n)
		for _, id := range l.first(ids) {
			text, err := w.text(l.texts[id], id, forms[id])
			if err != nil {
				return nil, err
			}
			n.add(text)
		}
	}
	return out, nil
}

// first are all ids, those that the language has itself first.
func (l *translation) first(ids []string) []string {
	all := append([]string{}, l.ids...)
	for _, id := range ids {
		if l.texts[id] == nil {
			all = append(all, id)
		}
	}
	return all
}

// text writes one text in one language: the forms that it has there, then those that it has in others.
func (w *xform) text(own *formedText, id string, forms []string) (*node, error) {
	out := el("text", "id", id)
	if own == nil {
		own = &formedText{}
	}
	write := func(form string, s said) error {
		n, err := w.textForm(form, s)
		if err == nil {
			out.add(n)
			err = w.spend()
		}
		return err
	}
	for _, form := range own.forms {
		if err := write(form, own.said[form]); err != nil {
			return nil, err
		}
	}
	for _, form := range forms {
		if slices.Contains(own.forms, form) {
			continue
		}
		if err := write(form, said{text: noTranslation}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// textForm writes one form of a text, nil for media that there are none of.
func (w *xform) textForm(form string, s said) (*node, error) {
	n := el("value")
	prefix := ""
	switch form {
	case formLong:
	case formGuidance:
		n.set("form", form)
	default:
		if s.text == noTranslation {
			return nil, nil
		}
		prefix = "jr://" + strings.TrimPrefix(form, "big-") + "/"
		if strings.HasSuffix(form, "image") {
			prefix = "jr://images/"
		}
		n.set("form", form)
	}
	kids, err := w.spoken(s.text, s.by)
	if err != nil {
		return nil, err
	}
	if prefix != "" {
		kids = append([]*node{{text: prefix}}, kids...)
	}
	return n.add(joinTexts(kids)...), nil
}

// joinTexts makes one text of two in a row.
func joinTexts(kids []*node) []*node {
	var out []*node
	for _, k := range kids {
		if last := len(out) - 1; k.isText() && last >= 0 && out[last].isText() {
			out[last] = &node{text: out[last].text + k.text}
		} else {
			out = append(out, k)
		}
	}
	return out
}

// outputOpen and outputClose enclose a path in a text, until the text is parted into nodes.
const outputOpen, outputClose = `<output value="`, `" />`

// spoken is a text for people as nodes: references, and paths into instances, become outputs.
func (w *xform) spoken(text string, by *element) ([]*node, error) {
	if text == noTranslation || !mayRefer(text) && !strings.Contains(text, "instance(") {
		return []*node{{text: text}}, nil
	}
	escaped := textEscapes.Replace(text)
	marked, err := w.markInstances(escaped, by)
	if err != nil {
		return nil, err
	}
	marked, err = w.resolver.replace(marked, by, manner{}, func(path string) string { return outputOpen + path + outputClose })
	if err != nil {
		return nil, err
	}
	if marked == escaped {
		return []*node{{text: text}}, nil
	}
	return unmark(marked), nil
}

// markInstances makes outputs of the paths into instances.
func (w *xform) markInstances(escaped string, by *element) (string, error) {
	if !strings.Contains(escaped, "instance(") {
		return escaped, nil
	}
	var b strings.Builder
	last := 0
	for _, span := range instanceSpans(escaped) {
		path, err := w.resolver.insert(escaped[span[0]:span[1]], by, manner{})
		if err != nil {
			return "", err
		}
		b.WriteString(escaped[last:span[0]])
		b.WriteString(outputOpen + attributeEscapes.Replace(path) + outputClose)
		last = span[1]
	}
	b.WriteString(escaped[last:])
	return b.String(), nil
}

// unescapes undo attributeEscapes.
var unescapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&")

// unmark parts a marked text into texts and outputs.
func unmark(marked string) []*node {
	var kids []*node
	for marked != "" {
		before, rest, found := strings.Cut(marked, outputOpen)
		if before != "" {
			kids = append(kids, &node{text: unescapes.Replace(before)})
		}
		if !found {
			break
		}
		path, after, _ := strings.Cut(rest, outputClose)
		kids = append(kids, el("output", "value", unescapes.Replace(path)))
		marked = after
	}
	return kids
}

// textNode writes a text for people as an element, empty if there is no text.
func (w *xform) textNode(name string, v value, by *element) (*node, error) {
	if v.isZero() {
		return el(name), nil
	}
	kids, err := w.spoken(v.String(), by)
	return el(name).add(kids...), err
}
