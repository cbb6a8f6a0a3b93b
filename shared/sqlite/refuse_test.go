package sqlite_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// files are the files of a database by base name: a.db, a.db-wal …
type files = map[string][]byte

// walFrame is a frame of the WAL with its header.
const walFrame = 24 + 4096

// hot returns a database as a power cut leaves it: the last items are in the WAL only.
func hot(t *testing.T) files {
	t.Helper()
	dir := memoryDir(t)
	path := filepath.Join(dir, "a.db")
	db := open(t, sqlite.Options{Path: path}, schema)
	fill := func(from, to int) {
		for id := from; id <= to; id++ {
			update(t, db, func(tx *sqlite.Tx) error {
				return tx.Exec("INSERT INTO item(id, weight, body) VALUES(?, 1, randomblob(3000))", id)
			})
		}
	}
	fill(1, 20)
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	fill(21, 40)
	left := contents(t, dir)
	if len(left["a.db-wal"]) < 20*walFrame {
		t.Fatalf("the WAL has %d bytes", len(left["a.db-wal"]))
	}
	return left
}

// cold returns a database after an orderly end.
func cold(t *testing.T) files {
	t.Helper()
	dir := place(t, hot(t))
	db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db")}, schema)
	if got := count(t, db); got != 40 {
		t.Fatalf("%d items", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return contents(t, dir)
}

// stranger returns the database of another program; if hot, all of it is in its WAL.
func stranger(t *testing.T, hot bool, statements ...string) files {
	t.Helper()
	dir := memoryDir(t)
	db := plainExec(t, filepath.Join(dir, "a.db"), append([]string{"PRAGMA journal_mode=WAL"}, statements...)...)
	if hot {
		defer db.Close()
		return contents(t, dir)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return contents(t, dir)
}

func changed(f files, name string, change func([]byte) []byte) files {
	f = maps.Clone(f)
	f[name] = change(bytes.Clone(f[name]))
	return f
}

func without(f files, name string) files {
	f = maps.Clone(f)
	delete(f, name)
	return f
}

func flip(at int) func([]byte) []byte {
	return func(b []byte) []byte { b[at] ^= 0x10; return b }
}

func zero(from, to int) func([]byte) []byte {
	return func(b []byte) []byte { clear(b[from:to]); return b }
}

func cut(size int) func([]byte) []byte {
	return func(b []byte) []byte { return b[:size] }
}

// TestRefusals opens what must not be opened, and compares every byte before and after.
func TestRefusals(t *testing.T) {
	hot, cold := hot(t), cold(t)
	ours := fmt.Sprintf("PRAGMA application_id=%d", applicationID)
	tables := "CREATE TABLE theirs (id INTEGER PRIMARY KEY)"
	for _, c := range []struct {
		name  string
		files files
		want  fault.Code
	}{
		{"a text file", files{"a.db": bytes.Repeat([]byte("tên,tuổi\n"), 200)}, fault.NotOurDatabase},
		{"another program's", stranger(t, false, tables), fault.NotOurDatabase},
		{"another program's, hot", stranger(t, true, tables), fault.NotOurDatabase},
		{"another program's, with a version", stranger(t, true, tables, "PRAGMA user_version=1"), fault.NotOurDatabase},
		{"another program's, marked", stranger(t, true, tables, "PRAGMA application_id=77; PRAGMA user_version=1"), fault.NotOurDatabase},
		{"a later version", stranger(t, false, tables, ours, "PRAGMA user_version=2"), fault.NewerDatabase},
		{"a later version, hot", stranger(t, true, tables, ours, "PRAGMA user_version=2"), fault.NewerDatabase},
		{"only the WAL is left", without(hot, "a.db"), fault.TornDatabase},
		{"emptied, the WAL is left", changed(hot, "a.db", cut(0)), fault.TornDatabase},
		{"a short beginning", changed(hot, "a.db", cut(60)), fault.TornDatabase},
		{"a zeroed beginning", changed(cold, "a.db", zero(0, 4096)), fault.TornDatabase},
		{"another beginning, hot", changed(hot, "a.db", flip(3)), fault.TornDatabase},
		{"an odd page size", changed(hot, "a.db", flip(17)), fault.TornDatabase},
		{"page 1 without its tables", changed(cold, "a.db", zero(100, 4096)), fault.TornDatabase},
		{"cut short", changed(cold, "a.db", func(b []byte) []byte { return b[:len(b)-4096] }), fault.TornDatabase},
		{"cut in a page", changed(cold, "a.db", func(b []byte) []byte { return b[:len(b)-100] }), fault.TornDatabase},
		{"cut short, hot", changed(hot, "a.db", cut(8192)), fault.TornDatabase},
		{"WAL: magic", changed(hot, "a.db-wal", flip(0)), fault.TornDatabase},
		{"WAL: page size", changed(hot, "a.db-wal", flip(10)), fault.TornDatabase},
		{"WAL: salt", changed(hot, "a.db-wal", flip(17)), fault.TornDatabase},
		{"WAL: header zeroed", changed(hot, "a.db-wal", zero(0, 32)), fault.TornDatabase},
		{"WAL: a bit of the first page", changed(hot, "a.db-wal", flip(32+24+9)), fault.TornDatabase},
		{"WAL: a bit in the middle", changed(hot, "a.db-wal", flip(32+15*walFrame+2000)), fault.TornDatabase},
		{"WAL: a lost sector", changed(hot, "a.db-wal", zero(9*4096, 9*4096+512)), fault.TornDatabase},
		{"WAL: of another database", changed(hot, "a.db-wal", func([]byte) []byte { return bytes.Repeat([]byte("x"), 9000) }), fault.TornDatabase},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := place(t, c.files)
			before := contents(t, dir)
			_, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(dir, "a.db")}, schema)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if !sameFiles(before, contents(t, dir)) {
				t.Error("bytes were changed")
			}
		})
	}
}

