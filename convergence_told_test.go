package banlang_test

import (
	"fmt"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/units"
	"banlang/syncserver/hub"
)

// What the centre tells everybody in the world of the simulation: the tree of units, whole and as what has changed since,
// and the erasure of single answers.

// tree is what staff had before them when they applied a change of the tree: the ghost of a publication.
type tree struct {
	levels []units.Level
	units  []units.Unit
	base   []byte // the payload of the whole tree that it amends; nil: it is whole
}

// plant lets staff alter the tree of units, a few times.
func (w *world) plant(a *hub.Act) error {
	for range 2 + w.pick(3) {
		if err := w.publishTree(a); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) publishTree(a *hub.Act) error {
	published, err := ledger.Publications(a.Tx())
	if err != nil {
		return err
	}
	t := w.treeOf(published)
	if len(t.units) == 0 {
		t.levels = slices.Clone(units.Usual)
		for _, code := range []string{"VN", "U1", "U2", "U3"} {
			t.units = append(t.units, units.Unit{Code: code, Parent: "VN", Name: "Đơn vị " + code, Level: "commune"})
		}
	}
	w.names++
	t.levels, t.units = slices.Clone(t.levels), slices.Clone(t.units)
	switch u := &t.units[1+w.pick(len(t.units)-1)]; w.pick(5) {
	case 0, 4:
		u.Name = fmt.Sprint("Tên mới ", w.names)
		t.levels = append(t.levels, units.Level{ID: fmt.Sprint("level ", w.names), VI: "Cấp", EN: "Level"})
	case 1:
		t.units = append(t.units, units.Unit{Code: fmt.Sprint("V", w.names), Parent: "U1", Level: "village"})
	case 2:
		u.To, u.Into = "2027-01-01", []string{"U1"}
	default:
		u.Name = fmt.Sprint("Tên mới ", w.names)
	}
	now := map[string][]byte{}
	for topic, c := range record.Published(published) {
		now[topic] = c.Payload
	}
	topic, payload, err := units.New(t.levels, t.units).Publish(now)
	if err != nil {
		return err
	}
	t.base = nil
	w.happened("tree of units published")
	if topic == units.TopicAmended {
		w.happened("tree of units amended")
		t.base = now[units.Topic]
	}
	w.trees[topic+string(payload)] = t
	return a.Publish(topic, payload)
}

// treeOf works out which tree holds among publications, from what staff had before them.
func (w *world) treeOf(published []*record.Change) tree {
	whole, amended := latest(published, units.Topic), latest(published, units.TopicAmended)
	if amended != nil && whole != nil {
		if t := w.trees[amended.Topic+string(amended.Payload)]; slices.Equal(t.base, whole.Payload) {
			return t
		}
		w.happened("amendment of another tree")
	}
	if whole == nil {
		return tree{}
	}
	return w.trees[whole.Topic+string(whole.Payload)]
}

// latest is what holds of a topic: what nothing replaces, and of several the latest.
func latest(published []*record.Change, topic string) (now *record.Change) {
	for _, c := range published {
		replaced := slices.ContainsFunc(published, func(x *record.Change) bool { return slices.Contains(x.Replaces, c.Dot) })
		if c.Topic != topic || replaced {
			continue
		}
		if now == nil || c.Time > now.Time || c.Time == now.Time && c.Dot.Compare(now.Dot) > 0 {
			now = c
		}
	}
	return now
}

// Every machine has the tree of units that staff see.
func (w *world) checkTree() {
	var published []*record.Change
	w.centre.store.View(ctx, func(tx hub.Tx) (err error) { published, err = ledger.Publications(tx); return err })
	holds := w.treeOf(published)
	want := showTree(units.New(holds.levels, holds.units))
	same := func(name string, published []*record.Change) {
		t, err := units.Learn(published)
		if got := showTree(t); err != nil || got != want {
			w.breaks("units: %s has the tree\n %s\n and staff see\n %s (%v)", name, got, want, err)
		}
	}
	same("the centre", published)
	for _, d := range w.devices {
		mine, err := d.nb.Publications(ctx)
		if err != nil {
			panic(err)
		}
		same(d.name, mine)
	}
}

func showTree(t *units.Tree) string {
	if t == nil {
		t = &units.Tree{}
	}
	return fmt.Sprint(t.Levels(), t.All())
}

// answer is an answer of a record that was ordered to be erased.
type answer struct {
	rec  record.Dot
	path string
}

// eraseAnswer lets the centre order one answer to be destroyed; what was written with it goes, too.
func (w *world) eraseAnswer(a *hub.Act, rec record.Dot) error {
	v, err := ledger.ViewOf(a.Tx(), rec)
	if err != nil {
		return err
	}
	var paths []string
	for _, f := range v.Fields {
		if says(f.Path) || strings.HasPrefix(f.Path, "_note/") {
			paths = append(paths, f.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	w.answers = append(w.answers, answer{rec, one(w, paths)})
	w.happened("erasure of an answer")
	return w.eraseAgain(a)
}

// eraseAgain gives the orders of the ledger of erasures that the log does not hold.
func (w *world) eraseAgain(a *hub.Act) error {
	order := func(rec record.Dot, paths ...string) error {
		about, err := ledger.About(a.Tx(), rec)
		given := slices.ContainsFunc(about, func(x *record.Change) bool {
			return x.Kind == record.KindErase && x.Replica == record.Centre && slices.Equal(x.Paths, paths)
		})
		if given || err != nil {
			return err
		}
		return a.Erase(rec, paths...)
	}
	for _, rec := range w.ledger {
		if err := order(rec); err != nil {
			return err
		}
	}
	for _, x := range w.answers {
		if err := order(x.rec, x.path); err != nil {
			return err
		}
	}
	return nil
}

// erased reports whether somebody ordered the values of a change to be destroyed.
func (w *world) erased(c *record.Change) bool {
	return slices.Contains(w.ledger, c.RecordID()) || slices.ContainsFunc(w.answers, func(x answer) bool {
		return x.rec == c.RecordID() && c.Edit(x.path) != nil
	})
}

// Erasure: nobody holds a value that was ordered to be destroyed, also who does not read the record any more.
func (w *world) checkErased() {
	check := func(name string, tx ledger.Tx) {
		recs := slices.Clone(w.ledger)
		for _, x := range w.answers {
			recs = append(recs, x.rec)
		}
		slices.SortFunc(recs, record.Dot.Compare)
		for _, rec := range slices.Compact(recs) {
			about, _ := ledger.About(tx, rec)
			for _, c := range about {
				if c.Body == record.BodyHere && w.erased(c) {
					w.breaks("erasure: %s still holds the values of %s", name, c.Dot)
				}
			}
		}
	}
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error { check(d.name, tx); return nil })
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error { check("the centre", tx); return nil })
}
