package xform

import (
	"errors"
	"strings"
)

// binds reads every <bind> of the model.
func (p *parser) binds() error {
	var failed error
	p.model.elements(func(e *element) bool {
		if e.local == "bind" {
			failed = p.readBind(e)
		}
		return failed == nil
	})
	return failed
}

func (p *parser) readBind(e *element) error {
	nodeset := e.attr("nodeset")
	if nodeset == "" {
		nodeset = e.attr("ref")
	}
	if nodeset == "" {
		return failAt(e, CodeStructure, "a <bind> without nodeset")
	}
	x, err := p.compile(nodeset, "nodeset", e, nodeset)
	if err != nil {
		return err
	}
	var f *Field
	if refs := x.References(); len(refs) > 0 {
		f = p.form.followExactly(refs[0], p.form.root)
	}
	if f == nil {
		p.warn(e, nodeset, "the <bind> is for a node that the instance does not have")
		return nil
	}
	b := bindOf(e)
	if f.bind == nil {
		f.bind = b
	} else {
		f.bind.merge(b)
	}
	f.kind = kindOfType(f.bind.Type)
	return nil
}

// readBindIDs finds the binds that have an id, before the body is read, which may name them.
func (p *parser) readBindIDs() {
	p.model.elements(func(e *element) bool {
		if id := e.attr("id"); e.local == "bind" && id != "" {
			if f := p.form.fieldAt(e.attr("nodeset")); f != nil {
				p.bindIDs[id] = f
			}
		}
		return true
	})
}

func bindOf(e *element) *Bind {
	return &Bind{elem: e,
		Type: e.attr("type"), Relevant: e.attr("relevant"), Calculate: e.attr("calculate"), Required: e.attr("required"),
		ReadOnly: e.attr("readonly"), Constraint: e.attr("constraint"),
		ConstraintMsg: e.anyAttr("constraintMsg"), RequiredMsg: e.anyAttr("requiredMsg"),
		Preload: e.anyAttr("preload"), PreloadParams: e.anyAttr("preloadParams")}
}

