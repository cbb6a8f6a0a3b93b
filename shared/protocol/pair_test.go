package protocol

import (
	"errors"
	"slices"
	"testing"
	"time"

	"banlang/shared/blob"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Two halves of a session over a link of test's making, in virtual time.

var start = time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC)

// shelf is a Replica that holds changes in memory and takes down what it is told.
type shelf struct {
	t        testing.TB
	held     map[record.RunID][]*record.Change
	foreign  map[record.RunID]bool
	urgent   []record.Dot
	cursor   Cursor
	grant    record.Dot // of the pages that it takes
	pages    []*Page
	receipts int
	welcomes int
	offered  int
	photos   map[blob.Ref][]byte
	wants    []*Want
	stored   []*Stored
	vault    vault
	fails    error // of the next call that takes something
}

func newShelf(t testing.TB) *shelf {
	return &shelf{t: t, held: map[record.RunID][]*record.Change{}, foreign: map[record.RunID]bool{}}
}

// write adds n changes of about size bytes to a run.
func (s *shelf) write(run record.RunID, n, size int) {
	for range n {
		s.held[run] = append(s.held[run], change(s.t, run, record.Number(len(s.held[run])+1), size))
	}
}

func (s *shelf) Hello() (*Hello, error) {
	claims, err := s.Claims()
	return &Hello{Replica: 24, Cursor: s.cursor.Clone(), Claims: claims}, err
}

func (s *shelf) Claims() (cs []Claim, err error) {
	for run, held := range s.held {
		last := held[len(held)-1].Dot.N
		cs = append(cs, Claim{Run: run, Last: last, Held: last, Own: !s.foreign[run]})
	}
	slices.SortFunc(cs, func(a, b Claim) int { return int(a.Run) - int(b.Run) })
	return cs, s.fails
}

func (s *shelf) TakeWelcome(w *Welcome) error {
	s.welcomes++
	if s.cursor.Hub != w.Hub || s.cursor.Epoch != w.Epoch {
		s.cursor = Cursor{Hub: w.Hub, Epoch: w.Epoch}
	}
	return s.fails
}

func (s *shelf) Outgoing(run record.RunID, from, to record.Number, maxBytes int) (cs []*record.Change, _ []record.HeadSignature, _ error) {
	for _, c := range s.held[run] {
		if c.Dot.N >= from && c.Dot.N <= to && maxBytes > 0 {
			cs = append(cs, c)
			maxBytes -= len(c.Encoded())
		}
	}
	return cs, nil, nil
}

func (s *shelf) Urgent() ([]record.Dot, error) { return slices.Clone(s.urgent), nil }

func (s *shelf) TakePage(p *Page) error {
	if p.From != s.cursor.Sum() || p.Grant != s.grant {
		return ErrStale
	}
	s.pages, s.cursor = append(s.pages, p), p.To
	return s.fails
}

func (s *shelf) TakeReceipts(*Receipts, bool) error { s.receipts++; return s.fails }
func (s *shelf) Offered() error                     { s.offered++; return nil }

func (s *shelf) Asks(bool) (bool, error) { return len(s.photos) > 0, s.fails }

func (s *shelf) TakeWant(_ blob.Ref, w *Want) (held []Wanted, _ error) {
	s.wants = append(s.wants, w)
	for _, x := range w.Items {
		if s.photos[x.Ref] != nil {
			held = append(held, x)
		}
	}
	return held, s.fails
}

func (s *shelf) Piece(r blob.Ref, from, most int) ([]byte, error) {
	b := s.photos[r][min(from, len(s.photos[r])):]
	return b[:min(most, len(b))], nil
}

func (s *shelf) TakeStored(m *Stored) error { s.stored = append(s.stored, m); return s.fails }

// centre is what the hub's half is driven by: it holds what it was pushed, and has a log to be read.
type centre struct {
	epoch record.Epoch
	have  map[record.RunID]map[record.Number]bool
	log   [][]*record.Change // pages that a reader from nothing gets
	got   []*Push            // committed
	late  []*Push            // pushes that came and are not committed yet, while hold
	hold  bool
	grant record.Dot

	version uint32              // of the program there
	photos  map[blob.Ref][]byte // wanted, or whole
	refuses fault.Code          // of every chunk
	chunks  []*Chunk            // that came and were not answered yet
	safe    safe
}

func newCentre() *centre {
	return &centre{epoch: record.Epoch{Number: 1, Random: 77}, have: map[record.RunID]map[record.Number]bool{}, version: VersionMax,
		photos: map[blob.Ref][]byte{}}
}

func (h *centre) put(run record.RunID, ns ...record.Number) {
	if h.have[run] == nil {
		h.have[run] = map[record.Number]bool{}
	}
	for _, n := range ns {
		h.have[run][n] = true
	}
}

func (h *centre) haveOf(run record.RunID) (x ledger.Have) {
	x.Run = run
	for h.have[run][x.Prefix+1] {
		x.Prefix++
	}
	for n := range record.Number(2000) {
		if n > x.Prefix && h.have[run][n] {
			x.Islands = ledger.Merge(append(x.Islands, ledger.Span{First: n, Last: n, At: ledger.Pos(n)}))
		}
	}
	return x
}

func (h *centre) welcome(m *Hello) *Welcome {
	w := &Welcome{Version: min(h.version, m.VersionMax), Hub: 5, Epoch: h.epoch, CentreEpoch: h.epoch}
	for _, c := range m.Claims {
		w.Have = append(w.Have, h.haveOf(c.Run))
	}
	return w
}

