package boundary

import (
	"container/heap"
	"math"
)

// How lines are made simpler: every point of an arc has a weight, the area that is lost or won when it is left out
// (Visvalingam and Whyatt), in square degrees as they are on the ground. Whoever leaves out all points below some weight
// leaves the ends of arcs where they are; and since a border is one arc, it stays the same on both its sides.

// weigh gives the weights of all arcs.
func (l *Layer) weigh() [][]float64 {
	l.once.Do(func() {
		l.weights = make([][]float64, len(l.Arcs))
		for i, arc := range l.Arcs {
			l.weights[i] = weigh(arc)
		}
	})
	return l.weights
}

// weigh gives the weight of each point of an arc; its ends have an infinite one, and so have, of an arc that is closed, the
// two inner points that weigh most: an island stays one.
func weigh(arc []Point) []float64 {
	n := len(arc)
	w := make([]float64, n)
	w[0], w[n-1] = math.Inf(1), math.Inf(1)
	before, after := make([]int, n), make([]int, n)
	for i := range arc {
		before[i], after[i] = i-1, i+1
	}
	q := &queue{at: make([]int, n)}
	area := func(i int) float64 { return area(arc[before[i]], arc[i], arc[after[i]]) }
	for i := 1; i < n-1; i++ {
		q.items = append(q.items, item{i, area(i)})
	}
	for i := range q.items {
		q.at[q.items[i].point] = i
	}
	heap.Init(q)
	least := 2
	if arc[0] != arc[n-1] {
		least = 0
	}
	for most := 0.0; q.Len() > 0; {
		x := heap.Pop(q).(item)
		most = max(most, x.area) // what comes after weighs no less: leaving out goes in this order
		w[x.point] = most
		if q.Len() < least {
			w[x.point] = math.Inf(1)
		}
		b, a := before[x.point], after[x.point]
		after[b], before[a] = a, b
		for _, i := range []int{b, a} {
			if i > 0 && i < n-1 {
				q.items[q.at[i]].area = area(i)
				heap.Fix(q, q.at[i])
			}
		}
	}
	return w
}

// area is that of a triangle, in square degrees at the equator.
func area(a, b, c Point) float64 {
	ax, ay := float64(a.X-b.X), float64(a.Y-b.Y)
	cx, cy := float64(c.X-b.X), float64(c.Y-b.Y)
	return math.Abs(ax*cy-ay*cx) / 2 / (Degree * Degree) * math.Cos(float64(b.Y)/Degree*math.Pi/180)
}

// queue is a heap of the points of an arc, the least area first.
type queue struct {
	items []item
	at    []int // where each point is in items
}

type item struct {
	point int
	area  float64
}

func (q *queue) Len() int           { return len(q.items) }
func (q *queue) Less(i, j int) bool { return q.items[i].area < q.items[j].area }
func (q *queue) Push(any)           {} // nothing is ever added
func (q *queue) Swap(i, j int) {
	q.items[i], q.items[j] = q.items[j], q.items[i]
	q.at[q.items[i].point], q.at[q.items[j].point] = i, j
}

func (q *queue) Pop() any {
	last := q.items[len(q.items)-1]
	q.items = q.items[:len(q.items)-1]
	return last
}
