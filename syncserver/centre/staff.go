package centre

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
	"banlang/syncserver/staff"
	"banlang/syncserver/units"
)

// Limits of what staff ask.
const (
	// MaxNewcomers bounds the devices entered in one transaction: a province has a few hundred.
	MaxNewcomers = 1000
	// MaxUnit bounds the code of a unit, in bytes.
	MaxUnit = units.MaxCode
	// MaxName bounds the name of a device, in bytes.
	MaxName = 200
	// MaxPaths bounds the paths of one order of erasure.
	MaxPaths = 1000
)

// ErrUsed is in the chain of the fault for a name that fits more than one change.
var ErrUsed = errors.New("more than one change has this name")

// ParseFeed reads "GL014/tips"; a bare unit is its ordinary compartment. What is no feed is fault.BadInput.
func ParseFeed(s string) (record.Feed, error) {
	unit, compartment, named := strings.Cut(s, "/")
	if !named {
		compartment = declared.Ordinary
	}
	if err := checkUnit(unit); err != nil {
		return "", err
	}
	if known := []string{declared.Ordinary, declared.Tips, declared.Petitions, declared.Oversight}; !slices.Contains(known, compartment) {
		return "", fault.New(fault.BadInput, "feed", fmt.Errorf("compartment %q", compartment))
	}
	return record.NewFeed(unit, compartment), nil
}

func checkUnit(code string) error {
	if !units.ValidCode(code) {
		return fault.New(fault.BadInput, "unit", fmt.Errorf("unit %q", code))
	}
	return nil
}

func (n *Newcomer) check() error {
	if err := checkUnit(n.Unit); err != nil {
		return err
	}
	if n.Name == "" || len(n.Name) > MaxName || strings.ContainsAny(n.Name, "\n\r\t") {
		return fault.New(fault.BadInput, "name", errors.New("a device needs a name of one line"))
	}
	if len(n.Feeds) == 0 {
		return fault.New(fault.BadInput, "feeds", errors.New("a device needs a feed"))
	}
	for _, f := range n.Feeds {
		if again, err := ParseFeed(string(f)); err != nil || again != f {
			return fault.New(fault.BadInput, "feeds", fmt.Errorf("feed %q", f))
		}
	}
	return nil
}

// enrol enters all of them, or none.
func (c *Centre) enrol(ctx context.Context, r *Enrol) (files []enrolment.File, err error) {
	if len(r.Newcomers) > MaxNewcomers {
		return nil, fault.New(fault.LimitExceeded, "enrol", fmt.Errorf("%d devices", len(r.Newcomers)))
	}
	for i := range r.Newcomers {
		if err := r.Newcomers[i].check(); err != nil {
			return nil, err
		}
	}
	file := enrolment.File{Format: enrolment.Format, Address: r.Address, Centre: c.key.Public().String()}
	if !r.Plain {
		file.Pin = c.pin.String()
	}
	err = c.act(ctx, func(a *hub.Act) error {
		files = files[:0]
		for _, n := range r.Newcomers {
			d, ticket, err := a.Enter(n.Name, n.Unit, n.Feeds)
			if err != nil {
				return err
			}
			file.Replica, file.Unit, file.Name, file.Feeds, file.Ticket = d.Replica, n.Unit, n.Name, n.Feeds, ticket
			if file.Grant, err = a.GrantOf(d.Replica); err != nil {
				return err
			}
			files = append(files, file)
		}
		return nil
	})
	return files, err
}

// grant gives a device all its feeds anew, or cuts it off and ends its sessions.
func (c *Centre) grant(ctx context.Context, r *Grant) (*Granted, error) {
	if !r.Revoke && len(r.Feeds) == 0 {
		return nil, fault.New(fault.BadInput, "grant", errors.New("no feeds"))
	}
	g := &Granted{Now: r.Feeds}
	err := c.act(ctx, func(a *hub.Act) error {
		d, known, err := a.Tx().Device(r.Replica)
		if err != nil {
			return err
		}
		if !known {
			return fault.New(fault.NotFound, "grant", fmt.Errorf("device %d", r.Replica))
		}
		old, err := ledger.Grant(a.Tx(), r.Replica)
		if err != nil {
			return err
		}
		if old != nil {
			g.Before = old.Feeds
		}
		g.Device, d.Revoked = d.Name, r.Revoke
		return errors.Join(a.Tx().PutDevice(d), a.Grant(r.Replica, r.Feeds, r.Revoke))
	})
	if err != nil {
		return nil, err
	}
	if r.Revoke {
		c.server.Disconnect(r.Replica)
	}
	return g, nil
}

func (c *Centre) release(ctx context.Context, r *Release) (done *Released, err error) {
	err = c.act(ctx, func(a *hub.Act) error {
		dot, err := resolve(a.Tx(), r.Change)
		if err == nil {
			err = a.Release(dot)
		}
		if err != nil {
			return err
		}
		at, err := a.Tx().Find(dot)
		if err != nil {
			return err
		}
		x, err := a.Tx().At(at)
		if err != nil {
			return err
		}
		v, err := ledger.ViewOf(a.Tx(), x.RecordID())
		if err != nil {
			return err
		}
		done = &Released{Dot: dot, Unit: v.Home().Unit(), Form: x.Form.ID}
		return nil
	})
	return done, err
}

