package command_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"banlang/desktop/command"
	"banlang/shared/enrolment"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
)

// officer is somebody at a machine who types commands.
type officer struct {
	t        *testing.T
	dir      string
	out, err bytes.Buffer // of the last command
}

// newOfficer sits down at a machine that is not enrolled.
func newOfficer(t *testing.T) *officer {
	t.Helper()
	return &officer{t: t, dir: filepath.Join(t.TempDir(), "sổ")}
}

// does runs a command and expects its exit code.
func (o *officer) does(want int, args ...string) (out string) {
	o.t.Helper()
	return o.doesUnder(context.Background(), want, args...)
}

func (o *officer) doesUnder(ctx context.Context, want int, args ...string) string {
	o.t.Helper()
	o.out.Reset()
	o.err.Reset()
	c := command.Command{Out: &o.out, Err: &o.err}
	if code := c.Run(ctx, append(args, "--dir", o.dir)...); code != want {
		o.t.Fatalf("%q: exit code %d, want %d\n%s%s", args, code, want, &o.out, &o.err)
	}
	return o.out.String()
}

// says expects words in what the last command printed.
func (o *officer) says(words ...string) {
	o.t.Helper()
	for _, w := range words {
		if all := o.out.String() + o.err.String(); !strings.Contains(all, w) {
			o.t.Errorf("it does not say %q but\n%s", w, all)
		}
	}
}

