package hub

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

var morning = time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC)

// greet says Hello for a machine, in a commit of its own.
func (m *machine) greet(alter func(*protocol.Hello)) *Job {
	m.o.t.Helper()
	binding := []byte("this connection")
	h := m.hello(binding)
	if alter != nil {
		alter(h)
	}
	j := &Job{Hello: h, Binding: binding}
	m.o.apply(j)
	return j
}

func (m *machine) welcomed(alter func(*protocol.Hello)) *protocol.Welcome {
	m.o.t.Helper()
	j := m.greet(alter)
	if j.Err != nil {
		m.o.t.Fatal(j.Err)
	}
	return j.Welcome
}

// TestWelcome says what the hub holds of the claimed runs, gives their receipts and, to who came with a code, the
// certificate; and what was claimed is known from then on.
func TestWelcome(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	rec := an.made(u1, "x")
	an.push(rec)
	an.edited(rec.Dot, "a", "y") // saved, and not sent
	third := an.edited(rec.Dot, "a", "z")
	an.push(third)
	w := an.welcomed(nil)
	if len(w.Have) != 1 || w.Have[0].Prefix != 1 || len(w.Have[0].Islands) != 1 || w.Have[0].Islands[0].First != 3 {
		t.Errorf("it holds %+v", w.Have)
	}
	rc := w.Receipts.Receipts
	if len(rc) != 1 || rc[0].N != 1 || !o.key.Public().Verify(seal.DomainReceipt, rc[0].Statement(), rc[0].Sig) {
		t.Errorf("receipts %+v", rc)
	}
	if w.Certificate == "" || !o.key.Public().Verify(seal.DomainEpoch, protocol.EpochStatement(w.CentreEpoch), w.EpochSig) {
		t.Error("no certificate, or an epoch that is not signed")
	}
	an.ticket = ""
	if w := an.welcomed(func(h *protocol.Hello) { h.Claims[0].Last = 77 }); w.Certificate != "" {
		t.Error("a certificate that nobody asked for")
	}
	o.store.View(ctx, func(tx Tx) error {
		if r, _ := tx.Run(rec.Dot.Run); r.Claim != 77 || r.Replica != an.replica {
			t.Errorf("known of the run: %+v", r)
		}
		return nil
	})
	if d := o.device(an.replica); d.Key == "" || d.Seen == 0 {
		t.Errorf("known of the device: %+v", d)
	}
}

// TestEpochsFromHello: only what is proved makes a new epoch: the centre's own signature under a later one, or the hub's
// own mark on a place that is not there.
func TestEpochsFromHello(t *testing.T) {
	signed := func(o *office, n uint64) func(*protocol.Hello) {
		return func(h *protocol.Hello) {
			h.CentreEpoch = record.Epoch{Number: n, Random: 5}
			h.EpochSig = o.key.Sign(seal.DomainEpoch, protocol.EpochStatement(h.CentreEpoch))
		}
	}
	for name, x := range map[string]struct {
		alter func(o *office, m *machine) func(*protocol.Hello)
		want  uint64
	}{
		"nothing special":  {func(*office, *machine) func(*protocol.Hello) { return nil }, 1},
		"a later epoch":    {func(o *office, _ *machine) func(*protocol.Hello) { return signed(o, 6) }, 7},
		"an earlier epoch": {func(o *office, _ *machine) func(*protocol.Hello) { return signed(o, 0) }, 1},
		"a later epoch that is not signed": {func(*office, *machine) func(*protocol.Hello) {
			return func(h *protocol.Hello) { h.CentreEpoch.Number = 6 }
		}, 1},
		"a mark that fits": {func(*office, *machine) func(*protocol.Hello) { return nil }, 1},
		"a mark that nobody gave": {func(*office, *machine) func(*protocol.Hello) {
			return func(h *protocol.Hello) { h.Cursor.Mark.Seen += 1000 }
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			an := o.machine(u1)
			an.push(an.made(u1, "x"))
			an.read()
			an.welcomed(x.alter(o, an))
			if got := o.hub.Epoch().Number; got != x.want {
				t.Errorf("epoch %d, want %d", got, x.want)
			}
		})
	}
}

