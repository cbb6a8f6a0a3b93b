package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/record"
)

// found is a row that fits a query.
type found struct {
	rec     record.Dot
	written record.Millis
}

func newestFirst(a, b found) int {
	return cmp.Or(cmp.Compare(b.written, a.written), b.rec.Compare(a.rec))
}

// Search implements notebook.Desk.
//
// A word of the text may stand in the line of a record, or in what its place is called. The index holds only the lines, with
// the place of each: so a place may be called otherwise, or be erased, without any other line being written anew. Which
// places are called by the words is looked up first; there are few places. Then each set of words that is left to the
// lines is one walk through the index.
func (t *transaction) Search(q notebook.Query) ([]record.Dot, error) {
	if q.Limit <= 0 {
		return nil, nil
	}
	if err := t.flushWords(); err != nil {
		return nil, err
	}
	receipts, err := notebook.ReceiptsOf(t)
	if err != nil {
		return nil, err
	}
	s := search{t: t, q: &q, receipts: receipts}
	if few, ok, err := s.fewQueued(); ok || err != nil {
		return recordsOf(few, q.Limit), err
	}
	ways, err := s.ways()
	if err != nil {
		return nil, err
	}
	var all []found
	for _, w := range ways {
		some, err := s.walk(w)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = some
			continue
		}
		all = append(all, some...)
		slices.SortFunc(all, newestFirst)
		all = slices.Compact(all)
	}
	return recordsOf(all, q.Limit), receipts.Err()
}

func recordsOf(all []found, limit int) []record.Dot {
	recs := make([]record.Dot, 0, min(len(all), limit))
	for _, f := range all[:min(len(all), limit)] {
		recs = append(recs, f.rec)
	}
	return recs
}

// Count implements notebook.Desk.
func (t *transaction) Count() (int, error) {
	if err := t.flushWords(); err != nil {
		return 0, err
	}
	row, err := t.SQL().One("SELECT count(*) FROM row_search WHERE row_search MATCH ?", quoted(markVisible))
	if err != nil {
		return 0, err
	}
	return int(row.Int64(0)), nil
}

// search is one query at work.
type search struct {
	t        *transaction
	q        *notebook.Query
	receipts *notebook.Receipts
}

// way is one way for a line to fit the text: it has these words, and names one of these places for the others.
type way struct {
	words  []string
	places map[record.Dot]bool // nil: any
}

// fewPlaces is how many places the index is asked for. It looks at each of them for each line; where there are more, many
// lines name one of them, and the newest are soon found by looking at the lines.
const fewPlaces = 48

// ways are all ways to fit the text.
func (s *search) ways() ([]way, error) {
	words := s.q.Words()
	ways := []way{{words: words}}
	if len(words) == 0 {
		return ways, nil
	}
	names, err := s.called()
	if err != nil {
		return nil, err
	}
	left := map[string]way{} // by the words that are left to the line
	for place, name := range names {
		rest := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return notebook.HasWord(name, w) })
		if len(rest) == len(words) {
			continue
		}
		key := strings.Join(rest, " ")
		if _, ok := left[key]; !ok {
			left[key] = way{rest, map[record.Dot]bool{}}
		}
		left[key].places[place] = true
	}
	for _, key := range slices.Sorted(maps.Keys(left)) {
		ways = append(ways, left[key])
	}
	return ways, nil
}

// called says what the places of the list are called.
func (s *search) called() (map[record.Dot]string, error) {
	rows := s.t.SQL().Query("SELECT record_run, record_n, calls FROM row WHERE calls <> '' AND visible <> 0")
	defer rows.Close()
	names := map[record.Dot]string{}
	for rows.Next() {
		names[dot(&rows.Row, 0)] = rows.Text(2)
	}
	return names, rows.Err()
}

// walk gives the newest lines that fit in a way. The index gives the rows in the order of their ids, which is nearly that of
// their times; it is read until nothing later in it can belong among the newest.
func (s *search) walk(w way) ([]found, error) {
	from, to, _ := s.q.Days()
	rows := s.t.SQL().Query(`SELECT row.id, row.record_run, row.record_n, row.written, row.own_run, row.own_n, row.place_run, row.place_n
		FROM row_search JOIN row ON row.id = row_search.rowid
		WHERE row_search MATCH ?1 AND (?2 = '' OR row.date BETWEEN ?2 AND ?3) ORDER BY row_search.rowid DESC`, s.expression(w), from, to)
	defer rows.Close()
	var best []found
	for rows.Next() {
		if len(best) >= s.q.Limit && rows.Int64(0)>>idShift < min(best[s.q.Limit-1].written, maxWritten) {
			break
		}
		if len(w.places) > fewPlaces && !w.places[dot(&rows.Row, 6)] {
			continue
		}
		switch s.q.State {
		case notebook.StateQueued, notebook.StateCentre, notebook.StateApproved:
			if s.receipts.Lacks(dot(&rows.Row, 4)) != (s.q.State == notebook.StateQueued) {
				continue
			}
		}
		best = insert(best, found{dot(&rows.Row, 1), rows.Int64(3)}, s.q.Limit)
	}
	return best, rows.Err()
}

