package xlsform

import (
	"strings"
)

// xform writes a definition as XML.
type xform struct {
	*definition
	resolver *resolver
	texts    translations
	set      map[string][]setting // by the name of the question whose change makes it happen
	nodes    int
}

// setting is what the change of a question does: it sets another to a value, or takes a place.
type setting struct {
	action, target, value string
}

// maxNodes bounds the tree that is written; a node costs some 150 bytes while it is held.
const maxNodes = 2_000_000

// spend counts a node, and looks at the context now and then.
func (w *xform) spend() error {
	if w.nodes++; w.nodes > maxNodes {
		return reached("xform", MaxXFormBytes, Place{})
	}
	if w.nodes%checkEvery == 0 {
		return w.ctx.Err()
	}
	return nil
}

// namespaces are those of every form.
var namespaces = [...]string{
	"xmlns", "http://www.w3.org/2002/xforms",
	"xmlns:h", "http://www.w3.org/1999/xhtml",
	"xmlns:ev", "http://www.w3.org/2001/xml-events",
	"xmlns:xsd", "http://www.w3.org/2001/XMLSchema",
	"xmlns:jr", "http://openrosa.org/javarosa",
	"xmlns:orx", "http://openrosa.org/xforms",
	"xmlns:odk", "http://www.opendatakit.org/xforms",
}

// document is the XForm.
func (d *definition) document() (*node, error) {
	w := &xform{definition: d, resolver: newResolver(d.root), set: map[string][]setting{}}
	if err := w.prepare(); err != nil {
		return nil, err
	}
	if err := w.checkCycles(); err != nil {
		return nil, err
	}
	w.warnLegacy()
	model, err := w.model()
	if err != nil {
		return nil, err
	}
	controls, err := w.controls(d.root)
	if err != nil {
		return nil, err
	}
	body := el("h:body").add(controls...)
	if style := d.settings.text("style"); style != "" {
		body.set("class", style)
	}
	root := el("h:html", namespaces[:]...)
	w.ownNamespaces(root)
	head := el("h:head").add(el("h:title").say(d.settings.text("title")), model)
	return root.add(head, body), nil
}

// ownNamespaces declares those of the settings, that of the caller's columns if there are any, and that of entities.
func (w *xform) ownNamespaces(root *node) {
	own := w.settings.text("namespaces")
	if w.tables.survey.speaks(w.own.Prefix) || w.tables.settings.speaks(w.own.Prefix) {
		own += " " + w.own.Prefix + "=" + w.own.Namespace
	}
	if w.version != "" {
		own += " entities=http://www.opendatakit.org/xforms/entities"
	}
	for part := range strings.FieldsSeq(own) {
		prefix, uri, ok := strings.Cut(part, "=")
		if !ok || !isNCName(prefix) || strings.Contains(uri, "=") {
			continue
		}
		known := false
		for _, a := range root.attrs {
			known = known || a.name == "xmlns:"+prefix
		}
		if !known {
			root.set("xmlns:"+prefix, strings.NewReplacer(`"`, "", "'", "").Replace(uri))
		}
	}
}

// prepare gives every element its path, checks what is about the tree as a whole, and notes what changes set off.
func (w *xform) prepare() error {
	if w.settings.text("id_string") == "None" {
		return FormIDMissing.at(Place{Sheet: "survey"})
	}
	for _, a := range w.settings.row.get("attribute").by {
		if !isName(a.key) {
			return HeaderNotName.at(w.settings.row.at("attribute", a.key), "header", a.key)
		}
	}
	repeats := map[string]bool{}
	return w.root.walk(func(e *element) error {
		if err := w.spend(); err != nil {
			return err
		}
		e.xpath = e.path()
		e.takeType()
		if e.control.text("appearance") == "label" && e.label.isZero() {
			e.label = plain(" ")
		}
		if err := e.check(repeats, w.settings.form); err != nil {
			return err
		}
		w.noteTriggers(e)
		w.warnFunctions(e)
		return w.addNone(e)
	})
}

// takeType gives a question what its type begins with, where its row says nothing else.
func (e *element) takeType() {
	if e.kind != aQuestion {
		return
	}
	t := questionTypes[e.typ]
	e.bind = e.bind.over(t.bind)
	if t.media != "" {
		e.control = e.control.over(pairs("mediatype", t.media))
	}
	if e.hint.isZero() {
		e.hint = plain(t.hint)
	}
}

// check refuses names twice among the children of e, repeats with one name, and attributes that are no names.
func (e *element) check(repeats map[string]bool, form string) error {
	names := map[string]bool{}
	for _, c := range e.children {
		if names[c.name] && c.name != "" {
			return NameTwice.at(c.at("name"), "name", c.name)
		}
		names[c.name] = true
	}
	if e.kind == aRepeat {
		if e.name == form {
			return RepeatNameRoot.at(e.at("name"), "name", e.name)
		}
		if repeats[e.name] {
			return RepeatNameTwice.at(e.at("name"), "name", e.name)
		}
		repeats[e.name] = true
	}
	for family, a := range map[string]attrs{"bind": e.bind, "control": e.control, "instance": e.instance} {
		for _, x := range a {
			if !isName(x.key) {
				return HeaderNotName.at(e.at(family, x.key), "header", x.key)
			}
		}
	}
	return nil
}

