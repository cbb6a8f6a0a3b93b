package ledgertest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

func testEmpty(t *testing.T, b *bench) {
	b.both(func(tx ledger.Tx) {
		equal(t, "end", must(tx.End())(t), 0)
		equal(t, "find", must(tx.Find(record.Dot{Run: runA, N: 1}))(t), 0)
		equal(t, "find nothing", must(tx.Find(record.Dot{}))(t), 0)
		equal(t, "run", must(tx.Run(runA))(t), ledger.Run{})
		equal(t, "spans", len(must(tx.Spans(runA))(t)), 0)
		equal(t, "touching", len(must(tx.Touching(record.Dot{Run: runA, N: 1}))(t)), 0)
		equal(t, "erasures", must(tx.Erasures())(t), 0)
		equal(t, "runs", len(runs(t, tx)), 0)
		equal(t, "each", len(each(t, tx, 0, 100)), 0)
		if v := must(tx.Value("x"))(t); v != nil {
			t.Errorf("a value that was never put: %v", v)
		}
		for _, p := range []ledger.Pos{0, 1, math.MaxUint64} {
			if c, err := tx.At(p); err == nil {
				t.Errorf("something at place %d: %v", p, c.Dot)
			}
		}
	})
	b.update(func(tx ledger.Tx) { // also while something is being written
		appendAll(t, tx, made(runA, 1, "một"))
		for _, p := range []ledger.Pos{0, 2, math.MaxUint64} {
			if c, err := tx.At(p); err == nil {
				t.Errorf("something at place %d: %v", p, c.Dot)
			}
		}
	})
}

func testLog(t *testing.T, b *bench) {
	var all []*record.Change
	for n := range record.Number(100) {
		all = append(all, made(runA, n+1, fmt.Sprint("ghi chép ", n)))
	}
	check := func(tx ledger.Tx) {
		for i, c := range all {
			same(t, "at", must(tx.At(ledger.Pos(i+1)))(t), c)
		}
		equal(t, "end", must(tx.End())(t), 100)
		equal(t, "each", len(each(t, tx, 1, 100)), 100)
	}
	b.update(func(tx ledger.Tx) { equal(t, "last place", appendAll(t, tx, all[:50]...), 50) })
	b.update(func(tx ledger.Tx) {
		equal(t, "last place", appendAll(t, tx, all[50:]...), 100)
		check(tx)
	})
	b.view(check)
}

func testFind(t *testing.T, b *bench) {
	held := map[record.Dot]ledger.Pos{}
	check := func(tx ledger.Tx) {
		t.Helper()
		for _, run := range []record.RunID{runA, runB, runC, 0, 7} {
			for n := range record.Number(40) {
				d := record.Dot{Run: run, N: n}
				equal(t, fmt.Sprint("find ", d), must(tx.Find(d))(t), held[d])
			}
		}
	}
	add := func(tx ledger.Tx, run record.RunID, ns ...record.Number) {
		for _, n := range ns {
			c := made(run, n, "x")
			held[c.Dot] = appendAll(t, tx, c)
		}
	}
	b.update(func(tx ledger.Tx) {
		check(tx)
		add(tx, runA, 5, 6, 7)
		check(tx)
		add(tx, runA, 2, 3) // an earlier stretch, going on
		check(tx)
		add(tx, runB, 1, 2)
		add(tx, runA, 8) // continues in number, not in place
		check(tx)
	})
	b.view(check)
	b.update(func(tx ledger.Tx) { add(tx, runA, 9, 10) }) // continues over transactions
	b.update(func(tx ledger.Tx) { add(tx, runA, 4) })     // fills a gap
	b.update(func(tx ledger.Tx) {
		add(tx, runC, 30, 20, 10, 11, 21, 31)
		check(tx)
	})
	b.update(func(tx ledger.Tx) { add(tx, runC, 12, 13); add(tx, runC, 32); add(tx, runC, 14) })
	b.both(check)
}

