package console

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
	"banlang/syncserver/centre"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/staff"
)

// Measured is a task that is measured by an indicator: how far each unit is, from the day of the directive up to today, or to the day
// that the task is due when that is over.
type Measured struct {
	centre.TaskState
	Place   int           // of the task among those of the directive
	Period  report.Period // that is counted
	Reached int           // units that have reached the target, of those that the viewer sees; 0 without a target
	cells   map[string]MeasuredCell
}

// MeasuredCell is the figure of one unit.
type MeasuredCell struct {
	Text      string // the figure, "•" where it is hidden
	Part      int    // of 1000 on the way to the target; -1: there is no way to tell
	Reached   bool
	MayChange bool
}

// Of is the figure of a unit.
func (m *Measured) Of(unit string) MeasuredCell {
	if c, ok := m.cells[unit]; ok {
		return c
	}
	return MeasuredCell{Text: "–", Part: -1}
}

// measured works out the figures of all tasks that name an indicator which the viewer may count.
func (q *Request) measured(s *centre.DirectiveState) (all []*Measured, err error) {
	gaps, err := q.gaps()
	if err != nil {
		return nil, err
	}
	today := q.now().Format("2006-01-02")
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		for i, task := range s.Tasks {
			period := report.Period{From: s.IssuedOn, To: max(s.IssuedOn, min(today, task.Due))}
			d, ok := report.Define(task.Measure, period.To)
			if !ok || q.Viewer.Can(staff.CountRecords, q.Viewer.Unit, cmp.Or(d.Compartment, declared.Ordinary)) != nil {
				continue
			}
			m := &Measured{TaskState: task, Place: i, Period: period, cells: map[string]MeasuredCell{}}
			query := pivot.Query{Indicator: d.ID, Root: q.Viewer.Unit, Period: period, Reader: q.Viewer.Unit, Gaps: gaps}
			if err := q.measure(tx, m, query, s.Units); err != nil {
				return err
			}
			all = append(all, m)
		}
		return nil
	})
	return all, err
}

// measure fills in the figures of units, with one table for each level that they are of.
func (q *Request) measure(tx *sqlite.Tx, m *Measured, query pivot.Query, units []centre.UnitState) error {
	var levels []string
	for _, u := range units {
		if known, ok := q.today().Unit(u.Unit); ok && !slices.Contains(levels, known.Level) {
			levels = append(levels, known.Level)
		}
	}
	for _, level := range levels {
		query.Rows = pivot.Axis{By: pivot.ByUnit, Level: level}
		if own, _ := q.today().Unit(query.Root); own.Level == level {
			query.Rows = pivot.Axis{}
		}
		t, err := q.pivot(tx, q.today(), query)
		if err != nil {
			return err
		}
		if query.Rows.By == "" {
			m.cells[query.Root] = q.measuredCell(t.At(pivot.Whole, pivot.Whole), m.Target)
			continue
		}
		for row := range t.Rows {
			if !t.Rows[row].Own {
				m.cells[t.Rows[row].Unit] = q.measuredCell(t.At(row, pivot.Whole), m.Target)
			}
		}
	}
	for _, u := range units {
		if m.Of(u.Unit).Reached {
			m.Reached++
		}
	}
	return nil
}

// measuredCell holds a figure against a target, as forms keep numbers; of a share the target is in percent.
func (q *Request) measuredCell(c *pivot.Cell, target string) MeasuredCell {
	if c.Hidden {
		return MeasuredCell{Text: pivot.HiddenText, Part: -1}
	}
	out := MeasuredCell{Text: c.Value.In(q.lang), Part: -1, MayChange: c.MayChange}
	var value float64
	switch v := c.Value; {
	case v.Kind == report.Share && v.Den > 0:
		value = float64(v.Num) * 100 / float64(v.Den)
	case v.Kind == report.Number:
		value = float64(v.Num) / math.Pow10(v.Places)
	default:
		return out
	}
	goal, err := strconv.ParseFloat(target, 64)
	if err != nil || goal <= 0 {
		return out
	}
	out.Reached = value >= goal
	out.Part = int(min(1, max(0, value/goal)) * 1000)
	return out
}
