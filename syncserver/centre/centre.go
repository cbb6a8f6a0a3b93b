// Package centre owns a centre on one machine: its data directory, its key, the hub that runs on it, and what staff do
// with it (enrol, grant, revoke, release, erase, say to whom devices seal, have sealed answers opened, back up, restore,
// check). It knows neither command lines nor HTTP.
package centre

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/protocol"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/sqlitestore"
)

// Options are what a centre is opened with.
type Options struct {
	Create  bool                // make the directory, key and database when there is no centre yet
	Log     *slog.Logger        // nil: none
	Wall    clock.Wall          // nil: the machine's
	Storage sqlitestore.Options // how the database file is reached

}

// Centre is an open centre. Make one with Open, Run it, and Close it after Run has returned. Do, Serve and Vitals may be
// called by anybody while it runs.
type Centre struct {
	dir     Dir
	key     seal.CentreKey
	pin     *wsconn.Pin
	store   *sqlitestore.Store
	watched *watched
	forms   *form.Library // the versions by which changes are judged: those of the product, and what was published
	hub     *hub.Hub
	server  *hub.Server
	wall    clock.Wall
	log     *slog.Logger
	started time.Time
	staff   sync.Mutex // one erasure, backup, publication or opening at a time
	erased  int        // orders of erasure that the log did not hold when it was opened

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
	return c, nil
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

// Run commits what connections and staff bring, until ctx ends; a commit that is running then is finished.
func (c *Centre) Run(ctx context.Context) error { return c.server.Run(ctx) }

// Close closes the database; then another process may open it.
func (c *Centre) Close() error { return c.store.Close() }

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

func dirOf(path string) string { return filepath.Dir(path) }

// canSyncDirs: Windows has no such call; NTFS keeps its names in a journal.
const canSyncDirs = runtime.GOOS != "windows"
