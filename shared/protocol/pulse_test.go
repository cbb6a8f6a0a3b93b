package protocol

import (
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/record"
)

// TestPatience follows the slowest of the last eight answers, within its bounds.
func TestPatience(t *testing.T) {
	for name, x := range map[string]struct {
		answers []time.Duration
		want    time.Duration
	}{
		"nothing measured": {nil, FirstPatience},
		"a quick link":     {[]time.Duration{10 * time.Millisecond}, MinPatience},
		"a slow one":       {[]time.Duration{time.Second, 4 * time.Second, time.Second}, 16 * time.Second},
		"a very slow one":  {[]time.Duration{time.Minute}, MaxPatience},
		"slow long ago":    {[]time.Duration{time.Minute, 1, 1, 1, 1, 1, 1, 1, 1}, MinPatience},
	} {
		t.Run(name, func(t *testing.T) {
			var p pulse
			for _, d := range x.answers {
				p.answered(start, d, false)
			}
			if got := p.patience(); got != x.want {
				t.Errorf("%v, want %v", got, x.want)
			}
		})
	}
}

// TestPingMeasuresItsOwnWay: a Pong that comes after another answer is measured from its Ping.
func TestPingMeasuresItsOwnWay(t *testing.T) {
	var p pulse
	p.hear(start)
	now := start.Add(IdlePing)
	ping, gone := p.tick(now)
	if ping == nil || gone {
		t.Fatalf("after the idle silence: %v, %v", ping, gone)
	}
	p.answered(now.Add(50*time.Millisecond), 30*time.Millisecond, false) // of a push that was sent meanwhile
	p.pong(now.Add(100*time.Millisecond), &Pong{ping.Number}, false)
	if got := p.patience(); got != MinPatience {
		t.Errorf("patience of %v after answers within 100 ms", got)
	}
	p.pong(now.Add(time.Hour), &Pong{ping.Number}, false) // again, late
	if p.n != 2 {
		t.Errorf("%d answers noted, want 2", p.n)
	}
}

// TestAnIdleSessionLives: two ends that have nothing to say live for a day on a Ping now and then.
func TestAnIdleSessionLives(t *testing.T) {
	p := welcomed(t)
	messages := 0
	for end := p.now.Add(24 * time.Hour); p.now.Before(end); {
		next := p.c.Deadline()
		if d := p.s.Deadline(); d.Before(next) {
			next = d
		}
		p.now = next
		p.tick()
		p.hubSays()
		messages += len(p.down)
		p.flight(200 * time.Millisecond)
		p.clientSends()
		p.hubTakes()
		if p.cerr != nil || p.serr != nil {
			t.Fatalf("at %v: %v, %v", p.now, p.cerr, p.serr)
		}
	}
	if most := 24 * 3600 / 20 * 3; messages > most {
		t.Errorf("%d messages in an idle day", messages)
	}
}

// dies lets time pass with nothing crossing the link, until both halves have noticed; it returns how long each took.
func dies(p *pair) (client, server time.Duration) {
	since := p.now
	for range 100 {
		next := p.c.Deadline()
		if d := p.s.Deadline(); p.cerr != nil || p.serr == nil && d.Before(next) {
			next = d
		}
		p.now = next
		p.tick()
		if p.cerr != nil && client == 0 {
			client = p.now.Sub(since)
		}
		if p.serr != nil && server == 0 {
			server = p.now.Sub(since)
		}
		if p.cerr != nil && p.serr != nil {
			break
		}
		p.clientSends()
		p.hubSays()
		p.up, p.down = nil, nil
	}
	return client, server
}

// TestADeadLinkIsNoticed: both halves notice within seconds when something is under way, and after one silence and a
// Ping when nothing is; the code says what happened.
func TestADeadLinkIsNoticed(t *testing.T) {
	quick := 30 * time.Millisecond
	for name, x := range map[string]struct {
		before func(*pair)
		client time.Duration // at most
		server time.Duration
	}{
		"nothing under way, nothing measured": {func(*pair) {}, IdlePing + FirstPatience, IdlePing + FirstPatience},
		"on the first push": {func(p *pair) { p.shelf.write(7, 1, 100); p.c.Wake(); p.clientSends() },
			FirstPatience, IdlePing + FirstPatience},
		"in the middle of a backlog": {func(p *pair) {
			p.shelf.write(7, 200, 60<<10)
			p.c.Wake()
			for range 6 {
				p.flight(quick)
			}
			p.clientSends()
		}, MinPatience, IdlePing + FirstPatience},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			p.connect()
			p.settle(quick)
			x.before(p)
			p.up = nil
			client, server := dies(p)
			if client == 0 || client > x.client || server == 0 || server > x.server {
				t.Errorf("noticed after %v and %v; allowed %v and %v", client, server, x.client, x.server)
			}
			code(t, p.cerr, fault.CutOff)
			code(t, p.serr, fault.CutOff)
		})
	}
}

