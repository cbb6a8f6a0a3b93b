// Package banlang_test proves that replicas end up equal: the one place that imports both halves of the product. A
// world of devices and a centre, each on the real engine over stores in memory, is driven by one seed through loss,
// delay, crashes, wrong clocks, copies, restores, moves and erasures; then everybody comes online, and the closing
// checks must hold. A failing run prints its seed, and the seed alone repeats it.
package banlang_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/blob"
	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
)

var ctx = context.Background()

// world holds the nodes, the roads between them, and the accidents.
type world struct {
	seed    uint64
	rng     *rand.Rand
	now     time.Time
	centre  *centre
	devices []*device
	images  []image
	backups []*hub.Memory
	ledger  []record.Dot                   // erasure orders, kept outside the backups
	late    []*simSession                  // hub halves of sessions that the client has given up
	acts    map[record.Dot]*act            // every change ever written, by dot
	told    map[record.RunID]record.Number // claims that the centre has answered to, since its last restore
	cut     map[record.ReplicaID]bool      // revoked at some time
	forged  int                            // second contents shown to the centre since it was opened
	silent  record.Epoch                   // in which the centre was set back and does not know it
	empty   bool                           // the centre lost everything but its key
	broken  []string
	faults  map[string]int

	page    *page           // open on the desk of whoever reviews
	looked  []record.Dot    // what the review that is being given has seen
	losses  []loss          // orders about lost machines, kept outside the backups
	wiped   []*device       // machines whose keys were destroyed
	history int             // how often the centre was set back
	asked   int             // photos that staff found damaged
	trees   map[string]tree // every one that was published, by topic and payload
	answers []answer        // erasure orders about single answers, kept outside the backups

	pictures [][]byte          // every one ever taken
	reset    map[blob.Ref]bool // asked for again by staff since the centre was opened
	calm     bool              // no accidents any more
	names    int
	days     float64
}

// act is what a person did and saw when a change was written: the ghost that the checks compare with.
type act struct {
	digest record.Digest
	saw    map[string][]record.Dot
	bad    bool
	acked  bool         // the person was told that it is saved
	looked []record.Dot // of a review: every value that whoever gave it had seen
}

type image struct {
	name  string
	store *notebook.Memory
	boxes [][]byte // its key
}

var simFeeds = []record.Feed{"U1/ordinary", "U2/ordinary", "U3/tips"}

// device is one notebook and the program on it.
type device struct {
	w       *world
	name    string
	replica record.ReplicaID
	key     seal.ReplicaKey
	ticket  string
	keys    *simKeys
	store   *notebook.Memory
	faulty  faultyNotebook
	nb      *notebook.Notebook
	skew    time.Duration
	away    time.Time // it does not go online before
	form    uint64    // the newest form version that its program knows
	link    protocol.Link
	session *simSession
	screen  *notebook.Draft // a record open for editing, and what is typed
	shown   *record.View
	seen    map[record.Dot]bool // own changes that the ghost knows
}

// centre is the hub and the program that runs it.
type centre struct {
	w      *world
	key    seal.CentreKey
	store  *hub.Memory
	faulty faultyHub
	hub    *hub.Hub
	form   uint64 // the newest version that the centre's program came with
	learnt uint64 // the newest that was published, as the program has learnt
	seen   ledger.Pos
}

func newWorld(seed uint64, devices int) *world {
	w := &world{seed: seed, rng: rand.New(rand.NewPCG(seed, 42)), now: time.Date(2026, 11, 16, 7, 0, 0, 0, time.UTC),
		acts: map[record.Dot]*act{}, told: map[record.RunID]record.Number{}, cut: map[record.ReplicaID]bool{}, faults: map[string]int{}, reset: map[blob.Ref]bool{}, trees: map[string]tree{}}
	c := &centre{w: w, store: hub.NewMemory(), form: 1}
	c.key, _ = seal.NewCentreKey(w.random())
	w.centre = c
	c.open()
	for i := range devices {
		w.enrol(fmt.Sprintf("d%d", i+1), simFeeds[i%3:min(3, i%3+1+i/3%2)])
	}
	w.backups = append(w.backups, c.store.Clone())
	return w
}

// random is a source of bytes that the seed decides.
func (w *world) random() *seeded { return &seeded{w.rng} }

