package banlang_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/command"
	"banlang/desktop/keyfile"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	office "banlang/syncserver/command"
)

// freshLaptop is a machine on which the real program runs, on a real disk, with somebody before its window who needs no screen.
type freshLaptop struct {
	*app.App
	t       *testing.T
	home    string
	network bool // it has one
	queue   chan func()
}

// sit starts the program, does things before its window, and closes it.
func (l *freshLaptop) sit(do func()) {
	l.t.Helper()
	var said bytes.Buffer
	c := command.Command{Out: &said, Err: &said, Keys: keyfile.Options{Secrets: keyless{}},
		Env: func(name string) string { return map[string]string{"DISPLAY": ":0", "HOME": l.home}[name] },
		Addresses: func() ([]net.Addr, error) {
			if l.network {
				return net.InterfaceAddrs()
			}
			return nil, nil
		},
		Window: func(_ context.Context, m *app.App) error {
			l.App, l.queue = m, make(chan func(), 1000)
			m.Start(func(f func()) { l.queue <- f }, func(app.Part) {})
			do()
			return m.Close()
		}}
	if code := c.Run(l.t.Context(), "--dir", filepath.Join(l.home, "sổ")); code != command.ExitDone {
		l.t.Fatalf("the window ended with %d\n%s", code, &said)
	}
}

// until lets the program work until something holds.
func (l *freshLaptop) until(what string, holds func() bool) {
	l.t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for !holds() {
		select {
		case f := <-l.queue:
			f()
		case <-timer.C:
			l.t.Fatal("it never comes to this: ", what)
		}
	}
}

// tries asks the centre with what is typed, and returns what the page says; "" when the machine is enrolled.
func (l *freshLaptop) tries(code, address string) fault.Code {
	l.t.Helper()
	e := l.Enrolment
	e.SetCode(code)
	e.SetAddress(address)
	e.Try()
	l.until("an answer", func() bool { return !e.Busy() })
	if l.Page() != app.PageEnrol {
		return ""
	}
	said, _ := e.Said()
	if said.Message == "" || said.Next == "" || e.Code() != code || e.Address() != address {
		l.t.Errorf("%q at %q: %+v", e.Code(), e.Address(), said)
	}
	return fault.Code(said.Code)
}

// keyless is a machine without a key store.
type keyless struct{}

var errKeyless = errors.New("no key store")

func (keyless) Get(string) ([]byte, error) { return nil, errKeyless }
func (keyless) Set(string, []byte) error   { return errKeyless }
func (keyless) Delete(string) error        { return errKeyless }

// codeFor is a one-time code for a machine of a unit, in its file.
func (s *station) codeFor(unit, name string) (code, file string) {
	s.t.Helper()
	file = filepath.Join(s.t.TempDir(), "ma-dang-ky.json")
	s.staff(office.ExitDone, "enrol", "--unit", unit, "--name", name, "--address", s.addr, "--code", "--out", file)
	b, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	f, ok := enrolment.ParseCodeFile(b)
	if !ok {
		s.t.Fatalf("%s", b)
	}
	return f.Code, file
}

