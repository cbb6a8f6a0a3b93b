package xform

// Change lists what an edit changed, so that a screen redraws only that. Each node stands once in each list, in no
// particular order. When the relevance or the read-only state of a group changes, the group stands in the list, and
// all below it is meant.
type Change struct {
	Values    []Ref // nodes with another value
	Relevance []Ref // nodes that appeared or disappeared
	Required  []Ref
	ReadOnly  []Ref
	Choices   []Ref // questions whose choices may be others
	Texts     []Ref // questions, groups and repeats whose texts may say something else
	Added     []Ref // instances of repeats; what is in them stands in no other list
	Removed   []Ref // instances of repeats, named as they were; those behind them have moved up
	Language  bool  // every text may be another
	Err       error // nil, or a *Error of CodeLimit: the edit takes more than Env.Work, and not all that follows from it is computed
}

// IsEmpty reports whether nothing changed.
func (c Change) IsEmpty() bool {
	return len(c.Values)+len(c.Relevance)+len(c.Required)+len(c.ReadOnly)+len(c.Choices)+len(c.Texts)+len(c.Added)+len(c.Removed) == 0 && !c.Language && c.Err == nil
}

// changes collects nodes while an edit is worked out.
type changes struct {
	values, relevance, required, readOnly, choices, texts, added []*node
	removed                                                      []Ref
}

// take gives what changed since it was called last.
func (s *Session) take() Change {
	c := s.change
	s.change = &changes{}
	fresh := map[*node]bool{}
	for _, n := range c.added {
		fresh[n] = true
	}
	return Change{
		Values: refs(c.values, fresh), Relevance: tops(c.relevance, fresh), Required: refs(c.required, fresh),
		ReadOnly: tops(c.readOnly, fresh), Choices: refs(c.choices, fresh), Texts: refs(c.texts, fresh),
		Added: refs(c.added, nil), Removed: c.removed, Err: s.overrun(),
	}
}

// refs names nodes, each once, leaving out those in fresh instances.
func refs(nodes []*node, fresh map[*node]bool) []Ref {
	if len(nodes) == 0 {
		return nil
	}
	seen := make(map[*node]bool, len(nodes))
	var out []Ref
	for _, n := range nodes {
		if !seen[n] && !within(n, fresh) {
			seen[n] = true
			out = append(out, n.ref())
		}
	}
	return out
}

// tops is refs without the nodes below others of the list.
func tops(nodes []*node, fresh map[*node]bool) []Ref {
	if len(nodes) == 0 {
		return nil
	}
	in := make(map[*node]bool, len(nodes))
	for _, n := range nodes {
		in[n] = true
	}
	var top []*node
	for _, n := range nodes {
		if n.parent == nil || !in[n.parent] {
			top = append(top, n)
		}
	}
	return refs(top, fresh)
}

func within(n *node, set map[*node]bool) bool {
	if len(set) == 0 {
		return false
	}
	for ; n != nil; n = n.parent {
		if set[n] {
			return true
		}
	}
	return false
}
