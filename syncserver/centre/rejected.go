package centre

import (
	"cmp"
	"context"
	"slices"

	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
)

// RejectedCreation is a record that does not exist here, because the change which creates it was rejected: its author sees
// it, and no list of the centre does. It says nothing of what is in it. One in whose place its author has written another asks
// for nobody any more, and is not among them.
type RejectedCreation struct {
	Record  record.Dot       // of the creation, too: Release takes it
	Name    string           // of the same for people: "24-1271"
	Replica record.ReplicaID // who wrote it
	Device  string           // what that is called
	Form    string
	Unit    string        // that it was to be of; "": it named none
	Reason  string        // see package hub and package judge
	At      record.Millis // when it was rejected, by the centre's clock

	// Of is the unit whose staff answer for it: Unit, where the device ever held that, or else the device's own; "" when neither is
	// known. Compartment is that of its form, "" of a form that is not known.
	Of, Compartment string
	// MayStand: nothing is wrong with it but answers that the form does not take, or that its device was cut off. A record without a
	// unit, in the wrong compartment, with open text that was to be sealed, or that says what only the centre says would do harm.
	MayStand bool
}

// forgivable are the reasons for which a creation may stand after all.
var forgivable = []string{hub.ReasonRevoked, form.RulePath, form.RuleType, form.RuleChoice, form.RuleLength}

// RejectedCreations lists the records whose creation does not stand, the latest verdict first.
func (c *Centre) RejectedCreations(ctx context.Context) (all []RejectedCreation, err error) {
	err = c.store.View(ctx, func(tx hub.Tx) error {
		verdicts, err := c.verdicts.at(tx)
		if err != nil {
			return err
		}
		devices := map[record.ReplicaID]access.Device{}
		if err := tx.Devices(func(d access.Device) bool { devices[d.Replica] = d; return true }); err != nil {
			return err
		}
		for _, v := range verdicts {
			r, err := c.rejectedCreation(tx, v, devices)
			if err != nil {
				return err
			}
			if r != nil {
				all = append(all, *r)
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b RejectedCreation) int { return cmp.Compare(b.At, a.At) })
	return all, err
}

// rejectedCreation is what a rejection did; nil when it was taken back or answered, or the record is not here.
func (c *Centre) rejectedCreation(tx hub.Tx, verdict *record.Change, devices map[record.ReplicaID]access.Device) (*RejectedCreation, error) {
	at, err := tx.Find(verdict.Target)
	if at == 0 || err != nil {
		return nil, err
	}
	x, err := tx.At(at)
	if err != nil || !x.Creates() {
		return nil, err
	}
	v, err := ledger.ViewOf(tx, x.Dot)
	if err != nil || v.Created || v.Replaced() {
		return nil, err
	}
	d := devices[x.Replica]
	r := &RejectedCreation{Record: x.Dot, Name: record.HumanName(x.Replica, x.Dot.N), Replica: x.Replica, Device: d.Name, Form: x.Form.ID,
		Reason: verdict.Reason, At: verdict.Time, Of: d.Unit, MayStand: c.mayStand(x, verdict.Reason)}
	if f, ok := c.forms.Lookup(x.Form); ok {
		r.Compartment = f.Compartment
	}
	e := x.Edit(record.PathFeed)
	if e == nil {
		return r, nil
	}
	r.Unit = record.Feed(e.Value).Unit()
	grants, err := ledger.Grants(tx, x.Replica)
	for _, g := range grants {
		if slices.Contains(g.Feeds, record.Feed(e.Value)) {
			r.Of = r.Unit
		}
	}
	r.MayStand = r.MayStand && r.Of == r.Unit
	return r, err
}

// mayStand looks at every answer of a creation: a verdict names the first thing that is wrong with it only.
func (c *Centre) mayStand(x *record.Change, reason string) bool {
	if !slices.Contains(forgivable, reason) {
		return false
	}
	forms := judge.Forms{Library: c.forms}
	for i := range x.Edits {
		one := record.Change{Form: x.Form, Edits: x.Edits[i : i+1]}
		if wrong, known := forms.Check(&one); !known || wrong != "" && !slices.Contains(forgivable, wrong) {
			return false
		}
	}
	return true
}
