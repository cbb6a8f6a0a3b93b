package record

import (
	"encoding/binary"
	"fmt"
	"unsafe"
)

// Decode reads one encoded change and computes its digest. It keeps raw: the caller must not alter it. Anything that
// Seal would not have written is ErrMalformed; the digest is over the bytes as they came.
func Decode(raw []byte) (*Change, error) { return new(Decoder).Decode(raw) }

// DecodeStored is Decode for bytes that this replica checked when it stored them: the digest is computed only when it
// is asked for, each time.
func DecodeStored(raw []byte) (*Change, error) { return new(Decoder).DecodeStored(raw) }

// A Decoder reads many changes at less cost: it takes memory for several at once. What it returns may be kept; such a
// piece of memory is let go when nothing in it is kept. A Decoder belongs to one goroutine.
type Decoder struct {
	ahead   int      // changes that are still to come, as far as is known
	changes []Change // not given out yet
	edits   []Edit
}

// Pieces of memory that a Decoder takes at most; the Go runtime gives them without a detour up to 32 kB.
const (
	changesAtOnce = 32
	editsAtOnce   = 320
	editsEach     = 16 // for each change that is to come
)

// NewDecoder returns a Decoder for about n changes; more are read as well.
func NewDecoder(n int) *Decoder { return &Decoder{ahead: n} }

func (d *Decoder) change() *Change {
	if len(d.changes) == 0 {
		d.changes = make([]Change, max(1, min(d.ahead, changesAtOnce)))
		d.ahead -= len(d.changes)
	}
	c := &d.changes[0]
	d.changes = d.changes[1:]
	return c
}

func (d *Decoder) editsOf(n int) []Edit {
	if len(d.edits) < n {
		d.edits = make([]Edit, max(n, min(editsEach*(d.ahead+len(d.changes)), editsAtOnce)))
	}
	es := d.edits[:n:n]
	d.edits = d.edits[n:]
	return es
}

// Decode is the function of that name.
func (d *Decoder) Decode(raw []byte) (*Change, error) {
	c, err := d.DecodeStored(raw)
	if err != nil {
		return nil, err
	}
	c.digest, c.unsummed = c.sum(), false
	return c, c.checkDecoded()
}

// DecodeStored is the function of that name.
func (d *Decoder) DecodeStored(raw []byte) (*Change, error) {
	if len(raw) < 2 || len(raw) > MaxChangeBytes || raw[0]&^flagSigned > flagErased {
		return nil, fmt.Errorf("%w: %d bytes", ErrMalformed, len(raw))
	}
	end := len(raw)
	c := d.change()
	c.raw, c.unsummed = raw, true
	if raw[0]&flagSigned != 0 {
		if end -= len(c.Sig); end < 2 {
			return nil, fmt.Errorf("%w: signature cut off", ErrMalformed)
		}
		copy(c.Sig[:], raw[end:])
	}
	n, k := binary.Uvarint(raw[1:end])
	if k <= 0 || n > uint64(end-1-k) {
		return nil, fmt.Errorf("%w: skeleton longer than the change", ErrMalformed)
	}
	at := 1 + k + int(n)
	r := reader{s: text(raw[1+k : at]), memory: d}
	r.skeleton(c)
	if r.bad || r.left() > 0 {
		return nil, fmt.Errorf("%w: skeleton", ErrMalformed)
	}
	return c, c.decodeBody(raw[0]&^flagSigned, raw[at:end])
}

func (c *Change) checkDecoded() error {
	if err := c.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

// text is b as a string without a copy; b is never altered.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// decodeBody reads what follows the skeleton.
func (c *Change) decodeBody(flag byte, body []byte) error {
	has := c.hasValues()
	switch flag {
	case flagNone:
		c.Body = BodyNone
		if has || len(body) > 0 {
			return fmt.Errorf("%w: body missing", ErrMalformed)
		}
		return nil
	case flagAbsent, flagErased:
		c.Body = BodyAbsent
		if flag == flagErased {
			c.Body = BodyErased
		}
		if !has || len(body) != len(Digest{}) {
			return fmt.Errorf("%w: body digest", ErrMalformed)
		}
		return nil
	}
	c.Body = BodyHere
	if !has || copy(c.Salt[:], body) != len(c.Salt) {
		return fmt.Errorf("%w: body", ErrMalformed)
	}
	r := reader{s: text(body[len(c.Salt):])}
	for i := range c.Edits {
		if e := &c.Edits[i]; !IsSystem(e.Path) {
			e.Value = r.str()
		}
	}
	if r.bad || r.left() > 0 {
		return fmt.Errorf("%w: values", ErrMalformed)
	}
	return nil
}

// reader takes values off s from place `at` on; the first mistake makes it bad for good. It counts instead of cutting s:
// a pointer that is written costs much while the garbage collector runs.
type reader struct {
	s      string
	at     int
	run    RunID
	bad    bool
	memory *Decoder
}

func (r *reader) fail() uint64 { r.bad, r.at = true, len(r.s); return 0 }

func (r *reader) left() int { return len(r.s) - r.at }

// uint reads a minimal uvarint, so that one content has one encoding. Most have one byte.
func (r *reader) uint() uint64 {
	if r.at < len(r.s) && r.s[r.at] < 0x80 {
		r.at++
		return uint64(r.s[r.at-1])
	}
	return r.longUint()
}

func (r *reader) longUint() uint64 {
	var x uint64
	s := r.s[r.at:]
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		b := s[i]
		if b < 0x80 {
			if i > 0 && b == 0 || i == 9 && b > 1 {
				return r.fail()
			}
			r.at += i + 1
			return x | uint64(b)<<(7*i)
		}
		x |= uint64(b&0x7f) << (7 * i)
	}
	return r.fail()
}

