package centre

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/lockfile"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wholefile"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
	"banlang/syncserver/staff"
)

// asideMark stands, with the time behind it, after the names under which databases are kept that a restore replaced.
const asideMark = ".before-restore-"

// ErrAltered: a copy is not what its register entry says.
var ErrAltered = errors.New("the copy is not the one that was registered")

// Restored says what a restore did.
type Restored struct {
	Epoch    record.Epoch
	End      ledger.Pos
	Aside    string // where the database before it lies; empty: there was none
	Erasures int    // orders that the copy did not hold yet
	Checked  hub.Counts
	Staff    *staff.Carried // the register of staff was restored too; nil: the copy has none, and the present one stays
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
	people, err := dir.prepareStaff(ctx, key, from)
	if err != nil {
		return nil, err
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
	if err := dir.restoreReports(from); err != nil {
		return nil, err
	}
	done.Staff = people
	done.Aside, err = dir.exchange(fresh, people != nil)
	return done, err
}

// RestoreStaff puts the register of staff that lies beside a copy in the place of that of a centre that does not run; what
// notebooks sent stays as it is. The register before it is kept aside. fault.NotFound: the copy has none. fault.SecondInstance: a
// centre runs; without its register it does the same when it is asked (Request.RestoreStaff).
func RestoreStaff(ctx context.Context, dir Dir, from string) (done *StaffRestored, err error) {
	key, err := dir.readKey()
	if err != nil {
		return nil, err
	}
	lock, err := lockfile.Take(dir.Database() + ".lock")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	return dir.restoreStaff(ctx, key, from)
}

// restoreStaff does it, with everybody else kept out of the register.
func (d Dir) restoreStaff(ctx context.Context, key seal.CentreKey, from string) (*StaffRestored, error) {
	if err := unaltered(from); err != nil {
		return nil, err
	}
	carried, err := d.prepareStaff(ctx, key, from)
	if err == nil && carried == nil {
		err = fault.New(fault.NotFound, "restore", errors.New("the copy has no register of staff"))
	}
	if err != nil {
		return nil, err
	}
	aside, err := d.replace(d.Staff().Database, d.freshStaff())
	return &StaffRestored{*carried, aside}, err
}

// freshStaff is where a copy of the register of staff is made ready.
func (d Dir) freshStaff() string { return d.Staff().Database + ".restoring" }

// prepareStaff makes the register of staff ready that lies beside a copy; nil: there is none.
func (d Dir) prepareStaff(ctx context.Context, key seal.CentreKey, from string) (*staff.Carried, error) {
	beside := staffCopyOf(from)
	if there, err := exists(beside); !there || err != nil {
		return nil, err
	}
	fresh := d.freshStaff()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(fresh + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fault.New(fault.DiskIO, "restore", err)
		}
	}
	if err := copyFile(beside, fresh); err != nil {
		return nil, fault.New(fault.DiskIO, "restore", err)
	}
	done, err := staff.Prepare(ctx, fresh, d.Staff(), key, clock.System, filepath.Base(from))
	return &done, err
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
	altered := x == nil || size != x.Size || sum != x.SHA256
	if !altered && x.Staff != nil {
		size, sum, err = sumFile(filepath.Join(filepath.Dir(from), x.Staff.Name))
		if err != nil {
			return fault.New(fault.DiskIO, "restore", err)
		}
		altered = size != x.Staff.Size || sum != x.Staff.SHA256
	}
	if !altered && x.Reports != nil {
		size, sum, err = sumFile(filepath.Join(filepath.Dir(from), x.Reports.Name))
		if err != nil {
			return fault.New(fault.DiskIO, "restore", err)
		}
		altered = size != x.Reports.Size || sum != x.Reports.SHA256
	}
	if altered {
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

// exchange puts the databases aside and the fresh ones in their place, with every other process kept out: the register of staff
// first, if there is a fresh one, so that a restore cut short in between is seen to be unfinished by its hub.
func (d Dir) exchange(fresh string, people bool) (aside string, err error) {
	lock, err := lockfile.Take(d.Database() + ".lock")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if people {
		if _, err := d.replace(d.Staff().Database, d.freshStaff()); err != nil {
			return "", err
		}
	}
	return d.replace(d.Database(), fresh)
}

// replace puts one database aside, if it is there, and the fresh one in its place.
func (d Dir) replace(database, fresh string) (aside string, err error) {
	there, err := exists(database)
	if err != nil {
		return "", err
	}
	if there {
		if aside, err = d.putAside(database); err != nil {
			return "", fault.New(fault.DiskIO, "restore", err)
		}
	}
	if err := errors.Join(os.Rename(fresh, database), wholefile.SyncDir(string(d))); err != nil {
		return aside, fault.New(fault.DiskIO, "restore", err)
	}
	return aside, nil
}

// putAside renames a database, its log first: a log without its database says nothing, one beside another database
// would be taken for that one's.
func (d Dir) putAside(database string) (string, error) {
	base := database + asideMark + strings.ReplaceAll(clock.System().Time().Format("20060102T150405.000Z"), ".", "-")
	aside := base
	for i := 2; ; i++ {
		if taken, err := exists(aside); err != nil || !taken {
			break
		}
		aside = fmt.Sprintf("%s-%d", base, i)
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(database+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return aside, wholefile.SyncDir(string(d))
}

// check looks at everything that the running centre holds.
func (c *Centre) check(ctx context.Context) (*hub.Counts, error) {
	counts, err := checkStore(ctx, c.store, c.key.Public())
	if err != nil {
		return nil, err
	}
	return &counts, c.checkErasures(ctx)
}
