package replica

import (
	"testing"
	"time"

	"banlang/shared/wsconn"
)

// TestEffort: bytes are worth the more work the slower the link is; what is measured outweighs what is guessed.
func TestEffort(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		link string
		trip time.Duration
		rate float64
		want wsconn.Effort
	}{
		{"this room", ms / 10, 0, wsconn.Light},
		{"this room, the centre is busy", ms, PoorRate / 2, wsconn.Light},
		{"fibre, far", 40 * ms, 0, wsconn.Quick},
		{"fibre, far, measured", 40 * ms, 2 * FastRate, wsconn.Light},
		{"3G", 150 * ms, 0, wsconn.Thorough},
		{"3G, better than it looked", 150 * ms, 2 * GoodRate, wsconn.Quick},
		{"EDGE", 600 * ms, 0, wsconn.Best},
		{"satellite, wide", 600 * ms, 2 * PoorRate, wsconn.Thorough},
		{"near as it looked, narrow", 40 * ms, PoorRate / 2, wsconn.Best},
	} {
		if got := effort(c.trip, c.rate); got != c.want {
			t.Errorf("%s: %d, want %d", c.link, got, c.want)
		}
	}
}
