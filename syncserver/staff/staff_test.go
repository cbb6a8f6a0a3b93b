package staff_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"banlang/shared/clock"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/passphrase"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

const (
	good   = "bốn con trâu gặm cỏ non"
	other  = "chiếc nón lá úp trên giếng"
	minute = clock.WallMillis(60_000)
	hour   = 60 * minute
)

// world is a register with a clock that the test sets.
type world struct {
	*staff.Staff
	dir  string
	key  seal.CentreKey
	now  atomic.Int64
	n    int
	cost passphrase.Cost
}

func open(t *testing.T) *world {
	t.Helper()
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{dir: t.TempDir(), key: key, cost: staff.Cheap}
	w.now.Store(1_790_000_000_000)
	w.reopen(t)
	t.Cleanup(func() { w.Close() })
	return w
}

func (w *world) reopen(t *testing.T) {
	t.Helper()
	var err error
	w.Staff, err = staff.Open(t.Context(), staff.In(w.dir), w.key, staff.Options{Cost: w.cost,
		Wall: func() clock.WallMillis { return clock.WallMillis(w.now.Load()) }})
	if err != nil {
		t.Fatal(err)
	}
	w.UseTree(func() staff.Tree { return forest{} })
}

func (w *world) pass(d clock.WallMillis) { w.now.Add(int64(d)) }

