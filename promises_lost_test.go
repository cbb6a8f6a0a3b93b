package banlang_test

import (
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/units"
	"banlang/syncserver/hub"
)

// Stories of what staff decide about records and machines: reviews, lost laptops, devices that are cut off, units, erasures.

// staffed lets the centre do something.
func (w *world) staffed(f func(a *hub.Act) error) {
	if err := w.centre.hub.Staff(ctx, f); err != nil {
		panic(err)
	}
	w.centre.note(nil)
}

// loads is what staff see of a record now.
func (w *world) loads(rec record.Dot) (p *page) {
	w.centre.store.View(ctx, func(tx hub.Tx) (err error) { p, err = w.load(tx, rec); return err })
	return p
}

// approves lets staff approve of what is on a page.
func (w *world) approves(p *page) {
	w.looked = saysOf(p.live)
	err := w.centre.hub.Staff(ctx, func(a *hub.Act) error {
		_, err := a.Author(hub.Writing{Record: p.view.ID, Form: p.view.Form, Officer: "staff", Saw: p.view,
			Values: map[string]string{record.PathReview: record.ReviewApproved}})
		return err
	})
	if err != nil {
		panic(err)
	}
	w.centre.note(map[string][]record.Dot{record.PathReview: p.live[record.PathReview]})
}

// An approval holds for what was on the page: not for what arrived while it was open, and not for what is written later;
// and no machine approves of its own work.
func TestAnApprovalHoldsForWhatWasOnThePage(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	rec := a.create("ba người")
	w.everybody()
	stands := func(when, state, over string) {
		t.Helper()
		w.everybody()
		for _, d := range w.devices {
			if r := d.look(rec).Review(); r.State != state || r.Over != over {
				t.Errorf("%s: %s has it as %q, and it was %q", when, d.name, r.State, r.Over)
			}
		}
	}
	b.claims(rec)
	stands("a machine approves of its own work", "", "")
	w.approves(w.loads(rec))
	stands("all of it was seen", record.ReviewApproved, "")
	b.change(rec, "b", "viết trong lúc đó")
	stands("somebody went on writing", "", record.ReviewApproved)
	old := w.loads(rec)
	a.change(rec, "a", "bốn người")
	w.everybody()
	w.approves(old)
	stands("approved over a page of this morning", "", record.ReviewApproved)
	w.grant(b, "U1/ordinary", "U2/ordinary")
	now := w.loads(rec)
	a.save(notebook.Entry{Record: rec, Form: a.look(rec).Form, Officer: a.name, Feed: "U2/ordinary", Saw: map[string][]record.Dot{record.PathFeed: a.look(rec).Dots(record.PathFeed)}}, false)
	w.approves(now)
	w.everybody()
	if r := b.look(rec).Review(); r.State != record.ReviewApproved {
		t.Errorf("moved meanwhile, and not altered: %q, was %q", r.State, r.Over)
	}
}

// claims writes a review on a machine that was tampered with.
func (d *device) claims(rec record.Dot) {
	v := d.look(rec)
	pen := ledger.Pen{Replica: d.replica, Random: d.w.random()}
	err := d.store.Update(ctx, func(tx notebook.Tx) error {
		_, err := pen.Write(tx, 1, &record.Change{Kind: record.KindEdit, Record: rec, Form: v.Form, Officer: d.name,
			Edits: []record.Edit{{Path: record.PathReview, Value: record.ReviewApproved, Seen: v.Live("")}}})
		return err
	})
	if err != nil {
		panic(err)
	}
	d.learn(nil, false, true)
	d.open()
}

// reported lets staff report a machine lost, or found.
func (w *world) reported(d *device, lost bool) {
	w.staffed(func(a *hub.Act) error { return w.order(a, d, lost) })
}

// A lost machine sends what it has before its keys go, and leaves the key with the centre; one that is found in time keeps
// its keys.
func TestALostMachineIsWipedWhenNothingGoesWithIt(t *testing.T) {
	w := village(t, 2)
	lost, found := w.devices[0], w.devices[1]
	for _, d := range w.devices {
		d.seal()
		w.online(d)
	}
	w.reported(lost, true)
	w.reported(found, true)
	for _, d := range w.devices { // they hear of it, and what they write then has not been sent
		d.create("trước")
		d.connect()
		for !d.nb.Lost() && w.step(d.session) {
		}
		d.drop()
	}
	lost.connect()
	for !lost.session.client.Progress().Welcomed && w.step(lost.session) {
	}
	rec := lost.create("viết sau đó")
	lost.session.client.Wake()
	if _, err := lost.nb.SaveDraft(ctx, notebook.Draft{Form: w.form(lost), Officer: lost.name, Values: map[string]string{"a": "đang gõ dở"}}); err != nil {
		t.Fatal(err)
	}
	found.create("viết sau đó")
	found.connect()
	for !found.asksLeave() && w.step(found.session) {
	}
	w.reported(found, false)
	found.rest()
	w.online(found)
	if found.nb.Wiped() || found.nb.Lost() {
		t.Error("a machine that was found is wiped, or still lost")
	}
	lost.rest()
	w.online(lost)
	if !lost.keys.gone || !lost.nb.Wiped() || !lost.reached(rec) {
		t.Errorf("destroyed %v, and the centre has what it wrote last: %v", lost.keys.gone, lost.reached(rec))
	}
	if !w.escrowed(lost) {
		t.Error("nobody can read the draft on it any more")
	}
	w.unlock()
	w.everybody()
	if drafts, err := lost.nb.Drafts(ctx); err != nil || len(drafts) != 1 || len(w.wiped) != 0 {
		t.Errorf("opened with the key that the centre kept: %v, %v", drafts, err)
	}
}

