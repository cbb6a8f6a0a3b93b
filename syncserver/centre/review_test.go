package centre

import (
	"errors"
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

func (r *running) view(rec record.Dot) (v *record.View) {
	r.t.Helper()
	if err := r.store.View(r.t.Context(), func(tx hub.Tx) (err error) { v, err = ledger.ViewOf(tx, rec); return err }); err != nil {
		r.t.Fatal(err)
	}
	return v
}

// reviewed asks for one review of records as they stand now.
func (r *running) reviewed(state, note string, recs ...record.Dot) []Reviewed {
	r.t.Helper()
	q := &Review{By: "lan", State: state, Note: note}
	for _, rec := range recs {
		q.Items = append(q.Items, ReviewItem{rec.String(), SumOf(r.view(rec))})
	}
	return r.do(Request{Review: q}).Reviewed
}

// TestReview: staff approve what they saw and nothing else, return with a reason, and take back what they said.
func TestReview(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	p, q := newPen(r.enrolled("U1")), newPen(r.enrolled("U1"))
	plain, hot, gone, late := p.create(t, "U1"), p.create(t, "U1"), p.create(t, "U1"), p.create(t, "U1")
	r.push(plain, hot, gone, late,
		p.write(t, hot.Dot, record.Edit{Path: "note", Value: "của An", Replaces: []record.Dot{hot.Dot}}),
		p.write(t, gone.Dot, record.Edit{Path: record.PathLife, Value: record.LifeDeleted, Seen: []record.Dot{gone.Dot}}))
	r.push(q.write(t, hot.Dot, record.Edit{Path: "note", Value: "của Ba", Replaces: []record.Dot{hot.Dot}}))
	saw := SumOf(r.view(late.Dot))
	r.push(p.write(t, late.Dot, record.Edit{Path: "note", Value: "sửa", Replaces: []record.Dot{late.Dot}}))
	all := r.do(Request{Review: &Review{By: "lan", State: record.ReviewApproved, Items: []ReviewItem{
		{plain.Dot.String(), SumOf(r.view(plain.Dot))}, {hot.Dot.String(), SumOf(r.view(hot.Dot))}, {gone.Dot.String(), SumOf(r.view(gone.Dot))}, {late.Dot.String(), saw}}}}).Reviewed
	for i, want := range []string{ReviewDone, ReviewConflict, ReviewGone, ReviewChanged} {
		if all[i].Outcome != want {
			t.Errorf("record %d of the inbox: %s, want %s", i, all[i].Outcome, want)
		}
	}
	stands := func(rec record.Dot, state string) {
		t.Helper()
		if got := r.view(rec).Review(); got.State != state {
			t.Errorf("it is %q, want %q", got.State, state)
		}
	}
	stands(plain.Dot, record.ReviewApproved)
	stands(hot.Dot, "")
	stands(late.Dot, "")
	if again := r.reviewed(record.ReviewApproved, "", plain.Dot); again[0].Outcome != ReviewSame {
		t.Errorf("approved twice: %+v", again[0])
	}
	back := r.reviewed(record.ReviewReturned, "Thiếu danh sách.", hot.Dot) // a conflict is a reason to return
	if got := r.view(hot.Dot).Review(); back[0].Outcome != ReviewDone || got.Note != "Thiếu danh sách." || got.Officer != "lan" {
		t.Errorf("returned: %+v, %+v", back[0], got)
	}
	undone := r.do(Request{Review: &Review{By: "lan", State: all[0].Before, Items: []ReviewItem{{plain.Dot.String(), all[0].Saw}}}}).Reviewed
	if undone[0].Outcome != ReviewDone || undone[0].Before != record.ReviewApproved {
		t.Errorf("undone: %+v", undone[0])
	}
	stands(plain.Dot, "")
	r.do(Request{Check: true})
}

func TestReviewRefuses(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	made := newPen(r.enrolled("U1")).create(t, "U1")
	r.push(made)
	one := []ReviewItem{{made.Dot.String(), SumOf(r.view(made.Dot))}}
	for name, c := range map[string]struct {
		q    Review
		code fault.Code
	}{
		"a return without a word":  {Review{State: record.ReviewReturned, Note: " ", Items: one}, fault.BadInput},
		"a state of its own":       {Review{State: "perhaps", Items: one}, fault.BadInput},
		"a book for a note":        {Review{State: record.ReviewReturned, Note: strings.Repeat("ă", record.MaxNoteBytes), Items: one}, fault.LimitExceeded},
		"too many":                 {Review{State: record.ReviewApproved, Items: make([]ReviewItem, MaxReviewed+1)}, fault.LimitExceeded},
		"a record that is nowhere": {Review{State: record.ReviewApproved, Items: append([]ReviewItem{{record.Dot{Run: 4, N: 4}.String(), ""}}, one...)}, fault.NotFound},
	} {
		if _, err := r.Do(t.Context(), Request{Review: &c.q}); !errors.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := r.view(made.Dot).Review(); got.State != "" {
		t.Errorf("one of them was half done: %+v", got)
	}
}
