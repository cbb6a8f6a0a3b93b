package ledger

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/clock"
	"banlang/shared/record"
)

// noise is a source of bytes that repeats.
type noise struct{ *rand.Rand }

func (n noise) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(n.Uint32())
	}
	return len(b), nil
}

// writer is a notebook, or the centre, with a ledger of its own.
type writer struct {
	t    testing.TB
	mem  *Memory
	pen  Pen
	wall clock.WallMillis
}

func newWriter(t testing.TB, r record.ReplicaID, seed uint64) *writer {
	return &writer{t: t, mem: NewMemory(), pen: Pen{Replica: r, Random: noise{rand.New(rand.NewPCG(seed, 1))}}, wall: 1_700_000_000_000}
}

func (w *writer) write(c record.Change) *record.Change {
	w.t.Helper()
	w.wall += 1000
	if err := w.mem.Atomically(func() error { _, err := w.pen.Write(w.mem, w.wall, &c); return err }); err != nil {
		w.t.Fatal(err)
	}
	return &c
}

// made writes a record; edited edits it.
func (w *writer) made(value string) *record.Change {
	w.t.Helper()
	return w.write(record.Change{Kind: record.KindEdit, Form: record.FormRef{ID: "tip"},
		Edits: []record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}, {Path: "a", Value: value}}})
}

func (w *writer) edited(rec record.Dot, value string) *record.Change {
	w.t.Helper()
	return w.write(record.Change{Kind: record.KindEdit, Record: rec, Edits: []record.Edit{{Path: "a", Value: value}}})
}

// copied is an image of the notebook, opened on another machine.
func (w *writer) copied(seed uint64) *writer {
	x := newWriter(w.t, w.pen.Replica, seed)
	x.mem, x.wall = w.mem.Clone(), w.wall
	return x
}

// all lists what a ledger holds, in the order of its log.
func (w *writer) all() []*record.Change { return w.mem.log }

// insert takes changes into a ledger, each in a transaction of its own, and returns the last outcome.
func insert(t testing.TB, m *Memory, cs ...*record.Change) (out Outcome) {
	t.Helper()
	for _, c := range cs {
		err := m.Atomically(func() (err error) { out, _, err = Insert(m, c); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func sound(t testing.TB, m *Memory) {
	t.Helper()
	if err := Check(m); err != nil {
		t.Error(err)
	}
}

// TestLacks compares with a naive set of numbers.
func TestLacks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		held := map[record.Number]bool{}
		h := Have{Prefix: record.Number(rapid.IntRange(0, 4).Draw(rt, "prefix"))}
		for n := range h.Prefix {
			held[n+1] = true
		}
		for at := h.Prefix + 2; at < 20; {
			s := Span{First: at, Last: at + record.Number(rapid.IntRange(0, 3).Draw(rt, "length"))}
			h.Islands = append(h.Islands, s)
			for n := s.First; n <= s.Last; n++ {
				held[n] = true
			}
			at = s.Last + 2 + record.Number(rapid.IntRange(0, 3).Draw(rt, "gap"))
		}
		n := record.Number(rapid.IntRange(0, 30).Draw(rt, "n"))
		first := n + 1
		for held[first] {
			first++
		}
		last := ^record.Number(0)
		for k := first; k < 60; k++ {
			if held[k] {
				last = k - 1
				break
			}
		}
		if gotFirst, gotLast := h.Lacks(n); gotFirst != first || gotLast != last {
			rt.Fatalf("%+v above %d: %d to %d, want %d to %d", h, n, gotFirst, gotLast, first, last)
		}
	})
}

// TestHaveOf: what is told of a run is exactly what is held of it, whatever the order of arrival.
func TestHaveOf(t *testing.T) {
	w := newWriter(t, 24, 1)
	rec := w.made("1").Dot
	for i := range 19 {
		w.edited(rec, fmt.Sprint(i))
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := NewMemory()
		held := map[record.Number]bool{}
		for _, c := range rapid.SliceOfN(rapid.SampledFrom(w.all()), 0, 30).Draw(rt, "arrivals") {
			insert(t, m, c)
			held[c.Dot.N] = true
		}
		h, err := HaveOf(m, rec.Run)
		if err != nil {
			rt.Fatal(err)
		}
		told := map[record.Number]bool{}
		for n := range h.Prefix {
			told[n+1] = true
		}
		for i, s := range h.Islands {
			if s.First <= h.Prefix+1 && h.Prefix > 0 || i > 0 && s.First <= h.Islands[i-1].Last+1 {
				rt.Fatalf("islands touch: %+v", h)
			}
			for n := s.First; n <= s.Last; n++ {
				told[n] = true
			}
		}
		if fmt.Sprint(told) != fmt.Sprint(held) {
			rt.Fatalf("told %v, held %v", told, held)
		}
		sound(t, m)
	})
}

