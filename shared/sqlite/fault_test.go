package sqlite_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
	"banlang/shared/sqlite/faultvfs"
)

var cuts = flag.Int("cuts", 600, "power cuts in TestPowerCuts; a long run takes 10000")

var disks atomic.Int64

// badDisk registers a disk of this test's own.
func badDisk(t testing.TB) (*faultvfs.Disk, string) {
	t.Helper()
	name := fmt.Sprintf("bad-%d", disks.Add(1))
	disk, err := faultvfs.Register(name)
	if err != nil {
		t.Fatal(err)
	}
	return disk, name
}

// seeded returns random numbers and prints what repeats them.
func seeded(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// later is the schema two versions on: items get a note and lose their price.
var later = sqlite.Schema{ApplicationID: applicationID, Migrations: append(schema.Migrations[:1:1],
	`ALTER TABLE item ADD COLUMN note TEXT; UPDATE item SET note = 'weighs ' || weight;`,
	`-- boxes are built anew while items refer to them
	CREATE TABLE newbox (id INTEGER PRIMARY KEY, total INTEGER NOT NULL, label TEXT) STRICT;
	INSERT INTO newbox SELECT id, total, 'box ' || id FROM box;
	DROP TABLE box;
	ALTER TABLE newbox RENAME TO box;
	ALTER TABLE item DROP COLUMN price;`,
)}

// TestPowerCuts works, cuts the power somewhere, opens the database again, and finds
// all that was acknowledged, and every transaction whole.
func TestPowerCuts(t *testing.T) {
	dir := memoryDir(t)
	disk, vfs := badDisk(t)
	db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db"), VFS: vfs}, schema)
	rng := seeded(t)
	disk.StartRecording()
	for last, round := 0, 0; round < 60; round++ {
		n := 1 + rng.IntN(9)
		update(t, db, func(tx *sqlite.Tx) error { return insertWhole(tx, last+1, n) })
		last += n
		disk.Mark(int64(last))
		if round%17 == 16 {
			if err := db.Checkpoint(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	recording := disk.StopRecording()
	started := time.Now()
	for range *cuts {
		at := rng.IntN(recording.Len() + 1)
		promised, _ := recording.Marked(at)
		afterCut(t, recording.Cut(rng, at), schema, promised)
	}
	t.Logf("%d cuts of %d operations in %v", *cuts, recording.Len(), time.Since(started))
}

// TestPowerCutsOfWhatNeedNotWait mixes Update with UpdateSoon: a cut takes back whole transactions from the end, never one
// behind which an Update has written, nor more than three.
func TestPowerCutsOfWhatNeedNotWait(t *testing.T) {
	dir := memoryDir(t)
	disk, vfs := badDisk(t)
	db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db"), VFS: vfs}, schema)
	rng := seeded(t)
	disk.StartRecording()
	kept, inARow, last := 0, 0, 0
	for range 90 {
		run := db.UpdateSoon
		if inARow++; rng.IntN(6) == 0 || inARow > 3 {
			run, inARow = db.Update, 0
		}
		n := 1 + rng.IntN(9)
		if err := run(t.Context(), func(tx *sqlite.Tx) error { return insertWhole(tx, last+1, n) }); err != nil {
			t.Fatal(err)
		}
		if last += n; inARow == 0 {
			kept = last
		}
		disk.Mark(int64(kept))
	}
	recording := disk.StopRecording()
	for range *cuts {
		at := rng.IntN(recording.Len() + 1)
		promised, _ := recording.Marked(at)
		afterCut(t, recording.Cut(rng, at), schema, promised)
	}
}

// TestNotMoreThanThreeInARowDoNotWait: the fourth takes those before it along to the disk.
func TestNotMoreThanThreeInARowDoNotWait(t *testing.T) {
	disk, vfs := badDisk(t)
	db := open(t, sqlite.Options{Path: filepath.Join(memoryDir(t), "a.db"), VFS: vfs}, schema)
	rng := seeded(t)
	disk.StartRecording()
	for last := range 4 {
		if err := db.UpdateSoon(t.Context(), func(tx *sqlite.Tx) error { return insertWhole(tx, last+1, 1) }); err != nil {
			t.Fatal(err)
		}
	}
	recording := disk.StopRecording()
	for range 50 {
		afterCut(t, recording.Cut(rng, recording.Len()), schema, 4)
	}
}

// insertWhole adds n items which know how many they are.
func insertWhole(tx *sqlite.Tx, from, n int) error {
	for id := from; id < from+n; id++ {
		if err := tx.Exec("INSERT INTO item(id, weight, body) VALUES(?, ?, randomblob(600))", id, n); err != nil {
			return err
		}
	}
	return tx.Exec("UPDATE box SET total = total + ? WHERE id = 1", n*n)
}

// afterCut opens what a cut left and judges it.
func afterCut(t *testing.T, left files, s sqlite.Schema, promised int64) {
	t.Helper()
	dir := place(t, left)
	defer os.RemoveAll(dir)
	db, err := sqlite.Open(context.Background(), sqlite.Options{Path: filepath.Join(dir, "a.db")}, s)
	if err != nil {
		t.Fatalf("not opened: %v", err)
	}
	defer db.Close()
	if err := db.Check(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if got := count(t, db); got < promised {
		t.Fatalf("%d items, %d were promised", got, promised)
	}
	if last := number(t, db, "SELECT coalesce(max(id), 0) FROM item"); last != count(t, db) {
		t.Fatalf("a gap before %d", last)
	}
	view(t, db, checkTotals)
}

// TestPowerCutsWhileCreating cuts everywhere in the life of an empty database.
func TestPowerCutsWhileCreating(t *testing.T) {
	disk, vfs := badDisk(t)
	rng := seeded(t)
	disk.StartRecording()
	db := open(t, sqlite.Options{Path: filepath.Join(memoryDir(t), "a.db"), VFS: vfs}, later)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	recording := disk.StopRecording()
	for at := range recording.Len() + 1 {
		for range 8 {
			afterCut(t, recording.Cut(rng, at), later, 0)
		}
	}
	t.Logf("%d operations", recording.Len())
}

// withItems returns the files of a database of version 1 with 50 items.
func withItems(t *testing.T) files {
	t.Helper()
	dir := memoryDir(t)
	db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db")}, schema)
	update(t, db, func(tx *sqlite.Tx) error { return insertWhole(tx, 1, 50) })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return contents(t, dir)
}

func TestMigrating(t *testing.T) {
	dir := place(t, withItems(t))
	path := filepath.Join(dir, "a.db")
	db := open(t, sqlite.Options{Path: path}, later)
	if got := number(t, db, "SELECT count(*) FROM item WHERE note = 'weighs 50'"); got != 50 {
		t.Errorf("%d items were migrated", got)
	}
	if err := db.Check(t.Context(), false); err != nil {
		t.Error(err)
	}
	update(t, db, func(tx *sqlite.Tx) error { return tx.Exec("DELETE FROM item") })
	db.Close()
	if _, err := sqlite.Open(t.Context(), sqlite.Options{Path: path}, schema); !errors.Is(err, fault.NewerDatabase) {
		t.Errorf("an older program: %v", err)
	}
	before := open(t, sqlite.Options{Path: path + ".before-v3"}, schema)
	if got := count(t, before); got != 50 {
		t.Errorf("%d items in the copy from before", got)
	}
	if err := before.Check(t.Context(), false); err != nil {
		t.Error(err)
	}
	created := open(t, sqlite.Options{Path: filepath.Join(dir, "new.db")}, later)
	if _, err := os.Stat(filepath.Join(dir, "new.db.before-v3")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a new database has a before: %v", err)
	}
	one, _ := created.SchemaDump(t.Context())
	two, _ := open(t, sqlite.Options{Path: path}, later).SchemaDump(t.Context())
	if one != two || one == "" {
		t.Errorf("created:\n%s\nmigrated:\n%s", one, two)
	}
}

func TestAMigrationThatFails(t *testing.T) {
	for name, bad := range map[string]sqlite.Migration{
		"a mistake":                   "ALTER TABLE item ADD COLUMN note TEXT; DELETE FROM item; SELECT wrong;",
		"a reference to nothing":      "DELETE FROM box; UPDATE item SET box = 1",
		"ends the transaction":        "DELETE FROM item; ROLLBACK",
		"leaves the transaction open": "SAVEPOINT a; DELETE FROM nothing",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(place(t, withItems(t)), "a.db")
			s := sqlite.Schema{ApplicationID: applicationID, Migrations: append(schema.Migrations[:1:1], bad)}
			if _, err := sqlite.Open(t.Context(), sqlite.Options{Path: path}, s); err == nil {
				t.Fatal("it was taken")
			}
			if got := count(t, open(t, sqlite.Options{Path: path}, schema)); got != 50 {
				t.Errorf("%d items", got)
			}
		})
	}
}

// TestPowerCutsWhileMigrating cuts everywhere in a migration; the next opening
// completes it.
func TestPowerCutsWhileMigrating(t *testing.T) {
	disk, vfs := badDisk(t)
	rng := seeded(t)
	dir := place(t, withItems(t))
	disk.StartRecording()
	if err := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db"), VFS: vfs}, later).Close(); err != nil {
		t.Fatal(err)
	}
	recording := disk.StopRecording()
	for at := range recording.Len() + 1 {
		for range 4 {
			afterCut(t, recording.Cut(rng, at), later, 50)
		}
	}
	t.Logf("%d operations", recording.Len())
}

// faultKinds are the ways in which a disk goes bad.
var faultKinds = []struct {
	name   string
	code   faultvfs.Code
	kind   faultvfs.Kind
	sticky bool
	want   fault.Code
}{
	{"full once", faultvfs.Full, faultvfs.Write, false, fault.DiskFull},
	{"full from then on", faultvfs.Full, faultvfs.Write, true, fault.DiskFull},
	{"a write", faultvfs.IOErrWrite, faultvfs.Write, false, fault.DiskIO},
	{"a sync", faultvfs.IOErrFsync, faultvfs.Sync, false, fault.DiskIO},
	{"all syncs from then on", faultvfs.IOErrFsync, faultvfs.Sync, true, fault.DiskIO},
	{"a read", faultvfs.IOErrRead, faultvfs.Read, false, fault.DiskIO},
	{"an opening", faultvfs.CantOpen, faultvfs.Open, false, fault.DiskIO},
	{"anything from then on", faultvfs.IOErrWrite, faultvfs.Any, true, fault.DiskIO},
}

// TestFaultsWhileMigrating lets the n-th operation fail; once the disk is well again,
// the next opening completes it.
func TestFaultsWhileMigrating(t *testing.T) {
	before := withItems(t)
	for _, k := range faultKinds {
		t.Run(k.name, func(t *testing.T) {
			disk, vfs := badDisk(t)
			for n, met := 1, true; met; n += 1 + n/8 {
				dir := place(t, before)
				o := sqlite.Options{Path: filepath.Join(dir, "a.db"), VFS: vfs}
				disk.Fail(n, k.code, k.kind, k.sticky)
				db, err := sqlite.Open(t.Context(), o, later)
				if err == nil {
					db.Close()
				} else if code := fault.CodeOf(err); code != k.want {
					t.Errorf("n=%d: %v", n, err)
				}
				met = disk.Failed()
				disk.Heal()
				afterCut(t, contents(t, dir), later, 50)
				os.RemoveAll(dir)
			}
		})
	}
}

// TestFaultsWhileWriting lets the n-th operation fail. What Update says is so: nil is
// saved, an error is not, unknown is one of both.
func TestFaultsWhileWriting(t *testing.T) {
	for _, k := range faultKinds {
		t.Run(k.name, func(t *testing.T) {
			disk, vfs := badDisk(t)
			runs, unknown := 0, 0
			for n, met := 1, true; met; n += 1 + n/8 {
				var ended int
				met, ended = faultRun(t, disk, vfs, func() { disk.Fail(n, k.code, k.kind, k.sticky) }, k.want)
				runs, unknown = runs+1, unknown+ended
			}
			t.Logf("%d runs, %d commits with unknown outcome", runs, unknown)
			if k.kind == faultvfs.Sync && unknown == 0 {
				t.Error("no commit ended unknown")
			}
		})
	}
}

func faultRun(t *testing.T, disk *faultvfs.Disk, vfs string, fail func(), want fault.Code) (met bool, unknown int) {
	t.Helper()
	dir := memoryDir(t)
	defer os.RemoveAll(dir)
	db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db"), VFS: vfs}, schema)
	fail()
	saved, possible := 0, 0
	for round := range 12 {
		err := db.Update(t.Context(), func(tx *sqlite.Tx) error { return insertWhole(tx, saved+1, 5) })
		switch {
		case err == nil:
			saved, possible = saved+5, saved+5
		case !errors.Is(err, want):
			t.Errorf("%v, want %s", err, want)
		case errors.Is(err, sqlite.ErrOutcomeUnknown):
			unknown++
			possible = saved + 5
			saved = reread(t, db, saved)
		}
		if round == 8 {
			db.Checkpoint(t.Context()) // its fault leaves the WAL as it is
		}
	}
	met = disk.Failed()
	disk.Heal()
	db.Close()
	db = open(t, sqlite.Options{Path: filepath.Join(dir, "a.db")}, schema)
	if err := db.Check(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	view(t, db, checkTotals)
	if got := int(count(t, db)); got < saved || got > max(saved, possible) {
		t.Fatalf("%d items, saved were %d, perhaps %d", got, saved, possible)
	}
	return met, unknown
}

// reread asks the database what it has, as one must when the outcome is unknown; a disk
// that is still bad does not answer.
func reread(t *testing.T, db *sqlite.DB, saved int) int {
	db.View(t.Context(), func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT count(*) FROM item")
		if err == nil {
			saved = int(row.Int64(0))
		}
		return err
	})
	return saved
}

// TestTheOutcomeOfACommit lets the flush of a commit fail: the error says that nobody
// knows, and the next transaction works on a new connection.
func TestTheOutcomeOfACommit(t *testing.T) {
	disk, vfs := badDisk(t)
	db := open(t, sqlite.Options{Path: filepath.Join(memoryDir(t), "a.db"), VFS: vfs}, schema)
	update(t, db, func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 1) })
	disk.Fail(1, faultvfs.IOErrFsync, faultvfs.Sync, false)
	err := db.Update(t.Context(), func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 2) })
	if !errors.Is(err, sqlite.ErrOutcomeUnknown) || !errors.Is(err, fault.DiskIO) {
		t.Fatalf("%v", err)
	}
	there := count(t, db)
	update(t, db, func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 3) })
	if got := count(t, db); got != there+1 || there < 1 || there > 2 {
		t.Errorf("%d items, then %d", there, got)
	}
}

