// Package storetest owns what every notebook.Store must do: one suite for all implementations (Suite), and a comparison
// of two of them over random transactions (Equal).
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/ledger/ledgertest"
	"banlang/shared/record"
)

// Harness is one store under test.
type Harness struct {
	Store  notebook.Store
	Reopen func() (notebook.Store, error) // closes it and opens it again; nil where nothing outlives it
	Close  func()
}

var errUndo = errors.New("undo this")

// Suite runs every contract of notebook.Store against fresh stores.
func Suite(t *testing.T, open func(t ledgertest.TB) Harness) {
	t.Run("ledger", func(t *testing.T) {
		ledgertest.Suite(t, func(t ledgertest.TB) ledgertest.Harness { return asLedger(open(t)) })
	})
	for name, test := range map[string]func(*testing.T, *bench){
		"drafts": testDrafts, "rows": testRows, "search": testSearch, "the newest first": testOrder, "narrowed": testNarrowed,
		"filters": testFilters, "states": testStates, "deleted": testDeleted, "receipts": testReceipts, "places": testPlaces, "words": testWords, "dropped rows": testDropRows, "urgent": testUrgent, "undone": testUndone, "soon": testSoon, "kept over a restart": testReopen,
		"a cancelled context": testCancelled, "views beside an update": testViews,
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			defer h.Close()
			test(t, &bench{t, h})
		})
	}
}

func asLedger(h Harness) ledgertest.Harness {
	l := ledgertest.Harness{Close: h.Close}
	l.Update = func(f func(ledger.Tx) error) error {
		return h.Store.Update(context.Background(), func(tx notebook.Tx) error { return f(tx) })
	}
	l.View = func(f func(ledger.Tx) error) error {
		return h.Store.View(context.Background(), func(tx notebook.Tx) error { return f(tx) })
	}
	if h.Reopen != nil {
		l.Reopen = func() (err error) { h.Store, err = h.Reopen(); return err }
	}
	return l
}

type bench struct {
	t ledgertest.TB
	Harness
}

func (b *bench) update(f func(tx notebook.Tx)) {
	b.t.Helper()
	if err := b.Store.Update(context.Background(), func(tx notebook.Tx) error { f(tx); return nil }); err != nil {
		b.t.Fatalf("update: %v", err)
	}
}

func (b *bench) undo(f func(tx notebook.Tx)) {
	b.t.Helper()
	err := b.Store.Update(context.Background(), func(tx notebook.Tx) error { f(tx); return errUndo })
	if !errors.Is(err, errUndo) {
		b.t.Fatalf("a failing update: %v", err)
	}
}

func (b *bench) view(f func(tx notebook.Tx)) {
	b.t.Helper()
	if err := b.Store.View(context.Background(), func(tx notebook.Tx) error { f(tx); return nil }); err != nil {
		b.t.Fatalf("view: %v", err)
	}
}

// both runs f in a transaction and in a view.
func (b *bench) both(f func(tx notebook.Tx)) {
	b.t.Helper()
	b.update(f)
	b.view(f)
}

func must[T any](v T, err error) func(t ledgertest.TB) T {
	return func(t ledgertest.TB) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%v", err)
		}
		return v
	}
}

func same(t ledgertest.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n%+v, want\n%+v", what, got, want)
	}
}

