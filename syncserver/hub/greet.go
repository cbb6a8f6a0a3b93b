package hub

import (
	"slices"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/access"
)

// greet answers a Hello. What it learns (claims, a later epoch, that the log went back in time) is part of the
// transaction; so a Welcome speaks only of what is durable.
func (a *Act) greet(j *Job) error {
	d, err := access.Admit(a.tx, a.h.public, j.Hello, j.Binding, a.h.now())
	if err != nil {
		j.Err = err
		return nil //nolint:nilerr // it is the job's, and the transaction goes on
	}
	j.Device = d
	if err := a.epochs(j.Hello); err != nil {
		return err
	}
	if err := a.claims(j.Hello); err != nil {
		return err
	}
	if err := a.showed(j.Hello); err != nil {
		return err
	}
	j.Welcome, err = a.welcome(j.Hello)
	if err != nil {
		return err
	}
	g, err := ledger.Grant(a.tx, d.Replica)
	if g != nil {
		j.Grant = g.Dot
	}
	if g != nil && g.Revoked && planted.On(planted.RevokedRefused) {
		j.Err = fault.New(fault.Revoked, "greet", nil)
	}
	return err
}

// epochs makes a new epoch when the Hello proves that this log went back in time: by the centre's signature under a
// later epoch, or by the hub's own mark on a place of the log that is not here any more.
func (a *Act) epochs(h *protocol.Hello) error {
	now := a.h.Epoch()
	latest := now
	if e := h.CentreEpoch; latest.Before(e) && a.h.public.Verify(seal.DomainEpoch, protocol.EpochStatement(e), h.EpochSig) {
		latest = e
	}
	gone, err := a.gone(&h.Cursor)
	if latest == now && !gone || err != nil || planted.On(planted.RollbackUnnoticed) {
		return err
	}
	return a.h.newEpoch(a.tx, latest.Number+1)
}

// gone reports whether a cursor of this hub and epoch carries a mark on a place of the log that is not here, or not the
// same.
func (a *Act) gone(c *protocol.Cursor) (bool, error) {
	m := &c.Mark
	if c.Hub != a.h.id || c.Epoch != a.h.Epoch() || m.Seen == 0 || m.Proof != a.h.prove(c.Hub, c.Epoch, m) {
		return false, nil
	}
	end, hash, err := a.tx.ClosedLog(m.Seen)
	return end != m.Seen || [8]byte(hash[:8]) != m.Hash, err
}

// claims notes what the device says to be saved. Nobody can be held to more than its own runs, but what a colleague's
// notebook, or a receipt, proved to exist is known too.
func (a *Act) claims(h *protocol.Hello) error {
	if planted.On(planted.ClaimDropped) {
		return nil
	}
	for _, c := range h.Claims {
		r, err := a.tx.Run(c.Run)
		if err != nil {
			return err
		}
		if r.Claim >= c.Last && r.Replica != 0 {
			continue
		}
		r.ID, r.Claim = c.Run, max(r.Claim, c.Last)
		if r.Replica == 0 && c.Own {
			r.Replica = h.Replica
		}
		if err := a.tx.PutRun(r); err != nil {
			return err
		}
	}
	return nil
}

func (a *Act) welcome(h *protocol.Hello) (*protocol.Welcome, error) {
	e := a.h.Epoch()
	w := &protocol.Welcome{Version: min(h.VersionMax, protocol.VersionMax), Hub: a.h.id, Epoch: e, CentreEpoch: e,
		EpochSig: a.h.epochSig(), Time: a.h.now()}
	if h.Code != "" {
		w.Certificate = access.Certificate(a.h.o.Key, h.Replica, h.PublicKey)
	}
	var runs []record.RunID
	var err error
	for _, c := range h.Claims {
		have, err := ledger.HaveOf(a.tx, c.Run)
		if err != nil {
			return nil, err
		}
		have.Islands = have.Islands[:min(len(have.Islands), protocol.MaxIslands)]
		w.Have = append(w.Have, have)
		runs = append(runs, c.Run)
	}
	slices.Sort(runs)
	w.Receipts.Receipts, err = a.h.receipts(a.tx, slices.Compact(runs))
	return w, err
}
