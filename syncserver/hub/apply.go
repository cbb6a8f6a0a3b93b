package hub

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"maps"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/access"
)

// Job is one piece of work for Apply: a Hello, a Push, a Chunk, what is said of keys, or an act of staff. Apply fills in the result.
type Job struct {
	Hello   *protocol.Hello
	Binding []byte // of the connection that the Hello came by
	Push    *protocol.Push
	Chunk   *protocol.Chunk
	Deposit *protocol.Deposit
	Wiping  *protocol.Wiping
	From    record.ReplicaID // who sent the Chunk, Deposit or Wiping
	After   *Job             // the Hello of the session, done before it: nothing is taken from who was not admitted (nil: the caller vouches)
	Act     func(*Act) error

	Welcome  *protocol.Welcome
	Device   access.Device
	Grant    record.Dot
	Receipts protocol.Receipts // after a Push: of the runs in it
	Stored   *protocol.Stored  // after a Chunk
	Keys     protocol.Message  // after a Deposit or Wiping: its answer
	Refused  bool              // the Push was cut for another epoch, or its sender not admitted: nothing was taken
	Err      error             // of this job alone; the others stand
}

// Apply does all jobs in one durable transaction and returns the keys for which something was listed. When the
// transaction fails, each job is tried by itself, so that one that cannot be stored stops no other. What a device sent
// may be done twice without harm; an act of staff may not, and is not tried again: the disk may have it already.
func (h *Hub) Apply(ctx context.Context, jobs []*Job) (news []string) {
	news, failed := h.apply(ctx, jobs)
	if failed == nil {
		return news
	}
	for _, j := range jobs {
		if len(jobs) == 1 || j.Act != nil {
			j.Err = failed
			continue
		}
		n, err := h.apply(ctx, []*Job{j})
		if err != nil {
			j.Err = err
		}
		news = append(news, n...)
	}
	return news
}

func (h *Hub) apply(ctx context.Context, jobs []*Job) (_ []string, err error) {
	before, done := h.Epoch(), false
	defer func() { // also after a panic: what the store has undone is undone here
		if !done {
			h.epoch.Store(&before)
			h.pen.Reset()
			h.round = round{left: 1}
			h.learnt = false
		}
	}()
	var a *Act
	err = h.store.Update(ctx, func(tx Tx) (err error) {
		if a, err = newAct(h, tx); err != nil {
			return err
		}
		for _, j := range jobs {
			if err := a.do(j); err != nil {
				return err
			}
		}
		if err := a.judgeWaiting(); err != nil {
			return err
		}
		if err := a.stamp(); err != nil {
			return err
		}
		if err := a.close(); err != nil {
			return err
		}
		return a.answer(jobs)
	})
	if err != nil {
		return nil, err
	}
	done = true
	h.committed.tell()
	h.keepFeeds(a.feeds)
	return a.news(), nil
}

// maxFeedsKept bounds the records whose feed is remembered between transactions: some megabytes.
const maxFeedsKept = 1 << 15

// keepFeeds remembers where records were created, for the edits of them that come later. A record that moves has a turn,
// which is asked first.
func (h *Hub) keepFeeds(fresh map[record.Dot][]record.Feed) {
	if len(h.feeds)+len(fresh) > maxFeedsKept {
		h.feeds = nil
	}
	if h.feeds == nil {
		h.feeds = map[record.Dot][]record.Feed{}
	}
	if len(fresh) <= maxFeedsKept {
		maps.Copy(h.feeds, fresh)
	}
}

// Act is one transaction of the hub in progress: what it appends is listed, judged and closed at its end.
type Act struct {
	h       *Hub
	tx      Tx
	listing map[string]*[]Range // not yet written
	granted map[record.ReplicaID]standing
	feeds   map[record.Dot][]record.Feed // of records that never moved
	turns   int
	end     ledger.Pos
	sum     hash.Hash
	rejudge bool // something came that others may have waited for
	stamps  map[record.Dot]record.FormRef
}

func newAct(h *Hub, tx Tx) (*Act, error) {
	turns, err := tx.Turns()
	return &Act{h: h, tx: tx, listing: map[string]*[]Range{}, granted: map[record.ReplicaID]standing{},
		feeds: map[record.Dot][]record.Feed{}, turns: turns, stamps: map[record.Dot]record.FormRef{}}, err
}

func (a *Act) do(j *Job) error {
	j.Welcome, j.Device, j.Grant, j.Receipts, j.Stored, j.Keys, j.Refused, j.Err = nil, access.Device{}, record.Dot{}, protocol.Receipts{}, nil, nil, false, nil
	switch {
	case j.Hello != nil:
		return a.greet(j)
	case j.Push != nil:
		return a.push(j)
	case j.Chunk != nil:
		return a.store(j)
	case j.Deposit != nil:
		return a.deposit(j)
	case j.Wiping != nil:
		return a.wiping(j)
	}
	return j.Act(a)
}

// admitted reports whether the sender was let in.
func (j *Job) admitted() bool { return j.After == nil || j.After.Welcome != nil && j.After.Err == nil }

