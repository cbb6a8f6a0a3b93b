package protocol

import "time"

// pulse tells a slow link from a dead one. It is told what is heard and when an answer is awaited, and says until when
// silence is to be borne. Both halves of a session have one.
type pulse struct {
	heard   time.Time        // the last message from the other end
	asked   time.Time        // since when an answer is awaited; zero: none is
	answers [8]time.Duration // how long the last answers took
	n       int
	least   time.Duration // patience while what is under way is larger than what the answers were to
	ping    uint64        // the last Ping sent
	pinged  time.Time     // when; zero: it was answered
}

// hear notes a sign of life from the other end: a message, or a part of one.
func (p *pulse) hear(at time.Time) {
	if at.After(p.heard) {
		p.heard = at
	}
}

// ask notes that an answer is awaited from now on, if none was before.
func (p *pulse) ask(now time.Time) {
	if p.asked.IsZero() {
		p.asked = now
	}
}

// answered notes an answer that took d; more says whether others are still awaited.
func (p *pulse) answered(now time.Time, d time.Duration, more bool) {
	p.answers[p.n%len(p.answers)] = d
	p.n++
	p.asked = time.Time{}
	if more {
		p.asked = now
	}
}

// patience is how long to bear silence while an answer is awaited.
func (p *pulse) patience() time.Duration {
	if p.n == 0 {
		return FirstPatience
	}
	var slowest time.Duration
	for _, d := range p.answers {
		slowest = max(slowest, d)
	}
	return min(max(4*slowest, MinPatience, p.least), MaxPatience)
}

// deadline is when the other end counts as gone (if an answer is awaited) or is to be asked for a sign of life.
func (p *pulse) deadline() time.Time {
	if p.asked.IsZero() {
		return p.heard.Add(IdlePing)
	}
	since := p.asked
	if p.heard.After(since) {
		since = p.heard
	}
	return since.Add(p.patience())
}

// tick returns a Ping to send when the idle silence is over, or gone when an awaited answer did not come.
func (p *pulse) tick(now time.Time) (ping *Ping, gone bool) {
	if now.Before(p.deadline()) {
		return nil, false
	}
	if !p.asked.IsZero() {
		return nil, true
	}
	p.ping++
	p.pinged = now
	p.ask(now)
	return &Ping{p.ping}, false
}

// pong takes the answer to a Ping.
func (p *pulse) pong(now time.Time, m *Pong, more bool) {
	if !p.pinged.IsZero() && m.Number == p.ping {
		took := now.Sub(p.pinged)
		p.pinged = time.Time{}
		p.answered(now, took, more)
	}
}
