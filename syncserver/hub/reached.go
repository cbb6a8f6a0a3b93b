package hub

import (
	"encoding/binary"
	"slices"
	"strconv"
	"sync"

	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// What is known of how far readers got. A reader shows its cursor when it greets, and says of each page that it is durable
// there. What it said in a session is kept in memory, what it showed in its last greeting in the store too: after a restart
// of the centre the knowledge may be older than what the reader holds, until it greets again, and is never newer.

// reached is how far each reader is known to have got, as said in sessions of this process.
type reached struct {
	mu sync.Mutex
	by map[record.ReplicaID]protocol.Cursor
}

func (r *reached) put(replica record.ReplicaID, c protocol.Cursor) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil {
		r.by = map[record.ReplicaID]protocol.Cursor{}
	}
	r.by[replica] = c
}

func (r *reached) get(replica record.ReplicaID) (c protocol.Cursor, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok = r.by[replica]
	return c, ok
}

func valueReached(r record.ReplicaID) string { return "reached " + strconv.FormatUint(uint64(r), 10) }

// showed keeps the cursor of a greeting.
func (a *Act) showed(h *protocol.Hello) error {
	return a.tx.PutValue(valueReached(h.Replica), append(binary.LittleEndian.AppendUint64(nil, uint64(a.h.now())), h.Cursor.Encode()...))
}

// Reached returns the cursor that a reader is known to hold, in the present history of the log; ok is false when nothing is
// known.
func (h *Hub) Reached(tx Tx, r record.ReplicaID) (c protocol.Cursor, ok bool, err error) {
	c, ok = h.reached.get(r)
	if !ok {
		b, err := tx.Value(valueReached(r))
		if len(b) < 8 || err != nil {
			return c, false, err
		}
		if c, err = protocol.DecodeCursor(b[8:]); err != nil {
			return c, false, err
		}
	}
	return c, c.Hub == h.id && c.Epoch == h.Epoch(), nil
}

// Delivered reports whether a device is known to hold a record through a feed: it said that it has read that feed, under
// a grant of its own, up to where the record was put into it. False means that this is not known, not that it is not so.
func (h *Hub) Delivered(tx Tx, r record.ReplicaID, rec record.Dot, f record.Feed) (bool, error) {
	return h.Deliveries(tx).Delivered(r, rec, f)
}

// Deliveries answers Delivered for many devices and records within one transaction: each of them is read once. A directive to a
// whole country is one record with thousands of feeds.
type Deliveries struct {
	h       *Hub
	tx      Tx
	devices map[record.ReplicaID]*holder
	records map[record.Dot]*entry
}

// holder is how far a device got, and under which grants.
type holder struct {
	at     protocol.Cursor
	known  bool
	grants []*record.Change
}

// entry is where a record was put before the readers of feeds.
type entry struct {
	created ledger.Pos // where it is in the log; 0: it is not
	in      map[record.Feed]bool
	turned  bool
	turn    Turn
}

// Deliveries begins with nothing read.
func (h *Hub) Deliveries(tx Tx) *Deliveries {
	return &Deliveries{h, tx, map[record.ReplicaID]*holder{}, map[record.Dot]*entry{}}
}

// Delivered is Hub.Delivered.
func (d *Deliveries) Delivered(r record.ReplicaID, rec record.Dot, f record.Feed) (bool, error) {
	x, err := d.holder(r)
	if err != nil || !x.known {
		return false, err
	}
	e, err := d.entry(rec)
	if err != nil {
		return false, err
	}
	places := e.places(f)
	for _, g := range x.grants {
		if at := x.at.At[protocol.KeyFeed(g.Dot, f)]; slices.ContainsFunc(places, func(p ledger.Pos) bool { return at >= p }) {
			return true, nil
		}
	}
	return false, nil
}

func (d *Deliveries) holder(r record.ReplicaID) (x *holder, err error) {
	if x = d.devices[r]; x != nil {
		return x, nil
	}
	x = &holder{}
	if x.at, x.known, err = d.h.Reached(d.tx, r); err == nil && x.known {
		x.grants, err = ledger.Grants(d.tx, r)
	}
	d.devices[r] = x
	return x, err
}

func (d *Deliveries) entry(rec record.Dot) (e *entry, err error) {
	if e = d.records[rec]; e != nil {
		return e, nil
	}
	e = &entry{in: map[record.Feed]bool{}}
	if e.created, err = d.tx.Find(rec); e.created == 0 || err != nil {
		return e, err
	}
	c, err := d.tx.At(e.created)
	if err != nil {
		return nil, err
	}
	for _, f := range createdIn(c) {
		e.in[f] = true
	}
	e.turn, e.turned, err = d.tx.Turn(rec)
	d.records[rec] = e
	return e, err
}

// places lists where in the log readers of a feed were given the record: where it was created, if that put it there, and its turn.
func (e *entry) places(f record.Feed) (all []ledger.Pos) {
	now := e.turned && slices.Contains(e.turn.Now, f)
	if e.created != 0 && e.in[f] && (!e.turned || now) {
		all = append(all, e.created)
	}
	if e.created != 0 && now {
		all = append(all, e.turn.At)
	}
	return all
}
