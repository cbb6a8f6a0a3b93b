package banlang_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/command"
)

// TestTwoOfOneCommune is the usual day: two devices are enrolled while the centre runs, write apart, meet at the centre,
// and hold receipts for everything.
func TestTwoOfOneCommune(t *testing.T) {
	s := serving(t, t.TempDir())
	a, b := s.enrol("GL014", "Máy trực ban"), s.enrol("GL014", "Máy xe lưu động")
	other := s.enrol("GL015", "Máy xã bên")
	ra := a.write("buổi một", "buổi hai", "buổi ba")
	rb := b.write("buổi bốn")
	for _, o := range []*officer{a, b, a, other} {
		o.sync()
		o.settled()
	}
	if a.note(rb[0]) != "buổi bốn" || b.note(ra[2]) != "buổi ba" {
		t.Errorf("the two do not show each other's records: %q, %q", a.note(rb[0]), b.note(ra[2]))
	}
	if other.note(ra[0]) != "" {
		t.Error("the neighbour was sent a record that is not its own")
	}
	if out := s.staff(command.ExitDone, "devices"); !strings.Contains(out, "Máy trực ban") || strings.Contains(out, "missing") {
		t.Errorf("devices:\n%s", out)
	}
	if code, body := s.get("/healthz"); code != 200 || !strings.Contains(body, `"ok":true`) {
		t.Errorf("healthz: %d %s", code, body)
	}
	s.staff(command.ExitDone, "check")
	s.end()
	staff(t, command.ExitDone, "check", "--dir", s.dir)
}

// TestRestore: a backup, more work, the database is lost, the backup is put back: nothing is missing anywhere, receipts
// are of the new history, and what was erased by law does not come back.
func TestRestore(t *testing.T) {
	s := serving(t, t.TempDir())
	a, b := s.enrol("GL014", "A"), s.enrol("GL014", "B")
	before := a.write("trước 1", "trước 2", "sẽ xóa")
	a.sync()
	b.sync()
	s.staff(command.ExitDone, "backup")
	late := s.enrol("GL014", "enrolled after the backup")
	after := append(a.write("sau 1", "sau 2"), b.write("sau 3")...)
	after = append(after, late.write("sau 4")...)
	for _, o := range []*officer{a, b, late, a, b} {
		o.sync()
		o.settled()
	}
	for _, r := range a.runs() {
		if r.Own && r.Safe != 3 {
			t.Errorf("the backup holds 3 changes of run %v, the device was told %d", r.ID, r.Safe)
		}
	}
	s.staff(command.ExitDone, "erase", before[2].String())
	s.end()

	copies, err := filepath.Glob(filepath.Join(s.dir, "backups", "*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("backups: %v, %v", copies, err)
	}
	for round := range 2 { // the same backup twice: the second time the present history is later than the backup's by two
		out, _ := staff(t, command.ExitDone, "restore", "--dir", s.dir, "--from", copies[0])
		if !strings.Contains(out, fmt.Sprintf("number %d; 1 orders", round+2)) {
			t.Errorf("restore says:\n%s", out)
		}
		s = serving(t, s.dir)
		for _, o := range []*officer{b, a, late} {
			o.at = s
			o.open()
		}
		for _, o := range []*officer{a, b, late, a, b} {
			o.sync()
			o.settled()
		}
		for _, o := range []*officer{a, b, late} {
			for i, rec := range append(before[:2:2], after...) {
				if o.note(rec) == "" {
					t.Errorf("round %d: device %d lacks record %d", round, o.file.Replica, i)
				}
			}
			if o.note(before[2]) != "" {
				t.Errorf("round %d: device %d shows what was erased by law", round, o.file.Replica)
			}
		}
		if out := s.staff(command.ExitDone, "devices"); strings.Contains(out, "missing") {
			t.Errorf("devices:\n%s", out)
		}
		s.staff(command.ExitDone, "check")
		s.end()
	}
	if aside, _ := filepath.Glob(filepath.Join(s.dir, "hub.db.before-restore-*")); len(aside) != 2 {
		t.Errorf("the databases before the restores: %v", aside)
	}
}

// TestErasedIsGone looks for an erased value in every file of the centre.
func TestErasedIsGone(t *testing.T) {
	s := serving(t, t.TempDir())
	a := s.enrol("GL014", "A")
	rec := a.write("Nguyễn Thị Bí Mật ở thôn Đoài")
	a.sync()
	if found := grepDir(t, s.dir, "Bí Mật"); len(found) == 0 {
		t.Fatal("the test cannot see values at all")
	}
	s.staff(command.ExitDone, "erase", record.HumanName(a.file.Replica, rec[0].N))
	if found := grepDir(t, s.dir, "Bí Mật"); len(found) > 0 {
		t.Errorf("still in %v", found)
	}
	a.sync()
	if a.note(rec[0]) != "" {
		t.Error("the device still shows it")
	}
	s.staff(command.ExitDone, "check")
	s.end()
}

func grepDir(t *testing.T, dir, text string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), text) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestWhoIsLetIn: another centre's key, another device's number, a ticket that was made up, a second key for one ticket.
func TestWhoIsLetIn(t *testing.T) {
	s, foreign := serving(t, t.TempDir()), serving(t, t.TempDir())
	a := s.enrol("GL014", "A")
	a.write("một")
	a.at = foreign
	if err := a.trySync(patience); !errors.Is(err, fault.WrongKey) {
		t.Errorf("at a centre with another key: %v", err)
	}
	a.at = s
	a.sync()

	thief := &officer{t: t, at: s, file: a.file, store: notebook.NewMemory()}
	var err error
	if thief.key, err = seal.NewReplicaKey(nil); err != nil {
		t.Fatal(err)
	}
	thief.open()
	thief.write("của kẻ khác")
	if err := thief.trySync(patience); !errors.Is(err, fault.EnrolCodeUsed) {
		t.Errorf("a ticket used twice: %v", err)
	}
	stranger := &officer{t: t, at: s, file: &enrolment.File{}, store: notebook.NewMemory(), key: thief.key}
	*stranger.file = *s.enrol("GL014", "B").file
	stranger.file.Ticket = a.file.Ticket
	stranger.open()
	stranger.write("của người lạ")
	h := stranger.dial()
	h.send(stranger.signed(h))
	if code := h.farewell(); code != fault.NotEnrolled {
		t.Errorf("another device's ticket: the centre says %q", code)
	}
	if s.staff(command.ExitDone, "check"); !strings.Contains(s.staff(command.ExitDone, "status"), "0 alarms") {
		t.Error("an alarm was raised by somebody who was not let in")
	}
	s.end()
	foreign.end()
}

