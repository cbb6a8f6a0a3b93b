package notebook

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// The notebook as protocol.Replica: the store side of a session. Nothing here remembers what was acknowledged; what the
// hub lacks is what the hub says.

const (
	valueCursor   = "cursor"
	valueEpochSig = "centre epoch signature"
	valueCert     = "certificate" // of the own key, by the centre
	valueKnown    = "known"       // the centre has admitted this key, and need not be shown why again
	valueOffered  = "offered"     // the hub and epoch to which every held run was offered
)

// ErrAgain: the hub is another one than when the Hello was written, and must be told everything that is held. The
// session is begun anew at once.
var ErrAgain error = fault.New(fault.Busy, "another history at the hub", nil)

// Session is a notebook seen by the client half of one session.
type Session struct {
	n   *Notebook
	ctx context.Context
}

var _ protocol.Replica = Session{}

// Session returns the view of the notebook for one session; its calls end with ctx.
func (n *Notebook) Session(ctx context.Context) Session { return Session{n, ctx} }

// Hello implements protocol.Replica.
func (s Session) Hello() (*protocol.Hello, error) {
	h := &protocol.Hello{Replica: s.n.o.Replica, PublicKey: s.n.o.Key.Public().String(), Forms: s.n.o.Forms.Known()}
	full := false
	err := s.n.store.View(s.ctx, func(tx Tx) (err error) {
		if h.CentreEpoch, err = ledger.CentreEpoch(tx); err != nil {
			return err
		}
		sig, err := tx.Value(valueEpochSig)
		if err != nil {
			return err
		}
		copy(h.EpochSig[:], sig)
		if h.Cursor, err = cursor(tx); err != nil {
			return err
		}
		g, err := ledger.Grant(tx, s.n.o.Replica)
		if err != nil {
			return err
		}
		if g != nil {
			h.Grant = g.Dot
		}
		offered, err := tx.Value(valueOffered)
		if err != nil {
			return err
		}
		if h.Code, err = s.n.code(tx); err != nil {
			return err
		}
		full = string(offered) != string(history(h.Cursor.Hub, h.Cursor.Epoch))
		h.Claims, err = claims(tx, full)
		return err
	})
	s.n.mu.Lock() // not within the View: who writes holds it first, and then the store
	s.n.full = full
	s.n.mu.Unlock()
	return h, err
}

// code is what entitles this key to its number, while the centre may not know it: the certificate, or before the first
// session the ticket.
func (n *Notebook) code(tx Tx) (string, error) {
	known, err := tx.Value(valueKnown)
	if len(known) > 0 || err != nil {
		return "", err
	}
	cert, err := tx.Value(valueCert)
	if len(cert) > 0 || err != nil {
		return string(cert), err
	}
	return n.o.Ticket, nil
}

// Forgotten notes that the centre does not know this key (any more: it was restored from an old backup); the next Hello
// shows the certificate.
func (n *Notebook) Forgotten(ctx context.Context) error {
	return n.update(ctx, func(tx Tx) error { return tx.PutValue(valueKnown, nil) })
}

func cursor(tx Tx) (protocol.Cursor, error) {
	b, err := tx.Value(valueCursor)
	if err != nil {
		return protocol.Cursor{}, err
	}
	return protocol.DecodeCursor(b)
}

// history names a hub's log in one of its epochs.
func history(h protocol.HubID, e record.Epoch) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(h))
	b = binary.LittleEndian.AppendUint64(b, e.Number)
	return binary.LittleEndian.AppendUint64(b, e.Random)
}

// claims lists the runs to tell a hub about: own ones without a full receipt and the last one; all that is known when
// full.
func claims(tx Tx, full bool) (cs []protocol.Claim, err error) {
	epoch, err := ledger.CentreEpoch(tx)
	if err != nil {
		return nil, err
	}
	last, err := ledger.LastOwn(tx)
	if err != nil {
		return nil, err
	}
	err = tx.Runs(func(r ledger.Run) bool {
		open := r.Own && (r.Prefix > ledger.Receipted(r, epoch) || r.ID == last.Dot.Run)
		if (full || open) && r.Claim > 0 && len(cs) < protocol.MaxClaims {
			cs = append(cs, protocol.Claim{Run: r.ID, Last: r.Claim, Held: r.Prefix, Own: r.Own})
		}
		return true
	})
	return cs, err
}

// Claims implements protocol.Replica.
func (s Session) Claims() (cs []protocol.Claim, err error) {
	s.n.mu.Lock()
	full := s.n.full
	s.n.mu.Unlock()
	var end ledger.Pos
	err = s.n.store.View(s.ctx, func(tx Tx) error {
		if end, err = tx.End(); err == nil {
			cs, err = claims(tx, full)
		}
		return err
	})
	s.n.mu.Lock()
	s.n.told.claimed = end
	s.n.mu.Unlock()
	return cs, err
}

