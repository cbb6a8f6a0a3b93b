package sqlitestore_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/hub"
)

// world is a real hub over a store, and notebooks that write real changes: numbered, chained, signed. Notebooks are
// ledgers in memory with a pen; the other half of the product takes no part.
type world struct {
	t       testing.TB
	rng     *rand.Rand
	key     seal.CentreKey
	now     clock.WallMillis
	hub     *hub.Hub
	devices []*device
	records []record.Dot
}

// device is a notebook.
type device struct {
	replica record.ReplicaID
	key     seal.ReplicaKey
	ticket  string
	mem     *ledger.Memory
	pen     ledger.Pen
	log     []*record.Change
	pushed  int // of log, that were sent for certain
}

// forms takes everything but the value "bad", and knows all forms but one.
type forms struct{}

func (forms) Learn([]*record.Change) {}

func (forms) Check(c *record.Change) (reason string, known bool) {
	if e := c.Edit("note"); e != nil && e.Value == "bad" {
		reason = "bad_value"
	}
	return reason, c.Form.ID != "unknown"
}

// bytesOf is a source of bytes that the seed decides.
type bytesOf struct{ *rand.Rand }

func (r bytesOf) Read(b []byte) (int, error) {
	for i := 0; i < len(b); i += 8 {
		var x [8]byte
		binary.LittleEndian.PutUint64(x[:], r.Uint64())
		copy(b[i:], x[:])
	}
	return len(b), nil
}

func newWorld(t testing.TB, s hub.Store, rng *rand.Rand) *world {
	t.Helper()
	w := &world{t: t, rng: rng, now: 1_790_000_000_000}
	var err error
	if w.key, err = seal.NewCentreKey(bytesOf{rng}); err != nil {
		t.Fatal(err)
	}
	if err := w.open(s); err != nil {
		t.Fatal(err)
	}
	return w
}

// open takes a store into use, as the program does at its start.
func (w *world) open(s hub.Store) (err error) {
	w.hub, err = hub.Open(ctx, s, hub.Options{Key: w.key, Forms: forms{}, Wall: func() clock.WallMillis { return w.now }, Random: bytesOf{w.rng}})
	return err
}

// enter makes a device with a grant of some feeds.
func (w *world) enter(feeds ...record.Feed) error {
	d := &device{mem: ledger.NewMemory()}
	err := w.hub.Staff(ctx, func(a *hub.Act) error {
		x, ticket, err := a.Enter(fmt.Sprint("máy ", len(w.devices)), "U1", feeds)
		d.replica, d.ticket = x.Replica, ticket
		return err
	})
	if err != nil {
		return err
	}
	if d.key, err = seal.NewReplicaKey(bytesOf{w.rng}); err != nil {
		return err
	}
	d.pen = ledger.Pen{Replica: d.replica, Random: bytesOf{w.rng}}
	w.devices = append(w.devices, d)
	return nil
}

// write lets a device write one change.
func (w *world) write(d *device, c record.Change) *record.Change {
	w.now += 1000
	if err := d.mem.Atomically(func() error { _, err := d.pen.Write(d.mem, w.now, &c); return err }); err != nil {
		w.t.Fatal(err)
	}
	d.log = append(d.log, &c)
	if c.Creates() {
		w.records = append(w.records, c.Dot)
	}
	return &c
}

// any lets a device write something: a record, an edit of any record that anybody wrote, a move, something bad.
func (w *world) any(d *device) {
	c := record.Change{Kind: record.KindEdit, Officer: "an", Form: record.FormRef{ID: "tin_bao", Version: 1}}
	note := record.Edit{Path: "note", Value: sentence(w.rng, 30)}
	switch w.rng.IntN(20) {
	case 0:
		note.Value = "bad"
	case 1:
		c.Form.ID = "unknown"
	}
	move := record.Edit{Path: record.PathFeed, Value: string(feeds[w.rng.IntN(len(feeds))])}
	switch n := w.rng.IntN(10); {
	case n < 4 || len(w.records) == 0:
		c.Edits = []record.Edit{move, note}
	case n == 4:
		c.Record, c.Edits = w.records[w.rng.IntN(len(w.records))], []record.Edit{move}
	default:
		c.Record, c.Edits = w.records[w.rng.IntN(len(w.records))], []record.Edit{note}
	}
	if w.rng.IntN(12) == 0 {
		d.pen.Reset() // another opening
	}
	w.write(d, c)
}

var feeds = []record.Feed{"U1/ordinary", "U2/ordinary", "U1/tips"}

