package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/fault"
	"banlang/shared/record"
)

// session is a meeting in a village, as an officer would write it down.
func session(venue, people string) map[string]string {
	return map[string]string{"occurred_on": "2026-11-16", "method": "truc_tiep", "venue": venue, "venue_type": "lang",
		"topics": "toi_pham tin_dung_den", "language": "vi jra", "participants_total": people, "count_method": "dem",
		"lead_body": "cong_an", "presenters": "2", "questions_raised": "7", "questions_answered": "7"}
}

// place puts a village into the register.
func place(m *apptest.Machine, name string) string {
	return m.Write("diem.pq.24", "venue_register", map[string]string{"name": name, "type": "lang", "occurred_on": "2026-01-05"}).String()
}

func openNotebook(t *testing.T) (*apptest.Village, *apptest.Machine) {
	t.Helper()
	v := apptest.NewVillage(t)
	return v, v.NewMachine(24).Start().SignIn("Phan Quốc Điềm")
}

// fill types every answer of a form into the editor that is open.
func fill(e *app.Editor, values map[string]string) {
	for path, v := range values {
		e.Set(path, v)
	}
}

func TestAnOfficerWritesARecordAndSeesItInTheList(t *testing.T) {
	_, m := openNotebook(t)
	venue := place(m, "Làng Kon Tơ Ngol")
	m.App.New("awareness_session")
	m.Settle()
	e := m.App.Editor()
	fill(e, session(venue, ""))
	if e.Finish(false) {
		t.Fatal("finished without saying how many came")
	}
	if text, _ := e.Problem("participants_total"); text != "Cần điền: Số lượt người tham dự." {
		t.Errorf("under the empty field stands %q", text)
	}
	if e.First() != "participants_total" {
		t.Errorf("the first place to put right is %q", e.First())
	}
	e.Type("participants_total", "1.238")
	if !e.Finish(false) {
		t.Fatalf("not finished: %s", m.App.Toast().Text)
	}
	m.Settle()
	if m.App.Page() != app.PageRecords || m.App.Editor() != nil {
		t.Fatal("after finishing, the list should be open")
	}
	row := m.App.List.Row(m.App.List.Chosen())
	if row.Title != "Buổi tuyên truyền" || row.Sub != "Làng Kon Tơ Ngol · Họp trực tiếp · 1.238 lượt người" || row.Day != "16/11" {
		t.Errorf("the row says %+v", row)
	}
	if row.Standing != app.Queued {
		t.Errorf("the row stands as %v, not waiting to be sent", row.Standing)
	}
	if got := m.App.Toast().Text; got != "Đã hoàn tất Buổi tuyên truyền, bản ghi 24-2." {
		t.Errorf("told: %q", got)
	}
	if len(m.Drafts()) != 0 {
		t.Error("the draft is still there after finishing")
	}
	m.Receipt()
	m.Wait(time.Second)
	if row := m.App.List.Row(m.App.List.Chosen()); row.Standing != app.AtCentre {
		t.Errorf("with the receipt the row stands as %v", row.Standing)
	}
}

// Decision 2: an edit replaces what was on the screen.
func TestWhatArrivesWhileIWriteIsNotOverwritten(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25)
	rec := m.Write("diem.pq.24", "awareness_session", session(place(m, "Làng Kon Tơ Ngol"), "60"))
	v.Carry(m, hers)
	edit(m, rec)
	e := m.App.Editor()
	e.Type("participants_total", "64")

	hers.Change("ha.ltm.25", rec, "participants_total", "46")
	v.Carry(hers, m) // the pull arrives while the form is open
	m.Wait(time.Second)
	if !e.Newer() || e.Text("participants_total") != "64" {
		t.Fatalf("what I typed became %q; told of the newer state: %v", e.Text("participants_total"), e.Newer())
	}
	e.TakeNewer() // to look at it changes nothing of what I saw when I typed
	e.Type("materials", "40")
	e.Finish(false)
	m.Settle()
	live := m.View(rec).Field("participants_total")
	if len(live) != 2 {
		t.Fatalf("%d values stand side by side, want both: %+v", len(live), live)
	}
	m.Wait(time.Second)
	if _, conflicts, _ := m.App.Counts(); conflicts != 1 {
		t.Errorf("beside the navigation stands %d", conflicts)
	}
	if row := m.App.List.Row(m.App.List.Chosen()); row.Standing != app.InConflict {
		t.Errorf("the row stands as %v", row.Standing)
	}
}

