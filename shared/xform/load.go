package xform

import (
	"strings"
)

// Aside is a part of a saved instance for which the form has no place.
type Aside struct {
	Ref Ref    // of the node in which it stands
	XML string // the element
}

// Load opens a saved instance: what Save or Submission wrote, under this or another version of the form. Answers that
// the form has no place for are kept aside (Session.Aside) and written again by Save; nodes that the instance lacks get
// the defaults of the form. What the form does on load is done, but not what it does on first load, and everything is
// computed anew. The error is a *Error of CodeXML, CodeLimit or CodeMismatch, or that of an external instance.
func (f *Form) Load(saved []byte, env Env) (*Session, error) {
	doc, err := parseXML(saved)
	if err != nil {
		return nil, err
	}
	if doc.root.local != f.root.name.local {
		return nil, &Error{Code: CodeMismatch, Line: doc.root.line,
			Msg: "the saved instance is a <" + doc.root.local + ">, and the form has <" + f.root.name.local + ">"}
	}
	if id := doc.root.attr("id"); id != "" && f.ID != "" && id != f.ID {
		return nil, &Error{Code: CodeMismatch, Line: doc.root.line,
			Msg: "the saved instance belongs to the form " + id + ", and this is " + f.ID}
	}
	s, err := f.session(env)
	if err != nil {
		return nil, err
	}
	s.root = f.initial.clone(nil)
	f.fill(s.root, doc.root)
	if err := s.begin(false); err != nil {
		return nil, err
	}
	return s, nil
}

// fill puts what a saved element holds into a node that has the defaults of the form.
func (f *Form) fill(n *node, e *element) {
	for _, a := range e.attrs {
		af := n.field.attribute(a.local)
		if _, ns := a.isNamespace(); ns || af == nil || n.parent == nil && a.local == "version" {
			continue
		}
		n.attrs[af.index].value = f.read(af, a.value)
	}
	if n.isLeaf() {
		n.value = f.read(n.field, e.text())
		e.elements(func(c *element) bool {
			n.aside = append(n.aside, c)
			return true
		})
		return
	}
	if text := strings.TrimSpace(e.text()); text != "" { // an answer to what is a group now
		n.aside = append(n.aside, &element{qname: qname{local: "text"}, children: []content{{text: text}}, line: e.line})
	}
	f.fillChildren(n, e)
}

// fillChildren matches the elements below a group with nodes. All instances of a repeat are those of the saved one.
func (f *Form) fillChildren(n *node, e *element) {
	taken := make([]int, len(n.groups))
	for i, c := range n.field.children {
		if c.IsRepeat() {
			n.groups[i] = nil
		}
	}
	e.elements(func(c *element) bool {
		cf := n.field.child(c.local)
		switch {
		case cf == nil:
			n.aside = append(n.aside, c)
		case cf.IsRepeat():
			f.fillInstance(n, cf, c)
		case taken[cf.index] < len(n.groups[cf.index]):
			f.fill(n.groups[cf.index][taken[cf.index]], c)
			taken[cf.index]++
		default:
			n.aside = append(n.aside, c)
		}
		return true
	})
}

func (f *Form) fillInstance(n *node, cf *Field, e *element) {
	if isTemplate(e) {
		return
	}
	var k *node
	if cf.template != nil {
		k = cf.template.clone(n)
	} else {
		k = newNode(cf, n)
	}
	k.pos = len(n.groups[cf.index])
	n.groups[cf.index] = append(n.groups[cf.index], k)
	f.fill(k, e)
}

// Aside lists what a Load kept aside, in the order of the instance.
func (s *Session) Aside() []Aside {
	var all []Aside
	s.root.walk(func(n *node) {
		for _, e := range n.aside {
			var w xmlWriter
			w.element(e)
			all = append(all, Aside{n.ref(), w.b.String()})
		}
	})
	return all
}