// TestASetBackLogIsNoticed: the disk of the centre was restored by somebody who said nothing; the first machine that
// shows its mark makes a new epoch, and everybody reads anew.
func TestASetBackLogIsNoticed(t *testing.T) {
	o := newOffice(t)
	an, ba := o.machine(u1), o.machine(u1)
	backup := o.store.Clone()
	rec := an.made(u1, "x")
	an.push(rec)
	ba.read()
	o.store = backup
	o.open()
	an.push(an.made(u1, "y")) // the log grows again, to where it was, with something else
	before := o.hub.Epoch()
	w := ba.welcomed(nil)
	if !before.Before(w.Epoch) || w.Epoch != o.hub.Epoch() {
		t.Errorf("epoch %v, then %v", before, w.Epoch)
	}
	an.push(rec)
	ba.read()
	if !ba.holds(rec.Dot) {
		t.Error("a cursor skipped")
	}
	o.sound()
}

// TestPushesOfStrangers: what comes in the flight of a Hello is taken only when the Hello is: nobody gets anything into
// the log by knowing its epoch.
func TestPushesOfStrangers(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	an.welcomed(nil)
	thief := an.image()
	thief.ticket = ""
	thief.key, _ = seal.NewReplicaKey(nil)
	s := o.hub.NewSession(morning, []byte("a connection"))
	c := thief.made(u1, "giả")
	var jobs []*Job
	for _, m := range []protocol.Message{thief.hello([]byte("a connection")), &protocol.Push{Epoch: o.hub.Epoch(), Number: 1, Items: []*record.Change{c}}} {
		j, err := s.Receive(morning, m)
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, j)
	}
	o.apply(jobs...)
	if !errors.Is(jobs[0].Err, fault.WrongKey) || !jobs[1].Refused || o.view(c.Dot).Created {
		t.Errorf("hello: %v; push refused %v; taken %v", jobs[0].Err, jobs[1].Refused, o.view(c.Dot).Created)
	}
	if err := s.Done(morning, jobs[0]); !errors.Is(err, fault.WrongKey) {
		t.Errorf("the session goes on: %v", err)
	}
}

// TestFirstFlight: a Hello and the pushes behind it, in one commit, from a machine that is admitted by that Hello.
func TestFirstFlight(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	c := an.made(u1, "x")
	s := o.hub.NewSession(morning, []byte("a connection"))
	hello, err1 := s.Receive(morning, an.hello([]byte("a connection")))
	wrong, err2 := s.Receive(morning, &protocol.Push{Epoch: record.Epoch{Number: 9}, Number: 1, Items: []*record.Change{c}})
	right, err3 := s.Receive(morning, &protocol.Push{Epoch: o.hub.Epoch(), Number: 2, Items: []*record.Change{c}})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	o.apply(hello, wrong, right)
	for _, j := range []*Job{hello, wrong, right} {
		if err := s.Done(morning, j); err != nil {
			t.Fatal(err)
		}
	}
	var said []string
	for m := s.Next(); m != nil; m = s.Next() {
		said = append(said, fmt.Sprintf("%T", m))
	}
	names(t, "said", said, "*protocol.Welcome", "*protocol.Ack", "*protocol.Receipts")
	if !right.Push.Items[0].First() || right.Refused || !wrong.Refused {
		t.Errorf("refused: %v and %v", right.Refused, wrong.Refused)
	}
}

// session greets over a Session and returns it.
func (m *machine) session() *Session {
	m.o.t.Helper()
	s := m.o.hub.NewSession(morning, []byte("a connection"))
	m.job(s, m.hello([]byte("a connection")))
	return s
}

// job hands a message to a session and commits what it makes.
func (m *machine) job(s *Session, msg protocol.Message) {
	m.o.t.Helper()
	j, err := s.Receive(morning, msg)
	if err != nil {
		m.o.t.Fatal(err)
	}
	m.o.apply(j)
	if err := s.Done(morning, j); err != nil {
		m.o.t.Fatal(err)
	}
}

