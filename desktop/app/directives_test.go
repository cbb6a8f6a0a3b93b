package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/dispatch"
	"banlang/shared/form"
	"banlang/shared/record"
)

// open opens a directive and returns its page.
func openDirective(t *testing.T, m *apptest.Machine, rec record.Dot) *app.Directive {
	t.Helper()
	m.App.Go(app.PageDirectives)
	m.App.Directives.Open(rec)
	m.Wait(time.Second)
	p := m.App.Directives.Opened()
	if p == nil || p.Record != rec {
		t.Fatalf("it does not open: %+v", m.App.Toast())
	}
	return p
}

// typesOf types an answer of a task.
func typesOf(t *testing.T, m *apptest.Machine, task, path, typed string) *app.Editor {
	t.Helper()
	e := m.App.Directives.Form(task)
	if e == nil {
		t.Fatalf("nothing can be typed of the task: %+v", m.App.Toast())
	}
	e.Type(path, typed)
	return e
}

// followUps are those that the notebook holds.
func followUps(m *apptest.Machine) (all []dispatch.FollowUp, urgent int) {
	for _, rec := range m.Records(dispatch.FormFollowUp) {
		all = append(all, dispatch.ReadFollowUp(m.View(rec)))
	}
	return all, len(m.Urgent())
}

// TestADirectiveIsAnsweredNotEdited: whoever finds it among the records is taken to where it is answered, and cannot delete it: the centre
// would count neither.
func TestADirectiveIsAnsweredNotEdited(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Directive("12/KH-CAT", "Cao điểm giao nộp vũ khí", "2026-11-30", "2026-12-15")
	m.Wait(time.Hour)
	m.App.ShowRecord(rec)
	m.Wait(time.Second)
	if d := m.App.Detail(); d == nil || d.Record != rec || !d.Answered {
		t.Fatalf("%+v", d)
	}
	if _, asked := m.App.Voiding(); asked {
		t.Error("deleting is offered")
	}
	m.App.Delete()
	m.Wait(time.Second)
	if v := m.View(rec); len(v.Field(record.PathLife)) > 0 {
		t.Error("it is deleted")
	}
	m.App.Edit()
	m.Wait(time.Second)
	if p := m.App.Directives.Opened(); m.App.Page() != app.PageDirectives || p == nil || p.Record != rec || m.App.Editor() != nil {
		t.Errorf("on page %v, %+v", m.App.Page(), p)
	}
}

