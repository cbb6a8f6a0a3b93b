package console

import (
	"encoding/json"
	"slices"
	"time"

	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/staff"
)

// What is worth a look. None of it is wrong by itself: people decide.
const (
	clockAhead    = 10 * 60 * 1000 // ms by which a machine may be ahead of the centre
	newest        = 50_000         // records whose clocks are looked at
	doubleDays    = 92             // how far back things entered twice are looked for
	qualityMonths = 12             // up to the end of the period: those of which numbers are looked at
	qualityRows   = 50             // lines of each part
)

// qualityPage is what was found, by kind.
type qualityPage struct {
	Parts  []QualityPart
	Since  string
	Period report.Period // in which figures are held against each other
}

// QualityPart is one kind of finding.
type QualityPart struct {
	Key   string // of its title, "quality.outliers"
	Lines []QualityLine
}

// Cut reports whether there may be more than are listed.
func (p QualityPart) Cut() bool { return len(p.Lines) >= qualityRows }

// QualityLine is one finding, with the records that it is about.
type QualityLine struct {
	Form, Unit string
	Words      string
	Records    []QualityRecord // the last ones
	Before     bool            // there are others before them
	N          int64           // records of a figure that does not fit
	Behind     string          // the page that shows them; "": Records are all
}

// QualityRecord is a record of a finding.
type QualityRecord struct{ Dot, Name, Day string }

// getQuality lists what is worth a look among the records that the viewer may read.
func getQuality(q *Request) error {
	look := &qualityLook{q: q, scope: q.scope(staff.ReadRecords), period: q.period(), lately: q.now().AddDate(0, 0, -doubleDays).Format(time.DateOnly)}
	look.since = monthsBefore(look.period.To, qualityMonths-1)
	if under := q.under(); under != nil {
		look.scope = look.scope.Among(under)
	}
	look.units = sqlite.List(look.scope.Units)
	p := qualityPage{Since: look.since, Period: look.period}
	err := q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		look.tx = tx
		checks, err := q.checks(tx, p.Period)
		if err != nil {
			return err
		}
		outliers, equal, err := look.numbers()
		if err != nil {
			return err
		}
		doubles, err := look.doubles()
		if err != nil {
			return err
		}
		clocks, err := look.clocks()
		p.Parts = []QualityPart{{"quality.checks", checks}, {"quality.outliers", outliers}, {"quality.equal", equal}, {"quality.double", doubles}, {"quality.clocks", clocks}}
		return err
	})
	if err != nil {
		return err
	}
	n := 0
	for _, part := range p.Parts {
		n += len(part.Lines)
	}
	if !q.Live() {
		if err := q.note(staff.ReadRecords, q.unitTyped("unit"), "", "", q.why(), "", n); err != nil {
			return err
		}
	}
	return q.show("quality", "nav.quality", p)
}

// qualityLook looks through the tables.
type qualityLook struct {
	q             *Request
	tx            *sqlite.Tx
	scope         projection.Scope
	units         string        // those of the scope, as JSON, of which ordinary records are looked through
	period        report.Period // of which numbers are looked at
	since, lately string        // the days from which numbers are held against each other, and doubles looked for
}

// monthsBefore is the first day of the month that is so many before that of a day.
func monthsBefore(day string, n int) string {
	first, err := time.Parse(time.DateOnly, report.Month.Around(day).From)
	if err != nil {
		return day // what is no day has no month
	}
	return first.AddDate(0, -n, 0).Format(time.DateOnly)
}

// named gives the names of some records, by their day.
func (k *qualityLook) named(recs []int64) (records []QualityRecord, err error) {
	rows, err := projection.Rows(k.tx, k.scope, recs)
	for i := range slices.Backward(rows) {
		records = append(records, QualityRecord{rows[i].Dot.String(), rows[i].Name, rows[i].Day})
	}
	return records, err
}

