package projection

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
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
	MaxRows   = 1000 // of a page
	usualRows = 50
	// maxCounted is how many records that may be in a list are looked at for its total.
	maxCounted = 5000
	// maxMonths is how many months are looked up in the index of search; a longer period is asked row by row.
	maxMonths = 60
	// sparse: of so many records in the tables a scope has one, or less. The index of search then looks up its units; a
	// scope of more is asked row by row, and its rows are never far.
	sparse = 50
	// stepsOfRow is how many steps along the days take as long as to look up one row.
	stepsOfRow = 10
	// maxWords is how many words of a text are looked for.
	maxWords = 30
)

// mostSorted is up to how many records are sorted at most (fewOf). Tests have fewer.
var mostSorted = 20_000

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
		if some, err := q.begin(tx); !some || err != nil {
			page.Exact = true
			return err
		}
		if page.Rows, err = q.rows(after, limit+1); err != nil {
			return err
		}
		if page.Total, page.Exact = len(page.Rows), true; after == nil && page.Total <= limit {
			return nil
		}
		n, exact, err := q.count()
		page.Total, page.Exact = max(n, page.Total), exact
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

// Count says how many records are in the scope and fit the filter; exact is false where there are more, or may be.
func (p *Projection) Count(ctx context.Context, s Scope, f Filter) (n int, exact bool, err error) {
	q, err := newQuery(s, f, Order{})
	if err != nil {
		return 0, false, err
	}
	err = p.View(ctx, func(tx *sqlite.Tx) (err error) {
		if some, err := q.begin(tx); !some || err != nil {
			exact = true
			return err
		}
		n, exact, err = q.count()
		return err
	})
	return n, exact, err
}

// query is a list that is asked for.
type query struct {
	tx    *sqlite.Tx
	scope Scope
	f     Filter
	order Order
	few   int      // up to how many records are sorted; more are gone through in their order
	match []string // what the index of search must have
	found string   // the records that it has, where these are few and were looked up: a list of SQLite; "" not yet
	where []string // what a row of records, called r, must fulfil
	args  []any    // of where
}

// newQuery translates a filter. fault.BadInput: it asks for days or a state that are none.
func newQuery(s Scope, f Filter, o Order) (*query, error) {
	for _, day := range []string{f.From, f.To} {
		if day != "" && !viet.ValidDate(day) {
			return nil, fault.New(fault.BadInput, "projection.List", fmt.Errorf("day %q", day))
		}
	}
	if f.State != "" && !slices.Contains(States, f.State) {
		return nil, fault.New(fault.BadInput, "projection.List", fmt.Errorf("state %q", f.State))
	}
	q := &query{scope: s.Among(f.Units), f: f, order: o}
	q.ask("", fmt.Sprintf("r.hidden = %d", boolToInt(f.Hidden))) // by its text: there is an index of those that are
	if f.Form != "" {
		q.ask(quoted(marked(markForm, f.Form)), "r.form = ?", f.Form)
	}
	if f.State != "" {
		q.ask(quoted(markState+string(f.State)), "r.state = ?", string(f.State))
	}
	if f.Officer != "" {
		q.ask(quoted(marked(markOfficer, f.Officer)), "r.officer = ?", f.Officer)
	}
	if f.Replica != 0 {
		q.ask(quoted(replicaMark(f.Replica)), "r.replica = ?", int64(f.Replica))
	}
	if f.From != "" || f.To != "" { // a record without a day is in no period
		from, to := q.period()
		q.ask(monthsOf(from, to), "r.day BETWEEN ? AND ?", from, to)
	}
	q.match = append(q.match, wordsOf(f.Text)...)
	return q, nil
}

