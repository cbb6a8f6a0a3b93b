package store

import (
	"context"

	"banlang/desktop/notebook"
	"banlang/shared/sqlite"
)

// DB is the file beneath, for tests.
func (s *Store) DB() *sqlite.DB { return s.db }

// Reached lets f see each step of Encipher.
func Reached(f func(step string)) { reached = f }

// Digest sums everything in the notebook up.
func (s *Store) Digest(ctx context.Context) ([32]byte, error) {
	return digest(ctx, s.db, func(int64) {})
}

// Indexed is what the search index has of a row.
func Indexed(r *notebook.Row) string { return indexed(r) }

// SchemaUpTo is the schema as it was at a version.
func SchemaUpTo(version int) sqlite.Schema {
	return sqlite.Schema{ApplicationID: applicationID, Migrations: schema.Migrations[:version]}
}