func testSpans(t *testing.T, b *bench) {
	b.update(func(tx ledger.Tx) {
		appendAll(t, tx, made(runA, 1, "x"), made(runA, 2, "x"))
		equals(t, "while it grows", must(tx.Spans(runA))(t), []ledger.Span{{First: 1, Last: 2, At: 1}})
		appendAll(t, tx, made(runA, 3, "x"), made(runB, 7, "x"), made(runA, 4, "x"), made(runA, 9, "x"))
	})
	b.update(func(tx ledger.Tx) { appendAll(t, tx, made(runA, 10, "x"), made(runA, 6, "x"), made(runA, 7, "x")) })
	b.both(func(tx ledger.Tx) {
		equals(t, "spans", must(tx.Spans(runA))(t), []ledger.Span{{First: 1, Last: 3, At: 1}, {First: 4, Last: 4, At: 5},
			{First: 6, Last: 7, At: 8}, {First: 9, Last: 10, At: 6}})
		equals(t, "spans of another", must(tx.Spans(runB))(t), []ledger.Span{{First: 7, Last: 7, At: 4}})
		equal(t, "spans of none", len(must(tx.Spans(runC))(t)), 0)
	})
}

func testTouching(t *testing.T, b *bench) {
	rec, other := record.Dot{Run: runA, N: 1}, record.Dot{Run: runB, N: 1}
	grant := sealed(record.Change{Kind: record.KindGrant, Replica: record.Centre, Grantee: 24, Feeds: []record.Feed{"U1/ordinary"}}, runC, 5)
	b.update(func(tx ledger.Tx) {
		appendAll(t, tx, edited(rec, runB, 2, "trước"), made(runA, 1, "x"), edited(rec, runA, 2, "sau"), edited(other, runA, 3, "y"))
		equals(t, "within", must(tx.Touching(rec))(t), []ledger.Pos{1, 3})
	})
	b.update(func(tx ledger.Tx) {
		appendAll(t, tx, sealed(record.Change{Kind: record.KindVerdict, Replica: record.Centre, Record: rec, Target: rec}, runC, 4), grant)
		equals(t, "over two transactions", must(tx.Touching(rec))(t), []ledger.Pos{1, 3, 5})
	})
	b.both(func(tx ledger.Tx) {
		equals(t, "a record", must(tx.Touching(rec))(t), []ledger.Pos{1, 3, 5})
		equals(t, "another", must(tx.Touching(other))(t), []ledger.Pos{4})
		equals(t, "a replica's grants", must(tx.Touching(ledger.ReplicaSubject(24)))(t), []ledger.Pos{6})
		equal(t, "another replica's", len(must(tx.Touching(ledger.ReplicaSubject(25)))(t)), 0)
	})
}

func testRewrite(t *testing.T, b *bench) {
	c, d := made(runA, 1, "một"), made(runA, 2, "hai")
	bare := d.Without(record.BodyAbsent)
	b.update(func(tx ledger.Tx) {
		appendAll(t, tx, c, bare)
		must(0, tx.Rewrite(2, d))(t) // what was appended just now
		same(t, "within", must(tx.At(2))(t), d)
	})
	erased := c.Without(record.BodyErased)
	b.undo(func(tx ledger.Tx) {
		must(0, tx.Rewrite(1, erased))(t)
		same(t, "within", must(tx.At(1))(t), erased)
	})
	b.both(func(tx ledger.Tx) { same(t, "undone", must(tx.At(1))(t), c) })
	b.update(func(tx ledger.Tx) { must(0, tx.Rewrite(1, erased))(t) })
	b.both(func(tx ledger.Tx) {
		same(t, "erased", must(tx.At(1))(t), erased)
		same(t, "the other", must(tx.At(2))(t), d)
		equal(t, "each", len(each(t, tx, 1, 2)), 2)
		equal(t, "end", must(tx.End())(t), 2)
	})
}

