package hub

import (
	"context"
	"errors"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/access"
)

// Staff lets the centre act by itself, in one transaction: f calls the methods of Act below.
func (h *Hub) Staff(ctx context.Context, f func(*Act) error) error {
	j := &Job{Act: func(a *Act) error { a.rejudge = true; return f(a) }}
	h.Apply(ctx, []*Job{j})
	return j.Err
}

// Tx is the transaction that the act is part of.
func (a *Act) Tx() Tx { return a.tx }

// Enter makes a new device with a grant of some feeds, and returns it with its ticket.
func (a *Act) Enter(name, unit string, feeds []record.Feed) (access.Device, string, error) {
	d, ticket, err := access.Enter(a.tx, a.h.o.Key, a.h.Epoch(), name, unit, a.h.now())
	if err != nil {
		return d, "", err
	}
	return d, ticket, a.Grant(d.Replica, feeds, false)
}

// GrantOf returns the grant of a replica as an enrolment file carries it (notebook.TakeGrant reads it): with it a machine
// can be worked on before it was ever online.
func (a *Act) GrantOf(r record.ReplicaID) ([]byte, error) {
	g, err := ledger.Grant(a.tx, r)
	if g == nil || err != nil {
		return nil, errors.Join(err, errors.New("hub: no grant"))
	}
	return g.Encoded(), nil
}

// Grant says from now on which feeds a replica may hold. Revoked cuts the device off: what it wrote before stands.
func (a *Act) Grant(to record.ReplicaID, feeds []record.Feed, revoked bool) error {
	old, err := ledger.Grants(a.tx, to)
	if err != nil {
		return err
	}
	feeds = slices.Clone(feeds)
	slices.Sort(feeds)
	c := &record.Change{Kind: record.KindGrant, Grantee: to, Feeds: slices.Compact(feeds), Revoked: revoked}
	for _, g := range old {
		c.Replaces = append(c.Replaces, g.Dot)
	}
	return a.write(c)
}

// Release takes back every rejection of a change: it stands from now on.
func (a *Act) Release(d record.Dot) error {
	p, err := a.tx.Find(d)
	if p == 0 || err != nil {
		return errors.Join(err, errors.New("hub: no such change"))
	}
	c, err := a.tx.At(p)
	if err != nil {
		return err
	}
	about, err := ledger.About(a.tx, c.RecordID())
	if err != nil {
		return err
	}
	v := &record.Change{Kind: record.KindVerdict, Record: c.RecordID(), Target: d}
	for _, x := range about {
		if x.Kind == record.KindVerdict && x.Target == d {
			v.Replaces = append(v.Replaces, x.Dot)
		}
	}
	return a.write(v)
}

// Erase orders the values of a record, or of some of its paths, to be destroyed here and on every device. It cannot be
// undone. The caller keeps the order in the ledger of erasures, outside every backup.
func (a *Act) Erase(rec record.Dot, paths ...string) error {
	return a.write(&record.Change{Kind: record.KindErase, Record: rec, Paths: paths})
}

// Publish tells everybody what holds of a topic from now on; an empty payload: nothing does any more.
func (a *Act) Publish(topic string, payload []byte) error {
	published, err := ledger.Publications(a.tx)
	if err != nil {
		return err
	}
	c := &record.Change{Kind: record.KindPublish, Topic: topic, Payload: payload}
	for _, p := range published {
		if p.Topic == topic {
			c.Replaces = append(c.Replaces, p.Dot)
		}
	}
	return a.write(c)
}

// Edit writes a record from the centre.
func (a *Act) Edit(c *record.Change) error {
	c.Kind = record.KindEdit
	return a.write(c)
}

// NewEpoch begins a new history of the log, as after a restore.
func (a *Act) NewEpoch() error { return a.h.newEpoch(a.tx, a.h.Epoch().Number+1) }
