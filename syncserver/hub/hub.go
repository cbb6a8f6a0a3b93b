package hub

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// Forms tells whether a change may stand by itself: known paths, types, lengths. It knows the forms of the program, and
// those that it learns.
type Forms interface {
	// Learn takes everything that was published and is held here, in any order. What it cannot read it passes over.
	Learn(publications []*record.Change)
	// Check returns a reason why not ("" when it may stand), or known=false when the form version is not known here.
	Check(c *record.Change) (reason string, known bool)
}

// Stamps gives the answers that the centre itself puts into a record of a form, by path: when it reached the centre. They
// sort like their times.
type Stamps func(f record.FormRef, at time.Time) map[string]string

// Options are what a hub is made of beside its store.
type Options struct {
	Key    seal.CentreKey
	Forms  Forms
	Stamps Stamps // nil: none
	Wall   clock.Wall
	Random io.Reader   // of runs, salts and epochs; nil: the system's
	Room   func() bool // whether the disk has room for photos: they are refused before text is; nil: always
}

// Hub is the centre. Apply, and what is built on it, may be called by one goroutine at a time (Committer is it in the
// server); Page and the rest of the readers by any.
type Hub struct {
	store   Store
	o       Options
	public  seal.CentrePublic
	id      protocol.HubID
	secret  [32]byte // marks cursors
	pen     ledger.Pen
	round   round
	learnt  bool // Forms knows everything that was published; belongs to Apply
	epoch   atomic.Pointer[record.Epoch]
	feeds   map[record.Dot][]record.Feed // where records were created; belongs to Apply
	reached reached
	alarms  atomic.Int64
	skewed  atomic.Int64
	spoiled atomic.Int64
	proof   atomic.Pointer[epochProof]

	committed bell
}

// epochProof is the signature over the present epoch; made once an epoch.
type epochProof struct {
	epoch record.Epoch
	sig   [64]byte
}

const (
	valueHub    = "hub id"
	valueSecret = "cursor secret"
)

