package app_test

import (
	"strings"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/form/declared"
	"banlang/shared/record"
)

// titles are what the list says, row by row.
func titles(m *apptest.Machine) (rows []string) {
	for i := range m.App.List.Len() {
		r := m.App.List.Row(i)
		rows = append(rows, r.Title+" | "+r.Sub+" | "+m.App.Word(r.Standing))
	}
	return rows
}

func sameRows(t *testing.T, what string, m *apptest.Machine, want ...string) {
	t.Helper()
	got := titles(m)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// SCREENS.md section 2: a record shows one state, the first that holds; the filter goes by what is shown.
func TestTheFilterGoesByTheStateThatIsShown(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25)
	venue := func(name string) record.Dot {
		v.Pass(time.Minute)
		return m.Write("diem.pq.24", "venue_register", map[string]string{"name": name, "type": "thon", "occurred_on": "2026-11-16"})
	}
	twice, wrong, begun := venue("Thôn 1"), venue("Thôn 2"), venue("Thôn 3")
	venue("Thôn 4")
	v.Carry(m, hers)
	m.Change("diem.pq.24", twice, "name", "Thôn Một")
	hers.Change("ha.ltm.25", twice, "name", "Thôn Mốt")
	m.Change("diem.pq.24", wrong, "households", "mười")
	v.Carry(hers, m)
	m.RejectChange(wrong, m.View(wrong).Field("households")[0].Dot, "type")
	m.Receipt()
	venue("Thôn 5")
	edit(m, begun)
	m.App.Editor().Type("households", "12")
	m.App.New("venue_register")
	m.Settle()
	m.App.Editor().Type("name", "Thôn mới")
	m.App.Go(app.PageRecords)
	m.Wait(time.Second)
	l := m.App.List
	for _, c := range []struct {
		state app.Standing
		want  []string
	}{
		{app.InConflict, []string{"Thôn M"}}, {app.NeedsAttention, []string{"Thôn 2"}}, {app.HasDraft, []string{"Thôn mới", "Thôn 3"}},
		{app.Queued, []string{"Thôn 5"}}, {app.AtCentre, []string{"Thôn 4"}},
		{app.AnyStanding, []string{"Thôn mới", "Thôn 5", "Thôn 4", "Thôn 3", "Thôn 2", "Thôn M"}},
	} {
		l.SetState(c.state)
		m.Settle()
		if l.Len() != len(c.want) {
			t.Errorf("%s: %q", m.App.Word(c.state), titles(m))
			continue
		}
		for i, want := range c.want {
			r := l.Row(i)
			if !strings.HasPrefix(r.Sub, want) && c.state != app.AnyStanding || c.state != app.AnyStanding && r.Standing != c.state {
				t.Errorf("%s, row %d: %+v, want %s", m.App.Word(c.state), i, r, want)
			}
		}
	}
	l.SetState(app.Queued)
	m.Settle()
	if l.Footer() != "1 trong 6 bản ghi · mới nhất trước" {
		t.Error(l.Footer())
	}
	m.Engine.Set(app.SyncStatus{Phase: app.Sending, ToPush: 1})
	m.Wait(time.Second)
	if r := l.Row(0); r.Standing != app.Leaving {
		t.Errorf("while it is sent: %+v", r)
	}
	m.Receipt() // it follows the receipt
	m.Wait(time.Second)
	if text, action, do := l.Empty(); l.Len() != 0 || text != "Không có bản ghi nào đúng với các lọc đang bật." || action != "Bỏ lọc" {
		t.Errorf("%q [%s]", text, action)
	} else {
		do()
		m.Settle()
	}
	if l.Len() != 6 {
		t.Error("Bỏ lọc shows not all")
	}
}

