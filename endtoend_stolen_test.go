package banlang_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"banlang/desktop/app"
	desk "banlang/desktop/command"
	"banlang/desktop/keyfile"
	"banlang/shared/viet"
	"banlang/syncserver/command"
)

// Words that stand nowhere but where a test planted them, each a single one, so that an index of words has it whole.
const (
	inPlain      = "Thuồngluồngxám"  // in a record that was written before the notebook had a key
	inRecord     = "Khướubạcmá"      // in one that was written under it
	inDraft      = "Kỳđàhoangấm"     // in a draft that was never finished
	inSearch     = "Bồcâunâuđốm"     // looked for, and not found
	inPassphrase = "rắnhổmangchúa"   // a word of the passphrase
	inChange     = "Chồnhươngvạchđỏ" // in an edit
)

var plantedWords = []string{inPlain, inRecord, inDraft, inSearch, inPassphrase, inChange}

const stolenPhrase = inPassphrase + " đèn dầu cây gạo suối đá"

// spellings are all the ways in which a word may lie on a disk: composed and decomposed, in small letters, and as the search folds
// it; each as UTF-8 and as Windows has it.
func spellings(word string) map[string][]byte {
	all := map[string][]byte{}
	small := strings.ToLower(word)
	for form, text := range map[string]string{"NFC": norm.NFC.String(word), "NFD": norm.NFD.String(word), "NFC, small": norm.NFC.String(small),
		"NFD, small": norm.NFD.String(small), "folded": viet.Fold(word)} {
		all[form+", UTF-8"] = []byte(text)
		var wide []byte
		for _, u := range utf16.Encode([]rune(text)) {
			wide = binary.LittleEndian.AppendUint16(wide, u)
		}
		all[form+", UTF-16LE"] = wide
	}
	return all
}

// readableIn names the words that stand in some bytes, in any spelling.
func readableIn(where string, b []byte, words ...string) (found []string) {
	for _, w := range words {
		all := spellings(w)
		for _, how := range slices.Sorted(maps.Keys(all)) {
			if bytes.Contains(b, all[how]) {
				found = append(found, fmt.Sprintf("%s (%s) in %s", w, how, where))
			}
		}
	}
	return found
}

// readable looks for words in every file below a folder, and in what the files are called. A file that goes meanwhile is not there.
func readable(t *testing.T, dir string, words ...string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		found = append(found, readableIn("the name of "+path, []byte(strings.TrimPrefix(path, dir)), words...)...)
		if !d.Type().IsRegular() {
			return nil
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		found = append(found, readableIn(path, b, words...)...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// desktopProgram is the built program of the officer, without a window; it is built once for all tests.
var desktopProgram = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "banlang-endtoend-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "desktop")
	b, err := exec.Command("go", "build", "-tags", "sqlite_fts5 migrated_fynedo headless", "-o", path, "./desktop").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, b)
	}
	return path, nil
})

// stolen is the disk of a laptop: all that a thief has. Whatever the programs said is kept, as a log of the session would.
type stolen struct {
	t       *testing.T
	disk    string // the home of the officer, what is temporary, and the notebook
	said    transcript
	exports transcript // what was asked for on the screen
}

// started is a program on that disk.
type started struct {
	*exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	said transcript // Stderr of this one
}

// home is the home of the officer.
func (x *stolen) home() string { return filepath.Join(x.disk, "home") }

// command is a program that may dump as much core as it likes, into the folder that it runs in.
func (x *stolen) command(traceback, path string, args ...string) *exec.Cmd {
	c := exec.CommandContext(x.t.Context(), "sh", append([]string{"-c", `ulimit -c unlimited; exec "$0" "$@"`, path}, args...)...)
	c.Dir = x.home()
	c.Env = []string{"HOME=" + x.home(), "TMPDIR=" + filepath.Join(x.disk, "tmp"), "XDG_CONFIG_HOME=" + filepath.Join(x.home(), "config"),
		"XDG_RUNTIME_DIR=" + x.home(), "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "DISPLAY=:0", "GOTRACEBACK=" + traceback}
	return c
}

// runs has the built program do something to its end; the passphrase is typed.
func (x *stolen) runs(said *transcript, args ...string) {
	x.t.Helper()
	path, err := desktopProgram()
	if err != nil {
		x.t.Fatal(err)
	}
	c := x.command("all", path, append(args, "--dir", filepath.Join(x.home(), "so"))...)
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stolenPhrase+"\n"), said, &x.said
	if err := c.Run(); err != nil {
		x.t.Fatalf("desktop %q: %v\n%s", args, err, x.said.String())
	}
}