// rest lets the session that is open go on to its end.
func (d *device) rest() {
	for d.session != nil && d.w.step(d.session) {
	}
}

// asksLeave reports whether the machine has asked to destroy its keys, and was not answered.
func (d *device) asksLeave() (so bool) {
	for _, j := range d.session.jobs {
		so = so || j.Wiping != nil
	}
	return so
}

// A machine that was cut off still sends, and what it sends is held for staff; what came before stands, also what waited
// for its form at that moment.
func TestACutOffMachineLosesNothing(t *testing.T) {
	w := village(t, 2)
	d := w.devices[0]
	w.centre.form = 0 // the centre cannot judge yet
	w.centre.open()
	before := d.create("trước")
	w.online(d)
	w.cut[d.replica] = true
	w.staffed(func(a *hub.Act) error { return a.Grant(d.replica, nil, true) })
	after := d.create("sau")
	w.online(d)
	if !d.reached(after) {
		t.Fatal("what it wrote after it was cut off is not let in")
	}
	w.centre.form = 1
	w.centre.open()
	w.centre.note(nil)
	views := map[record.Dot]*record.View{}
	look := func() {
		w.centre.store.View(ctx, func(tx hub.Tx) error { views = visible(tx, nil); return nil })
	}
	if look(); views[before] == nil || views[after] != nil {
		t.Errorf("what came before stands %v, what came after %v", views[before] != nil, views[after] != nil)
	}
	w.staffed(func(a *hub.Act) error { return a.Release(after) })
	if look(); views[after] == nil {
		t.Error("staff cannot release it")
	}
}

// A change of the tree costs little, and counts for the tree that it was made for; everybody sees the same.
func TestTheTreeOfUnitsIsOne(t *testing.T) {
	w := village(t, 2)
	publish := func(levels []units.Level, all ...units.Unit) {
		t.Helper()
		w.staffed(func(a *hub.Act) error {
			published, err := ledger.Publications(a.Tx())
			if err != nil {
				return err
			}
			now := map[string][]byte{}
			for topic, c := range record.Published(published) {
				now[topic] = c.Payload
			}
			topic, payload, err := units.New(levels, all).Publish(now)
			if err != nil {
				return err
			}
			x := tree{levels: levels, units: all}
			if topic == units.TopicAmended {
				x.base = now[units.Topic]
			}
			w.trees[topic+string(payload)] = x
			return a.Publish(topic, payload)
		})
		w.everybody()
		w.checkTree()
		for _, b := range w.broken {
			t.Fatal(b)
		}
	}
	one, two := units.Unit{Code: "U1", Name: "Một", Level: "commune"}, units.Unit{Code: "U1", Name: "Hai", Level: "commune"}
	three := units.Unit{Code: "U1", Name: "Ba", Level: "commune"}
	publish(units.Usual, one)
	publish(units.Usual, two)
	publish(units.Usual[1:], three) // other levels: the whole tree
	publish(units.Usual[1:], one)
}

// What the law has erased is erased on the machine of somebody who reads the record no longer; of one answer, what was
// written with it goes, and nothing else.
func TestErasureReachesWhoReadsNoMore(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	rec := a.create("Giàng A Páo")
	noted := a.change(rec, "b", "xin được xóa câu này")
	w.everybody()
	w.grant(b, "U2/ordinary")
	w.everybody()
	w.answers = append(w.answers, answer{rec, "b"})
	w.staffed(w.eraseAgain)
	w.everybody()
	for _, d := range w.devices {
		for _, c := range d.about(rec) {
			if c.Dot == noted && c.Body == record.BodyHere {
				t.Errorf("%s still holds the answer", d.name)
			}
		}
	}
	if v := a.look(rec); v.Text("a") != "Giàng A Páo" {
		t.Errorf("another answer went, too: %q", v.Text("a"))
	}
}
