package hub

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// waits counts the changes that cannot be judged yet.
func (o *office) waits() (n int) {
	o.store.View(ctx, func(tx Tx) error { ps, err := tx.Waiting(0, 1<<30); n = len(ps); return err })
	return n
}

// reasons lists why changes of a record were rejected.
func (o *office) reasons(rec record.Dot) (rs []string) {
	for _, r := range o.view(rec).Rejected {
		rs = append(rs, r.Reason)
	}
	return rs
}

// TestAnUnknownFormWaits: what was written on a newer program is kept, shown and sent on; it is judged when the form is
// known here, and not before.
func TestAnUnknownFormWaits(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	an.form = 2
	good, bad := an.made(u1, "x"), an.made(u1, "BAD")
	an.push(good, bad)
	ba.read()
	if o.waits() != 2 || o.reasons(bad.Dot) != nil || !ba.holds(good.Dot) {
		t.Errorf("%d wait; rejected: %v", o.waits(), o.reasons(bad.Dot))
	}
	o.open()
	if o.waits() != 2 {
		t.Errorf("after a restart without the form %d wait", o.waits())
	}
	o.known = 2
	o.open()
	if o.waits() != 0 || o.reasons(good.Dot) != nil || !slices.Equal(o.reasons(bad.Dot), []string{"bad_value"}) {
		t.Errorf("with the form %d wait; rejected: %v and %v", o.waits(), o.reasons(good.Dot), o.reasons(bad.Dot))
	}
	ba.read()
	if v, _ := ledger.ViewOf(ba.mem, bad.Dot); len(v.Rejected) != 1 {
		t.Error("the colleague was not told of the verdict")
	}
	o.sound()
}

// TestManyThatWait: more than is looked at in one transaction are all judged when their form is known; and any number
// that wait for ever hide nothing that waits behind them.
func TestManyThatWait(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	an.form = 9
	for range 3 {
		var cs []*record.Change
		for range maxRejudged / 2 {
			cs = append(cs, an.made(u1, "x"))
		}
		an.push(cs...)
	}
	an.form = 2
	bad := an.made(u1, "BAD")
	an.push(bad)
	o.known = 2
	o.staff(func(*Act) error { return nil })
	o.staff(func(*Act) error { return nil })
	if !slices.Equal(o.reasons(bad.Dot), []string{"bad_value"}) || o.waits() != 3*maxRejudged/2 {
		t.Errorf("behind %d that wait: %v", o.waits(), o.reasons(bad.Dot))
	}
	o.known = 9
	o.open()
	if o.waits() != 0 {
		t.Errorf("%d still wait", o.waits())
	}
	o.sound()
}

// TestOutsideItsScopeWaits: an edit of a record that the writer was never granted stands, flagged; when the grant, or the
// creation, that it saw arrives, it is judged.
func TestOutsideItsScopeWaits(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u2)
	rec := an.made(u1, "x")
	bad := ba.write(record.Change{Record: rec.Dot, Edits: []record.Edit{{Path: "a", Value: "BAD"}}})
	ba.push(bad)
	if o.waits() != 1 {
		t.Errorf("without the creation %d wait", o.waits())
	}
	an.push(rec)
	if o.waits() != 1 || o.reasons(rec.Dot) != nil {
		t.Errorf("never granted: %d wait, rejected %v", o.waits(), o.reasons(rec.Dot))
	}
	o.grant(ba, u1, u2)
	o.grant(ba, u2) // it ever held the unit: that is enough
	if o.waits() != 0 || len(o.reasons(rec.Dot)) != 1 {
		t.Errorf("once granted: %d wait, rejected %v", o.waits(), o.reasons(rec.Dot))
	}
	o.sound()
}