// count reads a length that cannot exceed what is left, at least one byte each.
func (r *reader) count(limit int) int {
	n := r.uint()
	if n > uint64(limit) || n > uint64(r.left()) {
		return int(r.fail())
	}
	return int(n)
}

func (r *reader) str() string {
	n := r.count(MaxChangeBytes)
	r.at += n
	return r.s[r.at-n : r.at]
}

func (r *reader) byte() byte {
	if r.left() == 0 {
		return byte(r.fail())
	}
	r.at++
	return r.s[r.at-1]
}

func (r *reader) bool() bool {
	b := r.byte()
	if b > 1 {
		r.fail()
	}
	return b == 1
}

func (r *reader) fixed64() (x uint64) {
	if r.left() < 8 {
		return r.fail()
	}
	for i := range 8 {
		x |= uint64(r.s[r.at+i]) << (8 * i)
	}
	r.at += 8
	return x
}

func (r *reader) small(limit uint64) uint64 {
	x := r.uint()
	if x > limit {
		return r.fail()
	}
	return x
}

func (r *reader) dot() Dot {
	switch r.byte() {
	case 0:
		return Dot{}
	case 1:
		return r.named(r.run)
	case 2:
		run := RunID(r.fixed64())
		if run == r.run {
			r.fail()
		}
		return r.named(run)
	}
	r.fail()
	return Dot{}
}

func (r *reader) named(run RunID) Dot {
	d := Dot{run, Number(r.uint())}
	if d.N == 0 {
		r.fail()
	}
	return d
}

func (r *reader) dots() []Dot {
	n := r.count(MaxDots)
	if n == 0 {
		return nil
	}
	ds := make([]Dot, n)
	for i := range ds {
		if ds[i] = r.dot(); ds[i].IsZero() {
			r.fail()
		}
	}
	return ds
}

func (r *reader) skeleton(c *Change) {
	c.Kind = Kind(r.byte())
	c.Replica = ReplicaID(r.small(1<<32 - 1))
	c.Dot.Run = RunID(r.fixed64())
	r.run = c.Dot.Run
	c.Officer = r.str()
	c.Grant = r.dot()
	c.Form.ID = r.str()
	c.Form.Version = r.fixed64()
	if n := r.count(MaxEdits); n > 0 {
		c.Edits = r.memory.editsOf(n)
		for i := range c.Edits {
			c.Edits[i].Path = r.str()
		}
	}
	c.Dot.N = Number(r.uint())
	c.Time = Millis(r.small(1<<63 - 1))
	c.Record = r.dot()
	c.FeedSeen = r.dots()
	for i := range c.Edits {
		e := &c.Edits[i]
		if IsSystem(e.Path) {
			e.Value = r.str()
			e.Seen = r.dots()
		}
		e.Replaces = r.dots()
	}

	if r.bool() {
		c.Parent = r.dot()
		var h [4]uint64
		for i := range h {
			h[i] = r.fixed64()
			binary.LittleEndian.PutUint64(c.ParentHead[8*i:], h[i])
		}
		if c.Parent.N+1 != c.Dot.N {
			r.fail()
		}
	} else {
		c.Parent = Dot{}
		if c.Dot.N == 1 {
			r.fail() // the notebook's first change opens a run
		}
	}
	r.payload(c)
}

func (r *reader) payload(c *Change) {
	switch c.Kind {
	case KindEdit:
	case KindVerdict:
		c.Replaces = r.dots()
		c.Target = r.dot()
		c.Rejected = r.bool()
		c.Reason = r.str()
		if c.Target.IsZero() {
			r.fail()
		}
	case KindGrant:
		c.Replaces = r.dots()
		c.Grantee = ReplicaID(r.small(1<<32 - 1))
		if n := r.count(MaxFeeds); n > 0 {
			c.Feeds = make([]Feed, n)
			for i := range c.Feeds {
				c.Feeds[i] = Feed(r.str())
			}
		}
		c.Revoked = r.bool()
	case KindErase:
		for range r.count(MaxEdits) {
			c.Paths = append(c.Paths, r.str())
		}
	case KindPublish:
		c.Replaces = r.dots()
		c.Topic = r.str()
		if payload := r.str(); payload != "" {
			c.Payload = []byte(payload)
		}
		if c.Topic == "" || len(c.Payload) > MaxPayloadBytes {
			r.fail()
		}
	default:
		c.Opaque = []byte(r.s[r.at:])
		r.at = len(r.s)
		if len(c.Opaque) == 0 {
			c.Opaque = nil
		}
	}
}
