// Package apptest owns the small village that the tests of the screens live in: a centre that grants, receipts and
// judges; machines with real notebooks in memory; a road to carry changes between them; and a screen whose clock and
// timers the test moves by hand, so that no test waits for time to pass. Nothing of it is in the program.
package apptest

import (
	"context"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/nmea"
	"banlang/desktop/notebook"
	"banlang/shared/blob"
	"banlang/shared/clock"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/roster"
	"banlang/shared/seal"
	"banlang/shared/units"
)

// Unit is the code of the commune that everybody here belongs to.
const Unit = "SL017"

// UnitName is what people call it.
const UnitName = "Xã Đăk Rơ Leng"

// Village is a centre and the moment at which everything happens: 17 November 2026, 09:41 in the highlands.
type Village struct {
	t     testing.TB
	key   seal.CentreKey
	books *ledger.Memory
	pen   ledger.Pen
	mu    sync.Mutex
	now   time.Time

	published map[string]record.Dot // by topic, what holds
	random    io.Reader             // of the runs, the same in every telling of the story

	Photos   app.Photos                                       // of machines opened from now on
	Position func(ctx context.Context) (nmea.Position, error) // likewise
	Newcomer *Newcomer                                        // likewise; nil: machines have their notebooks
}

// Zone is that of Viet Nam.
var Zone = time.FixedZone("ICT", 7*3600)

// NewVillage begins the story.
func NewVillage(t testing.TB) *Village {
	t.Helper()
	key, err := seal.NewCentreKey(rand.NewChaCha8([32]byte([]byte("Trung tâm của làng, khóa luôn vậy")[:32]))) // its id is on the screen
	if err != nil {
		t.Fatal(err)
	}
	v := &Village{t: t, key: key, books: ledger.NewMemory(), now: time.Date(2026, 11, 17, 9, 41, 0, 0, Zone), published: map[string]record.Dot{},
		random: &oneByOne{r: rand.NewChaCha8([32]byte([]byte("Làng Kon Tơ Ngol, mùa khô 2026")[:32]))}}
	v.pen = ledger.Pen{Replica: record.Centre, Random: v.random, Sign: func(d record.Digest) [64]byte { return key.Sign(seal.DomainChange, d[:]) }}
	return v
}

// oneByOne lets several machines draw from one source.
type oneByOne struct {
	mu sync.Mutex
	r  io.Reader
}

func (o *oneByOne) Read(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.r.Read(b)
}

// Wall is the clock of every machine of the village.
func (v *Village) Wall() clock.WallMillis {
	v.mu.Lock()
	defer v.mu.Unlock()
	return clock.FromTime(v.now)
}

// Pass moves the clock.
func (v *Village) Pass(d time.Duration) {
	v.mu.Lock()
	v.now = v.now.Add(d)
	v.mu.Unlock()
}

// Machine is one laptop: its disk, its open notebook, and the program on the screen.
type Machine struct {
	*Screen
	V      *Village
	Store  *notebook.Memory
	Book   *notebook.Notebook
	App    *app.App
	Forms  app.Forms
	Engine *Engine
	Door   *Door

	Printed []app.Sheet // what was saved as PDF

	replica record.ReplicaID
	key     seal.ReplicaKey
	cursor  protocol.Cursor
	grant   record.Dot
}

// NewMachine makes a machine that the centre has granted the ordinary records, tips and petitions of the unit.
func (v *Village) NewMachine(replica record.ReplicaID) *Machine {
	v.t.Helper()
	m := v.BareMachine(replica)
	m.Grant("ordinary", "tips", "petitions")
	return m
}

// BareMachine makes a machine that has not heard of the centre yet.
func (v *Village) BareMachine(replica record.ReplicaID) *Machine {
	v.t.Helper()
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		v.t.Fatal(err)
	}
	m := &Machine{V: v, Store: notebook.NewMemory(), Door: &Door{prefs: map[string]string{"lock after": "0"}}, replica: replica, key: key}
	m.Open()
	return m
}

// Open takes the machine's disk into use, as after a start of the program. The program is not on the screen yet.
func (m *Machine) Open() {
	m.Forms = app.NewForms(form.Builtin())
	m.Book = notebook.Open(m.Store, notebook.Options{Replica: m.replica, Key: m.key, Centre: m.V.key.Public(),
		Forms: m.Forms, Seal: app.Sealer(m.Forms, m.key), Wall: m.V.Wall, Random: m.V.random})
	m.Screen = newScreen(m)
	m.Engine = &Engine{changed: make(chan struct{}, 1), screen: m.Screen}
	m.Door.m, m.Door.book = m, app.Book{Notebook: &book{m.Book, m.Screen}, Sync: m.Engine, Forms: m.Forms, Unit: UnitName, Photos: m.V.Photos,
		Locker: func(officer string) envelope.Locker { return envelope.NewLocker(m.key.DraftKey(officer)) }}
	o := app.Options{Door: m.Door, Prefs: m.Door, Wall: m.V.Wall, Zone: Zone, After: m.Screen.after, Version: "thử", Position: m.V.Position, Print: m.print}
	if m.V.Newcomer != nil && !m.V.Newcomer.done {
		o.Enrol = m.V.Newcomer
	}
	m.App = app.New(o)
}

