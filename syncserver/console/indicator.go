package console

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"time"

	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/staff"
)

// indicatorPage is one indicator as a table, for its template.
type indicatorPage struct {
	q          *Request
	view       *units.View // the tree that it is counted by
	Definition *report.Indicator
	Table      *pivot.Table
	Levels     []LevelNamed
	Panel      *panel
	asked      pivot.Rule

	before, yearAgo *pivot.Table // beside the last time, without columns
	last            report.Period
}

// panel are the records behind one cell.
type panel struct {
	Row, Column string // what the cell is called
	Cell        CellView
	Rows        []projection.Row
	Unseen      int64 // of the records behind the cell, those that are not the viewer's to see
	After       int   // how many come before Rows
	Next        int   // 0: there are no more
	OnlyTotals  bool
	Was, Gone   int64 // of a frozen figure: how many records it had, and how many of them do not make it any more
}

// CellView is a cell as it is shown.
type CellView struct {
	pivot.Cell
	Text, Href string
	Open       bool
}

// LineView is a row of the table as it is shown.
type LineView struct {
	Name, Href     string // Href: the table of that unit
	Total          bool
	Cells          []CellView
	Whole          *CellView // over all columns; nil where there is one column only
	Before, Yearly string    // how the last time stands to those
}

// Steps are the lengths of time that columns can be of.
func (p *indicatorPage) Steps() []string { return []string{"month", "quarter", "half", "year", "none"} }

// By is what the columns are, as the address has it.
func (p *indicatorPage) By() string {
	switch c := p.Table.Query.Columns; c.By {
	case pivot.ByTime:
		return string(c.Step)
	case pivot.ByAnswer:
		return "f:" + c.Field
	}
	return "none"
}

// HasWhole reports whether there is a column for the whole period beside the others.
func (p *indicatorPage) HasWhole() bool { return len(p.Table.Columns) != 1 }

// timed reports whether the columns are times.
func (p *indicatorPage) timed() bool { return p.Table.Query.Columns.By == pivot.ByTime }

// compare computes what stands beside the last time that has begun: the time before it, and the same one a year ago.
func (p *indicatorPage) compare(tx *sqlite.Tx) (err error) {
	query := p.Table.Query
	if query.Columns.By == pivot.ByAnswer || query.Period.From == "" {
		return nil
	}
	p.last = query.Period
	today := p.q.now().Format(time.DateOnly)
	if i := slices.IndexFunc(p.Table.Columns, func(h pivot.Head) bool { return h.Period.From > today }); p.timed() && i != 0 {
		if i < 0 {
			i = len(p.Table.Columns)
		}
		p.last = p.Table.Columns[i-1].Period
	}
	query.Columns = pivot.Axis{}
	if query.Period = p.last.Before(); query.Period.From != "" {
		if p.before, err = p.q.pivot(tx, p.view, query); err != nil {
			return err
		}
	}
	query.Period = yearBefore(p.last)
	p.yearAgo, err = p.q.pivot(tx, p.view, query)
	return err
}

// yearBefore is the same period a year before; the end of a month stays the end of a month.
func yearBefore(p report.Period) report.Period {
	shift := func(day string, last bool) string {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return ""
		}
		if last && report.Month.Around(day).To == day {
			return t.AddDate(0, 0, 1).AddDate(-1, 0, -1).Format(time.DateOnly)
		}
		return t.AddDate(-1, 0, 0).Format(time.DateOnly)
	}
	return report.Period{From: shift(p.From, false), To: shift(p.To, true)}
}

// Last is what the time is called that is compared.
func (p *indicatorPage) Last() string { return p.last.Name(p.q.lang) }

// Compared reports whether there is anything to compare with.
func (p *indicatorPage) Compared() bool { return p.before != nil }

// Group is the heading of the programme.
func (p *indicatorPage) Group() string {
	for _, g := range report.Headings() {
		if slices.Contains(g.Indicators, p.Definition.ID) {
			return g.Label.In(p.q.lang)
		}
	}
	return ""
}

