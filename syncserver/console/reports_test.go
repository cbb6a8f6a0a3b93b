package console_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

const november = "template=month&unit=P1&day=30%2F11%2F2026"

// TestReport: a draft says that it is one and names who is missing; frozen it has a number and stands, and what comes later stands
// beside it.
func TestReport(t *testing.T) {
	h := opened(t)
	c1 := h.notebook("C1")
	recs := c1.sessions("C1", "2026-10-20", "25", "2026-11-02", "60", "2026-11-09", "44")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.get("/reports").shows(t, "Báo cáo tháng · tháng 10/2026", "Chưa chốt báo cáo nào")
	b.get("/reports/draft?"+november).shows(t, "Chưa chốt", "DỰ THẢO", "1/2", "Đơn vị chưa đủ số liệu: Xã Ia Mlăng.", "I. TÌNH HÌNH CHỈ ĐẠO",
		"Tổ chức 2 buổi tuyên truyền tại 0 điểm, với 104 lượt người tham dự", ">104</a>", "&#43;316,00 %", "Số:", "/BC", "CÔNG AN TỈNH SƠN LĨNH")
	ask := b.get("/reports/freeze?" + november)
	ask.shows(t, "Chốt số kỳ tháng 11/2026 với 1 trên 2 đơn vị? Báo cáo ghi tên đơn vị thiếu: Xã Ia Mlăng.", `name="upon" value="0"`)
	done := b.post("/reports/freeze?"+november, "upon", "0")
	done.shows(t, "Đã chốt báo cáo số 1.", "Đã chốt lúc 19/11/2026", "Số: 01/BC", "ngày 19 tháng 11 năm 2026", ">104</a>", "Không có gì khác so với lúc chốt")
	digest := between(done.body, `<p class="code">Mã kiểm tra `, "<")
	if noted := h.noted("vn.tra", staff.FreezeReport); len(noted) != 1 || len(digest) != 64 || !strings.HasSuffix(noted[0].Reason, digest) || noted[0].Record != "1" {
		t.Errorf("the audit says %+v of what has the digest %q", noted, digest)
	}
	if strings.Contains(done.body, "DỰ THẢO</p>") {
		t.Error("what was frozen is called a draft")
	}
	if late := b.post("/reports/freeze?"+november, "upon", "0"); !strings.Contains(late.body, "Vừa có báo cáo khác được chốt") {
		t.Errorf("one press froze twice: %s", late.at)
	}
	b.replayed(1).shows(t, "Tính lại từ các thay đổi đã có lúc chốt: đúng từng byte.")

	h.now.Add(-int64(time.Hour / time.Millisecond)) // the clock is set back, and nothing slips in
	c1.sessions("C1", "2026-11-10", "7")
	c1.write("awareness_session", recs[1], "participants_total", "61")
	b.get("/reports/1").shows(t, "112", "&#43;1 đến sau")
	b.replayed(1).shows(t, ">104</a>", "đúng từng byte")
	h.asks(centre.Request{Erase: &centre.Erase{Record: recs[2].String()}})
	end, err := h.centre.End(t.Context())
	if err == nil {
		err = h.centre.Views().Wait(t.Context(), end)
	}
	if err != nil {
		t.Fatal(err)
	}
	after := b.replayed(1)
	after.shows(t, ">104</a>", "Từ lúc chốt có bản ghi bị xóa hẳn theo luật", "Số đã chốt giữ nguyên giá trị", record.HumanName(c1.Replica, recs[2].N)+" · Buổi tuyên truyền · Xã Đăk Rơ Leng")
	at := strings.Index(after.body, `href="/indicators/AW_PARTICIPANTS?`)
	if at < 0 {
		t.Fatal("no way from the figure to its records")
	}
	link := strings.ReplaceAll(after.body[at+len(`href="`):][:strings.IndexAny(after.body[at+len(`href="`):], `"#`)], "&amp;", "&")
	b.get(link).shows(t, "Lúc chốt có 2 bản ghi; 1 bản ghi không còn (đã xóa)", recs[1].String(), "chỉ bản ghi đã có lúc chốt báo cáo")
	for _, own := range []string{"upto=1", "until=1"} { // nobody chooses a place of the log by himself
		if free := b.get("/indicators/AW_PARTICIPANTS?from=01/11/2026&to=30/11/2026&" + own); strings.Contains(free.body, "đến sau") {
			t.Errorf("%s is heeded", own)
		}
	}
	below := h.as("c1", "C1", staff.Review, staff.Compile)
	for _, a := range []answer{below.get("/indicators/AW_PARTICIPANTS?report=1"), b.get("/indicators/AW_PARTICIPANTS?report=2")} {
		if a.status != http.StatusNotFound {
			t.Errorf("%s: %d", a.at, a.status)
		}
	}
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "Kết quả công tác dân vận tháng 11/2026")
}

// replayed computes a frozen report once more from the changes, and gives its page when that is done.
func (b *browser) replayed(number int) answer {
	b.h.t.Helper()
	path := fmt.Sprint("/reports/", number)
	b.post(path+"/replay").shows(b.h.t, "Đã bắt đầu tính lại")
	b.h.console.Settled()
	return b.get(path)
}