// fullRun has something in every field.
func fullRun(id record.RunID) ledger.Run {
	r := ledger.Run{ID: id, Replica: math.MaxUint32, Own: true, First: 3, Parent: record.Dot{Run: runC, N: 2}, Head: record.Digest{1, 31: 2},
		Prefix: 9, Claim: math.MaxUint64, Safe: 4, Receipt: record.Receipt{Epoch: record.Epoch{Number: 2, Random: 1<<64 - 3}, Run: id, N: 8,
			Head: record.Digest{7, 31: 8}, Safe: 4, Time: 1_700_000_000_000, Key: [8]byte{1, 7: 2}, Sig: [64]byte{3, 63: 4}}}
	return r
}

func testRuns(t *testing.T, b *bench) {
	full, bare := fullRun(runB), ledger.Run{ID: runA, Claim: 12}
	b.update(func(tx ledger.Tx) {
		must(0, tx.PutRun(full))(t)
		must(0, tx.PutRun(bare))(t)
		must(0, tx.PutRun(ledger.Run{ID: runC, Replica: 3}))(t)
		equal(t, "within", must(tx.Run(runB))(t), full)
		equal(t, "all within", len(runs(t, tx)), 3)
	})
	check := func(tx ledger.Tx) {
		equal(t, "with everything", must(tx.Run(runB))(t), full)
		equal(t, "with a claim only", must(tx.Run(runA))(t), bare)
		equals(t, "all, by id", runs(t, tx), []ledger.Run{bare, full, {ID: runC, Replica: 3}})
		n := 0
		must(0, tx.Runs(func(ledger.Run) bool { n++; return n < 2 }))(t)
		equal(t, "until told to stop", n, 2)
	}
	b.both(check)
	b.undo(func(tx ledger.Tx) {
		must(0, tx.PutRun(ledger.Run{ID: runB}))(t)
		must(0, tx.PutRun(ledger.Run{ID: 99, Replica: 1}))(t)
		equal(t, "emptied", must(tx.Run(runB))(t), ledger.Run{ID: runB})
		equal(t, "all", len(runs(t, tx)), 4)
	})
	b.both(check)
	full.Receipt, full.Head = record.Receipt{}, record.Digest{}
	b.update(func(tx ledger.Tx) { must(0, tx.PutRun(full))(t) })
	b.both(check)
}

func testValues(t *testing.T, b *bench) {
	get := func(tx ledger.Tx, name string) string { return string(must(tx.Value(name))(t)) }
	kept := []byte("hai")
	b.update(func(tx ledger.Tx) {
		must(0, tx.PutValue("một", []byte("1")))(t)
		must(0, tx.PutValue("hai", kept))(t)
		must(0, tx.PutValue("", []byte{0, 1}))(t)
		must(0, tx.PutValue("rỗng", []byte{}))(t)
		kept[0] = 'X' // the bytes are the caller's
		equal(t, "within", get(tx, "hai"), "hai")
	})
	b.undo(func(tx ledger.Tx) {
		must(0, tx.PutValue("một", []byte("khác")))(t)
		must(0, tx.PutValue("hai", nil))(t)
		must(0, tx.PutValue("ba", []byte("3")))(t)
		equal(t, "within", get(tx, "một")+get(tx, "ba"), "khác3")
	})
	b.both(func(tx ledger.Tx) {
		equal(t, "values", get(tx, "một")+get(tx, "hai")+get(tx, "")+get(tx, "ba"), "1hai\x00\x01")
		if v := must(tx.Value("rỗng"))(t); v == nil || len(v) != 0 {
			t.Errorf("an empty value: %v", v)
		}
	})
	b.update(func(tx ledger.Tx) {
		must(0, tx.PutValue("hai", nil))(t)
		must(0, tx.PutValue("một", []byte("2")))(t)
	})
	b.both(func(tx ledger.Tx) {
		if v := must(tx.Value("hai"))(t); v != nil {
			t.Errorf("a value taken away: %v", v)
		}
		equal(t, "overwritten", get(tx, "một"), "2")
	})
}

