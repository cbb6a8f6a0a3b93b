package pivot

import (
	"encoding/json"
	"fmt"
	"strings"

	"banlang/shared/form"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/report"
)

// granularity is how finely facts are told apart.
type granularity int

const (
	noDays  granularity = iota // records of a unit, whatever their day, are one fact
	byMonth                    // those of a unit and month
	byDay
	single // each record is a fact
)

// fact is what one or several records say alike.
type fact struct {
	unit    string
	day     string // yyyy-mm-dd, yyyy-mm or "", by the granularity
	until   string // when it ended or was closed; "" it was not
	answers string // to the question of the axis; several with spaces between
	text    string // what is counted distinct
	dot     string // of single records
	num     int64  // what is summed or stated
	n       int64  // how many records
	rec     int64  // of single records
	meets   bool   // the tests hold that are asked of the last statement, or of what stands
	late    bool   // it came after the cut-off
	bad     bool   // the day or number cannot be read
}

// statement is a query being written.
type statement struct {
	d       *report.Indicator
	columns map[string]bool // that the table of the form has
	joins   string
	where   []string
	args    []any // of where
}

// read gives the facts of a query, and how many records of each unit could not be read at all.
func read(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator, fine granularity) (facts []fact, unread map[string]int64, err error) {
	if d.Form == "" { // it counts units
		return nil, nil, nil
	}
	unread, err = readUnread(tx, view, q, d)
	if err != nil {
		return nil, nil, err
	}
	columns, err := columnsOf(tx, "f_"+d.Form)
	if err != nil || len(columns) == 0 {
		return nil, unread, err
	}
	s := &statement{d: d, columns: columns}
	query := s.compose(view, q, fine)
	rows := tx.Query(query, s.args...)
	for rows.Next() {
		f := fact{
			unit: rows.Text(0), day: rows.Text(1), until: rows.Text(2), answers: rows.Text(3), text: rows.Text(4), dot: rows.Text(5),
			num: rows.Int64(6), n: rows.Int64(7), rec: rows.Int64(8), meets: rows.Bool(9), late: rows.Bool(10),
		}
		if bad := rows.Int64(11); bad > 0 { // of several, those that cannot be read are a fact of their own
			apart := f
			apart.n, apart.num, apart.bad = bad, 0, true
			facts = append(facts, apart)
			f.n -= bad
		}
		if f.n > 0 {
			facts = append(facts, f)
		}
	}
	return facts, unread, rows.Err()
}

// columnsOf lists the columns of a table of answers; none when nobody has written such a record yet.
func columnsOf(tx *sqlite.Tx, table string) (map[string]bool, error) {
	columns := map[string]bool{}
	rows := tx.Query("SELECT name FROM pragma_table_info(?)", table)
	for rows.Next() {
		columns[rows.Text(0)] = true
	}
	return columns, rows.Err()
}

// readUnread counts the records that have no values here, and so no day, by which they are found without a look at all others. On which day they count nobody knows, so they may belong into any cell of
// their unit.
func readUnread(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator) (map[string]int64, error) {
	unread := map[string]int64{}
	within, args := scope("unit", view, q.Root)
	rows := tx.Query("SELECT unit, count(*) FROM records WHERE day = '' AND unread = 1 AND hidden = 0 AND form = ? AND "+within+" GROUP BY unit", append([]any{d.Form}, args...)...)
	for rows.Next() {
		unread[rows.Text(0)] = rows.Int64(1)
	}
	return unread, rows.Err()
}

// scope is the condition that a unit is within the root; an empty root is everything.
func scope(column string, view *units.View, root string) (condition string, args []any) {
	if root == "" {
		return "1", nil
	}
	codes, _ := json.Marshal(view.Under(root)) // of strings: it cannot fail
	return column + " IN (SELECT value FROM json_each(?))", []any{string(codes)}
}