// Open takes a store into use, making its identity and first epoch when it is new, and judges what had to wait for
// forms that are known now.
func Open(ctx context.Context, s Store, o Options) (*Hub, error) {
	h := &Hub{store: s, o: o, public: o.Key.Public()}
	h.pen = ledger.Pen{Replica: record.Centre, Random: o.Random, Sign: h.sign}
	err := s.Update(ctx, func(tx Tx) error {
		if err := h.identity(tx); err != nil {
			return err
		}
		e, err := ledger.CentreEpoch(tx)
		if err != nil {
			return err
		}
		if e.IsZero() {
			return h.newEpoch(tx, 1)
		}
		h.epoch.Store(&e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = h.Staff(ctx, func(*Act) error { return nil })
	for err == nil && h.round.left > 0 {
		h.Apply(ctx, nil)
	}
	return h, err
}

func (h *Hub) identity(tx Tx) error {
	id, err := tx.Value(valueHub)
	if err != nil {
		return err
	}
	if len(id) != 8 {
		id = h.random(8)
		if err := errors.Join(tx.PutValue(valueHub, id), tx.PutValue(valueSecret, h.random(32))); err != nil {
			return err
		}
	}
	h.id = protocol.HubID(binary.LittleEndian.Uint64(id))
	secret, err := tx.Value(valueSecret)
	copy(h.secret[:], secret)
	return err
}

func (h *Hub) random(n int) []byte {
	b := make([]byte, n)
	r := h.o.Random
	if r == nil {
		r = rand.Reader
	}
	_, _ = io.ReadFull(r, b) // the system's never fails, and a test's has enough
	return b
}

// newEpoch begins a new history of the log: receipts of earlier ones count no more, and every reader reads anew. The
// centre writes under a new run from here on.
func (h *Hub) newEpoch(tx Tx, number uint64) error {
	e := record.Epoch{Number: number, Random: binary.LittleEndian.Uint64(h.random(8))}
	h.pen.Reset()
	if err := ledger.SetEpoch(tx, e); err != nil {
		return err
	}
	h.epoch.Store(&e)
	return nil
}

// Epoch is the present epoch of the log.
func (h *Hub) Epoch() record.Epoch { return *h.epoch.Load() }

func (h *Hub) epochSig() [64]byte {
	e := h.Epoch()
	if p := h.proof.Load(); p != nil && p.epoch == e {
		return p.sig
	}
	p := &epochProof{e, h.o.Key.Sign(seal.DomainEpoch, protocol.EpochStatement(e))}
	h.proof.Store(p)
	return p.sig
}

// ID names the hub.
func (h *Hub) ID() protocol.HubID { return h.id }

// Alarms counts what a person must look at: second contents for one number, chains that do not fit.
func (h *Hub) Alarms() int64 { return h.alarms.Load() }

// FarFuture counts changes since the start that were written further ahead of our clock than protocol.MaxClockSkew. They
// are kept like any others; the clock of their machine needs setting.
func (h *Hub) FarFuture() int64 { return h.skewed.Load() }

// Spoiled counts blobs since the start whose bytes were not those of their name when all had come; each began anew.
func (h *Hub) Spoiled() int64 { return h.spoiled.Load() }

// Committed returns a channel that is closed after the next transaction. Who follows the log asks for it first, reads the
// log to its end, and then waits.
func (h *Hub) Committed() <-chan struct{} { return h.committed.next() }

// Store is the hub's store, for readers.
func (h *Hub) Store() Store { return h.store }

func (h *Hub) now() record.Millis { return record.Millis(h.o.Wall()) }

func (h *Hub) sign(d record.Digest) [64]byte { return h.o.Key.Sign(seal.DomainChange, d[:]) }

// mark says how far the log goes at a place, and that it is this hub that says so.
func (h *Hub) mark(tx Shelf, at ledger.Pos) (m protocol.Mark, err error) {
	end, hash, err := tx.ClosedLog(at)
	m.Seen = end
	copy(m.Hash[:], hash[:])
	m.Proof = h.prove(h.id, h.Epoch(), &m)
	return m, err
}

func (h *Hub) prove(id protocol.HubID, e record.Epoch, m *protocol.Mark) (p [8]byte) {
	x := hmac.New(sha256.New, h.secret[:])
	var b [40]byte
	binary.LittleEndian.PutUint64(b[0:], uint64(id))
	binary.LittleEndian.PutUint64(b[8:], e.Number)
	binary.LittleEndian.PutUint64(b[16:], e.Random)
	binary.LittleEndian.PutUint64(b[24:], uint64(m.Seen))
	copy(b[32:], m.Hash[:])
	x.Write(b[:])
	copy(p[:], x.Sum(nil))
	return p
}

// receipt signs what the centre holds of a run; ok is false when there is nothing to vouch for.
func (h *Hub) receipt(tx ledger.Tx, run record.RunID) (rc record.Receipt, ok bool, err error) {
	r, err := tx.Run(run)
	if err != nil || r.Prefix == 0 {
		return rc, false, err
	}
	rc = record.Receipt{Epoch: h.Epoch(), Run: run, N: r.Prefix, Head: r.Head, Safe: min(r.Safe, r.Prefix), Time: h.now(),
		Key: h.public.ID()}
	rc.Sig = h.o.Key.Sign(seal.DomainReceipt, rc.Statement())
	return rc, true, nil
}

func (h *Hub) receipts(tx ledger.Tx, runs []record.RunID) (rs []record.Receipt, err error) {
	for _, run := range runs {
		rc, ok, err := h.receipt(tx, run)
		if err != nil {
			return nil, err
		}
		if ok {
			rs = append(rs, rc)
		}
	}
	return rs, nil
}

// trusted reports whether a change that says to be the centre's is.
func (h *Hub) trusted(c *record.Change) bool {
	d := c.Digest()
	return c.Replica != record.Centre || h.public.Verify(seal.DomainChange, d[:], c.Sig)
}

var errNotCentre = fault.New(fault.BadFrame, "a change in the centre's name that it did not sign", nil)
