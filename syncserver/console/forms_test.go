package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// sheet is a spreadsheet that the test of the command publishes too.
func sheet(t testing.TB, name string) []byte {
	t.Helper()
	all, err := txtar.ParseFile("../command/testdata/script/publish.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all.Files {
		if f.Name == name {
			return f.Data
		}
	}
	t.Fatal("no ", name)
	return nil
}

// sends a file.
func (b *browser) sends(path, name string, data []byte) answer {
	b.h.t.Helper()
	return b.sendsFrom("/", path, name, data)
}

// sendsFrom sends a file from a page, as a browser does.
func (b *browser) sendsFrom(from, path, name string, data []byte) answer {
	b.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.h.t.Fatal(err)
	}
	r := b.request(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Referer", b.h.server.URL+from)
	return b.do(r)
}

// TestForms: a spreadsheet is checked, says what it would do, waits for the supervisor where a term asks for him, and is published once
// he agreed; what is refused is refused with the cell.
func TestForms(t *testing.T) {
	h := opened(t)
	b, boss := h.as("q.tri", "P1", staff.Administer), h.as("gs.lan", "P1", staff.Supervise)
	b.get("/forms").shows(t, "Buổi tuyên truyền", "awareness_session", "có sẵn")
	b.sends("/forms", "kin.md", sheet(t, "kin.md")).shows(t, "Chưa ban hành được")
	b.sends("/forms", "x.xlsx", []byte("no spreadsheet")).shows(t, "Chưa ban hành được")
	page := b.sends("/forms", "hop.md", sheet(t, "hop.md"))
	page.shows(t, "Buổi họp thôn", "Chờ người giám sát", "0 bản ghi của biểu mẫu này")
	b.post(page.at, "do", "publish").shows(t, "người giám sát chưa đồng ý")
	if _, ok := h.centre.Library().Current("hop_thon"); ok {
		t.Fatal("it is published")
	}
	_, id, _ := strings.Cut(page.at, "/proposals/")
	boss.get("/judge").shows(t, "Buổi họp thôn", id)
	boss.get("/judge/"+id).shows(t, "Cần người giám sát dữ liệu cá nhân xem", "Trang “choices”")
	boss.post("/judge/"+id, "answer", "yes", "reason", " ").shows(t, "Cần một lý do")
	boss.post("/judge/"+id, "answer", "yes", "reason", "loại địa điểm").shows(t, "bạn đồng ý")
	boss.post("/judge/"+id, "answer", "no", "reason", "x").shows(t, "đã có người xem")
	b.get(page.at).shows(t, "gs.lan đồng ý", "loại địa điểm")
	b.post(page.at, "do", "publish").shows(t, "Đã ban hành", "hop_thon", "q.tri")
	if _, ok := h.centre.Library().Current("hop_thon"); !ok {
		t.Error("it is not published")
	}
	h.notebook("C1").write("hop_thon", record.Dot{}, "_unit", "C1/ordinary")
	b.sends("/forms", "hop.md", sheet(t, "hop.md")).shows(t, "đang có hiệu lực")
	b.post("/forms/hop_thon/retire").shows(t, "thôi dùng")
	boss.get("/audit").shows(t, "propose 3", "publish 3 gs.lan", "yes 3: loại địa điểm", "retire")
	h.notedOnce("q.tri", audit.Entry{Act: string(staff.PublishForm), Form: "hop_thon", Reason: "publish 3 gs.lan"})
	h.notedOnce("q.tri", audit.Entry{Act: string(staff.PublishForm), Form: "hop_thon", Reason: "retire"})
}
