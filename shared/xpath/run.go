package xpath

import (
	"slices"
	"time"
)

// run is the state of one evaluation.
type run struct {
	root, current Node
	left          Limits // what may still be used
	granted       int    // the steps that were left in the beginning
	depth         int
	arena         []Node      // the nodes of all node-sets; every evaluation of an expr appends behind what is there
	free          *invocation // not in use, to be used again
}

// arenaKept is how many nodes of memory an Env keeps between evaluations.
const arenaKept = 1 << 16

// enter begins an evaluation and returns the state of the one around it, for leave.
func (e *Env) enter(node Node) (run, *Error) {
	outer := e.run
	r := &e.run
	if outer.depth == 0 {
		r.left = e.limits()
		if e.Allowance != nil {
			r.left.Steps = max(0, min(r.left.Steps, *e.Allowance))
		}
		r.granted = r.left.Steps
		r.arena = r.arena[:0]
	}
	if outer.depth >= r.left.Depth {
		return outer, failf(0, CodeLimit, "expressions are evaluated within one another more than %d deep", r.left.Depth)
	}
	r.depth++
	r.root, r.current = e.Root, e.Current
	if r.current == nil {
		r.current = node
	}
	return outer, nil
}

// leave ends an evaluation. What it has used stays used for the one around it.
func (e *Env) leave(outer run) {
	inner := e.run
	e.run = outer
	e.run.free, e.run.left = inner.free, inner.left
	if outer.depth == 0 {
		if e.Allowance != nil {
			*e.Allowance -= inner.granted - inner.left.Steps
		}
		e.run.root, e.run.current = nil, nil
		if e.run.arena = inner.arena; cap(e.run.arena) > arenaKept {
			e.run.arena = nil
		}
	}
}

func (e *Env) limits() Limits {
	l, d := e.Limits, DefaultLimits()
	for _, f := range [...]struct {
		own   *int
		usual int
	}{{&l.Steps, d.Steps}, {&l.Bytes, d.Bytes}, {&l.Nodes, d.Nodes}, {&l.Depth, d.Depth}} {
		if *f.own <= 0 {
			*f.own = f.usual
		}
	}
	return l
}

// charge uses up n steps.
func (e *Env) charge(at place, n int) *Error {
	if e.run.left.Steps -= n; e.run.left.Steps >= 0 {
		return nil
	}
	if e.Allowance != nil && e.run.granted == max(0, *e.Allowance) {
		return failf(at, CodeLimit, "the evaluations together take too many steps")
	}
	return failf(at, CodeLimit, "the evaluation takes too many steps")
}

// chargeText uses up the steps for handling a string of n bytes that is made.
func (e *Env) chargeText(at place, n int) *Error {
	if n > e.run.left.Bytes {
		return failf(at, CodeLimit, "a text gets longer than %d bytes", e.run.left.Bytes)
	}
	return e.charge(at, 1+n/16)
}

// zone returns the time zone, never nil.
func (e *Env) zone() *time.Location {
	if e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// root returns where absolute paths start, nil when there is no tree.
func (e *Env) root() Node {
	if e.run.root == nil && e.run.current != nil {
		e.run.root = rootOf(e.run.current)
	}
	return e.run.root
}

// settle makes nodes, which lie in the arena or elsewhere, the part of the arena from base on.
func (e *Env) settle(base int, nodes []Node) {
	e.run.arena = append(e.run.arena[:base], nodes...)
}

// nodesFrom returns the part of the arena from there on as a value.
func (e *Env) nodesFrom(from int) Value {
	a := e.run.arena
	return Value{kind: NodeSetKind, nodes: a[from:len(a):len(a)]}
}

// dropHidden takes what is hidden out of the arena from there on.
func (e *Env) dropHidden(from int) {
	kept := from
	for _, n := range e.run.arena[from:] {
		if h, ok := n.(Hideable); !ok || !h.Hidden() {
			e.run.arena[kept] = n
			kept++
		}
	}
	e.run.arena = e.run.arena[:kept]
}

// arrange puts the nodes of the arena from there on into document order, each once.
func (e *Env) arrange(at place, from int) *Error {
	nodes := e.run.arena[from:]
	if len(nodes) < 2 {
		return nil
	}
	cost := 4
	for n := len(nodes); n > 0; n >>= 1 {
		cost += 4
	}
	if err := e.charge(at, cost*len(nodes)); err != nil {
		return err
	}
	if !slices.IsSortedFunc(nodes, compare) {
		slices.SortStableFunc(nodes, compare)
	}
	nodes = slices.Compact(nodes)
	e.run.arena = e.run.arena[:from+len(nodes)]
	return nil
}
