package wsconn

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/seal"
)

// serve starts a real listener that hands each connection to f; it returns its address and the pin of its key.
func serve(t *testing.T, f func(*Conn)) (addr string, pin *Pin) {
	t.Helper()
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if pin, err = NewPin(key); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := Accept(w, r); err == nil {
			f(c)
			c.Close()
		}
	}))
	if s.TLS, err = ServerConfig(key, pin); err != nil {
		t.Fatal(err)
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "https://"), pin
}

func echo(c *Conn) {
	for {
		b, err := c.Receive(context.Background())
		if err != nil || c.Send(context.Background(), b) != nil {
			return
		}
	}
}

func dial(t *testing.T, addr string, pin *Pin) *Conn {
	t.Helper()
	c, err := Dial(t.Context(), addr, pin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestFramesComeBackAsTheyWere(t *testing.T) {
	addr, pin := serve(t, echo)
	c := dial(t, addr, pin)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 300 {
		frame := bytes.Repeat([]byte("tuyên truyền "), r.IntN(1+i*20))
		for k := range frame {
			if r.IntN(9) == 0 {
				frame[k] = byte(r.Uint32())
			}
		}
		if i%7 == 6 {
			c.SetEffort(Effort(r.IntN(int(Best) + 1)))
		}
		if err := c.Send(t.Context(), frame); err != nil {
			t.Fatal(err)
		}
		if i%40 == 39 {
			c.endStream() // as after a rest: both ends free their coders and begin anew
			if c.enc != nil {
				t.Fatal("the coder is still held after a rest")
			}
		}
		got, err := c.Receive(t.Context())
		if err != nil || !bytes.Equal(got, frame) {
			t.Fatalf("frame %d of %d bytes: %d bytes came back, %v", i, len(frame), len(got), err)
		}
	}
}

func TestHistoryIsUsed(t *testing.T) {
	addr, pin := serve(t, echo)
	c := dial(t, addr, pin)
	frame := make([]byte, 20<<10)
	rand.NewChaCha8([32]byte{}).Read(frame)
	for range 4 {
		c.Send(t.Context(), frame)
		if _, err := c.Receive(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, out := c.Bytes(); out > 22<<10 {
		t.Fatalf("four equal frames of 20 KiB took %d bytes", out)
	}
}

func TestBindingIsTheSameAtBothEndsAndDiffersByConnection(t *testing.T) {
	theirs := make(chan []byte, 2)
	addr, pin := serve(t, func(c *Conn) { theirs <- c.Binding(); echo(c) })
	a, b := dial(t, addr, pin), dial(t, addr, pin)
	x, y := <-theirs, <-theirs
	if bytes.Equal(a.Binding(), b.Binding()) {
		t.Fatal("two connections with one binding")
	}
	if !bytes.Equal(a.Binding(), x) && !bytes.Equal(a.Binding(), y) {
		t.Fatal("the ends do not agree")
	}
}

func TestOtherKeyIsRefused(t *testing.T) {
	addr, _ := serve(t, echo)
	key, _ := seal.NewCentreKey(nil)
	other, _ := NewPin(key)
	if _, err := Dial(t.Context(), addr, other); !errors.Is(err, fault.WrongKey) {
		t.Fatalf("got %v, want wrong_key", err)
	}
}

func TestPinIsOfOneKey(t *testing.T) {
	a, _ := seal.NewCentreKey(nil)
	b, _ := seal.NewCentreKey(nil)
	pin, _ := NewPin(a)
	if _, err := ParsePin(pin.String(), a.Public()); err != nil {
		t.Fatal(err)
	}
	if _, err := ParsePin(pin.String(), b.Public()); !errors.Is(err, fault.WrongKey) {
		t.Fatalf("a pin for another key: %v", err)
	}
}

// hostile sends raw messages to a receiving end and returns what it makes of them.
func hostile(t *testing.T, messages ...[]byte) error {
	t.Helper()
	got := make(chan error, 1)
	addr, pin := serve(t, func(c *Conn) {
		for {
			if _, err := c.Receive(context.Background()); err != nil {
				got <- err
				return
			}
		}
	})
	c := dial(t, addr, pin)
	for _, m := range messages {
		c.ws.WriteMessage(2, m)
	}
	return <-got
}

func TestHostileMessages(t *testing.T) {
	bomb := &Conn{}
	if err := bomb.pack(make([]byte, protocol.MaxFrameBytes+1)); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		messages [][]byte
		want     fault.Code
	}{
		"empty":                   {[][]byte{{}}, fault.BadFrame},
		"unknown mark":            {[][]byte{{9, 1, 2}}, fault.BadFrame},
		"goes on without a start": {[][]byte{{markNext, 1, 2, 3}}, fault.BadFrame},
		"not zstd":                {[][]byte{{markFirst, 1, 2, 3, 4, 5, 6, 7, 8}}, fault.BadFrame},
		"bomb":                    {[][]byte{bomb.buf.Bytes()}, fault.FrameTooLarge},
		"too long":                {[][]byte{make([]byte, protocol.MaxFrameBytes+2)}, fault.FrameTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if err := hostile(t, x.messages...); !errors.Is(err, x.want) {
				t.Fatalf("got %v, want %s", err, x.want)
			}
		})
	}
}

func TestPlainOnlyOnLoopback(t *testing.T) {
	if _, err := Dial(t.Context(), "198.18.0.1:1", nil); !errors.Is(err, fault.WrongKey) {
		t.Fatalf("got %v", err)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, Path, nil)
	r.RemoteAddr = "198.18.0.1:999"
	if _, err := Accept(w, r); !errors.Is(err, fault.BadProtocol) {
		t.Fatalf("got %v", err)
	}
}

// TestBestIsForOneAtATime: its coder is large, and a program with many connections is no notebook on a slow link.
func TestBestIsForOneAtATime(t *testing.T) {
	frame := make([]byte, 2*packFrom)
	a, b := &Conn{}, &Conn{}
	for _, c := range []*Conn{a, b} {
		c.effort.Store(uint32(Best))
		packed(t, c, frame)
	}
	if a.level != Best || b.level != Thorough {
		t.Fatalf("levels %d and %d", a.level, b.level)
	}
	if packed(t, b, frame)[0] != markNext {
		t.Error("the stream began anew in vain")
	}
	a.freeEncoder()
	packed(t, b, frame)
	if b.level != Best {
		t.Error("Best was not given on")
	}
	b.freeEncoder()
}

// TestAcceptedEndAnswersAsItIsSpokenTo: who dialled knows the way; the centre saves its own work too when it is short. A
// link that held a write up is narrow, however short.
func TestAcceptedEndAnswersAsItIsSpokenTo(t *testing.T) {
	a, b := &Conn{line: &line{}, most: Best}, &Conn{most: Thorough}
	long := bytes.Repeat([]byte("tuyên truyền "), 100)
	for _, c := range []struct {
		a    Effort
		held bool
		want byte
	}{{Light, false, markAlone}, {Light, true, markFirst}} {
		a.SetEffort(c.a)
		b.SetEffort(Quick)
		b.held.Store(c.held)
		if _, _, err := b.message(packed(t, a, []byte("xin chào"))); err != nil {
			t.Fatal(err)
		}
		if got := packed(t, b, long)[0]; got != c.want {
			t.Errorf("%+v: answered with mark %d", c, got)
		}
	}
	b.freeEncoder()
	b.held.Store(false)
	b.SetEffort(Quick)
	a.SetEffort(Quick)
	if m := packed(t, b, long); m[0] != markFirst {
		t.Errorf("mark %d", m[0])
	} else if _, _, err := a.message(m); err != nil {
		t.Error(err)
	}
	a.freeDecoder()
	b.freeEncoder()
}
