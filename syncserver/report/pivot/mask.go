package pivot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/report"
)

// # Small numbers
//
// Numbers of tips and petitions below `fewest` are hidden above the handling unit, and so are others from which they could
// be computed. What is hidden must be the same in every table, or two tables would give away what each of them hides. So it
// is decided once, for the lattice of all tables: every unit with every month, quarter, half and year, as a whole and by
// each answer. Every equation of the lattice (a whole and its parts: units, times, answers) has no hidden number or at
// least two. A table shows a cell of the lattice if that is not hidden; a period that is none of the lattice is shown if it
// consists of periods that are shown, and so says nothing new. Zeros are shown: nobody is behind them.
//
// What this does not do: several numbers that are not shown may still be narrowed down together. Where each part of a whole is 1, the
// whole says so; hiding it too would hide whole provinces.
//
// A figure that is not additive over times (petitions due) has a lattice of its own for each period.

// ownKey begins the name of a unit in the lattice where its own records are meant, beside those of the units below it.
const ownKey = "o"

// node is a cell of the lattice. A unit's own records, beside those of the units below it, have the unit ownKey + its code.
type node struct {
	unit, time string
	answer     string // "" all; else the field, a line end, and the answer
}

func (a node) compare(b node) int {
	return cmp.Or(strings.Compare(a.unit, b.unit), strings.Compare(a.time, b.time), strings.Compare(a.answer, b.answer))
}

// equation says that a node is the sum of its parts along one axis: "u" units, "t" times, or a field.
type equation struct {
	axis  string
	whole node
}

func (a equation) compare(b equation) int {
	return cmp.Or(strings.Compare(a.axis, b.axis), a.whole.compare(b.whole))
}

// mask is a lattice with what is hidden in it. Nodes that are zero are not in it.
type mask struct {
	counts map[node]int64
	hidden map[node]bool
	parts  map[equation][]node
	of     map[node][]equation // those that a node is a part of
	fields []string
	queue  []equation
}

// everything is the unit above all units.
const everything = ""

// newMask makes the lattice of facts. Times gives the times in which a fact counts, the finest first, each within the next.
func newMask(view *units.View, byField map[string][]fact, times func(*fact) []string) *mask {
	m := &mask{counts: map[node]int64{}, hidden: map[node]bool{}, parts: map[equation][]node{}, of: map[node][]equation{}}
	m.fields = slices.Sorted(maps.Keys(byField))
	for i, field := range m.fields {
		for j := range byField[field] {
			f := &byField[field][j]
			chain, when := chainOf(view, f.unit), times(f)
			if field != "" {
				m.place(chain, when, field, field+"\n"+f.answers, f.n)
			}
			if i == 0 { // every field has all the facts
				m.place(chain, when, "", "", f.n)
			}
		}
	}
	m.settle()
	return m
}

// chainOf are the units that a record counts in, its own first.
func chainOf(view *units.View, code string) []string {
	path := view.Path(code)
	if len(path) == 0 {
		return []string{code, everything}
	}
	var chain []string
	if home := path[len(path)-1].Code; len(view.Children(home)) > 0 {
		chain = append(chain, ownKey+home)
	}
	for _, u := range slices.Backward(path) {
		chain = append(chain, u.Code)
	}
	return append(chain, everything)
}

// place adds n records to every node that they count in.
func (m *mask) place(chain, times []string, field, answer string, n int64) {
	for t, time := range times {
		for u, unit := range chain {
			at := node{unit, time, answer}
			if m.counts[at] == 0 {
				if u+1 < len(chain) {
					m.join(at, equation{"u", node{chain[u+1], time, answer}})
				}
				if t+1 < len(times) {
					m.join(at, equation{"t", node{unit, times[t+1], answer}})
				}
				if answer != "" {
					m.join(at, equation{field, node{unit, time, ""}})
				}
			}
			m.counts[at] += n
		}
	}
}

func (m *mask) join(part node, e equation) {
	m.parts[e] = append(m.parts[e], part)
	m.of[part] = append(m.of[part], e)
}

