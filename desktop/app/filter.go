package app

import (
	"maps"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Filter is what the list is narrowed by: one value, that travels whole.
type Filter struct {
	Text     string
	Form     string   // a form's ID; "": all
	Unit     string   // a unit's code; "": all
	State    Standing // the one state that a record shows; AnyStanding: all. Leaving is Queued
	Period   Period   // of the day of the event
	From, To string   // of PeriodDays: ISO, both included; "": open
}

// Period is a stretch of days, as people say it.
type Period uint8

// The periods.
const (
	PeriodAny Period = iota
	PeriodWeek
	PeriodMonth
	PeriodQuarter
	PeriodYear
	PeriodDays // from one day to another
)

// days are the first and the last day of a period, ISO.
func (f Filter) days(now time.Time) (from, to string) {
	y, m, _ := now.Date()
	month := func(y int, m time.Month) time.Time { return time.Date(y, m, 1, 0, 0, 0, 0, now.Location()) }
	var first, next time.Time
	switch f.Period {
	case PeriodWeek:
		first = weekStart(now)
		next = first.AddDate(0, 0, 7)
	case PeriodMonth:
		first, next = month(y, m), month(y, m+1)
	case PeriodQuarter:
		first = month(y, (m-1)/3*3+1)
		next = first.AddDate(0, 3, 0)
	case PeriodYear:
		first, next = month(y, 1), month(y+1, 1)
	case PeriodDays:
		return f.From, f.To
	default:
		return "", ""
	}
	return first.Format(time.DateOnly), next.AddDate(0, 0, -1).Format(time.DateOnly)
}

// states are those of the list by what a record shows. Who has a draft is not for the list to say.
var states = map[Standing]notebook.State{InConflict: notebook.StateConflict, NeedsAttention: notebook.StateAttention,
	Returned: notebook.StateReturned, Queued: notebook.StateQueued, Leaving: notebook.StateQueued, Approved: notebook.StateApproved,
	AtCentre: notebook.StateCentre, Voided: notebook.StateDeleted}

// query is what the filter asks of the notebook.
func (f Filter) query(now time.Time) notebook.Query {
	q := notebook.Query{Text: f.Text, Form: f.Form, Unit: f.Unit, State: states[f.State]}
	q.From, q.To = f.days(now)
	return q
}

// Count is how many filters are on. What is searched for is seen anyway.
func (f Filter) Count() (n int) {
	for _, on := range []bool{f.Form != "", f.Unit != "", f.State != AnyStanding, f.Period != PeriodAny} {
		if on {
			n++
		}
	}
	return n
}

// Filter is what the list is narrowed by.
func (l *List) Filter() Filter { return l.filter }

// SetText narrows the list by words, shortly after the last key.
func (l *List) SetText(text string) {
	if text == l.filter.Text {
		return
	}
	l.filter.Text = text
	l.halt()
	l.stop = l.a.after(debounce, l.search)
}

// Now searches for what was typed without waiting for the hand to rest.
func (l *List) Now() { l.search() }

// SetForm narrows the list to one kind of record; empty: all.
func (l *List) SetForm(id string) { l.narrow(func(f *Filter) { f.Form = id }) }

// SetState narrows the list to the records that show a state.
func (l *List) SetState(s Standing) { l.narrow(func(f *Filter) { f.State = s }) }

// SetUnit narrows the list to the records of a unit; empty: all.
func (l *List) SetUnit(code string) { l.narrow(func(f *Filter) { f.Unit = code }) }

// SetPeriod narrows the list to the events of a period.
func (l *List) SetPeriod(p Period) { l.narrow(func(f *Filter) { f.Period = p }) }

// SetDays narrows the list to the events between two days as they are typed (see ReadDate), both included; what is empty is
// open. It reports which of them is no day, and then narrows nothing.
func (l *List) SetDays(from, to string) (fromOK, toOK bool) {
	first, fromOK := l.readDay(from)
	last, toOK := l.readDay(to)
	if fromOK && toOK {
		l.narrow(func(f *Filter) { f.Period, f.From, f.To = PeriodDays, first, last })
	}
	return fromOK, toOK
}

func (l *List) readDay(typed string) (iso string, ok bool) {
	if typed == "" {
		return "", true
	}
	return ReadDate(typed, l.a.now())
}

// Days are the two days of the filter as people write them.
func (l *List) Days() (from, to string) { return viet.Date(l.filter.From), viet.Date(l.filter.To) }

// Everything takes every filter off, and what is searched for.
func (l *List) Everything() { l.narrow(func(f *Filter) { *f = Filter{} }) }

// Unfiltered takes every filter off and leaves what is searched for.
func (l *List) Unfiltered() { l.narrow(func(f *Filter) { *f = Filter{Text: f.Text} }) }

func (l *List) narrow(alter func(*Filter)) {
	f := l.filter
	alter(&f)
	if f != l.filter {
		l.filter = f
		l.search()
		l.a.show(PartList)
	}
}

// UnitChoice is a unit that records may be of.
type UnitChoice struct{ Code, Name string }

// Units lists the units of the grant, if there are more than one; the filter is for these.
func (l *List) Units() (units []UnitChoice) {
	codes := unitsOf(l.a.desk.feeds)
	if len(codes) < 2 {
		return nil
	}
	for i, name := range l.a.UnitNames(codes) {
		units = append(units, UnitChoice{codes[i], name})
	}
	return units
}

// Empty says why there are no rows and what one can do about it.
func (l *List) Empty() (text, action string, do func()) {
	f := l.filter
	switch {
	case f.Text != "" && f.Count() > 0:
		return l.a.T("list.nothing.filtered", "q", f.Text), l.a.T("list.unfilter"), l.Unfiltered
	case f.Text != "":
		return l.a.T("list.nothing", "q", f.Text), l.a.T("list.all"), l.Everything
	case f == Filter{State: InConflict}:
		return l.a.T("list.noconflict"), l.a.T("list.all"), l.Everything
	case f == Filter{State: NeedsAttention}:
		return l.a.T("reject.empty"), l.a.T("list.all"), l.Everything
	case f == Filter{State: Voided}:
		return l.a.T("list.novoided"), l.a.T("list.all"), l.Everything
	case f == Filter{Form: f.Form} && f.Form != "":
		return l.a.T("list.noneform"), l.a.T("list.all"), l.Everything
	case f.Count() > 0:
		return l.a.T("list.nofit"), l.a.T("list.unfilter"), l.Unfiltered
	case len(l.a.desk.feeds) == 0:
		return l.a.T("list.nofeeds"), l.a.T("sync.fetch"), l.a.Fetch
	}
	return l.a.T("list.first"), l.a.T("new"), func() { l.a.Go(PageNew) }
}

// farBehind is how many places of the log the list may be behind without a word: they are made up for in a second or so.
const farBehind = 20 * notebook.ProjectAtOnce

// redrawing says how far the list is behind what is saved; "" when that is soon made up for.
func (a *App) redrawing() string {
	if a.desk.behind < farBehind {
		return ""
	}
	return a.T("list.redrawn", "n", a.number(uint64(a.desk.behind)))
}

// Footer counts the rows, and says when they are not all that is saved.
func (l *List) Footer() string {
	n, all := l.a.number(uint64(l.Len())), l.a.number(uint64(l.total+len(l.a.newDrafts())))
	switch {
	case l.a.redrawing() != "":
		return join(l.a.T("list.footer", "n", n), l.a.redrawing())
	case l.partly:
		return l.a.T("list.counting")
	case l.shown == Filter{}, l.shown.State == Voided: // those are not of all that there are
		return l.a.T("list.footer", "n", n)
	}
	return l.a.T("list.footer.of", "n", n, "all", all)
}

// newDrafts are the drafts of records that do not exist yet, nor another in whose place they are written.
func (a *App) newDrafts() (ds []*notebook.Draft) {
	for i := range a.desk.drafts {
		if d := &a.desk.drafts[i]; d.Of().IsZero() {
			ds = append(ds, d)
		}
	}
	return ds
}

// draftRows are the rows of drafts of new records that fit the filter, the latest first.
func (l *List) draftRows(f Filter) (rows []Row) {
	if f.State != AnyStanding && f.State != HasDraft {
		return nil
	}
	q := f.query(l.a.now())
	q.State = notebook.StateAny
	for _, d := range l.a.newDrafts() {
		line := l.a.draftLine(d)
		if q.Fits(&line.Row, l.called, nil) {
			row := l.dress(line)
			row.Key, row.Standing = Key{Draft: d.ID}, HasDraft
			rows = append(rows, row)
		}
	}
	return rows
}

// called is what a place is called, as the search compares it.
func (l *List) called(place record.Dot) string { return viet.Fold(l.placeName(place)) }

// draftLine is the line that a draft of a new record would have in the list.
func (a *App) draftLine(d *notebook.Draft) *notebook.Line {
	values := map[string]string{}
	if f, ok := a.o.Forms.Library.Lookup(d.Form); ok {
		values = readValues(f, d.Values)
	}
	listing := a.o.Forms.Line(d.Form, values)
	if f, ok := a.o.Forms.Library.Lookup(d.Form); ok && a.lang != Vietnamese {
		if filling, err := f.Open(values, a.env(nil, nil, d.Feed.Unit())); err == nil {
			listing.Title = filling.Name()
		}
	}
	return &notebook.Line{Row: notebook.Row{Form: d.Form, Title: listing.Title, Date: listing.Date, Words: listing.Words,
		Place: listing.Place, Units: d.Feed.Unit(), Written: d.Saved, Visible: true}}
}

// readValues are the answers of a draft that can be read: what is to be sealed is left out, and what its field cannot read.
func readValues(f *form.Form, draft map[string]string) map[string]string {
	values := maps.Clone(draft)
	maps.DeleteFunc(values, func(path, value string) bool {
		field, ok := f.Field(path)
		return !ok || field.Sealed() || readsText(field) && strings.HasPrefix(value, unread)
	})
	return values
}
