package keyfile_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"banlang/desktop/keyfile"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/lockfile"
)

func TestMain(m *testing.M) {
	keyfile.Cheap()
	os.Exit(m.Run())
}

// machine is a computer with its clock, and its key store or none.
type machine struct {
	now     time.Time
	secrets map[string][]byte
	none    bool
}

var errNone = errors.New("no key store")

func (m *machine) Get(name string) ([]byte, error) {
	if m.none {
		return nil, errNone
	}
	return m.secrets[name], nil
}

func (m *machine) Set(name string, secret []byte) error {
	if m.none {
		return errNone
	}
	m.secrets[name] = secret
	return nil
}

func (m *machine) Delete(name string) error {
	if m.none {
		return errNone
	}
	delete(m.secrets, name)
	return nil
}

func newMachine() *machine {
	return &machine{now: time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC), secrets: map[string][]byte{}}
}

func (m *machine) options() keyfile.Options {
	return keyfile.Options{Secrets: m, Now: func() time.Time { return m.now }}
}

var (
	an   = keyfile.Officer{ID: "083-114", Name: "Nguyễn Văn An", Role: "Trưởng công an xã"}
	binh = keyfile.Officer{ID: "083-207", Name: "Lò Thị Bình", Role: "Cán bộ bản Khuổi"}
)

const (
	passAn    = "cây sồi tím ngựa đá"
	passBinh  = "ấm trà rơi xuống suối"
	passOther = "bảy con vịt đội nón"
)

// memoryDir returns a directory in memory where there is one.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "keyfile")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// created makes a key file of An and Bình, with the centre's key as escrow.
func created(t *testing.T, m *machine) (path string, centre envelope.Identity, key keyfile.Key) {
	t.Helper()
	centre, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	path = keyfile.Path(filepath.Join(memoryDir(t), "so.db"))
	u, err := keyfile.Create(path, an, passAn, []envelope.Recipient{centre.Recipient()}, m.options())
	if err != nil {
		t.Fatal(err)
	}
	if err := u.AddOfficer(binh, passBinh); err != nil {
		t.Fatal(err)
	}
	return path, centre, *u.Keys()[0]
}