// settle hides what is small, and then whatever else it takes until no equation gives anything away.
func (m *mask) settle() {
	for at, n := range m.counts {
		if n < fewest {
			m.hide(at)
		}
	}
	slices.SortFunc(m.queue, equation.compare) // the order of a map is chance; what is hidden must not be
	for len(m.queue) > 0 {
		e := m.queue[0]
		m.queue = m.queue[1:]
		if at, ok := m.victim(e); ok {
			m.hide(at)
		}
	}
}

// hide hides a node; every equation with it must be looked at again.
func (m *mask) hide(at node) {
	m.hidden[at] = true
	m.queue = append(m.queue, m.of[at]...)
	for _, axis := range append([]string{"u", "t"}, m.fields...) {
		if e := (equation{axis, at}); len(m.parts[e]) > 0 {
			m.queue = append(m.queue, e)
		}
	}
}

// victim is the node to hide next in an equation that gives something away: the least part that is shown, or else the whole. An
// equation gives its one hidden number away; and those hidden beside parts that are shown, if they can only be 1 each.
func (m *mask) victim(e equation) (at node, ok bool) {
	hidden, sum := 0, int64(0)
	for _, part := range m.parts[e] {
		if m.hidden[part] {
			hidden++
			sum += m.counts[part]
			continue
		}
		if n := m.counts[part]; !ok || n < m.counts[at] || n == m.counts[at] && part.compare(at) < 0 {
			at, ok = part, true
		}
	}
	whole := m.hidden[e.whole]
	switch {
	case !whole && hidden == 0, whole && hidden > 0:
		return node{}, false
	case hidden > 1 && (sum > int64(hidden) || !ok):
		return node{}, false
	case !ok:
		return e.whole, true
	}
	return at, true
}

// The times of the lattice, as they are named in it.
func latticeTimes(month string) []string {
	day := month + "-01"
	var names []string
	for _, step := range []report.Step{report.Month, report.Quarter, report.Half, report.Year} {
		p := step.Around(day)
		names = append(names, p.From+p.To)
	}
	return names
}

// sumShown adds up the number of a unit over a period from times that are shown; false if it is no such sum.
func (m *mask) sumShown(at node, p report.Period, first, last string) (int64, bool) {
	if first == "" { // there is nothing anywhere
		return 0, true
	}
	span := report.Period{From: report.Year.Around(first).From, To: report.Year.Around(last).To}
	return m.covers(at, p, span, report.Year)
}

// covers looks at all steps of a span that the period meets: those within it must be shown, the others are looked into.
func (m *mask) covers(at node, p, span report.Period, step report.Step) (sum int64, ok bool) {
	finer := map[report.Step]report.Step{report.Year: report.Half, report.Half: report.Quarter, report.Quarter: report.Month}[step]
	for _, part := range span.Split(step) {
		if part.To < p.From || part.From > p.To {
			continue
		}
		at.time = part.From + part.To
		n := m.counts[at]
		switch {
		case n == 0:
		case p.From <= part.From && part.To <= p.To:
			if m.hidden[at] {
				return 0, false
			}
		case finer == "":
			return 0, false
		default:
			if n, ok = m.covers(at, p, part, finer); !ok {
				return 0, false
			}
		}
		sum += n
	}
	return sum, true
}

// guard hides what must be hidden in the table of one figure.
type guard struct {
	flow        *mask // of a figure that is additive over times
	first, last string
	periods     map[report.Period]*mask // of one that is not: a mask of each period
}

// Cache keeps what Make has found out about small numbers, as long as the tables stay as they are. The zero Cache is empty. It is
// safe for concurrent use.
type Cache struct {
	mu       sync.Mutex
	position int64
	guards   map[guardKey]*guard
}

type guardKey struct {
	view      *units.View
	indicator string
	rule      Rule
}

// At empties the cache unless it is of this state of the tables (the position of projection).
func (c *Cache) At(position int64) *Cache {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.position != position || c.guards == nil {
		c.position, c.guards = position, map[guardKey]*guard{}
	}
	return c
}

