package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"banlang/desktop/app"
	"banlang/desktop/command"
	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/clock"
	centrefile "banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
)

// The office: a machine that was enrolled as all are, with one officer and the records of FILE, twice: plain in DIR/plain,
// and in DIR/office as the program made it of that when the officer first opened it, enciphered.

const (
	officerName = "Phan Quốc Điềm"
	officerID   = "diem.pq.24"
	passphrase  = "cây gạo trâu bạc đèn dầu"
	machine     = 24
)

func plainDir() string  { return filepath.Join(os.Getenv("DIR"), "plain") }
func officeDir() string { return filepath.Join(os.Getenv("DIR"), "office") }

// noSecrets is a machine without a key store: where the bench runs there is none, and it changes no figure.
type noSecrets struct{}

var errNoSecrets = errors.New("no key store")

func (noSecrets) Get(string) ([]byte, error) { return nil, errNoSecrets }
func (noSecrets) Set(string, []byte) error   { return errNoSecrets }
func (noSecrets) Delete(string) error        { return errNoSecrets }

var keys = keyfile.Options{Secrets: noSecrets{}}

// program runs the officer's program on a folder. With a window it needs no display but that of the window.
func program(ctx context.Context, dir string, window command.Window, args ...string) error {
	c := command.Command{Out: io.Discard, Err: os.Stderr, Window: window, Keys: keys, Env: func(name string) string {
		if name == "DISPLAY" {
			return "of the window"
		}
		return ""
	}}
	if code := c.Run(ctx, append([]string{"--dir", dir}, args...)...); code != command.ExitDone {
		return fmt.Errorf("the program ended with %d", code)
	}
	return nil
}

// furnish makes both notebooks.
func furnish(ctx context.Context, ls []line) error {
	file := filepath.Join(os.Getenv("DIR"), "enrolment.json")
	text, err := enrolmentFile()
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err == nil {
		err = program(ctx, plainDir(), nil, "enrol", file)
	}
	if err == nil {
		err = fillPlain(ctx, ls)
	}
	if err == nil {
		err = os.CopyFS(officeDir(), os.DirFS(plainDir()))
	}
	if err != nil {
		return err
	}
	return program(ctx, officeDir(), begin)
}

// enrolmentFile is of a centre that exists by its key alone, and cannot be reached.
func enrolmentFile() ([]byte, error) {
	centre, err := seal.NewCentreKey(nil)
	if err != nil {
		return nil, err
	}
	pin, err := wsconn.NewPin(centre)
	if err != nil {
		return nil, err
	}
	grant := grantOf(machine)
	if err := grant.Seal(nil, func(d record.Digest) [64]byte { return centre.Sign(seal.DomainChange, d[:]) }); err != nil {
		return nil, err
	}
	return centrefile.File{Address: "127.0.0.1:1", Centre: centre.Public().String(), Pin: pin.String(), Replica: machine, Unit: "B",
		Name: "Bench", Ticket: "blve1-x", Feeds: grant.Feeds, Grant: grant.Encoded()}.Encode()
}

// grantOf lets a machine read and write the feed of the bench: the list shows only what the centre has granted.
func grantOf(r record.ReplicaID) *record.Change {
	return &record.Change{Dot: record.Dot{Run: 1, N: 1}, Replica: record.Centre, Kind: record.KindGrant, Grantee: r, Feeds: []record.Feed{feed}}
}

func fillPlain(ctx context.Context, ls []line) error {
	t, err := openTable(ctx, plainDir(), store.Options{})
	if err != nil {
		return err
	}
	return errors.Join(importLines(ctx, t.nb, ls, feed), t.store.Close())
}

// begin is a window in which the first officer sits down; with that the notebook is enciphered.
func begin(_ context.Context, m *app.App) error {
	queue := make(chan func(), 1000)
	m.Start(func(f func()) { queue <- f }, func(app.Part) {})
	m.Gate.Create(officerName, "Cán bộ", passphrase, passphrase)
	for busy := true; busy; busy, _ = m.Gate.Busy() {
		(<-queue)()
	}
	if said := m.Gate.Said(); said != "" {
		return errors.Join(errors.New(said), m.Close())
	}
	return m.Close()
}

// table is the notebook of a folder, open.
type table struct {
	*activity
	store notebook.Store
	nb    *notebook.Notebook
}

// openTable opens the notebook of a folder under keys; none: it is plain.
func openTable(ctx context.Context, dir string, o store.Options) (*table, error) {
	a, err := theActivity()
	if err != nil {
		return nil, err
	}
	t := &table{activity: a}
	if t.store, err = store.Open(ctx, filepath.Join(dir, "so.db"), o); err != nil {
		return nil, err
	}
	secret, err := notebook.Open(t.store, notebook.Options{}).Setting(ctx, "replica key")
	if err != nil {
		return nil, err
	}
	key, err := seal.ParseReplicaKey(string(secret))
	if err != nil {
		return nil, fault.New(fault.WrongKey, "bench", err)
	}
	t.nb = notebook.Open(t.store, notebook.Options{Replica: machine, Key: key, Forms: app.NewForms(a.library), Wall: clock.System})
	return t, nil
}

// officeKeys unlocks the key of the office.
func officeKeys() ([]*keyfile.Key, error) {
	f, err := keyfile.Open(keyfile.Path(filepath.Join(officeDir(), "so.db")), keys)
	if err != nil {
		return nil, err
	}
	u, err := f.Unlock(officerID, passphrase)
	if err != nil {
		return nil, err
	}
	defer u.Lock()
	return u.Keys(), nil
}