func opened(t *testing.T, path string, m *machine) *keyfile.File {
	t.Helper()
	f, err := keyfile.Open(path, m.options())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// unlocks checks that an officer gets the key.
func unlocks(t *testing.T, path string, m *machine, id, passphrase string, want keyfile.Key) *keyfile.Unlocked {
	t.Helper()
	u, err := opened(t, path, m).Unlock(id, passphrase)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if *u.Keys()[0] != want {
		t.Fatalf("%s got another key", id)
	}
	return u
}

// refused checks that an officer does not get in, and why.
func refused(t *testing.T, path string, m *machine, id, passphrase string, want fault.Code) {
	t.Helper()
	if _, err := opened(t, path, m).Unlock(id, passphrase); !errors.Is(err, want) {
		t.Fatalf("%s: %v, want %s", id, err, want)
	}
}

func filesOf(t *testing.T, path string) map[string]string {
	t.Helper()
	all := map[string]string{}
	names, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}

func TestOfficers(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	m.now = m.now.Add(time.Hour)
	unlocks(t, path, m, an.ID, passAn, key)
	unlocks(t, path, m, binh.ID, passBinh, key).Lock()
	refused(t, path, m, an.ID, passBinh, fault.WrongPassphrase)
	refused(t, path, m, "nobody", passAn, fault.NotFound)
	got := opened(t, path, m).Officers()
	want := []keyfile.Entry{{Officer: an, LastSignIn: m.now, TriesLeft: 4}, {Officer: binh, LastSignIn: m.now, TriesLeft: 5}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if _, err := keyfile.Create(path, an, passAn, nil, m.options()); !errors.Is(err, os.ErrExist) {
		t.Errorf("made again: %v", err)
	}
	u := unlocks(t, path, m, an.ID, passAn, key)
	if err := u.AddOfficer(binh, passOther); !errors.Is(err, fault.BadInput) {
		t.Errorf("added twice: %v", err)
	}
	u.Lock()
	if err := u.AddOfficer(keyfile.Officer{ID: "3"}, passOther); !errors.Is(err, fault.LockedNotebook) {
		t.Errorf("added when locked: %v", err)
	}
}

// TestAWrongPassphraseTouchesNothing but the count of tries.
func TestAWrongPassphraseTouchesNothing(t *testing.T) {
	m := newMachine()
	path, _, _ := created(t, m)
	before := filesOf(t, path)
	refused(t, path, m, an.ID, passOther, fault.WrongPassphrase)
	after := filesOf(t, path)
	for _, name := range keyfile.Copies(path) {
		if before[name] != after[name] {
			t.Errorf("%s was changed", name)
		}
	}
}

// TestTypedElsewhere: what keyboards disagree about makes no other passphrase.
func TestTypedElsewhere(t *testing.T) {
	m := newMachine()
	path := keyfile.Path(filepath.Join(memoryDir(t), "so.db"))
	const typed = "hòa bình thủy điện khoẻ quý"
	u, err := keyfile.Create(path, an, typed, nil, m.options())
	if err != nil {
		t.Fatal(err)
	}
	key := *u.Keys()[0]
	for name, again := range map[string]string{
		"decomposed":            "ho\u0300a bi\u0300nh thu\u0309y đie\u0323\u0302n khoe\u0309 quy\u0301",
		"tones on other vowels": "hoà bình thuỷ điện khỏe quý",
		"spaces around":         "  hòa bình thủy điện khoẻ quý\t",
	} {
		t.Run(name, func(t *testing.T) { unlocks(t, path, m, an.ID, again, key) })
	}
	for _, other := range []string{"hoa bình thủy điện khoẻ quý", "hòa bình thủy điên khoẻ quý", "Hòa bình thủy điện khoẻ quý", "hòa  bình thủy điện khoẻ quý"} {
		if keyfile.Canonical(other) == keyfile.Canonical(typed) {
			t.Errorf("%q counts as %q", other, typed)
		}
	}
}

func TestWeakPassphrases(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	for _, c := range []struct{ passphrase, why string }{
		{"ngắn quá", "short"},
		{"Nguyễn Văn An 114", "names"},
		{"mật khẩu công an", "worn"},
		{"aaaa bbbb aaaa bbbb", "few"},
		{"123456789012345", "row"},
		{"", "short"},
	} {
		f := opened(t, path, m)
		if err := f.ChangePassphrase(an.ID, passAn, c.passphrase); !errors.Is(err, fault.WeakPassphrase) || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%q: %v, want %s", c.passphrase, err, c.why)
		}
	}
	unlocks(t, path, m, an.ID, passAn, key)
	m.none = true
	alone := keyfile.Path(filepath.Join(memoryDir(t), "so.db"))
	if _, err := keyfile.Create(alone, an, "mười bốn chữ ạ", nil, m.options()); !errors.Is(err, fault.WeakPassphrase) {
		t.Errorf("without a key store it must be longer: %v", err)
	}
	for _, lang := range []fault.Lang{fault.Vietnamese, fault.English} {
		if !strings.Contains(keyfile.Advice(lang, true), "16") || !strings.Contains(keyfile.Advice(lang, false), "12") {
			t.Errorf("%s: the advice does not say how long", lang)
		}
	}
}

func TestChangePassphrase(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	f := opened(t, path, m)
	if err := f.ChangePassphrase(an.ID, passBinh, passOther); !errors.Is(err, fault.WrongPassphrase) {
		t.Errorf("with a wrong old one: %v", err)
	}
	if err := f.ChangePassphrase(an.ID, passAn, passOther); err != nil {
		t.Fatal(err)
	}
	unlocks(t, path, m, an.ID, passOther, key)
	unlocks(t, path, m, binh.ID, passBinh, key)
	refused(t, path, m, an.ID, passAn, fault.WrongPassphrase)
	for _, name := range keyfile.Copies(path) { // nor does the other copy keep the old one
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		refused(t, path, m, an.ID, passAn, fault.WrongPassphrase)
		unlocks(t, path, m, an.ID, passOther, key)
	}
}

// TestTries: five are free, then the waits double up to a bound, across restarts; nothing is ever lost, and the right
// passphrase opens at the end of each wait.
func TestTries(t *testing.T) {
	m := newMachine()
	path, centre, key := created(t, m)
	for range 5 {
		refused(t, path, m, an.ID, passOther, fault.WrongPassphrase)
	}
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		wait *= time.Minute
		var w *keyfile.Wait
		_, err := opened(t, path, m).Unlock(an.ID, passAn) // even the right one is not looked at
		if !errors.Is(err, fault.TooManyTries) || !errors.As(err, &w) || w.Until != m.now.Add(wait) {
			t.Fatalf("%v, want a wait of %v", err, wait)
		}
		if got := opened(t, path, m).Officers()[0].WaitUntil; got != w.Until {
			t.Errorf("shown %v, want %v", got, w.Until)
		}
		unlocks(t, path, m, binh.ID, passBinh, key) // the others are not held up
		m.now = w.Until
		refused(t, path, m, an.ID, passOther, fault.WrongPassphrase)
	}
	if _, err := opened(t, path, m).Recover(centre); err != nil {
		t.Errorf("the centre has to wait: %v", err)
	}
	m.now = m.now.Add(time.Hour)
	unlocks(t, path, m, an.ID, passAn, key)
	refused(t, path, m, an.ID, passOther, fault.WrongPassphrase) // five are free again
	unlocks(t, path, m, an.ID, passAn, key)
}

