//go:build week

package banlang_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/dispatch"
	"banlang/shared/record"
	"banlang/syncserver/command"
)

// The week of an officer through the real window: the built program under Xvfb, keys by xdotool, a real centre over a real
// websocket. It needs Xvfb, openbox, xdotool, xwininfo and ImageMagick, and takes about two minutes: "make week" sees to them.
//
// The window says nothing to a test, so what is waited for is that the picture stands still; what is judged is what the
// centre and the colleague hold. With WEEK_OUT=folder the pictures are kept.

const weekPassphrase = "cay gao trau bac den dau"

// sitter is an officer before the window.
type sitter struct {
	t       *testing.T
	dir     string // of the notebook
	home    string
	display string
	window  *exec.Cmd
	link    *hotspot
	said    transcript // all that the window ever wrote to its streams
	shots   int
}

// sits starts a screen for a device that the centre has made a file for.
func sits(t *testing.T, s *station, unit string) *sitter {
	t.Helper()
	o := &sitter{t: t, home: t.TempDir(), link: newHotspot(t, s.addr)}
	o.dir = filepath.Join(o.home, "so")
	file := filepath.Join(o.home, "may.json")
	s.staff(command.ExitDone, "enrol", "--unit", unit, "--name", "Xã Đăk Rơ Leng", "--address", o.link.addr(), "--out", file)
	settings := filepath.Join(o.home, "config", "fyne", "settings.json") // a cursor that does not blink
	if err := os.MkdirAll(filepath.Dir(settings), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, []byte(`{"no_animations": true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	o.screen()
	o.manager()
	o.runs(o.program(), "--dir", o.dir, "enrol", file)
	return o
}

func (o *sitter) program() string {
	path, err := filepath.Abs("bin/desktop")
	if err != nil {
		o.t.Fatal(err)
	}
	return path
}

// screen starts an X server on a display of its own.
func (o *sitter) screen() {
	o.t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		o.t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x720x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = x.Process.Kill(); _ = x.Wait() })
	_ = w.Close()
	line := make([]byte, 16)
	n, err := r.Read(line) // it speaks when it is ready
	if err != nil {
		o.t.Fatal(err)
	}
	o.display = ":" + strings.TrimSpace(string(line[:n]))
}

// manager starts a window manager on it.
func (o *sitter) manager() {
	o.t.Helper()
	wm := o.command("openbox")
	if err := wm.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = wm.Process.Kill(); _ = wm.Wait() })
}

func (o *sitter) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env = []string{"DISPLAY=" + o.display, "HOME=" + o.home, "XDG_CONFIG_HOME=" + filepath.Join(o.home, "config"), "PATH=" + os.Getenv("PATH"),
		"LANG=C.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1", "XDG_RUNTIME_DIR=" + o.home, "TMPDIR=" + o.home, "GOTRACEBACK=crash"}
	return c
}

func (o *sitter) runs(name string, args ...string) string {
	o.t.Helper()
	out, err := o.command(name, args...).CombinedOutput()
	if err != nil {
		o.t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// opens starts the program and waits for its window.
func (o *sitter) opens() {
	o.t.Helper()
	o.window = o.command(o.program(), "--dir", o.dir)
	o.window.Dir, o.window.Stdout, o.window.Stderr = o.home, &o.said, &o.said
	if err := o.window.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = o.window.Process.Kill() })
	id := strings.TrimSpace(o.runs("xdotool", "search", "--sync", "--onlyvisible", "--name", "Bản Làng"))
	o.runs("xdotool", "windowfocus", "--sync", strings.Fields(id)[0])
	o.still()
}

// killed ends the program as a power cut does.
func (o *sitter) killed() {
	if err := o.window.Process.Kill(); err != nil {
		o.t.Fatal(err)
	}
	_ = o.window.Wait()
}

// crashed ends the program as a mistake in it would: with all goroutines dumped, and a core file if the program lets it.
func (o *sitter) crashed() {
	o.t.Helper()
	if err := o.window.Process.Signal(syscall.SIGABRT); err != nil {
		o.t.Fatal(err)
	}
	_ = o.window.Wait()
	if said := o.said.String(); strings.Count(said, "goroutine ") < 5 {
		o.t.Errorf("it said no more than\n%s", said)
	}
}

// types types plain keys: what they mean is the program's.
func (o *sitter) types(text string) { o.runs("xdotool", "type", "--delay", "25", text) }

// presses presses keys one after the other, each seen by the program before the next.
func (o *sitter) presses(keys ...string) {
	for _, k := range keys {
		o.runs("xdotool", "key", k)
	}
}

// answers types into a field and goes on.
func (o *sitter) answers(text string) {
	o.types(text)
	o.presses("Return")
}

// still waits until the picture has not changed for three looks.
func (o *sitter) still() {
	o.t.Helper()
	var before [32]byte
	same := 0
	for end := time.Now().Add(30 * time.Second); same < 3; {
		if time.Now().After(end) {
			o.t.Fatal("the picture does not come to rest")
		}
		var b bytes.Buffer
		c := o.command("import", "-window", "root", "-crop", "1280x650+0+0", "ppm:-")
		c.Stdout = &b
		if err := c.Run(); err != nil {
			o.t.Fatal(err)
		}
		now := sha256.Sum256(b.Bytes())
		if now == before {
			same++
		} else {
			before, same = now, 0
		}
	}
}

// photograph keeps a picture, if wanted.
func (o *sitter) photograph(what string) {
	o.t.Helper()
	o.still()
	o.shots++
	if dir := os.Getenv("WEEK_OUT"); dir != "" {
		o.runs("import", "-window", "root", filepath.Join(dir, fmt.Sprintf("%02d-%s.png", o.shots, what)))
	}
}

// signsIn opens the notebook.
func (o *sitter) signsIn() {
	o.t.Helper()
	o.answers(weekPassphrase)
	o.still()
}

// begins opens an empty form that is found by these words.
func (o *sitter) begins(words string) {
	o.t.Helper()
	o.presses("ctrl+n")
	o.still()
	o.answers(words)
	o.still()
}

// finds waits until the colleague, syncing, sees the newest record of a form that is as wanted.
func (o *officer) finds(formID string, wanted func(v *record.View) bool) *record.View {
	o.t.Helper()
	ctx, stop := context.WithTimeout(o.t.Context(), time.Minute)
	defer stop()
	for {
		o.sync()
		o.settled()
		recs, err := o.nb.Search(ctx, notebook.Query{Form: formID, Limit: 10})
		if err != nil {
			o.t.Fatalf("no such record of %s came: %v", formID, err)
		}
		for _, rec := range recs {
			v, err := o.nb.View(ctx, rec)
			if err != nil {
				o.t.Fatal(err)
			}
			if wanted(v) {
				return v
			}
		}
		select {
		case <-ctx.Done():
			o.t.Fatalf("of %d records of %s none is as wanted", len(recs), formID)
		case <-time.After(200 * time.Millisecond): // the centre tells nobody who asks from outside
		}
	}
}

func TestTheWeek(t *testing.T) {
	s := serving(t, t.TempDir())
	s.enrol("SL", "Công an tỉnh")
	hers := s.enrol("SL017", "Xã Đăk Rơ Leng")
	o := sits(t, s, "SL017")

	// Monday: the first start; a village; a session, and the power fails in the middle of a sentence.
	o.opens()
	o.photograph("lan-dau")
	o.answers("Phan Quoosc DDieemf")
	o.answers("Casn booj")
	o.answers(weekPassphrase)
	o.answers(weekPassphrase)
	o.photograph("hom-nay")
	o.begins("ddiaj ddieerm")
	o.answers(time.Now().Format("02"))
	o.answers("Lafng Kon Tow Ngol")
	o.answers("l")
	o.types("dak")
	o.still()
	o.presses("Return")
	o.photograph("dia-diem")
	o.presses("ctrl+Return")
	village := hers.finds("venue_register", func(v *record.View) bool { return v.Text("name") == "Làng Kon Tơ Ngol" })

	o.begins("tuyeen truyeenf")
	o.answers(time.Now().Format("02"))
	o.answers("h")
	o.types("kon")
	o.still()
	o.presses("Return")
	o.answers("l")
	o.presses("space", "Return", "space", "Return") // the first topic, Vietnamese
	o.presses("ctrl+3")
	o.still()
	o.presses("Return", "Return", "Return", "Return", "Return") // to the note
	o.types("Baf con hoir nhieefu veef tisn dungj dden.")
	o.photograph("dang-viet")
	o.types(" Xax ddaf tra")
	o.killed()

	o.opens()
	o.photograph("dang-nhap")
	o.signsIn()
	o.photograph("nhap-con-do")
	o.presses("Return") // the first thing to do has the focus
	o.still()
	o.presses("ctrl+2")
	o.still()
	o.answers("60")
	o.answers("60")
	o.presses("Right", "Right", "Return") // counted on the spot
	o.answers("c")
	o.presses("Return")
	o.answers("2")
	o.answers("7")
	o.answers("7")
	o.photograph("truoc-khi-hoan-tat")
	o.presses("ctrl+Return")
	o.photograph("da-hoan-tat")
	session := hers.finds("awareness_session", func(v *record.View) bool { return v.Text("participants_total") == "60" })
	if note := session.Text("note"); !strings.HasPrefix(note, "Bà con hỏi nhiều về tín dụng đen.") || session.Text("venue") != village.ID.String() {
		t.Errorf("the session says %v", session.Values())
	}

	// Tuesday: both edit the same field; nobody's words vanish, and one action chooses.
	hers.save(session.ID, "awareness_session", map[string]string{"participants_total": "46"})
	o.presses("ctrl+e")
	o.still()
	o.presses("ctrl+2")
	o.still()
	o.presses("Return", "ctrl+a")
	o.types("64")
	o.presses("ctrl+Return")
	o.still()
	hers.finds("awareness_session", func(v *record.View) bool { return len(v.Field("participants_total")) == 2 })
	o.presses("ctrl+m")
	o.photograph("hai-y-kien")
	o.presses("Return")
	o.photograph("chon")
	o.presses("ctrl+1")
	o.photograph("da-chon")
	chosen := hers.finds("awareness_session", func(v *record.View) bool { return len(v.Field("participants_total")) == 1 })
	if got := chosen.Text("participants_total"); got != "64" && got != "46" {
		t.Errorf("chosen was %q", got)
	}

	// Wednesday: an urgent report, acknowledged from above.
	o.writesFlash("Lux oosng cuoosn trooi ngaafm trafn, dduwowfng vafo lafng bij chia cawst.")
	flash := hers.finds(dispatch.FormFlash, func(v *record.View) bool { return v.Text(dispatch.ArrivedAt) != "" })
	if got := flash.Text("summary"); got != "Lũ ống cuốn trôi ngầm tràn, đường vào làng bị chia cắt." {
		t.Errorf("the report says %q", got)
	}
	name := ""
	for _, word := range strings.Fields(s.desk("flash", "list")) {
		if strings.HasPrefix(word, "13-") {
			name = word
			break
		}
	}
	s.desk("flash", "ack", name, "--unit", "SL", "--text", "Giữ hiện trường.")
	o.photograph("da-tiep-nhan")

	// Thursday: a directive comes down, is opened and taken on.
	s.sendDirective("12/KH-CAT", "SL017")
	o.presses("ctrl+m")
	o.still()
	o.clicks(60, 184)
	o.photograph("chi-dao")
	s.says("directive", "status", "12/KH-CAT", "delivered 1 → read 1")
	o.presses("Tab", "Return") // take on both tasks
	s.says("directive", "status", "12/KH-CAT", "accepted 1")
	o.photograph("chi-dao-tiep-nhan")

	// A bad link, and the next day another one.
	o.badLink(s, hers)

	// At the end everything that was saved is at the centre, and nothing of it can be read on the laptop.
	o.presses("ctrl+q")
	o.photograph("khoa")
	o.crashed()
	if out := o.runsAs(weekPassphrase, o.program(), "--dir", o.dir, "status", "--lang", "en"); !strings.Contains(out, "drafts: 0 · conflicts: 0") {
		t.Errorf("the status says\n%s", out)
	}
	o.runsAs(weekPassphrase, o.program(), "--dir", o.dir, "check")
	words := []string{"Tơ Ngol", "tín dụng", "Lũ ống", "SQLite format", weekPassphrase}
	for _, f := range append(readable(t, o.home, words...), readableIn("what the window said", []byte(o.said.String()), words...)...) {
		t.Error(f)
	}
	s.staff(command.ExitDone, "check")
	s.end()
}

// writesFlash writes an urgent report.
func (o *sitter) writesFlash(summary string) {
	o.t.Helper()
	o.presses("ctrl+r")
	o.still()
	o.answers("0:01")
	o.answers("0:02")
	o.answers("t")
	o.presses("Right", "Right", "Return")
	o.types("kon")
	o.still()
	o.presses("Return")
	o.types(summary)
	o.photograph("bao-cao-nhanh")
	o.presses("ctrl+Return")
	o.photograph("bao-cao-da-ghi")
}

// clicks presses the mouse.
func (o *sitter) clicks(x, y int) {
	o.runs("xdotool", "mousemove", "--sync", fmt.Sprint(x), fmt.Sprint(y))
	o.still()
	o.runs("xdotool", "click", "1")
}

// runsAs is a command on the enciphered notebook.
func (o *sitter) runsAs(passphrase, name string, args ...string) string {
	o.t.Helper()
	c := o.command(name, args...)
	c.Env = append(c.Env, "BANLANG_PASSPHRASE="+passphrase)
	out, err := c.CombinedOutput()
	if err != nil {
		o.t.Fatalf("%q: %v\n%s", args, err, out)
	}
	return string(out)
}

// says waits until a command of two words and an argument says something.
func (s *station) says(verb, sub, arg, want string) {
	s.t.Helper()
	limit := time.After(30 * time.Second)
	for {
		out := s.desk(verb, sub, arg)
		if strings.Contains(out, want) {
			return
		}
		select {
		case <-limit:
			s.t.Fatalf("%s %s does not say %q but\n%s", verb, sub, want, out)
		case <-time.After(200 * time.Millisecond): // it is asked from outside
		}
	}
}
