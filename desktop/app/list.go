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
	pageRows   = 16          // rows read at once, on the screen's goroutine: about those that are seen at once
	pagesKept  = 128         // of these, the most that are kept
	firstRows  = 200         // records that answer a new question at once; the others follow
	mostListed = 200_000     // records: twice what a large commune writes in ten years
	debounce   = SearchPause // between the last key and the search
	restPause  = SearchPause // between the first rows and the others: they take long to read, and the first are to be drawn first
	newsPause  = time.Second // between two readings of all rows, when what is new came quicker than they were read
)

// SearchPause is how long the list waits for another key before it searches.
const SearchPause = 150 * time.Millisecond

// Standing is the one state that a record shows.
type Standing uint8

// The standings; of several that hold, the last named here is shown.
const (
	AnyStanding Standing = iota
	AtCentre
	Approved
	Queued
	Leaving // queued, and changes are on their way now
	HasDraft
	Returned // the centre has sent it back with a reason
	NeedsAttention
	InConflict
	Voided // deleted: it is found by this state alone
)

// Key names what a row is about: a record, or the draft of a record that does not exist yet.
type Key struct {
	Record record.Dot
	Draft  notebook.DraftID
}

// Row is a line of the list.
type Row struct {
	Key
	Title    string // what it is
	Sub      string // where, and the one figure that tells it from its neighbours
	Day      string // when it happened, short
	Standing Standing
}

// List is the list of records with its search. Its length is a field and its rows come in pages, so that it is as quick
// with a hundred thousand records as with ten. The drafts of new records stand on top: they are few, and what was begun is
// to be finished.
type List struct {
	a       *App
	filter  Filter // what is asked for
	shown   Filter // what the rows answer
	drafts  []Row
	ids     []record.Dot
	partly  bool // only the newest of them are here yet
	total   int  // records without any filter
	rows    pages
	venues  map[record.Dot]string // names of places, as long as the rows are kept
	chosen  Key
	at      int // of chosen in the rows; -1: not among them
	next    int // the row to choose should the chosen one have gone; -1: none
	round   int // of the search whose answer is awaited
	asked   bool
	stop    func() // the timer of the search
	cancel  func() // the search that runs; nil: none does
	asking  Filter // what it asks for
	again   bool   // something has altered since it began
	trouble Trouble

	// Seat is where the rows stood when they were last seen, for the page that shows them next.
	Seat Seat
}

// Seat is the row at the upper end of what is seen, and how much of it is above.
type Seat struct {
	Top   Key
	Above float32
}

func newList(a *App) *List {
	return &List{a: a, at: -1, next: -1, rows: newPages(), venues: map[record.Dot]string{}}
}

// Len is the number of rows.
func (l *List) Len() int { return len(l.drafts) + len(l.ids) }

// Chosen is the place of the chosen row; -1 when none is, or it is not among the rows.
func (l *List) Chosen() int { return l.at }

// Shown is the filter that the rows answer.
func (l *List) Shown() Filter { return l.shown }

// Key names a row.
func (l *List) Key(i int) Key { return l.Order().At(i) }

// Place is where a row stands now; -1: nowhere.
func (l *List) Place(k Key) int { return l.Order().Place(k) }

// Order is what the rows were about at one time.
type Order struct {
	drafts []Row
	ids    []record.Dot
}

// Order is what the rows are about now. It does not change.
func (l *List) Order() Order { return Order{l.drafts, l.ids} }

// Len is the number of rows.
func (o Order) Len() int { return len(o.drafts) + len(o.ids) }

// At names a row; the zero Key beyond the rows.
func (o Order) At(i int) Key {
	switch {
	case i < 0 || i >= o.Len():
		return Key{}
	case i < len(o.drafts):
		return o.drafts[i].Key
	}
	return Key{Record: o.ids[i-len(o.drafts)]}
}

// Place is where a row stands; -1: nowhere.
func (o Order) Place(k Key) int {
	if k.Draft != 0 {
		return slices.IndexFunc(o.drafts, func(r Row) bool { return r.Key == k })
	}
	if i := slices.Index(o.ids, k.Record); i >= 0 {
		return i + len(o.drafts)
	}
	return -1
}

// Trouble says why the list could not be read.
func (l *List) Trouble() Trouble { return l.trouble }

// Whole reports whether all rows that fit are here, and not only the newest.
func (l *List) Whole() bool { return l.asked && !l.partly }

// Pending reports whether the rows answer another question than the one that is asked.
func (l *List) Pending() bool { return l.filter != l.shown || !l.asked }

// Ready reports whether a search has answered since sign-in.
func (l *List) Ready() bool { return l.asked }

func (l *List) halt() {
	if l.stop != nil {
		l.stop()
		l.stop = nil
	}
}

