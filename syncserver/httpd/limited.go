package httpd

import (
	"cmp"
	"net"
	"sync"
	"sync/atomic"
)

// limited is a listener that sheds what is too much before any work is done for it. It holds every open connection, also
// those that became websockets.
type limited struct {
	net.Listener
	most int
	rate *bucket

	mu    sync.Mutex
	open  map[*held]struct{}
	shed  atomic.Uint64 // closed at once
	taken atomic.Uint64
}

func newLimited(l net.Listener, o Options) *limited {
	return &limited{Listener: l, most: cmp.Or(o.MaxConns, MaxConns), open: map[*held]struct{}{},
		rate: newBucket(cmp.Or(o.NewConnsPerSecond, NewConnsPerSecond), cmp.Or(o.NewConnsBurst, NewConnsBurst))}
}

// held is an open connection.
type held struct {
	net.Conn
	l *limited
}

// Accept implements net.Listener.
func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if h := l.admit(c); h != nil {
			l.taken.Add(1)
			return h, nil
		}
		l.shed.Add(1)
		if t, ok := c.(*net.TCPConn); ok {
			_ = t.SetLinger(0) // costs neither end a waiting socket
		}
		c.Close()
	}
}

func (l *limited) admit(c net.Conn) *held {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) >= l.most || !l.rate.take() {
		return nil
	}
	h := &held{c, l}
	l.open[h] = struct{}{}
	return h
}

// Close ends the connection and gives its place back.
func (h *held) Close() error {
	h.l.mu.Lock()
	delete(h.l.open, h)
	h.l.mu.Unlock()
	return h.Conn.Close()
}

func (l *limited) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// closeAll ends every open connection at once.
func (l *limited) closeAll() {
	l.mu.Lock()
	all := make([]*held, 0, len(l.open))
	for h := range l.open {
		all = append(all, h)
	}
	l.mu.Unlock()
	for _, h := range all {
		h.Close()
	}
}
