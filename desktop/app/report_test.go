package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/dispatch"
	"banlang/shared/fault"
	"banlang/shared/record"
)

// underWay is a directive whose second task the unit has accepted and reported on: with the page open, that task and its
// follow-up.
func underWay(t *testing.T) (v *apptest.Village, m *apptest.Machine, task string, rec record.Dot) {
	t.Helper()
	v, m = openNotebook(t)
	p := openDirective(t, m, m.Directive("12/KH-CAT", "Cao điểm giao nộp vũ khí", "2026-11-30", "2026-12-15"))
	m.App.Directives.AcceptAll()
	m.Wait(time.Second)
	task = p.Tasks[1].Ref
	typesOf(t, m, task, dispatch.Progress, "20")
	typesOf(t, m, task, dispatch.Obstacle, "thiếu xe")
	m.App.Directives.Report(task)
	m.Wait(time.Second)
	for _, rec := range m.Records(dispatch.FormFollowUp) {
		if m.View(rec).Text(dispatch.TaskOf) == task {
			return v, m, task, rec
		}
	}
	t.Fatal("there is no follow-up of it")
	return v, m, task, rec
}

// colleague is another machine of the unit with all that this one wrote; tell writes an answer there and brings it here.
func colleague(v *apptest.Village, m *apptest.Machine) (tell func(rec record.Dot, path, value string)) {
	hers := v.NewMachine(25)
	v.Carry(m, hers)
	return func(rec record.Dot, path, value string) {
		hers.Change("ha.ltm.25", rec, path, value)
		v.Carry(hers, m)
		m.Wait(time.Second)
	}
}

// texts are the answers that stand at a path, sorted.
func texts(m *apptest.Machine, rec record.Dot, path string) (all []string) {
	for _, x := range m.View(rec).Field(path) {
		all = append(all, x.Text)
	}
	slices.Sort(all)
	return all
}

// Decision 2 on the page of directives: who alters how far a task is leaves alone what a colleague wrote meanwhile of what
// stands in the way, and sees it.
func TestAReportWritesOnlyWhatWasAltered(t *testing.T) {
	v, m, task, rec := underWay(t)
	tell := colleague(v, m)
	e := typesOf(t, m, task, dispatch.Progress, "40")
	tell(rec, dispatch.Obstacle, "cầu Ia Drang đã sập, không qua được")
	if m.App.Directives.Form(task) != e || e.Text(dispatch.Progress) != "40" || e.Text(dispatch.Obstacle) != "cầu Ia Drang đã sập, không qua được" {
		t.Errorf("the page shows %q, %q", e.Text(dispatch.Progress), e.Text(dispatch.Obstacle))
	}
	if told := e.Meanwhile(dispatch.Obstacle) + e.Meanwhile(dispatch.Progress); told != "" {
		t.Errorf("told of what is seen: %s", told)
	}
	changes, err := m.Book.History(t.Context(), rec)
	if err != nil {
		t.Fatal(err)
	}
	if !m.App.Directives.Report(task) {
		t.Fatal(m.App.Toast())
	}
	m.Wait(time.Second)
	if got := texts(m, rec, dispatch.Obstacle); !slices.Equal(got, []string{"cầu Ia Drang đã sập, không qua được"}) {
		t.Errorf("in the way stands %q", got)
	}
	if v := m.View(rec); v.Text(dispatch.Progress) != "40" || len(v.Conflicts()) != 0 {
		t.Errorf("the record says %q, in conflict %q", v.Values(), v.Conflicts())
	}
	after, err := m.Book.History(t.Context(), rec)
	if err != nil || len(after) != len(changes)+1 {
		t.Fatalf("%d changes became %d: %v", len(changes), len(after), err)
	}
	if last := after[len(after)-1]; len(last.Edits) != 1 || last.Edits[0].Path != dispatch.Progress {
		t.Errorf("written: %+v", last.Edits)
	}
}

