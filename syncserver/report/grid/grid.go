// Package grid owns who has reported and who has not: which records are expected of which units and when (plan.json), what came,
// in time or late, what became of it, and which units have fallen silent. It says what is known and no more: a unit of which
// nothing came is named, never counted as zero.
package grid

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"banlang/shared/form"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/report"
)

// Expectation says what is expected: at least one record of a form, of each unit of a level, in each step of the calendar.
type Expectation struct {
	ID       string      `json:"id"`
	Label    form.Text   `json:"label"`
	Form     string      `json:"form"` // of the ordinary compartment: how many tips a unit has is nobody's to see
	Level    string      `json:"level"`
	Every    report.Step `json:"every"`
	Deadline int         `json:"deadline"` // days after the end of the step by which it is to be at the centre
	Freeze   int         `json:"freeze"`   // days after the end of the step on which figures are frozen
}

//go:embed plan.json
var planJSON []byte

// Plan gives what is expected; it is read once, and nobody alters it. It fails only if the program was built from a damaged file.
func Plan() ([]Expectation, error) { return plan() }

var plan = sync.OnceValues(func() ([]Expectation, error) { return ReadPlan(planJSON, form.Builtin()) })

// ReadPlan reads expectations and holds them against the current forms. The error names the expectation that is wrong.
func ReadPlan(data []byte, forms *form.Library) (all []Expectation, err error) {
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("grid: plan: %w", err)
	}
	for _, e := range all {
		f, ok := forms.Current(e.Form)
		switch {
		case !ok || f.Compartment != "ordinary" || f.EventDate == "":
			err = errors.Join(err, fmt.Errorf("grid: %s: form %q is none that can be expected", e.ID, e.Form))
		case e.Level == "" || e.Deadline < 0 || e.Freeze < e.Deadline:
			err = errors.Join(err, fmt.Errorf("grid: %s: level %q, deadline %d, freeze %d", e.ID, e.Level, e.Deadline, e.Freeze))
		case !slices.Contains([]report.Step{report.Day, report.Month, report.Quarter, report.Half, report.Year}, e.Every):
			err = errors.Join(err, fmt.Errorf("grid: %s: every %q", e.ID, e.Every))
		}
	}
	return all, err
}

// State is how a unit stands with a step, the first that holds.
type State string

// The states.
const (
	Exempt   State = "exempt"   // the unit did not exist in the step, nor what went up in it: nothing is expected, and nothing came
	None     State = "none"     // nothing came
	Returned State = "returned" // something was sent back, and waits for its author
	Late     State = "late"     // the first of it came after the deadline
	Approved State = "approved" // all of it is approved
	Sent     State = "sent"
)

// Cell is how one unit stands with one step.
type Cell struct {
	State     State
	Due       bool // the deadline has passed
	Received  int64
	OnTime    int64
	Approved  int64
	Returned  int64
	DaysLate  int // of Late: how many days after the deadline the first one came, begun ones counted
	MayChange bool
}

// Step is a column: a step of the calendar and its days.
type Step struct {
	Period   report.Period
	Deadline string // the last day in time, yyyy-mm-dd
	Freeze   string
	Expected int // units
	Received int // units of which something came
	OnTime   int // units of which the first came in time
	Missing  []units.Unit
}

// Grid is who has reported what was expected, by unit and step. A step is as long as the calendar has it, though the
// period asked for may begin in the middle.
type Grid struct {
	Expectation Expectation
	Units       []units.Unit
	Steps       []Step
	Cells       [][]Cell // by unit, then by step
}

// Compute fills the grid of the units within root, for every step that the period meets. Gaps are the units of which
// machines are known to have more, or may: all their cells may change (decision 19).
func Compute(tx *sqlite.Tx, view *units.View, e Expectation, root string, period report.Period, now time.Time, gaps []string) (*Grid, error) {
	g, row := begun(view, e, root)
	for _, part := range period.Split(e.Every) {
		whole := e.Every.Around(part.From)
		g.Steps = append(g.Steps, Step{Period: whole, Deadline: daysAfter(whole.To, e.Deadline), Freeze: daysAfter(whole.To, e.Freeze), Expected: len(g.Units)})
	}
	g.Cells = make([][]Cell, len(g.Units))
	for i := range g.Cells {
		g.Cells[i] = make([]Cell, len(g.Steps))
	}
	came, err := g.came(tx, row)
	if err != nil {
		return nil, err
	}
	for j := range g.Steps {
		g.fill(j, came[j], g.exempt(view, g.Steps[j].Period.To), now)
	}
	for _, code := range gaps {
		if i, ok := row[code]; ok {
			for j := range g.Cells[i] {
				g.Cells[i][j].MayChange = true
			}
		}
	}
	return g, nil
}

// begun is a grid without steps, and the row of every unit that counts in it.
func begun(view *units.View, e Expectation, root string) (g *Grid, row map[string]int) {
	g, row = &Grid{Expectation: e}, map[string]int{}
	for _, u := range view.Level(e.Level) {
		if root == "" || view.Within(u.Code, root) {
			g.Units = append(g.Units, u)
		}
	}
	for i, u := range g.Units {
		for _, code := range view.Under(u.Code) {
			row[code] = i
		}
	}
	return g, row
}

func daysAfter(day string, n int) string {
	t, _ := time.Parse(time.DateOnly, day) // days of the calendar's own making
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// number is the number of a day, as viet.DayOf has it.
func number(day string) int64 {
	t, _ := time.Parse(time.DateOnly, day)
	return t.Unix() / (24 * 60 * 60)
}

// exempt says of which units nothing is expected on a day: neither they nor what has gone up in them existed.
func (g *Grid) exempt(view *units.View, day string) []bool {
	all := make([]bool, len(g.Units))
	then := view.On(day)
	for i, u := range g.Units {
		all[i] = !then.Has(u.Code) && !slices.ContainsFunc(view.Under(u.Code), func(code string) bool {
			was, _ := then.Unit(code)
			return was.Level == g.Expectation.Level && then.Has(code)
		})
	}
	return all
}

// fill computes a column.
func (g *Grid) fill(j int, came []received, exempt []bool, now time.Time) {
	step := &g.Steps[j]
	deadline := number(step.Deadline)
	due := viet.DayOf(now.UnixMilli()) > deadline
	for i := range came {
		cell := came[i].cell(deadline)
		cell.Due = due
		if exempt[i] && cell.Received == 0 {
			step.Expected--
			cell = Cell{State: Exempt}
		}
		g.Cells[i][j] = cell
		switch {
		case cell.State == None && cell.Due:
			step.Missing = append(step.Missing, g.Units[i])
		case cell.Received > 0:
			step.Received++
		}
		if cell.OnTime > 0 {
			step.OnTime++
		}
	}
}

func (r *received) cell(deadline int64) Cell {
	c := Cell{State: Sent, Received: r.n, OnTime: r.onTime, Approved: r.approved, Returned: r.returned}
	switch {
	case r.n == 0:
		c.State = None
	case r.returned > 0:
		c.State = Returned
	case r.onTime == 0:
		c.State, c.DaysLate = Late, int(r.first-deadline)
	case r.approved == r.n:
		c.State = Approved
	}
	return c
}
