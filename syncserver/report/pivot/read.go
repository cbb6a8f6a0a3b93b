package pivot

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/form"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
)

// granularity is how finely facts are told apart.
type granularity int

const (
	noDays  granularity = iota // records of a unit, whatever their day, are one fact
	byMonth                    // those of a unit and month
	byDay
	single // each record is a fact
	named  // and says its name
)

// fact is what one or several records say alike.
type fact struct {
	unit    string
	day     string // yyyy-mm-dd, yyyy-mm or "", by the granularity; "" where it cannot be read
	until   string // when it ended or was closed; "" it was not
	answers string // to the question of the axis, several with spaces between; or to several questions (answersTo)
	text    int32  // what is counted distinct, by its number in the query; from 1
	dot     string // of named records, and of those that nothing else decides between
	num     int64  // what is summed or stated
	n       int64  // how many records
	rec     int64  // of single records
	meets   bool   // the tests hold that are asked of the last statement, or of what stands
	late    bool   // it came after the cut-off
	bad     bool   // the day or number cannot be read

	head, time int32 // of cube: under which unit it counts, and in which time
}

// read gives the facts of a query, with the answers to some questions, and how many records of each unit could not be read at all.
func read(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator, fine granularity, by []string) (facts []*fact, unread map[string]int64, err error) {
	if d.Form == "" { // it counts units
		return nil, nil, nil
	}
	unread, err = readUnread(tx, view, q, d)
	if err != nil {
		return nil, nil, err
	}
	columns, err := columnsOf(tx, projection.Table(d.Form))
	if err != nil || len(columns) == 0 {
		return nil, unread, err
	}
	s := newStatement(view, q, d, fine, columns)
	s.pickAnswers(by)
	facts, err = s.read(tx, s.within(q.Period, d))
	if err != nil {
		return nil, nil, err
	}
	if s.flow { // the index is gone through by months, and those without one are apart
		undated, err := hasUndated(tx, d.Form)
		if err != nil {
			return nil, nil, err
		}
		if undated {
			more, err := s.read(tx, condition{`f."_month" = ''`, nil})
			if err != nil {
				return nil, nil, err
			}
			facts = append(facts, more...)
		}
	}
	if d.LastStated() && fine == single {
		err = nameTies(tx, facts)
	}
	return facts, unread, err
}

// hasUndated reports whether any record of a form has no day by which it counts.
func hasUndated(tx *sqlite.Tx, form string) (bool, error) {
	row, err := tx.One("SELECT EXISTS (SELECT 1 FROM cells WHERE month = '' AND form = ?)", form)
	return err == nil && row.Bool(0), err
}