// column names the column of a question of the record, and what people call it; "" where there is no table with it.
func (k *qualityLook) column(formID, field string) (column, label string, err error) {
	columns, err := projection.Columns(k.tx, formID)
	for _, c := range columns {
		if c.Repeat != "" || c.Question != field || c.Name == "" {
			continue
		}
		if f, ok := k.q.c.Centre.Library().Current(formID); ok {
			return projection.Quote(c.Name), k.q.questionName(f, field), nil
		}
	}
	return "", "", err
}

// maxNamed is how many records a line names.
const maxNamed = 8

// doubles are records of one form, unit, place and day, that different machines or officers may have written of one thing.
func (k *qualityLook) doubles() (all []QualityLine, err error) {
	library := k.q.c.Centre.Library()
	for _, p := range library.All() {
		f, ok := library.Current(p.ID)
		if !ok || f.Compartment != declared.Ordinary {
			continue
		}
		for _, field := range f.Fields() {
			if field.Declared.Holds != declared.HoldsVenue || field.Repeat != "" {
				continue
			}
			lines, err := k.doublesOf(p.ID, field.Path)
			if err != nil {
				return nil, err
			}
			all = append(all, lines...)
		}
	}
	return all[:min(len(all), qualityRows)], nil
}

func (k *qualityLook) doublesOf(formID, field string) (lines []QualityLine, err error) {
	column, _, err := k.column(formID, field)
	if err != nil || column == "" {
		return nil, err
	}
	type double struct {
		unit, day string
		recs      []int64
	}
	var found []double
	rows := k.tx.Query(`SELECT "_unit", "_day", json_group_array(rec) FROM `+projection.Quote(projection.Table(formID))+`
		WHERE "_unit" IN (SELECT value FROM json_each(?)) AND "_month" >= ? AND `+column+` IS NOT NULL GROUP BY "_unit", "_month", "_day", `+column+`
		HAVING count(*) > 1 ORDER BY "_day" DESC, "_unit" LIMIT ?`, k.units, k.lately[:7], qualityRows)
	for rows.Next() {
		d := double{unit: rows.Text(0), day: rows.Text(1)}
		if err := json.Unmarshal([]byte(rows.Text(2)), &d.recs); err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, d := range found {
		line := QualityLine{Form: k.q.FormTitle(formID), Unit: d.unit, Words: k.q.T("quality.same", "n", len(d.recs), "day", viet.Date(d.day))}
		if line.Records, err = k.named(d.recs[max(0, len(d.recs)-maxNamed):]); err != nil {
			return nil, err
		}
		line.Before = len(d.recs) > maxNamed
		lines = append(lines, line)
	}
	return lines, nil
}

// clocks are records whose times cannot be: written after they arrived, or of a day after that. Only the newest records are looked at.
func (k *qualityLook) clocks() ([]QualityLine, error) {
	scope, args := k.scope.Where("r")
	query := `SELECT r.unit, r.form, r.dot, r.name, r.day, r.written, r.arrived, r.written > r.arrived + ? FROM (SELECT * FROM records ORDER BY rec DESC LIMIT ?) r
		WHERE r.hidden = 0 AND r.arrived > 0 AND (r.written > r.arrived + ? OR r.day > date((r.arrived + ?) / 1000, 'unixepoch', '+7 hours'))
		AND ` + scope + ` ORDER BY r.rec DESC LIMIT ?`
	rows := k.tx.Query(query, append(append([]any{clockAhead, newest, clockAhead, clockAhead}, args...), qualityRows)...)
	var lines []QualityLine
	for rows.Next() {
		words := k.q.T("quality.future", "day", viet.Date(rows.Text(4)), "arrived", k.q.Stamp(rows.Int64(6)))
		if rows.Bool(7) {
			words = k.q.T("quality.ahead", "written", k.q.Stamp(rows.Int64(5)), "arrived", k.q.Stamp(rows.Int64(6)))
		}
		lines = append(lines, QualityLine{Form: k.q.FormTitle(rows.Text(1)), Unit: rows.Text(0), Words: words, Records: []QualityRecord{{rows.Text(2), rows.Text(3), rows.Text(4)}}})
	}
	return lines, rows.Err()
}
