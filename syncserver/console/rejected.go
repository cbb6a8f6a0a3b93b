package console

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

const (
	rejectedRows = 50          // records that a page shows
	rejectedRest = time.Minute // how long the count in the navigation takes the list as it is: it is gathered from all verdicts
)

// rejectedKept is the list as it was a moment ago.
type rejectedKept struct {
	mu    sync.Mutex
	known bool
	at    time.Time
	all   []centre.RejectedCreation
}

// rejectedPage lists records that their authors see and no other page here does.
type rejectedPage struct {
	Rows  []centre.RejectedCreation
	Total int
	After int // where the next page begins; 0: this is the last
}

// rejectedOne is one of them, before it is accepted after all.
type rejectedOne struct {
	centre.RejectedCreation
	Short bool // there was no reason, or hardly one
}

// rejected are the records of the viewer's scope whose creation does not stand, not older than rest.
func (q *Request) rejected(rest time.Duration) (own []centre.RejectedCreation, err error) {
	k := &q.c.rejected
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := q.now(); !k.known || now.Sub(k.at).Abs() >= rest {
		a, err := q.c.Centre.Do(q.Context(), centre.Request{Rejected: true})
		if err != nil {
			return nil, err
		}
		k.known, k.at, k.all = true, now, a.Rejected
	}
	for i := range k.all {
		if q.answersFor(&k.all[i]) {
			own = append(own, k.all[i])
		}
	}
	return own, nil
}

// answersFor reports whether a record is one that the viewer may let stand, or turn down. What nobody knows the unit of is the
// root's; what nobody knows the form of is kept as closely as anything is.
func (q *Request) answersFor(x *centre.RejectedCreation) bool {
	unit := x.Of
	if unit == "" && q.today().Parent(q.Viewer.Unit) == "" {
		unit = q.Viewer.Unit
	}
	return q.Viewer.Can(staff.ReviewRecord, unit, cmp.Or(x.Compartment, declared.Oversight)) == nil
}

// rejectedWaiting counts them.
func rejectedWaiting(q *Request) (navNumber, error) {
	all, err := q.rejected(rejectedRest)
	return navNumber{n: len(all)}, err
}

func getRejected(q *Request) error {
	all, err := q.rejected(0)
	if err != nil {
		return err
	}
	p := rejectedPage{Total: len(all)}
	from, _ := strconv.Atoi(q.Q("after"))
	from = min(max(from, 0), len(all))
	if p.Rows = all[from:]; len(p.Rows) > rejectedRows {
		p.Rows, p.After = p.Rows[:rejectedRows], from+rejectedRows
	}
	return q.show("rejected", "nav.rejected", p)
}

// theRejected finds the record of the address in the viewer's list; ok is false when it is not, or no longer, in it.
func (q *Request) theRejected() (p rejectedOne, ok bool, err error) {
	all, err := q.rejected(0)
	if err != nil {
		return p, false, err
	}
	i := slices.IndexFunc(all, func(x centre.RejectedCreation) bool { return x.Record.String() == q.PathValue("name") })
	if i < 0 {
		return p, false, nil
	}
	return rejectedOne{RejectedCreation: all[i]}, true, nil
}

// getRejectedOne shows what accepting would mean, and asks why.
func getRejectedOne(q *Request) error {
	p, ok, err := q.theRejected()
	switch {
	case err != nil:
		return err
	case !ok:
		return q.acceptedMeanwhile()
	case !p.MayStand:
		return errNoPage
	}
	return q.show("rejectedone", "rejected.accept", p)
}

// postRejectedOne accepts a record after all: it stands from now on, with everything that its author wrote. Who and why is noted.
func postRejectedOne(q *Request) error {
	p, ok, err := q.theRejected()
	switch {
	case err != nil:
		return err
	case !ok:
		return q.acceptedMeanwhile()
	case !p.MayStand:
		return errNoPage
	}
	reason := strings.Join(strings.Fields(q.PostFormValue("reason")), " ")
	if len([]rune(reason)) < leastReason {
		p.Short = true
		return q.show("rejectedone", "rejected.accept", p)
	}
	if _, err := q.c.Centre.Do(q.Context(), centre.Request{Viewer: q.Viewer, Release: &centre.Release{Change: p.Record.String(), Reason: reason}}); err != nil {
		return err
	}
	q.c.rejected.forget()
	q.seen()
	return q.said("/records/"+p.Record.String(), "said.accepted", 1, "")
}

// acceptedMeanwhile answers for a record that is not in the list any more: to whom it is by now a record, somebody else was quicker.
func (q *Request) acceptedMeanwhile() error {
	rec, err := record.ParseDot(q.PathValue("name"))
	if err != nil {
		return errNoPage
	}
	switch _, err := q.mayReview(rec); {
	case fault.CodeOf(err) == fault.NotFound:
		return errNoPage
	case err != nil:
		return err
	}
	return q.said("/rejected", "said.accepted.late", 0, "")
}

// forget has the list gathered anew.
func (k *rejectedKept) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known = false
}
