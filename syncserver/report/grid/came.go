package grid

import (
	"encoding/json"
	"maps"
	"slices"

	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
)

// received is what came of a unit in a step.
type received struct {
	n, onTime, approved, returned int64
	first                         record.Millis
}

// came is what came in each step, by the row of each unit.
//
// Steps of whole months are counted in the table cells, and how timely it was is read from the index of the form, so that no
// record is looked up: a country's year of many records takes up to two tenths of a second. What cannot be read has no row in the
// table of its form; where that shows, and for steps of days, the records themselves are counted.
func (g *Grid) came(tx *sqlite.Tx, row map[string]int) (came [][]received, err error) {
	came, seen := make([][]received, len(g.Steps)), make([][]int64, len(g.Steps))
	some := false
	stepOf := map[string]int{} // by month
	for j, step := range g.Steps {
		came[j], seen[j] = make([]received, len(g.Units)), make([]int64, len(g.Units))
		if g.Expectation.Every == report.Day {
			continue
		}
		for _, month := range step.Period.Split(report.Month) {
			name := month.From[:len("2006-01")]
			stepOf[name] = j
			if err := g.counted(tx, name, row, came[j], &some); err != nil {
				return nil, err
			}
		}
	}
	indexed := false
	if some { // while the tables are made there may be none
		if indexed, err = has(tx, "index", projection.CellIndex(g.Expectation.Form)); err != nil {
			return nil, err
		}
	}
	if indexed {
		if err := g.timed(tx, row, stepOf, came, seen); err != nil {
			return nil, err
		}
	}
	for j := range came {
		differ := g.Expectation.Every == report.Day
		for i := range came[j] {
			differ = differ || came[j][i].n != seen[j][i]
		}
		if differ {
			if came[j], err = g.cameByRecord(tx, &g.Steps[j], row); err != nil {
				return nil, err
			}
		}
	}
	return came, nil
}

// fewUnits is up to how many units are looked up one by one in a month of the table cells; for more it is gone through.
const fewUnits = 500

// counted adds what the table cells say of a month.
func (g *Grid) counted(tx *sqlite.Tx, month string, row map[string]int, came []received, some *bool) error {
	query, args := "SELECT '', json_group_array(unit), json_group_array(state), json_group_array(n) FROM cells WHERE month = ? AND form = ?", []any{month, g.Expectation.Form}
	if len(row) <= fewUnits {
		codes, err := json.Marshal(slices.Sorted(maps.Keys(row)))
		if err != nil {
			return err
		}
		query, args = query+" AND unit IN (SELECT value FROM json_each(?))", append(args, string(codes))
	}
	return projection.EachList(tx, 3, func(_ string, lists []projection.Values) error {
		return each(lists, func(v []projection.Value) {
			i, ok := row[v[0].Text]
			if !ok {
				return
			}
			*some = true
			c, n := &came[i], v[2].Number
			c.n += n
			switch v[1].Text {
			case string(projection.Approved):
				c.approved += n
			case string(projection.Returned):
				c.returned += n
			}
		})
	}, query, args...)
}

// timed adds when it came, and counts in seen what it found that of.
func (g *Grid) timed(tx *sqlite.Tx, row, stepOf map[string]int, came [][]received, seen [][]int64) error {
	deadlines := make([]record.Millis, len(g.Steps))
	for j := range g.Steps {
		deadlines[j] = endOf(g.Steps[j].Deadline)
	}
	codes, err := json.Marshal(slices.Sorted(maps.Keys(row)))
	if err != nil {
		return err
	}
	months := slices.Sorted(maps.Keys(stepOf))
	return projection.EachList(tx, 2, func(unit string, lists []projection.Values) error {
		i := row[unit]
		return each(lists, func(v []projection.Value) {
			j, ok := stepOf[v[0].Text]
			if !ok {
				return
			}
			c, arrived := &came[j][i], v[1].Number
			if c.first == 0 || arrived < c.first {
				c.first = arrived
			}
			if arrived < deadlines[j] {
				c.onTime++
			}
			seen[j][i]++
		})
	}, `SELECT "_unit", json_group_array("_month"), json_group_array("_arrived") FROM `+projection.Quote(projection.Table(g.Expectation.Form))+` INDEXED BY `+
		projection.Quote(projection.CellIndex(g.Expectation.Form))+` WHERE "_unit" IN (SELECT value FROM json_each(?)) AND "_month" BETWEEN ? AND ? GROUP BY "_unit"`,
		string(codes), months[0], months[len(months)-1])
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

// cameByRecord is came, from the records.
func (g *Grid) cameByRecord(tx *sqlite.Tx, step *Step, row map[string]int) ([]received, error) {
	came := make([]received, len(g.Units))
	rows := tx.Query(`SELECT unit, count(*), sum(arrived < ?), sum(state = 'approved'), sum(state = 'returned'), min(arrived)
		FROM records WHERE day BETWEEN ? AND ? AND form = ? AND hidden = 0 GROUP BY unit`,
		endOf(step.Deadline), step.Period.From, step.Period.To, g.Expectation.Form)
	for rows.Next() {
		i, ok := row[rows.Text(0)]
		if !ok {
			continue
		}
		c := &came[i]
		if first := rows.Int64(5); c.n == 0 || first < c.first {
			c.first = first
		}
		c.n, c.onTime = c.n+rows.Int64(1), c.onTime+rows.Int64(2)
		c.approved, c.returned = c.approved+rows.Int64(3), c.returned+rows.Int64(4)
	}
	return came, rows.Err()
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
	if ok, err := has(tx, "index", projection.CellIndex(form)); err != nil || !ok {
		return newest, err
	}
	list, err := json.Marshal(codes)
	if err != nil {
		return nil, err
	}
	rows := tx.Query(`SELECT u.value, f."_day", f."_arrived" FROM json_each(?) AS u CROSS JOIN `+projection.Quote(projection.Table(form))+` AS f ON f.rec = (SELECT rec FROM `+
		projection.Quote(projection.Table(form))+` INDEXED BY `+projection.Quote(projection.CellIndex(form))+
		` WHERE "_unit" = u.value ORDER BY "_month" DESC, "_day" DESC, "_arrived" DESC LIMIT 1)`, string(list))
	for rows.Next() {
		unit, a := home[rows.Text(0)], Arrival{rows.Text(1), rows.Int64(2)}
		if has, ok := newest[unit]; !ok || a.Day > has.Day {
			newest[unit] = a
		}
	}
	return newest, rows.Err()
}

// has reports whether the tables have one, or an index, of a name. They have those of a form once a record of it came that could be
// read; the index a little later.
func has(tx *sqlite.Tx, kind, name string) (bool, error) {
	row, err := tx.One("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?)", kind, name)
	return err == nil && row.Bool(0), err
}
