package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"banlang/shared/blob"
	"banlang/shared/fault"
)

// photo is a photo of a size, of which there are many.
func photo(t testing.TB, seed, size int) (blob.Ref, []byte) {
	t.Helper()
	b := bytes.Repeat([]byte{byte(seed), byte(seed >> 8), 7}, size/3+1)[:size]
	r, err := blob.Of(b, "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	return r, b
}

// take puts photos into the notebook, and has the hub want them, or not.
func (p *pair) take(wanted bool, sizes ...int) (refs []blob.Ref) {
	if p.shelf.photos == nil {
		p.shelf.photos = map[blob.Ref][]byte{}
	}
	for i, n := range sizes {
		r, b := photo(p.t, 100*len(p.shelf.photos)+i, n)
		p.shelf.photos[r] = b
		if wanted {
			p.centre.photos[r] = nil
		}
		refs = append(refs, r)
	}
	return refs
}

// wants answers an Ask.
func (h *centre) wants(after blob.Ref) *Want {
	w := &Want{}
	for r, b := range h.photos {
		if r.Compare(after) > 0 && len(b) < int(r.Size) {
			w.Items = append(w.Items, Wanted{r, uint32(len(b))})
		}
	}
	slices.SortFunc(w.Items, func(a, b Wanted) int { return a.Ref.Compare(b.Ref) })
	w.More = len(w.Items) > MaxWanted
	w.Items = w.Items[:min(len(w.Items), MaxWanted)]
	return w
}

// store takes a chunk as a hub does.
func (h *centre) store(m *Chunk) *Stored {
	b, wanted := h.photos[m.Ref]
	switch {
	case h.refuses != "":
		return &Stored{Ref: m.Ref, Refused: h.refuses}
	case !wanted:
		return &Stored{Ref: m.Ref, Refused: fault.NotFound}
	case len(b) == int(m.Offset):
		b = append(slices.Clip(b), m.Data...)
	}
	if len(b) == int(m.Ref.Size) && !m.Ref.Holds(b) {
		b = nil
	}
	h.photos[m.Ref] = b
	return &Stored{Ref: m.Ref, Have: uint32(len(b)), Whole: len(b) == int(m.Ref.Size)}
}

// arrived checks that the hub has photos whole, and that the client was told.
func (p *pair) arrived(refs ...blob.Ref) {
	p.t.Helper()
	for _, r := range refs {
		if !r.Holds(p.centre.photos[r]) {
			p.t.Errorf("the hub has %d bytes of %d", len(p.centre.photos[r]), r.Size)
		}
		told := slices.ContainsFunc(p.shelf.stored, func(m *Stored) bool { return m.Ref == r && m.Whole })
		asked := p.shelf.wants[len(p.shelf.wants)-1]
		if !told && slices.ContainsFunc(asked.Items, func(w Wanted) bool { return w.Ref == r }) {
			p.t.Errorf("the client was not told of %v", r)
		}
	}
}

func (p *pair) said(kinds ...kind) (ms []Message) {
	for _, m := range p.sent {
		if slices.Contains(kinds, m.kind()) {
			ms = append(ms, m)
		}
	}
	return ms
}

func (p *pair) sound() {
	p.t.Helper()
	if p.cerr != nil || p.serr != nil {
		p.t.Fatalf("the session ended: %v, %v", p.cerr, p.serr)
	}
}

// Photos arrive, of all sizes around those of chunks.
func TestPhotosArrive(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 3, 20)
	refs := p.take(true, 1, MinChunkBytes-1, MinChunkBytes, MinChunkBytes+1, 3*MinChunkBytes, 300_000)
	p.connect()
	p.settle(100 * time.Millisecond)
	p.sound()
	p.arrived(refs...)
	if s := p.c.Progress().Photos; s.Done != 6 || !s.Idle || !s.Present.IsZero() {
		t.Errorf("%+v", s)
	}
}

// TestPhotosAreNotSentTwice: what the hub has is not sent; to know that costs one question and one short answer.
func TestPhotosAreNotSentTwice(t *testing.T) {
	p := newPair(t)
	p.take(false, 50_000, 60_000)
	p.connect()
	p.settle(0)
	p.sound()
	if asks, chunks := p.said(kindAsk), p.said(kindChunk); len(asks) != 1 || len(chunks) != 0 {
		t.Errorf("%d questions, %d chunks", len(asks), len(chunks))
	}
}

