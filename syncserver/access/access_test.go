package access

import (
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// register keeps devices in a map.
type register map[record.ReplicaID]Device

func (m register) Device(r record.ReplicaID) (Device, bool, error) { d, ok := m[r]; return d, ok, nil }
func (m register) PutDevice(d Device) error                        { m[d.Replica] = d; return nil }
func (m register) Devices(f func(Device) bool) error {
	for _, r := range slices.Sorted(maps.Keys(m)) {
		if !f(m[r]) {
			break
		}
	}
	return nil
}

// office is a centre that admits devices.
type office struct {
	t   *testing.T
	key seal.CentreKey
	reg register
	now record.Millis

	epoch record.Epoch
}

func newOffice(t *testing.T) *office {
	t.Helper()
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &office{t: t, key: key, reg: register{}, now: 1_700_000_000_000, epoch: record.Epoch{Number: 1}}
}

// laptop is a machine that wants to be admitted.
type laptop struct {
	number record.ReplicaID
	key    seal.ReplicaKey
	code   string // what it shows with its Hello
}

// enter makes a device and its laptop, with the ticket that was carried to it.
func (o *office) enter(name string) *laptop {
	o.t.Helper()
	d, ticket, err := Enter(o.reg, o.key, o.epoch, name, "GL014", o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return &laptop{d.Replica, key, ticket}
}

var here = []byte("this connection")

func (l *laptop) hello(binding []byte) *protocol.Hello {
	return &protocol.Hello{Replica: l.number, PublicKey: l.key.Public().String(), Code: l.code, Program: "desktop 1",
		Proof: l.key.Sign(seal.DomainHello, binding)}
}

// admit says Hello; on success the laptop keeps its certificate instead of the ticket.
func (o *office) admit(l *laptop) error {
	_, err := Admit(o.reg, o.key.Public(), l.hello(here), here, o.now)
	return err
}

func (o *office) wants(what string, err error, want fault.Code) {
	o.t.Helper()
	if want == "" && err != nil || want != "" && !errors.Is(err, want) {
		o.t.Errorf("%s: %v, want %q", what, err, want)
	}
}

// TestEnrolment: a machine is entered, comes with its ticket, and from then on with its key alone.
func TestEnrolment(t *testing.T) {
	o := newOffice(t)
	a, b := o.enter("máy của An"), o.enter("máy của Ba")
	if a.number != FirstDevice || b.number != FirstDevice+1 {
		t.Errorf("numbers %d and %d", a.number, b.number)
	}
	o.wants("with the ticket", o.admit(a), "")
	if d := o.reg[a.number]; d.Key != a.key.Public().String() || d.Enrolled != o.now || d.Seen != o.now || d.Program != "desktop 1" {
		t.Errorf("noted: %+v", d)
	}
	a.code = ""
	o.now += time.Hour.Milliseconds()
	o.wants("with the key alone", o.admit(a), "")
	if d := o.reg[a.number]; d.Seen != o.now || d.Enrolled == o.now {
		t.Errorf("noted: %+v", d)
	}
	b.code = ""
	o.wants("never enrolled, without a ticket", o.admit(b), fault.NotEnrolled)
}

// TestHistoriesGiveOutOtherNumbers: two centres that went on from one backup, and the centre that it was made of, never
// give one number to two machines; each counts on in its own block, even past the end of it.
func TestHistoriesGiveOutOtherNumbers(t *testing.T) {
	o := newOffice(t)
	o.enter("before")
	backup := maps.Clone(o.reg)
	given := map[record.ReplicaID]record.Epoch{}
	for _, e := range []record.Epoch{{Number: 1}, {Number: 2, Random: 77}, {Number: 2, Random: 78_000_001_234}, {Number: 3, Random: 5}} {
		o.reg, o.epoch = maps.Clone(backup), e
		last := o.enter("first").number
		given[last] = e
		for range blockSize + 10 {
			n := o.enter("next").number
			if n != last+1 {
				t.Fatalf("history %v: %d after %d", e, n, last)
			}
			if _, ok := given[n]; ok {
				t.Fatalf("history %v: %d was given by history %v", e, n, given[n])
			}
			given[n], last = e, n
		}
	}
}

// TestTicketsEnd: at the last moment a ticket counts; a millisecond later it does not, and a key admitted with it does.
func TestTicketsEnd(t *testing.T) {
	o := newOffice(t)
	a, b := o.enter("a"), o.enter("b")
	o.now += TicketLife.Milliseconds()
	o.wants("at the last moment", o.admit(a), "")
	o.now++
	o.wants("a millisecond later", o.admit(b), fault.NotEnrolled)
	o.wants("admitted before", o.admit(a), "")
}

// TestATicketWorksOnce: a second machine that comes with it is told so; the first goes on.
func TestATicketWorksOnce(t *testing.T) {
	o := newOffice(t)
	a := o.enter("a")
	thief := &laptop{a.number, o.enter("thief").key, a.code}
	o.wants("the first", o.admit(a), "")
	o.wants("the second", o.admit(thief), fault.EnrolCodeUsed)
	thief.code = ""
	o.wants("the second, without it", o.admit(thief), fault.WrongKey)
	o.wants("the first again", o.admit(a), "")
}

// TestAReplayedHello: signed over another connection, it admits nobody here.
func TestAReplayedHello(t *testing.T) {
	o := newOffice(t)
	a := o.enter("a")
	o.wants("the true one", o.admit(a), "")
	overheard := a.hello([]byte("another connection"))
	_, err := Admit(o.reg, o.key.Public(), overheard, here, o.now)
	o.wants("overheard", err, fault.WrongKey)
	before := o.reg[a.number]
	stolen := a.hello(here)
	stolen.PublicKey = o.enter("b").key.Public().String()
	_, err = Admit(o.reg, o.key.Public(), stolen, here, o.now+1)
	o.wants("with another key in it", err, fault.WrongKey)
	stolen.PublicKey = "no key"
	_, err = Admit(o.reg, o.key.Public(), stolen, here, o.now+1)
	o.wants("with no key in it", err, fault.WrongKey)
	if o.reg[a.number] != before {
		t.Error("a refused Hello left a trace")
	}
}

// TestForgottenByARestore: the centre was set back to before the enrolment, or lost everything but its key: the
// certificate takes the device back under its number; of another centre, number or key it does not.
func TestForgottenByARestore(t *testing.T) {
	o := newOffice(t)
	a := o.enter("a")
	o.wants("first", o.admit(a), "")
	a.code = ""
	o.reg = register{}
	o.wants("forgotten, with the key alone", o.admit(a), fault.NotEnrolled)
	a.code = Certificate(o.key, a.number, a.key.Public().String())
	o.now += 10 * TicketLife.Milliseconds()
	o.wants("with the certificate, years later", o.admit(a), "")

	o.reg = register{}
	other := newOffice(t)
	for what, code := range map[string]string{
		"of another centre": Certificate(other.key, a.number, a.key.Public().String()),
		"of another number": Certificate(o.key, a.number+1, a.key.Public().String()),
		"of another key":    Certificate(o.key, a.number, other.enter("x").key.Public().String()),
		"torn":              a.code[:len(a.code)-2],
		"a ticket's mark":   strings.Replace(a.code, certificateMark, ticketMark, 1),
	} {
		x := &laptop{a.number, a.key, code}
		o.wants(what, o.admit(x), fault.NotEnrolled)
	}
}

// TestNoNumberIsGivenTwice: machine 12 was entered after the backup was made; the machine entered after the restore gets
// a number far away, and 12 comes back under its own.
func TestNoNumberIsGivenTwice(t *testing.T) {
	o := newOffice(t)
	o.enter("in the backup")
	backup := register{}
	for r, d := range o.reg {
		backup[r] = d
	}
	late := o.enter("after the backup")
	o.wants("before the restore", o.admit(late), "")
	o.reg, o.epoch.Number = backup, 2
	o.wants("entered after the restore", o.admit(o.enter("new")), "")
	late.code = Certificate(o.key, late.number, late.key.Public().String())
	o.wants("entered after the backup", o.admit(late), "")
}

// TestTicketsAreForOneNumber: nobody becomes another device with it, nor alters its end.
func TestTicketsAreForOneNumber(t *testing.T) {
	o := newOffice(t)
	a, b := o.enter("a"), o.enter("b")
	o.wants("the ticket of another", o.admit(&laptop{b.number, b.key, a.code}), fault.NotEnrolled)
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(a.code, ticketMark))
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		altered := append([]byte(nil), raw...)
		altered[i] ^= 1
		x := &laptop{a.number, a.key, ticketMark + base64.RawURLEncoding.EncodeToString(altered)}
		o.wants("an altered ticket", o.admit(x), fault.NotEnrolled)
	}
	other := newOffice(t)
	o.wants("of another centre", o.admit(&laptop{a.number, a.key, other.enter("x").code}), fault.NotEnrolled)
}

// TestARevokedDeviceIsStillHeard: it may push; its changes wait for staff.
func TestARevokedDeviceIsStillHeard(t *testing.T) {
	o := newOffice(t)
	a := o.enter("a")
	o.wants("before", o.admit(a), "")
	d := o.reg[a.number]
	d.Revoked = true
	o.reg[a.number] = d
	o.wants("revoked", o.admit(a), "")
	if !o.reg[a.number].Revoked {
		t.Error("a Hello undid the revocation")
	}
}

// FuzzEntitled: no text entitles a key that the centre did not sign for.
func FuzzEntitled(f *testing.F) {
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	mine, _ := seal.NewReplicaKey(nil)
	now := record.Millis(1_700_000_000_000)
	others := ticket(key, 12, now+1000)
	f.Add(others)
	f.Add(Certificate(key, 12, mine.Public().String()))
	f.Add(ticketMark)
	f.Add(certificateMark + strings.Repeat("A", 86))
	f.Fuzz(func(t *testing.T, code string) {
		h := &protocol.Hello{Replica: 11, PublicKey: mine.Public().String(), Code: code}
		if entitled(h, key.Public(), now) {
			t.Fatalf("%q entitles machine 11", code)
		}
	})
}
