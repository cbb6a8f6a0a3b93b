package console_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
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

// TestFlashOfMany: what waits longest is first on the board, and every report that waits is on one of its pages, also when one
// of an earlier page is taken on meanwhile; then comes what is followed, the newest first.
func TestFlashOfMany(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	var all []record.Dot
	for i := range 53 {
		all = append(all, n.flash("C1", fmt.Sprintf("Vụ số %d.", i)))
		h.later(time.Second)
	}
	b := h.as("giam.doc", "P1", staff.Direct)
	b.post("/flash/"+all[51].String()+"/ack", "first", "1")
	b.post("/flash/"+all[52].String()+"/ack", "first", "1")
	first := b.get("/flash")
	first.shows(t, "51 chưa tiếp nhận · 2 đang theo dõi")
	got := cards(first)
	next := linkTo(t, first, "/flash?after=")
	b.post("/flash/"+all[0].String()+"/ack", "first", "1") // nothing moves behind the next page's beginning
	second := b.get(next)
	second.shows(t, "Về đầu")
	got = append(got, cards(second)...)
	want := append(slices.Clone(all[:51]), all[52], all[51], all[0])
	if !slices.Equal(got, names(want)) {
		t.Errorf("the pages show\n%v, want\n%v", got, names(want))
	}
	if strings.Contains(second.body, "Xem tiếp") {
		t.Error("there is a page behind the last")
	}
	b.get("/flash?after=1.0").shows(t, "Vụ số 1.") // nothing is there any more: the board from its beginning
}

// TestFlashUnread: a report that no version known here can read waits in its place among the others.
func TestFlashUnread(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	b := h.as("giam.doc", "P1", staff.Direct)
	unread := func() record.Dot {
		return n.send(&record.Change{Kind: record.KindEdit, Officer: "pq.diem", Form: record.FormRef{ID: "flash_report", Version: 1},
			Edits: []record.Edit{{Path: "_unit", Value: "C1/ordinary"}, {Path: "summary", Value: "Phiên bản lạ."}}})
	}
	first := unread()
	if got := cards(b.get("/flash")); !slices.Equal(got, names([]record.Dot{first})) {
		t.Errorf("of a form that has no table yet the board shows %v", got)
	}
	all := []record.Dot{first, n.flash("C1", "Sạt lở."), unread()}
	board := b.get("/flash")
	board.shows(t, "3 chưa tiếp nhận", `class="n urgent">3<`)
	if got := cards(board); !slices.Equal(got, names(all)) {
		t.Errorf("the board shows %v, want %v", got, all)
	}
}

// cards names the records of the cards on a board, in order.
func cards(a answer) (all []string) {
	for _, m := range regexp.MustCompile(`<article class="card flash[^"]*" id="r([^"]+)"`).FindAllStringSubmatch(a.body, -1) {
		all = append(all, m[1])
	}
	return all
}

func names(dots []record.Dot) (all []string) {
	for _, d := range dots {
		all = append(all, d.String())
	}
	return all
}

// linkTo is the first link of a page that begins so.
func linkTo(t *testing.T, a answer, begins string) string {
	t.Helper()
	_, rest, ok := strings.Cut(a.body, `href="`+begins)
	if !ok {
		t.Fatalf("%s has no link to %s", a.at, begins)
	}
	end, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(begins + end)
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
