package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/blob"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// noise is a source of bytes that repeats.
type noise struct{ *rand.Rand }

func (n noise) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(n.Uint32())
	}
	return len(b), nil
}

// change is an edit of run `run` with a value of about size bytes.
func change(t testing.TB, run record.RunID, n record.Number, size int) *record.Change {
	t.Helper()
	c := &record.Change{Dot: record.Dot{Run: run, N: n}, Replica: 24, Kind: record.KindEdit}
	for i := 0; i == 0 || size > 0; i++ {
		part := min(size, record.MaxValueBytes)
		size -= part
		c.Edits = append(c.Edits, record.Edit{Path: fmt.Sprintf("f%02d", i), Value: string(bytes.Repeat([]byte{'x'}, part))})
	}
	if err := c.Seal(noise{rand.New(rand.NewPCG(uint64(run), uint64(n)))}, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// draw fills any message: its lists, its numbers, its texts.
type draw struct{ *rapid.T }

func (d draw) u64() uint64   { return rapid.Uint64().Draw(d.T, "u") }
func (d draw) text() string  { return rapid.StringN(0, 20, 60).Draw(d.T, "s") }
func (d draw) fill(b []byte) { copy(b, rapid.SliceOfN(rapid.Byte(), len(b), len(b)).Draw(d.T, "b")) }
func (d draw) dot() record.Dot {
	return record.Dot{Run: record.RunID(d.u64()), N: record.Number(d.u64())}
}
func (d draw) epoch() record.Epoch {
	return record.Epoch{Number: d.u64(), Random: d.u64()}
}
func (d draw) some() int { return rapid.IntRange(0, 3).Draw(d.T, "how many") }

func (d draw) mark() (m Mark) {
	m.Seen = ledger.Pos(d.u64())
	d.fill(m.Hash[:])
	d.fill(m.Proof[:])
	return m
}

func (d draw) cursor() Cursor {
	c := Cursor{Hub: HubID(d.u64()), Epoch: d.epoch(), Mark: d.mark()}
	for range d.some() {
		if c.At == nil {
			c.At = map[string]ledger.Pos{}
		}
		c.At[d.text()] = ledger.Pos(d.u64())
	}
	return c
}

func (d draw) forms() (fs []record.FormRef) {
	for range d.some() {
		fs = append(fs, record.FormRef{ID: d.text(), Version: rapid.Uint64().Draw(d.T, "v")})
	}
	return fs
}

func (d draw) receipts() Receipts {
	m := Receipts{Mark: d.mark()}
	for range d.some() {
		r := record.Receipt{Epoch: d.epoch(), Run: record.RunID(d.u64()), N: record.Number(d.u64()), Safe: record.Number(d.u64()),
			Time: record.Millis(d.u64())}
		d.fill(r.Head[:])
		d.fill(r.Key[:])
		d.fill(r.Sig[:])
		m.Receipts = append(m.Receipts, r)
	}
	return m
}

func (d draw) items(t testing.TB) (cs []*record.Change) {
	for i := range d.some() {
		cs = append(cs, change(t, record.RunID(rapid.Uint64Range(1, 9).Draw(d.T, "run")), record.Number(i+1), rapid.IntRange(0, 300).Draw(d.T, "size")))
	}
	return cs
}

func (d draw) hello() *Hello {
	m := &Hello{VersionMin: 1, VersionMax: rapid.Uint32().Draw(d.T, "v"), Program: d.text(), Replica: 24, PublicKey: d.text(), Code: d.text(),
		CentreEpoch: d.epoch(), Grant: d.dot(), Cursor: d.cursor(), Forms: d.forms(), Extra: []byte(d.text())}
	d.fill(m.Proof[:])
	d.fill(m.EpochSig[:])
	for range d.some() {
		m.Claims = append(m.Claims, Claim{record.RunID(d.u64()), record.Number(d.u64()), record.Number(d.u64()), rapid.Bool().Draw(d.T, "own")})
	}
	return m
}

func (d draw) welcome() *Welcome {
	m := &Welcome{Version: 1, Hub: HubID(d.u64()), Epoch: d.epoch(), CentreEpoch: d.epoch(), Certificate: d.text(), Time: record.Millis(d.u64()),
		Receipts: d.receipts(), Forms: d.forms(), Extra: []byte(d.text())}
	d.fill(m.EpochSig[:])
	for range d.some() {
		h := ledger.Have{Run: record.RunID(d.u64()), Prefix: record.Number(d.u64())}
		for range d.some() {
			h.Islands = append(h.Islands, ledger.Span{First: record.Number(d.u64()), Last: record.Number(d.u64())})
		}
		m.Have = append(m.Have, h)
	}
	return m
}

func (d draw) push(t testing.TB) *Push {
	m := &Push{Epoch: d.epoch(), Number: d.u64(), Urgent: rapid.Bool().Draw(d.T, "urgent"), Items: d.items(t)}
	for range d.some() {
		h := record.HeadSignature{Replica: 24, Run: record.RunID(d.u64()), N: record.Number(d.u64())}
		d.fill(h.Head[:])
		d.fill(h.Sig[:])
		m.Heads = append(m.Heads, h)
	}
	return m
}

func (d draw) ref(t testing.TB) blob.Ref {
	r, _ := photo(t, rapid.IntRange(0, 1000).Draw(d.T, "photo"), rapid.IntRange(1, 200).Draw(d.T, "size"))
	return r
}

func (d draw) aboutPhotos(t testing.TB) Message {
	r := d.ref(t)
	switch rapid.IntRange(0, 3).Draw(d.T, "about photos") {
	case 0:
		return &Ask{r}
	case 1:
		m := &Want{More: rapid.Bool().Draw(d.T, "more")}
		for range d.some() {
			m.Items = append(m.Items, Wanted{d.ref(t), rapid.Uint32().Draw(d.T, "have")})
		}
		return m
	case 2:
		from := rapid.Uint32Range(0, r.Size-1).Draw(d.T, "from")
		return &Chunk{Ref: r, Offset: from, Data: make([]byte, rapid.Uint32Range(1, r.Size-from).Draw(d.T, "bytes"))}
	}
	return &Stored{Ref: r, Have: rapid.Uint32().Draw(d.T, "have"), Whole: rapid.Bool().Draw(d.T, "whole"), Refused: fault.Code(d.text())}
}

func (d draw) message(t testing.TB) Message {
	switch kind(rapid.IntRange(1, 18).Draw(d.T, "kind")) {
	case kindAsk, kindWant, kindChunk, kindStored:
		return d.aboutPhotos(t)
	case kindDeposit:
		m := &Deposit{}
		d.fill(m.Sum[:])
		for range rapid.IntRange(0, MaxBoxes).Draw(d.T, "boxes") {
			m.Boxes = append(m.Boxes, rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(d.T, "box"))
		}
		return m
	case kindKept:
		m := &Kept{Held: rapid.Bool().Draw(d.T, "held")}
		d.fill(m.Sum[:])
		return m
	case kindWiping:
		return &Wiping{d.u64(), rapid.Bool().Draw(d.T, "done")}
	case kindLeave:
		return &Leave{d.u64(), rapid.Bool().Draw(d.T, "given")}
	case kindHello:
		return d.hello()
	case kindWelcome:
		return d.welcome()
	case kindPush:
		return d.push(t)
	case kindAck:
		return &Ack{d.u64()}
	case kindPage:
		m := &Page{To: d.cursor(), Grant: d.dot(), Caught: rapid.Bool().Draw(d.T, "caught"), Items: d.items(t)}
		d.fill(m.From[:])
		return m
	case kindTaken:
		return &Taken{}
	case kindReceipts:
		m := d.receipts()
		return &m
	case kindPing:
		return &Ping{d.u64()}
	case kindPong:
		return &Pong{d.u64()}
	}
	return &Bye{fault.Code(d.text()), rapid.Uint32().Draw(d.T, "after")}
}

// plain makes changes comparable: what was read knows nothing but its bytes.
func plain(m Message) Message {
	strip := func(cs []*record.Change) (out []*record.Change) {
		for _, c := range cs {
			x, err := record.Decode(c.Encoded())
			if err != nil {
				panic(err)
			}
			out = append(out, x)
		}
		return out
	}
	switch m := m.(type) {
	case *Push:
		x := *m
		x.Items = strip(m.Items)
		return &x
	case *Page:
		x := *m
		x.Items = strip(m.Items)
		return &x
	}
	return m
}

// TestEveryMessageRoundTrips: what is said is what is heard; and behind other bytes it is the same.
func TestEveryMessageRoundTrips(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := draw{rt}.message(t)
		b, err := Append(nil, m)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := Decode(b)
		if err != nil {
			rt.Fatalf("%T: %v", m, err)
		}
		if want := plain(m); !reflect.DeepEqual(plain(got), want) {
			rt.Fatalf("%T:\n got %+v\nwant %+v", m, got, want)
		}
		behind, err := Append([]byte("before"), m)
		if err != nil || !bytes.Equal(behind[6:], b) {
			rt.Fatalf("behind other bytes: %v", err)
		}
		if _, err := Decode(append(b, 0)); !errors.Is(err, ErrBadFrame) {
			rt.Fatalf("with a byte behind it: %v", err)
		}
		if cut := rapid.IntRange(0, len(b)-1).Draw(rt, "cut"); len(b) > 1 {
			if _, err := Decode(b[:cut]); !errors.Is(err, ErrBadFrame) {
				rt.Fatalf("%T cut to %d of %d bytes: %v", m, cut, len(b), err)
			}
		}
	})
}

