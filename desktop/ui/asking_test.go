package ui_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
	"banlang/shared/record"
)

// a09: the wrong answer is altered in the error itself, by keys alone, and one act sends it.
func TestARejectedAnswerIsPutRightInTheWindow(t *testing.T) {
	_, h := atWork(t)
	rec := h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon", "occurred_on": "2026-11-16", "parent_unit": "SL017"})
	h.Change("diem.pq.24", rec, "households", "mười")
	h.RejectChange(rec, h.View(rec).Field("households")[0].Dot, "type")
	h.App.Go(app.PageAsking)
	h.Wait(time.Second)
	h.mustRead("Cần một số nguyên.")
	h.key(fyne.KeyReturn) // in the row: to the answer, which is not sent by that
	e := h.field("Số hộ")
	if ui.Win(h.w).Canvas().Focused() != fyne.Focusable(e) || len(h.View(rec).Rejected) != 1 {
		t.Fatal("Enter does not lead to the answer")
	}
	h.types("Số hộ", "118")
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	if v := h.View(rec); v.Text("households") != "118" || len(v.Rejected) != 0 {
		t.Errorf("%+v", v)
	}
	h.mustRead("Không có gì cần xem lại.")
}

// A record that the centre does not count at all is put right in the same way, and goes out anew; from its history one comes to
// the old one.
func TestACreationThatWasRejectedIsPutRightInTheWindow(t *testing.T) {
	_, h := atWork(t)
	rec := h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon", "occurred_on": "2026-11-16", "parent_unit": "SL017",
		"households": "mười"})
	h.RejectChange(rec, rec, "type")
	h.App.Go(app.PageAsking)
	h.Wait(time.Second)
	h.mustRead("Cần một số nguyên.")
	h.key(fyne.KeyReturn) // in the row: to the answer
	h.types("Số hộ", "118")
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	h.mustRead("Không có gì cần xem lại.")
	by := h.View(rec).Anew()
	if v := h.View(by); v.Text("households") != "118" || v.Text("name") != "Thôn Bình Lạc" || v.Instead() != rec {
		t.Errorf("the new record: %+v", v)
	}
	if v := h.View(rec); v.Text("households") != "mười" || len(v.Rejected) != 0 {
		t.Errorf("the old record: %+v", v)
	}
	h.App.ShowRecord(by)
	h.Wait(time.Second)
	h.mustRead("Bạn ghi lại thay bản ghi 24-1 · máy 24 · chưa có biên nhận")
	h.press("Mở bản ghi đó")
	h.Settle()
	if d := h.App.Detail(); d == nil || d.Record != rec {
		t.Fatalf("shown is %+v", d)
	}
	h.mustRead("Bản ghi này đã được ghi lại thành bản ghi 24-2. Chữ cũ còn nguyên ở đây.")
}

// A returned record has its own look in the list, and its form begins with the reason.
func TestTheReasonOfAReturnStandsOverTheForm(t *testing.T) {
	_, h := atWork(t)
	rec := h.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn Bình Lạc", "type": "thon", "occurred_on": "2026-11-16", "parent_unit": "SL017"})
	h.Receipt()
	h.Review(rec, record.ReviewReturned, "Ghi rõ số hộ.")
	h.Wait(time.Second)
	h.App.List.Choose(0)
	h.Settle()
	h.mustRead("Trả lại")
	h.press("Sửa")
	read := false
	for _, o := range h.objects() {
		p, ok := o.(*kit.Para)
		read = read || ok && strings.HasPrefix(p.Text(), "Trung tâm trả lại: “Ghi rõ số hộ.”")
	}
	if !read {
		t.Error("the form does not say why")
	}
	h.types("Số hộ", "64")
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	h.mustRead("Chờ gửi")
}

// In a narrow window Esc unfolds the navigation, its arrows go through it, and Esc folds it again.
func TestEscUnfoldsTheNavigation(t *testing.T) {
	_, h := atWork(t)
	ui.Win(h.w).Resize(fyne.NewSize(1024, 570))
	h.App.Go(app.PageSettings)
	h.Settle()
	if h.reads("Chỉ đạo") {
		t.Fatal("it is not folded")
	}
	ui.Win(h.w).Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	h.Settle()
	h.mustRead("Chỉ đạo")
	h.key(fyne.KeyUp)
	if n, ok := ui.Win(h.w).Canvas().Focused().(*kit.NavItem); !ok || n.Text != "Đồng bộ" {
		t.Errorf("the hand is at %v", ui.Win(h.w).Canvas().Focused())
	}
	h.key(fyne.KeyEscape)
	if h.reads("Chỉ đạo") {
		t.Error("Esc does not fold it again")
	}
	h.App.Go(app.PageDirectives)
	h.Settle()
	h.ctrl(fyne.KeyI)
	if h.App.Page() != app.PageDirectives {
		t.Error("Ctrl+I does not open the directives")
	}
}

func TestDirectivesGoByTheArrows(t *testing.T) {
	_, h := atWork(t)
	first := h.Directive("12/KH-CAT", "Cao điểm giao nộp vũ khí", "2026-11-30", "2026-12-15")
	second := h.Directive("09/CV-TH", "Chốt số liệu kỳ tháng 11", "2026-11-20", "2026-11-20")
	h.Wait(time.Second)
	h.ctrl(fyne.KeyI)
	if h.App.Page() != app.PageDirectives {
		t.Fatal("Ctrl+I does not open the directives")
	}
	rows := h.App.Directives.Rows()
	h.key(fyne.KeyDown)
	if d := h.App.Directives.Opened(); d == nil || d.Record != rows[1].Record || d.Record != first && d.Record != second {
		t.Fatalf("Down opened %+v", d)
	}
	h.key(fyne.KeyUp)
	if d := h.App.Directives.Opened(); d.Record != rows[0].Record {
		t.Error("Up does not go back")
	}
	h.ctrl(fyne.KeyReturn)
	h.Wait(time.Second)
	for _, task := range h.App.Directives.Opened().Tasks {
		if !task.Accepted {
			t.Errorf("Ctrl+Enter does not accept %q", task.Text)
		}
	}
}
