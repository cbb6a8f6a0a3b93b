package protocol

import (
	"errors"
	"slices"
	"time"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/record"
)

// Replica is what the client half needs of a store. Each method that takes something returns only when it is durable;
// an error ends the session and loses nothing. The methods are called from one goroutine.
type Replica interface {
	// Hello says who this is, what it has saved, and where it has read to.
	Hello() (*Hello, error)
	// Claims lists the runs to push: those written here, and after a loss of the hub every run that is held.
	Claims() ([]Claim, error)
	// TakeWelcome learns the hub's epochs and receipts; a new hub or epoch sets the cursor back to nothing.
	TakeWelcome(*Welcome) error
	// Outgoing returns held changes of a run from number `from` on, ascending, not beyond `to` and up to about maxBytes
	// (at least one, if any is held); with the run's signed head when they end at it.
	Outgoing(run record.RunID, from, to record.Number, maxBytes int) ([]*record.Change, []record.HeadSignature, error)
	// Urgent lists own changes that are to overtake all others and have no receipt yet, oldest first.
	Urgent() ([]record.Dot, error)
	// TakePage applies a page and its cursor in one transaction, or returns ErrStale and applies nothing.
	TakePage(*Page) error
	// TakeReceipts keeps receipts, and the mark that comes with them; more says that others are on their way.
	TakeReceipts(rs *Receipts, more bool) error
	// Offered says that the hub has acknowledged everything that Claims named and that is held here.
	Offered() error
	Photos
	Keys
}

// ErrStale: a page that does not begin at the cursor, or was cut for another grant. The session finishes its pushes, and
// is begun anew.
var ErrStale = errors.New("protocol: the page does not follow what is held")

// Progress is a snapshot of a session, for the screen.
type Progress struct {
	Welcomed bool
	ToPush   uint64        // changes that the hub lacks, when last counted
	Pushed   uint64        // acknowledged in this session
	Sent     uint64        // sent in this session, acknowledged or not
	Taken    uint64        // changes taken from pages in this session
	Caught   bool          // the hub had nothing newer
	Time     record.Millis // the hub's clock at the welcome
	Photos   PhotoProgress
	KeysIdle bool // nothing is to be said of keys
}

// Client is the client half of one session. It belongs to one goroutine.
type Client struct {
	r        Replica
	link     *Link
	pulse    pulse
	hello    *Hello
	epoch    record.Epoch
	welcomed bool
	out      []Message // to be sent before anything else
	runs     []*outRun // in the order in which they are pushed
	byID     map[record.RunID]*outRun
	foreign  map[record.RunID]record.Number // how far runs of others were known when the session began
	urgent   []record.Dot                   // not sent yet
	dry      bool                           // nothing to push until something new is there
	sent     []sentPush
	answered time.Time // the last Ack
	number   uint64
	wake     bool
	stale    bool // a page was refused: no more are taken in this session
	offered  bool // the replica was told that everything is at the hub
	lane     lane // of photos
	keys     keyLane
	progress Progress
}

// outRun is one run on its way up.
type outRun struct {
	have ledger.Have
	next record.Number          // everything below was sent in this session, or is held by the hub
	done map[record.Number]bool // sent out of order, as urgent
	last record.Number          // the last number to push
}

type sentPush struct {
	number uint64
	bytes  int
	items  uint64
	at     time.Time
	upTo   map[*outRun]record.Number // everything of the run up to here is at the hub once this push is acknowledged
}

// NewClient begins a session: its first message is the Hello, with proof and program filled in by the caller through
// sign. The link is read and written.
func NewClient(r Replica, link *Link, now time.Time, sign func(*Hello)) (*Client, error) {
	h, err := r.Hello()
	if err != nil {
		return nil, err
	}
	h.VersionMin, h.VersionMax = VersionMin, VersionMax
	sign(h)
	c := &Client{r: r, link: link, hello: h, epoch: link.Epoch, wake: true, byID: map[record.RunID]*outRun{},
		foreign: map[record.RunID]record.Number{}}
	c.pulse.heard, c.pulse.answers, c.pulse.n = now, link.Answers, link.n
	if c.link.PushBytes == 0 {
		c.link.PushBytes = FirstPushBytes
	}
	if c.link.Chunk == 0 {
		c.link.Chunk = MinChunkBytes
	}
	for _, x := range link.Have {
		c.run(x.Run).have = x
	}
	for _, x := range h.Claims {
		if !x.Own {
			c.foreign[x.Run] = x.Last
		}
	}
	return c, nil
}

