package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// greeted notes that a machine was in touch now, as its greeting would.
func (n *notebook) greeted() {
	n.h.t.Helper()
	n.h.inFile("hub.db", fmt.Sprintf("UPDATE device SET seen = %d WHERE replica = %d", n.h.now.Load(), n.Replica))
}

// TestStale: a unit that is silent because its machine is, and one whose machine is in touch and has sent everything, are two
// different things; and what is held back makes a machine in touch unknown.
func TestStale(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	for _, day := range []int{1, 4, 7} { // every three days: six may pass
		h.on(time.November, day)
		c1.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-01")
		c2.write("awareness_session", record.Dot{}, "_unit", "C2/ordinary", "occurred_on", "2026-11-01")
		c1.greeted()
	}
	h.on(time.November, 13)
	h.as("vn.tra", "P1", staff.Review).get("/stale").shows(t, "Không có đơn vị nào im lâu hơn thường lệ")
	h.on(time.November, 14)
	c2.greeted()
	b := h.as("vn.lan", "P1", staff.Review)
	b.get("/stale").shows(t, "2 trên 2 đơn vị", "07/11/2026", "thường 6", "Máy vẫn liên lạc: thật sự chưa có gì mới", "Chưa biết:", "máy im 7 ngày, có thể đã ghi mà chưa gửi", "Máy im (1)", "Máy vẫn liên lạc (1)")
	if only := b.get("/stale?why=nowork"); strings.Contains(only.body, ">Xã Đăk Rơ Leng<") || !strings.Contains(only.body, ">Xã Ia Mlăng<") {
		t.Error("the filter does not part them")
	}
	b.get("/stale?level=village").shows(t, "3 trên 3 đơn vị", "chưa bao giờ", "Làng Plei Sơ Un")
	// What the navigation counts is what the page shows when it is opened from there, whatever level the open page is of.
	h.console.CountAnew()
	b.get("/map?level=village").shows(t, `<span>Thôn làng lâu chưa có tin</span><b class="n">2</b>`)

	c2.holdBack("awareness_session", "C2/ordinary", "2026-11-13")
	c2.write("awareness_session", record.Dot{}, "_unit", "C2/ordinary", "occurred_on", "2026-11-13")
	h.on(time.November, 22)
	c2.greeted()
	h.as("vn.ha", "P1", staff.Review).get("/stale").shows(t, "máy còn giữ 1 lần ghi chưa đến trung tâm")
	h.asks(centre.Request{Grant: &centre.Grant{Replica: c2.Replica, Feeds: []record.Feed{"C1/ordinary"}}})
	h.later(10 * time.Second)
	h.as("vn.hoa", "C2", staff.Review).get("/stale").shows(t, ">Thôn 6<", "máy còn giữ 1 lần ghi chưa đến trung tâm") // it writes for another unit by now, but what it holds may be of this one
	if a := h.as("c1", "C1", staff.Review).get("/stale?unit=C2"); strings.Contains(a.body, "Mlăng") {
		t.Error("a commune sees another's silence")
	}
}

// TestStaleTelephone: who is to be called is in the tree, of the unit or of the one above it.
func TestStaleTelephone(t *testing.T) {
	h := opened(t)
	h.notebook("V1").write("awareness_session", record.Dot{}, "_unit", "V1/ordinary", "occurred_on", "2026-11-01")
	list := strings.ReplaceAll(strings.ReplaceAll(land, "\n", ",\n"), "name,level,", "name,level,phone")
	if a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte(strings.Replace(list, "commune,\nC2", "commune,0269 387 6543\nC2", 1))}}); len(a.Altered.Problems) > 0 {
		t.Fatal(a.Altered.Problems)
	}
	h.as("vn.tra", "C1", staff.Review).get("/stale").shows(t, `href="tel:02693876543"`, "0269 387 6543", "chưa có máy nào ghi")
}
