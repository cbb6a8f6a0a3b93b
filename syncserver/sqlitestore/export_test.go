package sqlitestore

import "banlang/shared/sqlite"

// DB is the file beneath, for tests.
func (s *Store) DB() *sqlite.DB { return s.db }
