package banlang_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/blob"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Lost laptops in the world of the simulation: reported lost and found, sending what they have, destroying their keys by
// leave of a centre that may crash and be set back; the keys in escrow, sealed anew and given back; devices cut off.

// simKeys is the key of a notebook: one file on the disk of its machine.
type simKeys struct {
	d     *device
	boxes [][]byte // as the centre is to keep it; none: sealed to nobody
	noted bool     // the note is durable that says that all of it is to be destroyed
	gone  bool     // destroyed, and the program knows
}

// loss is an order about a machine, as the ledger of losses outside every backup has it.
type loss struct {
	replica record.ReplicaID
	order   record.LostOrder
}

// leave is the hub's leave to destroy keys.
type leave struct {
	history int // of the centre
	asked   int // photos that staff had found damaged by then
}

// Escrow implements notebook.Custody.
func (k *simKeys) Escrow() [][]byte {
	if k.noted {
		return nil
	}
	return k.boxes
}

// Destroy implements notebook.Custody: first a durable note, then the keys.
func (k *simKeys) Destroy() error {
	w := k.d.w
	w.checkDestroyed(k.d)
	if !w.calm && !k.noted {
		switch w.pick(3) {
		case 0:
			w.happened("keys not destroyed, the disk is full")
			return fault.New(fault.DiskFull, "destroy keys", nil)
		case 1:
			k.noted = true
			w.happened("keys half destroyed at a crash")
			return errCrash
		}
	}
	k.noted, k.gone = true, true
	w.happened("keys destroyed")
	return nil
}

// newKeys are those of a new notebook; one in three is sealed to nobody.
func (d *device) newKeys() {
	d.keys = &simKeys{d: d}
	if d.w.pick(3) > 0 {
		d.seal()
	}
}

// seal seals the key anew: an officer came, or it is being changed.
func (d *device) seal() {
	d.keys.boxes = nil
	for range 1 + d.w.pick(2) {
		d.w.names++
		d.keys.boxes = append(d.keys.boxes, fmt.Append(nil, "box ", d.w.names))
	}
}

// reseal is what an officer does who comes to a machine that has its key.
func (d *device) reseal() {
	if d.keys.noted {
		return
	}
	d.seal()
	d.nb.KeysChanged()
	if d.session != nil {
		d.session.client.Wake()
	}
	d.w.happened("key sealed anew")
}

// bury takes a machine out of the world: nobody opens its notebook again, but with the key that the centre keeps.
func (w *world) bury(d *device) {
	if i := slices.Index(w.devices, d); i >= 0 {
		w.devices = slices.Delete(slices.Clone(w.devices), i, i+1)
		w.wiped = append(w.wiped, d)
	}
}

// ordered is the order that holds about a machine, as everybody would say who was told of all of them.
func (w *world) ordered(r record.ReplicaID, machine string) (o record.LostOrder) {
	for _, l := range w.losses {
		if l.replica == r && l.order.Machine == machine && l.order.Serial > o.Serial {
			o = l.order
		}
	}
	return o
}

func (d *device) ordered() record.LostOrder { return d.w.ordered(d.replica, d.key.Public().String()) }

// report lets staff report a machine lost, or found.
func (w *world) report(a *hub.Act) error {
	d := one(w, w.devices)
	for _, x := range w.devices { // most are found, or there would be none left
		if x.ordered().Lost && w.pick(4) > 0 {
			d = x
		}
	}
	known, ok, err := a.Tx().Device(d.replica)
	if !ok || known.Key == "" || err != nil {
		return err
	}
	w.happened(map[bool]string{false: "device reported lost", true: "device reported found"}[d.ordered().Lost])
	if w.pick(2) == 0 { // whoever has it does not go online
		d.drop()
		d.away = w.now.Add(time.Duration(w.pick(100)) * time.Hour)
	}
	return w.order(a, d, !d.ordered().Lost)
}

func (w *world) order(a *hub.Act, d *device, lost bool) error {
	was := d.ordered()
	was.Serial, was.Lost, was.Machine = was.Serial+1, lost, d.key.Public().String()
	w.losses = append(w.losses, loss{d.replica, was})
	return a.Order(d.replica, was)
}

// orderAgain gives the orders that the log does not hold, as the centre does when it is opened.
func (w *world) orderAgain(a *hub.Act) error {
	for _, l := range slices.Backward(w.losses) {
		if err := a.Order(l.replica, l.order); err != nil {
			return err
		}
	}
	return nil
}