// search asks for the rows. A new question is answered by the newest rows first: reading the others takes longer than
// a hand waits.
func (l *List) search() {
	l.halt()
	most := mostListed
	if l.filter != l.shown || !l.asked {
		most = firstRows
	}
	l.ask(most)
}

// renew asks for the rows once more, because the notebook has altered. Before the present question is answered it is not put
// again: what alters while the list is drawn anew, or a long pull comes in, comes quicker than all rows are read.
func (l *List) renew() {
	switch {
	case l.stop != nil: // a search is due, and will see what is new
	case l.cancel != nil && l.asking == l.filter:
		l.again = true
	default:
		l.search()
	}
}

// ask reads rows beside the screen; only the answer to the latest question is taken, and no other is read to its end.
func (l *List) ask(most int) {
	if l.cancel != nil {
		l.cancel()
	}
	l.round++
	round, f, now := l.round, l.filter, l.a.now()
	ctx, cancel := context.WithCancel(l.a.ctx)
	l.cancel, l.asking, l.again = cancel, f, false
	drafted, total := l.a.draftedRecords(), l.total
	l.a.run(func(context.Context) func() {
		ids, total, err := l.read(ctx, f, most, total, now, drafted)
		return func() {
			cancel()
			if round == l.round {
				l.cancel = nil
				l.found(f, ids, total, len(ids) >= most && most < mostListed, err)
			}
		}
	})
}

// read answers a filter: the records, and how many there are without any, which were total before. It runs beside the screen.
func (l *List) read(ctx context.Context, f Filter, most, before int, now time.Time, drafted []record.Dot) (ids []record.Dot, total int, err error) {
	n := l.a.o.Notebook
	q := f.query(now)
	q.Limit = most
	if f.State == HasDraft {
		ids, err = fitting(ctx, n, q, drafted)
	} else {
		ids, err = n.Search(ctx, q)
	}
	if err != nil {
		return nil, 0, err
	}
	if f.State == Queued || f.State == AtCentre || f.State == Approved { // those show their draft
		ids = slices.DeleteFunc(ids, func(rec record.Dot) bool { return slices.Contains(drafted, rec) })
	}
	switch {
	case f == Filter{}:
		return ids, len(ids), nil
	case most < mostListed: // a hand waits; the last count is good enough
		return ids, before, nil
	}
	total, err = n.Count(ctx)
	return ids, total, err
}

// fitting are those of a few records that show their draft and fit a query, the newest first.
func fitting(ctx context.Context, n Reader, q notebook.Query, recs []record.Dot) (ids []record.Dot, err error) {
	lines, err := n.Lines(ctx, recs)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(lines, func(a, b notebook.Line) int { return cmp.Compare(b.Written, a.Written) })
	called := func(place record.Dot) string {
		v, err := n.View(ctx, place)
		if err != nil {
			return ""
		}
		return viet.Fold(v.Text(recordLists[venueList].label))
	}
	for i := range lines {
		if l := &lines[i]; q.Fits(&l.Row, called, nil) && !l.Disputed() && !l.Rejected && l.Review != record.ReviewReturned {
			ids = append(ids, l.Record)
		}
	}
	return ids, nil
}

func (l *List) found(f Filter, ids []record.Dot, total int, partly bool, err error) {
	l.trouble = Trouble{}
	if err != nil {
		l.trouble = l.a.sayFault(err)
		l.a.show(PartList)
		l.rest()
		return
	}
	l.ids, l.total, l.shown, l.partly, l.asked = ids, total, f, partly, true
	l.a.desk.stale = partly
	l.forget()
	l.drafts = l.draftRows(f)
	l.at = l.Place(l.chosen)
	if l.at < 0 && l.next >= 0 {
		l.Choose(min(l.next, l.Len()-1))
	}
	l.next = -1
	l.a.show(PartList)
	l.rest()
}

// rest has all rows read after a pause, when only the newest were, or something has altered meanwhile.
func (l *List) rest() {
	pause := restPause
	switch {
	case l.stop != nil: // a key has come meanwhile, and another search will
		return
	case l.partly:
	case l.again:
		pause = newsPause
	default:
		return
	}
	l.stop = l.a.after(pause, func() {
		l.halt()
		l.ask(mostListed)
	})
}

// reword says the rows in the language that holds now.
func (l *List) reword() {
	l.forget()
	if l.asked {
		l.drafts = l.draftRows(l.shown)
	}
}

// forget drops the rows that were read; they are read again when they are drawn.
func (l *List) forget() {
	l.rows = newPages()
	clear(l.venues)
}

func (l *List) reset() {
	round := l.round + 1
	*l = *newList(l.a)
	l.round = round
}

// Choose opens what a row is about beside the list.
func (l *List) Choose(i int) {
	l.a.Active()
	if k := l.Key(i); k != (Key{}) {
		l.at, l.chosen = i, k
		l.a.openKey(k)
	}
}