// TestADirectiveIsReadAcceptedAndDone is the story of one: it arrives, is opened, accepted, reported on with evidence, and
// done; and after a power cut it stands where it stood.
func TestADirectiveIsReadAcceptedAndDone(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.Directive("12/KH-CAT", "Cao điểm giao nộp vũ khí", "2026-11-30", "2026-12-15")
	m.Wait(time.Hour)
	rows := m.App.Directives.Rows()
	if len(rows) != 1 || m.App.Directives.Unread() != 1 || rows[0].Title != "12/KH-CAT · Cao điểm giao nộp vũ khí" || rows[0].State != "Chưa đọc" ||
		rows[0].Sub != "SL · đến máy 09:41 · hạn 15/12/2026 · 2 việc" || !rows[0].Mine || rows[0].Late != "" {
		t.Fatalf("%d unread: %+v", m.App.Directives.Unread(), rows)
	}

	p := openDirective(t, m, rec)
	if p.State != "Đã đọc 17/11" || m.App.Directives.Unread() != 0 || len(p.Tasks) != 2 {
		t.Fatalf("after it was opened: %+v", p.DirectiveRow)
	}
	if x := p.Tasks[0]; x.Sub != "hạn 30/11/2026 · AW_PLACES · mức phải đạt 1.064" || !x.Measured || x.State != "Chưa tiếp nhận" {
		t.Errorf("the first task: %+v", x)
	}
	all, urgent := followUps(m)
	if len(all) != 2 || urgent != 2 || all[0].Unit != apptest.Unit || all[0].Read.Sub(all[0].Received).Round(time.Minute) != time.Hour {
		t.Fatalf("noted: %+v, %d of them urgent", all, urgent)
	}
	openDirective(t, m, rec)
	if again, _ := followUps(m); len(again) != 2 || !again[0].Read.Equal(all[0].Read) {
		t.Errorf("opened twice, it is noted twice: %+v", again)
	}

	if !m.App.Directives.AcceptAll() {
		t.Fatalf("not accepted: %+v", m.App.Toast())
	}
	m.Wait(time.Second)
	if p = m.App.Directives.Opened(); p.State != "Đã tiếp nhận 17/11" || !p.Tasks[0].Accepted || !p.Tasks[1].Accepted {
		t.Errorf("after it was accepted: %+v", p)
	}
	second := p.Tasks[1].Ref
	e := typesOf(t, m, second, dispatch.Progress, "150")
	if m.App.Directives.Report(second) || m.App.Toast() == nil || !strings.HasPrefix(m.App.Toast().Text, "Tiến độ tự đánh giá (%): ") {
		t.Errorf("150 percent is taken: %+v", m.App.Toast())
	}
	if text, _ := e.Problem(dispatch.Progress); text != "Từ 0 đến 100." {
		t.Errorf("under it stands %q", text)
	}
	e.Type(dispatch.Progress, "40 %")
	if m.App.Directives.Done(second, "2026-12-01") {
		t.Error("done tomorrow is taken")
	}
	e.Type(dispatch.Obstacle, "cần thêm tờ rơi tiếng Jrai")
	m.App.Directives.Report(second)
	m.Wait(time.Second)
	evidence := m.Write("diem.pq.24", "awareness_session", map[string]string{"occurred_on": "2026-11-16", "note": "buổi ở làng"})
	m.Wait(time.Second)
	m.App.Directives.Link(second, evidence)
	m.Wait(time.Second)
	if p = m.App.Directives.Opened(); p.State != "Đang làm" || p.Tasks[1].State != "Đang làm: 40 %" || p.Tasks[1].Obstacle != "cần thêm tờ rơi tiếng Jrai" ||
		len(p.Tasks[1].Evidence) != 1 || !strings.HasPrefix(p.Tasks[1].Evidence[0].Title, "Buổi tuyên truyền") {
		t.Errorf("under way: %+v", p.Tasks[1])
	}
	for _, task := range p.Tasks {
		if !m.App.Directives.Done(task.Ref, "") {
			t.Fatalf("not done: %+v", m.App.Toast())
		}
		m.Wait(time.Second)
	}
	after := m.PowerCut().Start()
	after.App.Gate.Try(apptest.Passphrase)
	after.Wait(time.Second)
	if rows := after.App.Directives.Rows(); len(rows) != 1 || rows[0].Step != dispatch.StepDone || rows[0].State != "Hoàn thành 17/11/2026" ||
		!strings.Contains(rows[0].Sub, "đến máy 09:41") {
		t.Errorf("after a power cut: %+v", rows)
	}
	if all, _ := followUps(m); len(all) != 2 {
		t.Errorf("%d follow-ups of two tasks", len(all))
	}
}

// TestTwoMachinesAnswerApart: what two machines of a unit wrote apart is read together, and the form of follow-ups knows the
// tasks by name.
func TestTwoMachinesAnswerApart(t *testing.T) {
	v, m := openNotebook(t)
	other := v.NewMachine(25).Start().SignIn("Lò Thị May")
	rec := m.Directive("09/CV-TH", "Chốt số liệu", "2026-11-20", "2026-11-16")
	v.CarryCentre(rec, other)
	p := openDirective(t, m, rec)
	openDirective(t, other, rec)
	v.Pass(time.Minute)
	other.App.Directives.AcceptAll()
	other.Wait(time.Second)
	v.Carry(other, m)
	m.Wait(time.Second)
	if all, _ := followUps(m); len(all) != 4 {
		t.Fatalf("%d follow-ups", len(all))
	}
	rows := m.App.Directives.Rows()
	if rows[0].State != "Đã tiếp nhận 17/11" || rows[0].Late != "Quá hạn 1 ngày" || !strings.Contains(rows[0].Sub, "hạn 20/11/2026, còn 3 ngày") {
		t.Errorf("read together: %+v", rows[0])
	}
	m.App.Go(app.PageDirectives)
	m.Wait(time.Second)
	typesOf(t, m, p.Tasks[1].Ref, dispatch.Obstacle, "không có người")
	m.App.Directives.Refuse(p.Tasks[1].Ref)
	m.Wait(time.Second)
	if said := m.App.Directives.Opened().Tasks[1].Said; len(said) != 0 {
		t.Errorf("who answers over what he has seen does not answer apart: %q", said)
	}
	if p = m.App.Directives.Opened(); p.State != "Không tiếp nhận" || !p.Tasks[1].Refused || p.Tasks[1].Obstacle != "không có người" {
		t.Errorf("refused: %+v", p)
	}
	m.App.New(dispatch.FormFollowUp)
	m.Wait(time.Second)
	choices := m.App.Editor().Filling().Choices("task")
	if i := slices.IndexFunc(choices, func(c form.Choice) bool { return c.Value == p.Tasks[0].Ref }); i < 0 || choices[i].Label != "09/CV-TH · Tuyên truyền ở mọi thôn" {
		t.Errorf("the tasks to choose from: %+v", choices)
	}
	m.App.Editor().Set("task", p.Tasks[0].Ref)
	if m.App.Editor().Filling().Relevant("progress_stated") {
		t.Error("a measured task is asked how far it is")
	}
}

