// Package store owns a notebook on the disk: notebook.Store over one SQLite file, which survives power cuts and is open
// in one process at a time.
//
// It keeps no rules: those are in packages notebook and ledger.
package store

import (
	"context"
	"errors"

	"banlang/desktop/cryptvfs"
	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/ledger/sqlledger"
	"banlang/shared/lockfile"
	"banlang/shared/sqlite"
)

// Options say how the file is reached; the zero value is right for a plain file.
type Options struct {
	VFS string // SQLite's file layer; "" is the operating system's. An enciphered file lies on it as cipher text
	// Keys are those under which the file may be (keyfile.Unlocked.Keys); none: it is plain. A new file is made under the
	// first. They are not held on to.
	Keys []*keyfile.Key
}

// Store is an open notebook file. Its methods may be called from any goroutine.
type Store struct {
	db    *sqlite.DB
	layer *cryptvfs.VFS // nil for a plain file
	lock  *lockfile.Lock
	path  string
}

var _ notebook.Store = (*Store)(nil)

// Open opens the notebook in the file at path, making it when it is new, and keeps every other process out until Close
// or the end of this one ("<path>.lock" stays behind, empty). It refuses with fault.SecondInstance, and as sqlite.Open
// does, and then has changed nothing in the file.
//
// With keys, a plain notebook is fault.NotEnciphered (Encipher is the way) and one under another key fault.WrongDataKey.
// Without, a notebook whose key file lies beside it is fault.LockedNotebook, unless it is still plain.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	lock, err := lockfile.Take(path + ".lock")
	if err != nil {
		return nil, err
	}
	s := &Store{lock: lock, path: path}
	if err := s.open(ctx, path, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string, o Options) (err error) {
	if err := settle(path); err != nil {
		return err
	}
	options := sqlite.Options{Path: path, VFS: o.VFS, WipeLog: len(o.Keys) == 0}
	if len(o.Keys) > 0 {
		if s.layer, err = fitting(path, o.Keys, o.VFS); err != nil {
			return err
		}
		options.VFS, options.Plain = s.layer.Name(), s.layer.Plain
	} else if err := notLocked(path); err != nil {
		return err
	}
	if s.db, err = sqlite.Open(ctx, options, schema); err != nil {
		return err
	}
	if s.layer != nil && exists(path+formerSuffix) { // the power went before Encipher could
		_ = wipeFormer(path, func(Progress) {}) // what fails is tried again at the next opening
	}
	return s.purgeIfDue(ctx)
}

// notLocked refuses what must not be opened, nor made, without a key.
func notLocked(path string) error {
	state, err := Look(path)
	if err == nil && state != Plain && exists(keyfile.Path(path)) {
		err = fault.New(fault.LockedNotebook, "store.Open", nil)
	}
	return err
}

// purgeIfDue goes on with a Purge that a power cut has ended.
func (s *Store) purgeIfDue(ctx context.Context) error {
	due := false
	err := s.View(ctx, func(tx notebook.Tx) error {
		v, err := tx.Value(valuePurge)
		due = v != nil
		return err
	})
	if err != nil || !due {
		return err
	}
	return s.Purge(ctx)
}

// Close waits for running transactions and closes the file; then another process may open it.
// The key is overwritten in memory.
func (s *Store) Close() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	if s.layer != nil {
		err = errors.Join(err, s.layer.Close())
	}
	return errors.Join(err, s.lock.Release())
}

// Update implements notebook.Store. An error with sqlite.ErrOutcomeUnknown in its chain says that nobody knows.
func (s *Store) Update(ctx context.Context, f func(notebook.Tx) error) error {
	return s.update(ctx, s.db.Update, f)
}

// UpdateSoon implements notebook.Store.
func (s *Store) UpdateSoon(ctx context.Context, f func(notebook.Tx) error) error {
	return s.update(ctx, s.db.UpdateSoon, f)
}

func (s *Store) update(ctx context.Context, run func(context.Context, func(*sqlite.Tx) error) error, f func(notebook.Tx) error) error {
	var t *transaction
	err := run(ctx, func(tx *sqlite.Tx) error {
		t = &transaction{Ledger: sqlledger.Writing(tx)}
		if err := f(t); err != nil {
			return err
		}
		return errors.Join(t.Flush(), t.flushWords())
	})
	switch {
	case err != nil:
		return err
	case t.purge:
		_ = s.Purge(ctx) // its failure undoes nothing: what is left is purged after the next opening
	case t.dropped:
		_ = s.Checkpoint(ctx) // likewise: the next one takes with it what is left, at the latest that of Close
	}
	return nil
}

// View implements notebook.Store. What writes in it fails.
func (s *Store) View(ctx context.Context, f func(notebook.Tx) error) error {
	return s.db.View(ctx, func(tx *sqlite.Tx) error { return f(&transaction{Ledger: sqlledger.Reading(tx)}) })
}

// Check looks for damage: the file's pages, the search index and the other indexes, and the invariants of the ledger
// (ledger.Check). The quick one leaves out the last, and whether indexes match their tables. Others go on meanwhile.
func (s *Store) Check(ctx context.Context, quick bool) error {
	if err := s.db.Check(ctx, quick); err != nil || quick {
		return err
	}
	return s.View(ctx, func(tx notebook.Tx) error { return ledger.Check(tx) })
}

// Copy writes a whole copy of the notebook, as it is now, to a new file, under the same key.
func (s *Store) Copy(ctx context.Context, path string) error { return s.db.CopyTo(ctx, path) }

// Checkpoint moves what was written into the file itself and empties the log beside it, so that erased values are gone
// from both.
func (s *Store) Checkpoint(ctx context.Context) error { return s.db.Checkpoint(ctx) }

// transaction is a notebook.Tx: the ledger, and what stands beside it.
type transaction struct {
	*sqlledger.Ledger
	words   map[int64]*words // by row.id: not yet in the search index
	purge   bool             // words of an erased record were taken out
	dropped bool             // a draft was: the file overwrites its place, but the log beside it has what it was
}

var _ notebook.Tx = (*transaction)(nil)
