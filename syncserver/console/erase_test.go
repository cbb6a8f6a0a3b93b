package console_test

import (
	"net/http"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// TestErase: who protects citizens' data erases one answer, and then the whole record, without having seen either; nobody reads them
// any more, the audit has the ground, and how far machines are is said.
func TestErase(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	rec := n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-17", "participants_total", "60")
	n.write("awareness_session", rec, "note", planted)
	b, reads := h.as("gs.lan", "P1", staff.Supervise), h.as("vn.tra", "P1", staff.Review)
	b.get("/erase").shows(t, "Chưa có lệnh xóa nào")
	page := b.get("/erase?record=" + rec.String())
	page.shows(t, "Không lấy lại được", `value="note"`, `value="participants_total"`, "Xã Đăk Rơ Leng")
	if strings.Contains(page.body, planted) || strings.Contains(page.body, ">60<") {
		t.Error("the page shows an answer")
	}
	order := []string{"record", rec.String(), "what", "some", "path", "note"}
	b.post("/erase/one", order...).shows(t, "Chưa ghi căn cứ")
	b.post("/erase/one", "record", rec.String(), "what", "some", "reason", "x").shows(t, "Chưa chọn câu trả lời nào")
	if a := b.post("/erase/one", append(order, "path", "no_such", "reason", "x")...); a.status != http.StatusBadRequest {
		t.Errorf("a path that the record has not: %d", a.status)
	}
	looked := b.post("/erase/one", append(order, "reason", "Đơn ngày 12/11/2026")...)
	looked.shows(t, "Mất 1 câu trả lời", "Đơn ngày 12/11/2026")
	reads.get("/records/"+rec.String()).shows(t, planted) // nothing was done yet
	n.write("awareness_session", rec, "note", "sửa", "method", "truc_tiep")
	again := b.post("/erase/one", append(order, "reason", "Đơn ngày 12/11/2026", "sure", sureOf(looked))...)
	again.shows(t, "Mất 2 câu trả lời", "đi cùng") // it is another record by now
	b.post("/erase/one", append(order, "reason", "Đơn ngày 12/11/2026", "sure", sureOf(again))...).shows(t, "Đã ra lệnh xóa 1", "note")
	left := reads.get("/records/" + rec.String())
	left.shows(t, "17/11/2026")
	if found := reads.get("/records?q=hyok"); strings.Contains(left.body, planted) || strings.Contains(found.body, rec.String()) {
		t.Error("it can still be read")
	}
	whole := []string{"record", rec.String(), "what", "whole", "reason", "Đơn ngày 12/11/2026"}
	b.post("/erase/one", append(whole, "sure", sureOf(b.post("/erase/one", whole...)))...).shows(t, "Cả bản ghi")
	if a := reads.get("/records?q=" + "&from=17/11/2026&to=17/11/2026"); strings.Contains(a.body, rec.String()) {
		t.Error("the day is still there")
	}
	b.get("/audit?act=record.erase").shows(t, "note: Đơn ngày 12/11/2026", rec.String())
	h.notedOnce("gs.lan", audit.Entry{Act: string(staff.EraseRecord), Unit: "C1", Form: "awareness_session", Record: rec.String(), Reason: "note: Đơn ngày 12/11/2026", Count: 1})
	h.notedOnce("gs.lan", audit.Entry{Act: string(staff.EraseRecord), Unit: "C1", Form: "awareness_session", Record: rec.String(), Reason: "Đơn ngày 12/11/2026", Count: 1})
}

// sureOf reads from the page that shows what would go what says that one has seen it.
func sureOf(a answer) string {
	_, rest, _ := strings.Cut(a.body, `name="sure" value="`)
	sure, _, _ := strings.Cut(rest, `"`)
	return sure
}

// TestRetention: what is past the time that its form declares is proposed, and erased when it is chosen; nothing is by itself. Where a
// form keeps some answers shorter than others, those go and the others stay.
func TestRetention(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	old := n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2016-11-18", "note", planted)
	young := n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2016-11-20", "note", planted)
	tip := n.write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", "2026-08-15", "closed_on", "2026-08-20")
	n.write("tip", tip, "source", h.sealedText(tip, "source", planted))
	none := n.write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", "2026-08-15", "closed_on", "2026-08-20")
	b, stranger := h.as("gs.lan", "P1", staff.Supervise), h.as("khac", "C2", staff.Supervise)
	page := b.get("/erase/due")
	page.shows(t, old.String()+" 10y", "10 năm", "18/11/2016", "/erase/one?path=source&amp;record="+tip.String(), "20/08/2026", "source")
	if strings.Contains(page.body, young.String()) || strings.Contains(page.body, none.String()) || strings.Contains(page.body, planted) {
		t.Error("what is not due is proposed, or an answer is shown")
	}
	if strings.Contains(stranger.get("/erase/due").body, old.String()) {
		t.Error("a neighbour sees what is due")
	}
	stranger.post("/erase/due", "item", old.String()+" 10y").shows(t, "chưa xóa gì")
	b.post("/erase/due", "item", young.String()+" 10y").shows(t, "chưa xóa gì")
	done := b.post("/erase/due", "item", old.String()+" 10y", "item", tip.String()+" 90d after closed_on")
	done.shows(t, "Đã ra lệnh xóa 1", tip.String()) // a part of a record is not erased in bulk
	part := []string{"record", tip.String(), "what", "some", "path", "source", "reason", "quá hạn"}
	b.post("/erase/one", append(part, "sure", sureOf(b.post("/erase/one", part...)))...)
	b.get("/erase/due").shows(t, "Không có gì quá hạn")
	reads := h.as("vn.tra", "C1", staff.Review)
	reads.get("/records/"+young.String()).shows(t, planted)
	reads.get("/records/"+tip.String()).shows(t, "20/08/2026")
	if a := reads.get("/records/" + old.String()); strings.Contains(a.body, planted) {
		t.Error("what was erased can be read")
	}
}
