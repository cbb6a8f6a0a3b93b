package xform

import (
	"math"
	"slices"
)

// Instances is how many instances there are of the repeat that ref names, below the parent that ref names.
func (s *Session) Instances(ref Ref) int {
	parent, f := s.repeatOf(ref)
	if parent == nil {
		return 0
	}
	return len(parent.group(f))
}

// Offers reports whether the repeat that ref names would have a further instance shown: the parent is relevant, and so
// would the instance be.
func (s *Session) Offers(ref Ref) bool {
	parent, f := s.repeatOf(ref)
	if parent == nil || parent.has(hidden) {
		return false
	}
	s.refill()
	return s.wouldBeRelevant(f, parent, len(parent.group(f)))
}

// repeatOf finds the parent and the field of the repeat that ref names; nil when it names none.
func (s *Session) repeatOf(ref Ref) (*node, *Field) {
	parent := s.root.find(ref.Parent())
	steps, ok := ref.steps()
	if parent == nil || !ok {
		return nil, nil
	}
	f := parent.field.child(steps[len(steps)-1].name)
	if f == nil || !f.IsRepeat() {
		return nil, nil
	}
	return parent, f
}

// AddRepeat adds an instance behind those of the repeat that ref names ("/data/member", with or without a position). It
// returns its ref, or false when ref names no repeat or there are MaxInstances already. Whether people may add any
// (Item.NoAddRemove) is for the caller to ask.
func (s *Session) AddRepeat(ref Ref) (Ref, Change, bool) {
	parent, f := s.repeatOf(ref)
	if parent == nil || len(parent.group(f)) >= MaxInstances {
		return "", Change{}, false
	}
	s.refill()
	n := s.addInstance(parent, f)
	s.settle()
	return n.ref(), s.take(), true
}

// RemoveRepeat removes an instance of a repeat with all answers in it; false when ref names none.
func (s *Session) RemoveRepeat(ref Ref) (Change, bool) {
	n := s.root.find(ref)
	if n == nil || !n.field.IsRepeat() {
		return Change{}, false
	}
	s.refill()
	s.change.removed = append(s.change.removed, n.ref())
	g := slices.Delete(n.parent.groups[n.field.index], n.pos, n.pos+1)
	n.parent.groups[n.field.index] = g
	for i := n.pos; i < len(g); i++ {
		g[i].pos = i
	}
	s.forget(n)
	s.follow(s.form.structs[n.field], n.parent)
	s.countsChanged()
	s.settle()
	return s.take(), true
}

// addInstance adds an instance and does what is due before anything is computed.
func (s *Session) addInstance(parent *node, f *Field) *node {
	n := s.instanceOf(f, parent)
	n.pos = len(parent.groups[f.index])
	parent.groups[f.index] = append(parent.groups[f.index], n)
	s.change.added = append(s.change.added, n)
	if parent.has(hidden) {
		s.hide(n)
	}
	if parent.has(locked) {
		s.lock(n)
	}
	s.begun(n)
	s.newRules(n)
	s.follow(s.form.structs[f], parent)
	s.countsChanged()
	return n
}

// begun does what is due in a new instance. In a record that is resumed it is none: nobody had answered anything in it.
func (s *Session) begun(n *node) {
	n.walk(func(*node) { s.work.left -= nodeCost })
	if s.resuming {
		n.unanswer()
		return
	}
	n.walk(s.preload)
	s.run(s.form.modelActions, eventInsert, n)
	s.run(n.field.repeat.actions, eventInsert, n)
	s.run(n.field.repeat.actions, eventNewRepeat, n)
}

// newRules has all rules of a new instance evaluated.
func (s *Session) newRules(n *node) {
	n.field.walk(func(c *Field) {
		for _, r := range c.rules {
			if r != nil {
				s.agenda.mark(r, n)
			}
		}
	})
}

// instanceOf makes a node for a new instance of a repeat.
func (s *Session) instanceOf(f *Field, parent *node) *node {
	if f.template != nil {
		return f.template.clone(parent)
	}
	return newNode(f, parent)
}

// grow adds the instances that counts ask for, and reports whether it added any.
func (s *Session) grow() bool {
	grown := false
	items := s.counting
	s.counting = nil
	if s.env.CountOnVisit {
		return false
	}
	for _, it := range items {
		var parents []*node
		s.root.each(it.Field.parent, func(p *node) { parents = append(parents, p) })
		for _, p := range parents {
			if p.has(hidden) {
				continue
			}
			for want := s.countOf(it, p); len(p.group(it.Field)) < want && !s.exhausted(); grown = true {
				s.addInstance(p, it.Field)
			}
		}
	}
	return grown
}

// countOf is how many instances the count of a repeat asks for below a parent.
func (s *Session) countOf(it *Item, parent *node) int {
	context := parent
	switch {
	case it.base == it.Field: // a group around the repeat is for the same node
		context = &node{field: it.Field, parent: parent}
	case it.base.isAncestorOf(parent.field):
		context = parent.up(it.base)
	}
	f, err := s.number(it.count, context)
	s.note(parent, "count of "+it.Field.path, err)
	if math.IsNaN(f) || f <= 0 {
		return 0
	}
	return int(math.Min(f, MaxInstances))
}
