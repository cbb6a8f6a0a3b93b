package xform

import "slices"

// fault is an expression of a node that could not be evaluated.
type fault struct {
	what string // the name of the rule, or "constraint", "setvalue", "preload", "count of …"
	err  error
}

// note remembers how an evaluation for a node ended.
func (s *Session) note(n *node, what string, err error) {
	if err == nil && len(s.faults) == 0 {
		return
	}
	have := slices.DeleteFunc(s.faults[n], func(f fault) bool { return f.what == what })
	if err != nil {
		have = append(have, fault{what, err})
	}
	if len(have) == 0 {
		delete(s.faults, n)
		return
	}
	s.faults[n] = have
}

// faultOf is why an expression of n could not be evaluated, nil when all could.
func (s *Session) faultOf(n *node) error {
	if have := s.faults[n]; len(have) > 0 {
		return have[0].err
	}
	return nil
}

// failed reports whether that expression of n could not be evaluated.
func (s *Session) failed(n *node, what string) bool {
	return slices.ContainsFunc(s.faults[n], func(f fault) bool { return f.what == what })
}

// forget drops what is remembered about the nodes of a removed instance.
func (s *Session) forget(gone *node) {
	if len(s.faults) > 0 {
		gone.walk(func(n *node) { delete(s.faults, n) })
	}
}
