package console

import (
	"context"
	"strconv"
	"strings"
	"time"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// recordPage is one record.
type recordPage struct {
	*centre.Sheet
	State     string
	MayReview bool
	Mark      string // of what is shown (markOf)
	Bad       *Trouble
}

// sheetOf reads the record of the address, if the viewer may: for an act, not less than reading it. What is not his is not
// there.
func (q *Request) sheetOf(name string, a staff.Act) (*centre.Sheet, error) {
	s, err := q.c.Centre.Sheet(q.Context(), name, q.lang, q.Viewer.Sees)
	if code := fault.CodeOf(err); err != nil && code != fault.NotFound && code != fault.BadInput {
		return nil, err
	}
	if err != nil { // it is answered and noted as one that is somebody else's, so that the two take the same time
		s = &centre.Sheet{}
	}
	if !q.Viewer.Sees(s.Unit, s.Compartment) {
		if err := q.note("record.refused", s.Unit, s.Form.ID, name, "", "", 0); err != nil {
			return nil, err
		}
		return nil, errNoPage
	}
	return s, notHis(q.Viewer.Can(a, s.Unit, s.Compartment))
}

// stateOf is the one state that a record shows: the first that holds.
func stateOf(s *centre.Sheet) string {
	switch {
	case len(s.Conflicts) > 0:
		return "conflict"
	case len(s.Rejected) > 0 || s.Marked || s.Unread:
		return "attention"
	case s.Review.State != "":
		return s.Review.State
	}
	return "centre"
}

func (q *Request) recordPage(s *centre.Sheet) recordPage {
	return recordPage{Sheet: s, State: stateOf(s), Mark: markOf(s.Saw, stateOf(s), strconv.Itoa(len(s.History)+s.Older)), MayReview: q.Viewer.Can(staff.ReviewRecord, s.Unit, s.Compartment) == nil && s.Created && !s.Hidden}
}

func getRecord(q *Request) error {
	s, err := q.sheetOf(q.PathValue("name"), staff.ReadRecords)
	if err != nil {
		return err
	}
	if q.Live() {
		return q.mark(q.recordPage(s).Mark)
	}
	if err := q.note(staff.ReadRecords, s.Unit, s.Form.ID, s.Record.String(), q.why(), "", 1); err != nil {
		return err
	}
	return q.show("record", "record.title", q.recordPage(s))
}

// postReview approves a record, returns it with a reason, or takes back what was said; the list that it came from goes on.
func postReview(q *Request) error {
	s, err := q.sheetOf(q.PathValue("name"), staff.ReviewRecord)
	if err != nil {
		return err
	}
	done, err := q.review(q.PostFormValue("state"), q.PostFormValue("note"), []centre.ReviewItem{{Record: s.Record.String(), Saw: q.PostFormValue("saw")}})
	if err != nil {
		return err
	}
	return q.reviewed(within(q.PostFormValue("to")), q.PostFormValue("state"), done)
}

// review asks for a review of records that the viewer may review.
func (q *Request) review(state, why string, items []centre.ReviewItem) ([]centre.Reviewed, error) {
	why = strings.TrimSpace(why)
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, Review: &centre.Review{By: q.Viewer.Account, State: state, Note: why, Items: items}})
	if err != nil {
		return nil, err
	}
	q.seen()
	return a.Reviewed, nil
}

// seenTime is how long a page waits for the views: what was done is done, and a list that lags shows it a little later.
const seenTime = 5 * time.Second

// seen waits until the views show what was just written: who wrote it is to see it. It is no fault of his that they cannot.
func (q *Request) seen() {
	ctx, stop := context.WithTimeout(q.Context(), seenTime)
	defer stop()
	if err := q.caughtUp(ctx); err != nil {
		q.c.Log.Warn("the views do not show yet what was written", "code", string(fault.CodeOf(err)))
	}
}

