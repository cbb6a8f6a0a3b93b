package clock_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"banlang/shared/clock"
)

const (
	second = clock.WallMillis(1000)
	year   = 365 * 24 * 3600 * second
)

func TestStamp(t *testing.T) {
	const noon = clock.WallMillis(1_792_000_000_000)
	for _, c := range []struct {
		name             string
		last, wall, want clock.WallMillis
	}{
		{"first change", 0, noon, noon},
		{"time went on", noon, noon + 7*second, noon + 7*second},
		{"same millisecond", noon, noon, noon + 1},
		{"a small step back", noon, noon - second, noon + 1},
		{"back by just the limit", noon, noon - clock.MaxDrift, noon + 1},
		{"back by one more", noon, noon - clock.MaxDrift - 1, noon - clock.MaxDrift - 1},
		{"ten years ahead, set right", noon + 10*year, noon, noon},
		{"ten years behind, set right", noon - 10*year, noon, noon},
		{"a dead battery: 1970", noon, 0, 0},
	} {
		w := clock.Writer{Last: c.last}
		if got := w.Stamp(c.wall); got != c.want || w.Last != got {
			t.Errorf("%s: %d (Last %d), want %d", c.name, got, w.Last, c.want)
		}
	}
}

// TestAnyWall drives writers with walls that run, stand, step and jump, and checks what
// holds whatever the wall does.
func TestAnyWall(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	for range 300 {
		var w clock.Writer
		wall := clock.WallMillis(rng.Int64N(int64(60 * year)))
		for range 300 {
			wall = move(rng, wall)
			last := w.Last
			got := w.Stamp(wall)
			if got < wall {
				t.Fatalf("seed %d: %d is before the wall %d", seed, got, wall)
			}
			if got > wall+clock.MaxDrift+1 {
				t.Fatalf("seed %d: %d is more than the drift ahead of the wall %d", seed, got, wall)
			}
			if back := got <= last; back != (last > wall+clock.MaxDrift) {
				t.Fatalf("seed %d: after %d at wall %d came %d", seed, last, wall, got)
			}
			if again := (&clock.Writer{Last: last}).Stamp(wall); again != got {
				t.Fatalf("seed %d: a restored writer says %d, not %d", seed, again, got)
			}
		}
	}
}

func move(rng *rand.Rand, wall clock.WallMillis) clock.WallMillis {
	switch rng.IntN(6) {
	case 0:
		return wall // many changes in one millisecond
	case 1:
		return wall + clock.WallMillis(rng.Int64N(int64(second)))
	case 2:
		return wall - clock.WallMillis(rng.Int64N(int64(clock.MaxDrift)))
	case 3:
		return wall - clock.MaxDrift - clock.WallMillis(rng.Int64N(3)) + 1
	case 4:
		return wall + clock.WallMillis(rng.Int64N(int64(20*year))) - 10*year
	default:
		return wall + 40*second
	}
}

func TestSystemIsNow(t *testing.T) {
	before := time.Now().UnixMilli()
	var wall clock.Wall = clock.System
	now := wall()
	if int64(now) < before || now > clock.FromTime(time.Now()) {
		t.Errorf("System says %d", now)
	}
	if got := now.Time(); got.Location() != time.UTC || clock.FromTime(got) != now {
		t.Errorf("%d became %v", now, got)
	}
}
