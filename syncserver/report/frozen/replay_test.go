package frozen_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
	"banlang/syncserver/report/frozen"
)

// total is a figure of a snapshot, of the whole root and period.
func total(s *frozen.Snapshot, indicator string) int64 {
	i := slices.IndexFunc(s.Tables, func(t frozen.Table) bool { return t.Indicator == indicator && t.Period.To == "" })
	t := &s.Tables[i]
	return t.Cells[len(t.RowHeads)][len(t.Heads)].Value.Num
}

// alterations are the ways in which counted records and what they are counted by are altered after a freeze. What they alter is a
// session of August of C1 with 10 people.
var alterations = map[string]func(w *world, rec record.Dot){
	"nothing":  func(*world, record.Dot) {},
	"edited":   func(w *world, rec record.Dot) { w.edit(rec, "participants_total", "77") },
	"deleted":  func(w *world, rec record.Dot) { w.edit(rec, record.PathLife, record.LifeDeleted) },
	"moved":    func(w *world, rec record.Dot) { w.edit(rec, record.PathFeed, "C3/ordinary") },
	"approved": func(w *world, rec record.Dot) { w.review(rec, record.ReviewApproved) },
	"late":     func(w *world, _ record.Dot) { w.push(w.write(august(w, "C1", 5))) },
	"late, dated before the freeze": func(w *world, _ record.Dot) {
		w.now -= 40 * 24 * 3600 * 1000
		w.push(w.write(august(w, "C1", 5)))
	},
	"merged":      func(w *world, _ record.Dot) { w.merged = true; w.publishTree() },
	"republished": func(w *world, _ record.Dot) { w.republish(); w.push(w.write(august(w, "C1", 5))) },
	"filled":      func(w *world, _ record.Dot) { w.push(w.log...) },
}

func august(w *world, unit string, people int) record.Change {
	return w.record(unit+"/ordinary", "awareness_session", "occurred_on", "2026-08-12", "method", "truc_tiep", "participants_total", fmt.Sprint(people))
}

// TestReplayAfter: whatever is done to counted records after a freeze, the changes up to it give its bytes again.
func TestReplayAfter(t *testing.T) {
	for name, alter := range alterations {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 1)
			rec := w.write(august(w, "C1", 10))
			w.push(rec, w.write(august(w, "C2", 20)))
			lacking := w.write(august(w, "C2", 40))
			w.push(lacking.Without(record.BodyAbsent))
			all, approved := w.freeze(asked(false)), w.freeze(asked(true))
			if n := total(all.Snapshot, "AW_PARTICIPANTS"); n != 30 || total(approved.Snapshot, "AW_PARTICIPANTS") != 0 || all.Expected != 3 || len(all.Missing) != 1 {
				t.Fatalf("%d people, %+v", n, all.Order)
			}
			alter(w, rec.Dot)
			for _, k := range []kept{all, approved} {
				if o := w.replay(k); !o.Equal() || o.Erased != nil || o.Why != nil || !o.Stands() {
					t.Errorf("%+v", o)
				}
			}
			if left, err := os.ReadDir(w.source.Scratch); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
			now := w.freeze(asked(false))
			now.Position = all.Position
			if after := w.keep(now.Snapshot); name != "nothing" && name != "approved" && after.Digest == all.Digest {
				t.Error("the figures of now are no others: this shows nothing")
			}
		})
	}
}

// TestReplayOfHistories: freeze at a random place of a random history and go on: the same bytes, each time.
func TestReplayOfHistories(t *testing.T) {
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, seed)
			w.happen(5+w.rng.IntN(15), true)
			k := w.freeze(asked(w.rng.IntN(2) == 0))
			w.happen(5+w.rng.IntN(10), false)
			if o := w.replay(k); !o.Equal() {
				t.Errorf("%+v", o)
			}
		})
	}
}