// unlock: a wiped machine is found, and the centre gives its key back.
func (w *world) unlock() {
	if len(w.wiped) == 0 || len(w.devices) > 6 {
		return
	}
	d := one(w, w.wiped)
	if i := slices.IndexFunc(w.wiped, w.escrowed); i >= 0 { // a restore may have taken the key of another
		d = w.wiped[i]
	}
	err := w.centre.hub.Staff(ctx, func(a *hub.Act) error { return w.order(a, d, false) })
	if err != nil {
		panic(err)
	}
	w.centre.note(nil)
	if !w.escrowed(d) {
		return
	}
	w.wiped = slices.DeleteFunc(slices.Clone(w.wiped), func(x *device) bool { return x == d })
	w.devices = append(slices.Clone(w.devices), d)
	d.newKeys()
	d.open()
	w.happened("key given back from the escrow")
}

// escrowed reports whether the centre holds the key of a machine as it is sealed now.
func (w *world) escrowed(d *device) (held bool) {
	if len(d.keys.boxes) == 0 {
		return false
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		all, err := tx.Deposits(d.replica)
		held = slices.ContainsFunc(all, func(x hub.Deposit) bool {
			return slices.EqualFunc(x.Boxes, d.keys.boxes, slices.Equal)
		})
		return err
	})
	return held
}

// foundJustNow: a machine has asked for leave to destroy its keys, and before the hub comes to it somebody finds it.
func (s *simSession) foundJustNow() {
	w := s.d.w
	asks := slices.ContainsFunc(s.jobs, func(j *hub.Job) bool { return j.Wiping != nil && !j.Wiping.Done })
	if w.calm || !asks || !s.d.ordered().Lost || w.pick(5) > 0 {
		return
	}
	if err := w.centre.hub.Staff(ctx, func(a *hub.Act) error { return w.order(a, s.d, false) }); err != nil {
		panic(err)
	}
	w.centre.note(nil)
	w.happened("device found while it asks for leave")
}

// permits notes the leave that the hub has given, durably; nobody has it whose order was taken back.
func (s *simSession) permits(j *hub.Job) {
	if m, ok := j.Keys.(*protocol.Leave); !ok || !m.Given || j.Wiping.Done {
		return
	}
	w := s.d.w
	if o := s.d.ordered(); !o.Lost || o.Serial != j.Wiping.Order {
		w.breaks("decision 18: %s has leave to destroy its keys by order %d, and %+v holds", s.d.name, j.Wiping.Order, o)
	}
	s.leave = &leave{w.history, w.asked}
}

// checkDestroyed holds, at the moment at which the keys of a machine go, that nothing goes with them: the centre that gave
// its leave holds every change that the machine holds, its photos, and the key by which its drafts can be read.
func (w *world) checkDestroyed(d *device) {
	if d.session == nil || d.session.leave == nil {
		w.breaks("decision 18: %s destroys its keys without leave", d.name)
		return
	}
	given := *d.session.leave
	if given.history != w.history {
		w.happened("keys destroyed by leave of a centre that was set back since")
		return
	}
	held := map[blob.Ref]string{}
	photos := w.noteWithin(held, d.name, d.replica)
	var drafts []notebook.Draft
	var changes []*record.Change
	d.store.View(ctx, func(tx notebook.Tx) (err error) {
		eachChange(tx, func(c *record.Change) {
			if c.Body != record.BodyAbsent {
				changes = append(changes, c)
			}
		})
		drafts, err = tx.Drafts()
		return errors.Join(err, photos(tx))
	})
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		for _, c := range changes {
			p, err := tx.Find(c.Dot)
			if p == 0 || err != nil {
				w.breaks("decision 18: %s destroys its keys, and the centre lacks %s of %d, kind %d (%v)", d.name, c.Dot, c.Replica, c.Kind, err)
				continue
			}
			if x, err := tx.At(p); err != nil || x.Body == record.BodyAbsent && c.Body == record.BodyHere {
				w.breaks("decision 18: %s destroys its keys, and the centre lacks the values of %s (%v)", d.name, c.Dot, err)
			}
		}
		for r := range held {
			if b, ok, err := tx.Blob(r); given.asked == w.asked && (!ok || !b.Whole() || err != nil) {
				w.breaks("decision 18: %s destroys its keys, and the centre lacks %s (%v)", d.name, r, err)
			}
		}
		return nil
	})
	if (len(drafts) > 0 || len(d.keys.boxes) > 0) && !w.escrowed(d) {
		w.breaks("decision 18: %s destroys its keys with %d drafts, and the centre does not hold the key", d.name, len(drafts))
	}
}

