package main

import (
	"banlang/shared/form"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/pprof"

	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/sqlitestore"
)

// bareCentre is the product's hub on a SQLite file behind its own listener, with one addition: anybody may enter devices.
type bareCentre struct {
	key    seal.CentreKey
	pin    *wsconn.Pin
	hub    *hub.Hub
	server *hub.Server
	run    context.Context
}

// serve runs a centre at ADDR, with its file in DIR, until SIGTERM. PLAIN=1: without TLS, for loopback. SERVER_PROFILE=FILE
// writes a CPU profile.
func serve(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	store, err := sqlitestore.Open(ctx, filepath.Join(os.Getenv("DIR"), "centre.db"), sqlitestore.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }() // its file is thrown away
	c, err := newCentre(ctx, store)
	if err != nil {
		return err
	}
	stopProfile, err := profile()
	if err != nil {
		return err
	}
	defer stopProfile()
	committed := make(chan error, 1)
	go func() { committed <- c.server.Run(ctx) }()
	remove, err := c.handOut(ctx)
	defer remove()
	if err == nil {
		err = c.listen(ctx)
	}
	stop()
	<-committed
	return err
}

func newCentre(ctx context.Context, store hub.Store) (*bareCentre, error) {
	c := &bareCentre{run: ctx}
	var err error
	if c.key, err = seal.NewCentreKey(nil); err != nil {
		return nil, err
	}
	if c.pin, err = wsconn.NewPin(c.key); err != nil {
		return nil, err
	}
	c.hub, err = hub.Open(ctx, store, hub.Options{Key: c.key, Forms: judge.Forms{Library: form.Builtin()}, Wall: clock.System})
	if err != nil {
		return nil, err
	}
	c.server = hub.NewServer(c.hub, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	return c, nil
}

func (c *bareCentre) listen(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc(wsconn.Path, c.sync)
	mux.HandleFunc("POST "+enrolPath, c.enrol)
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", os.Getenv("ADDR"))
	if err != nil {
		return err
	}
	s := &http.Server{Handler: mux, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	context.AfterFunc(ctx, func() { s.Close() })
	if os.Getenv("PLAIN") == "1" {
		err = s.Serve(l)
	} else {
		if s.TLSConfig, err = wsconn.ServerConfig(c.key, c.pin); err != nil {
			return err
		}
		err = s.ServeTLS(l, "", "")
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (c *bareCentre) sync(w http.ResponseWriter, r *http.Request) {
	if conn, err := wsconn.Accept(w, r); err == nil {
		_ = c.server.Serve(c.run, conn, conn.Binding()) // a client may end as it likes
	}
}

// enrolPath and enrolment: desktop/bench has the same; the halves share no package for what only a bench does.
const enrolPath = "/bench/enrol"

type enrolment struct {
	Centre  string   `json:"centre"`
	Pin     string   `json:"pin"`
	First   uint32   `json:"first"`
	Tickets []string `json:"tickets"`
	Grants  [][]byte `json:"grants"`
}

// enrol enters one device for each feed of the request.
func (c *bareCentre) enrol(w http.ResponseWriter, r *http.Request) {
	var feeds []record.Feed
	if err := json.NewDecoder(r.Body).Decode(&feeds); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	e, err := c.enter(r.Context(), feeds)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(e) // who does not hear it fails for itself
}

func (c *bareCentre) enter(ctx context.Context, feeds []record.Feed) (enrolment, error) {
	e := enrolment{Centre: c.key.Public().String(), Pin: c.pin.String()}
	err := c.server.Do(ctx, &hub.Job{Act: func(a *hub.Act) error {
		e.Tickets, e.Grants = nil, nil
		for i, f := range feeds {
			d, ticket, err := a.Enter("bench", "", []record.Feed{f})
			if err != nil {
				return err
			}
			grant, err := a.GrantOf(d.Replica)
			if err != nil {
				return err
			}
			if i == 0 {
				e.First = uint32(d.Replica)
			}
			e.Tickets, e.Grants = append(e.Tickets, ticket), append(e.Grants, grant)
		}
		return nil
	}})
	return e, err
}

// handOut writes enrolments to files beside DIR, for clients on this machine: so a bad link carries nothing before its
// time, as in life, where a person carries them. A client takes one by moving it away.
func (c *bareCentre) handOut(ctx context.Context) (remove func(), err error) {
	var paths []string
	remove = func() {
		for _, p := range paths {
			os.Remove(p)
		}
	}
	for i := range handedOut {
		e, err := c.enter(ctx, []record.Feed{handedFeed})
		if err != nil {
			return remove, err
		}
		b, err := json.Marshal(e)
		if err != nil {
			return remove, err
		}
		path := filepath.Join(filepath.Dir(filepath.Clean(os.Getenv("DIR"))), fmt.Sprintf("enrol-%s-%d.json", os.Getenv("ADDR"), i))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			return remove, err
		}
		paths = append(paths, path)
	}
	return remove, nil
}

// What is handed out: devices of the unit that single clients push to and read.
const (
	handedOut              = 8
	handedFeed record.Feed = "B/ordinary"
)

func profile() (stop func(), err error) {
	path := os.Getenv("SERVER_PROFILE")
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, pprof.StartCPUProfile(f)
}
