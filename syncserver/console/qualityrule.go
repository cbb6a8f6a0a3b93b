package console

import (
	"math"
	"slices"
)

// How a number is found unusual. The page says it in the words of its readers ("quality.outliers.text", "quality.equal.text").
const (
	leastHistory = 6    // how many numbers of a unit there must be before one of them can be unusual among them
	farOut       = 5    // how many times the usual distance from the middle
	apart        = 2    // how many times the largest of the others, or what part of the least
	alikeOf      = 2    // one of so many numbers may be the middle itself before the distances from it say nothing
	leastPeers   = 5    // how many other units there must be to hold a number against theirs
	nearlyAll    = 0.95 // of the other units
	farBeyond    = 3    // how many times what nearly all of them do not exceed
	leastEqual   = 3    // how many equal numbers in a row are worth a look
	leastNumber  = 10   // numbers below it, and distances below it, are chance
	leastPairs   = 5    // how many pairs of numbers that follow each other there must be elsewhere to know how often two are equal
	rarelyEqual  = 0.1  // the part of those that are equal where equal numbers are worth a look
)

// reported is a number of a record.
type reported struct {
	n, rec int64
	asked  bool // it is of the period that is looked at
}

// numberFinding is a number that is worth a look: far from the usual one, or repeated.
type numberFinding struct {
	series   *numbersOf
	unit     string
	kind     string // the answer by which the rows of a repeat are told apart
	n, usual int64
	peers    bool // the usual one is that of others
	repeated bool
	recs     []int64
	weight   float64 // how far out, or how often
}

// numbersOf is what all units reported at one question, told apart by kind in rows. The numbers count 1/scale.
type numbersOf struct {
	question *numberQuestion
	scale    int64
	most     map[string][]int64 // the greatest number of each unit, by the level of the units and by kind
	doubtful []doubtful         // numbers that only others can be held against
	runs     []numberFinding    // equal ones in a row
	pairs    int                // numbers of one unit that follow each other,
	equal    int                // and how many of these are equal
	found    []numberFinding
}

// doubtful is a number of a unit of which too few are known, or too many are alike.
type doubtful struct {
	numberFinding
	among string // of numbersOf.most
	own   int64  // the greatest number of the unit
	few   bool   // too few are known to say anything without others
}

// add looks through what one unit of a level reported of one kind, in order.
func (s *numbersOf) add(unit, level, kind string, own []reported) {
	if len(own) == 0 {
		return
	}
	s.countRuns(unit, kind, own)
	sorted := make([]int64, len(own))
	for i, r := range own {
		sorted[i] = r.n
	}
	mid := median(sorted)
	last := len(sorted) - 1
	least, most, nextLeast, nextMost := sorted[0], sorted[last], sorted[min(1, last)], sorted[max(0, last-1)]
	atMiddle := 0
	for i, r := range own {
		sorted[i] = max(r.n-mid, mid-r.n)
		if r.n == mid {
			atMiddle++
		}
	}
	usual := max(median(sorted), s.scale)
	among := level + "\n" + kind
	if s.most == nil {
		s.most = map[string][]int64{}
	}
	s.most[among] = append(s.most[among], most)
	few, alike := len(own) < leastHistory, atMiddle*alikeOf >= len(own)
	for _, r := range own {
		away := max(r.n-mid, mid-r.n)
		alone := r.n == most && r.n >= apart*nextMost || r.n == least && apart*r.n <= nextLeast
		if !r.asked || !few && (away < leastNumber*s.scale || away <= farOut*usual || !alone) {
			continue
		}
		x := numberFinding{series: s, unit: unit, kind: kind, n: r.n, usual: mid, recs: []int64{r.rec}, weight: s.distance(r.n, mid)}
		if few || alike {
			s.doubtful = append(s.doubtful, doubtful{x, among, most, few})
		} else {
			s.found = append(s.found, x)
		}
	}
}

// countRuns counts equal numbers that follow each other, and keeps those in a row that end in the period.
func (s *numbersOf) countRuns(unit, kind string, own []reported) {
	for i := 0; i < len(own); {
		j := i + 1
		for j < len(own) && own[j].n == own[i].n {
			j++
		}
		if own[i].n >= leastNumber*s.scale {
			s.equal += j - i - 1
			s.pairs += j - i - 1
			if j < len(own) {
				s.pairs++
			}
			if j-i >= leastEqual && own[j-1].asked {
				x := numberFinding{series: s, unit: unit, kind: kind, n: own[i].n, repeated: true, weight: float64(j - i)}
				for _, r := range own[i:j] {
					x.recs = append(x.recs, r.rec)
				}
				s.runs = append(s.runs, x)
			}
		}
		i = j
	}
}

// judge finishes what needs the numbers of all units: what only others can be held against, and how rare equal numbers are.
func (s *numbersOf) judge() []numberFinding {
	for _, most := range s.most {
		slices.Sort(most)
	}
	for i := range s.doubtful {
		d := &s.doubtful[i]
		fence, others := fenceOf(s.most[d.among], d.own)
		if others < leastPeers {
			if !d.few {
				s.found = append(s.found, d.numberFinding)
			}
			continue
		}
		if d.n <= farBeyond*fence || d.n < leastNumber*s.scale {
			continue
		}
		d.usual, d.peers, d.weight = fence, true, s.distance(d.n, fence)
		s.found = append(s.found, d.numberFinding)
	}
	for _, x := range s.runs {
		own := len(x.recs) - 1
		if pairs, equal := s.pairs-own, s.equal-own; pairs >= leastPairs && float64(equal) <= rarelyEqual*float64(pairs) {
			s.found = append(s.found, x)
		}
	}
	return s.found
}

// fenceOf is what nearly all units but one do not exceed, by their greatest numbers in order, and how many those units are.
func fenceOf(most []int64, own int64) (fence int64, others int) {
	if others = len(most) - 1; others < leastPeers {
		return 0, others
	}
	at := int(math.Ceil(nearlyAll*float64(others))) - 1
	if own <= most[at] { // its own is among those up to here
		at++
	}
	return most[at], others
}

// distance is how many times one is the other, whichever is more, in powers of e.
func (s *numbersOf) distance(n, usual int64) float64 {
	one := float64(s.scale)
	return math.Abs(math.Log((math.Abs(float64(n)) + one) / (math.Abs(float64(usual)) + one)))
}

// median sorts the numbers, and gives the middle one, or the lower of the two.
func median(numbers []int64) int64 {
	slices.Sort(numbers)
	return numbers[(len(numbers)-1)/2]
}
