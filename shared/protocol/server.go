package protocol

import (
	"time"

	"banlang/shared/fault"
	"banlang/shared/record"
)

// Server is the hub's half of one session. It decides what is said when; what is said comes from the hub that drives
// it: Receive hands out the Hello and the pushes as work, and Welcomed, Committed and Cut take the results. It belongs
// to one goroutine.
type Server struct {
	pulse    pulse
	greeted  bool // a Hello was received
	welcomed bool
	out      []Message
	epoch    record.Epoch
	got      uint64  // the last push received
	acked    uint64  // the last push acknowledged
	cursor   Cursor  // where the next page begins
	reader   [8]byte // sum of the cursor that the reader holds
	held     Cursor  // the cursor that the reader is known to hold
	grant    record.Dot
	flying   []sentPage // not taken
	taken    time.Time  // the last Taken
	page     int        // where the next page ends, in bytes
	full     time.Time  // since when the window is full
	news     bool
	caught   bool // the reader was told that there is nothing newer
	version  uint32
	asked    *Ask // not answered
	chunks   int  // not answered
	keys     bool // a message about keys is not answered
}

// NewServer begins a session in which the client speaks first.
func NewServer(now time.Time) *Server {
	s := &Server{page: FirstPageBytes}
	s.pulse.hear(now)
	s.pulse.ask(now)
	return s
}

// Receive takes a message from the client. It returns the message itself when it is work for the hub: a Hello (answer
// with Welcomed), a Push (answer with Committed, in order), an Ask (answer with Wants), a Chunk (answer with Stored, in
// order), a Deposit or a Wiping (answer with Keys). An error ends the session.
func (s *Server) Receive(now time.Time, m Message) (work Message, err error) {
	s.pulse.hear(now)
	if _, ok := m.(*Hello); ok == s.greeted {
		return nil, fault.New(fault.BadFrame, "hello comes once, and first", nil)
	}
	switch m := m.(type) {
	case *Hello:
		s.greeted = true
		s.pulse.asked = time.Time{}
		if m.VersionMin > VersionMax || m.VersionMax < VersionMin {
			return nil, fault.New(fault.BadProtocol, "hello", nil)
		}
		s.cursor = m.Cursor
		return m, nil
	case *Push:
		return s.onPush(m)
	case *Ask, *Chunk:
		return s.onPhoto(m)
	case *Deposit, *Wiping:
		return s.onKeys(m)
	case *Taken:
		if len(s.flying) == 0 {
			return nil, fault.New(fault.BadFrame, "taken what was not sent", nil)
		}
		s.held = s.flying[0].to
		s.measure(now)
		s.full = time.Time{}
	case *Ping:
		if len(s.out) >= MaxOwed {
			return nil, fault.New(fault.LimitExceeded, "asks and does not listen", nil)
		}
		s.out = append(s.out, &Pong{m.Number})
	case *Pong:
		s.pulse.pong(now, m, false)
	case *Bye:
		return nil, fault.New(m.Code, "the client ended the session", nil)
	default:
		return nil, fault.New(fault.BadFrame, "a message for a client", nil)
	}
	return nil, nil
}

func (s *Server) onPush(m *Push) (Message, error) {
	switch {
	case m.Number != s.got+1:
		return nil, fault.New(fault.BadFrame, "a push out of order", nil)
	case s.got-s.acked >= 2*PushWindow:
		return nil, fault.New(fault.LimitExceeded, "too many pushes under way", nil)
	}
	s.got++
	return m, nil
}

// Welcomed takes the hub's answer to the Hello; grant is the reader's at that moment. A reader of another hub or epoch
// reads from the start.
func (s *Server) Welcomed(w *Welcome, grant record.Dot) {
	s.welcomed, s.news = true, true
	s.epoch, s.grant, s.version = w.Epoch, grant, w.Version
	if s.cursor.Hub != w.Hub || s.cursor.Epoch != w.Epoch {
		s.cursor = Cursor{Hub: w.Hub, Epoch: w.Epoch}
	}
	s.reader, s.held = s.cursor.Sum(), s.cursor
	s.out = append(s.out, w)
}

// Committed takes note that a push is durable: it is acknowledged now.
func (s *Server) Committed(p *Push) {
	s.acked = p.Number
	s.out = append(s.out, &Ack{p.Number})
}

// Refused takes note of a push that was cut for another epoch: it is dropped, and never acknowledged.
func (s *Server) Refused(p *Push) { s.acked = p.Number }