// TestPowerCutsAreNoRefusal opens what a power cut leaves.
func TestPowerCutsAreNoRefusal(t *testing.T) {
	hot, cold := hot(t), cold(t)
	wal := len(hot["a.db-wal"])
	journal := make([]byte, 512)
	copy(journal, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")
	binary.BigEndian.PutUint32(journal[20:], 512)
	binary.BigEndian.PutUint32(journal[24:], 4096)
	for _, c := range []struct {
		name     string
		files    files
		min, max int64 // items
	}{
		{"nothing", files{}, 0, 0},
		{"an empty file", files{"a.db": {}}, 0, 0},
		{"a creation cut short", files{"a.db": make([]byte, 1024), "a.db-journal": journal}, 0, 0},
		{"hot", hot, 40, 40},
		{"an empty WAL", changed(cold, "a.db-wal", cut(0)), 40, 40},
		{"a WAL with half a header", changed(cold, "a.db-wal", func([]byte) []byte { return hot["a.db-wal"][:16] }), 40, 40},
		{"a WAL of zeros", changed(cold, "a.db-wal", func([]byte) []byte { return make([]byte, 9000) }), 40, 40},
		{"the last frame cut", changed(hot, "a.db-wal", cut(wal-100)), 39, 39},
		{"the last commit torn", changed(hot, "a.db-wal", zero(wal-1000, wal-488)), 39, 39},
		{"half a checkpoint", changed(hot, "a.db", func(b []byte) []byte { return append(b, make([]byte, 3*4096)...) }), 40, 40},
		{"half a checkpoint, page 1 torn", changed(hot, "a.db", zero(512, 4096)), 40, 40},
		{"half a checkpoint, page 1 first", changed(hot, "a.db", func(b []byte) []byte { copy(b, cold["a.db"][:4096]); return b }), 40, 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := open(t, sqlite.Options{Path: filepath.Join(place(t, c.files), "a.db")}, schema)
			if err := db.Check(t.Context(), false); err != nil {
				t.Error(err)
			}
			if got := count(t, db); got < c.min || got > c.max {
				t.Errorf("%d items, want %d to %d", got, c.min, c.max)
			}
			update(t, db, func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 1) })
		})
	}
}

func TestADirectoryIsNoDatabase(t *testing.T) {
	if _, err := sqlite.Open(t.Context(), sqlite.Options{Path: t.TempDir()}, schema); !errors.Is(err, fault.NotOurDatabase) {
		t.Errorf("%v", err)
	}
}

func TestASchemaMustSayWhatItIs(t *testing.T) {
	path := filepath.Join(memoryDir(t), "a.db")
	for _, s := range []sqlite.Schema{{}, {ApplicationID: 1}, {Migrations: schema.Migrations}} {
		if _, err := sqlite.Open(t.Context(), sqlite.Options{Path: path}, s); err == nil {
			t.Errorf("%+v was taken", s)
		}
	}
}