// TestRevoked: a device that is cut off is told so on the open connection, receives nothing more, and still brings what it
// has; that is kept, rejected, and stands once it is released.
func TestRevoked(t *testing.T) {
	s := serving(t, t.TempDir())
	a, b := s.enrol("GL014", "A"), s.enrol("GL014", "B")
	first := a.write("trước khi bị ngắt")
	a.sync()

	e := a.engine()
	changed, stop := e.Watch()
	defer stop()
	done := make(chan error, 1)
	ctx, cancel := withPatience(t)
	go func() { done <- e.Run(ctx) }()
	for !e.Status().Session.Caught {
		waitFor(t, changed)
	}
	s.staff(command.ExitDone, "revoke", fmt.Sprint(a.file.Replica))
	revoked := time.Now()
	for e.Status().Fault != fault.Revoked {
		waitFor(t, changed)
	}
	if took := time.Since(revoked); took > 5*time.Second {
		t.Errorf("the open connection of a device that was cut off lasted %v more", took)
	}
	cancel()
	<-done

	second := a.write("sau khi bị ngắt")
	secret := b.write("không gửi cho máy bị ngắt")
	b.sync()
	a.sync()
	a.settled()
	b.sync()
	if a.note(secret[0]) != "" {
		t.Error("a device that was cut off received something")
	}
	if b.note(first[0]) == "" {
		t.Error("what was written before does not stand")
	}
	v, err := b.nb.View(t.Context(), second[0])
	if err != nil || v.Created {
		t.Errorf("what came after stands: %v, %v", v, err)
	}
	s.staff(command.ExitDone, "release", record.HumanName(a.file.Replica, second[0].N))
	b.sync()
	if b.note(second[0]) != "sau khi bị ngắt" {
		t.Errorf("after the release: %q", b.note(second[0]))
	}
	if out := s.staff(command.ExitDone, "devices"); !strings.Contains(out, "cut off") {
		t.Errorf("devices:\n%s", out)
	}
	s.staff(command.ExitDone, "grant", fmt.Sprint(a.file.Replica), "GL014", "GL014/tips")
	a.sync()
	if a.note(secret[0]) == "" {
		t.Error("a device that was assigned again lacks a record")
	}
	s.staff(command.ExitDone, "check")
	s.end()
}

