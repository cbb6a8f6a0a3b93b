package xform

// ProblemKind says what is wrong with an answer.
type ProblemKind uint8

// The kinds of problem.
const (
	ProblemRequired   ProblemKind = iota // there is no answer, and one is needed
	ProblemConstraint                    // the form does not allow the answer
	ProblemType                          // the answer is no value of the type of its node
	ProblemExpression                    // an expression of the node cannot be evaluated
	ProblemChoice                        // the answer holds what cannot be chosen (any more); only with Env.KeepChosen
)

var problemNames = [...]string{"required", "constraint", "type", "expression", "choice"}

func (k ProblemKind) String() string { return problemNames[k] }

// Problem is something wrong with an answer.
type Problem struct {
	Kind    ProblemKind
	Ref     Ref
	Message string // as the form gives it, in the active language; may be empty
	Err     error  // of ProblemExpression
}

// Validate lists what keeps the record from being complete: for the relevant questions, in the order of the body,
// answers that are missing or not allowed; then answers of a wrong type and expressions that cannot be evaluated, of
// all nodes. What no question asks for can be neither required nor against a constraint, as in JavaRosa.
//
// Choices that can no longer be chosen are taken out first, as Choices does, or are problems (Env.KeepChosen).
func (s *Session) Validate() ([]Problem, Change) {
	s.refill()
	if !s.env.KeepChosen {
		s.pruneAll()
	}
	v := &validation{session: s, seen: map[*node]bool{}}
	v.items(s.form.Body, s.root)
	s.root.walk(func(n *node) {
		if !n.has(hidden) {
			v.node(n)
		}
	})
	if s.exhausted() {
		s.giveUp()
	}
	if err := s.overrun(); err != nil {
		v.found = append(v.found, Problem{Kind: ProblemExpression, Ref: s.root.ref(), Err: err})
	}
	return v.found, s.take()
}

// validation collects problems.
type validation struct {
	session *Session
	found   []Problem
	seen    map[*node]bool
}

// items checks the questions among items, whose refs are seen from n.
func (v *validation) items(items []*Item, n *node) {
	for _, it := range items {
		if it.Type == Repeat {
			n.each(it.Field, func(k *node) { v.within(it, k) })
			continue
		}
		if k := v.session.below(n, it, 0); k != nil {
			v.within(it, k)
		}
	}
}

func (v *validation) within(it *Item, n *node) {
	switch {
	case n.has(hidden):
	case it.Type != Question:
		v.items(it.Items, n)
	case !v.seen[n]:
		v.seen[n] = true
		v.question(n)
	}
}

func (s *Session) pruneAll() {
	var selects []*node
	s.root.walk(func(n *node) {
		if q := n.field.question; q != nil && q.Itemset != nil && !n.value.IsEmpty() && !n.has(hidden) {
			selects = append(selects, n)
		}
	})
	for _, n := range selects {
		s.prune(n, s.choicesOf(n))
	}
}

// question checks an answer as Answer would.
func (v *validation) question(n *node) {
	s, b := v.session, n.field.bind
	if b == nil || !n.isLeaf() {
		return
	}
	if n.value.IsEmpty() && n.has(required) {
		v.found = append(v.found, Problem{Kind: ProblemRequired, Ref: n.ref(), Message: s.Message(n.ref(), b.RequiredMsg)})
	}
	if !s.allows(n, n.value) {
		v.found = append(v.found, Problem{Kind: ProblemConstraint, Ref: n.ref(), Message: s.Message(n.ref(), b.ConstraintMsg)})
	}
}

// node checks what no answer can put right by itself.
func (v *validation) node(n *node) {
	s := v.session
	if k := s.form.kindOf(n.field); n.value.Kind == String && !k.isText() && !fits(n.value.Text, k) {
		v.found = append(v.found, Problem{Kind: ProblemType, Ref: n.ref()})
	}
	if s.env.KeepChosen && s.notOffered(n) {
		v.found = append(v.found, Problem{Kind: ProblemChoice, Ref: n.ref()})
	}
	if err := s.faultOf(n); err != nil {
		v.found = append(v.found, Problem{Kind: ProblemExpression, Ref: n.ref(), Err: err})
	}
}
