package ui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/ui/kit"
)

// Where a page has nothing to show, it says why, with one thing to do about it.
func TestAnEmptyPageHasOneThingToDo(t *testing.T) {
	for _, x := range []struct {
		page         app.Page
		lang         string
		says, action string
		leadsTo      app.Page
	}{
		{app.PageFlash, app.Vietnamese, "Chưa có báo cáo nhanh nào. Khi có việc gấp, viết ngay, chưa có mạng cũng viết được.", "Báo cáo nhanh mới", app.PageForm},
		{app.PageFlash, app.English, "No flash report yet. When something cannot wait, write one now, even without a network.", "New flash report", app.PageForm},
		{app.PageDirectives, app.Vietnamese, "Chưa có chỉ đạo nào về máy này.", "Nhận từ trung tâm ngay", app.PageSync},
		{app.PageDirectives, app.English, "No directive has come to this computer yet.", "Receive from the centre now", app.PageSync},
		{app.PageAsking, app.Vietnamese, "Không có gì cần xem lại.", "Xem việc hôm nay", app.PageToday},
		{app.PageAsking, app.English, "Nothing needs attention.", "See today's work", app.PageToday},
	} {
		_, h := atWork(t)
		h.App.SetLanguage(x.lang)
		h.App.Go(x.page)
		h.Wait(time.Second)
		h.mustRead(x.says)
		var last *kit.Button // that of a report stands at the head of its page too
		for _, o := range h.objects() {
			if b, ok := o.(*kit.Button); ok && b.Text == x.action && b.Kind == kit.Plain {
				last = b
			}
		}
		if last == nil {
			t.Errorf("there is no button %q", x.action)
			continue
		}
		test.Tap(last)
		h.Wait(time.Second)
		if h.App.Page() != x.leadsTo {
			t.Errorf("%q leads to page %v", x.action, h.App.Page())
		}
	}
}

// A search among the forms that finds none is taken off again, with the hand in it.
func TestASearchForFormsWithoutAHitIsTakenOff(t *testing.T) {
	_, h := atWork(t)
	h.App.Go(app.PageNew)
	h.Settle()
	h.keys("zzz")
	h.mustRead("Không tìm thấy “zzz”. Đã tìm không dấu.")
	h.press("Xem tất cả biểu mẫu")
	h.keys("tuyen truyen", fyne.KeyReturn)
	if e := h.App.Editor(); e == nil || e.Form().ID() != "awareness_session" {
		t.Error("the search does not go on")
	}
}

// Where the centre has granted nothing yet it can be asked, from the list and from where a record is begun.
func TestWithoutAUnitTheCentreIsAsked(t *testing.T) {
	for _, p := range []app.Page{app.PageRecords, app.PageNew} {
		h := sit(t, apptest.NewVillage(t).BareMachine(24), 1280, 690)
		h.SignIn("Phan Quốc Điềm")
		h.App.Go(p)
		h.Wait(time.Second)
		h.mustRead("Máy này chưa được giao đơn vị nào, nên chưa ghi được. Nối mạng một lần để nhận từ trung tâm.")
		asked := h.Engine.Asked
		h.press("Nhận từ trung tâm ngay")
		if h.App.Page() != app.PageSync || h.Engine.Asked != asked+1 {
			t.Errorf("page %v, asked %d times", h.App.Page(), h.Engine.Asked-asked)
		}
	}
}