// TestNoPhotosNoQuestion: a notebook without photos says nothing of them.
func TestNoPhotosNoQuestion(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 3, 20)
	p.connect()
	p.settle(0)
	if len(p.said(kindAsk)) > 0 || !p.c.Progress().Photos.Idle {
		t.Error("asked for nothing, or not at rest")
	}
}

// TestTextFirst: nothing is said of photos before every push is acknowledged.
func TestTextFirst(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 200, 2000)
	p.take(true, 100_000)
	p.centre.hold = true
	p.connect()
	for range 20 {
		p.flight(100 * time.Millisecond)
	}
	if n := len(p.said(kindAsk, kindChunk)); n > 0 {
		t.Fatalf("%d messages about photos while pushes are not acknowledged", n)
	}
	p.centre.hold = false
	p.settle(100 * time.Millisecond)
	p.sound()
	last, first := -1, len(p.sent)
	for i, m := range p.sent {
		switch m.(type) {
		case *Push:
			last = i
		case *Ask:
			first = min(first, i)
		}
	}
	if last > first || !p.holds(7, 200) {
		t.Errorf("the last push is message %d, the first question %d", last, first)
	}
}

// TestTextOvertakes: what is written while a photo is under way leaves before the next but one chunk.
func TestTextOvertakes(t *testing.T) {
	for at := 1; at < 20; at++ {
		p := newPair(t)
		p.shelf.write(7, 1, 20)
		refs := p.take(true, 40*MinChunkBytes)
		p.connect()
		for len(p.said(kindChunk)) < at && p.c.Progress().Photos.Done == 0 {
			p.flight(time.Second) // a slow link: chunks stay small
		}
		p.shelf.write(7, 1, 20)
		p.c.Wake()
		before := len(p.said(kindChunk))
		p.settle(time.Second)
		p.sound()
		p.arrived(refs...)
		i := slices.IndexFunc(p.sent, func(m Message) bool { x, ok := m.(*Push); return ok && x.Items[0].Dot.N == 2 })
		chunks := 0
		for _, m := range p.sent[:i] {
			if m.kind() == kindChunk {
				chunks++
			}
		}
		if chunks > before {
			t.Fatalf("after chunk %d: %d more went before the text", at, chunks-before)
		}
	}
}

// TestPhotoResumes: a link that is cut after any number of messages costs at most what was under way; whatever the hub
// committed is not sent again.
func TestPhotoResumes(t *testing.T) {
	p := newPair(t)
	refs := p.take(true, 12*MinChunkBytes+77, 3*MinChunkBytes)
	sent := 0
	for cut := 0; p.c == nil || !p.c.Progress().Photos.Idle; cut++ {
		if cut > 100 {
			t.Fatal("it never ends")
		}
		p.connect()
		for range 2 + cut%3 { // the answer, and often the chunks, get lost
			p.clientSends()
			if cut%2 == 0 {
				p.hubTakes()
			}
			p.flight(time.Second)
		}
		for _, m := range p.said(kindChunk) {
			sent += len(m.(*Chunk).Data)
		}
	}
	p.arrived(refs...)
	if all := 15*MinChunkBytes + 77; sent > all+100*ChunkWindow*MinChunkBytes {
		t.Errorf("%d bytes were sent for %d", sent, all)
	}
}

// TestPhotoFitsTheLink: chunks grow on a good link, and take about PushTime on a bad one.
func TestPhotoFitsTheLink(t *testing.T) {
	p := newPair(t)
	p.take(true, 3_000_000)
	p.connect()
	p.settle(20 * time.Millisecond)
	p.sound()
	if p.link.Chunk != MaxChunkBytes {
		t.Errorf("near by, a chunk has %d bytes", p.link.Chunk)
	}
	p.take(true, 500_000)
	p.connect()
	for range 50 {
		p.flight(4 * time.Second)
	}
	if p.link.Chunk != MinChunkBytes {
		t.Errorf("far away, a chunk has %d bytes", p.link.Chunk)
	}
}

// TestHubLostBytes: a hub that lost what it had, between two chunks, has the photo from where it is.
func TestHubLostBytes(t *testing.T) {
	p := newPair(t)
	refs := p.take(true, 20*MinChunkBytes)
	p.connect()
	for range 6 {
		p.flight(time.Second)
	}
	p.centre.photos[refs[0]] = p.centre.photos[refs[0]][:MinChunkBytes/2]
	p.settle(time.Second)
	p.sound()
	p.arrived(refs...)
}

