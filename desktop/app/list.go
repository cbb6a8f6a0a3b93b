package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Limits of the list.
const (
	pageRows   = 64           // rows read at once
	firstRows  = 2 * pageRows // records that another question answers first: more than fit on a screen
	pagesKept  = 32           // of these, the most that are kept
	mostListed = 200_000      // records: twice what a large commune writes in ten years
	debounce   = SearchPause  // between the last key and the search
)

// SearchPause is how long the list waits for another key before it searches.
const SearchPause = 150 * time.Millisecond

// Standing is the one state that a record shows.
type Standing uint8

// The standings; of several that hold, the last named here is shown.
const (
	AtCentre Standing = iota
	Queued
	HasDraft
	NeedsAttention
	InConflict
)

// Row is a line of the list.
type Row struct {
	Record   record.Dot
	Title    string // what it is
	Sub      string // where, and the one figure that tells it from its neighbours
	Day      string // when it happened, short
	Standing Standing
}

// List is the list of records with its search. Its length is a field and its rows come in pages, so that it is as quick
// with a hundred thousand records as with ten.
type List struct {
	a       *App
	query   notebook.Query
	ids     []record.Dot
	rows    pages
	venues  map[string]string // names by reference, as long as the rows are kept
	chosen  record.Dot
	at      int            // of chosen in ids; -1: not among them
	round   int            // of the search whose answer is awaited
	known   notebook.Query // what ids answers, without a limit
	whole   bool           // ids are all records that fit
	asked   bool
	stop    func()
	trouble Trouble
}

// Len is the number of rows.
func (l *List) Len() int { return len(l.ids) }

// Query is what the list is narrowed by.
func (l *List) Query() notebook.Query { return l.query }

// Chosen is the place of the chosen record; -1 when none is, or it is not among the rows.
func (l *List) Chosen() int { return l.at }

// Trouble says why the list could not be read.
func (l *List) Trouble() Trouble { return l.trouble }

// Ready reports whether a search has answered since sign-in.
func (l *List) Ready() bool { return l.asked }

// SetText narrows the list by words, shortly after the last key.
func (l *List) SetText(text string) {
	if text == l.query.Text {
		return
	}
	l.query.Text = text
	if l.stop != nil {
		l.stop()
	}
	l.stop = l.a.after(debounce, l.search)
}

// SetForm narrows the list to one kind of record; empty: all.
func (l *List) SetForm(id string) { l.narrow(func(q *notebook.Query) { q.Form = id }) }

// SetState narrows the list to what waits for somebody.
func (l *List) SetState(s notebook.State) { l.narrow(func(q *notebook.Query) { q.State = s }) }

// Everything takes every filter off.
func (l *List) Everything() { l.narrow(func(q *notebook.Query) { *q = notebook.Query{} }) }

func (l *List) narrow(f func(*notebook.Query)) {
	q := l.query
	f(&q)
	if q != l.query {
		l.query = q
		l.search()
		l.a.show(PartList)
	}
}

// search asks for the rows; only answers to the latest question are taken. To another question the first rows come at once
// and all of them a little later; the answer to the same one is changed only when all are there, so that nothing jumps.
func (l *List) search() {
	if l.stop != nil {
		l.stop()
		l.stop = nil
	}
	l.round++
	limit := firstRows
	if l.whole && l.query == l.known {
		limit = mostListed
	}
	l.ask(l.round, l.query, limit)
}

func (l *List) ask(round int, q notebook.Query, limit int) {
	l.a.run(func(ctx context.Context) func() {
		limited := q
		limited.Limit = limit
		ids, err := l.a.o.Notebook.Search(ctx, limited)
		return func() {
			if round != l.round {
				return
			}
			l.known, l.whole = q, err == nil && (len(ids) < limit || limit == mostListed)
			l.found(ids, err)
			if err == nil && !l.whole { // behind the first rows
				l.ask(round, q, mostListed)
			}
		}
	})
}

// Whole reports whether the rows are all that fit, and not only the first of them.
func (l *List) Whole() bool { return l.whole }

func (l *List) found(ids []record.Dot, err error) {
	l.trouble = Trouble{}
	if err != nil {
		l.trouble = l.a.sayFault(err)
		l.a.show(PartList)
		return
	}
	l.ids, l.asked = ids, true
	l.at = slices.Index(ids, l.chosen)
	l.a.desk.stale = false
	l.forget()
	l.a.show(PartList)
}

// forget drops the rows that were read; they are read again when they are drawn.
func (l *List) forget() { l.rows, l.venues = newPages(), map[string]string{} }

func (l *List) reset() {
	*l = List{a: l.a, at: -1, rows: newPages(), round: l.round + 1}
}

// Choose opens the record of a row beside the list.
func (l *List) Choose(i int) {
	if i < 0 || i >= len(l.ids) {
		return
	}
	l.at, l.chosen = i, l.ids[i]
	l.a.open(l.chosen)
}

// Row gives a row, reading its page when it is not kept. A row that cannot be read is empty.
func (l *List) Row(i int) Row {
	if i < 0 || i >= len(l.ids) {
		return Row{}
	}
	p := i / pageRows
	rows, ok := l.rows.get(p)
	if !ok {
		rows = l.read(l.ids[p*pageRows : min(len(l.ids), (p+1)*pageRows)])
		l.rows.put(p, rows)
	}
	return rows[i%pageRows]
}