// TestAHubThatNeverAnswers: neither the Hello's answer nor the Hello itself is waited for beyond the first patience.
func TestAHubThatNeverAnswers(t *testing.T) {
	p := newPair(t)
	p.connect()
	p.clientSends()
	p.up = nil
	client, server := dies(p)
	if client != FirstPatience || server != FirstPatience {
		t.Errorf("noticed after %v and %v", client, server)
	}
}

// TestASlowLinkIsNotDead: answers that take five seconds, time after time, end nothing.
func TestASlowLinkIsNotDead(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 200, 1000)
	p.connect()
	for range 100 {
		p.clientSends()
		for range 2 {
			p.now = p.now.Add(2500 * time.Millisecond)
			p.tick()
		}
		p.hubTakes()
		p.clientTakes()
	}
	if p.cerr != nil || p.serr != nil || !p.holds(7, 200) {
		t.Errorf("%v, %v; held to %d", p.cerr, p.serr, p.centre.haveOf(7).Prefix)
	}
}

// TestWhatALinkTaughtIsKept: the next session begins with the patience and the size of pushes of the last.
func TestWhatALinkTaughtIsKept(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 300, 1000)
	p.connect()
	p.settle(30 * time.Millisecond)
	p.connect()
	if got := p.c.pulse.patience(); got != MinPatience {
		t.Errorf("patience of %v in the next session", got)
	}
	if p.link.PushBytes <= FirstPushBytes {
		t.Errorf("pushes of %d bytes", p.link.PushBytes)
	}
}

// TestAReaderThatDoesNotTakeIsCutOff: with a full window of pages and a sign of life now and then, but nothing taken.
func TestAReaderThatDoesNotTakeIsCutOff(t *testing.T) {
	s := NewServer(start)
	if _, err := s.Receive(start, &Hello{VersionMin: 1, VersionMax: 1}); err != nil {
		t.Fatal(err)
	}
	s.Welcomed(&Welcome{Hub: 5}, record.Dot{})
	for i := range PageWindow {
		s.Next()
		if _, wants := s.WantsPage(); !wants {
			t.Fatalf("after %d pages it wants no more", i)
		}
		s.Cut(start, &Page{To: Cursor{Hub: 5}, Items: []*record.Change{change(t, 9, 1, 10)}})
	}
	s.Next()
	if _, wants := s.WantsPage(); wants {
		t.Error("a page beyond the window")
	}
	now := start
	var err error
	for now.Sub(start) <= TakeTime && err == nil {
		now = s.Deadline()
		err = s.Tick(now)
		for m := s.Next(); m != nil; m = s.Next() {
			if ping, ok := m.(*Ping); ok && err == nil {
				_, err = s.Receive(now, &Pong{ping.Number})
			}
		}
	}
	code(t, err, fault.CutOff)
	if took := now.Sub(start); took != TakeTime {
		t.Errorf("cut off after %v", took)
	}
}

// TestAFirstPushIsGivenTime: a welcome comes quickly over a slow link, and a push does not; the first one is not given up
// after the time that fits the welcome.
func TestAFirstPushIsGivenTime(t *testing.T) {
	p := newPair(t)
	p.connect()
	p.settle(300 * time.Millisecond)
	if got := p.c.pulse.patience(); got != MinPatience {
		t.Fatalf("patience of %v after the welcome", got)
	}
	p.centre.hold = true
	p.shelf.write(7, 100, 1000)
	p.c.Wake()
	p.clientSends()
	if got := p.c.pulse.patience(); got != FirstPatience {
		t.Errorf("patience of %v with the first push under way", got)
	}
}
