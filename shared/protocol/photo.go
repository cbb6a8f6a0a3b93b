package protocol

import (
	"time"

	"banlang/shared/blob"
	"banlang/shared/fault"
)

// Photos is what the client half needs of a store to send photos. It is part of Replica.
type Photos interface {
	// Asks reports whether the hub is to be asked for what it lacks; first: for the first time in this session.
	Asks(first bool) (bool, error)
	// TakeWant learns what the hub lacks among the names after one, up to the last of the items, or with no More to the
	// end; all else there it has. It returns those that are held here, in the order in which they are to be sent.
	TakeWant(after blob.Ref, w *Want) ([]Wanted, error)
	// Piece returns at most so many bytes of a blob from an offset on, at least one; none when the blob is not held (any more).
	Piece(r blob.Ref, from, most int) ([]byte, error)
	// TakeStored learns that the hub has all of a blob, or that nobody wants it.
	TakeStored(s *Stored) error
}

// PhotoProgress is how far a session is with photos.
type PhotoProgress struct {
	Done    uint64     // of which the hub said, in this session, that it has them whole
	Present blob.Ref   // the one under way; zero: none
	Have    uint32     // bytes of it that are durable at the hub
	Idle    bool       // nothing is under way, nor to be sent now
	Held    bool       // they wait for a cheaper link
	Refused fault.Code // why the hub takes none at present
	Skipped uint64     // given up until the next session
}

// maxSlips is how often in a session one blob may have to go on elsewhere than where it was thought to: bytes were lost at
// the hub, another copy of this machine sends them too, or they do not fit their name.
const maxSlips = 8

// lane is the part of a client that sends photos.
type lane struct {
	spoken  bool // the hub knows of photos
	held    bool // they wait for a cheaper link
	asked   bool // there was an Ask in this session
	due     bool // the hub is to be asked from the start
	asking  bool // an Ask is not answered
	more    bool // there is more to ask for, after
	after   blob.Ref
	queue   []Wanted    // lacked by the hub and held here; the first is under way
	next    uint32      // offset in the first of queue
	flying  []sentChunk // not answered
	slipped bool        // the answers to what is under way come first
	slips   map[blob.Ref]int
	until   time.Time // refused; not before
	heard   time.Time // the last answer to a chunk
}

type sentChunk struct {
	ref blob.Ref
	end uint32 // offset behind it
	len int
	at  time.Time
}

func (l *lane) begin(version uint32) {
	l.spoken, l.due, l.slips = version >= VersionPhotos, true, map[blob.Ref]int{}
}

func (l *lane) awaits() bool { return l.asking || len(l.flying) > 0 }

// HoldPhotos lets photos wait (text goes on), or go. It may be called at any time.
func (c *Client) HoldPhotos(held bool) {
	if c.lane.held && !held {
		c.lane.due, c.progress.Photos.Idle = true, false
	}
	c.lane.held, c.progress.Photos.Held = held, held
}

// nextPhoto returns what the lane has to say. It is asked when there is no text to send.
func (c *Client) nextPhoto(now time.Time) (Message, error) {
	l := &c.lane
	resting := !l.spoken || l.held || now.Before(l.until)
	c.progress.Photos.Idle = c.welcomed && resting && !l.awaits()
	if resting || !c.dry || len(c.sent) > 0 || l.slipped || len(l.flying) >= ChunkWindow {
		return nil, nil
	}
	for len(l.queue) > 0 {
		w := l.queue[0]
		if l.next >= w.Ref.Size { // the answer to the last chunk is outstanding
			return nil, nil
		}
		b, err := c.r.Piece(w.Ref, int(l.next), min(c.link.Chunk, int(w.Ref.Size-l.next)))
		if err != nil {
			return nil, err
		}
		if len(b) > 0 {
			return c.chunk(now, w.Ref, b), nil
		}
		l.skip() // dropped meanwhile
	}
	return c.ask(now)
}

func (c *Client) chunk(now time.Time, r blob.Ref, b []byte) *Chunk {
	l := &c.lane
	m := &Chunk{Ref: r, Offset: l.next, Data: b}
	l.next += uint32(len(b))
	l.flying = append(l.flying, sentChunk{r, l.next, len(b), now})
	c.pulse.least = FirstPatience
	c.pulse.ask(now)
	return m
}

// ask goes through what the hub lacks, from the start when that may have altered.
func (c *Client) ask(now time.Time) (Message, error) {
	l := &c.lane
	if l.awaits() {
		return nil, nil
	}
	if !l.more && l.due {
		l.due = false
		var err error
		if l.more, err = c.r.Asks(!l.asked); err != nil {
			return nil, err
		}
		l.after = blob.Ref{}
	}
	if !l.more {
		c.progress.Photos.Idle = true
		return nil, nil
	}
	l.asked, l.asking, l.more = true, true, false
	c.pulse.ask(now)
	return &Ask{l.after}, nil
}

func (c *Client) onWant(now time.Time, m *Want) error {
	l := &c.lane
	if !l.asking || m.More && len(m.Items) == 0 {
		return fault.New(fault.BadFrame, "an answer to nothing", nil)
	}
	last := l.after
	for _, x := range m.Items {
		if x.Ref.Compare(last) <= 0 {
			return fault.New(fault.BadFrame, "blobs out of order", nil)
		}
		last = x.Ref
	}
	l.asking = false
	c.pulse.answered(now, now.Sub(c.pulse.asked), c.awaits())
	held, err := c.r.TakeWant(l.after, m)
	if err != nil {
		return err
	}
	l.more, l.after = m.More, last
	for _, w := range held {
		if l.slips[w.Ref] <= maxSlips {
			l.queue = append(l.queue, w)
		}
	}
	l.first()
	c.showPhoto()
	return nil
}

