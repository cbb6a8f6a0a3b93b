package centre

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/passphrase"
	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// TestUnstaffed: a centre whose register of staff is torn takes in what notebooks send and copies it; what must be noted is not
// done; and the last copy of the register is not removed however often it is backed up. Restored alone, the register is there
// again, and so is all that came meanwhile.
func TestUnstaffed(t *testing.T) {
	dir, o := t.TempDir(), Options{Cost: passphrase.Least}
	r := opened(t, dir, o)
	p := newPen(r.enrolled("U1"))
	r.do(Request{Account: &AccountOrder{Name: "lan", Add: &staff.Account{Person: "Lan", Unit: "U1", Roles: []staff.Role{staff.Review}}}})
	copied := r.do(Request{Backup: &Backup{Keep: 1}}).Backup.Path
	r.end()
	for _, beside := range []string{"-wal", "-shm"} {
		os.Remove(Dir(dir).Staff().Database + beside)
	}
	if err := os.WriteFile(Dir(dir).Staff().Database, bytes.Repeat([]byte("rách"), 3000), 0o600); err != nil {
		t.Fatal(err)
	}
	r = opened(t, dir, o)
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
	if _, _, err := RestoreStaff(t.Context(), Dir(dir), copied); !errors.Is(err, fault.SecondInstance) {
		t.Errorf("restored under a running centre: %v", err)
	}
	r.end()
	if _, _, err := RestoreStaff(t.Context(), Dir(dir), copied); err != nil {
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
