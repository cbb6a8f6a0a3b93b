package xpath

import "slices"

// filter is one predicate.
type filter struct {
	x     expr
	index int // the number of a predicate such as [3]; 0: none

	// Of a comparison of which one side is the same for every node, such as [name = current()/../name], that side is
	// computed once.
	comparison    *infix
	steady, other expr
	flipped       bool // the steady side is the left one
	rooted        bool // the steady side has an absolute path, which Env.Qualify makes depend on the node
	placed        bool // position() = steady
}

func newFilter(x expr) filter {
	if l, ok := x.(*literal); ok && l.v.kind == NumberKind && l.v.num >= 1 && l.v.num < 1<<31 && l.v.num == float64(int(l.v.num)) {
		return filter{x: x, index: int(l.v.num)}
	}
	f := filter{x: x}
	if c, ok := x.(*infix); ok && c.op >= opEqual && c.op <= opGreaterEqual {
		f.compare(c)
	}
	return f
}

// compare notes which side of a comparison is steady, if one is.
func (f *filter) compare(c *infix) {
	switch {
	case steady(c.right):
		f.comparison, f.steady, f.other = c, c.right, c.left
	case steady(c.left):
		f.comparison, f.steady, f.other, f.flipped = c, c.left, c.right, true
	default:
		return
	}
	f.rooted = rooted(f.steady)
	if p, ok := f.other.(*call); ok && p.name == "position" && len(p.args) == 0 && p.wrong == nil {
		f.placed = c.op == opEqual && p.fn == library["position"]
	}
}

// steady says whether x has the same value for every node, as long as Env.Qualify is not set.
func steady(x expr) bool {
	switch x := x.(type) {
	case *literal, *variable:
		return true
	case *negation:
		return steady(x.x)
	case *infix:
		return steady(x.left) && steady(x.right)
	case *call:
		return !x.readsFocus() && allOf(x.args, steady)
	case *path:
		return x.origin == fromRoot || x.origin == fromExpr && steady(x.base)
	}
	return false
}

// readsFocus says whether the value depends on the context node or its position, apart from what the arguments read,
// or is another one each time.
func (c *call) readsFocus() bool {
	if c.fn == nil || c.fn != library[c.name] || c.volatile() {
		return true
	}
	switch c.name {
	case "last", "lang", "once", "indexed-repeat", "jr:choice-name":
		return true
	case "current", "version":
		return false
	}
	return len(c.args) == 0 && !c.fn.pure // as string() and position() do
}

// rooted says whether x has an absolute path that is evaluated for the node itself.
func rooted(x expr) bool {
	switch x := x.(type) {
	case *negation:
		return rooted(x.x)
	case *infix:
		return rooted(x.left) || rooted(x.right)
	case *call:
		return slices.ContainsFunc(x.args, rooted)
	case *path:
		return x.origin == fromRoot || rooted(x.base)
	}
	return false
}

func allOf(xs []expr, is func(expr) bool) bool {
	for _, x := range xs {
		if !is(x) {
			return false
		}
	}
	return true
}

// holds says whether the steady side is the same for all nodes of the tree of near.
func (f *filter) holds(e *Env, near Node) bool {
	return f.steady != nil && (!f.rooted || !e.Qualify || rootOf(near) != e.root())
}

// position is the position that the predicate asks for, the same for all nodes beside near. ok is false when it asks
// for something else.
func (f *filter) position(e *Env, near Node) (position float64, ok bool, err *Error) {
	if f.index > 0 {
		return float64(f.index), true, nil
	}
	if !f.placed || !f.holds(e, near) {
		return 0, false, nil
	}
	mark := len(e.run.arena)
	v, err := f.steady.eval(e, focus{})
	if err != nil || v.kind == BooleanKind || len(v.nodes) > 1 {
		return 0, false, err
	}
	position = e.Number(v)
	e.run.arena = e.run.arena[:mark]
	return position, true, nil
}

// asksPlace says whether the position of a node may matter to the filter: it may be a number, or calls position() or
// last() outside deeper predicates.
func (f filter) asksPlace() bool { return mayBeNumber(f.x) || asksPlace(f.x) }

// mayBeNumber says whether the value can be a number.
func mayBeNumber(x expr) bool {
	switch x := x.(type) {
	case *path, *union:
		return false
	case *infix:
		return x.op.arithmetic()
	case *literal:
		return x.v.kind == NumberKind
	case *call:
		return x.fn == nil || !x.fn.truth
	}
	return true
}

// asksPlace says whether position() or last() is called.
func asksPlace(x expr) bool {
	switch x := x.(type) {
	case *infix:
		return asksPlace(x.left) || asksPlace(x.right)
	case *negation:
		return asksPlace(x.x)
	case *call:
		return x.fn == nil || x.name == "position" || x.name == "last" || slices.ContainsFunc(x.args, asksPlace)
	case *path:
		return x.base != nil && asksPlace(x.base)
	case *union:
		return slices.ContainsFunc(x.parts, asksPlace)
	}
	return false
}

// apply keeps the nodes of the arena from there on that pass the predicate.
func (f *filter) apply(e *Env, from int, at place) *Error {
	size := len(e.run.arena) - from
	if size == 0 {
		return nil
	}
	near := e.run.arena[from]
	if position, ok, err := f.position(e, near); ok || err != nil {
		f.pick(e, from, position)
		return err
	}
	if !f.holds(e, near) {
		return f.sift(e, from, size, nil, at)
	}
	held, err := f.steady.eval(e, focus{})
	if err != nil {
		return err
	}
	return f.sift(e, from, size, &held, at)
}

// pick keeps one node, or none when there is no such position.
func (f *filter) pick(e *Env, from int, position float64) {
	nodes := e.run.arena[from:]
	if position >= 1 && position <= float64(len(nodes)) && position == float64(int(position)) {
		nodes[0] = nodes[int(position)-1]
		e.run.arena = e.run.arena[:from+1]
		return
	}
	e.run.arena = e.run.arena[:from]
}

// sift judges the nodes one after the other.
func (f *filter) sift(e *Env, from, size int, held *Value, at place) *Error {
	kept, end := from, len(e.run.arena) // what is held may lie behind the nodes
	for i := range size {
		n := e.run.arena[from+i]
		v, err := f.judge(e, focus{n, i + 1, size}, held)
		if err != nil {
			return err
		}
		passed := v.Boolean()
		if v.kind == NumberKind {
			passed = v.num == float64(i+1)
		}
		e.run.arena = e.run.arena[:end]
		if passed {
			e.run.arena[kept] = n
			kept++
		}
		if err := e.charge(at, 1); err != nil {
			return err
		}
	}
	e.run.arena = e.run.arena[:kept]
	return nil
}

func (f *filter) judge(e *Env, at focus, held *Value) (Value, *Error) {
	if held == nil {
		return f.x.eval(e, at)
	}
	v, err := f.other.eval(e, at)
	if err != nil {
		return Value{}, err
	}
	if f.flipped {
		return f.comparison.compare(e, *held, v)
	}
	return f.comparison.compare(e, v, *held)
}
