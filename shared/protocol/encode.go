package protocol

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// ErrBadFrame is the base of every decoding error. The end that meets it says Bye(bad_frame) and closes.
var ErrBadFrame = errors.New("protocol: bad frame")

// Append encodes a message behind b. A message over MaxFrameBytes, or with a list over its limit, is a mistake of the
// caller and an error: no other end would read it.
func Append(b []byte, m Message) ([]byte, error) {
	if err := within(m); err != nil {
		return b, err
	}
	w := writer{b: append(b, byte(m.kind()))}
	switch m := m.(type) {
	case *Hello:
		w.hello(m)
	case *Welcome:
		w.welcome(m)
	case *Push:
		w.push(m)
	case *Page:
		w.page(m)
	case *Ack:
		w.uint(m.Number)
	case *Ping:
		w.uint(m.Number)
	case *Pong:
		w.uint(m.Number)
	case *Taken:
	case *Receipts:
		w.receipts(m)
	case *Bye:
		w.str(string(m.Code))
		w.uint(uint64(m.RetryAfter))
	case *Ask, *Want, *Chunk, *Stored:
		w.photos(m)
	case *Deposit, *Kept, *Wiping, *Leave:
		w.keys(m)
	}
	if len(w.b)-len(b) > MaxFrameBytes {
		return b, fmt.Errorf("protocol: a message of %d bytes; the limit is %d", len(w.b)-len(b), MaxFrameBytes)
	}
	return w.b, nil
}

// within checks the lists of a message against their limits.
func within(m Message) error {
	ok := true
	switch m := m.(type) {
	case *Hello:
		ok = len(m.Claims) <= MaxClaims && len(m.Forms) <= MaxForms && len(m.Cursor.At) <= MaxKeys
	case *Welcome:
		ok = len(m.Have) <= MaxClaims && len(m.Forms) <= MaxForms && len(m.Receipts.Receipts) <= MaxReceipts
		for i := range m.Have {
			ok = ok && len(m.Have[i].Islands) <= MaxIslands
		}
	case *Push:
		ok = len(m.Items) <= MaxItems && len(m.Heads) <= MaxItems
	case *Page:
		ok = len(m.Items) <= MaxItems && len(m.To.At) <= MaxKeys
	case *Receipts:
		ok = len(m.Receipts) <= MaxReceipts
	case *Want:
		ok = len(m.Items) <= MaxWanted
	case *Chunk:
		ok = m.sound()
	case *Deposit:
		ok = m.fits()
	}
	if !ok {
		return fmt.Errorf("protocol: a message of kind %d with a list over its limit", m.kind())
	}
	return nil
}

// Decode reads one message. It keeps b: the caller must not alter it. Any input gives a message or ErrBadFrame, with
// work and memory in proportion to its length.
func Decode(b []byte) (Message, error) {
	if len(b) == 0 || len(b) > MaxFrameBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrBadFrame, len(b))
	}
	r := &reader{b: b[1:]}
	m := r.message(kind(b[0]))
	if r.err == nil && len(r.b) > 0 {
		r.fail("bytes behind the message")
	}
	if r.err != nil {
		return nil, fmt.Errorf("%w: kind %d: %w", ErrBadFrame, b[0], r.err)
	}
	return m, nil
}

// Encode writes a cursor for a store.
func (c *Cursor) Encode() []byte {
	var w writer
	w.cursor(c)
	return w.b
}

// DecodeCursor reads what Cursor.Encode wrote; nothing is the zero cursor.
func DecodeCursor(b []byte) (Cursor, error) {
	if len(b) == 0 {
		return Cursor{}, nil
	}
	r := &reader{b: b}
	c := r.cursor()
	if r.err == nil && len(r.b) > 0 {
		r.fail("bytes behind the cursor")
	}
	if r.err != nil {
		return Cursor{}, fmt.Errorf("%w: cursor: %w", ErrBadFrame, r.err)
	}
	return c, nil
}

type writer struct{ b []byte }

