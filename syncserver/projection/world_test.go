package projection_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/projection"
)

var ctx = context.Background()

// world is a real hub that judges by real forms, notebooks that write real changes, and the tables behind it.
type world struct {
	t         testing.TB
	rng       *rand.Rand
	key       seal.CentreKey
	now       clock.WallMillis
	store     hub.Store
	hub       *hub.Hub
	forms     *form.Library
	devices   []*device
	records   []record.Dot
	path      string
	views     *projection.Projection
	published int  // how many versions of the form of this test
	spare     bool // nothing is erased
}

// device is a notebook.
type device struct {
	replica record.ReplicaID
	key     seal.ReplicaKey
	ticket  string
	mem     *ledger.Memory
	pen     ledger.Pen
	log     []*record.Change
}

// bytesOf is a source of bytes that the seed decides.
type bytesOf struct{ *rand.Rand }

func (r bytesOf) Read(b []byte) (int, error) {
	for i := 0; i < len(b); i += 8 {
		var x [8]byte
		binary.LittleEndian.PutUint64(x[:], r.Uint64())
		copy(b[i:], x[:])
	}
	return len(b), nil
}

// newWorld is a centre with three notebooks, one a unit.
func newWorld(t testing.TB, s hub.Store, seed uint64) *world {
	t.Helper()
	w := &world{t: t, rng: rand.New(rand.NewPCG(seed, 7)), now: 1_790_000_000_000, path: filepath.Join(memoryDir(t), "views.db")}
	var err error
	w.key, err = seal.NewCentreKey(bytesOf{w.rng})
	w.must(err)
	w.open(s)
	for i := range 3 {
		w.enter(fmt.Sprint("U", i+1))
	}
	t.Cleanup(func() {
		if w.views != nil {
			w.must(w.views.Close())
		}
	})
	return w
}

// memoryDir is a directory of the test's own, in memory where there is such: what a disk does is for other tests.
func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "projection")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// open takes a store into use, as the program does at its start, and opens the tables behind it.
func (w *world) open(s hub.Store) {
	w.t.Helper()
	if w.views != nil {
		w.must(w.views.Close())
	}
	w.store, w.forms = s, form.Builtin()
	var err error
	w.hub, err = hub.Open(ctx, s, hub.Options{Key: w.key, Forms: judge.Forms{Library: w.forms}, Wall: func() clock.WallMillis { return w.now }, Random: bytesOf{w.rng}})
	w.must(err)
	w.views = w.openViews(w.path)
}

func (w *world) openViews(path string) *projection.Projection {
	w.t.Helper()
	p, err := projection.Open(ctx, projection.Options{Path: path, Hub: w.hub, Forms: w.forms})
	w.must(err)
	return p
}

// enter makes a device of a unit that may write in all its feeds.
func (w *world) enter(unit string) *device {
	w.t.Helper()
	d := &device{mem: ledger.NewMemory()}
	w.must(w.hub.Staff(ctx, func(a *hub.Act) error {
		x, ticket, err := a.Enter("máy "+unit, unit, feeds)
		d.replica, d.ticket = x.Replica, ticket
		return err
	}))
	var err error
	d.key, err = seal.NewReplicaKey(bytesOf{w.rng})
	w.must(err)
	d.pen = ledger.Pen{Replica: d.replica, Random: bytesOf{w.rng}}
	w.devices = append(w.devices, d)
	w.hello(d)
	return d
}

var feeds = []record.Feed{"U1/ordinary", "U2/ordinary", "U3/ordinary", "U1/tips", "U2/tips", "U3/tips"}

func (w *world) hello(d *device) {
	w.t.Helper()
	binding := []byte("connection")
	h := &protocol.Hello{VersionMin: 1, VersionMax: 1, Program: "test", Replica: d.replica, PublicKey: d.key.Public().String(), Code: d.ticket,
		Proof: d.key.Sign(seal.DomainHello, binding)}
	w.apply(&hub.Job{Hello: h, Binding: binding})
}

func (w *world) apply(jobs ...*hub.Job) {
	w.t.Helper()
	w.hub.Apply(ctx, jobs)
	for _, j := range jobs {
		w.must(j.Err)
		if j.Refused {
			w.t.Fatal("a push was refused")
		}
	}
}

// write lets a device write one change.
func (w *world) write(d *device, c record.Change) *record.Change {
	w.t.Helper()
	w.now += 1000
	c.Kind = record.KindEdit
	slices.SortFunc(c.Edits, func(x, y record.Edit) int { return strings.Compare(x.Path, y.Path) })
	w.must(d.mem.Atomically(func() error { _, err := d.pen.Write(d.mem, w.now, &c); return err }))
	d.log = append(d.log, &c)
	if c.Creates() {
		w.records = append(w.records, c.Dot)
	}
	return &c
}

// push sends changes as they come over the link.
func (w *world) push(cs ...*record.Change) {
	w.t.Helper()
	p := &protocol.Push{Epoch: w.hub.Epoch()}
	for _, c := range cs {
		x, err := record.Decode(c.Encoded())
		w.must(err)
		p.Items = append(p.Items, x)
	}
	w.apply(&hub.Job{Push: p})
}