type seeded struct{ r *rand.Rand }

func (s *seeded) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(s.r.Uint32())
	}
	return len(b), nil
}

func (w *world) pick(n int) int { return w.rng.IntN(n) }

func one[T any](w *world, s []T) T { return s[w.pick(len(s))] }

func (w *world) breaks(format string, a ...any) {
	if len(w.broken) < 20 {
		w.broken = append(w.broken, fmt.Sprintf(format, a...))
	}
}

// trace prints what happens when -sim.trace is given.
func (w *world) trace(format string, a ...any) {
	if *simTrace {
		fmt.Printf(format+"\n", a...)
	}
}

func (w *world) happened(what string) {
	w.trace("-- %s", what)
	w.faults[what]++
}

func (w *world) enrol(name string, feeds []record.Feed) {
	var d access.Device
	var ticket string
	var grant []byte
	err := w.centre.hub.Staff(ctx, func(a *hub.Act) (err error) {
		if d, ticket, err = a.Enter(name, "", feeds); err != nil {
			return err
		}
		grant, err = a.GrantOf(d.Replica)
		return err
	})
	if err != nil {
		panic(err)
	}
	x := &device{w: w, name: name, replica: d.Replica, ticket: ticket, store: notebook.NewMemory(), form: 1, seen: map[record.Dot]bool{}}
	x.key, _ = seal.NewReplicaKey(w.random())
	x.newKeys()
	x.open()
	if w.calm = true; w.pick(2) == 0 { // the file was read before the first session
		if err := x.nb.TakeGrant(ctx, grant); err != nil {
			panic(err)
		}
	}
	w.calm = false
	w.devices = append(w.devices, x)
}

func (w *world) wall(skew time.Duration) func() int64 {
	return func() int64 { return w.now.Add(skew).UnixMilli() }
}

// open is a start of the program: after a crash, a restore, a copy.
func (d *device) open() {
	d.drop()
	d.screen, d.shown = nil, nil
	if d.keys.noted { // what was begun is finished
		d.w.bury(d)
		return
	}
	d.link = protocol.Link{}
	d.faulty = faultyNotebook{Store: d.store, w: d.w}
	for again := true; again; { // it does not start when it cannot read what was published
		d.nb = notebook.Open(&d.faulty, notebook.Options{Replica: d.replica, Key: d.key, Centre: d.w.centre.key.Public(), Ticket: d.ticket, Custody: d.keys,
			Forms: simForms{}, Wall: func() clock.WallMillis { return clock.WallMillis(d.w.wall(d.skew)()) }, Random: d.w.random()})
		again = d.nb.Learn(ctx) != nil
	}
	d.sweep()
}

// open is a start of the server. It applies the ledger of erasures, which lies outside every backup.
func (c *centre) open() {
	for _, d := range c.w.devices {
		d.drop()
	}
	c.w.late, c.w.forged = nil, 0
	clear(c.w.reset)
	c.faulty = faultyHub{Store: c.store, w: c.w}
	h, err := hub.Open(ctx, c.store, hub.Options{Key: c.key, Forms: hubForms{c},
		Wall: func() clock.WallMillis { return clock.WallMillis(c.w.wall(0)()) }, Random: c.w.random(), Room: c.w.room})
	if err != nil {
		panic(err)
	}
	c.hub = h
	err = h.Staff(ctx, func(a *hub.Act) error {
		return errors.Join(c.w.eraseAgain(a), c.w.orderAgain(a))
	})
	if err != nil {
		panic(err)
	}
	c.seen = 0
	c.note(nil)
}

// note lets the ghost know what the centre wrote.
func (c *centre) note(saw map[string][]record.Dot) {
	c.store.View(ctx, func(tx hub.Tx) error {
		end, _ := tx.End()
		for p := c.seen + 1; p <= end; p++ {
			x, err := tx.At(p)
			if err != nil {
				panic(err)
			}
			if x.Replica == record.Centre && c.w.acts[x.Dot] == nil {
				c.w.acts[x.Dot] = &act{digest: x.Digest(), saw: saw, looked: c.w.looked}
				c.w.judged(tx, x)
			}
		}
		c.seen = end
		return nil
	})
	c.w.looked = nil
}

