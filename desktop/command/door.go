package command

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/keyfile"
	"banlang/desktop/store"
	"banlang/shared/fault"
	"banlang/shared/record"
)

// door is the way into the notebook of a folder. A notebook that is still plain is enciphered when the first officer opens
// it with a passphrase that is good enough.
type door struct {
	c     *Command
	ctx   context.Context // of the program
	prefs *preferences
	keys  keyfile.Options
	alone bool // the machine has no key store

	mu    sync.Mutex
	file  *keyfile.File // nil: the notebook has no key yet
	old   []officer     // of a notebook without a key
	inner *inner        // nil: shut
	wiped bool          // its keys are gone
}

// inner is an open notebook with the engine that syncs it.
type inner struct {
	b    *book
	key  *keyfile.Unlocked // nil: it is plain
	app  app.Book
	stop func()
}

// The preferences that say whose notebook it is, before it can be read.
const (
	prefUnit    = "unit"
	prefMachine = "machine"
)

// openDoor looks at a folder. Where it has no notebook yet, newcomer is true: the door opens when there is one (look).
func (c *Command) openDoor(ctx context.Context, prefs *preferences, keys keyfile.Options) (d *door, newcomer bool, err error) {
	d = &door{c: c, ctx: ctx, prefs: prefs, keys: keys, alone: keys.Alone()}
	err = d.look(ctx)
	if errors.Is(err, fault.NotEnrolled) && d.file == nil && !d.wiped {
		return d, true, nil
	}
	return d, false, err
}

// look finds out whether there is a key. Of a plain notebook it reads who its officers are.
func (d *door) look(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	file, err := keyfile.Open(keyfile.Path(d.c.path()), d.keys)
	switch {
	case err == nil:
		d.file = file
		return d.c.there()
	case errors.Is(err, fault.Wiped): // the sign-in page says so
		d.wiped = true
		return d.c.there()
	case !errors.Is(err, fault.NotFound):
		return err
	}
	b, err := d.c.openWith(ctx, store.Options{}, nil)
	if err != nil {
		return err
	}
	d.remember(b)
	d.old, err = readOfficers(ctx, b.Notebook)
	return errors.Join(err, b.Close())
}

// remember notes whose notebook it is, for the next start.
func (d *door) remember(b *book) {
	for name, value := range map[string]string{prefUnit: b.file.Name, prefMachine: strconv.Itoa(int(b.file.Replica))} {
		if d.prefs.Get(name) != value {
			_ = d.prefs.Put(name, value) // it is only shown
		}
	}
}

// Whose implements app.Door.
func (d *door) Whose() app.Whose {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, _ := strconv.Atoi(d.prefs.Get(prefMachine))
	return app.Whose{Unit: d.prefs.Get(prefUnit), Machine: record.ReplicaID(n), Locked: d.inner == nil || d.inner.key != nil}
}

// Advice implements app.Door.
func (d *door) Advice(lang string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return keyfile.Advice(fault.Lang(lang), d.alone)
}

// Officers implements app.Door.
func (d *door) Officers() (list []app.Officer, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.isWiped() {
		return nil, fault.New(fault.Wiped, "officers", nil)
	}
	return d.officers(), nil
}

func (d *door) officers() (list []app.Officer) {
	if d.file == nil {
		for _, o := range d.old {
			list = append(list, app.Officer{ID: o.ID, Name: o.Name, Role: o.Role, Last: o.Last})
		}
		return list
	}
	for _, e := range d.file.Officers() {
		o := app.Officer{ID: e.ID, Name: e.Name, Role: e.Role}
		if !e.LastSignIn.IsZero() {
			o.Last = e.LastSignIn.UnixMilli()
		}
		list = append(list, o)
	}
	return list
}

