package app_test

import (
	"testing"
	"time"

	"banlang/desktop/app"
)

func TestTodaySaysWhatWaitsTheWorstFirst(t *testing.T) {
	v, m := openNotebook(t)
	m.App.Go(app.PageToday)
	m.Settle()
	if todos, more, ready := m.App.Today.Todos(); len(todos) != 0 || more != 0 || !ready {
		t.Fatalf("%+v, %d more, %v", todos, more, ready)
	}
	if got := m.App.Today.Heading(); got != "Hôm nay, thứ Ba 17/11" {
		t.Error(got)
	}
	venue := place(m, "Làng Kon Tơ Ngol")
	hers := v.NewMachine(25)
	rec := m.Write("diem.pq.24", "awareness_session", session(venue, "60"))
	wrong := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon"})
	v.Carry(m, hers)
	m.Change("diem.pq.24", rec, "participants_total", "64")
	hers.Change("ha.ltm.25", rec, "participants_total", "46")
	v.Carry(hers, m)
	m.Change("diem.pq.24", wrong, "households", "12")
	changes, err := m.Book.History(t.Context(), wrong)
	if err != nil {
		t.Fatal(err)
	}
	m.RejectChange(wrong, changes[1].Dot, "form_version")
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn Suối Vàng")
	m.App.Go(app.PageToday)
	m.Wait(time.Second)
	todos, more, _ := m.App.Today.Todos()
	want := []app.Todo{
		{Kind: app.TodoConflict, Title: "Buổi tuyên truyền · Làng Kon Tơ Ngol: hai người ghi khác nhau",
			Action: "Chọn"},
		{Kind: app.TodoAttention, Title: "Địa điểm · Thôn Bình Lạc: cần xem lại", Action: "Sửa"},
		{Kind: app.TodoDraft, Title: "Nháp: Địa điểm · Thôn Suối Vàng", Sub: "lưu ngày 17/11 lúc 09:41:00", Action: "Viết tiếp"},
	}
	if len(todos) != len(want) || more != 0 {
		t.Fatalf("%d things, %d more: %+v", len(todos), more, todos)
	}
	for i, w := range want {
		got := todos[i]
		if got.Kind != w.Kind || got.Title != w.Title || w.Sub != "" && got.Sub != w.Sub || got.Action != w.Action {
			t.Errorf("%d: %+v\nwant %+v", i, got, w)
		}
	}
	if sub := todos[0].Sub; sub != "Số lượt người tham dự: 46 (ý kiến khác: 64). Chưa lời nào bị mất." &&
		sub != "Số lượt người tham dự: 64 (ý kiến khác: 46). Chưa lời nào bị mất." {
		t.Error(sub)
	}
	todos[0].Do()
	m.Settle()
	if m.App.Page() != app.PageConflict || m.App.Choice().Record != rec {
		t.Error("the first does not lead to the answers")
	}
}

func TestTheBarCountsTheWeek(t *testing.T) {
	v, m := openNotebook(t)
	place(m, "Thôn 4")
	m.Receipt()
	v.Pass(6 * 24 * time.Hour) // Monday
	place(m, "Thôn 5")
	m.Wait(time.Second)
	if b := m.App.Bar(); b.Week != "1" || b.WeekAt != "0" || b.Saved != "2" || b.AtCentre != "1" {
		t.Errorf("%+v", b)
	}
	if got := m.App.Clock(); got != "Th 2, 23/11/2026 · 09:41" {
		t.Error(got)
	}
}

// TestTheRestOfTheDraftsIsFound: what Today does not list is where its button leads.
func TestTheRestOfTheDraftsIsFound(t *testing.T) {
	_, m := openNotebook(t)
	for range 8 {
		m.App.New("venue_register")
		m.Settle()
		m.App.Editor().Type("name", "Thôn")
		m.Wait(time.Second)
		m.App.Go(app.PageToday)
		m.Settle()
	}
	if todos, more, _ := m.App.Today.Todos(); len(todos) != 6 || more != 2 {
		t.Fatalf("%d are listed, %d more", len(todos), more)
	}
	m.App.Today.ShowRest()
	m.Wait(time.Second)
	if m.App.Page() != app.PageRecords || m.App.List.Len() != 8 {
		t.Errorf("it leads to %v with %d rows", m.App.Page(), m.App.List.Len())
	}
}