// Progress returns a snapshot.
func (c *Client) Progress() Progress { return c.progress }

// Wake says that the replica has something new to push.
func (c *Client) Wake() { c.wake, c.keys.due = true, true }

// Receive takes a message from the hub. An error ends the session; what it carried is in the fault's code.
func (c *Client) Receive(now time.Time, m Message) error {
	c.pulse.hear(now)
	c.keys.due = true
	if _, ok := m.(*Bye); !ok && !c.welcomed {
		if _, ok := m.(*Welcome); !ok {
			return fault.New(fault.BadFrame, "before the welcome", nil)
		}
	}
	switch m := m.(type) {
	case *Welcome:
		return c.onWelcome(now, m)
	case *Ack:
		return c.onAck(now, m)
	case *Page:
		return c.onPage(m)
	case *Receipts:
		return c.r.TakeReceipts(m, len(c.sent) > 0)
	case *Ping:
		if len(c.out) >= MaxOwed {
			return fault.New(fault.LimitExceeded, "asks and does not listen", nil)
		}
		c.out = append(c.out, &Pong{m.Number})
	case *Pong:
		c.pulse.pong(now, m, c.awaits())
	case *Want:
		return c.onWant(now, m)
	case *Stored:
		return c.onStored(now, m)
	case *Kept:
		return c.onKept(now, m)
	case *Leave:
		return c.onLeave(now, m)
	case *Bye:
		return fault.New(m.Code, "the hub ended the session", nil)
	default:
		return fault.New(fault.BadFrame, "a message for a hub", nil)
	}
	return nil
}

func (c *Client) onWelcome(now time.Time, m *Welcome) error {
	switch {
	case c.welcomed || c.hello != nil:
		return fault.New(fault.BadFrame, "a second welcome", nil)
	case m.Version < VersionMin || m.Version > VersionMax:
		return fault.New(fault.BadProtocol, "welcome", nil)
	}
	if err := c.r.TakeWelcome(m); err != nil {
		return err
	}
	guessed := c.epoch == m.Epoch
	c.welcomed, c.progress.Welcomed, c.progress.Time = true, true, m.Time
	c.epoch, c.link.Epoch = m.Epoch, m.Epoch
	if !guessed { // what was sent in the first flight was cut for another epoch, and is refused there
		c.runs, c.sent = nil, nil
		clear(c.byID)
	}
	for _, h := range m.Have {
		r := c.run(h.Run)
		behind := h.Prefix < r.have.Prefix
		r.have = h
		if len(c.sent) == 0 || behind {
			r.next, r.done = 0, nil
		}
		for _, s := range c.sent {
			if behind { // what was sent does not reach what the hub has
				delete(s.upTo, r)
			}
		}
	}
	c.remember()
	c.pulse.answered(now, now.Sub(c.pulse.asked), c.awaits())
	c.wake = true
	c.lane.begin(m.Version)
	c.keys = keyLane{spoken: m.Version >= VersionKeys, due: true}
	return nil
}

func (c *Client) onAck(now time.Time, m *Ack) error {
	if m.Number > c.number {
		return fault.New(fault.BadFrame, "an answer to nothing", nil)
	}
	for len(c.sent) > 0 && c.sent[0].number <= m.Number {
		s := c.sent[0]
		c.sent = c.sent[1:]
		c.progress.Pushed += s.items
		for r, n := range s.upTo {
			r.have.Prefix = max(r.have.Prefix, n)
		}
		c.remember()
		c.offered, c.lane.due = false, true
		c.pulse.answered(now, now.Sub(s.at), c.awaits())
		c.measure(now, s)
	}
	return nil
}

