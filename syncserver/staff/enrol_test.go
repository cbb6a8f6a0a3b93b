package staff_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// ask is a request of a device with a code; the claim is another for another device.
func ask(code enrolment.Code, device byte) *enrolment.Ask {
	a := enrolment.NewAsk(code, bytes.Repeat([]byte{device}, 32), "centre.example:7443")
	return &a
}

// TestEnrolCode: a code is for one machine, once; who asks again because the answer was lost gets the same; an enrolment that
// failed costs no code.
func TestEnrolCode(t *testing.T) {
	w := open(t)
	by := w.signedIn(t, "52.A", staff.Administer)
	n := staff.Newcomer{Unit: "52.A.1", Name: "Máy xã 1", Feeds: []record.Feed{"52.A.1/ordinary", "52.A.1/tips"}}
	code, ends, err := w.NewEnrolCode(t.Context(), by, n)
	if err != nil || int64(ends) != w.now.Load()+int64(staff.EnrolTime) {
		t.Fatal(err)
	}
	enrolled := 0
	give := func(got staff.Newcomer) ([]byte, error) {
		enrolled++
		if got.Unit != n.Unit || got.Name != n.Name || len(got.Feeds) != 2 || got.Feeds[1] != n.Feeds[1] {
			t.Errorf("%+v", got)
		}
		return []byte("file 11"), nil
	}
	take := func(a *enrolment.Ask) (string, error) {
		sealed, err := w.TakeEnrolCode(t.Context(), a, "203.0.113.5", give)
		if err != nil {
			return "", err
		}
		b, err := a.Open(code.Key(), sealed)
		return string(b), err
	}
	bad := ask(code, 1)
	bad.Claim = bad.Claim[:8]
	_, err = take(bad)
	want(t, "a short claim", err, fault.BadInput)
	other, err := enrolment.NewCode()
	if err != nil {
		t.Fatal(err)
	}
	_, err = take(ask(other, 1))
	want(t, "a code that was never made", err, fault.EnrolCodeStale)
	listener := ask(code, 7)
	listener.Proof = ask(other, 7).Proof
	_, err = take(listener)
	want(t, "who heard the name of the code and does not have it", err, fault.EnrolCodeStale)
	full := fault.New(fault.DiskFull, "hub", nil)
	_, err = w.TakeEnrolCode(t.Context(), ask(code, 1), "", func(staff.Newcomer) ([]byte, error) { return nil, full })
	want(t, "the hub's disk is full", err, fault.DiskFull)
	for range 2 { // the answer was lost
		if got, err := take(ask(code, 1)); got != "file 11" || err != nil {
			t.Fatal(got, err)
		}
		w.Close()
		w.reopen(t)
	}
	_, err = take(ask(code, 2))
	want(t, "another machine", err, fault.EnrolCodeUsed)
	if enrolled != 1 {
		t.Errorf("%d devices are enrolled", enrolled)
	}
	if n := w.CodesWithKeys(t); n != 0 {
		t.Errorf("the key of a code that was traded is kept")
	}
	if n := w.acts(t, string(staff.EnrolDevice)); n != 2 {
		t.Errorf("%d entries", n)
	}
	w.pass(staff.EnrolTime + 1)
	_, err = take(ask(code, 1))
	want(t, "the answer after a day", err, fault.EnrolCodeStale)
	code, _, err = w.NewEnrolCode(t.Context(), staff.Keeper("root"), n)
	if err != nil {
		t.Fatal(err)
	}
	w.pass(staff.EnrolTime + 1)
	_, err = take(ask(code, 1))
	want(t, "a code after a day", err, fault.EnrolCodeStale)
}

// TestOneCodeForMany: of many machines that type one code at once, one is enrolled.
func TestOneCodeForMany(t *testing.T) {
	w := open(t)
	code, _, err := w.NewEnrolCode(t.Context(), staff.Keeper("root"), staff.Newcomer{Unit: "52.A.1", Name: "Máy", Feeds: []record.Feed{"52.A.1/ordinary"}})
	if err != nil {
		t.Fatal(err)
	}
	var enrolled, used atomic.Int64
	var crowd sync.WaitGroup
	for i := range 20 {
		crowd.Go(func() {
			_, err := w.TakeEnrolCode(context.Background(), ask(code, byte(i)), "", func(staff.Newcomer) ([]byte, error) {
				enrolled.Add(1)
				return []byte("f"), nil
			})
			if errors.Is(err, fault.EnrolCodeUsed) {
				used.Add(1)
			}
		})
	}
	crowd.Wait()
	if enrolled.Load() != 1 || used.Load() != 19 {
		t.Errorf("%d enrolled, %d turned away", enrolled.Load(), used.Load())
	}
}

// TestWhoMakesCodes: for feeds within the own subtree only, with the passphrase at hand; what was made is listed and withdrawn.
func TestWhoMakesCodes(t *testing.T) {
	w := open(t)
	by := w.signedIn(t, "52.A", staff.Administer)
	code := func(v *staff.Viewer, unit string, feeds ...record.Feed) (enrolment.Code, error) {
		text, _, err := w.NewEnrolCode(t.Context(), v, staff.Newcomer{Unit: unit, Name: "Máy", Feeds: feeds})
		return text, err
	}
	for what, x := range map[string]struct {
		unit  string
		feeds []record.Feed
		code  fault.Code
	}{
		"another unit":      {"52.B", []record.Feed{"52.B/ordinary"}, fault.NotAllowed},
		"another's feed":    {"52.A.1", []record.Feed{"52.A.1/ordinary", "52/ordinary"}, fault.NotAllowed},
		"no feed":           {"52.A.1", nil, fault.BadInput},
		"no compartment":    {"52.A.1", []record.Feed{"52.A.1"}, fault.BadInput},
		"a list in a feed":  {"52.A.1", []record.Feed{"52.A.1,52/ordinary"}, fault.BadInput},
		"the own oversight": {"52.A", []record.Feed{"52.A/oversight"}, ""},
	} {
		_, err := code(by, x.unit, x.feeds...)
		want(t, what, err, x.code)
	}
	_, err := code(w.signedIn(t, "52.A", staff.Review), "52.A.1", "52.A.1/ordinary")
	want(t, "without the role", err, fault.NotAllowed)

	text, err := code(by, "52.A.1", "52.A.1/ordinary")
	if err != nil {
		t.Fatal(err)
	}
	list, err := w.EnrolCodes(t.Context(), by)
	if err != nil || len(list) != 2 || list[0].Taken || list[0].MadeBy != by.Account {
		t.Fatalf("%+v, %v", list, err)
	}
	if others, err := w.EnrolCodes(t.Context(), w.signedIn(t, "52.B", staff.Administer)); err != nil || len(others) != 0 {
		t.Errorf("%+v, %v", others, err)
	}
	for _, c := range list {
		if c.Unit == "52.A.1" {
			want(t, "withdrawn by another", w.DropEnrolCode(t.Context(), w.signedIn(t, "52.B", staff.Administer), c.ID), fault.NotAllowed)
			if n := w.acts(t, "refused"); n != 6 {
				t.Errorf("%d of 6 attempts are noted", n)
			}
			want(t, "withdrawn", w.DropEnrolCode(t.Context(), by, c.ID), "")
			want(t, "withdrawn twice", w.DropEnrolCode(t.Context(), by, c.ID), fault.NotFound)
		}
	}
	_, err = w.TakeEnrolCode(t.Context(), ask(text, 1), "", func(staff.Newcomer) ([]byte, error) { t.Error("enrolled"); return nil, nil })
	want(t, "a code that was withdrawn", err, fault.EnrolCodeStale)
}
