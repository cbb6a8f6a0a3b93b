package console

import (
	"fmt"
	"slices"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/projection"
	"banlang/syncserver/staff"
)

// inboxRows is how many records a page of the inbox shows: as many as can be approved together.
const inboxRows = 50

// inbox is what waits for review, and the one record of it that is open beside the list.
type inbox struct {
	projection.Page
	Tab    projection.State
	Counts map[projection.State]string
	Saws   map[string]string // by exact name
	Open   *recordPage
	Mark   string // of what is shown (markOf)
	Forms  []FormChoice
}

// tabs of the inbox: what waits, what somebody must choose in, what was returned.
var tabs = []projection.State{projection.AtCentre, projection.Conflict, projection.Attention, projection.Returned}

// Tabs are the parts of the inbox.
func (inbox) Tabs() []projection.State { return tabs }

// inboxWaiting counts what waits.
func inboxWaiting(q *Request) (navNumber, error) {
	n, exact, err := q.c.Centre.Views().Count(q.Context(), q.scope(staff.ReviewRecord), projection.Filter{State: projection.AtCentre})
	return navNumber{n: n, more: !exact}, err
}

// getInbox lists what waits, the oldest first, and shows one record beside the list.
func getInbox(q *Request) error {
	p := inbox{Tab: projection.State(q.Q("state")), Counts: map[projection.State]string{}, Saws: map[string]string{}, Forms: q.formChoices()}
	if !slices.Contains(tabs, p.Tab) {
		p.Tab = projection.AtCentre
	}
	scope, f := q.scope(staff.ReviewRecord), q.filter()
	for _, tab := range tabs {
		f.State = tab
		n, exact, err := q.c.Centre.Views().Count(q.Context(), scope, f)
		if err != nil {
			return err
		}
		p.Counts[tab] = q.AtLeast(n, exact)
	}
	f.State = p.Tab
	var err error
	if p.Page, err = q.c.Centre.Views().List(q.Context(), scope, f, projection.Order{Asc: true}, projection.Cursor(q.Q("after")), inboxRows); err != nil {
		return err
	}
	open := q.Q("open")
	if open == "" && len(p.Rows) > 0 {
		open = p.Rows[0].Dot.String()
	}
	if err := q.inboxSaws(&p, open); err != nil {
		return err
	}
	if q.Live() {
		return q.mark(p.Mark)
	}
	if open != "" {
		s, err := q.sheetOf(open, staff.ReadRecords)
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return err
		}
		if err == nil {
			one := q.recordPage(s)
			p.Open = &one
		}
	}
	opened := ""
	if p.Open != nil {
		opened = p.Open.Record.String()
	}
	if err := q.note(staff.ReadRecords, "", f.Form, opened, q.why(), f.Text, len(p.Rows)); err != nil {
		return err
	}
	return q.show("inbox", "nav.inbox", p)
}

// inboxSaws finds the states of the records in the list and of the one that is open, and with them the mark of the page.
func (q *Request) inboxSaws(p *inbox, open string) error {
	var dots []record.Dot
	for i := range p.Rows {
		dots = append(dots, p.Rows[i].Dot)
	}
	if d, err := record.ParseDot(open); err == nil {
		dots = append(dots, d)
	}
	saws, err := q.c.Centre.Saws(q.Context(), dots)
	if err != nil {
		return err
	}
	for i, d := range dots {
		p.Saws[d.String()] = saws[i]
	}
	p.Mark = markOf(slices.Concat(saws, []string{fmt.Sprint(dots)})...)
	return nil
}

// postInbox approves, or returns with one reason, the records that were chosen in the list; what shows something else by now,
// or has answers that differ, is left out and said to be.
func postInbox(q *Request) error {
	if err := q.ParseForm(); err != nil {
		return badInput(err)
	}
	var items []centre.ReviewItem
	if len(q.PostForm["record"]) > centre.MaxReviewed {
		return badInput(nil)
	}
	for _, chosen := range q.PostForm["record"] {
		rec, saw, err := cutItem(chosen)
		if err != nil {
			return err
		}
		compartment, err := q.mayReview(rec)
		if err != nil {
			return err
		}
		if compartment != declared.Ordinary { // it is read one by one
			return badInput(nil)
		}
		items = append(items, centre.ReviewItem{Record: rec.String(), Saw: saw})
	}
	to := within(q.PostFormValue("to"))
	if len(items) == 0 {
		return q.said(to, "said.review.none", 0, "")
	}
	state := q.PostFormValue("state")
	if state == record.ReviewReturned && q.PostFormValue("note") == "" {
		return q.said(to, "said.review.why", 0, "")
	}
	done, err := q.review(state, q.PostFormValue("note"), items)
	if err != nil {
		return err
	}
	return q.reviewed(to, state, done)
}

// mayReview asks for the record's unit as it is in the log, and not in the list that was sent back.
func (q *Request) mayReview(rec record.Dot) (compartment string, err error) {
	unit, compartment, err := q.c.Centre.Whose(q.Context(), rec)
	if err != nil {
		return "", err
	}
	return compartment, notHis(q.Viewer.Can(staff.ReviewRecord, unit, compartment))
}

// Ordinary reports whether a record is one that may be approved in a list; tips and petitions are read one by one.
func (inbox) Ordinary(r projection.Row) bool { return r.Compartment == declared.Ordinary }
