package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

const applicationID = 0x426c2054

// schema is a small store: items in boxes.
var schema = sqlite.Schema{
	ApplicationID: applicationID,
	Migrations: []sqlite.Migration{`
-- A box holds items; total is what their weights add up to.
CREATE TABLE box (
	id    INTEGER PRIMARY KEY,
	total INTEGER NOT NULL -- grams
) STRICT;
CREATE TABLE item (
	id     INTEGER PRIMARY KEY,
	box    INTEGER REFERENCES box DEFERRABLE INITIALLY DEFERRED,
	weight INTEGER CHECK (weight >= 0), -- grams
	name   TEXT,
	price  REAL,
	body   BLOB
) STRICT;
INSERT INTO box VALUES (1, 0), (2, 0);
`},
}

// memoryDir returns a directory in memory where there is one.
func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "sqlite")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// open opens a database for the test.
func open(t testing.TB, o sqlite.Options, s sqlite.Schema) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(context.Background(), o, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// fresh opens a new database.
func fresh(t testing.TB) *sqlite.DB {
	return open(t, sqlite.Options{Path: filepath.Join(memoryDir(t), "a.db")}, schema)
}

func update(t testing.TB, db *sqlite.DB, f func(*sqlite.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, db *sqlite.DB, f func(*sqlite.Tx) error) {
	t.Helper()
	if err := db.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// number returns the one INTEGER that a query gives in a View of its own.
func number(t testing.TB, db *sqlite.DB, query string, args ...any) (n int64) {
	t.Helper()
	view(t, db, func(tx *sqlite.Tx) error {
		row, err := tx.One(query, args...)
		if err == nil {
			n = row.Int64(0)
		}
		return err
	})
	return n
}

func count(t testing.TB, db *sqlite.DB) int64 {
	t.Helper()
	return number(t, db, "SELECT count(*) FROM item")
}

// plainExec runs statements over the plain driver, as a stranger would.
func plainExec(t testing.TB, path string, texts ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, text := range texts {
		if _, err := db.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return db
}

// contents reads all files of a directory but the index of the WAL, which is memory.
func contents(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// place writes files into a new directory and returns it.
func place(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := memoryDir(t)
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func sameFiles(a, b map[string][]byte) bool { return maps.EqualFunc(a, b, bytes.Equal) }

func TestAPathMayHaveAnyName(t *testing.T) {
	for _, name := range []string{"sổ của xã.db", "100%.db", "a?b=c.db", "x#y&z.db", "it's.db"} {
		if runtime.GOOS == "windows" && strings.Contains(name, "?") {
			continue
		}
		dir := memoryDir(t)
		db := open(t, sqlite.Options{Path: filepath.Join(dir, name)}, schema)
		if err := errors.Join(db.CopyTo(t.Context(), filepath.Join(dir, name+".copy")), db.Close()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for file := range contents(t, dir) {
			if file != name && file != name+".copy" {
				t.Errorf("%s: there is also %s", name, file)
			}
		}
	}
}

func TestOnlyTheOwnerMayReadTheFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other rights")
	}
	dir := memoryDir(t)
	db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db")}, schema)
	if err := db.CopyTo(t.Context(), filepath.Join(dir, "b.db")); err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) < 4 {
		t.Errorf("only %v", entries)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", e.Name(), info.Mode(), err)
		}
	}
}

// TestSettingsHold reads the settings back on every connection.
func TestSettingsHold(t *testing.T) {
	db := fresh(t)
	want := map[string]int64{
		"synchronous": 2, "foreign_keys": 1, "temp_store": 2, "mmap_size": 0, "secure_delete": 1, "trusted_schema": 0,
		"cell_size_check": 1, "busy_timeout": 5000, "query_only": 0, "wal_autocheckpoint": 1000, "cache_size": -4096,
	}
	check := func(tx *sqlite.Tx) error {
		if row, err := tx.One("PRAGMA journal_mode"); err != nil || row.Text(0) != "wal" {
			t.Errorf("the journal is %s (%v)", row.Text(0), err)
		}
		for pragma, value := range want {
			row, err := tx.One("PRAGMA " + pragma)
			if err != nil {
				return fmt.Errorf("%s: %w", pragma, err)
			}
			if got := row.Int64(0); got != value {
				t.Errorf("%s is %d, not %d", pragma, got, value)
			}
		}
		return nil
	}
	update(t, db, check)
	want["query_only"] = 1
	var meeting sync.WaitGroup // so that each View has a connection of its own
	var views sync.WaitGroup
	meeting.Add(sqlite.DefaultReaders)
	for range sqlite.DefaultReaders {
		views.Go(func() {
			if err := db.View(t.Context(), func(tx *sqlite.Tx) error {
				meeting.Done()
				meeting.Wait()
				return check(tx)
			}); err != nil {
				t.Error(err)
			}
		})
	}
	views.Wait()
}

func TestReopening(t *testing.T) {
	path := filepath.Join(memoryDir(t), "a.db")
	for round := range int64(3) {
		db := open(t, sqlite.Options{Path: path}, schema)
		if got := count(t, db); got != round {
			t.Fatalf("round %d: %d items", round, got)
		}
		update(t, db, func(tx *sqlite.Tx) error { return tx.Exec("INSERT INTO item(weight) VALUES(?)", round) })
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the WAL is still there: %v", err)
		}
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(memoryDir(t), "a.db")
	onlyRead := sqlite.Options{Path: path, ReadOnly: true}
	if _, err := sqlite.Open(t.Context(), onlyRead, schema); !errors.Is(err, fault.NotFound) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it was created: %v", err)
	}
	db := open(t, sqlite.Options{Path: path}, schema)
	update(t, db, func(tx *sqlite.Tx) error { return tx.Exec("INSERT INTO item(weight) VALUES(7)") })

	reader := open(t, onlyRead, schema) // beside the running program
	if got := count(t, reader); got != 1 {
		t.Errorf("%d items", got)
	}
	if err := reader.Update(t.Context(), func(*sqlite.Tx) error { return nil }); err == nil {
		t.Error("it was written")
	}
	if err := reader.Checkpoint(t.Context()); err == nil {
		t.Error("it was checkpointed")
	}
	if err := errors.Join(reader.Check(t.Context(), false), reader.CopyTo(t.Context(), path+".copy")); err != nil {
		t.Error(err)
	}
	copied := open(t, sqlite.Options{Path: path + ".copy", ReadOnly: true}, schema)
	if got := count(t, copied); got != 1 {
		t.Errorf("%d items in the copy", got)
	}
	later := sqlite.Schema{ApplicationID: applicationID, Migrations: append(schema.Migrations[:1:1], "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT")}
	if _, err := sqlite.Open(t.Context(), onlyRead, later); !errors.Is(err, fault.OlderDatabase) {
		t.Errorf("an older one: %v", err)
	}
}

func TestClose(t *testing.T) {
	db := fresh(t)
	started, release := make(chan struct{}), make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		if err := db.Update(t.Context(), func(tx *sqlite.Tx) error {
			close(started)
			<-release
			return tx.Exec("INSERT INTO item(weight) VALUES(1)")
		}); err != nil {
			t.Errorf("the one that ran: %v", err)
		}
	})
	<-started
	waiting := make(chan error, 1)
	work.Go(func() { waiting <- db.Update(t.Context(), func(*sqlite.Tx) error { return nil }) })
	closed := make(chan error, 1)
	work.Go(func() { closed <- db.Close() })
	if err := <-waiting; !errors.Is(err, sqlite.ErrClosed) {
		t.Errorf("the one that waited: %v", err)
	}
	select {
	case <-closed:
		t.Error("Close did not wait for the transaction that runs")
	default:
	}
	close(release)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	work.Wait()
	if err := db.View(t.Context(), func(*sqlite.Tx) error { return nil }); !errors.Is(err, sqlite.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("again: %v", err)
	}
}

