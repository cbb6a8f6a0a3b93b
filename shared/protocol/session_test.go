package protocol

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"banlang/shared/fault"
	"banlang/shared/record"
)

func code(t *testing.T, err error, want fault.Code) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestBacklogGoesUp: a device that knows nothing of the hub says Hello and waits; then everything goes up, in pushes
// that grow with the link and never exceed the window.
func TestBacklogGoesUp(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 3000, 1000)
	p.connect()
	p.clientSends()
	if len(p.sent) != 1 {
		t.Fatalf("before the welcome %d messages were sent", len(p.sent))
	}
	p.settle(50 * time.Millisecond)
	if !p.holds(7, 3000) || p.shelf.offered == 0 {
		t.Errorf("the hub holds %d; offered %d", p.centre.haveOf(7).Prefix, p.shelf.offered)
	}
	x := p.c.Progress()
	if x.Pushed != 3000 || x.Sent != 3000 || x.ToPush != 3000 || !x.Welcomed || !x.Caught {
		t.Errorf("progress: %+v", x)
	}
	if p.link.PushBytes != PushBytes {
		t.Errorf("on a quick link a push grew to %d bytes", p.link.PushBytes)
	}
}

// TestPushFitsTheLink: on a slow link pushes shrink, down to a floor.
func TestPushFitsTheLink(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 400, 1000)
	p.connect()
	p.settle(8 * time.Second)
	if p.link.PushBytes != MinPushBytes || !p.holds(7, 400) {
		t.Errorf("on a slow link: %d bytes, %d held", p.link.PushBytes, p.centre.haveOf(7).Prefix)
	}
}

// TestWindow: no more pushes are under way than the window, few on a link that nobody knows; and a hub bears only a few
// more.
func TestWindow(t *testing.T) {
	for rate, want := range map[float64]int{0: 2, 8000: PushWindow} {
		p := newPair(t)
		p.link.rate, p.centre.hold = rate, true
		p.shelf.write(7, 60, 60<<10)
		p.connect()
		p.settle(0)
		if got := len(p.pushes()); got != want {
			t.Errorf("at %v bytes a second: %d under way, want %d", rate, got, want)
		}
	}
	s := welcomed(t).s
	for n := uint64(1); n <= 2*PushWindow; n++ {
		if _, err := s.Receive(start, &Push{Number: n}); err != nil {
			t.Fatalf("push %d: %v", n, err)
		}
	}
	if s.Idle() {
		t.Error("idle, with pushes under way")
	}
	_, err := s.Receive(start, &Push{Number: 2*PushWindow + 1})
	code(t, err, fault.LimitExceeded)
}

// TestResumeInOneFlight: the second session sends changes in the flight of its Hello.
func TestResumeInOneFlight(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 3, 100)
	p.connect()
	p.settle(0)
	p.shelf.write(7, 2, 100)
	p.connect()
	p.clientSends()
	if len(p.sent) != 2 || len(p.pushes()) != 1 || p.pushes()[0].Items[0].Dot.N != 4 {
		t.Fatalf("in the first flight: %d messages", len(p.sent))
	}
	p.settle(0)
	if !p.holds(7, 5) || len(p.centre.got) != 2 {
		t.Errorf("held to %d, after %d pushes", p.centre.haveOf(7).Prefix, len(p.centre.got))
	}
}

// TestWrongGuess: what was sent in the first flight to another epoch is dropped there, unacknowledged, and goes again.
func TestWrongGuess(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 3, 100)
	p.connect()
	p.settle(0)
	p.shelf.write(7, 2, 100)
	p.centre.epoch.Number, p.centre.have = 2, map[record.RunID]map[record.Number]bool{} // restored from an old backup
	p.connect()
	p.settle(0)
	if !p.holds(7, 5) || p.cerr != nil || p.serr != nil {
		t.Errorf("held to %d; %v, %v", p.centre.haveOf(7).Prefix, p.cerr, p.serr)
	}
	if got := p.c.Progress().Pushed; got != 5 {
		t.Errorf("acknowledged: %d", got)
	}
}

