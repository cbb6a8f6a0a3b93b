// Package pivot computes the figures of the centre: a definition (package report) becomes SQL over the tables of package
// projection, and the answer is a table by units, times or answers, whose every cell opens the records behind it.
//
// Totals are computed and never added up: places counted once are counted once in each total, a ratio is made of its two
// totals, a stock is that of the last day. What a record says now counts; what it said at an earlier time is held by a
// freeze (package frozen) and by nothing else.
//
// Small numbers of tips and petitions are hidden from everybody but the unit that handles them (decision 21). That is done
// here, before anybody sees a table, so there is nothing to forget: see mask.go.
package pivot

import (
	"errors"
	"slices"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/report"
)

// By is what the rows or columns of a table are.
type By string

// What rows and columns can be.
const (
	ByNothing By = ""
	ByUnit    By = "unit"
	ByTime    By = "time"
	ByAnswer  By = "answer"
)

// Axis lays out the rows or the columns of a table.
type Axis struct {
	By    By          `json:"by,omitempty"`
	Level string      `json:"level,omitempty"` // of ByUnit: the level of the units; "" the units right below the root
	Step  report.Step `json:"step,omitempty"`  // of ByTime
	Field string      `json:"field,omitempty"` // of ByAnswer: one of Indicator.By
}

// Rule says which records count.
type Rule struct {
	Approved bool          // only those that are approved now; otherwise all that were received
	Cutoff   record.Millis // what reached the centre after it is a late addition, kept apart; 0: nothing is late by its time
	Upto     ledger.Pos    // what stands in the log behind it is one too, whatever clock was set when it came; 0: nothing is late by its place
}

// Gap says that changes of a machine are known to be missing, and so which cells may still change: every one of the units that it
// ever might write for, in all periods that are not frozen (decision 19).
type Gap struct {
	Unit     string // that the machine may have written for; a machine with several has a Gap of each
	Replica  record.ReplicaID
	From, To uint64 // the numbers that are missing
}

// Query asks for a table.
type Query struct {
	Indicator     string
	Root          string // the unit whose subtree counts
	Period        report.Period
	Rows, Columns Axis   // not of the same kind
	Rule          Rule   // of tips and petitions for others than their handling unit, only Upto holds: see mask.go
	Reader        string // the unit for which the table is made; "" is above all units. It sees small numbers of its own only
	Gaps          []Gap
	Cache         *Cache // of what is hidden; may be nil

	own  string // the unit whose small numbers the reader sees; "" for none
	bare bool   // unprotected: for tests
}

// Head names a row or column.
type Head struct {
	Unit   string        `json:"unit,omitempty"`   // of ByUnit: its code; of the row of what is of the root alone, and of no row, the root
	Own    bool          `json:"own,omitempty"`    // of ByUnit: what is of none of the units of the other rows
	Period report.Period `json:"period,omitzero"`  // of ByTime
	Answer string        `json:"answer,omitempty"` // of ByAnswer; "" nobody answered
	Name   string        `json:"name,omitempty"`   // of units: as they are called
}

// fewest is the least number of tips or petitions that is shown above the handling unit.
const fewest = 3

// HiddenText stands in place of a number that is hidden: one below 3, or one from which such a number could be computed. Which of
// the two it is nobody is told.
const HiddenText = "•"

// Cell is a figure in a table. Of one that is hidden every number is zero.
type Cell struct {
	Value     report.Value `json:"value"`
	Records   int64        `json:"records"`          // how many there are behind it; of a ratio, of both its numbers
	Unread    int64        `json:"unread,omitempty"` // records of the form that could not be read, and may belong here
	Late      int64        `json:"late,omitempty"`   // records that came after the cut-off, and are not in Value
	WithLate  report.Value `json:"with_late,omitzero"`
	MayChange bool         `json:"may_change,omitempty"`
	Hidden    bool         `json:"hidden,omitempty"`
}

// Text is what is printed of the cell.
func (c Cell) Text() string {
	if c.Hidden {
		return HiddenText
	}
	return c.Value.String()
}

// Table is the answer to a Query.
type Table struct {
	Query      Query
	Definition report.Indicator
	Rows       []Head
	Columns    []Head
	Cells      [][]Cell // by row, then by column
	RowTotals  []Cell   // of each row over all columns
	ColTotals  []Cell   // of each column over all rows
	Total      Cell
}

// Whole is the place of a total in place of a row or column.
const Whole = -1

// At gives a cell; Whole for the row or the column gives a total.
func (t *Table) At(row, column int) *Cell {
	switch {
	case row == Whole && column == Whole:
		return &t.Total
	case row == Whole:
		return &t.ColTotals[column]
	case column == Whole:
		return &t.RowTotals[row]
	}
	return &t.Cells[row][column]
}

// Each visits all cells, totals too.
func (t *Table) Each(visit func(row, column int, c *Cell)) {
	for row := Whole; row < len(t.Rows); row++ {
		for column := Whole; column < len(t.Columns); column++ {
			visit(row, column, t.At(row, column))
		}
	}
}

