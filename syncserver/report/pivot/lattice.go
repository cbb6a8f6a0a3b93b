package pivot

import (
	"cmp"
	"maps"
	"slices"
	"strings"

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

	axes   []axis  // in the order of their names
	sums   []int   // those of axes that a node can be a whole of: units, times, then the questions
	of     []int   // by answer: the place in axes of its question; -1: it is no answer but all
	own    []int32 // by unit: the place of what is its own, beside the units below it; -1: nothing is kept apart
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

// newMask makes the lattice of facts, each of which answers all questions (read); nothing is hidden in it yet (settle). Times gives the
// times in which a fact counts, by nothing but its moment: nested ones, the finest first, each within the next; or others, which have
// nothing to do with each other.
func newMask(view *units.View, facts []*fact, fields []string, times func(*fact) []string, nested bool) *mask {
	m := &mask{}
	units, moments, said := numbers[string]{}, numbers[moment]{}, numbers[string]{}
	of := make([]struct{ unit, moment, said int32 }, len(facts)) // by fact
	above, when := map[string]string{}, map[string]string{}
	var chains, during [][]string // by unit and by moment
	for i, f := range facts {
		n := &of[i]
		n.unit, n.moment, n.said = units.of(f.unit), moments.of(f.moment()), said.of(f.answers)
		if int(n.unit) == len(chains) {
			chains = append(chains, chainOf(view, f.unit))
			link(above, chains[n.unit])
		}
		if int(n.moment) < len(during) {
			continue
		}
		during = append(during, times(f))
		if nested {
			link(when, during[n.moment])
			continue
		}
		for _, name := range during[n.moment] {
			when[name] = noName
		}
	}
	names := make([][]string, len(said.all)) // of the nodes beside each other in which so many answers count
	answers := map[string]string{allAnswers: noName}
	for i, text := range said.all {
		names[i] = []string{allAnswers}
		for j, answer := range answersTo(fields, text) {
			names[i] = append(names[i], answerName(fields[j], answer))
			answers[answerName(fields[j], answer)] = allAnswers
		}
	}
	m.answers = newDimension(answers, 1)
	m.times = newDimension(when, len(answers))
	m.units = newDimension(above, len(answers)*len(when))
	m.lay(fields)
	inUnits, inTimes, inAnswers := m.units.offsets(chains), m.times.offsets(during), m.answers.offsets(names)
	for i, f := range facts {
		for _, time := range inTimes[of[i].moment] {
			for _, unit := range inUnits[of[i].unit] {
				for _, answer := range inAnswers[of[i].said] {
					m.counts[unit+time+answer] += int32(f.n) //nolint:gosec // records
				}
			}
		}
	}
	return m
}

// numbers gives each value that it has not seen the next number, from 0.
type numbers[T comparable] struct {
	all []T
	at  map[T]int32
}

func (n *numbers[T]) of(value T) int32 {
	i, known := n.at[value]
	if !known {
		if n.at == nil {
			n.at = map[T]int32{}
		}
		i = int32(len(n.all)) //nolint:gosec // thousands
		n.all, n.at[value] = append(n.all, value), i
	}
	return i
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

// offsets are how far each of some names is from the first, in nodes.
func (d *dimension) offsets(names [][]string) [][]int {
	all := make([][]int, len(names))
	for i := range names {
		for _, name := range names[i] {
			all[i] = append(all[i], int(d.at[name])*d.stride)
		}
	}
	return all
}

// lay makes the axes, and room for the nodes.
func (m *mask) lay(fields []string) {
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
		a, all := axis{field, &m.answers, make([][]int32, len(m.answers.names))}, m.answers.at[allAnswers]
		for i, name := range m.answers.names {
			if strings.HasPrefix(name, answerName(field, "")) {
				a.parts[all] = append(a.parts[all], int32(i)) //nolint:gosec // dozens
			}
		}
		m.axes = append(m.axes, a)
	}
	slices.SortFunc(m.axes, func(a, b axis) int { return cmp.Compare(a.name, b.name) })
	m.own = slices.Repeat([]int32{-1}, len(m.units.names))
	for i, over := range m.units.above {
		if over >= 0 && m.units.names[i] == ownKey+m.units.names[over] {
			m.own[over] = int32(i) //nolint:gosec // thousands
		}
	}
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

// place is where a node stands in a dimension.
func (d *dimension) place(node int) int32 { return int32(node / d.stride % len(d.names)) } //nolint:gosec // thousands

// equation is that of a node as a whole along an axis, given by its place.
func (m *mask) equation(axis, whole int) int { return axis*len(m.counts) + whole }

// small reports whether a number is one that is not shown.
func small(n int32) bool { return n > 0 && n < fewest }

// avoid hides each node of which a part is small that follows from it together with other figures; the lattice of that part is given.
func (m *mask) avoid(part *mask) {
	places := func(of, in *dimension) (all [][2]int) { // what is in both, in nodes from the first
		for i, name := range of.names {
			if at, known := in.at[name]; known {
				all = append(all, [2]int{i * of.stride, int(at) * in.stride})
			}
		}
		return all
	}
	times, answers := places(&part.times, &m.times), places(&part.answers, &m.answers)
	for _, unit := range places(&part.units, &m.units) {
		for _, time := range times {
			for _, answer := range answers {
				if at := unit[1] + time[1] + answer[1]; m.counts[at] > 0 && small(part.counts[unit[0]+time[0]+answer[0]]) {
					m.hidden[at] = true
				}
			}
		}
	}
}

// settle hides what is small, and then whatever else it takes until no equation gives anything away. All equations are looked at
// once in their order, and again whenever a number of theirs is hidden. Who works for a unit knows what is its own, wherever that is
// hidden: so the rest of it must not be small either.
func (m *mask) settle() {
	for at, n := range m.counts {
		m.hidden[at] = m.hidden[at] || small(n)
	}
	for unit, own := range m.own {
		if own < 0 {
			continue
		}
		for i := range m.units.stride {
			whole := unit*m.units.stride + i
			m.hidden[whole] = m.hidden[whole] || small(m.counts[whole]-m.counts[int(own)*m.units.stride+i])
		}
	}
	for i, a := range m.axes {
		stride := a.along.stride
		for outer := 0; outer < len(m.counts); outer += stride * len(a.parts) {
			for own, parts := range a.parts {
				if len(parts) == 0 {
					continue
				}
				for at := outer + own*stride; at < outer+(own+1)*stride; at++ {
					m.look(i, at, int32(own)) //nolint:gosec // thousands
				}
			}
		}
	}
	for len(m.queue) > 0 {
		i, whole := m.queue[0]/len(m.counts), m.queue[0]%len(m.counts)
		m.queue = m.queue[1:]
		m.look(i, whole, m.axes[i].along.place(whole))
	}
	m.queue = nil
}

// look hides what it takes until an equation gives nothing away: that of a node as a whole, and its place, along an axis.
func (m *mask) look(i, whole int, own int32) {
	for {
		at, ok := m.victim(&m.axes[i], whole, own)
		if !ok {
			return
		}
		m.hide(at)
	}
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

// victim is the node to hide next in an equation that gives something away, to everybody or to who knows what is a unit's own: the
// least part that is shown, or else the whole.
func (m *mask) victim(a *axis, whole int, own int32) (at int, ok bool) {
	known := int32(-1)
	if a.along == &m.units {
		known = m.own[own]
	}
	var all, others parts
	for _, part := range a.parts[own] {
		node := whole + int(part-own)*a.along.stride
		n, hidden := m.counts[node], m.hidden[node]
		if n == 0 {
			continue
		}
		all.add(node, n, hidden, m.counts)
		if part != known {
			others.add(node, n, hidden, m.counts)
		}
	}
	closed := m.hidden[whole]
	switch {
	case !all.giveAway(closed) && (known < 0 || others.none() || !others.giveAway(closed)):
		return 0, false
	case others.shown:
		return others.least, true
	case !closed:
		return whole, true
	}
	return all.least, true // what is its own alone makes the whole
}

// parts are the parts of an equation that are not 0.
type parts struct {
	hidden, sum int32 // how many are hidden, and what they are together
	shown       bool  // some are shown, and
	least       int   // the least of those; of equal ones the first by name
}

func (p *parts) add(node int, n int32, hidden bool, counts []int32) {
	switch {
	case hidden:
		p.hidden++
		p.sum += n
	case !p.shown || n < counts[p.least]:
		p.shown, p.least = true, node
	}
}

func (p *parts) none() bool { return p.hidden == 0 && !p.shown }

// giveAway reports whether a hidden number follows: the one that is hidden, be it the whole; or those beside parts that are shown, if they
// can only be 1 each.
func (p *parts) giveAway(wholeHidden bool) bool {
	if wholeHidden {
		return p.hidden == 0
	}
	return p.hidden == 1 || p.hidden > 1 && p.sum == p.hidden && p.shown
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
