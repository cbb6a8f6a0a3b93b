package banlang_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/replica"
	"banlang/shared/clock"
	"banlang/shared/enrolment"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
	"banlang/syncserver/command"
)

// The end-to-end tests run the centre's program on port 0, with its real listener, database and socket, and notebooks
// with the real engine over real websockets. Only the notebooks' files are in memory.

// patience bounds every wait of these tests; a failing one ends there, none needs it.
const patience = 60 * time.Second

// transcript collects what a program prints; it may be read while the program runs.
type transcript struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (x *transcript) Write(b []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.b.Write(b)
}

func (x *transcript) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.b.String()
}

// station is a running centre.
type station struct {
	t    *testing.T
	dir  string
	addr string
	out  *bufio.Reader
	err  *transcript
	end  func() // in good order, once; the end of the test does it too
}

// serving runs a centre in this process and returns when it is ready. It has ended before the test's folders are taken away.
func serving(t *testing.T, dir string, args ...string) *station {
	t.Helper()
	s := &station{t: t, dir: dir, err: &transcript{}}
	ctx, stop := context.WithCancel(context.Background())
	exited := make(chan int, 1)
	s.end = sync.OnceFunc(func() { stop(); s.ended(exited) })
	r, w := io.Pipe()
	s.out = bufio.NewReader(r)
	args = append([]string{"serve", "--dir", dir, "--listen", "127.0.0.1:0", "--lang", "en"}, args...)
	go func() {
		code := command.Main{}.Run(ctx, args, w, s.err)
		w.Close()
		exited <- code
	}()
	t.Cleanup(s.end)
	s.ready()
	return s
}

func (s *station) ready() {
	s.t.Helper()
	line, err := s.out.ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		s.t.Fatalf("the centre says %q, %v:\n%s", line, err, s.err)
	}
	s.addr = addr
}

func (s *station) ended(exited <-chan int) {
	s.t.Helper()
	select {
	case code := <-exited:
		if code != command.ExitDone {
			s.t.Errorf("the centre ended with %d:\n%s", code, s.err)
		}
	case <-time.After(patience):
		b := make([]byte, 1<<20)
		s.t.Fatalf("the centre does not stop:\n%s", b[:runtime.Stack(b, true)])
	}
}

// staff runs a command and returns what it printed.
func staff(t *testing.T, want int, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	if code := (command.Main{}).Run(t.Context(), append(args, "--lang", "en"), &o, &e); code != want {
		t.Fatalf("%v ends with %d, want %d:\n%s%s", args, code, want, &o, &e)
	}
	return o.String(), e.String()
}

func (s *station) staff(want int, args ...string) string {
	s.t.Helper()
	out, _ := staff(s.t, want, append([]string{args[0], "--dir", s.dir}, args[1:]...)...)
	return out
}

// get reads a page of the listener, as a monitor would: with the pinned root, by the centre's name.
func (s *station) get(path string) (int, string) {
	s.t.Helper()
	resp, err := s.monitor().Get("https://" + s.addr + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// monitor is a client that knows the centre by its root.
func (s *station) monitor() *http.Client {
	s.t.Helper()
	der, err := base64.RawURLEncoding.DecodeString(s.pin().String())
	if err != nil {
		s.t.Fatal(err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		s.t.Fatal(err)
	}
	trust := &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "centre.banlang", MinVersion: tls.VersionTLS13}
	trust.RootCAs.AddCert(root)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: trust, DisableKeepAlives: true}, Timeout: patience}
}

func (s *station) key() seal.CentreKey {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, "centre.key"))
	if err != nil {
		s.t.Fatal(err)
	}
	key, err := seal.ParseCentreKey(string(b))
	if err != nil {
		s.t.Fatal(err)
	}
	return key
}

func (s *station) pin() *wsconn.Pin {
	s.t.Helper()
	pin, err := wsconn.NewPin(s.key())
	if err != nil {
		s.t.Fatal(err)
	}
	return pin
}

// officer is a notebook and its machine.
type officer struct {
	t     *testing.T
	at    *station // where it dials
	file  *enrolment.File
	key   seal.ReplicaKey
	store *notebook.Memory
	forms app.Forms
	nb    *notebook.Notebook
	spy   func(replica.Conn) replica.Conn
	keys  *keyfile.File // of a notebook that is under a key, which lies at path
	path  string
}

// enrol enters a device with the command, and opens its notebook from the file.
func (s *station) enrol(unit, name string) *officer {
	s.t.Helper()
	out := filepath.Join(s.t.TempDir(), "enrolment.json")
	s.staff(command.ExitDone, "enrol", "--unit", unit, "--name", name, "--address", s.addr, "--out", out)
	b, err := os.ReadFile(out)
	if err != nil {
		s.t.Fatal(err)
	}
	f, err := enrolment.Parse(b)
	if err != nil {
		s.t.Fatal(err)
	}
	o := &officer{t: s.t, at: s, file: f, store: notebook.NewMemory()}
	if o.key, err = seal.NewReplicaKey(nil); err != nil {
		s.t.Fatal(err)
	}
	o.open()
	if err := o.nb.TakeGrant(s.t.Context(), f.Grant); err != nil {
		s.t.Fatal(err)
	}
	return o
}

