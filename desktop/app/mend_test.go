package app_test

import (
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
)

// The wrong answer is altered beside the reason. All that was rejected with it is written once more, and the record asks for
// nobody any more.
func TestARejectedRecordIsPutRightBesideTheReason(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon", "occurred_on": "2026-11-16", "parent_unit": "SL017"})
	_, err := m.Book.Save(t.Context(), notebook.Entry{Record: rec, Form: m.View(rec).Form, Officer: "diem.pq.24",
		Values: map[string]string{"note": "Đường khó đi mùa mưa", "households": "mười hai"}})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := m.Book.History(t.Context(), rec)
	if err != nil {
		t.Fatal(err)
	}
	m.RejectChange(rec, changes[1].Dot, "type")
	if v := m.View(rec); v.Text("note") != "" || len(v.Rejected) != 1 {
		t.Fatalf("rejected: %+v", v)
	}
	m.App.Go(app.PageAsking)
	m.Wait(time.Second)
	e, path := m.App.Asking.Mend()
	if e == nil || path != "households" {
		t.Fatalf("nothing to alter beside the reason: %+v", m.App.Asking.Detail())
	}
	if len(m.Drafts()) != 0 {
		t.Error("a draft of what nobody has touched")
	}
	e.Type(path, "một trăm")
	if m.App.Asking.Resend() {
		t.Error("what cannot be read was sent")
	}
	m.Wait(time.Second)
	if ds := m.PowerCut().Drafts(); len(ds) != 1 || ds[0].Values["note"] != "Đường khó đi mùa mưa" {
		t.Errorf("on the disk: %+v", ds)
	}
	e.Type(path, "120")
	if !m.App.Asking.Resend() {
		t.Fatal(m.App.Toast())
	}
	m.Wait(time.Second)
	v := m.View(rec)
	if rows, _, _ := m.App.Asking.Rows(); len(rows) != 0 || len(v.Rejected) != 0 || v.Text("households") != "120" || v.Text("note") != "Đường khó đi mùa mưa" {
		t.Errorf("%+v wait; the record says %q", rows, v.Values())
	}
	if m.App.Page() != app.PageAsking || len(m.Drafts()) != 0 {
		t.Errorf("page %v, %d drafts", m.App.Page(), len(m.Drafts()))
	}
}

// What is typed there is a draft like any other: leaving the page keeps it, and the form goes on with it.
func TestACorrectionThatIsLeftIsKept(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon", "occurred_on": "2026-11-16", "parent_unit": "SL017"})
	m.Change("diem.pq.24", rec, "households", "mười")
	m.RejectChange(rec, m.View(rec).Field("households")[0].Dot, "type")
	m.App.Go(app.PageAsking)
	m.Wait(time.Second)
	e, path := m.App.Asking.Mend()
	if e == nil || path != "households" || e.Text(path) != "mười" {
		t.Fatalf("%v at %q", e, path)
	}
	if text, _ := e.Problem(path); text != "Cần một số nguyên." {
		t.Errorf("under it stands %q", text)
	}
	e.Type(path, "1")
	m.App.Go(app.PageRecords)
	m.Wait(time.Second)
	if ds := m.Drafts(); len(ds) != 1 || ds[0].Values["households"] != "1" {
		t.Fatalf("%+v", ds)
	}
	edit(m, rec)
	if got := m.App.Editor().Text("households"); got != "1" {
		t.Errorf("the form goes on with %q", got)
	}
	m.App.Go(app.PageAsking)
	m.Wait(time.Second)
	if e, _ := m.App.Asking.Mend(); e == nil || e.Text("households") != "1" {
		t.Error("the page does not go on with the draft")
	}
	m.App.Asking.OpenForm()
	m.Settle()
	if m.App.Page() != app.PageForm || m.App.Editor() == nil || m.App.Editor().Text("households") != "1" {
		t.Error("the whole form does not go on with it")
	}
	if at := m.App.Editor().StartAt(); at != "households" {
		t.Errorf("the hand is at %q", at)
	}
}
