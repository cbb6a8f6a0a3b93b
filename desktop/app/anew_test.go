package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/envelope"
	"banlang/shared/record"
)

// notCounted is a place of the register whose creation the centre does not count, because its number of households is none.
func notCounted(m *apptest.Machine) record.Dot {
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon", "occurred_on": "2026-11-16",
		"parent_unit": "SL017", "households": "mười hai", "note": "Đường khó đi mùa mưa"})
	m.RejectChange(rec, rec, "type")
	return rec
}

// A record that the centre does not count at all is put right like any other: beside the reason, at the wrong answer. It goes
// out as a new record, and the old one is kept behind it, word by word.
func TestACreationIsPutRightBesideTheReason(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25).Start().SignIn("Lê Thị Mai Hạ")
	rec := notCounted(m)
	v.Carry(m, hers)
	hers.RejectChange(rec, rec, "type")
	m.App.Go(app.PageAsking)
	m.Wait(time.Second)
	e, path := m.App.Asking.Mend()
	if e == nil || path != "households" || e.Text(path) != "mười hai" {
		t.Fatalf("nothing to alter beside the reason: %+v", m.App.Asking.Detail())
	}
	if text, _ := e.Problem(path); text != "Cần một số nguyên." {
		t.Errorf("under it stands %q", text)
	}
	if d := m.App.Asking.Detail(); d.Field != "Số hộ" || d.Value != "mười hai" || !strings.Contains(d.Safe, "bản ghi mới") {
		t.Errorf("%+v", d)
	}
	e.Type(path, "12")
	m.Wait(time.Second)
	if ds := m.PowerCut().Drafts(); len(ds) != 1 || ds[0].Instead != rec || ds[0].Values["note"] != "Đường khó đi mùa mưa" {
		t.Errorf("on the disk: %+v", ds)
	}
	if !m.App.Asking.Resend() {
		t.Fatal(m.App.Toast())
	}
	m.Wait(time.Second)
	if rows, _, _ := m.App.Asking.Rows(); len(rows) != 0 || len(m.Drafts()) != 0 {
		t.Errorf("%+v wait, with %d drafts", rows, len(m.Drafts()))
	}
	for _, at := range []*apptest.Machine{m, m.PowerCut()} {
		old := at.View(rec)
		by := old.Anew()
		anew := at.View(by)
		if anew.Instead() != rec || anew.Text("households") != "12" || anew.Text("note") != "Đường khó đi mùa mưa" || anew.Form != old.Form || anew.Home() != old.Home() {
			t.Errorf("the new record says %q, in %q", anew.Values(), anew.Home())
		}
		if old.Text("households") != "mười hai" || len(old.Rejected) != 0 {
			t.Errorf("the old one says %q", old.Values())
		}
	}
	// One of them is in the list, of the colleague too.
	v.Carry(m, hers)
	hers.Wait(time.Second)
	for _, at := range []*apptest.Machine{m, hers} {
		at.App.Go(app.PageRecords)
		at.Wait(time.Second)
		if at.App.List.Len() != 1 || indexOf(at, m.View(rec).Anew()) != 0 {
			t.Errorf("the list holds %d records", at.App.List.Len())
		}
	}
}

