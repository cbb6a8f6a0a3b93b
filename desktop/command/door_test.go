package command_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"banlang/desktop/app"
	"banlang/desktop/command"
	"banlang/desktop/keyfile"
	"banlang/desktop/store"
	"banlang/shared/envelope"
)

// A good passphrase, a worn one that the old program took, and its hash's owner.
const (
	good  = "cây gạo trâu bạc đèn dầu"
	weak  = "suối vàng"
	wrong = "cây gạo trâu bạc đèn pin"
)

// noStore is a machine without a key store.
type noStore struct{}

var errNoStore = errors.New("no key store")

func (noStore) Get(string) ([]byte, error) { return nil, errNoStore }
func (noStore) Set(string, []byte) error   { return errNoStore }
func (noStore) Delete(string) error        { return errNoStore }

// sitting is an officer before the window: the real program on a real disk, without a screen.
type sitting struct {
	*app.App
	t     *testing.T
	queue chan func()
}

// sits opens the window, does things before it, and closes it.
func (o *officer) sits(do func(s *sitting)) {
	o.t.Helper()
	o.out.Reset()
	o.err.Reset()
	c := command.Command{Out: &o.out, Err: &o.err, Keys: keyfile.Options{Secrets: noStore{}},
		Env: func(name string) string { return map[string]string{"DISPLAY": ":0", "HOME": filepath.Dir(o.dir)}[name] },
		Window: func(_ context.Context, m *app.App) error {
			s := &sitting{m, o.t, make(chan func(), 1000)}
			m.Start(func(f func()) { s.queue <- f }, func(app.Part) {})
			do(s)
			return m.Close()
		}}
	if code := c.Run(o.t.Context(), "--dir", o.dir); code != command.ExitDone {
		o.t.Fatalf("the window ended with %d\n%s", code, &o.err)
	}
}

// until lets the program work until something holds.
func (s *sitting) until(holds func() bool) {
	for !holds() {
		(<-s.queue)()
	}
}

// tries gives a passphrase and returns what is said about it; "": it has opened.
func (s *sitting) tries(passphrase string) string {
	s.Gate.Try(passphrase)
	s.until(func() bool { busy, _ := s.Gate.Busy(); return !busy })
	return s.Gate.Said()
}

// begins makes an officer.
func (s *sitting) begins(name, passphrase string) string {
	s.Gate.Create(name, "Cán bộ", passphrase, passphrase)
	s.until(func() bool { busy, _ := s.Gate.Busy(); return !busy })
	return s.Gate.Said()
}

// writes keeps a draft with a name in it.
func (s *sitting) writes(name string) {
	s.until(func() bool { return s.MayWrite("venue_register") })
	s.New("venue_register")
	s.until(func() bool { return s.Editor() != nil })
	s.Editor().Type("name", name)
	s.Editor().Keep()
	s.until(func() bool { return s.Toast() != nil })
}

// state is what lies on the disk.
func (o *officer) state() store.State {
	o.t.Helper()
	state, err := store.Look(filepath.Join(o.dir, "so.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	return state
}

// legible lists the files of the folder in which words can be read.
func (o *officer) legible(words ...string) (found []string) {
	o.t.Helper()
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(o.dir, e.Name()))
		if err != nil {
			o.t.Fatal(err)
		}
		for _, w := range words {
			if bytes.Contains(text, []byte(w)) {
				found = append(found, e.Name()+": "+w)
			}
		}
	}
	return found
}

