package pivot

import (
	"banlang/shared/sqlite"
	"banlang/shared/units"
)

// Exact is One without protection: for tests that count.
func Exact(tx *sqlite.Tx, view *units.View, q Query) (Cell, error) {
	q.bare = true
	return One(tx, view, q)
}