// Start puts the program on the screen.
func (m *Machine) Start() *Machine {
	m.App.Start(m.Post, func(p app.Part) {
		m.Drawn |= p
		if m.Draw != nil {
			m.Draw()
		}
	})
	m.V.t.Cleanup(func() { m.App.Close() })
	m.Settle()
	return m
}

// Passphrase opens the notebooks of the village.
const Passphrase = "suối vàng mùa khô"

// SignIn makes the first officer, opens the notebook, and goes to the list.
func (m *Machine) SignIn(name string) *Machine {
	m.App.Gate.Create(name, "Cán bộ · Công an xã", Passphrase, Passphrase)
	m.Settle()
	m.App.Go(app.PageRecords)
	m.Settle()
	return m
}

// print notes what is printed, as a printer without paper.
func (m *Machine) print(_ context.Context, s app.Sheet) (string, error) {
	m.Printed = append(m.Printed, s)
	return "/so/" + s.File + ".pdf", nil
}

// Grant gives the machine the unit's compartments.
func (m *Machine) Grant(compartments ...string) {
	var feeds []record.Feed
	for _, c := range compartments {
		feeds = append(feeds, record.NewFeed(Unit, c))
	}
	m.GrantFeeds(feeds...)
}

// GrantFeeds gives the machine feeds, in place of those that it had.
func (m *Machine) GrantFeeds(feeds ...record.Feed) {
	g := &record.Change{Kind: record.KindGrant, Grantee: m.replica, Feeds: feeds}
	if !m.grant.IsZero() {
		g.Replaces = []record.Dot{m.grant}
	}
	m.V.write(g)
	m.grant = g.Dot
	m.take(g)
}

func (v *Village) write(c *record.Change) {
	v.t.Helper()
	if _, err := v.pen.Write(v.books, v.Wall(), c); err != nil {
		v.t.Fatal(err)
	}
}

// take is a page from the centre.
func (m *Machine) take(items ...*record.Change) {
	m.V.t.Helper()
	to := m.cursor.Clone()
	to.At = map[string]ledger.Pos{protocol.KeyMine(): m.cursor.At[protocol.KeyMine()] + ledger.Pos(len(items))}
	page := &protocol.Page{From: m.cursor.Sum(), To: to, Grant: m.grant, Items: items}
	if err := m.Book.Session(context.Background()).TakePage(page); err != nil {
		m.V.t.Fatal(err)
	}
	m.cursor = to
	m.project()
	m.settleIfOn()
}

func (m *Machine) project() {
	for more := true; more; {
		var err error
		if more, err = m.Book.Project(context.Background()); err != nil {
			m.V.t.Fatal(err)
		}
	}
}

// outgoing is everything that the machine wrote.
func (m *Machine) outgoing() (items []*record.Change, heads []record.HeadSignature) {
	m.V.t.Helper()
	s := m.Book.Session(context.Background())
	claims, err := s.Claims()
	if err != nil {
		m.V.t.Fatal(err)
	}
	for _, c := range claims {
		for from := record.Number(1); from <= c.Last; {
			cs, hs, err := s.Outgoing(c.Run, from, c.Last, 1<<24)
			if err != nil {
				m.V.t.Fatal(err)
			}
			items, heads = append(items, cs...), append(heads, hs...)
			if len(cs) == 0 {
				break
			}
			from = cs[len(cs)-1].Dot.N + 1
		}
	}
	return items, heads
}

// Carry brings what one machine wrote to another, as the centre's feed does.
func (v *Village) Carry(from, to *Machine) {
	v.t.Helper()
	items, _ := from.outgoing()
	to.take(items...)
}

// Receipt is the centre's word that everything written so far is there.
func (m *Machine) Receipt() {
	m.V.t.Helper()
	_, heads := m.outgoing()
	var rs []record.Receipt
	for _, h := range heads {
		r := record.Receipt{Run: h.Run, N: h.N, Head: h.Head, Time: int64(m.V.Wall()), Key: m.V.key.Public().ID()}
		r.Sig = m.V.key.Sign(seal.DomainReceipt, r.Statement())
		rs = append(rs, r)
	}
	if err := m.Book.Session(context.Background()).TakeReceipts(&protocol.Receipts{Receipts: rs}, false); err != nil {
		m.V.t.Fatal(err)
	}
	m.settleIfOn()
}

