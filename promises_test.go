package banlang_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/hub"
)

// One story for each promise, in people's words. TestConvergence holds them together under every accident; the power
// tests of the stores hold the first on the disk.

// village is a calm world: a centre, and officers whose machines share the unit U1.
func village(t *testing.T, officers int) *world {
	t.Helper()
	w := newWorld(7, 0)
	w.calm = true
	for i := range officers {
		w.enrol(fmt.Sprintf("officer %d", i+1), []record.Feed{"U1/ordinary"})
		w.calm = true
	}
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		for _, b := range w.finish() {
			t.Error(b)
		}
	})
	for _, d := range w.devices {
		w.online(d)
	}
	return w
}

// online lets an officer's machine say everything and hear everything.
func (w *world) online(d *device) {
	for range 10 {
		if !w.quiet(d) {
			return
		}
	}
}

func (d *device) create(text string) record.Dot {
	recs, err := d.nb.Save(ctx, notebook.Entry{Form: d.w.form(d), Feed: "U1/ordinary", Officer: d.name, Values: map[string]string{"a": text}})
	if err != nil {
		panic(err)
	}
	d.learn(nil, false, true)
	return recs[0]
}

// change edits a field of what is on the screen now.
func (d *device) change(rec record.Dot, path, text string) record.Dot {
	v := d.look(rec)
	d.save(notebook.Entry{Record: rec, Form: v.Form, Officer: d.name, Values: map[string]string{path: text},
		Saw: map[string][]record.Dot{path: v.Dots(path)}}, text == "BAD")
	return d.last()
}

func (d *device) look(rec record.Dot) *record.View {
	v, err := d.nb.View(ctx, rec)
	if err != nil {
		panic(err)
	}
	return v
}

func (d *device) last() (dot record.Dot) {
	d.store.View(ctx, func(tx notebook.Tx) error {
		o, err := ledger.LastOwn(tx)
		dot = o.Dot
		return err
	})
	return dot
}

func (d *device) status() notebook.Status {
	s, err := d.nb.Status(ctx)
	if err != nil {
		panic(err)
	}
	return s
}

func texts(vs []record.Value) (ts []string) {
	for _, v := range vs {
		ts = append(ts, v.Text)
	}
	slices.Sort(ts)
	return ts
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s: %q, want %q", what, got, want)
	}
}

