package banlang_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"

	"banlang/desktop/app"
	desk "banlang/desktop/command"
	"banlang/desktop/keyfile"
	"banlang/shared/envelope"
	"banlang/syncserver/command"
)

// laptop is the officer's program on a real disk, at the built centre.
type laptop struct {
	t         *testing.T
	dir       string
	said      bytes.Buffer // of the last command
	secrets   cupboard
	at        *process
	enrolment string
}

// cupboard is the key store of a laptop.
type cupboard map[string][]byte

func (c cupboard) Get(name string) ([]byte, error) { return c[name], nil }
func (c cupboard) Set(name string, b []byte) error { c[name] = b; return nil }
func (c cupboard) Delete(name string) error        { delete(c, name); return nil }

func (p *process) laptop(unit string) *laptop {
	p.t.Helper()
	l := &laptop{t: p.t, dir: filepath.Join(p.t.TempDir(), "so"), secrets: cupboard{}, at: p}
	l.enrolment = filepath.Join(filepath.Dir(l.dir), "may.json")
	p.staff(command.ExitDone, "enrol", "--unit", unit, "--name", "Máy trực ban", "--address", p.addr, "--out", l.enrolment)
	l.runs(desk.ExitDone, "", "enrol", l.enrolment)
	return l
}

// runs has a command done under a passphrase.
func (l *laptop) runs(want int, passphrase string, args ...string) string {
	l.t.Helper()
	l.said.Reset()
	env := map[string]string{"BANLANG_PASSPHRASE": passphrase, "BANLANG_NEW_PASSPHRASE": passphrase}
	c := desk.Command{Out: &l.said, Err: &l.said, Keys: keyfile.Options{Secrets: l.secrets}, Env: func(name string) string { return env[name] }}
	if code := c.Run(l.t.Context(), append(args, "--dir", l.dir)...); code != want {
		l.t.Fatalf("desktop %q ends with %d, want %d:\n%s", args, code, want, &l.said)
	}
	return l.said.String()
}

// sits opens the window without a screen, does something before it, and closes it.
func (l *laptop) sits(do func(m *app.App, until func(func() bool))) {
	l.t.Helper()
	c := desk.Command{Out: &l.said, Err: &l.said, Keys: keyfile.Options{Secrets: l.secrets},
		Env: func(name string) string { return map[string]string{"DISPLAY": ":0", "HOME": filepath.Dir(l.dir)}[name] },
		Window: func(_ context.Context, m *app.App) error {
			queue := make(chan func(), 1000)
			m.Start(func(f func()) { queue <- f }, func(app.Part) {})
			do(m, func(holds func() bool) {
				for !holds() {
					(<-queue)()
				}
			})
			return m.Close()
		}}
	if code := c.Run(l.t.Context(), "--dir", l.dir); code != desk.ExitDone {
		l.t.Fatalf("the window ends with %d:\n%s", code, &l.said)
	}
}

// begins makes the first officer.
func (l *laptop) begins(name, passphrase string) {
	l.sits(func(m *app.App, until func(func() bool)) {
		m.Gate.Create(name, "Trực ban", passphrase, passphrase)
		until(func() bool { busy, _ := m.Gate.Busy(); return !busy })
		if said := m.Gate.Said(); said != "" {
			l.t.Fatal(said)
		}
	})
}

// told is what the sign-in page says to a passphrase.
func (l *laptop) told(passphrase string) (said string, signedIn bool) {
	l.sits(func(m *app.App, until func(func() bool)) {
		if said = m.Gate.Said(); said == "" {
			m.Gate.Try(passphrase)
			until(func() bool { busy, _ := m.Gate.Busy(); return !busy })
			said = m.Gate.Said()
		}
		signedIn = m.Me() != ""
	})
	return said, signedIn
}

const (
	firstPhrase  = "cây gạo trâu bạc đèn dầu"
	secondPhrase = "ruộng bậc thang mây trắng"
	aVenue       = `{"key":"v1","form":"venue_register","unit":"GL014","values":{"occurred_on":"2025-11-02","name":"Nhà rông làng Đê","type":"lang","parent_unit":"GL014"}}`
)

