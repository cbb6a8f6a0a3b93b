// Package sqlitestore owns a hub on the disk: hub.Store over one SQLite file, which survives power cuts and is open in
// one process at a time.
//
// It keeps no rules: those are in packages hub, access and ledger.
package sqlitestore

import (
	"context"
	"errors"

	"banlang/shared/ledger"
	"banlang/shared/ledger/sqlledger"
	"banlang/shared/lockfile"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
)

// DefaultReaders is how many Views run at a time if Options do not say: pages for readers, a console, a report.
const DefaultReaders = 6

// Options say how the file is reached; the zero value is right for a plain file.
type Options struct {
	VFS     string                                      // SQLite's file layer; "" is the operating system's
	Plain   func(path string) (sqlite.PlainFile, error) // of a VFS that enciphers: see sqlite.Options
	Readers int                                         // Views at a time; 0 is DefaultReaders
}

// Store is an open hub file. Its methods may be called from any goroutine.
type Store struct {
	db    *sqlite.DB
	lock  *lockfile.Lock
	moved moved
}

var _ hub.Store = (*Store)(nil)

// Open opens the hub in the file at path, making it when it is new, and keeps every other process out until Close or
// the end of this one ("<path>.lock" stays behind, empty). It refuses with fault.SecondInstance, and as sqlite.Open
// does, and then has changed nothing in the file.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Readers == 0 {
		o.Readers = DefaultReaders
	}
	lock, err := lockfile.Take(path + ".lock")
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, sqlite.Options{Path: path, VFS: o.VFS, Plain: o.Plain, Readers: o.Readers}, schema)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	s := &Store{db: db, lock: lock}
	if err := db.View(ctx, s.moved.load); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close waits for running transactions and closes the file; then another process may open it.
func (s *Store) Close() error { return errors.Join(s.db.Close(), s.lock.Release()) }

// Update implements hub.Store. When the outcome is unknown, sqlite.ErrOutcomeUnknown is in the chain of the error.
func (s *Store) Update(ctx context.Context, f func(hub.Tx) error) error {
	return s.db.Update(ctx, func(tx *sqlite.Tx) error {
		t := &transaction{Ledger: sqlledger.Writing(tx), moved: &s.moved}
		if err := f(t); err != nil {
			return err
		}
		return t.Flush()
	})
}

// View implements hub.Store. What writes in it fails.
func (s *Store) View(ctx context.Context, f func(hub.Tx) error) error {
	return s.db.View(ctx, func(tx *sqlite.Tx) error { return f(&transaction{Ledger: sqlledger.Reading(tx), moved: &s.moved}) })
}

// Backup writes a whole copy of the hub, as it is at one moment, while others go on. The copy has its name only when it
// is complete and on the disk; a file that is there is never replaced. A hub that goes on from a backup must take a new
// epoch (hub.Act.NewEpoch).
func (s *Store) Backup(ctx context.Context, path string) error { return s.db.CopyTo(ctx, path) }

// Check looks for damage: the file's pages and indexes, or with quick only its pages; then, unless quick, the
// invariants of the ledger (ledger.Check) and what is listed and counted beside it. Others go on meanwhile.
func (s *Store) Check(ctx context.Context, quick bool) error {
	if err := s.db.Check(ctx, quick); err != nil || quick {
		return err
	}
	return s.View(ctx, func(tx hub.Tx) error {
		if err := ledger.Check(tx); err != nil {
			return err
		}
		return tx.(*transaction).check()
	})
}

// Checkpoint moves what was written into the file itself and empties the log beside it, so that erased values are gone
// from both. fault.Busy: a View was in the way.
func (s *Store) Checkpoint(ctx context.Context) error { return s.db.Checkpoint(ctx) }
