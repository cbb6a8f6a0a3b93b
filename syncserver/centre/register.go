package centre

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/passphrase"
	"banlang/shared/wholefile"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// register is that of staff, as far as it can be had. One that cannot be opened keeps no notebook from its centre: nobody signs in
// and nothing is done that must be noted, until it is there again. What passes by itself (a full disk) is tried again; what is
// damaged waits for a copy (RestoreStaff), so that nothing is written into it meanwhile. No restart is needed for either. And
// without any register a device is cut off, by whoever works at the machine: that is noted in a file until it can be in the audit.
type register struct {
	cost   passphrase.Cost // of new passphrases
	open   atomic.Pointer[staff.Staff]
	mu     sync.Mutex
	why    error            // fault.Unstaffed, with the reason in its chain
	opened clock.WallMillis // when it was tried last
}

// retryStaff is how long a register that could not be reached is left alone.
const retryStaff = clock.WallMillis(10 * time.Second / time.Millisecond)

// passing are the faults that go away by themselves.
var passing = []fault.Code{fault.DiskFull, fault.DiskIO, fault.Busy}

// Staff is the register of who may do what at the centre; nil while it is Unstaffed, and in a copy that a restore looks at.
func (c *Centre) Staff() *staff.Staff { return c.people.open.Load() }

// Unstaffed says why nobody can sign in (fault.Unstaffed); nil: they can. What passes by itself is tried again.
func (c *Centre) Unstaffed() error {
	if c.Staff() != nil {
		return nil
	}
	r := &c.people
	r.mu.Lock()
	defer r.mu.Unlock()
	passes := slices.ContainsFunc(passing, func(code fault.Code) bool { return errors.Is(r.why, code) })
	if c.Staff() == nil && passes {
		if now := c.wall(); now >= r.opened+retryStaff || now < r.opened {
			c.openLocked(context.Background())
		}
	}
	if c.Staff() != nil {
		return nil
	}
	return r.why
}

// openStaff opens the register of staff, and has the audit take over what was noted without it.
func (c *Centre) openStaff(ctx context.Context) {
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	c.openLocked(ctx)
}

func (c *Centre) openLocked(ctx context.Context) {
	r := &c.people
	var people *staff.Staff
	err := c.dir.hasRegister()
	if err == nil {
		people, err = staff.Open(ctx, c.dir.Staff(), c.key, staff.Options{Wall: c.wall, Cost: r.cost})
	}
	if err == nil {
		if err = c.noteWaiting(ctx, people.Audit()); err != nil {
			err = errors.Join(err, people.Close())
		}
	}
	r.opened = c.wall()
	if err != nil {
		c.log.Error("no register of staff: notebooks are served, nobody can sign in", "code", string(fault.CodeOf(err)))
		r.why = fault.New(fault.Unstaffed, "centre.Open", err)
		return
	}
	people.UseTree(c.unitsToday)
	r.why = nil
	r.open.Store(people)
}

// hasRegister reports whether the register is there, or there never was one; ErrNoRegister: it is gone.
func (d Dir) hasRegister() error {
	there, err := exists(d.Staff().Database)
	if there || err != nil {
		return err
	}
	if left, err := os.Lstat(d.Staff().Audit.Heads); err == nil && left.Mode().IsRegular() {
		return fault.New(fault.NotFound, "centre.Open", ErrNoRegister)
	}
	return nil
}

// protects reports whether a request only takes away, and comes from whoever works at the machine: it is done without a register too.
func (r *Request) protects() bool {
	return r.Viewer == nil && (r.Grant != nil && r.Grant.Revoke || r.Loss != nil && r.Loss.Lost)
}

// note writes into the audit what was done; without a register, into the file that waits for it.
func (c *Centre) note(ctx context.Context, entries []audit.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if people := c.Staff(); people != nil {
		return people.Audit().Write(ctx, entries...)
	}
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	for _, e := range entries {
		e.At = c.wall()
		line, err := json.Marshal(e)
		if err == nil {
			err = appendLine(c.dir.Unnoted(), string(line))
		}
		if err != nil {
			return fault.New(fault.DiskIO, "centre.note", err)
		}
	}
	return nil
}

// noteWaiting moves the file that waits into the audit. Cut short, it is begun again: what is there already is not noted twice.
func (c *Centre) noteWaiting(ctx context.Context, log *audit.Log) error {
	text, err := os.ReadFile(c.dir.Unnoted())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fault.New(fault.DiskIO, "centre.note", err)
	}
	for line := range strings.Lines(string(text)) {
		var e audit.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			continue // what a power cut left of a line
		}
		there, err := log.List(ctx, audit.Filter{Act: e.Act, Record: e.Record, From: e.At, To: e.At + 1})
		if err == nil && len(there) == 0 {
			err = log.Write(ctx, e)
		}
		if err != nil {
			return err
		}
	}
	if err := errors.Join(os.Remove(c.dir.Unnoted()), wholefile.SyncDir(string(c.dir))); err != nil {
		return fault.New(fault.DiskIO, "centre.note", err)
	}
	return nil
}

// StaffRestored says what a restore of the register of staff did.
type StaffRestored struct {
	staff.Carried
	Aside string // where the register before it lies; empty: there was none
}

// restoreStaff is RestoreStaff in a centre that runs without its register: nobody has the file open. One that has it is
// fault.SecondInstance.
func (c *Centre) restoreStaff(ctx context.Context, from string) (*StaffRestored, error) {
	c.people.mu.Lock()
	defer c.people.mu.Unlock()
	if c.Staff() != nil {
		return nil, fault.New(fault.SecondInstance, "centre.restoreStaff", errors.New("the register is open"))
	}
	done, err := c.dir.restoreStaff(ctx, c.key, from)
	if err != nil {
		return nil, err
	}
	c.openLocked(ctx)
	return done, c.people.why
}