// Row gives a row, reading its page when it is not kept. A row that cannot be read is empty.
func (l *List) Row(i int) Row {
	if i < 0 || i >= l.Len() {
		return Row{}
	}
	if i < len(l.drafts) {
		return l.drafts[i]
	}
	i -= len(l.drafts)
	p := l.rows.get(i / pageRows)
	if p == nil {
		p = l.readPage(l.ids[i/pageRows*pageRows : min(len(l.ids), (i/pageRows+1)*pageRows)])
		l.rows.put(i/pageRows, p)
	}
	row := p.row(l, i%pageRows)
	row.Standing = l.a.goingNow(row.Standing)
	return row
}

// goingNow says of what is queued whether it is on its way.
func (a *App) goingNow(s Standing) Standing {
	if s == Queued && a.engine.Phase == Sending {
		return Leaving
	}
	return s
}

func (l *List) readPage(ids []record.Dot) *rowPage {
	p := &rowPage{lines: make([]*notebook.Line, len(ids)), rows: make([]Row, len(ids))}
	lines, _ := l.a.o.Notebook.Lines(l.a.ctx, ids)
	byRecord := make(map[record.Dot]*notebook.Line, len(lines))
	for i := range lines {
		byRecord[lines[i].Record] = &lines[i]
	}
	for i, id := range ids {
		p.lines[i] = byRecord[id]
	}
	return p
}

// rowPage is a page of rows. Each is said in words when it is first seen.
type rowPage struct {
	lines []*notebook.Line // nil: said, or not to be read
	rows  []Row
}

func (p *rowPage) row(l *List, i int) Row {
	if p.lines[i] != nil {
		p.rows[i], p.lines[i] = l.dress(p.lines[i]), nil
	}
	return p.rows[i]
}

// dress says a row in the officer's language.
func (l *List) dress(line *notebook.Line) Row {
	r := Row{Key: Key{Record: line.Record}, Standing: l.a.standing(line)}
	day := viet.Date(line.Date)
	kind, rest := l.a.called(l.a.ctx, l.a.lang, line)
	rest = slices.DeleteFunc(rest, func(p string) bool { return p == day })
	r.Title, r.Sub = kind, join(append([]string{l.placeName(line.Place)}, rest...)...)
	if r.Sub == "" && !line.Record.IsZero() {
		r.Sub = l.a.T("record.name", "name", humanName(line.Replica, line.Record))
	}
	if len(day) >= 5 {
		r.Day = day[:5]
	}
	return r
}

// placeName is what the register calls a place; "" for none.
func (l *List) placeName(place record.Dot) string {
	if place.IsZero() {
		return ""
	}
	name, ok := l.venues[place]
	if !ok {
		name = l.a.venueName(place)
		l.venues[place] = name
	}
	return name
}

// placeOf is the first reference of a record to a place of the register, with the path where it stands.
func placeOf(f *form.Form, value func(path string) string) (path, ref string) {
	for _, field := range f.Fields() {
		if ref := value(field.Path); ref != "" && field.Declared.Holds == declared.HoldsVenue {
			first, _, _ := strings.Cut(ref, " ")
			return field.Path, first
		}
	}
	return "", ""
}

// venueName is what the register calls a place.
func (a *App) venueName(place record.Dot) string {
	v, err := a.o.Notebook.View(a.ctx, place)
	if err != nil {
		return a.T("ref.unknown")
	}
	return cmp.Or(v.Text(recordLists[venueList].label), a.T("ref.unknown"))
}

func (a *App) standing(line *notebook.Line) Standing {
	switch {
	case line.Deleted:
		return Voided
	case line.Disputed():
		return InConflict
	case line.Rejected:
		return NeedsAttention
	case line.Review == record.ReviewReturned:
		return Returned
	case slices.Contains(a.draftedRecords(), line.Record):
		return HasDraft
	case line.Queued:
		return Queued
	case line.Review == record.ReviewApproved:
		return Approved
	}
	return AtCentre
}

// draftedRecords are the records that the officer has drafts of.
func (a *App) draftedRecords() (recs []record.Dot) {
	for _, d := range a.desk.drafts {
		if of := d.Of(); !of.IsZero() {
			recs = append(recs, of)
		}
	}
	return recs
}

// pages keeps the rows that were read last.
type pages struct {
	kept map[int]*rowPage
	used []int // latest last
}

func newPages() pages { return pages{kept: map[int]*rowPage{}} }

func (p *pages) get(n int) *rowPage {
	page := p.kept[n]
	if page != nil && p.used[len(p.used)-1] != n {
		i := slices.Index(p.used, n)
		p.used = append(slices.Delete(p.used, i, i+1), n)
	}
	return page
}

func (p *pages) put(n int, page *rowPage) {
	if len(p.used) >= pagesKept {
		delete(p.kept, p.used[0])
		p.used = slices.Delete(p.used, 0, 1)
	}
	p.kept[n] = page
	p.used = append(p.used, n)
}
