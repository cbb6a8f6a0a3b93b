package store_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/notebook/storetest"
	"banlang/desktop/store"
	"banlang/shared/fault"
	"banlang/shared/ledger/ledgertest"
	"banlang/shared/record"
)

var ctx = context.Background()

// memoryDir returns a directory in memory where there is one.
func memoryDir(t ledgertest.TB) (dir string, remove func()) {
	dir, err := os.MkdirTemp("/dev/shm", "store")
	if err != nil {
		dir, err = os.MkdirTemp("", "store")
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	return dir, func() { os.RemoveAll(dir) }
}

func open(t ledgertest.TB) storetest.Harness { return openWith(t, store.Options{}) }

func openEnciphered(t ledgertest.TB) storetest.Harness {
	return openWith(t, store.Options{Keys: []*keyfile.Key{oldKey}})
}

func openWith(t ledgertest.TB, o store.Options) storetest.Harness {
	dir, remove := memoryDir(t)
	s, err := store.Open(ctx, filepath.Join(dir, "so.db"), o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	h := storetest.Harness{Store: s, Close: func() { s.Close(); remove() }}
	h.Reopen = func() (notebook.Store, error) {
		err := s.Close()
		if err == nil {
			s, err = store.Open(ctx, filepath.Join(dir, "so.db"), o)
		}
		return s, err
	}
	return h
}

func memory(ledgertest.TB) storetest.Harness {
	return storetest.Harness{Store: notebook.NewMemory(), Close: func() {}}
}

func TestSuite(t *testing.T) { storetest.Suite(t, open) }

func TestSuiteEnciphered(t *testing.T) { storetest.Suite(t, openEnciphered) }

func TestEqualToMemory(t *testing.T) { storetest.Equal(t, memory, open) }

// opened opens a notebook in a directory of the test's own.
func opened(t testing.TB) (s *store.Store, path string) {
	t.Helper()
	dir, remove := memoryDir(t)
	t.Cleanup(remove)
	path = filepath.Join(dir, "so.db")
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, path
}

var update = flag.Bool("update", false, "write the golden schema anew")

// TestSchema compares the tables with the golden dump: what is released never changes by accident.
func TestSchema(t *testing.T) {
	s, _ := opened(t)
	got, err := s.DB().SchemaDump(ctx)
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/schema.golden"
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(golden, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || got != string(want) {
		t.Errorf("the schema is not the golden one (%v); it is:\n%s", err, got)
	}
}

func TestSecondInstance(t *testing.T) {
	s, path := opened(t)
	if _, err := store.Open(ctx, path, store.Options{}); !errors.Is(err, fault.SecondInstance) {
		t.Fatalf("a second instance: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

// TestOpenRefuses a file that is not a notebook, and leaves it to others.
func TestOpenRefuses(t *testing.T) {
	dir, remove := memoryDir(t)
	defer remove()
	path := filepath.Join(dir, "so.db")
	text := make([]byte, 5000)
	copy(text, "không phải là sổ")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the lock was given back
		if _, err := store.Open(ctx, path, store.Options{}); !errors.Is(err, fault.NotOurDatabase) {
			t.Fatalf("%v", err)
		}
	}
}

func TestCheckAndCopy(t *testing.T) {
	s, path := opened(t)
	err := s.Update(ctx, func(tx notebook.Tx) error {
		for n := range record.Number(50) {
			r := notebook.Row{Record: record.Dot{Run: 1, N: n + 1}, Words: "mot hai ba", Written: int64(n), Visible: true}
			if err := tx.PutRow(r); err != nil {
				return err
			}
		}
		_, err := tx.PutDraft(notebook.Draft{Officer: "a"})
		return err
	})
	if err = errors.Join(err, s.Check(ctx, true), s.Check(ctx, false), s.Checkpoint(ctx)); err != nil {
		t.Fatal(err)
	}
	dump := func(s *store.Store) (text string) {
		if err := s.View(ctx, func(tx notebook.Tx) (err error) { text, err = storetest.Dump(tx); return err }); err != nil {
			t.Fatal(err)
		}
		return text
	}
	to := filepath.Join(filepath.Dir(path), "copy.db")
	if err := s.Copy(ctx, to); err != nil {
		t.Fatal(err)
	}
	c, err := store.Open(ctx, to, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if dump(c) != dump(s) {
		t.Error("the copy is another")
	}
	if err := c.Check(ctx, false); err != nil {
		t.Error(err)
	}
}