// file writes a file of lines beside the notebook and returns its path.
func (o *officer) file(name string, lines ...string) string {
	o.t.Helper()
	path := filepath.Join(filepath.Dir(o.dir), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

// centre is a centre that exists only by its key.
var centre = func() seal.CentreKey {
	k, err := seal.NewCentreKey(nil)
	if err != nil {
		panic(err)
	}
	return k
}()

// enrolment writes the file that the centre would give for a device of commune XA01.
func (o *officer) enrolment(replica record.ReplicaID, address string) string {
	o.t.Helper()
	pin, err := wsconn.NewPin(centre)
	if err != nil {
		o.t.Fatal(err)
	}
	grant := &record.Change{Dot: record.Dot{Run: 1, N: record.Number(replica)}, Replica: record.Centre, Kind: record.KindGrant, Grantee: replica,
		Feeds: []record.Feed{"XA01/ordinary", "XA01/tips"}}
	if err := grant.Seal(nil, func(d record.Digest) [64]byte { return centre.Sign(seal.DomainChange, d[:]) }); err != nil {
		o.t.Fatal(err)
	}
	f := enrolment.File{Address: address, Centre: centre.Public().String(), Pin: pin.String(), Replica: replica, Unit: "XA01",
		Name: "Xã Ia Rơ Nuêng", Ticket: "blve1-x", Feeds: grant.Feeds, Grant: grant.Encoded()}
	b, err := f.Encode()
	if err != nil {
		o.t.Fatal(err)
	}
	return o.file("dang-ky.json", string(b))
}

// enrolled is an officer whose machine is enrolled.
func enrolled(t *testing.T) *officer {
	t.Helper()
	o := newOfficer(t)
	o.does(command.ExitDone, "enrol", o.enrolment(24, "127.0.0.1:1"))
	return o
}

const (
	venue   = `{"key":"v1","form":"venue_register","unit":"XA01","values":{"occurred_on":"2025-11-02","name":"Nhà rông làng Đê","type":"lang","parent_unit":"XA01"}}`
	session = `{"key":"s1","form":"awareness_session","unit":"XA01","values":{"occurred_on":"2025-11-16","method":"truc_tiep","venue":"@v1","venue_type":"lang",` +
		`"topics":"ma_tuy pccc","language":"jra","participants_total":"38","count_method":"dem","lead_body":"cong_an","presenters":"2",` +
		`"questions_raised":"3","questions_answered":"2","note":"Trời mưa."}}`
	weapons = `{"key":"w1","form":"weapon_handover","unit":"XA01","values":{"occurred_on":"2025-11-17","receipt_no":"15/BB","how":"van_dong","danger":"false",` +
		`"custody_place":"kho_don_vi","items/1/kind":"round","items/1/quantity":"12"}}`
)

func TestHelp(t *testing.T) {
	o := newOfficer(t)
	for lang, words := range map[string]string{"vi": "Mã kết thúc", "en": "Exit codes"} {
		o.does(command.ExitDone, "help", "--lang", lang)
		o.says(words, "desktop import", "desktop sync --once", "  130  ", "    7  ", "    8  ")
		o.does(command.ExitDone, "--lang", lang, "--help")
		o.says(words)
	}
	o.does(command.ExitUsage, "importt")
	o.says("importt", "desktop help")
	o.does(command.ExitUsage, "import")
	o.does(command.ExitUsage, "status", "--yaml")
	o.does(command.ExitUsage, "check", "me")
	o.does(command.ExitUsage, "forms", "tip")
	o.does(command.ExitNoWindow)
	o.says("không có cửa sổ", "desktop help")
}

func TestNotEnrolled(t *testing.T) {
	o := newOfficer(t)
	for _, args := range [][]string{{"status"}, {"check"}, {"export"}, {"forms"}, {"forms", "check"}, {"sync", "--once"}, {"watch"}, {"import", o.file("a", venue)}} {
		o.does(command.ExitCannotOpen, args...)
		o.says("chưa đăng ký", "→", "[not_enrolled]")
	}
	if _, err := os.Stat(o.dir); !os.IsNotExist(err) {
		t.Errorf("something was made: %v", err)
	}
	o.does(command.ExitRefused, "enrol", o.file("b", "{}"))
	o.does(command.ExitRefused, "enrol", filepath.Join(o.dir, "no such file"))
}

func TestEnrolAgain(t *testing.T) {
	o := enrolled(t)
	o.says("máy 24", "mã hóa trên đĩa")
	o.does(command.ExitDone, "import", o.file("a", venue))
	o.does(command.ExitDone, "enrol", o.enrolment(24, "127.0.0.1:2")) // the centre has moved
	o.does(command.ExitDone, "status")
	o.says("127.0.0.1:2", "Đã lưu 1 ")
	o.does(command.ExitRefused, "enrol", o.enrolment(25, "127.0.0.1:2"))
	o.does(command.ExitDone, "check")
}

func TestSecondInstance(t *testing.T) {
	o := enrolled(t)
	other := open(t, o.dir)
	o.does(command.ExitCannotOpen, "import", o.file("a", venue))
	o.says("đang mở", "Không có gì bị mất")
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	o.does(command.ExitDone, "import", o.file("a", venue))
}

func TestInterrupted(t *testing.T) {
	o := enrolled(t)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	o.doesUnder(ctx, command.ExitInterrupted, "import", o.file("a", venue))
	o.says("vẫn nguyên")
	o.does(command.ExitDone, "import", o.file("a", venue))
	o.doesUnder(ctx, command.ExitInterrupted, "sync", "--once")
}

// TestNoCentre: without a network everything works but the sync, which says that nothing is lost.
func TestNoCentre(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a", venue, session))
	o.does(command.ExitNotSynced, "sync", "--once", "--for", "200ms")
	o.says("Chưa đến được trung tâm", "giữ trên máy", "Đã lưu 2 · trung tâm đã nhận 0")
	o.does(command.ExitNotSynced, "sync", "--once", "--for", "200ms", "--lang", "en")
	o.says("cannot be reached", "Saved 2 · at the centre 0")
}

// stopper is a stream that ends the command when it has said something.
type stopper struct {
	bytes.Buffer
	words string
	stop  func()
}

func (s *stopper) Write(b []byte) (int, error) {
	n, err := s.Buffer.Write(b)
	if strings.Contains(s.String(), s.words) {
		s.stop()
	}
	return n, err
}

// TestWatch goes on without a network, says how it stands, and ends well when it is stopped.
func TestWatch(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a", venue))
	for _, args := range [][]string{{"watch"}, {"sync"}} {
		ctx, stop := context.WithTimeout(context.Background(), time.Minute)
		out := &stopper{words: "Chưa có mạng: đã lưu 1, trung tâm đã nhận 0 [unreachable]", stop: stop}
		c := command.Command{Out: out, Err: &o.err}
		if code := c.Run(ctx, append(args, "--dir", o.dir)...); code != command.ExitDone || !strings.Contains(out.String(), out.words) {
			t.Errorf("exit code %d\n%s%s", code, out, &o.err)
		}
	}
}