// TestADirectiveForOthersIsOnlyRead: an issuer's machine, and one that reads several units, answers for nobody.
func TestADirectiveForOthersIsOnlyRead(t *testing.T) {
	_, m := openNotebook(t)
	rec := m.FromCentre(record.Dot{}, dispatch.FormDirective, map[string]record.Feed{record.PathFeed: apptest.Unit + "/ordinary", record.FeedPath("SL018"): "SL018/ordinary"},
		map[string]string{"number": "1", "subject": "x", "issuer": apptest.Unit, "targets": "SL018", "tasks/+1/task": "y", "tasks/+1/due_on": "2026-12-15"})
	p := openDirective(t, m, rec)
	if p.Mine || p.State != "Gửi đơn vị khác" || m.App.Directives.AcceptAll() && len(m.Records(dispatch.FormFollowUp)) > 0 {
		t.Errorf("%+v, %d follow-ups", p.DirectiveRow, len(m.Records(dispatch.FormFollowUp)))
	}
}

// TestADirectiveThatCameIsTold: once, to whoever is signed in or signs in next, and not again after a start.
func TestADirectiveThatCameIsTold(t *testing.T) {
	_, m := openNotebook(t)
	m.Wait(time.Second)
	told := func(m *apptest.Machine, want string) {
		t.Helper()
		m.Wait(time.Second)
		got := ""
		if x := m.App.Toast(); x != nil {
			got = x.Text
		}
		if got != want {
			t.Errorf("the officer is told %q, want %q", got, want)
		}
		m.App.EndToast()
	}
	told(m, "")
	first := m.Directive("12/KH-CAT", "Cao điểm giao nộp vũ khí", "2026-11-30", "2026-12-15")
	m.Wait(time.Second)
	x := m.App.Toast()
	if x == nil || x.Text != "Chỉ đạo mới: 12/KH-CAT · Cao điểm giao nộp vũ khí" {
		t.Fatalf("the officer is told %+v", x)
	}
	m.App.DoToast()
	m.Wait(time.Second)
	if p := m.App.Directives.Opened(); m.App.Page() != app.PageDirectives || p == nil || p.Record != first {
		t.Error("the toast does not lead to the directive")
	}
	told(m, "")
	m.App.Lock()
	m.Directive("13/KH-CAT", "Rà soát", "2026-11-30", "2026-12-15")
	m.Directive("14/KH-CAT", "Tuần tra", "2026-11-30", "2026-12-15")
	m.Wait(time.Minute)
	m.App.Gate.Try(apptest.Passphrase)
	told(m, "2 chỉ đạo mới")
	after := m.PowerCut().Start()
	after.App.Gate.Try(apptest.Passphrase)
	told(after, "")
}

// TestTwoMachinesAnswerDifferently: what each said of a task, in a record of its own and before it had the other's, stands on the page of
// both: who, on which machine, when. The later word counts; where they do not differ there is nothing to tell.
func TestTwoMachinesAnswerDifferently(t *testing.T) {
	v, m := openNotebook(t)
	other := v.NewMachine(25).Start().SignIn("Lò Thị May")
	rec := m.Directive("09/CV-TH", "Chốt số liệu", "2026-11-20", "2026-11-30")
	v.CarryCentre(rec, other)
	p := openDirective(t, m, rec)
	openDirective(t, other, rec)
	v.Pass(time.Minute)
	other.App.Directives.AcceptAll()
	other.Wait(time.Second)
	v.Pass(time.Minute)
	typesOf(t, m, p.Tasks[1].Ref, dispatch.Obstacle, "không có người")
	m.App.Directives.Refuse(p.Tasks[1].Ref)
	m.Wait(time.Second)
	v.Carry(other, m)
	v.Carry(m, other)
	for _, x := range []struct {
		on   *apptest.Machine
		want []string
	}{
		{m, []string{"may.lt.25 · máy 25 · 09:42: Đã tiếp nhận 17/11", "Bạn · máy 24 · 09:43: Không tiếp nhận · Vướng mắc: không có người"}},
		{other, []string{"Bạn · máy 25 · 09:42: Đã tiếp nhận 17/11", "diem.pq.24 · máy 24 · 09:43: Không tiếp nhận · Vướng mắc: không có người"}},
	} {
		p := openDirective(t, x.on, rec)
		if !slices.Equal(p.Tasks[1].Said, x.want) || !p.Tasks[1].Refused {
			t.Errorf("refused %v, said %q", p.Tasks[1].Refused, p.Tasks[1].Said)
		}
		if said := p.Tasks[0].Said; len(said) != 0 {
			t.Errorf("of the other task nobody said otherwise: %q", said)
		}
	}
}
