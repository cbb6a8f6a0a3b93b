package frozen_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/clock"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/units"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/report/pivot"
)

// world is a centre of one province that judges by real forms, with a notebook for all its communes.
type world struct {
	testing.TB
	rng     *rand.Rand
	now     clock.WallMillis
	store   *hub.Memory
	hub     *hub.Hub
	forms   *form.Library
	views   *projection.Projection
	source  frozen.Source
	key     seal.ReplicaKey
	pen     ledger.Pen
	mem     *ledger.Memory
	log     []*record.Change
	records []record.Dot
	merged  bool
}

// chance is a source of bytes that the seed decides.
type chance struct{ *rand.Rand }

func (r chance) Read(b []byte) (int, error) {
	for i := 0; i < len(b); i += 8 {
		copy(b[i:], binary.LittleEndian.AppendUint64(nil, r.Uint64()))
	}
	return len(b), nil
}

func newWorld(t testing.TB, seed uint64) *world {
	t.Helper()
	w := &world{TB: t, rng: rand.New(rand.NewPCG(seed, 11)), now: 1_790_000_000_000 /* 21/09/2026 */, store: hub.NewMemory(), forms: form.Builtin(), mem: ledger.NewMemory()}
	key, err := seal.NewCentreKey(chance{w.rng})
	w.must(err)
	wall := func() clock.WallMillis { return w.now }
	w.hub, err = hub.Open(w.Context(), w.store, hub.Options{Key: key, Forms: judge.Forms{Library: w.forms}, Wall: wall, Random: chance{w.rng}})
	w.must(err)
	dir := memoryDir(t)
	w.views, err = projection.Open(w.Context(), projection.Options{Path: dir + "/views.db", Hub: w.hub, Forms: w.forms})
	w.must(err)
	t.Cleanup(func() { w.must(w.views.Close()) })
	w.source = frozen.Source{Hub: w.hub, Views: w.views, Scratch: dir + "/scratch", Wall: wall}
	w.publishTree()
	w.enter()
	return w
}

// memoryDir is a directory of the test's own, in memory where there is such.
func memoryDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "frozen")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// enter makes the notebook known to the centre.
func (w *world) enter() {
	w.Helper()
	var ticket string
	w.staff(func(a *hub.Act) error {
		x, code, err := a.Enter("máy", "C1", []record.Feed{"C1/ordinary", "C2/ordinary", "C3/ordinary", "C1/tips", "C2/tips"})
		w.pen, ticket = ledger.Pen{Replica: x.Replica, Random: chance{w.rng}}, code
		return err
	})
	var err error
	w.key, err = seal.NewReplicaKey(chance{w.rng})
	w.must(err)
	w.apply(&hub.Job{Binding: []byte("connection"), Hello: &protocol.Hello{VersionMin: 1, VersionMax: 1, Program: "test", Replica: w.pen.Replica,
		PublicKey: w.key.Public().String(), Code: ticket, Proof: w.key.Sign(seal.DomainHello, []byte("connection"))}})
}

func (w *world) apply(jobs ...*hub.Job) {
	w.Helper()
	w.hub.Apply(w.Context(), jobs)
	for _, j := range jobs {
		if w.must(j.Err); j.Refused {
			w.Fatal("a push was refused")
		}
	}
}

func (w *world) staff(f func(a *hub.Act) error) {
	w.Helper()
	w.now += 1000
	w.must(w.hub.Staff(w.Context(), f))
}

// tree is that of today.
func (w *world) tree() *units.View {
	w.Helper()
	var t *units.Tree
	w.must(w.store.View(w.Context(), func(tx hub.Tx) error {
		published, err := ledger.Publications(tx)
		if err == nil {
			t, err = units.Learn(published)
		}
		return err
	}))
	return t.At(w.now.Time().Format(time.DateOnly))
}

// publishTree publishes three communes in a province; of merged ones, the second is a part of the first.
func (w *world) publishTree() {
	w.Helper()
	all := []units.Unit{{Code: "P1", Level: "province", Name: "Tỉnh Sơn Lĩnh"}, {Code: "C1", Parent: "P1", Level: "commune", Name: "Xã Một"},
		{Code: "C2", Parent: "P1", Level: "commune", Name: "Xã Hai"}, {Code: "C3", Parent: "P1", Level: "commune", Name: "Xã Ba"}}
	if w.merged {
		all[1].Name, all[2].To, all[2].Into = "Xã Một Hai", "2026-01-01", []string{"C1"}
	}
	w.staff(func(a *hub.Act) error {
		payload, err := units.New(units.Usual, all).Pack()
		if err != nil {
			return err
		}
		return a.Publish(units.Topic, payload)
	})
}

// write has the notebook write a change; it is not at the centre yet.
func (w *world) write(c record.Change) *record.Change {
	w.Helper()
	w.now += 1000
	c.Kind, c.Officer = record.KindEdit, "an"
	slices.SortFunc(c.Edits, func(x, y record.Edit) int { return strings.Compare(x.Path, y.Path) })
	w.must(w.mem.Atomically(func() error { _, err := w.pen.Write(w.mem, w.now, &c); return err }))
	w.log = append(w.log, &c)
	if c.Creates() {
		w.records = append(w.records, c.Dot)
	}
	return &c
}

func (w *world) push(cs ...*record.Change) { w.Helper(); w.apply(w.pushed(cs...)) }

