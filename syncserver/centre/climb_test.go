package centre

import (
	"slices"
	"testing"
	"time"

	"banlang/shared/dispatch"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// TestClimb: the unit itself, then each above it after the wait of the nearest that has one; a code that the tree does not know
// is alone.
func TestClimb(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	a := r.do(Request{AlterUnits: &AlterUnits{List: []byte("code,parent,name,level\nP1,,Tỉnh,province\nC1,P1,Xã,commune\nV1,C1,Làng,village\n")}})
	if len(a.Altered.Problems) > 0 {
		t.Fatal(a.Altered.Problems)
	}
	minute := time.Minute.Milliseconds()
	climbs := func(unit string, want ...FlashDue) {
		t.Helper()
		err := r.store.View(t.Context(), func(tx hub.Tx) error {
			d, err := r.desk(t.Context(), tx, "vi")
			if err != nil {
				return err
			}
			due, err := d.climb(unit, 1000)
			if err == nil && !slices.Equal(due, want) {
				t.Errorf("%s climbs %v, want %v", unit, due, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	climbs("V1", FlashDue{"V1", 1000}, FlashDue{"C1", 1000 + 15*minute}, FlashDue{"P1", 1000 + 30*minute})
	r.do(Request{FlashWait: &FlashWait{Unit: "P1", Minutes: 40}})
	climbs("C1", FlashDue{"C1", 1000}, FlashDue{"P1", 1000 + 40*minute})
	r.do(Request{FlashWait: &FlashWait{Unit: "C1", Minutes: 5}})
	climbs("V1", FlashDue{"V1", 1000}, FlashDue{"C1", 1000 + 5*minute}, FlashDue{"P1", 1000 + 10*minute})
	if before := r.do(Request{FlashWait: &FlashWait{Unit: "C1"}}).FlashWait; before.Minutes != 5 {
		t.Errorf("before it was %d", before.Minutes)
	}
	climbs("C1", FlashDue{"C1", 1000}, FlashDue{"P1", 1000 + 40*minute})
	climbs("X9", FlashDue{"X9", 1000})
	for _, bad := range []*FlashWait{{Unit: "P1", Minutes: -1}, {Unit: "P1", Minutes: MaxFlashWait + 1}, {Minutes: 5}} {
		if _, err := r.Do(t.Context(), Request{FlashWait: bad}); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// TestFoundBehindTheViews: records are found through the views, and those that the views do not show yet behind them, each once
// and in the order in which they came; and likewise without views.
func TestFoundBehindTheViews(t *testing.T) {
	for _, views := range []bool{false, true} {
		r := opened(t, t.TempDir(), Options{Views: views})
		p := newPen(r.enrolled("U1"))
		var want []record.Dot
		add := func() {
			c := p.create(t, "U1")
			r.push(c)
			want = append(want, c.Dot)
		}
		add()
		add()
		form := r.view(want[0]).Form.ID
		end, err := r.End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if views {
			if err := r.views.Wait(t.Context(), end); err != nil {
				t.Fatal(err)
			}
		}
		x, err := r.find(t.Context(), projection.Finding{Form: form})
		if err != nil || views && len(x.named) != 2 {
			t.Fatalf("%v named, %v", x.named, err)
		}
		add() // behind what was named
		gone := p.create(t, "U1")
		r.push(gone, p.write(t, gone.Dot, record.Edit{Path: record.PathLife, Value: record.LifeDeleted, Seen: []record.Dot{gone.Dot}}))
		var got []record.Dot
		err = r.store.View(t.Context(), func(tx hub.Tx) error {
			return x.each(tx, func(created *record.Change, v *record.View) error {
				if created.Dot != v.ID {
					t.Errorf("%v was created by %v", v.ID, created.Dot)
				}
				got = append(got, v.ID)
				return nil
			})
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("with views %t: %v, want %v (%v)", views, got, want, err)
		}
		if err := r.store.View(t.Context(), func(tx hub.Tx) error {
			return these(dispatch.FormFlash, want).each(tx, func(*record.Change, *record.View) error {
				t.Error("another form is taken for a flash report")
				return nil
			})
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestACopiedNotebookIsSeen: two runs of a device that gave the same numbers are two histories; a run that goes on from another
// one is not.
func TestACopiedNotebookIsSeen(t *testing.T) {
	run := func(id record.RunID, first, claim record.Number, parent record.RunID) ledger.Run {
		r := ledger.Run{ID: id, Replica: 24, First: first, Claim: claim}
		if parent != 0 {
			r.Parent = record.Dot{Run: parent, N: first - 1}
		}
		return r
	}
	for what, x := range map[string]struct {
		runs []ledger.Run
		want record.Number
	}{
		"one run":                 {[]ledger.Run{run(1, 1, 300, 0)}, 0},
		"one after other":         {[]ledger.Run{run(1, 1, 300, 0), run(2, 301, 310, 1)}, 0},
		"a copy":                  {[]ledger.Run{run(1, 1, 310, 0), run(2, 301, 305, 1)}, 301},
		"two copies":              {[]ledger.Run{run(3, 305, 310, 1), run(1, 1, 310, 0), run(2, 301, 302, 1)}, 301},
		"its beginning is on way": {[]ledger.Run{run(1, 0, 310, 0), run(2, 301, 305, 1)}, 301},
		"the centre, set back":    {[]ledger.Run{{ID: 1, Replica: record.Centre, First: 1, Claim: 9}, {ID: 2, Replica: record.Centre, First: 1, Claim: 2}}, 0},
	} {
		err := hub.NewMemory().Update(t.Context(), func(tx hub.Tx) error {
			for _, r := range x.runs {
				if err := tx.PutRun(r); err != nil {
					return err
				}
			}
			accounts, err := accountsOf(tx)
			var got record.Number
			for _, a := range accounts {
				got = max(got, a.Copied)
			}
			if got != x.want {
				t.Errorf("%s: from %d, want %d", what, got, x.want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
