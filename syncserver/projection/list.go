package projection

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
)

// Bounds of a list.
const (
	MaxRows = 1000 // of a page
	// maxCounted is up to where records are counted one by one for the total of a list.
	maxCounted = 2000
	// maxMarks is how many units, or months, are looked up in the index of search; a scope of more is asked row by row.
	maxMarks = 150
	// few is up to how many records are sorted; more are gone through in their order.
	few = 5000
)

const rowColumns = "rec, dot, name, form, version, unit, compartment, day, written, arrived, altered, replica, officer, title, review, state, conflicts, hidden, unread"

func readRow(r *sqlite.Row) (row Row, err error) {
	row = Row{Rec: r.Int64(0), Name: r.Text(2), Form: r.Text(3), Version: r.Text(4), Unit: r.Text(5), Compartment: r.Text(6), Day: r.Text(7),
		Written: r.Int64(8), Arrived: r.Int64(9), Altered: r.Int64(10), Replica: record.ReplicaID(r.Int64(11)), Officer: r.Text(12),
		Title: r.Text(13), Review: r.Text(14), State: State(r.Text(15)), Conflicts: int(r.Int64(16)), Hidden: r.Bool(17), Unread: r.Bool(18)}
	row.Dot, err = record.ParseDot(r.Text(1))
	return row, err
}

// List returns at most limit rows (MaxRows at most) of the records that are in the scope and fit the filter, from a place
// on, in an order.
func (p *Projection) List(ctx context.Context, s Scope, f Filter, o Order, from Cursor, limit int) (page Page, err error) {
	q, err := newQuery(s, f, o)
	if err != nil {
		return page, err
	}
	after, err := parseCursor(from)
	if err != nil {
		return page, err
	}
	limit = min(max(limit, 0), MaxRows)
	err = p.View(ctx, func(tx *sqlite.Tx) error {
		q.tx = tx
		if page.Total, page.Exact, err = q.count(); page.Total == 0 || err != nil {
			return err
		}
		page.Rows, err = q.rows(after, limit+1)
		return err
	})
	if len(page.Rows) > limit {
		page.Rows = page.Rows[:limit]
		if limit > 0 {
			page.Next = cursorOf(&page.Rows[limit-1])
		}
	}
	return page, err
}

// Count says how many records are in the scope and fit the filter; exact is false where there are more than that.
func (p *Projection) Count(ctx context.Context, s Scope, f Filter) (n int, exact bool, err error) {
	q, err := newQuery(s, f, Order{})
	if err != nil {
		return 0, false, err
	}
	err = p.View(ctx, func(tx *sqlite.Tx) (err error) {
		q.tx = tx
		n, exact, err = q.count()
		return err
	})
	return n, exact, err
}

// query is a list that is asked for.
type query struct {
	tx       *sqlite.Tx
	f        Filter
	order    Order
	match    string   // what the index of search is asked; empty: nothing
	where    []string // what a row of records, called r, must fulfil beside that
	args     []any    // of where
	cells    []string // the same for a row of cells, called r
	cellArgs []any
	asCell   bool // cells answers all that is asked
}