func (c *Client) onPage(m *Page) error {
	if c.stale {
		return nil
	}
	if err := c.r.TakePage(m); errors.Is(err, ErrStale) {
		c.stale = true // perhaps the hub lacks a grant that is held here: it is pushed first
		return nil
	} else if err != nil {
		return err
	}
	c.progress.Taken += uint64(len(m.Items))
	c.progress.Caught = m.Caught
	c.out = append(c.out, &Taken{})
	return nil
}

func (c *Client) run(id record.RunID) *outRun {
	r := c.byID[id]
	if r == nil {
		r = &outRun{have: ledger.Have{Run: id}}
		c.byID[id] = r
		c.runs = append(c.runs, r)
	}
	return r
}

// remember keeps for the next session what the hub holds, so that its first flight can carry changes.
func (c *Client) remember() {
	c.link.Have = c.link.Have[:0]
	for _, r := range c.runs {
		c.link.Have = append(c.link.Have, r.have)
	}
}

// Next returns the next message to send, when there is one. The carrier asks whenever it can send, so that what is
// urgent overtakes what has not been cut yet.
func (c *Client) Next(now time.Time) (Message, error) {
	if c.hello != nil {
		h := c.hello
		c.hello = nil
		c.pulse.ask(now)
		return h, nil
	}
	if len(c.out) > 0 {
		m := c.out[0]
		c.out = c.out[1:]
		return m, nil
	}
	if !c.wipesFirst() {
		if p, err := c.nextPush(now); p != nil || err != nil {
			return p, err
		}
	}
	if m, err := c.nextKeys(now); m != nil || err != nil {
		return m, err
	}
	return c.nextPhoto(now)
}

// awaits reports whether an answer of the hub is outstanding.
func (c *Client) awaits() bool { return len(c.sent) > 0 || c.lane.awaits() || c.keys.awaits() }

// window is the number of pushes under way. Once their size fits the link, that is some seconds of it: enough to keep it
// full while TCP makes a loss good.
func (c *Client) window() int {
	if c.link.Rate() == 0 {
		return 2
	}
	return PushWindow
}

func (c *Client) nextPush(now time.Time) (*Push, error) {
	if len(c.sent) >= c.window() || !c.welcomed && (c.epoch.IsZero() || len(c.sent) > 0) {
		return nil, nil
	}
	if c.wake {
		if err := c.count(); err != nil {
			return nil, err
		}
	}
	var p *Push
	var err error
	if !c.dry {
		p, err = c.cut()
		c.dry = p == nil
	}
	if p == nil && err == nil && c.welcomed && len(c.sent) == 0 && !c.offered {
		c.offered = true
		err = c.r.Offered()
	}
	if p == nil && err == nil && c.stale && len(c.sent) == 0 {
		err = ErrStale
	}
	if p == nil || err != nil {
		return nil, err
	}
	if c.pulse.least = 0; c.link.Rate() == 0 { // a welcome is short, and says nothing of how long a push takes
		c.pulse.least = FirstPatience
	}
	c.number++
	p.Number, p.Epoch = c.number, c.epoch
	size := 0
	for _, x := range p.Items {
		size += len(x.Encoded())
	}
	c.sent = append(c.sent, sentPush{c.number, size, uint64(len(p.Items)), now, c.reached(p)})
	c.progress.Sent += uint64(len(p.Items))
	c.pulse.ask(now)
	return p, nil
}

// reached says how far each run of an ordinary push has been sent without holes.
func (c *Client) reached(p *Push) map[*outRun]record.Number {
	if p.Urgent {
		return nil
	}
	up := map[*outRun]record.Number{}
	for i, x := range p.Items {
		if i == len(p.Items)-1 || p.Items[i+1].Dot.Run != x.Dot.Run {
			up[c.run(x.Dot.Run)] = x.Dot.N
		}
	}
	return up
}

