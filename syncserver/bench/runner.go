package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// runner holds what all measurements share.
type runner struct {
	rounds    int
	tls       bool
	yardstick string
	corpus    string
	only      string
	keep      string

	dir    string // everything that is made here
	ours   peer
	floor  *peer  // nil: absent
	why    string // it is absent
	data10 string // 10,000 records; beside it 10k.edits.jsonl
	data   string // 100,000 records
}

type group struct {
	name string
	run  func(context.Context) error
}

func (r *runner) groups(ctx context.Context, gs ...group) error {
	for _, g := range gs {
		if r.only != "" && r.only != g.name {
			continue
		}
		if err := g.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
	}
	return nil
}

// prepare builds both peers and makes the records.
func (r *runner) prepare(ctx context.Context) (err error) {
	if r.dir, err = os.MkdirTemp("", "banlang-bench-"); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	client := filepath.Join(r.dir, "desktop-bench")
	if err := sh(ctx, ".", "go", "build", "-tags", "sqlite_fts5 migrated_fynedo headless", "-o", client, "./desktop/bench"); err != nil {
		return err
	}
	r.ours = peer{name: "ours", command: client, env: []string{"SERVER=" + self}}
	if !r.tls {
		r.ours.env = append(r.ours.env, "PLAIN=1")
	}
	if err := r.buildFloor(ctx); err != nil {
		r.why = "(" + err.Error() + ")"
	}
	if err := r.records(ctx); err != nil {
		return err
	}
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("# %d cores, load %.4s; client and server share them; ours over %s; median of %d interleaved rounds; records a second unless a unit is there\n",
		runtime.NumCPU(), load, map[bool]string{true: "TLS", false: "plain loopback"}[r.tls], r.rounds)
	return nil
}

func (r *runner) cleanUp() { os.RemoveAll(r.dir) }

// sh runs a program in a folder; its output counts only when it fails.
func sh(ctx context.Context, dir, program string, args ...string) error {
	c := exec.CommandContext(ctx, program, args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", program, strings.Join(args, " "), err, out)
	}
	return nil
}

func (r *runner) buildFloor(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(r.yardstick, "go.mod")); err != nil {
		return errors.New("no yardstick here")
	}
	floor := filepath.Join(r.dir, "bin", "floor")
	err := sh(ctx, r.yardstick, "go", "build", "-o", filepath.Join(r.dir, "bin")+string(filepath.Separator), "./peers/floor", "./cmd/perf")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return errors.New("it does not build")
	}
	r.floor = &peer{name: "floor", command: floor}
	return nil
}

// records makes the yardstick's records where it is present, else similar ones.
func (r *runner) records(ctx context.Context) error {
	dir := filepath.Join(r.dir, "data")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	r.data10, r.data = filepath.Join(dir, "10k"), filepath.Join(dir, "100k")
	if r.floor != nil {
		return sh(ctx, r.dir, filepath.Join(r.dir, "bin", "perf"), "gen")
	}
	return errors.Join(writeRecords(r.data10, 10_000), writeRecords(r.data, 100_000))
}

// peers are what runs in each round.
func (r *runner) peers() []peer {
	if r.floor == nil {
		return []peer{r.ours}
	}
	return []peer{r.ours, *r.floor}
}

// figures are the values of one measurement, by peer, one a round.
type figures map[string][]float64

func (f figures) median(name string) float64 { return median(f[name]) }

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

// Units of a line. Of times and sizes less is better.
const (
	rate   = ""
	ms     = " ms"
	kB     = " kB"
	secs   = " s"
	factor = " times"
	exact  = "%.3g"
)

// line prints one measurement; note says what the limit is when it is not SQLite's.
func (r *runner) line(name, unit string, f figures, limit string) {
	ours, floor := f.median("ours"), f.median("floor")
	ratio, beside := "-", "absent "+r.why
	if floor > 0 {
		beside = figure(floor, unit)
		x := ours / floor
		if unit != rate {
			x = floor / ours
		}
		ratio = fmt.Sprintf("%.2f", x)
	}
	fmt.Printf("bench %-16s ours=%s floor=%s ratio=%s limit=%s\n", name, figure(ours, unit), beside, ratio, limit)
}

func figure(v float64, unit string) string {
	switch unit {
	case rate:
		return fmt.Sprintf("%.0f", v)
	case factor:
		return fmt.Sprintf("%.2f", v)
	}
	return strings.TrimSpace(fmt.Sprintf(exact, v)) + strings.TrimSpace(unit)
}
