package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// figuresOf are what one line of the desktop's bench says; times are in milliseconds.
type figuresOf struct {
	Name          string
	P50, P95, P99 float64
	N             int
}

// window measures in the real window, on the notebook that desk has left: what the officer sees, and when. The limit is a
// window of the same size with an entry or a list of labels and nothing of ours, before and after, by the same hand. Without a
// display it says so, and that is all.
func (r *runner) window(ctx context.Context) error {
	display, stop, err := screen(ctx)
	if err != nil {
		alone("window", "not measured", err.Error(), "-", "-")
		return nil
	}
	defer stop()
	program := filepath.Join(r.dir, "desktop-bench-window")
	if err := sh(ctx, ".", "go", "build", "-tags", "sqlite_fts5 migrated_fynedo no_animations", "-o", program, "./desktop/bench"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		alone("window", "not measured", "it does not build here: make build says what is missing", "-", "-")
		return nil
	}
	if _, err := os.Stat(filepath.Join(r.dir, "office")); err != nil { // -only window
		if err := r.desk(ctx); err != nil {
			return err
		}
	}
	var ran []map[string]figuresOf
	for _, verb := range []string{"bare", "window", "bare"} {
		by, err := r.inWindow(ctx, program, display, verb)
		if err != nil {
			return err
		}
		ran = append(ran, by)
	}
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("# the window: load %.4s; drawn by the processor (Xvfb), which a graphics card does elsewhere; floor: a window of the same size that holds nothing but an entry, or a list of labels\n", load)
	printWindow(ran[1], between(ran[0], ran[2]))
	return nil
}

// inWindow runs a verb of the desktop's bench on a display.
func (r *runner) inWindow(ctx context.Context, program, display, verb string) (map[string]figuresOf, error) {
	c := exec.CommandContext(ctx, program, verb)
	c.Env = append(c.Environ(), "DISPLAY="+display, "LANG=C.UTF-8", "DIR="+r.dir, fmt.Sprint("N=", deskRecords))
	var complaints strings.Builder
	c.Stderr = &complaints
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, &complaints)
	}
	by := map[string]figuresOf{}
	for l := range strings.Lines(string(out)) {
		var x figuresOf
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			return nil, err
		}
		by[x.Name] = x
	}
	return by, nil
}

// between are the means of two runs.
func between(a, b map[string]figuresOf) map[string]figuresOf {
	by := map[string]figuresOf{}
	for name, x := range a {
		y := b[name]
		by[name] = figuresOf{Name: name, P50: (x.P50 + y.P50) / 2, P95: (x.P95 + y.P95) / 2, P99: (x.P99 + y.P99) / 2, N: x.N + y.N}
	}
	return by
}

// noWindow is why there is no floor.
const noWindow = "it has no window"

func printWindow(by, bare map[string]figuresOf) {
	start := by["start screen"]
	alone("window-start", fmt.Sprintf("%s(passphrase to first page %s, list %s; all rows behind it %s)", figure(start.P50, ms),
		figure(by["sign-in screen"].P50, ms), figure(by["list screen"].P50, ms), figure(by["whole screen"].P50, ms)), noWindow, "-", goal(start.P50, 1000, "p50"))
	pause := by["pause"].P50                                // in which the list waits for another key
	for _, name := range []string{"search", "search-all"} { // there it shows other rows, and searches nothing
		s := by[name+" screen"]
		s.P50, s.P95 = s.P50-pause, s.P95-pause
		shown("window-"+name, s, by[name+" cpu"], by[name+" all"], bare["jump screen"], bare["jump all"], 50, ", after the pause of "+figure(pause, ms))
	}
	shown("window-key", by["key screen"], by["key cpu"], by["key all"], bare["key screen"], bare["key all"], 50, "")
	shown("window-scroll", by["scroll busy"], by["scroll cpu"], by["scroll all"], bare["scroll busy"], bare["scroll all"], 16, "")
	shown("window-jump", by["jump busy"], by["jump cpu"], by["jump all"], bare["jump busy"], bare["jump all"], 16, "")
	m := by["memory"]
	alone("window-memory", fmt.Sprintf("%.0fMB(anonymous, %d s after sign-in, used meanwhile)", m.P50, m.N), noWindow, "-",
		fmt.Sprintf("150MB(%s)", map[bool]string{true: "kept", false: "missed"}[m.P50 <= 150]))
}

// shown prints what was to be on the screen in so many milliseconds, beside it what the window's thread and the whole program
// took of the processor, and what a bare window took.
func shown(name string, s, thread, all, bare, bareAll figuresOf, limit float64, note string) {
	fmt.Printf("bench %-16s ours=%s(p95 %s%s; on the processor %s, of that the window's thread %s) floor=%s(p95 %s; on the processor %s) ratio=%.2f limit=%s\n", name,
		figure(s.P50, ms), figure(s.P95, ms), note, figure(all.P50, ms), figure(thread.P50, ms),
		figure(bare.P50, ms), figure(bare.P95, ms), figure(bareAll.P50, ms), bare.P50/s.P50, shownGoal(s.P95, bare.P95, limit))
}

// shownGoal says of a figure whether it is within its limit, and if not, whether any window could be; all in milliseconds.
func shownGoal(v, bare, limit float64) string {
	switch {
	case v <= limit:
		return fmt.Sprintf("%s(p95, kept)", figure(limit, ms))
	case bare > limit:
		return fmt.Sprintf("%s(p95, missed: the bare window misses it by %s, ours by %s more)", figure(limit, ms), figure(bare-limit, ms), figure(max(0, v-bare), ms))
	}
	return fmt.Sprintf("%s(p95, missed: %s more than the bare window)", figure(limit, ms), figure(v-bare, ms))
}

// goal says of a figure whether it is within its limit, both in milliseconds.
func goal(v, limit float64, of string) string {
	return fmt.Sprintf("%s(%s, %s)", figure(limit, ms), of, map[bool]string{true: "kept", false: "missed"}[v <= limit])
}

// screen starts a display that nobody sees, where there is Xvfb; otherwise it takes the one that is there.
func screen(ctx context.Context) (display string, stop func(), err error) {
	if _, err := exec.LookPath("Xvfb"); err != nil {
		if display := os.Getenv("DISPLAY"); display != "" {
			return display, func() {}, nil
		}
		return "", nil, errors.New("no display and no Xvfb here: apt-get install xvfb libgl1-mesa-dri")
	}
	ready, tell, err := os.Pipe()
	if err != nil {
		return "", nil, err
	}
	defer ready.Close()
	x := exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", "1366x768x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{tell}
	if err := cmp.Or(x.Start(), tell.Close()); err != nil {
		return "", nil, err
	}
	stop = func() { _ = x.Process.Kill(); _ = x.Wait() } // it holds nothing
	number, err := bufio.NewReader(ready).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("no display: Xvfb: %w", err)
	}
	return ":" + strings.TrimSpace(number), stop, nil
}
