package xform

import (
	"strings"
)

// controls are the elements that ask a question.
var controls = map[string]bool{"input": true, "select1": true, "select": true, "rank": true, "upload": true, "trigger": true,
	"range": true, "secret": true, "textarea": true}

// body reads the controls.
func (p *parser) body() error {
	p.readBindIDs()
	body := p.form.doc.root.first("body")
	if body == nil {
		p.warn(p.form.doc.root, "", "there is no <h:body>: the form asks nothing")
		return nil
	}
	if body.space != nsXHTML && body.space != p.form.doc.root.space {
		return failAt(body, CodeStructure, "<body> is in the namespace %q, not in %s", body.space, nsXHTML)
	}
	items, err := p.items(body, nil)
	p.form.Body = items
	return err
}

// items reads the controls in an element. Elements that are none are looked through, as JavaRosa does.
func (p *parser) items(e *element, parent *Item) ([]*Item, error) {
	var items []*Item
	var failed error
	e.elements(func(c *element) bool {
		var some []*Item
		some, failed = p.item(c, parent)
		items = append(items, some...)
		return failed == nil
	})
	return items, failed
}

func (p *parser) item(e *element, parent *Item) ([]*Item, error) {
	var it *Item
	var err error
	switch {
	case e.local == "group":
		it, err = p.group(e, parent)
	case e.local == "repeat":
		it, err = p.repeat(e, parent)
	case controls[e.local]:
		it, err = p.question(e, parent)
	case e.local == "label" || e.local == "hint" || isAction(e):
		return nil, nil
	case e.space == nsXForms:
		p.warn(e, "", "<%s> is not known; what is in it is used", e.String())
		return p.items(e, parent)
	default:
		return nil, nil
	}
	if err != nil || it == nil {
		return nil, err
	}
	return []*Item{it}, nil
}

// around is the field that relative refs in an item start from.
func (p *parser) around(parent *Item) *Field {
	if parent == nil {
		return p.form.root
	}
	return parent.Field
}

// ref finds the field of a control; nil when it names none.
func (p *parser) ref(e *element, parent *Item) (*Field, error) {
	if id := e.attr("bind"); id != "" {
		if f := p.bindIDs[id]; f != nil {
			return f, nil
		}
		return nil, failAt(e, CodeStructure, "there is no <bind> with the id %q", id)
	}
	ref := strings.TrimSpace(e.attr("ref"))
	if ref == "" {
		ref = strings.TrimSpace(e.attr("nodeset"))
	}
	if ref == "" {
		return nil, nil
	}
	return p.resolve(ref, "ref", e, p.around(parent))
}

func (p *parser) group(e *element, parent *Item) (*Item, error) {
	f, err := p.ref(e, parent)
	if err != nil {
		return nil, err
	}
	it := &Item{Type: Group, Field: f, logical: f != nil, parent: parent, elem: e, Appearance: e.attr("appearance")}
	if f == nil {
		it.Field = p.around(parent)
	}
	if it.Label, err = p.label(e.first("label")); err != nil {
		return nil, err
	}
	if it.Items, err = p.items(e, it); err != nil {
		return nil, err
	}
	if len(it.Items) == 1 && it.Items[0].Type == Repeat { // the label of a repeat stands in a group around it
		r := it.Items[0]
		if it.Label != nil {
			r.Label = it.Label
		}
		if r.Appearance == "" {
			r.Appearance = it.Appearance
		}
		r.parent = parent
		return r, nil
	}
	return it, nil
}

func (p *parser) repeat(e *element, parent *Item) (*Item, error) {
	f, err := p.ref(e, parent)
	if err != nil {
		return nil, err
	}
	if err := p.checkRepeat(f, e, parent); err != nil {
		return nil, err
	}
	it := &Item{Type: Repeat, Field: f, logical: true, parent: parent, elem: e, Appearance: e.attr("appearance")}
	f.repeat, it.base = it, p.around(parent)
	if count, ok := e.lookup(nsJavaRosa, "count"); ok && strings.TrimSpace(count) != "" {
		if it.count, err = p.compile(count, "jr:count", e, f.path); err != nil {
			return nil, err
		}
		p.form.counts = append(p.form.counts, it)
	}
	fixed, has := e.lookup(nsJavaRosa, "noAddRemove")
	it.NoAddRemove = it.count != nil || has && fixed != "false()"
	it.Items, err = p.items(e, it)
	return it, err
}

