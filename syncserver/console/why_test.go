package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// via opens a page by a link on another.
func (b *browser) via(from, path string) answer {
	b.h.t.Helper()
	r := b.request(http.MethodGet, path, nil)
	r.Header.Set("Referer", b.h.server.URL+from)
	return b.do(r)
}

// newest is the last entry of an account.
func (h *house) newest(account string) audit.Entry {
	h.t.Helper()
	all, err := h.centre.Staff().Audit().List(h.t.Context(), audit.Filter{Account: account, Limit: 1})
	if err != nil || len(all) != 1 {
		h.t.Fatal(all, err)
	}
	return all[0]
}

// TestWhy: what brought somebody to a page of records is noted with the reading, in words of ours alone, and read in both languages.
func TestWhy(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	rec := n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp thôn", "occurred_on", "2026-11-17").String()
	n.flash("C1", "Sạt lở taluy.")
	b := h.as("vn.tra", "P1", staff.Review)
	const list, figure = "/records?from=01%2F11%2F2026&officer=siu.hnhen&q=Siu+H%27Nhen&state=centre", "/indicators/AW_SESSIONS?from=01/11/2026&to=30/11/2026&row=u:C1&col=t:2026-11-30"
	narrowed := "xem danh sách bản ghi; Ở trung tâm; từ ngày 01/11/2026; theo người ghi; có tìm theo từ khóa"
	for _, x := range []struct{ from, path, why string }{
		{"", "/records/" + rec, "không rõ mở từ trang nào"},
		{"", list, narrowed},
		{list, "/records/" + rec, narrowed},
		{"/grid", "/records?unit=C1&to=30/11/2026", "xem danh sách bản ghi; đến ngày 30/11/2026; theo dõi tình hình báo cáo của đơn vị"},
		{"/stale", "/records?unit=C1", "xem danh sách bản ghi; theo dõi nơi lâu chưa có tin"},
		{"/records/" + rec, "/records", "xem danh sách bản ghi"},
		{"/records/" + rec, "/records/" + rec, "xem tiếp từ một bản ghi"},
		{"", "/inbox?state=returned", "xét duyệt bản ghi; Trả lại"},
		{"/inbox?state=returned", "/records/" + rec, "xét duyệt bản ghi; Trả lại"},
		{"", "/flash", "theo dõi báo cáo nhanh"},
		{"", "/flash?over=1", "theo dõi báo cáo nhanh; phần đã kết thúc"},
		{"", "/directives", "theo dõi việc thực hiện chỉ đạo"},
		{"", "/quality", "kiểm tra chất lượng số liệu, bản ghi trùng"},
		{"/quality", "/records/" + rec, "kiểm tra chất lượng số liệu, bản ghi trùng"},
		{"", figure, "xem bản ghi đứng sau số liệu; chỉ tiêu AW_SESSIONS; từ ngày 01/11/2026; đến ngày 30/11/2026"},
		{figure, "/records/" + rec, "xem bản ghi đứng sau số liệu; chỉ tiêu AW_SESSIONS; từ ngày 01/11/2026; đến ngày 30/11/2026"},
		{"/quality?unit=C2", "/records/" + rec, "không rõ mở từ trang nào"}, // it was not opened
	} {
		if strings.HasPrefix(x.from, "/grid") || strings.HasPrefix(x.from, "/stale") {
			b.get(x.from)
		}
		if a := b.via(x.from, x.path); a.status != http.StatusOK {
			t.Errorf("%s: %d", x.path, a.status)
		}
		if e := h.newest("vn.tra"); e.Reason != x.why || x.path != list && e.Terms != "" {
			t.Errorf("%s from %s is noted with %q (%q), want %q", x.path, x.from, e.Reason, e.Terms, x.why)
		}
	}
	const typed = "/indicators/Siu_H_Nhen?state=H%27Nhen&from=H%27Nhen"
	b.get(typed)
	b.via(typed, "/records/"+rec)
	if e := h.newest("vn.tra"); e.Reason != "xem bản ghi đứng sau số liệu" {
		t.Errorf("what was typed into an address is noted: %q", e.Reason)
	}

	tip, _ := h.sealedTip("C1", "Có xe lạ ở rẫy")
	b = h.as("lh.mai", "C1", staff.Review, staff.Direct)
	at := "/records/" + tip.String()
	b.get(at)
	for _, x := range []struct{ from, path, why string }{
		{at, at + "/open?path=content", "xin mở nội dung niêm phong"},
		{"", "/openings", "xem các đề nghị mở niêm phong đang chờ đồng ý"},
		{"/openings", "/own-openings", "xem các đề nghị mở niêm phong của mình"},
	} {
		b.via(x.from, x.path)
		e := h.newest("lh.mai")
		if e.Act != "sealed.read" || e.Reason != x.why {
			t.Errorf("%s is noted as %q with %q", x.path, e.Act, e.Reason)
		}
		if onRecord := strings.HasPrefix(x.path, at); onRecord != (e.Record == tip.String() && e.Unit == "C1") {
			t.Errorf("%s is noted of %q in %q", x.path, e.Record, e.Unit)
		}
	}

	b = h.as("gs.lan", "P1", staff.Supervise)
	b.get("/audit").shows(t, "chỉ tiêu AW_SESSIONS; từ ngày 01/11/2026")
	base, _ := url.Parse(h.server.URL)
	b.Jar.SetCookies(base, []*http.Cookie{{Name: "language", Value: "en"}})
	b.get("/audit?act=record.read").shows(t, "looking at the records behind a figure; indicator AW_SESSIONS; from 01/11/2026; up to 30/11/2026",
		"looking through the list of records; At the centre; from 01/11/2026; by who wrote them; with words that were searched for", "it is not known which page led there")
	b.get("/audit?act=sealed.read").shows(t, "asking for a sealed answer", "requests for sealed answers that wait for consent")
}
