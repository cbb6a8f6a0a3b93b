package xform

// Outcome says what became of an answer.
type Outcome uint8

// The outcomes of an answer.
const (
	OK                 Outcome = iota // it was taken
	RequiredButEmpty                  // it was not: the question needs an answer
	ConstraintViolated                // it was not: the form does not allow it
	NoSuchNode                        // the ref names nothing that can be answered
)

var outcomeNames = [...]string{"OK", "RequiredButEmpty", "ConstraintViolated", "NoSuchNode"}

func (o Outcome) String() string { return outcomeNames[o&3] }

// Answer puts an answer into a node, if the form allows it there: the zero Value is no answer, which a required node
// refuses, and a constraint is asked with the answer in place. When it is refused nothing changes. The node may be read-only
// or hidden; to keep people from that is for the caller.
func (s *Session) Answer(ref Ref, v Value) (Outcome, Change) {
	n := s.root.find(ref)
	if n == nil || !n.isAnswer() {
		return NoSuchNode, Change{}
	}
	s.refill()
	v = s.typed(n, v)
	if v.IsEmpty() && n.has(required) {
		return RequiredButEmpty, Change{}
	}
	if !s.allows(n, v) {
		return ConstraintViolated, Change{}
	}
	s.put(n, v)
	return OK, s.take()
}

// Store puts an answer into a node without asking whether it is allowed, as a draft needs it. Validate will tell.
func (s *Session) Store(ref Ref, v Value) (Outcome, Change) {
	n := s.root.find(ref)
	if n == nil || !n.isAnswer() {
		return NoSuchNode, Change{}
	}
	s.refill()
	s.put(n, s.typed(n, v))
	return OK, s.take()
}

// typed gives text the kind that the node calls for.
func (s *Session) typed(n *node, v Value) Value {
	switch {
	case v.Text == "":
		return Value{}
	case v.Kind != Uncast && v.Kind != None:
		return v
	}
	return s.form.read(n.field, v.Text)
}

// allows reports whether the constraint of a node holds for an answer. No answer is always allowed; a constraint that
// cannot be evaluated forbids nothing, and is among the problems of Validate.
func (s *Session) allows(n *node, v Value) bool {
	b := n.field.bind
	if b == nil || b.constraint == nil || v.IsEmpty() {
		return true
	}
	before := n.value
	n.value = v
	ok, err := s.condition(b.constraint, n)
	n.value = before
	s.note(n, "constraint", err)
	return ok || err != nil
}

// put gives a node a value, computes what follows, and runs the actions on a change of value.
func (s *Session) put(n *node, v Value) {
	changed := s.store(n, v)
	if v.IsEmpty() && n.field.KeepsFirst() {
		s.agenda.mark(n.field.rules[ruleCalculate], n) // there is nothing to keep any more
	}
	s.settle()
	q := n.field.question
	if !changed || q == nil || len(q.actions) == 0 || s.depth >= maxActionDepth {
		return
	}
	s.depth++
	s.run(q.actions, eventValueChanged, n.parent)
	s.depth--
}

// State is what a session knows of a node.
type State struct {
	Ref      Ref
	Field    *Field
	Value    Value
	Relevant bool
	Required bool
	ReadOnly bool
	Err      error // why an expression of the node could not be evaluated; nil when all could
}

// State looks at a node; false when there is none of that name.
func (s *Session) State(ref Ref) (State, bool) {
	n := s.root.find(ref)
	if n == nil {
		return State{}, false
	}
	return s.stateOf(n), true
}

func (s *Session) stateOf(n *node) State {
	return State{Ref: n.ref(), Field: n.field, Value: n.value, Relevant: !n.has(hidden), Required: n.has(required),
		ReadOnly: n.has(locked), Err: s.faultOf(n)}
}

// Value is the answer in a node, whether or not it is relevant; the zero Value when there is none.
func (s *Session) Value(ref Ref) Value {
	if n := s.root.find(ref); n != nil {
		return n.value
	}
	return Value{}
}

// Nodes calls visit for every node of the instance in document order, until it returns false.
func (s *Session) Nodes(visit func(State) bool) { s.visit(s.root, visit) }

// Below is Nodes for the node that ref names and what is below it.
func (s *Session) Below(ref Ref, visit func(State) bool) {
	if n := s.root.find(ref); n != nil {
		s.visit(n, visit)
	}
}

func (s *Session) visit(top *node, visit func(State) bool) {
	more := true
	top.walk(func(n *node) { more = more && visit(s.stateOf(n)) })
}
