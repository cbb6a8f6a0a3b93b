package ui_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app/apptest"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/shared/dispatch"
	"banlang/shared/record"
)

const (
	askProgress = "Tiến độ tự đánh giá (%)"
	askObstacle = "Vướng mắc, đề xuất"
)

// ordered is the window at an accepted directive, with the follow-up of its second task.
func ordered(t *testing.T) (*apptest.Village, *hand, record.Dot) {
	t.Helper()
	v, h := atWork(t)
	h.Directive("12/KH-CAT", "Cao điểm giao nộp vũ khí", "2026-11-30", "2026-12-15")
	h.Wait(time.Second)
	h.ctrl(fyne.KeyI)
	h.Wait(time.Second)
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	for _, rec := range h.Records(dispatch.FormFollowUp) {
		if h.View(rec).Text(dispatch.TaskOf) == h.App.Directives.Opened().Tasks[1].Ref {
			return v, h, rec
		}
	}
	t.Fatal("there is no follow-up of the second task")
	return v, h, record.Dot{}
}

// second finds an entry of the second task.
func (h *hand) second(label string) (found *kit.Entry) {
	h.t.Helper()
	for _, o := range h.objects() {
		if cell, ok := o.(*kit.Cell); ok {
			for _, x := range seen(cell) {
				if c, ok := x.(*kit.Cut); ok && c.Text() == label {
					for _, y := range seen(cell) {
						if e, ok := y.(*kit.Entry); ok {
							found = e
						}
					}
				}
			}
		}
	}
	if found == nil {
		h.t.Fatalf("there is no field %q", label)
	}
	return found
}

// writes puts the hand into an entry of the second task and types.
func (h *hand) writes(label, text string) {
	h.t.Helper()
	e := h.second(label)
	ui.Win(h.w).Canvas().Focus(e)
	e.TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Type(e, text)
	h.Settle()
}

// pressLast taps the last button with this text: that of the second task.
func (h *hand) pressLast(text string) {
	h.t.Helper()
	var last *kit.Button
	for _, o := range h.objects() {
		if b, ok := o.(*kit.Button); ok && b.Text == text {
			last = b
		}
	}
	if last == nil {
		h.t.Fatalf("there is no button %q", text)
	}
	test.Tap(last)
	h.Wait(time.Second)
}

// readsOf reports whether the window says something that begins so.
func (h *hand) readsOf(beginning string) bool {
	for _, o := range h.objects() {
		if p, ok := o.(*kit.Para); ok && strings.HasPrefix(p.Text(), beginning) {
			return true
		}
	}
	return false
}

// Decision 2 on the page of directives, through the window: what a colleague wrote while the page was open is shown, and is
// still there after I have altered something else; where I typed over it, both words stand side by side.
func TestAReportLeavesTheWordsOfAColleague(t *testing.T) {
	v, h, rec := ordered(t)
	h.Change("diem.pq.24", rec, dispatch.Obstacle, "thiếu xe")
	h.Change("diem.pq.24", rec, dispatch.Progress, "20")
	h.Wait(time.Second)
	if got := h.second(askObstacle).Text; got != "thiếu xe" {
		t.Fatalf("the page shows %q", got)
	}
	hers := v.NewMachine(25)
	v.Carry(h.Machine, hers)
	h.writes(askProgress, "4")
	hand := ui.Win(h.w).Canvas().Focused()
	hers.Change("ha.ltm.25", rec, dispatch.Obstacle, "cầu Ia Drang đã sập, không qua được")
	v.Carry(hers, h.Machine)
	h.Wait(time.Second)
	if got := h.second(askObstacle).Text; got != "cầu Ia Drang đã sập, không qua được" {
		t.Errorf("the page shows %q", got)
	}
	if ui.Win(h.w).Canvas().Focused() != hand || hand != fyne.Focusable(h.second(askProgress)) {
		t.Error("what arrives takes the hand out of the entry")
	}
	test.Type(hand, "0")
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	live := h.View(rec).Field(dispatch.Obstacle)
	if len(live) != 1 || live[0].Text != "cầu Ia Drang đã sập, không qua được" || h.View(rec).Text(dispatch.Progress) != "40" {
		t.Fatalf("after the report: %+v", h.View(rec).Values())
	}
	if ui.Win(h.w).Canvas().Focused() != fyne.Focusable(h.second(askProgress)) {
		t.Error("the report takes the hand out of the entry")
	}

	v.Carry(h.Machine, hers)
	h.writes(askObstacle, "đi vòng qua Ia Lâu")
	hers.Change("ha.ltm.25", rec, dispatch.Obstacle, "cầu đã thông")
	v.Carry(hers, h.Machine)
	h.Wait(time.Second)
	if !h.readsOf("Trong lúc bạn gõ, có người ghi “cầu đã thông”.") || h.second(askObstacle).Text != "đi vòng qua Ia Lâu" {
		t.Errorf("not told of what arrived over %q", h.second(askObstacle).Text)
	}
	h.pressLast("Ghi tiến độ")
	if live := h.View(rec).Field(dispatch.Obstacle); len(live) != 2 {
		t.Errorf("side by side stand %+v", live)
	}
	if !h.readsOf("Hai người ghi khác nhau: ") {
		t.Error("the page does not say that two wrote differently")
	}
	h.press("So sánh")
	h.mustRead("đi vòng qua Ia Lâu")
}

