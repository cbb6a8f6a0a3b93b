package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
)

func TestSearchWaitsForTheLastKey(t *testing.T) {
	_, m := openNotebook(t)
	for i := range 200 {
		m.Write("diem.pq.24", "venue_register", map[string]string{"name": fmt.Sprintf("Thôn %d", i), "type": "thon"})
	}
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Làng Điệp", "type": "lang"})
	m.Wait(time.Second)
	l := m.App.List
	if l.Len() != 201 || l.Footer() != "201 bản ghi · mới nhất trước" {
		t.Fatalf("%d rows; %q", l.Len(), l.Footer())
	}
	for _, typed := range []string{"d", "di", "diep"} {
		l.SetText(typed)
		m.Wait(100 * time.Millisecond)
		if l.Len() != 201 {
			t.Fatalf("searched after %q, before the hand rested", typed)
		}
	}
	m.Wait(100 * time.Millisecond)
	if l.Len() != 1 || l.Row(0).Sub != "Làng Điệp · Làng" {
		t.Fatalf("%d rows, %+v", l.Len(), l.Row(0))
	}
	l.SetText("không có đâu")
	m.Wait(time.Second)
	text, action, do := l.Empty()
	if text != "Không tìm thấy “không có đâu”. Đã tìm không dấu." || action != "Xem tất cả" {
		t.Errorf("%q [%s]", text, action)
	}
	do()
	m.Wait(time.Second)
	if l.Len() != 201 {
		t.Error("Xem tất cả shows not all")
	}
}

// A new question is answered by the newest rows. The others are read when those have been drawn, and not at all when another
// question comes before.
func TestTheNewestRowsComeFirst(t *testing.T) {
	_, m := openNotebook(t)
	for i := range 300 {
		m.Write("diem.pq.24", "venue_register", map[string]string{"name": fmt.Sprintf("Thôn %d", i), "type": "thon"})
	}
	m.Wait(time.Second)
	l := m.App.List
	l.SetForm("venue_register")
	m.Settle()
	if l.Len() != 200 || l.Whole() {
		t.Fatalf("%d rows at once, whole: %v", l.Len(), l.Whole())
	}
	l.SetText("thôn")
	m.Wait(app.SearchPause)
	if l.Len() != 200 || l.Whole() || l.Shown().Text != "thôn" {
		t.Fatalf("%d rows of the next question, whole: %v", l.Len(), l.Whole())
	}
	m.Wait(app.SearchPause)
	if l.Len() != 300 || !l.Whole() {
		t.Errorf("%d rows in the end, whole: %v", l.Len(), l.Whole())
	}
}

// A slow answer to an old question must not overwrite the answer to the new one.
func TestOnlyTheLatestQuestionIsAnswered(t *testing.T) {
	_, m := openNotebook(t)
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 1"})
	m.Write("diem.pq.24", "self_mgmt_group", map[string]string{"name": "Tổ 1"})
	m.Wait(time.Second)
	m.Hold("venue_register")
	m.App.List.SetForm("venue_register")
	m.App.List.SetForm("self_mgmt_group")
	m.Until(func() bool { return m.App.List.Len() == 1 })
	m.Release("venue_register")
	m.Settle()
	if m.App.List.Len() != 1 || m.App.List.Row(0).Title != "Tổ tự quản" {
		t.Errorf("%d rows, %+v", m.App.List.Len(), m.App.List.Row(0))
	}
}