// TestFirstStart is a new laptop before its officer: no network, nobody at the address, somebody else who answers, a code that
// nobody made and one that is used; and then the centre. He sets his passphrase, and what the province sends down over the
// websocket bears the name of who has sent it, and not the account.
func TestFirstStart(t *testing.T) {
	s := serving(t, t.TempDir())
	defer s.end()
	code, _ := s.codeFor("SL017", "Xã Đăk Rơ Leng")
	l := &freshLaptop{t: t, home: t.TempDir()}
	m := between(t, s)
	m.answer.Store(func(w http.ResponseWriter, _ int, body []byte) {
		body[len(body)/2] ^= 1
		_, _ = w.Write(body)
	})
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := silent.Addr().String()
	silent.Close()
	plain := newPlain(t)
	never, err := enrolment.NewCode()
	if err != nil {
		t.Fatal(err)
	}
	thief := &freshLaptop{t: t, home: t.TempDir(), network: true}

	l.sit(func() {
		for _, x := range []struct {
			what, code, address string
			network             bool
			want                fault.Code
		}{
			{"no network", code, nobody, false, fault.EnrolOffline},
			{"nobody there", code, nobody, true, fault.EnrolNoAnswer},
			{"no such name", code, "trungtam.invalid:7443", true, fault.EnrolNoAnswer},
			{"somebody without TLS", code, plain, true, fault.EnrolForged},
			{"a man in the middle", code, strings.TrimPrefix(m.URL, "https://"), true, fault.EnrolForged},
			{"a code that nobody made", never.String(), s.addr, true, fault.EnrolCodeStale},
		} {
			l.network = x.network
			if got := l.tries(x.code, x.address); got != x.want {
				t.Errorf("%s: %q, want %q", x.what, got, x.want)
			}
		}
	})
	l.network = true
	thief.sit(func() { // the answer that the man in the middle spoilt was for the first machine
		if got := thief.tries(code, s.addr); got != fault.EnrolCodeUsed {
			t.Errorf("a second machine: %q", got)
		}
	})
	staff(t, office.ExitDone, "account", "add", "--dir", s.dir, "--name", "tra.vn", "--person", "Trần Thị Trà", "--unit", "SL", "--roles", "direct", "--first")
	list := filepath.Join(t.TempDir(), "units.csv")
	if err := os.WriteFile(list, []byte("Mã,Tên,Cấp,Mã cấp trên\nSL,Tỉnh Sơn La,Tỉnh,VN\nSL017,Xã Đăk Rơ Leng,Xã,SL\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	staff(t, office.ExitDone, "units", "import", "--dir", s.dir, list, "--yes")
	l.sit(func() {
		if got := l.tries(strings.ToLower(code), "https://"+s.addr+"/"); got != "" || !l.Gate.First() || l.Unit() != "Xã Đăk Rơ Leng" {
			t.Fatalf("%q, of %q", got, l.Unit())
		}
		l.Gate.Create("Phan Quốc Điềm", "", "cây gạo trâu bạc đèn dầu", "cây gạo trâu bạc đèn dầu")
		l.until("the notebook is open", func() bool { return l.Me() != "" })
		l.until("it is in touch", func() bool { return l.Bar().Phase == app.Idle })
		s.desk("directive", "send", "--by", "tra.vn", "--issuer", "SL", "--to", "SL017", "--number", "12/KH-CAT", "--kind", "ke_hoach",
			"--subject", "Cao điểm", "--task", "Tuyên truyền", "--due", "2036-12-15")
		issued := func() string {
			if rows := l.Directives.Rows(); len(rows) == 1 {
				who, _, _ := strings.Cut(rows[0].Sub, " · ")
				return who
			}
			return ""
		}
		l.until("the directive with who has sent it", func() bool { return issued() == "Trần Thị Trà — Tỉnh Sơn La" })
		staff(t, office.ExitDone, "account", "disable", "--dir", s.dir, "tra.vn")
	})
	l.sit(func() { // a start later, and he has left
		l.Gate.Try("cây gạo trâu bạc đèn dầu")
		l.until("who has sent it", func() bool {
			rows := l.Directives.Rows()
			return len(rows) == 1 && strings.HasPrefix(rows[0].Sub, "Trần Thị Trà — Tỉnh Sơn La · ")
		})
	})
}

// newPlain is somebody who answers, and does not speak TLS.
func newPlain(t *testing.T) string {
	t.Helper()
	x, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: patience, ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(x)
	t.Cleanup(func() { server.Close() })
	return x.Addr().String()
}

// TestFirstStartByFile: a file on the disk of a new laptop is found, and enrols it; one that is no file of a centre does not.
func TestFirstStartByFile(t *testing.T) {
	s := serving(t, t.TempDir())
	defer s.end()
	_, file := s.codeFor("SL017", "Xã Đăk Rơ Leng")
	l := &freshLaptop{t: t, home: t.TempDir(), network: true}
	downloads := filepath.Join(l.home, "Downloads")
	if err := os.MkdirAll(downloads, 0o700); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(downloads, "khac.json")
	b, err := os.ReadFile(file)
	if err := errors.Join(err, os.WriteFile(filepath.Join(downloads, "ma.json"), b, 0o600), os.WriteFile(other, []byte(`{"format":"x"}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	l.sit(func() {
		e := l.Enrolment
		l.until("the files are found", func() bool { return !e.Looking() })
		files := e.Files()
		if len(files) != 1 || files[0].Path != filepath.Join(downloads, "ma.json") {
			t.Fatalf("%+v", files)
		}
		e.Take(other)
		l.until("an answer", func() bool { return !e.Busy() })
		if said, _ := e.Said(); said.Code != string(fault.EnrolFile) {
			t.Errorf("%+v", said)
		}
		e.Take(files[0].Path)
		l.until("it is enrolled", func() bool { return l.Page() == app.PageSignIn })
	})
	l.sit(func() {
		if l.Page() != app.PageSignIn || !l.Gate.First() || l.Unit() != "Xã Đăk Rơ Leng" {
			t.Errorf("the next start begins at page %d, of %q", l.Page(), l.Unit())
		}
	})
}