func TestCursorRoundTrips(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := draw{rt}.cursor()
		got, err := DecodeCursor(c.Encode())
		if err != nil || !reflect.DeepEqual(got, c) {
			rt.Fatalf("%+v read as %+v, %v", c, got, err)
		}
		if got.Sum() != c.Sum() {
			rt.Fatal("another sum")
		}
		x := c.Clone()
		x.Mark = Mark{Seen: 9}
		if x.Sum() != c.Sum() {
			rt.Fatal("the mark is part of the sum")
		}
		if x.At == nil {
			x.At = map[string]ledger.Pos{}
		}
		x.At["one more"]++
		if x.Sum() == c.Sum() {
			rt.Fatal("the sum leaves out a position")
		}
		if _, err := DecodeCursor(append(c.Encode(), 0)); !errors.Is(err, ErrBadFrame) {
			rt.Fatalf("with a byte behind it: %v", err)
		}
	})
	if c, err := DecodeCursor(nil); err != nil || c.Hub != 0 {
		t.Errorf("nothing: %+v, %v", c, err)
	}
}

// TestLimitsOfMessages: each list holds at its limit, and one above is refused by who writes and by who reads.
func TestLimitsOfMessages(t *testing.T) {
	small := change(t, 7, 1, 0)
	islands := func(n int) []ledger.Have { return []ledger.Have{{Run: 1, Islands: make([]ledger.Span, n)}} }
	keys := func(n int) Cursor {
		c := Cursor{At: map[string]ledger.Pos{}}
		for i := range n {
			c.At[fmt.Sprint(i)] = 1
		}
		return c
	}
	items := func(n int) (cs []*record.Change) {
		for range n {
			cs = append(cs, small)
		}
		return cs
	}
	for name, x := range map[string]struct {
		limit int
		make  func(n int) Message
	}{
		"MaxItems, push":       {MaxItems, func(n int) Message { return &Push{Items: items(n)} }},
		"MaxItems, signatures": {MaxItems, func(n int) Message { return &Push{Heads: make([]record.HeadSignature, n)} }},
		"MaxItems, page":       {MaxItems, func(n int) Message { return &Page{Items: items(n)} }},
		"MaxClaims, hello":     {MaxClaims, func(n int) Message { return &Hello{Claims: make([]Claim, n)} }},
		"MaxClaims, welcome":   {MaxClaims, func(n int) Message { return &Welcome{Have: make([]ledger.Have, n)} }},
		"MaxReceipts":          {MaxReceipts, func(n int) Message { return &Receipts{Receipts: make([]record.Receipt, n)} }},
		"MaxReceipts, welcome": {MaxReceipts, func(n int) Message { return &Welcome{Receipts: Receipts{Receipts: make([]record.Receipt, n)}} }},
		"MaxIslands":           {MaxIslands, func(n int) Message { return &Welcome{Have: islands(n)} }},
		"MaxKeys, hello":       {MaxKeys, func(n int) Message { return &Hello{Cursor: keys(n)} }},
		"MaxKeys, page":        {MaxKeys, func(n int) Message { return &Page{To: keys(n)} }},
		"MaxForms":             {MaxForms, func(n int) Message { return &Hello{Forms: make([]record.FormRef, n)} }},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Append(nil, x.make(x.limit))
			if err != nil {
				t.Fatalf("at the limit: %v", err)
			}
			if _, err := Decode(b); err != nil {
				t.Errorf("at the limit, read: %v", err)
			}
			if _, err := Append(nil, x.make(x.limit+1)); err == nil {
				t.Error("one above the limit was written")
			}
			if _, err := Decode(forced(x.make(x.limit + 1))); !errors.Is(err, ErrBadFrame) {
				t.Errorf("one above the limit was read: %v", err)
			}
		})
	}
}