// onPhoto takes what belongs to the lane of photos. A client that has more under way than its windows is hostile.
func (s *Server) onPhoto(m Message) (Message, error) {
	if !s.welcomed || s.version < VersionPhotos {
		return nil, fault.New(fault.BadFrame, "photos in a session without", nil)
	}
	switch m := m.(type) {
	case *Ask:
		if s.asked != nil {
			return nil, fault.New(fault.LimitExceeded, "asks and does not wait", nil)
		}
		s.asked = m
	case *Chunk:
		if s.chunks >= 2*ChunkWindow {
			return nil, fault.New(fault.LimitExceeded, "too many chunks under way", nil)
		}
		s.chunks++
	}
	return m, nil
}

// onKeys takes what is about keys: one message at a time.
func (s *Server) onKeys(m Message) (Message, error) {
	switch {
	case !s.welcomed || s.version < VersionKeys:
		return nil, fault.New(fault.BadFrame, "keys in a session without", nil)
	case s.keys:
		return nil, fault.New(fault.LimitExceeded, "asks and does not wait", nil)
	}
	s.keys = true
	return m, nil
}

// Keys answers a Deposit with a Kept, a Wiping with a Leave; what it says is durable.
func (s *Server) Keys(m Message) {
	s.keys = false
	s.out = append(s.out, m)
}

// Asked returns the Ask that is not answered yet.
func (s *Server) Asked() *Ask { return s.asked }

// Wants answers it.
func (s *Server) Wants(w *Want) {
	s.asked = nil
	s.out = append(s.out, w)
}

// Stored answers a Chunk; what it says is durable.
func (s *Server) Stored(m *Stored) {
	s.chunks--
	s.out = append(s.out, m)
}

// Idle reports whether no push of the client is under way: the moment to give receipts.
func (s *Server) Idle() bool { return s.got == s.acked }

// Epoch is the epoch that the client was welcomed to.
func (s *Server) Epoch() record.Epoch { return s.epoch }

// Send queues a message that the hub has to say by itself: receipts, a goodbye.
func (s *Server) Send(m Message) { s.out = append(s.out, m) }

// News says that the log has grown in a way that concerns the reader.
func (s *Server) News() { s.news = true }

// WantsPage reports whether a page should be cut now, and from which cursor.
func (s *Server) WantsPage() (Cursor, bool) {
	return s.cursor, s.welcomed && s.news && len(s.flying) < PageWindow && len(s.out) == 0
}

// Held is the cursor that the reader has said to hold: in its Hello, then with each page taken. It is not to be altered.
func (s *Server) Held() Cursor { return s.held }

// PageBytes is where a page that is cut now should end.
func (s *Server) PageBytes() int { return s.page }

// sentPage is a page under way.
type sentPage struct {
	at    time.Time
	bytes int
	to    Cursor
}

// measure fits the size of pages to the link and the reader, as the client does for pushes.
func (s *Server) measure(now time.Time) {
	p := s.flying[0]
	s.flying = s.flying[1:]
	alone := aloneSince(p.at, s.taken, now)
	s.taken = now
	if alone >= together {
		s.page = min(max(fitted(s.page, p.bytes, alone), MinPageBytes), PageBytes)
	}
}

// Cut takes a page cut at the cursor that WantsPage gave. An empty page is not sent, unless it tells the reader for the
// first time that there is nothing newer, or brings it to another grant.
func (s *Server) Cut(now time.Time, p *Page) {
	if p.Caught {
		s.news = false
	}
	if len(p.Items) == 0 && p.Grant == s.grant && (s.caught || !p.Caught) {
		s.cursor = p.To // kept here only: the reader's own cursor moves with the next page that carries something
		return
	}
	p.From = s.reader
	s.cursor, s.grant, s.caught = p.To, p.Grant, p.Caught
	s.reader = s.cursor.Sum()
	size := 0
	for _, x := range p.Items {
		size += len(x.Encoded())
	}
	s.flying = append(s.flying, sentPage{now, size, p.To})
	if len(s.flying) == PageWindow {
		s.full = now
	}
	s.out = append(s.out, p)
}

// Next returns the next message to send, or nil.
func (s *Server) Next() Message {
	if len(s.out) == 0 {
		return nil
	}
	m := s.out[0]
	s.out = s.out[1:]
	return m
}

// Deadline is when Tick must be called at the latest, if nothing happens before.
func (s *Server) Deadline() time.Time {
	d := s.pulse.deadline()
	if !s.full.IsZero() && s.full.Add(TakeTime).Before(d) {
		d = s.full.Add(TakeTime)
	}
	return d
}

// Tick lets time pass. It returns fault.CutOff when the client counts as gone.
func (s *Server) Tick(now time.Time) error {
	ping, gone := s.pulse.tick(now)
	if gone || !s.full.IsZero() && !now.Before(s.full.Add(TakeTime)) {
		return fault.New(fault.CutOff, "no sign of life", nil)
	}
	if ping != nil {
		s.out = append(s.out, ping)
	}
	return nil
}
