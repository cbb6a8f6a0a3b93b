package app_test

import (
	"strings"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/fault"
)

// newLaptop is a machine without a notebook, on the screen.
func newLaptop(t *testing.T) (*apptest.Machine, *apptest.Newcomer) {
	t.Helper()
	v := apptest.NewVillage(t)
	v.Newcomer = &apptest.Newcomer{}
	return v.NewMachine(24).Start(), v.Newcomer
}

// TestANewLaptopIsEnrolled: a machine without a notebook asks for the code; whatever goes wrong says what to do next, marks the
// field that it is about, and leaves what was typed; then the first officer is asked for.
func TestANewLaptopIsEnrolled(t *testing.T) {
	m, centre := newLaptop(t)
	e := m.App.Enrolment
	if m.App.Page() != app.PageEnrol {
		t.Fatal("the page is", m.App.Page())
	}
	tries := func(code, address, next string, field app.EnrolField) {
		t.Helper()
		e.SetCode(code)
		e.SetAddress(address)
		e.Try()
		m.Settle()
		said, about := e.Said()
		if !strings.Contains(said.Next, next) || said.Message == "" || about != field || e.Busy() {
			t.Errorf("%q at %q: %+v, field %d", code, address, said, about)
		}
		if e.Code() != code || e.Address() != address || m.App.Page() != app.PageEnrol {
			t.Errorf("what was typed is %q, %q", e.Code(), e.Address())
		}
	}
	const good, there = apptest.NewcomersCode, "trungtam.vn:7443"
	tries("", there, "Gõ mã", app.CodeField)
	tries(good[:20], there, "từng nhóm bốn chữ", app.CodeField)
	tries(strings.Replace(good, "7", "8", 1), there, "từng nhóm bốn chữ", app.CodeField)
	for _, address := range []string{"", "trungtam.vn", "trungtam.vn:", ":7443", "trung tam:7443", "trungtam.vn:cổng", "ai@trungtam.vn:7443", "trungtam.vn/x:7443"} {
		tries(good, address, "dấu hai chấm", app.AddressField)
	}
	if len(centre.Asked) != 0 {
		t.Fatal("asked with what cannot be right: ", centre.Asked)
	}
	for code, field := range map[fault.Code]app.EnrolField{fault.EnrolCodeStale: app.CodeField, fault.EnrolCodeUsed: app.CodeField,
		fault.EnrolForged: app.AddressField, fault.EnrolNoAnswer: app.AddressField, fault.EnrolOffline: app.NoField, fault.DiskFull: app.NoField} {
		centre.Says = fault.New(code, "test", nil)
		tries(good, there, code.Hint(fault.Vietnamese), field)
	}
	m.App.SetLanguage(app.English)
	if said, _ := e.Said(); said.Some() || e.Code() != good || e.Address() != there {
		t.Error("another language takes what was typed, or speaks the old one")
	}
	centre.Says = nil
	e.SetAddress(" https://" + there + "/ ")
	e.Try()
	m.Settle()
	if last := centre.Asked[len(centre.Asked)-1]; last != there+" "+good {
		t.Errorf("asked %q", last)
	}
	if m.App.Page() != app.PageSignIn || !m.App.Gate.First() || !strings.Contains(m.App.Toast().Text, "Xã Đăk Rơ Leng") || e.Code() != "" {
		t.Errorf("page %d, toast %+v", m.App.Page(), m.App.Toast())
	}
	m.SignIn("Phan Quốc Điềm")
	if m.App.Me() == "" {
		t.Error("nobody can sign in")
	}
}

// TestACodeWhileItIsTyped says how much of it is there, and that there is a slip before anything is sent; and the address and code
// that a telephone has read go where they belong.
func TestACodeWhileItIsTyped(t *testing.T) {
	m, _ := newLaptop(t)
	e := m.App.Enrolment
	for typed, want := range map[string]string{"": "0 trên 28", "7k3m q9": "6 trên 28", apptest.NewcomersCode: "Đủ chữ", strings.ToLower(apptest.NewcomersCode): "Đủ chữ",
		apptest.NewcomersCode + "0": "nhầm hoặc thừa", "8" + apptest.NewcomersCode[1:]: "nhầm hoặc thừa"} {
		e.SetCode(typed)
		if got, _ := e.Hint(); !strings.Contains(got, want) {
			t.Errorf("%q: %s", typed, got)
		}
	}
	e.SetCode("trungtam.vn:7443 " + apptest.NewcomersCode)
	if e.Code() != apptest.NewcomersCode || e.Address() != "trungtam.vn:7443" {
		t.Errorf("%q at %q", e.Code(), e.Address())
	}
}

// TestAFileOfTheCentre: one that was found or dropped enrols the machine; one that is none says so.
func TestAFileOfTheCentre(t *testing.T) {
	m, centre := newLaptop(t)
	e := m.App.Enrolment
	if len(e.Files()) != 0 {
		t.Fatal(e.Files())
	}
	centre.Here = []app.EnrolFile{apptest.Stick(m.V.Wall().Time())}
	e.Look()
	m.Settle()
	if len(e.Files()) != 1 || e.Looking() || e.Found(&e.Files()[0]) != "09:41" {
		t.Fatalf("%+v", e.Files())
	}
	centre.Says = fault.New(fault.EnrolFile, "test", nil)
	e.Take("/khac.json")
	m.Settle()
	if said, _ := e.Said(); said.Code != string(fault.EnrolFile) {
		t.Errorf("%+v", said)
	}
	centre.Says = nil
	e.Take(e.Files()[0].Path)
	m.Settle()
	if m.App.Page() != app.PageSignIn {
		t.Error("it is not enrolled")
	}
}

// TestATryIsGivenUp: who does not want to wait stops, and nothing is held against him.
func TestATryIsGivenUp(t *testing.T) {
	m, centre := newLaptop(t)
	centre.Hold = true
	e := m.App.Enrolment
	e.SetCode(apptest.NewcomersCode)
	e.SetAddress("trungtam.vn:7443")
	e.Try()
	e.Try() // a second press asks no second time
	if !e.Busy() {
		t.Error("nobody sees that the centre is asked")
	}
	e.Stop()
	m.Settle()
	if said, _ := e.Said(); e.Busy() || said.Some() || len(centre.Asked) != 1 || e.Code() != apptest.NewcomersCode {
		t.Errorf("%+v, asked %d times", said, len(centre.Asked))
	}
}
