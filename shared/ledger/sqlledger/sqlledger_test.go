package sqlledger_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/ledger"
	"banlang/shared/ledger/ledgertest"
	"banlang/shared/ledger/sqlledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

var schema = sqlite.Schema{ApplicationID: 0x424c5465, Migrations: []sqlite.Migration{sqlledger.Schema, sqlledger.Blobs}}

// memoryDir returns a directory in memory where there is one: no test here needs a real disk.
func memoryDir(t ledgertest.TB) (dir string, remove func()) {
	dir, err := os.MkdirTemp("/dev/shm", "sqlledger")
	if err != nil {
		dir, err = os.MkdirTemp("", "sqlledger")
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	return dir, func() { os.RemoveAll(dir) }
}

// open returns a ledger in a new database.
func open(t ledgertest.TB) ledgertest.Harness {
	dir, remove := memoryDir(t)
	var db *sqlite.DB
	start := func() (err error) {
		db, err = sqlite.Open(context.Background(), sqlite.Options{Path: filepath.Join(dir, "a.db"), Readers: 1}, schema)
		return err
	}
	if err := start(); err != nil {
		t.Fatalf("%v", err)
	}
	return ledgertest.Harness{
		Update: func(f func(ledger.Tx) error) error {
			return db.Update(context.Background(), func(tx *sqlite.Tx) error {
				l := sqlledger.Writing(tx)
				return errors.Join(f(l), l.Flush())
			})
		},
		View: func(f func(ledger.Tx) error) error {
			return db.View(context.Background(), func(tx *sqlite.Tx) error { return f(sqlledger.Reading(tx)) })
		},
		Reopen: func() error { return errors.Join(db.Close(), start()) },
		Close:  func() { db.Close(); remove() },
	}
}

func memory(ledgertest.TB) ledgertest.Harness {
	m := ledger.NewMemory()
	return ledgertest.Harness{
		Update: func(f func(ledger.Tx) error) error { return m.Atomically(func() error { return f(m) }) },
		View:   func(f func(ledger.Tx) error) error { return f(m) },
		Close:  func() {},
	}
}

func TestSuite(t *testing.T) { ledgertest.Suite(t, open) }

func TestEqualToMemory(t *testing.T) { ledgertest.Equal(t, memory, open) }

// TestWritesInAView: a View that writes is a mistake of ours, and says so instead of forgetting.
func TestWritesInAView(t *testing.T) {
	h := open(t)
	defer h.Close()
	c := &record.Change{Dot: record.Dot{Run: 1, N: 1}, Replica: 24, Kind: record.KindEdit, Edits: []record.Edit{{Path: "note", Value: "x"}}}
	if err := c.Seal(nil, nil); err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(l *sqlledger.Ledger) error{
		"append":   func(l *sqlledger.Ledger) error { _, err := l.Append(c); return err },
		"rewrite":  func(l *sqlledger.Ledger) error { return l.Rewrite(1, c) },
		"run":      func(l *sqlledger.Ledger) error { return l.PutRun(ledger.Run{ID: 1, Claim: 1}) },
		"value":    func(l *sqlledger.Ledger) error { return l.PutValue("a", nil) },
		"tally":    func(l *sqlledger.Ledger) error { return l.AddTally("a", 1) },
		"evidence": func(l *sqlledger.Ledger) error { return l.Evidence(c) },
	} {
		if err := h.View(func(tx ledger.Tx) error { return write(tx.(*sqlledger.Ledger)) }); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestRefused: a name that is held, and a number that has no place in the index.
func TestRefused(t *testing.T) {
	h := open(t)
	defer h.Close()
	change := func(n record.Number) *record.Change {
		c := &record.Change{Dot: record.Dot{Run: 1, N: n}, Replica: 24, Kind: record.KindEdit, Edits: []record.Edit{{Path: "note", Value: "x"}}}
		if err := c.Seal(nil, nil); err != nil && n <= record.MaxNumber { // record refuses the others itself
			t.Fatal(err)
		}
		return c
	}
	err := h.Update(func(tx ledger.Tx) error {
		for n := range record.Number(3) {
			if _, err := tx.Append(change(n + 5)); err != nil {
				return err
			}
		}
		for _, n := range []record.Number{5, 6, 7, sqlledger.MaxNumber + 1, 1<<64 - 1} {
			if p, err := tx.Append(change(n)); err == nil {
				t.Errorf("number %d was taken at %d", n, p)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = h.View(func(tx ledger.Tx) error {
		end, err := tx.End()
		if end != 3 {
			t.Errorf("the log ends at %d", end)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEvidence is kept once a content.
func TestEvidence(t *testing.T) {
	h := open(t)
	defer h.Close()
	c := &record.Change{Dot: record.Dot{Run: 1 << 63, N: 7}, Replica: 24, Kind: record.KindEdit, Edits: []record.Edit{{Path: "note", Value: "x"}}}
	if err := c.Seal(nil, nil); err != nil {
		t.Fatal(err)
	}
	keep := func(tx ledger.Tx) error {
		return errors.Join(tx.Evidence(c), tx.Evidence(c.Without(record.BodyAbsent)))
	}
	if err := errors.Join(h.Update(keep), h.Update(keep)); err != nil {
		t.Fatal(err)
	}
	err := h.View(func(tx ledger.Tx) error {
		row, err := tx.(*sqlledger.Ledger).SQL().One("SELECT count(*), max(n) FROM evidence")
		if err == nil && (row.Int64(0) != 1 || row.Int64(1) != 7) {
			t.Errorf("%d pieces of evidence, of number %d", row.Int64(0), row.Int64(1))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
