package centre

import (
	"errors"
	"strings"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/passphrase"
	"banlang/shared/record"
	"banlang/shared/roster"
	"banlang/syncserver/hub"
	"banlang/syncserver/staff"
)

// told are the publications about staff that devices get.
func (r *running) told() (found []*record.Change) {
	r.t.Helper()
	err := r.store.View(r.t.Context(), func(tx hub.Tx) error {
		all, err := ledger.Publications(tx)
		for _, c := range all {
			if strings.HasPrefix(c.Topic, roster.Topics) {
				found = append(found, c)
			}
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

// knows says what devices show for an account now; "" for nothing.
func (r *running) knows(account string) string {
	p, ok := roster.Learn(r.told()).At(account, int64(clock.System()))
	if !ok {
		return ""
	}
	return p.Name + ", " + p.Unit
}

func (r *running) account(name, person, unit string, roles ...staff.Role) {
	r.t.Helper()
	r.do(Request{Account: &AccountOrder{Name: name, Add: &staff.Account{Person: person, Unit: unit, Roles: roles}}})
}

// rename is what an administrator does in the console.
func (r *running) rename(name, person string) {
	r.t.Helper()
	x, ok, err := r.Staff().Called(r.t.Context(), name)
	if !ok || err != nil {
		r.t.Fatal(ok, err)
	}
	x.Person = person
	if err := r.Staff().Change(r.t.Context(), staff.Keeper("test"), x); err != nil {
		r.t.Fatal(err)
	}
	r.Introduce(r.t.Context(), name)
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// TestWhoActsIsIntroduced: devices are told who somebody is with his first act towards them, and once; again when he is called
// otherwise or moves to another unit; and still know him when his account is closed. Of who has not acted nothing is told.
func TestWhoActsIsIntroduced(t *testing.T) {
	dir, o := t.TempDir(), Options{Cost: passphrase.Least}
	r := opened(t, dir, o)
	p := newPen(r.enrolled("U1"))
	a, b := p.create(t, "U1"), p.create(t, "U1")
	r.push(a, b)
	r.account("lan", "Nguyễn Thị Lan", "U1", staff.Review)
	r.account("quang", "Lê Quang", "U1", staff.Review, staff.Direct)
	if n := len(r.told()); n != 0 {
		t.Errorf("%d publications before anybody has acted", n)
	}
	r.reviewed(record.ReviewReturned, "Ghi rõ cách đếm", a.Dot)
	told := r.told()
	if len(told) != 1 || len(told[0].Replaces) != 0 {
		t.Fatalf("%+v", told)
	}
	expect(t, "who has acted", r.knows("lan"), "Nguyễn Thị Lan, U1")
	expect(t, "who has not", r.knows("quang"), "")
	if act := r.view(a.Dot).Review(); act.At < told[0].Time || told[0].Dot.N > act.Dot.N {
		t.Error("the act comes before who it was")
	}
	t.Logf("who somebody is costs %d bytes before packing", len(told[0].Encoded()))
	if len(told[0].Encoded()) > 200 {
		t.Error("that is much")
	}

	r.reviewed(record.ReviewApproved, "", b.Dot)
	r.rename("lan", "Nguyễn Thị Lan")
	r.do(Request{Account: &AccountOrder{Name: "lan", Roles: []staff.Role{staff.Direct}}})
	r.rename("quang", "Lê Minh Quang")
	if n := len(r.told()); n != 1 {
		t.Errorf("%d publications of the same", n)
	}
	r.rename("lan", "Nguyễn Thị Ngọc Lan")
	expect(t, "renamed", r.knows("lan"), "Nguyễn Thị Ngọc Lan, U1")
	r.do(Request{Account: &AccountOrder{Name: "lan", Unit: "U2"}})
	closed := true
	r.do(Request{Account: &AccountOrder{Name: "lan", Disable: &closed}})
	expect(t, "moved, and closed", r.knows("lan"), "Nguyễn Thị Ngọc Lan, U2")
	if was, _ := roster.Learn(r.told()).At("lan", told[0].Time); was.Unit != "U1" {
		t.Errorf("the old act is of %s", was.Unit)
	}

	// Under no account of the register stands what is done at the centre's machine.
	if done := r.do(Request{Review: &Review{By: "root", State: record.ReviewApproved, Items: []ReviewItem{{a.Dot.String(), SumOf(r.view(a.Dot))}}}}).Reviewed; done[0].Outcome != ReviewDone {
		t.Errorf("%+v", done)
	}
	expect(t, "nobody's account", r.knows("root"), "")
	n := len(r.told())
	r.end()
	r = opened(t, dir, o)
	if len(r.told()) != n {
		t.Error("a start tells the same again")
	}
}

// TestWhoActedBeforeIsIntroduced: those that acted under a program that told nobody are told of at the first start, in one
// publication; and a name that was altered while nothing could be told, at the next.
func TestWhoActedBeforeIsIntroduced(t *testing.T) {
	dir, o := t.TempDir(), Options{Cost: passphrase.Least}
	r := opened(t, dir, o)
	p := newPen(r.enrolled("U1"))
	a := p.create(t, "U1")
	r.push(a)
	for _, name := range []string{"lan", "quang", "tam"} {
		r.account(name, "Lê "+name, "U1", staff.Review)
	}
	for _, by := range []string{"quang", "lan"} { // as the program before did it
		v := r.view(a.Dot)
		w := hub.Writing{Record: v.ID, Form: v.Form, Officer: by, Saw: v, Values: map[string]string{record.PathReview: record.ReviewApproved}}
		err := r.act(t.Context(), func(a *hub.Act) error {
			_, err := a.Author(w)
			return errors.Join(err, a.Tx().PutValue(valueIntroduced, nil))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	r.end()
	r = opened(t, dir, o)
	if len(r.told()) != 1 {
		t.Errorf("%d publications", len(r.told()))
	}
	expect(t, "acted before", r.knows("lan")+"; "+r.knows("quang"), "Lê lan, U1; Lê quang, U1")
	expect(t, "never acted", r.knows("tam"), "")

	x, _, err := r.Staff().Called(t.Context(), "lan")
	x.Person = "Lê Thị Lan"
	if err != nil || r.Staff().Change(t.Context(), staff.Keeper("test"), x) != nil { // and the power fails
		t.Fatal(err)
	}
	r.end()
	r = opened(t, dir, o)
	expect(t, "altered before a power cut", r.knows("lan"), "Lê Thị Lan, U1")
}
