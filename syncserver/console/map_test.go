package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// borders are two communes side by side.
const borders = `{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"code": "C1", "name": "Xã Đăk Rơ Leng"}, "geometry": {"type": "Polygon", "coordinates": [[[108,14],[108.4,14],[108.5,14.5],[108,14.6],[108,14]]]}},
 {"type": "Feature", "properties": {"code": "C2", "name": "Xã Ia Mlăng"}, "geometry": {"type": "Polygon", "coordinates": [[[108.4,14],[109,14.1],[108.9,14.5],[108.5,14.5],[108.4,14]]]}}]}`

func (h *house) bordered() {
	h.t.Helper()
	l, err := boundary.Read([]byte(borders))
	if err != nil {
		h.t.Fatal(err)
	}
	l.Name = "xã"
	file, err := boundary.Encode([]*boundary.Layer{l})
	if err != nil {
		h.t.Fatal(err)
	}
	h.asks(centre.Request{PutBoundaries: &centre.PutBoundaries{Layer: file}})
}

// TestMap: the picture and the table beside it say the same; what nothing came of is hatched and not zero; a unit is a link; and
// without boundaries there is the table alone.
func TestMap(t *testing.T) {
	h := opened(t)
	h.autumn()
	b := h.as("vn.tra", "P1", staff.Review)
	bare := b.get("/map?period=2026-10-01&what=AW_SESSIONS")
	bare.shows(t, "Chưa có ranh giới", "syncserver boundaries import", "tháng 10/2026", "Xã Đăk Rơ Leng")
	if strings.Contains(bare.body, "data-map") {
		t.Error("a map without boundaries")
	}
	h.bordered()
	for _, what := range []string{"AW_SESSIONS", "form:awareness_session"} {
		page := b.get("/map?period=2026-10-01&what=" + what)
		page.shows(t, "<title>Xã Đăk Rơ Leng: 3</title>", `<a href="/map?period=2026-10-01&amp;unit=C1&amp;what=`, "<title>Xã Ia Mlăng: chưa có số liệu · có thể thay đổi</title>",
			`<span class="hid">, có thể thay đổi</span>`, ">3</span>", "chưa có số liệu</th>", `fill="url(#none)"`)
		if strings.Contains(page.body, "style=") {
			t.Error("the picture carries a style")
		}
	}
	b.get("/map?unit=C1&period=2026-10-01&what=AW_SESSIONS").shows(t, "Làng Kon Tơ Ngol", "Xã Đăk Rơ Leng</b>")
	if a := h.as("c1", "C1", staff.Review).get("/map?unit=C2&what=AW_SESSIONS&period=2026-10-01"); strings.Contains(a.body, "Mlăng") {
		t.Error("a commune sees another's figure")
	}
	if a := h.as("aa", "P1", staff.Administer).get("/map"); a.status != http.StatusForbidden {
		t.Errorf("who administers gets %d", a.status)
	}
}

// TestMapHidesSmallNumbers: two tips of a commune are not told above it, neither in the picture nor in the table or its total.
func TestMapHidesSmallNumbers(t *testing.T) {
	h := opened(t)
	h.bordered()
	h.on(time.October, 9)
	n := h.notebook("C1")
	for range 2 {
		n.write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", "2026-10-07", "assessed_value", "co_gia_tri")
	}
	h.on(time.November, 19)
	page := h.as("tt", "P1", staff.Compile).get("/map?period=2026-10-01&what=TIP_VALUABLE")
	page.shows(t, "Xã Đăk Rơ Leng: •", `<span>•</span>`, "số nhỏ, không hiện</th>")
	if strings.Contains(page.body, "<span>2<") || strings.Contains(page.body, `<td class="num">2<`) || strings.Contains(page.body, ": 2<") {
		t.Errorf("a small number is shown: %s", page.body)
	}
	if strings.Contains(page.body, "form:tip") {
		t.Error("tips can be counted as records")
	}
}

// TestMapOfRanksAndChecks: a rank is shown among the units right below one, and the map of a check tells units whose figures fit from
// those whose do not, and from those that have not stated them.
func TestMapOfRanksAndChecks(t *testing.T) {
	h := opened(t)
	h.bordered()
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	drive := func(n *notebook, unit, issued string) {
		n.write("id_card_drive", record.Dot{}, "_unit", unit+"/ordinary", "occurred_on", "2026-10-05", "target", "100", "issued", issued)
	}
	drive(c1, "C1", "40")
	drive(c2, "C2", "90")
	b := h.as("vn.tra", "P1", staff.Review)
	page := b.get("/map?period=2026-10-01&what=IDC_RANK&level=village")
	page.shows(t, "Xã Đăk Rơ Leng: 2<", "Xã Ia Mlăng: 1<", "Xếp hạng chỉ có trong các đơn vị ngay dưới một đơn vị")
	if strings.Contains(page.body, `<option value="village"`) {
		t.Error("villages of several communes are ranked")
	}
	group := func(n *notebook, unit, households string) {
		n.write("self_mgmt_group", record.Dot{}, "_unit", unit+"/ordinary", "name", "Tổ 1", "type", "to_lien_gia", "status", "active", "founded_on", "2026-02-01", "households", households)
	}
	group(c1, "C1", "500")
	group(c2, "C2", "100")
	const check = "/map?period=2026-10-01&what=CHECK_GRP"
	b.get(check).shows(t, "Số hộ trong tổ không nhiều hơn số hộ · tháng 10/2026", "Xã Đăk Rơ Leng: chưa có số liệu", "Xã Ia Mlăng: chưa có số liệu")
	c1.write("commune_profile", record.Dot{}, "_unit", "C1/ordinary", "as_of", "2026-10-01", "hh", "400")
	c2.write("commune_profile", record.Dot{}, "_unit", "C2/ordinary", "as_of", "2026-10-01", "hh", "400")
	page = b.get(check)
	page.shows(t, "Xã Đăk Rơ Leng: không đúng (500 &gt; 400)", "Xã Ia Mlăng: đúng (100 ≤ 400)", `<th scope="row">đúng</th>`, `<th scope="row">không đúng</th>`)
	b.get("/map?period=2026-09-01&what=CHECK_GRP").shows(t, "Xã Đăk Rơ Leng: chưa có số liệu")
}