// Offered implements protocol.Replica.
func (s Session) Offered() error {
	s.n.mu.Lock()
	full := s.n.full
	s.n.mu.Unlock()
	if !full {
		return nil
	}
	err := s.n.store.UpdateSoon(s.ctx, func(tx Tx) error {
		c, err := cursor(tx)
		if err != nil {
			return err
		}
		return tx.PutValue(valueOffered, history(c.Hub, c.Epoch))
	})
	return err
}

// TakeWelcome implements protocol.Replica.
func (s Session) TakeWelcome(w *protocol.Welcome) error {
	if !s.n.o.Centre.Verify(seal.DomainEpoch, protocol.EpochStatement(w.CentreEpoch), w.EpochSig) {
		return fault.New(fault.WrongKey, "welcome", nil)
	}
	again := false
	err := s.n.update(s.ctx, func(tx Tx) error {
		s.n.kept = protocol.EscrowSum{} // it is this hub that is to hold it
		if err := tx.PutValue(valueKnown, []byte{1}); err != nil {
			return err
		}
		if w.Certificate != "" {
			if err := tx.PutValue(valueCert, []byte(w.Certificate)); err != nil {
				return err
			}
		}
		known, err := ledger.CentreEpoch(tx)
		if err != nil {
			return err
		}
		if known.Before(w.CentreEpoch) {
			if err := errors.Join(ledger.SetEpoch(tx, w.CentreEpoch), tx.PutValue(valueEpochSig, w.EpochSig[:]), s.n.reopenAll(tx)); err != nil {
				return err
			}
		}
		c, err := cursor(tx)
		if err != nil {
			return err
		}
		if c.Hub != w.Hub || c.Epoch != w.Epoch && !planted.On(planted.EpochIgnored) {
			again = !s.n.full
			c = protocol.Cursor{Hub: w.Hub, Epoch: w.Epoch}
			if err := tx.PutValue(valueCursor, c.Encode()); err != nil {
				return err
			}
		}
		return s.n.receipts(tx, &w.Receipts)
	})
	if err == nil && again {
		return ErrAgain
	}
	return err
}

