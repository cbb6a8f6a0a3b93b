package pivot

import (
	"cmp"
	"maps"
	"slices"

	"banlang/shared/units"
	"banlang/syncserver/report"
)

// mask is a lattice with what is hidden in it. A node is a cell of it: a unit at a time, as a whole or by one answer. An
// equation says that a node is the sum of its parts along one axis: units, times or the answers to a question.
//
// A country has some million nodes, so they stand in one row of numbers: by unit, then by time, then by answer, each in the
// order of its name. An equation is a number too: its axis times the number of nodes, and the node that is the whole. So
// numbers that are sorted are sorted by names, and what is hidden does not depend on the order in which records come.
type mask struct {
	units, times, answers dimension

	axes   []axis // in the order of their names
	sums   []int  // those of axes that a node can be a whole of: units, times, then the questions
	of     []int  // by answer: the place in axes of its question; -1: it is no answer but all
	counts []int32
	hidden []bool
	queue  []int // equations to be looked at
}

// dimension is what nodes are told apart by along one side.
type dimension struct {
	names  []string
	at     map[string]int32
	stride int     // between the nodes of two that follow each other
	above  []int32 // what each is a part of; -1: of nothing
}

// axis is one along which nodes are sums.
type axis struct {
	name  string
	along *dimension
	parts [][]int32 // by place in the dimension
}

const (
	unitAxis = "u"
	timeAxis = "t"
)

// ownKey begins the name of a unit in the lattice where its own records are meant, beside those of the units below it.
const ownKey = "o"

// everything is the unit above all units.
const everything = ""

// allAnswers is the name of what is not told apart by answers.
const allAnswers = ""

func answerName(field, answer string) string { return field + "\n" + answer }

// moment is what decides in which times a fact counts.
type moment struct {
	day, until string
	meets      bool
}

// newMask makes the lattice of facts. Times gives the times in which a fact counts, by nothing but its moment: nested ones, the finest
// first, each within the next; or others, which have nothing to do with each other.
func newMask(view *units.View, byField map[string][]*fact, times func(*fact) []string, nested bool) *mask {
	m := &mask{}
	fields := slices.DeleteFunc(slices.Sorted(maps.Keys(byField)), func(field string) bool { return field == "" })
	all := byField[""] // every field has all the facts
	if len(fields) > 0 {
		all = byField[fields[0]]
	}
	chains, above, when, moments := map[string][]string{}, map[string]string{}, map[string]string{}, map[moment][]string{}
	for _, f := range all {
		if chains[f.unit] == nil {
			chains[f.unit] = chainOf(view, f.unit)
			link(above, chains[f.unit])
		}
		at := f.moment()
		if _, known := moments[at]; known {
			continue
		}
		if moments[at] = times(f); nested {
			link(when, moments[at])
			continue
		}
		for _, name := range moments[at] {
			when[name] = noName
		}
	}
	answers, of := map[string]string{allAnswers: noName}, map[string]map[string]int32{}
	for _, field := range fields {
		of[field] = map[string]int32{}
		for _, f := range byField[field] {
			of[field][f.answers] = 0
		}
		for answer := range of[field] {
			answers[answerName(field, answer)] = allAnswers
		}
	}
	m.answers = newDimension(answers, 1)
	m.times = newDimension(when, len(answers))
	m.units = newDimension(above, len(answers)*len(when))
	for _, field := range fields {
		for answer := range of[field] {
			of[field][answer] = m.answers.at[answerName(field, answer)]
		}
	}
	m.lay(fields, of)
	places := map[string][]int{}
	for unit, chain := range chains {
		for _, name := range chain {
			places[unit] = append(places[unit], int(m.units.at[name])*m.units.stride)
		}
	}
	steps := map[moment][]int{}
	for at, names := range moments {
		for _, name := range names {
			steps[at] = append(steps[at], int(m.times.at[name])*m.times.stride)
		}
	}
	for _, f := range all {
		m.count(places[f.unit], steps[f.moment()], m.answers.at[allAnswers], f.n)
	}
	for _, field := range fields {
		for _, f := range byField[field] {
			m.count(places[f.unit], steps[f.moment()], of[field][f.answers], f.n)
		}
	}
	m.settle()
	return m
}

