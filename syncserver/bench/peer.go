package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// peer is one command that obeys the contract of the yardstick (its README): serve push edits pull lat.
type peer struct {
	name    string
	command string
	env     []string
}

// server is a running peer with a fresh store.
type server struct {
	peer
	addr, dir string
	process   *exec.Cmd
}

// result is the last line that a verb prints.
type result struct {
	N    int       `json:"n"`
	Secs float64   `json:"secs"`
	CPU  float64   `json:"cpu"`
	Lat  []float64 `json:"lat"`
	List float64   `json:"list"`
}

// startTime is how long a server may take to listen.
const startTime = 20 * time.Second

func (p peer) start(ctx context.Context, in string) (*server, error) {
	dir, err := os.MkdirTemp(in, p.name+"-")
	if err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{peer: p, addr: l.Addr().String(), dir: dir}
	if err := l.Close(); err != nil {
		return nil, err
	}
	s.process = s.cmd(ctx, "serve", "DIR="+dir)
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	for begun := time.Now(); time.Since(begun) < startTime; time.Sleep(20 * time.Millisecond) {
		if c, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr); err == nil {
			return s, c.Close()
		}
	}
	return nil, errors.Join(fmt.Errorf("%s does not listen", p.name), s.stop())
}

func (s *server) cmd(ctx context.Context, verb string, env ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, s.command, verb)
	c.Env = append(append(append(os.Environ(), s.env...), "ADDR="+s.addr), env...)
	c.Stderr = os.Stderr
	return c
}

// stop ends the server and removes its store.
func (s *server) stop() error {
	err := s.process.Process.Signal(syscall.SIGTERM)
	if err == nil {
		err = s.process.Wait()
	}
	var status *exec.ExitError
	if errors.As(err, &status) {
		err = nil // a peer may end as it likes
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// run does one verb and returns its result, the last of its lines.
func (s *server) run(ctx context.Context, verb string, env ...string) (r result, err error) {
	dir, err := os.MkdirTemp(s.dir, "client-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	b, err := s.cmd(ctx, verb, append(env, "DIR="+dir)...).Output()
	if err != nil {
		return r, fmt.Errorf("%s %s: %w", s.name, verb, err)
	}
	out := strings.Split(strings.TrimSpace(string(b)), "\n")
	return r, json.Unmarshal([]byte(out[len(out)-1]), &r)
}

// memory is what a server holds beside its program and files: anonymous memory in the RAM, in bytes.
func (s *server) memory() (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(b)) {
		var kib float64
		if n, _ := fmt.Sscanf(l, "RssAnon: %f kB", &kib); n == 1 {
			return kib * 1024, nil
		}
	}
	return 0, errors.New("no RssAnon in the status of a process")
}