// simForms: a record's line is its first words.
type simForms struct{}

func (simForms) Line(_ record.FormRef, values map[string]string) notebook.Listing {
	return notebook.Listing{Title: values["a"], Date: "2026-11-16", Words: values["a"] + " " + values["b"]}
}
func (simForms) Learn([]*record.Change) {}

func (simForms) Known() []record.FormRef { return []record.FormRef{{ID: "f", Version: 1}} }

// hubForms: the value BAD is not valid; forms above the versions of the centre's program and of what was published are
// unknown there.
type hubForms struct{ c *centre }

func (f hubForms) Check(x *record.Change) (string, bool) {
	for _, e := range x.Edits {
		if e.Value == "BAD" {
			return "bad_value", x.Form.Version <= max(f.c.form, f.c.learnt)
		}
	}
	return "", x.Form.Version <= max(f.c.form, f.c.learnt)
}

// Learn implements hub.Forms: a publication holds the number of the version.
func (f hubForms) Learn(publications []*record.Change) { f.c.learnt = newestPublished(publications) }

func newestPublished(publications []*record.Change) (newest uint64) {
	for _, c := range publications {
		if c.Topic == "form/f" {
			newest = max(newest, uint64(c.Payload[0]))
		}
	}
	return newest
}

var errCrash = fault.New(fault.DiskIO, "the machine crashed here", nil)

// faultyNotebook fails some transactions: before they are done (a crash, a full disk), or after (nobody was told). In
// half of the crashes it is the power that is gone.
type faultyNotebook struct {
	notebook.Store
	w *world
}

func (f *faultyNotebook) Update(ctx context.Context, fn func(notebook.Tx) error) error {
	return f.update(ctx, f.Store.Update, fn)
}

func (f *faultyNotebook) UpdateSoon(ctx context.Context, fn func(notebook.Tx) error) error {
	return f.update(ctx, f.Store.UpdateSoon, fn)
}

func (f *faultyNotebook) update(ctx context.Context, run func(context.Context, func(notebook.Tx) error) error, fn func(notebook.Tx) error) error {
	i := f.w.mishapInside("notebook")
	switch i {
	case unharmed:
		return run(ctx, fn)
	case diskFull:
		return fault.New(fault.DiskFull, "update", nil)
	}
	err := run(ctx, func(tx notebook.Tx) error {
		if err := fn(tx); err != nil || i == crashAfter {
			return err
		}
		return errCrash
	})
	if err != nil && !errors.Is(err, errCrash) {
		return err
	}
	if m, ok := f.Store.(*notebook.Memory); ok && f.w.pick(2) == 0 && m.PowerCut() {
		f.w.happened("notebook without power, work to be had again lost")
	}
	return errCrash
}

type faultyHub struct {
	hub.Store
	w *world
}

// inside is where an accident strikes a transaction.
type inside int

const (
	unharmed inside = iota
	crashBefore
	crashAfter
	diskFull
)

func (w *world) mishapInside(where string) inside {
	if w.calm || w.pick(40) != 0 {
		return unharmed
	}
	i := inside(1 + w.pick(3))
	w.happened(where + " " + [...]string{"", "crash before commit", "crash after commit", "disk full"}[i])
	return i
}

// simSession is one connection: the two halves and the frames between them.
type simSession struct {
	d        *device
	client   *protocol.Client
	hub      *hub.Session
	up, down [][]byte
	jobs     []*hub.Job // received by the hub, not committed yet
	epoch    *hub.Hub
	gone     bool // the client's half is over
	dead     bool // the hub's half is over
	leave    *leave
}

func (d *device) connect() {
	binding := []byte(fmt.Sprint("connection ", d.w.names))
	d.w.names++
	c, err := protocol.NewClient(d.nb.Session(ctx), &d.link, d.w.now, func(h *protocol.Hello) {
		h.Program = "sim"
		h.Proof = d.key.Sign(seal.DomainHello, binding)
	})
	if err != nil {
		return
	}
	c.HoldPhotos(!d.w.calm && d.w.pick(8) == 0)
	d.session = &simSession{d: d, client: c, hub: d.w.centre.hub.NewSession(d.w.now, binding), epoch: d.w.centre.hub}
}