// Who types over what a colleague alters meanwhile is told, and both words stand side by side.
func TestTwoWordsOfATaskStandSideBySide(t *testing.T) {
	v, m, task, rec := underWay(t)
	tell := colleague(v, m)
	e := typesOf(t, m, task, dispatch.Obstacle, "thiếu xe và xăng")
	tell(rec, dispatch.Obstacle, "cầu Ia Drang đã sập")
	if got := e.Text(dispatch.Obstacle); got != "thiếu xe và xăng" {
		t.Fatalf("what I typed became %q", got)
	}
	if told := e.Meanwhile(dispatch.Obstacle); !strings.HasPrefix(told, "Trong lúc bạn gõ, có người ghi “cầu Ia Drang đã sập”.") {
		t.Errorf("told: %q", told)
	}
	m.App.Directives.Report(task)
	m.Wait(time.Second)
	if got := texts(m, rec, dispatch.Obstacle); !slices.Equal(got, []string{"cầu Ia Drang đã sập", "thiếu xe và xăng"}) {
		t.Fatalf("side by side stand %q", got)
	}
	if x := m.App.Directives.Opened().Tasks[1]; !strings.HasPrefix(x.Apart, "Hai người ghi khác nhau: “") || !strings.Contains(x.Apart, "cầu Ia Drang đã sập") {
		t.Errorf("the page says %q", x.Apart)
	}
	m.App.Directives.Compare(task)
	m.Settle()
	if c := m.App.Choice(); c == nil || c.Record != rec || len(c.Answers) != 2 {
		t.Errorf("to choose from: %+v", c)
	}
}

// What is typed of a task is on the disk within a second, whatever happens: leaving the page, another directive, the lock,
// a power cut.
func TestWhatIsTypedOfATaskIsADraft(t *testing.T) {
	_, m, task, rec := underWay(t)
	other := m.Directive("09/CV-TH", "Chốt số liệu", "2026-11-20", "2026-11-20")
	m.Wait(time.Second)
	if len(m.Drafts()) != 0 {
		t.Fatalf("a draft of what nobody has touched: %+v", m.Drafts())
	}
	typesOf(t, m, task, dispatch.Progress, "40")
	m.Wait(time.Second)
	typesOf(t, m, task, dispatch.Obstacle, "thiếu tờ rơi")
	m.Wait(time.Second)
	cut := m.PowerCut()
	if ds := cut.Drafts(); len(ds) != 1 || ds[0].Record != rec || ds[0].Values[dispatch.Obstacle] != "thiếu tờ rơi" || ds[0].Values[dispatch.Progress] != "40" {
		t.Fatalf("on the disk: %+v", ds)
	}
	shown := func(m *apptest.Machine, after string) {
		t.Helper()
		m.Wait(time.Second)
		if e := m.App.Directives.Form(task); e == nil || e.Text(dispatch.Progress) != "40" || e.Text(dispatch.Obstacle) != "thiếu tờ rơi" {
			t.Fatalf("after %s: %+v", after, e)
		}
		if ds := m.Drafts(); len(ds) != 1 {
			t.Errorf("after %s: %d drafts", after, len(ds))
		}
	}
	directive := m.App.Directives.Opened().Record
	m.App.Go(app.PageToday)
	m.App.Go(app.PageDirectives)
	shown(m, "leaving the page")
	openDirective(t, m, other)
	openDirective(t, m, directive)
	shown(m, "another directive")
	typesOf(t, m, task, dispatch.Obstacle, "thiếu tờ rơ")
	typesOf(t, m, task, dispatch.Obstacle, "thiếu tờ rơi")
	m.App.Lock()
	m.Settle()
	m.App.Gate.Try(apptest.Passphrase)
	m.Settle()
	if cards := m.App.Drafts(); len(cards) != 1 || !strings.Contains(cards[0].Title, "Thực hiện chỉ đạo") {
		t.Errorf("offered: %+v", cards)
	}
	openDirective(t, m, directive)
	shown(m, "the lock")
	cut.Start().App.Gate.Try(apptest.Passphrase)
	cut.Wait(time.Second)
	if drafts, _, _ := cut.App.Counts(); drafts != 1 || cut.App.Offer() == "" {
		t.Errorf("after a power cut %d drafts are offered", drafts)
	}
	openDirective(t, cut, directive)
	shown(cut, "a power cut")
	cut.App.Directives.Report(task)
	cut.Wait(time.Second)
	if v := cut.View(rec); v.Text(dispatch.Progress) != "40" || v.Text(dispatch.Obstacle) != "thiếu tờ rơi" || len(cut.Drafts()) != 0 || len(v.Conflicts()) != 0 {
		t.Errorf("reported: %q, %d drafts", v.Values(), len(cut.Drafts()))
	}
	if text := cut.App.Toast().Text; text != "Đã ghi, đang chờ gửi." {
		t.Errorf("told: %q", text)
	}
}