// push takes the changes of one push, and the signatures that fit the chain.
func (a *Act) push(j *Job) error {
	if !j.admitted() || j.Push.Epoch != a.h.Epoch() {
		j.Refused = true
		return nil
	}
	for _, c := range j.Push.Items {
		if !a.h.trusted(c) {
			j.Err = errNotCentre
			return nil
		}
	}
	for _, c := range j.Push.Items {
		if err := a.take(c); err != nil {
			return err
		}
	}
	for _, s := range j.Push.Heads {
		if err := a.signed(s); err != nil {
			return err
		}
	}
	return nil
}

// signed keeps a notebook's signature when it is true; one over another chain than the one held here is an alarm.
func (a *Act) signed(s record.HeadSignature) error {
	d, ok, err := a.tx.Device(s.Replica)
	if err != nil || !ok {
		return err
	}
	key, err := seal.ParseReplicaPublic(d.Key)
	if err != nil {
		return nil //nolint:nilerr // not enrolled any more: nothing to check against
	}
	r, err := a.tx.Run(s.Run)
	if err != nil || r.Prefix != s.N {
		return err
	}
	if r.Head != s.Head || !key.Verify(seal.DomainHead, s.Statement(), s.Sig) {
		a.h.alarms.Add(1)
		return nil
	}
	return a.tx.PutSigned(s)
}

// take inserts one change, lists it for whom it concerns, and judges it.
func (a *Act) take(c *record.Change) error {
	out, at, err := ledger.Insert(a.tx, c)
	if err != nil {
		return err
	}
	switch out {
	case ledger.Added:
		return a.added(c, at)
	case ledger.Filled:
		return errors.Join(a.tx.Fill(at), a.askFor(c, at))
	case ledger.Forked:
		a.h.alarms.Add(1)
	}
	return nil
}

// added follows an insertion.
func (a *Act) added(c *record.Change, at ledger.Pos) error {
	if a.sum == nil {
		if err := a.open(at); err != nil {
			return err
		}
	}
	if c.Time > a.h.now()+protocol.MaxClockSkew.Milliseconds() {
		a.h.skewed.Add(1)
	}
	a.toStamp(c)
	d := c.Digest()
	a.sum.Write(d[:])
	a.end = at
	if err := errors.Join(a.list(c, at), a.askFor(c, at), a.askNoMore(c)); err != nil {
		return err
	}
	return a.judgeNew(c, at)
}

// write lets the centre write a change of its own.
func (a *Act) write(c *record.Change) error {
	at, err := a.h.pen.Write(a.tx, a.h.o.Wall(), c)
	if err != nil {
		return err
	}
	return a.added(c, at)
}

// open goes on with the running hash of the log; at is the first place appended.
func (a *Act) open(at ledger.Pos) error {
	_, hash, err := a.tx.ClosedLog(at)
	if err != nil {
		return err
	}
	a.sum = sha256.New()
	a.sum.Write(hash[:])
	return nil
}

// close writes the listings and the hash of the log.
func (a *Act) close() error {
	for _, key := range a.news() {
		for _, r := range *a.listing[key] {
			if err := a.tx.List(key, r); err != nil {
				return err
			}
		}
	}
	if a.sum == nil {
		return nil
	}
	return a.tx.CloseLog(a.end, [32]byte(a.sum.Sum(nil)), a.h.now())
}

func (a *Act) news() []string {
	keys := make([]string, 0, len(a.listing))
	for k := range a.listing {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// answer fills in what the jobs say after everything is in place.
func (a *Act) answer(jobs []*Job) error {
	end, err := a.tx.End()
	if err != nil {
		return err
	}
	mark, err := a.h.mark(a.tx, end)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if j.Welcome != nil {
			j.Welcome.Receipts.Mark = mark
		}
		if j.Push == nil || j.Refused || j.Err != nil {
			continue
		}
		j.Receipts.Mark = mark
		if j.Receipts.Receipts, err = a.h.receipts(a.tx, runsIn(j.Push)); err != nil {
			return err
		}
	}
	if planted.On(planted.ReceiptOverGap) {
		a.receiptsOverGap(jobs)
	}
	return nil
}

// runsIn lists the runs that a push brings changes of.
func runsIn(p *protocol.Push) (runs []record.RunID) {
	for _, c := range p.Items {
		if len(runs) == 0 || runs[len(runs)-1] != c.Dot.Run {
			runs = append(runs, c.Dot.Run)
		}
	}
	slices.Sort(runs)
	return slices.Compact(runs)
}

// receiptsOverGap is the planted bug of promise 3.
func (a *Act) receiptsOverGap(jobs []*Job) {
	for _, j := range jobs {
		for i := range j.Receipts.Receipts {
			r := &j.Receipts.Receipts[i]
			spans, _ := a.tx.Spans(r.Run)
			if last := ledger.Last(spans); last > r.N {
				r.N = last
				r.Sig = a.h.o.Key.Sign(seal.DomainReceipt, r.Statement())
			}
		}
	}
}
