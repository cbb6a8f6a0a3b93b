package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/notebook/storetest"
	"banlang/desktop/store"
	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/record"
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

// badDisk registers a disk of this test's own.
func badDisk(t testing.TB) (*faultvfs.Disk, string) {
	t.Helper()
	name := fmt.Sprintf("notebook-%d", disks.Add(1))
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

func text(t testing.TB, s notebook.Store) (text string) {
	t.Helper()
	if err := s.View(ctx, func(tx notebook.Tx) (err error) { text, err = storetest.Dump(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return text
}

// life is a recorded stretch of work: what the store said after each thing that was done.
type life struct {
	world     *world
	recording *faultvfs.Recording
	states    []string
	marks     []mark
}

// mark is a moment between two things: the states that a power cut may leave from then on are those from kept on.
type mark struct{ kept, now int }

// note marks the moment. What did not wait for the disk is kept only with what does, after it.
func (l *life) note(disk *faultvfs.Disk, kept bool) {
	m := mark{now: len(l.states) - 1}
	if n := len(l.marks); n > 0 {
		m.kept = l.marks[n-1].kept
	}
	if kept {
		m.kept = m.now
	}
	disk.Mark(int64(len(l.marks)))
	l.marks = append(l.marks, m)
}

const (
	stepsOfALife = 40
	cutsOfALife  = 100
)

// mediums are the notebooks that must survive: what the disk below is given differs, what is promised does not.
var mediums = []struct {
	name string
	keys []*keyfile.Key
}{
	{"plain", nil},
	{"enciphered", []*keyfile.Key{oldKey}},
}

// live works on a disk that is recorded. What the store says after a step is marked when the step has returned.
func live(t *testing.T, disk *faultvfs.Disk, o store.Options, rng *rand.Rand) *life {
	dir, remove := memoryDir(t)
	defer remove()
	s, err := store.Open(ctx, filepath.Join(dir, "so.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l := &life{world: newWorld(t, s, rng)}
	l.states = append(l.states, text(t, s))
	disk.StartRecording()
	l.note(disk, true)
	for i := range stepsOfALife {
		soon, err := l.world.step()
		if err != nil {
			t.Fatal(err)
		}
		l.states = append(l.states, text(t, s))
		l.note(disk, !soon && l.states[i] != l.states[i+1]) // what writes nothing keeps nothing
		if rng.IntN(15) == 0 {
			l.world.open(s) // the program was closed and opened
		}
		if i%13 == 12 {
			if err := s.Checkpoint(ctx); err != nil {
				t.Fatal(err)
			}
			l.note(disk, true)
		}
	}
	l.recording = disk.StopRecording()
	return l
}

// TestPowerCuts lets an officer save, draft, finalize and delete and takes pages and receipts in between, cuts the power
// somewhere, and opens the notebook again: it is sound, it says what it said after the last thing that waited for the disk,
// or after one behind that, its cursor is not ahead of its data, and the work goes on from there.
func TestPowerCuts(t *testing.T) {
	for _, m := range mediums {
		t.Run(m.name, func(t *testing.T) { powerCuts(t, m.keys) })
	}
}

func powerCuts(t *testing.T, keys []*keyfile.Key) {
	disk, vfs := badDisk(t)
	rng := seeded(t)
	started, n, later, taken := time.Now(), cuts(t), 0, 0
	for done := 0; done < n; {
		l := live(t, disk, store.Options{VFS: vfs, Keys: keys}, rng)
		for range min(cutsOfALife, n-done) {
			switch ahead := afterCut(t, l, rng.IntN(l.recording.Len()+1), keys, rng); {
			case ahead > 0:
				later++
			case ahead < 0:
				taken++
			}
			done++
		}
	}
	t.Logf("%d cuts in %v; %d times the commit under way was there, %d times some of what can be had again was not",
		n, time.Since(started).Round(time.Millisecond), later, taken)
	if taken == 0 {
		t.Error("no cut took anything that did not wait for the disk")
	}
}

// afterCut opens what a cut left and judges it. It reports how many things more were there than had returned.
func afterCut(t *testing.T, l *life, at int, keys []*keyfile.Key, rng *rand.Rand) (ahead int) {
	t.Helper()
	dir := place(t, l.recording.Cut(rng, at))
	defer os.RemoveAll(dir)
	s, err := store.Open(ctx, filepath.Join(dir, "so.db"), store.Options{Keys: keys})
	if err != nil {
		t.Fatalf("not opened: %v", err)
	}
	defer s.Close()
	if err := s.Check(ctx, false); err != nil {
		t.Fatal(err)
	}
	marked, _ := l.recording.Marked(at)
	now := text(t, s)
	m := l.marks[marked]
	left := m.kept + slices.Index(l.states[m.kept:min(m.now+2, len(l.states))], now)
	if left < m.kept {
		t.Fatalf("cut at %d: neither what was kept (%d) nor anything later (up to %d):\n%s", at, m.kept, m.now, now)
	}
	w := l.world.clone(t)
	w.open(s)
	cursorHolds(t, w, s)
	if rng.IntN(8) == 0 {
		goOn(t, w, s)
	}
	return left - m.now
}

// cursorHolds checks that everything the cursor covers is here.
func cursorHolds(t *testing.T, w *world, s *store.Store) {
	t.Helper()
	h, err := w.nb.Session(ctx).Hello()
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(ctx, func(tx notebook.Tx) error {
		for _, p := range w.pages[:h.Cursor.At[protocol.KeyMine()]] {
			for _, c := range p.Items {
				if at, err := tx.Find(c.Dot); at == 0 || err != nil {
					return fmt.Errorf("the cursor covers %v, which is not here (%w)", c.Dot, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goOn takes all pages that are left, saves, and checks the list against the changes.
func goOn(t *testing.T, w *world, s *store.Store) {
	t.Helper()
	for {
		h, err := w.nb.Session(ctx).Hello()
		if err != nil {
			t.Fatal(err)
		}
		if int(h.Cursor.At[protocol.KeyMine()]) == len(w.pages) {
			break
		}
		p, err := w.behind()
		if err == nil {
			err = w.nb.Session(ctx).TakePage(p)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	rec, err := w.nb.Save(ctx, notebook.Entry{Form: form, Feed: feeds[0], Officer: "an", Values: map[string]string{"note": "đi tiếp"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.nb.Check(ctx); err != nil {
		t.Fatal(err)
	}
	found, err := w.nb.Search(ctx, notebook.Query{Text: "đi tiếp", Limit: 1})
	if err != nil || len(found) != 1 || found[0] != rec[0] {
		t.Fatalf("found %v, %v", found, err)
	}
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

// TestFaults lets the n-th operation on the disk fail while an officer works. The error comes out, what was acknowledged
// stays, and once the disk is well the same notebook goes on.
func TestFaults(t *testing.T) {
	for _, m := range mediums {
		for _, k := range faultKinds {
			t.Run(m.name+"/"+k.name, func(t *testing.T) {
				disk, vfs := badDisk(t)
				o := store.Options{VFS: vfs, Keys: m.keys}
				rng := seeded(t)
				runs, errs := 0, 0
				for n, met := 1, true; met; n += 1 + n/3 {
					var failed int
					met, failed = faultRun(t, disk, o, rng, func() { disk.Fail(n, k.code, k.kind, k.sticky) }, k.want)
					runs, errs = runs+1, errs+failed
				}
				t.Logf("%d runs, %d steps failed", runs, errs)
				if errs == 0 {
					t.Error("no step failed")
				}
			})
		}
	}
}

// promised is what the officer was told to be saved.
type promised struct {
	notes  map[record.Dot]string
	drafts map[notebook.DraftID]string
}

func faultRun(t *testing.T, disk *faultvfs.Disk, o store.Options, rng *rand.Rand, fail func(), want fault.Code) (met bool, failed int) {
	t.Helper()
	dir, remove := memoryDir(t)
	defer remove()
	path := filepath.Join(dir, "so.db")
	s, err := store.Open(ctx, path, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { s.Close() }()
	w := newWorld(t, s, rng)
	for range 12 {
		if _, err := w.step(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil { // so that there is something to be read from the disk
		t.Fatal(err)
	}
	if s, err = store.Open(ctx, path, o); err != nil {
		t.Fatal(err)
	}
	w.open(s)
	fail()
	p := promised{map[record.Dot]string{}, map[notebook.DraftID]string{}}
	for i := range 8 {
		if err := w.promise(&p); err != nil {
			failed++
			if !errors.Is(err, want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if i == 5 {
			s.Checkpoint(ctx) // its fault leaves the log beside the file as it is
		}
	}
	met = disk.Failed()
	disk.Heal()
	w.kept(t, s, p)
	if _, err := w.nb.Check(ctx); err != nil { // the same notebook goes on: it draws its list
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(ctx, path, store.Options{Keys: o.Keys}); err != nil {
		t.Fatal(err)
	}
	w.open(s)
	w.kept(t, s, p)
	goOn(t, w, s)
	return met, failed
}

// promise saves a record, keeps a draft and takes a page; what succeeds is promised.
func (w *world) promise(p *promised) error {
	note := sentence(w.rng, 20)
	recs, err1 := w.nb.Save(ctx, notebook.Entry{Form: form, Feed: feeds[0], Officer: "an", Values: map[string]string{"note": note}})
	if err1 == nil {
		p.notes[recs[0]] = note
	}
	id, err2 := w.nb.SaveDraft(ctx, notebook.Draft{Form: form, Values: map[string]string{"note": note}})
	if err2 == nil {
		p.drafts[id] = note
	}
	page, err3 := w.behind()
	if err3 == nil {
		err3 = w.nb.Session(ctx).TakePage(page)
	}
	_, err4 := w.nb.Project(ctx)
	return errors.Join(err1, err2, err3, err4)
}

// kept checks that the notebook is sound and keeps its promises.
func (w *world) kept(t *testing.T, s *store.Store, p promised) {
	t.Helper()
	w.t = t
	if err := s.Check(ctx, false); err != nil {
		t.Fatal(err)
	}
	cursorHolds(t, w, s)
	for rec, note := range p.notes {
		v, err := w.nb.View(ctx, rec)
		if err != nil || v.Text("note") != note && len(v.Field("note")) == 1 && v.Field("note")[0].State == record.BodyHere && v.Field("note")[0].Dot == rec {
			t.Fatalf("record %v: %v; it was saved", rec, err)
		}
		if !v.Created {
			t.Fatalf("record %v is gone; it was saved", rec)
		}
	}
	ds, err := w.nb.Drafts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	have := map[notebook.DraftID]string{}
	for _, d := range ds {
		have[d.ID] = d.Values["note"]
	}
	for id, note := range p.drafts {
		if have[id] != note {
			t.Fatalf("draft %d is %q; it was saved as %q", id, have[id], note)
		}
	}
}
