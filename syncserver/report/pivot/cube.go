package pivot

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"banlang/shared/units"
	"banlang/syncserver/report"
)

// cube puts facts into the cells of a table.
type cube struct {
	q       Query
	d       *report.Indicator
	view    *units.View
	keep    bool // remember the records of each cell; facts are single then
	unitsOn map[Axis][]Head
	rowOf   map[string]int  // of ByUnit: which head a code counts under
	times   []report.Period // of ByTime
	onTime  cells           // what came by the cut-off
	all     cells           // with what came later; onTime itself where nothing did
	missing []missing
}

// cells are by the keys of their row and column; "" is the total.
type cells map[place]*sum

type place struct{ row, column string }

// sum is a cell while it is being filled.
type sum struct {
	total    int64
	records  int64
	unread   int64
	overflow bool
	distinct map[string]bool
	least    *fact // of Lowest and Highest, the one that counts
	recs     []int64
}

type missing struct {
	unit string
	n    int64
}

// The keys of heads begin with a letter, so that none is the key of a total.
const (
	unitKey   = "u"
	ownKey    = "o"
	timeKey   = "t"
	answerKey = "a"
)

func newCube(view *units.View, q Query, d *report.Indicator) *cube {
	c := &cube{q: q, d: d, view: view, unitsOn: map[Axis][]Head{}, rowOf: map[string]int{}, onTime: cells{}}
	c.all = c.onTime
	for _, axis := range []Axis{q.Rows, q.Columns} {
		switch axis.By {
		case ByTime:
			c.times = q.Period.Split(axis.Step)
		case ByUnit:
			c.unitsOn[axis] = unitHeads(view, q.Root, axis.Level)
			for i, h := range c.unitsOn[axis] {
				for _, code := range view.Under(h.Unit) {
					c.rowOf[code] = i
				}
			}
		}
	}
	return c
}

// unitHeads are the units of an axis: those right below the root, or all of a level within it.
func unitHeads(view *units.View, root, level string) (heads []Head) {
	list := view.Children(root)
	if level != "" {
		list = view.Level(level)
	}
	for _, u := range list {
		if level == "" || root == "" || view.Within(u.Code, root) {
			heads = append(heads, Head{Unit: u.Code, Name: u.Name})
		}
	}
	return heads
}

// granularity is how finely the facts must be told apart.
func (c *cube) granularity() granularity {
	switch {
	case c.d.LastStated() || c.d.Measure == report.Highest:
		return single
	case c.d.Standing != nil || c.d.OpenUntil != "":
		return byDay
	case c.times == nil:
		return noDays
	case c.times[0].From == c.times[0].To:
		return byDay
	}
	return byMonth
}

// addAll puts the facts where they belong.
func (c *cube) addAll(facts []fact) {
	c.fill(c.onTime, slices.DeleteFunc(slices.Clone(facts), func(f fact) bool { return f.late }))
	if slices.ContainsFunc(facts, func(f fact) bool { return f.late }) {
		c.all = cells{}
		c.fill(c.all, facts)
	}
}

// fill puts each fact into the cells of all times in which it counts. A total over times is no sum of theirs: it is the time of
// the whole period.
func (c *cube) fill(into cells, facts []fact) {
	if c.d.LastStated() {
		for i, period := range c.times {
			c.addTo(into, timeKey+period.To, lastStated(c.view, facts, c.times[i].To))
		}
		c.addTo(into, "", lastStated(c.view, facts, c.q.Period.To))
		return
	}
	flow := c.d.Standing == nil && c.d.OpenUntil == "" && c.d.Measure != report.Highest
	for i := range facts {
		f := &facts[i]
		if f.bad || c.counts(f, c.q.Period) {
			c.add(into, "", f)
		}
		switch {
		case c.times == nil:
		case flow && !f.bad:
			if i := c.bucket(f.day); i >= 0 {
				c.add(into, timeKey+c.times[i].To, f)
			}
		default:
			for _, period := range c.times {
				if f.bad || c.counts(f, period) {
					c.add(into, timeKey+period.To, f)
				}
			}
		}
	}
}

