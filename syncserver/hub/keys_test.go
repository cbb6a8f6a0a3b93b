package hub

import (
	"slices"
	"testing"

	"banlang/shared/blob"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// keys says something about keys, as a machine that was admitted, or as a stranger.
func (m *machine) keys(d *protocol.Deposit, w *protocol.Wiping, admitted bool) protocol.Message {
	m.o.t.Helper()
	hello := m.greet(func(h *protocol.Hello) {
		if !admitted {
			h.Proof[0] ^= 1
		}
	})
	j := &Job{Deposit: d, Wiping: w, From: m.replica, After: hello}
	m.o.apply(j)
	if j.Err != nil {
		m.o.t.Fatal(j.Err)
	}
	return j.Keys
}

// TestDepositsAreKept when they are what they say, from who was admitted; the answer says what is durable.
func TestDepositsAreKept(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	boxes := [][]byte{[]byte("hộp")}
	good := protocol.Deposit{Sum: protocol.SumEscrow(boxes), Boxes: boxes}
	for _, c := range []struct {
		what     string
		d        protocol.Deposit
		admitted bool
		held     bool
	}{
		{"asked, not there", protocol.Deposit{Sum: good.Sum}, true, false},
		{"of a stranger", good, false, false},
		{"with a sum of something else", protocol.Deposit{Sum: protocol.EscrowSum{1}, Boxes: boxes}, true, false},
		{"given", good, true, true},
		{"asked", protocol.Deposit{Sum: good.Sum}, true, true},
		{"asked by a stranger", protocol.Deposit{Sum: good.Sum}, false, false},
	} {
		if got := an.keys(&c.d, nil, c.admitted).(*protocol.Kept); got.Held != c.held || got.Sum != c.d.Sum {
			t.Errorf("%s: %+v", c.what, got)
		}
	}
	if err := o.store.View(ctx, func(tx Tx) error {
		if all, err := tx.Deposits(an.replica); err != nil || len(all) != 1 {
			t.Errorf("kept: %v, %v", all, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	o.sound()
}

// TestLeave is given to the machine that the order names, while it holds; what was done is noted in any case.
func TestLeave(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	an.welcomed(nil)
	ba.welcomed(nil)
	order := func(serial uint64, lost bool) {
		t.Helper()
		d := o.device(an.replica)
		err := o.hub.Staff(ctx, func(a *Act) error {
			return a.Order(an.replica, record.LostOrder{Serial: serial, Lost: lost, Machine: d.Key})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	given := func(m *machine, serial uint64, done, admitted bool) bool {
		t.Helper()
		return m.keys(nil, &protocol.Wiping{Order: serial, Done: done}, admitted).(*protocol.Leave).Given
	}
	if given(an, 0, false, true) || given(an, 1, false, true) {
		t.Error("leave without an order")
	}
	order(1, true)
	if given(ba, 1, false, true) || given(an, 2, false, true) || given(an, 1, false, false) {
		t.Error("leave for another machine, another order, or a stranger")
	}
	if !given(an, 1, false, true) {
		t.Error("no leave")
	}
	order(2, false)
	order(1, true) // an older one changes nothing
	if given(an, 1, false, true) || given(an, 2, false, true) {
		t.Error("leave after it was taken back")
	}
	if !given(an, 1, true, true) {
		t.Error("what was done was not noted")
	}
	if err := o.store.View(ctx, func(tx Tx) error {
		if w, err := tx.WipeOf(an.replica); err != nil || w.Order != 1 || w.Begun == 0 || w.Done == 0 {
			t.Errorf("noted: %+v, %v", w, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	o.sound()
}

// TestWhatIsErasedIsNotAskedFor: two machines named one photo, and the record of the first is erased: only the second is
// asked for it from then on, and the first, which has no right to send it and may not have it any more, can be wiped.
func TestWhatIsErasedIsNotAskedFor(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	an.welcomed(nil)
	photo, err := blob.Of([]byte{0xff, 0xd8, 0xff, 0xd9}, "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	gone := an.made(u1, photo.String())
	an.push(gone)
	ba.push(ba.made(u1, photo.String()))
	asked := func() (from []record.ReplicaID) {
		o.store.View(ctx, func(tx Tx) (err error) { from, err = tx.Asked(photo); return err })
		return from
	}
	if got := asked(); len(got) != 2 {
		t.Fatalf("%v are asked", got)
	}
	o.staff(func(a *Act) error { return a.Erase(gone.Dot) })
	if got := asked(); !slices.Equal(got, []record.ReplicaID{ba.replica}) {
		t.Errorf("%v are asked, and only %d names it", got, ba.replica)
	}
	order := record.LostOrder{Serial: 1, Lost: true, Machine: o.device(an.replica).Key}
	o.staff(func(a *Act) error { return a.Order(an.replica, order) })
	if !an.keys(nil, &protocol.Wiping{Order: 1}, true).(*protocol.Leave).Given {
		t.Error("a photo of an erased record keeps the machine from being wiped")
	}
	o.sound()
}