func (p *parser) checkRepeat(f *Field, e *element, parent *Item) error {
	switch {
	case f == nil:
		return failAt(e, CodeStructure, "a <repeat> without nodeset")
	case f == p.form.root || f.attr:
		return failAt(e, CodeStructure, "a <repeat> cannot be for the root or for an attribute")
	case f.repeat != nil:
		return failAt(e, CodeStructure, "two <repeat>s are for %s", f.path)
	}
	return p.inside(f, e, parent)
}

// inside checks that a control in a repeat is for a node below that of the repeat.
func (p *parser) inside(f *Field, e *element, parent *Item) error {
	for ; parent != nil; parent = parent.parent {
		if parent.Type == Repeat && !parent.Field.isAncestorOf(f) {
			return failAt(e, CodeStructure, "the control is in the <repeat> for %s, and its node %s is not", parent.Field.path, f.path)
		}
	}
	return nil
}

func (p *parser) question(e *element, parent *Item) (*Item, error) {
	f, err := p.ref(e, parent)
	if err != nil {
		return nil, err
	}
	if f == nil {
		if e.local == "trigger" {
			p.warn(e, "", "a <trigger> without ref")
			return nil, nil
		}
		return nil, failAt(e, CodeStructure, "<%s> has neither ref nor bind", e.local)
	}
	if err := p.inside(f, e, parent); err != nil {
		return nil, err
	}
	it := &Item{Type: Question, Control: e.local, Field: f, logical: true, parent: parent, elem: e, Appearance: e.attr("appearance")}
	if it.Label, err = p.label(e.first("label")); err != nil {
		return nil, err
	}
	if it.Hint, err = p.label(e.first("hint")); err != nil {
		return nil, err
	}
	if f.question == nil {
		f.question = it
	}
	if it.isSelect() {
		err = p.choices(it)
	}
	return it, err
}

func (p *parser) choices(it *Item) error {
	var failed error
	it.elem.elements(func(e *element) bool {
		switch e.local {
		case "item":
			failed = p.option(it, e)
		case "itemset":
			failed = p.itemset(it, e)
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	switch {
	case it.Itemset != nil && len(it.Choices) > 0:
		return failAt(it.elem, CodeStructure, "the select has both <item>s and an <itemset>")
	case it.Itemset == nil && len(it.Choices) == 0:
		p.warn(it.elem, it.Field.path, "the select has no choices")
	}
	return nil
}

func (p *parser) option(it *Item, e *element) (err error) {
	value := e.first("value")
	if value == nil {
		return failAt(e, CodeStructure, "an <item> without <value>")
	}
	o := &Option{Value: strings.TrimSpace(value.text())}
	if o.Label, err = p.label(e.first("label")); err != nil {
		return err
	}
	it.Choices = append(it.Choices, o)
	return nil
}

func (p *parser) itemset(it *Item, e *element) (err error) {
	s := &Itemset{Nodeset: strings.TrimSpace(e.attr("nodeset"))}
	if s.Nodeset == "" {
		return failAt(e, CodeStructure, "an <itemset> without nodeset")
	}
	ref := it.Field.path
	if s.nodes, err = p.compile(s.Nodeset, "nodeset", e, ref); err != nil {
		return err
	}
	value, label := e.first("value"), e.first("label")
	if value == nil || value.attr("ref") == "" {
		return failAt(e, CodeStructure, "an <itemset> needs a <value ref=…>")
	}
	if s.value, err = p.compile(value.attr("ref"), "value", e, ref); err != nil {
		return err
	}
	if label != nil && label.attr("ref") != "" {
		text := strings.TrimSpace(label.attr("ref"))
		if inner, ok := itextArgument(text); ok {
			text, s.labelText = inner, true
		}
		if s.label, err = p.compile(text, "label", e, ref); err != nil {
			return err
		}
	}
	it.Itemset = s
	return p.checkInstances(s, e)
}

// checkInstances checks that the instances of an itemset are there.
func (p *parser) checkInstances(s *Itemset, e *element) error {
	for _, r := range s.nodes.References() {
		if r.Instance != "" && p.form.instance(r.Instance) == nil && !p.form.isMain(r.Instance) {
			return failAt(e, CodeStructure, "there is no instance %q", r.Instance)
		}
	}
	return nil
}