// bucket is the time in which a day or month lies; -1 for none.
func (c *cube) bucket(day string) int {
	i, _ := slices.BinarySearchFunc(c.times, day, func(p report.Period, day string) int {
		return cmp.Or(strings.Compare(p.From[:len(day)], day), -1) // an equal one is the last before
	})
	return i - 1
}

// counts reports whether a fact counts in a period. Of a flow the query has left out all others already.
func (c *cube) counts(f *fact, period report.Period) bool {
	switch {
	case c.d.Standing != nil:
		return f.day <= period.To && (f.until > period.To || f.until == "" && f.meets)
	case c.d.OpenUntil != "":
		return f.day <= period.To && (f.day >= period.From || f.until == "" || f.until >= period.From)
	case c.d.Measure == report.Highest:
		return f.day <= period.To
	}
	return true
}

// lastStated are the facts that each unit stated last up to a day; of a unit that went up in another only where that one has stated
// nothing since. On one day the greater name wins, so that every centre chooses alike.
func lastStated(view *units.View, facts []fact, day string) (last []fact) {
	of := map[string]fact{}
	for _, f := range facts {
		before, known := of[f.unit]
		switch {
		case f.bad:
			last = append(last, f)
		case f.day <= day && (!known || cmp.Or(strings.Compare(f.day, before.day), strings.Compare(f.dot, before.dot)) > 0):
			of[f.unit] = f
		}
	}
	for unit, f := range of {
		if home := view.Home(unit); home == unit || of[home].day <= f.day {
			last = append(last, f)
		}
	}
	return last
}

func (c *cube) addTo(into cells, time string, facts []fact) {
	for i := range facts {
		if f := &facts[i]; f.bad || f.meets {
			c.add(into, time, f)
		}
	}
}

// add counts a fact in its cell, and in the totals beside it.
func (c *cube) add(into cells, time string, f *fact) {
	for _, row := range c.keys(c.q.Rows, time, f) {
		for _, column := range c.keys(c.q.Columns, time, f) {
			at := place{row, column}
			if into[at] == nil {
				into[at] = &sum{}
			}
			into[at].add(c, f)
		}
	}
}

// keys are the heads of an axis under which a fact counts, and the total. The time of a cell is given: its total is another call.
func (c *cube) keys(axis Axis, time string, f *fact) []string {
	switch axis.By {
	case ByTime:
		return []string{time}
	case ByUnit:
		if i, ok := c.rowOf[f.unit]; ok {
			return []string{unitKey + c.unitsOn[axis][i].Unit, ""}
		}
		return []string{ownKey, ""}
	case ByAnswer:
		var keys []string
		for _, answer := range answersOf(f.answers) {
			keys = append(keys, answerKey+answer)
		}
		return append(keys, "")
	}
	return []string{""}
}

// answersOf takes the answers to a question apart; nobody's answer is one too.
func answersOf(answers string) []string {
	if all := strings.Fields(answers); len(all) > 0 {
		return all
	}
	return []string{""}
}

func (s *sum) add(c *cube, f *fact) {
	if f.bad {
		s.unread += f.n
		return
	}
	switch c.d.Measure {
	case report.Count, report.UnitsWhere:
		s.plus(f.n)
	case report.CountDistinct:
		if s.distinct == nil {
			s.distinct = map[string]bool{}
		}
		s.distinct[f.text] = true
	case report.Lowest, report.Highest:
		s.choose(c.d.Measure, f)
		return
	default:
		s.plus(f.num)
	}
	s.records += f.n
	if c.keep {
		s.recs = append(s.recs, f.rec)
	}
}

// choose keeps the greatest or least number; of equal ones that of the smaller name.
func (s *sum) choose(measure report.Measure, f *fact) {
	if s.least != nil {
		order := cmp.Compare(f.num, s.least.num)
		if measure == report.Highest {
			order = -order
		}
		if cmp.Or(order, strings.Compare(f.dot, s.least.dot)) > 0 {
			return
		}
	}
	s.least, s.records, s.recs = f, 1, []int64{f.rec}
}