func testEach(t *testing.T, b *bench) {
	b.update(func(tx ledger.Tx) {
		for n := range record.Number(70) {
			appendAll(t, tx, made(runA, n+1, "x"))
		}
		equal(t, "within", len(each(t, tx, 60, 80)), 11)
	})
	b.both(func(tx ledger.Tx) {
		equals(t, "from 0", each(t, tx, 0, 3), []ledger.Pos{1, 2, 3})
		equals(t, "to beyond the end", each(t, tx, 69, math.MaxUint64), []ledger.Pos{69, 70})
		equal(t, "backwards", len(each(t, tx, 5, 4)), 0)
		equal(t, "beyond the end", len(each(t, tx, 71, 99)), 0)
		var kept [][]byte
		err := tx.Each(3, 70, func(p ledger.Pos, raw []byte) (bool, error) { kept = append(kept, raw); return p < 5, nil })
		equal(t, "stopped", len(kept), 3)
		equal(t, "the error of stopping", err, nil)
		same(t, "the bytes are the caller's to keep", must(record.Decode(kept[0]))(t), must(tx.At(3))(t))
		err = tx.Each(1, 70, func(ledger.Pos, []byte) (bool, error) { return true, errUndo })
		equal(t, "the error of f", err, errUndo)
		equal(t, "and it goes on", len(each(t, tx, 1, 70)), 70)
	})
}

func testErasures(t *testing.T, b *bench) {
	rec := record.Dot{Run: runA, N: 1}
	order := func(n record.Number) *record.Change {
		return sealed(record.Change{Kind: record.KindErase, Replica: record.Centre, Record: rec}, runC, n)
	}
	b.update(func(tx ledger.Tx) {
		appendAll(t, tx, made(runA, 1, "x"), order(3))
		equal(t, "within", must(tx.Erasures())(t), 1)
	})
	b.undo(func(tx ledger.Tx) {
		appendAll(t, tx, order(4))
		equal(t, "within", must(tx.Erasures())(t), 2)
	})
	b.both(func(tx ledger.Tx) { equal(t, "undone", must(tx.Erasures())(t), 1) })
	b.update(func(tx ledger.Tx) { appendAll(t, tx, order(4), order(5)) })
	b.both(func(tx ledger.Tx) { equal(t, "all", must(tx.Erasures())(t), 3) })
}

func testUndone(t *testing.T, b *bench) {
	a := made(runA, 1, "x")
	b.update(func(tx ledger.Tx) { appendAll(t, tx, a, made(runA, 2, "x")) })
	b.undo(func(tx ledger.Tx) {
		appendAll(t, tx, made(runA, 3, "x"), edited(a.Dot, runA, 4, "y"), made(runB, 1, "z"))
		equal(t, "within", must(tx.End())(t), 5)
	})
	b.both(func(tx ledger.Tx) {
		equal(t, "end", must(tx.End())(t), 2)
		equal(t, "find", must(tx.Find(record.Dot{Run: runA, N: 3}))(t), 0)
		equal(t, "touching", len(must(tx.Touching(a.Dot))(t)), 0)
		equals(t, "spans", must(tx.Spans(runA))(t), []ledger.Span{{First: 1, Last: 2, At: 1}})
		equal(t, "spans of the other", len(must(tx.Spans(runB))(t)), 0)
	})
	func() {
		defer func() { recover() }()
		b.Update(func(tx ledger.Tx) error { appendAll(t, tx, made(runA, 3, "x")); panic("a mistake") })
	}()
	b.update(func(tx ledger.Tx) { equal(t, "the place after a panic", appendAll(t, tx, made(runA, 3, "khác")), 3) })
	b.both(func(tx ledger.Tx) {
		equals(t, "spans", must(tx.Spans(runA))(t), []ledger.Span{{First: 1, Last: 3, At: 1}})
	})
}

