package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// grace is how long a program may take to end in good order after it was asked to.
const grace = 15 * time.Second

// program prepares a built program as a process that is asked to end with ctx, and killed only after the grace.
func program(ctx context.Context, path string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, path, args...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = grace
	return c
}

// do runs a program to its end and returns what it printed. An exit code other than 0 is an error that says all.
func do(ctx context.Context, path string, args ...string) ([]byte, error) {
	c := program(ctx, path, args...)
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return out.Bytes(), fmt.Errorf("%s %s: %w\n%s%s", path, strings.Join(args, " "), err, out.Bytes(), complaint.Bytes())
	}
	return out.Bytes(), nil
}

// server is the centre's program, serving.
type server struct {
	cmd     *exec.Cmd
	log     *os.File
	address string
	console string // the address of its pages
	ended   chan struct{}
	err     error // how it ended; to be read after ended
}

var errNoAddress = errors.New("trung tâm không mở được cổng")

// serve starts the centre on a free port of this machine and waits until it says that it is ready. It lives until stop.
func serve(ctx context.Context, path, dir, logPath string) (*server, error) {
	log, err := os.Create(logPath)
	if err != nil {
		return nil, err
	}
	s := &server{log: log, ended: make(chan struct{})}
	s.cmd = program(context.WithoutCancel(ctx), path, "serve", "--dir", dir, "--listen", "127.0.0.1:0", "--console", "127.0.0.1:0", "--log-level", "warn")
	s.cmd.Stderr = log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	ready := make(chan struct{})
	go s.follow(out, ready)
	select {
	case <-ready:
		return s, nil
	case <-s.ended:
		text, _ := os.ReadFile(logPath)
		return nil, fmt.Errorf("%w: %w\n%s", errNoAddress, s.err, text)
	case <-ctx.Done():
		return nil, errors.Join(context.Cause(ctx), s.stop())
	}
}

// follow reads the addresses from the first two lines, and waits for the end.
func (s *server) follow(out io.Reader, ready chan<- struct{}) {
	defer close(s.ended)
	r := bufio.NewReader(out)
	first, _ := r.ReadString('\n')
	second, _ := r.ReadString('\n')
	var ok, pages bool
	s.address, ok = strings.CutPrefix(strings.TrimSpace(first), "ready ")
	s.console, pages = strings.CutPrefix(strings.TrimSpace(second), "console ")
	if ok && pages {
		close(ready)
	}
	_, _ = io.Copy(io.Discard, r) // until its end, however that comes
	s.err = errors.Join(s.cmd.Wait(), s.log.Close())
}

// stop asks the centre to end in good order, and waits for it. It may be called again.
func (s *server) stop() error {
	_ = s.cmd.Process.Signal(os.Interrupt) // it may have ended already
	select {
	case <-s.ended:
	case <-time.After(grace):
		_ = s.cmd.Process.Kill() // the same
		<-s.ended
	}
	return s.err
}

// each does work for all items, a few at a time, and ends at the first failure.
func each[T any](ctx context.Context, workers int, items []T, work func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan T)
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for item := range next {
				if err := work(ctx, item); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, item := range items {
		select {
		case next <- item:
		case <-ctx.Done():
		}
	}
	close(next)
	wait.Wait()
	return context.Cause(ctx)
}
