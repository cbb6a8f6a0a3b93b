package console

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"banlang/shared/fault"
)

const (
	// liveRest is the least time between two words to a page: who looks at a busy centre is not sent a page a change.
	liveRest = 2 * time.Second
	// liveBeat keeps the line open through whatever cuts lines that are silent, and asks whether the session still is.
	liveBeat = 25 * time.Second
	// maxLive and maxLines bound the pages that listen at a time, of all and of one account; others are current when they are loaded.
	maxLive, maxLines = 500, 20
	// liveShare is the least time between two words to any of the pages: what all of them ask again stays a few pages a second.
	liveShare = 100 * time.Millisecond
	// maxOpened is how many pages that were opened by hand are remembered at least.
	maxOpened = 5000
)

// lines counts the pages that listen, by account. The zero value is ready.
type lines struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

// take reports whether one more page of an account may listen; then it is given back.
func (l *lines) take(account string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= maxLive || l.of[account] >= maxLines {
		return false
	}
	if l.of == nil {
		l.of = map[string]int{}
	}
	l.all++
	l.of[account]++
	return true
}

func (l *lines) giveBack(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.of[account]--; l.of[account] == 0 {
		delete(l.of, account)
	}
}

// rest is how long a page is left alone after a word.
func (l *lines) rest() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(liveRest, time.Duration(l.all)*liveShare)
}

// opened remembers which pages were opened by hand in which session: a page that says that it asks by itself is believed for
// those only, or reading could be hidden from the audit by saying so. The zero value is ready.
type opened struct {
	mu          sync.Mutex
	now, before map[[sha256.Size]byte]bool
}

func openedKey(token, address string) [sha256.Size]byte {
	return sha256.Sum256([]byte(token + " " + address))
}

func (o *opened) add(token, address string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.now == nil || len(o.now) >= maxOpened {
		o.now, o.before = map[[sha256.Size]byte]bool{}, o.now
	}
	o.now[openedKey(token, address)] = true
}

func (o *opened) has(token, address string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := openedKey(token, address)
	return o.now[key] || o.before[key]
}

// getLive tells a page, as long as it is open, that something came to the centre, and what waits behind the lines of the
// navigation by now: for that no page asks. The page asks again for what else it shows. It ends with the session: a page that
// nobody uses keeps none awake.
func getLive(q *Request) error {
	if !q.c.live.take(q.Viewer.Account) {
		q.w.WriteHeader(http.StatusNoContent) // a browser does not ask again
		return nil
	}
	defer q.c.live.giveBack(q.Viewer.Account)
	line := http.NewResponseController(q.w)
	tell := func(word string) bool {
		_ = line.SetWriteDeadline(time.Now().Add(liveBeat)) // where it cannot be set, the server's holds
		_, err := fmt.Fprintf(q.w, "%s\n\n", word)
		return err == nil && line.Flush() == nil
	}
	q.w.Header().Set("Content-Type", "text/event-stream")
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	arrived := q.c.Centre.Views().Moved() // before a word is said: what comes from now on is told
	if !tell("retry: 5000") {
		return nil
	}
	for {
		select {
		case <-q.Context().Done():
			return nil
		case <-beat.C:
			if q.over() {
				tell(over)
				return nil
			}
			if !tell(": .") {
				return nil
			}
		case <-arrived:
			arrived = q.c.Centre.Views().Moved()
			if q.over() {
				tell(over)
				return nil
			}
			waits, err := q.waitsNow()
			if err != nil {
				return err
			}
			if !tell("event: waits\ndata: " + string(waits) + "\n\nevent: arrived\ndata: .") {
				return nil
			}
			select { // what comes meanwhile is told once
			case <-time.After(q.c.live.rest()):
			case <-q.Context().Done():
				return nil
			}
		}
	}
}

// over is the word that the session is over.
const over = "event: over\ndata: ."

// over looks once more who asks, and of what tree; it reports whether the session has ended.
func (q *Request) over() bool {
	v, err := q.c.Centre.Staff().Peek(q.Context(), q.token(), q.from())
	if err == nil {
		q.Viewer, q.tree = v, nil
	}
	return errors.Is(err, fault.SignedOut)
}

// mark tells a page that asks by itself the state of what it shows, and nothing of that: it offers to be loaded anew when it
// shows another. Nothing is taken away from under the hand of whoever reads or writes there.
func (q *Request) mark(state string) error {
	q.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(q.w, state)
	return err
}

// markOf is one word for a state.
func markOf(state ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(state, " ")))
	return hex.EncodeToString(sum[:8])
}