func (w *world) account(t *testing.T, name, unit string, roles ...staff.Role) {
	t.Helper()
	_, err := w.Create(t.Context(), staff.Keeper("root"), staff.Account{Name: name, Person: "Lê Thị Hà", Unit: unit, Roles: roles}, good)
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) login(t *testing.T, name, text, code, from string) *staff.Session {
	t.Helper()
	s, err := w.Login(t.Context(), name, text, code, from)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// signedIn makes an account and returns its viewer.
func (w *world) signedIn(t *testing.T, unit string, roles ...staff.Role) *staff.Viewer {
	t.Helper()
	w.n++
	name := fmt.Sprintf("can-bo-%d", w.n)
	w.account(t, name, unit, roles...)
	return w.login(t, name, good, "", "192.0.2.1").Viewer
}

func want(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

func (w *world) acts(t *testing.T, act string) int {
	t.Helper()
	found, err := w.Audit().List(t.Context(), audit.Filter{Act: act})
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

func TestSigningIn(t *testing.T) {
	w := open(t)
	w.Close()
	w.cost = passphrase.Least // in earnest
	w.reopen(t)
	w.account(t, "ha.lt", "52.A", staff.Review)
	s := w.login(t, " HA.LT ", " bốn con trâu gặm cỏ non", "", "192.0.2.1")
	if s.Viewer.Account != "ha.lt" || s.Viewer.Unit != "52.A" || !s.Viewer.May(staff.Review) || s.Viewer.May(staff.Direct) || !s.Viewer.Sees("52.A.1", declared.Ordinary) {
		t.Errorf("%+v", s.Viewer)
	}
	for _, x := range []struct{ name, text string }{{"ha.lt", other}, {"ha.lt", ""}, {"ha.lt", strings.Repeat("x", 1<<20)}, {"nobody", good}, {"", ""}, {strings.Repeat("x", 1<<20), good}} {
		_, err := w.Login(t.Context(), x.name, x.text, "", "192.0.2.9")
		want(t, fmt.Sprintf("%.20q %.20q", x.name, x.text), err, fault.SignInFailed)
	}
	v, err := w.Session(t.Context(), s.Token, "192.0.2.2")
	if err != nil || v.Account != "ha.lt" || v.From != "192.0.2.2" {
		t.Errorf("%+v, %v", v, err)
	}
	for _, token := range []string{"", "x", s.Token + "A", s.Token[:42] + "!", strings.Repeat("A", 43)} {
		_, err := w.Session(t.Context(), token, "")
		want(t, "token "+token, err, fault.SignedOut)
	}
	if err := errors.Join(w.Logout(t.Context(), s.Token, "192.0.2.1"), w.Logout(t.Context(), s.Token, "192.0.2.1")); err != nil {
		t.Error(err)
	}
	_, err = w.Session(t.Context(), s.Token, "")
	want(t, "after logout", err, fault.SignedOut)
	if b, e, r := w.acts(t, "session.begin"), w.acts(t, "session.end"), w.acts(t, "session.refuse"); b != 1 || e != 1 || r != 6 {
		t.Errorf("%d beginnings, %d ends, %d refusals noted", b, e, r)
	}
}

// TestNoSecretIsKept: neither token nor passphrase nor code is in any file, also not a name that nobody has.
func TestNoSecretIsKept(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Administer)
	s := w.login(t, "ha", good, "", "192.0.2.1")
	secret, _, err := w.EnrolCode(t.Context(), s.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	recovery, err := w.ConfirmCode(t.Context(), s.Token, w.code(raw), "")
	if err != nil {
		t.Fatal(err)
	}
	first, err := w.Create(t.Context(), s.Viewer, staff.Account{Name: "moi", Person: "Mới", Unit: "52.A", Roles: []staff.Role{staff.Record}}, "")
	if err != nil {
		t.Fatal(err)
	}
	enrol, _, err := w.NewEnrolCode(t.Context(), s.Viewer, staff.Newcomer{Unit: "52.A.1", Name: "máy 1", Feeds: []record.Feed{"52.A.1/tips"}})
	if err != nil {
		t.Fatal(err)
	}
	answer := "the enrolment file with its ticket"
	if _, err := w.TakeEnrolCode(t.Context(), ask(enrol, 1), "", func(staff.Newcomer) ([]byte, error) { return []byte(answer), nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Login(t.Context(), "passphrase typed as a name", good, "", "192.0.2.3"); err == nil {
		t.Fatal("a stranger is in")
	}
	key := enrol.Key()
	planted := []string{s.Token, good, secret, string(raw), recovery[0], strings.ReplaceAll(recovery[0], "-", ""), first,
		enrol.String(), strings.ReplaceAll(enrol.String(), "-", ""), string(key[:]), answer, "passphrase typed as a name"}
	files, err := os.ReadDir(w.dir)
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(w.dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range planted {
			if strings.Contains(string(b), p) {
				t.Errorf("%s holds secret %d", f.Name(), i)
			}
		}
	}
}

// TestSessionsEnd: after a quarter of an hour without use, after eight hours with; a page that asks by itself is no use.
func TestSessionsEnd(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	s := w.login(t, "ha", good, "", "192.0.2.1")
	w.pass(staff.IdleTime)
	if _, err := w.Session(t.Context(), s.Token, ""); err != nil {
		t.Fatal("at the limit:", err)
	}
	for range 31 {
		w.pass(staff.IdleTime - minute)
		if _, err := w.Session(t.Context(), s.Token, ""); err != nil {
			t.Fatal(err)
		}
	}
	w.pass(staff.LongestTime - 31*(staff.IdleTime-minute) - staff.IdleTime + 1)
	_, err := w.Session(t.Context(), s.Token, "")
	want(t, "after eight hours", err, fault.SignedOut)

	s = w.login(t, "ha", good, "", "192.0.2.1")
	for range 15 {
		w.pass(minute)
		if _, err := w.Peek(t.Context(), s.Token, ""); err != nil {
			t.Fatal(err)
		}
	}
	w.pass(1)
	_, err = w.Session(t.Context(), s.Token, "")
	want(t, "without use", err, fault.SignedOut)

	s = w.login(t, "ha", good, "", "192.0.2.1")
	w.Close()
	w.reopen(t)
	if _, err := w.Session(t.Context(), s.Token, ""); err != nil {
		t.Errorf("a restart of the centre signs people out: %v", err)
	}
	for range 5 {
		w.pass(1)
		w.login(t, "ha", good, "", "192.0.2.1")
	}
	_, err = w.Session(t.Context(), s.Token, "")
	want(t, "the sixth of an account", err, fault.SignedOut)

	s = w.login(t, "ha", good, "", "192.0.2.1")
	w.pass(-staff.LongestTime - minute)
	_, err = w.Session(t.Context(), s.Token, "")
	want(t, "one of a future that was set back", err, fault.SignedOut)
}

// TestConfirming: what is dangerous asks for the passphrase after five minutes; giving it makes the old token worthless.
func TestConfirming(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Administer)
	s := w.login(t, "ha", good, "", "192.0.2.1")
	if err := s.Viewer.Can(staff.GrantDevice, "52.A.1", declared.Tips); err != nil {
		t.Error("right after sign-in:", err)
	}
	w.pass(staff.ConfirmTime + 1)
	v, err := w.Session(t.Context(), s.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "later", v.Can(staff.GrantDevice, "52.A.1", declared.Tips), fault.ConfirmFirst)
	want(t, "elsewhere", v.Can(staff.GrantDevice, "52.B", declared.Tips), fault.NotAllowed)
	if !v.Has(staff.GrantDevice) {
		t.Error("the button is gone")
	}
	_, err = w.Confirm(t.Context(), s.Token, other, "192.0.2.1")
	want(t, "with another passphrase", err, fault.SignInFailed)
	n, err := w.Confirm(t.Context(), s.Token, good, "192.0.2.1")
	if err != nil || n.Token == s.Token || n.Viewer.Can(staff.GrantDevice, "52.A.1", declared.Tips) != nil || n.Ends != s.Ends {
		t.Fatalf("%+v, %v", n, err)
	}
	_, err = w.Session(t.Context(), s.Token, "")
	want(t, "the old token", err, fault.SignedOut)
	w.pass(-10 * minute)
	if v, err = w.Session(t.Context(), n.Token, ""); err != nil {
		t.Fatal(err)
	}
	want(t, "confirmed in the future", v.Can(staff.GrantDevice, "52.A.1", declared.Tips), fault.ConfirmFirst)
}

// TestFirstPassphrase opens nothing but the choice of another, and that for three days.
func TestFirstPassphrase(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Administer)
	by := w.login(t, "ha", good, "", "192.0.2.1").Viewer
	_, err := w.Create(t.Context(), by, staff.Account{Name: "moi", Person: "Rơ Châm Mới", Unit: "52.A.1", Roles: []staff.Role{staff.Record}}, good)
	want(t, "chosen by another", err, fault.NotAllowed)
	first, err := w.Create(t.Context(), by, staff.Account{Name: "moi", Person: "Rơ Châm Mới", Unit: "52.A.1", Roles: []staff.Role{staff.Record}}, "")
	if err != nil {
		t.Fatal(err)
	}
	s := w.login(t, "moi", first, "", "192.0.2.5")
	stale := w.login(t, "moi", first, "", "192.0.2.5")
	want(t, "before", s.Viewer.Can(staff.ReadRecords, "52.A.1", declared.Ordinary), fault.PassphraseDue)
	if s.Viewer.Has(staff.ReadRecords) || s.Viewer.Scope(staff.ReadRecords, declared.Ordinary) != nil {
		t.Error("something is shown before")
	}
	for text, code := range map[string]fault.Code{"rơ châm mới": fault.WeakPassphrase, first: fault.WeakPassphrase, strings.Repeat("a b c ", 1000): fault.WeakPassphrase} {
		_, err = w.Renew(t.Context(), s.Token, first, text, "192.0.2.5")
		want(t, text[:11], err, code)
	}
	_, err = w.Renew(t.Context(), s.Token, good, other, "192.0.2.5")
	want(t, "the old one does not fit", err, fault.SignInFailed)
	n, err := w.Renew(t.Context(), s.Token, first, other, "192.0.2.5")
	if err != nil || n.Viewer.Can(staff.ReadRecords, "52.A.1", declared.Ordinary) != nil {
		t.Fatalf("%+v, %v", n, err)
	}
	for _, token := range []string{s.Token, stale.Token} {
		_, err = w.Session(t.Context(), token, "")
		want(t, "an older session", err, fault.SignedOut)
	}
	_, err = w.Login(t.Context(), "moi", first, "", "192.0.2.5")
	want(t, "the first one again", err, fault.SignInFailed)
	w.login(t, "moi", other, "", "192.0.2.5")

	again, err := w.Reset(t.Context(), by, "moi", "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Session(t.Context(), n.Token, "")
	want(t, "after a reset", err, fault.SignedOut)
	w.pass(staff.FirstTime + 1)
	_, err = w.Login(t.Context(), "moi", again, "", "192.0.2.5")
	want(t, "after three days", err, fault.SignInFailed)
}

// code is what a telephone shows, computed beside the program.
func (w *world) code(secret []byte) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(w.now.Load()/30_000)))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])%(1<<31)%1_000_000)
}

