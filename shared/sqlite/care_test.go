package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

func TestCheckFindsDamage(t *testing.T) {
	clean := cold(t)
	intact := open(t, sqlite.Options{Path: filepath.Join(place(t, clean), "a.db")}, schema)
	if err := errors.Join(intact.Check(t.Context(), true), intact.Check(t.Context(), false)); err != nil {
		t.Errorf("an intact one: %v", err)
	}
	for page := 4; page < 8; page++ {
		dir := place(t, changed(clean, "a.db", zero(page*4096, page*4096+512)))
		db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db")}, schema)
		if err := db.Check(t.Context(), true); !errors.Is(err, fault.TornDatabase) {
			t.Errorf("page %d torn: %v", page, err)
		}
	}
	dir := place(t, clean)
	plainExec(t, filepath.Join(dir, "a.db"), "PRAGMA foreign_keys=OFF", "UPDATE item SET box=99 WHERE id=7").Close()
	db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db")}, schema)
	if err := db.Check(t.Context(), true); !errors.Is(err, fault.TornDatabase) || !strings.Contains(err.Error(), "row 7 of item") {
		t.Errorf("a reference to nothing: %v", err)
	}
}

func TestCheckCanBeStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := fresh(t).Check(ctx, false); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestACopyIsOneMoment copies while weights move about.
func TestACopyIsOneMoment(t *testing.T) {
	db, dir := fresh(t), memoryDir(t)
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := db.Update(context.Background(), func(tx *sqlite.Tx) error {
				return errors.Join(
					tx.Exec("INSERT INTO item(box, weight, body) VALUES(1, ?, zeroblob(2000))", n),
					tx.Exec("UPDATE box SET total = total + ? WHERE id = 1", n))
			}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for i := range 5 {
		path := filepath.Join(dir, "copy"+string(rune('a'+i)))
		if err := os.WriteFile(path+".part", []byte("left over"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := db.CopyTo(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		backup := open(t, sqlite.Options{Path: path}, schema)
		if err := errors.Join(backup.Check(t.Context(), false), backup.View(t.Context(), checkTotals)); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	writer.Wait()
	for name := range contents(t, dir) {
		if strings.HasSuffix(name, ".part") {
			t.Errorf("%s is left", name)
		}
	}
}

func TestACopyReplacesNothing(t *testing.T) {
	dir := memoryDir(t)
	path := filepath.Join(dir, "a.db")
	db := open(t, sqlite.Options{Path: path}, schema)
	if err := db.CopyTo(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto itself: %v", err)
	}
	if err := db.CopyTo(t.Context(), filepath.Join(dir, "no", "b.db")); !errors.Is(err, fault.DiskIO) {
		t.Errorf("to nowhere: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.CopyTo(ctx, path+".copy"); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if got := contents(t, dir); len(got) != 2 {
		t.Errorf("left behind: %d files", len(got))
	}
}

// TestErasedIsGone looks for an erased value in the bytes of all files.
func TestErasedIsGone(t *testing.T) {
	dir := memoryDir(t)
	db := open(t, sqlite.Options{Path: filepath.Join(dir, "a.db")}, schema)
	secret := []byte("người báo tin")
	update(t, db, func(tx *sqlite.Tx) error {
		for id := range 40 {
			if err := tx.Exec("INSERT INTO item(id, body) VALUES(?, ?)", id, bytes.Repeat(secret, 1+20*id)); err != nil {
				return err
			}
		}
		return nil
	})
	if !contain(t, dir, secret) {
		t.Fatal("it was never there")
	}
	update(t, db, func(tx *sqlite.Tx) error {
		return errors.Join(tx.Exec("DELETE FROM item WHERE id % 2 = 0"), tx.Exec("UPDATE item SET body = NULL"))
	})
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	if contain(t, dir, secret) {
		t.Error("it is still in the files")
	}
}

func contain(t *testing.T, dir string, text []byte) bool {
	for _, content := range contents(t, dir) {
		if bytes.Contains(content, text) {
			return true
		}
	}
	return false
}

func TestCheckpointBehindAView(t *testing.T) {
	db := fresh(t)
	view(t, db, func(tx *sqlite.Tx) error {
		if _, err := tx.One("SELECT count(*) FROM item"); err != nil {
			return err
		}
		update(t, db, func(tx *sqlite.Tx) error { return tx.Exec(insertItem, 1) })
		if err := db.Checkpoint(t.Context()); !errors.Is(err, fault.Busy) {
			t.Errorf("%v", err)
		}
		return nil
	})
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSchemaDump(t *testing.T) {
	got, err := fresh(t).SchemaDump(t.Context())
	const want = `application_id 0x426c2054
user_version 1

-- table box
CREATE TABLE box (
	id    INTEGER PRIMARY KEY,
	total INTEGER NOT NULL -- grams
) STRICT

-- table item
CREATE TABLE item (
	id     INTEGER PRIMARY KEY,
	box    INTEGER REFERENCES box DEFERRABLE INITIALLY DEFERRED,
	weight INTEGER CHECK (weight >= 0), -- grams
	name   TEXT,
	price  REAL,
	body   BLOB
) STRICT
`
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
}

// TestCheckOfASearchedIndex checks while connections remember how a full-text index was laid out, and others have
// written since: nothing is found, for nothing is wrong.
func TestCheckOfASearchedIndex(t *testing.T) {
	s := sqlite.Schema{ApplicationID: applicationID, Migrations: []sqlite.Migration{"CREATE VIRTUAL TABLE word USING fts5(w, content='')"}}
	db := open(t, sqlite.Options{Path: filepath.Join(memoryDir(t), "a.db"), Readers: 1}, s)
	for n := range 200 {
		update(t, db, func(tx *sqlite.Tx) error {
			return tx.Exec("INSERT INTO word(rowid, w) VALUES(?, ?)", n, "một hai ba bốn")
		})
		if n%7 == 0 {
			number(t, db, "SELECT count(*) FROM word WHERE word MATCH 'hai'")
		}
		if n%5 == 0 {
			if err := db.Check(t.Context(), n%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
	}
}
