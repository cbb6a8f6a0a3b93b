package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/record"
)

// notice finds what the detail says with a look.
func notice(m *apptest.Machine, s app.Standing) *app.Notice {
	for i := range m.App.Detail().Notices {
		if n := &m.App.Detail().Notices[i]; n.Standing == s {
			return n
		}
	}
	return nil
}

// A record that is returned says why wherever it is seen, is opened by one act, and is out of the return with the edit.
func TestWhatIsReturnedIsPutRight(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "awareness_session", session(place(m, "Trường TH Sơn Bình"), "38"))
	m.Receipt()
	const why = "Đề nghị ghi rõ cách đếm."
	m.Review(rec, record.ReviewReturned, why)
	m.App.Go(app.PageToday)
	m.Wait(time.Second)
	todos, _, _ := m.App.Today.Todos()
	if len(todos) != 1 || todos[0].Kind != app.TodoReturned || todos[0].Action != "Sửa" || !strings.HasPrefix(todos[0].Sub, "“"+why+"” ") ||
		!strings.HasSuffix(todos[0].Title, ": trung tâm trả lại") {
		t.Fatalf("%+v", todos)
	}
	if _, _, attention := m.App.Counts(); attention != 1 {
		t.Errorf("beside the navigation stands %d", attention)
	}
	m.App.Go(app.PageRecords)
	m.App.List.SetState(app.Returned)
	m.Wait(time.Second)
	if m.App.List.Len() != 1 || m.App.List.Row(0).Standing != app.Returned {
		t.Fatal("the list does not know it")
	}
	choose(m, rec)
	if n := notice(m, app.Returned); n == nil || !strings.Contains(n.Text, why) || n.Action != "Sửa" {
		t.Errorf("%+v", m.App.Detail().Notices)
	}
	if h := m.App.Detail().History[0]; h.What != "trả lại bản ghi: “"+why+"”" {
		t.Errorf("%+v", h)
	}
	m.App.List.Everything()
	todos[0].Do()
	m.Settle()
	e := m.App.Editor()
	if e == nil || e.Reviewed() != app.Returned || !strings.Contains(e.ReviewLine(), why) || len(e.Leftover()) != 0 {
		t.Fatal("the form does not begin with the reason")
	}
	e.Set("count_method", "danh_sach")
	e.Finish(false)
	m.Wait(time.Second)
	if d := m.App.Detail(); d == nil || d.Standing != app.Queued || notice(m, app.Queued) == nil || !strings.Contains(m.App.Toast().Text, "trở lại Chờ gửi") {
		t.Fatalf("%+v, %+v", m.App.Detail(), m.App.Toast())
	}
}

func TestAnApprovalHoldsUntilTheNextEdit(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4", "type": "thon", "occurred_on": "2026-11-16"})
	m.Receipt()
	m.Review(rec, record.ReviewApproved, "")
	choose(m, rec)
	if d := m.App.Detail(); d.Standing != app.Approved || notice(m, app.Approved) == nil || d.History[0].What != "đã duyệt bản ghi" {
		t.Fatalf("%+v", d)
	}
	m.App.List.SetState(app.AtCentre)
	m.Wait(time.Second)
	if m.App.List.Len() != 0 {
		t.Error("what is approved is found under another state")
	}
	m.App.List.Everything()
	m.Change("diem.pq.24", rec, "households", "12")
	choose(m, rec)
	if d := m.App.Detail(); d.Standing != app.Queued || !strings.Contains(notice(m, app.Queued).Text, "Đã sửa sau khi trung tâm duyệt") {
		t.Errorf("%+v", d)
	}
}

// What an officer adds to the question is there again after the power failed, goes with the question, and is then gone.
func TestTheWordsOfAQuestionAreKept(t *testing.T) {
	m, _, rec := twoAnswers(t)
	ask := func(m *apptest.Machine) *app.Choice {
		t.Helper()
		m.App.Go(app.PageToday)
		m.Wait(time.Second)
		todos, _, _ := m.App.Today.Todos()
		todos[0].Do()
		m.Settle()
		return m.App.Choice()
	}
	c := ask(m)
	for _, typed := range []string{"tôi đếm", "tôi đếm hai lần"} {
		c.SetWords(typed)
	}
	m.Wait(time.Second)
	m = m.PowerCut().Start()
	m.App.Gate.Try(apptest.Passphrase)
	m.Settle()
	c = ask(m)
	if c.Words() != "tôi đếm hai lần" {
		t.Fatalf("%q is left of the words", c.Words())
	}
	c.Ask()
	m.Wait(time.Second)
	if notes := m.View(rec).Notes(); len(notes) != 1 || !strings.HasSuffix(notes[0].Text, "? tôi đếm hai lần") {
		t.Errorf("%+v", notes)
	}
	m.App.DoToast()
	m.Wait(time.Second)
	if c = ask(m); c.Words() != "" {
		t.Errorf("%q was sent, and is still there", c.Words())
	}
}

// Who wants to ask first leaves both answers, and has the next thing before him; the colleague sees the question, and when she
// answers it comes back.
func TestAColleagueIsAsked(t *testing.T) {
	m, hers, rec := twoAnswers(t)
	m.App.Go(app.PageToday)
	m.Wait(time.Second)
	todos, _, _ := m.App.Today.Todos()
	todos[0].Do()
	m.Settle()
	c := m.App.Choice()
	if c == nil || !c.MayAsk() {
		t.Fatal("cannot ask")
	}
	c.Ask()
	m.Wait(time.Second)
	if m.App.Page() != app.PageToday || m.App.Toast() == nil || m.App.Toast().Action != "Hoàn tác" {
		t.Fatalf("page %v, %+v", m.App.Page(), m.App.Toast())
	}
	if todos, _, _ = m.App.Today.Todos(); len(todos) != 1 || !strings.HasPrefix(todos[0].Sub, "Đã hỏi lại đồng nghiệp lúc ") {
		t.Errorf("%+v", todos)
	}
	if live := m.View(rec).Field("participants_total"); len(live) != 2 {
		t.Errorf("%d answers are left", len(live))
	}
	m.V.Carry(m, hers)
	hers.Start().SignIn("Lê Thị Mai Hạ")
	choose(hers, rec)
	if n := notice(hers, app.AtCentre); n == nil || !strings.Contains(n.Text, "Nhờ xem lại ô Số lượt người tham dự: ") {
		t.Errorf("the colleague reads %+v", hers.App.Detail().Notices)
	}
	hers.App.Go(app.PageToday)
	hers.Wait(time.Second)
	if todos, _, _ := hers.App.Today.Todos(); len(todos) != 1 || !strings.Contains(todos[0].Sub, "Nhờ xem lại ô Số lượt người tham dự: ") {
		t.Errorf("she is asked nothing: %+v", todos)
	}
	if h := hers.App.Detail().History[0]; !strings.HasPrefix(h.What, "nhắn: “Nhờ xem lại") {
		t.Errorf("%+v", h)
	}
	m.Wait(5 * time.Second)
	m.App.DoToast()
	m.Wait(time.Second)
	if notes := m.View(rec).Notes(); len(notes) != 0 {
		t.Errorf("taken back, and still there: %+v", notes)
	}
	if todos, _, _ = m.App.Today.Todos(); strings.HasPrefix(todos[0].Sub, "Đã hỏi lại") {
		t.Error("it still waits behind the others")
	}
}
