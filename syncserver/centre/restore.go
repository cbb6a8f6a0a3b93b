package centre

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/lockfile"
	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
)

// asidePrefix begins the names under which databases are kept that a restore replaced.
const asidePrefix = "hub.db.before-restore-"

// ErrAltered: a copy is not what its register entry says.
var ErrAltered = errors.New("the copy is not the one that was registered")

// Restored says what a restore did.
type Restored struct {
	Epoch    record.Epoch
	End      ledger.Pos
	Aside    string // where the database before it lies; empty: there was none
	Erasures int    // orders that the copy did not hold yet
	Checked  hub.Counts
}

// Restore puts a copy in the place of the database of a centre that does not run. All work is done on a second file; the
// database before it is kept aside, and the exchange is two renames at the end. Cut short at any point, it is begun again.
// The restored log has a new epoch, so every device gives again what the copy lacks.
func Restore(ctx context.Context, dir Dir, from string, log *slog.Logger) (*Restored, error) {
	key, err := dir.readKey()
	if err != nil {
		return nil, err
	}
	before, err := dir.lastEpoch(ctx)
	if err != nil {
		return nil, err
	}
	if err := unaltered(from); err != nil {
		return nil, err
	}
	fresh := dir.Database() + ".restoring"
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(fresh + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fault.New(fault.DiskIO, "restore", err)
		}
	}
	if err := copyFile(from, fresh); err != nil {
		return nil, fault.New(fault.DiskIO, "restore", err)
	}
	s, err := sqlitestore.Open(ctx, fresh, sqlitestore.Options{})
	if err != nil {
		return nil, err
	}
	c, err := open(ctx, dir, key, s, Options{Log: log})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	done, err := c.beginAnew(ctx, before)
	if err := errors.Join(err, s.Close(), os.Remove(fresh+".lock")); err != nil {
		return nil, err
	}
	done.Aside, err = dir.exchange(fresh)
	return done, err
}

// lastEpoch is the epoch of the database that is to be replaced; a zero one when it is gone or cannot be read. A running
// server is fault.SecondInstance.
func (d Dir) lastEpoch(ctx context.Context) (e record.Epoch, err error) {
	there, err := exists(d.Database())
	if !there || err != nil {
		return e, err
	}
	s, err := sqlitestore.Open(ctx, d.Database(), sqlitestore.Options{})
	if errors.Is(err, fault.SecondInstance) {
		return e, err
	}
	if err != nil {
		return e, nil //nolint:nilerr // it is being replaced because it cannot be read
	}
	err = s.View(ctx, func(tx hub.Tx) (err error) {
		e, err = ledger.CentreEpoch(tx)
		return err
	})
	if err != nil {
		e = record.Epoch{}
	}
	return e, s.Close()
}

// unaltered compares a copy with its register entry, if it has one.
func unaltered(from string) error {
	there, err := exists(from)
	if err != nil {
		return err
	}
	if !there {
		return fault.New(fault.NotFound, "restore", errors.New(from))
	}
	if has, err := exists(from + ".json"); !has || err != nil {
		return err
	}
	x, err := entryOf(from)
	if err != nil {
		return err
	}
	size, sum, err := sumFile(from)
	if err != nil {
		return fault.New(fault.DiskIO, "restore", err)
	}
	if x == nil || size != x.Size || sum != x.SHA256 {
		return fault.New(fault.TornDatabase, "restore", ErrAltered)
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// beginAnew takes an epoch later than any that this centre is known to have had, and checks everything. The orders of
// erasure were applied when it was opened.
func (c *Centre) beginAnew(ctx context.Context, before record.Epoch) (*Restored, error) {
	done := &Restored{}
	err := c.hub.Staff(ctx, func(a *hub.Act) error {
		if err := a.NewEpoch(); err != nil {
			return err
		}
		for c.hub.Epoch().Number <= before.Number {
			if err := a.NewEpoch(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := c.store.Checkpoint(ctx); err != nil {
		return nil, err
	}
	counts, err := c.check(ctx)
	if err != nil {
		return nil, err
	}
	done.Epoch, done.Checked, done.End = c.hub.Epoch(), *counts, ledger.Pos(counts.Changes)
	done.Erasures = c.erased
	return done, nil
}

// exchange puts the database aside and the fresh one in its place, with every other process kept out.
func (d Dir) exchange(fresh string) (aside string, err error) {
	lock, err := lockfile.Take(d.Database() + ".lock")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	there, err := exists(d.Database())
	if err != nil {
		return "", err
	}
	if there {
		if aside, err = d.putAside(); err != nil {
			return "", fault.New(fault.DiskIO, "restore", err)
		}
	}
	if err := errors.Join(os.Rename(fresh, d.Database()), syncDir(string(d))); err != nil {
		return aside, fault.New(fault.DiskIO, "restore", err)
	}
	return aside, nil
}

// putAside renames the database, its log first: a log without its database says nothing, one beside another database
// would be taken for that one's.
func (d Dir) putAside() (string, error) {
	base := d.path(asidePrefix + strings.ReplaceAll(clock.System().Time().Format("20060102T150405.000Z"), ".", "-"))
	aside := base
	for i := 2; ; i++ {
		if taken, err := exists(aside); err != nil || !taken {
			break
		}
		aside = fmt.Sprintf("%s-%d", base, i)
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(d.Database()+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return aside, syncDir(string(d))
}

// check looks at everything that the running centre holds.
func (c *Centre) check(ctx context.Context) (*hub.Counts, error) {
	counts, err := checkStore(ctx, c.store, c.key.Public())
	if err != nil {
		return nil, err
	}
	return &counts, c.checkErasures(ctx)
}
