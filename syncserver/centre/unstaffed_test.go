package centre

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/passphrase"
	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// staffedOnce is a centre with a notebook and somebody of the staff, copied and ended.
func staffedOnce(t *testing.T, dir string, o Options) (p *pen, copied string) {
	t.Helper()
	r := opened(t, dir, o)
	p = newPen(r.enrolled("U1"))
	r.do(Request{Account: &AccountOrder{Name: "lan", Add: &staff.Account{Person: "Lan", Unit: "U1", Roles: []staff.Role{staff.Review}}}})
	copied = r.do(Request{Backup: &Backup{Keep: 1}}).Backup.Path
	r.end()
	return p, copied
}

// TestTheRegisterIsGone: a register that is gone is not made anew in silence, with nobody in it; it comes back from a copy.
func TestTheRegisterIsGone(t *testing.T) {
	dir, o := t.TempDir(), Options{Cost: passphrase.Least}
	p, copied := staffedOnce(t, dir, o)
	for _, beside := range []string{"", "-wal", "-shm"} {
		os.Remove(Dir(dir).Staff().Database + beside)
	}
	r := opened(t, dir, o)
	if err := r.Unstaffed(); !errors.Is(err, fault.Unstaffed) || !errors.Is(err, ErrNoRegister) {
		t.Errorf("it says %v", err)
	}
	if left, err := exists(Dir(dir).Staff().Database); left || err != nil {
		t.Errorf("a register was made: %v", err)
	}
	r.push(p.create(t, "U1"))
	r.end()
	if _, err := RestoreStaff(t.Context(), Dir(dir), copied); err != nil {
		t.Fatal(err)
	}
	r = opened(t, dir, o)
	if all := r.do(Request{Accounts: true}).Accounts; len(all) != 1 {
		t.Errorf("accounts: %+v", all)
	}
	r.do(Request{Check: true})
}