func TestTheFirstOfficerEnciphersTheNotebook(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a.jsonl", venue, session))
	if len(o.legible("làng Đê", "SQLite format")) == 0 {
		t.Fatal("the plain notebook cannot be read; the test would prove nothing")
	}
	o.sits(func(s *sitting) {
		if !s.Gate.First() || s.Unit() != "Xã Ia Rơ Nuêng" {
			t.Fatalf("the sign-in page is of %q", s.Unit())
		}
		if said := s.begins("Phan Quốc Điềm", "ngắn"); !strings.Contains(said, "weak_passphrase") {
			t.Errorf("said %q", said)
		}
		if said := s.begins("Phan Quốc Điềm", good); said != "" {
			t.Fatal(said)
		}
		s.Go(app.PageRecords)
		s.until(func() bool { return s.List.Len() == 2 })
		s.writes("Thôn Suối Vàng")
	})
	if found := o.legible("làng Đê", "Suối Vàng", "SQLite format", "CREATE TABLE", good); len(found) > 0 || o.state() != store.Enciphered {
		t.Errorf("on the disk can be read: %v", found)
	}
	o.sits(func(s *sitting) {
		if said := s.tries(wrong); said != "Mật khẩu chưa đúng. Còn 4 lần thử, rồi máy nghỉ 1 phút. Sổ không bị xóa." {
			t.Errorf("said %q", said)
		}
		if s.Open() {
			t.Fatal("a wrong passphrase has opened it")
		}
		if said := s.tries(good); said != "" || s.Me() != "Phan Quốc Điềm" {
			t.Fatal(said)
		}
		s.until(func() bool { return len(s.Drafts()) == 1 })
		s.Lock()
		if said := s.tries(wrong); said == "" || !s.Open() {
			t.Errorf("locked, and a wrong passphrase says %q", said)
		}
		if said := s.tries(good); said != "" {
			t.Error(said)
		}
		if said := s.begins("Lê Thị Mai Hạ", "ruộng bậc thang mây trắng"); said != "" {
			t.Error(said)
		}
		s.SignOut()
		if s.Open() || len(s.Gate.Officers()) != 2 {
			t.Errorf("open %v, %d officers", s.Open(), len(s.Gate.Officers()))
		}
		s.Gate.Choose(1)
		if said := s.tries("ruộng bậc thang mây trắng"); said != "" || s.Me() != "Lê Thị Mai Hạ" {
			t.Errorf("%q signed in: %s", s.Me(), said)
		}
	})
}

// The power fails when the key is made and before the notebook is under it.
func TestAKeyWithoutItsNotebookIsNoDeadEnd(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a.jsonl", venue))
	key, err := keyfile.Create(keyfile.Path(filepath.Join(o.dir, "so.db")), keyfile.Officer{ID: "diem.pq.24", Name: "Phan Quốc Điềm"}, good,
		nil, keyfile.Options{Secrets: noStore{}})
	if err != nil {
		t.Fatal(err)
	}
	key.Lock()
	o.sits(func(s *sitting) {
		if said := s.tries(good); said != "" {
			t.Fatal(said)
		}
		s.Go(app.PageRecords)
		s.until(func() bool { return s.List.Len() == 1 })
	})
	if o.state() != store.Enciphered {
		t.Error("it is still plain")
	}
}

// Commands open an enciphered notebook with the passphrase of an officer: from the environment, or asked for.
func TestCommandsAskForThePassphrase(t *testing.T) {
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a.jsonl", venue))
	o.sits(func(s *sitting) { s.begins("Phan Quốc Điềm", good) })
	run := func(want int, in, env string, args ...string) {
		t.Helper()
		o.out.Reset()
		o.err.Reset()
		c := command.Command{Out: &o.out, Err: &o.err, In: strings.NewReader(in), Keys: keyfile.Options{Secrets: noStore{}},
			Env: func(name string) string { return map[string]string{"BANLANG_PASSPHRASE": env}[name] }}
		if code := c.Run(t.Context(), append(args, "--dir", o.dir)...); code != want {
			t.Fatalf("%q: exit code %d, want %d\n%s%s", args, code, want, &o.out, &o.err)
		}
	}
	run(command.ExitDone, good+"\n", "", "export")
	o.says("Nhà rông làng Đê", "Mật khẩu của Phan Quốc Điềm:")
	run(command.ExitDone, "", good, "check")
	run(command.ExitDone, "", good, "enrol", o.enrolment(24, "127.0.0.1:2"))
	run(command.ExitDone, "", good, "--as", "diem.pq.24", "status")
	run(command.ExitRefused, "", good, "--as", "ai.do", "status")
	run(command.ExitCannotOpen, "", wrong, "status")
	o.says("Mật khẩu")
	run(command.ExitCannotOpen, "", "", "status")
	if found := o.legible("làng Đê"); len(found) > 0 {
		t.Errorf("on the disk can be read: %v", found)
	}
}

// A notebook of the program before this one, whose officers have passphrases that protect nothing.
func TestANotebookOfOldIsBroughtUnderAKey(t *testing.T) {
	for _, x := range []struct {
		name, passphrase string
		enciphered       store.State
	}{{"a good passphrase", good, store.Enciphered}, {"a worn one", weak, store.Plain}} {
		t.Run(x.name, func(t *testing.T) {
			o := enrolled(t)
			o.does(command.ExitDone, "import", o.file("a.jsonl", venue))
			o.beside(command.OldOfficer("diem.pq.24", "Phan Quốc Điềm", x.passphrase))
			o.sits(func(s *sitting) {
				if said := s.tries("sai"); !strings.HasPrefix(said, "Mật khẩu chưa đúng.") {
					t.Errorf("said %q", said)
				}
				if said := s.tries(x.passphrase); said != "" || s.Me() != "Phan Quốc Điềm" {
					t.Fatal(said)
				}
				if s.Locked() != (x.enciphered == store.Enciphered) {
					t.Errorf("it says that it is enciphered: %v", s.Locked())
				}
				s.writes("Thôn Suối Vàng")
				if x.enciphered == store.Plain {
					s.Gate.Rekey(x.passphrase, good, good)
					s.until(func() bool { busy, _ := s.Gate.Busy(); return !busy })
					if said := s.Gate.Said(); said != "" {
						t.Fatal(said)
					}
				}
			})
			if o.state() != x.enciphered {
				t.Errorf("the notebook is %v", o.state())
			}
			o.sits(func(s *sitting) {
				if said := s.tries(good); said != "" {
					t.Fatal(said)
				}
				s.until(func() bool { return len(s.Drafts()) == 1 })
			})
			if found := o.legible("làng Đê", "Suối Vàng"); len(found) > 0 || o.state() != store.Enciphered {
				t.Errorf("on the disk can be read: %v", found)
			}
		})
	}
}

