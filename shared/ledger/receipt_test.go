package ledger

import (
	"errors"
	"testing"

	"banlang/shared/record"
)

// take believes a receipt in a transaction of its own.
func take(m *Memory, rc record.Receipt) error {
	return m.Atomically(func() error { return TakeReceipt(m, rc) })
}

// TestReceipts: they count while their epoch is the latest known; Safe and claims outlive it; one for another history is
// an alarm.
func TestReceipts(t *testing.T) {
	w := newWriter(t, 24, 1)
	rec := w.made("1").Dot
	w.edited(rec, "2")
	run := rec.Run
	at := func() Run { r, _ := w.mem.Run(run); return r }
	head := at().Head
	one, two := record.Epoch{Number: 1, Random: 5}, record.Epoch{Number: 2, Random: 1}
	steps := []struct {
		name      string
		rc        record.Receipt
		err       error
		receipted record.Number // in the latest epoch
		safe      record.Number
		claim     record.Number
	}{
		{"for all of it", record.Receipt{Epoch: one, Run: run, N: 2, Head: head, Safe: 1}, nil, 2, 1, 2},
		{"an older one, late", record.Receipt{Epoch: one, Run: run, N: 1, Safe: 1}, nil, 2, 1, 2},
		{"with another head", record.Receipt{Epoch: one, Run: run, N: 2, Head: record.Digest{9}, Safe: 2}, ErrWrongHead, 2, 1, 2},
		{"of a later epoch", record.Receipt{Epoch: two, Run: run, N: 1, Safe: 0}, nil, 1, 1, 2},
		{"of the earlier one, late", record.Receipt{Epoch: one, Run: run, N: 2, Head: head, Safe: 2}, nil, 1, 2, 2},
		{"beyond what is held", record.Receipt{Epoch: two, Run: run, N: 9, Safe: 2}, nil, 9, 2, 9},
	}
	for _, x := range steps {
		if err := take(w.mem, x.rc); !errors.Is(err, x.err) {
			t.Errorf("%s: %v", x.name, err)
		}
		epoch, _ := CentreEpoch(w.mem)
		if r := at(); Receipted(r, epoch) != x.receipted || r.Safe != x.safe || r.Claim != x.claim {
			t.Errorf("%s: receipted %d, safe %d, claim %d; want %d, %d, %d", x.name, Receipted(r, epoch), r.Safe, r.Claim, x.receipted, x.safe, x.claim)
		}
	}
}

// TestAReceiptTellsOfARun: one for a run of which nothing is here makes it known to exist.
func TestAReceiptTellsOfARun(t *testing.T) {
	m := NewMemory()
	if err := take(m, record.Receipt{Epoch: record.Epoch{Number: 1}, Run: 77, N: 5}); err != nil {
		t.Fatal(err)
	}
	if r, _ := m.Run(77); r.Claim != 5 || r.Prefix != 0 {
		t.Errorf("%+v", r)
	}
}

// TestEpochsAreOrdered: by number, then by the random part; the latest known only grows, and only the centre sets it back.
func TestEpochsAreOrdered(t *testing.T) {
	m := NewMemory()
	learn := func(e record.Epoch) { m.Atomically(func() error { return LearnEpoch(m, e) }) }
	for _, x := range []struct{ hear, know record.Epoch }{
		{record.Epoch{Number: 1, Random: 5}, record.Epoch{Number: 1, Random: 5}},
		{record.Epoch{Number: 1, Random: 4}, record.Epoch{Number: 1, Random: 5}},
		{record.Epoch{Number: 1, Random: 9}, record.Epoch{Number: 1, Random: 9}},
		{record.Epoch{Number: 3, Random: 1}, record.Epoch{Number: 3, Random: 1}},
		{record.Epoch{Number: 2, Random: 99}, record.Epoch{Number: 3, Random: 1}},
		{record.Epoch{}, record.Epoch{Number: 3, Random: 1}},
	} {
		learn(x.hear)
		if got, err := CentreEpoch(m); got != x.know || err != nil {
			t.Errorf("after hearing of %v: %v, %v", x.hear, got, err)
		}
	}
	if err := m.Atomically(func() error { return SetEpoch(m, record.Epoch{Number: 2}) }); err != nil {
		t.Fatal(err)
	}
	if got, _ := CentreEpoch(m); got.Number != 2 {
		t.Errorf("set: %v", got)
	}
}

// TestTheDigestsOfLastOwn: what the notebook writes about its last change is what it reads.
func TestTheDigestsOfLastOwn(t *testing.T) {
	for _, o := range []OwnLast{{}, {record.Dot{Run: 1<<64 - 1, N: record.MaxNumber}, record.Digest{1, 31: 2}, 1 << 60}} {
		m := NewMemory()
		if err := m.Atomically(func() error { return putLastOwn(m, o) }); err != nil {
			t.Fatal(err)
		}
		if got, err := LastOwn(m); got != o || err != nil {
			t.Errorf("%+v, %v", got, err)
		}
	}
}
