package xform

// markAll has every rule evaluated for every node.
func (s *Session) markAll() {
	for _, r := range s.form.rules {
		s.agenda.mark(r, s.root)
	}
	s.counting = append(s.counting[:0], s.form.counts...)
}

// follow marks what reads a node.
func (s *Session) follow(edges []edge, n *node) {
	s.work.left -= len(edges)
	for _, e := range edges {
		if e.anchor.depth > n.field.depth {
			s.agenda.mark(e.rule, n)
			continue
		}
		s.agenda.mark(e.rule, n.up(e.anchor))
	}
}

// valueChanged marks what reads the value of n.
func (s *Session) valueChanged(n *node) {
	s.follow(s.form.edges[n.field], n)
	s.countsChanged()
}

// countsChanged has the counts of repeats looked at again. They are few, so nothing is kept about what they read.
func (s *Session) countsChanged() {
	if !s.env.CountOnVisit && len(s.counting) == 0 {
		s.counting = append(s.counting, s.form.counts...)
	}
}

// maxRounds bounds counts that grow because of what they made.
const maxRounds = 1000

// settle evaluates all that is marked, in order, and lets repeats grow, until nothing is left to do, or the allowance is
// used up.
func (s *Session) settle() {
	for range maxRounds {
		for order := s.agenda.next(); order >= 0 && !s.exhausted(); order = s.agenda.next() {
			s.evaluateRule(s.form.rules[order])
		}
		grown := s.grow()
		if s.exhausted() {
			s.giveUp()
			return
		}
		if !grown {
			break
		}
	}
	s.work.unsettled = false
}

// evaluateRule evaluates a rule for its marked nodes, each once. Meanwhile nothing that the rule reads changes, or it
// would be part of a cycle: so what it sums up for one node it need not sum up for the next.
func (s *Session) evaluateRule(r *rule) {
	marked := s.agenda.take(r.order)
	s.memo.Forget()
	s.x.Memo = &s.memo
	if marked.all {
		s.root.each(r.field, func(n *node) { s.apply(r, n) })
	} else {
		s.applyBelow(r, marked.anchors)
	}
	s.x.Memo = nil
	s.agenda.done(r.order, marked)
}

// applyBelow evaluates a rule for the nodes below anchors, which may lie in one another.
func (s *Session) applyBelow(r *rule, anchors []*node) {
	s.stamp++
	for _, a := range anchors {
		a.each(r.field, func(n *node) {
			if n.stamp != s.stamp {
				n.stamp = s.stamp
				s.apply(r, n)
			}
		})
	}
}

// apply evaluates a rule for one node. Once the allowance is used up nothing is taken over.
func (s *Session) apply(r *rule, n *node) {
	switch {
	case s.exhausted():
	case r.kind == ruleChoices:
		s.change.choices = append(s.change.choices, n)
	case r.kind == ruleText:
		s.change.texts = append(s.change.texts, n)
	case r.kind == ruleCalculate:
		s.calculate(r, n)
	default:
		s.decide(r, n)
	}
}

func (s *Session) calculate(r *rule, n *node) {
	if !n.value.IsEmpty() && (s.form.isIdentity(n.field) || s.resuming && n.field.KeepsFirst()) {
		return // once given, it stays
	}
	v, err := s.compute(r.expr, n)
	if s.exhausted() {
		return
	}
	s.note(n, ruleNames[r.kind], err)
	s.store(n, v)
}

// decide evaluates a rule that is a condition. One that cannot be evaluated hides nothing, and demands nothing.
func (s *Session) decide(r *rule, n *node) {
	on, err := s.condition(r.expr, n)
	if s.exhausted() {
		return
	}
	s.note(n, ruleNames[r.kind], err)
	switch r.kind {
	case ruleRelevant:
		s.setRelevant(r, n, on || err != nil)
	case ruleRequired:
		if n.has(required) != on {
			n.set(required, on)
			s.change.required = append(s.change.required, n)
		}
	case ruleReadOnly:
		if n.has(readOnly) != on {
			n.set(readOnly, on)
			s.lock(n)
		}
	}
}

// store gives a node a value, and marks what reads it if it is another than before.
func (s *Session) store(n *node, v Value) bool {
	if v == n.value || n.field.fixed() {
		return false
	}
	textChanged := v.Text != n.value.Text
	n.value = v
	s.change.values = append(s.change.values, n)
	if !n.has(hidden) {
		s.valueChanged(n)
		return textChanged
	}
	for _, e := range s.form.edges[n.field] { // hidden, it is seen by its own expressions only
		if e.rule.field == n.field {
			s.agenda.mark(e.rule, n)
		}
	}
	return textChanged
}

// setRelevant takes over what the relevance of a node came out as.
func (s *Session) setRelevant(r *rule, n *node, on bool) {
	if n.has(irrelevant) != on {
		return
	}
	n.set(irrelevant, !on)
	if s.hide(n) {
		s.follow(r.spread, n)
		s.follow(s.form.structs[n.field], n)
		s.countsChanged()
	}
}

// hide brings the visibility of n and all below it in line, and reports whether n's has changed.
func (s *Session) hide(n *node) bool {
	off := n.has(irrelevant) || n.parent != nil && n.parent.has(hidden)
	if n.has(hidden) == off {
		return false
	}
	n.set(hidden, off)
	s.change.relevance = append(s.change.relevance, n)
	for _, a := range n.attrs {
		s.hide(a)
	}
	for _, g := range n.groups {
		for _, c := range g {
			s.hide(c)
		}
	}
	return true
}

// lock brings the read-only state of n and all below it in line.
func (s *Session) lock(n *node) {
	on := n.has(readOnly) || n.parent != nil && n.parent.has(locked)
	if n.has(locked) == on {
		return
	}
	n.set(locked, on)
	s.change.readOnly = append(s.change.readOnly, n)
	for _, g := range n.groups {
		for _, c := range g {
			s.lock(c)
		}
	}
}