func (s *sum) plus(n int64) {
	if n > 0 && s.total > math.MaxInt64-n {
		s.unread, s.overflow = s.unread+1, true
		return
	}
	s.total += n
}

// unread notes the records that could not be read at all, by unit: they may belong into any cell of theirs.
func (c *cube) unread(of map[string]int64) {
	for unit, n := range of {
		c.missing = append(c.missing, missing{unit, n})
	}
}

// table makes the cells into a table.
func (c *cube) table() *Table {
	t := newTable(c.q, c.d, c.heads(c.q.Rows, func(p place) string { return p.row }), c.heads(c.q.Columns, func(p place) string { return p.column }))
	t.Each(func(row, column int, cell *Cell) {
		at := place{keyOf(t.Rows, row), keyOf(t.Columns, column)}
		*cell = c.cell(at)
		for _, m := range c.missing {
			if within(t.Rows, row, c.view, m.unit) && within(t.Columns, column, c.view, m.unit) {
				cell.Unread += m.n
			}
		}
	})
	return t
}

func (c *cube) cell(at place) Cell {
	on, all := c.onTime[at], c.all[at]
	cell := Cell{Value: c.value(on, at)}
	if on != nil {
		cell.Records, cell.Unread = on.records, on.unread
	}
	cell.WithLate = cell.Value
	if all != on {
		cell.WithLate, cell.Late = c.value(all, at), all.records-cell.Records
	}
	return cell
}

// value is the figure of a cell; nobody may have said anything for it.
func (c *cube) value(s *sum, at place) report.Value {
	if c.d.Measure == report.UnitsOfLevel {
		return report.Value{Num: c.unitsOfLevel(at)}
	}
	v := report.Value{Places: c.d.Places}
	if s == nil || s.records == 0 {
		if c.d.Measure == report.Latest || c.d.Measure == report.Lowest || c.d.Measure == report.Highest {
			return report.Value{Kind: report.Nothing}
		}
		return v
	}
	switch {
	case s.least != nil:
		v.Num = s.least.num
	case c.d.Measure == report.CountDistinct:
		v.Num = int64(len(s.distinct))
	default:
		v.Num = s.total
	}
	return v
}

func (c *cube) unitsOfLevel(at place) (n int64) {
	root := c.q.Root
	for _, key := range []string{at.row, at.column} {
		if key == ownKey {
			return 0
		}
		if strings.HasPrefix(key, unitKey) {
			root = key[len(unitKey):]
		}
	}
	for _, u := range c.view.Level(c.d.Level) {
		if root == "" || c.view.Within(u.Code, root) {
			n++
		}
	}
	return n
}

// heads are those of an axis, in order. A row of what is of no other unit is there only where there is something.
func (c *cube) heads(axis Axis, of func(place) string) (heads []Head) {
	switch axis.By {
	case ByTime:
		for _, period := range c.times {
			heads = append(heads, Head{Period: period})
		}
	case ByUnit:
		heads = slices.Clone(c.unitsOn[axis])
		for at := range c.all {
			if of(at) == ownKey {
				return append(heads, Head{Unit: c.q.Root, Own: true, Name: c.view.Name(c.q.Root)})
			}
		}
	case ByAnswer:
		seen := map[string]bool{}
		for at := range c.all {
			if key := of(at); key != "" && !seen[key] {
				seen[key] = true
				heads = append(heads, Head{Answer: key[len(answerKey):]})
			}
		}
		slices.SortFunc(heads, func(a, b Head) int { return strings.Compare(a.Answer, b.Answer) })
	}
	return heads
}

func keyOf(heads []Head, i int) string {
	if i == Whole {
		return ""
	}
	switch h := heads[i]; {
	case h.Own:
		return ownKey
	case h.Unit != "":
		return unitKey + h.Unit
	case h.Period.To != "":
		return timeKey + h.Period.To
	default:
		return answerKey + h.Answer
	}
}

// recs are the records of the cell of a table, which the cube was filled for.
func (c *cube) recs(t *Table, row, column int) []int64 {
	if s := c.onTime[place{keyOf(t.Rows, row), keyOf(t.Columns, column)}]; s != nil {
		return s.recs
	}
	return nil
}
