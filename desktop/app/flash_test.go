package app_test

import (
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/shared/dispatch"
	"banlang/shared/fault"
	"banlang/shared/form"
)

// TestAFlashReportIsAcknowledged is the story of one: written without a network, it is first in line; then it is at the
// centre, which says since when; then somebody above acknowledges it, which the officer is told once.
func TestAFlashReportIsAcknowledged(t *testing.T) {
	_, m := openNotebook(t)
	if got := m.App.Flashes.Advice(); len(got) != 3 || got[1] != "Báo cáo nằm đầu hàng chờ và đi trong giây đầu tiên có mạng." {
		t.Errorf("before it is sent: %q", got)
	}
	venue := place(m, "Làng Plei Sơ Un")
	m.App.Flashes.New()
	m.Settle()
	fill(m.App.Editor(), map[string]string{"happened_at": "2026-11-17T09:00:00.000+07:00", "known_at": "2026-11-17T09:25:00.000+07:00", "category": "thien_tai",
		"severity": "2", "place": venue, "summary": "Lũ ống cuốn trôi ngầm tràn"})
	m.Wait(time.Second)
	if !m.App.Editor().Finish(false) {
		t.Fatalf("not finished: %s", m.App.Editor().First())
	}
	m.Wait(time.Minute)
	rec := m.Records(dispatch.FormFlash)[0]
	row := m.App.Flashes.Rows()[0]
	if len(m.Urgent()) != 1 || m.Urgent()[0] != rec || row.Title != "Thiên tai · Mức 2" || row.Place != "Làng Plei Sơ Un" || row.Standing != app.Queued {
		t.Fatalf("finished: %+v, urgent %v", row, m.Urgent())
	}
	clocks(t, row, "Xảy ra 09:00 ", "Nắm được 09:25 sau 25 phút", "Ghi trên máy 09:41 sau 16 phút",
		"Đến trung tâm  Báo cáo nằm đầu hàng chờ và đi trong giây đầu tiên có mạng.", "Tiếp nhận  chưa ai tiếp nhận")

	m.Receipt()
	m.Wait(time.Second)
	clocks(t, m.App.Flashes.Rows()[0], "", "", "", "Đến trung tâm  có biên nhận 09:42", "")

	at := time.Date(2026, 11, 17, 9, 42, 2, 0, apptest.Zone)
	m.FromCentre(rec, dispatch.FormFlash, nil, map[string]string{dispatch.ArrivedAt: form.Moment(at)})
	m.Wait(27 * time.Hour)
	m.FromCentre(rec, dispatch.FormFlash, nil, map[string]string{"ack/+1/unit": "SL", "ack/+1/at": form.Moment(at.Add(27*time.Hour + 45*time.Minute)),
		"ack/+1/instruction": "Giữ hiện trường, báo tiếp trước 17:00."})
	m.Wait(time.Second)
	said := "SL đã tiếp nhận lúc 13:27: “Giữ hiện trường, báo tiếp trước 17:00.”"
	if toast := m.App.Toast(); toast == nil || toast.Text != said {
		t.Fatalf("the officer is told %+v", toast)
	}
	clocks(t, m.App.Flashes.Rows()[0], "", "", "", "Đến trung tâm 17/11 09:42 sau 1 phút", "Tiếp nhận 13:27 sau 27 giờ 45")
	if row := m.App.Flashes.Rows()[0]; len(row.Acks) != 1 || row.Acks[0] != said || m.App.Flashes.Waiting() != 0 {
		t.Errorf("%+v", row)
	}
	m.App.DoToast()
	m.Settle()
	if d := m.App.Detail(); d == nil || d.Record != rec {
		t.Error("the toast does not lead to the report")
	}
	m.Write("diem.pq.24", "venue_register", map[string]string{"name": "Thôn 1"})
	m.Wait(time.Second)
	if m.App.Toast() != nil {
		t.Errorf("told twice: %+v", m.App.Toast())
	}
	after := m.PowerCut().Start()
	after.App.Gate.Try(apptest.Passphrase)
	after.Wait(time.Second)
	if after.App.Toast() != nil {
		t.Errorf("told again after a start: %+v", after.App.Toast())
	}
}

