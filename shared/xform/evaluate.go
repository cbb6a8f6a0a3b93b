package xform

import "banlang/shared/xpath"

// asked is for which node, and how, expressions were evaluated before enter.
type asked struct {
	current  xpath.Node
	speaking bool
}

// enter makes n the node that expressions are evaluated for, until leave: it is current(), and sees its own value even
// when it is hidden.
func (s *Session) enter(n *node) asked {
	s.work.left -= evaluationCost
	before := asked{s.x.Current, n.has(speaking)}
	s.x.Current = n
	n.set(speaking, true)
	return before
}

func (s *Session) leave(n *node, before asked) {
	s.x.Current = before.current
	n.set(speaking, before.speaking)
}

// compute evaluates an expression for a node, to a value of the node's kind.
func (s *Session) compute(x *xpath.Expr, n *node) (v Value, err error) {
	before := s.enter(n)
	result, err := x.Peek(&s.x, n)
	if err == nil {
		v = s.computed(result, s.form.kindOf(n.field))
	}
	s.leave(n, before)
	return v, err
}

// condition evaluates an expression to a truth value. A path counts by the value of its first node, as in JavaRosa: 0
// is false.
func (s *Session) condition(x *xpath.Expr, n *node) (bool, error) {
	before := s.enter(n)
	on, err := x.EvaluateBoolean(&s.x, n)
	s.leave(n, before)
	return on, err
}

// number evaluates an expression to a number; a date is none.
func (s *Session) number(x *xpath.Expr, n *node) (float64, error) {
	before := s.enter(n)
	v, err := x.Peek(&s.x, n)
	f := v.Number()
	s.leave(n, before)
	return f, err
}

// shown evaluates an expression to text; "" when it cannot be evaluated.
func (s *Session) shown(x *xpath.Expr, n *node) string {
	before := s.enter(n)
	text, _ := x.EvaluateString(&s.x, n)
	s.leave(n, before)
	return text
}

// listed evaluates an expression to nodes.
func (s *Session) listed(x *xpath.Expr, n *node) ([]xpath.Node, error) {
	before := s.enter(n)
	nodes, err := x.EvaluateNodes(&s.x, n, nil)
	s.leave(n, before)
	return nodes, err
}

// textAt evaluates an expression for an item of a list.
func (s *Session) textAt(x *xpath.Expr, item xpath.Node) (string, error) {
	s.work.left -= evaluationCost
	before := s.x.Current
	s.x.Current = item
	text, err := x.EvaluateString(&s.x, item)
	s.x.Current = before
	return text, err
}
