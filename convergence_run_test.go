package banlang_test

import (
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	simSeed      = flag.Uint64("sim.seed", 1, "first seed of the simulation")
	simSchedules = flag.Int("sim.schedules", 2000, "schedules to run; each has at least 4 devices and 120 steps")
	simTrace     = flag.Bool("sim.trace", false, "print what happens")
	simFor       = flag.Duration("sim.for", 0, "run until this much time has passed, instead of a number of schedules")
)

const simSteps = 120

// schedule runs one world from one seed and returns what it broke.
func schedule(seed uint64) (w *world) {
	w = newWorld(seed, 4+int(seed%3))
	start := w.now
	defer func() {
		if r := recover(); r != nil {
			w.breaks("panic: %v\n%s", r, stack())
		}
	}()
	for range simSteps {
		w.turn()
	}
	w.finish()
	w.days = w.now.Sub(start).Hours() / 24 * float64(len(w.devices))
	return w
}

func stack() string {
	b := make([]byte, 8<<10)
	return string(b[:runtime.Stack(b, false)])
}

// tally sums up many schedules.
type tally struct {
	mu        sync.Mutex
	schedules int
	days      float64
	faults    map[string]int
	failed    []*world
}

func (t *tally) add(w *world) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.schedules++
	t.days += w.days
	for k, n := range w.faults {
		t.faults[k] += n
	}
	if len(w.broken) > 0 {
		t.failed = append(t.failed, w)
	}
}

func (t *tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d schedules, %.0f device-days;", t.schedules, t.days)
	for _, k := range slices.Sorted(maps.Keys(t.faults)) {
		fmt.Fprintf(&b, " %s %d,", k, t.faults[k])
	}
	return strings.TrimSuffix(b.String(), ",")
}

// run runs schedules from a seed on until enough were run or one failed.
func run(first uint64, count int, enough func(*tally) bool) *tally {
	t := &tally{faults: map[string]int{}}
	var wait sync.WaitGroup
	var next sync.Mutex
	seed := first
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for {
				next.Lock()
				s := seed
				seed++
				t.mu.Lock()
				stop := s >= first+uint64(count) || enough(t)
				t.mu.Unlock()
				next.Unlock()
				if stop {
					return
				}
				t.add(schedule(s))
			}
		})
	}
	wait.Wait()
	return t
}

// TestConvergence holds all promises that concern more than one machine, in every seeded schedule.
func TestConvergence(t *testing.T) {
	count, deadline := *simSchedules, time.Time{}
	if *simFor > 0 {
		count, deadline = 1<<62, time.Now().Add(*simFor)
	}
	sum := run(*simSeed, count, func(s *tally) bool {
		return len(s.failed) > 2 || !deadline.IsZero() && time.Now().After(deadline)
	})
	t.Logf("from seed %d: %s", *simSeed, sum)
	for _, w := range sum.failed {
		t.Errorf("seed %d (repeat with: go test -run TestConvergence . -sim.seed=%d -sim.schedules=1):\n%s",
			w.seed, w.seed, strings.Join(w.broken, "\n"))
	}
	if len(sum.failed) > 0 || sum.schedules < 2000 {
		return
	}
	for _, what := range accidents {
		if sum.faults[what] < 50 {
			t.Errorf("%q happened %d times; a run that proves anything has it at least 50 times", what, sum.faults[what])
		}
	}
}

// accidents must each have happened often in a run that is to prove anything.
var accidents = []string{"notebook crash before commit", "notebook crash after commit", "notebook without power, work to be had again lost", "notebook disk full",
	"hub crash before commit", "hub crash after commit", "hub disk full", "group commit", "backup", "restore",
	"restore, unannounced", "image", "device rewound", "device copied", "clock jumps", "device lost", "device restarts",
	"server restarts", "newer form at a device", "link cut with frames under way",
	"frames late, behind a newer connection", "release", "erasure", "scope change", "device revoked", "device entered",
	"form published", "change of a later kind", "change from the far future", "second content for one number", "centre lost, replaced by an empty one",
	"directive to several units", "addressed to one more unit", "addressed to a unit no longer",
	"upload cut", "photo damaged on its way", "photo refused for want of room", "photo found damaged, asked for again", "the same photo again",
	"photo of a draft that was given up",
	"review", "review over a page of hours ago", "review that is over", "review claimed by a device",
	"device reported lost", "device reported found", "keys destroyed", "device found while it asks for leave", "keys half destroyed at a crash", "keys not destroyed, the disk is full",
	"key sealed anew", "key given back from the escrow", "written by a device that was cut off",
	"tree of units published", "tree of units amended", "amendment of another tree", "erasure of an answer"}