// TestReplayTellsNoSmallNumbers: that a tip was erased, only those learn of who may count tips.
func TestReplayTellsNoSmallNumbers(t *testing.T) {
	h := opened(t)
	n := h.notebook("C1")
	tip := n.write("tip", record.Dot{}, record.PathFeed, "C1/tips", "occurred_on", "2026-11-02", "channel", "hom_thu", "area", "suối")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.post("/reports/freeze?"+november, "upon", "0")
	h.asks(centre.Request{Erase: &centre.Erase{Record: tip.String()}})
	a := b.replayed(1)
	a.shows(t, "Còn bản ghi khác bị xóa hẳn mà bạn không được xem tên.")
	if strings.Contains(a.body, "Bản ghi bị xóa hẳn từ lúc chốt:") {
		t.Error("the erased tip is named")
	}
}

// TestReportFiles: the files of a report are whole, those of a draft say so, each is noted; and reports are for the units above only.
func TestReportFiles(t *testing.T) {
	h := opened(t)
	h.notebook("C1").sessions("C1", "2026-11-02", "60", "2026-11-09", "44")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	if a := b.post("/reports/freeze?"+november, "upon", "0"); a.status != http.StatusOK {
		t.Fatal(a.status, a.body)
	}
	for path, begins := range map[string]string{"/bao-cao.docx": "PK", "/bao-cao.pdf": "%PDF", "/phu-luc.xlsx": "PK"} {
		for _, of := range []string{"/reports/1" + path, "/reports/draft" + path + "?" + november} {
			if a := b.get(of); a.status != http.StatusOK || !strings.HasPrefix(a.body, begins) || !strings.Contains(a.header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: %d %v", of, a.status, a.header)
			}
		}
	}
	found := ""
	for _, row := range readCSV(t, b.get("/reports/1/phu-luc.csv")) {
		if row[0] == "AW_PARTICIPANTS" {
			found += strings.Join(row[3:6], " ") + ";"
		}
	}
	if found != "C1 Xã Đăk Rơ Leng 104.000;C2 Xã Ia Mlăng 0.000;P1 Tỉnh Sơn Lĩnh 104.000;" {
		t.Error(found)
	}
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "bao-cao.docx", "phu-luc.csv")

	reads, below, head := h.as("rr", "P1", staff.Review), h.as("cc", "C1", staff.Review, staff.Compile), h.as("dd", "P1", staff.Direct)
	for _, x := range []struct {
		b      *browser
		path   string
		status int
	}{
		{reads, "/reports/1", http.StatusOK}, {reads, "/reports/1/bao-cao.pdf", http.StatusForbidden}, {reads, "/reports/draft?" + november, http.StatusForbidden},
		{below, "/reports/1", http.StatusNotFound}, {below, "/reports/1/bao-cao.pdf", http.StatusNotFound}, {below, "/reports/draft?" + november, http.StatusNotFound},
		{below, "/reports/draft?template=month&unit=C1", http.StatusOK}, {head, "/reports/1/bao-cao.pdf", http.StatusOK}, {head, "/reports/freeze?" + november, http.StatusForbidden},
		{b, "/reports/2", http.StatusNotFound}, {b, "/reports/x", http.StatusNotFound}, {b, "/reports/1/bao-cao.exe", http.StatusNotFound}, {b, "/reports/draft?template=week", http.StatusNotFound},
		{h.as("aa", "P1", staff.Administer), "/reports", http.StatusForbidden},
	} {
		if a := x.b.get(x.path); a.status != x.status {
			t.Errorf("%s: %d, want %d", x.path, a.status, x.status)
		}
	}
	h.now.Add(int64(staff.ConfirmTime) + 1)
	if a := b.post("/reports/freeze?"+november, "upon", "1"); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "Nhập lại mật khẩu") {
		t.Errorf("figures are frozen without the passphrase: %s", a.at)
	}
}

// TestTitlesOfReports: the list of frozen reports is in the language of its page, and the papers stay Vietnamese.
func TestTitlesOfReports(t *testing.T) {
	h := opened(t)
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.post("/reports/freeze?"+november, "upon", "0")
	b.post("/reports/freeze?template=month&unit=P1&from=15%2F10%2F2026&to=14%2F11%2F2026", "upon", "1")
	b.get("/reports").shows(t, "Kết quả công tác dân vận tháng 11/2026</a>", "Kết quả công tác dân vận từ ngày 15/10/2026 đến ngày 14/11/2026</a>")
	b.post("/language", "language", "en", "to", "/reports")
	page := b.get("/reports")
	page.shows(t, "Results of mass mobilisation, 11/2026</a>", "Results of mass mobilisation, from 15/10/2026 to 14/11/2026</a>")
	if strings.Contains(page.body, "Kết quả công tác") {
		t.Error("a title is Vietnamese")
	}
	b.get("/reports/1").shows(t, "Kết quả công tác dân vận tháng 11/2026")
}