// TestAStatementThatEndsTheTransaction fills the disk in the middle of a transaction
// whose function looks at no error: what comes after must not be committed by itself.
func TestAStatementThatEndsTheTransaction(t *testing.T) {
	disk, vfs := badDisk(t)
	db := open(t, sqlite.Options{Path: filepath.Join(memoryDir(t), "a.db"), VFS: vfs}, schema)
	failed := 0
	err := db.Update(t.Context(), func(tx *sqlite.Tx) error {
		disk.Fail(1, faultvfs.Full, faultvfs.Write, false)
		for range 60 { // more than the page cache holds, so that pages go to the disk before the commit
			if tx.Exec("INSERT INTO item(body) VALUES(zeroblob(200000))") != nil {
				failed++
			}
		}
		return nil
	})
	if !errors.Is(err, fault.DiskFull) || errors.Is(err, sqlite.ErrOutcomeUnknown) {
		t.Errorf("%v", err)
	}
	if got := count(t, db); got != 0 || failed < 2 {
		t.Errorf("%d items, %d statements failed", got, failed)
	}
	update(t, db, func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 1) })
}

// TestPlain opens a database whose files are read through another layer.
func TestPlain(t *testing.T) {
	dir := place(t, hot(t))
	errLocked := errors.New("no key")
	o := sqlite.Options{Path: filepath.Join(dir, "a.db"), Plain: func(path string) (sqlite.PlainFile, error) { return nil, errLocked }}
	if _, err := sqlite.Open(t.Context(), o, schema); !errors.Is(err, errLocked) {
		t.Errorf("%v", err)
	}
	asked := map[string]bool{}
	o.Plain = func(path string) (sqlite.PlainFile, error) {
		asked[filepath.Base(path)] = true
		return os.Open(path)
	}
	if got := count(t, open(t, o, schema)); got != 40 {
		t.Errorf("%d items", got)
	}
	if !asked["a.db"] || !asked["a.db-wal"] {
		t.Errorf("asked for %v", asked)
	}
}