func testReopen(t *testing.T, b *bench) {
	if b.Reopen == nil {
		t.Skip("nothing outlives it")
	}
	full := fullRun(runB)
	b.update(func(tx ledger.Tx) {
		appendAll(t, tx, made(runA, 1, "x"), made(runA, 2, "x"))
		must(0, tx.PutRun(full))(t)
		must(0, tx.PutValue("v", []byte("1")))(t)
	})
	before := ""
	b.view(func(tx ledger.Tx) { before = must(Dump(tx))(t) })
	if err := b.Reopen(); err != nil {
		t.Fatal(err)
	}
	b.view(func(tx ledger.Tx) { equal(t, "after", must(Dump(tx))(t), before) })
	b.update(func(tx ledger.Tx) { equal(t, "next place", appendAll(t, tx, made(runA, 3, "x")), 3) })
	b.both(func(tx ledger.Tx) {
		equals(t, "spans", must(tx.Spans(runA))(t), []ledger.Span{{First: 1, Last: 3, At: 1}})
	})
}

func testOddNumbers(t *testing.T, b *bench) {
	const great record.Number = math.MaxInt64 - 1
	b.update(func(tx ledger.Tx) {
		appendAll(t, tx, made(runB, great, "x"), made(runB, great+1, "x"), made(runB, 1<<40, "x"))
	})
	b.both(func(tx ledger.Tx) {
		equal(t, "find", must(tx.Find(record.Dot{Run: runB, N: great + 1}))(t), 2)
		equal(t, "find the small one", must(tx.Find(record.Dot{Run: runB, N: 1 << 40}))(t), 3)
		equal(t, "find the next", must(tx.Find(record.Dot{Run: runB, N: great + 2}))(t), 0)
		equal(t, "find the greatest", must(tx.Find(record.Dot{Run: runB, N: math.MaxUint64}))(t), 0)
		equals(t, "spans", must(tx.Spans(runB))(t), []ledger.Span{{First: 1 << 40, Last: 1 << 40, At: 3}, {First: great, Last: great + 1, At: 1}})
	})
	far := record.Dot{Run: runC, N: math.MaxUint64 - 1}
	b.update(func(tx ledger.Tx) { appendAll(t, tx, edited(far, runA, 1, "x")) })
	b.both(func(tx ledger.Tx) { equals(t, "touching", must(tx.Touching(far))(t), []ledger.Pos{4}) })
}

// testRules runs ledger.Insert over the storage: dedup, islands, late bodies, forks, standing erasures.
func testRules(t *testing.T, b *bench) {
	w, centre := newWriter(24, 1), newWriter(record.Centre, 2)
	first := w.write(record.Change{Kind: record.KindEdit, Edits: []record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}, {Path: "note", Value: "một"}}})
	for i := range 8 {
		w.write(record.Change{Kind: record.KindEdit, Record: first.Dot, Edits: []record.Edit{{Path: "note", Value: fmt.Sprint(i)}}})
	}
	insert := func(c *record.Change, want ledger.Outcome) {
		t.Helper()
		b.update(func(tx ledger.Tx) {
			out, p, err := ledger.Insert(tx, c)
			if err != nil || out != want || p == 0 {
				t.Errorf("inserting %v: %v at %d, %v; want %v", c.Dot, out, p, err, want)
			}
		})
	}
	order := []int{0, 1, 5, 6, 3, 2, 8, 7, 4}
	for _, i := range order {
		insert(w.log[i], ledger.Added)
		insert(w.log[i], ledger.Known)
	}
	b.both(func(tx ledger.Tx) {
		r := must(tx.Run(first.Dot.Run))(t)
		equal(t, "prefix", r.Prefix, 9)
		equal(t, "head", r.Head, must(ledger.LastOwn(w.mem))(t).Head)
		equal(t, "places", len(must(ledger.Places(tx, first.Dot))(t)), 9)
	})
	fork := *w.log[3]
	fork.Edits = []record.Edit{{Path: "note", Value: "khác"}}
	if err := fork.Seal(w.noise, nil); err != nil {
		t.Fatal(err)
	}
	insert(&fork, ledger.Forked)
	insert(&fork, ledger.Forked)
	insert(centre.write(record.Change{Kind: record.KindErase, Record: first.Dot}), ledger.Added)
	late := w.write(record.Change{Kind: record.KindEdit, Record: first.Dot, Edits: []record.Edit{{Path: "note", Value: "muộn"}}})
	insert(late, ledger.Added)
	b.both(func(tx ledger.Tx) {
		for _, c := range must(ledger.About(tx, first.Dot))(t) {
			if c.Kind == record.KindEdit && c.Body != record.BodyErased {
				t.Errorf("%v was not erased", c.Dot)
			}
		}
		must(0, ledger.Check(tx))(t)
	})
	bare := w.write(record.Change{Kind: record.KindEdit, Edits: []record.Edit{{Path: record.PathFeed, Value: "U2/ordinary"}, {Path: "note", Value: "thân"}}})
	insert(bare.Without(record.BodyAbsent), ledger.Added)
	insert(bare, ledger.Filled)
	insert(bare.Without(record.BodyAbsent), ledger.Known)
	b.both(func(tx ledger.Tx) {
		same(t, "filled", must(tx.At(must(tx.Find(bare.Dot))(t)))(t), bare)
		must(0, ledger.Check(tx))(t)
	})
}