// TestAForgottenPassphraseCostsNothing: the key has come to the centre by itself; two people take it out with the custodian's
// secret, it is noted, and the officer gets another passphrase with it. The same after the laptop was lost, wiped, and found.
func TestAForgottenPassphraseCostsNothing(t *testing.T) {
	p := launch(t, t.TempDir(), "127.0.0.1:0")
	_, custodian := p.custodian()
	l := p.laptop("GL014")
	records := filepath.Join(filepath.Dir(l.dir), "a.jsonl")
	if err := os.WriteFile(records, []byte(aVenue+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l.runs(desk.ExitDone, "", "import", records)
	l.begins("Phan Quốc Điềm", firstPhrase)
	l.runs(desk.ExitDone, firstPhrase, "sync", "--once") // learns to whom it is to be sealed
	l.runs(desk.ExitDone, firstPhrase, "sync", "--once")

	keys := filepath.Join(t.TempDir(), "khoa.txt")
	take := func(out string, more ...string) string {
		return p.desk(append([]string{"escrow", "get", "11", "--out", out, "--by", "Trần A, Lê B", "--reason", "quên mật khẩu"}, more...)...)
	}
	take(keys, "--key", custodian)
	if said := l.runs(desk.ExitDone, secondPhrase, "officers", "reset", "diem.pq.11", "--key", keys); !strings.Contains(said, "Mọi thứ trong sổ vẫn nguyên") {
		t.Error(said)
	}
	l.runs(desk.ExitCannotOpen, firstPhrase, "export")
	if said := l.runs(desk.ExitDone, secondPhrase, "export"); !strings.Contains(said, "Nhà rông làng Đê") {
		t.Error(said)
	}
	sealed := filepath.Join(t.TempDir(), "khoa.age")
	take(sealed)
	if b, err := os.ReadFile(sealed); err != nil || !bytes.HasPrefix(b, []byte("age-encryption.org/v1")) || bytes.Contains(b, []byte("BLK1")) {
		t.Errorf("the sealed one: %q, %v", b, err)
	}
	noted, err := os.ReadFile(filepath.Join(p.dir, "openings"))
	if lines := strings.Split(strings.TrimSpace(string(noted)), "\n"); err != nil || len(lines) != 2 ||
		!strings.Contains(lines[0], "escrow\t11\tage1") || !strings.HasSuffix(lines[1], "escrow\t11\tsealed\tquên mật khẩu\tTrần A\tLê B") {
		t.Errorf("noted: %q, %v", noted, err)
	}
	staff(t, command.ExitUsage, "escrow", "get", "11", "--dir", p.dir, "--out", sealed+"2", "--by", "Trần A", "--reason", "một mình")
	staff(t, command.ExitRefused, "escrow", "get", "99", "--dir", p.dir, "--out", sealed+"2", "--by", "Trần A,Lê B", "--reason", "nhầm máy")

	lostAndFound(t, p, l, take, custodian)
	if code := p.signal(syscall.SIGTERM); code != command.ExitDone {
		t.Errorf("the centre ends with %d:\n%s", code, p.err)
	}
}

// TestAnyCustodianOpensTheKey: a notebook that was sealed to the one custodian of a centre, as every one was before there could be
// several, is sealed to the second too when he is named, and then he alone takes the key out; to whom it is sealed no more after he
// was withdrawn, also while the window is open, what comes then does not open.
func TestAnyCustodianOpensTheKey(t *testing.T) {
	p := launch(t, t.TempDir(), "127.0.0.1:0")
	first, _ := p.custodian()
	l := p.laptop("GL014")
	l.begins("Phan Quốc Điềm", firstPhrase)
	learnsAndSends := func() {
		l.runs(desk.ExitDone, firstPhrase, "sync", "--once")
		l.runs(desk.ExitDone, firstPhrase, "sync", "--once")
	}
	learnsAndSends()
	latestOpens(t, p, first, true)

	second, file := p.custodian("pho-phong")
	latestOpens(t, p, second, false) // it was sealed before he was there
	learnsAndSends()
	latestOpens(t, p, first, true)
	latestOpens(t, p, second, true)

	keys := filepath.Join(t.TempDir(), "khoa.txt")
	p.desk("escrow", "get", "11", "--key", file, "--out", keys, "--by", "Trần A, Lê B", "--reason", "quên mật khẩu")
	l.runs(desk.ExitDone, secondPhrase, "officers", "reset", "diem.pq.11", "--key", keys)
	l.runs(desk.ExitCannotOpen, firstPhrase, "status")
	l.runs(desk.ExitDone, secondPhrase, "status")

	p.desk("recipient", "withdraw", "custodian")
	l.sits(func(m *app.App, until func(func() bool)) {
		m.Gate.Try(secondPhrase)
		until(func() bool { busy, _ := m.Gate.Busy(); return !busy })
		until(func() bool { return !opensLatest(t, p, first) })
	})
	latestOpens(t, p, second, true)
	if said := p.staff(command.ExitDone, "check"); !strings.Contains(said, "only one custodian") {
		t.Error(said)
	}
	if code := p.signal(syscall.SIGTERM); code != command.ExitDone {
		t.Errorf("the centre ends with %d:\n%s", code, p.err)
	}
}

func latestOpens(t *testing.T, p *process, with envelope.Identity, want bool) {
	t.Helper()
	if got := opensLatest(t, p, with); got != want {
		t.Errorf("the latest sealed key opens with the key of %s: %v", with.Recipient(), got)
	}
}

// opensLatest reports whether the latest sealed key of the laptop opens with the key of a custodian.
func opensLatest(t *testing.T, p *process, with envelope.Identity) bool {
	t.Helper()
	out := filepath.Join(t.TempDir(), "khoa.age")
	p.desk("escrow", "get", "11", "--out", out, "--by", "Trần A, Lê B", "--reason", "thử mở")
	sealed, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	id, err := age.ParseX25519Identity(with.Secret())
	if err != nil {
		t.Fatal(err)
	}
	_, err = age.Decrypt(bytes.NewReader(sealed), id)
	return err == nil
}

// lostAndFound: the laptop is reported lost while the window is shut, and opened by who knows the passphrase.
func lostAndFound(t *testing.T, p *process, l *laptop, take func(string, ...string) string, custodian string) {
	l.runs(desk.ExitDone, secondPhrase, "sync", "--once") // the key is sealed anew with the slot
	p.desk("devices", "lost", "11", "--by", "Trực ban", "--reason", "mất trên xe khách")
	said := l.runs(desk.ExitCannotOpen, secondPhrase, "sync", "--once")
	if !strings.Contains(said, "đã được hủy theo lệnh của trung tâm") || len(l.secrets) > 0 {
		t.Errorf("%d secrets; said:\n%s", len(l.secrets), said)
	}
	l.runs(desk.ExitCannotOpen, secondPhrase, "export")
	if said, in := l.told(secondPhrase); in || !strings.Contains(said, "đã được hủy theo lệnh của trung tâm") {
		t.Errorf("the window says %q, signed in: %v", said, in)
	}
	if out := p.staff(command.ExitDone, "devices"); !strings.Contains(out, "keys destroyed") {
		t.Error(out)
	}

	keys := filepath.Join(t.TempDir(), "khoa.txt")
	take(keys, "--key", custodian)
	l.runs(desk.ExitDone, firstPhrase, "officers", "reset", "diem.pq.11", "--key", keys)
	if said := l.runs(desk.ExitCannotOpen, firstPhrase, "export"); !strings.Contains(said, "đã được báo mất") {
		t.Error("the order stands, and nothing may be shown:\n" + said)
	}
	if said, in := l.told(firstPhrase); in || !strings.Contains(said, "đã được báo mất") {
		t.Errorf("the window says %q, signed in: %v", said, in)
	}
	p.desk("devices", "found", "11", "--by", "Trực ban", "--reason", "tìm lại được")
	l.runs(desk.ExitDone, firstPhrase, "sync", "--once")
	if said := l.runs(desk.ExitDone, firstPhrase, "export"); !strings.Contains(said, "Nhà rông làng Đê") {
		t.Error(said)
	}
	if said, in := l.told(firstPhrase); !in {
		t.Errorf("the window says %q", said)
	}
	p.staff(command.ExitDone, "check")
}
