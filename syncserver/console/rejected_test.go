package console_test

import (
	"net/http"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// misdated writes a record with a day that is none: its creation is rejected.
func (n *notebook) misdated(unit string) record.Dot {
	return n.write("awareness_session", record.Dot{}, "_unit", unit+"/ordinary", "occurred_on", "hôm kia", "note", "Họp ở nhà rông")
}

// TestRejected: a record that was rejected at its creation is in no list but this one, by its machine, form and reason and by nothing
// of what is in it. It is accepted with a reason, which is noted, and stands then everywhere.
func TestRejected(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	b := h.as("vn.tra", "P1", staff.Review)
	b.get("/rejected").shows(t, "Không có bản ghi nào bị từ chối")
	bad := n.misdated("C1")
	name := record.HumanName(n.Replica, bad.N)

	list := b.get("/rejected")
	list.shows(t, name, "Xã Đăk Rơ Leng", "Câu trả lời không đúng kiểu của ô", "1 bản ghi", `href="/rejected/`+bad.String()+`"`)
	if strings.Contains(list.body, "nhà rông") || strings.Contains(list.body, "hôm kia") {
		t.Error("what is in it is shown")
	}
	h.now.Add(61_000)
	b.get("/account").shows(t, `Bản ghi bị từ chối</span><b class="n">1`)
	if a := b.get("/records"); strings.Contains(a.body, bad.String()) {
		t.Error("it is in the list of records")
	}
	one := b.get("/rejected/" + bad.String())
	one.shows(t, "Vì sao chấp nhận lại?", "vào số liệu", name)

	b.post("/rejected/"+bad.String(), "reason", " x  ").shows(t, "Cần ghi lý do. Chưa chấp nhận gì.")
	if got := h.acts(staff.ReviewRecord); got != 0 {
		t.Errorf("without a reason it is accepted: %d", got)
	}
	done := b.post("/rejected/"+bad.String(), "reason", "Giấy ở xã ghi ngày 15/11")
	done.shows(t, "Đã chấp nhận lại", "Họp ở nhà rông", "hôm kia")
	if a := b.get("/records"); !strings.Contains(a.body, bad.String()) {
		t.Error("accepted, and in no list")
	}
	b.get("/rejected").shows(t, "Không có bản ghi nào bị từ chối")
	found, err := h.centre.Staff().Audit().List(t.Context(), audit.Filter{Account: "vn.tra", Act: string(staff.ReviewRecord)})
	if err != nil || len(found) != 1 || found[0].Record != bad.String() || found[0].Unit != "C1" || found[0].Form != "awareness_session" || found[0].Reason != "release Giấy ở xã ghi ngày 15/11" {
		t.Errorf("it is noted as %+v, %v", found, err)
	}
	// A page that was opened before: nothing is done twice.
	b.post("/rejected/"+bad.String(), "reason", "Giấy ở xã ghi ngày 15/11").shows(t, "đã được người khác chấp nhận lại")
	if got := h.acts(staff.ReviewRecord); got != 1 {
		t.Errorf("it is accepted twice: %d", got)
	}
}

// TestRejectedOfWhom: who answers for a rejected record is who reviews the unit of the machine's grant, whatever unit the record
// names; tips are seen by their own unit only, and what would do harm is not accepted.
func TestRejectedOfWhom(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	nowhere := c1.write("awareness_session", record.Dot{}, "note", "không đơn vị")
	plain := c1.write("tip", record.Dot{}, "_unit", "C1/tips", "content", "chữ trần")
	mixed := c1.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "_review", "approved", "occurred_on", "hôm kia")
	other := c2.misdated("C2")
	h.asks(centre.Request{Grant: &centre.Grant{Replica: c1.Replica, Revoke: true}})
	late := c1.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-17")

	for who, of := range map[*browser]map[record.Dot]string{
		h.as("tinh", "P1", staff.Review): {nowhere: "no", plain: "", mixed: "no", other: "yes", late: "yes"},
		h.as("xa", "C1", staff.Review):   {nowhere: "no", plain: "no", mixed: "no", other: "", late: "yes"},
		h.as("thon", "V1", staff.Review): {nowhere: "", plain: "", mixed: "", other: "", late: ""},
	} {
		list := who.get("/rejected").body
		for rec, want := range of {
			name := ">" + record.HumanName(map[bool]*notebook{true: c2, false: c1}[rec == other].Replica, rec.N) + "<"
			if got := strings.Contains(list, name); got != (want != "") {
				t.Errorf("%s: shown %v, want %q", name, got, want)
			}
			if got := who.get("/rejected/"+rec.String()).status == http.StatusOK; got != (want == "yes") {
				t.Errorf("%s: may be accepted %v, want %q", name, got, want)
			}
			if want != "yes" {
				if a := who.post("/rejected/"+rec.String(), "reason", "vì tôi muốn"); a.status != http.StatusNotFound {
					t.Errorf("%s is accepted: %d", name, a.status)
				}
			}
		}
	}
	for _, rec := range []record.Dot{nowhere, plain, mixed, other, late} {
		if s, err := h.centre.Sheet(t.Context(), rec.String(), "vi", func(string, string) bool { return true }); err == nil && s.Created {
			t.Errorf("%s stands", rec)
		}
	}
}
