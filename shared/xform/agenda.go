package xform

import "math/bits"

// agenda is which rules are to be evaluated again, and for which nodes.
type agenda struct {
	dirty []dirt   // by the order of the rule
	words []uint64 // a bit for each rule on the agenda
	low   int      // no word below is set
}

// dirt says for which nodes a rule is to be evaluated: those below the anchors.
type dirt struct {
	all     bool // below the root
	anchors []*node
}

// maxAnchors is from how many anchors on all nodes are evaluated instead.
const maxAnchors = 1000

func newAgenda(rules int) agenda {
	return agenda{dirty: make([]dirt, rules), words: make([]uint64, (rules+63)/64)}
}

// mark has a rule evaluated for the nodes below an anchor.
func (a *agenda) mark(r *rule, anchor *node) {
	w := r.order / 64
	a.words[w] |= 1 << (r.order % 64)
	a.low = min(a.low, w)
	d := &a.dirty[r.order]
	switch n := len(d.anchors); {
	case d.all:
	case anchor.parent == nil || n == maxAnchors:
		d.all, d.anchors = true, d.anchors[:0]
	case n == 0 || d.anchors[n-1] != anchor:
		d.anchors = append(d.anchors, anchor)
	}
}

// next takes the first rule off the agenda; -1 when there is none.
func (a *agenda) next() (order int) {
	for ; a.low < len(a.words); a.low++ {
		if w := a.words[a.low]; w != 0 {
			a.words[a.low] = w & (w - 1)
			return a.low*64 + bits.TrailingZeros64(w)
		}
	}
	return -1
}

// take is for which nodes a rule is to be evaluated; from now on, for none. done gives the memory back.
func (a *agenda) take(order int) dirt {
	d := a.dirty[order]
	a.dirty[order] = dirt{}
	return d
}

func (a *agenda) done(order int, d dirt) {
	if a.dirty[order].anchors == nil {
		a.dirty[order].anchors = d.anchors[:0]
	}
}