func (l *List) read(ids []record.Dot) []Row {
	rows := make([]Row, len(ids))
	lines, _ := l.a.o.Notebook.Lines(l.a.ctx, ids)
	byRecord := make(map[record.Dot]*notebook.Line, len(lines))
	for i := range lines {
		byRecord[lines[i].Record] = &lines[i]
	}
	for i, id := range ids {
		if line := byRecord[id]; line != nil {
			rows[i] = l.dress(line)
		}
	}
	return rows
}

// dress says a row in the officer's language.
func (l *List) dress(line *notebook.Line) Row {
	r := Row{Record: line.Record, Standing: l.a.standing(line)}
	day := viet.Date(line.Date)
	name, place := l.name(line)
	kind, rest := parts(l.a.lang, l.a.o.Forms.Library.Title(line.Form), name)
	rest = slices.DeleteFunc(rest, func(p string) bool { return p == day })
	r.Title, r.Sub = kind, join(append([]string{place}, rest...)...)
	if r.Sub == "" {
		r.Sub = l.a.T("record.name", "name", humanName(line.Replica, line.Record))
	}
	if len(day) >= 5 {
		r.Day = day[:5]
	}
	return r
}

// name is the name of a record in the officer's language, and that of the venue that it names first. The list itself has
// names in Vietnamese.
func (l *List) name(line *notebook.Line) (name, place string) {
	f, known := l.a.o.Forms.Library.Lookup(line.Form)
	v, err := l.a.o.Notebook.View(l.a.ctx, line.Record)
	if !known || err != nil {
		return line.Title, ""
	}
	name = line.Title
	if l.a.lang != Vietnamese {
		if filling, err := f.Open(v.Values(), l.a.env(nil, v, unitOf(v))); err == nil {
			name = filling.Name()
		}
	}
	_, ref := placeOf(f, v)
	if _, ok := l.venues[ref]; !ok && ref != "" {
		l.venues[ref] = l.a.venueName(ref)
	}
	return name, l.venues[ref]
}

// placeOf is the first reference of a record to a place of the register, with the path where it stands.
func placeOf(f *form.Form, v *record.View) (path, ref string) {
	for _, field := range f.Fields() {
		if ref := v.Text(field.Path); ref != "" && field.Declared.Holds == declared.HoldsVenue {
			first, _, _ := strings.Cut(ref, " ")
			return field.Path, first
		}
	}
	return "", ""
}

// venueName is what the register calls a place.
func (a *App) venueName(ref string) string {
	rec, err := record.ParseDot(ref)
	if err != nil {
		return ref
	}
	v, err := a.o.Notebook.View(a.ctx, rec)
	if err != nil {
		return a.T("ref.unknown")
	}
	return cmp.Or(v.Text(recordLists[venueList].label), a.T("ref.unknown"))
}

func (a *App) standing(line *notebook.Line) Standing {
	drafted := slices.ContainsFunc(a.desk.drafts, func(d notebook.Draft) bool { return d.Record == line.Record })
	switch {
	case line.Conflict || line.Marked:
		return InConflict
	case line.Rejected:
		return NeedsAttention
	case drafted:
		return HasDraft
	case line.Queued:
		return Queued
	}
	return AtCentre
}

// Empty says why there are no rows and what one can do about it; action is empty when there is nothing to do.
func (l *List) Empty() (text, action string, do func()) {
	q := l.query
	q.Limit = 0
	switch {
	case q.Text != "":
		return l.a.T("list.nothing", "q", q.Text), l.a.T("list.all"), l.Everything
	case q.State == notebook.StateConflict:
		return l.a.T("list.noconflict"), l.a.T("list.all"), l.Everything
	case q.State == notebook.StateAttention:
		return l.a.T("reject.empty"), l.a.T("list.all"), l.Everything
	case q.Form != "":
		return l.a.T("list.noneform"), l.a.T("list.all"), l.Everything
	case len(l.a.desk.feeds) == 0:
		return l.a.T("list.nofeeds"), "", nil
	}
	return l.a.T("list.first"), l.a.T("new"), func() { l.a.Go(PageNew) }
}

// Footer counts the rows; it is empty until that is known.
func (l *List) Footer() string {
	if !l.whole {
		return ""
	}
	n := viet.Int(int64(len(l.ids)))
	if l.a.lang == English {
		n = englishInt(len(l.ids))
	}
	return l.a.T("list.footer", "n", n)
}

// pages keeps the rows that were read last.
type pages struct {
	rows map[int][]Row
	used []int // latest last
}

func newPages() pages { return pages{rows: map[int][]Row{}} }

func (p *pages) get(n int) ([]Row, bool) {
	rows, ok := p.rows[n]
	if ok && p.used[len(p.used)-1] != n {
		p.touch(n)
	}
	return rows, ok
}

func (p *pages) put(n int, rows []Row) {
	if len(p.used) >= pagesKept {
		delete(p.rows, p.used[0])
		p.used = slices.Delete(p.used, 0, 1)
	}
	p.rows[n] = rows
	p.used = append(p.used, n)
}

func (p *pages) touch(n int) {
	i := slices.Index(p.used, n)
	p.used = append(slices.Delete(p.used, i, i+1), n)
}
