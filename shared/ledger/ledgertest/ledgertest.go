// Package ledgertest owns what every ledger.Tx must do: one suite for all implementations (Suite), and a comparison of
// two of them over random transactions (Equal).
package ledgertest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Harness is one ledger under test.
type Harness struct {
	// Update runs f in a transaction that is kept when it returns nil, and has not happened when it returns an error.
	Update func(f func(ledger.Tx) error) error
	// View runs f over what is kept.
	View func(f func(ledger.Tx) error) error
	// Reopen closes and opens the ledger, as after a restart; nil where nothing outlives it.
	Reopen func() error
	Close  func()
}

// TB is what the makers of harnesses get; *testing.T and *rapid.T are ones.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

var errUndo = errors.New("undo this")

// Suite runs every contract of ledger.Tx against fresh ledgers.
func Suite(t *testing.T, open func(t TB) Harness) {
	for name, test := range map[string]func(*testing.T, *bench){
		"an empty ledger":           testEmpty,
		"the log":                   testLog,
		"found by name":             testFind,
		"spans":                     testSpans,
		"touching":                  testTouching,
		"rewriting":                 testRewrite,
		"runs":                      testRuns,
		"values":                    testValues,
		"each":                      testEach,
		"erasures":                  testErasures,
		"undone":                    testUndone,
		"kept over a restart":       testReopen,
		"numbers that look odd":     testOddNumbers,
		"chains, orders, evidence":  testRules,
		"a large transaction":       testLarge,
		"within and between writes": testReadsOwnWrites,
		"blobs":                     testBlobs,
		"blobs that changes name":   testNamed,
		"blobs that do not fit":     testBlobCheck,
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			defer h.Close()
			test(t, &bench{t, h})
		})
	}
}

// bench is a harness with short words.
type bench struct {
	t TB
	Harness
}

func (b *bench) update(f func(tx ledger.Tx)) {
	b.t.Helper()
	if err := b.Update(func(tx ledger.Tx) error { f(tx); return nil }); err != nil {
		b.t.Fatalf("update: %v", err)
	}
}

// undo runs f in a transaction that fails.
func (b *bench) undo(f func(tx ledger.Tx)) {
	b.t.Helper()
	if err := b.Update(func(tx ledger.Tx) error { f(tx); return errUndo }); !errors.Is(err, errUndo) {
		b.t.Fatalf("a failing update: %v", err)
	}
}

func (b *bench) view(f func(tx ledger.Tx)) {
	b.t.Helper()
	if err := b.View(func(tx ledger.Tx) error { f(tx); return nil }); err != nil {
		b.t.Fatalf("view: %v", err)
	}
}

// both runs f in a transaction and in a view.
func (b *bench) both(f func(tx ledger.Tx)) {
	b.t.Helper()
	b.update(f)
	b.view(f)
}

// must returns v.
func must[T any](v T, err error) func(t TB) T {
	return func(t TB) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%v", err)
		}
		return v
	}
}

// noise is a source of bytes that repeats.
type noise struct{ *rand.Rand }

func (n noise) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(n.Uint32())
	}
	return len(b), nil
}

func newNoise(seed uint64) noise { return noise{rand.New(rand.NewPCG(seed, 7))} }

// The runs of the tests: small, great (negative to a signed database), and with neighbours.
const (
	runA record.RunID = 5
	runB record.RunID = 1<<63 + 5
	runC record.RunID = 1<<64 - 1
)

// sealed completes a change of a notebook.
func sealed(c record.Change, run record.RunID, n record.Number) *record.Change {
	c.Dot = record.Dot{Run: run, N: n}
	if c.Replica == 0 {
		c.Replica = 24
	}
	if c.Kind == 0 {
		c.Kind = record.KindEdit
	}
	if n == 1 {
		c.Parent = record.Dot{}
	} else if c.Parent.IsZero() {
		c.Parent = record.Dot{Run: run, N: n - 1} // never the first of its run by chance
		c.Parent.N = 0
	}
	if err := c.Seal(newNoise(uint64(run)^uint64(n)), nil); err != nil {
		panic(err)
	}
	return &c
}

// made is a record's creation.
func made(run record.RunID, n record.Number, text string) *record.Change {
	return sealed(record.Change{Edits: []record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}, {Path: "note", Value: text}}}, run, n)
}

// edited is an edit of a record.
func edited(rec record.Dot, run record.RunID, n record.Number, text string) *record.Change {
	return sealed(record.Change{Record: rec, Edits: []record.Edit{{Path: "note", Value: text}}}, run, n)
}

func appendAll(t TB, tx ledger.Tx, cs ...*record.Change) (last ledger.Pos) {
	t.Helper()
	for _, c := range cs {
		p, err := tx.Append(c)
		if err != nil {
			t.Fatalf("appending %v: %v", c.Dot, err)
		}
		if last != 0 && p != last+1 {
			t.Fatalf("appended at %d after %d", p, last)
		}
		last = p
	}
	return last
}

// same checks that a change is the one that was kept.
func same(t TB, what string, got, want *record.Change) {
	t.Helper()
	switch {
	case got == nil || want == nil:
		t.Errorf("%s: %v, want %v", what, got, want)
	case got.Dot != want.Dot, got.Digest() != want.Digest(), got.Body != want.Body, !bytes.Equal(got.Encoded(), want.Encoded()):
		t.Errorf("%s: %v (body %d), want %v (body %d)", what, got.Dot, got.Body, want.Dot, want.Body)
	}
}

func equal[T comparable](t TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func equals[T comparable](t TB, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func each(t TB, tx ledger.Tx, from, to ledger.Pos) (places []ledger.Pos) {
	t.Helper()
	err := tx.Each(from, to, func(p ledger.Pos, raw []byte) (bool, error) {
		c, err := record.DecodeStored(raw)
		if err != nil {
			return false, err
		}
		places = append(places, p)
		at, err := tx.At(p)
		same(t, fmt.Sprintf("each at %d", p), c, at)
		return true, err
	})
	if err != nil {
		t.Fatalf("each: %v", err)
	}
	return places
}

func runs(t TB, tx ledger.Tx) (rs []ledger.Run) {
	t.Helper()
	if err := tx.Runs(func(r ledger.Run) bool { rs = append(rs, r); return true }); err != nil {
		t.Fatalf("runs: %v", err)
	}
	return rs
}

// writer is a notebook with a ledger of its own, whose changes are real: numbered, chained, stamped.
type writer struct {
	mem   *ledger.Memory
	pen   ledger.Pen
	noise noise
	now   clock.WallMillis
	log   []*record.Change
}

func newWriter(r record.ReplicaID, seed uint64) *writer {
	n := newNoise(seed)
	return &writer{mem: ledger.NewMemory(), pen: ledger.Pen{Replica: r, Random: n}, noise: n, now: 1_700_000_000_000}
}

func (w *writer) write(c record.Change) *record.Change {
	w.now += 1000
	if err := w.mem.Atomically(func() error { _, err := w.pen.Write(w.mem, w.now, &c); return err }); err != nil {
		panic(err)
	}
	w.log = append(w.log, &c)
	return &c
}
