package xform

import "strings"

// Submission is the record as it is sent: XML in UTF-8, without what is not relevant, and without what a Load kept
// aside.
func (s *Session) Submission() []byte { return s.write(false) }

// Save is the record as it is kept: all answers, also those that are not relevant now, and what a Load kept aside. Load
// reads it.
func (s *Session) Save() []byte { return s.write(true) }

func (s *Session) write(all bool) []byte {
	w := instanceWriter{all: all, form: s.form}
	w.b.WriteString(xmlDeclaration)
	w.node(s.root)
	return []byte(w.b.String())
}

// instanceWriter writes an instance as XML.
type instanceWriter struct {
	xmlWriter
	form *Form
	all  bool
}

func (w *instanceWriter) node(n *node) {
	if !w.all && n.has(hidden) && n.parent != nil {
		return
	}
	name := n.field.name.String()
	w.open(name)
	if n.parent == nil {
		w.namespaces()
	} else if n.field.name.prefix == "" && n.field.name.space != n.parent.field.name.space && n.parent.field.name.prefix == "" {
		w.attr("xmlns", n.field.name.space)
	}
	for _, a := range n.attrs {
		if w.all || !a.has(hidden) {
			w.attr(a.field.name.String(), a.value.Text)
		}
	}
	if !w.holds(n) {
		w.b.WriteString("/>")
		return
	}
	w.b.WriteByte('>')
	w.text(n.value.Text)
	for _, g := range n.groups {
		for _, c := range g {
			w.node(c)
		}
	}
	w.asides(n)
	w.close(name)
}

// holds reports whether anything is to be written in an element.
func (w *instanceWriter) holds(n *node) bool {
	if n.value.Text != "" || w.all && len(n.aside) > 0 {
		return true
	}
	for _, g := range n.groups {
		for _, c := range g {
			if w.all || !c.has(hidden) {
				return true
			}
		}
	}
	return false
}

func (w *instanceWriter) asides(n *node) {
	if !w.all {
		return
	}
	for _, e := range n.aside {
		w.element(e.standalone(w.form.prefixes))
	}
}

// namespaces declares, at the root, what the names in the instance need.
func (w *instanceWriter) namespaces() {
	for _, b := range w.form.prefixes {
		if b.prefix == "" {
			if b.space != "" {
				w.attr("xmlns", b.space)
			}
			continue
		}
		w.attr("xmlns:"+b.prefix, b.space)
	}
}

// Supersede makes the record a new version of one that was sent: it gets a new identity, and names the one before as
// meta/deprecatedID. False when the form has no place for them, or there is no Random.
func (s *Session) Supersede() bool {
	id, old := s.form.identity("instanceID"), s.form.identity("deprecatedID")
	if id == nil || old == nil || s.env.Random == nil {
		return false
	}
	meta := s.root.one(id.parent)
	before := meta.one(id).value
	if before.IsEmpty() || strings.TrimSpace(before.Text) == "" {
		return false
	}
	s.refill()
	meta.one(old).value = before
	meta.one(id).value = Value{String, s.constant(meta, uuidExpr)}
	return true
}