// period is that of the filter, which asks for one.
func (q *query) period() (from, to string) {
	return cmp.Or(q.f.From, "0000-01-01"), cmp.Or(q.f.To, "9999-12-31")
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ask adds a condition of records, and what the index can be asked of it.
func (q *query) ask(match, condition string, args ...any) {
	if match != "" {
		q.match = append(q.match, match)
	}
	q.where, q.args = append(q.where, condition), append(q.args, args...)
}

// Among is the scope without other units than these; nil: all.
func (s Scope) Among(units []string) Scope {
	if units == nil {
		return s
	}
	asked := map[string]bool{}
	for _, u := range units {
		asked[u] = true
	}
	s.Units = slices.DeleteFunc(slices.Clone(s.Units), func(u string) bool { return !asked[u] })
	if !asked[s.Own] {
		s.Own = ""
	}
	return s
}

// begin reports whether the scope has any record, and decides by how many it has how it is asked for.
func (q *query) begin(tx *sqlite.Tx) (some bool, err error) {
	q.tx = tx
	scope, args := q.scope.Where("r")
	if q.f.Hidden { // the index of search has none of them
		q.match = nil
		q.ask("", scope, args...)
		return q.f.Text == "", nil
	}
	holdings, form := " FROM holdings r WHERE 1", []any(nil)
	if q.f.Form != "" { // hardly any tip is seen by a province that sees much
		holdings, form = " FROM holdings r WHERE form = ?", []any{q.f.Form}
	}
	row, err := tx.One("SELECT coalesce(sum(n) FILTER (WHERE "+scope+"), 0), coalesce(sum(n), 0), coalesce(sum(n) FILTER (WHERE compartment = 'ordinary' AND NOT "+
		scope+"), 0)"+holdings, slices.Concat(args, args, form)...)
	if err != nil {
		return false, err
	}
	seen, all, ordinary := row.Int64(0), row.Int64(1), row.Int64(2)
	if seen*sparse < all {
		var marks []string
		rows := tx.Query("SELECT DISTINCT unit, compartment = 'ordinary'"+holdings+" AND "+scope, append(form, args...)...)
		for rows.Next() {
			marks = append(marks, feedMark(rows.Text(0), rows.Bool(1)))
		}
		if err := rows.Err(); err != nil {
			return false, err
		}
		q.match = append(q.match, anyOf(marks))
	}
	if ordinary == 0 { // the whole country
		scope, args = q.scope.others("r")
		scope = "(r.compartment = 'ordinary' OR " + scope + ")"
	}
	q.ask("", scope, args...)
	q.few = fewOf(seen, all)
	return seen > 0, nil
}

// fewOf is how many records that fit a filter are looked up and sorted as quickly as the days are gone through until a page of those
// that also are in the scope is full. In the scope are seen of all: of n that fit, a page takes about usualRows · all/n · all/seen steps.
func fewOf(seen, all int64) int {
	if seen == 0 {
		return 0
	}
	return min(int(math.Sqrt(usualRows/stepsOfRow*float64(all)*float64(all)/float64(seen))), mostSorted)
}

// monthsOf asks for one of the months of a period; nothing where they are many.
func monthsOf(from, to string) string {
	first, err1 := time.Parse(time.DateOnly, from)
	last, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil || last.After(first.AddDate(0, maxMonths, 0)) {
		return ""
	}
	var months []string
	for m := first.AddDate(0, 0, 1-first.Day()); !m.After(last); m = m.AddDate(0, 1, 0) {
		months = append(months, monthMark(m.Format("2006-01")))
	}
	return anyOf(months)
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

// wordsOf is what the index is asked for a text: all its words (up to maxWords), the last one also as a beginning.
func wordsOf(text string) (match []string) {
	folded := viet.Fold(text)
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }
	words := strings.FieldsFunc(folded, apart)
	words = words[:min(len(words), maxWords)]
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

// count says how many records the list has, of those that are looked at; exact: these are all.
func (q *query) count() (n int, exact bool, err error) {
	where, args := strings.Join(q.where, " AND "), slices.Clone(q.args)
	candidates := "SELECT rec FROM records ORDER BY rec DESC LIMIT ?"
	if q.f.Hidden {
		candidates = "SELECT rec FROM records WHERE hidden = 1 LIMIT ?"
	}
	lead := []any{maxCounted}
	switch {
	case q.found != "":
		candidates = "SELECT value AS rec FROM json_each(?) ORDER BY value DESC LIMIT ?"
		lead = []any{q.found, maxCounted}
	case len(q.match) > 0:
		candidates = "SELECT rowid AS rec FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?"
		lead = []any{strings.Join(q.match, " AND "), maxCounted}
	}
	row, err := q.tx.One("SELECT count(*), coalesce(sum("+where+"), 0) FROM ("+candidates+") c CROSS JOIN records r ON r.rec = c.rec", append(args, lead...)...)
	if err != nil {
		return 0, false, err
	}
	return int(row.Int64(1)), row.Int64(0) < maxCounted, nil
}

// source is from where the rows of the list come in the order of their arrival.
func (q *query) source() (from, where string, args []any) {
	where, args = strings.Join(q.where, " AND "), slices.Clone(q.args)
	if len(q.match) == 0 {
		return "records r", where, args
	}
	return "search CROSS JOIN records r ON r.rec = search.rowid", "search MATCH ? AND " + where, append([]any{strings.Join(q.match, " AND ")}, args...)
}

// rows returns the rows behind a place.
func (q *query) rows(after *at, limit int) ([]Row, error) {
	if q.order.By == ByDay {
		return q.rowsByDay(after, limit)
	}
	from, where, args := q.source()
	key, than, direction := "r.rec", " < ?", " DESC"
	if len(q.match) > 0 {
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

// rowsByDay sorts what the index of search finds where that is little, and otherwise goes through the days.
func (q *query) rowsByDay(after *at, limit int) ([]Row, error) {
	if len(q.match) == 0 {
		return q.alongDays(after, limit, "1")
	}
	row, err := q.tx.One("SELECT count(*), json_group_array(rowid) FROM (SELECT rowid FROM search WHERE search MATCH ? LIMIT ?)", strings.Join(q.match, " AND "), q.few+1)
	if err != nil {
		return nil, err
	}
	if row.Int64(0) > int64(q.few) {
		return q.byMonths(after, limit)
	}
	q.found = row.Text(1)
	behind, place := q.behind(after)
	where := strings.Join(append(slices.Clone(q.where), behind), " AND ")
	return q.readByDay("json_each(?) j CROSS JOIN records r ON r.rec = j.value", where, slices.Concat([]any{q.found}, q.args, place), limit)
}

// byMonths goes through the days a month at a time: what the index finds in one is little enough to be held against its days, so that
// no other record is looked up.
func (q *query) byMonths(after *at, limit int) (rows []Row, err error) {
	for len(rows) < limit {
		month, some, err := q.nextMonth(after)
		if !some || err != nil {
			return rows, err
		}
		end, within := &at{month, 0}, "r.day >= ?"
		if q.order.Asc {
			end, within = &at{lastOf(month), math.MaxInt64}, "r.day <= ?"
		}
		match := strings.Join(append(slices.Clone(q.match), quoted(monthMark(month))), " AND ")
		more, err := q.alongDays(after, limit-len(rows), within+" AND r.rec IN (SELECT rowid FROM search WHERE search MATCH ?)", end.day, match)
		if err != nil {
			return nil, err
		}
		rows, after = append(rows, more...), end
	}
	return rows, nil
}

// nextMonth is the month of the first record behind a place, if there is one that the list may have.
func (q *query) nextMonth(after *at) (month string, some bool, err error) {
	where, args := q.behind(after)
	if q.f.From != "" || q.f.To != "" {
		from, to := q.period()
		where, args = where+" AND r.day BETWEEN ? AND ?", append(args, from, to)
	}
	row, err := q.tx.One("SELECT r.day FROM records r INDEXED BY records_day WHERE "+where+q.byDay()+" LIMIT 1", args...)
	if errors.Is(err, sqlite.ErrNoRow) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	return monthOf(row.Text(0)), true, nil
}

// lastOf is no day before the last of a month; of none, none.
func lastOf(month string) string {
	if month == "" {
		return ""
	}
	return month + "-31"
}

// alongDays goes through the records by their days, from behind a place; each must fulfil one condition more.
func (q *query) alongDays(after *at, limit int, more string, args ...any) ([]Row, error) {
	behind, place := q.behind(after)
	where := strings.Join(append(slices.Clone(q.where), more, behind), " AND ")
	return q.readByDay("records r INDEXED BY records_day", where, slices.Concat(q.args, args, place), limit)
}

// behind is the condition that a record comes after a place in the order of the days.
func (q *query) behind(place *at) (condition string, args []any) {
	switch {
	case place == nil:
		return "1", nil
	case q.order.Asc:
		return "(r.day, r.rec) > (?, ?)", []any{place.day, place.rec}
	}
	return "(r.day, r.rec) < (?, ?)", []any{place.day, place.rec}
}

func (q *query) byDay() string {
	if q.order.Asc {
		return " ORDER BY r.day, r.rec"
	}
	return " ORDER BY r.day DESC, r.rec DESC"
}

func (q *query) readByDay(from, where string, args []any, limit int) ([]Row, error) {
	return q.read("SELECT "+columnsOf("r")+" FROM "+from+" WHERE "+where+q.byDay()+" LIMIT ?", append(args, limit)...)
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