// count asks the replica what there is to push.
func (c *Client) count() error {
	claims, err := c.r.Claims()
	if err != nil {
		return err
	}
	if c.urgent, err = c.r.Urgent(); err != nil {
		return err
	}
	c.wake, c.dry = false, false
	c.progress.ToPush = c.progress.Sent
	for _, x := range claims {
		if planted.On(planted.NoReoffer) && !x.Own {
			continue
		}
		r := c.run(x.Run)
		r.last = x.Last
		if !x.Own { // what comes while the session lasts comes from this very hub
			r.last = min(x.Last, c.foreign[x.Run])
		}
		if from := max(r.next, r.have.Prefix+1); r.last >= from {
			c.progress.ToPush += uint64(r.last - from + 1)
		}
	}
	return nil
}

// cut returns the next push, or nil: urgent changes first, then run by run in order of number.
func (c *Client) cut() (*Push, error) {
	if p, err := c.cutUrgent(); p != nil || err != nil {
		return p, err
	}
	p := &Push{}
	room := c.link.PushBytes
	for _, r := range c.runs {
		for room > 0 && len(p.Items) < MaxItems {
			items, heads, err := c.more(r, room, MaxItems-len(p.Items))
			if err != nil {
				return nil, err
			}
			if len(items) == 0 {
				break
			}
			p.Items, p.Heads = append(p.Items, items...), append(p.Heads, heads...)
			for _, x := range items {
				room -= len(x.Encoded())
			}
		}
	}
	if len(p.Items) == 0 {
		return nil, nil
	}
	return p, nil
}

// more takes the next changes of a run that the hub lacks and that were not sent.
func (c *Client) more(r *outRun, room, limit int) ([]*record.Change, []record.HeadSignature, error) {
	for {
		from := max(r.next, 1)
		first, last := r.have.Lacks(from - 1)
		for r.done[first] {
			first++
		}
		last = min(last, r.last)
		if first > last && first <= r.last { // what lay here was sent as urgent; there is more behind what the hub holds
			r.next = first
			continue
		}
		if first > last {
			r.next = max(r.next, min(first, r.last+1))
			return nil, nil, nil
		}
		items, heads, err := c.r.Outgoing(r.have.Run, first, last, room)
		if err != nil {
			return nil, nil, err
		}
		if len(items) == 0 { // a hole in what is held here: someone else has it, or nobody
			r.next = last + 1
			continue
		}
		if len(items) > limit {
			items, heads = items[:limit], nil
		}
		r.next = items[len(items)-1].Dot.N + 1
		items = slices.DeleteFunc(items, func(x *record.Change) bool { return r.done[x.Dot.N] })
		if len(items) > 0 {
			return items, heads, nil
		}
	}
}

// cutUrgent takes urgent changes up to the size of a push; the rest stays for the next one.
func (c *Client) cutUrgent() (*Push, error) {
	p := &Push{Urgent: true}
	room := PushBytes
	for len(c.urgent) > 0 && room > 0 && len(p.Items) < MaxItems {
		d := c.urgent[0]
		c.urgent = c.urgent[1:]
		r := c.run(d.Run)
		first, last := r.have.Lacks(d.N - 1)
		if d.N < r.next || r.done[d.N] || first > d.N || last < d.N {
			continue
		}
		items, heads, err := c.r.Outgoing(d.Run, d.N, d.N, MaxFrameBytes)
		if err != nil {
			return nil, err
		}
		if r.done == nil {
			r.done = map[record.Number]bool{}
		}
		r.done[d.N] = true
		p.Items, p.Heads = append(p.Items, items...), append(p.Heads, heads...)
		for _, x := range items {
			room -= len(x.Encoded())
		}
	}
	if len(p.Items) == 0 {
		return nil, nil
	}
	return p, nil
}

// Deadline is when Tick must be called at the latest, if nothing happens before.
func (c *Client) Deadline() time.Time { return c.pulse.deadline() }

// Heard says that a part of a message came at a time: a long one on a slow link is no silence.
func (c *Client) Heard(at time.Time) { c.pulse.hear(at) }

// Tick lets time pass. It returns fault.CutOff when the link counts as dead.
func (c *Client) Tick(now time.Time) error {
	ping, gone := c.pulse.tick(now)
	if gone {
		return fault.New(fault.CutOff, "no answer in time", nil)
	}
	if ping != nil {
		c.out = append(c.out, ping)
	}
	return nil
}
