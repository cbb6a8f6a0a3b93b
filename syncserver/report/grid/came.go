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

// came is what came in a step, by the row of each unit.
//
// Steps of whole months are counted in the table cells, and how timely it was is read from the index of the form, so that no
// record is looked up: a country's month of many records takes some milliseconds. What cannot be read has no row in the table
// of its form; where that shows, and for steps of days, the records themselves are counted.
func (g *Grid) came(tx *sqlite.Tx, step *Step, row map[string]int) ([]received, error) {
	if g.Expectation.Every == report.Day {
		return g.cameByRecord(tx, step, row)
	}
	came := make([]received, len(g.Units))
	form := g.Expectation.Form
	months := []any{step.Period.From[:len("2006-01")], step.Period.To[:len("2006-01")]}
	of := "BETWEEN ? AND ?"
	if months[0] == months[1] { // SQLite reads a single month in the order of units, and sorts nothing
		months, of = months[:1], "= ?"
	}
	rows := tx.Query("SELECT unit, sum(n), sum(iif(state = 'approved', n, 0)), sum(iif(state = 'returned', n, 0)) FROM cells WHERE month "+of+" AND form = ? GROUP BY unit",
		append(slices.Clone(months), form)...)
	some := false
	for rows.Next() {
		if i, ok := row[rows.Text(0)]; ok {
			c := &came[i]
			c.n, c.approved, c.returned = c.n+rows.Int64(1), c.approved+rows.Int64(2), c.returned+rows.Int64(3)
			some = true
		}
	}
	if err := rows.Err(); err != nil || !some {
		return came, err
	}
	seen := make([]int64, len(came))
	codes, err := json.Marshal(slices.Sorted(maps.Keys(row)))
	if err != nil {
		return nil, err
	}
	rows = tx.Query(`SELECT "_unit", count(*), sum("_arrived" < ?), min("_arrived") FROM `+projection.Quote(projection.Table(form))+` INDEXED BY `+projection.Quote(projection.CellIndex(form))+
		` WHERE "_unit" IN (SELECT value FROM json_each(?)) AND "_month" `+of+` GROUP BY "_unit"`, append([]any{endOf(step.Deadline), string(codes)}, months...)...)
	for rows.Next() {
		c := &came[row[rows.Text(0)]]
		if first := rows.Int64(3); c.first == 0 || first < c.first {
			c.first = first
		}
		seen[row[rows.Text(0)]] += rows.Int64(1)
		c.onTime += rows.Int64(2)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range came {
		if came[i].n != seen[i] {
			return g.cameByRecord(tx, step, row)
		}
	}
	return came, nil
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
	if ok, err := hasTable(tx, form); err != nil || !ok {
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

// hasTable reports whether any record of the form was there that could be read.
func hasTable(tx *sqlite.Tx, form string) (bool, error) {
	rows := tx.Query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", projection.Table(form))
	defer rows.Close()
	ok := rows.Next()
	return ok, rows.Err()
}