// Open implements app.Door.
func (d *door) Open(ctx context.Context, id, passphrase string, progress func(float64)) (app.Book, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.isWiped() {
		return app.Book{}, fault.New(fault.Wiped, "open", nil)
	}
	if d.file == nil {
		return d.openOld(ctx, id, passphrase, progress)
	}
	key, err := d.file.Unlock(id, passphrase)
	if err != nil {
		return app.Book{}, d.refused(id, err)
	}
	if d.inner == nil {
		return d.enter(ctx, key, progress)
	}
	key.Lock() // it was open behind a locked screen
	return d.show()
}

// refused says what a wrong passphrase means for the next try.
func (d *door) refused(id string, err error) error {
	if !errors.Is(err, fault.WrongPassphrase) && !errors.Is(err, fault.TooManyTries) {
		return err
	}
	for _, e := range d.file.Officers() {
		if e.ID == id && e.TriesLeft > 0 {
			return &app.Refused{Left: e.TriesLeft}
		} else if e.ID == id {
			return &app.Refused{Until: e.WaitUntil}
		}
	}
	return err
}

// openOld opens a notebook that has no key yet. With a passphrase that is good enough it gets one now; with another it is
// opened as it is, and gets it when the passphrase is changed.
func (d *door) openOld(ctx context.Context, id, passphrase string, progress func(float64)) (app.Book, error) {
	at := slices.IndexFunc(d.old, func(o officer) bool { return o.ID == id })
	if at < 0 {
		return app.Book{}, fault.New(fault.NotFound, "officer", errors.New(id))
	}
	o := &d.old[at]
	if err := o.try(passphrase, time.Now()); err != nil {
		return app.Book{}, errors.Join(err, d.keepOld(ctx))
	}
	if d.inner != nil {
		return d.show()
	}
	key, err := keyfile.Create(keyfile.Path(d.c.path()), keyfile.Officer{ID: o.ID, Name: o.Name, Role: o.Role}, passphrase, nil, d.keys)
	if errors.Is(err, fault.WeakPassphrase) {
		b, err := d.c.openWith(ctx, store.Options{}, nil)
		if err != nil {
			return app.Book{}, err
		}
		_ = writeOfficers(ctx, b.Notebook, d.old) // only the count of tries is at stake
		d.start(b, nil)
		return d.show()
	}
	if err != nil {
		return app.Book{}, err
	}
	d.file = key.File()
	return d.enter(ctx, key, progress)
}

// keepOld keeps the count of wrong tries of a notebook that has no key.
func (d *door) keepOld(ctx context.Context) error {
	if d.inner != nil {
		return writeOfficers(ctx, d.inner.b.Notebook, d.old)
	}
	b, err := d.c.openWith(ctx, store.Options{}, nil)
	if err != nil {
		return err
	}
	return errors.Join(writeOfficers(ctx, b.Notebook, d.old), b.Close())
}

// enter opens the notebook with a key and has it synced.
func (d *door) enter(ctx context.Context, key *keyfile.Unlocked, progress func(float64)) (app.Book, error) {
	before, err := store.Look(d.c.path())
	if err != nil {
		key.Lock()
		return app.Book{}, err
	}
	b, err := d.c.openUnder(ctx, key, func(p store.Progress) { progress(share(p)) })
	if err != nil {
		key.Lock()
		return app.Book{}, err
	}
	d.start(b, key)
	shown, err := d.show()
	if err == nil && before == store.Plain {
		old, _ := readOfficers(ctx, b.Notebook) // what cannot be read cannot be told; Enter refuses then
		shown.Again = notEntered(old, d.officers())
	}
	return shown, err
}

// show gives the open notebook to the screen. On a machine that was reported lost it does not (fault.Lost): what it has goes
// on being sent behind the sign-in page, and the next try finds out whether that was taken back.
func (d *door) show() (app.Book, error) {
	switch {
	case d.isWiped():
		return app.Book{}, fault.New(fault.Wiped, "open", nil)
	case d.inner.b.Lost():
		return app.Book{}, fault.New(fault.Lost, "open", nil)
	}
	return d.inner.app, nil
}

// isWiped reports whether the keys are gone. The notebook may be open still, so that the centre is told.
func (d *door) isWiped() bool { return d.wiped || d.inner != nil && d.inner.b.Wiped() }