// column names the answer to a question of the record. Where no record ever had one it is no answer.
func (s *statement) column(field string) string {
	name := strings.ReplaceAll(field, "/", "__")
	if !s.columns[name] {
		return "NULL"
	}
	return "f." + quote(name)
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// compose writes the query. Its columns are those of fact, in the order in which read takes them.
func (s *statement) compose(view *units.View, q Query, fine granularity) string {
	d := s.d
	day := `f."_day"`
	if d.Day != "" {
		day = s.column(d.Day)
		s.where = append(s.where, "coalesce("+day+", '') <> ''") // not yet: that is nothing unreadable
	}
	if q.Rule.Approved || q.Rule.Cutoff != 0 || fine == single {
		s.joins += " JOIN records r ON r.rec = f.rec"
	}
	if q.Rule.Approved {
		s.where = append(s.where, "r.review = 'approved'")
	}
	within, args := scope(`f."_unit"`, view, q.Root)
	s.where, s.args = append(s.where, within), append(s.args, args...)
	if d.Measure != report.UnitsWhere {
		s.where = append(s.where, s.tests("f", d.Where))
	}
	until, meets := "''", "1"
	switch {
	case d.OpenUntil != "":
		until = "coalesce(" + s.column(d.OpenUntil) + ", '')"
	case d.Standing != nil:
		if d.Standing.Until != "" {
			until = "coalesce(" + s.column(d.Standing.Until) + ", '')"
		}
		meets = s.tests("f", d.Standing.While)
	case d.Measure == report.UnitsWhere:
		meets = s.tests("f", d.Where)
	}
	// An empty day stays in: a record without one is unread, not left out.
	s.where, s.args = append(s.where, day+" <= ?"), append(s.args, q.Period.To)
	if !d.AtDate() && d.OpenUntil == "" && q.Period.From != "" {
		s.where, s.args = append(s.where, "("+day+" >= ? OR "+day+" = '')"), append(s.args, q.Period.From)
		if months := q.Period.Split(report.Month); d.Day == "" && s.columns["_month"] && len(months) <= maxMonths {
			s.where, s.args = append(s.where, `f."_month" IN (SELECT value FROM json_each(?))`), append(s.args, monthList(months))
		}
	}
	value, text := s.number(), "''"
	if d.Measure == report.CountDistinct {
		text = s.column(d.Field)
		s.where = append(s.where, "coalesce("+text+", '') <> ''")
	}
	answers := "''"
	for _, axis := range []Axis{q.Rows, q.Columns} {
		if axis.By == ByAnswer {
			answers = "coalesce(" + s.column(axis.Field) + ", '')"
		}
	}
	late := q.Rule.late()
	bad := "(" + day + " NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' OR typeof(" + value + ") <> 'integer')"
	from := " FROM " + quote("f_"+d.Form) + " f" + s.joins + " WHERE " + strings.Join(s.where, " AND ")
	if fine == single {
		return "SELECT f.\"_unit\", " + day + ", " + until + ", " + answers + ", " + text + ", r.dot, iif(" + bad + ", 0, " + value + "), 1, f.rec, " +
			meets + ", " + late + ", " + bad + from
	}
	key := map[granularity]string{noDays: "''", byMonth: "substr(" + day + ", 1, 7)", byDay: day}[fine]
	if fine == byMonth && d.Day == "" && s.columns["_month"] {
		key = `f."_month"` // as the index has it, so that nothing need be sorted
	}
	return "SELECT f.\"_unit\", " + key + ", " + until + ", " + answers + ", " + text + ", '', sum(iif(" + bad + ", 0, " + value + ")), count(*), 0, " +
		meets + ", " + late + ", sum(" + bad + ")" + from + " GROUP BY " + groups(key, until, answers, text, meets, late)
}

// late is the condition that a record came too late. A record's rec is its place in the log.
func (r Rule) late() string {
	var late []string
	if r.Cutoff != 0 {
		late = append(late, fmt.Sprintf("r.arrived > %d", r.Cutoff))
	}
	if r.Upto != 0 {
		late = append(late, fmt.Sprintf("f.rec > %d", r.Upto))
	}
	if len(late) == 0 {
		return "0"
	}
	return "(" + strings.Join(late, " OR ") + ")"
}

// groups are the columns by which facts are told apart. What is the same for all is none: SQLite would sort by it all the same.
func groups(key, until, answers, text, meets, late string) string {
	columns := []string{"1"}
	for _, c := range []struct{ column, is, constant string }{
		{"2", key, "''"}, {"3", until, "''"}, {"4", answers, "''"}, {"5", text, "''"}, {"10", meets, "1"}, {"11", late, "0"},
	} {
		if c.is != c.constant {
			columns = append(columns, c.column)
		}
	}
	return strings.Join(columns, ", ")
}

// maxMonths is how many months are looked up one by one; of a longer period the index is gone through.
const maxMonths = 120

// monthList are months for a query, with that of records without a day.
func monthList(months []report.Period) string {
	names := []string{""}
	for _, m := range months {
		names = append(names, m.From[:len("2026-11")])
	}
	list, _ := json.Marshal(names) // of strings: it cannot fail
	return string(list)
}

// number is the expression of what is summed or stated; it is no integer where a number cannot be read. Records that state
// none are left out.
func (s *statement) number() string {
	d := s.d
	switch {
	case !d.Reads():
		return "0"
	case d.Rows != "":
		value := numeric("q." + quote(d.Field))
		inner := "SELECT q.rec, iif(sum(typeof(" + value + ") <> 'integer') > 0, '', sum(" + value + ")) AS v FROM " +
			quote("r_"+d.Form+"__"+strings.ReplaceAll(d.Rows, "/", "__")) + " q WHERE coalesce(q." + quote(d.Field) + ", '') <> '' AND " + s.tests("q", d.RowWhere) + " GROUP BY q.rec"
		s.joins += " JOIN (" + inner + ") i ON i.rec = f.rec"
		return "i.v"
	}
	column := s.column(d.Field)
	s.where = append(s.where, "coalesce("+column+", '') <> ''")
	return numeric(column)
}

// numeric reads a number that may stand as text: an amount of money. Text that is none stays text.
func numeric(column string) string {
	return "iif(typeof(" + column + ") = 'text' AND length(" + column + ") BETWEEN 1 AND " + fmt.Sprint(form.MaxIntDigits) +
		" AND " + column + " NOT GLOB '*[^0-9]*', CAST(" + column + " AS INTEGER), " + column + ")"
}

// tests is the condition that all tests hold of a row. The answers are of definitions, not of people, and quoted all the same.
func (s *statement) tests(alias string, tests []report.Test) string {
	all := []string{"1"}
	name := func(field string) string {
		if alias == "f" {
			return s.column(field)
		}
		return alias + "." + quote(field)
	}
	for _, test := range tests {
		column := name(test.Field)
		if test.AtLeast != "" {
			other := name(test.AtLeast)
			all = append(all, "coalesce(typeof("+column+") = 'integer' AND typeof("+other+") = 'integer' AND "+column+" >= "+other+", 0)")
			continue
		}
		var values []string
		for _, v := range test.Values {
			values = append(values, "'"+strings.ReplaceAll(v, "'", "''")+"'")
		}
		not := ""
		if test.Not {
			not = "NOT "
		}
		all = append(all, "coalesce("+column+", '') "+not+"IN ("+strings.Join(values, ", ")+")")
	}
	return "(" + strings.Join(all, " AND ") + ")"
}