// noName is above those that are part of nothing; no name is like it.
const noName = "\n"

// link notes what each of a chain is a part of.
func link(above map[string]string, chain []string) {
	for i, name := range chain {
		if i+1 < len(chain) {
			above[name] = chain[i+1]
		} else {
			above[name] = noName
		}
	}
}

func newDimension(above map[string]string, stride int) dimension {
	d := dimension{names: slices.Sorted(maps.Keys(above)), at: make(map[string]int32, len(above)), stride: stride, above: make([]int32, len(above))}
	for i, name := range d.names {
		d.at[name] = int32(i) //nolint:gosec // thousands
	}
	for i, name := range d.names {
		d.above[i] = -1
		if over, ok := d.at[above[name]]; ok {
			d.above[i] = over
		}
	}
	return d
}

// lay makes the axes, and room for the nodes. Of are the places of the answers, by field.
func (m *mask) lay(fields []string, of map[string]map[string]int32) {
	for name, along := range map[string]*dimension{unitAxis: &m.units, timeAxis: &m.times} {
		a := axis{name, along, make([][]int32, len(along.names))}
		for i, over := range along.above {
			if over >= 0 {
				a.parts[over] = append(a.parts[over], int32(i)) //nolint:gosec // thousands
			}
		}
		m.axes = append(m.axes, a)
	}
	for _, field := range fields {
		a := axis{field, &m.answers, make([][]int32, len(m.answers.names))}
		a.parts[m.answers.at[allAnswers]] = slices.Sorted(maps.Values(of[field]))
		m.axes = append(m.axes, a)
	}
	slices.SortFunc(m.axes, func(a, b axis) int { return cmp.Compare(a.name, b.name) })
	m.of = slices.Repeat([]int{-1}, len(m.answers.names))
	for _, name := range append([]string{unitAxis, timeAxis}, fields...) {
		i := slices.IndexFunc(m.axes, func(a axis) bool { return a.name == name })
		m.sums = append(m.sums, i)
		if m.axes[i].along == &m.answers {
			for _, answer := range m.axes[i].parts[m.answers.at[allAnswers]] {
				m.of[answer] = i
			}
		}
	}
	size := len(m.units.names) * len(m.times.names) * len(m.answers.names)
	m.counts, m.hidden = make([]int32, size), make([]bool, size)
}

func (f *fact) moment() moment { return moment{f.day, f.until, f.meets} }

// count adds n records to every node that they count in, given by where its unit and its time stand.
func (m *mask) count(units, times []int, answer int32, n int64) {
	for _, time := range times {
		for _, unit := range units {
			m.counts[unit+time+int(answer)] += int32(n) //nolint:gosec // records
		}
	}
}

// place is where a node stands in a dimension.
func (d *dimension) place(node int) int32 { return int32(node / d.stride % len(d.names)) } //nolint:gosec // thousands

// equation is that of a node as a whole along an axis, given by its place.
func (m *mask) equation(axis, whole int) int { return axis*len(m.counts) + whole }

// settle hides what is small, and then whatever else it takes until no equation gives anything away.
func (m *mask) settle() {
	for at, n := range m.counts {
		if n > 0 && n < fewest {
			m.hide(at)
		}
	}
	slices.Sort(m.queue)
	before, idle := -1, false
	for len(m.queue) > 0 {
		e := m.queue[0]
		m.queue = m.queue[1:]
		if e == before && idle { // it stands there for each of its parts that is hidden
			continue
		}
		at, ok := m.victim(e)
		if before, idle = e, !ok; ok {
			m.hide(at)
		}
	}
	m.queue = nil
}

