package console_test

import (
	"strings"
	"testing"

	"banlang/shared/envelope"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// job begins a long job and returns the page when it is done.
func (b *browser) job(name string) answer {
	b.h.t.Helper()
	b.post("/operate", "do", name).shows(b.h.t, "Đã bắt đầu")
	b.h.console.Settled()
	return b.get("/operate")
}

// TestOperate: whoever runs the centre has it copied, practises a restore and checks everything, and reads what came of it; it is
// noted with his name.
func TestOperate(t *testing.T) {
	h := opened(t)
	h.notebook("C1").write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "note", planted)
	b := h.as("q.tri", "P1", staff.Administer)
	b.get("/operate").shows(t, "Trung tâm đang ghi được", "Chưa có bản sao lưu nào", "Chưa phục hồi thử lần nào")
	b.job("drill").shows(t, "Phục hồi thử không thành", "not_found")
	b.job("backup").shows(t, "Đã sao lưu và kiểm tra bản sao", "hub-2026", "q.tri")
	b.job("drill").shows(t, "bản sao dùng được", "khớp với sổ đăng ký")
	b.job("check").shows(t, "tất cả khớp")
	for n, want := range []string{"Chưa có người giữ khóa nào", "Mới có một người giữ khóa", ""} {
		a := b.get("/operate")
		if want != "" {
			a.shows(t, want, "recipient new custodian TÊN")
		} else if strings.Contains(a.body, "người giữ khóa") {
			t.Errorf("with %d custodians the page still asks for one", n)
		}
		id, err := envelope.New()
		if err != nil {
			t.Fatal(err)
		}
		h.asks(centre.Request{Recipient: &centre.Recipient{Name: []string{"", "pho-phong", "c"}[n], Key: id.Recipient().String()}})
	}
	if a := b.post("/operate", "do", "format"); a.status != 400 {
		t.Errorf("an unknown job: %d", a.status)
	}
	h.as("gs.lan", "P1", staff.Supervise).get("/audit").shows(t, "begin drill", "begin check", "q.tri", "Vận hành trung tâm")
}
