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
	names(t, "the former unit", first.got(), "11-1?", "11-4")
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

// TestLateCreation: what arrives before its creation is sent with it; a verdict on a move is told to all former units.
func TestLateCreation(t *testing.T) {
	o := newOffice(t)
	an, ba, other := o.machine(u1), o.machine(u1), o.machine(u2)
	rec := an.made(u1, "một")
	later := an.edited(rec.Dot, "a", "hai")
	an.push(later)
	ba.read()
	names(t, "before the creation", ba.got(), "1-2")
	an.push(rec)
	ba.read()
	names(t, "with it", ba.got(), "11-2", "11-1")
	move := an.moved(rec.Dot, u2)
	an.push(move)
	o.staff(func(a *Act) error {
		return a.write(&record.Change{Kind: record.KindVerdict, Record: rec.Dot, Target: move.Dot, Rejected: true, Reason: "r"})
	})
	ba.read()
	other.read()
	if !ba.holds(rec.Dot) || len(ba.got()) != 4 {
		t.Errorf("the move was rejected; its unit got %v", ba.got())
	}
	names(t, "where it did not go", other.got(), "1-3", "11-1?", "11-3", "1-4")
	o.sound()
}

// TestGrantsDecideWhatIsRead: a page begins with the grants of a reader that does not hold the present one; what was read
// under another grant is read again; a revoked reader is sent nothing but what concerns it.
func TestGrantsDecideWhatIsRead(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	one, two := an.made(u1, "x"), an.made(u1, "y")
	an.push(one)
	ba.read()
	o.grant(ba, u1, u2)
	an.push(two)
	ba.read()
	if got := ba.got(); got[0] != "1-2" || got[1] != "1-3" || !slices.Contains(got, "11-1") || !slices.Contains(got, "11-2") {
		t.Errorf("under the new grant: %v", got)
	}
	for _, p := range ba.pages {
		if p.Grant != ba.reader().Holds {
			t.Errorf("a page for grant %v, and %v is held", p.Grant, ba.reader().Holds)
		}
	}
	o.grant(ba, u2)
	an.push(an.edited(one.Dot, "a", "z"))
	ba.read()
	names(t, "with a narrower grant", ba.got(), "1-2", "1-3", "1-4")
	o.staff(func(a *Act) error { return a.Grant(ba.replica, []record.Feed{u1, u2}, true) })
	ba.read()
	names(t, "revoked", ba.got(), "1-2", "1-3", "1-4", "1-5")
	for k := range ba.cursor.At {
		if strings.HasSuffix(k, string(u1)) {
			t.Errorf("a revoked reader has a position for %q", k)
		}
	}
}

// TestOwnChangesComeBack: a machine that was set back gets its own work again; one that holds it is not sent it.
func TestOwnChangesComeBack(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	rec := an.made(u1, "một")
	image := an.image()
	an.push(rec, an.edited(rec.Dot, "a", "hai"), an.made(u3, "một điều ngoài phạm vi"))
	an.read()
	names(t, "what it holds", an.got(), "1-1")
	image.read()
	names(t, "set back to the first", image.got(), "1-1", "11-2", "11-3")
}

// TestErasuresConcernEverybody, and carry no value.
func TestErasuresConcernEverybody(t *testing.T) {
	o := newOffice(t)
	an, far := o.machine(u1), o.machine(u2)
	rec := an.made(u1, "Giàng A Páo")
	an.push(rec)
	an.read()
	o.staff(func(a *Act) error { return a.Erase(rec.Dot) })
	far.read()
	an.read()
	names(t, "far away", far.got(), "1-2", "1-3")
	if v, _ := ledger.ViewOf(an.mem, rec.Dot); v.Text("a") != "" || v.Field("a")[0].State != record.BodyErased {
		t.Errorf("at the author: %+v", v.Field("a"))
	}
	late := o.machine(u1)
	late.read()
	if !late.holds(rec.Dot) || late.pages[0].Items[1].Body != record.BodyErased {
		t.Errorf("a late reader got %v", late.got())
	}
	o.sound()
}

// TestPagesEnd: a page ends where it is full; the next begins there; nothing is sent twice or left out.
func TestPagesEnd(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	want := 1
	for range 3 * protocol.PageBytes / (20 << 10) {
		an.push(an.made(u1, strings.Repeat("x", 20<<10)))
		want++
	}
	for range protocol.MaxItems / 512 {
		var cs []*record.Change
		for range 600 {
			cs = append(cs, an.made(u1, "x"))
		}
		an.push(cs...)
		want += len(cs)
	}
	ba.read()
	if got := ba.got(); len(got) != want || len(slices.Compact(slices.Sorted(slices.Values(got)))) != want {
		t.Errorf("%d changes came, want %d, each once", len(got), want)
	}
	for i, p := range ba.pages {
		size := 0
		for _, c := range p.Items {
			size += len(c.Encoded())
		}
		if len(p.Items) > protocol.MaxItems || size > protocol.PageBytes+record.MaxChangeBytes || p.Caught != (i == len(ba.pages)-1) {
			t.Errorf("page %d: %d changes, %d bytes, caught %v", i, len(p.Items), size, p.Caught)
		}
	}
	if len(ba.pages) < 3 {
		t.Errorf("%d pages", len(ba.pages))
	}
}

