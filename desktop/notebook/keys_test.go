package notebook_test

import (
	"errors"
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// custody is a key in the hands of a test.
type custody struct {
	boxes     [][]byte
	destroyed int
	fails     error
}

func (c *custody) Escrow() [][]byte { return c.boxes }
func (c *custody) Destroy() error   { c.destroyed++; return c.fails }

// ward is a notebook under a key, and the centre that speaks to it.
type ward struct {
	desk
	t    *testing.T
	c    *custody
	key  seal.ReplicaKey
	n    record.Number // of the centre's changes
	sums protocol.Cursor
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{desk: newDesk(t), t: t, c: &custody{boxes: [][]byte{[]byte("hộp")}}, n: 1}
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	w.key = key
	w.Notebook = notebook.Open(w.store, notebook.Options{Replica: 24, Key: key, Centre: w.centre.Public(), Forms: forms{}, Wall: clock.System, Custody: w.c})
	return w
}

// order has the centre publish an order.
func (w *ward) order(serial uint64, lost bool) {
	w.t.Helper()
	w.n++
	o := record.LostOrder{Serial: serial, Lost: lost, Machine: w.key.Public().String()}
	c := &record.Change{Dot: record.Dot{Run: 7, N: w.n}, Replica: record.Centre, Kind: record.KindPublish, Topic: record.LostTopic(24), Payload: o.Payload()}
	if err := c.Seal(nil, func(x record.Digest) [64]byte { return w.centre.Sign(seal.DomainChange, x[:]) }); err != nil {
		w.t.Fatal(err)
	}
	p := &protocol.Page{From: w.sums.Sum(), Grant: record.Dot{Run: 7, N: 1}, Items: []*record.Change{c}}
	p.To = protocol.Cursor{Hub: 5, At: map[string]ledger.Pos{"*": ledger.Pos(w.n)}}
	if err := w.Session(ctx).TakePage(p); err != nil {
		w.t.Fatal(err)
	}
	w.sums = p.To
}

// receipts has the centre vouch for everything that is written.
func (w *ward) receipts() {
	w.t.Helper()
	var rs protocol.Receipts
	err := w.store.View(ctx, func(tx notebook.Tx) error {
		return tx.Runs(func(r ledger.Run) bool {
			if r.Own {
				rc := record.Receipt{Run: r.ID, N: r.Prefix, Head: r.Head, Key: w.centre.Public().ID()}
				rc.Sig = w.centre.Sign(seal.DomainReceipt, rc.Statement())
				rs.Receipts = append(rs.Receipts, rc)
			}
			return true
		})
	})
	if err := errors.Join(err, w.Session(ctx).TakeReceipts(&rs, false)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *ward) is(when string, state protocol.OrderState) {
	w.t.Helper()
	if o, err := w.Session(ctx).Ordered(); err != nil || o.State != state {
		w.t.Errorf("%s: %+v, %v; want %v", when, o, err, state)
	}
}

// TestKeysAreKeptWhileAnythingWouldGoWithThem: what has no receipt, and the key itself while the centre does not hold it; and
// the last look is taken when they are destroyed, not when leave is asked for.
func TestKeysAreKeptWhileAnythingWouldGoWithThem(t *testing.T) {
	w := newWard(t)
	s := w.Session(ctx)
	write := func() {
		t.Helper()
		if _, err := w.Save(ctx, entry("U1/ordinary", "một")); err != nil {
			t.Fatal(err)
		}
	}
	write()
	w.receipts()
	if err := s.TakeKept(protocol.SumEscrow(w.c.boxes)); err != nil {
		t.Fatal(err)
	}
	w.is("no order", protocol.OrderNone)
	w.order(1, true)
	w.is("all is there", protocol.OrderReady)
	write()
	w.is("something is unsent", protocol.OrderWaits)
	if err := s.Destroy(1); !errors.Is(err, fault.Busy) {
		t.Errorf("leave came too late: %v", err)
	}
	w.receipts()
	w.c.boxes = append(w.c.boxes, []byte("khóa sau"))
	w.is("the key is being changed", protocol.OrderWaits)
	if err := s.TakeKept(protocol.SumEscrow(w.c.boxes)); err != nil {
		t.Fatal(err)
	}
	w.is("it is there too", protocol.OrderReady)
	w.order(2, false)
	w.is("taken back", protocol.OrderNone)
	if err := s.Destroy(1); !errors.Is(err, fault.Busy) || w.c.destroyed > 0 {
		t.Errorf("taken back: %v, destroyed %d times", err, w.c.destroyed)
	}
	w.order(3, true)
	w.c.boxes = nil
	w.is("sealed to nobody, and nothing but records", protocol.OrderReady)
	if _, err := w.SaveDraft(ctx, notebook.Draft{Officer: "an", Values: map[string]string{"a": "nháp"}}); err != nil {
		t.Fatal(err)
	}
	w.is("sealed to nobody, and a draft", protocol.OrderWaits)
	if err := s.Destroy(3); !errors.Is(err, fault.Busy) || w.c.destroyed > 0 {
		t.Errorf("with a draft: %v, destroyed %d times", err, w.c.destroyed)
	}
}

// TestNothingIsWrittenWithoutKeys, nor while they are being destroyed, which is tried again when the disk has refused.
func TestNothingIsWrittenWithoutKeys(t *testing.T) {
	w := newWard(t)
	s := w.Session(ctx)
	if err := s.TakeKept(protocol.SumEscrow(w.c.boxes)); err != nil {
		t.Fatal(err)
	}
	w.order(1, true)
	w.c.fails = fault.New(fault.DiskIO, "test", nil)
	if err := s.Destroy(1); !errors.Is(err, fault.DiskIO) || w.Wiped() {
		t.Fatalf("%v, wiped %v", err, w.Wiped())
	}
	w.is("the disk has refused", protocol.OrderReady)
	if _, err := w.Save(ctx, entry("U1/ordinary", "một")); !errors.Is(err, fault.Wiped) {
		t.Errorf("saved while half of the keys may be gone: %v", err)
	}
	w.c.fails = nil
	if err := s.Destroy(1); err != nil || !w.Wiped() {
		t.Fatal(err)
	}
	w.is("gone", protocol.OrderObeyed)
	if _, err := w.Save(ctx, entry("U1/ordinary", "một")); !errors.Is(err, fault.Wiped) {
		t.Errorf("saved: %v", err)
	}
	if _, err := w.SaveDraft(ctx, notebook.Draft{Officer: "an"}); !errors.Is(err, fault.Wiped) {
		t.Errorf("a draft: %v", err)
	}
}

// TestAnotherCentreGetsThePhotosFirst: the keys are gone, and before that could be said the centre was lost. While the
// program runs, the one in its place gets the photos before the word that ends the session.
func TestAnotherCentreGetsThePhotosFirst(t *testing.T) {
	w := newWard(t)
	s := w.Session(ctx)
	r, err := w.PutBlob(ctx, []byte{0xff, 0xd8, 0xff, 0xda, 0, 2, 7, 0xff, 0xd9}, "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Save(ctx, entry("U1/ordinary", r.String())); err != nil {
		t.Fatal(err)
	}
	w.order(1, true)
	w.receipts()
	if err := s.TakeKept(protocol.SumEscrow(w.c.boxes)); err != nil {
		t.Fatal(err)
	}
	w.is("the photo is not there", protocol.OrderWaits)
	stored := func() {
		t.Helper()
		if err := s.TakeStored(&protocol.Stored{Ref: r, Have: r.Size, Whole: true}); err != nil {
			t.Fatal(err)
		}
	}
	stored()
	if err := s.Destroy(1); err != nil {
		t.Fatal(err)
	}
	w.is("gone", protocol.OrderObeyed)
	later := record.Epoch{Number: 9, Random: 9}
	hello := &protocol.Welcome{Version: protocol.VersionMax, Hub: 6, Epoch: later, CentreEpoch: later,
		EpochSig: w.centre.Sign(seal.DomainEpoch, protocol.EpochStatement(later))}
	if err := s.TakeWelcome(hello); err != nil && !errors.Is(err, notebook.ErrAgain) {
		t.Fatal(err)
	}
	w.is("another centre, without the photo", protocol.OrderWaits)
	stored()
	w.is("which has it now", protocol.OrderObeyed)
}

// TestAPlainNotebookHasNoKeys to destroy: it locks, and goes on sending.
func TestAPlainNotebookHasNoKeys(t *testing.T) {
	w := newWard(t)
	w.Notebook = notebook.Open(w.store, notebook.Options{Replica: 24, Key: w.key, Centre: w.centre.Public(), Forms: forms{}, Wall: clock.System})
	w.order(1, true)
	w.is("plain", protocol.OrderWaits)
	if !w.Lost() {
		t.Error("it is not lost")
	}
}
