package store

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"banlang/desktop/cryptvfs"
	"banlang/desktop/keyfile"
	"banlang/shared/fault"
	"banlang/shared/lockfile"
	"banlang/shared/sqlite"
	"banlang/shared/wholefile"
)

// Moving a notebook under a key, or from one to another, makes a second file and puts it in the place of the first:
//
//	<path>.fresh    the copy, until it is whole, verified and on the disk
//	<path>.former   what it replaces, from then on, until it is wiped
//
// So <path> is missing only between two renames, and only while both others are whole. A power cut anywhere leaves either
// the former notebook in its place, or the verified copy (see settle).
const (
	freshSuffix  = ".fresh"
	formerSuffix = ".former"
)

// A State is what lies at the path of a notebook.
type State int

// The states. Which key a notebook is under is found out by opening it.
const (
	Missing State = iota
	Plain
	Enciphered // or no notebook at all
)

// Look finds out what lies at the path, without a key and without changing anything.
func Look(path string) (State, error) {
	text, err := firstBytes(path)
	if errors.Is(err, os.ErrNotExist) {
		text, err = firstBytes(path + freshSuffix) // between two renames: see settle
		if errors.Is(err, os.ErrNotExist) || !exists(path+formerSuffix) {
			return Missing, nil
		}
	}
	switch {
	case err != nil:
		return Missing, fault.New(fault.DiskIO, "store.Look", err)
	case text == "":
		return Missing, nil
	case text == "SQLite format 3\x00":
		return Plain, nil
	}
	return Enciphered, nil
}

func firstBytes(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 16))
	return string(b), err
}

// Progress says how far Encipher is. Done and Total are rows while it compares, bytes while it wipes, and else 0.
type Progress struct {
	Stage       Stage
	Done, Total int64
}

// A Stage is a part of Encipher.
type Stage string

// The stages, in their order.
const (
	Checking  Stage = "checking"
	Copying   Stage = "copying"
	Comparing Stage = "comparing"
	Switching Stage = "switching"
	Wiping    Stage = "wiping"
)

// Encipher brings the notebook under the last key of the options, from whatever it is under: nothing, or another of the
// keys. Where it is under that key already, only what a power cut left of the former file is wiped. The key must be
// durable before (package keyfile).
//
// It checks the whole notebook, copies it, compares every row of both and switches over; only then it wipes the former file
// and the copies that were made before migrations. The log of a plain one is wiped before, when all of it is in the notebook
// (sqlite.Options.WipeLog). Wherever it fails or the power goes, one whole notebook is there, and Encipher can be called again. Where there is no notebook it is fault.NotFound. It needs as much room on the disk as the notebook takes, and nobody may have it open.
// told, if not nil, is called from time to time by the goroutine of the caller.
//
// Wiping overwrites the bytes in their place and removes the file. Disks without moving parts and some file systems write
// elsewhere instead and may keep old bytes for a while, out of reach of programs; only encryption of the whole disk, or its
// destruction, says more. Nor can it reach what was deleted in the years before.
func Encipher(ctx context.Context, path string, o Options, told func(Progress)) (err error) {
	if len(o.Keys) == 0 {
		return fault.New(fault.Internal, "store.Encipher", errors.New("no key"))
	}
	if told == nil {
		told = func(Progress) {}
	}
	lock, err := lockfile.Take(path + ".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if err := settle(path); err != nil {
		return err
	}
	if state, err := Look(path); err != nil || state == Missing {
		return errors.Join(err, fault.New(fault.NotFound, "store.Encipher", nil))
	}
	m := &move{path: path, lower: o.VFS, told: told}
	if m.to, err = cryptvfs.Register((*[cryptvfs.KeySize]byte)(o.Keys[len(o.Keys)-1]), o.VFS); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.to.Close()) }()
	switch err := m.to.Fits(path); {
	case err == nil:
		return m.finish(ctx)
	case errors.Is(err, fault.NotEnciphered):
	case errors.Is(err, fault.WrongDataKey):
		if m.from, err = fitting(path, o.Keys[:len(o.Keys)-1], o.VFS); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, m.from.Close()) }()
	default:
		return err
	}
	return m.run(ctx)
}

// fitting registers the layer of the first key that the notebook is under. Without one it is fault.WrongDataKey.
func fitting(path string, keys []*keyfile.Key, lower string) (*cryptvfs.VFS, error) {
	var err error = fault.New(fault.WrongDataKey, "store", nil)
	for _, key := range keys {
		var v *cryptvfs.VFS
		if v, err = cryptvfs.Register((*[cryptvfs.KeySize]byte)(key), lower); err != nil {
			return nil, err
		}
		if err = v.Fits(path); err == nil {
			return v, nil
		}
		if err = errors.Join(err, v.Close()); !errors.Is(err, fault.WrongDataKey) {
			return nil, err
		}
	}
	return nil, err
}

// move is one run of Encipher.
type move struct {
	path     string
	lower    string
	from, to *cryptvfs.VFS // from is nil for a plain notebook
	told     func(Progress)
}

