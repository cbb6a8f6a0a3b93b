package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/record"
)

// venue writes a place of the register on the officer's machine.
func venue(m *apptest.Machine, name string) record.Dot {
	return m.Write("diem.pq.24", "venue_register", map[string]string{"name": name, "type": "thon", "occurred_on": "2026-11-16"})
}

// A record that was deleted is found by a filter for as long as it is deleted: who did it and when is said, and it comes back.
func TestADeletedRecordIsFoundAndComesBack(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25).Start().SignIn("Lê Thị Mai Hạ")
	mine, theirs := venue(m, "Thôn Suối Vàng"), venue(m, "Làng Kon")
	venue(m, "Thôn 3")
	choose(m, mine)
	m.App.Delete()
	m.Settle()
	v.Carry(m, hers)
	choose(hers, theirs)
	hers.App.Delete()
	hers.Settle()
	v.Carry(hers, m)
	m.App.EndToast()
	m = m.PowerCut().Start()
	m.App.Gate.Try(apptest.Passphrase)
	m.Wait(time.Second)
	m.App.Go(app.PageRecords)
	m.Wait(time.Second)
	l := m.App.List
	if l.Len() != 1 || indexOf(m, mine) >= 0 {
		t.Fatalf("the list holds %q", titles(m))
	}
	l.SetState(app.Voided)
	m.Settle()
	if l.Len() != 2 || l.Footer() != "2 bản ghi · mới nhất trước" {
		t.Fatalf("deleted are %q; %s", titles(m), l.Footer())
	}
	for i := range l.Len() {
		if r := l.Row(i); r.Standing != app.Voided || m.App.Word(r.Standing) != "Đã hủy" {
			t.Errorf("%+v", r)
		}
	}
	l.SetText("suối vàng")
	m.Wait(time.Second)
	if l.Len() != 1 {
		t.Fatalf("by its name are found %q", titles(m))
	}
	l.SetText("")
	m.Wait(time.Second)
	choose(m, theirs)
	if d := m.App.Detail(); d.Standing != app.Voided || len(d.Notices) != 1 || !strings.HasPrefix(d.Notices[0].Text, "ha.ltm.25 đã hủy bản ghi này, ") || len(d.Fields) < 2 {
		t.Errorf("%+v", d)
	}
	choose(m, mine)
	d := m.App.Detail()
	if d.Name != "24-1" || len(d.Notices) != 1 || !strings.HasPrefix(d.Notices[0].Text, "Bạn đã hủy bản ghi này, ") || d.Notices[0].Action != "Khôi phục" {
		t.Fatalf("%+v", d)
	}
	if m.App.Edit(); m.App.Editor() != nil {
		t.Error("what was deleted is edited")
	}
	d.Notices[0].Do()
	m.Settle()
	if d := m.App.Detail(); d == nil || d.Record != mine || d.Standing != app.Queued || len(d.Notices) != 0 || d.History[0].What != "khôi phục bản ghi" {
		t.Fatalf("after it came back: %+v", d)
	}
	if l.Len() != 1 {
		t.Errorf("deleted still are %q", titles(m))
	}
	l.Everything()
	m.Settle()
	if l.Len() != 2 || indexOf(m, mine) < 0 {
		t.Errorf("the list holds %q", titles(m))
	}
}

// What was written anew was not deleted, and what the officer may see no more is not offered.
func TestWhatIsNotDeletedIsNotAmongTheDeleted(t *testing.T) {
	_, m := openNotebook(t)
	rec := notCounted(m)
	edit(m, rec)
	m.App.Editor().Type("households", "12")
	m.App.Editor().Finish(false)
	m.Wait(time.Second)
	gone := venue(m, "Thôn 9")
	choose(m, gone)
	m.App.Delete()
	m.Settle()
	m.App.List.SetState(app.Voided)
	m.Wait(time.Second)
	if m.App.List.Len() != 1 || m.App.List.Row(0).Record != gone {
		t.Fatalf("deleted are %q", titles(m))
	}
	m.GrantFeeds("SL018/ordinary")
	m.Wait(time.Second)
	if m.App.List.Len() != 0 {
		t.Errorf("of another unit: %q", titles(m))
	}
	if text, action, _ := m.App.List.Empty(); text != "Trên máy này không có bản ghi nào đã hủy." || action != "Xem tất cả" {
		t.Errorf("%q [%s]", text, action)
	}
}

// Before a record goes that is at the centre, where others count on it, the officer is asked; what only this machine has goes at
// once.
func TestWhatIsAtTheCentreIsAskedForBeforeItGoes(t *testing.T) {
	_, m := openNotebook(t)
	rec := venue(m, "Thôn Suối Vàng")
	choose(m, rec)
	if q, ok := m.App.Voiding(); ok {
		t.Fatalf("asked is %+v about what is only here", q)
	}
	m.Receipt()
	m.Change("diem.pq.24", rec, "households", "12") // what was added since is on its way
	m.Wait(time.Second)
	choose(m, rec)
	q, ok := m.App.Voiding()
	if !ok || q.Title != "Hủy bản ghi 24-1 (Địa điểm · Thôn Suối Vàng · Thôn · 12 hộ)?" || !strings.Contains(q.Text, "trung tâm") {
		t.Fatalf("%v %+v", ok, q)
	}
	if m.View(rec).Hidden {
		t.Fatal("to ask has deleted it")
	}
	q.Do()
	m.Settle()
	if !m.View(rec).Hidden || m.App.List.Len() != 0 || m.App.Toast() == nil || m.App.Toast().Action != "Hoàn tác" {
		t.Errorf("%+v", m.App.Toast())
	}
}