// TestOutcomes: the same again is known; a body that was missing is filled in; another content under a held name is
// kept as evidence and has no effect.
func TestOutcomes(t *testing.T) {
	w := newWriter(t, 24, 1)
	c := w.made("một")
	other := *c
	other.Edits = []record.Edit{{Path: record.PathFeed, Value: "U2/ordinary"}, {Path: "a", Value: "khác"}}
	if err := other.Seal(w.pen.Random, nil); err != nil {
		t.Fatal(err)
	}
	m := NewMemory()
	for i, x := range []struct {
		c    *record.Change
		want Outcome
	}{{c.Without(record.BodyAbsent), Added}, {c.Without(record.BodyAbsent), Known}, {c, Filled}, {c, Known},
		{c.Without(record.BodyAbsent), Known}, {&other, Forked}, {&other, Forked}, {c, Known}} {
		if got := insert(t, m, x.c); got != x.want {
			t.Errorf("step %d: %v, want %v", i, got, x.want)
		}
	}
	v, err := ViewOf(m, c.Dot)
	if err != nil || v.Text("a") != "một" || len(m.evidence) != 1 {
		t.Errorf("shows %q; %d pieces of evidence; %v", v.Text("a"), len(m.evidence), err)
	}
	sound(t, m)
}

// TestErasuresStand: an order strips what is held and what arrives later, by record or by path; a device's order does
// nothing.
func TestErasuresStand(t *testing.T) {
	w, centre, m := newWriter(t, 24, 1), newWriter(t, record.Centre, 2), NewMemory()
	a, b := w.made("giữ kín"), w.made("giữ lại")
	erase := func(by *writer, rec record.Dot, paths ...string) *record.Change {
		return by.write(record.Change{Kind: record.KindErase, Record: rec, Paths: paths})
	}
	insert(t, m, a, b, erase(newWriter(t, 25, 3), a.Dot))
	held := func(d record.Dot) record.BodyState {
		p, _ := m.Find(d)
		c, err := m.At(p)
		if err != nil {
			t.Fatal(err)
		}
		return c.Body
	}
	if held(a.Dot) != record.BodyHere {
		t.Error("a device erased something")
	}
	insert(t, m, erase(centre, a.Dot), erase(centre, b.Dot, "z"))
	later := w.write(record.Change{Kind: 42, Record: a.Dot, Edits: []record.Edit{{Path: "a", Value: "của bản sau"}}})
	insert(t, m, later)
	late, kept := w.edited(a.Dot, "muộn"), w.edited(b.Dot, "còn")
	z := w.write(record.Change{Kind: record.KindEdit, Record: b.Dot, Edits: []record.Edit{{Path: "z", Value: "x"}}})
	insert(t, m, late, kept, z, late)
	for d, want := range map[record.Dot]record.BodyState{a.Dot: record.BodyErased, late.Dot: record.BodyErased, later.Dot: record.BodyErased, b.Dot: record.BodyHere,
		kept.Dot: record.BodyHere, z.Dot: record.BodyErased} {
		if got := held(d); got != want {
			t.Errorf("%s: %d, want %d", d, got, want)
		}
	}
	if out := insert(t, m, a); out != Known || held(a.Dot) != record.BodyErased {
		t.Errorf("the values came again: %v, %d", out, held(a.Dot))
	}
	sound(t, m)
}