// The power fails with the program open: what the files hold at that moment is all there is.
func TestPromise01SavedIsSaved(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(ctx, filepath.Join(dir, "notebook.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	key, _ := seal.NewReplicaKey(nil)
	o := notebook.Options{Replica: 24, Key: key, Forms: simForms{}, Wall: clock.System}
	nb := notebook.Open(s, o)
	form := record.FormRef{ID: "f", Version: 1}
	recs, err := nb.Save(ctx, notebook.Entry{Form: form, Feed: "U1/ordinary", Values: map[string]string{"a": "Buổi tuyên truyền ở làng"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nb.SaveDraft(ctx, notebook.Draft{Form: form, Values: map[string]string{"a": "đang gõ dở"}}); err != nil {
		t.Fatal(err)
	}
	after := t.TempDir()
	for _, name := range []string{"notebook.db", "notebook.db-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(after, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s2, err := store.Open(ctx, filepath.Join(after, "notebook.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s2.Close()
	again := notebook.Open(s2, o)
	if v, err := again.View(ctx, recs[0]); err != nil || v.Text("a") != "Buổi tuyên truyền ở làng" {
		t.Fatalf("the record is not there: %v", err)
	}
	ds, err := again.Drafts(ctx)
	if err != nil || len(ds) != 1 || ds[0].Values["a"] != "đang gõ dở" {
		t.Fatalf("the draft is not there: %v %v", ds, err)
	}
}

// Ten changes over three openings of the program, one of which failed in the middle: 1 to 10, each on the one before.
func TestPromise02NumberedWithoutHoles(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	for i := range 10 {
		if i%4 == 3 {
			d.open()
		}
		d.create(fmt.Sprint("bản ghi ", i))
	}
	d.store.View(ctx, func(tx notebook.Tx) error {
		numbers, runs := map[record.Number]record.Digest{}, map[record.RunID]bool{}
		var head record.Digest
		eachChange(tx, func(c *record.Change) {
			if c.Replica != d.replica {
				return
			}
			numbers[c.Dot.N], runs[c.Dot.Run] = c.Digest(), true
			if c.First() && c.ParentHead != head {
				t.Errorf("number %d does not go on from the one before", c.Dot.N)
			}
			head = c.Head(head)
		})
		if len(numbers) != 10 || len(runs) != 3 || numbers[1] == (record.Digest{}) || numbers[10] == (record.Digest{}) {
			t.Errorf("%d numbers in %d runs", len(numbers), len(runs))
		}
		return ledger.Check(tx)
	})
	if d.status().Saved != 10 {
		t.Errorf("saved to %d", d.status().Saved)
	}
}

// The centre's disk is full when a push arrives: no answer, no receipt; when there is room, both.
func TestPromise03AckAfterCommitReceiptFromTheCentre(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	d.create("trước khi đầy")
	d.connect()
	s := d.session
	for range 50 {
		s.clientSends()
		s.hubReceives()
		if len(s.jobs) > 0 && s.jobs[0].Push != nil {
			break
		}
		s.hubCommits()
		s.hubSends()
		s.clientReceives()
	}
	if len(s.jobs) == 0 {
		t.Fatal("no push arrives")
	}
	s.jobs[0].Err = fault.New(fault.DiskFull, "apply", nil) // as Apply says it when the commit fails
	if err := s.hub.Done(w.now, s.jobs[0]); !errors.Is(err, fault.DiskFull) {
		t.Fatalf("the session goes on: %v", err)
	}
	if m := s.hub.Next(); m != nil {
		if _, ok := m.(*protocol.Ack); ok {
			t.Fatal("acknowledged what was not committed")
		}
	}
	if st := d.status(); st.AtCentre != 0 || st.Receipt != 0 {
		t.Fatalf("a receipt for nothing: %+v", st)
	}
	w.online(d)
	if st := d.status(); st.AtCentre != st.Saved || st.Saved != 1 || st.Receipt == 0 {
		t.Fatalf("no receipt after the commit: %+v", st)
	}
}

// An officer has saved eight, the link dies after the greeting: the centre knows that eight are missing, and which.
func TestPromise04ExactAccounting(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	d.create("đầu tiên")
	w.online(d)
	for i := range 8 {
		d.create(fmt.Sprint("bản ghi ", i))
	}
	d.connect()
	s := d.session
	if !s.clientSends() || !s.hubReceives() || !s.hubCommits() {
		t.Fatal("no greeting")
	}
	run := d.last().Run
	d.drop()
	w.late = nil
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		r, err := tx.Run(run)
		if r.Claim != 9 || r.Prefix != 1 {
			t.Errorf("the centre knows of %d and holds %d, want 9 and 1", r.Claim, r.Prefix)
		}
		return err
	})
	if st := d.status(); st.Saved != 9 || st.AtCentre != 1 {
		t.Errorf("the officer sees saved %d, at the centre %d", st.Saved, st.AtCentre)
	}
	w.online(d)
	if st := d.status(); st.AtCentre != 9 {
		t.Errorf("at the centre %d of 9", st.AtCentre)
	}
}

// The same changes reach four machines in four orders, some of them three times: all show the same, byte for byte.
func TestPromise05AnyOrderAnyNumberOfTimes(t *testing.T) {
	w := village(t, 3)
	a, b, c := w.devices[0], w.devices[1], w.devices[2]
	rec := a.create("một")
	w.online(a)
	w.online(b)
	b.change(rec, "a", "hai")
	a.change(rec, "b", "ba")
	a.change(rec, "a", "bốn")
	w.online(c)
	w.online(b)
	w.online(a)
	w.online(b)
	w.online(c)
	var all []*record.Change
	a.store.View(ctx, func(tx notebook.Tx) (err error) { all, err = ledger.About(tx, rec); return err })
	want := record.Fold(rec, all).Sum()
	for range 50 {
		w.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		twice := append(slices.Clone(all), all[w.pick(len(all)):]...)
		if record.Fold(rec, twice).Sum() != want {
			t.Fatal("another order, another record")
		}
	}
	for _, d := range w.devices {
		if d.look(rec).Sum() != want {
			t.Errorf("%s shows another record", d.name)
		}
	}
}

// A clock ten years ahead, one ten years behind: what was seen is replaced, whatever the clocks say.
func TestPromise06CauseBeatsClocks(t *testing.T) {
	w := village(t, 2)
	ahead, behind := w.devices[0], w.devices[1]
	ahead.skew, behind.skew = 10*365*24*time.Hour, -10*365*24*time.Hour
	rec := ahead.create("đồng hồ chạy trước mười năm")
	w.online(ahead)
	w.online(behind)
	behind.change(rec, "a", "đã đọc, rồi sửa")
	w.online(behind)
	w.online(ahead)
	equal(t, "after an edit by the machine that is behind", texts(ahead.look(rec).Field("a")), []string{"đã đọc, rồi sửa"})
}

// Two officers write the same field without knowing of each other: both answers stay until one of them chooses; edits
// of different fields merge; and a value written beside a delete brings the record back.
func TestPromise07NoEditVanishes(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	rec := a.create("gốc")
	w.online(a)
	w.online(b)
	a.change(rec, "a", "của tôi")
	a.change(rec, "b", "ô khác")
	b.change(rec, "a", "của đồng nghiệp")
	for range 2 {
		w.online(a)
		w.online(b)
	}
	for _, d := range w.devices {
		equal(t, "both answers at "+d.name, texts(d.look(rec).Field("a")), []string{"của tôi", "của đồng nghiệp"})
		equal(t, "the other field at "+d.name, texts(d.look(rec).Field("b")), []string{"ô khác"})
	}
	v := b.look(rec)
	if err := b.nb.Resolve(ctx, b.name, v, "a", "của tôi"); err != nil {
		t.Fatal(err)
	}
	b.learn(map[string][]record.Dot{"a": v.Dots("a")}, false, true)
	v = a.look(rec)
	if err := a.nb.Delete(ctx, a.name, v); err != nil {
		t.Fatal(err)
	}
	a.learn(map[string][]record.Dot{record.PathLife: nil}, false, true)
	for range 2 {
		w.online(b)
		w.online(a)
	}
	if v := a.look(rec); v.Hidden || !v.Marked || v.Text("a") != "của tôi" {
		t.Errorf("a delete beside a choice: hidden %v, marked %v, %q", v.Hidden, v.Marked, v.Text("a"))
	}
}

// One of a hundred records is not valid: it is kept and receipted, its author hears why, and ninety-nine pass.
func TestPromise08OneBadRecordBlocksNobody(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	var recs []record.Dot
	for i := range 100 {
		recs = append(recs, d.create(fmt.Sprint("bản ghi ", i)))
	}
	d.change(recs[50], "a", "BAD")
	w.online(d)
	if st := d.status(); st.AtCentre != 101 {
		t.Fatalf("at the centre %d of 101", st.AtCentre)
	}
	v := d.look(recs[50])
	if len(v.Rejected) != 1 || v.Rejected[0].Reason != "bad_value" || v.Text("a") != "bản ghi 50" {
		t.Fatalf("rejected %v, shown %q", v.Rejected, v.Text("a"))
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		if n := len(visible(tx, []record.Feed{"U1/ordinary"})); n != 100 {
			t.Errorf("the centre shows %d records", n)
		}
		return nil
	})
}

// A record moves to another unit: the officers left behind hear where it went, see it no more, and get no value of it.
func TestPromise09ScopeHoldsBothWays(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	w.enrol("neighbour", []record.Feed{"U2/ordinary"})
	w.calm = true
	n := w.devices[2]
	rec := a.create("sẽ chuyển đi")
	w.online(a)
	w.online(b)
	v := a.look(rec)
	a.save(notebook.Entry{Record: rec, Form: v.Form, Officer: a.name, Feed: "U2/ordinary",
		Saw: map[string][]record.Dot{record.PathFeed: v.Dots(record.PathFeed)}}, false)
	w.online(a)
	w.online(n)
	n.change(rec, "a", "của đơn vị mới")
	w.online(n)
	w.online(b)
	if _, shown := b.visible()[rec]; shown || b.look(rec).Text("a") == "của đơn vị mới" {
		t.Error("the former unit still sees the record, or its new value")
	}
	if got := n.look(rec).Text("a"); got != "của đơn vị mới" {
		t.Errorf("the new unit sees %q", got)
	}
}

// The machine dies between a page and its cursor, on either side of the commit: nothing is skipped.
func TestPromise10CheckpointsLieWithTheirData(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	for i := range 30 {
		rec := a.create(fmt.Sprint("bản ghi ", i))
		w.online(a)
		b.connect()
		for k := 0; b.session != nil && k < i; k++ {
			w.step(b.session)
		}
		b.open() // the power fails after any number of steps
		w.online(b)
		if b.visible()[rec] == nil {
			t.Fatalf("record %d is skipped", i)
		}
	}
}

// A page, a push, a frame: none exceeds its limit, whatever the backlog; and a reader that takes nothing holds no more
// than its window.
func TestPromise11Bounded(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	long := string(make([]byte, 3000))
	var entries []notebook.Entry
	for i := range 600 {
		entries = append(entries, notebook.Entry{Form: w.form(a), Feed: "U1/ordinary", Values: map[string]string{"a": fmt.Sprint(i), "b": long}})
	}
	if _, err := a.nb.Save(ctx, entries...); err != nil {
		t.Fatal(err)
	}
	a.learn(nil, false, true)
	w.online(a)
	b.connect()
	s := b.session
	for s.clientSends() || s.hubReceives() || s.hubCommits() || s.hubSends() { // the client receives nothing
	}
	pages := 0
	for _, frame := range s.down {
		m, err := protocol.Decode(frame)
		if err != nil || len(frame) > protocol.MaxFrameBytes {
			t.Fatalf("a frame of %d bytes: %v", len(frame), err)
		}
		if p, ok := m.(*protocol.Page); ok {
			pages++
			if len(frame) > 2*protocol.PageBytes || len(p.Items) > protocol.MaxItems {
				t.Errorf("a page of %d bytes, %d changes", len(frame), len(p.Items))
			}
		}
	}
	if pages != protocol.PageWindow {
		t.Errorf("%d pages under way to a reader that takes none; the window is %d", pages, protocol.PageWindow)
	}
}

// A notebook is copied, and both are written in: nothing is lost or renamed, and the administrator is told.
func TestPromise12CopiesAreNoticedAndHarmless(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	d.create("trước khi chép")
	w.images = append(w.images, image{d.name, d.store.Clone(), d.keys.boxes})
	w.copyDevice()
	copied := w.devices[1]
	first, second := d.create("máy cũ viết"), copied.create("bản chép viết")
	if first == second || first.N != second.N {
		t.Fatalf("%s and %s", first, second)
	}
	w.online(d)
	w.online(copied)
	w.online(d)
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		copies, err := ledger.Copies(tx)
		if err != nil || !slices.ContainsFunc(copies, func(r ledger.Run) bool { return r.ID == second.Run }) {
			t.Errorf("not noticed: %v %v", copies, err)
		}
		if n := len(visible(tx, nil)); n != 3 {
			t.Errorf("%d records of 3", n)
		}
		return nil
	})
}
