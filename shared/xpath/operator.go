package xpath

import "math"

// operator is one of the binary operators.
type operator uint8

const (
	opOr operator = iota
	opAnd
	opEqual
	opNotEqual
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opPlus
	opMinus
	opTimes
	opDiv
	opMod
)

var operators = map[string]operator{
	"or": opOr, "and": opAnd, "=": opEqual, "!=": opNotEqual, "<": opLess, "<=": opLessEqual, ">": opGreater,
	">=": opGreaterEqual, "+": opPlus, "-": opMinus, "*": opTimes, "div": opDiv, "mod": opMod,
}

// strength says how strongly an operator binds.
func (o operator) strength() int { return strengths[o] }

var strengths = [...]int{opOr: 0, opAnd: 1, opEqual: 2, opNotEqual: 2, opLess: 3, opLessEqual: 3, opGreater: 3, opGreaterEqual: 3,
	opPlus: 4, opMinus: 4, opTimes: 5, opDiv: 5, opMod: 5}

func (o operator) arithmetic() bool { return o >= opPlus }

// infix is an operator with its two sides.
type infix struct {
	op          operator
	at          place
	left, right expr
	depth       int
}

func newInfix(op operator, at place, left, right expr) *infix {
	return &infix{op, at, left, right, max(deeper(left), deeper(right))}
}

func (b *infix) constant() bool { return b.left.constant() && b.right.constant() }
func (b *infix) deep() int      { return b.depth }

// eval computes the right side of and and or only when the left one leaves the result open.
func (b *infix) eval(e *Env, f focus) (Value, *Error) {
	if err := e.charge(b.at, 1); err != nil {
		return Value{}, err
	}
	left, err := b.left.eval(e, f)
	if err != nil {
		return Value{}, err
	}
	if b.op <= opAnd && left.Boolean() == (b.op == opOr) {
		return Boolean(b.op == opOr), nil
	}
	right, err := b.right.eval(e, f)
	if err != nil {
		return Value{}, err
	}
	switch {
	case b.op <= opAnd:
		return Boolean(right.Boolean()), nil
	case b.op <= opGreaterEqual:
		return b.compare(e, left, right)
	}
	return Number(b.compute(e, left, right)), nil
}

func (b *infix) compare(e *Env, left, right Value) (Value, *Error) {
	if b.op <= opNotEqual {
		return b.equality(e, left, right)
	}
	return b.order(e, left, right)
}

// compute does arithmetic. The difference of two times is exact, that of dates in whole days.
func (b *infix) compute(e *Env, left, right Value) float64 {
	x, y := e.operand(left), e.operand(right)
	switch b.op {
	case opPlus:
		return x.num + y.num
	case opMinus:
		if x.isDate && y.isDate {
			return e.daysBetween(y.when, x.when)
		}
		return x.num - y.num
	case opTimes:
		return x.num * y.num
	case opDiv:
		return x.num / y.num
	}
	return math.Mod(x.num, y.num)
}

// operand is a value as numbers are compared and computed with: text of the form of a date keeps both faces.
type operand struct {
	num    float64
	when   moment
	isDate bool
}

func (e *Env) operand(v Value) operand {
	if v.kind == NumberKind || v.kind == BooleanKind {
		return operand{num: v.num}
	}
	return e.operandText(v.String())
}

func (e *Env) operandText(s string) operand {
	if m, ok := e.parseMoment(s); ok {
		return operand{m.days(), m, true}
	}
	return operand{num: ParseNumber(s)}
}

// Number converts as number() does. A date becomes the days of the calendar since 1970-01-01, a time has in addition
// the part of the day that has passed on the local clock.
func (e *Env) Number(v Value) float64 { return e.operand(v).num }

// order compares with < <= > >=: the numbers of both sides, or their dates. Of node-sets any node will do.
func (b *infix) order(e *Env, left, right Value) (Value, *Error) {
	if left.kind == NodeSetKind {
		return b.eachLeft(e, left.nodes, right, b.orderOne)
	}
	return b.orderOne(e, left, right)
}

func (b *infix) orderOne(e *Env, left, right Value) (Value, *Error) {
	x := e.operand(left)
	if right.kind != NodeSetKind {
		return Boolean(b.ordered(e, x, e.operand(right))), nil
	}
	for _, n := range right.nodes {
		s := n.Value()
		if err := e.charge(b.at, 1+len(s)/4); err != nil {
			return Value{}, err
		}
		if b.ordered(e, x, e.operandText(s)) {
			return Boolean(true), nil
		}
	}
	return Boolean(false), nil
}

// eachLeft asks whether the comparison holds for a node of the left side.
func (b *infix) eachLeft(e *Env, nodes []Node, right Value, holds func(*Env, Value, Value) (Value, *Error)) (Value, *Error) {
	for _, n := range nodes {
		s := n.Value()
		if err := e.charge(b.at, 1+len(s)/4); err != nil {
			return Value{}, err
		}
		v, err := holds(e, String(s), right)
		if err != nil || v.num != 0 {
			return v, err
		}
	}
	return Boolean(false), nil
}

func (b *infix) ordered(e *Env, x, y operand) bool {
	left, right := x.num, y.num
	if x.isDate && y.isDate {
		left, right = e.daysBetween(y.when, x.when), 0
	}
	switch b.op {
	case opLess:
		return left < right
	case opLessEqual:
		return left <= right
	case opGreater:
		return left > right
	}
	return left >= right
}

// equality compares with = and !=, by section 3.4 of the standard.
func (b *infix) equality(e *Env, left, right Value) (Value, *Error) {
	if left.kind == BooleanKind || right.kind == BooleanKind {
		return Boolean((left.Boolean() == right.Boolean()) == (b.op == opEqual)), nil
	}
	if right.kind == NodeSetKind && left.kind != NodeSetKind {
		left, right = right, left
	}
	if left.kind == NodeSetKind {
		return b.eachLeft(e, left.nodes, right, b.equalOne)
	}
	return b.equalOne(e, left, right)
}

func (b *infix) equalOne(e *Env, left, right Value) (Value, *Error) {
	if right.kind != NodeSetKind {
		return Boolean(e.equal(left, right) == (b.op == opEqual)), nil
	}
	for _, n := range right.nodes {
		s := n.Value()
		if err := e.charge(b.at, 1+len(s)/4); err != nil {
			return Value{}, err
		}
		if e.equal(left, String(s)) == (b.op == opEqual) {
			return Boolean(true), nil
		}
	}
	return Boolean(false), nil
}

// equal compares two values of which none is a node-set or a boolean. Numbers closer than tolerance are equal.
func (e *Env) equal(left, right Value) bool {
	if left.kind == NumberKind || right.kind == NumberKind {
		x, y := e.Number(left), e.Number(right)
		return x == y || math.Abs(x-y) < tolerance
	}
	if left.str == right.str {
		return true
	}
	x, ok := e.parseMoment(left.str)
	if !ok {
		return false
	}
	y, ok := e.parseMoment(right.str)
	return ok && e.daysBetween(x, y) == 0
}

// tolerance is how far apart numbers may be that are equal, as in JavaRosa: 0.1 + 0.2 = 0.3.
const tolerance = 1e-12