// The last keys before the lock, the sign-out and the end of the program are kept too.
func TestTheLastKeysOfATaskAreKept(t *testing.T) {
	for name, end := range map[string]func(m *apptest.Machine){
		"lock":     func(m *apptest.Machine) { m.App.Lock(); m.Settle() },
		"sign out": func(m *apptest.Machine) { m.App.SignOut() },
		"close":    func(m *apptest.Machine) { m.App.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			_, m, task, _ := underWay(t)
			typesOf(t, m, task, dispatch.Obstacle, "thiếu tờ rơi")
			end(m)
			if ds := m.Drafts(); len(ds) != 1 || ds[0].Values[dispatch.Obstacle] != "thiếu tờ rơi" {
				t.Errorf("on the disk: %+v", ds)
			}
		})
	}
}

// Who says that a task is done says what stands in its entries too; where nothing was typed of how far it is, all of it.
func TestDoneWritesWhatWasTyped(t *testing.T) {
	for typed, want := range map[string]string{"": "100", "90": "90"} {
		_, m, task, rec := underWay(t)
		typesOf(t, m, task, dispatch.Obstacle, "xong, còn thiếu biên bản")
		if typed != "" {
			typesOf(t, m, task, dispatch.Progress, typed)
		}
		if !m.App.Directives.Done(task, "") {
			t.Fatal(m.App.Toast())
		}
		m.Wait(time.Second)
		v := m.View(rec)
		if v.Text(dispatch.DoneOn) != "2026-11-17" || v.Text(dispatch.Obstacle) != "xong, còn thiếu biên bản" || v.Text(dispatch.Progress) != want || len(m.Drafts()) != 0 {
			t.Errorf("typed %q: %q, %d drafts", typed, v.Values(), len(m.Drafts()))
		}
		if m.App.Directives.Form(task) != nil {
			t.Error("a task that is done is still asked about")
		}
	}
}

// A task that a colleague says is done while somebody types of it keeps his words on the page.
func TestWordsOfATaskThatIsDoneMeanwhileStay(t *testing.T) {
	v, m, task, rec := underWay(t)
	tell := colleague(v, m)
	typesOf(t, m, task, dispatch.Obstacle, "thiếu tờ rơi")
	tell(rec, dispatch.DoneOn, "2026-11-17")
	for range 2 {
		if e := m.App.Directives.Form(task); e == nil || e.Text(dispatch.Obstacle) != "thiếu tờ rơi" || !m.App.Directives.Opened().Tasks[1].Done {
			t.Fatalf("%+v", e)
		}
		m.App.Go(app.PageToday)
		m.App.Go(app.PageDirectives)
		m.Wait(time.Second)
	}
	m.App.Directives.Discard(task)
	m.Wait(time.Second)
	if m.App.Directives.Form(task) != nil {
		t.Error("a task that is done is still asked about")
	}
}

