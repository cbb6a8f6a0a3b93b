package app_test

import (
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/record"
)

// twoAnswers is a record that two people changed in the same field without seeing each other.
func twoAnswers(t *testing.T) (m, hers *apptest.Machine, rec record.Dot) {
	t.Helper()
	v, m := openNotebook(t)
	hers = v.NewMachine(25)
	rec = m.Write("diem.pq.24", "awareness_session", session(place(m, "Làng Kon Tơ Ngol"), "60"))
	v.Carry(m, hers)
	v.Pass(5 * time.Hour)
	m.Change("diem.pq.24", rec, "participants_total", "64")
	v.Pass(time.Hour)
	hers.Change("ha.ltm.25", rec, "participants_total", "46")
	v.Carry(hers, m)
	choose(m, rec)
	return m, hers, rec
}

func compare(t *testing.T, m *apptest.Machine) *app.Choice {
	t.Helper()
	for _, n := range m.App.Detail().Notices {
		if n.Standing == app.InConflict {
			n.Do()
			m.Settle()
		}
	}
	c := m.App.Choice()
	if c == nil {
		t.Fatalf("no page of answers; the record says %+v", m.App.Detail().Notices)
	}
	return c
}

func TestTwoAnswersStandSideBySide(t *testing.T) {
	m, _, _ := twoAnswers(t)
	d := m.App.Detail()
	if got := d.Notices[0].Text; got != "Số lượt người tham dự: hai ý kiến, chưa chọn." {
		t.Errorf("the record says %q", got)
	}
	for _, f := range d.Fields {
		if f.Label == "Số lượt người tham dự" && (f.Value != "46" || f.Other != "(ý kiến khác: 64)") {
			t.Errorf("the field says %+v", f)
		}
	}
	c := compare(t, m)
	if c.Title != "Số lượt người tham dự" || c.Heading() != "Hai người ghi khác nhau · 1 ô" {
		t.Errorf("%q, %q", c.Title, c.Heading())
	}
	if c.Base == nil || c.Base.Value != "60" || c.Base.When != "17/11 lúc 09:41 · máy 24" {
		t.Errorf("before: %+v", c.Base)
	}
	if len(c.Answers) != 2 {
		t.Fatalf("%d answers", len(c.Answers))
	}
	mine, theirs := c.Answers[0], c.Answers[1]
	if !mine.Mine || mine.Value != "64" || mine.Who != "Phan Quốc Điềm" || mine.Unseen != "Lúc sửa chưa thấy: 46." || mine.Button != "Chọn 64" {
		t.Errorf("mine: %+v", mine)
	}
	if theirs.Mine || theirs.Value != "46" || theirs.Who != "ha.ltm.25" || theirs.When != "17/11 lúc 15:41 · máy 25" || theirs.Button != "Chọn 46" {
		t.Errorf("my colleague's: %+v", theirs)
	}
}

func TestAConflictIsResolvedByOneAction(t *testing.T) {
	m, _, rec := twoAnswers(t)
	compare(t, m).Choose(1)
	m.Settle()
	if live := m.View(rec).Field("participants_total"); len(live) != 1 || live[0].Text != "46" || live[0].Officer != "diem.pq.24" {
		t.Fatalf("chosen: %+v", live)
	}
	m.Wait(time.Second)
	if m.App.Page() != app.PageRecords || len(m.App.Detail().Notices) != 0 || m.App.Detail().Standing == app.InConflict {
		t.Errorf("page %v, notices %+v", m.App.Page(), m.App.Detail().Notices)
	}
	if got := m.App.Toast().Text; got != "Đã chọn 46." {
		t.Errorf("told %q", got)
	}
	m.App.DoToast() // a wrong choice does no harm
	m.Settle()
	c := m.App.Choice()
	if c == nil || len(c.Answers) != 2 || c.Base.Value != "60" {
		t.Fatalf("Chọn lại shows %+v", c)
	}
	c.Choose(0)
	m.Settle()
	if live := m.View(rec).Field("participants_total"); len(live) != 1 || live[0].Text != "64" {
		t.Errorf("chosen again: %+v", live)
	}
}

// Decision 2 holds for a choice too: what came after the page was opened was not on the screen.
func TestAThirdAnswerThatArrivesWhileIChooseStays(t *testing.T) {
	m, hers, rec := twoAnswers(t)
	c := compare(t, m)
	third := m.V.NewMachine(26)
	m.V.Carry(m, third)
	third.Change("khiem.dt.26", rec, "participants_total", "50")
	m.V.Carry(third, m)
	_ = hers
	m.Wait(time.Second)
	if m.App.Choice() != c {
		t.Fatal("the answers changed under the officer's finger")
	}
	c.Choose(0)
	m.Settle()
	var live []string
	for _, x := range m.View(rec).Field("participants_total") {
		live = append(live, x.Text)
	}
	if len(live) != 2 || !has(live, "64") || !has(live, "50") {
		t.Errorf("side by side stand %v, want my choice and the one I never saw", live)
	}
	if m.App.Page() != app.PageConflict || m.App.Choice() == c {
		t.Error("the two that are left should be shown next")
	}
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestAThirdValueIsTypedIntoTheForm(t *testing.T) {
	m, _, rec := twoAnswers(t)
	c := compare(t, m)
	c.Other()
	m.Settle()
	e := m.App.Editor()
	if e == nil {
		t.Fatal("no form")
	}
	e.Type("participants_total", "55")
	if !e.Finish(false) {
		t.Fatal(m.App.Toast().Text)
	}
	m.Settle()
	if live := m.View(rec).Field("participants_total"); len(live) != 1 || live[0].Text != "55" {
		t.Errorf("%+v", live)
	}
}

func TestARecordVoidedWhileIEditedItIsKeptForMeToDecide(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4"})
	v.Carry(m, hers)
	m.Change("diem.pq.24", rec, "name", "Thôn Bốn")
	if err := hers.Book.Delete(t.Context(), "ha.ltm.25", hers.View(rec)); err != nil {
		t.Fatal(err)
	}
	v.Carry(hers, m)
	choose(m, rec)
	c := compare(t, m)
	if len(c.Answers) != 2 || c.Answers[0].Button != "Giữ lại" || c.Answers[1].Button != "Hủy" || c.Answers[1].Who != "ha.ltm.25" {
		t.Fatalf("%+v", c.Answers)
	}
	c.Choose(0)
	m.Wait(time.Second)
	if x := m.View(rec); x.Hidden || x.Marked || x.Text("name") != "Thôn Bốn" {
		t.Errorf("kept as %+v", x)
	}
}