// Make computes a table in a transaction on the tables of projection. The view is the tree of the period's last day, of tips
// and petitions the administrative one. It fails with fault.BadQuestion where the query asks for what does not exist.
func Make(tx *sqlite.Tx, view *units.View, q Query) (*Table, error) {
	d, err := q.check()
	if err != nil {
		return nil, err
	}
	if d.Sensitive() && !q.bare {
		if view.Reports() { // that would be a lattice of its own, see mask.go
			return nil, invalid("reporting tree")
		}
		if q.own, err = handling(tx, view, q.Reader); err != nil {
			return nil, err
		}
		if q.own == "" || q.own != q.Root || d.Measure == report.Rank {
			q.Rule.Approved, q.Rule.Cutoff = false, 0
		}
	}
	var t *Table
	switch {
	case d.Measure == report.Rank:
		t, err = makeRank(tx, view, q, d)
	case d.Made():
		t, err = makeOfTwo(tx, view, q, d)
	default:
		t, err = makeOne(tx, view, q, d)
	}
	if err != nil {
		return nil, err
	}
	t.markGaps(view)
	return t, nil
}

// check finds the definition, and refuses what it does not bear.
func (q Query) check() (*report.Indicator, error) {
	d, ok := report.Define(q.Indicator, q.Period.To)
	if !ok {
		return nil, invalid(q.Indicator)
	}
	if q.Rows.By == q.Columns.By && q.Rows.By != ByNothing {
		return nil, invalid(string(q.Rows.By))
	}
	for _, axis := range []Axis{q.Rows, q.Columns} {
		if axis.By == ByTime && len(q.Period.Split(axis.Step)) == 0 {
			return nil, invalid(q.Period.To)
		}
		if axis.By == ByAnswer && !slices.Contains(d.By, axis.Field) {
			return nil, invalid(axis.Field)
		}
	}
	return &d, nil
}

func invalid(what string) error { return fault.New(fault.BadQuestion, "pivot.Make", errors.New(what)) }

// makeOne makes the table of a figure that is read from records, or counts units.
func makeOne(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator) (*Table, error) {
	c := newCube(view, q, d)
	facts, unread, err := read(tx, view, q, d, c.granularity(), q.answered())
	if err != nil {
		return nil, err
	}
	c.addAll(facts)
	c.unread(unread)
	t := c.table()
	if !d.Sensitive() || q.bare {
		return t, nil
	}
	guard, err := newGuard(tx, view, q, d)
	if err != nil {
		return nil, err
	}
	guard.protect(t, view, q.own)
	return t, nil
}

// makeOfTwo makes the table of a ratio or check from those of its two figures. A cell is hidden where either of them is.
func makeOfTwo(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator) (*Table, error) {
	var parts [2]*Table
	for i, id := range d.Over {
		q.Indicator = id
		part, ok := report.Define(id, q.Period.To)
		if !ok {
			return nil, invalid(id)
		}
		var err error
		if parts[i], err = makeOne(tx, view, q, &part); err != nil {
			return nil, err
		}
	}
	num, den := parts[0], parts[1]
	q.Indicator = d.ID
	t := newTable(q, d, union(num.Rows, den.Rows), union(num.Columns, den.Columns))
	t.Each(func(row, column int, c *Cell) {
		a, b := num.find(t, row, column), den.find(t, row, column)
		*c = Cell{
			Value: d.Together(a.Value, b.Value), WithLate: d.Together(a.WithLate, b.WithLate),
			Records: a.Records + b.Records, Unread: a.Unread + b.Unread, Late: a.Late + b.Late,
		}
		if a.Hidden || b.Hidden {
			*c = Cell{Hidden: true}
		}
	})
	return t, nil
}

func newTable(q Query, d *report.Indicator, rows, columns []Head) *Table {
	t := &Table{Query: q, Definition: *d, Rows: rows, Columns: columns, RowTotals: make([]Cell, len(rows)), ColTotals: make([]Cell, len(columns))}
	for range rows {
		t.Cells = append(t.Cells, make([]Cell, len(columns)))
	}
	return t
}

// union puts two lists of heads together; only those of answers differ.
func union(a, b []Head) []Head {
	all := slices.Clone(a)
	for _, h := range b {
		if !slices.Contains(all, h) {
			all = append(all, h)
		}
	}
	if len(all) > 0 && all[0].Unit == "" && all[0].Period == (report.Period{}) {
		slices.SortFunc(all, func(a, b Head) int { return strings.Compare(a.Answer, b.Answer) })
	}
	return all
}

// find gives the cell with the heads of a cell of another table; an empty one where there is none.
func (t *Table) find(other *Table, row, column int) Cell {
	if row != Whole {
		if row = slices.Index(t.Rows, other.Rows[row]); row < 0 {
			return Cell{}
		}
	}
	if column != Whole {
		if column = slices.Index(t.Columns, other.Columns[column]); column < 0 {
			return Cell{}
		}
	}
	return *t.At(row, column)
}

