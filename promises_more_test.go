package banlang_test

import (
	"context"
	"slices"
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Further chapters of the stories: what broke once in a prototype, or would break when one rule were left out.

// rollback puts the centre back to a backup; announced says whether whoever did it said so.
func (w *world) rollback(backup *hub.Memory, announced bool) {
	w.centre.store = backup.Clone()
	clear(w.told)
	w.centre.open()
	if announced {
		if err := w.centre.hub.Staff(ctx, (*hub.Act).NewEpoch); err != nil {
			panic(err)
		}
		w.centre.note(nil)
	}
}

// everybody lets all machines say and hear everything, twice around.
func (w *world) everybody() {
	for range 2 {
		for _, d := range w.devices {
			w.online(d)
		}
	}
}

func (w *world) grant(d *device, feeds ...record.Feed) {
	if err := w.centre.hub.Staff(ctx, func(a *hub.Act) error { return a.Grant(d.replica, feeds, false) }); err != nil {
		panic(err)
	}
	w.centre.note(nil)
}

// The author's laptop was stolen, then the centre was set back to a backup: a colleague still has the record, and gives it.
func TestPromise01AColleagueGivesBackWhatTheCentreLost(t *testing.T) {
	w := village(t, 2)
	backup := w.centre.store.Clone()
	author, colleague := w.devices[0], w.devices[1]
	rec := author.create("chỉ còn ở máy đồng nghiệp")
	w.everybody()
	w.devices = w.devices[1:]
	w.rollback(backup, true)
	w.online(colleague)
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		if visible(tx, nil)[rec] == nil {
			t.Error("the centre does not have it again")
		}
		return nil
	})
}

// An urgent report, number 4, overtakes 2 and 3, and the link dies: the centre holds 4, and gives no receipt beyond what
// it has without a gap.
func TestPromise03NoReceiptOverAGap(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	d.create("một")
	w.online(d)
	d.create("hai")
	d.create("ba")
	urgent := notebook.Entry{Form: w.form(d), Feed: "U1/ordinary", Urgent: true, Values: map[string]string{"a": "báo gấp"}}
	if _, err := d.nb.Save(ctx, urgent); err != nil {
		t.Fatal(err)
	}
	d.learn(nil, false, true)
	d.connect()
	s := d.session
	for range 4 { // the greeting, and the first push: then the link dies behind what the centre says
		s.clientSends()
		s.hubReceives()
		s.hubCommits()
		for s.hubSends() {
		}
		if len(s.jobs) == 0 && d.reached(record.Dot{Run: d.last().Run, N: 4}) {
			break
		}
		for s.clientReceives() {
		}
	}
	for s.clientReceives() {
	}
	if !d.reached(record.Dot{Run: d.last().Run, N: 4}) || d.reached(record.Dot{Run: d.last().Run, N: 2}) {
		t.Fatal("the urgent one did not go first")
	}
	if st := d.status(); st.AtCentre != 1 || st.Alarms != 0 {
		t.Errorf("a receipt for %d, with a gap before it; %d alarms", st.AtCentre, st.Alarms)
	}
	w.online(d)
	if st := d.status(); st.AtCentre != 4 {
		t.Errorf("at the centre %d of 4", st.AtCentre)
	}
}

// reached reports whether the centre holds a change.
func (d *device) reached(dot record.Dot) (held bool) {
	d.w.centre.store.View(ctx, func(tx hub.Tx) error { p, err := tx.Find(dot); held = p != 0; return err })
	return held
}

// A draft is open while a colleague's answer arrives: finalizing replaces what was on the screen, and the answer stands
// beside it.
func TestPromise07AnEditReplacesWhatWasOnTheScreen(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	rec := a.create("gốc")
	w.everybody()
	b.edit(b.look(rec), "a", "đang gõ dở")
	draft, shown := b.screen, b.shown
	a.change(rec, "a", "đến trong lúc gõ")
	w.online(a)
	b.drop()
	w.online(b)
	b.screen, b.shown = draft, shown
	b.finalize()
	equal(t, "both stand", texts(b.look(rec).Field("a")), []string{"đang gõ dở", "đến trong lúc gõ"})
}