// What was typed of a task is taken back step by step, or given up, which is undone too.
func TestWhatWasTypedOfATaskIsGivenUp(t *testing.T) {
	_, m, task, rec := underWay(t)
	e := typesOf(t, m, task, dispatch.Obstacle, "thiếu tờ rơi")
	if path, ok := e.Undo(); !ok || path != dispatch.Obstacle || e.Text(dispatch.Obstacle) != "thiếu xe" || e.Drafted() {
		t.Fatalf("taken back: %q at %q", e.Text(dispatch.Obstacle), path)
	}
	e.Type(dispatch.Obstacle, "thiếu tờ rơi")
	m.Wait(time.Second)
	m.App.Directives.Discard(task)
	m.Wait(time.Second)
	if e := m.App.Directives.Form(task); m.App.Page() != app.PageDirectives || len(m.Drafts()) != 0 || e == nil || e.Text(dispatch.Obstacle) != "thiếu xe" {
		t.Fatalf("given up: page %v, drafts %+v", m.App.Page(), m.Drafts())
	}
	m.App.DoToast()
	m.Wait(time.Second)
	if e := m.App.Directives.Form(task); m.App.Page() != app.PageDirectives || e.Text(dispatch.Obstacle) != "thiếu tờ rơi" || len(m.Drafts()) != 1 {
		t.Errorf("brought back: page %v, %q", m.App.Page(), e.Text(dispatch.Obstacle))
	}
	if m.View(rec).Text(dispatch.Obstacle) != "thiếu xe" {
		t.Error("a draft was written into the record")
	}
}

// Done on a full disk says so, and what then stands in the draft beside the entries is told of on the page.
func TestAFullDiskAtDone(t *testing.T) {
	_, m, task, rec := underWay(t)
	e := typesOf(t, m, task, dispatch.Obstacle, "thiếu tờ rơi")
	m.Break(fault.DiskFull)
	m.App.Directives.Done(task, "")
	m.Settle()
	if !e.DraftTrouble().Some() || e.Written() {
		t.Error("the page does not know that nothing was written")
	}
	m.Mend()
	m.Wait(5 * time.Second)
	var besides []string
	for _, x := range e.Besides(dispatch.Obstacle, dispatch.Progress) {
		besides = append(besides, x.Label+": "+x.Value)
	}
	if ds := m.Drafts(); len(ds) != 1 || m.View(rec).Text(dispatch.DoneOn) != "" || !slices.Equal(besides, []string{"Ngày hoàn thành: 17/11/2026"}) {
		t.Errorf("%+v; besides %q", ds, besides)
	}
	m.App.Directives.OpenForm(task)
	m.Wait(time.Second)
	if e := m.App.Editor(); m.App.Page() != app.PageForm || e == nil || e.Value(dispatch.DoneOn) != "2026-11-17" || len(m.Drafts()) != 1 {
		t.Errorf("the whole form: page %v, %+v", m.App.Page(), e)
	}
}

// Where a colleague's own follow-up of the task says what stands in the way, that is told beside the empty entry.
func TestWhatAnotherFollowUpSaysIsSeen(t *testing.T) {
	v, m := openNotebook(t)
	other := v.NewMachine(25).Start().SignIn("Lò Thị May")
	rec := m.Directive("09/CV-TH", "Chốt số liệu", "2026-11-20", "2026-11-26")
	v.CarryCentre(rec, other)
	task := openDirective(t, other, rec).Tasks[1].Ref
	typesOf(t, other, task, dispatch.Obstacle, "thiếu xe")
	other.App.Directives.Report(task)
	other.Wait(time.Minute)
	openDirective(t, m, rec)
	m.App.Directives.AcceptAll()
	m.Wait(time.Second)
	v.Carry(other, m)
	m.Wait(time.Second)
	e := m.App.Directives.Form(task)
	if e == nil || e.Text(dispatch.Obstacle) != "" || m.App.Directives.Elsewhere(task) != "thiếu xe" {
		t.Fatalf("told: %q", m.App.Directives.Elsewhere(task))
	}
	e.Type(dispatch.Progress, "30")
	m.App.Directives.Report(task)
	m.Wait(time.Second)
	if x := m.App.Directives.Opened().Tasks[1]; x.Obstacle != "thiếu xe" || x.Progress != "30" {
		t.Errorf("read together: %+v", x)
	}
}
