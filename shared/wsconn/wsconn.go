// Package wsconn carries protocol frames over a websocket: TLS 1.3 to a centre whose key is pinned, one compressed
// stream each way that is given up when it rests, and frames bounded before and after decompression.
//
// A websocket message is one frame: a mark, then the frame itself, bare, or with its length (4 bytes, little-endian) in
// front as a flushed piece of a zstd stream.
//
//	0  bare
//	1  the next piece of the sender's stream
//	2  the first piece of a new stream: the receiver forgets the old one
//	3  (empty) the sender's stream has ended: the receiver frees it
//	4  packed by itself, as one S2 block: beside the stream, which may go on after it
//
// So a connection that rests holds no coder at either end.
package wsconn

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"banlang/shared/fault"
	"banlang/shared/protocol"
)

// Limits of the carrier.
const (
	// Window is the history of a stream: what a coder of a session may keep in memory, at each end.
	Window = 256 << 10
	// Rest is the silence after which a sender ends its stream, so that both ends free it.
	Rest = 10 * time.Second
	// packFrom is the size below which a frame is not worth beginning a stream.
	packFrom = 512
	// WriteTime is how long one write may block before the link counts as dead. A push is cut to take about a second.
	WriteTime = 30 * time.Second
	// blocked is how long a write takes that the link holds up, and not the machine.
	blocked = 50 * time.Millisecond
	// GreetTime is how long TLS and the websocket may take to be set up, three ways there and back, once TCP has been
	// answered. It holds two losses on a slow link.
	GreetTime = 10 * time.Second
	// ReadBuffer is what an open connection holds for reading; larger messages are read in pieces.
	ReadBuffer = 1 << 10
	// Path is where a centre listens for notebooks.
	Path = "/sync/1"
)

const (
	markBare  = 0
	markNext  = 1
	markFirst = 2
	markEnd   = 3
	markAlone = 4
)

// Conn is one websocket. It implements protocol.Conn; Close may be called by anybody, any number of times.
type Conn struct {
	ws      *websocket.Conn
	binding []byte
	in, out atomic.Int64
	line    *line // what dialled; nil: it was accepted

	effort atomic.Uint32
	held   atomic.Bool // a write was held up by the link
	most   Effort      // that it may go to

	sending sync.Mutex
	enc     *zstd.Encoder
	level   Effort // of enc
	buf     bytes.Buffer
	rest    *time.Timer

	dec    *zstd.Decoder
	pieces pieces
}

// Binding is unique to the connection and the same at both ends: exported from TLS. On a plain loopback connection it
// names only that.
func (c *Conn) Binding() []byte { return c.binding }

// Bytes counts what went over the websocket so far, compressed, without TLS and framing.
func (c *Conn) Bytes() (in, out int64) { return c.in.Load(), c.out.Load() }

// Effort is how much work a sender puts into saving bytes.
type Effort uint8

// The efforts. For the records of a notebook, a fourth of the bytes go over the wire with Quick. Light takes a third of its
// work and a third more bytes, and suits a network that is faster than the machines; Thorough half as much work again for
// a tenth less; Best twenty times the work, and some 35 MB while it is used, for a fifth less: only an end that dialled
// does it, and on one connection of a program at a time; others, and a centre, are Thorough instead.
const (
	Light Effort = iota
	Quick
	Thorough
	Best
)

// SetEffort counts from the next frame on. A Conn that nobody tells is Quick; one that was accepted becomes Light when the
// end that dialled is. A write that the link holds up makes it Thorough at least. It may be called by anybody.
func (c *Conn) SetEffort(e Effort) { c.effort.Store(uint32(min(e, c.most))) }

func (c *Conn) wanted() Effort {
	e := Effort(c.effort.Load())
	if c.held.Load() {
		e = max(e, Thorough)
	}
	return e
}

