package pivot

import (
	"maps"
	"slices"
	"sync"

	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/projection"
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
// Other ways to count the same records would be lattices of their own, and the difference of two of them a number that neither
// hides: what is not yet approved, what came on a day, what counts by whom units report to. So there is one way for everybody but
// the handling unit, and one tree for all: all that was received, whatever Rule asks for. Rule.Upto stays, with which a frozen report is computed again: between two reports lies what came
// between them, as between two days of the same page.
//
// Who works for a unit knows what is its own, and subtracts it: so what is left of each whole is not small either, and in each sum over
// units at least two numbers beside his own are hidden, or none.
//
// What this does not do: several numbers that are not shown may still be narrowed down together. Where each part of a whole is 1, the
// whole says so; hiding it too would hide whole provinces.
//
// A figure that is not additive over times (petitions due) has a lattice of its own for each period, which is one of whole months:
// from two that differ by a day the petitions of that day could be computed.

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

// guard hides what must be hidden in the table of one figure.
type guard struct {
	mask        *mask
	first, last string                // the months of a figure that is additive over times; "" there are none
	periods     map[report.Period]int // of one that is not: those that it has been decided for, and how far their nodes are from the first; -1: nothing counts
}

// Cache keeps what Make has found out about small numbers, as long as the records of the figure's form stay as they are
// (projection.Stamp). The zero Cache is empty. It is safe for concurrent use.
type Cache struct {
	mu     sync.Mutex
	guards map[guardKey]*guard
}

type guardKey struct {
	view      *units.View
	indicator string
	rule      Rule
	times     string // of a figure that is not additive over times: those that it has been decided for
	stamp     int64  // of the records of its form
}

// maxGuards bounds what a cache keeps: a guard of a country has some ten megabytes.
const maxGuards = 16

// get returns what is kept; nil: nothing, or there is no cache.
func (c *Cache) get(key guardKey) *guard {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.guards[key]
}

// put keeps a guard in place of those of the same figure that are over.
func (c *Cache) put(key guardKey, g *guard) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.guards, func(k guardKey, _ *guard) bool {
		return k.indicator == key.indicator && (k.stamp != key.stamp || k.view != key.view)
	})
	if c.guards == nil || len(c.guards) >= maxGuards {
		c.guards = map[guardKey]*guard{}
	}
	c.guards[key] = g
}

// newGuard decides what is hidden, over all units and all times, whatever the query asks for.
func newGuard(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator) (g *guard, err error) {
	g = &guard{}
	key := guardKey{view: view, indicator: d.ID, rule: q.Rule}
	c := newCube(view, q, d)
	flow := d.OpenUntil == "" && !d.AtDate()
	if !flow {
		g.periods = map[report.Period]int{}
		for _, p := range append(slices.Clone(c.times), q.Period) {
			if wholeMonths(p) {
				g.periods[p] = -1
				key.times += timeName(p)
			}
		}
	}
	if key.stamp, err = projection.Stamp(tx, d.Form); err != nil {
		return nil, err
	}
	if known := q.Cache.get(key); known != nil {
		return known, nil
	}
	if flow {
		err = g.byMonths(tx, view, q, d)
	} else {
		err = g.byPeriods(tx, c)
	}
	if err == nil {
		q.Cache.put(key, g)
	}
	return g, err
}

// byMonths decides for a figure that is additive over times.
func (g *guard) byMonths(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator) error {
	facts, err := readAll(tx, view, q, d, byMonth)
	if err != nil {
		return err
	}
	first, last := "", ""
	g.mask = newMask(view, facts, d.By, func(f *fact) []string {
		if last = max(last, f.day); first == "" || f.day < first {
			first = f.day
		}
		return latticeTimes(f.day)
	}, true)
	g.mask.settle()
	if first != "" {
		g.first, g.last = first+"-01", last+"-01"
	}
	return nil
}

