package console

import (
	"cmp"
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
	leastHistory = 6              // how many records of a unit there must be before one of them can be unusual
	farOut       = 5              // how many times the usual distance from the middle
	leastEqual   = 3              // how many equal numbers in a row are worth a look
	leastNumber  = 10             // numbers below it are equal by chance
	clockAhead   = 10 * 60 * 1000 // ms by which a machine may be ahead of the centre
	newest       = 50_000         // records whose clocks are looked at
	doubleDays   = 92             // how far back things entered twice are looked for
	qualityDays  = 366            // how far back records are looked at
	qualityRows  = 50             // lines of each part
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

// QualityLine is one finding, with the records that it is about.
type QualityLine struct {
	Form, Unit string
	Words      string
	Records    []QualityRecord
	N          int64  // records of a figure that does not fit
	Behind     string // the page that shows them; "": Records are all
}

// QualityRecord is a record of a finding.
type QualityRecord struct{ Dot, Name, Day string }

// getQuality lists what is worth a look among the records that the viewer may read.
func getQuality(q *Request) error {
	look := &qualityLook{q: q, scope: q.scope(staff.ReadRecords), since: q.now().AddDate(0, 0, -qualityDays).Format(time.DateOnly),
		lately: q.now().AddDate(0, 0, -doubleDays).Format(time.DateOnly)}
	if under := q.under(); under != nil {
		look.scope = look.scope.Among(under)
	}
	look.units = sqlite.List(look.scope.Units)
	p := qualityPage{Since: look.since, Period: q.period()}
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
	units         string // those of the scope, as JSON: of the ordinary records, which are all that is looked through but for clocks
	since, lately string // the days from which numbers and doubles are looked at
}

// numbers goes once through the numbers of every form that counts people, in the order in which each unit reported them: those are the ones
// that are guessed.
func (k *qualityLook) numbers() (outliers, equal []QualityLine, err error) {
	for _, f := range countedFields {
		column, label, err := k.column(f.form, f.field)
		if err != nil {
			return nil, nil, err
		}
		if column == "" {
			continue
		}
		var found []numberFinding
		rows := k.tx.Query(`SELECT "_unit", `+column+`, rec FROM `+projection.Quote(projection.Table(f.form))+`
			WHERE "_unit" IN (SELECT value FROM json_each(?)) AND "_month" >= ? AND typeof(`+column+`) = 'integer' ORDER BY "_unit", "_month", "_day", "_arrived"`, k.units, k.since[:7])
		unit, own := "", []reported(nil)
		for rows.Next() {
			if u := rows.Text(0); u != unit {
				found = append(found, findings(unit, own)...)
				unit, own = u, own[:0]
			}
			own = append(own, reported{rows.Int64(1), rows.Int64(2)})
		}
		if err := rows.Err(); err != nil {
			return nil, nil, err
		}
		found = append(found, findings(unit, own)...)
		slices.SortStableFunc(found, func(a, b numberFinding) int { return cmp.Compare(b.weight, a.weight) })
		for _, x := range found {
			line := QualityLine{Form: k.q.FormTitle(f.form), Unit: x.unit}
			switch {
			case x.repeated && len(equal) < qualityRows:
				line.Words = k.q.T("quality.repeated", "label", label, "value", viet.Int(x.n), "n", len(x.recs))
			case !x.repeated && len(outliers) < qualityRows:
				line.Words = k.q.T("quality.outlier", "label", label, "n", viet.Int(x.n), "usual", viet.Int(x.usual))
			default:
				continue
			}
			if line.Records, err = k.named(x.recs[:min(len(x.recs), maxNamed)]); err != nil {
				return nil, nil, err
			}
			if x.repeated {
				equal = append(equal, line)
			} else {
				outliers = append(outliers, line)
			}
		}
	}
	return outliers, equal, nil
}

// reported is a number of a record.
type reported struct{ n, rec int64 }

// numberFinding is a number that is worth a look: far from the usual one, or repeated.
type numberFinding struct {
	unit     string
	n, usual int64
	repeated bool
	recs     []int64
	weight   float64 // how far out, or how often
}

// findings looks through what one unit reported, in order: numbers more than farOut times the median distance away from its median,
// and equal ones in a row.
func findings(unit string, own []reported) (found []numberFinding) {
	for i := 0; i < len(own); {
		j := i + 1
		for j < len(own) && own[j].n == own[i].n {
			j++
		}
		if j-i >= leastEqual && own[i].n >= leastNumber {
			x := numberFinding{unit: unit, n: own[i].n, repeated: true, weight: float64(j - i)}
			for _, r := range own[i:j] {
				x.recs = append(x.recs, r.rec)
			}
			found = append(found, x)
		}
		i = j
	}
	if len(own) < leastHistory {
		return found
	}
	sorted := make([]int64, len(own))
	for i, r := range own {
		sorted[i] = r.n
	}
	middle := median(sorted)
	for i, r := range own {
		sorted[i] = max(r.n-middle, middle-r.n)
	}
	usual := max(median(sorted), 1)
	for _, r := range own {
		if away := max(r.n-middle, middle-r.n); away > farOut*usual && away >= leastNumber {
			found = append(found, numberFinding{unit: unit, n: r.n, usual: middle, recs: []int64{r.rec}, weight: float64(away) / float64(usual)})
		}
	}
	return found
}

// median sorts the numbers, and gives the middle one, or the lower of the two.
func median(numbers []int64) int64 {
	slices.Sort(numbers)
	return numbers[(len(numbers)-1)/2]
}

// named gives the names of some records, by their day.
func (k *qualityLook) named(recs []int64) (records []QualityRecord, err error) {
	rows, err := projection.Rows(k.tx, k.scope, recs)
	for i := range slices.Backward(rows) {
		records = append(records, QualityRecord{rows[i].Dot.String(), rows[i].Name, rows[i].Day})
	}
	return records, err
}

// countedFields are the numbers of people and households that officers count or estimate.
var countedFields = []struct{ form, field string }{
	{"awareness_session", "participants_total"}, {"citizen_reception", "visits"}, {"blood_donation", "donors"},
	{"id_card_drive", "issued"}, {"self_mgmt_group", "households"},
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
		if line.Records, err = k.named(d.recs[:min(len(d.recs), maxNamed)]); err != nil {
			return nil, err
		}
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
