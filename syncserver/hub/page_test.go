package hub

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

const (
	u1 record.Feed = "U1/ordinary"
	u2 record.Feed = "U2/ordinary"
	u3 record.Feed = "U3/ordinary"
	t1 record.Feed = "U1/tips"
)

// TestEachReadsItsFeeds: a record is for the readers of its unit and compartment, and for nobody else.
func TestEachReadsItsFeeds(t *testing.T) {
	o := newOffice(t)
	an, ba, tips := o.machine(u1, t1), o.machine(u1), o.machine(t1, u2)
	rec, tip := an.made(u1, "buổi tuyên truyền"), an.made(t1, "tin báo")
	an.push(rec, tip)
	for _, m := range []*machine{an, ba, tips} {
		m.read()
	}
	names(t, "the author", an.got(), "1-1")
	names(t, "a colleague", ba.got(), "1-2", "11-1")
	names(t, "another compartment", tips.got(), "1-3", "11-2")
	ba.read()
	names(t, "again", ba.got())
	o.sound()
}

// TestAMoveIsToldWithoutValues: who had the record hears where it went, and no value of it any more; who has it now gets
// all of it; who never had it, nothing.
func TestAMoveIsToldWithoutValues(t *testing.T) {
	o := newOffice(t)
	an, first, second, third := o.machine(u1), o.machine(u1), o.machine(u2), o.machine(u3)
	rec := an.made(u1, "một")
	an.push(rec, an.edited(rec.Dot, "a", "hai"))
	for _, m := range []*machine{first, second, third} {
		m.read()
	}
	an.push(an.edited(rec.Dot, "a", "ba"), an.moved(rec.Dot, u2), an.edited(rec.Dot, "a", "bốn"))
	for _, m := range []*machine{first, second, third} {
		m.read()
	}
	names(t, "the former unit", first.got(), "11-3", "11-1?", "11-4")
	names(t, "the present one", second.got(), "11-1", "11-2", "11-3", "11-4", "11-5")
	names(t, "a third", third.got())
	late := o.machine(u1)
	late.read()
	names(t, "a late reader of the former unit", late.got(), "1-5", "11-1?", "11-4")
	if !second.holds(rec.Dot) {
		t.Error("the present unit shows it otherwise than the centre")
	}
	an.push(an.moved(rec.Dot, u1))
	first.read()
	if !first.holds(rec.Dot) {
		t.Error("it came back, and the unit shows it otherwise than the centre")
	}
	o.sound()
}
