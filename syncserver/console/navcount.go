package console

import (
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
	of map[string]counted
}

type counted struct {
	navNumber
	at    time.Time
	moved <-chan struct{} // closed when the views show something else by now
}

// holds reports whether it may still be shown.
func (x *counted) holds(stale time.Duration) bool {
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
	key := strings.Join(who, " ")
	if c, ok := q.c.counts.get(key); ok && c.holds(x.stale) {
		return c.navNumber, x.urgent
	}
	now := counted{at: time.Now(), moved: q.c.Centre.Views().Moved()}
	n, err := x.of(q)
	if err != nil {
		q.c.Log.Error("no count", "code", string(fault.CodeOf(err)))
		return n, false
	}
	now.navNumber = n
	q.c.counts.put(key, now)
	return n, x.urgent
}

func (c *counts) get(key string) (x counted, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok = c.of[key]
	return x, ok
}

func (c *counts) put(key string, x counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil || len(c.of) >= maxCounts {
		c.of = map[string]counted{}
	}
	c.of[key] = x
}