// TestWhatTheCentreRejects: each with its reason, kept, receipted, and nothing else in the push with it.
func TestWhatTheCentreRejects(t *testing.T) {
	for name, x := range map[string]struct {
		write func(an *machine, rec record.Dot) *record.Change
		want  string
	}{
		"a value that may not stand": {func(an *machine, rec record.Dot) *record.Change { return an.edited(rec, "a", "BAD") }, "bad_value"},
		"a creation without a unit": {func(an *machine, _ record.Dot) *record.Change {
			return an.write(record.Change{Edits: []record.Edit{{Path: "a", Value: "x"}}})
		}, ReasonNoFeed},
		"a creation for everybody": {func(an *machine, _ record.Dot) *record.Change { return an.made("*", "x") }, ReasonNoFeed},
		"a creation for one":       {func(an *machine, _ record.Dot) *record.Change { return an.made("@12", "x") }, ReasonNoFeed},
		"a move to nowhere":        {func(an *machine, rec record.Dot) *record.Change { return an.moved(rec, "") }, ReasonNoFeed},
		"a move to everybody":      {func(an *machine, rec record.Dot) *record.Change { return an.moved(rec, "*") }, ReasonNoFeed},
		"a verdict": {func(an *machine, rec record.Dot) *record.Change {
			return an.write(record.Change{Kind: record.KindVerdict, Record: rec, Target: rec, Rejected: true})
		}, ReasonNotAllowed},
		"an erasure": {func(an *machine, rec record.Dot) *record.Change {
			return an.write(record.Change{Kind: record.KindErase, Record: rec})
		}, ReasonNotAllowed},
		"a grant": {func(an *machine, _ record.Dot) *record.Change {
			return an.write(record.Change{Kind: record.KindGrant, Grantee: an.replica, Feeds: []record.Feed{u3}})
		}, ReasonNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			an, far := o.machine(u1), o.machine(u2)
			rec := an.made(u1, "x")
			bad := x.write(an, rec.Dot)
			after := an.edited(rec.Dot, "b", "y")
			j := an.push(rec, bad, after)
			if r := j.Receipts.Receipts; len(r) != 1 || r[0].N != after.Dot.N {
				t.Errorf("receipts: %+v", r)
			}
			an.read()
			far.read()
			if len(far.got()) != 1 {
				t.Errorf("another unit was sent %v", far.got())
			}
			verdicts := o.verdictsOn(bad.Dot)
			if len(verdicts) != 1 || verdicts[0].Reason != x.want || !an.has(verdicts[0].Dot) {
				t.Errorf("verdicts: %+v", verdicts)
			}
			if v := o.view(rec.Dot); v.Text("a") != "x" || v.Text("b") != "y" || !v.Created {
				t.Errorf("the record: %v", v.Values())
			}
			if g, _ := ledger.Grant(an.mem, an.replica); g == nil || !slices.Equal(g.Feeds, []record.Feed{u1}) {
				t.Errorf("the grant: %+v", g)
			}
			o.sound()
		})
	}
}

// verdictsOn lists the verdicts that the centre holds on a change.
func (o *office) verdictsOn(d record.Dot) (vs []*record.Change) {
	o.store.View(ctx, func(tx Tx) error {
		end, _ := tx.End()
		return tx.Each(1, end, func(_ ledger.Pos, raw []byte) (bool, error) {
			c, err := record.Decode(raw)
			if err == nil && c.Kind == record.KindVerdict && c.Replica == record.Centre && c.Target == d {
				vs = append(vs, c)
			}
			return true, err
		})
	})
	return vs
}

func (m *machine) has(d record.Dot) bool {
	p, err := m.mem.Find(d)
	return p != 0 && err == nil
}

// TestPoisonBlocksNobody: something bad at any place of a queue of a thousand: all others arrive, all are receipted, and
// only the bad one is rejected.
func TestPoisonBlocksNobody(t *testing.T) {
	const queue, each = 1000, 50
	poison := []func(an *machine, rec record.Dot) *record.Change{
		func(an *machine, rec record.Dot) *record.Change { return an.edited(rec, "a", "BAD") },
		func(an *machine, _ record.Dot) *record.Change { return an.made(u3, "của ngăn khác") },
		func(an *machine, _ record.Dot) *record.Change {
			return an.write(record.Change{Edits: []record.Edit{{Path: "a"}}})
		},
		func(an *machine, rec record.Dot) *record.Change {
			return an.write(record.Change{Kind: 99, Record: rec, Opaque: []byte{1}})
		},
		func(an *machine, _ record.Dot) *record.Change {
			return an.write(record.Change{Record: record.Dot{Run: 12345, N: 9}, Edits: []record.Edit{{Path: "a"}}})
		},
	}
	for at := 0; at < queue; at += 97 {
		o := newOffice(t)
		an, ba := o.machine(u1), o.machine(u1)
		rec := an.made(u1, "x")
		cs := []*record.Change{rec}
		for i := 1; i < queue; i++ {
			if i == at || at == 0 && i == 1 {
				cs = append(cs, poison[at/97%len(poison)](an, rec.Dot))
				continue
			}
			cs = append(cs, an.made(u1, fmt.Sprint(i)))
		}
		var last *Job
		for ; len(cs) > 0; cs = cs[min(each, len(cs)):] {
			last = an.push(cs[:min(each, len(cs))]...)
		}
		if r := last.Receipts.Receipts; len(r) != 1 || r[0].N != queue {
			t.Errorf("poison at %d: receipts %+v", at, r)
		}
		ba.read()
		if got := len(ba.got()); got < queue-1 {
			t.Errorf("poison at %d: the colleague got %d changes", at, got)
		}
		o.sound()
	}
}