// insert puts f among the newest, of which at most limit are kept.
func insert(best []found, f found, limit int) []found {
	at, _ := slices.BinarySearchFunc(best, f, newestFirst)
	best = slices.Insert(best, at, f)
	return best[:min(len(best), limit)]
}

// fewChanges is how many own changes without a receipt are looked at one by one.
const fewChanges = 2000

// fewQueued answers a query for what waits to be sent, when that is little; false when it is not, or something else is
// asked. It follows the receipts: nothing in the list says what waits.
func (s *search) fewQueued() (few []found, ok bool, err error) {
	if s.q.State != notebook.StateQueued {
		return nil, false, nil
	}
	open, err := notebook.Unreceipted(s.t)
	if err != nil {
		return nil, false, err
	}
	left := int64(fewChanges)
	for run, upTo := range open {
		n, err := s.t.SQL().One("SELECT count(*) FROM (SELECT 1 FROM row WHERE own_run = ? AND own_n > ? AND own_n <> 0 LIMIT ?)", int64(run), int64(upTo), left+1)
		if err != nil {
			return nil, false, err
		}
		if left -= n.Int64(0); left < 0 {
			return nil, false, nil
		}
	}
	var places map[record.Dot]string
	if len(s.q.Words()) > 0 {
		if places, err = s.called(); err != nil {
			return nil, false, err
		}
	}
	called := func(place record.Dot) string { return places[place] }
	for run, upTo := range open {
		rows := s.t.SQL().Query("SELECT "+rowColumns+" FROM row WHERE own_run = ? AND own_n > ? AND own_n <> 0", int64(run), int64(upTo))
		for rows.Next() {
			if l := readLine(&rows.Row); s.q.Fits(&l.Row, called, s.receipts.Lacks) {
				few = append(few, found{l.Record, l.Written})
			}
		}
		if err := rows.Err(); err != nil {
			return nil, false, err
		}
	}
	slices.SortFunc(few, newestFirst)
	return few, true, s.receipts.Err()
}

// expression writes a way to fit in the language of FTS5. Every part is quoted; words have neither quotes nor operators.
func (s *search) expression(w way) string {
	parts := []string{quoted(markVisible)}
	if s.q.State == notebook.StateDeleted {
		parts = []string{quoted(markDeleted)}
	}
	if s.q.Form != "" {
		parts = append(parts, quoted(marked(markForm, s.q.Form)))
	}
	if s.q.Unit != "" {
		parts = append(parts, quoted(marked(markUnit, s.q.Unit)))
	}
	switch s.q.State {
	case notebook.StateConflict:
		parts = append(parts, quoted(markConflict))
	case notebook.StateAttention:
		parts = append(parts, quoted(markRejected))
	case notebook.StateAsking:
		parts = append(parts, anyOf([]string{markConflict, markRejected, markReturned}))
	case notebook.StateReturned:
		parts = append(parts, quoted(markReturned))
	case notebook.StateQueued:
		parts = append(parts, quoted(markQuiet))
	case notebook.StateApproved:
		parts = append(parts, quoted(markApproved))
	case notebook.StateCentre:
		parts = append(parts, "("+quoted(markQuiet)+" NOT "+quoted(markApproved)+")")
	}
	if days := daysBetween(s.q.From, s.q.To); len(days) > 0 {
		parts = append(parts, anyOf(days))
	}
	for _, word := range w.words {
		parts = append(parts, quoted(word)+"*")
	}
	if len(w.places) > 0 && len(w.places) <= fewPlaces {
		var places []string
		for p := range w.places {
			places = append(places, marked(markPlace, p.String()))
		}
		slices.Sort(places)
		parts = append(parts, anyOf(places))
	}
	return strings.Join(parts, " AND ")
}

// Stretches of days that are named one by one, or by their months. What is longer, or open, fits so many lines that the walk
// ends soon.
const (
	mostDays   = 31
	mostMonths = 24
)

// daysBetween are marks of which every line of these days has one; lines of other days of the same months may have one, too.
// None: there are too many.
func daysBetween(from, to string) (marks []string) {
	first, err1 := time.Parse(time.DateOnly, from)
	last, err2 := time.Parse(time.DateOnly, to)
	switch days := int(last.Sub(first).Hours()/24) + 1; {
	case err1 != nil || err2 != nil || days < 1 || days > mostMonths*28:
	case days <= mostDays:
		for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
			marks = append(marks, dayMark(day.Format(time.DateOnly)))
		}
	default:
		for month := first.AddDate(0, 0, 1-first.Day()); !month.After(last); month = month.AddDate(0, 1, 0) {
			marks = append(marks, monthMark(month.Format(time.DateOnly)))
		}
	}
	return marks
}

func anyOf(terms []string) string {
	quotes := make([]string, len(terms))
	for i, x := range terms {
		quotes[i] = quoted(x)
	}
	return "(" + strings.Join(quotes, " OR ") + ")"
}

func quoted(s string) string { return `"` + s + `"` }
