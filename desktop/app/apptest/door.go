package apptest

import (
	"context"
	"maps"
	"slices"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/keyfile"
	"banlang/shared/fault"
)

// Door is the way into the notebook of a machine of the village. It keeps passphrases as they are and compares them at once;
// the real one (package command) has tests of its own.
type Door struct {
	Shuts int  // how often the notebook was shut
	Plain bool // the notebook is not enciphered

	m        *Machine
	book     app.Book
	officers []app.Officer
	pass     map[string]string
	wrong    map[string]int
	until    time.Time
	prefs    map[string]string
}

const freeTries = 5

// clone is what is on the disk.
func (d *Door) clone() *Door {
	return &Door{officers: slices.Clone(d.officers), pass: maps.Clone(d.pass), wrong: maps.Clone(d.wrong), until: d.until, prefs: maps.Clone(d.prefs)}
}

// Whose implements app.Door.
func (d *Door) Whose() app.Whose {
	return app.Whose{Unit: UnitName, Machine: d.m.replica, Locked: !d.Plain}
}

// Officers implements app.Door.
func (d *Door) Officers() ([]app.Officer, error) { return slices.Clone(d.officers), nil }

// Open implements app.Door.
func (d *Door) Open(_ context.Context, officer, passphrase string, _ func(float64)) (app.Book, error) {
	now := d.m.V.Wall().Time()
	switch {
	case now.Before(d.until):
		return app.Book{}, &app.Refused{Until: d.until}
	case d.pass[officer] == passphrase:
		d.wrong[officer] = 0
		for i := range d.officers {
			if d.officers[i].ID == officer {
				d.officers[i].Last = now.UnixMilli()
			}
		}
		return d.book, nil
	}
	d.wrong[officer]++
	if left := freeTries - d.wrong[officer]; left > 0 {
		return app.Book{}, &app.Refused{Left: left}
	}
	d.until = now.Add(app.FirstPause)
	return app.Book{}, &app.Refused{Until: d.until}
}

// Advice implements app.Door.
func (d *Door) Advice(lang string) string { return keyfile.Advice(fault.Lang(lang), true) }

// Enter implements app.Door.
func (d *Door) Enter(_ context.Context, name, role, passphrase string, _ func(float64)) (app.Officer, app.Book, error) {
	if len([]rune(passphrase)) < keyfile.MinLength {
		return app.Officer{}, app.Book{}, fault.New(fault.WeakPassphrase, "enter", nil)
	}
	o := app.Officer{ID: app.OfficerID(name, d.m.replica, d.officers), Name: name, Role: role}
	if len(d.officers) == 0 {
		o.Last = d.m.V.Wall().Time().UnixMilli()
		d.pass, d.wrong = map[string]string{}, map[string]int{}
	}
	d.officers, d.pass[o.ID] = append(d.officers, o), passphrase
	return o, d.book, nil
}

// Rekey implements app.Door.
func (d *Door) Rekey(_ context.Context, officer, present, next string) error {
	if d.pass[officer] != present {
		return &app.Refused{Left: freeTries - 1}
	}
	d.pass[officer] = next
	return nil
}

// Shut implements app.Door.
func (d *Door) Shut() error { d.Shuts++; return nil }

// Get implements app.Preferences.
func (d *Door) Get(name string) string { return d.prefs[name] }

// Put implements app.Preferences.
func (d *Door) Put(name, value string) error { d.prefs[name] = value; return nil }