// nameTies reads the names of the records of a unit that are of one day: of these the name decides which was last.
func nameTies(tx *sqlite.Tx, facts []*fact) error {
	type when struct{ unit, day string }
	first := map[when]*fact{}
	of := map[int64]*fact{} // those that need a name
	for _, f := range facts {
		if f.bad {
			continue
		}
		key := when{f.unit, f.day}
		if other, tie := first[key]; tie {
			of[other.rec], of[f.rec] = other, f
		} else {
			first[key] = f
		}
	}
	if len(of) == 0 {
		return nil
	}
	rows := tx.Query("SELECT rec, dot FROM records WHERE rec IN (SELECT value FROM json_each(?))", sqlite.List(slices.Sorted(maps.Keys(of))))
	for rows.Next() {
		of[rows.Int64(0)].dot = rows.Text(1)
	}
	return rows.Err()
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

// readUnread counts the records that have no values here. On which day they count nobody knows, so they may belong into any cell of their unit.
func readUnread(tx *sqlite.Tx, view *units.View, q Query, d *report.Indicator) (map[string]int64, error) {
	unread := map[string]int64{}
	within, args := scope("unit", view, q.Root)
	rows := tx.Query("SELECT unit, count(*) FROM records WHERE unread = 1 AND hidden = 0 AND form = ? AND "+within+" GROUP BY unit", append([]any{d.Form}, args...)...)
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
	return column + " IN (SELECT value FROM json_each(?))", []any{sqlite.List(view.Under(root))}
}

// condition is a part of WHERE with its arguments.
type condition struct {
	text string
	args []any
}

// statement is a query for facts. Of what is the same for all of them nothing is read.
type statement struct {
	d       *report.Indicator
	fine    granularity
	flow    bool                            // the records that count are those of some months, by the day of their form
	columns map[string]bool                 // that the table of the form has
	picked  []string                        // what is read of each record, and
	take    []func(*fact, projection.Value) // how it comes into a fact
	joins   string
	where   []condition
	texts   numbers[string] // what is counted distinct
}

// column names the answer to a question of the record. Where no record ever had one it is no answer.
func (s *statement) column(field string) string {
	name := strings.ReplaceAll(field, "/", "__")
	if !s.columns[name] {
		return "NULL"
	}
	return "f." + projection.Quote(name)
}

// pick has something read of each record.
func (s *statement) pick(column string, take func(f *fact, v projection.Value)) {
	s.picked, s.take = append(s.picked, column), append(s.take, take)
}

func (s *statement) must(text string, args ...any) { s.where = append(s.where, condition{text, args}) }

// late is the condition that a record came too late; "" none did. A record's rec is its place in the log.
func (r Rule) late() string {
	var late []string
	if r.Cutoff != 0 {
		late = append(late, fmt.Sprintf(`f."_arrived" > %d`, r.Cutoff))
	}
	if r.Upto != 0 {
		late = append(late, fmt.Sprintf("f.rec > %d", r.Upto))
	}
	if len(late) == 0 {
		return ""
	}
	return "(" + strings.Join(late, " OR ") + ")"
}

// newStatement writes the query but for the time.
func newStatement(view *units.View, q Query, d *report.Indicator, fine granularity, columns map[string]bool) *statement {
	s := &statement{d: d, fine: fine, columns: columns, flow: d.Day == "" && !d.AtDate() && d.OpenUntil == "" && q.Period.From != ""}
	s.pickDay()
	if within, args := scope(`f."_unit"`, view, q.Root); args != nil {
		s.must(within, args...)
	}
	if q.Rule.Approved {
		s.must(`f."_approved" = 1`)
	}
	if late := q.Rule.late(); late != "" {
		s.pick(late, func(f *fact, v projection.Value) { f.late = v.Number != 0 })
	}
	s.pickState()
	s.pickNumber()
	if d.Measure == report.CountDistinct {
		text := s.column(d.Field)
		s.must("coalesce(" + text + ", '') <> ''")
		s.pick(text, func(f *fact, v projection.Value) { f.text = s.texts.of(v.Text) + 1 })
	}
	if fine >= single {
		s.pick("f.rec", func(f *fact, v projection.Value) { f.rec = v.Number })
	}
	if fine == named {
		s.joins += " JOIN records r ON r.rec = f.rec"
		s.pick("r.dot", func(f *fact, v projection.Value) { f.dot = v.Text })
	}
	return s
}

// answered is the questions of the axes.
func (q Query) answered() (fields []string) {
	for _, axis := range []Axis{q.Rows, q.Columns} {
		if axis.By == ByAnswer {
			fields = append(fields, axis.Field)
		}
	}
	return fields
}

// nextAnswer stands between the answers to two questions: no keyboard has it, and JSON writes it as it is.
const nextAnswer = "\ue000"

// pickAnswers reads the answers to some questions.
func (s *statement) pickAnswers(fields []string) {
	var columns []string
	for _, field := range fields {
		columns = append(columns, "coalesce("+s.column(field)+", '')")
	}
	if len(columns) > 0 {
		s.pick(strings.Join(columns, " || '"+nextAnswer+"' || "), func(f *fact, v projection.Value) { f.answers = v.Text })
	}
}

// answersTo takes apart what pickAnswers read.
func answersTo(fields []string, answers string) []string {
	if len(fields) == 0 {
		return nil
	}
	return strings.SplitN(answers, nextAnswer, len(fields))
}

// pickDay reads the day by which a record counts, no finer than it is asked for. That of the form is a day or nothing, and its
// month stands in the index; any other is an answer, and may be anything.
func (s *statement) pickDay() {
	if s.d.Day != "" {
		s.must("coalesce(" + s.column(s.d.Day) + ", '') <> ''") // not yet: that is nothing unreadable
		s.pick(s.column(s.d.Day), func(f *fact, v projection.Value) { f.setDay(v.Text, s.fine) })
		return
	}
	column := `f."_day"`
	if s.fine == byMonth || s.fine == noDays {
		column = `f."_month"`
	}
	s.pick(column, func(f *fact, v projection.Value) {
		if f.day = v.Text; f.day == "" {
			f.bad = true
		} else if s.fine == noDays {
			f.day = ""
		}
	})
}

// setDay takes a day that is an answer.
func (f *fact) setDay(day string, fine granularity) {
	switch {
	case !looksLikeDay(day):
		f.bad = true
	case fine == byMonth:
		f.day = day[:len("2026-11")]
	case fine != noDays:
		f.day = day
	}
}

// looksLikeDay reports whether a text is written as a day, yyyy-mm-dd.
func looksLikeDay(text string) bool {
	if len(text) != len(time.DateOnly) {
		return false
	}
	for i, letter := range []byte(text) {
		if i == 4 || i == 7 {
			if letter != '-' {
				return false
			}
		} else if letter < '0' || letter > '9' {
			return false
		}
	}
	return true
}

// pickState reads until when a record counts, and whether it is as asked.
func (s *statement) pickState() {
	d := s.d
	if d.Measure != report.UnitsWhere && len(d.Where) > 0 {
		s.must(s.tests("f", d.Where))
	}
	until, meets := d.OpenUntil, []report.Test(nil)
	switch {
	case d.OpenUntil != "":
	case d.Standing != nil:
		until, meets = d.Standing.Until, d.Standing.While
	case d.Measure == report.UnitsWhere:
		meets = d.Where
	}
	if until != "" {
		s.pick("coalesce("+s.column(until)+", '')", func(f *fact, v projection.Value) { f.until = v.Text })
	}
	if len(meets) > 0 {
		s.pick(s.tests("f", meets), func(f *fact, v projection.Value) { f.meets = v.Number != 0 })
	}
}

// pickNumber reads what is summed or stated. Records that state none are left out.
func (s *statement) pickNumber() {
	d := s.d
	switch {
	case !d.Reads():
		return
	case d.Rows != "": // NULL where no row that fits states one, and no integer where one cannot be read
		value := numeric("q." + projection.Quote(d.Field))
		s.pick("(SELECT iif(sum(typeof("+value+") <> 'integer') > 0, '', sum("+value+")) FROM "+
			projection.Quote(projection.RowTable(d.Form, d.Rows))+" q WHERE q.rec = f.rec AND coalesce(q."+projection.Quote(d.Field)+", '') <> '' AND "+s.tests("q", d.RowWhere)+")", takeNumber)
	default:
		column := s.column(d.Field)
		s.must("coalesce(" + column + ", '') <> ''")
		s.pick(column, takeNumber)
	}
}

// takeNumber reads a number that may stand as text: an amount of money.
func takeNumber(f *fact, v projection.Value) {
	switch {
	case v.Kind == projection.Number:
		f.num = v.Number
	case v.Kind == projection.Nothing:
		f.n = 0
	case v.Kind == projection.Text && v.Text != "" && len(v.Text) <= form.MaxIntDigits && strings.Trim(v.Text, "0123456789") == "":
		f.num, _ = strconv.ParseInt(v.Text, 10, 64) // so many digits fit
	default:
		f.bad = true
	}
}

// numeric is takeNumber in SQL. Text that is no number stays text.
func numeric(column string) string {
	return "iif(typeof(" + column + ") = 'text' AND length(" + column + ") BETWEEN 1 AND " + fmt.Sprint(form.MaxIntDigits) +
		" AND " + column + " NOT GLOB '*[^0-9]*', CAST(" + column + " AS INTEGER), " + column + ")"
}

// within is the condition that a record counts by its day, or may: what counts in which time is decided afterwards.
func (s *statement) within(p report.Period, d *report.Indicator) condition {
	month := func(day string) string { return day[:min(len(day), len("2026-11"))] }
	switch {
	case s.flow:
		return condition{`f."_month" BETWEEN ? AND ? AND f."_day" BETWEEN ? AND ?`, []any{month(p.From), month(p.To), p.From, p.To}}
	case d.Day == "": // a record without a day stays in: it is unread, not left out
		return condition{`f."_month" <= ? AND f."_day" <= ?`, []any{month(p.To), p.To}}
	}
	day := s.column(d.Day)
	if d.AtDate() || d.OpenUntil != "" || p.From == "" {
		return condition{day + " <= ?", []any{p.To}}
	}
	return condition{day + " BETWEEN ? AND ?", []any{p.From, p.To}}
}

// factsAtOnce is for how many facts there is room made at a time: they do not move any more.
const factsAtOnce = 1024

// read runs the query for a time. Facts that follow each other and differ in numbers only are one.
//
// What is read comes as one row a unit, with a list of all its records for each column, in one order (projection.Values); the
// index has them in the order of units.
func (s *statement) read(tx *sqlite.Tx, when condition) (facts []*fact, err error) {
	texts, args := []string{}, []any{}
	for _, c := range append(slices.Clone(s.where), when) {
		texts, args = append(texts, c.text), append(args, c.args...)
	}
	query := `SELECT f."_unit"`
	for _, column := range s.picked {
		query += ", json_group_array(" + column + ")"
	}
	query += " FROM " + projection.Quote(projection.Table(s.d.Form)) + " f" + s.joins + " WHERE " + strings.Join(texts, " AND ") + ` GROUP BY f."_unit"`
	f, room := fact{}, []fact(nil)
	err = projection.EachList(tx, len(s.picked), func(unit string, lists []projection.Values) error {
		for lists[0].More() {
			f = fact{unit: unit, n: 1, meets: true}
			for i, take := range s.take {
				v, err := lists[i].Next()
				if err != nil {
					return err
				}
				take(&f, v)
			}
			if f.bad {
				f.num = 0
			}
			if last := len(facts) - 1; f.n == 0 || last >= 0 && facts[last].join(&f) {
				continue
			}
			if len(room) == cap(room) {
				room = make([]fact, 0, factsAtOnce)
			}
			room = append(room, f)
			facts = append(facts, &room[len(room)-1])
		}
		return nil
	}, query, args...)
	return facts, err
}

// join adds a fact to one that says the same, and reports whether that was so and the sum is a number still.
func (f *fact) join(other *fact) bool {
	if f.rec != 0 || f.unit != other.unit || f.day != other.day || f.until != other.until || f.answers != other.answers || f.text != other.text ||
		f.meets != other.meets || f.late != other.late || f.bad != other.bad || other.num > math.MaxInt64-f.num {
		return false
	}
	f.num, f.n = f.num+other.num, f.n+other.n
	return true
}

// tests is the condition that all tests hold of a row. The answers are of definitions, not of people, and quoted all the same.
func (s *statement) tests(alias string, tests []report.Test) string {
	all := []string{"1"}
	name := func(field string) string {
		if alias == "f" {
			return s.column(field)
		}
		return alias + "." + projection.Quote(field)
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
