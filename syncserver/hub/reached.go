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
	c, known, err := h.Reached(tx, r)
	if !known || err != nil {
		return false, err
	}
	places, err := entered(tx, rec, f)
	if len(places) == 0 || err != nil {
		return false, err
	}
	grants, err := ledger.Grants(tx, r)
	for _, g := range grants {
		if at := c.At[protocol.KeyFeed(g.Dot, f)]; slices.ContainsFunc(places, func(p ledger.Pos) bool { return at >= p }) {
			return true, nil
		}
	}
	return false, err
}

// entered lists the places of the log at which readers of a feed were given a record: where it was created, if that put
// it there, and its turn.
func entered(tx Tx, rec record.Dot, f record.Feed) (places []ledger.Pos, err error) {
	p, err := tx.Find(rec)
	if p == 0 || err != nil {
		return nil, err
	}
	c, err := tx.At(p)
	if err != nil {
		return nil, err
	}
	t, turned, err := tx.Turn(rec)
	if slices.Contains(createdIn(c), f) && (!turned || slices.Contains(t.Now, f)) {
		places = append(places, p)
	}
	if turned && slices.Contains(t.Now, f) {
		places = append(places, t.At)
	}
	return places, err
}
