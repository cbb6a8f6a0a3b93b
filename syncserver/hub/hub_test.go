package hub

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/access"
)

var ctx = context.Background()

// noise is a source of bytes that repeats.
type noise struct{ *rand.Rand }

func (n noise) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(n.Uint32())
	}
	return len(b), nil
}

// office is a centre over a store in memory, with its machines.
type office struct {
	t         testing.TB
	key       seal.CentreKey
	store     *Memory
	hub       *Hub
	now       clock.WallMillis
	known     uint64 // form versions up to this are known
	disk      slowDisk
	seed      uint64
	published []*record.Change // what the forms have learnt
}

func newOffice(t testing.TB) *office {
	t.Helper()
	key, err := seal.NewCentreKey(noise{rand.New(rand.NewPCG(1, 1))})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, key: key, store: NewMemory(), now: 1_700_000_000_000, known: 1}
	o.open()
	return o
}

// slowDisk lets a test hold up the commits.
type slowDisk struct {
	Store
	gate chan struct{} // closed: go on; nil: never held up
}

func (d *slowDisk) Update(ctx context.Context, f func(Tx) error) error {
	if d.gate != nil {
		<-d.gate
	}
	return d.Store.Update(ctx, f)
}

// open starts the hub, as after a restart.
func (o *office) open() {
	o.t.Helper()
	o.seed++
	o.disk.Store = o.store
	h, err := Open(ctx, &o.disk, Options{Key: o.key, Forms: o, Wall: func() clock.WallMillis { o.now++; return o.now },
		Random: noise{rand.New(rand.NewPCG(o.seed, 2))}})
	if err != nil {
		o.t.Fatal(err)
	}
	o.hub = h
}

// Check implements Forms: the value BAD may not stand, PANIC is a mistake of ours.
func (o *office) Check(c *record.Change) (string, bool) {
	for _, e := range c.Edits {
		switch e.Value {
		case "BAD":
			return "bad_value", c.Form.Version <= o.known
		case "PANIC":
			panic("a mistake of ours")
		}
	}
	return "", c.Form.Version <= o.known
}

func (o *office) Learn(publications []*record.Change) { o.learns(publications) }

func (o *office) staff(f func(*Act) error) {
	o.t.Helper()
	if err := o.hub.Staff(ctx, f); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) grant(m *machine, feeds ...record.Feed) {
	o.t.Helper()
	o.staff(func(a *Act) error { return a.Grant(m.replica, feeds, false) })
}

// machine is a notebook: a ledger of its own, a pen, a cursor.
type machine struct {
	o       *office
	replica record.ReplicaID
	key     seal.ReplicaKey
	ticket  string
	mem     *ledger.Memory
	pen     ledger.Pen
	form    uint64
	cursor  protocol.Cursor
	pages   []*protocol.Page // read by the last read
}

func (o *office) machine(feeds ...record.Feed) *machine {
	o.t.Helper()
	m := &machine{o: o, mem: ledger.NewMemory(), form: 1}
	o.staff(func(a *Act) error {
		d, ticket, err := a.Enter("máy", "", feeds)
		m.replica, m.ticket = d.Replica, ticket
		return err
	})
	o.seed++
	random := noise{rand.New(rand.NewPCG(o.seed, 3))}
	m.pen = ledger.Pen{Replica: m.replica, Random: random}
	var err error
	if m.key, err = seal.NewReplicaKey(random); err != nil {
		o.t.Fatal(err)
	}
	return m
}

// write adds a change to the notebook and returns it as it comes over a link.
func (m *machine) write(c record.Change) *record.Change {
	m.o.t.Helper()
	m.o.now++
	if c.Kind == 0 {
		c.Kind = record.KindEdit
	}
	if c.Form.Version == 0 {
		c.Form = record.FormRef{ID: "f", Version: m.form}
	}
	if err := m.mem.Atomically(func() error { _, err := m.pen.Write(m.mem, m.o.now, &c); return err }); err != nil {
		m.o.t.Fatal(err)
	}
	x, err := record.Decode(c.Encoded())
	if err != nil {
		m.o.t.Fatal(err)
	}
	return x
}

// made writes a record into a feed.
func (m *machine) made(feed record.Feed, value string) *record.Change {
	m.o.t.Helper()
	return m.write(record.Change{Edits: []record.Edit{{Path: record.PathFeed, Value: string(feed)}, {Path: "a", Value: value}}})
}

// edited writes a value into a record, replacing what the machine sees.
func (m *machine) edited(rec record.Dot, path, value string) *record.Change {
	m.o.t.Helper()
	v, err := ledger.ViewOf(m.mem, rec)
	if err != nil {
		m.o.t.Fatal(err)
	}
	return m.write(record.Change{Record: rec, Edits: []record.Edit{{Path: path, Value: value, Replaces: v.Dots(path)}}})
}

func (m *machine) moved(rec record.Dot, to record.Feed) *record.Change {
	m.o.t.Helper()
	return m.edited(rec, record.PathFeed, string(to))
}