// noteTriggers notes at the questions that set e off that they do.
func (w *xform) noteTriggers(e *element) {
	if e.kind != aQuestion {
		return
	}
	what := setValue
	if e.typ == "background-geopoint" {
		what = setGeopoint
	}
	for _, name := range e.triggers {
		w.set[name] = append(w.set[name], setting{what, e.name, e.bind.text("calculate")})
	}
}

// addNone forbids "none" beside other answers, where the settings ask for such a choice.
func (w *xform) addNone(e *element) error {
	if !w.settings.yes("add_none_option") || !strings.HasPrefix(e.typ, selectMultiple) {
		return nil
	}
	if e.choices == nil || e.listName == "" {
		return NoneWithoutList.at(e.at("type"))
	}
	if e.choices.withNone {
		return nil
	}
	e.choices.withNone = true
	const rule = "(.='none' or not(selected(., 'none')))"
	if own := e.bind.text("constraint"); own != "" {
		e.bind.setText("constraint", own+" and "+rule)
	} else {
		e.bind.setText("constraint", rule)
	}
	return nil
}

// model writes what the form knows: texts, the empty record, other instances, and the rules.
func (w *xform) model() (*node, error) {
	n := el("model", "odk:xforms-version", "1.0.0")
	if w.version != "" {
		n.set("entities:entities-version", w.version)
	}
	if err := w.readTexts(); err != nil {
		return nil, err
	}
	texts, err := w.itext()
	if err != nil {
		return nil, err
	}
	record, err := w.record(w.root, false)
	if err != nil {
		return nil, err
	}
	w.settingsOf(record)
	n.add(w.submission(), texts, el("instance").add(record))
	others, err := w.secondaries()
	if err != nil {
		return nil, err
	}
	n.add(others...)
	w.warnLanguages()
	return n, w.root.walk(func(e *element) error { return w.rules(n, e) })
}

func (w *xform) warnLanguages() {
	var names []string
	for _, l := range w.texts.languages {
		names = append(names, l.language)
	}
	if bad := withoutCode(names); len(bad) > 0 {
		w.warn(LanguageCode.at(Place{}, "languages", strings.Join(bad, ", ")))
	}
}

// settingsOf gives the root of the record the attributes that settings name.
func (w *xform) settingsOf(record *node) {
	for _, a := range w.settings.row.get("attribute").by {
		record.set(a.key, a.value.String())
	}
	record.set("id", w.settings.text("id_string"))
	for _, s := range [][2]string{
		{"xmlns", "instance_xmlns"}, {"version", "version"}, {"odk:prefix", "prefix"}, {"odk:delimiter", "delimiter"},
	} {
		if v := w.settings.text(s[1]); v != "" {
			record.set(s[0], v)
		}
	}
}

// submission says where and how records are sent, nil if the settings leave that to the client.
func (w *xform) submission() *node {
	n := el("submission")
	if url := w.settings.text("submission_url"); url != "" {
		n.set("action", url)
		n.set("method", "post")
	}
	for _, s := range [][2]string{
		{"base64RsaPublicKey", "public_key"}, {"orx:auto-send", "auto_send"}, {"orx:auto-delete", "auto_delete"},
	} {
		if v := w.settings.text(s[1]); v != "" {
			n.set(s[0], v)
		}
	}
	if w.settings.yes("client_editable") {
		n.set("odk:client-editable", "true")
	}
	if len(n.attrs) == 0 {
		return nil
	}
	return n
}

// rules writes the bind of e, and what sets its value when the form opens.
func (w *xform) rules(model *node, e *element) error {
	if w.hasBind(e) {
		n, err := w.bindNode(e)
		if err != nil {
			return err
		}
		model.add(n)
	}
	if e.kind != aQuestion && e.kind != anAttribute {
		return nil
	}
	actions, err := w.actionsOf(e, false)
	model.add(actions...)
	return err
}

// hasBind reports whether there is anything to say of e's place in the record. What is flat has no such place.
func (w *xform) hasBind(e *element) bool {
	flat := e.flat || e.kind == aSurvey && w.settings.text("flat") != ""
	return e.bind != nil && !flat && e.kind != anInstance
}

func (w *xform) bindNode(e *element) (*node, error) {
	n := el("bind", "nodeset", e.path())
	for _, a := range e.bind {
		if a.key == "calculate" && len(e.triggers) > 0 {
			continue // it is set when the trigger changes
		}
		text := bindText(a.key, a.value.String())
		switch a.key {
		case constraintMsg, requiredMsg, noAppErrorString:
			if e.messageInText(a.key) {
				text = "jr:itext('" + e.textID(a.key) + "')"
			}
		}
		text, err := w.resolver.insert(text, e, manner{})
		if err != nil {
			return nil, placed(err, e.at("bind", a.key))
		}
		n.set(a.key, text)
	}
	return n, nil
}

// actionsOf writes what happens to e at events: those of new repetitions, or all others.
func (w *xform) actionsOf(e *element, newRepeat bool) ([]*node, error) {
	var out []*node
	for _, a := range e.actions {
		if newRepeat != (a.event == onNewRepeat) {
			continue
		}
		n := el(a.name, "ref", e.path(), "event", a.event)
		text := a.value
		if e.kind == aQuestion && e.question.value != "" {
			text = e.question.value
		}
		if a.name == setValue && text != "" {
			if e.dynamic {
				var err error
				if text, err = w.resolver.insert(text, e, manner{}); err != nil {
					return nil, placed(err, e.at("default"))
				}
			}
			n.set("value", text)
		}
		if a.quality != "" {
			n.set("odk:quality", a.quality)
		}
		out = append(out, n)
	}
	return out, nil
}
