package ledger

import (
	"slices"
	"testing"

	"banlang/shared/record"
)

// noticed compares the copies that a ledger shows with the runs of some changes.
func noticed(t *testing.T, m *Memory, want ...*record.Change) {
	t.Helper()
	var runs []record.RunID
	for _, c := range want {
		runs = append(runs, c.Dot.Run)
	}
	copies, err := Copies(m)
	var got []record.RunID
	for _, r := range copies {
		got = append(got, r.ID)
	}
	if err != nil || !slices.Equal(got, sorted(runs...)) {
		t.Errorf("copies %v, want %v (%v)", got, runs, err)
	}
}

// TestNoCopies: restarts, and two machines side by side, are no copies.
func TestNoCopies(t *testing.T) {
	a, b, m := newWriter(t, 24, 1), newWriter(t, 25, 2), NewMemory()
	for range 3 {
		insert(t, m, a.made("x"), b.made("y"), a.made("z"))
		a.pen.Reset()
		b.pen.Reset()
	}
	noticed(t, m)
	noticed(t, a.mem)
}

// TestACopyShowsByItsParent: both copies write on; two runs go on from one change, or one from the middle of another.
func TestACopyShowsByItsParent(t *testing.T) {
	a, m := newWriter(t, 24, 1), NewMemory()
	insert(t, m, a.made("1"), a.made("2"))
	b := a.copied(2)
	c := a.copied(3)
	insert(t, m, a.made("3")) // the first goes on in its run
	x := b.made("3'")
	insert(t, m, x)
	noticed(t, m, x) // from the middle of another
	y := c.made("3''")
	insert(t, m, y)
	noticed(t, m, x, y) // and two from one change
}

// TestARewoundMachineShows: set back by an image, it goes on from a change that was not its last.
func TestARewoundMachineShows(t *testing.T) {
	a, m := newWriter(t, 24, 1), NewMemory()
	insert(t, m, a.made("1"))
	back := a.copied(2)
	insert(t, m, a.made("2"), a.made("3"))
	insert(t, m, back.made("2'"))
	noticed(t, m, back.all()[1])
}

// TestACopyShowsByWhatWasTold: the changes after the image died with the disk; but the machine had told of them.
func TestACopyShowsByWhatWasTold(t *testing.T) {
	a, m := newWriter(t, 24, 1), NewMemory()
	first := a.made("1")
	insert(t, m, first)
	x := a.copied(2).made("2'")
	insert(t, m, x)
	noticed(t, m)
	r, _ := m.Run(first.Dot.Run)
	r.Claim = 7
	if err := m.Atomically(func() error { return m.PutRun(r) }); err != nil {
		t.Fatal(err)
	}
	noticed(t, m, x)
}

// TestACopyShowsByWhatAnotherRunGoesOnFrom: what it went on from has not come yet, and says that the run was longer.
func TestACopyShowsByWhatAnotherRunGoesOnFrom(t *testing.T) {
	a, m := newWriter(t, 24, 1), NewMemory()
	first := a.made("1")
	x := a.copied(2).made("2'")
	a.made("2")
	a.pen.Reset()
	insert(t, m, first, x)
	noticed(t, m)
	insert(t, m, a.made("3"))
	noticed(t, m, x)
}

// TestACopyOfAnEmptyNotebookShows: it was copied before its first word; two runs have no parent.
func TestACopyOfAnEmptyNotebookShows(t *testing.T) {
	a, m := newWriter(t, 24, 1), NewMemory()
	x, y := a.copied(2).made("1"), a.copied(3).made("1'")
	insert(t, m, newWriter(t, 25, 4).made("of another machine"), x)
	noticed(t, m)
	insert(t, m, y)
	noticed(t, m, x, y)
}

// TestACopyShowsByAnyRoadInAnyOrder: whatever comes first, and with the parent not here at all.
func TestACopyShowsByAnyRoadInAnyOrder(t *testing.T) {
	a, m := newWriter(t, 24, 1), NewMemory()
	a.made("1")
	b, c := a.copied(2), a.copied(3)
	x, y := b.made("x"), c.made("y")
	insert(t, m, y)
	noticed(t, m)
	insert(t, m, x)
	noticed(t, m, x, y)
	insert(t, m, b.made("x2"), a.made("2"), a.all()[0])
	noticed(t, m, x, y)
}
