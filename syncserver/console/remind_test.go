package console_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"banlang/syncserver/staff"
)

// TestRemind: from the grid to a directive for exactly the units of which nothing came, which says what and for when; it is looked at,
// and sent by hand.
func TestRemind(t *testing.T) {
	h := opened(t)
	h.autumn()
	b := h.as("giam.doc", "P1", staff.Direct)
	grid := b.get("/grid?period=2026-10-01&plan=sessions")
	grid.shows(t, "Nhắc đơn vị thiếu (1)")
	link := regexp.MustCompile(`href="(/directives/new[^"]*)"`).FindStringSubmatch(grid.body)
	if link == nil {
		t.Fatal("no link")
	}
	page := b.get(html.UnescapeString(link[1]))
	page.shows(t, "Đã điền sẵn cho 1 đơn vị chưa gửi", "Nhắc gửi số liệu: Buổi tuyên truyền hằng tháng, tháng 10/2026", "Kỳ 01/10/2026 – 31/10/2026, hạn nộp 05/11/2026. Đến 09:02 19/11/2026 trung tâm chưa nhận được bản ghi nào",
		`value="Gửi số liệu tháng 10/2026: Buổi tuyên truyền hằng tháng"`,
		">Xã Ia Mlăng (C2)</textarea>", `value="cong_van" selected`, `name="due" value="22/11/2026"`)
	if strings.Contains(page.body, "Xã Đăk Rơ Leng (C1)</textarea>") || h.acts(staff.SendOrders) != 0 {
		t.Error("who has sent is reminded, or it is sent already")
	}
	// What was filled in is what the page would send: only the number is missing.
	fields := []string{"number", "15/CV", "issued_on", "19/11/2026", "kind", "cong_van", "urgency", "thuong", "below", "", "targets", "Xã Ia Mlăng (C2)"}
	for _, name := range []string{"subject", "task", "due"} {
		value := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page.body)
		fields = append(fields, name, html.UnescapeString(value[1]))
	}
	b.post(html.UnescapeString(link[1]), append(fields, "do", "preview")...).shows(t, "Sẽ gửi cho 1 đơn vị", "Xã Ia Mlăng", "15/CV", "Nhắc gửi số liệu")
	b.post("/directives/new", append(fields, "do", "send")...).shows(t, "Đã phát hành cho 1 đơn vị")

	if a := b.get("/grid?period=2026-10-01&plan=sessions&unit=C1"); strings.Contains(a.body, "Nhắc đơn vị thiếu") {
		t.Error("nobody is missing there")
	}
	if a := h.as("duyet", "P1", staff.Review).get("/grid?period=2026-10-01"); strings.Contains(a.body, "/directives/new") {
		t.Error("who sends no directives is led to one")
	}
	c2 := h.as("chi.huy", "C2", staff.Direct)
	if a := c2.get("/grid?period=2026-10-01"); strings.Contains(a.body, "Nhắc đơn vị thiếu") {
		t.Error("a unit reminds itself")
	}
	if a := c2.get("/directives/new?plan=sessions&period=2026-10-01&unit=P1"); strings.Contains(a.body, "Đã điền sẵn") {
		t.Error("a commune reminds others")
	}
}
