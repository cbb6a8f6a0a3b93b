package console_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

// sessions writes awareness sessions of a unit: a day and how many came, each with a place of its own.
func (n *notebook) sessions(unit string, of ...string) (recs []record.Dot) {
	n.h.t.Helper()
	for i := 0; i+1 < len(of); i += 2 {
		recs = append(recs, n.write("awareness_session", record.Dot{}, "_unit", unit+"/ordinary", "occurred_on", of[i], "participants_total", of[i+1],
			"method", "truc_tiep", "note", "Họp "+of[i]))
	}
	return recs
}

// TestIndicatorOpensItsRecords: each cell says how many records make it, and opens exactly those; a total counts like its cells; who may
// count and not read opens nothing.
func TestIndicatorOpensItsRecords(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	one := c1.sessions("C1", "2026-10-03", "40", "2026-10-20", "25", "2026-11-02", "60")
	two := c2.sessions("C2", "2026-11-05", "31")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.get("/indicators").shows(t, "Số buổi tuyên truyền", "/indicators/AW_SESSIONS", "Tin báo của nhân dân", "Số nhỏ được che")
	page := b.get("/indicators/AW_PARTICIPANTS?from=01/10/2026&to=30/11/2026")
	page.shows(t, "Xã Đăk Rơ Leng", "tháng 10/2026", ">65</a>", ">60</a>", ">156</a>", "theo ngày diễn ra", "&#43;40,00 %", "<svg")
	open := b.get("/indicators/AW_PARTICIPANTS?from=01/10/2026&to=30/11/2026&row=u:C1&col=t:2026-10-31")
	open.shows(t, "Xã Đăk Rơ Leng · tháng 10/2026 = 65", "2 bản ghi làm nên số này", one[0].String(), one[1].String())
	for _, other := range []record.Dot{one[2], two[0]} {
		if strings.Contains(open.body, other.String()) {
			t.Errorf("%v is not behind the cell", other)
		}
	}
	b.get("/indicators/AW_PARTICIPANTS?from=01/10/2026&to=31/12/2026&by=quarter&count=approved").shows(t, "chỉ bản ghi đã duyệt", "quý 4/2026")
	b.get("/indicators/AW_SESSIONS?by=f:method&from=01/10/2026&to=30/11/2026").shows(t, "Họp trực tiếp", ">4</a>")
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "AW_PARTICIPANTS")

	counts := h.as("tt", "P1", staff.Compile)
	shut := counts.get("/indicators/AW_PARTICIPANTS?from=01/10/2026&to=30/11/2026&row=u:C1&col=t:2026-10-31")
	shut.shows(t, "65")
	if strings.Contains(shut.body, one[0].String()) || strings.Contains(shut.body, "row=u%3AC1") {
		t.Error("who may only count opens records")
	}
	commune := h.as("c2", "C2", staff.Review)
	commune.get("/indicators/AW_PARTICIPANTS?from=01/10/2026&to=30/11/2026").shows(t, "Xã Ia Mlăng", ">31</a>")
	for _, path := range []string{"/indicators/AW_PARTICIPANTS?unit=C1", "/indicators/AW_PARTICIPANTS?unit=P1", "/indicators/NONE"} {
		if a := commune.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := b.get("/indicators/AW_SESSIONS?by=f:note"); a.status != http.StatusBadRequest {
		t.Errorf("a table by a question that is none: %d", a.status)
	}
	if a := b.get("/indicators/AW_SESSIONS?row=u:C9&col=-"); a.status != http.StatusNotFound {
		t.Errorf("a cell that is none: %d", a.status)
	}
	for _, role := range []staff.Role{staff.Administer, staff.Supervise} {
		if a := h.as("x"+string(role), "P1", role).get("/indicators/AW_SESSIONS"); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", role, a.status)
		}
	}
}

// TestRatioSaysItsNumbers: a share stands with both its numbers, on the screen and in the file, and the place before it is compared in
// points.
func TestRatioSaysItsNumbers(t *testing.T) {
	h := opened(t)
	c1 := h.notebook("C1")
	c1.write("commune_staffing", record.Dot{}, "_unit", "C1/ordinary", "as_of", "2026-10-02", "regular_officers", "3", "required", "5")
	c1.write("commune_staffing", record.Dot{}, "_unit", "C1/ordinary", "as_of", "2026-11-02", "regular_officers", "5", "required", "5")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.get("/indicators/STAFF_COVER?from=01/10/2026&to=30/11/2026").shows(t, "50,00 % (1/2)", "0,00 % (0/2)", "&#43;50,00 điểm", "Tử số và mẫu số", "/indicators/STAFF_MET")
	file := b.get("/indicators/STAFF_COVER/table.csv?from=01/10/2026&to=30/11/2026")
	rows := readCSV(t, file)
	if last := rows[len(rows)-1]; last[0] != "P1" || strings.Join(last[len(last)-3:], " ") != "1 2 0.5000" {
		t.Errorf("%q", rows)
	}
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "STAFF_COVER")
	if a := h.as("cb", "P1", staff.Review).get("/indicators/STAFF_COVER/table.csv"); a.status != http.StatusForbidden {
		t.Errorf("who compiles no reports takes one out: %d", a.status)
	}
}