// sameSet compares what may be nil with what is empty.
func sameList[T comparable](t ledgertest.TB, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func draft(officer string) notebook.Draft {
	return notebook.Draft{Record: record.Dot{Run: 1<<63 + 1, N: 9}, Instead: record.Dot{Run: 1<<63 + 5, N: 2}, Covers: []record.Dot{{Run: 1<<63 + 5, N: 2}}, Form: record.FormRef{ID: "tin_bao", Version: 1<<63 + 3}, Feed: "U1/ordinary",
		Officer: officer, Saved: 1_700_000_000_123,
		Values: map[string]string{"note": "Điệp báo \"lần\" 2\n", "items/0000000000000001.1.0/kind": ""},
		Saw:    map[string][]record.Dot{"note": {{Run: 1<<64 - 1, N: 1<<63 + 2}, {Run: 3, N: 4}}}}
}

func testDrafts(t *testing.T, b *bench) {
	a, c := draft("a"), draft("c")
	c.Saved++
	c.Record = record.Dot{}
	b.update(func(tx notebook.Tx) {
		a.ID = must(tx.PutDraft(a))(t)
		c.ID = must(tx.PutDraft(c))(t)
		if a.ID == 0 || c.ID == 0 || a.ID == c.ID {
			t.Errorf("drafts %d and %d", a.ID, c.ID)
		}
	})
	b.both(func(tx notebook.Tx) {
		got, ok, err := tx.Draft(a.ID)
		same(t, "a draft", []any{got, ok, err}, []any{a, true, nil})
		same(t, "latest first", must(tx.Drafts())(t), []notebook.Draft{c, a})
		_, ok, err = tx.Draft(a.ID + 1000)
		same(t, "no such draft", []any{ok, err}, []any{false, nil})
	})
	a.Saved, a.Values = a.Saved+5, map[string]string{"note": "khác"}
	b.update(func(tx notebook.Tx) {
		same(t, "its id stays", must(tx.PutDraft(a))(t), a.ID)
		must(0, tx.DropDraft(c.ID))(t)
		must(0, tx.DropDraft(c.ID+1000))(t)
	})
	b.both(func(tx notebook.Tx) { same(t, "what is left", must(tx.Drafts())(t), []notebook.Draft{a}) })
	b.update(func(tx notebook.Tx) {
		if id := must(tx.PutDraft(draft("mới")))(t); id == c.ID || id == a.ID {
			t.Errorf("a new draft got the id of another: %d", id)
		}
		same(t, "brought back", must(tx.PutDraft(c))(t), c.ID)
	})
	b.both(func(tx notebook.Tx) {
		got, _, _ := tx.Draft(c.ID)
		same(t, "brought back", got, c)
		same(t, "all", len(must(tx.Drafts())(t)), 3)
	})
}

func dot(n int) record.Dot {
	return record.Dot{Run: record.RunID(1<<63 - 2 + uint64(n%4)), N: record.Number(n)}
}

// row is the line of record n, visible, with some words.
func row(n int, words string) notebook.Row {
	return notebook.Row{Record: dot(n), Replica: 24, Form: record.FormRef{ID: "tin_bao", Version: 1<<64 - 2}, Title: "Bản tin", Date: "2026-11-16",
		Words: words, Written: record.Millis(1000 * n), Own: record.Dot{Run: 1 << 63, N: 8}, Visible: true}
}

func testRows(t *testing.T, b *bench) {
	full := row(1, "mot hai")
	full.Conflict, full.Rejected, full.Marked = true, true, true
	full.Units, full.Place, full.Calls = "U1 U2", record.Dot{Run: 1<<64 - 1, N: 7}, "thon bon"
	bare := notebook.Row{Record: dot(2)}
	check := func(tx notebook.Tx) {
		t.Helper()
		for _, want := range []notebook.Row{full, bare} {
			got, ok, err := tx.Row(want.Record)
			same(t, "a row", []any{got, ok, err}, []any{want, true, nil})
		}
		_, ok, err := tx.Row(dot(3))
		same(t, "no such row", []any{ok, err}, []any{false, nil})
	}
	b.update(func(tx notebook.Tx) {
		must(0, tx.PutRow(row(1, "cu")))(t)
		must(0, tx.PutRow(full))(t)
		must(0, tx.PutRow(bare))(t)
		check(tx)
	})
	b.both(check)
	for _, alter := range []func(){
		func() { full.Title = "khác" }, func() { full.Words = "ba" }, func() { full.Written += 7 }, func() { full.Written = 0 },
		func() { full.Form.Version++ }, func() { full.Form.ID = "x" }, func() { full.Own = record.Dot{} }, func() { full.Visible = false },
		func() { full.Deleted = true }, func() { full.Visible, full.Deleted = true, false }, func() { full.Conflict = false }, func() { full.Rejected = false }, func() { full.Written = 1 << 62 },
		func() { full.Units = "" }, func() { full.Place = record.Dot{} }, func() { full.Calls = "" }, func() { full.Date = "" },
		func() { bare = row(2, "bon") }, func() { bare.Written = full.Written },
	} {
		alter()
		b.update(func(tx notebook.Tx) { must(0, tx.PutRow(full))(t); must(0, tx.PutRow(bare))(t) })
		b.view(check)
	}
}

// put keeps rows whose words are given, written in this order.
func (b *bench) put(words ...string) {
	b.update(func(tx notebook.Tx) {
		for i, w := range words {
			must(0, tx.PutRow(row(i+1, w)))(b.t)
		}
	})
}

// finds checks which rows a text finds, newest first.
func (b *bench) finds(text string, want ...int) {
	b.t.Helper()
	var dots []record.Dot
	for _, n := range want {
		dots = append(dots, dot(n))
	}
	b.view(func(tx notebook.Tx) {
		b.t.Helper()
		sameList(b.t, fmt.Sprintf("search %q", text), must(tx.Search(notebook.Query{Text: text, Limit: 100}))(b.t), dots)
	})
}

func testSearch(t *testing.T, b *bench) {
	b.put("mat trom xe may o ban khuoi lum", "danh nhau o cho khuoi", "xe tai cho go lau", "nguyen van diep 24-1271", "")
	for text, want := range map[string][]int{
		"": {5, 4, 3, 2, 1}, "   ": {5, 4, 3, 2, 1}, "xe": {3, 1}, "XE": {3, 1}, "xe m": {1}, "m xe": {1}, "khuoi": {2, 1}, "khuối": {2, 1},
		"KHUỔI o": {2, 1}, "k": {2, 1}, "kh": {2, 1}, "khu": {2, 1}, "khuo": {2, 1}, "khuoi l": {1}, "zzz": nil, "xe zzz": nil, "rom": nil,
		"điệp": {4}, "Nguyễn Điệp": {4}, "24": {4}, "1271": {4}, "24-1271": {4}, "24-12": {4}, "127": {4}, "c": {3, 2}, "l": {3, 1},
		`"xe"`: {3, 1}, "xe*": {3, 1}, "xe AND may": nil, "NOT xe": nil, "xe OR": nil, "words:xe": nil, "(xe": {3, 1}, "x'e": nil, "'": {5, 4, 3, 2, 1},
		"\ue000v": {4}, "\x00xe": {3, 1},
	} {
		b.finds(text, want...)
	}
	b.update(func(tx notebook.Tx) {
		must(0, tx.PutRow(row(1, "mat trom trau")))(t)
		sameList(t, "within", must(tx.Search(notebook.Query{Text: "xe", Limit: 9}))(t), []record.Dot{dot(3)})
		sameList(t, "the new words within", must(tx.Search(notebook.Query{Text: "trau", Limit: 9}))(t), []record.Dot{dot(1)})
	})
	b.finds("xe", 3)
	b.finds("trau", 1)
	gone := row(3, "xe tai cho go lau")
	gone.Visible = false
	b.update(func(tx notebook.Tx) { must(0, tx.PutRow(gone))(t) })
	b.finds("xe")
	b.finds("", 5, 4, 2, 1)
	gone.Visible, gone.Written = true, 1_500
	b.update(func(tx notebook.Tx) { must(0, tx.PutRow(gone))(t) })
	b.finds("", 5, 4, 2, 3, 1)
}

func testOrder(t *testing.T, b *bench) {
	times := []record.Millis{5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6, 4, 1 << 62, 1<<63 - 1, 0, 7, 6, 5}
	b.update(func(tx notebook.Tx) {
		for i, at := range times {
			r := row(i+1, "tu")
			r.Written = at
			must(0, tx.PutRow(r))(t)
		}
	})
	for limit := range len(times) + 2 {
		b.view(func(tx notebook.Tx) {
			for _, text := range []string{"", "tu"} {
				got := must(tx.Search(notebook.Query{Text: text, Limit: limit}))(t)
				same(t, "how many", len(got), min(limit, len(times)))
				var written []record.Millis
				for _, rec := range got {
					r, _, _ := tx.Row(rec)
					written = append(written, -r.Written)
				}
				if !slices.IsSorted(written) {
					t.Errorf("limit %d: not the newest first: %v", limit, written)
				}
				best := slices.Clone(times)
				slices.Sort(best)
				if n := len(written); n > 0 && -written[n-1] != best[len(best)-n] {
					t.Errorf("limit %d: the last is of %d, want %d", limit, -written[n-1], best[len(best)-n])
				}
			}
			sameList(t, "a limit below nothing", must(tx.Search(notebook.Query{Limit: -1}))(t), nil)
		})
	}
}

func testNarrowed(t *testing.T, b *bench) {
	b.update(func(tx notebook.Tx) {
		for i := range 12 {
			r := row(i+1, []string{"mot", "hai"}[i%2])
			r.Form.ID = []string{"tin_bao", "tin_bao_2", "tin-bao"}[i%3]
			r.Form.Version = uint64(i)
			r.Conflict, r.Rejected = i%4 == 0, i%6 == 1
			must(0, tx.PutRow(r))(t)
		}
	})
	find := func(q notebook.Query) (ns []int) {
		q.Limit = 50
		b.view(func(tx notebook.Tx) {
			for _, d := range must(tx.Search(q))(t) {
				ns = append(ns, int(d.N))
			}
		})
		return ns
	}
	sameList(t, "a form", find(notebook.Query{Form: "tin_bao"}), []int{10, 7, 4, 1})
	sameList(t, "a form whose name only ends otherwise", find(notebook.Query{Form: "tin_bao_2"}), []int{11, 8, 5, 2})
	sameList(t, "no such form", find(notebook.Query{Form: "tin"}), nil)
	sameList(t, "conflicts", find(notebook.Query{State: notebook.StateConflict}), []int{9, 5, 1})
	sameList(t, "attention", find(notebook.Query{State: notebook.StateAttention}), []int{8, 2})
	sameList(t, "either", find(notebook.Query{State: notebook.StateAsking}), []int{9, 8, 5, 2, 1})
	sameList(t, "all at once", find(notebook.Query{Text: "mo", Form: "tin_bao_2", State: notebook.StateConflict}), []int{5})
	sameList(t, "nothing left", find(notebook.Query{Text: "hai", Form: "tin_bao", State: notebook.StateConflict}), nil)
}

// testWords: letters and digits make words, whatever stands between them, and however long they are.
func testWords(t *testing.T, b *bench) {
	long := strings.Repeat("dai", 200)
	b.put("a,b;c", "so 12/3/2026", "ma_so", long+" x", "dac d", "ひらがな 漢字 123abc")
	b.finds("b", 1)
	b.finds("12 3", 2)
	b.finds("so", 3, 2)
	b.finds("mã số", 3)
	b.finds("Đ", 5, 4)
	b.finds(long, 4)
	b.finds(long[:300], 4)
	b.finds("123ab", 6)
	b.finds("漢", 6)
}

func testDropRows(t *testing.T, b *bench) {
	b.put("mot", "hai")
	b.undo(func(tx notebook.Tx) {
		must(0, tx.DropRows())(t)
		sameList(t, "within", must(tx.Search(notebook.Query{Limit: 9}))(t), nil)
		must(0, tx.PutRow(row(1, "ba")))(t)
	})
	b.finds("", 2, 1)
	b.finds("mot", 1)
	b.update(func(tx notebook.Tx) { must(0, tx.DropRows())(t) })
	b.finds("")
	b.view(func(tx notebook.Tx) {
		_, ok, err := tx.Row(dot(1))
		same(t, "a row", []any{ok, err}, []any{false, nil})
	})
	b.put("ba", "bon")
	b.finds("mot")
	b.finds("b", 2, 1)
}

func testUrgent(t *testing.T, b *bench) {
	a, c, d := record.Dot{Run: 1 << 63, N: 2}, record.Dot{Run: 1, N: 3}, record.Dot{Run: 7, N: 1}
	b.update(func(tx notebook.Tx) {
		for _, x := range []record.Dot{a, c, d, a} {
			must(0, tx.PutUrgent(x))(t)
		}
	})
	b.both(func(tx notebook.Tx) { sameList(t, "oldest first", must(tx.Urgent())(t), []record.Dot{d, a, c}) })
	b.update(func(tx notebook.Tx) { must(0, tx.DropUrgent(a))(t); must(0, tx.DropUrgent(a))(t) })
	b.both(func(tx notebook.Tx) { sameList(t, "what is left", must(tx.Urgent())(t), []record.Dot{d, c}) })
}

func testUndone(t *testing.T, b *bench) {
	keep := draft("a")
	b.update(func(tx notebook.Tx) {
		keep.ID = must(tx.PutDraft(keep))(t)
		must(0, tx.PutUrgent(dot(1)))(t)
		must(0, tx.PutRow(row(1, "mot")))(t)
	})
	before := ""
	b.view(func(tx notebook.Tx) { before = must(Dump(tx))(t) })
	b.undo(func(tx notebook.Tx) {
		must(0, tx.DropDraft(keep.ID))(t)
		must(tx.PutDraft(draft("b")))(t)
		must(0, tx.DropUrgent(dot(1)))(t)
		must(0, tx.PutUrgent(dot(2)))(t)
		must(0, tx.PutRow(row(1, "hai")))(t)
		must(0, tx.PutRow(row(2, "ba")))(t)
		must(0, tx.PutValue("cursor", []byte("x")))(t)
		if now := must(Dump(tx))(t); now == before {
			t.Error("nothing was done")
		}
	})
	b.view(func(tx notebook.Tx) { same(t, "undone", must(Dump(tx))(t), before) })
}

// testSoon: what need not wait for the disk is seen at once, undone when it fails, and outlives the program.
func testSoon(t *testing.T, b *bench) {
	soon := func(f func(notebook.Tx) error) error { return b.Store.UpdateSoon(context.Background(), f) }
	must(0, soon(func(tx notebook.Tx) error { return tx.PutRow(row(1, "mot")) }))(t)
	before := ""
	b.view(func(tx notebook.Tx) { before = must(Dump(tx))(t) })
	b.finds("mot", 1)
	err := soon(func(tx notebook.Tx) error {
		must(0, tx.PutRow(row(2, "hai")))(t)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Errorf("an update that fails: %v", err)
	}
	b.view(func(tx notebook.Tx) { same(t, "undone", must(Dump(tx))(t), before) })
	if b.Reopen != nil {
		b.Store = must(b.Reopen())(t)
		b.view(func(tx notebook.Tx) { same(t, "after a restart", must(Dump(tx))(t), before) })
	}
}

func testReopen(t *testing.T, b *bench) {
	if b.Reopen == nil {
		t.Skip("nothing outlives it")
	}
	b.put("mot", "hai")
	b.update(func(tx notebook.Tx) { must(tx.PutDraft(draft("a")))(t); must(0, tx.PutUrgent(dot(1)))(t) })
	before := ""
	b.view(func(tx notebook.Tx) { before = must(Dump(tx))(t) })
	b.Store = must(b.Reopen())(t)
	b.view(func(tx notebook.Tx) { same(t, "after", must(Dump(tx))(t), before) })
	b.finds("ha", 2)
}

func testCancelled(t *testing.T, b *bench) {
	if b.Reopen == nil {
		t.Skip("memory does not wait")
	}
	ctx, cancel := context.WithCancel(context.Background())
	err := b.Store.Update(ctx, func(tx notebook.Tx) error {
		must(0, tx.PutRow(row(1, "mot")))(t)
		cancel()
		return tx.PutRow(row(2, "hai"))
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled in the middle: %v", err)
	}
	b.finds("")
	if err := b.Store.View(ctx, func(notebook.Tx) error { t.Error("called"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a view: %v", err)
	}
}

// testViews: a view sees one state, while and after others write.
func testViews(t *testing.T, b *bench) {
	if b.Reopen == nil {
		t.Skip("memory lets a view wait for the update")
	}
	b.put("mot")
	b.view(func(tx notebook.Tx) {
		before := must(Dump(tx))(t)
		b.put("hai", "ba")
		same(t, "the same view", must(Dump(tx))(t), before)
	})
	b.update(func(tx notebook.Tx) {
		must(0, tx.PutRow(row(3, "bon")))(t)
		b.finds("b", 2) // beside the update: what was kept
	})
	b.finds("b", 3, 2)
}

// Dump writes all that a notebook.Tx tells, as text.
func Dump(tx notebook.Tx) (string, error) {
	var b strings.Builder
	l, err := ledgertest.Dump(tx)
	if err != nil {
		return "", err
	}
	b.WriteString(l)
	for _, name := range []string{"cursor", "projected", "offered", "alarms"} {
		v, err := tx.Value(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s %x\n", name, v)
	}
	drafts, err := tx.Drafts()
	if err != nil {
		return "", err
	}
	for _, d := range drafts {
		fmt.Fprintf(&b, "draft %+v\n", d)
	}
	recs, err := tx.Search(notebook.Query{Limit: 1 << 30})
	if err != nil {
		return "", err
	}
	slices.SortFunc(recs, record.Dot.Compare)
	for _, rec := range recs {
		r, ok, err := tx.Row(rec)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "row %+v %t\n", r, ok)
	}
	urgent, err := tx.Urgent()
	fmt.Fprintf(&b, "urgent %v\n", urgent)
	return b.String(), err
}
