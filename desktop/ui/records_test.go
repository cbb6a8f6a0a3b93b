package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/shared/record"
)

// rows are those of the list that can be seen, and which of them is marked as chosen (-1: none).
func (h *hand) rows() (subs []string, chosen int) {
	chosen = -1
	for _, o := range h.objects() {
		if _, sub, mark, ok := ui.RowsSeen(o); ok {
			if mark {
				chosen = len(subs)
			}
			subs = append(subs, sub)
		}
	}
	return subs, chosen
}

func villages(h *hand, n int) {
	for i := range n {
		h.Write("diem.pq.24", "venue_register", map[string]string{"name": fmt.Sprintf("Thôn %d", i), "type": "thon", "note": strings.Repeat("Đường khó đi mùa mưa. ", 40)})
	}
	h.Wait(time.Second)
}

func (h *hand) mustBeAt(want string) {
	h.t.Helper()
	subs, chosen := h.rows()
	if chosen < 0 || !strings.HasPrefix(subs[chosen], want) {
		h.t.Errorf("chosen is %d of %q, want %q", chosen, subs, want)
	}
	if d := h.App.Detail(); d == nil || !strings.Contains(d.Title+d.Sub, want) {
		h.t.Errorf("beside the list stands %+v, want %q", d, want)
	}
}

func TestTheListIsWalkedWithoutAMouse(t *testing.T) {
	_, h := atWork(t)
	villages(h, 30)
	h.key(fyne.KeyDown) // from the search
	h.mustBeAt("Thôn 29")
	h.key(fyne.KeyDown)
	h.key(fyne.KeyDown)
	h.mustBeAt("Thôn 27")
	h.key(fyne.KeyEnd)
	h.mustBeAt("Thôn 0")
	h.key(fyne.KeyUp)
	h.mustBeAt("Thôn 1")
	h.key(fyne.KeyPageDown)
	if ui.DetailOffset(h.w) == 0 {
		t.Error("Page Down does not scroll the detail")
	}
	h.key(fyne.KeyPageUp)
	if ui.DetailOffset(h.w) != 0 {
		t.Error("Page Up does not scroll it back")
	}
	h.key(fyne.KeyReturn)
	if h.App.Page() != app.PageForm {
		t.Fatal("Enter does not open the form")
	}
	h.ctrl(fyne.KeyW)
	h.mustBeAt("Thôn 1") // where the hand was
	h.key(fyne.KeyEscape)
	e, ok := ui.Win(h.w).Canvas().Focused().(*kit.Entry)
	if !ok {
		t.Fatal("Esc does not go back to the search")
	}
	test.Type(e, "thon 17")
	h.Wait(time.Second)
	h.key(fyne.KeyReturn)
	h.mustBeAt("Thôn 17")
	h.ctrl(fyne.KeyP)
	if len(h.Printed) != 1 || h.Printed[0].Title != "Địa điểm" {
		t.Errorf("Ctrl+P printed %+v", h.Printed)
	}
	test.Type(ui.Win(h.w).Canvas().Focused(), "5") // a letter in the list goes to the search
	h.Wait(time.Second)
	if got := h.App.List.Filter().Text; got != "thon 175" {
		t.Errorf("searched for %q", got)
	}
	h.mustRead("Không tìm thấy “thon 175”. Đã tìm không dấu.")
}

func TestDeletingGoesOnToTheNextAndCanBeUndone(t *testing.T) {
	_, h := atWork(t)
	villages(h, 5)
	ui.FocusList(h.w)
	h.Settle()
	h.key(fyne.KeyDown)
	h.mustBeAt("Thôn 3")
	h.key(fyne.KeyDelete)
	h.Wait(time.Second)
	h.mustBeAt("Thôn 2")
	h.mustRead("Đã hủy bản ghi 24-4. Lịch sử vẫn còn.")
	h.press("Hoàn tác")
	h.Wait(time.Second)
	h.mustBeAt("Thôn 3")
	if h.App.List.Len() != 5 {
		t.Errorf("%d rows", h.App.List.Len())
	}
}