func TestARecordIsSavedAsPDF(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no viewer
	o := enrolled(t)
	o.does(command.ExitDone, "import", o.file("a.jsonl", venue))
	o.sits(func(s *sitting) {
		if said := s.begins("Phan Quốc Điềm", good); said != "" {
			t.Fatal(said)
		}
		s.Go(app.PageRecords)
		s.until(func() bool { return s.List.Len() == 1 })
		s.List.Choose(0)
		s.until(func() bool { return s.Detail() != nil })
		for range 2 {
			s.EndToast()
			s.Print()
			s.until(func() bool { return s.Toast() != nil })
		}
	})
	files, err := filepath.Glob(filepath.Join(filepath.Dir(o.dir), "Ban Lang", "*.pdf"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil || !bytes.HasPrefix(b, []byte("%PDF-")) || len(b) < 5000 {
			t.Errorf("%s: %d bytes, %v", f, len(b), err)
		}
	}
}

// Who leaves cannot open the notebook any more, and who has forgotten his passphrase gets another from the custodian.
func TestOfficersComeAndGo(t *testing.T) {
	o := enrolled(t)
	custodian, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	o.publishesKey(1, custodian.Recipient())
	o.does(command.ExitDone, "import", o.file("a.jsonl", venue))
	const hers = "ruộng bậc thang mây trắng"
	o.sits(func(s *sitting) {
		s.begins("Phan Quốc Điềm", good)
		s.begins("Lê Thị Mai Hạ", hers)
	})
	keys := filepath.Join(t.TempDir(), "khoa.txt")
	if err := os.WriteFile(keys, []byte(custodian.Secret()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(want int, env map[string]string, args ...string) {
		t.Helper()
		o.out.Reset()
		o.err.Reset()
		c := command.Command{Out: &o.out, Err: &o.err, Keys: keyfile.Options{Secrets: noStore{}}, Env: func(name string) string { return env[name] }}
		if code := c.Run(t.Context(), append(args, "--dir", o.dir)...); code != want {
			t.Fatalf("%q: exit code %d, want %d\n%s%s", args, code, want, &o.out, &o.err)
		}
	}
	run(command.ExitDone, nil, "officers")
	o.says("diem.pq.24", "ha.ltm.24")
	run(command.ExitRefused, map[string]string{"BANLANG_PASSPHRASE": good}, "officers", "remove", "diem.pq.24", "--as", "diem.pq.24")
	run(command.ExitDone, map[string]string{"BANLANG_PASSPHRASE": good}, "officers", "remove", "ha.ltm.24", "--as", "diem.pq.24")
	run(command.ExitRefused, map[string]string{"BANLANG_PASSPHRASE": hers}, "status", "--as", "ha.ltm.24")
	run(command.ExitDone, map[string]string{"BANLANG_PASSPHRASE": good}, "check")

	run(command.ExitFault, map[string]string{"BANLANG_NEW_PASSPHRASE": "ngắn"}, "officers", "reset", "diem.pq.24", "--key", keys)
	o.says("weak_passphrase")
	run(command.ExitDone, map[string]string{"BANLANG_NEW_PASSPHRASE": hers}, "officers", "reset", "diem.pq.24", "--key", keys)
	run(command.ExitCannotOpen, map[string]string{"BANLANG_PASSPHRASE": good}, "status")
	run(command.ExitDone, map[string]string{"BANLANG_PASSPHRASE": hers}, "export")
	o.says("Nhà rông làng Đê")
	stranger, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keys, []byte(stranger.Secret()), 0o600); err != nil {
		t.Fatal(err)
	}
	run(command.ExitCannotOpen, map[string]string{"BANLANG_NEW_PASSPHRASE": good}, "officers", "reset", "diem.pq.24", "--key", keys)
}
