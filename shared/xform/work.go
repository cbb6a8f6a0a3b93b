package xform

// What one edit may take is bounded: by steps of the expressions, as package xpath counts them, and by what goes on
// between the expressions, counted in steps as well.
const (
	evaluationCost = 10 // of one evaluation, beside its steps
	nodeCost       = 50 // of one node that a repeat grows by; it takes some 200 bytes
)

// work is what is left of the allowance for an edit.
type work struct {
	left      int  // steps
	unsettled bool // an edit took more, and not everything is computed
}

// refill gives the work of one call a fresh allowance.
func (s *Session) refill() {
	if s.work.left = s.env.Work; s.work.left <= 0 {
		s.work.left = MaxWork
	}
}

// exhausted reports whether the allowance is used up. Values stand as they are from then on.
func (s *Session) exhausted() bool { return s.work.left <= 0 }

// giveUp leaves everything to be computed by the next edit.
func (s *Session) giveUp() {
	s.work.unsettled = true
	s.markAll()
}

// overrun is the error while something is left to be computed, and nil otherwise.
func (s *Session) overrun() error {
	if !s.work.unsettled {
		return nil
	}
	return &Error{Code: CodeLimit, Ref: string(s.root.ref()), Msg: "the form asks for too much work at once, and not everything has been computed"}
}