// actions reads the actions of the model and of the controls.
func (p *parser) actions() error {
	var failed error
	p.model.elements(func(e *element) bool {
		if isAction(e) {
			var a *action
			a, failed = p.readAction(e, p.form.root)
			if a != nil && a.on(eventNewRepeat) {
				failed = failAt(e, CodeStructure, "an action on %s belongs into the <repeat>", eventNewRepeat)
			}
			if a != nil {
				p.form.modelActions = append(p.form.modelActions, a)
			}
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return p.nestedActions(p.form.Body)
}

func (p *parser) nestedActions(items []*Item) error {
	for _, it := range items {
		var failed error
		it.elem.elements(func(e *element) bool {
			if isAction(e) {
				var a *action
				a, failed = p.readAction(e, it.Field)
				if a != nil {
					it.actions = append(it.actions, a)
				}
			}
			return failed == nil
		})
		if failed != nil {
			return failed
		}
		if len(it.actions) > 0 {
			p.form.nested = append(p.form.nested, it)
		}
		if err := p.nestedActions(it.Items); err != nil {
			return err
		}
	}
	return nil
}

func isAction(e *element) bool {
	return e.local == "setvalue" || e.local == "setgeopoint" || e.local == "recordaudio"
}

// readAction reads an action; nil for one that is not carried out here.
func (p *parser) readAction(e *element, from *Field) (*action, error) {
	if e.local == "recordaudio" {
		p.warn(e, "", "<%s> is not carried out here", e.local)
		return nil, nil
	}
	if e.local == "setgeopoint" && e.space != nsODK {
		return nil, failAt(e, CodeStructure, "<setgeopoint> is in the namespace %q, not in %s", e.space, nsODK)
	}
	event := e.anyAttr("event")
	a := &action{events: strings.Fields(event), line: e.line, geopoint: e.local == "setgeopoint"}
	if len(a.events) == 0 {
		return nil, failAt(e, CodeStructure, "an action without event")
	}
	for _, ev := range a.events {
		if !knownEvents[ev] {
			return nil, failAt(e, CodeStructure, "an action on the event %q, which there is not", ev)
		}
	}
	if err := p.actionTarget(a, e, from); err != nil || a.target == nil {
		return nil, err
	}
	a.target.target = true
	return a, p.actionValue(a, e)
}

// actionTarget finds the target; one that is not there makes a warning, and no action.
func (p *parser) actionTarget(a *action, e *element, from *Field) (err error) {
	if id := e.attr("bind"); id != "" {
		if a.target = p.bindIDs[id]; a.target == nil {
			return failAt(e, CodeStructure, "there is no <bind> with the id %q", id)
		}
		return nil
	}
	ref := e.attr("ref")
	if ref == "" {
		return failAt(e, CodeStructure, "an action without ref")
	}
	var missing *Error
	a.target, err = p.resolve(ref, "ref", e, from)
	if errors.As(err, &missing) && missing.Code == CodeStructure {
		p.warn(e, ref, "the action is for a node that the instance does not have")
		return nil
	}
	return err
}

func (p *parser) actionValue(a *action, e *element) (err error) {
	if value, ok := e.lookup("", "value"); ok && value != "" && !a.geopoint {
		a.value, err = p.compile(value, "value", e, a.target.path)
		return err
	}
	a.literal = strings.TrimSpace(e.text())
	return nil
}

// start builds the instance as it stands in the form, and the templates of repeats.
func (p *parser) start() error {
	b := builder{form: p.form, warn: p.warn}
	p.form.initial = b.node(p.form.root, nil, p.form.data, false)
	return b.failed
}

// builder makes nodes of elements of the form.
type builder struct {
	form   *Form
	warn   func(e *element, ref, format string, args ...any)
	failed error
}

func isTemplate(e *element) bool {
	_, ok := e.lookup(nsJavaRosa, "template")
	return ok
}

// node makes the node of an element.
func (b *builder) node(f *Field, parent *node, e *element, inTemplate bool) *node {
	n := &node{field: f, parent: parent}
	n.attachAttributes()
	for _, a := range e.attrs {
		if af := f.attribute(a.local); af != nil {
			n.attrs[af.index].value = uncast(a.value)
		}
	}
	if len(f.children) == 0 {
		n.value = b.start(f, e)
		return n
	}
	n.groups = make([][]*node, len(f.children))
	e.elements(func(c *element) bool {
		b.child(n, c, inTemplate)
		return true
	})
	for i, cf := range f.children { // what only other instances of a repeat have
		if len(n.groups[i]) == 0 && !cf.IsRepeat() {
			n.groups[i] = []*node{newNode(cf, n)}
		}
	}
	return n
}

// start is the value that a leaf has in the form. One that is not of its type is left out, as the other engines do.
func (b *builder) start(f *Field, e *element) Value {
	v := b.form.read(f, strings.TrimSpace(e.text()))
	if k := b.form.kindOf(f); v.Kind == String && !k.isText() && !fits(v.Text, k) {
		b.warn(e, f.path, "the default %q is no %s", v.Text, k)
		return Value{}
	}
	return v
}

func (b *builder) child(n *node, c *element, inTemplate bool) {
	cf := n.field.child(c.local)
	if isTemplate(c) {
		if !cf.IsRepeat() {
			b.warn(c, cf.path, "a jr:template for a node that is no repeat")
			return
		}
		t := b.node(cf, nil, c, true)
		if cf.template == nil || inTemplate {
			cf.template = t
		}
		return
	}
	k := b.node(cf, n, c, inTemplate)
	k.pos = len(n.groups[cf.index])
	if k.pos == 1 && !cf.IsRepeat() && cf.question != nil {
		b.warn(c, cf.path, "the node stands several times in the instance, and no <repeat> is for it")
	}
	n.groups[cf.index] = append(n.groups[cf.index], k)
}