// Columns are the heads of the columns.
func (p *indicatorPage) Columns() (names []string) {
	for i := range p.Table.Columns {
		name := p.columnName(i)
		if p.timed() && p.Table.Query.Columns.Step == report.Month {
			name = shortName(name, len(p.Table.Columns))
		}
		names = append(names, name)
	}
	return names
}

func (p *indicatorPage) columnName(i int) string {
	if i == pivot.Whole {
		return p.q.T("indicator.whole")
	}
	h := p.Table.Columns[i]
	if p.timed() {
		return h.Period.Name(p.q.lang)
	}
	if h.Answer == "" {
		return p.q.T("indicator.unanswered")
	}
	return p.q.answerName(p.Definition.Form, p.Table.Query.Columns.Field, h.Answer)
}

func (p *indicatorPage) rowName(i int) string {
	switch {
	case i == pivot.Whole:
		return p.q.UnitName(p.Table.Query.Root)
	case p.Table.Rows[i].Own:
		return p.q.T("indicator.own", "unit", p.q.UnitName(p.Table.Query.Root))
	}
	return p.q.UnitName(p.Table.Rows[i].Unit)
}

// tableRows is how many units a page of a table shows.
const tableRows = 50

// FirstRow is the first of the rows that are shown.
func (p *indicatorPage) FirstRow() int {
	from, _ := strconv.Atoi(p.q.Q("first"))
	return min(max(from, 0), len(p.Table.Rows))
}

// NextRows is where the rows go on; 0: these are the last.
func (p *indicatorPage) NextRows() int {
	if next := p.FirstRow() + tableRows; next < len(p.Table.Rows) {
		return next
	}
	return 0
}

// Lines are the rows that are shown, the total of all before them.
func (p *indicatorPage) Lines() (lines []LineView) {
	shown := []int{pivot.Whole}
	for row := p.FirstRow(); row < min(p.FirstRow()+tableRows, len(p.Table.Rows)); row++ {
		shown = append(shown, row)
	}
	for _, row := range shown {
		l := LineView{Name: p.rowName(row), Total: row == pivot.Whole}
		for column := range p.Table.Columns {
			l.Cells = append(l.Cells, p.cell(row, column))
		}
		whole := p.cell(row, pivot.Whole)
		l.Whole = &whole
		if row != pivot.Whole && !p.Table.Rows[row].Own && len(p.view.Children(p.Table.Rows[row].Unit)) > 0 {
			l.Href = p.q.With("unit", p.Table.Rows[row].Unit, "level", "", "row", "", "col", "", "first", "")
		}
		if p.Compared() {
			now := p.nowOf(row)
			l.Before, l.Yearly = p.q.change(now, p.beside(p.before, row)), p.q.change(now, p.beside(p.yearAgo, row))
		}
		lines = append(lines, l)
	}
	return lines
}

// nowOf is the cell of a row that is compared.
func (p *indicatorPage) nowOf(row int) *pivot.Cell {
	if !p.timed() {
		return p.Table.At(row, pivot.Whole)
	}
	i := slices.IndexFunc(p.Table.Columns, func(h pivot.Head) bool { return h.Period == p.last })
	return p.Table.At(row, max(i, 0))
}

// beside is the cell of a row in a table of another time; nil where that has no such row.
func (p *indicatorPage) beside(other *pivot.Table, row int) *pivot.Cell {
	if row == pivot.Whole {
		return &other.Total
	}
	if i := slices.Index(other.Rows, p.Table.Rows[row]); i >= 0 {
		return &other.RowTotals[i]
	}
	return nil
}

