package replica

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// wire is one end of a connection in memory.
type wire struct {
	in, out chan []byte
	closed  chan struct{}
	once    sync.Once
	peer    *wire
}

func newWire() (a, b *wire) {
	x, y := make(chan []byte), make(chan []byte)
	a = &wire{in: x, out: y, closed: make(chan struct{})}
	b = &wire{in: y, out: x, closed: make(chan struct{}), peer: a}
	a.peer = b
	return a, b
}

func (w *wire) Close() error          { w.once.Do(func() { close(w.closed) }); return nil }
func (w *wire) Binding() []byte       { return []byte("a connection") }
func (w *wire) Bytes() (int64, int64) { return 10, 20 }
func (w *wire) gone(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fault.New(fault.CutOff, "wire", io.EOF)
}

func (w *wire) Send(ctx context.Context, frame []byte) error {
	select {
	case w.out <- frame:
		return nil
	case <-w.closed:
	case <-w.peer.closed:
	case <-ctx.Done():
	}
	return w.gone(ctx)
}

func (w *wire) Receive(ctx context.Context) ([]byte, error) {
	select {
	case b := <-w.in:
		return b, nil
	case <-w.closed:
	case <-w.peer.closed:
	case <-ctx.Done():
	}
	return nil, w.gone(ctx)
}

// centre is a small honest hub: it keeps what it is pushed, and gives receipts. Its mood decides how it misbehaves.
type centre struct {
	key   seal.CentreKey
	mu    sync.Mutex
	mem   *ledger.Memory
	grant record.Dot // named in its pages
	code  fault.Code // said instead of a welcome
	hang  chan bool  // not nil: a push is not answered before it is closed
	heard []time.Time
}

func newCentre(t *testing.T) *centre {
	t.Helper()
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &centre{key: key, mem: ledger.NewMemory()}
}

var epoch = record.Epoch{Number: 1, Random: 7}

// serve speaks the hub's half of one connection.
func (c *centre) serve(conn protocol.Conn) {
	ctx := context.Background()
	s := protocol.NewServer(time.Now())
	for {
		for m := s.Next(); m != nil; m = s.Next() {
			b, err := protocol.Append(nil, m)
			if err != nil || conn.Send(ctx, b) != nil {
				return
			}
		}
		if from, wants := s.WantsPage(); wants {
			s.Cut(time.Now(), &protocol.Page{To: protocol.Cursor{Hub: from.Hub, Epoch: from.Epoch, At: map[string]ledger.Pos{"*": 1}}, Grant: c.grant, Caught: true})
			continue
		}
		b, err := conn.Receive(ctx)
		if err != nil {
			return
		}
		m, err := protocol.Decode(b)
		if err != nil {
			return
		}
		work, err := s.Receive(time.Now(), m)
		if err != nil || !c.work(s, work, conn) {
			return
		}
	}
}

// work answers a Hello or a Push; it reports whether the session goes on.
func (c *centre) work(s *protocol.Server, work protocol.Message, conn protocol.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch m := work.(type) {
	case *protocol.Hello:
		c.heard = append(c.heard, time.Now())
		if c.code != "" {
			b, _ := protocol.Append(nil, &protocol.Bye{Code: c.code})
			conn.Send(context.Background(), b)
			return false
		}
		s.Welcomed(c.welcome(m), c.grant)
	case *protocol.Push:
		if c.hang != nil {
			<-c.hang // the process stands still, the connection is open
			return false
		}
		for _, x := range m.Items {
			c.mem.Atomically(func() error { _, _, err := ledger.Insert(c.mem, x); return err })
		}
		s.Committed(m)
		s.Send(c.receipts(m.Items[0].Dot.Run))
	}
	return true
}

func (c *centre) welcome(h *protocol.Hello) *protocol.Welcome {
	w := &protocol.Welcome{Version: 1, Hub: 3, Epoch: epoch, CentreEpoch: epoch, Time: time.Now().UnixMilli(),
		EpochSig: c.key.Sign(seal.DomainEpoch, protocol.EpochStatement(epoch))}
	for _, x := range h.Claims {
		have, _ := ledger.HaveOf(c.mem, x.Run)
		w.Have = append(w.Have, have)
		if have.Prefix > 0 {
			w.Receipts.Receipts = append(w.Receipts.Receipts, c.receipts(x.Run).Receipts...)
		}
	}
	return w
}

func (c *centre) receipts(run record.RunID) *protocol.Receipts {
	r, _ := c.mem.Run(run)
	rc := record.Receipt{Epoch: epoch, Run: run, N: r.Prefix, Head: r.Head, Time: time.Now().UnixMilli(), Key: c.key.Public().ID()}
	rc.Sig = c.key.Sign(seal.DomainReceipt, rc.Statement())
	return &protocol.Receipts{Receipts: []record.Receipt{rc}}
}

// met lists when a machine has said Hello.
func (c *centre) met() []time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Time(nil), c.heard...)
}

// machine is a notebook with an engine, and the roads that it may find closed.
type machine struct {
	t      *testing.T
	centre *centre
	store  *notebook.Memory
	key    seal.ReplicaKey
	nb     *notebook.Notebook
	*Engine

	mu    sync.Mutex
	shut  bool // no road
	tries []time.Time
}

type forms struct{}

func (forms) Line(record.FormRef, map[string]string) (l notebook.Listing) { return l }
func (forms) Learn([]*record.Change)                                      {}
func (forms) Known() []record.FormRef                                     { return nil }

func newMachine(t *testing.T, c *centre) *machine {
	t.Helper()
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, centre: c, store: notebook.NewMemory(), key: key}
	m.open()
	return m
}

// open starts the program.
func (m *machine) open() {
	m.nb = notebook.Open(m.store, notebook.Options{Replica: 24, Key: m.key, Centre: m.centre.key.Public(), Forms: forms{}, Wall: clock.System})
	m.Engine = New(m.nb, m.key, "test", m.dial)
}

func (m *machine) dial(ctx context.Context) (Conn, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tries = append(m.tries, time.Now())
	if m.shut {
		return nil, fault.New(fault.Unreachable, "dial", nil)
	}
	mine, theirs := newWire()
	go func() {
		m.centre.serve(theirs)
		theirs.Close()
	}()
	return mine, nil
}

func (m *machine) road(open bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.shut = !open
}

func (m *machine) tried() []time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]time.Time(nil), m.tries...)
}

// run runs the engine; stop ends it, and waits until it has.
func (m *machine) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx) }()
	return func() { cancel(); <-done }
}

func (m *machine) write(n int) { m.t.Helper(); m.writeLarge(n, 0) }

// writeLarge writes records with so many bytes of text that does not pack.
func (m *machine) writeLarge(n, size int) {
	m.t.Helper()
	text := make([]byte, size/2)
	for i := range n {
		rand.Read(text)
		_, err := m.nb.Save(context.Background(), notebook.Entry{Form: record.FormRef{ID: "f"}, Feed: "U1/ordinary",
			Values: map[string]string{"a": fmt.Sprint(i), "b": hex.EncodeToString(text)}})
		if err != nil {
			m.t.Fatal(err)
		}
	}
}

func (m *machine) account() notebook.Status {
	m.t.Helper()
	s, err := m.nb.Status(context.Background())
	if err != nil {
		m.t.Fatal(err)
	}
	return s
}
