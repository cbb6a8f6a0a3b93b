package projection

import (
	"context"
	"testing"

	"banlang/shared/sqlite"
)

// CatchUp brings the tables to the end of the log.
func (p *Projection) CatchUp(ctx context.Context) error { return p.catchUp(ctx, false) }

// Change is a hand at the tables.
func (p *Projection) Change(ctx context.Context, text string) error {
	return p.db.Update(ctx, func(tx *sqlite.Tx) error { return tx.Exec(text) })
}

// Same holds two files of tables against each other, all of them, row by row.
func Same(a, b *sqlite.Tx) error { return compare(a, b) }

// SortFewer has no more than n records sorted, until the test ends.
func SortFewer(t testing.TB, n int) {
	before := mostSorted
	mostSorted = n
	t.Cleanup(func() { mostSorted = before })
}
