package hub

import (
	"slices"
	"testing"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// learns is an office whose forms know a version once it is published.
func (o *office) learns(publications []*record.Change) {
	o.published = publications
	for _, c := range publications {
		o.known = max(o.known, uint64(c.Payload[0]))
	}
}

// TestAPublishedFormIsJudgedBy: what waited for a form is judged in the same transaction as the form comes into force,
// and again after a restart; everybody is told, whatever they may read otherwise.
func TestAPublishedFormIsJudgedBy(t *testing.T) {
	o := newOffice(t)
	an, far := o.machine(u1), o.machine(u2)
	an.form = 2
	good, bad := an.made(u1, "x"), an.made(u1, "BAD")
	an.push(good, bad)
	o.staff(func(a *Act) error { return a.Publish("form/f", []byte{2}) })
	if o.waits() != 0 || o.reasons(good.Dot) != nil || !slices.Equal(o.reasons(bad.Dot), []string{"bad_value"}) {
		t.Errorf("%d wait; rejected: %v and %v", o.waits(), o.reasons(good.Dot), o.reasons(bad.Dot))
	}
	far.read()
	if published, err := ledger.Publications(far.mem); err != nil || len(published) != 1 || published[0].Topic != "form/f" {
		t.Errorf("a machine of another unit holds %v, %v", published, err)
	}
	o.known, o.published = 1, nil
	o.open()
	if len(o.published) != 1 || o.known != 2 {
		t.Error("what was published is not learnt anew when the centre starts")
	}
	o.sound()
}

// TestOnlyTheCentrePublishes: what a machine publishes has no effect, and is rejected.
func TestOnlyTheCentrePublishes(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	an.push(an.write(record.Change{Kind: record.KindPublish, Topic: "form/f", Payload: []byte{9}}))
	ba.read()
	if published, _ := ledger.Publications(ba.mem); len(published) != 0 || o.known != 1 {
		t.Errorf("published: %v, known: %d", published, o.known)
	}
	o.sound()
}

// TestTheLatestPublicationHolds, and what it replaced is kept.
func TestTheLatestPublicationHolds(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	for _, version := range []byte{2, 3} {
		o.staff(func(a *Act) error { return a.Publish("form/f", []byte{version}) })
	}
	o.staff(func(a *Act) error { return a.Publish("form/g", []byte{7}) })
	an.read()
	published, err := ledger.Publications(an.mem)
	now := record.Published(published)
	if err != nil || len(published) != 3 || now["form/f"].Payload[0] != 3 || now["form/g"].Payload[0] != 7 {
		t.Errorf("%v, %v", published, err)
	}
}
