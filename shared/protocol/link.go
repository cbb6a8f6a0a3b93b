package protocol

import (
	"time"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Link is what one session learns about a link and the next may use. The zero Link knows nothing.
type Link struct {
	PushBytes int           // size of a push that takes about PushTime
	Chunk     int           // size of a chunk of a photo that does; photos are packed already
	Have      []ledger.Have // what the hub was last heard to hold
	Epoch     record.Epoch  // of that hub's log
	Answers   [8]time.Duration
	n         int
	rate      float64 // see Rate
}

// together is the time within which answers count as one: the hub commits together what arrives together.
const together = time.Millisecond

func (l *Link) pace(rate float64) {
	if l.rate > 0 {
		rate = (l.rate + rate) / 2
	}
	l.rate = rate
}

// Rate is how many bytes of changes a second were acknowledged of late; 0 while nothing was measured.
func (l *Link) Rate() float64 { return l.rate }

// PushTime is how long a push should be under way: long enough to be worth its answer, short enough that an urgent one
// need not wait, and that little is lost with the link.
const PushTime = 750 * time.Millisecond

// measure fits the size of pushes to the link. What a push took by itself is counted from the answer before its own: the
// way there and back counts once, not for each.
func (c *Client) measure(now time.Time, s sentPush) {
	alone := aloneSince(s.at, c.answered, now)
	c.answered, c.link.Answers, c.link.n = now, c.pulse.answers, c.pulse.n
	if alone < together {
		return
	}
	c.link.PushBytes = min(max(fitted(c.link.PushBytes, s.bytes, alone), MinPushBytes), PushBytes)
	if s.bytes >= MinPushBytes/2 {
		c.link.pace(float64(s.bytes) / alone.Seconds())
	}
}

// aloneSince is how long what was sent at a time was under way by itself, when the answer before its own came at answered.
// Less than together, it came with that answer, and tells nothing.
func aloneSince(sent, answered, now time.Time) time.Duration {
	if answered.After(sent) {
		sent = answered
	}
	return now.Sub(sent)
}

// fitted is the size of what takes about PushTime, given what was so far thought to, and that sent bytes took alone.
func fitted(size, sent int, alone time.Duration) int {
	switch {
	case alone < PushTime/2:
		return max(size, min(size*2, sent*4))
	case alone > 2*PushTime:
		return size * 2 / 3
	}
	return size
}
