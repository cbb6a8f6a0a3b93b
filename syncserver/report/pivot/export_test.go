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

// MakeExact is Make without protection.
func MakeExact(tx *sqlite.Tx, view *units.View, q Query) (*Table, error) {
	q.bare = true
	return Make(tx, view, q)
}
