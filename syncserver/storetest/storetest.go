// Package storetest owns what every hub.Store must do: one suite for all implementations (Suite), and a comparison of
// two of them over random transactions (Equal).
package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/ledger"
	"banlang/shared/ledger/ledgertest"
	"banlang/shared/record"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
)

// Harness is one store under test.
type Harness struct {
	Store  hub.Store
	Reopen func() (hub.Store, error) // closes it and opens it again; nil where nothing outlives it
	Close  func()
}

var errUndo = errors.New("undo this")

// Suite runs every contract of hub.Store against fresh stores.
func Suite(t *testing.T, open func(t ledgertest.TB) Harness) {
	t.Run("ledger", func(t *testing.T) {
		ledgertest.Suite(t, func(t ledgertest.TB) ledgertest.Harness { return asLedger(open(t)) })
	})
	for name, test := range map[string]func(*testing.T, *bench){
		"devices": testDevices, "listings": testListings, "turns": testTurns, "waiting": testWaiting, "the closed log": testClosed, "arrivals": testArrivals, "fills": testFills,
		"signed": testSigned, "undone": testUndone, "kept over a restart": testReopen, "a cancelled context": testCancelled,
		"views beside an update": testViews, "who is asked for blobs": testWants,
		"sealed keys": testDeposits, "orders obeyed": testWipes,
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
		return h.Store.Update(context.Background(), func(tx hub.Tx) error { return f(tx) })
	}
	l.View = func(f func(ledger.Tx) error) error {
		return h.Store.View(context.Background(), func(tx hub.Tx) error { return f(tx) })
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

func (b *bench) update(f func(tx hub.Tx)) {
	b.t.Helper()
	if err := b.Store.Update(context.Background(), func(tx hub.Tx) error { f(tx); return nil }); err != nil {
		b.t.Fatalf("update: %v", err)
	}
}

func (b *bench) undo(f func(tx hub.Tx)) {
	b.t.Helper()
	if err := b.Store.Update(context.Background(), func(tx hub.Tx) error { f(tx); return errUndo }); !errors.Is(err, errUndo) {
		b.t.Fatalf("a failing update: %v", err)
	}
}

func (b *bench) view(f func(tx hub.Tx)) {
	b.t.Helper()
	if err := b.Store.View(context.Background(), func(tx hub.Tx) error { f(tx); return nil }); err != nil {
		b.t.Fatalf("view: %v", err)
	}
}

// both runs f in a transaction and in a view.
func (b *bench) both(f func(tx hub.Tx)) {
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

func sameList[T comparable](t ledgertest.TB, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// filled returns a device with something in every field, so that a field that is added and not stored is found.
func filled(t ledgertest.TB, n int) (d access.Device) {
	v := reflect.ValueOf(&d).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.String:
			f.SetString(fmt.Sprint(v.Type().Field(i).Name, " điệp ", n))
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int64:
			f.SetInt(int64(-1000*n - i))
		case reflect.Uint32:
			f.SetUint(uint64(n))
		case reflect.Array:
			f.Index(f.Len() - 1).SetUint(uint64(i))
		default:
			t.Fatalf("a device has a %v: tell this test what to put there", f.Type())
		}
	}
	d.Replica = record.ReplicaID(n)
	return d
}

func testDevices(t *testing.T, b *bench) {
	a, c := filled(t, 300), filled(t, 24)
	last := access.Device{Replica: math.MaxUint32}
	b.update(func(tx hub.Tx) {
		for _, d := range []access.Device{a, {Replica: 24}, last, c} {
			must(0, tx.PutDevice(d))(t)
		}
	})
	all := func(tx hub.Tx, n int) (ds []access.Device) {
		must(0, tx.Devices(func(d access.Device) bool { ds = append(ds, d); return len(ds) < n }))(t)
		return ds
	}
	check := func(tx hub.Tx) {
		for _, want := range []access.Device{a, c, last} {
			got, ok, err := tx.Device(want.Replica)
			same(t, "a device", []any{got, ok, err}, []any{want, true, nil})
		}
		_, ok, err := tx.Device(25)
		same(t, "no such device", []any{ok, err}, []any{false, nil})
		sameList(t, "all, by number", all(tx, 9), []access.Device{c, a, last})
		sameList(t, "until told to stop", all(tx, 2), []access.Device{c, a})
	}
	b.both(check)
	b.undo(func(tx hub.Tx) { must(0, tx.PutDevice(access.Device{Replica: 24}))(t) })
	b.both(check)
}

func testListings(t *testing.T, b *bench) {
	b.update(func(tx hub.Tx) {
		must(0, tx.List("U1/ordinary", hub.Range{First: 1, Last: 3}))(t)
		must(0, tx.List("@24", hub.Range{First: 1, Last: 1}))(t)
		must(0, tx.List("U1/ordinary", hub.Range{First: 7, Last: 7}))(t)
	})
	b.undo(func(tx hub.Tx) { must(0, tx.List("U1/ordinary", hub.Range{First: 8, Last: 9}))(t) })
	b.update(func(tx hub.Tx) {
		must(0, tx.List("U1/ordinary", hub.Range{First: 8, Last: 20}))(t)
		must(0, tx.List("U1/tips", hub.Range{First: 2, Last: 2}))(t)
	})
	b.both(func(tx hub.Tx) {
		all := []hub.Range{{First: 1, Last: 3}, {First: 7, Last: 7}, {First: 8, Last: 20}}
		for _, q := range []struct {
			key   string
			after ledger.Pos
			limit int
			want  []hub.Range
		}{{"U1/ordinary", 0, 9, all}, {"U1/ordinary", 2, 9, all}, {"U1/ordinary", 3, 9, all[1:]}, {"U1/ordinary", 0, 2, all[:2]},
			{"U1/ordinary", 19, 9, all[2:]}, {"U1/ordinary", 20, 9, nil}, {"U1/ordinary", math.MaxUint64, 9, nil}, {"@24", 0, 9, []hub.Range{{First: 1, Last: 1}}},
			{"U1", 0, 9, nil}, {"U1/ordinar", 0, 9, nil}, {"", 0, 9, nil}, {"U1/tips", 1, 1, []hub.Range{{First: 2, Last: 2}}}, {"U1/tips", 1, 0, nil}} {
			sameList(t, fmt.Sprint("listed ", q.key, q.after, q.limit), must(tx.Listed(q.key, q.after, q.limit))(t), q.want)
		}
	})
}

func testTurns(t *testing.T, b *bench) {
	rec, other := record.Dot{Run: 1<<63 + 4, N: 9}, record.Dot{Run: 4, N: 9}
	full := hub.Turn{At: 12, Now: []record.Feed{"U1/ordinary"}, Ever: []record.Feed{"U1/ordinary", "U2/\"tips\""}}
	is := func(tx hub.Tx, rec record.Dot, want hub.Turn, wantOK bool) {
		t.Helper()
		got, ok, err := tx.Turn(rec)
		if err != nil || ok != wantOK || got.At != want.At || !slices.Equal(got.Now, want.Now) || !slices.Equal(got.Ever, want.Ever) {
			t.Errorf("turn of %v: %+v %t %v, want %+v %t", rec, got, ok, err, want, wantOK)
		}
	}
	b.update(func(tx hub.Tx) {
		is(tx, rec, hub.Turn{}, false)
		must(0, tx.PutTurn(rec, hub.Turn{}))(t)
		is(tx, rec, hub.Turn{}, true)
		same(t, "turns", must(tx.Turns())(t), 1)
		must(0, tx.PutTurn(rec, full))(t)
		is(tx, rec, full, true)
		same(t, "turns", must(tx.Turns())(t), 1)
		is(tx, other, hub.Turn{}, false)
		is(tx, record.Dot{}, hub.Turn{}, false)
	})
	b.undo(func(tx hub.Tx) {
		must(0, tx.PutTurn(other, full))(t)
		must(0, tx.PutTurn(rec, hub.Turn{At: 13}))(t)
		is(tx, rec, hub.Turn{At: 13}, true)
		same(t, "turns", must(tx.Turns())(t), 2)
	})
	b.both(func(tx hub.Tx) {
		is(tx, rec, full, true)
		is(tx, other, hub.Turn{}, false)
		is(tx, rec, full, true)
		same(t, "turns", must(tx.Turns())(t), 1)
	})
}

func testWaiting(t *testing.T, b *bench) {
	b.update(func(tx hub.Tx) {
		for _, p := range []ledger.Pos{9, 3, 7, 3, 1} {
			must(0, tx.Wait(p))(t)
		}
		must(0, tx.Judged(7))(t)
		must(0, tx.Judged(8))(t)
		sameList(t, "within", must(tx.Waiting(1, 9))(t), []ledger.Pos{1, 3, 9})
	})
	b.undo(func(tx hub.Tx) { must(0, tx.Judged(1))(t); must(0, tx.Wait(2))(t) })
	b.both(func(tx hub.Tx) {
		sameList(t, "ascending", must(tx.Waiting(1, 9))(t), []ledger.Pos{1, 3, 9})
		sameList(t, "at most", must(tx.Waiting(1, 2))(t), []ledger.Pos{1, 3})
		sameList(t, "at most none", must(tx.Waiting(1, 0))(t), nil)
		sameList(t, "from a place on", must(tx.Waiting(3, 9))(t), []ledger.Pos{3, 9})
		sameList(t, "behind the last", must(tx.Waiting(10, 9))(t), nil)
	})
}

func testClosed(t *testing.T, b *bench) {
	is := func(tx hub.Tx, at, want ledger.Pos, hash byte) {
		t.Helper()
		end, sum, err := tx.ClosedLog(at)
		if err != nil || end != want || sum != [32]byte{hash, 31: hash} {
			t.Errorf("closed at %d: %d %x %v, want %d", at, end, sum, err, want)
		}
	}
	b.update(func(tx hub.Tx) {
		is(tx, 100, 0, 0)
		must(0, tx.CloseLog(5, [32]byte{5, 31: 5}, 50))(t)
		must(0, tx.CloseLog(9, [32]byte{8, 31: 8}, 80))(t)
		must(0, tx.CloseLog(9, [32]byte{9, 31: 9}, 90))(t)
	})
	b.undo(func(tx hub.Tx) {
		must(0, tx.CloseLog(12, [32]byte{}, 120))(t)
		must(0, tx.CloseLog(5, [32]byte{}, 0))(t)
	})
	b.both(func(tx hub.Tx) {
		is(tx, 0, 0, 0)
		is(tx, 4, 0, 0)
		is(tx, 5, 5, 5)
		is(tx, 8, 5, 5)
		is(tx, 9, 9, 9)
		is(tx, 1000, 9, 9)
	})
}

func testArrivals(t *testing.T, b *bench) {
	b.update(func(tx hub.Tx) {
		for _, end := range []ledger.Pos{5, 9, 20} {
			must(0, tx.CloseLog(end, [32]byte{}, 10*record.Millis(end)))(t)
		}
	})
	b.undo(func(tx hub.Tx) {
		must(0, tx.CloseLog(30, [32]byte{}, 300))(t)
		must(0, tx.CloseLog(9, [32]byte{}, 1))(t)
	})
	all := []hub.Arrival{{End: 5, At: 50}, {End: 9, At: 90}, {End: 20, At: 200}}
	b.both(func(tx hub.Tx) {
		sameList(t, "all", must(tx.Arrivals(0, 9))(t), all)
		sameList(t, "of the place itself", must(tx.Arrivals(5, 9))(t), all)
		sameList(t, "of a place within", must(tx.Arrivals(6, 1))(t), all[1:2])
		sameList(t, "behind the last", must(tx.Arrivals(21, 9))(t), nil)
		sameList(t, "far behind", must(tx.Arrivals(math.MaxUint64, 9))(t), nil)
		sameList(t, "at most none", must(tx.Arrivals(0, 0))(t), nil)
	})
}

func testFills(t *testing.T, b *bench) {
	b.update(func(tx hub.Tx) {
		for _, p := range []ledger.Pos{7, 3, 7} {
			must(0, tx.Fill(p))(t)
		}
	})
	b.undo(func(tx hub.Tx) { must(0, tx.Fill(8))(t) })
	b.update(func(tx hub.Tx) { must(0, tx.Fill(9))(t) })
	all := []hub.Filling{{N: 1, At: 7}, {N: 2, At: 3}, {N: 3, At: 7}, {N: 4, At: 9}}
	b.both(func(tx hub.Tx) {
		sameList(t, "all", must(tx.Fills(0, 9))(t), all)
		sameList(t, "behind a number", must(tx.Fills(2, 1))(t), all[2:3])
		sameList(t, "behind the last", must(tx.Fills(4, 9))(t), nil)
		sameList(t, "at most none", must(tx.Fills(0, 0))(t), nil)
	})
}

// testSigned: what is kept is for people and programs of later; here it must only be taken, again and again.
func testSigned(t *testing.T, b *bench) {
	h := record.HeadSignature{Replica: 24, Run: 1 << 63, N: 5, Head: record.Digest{1}, Sig: [64]byte{2}}
	b.update(func(tx hub.Tx) {
		must(0, tx.PutSigned(h))(t)
		h.N++
		must(0, tx.PutSigned(h))(t)
	})
}

// change is a creation in a feed.
func change(run record.RunID, n record.Number, feed string) *record.Change {
	c := &record.Change{Dot: record.Dot{Run: run, N: n}, Replica: 24, Kind: record.KindEdit,
		Edits: []record.Edit{{Path: record.PathFeed, Value: feed}, {Path: "note", Value: "x"}}}
	if n > 1 {
		c.Parent = record.Dot{Run: run}
	}
	if err := c.Seal(zeros{}, nil); err != nil {
		panic(err)
	}
	return c
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func some(t ledgertest.TB, tx hub.Tx, n record.Number) {
	p := must(tx.Append(change(1, n, "U1/ordinary")))(t)
	must(0, tx.List("U1/ordinary", hub.Range{First: p, Last: p}))(t)
	must(0, tx.List("@24", hub.Range{First: p, Last: p}))(t)
	must(0, tx.PutTurn(record.Dot{Run: 1, N: n}, hub.Turn{At: p, Now: []record.Feed{"U1/ordinary"}}))(t)
	must(0, tx.PutDevice(access.Device{Replica: 24, Seen: record.Millis(n)}))(t)
	must(0, tx.Wait(p))(t)
	must(0, tx.CloseLog(p, [32]byte{byte(n)}, 1000*record.Millis(n)))(t)
	must(0, tx.Fill(p))(t)
}

func dump(t ledgertest.TB, s hub.Store) (text string) {
	t.Helper()
	err := s.View(context.Background(), func(tx hub.Tx) (err error) { text, err = Dump(tx); return err })
	if err != nil {
		t.Fatalf("dump: %v", err)
	}
	return text
}

func testUndone(t *testing.T, b *bench) {
	b.update(func(tx hub.Tx) { some(t, tx, 1) })
	before := dump(t, b.Store)
	b.undo(func(tx hub.Tx) {
		some(t, tx, 2)
		must(0, tx.Judged(1))(t)
		if must(Dump(tx))(t) == before {
			t.Error("nothing was done")
		}
	})
	same(t, "undone", dump(t, b.Store), before)
}

func testReopen(t *testing.T, b *bench) {
	if b.Reopen == nil {
		t.Skip("nothing outlives it")
	}
	b.update(func(tx hub.Tx) { some(t, tx, 1); some(t, tx, 2) })
	before := dump(t, b.Store)
	b.Store = must(b.Reopen())(t)
	same(t, "after", dump(t, b.Store), before)
	b.update(func(tx hub.Tx) { some(t, tx, 3) })
}

func testCancelled(t *testing.T, b *bench) {
	if b.Reopen == nil {
		t.Skip("memory does not wait")
	}
	before := dump(t, b.Store)
	ctx, cancel := context.WithCancel(context.Background())
	err := b.Store.Update(ctx, func(tx hub.Tx) error {
		some(t, tx, 1)
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled in the middle: %v", err)
	}
	same(t, "nothing was kept", dump(t, b.Store), before)
}

// testViews: a view sees one state, while and after others write.
func testViews(t *testing.T, b *bench) {
	if b.Reopen == nil {
		t.Skip("memory lets a view wait for the update")
	}
	b.update(func(tx hub.Tx) { some(t, tx, 1) })
	b.view(func(tx hub.Tx) {
		before := must(Dump(tx))(t)
		b.update(func(tx hub.Tx) { some(t, tx, 2) })
		same(t, "the same view", must(Dump(tx))(t), before)
	})
	b.update(func(tx hub.Tx) {
		before := dump(t, b.Store)
		some(t, tx, 3)
		same(t, "beside the update", dump(t, b.Store), before)
	})
}

// Dump writes all that a hub.Tx tells, as text.
func Dump(tx hub.Tx) (string, error) {
	var b strings.Builder
	l, err := ledgertest.Dump(tx)
	if err != nil {
		return "", err
	}
	b.WriteString(l)
	keys, records := map[string]bool{"*": true}, map[record.Dot]bool{}
	end, err := tx.End()
	if err != nil {
		return "", err
	}
	err = tx.Each(1, end, func(p ledger.Pos, raw []byte) (bool, error) {
		c, err := record.DecodeStored(raw)
		if err != nil {
			return false, err
		}
		keys["@"+strconv.FormatUint(uint64(c.Replica), 10)], keys["@"+strconv.FormatUint(uint64(c.Grantee), 10)] = true, true
		if e := c.Edit(record.PathFeed); e != nil {
			keys[e.Value] = true
		}
		records[c.RecordID()] = true
		at, hash, err := tx.ClosedLog(p)
		fmt.Fprintf(&b, "closed %d %d %x\n", p, at, hash)
		return true, err
	})
	if err != nil {
		return "", err
	}
	return b.String() + dumpShelf(tx, slices.Sorted(maps.Keys(keys)), slices.SortedFunc(maps.Keys(records), record.Dot.Compare), &err), err
}

func dumpShelf(tx hub.Tx, keys []string, records []record.Dot, failed *error) string {
	var b strings.Builder
	for _, key := range keys {
		ranges, err := tx.Listed(key, 0, math.MaxInt32)
		*failed = errors.Join(*failed, err)
		fmt.Fprintf(&b, "%s: %v\n", key, ranges)
	}
	for _, rec := range records {
		turn, ok, err := tx.Turn(rec)
		*failed = errors.Join(*failed, err)
		if ok {
			fmt.Fprintf(&b, "turn of %v: %d %q %q\n", rec, turn.At, turn.Now, turn.Ever)
		}
	}
	turns, err1 := tx.Turns()
	waiting, err2 := tx.Waiting(1, math.MaxInt32)
	arrivals, err4 := tx.Arrivals(0, math.MaxInt32)
	fills, err5 := tx.Fills(0, math.MaxInt32)
	fmt.Fprintf(&b, "%d turns, waiting %v, arrivals %v, fills %v\n", turns, waiting, arrivals, fills)
	*failed = errors.Join(*failed, ledger.EachBlob(tx, false, func(x ledger.Blob) error {
		asked, err := tx.Asked(x.Ref)
		fmt.Fprintf(&b, "%v is asked from %v\n", x.Ref, asked)
		return err
	}))
	err3 := tx.Devices(func(d access.Device) bool { fmt.Fprintf(&b, "%+v\n", d); return true })
	deposits, err6 := tx.Deposits(0)
	fmt.Fprintf(&b, "%+v\n", deposits)
	for _, d := range deposits {
		w, err := tx.WipeOf(d.Replica)
		*failed = errors.Join(*failed, err)
		fmt.Fprintf(&b, "%+v\n", w)
	}
	*failed = errors.Join(*failed, err1, err2, err3, err4, err5, err6)
	return b.String()
}