func TestADraftIsARowThatEnterOpens(t *testing.T) {
	_, h := atWork(t)
	villages(h, 3)
	h.App.New("venue_register")
	h.Settle()
	h.types("Tên địa điểm", "Thôn mới")
	h.ctrl(fyne.KeyW)
	h.Wait(time.Second)
	ui.FocusList(h.w)
	h.Settle()
	if subs, chosen := h.rows(); chosen != 0 || !strings.HasPrefix(subs[0], "Thôn mới") {
		t.Fatalf("%q, %d", subs, chosen)
	}
	h.mustRead("Nháp này chưa là bản ghi: chỉ có trên máy này, chưa gửi đi đâu. Viết tiếp rồi bấm Hoàn tất.")
	h.key(fyne.KeyReturn)
	if e := h.App.Editor(); e == nil || e.Value("name") != "Thôn mới" {
		t.Fatal("Enter does not open the draft")
	}
	h.ctrl(fyne.KeyW)
	h.Wait(time.Second)
	h.key(fyne.KeyDelete)
	h.Wait(time.Second)
	if len(h.Drafts()) != 0 || h.App.List.Len() != 3 {
		t.Fatalf("%d drafts, %d rows", len(h.Drafts()), h.App.List.Len())
	}
	h.press("Hoàn tác")
	if e := h.App.Editor(); e == nil || e.Value("name") != "Thôn mới" {
		t.Error("Hoàn tác does not bring the draft back")
	}
}

// The list keeps its place and the chosen row: when records arrive, when a filter changes, and when coming back from a form.
func TestTheListKeepsItsPlace(t *testing.T) {
	v, h := atWork(t)
	hers := v.NewMachine(25)
	villages(h, 60)
	ui.ScrollList(h.w, 1000)
	h.Settle()
	before, _ := h.rows()
	h.App.List.Choose(h.App.List.Len() - 30)
	h.Settle()
	if now, _ := h.rows(); now[0] != before[0] {
		t.Errorf("choosing moved the list from %q to %q", before[0], now[0])
	}
	for i := range 7 {
		hers.Write("ha.ltm.25", "venue_register", map[string]string{"name": fmt.Sprintf("Làng %d", i)})
	}
	v.Carry(hers, h.Machine)
	h.Wait(time.Second)
	if h.App.List.Len() != 67 {
		t.Fatalf("%d rows", h.App.List.Len())
	}
	after, _ := h.rows()
	if after[0] != before[0] || ui.ListOffset(h.w) <= 1000 {
		t.Errorf("records that arrived moved the list from %q to %q", before[0], after[0])
	}
	record29 := h.App.Detail().Record
	h.App.Edit()
	h.Settle()
	h.ctrl(fyne.KeyW)
	h.Wait(time.Second)
	if back, _ := h.rows(); back[0] != before[0] {
		t.Errorf("back from the form the list stands at %q, not %q", back[0], before[0])
	}
	h.App.List.SetForm("venue_register")
	h.Wait(time.Second)
	if d := h.App.Detail(); d == nil || d.Record != record29 || h.App.List.Chosen() < 0 {
		t.Error("the chosen row is lost when a filter changes")
	}
	if subs, chosen := h.rows(); chosen < 0 {
		t.Errorf("it is not to be seen among %q", subs)
	}
	ui.ScrollList(h.w, 0)
	hers.Write("ha.ltm.25", "venue_register", map[string]string{"name": "Làng mới nhất"})
	v.Carry(hers, h.Machine)
	h.Wait(time.Second)
	if subs, _ := h.rows(); !strings.HasPrefix(subs[0], "Làng mới nhất") {
		t.Errorf("at the upper end what is new is not seen: %q", subs[0])
	}
}

