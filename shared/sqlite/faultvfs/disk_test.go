package faultvfs_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"banlang/shared/sqlite/faultvfs"
)

// memoryDir returns a directory in memory where there is one: no test here needs a real
// disk.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "faultvfs")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func register(t *testing.T) (*faultvfs.Disk, string) {
	t.Helper()
	name := fmt.Sprintf("%s-%d", t.Name(), time.Now().UnixNano())
	disk, err := faultvfs.Register(name)
	if err != nil {
		t.Fatal(err)
	}
	return disk, name
}

// open opens a database over the plain driver, one connection, with a table whose rows
// are numbered from 1.
func open(t *testing.T, path, vfs, synchronous string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", fmt.Sprintf("file:%s?vfs=%s&_journal_mode=WAL&_synchronous=%s", path, vfs, synchronous))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, text := range []string{
		"PRAGMA wal_autocheckpoint=20",
		"CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
	} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// insert adds some rows in one transaction.
func insert(db *sql.DB, from, to int64) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for id := from; id <= to; id++ {
		if _, err := tx.Exec("INSERT INTO item VALUES(?, randomblob(700))", id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// examine returns how many rows are there, and fails if they have gaps or the file is
// damaged.
func examine(t *testing.T, db *sql.DB) int64 {
	t.Helper()
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("integrity check: %v %s", err, verdict)
	}
	var rows, last int64
	if err := db.QueryRow("SELECT count(*), coalesce(max(id), 0) FROM item").Scan(&rows, &last); err != nil || rows != last {
		t.Fatalf("%d rows up to %d (%v)", rows, last, err)
	}
	return rows
}

// powerCuts records a workload and returns in how many of the cuts a marked row was
// lost.
func powerCuts(t *testing.T, synchronous string, cuts int) (lost int) {
	dir := memoryDir(t)
	disk, vfs := register(t)
	db := open(t, filepath.Join(dir, "a.db"), vfs, synchronous)
	disk.StartRecording()
	for last := int64(0); last < 120; {
		if err := insert(db, last+1, last+3); err != nil {
			t.Fatal(err)
		}
		last += 3
		disk.Mark(last)
	}
	recording := disk.StopRecording()
	db.Close()
	seed := uint64(time.Now().UnixNano())
	t.Logf("%s: seed %d, %d operations", synchronous, seed, recording.Len())
	rng := rand.New(rand.NewPCG(seed, 0))
	for range cuts {
		at := rng.IntN(recording.Len() + 1)
		promised, _ := recording.Marked(at)
		if rowsAfter(t, recording.Cut(rng, at)) < promised {
			lost++
		}
	}
	return lost
}

func rowsAfter(t *testing.T, files map[string][]byte) int64 {
	t.Helper()
	dir := memoryDir(t)
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	defer os.RemoveAll(dir)
	return examine(t, db)
}

func TestPowerCuts(t *testing.T) {
	if lost := powerCuts(t, "FULL", 500); lost > 0 {
		t.Errorf("synchronous=FULL lost promised rows in %d of 500 cuts", lost)
	}
	if lost := powerCuts(t, "NORMAL", 500); lost == 0 {
		t.Error("synchronous=NORMAL lost nothing in 500 cuts: the power cut does not cut")
	}
}

func TestACutIsTheSameForTheSameNumbers(t *testing.T) {
	disk, vfs := register(t)
	db := open(t, filepath.Join(memoryDir(t), "a.db"), vfs, "FULL")
	defer db.Close()
	disk.StartRecording()
	if err := insert(db, 1, 40); err != nil {
		t.Fatal(err)
	}
	recording := disk.StopRecording()
	for at := range recording.Len() + 1 {
		one := recording.Cut(rand.New(rand.NewPCG(1, 2)), at)
		two := recording.Cut(rand.New(rand.NewPCG(1, 2)), at)
		if !maps.EqualFunc(one, two, bytes.Equal) {
			t.Fatalf("two cuts at %d differ", at)
		}
		if names := slices.Sorted(maps.Keys(one)); !slices.Equal(names, []string{"a.db", "a.db-wal"}) {
			t.Fatalf("the files at %d are %v", at, names)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, fault := range []struct {
		name   string
		code   faultvfs.Code
		kind   faultvfs.Kind
		sticky bool
	}{
		{"full once", faultvfs.Full, faultvfs.Write, false},
		{"full from then on", faultvfs.Full, faultvfs.Write, true},
		{"write", faultvfs.IOErrWrite, faultvfs.Write, false},
		{"sync", faultvfs.IOErrFsync, faultvfs.Sync, false},
		{"read", faultvfs.IOErrRead, faultvfs.Read, false},
		{"truncate", faultvfs.IOErrTruncate, faultvfs.Truncate, false},
		{"anything from then on", faultvfs.IOErrWrite, faultvfs.Any, true},
	} {
		t.Run(fault.name, func(t *testing.T) {
			disk, vfs := register(t)
			runs, hit := 0, true
			for n := 1; hit && runs < 60; n += 1 + n/12 {
				hit = faultRun(t, disk, vfs, func() { disk.Fail(n, fault.code, fault.kind, fault.sticky) })
				runs++
			}
			t.Logf("%d runs", runs)
		})
	}
}

// faultRun works on a disk that goes bad and checks what is there after it was healed.
// It reports whether the fault was met.
func faultRun(t *testing.T, disk *faultvfs.Disk, vfs string, fail func()) bool {
	path := filepath.Join(memoryDir(t), "a.db")
	defer os.RemoveAll(filepath.Dir(path))
	db := open(t, path, vfs, "FULL")
	fail()
	saved := int64(0)
	for range 20 {
		if insert(db, saved+1, saved+5) == nil {
			saved += 5
			continue
		}
		// Saved or not? Ask, as the program does; a disk that stays bad does not
		// answer.
		var last int64
		if db.QueryRow("SELECT coalesce(max(id), 0) FROM item").Scan(&last) == nil && last > saved {
			saved = last
		}
	}
	met := disk.Failed()
	disk.Heal()
	db.Close()
	db = open(t, path, vfs, "FULL")
	defer db.Close()
	if rows := examine(t, db); rows < saved || rows > saved+5 {
		t.Fatalf("%d rows were saved, %d are there", saved, rows)
	}
	return met
}

func TestDisksAreIndependent(t *testing.T) {
	bad, badName := register(t)
	good, goodName := register(t)
	dir := memoryDir(t)
	one, two := open(t, filepath.Join(dir, "one.db"), badName, "FULL"), open(t, filepath.Join(dir, "two.db"), goodName, "FULL")
	defer one.Close()
	defer two.Close()
	bad.Fail(1, faultvfs.Full, faultvfs.Write, true)
	good.StartRecording()
	if err := insert(one, 1, 5); err == nil || !bad.Failed() {
		t.Errorf("the bad disk took it: %v", err)
	}
	if err := insert(two, 1, 5); err != nil || good.Failed() {
		t.Errorf("the good disk did not take it: %v", err)
	}
	for name := range good.StopRecording().Cut(rand.New(rand.NewPCG(1, 1)), 1) {
		if name != "two.db" && name != "two.db-wal" {
			t.Errorf("%s was recorded on the other disk", name)
		}
	}
	if _, err := faultvfs.Register(badName); err == nil {
		t.Error("a name was registered twice")
	}
}