func TestTheListIsNarrowedToDaysAndUnits(t *testing.T) {
	_, m := openNotebook(t)
	m.GrantFeeds("SL017/ordinary", "SL018/ordinary")
	m.Wait(time.Second)
	for _, x := range []struct{ day, unit string }{{"2026-11-16", "SL017"}, {"2026-11-15", "SL018"}, {"2026-10-01", "SL017"}, {"2026-09-30", "SL017"}, {"2025-11-16", "SL018"}} {
		e := m.Entry("diem.pq.24", "venue_register", map[string]string{"name": x.day, "occurred_on": x.day})
		e.Feed = record.NewFeed(x.unit, "ordinary")
		if _, err := m.Book.Save(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	m.Wait(time.Second)
	l := m.App.List
	if units := l.Units(); len(units) != 2 || units[1].Code != "SL018" {
		t.Errorf("units: %+v", units)
	}
	for p, want := range map[app.Period]int{app.PeriodAny: 5, app.PeriodWeek: 1, app.PeriodMonth: 2, app.PeriodQuarter: 3, app.PeriodYear: 4} { // it is Tuesday, the 17th
		l.SetPeriod(p)
		m.Settle()
		if l.Len() != want {
			t.Errorf("period %d: %d records, want %d", p, l.Len(), want)
		}
	}
	if from, to := l.SetDays("30/9/2026", "31/11"); !from || to {
		t.Errorf("30/9 is taken: %v, 31/11: %v", from, to)
	}
	if from, to := l.SetDays("30/09/2026", "15/11"); !from || !to {
		t.Error("two days are not taken")
	}
	m.Settle()
	if from, to := l.Days(); l.Len() != 3 || from != "30/09/2026" || to != "15/11/2026" || l.Filter().Count() != 1 {
		t.Errorf("%d records from %s to %s", l.Len(), from, to)
	}
	l.SetUnit("SL018")
	m.Settle()
	if l.Len() != 1 || l.Filter().Count() != 2 {
		t.Errorf("%d records of the other unit", l.Len())
	}
}

// A session is found by the village where it was held, as the village is called now.
func TestAVillageFindsTheSessionsHeldThere(t *testing.T) {
	_, m := openNotebook(t)
	kon, suoi := place(m, "Làng Kon Tơ Ngol"), place(m, "Thôn Suối Vàng")
	m.Write("diem.pq.24", "awareness_session", session(kon, "60"))
	m.Write("diem.pq.24", "awareness_session", session(suoi, "38"))
	m.Wait(time.Second)
	find := func(text string) {
		m.App.List.SetText(text)
		m.Wait(time.Second)
	}
	find("kon to")
	sameRows(t, "kon to", m, "Buổi tuyên truyền | Làng Kon Tơ Ngol · Họp trực tiếp · 60 lượt người | Chờ gửi", "Địa điểm | Làng Kon Tơ Ngol · Làng | Chờ gửi")
	find("tin dung suoi")
	sameRows(t, "tin dung suoi", m, "Buổi tuyên truyền | Thôn Suối Vàng · Họp trực tiếp · 38 lượt người | Chờ gửi")
	rec, _ := record.ParseDot(suoi)
	m.Change("diem.pq.24", rec, "name", "Thôn Hòa Bình")
	m.Wait(time.Second)
	if m.App.List.Len() != 0 {
		t.Errorf("found by its old name: %q", titles(m))
	}
	find("hoa binh tin dung")
	sameRows(t, "hoa binh", m, "Buổi tuyên truyền | Thôn Hòa Bình · Họp trực tiếp · 38 lượt người | Chờ gửi")
	if err := checked(m); err != nil {
		t.Error(err)
	}
}

// checked holds the list against one that is drawn anew.
func checked(m *apptest.Machine) error {
	_, err := m.Book.Check(m.T().Context())
	return err
}

func TestTheHistorySaysByWhichRoadAndWhetherItIsReceipted(t *testing.T) {
	v, m := openNotebook(t)
	hers := v.NewMachine(25)
	rec := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 4"})
	v.Pass(time.Hour)
	m.Receipt()
	v.Carry(m, hers)
	hers.Change("ha.ltm.25", rec, "name", "Thôn Bốn")
	v.Carry(hers, m)
	m.Change("diem.pq.24", rec, "note", "xa")
	choose(m, rec)
	h := m.App.Detail().History
	for i, want := range []string{"máy 24 · chưa có biên nhận", "máy 25 · nhận về từ trung tâm", "máy 24 · biên nhận 10:41"} {
		if h[i].Where != want {
			t.Errorf("line %d: %q, want %q", i, h[i].Where, want)
		}
	}
}

func TestARecordIsTheBeginningOfAnother(t *testing.T) {
	_, m := openNotebook(t)
	m.PublishKeys(declared.Unit, declared.Custodian)
	rec := m.Write("diem.pq.24", "weapon_handover", map[string]string{"occurred_on": "2026-11-12", "receipt_no": "07/BB", "how": "van_dong",
		"items/+1/kind": "round", "items/+1/quantity": "3089", "items/+2/kind": "gun_hunting", "items/+2/quantity": "2", "danger": "false",
		"custody_place": "kho_don_vi", "person_consent": "yes", "person": "Rơ Châm Phyin", "note": "Giao tại làng"})
	choose(m, rec)
	m.App.Duplicate()
	m.Settle()
	e := m.App.Editor()
	if e == nil || e.CopiedFrom() != "24-1" || e.Name() != "" {
		t.Fatalf("no new form: %+v", m.App.Toast())
	}
	for path, want := range map[string]string{"how": "van_dong", "custody_place": "kho_don_vi", "note": "Giao tại làng", "receipt_no": "", "person": ""} {
		if e.Value(path) != want {
			t.Errorf("%s: %q, want %q", path, e.Value(path), want)
		}
	}
	if e.Value("occurred_on") == "2026-11-12" || e.Filling().IsSealed("person") {
		t.Errorf("copied: the day %q, or what is sealed", e.Value("occurred_on"))
	}
	rows := e.Rows("items")
	if len(rows) != 2 || !strings.HasPrefix(rows[0], "+") || e.Value("items/"+rows[1]+"/kind") != "gun_hunting" || e.Value("items/"+rows[0]+"/quantity") != "3089" {
		t.Errorf("rows %q", rows)
	}
	if got := m.App.Toast().Text; !strings.HasPrefix(got, "Đã chép từ bản ghi 24-1.") {
		t.Errorf("told %q", got)
	}
	m.Wait(time.Second)
	if ds := m.Drafts(); len(ds) != 1 || ds[0].Values["how"] != "van_dong" || !ds[0].Record.IsZero() {
		t.Errorf("on the disk: %+v", ds)
	}
}

func TestASheetHoldsWhatIsReadAndNothingSealed(t *testing.T) {
	_, m := openNotebook(t)
	m.PublishKeys(declared.Unit, declared.Custodian)
	rec := m.Write("diem.pq.24", "tip", map[string]string{"occurred_on": "2026-11-13", "channel": "hom_thu", "category": "ma_tuy",
		"content": "Chuyện kín ở nhà ông A"})
	choose(m, rec)
	m.App.Print()
	m.Settle()
	if len(m.Printed) != 1 {
		t.Fatal("nothing was printed")
	}
	s := m.Printed[0]
	if s.File != "24-1-tin-bao" || s.Subtitles[0] != "Bản ghi 24-1" || len(s.History) != 1 || s.Words.Page(2, 3) != "Trang 2/3" {
		t.Errorf("%+v", s)
	}
	sealed := 0
	for _, section := range s.Sections {
		for _, b := range section.Blocks {
			row, ok := b.(*app.SheetRow)
			if !ok {
				t.Fatalf("a tip has no %T", b)
			}
			if row.Sealed {
				sealed++
			}
			if strings.Contains(row.Value+row.Other, "kín") || strings.Contains(row.Value, "age") {
				t.Errorf("printed: %+v", row)
			}
		}
	}
	if sealed != 1 {
		t.Errorf("%d answers are said to be sealed: %+v", sealed, s.Sections)
	}
	if got := m.App.Toast().Text; got != "Đã lưu PDF: /so/24-1-tin-bao.pdf" {
		t.Errorf("told %q", got)
	}
}

// A choice can be made again for ever, from the history.
func TestAChoiceIsMadeAgainFromTheHistory(t *testing.T) {
	m, _, rec := twoAnswers(t)
	compare(t, m).Choose(1)
	m.Settle()
	m.Change("diem.pq.24", rec, "note", "về sau")
	choose(m, rec)
	var again *app.HistoryLine
	for i := range m.App.Detail().History {
		if h := &m.App.Detail().History[i]; h.Again != "" {
			again = h
		}
	}
	if again == nil {
		t.Fatalf("no choice in %+v", m.App.Detail().History)
	}
	again.ChooseAgain()
	m.Settle()
	c := m.App.Choice()
	if c == nil || len(c.Answers) != 2 || c.Base.Value != "60" || c.Answers[0].Value != "64" {
		t.Fatalf("%+v", c)
	}
	c.Choose(0)
	m.Settle()
	if v := m.View(rec); v.Text("participants_total") != "64" || v.Text("note") != "về sau" || len(v.Conflicts()) != 0 {
		t.Errorf("chosen again: %+v", v.Fields)
	}
}

func TestWhatNeedsSomebodyIsExplained(t *testing.T) {
	m, _, _ := twoAnswers(t)
	wrong := m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon"})
	m.Change("diem.pq.24", wrong, "households", "mười")
	m.RejectChange(wrong, m.View(wrong).Field("households")[0].Dot, "type")
	m.App.Go(app.PageAsking)
	m.Wait(time.Second)
	rows, more, ready := m.App.Asking.Rows()
	if len(rows) != 2 || more != 0 || !ready || rows[0].Standing != app.NeedsAttention || rows[1].Standing != app.InConflict ||
		rows[1].Foot != "24-2 · ô Số lượt người tham dự" || rows[0].Sub != "Địa điểm · Thôn Bình Lạc" {
		t.Fatalf("%+v", rows)
	}
	d := m.App.Asking.Detail()
	if d.Field != "Số hộ" || d.Value != "mười" || d.Code != "type" || len(d.Why) != 1 || d.Action != "Sửa và gửi lại" {
		t.Errorf("%+v", d)
	}
	d.Do()
	m.Settle()
	e := m.App.Editor()
	if e == nil || e.StartAt() != "households" || e.StartAt() != "" {
		t.Fatal("the form does not begin at the field")
	}
	m.App.Go(app.PageAsking)
	m.Settle()
	m.App.Asking.Choose(1)
	m.App.Asking.Detail().Do()
	m.Settle()
	m.App.Choice().Choose(0)
	m.Wait(time.Second)
	if rows, _, _ := m.App.Asking.Rows(); m.App.Page() != app.PageAsking || len(rows) != 1 {
		t.Errorf("page %v with %+v", m.App.Page(), rows)
	}
}
