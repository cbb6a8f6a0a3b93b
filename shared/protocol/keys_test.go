package protocol

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"banlang/shared/fault"
)

// vault is what the shelf has to do with keys.
type vault struct {
	boxes     [][]byte
	order     Order
	kept      []EscrowSum
	destroyed []uint64
	fails     error // of the next destruction
}

func (s *shelf) Escrow() ([][]byte, error) { return s.vault.boxes, nil }
func (s *shelf) TakeKept(sum EscrowSum) error {
	s.vault.kept = append(s.vault.kept, sum)
	return s.fails
}
func (s *shelf) Ordered() (Order, error) { return s.vault.order, nil }
func (s *shelf) Destroy(serial uint64) error {
	if s.vault.fails != nil {
		return s.vault.fails
	}
	s.vault.destroyed = append(s.vault.destroyed, serial)
	s.vault.order.State = OrderObeyed
	return nil
}

// safe is what the hub has to do with them.
type safe struct {
	held   map[EscrowSum][][]byte
	full   bool   // it takes nothing
	order  uint64 // that holds; 0: none
	wiped  []uint64
	leaves int
}

func (f *safe) answer(m Message) Message {
	switch m := m.(type) {
	case *Deposit:
		if len(m.Boxes) > 0 && m.Sound() && !f.full {
			if f.held == nil {
				f.held = map[EscrowSum][][]byte{}
			}
			f.held[m.Sum] = m.Boxes
		}
		return &Kept{m.Sum, f.held[m.Sum] != nil}
	case *Wiping:
		if m.Done {
			f.wiped = append(f.wiped, m.Order)
			return &Leave{m.Order, true}
		}
		f.leaves++
		return &Leave{m.Order, m.Order == f.order}
	}
	return nil
}

// TestTheKeyIsDeposited: it is sent once, behind text; when it is there, a question and an answer are all.
func TestTheKeyIsDeposited(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 3, 20)
	refs := p.take(true, 100)
	p.shelf.vault.boxes = [][]byte{[]byte("chìa khóa"), []byte("chìa khóa sau")}
	p.connect()
	p.settle(0)
	p.sound()
	p.arrived(refs...)
	sum := SumEscrow(p.shelf.vault.boxes)
	if got := p.centre.safe.held[sum]; len(got) != 2 || string(got[1]) != "chìa khóa sau" {
		t.Fatalf("it holds %q", got)
	}
	if !slices.Equal(p.shelf.vault.kept, []EscrowSum{sum}) || !p.c.Progress().KeysIdle {
		t.Errorf("told %x, idle %v", p.shelf.vault.kept, p.c.Progress().KeysIdle)
	}
	if said := p.said(kindPush, kindDeposit); len(said) != 3 || said[0].kind() != kindPush {
		t.Errorf("said %v", said)
	}
	p.connect()
	p.settle(0)
	if again := p.said(kindDeposit); len(again) != 1 || len(again[0].(*Deposit).Boxes) != 0 {
		t.Errorf("said again: %v", again)
	}
	p.centre.safe.held = nil // set back
	p.connect()
	p.settle(0)
	if p.centre.safe.held[sum] == nil {
		t.Error("a hub that was set back has it no more")
	}
	p.shelf.vault.boxes = [][]byte{[]byte("chìa khóa sau")}
	p.c.Wake()
	p.settle(0)
	if p.centre.safe.held[SumEscrow(p.shelf.vault.boxes)] == nil {
		t.Error("another key, in a session that runs, was not sent")
	}
}

// TestADepositThatIsNotTaken is not sent over and over.
func TestADepositThatIsNotTaken(t *testing.T) {
	p := newPair(t)
	p.centre.safe.full = true
	p.shelf.vault.boxes = [][]byte{[]byte("chìa khóa")}
	p.connect()
	p.settle(0)
	p.c.Wake()
	p.settle(0)
	p.sound()
	if said := p.said(kindDeposit); len(said) != 2 || !p.c.Progress().KeysIdle {
		t.Errorf("said %v", said)
	}
}

// TestAnOrderIsObeyed: leave is asked for first, and what was done is told.
func TestAnOrderIsObeyed(t *testing.T) {
	p := newPair(t)
	p.centre.safe.order = 3
	p.shelf.vault.order = Order{3, OrderWaits}
	p.connect()
	p.settle(0)
	if len(p.said(kindWiping)) > 0 {
		t.Fatal("it asks while something is not at the centre")
	}
	p.shelf.vault.order.State = OrderReady
	p.c.Wake()
	p.settle(0)
	if !errors.Is(p.cerr, fault.Wiped) || !slices.Equal(p.shelf.vault.destroyed, []uint64{3}) || !slices.Equal(p.centre.safe.wiped, []uint64{3}) {
		t.Errorf("%v; destroyed %v, told %v", p.cerr, p.shelf.vault.destroyed, p.centre.safe.wiped)
	}
}