// What is typed of a task is a draft from the first second on; the page shows it again, says so, and writes it with "done".
func TestWhatIsTypedOfATaskIsKeptInTheWindow(t *testing.T) {
	_, h, rec := ordered(t)
	if h.reads("Bỏ nháp") {
		t.Error("a draft of nothing can be given up")
	}
	h.writes(askProgress, "60 %")
	h.key(fyne.KeyReturn)
	if ui.Win(h.w).Canvas().Focused() != fyne.Focusable(h.second(askObstacle)) {
		t.Error("Enter does not lead to the next entry")
	}
	h.writes(askObstacle, "thiếu tờ rơi")
	h.Wait(time.Second)
	if ds := h.Drafts(); len(ds) != 1 || ds[0].Record != rec || ds[0].Values[dispatch.Obstacle] != "thiếu tờ rơi" || ds[0].Values[dispatch.Progress] != "60" {
		t.Fatalf("on the disk: %+v", ds)
	}
	if !h.readsOf("Đã lưu nháp ") {
		t.Error("the page does not say that it is kept")
	}
	h.ctrl(fyne.KeyM)
	h.ctrl(fyne.KeyI)
	h.Wait(time.Second)
	if p, o := h.second(askProgress).Text, h.second(askObstacle).Text; p != "60" || o != "thiếu tờ rơi" {
		t.Fatalf("after coming back: %q, %q", p, o)
	}
	h.pressLast("Bỏ nháp")
	if got := h.second(askObstacle).Text; got != "" || len(h.Drafts()) != 0 {
		t.Errorf("given up: %q, %d drafts", got, len(h.Drafts()))
	}
	h.press("Hoàn tác")
	h.Wait(time.Second)
	if got := h.second(askObstacle).Text; got != "thiếu tờ rơi" || len(h.Drafts()) != 1 {
		t.Errorf("brought back: %q, %d drafts", got, len(h.Drafts()))
	}
	h.writes(askProgress, "nhiều")
	h.pressLast("Đã làm xong")
	h.mustRead("Cần một số nguyên.")
	h.writes(askProgress, "95")
	h.pressLast("Đã làm xong")
	v := h.View(rec)
	if v.Text(dispatch.DoneOn) != "2026-11-17" || v.Text(dispatch.Progress) != "95" || v.Text(dispatch.Obstacle) != "thiếu tờ rơi" || len(h.Drafts()) != 0 {
		t.Errorf("done: %q, %d drafts", v.Values(), len(h.Drafts()))
	}
}

// The last keys before the window is closed are kept.
func TestClosingTheWindowKeepsWhatIsTypedOfATask(t *testing.T) {
	_, h, _ := ordered(t)
	h.writes(askObstacle, "thiếu tờ rơi")
	ui.Close(h.w)
	if ds := h.Drafts(); len(ds) != 1 || ds[0].Values[dispatch.Obstacle] != "thiếu tờ rơi" {
		t.Errorf("on the disk: %+v", ds)
	}
}
