package record

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"banlang/shared/viet"
)

// Limits of one change, enforced when it is sealed and again when it is decoded.
const (
	MaxEdits       = 2000     // a form of 600 questions with a long repeat
	MaxPathBytes   = 400      // deepest repeat path
	MaxValueBytes  = 64 << 10 // a long report typed by hand
	MaxChangeBytes = 1 << 20  // one change must fit one frame
	MaxDots        = 4000     // replaced or seen by one edit; a record hotter than that is closed by a person
	MaxNameBytes   = 200      // officer, form, feed, reason
	MaxFeeds       = 5000     // of one grant

	// MaxPayloadBytes bounds a publication. The packed form of the largest spreadsheet known takes a fifth of it.
	MaxPayloadBytes = MaxChangeBytes - 64<<10

	// MaxNumber is the greatest number of a change: it fits a signed 64-bit column, and the next one overflows nothing.
	MaxNumber Number = 1<<63 - 1
)

// ErrMalformed is the base of every decoding error.
var ErrMalformed = errors.New("record: malformed change")

// The first byte of an encoded change: where its body is.
const (
	flagBody   = 0 // skeleton length, skeleton, salt, values
	flagNone   = 1 // skeleton length, skeleton
	flagAbsent = 2 // skeleton length, skeleton, body digest
	flagErased = 3 // the same
	flagSigned = 8 // added: a signature of 64 bytes stands at the end
)

// Seal completes a change: draws the salt from random (nil: the system's), encodes it, computes its digest, and has
// it signed (nil: not). The change must not be altered later.
func (c *Change) Seal(random io.Reader, sign func(Digest) [64]byte) error {
	if random == nil {
		random = rand.Reader
	}
	if c.hasValues() {
		c.Body = BodyHere
		if _, err := io.ReadFull(random, c.Salt[:]); err != nil {
			return err
		}
	} else {
		c.Body = BodyNone
	}
	if err := c.seal(); err != nil || sign == nil {
		return err
	}
	c.Sig = sign(c.digest)
	c.raw[0] |= flagSigned
	c.raw = append(c.raw, c.Sig[:]...)
	return nil
}

// seal encodes a change whose salt and body state are set.
func (c *Change) seal() error {
	if err := c.check(); err != nil {
		return err
	}
	skeleton := c.appendSkeleton(make([]byte, 0, 64+48*len(c.Edits)))
	raw := make([]byte, 0, 4+len(skeleton)+16+c.valueBytes())
	raw = append(raw, flagNone)
	raw = binary.AppendUvarint(raw, uint64(len(skeleton)))
	raw = append(raw, skeleton...)
	body := len(raw)
	if c.Body == BodyHere {
		raw[0] = flagBody
		raw = append(raw, c.Salt[:]...)
		for i := range c.Edits {
			if e := &c.Edits[i]; !IsSystem(e.Path) {
				raw = appendString(raw, e.Value)
			}
		}
	}
	if len(raw) > MaxChangeBytes {
		return fmt.Errorf("record: a change of %d bytes; the limit is %d", len(raw), MaxChangeBytes)
	}
	c.raw = raw
	c.digest = digestOf(raw[body-len(skeleton):body], bodyDigest(c.Body, raw[body:]))
	return nil
}

// bodyDigest is the digest of a body that is here; zero when the change has none.
func bodyDigest(s BodyState, body []byte) Digest {
	if s != BodyHere {
		return Digest{}
	}
	return sumOf(body)
}

// digestOf is the digest of a change. The domain byte keeps it apart from heads and bodies.
func digestOf(skeleton []byte, body Digest) Digest {
	var buf [1024]byte
	b := append(buf[:0], 'c')
	b = append(b, body[:]...)
	b = append(b, skeleton...)
	return sumOf(b)
}

// Encoded is the change as it is stored and sent; Decode reads it. The slice must not be altered.
func (c *Change) Encoded() []byte { return c.raw }