// PhotosArrive is the centre's word that it holds every photo.
func (m *Machine) PhotosArrive() {
	m.V.t.Helper()
	session := m.Book.Session(context.Background())
	_, err := session.Claims()
	if err == nil {
		_, err = session.Asks(true)
	}
	if err == nil {
		_, err = session.TakeWant(blob.Ref{}, &protocol.Want{})
	}
	if err != nil {
		m.V.t.Fatal(err)
	}
	m.settleIfOn()
}

// RejectChange is the centre's verdict on one change of a record.
func (m *Machine) RejectChange(rec, change record.Dot, reason string) {
	c := &record.Change{Kind: record.KindVerdict, Record: rec, Target: change, Rejected: true, Reason: reason}
	m.V.write(c)
	m.take(c)
}

// Write saves a record straight into the notebook, as if its form had been finished earlier.
func (m *Machine) Write(officer, formID string, values map[string]string) record.Dot {
	m.V.t.Helper()
	recs, err := m.Book.Save(context.Background(), m.Entry(officer, formID, values))
	if err != nil {
		m.V.t.Fatal(err)
	}
	m.settleIfOn()
	return recs[0]
}

// Entry is what Write saves.
func (m *Machine) Entry(officer, formID string, values map[string]string) notebook.Entry {
	f, ok := m.Forms.Library.Current(formID)
	if !ok {
		m.V.t.Fatalf("there is no form %q", formID)
	}
	return notebook.Entry{Form: f.Ref, Feed: record.NewFeed(Unit, f.Compartment), Officer: officer, Values: values}
}

// Publish is the centre's word that a form is to be written in another version from now on.
func (m *Machine) Publish(p *form.Publication) {
	m.V.t.Helper()
	payload, err := p.Pack()
	if err != nil {
		m.V.t.Fatal(err)
	}
	m.publish(record.TopicForm+p.ID, payload)
}

// Retire is the centre's word that a form is not to be written any more.
func (m *Machine) Retire(formID string) { m.publish(record.TopicForm+formID, nil) }

// PublishKeys makes the keys of the unit and of the custodian known.
func (m *Machine) PublishKeys(recipients ...string) {
	m.V.t.Helper()
	for _, to := range recipients {
		key, err := envelope.New()
		if err != nil {
			m.V.t.Fatal(err)
		}
		topic := envelope.TopicCustodian
		if to == declared.Unit {
			topic = envelope.TopicUnit(Unit)
		}
		m.publish(topic, []byte(key.Recipient().String()))
	}
}

// PublishUnits makes the tree of units known.
func (m *Machine) PublishUnits(all ...units.Unit) {
	m.V.t.Helper()
	payload, err := units.New(units.Usual, all).Pack()
	if err != nil {
		m.V.t.Fatal(err)
	}
	m.publish(units.Topic, payload)
}

// PublishStaff tells who some people of the centre are.
func (m *Machine) PublishStaff(people ...roster.Person) {
	m.V.t.Helper()
	topic, payload, err := roster.Pack(people)
	if err != nil {
		m.V.t.Fatal(err)
	}
	m.publish(topic, payload)
}

// Publication makes anything at all known.
func (m *Machine) Publication(topic string, payload []byte) { m.publish(topic, payload) }

func (m *Machine) publish(topic string, payload []byte) {
	c := &record.Change{Kind: record.KindPublish, Topic: topic, Payload: payload}
	if before := m.V.published[topic]; !before.IsZero() {
		c.Replaces = []record.Dot{before}
	}
	m.V.write(c)
	m.V.published[topic] = c.Dot
	m.take(c)
}

// Change edits one field of a record as somebody does who sees it as it is now on this machine.
func (m *Machine) Change(officer string, rec record.Dot, path, value string) {
	m.V.t.Helper()
	v := m.View(rec)
	if err := m.Book.Resolve(context.Background(), officer, v, path, value); err != nil {
		m.V.t.Fatal(err)
	}
	m.settleIfOn()
}

// T is the test that the village belongs to.
func (m *Machine) T() testing.TB { return m.V.t }

// View folds a record.
func (m *Machine) View(rec record.Dot) *record.View {
	m.V.t.Helper()
	v, err := m.Book.View(context.Background(), rec)
	if err != nil {
		m.V.t.Fatal(err)
	}
	return v
}

// Drafts are the drafts on the disk.
func (m *Machine) Drafts() []notebook.Draft {
	m.V.t.Helper()
	ds, err := m.Book.Drafts(context.Background())
	if err != nil {
		m.V.t.Fatal(err)
	}
	return ds
}

// PowerCut is the machine after the power failed: the same disk as it was at this moment, opened anew by a program that
// knows nothing of the old one.
func (m *Machine) PowerCut() *Machine {
	n := &Machine{V: m.V, Store: m.Store.Clone(), Door: m.Door.clone(), replica: m.replica, key: m.key, cursor: m.cursor, grant: m.grant}
	n.Open()
	return n
}