// newGuard decides what is hidden, over all units and all times, whatever the query asks for.
func newGuard(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator) (*guard, error) {
	flow := d.OpenUntil == "" && !d.AtDate()
	key := guardKey{view, d.ID, q.Rule}
	if flow && q.Cache != nil {
		q.Cache.mu.Lock()
		known := q.Cache.guards[key]
		q.Cache.mu.Unlock()
		if known != nil {
			return known, nil
		}
	}
	fine := byMonth
	if !flow {
		fine = byDay
	}
	byField, err := readAll(tx, view, q, d, fine)
	if err != nil {
		return nil, err
	}
	g := &guard{periods: map[report.Period]*mask{}}
	if !flow {
		c := newCube(view, q, d)
		for _, period := range append(c.times, q.Period) {
			g.periods[period] = newMask(view, byField, func(f *fact) []string {
				if c.counts(f, period) {
					return []string{period.To}
				}
				return nil
			})
		}
		return g, nil
	}
	for _, facts := range byField {
		for _, f := range facts {
			if g.first == "" || f.day < g.first[:7] {
				g.first = f.day + "-01"
			}
			if g.last == "" || f.day > g.last[:7] {
				g.last = f.day + "-01"
			}
		}
	}
	g.flow = newMask(view, byField, func(f *fact) []string { return latticeTimes(f.day) })
	if q.Cache != nil {
		q.Cache.mu.Lock()
		q.Cache.guards[key] = g
		q.Cache.mu.Unlock()
	}
	return g, nil
}

// readAll gives the facts of all units and times, once for each question by which the figure may be broken down.
func readAll(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator, fine granularity) (map[string][]fact, error) {
	byField := map[string][]fact{}
	fields := d.By
	if len(fields) == 0 {
		fields = []string{""}
	}
	q.Root, q.Period, q.Columns = everything, report.Period{To: "9999-12-31"}, Axis{}
	for _, field := range fields {
		q.Rows = Axis{}
		if field != "" {
			q.Rows = Axis{By: ByAnswer, Field: field}
		}
		facts, _, err := read(tx, view, q, d, fine)
		if err != nil {
			return nil, err
		}
		byField[field] = slices.DeleteFunc(facts, func(f fact) bool { return f.bad || f.late })
	}
	return byField, nil
}

// protect hides the cells that the reader may not see. It is where every table of tips and petitions goes through. Own is
// the unit whose numbers are the reader's (handling); "" for none.
func (g *guard) protect(t *Table, view *units.View, own string) {
	t.Each(func(row, column int, c *Cell) {
		q := t.narrowed(row, column)
		if own != "" && q.Root == own {
			return
		}
		if sum, ok := g.sum(t, row, column, q, view); !ok || sum != c.Records {
			*c = Cell{Hidden: true}
			return
		}
		c.Late, c.WithLate = 0, c.Value // late ones are a number of their own, and mostly a small one
	})
}

// sum gives the number of a cell of the table, made of what may be printed; false where it cannot be made of that. Q is the
// place and period of the cell.
func (g *guard) sum(t *Table, row, column int, q Query, view *units.View) (sum int64, ok bool) {
	places, answer := []string{q.Root}, ""
	for axis, head := range map[Axis]*Head{t.Query.Rows: headAt(t.Rows, row), t.Query.Columns: headAt(t.Columns, column)} {
		switch {
		case head == nil:
		case axis.By == ByAnswer:
			answer = axis.Field + "\n" + head.Answer
		case head.Own:
			places = apart(view, q.Root, axis.Level)
		}
	}
	for _, unit := range places {
		n, ok := g.number(node{unit: unit, answer: answer}, q.Period)
		if !ok {
			return 0, false
		}
		sum += n
	}
	return sum, true
}

// apart are the nodes of what is of a unit and of none of the units of a level below it; of no level, of none below it.
func apart(view *units.View, unit, level string) []string {
	children := view.Children(unit)
	if len(children) == 0 {
		return []string{unit}
	}
	nodes := []string{ownKey + unit}
	for _, u := range children {
		if level != "" && u.Level != level {
			nodes = append(nodes, apart(view, u.Code, level)...)
		}
	}
	return nodes
}

// number gives the number of a node over a period, if it may be printed.
func (g *guard) number(at node, period report.Period) (int64, bool) {
	if g.flow != nil {
		return g.flow.sumShown(at, period, g.first, g.last)
	}
	at.time = period.To
	m := g.periods[period]
	if m == nil {
		return 0, false
	}
	return m.counts[at], !m.hidden[at]
}

func headAt(heads []Head, i int) *Head {
	if i == Whole {
		return nil
	}
	return &heads[i]
}
