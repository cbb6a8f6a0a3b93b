package banlang_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/replica"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	office "banlang/syncserver/centre"
	"banlang/syncserver/command"
)

// The keys of notebooks end to end: real key files, the real engine over real websockets, the centre's program.

const keyOwner, keyPhrase = "an.nv.11", "cây sồi tím ngựa đá"

// bareMachine is a machine without a key store.
type bareMachine struct{}

var errBare = errors.New("no key store")

func (bareMachine) Get(string) ([]byte, error) { return nil, errBare }
func (bareMachine) Set(string, []byte) error   { return errBare }
func (bareMachine) Delete(string) error        { return errBare }

var bare = keyfile.Options{Secrets: bareMachine{}}

// custodian makes the key of a custodian, the first one or one by a name, to whom devices seal; and returns its file.
func (s *station) custodian(name ...string) (id envelope.Identity, file string) {
	s.t.Helper()
	file = filepath.Join(s.t.TempDir(), "custodian.key")
	s.desk(append([]string{"recipient", "new", "custodian", "--key", file}, name...)...)
	b, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	if id, err = envelope.ParseIdentity(string(b)); err != nil {
		s.t.Fatal(err)
	}
	return id, file
}

// locked is a device whose notebook is under a key, sealed to the custodian.
func (s *station) locked(to envelope.Recipient) *officer {
	s.t.Helper()
	o := s.enrol("GL014", "Máy trực ban")
	o.path = keyfile.Path(filepath.Join(s.t.TempDir(), "so.db"))
	u, err := keyfile.Create(o.path, keyfile.Officer{ID: keyOwner, Name: "Nguyễn Văn An"}, keyPhrase,
		[]envelope.Recipient{to}, bare)
	if err != nil {
		s.t.Fatal(err)
	}
	u.Lock()
	o.keys = u.File()
	o.open()
	return o
}

// opens reports whether the passphrase opens the notebook still, at the next start of the program and in the one that runs.
func (o *officer) opens() bool {
	o.t.Helper()
	fresh, err := keyfile.Open(o.path, bare)
	for _, f := range []*keyfile.File{o.keys, fresh} {
		if f == nil {
			continue
		}
		if u, err := f.Unlock(keyOwner, keyPhrase); err == nil {
			u.Lock()
			return true
		}
	}
	if err == nil {
		o.t.Error("there is a key file that the passphrase does not open")
	}
	return false
}

func (s *station) accountOf(r record.ReplicaID) (a office.Account) {
	s.t.Helper()
	var all []office.Account
	if err := json.Unmarshal([]byte(s.staff(command.ExitDone, "devices", "--json")), &all); err != nil {
		s.t.Fatal(err)
	}
	for _, x := range all {
		if x.Replica == r {
			a = x
		}
	}
	return a
}

func (s *station) report(word string, o *officer) {
	s.t.Helper()
	s.desk("devices", word, strconv.Itoa(int(o.file.Replica)), "--by", "Trực ban", "--reason", "mất trên xe khách")
}

// drafts keeps a draft.
func (o *officer) drafts(text string) {
	o.t.Helper()
	_, err := o.nb.SaveDraft(o.t.Context(), notebook.Draft{Form: sessionForm, Feed: record.NewFeed(o.file.Unit, declared.Ordinary), Officer: keyOwner,
		Values: map[string]string{"note": text}})
	if err != nil {
		o.t.Fatal(err)
	}
}

// line is a connection in the hands of a test.
type line struct {
	replica.Conn
	sends, hears func(m protocol.Message) (protocol.Message, error)
}

func (l *line) Send(ctx context.Context, b []byte) error {
	b, err := passed(l.sends, b)
	if err != nil {
		return err
	}
	return l.Conn.Send(ctx, b)
}

func (l *line) Receive(ctx context.Context) ([]byte, error) {
	b, err := l.Conn.Receive(ctx)
	if err != nil {
		return nil, err
	}
	return passed(l.hears, b)
}

func passed(through func(protocol.Message) (protocol.Message, error), b []byte) ([]byte, error) {
	if through == nil {
		return b, nil
	}
	m, err := protocol.Decode(b)
	if err == nil {
		m, err = through(m)
	}
	if err != nil {
		return nil, err
	}
	return protocol.Append(nil, m)
}

var errDead = fault.New(fault.CutOff, "the link died", nil)

// keepsTrying runs the engine, which tries again at once, until it ends, or something holds after a session.
func (o *officer) keepsTrying(until func() bool) error {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	e := o.engine()
	changed, stop := e.Watch()
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	for {
		select {
		case err := <-ended:
			return err
		case <-changed:
			if s := e.Status(); s.Phase == replica.Offline && s.Fault != "" {
				if until != nil && until() {
					cancel()
				}
				e.SendNow()
			}
		}
	}
}

