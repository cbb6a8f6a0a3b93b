package banlang_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/dispatch"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/ledger"
	"banlang/shared/record"
	office "banlang/syncserver/centre"
	"banlang/syncserver/command"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
)

// connected keeps a device in touch with the centre until stop is called, and returns when it has everything.
func (o *officer) connected() (stop func()) {
	o.t.Helper()
	e := o.engine()
	changed, unwatch := e.Watch()
	defer unwatch()
	ctx, cancel := withPatience(o.t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = e.Run(ctx) // ends with its context
	}()
	stop = func() { cancel(); <-done }
	o.t.Cleanup(stop)
	for !e.Status().Session.Caught {
		waitFor(o.t, changed)
	}
	return stop
}

// until waits for the notebook to be as wanted.
func (o *officer) until(as func() bool) {
	o.t.Helper()
	changed, stop := o.nb.Watch()
	defer stop()
	for !as() {
		waitFor(o.t, changed)
	}
}

// heard waits until the centre has given its receipt for everything that is saved here; it has then heard all that the
// device said before.
func (o *officer) heard() {
	o.t.Helper()
	o.until(func() bool {
		s, err := o.nb.Status(o.t.Context())
		return err == nil && s.AtCentre == s.Saved
	})
}

func (o *officer) view(rec record.Dot) *record.View {
	o.t.Helper()
	v, err := o.nb.View(o.t.Context(), rec)
	if err != nil {
		o.t.Fatal(err)
	}
	return v
}

// save writes an urgent record of a form, or an edit of one.
func (o *officer) save(rec record.Dot, formID string, values map[string]string) record.Dot {
	o.t.Helper()
	f, ok := o.forms.Library.Current(formID)
	if !ok {
		o.t.Fatal("no form ", formID)
	}
	e := notebook.Entry{Record: rec, Form: f.Ref, Officer: "diem.pq.24", Urgent: true, Values: values, Saw: map[string][]record.Dot{}}
	if rec.IsZero() {
		e.Feed = record.NewFeed(o.file.Unit, declared.Ordinary)
	} else {
		for path := range values {
			e.Saw[path] = o.view(rec).Dots(path)
		}
	}
	recs, err := o.nb.Save(o.t.Context(), e)
	if err != nil {
		o.t.Fatal(err)
	}
	return recs[0]
}

// desk runs a command of two words for the running centre.
func (s *station) desk(args ...string) string {
	s.t.Helper()
	out, _ := staff(s.t, command.ExitDone, append(args, "--dir", s.dir)...)
	return out
}

// state is what directive status says of a directive.
func (s *station) state(number string) office.DirectiveState {
	s.t.Helper()
	var all []office.DirectiveState
	if err := json.Unmarshal([]byte(s.desk("directive", "status", number, "--json")), &all); err != nil || len(all) != 1 {
		s.t.Fatalf("%v: %+v", err, all)
	}
	return all[0]
}

// sendDirective sends one with two tasks and returns its record.
func (s *station) sendDirective(number, to string) record.Dot {
	s.t.Helper()
	s.desk("directive", "send", "--issuer", "SL", "--to", to, "--number", number, "--kind", "ke_hoach",
		"--subject", "Cao điểm giao nộp vũ khí", "--task", "Tuyên truyền", "--due", "2036-12-15", "--task", "Nộp kho", "--due", "2036-12-31")
	return s.state(number).Record
}