// Without returns c with its values dropped: absent here, or erased by law. The digest stays.
func (c *Change) Without(s BodyState) *Change {
	if c.Body == BodyNone || c.Body == s || c.Body == BodyErased {
		return c
	}
	x := *c
	x.Body, x.Salt = s, [16]byte{}
	x.Edits = make([]Edit, len(c.Edits))
	for i, e := range c.Edits {
		if !IsSystem(e.Path) {
			e.Value = ""
		}
		x.Edits[i] = e
	}
	skeleton, body, sig := split(c.raw)
	if c.Body == BodyHere {
		d := sumOf(body)
		body = d[:]
	}
	flag := byte(flagAbsent)
	if s == BodyErased {
		flag = flagErased
	}
	x.raw = append(make([]byte, 0, len(c.raw)), flag|c.raw[0]&flagSigned)
	x.raw = binary.AppendUvarint(x.raw, uint64(len(skeleton)))
	x.raw = append(append(append(x.raw, skeleton...), body...), sig...)
	return &x
}

// split finds the parts of an encoded change that is known to be well formed.
func split(raw []byte) (skeleton, body, sig []byte) {
	n, k := binary.Uvarint(raw[1:])
	end := len(raw)
	if raw[0]&flagSigned != 0 {
		end -= 64
	}
	at := 1 + k + int(n)
	return raw[1+k : at], raw[at:end], raw[end:]
}

// sum computes the digest of a change that was decoded without it.
func (c *Change) sum() Digest {
	skeleton, body, _ := split(c.raw)
	if c.Body == BodyAbsent || c.Body == BodyErased {
		return digestOf(skeleton, Digest(body))
	}
	return digestOf(skeleton, bodyDigest(c.Body, body))
}

func (c *Change) hasValues() bool {
	for i := range c.Edits {
		if !IsSystem(c.Edits[i].Path) {
			return true
		}
	}
	return false
}

func (c *Change) valueBytes() (n int) {
	for i := range c.Edits {
		n += len(c.Edits[i].Value) + 3
	}
	return n
}

// check enforces the limits and the shape.
func (c *Change) check() error {
	switch {
	case c.Dot.N == 0 || c.Dot.Run == 0:
		return errors.New("record: a change without a number or run")
	case c.Dot.N > MaxNumber:
		return fmt.Errorf("record: number %d; the limit is %d", c.Dot.N, MaxNumber)
	case c.Replica == 0:
		return errors.New("record: a change without a replica")
	case c.Parent.N >= c.Dot.N:
		return errors.New("record: a change older than its parent")
	case c.Time < 0:
		return errors.New("record: a time before 1970")
	case len(c.Edits) > MaxEdits:
		return fmt.Errorf("record: %d edits in one change; the limit is %d", len(c.Edits), MaxEdits)
	case len(c.Feeds) > MaxFeeds || len(c.FeedSeen) > MaxDots || len(c.Replaces) > MaxDots:
		return errors.New("record: too many names in one change")
	case (c.Kind == KindVerdict || c.Kind == KindErase || c.Kind == KindGrant || c.Kind == KindPublish) && len(c.Edits) > 0:
		return errors.New("record: a verdict, an erasure, a grant or a publication sets no paths")
	case c.Kind == KindPublish && (c.Topic == "" || len(c.Payload) > MaxPayloadBytes):
		return errors.New("record: a publication of nothing, or of too much")
	}
	for i := range c.Edits {
		e := &c.Edits[i]
		switch {
		case e.Path == "" || len(e.Path) > MaxPathBytes || !viet.Valid(e.Path):
			return fmt.Errorf("record: bad path %.60q", e.Path)
		case len(e.Value) > MaxValueBytes || !viet.Valid(e.Value):
			return fmt.Errorf("record: bad value at %s (%d bytes)", e.Path, len(e.Value))
		case len(e.Replaces) > MaxDots || len(e.Seen) > MaxDots:
			return fmt.Errorf("record: too many dots at %s", e.Path)
		case i > 0 && c.Edits[i-1].Path >= e.Path:
			return fmt.Errorf("record: paths out of order at %s", e.Path)
		}
	}
	if len(c.Paths) > MaxEdits {
		return errors.New("record: too many paths to erase")
	}
	for _, s := range []string{c.Officer, c.Form.ID, c.Reason, c.Topic} {
		if len(s) > MaxNameBytes || !viet.Valid(s) {
			return errors.New("record: a name is too long")
		}
	}
	for _, f := range c.Feeds {
		if len(f) > MaxNameBytes || !viet.Valid(string(f)) {
			return errors.New("record: a feed's name is too long")
		}
	}
	return c.checkDots()
}