// TestALostMachineSendsEverythingFirst, over a link that dies after the first, the second, the third … message: at no
// moment are keys destroyed while something of it is not at the centre.
func TestALostMachineSendsEverythingFirst(t *testing.T) {
	s := serving(t, t.TempDir())
	id, _ := s.custodian()
	a := s.locked(id.Recipient())
	a.write("đã gửi 1", "đã gửi 2")
	a.sync()
	s.report("lost", a)
	for range 5 {
		a.write("chưa gửi", "chưa gửi", "chưa gửi")
	}
	a.drafts("nháp")
	dials, deaths := 0, 0
	a.spy = func(c replica.Conn) replica.Conn {
		dials++
		left := dials
		return &line{Conn: c, sends: func(m protocol.Message) (protocol.Message, error) {
			if w, ok := m.(*protocol.Wiping); ok {
				a.settled()
				if a.opens() == w.Done {
					t.Errorf("%+v, and the passphrase opens: %v", w, !w.Done)
				}
			}
			if left--; left < 0 {
				deaths++
				return nil, errDead
			}
			return m, nil
		}}
	}
	if err := a.keepsTrying(nil); !errors.Is(err, fault.Wiped) {
		t.Fatal(err)
	}
	a.settled()
	if a.opens() || !a.nb.Wiped() || deaths < 4 {
		t.Errorf("the passphrase opens %v; wiped %v; the link died %d times", a.opens(), a.nb.Wiped(), deaths)
	}
	if _, err := a.nb.Save(t.Context(), notebook.Entry{Form: sessionForm, Feed: "GL014/ordinary"}); !errors.Is(err, fault.Wiped) {
		t.Errorf("written after it: %v", err)
	}
	if x := s.accountOf(a.file.Replica); x.Wipe.Done == 0 || x.Wipe.Begun == 0 || !x.Lost || len(x.Missing) > 0 || x.Held != 17 {
		t.Errorf("the centre knows %+v", x)
	}
	if out := s.staff(command.ExitDone, "devices"); !strings.Contains(out, "keys destroyed") {
		t.Error(out)
	}
	s.staff(command.ExitDone, "check")
	s.end()
}

// TestWhileItCannotSendItOnlyLocks: the order has come, and nothing that is pushed gets through.
func TestWhileItCannotSendItOnlyLocks(t *testing.T) {
	s := serving(t, t.TempDir())
	id, _ := s.custodian()
	a := s.locked(id.Recipient())
	a.sync()
	s.report("lost", a)
	a.write("chưa gửi")
	through, tries := false, 0
	a.spy = func(c replica.Conn) replica.Conn {
		tries++
		return &line{Conn: c, sends: func(m protocol.Message) (protocol.Message, error) {
			if _, ok := m.(*protocol.Push); ok && !through {
				return &protocol.Ping{}, nil // it is lost on the way
			}
			if _, ok := m.(*protocol.Taken); ok && !through { // the page with the order is durable
				return nil, errDead
			}
			return m, nil
		}}
	}
	_ = a.keepsTrying(func() bool { return a.nb.Lost() && tries > 3 })
	if !a.nb.Lost() || !a.opens() || a.nb.Wiped() || s.accountOf(a.file.Replica).Wipe.Begun != 0 {
		t.Fatalf("lost %v, opens %v, wiped %v", a.nb.Lost(), a.opens(), a.nb.Wiped())
	}
	a.write("vẫn ghi được") // no timer and no order stops what is saved
	a.open()                // the program is started again
	if !a.nb.Lost() {
		t.Error("a restart forgets that it is lost")
	}
	through = true
	if err := a.trySync(patience); !errors.Is(err, fault.Wiped) || a.opens() {
		t.Errorf("%v; the passphrase opens: %v", err, a.opens())
	}
	a.settled()
	s.end()
}

