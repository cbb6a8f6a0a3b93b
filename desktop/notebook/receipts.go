package notebook

import (
	"context"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Receipts says of own changes whether the present centre has vouched for them. It follows the receipts: no row is written
// anew when one comes.
type Receipts struct {
	tx       ledger.Tx
	epoch    record.Epoch
	receipts map[record.RunID]record.Number
	err      error
}

// ReceiptsOf reads the receipts of a transaction.
func ReceiptsOf(tx ledger.Tx) (*Receipts, error) {
	epoch, err := ledger.CentreEpoch(tx)
	return &Receipts{tx: tx, epoch: epoch, receipts: map[record.RunID]record.Number{}}, err
}

// Lacks reports whether an own change has no receipt; false for none. What could not be read is told by Err.
func (s *Receipts) Lacks(own record.Dot) bool {
	if own.IsZero() {
		return false
	}
	upTo, ok := s.receipts[own.Run]
	if !ok {
		run, err := s.tx.Run(own.Run)
		if err != nil && s.err == nil {
			s.err = err
		}
		upTo = ledger.Receipted(run, s.epoch)
		s.receipts[own.Run] = upTo
	}
	return own.N > upTo
}

// Err is the first error of Lacks.
func (s *Receipts) Err() error { return s.err }

// Unreceipted lists the own runs that hold changes without a receipt, each with the last number that has one.
func Unreceipted(tx ledger.Tx) (open map[record.RunID]record.Number, err error) {
	epoch, err := ledger.CentreEpoch(tx)
	if err != nil {
		return nil, err
	}
	open = map[record.RunID]record.Number{}
	err = tx.Runs(func(r ledger.Run) bool {
		if upTo := ledger.Receipted(r, epoch); r.Own && r.Claim > upTo {
			open[r.ID] = upTo
		}
		return true
	})
	return open, err
}

// Receipted gives, for those of some own changes that the present centre has vouched for, when it signed the receipt that
// covers them last, by its own clock. There may have been an earlier one.
func (n *Notebook) Receipted(ctx context.Context, own []record.Dot) (signed map[record.Dot]record.Millis, err error) {
	signed = map[record.Dot]record.Millis{}
	err = n.store.View(ctx, func(tx Tx) error {
		receipts, err := ReceiptsOf(tx)
		if err != nil {
			return err
		}
		for _, d := range own {
			if receipts.Lacks(d) {
				continue
			}
			run, err := tx.Run(d.Run)
			if err != nil {
				return err
			}
			if run.Own {
				signed[d] = run.Receipt.Time
			}
		}
		return receipts.Err()
	})
	return signed, err
}