// hide hides a node; every equation with it must be looked at again.
func (m *mask) hide(at int) {
	m.hidden[at] = true
	for _, i := range m.sums[:2] {
		d := m.axes[i].along
		if own := d.place(at); d.above[own] >= 0 {
			m.queue = append(m.queue, m.equation(i, at+int(d.above[own]-own)*d.stride))
		}
	}
	if answer := m.answers.place(at); m.of[answer] >= 0 {
		m.queue = append(m.queue, m.equation(m.of[answer], at+int(m.answers.at[allAnswers]-answer)))
	}
	for _, i := range m.sums {
		if len(m.axes[i].parts[m.axes[i].along.place(at)]) > 0 {
			m.queue = append(m.queue, m.equation(i, at))
		}
	}
}

// victim is the node to hide next in an equation that gives something away: the least part that is shown, or else the whole. An
// equation gives its one hidden number away; and those hidden beside parts that are shown, if they can only be 1 each.
func (m *mask) victim(e int) (at int, ok bool) {
	a, whole := m.axes[e/len(m.counts)], e%len(m.counts)
	own := a.along.place(whole)
	hidden, sum := int32(0), int32(0)
	for _, part := range a.parts[own] {
		node := whole + int(part-own)*a.along.stride
		switch n := m.counts[node]; {
		case n == 0:
		case m.hidden[node]:
			hidden++
			sum += n
		case !ok || n < m.counts[at]: // of equal ones the first by name
			at, ok = node, true
		}
	}
	switch {
	case !m.hidden[whole] && hidden == 0, m.hidden[whole] && hidden > 0:
		return 0, false
	case hidden > 1 && (sum > hidden || !ok):
		return 0, false
	case !ok:
		return whole, true
	}
	return at, true
}

// node is where a cell stands in the lattice but for its time; false: nothing counts in it at any.
func (m *mask) node(unit, answer string) (int, bool) {
	u, isUnit := m.units.at[unit]
	a, isAnswer := m.answers.at[answer]
	return int(u)*m.units.stride + int(a), isUnit && isAnswer
}

// timeName is what a time is called in the lattice.
func timeName(p report.Period) string { return p.From + p.To }

// latticeTimes are those in which a month lies, as they are named in the lattice.
func latticeTimes(month string) []string {
	day := month + "-01"
	var names []string
	for _, step := range []report.Step{report.Month, report.Quarter, report.Half, report.Year} {
		p := step.Around(day)
		names = append(names, timeName(p))
	}
	return names
}

// span is a time of the lattice that a period meets.
type span struct {
	time   int  // how far its nodes are from those of the first time
	within bool // all of it is in the period
	month  bool // there is nothing finer
	finer  []span
}

// spans are the times that a period is made of, beginning with the years of the lattice.
func (m *mask) spans(p report.Period, first, last string) []span {
	if first == "" { // there is nothing anywhere
		return nil
	}
	return m.cut(p, report.Period{From: report.Year.Around(first).From, To: report.Year.Around(last).To}, report.Year)
}

func (m *mask) cut(p, whole report.Period, step report.Step) (spans []span) {
	finer := map[report.Step]report.Step{report.Year: report.Half, report.Half: report.Quarter, report.Quarter: report.Month}[step]
	for _, part := range whole.Split(step) {
		time, known := m.times.at[timeName(part)]
		if part.To < p.From || part.From > p.To || !known {
			continue
		}
		s := span{time: int(time) * m.times.stride, within: p.From <= part.From && part.To <= p.To, month: finer == ""}
		if !s.within && !s.month {
			s.finer = m.cut(p, part, finer)
		}
		spans = append(spans, s)
	}
	return spans
}

// sumShown adds up the number of a node over spans, of which those within the period must be shown, and the others are looked
// into; false if it is no such sum.
func (m *mask) sumShown(node int, spans []span) (sum int64, ok bool) {
	for i := range spans {
		s := &spans[i]
		n := int64(m.counts[node+s.time])
		switch {
		case n == 0:
		case s.within:
			if m.hidden[node+s.time] {
				return 0, false
			}
		case s.month: // a part of it
			return 0, false
		default:
			if n, ok = m.sumShown(node, s.finer); !ok {
				return 0, false
			}
		}
		sum += n
	}
	return sum, true
}
