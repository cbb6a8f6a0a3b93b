package console

import (
	"context"
	"strings"

	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// recordPage is one record.
type recordPage struct {
	*centre.Sheet
	State     string
	MayReview bool
	Bad       *Trouble
}

// sheetOf reads the record of the address, if the viewer may: for an act, not less than reading it. What is not his is not
// there.
func (q *Request) sheetOf(name string, a staff.Act) (*centre.Sheet, error) {
	s, err := q.c.Centre.Sheet(q.Context(), name, q.lang)
	if err != nil {
		return nil, err
	}
	if !q.Viewer.Sees(s.Unit, s.Compartment) {
		if err := q.note("record.refused", s.Unit, s.Form.ID, s.Record.String(), "", "", 0); err != nil {
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
	return recordPage{Sheet: s, State: stateOf(s), MayReview: q.Viewer.Can(staff.ReviewRecord, s.Unit, s.Compartment) == nil && s.Created && !s.Hidden}
}

func getRecord(q *Request) error {
	s, err := q.sheetOf(q.PathValue("name"), staff.ReadRecords)
	if err != nil {
		return err
	}
	if !q.Live() {
		if err := q.note(staff.ReadRecords, s.Unit, s.Form.ID, s.Record.String(), "", "", 1); err != nil {
			return err
		}
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

// review asks for a review of records that the viewer may review, and notes each.
func (q *Request) review(state, why string, items []centre.ReviewItem) ([]centre.Reviewed, error) {
	why = strings.TrimSpace(why)
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Review: &centre.Review{By: q.Viewer.Account, State: state, Note: why, Items: items}})
	if err != nil {
		return nil, err
	}
	for _, x := range a.Reviewed {
		if x.Outcome == centre.ReviewDone {
			if err := q.note(staff.ReviewRecord, "", "", x.Record.String(), strings.TrimSpace(state+" "+why), "", 1); err != nil {
				return nil, err
			}
		}
	}
	return a.Reviewed, q.seen()
}

// seen waits until the views show what was just written: who wrote it must see it.
func (q *Request) seen() error {
	end, err := q.c.Centre.End(q.Context())
	if err != nil {
		return err
	}
	return q.c.Centre.Views().Wait(q.Context(), end)
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
		id = q.c.undos.keep(q.Viewer.Account, q.now(), func(ctx context.Context) (int, error) { return q.c.unreview(ctx, q.Viewer.Account, back) })
	}
	return q.said(to, key, n, id)
}

// unreview says again what was said before.
func (c *Console) unreview(ctx context.Context, account string, all []centre.Reviewed) (n int, err error) {
	for _, x := range all {
		note := x.Note
		if x.Before == "" {
			note = ""
		}
		a, err := c.Centre.Do(ctx, centre.Request{Review: &centre.Review{By: account, State: x.Before, Note: note, Items: []centre.ReviewItem{{Record: x.Record.String(), Saw: x.Saw}}}})
		if err != nil {
			return n, err
		}
		if a.Reviewed[0].Outcome == centre.ReviewDone {
			n++
		}
	}
	end, err := c.Centre.End(ctx)
	if err != nil {
		return n, err
	}
	return n, c.Centre.Views().Wait(ctx, end)
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
	} else if f, ok := q.c.Centre.Library().Lookup(s.Form); ok && sealed(f, ask.Path) {
		return badInput(nil) // staff write into no sealed field
	}
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Choose: ask})
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
	if err := q.note(staff.ReviewRecord, s.Unit, s.Form.ID, s.Record.String(), "chose "+ask.Path, "", 1); err != nil {
		return err
	}
	if err := q.seen(); err != nil {
		return err
	}
	return q.said(within(q.PostFormValue("to")), "said.chosen", 1, "")
}

func sealed(f *form.Form, path string) bool {
	field, ok := f.Field(path)
	return ok && field.Sealed()
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