// One officer's edit is rejected after a colleague has read and replaced it: what it had replaced does not come back.
func TestPromise07ARejectedEditBringsNothingBack(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	rec := a.create("gốc")
	bad := a.change(rec, "a", "BAD")
	w.centre.form = 0 // the centre cannot judge yet
	w.everybody()
	b.change(rec, "a", "đã đọc, rồi sửa")
	w.everybody()
	w.centre.form = 1
	w.centre.open()
	w.everybody()
	v := a.look(rec)
	equal(t, "after the verdict", texts(v.Field("a")), []string{"đã đọc, rồi sửa"})
	if len(v.Rejected) != 0 {
		t.Errorf("the officer is asked for what his colleague has put right: %v", v.Rejected)
	}
	var whole *record.View
	err := a.store.View(ctx, func(tx notebook.Tx) (err error) { whole, err = ledger.ViewOf(tx, rec); return err })
	if err != nil || len(whole.Rejected) != 1 || whole.Rejected[0].Target != bad {
		t.Errorf("rejected: %v, %v", whole.Rejected, err)
	}
}

// Not only the author, also the colleague who sees the record hears that a change of it was rejected.
func TestPromise08TheColleagueHearsOfTheVerdict(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	rec := a.create("gốc")
	a.change(rec, "a", "BAD")
	w.everybody()
	if v := b.look(rec); len(v.Rejected) != 1 || v.Text("a") != "gốc" {
		t.Errorf("the colleague sees %q, and %d verdicts", v.Text("a"), len(v.Rejected))
	}
}

// A record whose very creation was rejected is put right by a record in its place: that one counts for everybody, the old one asks
// for nobody and is kept, and the two never count both, also when staff accept the old one after all.
func TestPromise08ARejectedCreationGoesOutAnew(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	a.save(notebook.Entry{Form: w.form(a), Feed: "U1/ordinary", Officer: a.name, Values: map[string]string{"a": "BAD", "b": "đường khó đi"}}, true)
	rec := a.last()
	w.everybody()
	old := a.look(rec)
	if len(old.Rejected) != 1 || old.Text("a") != "BAD" || b.look(rec).Created {
		t.Fatalf("rejected: %+v", old)
	}
	a.save(notebook.Entry{Instead: rec, Covers: old.Live(""), Form: old.Form, Feed: "U1/ordinary", Officer: a.name,
		Values: map[string]string{"a": "tốt", "b": old.Text("b")}}, false)
	by := a.look(rec).Anew()
	_, err := a.nb.Save(ctx, notebook.Entry{Instead: rec, Covers: old.Live(""), Form: old.Form, Feed: "U1/ordinary", Officer: "another", Values: map[string]string{"a": "tốt"}})
	if fault.CodeOf(err) != fault.WrittenAnew {
		t.Errorf("another officer at this machine writes it anew too: %v", err)
	}
	w.everybody()
	shown := func(when string, d *device) {
		t.Helper()
		if v := d.look(by); v.Text("a") != "tốt" || v.Text("b") != "đường khó đi" || v.Instead() != rec {
			t.Errorf("%s, %s sees %+v", when, d.name, v)
		}
		there := d.visible()
		if v := there[rec]; v != nil && !v.Hidden {
			t.Errorf("%s, %s counts the old record too", when, d.name)
		}
		if v := there[by]; v == nil || v.Hidden {
			t.Errorf("%s, %s does not count the new record", when, d.name)
		}
	}
	shown("written anew", a)
	shown("written anew", b)
	if v := a.look(rec); len(v.Rejected) != 0 || v.Text("a") != "BAD" {
		t.Errorf("the old record: %+v", v)
	}
	if st := a.status(); st.AtCentre != st.Saved || st.Saved != 3 {
		t.Errorf("%d of %d are at the centre", st.AtCentre, st.Saved)
	}
	if err := w.centre.hub.Staff(ctx, func(x *hub.Act) error { return x.Release(rec) }); err != nil {
		t.Fatal(err)
	}
	w.centre.note(nil)
	w.everybody()
	if v := b.look(rec); !v.Created || len(v.Rejected) != 0 {
		t.Fatalf("it is not accepted: %+v", v)
	}
	shown("accepted after all", a)
	shown("accepted after all", b)
}

// dying is a store that dies at its n-th transaction.
type dying struct {
	notebook.Store
	left int
}

func (s *dying) Update(ctx context.Context, f func(notebook.Tx) error) error {
	if s.left--; s.left < 0 {
		return errCrash
	}
	return s.Store.Update(ctx, f)
}

