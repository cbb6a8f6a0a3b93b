package hub

import (
	"fmt"
	"testing"
	"time"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// addressed is a record of the centre's own, for several units.
func (o *office) addressed(text string, to ...record.Feed) (rec record.Dot) {
	o.t.Helper()
	w := Writing{Form: record.FormRef{ID: "f", Version: 1}, Officer: "staff", Feeds: map[string]record.Feed{record.PathFeed: "C/ordinary"},
		Values: map[string]string{"a": text, "tasks/+1/x": "một", "tasks/+2/x": "hai"}}
	for _, f := range to {
		w.Feeds[record.FeedPath(f.Unit())] = f
	}
	o.staff(func(a *Act) (err error) { rec, err = a.Author(w); return err })
	return rec
}

// TestAddressedToSeveral: one record, one place of the log, listed for the feeds of all units that it is addressed to; a
// unit that is added gets it whole, one that it is withdrawn from hears that and no value.
func TestAddressedToSeveral(t *testing.T) {
	o := newOffice(t)
	issuer, first, second, third := o.machine("C/ordinary"), o.machine(u1), o.machine(u2), o.machine(u3)
	rec := o.addressed("kế hoạch", u1, u2)
	for _, m := range []*machine{issuer, first, second, third} {
		m.read()
	}
	for name, m := range map[string]*machine{"the issuer": issuer, "the first": first, "the second": second} {
		if !m.holds(rec) {
			t.Errorf("%s shows it otherwise than the centre", name)
		}
	}
	names(t, "who it is not addressed to", third.got(), "1-4")
	o.staff(func(a *Act) error {
		v, err := ledger.ViewOf(a.Tx(), rec)
		if err != nil {
			return err
		}
		_, err = a.Author(Writing{Record: rec, Form: v.Form, Officer: "staff", Saw: v, Values: map[string]string{"a": "kế hoạch, sửa"},
			Feeds: map[string]record.Feed{record.FeedPath("U1"): "", record.FeedPath("U3"): u3}})
		return err
	})
	for _, m := range []*machine{issuer, first, second, third} {
		m.read()
	}
	names(t, "who it was withdrawn from", first.got(), "1-5?", "1-6?")
	for _, m := range []*machine{issuer, second, third} {
		if !m.holds(rec) {
			t.Errorf("machine %d shows it otherwise than the centre", m.replica)
		}
	}
	if v := o.view(rec); fmt.Sprint(v.Feeds) != "[C/ordinary U2/ordinary U3/ordinary]" || v.Text("a") != "kế hoạch, sửa" || len(v.Conflicts()) > 0 {
		t.Errorf("the record is in %v, says %q, conflicts %v", v.Feeds, v.Text("a"), v.Conflicts())
	}
	o.sound()
}

// TestTheCentresWord: units do not write into what the centre addressed to them; staff may let it stand. What a device
// addressed, others may edit; an edit of a stranger is for staff to look at.
func TestTheCentresWord(t *testing.T) {
	o := newOffice(t)
	first, second, stranger := o.machine(u1), o.machine(u2), o.machine(u3)
	rec := o.addressed("kế hoạch", u1, u2)
	first.read()
	edit := first.edited(rec, "a", "kế hoạch khác")
	first.push(edit, first.edited(rec, record.PathLife, record.LifeDeleted))
	if rs := o.reasons(rec); len(rs) != 2 || rs[0] != ReasonAddressed || rs[1] != ReasonAddressed || o.view(rec).Text("a") != "kế hoạch" {
		t.Errorf("a unit altered a directive: %v, %q", rs, o.view(rec).Text("a"))
	}
	second.read()
	if !second.holds(rec) {
		t.Error("the other unit shows it otherwise than the centre")
	}
	o.staff(func(a *Act) error { return a.Release(edit.Dot) })
	if got := o.view(rec).Text("a"); got != "kế hoạch khác" {
		t.Errorf("released, it says %q", got)
	}

	own := first.write(record.Change{Edits: []record.Edit{{Path: record.PathFeed, Value: string(u1)}, {Path: "a", Value: "của xã"}, {Path: record.FeedPath("U2"), Value: string(u2)}}})
	first.push(own)
	second.read()
	second.push(second.edited(own.Dot, "a", "cùng làm"))
	if o.waits() != 0 || o.view(own.Dot).Text("a") != "cùng làm" {
		t.Errorf("%d changes wait; it says %q", o.waits(), o.view(own.Dot).Text("a"))
	}
	stranger.push(stranger.write(record.Change{Record: own.Dot, Edits: []record.Edit{{Path: "b", Value: "x"}}}))
	if o.waits() != 1 {
		t.Errorf("what a stranger wrote stands without being looked at")
	}
	first.push(first.write(record.Change{Record: own.Dot, Edits: []record.Edit{{Path: record.FeedPath("U9"), Value: "*"}}}))
	if rs := o.reasons(own.Dot); len(rs) != 1 || rs[0] != ReasonNoFeed {
		t.Errorf("addressed to what is no feed: %v", rs)
	}
	o.sound()
}

// TestDelivered: the centre says that a machine holds a record when the machine has said so, and not before; a restart
// knows what greetings have shown; another history knows nothing.
func TestDelivered(t *testing.T) {
	o := newOffice(t)
	first, second := o.machine(u1), o.machine(u2)
	rec := o.addressed("kế hoạch", u1, u2)
	known := func(m *machine, f record.Feed) (yes bool) {
		t.Helper()
		err := o.store.View(ctx, func(tx Tx) (err error) { yes, err = o.hub.Delivered(tx, m.replica, rec, f); return err })
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	first.welcomed(nil)
	first.read()
	if known(first, u1) || known(second, u2) {
		t.Error("known before anybody said so")
	}
	first.welcomed(nil) // shows the cursor
	if !known(first, u1) || known(first, u2) || known(second, u2) {
		t.Error("what a greeting showed is not known, or too much is")
	}
	o.open()
	if !known(first, u1) {
		t.Error("forgotten over a restart")
	}
	o.staff(func(a *Act) error { return a.NewEpoch() })
	if known(first, u1) {
		t.Error("a new history of the log takes the word of the old one")
	}
}

// TestStamps: a record that arrives gets the centre's time, once; when a centre that was set back has given it another one,
// the earlier counts.
func TestStamps(t *testing.T) {
	o := newOffice(t)
	stamps := func(_ record.FormRef, at time.Time) map[string]string {
		return map[string]string{"came": at.Format(time.RFC3339Nano)}
	}
	o.hub.o.Stamps = stamps
	an, ba := o.machine(u1), o.machine(u1)
	rec := an.made(u1, "báo cáo nhanh")
	before := o.store.Clone()
	an.push(rec)
	stamp := o.view(rec.Dot).Text("came")
	if stamp == "" {
		t.Fatal("no stamp")
	}
	an.push(rec, an.edited(rec.Dot, "a", "diễn biến"))
	ba.read()
	if v := o.view(rec.Dot); len(v.Field("came")) != 1 || v.Text("came") != stamp || !ba.holds(rec.Dot) {
		t.Errorf("stamped again: %v", v.Field("came"))
	}
	bad := an.made(u1, "BAD")
	an.push(bad)
	if v := o.view(bad.Dot); v.Text("came") != "" {
		t.Errorf("what was rejected is stamped %q", v.Text("came"))
	}

	var held []*record.Change // by Ba, the centre's stamp among it
	for _, p := range ba.pages {
		held = append(held, p.Items...)
	}
	o.store = before
	o.open()
	o.hub.o.Stamps = stamps
	o.staff(func(a *Act) error { return a.NewEpoch() })
	an.push(rec)
	if again := o.view(rec.Dot).Text("came"); again <= stamp {
		t.Fatalf("the centre that was set back stamps %q, before %q", again, stamp)
	}
	ba.push(held...)
	if v := o.view(rec.Dot); len(v.Field("came")) != 1 || v.Text("came") != stamp {
		t.Errorf("the first stamp does not count: %v", v.Field("came"))
	}
	o.sound()
}
