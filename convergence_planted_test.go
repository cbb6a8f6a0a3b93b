//go:build planted

package banlang_test

import (
	"slices"
	"testing"

	"banlang/shared/planted"
)

// byStory are bugs of what nobody does in the simulation: there no record is written anew in place of another. Their stories find them
// (TestPromisesFailWhenBroken).
var byStory = []planted.Bug{planted.AnewTwice}

// TestPlantedBugsAreFound switches on one bug at a time; the simulation must find each within a few hundred schedules.
func TestPlantedBugsAreFound(t *testing.T) {
	const within = 600
	for b := planted.None + 1; b < planted.Count; b++ {
		if slices.Contains(byStory, b) {
			continue
		}
		t.Run(b.String(), func(t *testing.T) {
			planted.Set(b)
			defer planted.Set(planted.None)
			sum := run(1, within, func(s *tally) bool { return len(s.failed) > 0 })
			if len(sum.failed) == 0 {
				t.Fatalf("not found in %d schedules", sum.schedules)
			}
			w := sum.failed[0]
			t.Logf("found by seed %d, after %d schedules: %.200s", w.seed, sum.schedules, w.broken[0])
		})
	}
}
