package notebook

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// SavedSince counts the own changes written at a moment or after it. The times of a writer never go back, so it looks at a
// few of them only.
func (n *Notebook) SavedSince(ctx context.Context, since record.Millis) (count int, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		last, err := ledger.LastOwn(tx)
		if err != nil {
			return err
		}
		runs, err := ownRuns(tx)
		if err != nil {
			return err
		}
		slices.SortFunc(runs, func(a, b ledger.Run) int { return cmp.Compare(a.First, b.First) })
		var failed error
		end := int(last.Dot.N)
		first := sort.Search(end, func(i int) bool { // of the numbers 1 … end
			late, err := writtenSince(tx, runs, record.Number(i+1), since)
			if err != nil {
				failed = err
			}
			return late
		})
		count = end - first
		return failed
	})
	return count, err
}

// writtenSince reports whether the own change with a number was written at a moment or after it.
func writtenSince(tx Tx, runs []ledger.Run, n record.Number, since record.Millis) (bool, error) {
	i := sort.Search(len(runs), func(i int) bool { return runs[i].First > n }) - 1
	if i < 0 {
		return false, nil
	}
	at, err := tx.Find(record.Dot{Run: runs[i].ID, N: n})
	if at == 0 || err != nil {
		return false, err
	}
	c, err := tx.At(at)
	if err != nil {
		return false, err
	}
	return c.Time >= since, nil
}
