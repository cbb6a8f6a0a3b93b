package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"banlang/shared/fault"
	"banlang/syncserver/centre"
)

// The office is where a running centre takes requests of its staff: a unix-domain socket in the data directory, which
// only its owner may open. Who may read the directory may do anything with the centre anyway.

// Limits of the office.
const (
	maxOfficeBytes = 8 << 20         // of a request: a thousand devices with their feeds
	officeTime     = 2 * time.Hour   // of a request: a backup of a full centre on a slow disk
	officeStop     = 5 * time.Second // that a running request gets when the centre stops
	startWait      = 3 * time.Second // that a centre in the middle of its start or end is waited for
)

// errNoAnswer: the running centre took the request, and its answer did not come.
var errNoAnswer = errors.New("no answer from the running centre")

// reply is an answer on the socket.
type reply struct {
	centre.Reply
	Fault   fault.Code `json:",omitempty"`
	Text    string     `json:",omitempty"` // for whoever helps
	Unsound bool       `json:",omitempty"`
}

// socketPath is the path by which a socket can be reached, which may be short only. Done gives back what it needs.
func socketPath(dir centre.Dir) (path string, done func(), err error) {
	const limit = 100 // of about 108 bytes
	path = dir.Socket()
	if len(path) <= limit || runtime.GOOS != "linux" {
		return path, func() {}, nil
	}
	d, err := os.Open(string(dir))
	if err != nil {
		return "", nil, fault.New(fault.DiskIO, "office", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", d.Fd(), filepath.Base(path)), func() { d.Close() }, nil
}

// serveOffice opens the socket. Run takes requests until its context ends; the one that is running then gets officeStop.
// The caller holds the directory's lock, so that a socket that is there is left over.
func serveOffice(ctx context.Context, dir centre.Dir, c centre.Office, log *slog.Logger) (run func(context.Context) error, err error) {
	path, done, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.DiskIO, "office", err)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		return nil, fault.New(fault.DiskIO, "office", err)
	}
	s := &http.Server{ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), Handler: officeHandler(c, log)}
	return func(ctx context.Context) error {
		defer done()
		stop := context.AfterFunc(ctx, func() {
			late, cancel := context.WithTimeout(context.WithoutCancel(ctx), officeStop)
			defer cancel()
			if s.Shutdown(late) != nil {
				s.Close()
			}
		})
		err := s.Serve(l)
		if !stop() { // it runs: wait for it
			late, cancel := context.WithTimeout(context.WithoutCancel(ctx), officeStop)
			defer cancel()
			_ = s.Shutdown(late) // the other one closes what is late
			return nil
		}
		return err
	}, nil
}

func officeHandler(c centre.Office, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q centre.Request
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxOfficeBytes)).Decode(&q); err != nil || r.Method != http.MethodPost {
			http.Error(w, "no request", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), officeTime)
		defer cancel()
		answer, err := c.Do(ctx, q)
		a := reply{Reply: answer}
		if err != nil {
			a.Fault, a.Text, a.Unsound = fault.CodeOf(err), err.Error(), centre.IsUnsound(err)
		}
		log.Info("office", "code", string(a.Fault))
		_ = json.NewEncoder(w).Encode(a) // whoever asked is gone, and takes it for no answer
	})
}

// remote is a centre that runs in another process.
type remote struct {
	http *http.Client
	done func()
}

// dialOffice reaches the running centre; nil when none runs.
func dialOffice(ctx context.Context, dir centre.Dir) *remote {
	path, done, err := socketPath(dir)
	if err != nil { // no directory: nobody runs
		return nil
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		done()
		return nil
	}
	c.Close()
	t := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "unix", path)
	}}
	return &remote{&http.Client{Transport: t, Timeout: officeTime}, done}
}

// Do implements centre.Office.
func (o *remote) Do(ctx context.Context, q centre.Request) (centre.Reply, error) {
	const op = "office"
	b, err := json.Marshal(q)
	if err != nil {
		return centre.Reply{}, fault.New(fault.Internal, op, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://centre/", bytes.NewReader(b))
	if err != nil {
		return centre.Reply{}, fault.New(fault.Internal, op, err)
	}
	resp, err := o.http.Do(r)
	if err != nil {
		return centre.Reply{}, fault.New(fault.CutOff, op, fmt.Errorf("%w: %w", errNoAnswer, err))
	}
	defer resp.Body.Close()
	var a reply
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil || resp.StatusCode != http.StatusOK {
		return centre.Reply{}, fault.New(fault.CutOff, op, fmt.Errorf("%w: %s", errNoAnswer, resp.Status))
	}
	switch {
	case a.Unsound:
		return a.Reply, fault.New(a.Fault, op, fmt.Errorf("%w: %s", centre.ErrUnsound, a.Text))
	case a.Fault != "":
		return a.Reply, fault.New(a.Fault, op, errors.New(a.Text))
	}
	return a.Reply, nil
}

// office returns the centre of the directory: the one that runs, or one opened for this command. Close ends it.
func (r *run) office(ctx context.Context, create bool) (o centre.Office, closing func() error, err error) {
	dir := centre.Dir(r.dir)
	patience := time.NewTimer(startWait)
	defer patience.Stop()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if far := dialOffice(ctx, dir); far != nil {
			return asked{far}, func() error { far.done(); return nil }, nil
		}
		c, err := centre.Open(ctx, dir, centre.Options{Create: create})
		if err == nil {
			return asked{figured{c}}, runLocally(ctx, c), nil
		}
		if !errors.Is(err, fault.SecondInstance) {
			return nil, nil, err
		}
		select { // somebody begins or ends: the socket, or the lock, is free soon
		case <-again.C:
		case <-patience.C:
			return nil, nil, err
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		}
	}
}

// asked is a centre that is told who asks.
type asked struct{ centre.Office }

// Do implements centre.Office.
func (a asked) Do(ctx context.Context, q centre.Request) (centre.Reply, error) {
	q.Who = account("")
	return a.Office.Do(ctx, q)
}

// runLocally runs a centre for this command alone, and returns what ends it.
func runLocally(ctx context.Context, c *centre.Centre) func() error {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = c.Run(ctx) // ends with ctx only
	}()
	return func() error {
		stop()
		<-ended
		return c.Close()
	}
}

// ask has one request done.
func (r *run) ask(ctx context.Context, create bool, q centre.Request) (centre.Reply, error) {
	o, closing, err := r.office(ctx, create)
	if err != nil {
		return centre.Reply{}, err
	}
	a, err := o.Do(ctx, q)
	return a, errors.Join(err, closing())
}