// Trip is how long TCP took to be answered: the way there and back, and hardly anything of the machines at its ends. Zero
// when the connection was accepted.
func (c *Conn) Trip() time.Duration {
	if c.line == nil {
		return 0
	}
	return c.line.trip
}

// Heard is when the last bytes arrived, be they a part of a message; zero when that is not known.
func (c *Conn) Heard() time.Time {
	if c.line == nil {
		return time.Time{}
	}
	return time.Unix(0, c.line.heard.Load())
}

const exporterLabel = "EXPORTER-banlang-hello-1"

func newConn(ws *websocket.Conn, state *tls.ConnectionState, most Effort) (*Conn, error) {
	c := &Conn{ws: ws, binding: []byte("plain loopback"), most: most}
	c.effort.Store(uint32(Quick))
	if state != nil {
		b, err := state.ExportKeyingMaterial(exporterLabel, nil, 32)
		if err != nil {
			return nil, fault.New(fault.BadProtocol, "wsconn", err)
		}
		c.binding = b
	}
	ws.SetReadLimit(protocol.MaxFrameBytes + 1)
	ws.SetPingHandler(func(string) error { return nil }) // the protocol has its own
	return c, nil
}

// Send implements protocol.Conn.
func (c *Conn) Send(ctx context.Context, frame []byte) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	if err := c.pack(frame); err != nil {
		return err
	}
	return c.write(ctx)
}

// pack puts the message that carries a frame into buf.
func (c *Conn) pack(frame []byte) error {
	c.buf.Reset()
	effort := c.wanted()
	switch {
	case len(frame) < packFrom && c.enc == nil && effort != Light:
		c.buf.WriteByte(markBare)
		c.buf.Write(frame)
		return nil
	case effort == Light: // small frames too: they tell an end that accepted how to answer
		c.buf.Grow(1 + s2.MaxEncodedLen(len(frame)))
		c.buf.WriteByte(markAlone)
		b := c.buf.AvailableBuffer()
		c.buf.Write(s2.Encode(b[:cap(b)], frame))
		return nil
	}
	c.buf.WriteByte(c.encoder(effort))
	var size [4]byte
	binary.LittleEndian.PutUint32(size[:], uint32(len(frame)))
	if _, err := c.enc.Write(size[:]); err != nil {
		return err
	}
	if _, err := c.enc.Write(frame); err != nil {
		return err
	}
	if err := c.enc.Flush(); err != nil {
		return err
	}
	c.restLater()
	return nil
}

// encoder makes enc one of that effort, or the nearest to be had, and says which mark the next piece bears.
func (c *Conn) encoder(effort Effort) (mark byte) {
	if c.enc != nil && c.level == effort {
		return markNext
	}
	if effort == Best {
		select {
		case best <- struct{}{}:
		default:
			effort = Thorough
		}
	}
	if c.enc != nil && c.level == effort {
		return markNext
	}
	c.freeEncoder()
	c.enc, c.level = encoders[effort].Get().(*zstd.Encoder), effort
	c.enc.Reset(&c.buf)
	return markFirst
}

func (c *Conn) write(ctx context.Context) error {
	deadline := time.Now().Add(WriteTime)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	_ = c.ws.SetWriteDeadline(deadline) // only notes it for the write
	c.out.Add(int64(c.buf.Len()))
	start := time.Now()
	if err := c.ws.WriteMessage(websocket.BinaryMessage, c.buf.Bytes()); err != nil {
		return fault.New(fault.CutOff, "send", err)
	}
	if time.Since(start) > blocked {
		c.held.Store(true)
	}
	if c.buf.Cap() > 64<<10 {
		c.buf = bytes.Buffer{}
	}
	return nil
}

// restLater ends the stream when nothing was sent for a while.
func (c *Conn) restLater() {
	if c.rest == nil {
		c.rest = time.AfterFunc(Rest, c.endStream)
		return
	}
	c.rest.Reset(Rest)
}

