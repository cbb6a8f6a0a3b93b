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
	keep    bool // remember the records of each cell; facts are named then
	units   []Head
	rowOf   map[string]int32 // of ByUnit: which of units a code counts under
	own     bool             // of ByUnit: there are records of none of units
	times   []report.Period  // of ByTime
	answers numbers[string]  // of ByAnswer, as they come
	onTime  *cells           // what came by the cut-off
	all     *cells           // with what came later; onTime itself where nothing did
	missing []missing
	keys    [2][]int32 // of the fact that is being added, for Rows and Columns
	last    struct {   // what was looked up last
		unit, day  string
		head, time int32
	}
}

// cells are the sums of the places under which anything counted, by the keys of row and column, each one more than it is.
type cells [][]*sum

// find gives the sum of a place; nil: nothing counted there.
func (c *cells) find(at place) *sum {
	if row := int(at.row) + 1; row < len(*c) && int(at.column)+1 < len((*c)[row]) {
		return (*c)[row][at.column+1]
	}
	return nil
}

// sum gives the sum of a place, and makes it.
func (c *cells) sum(at place) *sum {
	for len(*c) <= int(at.row)+1 {
		*c = append(*c, nil)
	}
	row := &(*c)[at.row+1]
	for len(*row) <= int(at.column)+1 {
		*row = append(*row, nil)
	}
	s := &(*row)[at.column+1]
	if *s == nil {
		*s = &sum{}
	}
	return *s
}

type place struct{ row, column int32 }

// whole is the key of a total. That of any other row or column is the place of its head in cube.units, times or answers; what is of
// none of the units has the one behind them.
const whole int32 = -1

// sum is a cell while it is being filled.
type sum struct {
	total   int64
	records int64
	unread  int64
	text    int32 // of CountDistinct, the last one that was counted: equal ones follow each other
	least   *fact // of Lowest and Highest, the one that counts
	recs    []int64
}

type missing struct {
	unit string
	n    int64
}

