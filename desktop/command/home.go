package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"banlang/desktop/app"
	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/replica"
	"banlang/desktop/store"
	"banlang/shared/clock"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
)

// fileName is the notebook within its directory.
const fileName = "so.db"

// The settings that make a file the notebook of a machine.
const (
	settingEnrolment = "enrolment"   // the enrolment file, as it came
	settingKey       = "replica key" // drawn here; it never leaves the notebook
)

// dataDir is where the user's programs keep their data.
func dataDir(env func(string) string) string {
	home := env("HOME")
	switch runtime.GOOS {
	case "windows":
		return filepath.Join(env("LocalAppData"), "BanLang")
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "BanLang")
	}
	if data := env("XDG_DATA_HOME"); data != "" {
		return filepath.Join(data, "banlang")
	}
	return filepath.Join(home, ".local", "share", "banlang")
}

func (c *Command) path() string { return filepath.Join(c.dir, fileName) }

// book is an open notebook with who it is.
type book struct {
	*notebook.Notebook
	store *store.Store
	forms app.Forms
	file  *enrolment.File
	key   seal.ReplicaKey
	pin   *wsconn.Pin
}

// there reports whether the directory has a notebook; where it has none the fault is NotEnrolled.
func (c *Command) there() error {
	state, err := store.Look(c.path())
	if err == nil && state == store.Missing {
		err = fault.New(fault.NotEnrolled, "open", os.ErrNotExist)
	}
	return err
}

// openWith opens the notebook of the directory under the keys of the options, which are in the custody of a file; none: it is
// plain. Where there is none nothing is made, and the fault is NotEnrolled.
func (c *Command) openWith(ctx context.Context, o store.Options, custody *keyfile.File) (*book, error) {
	if err := c.there(); err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, c.path(), o)
	if err != nil {
		return nil, err
	}
	b, err := bookOf(ctx, s, custody)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return b, nil
}

// bookOf reads from the notebook's settings who it is.
func bookOf(ctx context.Context, s *store.Store, custody *keyfile.File) (*book, error) {
	settings := notebook.Open(s, notebook.Options{})
	text, err := settings.Setting(ctx, settingEnrolment)
	if err != nil {
		return nil, err
	}
	if text == nil {
		return nil, fault.New(fault.NotEnrolled, "open", nil)
	}
	f, err := enrolment.Parse(text)
	if err != nil {
		return nil, err
	}
	centre, pin, err := f.Keys()
	if err != nil {
		return nil, err
	}
	secret, err := settings.Setting(ctx, settingKey)
	if err != nil {
		return nil, err
	}
	key, err := seal.ParseReplicaKey(string(secret))
	if err != nil {
		return nil, fault.New(fault.WrongKey, "open", err)
	}
	forms := app.NewForms(form.Builtin())
	o := notebook.Options{Replica: f.Replica, Key: key, Centre: centre, Ticket: f.Ticket, Forms: forms, Seal: app.Sealer(forms, key), Wall: clock.System}
	if custody != nil {
		o.Custody = custody
	}
	nb := notebook.Open(s, o)
	if err := nb.Learn(ctx); err != nil {
		return nil, err
	}
	if _, err := nb.Sweep(ctx); err != nil {
		return nil, err
	}
	return &book{nb, s, forms, f, key, pin}, nil
}

func (b *book) Close() error { return b.store.Close() }

// engine makes what keeps the notebook in sync with its centre; it is not running yet.
func (b *book) engine() *replica.Engine {
	return replica.New(b.Notebook, b.key, Program, func(ctx context.Context) (replica.Conn, error) {
		return wsconn.Dial(ctx, b.file.Address, b.pin)
	})
}

// settleIn keeps the enrolment in the notebook of the directory, making it when there is none.
func (c *Command) settleIn(ctx context.Context, f *enrolment.File, text []byte) error {
	if _, err := keyfile.Open(keyfile.Path(c.path()), c.Keys); !errors.Is(err, fault.NotFound) {
		b, err := c.openToSend(ctx)
		if err != nil {
			return err
		}
		return errors.Join(settle(ctx, b.store, f, text), b.Close())
	}
	s, err := store.Open(ctx, c.path(), store.Options{})
	if err != nil {
		return err
	}
	return errors.Join(settle(ctx, s, f, text), s.Close())
}

// settle keeps the enrolment, and before it a key of its own and the grant. A notebook never becomes another device's.
func settle(ctx context.Context, s *store.Store, f *enrolment.File, text []byte) error {
	centre, _, err := f.Keys()
	if err != nil {
		return err
	}
	nb := notebook.Open(s, notebook.Options{Replica: f.Replica, Centre: centre, Forms: app.NewForms(form.Builtin()), Wall: clock.System})
	old, err := nb.Setting(ctx, settingEnrolment)
	if err != nil {
		return err
	}
	if old != nil {
		was, err := enrolment.Parse(old)
		if err != nil {
			return err
		}
		if was.Replica != f.Replica || was.Centre != f.Centre {
			return fault.New(fault.BadInput, "enrol", fmt.Errorf("this notebook is device %d of %s", was.Replica, was.Centre))
		}
		return nb.PutSetting(ctx, settingEnrolment, text)
	}
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		return err
	}
	if err := errors.Join(nb.PutSetting(ctx, settingKey, []byte(key.Secret())), nb.TakeGrant(ctx, f.Grant)); err != nil {
		return err
	}
	if _, err := nb.Project(ctx); err != nil { // so that the list follows each save at once
		return err
	}
	return nb.PutSetting(ctx, settingEnrolment, text)
}

// readBounded reads a whole file that should be small.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.NotFound, "open", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fault.New(fault.DiskIO, "read", err)
	}
	return b, nil
}
