package console

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync/atomic"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/staff"
)

// frozenFrom is what frozen reports are computed from.
func (c *Console) frozenFrom() frozen.Source {
	return frozen.Source{Hub: c.Centre.Hub(), Views: c.Centre.Views(), Scratch: c.Centre.Dir().Scratch(), Wall: c.Wall}
}

// replay is a frozen report that is computed once more from the changes, or what came of it.
type replay struct {
	*Job
	frozen.Outcome                 // empty while it is being done, and when it failed
	Gone           []frozen.Erased // the erased records that the viewer may know of
	Others         bool            // there are more
}

func replayName(number int) string { return "replay/" + strconv.Itoa(number) }

// postReplay begins it: it goes through the whole log up to the freeze, which takes long.
func postReplay(q *Request) error {
	s, label, err := q.frozenReport(q.PathValue("number"), staff.ReadReports)
	if err != nil {
		return err
	}
	to := "/reports/" + strconv.Itoa(label.Number)
	if err := q.note(staff.ReadReports, label.Root, "", strconv.Itoa(label.Number), "begin "+replayName(label.Number), "", 0); err != nil {
		return err
	}
	x := &Job{Name: replayName(label.Number), By: q.Viewer.Account, Began: record.Millis(q.c.Wall()), far: &atomic.Int64{}}
	source := q.c.frozenFrom()
	x.do = func(ctx context.Context) (a centre.Reply, err error) {
		o, err := frozen.Replay(ctx, source, *label, s, func(done, all ledger.Pos) { x.far.Store(int64(100 * done / max(all, 1))) })
		if err == nil {
			a.Again, err = json.Marshal(o)
		}
		return a, err
	}
	switch err := q.c.jobs.begin(x); {
	case fault.CodeOf(err) == fault.Busy:
		return q.said(to, "said.job.late", 0, "")
	case err != nil:
		return err
	}
	return q.said(to, "said.report.replay", 0, "")
}

// lastReplay is the last replay of a report since the program began; nil: there was none.
func (q *Request) lastReplay(number int) *replay {
	j := q.c.jobs.of(replayName(number))
	if j == nil {
		return nil
	}
	r := &replay{Job: j}
	if j.Runs() || j.Failed != "" || json.Unmarshal(j.Reply.Again, &r.Outcome) != nil {
		return r
	}
	for _, e := range r.Erased {
		act := staff.ReadReports
		if e.Compartment != declared.Ordinary { // how few tips there were only those learn who may read them
			act = staff.ReadRecords
		}
		if slices.Contains(q.Viewer.Scope(act, e.Compartment), e.Unit) {
			r.Gone = append(r.Gone, e)
		} else {
			r.Others = true
		}
	}
	return r
}
