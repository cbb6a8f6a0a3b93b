package storetest

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

func deposit(r record.ReplicaID, at record.Millis, boxes ...string) hub.Deposit {
	d := hub.Deposit{Replica: r, At: at}
	for _, b := range boxes {
		d.Boxes = append(d.Boxes, []byte(b))
	}
	d.Sum = protocol.SumEscrow(d.Boxes)
	return d
}

func testDeposits(t *testing.T, b *bench) {
	first, second, other := deposit(24, 7, "hộp một"), deposit(24, 7, "hộp hai", "hộp sau"), deposit(7, 9, "hộp một")
	b.update(func(tx hub.Tx) {
		for _, d := range []hub.Deposit{first, second, other, deposit(24, 99, "hộp một")} {
			must(0, tx.PutDeposit(d))(t)
		}
	})
	b.undo(func(tx hub.Tx) { must(0, tx.PutDeposit(deposit(24, 100, "hộp ba")))(t) })
	b.both(func(tx hub.Tx) {
		same(t, "of a replica, latest first", must(tx.Deposits(24))(t), []hub.Deposit{second, first})
		same(t, "of all", must(tx.Deposits(0))(t), []hub.Deposit{other, second, first})
		if got := must(tx.Deposits(25))(t); len(got) > 0 {
			t.Errorf("of nobody: %v", got)
		}
	})
	b.update(func(tx hub.Tx) {
		for i := range hub.MaxDeposits {
			must(0, tx.PutDeposit(deposit(24, record.Millis(100+i), fmt.Sprint("hộp ", i))))(t)
		}
	})
	b.both(func(tx hub.Tx) {
		got := must(tx.Deposits(24))(t)
		if len(got) != hub.MaxDeposits || got[0].At != 100+hub.MaxDeposits-1 || got[len(got)-1].At != 100 {
			t.Errorf("kept: %v", got)
		}
		same(t, "of another", must(tx.Deposits(7))(t), []hub.Deposit{other})
	})
}

func testWipes(t *testing.T, b *bench) {
	w := hub.Wipe{Replica: 24, Order: 3, Begun: 5, Done: 8}
	b.update(func(tx hub.Tx) {
		must(0, tx.PutWipe(hub.Wipe{Replica: 24, Order: 1}))(t)
		must(0, tx.PutWipe(w))(t)
	})
	b.undo(func(tx hub.Tx) { must(0, tx.PutWipe(hub.Wipe{Replica: 7, Order: 9}))(t) })
	b.both(func(tx hub.Tx) {
		same(t, "a wipe", must(tx.WipeOf(24))(t), w)
		same(t, "none", must(tx.WipeOf(7))(t), hub.Wipe{})
	})
}

// onKeys does something about the keys of notebooks.
func onKeys(t *rapid.T) op {
	r, n := record.ReplicaID(rapid.IntRange(1, 3).Draw(t, "replica")), rapid.IntRange(0, 9).Draw(t, "which")
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0, 1:
		d := deposit(r, record.Millis(n), fmt.Sprint("hộp ", n))
		if n%3 == 0 {
			d = deposit(r, record.Millis(n), fmt.Sprint("hộp ", n), "hộp sau")
		}
		return func(tx hub.Tx) string { return fmt.Sprint("deposit ", tx.PutDeposit(d)) }
	case 2:
		return func(tx hub.Tx) string {
			all, err := tx.Deposits(r - 1)
			w, err2 := tx.WipeOf(r)
			return fmt.Sprint("deposits ", all, err, w, err2)
		}
	}
	w := hub.Wipe{Replica: r, Order: uint64(n), Begun: record.Millis(n), Done: record.Millis(n / 2)}
	return func(tx hub.Tx) string { return fmt.Sprint("wipe ", tx.PutWipe(w)) }
}
