package sqlitestore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/sqlite/faultvfs"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
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

// badDisk registers a disk of this test's own.
func badDisk(t testing.TB) (*faultvfs.Disk, string) {
	t.Helper()
	name := fmt.Sprintf("hub-%d", disks.Add(1))
	disk, err := faultvfs.Register(name)
	if err != nil {
		t.Fatal(err)
	}
	return disk, name
}

// seedEnv repeats a run.
const seedEnv = "BANLANG_SEED"

// seeded returns random numbers and prints what repeats them.
func seeded(t testing.TB) *rand.Rand {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv(seedEnv), 10, 64)
	if err != nil {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("%s=%d", seedEnv, seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// life is a recorded stretch of the work of a hub: what its store said after each commit that was acknowledged.
type life struct {
	world     *world
	recording *faultvfs.Recording
	states    []string
}

const (
	stepsOfALife = 24
	cutsOfALife  = 100
)

// live lets a hub work on a disk that is recorded. What the store says after a step is marked when the step has been
// answered.
func live(t *testing.T, disk *faultvfs.Disk, vfs string, rng *rand.Rand) *life {
	dir, remove := memoryDir(t)
	defer remove()
	s, err := sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"), sqlitestore.Options{VFS: vfs})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l := &life{world: newWorld(t, s, rng)}
	l.states = append(l.states, text(t, s))
	disk.StartRecording()
	disk.Mark(0)
	for i := range stepsOfALife {
		if err := l.world.step(); err != nil {
			t.Fatal(err)
		}
		disk.Mark(int64(len(l.states)))
		l.states = append(l.states, text(t, s))
		if i%9 == 8 && rng.IntN(2) == 0 {
			if err := s.Checkpoint(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	l.recording = disk.StopRecording()
	return l
}

// TestPowerCuts lets a real hub take in pushes, greet, grant and erase, cuts the power somewhere, and opens the file
// again: it is sound, it says what it said after the last answer that was given, or after the one under way, and it goes
// on from there.
func TestPowerCuts(t *testing.T) {
	disk, vfs := badDisk(t)
	rng := seeded(t)
	started, n, later := time.Now(), cuts(t), 0
	for done := 0; done < n; {
		l := live(t, disk, vfs, rng)
		for range min(cutsOfALife, n-done) {
			at := rng.IntN(l.recording.Len() + 1)
			if afterCut(t, l, at, rng) {
				later++
			}
			done++
		}
	}
	t.Logf("%d cuts in %v; %d times the commit under way was there", n, time.Since(started).Round(time.Millisecond), later)
}

// afterCut opens what a cut left and judges it. It reports whether more was there than had been acknowledged.
func afterCut(t *testing.T, l *life, at int, rng *rand.Rand) (more bool) {
	t.Helper()
	dir := place(t, l.recording.Cut(rng, at))
	defer os.RemoveAll(dir)
	s, err := sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"), sqlitestore.Options{})
	if err != nil {
		t.Fatalf("not opened: %v", err)
	}
	defer s.Close()
	if err := s.Check(ctx, false); err != nil {
		t.Fatal(err)
	}
	marked, _ := l.recording.Marked(at)
	now := text(t, s)
	switch {
	case now == l.states[marked]:
	case int(marked)+1 < len(l.states) && now == l.states[marked+1]:
		more = true
	default:
		t.Fatalf("cut at %d: neither what was acknowledged (%d) nor what was under way:\n%s", at, marked, now)
	}
	if rng.IntN(8) == 0 {
		goOn(t, l, s)
	}
	return more
}

// goOn takes the store into use: all notebooks push all that they have, and the centre vouches for all of it.
func goOn(t *testing.T, l *life, s *sqlitestore.Store) {
	t.Helper()
	w := *l.world
	if err := w.open(s); err != nil {
		t.Fatal(err)
	}
	w.everything()
	if err := s.Check(ctx, false); err != nil {
		t.Fatal(err)
	}
}

// place writes files into a new directory.
func place(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir, _ := memoryDir(t)
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// faultKinds are the ways in which a disk goes bad.
var faultKinds = []struct {
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
	{"anything from then on", faultvfs.IOErrWrite, faultvfs.Any, true, fault.DiskIO},
}

// TestFaults lets the n-th operation on the disk fail while a hub works. The error comes out, what was answered before
// stays, nobody is answered for what is not there, and once the disk is well the same store goes on.
func TestFaults(t *testing.T) {
	for _, k := range faultKinds {
		t.Run(k.name, func(t *testing.T) {
			disk, vfs := badDisk(t)
			rng := seeded(t)
			runs, errs := 0, 0
			for n, met := 1, true; met; n += 1 + n/3 {
				var failed int
				met, failed = faultRun(t, disk, vfs, rng, func() { disk.Fail(n, k.code, k.kind, k.sticky) }, k.want)
				runs, errs = runs+1, errs+failed
			}
			t.Logf("%d runs, %d steps failed", runs, errs)
			if errs == 0 {
				t.Error("no step failed")
			}
		})
	}
}

func faultRun(t *testing.T, disk *faultvfs.Disk, vfs string, rng *rand.Rand, fail func(), want fault.Code) (met bool, failed int) {
	t.Helper()
	dir, remove := memoryDir(t)
	defer remove()
	s, err := sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"), sqlitestore.Options{VFS: vfs})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { s.Close() }()
	w := newWorld(t, s, rng)
	for range 12 {
		if err := w.step(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil { // so that there is something to be read from the disk
		t.Fatal(err)
	}
	if s, err = sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"), sqlitestore.Options{VFS: vfs}); err != nil {
		t.Fatal(err)
	}
	if err := w.open(s); err != nil {
		t.Fatal(err)
	}
	fail()
	vouched := map[int]int{} // by device: how much of its log was answered for
	for i := range 16 {
		d := w.devices[i%len(w.devices)]
		for range 3 {
			w.any(d)
		}
		j := w.push(d, d.log)
		switch err := w.apply(j); {
		case err == nil:
			vouched[i%len(w.devices)] = len(d.log)
		case !errors.Is(err, want):
			t.Errorf("%v, want %s", err, want)
			failed++
		default:
			failed++
		}
		if i == 9 {
			s.Checkpoint(ctx) // its fault leaves the log beside the file as it is
		}
	}
	met = disk.Failed()
	disk.Heal()
	holds(t, w, s, vouched)
	w.everything() // the same store goes on
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"), sqlitestore.Options{}); err != nil {
		t.Fatal(err)
	}
	holds(t, w, s, vouched)
	goOn(t, &life{world: w}, s)
	return met, failed
}

// holds checks that the store is sound and has what was answered for.
func holds(t *testing.T, w *world, s *sqlitestore.Store, vouched map[int]int) {
	t.Helper()
	if err := s.Check(ctx, false); err != nil {
		t.Fatal(err)
	}
	w.t = t
	for i, n := range vouched {
		for _, c := range w.devices[i].log[:n] {
			has(t, s, c)
		}
	}
}

func has(t *testing.T, s *sqlitestore.Store, c *record.Change) {
	t.Helper()
	err := s.View(ctx, func(tx hub.Tx) error {
		p, err := tx.Find(c.Dot)
		if err != nil || p == 0 {
			return fmt.Errorf("%v was answered for and is gone (%w)", c.Dot, err)
		}
		x, err := tx.At(p)
		if err == nil && x.Digest() != c.Digest() {
			err = fmt.Errorf("%v is another", c.Dot)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
