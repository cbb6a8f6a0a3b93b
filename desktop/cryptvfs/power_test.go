package cryptvfs_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"banlang/desktop/cryptvfs"
	"banlang/shared/fault"
	"banlang/shared/sqlite"
	"banlang/shared/sqlite/faultvfs"
)

// cutsEnv raises the number of power cuts: BANLANG_CUTS=100000 is the soak.
const cutsEnv = "BANLANG_CUTS"

func cuts(t testing.TB) int {
	n := 1500
	if testing.Short() {
		n = 200
	}
	if text := os.Getenv(cutsEnv); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

var disks atomic.Int64

// badDisk puts a layer over a disk of this test's own, which sees cipher text.
func badDisk(t testing.TB) (*faultvfs.Disk, *cryptvfs.VFS) {
	t.Helper()
	name := fmt.Sprintf("below-%d", disks.Add(1))
	disk, err := faultvfs.Register(name)
	if err != nil {
		t.Fatal(err)
	}
	return disk, layer(t, 1, name)
}

func seeded(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// afterCut opens what a cut left, and judges it.
func afterCut(t *testing.T, dir string, v *cryptvfs.VFS, left files, promised int64) {
	t.Helper()
	path := filepath.Join(dir, "a.db")
	for _, name := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(path + name)
	}
	place(t, dir, left)
	db, err := try(path, v)
	if err != nil {
		t.Fatalf("not opened: %v", err)
	}
	defer db.Close()
	if err := db.Check(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	n := number(t, db, "SELECT count(*) FROM item")
	if sum := number(t, db, "SELECT sum FROM total"); n < promised || n != sum || n != number(t, db, "SELECT coalesce(max(id), 0) FROM item") {
		t.Fatalf("%d items, %d were promised, the total says %d", n, promised, sum)
	}
	if torn := number(t, db, "SELECT count(*) FROM (SELECT whole FROM item GROUP BY whole HAVING count(*) % whole <> 0)"); torn > 0 {
		t.Fatal("a transaction is there in part")
	}
}

// TestPowerCuts works, cuts the power somewhere below the cipher, opens the database again, and finds all that was
// acknowledged, and every transaction whole.
func TestPowerCuts(t *testing.T) {
	disk, v := badDisk(t)
	above := layer(t, 1, "")
	rng := seeded(t)
	dir, n, started := memoryDir(t), cuts(t), time.Now()
	for done := 0; done < n; {
		db := open(t, filepath.Join(memoryDir(t), "a.db"), v)
		disk.StartRecording()
		for last, round := 0, 0; round < 60; round++ {
			n := 1 + rng.IntN(9)
			update(t, db, func(tx *sqlite.Tx) error { return insert(tx, last+1, n) })
			last += n
			disk.Mark(int64(last))
			if round%17 == 16 {
				if err := db.Checkpoint(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		recording := disk.StopRecording()
		db.Close()
		for range min(500, n-done) {
			at := rng.IntN(recording.Len() + 1)
			promised, _ := recording.Marked(at)
			afterCut(t, dir, above, recording.Cut(rng, at), promised)
			done++
		}
	}
	t.Logf("%d cuts in %v", n, time.Since(started).Round(time.Millisecond))
}

// TestPowerCutsWhileCreating cuts everywhere in the life of an empty database, in which rollback journals are used.
func TestPowerCutsWhileCreating(t *testing.T) {
	disk, v := badDisk(t)
	above := layer(t, 1, "")
	rng := seeded(t)
	disk.StartRecording()
	if err := open(t, filepath.Join(memoryDir(t), "a.db"), v).Close(); err != nil {
		t.Fatal(err)
	}
	recording := disk.StopRecording()
	dir := memoryDir(t)
	for at := range recording.Len() + 1 {
		for range 12 {
			afterCut(t, dir, above, recording.Cut(rng, at), 0)
		}
	}
	t.Logf("%d operations", recording.Len())
}

// TestFaults lets the n-th operation on the disk fail, once or from then on, while the database is written: what was
// acknowledged stays, and what is left is sound.
func TestFaults(t *testing.T) {
	for _, k := range []struct {
		name   string
		code   faultvfs.Code
		kind   faultvfs.Kind
		sticky bool
		want   fault.Code
	}{
		{"full once", faultvfs.Full, faultvfs.Write, false, fault.DiskFull},
		{"full from then on", faultvfs.Full, faultvfs.Write, true, fault.DiskFull},
		{"a write", faultvfs.IOErrWrite, faultvfs.Write, false, fault.DiskIO},
		{"a sync", faultvfs.IOErrFsync, faultvfs.Sync, false, fault.DiskIO},
		{"all syncs from then on", faultvfs.IOErrFsync, faultvfs.Sync, true, fault.DiskIO},
		{"a read", faultvfs.IOErrRead, faultvfs.Read, false, fault.DiskIO},
		{"an opening", faultvfs.CantOpen, faultvfs.Open, false, fault.DiskIO},
		{"anything from then on", faultvfs.IOErrWrite, faultvfs.Any, true, fault.DiskIO},
	} {
		t.Run(k.name, func(t *testing.T) {
			disk, v := badDisk(t)
			above := layer(t, 1, "")
			runs, errs := 0, 0
			for n, met := 1, true; met; n += 1 + n/8 {
				dir := memoryDir(t)
				disk.Fail(n, k.code, k.kind, k.sticky)
				promised, failed := work(filepath.Join(dir, "a.db"), v)
				for _, err := range failed {
					if !errors.Is(err, k.want) {
						t.Errorf("n=%d: %v, want %s", n, err, k.want)
					}
				}
				met = disk.Failed()
				disk.Heal()
				left := contents(t, dir)
				delete(left, "a.db-shm")
				afterCut(t, dir, above, left, promised)
				runs, errs = runs+1, errs+len(failed)
				os.RemoveAll(dir)
			}
			t.Logf("%d runs, %d steps failed", runs, errs)
			if errs == 0 {
				t.Error("no step failed")
			}
		})
	}
}

// work opens and writes as far as the disk lets it. It returns how many items were acknowledged.
func work(path string, v *cryptvfs.VFS) (promised int64, failed []error) {
	db, err := try(path, v)
	if err != nil {
		return 0, []error{err}
	}
	defer db.Close()
	for i := range 6 {
		var sum int64
		err := db.Update(context.Background(), func(tx *sqlite.Tx) error {
			row, err := tx.One("SELECT sum FROM total")
			if err != nil {
				return err
			}
			sum = row.Int64(0) + 3
			return insert(tx, int(sum)-2, 3)
		})
		if err == nil {
			promised = sum
		} else {
			failed = append(failed, err)
		}
		if i == 3 {
			if err := db.Checkpoint(context.Background()); err != nil {
				failed = append(failed, err)
			}
		}
	}
	return promised, failed
}