func (c *Conn) endStream() {
	c.sending.Lock()
	defer c.sending.Unlock()
	if c.enc == nil {
		return
	}
	c.freeEncoder()
	c.buf.Reset()
	c.buf.WriteByte(markEnd)
	if c.write(context.Background()) == nil {
		c.buf = bytes.Buffer{}
	}
}

func (c *Conn) freeEncoder() {
	if c.enc != nil {
		c.enc.Reset(nil)
		encoders[c.level].Put(c.enc)
		c.enc = nil
		if c.level == Best {
			<-best
		}
	}
}

// Receive implements protocol.Conn.
func (c *Conn) Receive(ctx context.Context) ([]byte, error) {
	stop := context.AfterFunc(ctx, func() { c.ws.Close() })
	defer stop()
	for {
		_, b, err := c.ws.ReadMessage()
		if err != nil {
			return nil, readFault(ctx, err)
		}
		c.in.Add(int64(len(b)))
		if frame, ok, err := c.message(b); ok || err != nil {
			return frame, err
		}
	}
}

// message takes one websocket message; ok says that it carried a frame.
func (c *Conn) message(b []byte) (frame []byte, ok bool, err error) {
	if len(b) == 0 {
		return nil, false, fault.New(fault.BadFrame, "receive", errors.New("an empty message"))
	}
	switch b[0] {
	case markBare:
		return b[1:], true, nil
	case markEnd:
		c.freeDecoder()
		return nil, false, nil
	case markNext, markFirst:
		frame, err = c.unpack(b[0] == markFirst, b[1:])
		return frame, err == nil, err
	case markAlone:
		if c.line == nil {
			c.effort.CompareAndSwap(uint32(Quick), uint32(Light))
		}
		frame, err = unpackAlone(b[1:])
		return frame, err == nil, err
	}
	return nil, false, fault.New(fault.BadFrame, "receive", errors.New("an unknown mark"))
}

func readFault(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, websocket.ErrReadLimit):
		return fault.New(fault.FrameTooLarge, "receive", err)
	}
	return fault.New(fault.CutOff, "receive", err)
}

// unpack reads one flushed piece of the other end's stream.
func (c *Conn) unpack(first bool, piece []byte) ([]byte, error) {
	if first {
		c.freeDecoder()
		c.dec = decoders.Get().(*zstd.Decoder)
		if err := c.dec.Reset(&c.pieces); err != nil {
			return nil, fault.New(fault.BadFrame, "unpack", err)
		}
	} else if c.dec == nil {
		return nil, fault.New(fault.BadFrame, "unpack", errors.New("a stream goes on that never began"))
	}
	c.pieces.b = piece
	var size [4]byte
	if _, err := io.ReadFull(c.dec, size[:]); err != nil {
		return nil, fault.New(fault.BadFrame, "unpack", err)
	}
	n := binary.LittleEndian.Uint32(size[:])
	if n > protocol.MaxFrameBytes {
		return nil, fault.New(fault.FrameTooLarge, "unpack", nil)
	}
	frame := make([]byte, n)
	if _, err := io.ReadFull(c.dec, frame); err != nil {
		return nil, fault.New(fault.BadFrame, "unpack", err)
	}
	if len(c.pieces.b) > 0 {
		return nil, fault.New(fault.BadFrame, "unpack", errors.New("more than one frame in a message"))
	}
	return frame, nil
}

// unpackAlone reads a frame that was packed by itself.
func unpackAlone(b []byte) ([]byte, error) {
	n, err := s2.DecodedLen(b)
	if err == nil && n > protocol.MaxFrameBytes {
		return nil, fault.New(fault.FrameTooLarge, "unpack", nil)
	}
	if err == nil {
		b, err = s2.Decode(make([]byte, n), b)
	}
	if err != nil {
		return nil, fault.New(fault.BadFrame, "unpack", err)
	}
	return b, nil
}

func (c *Conn) freeDecoder() {
	if c.dec != nil {
		if c.dec.Reset(nil) == nil {
			decoders.Put(c.dec)
		}
		c.dec = nil
	}
}