// change is by how much a figure differs from one before it: a share of that, and of ratios the difference of the two; "–" where
// that says nothing.
func (q *Request) change(now, before *pivot.Cell) string {
	if before == nil || now.Hidden || before.Hidden || now.Value.Kind != before.Value.Kind {
		return viet.None
	}
	a, b := now.Value, before.Value
	switch {
	case a.Kind == report.Share:
		x, ok := viet.Hundredths(a.Num, a.Den)
		y, also := viet.Hundredths(b.Num, b.Den)
		if !ok || !also {
			return viet.None
		}
		return q.T("indicator.points", "n", signed(x-y, viet.Fixed(max(x-y, y-x), 2)))
	case a.Kind != report.Number:
		return viet.None
	}
	by := a.Num - b.Num
	if share := viet.Percent(max(by, -by), b.Num); share != viet.None {
		return signed(by, share)
	}
	return viet.None
}

// signed writes a sign before the words of a number.
func signed(n int64, words string) string {
	switch {
	case n > 0:
		return "+" + words
	case n < 0:
		return "−" + words
	}
	return words
}

// cell is a cell as it is shown, with the address that opens it.
func (p *indicatorPage) cell(row, column int) CellView {
	c := CellView{Cell: *p.Table.At(row, column)}
	c.Text = c.Value.In(p.q.lang)
	if c.Hidden {
		c.Text = pivot.HiddenText
	}
	if c.Records > 0 && !c.Hidden && p.q.May(string(staff.ReadRecords)) {
		c.Href = p.q.With("row", p.rowKey(row), "col", p.columnKey(column), "page", "") + "#panel"
	}
	c.Open = p.q.Q("row") == p.rowKey(row) && p.q.Q("col") == p.columnKey(column)
	return c
}

// rowKey and columnKey name a row and a column in an address.
func (p *indicatorPage) rowKey(i int) string {
	switch {
	case i == pivot.Whole:
		return "-"
	case p.Table.Rows[i].Own:
		return "own"
	}
	return "u:" + p.Table.Rows[i].Unit
}

func (p *indicatorPage) columnKey(i int) string {
	switch {
	case i == pivot.Whole:
		return "-"
	case p.timed():
		return "t:" + p.Table.Columns[i].Period.To
	}
	return "a:" + p.Table.Columns[i].Answer
}

// find is the place of a row or column by its key.
func find(n int, key func(int) string, asked string) (int, bool) {
	for i := pivot.Whole; i < n; i++ {
		if key(i) == asked {
			return i, true
		}
	}
	return 0, false
}

// panelRows is how many records a panel shows at a time.
const panelRows = 50

// open finds the records behind the cell that the address names, as many as the cell counts, but for those of others.
func (p *indicatorPage) open(tx *sqlite.Tx) error {
	if p.q.Q("row") == "" || !p.q.May(string(staff.ReadRecords)) {
		return nil
	}
	row, ok := find(len(p.Table.Rows), p.rowKey, p.q.Q("row"))
	column, also := find(len(p.Table.Columns), p.columnKey, p.q.Q("col"))
	if !ok || !also {
		return errNoPage
	}
	p.Panel = &panel{Row: p.rowName(row), Column: p.columnName(column), Cell: p.cell(row, column)}
	if was, err := strconv.ParseInt(p.q.Q("was"), 10, 64); err == nil && was > p.Panel.Cell.Records {
		p.Panel.Was, p.Panel.Gone = was, was-p.Panel.Cell.Records
	}
	recs, err := pivot.Behind(tx, p.view, p.Table, row, column)
	if onlyTotals(err) {
		p.Panel.OnlyTotals = true
		return nil
	}
	if err != nil {
		return err
	}
	all, err := projection.Rows(tx, p.q.scope(staff.ReadRecords), slices.Compact(recs))
	if err != nil {
		return err
	}
	p.Panel.Unseen = int64(len(slices.Compact(recs)) - len(all))
	from, _ := strconv.Atoi(p.q.Q("page"))
	from = min(max(from, 0), len(all))
	to := min(from+panelRows, len(all))
	p.Panel.After, p.Panel.Rows = from, all[from:to]
	if to < len(all) {
		p.Panel.Next = to
	}
	return nil
}

