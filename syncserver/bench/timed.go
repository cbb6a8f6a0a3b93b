package main

import (
	"fmt"
	"slices"
	"syscall"
	"time"
)

// spent is what one act took, in milliseconds: by the clock, for which the person waits and which counts; and of the
// processors, in all threads of this program, which other load on the machine does not spoil.
type spent struct{ wall, cpu float64 }

// timed measures one act.
func timed(act func() error) (spent, error) {
	cpu, start := processorTime(), time.Now()
	err := act()
	wall := time.Since(start)
	return spent{wall.Seconds() * 1000, (processorTime() - cpu).Seconds() * 1000}, err
}

// processorTime is what this process has taken so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails for no process
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// rounds are acts of one kind, by round.
type rounds [][]spent

// measure adds a round of n acts.
func (r *rounds) measure(n int, act func(i int) error) error {
	var round []spent
	for i := range n {
		s, err := timed(func() error { return act(i) })
		if err != nil {
			return err
		}
		round = append(round, s)
	}
	*r = append(*r, round)
	return nil
}

// at is a percentile of the acts, the median of all rounds.
func (r rounds) at(percent int) spent {
	var wall, cpu []float64
	for _, round := range r {
		walls, cpus := make([]float64, len(round)), make([]float64, len(round))
		for i, s := range round {
			walls[i], cpus[i] = s.wall, s.cpu
		}
		slices.Sort(walls)
		slices.Sort(cpus)
		wall, cpu = append(wall, walls[len(walls)*percent/100]), append(cpu, cpus[len(cpus)*percent/100])
	}
	return spent{median(wall), median(cpu)}
}

func (r rounds) String() string {
	half, most := r.at(50), r.at(99)
	return fmt.Sprintf("%s(p99 %s; on the processor %s, p99 %s)", figure(half.wall, ms), figure(most.wall, ms), figure(half.cpu, ms), figure(most.cpu, ms))
}

// within prints acts whose 99th percentile has a limit, in milliseconds, and how many times it fits in there.
func (r rounds) within(name string, limit float64, note string) {
	most := r.at(99)
	if most.wall > limit && most.cpu <= limit {
		note += " spoilt by other load: within the limit on the processor"
	}
	alone(name, r.String(), noForms, figure(limit/most.wall, factor), figure(limit, ms)+"(p99)"+note)
}

// noForms is why there is no floor.
const noForms = "it has no forms"

// alone prints a measurement without a floor.
func alone(name, ours, why, ratio, limit string) {
	fmt.Printf("bench %-16s ours=%s floor=absent (%s) ratio=%s limit=%s\n", name, ours, why, ratio, limit)
}
