// Package centre owns a centre on one machine: its data directory, its key, the hub that runs on it, and what staff do
// with it (enrol, grant, revoke, release, erase, say to whom devices seal, have sealed answers opened, back up, restore,
// check). It knows neither command lines nor HTTP.
package centre

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/passphrase"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
	"banlang/shared/wsconn"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/projection"
	"banlang/syncserver/sqlitestore"
	"banlang/syncserver/staff"
)

// Options are what a centre is opened with.
type Options struct {
	Create  bool                // make the directory, key and database when there is no centre yet
	Log     *slog.Logger        // nil: none
	Wall    clock.Wall          // nil: the machine's
	Storage sqlitestore.Options // how the database file is reached
	Views   bool                // with the tables that staff look up (Centre.Views)
	Cost    passphrase.Cost     // of new passphrases of staff; zero: passphrase.Usual
}

// Centre is an open centre. Make one with Open, Run it, and Close it after Run has returned. Do, Serve and Vitals may be
// called by anybody while it runs.
type Centre struct {
	dir      Dir
	key      seal.CentreKey
	pin      *wsconn.Pin
	store    *sqlitestore.Store
	watched  *watched
	forms    *form.Library // the versions by which changes are judged: those of the product, and what was published
	hub      *hub.Hub
	server   *hub.Server
	wall     clock.Wall
	log      *slog.Logger
	started  time.Time
	staff    sync.Mutex // one erasure, backup, publication or opening at a time
	drilling sync.Mutex // one drill at a time
	people   register
	views    *projection.Projection // nil without Options.Views
	reports  *sqlite.DB             // nil: it cannot be opened, or a restore looks at a copy
	erased   int                    // orders of erasure that the log did not hold when it was opened
	tree     unitsKept
	borders  boundariesKept
	verdicts verdicts
}

// valueKey names the value that ties a database to its key.
const valueKey = "centre key"

// Open opens the centre in a directory, keeps every other process out, and applies the orders of erasure, and about
// lost devices, that the log does not hold (after a restore, or a power cut between the two).
func Open(ctx context.Context, dir Dir, o Options) (*Centre, error) {
	key, err := dir.prepare(o.Create)
	if err != nil {
		return nil, err
	}
	store, err := sqlitestore.Open(ctx, dir.Database(), o.Storage)
	if err != nil {
		return nil, err
	}
	c, err := open(ctx, dir, key, store, o)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	c.people.cost = o.Cost
	c.openStaff(ctx)
	c.introduceAgain(ctx)
	c.openReports(ctx)
	if o.Views && ctx.Err() == nil {
		c.views, err = projection.Open(ctx, projection.Options{Path: dir.Views(), Hub: c.hub, Forms: c.forms, Log: c.log})
		err = errors.Join(err, dir.sweepScratch())
	}
	if err = errors.Join(err, ctx.Err()); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// unitsToday is the tree by which staff see what is theirs. Where it cannot be read, every unit stands for itself: nobody sees
// more.
func (c *Centre) unitsToday() staff.Tree {
	t, err := c.Units(context.Background())
	if err != nil {
		c.log.Error("no tree of units", "code", string(fault.CodeOf(err)))
	}
	return t.At(c.wall().Time().In(viet.Zone).Format(time.DateOnly))
}

func open(ctx context.Context, dir Dir, key seal.CentreKey, store *sqlitestore.Store, o Options) (*Centre, error) {
	c := &Centre{dir: dir, key: key, store: store, watched: &watched{Store: store}, wall: o.Wall, log: o.Log, started: time.Now()}
	if c.wall == nil {
		c.wall = clock.System
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if err := rightKey(ctx, store, key.Public()); err != nil {
		return nil, err
	}
	var err error
	if c.pin, err = wsconn.NewPin(key); err != nil {
		return nil, fault.New(fault.WrongKey, "centre.Open", err)
	}
	c.forms = form.Builtin()
	forms := judge.Forms{Library: c.forms}
	if c.hub, err = hub.Open(ctx, c.watched, hub.Options{Key: key, Forms: forms, Stamps: forms.Stamps, Wall: c.wall, Room: dir.room}); err != nil {
		return nil, err
	}
	c.server = hub.NewServer(c.hub, c.log)
	return c, errors.Join(c.eraseAgain(ctx), c.reportAgain(ctx))
}

// rightKey ties a new database to its key, and refuses to go on under another one: every device would refuse what that
// signs.
func rightKey(ctx context.Context, s hub.Store, public seal.CentrePublic) error {
	var known []byte
	read := func(tx hub.Tx) (err error) {
		known, err = tx.Value(valueKey)
		return err
	}
	if err := s.View(ctx, read); err != nil {
		return err
	}
	switch {
	case known == nil:
		return s.Update(ctx, func(tx hub.Tx) error { return tx.PutValue(valueKey, []byte(public.String())) })
	case string(known) != public.String():
		return fault.New(fault.WrongKey, "centre.Open", ErrForeignKey)
	}
	return nil
}

func (c *Centre) eraseAgain(ctx context.Context) error {
	orders, err := readErasures(c.dir.ErasureLedger())
	if len(orders) == 0 || err != nil {
		return err
	}
	err = c.hub.Staff(ctx, func(a *hub.Act) (err error) {
		c.erased, err = applyErasures(a, orders)
		return err
	})
	if c.erased > 0 && err == nil {
		c.log.Info("erasures applied", "orders", c.erased)
		return c.store.Checkpoint(ctx)
	}
	return err
}

// Run commits what connections and staff bring, and brings the views up behind it, until ctx ends; a commit that is running
// then is finished. What happens to the views stops no commit.
func (c *Centre) Run(ctx context.Context) error {
	var behind sync.WaitGroup
	if c.views != nil {
		behind.Go(func() {
			if err := c.views.Run(ctx); err != nil && ctx.Err() == nil {
				c.log.Error("the views stopped", "code", string(fault.CodeOf(err)))
			}
		})
	}
	err := c.server.Run(ctx)
	behind.Wait()
	return err
}

// Views are the tables that staff look up; nil without Options.Views.
func (c *Centre) Views() *projection.Projection { return c.views }

// Close closes the databases; then another process may open them.
func (c *Centre) Close() (err error) {
	if c.views != nil {
		err = c.views.Close()
	}
	if people := c.Staff(); people != nil {
		err = errors.Join(err, people.Close())
	}
	if c.reports != nil {
		err = errors.Join(err, c.reports.Close())
	}
	return errors.Join(err, c.store.Close())
}

// Serve speaks with one notebook until either end has enough.
func (c *Centre) Serve(ctx context.Context, conn protocol.Conn, binding []byte) error {
	return c.server.Serve(ctx, conn, binding)
}

// Key is the centre's key, for its listener.
func (c *Centre) Key() seal.CentreKey { return c.key }

// Pin is what notebooks pin.
func (c *Centre) Pin() *wsconn.Pin { return c.pin }

// Dir is where the centre keeps everything.
func (c *Centre) Dir() Dir { return c.dir }

// act has staff's work committed together with whatever else waits.
func (c *Centre) act(ctx context.Context, f func(*hub.Act) error) error {
	return c.server.Do(ctx, &hub.Job{Act: f})
}

// Take takes in changes that came by another road than a session, in the order of their numbers, as a device would push them.
func (c *Centre) Take(ctx context.Context, changes ...*record.Change) error {
	return c.server.Do(ctx, &hub.Job{Push: &protocol.Push{Epoch: c.hub.Epoch(), Number: 1, Items: changes}})
}
