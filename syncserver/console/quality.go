package console

import (
	"encoding/json"
	"strings"

	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
	"banlang/syncserver/projection"
	"banlang/syncserver/staff"
)

// What is worth a look. None of it is wrong by itself: people decide.
const (
	leastHistory = 6              // how many records of a unit there must be before one of them can be unusual
	farOut       = 5              // how many times the usual distance from the middle
	leastEqual   = 3              // how many equal numbers in a row are worth a look
	leastNumber  = 10             // numbers below it are equal by chance
	clockAhead   = 10 * 60 * 1000 // ms by which a machine may be ahead of the centre
	qualityDays  = 366            // how far back records are looked at
	qualityRows  = 50             // lines of each part
)

// qualityPage is what was found, by kind.
type qualityPage struct {
	Parts []QualityPart
	Since string
}

// QualityPart is one kind of finding.
type QualityPart struct {
	Key   string // of its title, "quality.outliers"
	Lines []QualityLine
}

// QualityLine is one finding, with the records that it is about.
type QualityLine struct {
	Form, Unit string
	Words      string
	Records    []QualityRecord
}

// QualityRecord is a record of a finding.
type QualityRecord struct{ Dot, Name, Day string }

// getQuality lists what is worth a look among the records that the viewer may read.
func getQuality(q *Request) error {
	since := q.now().AddDate(0, 0, -qualityDays).Format("2006-01-02")
	p := qualityPage{Since: since}
	look := &qualityLook{q: q, since: since}
	look.scope, look.args = q.scope(staff.ReadRecords).Where("r")
	if under := q.under(); under != nil {
		list, err := json.Marshal(under)
		if err != nil {
			return err
		}
		look.scope, look.args = "("+look.scope+" AND r.unit IN (SELECT value FROM json_each(?)))", append(look.args, string(list))
	}
	n := 0
	err := q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		look.tx = tx
		for _, part := range []struct {
			key  string
			find func() ([]QualityLine, error)
		}{
			{"quality.outliers", func() ([]QualityLine, error) { return look.numbers(look.outliers) }},
			{"quality.equal", func() ([]QualityLine, error) { return look.numbers(look.equal) }},
			{"quality.double", look.doubles}, {"quality.clocks", look.clocks},
		} {
			lines, err := part.find()
			if err != nil {
				return err
			}
			n += len(lines)
			p.Parts = append(p.Parts, QualityPart{part.key, lines})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !q.Live() {
		if err := q.note(staff.ReadRecords, q.unitTyped("unit"), "", "", "", "", n); err != nil {
			return err
		}
	}
	return q.show("quality", "nav.quality", p)
}

// qualityLook looks through the tables.
type qualityLook struct {
	q     *Request
	tx    *sqlite.Tx
	since string
	scope string // the condition of a row of records, called r, and its arguments
	args  []any
}

// numbers runs a search over the numbers of every form that counts people: those are the ones that are guessed.
func (k *qualityLook) numbers(find func(formID, column string, label string) ([]QualityLine, error)) (all []QualityLine, err error) {
	for _, f := range countedFields {
		lines, err := k.in(f.form, f.field, find)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all[:min(len(all), qualityRows)], nil
}

// countedFields are the numbers of people and households that officers count or estimate.
var countedFields = []struct{ form, field string }{
	{"awareness_session", "participants_total"}, {"citizen_reception", "visits"}, {"blood_donation", "donors"},
	{"id_card_drive", "issued"}, {"self_mgmt_group", "households"},
}

// in runs a search over one number, where there is a table with it.
func (k *qualityLook) in(formID, field string, find func(formID, column, label string) ([]QualityLine, error)) ([]QualityLine, error) {
	columns, err := projection.Columns(k.tx, formID)
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		if c.Repeat != "" || c.Question != field || c.Name == "" {
			continue
		}
		label := field
		if f, ok := k.q.c.Centre.Library().Current(formID); ok {
			label = k.q.questionName(f, field)
		}
		return find(formID, projection.Quote(c.Name), label)
	}
	return nil, nil
}

// outliers are numbers far from what the unit itself usually reports: more than farOut times the median distance from its median.
func (k *qualityLook) outliers(formID, column, label string) ([]QualityLine, error) {
	query := `WITH own AS MATERIALIZED (SELECT r.unit, r.dot, r.name, r.day, f.` + column + ` AS n FROM ` + projection.Quote(projection.Table(formID)) + ` f JOIN records r USING (rec)
			WHERE typeof(f.` + column + `) = 'integer' AND r.hidden = 0 AND r.day >= ? AND ` + k.scope + `),
		placed AS (SELECT unit, n, row_number() OVER (PARTITION BY unit ORDER BY n) AS i, count(*) OVER (PARTITION BY unit) AS k FROM own),
		middle AS MATERIALIZED (SELECT unit, n AS m, k FROM placed WHERE i = (k + 1) / 2 AND k >= ?),
		far AS (SELECT own.*, m, abs(n - m) AS d FROM own JOIN middle USING (unit)),
		ranked AS (SELECT unit, d, row_number() OVER (PARTITION BY unit ORDER BY d) AS i, count(*) OVER (PARTITION BY unit) AS k FROM far),
		usual AS (SELECT unit, max(d, 1) AS u FROM ranked WHERE i = (k + 1) / 2)
		SELECT unit, dot, name, day, n, m FROM far JOIN usual USING (unit) WHERE d > ? * u AND d >= ? ORDER BY d * 1.0 / u DESC, dot LIMIT ?`
	args := append(append([]any{k.since}, k.args...), leastHistory, farOut, leastNumber, qualityRows)
	rows := k.tx.Query(query, args...)
	var lines []QualityLine
	for rows.Next() {
		words := k.q.T("quality.outlier", "label", label, "n", viet.Int(rows.Int64(4)), "usual", viet.Int(rows.Int64(5)))
		lines = append(lines, QualityLine{k.q.FormTitle(formID), rows.Text(0), words, []QualityRecord{{rows.Text(1), rows.Text(2), rows.Text(3)}}})
	}
	return lines, rows.Err()
}

// equal are numbers that a unit reports again and again, one record after the other.
func (k *qualityLook) equal(formID, column, label string) ([]QualityLine, error) {
	query := `WITH own AS MATERIALIZED (SELECT r.unit, r.dot, r.name, r.day, f.` + column + ` AS n,
			row_number() OVER (PARTITION BY r.unit ORDER BY r.day, r.rec) - row_number() OVER (PARTITION BY r.unit, f.` + column + ` ORDER BY r.day, r.rec) AS run
			FROM ` + projection.Quote(projection.Table(formID)) + ` f JOIN records r USING (rec)
			WHERE typeof(f.` + column + `) = 'integer' AND r.hidden = 0 AND r.day >= ? AND ` + k.scope + `)
		SELECT unit, n, count(*), group_concat(dot || ' ' || name || ' ' || day, char(10) ORDER BY day, dot) FROM own WHERE n >= ? GROUP BY unit, n, run HAVING count(*) >= ?
		ORDER BY count(*) DESC, unit, n LIMIT ?`
	args := append(append([]any{k.since}, k.args...), leastNumber, leastEqual, qualityRows)
	rows := k.tx.Query(query, args...)
	var lines []QualityLine
	for rows.Next() {
		words := k.q.T("quality.repeated", "label", label, "value", viet.Int(rows.Int64(1)), "n", viet.Int(rows.Int64(2)))
		lines = append(lines, QualityLine{k.q.FormTitle(formID), rows.Text(0), words, recordsOf(rows.Text(3))})
	}
	return lines, rows.Err()
}

// maxNamed is how many records a line names.
const maxNamed = 8

// recordsOf takes apart what a query put together: a record a line.
func recordsOf(text string) (records []QualityRecord) {
	for line := range strings.Lines(text) {
		if parts := strings.Fields(line); len(parts) == 3 && len(records) < maxNamed {
			records = append(records, QualityRecord{parts[0], parts[1], parts[2]})
		}
	}
	return records
}

// doubles are records of one form, unit, place and day, that different machines or officers may have written of one thing.
func (k *qualityLook) doubles() (all []QualityLine, err error) {
	library := k.q.c.Centre.Library()
	for _, p := range library.All() {
		f, ok := library.Current(p.ID)
		if !ok {
			continue
		}
		for _, field := range f.Fields() {
			if field.Declared.Holds != declared.HoldsVenue || field.Repeat != "" {
				continue
			}
			lines, err := k.in(p.ID, field.Path, k.doublesOf)
			if err != nil {
				return nil, err
			}
			all = append(all, lines...)
		}
	}
	return all[:min(len(all), qualityRows)], nil
}

func (k *qualityLook) doublesOf(formID, column, _ string) ([]QualityLine, error) {
	query := `SELECT r.unit, r.day, count(*), group_concat(r.dot || ' ' || r.name || ' ' || r.day, char(10) ORDER BY r.dot) FROM ` + projection.Quote(projection.Table(formID)) + ` f
		JOIN records r USING (rec) WHERE f.` + column + ` IS NOT NULL AND r.hidden = 0 AND r.day >= ? AND ` + k.scope + ` GROUP BY r.unit, r.day, f.` + column + `
		HAVING count(*) > 1 ORDER BY r.day DESC, r.unit LIMIT ?`
	rows := k.tx.Query(query, append(append([]any{k.since}, k.args...), qualityRows)...)
	var lines []QualityLine
	for rows.Next() {
		words := k.q.T("quality.same", "n", viet.Int(rows.Int64(2)), "day", viet.Date(rows.Text(1)))
		lines = append(lines, QualityLine{k.q.FormTitle(formID), rows.Text(0), words, recordsOf(rows.Text(3))})
	}
	return lines, rows.Err()
}

// clocks are records whose times cannot be: written after they arrived, or of a day after that.
func (k *qualityLook) clocks() ([]QualityLine, error) {
	query := `SELECT r.unit, r.form, r.dot, r.name, r.day, r.written, r.arrived, r.written > r.arrived + ? FROM records r
		WHERE r.hidden = 0 AND r.arrived > 0 AND r.day >= ? AND (r.written > r.arrived + ? OR r.day > date((r.arrived + ?) / 1000, 'unixepoch', '+7 hours'))
		AND ` + k.scope + ` ORDER BY r.rec DESC LIMIT ?`
	args := append(append([]any{clockAhead, k.since, clockAhead, clockAhead}, k.args...), qualityRows)
	rows := k.tx.Query(query, args...)
	var lines []QualityLine
	for rows.Next() {
		words := k.q.T("quality.future", "day", viet.Date(rows.Text(4)), "arrived", k.q.Stamp(rows.Int64(6)))
		if rows.Bool(7) {
			words = k.q.T("quality.ahead", "written", k.q.Stamp(rows.Int64(5)), "arrived", k.q.Stamp(rows.Int64(6)))
		}
		lines = append(lines, QualityLine{k.q.FormTitle(rows.Text(1)), rows.Text(0), words, []QualityRecord{{rows.Text(2), rows.Text(3), rows.Text(4)}}})
	}
	return lines, rows.Err()
}