// first begins with the first of the queue.
func (l *lane) first() {
	l.next = 0
	if len(l.queue) > 0 {
		l.next = l.queue[0].Have
	}
}

// skip leaves the first of the queue.
func (l *lane) skip() {
	l.queue = l.queue[1:]
	l.first()
}

func (c *Client) onStored(now time.Time, m *Stored) error {
	l := &c.lane
	if len(l.flying) == 0 || l.flying[0].ref != m.Ref || m.Have > m.Ref.Size {
		return fault.New(fault.BadFrame, "an answer to nothing", nil)
	}
	s := l.flying[0]
	l.flying = l.flying[1:]
	c.pulse.answered(now, now.Sub(s.at), c.awaits())
	c.measureChunk(now, s)
	present := len(l.queue) > 0 && l.queue[0].Ref == m.Ref
	switch {
	case m.Refused != "" && m.Refused != fault.NotFound:
		l.queue, l.due, l.more = nil, true, false
		l.until, c.progress.Photos.Refused = now.Add(RefusedTime), m.Refused
	case !present: // it was left, and this chunk was still under way
	case m.Whole || m.Refused == fault.NotFound:
		if err := c.r.TakeStored(m); err != nil {
			return err
		}
		if m.Whole {
			c.progress.Photos.Done++
		}
		c.progress.Photos.Refused = ""
		l.skip()
	default:
		c.went(m, s.end)
	}
	if len(l.flying) == 0 && l.slipped { // all answers are in: go on from what the hub has
		l.slipped = false
		if len(l.queue) > 0 {
			l.next = l.queue[0].Have
		}
	}
	c.showPhoto()
	return nil
}

// went notes how far the first of the queue is, and whether that is where it was thought to be.
func (c *Client) went(m *Stored, end uint32) {
	l := &c.lane
	c.progress.Photos.Refused = ""
	l.queue[0].Have = m.Have
	if m.Have == end && !l.slipped {
		return
	}
	l.slipped = true
	if l.slips[m.Ref]++; l.slips[m.Ref] > maxSlips {
		c.progress.Photos.Skipped++
		l.skip()
	}
}

func (c *Client) showPhoto() {
	p := &c.progress.Photos
	p.Present, p.Have = blob.Ref{}, 0
	if l := &c.lane; len(l.queue) > 0 {
		p.Present, p.Have = l.queue[0].Ref, l.queue[0].Have
	}
}

// measureChunk fits the size of chunks to the link, as measure does for pushes.
func (c *Client) measureChunk(now time.Time, s sentChunk) {
	alone := aloneSince(s.at, c.lane.heard, now)
	c.lane.heard, c.link.Answers, c.link.n = now, c.pulse.answers, c.pulse.n
	if alone >= together {
		c.link.Chunk = min(max(fitted(c.link.Chunk, s.len, alone), MinChunkBytes), MaxChunkBytes)
	}
}

// sound reports whether a chunk lies within its blob and the limits.
func (m *Chunk) sound() bool {
	n := len(m.Data)
	return n > 0 && n <= MaxChunkBytes && !m.Ref.IsZero() && uint64(m.Offset)+uint64(n) <= uint64(m.Ref.Size)
}

func (w *writer) ref(r blob.Ref) {
	k := r.Key()
	w.bytes(k[:])
}

func (w *writer) photos(m Message) {
	switch m := m.(type) {
	case *Ask:
		w.ref(m.After)
	case *Want:
		w.uint(uint64(len(m.Items)))
		for _, x := range m.Items {
			w.ref(x.Ref)
			w.uint(uint64(x.Have))
		}
		w.bool(m.More)
	case *Chunk:
		w.ref(m.Ref)
		w.uint(uint64(m.Offset))
		w.uint(uint64(len(m.Data)))
		w.bytes(m.Data)
	case *Stored:
		w.ref(m.Ref)
		w.uint(uint64(m.Have))
		w.bool(m.Whole)
		w.str(string(m.Refused))
	}
}

func (r *reader) ref() blob.Ref {
	b := r.take(blob.KeyBytes)
	if b == nil {
		return blob.Ref{}
	}
	x, err := blob.FromKey(b)
	if err != nil {
		r.fail(err.Error())
	}
	return x
}

func (r *reader) photos(k kind) Message {
	switch k {
	case kindAsk:
		return &Ask{r.ref()}
	case kindWant:
		m := &Want{}
		for range r.count(MaxWanted, blob.KeyBytes+1, "blobs") {
			m.Items = append(m.Items, Wanted{r.ref(), r.uint32()})
		}
		m.More = r.bool()
		return m
	case kindChunk:
		m := &Chunk{Ref: r.ref(), Offset: r.uint32()}
		m.Data = r.take(r.count(MaxChunkBytes, 1, "bytes in a chunk"))
		if r.err == nil && !m.sound() {
			r.fail("a chunk beyond its blob")
		}
		return m
	}
	return &Stored{Ref: r.ref(), Have: r.uint32(), Whole: r.bool(), Refused: fault.Code(r.str())}
}
