package centre

import (
	"cmp"
	"context"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
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
}

// RejectedCreations lists the records whose creation does not stand, the latest verdict first. It reads what the centre wrote,
// which is little beside what it holds.
func (c *Centre) RejectedCreations(ctx context.Context) (all []RejectedCreation, err error) {
	err = c.store.View(ctx, func(tx hub.Tx) error {
		verdicts, err := verdictsOf(tx)
		if err != nil {
			return err
		}
		names := map[record.ReplicaID]string{}
		if err := tx.Devices(func(d access.Device) bool { names[d.Replica] = d.Name; return true }); err != nil {
			return err
		}
		for _, v := range verdicts {
			r, err := rejectedCreation(tx, v)
			if err != nil {
				return err
			}
			if r != nil {
				r.Device = names[r.Replica]
				all = append(all, *r)
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b RejectedCreation) int { return cmp.Compare(b.At, a.At) })
	return all, err
}

// verdictsOf are the latest rejections of changes that are named by no record but their own.
func verdictsOf(tx hub.Tx) (verdicts map[record.Dot]*record.Change, err error) {
	var runs []record.RunID
	if err := tx.Runs(func(r ledger.Run) bool {
		if r.Replica == record.Centre {
			runs = append(runs, r.ID)
		}
		return true
	}); err != nil {
		return nil, err
	}
	verdicts = map[record.Dot]*record.Change{}
	for _, run := range runs {
		spans, err := tx.Spans(run)
		if err != nil {
			return nil, err
		}
		for _, s := range spans {
			err := tx.Each(s.At, s.At+ledger.Pos(s.Last-s.First), func(_ ledger.Pos, raw []byte) (bool, error) {
				v, err := record.DecodeStored(raw)
				if err == nil && v.Kind == record.KindVerdict && v.Rejected && v.Record == v.Target {
					if before := verdicts[v.Target]; before == nil || before.Time < v.Time {
						verdicts[v.Target] = v
					}
				}
				return true, err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return verdicts, nil
}

// rejectedCreation is what a rejection did; nil when it was taken back or answered, or the record is not here.
func rejectedCreation(tx hub.Tx, verdict *record.Change) (*RejectedCreation, error) {
	at, err := tx.Find(verdict.Target)
	if at == 0 || err != nil {
		return nil, err
	}
	c, err := tx.At(at)
	if err != nil || !c.Creates() {
		return nil, err
	}
	v, err := ledger.ViewOf(tx, c.Dot)
	if err != nil || v.Created || v.Replaced() {
		return nil, err
	}
	r := &RejectedCreation{Record: c.Dot, Name: record.HumanName(c.Replica, c.Dot.N), Replica: c.Replica, Form: c.Form.ID, Reason: verdict.Reason, At: verdict.Time}
	if e := c.Edit(record.PathFeed); e != nil {
		r.Unit = record.Feed(e.Value).Unit()
	}
	return r, nil
}
