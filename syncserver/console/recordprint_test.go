package console_test

import (
	"net/http"
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/shared/typeset/typesettest"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// words is what stands on the paper of a PDF, without its spaces.
func (a answer) words(t *testing.T) string {
	t.Helper()
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" {
		t.Fatalf("%s gives %d, %q: %.2000s", a.at, a.status, a.header.Get("Content-Type"), a.body)
	}
	var b strings.Builder
	for _, p := range typesettest.Read(t, []byte(a.body)) {
		b.WriteString(p.Text)
	}
	return strings.Join(strings.Fields(b.String()), "")
}

func (h *house) printed(t *testing.T) []audit.Entry {
	t.Helper()
	all, err := h.centre.Staff().Audit().List(t.Context(), audit.Filter{Act: string(staff.PrintRecord), Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPrintRecord: one record on paper, with what it says and who printed it; who, what, why and from where is noted, and without a
// reason there is no paper.
func TestPrintRecord(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	rec := n.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-17", "participants_total", "60", "note", "Họp làng ở nhà rông")
	n.write("awareness_session", rec, "participants_total", "64")
	h.notebook("C1").write("awareness_session", rec, "participants_total", "46")
	b := h.as("vn.tra", "P1", staff.Record)
	at := "/records/" + rec.String()
	b.get(at).shows(t, `href="`+at+`/print"`)
	page := b.get(at + "/print")
	page.shows(t, "Lý do in", "được ghi vào nhật ký")
	if strings.Contains(page.body, "nhà rông") {
		t.Error("the question says what the record says")
	}
	if a := b.post(at+"/print", "reason", " ab "); a.status != http.StatusBadRequest || len(h.printed(t)) > 0 {
		t.Errorf("without a reason: %d", a.status)
	}
	a := b.post(at+"/print", "reason", "Lưu hồ sơ  giấy")
	paper := a.words(t)
	for _, want := range []string{"Họplàngởnhàrông", "17/11/2026", "XãĐăkRơLeng", "Ýkiếnkhácnhau", "64hoặc46", "Tạobảnghi", "VũNgọcTrà(vn.tra)", "Trang1/1", "pq.diem"} {
		if !strings.Contains(paper, want) && !(want == "64hoặc46" && strings.Contains(paper, "46hoặc64")) {
			t.Errorf("%q is not on it: %s", want, paper)
		}
	}
	if got := a.header.Get("Content-Disposition"); !strings.Contains(got, "ban-ghi-") {
		t.Error(got)
	}
	noted := h.printed(t)
	if len(noted) != 1 || noted[0].Account != "vn.tra" || noted[0].Record != rec.String() || noted[0].Unit != "C1" || noted[0].Reason != "Lưu hồ sơ giấy" || noted[0].From == "" {
		t.Errorf("%+v", noted)
	}
}

// TestPrintSealed: what is sealed is on no paper, and tips are printed by the unit alone that handles them.
func TestPrintSealed(t *testing.T) {
	h := opened(t)
	tip, _ := h.sealedTip("C1", "Có xe lạ ở rẫy")
	at := "/records/" + tip.String() + "/print"
	for i, role := range staff.AllRoles {
		want := http.StatusForbidden
		if i < 3 {
			want = http.StatusNotFound
		}
		for _, unit := range []string{"P1", "C2", "V1"} {
			b := h.as(string(role)+"."+strings.ToLower(unit), unit, role)
			if a, p := b.get(at), b.post(at, "reason", "Lưu hồ sơ giấy"); a.status != want || p.status != want {
				t.Errorf("%s in %s: %d, %d", role, unit, a.status, p.status)
			}
		}
	}
	paper := h.as("c1", "C1", staff.Record).post(at, "reason", "Lưu hồ sơ giấy").words(t)
	if !strings.Contains(paper, "(nộidungniêmphong)") || strings.Contains(paper, "xelạ") || strings.Contains(paper, "age-encryption") || strings.Contains(paper, "sealed:") {
		t.Errorf("%s", paper)
	}
	if n := len(h.printed(t)); n != 1 {
		t.Errorf("noted %d times", n)
	}
}
