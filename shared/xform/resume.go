package xform

import (
	"iter"
	"slices"
	"strings"

	"banlang/shared/xpath"
)

// Resume opens a record whose answers are kept by name instead of in an instance: what Nodes gave for its leaves, say,
// under this or another version of the form. Each answer is in it as it was kept, to the letter. Answers that the form
// has no place for are passed over: who keeps answers by name keeps those too.
//
// A repeat has the instances that the answers name, in the order of their positions, and one to which nothing can be
// added also those of the form. Beyond MaxInstances an instance comes into being only when the one before it is there.
// What is not named is empty, whatever the default: that is for whoever begins a record. Only notes say what they say.
//
// Nothing is done but to compute what follows, once: no action runs, and a calculation that keeps what it gave first
// (Field.KeepsFirst) keeps the answer. Where that takes more than Env.Work the record is opened all the same, and
// Validate says that not all is computed. The error is that of an external instance.
func (f *Form) Resume(answers iter.Seq2[Ref, string], env Env) (*Session, error) {
	s, err := f.session(env)
	if err != nil {
		return nil, err
	}
	s.root = f.initial.clone(nil)
	s.root.unanswer()
	for ref, text := range answers {
		if n := s.reach(ref); n != nil && n.isAnswer() {
			n.value = f.kept(n.field, text)
		}
	}
	s.enterRoot()
	s.resuming = true
	s.computeAll()
	s.resuming = false
	s.change = &changes{}
	return s, nil
}

// kept is an answer as read takes it, and to the letter.
func (f *Form) kept(c *Field, text string) Value {
	v := f.read(c, text)
	if v.IsEmpty() && text != "" {
		v.Kind = String
	}
	v.Text = text
	return v
}

// unanswer takes all answers out of n and what is below it, and the instances of repeats to which people add.
func (n *node) unanswer() {
	if n.isAnswer() && !n.field.IsNote() {
		n.value = Value{}
	}
	for i, c := range n.field.children {
		if c.IsRepeat() && (c.repeat.HasCount() || !c.repeat.NoAddRemove) {
			n.groups[i] = nil
			continue
		}
		for _, k := range n.groups[i] {
			k.unanswer()
		}
	}
}

// reach is the node that a ref names; the instances of repeats on the way to it come into being. nil when the form has
// no such node.
func (s *Session) reach(r Ref) *node {
	steps, ok := r.steps()
	if !ok || steps[0].name != s.root.field.name.local {
		return nil
	}
	cur := s.root
	for _, st := range steps[1:] {
		f := cur.field.step(st.name)
		if f == nil || f.attr {
			return nil
		}
		for have := len(cur.group(f)); f.IsRepeat() && have <= st.pos && (have == st.pos || st.pos < MaxInstances); have++ {
			k := s.instanceOf(f, cur)
			k.unanswer()
			k.pos = len(cur.groups[f.index])
			cur.groups[f.index] = append(cur.groups[f.index], k)
		}
		g := cur.group(f)
		if st.pos >= len(g) {
			return nil
		}
		cur = g[st.pos]
	}
	return cur
}

// StaticChoices are the values that can stand in the answer of a select whatever the other answers are: all choices of
// its list, those too that a filter leaves out now. False when the field is no select, or its list is not in the form.
// The labels are for Session.ChoiceLabel to say.
func (f *Form) StaticChoices(c *Field) (values []string, ok bool) {
	q := c.question
	switch {
	case q == nil || !q.isSelect():
		return nil, false
	case q.Itemset == nil:
		for _, o := range q.Choices {
			values = append(values, o.Value)
		}
		return values, true
	}
	items, _, ok := f.fixedItems(q.Itemset)
	for _, item := range items {
		if v := item.child(q.Itemset.value.String()); v != nil {
			values = append(values, v.Value())
		}
	}
	return values, ok
}

// fixedItems are all items of the list in the form that an itemset reads, without its filter; by their values, too. It is
// looked for once.
func (f *Form) fixedItems(set *Itemset) (items []*treeNode, byValue map[string]*treeNode, ok bool) {
	set.once.Do(func() {
		if set.items, set.inForm = f.findItems(set); !set.inForm {
			return
		}
		set.unfiltered = len(set.nodes.References()) == 1 && !slices.ContainsFunc(set.nodes.References()[0].Steps, func(s xpath.Step) bool { return s.Predicates > 0 })
		set.byValue = make(map[string]*treeNode, len(set.items))
		name := set.value.String()
		for _, item := range set.items {
			if v := item.child(name); v != nil && set.byValue[v.Value()] == nil {
				set.byValue[v.Value()] = item
			}
		}
	})
	return set.items, set.byValue, set.inForm
}

func (f *Form) findItems(set *Itemset) (items []*treeNode, ok bool) {
	for _, r := range set.nodes.References() {
		if r.Outer != nil {
			continue
		}
		in := f.instance(r.Instance)
		if r.Origin != xpath.FromInstance || in == nil || in.tree == nil {
			return nil, false
		}
		items = []*treeNode{in.tree}
		for _, step := range r.Steps {
			var below []*treeNode
			for _, t := range items {
				for _, c := range t.children {
					if c.name == step.Name.Local || step.Name.Local == "*" {
						below = append(below, c)
					}
				}
			}
			items = below
		}
		return items, true
	}
	return nil, false
}

// ChoiceLabel is the label, in the active language, of a value of the select at ref: also of one that a filter leaves
// out now. "" when the value is on no list that is here.
func (s *Session) ChoiceLabel(ref Ref, value string) string {
	n := s.root.find(ref)
	if n == nil || n.field.question == nil || !n.field.question.isSelect() {
		return ""
	}
	s.refill()
	q := n.field.question
	if q.Itemset == nil {
		for _, o := range q.Choices {
			if o.Value == value {
				return s.text(o.Label, "", n)
			}
		}
		return ""
	}
	if _, byValue, ok := s.form.fixedItems(q.Itemset); ok {
		if byValue[value] == nil {
			return ""
		}
		c, _ := s.choice(q.Itemset, n, byValue[value])
		return c.Label
	}
	return s.labelAmong(n, value)
}

// notOffered reports whether an answer holds a choice that the question does not offer now.
func (s *Session) notOffered(n *node) bool {
	q := n.field.question
	if q == nil || !q.isSelect() || n.value.IsEmpty() || q.Itemset != nil && s.listMissing(q.Itemset) {
		return false
	}
	all := s.choicesOf(n)
	if s.failed(n, ruleNames[ruleChoices]) {
		return false
	}
	can := make(map[string]bool, len(all))
	for _, c := range all {
		can[c.Value] = true
	}
	if !q.isMultiple() {
		return !can[n.value.Text]
	}
	for _, v := range strings.Fields(n.value.Text) {
		if !can[v] {
			return true
		}
	}
	return false
}
