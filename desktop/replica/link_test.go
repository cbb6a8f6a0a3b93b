package replica

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/wsconn"
)

// TestADeadRealLink: over a real websocket, the server stops reading in the middle of a large backlog, with the connection
// open. Whether the machine's send blocks or disappears into a buffer: it notices by the missing answers, within the
// patience that the link has taught it, gives the connection up, and loses nothing.
func TestADeadRealLink(t *testing.T) {
	c := newCentre(t)
	stuck, release := make(chan struct{}), make(chan struct{})
	answers := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := wsconn.Accept(w, r)
		if err != nil {
			return
		}
		defer conn.Close()
		c.serve(&stopping{Conn: conn, after: func() bool { answers++; return answers > 4 }, stuck: stuck, release: release})
	}))
	s.Config.ConnState = func(conn net.Conn, _ http.ConnState) {
		if x, ok := conn.(*net.TCPConn); ok {
			x.SetReadBuffer(4 << 10)
		}
	}
	defer s.Close()
	defer close(release)
	m := newMachine(t, c)
	m.writeLarge(200, 60<<10)
	large := New(m.nb, m.key, "test", func(ctx context.Context) (Conn, error) {
		return wsconn.Dial(ctx, strings.TrimPrefix(s.URL, "http://"), nil)
	})
	large.link.PushBytes = 4 << 10 // so that a few answers are measured before the link dies
	done := make(chan error, 1)
	go func() {
		_, err := large.session(context.Background(), nil)
		done <- err
	}()
	<-stuck
	since := time.Now()
	err := <-done
	if took := time.Since(since); !errors.Is(err, fault.CutOff) || took > protocol.FirstPatience {
		t.Errorf("after %v: %v", took, err)
	}
	if s := m.account(); s.Saved != 200 {
		t.Errorf("saved: %d", s.Saved)
	}
}

// stopping is a connection whose server stops reading after some frames.
type stopping struct {
	protocol.Conn
	after          func() bool
	stuck, release chan struct{}
}

func (c *stopping) Receive(ctx context.Context) ([]byte, error) {
	if c.after() {
		close(c.stuck)
		<-c.release
		return nil, fault.New(fault.CutOff, "receive", nil)
	}
	return c.Conn.Receive(ctx)
}
