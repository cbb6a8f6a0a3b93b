package hub

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// Session is the hub's half of one connection, without the connection: it takes messages and hands out work (Jobs for
// Apply) and messages. It belongs to one goroutine.
type Session struct {
	h       *Hub
	server  *protocol.Server
	binding []byte
	hello   *Job
	replica record.ReplicaID
	reader  Reader
	foreign map[record.RunID]bool           // runs named in the Hello as written by others
	owed    map[record.RunID]record.Receipt // not yet sent: more pushes were under way
	keys    []string
}

// NewSession begins a session; the binding is what the Hello must be signed over.
func (h *Hub) NewSession(now time.Time, binding []byte) *Session {
	return &Session{h: h, server: protocol.NewServer(now), binding: binding, owed: map[record.RunID]record.Receipt{}}
}

// Replica is who speaks; 0 before the welcome.
func (s *Session) Replica() record.ReplicaID { return s.replica }

// Receive takes a message. A Job that it returns goes to Apply and comes back through Done, in the same order.
func (s *Session) Receive(now time.Time, m protocol.Message) (*Job, error) {
	work, err := s.server.Receive(now, m)
	switch w := work.(type) {
	case *protocol.Hello:
		s.hello = &Job{Hello: w, Binding: s.binding}
		return s.hello, err
	case *protocol.Push:
		if planted.On(planted.AckBeforeCommit) && s.replica != 0 {
			s.server.Committed(w)
		}
		return &Job{Push: w, After: s.hello}, err
	case *protocol.Chunk:
		if planted.On(planted.BlobAckedEarly) {
			have := w.Offset + uint32(len(w.Data))
			s.server.Stored(&protocol.Stored{Ref: w.Ref, Have: have, Whole: have == w.Ref.Size})
		}
		return &Job{Chunk: w, From: s.replica, After: s.hello}, err
	case *protocol.Deposit:
		return &Job{Deposit: w, From: s.replica, After: s.hello}, err
	case *protocol.Wiping:
		return &Job{Wiping: w, From: s.replica, After: s.hello}, err
	}
	if _, taken := m.(*protocol.Taken); taken && err == nil {
		s.h.reached.put(s.replica, s.server.Held())
	}
	return nil, err
}

// Done takes a job's result.
func (s *Session) Done(_ time.Time, j *Job) error {
	switch {
	case j.Chunk != nil:
		return s.stored(j)
	case j.Err != nil:
		return j.Err
	case j.Hello != nil:
		return s.welcomed(j)
	case j.Keys != nil:
		s.server.Keys(j.Keys)
		return nil
	case j.Refused || s.replica == 0:
		s.server.Refused(j.Push)
		return nil
	case s.server.Epoch() != s.h.Epoch():
		return fault.New(fault.Busy, "the log has a new history", nil)
	case planted.On(planted.AckBeforeCommit):
		return nil
	}
	s.pushed(j.Push)
	s.server.Committed(j.Push)
	for _, rc := range j.Receipts.Receipts {
		s.owed[rc.Run] = rc // a later one covers the earlier
	}
	if s.server.Idle() && len(s.owed) > 0 {
		s.server.Send(&protocol.Receipts{Mark: j.Receipts.Mark, Receipts: slices.SortedFunc(maps.Values(s.owed), byRun)})
		clear(s.owed)
	}
	return nil
}

// stored answers a chunk. That the disk is full ends no session: text may still find room.
func (s *Session) stored(j *Job) error {
	switch {
	case planted.On(planted.BlobAckedEarly):
		return nil
	case fault.CodeOf(j.Err) == fault.DiskFull:
		j.Stored = &protocol.Stored{Ref: j.Chunk.Ref, Refused: fault.DiskFull}
	case j.Err != nil:
		return j.Err
	}
	s.server.Stored(j.Stored)
	return nil
}

func byRun(a, b record.Receipt) int { return cmp.Compare(a.Run, b.Run) }

func (s *Session) welcomed(j *Job) error {
	h := j.Hello
	s.replica = h.Replica
	s.reader = Reader{Replica: h.Replica, Holds: h.Grant, Own: map[record.RunID]record.Number{}}
	s.foreign = map[record.RunID]bool{}
	for _, c := range h.Claims {
		if c.Own {
			s.reader.Own[c.Run] = c.Held
		} else {
			s.foreign[c.Run] = true
		}
	}
	s.server.Welcomed(j.Welcome, h.Grant)
	s.h.reached.put(s.replica, s.server.Held())
	return s.subscribe(context.Background())
}

// pushed notes what the reader surely holds: its own runs up to what it has pushed of them without a gap. A machine that
// was set back may hold a later part of a run and lack what lies before.
func (s *Session) pushed(p *protocol.Push) {
	for _, c := range p.Items {
		up := s.reader.Own[c.Dot.Run]
		if c.Replica == s.replica && !s.foreign[c.Dot.Run] && (c.Dot.N == up+1 || up == 0 && c.First()) {
			s.reader.Own[c.Dot.Run] = c.Dot.N
		}
	}
}

// subscribe works out the keys that the reader is to hear of.
func (s *Session) subscribe(ctx context.Context) error {
	return s.h.store.View(ctx, func(tx Tx) error {
		g, err := ledger.Grant(tx, s.replica)
		s.keys = []string{keyOf(s.replica), keyAll}
		if g != nil && !g.Revoked {
			for _, f := range g.Feeds {
				s.keys = append(s.keys, string(f))
			}
		}
		return err
	})
}

// Keys are the listings that concern the reader; they may alter whenever Fill was called.
func (s *Session) Keys() []string { return s.keys }

// News says that something was listed under one of the keys.
func (s *Session) News() { s.server.News() }

// Fill says what blobs are lacked, if that was asked, and cuts pages as long as the reader wants them and something is
// there.
func (s *Session) Fill(ctx context.Context, now time.Time) error {
	if m := s.server.Asked(); m != nil {
		w, err := s.h.wants(ctx, s.replica, m.After)
		if err != nil {
			return err
		}
		s.server.Wants(w)
	}
	for {
		from, wants := s.server.WantsPage()
		if !wants {
			return nil
		}
		if s.server.Epoch() != s.h.Epoch() {
			return fault.New(fault.Busy, "the log has a new history", nil)
		}
		s.reader.Bytes = s.server.PageBytes()
		p, err := s.h.Page(ctx, s.reader, from)
		if err != nil {
			return err
		}
		regranted := p.Grant != s.reader.Holds
		s.server.Cut(now, p)
		s.reader.Holds = p.Grant
		if regranted {
			if err := s.subscribe(ctx); err != nil {
				return err
			}
		}
	}
}

// Next returns the next message to send, or nil.
func (s *Session) Next() protocol.Message { return s.server.Next() }

// Send queues a message of the hub's own.
func (s *Session) Send(m protocol.Message) { s.server.Send(m) }

// Deadline is when Tick must be called at the latest.
func (s *Session) Deadline() time.Time { return s.server.Deadline() }

// Tick lets time pass; an error ends the session.
func (s *Session) Tick(now time.Time) error { return s.server.Tick(now) }
