//go:build screens || browser || office

package console_test

import (
	"fmt"
	"time"

	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/syncserver/centre"
)

// dispatched is what came up and went down in the week of the pages: flash reports, a directive, devices. It names the pages
// that show it, by who may look at them.
func (h *house) dispatched(direct, administer string) (pages []struct{ name, by, path string }) {
	one, two := h.notebook("C1"), h.notebook("C2")
	over := two.flash("C2", "Cháy thực bì ven đường, đã dập tắt, không thiệt hại.")
	h.asks(centre.Request{FlashAck: &centre.FlashAck{Lang: "vi", By: "vn.tra", Report: over.String(), Unit: "P1", Text: "Huy động lực lượng tại chỗ."}})
	h.later(70 * time.Minute)
	two.write("flash_report", over, "closed_at", time.UnixMilli(h.now.Load()).Format("2006-01-02T15:04:05.000Z07:00"))
	followed := two.flash("C2", "Xe tải hỏng phanh, đổ hàng xuống đường ở km 14; đường đi được một chiều.")
	h.later(4 * time.Minute)
	h.asks(centre.Request{FlashAck: &centre.FlashAck{Lang: "vi", By: "vn.tra", Report: followed.String(), Unit: "P1", Text: "Huy động lực lượng tại chỗ, báo tiếp trước 10:00."}})
	one.flash("C1", "Lũ ống cuốn trôi ngầm tràn suối Đăk Lum, đường vào làng bị chia cắt khoảng 300 m. 21 hộ phía trên chưa liên lạc được. Chưa ghi nhận người bị thương.")
	one.lose()
	one.lose()
	one.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", "Họp làng", "occurred_on", "2026-11-18")
	sent := h.asks(centre.Request{SendDirective: &centre.SendDirective{Lang: "vi", By: "vn.tra", Issuer: "P1", To: []string{"C1", "C2", "V1", "V3"}, Number: "12/KH-CAT", Kind: "ke_hoach",
		Subject: "Cao điểm giao nộp vũ khí, vật liệu nổ", IssuedOn: "2026-11-16", Tasks: []centre.DirectiveTask{
			{Task: "Tuyên truyền giao nộp vũ khí ở mọi thôn, làng", Due: "2026-11-18", Measure: "AW_SESSIONS", Target: "8"}, {Task: "Tiếp nhận, lập biên bản, nộp kho", Due: "2026-12-15"}}}}).Sent
	if len(sent.Problems) > 0 {
		h.t.Fatal(sent.Problems)
	}
	for _, row := range h.rowsOf(sent.Record) {
		one.write("directive_followup", record.Dot{}, "_unit", "C1/ordinary", "task", row, "accepted", "true", "read_at", "2026-11-18T08:00:00.000+07:00", "obstacle", "cần thêm tờ rơi tiếng Jrai")
	}
	h.later(4 * time.Minute)
	device := fmt.Sprintf("/devices/%d", one.Replica)
	return []struct{ name, by, path string }{
		{"flash", direct, "/flash"}, {"flash-over", direct, "/flash?over=1"}, {"directives", direct, "/directives"}, {"directive", direct, "/directives/" + sent.Record.String()},
		{"directive-new", direct, "/directives/new"}, {"devices", administer, "/devices"}, {"device", administer, device}, {"device-revoke", administer, device + "/revoke"},
		{"device-new", administer, "/devices/new"},
	}
}

// lose writes a record that does not reach the centre.
func (n *notebook) lose() {
	n.h.t.Helper()
	f, ok := n.h.centre.Library().Current("awareness_session")
	if !ok {
		n.h.t.Fatal("no form")
	}
	err := n.m.Atomically(func() error {
		_, err := n.Write(n.m, clock.WallMillis(n.h.now.Load()), &record.Change{Kind: record.KindEdit, Officer: "pq.diem", Form: f.Ref, Edits: []record.Edit{{Path: record.PathFeed, Value: "C1/ordinary"}}})
		return err
	})
	if err != nil {
		n.h.t.Fatal(err)
	}
}
