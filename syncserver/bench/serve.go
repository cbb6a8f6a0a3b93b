package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"syscall"

	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
)

// centre is the product's hub on a SQLite file behind its own listener, with one addition: anybody may enter devices.
type centre struct {
	key    seal.CentreKey
	pin    *wsconn.Pin
	hub    *hub.Hub
	server *hub.Server
	run    context.Context
}

// serve runs a centre at ADDR, with its file in DIR, until SIGTERM. PLAIN=1: without TLS, for loopback. SERVER_PROFILE=FILE
// writes a CPU profile.
func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	store, err := sqlitestore.Open(ctx, filepath.Join(os.Getenv("DIR"), "centre.db"), sqlitestore.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
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
	err = c.listen(ctx)
	stop()
	<-committed
	return err
}

func newCentre(ctx context.Context, store hub.Store) (*centre, error) {
	c := &centre{run: ctx}
	var err error
	if c.key, err = seal.NewCentreKey(nil); err != nil {
		return nil, err
	}
	if c.pin, err = wsconn.NewPin(c.key); err != nil {
		return nil, err
	}
	c.hub, err = hub.Open(ctx, store, hub.Options{Key: c.key, Forms: forms{}, Wall: clock.System})
	if err != nil {
		return nil, err
	}
	c.server = hub.NewServer(c.hub, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	return c, nil
}

func (c *centre) listen(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc(wsconn.Path, c.sync)
	mux.HandleFunc("POST "+enrolPath, c.enrol)
	l, err := net.Listen("tcp", os.Getenv("ADDR"))
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

func (c *centre) sync(w http.ResponseWriter, r *http.Request) {
	if conn, err := wsconn.Accept(w, r); err == nil {
		c.server.Serve(c.run, conn, conn.Binding())
	}
}

// enrolPath and enrolment: desktop/bench has the same; the halves share no package for what only a bench does.
const enrolPath = "/bench/enrol"

type enrolment struct {
	Centre  string   `json:"centre"`
	Pin     string   `json:"pin"`
	First   uint32   `json:"first"`
	Tickets []string `json:"tickets"`
}

// enrol enters one device for each feed of the request.
func (c *centre) enrol(w http.ResponseWriter, r *http.Request) {
	var feeds []record.Feed
	if err := json.NewDecoder(r.Body).Decode(&feeds); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	e := enrolment{Centre: c.key.Public().String(), Pin: c.pin.String()}
	err := c.server.Do(r.Context(), &hub.Job{Act: func(a *hub.Act) error {
		e.Tickets = e.Tickets[:0]
		for i, f := range feeds {
			d, ticket, err := a.Enter("bench", "", []record.Feed{f})
			if err != nil {
				return err
			}
			if i == 0 {
				e.First = uint32(d.Replica)
			}
			e.Tickets = append(e.Tickets, ticket)
		}
		return nil
	}})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(e)
}

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
