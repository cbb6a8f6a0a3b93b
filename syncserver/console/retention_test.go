package console

import (
	"testing"
	"time"
)

// TestLongestOf: whatever order the times of a form come in, the record as a whole goes by the one that ends last, and a part of it
// never takes the whole with it.
func TestLongestOf(t *testing.T) {
	now := time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC)
	for _, x := range []struct{ a, b, longest string }{
		{"10y", "90d after closed_on", "10y"},
		{"90d after closed_on", "10y", "10y"},
		{"90d after closed_on", "6m after closed_on", "6m after closed_on"},
		{"permanent", "10y", "permanent"},
		{"90d after closed_on", "permanent", "permanent"},
		{"2y after replaced", "1y", "2y after replaced"},
		{"10y", "10y after closed_on", "10y after closed_on"},
		{"730d", "1y", "730d"},
	} {
		for _, texts := range [][]string{{x.a, x.b}, {x.b, x.a}} {
			if got := longestOf(texts, now); got != x.longest {
				t.Errorf("of %q the longest is %q, want %q", texts, got, x.longest)
			}
		}
	}
}