// drop ends the client's half; frames under way may still reach the hub, late.
func (d *device) drop() {
	s := d.session
	if s == nil {
		return
	}
	d.session = nil
	s.gone = true
	s.cutPhoto()
	if !s.dead && len(s.up)+len(s.jobs) > 0 {
		d.w.late = append(d.w.late, s)
	}
}

// step moves one frame of a session. It reports whether anything moved.
func (w *world) step(s *simSession) bool {
	if s.epoch != w.centre.hub {
		s.dead = true
	}
	moves := []func() bool{s.clientSends, s.hubReceives, s.hubCommits, s.hubSends, s.clientReceives}
	k := w.pick(len(moves))
	for i := range moves {
		if moves[(k+i)%len(moves)]() {
			return true
		}
	}
	return false
}

func (s *simSession) clientSends() bool {
	if s.gone {
		return false
	}
	m, err := s.client.Next(s.d.w.now)
	if err != nil {
		s.d.drop()
		return true
	}
	if m == nil {
		return false
	}
	s.d.w.damage(m)
	s.up = append(s.up, encode(m))
	return true
}

func encode(m protocol.Message) []byte {
	b, err := protocol.Append(nil, m)
	if err != nil {
		panic(err)
	}
	return b
}

func (s *simSession) hubReceives() bool {
	if s.dead || len(s.up) == 0 {
		return false
	}
	b := s.up[0]
	s.up = s.up[1:]
	m, err := protocol.Decode(b)
	if err != nil {
		panic(err)
	}
	j, err := s.hub.Receive(s.d.w.now, m)
	if err != nil {
		s.kill(err)
		return true
	}
	if j != nil {
		s.jobs = append(s.jobs, j)
	}
	return true
}

// hubCommits has this session's jobs, and often those of others, committed together.
func (s *simSession) hubCommits() bool {
	w := s.d.w
	if s.dead || len(s.jobs) == 0 {
		return false
	}
	sessions := []*simSession{s}
	for _, d := range w.devices {
		if x := d.session; x != nil && x != s && !x.dead && x.epoch == w.centre.hub && len(x.jobs) > 0 && w.pick(2) == 0 {
			sessions = append(sessions, x)
			w.happened("group commit")
		}
	}
	var jobs []*hub.Job
	for _, x := range sessions {
		jobs = append(jobs, x.jobs...)
		x.foundJustNow()
	}
	crash := w.mishapInside("hub")
	switch crash {
	case crashBefore, diskFull: // the server dies, or cannot store: nothing happened
	default:
		w.centre.hub.Apply(ctx, jobs)
		w.centre.note(nil)
	}
	if crash != unharmed {
		w.centre.open()
		return true
	}
	for _, x := range sessions {
		for _, j := range x.jobs {
			if err := x.hub.Done(w.now, j); err != nil {
				x.kill(err)
				break
			}
			w.hear(j)
			x.permits(j)
		}
		x.jobs = nil
	}
	for _, d := range w.devices {
		if d.session != nil {
			d.session.hub.News()
		}
	}
	return true
}

// hear notes what the centre was told and has answered to: it must know it from then on.
func (w *world) hear(j *hub.Job) {
	if j.Hello == nil {
		return
	}
	for _, c := range j.Hello.Claims {
		w.told[c.Run] = max(w.told[c.Run], c.Last)
	}
}

// kill ends the hub's half and tells the client, if it still listens.
func (s *simSession) kill(err error) {
	s.d.w.trace("hub ends session of %s: %v", s.d.name, err)
	s.dead = true
	if errors.Is(err, fault.WrongKey) || errors.Is(err, fault.Internal) || errors.Is(err, fault.BadFrame) {
		s.d.w.breaks("the hub ended a session of %s: %v", s.d.name, err)
	}
	s.down = append(s.down, encode(&protocol.Bye{Code: fault.CodeOf(err)}))
}

func (s *simSession) hubSends() bool {
	if s.dead || s.gone {
		return false
	}
	if err := s.hub.Fill(ctx, s.d.w.now); err != nil {
		s.kill(err)
		return true
	}
	m := s.hub.Next()
	if m == nil {
		return false
	}
	s.d.w.believes(m)
	s.down = append(s.down, encode(m))
	return true
}