// TestAfterAFault lets every read of a change to a full-text index fail in turn. Afterwards the index takes rows and
// gives them back: no connection goes on with what it could not read. (SQLite 3.54.1 would: its FTS5 takes totals whose
// reading failed for read, when the rollback came before.)
func TestAfterAFault(t *testing.T) {
	s := sqlite.Schema{ApplicationID: applicationID, Migrations: []sqlite.Migration{"CREATE VIRTUAL TABLE word USING fts5(w, content='', columnsize=0)"}}
	disk, vfs := badDisk(t)
	put := func(tx *sqlite.Tx, n int) error {
		return tx.Exec("INSERT INTO word(rowid, w) VALUES(?, 'một hai ba')", n)
	}
	drop := func(tx *sqlite.Tx, n int) error {
		return tx.Exec("INSERT INTO word(word, rowid, w) VALUES('delete', ?, 'một hai ba')", n)
	}
	failed := 0
	for n, met := 1, true; met; n++ {
		db := open(t, sqlite.Options{Path: filepath.Join(memoryDir(t), "a.db"), VFS: vfs}, s)
		for row := range 40 {
			update(t, db, func(tx *sqlite.Tx) error { return put(tx, row) })
		}
		// The index remembers its structure, but every page must be read again.
		update(t, db, func(tx *sqlite.Tx) error { return tx.Exec("PRAGMA shrink_memory") })
		disk.Fail(n, faultvfs.IOErrRead, faultvfs.Read, true)
		if err := db.Update(t.Context(), func(tx *sqlite.Tx) error { return put(tx, 99) }); err != nil {
			failed++
		}
		met = disk.Failed()
		disk.Heal()
		for row := range 40 {
			update(t, db, func(tx *sqlite.Tx) error { return drop(tx, row) })
			update(t, db, func(tx *sqlite.Tx) error { return put(tx, 100+row) })
		}
		if got := number(t, db, "SELECT count(*) FROM word WHERE word MATCH 'hai'"); got < 40 {
			t.Errorf("n=%d: %d rows", n, got)
		}
		if err := db.Check(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		db.Close()
	}
	if failed == 0 {
		t.Error("nothing failed")
	}
}