// makeRank ranks units among those below the same unit: the rows of a table by units, or the root alone.
func makeRank(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator) (*Table, error) {
	if q.Rows.By == ByUnit && q.Rows.Level == "" {
		t, err := makeOfTwo(tx, view, q, d)
		if err != nil {
			return nil, err
		}
		for column := Whole; column < len(t.Columns); column++ {
			t.rank(column, func(c *Cell) *report.Value { return &c.Value })
			t.rank(column, func(c *Cell) *report.Value { return &c.WithLate })
			nothing := report.Value{Kind: report.Nothing}
			*t.At(Whole, column) = Cell{Value: nothing, WithLate: nothing}
		}
		return t, nil
	}
	if q.Rows.By == ByUnit || q.Columns.By == ByUnit || view.Parent(q.Root) == "" {
		return nil, invalid(q.Root)
	}
	among := q
	among.Root, among.Rows = view.Parent(q.Root), Axis{By: ByUnit}
	ranks, err := makeRank(tx, view, among, d)
	if err != nil {
		return nil, err
	}
	t := newTable(q, d, nil, ranks.Columns)
	row := slices.IndexFunc(ranks.Rows, func(h Head) bool { return h.Unit == q.Root && !h.Own })
	if row < 0 {
		return nil, invalid(q.Root)
	}
	for column := Whole; column < len(t.Columns); column++ {
		*t.At(Whole, column) = *ranks.At(row, column)
	}
	return t, nil
}

// rank puts the rank of each row of a column in place of its share. What is of none of the units beside each other has none.
func (t *Table) rank(column int, of func(c *Cell) *report.Value) {
	var shares []report.Value
	for row, h := range t.Rows {
		share := *of(t.At(row, column))
		if h.Own {
			share = report.Value{Kind: report.Nothing}
		}
		shares = append(shares, share)
	}
	for row, own := range shares {
		*of(t.At(row, column)) = report.RankOf(own, shares)
	}
}

// markGaps marks the cells that missing changes may alter.
func (t *Table) markGaps(view *units.View) {
	for _, gap := range t.Query.Gaps {
		if !view.Within(gap.Unit, t.Query.Root) {
			continue
		}
		t.Each(func(row, column int, c *Cell) {
			if within(t.Rows, row, view, gap.Unit) && within(t.Columns, column, view, gap.Unit) {
				c.MayChange = true
			}
		})
	}
}

// within reports whether records of a unit may count under a head.
func within(heads []Head, i int, view *units.View, unit string) bool {
	if i == Whole || heads[i].Unit == "" || heads[i].Own {
		return true
	}
	return view.Within(unit, heads[i].Unit)
}

// One computes a single figure: the total of a table without rows and columns.
func One(tx *sqlite.Tx, view *units.View, q Query) (Cell, error) {
	q.Rows, q.Columns = Axis{}, Axis{}
	t, err := Make(tx, view, q)
	if err != nil {
		return Cell{}, err
	}
	return t.Total, nil
}

// Behind gives the records behind a cell of a table (their rec), in order: as many as its Records, of a ratio those of
// both its numbers. What is hidden opens nothing, and tips and petitions open to the unit that handles them alone.
func Behind(tx *sqlite.Tx, view *units.View, t *Table, row, column int) ([]int64, error) {
	d, q := &t.Definition, t.narrowed(row, column)
	if d.Sensitive() && (q.own == "" || q.own != q.Root) {
		return nil, fault.New(fault.OnlyTotals, "pivot.Behind", nil)
	}
	parts := []report.Indicator{*d}
	if d.Made() {
		parts = nil
		for _, id := range d.Over {
			part, _ := report.Define(id, q.Period.To)
			parts = append(parts, part)
		}
	}
	var recs []int64
	for i := range parts {
		facts, _, err := read(tx, view, q, &parts[i], named, q.answered())
		if err != nil {
			return nil, err
		}
		c := newCube(view, t.Query, &parts[i])
		c.keep = true
		c.addAll(facts)
		recs = append(recs, c.recs(t, row, column)...)
	}
	slices.Sort(recs)
	return recs, nil
}

// handling is the unit whose small numbers a reader may see: his own, when no unit below it holds tips or petitions; "" for none.
func handling(tx *sqlite.Tx, view *units.View, reader string) (string, error) {
	below := slices.DeleteFunc(slices.Clone(view.Under(reader)), func(unit string) bool { return unit == reader })
	if reader == "" || len(below) == 0 {
		return reader, nil
	}
	row, err := tx.One("SELECT count(*) FROM holdings WHERE compartment <> 'ordinary' AND unit IN (SELECT value FROM json_each(?))", sqlite.List(below))
	if err != nil || row.Int64(0) > 0 {
		return "", err
	}
	return reader, nil
}

// narrowed is the query of one cell's place and time.
func (t *Table) narrowed(row, column int) Query {
	q := t.Query
	narrow := func(heads []Head, i int) {
		if i == Whole {
			return
		}
		if h := heads[i]; h.Unit != "" && !h.Own {
			q.Root = h.Unit
		}
		if h := heads[i]; h.Period.To != "" {
			q.Period = h.Period
		}
	}
	narrow(t.Rows, row)
	narrow(t.Columns, column)
	return q
}
