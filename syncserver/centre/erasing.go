package centre

import (
	"cmp"
	"context"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
)

// ErasureState is one order of erasure, and how far machines are with it.
type ErasureState struct {
	Record      record.Dot
	Name        string // of the record, as people say it
	Form        record.FormRef
	Unit        string
	Compartment string
	Paths       []string      // nil: the whole record
	At          record.Millis // when it was given; 0: not known
	Devices     int           // machines that may still hold what was erased
	Done        int           // of those, which are known to have carried it out
}

// Erasures lists the orders, the latest first. A machine has carried one out when it has said that it read the log behind it; one
// that is cut off receives none, and is not counted.
func (c *Centre) Erasures(ctx context.Context) (all []ErasureState, err error) {
	c.staff.Lock()
	orders, err := readErasures(c.dir.ErasureLedger())
	c.staff.Unlock()
	if err != nil {
		return nil, err
	}
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		read, err := c.readUpTo(tx)
		if err != nil {
			return err
		}
		for _, o := range slices.Backward(orders) {
			s, err := erasureState(tx, o, read)
			if err != nil {
				return err
			}
			all = append(all, s)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b ErasureState) int { return cmp.Compare(b.At, a.At) })
	return all, err
}

// Answered says at which of the paths of a form, templates of rows included, a record has values, by their own paths; sorted.
func (c *Centre) Answered(ctx context.Context, rec record.Dot, templates []string) (paths []string, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		v, err := ledger.ViewOf(tx, rec)
		if err != nil {
			return err
		}
		for path, text := range v.Values() {
			if text != "" && slices.Contains(templates, template(path)) {
				paths = append(paths, path)
			}
		}
		return nil
	})
	slices.Sort(paths)
	return paths, err
}

// GoneWith names the changes of a record whose values an order over some of its paths would destroy: all that ever wrote one of them,
// with whatever they wrote beside it.
func (c *Centre) GoneWith(ctx context.Context, rec record.Dot, paths []string) (gone map[record.Dot]bool, err error) {
	gone = map[record.Dot]bool{}
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		about, err := ledger.About(tx, rec)
		for _, ch := range about {
			if slices.ContainsFunc(paths, func(p string) bool { return ch.Edit(p) != nil }) {
				gone[ch.Dot] = true
			}
		}
		return err
	})
	return gone, err
}

// readUpTo says how far each machine has read what is for everybody; 0: nothing is known.
func (c *Centre) readUpTo(tx hub.Tx) (read []ledger.Pos, err error) {
	var devices []record.ReplicaID
	err = tx.Devices(func(d access.Device) bool {
		if d.Enrolled != 0 && !d.Revoked {
			devices = append(devices, d.Replica)
		}
		return true
	})
	for _, r := range devices {
		cursor, known, err := c.hub.Reached(tx, r)
		if err != nil {
			return nil, err
		}
		at := ledger.Pos(0)
		if known {
			at = cursor.At[protocol.KeyMine()]
		}
		read = append(read, at)
	}
	return read, err
}

func erasureState(tx hub.Tx, o Erasure, read []ledger.Pos) (s ErasureState, err error) {
	s = ErasureState{Record: o.Record, Paths: o.Paths, Devices: len(read)}
	v, err := ledger.ViewOf(tx, o.Record)
	if err != nil {
		return s, err
	}
	home := v.Home()
	s.Form, s.Unit, s.Compartment = v.Form, home.Unit(), home.Compartment()
	if s.Name, err = nameAt(tx, o.Record); err != nil {
		return s, err
	}
	about, err := ledger.About(tx, o.Record)
	if err != nil {
		return s, err
	}
	for _, ch := range about {
		if ch.Kind != record.KindErase || ch.Replica != record.Centre || !slices.Equal(ch.Paths, o.Paths) {
			continue
		}
		p, err := tx.Find(ch.Dot)
		if err != nil {
			return s, err
		}
		if s.At, err = arrivedAt(tx, ch.Dot); err != nil {
			return s, err
		}
		for _, at := range read {
			if at >= p {
				s.Done++
			}
		}
	}
	return s, nil
}