func TestTelephone(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	w.account(t, "chu", "52", staff.Administer)
	s := w.login(t, "ha", good, "", "192.0.2.1")
	_, err := w.ConfirmCode(t.Context(), s.Token, "123456", "")
	want(t, "before it was begun", err, fault.NotFound)
	text, uri, err := w.EnrolCode(t.Context(), s.Token, "")
	if err != nil || !strings.Contains(uri, text) {
		t.Fatal(uri, err)
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	w.login(t, "ha", good, "", "192.0.2.1") // not needed yet
	_, err = w.ConfirmCode(t.Context(), s.Token, "000000", "")
	want(t, "another code", err, fault.SignInFailed)
	recovery, err := w.ConfirmCode(t.Context(), s.Token, w.code(secret), "")
	if err != nil || len(recovery) != 10 {
		t.Fatal(recovery, err)
	}
	_, err = w.Login(t.Context(), "ha", good, w.code(secret), "192.0.2.1")
	want(t, "the code that confirmed", err, fault.SignInFailed)
	w.pass(minute)
	_, err = w.Login(t.Context(), "ha", good, "", "192.0.2.1")
	want(t, "no code", err, fault.SignInFailed)
	_, err = w.Login(t.Context(), "ha", other, w.code(secret), "192.0.2.1")
	want(t, "the code alone", err, fault.SignInFailed)
	if v := w.login(t, "ha", good, w.code(secret)[:3]+" "+w.code(secret)[3:], "192.0.2.1").Viewer; !v.Code {
		t.Error("it says that there is no code")
	}
	_, err = w.Login(t.Context(), "ha", good, w.code(secret), "192.0.2.1")
	want(t, "a code used twice", err, fault.SignInFailed)
	w.login(t, "ha", good, strings.ToLower(recovery[3]), "192.0.2.1")
	_, err = w.Login(t.Context(), "ha", good, recovery[3], "192.0.2.1")
	want(t, "a recovery code used twice", err, fault.SignInFailed)
	list, err := w.Accounts(t.Context(), staff.Keeper("root"))
	if err != nil || len(list) != 2 || list[1].Recovery != 9 || !list[1].Code {
		t.Errorf("%+v, %v", list, err)
	}
	w.pass(minute)
	again := w.login(t, "ha", good, w.code(secret), "192.0.2.1")
	begun, _, err := w.EnrolCode(t.Context(), again.Token, "") // a new telephone, that is not confirmed
	if err != nil {
		t.Fatal(err)
	}
	if err := w.DropCode(t.Context(), w.login(t, "chu", good, "", "192.0.2.7").Viewer, "ha"); err != nil {
		t.Fatal(err)
	}
	_, err = w.Session(t.Context(), again.Token, "")
	want(t, "her session, when the code is dropped", err, fault.SignedOut)
	w.pass(hour)
	again = w.login(t, "ha", good, "", "192.0.2.1")
	_, err = w.ConfirmCode(t.Context(), again.Token, w.code(unpacked(t, begun)), "")
	want(t, "the telephone that was begun before", err, fault.NotFound)
}

func unpacked(t *testing.T, secret string) []byte {
	t.Helper()
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestANewTelephone: it asks for the passphrase, and takes the place of the one before, whose recovery codes open nothing any more;
// nor do those of a code that was dropped.
func TestANewTelephone(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	s := w.login(t, "ha", good, "", "192.0.2.1")
	telephone := func() (secret []byte, recovery []string) {
		t.Helper()
		text, _, err := w.EnrolCode(t.Context(), s.Token, "")
		if err != nil {
			t.Fatal(err)
		}
		secret = unpacked(t, text)
		if recovery, err = w.ConfirmCode(t.Context(), s.Token, w.code(secret), ""); err != nil {
			t.Fatal(err)
		}
		return secret, recovery
	}
	first, lost := telephone()
	second, dropped := telephone()
	w.pass(staff.ConfirmTime + 1)
	_, _, err := w.EnrolCode(t.Context(), s.Token, "")
	want(t, "a session that is left open", err, fault.ConfirmFirst)
	_, err = w.ConfirmCode(t.Context(), s.Token, w.code(second), "")
	want(t, "and its code", err, fault.ConfirmFirst)
	for what, code := range map[string]string{"the old telephone": w.code(first), "its recovery code": lost[0]} {
		_, err = w.Login(t.Context(), "ha", good, code, "192.0.2.1")
		want(t, what, err, fault.SignInFailed)
	}
	if err := w.DropCode(t.Context(), staff.Keeper("root"), "ha"); err != nil {
		t.Fatal(err)
	}
	s = w.login(t, "ha", good, "", "192.0.2.1")
	if _, _, err := w.EnrolCode(t.Context(), s.Token, ""); err != nil {
		t.Fatal(err)
	}
	list, err := w.Accounts(t.Context(), staff.Keeper("root"))
	if err != nil || len(list) != 1 || list[0].Recovery != 0 || list[0].Code {
		t.Errorf("recovery codes such as %s are left of a telephone that was dropped: %+v, %v", dropped[0], list, err)
	}
}

// TestChangingAccounts: an administrator changes those of his subtree, into his subtree, and never his own; every change ends the
// sessions and is noted, and so is every attempt.
func TestChangingAccounts(t *testing.T) {
	w := open(t)
	w.account(t, "tinh", "52", staff.Administer)
	w.account(t, "huyen", "52.A", staff.Administer)
	w.account(t, "xa", "52.A.1", staff.Record)
	w.account(t, "xa2", "52.B", staff.Record)
	by := w.login(t, "huyen", good, "", "192.0.2.1").Viewer
	xa := staff.Account{Name: "xa", Person: "Lê Thị Hà", Unit: "52.A.1", Roles: []staff.Role{staff.Record}}
	with := func(f func(*staff.Account)) staff.Account {
		a := xa
		f(&a)
		return a
	}
	for what, x := range map[string]struct {
		a    staff.Account
		code fault.Code
	}{
		"another's":        {with(func(a *staff.Account) { a.Name = "xa2" }), fault.NotAllowed},
		"out of reach":     {with(func(a *staff.Account) { a.Unit = "52" }), fault.NotAllowed},
		"the one above":    {with(func(a *staff.Account) { a.Name = "tinh" }), fault.NotAllowed},
		"his own":          {with(func(a *staff.Account) { a.Name = "huyen" }), fault.NotAllowed},
		"nobody":           {with(func(a *staff.Account) { a.Name = "nobody" }), fault.NotFound},
		"no role":          {with(func(a *staff.Account) { a.Roles = nil }), fault.BadInput},
		"an unknown role":  {with(func(a *staff.Account) { a.Roles = []staff.Role{"root"} }), fault.BadInput},
		"both keys":        {with(func(a *staff.Account) { a.Roles = []staff.Role{staff.Administer, staff.Supervise} }), fault.BadInput},
		"no unit":          {with(func(a *staff.Account) { a.Unit = "" }), fault.BadInput},
		"a name of lines":  {with(func(a *staff.Account) { a.Person = "a\nb" }), fault.BadInput},
		"a strange letter": {with(func(a *staff.Account) { a.Name = "xá" }), fault.BadInput},
	} {
		want(t, what, w.Change(t.Context(), by, x.a), x.code)
	}
	if n := w.acts(t, "refused"); n != 4 {
		t.Errorf("%d attempts noted", n)
	}
	s := w.login(t, "xa", good, "", "192.0.2.5")
	if err := w.Change(t.Context(), by, with(func(a *staff.Account) { a.Person = "Lê Thị Hạ" })); err != nil {
		t.Fatal(err)
	}
	if v, err := w.Session(t.Context(), s.Token, ""); err != nil || v.Name != "Lê Thị Hạ" {
		t.Errorf("%+v, %v", v, err)
	}
	if err := w.Change(t.Context(), by, with(func(a *staff.Account) { a.Roles = []staff.Role{staff.Record, staff.Review} })); err != nil {
		t.Fatal(err)
	}
	_, err := w.Session(t.Context(), s.Token, "")
	want(t, "after other roles", err, fault.SignedOut)
	s = w.login(t, "xa", good, "", "192.0.2.5")
	if err := w.Change(t.Context(), by, with(func(a *staff.Account) { a.Disabled = true })); err != nil {
		t.Fatal(err)
	}
	_, err = w.Session(t.Context(), s.Token, "")
	want(t, "disabled", err, fault.SignedOut)
	_, err = w.Login(t.Context(), "xa", good, "", "192.0.2.5")
	want(t, "a disabled account", err, fault.SignInFailed)
	_, err = w.Create(t.Context(), by, xa, "")
	want(t, "a name of the past", err, fault.BadInput)
	found, err := w.Audit().List(t.Context(), audit.Filter{Account: "huyen", Act: "account.change", Record: "xa"})
	if err != nil || len(found) != 3 || found[1].Reason != "roles: record → record,review; person: Lê Thị Hạ → Lê Thị Hà" || found[0].From != "192.0.2.1" {
		t.Errorf("%d: %+v, %v", len(found), found, err)
	}
	list, err := w.Accounts(t.Context(), by)
	if err != nil || len(list) != 2 || list[0].Name != "huyen" || !list[1].Disabled {
		t.Errorf("%+v, %v", list, err)
	}
	_, err = w.Accounts(t.Context(), w.login(t, "xa2", good, "", "192.0.2.6").Viewer)
	want(t, "listed by an officer", err, fault.NotAllowed)
	if n, err := w.EndSessions(t.Context(), staff.Keeper("root"), "huyen"); n != 1 || err != nil {
		t.Error(n, err)
	}
}

// TestNobodyBecomesHisOwnWatcher: an administrator makes no account that supervises, and takes none over: neither by its roles, nor
// by its passphrase, nor by its code. Whoever works at the centre's machine does.
func TestNobodyBecomesHisOwnWatcher(t *testing.T) {
	w := open(t)
	w.account(t, "tri", "52", staff.Administer)
	w.account(t, "lan", "52.A", staff.Supervise)
	w.account(t, "ha", "52.A", staff.Review)
	by := w.login(t, "tri", good, "", "192.0.2.1").Viewer
	lan := w.login(t, "lan", good, "", "192.0.2.2")
	watcher := staff.Account{Name: "lan", Person: "Lê Thị Hà", Unit: "52.A", Roles: []staff.Role{staff.Supervise}}
	for what, try := range map[string]func(staff.Account) error{
		"a second account": func(a staff.Account) error { a.Name = "tri.2"; _, err := w.Create(t.Context(), by, a, ""); return err },
		"another's roles":  func(a staff.Account) error { a.Name = "ha"; return w.Change(t.Context(), by, a) },
		"her roles": func(a staff.Account) error {
			a.Roles = []staff.Role{staff.Review}
			return w.Change(t.Context(), by, a)
		},
		"disabled":       func(a staff.Account) error { a.Disabled = true; return w.Change(t.Context(), by, a) },
		"her passphrase": func(staff.Account) error { _, err := w.Reset(t.Context(), by, "lan", ""); return err },
		"her code":       func(staff.Account) error { return w.DropCode(t.Context(), by, "lan") },
		"her sessions":   func(staff.Account) error { _, err := w.EndSessions(t.Context(), by, "lan"); return err },
	} {
		want(t, what, try(watcher), fault.NotAllowed)
	}
	if n := w.acts(t, "refused"); n != 7 {
		t.Errorf("%d of 7 attempts are noted", n)
	}
	if _, err := w.Session(t.Context(), lan.Token, ""); err != nil {
		t.Error("she is signed out:", err)
	}
	keeper := staff.Keeper("root")
	if _, err := w.Reset(t.Context(), keeper, "lan", other); err != nil {
		t.Error(err)
	}
	if watcher.Disabled = true; w.Change(t.Context(), keeper, watcher) != nil {
		t.Error("the keeper cannot disable her")
	}
}

// TestAResetHolds: who has given the old passphrase, and waits in line while the account is given another, is not let in by it.
func TestAResetHolds(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	guessing, reset := make(chan struct{}), make(chan struct{})
	staff.WhileGuessing(t, func() { close(guessing); <-reset })
	said := make(chan error)
	go func() {
		_, err := w.Login(context.WithoutCancel(t.Context()), "ha", good, "", "192.0.2.1")
		said <- err
	}()
	<-guessing
	staff.WhileGuessing(t, func() {})
	_, err := w.Reset(t.Context(), staff.Keeper("root"), "ha", other)
	close(reset)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "the old passphrase", <-said, fault.SignInFailed)
	w.login(t, "ha", other, "", "192.0.2.1")
}

// TestAClockThatWasSetBack holds nobody up: pauses that were noted by a clock in the future end as others do.
func TestAClockThatWasSetBack(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	w.pass(1000 * 24 * hour)
	for range 6 {
		_, err := w.Login(t.Context(), "ha", other, "", "192.0.2.1")
		if err == nil {
			t.Fatal("in")
		}
	}
	w.pass(-1000 * 24 * hour)
	for range 2 { // at once, or after a pause
		_, err := w.Login(t.Context(), "ha", other, "", "192.0.2.1")
		if !errors.Is(err, fault.SignInFailed) {
			t.Errorf("after %v: %v", time.UnixMilli(w.now.Load()).UTC(), err)
		}
		_, err = w.Login(t.Context(), "ha", other, "", "192.0.2.1")
		want(t, "and again", err, fault.SignInWait)
		w.pass(15 * minute)
	}
	w.login(t, "ha", good, "", "192.0.2.1")
}

// TestWhoLeavesTakesNoCodeAlong: the enrolment codes that an account has made go with its sessions, but for those that were traded.
func TestWhoLeavesTakesNoCodeAlong(t *testing.T) {
	w := open(t)
	w.account(t, "tri", "52.A", staff.Administer)
	w.account(t, "vu", "52.A", staff.Administer)
	newcomer := staff.Newcomer{Unit: "52.A", Name: "Máy", Feeds: []record.Feed{"52.A/ordinary"}}
	enrol := func(staff.Newcomer) ([]byte, error) { return []byte("file"), nil }
	code := func(name string) *enrolment.Ask {
		c, _, err := w.NewEnrolCode(t.Context(), w.login(t, name, good, "", "192.0.2.1").Viewer, newcomer)
		if err != nil {
			t.Fatal(err)
		}
		return ask(c, 1)
	}
	mine, traded, others := code("tri"), code("tri"), code("vu")
	if _, err := w.TakeEnrolCode(t.Context(), traded, "", enrol); err != nil {
		t.Fatal(err)
	}
	tri := staff.Account{Name: "tri", Person: "Lê Thị Hà", Unit: "52.A", Roles: []staff.Role{staff.Administer}, Disabled: true}
	if err := w.Change(t.Context(), staff.Keeper("root"), tri); err != nil {
		t.Fatal(err)
	}
	_, err := w.TakeEnrolCode(t.Context(), mine, "", enrol)
	want(t, "a code of who has left", err, fault.EnrolCodeStale)
	for what, a := range map[string]*enrolment.Ask{"the answer of one that was traded": traded, "another's code": others} {
		if _, err := w.TakeEnrolCode(t.Context(), a, "", enrol); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestSlowedDown: pauses grow, end by themselves, outlast a restart, and hold up only who is guessed at from elsewhere.
func TestSlowedDown(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	w.login(t, "ha", good, "", "192.0.2.1") // from here she is known
	guess := func(name, from string) error {
		_, err := w.Login(t.Context(), name, other, "", from)
		return err
	}
	for name, stranger := range map[string]string{"ha": "198.51.100.", "nobody": "203.0.113."} {
		for i := range 5 {
			want(t, name, guess(name, fmt.Sprint(stranger, i)), fault.SignInFailed)
		}
		err := guess(name, stranger+"9")
		var wait *staff.Wait
		if !errors.As(err, &wait) || wait.Until.UnixMilli() != w.now.Load()+30_000 {
			t.Errorf("%s: %v", name, err)
		}
		want(t, name, err, fault.SignInWait)
	}
	w.Close()
	w.reopen(t)
	want(t, "after a restart", guess("ha", "198.51.100.9"), fault.SignInWait)
	w.login(t, "ha", good, "", "192.0.2.1")
	_, err := w.Login(t.Context(), "ha", good, "", "198.51.100.9")
	want(t, "the right one from elsewhere", err, fault.SignInWait)
	longest := clock.WallMillis(0)
	for range 12 { // the pause doubles, up to a quarter of an hour
		begun := w.now.Load()
		for errors.Is(guess("ha", "198.51.100.9"), fault.SignInWait) {
			w.pass(minute / 2)
		}
		longest = max(longest, clock.WallMillis(w.now.Load()-begun))
	}
	if longest < 10*minute || longest > 15*minute {
		t.Errorf("the longest pause is %v", time.Duration(longest)*time.Millisecond)
	}
	w.pass(12 * hour)
	w.login(t, "ha", good, "", "198.51.100.9")
}

// TestSlipsAreForgotten: half of them an hour, so that who types wrongly now and then never waits.
func TestSlipsAreForgotten(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	for range 10 {
		for range 4 {
			_, err := w.Login(t.Context(), "ha", other, "", "192.0.2.1")
			want(t, "now and then", err, fault.SignInFailed)
		}
		w.pass(3 * hour)
	}
}

// TestOneAddress: whoever tries one name after the other from one place waits, whatever the names; a neighbour does not, and nor does
// who signed in there before. So many places are known of an account that it is not held up by the others' slips, and no more.
func TestOneAddress(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	w.account(t, "vu", "52.A", staff.Review)
	w.login(t, "ha", good, "", "2001:db8::1")
	w.account(t, "la", "52.A", staff.Review)
	for i := range 20 {
		_, err := w.Login(t.Context(), fmt.Sprint("n", i), other, "", fmt.Sprint("2001:db8::", i+2))
		want(t, fmt.Sprint("name ", i), err, fault.SignInFailed)
		if i == 10 { // who is right takes back his own try, and nobody else's
			w.login(t, "la", good, "", "2001:db8::ff")
		}
	}
	_, err := w.Login(t.Context(), "vu", good, "", "2001:db8::ff")
	want(t, "the twenty-first", err, fault.SignInWait)
	w.login(t, "vu", good, "", "2001:db8:0:1::1")
	w.login(t, "ha", good, "", "2001:db8::ff")
	for i := range 20 { // twenty others: the first is forgotten
		w.pass(1)
		w.login(t, "ha", good, "", fmt.Sprint("192.0.2.", i))
	}
	_, err = w.Login(t.Context(), "ha", good, "", "2001:db8::ff")
	want(t, "a place that is known no more", err, fault.SignInWait)
}

// TestTenThousandWrong: of ten thousand wrong sign-ins at once few are looked at, the others are turned away without work, and who
// works goes on working; what is kept of them is bounded.
func TestTenThousandWrong(t *testing.T) {
	w := open(t)
	w.account(t, "ha", "52.A", staff.Review)
	s := w.login(t, "ha", good, "", "192.0.2.1")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var looked, turned atomic.Int64
	var crowd sync.WaitGroup
	for i := range 50 {
		crowd.Go(func() {
			for j := range 200 {
				_, err := w.Login(ctx, []string{"ha", "nobody", fmt.Sprint("n", j)}[j%3], other, "", fmt.Sprintf("198.51.%d.%d", i%10, j%4))
				switch fault.CodeOf(err) {
				case fault.SignInFailed:
					looked.Add(1)
				case fault.SignInWait:
					turned.Add(1)
				default:
					if ctx.Err() == nil {
						t.Error(err)
					}
				}
			}
		})
	}
	began := time.Now()
	for range 50 { // pages
		if _, err := w.Session(t.Context(), s.Token, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
	}
	pages := time.Since(began)
	began = time.Now()
	w.login(t, "ha", good, "", "192.0.2.1")
	signIn := time.Since(began)
	crowd.Wait()
	t.Logf("50 pages %v, a sign-in %v, beside %d that were looked at and %d turned away", pages, signIn, looked.Load(), turned.Load())
	if looked.Load()+turned.Load() != 10_000 || looked.Load() > 1000 {
		t.Errorf("%d looked at, %d turned away", looked.Load(), turned.Load())
	}
	if n := int64(w.acts(t, "session.refuse")); n != min(looked.Load(), audit.MaxPage) {
		t.Errorf("%d noted", n)
	}
}

func TestForeignKey(t *testing.T) {
	w := open(t)
	w.Close()
	foreign, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = staff.Open(t.Context(), staff.In(w.dir), foreign, staff.Options{})
	want(t, "another key", err, fault.WrongKey)
}