// happen lets things happen at the centre, on a clock that goes wrong now and then.
func (w *world) happen(n int, erase bool) {
	w.Helper()
	for range n {
		if w.rng.IntN(8) == 0 {
			w.now += clock.WallMillis(w.rng.IntN(2*3600_000) - 3600_000)
		}
		if len(w.records) < 4 {
			w.push(w.write(w.any()))
			continue
		}
		rec := w.records[w.rng.IntN(len(w.records))]
		if !w.seen(rec).Created {
			w.push(w.log...) // what lacked a body has it
			continue
		}
		switch w.rng.IntN(12) {
		case 0:
			w.edit(rec, record.PathFeed, w.pick("C1/ordinary", "C2/ordinary", "C3/ordinary"))
		case 1:
			w.edit(rec, record.PathLife, w.pick(record.LifeDeleted, record.LifeKept))
		case 2, 3:
			w.review(rec, w.pick(record.ReviewApproved, record.ReviewReturned))
		case 4:
			w.merged = !w.merged
			w.publishTree()
		case 5:
			w.push(w.write(w.any()).Without(record.BodyAbsent))
		case 6:
			if erase {
				w.staff(func(a *hub.Act) error { return a.Erase(rec) })
			}
		case 7: // it comes after what was written of it
			c := w.write(w.any())
			w.push(w.write(record.Change{Record: c.Dot, Form: c.Form, Edits: []record.Edit{{Path: "note", Value: "đến trước"}}}))
			w.push(c)
		case 8, 9:
			w.push(w.write(w.any()))
		default:
			w.edit(rec, "participants_total", fmt.Sprint(w.rng.IntN(90)))
		}
	}
}

// TestReplayOfErased: what was erased since is in no replay. It is named, and the frozen figures stand; but it excuses no other figure.
func TestReplayOfErased(t *testing.T) {
	w := newWorld(t, 2)
	before := w.write(august(w, "C2", 7))
	rec := w.write(august(w, "C1", 10))
	w.push(before, rec, w.write(w.record("C1/ordinary", "weapon_handover", "occurred_on", "2026-08-09", "items/r1/kind", "gun_hunting", "items/r1/quantity", "3")))
	w.staff(func(a *hub.Act) error { return a.Erase(before.Dot) })
	k := w.freeze(asked(false))
	w.staff(func(a *hub.Act) error { return a.Erase(rec.Dot) })
	o := w.replay(k)
	want := []frozen.Erased{{Record: rec.Dot.String(), Name: record.HumanName(w.pen.Replica, rec.Dot.N), Form: "awareness_session", Unit: "C1", Compartment: "ordinary"}}
	if o.Equal() || !slices.Equal(o.Erased, want) || !o.Stands() || !slices.Equal(o.Why, []frozen.Reason{frozen.ByErasure}) {
		t.Errorf("%+v, want %+v", o, want)
	}
	forged := *k.Snapshot
	forged.Tables = slices.Clone(forged.Tables)
	i := slices.IndexFunc(forged.Tables, func(t frozen.Table) bool { return t.Indicator == "WPN_GUN" })
	forged.Tables[i].Cells = slices.Clone(forged.Tables[i].Cells)
	last := len(forged.Tables[i].Cells) - 1
	forged.Tables[i].Cells[last] = slices.Clone(forged.Tables[i].Cells[last])
	forged.Tables[i].Cells[last][0].Value.Num++
	if o := w.replay(w.keep(&forged)); o.Stands() || !slices.Equal(o.Why, []frozen.Reason{frozen.Unexplained}) {
		t.Errorf("a figure that no erasure altered: %+v", o)
	}
}

// TestReplayFindsForgery: a snapshot that was altered together with its digest is found out by the changes.
func TestReplayFindsForgery(t *testing.T) {
	w := newWorld(t, 3)
	w.push(w.write(august(w, "C1", 10)))
	k := w.freeze(asked(false))
	for name, forge := range map[string]func(s *frozen.Snapshot){
		"a figure":  func(s *frozen.Snapshot) { s.Tables[0].Cells[0][0].Value.Num++ },
		"the units": func(s *frozen.Snapshot) { s.Missing = nil },
		"a run":     func(s *frozen.Snapshot) { s.Covers[0].N-- },
	} {
		forged := w.keep(k.Snapshot)
		forge(forged.Snapshot)
		forged = w.keep(forged.Snapshot)
		if o := w.replay(forged); o.Equal() || o.Stands() || o.Erased != nil {
			t.Errorf("%s: %+v", name, o)
		}
	}
	elsewhere := newWorld(t, 4)
	elsewhere.push(elsewhere.write(august(elsewhere, "C1", 10)))
	if o := elsewhere.replay(k); o.Stands() || o.Replayed != "" || !slices.Equal(o.Why, []frozen.Reason{frozen.ByLog}) {
		t.Errorf("another log: %+v", o)
	}
}