// receipts keeps receipts that the pinned centre signed. One for another history than ours is an alarm and is left.
func (n *Notebook) receipts(tx Tx, m *protocol.Receipts) error {
	var taken []ReceiptTaken
	for i := range m.Receipts {
		rc := &m.Receipts[i]
		if rc.Key != n.o.Centre.ID() || !n.o.Centre.Verify(seal.DomainReceipt, rc.Statement(), rc.Sig) {
			return fault.New(fault.WrongKey, "receipt", nil)
		}
		changes, err := newly(tx, rc)
		if err != nil {
			return err
		}
		err = ledger.TakeReceipt(tx, *rc)
		if errors.Is(err, ledger.ErrWrongHead) {
			if err := alarm(tx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		if changes > 0 {
			taken = append(taken, ReceiptTaken{rc.Time, rc.N, changes, rc.Key})
		}
	}
	if err := rememberReceipts(tx, taken); err != nil {
		return err
	}
	c, err := cursor(tx)
	if err != nil {
		return err
	}
	if m.Mark.Seen > c.Mark.Seen {
		c.Mark = m.Mark
		if err := tx.PutValue(valueCursor, c.Encode()); err != nil {
			return err
		}
	}
	return n.settleUrgent(tx)
}

// settleUrgent takes what has its receipt out of the urgent lane.
func (n *Notebook) settleUrgent(tx Tx) error {
	urgent, err := tx.Urgent()
	if len(urgent) == 0 || err != nil {
		return err
	}
	epoch, err := ledger.CentreEpoch(tx)
	if err != nil {
		return err
	}
	for _, d := range urgent {
		r, err := tx.Run(d.Run)
		if err != nil {
			return err
		}
		if d.N <= ledger.Receipted(r, epoch) {
			if err := tx.DropUrgent(d); err != nil {
				return err
			}
		}
	}
	return nil
}

const valueAlarms = "alarms"

// alarm counts what a person must look at.
func alarm(tx Tx) error {
	n, err := alarms(tx)
	if err != nil {
		return err
	}
	return tx.PutValue(valueAlarms, binary.LittleEndian.AppendUint64(nil, n+1))
}

func alarms(tx Tx) (uint64, error) {
	b, err := tx.Value(valueAlarms)
	if len(b) != 8 {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b), err
}

// TakeReceipts implements protocol.Replica.
func (s Session) TakeReceipts(m *protocol.Receipts, more bool) error {
	update := s.n.update
	if more { // one wait for the disk is enough for all
		update = s.n.updateSoon
	}
	return update(s.ctx, func(tx Tx) error { return s.n.receipts(tx, m) })
}

// Urgent implements protocol.Replica.
func (s Session) Urgent() (ds []record.Dot, err error) {
	err = s.n.store.View(s.ctx, func(tx Tx) error { ds, err = tx.Urgent(); return err })
	return ds, err
}

// usualBytes is the size of a usual change.
const usualBytes = 640

// Outgoing implements protocol.Replica. A change whose values are not here is not offered: who has them will.
func (s Session) Outgoing(run record.RunID, from, to record.Number, maxBytes int) (cs []*record.Change, hs []record.HeadSignature, err error) {
	err = s.n.store.View(s.ctx, func(tx Tx) error {
		spans, err := tx.Spans(run)
		if err != nil {
			return err
		}
		room, decoder := maxBytes, record.NewDecoder(min(maxBytes/usualBytes, int(to-from)+1))
		for _, sp := range spans {
			first, last := max(sp.First, from), min(sp.Last, to)
			if first > last || room <= 0 {
				continue
			}
			base := sp.At - ledger.Pos(sp.First)
			err := tx.Each(base+ledger.Pos(first), base+ledger.Pos(last), func(_ ledger.Pos, raw []byte) (bool, error) {
				c, err := decoder.DecodeStored(raw)
				if err == nil && c.Body != record.BodyAbsent {
					cs = append(cs, c)
				}
				room -= len(raw)
				return room > 0 && len(cs) < protocol.MaxItems, err
			})
			if err != nil {
				return err
			}
		}
		hs, err = s.n.head(tx, run, cs)
		return err
	})
	return cs, hs, err
}

// head signs the chain of an own run when the changes end where it does.
func (n *Notebook) head(tx Tx, run record.RunID, cs []*record.Change) ([]record.HeadSignature, error) {
	r, err := tx.Run(run)
	if err != nil || !r.Own || len(cs) == 0 || cs[len(cs)-1].Dot.N != r.Prefix {
		return nil, err
	}
	h := record.HeadSignature{Replica: n.o.Replica, Run: run, N: r.Prefix, Head: r.Head}
	h.Sig = n.o.Key.Sign(seal.DomainHead, h.Statement())
	return []record.HeadSignature{h}, nil
}

// TakePage implements protocol.Replica. Of the pages of a long reading only the last waits for the disk: data and cursor
// stay together, so that what a power cut takes is read again.
func (s Session) TakePage(p *protocol.Page) error {
	for _, c := range p.Items {
		d := c.Digest()
		if c.Replica == record.Centre && !s.n.o.Centre.Verify(seal.DomainChange, d[:], c.Sig) {
			return fault.New(fault.WrongKey, "page", nil)
		}
	}
	if planted.On(planted.CursorApart) {
		if err := s.n.update(s.ctx, func(tx Tx) error { return tx.PutValue(valueCursor, p.To.Encode()) }); err != nil {
			return err
		}
		p.From = p.To.Sum()
	}
	update := s.n.updateSoon
	if p.Caught {
		update = s.n.update
	}
	return update(s.ctx, func(tx Tx) error { return s.n.takePage(tx, p) })
}

func (n *Notebook) takePage(tx Tx, p *protocol.Page) error {
	at, err := cursor(tx)
	if err != nil {
		return err
	}
	if at.Sum() != p.From {
		return protocol.ErrStale
	}
	before, err := n.granted(tx)
	if err != nil {
		return err
	}
	var filled []record.Dot
	var came Arrival
	for _, c := range p.Items {
		out, _, err := ledger.Insert(tx, c)
		if err != nil {
			return err
		}
		if c.Kind == record.KindPublish && c.Replica == record.Centre {
			n.learnt = false
		}
		switch out {
		case ledger.Added:
			came.count(c)
			if err := n.noteBlobs(tx, c); err != nil {
				return err
			}
		case ledger.Filled:
			filled = append(filled, c.RecordID())
			if err := n.noteBlobs(tx, c); err != nil {
				return err
			}
		case ledger.Forked:
			if err := alarm(tx); err != nil {
				return err
			}
		}
	}
	g, err := ledger.Grant(tx, n.o.Replica)
	if err != nil {
		return err
	}
	var now []record.Feed
	if g != nil {
		now = g.Feeds
	}
	if held := grantDot(g); held != p.Grant {
		return protocol.ErrStale
	}
	if !slices.Equal(before, now) {
		if err := reproject(tx); err != nil {
			return err
		}
	}
	for _, rec := range filled {
		if err := n.projectRecord(tx, rec, now); err != nil {
			return err
		}
	}
	if err := n.rememberArrival(tx, came); err != nil {
		return err
	}
	if err := n.learn(tx); err != nil { // also where no line is drawn by it
		return err
	}
	return tx.PutValue(valueCursor, p.To.Encode())
}

func grantDot(g *record.Change) record.Dot {
	if g == nil {
		return record.Dot{}
	}
	return g.Dot
}
