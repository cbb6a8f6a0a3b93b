package xform

import (
	"slices"
	"strings"

	"banlang/shared/xpath"
)

// Choice is what can be chosen.
type Choice struct {
	Value string
	Label string

	session *Session
	option  *Option
	node    xpath.Node // of an itemset
	itext   string     // id of the label
}

// Media is a medium of the label: "image", "big-image", "audio" or "video"; "" when there is none.
func (c Choice) Media(form string) string {
	id := c.itext
	if c.option != nil && c.option.Label != nil {
		id = c.option.Label.id
	}
	if c.session == nil || id == "" {
		return ""
	}
	return c.session.variant(id, form, nil)
}

// Property is any other column of a choice from a list, "" when it has none of that name.
func (c Choice) Property(name string) string {
	if c.node == nil {
		return ""
	}
	for i := range c.node.ChildCount() {
		if k := c.node.Child(i); k.Name().Local == name {
			return k.Value()
		}
	}
	return ""
}

// Choices are what can be chosen in the question that ref names, in the active language; nil when it is no select.
//
// A value that was chosen and can no longer be chosen is taken out of the answer, as JavaRosa does when it shows a
// question; what follows from that is in Change. While the file of the list is missing nothing is taken out, nor ever
// with Env.KeepChosen.
func (s *Session) Choices(ref Ref) ([]Choice, Change) {
	n := s.root.find(ref)
	if n == nil || n.field.question == nil || !n.field.question.isSelect() {
		return nil, Change{}
	}
	s.refill()
	all := s.choicesOf(n)
	if n.field.question.Itemset != nil {
		s.prune(n, all)
	}
	return all, s.take()
}

// choicesOf are the choices of a node.
func (s *Session) choicesOf(n *node) []Choice {
	q := n.field.question
	if q.Itemset != nil {
		return s.fromItemset(q.Itemset, n)
	}
	s.work.left -= len(q.Choices)
	all := make([]Choice, len(q.Choices))
	for i, o := range q.Choices {
		all[i] = Choice{Value: o.Value, Label: s.text(o.Label, "", n), session: s, option: o}
	}
	return all
}

func (s *Session) fromItemset(set *Itemset, n *node) []Choice {
	items, err := s.listed(set.nodes, n)
	all := make([]Choice, len(items))
	for i, item := range items {
		if all[i], err = s.choice(set, n, item); err != nil {
			break
		}
	}
	s.note(n, ruleNames[ruleChoices], err)
	if err != nil {
		return nil
	}
	return all
}

// choice makes a choice of an item of a list. Without a label it is a choice all the same.
func (s *Session) choice(set *Itemset, n *node, item xpath.Node) (c Choice, err error) {
	c = Choice{session: s, node: item}
	if c.Value, err = s.textAt(set.value, item); err != nil || set.label == nil {
		return c, err
	}
	c.Label, _ = s.textAt(set.label, item)
	if set.labelText {
		c.itext = c.Label
		c.Label = s.variant(c.itext, "", n)
	}
	return c, nil
}

// prune takes out of the answer of n what is not among the choices.
func (s *Session) prune(n *node, all []Choice) {
	if s.env.KeepChosen || n.value.IsEmpty() || s.failed(n, ruleNames[ruleChoices]) || s.listMissing(n.field.question.Itemset) {
		return
	}
	can := make(map[string]bool, len(all))
	for _, c := range all {
		can[c.Value] = true
	}
	v := n.value
	switch {
	case n.field.question.isMultiple() || v.Kind == SelectMany:
		v = Value{SelectMany, strings.Join(slices.DeleteFunc(strings.Fields(v.Text), func(x string) bool { return !can[x] }), " ")}
	case can[v.Text]:
		v.Kind = SelectOne
	default:
		v = Value{}
	}
	if v.Text == "" {
		v = Value{}
	}
	s.store(n, v)
	s.settle()
}

// listMissing reports whether the choices come from a file that could not be had.
func (s *Session) listMissing(set *Itemset) bool {
	if len(s.missing) == 0 {
		return false
	}
	for _, r := range set.nodes.References() {
		if in := s.form.instance(r.Instance); in != nil && slices.Contains(s.missing, in.Src) {
			return true
		}
	}
	return false
}

// choiceName is jr:choice-name(): the label of a value among the choices of the question at a path. Inside of a repeat
// the question of the same instance is asked, otherwise the first one.
func (s *Session) choiceName(from xpath.Node, value, path string) (string, error) {
	f := s.form.fieldAt(strings.TrimSpace(path))
	if f == nil {
		f = s.relative(from, path)
	}
	if f == nil || f.question == nil || !f.question.isSelect() {
		return "", nil
	}
	n := s.nearest(f, from)
	if n == nil {
		n = s.detached(f) // the repeat has no instance: only its list matters
	}
	return s.labelAmong(n, value), nil
}

// labelAmong is the label of a value among the choices of a node; "" when it is none.
func (s *Session) labelAmong(n *node, value string) string {
	if set := n.field.question.Itemset; set != nil {
		if _, byValue, ok := s.form.fixedItems(set); ok && set.unfiltered {
			if byValue[value] == nil {
				return ""
			}
			c, _ := s.choice(set, n, byValue[value])
			return c.Label
		}
	}
	for _, c := range s.choicesOf(n) {
		if c.Value == value {
			return c.Label
		}
	}
	return ""
}

// relative is the field that a relative path leads to.
func (s *Session) relative(from xpath.Node, path string) *Field {
	n, ok := from.(*node)
	if !ok {
		return nil
	}
	f := n.field
	for _, name := range strings.Split(strings.TrimSpace(path), "/") {
		switch name {
		case ".", "current()", "":
		case "..":
			f = f.parent
		default:
			f = f.step(localOf(name))
		}
		if f == nil {
			return nil
		}
	}
	return f
}

// nearest is the first node of field f below the nearest ancestor that it shares with a node.
func (s *Session) nearest(f *Field, from xpath.Node) *node {
	top, ok := from.(*node)
	if !ok {
		top = s.root
	}
	for !top.field.isAncestorOf(f) {
		top = top.parent
	}
	var found *node
	top.each(f, func(n *node) {
		if found == nil {
			found = n
		}
	})
	return found
}

// detached is a node of field f that hangs in no instance, for looking at what does not depend on one.
func (s *Session) detached(f *Field) *node {
	if f.parent == nil {
		return s.root
	}
	up := s.detached(f.parent)
	if n := up.one(f); n != nil {
		return n
	}
	return newNode(f, up)
}