// share is how much of the enciphering is done; the stages take about as long as each other.
func share(p store.Progress) float64 {
	stages := []store.Stage{store.Checking, store.Copying, store.Comparing, store.Switching, store.Wiping}
	part := 0.0
	if p.Total > 0 {
		part = float64(p.Done) / float64(p.Total)
	}
	return (float64(slices.Index(stages, p.Stage)) + part) / float64(len(stages))
}

// start has the engine run behind the open notebook.
func (d *door) start(b *book, key *keyfile.Unlocked) {
	syncing, stop := context.WithCancel(d.ctx)
	engine := b.engine()
	var wait sync.WaitGroup
	wait.Go(func() { _ = engine.Run(syncing) }) // it ends with syncing; what fails is in its status
	if key != nil {
		wait.Go(func() { b.keepSealed(syncing, key) })
	}
	d.remember(b)
	d.inner = &inner{b: b, key: key, app: b.forApp(wire{engine}, d.c.home()), stop: func() { stop(); wait.Wait() }}
}

// keepSealed seals the key to the custodians whenever the centre has published others.
func (b *book) keepSealed(ctx context.Context, key *keyfile.Unlocked) {
	changed, stop := b.Watch()
	defer stop()
	for {
		b.seal(key)
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// Enter implements app.Door.
func (d *door) Enter(ctx context.Context, name, role, passphrase string, progress func(float64)) (app.Officer, app.Book, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, _ := strconv.Atoi(d.prefs.Get(prefMachine))
	old := d.old
	if d.inner != nil {
		var err error
		if old, err = readOfficers(ctx, d.inner.b.Notebook); err != nil {
			return app.Officer{}, app.Book{}, err
		}
	}
	o := keyfile.Officer{ID: idFor(name, role, record.ReplicaID(n), d.officers(), old), Name: name, Role: role}
	entered := app.Officer{ID: o.ID, Name: o.Name, Role: o.Role}
	switch {
	case d.inner != nil && d.inner.key != nil:
		err := d.inner.key.AddOfficer(o, passphrase)
		d.inner.b.KeysChanged()
		return entered, d.inner.app, err
	case d.wiped || d.file != nil || len(d.old) > 0:
		return app.Officer{}, app.Book{}, fault.New(fault.LockedNotebook, "officer", nil)
	}
	key, err := keyfile.Create(keyfile.Path(d.c.path()), o, passphrase, nil, d.keys)
	if err != nil {
		return app.Officer{}, app.Book{}, err
	}
	d.file = key.File()
	b, err := d.enter(ctx, key, progress)
	return entered, b, err
}

// Rekey implements app.Door. In a notebook that is still plain, a passphrase that is good enough gives it its key; it is
// enciphered when it is opened next.
func (d *door) Rekey(ctx context.Context, id, present, next string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.file != nil {
		return d.refusedOrNil(id, d.file.ChangePassphrase(id, present, next))
	}
	at := slices.IndexFunc(d.old, func(o officer) bool { return o.ID == id })
	if at < 0 {
		return fault.New(fault.NotFound, "officer", errors.New(id))
	}
	o := &d.old[at]
	if err := o.try(present, time.Now()); err != nil {
		return errors.Join(err, d.keepOld(ctx))
	}
	key, err := keyfile.Create(keyfile.Path(d.c.path()), keyfile.Officer{ID: o.ID, Name: o.Name, Role: o.Role}, next, nil, d.keys)
	if err == nil {
		d.file = key.File()
		key.Lock()
	}
	return err
}

func (d *door) refusedOrNil(id string, err error) error {
	if err == nil {
		return nil
	}
	return d.refused(id, err)
}

// Shut implements app.Door.
func (d *door) Shut() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inner == nil {
		return nil
	}
	in := d.inner
	in.stop()
	d.wiped = d.isWiped()
	d.inner = nil
	err := in.b.Close()
	if in.key != nil {
		in.key.Lock()
	}
	return err
}