// byPeriods decides for one that is not, whose facts the cube tells the periods of.
//
// Of what is due in a period three parts follow from figures beside it, and must not be small either: what is still open at its end
// (without what was resolved), what was open when it began (without what was received), and what was received in it and left out by the
// tests (together with what was received).
func (g *guard) byPeriods(tx *sqlite.Tx, c *cube) error {
	wide := *c.d
	if c.d.OpenUntil != "" {
		wide.Where, wide.OpenUntil, wide.Standing = nil, "", &report.Standing{Until: c.d.OpenUntil, While: c.d.Where}
	}
	facts, err := readAll(tx, c.view, c.q, &wide, byDay)
	if err != nil {
		return err
	}
	lattice := func(belongs func(f *fact, p report.Period) bool) *mask {
		return newMask(c.view, facts, c.d.By, func(f *fact) (in []string) {
			for p := range g.periods {
				if belongs(f, p) {
					in = append(in, timeName(p))
				}
			}
			return in
		}, false)
	}
	counts := func(f *fact, p report.Period) bool { return f.meets && c.counts(f, p) }
	g.mask = lattice(counts)
	if c.d.OpenUntil != "" {
		for _, part := range []func(f *fact, p report.Period) bool{
			func(f *fact, p report.Period) bool { return counts(f, p) && (f.until == "" || f.until > p.To) },
			func(f *fact, p report.Period) bool { return counts(f, p) && f.day < p.From },
			func(f *fact, p report.Period) bool { return !f.meets && f.day >= p.From && f.day <= p.To },
		} {
			g.mask.avoid(lattice(part))
		}
	}
	g.mask.settle()
	for p := range g.periods {
		if time, known := g.mask.times.at[timeName(p)]; known {
			g.periods[p] = int(time) * g.mask.times.stride
		}
	}
	return nil
}

// readAll gives the facts of all units and times, with the answers to all questions by which the figure may be broken down.
func readAll(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator, fine granularity) ([]*fact, error) {
	q.Root, q.Period, q.Rows, q.Columns = everything, report.Period{To: "9999-12-31"}, Axis{}, Axis{}
	facts, _, err := read(tx, view, q, d, fine, d.By)
	return slices.DeleteFunc(facts, func(f *fact) bool { return f.bad || f.late }), err
}

// protect hides the cells that the reader may not see. It is where every table of tips and petitions goes through. Own is
// the unit whose numbers are the reader's (handling); "" for none.
func (g *guard) protect(t *Table, view *units.View, own string) {
	spans, below := map[report.Period][]span{}, map[string][]string{}
	t.Each(func(row, column int, c *Cell) {
		q := t.narrowed(row, column)
		if own != "" && q.Root == own {
			return
		}
		if _, known := spans[q.Period]; !known && g.periods == nil {
			spans[q.Period] = g.mask.spans(q.Period, g.first, g.last)
		}
		sum, ok := int64(0), true
		places, answer := g.nodes(t, row, column, q, view, below)
		for _, unit := range places {
			n, shown := g.number(unit, answer, q.Period, spans[q.Period])
			sum, ok = sum+n, ok && shown
		}
		if !ok || sum != c.Records {
			*c = Cell{Hidden: true}
			return
		}
		c.Late, c.WithLate = 0, c.Value // late ones are a number of their own, and mostly a small one
	})
}

// nodes are what a cell of the table is the sum of in the lattice, whatever its time. Q is the place and period of the cell.
func (g *guard) nodes(t *Table, row, column int, q Query, view *units.View, below map[string][]string) (units []string, answer string) {
	units = []string{q.Root}
	for axis, head := range map[Axis]*Head{t.Query.Rows: headAt(t.Rows, row), t.Query.Columns: headAt(t.Columns, column)} {
		switch {
		case head == nil:
		case axis.By == ByAnswer:
			answer = answerName(axis.Field, head.Answer)
		case head.Own:
			if below[axis.Level] == nil {
				below[axis.Level] = apart(view, q.Root, axis.Level)
			}
			units = below[axis.Level]
		}
	}
	return units, answer
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

// number gives the number of a unit and answer over a period, if it may be printed. Spans are those of the period.
func (g *guard) number(unit, answer string, period report.Period, spans []span) (int64, bool) {
	time, decided := g.periods[period]
	if g.periods != nil && !decided {
		return 0, false
	}
	node, known := g.mask.node(unit, answer)
	if !known {
		return 0, true
	}
	if g.periods == nil {
		return g.mask.sumShown(node, spans)
	}
	if time < 0 {
		return 0, true
	}
	return int64(g.mask.counts[node+time]), !g.mask.hidden[node+time]
}

// wholeMonths reports whether a period begins and ends with a month, or has no beginning.
func wholeMonths(p report.Period) bool {
	return p.WholeMonths() || p.From == "" && report.Month.Around(p.To).To == p.To
}

func headAt(heads []Head, i int) *Head {
	if i == Whole {
		return nil
	}
	return &heads[i]
}