// reached is called between the steps of a move; tests end the process there.
var reached = func(_ string) {}

func (m *move) run(ctx context.Context) error {
	if err := m.copy(ctx); err != nil {
		return errors.Join(err, removeAll(m.path+freshSuffix))
	}
	reached("copied and compared")
	m.told(Progress{Stage: Switching})
	if err := m.switchOver(); err != nil {
		return err
	}
	return m.finish(ctx)
}

// options are those of a file under a layer; nil is none.
func (m *move) options(path string, v *cryptvfs.VFS) sqlite.Options {
	if v == nil {
		return sqlite.Options{Path: path, VFS: m.lower, WipeLog: true}
	}
	return sqlite.Options{Path: path, VFS: v.Name(), Plain: v.Plain}
}

// copy makes the fresh file and compares it with the notebook, which it leaves closed and without a log.
func (m *move) copy(ctx context.Context) (err error) {
	src, err := sqlite.Open(ctx, m.options(m.path, m.from), schema)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	m.told(Progress{Stage: Checking})
	if err := src.Check(ctx, false); err != nil {
		return err
	}
	reached("checked")
	m.told(Progress{Stage: Copying})
	if err := src.CopyAs(ctx, m.path+freshSuffix, m.to.Parameters()); err != nil {
		return err
	}
	reached("copied")
	fresh := m.options(m.path+freshSuffix, m.to)
	fresh.ReadOnly = true
	dst, err := sqlite.Open(ctx, fresh, schema)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	if err := dst.Check(ctx, false); err != nil {
		return err
	}
	if err := m.compare(ctx, src, dst); err != nil {
		return err
	}
	return src.Checkpoint(ctx)
}

func (m *move) compare(ctx context.Context, src, dst *sqlite.DB) error {
	total, err := rows(ctx, src)
	if err != nil {
		return err
	}
	done := int64(0)
	count := func(n int64) {
		done += n
		m.told(Progress{Comparing, done, 2 * total})
	}
	of, err := digest(ctx, src, count)
	if err != nil {
		return err
	}
	is, err := digest(ctx, dst, count)
	if err == nil && is != of {
		err = fault.New(fault.Internal, "store.Encipher", errors.New("the copy is another notebook"))
	}
	return err
}

// switchOver puts the fresh file in the place of the notebook.
func (m *move) switchOver() error {
	const op = "store.Encipher"
	// The log of the one file must never stand beside the other.
	if info, err := os.Stat(m.path + "-wal"); err == nil && info.Size() > 0 {
		return fault.New(fault.Busy, op, errors.New("somebody else has the notebook open"))
	}
	if err := errors.Join(removeAll(m.path+"-wal", m.path+"-shm"), wholefile.SyncDir(filepath.Dir(m.path))); err != nil {
		return fault.New(fault.DiskIO, op, err)
	}
	reached("closed")
	if err := errors.Join(os.Rename(m.path, m.path+formerSuffix), wholefile.SyncDir(filepath.Dir(m.path))); err != nil {
		return fault.New(fault.DiskIO, op, err)
	}
	reached("put aside")
	if err := errors.Join(os.Rename(m.path+freshSuffix, m.path), wholefile.SyncDir(filepath.Dir(m.path))); err != nil {
		return fault.New(fault.DiskIO, op, errors.Join(err, settle(m.path)))
	}
	reached("in place")
	return nil
}

// finish opens the notebook under its new key, and only then wipes what it was before.
func (m *move) finish(ctx context.Context) error {
	db, err := sqlite.Open(ctx, m.options(m.path, m.to), schema)
	if err != nil {
		return err
	}
	err = db.Check(ctx, true)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	reached("opened")
	return wipeFormer(m.path, m.told)
}

// settle ends a switch that the power cut short. It needs no key: a former file is there only when the fresh one is whole.
func settle(path string) error {
	fresh, former := path+freshSuffix, path+formerSuffix
	var err error
	switch info, missing := os.Stat(path); {
	case missing == nil && info.Size() > 0:
		err = removeAll(fresh) // in the making, or made in vain
	case exists(former) && exists(fresh):
		err = errors.Join(os.Rename(fresh, path), wholefile.SyncDir(filepath.Dir(path)))
	case exists(former):
		err = errors.Join(os.Rename(former, path), wholefile.SyncDir(filepath.Dir(path)))
	}
	if err != nil {
		return fault.New(fault.DiskIO, "store: ending a switch", err)
	}
	return nil
}

// wipeFormer wipes what a notebook that is under its key leaves behind: its former file, and copies from before migrations.
func wipeFormer(path string, told func(Progress)) error {
	stale, err := beside(path, func(rest string) bool {
		return rest == formerSuffix || strings.HasPrefix(rest, ".before-v") || strings.HasSuffix(rest, ".part")
	})
	if err != nil {
		return fault.New(fault.DiskIO, "store: wiping", err)
	}
	for _, name := range stale {
		if err := wipe(name, told); err != nil {
			return fault.New(fault.DiskIO, "store: wiping", err)
		}
	}
	return nil
}