func (w *writer) uint(x uint64)    { w.b = binary.AppendUvarint(w.b, x) }
func (w *writer) fixed(x uint64)   { w.b = binary.LittleEndian.AppendUint64(w.b, x) }
func (w *writer) bytes(b []byte)   { w.b = append(w.b, b...) }
func (w *writer) str(s string)     { w.uint(uint64(len(s))); w.b = append(w.b, s...) }
func (w *writer) bool(v bool)      { w.b = append(w.b, map[bool]byte{true: 1}[v]) }
func (w *writer) dot(d record.Dot) { w.fixed(uint64(d.Run)); w.uint(uint64(d.N)) }

func (w *writer) epoch(e record.Epoch) { w.uint(e.Number); w.fixed(e.Random) }

func (w *writer) cursor(c *Cursor) {
	w.fixed(uint64(c.Hub))
	w.epoch(c.Epoch)
	w.mark(&c.Mark)
	w.uint(uint64(len(c.At)))
	for _, k := range c.sortedKeys() {
		w.str(k)
		w.uint(uint64(c.At[k]))
	}
}

func (w *writer) mark(m *Mark) {
	w.uint(uint64(m.Seen))
	w.bytes(m.Hash[:])
	w.bytes(m.Proof[:])
}

func (w *writer) hello(m *Hello) {
	w.uint(uint64(m.VersionMin))
	w.uint(uint64(m.VersionMax))
	w.str(m.Program)
	w.uint(uint64(m.Replica))
	w.str(m.PublicKey)
	w.str(m.Code)
	w.bytes(m.Proof[:])
	w.epoch(m.CentreEpoch)
	w.bytes(m.EpochSig[:])
	w.dot(m.Grant)
	w.cursor(&m.Cursor)
	w.uint(uint64(len(m.Claims)))
	for _, c := range m.Claims {
		w.fixed(uint64(c.Run))
		w.uint(uint64(c.Last))
		w.uint(uint64(c.Held))
		w.bool(c.Own)
	}
	w.forms(m.Forms)
	w.str(string(m.Extra))
}

func (w *writer) welcome(m *Welcome) {
	w.uint(uint64(m.Version))
	w.fixed(uint64(m.Hub))
	w.epoch(m.Epoch)
	w.epoch(m.CentreEpoch)
	w.bytes(m.EpochSig[:])
	w.str(m.Certificate)
	w.uint(uint64(m.Time))
	w.uint(uint64(len(m.Have)))
	for _, h := range m.Have {
		w.fixed(uint64(h.Run))
		w.uint(uint64(h.Prefix))
		w.uint(uint64(len(h.Islands)))
		for _, s := range h.Islands {
			w.uint(uint64(s.First))
			w.uint(uint64(s.Last))
		}
	}
	w.receipts(&m.Receipts)
	w.forms(m.Forms)
	w.str(string(m.Extra))
}

func (w *writer) push(m *Push) {
	w.epoch(m.Epoch)
	w.uint(m.Number)
	w.bool(m.Urgent)
	w.uint(uint64(len(m.Heads)))
	for i := range m.Heads {
		h := &m.Heads[i]
		w.uint(uint64(h.Replica))
		w.fixed(uint64(h.Run))
		w.uint(uint64(h.N))
		w.bytes(h.Head[:])
		w.bytes(h.Sig[:])
	}
	w.items(m.Items)
}

func (w *writer) page(m *Page) {
	w.bytes(m.From[:])
	w.cursor(&m.To)
	w.dot(m.Grant)
	w.bool(m.Caught)
	w.items(m.Items)
}

func (w *writer) items(items []*record.Change) {
	size := binary.MaxVarintLen64
	for _, c := range items {
		size += len(c.Encoded()) + binary.MaxVarintLen32
	}
	w.b = slices.Grow(w.b, size)
	w.uint(uint64(len(items)))
	for _, c := range items {
		w.uint(uint64(len(c.Encoded())))
		w.bytes(c.Encoded())
	}
}

