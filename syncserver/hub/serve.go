package hub

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// Limits of the running hub.
const (
	// MaxBatch bounds the jobs that share one commit.
	MaxBatch = 256
	// MaxBatchChanges bounds the changes that share one commit, so that nobody waits long behind others.
	MaxBatchChanges = 8192
)

// Server runs a hub for many connections: one goroutine commits for all of them, and each connection has its own. Make
// one with NewServer, run it with Run; Serve may be called from then on.
type Server struct {
	h    *Hub
	log  *slog.Logger
	jobs chan *task

	mu       sync.Mutex
	sessions map[string]map[*link]bool // by key
	open     map[*link]bool
	cuts     map[record.ReplicaID]uint64 // of those disconnected: how many links there had been
	counters Counters
}

// Counters count since the start; a snapshot is for metrics and tests.
type Counters struct {
	Sessions, Hellos, Refused   uint64
	Commits, Jobs, Changes      uint64
	Pages, PagedChanges         uint64
	BytesIn, BytesOut           uint64
	Chunks, ChunkBytes          uint64 // of photos, whether or not they were taken
	OpenSessions                int
	CommitSeconds, CommitLatest float64
}

type task struct {
	*Job
	done chan<- *task
}

// NewServer returns a server that is not running yet.
func NewServer(h *Hub, log *slog.Logger) *Server {
	return &Server{h: h, log: log, jobs: make(chan *task, 4*MaxBatch), sessions: map[string]map[*link]bool{}, open: map[*link]bool{},
		cuts: map[record.ReplicaID]uint64{}}
}

// Counters returns a snapshot.
func (s *Server) Counters() Counters {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counters
	c.OpenSessions = len(s.open)
	return c
}

// Run commits what the connections bring, until ctx ends; the commit that is running then is finished. What waits is not
// lost: it was never acknowledged.
func (s *Server) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case t := <-s.jobs:
			s.commit(context.WithoutCancel(ctx), s.gather(t))
		}
	}
}

// gather takes what waits, up to the limits: the slower the disk, the more share a commit.
func (s *Server) gather(t *task) []*task {
	batch, changes := []*task{t}, t.size()
	for len(batch) < MaxBatch && changes < MaxBatchChanges {
		select {
		case t = <-s.jobs:
			batch = append(batch, t)
			changes += t.size()
		default:
			return batch
		}
	}
	return batch
}

func (t *task) size() int {
	if t.Push == nil {
		return 1
	}
	return len(t.Push.Items)
}

func (s *Server) commit(ctx context.Context, batch []*task) {
	jobs, changes := make([]*Job, len(batch)), 0
	for i, t := range batch {
		jobs[i] = t.Job
		changes += t.size()
	}
	before, start := s.h.Epoch(), time.Now()
	news := s.applySafely(ctx, jobs)
	took := time.Since(start).Seconds()
	for _, t := range batch {
		t.done <- t
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counters.Commits++
	s.counters.Jobs += uint64(len(batch))
	for _, t := range batch {
		if t.Hello != nil {
			s.counters.Hellos++
		}
		if t.Hello != nil && t.Err != nil {
			s.counters.Refused++
		}
		if t.Chunk != nil {
			s.counters.Chunks++
			s.counters.ChunkBytes += uint64(len(t.Chunk.Data))
		}
	}
	s.counters.Changes += uint64(changes)
	s.counters.CommitSeconds += took
	s.counters.CommitLatest = took
	for _, key := range news {
		for l := range s.sessions[key] {
			l.wake()
		}
	}
	if s.h.Epoch() != before {
		for l := range s.open {
			l.wake()
		}
	}
}

// applySafely keeps a mistake of ours in one job from ending the server: the jobs of the batch fail, are not
// acknowledged, and are tried one by one.
func (s *Server) applySafely(ctx context.Context, jobs []*Job) (news []string) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		s.log.Error("a commit panicked", "jobs", len(jobs), "panic", r, "stack", string(debug.Stack()))
		if len(jobs) == 1 {
			jobs[0].Err = fault.New(fault.Internal, "apply", nil)
			return
		}
		for _, j := range jobs {
			news = append(news, s.applySafely(ctx, []*Job{j})...)
		}
	}()
	return s.h.Apply(ctx, jobs)
}