// clocks compares those of a report that are wanted.
func clocks(t *testing.T, row app.FlashRow, want ...string) {
	t.Helper()
	if len(row.Clocks) != len(want) {
		t.Fatalf("%+v", row.Clocks)
	}
	for i, c := range row.Clocks {
		if got := c.Label + " " + c.Time + " " + c.After; want[i] != "" && got != want[i] {
			t.Errorf("clock %d: %q, want %q", i, got, want[i])
		}
	}
}

// TestAFlashReportOnItsWay: while it is sent it says so, in its row and in the bar; once the centre has noted its arrival it is there, which
// the officer is told once, though the receipt for all that was written before it is still to come.
func TestAFlashReportOnItsWay(t *testing.T) {
	_, m := openNotebook(t)
	venue := place(m, "Làng Plei Sơ Un")
	m.App.Flashes.New()
	m.Settle()
	fill(m.App.Editor(), map[string]string{"happened_at": "2026-11-17T09:00:00.000+07:00", "known_at": "2026-11-17T09:25:00.000+07:00", "category": "thien_tai",
		"severity": "2", "place": venue, "summary": "Lũ ống cuốn trôi ngầm tràn"})
	if !m.App.Editor().Finish(false) {
		t.Fatalf("not finished: %s", m.App.Editor().First())
	}
	m.Wait(time.Minute)
	rec := m.Records(dispatch.FormFlash)[0]
	stands := func(want app.Standing, arrived, bar string) {
		t.Helper()
		m.Wait(time.Second)
		row := m.App.Flashes.Rows()[0]
		clocks(t, row, "", "", "", arrived, "")
		if b := m.App.Bar(); row.Standing != want || bar != "" && b.Strong != bar {
			t.Errorf("it stands %v, want %v; the bar says %q", row.Standing, want, b.Strong)
		}
	}
	stands(app.Queued, "Đến trung tâm  Báo cáo nằm đầu hàng chờ và đi trong giây đầu tiên có mạng.", "")
	m.Engine.Set(app.SyncStatus{Phase: app.Sending, ToPush: 3})
	stands(app.Leaving, "Đến trung tâm  Đang gửi, trước mọi thứ khác.", "Đang gửi báo cáo nhanh")
	m.Engine.Set(app.SyncStatus{Fault: fault.CutOff, ToPush: 3})
	stands(app.Queued, "Đến trung tâm  Báo cáo nằm đầu hàng chờ và đi trong giây đầu tiên có mạng.", "")
	m.Engine.Set(app.SyncStatus{Phase: app.Sending, ToPush: 3, Pushed: 1})
	m.App.EndToast()
	at := time.Date(2026, 11, 17, 9, 42, 2, 0, apptest.Zone)
	m.FromCentre(rec, dispatch.FormFlash, nil, map[string]string{dispatch.ArrivedAt: form.Moment(at)})
	stands(app.AtCentre, "Đến trung tâm 09:42 sau 1 phút", "Đang gửi 1 trên 3 …")
	if x := m.App.Toast(); x == nil || x.Text != "Báo cáo nhanh đã đến trung tâm lúc 09:42:02." || x.Action != "Xem" {
		t.Fatalf("the officer is told %+v", x)
	}
	m.App.EndToast()
	m.Change("diem.pq.24", rec, "summary", "Lũ ống cuốn trôi ngầm tràn, nước đang rút")
	stands(app.Leaving, "Đến trung tâm 09:42 sau 1 phút", "Đang gửi 1 trên 3 …")
	if x := m.App.Toast(); x != nil {
		t.Errorf("told twice: %+v", x)
	}
	after := m.PowerCut().Start()
	after.App.Gate.Try(apptest.Passphrase)
	after.Wait(time.Second)
	if x := after.App.Toast(); x != nil {
		t.Errorf("told again after a start: %+v", x)
	}
}