// TestDirective: sent by command, it is on the devices of two units over their open connections; what they answer comes
// back and is counted; and a centre that was set back to a backup made before it knows all of it again.
func TestDirective(t *testing.T) {
	s := serving(t, t.TempDir())
	province, a, b := s.enrol("SL", "Máy tỉnh"), s.enrol("SL017", "Máy xã 17"), s.enrol("SL018", "Máy xã 18")
	stranger, silent := s.enrol("SL019", "Máy xã 19"), s.enrol("SL020", "Máy xã 20")
	s.staff(command.ExitDone, "backup")
	var hangUp []func()
	for _, o := range []*officer{province, a, b, stranger} {
		hangUp = append(hangUp, o.connected())
	}
	start := time.Now()
	rec := s.sendDirective("12/KH-CAT", "SL017,SL018,SL020")
	for _, o := range []*officer{province, a, b} {
		o.until(func() bool { return o.view(rec).Created })
	}
	t.Logf("on the devices of two units and the issuer %v after the command began", time.Since(start).Round(time.Millisecond))
	b.write("một buổi")
	stranger.write("một buổi khác")
	b.heard()
	stranger.heard()
	if stranger.view(rec).Created {
		t.Error("a unit that it is not addressed to was sent it")
	}

	d := dispatch.ReadDirective(a.view(rec))
	var answers []record.Dot
	for _, task := range d.Tasks {
		answers = append(answers, a.save(record.Dot{}, dispatch.FormFollowUp, map[string]string{dispatch.TaskOf: task.Ref, dispatch.OccurredOn: "2026-11-19",
			dispatch.ReceivedAt: form.Moment(start), dispatch.ReadAt: form.Moment(start.Add(time.Minute))}))
	}
	a.heard()
	if x := s.state("12/KH-CAT"); fmt.Sprint(x.Funnel) != "{3 2 1 0 0 0}" || x.Units[0].Step != "read" || x.Units[1].Step != "delivered" || x.Units[2].Step != "sent" {
		t.Errorf("after one has read it: %+v %+v", x.Funnel, x.Units)
	}
	for _, answer := range answers {
		a.save(answer, dispatch.FormFollowUp, map[string]string{dispatch.Accepted: dispatch.Yes})
	}
	a.save(answers[0], dispatch.FormFollowUp, map[string]string{dispatch.DoneOn: "2026-11-19"})
	a.heard()
	x := s.state("12/KH-CAT")
	if u := x.Units[0]; fmt.Sprint(x.Funnel) != "{3 2 1 1 0 0}" || u.Step != "doing" || u.Accepted == 0 || u.Read != start.Add(time.Minute).UnixMilli() ||
		x.Tasks[0].Done != 1 || x.Tasks[1].Done != 0 || x.Tasks[1].Accepted != 1 {
		t.Errorf("after one has accepted it: %+v %+v", x, u)
	}
	a.save(answers[1], dispatch.FormFollowUp, map[string]string{dispatch.DoneOn: "2026-11-20"})
	a.heard()
	out := s.desk("directive", "status", "12/KH-CAT")
	for _, want := range []string{"Sent 3 → delivered 2 → read 1 → accepted 1 → done 1; overdue 0", "2026-11-20", "not opened yet", "the device was never in contact"} {
		if !strings.Contains(out, want) {
			t.Errorf("directive status does not say %q:\n%s", want, out)
		}
	}
	for _, stop := range hangUp {
		stop()
	}
	s.end()

	copies, err := filepath.Glob(filepath.Join(s.dir, "backups", "*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("backups: %v, %v", copies, err)
	}
	staff(t, command.ExitDone, "restore", "--dir", s.dir, "--from", copies[0])
	s = serving(t, s.dir)
	for _, o := range []*officer{a, silent, a} {
		o.at = s
		o.sync()
		o.settled()
	}
	if !silent.view(rec).Created {
		t.Error("who was silent until the centre was set back does not get it")
	}
	if x := s.state("12/KH-CAT"); x.Units[0].Step != "done" || len(x.Units) != 3 {
		t.Errorf("after the centre was set back: %+v", x.Units)
	}
	silent.sync() // shows what it holds
	if x := s.state("12/KH-CAT"); x.Units[2].Step != "delivered" {
		t.Errorf("what the silent one holds is not known: %+v", x.Units[2])
	}
	s.staff(command.ExitDone, "check")
	s.end()
}

// TestFlashReport: written without a network behind 60 other changes, it is the first of them at the centre; the centre says
// when it came, somebody acknowledges it, and the officer has that over the open connection.
func TestFlashReport(t *testing.T) {
	s := serving(t, t.TempDir())
	s.enrol("SL", "Máy tỉnh")
	a, colleague := s.enrol("SL017", "A"), s.enrol("SL017", "B")
	texts := make([]string, 60)
	for i := range texts {
		texts[i] = fmt.Sprint("buổi ", i)
	}
	others := a.write(texts...)
	rec := a.save(record.Dot{}, dispatch.FormFlash, map[string]string{dispatch.HappenedAt: "2026-11-18T09:40:00.000+07:00", dispatch.KnownAt: "2026-11-18T10:05:00.000+07:00",
		"category": "thien_tai", "severity": "2", "summary": "Lũ ống cuốn trôi ngầm tràn"})
	others = append(others, a.write("sau báo cáo")...)
	before := time.Now().Add(-time.Second)
	stop := a.connected()
	a.until(func() bool { return a.view(rec).Text(dispatch.ArrivedAt) != "" })
	arrived, ok := form.ReadMoment(a.view(rec).Text(dispatch.ArrivedAt))
	if !ok || arrived.Before(before) || arrived.After(time.Now().Add(time.Second)) {
		t.Errorf("at the centre since %q", a.view(rec).Text(dispatch.ArrivedAt))
	}
	a.heard()
	name := record.HumanName(a.file.Replica, rec.N)
	if out := s.desk("flash", "list"); !strings.Contains(out, name+"  SL017 · Natural disaster · Level 2") ||
		!strings.Contains(out, "1 not acknowledged") || !strings.Contains(out, "after 25 min") {
		t.Errorf("flash list:\n%s", out)
	}
	s.desk("flash", "ack", name, "--unit", "SL", "--text", "Giữ hiện trường, báo tiếp trước 17:00.")
	a.until(func() bool { return len(dispatch.ReadFlash(a.view(rec), 0).Acks) == 1 })
	if x := dispatch.ReadFlash(a.view(rec), 0).Acks[0]; x.Unit != "SL" || x.Text != "Giữ hiện trường, báo tiếp trước 17:00." || x.At.Before(arrived) {
		t.Errorf("acknowledged: %+v", x)
	}
	if v := a.view(rec); len(v.Conflicts()) > 0 {
		t.Errorf("conflicts: %v", v.Conflicts())
	}
	stop()
	colleague.sync()
	if len(dispatch.ReadFlash(colleague.view(rec), 0).Acks) != 1 {
		t.Error("the colleague does not have the acknowledgement")
	}
	s.staff(command.ExitDone, "check")
	s.end()

	store, err := sqlitestore.Open(t.Context(), office.Dir(s.dir).Database(), sqlitestore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	err = store.View(t.Context(), func(tx hub.Tx) error {
		at := func(d record.Dot) ledger.Pos {
			p, err := tx.Find(d)
			if p == 0 || err != nil {
				t.Errorf("%v is not at the centre: %v", d, err)
			}
			return p
		}
		for i, other := range others {
			if at(other) < at(rec) {
				t.Errorf("change %d, saved at place %d, arrived before the report at %d", i, at(other), at(rec))
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