func (s *simSession) clientReceives() bool {
	if s.gone || len(s.down) == 0 {
		return false
	}
	b := s.down[0]
	s.down = s.down[1:]
	m, err := protocol.Decode(b)
	if err != nil {
		panic(err)
	}
	if err := s.client.Receive(s.d.w.now, m); err != nil {
		s.d.w.trace("%s: session ends: %v", s.d.name, err)
		if errors.Is(err, fault.WrongKey) {
			s.d.w.breaks("%s: %v", s.d.name, err)
		}
		s.d.drop()
		if errors.Is(err, fault.Wiped) {
			s.d.w.bury(s.d)
			return true
		}
		if errors.Is(err, fault.NotEnrolled) {
			s.d.nb.Forgotten(ctx)
		}
		if errors.Is(err, errCrash) {
			s.d.open()
		}
		return true
	}
	return true
}

// granted is the device's own scope as it knows it; the records it shows overlap it.
func (d *device) granted() []record.Feed {
	fs, err := d.nb.Feeds(ctx)
	if err != nil {
		panic(err)
	}
	return fs
}

func overlap(a, b []record.Feed) bool {
	return slices.ContainsFunc(a, func(f record.Feed) bool { return slices.Contains(b, f) })
}

// visible folds every record that a store shows to a scope.
func visible(tx ledger.Tx, scope []record.Feed) map[record.Dot]*record.View {
	views := map[record.Dot]*record.View{}
	end, _ := tx.End()
	for p := ledger.Pos(1); p <= end; p++ {
		c, err := tx.At(p)
		if err != nil {
			panic(err)
		}
		if !c.Creates() {
			continue
		}
		v, err := ledger.ViewOf(tx, c.Dot)
		if err != nil {
			panic(err)
		}
		if v.Created && (scope == nil || overlap(v.Feeds, scope)) {
			views[c.Dot] = v
		}
	}
	return views
}

func (d *device) visible() map[record.Dot]*record.View {
	var vs map[record.Dot]*record.View
	d.store.View(ctx, func(tx notebook.Tx) error {
		scope := d.granted()
		if scope == nil {
			scope = []record.Feed{}
		}
		vs = visible(tx, scope)
		return nil
	})
	return vs
}

func sortedDots[V any](m map[record.Dot]V) []record.Dot {
	return slices.SortedFunc(maps.Keys(m), record.Dot.Compare)
}

// learn registers with the ghost what the device has written since; told says whether the person was told "saved".
func (d *device) learn(saw map[string][]record.Dot, bad, told bool) {
	d.store.View(ctx, func(tx notebook.Tx) error {
		return tx.Runs(func(r ledger.Run) bool {
			if r.Own {
				d.learnRun(tx, r, saw, bad, told)
			}
			return true
		})
	})
}

func (d *device) learnRun(tx notebook.Tx, r ledger.Run, saw map[string][]record.Dot, bad, told bool) {
	for n := r.Prefix; n >= r.First && n > 0; n-- {
		dot := record.Dot{Run: r.ID, N: n}
		if d.seen[dot] {
			return
		}
		d.seen[dot] = true
		p, _ := tx.Find(dot)
		c, err := tx.At(p)
		if err != nil {
			panic(err)
		}
		if old := d.w.acts[dot]; old != nil && old.digest != c.Digest() {
			d.w.breaks("promise 2: %s was written twice, the second time by %s", dot, d.name)
			continue
		} else if old != nil { // from an image of another copy
			continue
		}
		d.w.acts[dot] = &act{digest: c.Digest(), saw: saw, bad: bad, acked: told}
		if c.Time > d.w.now.Add(protocol.MaxClockSkew).UnixMilli() {
			d.w.happened("change from the far future")
		}
		if d.skew == 0 && c.Time > d.w.now.UnixMilli()+2*int64(clock.MaxDrift) {
			d.w.breaks("promise 6: %s has a right clock and stamps %s in the far future", d.name, dot)
		}
	}
}

func fieldsOf(v *record.View) (rows []string) {
	for _, f := range v.Fields {
		if strings.HasSuffix(f.Path, "/x") && !v.RowHidden(f.Path) {
			rows = append(rows, f.Path)
		}
	}
	return rows
}