func (w *world) pushed(cs ...*record.Change) *hub.Job {
	return &hub.Job{Push: &protocol.Push{Epoch: w.hub.Epoch(), Items: cs}}
}

// record is a new one; pairs of a path and a value.
func (w *world) record(feed, formID string, pairs ...string) record.Change {
	f, _ := w.forms.Current(formID)
	c := record.Change{Form: f.Ref, Edits: []record.Edit{{Path: record.PathFeed, Value: feed}}}
	for i := 0; i < len(pairs); i += 2 {
		c.Edits = append(c.Edits, record.Edit{Path: pairs[i], Value: pairs[i+1]})
	}
	return c
}

// session is a record of an awareness session with so many people.
func (w *world) session(unit string, people int) record.Change {
	return w.record(unit+"/ordinary", "awareness_session", "occurred_on", w.pick("2026-08-12", "2026-08-30", "2026-07-01"), "method",
		w.pick("truc_tiep", "xe_loa"), "participants_total", fmt.Sprint(people), "note", "Bà con hỏi nhiều")
}

// any is a new record of one of three forms.
func (w *world) any() record.Change {
	unit := w.pick("C1", "C2", "C3")
	switch w.rng.IntN(5) {
	case 0:
		return w.record(w.pick("C1", "C2")+"/tips", "tip", "occurred_on", "2026-08-03", "channel", "hom_thu", "area", "suối", "assessed_value", w.pick("co_gia_tri", "khong"))
	case 1:
		return w.record(unit+"/ordinary", "weapon_handover", "occurred_on", "2026-08-09", "items/r1/kind", "gun_hunting", "items/r1/quantity", fmt.Sprint(1+w.rng.IntN(9)))
	}
	return w.session(unit, w.rng.IntN(90))
}

func (w *world) pick(texts ...string) string { return texts[w.rng.IntN(len(texts))] }

func (w *world) seen(rec record.Dot) (v *record.View) {
	w.Helper()
	w.must(w.store.View(w.Context(), func(tx hub.Tx) (err error) { v, err = ledger.ViewOf(tx, rec); return err }))
	return v
}

// edit edits what the centre holds of a record, as somebody who has seen it.
func (w *world) edit(rec record.Dot, path, value string) {
	w.Helper()
	v := w.seen(rec)
	e := record.Edit{Path: path, Value: value, Replaces: v.Dots(path)}
	if path == record.PathLife {
		e.Seen = v.Live("")
	}
	w.push(w.write(record.Change{Record: rec, Form: v.Form, Edits: []record.Edit{e}}))
}

func (w *world) review(rec record.Dot, state string) {
	w.Helper()
	v := w.seen(rec)
	w.staff(func(a *hub.Act) error {
		_, err := a.Author(hub.Writing{Record: rec, Form: v.Form, Officer: "chi", Saw: v, Values: map[string]string{record.PathReview: state}})
		return err
	})
}

// republish publishes a version of the form of sessions under which every record is read otherwise: what people wrote of their
// number counts no more.
func (w *world) republish() {
	w.Helper()
	w.staff(func(a *hub.Act) error {
		now, _ := w.forms.Current("awareness_session")
		for _, p := range w.forms.Menu() {
			if p.ID != "awareness_session" {
				continue
			}
			x := *p
			x.Version, x.XML = p.Version+"1", strings.Replace(p.XML, "</h:title>", " mới</h:title>", 1)
			if x.Ref() == now.Ref {
				return fmt.Errorf("the same version")
			}
			payload, err := x.Pack()
			if err != nil {
				return err
			}
			return a.Publish(record.TopicForm+p.ID, payload)
		}
		return fmt.Errorf("no such form")
	})
}

// asked is the report that these tests freeze.
func asked(only bool) frozen.Order {
	o := frozen.Order{Title: "Tháng 8/2026", Root: "P1", Period: report.Period{From: "2026-08-01", To: "2026-08-31"}, Kind: "month", Only: only}
	before := report.Period{From: "2026-07-01", To: "2026-07-31"}
	for _, id := range []string{"AW_SESSIONS", "AW_PARTICIPANTS", "AW_PLACES", "TIP_VALUABLE", "WPN_GUN", "STAFF_COVER"} {
		o.Tables = append(o.Tables, frozen.Layout{Indicator: id, Rows: pivot.Axis{By: pivot.ByUnit}}, frozen.Layout{Indicator: id, Period: before})
	}
	return o
}

// kept is a snapshot as a shelf gives it back.
type kept struct {
	*frozen.Snapshot
	frozen.Label
}

func (w *world) freeze(o frozen.Order) kept {
	w.Helper()
	s, err := frozen.Freeze(w.Context(), w.source, o)
	w.must(err)
	s.Number = 1
	return w.keep(s)
}

// keep encodes and reads a snapshot, as a shelf does.
func (w *world) keep(s *frozen.Snapshot) kept {
	w.Helper()
	encoded, err := s.Bytes()
	w.must(err)
	digest := frozen.Digest(encoded)
	back, err := frozen.Decode(encoded, digest)
	w.must(err)
	return kept{back, frozen.Label{Number: s.Number, Digest: digest}}
}

func (w *world) replay(k kept) *frozen.Outcome {
	w.Helper()
	o, err := frozen.Replay(w.Context(), w.source, k.Label, k.Snapshot, nil)
	w.must(err)
	return o
}

// run keeps the tables up until the test is over.
func (w *world) run() {
	running, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = w.views.Run(running)
	}()
	w.Cleanup(func() { stop(); <-done })
}
