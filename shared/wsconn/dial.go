package wsconn

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// line is a TCP connection that knows when it was heard last, and how long it took to be answered first.
type line struct {
	net.Conn
	trip  time.Duration
	heard atomic.Int64 // ns since 1970
}

func (l *line) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if n > 0 {
		l.heard.Store(time.Now().UnixNano())
	}
	return n, err
}

// Knock is how often a connection is begun anew while none is answered. TCP itself knocks at 1, 3, 7 and 15 seconds; on a
// link that comes back in between, half a minute of it is soon gone.
const Knock = 500 * time.Millisecond

// persist dials until the first answer: a new try joins the others every Knock. An error is the last try's, once ctx ends,
// or the first one's when the other end refuses.
func persist(ctx context.Context, network, addr string) (*line, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type answer struct {
		line *line
		err  error
	}
	answers, tries := make(chan answer), 0
	try := func() {
		tries++
		go func() {
			start := time.Now()
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			answers <- answer{&line{Conn: conn, trip: time.Since(start)}, err}
		}()
	}
	again := time.NewTicker(Knock)
	defer again.Stop()
	var first *answer
	for try(); tries > 0; {
		select {
		case a := <-answers:
			tries--
			if first == nil {
				first = &a
				cancel()
			} else if a.err == nil {
				a.line.Close()
			}
		case <-again.C:
			if first == nil {
				try()
			}
		}
	}
	return first.line, first.err
}