func (s *dying) UpdateSoon(ctx context.Context, f func(notebook.Tx) error) error {
	if s.left--; s.left < 0 {
		return errCrash
	}
	return s.Store.UpdateSoon(ctx, f)
}

// The notebook's disk dies at the first, the second, the third … transaction of a session: nothing is skipped.
func TestPromise10TheDiskDiesInTheMiddleOfAPage(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	for n := range 8 {
		rec := a.create("bản ghi")
		w.online(a)
		b.open()
		b.faulty.Store = &dying{b.store, n}
		w.quiet(b)
		b.open()
		w.online(b)
		if b.visible()[rec] == nil {
			t.Fatalf("dead at transaction %d: the record is skipped", n+1)
		}
	}
}

// The centre is restored, with a word or without: whoever reads gets what the log has now, not from where it read to.
func TestPromise10ARestoredCentreIsReadAnew(t *testing.T) {
	for _, announced := range []bool{true, false} {
		w := village(t, 3)
		a, b, c := w.devices[0], w.devices[1], w.devices[2]
		w.everybody()
		backup := w.centre.store.Clone()
		a.create("một")
		a.create("hai")
		w.everybody()
		w.rollback(backup, announced)
		late := c.create("viết sau khi trung tâm được khôi phục")
		w.online(c)
		w.everybody()
		if b.visible()[late] == nil || len(b.visible()) != 3 {
			t.Errorf("announced %v: a colleague sees %d records of 3", announced, len(b.visible()))
		}
	}
}

// A unit is taken away and given again: what was written in between is not skipped.
func TestPromise10AUnitGivenAgainIsReadAnew(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	a.create("trước")
	w.everybody()
	w.grant(b, "U2/ordinary")
	w.everybody()
	moved := a.create("trong lúc đó")
	w.online(a)
	w.online(b)
	w.grant(b, "U1/ordinary")
	w.everybody()
	if b.visible()[moved] == nil {
		t.Error("what was written in between is skipped")
	}
}

// A record is erased by law; weeks later a laptop comes online with an edit of it: that is erased, too, here and there.
func TestErasureStands(t *testing.T) {
	w := village(t, 2)
	a, late := w.devices[0], w.devices[1]
	rec := a.create("Giàng A Páo, xin được xóa tên")
	w.everybody()
	late.change(rec, "b", "viết lúc không có mạng")
	err := w.centre.hub.Staff(ctx, func(x *hub.Act) error { return x.Erase(rec) })
	if err != nil {
		t.Fatal(err)
	}
	w.ledger = append(w.ledger, rec)
	w.centre.note(nil)
	w.everybody()
	for _, d := range w.devices {
		for _, c := range d.about(rec) {
			if c.Kind == record.KindEdit && c.Body != record.BodyErased {
				t.Errorf("%s still holds the values of %s", d.name, c.Dot)
			}
		}
	}
}

func (d *device) about(rec record.Dot) (cs []*record.Change) {
	d.store.View(ctx, func(tx notebook.Tx) (err error) { cs, err = ledger.About(tx, rec); return err })
	return slices.Clone(cs)
}

// A form is published while a laptop is away for weeks: it comes with the next contact, whatever units the officer has,
// and what he wrote in a version that the centre did not know is judged once it is published there.
func TestAPublicationReachesEverybody(t *testing.T) {
	w := village(t, 2)
	a, late := w.devices[0], w.devices[1]
	early, err := a.nb.Save(ctx, notebook.Entry{Form: record.FormRef{ID: "f", Version: 2}, Feed: "U1/ordinary", Officer: a.name, Values: map[string]string{"a": "BAD"}})
	if err != nil {
		t.Fatal(err)
	}
	a.learn(nil, true, true)
	w.online(a)
	if v := a.look(early[0]); len(v.Rejected) != 0 {
		t.Error("judged by a form that nobody has published")
	}
	if err := w.centre.hub.Staff(ctx, func(x *hub.Act) error { return x.Publish("form/f", []byte{2}) }); err != nil {
		t.Fatal(err)
	}
	w.centre.note(nil)
	w.everybody()
	if v := a.look(early[0]); len(v.Rejected) != 1 {
		t.Error("what waited for its form is not judged")
	}
	for _, d := range []*device{a, late} {
		if published, err := d.nb.Publications(ctx); err != nil || len(published) != 1 {
			t.Errorf("%s holds %v, %v", d.name, published, err)
		}
	}
}