func readCSV(t *testing.T, a answer) [][]string {
	t.Helper()
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v %.300s", a.status, a.header, a.body)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\uFEFF"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestSmallNumbersStayBelow: of tips the province sees no number below 3, and nothing from which it follows, whatever it asks for.
func TestSmallNumbersStayBelow(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	tip := func(n *notebook, unit string) record.Dot {
		return n.write("tip", record.Dot{}, "_unit", unit+"/tips", "occurred_on", "2026-11-05", "assessed_value", "co_gia_tri")
	}
	first := tip(c1, "C1")
	for range 4 {
		tip(c2, "C2")
	}
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	page := b.get("/indicators/TIP_VALUABLE?from=01/11/2026&to=30/11/2026&row=u:C1&col=t:2026-11-30")
	page.shows(t, "•", "là số được che")
	if strings.Contains(page.body, first.String()) || strings.Contains(page.body, ">4<") {
		t.Error("a small number can be read, or computed")
	}
	if file := b.get("/indicators/TIP_VALUABLE/table.csv?from=01/11/2026&to=30/11/2026"); !strings.Contains(file.body, "C1,Xã Đăk Rơ Leng,•") {
		t.Error(file.body)
	}
	for _, other := range []string{"count=approved", "cutoff=06/11/2026"} {
		b.get("/indicators/TIP_VALUABLE?from=01/11/2026&to=30/11/2026&"+other).shows(t, "luôn tính mọi bản ghi đã nhận", "gồm cả bản ghi chờ duyệt")
		if page := b.get("/indicators/AW_SESSIONS?" + other); strings.Contains(page.body, "luôn tính mọi bản ghi đã nhận") {
			t.Error("what hides nothing is said to be counted in one way only")
		}
	}
}

// TestHiddenIsDecidedAnew: what is hidden is found out again when a record of the form came, was altered or erased, and only then.
func TestHiddenIsDecidedAnew(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	var tips []record.Dot
	tip := func(n *notebook, unit string) {
		tips = append(tips, n.write("tip", record.Dot{}, "_unit", unit+"/tips", "occurred_on", "2026-11-05", "assessed_value", "co_gia_tri"))
	}
	figures := func() string {
		all := ""
		for _, row := range readCSV(t, b.get("/indicators/TIP_VALUABLE/table.csv?from=01/11/2026&to=30/11/2026&by=none")) {
			if row[0] == "C1" || row[0] == "C2" || row[0] == "P1" {
				all += row[len(row)-1] + " "
			}
		}
		return all
	}
	for range 3 {
		tip(c1, "C1")
		tip(c2, "C2")
	}
	if got := figures(); got != "3 3 6 " {
		t.Fatal(got)
	}
	tip(c2, "C2")
	if got := figures(); got != "3 4 7 " {
		t.Errorf("after one more: %s", got)
	}
	c2.sessions("C2", "2026-11-05", "31")
	if got := figures(); got != "3 4 7 " {
		t.Errorf("after something else: %s", got)
	}
	c1.write("tip", tips[0], "assessed_value", "khong")
	if got := figures(); got != "• • 6 " {
		t.Errorf("after one is worth nothing: %s", got)
	}
	h.asks(centre.Request{Erase: &centre.Erase{Record: tips[1].String()}})
	if got := figures(); strings.ContainsAny(got, "36") {
		t.Errorf("after one was erased: %s", got)
	}
}

// TestExport: a list leaves as it was filtered and within one's own unit, with a reason and a passphrase, and the audit says what left.
func TestExport(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	one := c1.sessions("C1", "2026-10-03", "40", "2026-11-02", "60")
	c2.sessions("C2", "2026-11-05", "31")
	c1.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-09", "note", "=HYPERLINK(\"x\")")
	tip := c1.write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", "2026-11-15", "content", "Có người lạ")
	b := h.as("vn.tra", "P1", staff.Review)
	filter := "?form=awareness_session&unit=C1&from=01/11/2026"
	b.get("/records"+filter).shows(t, "/records/export?form=awareness_session")
	b.get("/records/export"+filter).shows(t, "2 bản ghi sẽ được ghi vào tệp", "Buổi tuyên truyền", "01/11/2026")
	b.post("/records/export.csv"+filter, "reason", "vì").shows(t, "Cần ghi lý do")
	rows := readCSV(t, b.post("/records/export.csv"+filter, "reason", "Tổng hợp\ntháng 11 theo công văn 12"))
	if len(rows) != 3 || rows[2][0] != one[1].String() || !strings.Contains(strings.Join(rows[0], "|"), "[method]") {
		t.Errorf("%q", rows)
	}
	all := strings.Join(rows[1], "|") + strings.Join(rows[2], "|")
	if !strings.Contains(all, "|'=HYPERLINK") || !strings.Contains(all, "|truc_tiep|Họp trực tiếp|") {
		t.Errorf("a formula is left as it is, or an answer has no label: %q", all)
	}
	c1.write("venue_register", record.Dot{}, "_unit", "C1/ordinary", "name", "Nhà rông", "geo", "14.35 108.02 0 0")
	places := b.post("/records/export.geojson?form=venue_register", "reason", "Bản đồ địa bàn")
	if !json.Valid([]byte(places.body)) || !strings.Contains(places.body, `{"type":"Point","coordinates":[108.02,14.35]}`) {
		t.Errorf("%.400s", places.body)
	}
	if sheet := b.post("/records/export.xlsx", "reason", "Tổng hợp cả năm"); !strings.HasPrefix(sheet.body, "PK") || strings.Contains(sheet.body, tip.String()) {
		t.Errorf("%d %.100q", sheet.status, sheet.body)
	}
	if list := readCSV(t, b.post("/records/export.csv", "reason", "Tổng hợp cả năm")); len(list) != 6 || strings.Contains(fmt.Sprint(list), tip.String()) {
		t.Errorf("%d rows; a tip is among what the province takes out: %v", len(list), list)
	}
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "Xuất bản ghi", "Tổng hợp tháng 11 theo công văn 12", "form=awareness_session&amp;unit=C1")
	for who, role := range map[string]staff.Role{"gg": staff.Record, "hh": staff.Compile, "qq": staff.Administer} {
		if a := h.as(who, "P1", role).post("/records/export.csv", "reason", "Tổng hợp cả năm"); a.status != http.StatusForbidden {
			t.Errorf("%s takes records out: %d", role, a.status)
		}
	}
	h.now.Add(int64(staff.ConfirmTime) + 1)
	if a := b.get("/records/export" + filter); !strings.HasPrefix(a.at, "/confirm") {
		t.Errorf("the passphrase is not asked for once more: %s", a.at)
	}
	if a := b.post("/records/export.csv"+filter, "reason", "Tổng hợp cả năm"); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "Nhập lại mật khẩu") {
		t.Errorf("a file leaves without it: %s", a.at)
	}
}

