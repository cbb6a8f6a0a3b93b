package xlsform

import (
	"strings"
)

// controls writes what a person sees of the children of e.
func (w *xform) controls(e *element) ([]*node, error) {
	var out []*node
	for _, c := range e.children {
		n, err := w.control(c)
		if err != nil {
			return nil, err
		}
		if n != nil {
			out = append(out, n)
		}
	}
	return out, nil
}

func (w *xform) control(e *element) (*node, error) {
	if err := w.spend(); err != nil {
		return nil, err
	}
	switch {
	case e.kind == aRepeat:
		return w.repeatControl(e)
	case e.kind == aGroup && !e.bodyless:
		return w.groupControl(e)
	case e.kind == aQuestion:
		return w.questionControl(e)
	}
	return nil, nil
}

// attributes gives n what the control of e says, with paths for references.
func (w *xform) attributes(n *node, e *element) error {
	for _, a := range e.control {
		if a.key == "tag" {
			continue
		}
		text, err := w.resolver.insert(a.value.String(), e, manner{})
		if err != nil {
			return placed(err, e.at("control", a.key))
		}
		n.set(a.key, text)
	}
	return nil
}

func (w *xform) groupControl(e *element) (*node, error) {
	n := el("group")
	if !e.flat {
		n.set("ref", e.path())
	}
	if err := w.attributes(n, e); err != nil {
		return nil, err
	}
	if a := e.control.get("appearance"); !a.isZero() {
		n.set("appearance", a.String())
	}
	if !e.label.isZero() {
		label, err := w.label(e)
		if err != nil {
			return nil, err
		}
		n.add(label)
	}
	kids, err := w.controls(e)
	return n.add(kids...), err
}

func (w *xform) repeatControl(e *element) (*node, error) {
	repeat := el("repeat", "nodeset", e.path())
	if err := w.attributes(repeat, e); err != nil {
		return nil, err
	}
	kids, err := w.controls(e)
	if err != nil {
		return nil, err
	}
	repeat.add(kids...)
	if err := w.onNew(repeat, e); err != nil {
		return nil, err
	}
	label, err := w.label(e)
	return el("group", "ref", e.path()).add(label, repeat), err
}

// onNew adds what sets values in a new repetition, but for those of repeats within.
func (w *xform) onNew(repeat *node, e *element) error {
	for _, c := range e.children {
		if c.kind == aQuestion || c.kind == anAttribute {
			actions, err := w.actionsOf(c, true)
			if err != nil {
				return err
			}
			repeat.add(actions...)
		}
		if c.kind == aRepeat {
			continue
		}
		if err := w.onNew(repeat, c); err != nil {
			return err
		}
	}
	return nil
}

// label writes the label of e, empty if it has none.
func (w *xform) label(e *element) (*node, error) {
	if e.needsText() {
		return el("label", "ref", "jr:itext('"+e.textID("label")+"')"), nil
	}
	n, err := w.textNode("label", e.label, e)
	return n, placed(err, e.at("label"))
}

func (w *xform) hint(e *element) (*node, error) {
	if e.hint.nested() || !e.guidance.isZero() {
		return el("hint", "ref", "jr:itext('"+e.textID("hint")+"')"), nil
	}
	n, err := w.textNode("hint", e.hint, e)
	return n, placed(err, e.at("hint"))
}

// isSeen reports whether a question has a control: calculations need none, unless they have something to show.
func (e *element) isSeen() bool {
	works := e.bind.has("calculate") || len(e.triggers) > 0
	return e.typ != "calculate" && (!works || !e.label.isZero() || !e.hint.isZero())
}

// questionControl writes the control of a question, nil if it has none.
func (w *xform) questionControl(e *element) (*node, error) {
	sets := w.set[e.name]
	if !e.isSeen() {
		for _, s := range sets {
			if s.action == setValue {
				return nil, TriggerUnseen.at(e.at("type"), "name", e.name, "other", s.target)
			}
		}
		return nil, nil
	}
	c := classOf(e.typ)
	if c == noControl {
		return nil, nil
	}
	n := el(questionTypes[e.typ].tag)
	if err := w.labelAndHint(n, e); err != nil {
		return nil, err
	}
	n.set("ref", e.path())
	if err := w.attributes(n, e); err != nil {
		return nil, err
	}
	if err := w.particulars(n, e, c); err != nil {
		return nil, err
	}
	return n, w.setOff(n, e, sets)
}

// labelAndHint writes both; a question that shows neither is refused.
func (w *xform) labelAndHint(n *node, e *element) error {
	hasLabel := !e.label.isZero() || len(e.media) > 0
	hasHint := !e.hint.isZero() || !e.guidance.isZero()
	if !hasLabel && e.hint.isZero() {
		return LabelMissing.at(e.at("label"), "name", e.name)
	}
	if e.media.has("big-image") && !e.media.has("image") {
		return BigImageAlone.at(e.at("media", "big-image"), "name", e.name)
	}
	label, err := w.label(e)
	if err != nil {
		return err
	}
	n.add(label)
	if !hasHint {
		return nil
	}
	hint, err := w.hint(e)
	n.add(hint)
	return err
}

// particulars writes what only some kinds of questions have.
func (w *xform) particulars(n *node, e *element, c class) error {
	switch c {
	case inputControl:
		return w.externalQuery(n, e)
	case choiceControl:
		return w.choices(n, e)
	case rangeControl:
		if e.itemset != "" {
			n.add(listItemset(e).node())
		}
	case geoControl:
		if e.itemset != "" {
			return w.itemset(n, e)
		}
	case osmControl:
		for _, t := range e.tags {
			tag := el("tag", "key", t.name)
			label, err := w.label(&element{name: t.name, label: t.label})
			if err != nil {
				return placed(err, e.at("type"))
			}
			n.add(tag.add(label))
		}
	}
	return nil
}