// TestHubFellBehindTheGuess: the same epoch, but the hub says it holds less than the last session heard: what it says
// counts.
func TestHubFellBehindTheGuess(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 5, 100)
	p.connect()
	p.settle(0)
	p.centre.have = map[record.RunID]map[record.Number]bool{}
	p.centre.put(7, 1, 2)
	p.shelf.write(7, 1, 100)
	p.connect()
	p.settle(0)
	if !p.holds(7, 6) {
		t.Errorf("held to %d", p.centre.haveOf(7).Prefix)
	}
}

// TestOnlyWhatIsLacking: islands that the hub holds are not sent again.
func TestOnlyWhatIsLacking(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 9, 100)
	p.centre.put(7, 1, 2, 5, 6, 8)
	p.connect()
	p.settle(0)
	var sent []record.Number
	for _, x := range p.pushes() {
		for _, c := range x.Items {
			sent = append(sent, c.Dot.N)
		}
	}
	if fmt.Sprint(sent) != "[3 4 7 9]" || !p.holds(7, 9) {
		t.Errorf("sent %v", sent)
	}
}

// TestAHoleIsPassed: what is not held here (a colleague's change of which the body is gone) stops nothing behind it.
func TestAHoleIsPassed(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 9, 100)
	p.shelf.foreign[7] = true
	p.shelf.held[7] = append(p.shelf.held[7][:3:3], p.shelf.held[7][5:]...)
	p.connect()
	p.settle(0)
	if got := p.centre.have[7]; len(got) != 7 || !got[9] || p.shelf.offered != 1 {
		t.Errorf("the hub holds %v; offered %d", got, p.shelf.offered)
	}
}

// TestUrgentOvertakes: a flash report written while a backlog is under way goes next, once.
func TestUrgentOvertakes(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 100, 20<<10)
	p.connect()
	p.flight(0)
	p.clientSends() // a window of the backlog
	before := len(p.pushes())
	p.shelf.write(7, 1, 100)
	p.shelf.urgent = []record.Dot{{Run: 7, N: 101}}
	p.c.Wake()
	p.settle(0)
	next := p.pushes()[before]
	if !next.Urgent || len(next.Items) != 1 || next.Items[0].Dot.N != 101 {
		t.Errorf("the next push carries %d changes, urgent %v", len(next.Items), next.Urgent)
	}
	times := 0
	for _, x := range p.pushes() {
		for _, c := range x.Items {
			if c.Dot.N == 101 {
				times++
			}
		}
	}
	if times != 1 || !p.holds(7, 101) {
		t.Errorf("the report was sent %d times; held to %d", times, p.centre.haveOf(7).Prefix)
	}
}

// TestUrgentBeforeAnIsland: what went ahead as urgent, right before a stretch that the hub holds already, does not end
// the run: what lies behind still goes in this session.
func TestUrgentBeforeAnIsland(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 9, 100)
	p.shelf.urgent = []record.Dot{{Run: 7, N: 5}}
	p.centre.put(7, 6, 7, 8)
	p.connect()
	p.settle(0)
	if !p.holds(7, 9) {
		t.Errorf("held to %d", p.centre.haveOf(7).Prefix)
	}
}

// TestManyLargeUrgentChanges: however many and large they are, each push fits a frame.
func TestManyLargeUrgentChanges(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 12, 900<<10)
	for n := record.Number(1); n <= 12; n++ {
		p.shelf.urgent = append(p.shelf.urgent, record.Dot{Run: 7, N: n})
	}
	p.connect()
	p.settle(0) // wire fails the test when a message exceeds the limit
	if !p.holds(7, 12) {
		t.Errorf("held to %d", p.centre.haveOf(7).Prefix)
	}
}

// TestManySmallUrgentChanges: nor does a push carry more changes than one may.
func TestManySmallUrgentChanges(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 1500, 10)
	for range 3 { // the list may name one twice
		for n := record.Number(1); n <= 1500; n++ {
			p.shelf.urgent = append(p.shelf.urgent, record.Dot{Run: 7, N: n})
		}
	}
	p.connect()
	p.settle(0)
	if !p.holds(7, 1500) || p.c.Progress().Pushed != 1500 {
		t.Errorf("held to %d, pushed %d", p.centre.haveOf(7).Prefix, p.c.Progress().Pushed)
	}
}

