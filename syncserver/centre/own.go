package centre

import (
	"maps"
	"sync"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// eachOwn visits what the centre wrote itself behind a place of the log, run by run: it has another one after each restore.
func eachOwn(tx ledger.Tx, after ledger.Pos, visit func(*record.Change)) error {
	var runs []record.RunID
	if err := tx.Runs(func(r ledger.Run) bool {
		if r.Replica == record.Centre {
			runs = append(runs, r.ID)
		}
		return true
	}); err != nil {
		return err
	}
	for _, run := range runs {
		spans, err := tx.Spans(run)
		if err != nil {
			return err
		}
		for _, s := range spans {
			last := s.At + ledger.Pos(s.Last-s.First)
			if last <= after {
				continue
			}
			err := tx.Each(max(s.At, after+1), last, func(_ ledger.Pos, raw []byte) (bool, error) {
				x, err := record.DecodeStored(raw)
				if err == nil {
					visit(x)
				}
				return true, err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// verdicts remembers the latest rejections of changes that are named by no record but their own. Every review is written by the
// centre too, so that what was read once is not read again.
type verdicts struct {
	mu   sync.Mutex
	upto ledger.Pos
	of   map[record.Dot]*record.Change
}

// at reads what has come since, and returns them by the change that is rejected.
func (v *verdicts) at(tx ledger.Tx) (map[record.Dot]*record.Change, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	end, err := tx.End()
	if err != nil {
		return nil, err
	}
	if v.of == nil {
		v.of = map[record.Dot]*record.Change{}
	}
	err = eachOwn(tx, v.upto, func(x *record.Change) {
		if x.Kind == record.KindVerdict && x.Rejected && x.Record == x.Target {
			if before := v.of[x.Target]; before == nil || before.Time < x.Time {
				v.of[x.Target] = x
			}
		}
	})
	if err == nil {
		v.upto = max(v.upto, end)
	}
	return maps.Clone(v.of), err
}