// page cuts the next page behind a cursor.
func (h *centre) page(from Cursor) *Page {
	at := int(from.At["U1"])
	to := Cursor{Hub: from.Hub, Epoch: from.Epoch, At: map[string]ledger.Pos{"U1": ledger.Pos(at)}}
	p := &Page{To: to, Grant: h.grant, Caught: true}
	if at < len(h.log) {
		to.At["U1"]++
		p.Items, p.Caught = h.log[at], at+1 == len(h.log)
	}
	return p
}

// pair is a session: its two halves, and what is under way between them.
type pair struct {
	t        testing.TB
	now      time.Time
	shelf    *shelf
	centre   *centre
	link     *Link
	c        *Client
	s        *Server
	up, down []Message
	sent     []Message // everything that the client ever sent
	crossed  int       // messages that arrived
	cerr     error     // why the client's half ended
	serr     error
}

func newPair(t testing.TB) *pair {
	return &pair{t: t, now: start, shelf: newShelf(t), centre: newCentre(), link: &Link{}}
}

// connect begins a session; the link and both stores go on from the last one.
func (p *pair) connect() {
	p.t.Helper()
	var err error
	if p.c, err = NewClient(p.shelf, p.link, p.now, func(*Hello) {}); err != nil {
		p.t.Fatal(err)
	}
	p.s = NewServer(p.now)
	p.up, p.down, p.sent, p.cerr, p.serr = nil, nil, nil, nil, nil
}

// wire carries a message as bytes.
func (p *pair) wire(m Message) Message {
	b, err := Append(nil, m)
	if err != nil {
		p.t.Fatal(err)
	}
	if m, err = Decode(b); err != nil {
		p.t.Fatal(err)
	}
	return m
}

// clientSends puts everything that the client has to say on its way.
func (p *pair) clientSends() {
	for p.cerr == nil {
		m, err := p.c.Next(p.now)
		if p.cerr = err; m == nil || err != nil {
			return
		}
		p.sent = append(p.sent, m)
		p.up = append(p.up, p.wire(m))
	}
}

// hubTakes hands the hub what has arrived, commits it, and puts the answers on their way.
func (p *pair) hubTakes() {
	for ; len(p.up) > 0 && p.serr == nil; p.up = p.up[1:] {
		p.crossed++
		work, err := p.s.Receive(p.now, p.up[0])
		if p.serr = err; err != nil {
			return
		}
		switch m := work.(type) {
		case *Hello:
			p.s.Welcomed(p.centre.welcome(m), p.centre.grant)
		case *Push:
			p.centre.late = append(p.centre.late, m)
		case *Ask:
			p.s.Wants(p.centre.wants(m.After))
		case *Chunk:
			p.centre.chunks = append(p.centre.chunks, m)
		case *Deposit, *Wiping:
			p.s.Keys(p.centre.safe.answer(m))
		}
	}
	if !p.centre.hold {
		p.commit()
	}
	p.hubSays()
}

// commit makes durable what the hub was pushed.
func (p *pair) commit() {
	for _, m := range p.centre.late {
		if m.Epoch != p.centre.epoch {
			p.s.Refused(m)
			continue
		}
		for _, c := range m.Items {
			p.centre.put(c.Dot.Run, c.Dot.N)
		}
		p.centre.got = append(p.centre.got, m)
		p.s.Committed(m)
	}
	p.centre.late = nil
	for _, m := range p.centre.chunks {
		p.s.Stored(p.centre.store(m))
	}
	p.centre.chunks = nil
}

func (p *pair) hubSays() {
	for p.serr == nil {
		m := p.s.Next()
		if m == nil {
			from, wants := p.s.WantsPage()
			if !wants {
				return
			}
			p.s.Cut(p.now, p.centre.page(from))
			continue
		}
		p.down = append(p.down, p.wire(m))
	}
}

func (p *pair) clientTakes() {
	for ; len(p.down) > 0 && p.cerr == nil; p.down = p.down[1:] {
		p.crossed++
		p.cerr = p.c.Receive(p.now, p.down[0])
	}
}

// flight lets everything that either end says cross the link once, each way taking half a round trip.
func (p *pair) flight(roundTrip time.Duration) {
	p.clientSends()
	p.now = p.now.Add(roundTrip / 2)
	p.hubTakes()
	p.now = p.now.Add(roundTrip / 2)
	p.clientTakes()
}

// settle flies until nothing moves.
func (p *pair) settle(roundTrip time.Duration) {
	for range 1000 {
		before := p.crossed
		p.flight(roundTrip)
		if p.crossed == before || p.cerr != nil || p.serr != nil {
			return
		}
	}
	p.t.Fatal("the session does not come to rest")
}

// tick lets both halves notice what time it is.
func (p *pair) tick() {
	if p.cerr == nil {
		p.cerr = p.c.Tick(p.now)
	}
	if p.serr == nil {
		p.serr = p.s.Tick(p.now)
	}
}

// pushes lists the pushes among what the client sent.
func (p *pair) pushes() (ps []*Push) {
	for _, m := range p.sent {
		if x, ok := m.(*Push); ok {
			ps = append(ps, x)
		}
	}
	return ps
}

func (p *pair) holds(run record.RunID, n int) bool {
	return p.centre.haveOf(run).Prefix == record.Number(n)
}

// welcomed is a session past its first exchange.
func welcomed(t testing.TB) *pair {
	p := newPair(t)
	p.connect()
	p.settle(0)
	if p.cerr != nil || p.serr != nil || p.shelf.welcomes != 1 {
		t.Fatalf("no session: %v, %v", p.cerr, p.serr)
	}
	return p
}

var errDisk = errors.New("the disk")
