// Package httpd owns the only listener of a centre: TLS 1.3 under the centre's own key, the websocket of the notebooks,
// and two pages for those who run it, /healthz and /metrics. It decides nothing about what is kept.
//
// What it logs and counts names no person, unit, address or value: replica numbers and fault codes only.
package httpd

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/wsconn"
	"banlang/syncserver/centre"
)

// Limits of the listener.
const (
	// MaxConns bounds the open connections: ten thousand notebooks, and room for those that come and go.
	MaxConns = 12_000
	// NewConnsPerSecond bounds how fast connections are taken on, because each costs a TLS handshake; what is above is
	// closed before that, and comes again by the devices' own back-off. NewConnsBurst may come at once.
	NewConnsPerSecond = 500
	NewConnsBurst     = 1000
	// MaxHeaderBytes bounds a request: a websocket's is a few hundred bytes.
	MaxHeaderBytes = 8 << 10
	// HeaderTime is how long a TLS handshake, and then a request, may take to arrive over a bad link.
	HeaderTime = 20 * time.Second
	// AnswerTime is how long an answer to a plain request may take. It does not bound websockets.
	AnswerTime = 20 * time.Second
	// IdleTime is how long a connection without a request is kept.
	IdleTime = 60 * time.Second
	// StopTime is how long a graceful stop may take.
	StopTime = 10 * time.Second
)

// Options say how to listen; zero limits are the constants above.
type Options struct {
	Plain             bool // without TLS; on loopback only
	Log               *slog.Logger
	MaxConns          int
	NewConnsPerSecond float64
	NewConnsBurst     float64
}

// Server is the listener. Make it with Listen, then Run it once.
type Server struct {
	centre   *centre.Centre
	log      *slog.Logger
	listener *limited
	serving  net.Listener // the listener, with TLS unless plain
	http     *http.Server
	sessions sync.WaitGroup
	stopping context.Context //nolint:containedctx // ends the sessions, with the cause that they are told
	stop     context.CancelCauseFunc
	panics   atomic.Uint64
	mishaps  atomic.Uint64 // handshakes and requests that failed
	enrols   *bucket       // codes that may be traded
	in, out  atomic.Int64  // bytes of sessions that have ended
}

// ErrNotLoopback: plain connections are for this machine only.
var ErrNotLoopback = errors.New("without TLS only a loopback address may be listened on")

// Listen opens the port; ctx bounds only the look-up of a name. An address that cannot be had is fault.Unreachable.
func Listen(ctx context.Context, c *centre.Centre, addr string, o Options) (*Server, error) {
	const op = "httpd.Listen"
	if o.Plain && !loopback(addr) {
		return nil, fault.New(fault.BadInput, op, ErrNotLoopback)
	}
	config, err := wsconn.ServerConfig(c.Key(), c.Pin())
	if err != nil {
		return nil, fault.New(fault.WrongKey, op, err)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fault.New(fault.Unreachable, op, err)
	}
	s := &Server{centre: c, log: o.Log, listener: newLimited(l, o), enrols: newBucket(EnrolsPerSecond, EnrolsBurst)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.serving = s.listener
	if !o.Plain {
		s.serving = tls.NewListener(s.listener, config)
	}
	s.stopping, s.stop = context.WithCancelCause(context.Background())
	s.http = &http.Server{Handler: s.handler(), ReadHeaderTimeout: HeaderTime, ReadTimeout: HeaderTime, WriteTimeout: AnswerTime,
		IdleTimeout: IdleTime, MaxHeaderBytes: MaxHeaderBytes, ErrorLog: log.New(mishapsLog{s}, "", 0)}
	return s, nil
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// Close gives the port back, when Run was not begun.
func (s *Server) Close() error { return s.listener.Close() }

// Addr is where it listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Run serves until ctx ends, then stops in good order: no more connections, every session is told that the centre is
// stopping, and has ended when Run returns, at the latest after StopTime.
func (s *Server) Run(ctx context.Context) error {
	stop := func() { s.stop(fault.New(fault.ServerStopping, "httpd", nil)) }
	return serve(ctx, s.http, s.serving, stop, func(late context.Context) {
		ended := make(chan struct{})
		go func() { s.sessions.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-late.Done():
			s.listener.closeAll()
			<-ended
		}
	})
}

// serve answers requests until ctx ends or the listener fails, and returns why. Then stop is called, and what goes on has StopTime to
// end: first requests, then what rest waits for.
func serve(ctx context.Context, server *http.Server, l net.Listener, stop func(), rest func(late context.Context)) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	var err error
	select {
	case <-ctx.Done():
		err = context.Cause(ctx)
	case err = <-failed:
		failed <- err
	}
	stop()
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), StopTime)
	defer cancel()
	if server.Shutdown(late) != nil {
		server.Close()
	}
	<-failed
	rest(late)
	return err
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+wsconn.Path, s.websocket)
	mux.HandleFunc("POST "+enrolment.Path, s.enrol)
	mux.HandleFunc("GET /healthz", s.health)
	mux.Handle("GET /metrics", s.metrics())
	return s.guard(mux)
}

// guard answers what is not asked for with as little as possible, and keeps a mistake of ours to its request. Its text
// never reaches the log: it may hold values.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				s.panics.Add(1)
				s.log.Error("a request panicked", "code", string(fault.Internal), "stack", string(debug.Stack()))
				panic(http.ErrAbortHandler)
			}
		}()
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if r.ContentLength != 0 && (r.URL.Path != enrolment.Path || r.ContentLength > enrolment.MaxAsk) { // nothing else takes a body
			http.Error(w, "no body, please", http.StatusRequestEntityTooLarge)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// websocket serves one notebook.
func (s *Server) websocket(w http.ResponseWriter, r *http.Request) {
	s.sessions.Add(1)
	defer s.sessions.Done()
	if s.stopping.Err() != nil {
		http.Error(w, "stopping", http.StatusServiceUnavailable)
		return
	}
	conn, err := wsconn.Accept(w, r)
	if err != nil {
		s.mishaps.Add(1)
		return
	}
	defer func() {
		in, out := conn.Bytes()
		s.in.Add(in)
		s.out.Add(out)
		conn.Close()
	}()
	_ = s.centre.Serve(s.stopping, conn, conn.Binding()) // how it ended is logged there
}

// healthTime bounds the look that a health answer takes.
const healthTime = 5 * time.Second

// Health is the answer of /healthz.
type Health struct {
	OK           bool    `json:"ok"`
	Epoch        uint64  `json:"epoch"`
	End          uint64  `json:"log_end"`
	CommitAge    float64 `json:"last_commit_age_seconds"` // -1: none since the start
	CommitFailed string  `json:"commit_failed,omitempty"` // fault code of a commit that failed since the last good one
	CommitStuck  bool    `json:"commit_stuck,omitempty"`
}

func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), healthTime)
	defer cancel()
	v, err := s.centre.Vitals(ctx)
	h := Health{OK: err == nil && v.Healthy(), Epoch: v.Epoch.Number, End: uint64(v.End), CommitAge: -1, CommitFailed: string(v.Failed),
		CommitStuck: v.Stuck}
	if err != nil {
		h.CommitFailed = string(fault.CodeOf(err))
	}
	if !v.LastCommit.IsZero() {
		h.CommitAge = time.Since(v.LastCommit).Seconds()
	}
	w.Header().Set("Content-Type", "application/json")
	if !h.OK {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(h) // whoever asked is gone
}