// open is a start of the officer's program.
func (o *officer) open() {
	o.t.Helper()
	centre, _, err := o.file.Keys()
	if err != nil {
		o.t.Fatal(err)
	}
	o.forms = app.NewForms(form.Builtin())
	options := notebook.Options{Replica: o.file.Replica, Key: o.key, Centre: centre, Ticket: o.file.Ticket,
		Forms: o.forms, Seal: app.Sealer(o.forms, o.key), Wall: clock.System}
	if o.keys != nil {
		options.Custody = o.keys
	}
	o.nb = notebook.Open(o.store, options)
	if err := o.nb.Learn(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *officer) engine() *replica.Engine {
	_, pin, err := o.file.Keys()
	if err != nil {
		o.t.Fatal(err)
	}
	return replica.New(o.nb, o.key, "end-to-end", func(ctx context.Context) (replica.Conn, error) {
		c, err := wsconn.Dial(ctx, o.at.addr, pin)
		if err != nil {
			return nil, err
		}
		if o.spy != nil {
			return o.spy(c), nil
		}
		return c, nil
	})
}

// sync brings everything to the centre, and everything that is there.
func (o *officer) sync() {
	o.t.Helper()
	if err := o.trySync(patience); err != nil {
		o.t.Fatalf("device %d does not get through: %v\n%s", o.file.Replica, err, o.at.err)
	}
}

func (o *officer) trySync(limit time.Duration) error {
	ctx, cancel := context.WithTimeout(o.t.Context(), limit)
	defer cancel()
	return o.engine().Once(ctx)
}

// sessionForm is the version of a form that the officers write in.
var sessionForm = func() record.FormRef {
	f, ok := form.Builtin().Current("awareness_session")
	if !ok {
		panic("there is no such form")
	}
	return f.Ref
}()

// write saves records; their notes are the texts.
func (o *officer) write(texts ...string) (recs []record.Dot) {
	o.t.Helper()
	var entries []notebook.Entry
	for _, text := range texts {
		entries = append(entries, notebook.Entry{Form: sessionForm, Feed: record.NewFeed(o.file.Unit, declared.Ordinary),
			Officer: "s7", Values: map[string]string{"occurred_on": "2026-11-16", "note": text}})
	}
	recs, err := o.nb.Save(o.t.Context(), entries...)
	if err != nil {
		o.t.Fatal(err)
	}
	return recs
}

// note is what the record says here; "" when it is not here, or erased.
func (o *officer) note(rec record.Dot) string {
	o.t.Helper()
	v, err := o.nb.View(o.t.Context(), rec)
	if err != nil {
		o.t.Fatal(err)
	}
	return v.Text("note")
}

// settled fails unless everything saved here has a receipt of the present centre.
func (o *officer) settled() {
	o.t.Helper()
	s, err := o.nb.Status(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	if s.AtCentre != s.Saved || s.Alarms != 0 {
		o.t.Errorf("device %d: saved %d, at the centre %d, alarms %d", o.file.Replica, s.Saved, s.AtCentre, s.Alarms)
	}
}

// runs lists the runs that the notebook knows.
func (o *officer) runs() (runs []ledger.Run) {
	o.t.Helper()
	err := o.store.View(o.t.Context(), func(tx notebook.Tx) error {
		return tx.Runs(func(r ledger.Run) bool { runs = append(runs, r); return true })
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return runs
}

// program is the built program; it is built once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "banlang-endtoend-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "syncserver")
	b, err := exec.Command("go", "build", "-tags", "sqlite_fts5 migrated_fynedo", "-o", path, "./syncserver").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, b)
	}
	return path, nil
})

// process is the centre as a process of its own.
type process struct {
	station
	cmd *exec.Cmd
}

// launch starts the built program and returns when it is ready.
func launch(t *testing.T, dir, listen string) *process {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{station: station{t: t, dir: dir, err: &transcript{}}}
	p.cmd = exec.Command(path, "serve", "--dir", dir, "--listen", listen, "--lang", "en")
	p.cmd.Stderr = p.err
	pipe, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(pipe)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() })
	p.ready()
	return p
}

// signal sends a signal, waits for the end, and returns the exit code (-1: killed).
func (p *process) signal(s syscall.Signal) int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
	timer := time.AfterFunc(patience, func() { p.cmd.Process.Kill() })
	defer timer.Stop()
	p.cmd.Wait() // its error is the code
	return p.cmd.ProcessState.ExitCode()
}
