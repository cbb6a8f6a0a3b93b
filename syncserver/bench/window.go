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

// window measures in the real window, on the notebook that desk has left: what the officer sees, and when. Without a
// display it says so, and that is all.
func (r *runner) window(ctx context.Context) error {
	display, stop, err := screen(ctx)
	if err != nil {
		alone("window", "not measured", err.Error(), "-", "-")
		return nil
	}
	defer stop()
	program := filepath.Join(r.dir, "desktop-bench-window")
	if err := sh(ctx, ".", "go", "build", "-tags", "sqlite_fts5 migrated_fynedo", "-o", program, "./desktop/bench"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		alone("window", "not measured", "it does not build here: make build says what is missing", "-", "-")
		return nil
	}
	if _, err := os.Stat(filepath.Join(r.dir, "office")); err != nil { // -only window
		if err := r.desk(ctx); err != nil {
			return err
		}
	}
	c := exec.CommandContext(ctx, program, "window")
	c.Env = append(c.Environ(), "DISPLAY="+display, "LANG=C.UTF-8", "DIR="+r.dir, fmt.Sprint("N=", deskRecords))
	var complaints strings.Builder
	c.Stderr = &complaints
	out, err := c.Output()
	if err != nil {
		return fmt.Errorf("%w: %s", err, &complaints)
	}
	by := map[string]figuresOf{}
	for l := range strings.Lines(string(out)) {
		var x figuresOf
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			return err
		}
		by[x.Name] = x
	}
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("# the window: load %.4s; drawn by the processor (Xvfb), which a graphics card does elsewhere\n", load)
	printWindow(by)
	return nil
}

// noWindow is why there is no floor.
const noWindow = "it has no window"

func printWindow(by map[string]figuresOf) {
	start := by["start screen"]
	alone("window-start", fmt.Sprintf("%s(passphrase to first page %s, list %s; all rows behind it %s)", figure(start.P50, ms),
		figure(by["sign-in screen"].P50, ms), figure(by["list screen"].P50, ms), figure(by["whole screen"].P50, ms)), noWindow, "-", goal(start.P50, 1000, "p50"))
	pause := by["pause"].P50 // in which the list waits for another key
	for _, name := range []string{"search", "search-all"} {
		s := by[name+" screen"]
		s.P50, s.P95 = s.P50-pause, s.P95-pause
		shown("window-"+name, s, by[name+" cpu"], 50, ", after the pause of "+figure(pause, ms))
	}
	shown("window-key", by["key screen"], by["key cpu"], 50, "")
	shown("window-scroll", by["scroll busy"], by["scroll cpu"], 16, "")
	shown("window-jump", by["jump busy"], by["jump cpu"], 16, "")
	m := by["memory"]
	alone("window-memory", fmt.Sprintf("%.0fMB(anonymous, %d s after sign-in, used meanwhile)", m.P50, m.N), noWindow, "-",
		fmt.Sprintf("150MB(%s)", map[bool]string{true: "kept", false: "missed"}[m.P50 <= 150]))
}

// shown prints what was to be on the screen in so many milliseconds, and beside it what the window's thread took.
func shown(name string, s, cpu figuresOf, limit float64, note string) {
	if s.P95 > limit && cpu.P95 <= limit {
		note += "; the thread alone would keep it"
	}
	alone(name, fmt.Sprintf("%s(p95 %s%s; window's thread on the processor %s, p95 %s)", figure(s.P50, ms), figure(s.P95, ms), note,
		figure(cpu.P50, ms), figure(cpu.P95, ms)), noWindow, figure(limit/s.P95, factor), goal(s.P95, limit, "p95"))
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
