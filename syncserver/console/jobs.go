package console

import (
	"context"
	"sync"
	"sync/atomic"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/syncserver/centre"
)

// Job is something long that the console does for whoever asked, while he looks at other pages.
type Job struct {
	Name   string // "backup", "check", "drill"; "replay/<number>" of a frozen report
	By     string // the account that asked
	Began  record.Millis
	Ended  record.Millis // 0: it is being done
	Reply  centre.Reply
	Failed fault.Code // "": it went well
	do     func(ctx context.Context) (centre.Reply, error)
	far    *atomic.Int64 // percent that are done; nil: nobody knows
}

// Percent is how much is done, where that is known.
func (j *Job) Percent() int64 {
	if j.far == nil {
		return 0
	}
	return j.far.Load()
}

// Runs reports whether it is being done.
func (j *Job) Runs() bool { return j.Ended == 0 }

// jobs are done one at a time; of each kind the last one is remembered until the program ends.
type jobs struct {
	queue chan *Job // holds the one that is to be begun
	mu    sync.Mutex
	busy  chan struct{} // closed when the present one is done; nil: there is none
	last  map[string]*Job
}

func newJobs() *jobs { return &jobs{queue: make(chan *Job, 1), last: map[string]*Job{}} }

// begin has a job done; fault.Busy while another one is.
func (j *jobs) begin(x *Job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.busy != nil {
		return fault.New(fault.Busy, "console.job", nil)
	}
	j.busy = make(chan struct{})
	j.last[x.Name] = x
	j.queue <- x
	return nil
}

func (j *jobs) end(x *Job, a centre.Reply, err error, now record.Millis) {
	j.mu.Lock()
	defer j.mu.Unlock()
	done := *x
	done.Ended, done.Reply = now, a
	if err != nil {
		done.Failed = fault.CodeOf(err)
	}
	j.last[x.Name] = &done
	close(j.busy)
	j.busy = nil
}

// of is the last job of a kind; nil: there was none. It is not altered any more.
func (j *jobs) of(name string) *Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last[name]
}

// Run does what takes long until ctx ends; what is being done then is broken off.
func (c *Console) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case x := <-c.jobs.queue:
			a, err := x.do(ctx)
			if err != nil {
				c.Log.Error("a job failed", "job", x.Name, "code", string(fault.CodeOf(err)))
			}
			c.jobs.end(x, a, err, record.Millis(c.Wall()))
		}
	}
}