// externalQuery asks a list of the sheet external_choices.
func (w *xform) externalQuery(n *node, e *element) error {
	if e.query == "" {
		return nil
	}
	query := "instance('" + e.query + "')/root/item"
	if e.filter != "" {
		filter, err := w.resolver.insert(e.filter, e, manner{current: true})
		if err != nil {
			return placed(err, e.at("choice_filter"))
		}
		query += "[" + filter + "]"
	}
	n.set("query", query)
	return nil
}

// setOff adds what the change of a question does to others.
func (w *xform) setOff(n *node, e *element, sets []setting) error {
	for _, what := range []string{setValue, setGeopoint} {
		for _, s := range sets {
			if s.action != what {
				continue
			}
			target, err := w.resolver.find(s.target)
			if err != nil {
				return placed(err, e.at("name"))
			}
			a := el(what, "ref", target.path(), "event", onChange)
			text, err := w.resolver.insert(s.value, e, manner{})
			if err != nil {
				return placed(err, target.at("bind", "calculate"))
			}
			if what == setValue && text != "" {
				a.set("value", text)
			}
			n.add(a)
		}
	}
	return nil
}

// itemsetNode says where choices are, and which of their columns are value and label.
type itemsetNode struct{ nodeset, value, label string }

func (i itemsetNode) node() *node {
	return el("itemset", "nodeset", i.nodeset).add(el("value", "ref", i.value), el("label", "ref", i.label))
}

func listItemset(e *element) itemsetNode {
	i := itemsetNode{"instance('" + e.itemset + "')/root/item", "name", "label"}
	if e.choices != nil && e.choices.inText() {
		i.label = "jr:itext(itextId)"
	}
	return i
}

// fileItemset is that of choices in a file, whose columns may be named by parameters.
func fileItemset(e *element, base, extension string) itemsetNode {
	i := itemsetNode{"instance('" + base + "')/root/item", "name", "label"}
	if extension == ".geojson" {
		i.value, i.label = "id", "title"
	}
	i.value = cmpOr(e.params.text("value"), i.value)
	i.label = cmpOr(e.params.text("label"), i.label)
	return i
}

// answersItemset is that of answers given in a repeat: those that are not empty.
func (w *xform) answersItemset(e *element) (i itemsetNode, filter string, err error) {
	path, err := w.resolver.insert(e.itemset, e, manner{outside: true})
	if err != nil {
		return i, "", placed(err, e.at("type"))
	}
	path = strings.TrimSpace(path)
	if geoTypes[e.typ] {
		return itemsetNode{path, "geometry", "geometry"}, "./geometry != ''", nil
	}
	slash := strings.LastIndexByte(path, '/')
	last := path[slash+1:]
	return itemsetNode{path[:max(slash, 0)], last, last}, "./" + last + " != ''", nil
}

// itemset adds where the choices of e are, filtered and shuffled as it asks.
func (w *xform) itemset(n *node, e *element) error {
	var i itemsetNode
	var filter string
	fromAnswers := refers(e.itemset)
	base, ext := splitExtension(e.itemset)
	switch {
	case isFile(ext):
		i = fileItemset(e, base, ext)
	case fromAnswers:
		var err error
		if i, filter, err = w.answersItemset(e); err != nil {
			return err
		}
	default:
		i = listItemset(e)
	}
	if e.filter != "" {
		own, err := w.resolver.insert(e.filter, e, manner{current: true, outside: fromAnswers})
		if err != nil {
			return placed(err, e.at("choice_filter"))
		}
		if filter = own; fromAnswers {
			filter = strings.ReplaceAll(own, "current()/"+i.nodeset, ".")
			filter = strings.ReplaceAll(filter, i.nodeset, ".")
		}
	}
	if filter != "" {
		i.nodeset += "[" + filter + "]"
	}
	if err := w.shuffle(&i, e); err != nil {
		return err
	}
	n.add(i.node())
	return nil
}

// shuffle has the choices in random order, the same for the same seed.
func (w *xform) shuffle(i *itemsetNode, e *element) error {
	if e.params.text("randomize") != "true" {
		return nil
	}
	seed, err := w.resolver.insert(e.params.text("seed"), e, manner{})
	if err != nil {
		return placed(err, e.at("parameters"))
	}
	if seed = strings.TrimSpace(seed); seed != "" {
		seed = ", " + seed
	}
	i.nodeset = "randomize(" + i.nodeset + seed + ")"
	return nil
}

// choices adds the choices of a select: where they are, or, where the client searches, themselves.
func (w *xform) choices(n *node, e *element) error {
	if t := e.bind.text("type"); t != "string" && t != "odk:rank" {
		return SelectBindType.at(e.at("bind", "type"))
	}
	if e.itemset != "" {
		return w.itemset(n, e)
	}
	if e.choices == nil || !e.choices.bySearch {
		return nil
	}
	inText := e.choices.inText()
	for i, c := range e.choices.options {
		label := el("label")
		switch {
		case inText:
			label.set("ref", "jr:itext('"+e.choices.textID(i)+"')")
		case !e.label.isZero():
			label.say(c.label.String())
		}
		n.add(el("item").add(label, el("value").say(c.name)))
	}
	return nil
}