// TestALaterPartOfOwnWork: a machine that was set back holds and pushes a later part of its old run, and lacks what lies
// before: it is sent that, in the same session.
func TestALaterPartOfOwnWork(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	first := an.made(u1, "1")
	image := an.image()
	second, third := an.edited(first.Dot, "a", "2"), an.edited(first.Dot, "b", "3")
	if err := image.mem.Atomically(func() error { _, _, err := ledger.Insert(image.mem, third); return err }); err != nil {
		t.Fatal(err)
	}
	an.push(first) // the centre lacks 2 and 3
	s := image.session()
	image.job(s, &protocol.Push{Epoch: o.hub.Epoch(), Number: 1, Items: []*record.Change{third}})
	an.push(second) // by the other copy
	p, err := o.hub.Page(ctx, s.reader, protocol.Cursor{Hub: o.hub.ID(), Epoch: o.hub.Epoch()})
	if err != nil {
		t.Fatal(err)
	}
	sent := map[record.Dot]bool{}
	for _, c := range p.Items {
		sent[c.Dot] = true
	}
	if !sent[second.Dot] || sent[first.Dot] {
		t.Errorf("sent %v; it lacks %v, and holds %v", sent, second.Dot, first.Dot)
	}
}

// TestReceiptsWaitForTheLastPush: while pushes are under way receipts are held back, and the last one covers them.
func TestReceiptsWaitForTheLastPush(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	s := an.session()
	for s.Next() != nil {
	}
	var jobs []*Job
	for n := range uint64(3) {
		j, err := s.Receive(morning, &protocol.Push{Epoch: o.hub.Epoch(), Number: n + 1, Items: []*record.Change{an.made(u1, "x")}})
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, j)
	}
	var said []string
	for _, j := range jobs {
		o.apply(j)
		if err := s.Done(morning, j); err != nil {
			t.Fatal(err)
		}
		for m := s.Next(); m != nil; m = s.Next() {
			name := fmt.Sprintf("%T", m)
			if r, ok := m.(*protocol.Receipts); ok {
				name = fmt.Sprint("receipt to ", r.Receipts[0].N)
			}
			said = append(said, name)
		}
	}
	names(t, "said", said, "*protocol.Ack", "*protocol.Ack", "*protocol.Ack", "receipt to 3")
}

// TestANewHistoryEndsSessions: who was welcomed to another epoch of the log is told to begin anew.
func TestANewHistoryEndsSessions(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	s := an.session()
	for s.Next() != nil {
	}
	o.staff((*Act).NewEpoch)
	s.News()
	if err := s.Fill(ctx, morning); !errors.Is(err, fault.Busy) {
		t.Errorf("a page of another history: %v", err)
	}
	j, err := s.Receive(morning, &protocol.Push{Epoch: o.hub.Epoch(), Number: 1, Items: []*record.Change{an.made(u1, "x")}})
	if err != nil {
		t.Fatal(err)
	}
	o.apply(j)
	if err := s.Done(morning, j); !errors.Is(err, fault.Busy) {
		t.Errorf("an answer under another history: %v", err)
	}
}

// TestAFailedCommitLeavesNothing: neither an epoch, nor a run of the centre, nor a result outlives a transaction that
// failed, or in which something panicked; and each job is tried by itself.
func TestAFailedCommitLeavesNothing(t *testing.T) {
	o := newOffice(t)
	an := o.machine(u1)
	epoch := o.hub.Epoch()
	no := errors.New("no")
	for name, fail := range map[string]func() error{"an error": func() error { return no }, "a panic": func() error { panic(no) }} {
		t.Run(name, func(t *testing.T) {
			act := func(a *Act) error {
				if err := a.NewEpoch(); err != nil {
					return err
				}
				return fail()
			}
			func() {
				defer func() { recover() }()
				o.apply(&Job{Act: act})
			}()
			if o.hub.Epoch() != epoch {
				t.Errorf("epoch %v, and the store says %v", o.hub.Epoch(), epoch)
			}
			good := &Job{Push: &protocol.Push{Epoch: epoch, Items: []*record.Change{an.made(u1, "BAD")}}}
			bad := &Job{Act: func(*Act) error { return no }}
			o.apply(good, bad)
			if good.Err != nil || good.Refused || len(good.Receipts.Receipts) != 1 || !errors.Is(bad.Err, no) {
				t.Errorf("beside one that fails: %v, %v; it: %v", good.Err, good.Refused, bad.Err)
			}
			o.sound()
		})
	}
}