// erase writes the order into the ledger of erasures, durably, and then into the log; so that it holds whatever happens
// in between, and whatever is restored later. Who ordered it is in the audit before anything is destroyed.
func (c *Centre) erase(ctx context.Context, by *staff.Viewer, r *Erase) (*record.Dot, error) {
	if len(r.Paths) > MaxPaths || slices.ContainsFunc(r.Paths, func(p string) bool { return p == "" || strings.ContainsAny(p, "\t\n\r") }) {
		return nil, fault.New(fault.BadInput, "erase", errors.New("paths"))
	}
	c.staff.Lock()
	defer c.staff.Unlock()
	var rec record.Dot
	e := by.Entry(staff.EraseRecord)
	err := c.watched.View(ctx, func(tx hub.Tx) (err error) {
		if rec, err = resolve(tx, r.Record); err != nil {
			return err
		}
		v, err := ledger.ViewOf(tx, rec)
		if err != nil {
			return err
		}
		e.Unit, e.Form, e.Record, e.Count = v.Home().Unit(), v.Form.ID, rec.String(), 1
		return nil
	})
	if err != nil {
		return nil, err
	}
	e.Reason = r.Reason
	if paths := strings.Join(r.Paths, " "); paths != "" {
		e.Reason = strings.TrimSuffix(paths+": "+r.Reason, ": ")
	}
	if err := c.Staff().Audit().Write(ctx, e); err != nil {
		return nil, err
	}
	o := Erasure{rec, slices.Sorted(slices.Values(r.Paths))}
	if err := appendLine(c.dir.ErasureLedger(), o.line()); err != nil {
		return nil, err
	}
	err = c.act(ctx, func(a *hub.Act) error {
		_, err := applyErasures(a, []Erasure{o})
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := c.store.Checkpoint(ctx); err != nil && !errors.Is(err, fault.Busy) {
		return nil, err
	}
	return &rec, c.forget(ctx)
}

// forget returns when what was erased is not in the views either. Those that are not open are thrown away: they are made anew
// when somebody looks.
func (c *Centre) forget(ctx context.Context) error {
	if c.views != nil {
		end, err := c.End(ctx)
		if err != nil {
			return err
		}
		return c.views.Wait(ctx, end)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(c.dir.Views() + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.DiskIO, "erase", err)
		}
	}
	return nil
}

// resolve finds the change that a name means: the exact name ("00ab….7"), or machine and number ("24-1271").
func resolve(tx hub.Tx, name string) (record.Dot, error) {
	if d, err := record.ParseDot(name); err == nil {
		p, err := tx.Find(d)
		if p == 0 && err == nil {
			err = fault.New(fault.NotFound, "resolve", errors.New(name))
		}
		return d, err
	}
	machine, number, ok := strings.Cut(name, "-")
	r, err1 := strconv.ParseUint(machine, 10, 32)
	n, err2 := strconv.ParseUint(number, 10, 63)
	if !ok || err1 != nil || err2 != nil {
		return record.Dot{}, fault.New(fault.BadInput, "resolve", fmt.Errorf("%q is no name of a change", name))
	}
	found, err := withName(tx, record.ReplicaID(r), record.Number(n))
	switch {
	case err != nil:
		return record.Dot{}, err
	case len(found) == 0:
		return record.Dot{}, fault.New(fault.NotFound, "resolve", errors.New(name))
	case len(found) > 1:
		return record.Dot{}, fault.New(fault.BadInput, "resolve", fmt.Errorf("%w: %v", ErrUsed, found))
	}
	return found[0], nil
}

func withName(tx hub.Tx, r record.ReplicaID, n record.Number) (found []record.Dot, err error) {
	var runs []record.RunID
	err = tx.Runs(func(x ledger.Run) bool {
		if x.Replica == r {
			runs = append(runs, x.ID)
		}
		return true
	})
	for _, run := range runs {
		d := record.Dot{Run: run, N: n}
		p, err := tx.Find(d)
		if err != nil {
			return nil, err
		}
		if p != 0 {
			found = append(found, d)
		}
	}
	return found, err
}

func (c *Centre) status(ctx context.Context) (*Status, error) {
	v, err := c.Vitals(ctx)
	if err != nil {
		return nil, err
	}
	s := &Status{Epoch: v.Epoch, Hub: fmt.Sprintf("%016x", uint64(c.hub.ID())), End: v.End, Waiting: v.Waiting, Alarms: v.Alarms,
		Sessions: v.Hub.OpenSessions, Started: c.started.UnixMilli(), Failed: v.Failed}
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		return tx.Devices(func(access.Device) bool { s.Devices++; return true })
	})
	if err != nil {
		return nil, err
	}
	copies, err := c.dir.registered()
	if err != nil {
		return nil, err
	}
	s.Backups = len(copies)
	if len(copies) > 0 {
		s.LastBackup = copies[0].Time
	}
	orders, err := readErasures(c.dir.ErasureLedger())
	s.Erasures = len(orders)
	return s, err
}