// Do has one job committed together with whatever else waits, and returns when it is.
func (s *Server) Do(ctx context.Context, j *Job) error {
	done := make(chan *task, 1)
	select {
	case s.jobs <- &task{j, done}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case <-done:
		return j.Err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// link is one connection being served.
type link struct {
	s       *Server
	conn    protocol.Conn
	session *Session
	replica atomic.Uint32 // who speaks, for others to read
	ordinal uint64        // of all links, from 1
	woken   chan struct{}
	done    chan *task
	keys    []string
	frames  chan []byte
	failed  chan error
	out     chan []byte
	stop    context.CancelCauseFunc
}

// wake may be called by anybody.
func (l *link) wake() {
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// Serve speaks with one client until either end has enough; it returns why. The binding is what is unique to the
// connection. A client that does not read is cut off; it holds at most the pages and answers of its windows. When ctx
// ends, the client is told its cause before the connection is given up.
func (s *Server) Serve(ctx context.Context, conn protocol.Conn, binding []byte) error {
	line, cut := context.WithCancel(context.WithoutCancel(ctx)) // outlives ctx by the last message
	ctx, stop := context.WithCancelCause(ctx)
	l := &link{s: s, conn: conn, session: s.h.NewSession(time.Now(), binding), woken: make(chan struct{}, 1),
		done: make(chan *task, 4*protocol.PushWindow), frames: make(chan []byte), failed: make(chan error, 2),
		out: make(chan []byte), stop: stop}
	s.enter(l)
	defer s.leave(l)
	var wait sync.WaitGroup
	wait.Go(func() { l.receive(line) })
	wait.Go(func() { l.send(line) })
	err := l.run(ctx)
	if ctx.Err() != nil {
		err = context.Cause(ctx) // whatever noticed the end first
	}
	stop(err)
	if bye := goodbye(err); bye != nil {
		l.offer(line, bye)
	}
	cut()
	if c, ok := conn.(interface{ Close() error }); ok {
		_ = c.Close() // it was given up already
	}
	wait.Wait()
	s.log.Info("session ended", "replica", l.replica.Load(), "code", string(fault.CodeOf(err)))
	return err
}

// goodbye is what the client is told; nothing when it is gone anyway.
func goodbye(err error) *protocol.Bye {
	code := fault.CodeOf(err)
	switch {
	case err == nil, code == fault.CutOff, code == fault.Unreachable:
		return nil
	case errors.Is(err, context.Canceled):
		code = fault.ServerStopping
	}
	return &protocol.Bye{Code: code}
}

// hangUp is how long a client that was told goodbye may take to close the connection by itself.
const hangUp = 250 * time.Millisecond

// offer gives a last message a moment to leave, and the client to hang up. Until then what it still says is read: bytes
// that nobody reads would reset the connection when it is closed, and the message with it.
func (l *link) offer(ctx context.Context, m protocol.Message) {
	b, err := protocol.Append(nil, m)
	if err != nil {
		return
	}
	t := time.NewTimer(time.Second)
	defer t.Stop()
	out, taken := l.out, 0
	for {
		select {
		case out <- b:
			if b, taken = nil, taken+1; taken == 2 { // which shows that the first has been sent
				out = nil
				t.Reset(hangUp)
			}
		case <-l.frames:
		case <-t.C:
			return
		case <-l.failed:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (l *link) receive(ctx context.Context) {
	for {
		b, err := l.conn.Receive(ctx)
		if err != nil {
			l.failed <- err
			return
		}
		select {
		case l.frames <- b:
		case <-ctx.Done():
			return
		}
	}
}

func (l *link) send(ctx context.Context) {
	for {
		select {
		case b := <-l.out:
			if len(b) == 0 {
				continue
			}
			if err := l.conn.Send(ctx, b); err != nil {
				l.failed <- err
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// run is the connection's own loop: the only goroutine that touches the session.
func (l *link) run(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var next []byte
	for {
		out := l.out
		if next == nil {
			var err error
			if next, err = l.next(ctx); err != nil {
				return err
			}
			if next == nil {
				out = nil
			}
		}
		timer.Reset(time.Until(l.session.Deadline()))
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case err := <-l.failed:
			return err
		case b := <-l.frames:
			if err := l.take(ctx, b); err != nil {
				return err
			}
		case t := <-l.done:
			if err := l.session.Done(time.Now(), t.Job); err != nil {
				return err
			}
			l.introduce()
			l.s.subscribe(l)
		case <-l.woken:
			l.session.News()
		case out <- next:
			next = nil
		case <-timer.C:
			if err := l.session.Tick(time.Now()); err != nil {
				return err
			}
		}
	}
}

// next encodes the next message to send, cutting pages when there is nothing else.
func (l *link) next(ctx context.Context) ([]byte, error) {
	m := l.session.Next()
	if m == nil {
		if err := l.session.Fill(ctx, time.Now()); err != nil {
			return nil, err
		}
		l.s.subscribe(l)
		if m = l.session.Next(); m == nil {
			return nil, nil
		}
	}
	if p, ok := m.(*protocol.Page); ok {
		l.s.count(func(c *Counters) { c.Pages++; c.PagedChanges += uint64(len(p.Items)) })
	}
	return protocol.Append(nil, m)
}

func (l *link) take(ctx context.Context, b []byte) error {
	m, err := protocol.Decode(b)
	if err != nil {
		return fault.New(fault.BadFrame, "receive", err)
	}
	j, err := l.session.Receive(time.Now(), m)
	if j == nil || err != nil {
		return err
	}
	select {
	case l.s.jobs <- &task{j, l.done}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *Server) count(f func(*Counters)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.counters)
}

func (s *Server) enter(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[l] = true
	s.counters.Sessions++
	l.ordinal = s.counters.Sessions
}

// introduce says who speaks. Who was disconnected while his greeting was being committed is so now.
func (l *link) introduce() {
	r := l.session.Replica()
	if record.ReplicaID(l.replica.Swap(uint32(r))) == r {
		return
	}
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	if l.ordinal <= l.s.cuts[r] {
		l.stop(fault.New(fault.Revoked, "disconnect", nil))
	}
}

func (s *Server) leave(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, l)
	s.unsubscribe(l)
}

func (s *Server) unsubscribe(l *link) {
	for _, k := range l.keys {
		delete(s.sessions[k], l)
		if len(s.sessions[k]) == 0 {
			delete(s.sessions, k)
		}
	}
}

// subscribe keeps the register of who is to hear of what.
func (s *Server) subscribe(l *link) {
	keys := l.session.Keys()
	if len(keys) == len(l.keys) && (len(keys) == 0 || &keys[0] == &l.keys[0]) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsubscribe(l)
	l.keys = keys
	for _, k := range keys {
		if s.sessions[k] == nil {
			s.sessions[k] = map[*link]bool{}
		}
		s.sessions[k][l] = true
	}
	l.wake() // what was listed before the subscription
}

// Disconnect ends the sessions of a replica, after its revocation; those too that have begun, and whose greeting is on its way.
// Later ones are none of its business: a device that was cut off still brings what it has.
func (s *Server) Disconnect(r record.ReplicaID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cuts[r] = s.counters.Sessions
	for l := range s.open {
		if record.ReplicaID(l.replica.Load()) == r {
			l.stop(fault.New(fault.Revoked, "disconnect", nil))
		}
	}
}