// testLarge does in one transaction more than anybody keeps in memory.
func testLarge(t *testing.T, b *bench) {
	const n = 3000
	rec := record.Dot{Run: runA, N: 1}
	b.update(func(tx ledger.Tx) {
		for i := range record.Number(n) {
			run := []record.RunID{runA, runB, runC}[i/100%3]
			c := made(run, i+1, "x")
			if i%2 == 1 {
				c = edited(rec, run, i+1, "y")
			}
			appendAll(t, tx, c)
			if i%700 == 0 {
				equal(t, "touching", len(must(tx.Touching(rec))(t)), int(i/2))
			}
		}
		equal(t, "each", len(each(t, tx, 1, n)), n)
	})
	b.both(func(tx ledger.Tx) {
		equal(t, "end", must(tx.End())(t), n)
		places := must(tx.Touching(rec))(t)
		equal(t, "touching", len(places), n/2)
		if !slices.IsSorted(places) {
			t.Error("the places are not ascending")
		}
		for i := range record.Number(n) {
			d := record.Dot{Run: []record.RunID{runA, runB, runC}[i/100%3], N: i + 1}
			equal(t, fmt.Sprint("find ", d), must(tx.Find(d))(t), ledger.Pos(i+1))
		}
		equal(t, "spans", len(must(tx.Spans(runA))(t)), n/300)
	})
}

// testReadsOwnWrites mixes all kinds of writes and reads in one transaction.
func testReadsOwnWrites(t *testing.T, b *bench) {
	b.update(func(tx ledger.Tx) {
		for i := range record.Number(200) {
			p := appendAll(t, tx, made(runA, i+1, "x"))
			r := must(tx.Run(runA))(t)
			equal(t, "run", r.Prefix, i)
			r.ID, r.Prefix = runA, i+1
			must(0, tx.PutRun(r))(t)
			must(0, tx.PutValue("last", fmt.Append(nil, i)))(t)
			equal(t, "value", string(must(tx.Value("last"))(t)), fmt.Sprint(i))
			equal(t, "find", must(tx.Find(record.Dot{Run: runA, N: i + 1}))(t), p)
			equal(t, "end", must(tx.End())(t), p)
			if i%50 == 0 {
				equal(t, "runs", runs(t, tx)[0].Prefix, i+1)
				equal(t, "each", len(each(t, tx, 1, p)), int(p))
				equal(t, "spans", must(tx.Spans(runA))(t)[0].Last, i+1)
			}
		}
	})
	b.view(func(tx ledger.Tx) { equal(t, "run", must(tx.Run(runA))(t).Prefix, 200) })
}
