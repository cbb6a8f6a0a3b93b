package storetest

import (
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// asks checks which rows a query finds, newest first.
func (b *bench) asks(q notebook.Query, want ...int) {
	b.t.Helper()
	var dots []record.Dot
	for _, n := range want {
		dots = append(dots, dot(n))
	}
	q.Limit = 100
	b.both(func(tx notebook.Tx) {
		b.t.Helper()
		sameList(b.t, "search", must(tx.Search(q))(b.t), dots)
	})
}

// testFilters: unit, days and state narrow, each by itself and together.
func testFilters(t *testing.T, b *bench) {
	days := []string{"", "2026-10-31", "2026-11-01", "2026-11-16", "2026-11-30", "2026-12-01", "2027-01-01", "2029-02-28"}
	b.update(func(tx notebook.Tx) {
		for i, day := range days {
			r := row(i+1, []string{"mot", "hai"}[i%2])
			r.Date, r.Units, r.Own = day, []string{"U1", "U2", "U1 U2", "U-1"}[i%4], record.Dot{}
			must(0, tx.PutRow(r))(t)
		}
	})
	b.asks(notebook.Query{Unit: "U1"}, 7, 5, 3, 1)
	b.asks(notebook.Query{Unit: "U2"}, 7, 6, 3, 2)
	b.asks(notebook.Query{Unit: "U-1"}, 8, 4)
	b.asks(notebook.Query{Unit: "U"})
	b.asks(notebook.Query{From: "2026-11-01", To: "2026-11-30"}, 5, 4, 3)
	b.asks(notebook.Query{From: "2026-11-16", To: "2026-11-16"}, 4)
	b.asks(notebook.Query{From: "2026-11-02", To: "2027-01-01"}, 7, 6, 5, 4)
	b.asks(notebook.Query{From: "2026-10-31", To: "2030-01-01"}, 8, 7, 6, 5, 4, 3, 2)
	b.asks(notebook.Query{From: "2026-12-01"}, 8, 7, 6)
	b.asks(notebook.Query{To: "2026-11-01"}, 3, 2)
	b.asks(notebook.Query{From: "2026-11-30", To: "2026-11-01"})
	b.asks(notebook.Query{Text: "ha", Unit: "U2", From: "2026-11-01", To: "2026-12-31"}, 6)
	b.both(func(tx notebook.Tx) { same(t, "count", must(tx.Count())(t), len(days)) })
}

// testStates: a record has one state, the first that holds.
func testStates(t *testing.T, b *bench) {
	b.update(func(tx notebook.Tx) {
		for i := range 16 {
			r := row(i+1, "mot")
			r.Conflict, r.Rejected, r.Marked, r.Own = i&1 != 0, i&2 != 0, i&4 != 0, record.Dot{}
			if i&8 != 0 {
				r.Own = record.Dot{Run: 77, N: record.Number(i)}
			}
			must(0, tx.PutRow(r))(t)
		}
		hidden := row(17, "mot")
		hidden.Visible, hidden.Own = false, record.Dot{Run: 77, N: 17}
		must(0, tx.PutRow(hidden))(t)
	})
	b.update(func(tx notebook.Tx) {
		must(0, tx.PutRun(ledger.Run{ID: 77, Replica: 24, Own: true, First: 1, Prefix: 17, Claim: 17}))(t)
	})
	b.asks(notebook.Query{State: notebook.StateConflict}, 16, 15, 14, 13, 12, 10, 8, 7, 6, 5, 4, 2)
	b.asks(notebook.Query{State: notebook.StateAttention}, 11, 3)
	b.asks(notebook.Query{State: notebook.StateAsking}, 16, 15, 14, 13, 12, 11, 10, 8, 7, 6, 5, 4, 3, 2)
	b.asks(notebook.Query{State: notebook.StateQueued}, 9)
	b.asks(notebook.Query{State: notebook.StateCentre}, 1)
	b.asks(notebook.Query{State: notebook.StateQueued, Text: "hai"})
	b.update(func(tx notebook.Tx) {
		for i, review := range map[int]string{0: record.ReviewReturned, 1: record.ReviewReturned, 2: record.ReviewApproved, 8: record.ReviewApproved} {
			r, _, err := tx.Row(dot(i + 1))
			must(0, err)(t)
			r.Review = review
			must(0, tx.PutRow(r))(t)
			if again, _, err := tx.Row(dot(i + 1)); err != nil || again != r {
				t.Errorf("put %+v, read %+v, %v", r, again, err)
			}
		}
		approved := row(18, "mot")
		approved.Review, approved.Own = record.ReviewApproved, record.Dot{}
		must(0, tx.PutRow(approved))(t)
	})
	b.asks(notebook.Query{State: notebook.StateReturned}, 1)
	b.asks(notebook.Query{State: notebook.StateApproved}, 18)
	b.asks(notebook.Query{State: notebook.StateApproved, Text: "mot"}, 18)
	b.asks(notebook.Query{State: notebook.StateAttention}, 11, 3)
	b.asks(notebook.Query{State: notebook.StateAsking}, 16, 15, 14, 13, 12, 11, 10, 8, 7, 6, 5, 4, 3, 2, 1)
	b.asks(notebook.Query{State: notebook.StateQueued}, 9)
	b.asks(notebook.Query{State: notebook.StateCentre})
}

// testDeleted: what was deleted is found by that state alone, narrowed like all else; what is not seen at all by none.
func testDeleted(t *testing.T, b *bench) {
	deleted := func(n int, words string) notebook.Row {
		r := row(n, words)
		r.Visible, r.Deleted, r.Units = false, true, "U1"
		return r
	}
	at := deleted(3, "ma tuy")
	at.Place, at.Conflict, at.Date = dot(9), true, "2026-12-24"
	place := row(9, "suoi vang")
	place.Calls = "suoi vang"
	unseen := row(4, "mot")
	unseen.Visible = false
	b.update(func(tx notebook.Tx) {
		for _, r := range []notebook.Row{row(1, "mot"), deleted(2, "mot"), at, unseen, place} {
			must(0, tx.PutRow(r))(t)
		}
	})
	is := notebook.StateDeleted
	b.asks(notebook.Query{State: is}, 3, 2)
	b.asks(notebook.Query{State: is, Text: "mo"}, 2)
	b.asks(notebook.Query{State: is, Text: "suoi tuy"}, 3)
	b.asks(notebook.Query{State: is, Form: "tin_bao", Unit: "U1", From: "2026-12-01", To: "2026-12-31"}, 3)
	b.asks(notebook.Query{State: is, Unit: "U2"})
	b.asks(notebook.Query{State: is, Form: "x"})
	b.asks(notebook.Query{Text: "mot"}, 1)
	b.asks(notebook.Query{State: notebook.StateConflict})
	b.asks(notebook.Query{State: notebook.StateQueued, Text: "tuy"})
	b.both(func(tx notebook.Tx) { same(t, "count", must(tx.Count())(t), 2) })
	b.update(func(tx notebook.Tx) { must(0, tx.PutRow(row(2, "mot")))(t); must(0, tx.PutRow(deleted(1, "mot")))(t) })
	b.asks(notebook.Query{State: is}, 3, 1)
	b.asks(notebook.Query{Text: "mot"}, 2)
}

// testReceipts: what waits to be sent follows the receipts, and no row is written for that.
func testReceipts(t *testing.T, b *bench) {
	b.update(func(tx notebook.Tx) {
		for i := range 6 {
			r := row(i+1, "mot")
			r.Own = record.Dot{Run: record.RunID(70 + i%2), N: record.Number(i + 1)}
			must(0, tx.PutRow(r))(t)
		}
		must(0, tx.PutRow(notebook.Row{Record: dot(7), Words: "mot", Visible: true, Written: 9000}))(t)
	})
	run := func(id record.RunID, upTo record.Number, epoch record.Epoch) {
		r := ledger.Run{ID: id, Replica: 24, Own: true, First: 1, Prefix: 6, Claim: 6}
		r.Receipt = record.Receipt{Run: id, N: upTo, Epoch: epoch}
		b.update(func(tx notebook.Tx) { must(0, tx.PutRun(r))(t) })
	}
	first, second := record.Epoch{Number: 1}, record.Epoch{Number: 2}
	b.update(func(tx notebook.Tx) { must(0, ledger.SetEpoch(tx, first))(t) })
	run(70, 0, first)
	run(71, 0, first)
	b.asks(notebook.Query{State: notebook.StateQueued}, 6, 5, 4, 3, 2, 1)
	b.asks(notebook.Query{State: notebook.StateCentre}, 7)
	run(70, 3, first)
	run(71, 6, first)
	b.asks(notebook.Query{State: notebook.StateQueued}, 5)
	b.asks(notebook.Query{State: notebook.StateCentre}, 7, 6, 4, 3, 2, 1)
	b.asks(notebook.Query{State: notebook.StateQueued, Text: "hai"})
	// a centre set back to a backup has vouched for nothing
	b.update(func(tx notebook.Tx) { must(0, ledger.SetEpoch(tx, second))(t) })
	b.asks(notebook.Query{State: notebook.StateQueued}, 6, 5, 4, 3, 2, 1)
	run(71, 4, second)
	b.asks(notebook.Query{State: notebook.StateQueued}, 6, 5, 3, 1)
}

// testPlaces: a record is found by what its place is called now; by nothing else that the line of the place says.
func testPlaces(t *testing.T, b *bench) {
	village := func(n int, calls string) notebook.Row {
		r := row(n, "dia diem "+calls+" 118 ho")
		r.Calls, r.Form.ID = calls, "dia_diem"
		return r
	}
	at := func(n int, words string, place record.Dot) notebook.Row {
		r := row(n, words)
		r.Place = place
		return r
	}
	b.update(func(tx notebook.Tx) {
		for _, r := range []notebook.Row{
			village(1, "thon suoi vang"), village(2, "thon suoi cat"), at(3, "ma tuy", dot(1)), at(4, "suoi ma", dot(2)),
			at(5, "ma tuy vang", dot(2)), at(6, "tin dung", dot(9)), row(7, "ma tuy"),
		} {
			must(0, tx.PutRow(r))(t)
		}
	})
	sessions := func(text string, want ...int) {
		t.Helper()
		b.asks(notebook.Query{Text: text, Form: "tin_bao"}, want...)
	}
	sessions("suối vàng", 5, 3)
	sessions("suoi", 5, 4, 3)
	sessions("tho", 5, 4, 3)
	sessions("suoi tuy", 5, 3)
	sessions("tuy vang cat", 5)
	sessions("cat", 5, 4)
	sessions("ma", 7, 5, 4, 3)
	sessions("118")
	b.asks(notebook.Query{Text: "thon suoi"}, 5, 4, 3, 2, 1)
	b.asks(notebook.Query{Text: "suoi", Limit: 2, State: notebook.StateAny, Form: "tin_bao"}, 5, 4, 3)
	renamed := village(1, "thon hon hop")
	b.update(func(tx notebook.Tx) {
		must(0, tx.PutRow(renamed))(t)
		sameList(t, "within", must(tx.Search(notebook.Query{Text: "hop", Limit: 9}))(t), []record.Dot{dot(3), dot(1)})
	})
	sessions("vang", 5)
	sessions("hon ma", 3)
	gone := village(2, "thon suoi cat")
	gone.Visible = false
	b.update(func(tx notebook.Tx) { must(0, tx.PutRow(gone))(t); must(0, tx.PutRow(village(9, "cho moi")))(t) })
	sessions("cat")
	sessions("cho", 6)
	many := func(tx notebook.Tx) {
		for i := range 90 {
			must(0, tx.PutRow(village(100+2*i, "buon ma thuot")))(t)
			must(0, tx.PutRow(at(101+2*i, "hop", dot(100+2*i))))(t)
		}
	}
	b.update(many)
	b.view(func(tx notebook.Tx) {
		found := must(tx.Search(notebook.Query{Text: "buon thu", Form: "tin_bao", Limit: 70}))(t)
		same(t, "how many at many places", len(found), 70)
		same(t, "the newest of them", []record.Dot{found[0], found[69]}, []record.Dot{dot(279), dot(141)})
	})
}