// starts starts a program, and returns when it has said a line with these words.
func (x *stolen) starts(until string, c *exec.Cmd) *started {
	x.t.Helper()
	p := &started{Cmd: c}
	in, err := c.StdinPipe()
	if err != nil {
		x.t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		x.t.Fatal(err)
	}
	p.in, p.out, c.Stderr = in, bufio.NewReader(io.TeeReader(out, &x.said)), io.MultiWriter(&x.said, &p.said)
	if err := c.Start(); err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { _ = c.Process.Kill() })
	timer := time.AfterFunc(patience, func() { _ = c.Process.Signal(syscall.SIGQUIT) }) // it says where it stands
	defer timer.Stop()
	if _, err := io.WriteString(in, stolenPhrase+"\n"); err != nil {
		x.t.Fatal(err)
	}
	for {
		line, err := p.out.ReadString('\n')
		if strings.Contains(line, until) {
			return p
		}
		if err != nil {
			x.t.Fatalf("it ends before it says %q: %v\n%s", until, err, x.said.String())
		}
	}
}

// crashes has it end in a way, and checks that it ended so: by a dump of all goroutines.
func (x *stolen) crashes(p *started, how string) {
	x.t.Helper()
	signals := map[string]syscall.Signal{"SIGQUIT": syscall.SIGQUIT, "SIGABRT": syscall.SIGABRT, "SIGSEGV": syscall.SIGSEGV}
	var err error
	if s, ok := signals[how]; ok {
		err = p.Process.Signal(s)
	} else {
		_, err = io.WriteString(p.in, how+"\n")
	}
	if err != nil {
		x.t.Fatal(err)
	}
	timer := time.AfterFunc(patience, func() { _ = p.Process.Kill() })
	defer timer.Stop()
	_, _ = io.Copy(io.Discard, p.out) // until it has ended
	_ = p.Wait()                      // how is in what it said
	if said := p.said.String(); strings.Count(said, "goroutine ") < 5 || !strings.Contains(said, cmp.Or(map[string]string{"panic": "a bug of the window"}[how], how)) {
		x.t.Errorf("after %s it said only:\n%s", how, said)
	}
}

// nothing fails when a planted word can be read anywhere on the disk, or in what was said.
func (x *stolen) nothing(when string) {
	x.t.Helper()
	found := append(readable(x.t, x.disk, plantedWords...), readableIn("what the programs said", []byte(x.said.String()), plantedWords...)...)
	for _, f := range found {
		x.t.Errorf("%s: %s", when, f)
	}
}

// asOfficer is in the environment of the process that TestNothingIsReadableOnAStolenLaptop starts.
const asOfficer = "BANLANG_STOLEN_OFFICER"

