package sqlitestore

import "banlang/shared/sqlite"

// DB is the file beneath, for tests.
func (s *Store) DB() *sqlite.DB { return s.db }

// Before is the schema as it was at an earlier version.
func Before(version int) sqlite.Schema {
	return sqlite.Schema{ApplicationID: applicationID, Migrations: schema.Migrations[:version]}
}