// pieces feeds a decoder with what has arrived. The decoder is never asked for more than that: each frame says its
// length in front.
type pieces struct{ b []byte }

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.b) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(b, p.b)
	p.b = p.b[n:]
	return n, nil
}

// Close ends the connection at once.
func (c *Conn) Close() error {
	err := c.ws.Close()
	c.sending.Lock()
	defer c.sending.Unlock()
	if c.rest != nil {
		c.rest.Stop()
	}
	c.freeEncoder()
	return err
}

// best is taken by the one stream of a program that may be packed with Best.
var best = make(chan struct{}, 1)

// Coders are shared by all connections of a program; at rest a connection has none.
var (
	encoders = [...]*sync.Pool{Light: nil, Quick: encoderPool(zstd.SpeedFastest), Thorough: encoderPool(zstd.SpeedDefault), Best: encoderPool(zstd.SpeedBestCompression)}
	decoders = sync.Pool{New: func() any {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(Window), zstd.WithDecoderMaxMemory(1<<62))
		if err != nil {
			panic(err)
		}
		return d
	}}
)

func encoderPool(level zstd.EncoderLevel) *sync.Pool {
	return &sync.Pool{New: func() any {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(Window),
			zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
		if err != nil {
			panic(err) // the options are constants
		}
		return e
	}}
}

var upgrader = websocket.Upgrader{ReadBufferSize: ReadBuffer, WriteBufferPool: &writeBuffers, WriteBufferSize: 32 << 10,
	CheckOrigin: func(r *http.Request) bool { return r.Header.Get("Origin") == "" }} // notebooks are no browsers

var writeBuffers sync.Pool

// Accept takes a websocket over from an HTTP server. Without TLS only loopback is accepted.
func Accept(w http.ResponseWriter, r *http.Request) (*Conn, error) {
	if r.TLS == nil && !isLoopback(r.RemoteAddr) {
		http.Error(w, "TLS only", http.StatusUpgradeRequired)
		return nil, fault.New(fault.BadProtocol, "accept", errors.New("no TLS"))
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return nil, fault.New(fault.BadProtocol, "accept", err)
	}
	return newConn(ws, r.TLS, Thorough)
}

func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		host = addr
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Dial connects to a centre at host:port whose root certificate is pinned. A nil pin means plain, on loopback only. The
// connection outlives ctx; only the dialling does not.
func Dial(ctx context.Context, addr string, pin *Pin) (*Conn, error) {
	d := websocket.Dialer{ReadBufferSize: 4 << 10, WriteBufferPool: &writeBuffers, WriteBufferSize: 32 << 10}
	scheme := "wss://"
	if pin == nil {
		if !isLoopback(addr) {
			return nil, fault.New(fault.WrongKey, "dial", errors.New("no pinned key"))
		}
		scheme = "ws://"
	} else {
		d.TLSClientConfig = pin.config()
	}
	l, err := persist(ctx, "tcp", addr)
	if err != nil {
		return nil, dialFault(err)
	}
	d.NetDialContext = func(context.Context, string, string) (net.Conn, error) { return l, nil }
	ctx, cancel := context.WithTimeoutCause(ctx, GreetTime, fault.New(fault.CutOff, "dial", nil))
	defer cancel()
	ws, resp, err := d.DialContext(ctx, scheme+addr+Path, nil)
	if resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
	if err != nil {
		return nil, dialFault(err)
	}
	var state *tls.ConnectionState
	if t, ok := ws.NetConn().(*tls.Conn); ok {
		s := t.ConnectionState()
		state = &s
	}
	c, err := newConn(ws, state, Best)
	if err == nil {
		c.line = l
	}
	return c, err
}

func dialFault(err error) error {
	var cert *tls.CertificateVerificationError
	if errors.As(err, &cert) {
		return fault.New(fault.WrongKey, "dial", err)
	}
	return fault.New(fault.Unreachable, "dial", err)
}
