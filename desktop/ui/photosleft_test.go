package ui_test

import (
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/ui/tour"
)

// TestPhotosThatWaitAreNotAtTheCentre: while photos are on this machine alone no page says that everything is at the centre.
func TestPhotosThatWaitAreNotAtTheCentre(t *testing.T) {
	_, h := atWork(t)
	tour.Photographs(h.Machine, 2)
	h.Receipt()
	h.Engine.Set(app.SyncStatus{})
	h.Wait(time.Second)
	h.mustRead("Chưa có mạng · 2 ảnh chờ gửi")
	h.Engine.Set(app.SyncStatus{Phase: app.Idle})
	h.Wait(time.Second)
	pages := []func(){func() { h.App.Go(app.PageToday) }, func() { h.App.Go(app.PageSync) }, h.App.Lock}
	for i, open := range pages {
		open()
		h.Settle()
		h.mustRead("Chữ đã ở trung tâm; còn 2 ảnh chờ gửi") // the foot
		if page := "Chữ đã ở trung tâm; còn 2 ảnh chờ gửi."; i == 2 {
			h.mustRead(page)
		}
		for _, text := range []string{"Mọi thứ đã lưu đều ở trung tâm", "Mọi thứ đã lưu đều ở trung tâm."} {
			if h.reads(text) {
				t.Errorf("page %d says %q", i, text)
			}
		}
	}
	h.PhotosArrive()
	h.Wait(time.Second)
	h.mustRead("Mọi thứ đã lưu đều ở trung tâm.")
}

// On a network that costs money photos do not go by themselves, and the pages do not say so.
func TestPhotosOfAMeteredNetworkDoNotGoByThemselves(t *testing.T) {
	_, h := atWork(t)
	tour.Photographs(h.Machine, 2)
	h.Receipt()
	h.Engine.Set(app.SyncStatus{Phase: app.Idle})
	h.App.SetMetered(true)
	for _, page := range []app.Page{app.PageToday, app.PageSync} {
		h.App.Go(page)
		h.Wait(time.Second)
		if h.reads("Ảnh còn lại tự gửi tiếp khi có mạng, từ chỗ đã dừng.") {
			t.Errorf("page %d promises that they go by themselves", page)
		}
	}
	h.mustRead("Ảnh đợi đến khi bạn tắt “Mạng tính tiền” hoặc bấm Gửi ngay.")
}