func TestAFieldLeftAloneIsNotSent(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "self_mgmt_group", map[string]string{"name": "Tổ 3", "households": "40"})
	edit(m, rec)
	e := m.App.Editor()
	e.Type("name", "Tổ 33")
	e.Type("name", "Tổ 3") // and back again
	e.Set("type", "to_lien_gia")
	e.Set("founded_on", "2020-01-01")
	e.Set("status", "active")
	e.Type("members", "120")
	if !e.Finish(false) {
		t.Fatal(m.App.Toast().Text)
	}
	m.Settle()
	if n := len(m.View(rec).Field("name")); n != 1 || m.View(rec).Field("name")[0].Dot != rec {
		t.Error("a name that was put back was written all the same")
	}
}

func TestPowerFailsWhileWriting(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	e := m.App.Editor()
	e.Type("name", "Thôn Suối Vàng")
	if len(m.Drafts()) != 0 {
		t.Fatal("written before the first pause; the test would prove nothing")
	}
	m.Wait(time.Second) // at most a second behind the keys
	e.Type("occurred_on", "17/1")
	m.Wait(time.Second)
	e.Type("note", "chưa kịp")

	after := m.PowerCut().Start()
	lines := after.App.Gate.Officers()
	if len(lines) != 1 || lines[0].Name != "Phan Quốc Điềm" {
		t.Fatalf("the sign-in page says %+v", lines)
	}
	after.App.Gate.Try(apptest.Passphrase)
	after.Settle()
	if after.App.Offer() != "Bạn có 1 nháp đang viết, lưu lần cuối 09:41:01." {
		t.Errorf("offered: %q", after.App.Offer())
	}
	after.App.ResumeLatest()
	after.Settle()
	e = after.App.Editor()
	if e == nil || e.Text("name") != "Thôn Suối Vàng" || e.Text("occurred_on") != "17/1" {
		t.Fatal("the draft did not come back as it was, up to the last second")
	}
	e.Leave("occurred_on")
	if e.Text("occurred_on") != "17/01/2026" {
		t.Errorf("the day became %q", e.Text("occurred_on"))
	}
}

func TestTheDraftLineTellsTheTruthAboutTheDisk(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	e := m.App.Editor()
	e.Type("name", "Thôn Bình Lạc")
	m.Break(fault.DiskFull)
	m.Wait(time.Second)
	if tr := e.DraftTrouble(); tr.Code != "disk_full" || !strings.Contains(tr.Next, "Đừng tắt máy") {
		t.Fatalf("with a full disk the form says %+v", tr)
	}
	if e.DraftLine() != "Chưa ghi gì" {
		t.Errorf("and claims %q", e.DraftLine())
	}
	m.Mend()
	m.Wait(4 * time.Second)
	if e.DraftTrouble().Some() || e.DraftLine() != "Đã lưu nháp 09:41:03" || len(m.Drafts()) != 1 {
		t.Errorf("with room again: %+v, %q, %d drafts", e.DraftTrouble(), e.DraftLine(), len(m.Drafts()))
	}
}

func TestClosingTheWindowKeepsTheLastKeys(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	if err := m.App.Close(); err != nil {
		t.Fatal(err)
	}
	if ds := m.Drafts(); len(ds) != 1 || ds[0].Values["name"] != "Thôn 4" {
		t.Errorf("on the disk: %+v", ds)
	}
}

func TestLeavingAFormOnAFullDiskLosesNothing(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	m.Break(fault.DiskFull)
	m.App.Go(app.PageRecords)
	m.Settle()
	if m.App.Toast() == nil || !strings.Contains(m.App.Toast().Text, "Ổ đĩa đã đầy") {
		t.Fatalf("told: %+v", m.App.Toast())
	}
	m.Mend()
	m.Wait(4 * time.Second)
	if ds := m.Drafts(); len(ds) != 1 || ds[0].Values["name"] != "Thôn 4" {
		t.Errorf("on the disk: %+v", ds)
	}
}

func TestADraftThatWasGivenUpComesBack(t *testing.T) {
	_, m := openNotebook(t)
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn 4")
	m.Wait(time.Second)
	m.App.Editor().Discard()
	m.Settle()
	if len(m.Drafts()) != 0 || m.App.Page() != app.PageRecords {
		t.Fatal("the draft was not given up")
	}
	m.App.DoToast()
	m.Settle()
	if e := m.App.Editor(); e == nil || e.Text("name") != "Thôn 4" || len(m.Drafts()) != 1 {
		t.Error("Hoàn tác did not bring the draft back")
	}
}

