package record

import (
	"encoding/binary"
	"fmt"
	"unsafe"
)

// Decode reads one encoded change and computes its digest. It keeps raw: the caller must not alter it. Anything that
// Seal would not have written is ErrMalformed; the digest is over the bytes as they came.
func Decode(raw []byte) (*Change, error) {
	c, err := DecodeStored(raw)
	if err != nil {
		return nil, err
	}
	c.digest, c.unsummed = c.sum(), false
	return c, c.checkDecoded()
}

// DecodeStored is Decode for bytes that this replica checked when it stored them: the digest is computed only when it
// is asked for, each time.
func DecodeStored(raw []byte) (*Change, error) {
	if len(raw) < 2 || len(raw) > MaxChangeBytes || raw[0]&^flagSigned > flagErased {
		return nil, fmt.Errorf("%w: %d bytes", ErrMalformed, len(raw))
	}
	end := len(raw)
	c := &Change{raw: raw, unsummed: true}
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
	r := reader{s: text(raw[1+k : at])}
	r.skeleton(c)
	if r.bad || len(r.s) > 0 {
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
	if r.bad || len(r.s) > 0 {
		return fmt.Errorf("%w: values", ErrMalformed)
	}
	return nil
}

// reader takes values off the front of s; the first mistake makes it bad for good.
type reader struct {
	s   string
	run RunID
	bad bool
}

func (r *reader) fail() uint64 { r.bad, r.s = true, ""; return 0 }

// uint reads a minimal uvarint, so that one content has one encoding.
func (r *reader) uint() uint64 {
	var x uint64
	for i := 0; i < len(r.s) && i < binary.MaxVarintLen64; i++ {
		b := r.s[i]
		if b < 0x80 {
			if i > 0 && b == 0 || i == 9 && b > 1 {
				return r.fail()
			}
			r.s = r.s[i+1:]
			return x | uint64(b)<<(7*i)
		}
		x |= uint64(b&0x7f) << (7 * i)
	}
	return r.fail()
}

// count reads a length that cannot exceed what is left, at least one byte each.
func (r *reader) count(limit int) int {
	n := r.uint()
	if n > uint64(limit) || n > uint64(len(r.s)) {
		return int(r.fail())
	}
	return int(n)
}

func (r *reader) str() string {
	n := r.count(MaxChangeBytes)
	s := r.s[:n]
	r.s = r.s[n:]
	return s
}

func (r *reader) byte() byte {
	if len(r.s) == 0 {
		return byte(r.fail())
	}
	b := r.s[0]
	r.s = r.s[1:]
	return b
}

func (r *reader) bool() bool {
	b := r.byte()
	if b > 1 {
		r.fail()
	}
	return b == 1
}

func (r *reader) fixed64() (x uint64) {
	if len(r.s) < 8 {
		return r.fail()
	}
	for i := range 8 {
		x |= uint64(r.s[i]) << (8 * i)
	}
	r.s = r.s[8:]
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
	c.Form.Version = uint32(r.small(1<<32 - 1))
	if n := r.count(MaxEdits); n > 0 {
		c.Edits = make([]Edit, n)
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
	default:
		c.Opaque = []byte(r.s)
		r.s = ""
		if len(c.Opaque) == 0 {
			c.Opaque = nil
		}
	}
}
