package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/ledger/ledgertest"
	"banlang/shared/record"
)

// Equal runs random transactions, some of which fail, against two stores, and compares all that they tell beside the
// ledger: what each operation answers, and the whole content after each transaction. Of rows written at the same
// moment any may come first.
func Equal(t *testing.T, openA, openB func(t ledgertest.TB) Harness) {
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{a: openA(t), b: openB(t)}
		defer m.a.Close()
		defer m.b.Close()
		t.Repeat(map[string]func(*rapid.T){"transaction": m.transaction, "restart": m.restart, "": m.compare})
	})
}

type machine struct{ a, b Harness }

type op func(tx notebook.Tx) string

func (m *machine) transaction(t *rapid.T) {
	ops := make([]op, rapid.IntRange(1, 20).Draw(t, "operations"))
	for i := range ops {
		ops[i] = draw(t)
	}
	var end error
	if rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
		end = errUndo
	}
	run := func(h Harness) (answers []string) {
		err := h.Store.Update(context.Background(), func(tx notebook.Tx) error {
			for _, o := range ops {
				answers = append(answers, o(tx))
			}
			return end
		})
		if !errors.Is(err, end) || end == nil && err != nil {
			t.Fatalf("the transaction: %v", err)
		}
		return answers
	}
	a, b := run(m.a), run(m.b)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("operation %d: %s\nand: %s", i+1, a[i], b[i])
		}
	}
}

func (m *machine) restart(t *rapid.T) {
	for _, h := range []*Harness{&m.a, &m.b} {
		if h.Reopen == nil {
			continue
		}
		s, err := h.Reopen()
		if err != nil {
			t.Fatalf("restart: %v", err)
		}
		h.Store = s
	}
}

func (m *machine) compare(t *rapid.T) {
	dump := func(h Harness) (s string) {
		err := h.Store.View(context.Background(), func(tx notebook.Tx) (err error) { s, err = Dump(tx); return err })
		if err != nil {
			t.Fatalf("dump: %v", err)
		}
		return s
	}
	if a, b := dump(m.a), dump(m.b); a != b {
		t.Fatalf("they differ:\n%s\nand:\n%s", a, b)
	}
}

var days = []string{"", "2026-10-31", "2026-11-01", "2026-11-16", "2026-12-01", "2029-01-01"}

// drawRun draws how far the centre has vouched for an own run.
func drawRun(t *rapid.T) op {
	r := ledger.Run{ID: record.RunID(rapid.IntRange(5, 6).Draw(t, "run")), Replica: 24, Own: true, Claim: 10}
	r.Receipt.Run, r.Receipt.N = r.ID, record.Number(rapid.IntRange(0, 10).Draw(t, "receipt"))
	return func(tx notebook.Tx) string { return fmt.Sprint("put run ", tx.PutRun(r)) }
}

var vocabulary = []string{"mot", "motxe", "mo", "hai", "ha", "xe", "x", "khuoi", "24", "241"}

func draw(t *rapid.T) op {
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0, 1, 2:
		return drawRow(t)
	case 3:
		return drawRun(t)
	case 4:
		return drawDraft(t)
	case 5:
		id := notebook.DraftID(rapid.IntRange(0, 6).Draw(t, "draft"))
		return func(tx notebook.Tx) string { return fmt.Sprint("drop draft ", tx.DropDraft(id)) }
	case 6:
		if rapid.IntRange(0, 4).Draw(t, "sure") == 0 {
			return func(tx notebook.Tx) string { return fmt.Sprint("drop rows ", tx.DropRows()) }
		}
		d := dot(rapid.IntRange(1, 4).Draw(t, "urgent"))
		if rapid.Bool().Draw(t, "put") {
			return func(tx notebook.Tx) string { return fmt.Sprint("put urgent ", tx.PutUrgent(d)) }
		}
		return func(tx notebook.Tx) string { return fmt.Sprint("drop urgent ", tx.DropUrgent(d)) }
	default:
		return drawSearch(t)
	}
}