// TestNoLeaveNoWipe: an order that the hub knows nothing of (any more) destroys nothing; it is asked once in a session.
func TestNoLeaveNoWipe(t *testing.T) {
	p := newPair(t)
	p.shelf.vault.order = Order{3, OrderReady}
	p.connect()
	p.settle(0)
	p.c.Wake()
	p.settle(0)
	p.sound()
	if len(p.shelf.vault.destroyed) > 0 || p.centre.safe.leaves != 1 || !p.c.Progress().KeysIdle {
		t.Errorf("destroyed %v, asked %d times", p.shelf.vault.destroyed, p.centre.safe.leaves)
	}
	p.shelf.vault.order.Serial = 5
	p.centre.safe.order = 5
	p.c.Wake()
	p.settle(0)
	if !slices.Equal(p.shelf.vault.destroyed, []uint64{5}) {
		t.Errorf("a later order: destroyed %v", p.shelf.vault.destroyed)
	}
}

// TestTheWordIsTold in a later session when the link died before the hub knew.
func TestTheWordIsTold(t *testing.T) {
	p := newPair(t)
	p.centre.safe.order = 3
	p.shelf.vault.order = Order{3, OrderReady}
	p.connect()
	for len(p.shelf.vault.destroyed) == 0 {
		p.flight(0)
	}
	p.connect() // what was under way is lost
	p.settle(0)
	if !errors.Is(p.cerr, fault.Wiped) || len(p.shelf.vault.destroyed) != 1 || !slices.Equal(p.centre.safe.wiped, []uint64{3}) {
		t.Errorf("%v; destroyed %v, told %v", p.cerr, p.shelf.vault.destroyed, p.centre.safe.wiped)
	}
}

// TestKeysWithOlderHubs: nothing is said of keys to a hub that does not speak of them, and nothing destroyed.
func TestKeysWithOlderHubs(t *testing.T) {
	p := newPair(t)
	p.centre.version = VersionKeys - 1
	p.shelf.vault = vault{boxes: [][]byte{{1}}, order: Order{3, OrderReady}}
	p.connect()
	p.settle(0)
	p.sound()
	if len(p.said(kindDeposit, kindWiping)) > 0 || !p.c.Progress().KeysIdle {
		t.Errorf("said %v", p.said(kindDeposit, kindWiping))
	}
}

// TestKeysOutOfOrder: what does not belong where it comes ends the session.
func TestKeysOutOfOrder(t *testing.T) {
	waiting := func() *pair {
		p := welcomed(t)
		p.shelf.vault.boxes = [][]byte{{1}}
		p.c.Wake()
		p.clientSends()
		return p
	}
	for name, x := range map[string]struct {
		p *pair
		m Message
	}{
		"kept, not asked":           {welcomed(t), &Kept{}},
		"leave, not asked":          {welcomed(t), &Leave{3, true}},
		"leave, asked about a box":  {waiting(), &Leave{3, true}},
		"kept, of another sum":      {waiting(), &Kept{EscrowSum{9}, true}},
		"a deposit for the client":  {welcomed(t), &Deposit{}},
		"an order from the session": {welcomed(t), &Wiping{3, true}},
		"before the welcome":        {newUnsent(t), &Leave{3, true}},
	} {
		if err := x.p.c.Receive(start, x.m); !errors.Is(err, fault.BadFrame) || len(x.p.shelf.vault.destroyed) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := welcomed(t).s
	if _, err := s.Receive(start, &Deposit{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Receive(start, &Wiping{}); !errors.Is(err, fault.LimitExceeded) {
		t.Errorf("two at once: %v", err)
	}
	older := NewServer(start)
	if _, err := older.Receive(start, &Hello{VersionMin: 1, VersionMax: 2}); err != nil {
		t.Fatal(err)
	}
	older.Welcomed(&Welcome{Version: 2}, (&centre{}).grant)
	if _, err := older.Receive(start, &Deposit{}); !errors.Is(err, fault.BadFrame) {
		t.Errorf("in a session of version 2: %v", err)
	}
}

// TestDepositLimits: boxes over the limit can neither be said nor heard.
func TestDepositLimits(t *testing.T) {
	good, err := Append(nil, &Deposit{Boxes: [][]byte{make([]byte, MaxEscrowBytes-1), {1}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(good); err != nil {
		t.Fatal(err)
	}
	for name, boxes := range map[string][][]byte{"too many": {{1}, {2}, {3}}, "too much": {make([]byte, MaxEscrowBytes), {1}}, "an empty one": {{}}} {
		m := &Deposit{Boxes: boxes}
		if _, err := Append(nil, m); err == nil {
			t.Errorf("%s can be said", name)
		}
		w := writer{b: []byte{byte(kindDeposit)}}
		w.keys(m)
		if _, err := Decode(w.b); !errors.Is(err, ErrBadFrame) {
			t.Errorf("%s can be heard: %v", name, err)
		}
	}
	lie := &Deposit{Sum: EscrowSum{1}, Boxes: [][]byte{{1}}}
	if lie.Sound() {
		t.Error("a sum of something else is sound")
	}
	if SumEscrow([][]byte{{1}, {2}}) == SumEscrow([][]byte{{1, 2}}) {
		t.Error("two boxes have the sum of one")
	}
}

func Example_kindsOfKeys() {
	fmt.Println(kindDeposit, kindKept, kindWiping, kindLeave) // on the wire for good
	// Output: 15 16 17 18
}
