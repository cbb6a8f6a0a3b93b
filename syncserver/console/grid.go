package console

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/centre"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/report/grid"
)

const (
	gridRows    = 50 // units on a page
	gridSteps   = 6  // columns
	gridChoices = 24 // steps that the page offers
	gridGaps    = 10 // machines whose gaps are written out
)

// gridPage is who has reported and who has not.
type gridPage struct {
	Plans   []grid.Expectation
	Plan    grid.Expectation
	Periods []report.Period // to choose from, the latest first
	Last    grid.Step
	Steps   []grid.Step
	Rows    []gridRow
	Total   int
	After   int // where the next page begins; 0: this is the last
	Counts  map[grid.State]int
	Gaps    []gapLine
	More    int // machines with gaps that are not written out
	Below   []gridSum
	Above   []units.Unit // the way from the viewer's unit to the one that is shown, without it
	Now     int64
}

// gridRow is one unit.
type gridRow struct {
	Unit   units.Unit
	Cells  []gridCell
	Seen   record.Millis // when any of its machines was in touch last; 0: never, or it has none
	Silent bool          // for a week and longer
	Newest arrival
	badly  int
}

// gridCell is one unit in one step.
type gridCell struct {
	grid.Cell
	Lacks int  // changes that are known to be missing, in the last step
	Last  bool // it is of the last step
	From  string
	To    string
}

// gridSum is how the units below one stand in the last step.
type gridSum struct {
	Unit                       units.Unit
	Received, OnTime, Expected int
}

// silentWeek is how long a unit without contact is silent in the grid.
const silentWeek = 7 * 24 * time.Hour

// gridAsked is what the address asks for: an expectation, and the last of the steps that are shown.
func (q *Request) gridAsked(p *gridPage) error {
	var err error
	if p.Plans, err = grid.Plan(); err != nil {
		return err
	}
	at := max(0, slices.IndexFunc(p.Plans, func(e grid.Expectation) bool { return e.ID == q.Q("plan") }))
	p.Plan = p.Plans[at]
	step := p.Plan.Every.Around(q.now().Format(time.DateOnly))
	for range gridChoices {
		p.Periods = append(p.Periods, step)
		step = p.Plan.Every.Around(dayBefore(step.From))
	}
	return nil
}

// lastStep is the step that was asked for, or the last one that is over.
func (q *Request) lastStep(p *gridPage) report.Period {
	if day := isoDay(q.Q("period")); day != "" {
		return p.Plan.Every.Around(day)
	}
	return p.Periods[1]
}

func dayBefore(day string) string {
	t, _ := time.Parse(time.DateOnly, day) // a day of the calendar's own making
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}