// forced encodes a message whatever its limits, as a hostile end would.
func forced(m Message) []byte {
	w := writer{b: []byte{byte(m.kind())}}
	switch m := m.(type) {
	case *Hello:
		w.hello(m)
	case *Welcome:
		w.welcome(m)
	case *Push:
		w.push(m)
	case *Page:
		w.page(m)
	case *Receipts:
		w.receipts(m)
	}
	return w.b
}

// TestFrameLimit: a frame of the limit is taken, one byte above is refused at both ends.
func TestFrameLimit(t *testing.T) {
	hello := func(size int) *Hello {
		b, err := Append(nil, &Hello{Extra: make([]byte, 1<<20)})
		if err != nil {
			t.Fatal(err)
		}
		h := &Hello{Extra: make([]byte, 1<<20)}
		for left := size - len(b); left > 0; { // each text has a limit of its own
			f := record.FormRef{ID: string(make([]byte, min(left, 1<<19)))}
			before := len(forced(h))
			h.Forms = append(h.Forms, f)
			if over := len(forced(h)) - before - left; over > 0 {
				h.Forms[len(h.Forms)-1].ID = f.ID[:len(f.ID)-over]
			}
			left = size - len(forced(h))
		}
		return h
	}
	at := forced(hello(MaxFrameBytes))
	if len(at) != MaxFrameBytes {
		t.Fatalf("made %d bytes", len(at))
	}
	if _, err := Decode(at); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := Append(nil, hello(MaxFrameBytes)); err != nil {
		t.Errorf("at the limit, written: %v", err)
	}
	if _, err := Append(nil, hello(MaxFrameBytes+1)); err == nil {
		t.Error("one above the limit was written")
	}
	if _, err := Decode(make([]byte, MaxFrameBytes+1)); !errors.Is(err, ErrBadFrame) {
		t.Error("one above the limit was read")
	}
}

// TestShortFramesAskForLittle: a frame that promises long lists is refused before anything is made for them.
func TestShortFramesAskForLittle(t *testing.T) {
	for k := kindHello; k <= kindBye; k++ {
		frame := append([]byte{byte(k)}, bytes.Repeat([]byte{0xff, 0xff, 0x01}, 100)...)
		if got := testing.AllocsPerRun(10, func() { Decode(frame) }); got > 40 {
			t.Errorf("kind %d: %v allocations", k, got)
		}
	}
	if _, err := Decode([]byte{0}); !errors.Is(err, ErrBadFrame) {
		t.Error("an unknown kind")
	}
	if _, err := Decode([]byte{11, 1}); !errors.Is(err, ErrBadFrame) {
		t.Error("a kind of a later version")
	}
}
