package console

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"banlang/shared/fault"
)

const (
	// liveRest is the least time between two words to a page: who looks at a busy centre is not sent a page a change.
	liveRest = 2 * time.Second
	// liveBeat keeps the line open through whatever cuts lines that are silent, and asks whether the session still is.
	liveBeat = 25 * time.Second
	// maxLive bounds the pages that listen at a time; others are current when they are loaded.
	maxLive = 500
)

// getLive tells a page, as long as it is open, that something came to the centre; the page asks again for what it shows. It
// ends with the session: a page that nobody uses keeps none awake.
func getLive(q *Request) error {
	if q.c.live.Add(1) > maxLive {
		q.c.live.Add(-1)
		return fault.New(fault.Busy, "console.live", nil)
	}
	defer q.c.live.Add(-1)
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
			if _, err := q.c.Centre.Staff().Peek(q.Context(), q.token(), q.from()); errors.Is(err, fault.SignedOut) {
				tell("event: over\ndata: .")
				return nil
			}
			if !tell(": .") {
				return nil
			}
		case <-arrived:
			arrived = q.c.Centre.Views().Moved()
			if !tell("event: arrived\ndata: .") {
				return nil
			}
			select { // what comes meanwhile is told once
			case <-time.After(liveRest):
			case <-q.Context().Done():
				return nil
			}
		}
	}
}