// TestReadersAndWriters moves weight between two boxes and items while others look:
// every View sees the sum of the items in the boxes.
func TestReadersAndWriters(t *testing.T) {
	db := fresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	var readers, writers sync.WaitGroup
	looks := make([]int, 4)
	for i := range looks {
		readers.Go(func() {
			for ctx.Err() == nil {
				looks[i]++
				if err := db.View(context.Background(), checkTotals); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 2 {
		writers.Go(func() {
			for n := range 150 {
				err := db.Update(context.Background(), func(tx *sqlite.Tx) error {
					if err := tx.Exec("INSERT INTO item(box, weight) VALUES(?, ?)", 1+n%2, n); err != nil {
						return err
					}
					return tx.Exec("UPDATE box SET total = total + ? WHERE id = ?", n, 1+n%2)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	cancel()
	readers.Wait()
	t.Logf("looked %v times", looks)
	if got := count(t, db); got != 300 {
		t.Errorf("%d items", got)
	}
	if err := db.Check(t.Context(), false); err != nil {
		t.Error(err)
	}
}

func checkTotals(tx *sqlite.Tx) error {
	boxes, err := tx.One("SELECT sum(total) FROM box")
	if err != nil {
		return err
	}
	items, err := tx.One("SELECT coalesce(sum(weight), 0) FROM item")
	if err == nil && boxes.Int64(0) != items.Int64(0) {
		return fmt.Errorf("the boxes say %d, their items %d", boxes.Int64(0), items.Int64(0))
	}
	return err
}