// newQuery translates a filter. fault.BadInput: it asks for days that are none.
func newQuery(s Scope, f Filter, o Order) (*query, error) {
	q := &query{f: f, order: o, asCell: f.Text == "" && f.Officer == "" && f.Replica == 0 && !f.Hidden}
	for _, day := range []string{f.From, f.To} {
		if day != "" && !viet.ValidDate(day) {
			return nil, fault.New(fault.BadInput, "projection.List", fmt.Errorf("day %q", day))
		}
	}
	seen := s
	if f.Units != nil {
		asked := map[string]bool{}
		for _, u := range f.Units {
			asked[u] = true
		}
		seen.Units = slices.DeleteFunc(slices.Clone(s.Units), func(u string) bool { return !asked[u] })
		if !asked[s.Own] {
			seen.Own = ""
		}
	}
	var all []string // what every record must have
	scope, args := seen.Where("r")
	q.both(scope, args...)
	if len(seen.Units) < maxMarks {
		all = append(all, anyOf(feedMarks(seen)))
	}
	if f.Form != "" {
		all = append(all, quoted(marked(markForm, f.Form)))
		q.both("r.form = ?", f.Form)
	}
	if f.State != "" {
		all = append(all, quoted(markState+string(f.State)))
		q.both("r.state = ?", string(f.State))
	}
	if f.Officer != "" {
		all = append(all, quoted(marked(markOfficer, f.Officer)))
		q.row("r.officer = ?", f.Officer)
	}
	if f.Replica != 0 {
		all = append(all, quoted(replicaMark(f.Replica)))
		q.row("r.replica = ?", int64(f.Replica))
	}
	all = append(all, q.days()...)
	all = append(all, wordsOf(f.Text)...)
	q.row("r.hidden = ?", f.Hidden)
	if !f.Hidden { // the index has no others
		q.match = strings.Join(all, " AND ")
	}
	return q, nil
}

// both adds a condition of records that cells can be asked too.
func (q *query) both(condition string, args ...any) {
	q.row(condition, args...)
	q.cells, q.cellArgs = append(q.cells, condition), append(q.cellArgs, args...)
}

// row adds a condition of records.
func (q *query) row(condition string, args ...any) {
	q.where, q.args = append(q.where, condition), append(q.args, args...)
}

// days adds the conditions of the period, and returns what the index is asked of its months where they are few. A period
// has no records without a day.
func (q *query) days() (match []string) {
	from, to := q.f.From, q.f.To
	if from == "" && to == "" {
		return nil
	}
	if from == "" {
		from = "0000-01-01"
	}
	if to == "" {
		to = "9999-12-31"
	}
	q.row("r.day BETWEEN ? AND ?", from, to)
	q.cells = append(q.cells, "r.month BETWEEN ? AND ?")
	q.cellArgs = append(q.cellArgs, monthOf(from), monthOf(to))
	q.asCell = q.asCell && strings.HasSuffix(from, "-01") && isLastOfMonth(to)
	first, err1 := time.Parse(time.DateOnly, from)
	last, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil || last.After(first.AddDate(0, maxMarks, 0)) {
		return nil
	}
	var months []string
	for m := first.AddDate(0, 0, 1-first.Day()); !m.After(last); m = m.AddDate(0, 1, 0) {
		months = append(months, monthMark(m.Format("2006-01")))
	}
	return []string{anyOf(months)}
}

func isLastOfMonth(day string) bool {
	d, err := time.Parse(time.DateOnly, day)
	return err == nil && d.AddDate(0, 0, 1).Day() == 1
}

func feedMarks(s Scope) (marks []string) {
	for _, unit := range s.Units {
		marks = append(marks, feedMark(unit, true))
	}
	if s.Own != "" {
		marks = append(marks, feedMark(s.Own, false))
	}
	return marks
}

func quoted(token string) string { return `"` + token + `"` }

// anyOf asks for one of the tokens; of none nothing is found.
func anyOf(tokens []string) string {
	if len(tokens) == 0 {
		return quoted("\ue00f")
	}
	for i, t := range tokens {
		tokens[i] = quoted(t)
	}
	return "(" + strings.Join(tokens, " OR ") + ")"
}

// wordsOf is what the index is asked for a text: all its words, the last one also as a beginning.
func wordsOf(text string) (match []string) {
	folded := viet.Fold(text)
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }
	words := strings.FieldsFunc(folded, apart)
	last, _ := utf8.DecodeLastRuneInString(folded)
	for i, w := range words {
		token := quoted(w)
		if i == len(words)-1 && !apart(last) && utf8.RuneCountInString(w) >= 2 {
			token += " *"
		}
		match = append(match, token)
	}
	return match
}

