package console_test

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// holdBack writes a change that stays on the machine.
func (n *notebook) holdBack(form, feed, day string) {
	n.h.t.Helper()
	f, _ := n.h.centre.Library().Current(form)
	c := &record.Change{Kind: record.KindEdit, Officer: "pq.diem", Form: f.Ref, Edits: []record.Edit{{Path: "_unit", Value: feed}, {Path: "occurred_on", Value: day}}}
	err := n.m.Atomically(func() error {
		_, err := n.Write(n.m, clock.WallMillis(n.h.now.Load()), c)
		return err
	})
	if err != nil {
		n.h.t.Fatal(err)
	}
}

// autumn is what came in October: of C1 two sessions in time, one of them in a village and one late; of C2 nothing, and a
// machine of it is known to have more.
func (h *house) autumn() {
	c1, v1, c2 := h.notebook("C1"), h.notebook("V1"), h.notebook("C2")
	h.on(time.October, 20)
	c1.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-10-17")
	v1.write("awareness_session", record.Dot{}, "_unit", "V1/ordinary", "occurred_on", "2026-10-18")
	h.on(time.November, 9)
	c1.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-10-30")
	c2.write("citizen_reception", record.Dot{}, "_unit", "C2/ordinary", "occurred_on", "2026-11-07")
	c2.holdBack("awareness_session", "C2/ordinary", "2026-10-05")
	c2.holdBack("awareness_session", "C2/ordinary", "2026-10-06")
	c2.write("citizen_reception", record.Dot{}, "_unit", "C2/ordinary", "occurred_on", "2026-11-08")
	h.on(time.November, 19)
}

func (h *house) on(m time.Month, day int) {
	h.now.Store(time.Date(2026, m, day, 2, 2, 0, 0, time.UTC).UnixMilli())
}

// TestGrid: who has reported October, exactly what is missing of which machine, and that every cell opens what it counts.
func TestGrid(t *testing.T) {
	h := opened(t)
	h.autumn()
	b := h.as("vn.tra", "P1", staff.Review)
	page := b.get("/grid")
	page.shows(t, "tháng 10/2026", "hạn nộp 05/11/2026", "<b>1 <small>/ 2</small>", "đúng hạn = 50,00 %", "Thiếu 2", "có thể thay đổi",
		"báo đã lưu đến 4; trung tâm có đến 1; thiếu 2–3. Không mất, còn trên máy.", "30/10 · đến 09/11")
	if c1, c2 := strings.Index(page.body, `">Xã Đăk Rơ Leng</a>`), strings.Index(page.body, `">Xã Ia Mlăng</a>`); c2 < 0 || c1 < c2 {
		t.Error("the worst does not come first")
	}
	links := regexp.MustCompile(`<a class="cell" href="([^"]*)"`).FindAllStringSubmatch(page.body, -1)
	if len(links) != 1 {
		t.Fatalf("cells that open records: %q", links)
	}
	b.get(html.UnescapeString(links[0][1])).shows(t, ">3 bản ghi<", "17/10/2026", "18/10/2026", "30/10/2026")
	b.get("/grid?period=2026-11-01").shows(t, "tháng 11/2026", "Thiếu 2")
	b.get("/grid?plan=reception&period=2026-11-01").shows(t, "Tiếp công dân", "<b>1 <small>/ 2</small>", "Thiếu 2")
}

// TestGapsOutliveGrants: what is missing of a machine marks every unit that it ever might write for, in the grid, the figures, the
// map and the report, when it was granted another one since, and when it was revoked.
func TestGapsOutliveGrants(t *testing.T) {
	h := opened(t)
	h.on(time.November, 9)
	n := h.notebook("C1")
	n.holdBack("awareness_session", "C1/ordinary", "2026-10-05")
	n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-10-06")
	h.on(time.November, 19)
	marks := func(when string, units ...string) {
		t.Helper()
		h.later(10 * time.Second) // what is known of the machines is asked again
		for _, u := range []string{"C1", "C2"} {
			b := h.as(when+"."+strings.ToLower(u), u, staff.Compile)
			for page, mark := range map[string]string{"/grid": "Thiếu 1", "/indicators/AW_SESSIONS?period=2026-10-01": "còn thiếu 1 lần ghi", "/reports/draft?template=month&day=30%2F11%2F2026&unit=" + u: "còn thiếu 1 lần ghi"} {
				if a := b.get(page); strings.Contains(a.body, mark) != slices.Contains(units, u) {
					t.Errorf("%s: %s of %s (%d): may change is %v", when, page, u, a.status, !slices.Contains(units, u))
				}
			}
		}
		atlas := h.as(when, "P1", staff.Compile).get("/map?what=AW_SESSIONS&step=month&period=2026-10-01")
		if got := strings.Count(atlas.body, `<span class="hid">, có thể thay đổi</span>`); got != len(units) {
			t.Errorf("%s: the map marks %d units, want %d", when, got, len(units))
		}
	}
	marks("first", "C1")
	h.asks(centre.Request{Grant: &centre.Grant{Replica: n.Replica, Feeds: []record.Feed{"C2/ordinary"}}})
	marks("granted", "C1", "C2")
	h.asks(centre.Request{Grant: &centre.Grant{Replica: n.Replica, Revoke: true}})
	marks("revoked", "C1", "C2")
}

// TestGridOfOnesOwn: whoever counts sees the units under his own, whatever the address says; who may read no records gets no
// links to them; and who only administers gets no grid.
func TestGridOfOnesOwn(t *testing.T) {
	h := opened(t)
	h.autumn()
	c1 := h.as("c1", "C1", staff.Review)
	for _, path := range []string{"/grid", "/grid?unit=P1", "/grid?unit=C2"} {
		if a := c1.get(path); strings.Contains(a.body, "Mlăng") || strings.Contains(a.body, "thiếu 2–3") || !strings.Contains(a.body, "Rơ Leng") {
			t.Errorf("a commune sees another's state: %s", a.body)
		}
	}
	if a := h.as("tt", "P1", staff.Compile).get("/grid"); strings.Contains(a.body, `href="/records`) || !strings.Contains(a.body, "Thiếu 2") {
		t.Errorf("who reads no records: %s", a.body)
	}
	if a := h.as("aa", "P1", staff.Administer).get("/grid"); a.status != http.StatusForbidden {
		t.Errorf("who administers gets %d", a.status)
	}
}