// push has changes committed at the centre.
func (m *machine) push(cs ...*record.Change) *Job {
	m.o.t.Helper()
	j := &Job{Push: &protocol.Push{Epoch: m.o.hub.Epoch(), Number: 1, Items: cs}}
	m.o.hub.Apply(ctx, []*Job{j})
	if j.Err != nil || j.Refused {
		m.o.t.Fatalf("a push: %v, refused %v", j.Err, j.Refused)
	}
	return j
}

// reader is the machine as the hub's sessions know it.
func (m *machine) reader() Reader {
	g, err := ledger.Grant(m.mem, m.replica)
	if err != nil {
		m.o.t.Fatal(err)
	}
	rd := Reader{Replica: m.replica, Own: map[record.RunID]record.Number{}}
	if g != nil {
		rd.Holds = g.Dot
	}
	m.mem.Runs(func(r ledger.Run) bool {
		if r.Own {
			rd.Own[r.ID] = r.Prefix
		}
		return true
	})
	return rd
}

// read takes pages until nothing newer is there, each over the wire and in a transaction of its own.
func (m *machine) read() {
	m.o.t.Helper()
	m.pages = nil
	if m.cursor.Hub != m.o.hub.ID() || m.cursor.Epoch != m.o.hub.Epoch() {
		m.cursor = protocol.Cursor{Hub: m.o.hub.ID(), Epoch: m.o.hub.Epoch()}
	}
	for range 1000 {
		if m.page().Caught {
			return
		}
	}
	m.o.t.Fatal("a reader does not come to the end")
}

// page takes one page.
func (m *machine) page() *protocol.Page {
	m.o.t.Helper()
	p, err := m.o.hub.Page(ctx, m.reader(), m.cursor)
	if err != nil {
		m.o.t.Fatal(err)
	}
	b, err := protocol.Append(nil, p)
	if err != nil {
		m.o.t.Fatalf("a page that does not fit a frame: %v", err)
	}
	x, err := protocol.Decode(b)
	if err != nil {
		m.o.t.Fatal(err)
	}
	p = x.(*protocol.Page)
	err = m.mem.Atomically(func() error {
		for _, c := range p.Items {
			if _, _, err := ledger.Insert(m.mem, c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		m.o.t.Fatal(err)
	}
	m.cursor, m.pages = p.To, append(m.pages, p)
	return p
}

// got names what the last read brought: "24-3" is whole, "24-3?" without its values.
func (m *machine) got() (names []string) {
	for _, p := range m.pages {
		for _, c := range p.Items {
			name := record.HumanName(c.Replica, c.Dot.N)
			if c.Body == record.BodyAbsent {
				name += "?"
			}
			names = append(names, name)
		}
	}
	return names
}

// holds reports whether a ledger shows the record as the centre does.
func (m *machine) holds(rec record.Dot) bool {
	m.o.t.Helper()
	mine, err := ledger.ViewOf(m.mem, rec)
	if err != nil {
		m.o.t.Fatal(err)
	}
	return mine.Sum() == m.o.view(rec).Sum()
}

func (o *office) view(rec record.Dot) (v *record.View) {
	o.t.Helper()
	err := o.store.View(ctx, func(tx Tx) (err error) { v, err = ledger.ViewOf(tx, rec); return err })
	if err != nil {
		o.t.Fatal(err)
	}
	return v
}

// sound checks everything that the hub keeps.
func (o *office) sound() {
	o.t.Helper()
	err := o.store.View(ctx, func(tx Tx) error {
		if err := ledger.Check(tx); err != nil {
			return err
		}
		_, err := Check(tx, o.key.Public())
		return err
	})
	if err != nil {
		o.t.Error(err)
	}
}

// hello is the greeting of a machine that holds what its ledger says.
func (m *machine) hello(binding []byte) *protocol.Hello {
	h := &protocol.Hello{VersionMin: 1, VersionMax: 1, Replica: m.replica, PublicKey: m.key.Public().String(), Code: m.ticket,
		Cursor: m.cursor.Clone(), Proof: m.key.Sign(seal.DomainHello, binding), Grant: m.reader().Holds}
	m.mem.Runs(func(r ledger.Run) bool {
		h.Claims = append(h.Claims, protocol.Claim{Run: r.ID, Last: r.Claim, Held: r.Prefix, Own: r.Own})
		return true
	})
	return h
}

// apply has jobs committed together.
func (o *office) apply(jobs ...*Job) { o.hub.Apply(ctx, jobs) }

func (o *office) device(r record.ReplicaID) (d access.Device) {
	o.store.View(ctx, func(tx Tx) (err error) { d, _, err = tx.Device(r); return err })
	return d
}

// image is a copy of the machine's notebook, opened anew.
func (m *machine) image() *machine {
	x := *m
	x.mem, x.cursor.At = m.mem.Clone(), maps.Clone(m.cursor.At)
	m.o.seed++
	x.pen = ledger.Pen{Replica: m.replica, Random: noise{rand.New(rand.NewPCG(m.o.seed, 3))}}
	return &x
}

func names(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
