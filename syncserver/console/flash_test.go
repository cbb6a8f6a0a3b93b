package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// flash writes a flash report of a commune, finished now.
func (n *notebook) flash(unit, summary string) record.Dot {
	n.h.t.Helper()
	now := time.UnixMilli(n.h.now.Load())
	moment := func(before time.Duration) string { return now.Add(-before).Format("2006-01-02T15:04:05.000Z07:00") }
	return n.write("flash_report", record.Dot{}, "_unit", unit+"/ordinary", "happened_at", moment(40*time.Minute), "known_at", moment(15*time.Minute),
		"category", "thien_tai", "severity", "2", "summary", summary, "needs", "phuong_tien luong_thuc")
}

func (h *house) later(d time.Duration) { h.now.Add(d.Milliseconds()) }

// acts counts the lines of the audit about an act.
func (h *house) acts(act staff.Act) int {
	h.t.Helper()
	all, err := h.centre.Staff().Audit().List(h.t.Context(), audit.Filter{Act: string(act)})
	if err != nil {
		h.t.Fatal(err)
	}
	return len(all)
}

// TestFlashBoard: a report waits with its clocks, is counted in the navigation, climbs when nobody takes it on, and is taken on
// with one press in the name of the viewer's unit; who presses the button of a page that is no longer true writes nothing.
func TestFlashBoard(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	province, commune := h.as("giam.doc", "P1", staff.Direct), h.as("truong.xa", "C1", staff.Direct)
	province.get("/flash").shows(t, "Không có báo cáo nhanh nào đang diễn ra")
	rec := n.flash("C1", "Lũ ống cuốn trôi ngầm tràn, 21 hộ chưa liên lạc được.")
	board := province.get("/flash")
	board.shows(t, "1 chưa tiếp nhận · 0 đang theo dõi", "Thiên tai", "Mức 2", "Lũ ống", "Phương tiện", "Xảy ra", "sau 25 phút", `class="n urgent">1<`,
		"Hiện ở Xã Đăk Rơ Leng", "lên Tỉnh Sơn Lĩnh", "data-since=")
	commune.get("/flash").shows(t, "Hiện ở đơn vị của bạn")
	h.later(8 * time.Minute)
	province.get("/flash").shows(t, "Hiện ở Xã Đăk Rơ Leng")
	commune.get("/flash")
	h.later(8 * time.Minute)
	province.get("/flash").shows(t, "1 quá hạn, đã lên cấp trên", "Hiện ở đơn vị của bạn", "Không còn cấp nào ở trên")
	h.asks(centre.Request{FlashWait: &centre.FlashWait{Unit: "P1", Minutes: 60}})
	if a := province.get("/flash"); strings.Contains(a.body, "quá hạn") {
		t.Error("the province's own wait is not kept")
	}
	before := h.acts(staff.AckFlash)
	province.post("/flash/"+rec.String()+"/ack", "first", "1", "text", "Giữ hiện trường, báo tiếp trước 17:00.").shows(t, "Đã tiếp nhận.",
		"0 chưa tiếp nhận · 1 đang theo dõi", "Tỉnh Sơn Lĩnh tiếp nhận", "Giữ hiện trường")
	late := commune.post("/flash/"+rec.String()+"/ack", "first", "1")
	late.shows(t, "Đơn vị khác vừa tiếp nhận trước")
	if got := h.acts(staff.AckFlash); got != before+1 {
		t.Errorf("%d acknowledgements in the audit, want one", got-before)
	}
	commune.post("/flash/"+rec.String()+"/ack").shows(t, "Xã Đăk Rơ Leng tiếp nhận", "Tỉnh Sơn Lĩnh tiếp nhận")
	n.write("flash_report", rec, "closed_at", "2026-11-19T22:00:00.000+07:00")
	if a := province.get("/flash"); strings.Contains(a.body, "Lũ ống") {
		t.Error("what is over is on the board")
	}
	province.get("/flash").shows(t, "Đã kết thúc (1)")
	province.get("/flash?over=1").shows(t, "Lũ ống")
}

// TestFlashOfOthers: nobody sees or takes on what is not his; whoever may only read gets no button; what refreshes itself is not
// noted; a report in a version that nobody knows waits too.
func TestFlashOfOthers(t *testing.T) {
	h := opened(t)
	rec := h.notebook("C1").flash("C1", "Sạt lở taluy.")
	other := h.as("xa.khac", "C2", staff.Direct)
	if a := other.get("/flash"); strings.Contains(a.body, "Sạt lở") || strings.Contains(a.body, "urgent") {
		t.Error("a neighbour sees it")
	}
	if a := other.post("/flash/"+rec.String()+"/ack", "first", "1"); a.status != http.StatusNotFound {
		t.Errorf("a neighbour takes it on: %d", a.status)
	}
	reader := h.as("duyet", "P1", staff.Review)
	read := reader.get("/flash")
	if strings.Contains(read.body, "/ack") || !strings.Contains(read.body, "Sạt lở") {
		t.Error("who reviews has the button, or does not see it")
	}
	if a := reader.post("/flash/"+rec.String()+"/ack", "first", "1"); a.status != http.StatusForbidden {
		t.Errorf("who reviews takes it on: %d", a.status)
	}
	noted := h.acts(staff.ReadRecords)
	r := reader.request(http.MethodGet, "/flash", nil)
	r.Header.Set("Live", "1")
	reader.do(r).shows(t, "Sạt lở")
	if h.acts(staff.ReadRecords) != noted {
		t.Error("a page that refreshes itself is noted")
	}
	reader.get("/flash")
	if h.acts(staff.ReadRecords) != noted+1 {
		t.Error("reading is not noted")
	}
	if a := h.as("quan.tri", "P1", staff.Administer).get("/flash"); a.status != http.StatusForbidden {
		t.Errorf("who administers reads records: %d", a.status)
	}
}