// TestReplayByALaterProgram: other definitions and forms are no difference until they alter a figure; then they are what is said.
func TestReplayByALaterProgram(t *testing.T) {
	w := newWorld(t, 8)
	w.push(w.write(august(w, "C1", 10)))
	k := w.freeze(asked(false))
	k.Definitions, k.Position.Forms = "earlier", "earlier"
	if o := w.replay(w.keep(k.Snapshot)); !o.Equal() {
		t.Errorf("%+v", o)
	}
	k.Tables[0].Cells[0][0].Value.Num++
	if o := w.replay(w.keep(k.Snapshot)); o.Stands() || !slices.Equal(o.Why, []frozen.Reason{frozen.ByForms, frozen.ByDefinitions}) {
		t.Errorf("%+v", o)
	}
}

// TestNothingSlipsIn: what is committed after the position of a snapshot is no part of it: neither what comes in the gap between the
// log and the tables, nor what has the time stamp of it, nor what came when the clock had gone back.
func TestNothingSlipsIn(t *testing.T) {
	w := newWorld(t, 5)
	w.run()
	w.push(w.write(august(w, "C1", 1)))
	for i := range 10 {
		stands, gap := make(chan struct{}), w.pushed(w.write(august(w, "C1", 1)))
		go func() { // somewhere between its beginning and its end
			defer close(stands)
			w.hub.Apply(w.Context(), []*hub.Job{gap})
		}()
		s, err := frozen.Freeze(w.Context(), w.source, asked(false))
		w.must(err)
		<-stands
		w.now -= clock.WallMillis(i * 1000) // and the clock goes back
		if n := total(s, "AW_SESSIONS"); n != int64(len(w.records)) && n != int64(len(w.records))-1 {
			t.Fatalf("%d sessions of %d", n, len(w.records))
		}
		w.push(w.write(august(w, "C1", 1)))
		if o := w.replay(w.keep(s)); !o.Equal() {
			t.Errorf("%d: %+v", i, o)
		}
		w.since(s, int64(len(w.records))-total(s, "AW_SESSIONS"))
	}
}

// since asks how many sessions came after a snapshot.
func (w *world) since(s *frozen.Snapshot, want int64) {
	w.Helper()
	end := s.Position.Pos
	w.must(w.store.View(w.Context(), func(tx hub.Tx) (err error) { end, err = tx.End(); return err }))
	w.must(w.views.Wait(w.Context(), end))
	w.must(w.views.View(w.Context(), func(tx *sqlite.Tx) error {
		all, err := frozen.Since(tx, w.tree(), s, nil)
		i := slices.IndexFunc(all, func(d frozen.Difference) bool {
			return d.Indicator == "AW_SESSIONS" && d.Row.Unit == "" && d.Period.To == ""
		})
		if i < 0 || all[i].Late != want || all[i].Now.Num-all[i].Frozen.Num != want {
			w.Errorf("%d sessions came since: %+v", want, all)
		}
		return err
	}))
}

// TestFreezeAmongOtherForms: where the library knows a form that the log does not have, what is frozen is drawn anew, by the log.
func TestFreezeAmongOtherForms(t *testing.T) {
	w := newWorld(t, 6)
	w.push(w.write(august(w, "C1", 10)))
	other := *w.forms.Menu()[0]
	other.XML += "<!-- -->"
	w.forms.Keep(&other)
	if o := w.replay(w.freeze(asked(false))); !o.Equal() {
		t.Errorf("%+v", o)
	}
}

// TestReplayOfOldSnapshots: one that names no place reads as it did, and is held against what is there now.
func TestReplayOfOldSnapshots(t *testing.T) {
	w := newWorld(t, 7)
	w.push(w.write(august(w, "C1", 10)))
	old := w.freeze(asked(false))
	old.Position = nil
	k := w.keep(old.Snapshot)
	if o := w.replay(k); !o.Equal() {
		t.Errorf("%+v", o)
	}
	w.push(w.write(august(w, "C1", 10)))
	if o := w.replay(k); o.Stands() || !slices.Equal(o.Why, []frozen.Reason{frozen.ByToday}) {
		t.Errorf("%+v", o)
	}
	if _, err := frozen.Decode([]byte(`{"number":1}`), k.Digest); !errors.Is(err, fault.TornDatabase) {
		t.Error(err)
	}
}