// refused: on a machine whose keys are gone nothing is written any more, and nobody is told that it was.
func (d *device) refused() {
	_, err := d.nb.Save(ctx, notebook.Entry{Form: d.w.form(d), Feed: simFeeds[0], Officer: d.name, Values: map[string]string{"a": "too late"}})
	if err == nil {
		d.w.breaks("decision 18: %s was told that something is saved, and its keys are gone", d.name)
	}
	d.open()
}

// Decision 18: every machine knows whether it was reported lost; one that was is wiped as soon as it has met the centre and
// nothing is kept back by it; of every other the centre keeps the key as it is sealed now.
func (w *world) checkLost() {
	for _, d := range w.devices {
		lost := d.ordered().Lost
		if d.nb.Lost() != lost {
			w.breaks("decision 18: %s was reported lost %v, and thinks %v", d.name, lost, d.nb.Lost())
		}
		if len(d.keys.boxes) > 0 && !w.escrowed(d) {
			w.breaks("escrow: the centre lacks the key of %s", d.name)
		}
		if lost && !w.keepsBack(d) {
			w.breaks("decision 18: nothing keeps the keys of %s, and they are not destroyed", d.name)
		}
	}
}

// keepsBack: drafts under a key that is sealed to nobody, or a photo that the centre wants of another copy.
func (w *world) keepsBack(d *device) (so bool) {
	d.store.View(ctx, func(tx notebook.Tx) error {
		drafts, err := tx.Drafts()
		so = len(drafts) > 0 && len(d.keys.boxes) == 0
		return err
	})
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		wanted, err := tx.Wants(d.replica, blob.Ref{}, 1)
		so = so || len(wanted) > 0
		return err
	})
	if so {
		w.happened("lost, and only locked")
	}
	return so
}

// cutThen reports whether a device was cut off when what stands at a place came, by the order of the log alone.
func cutThen(tx ledger.Tx, r record.ReplicaID, at ledger.Pos) bool {
	gone, grants := map[record.Dot]bool{}, []*record.Change{}
	for p := ledger.Pos(1); p < at; p++ {
		c, err := tx.At(p)
		if err != nil {
			panic(err)
		}
		if c.Kind == record.KindGrant && c.Replica == record.Centre && c.Grantee == r {
			grants = append(grants, c)
			for _, d := range c.Replaces {
				gone[d] = true
			}
		}
	}
	grants = slices.DeleteFunc(grants, func(g *record.Change) bool { return gone[g.Dot] })
	return len(grants) > 0 && slices.MaxFunc(grants, func(a, b *record.Change) int { return a.Dot.Compare(b.Dot) }).Revoked
}

// judged looks at a verdict at the moment at which the centre has given it: what came before its device was cut off is not
// held for that.
func (w *world) judged(tx ledger.Tx, v *record.Change) {
	if v.Kind != record.KindVerdict || v.Reason != hub.ReasonRevoked {
		return
	}
	if p, _ := tx.Find(v.Target); !cutThen(tx, writer(tx, v.Target), p) {
		w.breaks("decision 18: %s came before its device was cut off, and was rejected for that", v.Target)
	}
}

// Decision 18: what came from a device that was cut off is here, and held for staff, until they released it.
func (w *world) checkCut() {
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		waits := map[ledger.Pos]bool{}
		ps, _ := tx.Waiting(1, 1<<30)
		for _, p := range ps {
			waits[p] = true
		}
		end, _ := tx.End()
		for p := ledger.Pos(1); p <= end; p++ {
			c, _ := tx.At(p)
			if c.Kind != record.KindEdit || waits[p] || !w.cut[c.Replica] || !cutThen(tx, c.Replica, p) {
				continue
			}
			w.happened("written by a device that was cut off")
			about, _ := ledger.About(tx, c.RecordID())
			if !slices.ContainsFunc(about, func(x *record.Change) bool { return x.Kind == record.KindVerdict && x.Target == c.Dot }) {
				w.breaks("decision 18: %s came after its device was cut off, and nobody holds it", c.Dot)
			}
		}
		return nil
	})
}