// TestOrdersThatDoNotHold destroy nothing: taken back, of a stranger, about another machine, or of a centre that was set back.
func TestOrdersThatDoNotHold(t *testing.T) {
	dir := t.TempDir()
	s := serving(t, dir)
	id, _ := s.custodian()
	a, b := s.locked(id.Recipient()), s.locked(id.Recipient())
	a.write("một")
	a.sync()
	b.sync()
	still := func(what string, o *officer) {
		t.Helper()
		if o.nb.Lost() || o.nb.Wiped() || !o.opens() {
			t.Errorf("%s: lost %v, wiped %v, opens %v", what, o.nb.Lost(), o.nb.Wiped(), o.opens())
		}
	}
	s.staff(command.ExitDone, "backup")
	copies, err := filepath.Glob(filepath.Join(dir, "backups", "*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("backups: %v, %v", copies, err)
	}
	s.report("lost", a)
	b.sync()
	still("about another machine", b)
	s.staff(command.ExitDone, "backup")
	s.report("found", a)
	a.sync()
	still("taken back", a)

	// The backup of the days in between says that it is lost; the ledger of losses says more.
	s.report("lost", b)
	s.report("found", b)
	s.end()
	later, err := filepath.Glob(filepath.Join(dir, "backups", "*.db"))
	if err != nil || len(later) != 2 {
		t.Fatalf("backups: %v, %v", later, err)
	}
	for _, from := range later {
		staff(t, command.ExitDone, "restore", "--dir", dir, "--from", from)
		s = serving(t, dir)
		for _, o := range []*officer{a, b, a} {
			o.at = s
			o.open()
			o.sync()
			still("a centre that was set back", o)
		}
		if x := s.accountOf(a.file.Replica); x.Lost {
			t.Errorf("the centre has it as lost again: %+v", x)
		}
		s.staff(command.ExitDone, "check")
		s.end()
	}
}

// TestAForgedOrder, however it gets into the session, ends it and is not kept.
func TestAForgedOrder(t *testing.T) {
	s := serving(t, t.TempDir())
	id, _ := s.custodian()
	a := s.locked(id.Recipient())
	a.sync()
	a.write("một")
	stranger, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	order := record.LostOrder{Serial: 9, Lost: true, Machine: a.key.Public().String()}
	forged := &record.Change{Dot: record.Dot{Run: 99, N: 1}, Replica: record.Centre, Kind: record.KindPublish, Topic: record.LostTopic(a.file.Replica), Payload: order.Payload()}
	if err := forged.Seal(nil, func(d record.Digest) [64]byte { return stranger.Sign(seal.DomainChange, d[:]) }); err != nil {
		t.Fatal(err)
	}
	tried := 0
	a.spy = func(c replica.Conn) replica.Conn {
		return &line{Conn: c, hears: func(m protocol.Message) (protocol.Message, error) {
			if p, ok := m.(*protocol.Page); ok {
				tried++
				p.Items = append(p.Items, forged)
			}
			return m, nil
		}}
	}
	if err := a.trySync(patience); !errors.Is(err, fault.WrongKey) || tried == 0 {
		t.Errorf("%v, %d pages", err, tried)
	}
	if a.nb.Lost() || !a.opens() {
		t.Error("a forged order holds")
	}
	leaves := 0
	a.spy = func(c replica.Conn) replica.Conn { // leave that nobody has asked for
		return &line{Conn: c, hears: func(m protocol.Message) (protocol.Message, error) {
			if _, ok := m.(*protocol.Ack); ok {
				leaves++
				return &protocol.Leave{Order: 9, Given: true}, nil
			}
			return m, nil
		}}
	}
	a.write("hai")
	_ = a.keepsTrying(func() bool { return leaves > 0 })
	if !a.opens() || a.nb.Wiped() {
		t.Error("leave without an order was taken")
	}
	s.end()
}

// TestACutOffMachineThatIsLost still sends everything, and is wiped.
func TestACutOffMachineThatIsLost(t *testing.T) {
	s := serving(t, t.TempDir())
	id, _ := s.custodian()
	a := s.locked(id.Recipient())
	a.sync()
	s.staff(command.ExitDone, "revoke", strconv.Itoa(int(a.file.Replica)))
	s.report("lost", a)
	a.write("ghi sau khi bị ngắt")
	if err := a.trySync(patience); !errors.Is(err, fault.Wiped) || a.opens() {
		t.Fatalf("%v; the passphrase opens: %v", err, a.opens())
	}
	a.settled()
	if x := s.accountOf(a.file.Replica); x.Wipe.Done == 0 || !x.Revoked || len(x.Missing) > 0 {
		t.Errorf("%+v", x)
	}
	s.end()
}

// TestEscrowComesAgain to a centre that was set back, and whenever the key is sealed anew.
func TestEscrowComesAgain(t *testing.T) {
	dir := t.TempDir()
	s := serving(t, dir)
	id, _ := s.custodian()
	a := s.locked(id.Recipient())
	a.open()
	s.staff(command.ExitDone, "backup")
	kept := func() (n int) {
		t.Helper()
		var all []office.EscrowState
		if err := json.Unmarshal([]byte(s.desk("escrow", "list", "--json")), &all); err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			n += e.Kept
		}
		return n
	}
	a.sync()
	if kept() != 1 {
		t.Fatalf("kept: %d", kept())
	}
	a.sync()
	u, err := a.keys.Unlock(keyOwner, keyPhrase)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.AddOfficer(keyfile.Officer{ID: "binh", Name: "Lò Thị Bình"}, "ấm trà rơi xuống suối"); err != nil {
		t.Fatal(err)
	}
	a.sync()
	if kept() != 2 {
		t.Errorf("after another officer came: %d", kept())
	}
	s.end()
	copies, err := filepath.Glob(filepath.Join(dir, "backups", "*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatal(copies, err)
	}
	staff(t, command.ExitDone, "restore", "--dir", dir, "--from", copies[0])
	s = serving(t, dir)
	if kept() != 0 {
		t.Fatal("the backup holds it: the test proves nothing")
	}
	a.at = s
	a.sync()
	if kept() != 1 {
		t.Errorf("after a restore: %d", kept())
	}
	s.end()
}