// MayChange are the machines whose missing changes may alter the table.
func (p *indicatorPage) MayChange() []GapLine {
	return gapsWithin(p.Table.Query.Root, p.Table.Query.Gaps, p.view)
}

// OneRule reports whether the records that count are others than were asked for: small numbers would follow from two ways of counting.
func (p *indicatorPage) OneRule() bool { return p.Table.Query.Rule != p.asked }

// OneTree reports whether the reporting tree was asked for and the figure is not counted by it.
func (p *indicatorPage) OneTree() bool { return p.q.Tree() == byReports && !p.view.Reports() }

// Moved says in what the tree of the table differs from the administrative one.
func (p *indicatorPage) Moved() []string {
	if !p.view.Reports() {
		return nil
	}
	return p.q.Moved(p.Table.Query.Root)
}

// Hides reports whether any number of the table is hidden.
func (p *indicatorPage) Hides() (hides bool) {
	p.Table.Each(func(_, _ int, c *pivot.Cell) { hides = hides || c.Hidden })
	return hides
}

// Unread is how many records could not be read, and may belong into the table.
func (p *indicatorPage) Unread() int64 { return p.Table.Total.Unread }

// Parts are the two figures that one is made of.
func (p *indicatorPage) Parts() (parts []report.Indicator) {
	for _, id := range p.Definition.Over {
		if d, ok := report.Lookup(id); ok {
			parts = append(parts, d)
		}
	}
	return parts
}

// Base says in one line which records the table is made of.
func (p *indicatorPage) Base() string {
	count := "indicator.base.all"
	if p.Table.Query.Rule.Approved {
		count = "indicator.base.approved"
	}
	base := p.q.T(count)
	if c := p.Table.Query.Rule.Cutoff; c != 0 {
		base += " · " + p.q.T("indicator.base.cutoff", "day", at(c).Format("02/01/2006"))
	}
	if p.Table.Query.Rule.Upto != 0 {
		base += " · " + p.q.T("indicator.base.upto")
	}
	if p.view.Reports() {
		base += " · " + p.q.T("indicator.base.reports")
	}
	if p.stock() {
		return base + " · " + p.q.T("indicator.base.stock")
	}
	return base + " · " + p.q.T("indicator.base.flow")
}

// stock reports whether the figure, or what it is made of, is one of a day.
func (p *indicatorPage) stock() bool {
	for _, d := range p.Parts() {
		if d.AtDate() {
			return true
		}
	}
	return p.Definition.AtDate()
}

// Additive reports whether totals are the sums of their parts; of others the page says that they are not.
func (p *indicatorPage) Additive() bool {
	d := p.Definition
	return (d.Measure == report.Count || d.Measure == report.Sum) && d.Standing == nil && d.OpenUntil == ""
}

// Answers are the questions by whose answers the figure can be broken down.
func (p *indicatorPage) Answers() (all []FormChoice) {
	f, ok := p.q.c.Centre.Library().Current(p.Definition.Form)
	if !ok {
		return nil
	}
	for _, field := range p.Definition.By {
		all = append(all, FormChoice{"f:" + field, p.q.questionName(f, field)})
	}
	return all
}

// Chart draws the total over the times; "" where there are none.
func (p *indicatorPage) Chart() template.HTML {
	if !p.timed() || len(p.Table.Columns) < 2 {
		return ""
	}
	return p.q.lineChart(p.Columns(), p.Table.ColTotals)
}

// File is the address of the table as a file.
func (p *indicatorPage) File(as string) string {
	v := url.Values{}
	for name, values := range p.q.URL.Query() {
		if name != "row" && name != "col" && name != "page" && name != "first" {
			v[name] = values
		}
	}
	return "/indicators/" + p.Definition.ID + "/table." + as + "?" + v.Encode()
}