// TestGrantsAreGrants: whatever else names a replica like a grant does, is none. (A verdict of the centre on an edit
// that claimed to be about "record 24 of run 0" once took machine 24's scope away.)
func TestGrantsAreGrants(t *testing.T) {
	centre := newWriter(t, record.Centre, 2)
	g := centre.write(record.Change{Kind: record.KindGrant, Grantee: 24, Feeds: []record.Feed{"U1/ordinary"}})
	if err := (&record.Change{Dot: record.Dot{Run: 9, N: 1}, Replica: 25, Kind: record.KindEdit, Record: ReplicaSubject(24)}).Seal(nil, nil); err == nil {
		t.Error("a record that is named like a replica was sealed")
	}
	centre.mem.touching[ReplicaSubject(24)] = append(centre.mem.touching[ReplicaSubject(24)], 2)
	centre.write(record.Change{Kind: record.KindVerdict, Record: g.Dot, Target: g.Dot})
	now, err := Grant(centre.mem, 24)
	if err != nil || now == nil || now.Dot != g.Dot {
		t.Errorf("the grant of 24 is %v, %v", now, err)
	}
}

// TestGrantIsTheGreatestThatStands.
func TestGrantIsTheGreatestThatStands(t *testing.T) {
	centre := newWriter(t, record.Centre, 2)
	grant := func(feed record.Feed, replaces ...record.Dot) record.Dot {
		return centre.write(record.Change{Kind: record.KindGrant, Grantee: 24, Feeds: []record.Feed{feed}, Replaces: replaces}).Dot
	}
	first := grant("U1/ordinary")
	second := grant("U2/ordinary", first)
	third := grant("U3/ordinary", first) // by a centre that did not know the second
	want := second
	if third.Compare(second) > 0 {
		want = third
	}
	if g, err := Grant(centre.mem, 24); err != nil || g.Dot != want {
		t.Errorf("%v, %v", g, err)
	}
	if g, err := Grant(centre.mem, 25); g != nil || err != nil {
		t.Errorf("of a stranger: %v, %v", g, err)
	}
}

// TestARunOpensOnce: a second opening of a run, which no honest program writes, does not carry the prefix (and with it a
// receipt) over a gap.
func TestARunOpensOnce(t *testing.T) {
	w, m := newWriter(t, 24, 1), NewMemory()
	rec := w.made("1").Dot
	insert(t, m, w.all()[0], w.edited(rec, "2"))
	again := &record.Change{Dot: record.Dot{Run: rec.Run, N: 10}, Parent: record.Dot{Run: 5, N: 9}, Replica: 24, Kind: record.KindEdit, Record: rec}
	if err := again.Seal(nil, nil); err != nil {
		t.Fatal(err)
	}
	insert(t, m, again)
	if r, _ := m.Run(rec.Run); r.Prefix != 2 || r.First != 1 {
		t.Errorf("prefix %d from %d", r.Prefix, r.First)
	}
	h, err := HaveOf(m, rec.Run)
	if err != nil || len(h.Islands) != 1 || h.Islands[0].First != 10 {
		t.Errorf("%+v, %v", h, err)
	}
}

// TestWritingGoesOn: numbers go on over openings; a clock that fell back to 1969 stops nobody; a failed write leaves no
// trace.
func TestWritingGoesOn(t *testing.T) {
	w := newWriter(t, 24, 1)
	rec := w.made("1").Dot
	w.pen.Reset()
	second := w.edited(rec, "2")
	if second.Dot.N != 2 || second.Dot.Run == rec.Run || second.Parent != rec {
		t.Errorf("after a restart: %+v", second)
	}
	w.wall = -7 * 3600 * 1000
	if third := w.edited(rec, "3"); third.Dot != (record.Dot{Run: second.Dot.Run, N: 3}) || third.Time < 0 {
		t.Errorf("in 1969: %+v", third)
	}
	failed := errors.New("no")
	err := w.mem.Atomically(func() error {
		if _, err := w.pen.Write(w.mem, 1, &record.Change{Kind: record.KindEdit, Record: rec}); err != nil {
			return err
		}
		return failed
	})
	if last, _ := LastOwn(w.mem); !errors.Is(err, failed) || last.Dot.N != 3 {
		t.Errorf("after a failed write: %v, %v", last.Dot, err)
	}
	sound(t, w.mem)
}

func sorted(runs ...record.RunID) []record.RunID { slices.Sort(runs); return runs }