func TestADeletedRecordComesBack(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4"})
	choose(m, rec)
	m.App.Delete()
	m.Settle()
	if m.App.List.Len() != 0 || m.App.Toast().Text != "Đã hủy bản ghi 24-1. Lịch sử vẫn còn." {
		t.Fatalf("%d rows, told %q", m.App.List.Len(), m.App.Toast().Text)
	}
	m.App.DoToast()
	m.Settle()
	if m.App.List.Len() != 1 || m.App.Detail() == nil || m.App.Detail().Gone {
		t.Error("Hoàn tác did not bring the record back")
	}
	if h := m.App.Detail().History; len(h) != 3 || h[0].What != "khôi phục bản ghi" || h[1].What != "hủy bản ghi" || h[0].Who != "Bạn" {
		t.Errorf("the history says %+v", h)
	}
}

func TestTheCentreAsksForACorrection(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4"})
	m.Change("diem.pq.24", rec, "name", "Thôn 44")
	c := m.View(rec).Field("name")[0].Dot
	m.RejectChange(rec, c, "length")
	m.Wait(time.Second)
	choose(m, rec)
	d := m.App.Detail()
	if d.Standing != app.NeedsAttention || len(d.Notices) != 1 || !strings.HasSuffix(d.Notices[0].Text, "(length)") {
		t.Errorf("%v %+v", d.Standing, d.Notices)
	}
	if _, _, attention := m.App.Counts(); attention != 1 {
		t.Errorf("beside the navigation stands %d", attention)
	}
	m.App.List.SetState(app.NeedsAttention)
	m.Settle()
	if m.App.List.Len() != 1 {
		t.Error("not found under Cần xem lại")
	}
}

// What the centre does not count at all stays before the eyes of who wrote it, with the reason, and is written anew.
func TestARecordThatTheCentreDoesNotCountIsNotLost(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25).Start().SignIn("Lê Thị Mai Hạ")
	rec := m.Write("diem.pq.24", "weapon_handover", map[string]string{"occurred_on": "2026-11-12", "receipt_no": "07/BB", "how": "van_dong",
		"items/1/kind": "round", "items/1/quantity": "3089"})
	v.Carry(m, hers)
	hers.Wait(time.Second)
	if hers.App.List.Len() != 1 {
		t.Fatal("the colleague does not see it")
	}
	m.RejectChange(rec, rec, "form_version")
	hers.RejectChange(rec, rec, "form_version")
	hers.Wait(time.Second)
	if hers.App.List.Len() != 0 {
		t.Error("the colleague sees what is not counted")
	}
	m.Wait(time.Second)
	choose(m, rec)
	d := m.App.Detail()
	if d == nil || d.Standing != app.NeedsAttention || len(d.Notices) != 1 || len(d.Fields) < 4 {
		t.Fatalf("shown is %+v", d)
	}
	m.App.Edit()
	m.Settle()
	e := m.App.Editor()
	if e == nil || e.Name() != "" || e.Value("receipt_no") != "07/BB" || e.Value("occurred_on") != "2026-11-12" {
		t.Fatal("it is not offered to be written anew with all that was in it")
	}
	if rows := e.Rows("items"); len(rows) != 1 || e.Value("items/"+rows[0]+"/quantity") != "3089" {
		t.Errorf("the rows are %v", rows)
	}
	m.App.Go(app.PageRecords)
	choose(m, rec)
	m.App.Delete()
	m.Settle()
	if indexOf(m, rec) >= 0 {
		t.Error("it cannot be taken off the list")
	}
}

// indexOf finds a record in the list.
func indexOf(m *apptest.Machine, rec record.Dot) int {
	for i := range m.App.List.Len() {
		if m.App.List.Row(i).Record == rec {
			return i
		}
	}
	return -1
}

func choose(m *apptest.Machine, rec record.Dot) {
	m.Wait(time.Second)
	m.App.List.Choose(indexOf(m, rec))
	m.Settle()
}

func edit(m *apptest.Machine, rec record.Dot) {
	choose(m, rec)
	m.App.Edit()
	m.Settle()
}