// checkDots: a name of a change has a run and a number, or is none at all. A name without a run would be found as
// something else than a change (see ledger.ReplicaSubject).
func (c *Change) checkDots() error {
	switch {
	case c.Parent.N != 0 && !c.First():
		return errors.New("record: a parent that is not the change before")
	case !c.Record.isName() || !c.Grant.isName() || !c.Target.isName() || c.First() && !c.Parent.isName():
		return errors.New("record: half a name")
	}
	if c.Kind == KindVerdict && c.Target.IsZero() {
		return errors.New("record: a verdict on nothing")
	}
	if !areNames(c.FeedSeen) || !areNames(c.Replaces) {
		return errors.New("record: half a name in a list")
	}
	for i := range c.Edits {
		if e := &c.Edits[i]; !areNames(e.Replaces) || !areNames(e.Seen) {
			return fmt.Errorf("record: half a name in a list at %s", e.Path)
		}
	}
	return nil
}

// isName reports whether d names a change or nothing.
func (d Dot) isName() bool { return d.Run != 0 && d.N != 0 || d.IsZero() }

func areNames(ds []Dot) bool {
	for _, d := range ds {
		if d.Run == 0 || d.N == 0 {
			return false
		}
	}
	return true
}

// The canonical skeleton. What stays the same from change to change stands first, so that the coder of the link finds
// it again as one piece.
func (c *Change) appendSkeleton(b []byte) []byte {
	b = append(b, byte(c.Kind))
	b = binary.AppendUvarint(b, uint64(c.Replica))
	b = binary.LittleEndian.AppendUint64(b, uint64(c.Dot.Run))
	b = appendString(b, c.Officer)
	b = c.appendDot(b, c.Grant)
	b = appendString(b, c.Form.ID)
	b = binary.LittleEndian.AppendUint64(b, c.Form.Version) // of a digest: a varint would be longer
	b = binary.AppendUvarint(b, uint64(len(c.Edits)))
	for i := range c.Edits {
		b = appendString(b, c.Edits[i].Path)
	}
	b = binary.AppendUvarint(b, uint64(c.Dot.N))
	b = binary.AppendUvarint(b, uint64(c.Time))
	b = c.appendDot(b, c.Record)
	b = c.appendDots(b, c.FeedSeen)
	for i := range c.Edits {
		e := &c.Edits[i]
		if IsSystem(e.Path) {
			b = appendString(b, e.Value)
			b = c.appendDots(b, e.Seen)
		}
		b = c.appendDots(b, e.Replaces)
	}
	if c.First() {
		b = append(b, 1)
		b = c.appendDot(b, c.Parent)
		b = append(b, c.ParentHead[:]...)
	} else {
		b = append(b, 0)
	}
	return c.appendPayload(b)
}

func (c *Change) appendPayload(b []byte) []byte {
	switch c.Kind {
	case KindEdit:
	case KindVerdict:
		b = c.appendDots(b, c.Replaces)
		b = c.appendDot(b, c.Target)
		b = appendBool(b, c.Rejected)
		b = appendString(b, c.Reason)
	case KindGrant:
		b = c.appendDots(b, c.Replaces)
		b = binary.AppendUvarint(b, uint64(c.Grantee))
		b = binary.AppendUvarint(b, uint64(len(c.Feeds)))
		for _, f := range c.Feeds {
			b = appendString(b, string(f))
		}
		b = appendBool(b, c.Revoked)
	case KindErase:
		b = binary.AppendUvarint(b, uint64(len(c.Paths)))
		for _, p := range c.Paths {
			b = appendString(b, p)
		}
	case KindPublish:
		b = c.appendDots(b, c.Replaces)
		b = appendString(b, c.Topic)
		b = appendString(b, string(c.Payload))
	default:
		b = append(b, c.Opaque...)
	}
	return b
}

// appendDot writes a dot: nothing (0), of the same run (1), or of another (2).
func (c *Change) appendDot(b []byte, d Dot) []byte {
	switch {
	case d.IsZero():
		return append(b, 0)
	case d.Run == c.Dot.Run:
		b = append(b, 1)
	default:
		b = append(b, 2)
		b = binary.LittleEndian.AppendUint64(b, uint64(d.Run))
	}
	return binary.AppendUvarint(b, uint64(d.N))
}

func (c *Change) appendDots(b []byte, ds []Dot) []byte {
	b = binary.AppendUvarint(b, uint64(len(ds)))
	for _, d := range ds {
		b = c.appendDot(b, d)
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}
