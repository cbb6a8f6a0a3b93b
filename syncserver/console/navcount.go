package console

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"banlang/shared/fault"
)

// navCount says how many things wait behind a line of the navigation, for the viewer.
type navCount struct {
	urgent bool          // it cannot wait
	stale  time.Duration // how old it may be although something has arrived since; nothing counts for longer than countTime
	of     func(*Request) (navNumber, error)
}

// navCounts are the lines that count, by the path of their page.
var navCounts = map[string]navCount{
	"/flash": {urgent: true, of: flashWaiting},
	"/inbox": {of: inboxWaiting},
	"/stale": {of: staleWaiting, stale: time.Minute},

	"/rejected": {of: rejectedWaiting},
}

// navNumber is a count, or the least that it can be.
type navNumber struct {
	n    int
	more bool
}

// countTime is how old a count may be while nothing arrives: some counts change with the clock.
const countTime = 30 * time.Second

// maxCounts bounds what is remembered.
const maxCounts = 10_000

// counts remembers what was counted, by the line and by what the viewer may see.
type counts struct {
	mu sync.Mutex
	of map[string]*counted
}

// counted is one count. It is locked while it is counted: of many pages that ask at once, one counts.
type counted struct {
	mu sync.Mutex
	navNumber
	at    time.Time
	moved <-chan struct{} // closed when the views show something else by now; nil: it was never counted
}

// holds reports whether it may still be shown.
func (x *counted) holds(stale time.Duration) bool {
	if x.moved == nil {
		return false
	}
	select {
	case <-x.moved:
		return time.Since(x.at) < stale
	default:
		return time.Since(x.at) < countTime
	}
}

// waiting is the count of a line of the navigation, 0 where nothing is counted. That it cannot be had keeps no page from being
// shown.
func (q *Request) waiting(path string) (n navNumber, urgent bool) {
	x, ok := navCounts[path]
	if !ok {
		return n, false
	}
	who := []string{path, q.Viewer.Unit}
	for _, r := range q.Viewer.Roles {
		who = append(who, string(r))
	}
	c := q.c.counts.under(strings.Join(who, " "))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.holds(x.stale) {
		return c.navNumber, x.urgent
	}
	at, moved := time.Now(), q.c.Centre.Views().Moved()
	n, err := x.of(q)
	if err != nil {
		q.c.Log.Error("no count", "code", string(fault.CodeOf(err)))
		return n, false
	}
	c.navNumber, c.at, c.moved = n, at, moved
	return n, x.urgent
}

// under is what is remembered under a key.
func (c *counts) under(key string) *counted {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil || len(c.of) >= maxCounts && c.of[key] == nil {
		c.of = map[string]*counted{}
	}
	if c.of[key] == nil {
		c.of[key] = &counted{}
	}
	return c.of[key]
}

// waitsNow are the counts of the navigation as a page that listens is told them: by the address of their line.
func (q *Request) waitsNow() ([]byte, error) {
	type waits struct {
		N      int    // how many things wait there, or the least that they can be
		Text   string // the same for people; "" for none
		Urgent bool
	}
	all := map[string]waits{}
	for _, l := range q.Nav() {
		if _, counts := navCounts[l.Href]; counts {
			all[l.Href] = waits{l.N, l.Count, l.Urgent}
		}
	}
	return json.Marshal(all)
}