// TestARevokedDevicePushes: what it wrote is kept and receipted, rejected with the reason until staff release it; what
// came before stands; it is sent nothing of others.
func TestARevokedDevicePushes(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	before := an.made(u1, "trước")
	an.push(before)
	o.staff(func(a *Act) error { return a.Grant(an.replica, []record.Feed{u1}, true) })
	after := an.edited(before.Dot, "a", "sau")
	j := an.push(after)
	if r := j.Receipts.Receipts; len(r) != 1 || r[0].N != 2 {
		t.Errorf("receipts: %+v", r)
	}
	if !slices.Equal(o.reasons(before.Dot), []string{ReasonRevoked}) || o.view(before.Dot).Text("a") != "trước" {
		t.Errorf("%v, %q", o.reasons(before.Dot), o.view(before.Dot).Text("a"))
	}
	ba.push(ba.made(u1, "của đồng nghiệp"))
	an.read()
	for _, c := range an.pages[0].Items {
		if c.Replica == ba.replica {
			t.Error("a revoked device was sent a colleague's change")
		}
	}
	o.staff(func(a *Act) error { return a.Release(after.Dot) })
	if o.reasons(before.Dot) != nil || o.view(before.Dot).Text("a") != "sau" {
		t.Errorf("released: %v, %q", o.reasons(before.Dot), o.view(before.Dot).Text("a"))
	}
	o.sound()
}

// TestWhatCameBeforeTheCut: what waits is judged by what held when it came: a device that was cut off since loses nothing
// by it, and one that was taken back since gains nothing.
func TestWhatCameBeforeTheCut(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	an.form = 2
	before := an.made(u1, "x")
	an.push(before)
	o.staff(func(a *Act) error { return a.Grant(an.replica, nil, true) })
	during := an.made(u1, "y")
	an.push(during)
	o.grant(an, u1)
	after := an.made(u1, "z")
	an.push(after)
	o.staff(func(a *Act) error { return a.Grant(an.replica, nil, true) })
	if o.waits() != 3 {
		t.Fatalf("%d of 3 wait for their form", o.waits())
	}
	o.known = 2
	o.open()
	names(t, "before it was cut off", o.reasons(before.Dot))
	names(t, "while it was", o.reasons(during.Dot), ReasonRevoked)
	names(t, "after it was taken back", o.reasons(after.Dot))
	o.sound()
}

// TestLaterKinds: a kind that this version does not know is kept, receipted and sent on to who reads the record.
func TestLaterKinds(t *testing.T) {
	o := newOffice(t)
	an, ba, far := o.machine(u1), o.machine(u1), o.machine(u2)
	rec := an.made(u1, "x")
	later := an.write(record.Change{Kind: 42, Record: rec.Dot, Opaque: []byte("của bản sau"), Edits: []record.Edit{{Path: "a", Value: "BAD"}}})
	about := an.write(record.Change{Kind: 43, Opaque: []byte("không của hồ sơ nào")})
	j := an.push(rec, later, about)
	ba.read()
	far.read()
	if j.Receipts.Receipts[0].N != 3 || !ba.has(later.Dot) || ba.has(about.Dot) || far.has(later.Dot) || o.waits() != 0 {
		t.Errorf("receipted to %d; the colleague got %v, another unit %v", j.Receipts.Receipts[0].N, ba.got(), far.got())
	}
	if o.view(rec.Dot).Text("a") != "x" || o.reasons(rec.Dot) != nil {
		t.Error("it had an effect here")
	}
	o.sound()
}

// TestForgedNames: a change in the centre's name that it did not sign is refused; a second content under a held name is
// kept as evidence, counted, and shown to nobody.
func TestForgedNames(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	rec := an.made(u1, "x")
	an.push(rec)
	forged := *rec
	forged.Edits = []record.Edit{{Path: record.PathFeed, Value: string(u1)}, {Path: "a", Value: "khác"}}
	if err := forged.Seal(nil, nil); err != nil {
		t.Fatal(err)
	}
	ba.push(&forged)
	if o.hub.Alarms() != 1 || o.view(rec.Dot).Text("a") != "x" {
		t.Errorf("%d alarms; it shows %q", o.hub.Alarms(), o.view(rec.Dot).Text("a"))
	}
	fake := &record.Change{Dot: record.Dot{Run: 5, N: 1}, Replica: record.Centre, Kind: record.KindGrant, Grantee: ba.replica, Feeds: []record.Feed{u3}}
	if err := fake.Seal(nil, func(record.Digest) (s [64]byte) { s[0] = 1; return s }); err != nil {
		t.Fatal(err)
	}
	j := &Job{Push: &protocol.Push{Epoch: o.hub.Epoch(), Items: []*record.Change{ba.made(u1, "y"), fake}}}
	o.apply(j)
	if !errors.Is(j.Err, fault.BadFrame) {
		t.Errorf("a grant in the centre's name: %v", j.Err)
	}
	o.sound()
}

// TestFarFutureIsCounted: a change from a clock that is years ahead is kept like any other, and counted for people.
func TestFarFutureIsCounted(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	now := o.now
	at := an.made(u1, "bây giờ")
	o.now += 10 * 365 * 24 * 3600 * 1000
	far := an.made(u1, "mười năm nữa")
	o.now = now
	an.push(at, far)
	if !o.view(far.Dot).Created || o.hub.FarFuture() != 1 {
		t.Errorf("kept %v; counted %d", o.view(far.Dot).Created, o.hub.FarFuture())
	}
}