// TestMissingIsNamed: a device has said what it has saved, and brought part of it.
func TestMissingIsNamed(t *testing.T) {
	s := serving(t, t.TempDir())
	a := s.enrol("GL014", "A")
	texts := make([]string, 1248)
	for i := range texts {
		texts[i] = fmt.Sprint("buổi ", i)
	}
	a.write(texts...)
	sendSome(t, a, 1240, 1245, 1246)
	out, _ := staff(t, command.ExitDone, "devices", "--dir", s.dir, "--lang", "vi")
	want := fmt.Sprintf("device %d: saved up to 1,248, missing 1,241–1,244, 1,247–1,248", a.file.Replica)
	if !strings.Contains(out, want) {
		t.Errorf("devices does not say %q:\n%s", want, out)
	}
	a.sync()
	if out := s.staff(command.ExitDone, "devices"); strings.Contains(out, "missing") {
		t.Errorf("devices:\n%s", out)
	}
	s.end()
}

// TestNothingPersonalLeaks plants names where people put them, and looks for them in everything that a monitor or an
// administrator without the right to read records can see.
func TestNothingPersonalLeaks(t *testing.T) {
	s := serving(t, t.TempDir(), "--log-level", "debug")
	a := s.enrol("UNITCANARY", "Máy Chim Hoàng Yến")
	_, err := a.nb.Save(t.Context(), notebook.Entry{Form: sessionForm, Feed: "UNITCANARY/ordinary", Officer: "officercanary",
		Values: map[string]string{"occurred_on": "2026-11-16", "note": "Nguyễn Văn Yến Phụng", "bad/canarypath": "canaryvalue"}})
	if err != nil {
		t.Fatal(err)
	}
	a.sync()
	s.staff(command.ExitRefused, "erase", "24-1271")
	s.staff(command.ExitDone, "revoke", fmt.Sprint(a.file.Replica))
	a.write("Nguyễn Văn Yến Phụng")
	a.sync()
	_, metrics := s.get("/metrics")
	_, health := s.get("/healthz")
	s.end()
	for what, text := range map[string]string{"log": s.err.String(), "metrics": metrics, "health": health} {
		if !strings.Contains(text, "code=") && what == "log" || text == "" {
			t.Errorf("the %s says nothing: %q", what, text)
		}
		for _, canary := range []string{"canary", "CANARY", "Yến", "Phụng", "127.0.0.1", "awareness"} {
			if strings.Contains(text, canary) {
				t.Errorf("the %s holds %q:\n%s", what, canary, text)
			}
		}
	}
	for _, name := range []string{"banlang_pushed_changes_total", "banlang_waiting_changes 0", "banlang_up 1", "banlang_commit_seconds_bucket",
		"banlang_goroutines", "banlang_alarms 0"} {
		if !strings.Contains(metrics, name) {
			t.Errorf("metrics lack %q:\n%s", name, metrics)
		}
	}
}

// TestSecondCentre: one directory, one centre; the commands of staff speak to the one that runs.
func TestSecondCentre(t *testing.T) {
	s := serving(t, t.TempDir())
	_, errs := staff(t, command.ExitCannotOpen, "serve", "--dir", s.dir, "--listen", "127.0.0.1:0")
	if !strings.Contains(errs, string(fault.SecondInstance)) {
		t.Errorf("it says:\n%s", errs)
	}
	_, errs = staff(t, command.ExitCannotOpen, "restore", "--dir", s.dir, "--from", filepath.Join(s.dir, "hub.db"))
	if !strings.Contains(errs, string(fault.SecondInstance)) {
		t.Errorf("restore says:\n%s", errs)
	}
	s.staff(command.ExitDone, "status")
	s.end()
	staff(t, command.ExitDone, "status", "--dir", s.dir)
}
