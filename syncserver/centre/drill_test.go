package centre

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// TestDrill: the newest copy is restored beside and is what the register says; nothing of the centre changes, and nothing is left.
func TestDrill(t *testing.T) {
	dir, _ := lived(t)
	r := opened(t, dir, Options{})
	p := newPen(r.enrolled("U3"))
	r.push(p.create(t, "U3"))
	r.do(Request{Backup: &Backup{Keep: 2}})
	before, err := r.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.push(p.create(t, "U3")) // behind the copy
	x := r.do(Request{Drill: true}).Drill
	if x.End != before || x.Log == "" || x.Audit == "" || x.Checked.Changes == 0 || x.Failed != "" {
		t.Errorf("it says %+v", x)
	}
	if after, err := r.End(t.Context()); err != nil || after != before+1 {
		t.Errorf("the log of the centre ends at %d (%v)", after, err)
	}
	if _, err := os.Stat(string(r.dir.scratch())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
	if kept, err := r.dir.LastDrill(); err != nil || kept == nil || kept.Log != x.Log {
		t.Errorf("kept is %+v, %v", kept, err)
	}
}

// TestDrillFindsWhatIsWrong: a copy whose bytes changed, one whose register entry was written anew over another log, and no copy.
func TestDrillFindsWhatIsWrong(t *testing.T) {
	for name, x := range map[string]struct {
		spoil func(t *testing.T, copied string)
		code  fault.Code
	}{
		"a byte": {func(t *testing.T, copied string) {
			f, err := os.OpenFile(copied, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt([]byte{0xff}, 5000); err != nil {
				t.Fatal(err)
			}
		}, fault.TornDatabase},
		"another log": {func(t *testing.T, copied string) {
			entry, err := entryOf(copied)
			if err != nil {
				t.Fatal(err)
			}
			entry.Log = "00" + entry.Log[2:]
			b, err := json.Marshal(entry)
			if err == nil {
				err = os.WriteFile(copied+".json", b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, fault.TornDatabase},
		"none": {func(t *testing.T, copied string) {
			if err := os.Remove(copied + ".json"); err != nil {
				t.Fatal(err)
			}
		}, fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			dir, copied := lived(t)
			x.spoil(t, copied)
			r := opened(t, dir, Options{})
			if _, err := r.Do(t.Context(), Request{Drill: true}); fault.CodeOf(err) != x.code {
				t.Errorf("the drill says %v", err)
			}
			if kept, err := r.dir.LastDrill(); err != nil || kept == nil || kept.Failed != x.code {
				t.Errorf("kept is %+v, %v", kept, err)
			}
		})
	}
}

// TestOlderProgramsFiles: a centre whose files an older program wrote is opened with a whole copy of them put aside first, which that
// program can still open; nothing is lost on the way.
func TestOlderProgramsFiles(t *testing.T) {
	dir, _ := lived(t)
	database := Dir(dir).Database()
	alter(t, database, "DROP TABLE escrow; DROP TABLE wipe; DROP TABLE fill; ALTER TABLE closed DROP COLUMN at; PRAGMA user_version = 2")
	r := opened(t, dir, Options{})
	r.do(Request{Check: true})
	aside, err := filepath.Glob(database + ".before-v*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("aside are %v, %v", aside, err)
	}
	db, err := sqlite.Open(t.Context(), sqlite.Options{Path: aside[0], ReadOnly: true}, sqlite.Schema{ApplicationID: 0x424c7474, Migrations: []sqlite.Migration{"-- 1", "-- 2"}})
	if err != nil {
		t.Fatalf("the older program cannot open it: %v", err)
	}
	if err := errors.Join(db.Check(t.Context(), false), db.Close()); err != nil {
		t.Error(err)
	}

	// What was erased since is in it: it goes when it is older than every backup that is kept, and not before.
	long := time.Now().AddDate(0, 0, -30)
	r.do(Request{Backup: &Backup{Keep: 2}})
	for i, want := range []int{1, 0} {
		made := []time.Time{time.Now(), long}[i]
		if err := os.Chtimes(aside[0], made, made); err != nil {
			t.Fatal(err)
		}
		if r.do(Request{Backup: &Backup{Keep: 2}}); countFormer(t, database) != want {
			t.Errorf("of %v: %d are left, want %d", made, countFormer(t, database), want)
		}
	}
}

func countFormer(t *testing.T, database string) int {
	t.Helper()
	aside, err := filepath.Glob(database + ".before-v*")
	if err != nil {
		t.Fatal(err)
	}
	return len(aside)
}