// TestARecordTooLargeForAPage: a record of more changes, or bytes, than a page can carry still reaches who is to have it
// whole, a page at a time. (A page over the limits fails the test when it is read.)
func TestARecordTooLargeForAPage(t *testing.T) {
	for name, write := range map[string]func(an *machine, rec record.Dot) []*record.Change{
		"many changes": func(an *machine, rec record.Dot) (cs []*record.Change) {
			for i := range protocol.MaxItems + 500 {
				cs = append(cs, an.write(record.Change{Record: rec, Edits: []record.Edit{{Path: "b", Value: fmt.Sprint(i)}}}))
			}
			return cs
		},
		"many bytes": func(an *machine, rec record.Dot) (cs []*record.Change) {
			for i := range 100 {
				cs = append(cs, an.write(record.Change{Record: rec, Edits: []record.Edit{{Path: fmt.Sprint("f", i), Value: strings.Repeat("x", 60<<10)}}}))
			}
			return cs
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			an, from, to, both := o.machine(u1), o.machine(u1), o.machine(u2), o.machine(u1, u2)
			rec := an.made(u1, "một")
			an.push(rec)
			for cs := write(an, rec.Dot); len(cs) > 0; {
				n := min(len(cs), 1000)
				an.push(cs[:n]...)
				cs = cs[n:]
			}
			an.push(an.write(record.Change{Record: rec.Dot, Edits: []record.Edit{
				{Path: record.PathFeed, Value: string(u2), Replaces: o.view(rec.Dot).Dots(record.PathFeed)}}}))
			after := an.made(u2, "sau")
			an.push(after)
			for _, m := range []*machine{from, to, both} {
				m.read()
			}
			if !to.holds(rec.Dot) || !to.holds(after.Dot) || !both.holds(rec.Dot) {
				t.Error("its unit shows it otherwise than the centre")
			}
			if v, _ := ledger.ViewOf(from.mem, rec.Dot); !slices.Equal(v.Feeds, []record.Feed{u2}) {
				t.Errorf("the former unit believes it in %v", v.Feeds)
			}
			for k := range to.cursor.At {
				if strings.HasPrefix(k, "whole") || strings.HasPrefix(k, "bare") {
					t.Errorf("the cursor still holds %q", k)
				}
			}
		})
	}
}

// TestAnyReaderAnyTime: whatever is written, moved, judged and granted, and whenever a reader reads: it is sent no values of
// a record that is in none of its feeds, and in the end it shows what the centre shows.
func TestAnyReaderAnyTime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := newOffice(t)
		feeds := []record.Feed{u1, u2, u3}
		ms := []*machine{o.machine(u1), o.machine(u2), o.machine(u1, u3)}
		var recs []record.Dot
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			m := rapid.SampledFrom(ms).Draw(rt, "who")
			feed := rapid.SampledFrom(feeds).Draw(rt, "feed")
			switch k := rapid.IntRange(0, 9).Draw(rt, "what"); {
			case k < 2 || len(recs) == 0:
				c := m.made(feed, rapid.SampledFrom([]string{"x", "BAD"}).Draw(rt, "value"))
				recs = append(recs, c.Dot)
				m.push(c)
			case k < 4:
				m.push(m.edited(rapid.SampledFrom(recs).Draw(rt, "rec"), "a", rapid.SampledFrom([]string{"y", "z", "BAD"}).Draw(rt, "value")))
			case k < 6:
				m.push(m.moved(rapid.SampledFrom(recs).Draw(rt, "rec"), feed))
			case k == 6:
				o.grant(m, feed)
			default:
				m.reads(rt)
			}
		}
		for _, m := range ms {
			m.reads(rt)
			for _, rec := range recs {
				if v := o.view(rec); v.Created && m.may(v.Feeds) && !m.holds(rec) {
					rt.Fatalf("machine %d shows %v otherwise than the centre", m.replica, rec)
				}
			}
		}
		o.sound()
	})
}

// may reports whether the machine's present grant covers one of the feeds.
func (m *machine) may(feeds []record.Feed) bool {
	g, err := ledger.Grant(m.mem, m.replica)
	return err == nil && g != nil && slices.ContainsFunc(feeds, func(f record.Feed) bool { return slices.Contains(g.Feeds, f) })
}

// reads takes all pages and checks that no value came of a record that the machine may not see now.
func (m *machine) reads(t *rapid.T) {
	m.read()
	for _, p := range m.pages {
		for _, c := range p.Items {
			rec := c.RecordID()
			if c.Kind == record.KindEdit && c.Body == record.BodyHere && c.Replica != m.replica && !m.may(m.o.view(rec).Feeds) {
				t.Fatalf("machine %d was sent the values of %v, which is in %v", m.replica, c.Dot, m.o.view(rec).Feeds)
			}
		}
	}
}
