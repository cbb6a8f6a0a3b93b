package banlang_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/desktop/replica"
	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
	"banlang/syncserver/hub"
)

// site is a centre behind a real TLS listener, over a store in memory.
type site struct {
	t      *testing.T
	key    seal.CentreKey
	pin    *wsconn.Pin
	hub    *hub.Hub
	server *hub.Server
	http   *httptest.Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOn(t, hub.NewMemory())
}

func newSiteOn(t *testing.T, store hub.Store) *site {
	t.Helper()
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, key: key}
	if s.pin, err = wsconn.NewPin(key); err != nil {
		t.Fatal(err)
	}
	s.hub, err = hub.Open(ctx, store, hub.Options{Key: key, Forms: allForms{}, Wall: clock.System})
	if err != nil {
		t.Fatal(err)
	}
	s.server = hub.NewServer(s.hub, slog.New(slog.DiscardHandler))
	run, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- s.server.Run(run) }()
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := wsconn.Accept(w, r); err == nil {
			s.server.Serve(run, c, c.Binding())
		}
	}))
	if s.http.TLS, err = wsconn.ServerConfig(key, s.pin); err != nil {
		t.Fatal(err)
	}
	s.http.StartTLS()
	t.Cleanup(func() { stop(); <-done; s.http.Close() })
	return s
}

type allForms struct{}

func (allForms) Learn([]*record.Change) {}

func (allForms) Check(*record.Change) (string, bool) { return "", true }

// machine is a notebook in memory with a running engine.
type machine struct {
	nb     *notebook.Notebook
	key    seal.ReplicaKey
	dial   replica.Dialer
	engine *replica.Engine
	photos atomic.Int64 // taken
}

func (s *site) machine(name string, feeds ...record.Feed) *machine {
	s.t.Helper()
	var number record.ReplicaID
	var ticket string
	j := &hub.Job{Act: func(a *hub.Act) error {
		d, x, err := a.Enter(name, "", feeds)
		number, ticket = d.Replica, x
		return err
	}}
	if err := s.server.Do(ctx, j); err != nil {
		s.t.Fatal(err)
	}
	key, _ := seal.NewReplicaKey(nil)
	nb := notebook.Open(notebook.NewMemory(), notebook.Options{Replica: number, Key: key, Centre: s.key.Public(),
		Ticket: ticket, Forms: simForms{}, Wall: clock.System})
	addr := strings.TrimPrefix(s.http.URL, "https://")
	m := &machine{nb: nb, key: key, dial: func(ctx context.Context) (replica.Conn, error) { return wsconn.Dial(ctx, addr, s.pin) }}
	m.engine = replica.New(nb, key, "test", m.dial)
	return m
}

func (m *machine) run(t *testing.T) { t.Cleanup(m.started(t)) }

// started runs the engine; stop ends it.
func (m *machine) started(t *testing.T) (stop func()) {
	t.Helper()
	run, end := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- m.engine.Run(run) }()
	return func() { end(); <-done }
}

// until waits, on the notebook's own signals, for something to be so.
func (m *machine) until(t *testing.T, what string, so func() bool) {
	t.Helper()
	changed, stop := m.nb.Watch()
	defer stop()
	status, stopStatus := m.engine.Watch()
	defer stopStatus()
	limit := time.After(20 * time.Second)
	for !so() {
		select {
		case <-changed:
		case <-status:
		case <-limit:
			t.Fatalf("%s: never; %+v", what, m.engine.Status())
		}
	}
}

func (m *machine) write(t *testing.T, n int, feed record.Feed) (recs []record.Dot) {
	t.Helper()
	for i := range n {
		r, err := m.nb.Save(ctx, notebook.Entry{Form: record.FormRef{ID: "f", Version: 1}, Feed: feed, Officer: "a",
			Values: map[string]string{"a": fmt.Sprint("buổi ", i)}})
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, r...)
	}
	return recs
}

func (m *machine) settled() bool {
	s, err := m.nb.Status(ctx)
	return err == nil && s.Saved == s.AtCentre
}

// TestOverARealLink: over a real websocket, what is saved gets to the centre and is receipted, and a
// colleague's machine gets it, live.
func TestOverARealLink(t *testing.T) {
	s := newSite(t)
	a, b := s.machine("a", "U1/ordinary"), s.machine("b", "U1/ordinary")
	recs := a.write(t, 300, "U1/ordinary") // while offline
	a.run(t)
	b.run(t)
	a.until(t, "receipts for what was written offline", a.settled)
	b.until(t, "the colleague's records", func() bool {
		lines, err := b.nb.Lines(ctx, recs)
		return err == nil && len(lines) == len(recs)
	})
	v, err := b.nb.View(ctx, recs[7])
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.nb.Save(ctx, notebook.Entry{Record: v.ID, Form: v.Form, Officer: "b", Values: map[string]string{"a": "sửa"},
		Saw: map[string][]record.Dot{"a": v.Dots("a")}})
	if err != nil {
		t.Fatal(err)
	}
	a.until(t, "the colleague's edit, live", func() bool {
		v, err := a.nb.View(ctx, recs[7])
		return err == nil && v.Text("a") == "sửa"
	})
	if err := a.engine.Once(ctx); err != nil {
		t.Fatal(err)
	}
}
