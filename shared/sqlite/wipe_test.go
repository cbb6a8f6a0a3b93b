package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/sqlite"
	"banlang/shared/sqlite/faultvfs"
)

// wipedLog opens the files with WipeLog on a disk that shortens nothing, has the log wiped, and returns the bytes of the log
// as they are behind another name.
func wipedLog(t *testing.T, before files, end func(*sqlite.DB) error) (dir string, log []byte) {
	t.Helper()
	disk, vfs := badDisk(t)
	dir = place(t, before)
	path, other := filepath.Join(dir, "a.db"), filepath.Join(dir, "other name")
	if err := os.Link(path+"-wal", other); err != nil {
		t.Skip("a file has one name here: ", err)
	}
	db := open(t, sqlite.Options{Path: path, VFS: vfs, WipeLog: true}, schema)
	update(t, db, func(tx *sqlite.Tx) error { return tx.Exec("UPDATE box SET total = 7") })
	disk.Fail(2, faultvfs.IOErrTruncate, faultvfs.Truncate, true) // the first is of the database
	err := end(db)
	disk.Heal()
	if err != nil {
		t.Log(err) // that it could not be shortened
	}
	log, err = os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	return dir, log
}

// TestTheLogIsWiped reads what is left of a log in the blocks that Checkpoint and Close give back to the disk.
func TestTheLogIsWiped(t *testing.T) {
	before := hot(t)
	for _, x := range []struct {
		name string
		end  func(*sqlite.DB) error
	}{
		{"Checkpoint", func(db *sqlite.DB) error { return db.Checkpoint(t.Context()) }},
		{"Close", (*sqlite.DB).Close},
	} {
		t.Run(x.name, func(t *testing.T) {
			dir, log := wipedLog(t, before, x.end)
			if len(log) < len(before["a.db-wal"]) {
				t.Fatalf("%d bytes are left to look at", len(log))
			}
			if rest := bytes.Trim(log[32:], "\x00"); len(rest) > 0 {
				t.Errorf("%d bytes of the log were not overwritten", len(rest))
			}
			db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db"), WipeLog: true}, schema)
			if n := count(t, db); n != 40 {
				t.Errorf("%d items", n)
			}
		})
	}
}

// TestPowerCutsWhileTheLogIsWiped leaves any sectors of the log as they were: all is in the database, and no old page comes
// back over a newer one.
func TestPowerCutsWhileTheLogIsWiped(t *testing.T) {
	before := hot(t)
	dir, log := wipedLog(t, before, func(db *sqlite.DB) error { return db.Checkpoint(t.Context()) })
	database, err := os.ReadFile(filepath.Join(dir, "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	rng := seeded(t)
	old := before["a.db-wal"]
	for n := range 60 {
		torn := bytes.Clone(log)
		for at := 32; at < len(old); at = at - at%faultvfs.SectorBytes + faultvfs.SectorBytes {
			if rng.IntN(60) < n {
				copy(torn[at:], old[at:min(len(old), at-at%faultvfs.SectorBytes+faultvfs.SectorBytes)])
			}
		}
		path := filepath.Join(place(t, files{"a.db": database, "a.db-wal": torn}), "a.db")
		for _, o := range []sqlite.Options{{Path: path, WipeLog: true}, {Path: path}} {
			db, err := sqlite.Open(t.Context(), o, schema)
			if err != nil {
				t.Fatalf("%d: %v", n, err)
			}
			if err := db.Check(t.Context(), false); err != nil {
				t.Error(err)
			}
			items, total := count(t, db), number(t, db, "SELECT max(total) FROM box")
			update(t, db, func(tx *sqlite.Tx) error { return tx.Exec("UPDATE box SET total = ?", total) })
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			if got := fmt.Sprint(items, total); got != "40 7" {
				t.Errorf("%d: %s", n, got)
			}
		}
	}
}