// From the new record one comes to the old one, and back.
func TestTheOldRecordIsBehindTheNewOne(t *testing.T) {
	_, m := openNotebook(t)
	rec := notCounted(m)
	edit(m, rec)
	e := m.App.Editor()
	if e.StartAt() != "households" || e.Reviewed() != app.NeedsAttention || e.ReviewLine() != "Cần xem lại: Câu trả lời không đúng kiểu của ô (cần số, ngày hoặc giờ), nên chưa tính được." {
		t.Errorf("the form begins with %q", e.ReviewLine())
	}
	if text, _ := e.Problem("households"); text == "" {
		t.Error("the reason is not at the wrong answer")
	}
	if !strings.HasPrefix(e.About(), "ghi lại thay bản ghi 24-1") {
		t.Errorf("about: %q", e.About())
	}
	e.Type("households", "12")
	if !e.Finish(false) {
		t.Fatalf("not finished: %s", e.First())
	}
	m.Wait(time.Second)
	by := m.View(rec).Anew()
	d := m.App.Detail()
	if d == nil || d.Record != by || d.Standing != app.Queued || len(d.History) != 1 || d.History[0].What != "ghi lại thay bản ghi 24-1" {
		t.Fatalf("shown is %+v", d)
	}
	if said := m.App.Toast(); said == nil || !strings.Contains(said.Text, "thành bản ghi 24-2, thay bản ghi 24-1.") {
		t.Errorf("said %+v", said)
	}
	d.History[0].ChooseAgain()
	m.Settle()
	d = m.App.Detail()
	if d == nil || d.Record != rec || d.Sub != "Thôn Bình Lạc · Thôn" || !d.Gone || len(d.Notices) != 1 || d.Notices[0].Text != "Bản ghi này đã được ghi lại thành bản ghi 24-2. Chữ cũ còn nguyên ở đây." {
		t.Fatalf("shown is %+v", d)
	}
	if h := d.History; len(h) != 3 || h[0].What != "ghi lại thành bản ghi 24-2" || h[1].What != "chưa tính được, cần xem lại" {
		t.Errorf("its history says %+v", h)
	}
	m.App.Edit() // what is edited is the one that counts
	m.Settle()
	if e := m.App.Editor(); e == nil || e.Name() != "24-2" {
		t.Errorf("edited is %+v", e)
	}
	m.App.Go(app.PageRecords)
	m.Settle()
	d.Notices[0].Do()
	m.Settle()
	if d := m.App.Detail(); d == nil || d.Record != by {
		t.Errorf("shown is %+v", d)
	}
}

// What was being edited when the centre's word came goes on in the new record, and so does what was rejected after it.
func TestADraftOfARecordThatIsNotCountedGoesOn(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon", "occurred_on": "2026-11-16", "parent_unit": "SL017", "households": "mười hai"})
	m.Change("diem.pq.24", rec, "geo", "đầu làng")
	m.RejectChange(rec, m.View(rec).Field("geo")[0].Dot, "type")
	edit(m, rec)
	m.App.Editor().Type("note", "Đường khó đi mùa mưa")
	m.App.Go(app.PageRecords)
	m.Wait(time.Second)
	m.RejectChange(rec, rec, "type")
	m.Wait(time.Second)
	m.App.Resume(m.App.Drafts()[0].ID)
	m.Settle()
	e := m.App.Editor()
	if e == nil || e.Name() != "" || e.Text("note") != "Đường khó đi mùa mưa" || e.Text("geo") != "đầu làng" || e.Text("households") != "mười hai" {
		t.Fatalf("the form goes on with %q, %q, %q", e.Text("note"), e.Text("geo"), e.Text("households"))
	}
	e.Type("households", "12")
	e.Type("geo", "21,06542 103,85121")
	if !e.Finish(false) {
		t.Fatalf("not finished: %s", e.First())
	}
	m.Wait(time.Second)
	anew := m.View(m.View(rec).Anew())
	if anew.Text("households") != "12" || anew.Text("geo") == "" || anew.Text("note") != "Đường khó đi mùa mưa" || len(m.Drafts()) != 0 {
		t.Errorf("the new record says %q, and %d drafts are left", anew.Values(), len(m.Drafts()))
	}
	if _, _, attention := m.App.Counts(); attention != 0 {
		t.Errorf("%d wait", attention)
	}
}