// sentence is some Vietnamese of about n words.
func sentence(rng *rand.Rand, n int) string {
	words := strings.Fields("bản khuổi xã đồn công an tuần tra đêm phát hiện hai người lạ mặt đi xe máy không biển số về phía suối bà con báo tin kịp thời đã nhắc nhở ghi biên bản tuyên truyền pháp luật giao thông ma túy vận động giao nộp súng kíp trẻ em nghỉ học mùa màng")
	var b strings.Builder
	for range n {
		b.WriteString(words[rng.IntN(len(words))])
		b.WriteByte(' ')
	}
	return b.String()
}

// push makes a job of changes, decoded from bytes as they come over the link, with the device's word on its chain.
func (w *world) push(d *device, cs []*record.Change) *hub.Job {
	p := &protocol.Push{Epoch: w.hub.Epoch()}
	for _, c := range cs {
		x, err := record.Decode(c.Encoded())
		if err != nil {
			w.t.Fatal(err)
		}
		p.Items = append(p.Items, x)
	}
	if len(cs) > 0 {
		run := cs[len(cs)-1].Dot.Run
		if r, err := d.mem.Run(run); err == nil && r.Prefix == cs[len(cs)-1].Dot.N {
			h := record.HeadSignature{Replica: d.replica, Run: run, N: r.Prefix, Head: r.Head}
			h.Sig = d.key.Sign(seal.DomainHead, h.Statement())
			p.Heads = append(p.Heads, h)
		}
	}
	return &hub.Job{Push: p}
}

// hello makes a job of a device's greeting.
func (w *world) hello(d *device) *hub.Job {
	binding := []byte("connection")
	h := &protocol.Hello{VersionMin: 1, VersionMax: 1, Program: "test", Replica: d.replica, PublicKey: d.key.Public().String(), Code: d.ticket,
		Proof: d.key.Sign(seal.DomainHello, binding)}
	d.ticket = ""
	if n := len(d.log); n > 0 {
		h.Claims = []protocol.Claim{{Run: d.log[n-1].Dot.Run, Last: d.log[n-1].Dot.N, Own: true}}
	}
	return &hub.Job{Hello: h, Binding: binding}
}

// apply runs jobs as one commit, and returns the first error of any.
func (w *world) apply(jobs ...*hub.Job) error {
	w.hub.Apply(ctx, jobs)
	for _, j := range jobs {
		if j.Err != nil {
			return j.Err
		}
		if j.Refused {
			return fmt.Errorf("a push was refused")
		}
	}
	return nil
}

// step does one thing that happens at a centre, in one durable transaction.
func (w *world) step() error {
	if len(w.devices) < 3 {
		return w.enter(feeds[:1+w.rng.IntN(3)]...)
	}
	d := w.devices[w.rng.IntN(len(w.devices))]
	switch n := w.rng.IntN(12); {
	case n == 0:
		return w.apply(w.hello(d))
	case n == 1:
		return w.hub.Staff(ctx, func(a *hub.Act) error { return a.Grant(d.replica, feeds[:w.rng.IntN(4)], false) })
	case n == 2 && len(w.records) > 0:
		rec := w.records[w.rng.IntN(len(w.records))]
		return w.hub.Staff(ctx, func(a *hub.Act) error { return a.Erase(rec) })
	case n < 6: // several at once
		var jobs []*hub.Job
		for _, d := range w.devices {
			jobs = append(jobs, w.some(d))
		}
		return w.apply(jobs...)
	}
	return w.apply(w.some(d))
}

// some makes a push of what a device has written, old and new, whole or with a gap.
func (w *world) some(d *device) *hub.Job {
	for range 1 + w.rng.IntN(6) {
		w.any(d)
	}
	from := w.rng.IntN(len(d.log))
	if w.rng.IntN(4) > 0 {
		from = min(from, d.pushed)
	}
	return w.push(d, d.log[from:])
}

// everything pushes all that every device ever wrote, and checks that the centre vouches for all of it.
func (w *world) everything() {
	w.t.Helper()
	for _, d := range w.devices {
		if len(d.log) == 0 {
			continue
		}
		j := w.push(d, d.log)
		if err := w.apply(j); err != nil {
			w.t.Fatalf("pushing everything: %v", err)
		}
		vouched := map[record.RunID]record.Number{}
		for _, r := range j.Receipts.Receipts {
			vouched[r.Run] = r.N
		}
		for _, c := range d.log {
			if c.Dot.N > vouched[c.Dot.Run] {
				w.t.Fatalf("no receipt for %v", c.Dot)
			}
		}
	}
}

// work puts something into a store: n devices that write and push.
func work(t testing.TB, s hub.Store, n int) *world {
	t.Helper()
	w := newWorld(t, s, rand.New(rand.NewPCG(uint64(n), 1)))
	for range n {
		if err := w.enter(feeds...); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range w.devices {
		if err := w.apply(w.hello(d)); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			w.any(d)
		}
	}
	w.everything()
	return w
}