func drawRow(t *rapid.T) op {
	r := row(rapid.IntRange(1, 30).Draw(t, "record"), "")
	for range rapid.IntRange(0, 4).Draw(t, "words") {
		r.Words += rapid.SampledFrom(vocabulary).Draw(t, "word") + " "
	}
	r.Written = record.Millis(rapid.IntRange(0, 12).Draw(t, "written"))
	r.Form.ID = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "form")
	r.Conflict, r.Rejected = rapid.Bool().Draw(t, "conflict"), rapid.Bool().Draw(t, "rejected")
	r.Visible, r.Marked = rapid.IntRange(0, 4).Draw(t, "visible") > 0, rapid.IntRange(0, 4).Draw(t, "marked") == 0
	r.Deleted = !r.Visible && rapid.Bool().Draw(t, "deleted")
	r.Date, r.Units = rapid.SampledFrom(days).Draw(t, "day"), rapid.SampledFrom([]string{"", "U1", "U1 U2"}).Draw(t, "units")
	r.Own = rapid.SampledFrom([]record.Dot{{}, {Run: 5, N: 3}, {Run: 5, N: 9}, {Run: 6, N: 1}}).Draw(t, "own")
	if rapid.Bool().Draw(t, "somewhere") {
		r.Place = dot(rapid.IntRange(1, 30).Draw(t, "place"))
	}
	if rapid.IntRange(0, 2).Draw(t, "a place") == 0 {
		r.Calls = rapid.SampledFrom(vocabulary).Draw(t, "called") + " " + rapid.SampledFrom(vocabulary).Draw(t, "called too")
	}
	return func(tx notebook.Tx) string {
		if run, _ := tx.Run(r.Own.Run); !r.Own.IsZero() && !run.Own { // who has written has a run
			_ = tx.PutRun(ledger.Run{ID: r.Own.Run, Replica: 24, Own: true, Claim: 10})
		}
		err := tx.PutRow(r)
		got, ok, err2 := tx.Row(r.Record)
		return fmt.Sprint("put row ", err, got == r, ok, err2)
	}
}

func drawDraft(t *rapid.T) op {
	d := draft(rapid.StringN(0, 5, 20).Draw(t, "officer"))
	d.Saved = record.Millis(rapid.IntRange(0, 5).Draw(t, "saved"))
	again := rapid.IntRange(0, 3).Draw(t, "again")
	return func(tx notebook.Tx) string {
		if again == 0 { // a later state of one that is there
			if ds, err := tx.Drafts(); len(ds) > 0 && err == nil {
				d.ID = ds[0].ID
			}
		}
		_, err := tx.PutDraft(d)
		return fmt.Sprint("put draft ", err)
	}
}

// drawSearch compares the times of what is found, for the order of equal times is free.
func drawSearch(t *rapid.T) op {
	q := notebook.Query{Limit: rapid.IntRange(0, 40).Draw(t, "limit"), State: notebook.State(rapid.IntRange(0, int(notebook.StateDeleted)).Draw(t, "state")),
		Unit: rapid.SampledFrom([]string{"", "", "U1", "U2"}).Draw(t, "unit")}
	if rapid.IntRange(0, 2).Draw(t, "days") == 0 {
		q.From, q.To = rapid.SampledFrom(days).Draw(t, "from"), rapid.SampledFrom(days).Draw(t, "to")
	}
	for range rapid.IntRange(0, 2).Draw(t, "words") {
		w := rapid.SampledFrom(vocabulary).Draw(t, "word")
		q.Text += w[:rapid.IntRange(1, len(w)).Draw(t, "letters")] + " "
	}
	if rapid.Bool().Draw(t, "of a form") {
		q.Form = "a"
	}
	return func(tx notebook.Tx) string {
		recs, err := tx.Search(q)
		var times []record.Millis
		for _, rec := range recs {
			r, _, err2 := tx.Row(rec)
			err = errors.Join(err, err2)
			times = append(times, r.Written)
		}
		if len(recs) < q.Limit { // all that there are
			slices.SortFunc(recs, record.Dot.Compare)
			return fmt.Sprintf("search %+v: %v %v %v", q, recs, times, err)
		}
		return fmt.Sprintf("search %+v: %v %v", q, times, err)
	}
}