// TestPhotoThatNeverFits: bytes that are not those of the name are given up for this session, and the next one goes.
func TestPhotoThatNeverFits(t *testing.T) {
	p := newPair(t)
	refs := p.take(true, 20_000, 30_000)
	for i := range 100 {
		p.shelf.photos[refs[0]][i] ^= 1
	}
	p.connect()
	p.settle(10 * time.Millisecond)
	p.sound()
	p.arrived(refs[1])
	if s := p.c.Progress().Photos; s.Skipped != 1 || s.Done != 1 || !s.Idle {
		t.Errorf("%+v", s)
	}
	if n := len(p.said(kindChunk)); n > 80 {
		t.Errorf("%d chunks", n)
	}
}

// TestNobodyWantsIt: a photo that was erased at the hub while it was sent is left; the next one goes.
func TestNobodyWantsIt(t *testing.T) {
	p := newPair(t)
	refs := p.take(true, 20*MinChunkBytes, 20*MinChunkBytes)
	slices.SortFunc(refs, blob.Ref.Compare)
	p.connect()
	for range 5 {
		p.flight(time.Second)
	}
	delete(p.centre.photos, refs[0])
	p.settle(time.Second)
	p.sound()
	p.arrived(refs[1])
	if len(p.shelf.stored) != 2 || p.shelf.stored[0].Refused != fault.NotFound {
		t.Errorf("%+v", p.shelf.stored)
	}
}

// TestRefused: a hub whose disk is full takes text and no photos; later it is tried again.
func TestRefused(t *testing.T) {
	p := newPair(t)
	refs := p.take(true, 100_000)
	p.centre.refuses = fault.DiskFull
	p.connect()
	p.settle(time.Millisecond)
	p.sound()
	s := p.c.Progress().Photos
	if s.Refused != fault.DiskFull || !s.Idle || len(p.said(kindChunk)) > ChunkWindow {
		t.Errorf("%+v, %d chunks", s, len(p.said(kindChunk)))
	}
	p.shelf.write(7, 1, 20)
	p.c.Wake()
	p.settle(time.Millisecond)
	p.sound()
	if !p.holds(7, 1) || len(p.said(kindChunk)) > ChunkWindow {
		t.Error("text waits for photos, or photos do not wait")
	}
	p.centre.refuses = ""
	p.now = p.now.Add(RefusedTime)
	p.settle(time.Millisecond)
	p.arrived(refs...)
	if s := p.c.Progress().Photos; s.Refused != "" {
		t.Errorf("%+v", s)
	}
}

// TestHeldBack: on a metered link photos wait, also in the middle of one, and go when they may.
func TestHeldBack(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 3, 20)
	refs := p.take(true, 10*MinChunkBytes)
	p.connect()
	p.c.HoldPhotos(true)
	p.settle(time.Second)
	if !p.holds(7, 3) || len(p.said(kindAsk, kindChunk)) > 0 || !p.c.Progress().Photos.Idle {
		t.Fatalf("held back, and %v was said", p.said(kindAsk, kindChunk))
	}
	p.c.HoldPhotos(false)
	for range 3 {
		p.flight(time.Second)
	}
	p.c.HoldPhotos(true)
	n := len(p.said(kindChunk))
	p.settle(time.Second)
	if len(p.said(kindChunk)) != n || n == 0 || n > 6 {
		t.Fatalf("%d chunks, then %d", n, len(p.said(kindChunk)))
	}
	p.c.HoldPhotos(false)
	p.settle(time.Second)
	p.sound()
	p.arrived(refs...)
}

// TestOlderHub: one that knows nothing of photos is asked nothing.
func TestOlderHub(t *testing.T) {
	p := newPair(t)
	p.centre.version = 1
	p.shelf.write(7, 3, 20)
	p.take(true, 100)
	p.connect()
	p.settle(0)
	p.sound()
	if !p.holds(7, 3) || len(p.said(kindAsk, kindChunk)) > 0 || !p.c.Progress().Photos.Idle {
		t.Error("an older hub was asked for photos, or has no text")
	}
}

// TestManyPhotos: more than fit one answer.
func TestManyPhotos(t *testing.T) {
	p := newPair(t)
	sizes := make([]int, 2*MaxWanted+5)
	for i := range sizes {
		sizes[i] = 30 + i
	}
	refs := p.take(true, sizes...)
	p.connect()
	p.settle(0)
	p.sound()
	p.arrived(refs...)
	if n := len(p.said(kindAsk)); n != 3 {
		t.Errorf("%d questions", n)
	}
}

