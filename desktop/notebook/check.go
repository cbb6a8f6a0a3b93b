package notebook

import (
	"context"
	"errors"
	"fmt"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// ErrUnsound is the base of what Check finds.
var ErrUnsound = errors.New("notebook: unsound")

// Checked is what Check looked at.
type Checked struct {
	Changes  int           // held, own and others'
	Records  int           // created, whether or not the officer may see them
	Receipts int           // of own runs, each with a good signature over the own chain
	Vouched  record.Number // own changes that these receipts vouch for
}

// Check brings the list up to the log and then reports the first thing that contradicts the invariants of this package:
// a row that is not as it would be drawn anew, or a receipt that the pinned centre did not sign over this very chain.
// The file, the log and its chains are for the store to check (ledger.Check).
func (n *Notebook) Check(ctx context.Context) (k Checked, err error) {
	if err := n.Learn(ctx); err != nil {
		return k, err
	}
	for more := true; more; {
		if more, err = n.Project(ctx); err != nil {
			return k, err
		}
	}
	err = n.store.View(ctx, func(tx Tx) error {
		if err := n.checkReceipts(tx, &k); err != nil {
			return err
		}
		return n.checkRows(tx, &k)
	})
	return k, err
}

func (n *Notebook) checkReceipts(tx Tx, k *Checked) error {
	runs, err := ownRuns(tx)
	if err != nil {
		return err
	}
	for _, r := range runs {
		rc := r.Receipt
		if rc.N == 0 {
			continue
		}
		if rc.Run != r.ID || rc.Key != n.o.Centre.ID() || !n.o.Centre.Verify(seal.DomainReceipt, rc.Statement(), rc.Sig) {
			return fmt.Errorf("%w: the receipt of run %v was not signed by this centre", ErrUnsound, r.ID)
		}
		upTo := min(rc.N, r.Prefix)
		head, err := headAt(tx, r, upTo)
		if err != nil {
			return err
		}
		if upTo == rc.N && head != rc.Head {
			return fmt.Errorf("%w: the receipt of run %v is for another chain", ErrUnsound, r.ID)
		}
		k.Receipts++
		k.Vouched += upTo - r.First + 1
	}
	return nil
}

// headAt is the chain head of a run at a number of its prefix.
func headAt(tx Tx, r ledger.Run, to record.Number) (head record.Digest, err error) {
	if to == r.Prefix {
		return r.Head, nil
	}
	for at := r.First; at <= to; at++ {
		p, err := tx.Find(record.Dot{Run: r.ID, N: at})
		if err != nil {
			return head, err
		}
		c, err := tx.At(p)
		if err != nil {
			return head, err
		}
		head = c.Head(head)
	}
	return head, nil
}

// checkRows draws the line of every record anew and holds it against the list.
func (n *Notebook) checkRows(tx Tx, k *Checked) error {
	granted, err := n.granted(tx)
	if err != nil {
		return err
	}
	k.Changes, err = eachCreation(tx, func(rec record.Dot) error {
		k.Records++
		about, err := ledger.About(tx, rec)
		if err != nil {
			return err
		}
		is, ok, err := tx.Row(rec)
		if err != nil {
			return err
		}
		if want := n.row(rec, about, granted); !ok || is != want {
			return fmt.Errorf("%w: record %v is not in the list as it should be", ErrUnsound, rec)
		}
		return nil
	})
	return err
}

// eachCreation calls f with every record of the log, in the order in which they came here, and counts all changes.
func eachCreation(tx Tx, f func(rec record.Dot) error) (changes int, err error) {
	end, err := tx.End()
	if err != nil {
		return 0, err
	}
	err = tx.Each(1, end, func(_ ledger.Pos, raw []byte) (bool, error) {
		changes++
		c, err := record.DecodeStored(raw)
		if err != nil || !c.Creates() {
			return err == nil, err
		}
		return true, f(c.Dot)
	})
	return changes, err
}

// Each calls f with every record that the officer may see, folded, in the order in which they came to this machine. It
// works on one consistent state; f must not write.
func (n *Notebook) Each(ctx context.Context, f func(*record.View) error) error {
	return n.store.View(ctx, func(tx Tx) error {
		granted, err := n.granted(tx)
		if err != nil {
			return err
		}
		_, err = eachCreation(tx, func(rec record.Dot) error {
			about, err := ledger.About(tx, rec)
			if err != nil {
				return err
			}
			if v := n.seen(rec, about); visible(v, granted) {
				return f(v)
			}
			return nil
		})
		return err
	})
}

// Runs lists what is known of the own runs, with the centre's receipts, by ID.
func (n *Notebook) Runs(ctx context.Context) (runs []ledger.Run, err error) {
	err = n.store.View(ctx, func(tx Tx) error { runs, err = ownRuns(tx); return err })
	return runs, err
}

func ownRuns(tx Tx) (runs []ledger.Run, err error) {
	err = tx.Runs(func(r ledger.Run) bool {
		if r.Own {
			runs = append(runs, r)
		}
		return true
	})
	return runs, err
}