// TestUnstaffed: a centre whose register of staff is torn takes in what notebooks send and copies it; what must be noted is not
// done; and the last copy of the register is not removed however often it is backed up. Restored alone, the register is there
// again, and so is all that came meanwhile.
func TestUnstaffed(t *testing.T) {
	dir, o := t.TempDir(), Options{Cost: passphrase.Least}
	p, copied := staffedOnce(t, dir, o)
	for _, beside := range []string{"-wal", "-shm"} {
		os.Remove(Dir(dir).Staff().Database + beside)
	}
	if err := os.WriteFile(Dir(dir).Staff().Database, bytes.Repeat([]byte("rách"), 3000), 0o600); err != nil {
		t.Fatal(err)
	}
	r := opened(t, dir, o)
	if r.Staff() != nil || !errors.Is(r.Unstaffed(), fault.Unstaffed) {
		t.Errorf("it says %v", r.Unstaffed())
	}
	made := p.create(t, "U1")
	r.push(made)
	for name, q := range map[string]Request{"erase": {Erase: &Erase{Record: made.Dot.String()}}, "accounts": {Accounts: true},
		"review": {Review: &Review{State: record.ReviewApproved}}, "flashes": {FlashList: &FlashList{}}} {
		if _, err := r.Do(t.Context(), q); !errors.Is(err, fault.Unstaffed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(Dir(dir).ErasureLedger()); err == nil {
		t.Error("an erasure was begun that nobody could note")
	}
	if _, err := r.Do(t.Context(), Request{Check: true}); !IsUnsound(err) && !errors.Is(err, fault.TornDatabase) && !errors.Is(err, fault.NotOurDatabase) {
		t.Errorf("the check says %v", err)
	}
	r.do(Request{Status: true})
	r.do(Request{Backup: &Backup{Keep: 1}})
	if b := r.do(Request{Backup: &Backup{Keep: 1}}).Backup; b.Kept != 2 {
		t.Errorf("%d copies kept, want the new one and the one with the register", b.Kept)
	}
	if _, err := RestoreStaff(t.Context(), Dir(dir), copied); !errors.Is(err, fault.SecondInstance) {
		t.Errorf("restored under a running centre: %v", err)
	}
	if _, err := r.EnrolByCode(t.Context(), &enrolment.Ask{}, ""); !errors.Is(err, fault.Unstaffed) {
		t.Errorf("a device enrolled by code: %v", err)
	}
	r.end()
	if _, err := RestoreStaff(t.Context(), Dir(dir), copied); err != nil {
		t.Fatal(err)
	}
	r = opened(t, dir, o)
	if all := r.do(Request{Accounts: true}).Accounts; len(all) != 1 || all[0].Name != "lan" {
		t.Errorf("accounts: %+v", all)
	}
	if v := r.view(made.Dot); !v.Created {
		t.Error("what came meanwhile is gone")
	}
	r.do(Request{Check: true})
}

// TestCutOffWithoutARegister: a stolen device is cut off also while the register is torn, by whoever works at the machine, and by nobody
// else; the register is restored without a restart, and its audit says then who did it, and when, once.
func TestCutOffWithoutARegister(t *testing.T) {
	var now atomic.Int64
	now.Store(1_790_000_000_000)
	dir, o := t.TempDir(), Options{Cost: passphrase.Least, Wall: func() clock.WallMillis { return clock.WallMillis(now.Load()) }}
	r := opened(t, dir, o)
	stolen := newPen(r.enrolled("U1"))
	r.do(Request{Account: &AccountOrder{Name: "lan", Add: &staff.Account{Person: "Lan", Unit: "U1", Roles: []staff.Role{staff.Supervise}}}})
	copied := r.do(Request{Backup: &Backup{Keep: 1}}).Backup.Path
	r.end()
	if err := os.WriteFile(Dir(dir).Staff().Database, bytes.Repeat([]byte("rách"), 3000), 0o600); err != nil {
		t.Fatal(err)
	}
	r = opened(t, dir, o)
	revoke := Request{Grant: &Grant{Replica: stolen.Replica, Revoke: true}, Who: "root"}
	asStaff := revoke
	asStaff.Viewer = &staff.Viewer{}
	gives := Request{Grant: &Grant{Replica: stolen.Replica, Feeds: []record.Feed{"U1/tips"}}, Who: "root"}
	found := Request{Loss: &Loss{Replica: stolen.Replica, By: "Lan", Reason: "x"}, Who: "root"}
	for what, q := range map[string]Request{"asked by staff": asStaff, "what gives": gives, "what was found": found} {
		if _, err := r.Do(t.Context(), q); !errors.Is(err, fault.Unstaffed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	r.do(revoke)
	if d := r.do(Request{Devices: true}).Devices; len(d) != 1 || !d[0].Revoked {
		t.Errorf("%+v", d)
	}
	noted, err := os.ReadFile(Dir(dir).Unnoted())
	if err != nil {
		t.Fatal(err)
	}
	done := now.Load()
	now.Add(3600_000)
	if _, err := r.Do(t.Context(), Request{RestoreStaff: filepath.Join(dir, "nothing.db")}); !errors.Is(err, fault.NotFound) {
		t.Errorf("restored from nothing: %v", err)
	}
	if a := r.do(Request{RestoreStaff: copied}).Restored; a.Aside == "" {
		t.Errorf("%+v", a)
	}
	if r.Unstaffed() != nil || r.Staff() == nil {
		t.Fatal("it needs a restart")
	}
	if all := r.do(Request{Accounts: true}).Accounts; len(all) != 1 || all[0].Name != "lan" {
		t.Errorf("accounts: %+v", all)
	}
	if _, err := r.Do(t.Context(), Request{RestoreStaff: copied}); !errors.Is(err, fault.SecondInstance) {
		t.Errorf("a register that is open was exchanged: %v", err)
	}
	for range 2 { // once more with the file that a power cut left
		found, err := r.Staff().Audit().List(t.Context(), audit.Filter{Act: string(staff.GrantDevice)})
		if err != nil || len(found) != 1 || found[0].From != "root@centre" || int64(found[0].At) != done || found[0].Reason != "revoked" {
			t.Errorf("the audit says %+v, %v", found, err)
		}
		if _, err := os.Stat(Dir(dir).Unnoted()); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file that waited is there: %v", err)
		}
		r.end()
		if err := os.WriteFile(Dir(dir).Unnoted(), append(noted, "{\"Act\":\"device."...), 0o600); err != nil {
			t.Fatal(err)
		}
		r = opened(t, dir, o)
	}
	r.do(Request{Check: true})
}

// TestCopiedWithoutASoundRegister: somebody altered the audit, or it was damaged, while the centre runs: what notebooks sent is copied as
// before, the last sound copy of the register stays, and the check says what is wrong.
func TestCopiedWithoutASoundRegister(t *testing.T) {
	dir := t.TempDir()
	r := opened(t, dir, Options{Cost: passphrase.Least})
	made := newPen(r.enrolled("U1")).create(t, "U1")
	r.push(made)
	first := r.do(Request{Backup: &Backup{Keep: 1}}).Backup.Path
	db, err := sql.Open("sqlite3", Dir(dir).Staff().Database+"?_busy_timeout=5000")
	if err == nil {
		_, err = db.ExecContext(t.Context(), "DROP TRIGGER audit_is_not_altered; UPDATE audit SET reason = 'nothing' WHERE seq = 1")
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Do(t.Context(), Request{Check: true}); !errors.Is(err, audit.ErrBroken) {
		t.Errorf("the check says %v", err)
	}
	for range 2 {
		if b := r.do(Request{Backup: &Backup{Keep: 1}}).Backup; b.Kept != 2 || b.End == 0 {
			t.Errorf("%+v", b)
		}
	}
	if _, err := os.Stat(staffCopyOf(first)); err != nil {
		t.Errorf("the sound copy of the register is gone: %v", err)
	}
}

// TestARegisterThatComesBack: what kept it from being opened has passed, and the centre that runs opens it by itself.
func TestARegisterThatComesBack(t *testing.T) {
	var now atomic.Int64
	now.Store(1_790_000_000_000)
	dir, o := t.TempDir(), Options{Cost: passphrase.Least, Wall: func() clock.WallMillis { return clock.WallMillis(now.Load()) }}
	heads := Dir(dir).Staff().Audit.Heads
	if err := os.Mkdir(heads, 0o700); err != nil { // as if the disk did not answer
		t.Fatal(err)
	}
	r := opened(t, dir, o)
	if !errors.Is(r.Unstaffed(), fault.DiskIO) {
		t.Fatal(r.Unstaffed())
	}
	if err := os.Remove(heads); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Do(t.Context(), Request{Accounts: true}); !errors.Is(err, fault.Unstaffed) {
		t.Errorf("tried again at once: %v", err)
	}
	now.Add(10_000)
	r.do(Request{Accounts: true})
	r.do(Request{Check: true})
}

// TestNotedToItsEnd: what was done is in the audit, whenever whoever asked for it goes away.
func TestNotedToItsEnd(t *testing.T) {
	r := opened(t, t.TempDir(), Options{Cost: passphrase.Least})
	for range 10 {
		ctx, goAway := context.WithCancel(t.Context())
		committed := r.hub.Committed()
		go func() { <-committed; goAway() }()
		_, _ = r.Do(ctx, Request{Enrol: &Enrol{Address: "127.0.0.1:1", Newcomers: []Newcomer{{Unit: "U1", Name: "máy", Feeds: []record.Feed{"U1/ordinary"}}}}})
		goAway()
	}
	done := r.do(Request{Devices: true}).Devices
	noted, err := r.Staff().Audit().List(t.Context(), audit.Filter{Act: string(staff.EnrolDevice)})
	if err != nil || len(done) == 0 || len(noted) != len(done) {
		t.Errorf("%d devices, %d of them noted: %v", len(done), len(noted), err)
	}
}