// count says how many records the list has.
func (q *query) count() (n int, exact bool, err error) {
	if !q.f.Hidden {
		row, err := q.tx.One("SELECT coalesce(sum(n), 0) FROM cells r WHERE "+strings.Join(q.cells, " AND "), q.cellArgs...)
		if err != nil {
			return 0, false, err
		}
		if n = int(row.Int64(0)); q.asCell || n == 0 {
			return n, true, nil
		}
	}
	from, where, args := q.source()
	row, err := q.tx.One("SELECT count(*) FROM (SELECT 1 FROM "+from+" WHERE "+where+" LIMIT ?)", append(args, maxCounted+1)...)
	if err != nil {
		return 0, false, err
	}
	n = int(row.Int64(0))
	return min(n, maxCounted), n <= maxCounted, nil
}

// source is from where the rows of the list come in the order of their arrival.
func (q *query) source() (from, where string, args []any) {
	where, args = strings.Join(q.where, " AND "), slices.Clone(q.args)
	if q.match == "" {
		return "records r", where, args
	}
	return "search CROSS JOIN records r ON r.rec = search.rowid", "search MATCH ? AND " + where, append([]any{q.match}, args...)
}

// rows returns the rows behind a place.
func (q *query) rows(after *at, limit int) ([]Row, error) {
	if q.order.By == ByDay {
		return q.rowsByDay(after, limit)
	}
	from, where, args := q.source()
	key, than, direction := "r.rec", " < ?", " DESC"
	if q.match != "" {
		key = "search.rowid"
	}
	if q.order.Asc {
		than, direction = " > ?", ""
	}
	if after != nil {
		where += " AND " + key + than
		args = append(args, after.rec)
	}
	return q.read("SELECT "+columnsOf("r")+" FROM "+from+" WHERE "+where+" ORDER BY "+key+direction+" LIMIT ?", append(args, limit)...)
}

// rowsByDay sorts what the index finds where that is few, and otherwise goes through the days.
func (q *query) rowsByDay(after *at, limit int) ([]Row, error) {
	where, args := strings.Join(q.where, " AND "), slices.Clone(q.args)
	from := "records r INDEXED BY records_day"
	if q.match != "" {
		row, err := q.tx.One("SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)", q.match, few+1)
		if err != nil {
			return nil, err
		}
		switch {
		case row.Int64(0) <= few:
			from, where, args = q.source()
		case q.f.Text != "":
			where += " AND r.rec IN (SELECT rowid FROM search WHERE search MATCH ?)"
			args = append(args, q.match)
		}
	}
	than, direction := " < ", " DESC"
	if q.order.Asc {
		than, direction = " > ", ""
	}
	if after != nil {
		where += " AND (r.day, r.rec)" + than + "(?, ?)"
		args = append(args, after.day, after.rec)
	}
	return q.read("SELECT "+columnsOf("r")+" FROM "+from+" WHERE "+where+" ORDER BY r.day"+direction+", r.rec"+direction+" LIMIT ?", append(args, limit)...)
}

func columnsOf(alias string) string {
	return alias + "." + strings.ReplaceAll(rowColumns, ", ", ", "+alias+".")
}

func (q *query) read(text string, args ...any) (all []Row, err error) {
	rows := q.tx.Query(text, args...)
	defer rows.Close()
	for rows.Next() {
		r, err := readRow(&rows.Row)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// at is where a Cursor stands: behind this row.
type at struct {
	day string
	rec int64
}

func cursorOf(r *Row) Cursor {
	return Cursor(base64.RawURLEncoding.EncodeToString([]byte(r.Day + " " + strconv.FormatInt(r.Rec, 36))))
}

// parseCursor reads what cursorOf wrote; nil is the beginning. fault.BadInput: it is none.
func parseCursor(c Cursor) (*at, error) {
	if c == "" {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(string(c))
	day, number, ok := strings.Cut(string(text), " ")
	if err == nil && (!ok || day != "" && !viet.ValidDate(day)) {
		err = errors.New("no place in a list")
	}
	rec, numberErr := strconv.ParseInt(number, 36, 64)
	if err = errors.Join(err, numberErr); err != nil {
		return nil, fault.New(fault.BadInput, "projection.List", err)
	}
	return &at{day, rec}, nil
}
