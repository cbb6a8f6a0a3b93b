package console

import (
	"cmp"
	"slices"

	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/staff"
)

// checkLevel is the level of the units whose figures are held against each other: what one of the two numbers says is stated there.
const checkLevel = "commune"

// checks are the units whose figures in a period do not fit together, by the indicators that say so. A unit of which nobody has
// stated the greater number fails nothing: that it is missing is said elsewhere.
func (q *Request) checks(tx *sqlite.Tx, period report.Period) (lines []QualityLine, err error) {
	root, err := q.figureRoot()
	if err != nil { // of a unit that is none of the viewer's there are no figures
		return nil, nil //nolint:nilerr // as there are no records
	}
	query := pivot.Query{Root: root, Period: period, Reader: q.Viewer.Unit}
	if slices.ContainsFunc(q.levelsBelow(root, q.today()), func(l LevelNamed) bool { return l.ID == checkLevel }) && len(q.today().Children(root)) > 0 {
		query.Rows = pivot.Axis{By: pivot.ByUnit, Level: checkLevel}
	}
	for _, d := range report.Indicators() {
		if d.Measure != report.Check || q.Viewer.Can(staff.CountRecords, root, cmp.Or(d.Compartment, declared.Ordinary)) != nil {
			continue
		}
		query.Indicator = d.ID
		held, err := q.pivot(tx, q.today(), query)
		if err != nil {
			return nil, err
		}
		query.Indicator = d.Over[1]
		against, err := q.pivot(tx, q.today(), query)
		if err != nil {
			return nil, err
		}
		rows := []int{pivot.Whole}
		if len(held.Rows) > 0 {
			rows = nil
			for i := range held.Rows {
				rows = append(rows, i)
			}
		}
		for _, row := range rows {
			c, unit := held.At(row, pivot.Whole), root
			if row != pivot.Whole {
				unit = held.Rows[row].Unit
			}
			if c.Hidden || c.Value.Num <= c.Value.Den || against.At(row, pivot.Whole).Value.Kind == report.Nothing {
				continue
			}
			lines = append(lines, QualityLine{Form: d.Label.In(q.lang), Unit: unit, Words: c.Value.In(q.lang), N: c.Records,
				Behind: q.Link("/indicators/"+d.ID, "unit", unit, "from", q.Day(period.From), "to", q.Day(period.To), "row", "-", "col", "-") + "#panel"})
		}
	}
	return lines[:min(len(lines), qualityRows)], nil
}
