package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"strconv"
	"syscall"
	"time"
)

// The contract with the harness: settings in the environment, the result in the last line of the output.

func number(name string, otherwise int) int {
	if v, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return v
	}
	return otherwise
}

// records is how many lines of a file are meant; 0: all.
func records() int { return number("N", 0) }

func devices() int { return max(number("DEVICES", 1), 1) }

func isPlain() bool { return os.Getenv("PLAIN") == "1" }

// result is what a verb measured.
type result struct {
	N    int       `json:"n"`
	Secs float64   `json:"secs"`
	CPU  float64   `json:"cpu"`            // seconds, of this process
	Lat  []float64 `json:"lat,omitempty"`  // milliseconds
	List float64   `json:"list,omitempty"` // pull: seconds until the list shows all
	In   int64     `json:"in,omitempty"`   // bytes over the websockets
	Out  int64     `json:"out,omitempty"`
}

func (r result) print() error {
	b, err := json.Marshal(r)
	if err == nil {
		_, err = fmt.Println(string(b))
	}
	return err
}

// ready tells the harness that the preparation is over, and gives it a moment to look.
func ready() error {
	mark := os.Getenv("MARK")
	if mark == "" {
		return nil
	}
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return err
	}
	time.Sleep(200 * time.Millisecond)
	return nil
}

// timed measures f, which returns how many records it did.
func timed(f func() (int, error)) (r result, err error) {
	stop, err := profile()
	if err != nil {
		return r, err
	}
	defer stop()
	cpu, start := cpuSeconds(), time.Now()
	r.N, err = f()
	r.Secs, r.CPU = time.Since(start).Seconds(), cpuSeconds()-cpu
	return r, err
}

func profile() (stop func(), err error) {
	path := os.Getenv("PROFILE")
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

func cpuSeconds() float64 {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}