// getGrid shows the grid of the units under one, the worst first.
func getGrid(q *Request) error {
	p := gridPage{Now: q.now().UnixMilli(), Counts: map[grid.State]int{}}
	if err := q.gridAsked(&p); err != nil {
		return err
	}
	machines, err := q.machines()
	if err != nil {
		return err
	}
	root := q.Root()
	var missing map[string]int
	p.Gaps, missing = q.gapLines(machines, root, q.counted())
	slices.SortStableFunc(p.Gaps, func(a, b gapLine) int { return cmp.Compare(b.N, a.N) })
	if len(p.Gaps) > gridGaps {
		p.Gaps, p.More = p.Gaps[:gridGaps], len(p.Gaps)-gridGaps
	}
	last := q.lastStep(&p)
	period := last
	for range gridSteps - 1 {
		period.From = p.Plan.Every.Around(dayBefore(period.From)).From
	}
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		g, err := grid.Compute(tx, q.counted(), p.Plan, root, period, q.now(), slices.Sorted(maps.Keys(missing)))
		if err != nil {
			return err
		}
		q.lay(&p, g, root, byUnit(machines, writesFor), missing)
		var shown []string
		for i := range p.Rows {
			shown = append(shown, p.Rows[i].Unit.Code)
		}
		newest, err := grid.Newest(tx, q.counted(), p.Plan.Form, shown)
		for i := range p.Rows {
			p.Rows[i].Newest = arrival{newest[p.Rows[i].Unit.Code]}
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.show("grid", "nav.grid", &p)
}

// lay puts the grid on the page: its rows in order, those of the page that was asked for, and the sums over all of them.
func (q *Request) lay(p *gridPage, g *grid.Grid, root string, machines map[string][]*centre.Account, missing map[string]int) {
	p.Steps, p.Last, p.Total = g.Steps, g.Steps[len(g.Steps)-1], len(g.Units)
	at := len(g.Steps) - 1
	rows := make([]gridRow, len(g.Units))
	for i, u := range g.Units {
		r := gridRow{Unit: u}
		lacking := 0
		for _, code := range q.counted().Under(u.Code) {
			lacking += missing[code]
			for _, m := range machines[code] {
				r.Seen = max(r.Seen, m.Seen)
			}
		}
		r.Silent = q.now().UnixMilli()-r.Seen > silentWeek.Milliseconds()
		for j, c := range g.Cells[i] {
			cell := gridCell{Cell: c, Last: j == at, From: g.Steps[j].Period.From, To: g.Steps[j].Period.To}
			if cell.Last {
				cell.Lacks = lacking
			}
			r.Cells = append(r.Cells, cell)
		}
		p.Counts[g.Cells[i][at].State]++
		r.badly = badly(&r.Cells[at])
		rows[i] = r
	}
	p.Below, p.Above = q.sums(g, root), q.way(root, q.counted())
	slices.SortStableFunc(rows, func(a, b gridRow) int {
		if a.badly != b.badly || a.badly > 2 {
			return cmp.Compare(a.badly, b.badly)
		}
		return cmp.Compare(a.Seen, b.Seen)
	})
	from, _ := strconv.Atoi(q.Q("after"))
	from = min(max(from, 0), len(rows))
	to := min(from+gridRows, len(rows))
	p.Rows = rows[from:to]
	if to < len(rows) {
		p.After = to
	}
}

// badly orders the states of the last step, the worst first.
func badly(c *gridCell) int {
	switch {
	case c.State == grid.None && c.Due:
		return 0
	case c.Lacks > 0:
		return 1
	case c.State == grid.Returned:
		return 2
	case c.State == grid.Late:
		return 3
	case c.State == grid.None:
		return 4
	case c.State == grid.Sent:
		return 5
	case c.State == grid.Approved:
		return 6
	}
	return 7
}

// sums are the units right below the root, where they stand above those that report.
func (q *Request) sums(g *grid.Grid, root string) (all []gridSum) {
	of := map[string]int{}
	for _, u := range q.counted().Children(root) {
		if u.Level == g.Expectation.Level {
			continue
		}
		of[u.Code] = len(all)
		all = append(all, gridSum{Unit: u})
	}
	at := len(g.Steps) - 1
	for i, u := range g.Units {
		for code := u.Code; code != ""; code = q.counted().Parent(code) {
			k, ok := of[code]
			if !ok {
				continue
			}
			if c := g.Cells[i][at]; c.State != grid.Exempt {
				all[k].Expected++
				if c.Received > 0 {
					all[k].Received++
				}
				if c.OnTime > 0 {
					all[k].OnTime++
				}
			}
			break
		}
	}
	slices.SortStableFunc(all, func(a, b gridSum) int { return cmp.Compare(b.Expected-b.Received, a.Expected-a.Received) })
	return slices.DeleteFunc(all, func(s gridSum) bool { return s.Expected == 0 })
}

// way is the path from the viewer's unit to another below it in a tree, without that.
func (q *Request) way(to string, by *units.View) []units.Unit {
	path := by.Path(to)
	at := slices.IndexFunc(path, func(u units.Unit) bool { return u.Code == q.Viewer.Unit })
	if at < 0 || len(path) == 0 {
		return nil
	}
	return path[at : len(path)-1]
}

// Count is how many units are in a state in the last step.
func (p *gridPage) Count(state string) int { return p.Counts[grid.State(state)] }

// arrival is a record that came, as the grid tells it.
type arrival struct{ grid.Arrival }

// ArrivedOn is the day on which it came.
func (a arrival) ArrivedOn() string { return at(a.Arrived).Format(time.DateOnly) }

// DayMonth is a day of this year without its year, and any other whole.
func (q *Request) DayMonth(iso string) string {
	if year := q.now().Format("2006-"); strings.HasPrefix(iso, year) {
		return iso[8:] + "/" + iso[5:7]
	}
	return q.Day(iso)
}

// StepHead is a step in the head of its column.
func (q *Request) StepHead(s grid.Step) string {
	if from := s.Period.From; from[:7] == s.Period.To[:7] {
		return from[5:7] + "/" + from[:4]
	}
	return s.Period.Name(q.lang)
}

// Class is how a cell is drawn.
func (c gridCell) Class() string {
	switch {
	case c.Lacks > 0, c.State == grid.None && c.Due:
		return "g-missing"
	case c.State == grid.None, c.State == grid.Exempt:
		return "g-none"
	}
	return "g-" + string(c.State)
}

// Icon says the same.
func (c gridCell) Icon() string {
	return map[string]string{"g-missing": "error", "g-none": "radio_button_unchecked", "g-returned": "reply", "g-late": "timer", "g-approved": "verified", "g-sent": "check"}[c.Class()]
}

// CellWord is a cell in words.
func (q *Request) CellWord(c gridCell) string {
	switch {
	case c.Lacks > 0:
		return q.T("grid.cell.lacks", "n", q.Int(c.Lacks))
	case c.State == grid.None && c.Due:
		return q.T("grid.cell.missing")
	case c.State == grid.Late:
		return q.T("grid.cell.late", "n", c.DaysLate)
	case c.State == grid.Returned:
		return q.T("grid.cell.returned", "n", q.Int(c.Returned))
	}
	return q.T("grid.cell." + string(c.State))
}

// Spoken reports whether a cell says its word, and not only a number beside its icon.
func (c gridCell) Spoken() bool {
	return c.Last && c.State != grid.Sent && c.State != grid.Approved || c.Received == 0
}

// CellRecords is the list of exactly the records that a cell counts; "" where there are none, or the viewer reads none.
func (q *Request) CellRecords(form, unit string, c gridCell) string {
	if c.Received == 0 || !q.May("record.read") {
		return ""
	}
	state := ""
	if c.State == grid.Returned && c.Last {
		state = string(projection.Returned)
	}
	return q.Link("/records", "form", form, "unit", unit, "from", q.Day(c.From), "to", q.Day(c.To), "state", state, "tree", q.Tree())
}

// Bad reports whether a row stands out: nothing came of it, or something is known to be missing.
func (r gridRow) Bad() bool { return r.badly < 2 }