func newCube(view *units.View, q Query, d *report.Indicator) *cube {
	c := &cube{q: q, d: d, view: view, rowOf: map[string]int32{}, onTime: &cells{}}
	c.all = c.onTime
	for _, axis := range []Axis{q.Rows, q.Columns} {
		switch axis.By {
		case ByTime:
			c.times = q.Period.Split(axis.Step)
		case ByUnit:
			c.units = unitHeads(view, q.Root, axis.Level)
			for i, h := range c.units {
				for _, code := range view.Under(h.Unit) {
					c.rowOf[code] = int32(i) //nolint:gosec // units are some thousands
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
func (c *cube) addAll(facts []*fact) {
	for _, f := range facts {
		f.head, f.time = c.unitKey(f.unit), c.bucket(f.day)
	}
	if c.d.Measure == report.CountDistinct {
		facts = byText(facts)
	}
	late := func(f *fact) bool { return f.late }
	if slices.ContainsFunc(facts, late) {
		c.all = &cells{}
		c.fill(c.all, facts)
		facts = slices.DeleteFunc(slices.Clone(facts), late)
	}
	c.fill(c.onTime, facts)
}

// byText lists those facts together that say the same text.
func byText(facts []*fact) []*fact {
	var starts []int // by text
	for _, f := range facts {
		for len(starts) <= int(f.text)+1 {
			starts = append(starts, 0)
		}
		starts[f.text+1]++
	}
	for n := 1; n < len(starts); n++ {
		starts[n] += starts[n-1]
	}
	sorted := make([]*fact, len(facts))
	for _, f := range facts {
		sorted[starts[f.text]] = f
		starts[f.text]++
	}
	return sorted
}

// fill puts each fact into the cells of all times in which it counts. A total over times is no sum of theirs: it is the time of
// the whole period.
func (c *cube) fill(into *cells, facts []*fact) {
	if c.d.LastStated() {
		said := statementsOf(facts)
		for i := range c.times {
			c.addLast(into, int32(i), said, c.times[i].To) //nolint:gosec // few
		}
		c.addLast(into, whole, said, c.q.Period.To)
		return
	}
	flow := c.d.Standing == nil && c.d.OpenUntil == "" && c.d.Measure != report.Highest
	for _, f := range facts {
		if f.bad || c.counts(f, c.q.Period) {
			c.add(into, whole, f)
		}
		switch {
		case c.times == nil:
		case flow && !f.bad:
			if f.time != whole {
				c.add(into, f.time, f)
			}
		default:
			for i, period := range c.times {
				if f.bad || c.counts(f, period) {
					c.add(into, int32(i), f) //nolint:gosec // few
				}
			}
		}
	}
}

// bucket is the time in which a day or month lies; whole for none. Facts of one follow each other.
func (c *cube) bucket(day string) int32 {
	if c.last.day != day || day == "" {
		i, _ := slices.BinarySearchFunc(c.times, day, func(p report.Period, day string) int {
			return cmp.Or(strings.Compare(p.From[:len(day)], day), -1) // an equal one is the last before
		})
		c.last.day, c.last.time = day, int32(i)-1 //nolint:gosec // few
	}
	return c.last.time
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

// statements are what units stated, by unit and then in the order in which it counts; and what cannot be read.
type statements struct {
	of  map[string][]*fact
	bad []*fact
}

// statementsOf puts facts in order. On one day the greater name wins, so that every centre chooses alike.
func statementsOf(facts []*fact) *statements {
	s := &statements{of: map[string][]*fact{}}
	for _, f := range facts {
		if f.bad {
			s.bad = append(s.bad, f)
		} else {
			s.of[f.unit] = append(s.of[f.unit], f)
		}
	}
	for _, said := range s.of {
		slices.SortFunc(said, func(a, b *fact) int { return cmp.Or(strings.Compare(a.day, b.day), strings.Compare(a.dot, b.dot)) })
	}
	return s
}

// last is what a unit stated last up to a day; nil: nothing.
func (s *statements) last(unit, day string) *fact {
	said := s.of[unit]
	n, _ := slices.BinarySearchFunc(said, day, func(f *fact, day string) int {
		return cmp.Or(strings.Compare(f.day, day), -1) // an equal one is before
	})
	if n == 0 {
		return nil
	}
	return said[n-1]
}

// addLast counts what each unit stated last up to a day; of a unit that went up in others only where none of them has stated anything
// since.
func (c *cube) addLast(into *cells, time int32, s *statements, day string) {
	for _, f := range s.bad {
		c.add(into, time, f)
	}
	for unit := range s.of {
		f := s.last(unit, day)
		if f == nil || !f.meets {
			continue
		}
		if !slices.ContainsFunc(c.view.Heirs(unit), func(heir string) bool {
			since := s.last(heir, day)
			return since != nil && since.day > f.day
		}) {
			c.add(into, time, f)
		}
	}
}

// add counts a fact in its cell, and in the totals beside it.
func (c *cube) add(into *cells, time int32, f *fact) {
	for i, axis := range []Axis{c.q.Rows, c.q.Columns} {
		c.keys[i] = c.keysOf(c.keys[i][:0], axis, time, f)
	}
	for _, row := range c.keys[0] {
		for _, column := range c.keys[1] {
			into.sum(place{row, column}).add(c, f)
		}
	}
}

// keysOf are the heads of an axis under which a fact counts, and the total. The time of a cell is given: its total is another call.
func (c *cube) keysOf(keys []int32, axis Axis, time int32, f *fact) []int32 {
	switch axis.By {
	case ByTime:
		return append(keys, time)
	case ByUnit:
		keys = append(keys, f.head)
		c.own = c.own || int(f.head) == len(c.units)
	case ByAnswer:
		for _, answer := range answersOf(f.answers) {
			keys = append(keys, c.answers.of(answer))
		}
	}
	return append(keys, whole)
}

// unitKey is the key of a unit. Facts of one follow each other.
func (c *cube) unitKey(unit string) int32 {
	if c.last.unit != unit || unit == "" {
		i, ok := c.rowOf[unit]
		if !ok {
			i = int32(len(c.units)) //nolint:gosec // units are some thousands
		}
		c.last.unit, c.last.head = unit, i
	}
	return c.last.head
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
		if s.text != f.text {
			s.text = f.text
			s.total++
		}
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
		s.unread++
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
	t := newTable(c.q, c.d, c.heads(c.q.Rows), c.heads(c.q.Columns))
	t.Each(func(row, column int, cell *Cell) {
		*cell = c.cell(c.placeOf(t, row, column))
		for _, m := range c.missing {
			if within(t.Rows, row, c.view, m.unit) && within(t.Columns, column, c.view, m.unit) {
				cell.Unread += m.n
			}
		}
	})
	return t
}

func (c *cube) cell(at place) Cell {
	on, all := c.onTime.find(at), c.all.find(at)
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
	default:
		v.Num = s.total
	}
	return v
}

func (c *cube) unitsOfLevel(at place) (n int64) {
	root := c.q.Root
	for axis, key := range map[Axis]int32{c.q.Rows: at.row, c.q.Columns: at.column} {
		if axis.By != ByUnit || key == whole {
			continue
		}
		if int(key) == len(c.units) {
			return 0
		}
		root = c.units[key].Unit
	}
	for _, u := range c.view.Level(c.d.Level) {
		if root == "" || c.view.Within(u.Code, root) {
			n++
		}
	}
	return n
}

// heads are those of an axis, in order. A row of what is of no other unit is there only where there is something.
func (c *cube) heads(axis Axis) (heads []Head) {
	switch axis.By {
	case ByTime:
		for _, period := range c.times {
			heads = append(heads, Head{Period: period})
		}
	case ByUnit:
		heads = slices.Clone(c.units)
		if c.own {
			heads = append(heads, Head{Unit: c.q.Root, Own: true, Name: c.view.Name(c.q.Root)})
		}
	case ByAnswer:
		for _, answer := range slices.Sorted(slices.Values(c.answers.all)) {
			heads = append(heads, Head{Answer: answer})
		}
	}
	return heads
}

// placeOf is where the sum of a cell of the table stands. The table may be another one's, with heads that nothing counted under.
func (c *cube) placeOf(t *Table, row, column int) place {
	key := func(axis Axis, heads []Head, i int) int32 {
		if i == Whole || axis.By != ByAnswer {
			return int32(i) //nolint:gosec // Whole is whole, and heads are few
		}
		if at, known := c.answers.at[heads[i].Answer]; known {
			return at
		}
		return int32(len(c.answers.all)) //nolint:gosec // nothing is there
	}
	return place{key(c.q.Rows, t.Rows, row), key(c.q.Columns, t.Columns, column)}
}

// recs are the records of the cell of a table, which the cube was filled for.
func (c *cube) recs(t *Table, row, column int) []int64 {
	if s := c.onTime.find(c.placeOf(t, row, column)); s != nil {
		return s.recs
	}
	return nil
}