// caughtUp waits until the views show all that the log holds now.
func (q *Request) caughtUp(ctx context.Context) error {
	end, err := q.c.Centre.End(ctx)
	if err != nil {
		return err
	}
	return q.c.Centre.Views().Wait(ctx, end)
}

// reviewed says what became of a review, and offers to take it back.
func (q *Request) reviewed(to, state string, all []centre.Reviewed) error {
	n, why := 0, ""
	var back []centre.Reviewed
	for _, x := range all {
		switch x.Outcome {
		case centre.ReviewDone:
			n++
			back = append(back, x)
		case centre.ReviewSame:
		default:
			why = x.Outcome
		}
	}
	key := map[string]string{record.ReviewApproved: "said.approved", record.ReviewReturned: "said.returned", "": "said.unreviewed"}[state]
	switch {
	case n == 0 && why != "":
		return q.said(to, "said.review."+why, 0, "")
	case why != "":
		key += ".some"
	}
	id := ""
	if n > 0 {
		id = q.c.undos.keep(q.Viewer.Account, q.now(), func(q *Request) (int, error) { return q.unreview(back) })
	}
	return q.said(to, key, n, id)
}

// unreview says again what was said before, of the records that the viewer may still review and that nobody touched since.
func (q *Request) unreview(all []centre.Reviewed) (n int, err error) {
	before := map[[2]string][]centre.ReviewItem{} // by what was said, and why
	for _, x := range all {
		if _, err := q.mayReview(x.Record); err != nil {
			return 0, err
		}
		said := [2]string{x.Before, x.Note}
		if x.Before == "" {
			said[1] = ""
		}
		before[said] = append(before[said], centre.ReviewItem{Record: x.Record.String(), Saw: x.Saw})
	}
	for said, items := range before {
		done, err := q.review(said[0], said[1], items)
		if err != nil {
			return n, err
		}
		for _, x := range done {
			if x.Outcome == centre.ReviewDone {
				n++
			}
		}
	}
	return n, nil
}

// postChoose settles one answer of a record.
func postChoose(q *Request) error {
	s, err := q.sheetOf(q.PathValue("name"), staff.ReviewRecord)
	if err != nil {
		return err
	}
	ask := &centre.Choose{Lang: q.lang, By: q.Viewer.Account, Record: s.Record.String(), Saw: q.PostFormValue("saw"), Path: q.PostFormValue("path"), Value: strings.TrimSpace(q.PostFormValue("value"))}
	if of := q.PostFormValue("of"); of != "" {
		if ask.Of, err = record.ParseDot(of); err != nil {
			return badInput(err)
		}
	}
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, Choose: ask})
	if err != nil {
		return err
	}
	switch {
	case len(a.Chosen.Problems) > 0:
		p := q.recordPage(s)
		p.Bad = &Trouble{What: a.Chosen.Problems[0].Text, Next: q.T("choose.next")}
		return q.showAs(400, "record", "record.title", p)
	case a.Chosen.Outcome != centre.ReviewDone:
		return q.said(within(q.PostFormValue("to")), "said.review.changed", 0, "")
	}
	q.seen()
	return q.said(within(q.PostFormValue("to")), "said.chosen", 1, "")
}

// Erased reports whether a value was destroyed by law.
func (recordPage) Erased(v centre.SheetValue) bool { return v.State == record.BodyErased }

// IsSealed reports whether a text is one that nobody reads here.
func (recordPage) IsSealed(text string) bool { return envelope.IsSealed(text) }

// HistoryKey is the text for one thing that happened.
func (recordPage) HistoryKey(h centre.SheetChange) string {
	switch {
	case h.Kind == record.KindVerdict && h.Against:
		return "history.rejected"
	case h.Kind == record.KindVerdict:
		return "history.released"
	case h.Kind == record.KindErase:
		return "history.erased"
	case h.Creates:
		return "history.created"
	}
	for _, e := range h.Edits {
		switch e.Path {
		case record.PathReview:
			return "history.reviewed"
		case record.PathLife:
			return "history.life"
		}
	}
	return "history.edited"
}