// add writes a record in the current version of a form and pushes it. Values are given as path, value, path, value.
func (w *world) add(d *device, feed, formID string, pairs ...string) record.Dot {
	w.t.Helper()
	c := w.write(d, w.record(feed, formID, pairs...))
	w.push(c)
	return c.Dot
}

func (w *world) record(feed, formID string, pairs ...string) record.Change {
	c := record.Change{Officer: "an", Form: record.FormRef{ID: formID, Version: 9}, Edits: []record.Edit{{Path: record.PathFeed, Value: feed}}}
	if f, ok := w.forms.Current(formID); ok {
		c.Form = f.Ref
	}
	c.Edits = append(c.Edits, edits(pairs)...)
	return c
}

func edits(pairs []string) (all []record.Edit) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, record.Edit{Path: pairs[i], Value: pairs[i+1]})
	}
	return all
}

// seen folds a record from what the centre holds.
func (w *world) seen(rec record.Dot) (v *record.View) {
	w.t.Helper()
	w.must(w.store.View(ctx, func(tx hub.Tx) (err error) { v, err = ledger.ViewOf(tx, rec); return err }))
	return v
}

// edit writes an edit of what the centre holds, as by somebody who has seen it, and pushes it.
func (w *world) edit(d *device, rec record.Dot, pairs ...string) *record.Change {
	w.t.Helper()
	v := w.seen(rec)
	c := record.Change{Officer: "bình", Form: v.Form, Record: rec, Edits: edits(pairs)}
	for i := range c.Edits {
		e := &c.Edits[i]
		e.Replaces = v.Dots(e.Path)
		if e.Path == record.PathLife {
			e.Seen = v.Live("")
		}
	}
	x := w.write(d, c)
	w.push(x)
	return x
}

func (w *world) staff(f func(a *hub.Act) error) {
	w.t.Helper()
	w.now += 1000
	w.must(w.hub.Staff(ctx, f))
}

// review lets the centre say something of a record as it is now.
func (w *world) review(rec record.Dot, state string) {
	w.t.Helper()
	v := w.seen(rec)
	w.staff(func(a *hub.Act) error {
		_, err := a.Author(hub.Writing{Record: rec, Form: v.Form, Officer: "chi", Saw: v, Values: map[string]string{record.PathReview: state}})
		return err
	})
}

// publish publishes a version of a form of this test: each asks one question more.
func (w *world) publish() {
	w.t.Helper()
	w.published++
	w.staff(func(a *hub.Act) error {
		payload, err := testForm(w.published).Pack()
		if err != nil {
			return err
		}
		return a.Publish(record.TopicForm+"giếng", payload)
	})
}

// testForm is a form with a number, a sealed question, a repeat, and further questions by its version. In odd versions the
// number is whole.
func testForm(version int) *form.Publication {
	var nodes, binds, body strings.Builder
	question := func(path, kind, seal string) {
		fmt.Fprintf(&binds, `<bind nodeset="/data/%s" type="%s" %s/>`, path, kind, seal)
	}
	for i := range version {
		fmt.Fprintf(&nodes, "<Q%d/>", i)
		question(fmt.Sprint("Q", i), "string", "")
		fmt.Fprintf(&body, `<input ref="/data/Q%d"><label>Q%d</label></input>`, i, i)
	}
	kind := "int"
	if version%2 == 0 {
		kind = "decimal"
	}
	question("ngay", "date", "")
	question("sau", kind, "")
	question("ai", "string", `bl:sealed_to="unit"`)
	question("mau/ten", "string", "")
	question("mau/RoW", "int", "")
	xml := fmt.Sprintf(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:bl="urn:banlang:form">
<h:head><h:title>Giếng %d</h:title><model><instance><data id="giếng" version="%d" bl:event_date="ngay" bl:compartment="ordinary">
<ngay/><sau/><ai/><mau><ten/><RoW/></mau>%s<tong/></data></instance>%s<bind nodeset="/data/tong" type="int" calculate="sum(/data/mau/RoW)"/></model></h:head>
<h:body><input ref="/data/ngay"><label>Ngày</label></input><input ref="/data/sau"><label>Sâu</label></input><input ref="/data/ai"><label>Ai</label></input>
<group ref="/data/mau"><label>Mẫu</label><repeat nodeset="/data/mau"><input ref="/data/mau/ten"><label>Tên</label></input><input ref="/data/mau/RoW"><label>Số</label></input></repeat></group>
%s</h:body></h:html>`, version, version, nodes.String(), binds.String(), body.String())
	return &form.Publication{ID: "giếng", Version: fmt.Sprint(version), Title: form.Text{VI: fmt.Sprint("Giếng ", version)}, Compartment: "ordinary", XML: xml}
}

// run keeps the tables up until the test is over.
func (w *world) run() {
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = w.views.Run(running)
	}()
	w.t.Cleanup(func() { stop(); <-done })
}

// end is the last place of the log.
func (w *world) end() (end ledger.Pos) {
	w.t.Helper()
	w.must(w.store.View(ctx, func(tx hub.Tx) (err error) { end, err = tx.End(); return err }))
	return end
}

// everybody sees everything of these units.
var everybody = projection.Scope{Units: []string{"U1", "U2", "U3"}, Own: "U1"}