// TestNothingIsReadableOnAStolenLaptop: records written before and after the notebook had its key, a draft, what was searched for, and the
// passphrase are planted on a disk by real processes, which then crash in all ways with every goroutine dumped and as much core as
// they like. What is left is searched while it is hot: notebook, -wal, -shm, temporary files, key file, logs, core files, and all
// that was ever printed.
func TestNothingIsReadableOnAStolenLaptop(t *testing.T) {
	if first := os.Getenv(asOfficer); first != "" {
		officerAtWork(t, first == "first")
		return
	}
	s := serving(t, t.TempDir())
	x := &stolen{t: t, disk: t.TempDir()}
	elsewhere := t.TempDir() // the USB stick that records come from: nobody has stolen it
	for _, dir := range []string{x.home(), filepath.Join(x.disk, "tmp")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(elsewhere, "may.json")
	s.staff(command.ExitDone, "enrol", "--unit", "GL014", "--name", "Máy trực ban", "--address", s.addr, "--out", file)
	x.runs(&x.said, "enrol", file)
	x.runs(&x.said, "import", linesIn(t, elsewhere, fmt.Sprintf(aPlantedVenue, "v1", inPlain)))
	x.runs(&x.said, "sync", "--once") // it learns what it may write
	if found := readable(t, x.disk, inPlain); len(found) == 0 {
		t.Fatal("a plain notebook does not show its words: the search finds nothing")
	}
	for _, b := range spellings(inDraft) {
		if len(readableIn("", append([]byte("một dòng "), b...), inDraft)) == 0 {
			t.Fatalf("the search does not find %q", b)
		}
	}

	window := func(which, traceback string) *started {
		c := x.command(traceback, os.Args[0], "-test.run=^TestNothingIsReadableOnAStolenLaptop$", "-test.v")
		c.Env = append(c.Env, asOfficer+"="+which)
		return x.starts("the officer is at work", c)
	}
	p := window("first", "all")
	x.nothing("while the window is open")
	x.crashes(p, "SIGQUIT")
	x.nothing("after SIGQUIT")

	x.runs(&x.said, "import", linesIn(t, elsewhere, fmt.Sprintf(aPlantedVenue, "v2", inRecord),
		fmt.Sprintf(`{"edit":"v1","values":{"name":%q}}`, "Làng "+inChange)))
	for _, way := range []struct{ how, traceback string }{{"SIGABRT", "all"}, {"panic", "all"}, {"panic", "crash"}, {"SIGSEGV", "system"}} {
		x.crashes(window("again", way.traceback), way.how)
		x.nothing("after " + way.how + ", " + way.traceback)
	}
	path, err := desktopProgram()
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"SIGQUIT", "SIGABRT", "SIGSEGV"} {
		x.crashes(x.starts("In step with the centre", x.command("crash", path, "watch", "--lang", "en", "--dir", filepath.Join(x.home(), "so"))), how)
		x.nothing("after " + how + " of watch")
	}

	if pattern, err := os.ReadFile("/proc/sys/kernel/core_pattern"); err != nil || bytes.ContainsAny(pattern[:1], "|/") {
		t.Logf("this system puts core files elsewhere (%s, %v): that there are none is not shown here", bytes.TrimSpace(pattern), err)
	}
	x.runs(&x.said, "check")
	x.runs(&x.exports, "export")
	for _, w := range []string{inRecord, inChange} { // they were there all the time
		if !strings.Contains(x.exports.String(), w) {
			t.Errorf("the notebook does not hold %q: the test proves nothing\n%s", w, x.exports.String())
		}
	}
	x.nothing("at the end")
	s.end()
}

const aPlantedVenue = `{"key":%q,"form":"venue_register","unit":"GL014","values":{"occurred_on":"2025-11-02","name":"Làng %s","type":"lang","parent_unit":"GL014"}}`

// linesIn is a file of lines.
func linesIn(t *testing.T, dir string, lines ...string) string {
	t.Helper()
	f, err := os.CreateTemp(dir, "*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(strings.Join(lines, "\n") + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// officerAtWork is the officer's program as its main runs it, with somebody before its window who needs no screen: he signs in, writes
// a draft, searches, and leaves all that open. He goes on until the process is ended; "panic" is a bug of the window.
func officerAtWork(t *testing.T, first bool) {
	_ = keyfile.NoDumps() // as main does
	in := bufio.NewReader(os.Stdin)
	c := desk.Command{In: in, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Window: func(_ context.Context, m *app.App) error {
		queue := make(chan func(), 1000)
		m.Start(func(f func()) { queue <- f }, func(app.Part) {})
		until := func(holds func() bool) {
			for !holds() {
				(<-queue)()
			}
		}
		phrase, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		if phrase = strings.TrimSpace(phrase); first {
			m.Gate.Create("Phan Quốc Điềm", "Trực ban", phrase, phrase)
		} else {
			m.Gate.Try(phrase)
		}
		until(func() bool { busy, _ := m.Gate.Busy(); return !busy })
		if m.Gate.Said() != "" || m.Me() == "" {
			return errors.New(m.Gate.Said())
		}
		until(func() bool { return m.MayWrite("awareness_session") })
		m.New("awareness_session")
		until(func() bool { return m.Editor() != nil })
		m.Editor().Type("note", "Bà con kể về "+inDraft)
		until(func() bool { return m.Editor().Written() })
		m.Go(app.PageRecords)
		for _, words := range []string{inSearch, inPlain} {
			m.List.SetText(words)
			m.List.Now()
			until(func() bool { return !m.List.Pending() })
		}
		until(func() bool { return !first || m.List.Len() > 0 }) // later on the record says something else
		fmt.Println("the officer is at work")
		go func() {
			if asked, _ := in.ReadString('\n'); asked == "panic\n" {
				queue <- func() { panic(errors.New("a bug of the window")) }
			}
		}()
		until(func() bool { return false })
		return nil
	}}
	t.Fatalf("the window ends with %d", c.Run(t.Context(), "--dir", filepath.Join(os.Getenv("HOME"), "so")))
}
