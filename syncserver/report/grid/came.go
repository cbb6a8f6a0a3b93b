package grid

import (
	"maps"
	"slices"

	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
)

// received is what came of a unit in a step.
type received struct {
	n, onTime, approved, returned int64
	first                         int64 // the day on which the first of it came, in days since 1970
}

// add adds n records of a state that came on a day.
func (r *received) add(state projection.State, came, deadline, n int64) {
	if r.n == 0 || came < r.first {
		r.first = came
	}
	r.n += n
	if came <= deadline {
		r.onTime += n
	}
	switch state {
	case projection.Approved:
		r.approved += n
	case projection.Returned:
		r.returned += n
	}
}

// came is what came in each step, by the row of each unit. Steps of whole months stand in the table cells, so that no record is
// looked up; for steps of days the records are counted.
func (g *Grid) came(tx *sqlite.Tx, row map[string]int) ([][]received, error) {
	came := make([][]received, len(g.Steps))
	for j := range g.Steps {
		came[j] = make([]received, len(g.Units))
		if g.Expectation.Every == report.Day {
			if err := g.cameOnDay(tx, &g.Steps[j], row, came[j]); err != nil {
				return nil, err
			}
		}
	}
	if g.Expectation.Every == report.Day || len(g.Steps) == 0 {
		return came, nil
	}
	return came, g.cameInMonths(tx, row, came)
}

// fewUnits is up to how many units are looked up one by one in the months of the table cells; for more they are gone through.
const fewUnits = 500

// cameInMonths adds what the table cells say.
func (g *Grid) cameInMonths(tx *sqlite.Tx, row map[string]int, came [][]received) error {
	stepOf, deadlines := map[string]int{}, make([]int64, len(g.Steps))
	for j, step := range g.Steps {
		deadlines[j] = number(step.Deadline)
		for _, month := range step.Period.Split(report.Month) {
			stepOf[month.From[:len("2006-01")]] = j
		}
	}
	months := slices.Sorted(maps.Keys(stepOf))
	query, args := "FROM cells WHERE form = ? AND month BETWEEN ? AND ?", []any{g.Expectation.Form, months[0], months[len(months)-1]}
	if len(row) <= fewUnits {
		query, args = "FROM cells WHERE form = ? AND month IN (SELECT value FROM json_each(?)) AND unit IN (SELECT value FROM json_each(?))",
			[]any{g.Expectation.Form, sqlite.List(months), sqlite.List(slices.Sorted(maps.Keys(row)))}
	}
	return projection.EachList(tx, 4, func(month string, lists []projection.Values) error {
		j := stepOf[month]
		return each(lists, func(v []projection.Value) {
			if i, ok := row[v[0].Text]; ok {
				came[j][i].add(projection.State(v[1].Text), v[2].Number, deadlines[j], v[3].Number)
			}
		})
	}, "SELECT month, json_group_array(unit), json_group_array(state), json_group_array(came), json_group_array(n) "+query+" GROUP BY month", args...)
}

// each goes through lists in step.
func each(lists []projection.Values, visit func(v []projection.Value)) error {
	values := make([]projection.Value, len(lists))
	for lists[0].More() {
		for i := range lists {
			var err error
			if values[i], err = lists[i].Next(); err != nil {
				return err
			}
		}
		visit(values)
	}
	return nil
}

// cameOnDay adds what the records of a day say.
func (g *Grid) cameOnDay(tx *sqlite.Tx, step *Step, row map[string]int, came []received) error {
	rows := tx.Query("SELECT unit, state, arrived FROM records WHERE day = ? AND form = ? AND hidden = 0", step.Period.From, g.Expectation.Form)
	deadline := number(step.Deadline)
	for rows.Next() {
		if i, ok := row[rows.Text(0)]; ok {
			came[i].add(projection.State(rows.Text(1)), viet.DayOf(rows.Int64(2)), deadline, 1)
		}
	}
	return rows.Err()
}

// Reported says how many units within root something is expected of, and of which of them nothing came that is of a day of the period.
// No month is filled up: of one that the period has a part of, that part counts. Whether it came in time is not asked.
func Reported(tx *sqlite.Tx, view *units.View, e Expectation, root string, period report.Period) (expected int, missing []units.Unit, err error) {
	g, row := begun(view, e, root)
	came := make([]bool, len(g.Units))
	months := report.Period{}
	for _, part := range period.Split(report.Month) {
		switch {
		case !part.WholeMonths():
			if err := cameWithin(tx, e.Form, part, row, came); err != nil {
				return 0, nil, err
			}
		case months.From == "":
			months = part
		default:
			months.To = part.To
		}
	}
	if months.From != "" {
		g.Steps = []Step{{Period: months, Deadline: months.To}}
		all := [][]received{make([]received, len(g.Units))}
		if err := g.cameInMonths(tx, row, all); err != nil {
			return 0, nil, err
		}
		for i := range came {
			came[i] = came[i] || all[0][i].n > 0
		}
	}
	exempt := g.exempt(view, period.To)
	for i, u := range g.Units {
		switch {
		case came[i]:
			expected++
		case !exempt[i]:
			expected++
			missing = append(missing, u)
		}
	}
	return expected, missing, nil
}

// cameWithin marks the units of which there is a record of a form on a day of a period.
func cameWithin(tx *sqlite.Tx, form string, p report.Period, row map[string]int, came []bool) error {
	rows := tx.Query("SELECT DISTINCT unit FROM records WHERE day BETWEEN ? AND ? AND form = ? AND hidden = 0", p.From, p.To, form)
	for rows.Next() {
		if i, ok := row[rows.Text(0)]; ok {
			came[i] = true
		}
	}
	return rows.Err()
}

// Arrival is a record that came: the day by which it counts, and when it reached the centre.
type Arrival struct {
	Day     string
	Arrived record.Millis
}

// Newest gives the record of a form that counts by the latest day, of each of some units with all that counts in them. Units
// without one are left out, and what cannot be read is passed over.
func Newest(tx *sqlite.Tx, view *units.View, form string, of []string) (map[string]Arrival, error) {
	newest := map[string]Arrival{}
	home, codes := map[string]string{}, []string{}
	for _, unit := range of {
		for _, code := range view.Under(unit) {
			home[code] = unit
			codes = append(codes, code)
		}
	}
	if ok, err := indexed(tx, form); err != nil || !ok {
		return newest, err
	}
	rows := tx.Query(`SELECT u.value, f."_day", f."_arrived" FROM json_each(?) AS u CROSS JOIN `+projection.Quote(projection.Table(form))+` AS f ON f.rec = (SELECT rec FROM `+
		projection.Quote(projection.Table(form))+` INDEXED BY `+projection.Quote(projection.CellIndex(form))+
		` WHERE "_unit" = u.value ORDER BY "_month" DESC, "_day" DESC, "_arrived" DESC LIMIT 1)`, sqlite.List(codes))
	for rows.Next() {
		unit, a := home[rows.Text(0)], Arrival{rows.Text(1), rows.Int64(2)}
		if has, ok := newest[unit]; !ok || a.Day > has.Day {
			newest[unit] = a
		}
	}
	return newest, rows.Err()
}

// indexed reports whether the table of a form has its index: some time after the first record of it that could be read.
func indexed(tx *sqlite.Tx, form string) (bool, error) {
	row, err := tx.One("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?)", projection.CellIndex(form))
	return err == nil && row.Bool(0), err
}