// TestTheClockWasSetBack: nobody waits longer than the bound.
func TestTheClockWasSetBack(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	for range 5 {
		refused(t, path, m, an.ID, passOther, fault.WrongPassphrase)
	}
	m.now = m.now.AddDate(-3, 0, 0)
	f := opened(t, path, m)
	if _, err := f.Unlock(an.ID, passAn); !errors.Is(err, fault.TooManyTries) {
		t.Errorf("setting the clock back helps: %v", err)
	}
	m.now = m.now.Add(time.Minute)
	if u, err := f.Unlock(an.ID, passAn); err != nil || *u.Keys()[0] != key {
		t.Error(err)
	}
}

// TestATryThatCannotBeCounted is still a try: a full disk keeps nobody out.
func TestATryThatCannotBeCounted(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	if err := os.MkdirAll(filepath.Join(path+".tries.new", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	f := opened(t, path, m)
	for range 5 {
		if _, err := f.Unlock(an.ID, passOther); !errors.Is(err, fault.WrongPassphrase) {
			t.Fatal(err)
		}
	}
	if _, err := f.Unlock(an.ID, passAn); !errors.Is(err, fault.TooManyTries) {
		t.Errorf("the count was forgotten: %v", err)
	}
	unlocks(t, path, m, an.ID, passAn, key)
}

// TestACopiedDisk: without the machine's secret the right passphrase opens nothing, and counts as no try.
func TestACopiedDisk(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	for name, there := range map[string]*machine{
		"another machine": {now: m.now, secrets: map[string][]byte{}},
		"no key store":    {now: m.now, none: true},
	} {
		t.Run(name, func(t *testing.T) {
			for range 7 {
				refused(t, path, there, an.ID, passAn, fault.NoDeviceSecret)
			}
		})
	}
	unlocks(t, path, m, an.ID, passAn, key)
}

// TestWithoutAKeyStore the slot has only its passphrase, and says so; with the next passphrase a key store counts.
func TestWithoutAKeyStore(t *testing.T) {
	m := newMachine()
	m.none = true
	path, _, key := created(t, m)
	if e := opened(t, path, m).Officers()[0]; !e.PassphraseOnly {
		t.Error("it does not say so")
	}
	unlocks(t, path, m, an.ID, passAn, key)
	m.none = false
	f := opened(t, path, m)
	if err := f.ChangePassphrase(an.ID, passAn, passOther); err != nil {
		t.Fatal(err)
	}
	if e := f.Officers()[0]; e.PassphraseOnly {
		t.Error("the key store was not used")
	}
	unlocks(t, path, m, an.ID, passOther, key)
}

// TestTheCentreRecovers with its key, or with what it took out of the escrow; a machine that was installed anew too.
func TestTheCentreRecovers(t *testing.T) {
	m := newMachine()
	path, centre, key := created(t, m)
	m.secrets = map[string][]byte{}
	refused(t, path, m, an.ID, passAn, fault.NoDeviceSecret)
	u, err := opened(t, path, m).Recover(centre)
	if err != nil || *u.Keys()[0] != key {
		t.Fatal(err)
	}
	if err := u.SetPassphrase(an, passOther); err != nil {
		t.Fatal(err)
	}
	unlocks(t, path, m, an.ID, passOther, key)

	text := fromEscrow(t, u.File().Escrow()[0], centre)
	u, err = opened(t, path, m).RecoverWith(strings.ToLower(strings.ReplaceAll(text, "-", " ")))
	if err != nil {
		t.Fatal(err)
	}
	if err := u.SetPassphrase(binh, passOther); err != nil {
		t.Fatal(err)
	}
	unlocks(t, path, m, binh.ID, passOther, key)

	stranger, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := opened(t, path, m).Recover(stranger); !errors.Is(err, fault.WrongDataKey) {
		t.Errorf("a stranger: %v", err)
	}
	other := keyfile.Key{1}
	if _, err := opened(t, path, m).RecoverWith(other.Secret()); !errors.Is(err, fault.WrongDataKey) {
		t.Errorf("another key: %v", err)
	}
	if err := u.SetEscrow([]envelope.Recipient{stranger.Recipient()}); err != nil {
		t.Fatal(err)
	}
	if _, err := opened(t, path, m).Recover(stranger); err != nil {
		t.Error(err)
	}
	if _, err := opened(t, path, m).Recover(centre); !errors.Is(err, fault.WrongDataKey) {
		t.Errorf("the former centre: %v", err)
	}
}

// TestSeveralAtTheCentre: each of them opens the file and what the centre keeps, alone; who is left out of the next list opens nothing
// that is sealed after it, the next key included.
func TestSeveralAtTheCentre(t *testing.T) {
	m := newMachine()
	path, first, key := created(t, m)
	second, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	u, err := opened(t, path, m).Unlock(an.ID, passAn)
	if err != nil {
		t.Fatal(err)
	}
	both := []envelope.Recipient{first.Recipient(), second.Recipient()}
	if f := u.File(); f.EscrowedTo(both) || !f.EscrowedTo(both[:1]) || f.EscrowedTo(both[1:]) || f.EscrowedTo(nil) {
		t.Error("it says that it is sealed to others")
	}
	if err := u.SetEscrow(both); err != nil || !opened(t, path, m).EscrowedTo(both) {
		t.Fatal(err)
	}
	for _, id := range []envelope.Identity{first, second} {
		if text := fromEscrow(t, u.File().Escrow()[0], id); text != key.Secret() {
			t.Errorf("%s: %q", id, text)
		}
		if r, err := opened(t, path, m).Recover(id); err != nil || *r.Keys()[0] != key {
			t.Errorf("%s: %v", id, err)
		}
	}
	if err := u.SetEscrow(both[1:]); err != nil {
		t.Fatal(err)
	}
	if err := u.BeginRekey(binh.ID); err != nil {
		t.Fatal(err)
	}
	for i, sealed := range u.File().Escrow() {
		if text := fromEscrow(t, sealed, second); text != u.Keys()[i].Secret() {
			t.Errorf("the second, box %d: %q", i, text)
		}
		gone, err := age.ParseX25519Identity(first.Secret())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := age.Decrypt(bytes.NewReader(sealed), gone); err == nil {
			t.Errorf("who was left out opens box %d", i)
		}
	}
	if err := u.SetEscrow(nil); err != nil || !u.File().EscrowedTo(nil) || len(u.File().Escrow()) != 0 {
		t.Errorf("sealed to nobody: %v, %d boxes", err, len(u.File().Escrow()))
	}
}

// fromEscrow opens the escrow as the age program would.
func fromEscrow(t *testing.T, sealed []byte, centre envelope.Identity) string {
	t.Helper()
	id, err := age.ParseX25519Identity(centre.Secret())
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), id)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// TestKeyAsText: it comes back however it is written, and a slip of the pen is noticed.
func TestKeyAsText(t *testing.T) {
	k := keyfile.Key{1, 2, 3, 255}
	text := k.Secret()
	if back, err := keyfile.ParseKey(text); err != nil || *back != k {
		t.Fatal(err)
	}
	for i := range text {
		for _, r := range "A7" {
			wrong := text[:i] + string(r) + text[i+1:]
			if back, err := keyfile.ParseKey(wrong); err == nil && *back != k {
				t.Errorf("%q was taken", wrong)
			}
		}
	}
	if strings.Contains(k.String(), text[6:20]) {
		t.Error("String shows the key")
	}
}

// TestAnOfficerLeaves: the key is changed in steps that each survive; the one who leaves has nothing of the next key, the
// others need not be there.
func TestAnOfficerLeaves(t *testing.T) {
	m := newMachine()
	path, centre, key := created(t, m)
	u := unlocks(t, path, m, an.ID, passAn, key)
	if err := u.BeginRekey(an.ID, binh.ID); !errors.Is(err, fault.BadInput) || u.Pending() {
		t.Fatalf("all of them: %v", err)
	}
	if err := u.BeginRekey(binh.ID); err != nil {
		t.Fatal(err)
	}
	next := *u.Keys()[1]

	// The power went. An goes on; Bình still sees the present key, and no other.
	if got := unlocks(t, path, m, binh.ID, passBinh, key); got.Pending() || len(got.Keys()) != 1 {
		t.Error("who leaves has the next key")
	}
	u = unlocks(t, path, m, an.ID, passAn, key)
	if !u.Pending() || *u.Keys()[1] != next {
		t.Fatal("the next key is another, or gone")
	}
	if err := u.BeginRekey(binh.ID); err != nil || *u.Keys()[1] != next {
		t.Fatalf("begun again: %v", err)
	}
	texts := []string{}
	for _, sealed := range u.File().Escrow() {
		texts = append(texts, fromEscrow(t, sealed, centre))
	}
	if _, err := opened(t, path, m).RecoverWith(texts[0]); !errors.Is(err, fault.WrongDataKey) {
		t.Errorf("with half of the keys: %v", err)
	}
	if r, err := opened(t, path, m).RecoverWith(texts...); err != nil || !r.Pending() {
		t.Errorf("with both keys: %v", err)
	}
	if err := u.FinishRekey(); err != nil || u.Pending() {
		t.Fatal(err)
	}
	unlocks(t, path, m, an.ID, passAn, next)
	refused(t, path, m, binh.ID, passBinh, fault.NotFound)
	for name, text := range filesOf(t, path) {
		if strings.Contains(text, binh.ID) && !strings.HasSuffix(name, ".tries") {
			t.Errorf("%s still has the slot of who left", name)
		}
	}
	if r, err := opened(t, path, m).Recover(centre); err != nil || *r.Keys()[0] != next {
		t.Errorf("the centre: %v", err)
	}
}

// TestTornFiles tears one copy at every length and bends it at every byte: the other one counts, and heals it. Only when both
// are torn the file is refused; the key from the centre makes it anew.
func TestTornFiles(t *testing.T) {
	m := newMachine()
	path, centre, key := created(t, m)
	u := unlocks(t, path, m, an.ID, passAn, key)
	text := fromEscrow(t, u.File().Escrow()[0], centre)
	whole := filesOf(t, path)[path]
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < len(whole); i += 7 {
		for j, name := range keyfile.Copies(path) {
			bad := whole[:i]
			if i%2 == j {
				bad = whole[:i] + string(whole[i]^1) + whole[i+1:]
			}
			write(name, bad)
			if got := opened(t, path, m).Officers(); len(got) != 2 {
				t.Fatalf("%d officers, byte %d of %s", len(got), i, name)
			}
			if all := filesOf(t, path); all[name] == bad || all[path] != all[path+".copy"] {
				t.Fatalf("byte %d of %s was not healed", i, name)
			}
		}
	}
	unlocks(t, path, m, an.ID, passAn, key)
	for _, name := range keyfile.Copies(path) {
		write(name, whole[:len(whole)/2])
	}
	if _, err := keyfile.Open(path, m.options()); !errors.Is(err, fault.TornKeyFile) {
		t.Fatalf("both are torn: %v", err)
	}
	if _, err := keyfile.Create(path, an, passAn, nil, m.options()); !errors.Is(err, os.ErrExist) {
		t.Errorf("made anew over it: %v", err)
	}
	if _, err := keyfile.Restore(path, text, an, passOther, nil, m.options()); err != nil {
		t.Fatal(err)
	}
	unlocks(t, path, m, an.ID, passOther, key)
	if _, err := keyfile.Restore(path, text, an, passOther, nil, m.options()); !errors.Is(err, os.ErrExist) {
		t.Errorf("restored over a sound one: %v", err)
	}
	if _, err := keyfile.Open(filepath.Join(memoryDir(t), "none.key"), m.options()); !errors.Is(err, fault.NotFound) {
		t.Errorf("no file: %v", err)
	}
}

// TestTheNewerCopyCounts: a power cut between the two leaves one of before and one of after.
func TestTheNewerCopyCounts(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	before := filesOf(t, path)[path]
	if err := opened(t, path, m).ChangePassphrase(an.ID, passAn, passOther); err != nil {
		t.Fatal(err)
	}
	for _, name := range keyfile.Copies(path) {
		if err := os.WriteFile(name, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		unlocks(t, path, m, an.ID, passOther, key)
		refused(t, path, m, an.ID, passAn, fault.WrongPassphrase)
		if filesOf(t, path)[name] == before {
			t.Errorf("%s still holds what was before", name)
		}
	}
}

func TestUsualCost(t *testing.T) {
	if !keyfile.Usual {
		t.Error("a guess costs something else")
	}
}

// TestAnEditedSlot opens nothing, and cannot make the machine work or guessing cheap.
func TestAnEditedSlot(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(slot map[string]any)
		want fault.Code
	}{
		"nothing":        {func(map[string]any) {}, ""},
		"another name":   {func(s map[string]any) { s["officer"].(map[string]any)["name"] = "Kẻ Lạ" }, fault.WrongPassphrase},
		"another role":   {func(s map[string]any) { s["officer"].(map[string]any)["role"] = "Giám đốc" }, fault.WrongPassphrase},
		"another pair":   {func(s map[string]any) { s["recipient"] = "age1" }, fault.WrongPassphrase},
		"no device":      {func(s map[string]any) { s["device"] = "" }, fault.WrongPassphrase},
		"less memory":    {func(s map[string]any) { s["cost"].(map[string]any)["memory_kib"] = 18 << 10 }, fault.TornKeyFile},
		"all the memory": {func(s map[string]any) { s["cost"].(map[string]any)["memory_kib"] = 1 << 30 }, fault.TornKeyFile},
		"more memory":    {func(s map[string]any) { s["cost"].(map[string]any)["memory_kib"] = 20 << 10 }, fault.WrongPassphrase},
		"once":           {func(s map[string]any) { s["cost"].(map[string]any)["time"] = 1 }, fault.TornKeyFile},
		"for ever":       {func(s map[string]any) { s["cost"].(map[string]any)["time"] = 1 << 30 }, fault.TornKeyFile},
		"no threads":     {func(s map[string]any) { s["cost"].(map[string]any)["threads"] = 0 }, fault.TornKeyFile},
		"no salt":        {func(s map[string]any) { s["salt"] = "" }, fault.TornKeyFile},
		"nothing sealed": {func(s map[string]any) { s["sealed"] = "" }, fault.TornKeyFile},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine()
			path, _, _ := created(t, m)
			if err := keyfile.Edit(path, c.edit); err != nil {
				t.Fatal(err)
			}
			if _, err := opened(t, path, m).Unlock(an.ID, passAn); fault.CodeOf(err) != c.want {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestNothingSecretInTheFile looks for the key and the passphrases in all files, in every form in which they pass by.
func TestNothingSecretInTheFile(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	unlocks(t, path, m, an.ID, passAn, key)
	var device []byte
	for _, secret := range m.secrets {
		device = secret
	}
	for name, text := range filesOf(t, path) {
		for _, secret := range []string{passAn, keyfile.Canonical(passAn), string(key[:]), key.Secret(), string(device), "AGE-SECRET"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a secret", name)
			}
		}
	}
}

// TestTwoAtOnce: two windows at the sign-in screen work on one file, and neither undoes what the other did.
func TestTwoAtOnce(t *testing.T) {
	m := newMachine()
	path, _, key := created(t, m)
	first, second := opened(t, path, m), opened(t, path, m)
	if err := first.ChangePassphrase(an.ID, passAn, passOther); err != nil {
		t.Fatal(err)
	}
	if err := second.ChangePassphrase(binh.ID, passBinh, passOther+" x"); err != nil {
		t.Fatal(err)
	}
	unlocks(t, path, m, an.ID, passOther, key)
	unlocks(t, path, m, binh.ID, passOther+" x", key)
	held, err := lockfile.Take(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if err := first.ChangePassphrase(an.ID, passOther, passAn); !errors.Is(err, fault.SecondInstance) {
		t.Errorf("while another process changes it: %v", err)
	}
}