// TestPhotoRules: what a hostile or mistaken end says about photos ends the session.
func TestPhotoRules(t *testing.T) {
	r, b := photo(t, 1, 100)
	s, _ := photo(t, 2, 100)
	low, high := r, s
	if low.Compare(high) > 0 {
		low, high = high, low
	}
	asked := func() *pair {
		p := newPair(t)
		p.take(true, 100)
		p.centre.photos = map[blob.Ref][]byte{}
		p.connect()
		p.flight(0)
		p.clientSends()
		if len(p.said(kindAsk)) != 1 {
			t.Fatal("not asked")
		}
		return p
	}
	for name, x := range map[string]struct {
		p *pair
		m Message
	}{
		"an answer to no question":  {welcomed(t), &Want{}},
		"more behind nothing":       {asked(), &Want{More: true}},
		"out of order":              {asked(), &Want{Items: []Wanted{{high, 0}, {low, 0}}}},
		"twice the same":            {asked(), &Want{Items: []Wanted{{low, 0}, {low, 0}}}},
		"an answer to no chunk":     {welcomed(t), &Stored{Ref: r}},
		"a question to the client":  {welcomed(t), &Ask{}},
		"a chunk for the client":    {welcomed(t), &Chunk{Ref: r, Data: b}},
		"before the welcome, Want":  {newUnsent(t), &Want{}},
		"before the welcome, Store": {newUnsent(t), &Stored{Ref: r}},
	} {
		if err := x.p.c.Receive(start, x.m); !errors.Is(err, fault.BadFrame) {
			t.Errorf("%s: %v", name, err)
		}
	}
	over := welcomed(t).s
	if _, err := over.Receive(start, &Ask{}); err != nil {
		t.Fatal(err)
	}
	if _, err := over.Receive(start, &Ask{}); !errors.Is(err, fault.LimitExceeded) {
		t.Errorf("two questions at once: %v", err)
	}
	var err error
	for n := 0; err == nil; n++ {
		if _, err = over.Receive(start, &Chunk{Ref: r, Data: b}); n > 2*ChunkWindow {
			t.Fatal("any number of chunks")
		}
	}
	if !errors.Is(err, fault.LimitExceeded) {
		t.Error(err)
	}
	older := NewServer(start)
	if _, err := older.Receive(start, &Hello{VersionMin: 1, VersionMax: 1}); err != nil {
		t.Fatal(err)
	}
	for _, m := range []Message{&Ask{}, &Chunk{Ref: r, Data: b}} {
		if _, err := older.Receive(start, m); !errors.Is(err, fault.BadFrame) {
			t.Errorf("before the welcome: %v", err)
		}
	}
	older.Welcomed(&Welcome{Version: 1}, (&centre{}).grant)
	if _, err := older.Receive(start, &Ask{}); !errors.Is(err, fault.BadFrame) {
		t.Errorf("in a session of version 1: %v", err)
	}
}

// TestChunkLimits: a chunk beyond its blob, or over the limit, cannot be said, nor heard.
func TestChunkLimits(t *testing.T) {
	r, b := photo(t, 1, 3*MaxChunkBytes)
	good, err := Append(nil, &Chunk{Ref: r, Offset: r.Size - 10, Data: b[:10]})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(good); err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]Message{
		"nothing":     &Chunk{Ref: r},
		"too much":    &Chunk{Ref: r, Data: b[:MaxChunkBytes+1]},
		"behind it":   &Chunk{Ref: r, Offset: r.Size - 9, Data: b[:10]},
		"far away":    &Chunk{Ref: r, Offset: 1<<32 - 1, Data: b[:10]},
		"of nothing":  &Chunk{Data: b[:10]},
		"a long list": &Want{Items: make([]Wanted, MaxWanted+1)},
	} {
		if _, err := Append(nil, m); err == nil {
			t.Errorf("%s can be said", name)
		}
	}
	for i := range len(good) {
		if m, err := Decode(good[:i]); err == nil || m != nil {
			t.Errorf("cut off after %d bytes: %v", i, m)
		}
	}
	for name, alter := range map[string]int{"the size": 33, "the kind": 37} {
		x := slices.Clone(good)
		x[alter] ^= 0x80
		if _, err := Decode(x); !errors.Is(err, ErrBadFrame) {
			t.Errorf("%s altered: %v", name, err)
		}
	}
}

func Example_kinds() {
	fmt.Println(kindAsk, kindWant, kindChunk, kindStored) // on the wire for good
	// Output: 11 12 13 14
}
