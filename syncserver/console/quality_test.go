package console_test

import (
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// TestQuality: a number is unusual against the unit's own history, equal ones in a row, one thing entered twice and clocks that
// cannot be are found, and nothing else; each line leads to its records, and others' records are in none.
func TestQuality(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	days := []string{"2026-03-02", "2026-04-03", "2026-05-04", "2026-06-05", "2026-07-06", "2026-08-07", "2026-09-08"}
	for i, n := range []string{"40", "55", "47", "38", "61", "52", "900"} { // 900 is far out for C1,
		c1.sessions("C1", days[i], n)
	}
	for i, n := range []string{"850", "900", "870", "910", "840", "880", "900"} { // and usual for C2
		c2.sessions("C2", days[i], n)
	}
	equal := c2.sessions("C2", "2026-10-01", "950", "2026-10-02", "950", "2026-10-03", "950")
	twice := func(n *notebook, unit, venue string) record.Dot {
		return n.write("awareness_session", record.Dot{}, "_unit", unit+"/ordinary", "occurred_on", "2026-10-20", "venue", venue)
	}
	one, two, other := twice(c1, "C1", "11-1"), twice(c1, "C1", "11-1"), twice(c2, "C2", "11-1")
	h.now.Add(int64(72 * time.Hour / time.Millisecond))
	ahead := c1.sessions("C1", "2027-01-03", "45")[0]
	b := h.as("vn.tra", "P1", staff.Review)
	page := b.get("/quality")
	page.shows(t, "900, thường khoảng 52", "950, 3 bản ghi liền nhau", "2 bản ghi cùng nơi, ngày 20/10/2026", "ngày 03/01/2027",
		one.String(), two.String(), ahead.String(), equal[0].String(), equal[2].String(),
		"Số khác thường · 1", "Số lặp lại · 1", "Có thể ghi hai lần · 1", "Ngày giờ không thể có · 1")
	if strings.Contains(page.body, other.String()) {
		t.Error("one record in another commune is called a second one")
	}
	below := h.as("c2", "C2", staff.Review).get("/quality")
	below.shows(t, "Số lặp lại · 1", "Số khác thường · 0", "Ngày giờ không thể có · 0")
	b.get("/quality?unit=C1").shows(t, "Số khác thường · 1", "Số lặp lại · 0")
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "vn.tra")
}

// TestQualityChecks: a commune whose figures cannot both be true is named with the check that it fails and the records behind; one
// whose figures fit, and one of which nobody has stated the greater number, are not, and whoever looks elsewhere sees nothing.
func TestQualityChecks(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	b := h.as("vn.tra", "P1", staff.Review)
	b.get("/quality").shows(t, "Số liệu không khớp nhau · 0", "Không thấy gì.")
	group := func(n *notebook, unit, households string) {
		n.write("self_mgmt_group", record.Dot{}, "_unit", unit+"/ordinary", "name", "Tổ 1", "type", "to_lien_gia", "status", "active", "founded_on", "2026-02-01", "households", households)
	}
	group(c1, "C1", "500")
	group(c2, "C2", "100")
	b.get("/quality").shows(t, "Số liệu không khớp nhau · 0") // of nothing stated nothing is known
	c1.write("commune_profile", record.Dot{}, "_unit", "C1/ordinary", "as_of", "2026-10-01", "hh", "400")
	c2.write("commune_profile", record.Dot{}, "_unit", "C2/ordinary", "as_of", "2026-10-01", "hh", "400")
	page := b.get("/quality")
	page.shows(t, "Số liệu không khớp nhau · 1", "Số hộ trong tổ không nhiều hơn số hộ", "không đúng (500 &gt; 400)", ">2 bản ghi<")
	b.get(linkTo(t, page, "/indicators/CHECK_GRP")).shows(t, `id="panel"`, "Tổ 1", "2 bản ghi")
	b.get("/quality?from=01/01/2026&to=31/01/2026").shows(t, "Số liệu không khớp nhau · 0") // before there was a group
	h.as("c1", "C1", staff.Review).get("/quality").shows(t, "Số liệu không khớp nhau · 1")
	if a := h.as("c2", "C2", staff.Review).get("/quality?unit=C1"); strings.Contains(a.body, "500") {
		t.Error("another commune sees it")
	}
}

// TestQualityChecksOfPetitions: petitions that were resolved before they were received fail their check, which is said above the handling
// unit only as long as no small number follows from it.
func TestQualityChecksOfPetitions(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	petitions := func(n *notebook, unit string, times int, received, resolved string) {
		for range times {
			n.write("petition", record.Dot{}, "_unit", unit+"/petitions", "received_on", received, "competence", "own", "resolved_on", resolved)
		}
	}
	const october = "/quality?from=01/10/2026&to=31/10/2026"
	b := h.as("vn.tra", "P1", staff.Review)
	petitions(c2, "C2", 4, "2026-10-02", "2026-10-20")
	b.get(october).shows(t, "Số liệu không khớp nhau · 0")
	petitions(c2, "C2", 4, "2026-11-02", "2026-10-20")
	page := b.get(october)
	page.shows(t, "Số liệu không khớp nhau · 1", "Đơn đã giải quyết không nhiều hơn đơn phải giải quyết", "không đúng (8 &gt; 4)")
	b.get(linkTo(t, page, "/indicators/CHECK_PET")).shows(t, "Tin báo và kiến nghị chỉ mở cho đơn vị thụ lý.")
	petitions(c1, "C1", 1, "2026-11-02", "2026-10-20")
	b.get(october).shows(t, "Số liệu không khớp nhau · 0")
	h.as("c1", "C1", staff.Review).get(october).shows(t, "Số liệu không khớp nhau · 1", "không đúng (1 &gt; 0)")
}
