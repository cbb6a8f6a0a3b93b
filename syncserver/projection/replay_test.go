package projection_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// still keeps tables as they are at a moment of the log, in a file of their own.
type still struct {
	at    projection.Moment
	views *projection.Projection
}

func (w *world) still(name string) still {
	w.t.Helper()
	s := still{views: w.openViews(filepath.Join(filepath.Dir(w.path), name))}
	w.must(s.views.CatchUp(ctx))
	w.must(w.store.View(ctx, func(tx hub.Tx) (err error) { s.at, err = projection.MomentOf(tx); return err }))
	w.t.Cleanup(func() { w.must(s.views.Close()) })
	return s
}

// replayed holds the tables of then against a replay.
func (w *world) replayed(s still) error {
	return projection.Replay(ctx, projection.Replaying{Hub: w.hub, Forms: form.Builtin(), Dir: filepath.Dir(w.path), To: s.at}, func(b *sqlite.Tx) error {
		return s.views.View(ctx, func(a *sqlite.Tx) error { return projection.Same(a, b) })
	})
}

// TestReplay: whatever happens after a moment, changes drawn up to it give the tables of it, row by row: edits, deletions, moves,
// reviews, verdicts taken back, creations that came after their edits, forms that were published later, and bodies that came late.
func TestReplay(t *testing.T) {
	for seed := range uint64(50) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, hub.NewMemory(), 1000+seed)
			w.spare = seed%4 != 0
			w.happen(int(5 + seed%20))
			w.lack()
			s := w.still("then.db")
			w.fill()
			before := w.erasures()
			w.spare = true // what is erased after the moment is gone from it: see TestReplayOfErased
			w.happen(15)
			if w.erasures() != before {
				t.Fatal("something was erased")
			}
			w.must(w.replayed(s))
		})
	}
}

// lack has the centre hold some changes without their bodies, as after a loss; fill brings these.
func (w *world) lack() {
	w.t.Helper()
	for range 4 {
		d := w.devices[w.rng.IntN(len(w.devices))]
		c := w.write(d, w.any())
		e := w.write(d, record.Change{Record: c.Dot, Form: c.Form, Edits: edits([]string{"note", "thiếu"})})
		for _, x := range []*record.Change{c, e} {
			if w.rng.IntN(2) == 0 {
				x = x.Without(record.BodyAbsent)
			}
			w.push(x)
		}
	}
}

func (w *world) fill() {
	w.t.Helper()
	for _, d := range w.devices {
		w.push(d.log...)
	}
}

func (w *world) erasures() (n int) {
	w.t.Helper()
	w.must(w.store.View(ctx, func(tx hub.Tx) (err error) { n, err = tx.Erasures(); return err }))
	return n
}

// TestReplayOfErased: what was erased after the moment is missing in its replay, and only that.
func TestReplayOfErased(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 5)
	one := w.add(w.devices[0], "U1/ordinary", "awareness_session", "occurred_on", "2026-11-12", "participants_total", "38")
	w.add(w.devices[0], "U1/ordinary", "awareness_session", "occurred_on", "2026-11-13", "participants_total", "4")
	s := w.still("then.db")
	w.staff(func(a *hub.Act) error { return a.Erase(one) })
	if err := w.replayed(s); !errors.Is(err, projection.ErrDifferent) {
		t.Fatalf("the erased record is there: %v", err)
	}
	err := projection.Replay(ctx, projection.Replaying{Hub: w.hub, Forms: form.Builtin(), Dir: filepath.Dir(w.path), To: s.at}, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT sum(participants_total) FROM " + projection.Table("awareness_session"))
		if err == nil && row.Int64(0) != 4 {
			t.Errorf("%d took part", row.Int64(0))
		}
		return err
	})
	w.must(err)
}

// TestReplayLeavesNothing: the tables of a replay lie where nobody else reads them, say how far they are, and are gone afterwards,
// also when they fail.
func TestReplayLeavesNothing(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 6)
	w.happen(30)
	s := w.still("then.db")
	dir, far := t.TempDir(), ledger.Pos(0)
	r := projection.Replaying{Hub: w.hub, Forms: form.Builtin(), Dir: dir, To: s.at, Progress: func(p ledger.Pos) { far = p }}
	broken := errors.New("broken")
	err := projection.Replay(ctx, r, func(*sqlite.Tx) error {
		there, err := os.ReadDir(dir)
		if err != nil || len(there) != 1 {
			return fmt.Errorf("%v %w", there, err)
		}
		if info, err := there[0].Info(); err != nil || info.Mode().Perm() != 0o700 {
			return fmt.Errorf("%v %w", info.Mode(), err)
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if far != s.at.Pos {
		t.Errorf("told of %d, want %d", far, s.at.Pos)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestStill: what is committed after the moment was taken, is not seen at it, however soon; and the tables go on afterwards.
func TestStill(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 7)
	w.run()
	d := w.devices[0]
	for i := range 20 {
		w.add(d, "U1/ordinary", "awareness_session", "occurred_on", "2026-11-12", "participants_total", "1")
		n := int64(0)
		late := w.write(d, w.record("U1/ordinary", "awareness_session", "occurred_on", "2026-11-12", "participants_total", "1"))
		committed := make(chan struct{})
		take := func(tx hub.Tx) (projection.Moment, error) {
			m, err := projection.MomentOf(tx)
			go func() { // it lands in the gap: the moment is taken, and its tables are not read yet
				defer close(committed)
				w.hub.Apply(ctx, []*hub.Job{{Push: &protocol.Push{Epoch: w.hub.Epoch(), Items: []*record.Change{late}}}})
			}()
			return m, err
		}
		w.must(w.views.Still(ctx, take, func(tx *sqlite.Tx, settled string) error {
			<-committed
			row, err := tx.One("SELECT count(*) FROM records")
			n = row.Int64(0)
			if settled != projection.FormSum(w.forms) {
				t.Errorf("drawn by %q", settled)
			}
			return err
		}))
		if want := int64(2*i + 1); n != want {
			t.Fatalf("%d records, want %d", n, want)
		}
	}
	w.must(w.views.Wait(ctx, w.end()))
	w.must(w.views.Check(ctx))
}