// While the list is drawn anew, what alters comes quicker than all rows are read: they are read to their end all the same, and
// once more after a pause.
func TestNewsNeverKeepTheRowsFromTheScreen(t *testing.T) {
	_, m := openNotebook(t)
	const formID = "venue_register"
	l := m.App.List
	l.SetForm(formID)
	m.Wait(time.Second)
	m.Hold(formID)
	for i := range 300 {
		if _, err := m.Book.Save(t.Context(), m.Entry("diem.pq.24", formID, map[string]string{"name": fmt.Sprintf("Thôn %d", i)})); err != nil {
			t.Fatal(err)
		}
		if i%30 == 0 {
			m.Drawn = 0
			app.News(m.App)
			m.Until(func() bool { return m.Drawn&app.PartNav != 0 })
		}
	}
	m.Release(formID)
	m.Settle()
	if n := m.Cut(); n != 0 {
		t.Errorf("%d readings of the list were given up for news", n)
	}
	if l.Len() == 0 {
		t.Error("no row is on the screen")
	}
	m.Wait(2 * time.Second)
	if l.Len() != 300 {
		t.Errorf("%d rows in the end", l.Len())
	}
}

// While the list is drawn anew, the line below it and the bar say how much is left.
func TestTheProgramSaysThatItDrawsTheListAnew(t *testing.T) {
	_, m := openNotebook(t)
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Làng Điệp"})
	m.Wait(time.Second)
	const words = "Đang lập lại danh sách, còn 60.500 lần ghi"
	app.IsBehind(m.App, 60_500)
	if foot, bar := m.App.List.Footer(), m.App.Bar(); !strings.HasSuffix(foot, words) || !strings.Contains(bar.Rest, words) {
		t.Errorf("%q, %q", foot, bar.Rest)
	}
	app.IsBehind(m.App, 100)
	if foot, bar := m.App.List.Footer(), m.App.Bar(); foot != "1 bản ghi · mới nhất trước" || bar.Rest != "" && strings.Contains(bar.Rest, "lập lại") {
		t.Errorf("%q, %q", foot, bar.Rest)
	}
}

func TestRowsAreReadInPages(t *testing.T) {
	_, m := openNotebook(t)
	for i := range 64*40 + 3 {
		m.Book.Save(t.Context(), m.Entry("diem.pq.24", "venue_register", map[string]string{"name": fmt.Sprintf("Thôn %d", i)}))
	}
	m.Wait(time.Second)
	l := m.App.List
	if l.Len() != 64*40+3 {
		t.Fatalf("%d rows", l.Len())
	}
	for _, i := range []int{0, 63, 64, 2562, 1000, 0} {
		want := fmt.Sprintf("Thôn %d", 64*40+2-i)
		if got := l.Row(i).Sub; got != want {
			t.Errorf("row %d says %q, want %q", i, got, want)
		}
	}
	for i := 0; i < l.Len(); i += 8 { // more pages than are kept
		l.Row(i)
	}
	if app.PagesHeld(l) > 128 {
		t.Errorf("%d pages are held", app.PagesHeld(l))
	}
	if l.Row(-1) != (app.Row{}) || l.Row(9999) != (app.Row{}) {
		t.Error("rows beyond the list")
	}
}

func TestAnEmptyNotebookSaysWhatToDo(t *testing.T) {
	m := apptest.NewVillage(t).BareMachine(24).Start().SignIn("Phan Quốc Điềm")
	text, action, _ := m.App.List.Empty()
	if text != "Máy này chưa được giao đơn vị nào, nên chưa ghi được. Nối mạng một lần để nhận từ trung tâm." || action != "Nhận từ trung tâm ngay" {
		t.Errorf("%q [%s]", text, action)
	}
	if len(m.App.Forms()) != 0 {
		t.Error("forms are offered that could not be written")
	}
	m.Grant("ordinary")
	m.Wait(time.Second)
	text, action, do := m.App.List.Empty()
	if text != "Sổ chưa có bản ghi nào. Ghi bản đầu tiên khi có việc." || action != "Ghi mới" {
		t.Errorf("%q [%s]", text, action)
	}
	do()
	if m.App.Page() != app.PageNew || len(m.App.Forms()) != 24 { // tips and petitions were not granted
		t.Errorf("page %v offers %v", m.App.Page(), m.App.Forms())
	}
}