// TestPagesComeDown: pages follow one another, each taken before the window allows more, until there is nothing newer.
func TestPagesComeDown(t *testing.T) {
	p := newPair(t)
	for n := range 20 {
		p.centre.log = append(p.centre.log, []*record.Change{change(t, 9, record.Number(n+1), 10)})
	}
	p.connect()
	p.clientSends()
	p.hubTakes()
	if got := len(p.down); got != 1+PageWindow {
		t.Errorf("%d messages in the first flight back, want a welcome and %d pages", got, PageWindow)
	}
	p.clientTakes()
	p.settle(0)
	if len(p.shelf.pages) != 20 || p.c.Progress().Taken != 20 || !p.c.Progress().Caught {
		t.Errorf("%d pages taken; %+v", len(p.shelf.pages), p.c.Progress())
	}
	if p.shelf.cursor.At["U1"] != 20 {
		t.Errorf("the cursor is at %v", p.shelf.cursor.At)
	}
}

// TestNothingNewIsSaidOnce: a reader that has everything hears so once, and is not woken for what does not concern it.
func TestNothingNewIsSaidOnce(t *testing.T) {
	p := welcomed(t)
	if len(p.shelf.pages) != 1 || !p.shelf.pages[0].Caught {
		t.Fatalf("%d pages", len(p.shelf.pages))
	}
	for range 5 {
		p.s.News()
		p.settle(0)
	}
	if len(p.shelf.pages) != 1 {
		t.Errorf("%d pages about nothing", len(p.shelf.pages))
	}
}

// TestStalePageFinishesPushes: after a page that does not follow, no more are taken, everything saved still goes up, and
// only then does the session end, to begin anew.
func TestStalePageFinishesPushes(t *testing.T) {
	p := newPair(t)
	p.shelf.write(7, 300, 2000)
	p.centre.grant = record.Dot{Run: 1, N: 1} // the shelf holds none
	p.centre.log = [][]*record.Change{{change(t, 9, 1, 10)}, {change(t, 9, 2, 10)}}
	p.connect()
	p.settle(0)
	if !errors.Is(p.cerr, ErrStale) || len(p.shelf.pages) != 0 || !p.holds(7, 300) {
		t.Errorf("ended with %v; %d pages taken, held to %d", p.cerr, len(p.shelf.pages), p.centre.haveOf(7).Prefix)
	}
}

// TestWhatAClientDoesNotBear: each ends the session with its code.
func TestWhatAClientDoesNotBear(t *testing.T) {
	early := func() *pair { p := newPair(t); p.connect(); p.clientSends(); return p }
	for name, x := range map[string]struct {
		on   *pair
		say  Message
		want fault.Code
	}{
		"a page before the welcome":   {early(), &Page{}, fault.BadFrame},
		"an ack before the welcome":   {early(), &Ack{}, fault.BadFrame},
		"a ping before the welcome":   {early(), &Ping{}, fault.BadFrame},
		"a later version":             {early(), &Welcome{Version: VersionMax + 1}, fault.BadProtocol},
		"an earlier version":          {early(), &Welcome{Version: VersionMin - 1}, fault.BadProtocol},
		"a goodbye before it":         {early(), &Bye{Code: fault.NotEnrolled}, fault.NotEnrolled},
		"a second welcome":            {welcomed(t), &Welcome{Version: 1}, fault.BadFrame},
		"an answer to nothing":        {welcomed(t), &Ack{1}, fault.BadFrame},
		"a hello":                     {welcomed(t), &Hello{}, fault.BadFrame},
		"a push":                      {welcomed(t), &Push{}, fault.BadFrame},
		"taken":                       {welcomed(t), &Taken{}, fault.BadFrame},
		"a goodbye: stopping":         {welcomed(t), &Bye{Code: fault.ServerStopping}, fault.ServerStopping},
		"a goodbye: of a later hub":   {welcomed(t), &Bye{Code: "something_new"}, "something_new"},
		"a welcome before its answer": {newUnsent(t), &Welcome{Version: 1}, fault.BadFrame},
	} {
		t.Run(name, func(t *testing.T) { code(t, x.on.c.Receive(x.on.now, x.say), x.want) })
	}
}

// newUnsent is a session whose Hello has not left yet.
func newUnsent(t testing.TB) *pair { p := newPair(t); p.connect(); return p }

