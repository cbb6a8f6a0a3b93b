package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gorilla/websocket"
)

// Reconnecting crowds. The floor takes some 10 MB a connection for its coders at both ends, so it has a tenth of the
// devices, with the same number of records.
const (
	crowd        = 2000
	crowdRecords = 20
	floorCrowd   = crowd / 10
)

func (r *runner) reconnect(ctx context.Context) error {
	f, limit := figures{}, figures{}
	for range r.rounds {
		for _, p := range r.peers() {
			verb, devices := "reconnect", crowd
			if p.name == "floor" {
				verb, devices = "push", floorCrowd
			}
			s, err := p.start(ctx, r.dir)
			if err != nil {
				return err
			}
			x, err := s.run(ctx, verb, "FILE="+r.data+".jsonl", fmt.Sprint("N=", crowd*crowdRecords), fmt.Sprint("DEVICES=", devices))
			if err := errors.Join(err, s.stop()); err != nil {
				return err
			}
			f[p.name] = append(f[p.name], float64(x.N)/x.Secs)
		}
		perSecond, _, err := r.plain(ctx)
		if err != nil {
			return err
		}
		limit["rate"] = append(limit["rate"], perSecond)
	}
	note := ""
	if r.floor != nil {
		note = fmt.Sprintf("(the floor with %d devices × %d)", floorCrowd, crowd*crowdRecords/floorCrowd)
	}
	r.line(fmt.Sprintf("reconnect%dx%d", crowd, crowdRecords), rate, f, figure(limit.median("rate"), rate)+note)
	return nil
}

// idleLimit is what decision 12 allows for each idle session.
const idleLimit = "64kB(decision 12)"

// restTime is how long sessions rest before they are weighed: longer than coders are kept.
const restTime = 15 * time.Second

// idle weighs idle sessions at the centre. Those of the floor have only been accepted: it makes its coders at the first
// message.
func (r *runner) idle(n int) func(context.Context) error {
	return func(ctx context.Context) error {
		f := figures{}
		for _, p := range r.peers() {
			each, err := r.weigh(ctx, p, n)
			if err != nil {
				return err
			}
			f[p.name] = []float64{each / 1000}
		}
		r.line(fmt.Sprintf("idle%d", n), kB, f, idleLimit)
		return nil
	}
}

func (r *runner) weigh(ctx context.Context, p peer, n int) (each float64, err error) {
	s, err := p.start(ctx, r.dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	before, err := s.memory()
	if err != nil {
		return 0, err
	}
	open := s.sessions
	if p.name == "floor" {
		open = s.accepted
	}
	done, err := open(ctx, n)
	if err != nil {
		return 0, err
	}
	time.Sleep(restTime)
	after, err := s.memory()
	return (after - before) / float64(n), errors.Join(err, done())
}

// sessions opens real sessions of notebooks, caught up.
func (s *server) sessions(ctx context.Context, n int) (done func() error, err error) {
	c := s.cmd(ctx, "idle", fmt.Sprint("DEVICES=", n), "DIR="+s.dir)
	in, err1 := c.StdinPipe()
	out, err2 := c.StdoutPipe()
	if err := errors.Join(err1, err2, c.Start()); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	if l, err := lines.ReadString('\n'); err != nil || l != "open\n" {
		return nil, errors.Join(err, c.Wait(), fmt.Errorf("idle: %q", l))
	}
	return func() error {
		err := in.Close()
		b, err2 := io.ReadAll(lines)
		var x result
		return errors.Join(err, err2, c.Wait(), json.Unmarshal(b, &x))
	}, nil
}

// accepted opens websockets and says nothing.
func (s *server) accepted(ctx context.Context, n int) (done func() error, err error) {
	var open []*websocket.Conn
	for range n {
		c, _, err := websocket.DefaultDialer.DialContext(ctx, "ws://"+s.addr+"/", nil) //nolint:bodyclose // the library says that it need not be closed
		if err != nil {
			return nil, err
		}
		open = append(open, c)
	}
	return func() (err error) {
		for _, c := range open {
			err = errors.Join(err, c.Close())
		}
		return err
	}, nil
}
