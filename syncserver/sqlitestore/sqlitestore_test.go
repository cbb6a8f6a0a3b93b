package sqlitestore_test

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/ledger/ledgertest"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
	"banlang/syncserver/storetest"
)

var ctx = context.Background()

// memoryDir returns a directory in memory where there is one.
func memoryDir(t ledgertest.TB) (dir string, remove func()) {
	dir, err := os.MkdirTemp("/dev/shm", "sqlitestore")
	if err != nil {
		dir, err = os.MkdirTemp("", "sqlitestore")
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	return dir, func() { os.RemoveAll(dir) }
}

func open(t ledgertest.TB) storetest.Harness {
	dir, remove := memoryDir(t)
	s, err := sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	h := storetest.Harness{Store: s, Close: func() { s.Close(); remove() }}
	h.Reopen = func() (hub.Store, error) {
		err := s.Close()
		if err == nil {
			s, err = sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"), sqlitestore.Options{})
		}
		return s, err
	}
	return h
}

func memory(ledgertest.TB) storetest.Harness {
	return storetest.Harness{Store: hub.NewMemory(), Close: func() {}}
}

func TestSuite(t *testing.T) { storetest.Suite(t, open) }

func TestEqualToMemory(t *testing.T) { storetest.Equal(t, memory, open) }

// opened opens a hub in a directory of the test's own.
func opened(t testing.TB) (s *sqlitestore.Store, path string) {
	t.Helper()
	dir, remove := memoryDir(t)
	t.Cleanup(remove)
	path = filepath.Join(dir, "hub.db")
	s, err := sqlitestore.Open(ctx, path, sqlitestore.Options{})
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

// TestOlder: a hub that was kept before arrivals were says of what it has that it is not known when that came.
func TestOlder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	db, err := sqlite.Open(ctx, sqlite.Options{Path: path}, sqlitestore.Before(2))
	if err == nil {
		err = db.Update(ctx, func(tx *sqlite.Tx) error {
			return tx.Exec("INSERT INTO closed (pos, hash) VALUES (7, zeroblob(32))")
		})
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := sqlitestore.Open(ctx, path, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(ctx, func(tx hub.Tx) error {
		got, err := tx.Arrivals(1, 9)
		if want := []hub.Arrival{{End: 7}}; err == nil && !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestSecondInstance(t *testing.T) {
	s, path := opened(t)
	if _, err := sqlitestore.Open(ctx, path, sqlitestore.Options{}); !errors.Is(err, fault.SecondInstance) {
		t.Fatalf("a second instance: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := sqlitestore.Open(ctx, path, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

// TestSigned: of each run the latest signature is kept.
func TestSigned(t *testing.T) {
	s, _ := opened(t)
	h := record.HeadSignature{Replica: 24, Run: 1 << 63, N: 5, Head: record.Digest{31: 1}, Sig: [64]byte{63: 2}}
	for range 3 {
		h.N++
		if err := s.Update(ctx, func(tx hub.Tx) error { return tx.PutSigned(h) }); err != nil {
			t.Fatal(err)
		}
	}
	err := s.DB().View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT run, replica, n, head, sig, (SELECT count(*) FROM signed) FROM signed")
		if err != nil {
			return err
		}
		got := record.HeadSignature{Run: record.RunID(row.Int64(0)), Replica: record.ReplicaID(row.Int64(1)), N: record.Number(row.Int64(2)),
			Head: record.Digest(row.Bytes(3)), Sig: [64]byte(row.Bytes(4))}
		if got != h || row.Int64(5) != 1 {
			t.Errorf("%+v, want %+v; %d rows", got, h, row.Int64(5))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBackup writes a copy while a View runs, and never over a file that is there.
func TestBackup(t *testing.T) {
	s, path := opened(t)
	work(t, s, 3)
	to := filepath.Join(filepath.Dir(path), "backup.db")
	if err := s.Backup(ctx, to); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(ctx, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a backup: %v", err)
	}
	c, err := sqlitestore.Open(ctx, to, sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if text(t, c) != text(t, s) {
		t.Error("the backup is another")
	}
	if err := errors.Join(c.Check(ctx, true), c.Check(ctx, false), s.Check(ctx, false), s.Checkpoint(ctx)); err != nil {
		t.Error(err)
	}
}

// TestCheckFinds what a hand at the tables has done.
func TestCheckFinds(t *testing.T) {
	for _, harm := range []string{
		"INSERT INTO listing VALUES ('U9/ordinary', 999, 998)",
		"INSERT INTO waiting VALUES (999)",
		"INSERT INTO turn VALUES (1, 1, 0, '[]', '[]')",
		"DELETE FROM closed WHERE pos = (SELECT max(pos) FROM closed)",
		"DELETE FROM change WHERE pos = 3",
		"DELETE FROM span",
		"UPDATE span SET last = last + 1",
		"DELETE FROM touch",
		"UPDATE run SET prefix = prefix - 1",
		"UPDATE run SET head = zeroblob(32)",
		"INSERT INTO tally VALUES ('erasures', 7)",
		"UPDATE value SET data = zeroblob(56) WHERE name = 'last own change'",
		"UPDATE change SET data = (SELECT data FROM change WHERE pos = 4) WHERE pos = 5",
	} {
		s, _ := opened(t)
		work(t, s, 2)
		if err := s.Check(ctx, false); err != nil {
			t.Fatal(err)
		}
		if err := s.DB().Update(ctx, func(tx *sqlite.Tx) error { return tx.Exec(harm) }); err != nil {
			t.Fatal(err)
		}
		if err := s.Check(ctx, false); err == nil {
			t.Errorf("not found: %s", harm)
		} else {
			t.Log(err)
		}
	}
}

func text(t testing.TB, s hub.Store) (text string) {
	t.Helper()
	if err := s.View(ctx, func(tx hub.Tx) (err error) { text, err = storetest.Dump(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return text
}