func TestFiltersAreSeenAndTakenOff(t *testing.T) {
	_, h := atWork(t)
	villages(h, 3)
	h.Write("diem.pq.24", "self_mgmt_group", map[string]string{"name": "Tổ 1", "founded_on": "2026-11-16"})
	h.Wait(time.Second)
	if h.reads("Mọi ngày") {
		t.Error("what is needed less often is not folded away")
	}
	h.press("Lọc thêm")
	h.App.List.SetPeriod(app.PeriodWeek)
	h.Settle()
	h.mustRead("1 lọc đang bật")
	h.mustRead("1 trong 4 bản ghi · mới nhất trước")
	h.press("Thu gọn")
	h.mustRead("Tuần này") // a filter that is on is seen
	h.press("Bỏ lọc")
	h.mustRead("4 bản ghi · mới nhất trước")
	if h.reads("1 lọc đang bật") {
		t.Error("the filter is still said to be on")
	}
}

func TestARecordIsDuplicatedByAKey(t *testing.T) {
	_, h := atWork(t)
	villages(h, 1)
	ui.FocusList(h.w)
	h.Settle()
	h.ctrl(fyne.KeyB)
	if h.App.Page() != app.PageForm {
		t.Fatal("Ctrl+B opens no form")
	}
	h.mustRead("chép từ bản ghi 24-1")
	if got := h.field("Tên địa điểm").Text; got != "" {
		t.Errorf("the name is copied: %q", got)
	}
}

// Long texts stand side by side with the words marked that differ; more than two answers are all there; and a row says which
// it is.
func TestManyAnswersToARowOfARepeat(t *testing.T) {
	v, h := atWork(t)
	rec := h.Write("diem.pq.24", "dialogue", map[string]string{"occurred_on": "2026-11-16", "issues/+1/issue": "Đường vào làng lầy lội mùa mưa, xe không vào được"})
	var path string
	for _, f := range h.View(rec).Fields {
		if strings.HasSuffix(f.Path, "/issue") {
			path = f.Path
		}
	}
	var others []*apptest.Machine
	for n, text := range []string{"Đường vào làng rất lầy lội mùa mưa, xe không vào được", "Đường vào làng lầy lội cả năm, xe không vào được"} {
		other := v.NewMachine(record.ReplicaID(25 + n))
		v.Carry(h.Machine, other)
		other.Change("hai", rec, path, text)
		others = append(others, other)
	}
	h.Change("diem.pq.24", rec, path, "Đường vào làng lầy lội mùa mưa, xe máy không vào được")
	for _, other := range others {
		v.Carry(other, h.Machine)
	}
	h.Wait(time.Second)
	h.App.List.Choose(0)
	h.Settle()
	h.press("So sánh")
	c := h.App.Choice()
	if len(c.Answers) != 3 || !strings.Contains(c.Title, "dòng 1") || c.Base.Value != "Đường vào làng lầy lội mùa mưa, xe không vào được" {
		t.Fatalf("%q, %d answers, before %+v", c.Title, len(c.Answers), c.Base)
	}
	h.mustRead("Chọn câu đúng. Câu kia vẫn giữ trong lịch sử. Chữ đậm là chỗ khác nhau.")
	var marked []string
	for _, o := range h.objects() {
		if x, ok := o.(*canvas.Text); ok && x.TextStyle.Bold && (x.Text == "máy" || x.Text == "rất" || x.Text == "cả năm,") {
			marked = append(marked, x.Text)
		}
	}
	if len(marked) != 3 {
		t.Errorf("marked are %q", marked)
	}
	h.ctrl(fyne.Key2)
	h.Wait(time.Second)
	if live := h.View(rec).Field(path); len(live) != 1 || live[0].Text != c.Answers[1].Value {
		t.Errorf("after Ctrl+2: %+v", live)
	}
}

// TestEnterWaitsForTheAnswer: Enter in the search, given before the list has answered, goes to a row of the answer, and once more Enter opens
// the form of that one.
func TestEnterWaitsForTheAnswer(t *testing.T) {
	_, h := atWork(t)
	villages(h, 30)
	test.Type(ui.Win(h.w).Canvas().Focused(), "thon 17")
	h.key(fyne.KeyReturn)
	h.Settle()
	h.key(fyne.KeyReturn)
	h.Settle()
	if e := h.App.Editor(); e == nil || e.Value("name") != "Thôn 17" {
		t.Errorf("the form of another record is open, or none: %+v", e)
	}
}
