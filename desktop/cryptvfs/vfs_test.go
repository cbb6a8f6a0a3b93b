package cryptvfs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"banlang/desktop/cryptvfs"
	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// schema has what a notebook has: a table, one without rowids, and an index of words.
var schema = sqlite.Schema{ApplicationID: 0x7e57, Migrations: []sqlite.Migration{`
	CREATE TABLE item (id INTEGER PRIMARY KEY, whole INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
	CREATE TABLE total (name TEXT PRIMARY KEY, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
	INSERT INTO total VALUES ('items', 0);
	CREATE VIRTUAL TABLE words USING fts5(body, content='', detail=none, tokenize="unicode61 remove_diacritics 2");
`}}

type files map[string][]byte

func key(n byte) *[cryptvfs.KeySize]byte { return &[cryptvfs.KeySize]byte{n, 7} }

// layer registers a layer under the n-th key over another one.
func layer(t testing.TB, n byte, lower string) *cryptvfs.VFS {
	t.Helper()
	v, err := cryptvfs.Register(key(n), lower)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "cryptvfs")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func place(t testing.TB, dir string, all files) {
	t.Helper()
	for name, content := range all {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func contents(t testing.TB, dir string) files {
	t.Helper()
	all := files{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = content
	}
	return all
}

func try(path string, v *cryptvfs.VFS) (*sqlite.DB, error) {
	return sqlite.Open(context.Background(), sqlite.Options{Path: path, VFS: v.Name(), Plain: v.Plain, Readers: 4}, schema)
}

func open(t testing.TB, path string, v *cryptvfs.VFS) *sqlite.DB {
	t.Helper()
	db, err := try(path, v)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

const (
	plantedText = "bản Khuổi Slao có người lạ đi xe máy không biển số"
	plantedID   = "ID-083-771204-KHUOI"
)

// insert adds n items that know how many they are.
func insert(tx *sqlite.Tx, from, n int) error {
	for id := from; id < from+n; id++ {
		body := fmt.Sprintf("%s %s-%d %s", plantedText, plantedID, id, strings.Repeat("mùa màng ", 60))
		err := tx.Exec("INSERT INTO item(id, whole, body) VALUES(?, ?, ?)", id, n, body)
		if err == nil {
			err = tx.Exec("INSERT INTO words(rowid, body) VALUES(?, ?)", id, body)
		}
		if err != nil {
			return err
		}
	}
	return tx.Exec("UPDATE total SET sum = sum + ?", n)
}

func update(t testing.TB, db *sqlite.DB, f func(*sqlite.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func number(t testing.TB, db *sqlite.DB, query string) (n int64) {
	t.Helper()
	err := db.View(context.Background(), func(tx *sqlite.Tx) error {
		row, err := tx.One(query)
		if err == nil {
			n = row.Int64(0)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestNothingLegible plants words, and looks for them in all files while the database is open, and after.
func TestNothingLegible(t *testing.T) {
	dir := memoryDir(t)
	db := open(t, filepath.Join(dir, "a.db"), layer(t, 1, ""))
	update(t, db, func(tx *sqlite.Tx) error { return insert(tx, 1, 300) })
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	update(t, db, func(tx *sqlite.Tx) error { return insert(tx, 301, 20) }) // these are in the WAL
	copied := filepath.Join(dir, "copy.db")
	if err := db.CopyTo(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	seen := 0
	look := func() {
		t.Helper()
		for name, content := range contents(t, dir) {
			for _, planted := range []string{plantedText, "Khuổi", plantedID, "khuoi", "SQLite format", "CREATE TABLE", "sqlite_"} {
				if bytes.Contains(content, []byte(planted)) {
					t.Errorf("%s holds %q", name, planted)
				}
			}
			if len(content) > 0 {
				seen++
			}
		}
	}
	look()
	if seen != 4 { // the database, WAL, shared memory, copy
		t.Errorf("%d files were looked at", seen)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	look()
	if got := number(t, open(t, copied, layer(t, 1, "")), "SELECT count(*) FROM item"); got != 320 {
		t.Errorf("%d items in the copy", got)
	}
}

// hot returns the files of a database with 50 items, of which its WAL has the last, as a program leaves them that is killed.
func hot(t *testing.T) files {
	t.Helper()
	dir := memoryDir(t)
	db := open(t, filepath.Join(dir, "a.db"), layer(t, 1, ""))
	update(t, db, func(tx *sqlite.Tx) error { return insert(tx, 1, 30) })
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	update(t, db, func(tx *sqlite.Tx) error { return insert(tx, 31, 20) })
	all := contents(t, dir)
	delete(all, "a.db-shm")
	if len(all["a.db-wal"]) == 0 || len(all) != 2 {
		t.Fatal("no WAL")
	}
	return all
}

// TestAnotherKey: a wrong key is refused in words, and leaves all bytes as they are, those of the WAL too.
func TestAnotherKey(t *testing.T) {
	dir, before := memoryDir(t), hot(t)
	place(t, dir, before)
	path := filepath.Join(dir, "a.db")
	wrong := layer(t, 2, "")
	if _, err := try(path, wrong); !errors.Is(err, fault.WrongDataKey) {
		t.Errorf("a wrong key: %v", err)
	}
	if err := wrong.Fits(path); !errors.Is(err, fault.WrongDataKey) {
		t.Errorf("a wrong key fits: %v", err)
	}
	if !maps.EqualFunc(before, contents(t, dir), bytes.Equal) {
		t.Fatal("a wrong key changed the files")
	}
	right := layer(t, 1, "")
	if err := right.Fits(path); err != nil {
		t.Error(err)
	}
	if got := number(t, open(t, path, right), "SELECT count(*) FROM item"); got != 50 {
		t.Errorf("%d items are left for the right key", got)
	}
}

// attach lets SQLite open and read a database for writing, and close it, without the look that shared/sqlite takes before.
func attach(t *testing.T, path string, v *cryptvfs.VFS) error {
	t.Helper()
	by, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(memoryDir(t), "by.db")}, schema)
	if err != nil {
		t.Fatal(err)
	}
	err = by.Update(t.Context(), func(tx *sqlite.Tx) error {
		err := tx.Exec("ATTACH ? AS other", "file:"+path+"?vfs="+v.Name())
		if err == nil {
			_, err = tx.One("SELECT count(*) FROM other.item")
		}
		return err
	})
	return errors.Join(err, by.Close())
}

// TestTheLayerItselfGuardsTheWAL asks SQLite itself, with nothing before it: where the key is wrong, where the first page
// is lost and where the database is plain, the WAL stays.
func TestTheLayerItselfGuardsTheWAL(t *testing.T) {
	sound := memoryDir(t)
	place(t, sound, hot(t))
	if err := attach(t, filepath.Join(sound, "a.db"), layer(t, 1, "")); err != nil {
		t.Fatal(err)
	}
	lost := hot(t)
	clear(lost["a.db"][:512])
	plain := memoryDir(t)
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(plain, "a.db")}, schema)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	update(t, db, func(tx *sqlite.Tx) error { return insert(tx, 1, 5) })
	plainFiles := contents(t, plain)
	delete(plainFiles, "a.db-shm")
	for name, c := range map[string]struct {
		before files
		key    byte
	}{
		"a wrong key":      {hot(t), 2},
		"a lost page":      {lost, 1},
		"a plain database": {plainFiles, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := memoryDir(t)
			place(t, dir, c.before)
			v := layer(t, c.key, "")
			if err := attach(t, filepath.Join(dir, "a.db"), v); err == nil {
				t.Error("opened")
			}
			if !maps.EqualFunc(c.before, contents(t, dir), bytes.Equal) {
				t.Error("the files were changed")
			}
			if err := v.Close(); err != nil {
				t.Error("the refused file counts as open:", err)
			}
		})
	}
}

// TestAPlainDatabase is refused in words and left as it is.
func TestAPlainDatabase(t *testing.T) {
	dir := memoryDir(t)
	path := filepath.Join(dir, "a.db")
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: path}, schema)
	if err != nil {
		t.Fatal(err)
	}
	update(t, db, func(tx *sqlite.Tx) error { return insert(tx, 1, 5) })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	if _, err := try(path, layer(t, 1, "")); !errors.Is(err, fault.NotEnciphered) {
		t.Errorf("%v", err)
	}
	if !maps.EqualFunc(before, contents(t, dir), bytes.Equal) {
		t.Error("it was changed")
	}
}

// TestClose: the keys stay while a file is open, and are gone after.
func TestClose(t *testing.T) {
	path := filepath.Join(memoryDir(t), "a.db")
	v := layer(t, 1, "")
	db := open(t, path, v)
	update(t, db, func(tx *sqlite.Tx) error { return insert(tx, 1, 5) })
	if err := v.Close(); err == nil {
		t.Fatal("closed under an open database")
	}
	if got := number(t, db, "SELECT count(*) FROM item"); got != 5 {
		t.Errorf("%d items", got)
	}
	if err := errors.Join(db.Close(), v.Close(), v.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := try(path, v); err == nil {
		t.Error("opened without keys")
	}
	if got := number(t, open(t, path, layer(t, 1, "")), "SELECT count(*) FROM item"); got != 5 {
		t.Errorf("%d items under the same key", got)
	}
}

// TestNoLowerLayer: a layer below that does not exist is an error.
func TestNoLowerLayer(t *testing.T) {
	if _, err := cryptvfs.Register(key(1), "none such"); err == nil {
		t.Error("registered over nothing")
	}
}

// TestFlippedBits: each bit that flips in a database is found by a check, and never gives other data.
func TestFlippedBits(t *testing.T) {
	dir := memoryDir(t)
	path := filepath.Join(dir, "a.db")
	db := open(t, path, layer(t, 1, ""))
	update(t, db, func(tx *sqlite.Tx) error { return insert(tx, 1, 400) })
	want := bodies(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	whole := contents(t, dir)["a.db"]
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d pages", seed, len(whole)/4096)
	rng := rand.New(rand.NewPCG(seed, 0))
	v := layer(t, 1, "")
	for range 120 {
		bent := bytes.Clone(whole)
		at := rng.IntN(len(bent))
		bent[at] ^= 1 << rng.IntN(8)
		place(t, dir, files{"a.db": bent})
		for _, name := range []string{"-wal", "-shm", "-journal"} {
			os.Remove(path + name)
		}
		bad, err := try(path, v)
		if err != nil {
			continue // found
		}
		if got := bodies(t, bad); got != nil && *got != *want {
			t.Errorf("a bit at %d gave other data", at)
		}
		// What SQLite's full-text index runs into, it reports as a fault of the disk.
		if err := bad.Check(t.Context(), false); !errors.Is(err, fault.TornDatabase) && !errors.Is(err, fault.DiskIO) {
			t.Errorf("a bit at %d was not found: %v", at, err)
		}
		bad.Close()
	}
}

// bodies is all text of the items; nil where it cannot be read.
func bodies(t *testing.T, db *sqlite.DB) *string {
	var b strings.Builder
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		rows := tx.Query("SELECT body FROM item ORDER BY id")
		for rows.Next() {
			b.WriteString(rows.Text(0))
		}
		return rows.Err()
	})
	if err != nil {
		return nil
	}
	text := b.String()
	return &text
}

// TestReadersAndAWriter: four read whole transactions while one writes and moves the WAL.
func TestReadersAndAWriter(t *testing.T) {
	db := open(t, filepath.Join(memoryDir(t), "a.db"), layer(t, 1, ""))
	done := make(chan struct{})
	var wait sync.WaitGroup
	var reads [4]int
	for i := range reads {
		wait.Go(func() {
			for last := int64(0); ; reads[i]++ {
				select {
				case <-done:
					return
				default:
				}
				err := db.View(context.Background(), func(tx *sqlite.Tx) error {
					row, err := tx.One("SELECT count(*), (SELECT sum FROM total), sum(length(body)) FROM item")
					if err != nil {
						return err
					}
					n := row.Int64(0)
					if n != row.Int64(1) || n < last {
						return fmt.Errorf("%d items, the total says %d, before there were %d", n, row.Int64(1), last)
					}
					last = n
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for n := range 150 {
		update(t, db, func(tx *sqlite.Tx) error { return insert(tx, n*5+1, 5) })
		if n%20 == 19 {
			if err := db.Checkpoint(t.Context()); err != nil && !errors.Is(err, fault.Busy) {
				t.Fatal(err)
			}
		}
	}
	close(done)
	wait.Wait()
	t.Logf("%v reads", reads)
	if err := db.Check(t.Context(), false); err != nil {
		t.Error(err)
	}
}

// TestDeclarations holds what the shim declares of SQLite against the header of the driver.
func TestDeclarations(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "env", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	compiler := strings.Fields(strings.TrimSpace(string(out)))
	out, err = exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/mattn/go-sqlite3").Output()
	if err != nil {
		t.Fatal(err)
	}
	header := filepath.Join(strings.TrimSpace(string(out)), "sqlite3-binding.h")
	c := exec.CommandContext(t.Context(), compiler[0], append(compiler[1:], "-fsyntax-only", "-x", "c", "-I.", `-DDRIVER="`+header+`"`,
		filepath.Join("testdata", "declarations.c"))...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