func (w *writer) receipts(m *Receipts) {
	w.mark(&m.Mark)
	w.uint(uint64(len(m.Receipts)))
	for i := range m.Receipts {
		r := &m.Receipts[i]
		w.epoch(r.Epoch)
		w.fixed(uint64(r.Run))
		w.uint(uint64(r.N))
		w.bytes(r.Head[:])
		w.uint(uint64(r.Safe))
		w.uint(uint64(r.Time))
		w.bytes(r.Key[:])
		w.bytes(r.Sig[:])
	}
}

func (w *writer) forms(fs []record.FormRef) {
	w.uint(uint64(len(fs)))
	for _, f := range fs {
		w.str(f.ID)
		w.uint(f.Version)
	}
}

// reader takes values off the front of b; the first mistake is kept, and everything after it is zero.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(why string) uint64 {
	if r.err == nil {
		r.err = errors.New(why)
	}
	r.b = nil
	return 0
}

func (r *reader) uint() uint64 {
	x, n := binary.Uvarint(r.b)
	if n <= 0 {
		return r.fail("a number is cut off")
	}
	r.b = r.b[n:]
	return x
}

func (r *reader) uint32() uint32 {
	x := r.uint()
	if x > 1<<32-1 {
		r.fail("a number is too large")
	}
	return uint32(x)
}

// count reads the length of a list whose elements take at least size bytes each, so that a short message cannot ask
// for a long list.
func (r *reader) count(limit, size int, what string) int {
	n := r.uint()
	if n > uint64(limit) || n*uint64(size) > uint64(len(r.b)) {
		return int(r.fail("too many " + what))
	}
	return int(n)
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.fail("cut off")
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) fixed() uint64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

func (r *reader) into(b []byte) { copy(b, r.take(len(b))) }
func (r *reader) bool() bool    { b := r.take(1); return b != nil && b[0] == 1 }
func (r *reader) str() string   { return string(r.take(r.count(record.MaxChangeBytes, 1, "characters"))) }
func (r *reader) dot() record.Dot {
	return record.Dot{Run: record.RunID(r.fixed()), N: record.Number(r.uint())}
}

func (r *reader) epoch() record.Epoch { return record.Epoch{Number: r.uint(), Random: r.fixed()} }

func (r *reader) message(k kind) Message {
	switch k {
	case kindHello:
		return r.hello()
	case kindWelcome:
		return r.welcome()
	case kindPush:
		return r.push()
	case kindAck:
		return &Ack{r.uint()}
	case kindPage:
		return r.page()
	case kindTaken:
		return &Taken{}
	case kindReceipts:
		x := r.receipts()
		return &x
	case kindPing:
		return &Ping{r.uint()}
	case kindPong:
		return &Pong{r.uint()}
	case kindBye:
		return &Bye{fault.Code(r.str()), r.uint32()}
	case kindAsk, kindWant, kindChunk, kindStored:
		return r.photos(k)
	case kindDeposit, kindKept, kindWiping, kindLeave:
		return r.keys(k)
	}
	r.fail("unknown kind of message")
	return nil
}

func (r *reader) cursor() (c Cursor) {
	c.Hub, c.Epoch, c.Mark = HubID(r.fixed()), r.epoch(), r.mark()
	if n := r.count(MaxKeys, 2, "positions"); n > 0 {
		c.At = make(map[string]ledger.Pos, n)
		for range n {
			k := r.str()
			c.At[k] = ledger.Pos(r.uint())
		}
	}
	return c
}

func (r *reader) mark() (m Mark) {
	m.Seen = ledger.Pos(r.uint())
	r.into(m.Hash[:])
	r.into(m.Proof[:])
	return m
}

