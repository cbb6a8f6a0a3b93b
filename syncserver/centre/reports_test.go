package centre

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"banlang/shared/sqlite"
)

// TestFrozenFiguresOutliveARestore: a restore takes no frozen figures back, and gives them again where they are gone; a copy of them
// that was altered is refused.
func TestFrozenFiguresOutliveARestore(t *testing.T) {
	dir := t.TempDir()
	r := opened(t, dir, Options{})
	freeze := func(title string) {
		t.Helper()
		err := r.Reports().Update(t.Context(), func(tx *sqlite.Tx) error {
			return tx.Exec("INSERT INTO snapshots SELECT count(*) + 1, ?, 'P1', 1, 'lan', '', x'00' FROM snapshots", title)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	freeze("một")
	r.do(Request{Backup: &Backup{Keep: 2}})
	freeze("hai")
	copies, err := r.dir.registered()
	if err != nil || len(copies) != 1 || copies[0].Reports == nil {
		t.Fatalf("%+v %v", copies, err)
	}
	r.end()
	from := filepath.Join(Dir(dir).Backups(), copies[0].Name)
	for _, want := range []struct {
		harm func() error
		n    int64
	}{
		{func() error { return nil }, 2},
		{func() error { return os.Remove(Dir(dir).Reports()) }, 1},
	} {
		if err := want.harm(); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), Dir(dir), from, nil); err != nil {
			t.Fatal(err)
		}
		again := opened(t, dir, Options{})
		n := int64(0)
		err := again.Reports().View(t.Context(), func(tx *sqlite.Tx) error {
			row, err := tx.One("SELECT count(*) FROM snapshots")
			if err == nil {
				n = row.Int64(0)
			}
			return err
		})
		if err != nil || n != want.n {
			t.Errorf("%d reports, want %d: %v", n, want.n, err)
		}
		again.end()
	}
	if err := os.WriteFile(reportsCopyOf(from), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), Dir(dir), from, nil); !errors.Is(err, ErrAltered) {
		t.Errorf("an altered copy: %v", err)
	}
}

// TestScratchIsSwept: what a killed process left there is gone when the centre is opened for its staff.
func TestScratchIsSwept(t *testing.T) {
	dir := t.TempDir()
	opened(t, dir, Options{Views: true}).end()
	left := filepath.Join(Dir(dir).Scratch(), "excelize-1")
	if err := os.WriteFile(left, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	opened(t, dir, Options{Views: true}).end()
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", left, err)
	}
	if info, err := os.Stat(Dir(dir).Scratch()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info, err)
	}
}