// Two officers share a machine, and each has begun to put the same record right: the second one goes on over the record that the first
// one wrote, with what he typed, and there is no third.
func TestTheSecondOneGoesOnOverTheNewRecord(t *testing.T) {
	_, m := openNotebook(t)
	rec := notCounted(m)
	m.App.Go(app.PageSettings)
	m.Settle()
	m.App.Gate.Create("Lê Thị Mai Hạ", "", "mai hạ mùa xuân", "mai hạ mùa xuân")
	m.Settle()
	as := func(officer int, passphrase string) {
		t.Helper()
		m.App.SignOut()
		m.Settle()
		m.App.Gate.Choose(officer)
		m.App.Gate.Try(passphrase)
		m.Settle()
		m.App.Go(app.PageRecords)
		m.Wait(time.Second)
	}
	begin := func(households, note string) {
		t.Helper()
		edit(m, rec)
		m.App.Editor().Type("households", households)
		m.App.Editor().Type("note", note)
		m.App.Go(app.PageRecords)
		m.Wait(time.Second)
	}
	begin("12", "Đường khó đi, mùa mưa phải lội")
	as(1, "mai hạ mùa xuân")
	begin("13", "Cầu treo đã hỏng")
	as(0, apptest.Passphrase)
	finish := func() {
		t.Helper()
		m.App.Resume(m.App.Drafts()[0].ID)
		m.Settle()
		if e := m.App.Editor(); e == nil || !e.Finish(false) {
			t.Fatal("not finished")
		}
		m.Wait(time.Second)
	}
	finish()
	by := m.View(rec).Anew()
	as(1, "mai hạ mùa xuân")
	m.App.Resume(m.App.Drafts()[0].ID)
	m.Settle()
	e := m.App.Editor()
	if e == nil || e.Text("households") != "13" || e.Text("note") != "Cầu treo đã hỏng" || e.Name() == "" {
		t.Fatalf("the form goes on with %+v", e)
	}
	if said := m.App.Toast(); said == nil || !strings.Contains(said.Text, "24-2") {
		t.Errorf("said %+v", said)
	}
	m.App.Go(app.PageRecords)
	m.Settle()
	finish()
	v := m.View(by)
	if len(v.Conflicts()) != 2 || len(m.View(rec).Field(record.PathAnew)) != 1 || m.View(rec).Anew() != by || len(m.Drafts()) != 0 {
		t.Errorf("the new record has %d conflicts, the old one was written anew as %v; %d drafts", len(v.Conflicts()), m.View(rec).Field(record.PathAnew), len(m.Drafts()))
	}
	if m.App.List.Len() != 1 {
		t.Errorf("the list holds %d records", m.App.List.Len())
	}
}

// What a colleague at the same machine wrote into the old record meanwhile, unseen by who writes it anew, goes on asking.
func TestWhatComesBetweenIsNotTakenOutOfSight(t *testing.T) {
	_, m := openNotebook(t)
	rec := notCounted(m)
	edit(m, rec)
	e := m.App.Editor()
	e.Type("households", "12")
	m.Change("ha.ltm.24", rec, "note", "Cầu treo đã hỏng")
	if !e.Finish(false) {
		t.Fatalf("not finished: %s", e.First())
	}
	m.Wait(time.Second)
	if old := m.View(rec); old.Hidden || !old.Marked || len(old.Rejected) != 1 || old.Text("note") != "Cầu treo đã hỏng" {
		t.Errorf("the old record: %+v", old)
	}
	if m.App.List.Len() != 2 || indexOf(m, rec) < 0 {
		t.Errorf("the list holds %d records", m.App.List.Len())
	}
}

// What the centre wrote into a record it writes again by itself, and what is sealed is asked for once more.
func TestARecordWrittenAnewHasNothingOfTheCentreAndNothingSealed(t *testing.T) {
	_, m := openNotebook(t)
	m.PublishKeys("unit", "custodian")
	rec := m.Write("diem.pq.24", "tip", map[string]string{"occurred_on": "2026-11-13", "channel": "hom_thu", "category": "ma_tuy", "urgency": "khan", "content": "Có người lạ."})
	m.FromCentre(rec, "tip", nil, map[string]string{"outcome": "dang_xac_minh"})
	if v := m.View(rec); !envelope.IsSealed(v.Text("content")) || v.Text("outcome") == "" {
		t.Fatalf("there is nothing to leave out: %q", v.Values())
	}
	m.RejectChange(rec, rec, "choice")
	edit(m, rec)
	e := m.App.Editor()
	if e == nil || e.Value("category") != "ma_tuy" || e.Value("content") != "" || e.Value("outcome") != "" {
		t.Fatalf("the form begins with %q", e.Filling().Answers())
	}
}