func (r *reader) hello() *Hello {
	m := &Hello{VersionMin: r.uint32(), VersionMax: r.uint32(), Program: r.str(), Replica: record.ReplicaID(r.uint32()),
		PublicKey: r.str(), Code: r.str()}
	r.into(m.Proof[:])
	m.CentreEpoch = r.epoch()
	r.into(m.EpochSig[:])
	m.Grant, m.Cursor = r.dot(), r.cursor()
	for range r.count(MaxClaims, 11, "claims") {
		m.Claims = append(m.Claims, Claim{record.RunID(r.fixed()), record.Number(r.uint()), record.Number(r.uint()), r.bool()})
	}
	m.Forms, m.Extra = r.forms(), []byte(r.str())
	return m
}

func (r *reader) welcome() *Welcome {
	m := &Welcome{Version: r.uint32(), Hub: HubID(r.fixed()), Epoch: r.epoch(), CentreEpoch: r.epoch()}
	r.into(m.EpochSig[:])
	m.Certificate, m.Time = r.str(), record.Millis(r.uint())
	for range r.count(MaxClaims, 10, "runs") {
		h := ledger.Have{Run: record.RunID(r.fixed()), Prefix: record.Number(r.uint())}
		for range r.count(MaxIslands, 2, "islands") {
			h.Islands = append(h.Islands, ledger.Span{First: record.Number(r.uint()), Last: record.Number(r.uint())})
		}
		m.Have = append(m.Have, h)
	}
	m.Receipts, m.Forms, m.Extra = r.receipts(), r.forms(), []byte(r.str())
	return m
}

func (r *reader) push() *Push {
	m := &Push{Epoch: r.epoch(), Number: r.uint(), Urgent: r.bool()}
	for range r.count(MaxItems, 100, "signatures") {
		h := record.HeadSignature{Replica: record.ReplicaID(r.uint32()), Run: record.RunID(r.fixed()), N: record.Number(r.uint())}
		r.into(h.Head[:])
		r.into(h.Sig[:])
		m.Heads = append(m.Heads, h)
	}
	m.Items = r.items()
	return m
}

func (r *reader) page() *Page {
	m := &Page{}
	r.into(m.From[:])
	m.To, m.Grant, m.Caught, m.Items = r.cursor(), r.dot(), r.bool(), r.items()
	return m
}

// A list of changes that is long enough is read by some goroutines at once, a part each: computing the digests takes the
// time.
const (
	maxReaders = 4
	partItems  = 64
)

func (r *reader) items() []*record.Change {
	n := r.count(MaxItems, 12, "changes")
	raw := make([][]byte, n)
	for i := range raw {
		raw[i] = r.take(r.count(record.MaxChangeBytes, 1, "bytes in a change"))
	}
	if n == 0 || r.err != nil {
		return nil
	}
	items := make([]*record.Change, n)
	readers := max(1, min(runtime.GOMAXPROCS(0), maxReaders, n/partItems))
	errs := make([]error, readers)
	part := func(i int) {
		from, to := i*n/readers, (i+1)*n/readers
		errs[i] = decodeItems(items[from:to], raw[from:to])
	}
	var wait sync.WaitGroup
	for i := 1; i < readers; i++ {
		wait.Go(func() { part(i) })
	}
	part(0)
	wait.Wait()
	if err := cmp.Or(errs...); err != nil {
		r.fail(err.Error())
		return nil
	}
	return items
}

func decodeItems(items []*record.Change, raw [][]byte) (err error) {
	decoder := record.NewDecoder(len(items))
	for i := range items {
		if items[i], err = decoder.Decode(raw[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) receipts() (m Receipts) {
	m.Mark = r.mark()
	for range r.count(MaxReceipts, 120, "receipts") {
		var x record.Receipt
		x.Epoch, x.Run, x.N = r.epoch(), record.RunID(r.fixed()), record.Number(r.uint())
		r.into(x.Head[:])
		x.Safe, x.Time = record.Number(r.uint()), record.Millis(r.uint())
		r.into(x.Key[:])
		r.into(x.Sig[:])
		m.Receipts = append(m.Receipts, x)
	}
	return m
}

func (r *reader) forms() (fs []record.FormRef) {
	for range r.count(MaxForms, 2, "forms") {
		fs = append(fs, record.FormRef{ID: r.str(), Version: r.uint()})
	}
	return fs
}