// TestWhatAHubDoesNotBear: likewise.
func TestWhatAHubDoesNotBear(t *testing.T) {
	for name, x := range map[string]struct {
		on   *Server
		say  Message
		want fault.Code
	}{
		"a push first":         {NewServer(start), &Push{Number: 1}, fault.BadFrame},
		"a ping first":         {NewServer(start), &Ping{}, fault.BadFrame},
		"only later versions":  {NewServer(start), &Hello{VersionMin: VersionMax + 1, VersionMax: 99}, fault.BadProtocol},
		"only earlier ones":    {NewServer(start), &Hello{VersionMax: VersionMin - 1}, fault.BadProtocol},
		"a second hello":       {welcomed(t).s, &Hello{VersionMin: 1, VersionMax: 1}, fault.BadFrame},
		"a push left out":      {welcomed(t).s, &Push{Number: 2}, fault.BadFrame},
		"a push again":         {welcomed(t).s, &Push{Number: 0}, fault.BadFrame},
		"taken what was not":   {welcomed(t).s, &Taken{}, fault.BadFrame},
		"a welcome":            {welcomed(t).s, &Welcome{}, fault.BadFrame},
		"an ack":               {welcomed(t).s, &Ack{}, fault.BadFrame},
		"a page":               {welcomed(t).s, &Page{}, fault.BadFrame},
		"a goodbye, with code": {welcomed(t).s, &Bye{Code: fault.DiskFull}, fault.DiskFull},
	} {
		t.Run(name, func(t *testing.T) { _, err := x.on.Receive(start, x.say); code(t, err, x.want) })
	}
}

// TestWhoAsksAndDoesNotListen is borne up to a limit, at both ends.
func TestWhoAsksAndDoesNotListen(t *testing.T) {
	p := welcomed(t)
	for n := range uint64(MaxOwed) {
		if _, err := p.s.Receive(p.now, &Ping{n}); err != nil {
			t.Fatalf("ping %d: %v", n, err)
		}
		if err := p.c.Receive(p.now, &Ping{n}); err != nil {
			t.Fatalf("ping %d: %v", n, err)
		}
	}
	_, err := p.s.Receive(p.now, &Ping{99})
	code(t, err, fault.LimitExceeded)
	code(t, p.c.Receive(p.now, &Ping{99}), fault.LimitExceeded)
}

// TestVersionsMeet: a later program that still speaks ours is welcomed.
func TestVersionsMeet(t *testing.T) {
	if _, err := NewServer(start).Receive(start, &Hello{VersionMin: VersionMin, VersionMax: VersionMax + 9}); err != nil {
		t.Error(err)
	}
}

// TestDiskErrorsEndTheSession: whatever cannot be made durable here ends the session, unanswered.
func TestDiskErrorsEndTheSession(t *testing.T) {
	for name, say := range map[string]Message{"page": &Page{To: Cursor{At: nil}}, "receipts": &Receipts{}} {
		t.Run(name, func(t *testing.T) {
			p := welcomed(t)
			p.shelf.fails = errDisk
			if page, ok := say.(*Page); ok {
				page.From = p.shelf.cursor.Sum()
			}
			if err := p.c.Receive(p.now, say); !errors.Is(err, errDisk) {
				t.Errorf("%v", err)
			}
			if m, err := p.c.Next(p.now); m != nil && err == nil {
				t.Errorf("and said %T", m)
			}
		})
	}
}

// TestAcksMayCoverSeveral: one answer covers every push up to its number; an old one again does nothing.
func TestAcksMayCoverSeveral(t *testing.T) {
	p := newPair(t)
	p.link.rate, p.centre.hold = 8000, true
	p.shelf.write(7, 100, 20<<10)
	p.connect()
	p.settle(0)
	for _, n := range []uint64{3, 1, 3} {
		if err := p.c.Receive(p.now, &Ack{n}); err != nil {
			t.Fatal(err)
		}
	}
	want := uint64(0)
	for _, x := range p.pushes()[:3] {
		want += uint64(len(x.Items))
	}
	if got := p.c.Progress().Pushed; got != want {
		t.Errorf("%d acknowledged, want %d", got, want)
	}
}