// TestGapMarksItsCells: a change that a machine is known to have and the centre has not marks every cell of its unit, and no other.
func TestGapMarksItsCells(t *testing.T) {
	h := opened(t)
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	c1.sessions("C1", "2026-11-02", "60")
	c2.sessions("C2", "2026-11-03", "31")
	f, _ := h.centre.Library().Current("awareness_session")
	stays := &record.Change{Kind: record.KindEdit, Officer: "pq.diem", Form: f.Ref, Edits: []record.Edit{{Path: "_unit", Value: "C2/ordinary"}}}
	err := c2.m.Atomically(func() error {
		_, err := c2.Write(c2.m, clock.WallMillis(h.now.Load()), stays)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c2.sessions("C2", "2026-11-04", "32")
	page := h.as("vn.tra", "P1", staff.Review).get("/indicators/AW_SESSIONS?from=01/11/2026&to=30/11/2026&by=month")
	page.shows(t, "Xã Ia Mlăng: còn thiếu 1 lần ghi (2–2) của máy")
	rows := strings.Split(page.body, "<tr ")
	for unit, may := range map[string]bool{"Tỉnh Sơn Lĩnh": true, "Xã Đăk Rơ Leng": false, "Xã Ia Mlăng": true} {
		for _, row := range rows {
			if strings.Contains(row, `<th scope="row">`) && strings.Contains(row, unit) && strings.Contains(row, "Có thể thay đổi") != may {
				t.Errorf("%s may change: %t", unit, !may)
			}
		}
	}
}

// TestLongTableIsPaged: of many units a page shows some, the total of all of them, and where the rest is.
func TestLongTableIsPaged(t *testing.T) {
	h := opened(t)
	more := land
	for i := range 60 {
		more += fmt.Sprintf("D%02d,P1,Xã số %02d,commune\n", i, i)
	}
	h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte(more)}})
	h.notebook("D59").sessions("D59", "2026-11-02", "60")
	b := h.as("vn.tra", "P1", staff.Review)
	first := b.get("/indicators/AW_PARTICIPANTS?from=01/11/2026&to=30/11/2026")
	first.shows(t, "62 đơn vị", "first=50", ">60</a>")
	if strings.Count(first.body, `<th scope="row">`) != 51 {
		t.Errorf("%d rows", strings.Count(first.body, `<th scope="row">`))
	}
	b.get("/indicators/AW_PARTICIPANTS?from=01/11/2026&to=30/11/2026&first=50").shows(t, "Xã số 59", ">60</a>")
}
