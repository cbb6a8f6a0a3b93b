package xform

import (
	"strconv"
	"strings"
)

// Ref names one node of an instance: "/data/household/member[2]/age". A step without a position means the first.
type Ref string

// Parent is the ref of the node above, empty at the root.
func (r Ref) Parent() Ref {
	i := strings.LastIndexByte(string(r), '/')
	if i <= 0 {
		return ""
	}
	return r[:i]
}

// step is one name of a Ref, with its position from 0.
type step struct {
	name  string // with a leading @ for an attribute
	pos   int
	given bool // a position was written
}

// steps splits r; false when it is no ref.
func (r Ref) steps() ([]step, bool) {
	rest, ok := strings.CutPrefix(string(r), "/")
	if !ok || rest == "" {
		return nil, false
	}
	parts := strings.Split(rest, "/")
	steps := make([]step, len(parts))
	for i, p := range parts {
		s := step{name: localOf(p)}
		if _, pos, ok := strings.Cut(p, "["); ok {
			n, err := strconv.Atoi(strings.TrimSuffix(pos, "]"))
			if err != nil || n < 1 {
				return nil, false
			}
			s.pos, s.given = n-1, true
		}
		steps[i] = s
	}
	return steps, true
}

// find is the node that a ref names, or nil.
func (n *node) find(r Ref) *node {
	steps, ok := r.steps()
	if !ok || steps[0].name != n.field.name.local {
		return nil
	}
	cur := n
	for _, s := range steps[1:] {
		f := cur.field.step(s.name)
		if f == nil {
			return nil
		}
		if f.attr {
			return cur.one(f)
		}
		g := cur.group(f)
		if s.pos >= len(g) {
			return nil
		}
		cur = g[s.pos]
	}
	return cur
}
