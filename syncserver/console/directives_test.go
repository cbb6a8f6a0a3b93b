package console_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"banlang/shared/dispatch"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
)

var plan = []string{"number", "12/KH-CAT", "issued_on", "16/11/2026", "kind", "ke_hoach", "urgency", "thuong", "subject", "Cao điểm giao nộp vũ khí", "below", "commune",
	"task", "Tuyên truyền ở mọi thôn, làng", "due", "30/11/2026", "measure", "", "target", "", "task", "Nộp kho", "due", "15/12/2026", "measure", "", "target", ""}

// with is a form with other values for some fields.
func with(pairs []string, others ...string) []string {
	out := append([]string{}, pairs...)
	for i := 0; i < len(others); i += 2 {
		for k := 0; k < len(out); k += 2 {
			if out[k] == others[i] {
				out[k+1] = others[i+1]
			}
		}
	}
	return append(out, "do", "preview")
}

// rowsOf are the names of the tasks of a directive, as follow-ups name them.
func (h *house) rowsOf(rec record.Dot) (rows []string) {
	h.t.Helper()
	s, err := h.centre.Sheet(h.t.Context(), rec.String(), "vi", func(string, string) bool { return true })
	if err != nil {
		h.t.Fatal(err)
	}
	for _, a := range s.Answers {
		if row, ok := strings.CutPrefix(a.Path, dispatch.Tasks+"/"); ok && strings.HasSuffix(row, "/task") {
			rows = append(rows, strings.TrimSuffix(row, "/task"))
		}
	}
	return rows
}

// TestDirective: it is written through the form, shown to whom it goes before it is sent, and followed unit by unit; a unit sees
// of another's directive what is about itself.
func TestDirective(t *testing.T) {
	h := opened(t)
	c1 := h.notebook("C1")
	b := h.as("giam.doc", "P1", staff.Direct)
	b.get("/directives").shows(t, "Chưa có chỉ đạo nào", "Soạn chỉ đạo")
	b.get("/directives/new").shows(t, "Tất cả: Xã, phường, đặc khu (2)", "Kế hoạch", "Hỏa tốc", "19/11/2026")
	bad := b.post("/directives/new", with(plan, "number", "", "due", "01/01/2020", "subject", "")...)
	bad.shows(t, "Chưa gửi gì", `id="p-number"`, `id="p-tasks/0/due_on"`, "Hạn không trước ngày ban hành", "Nộp kho")
	if bad.status != http.StatusBadRequest {
		t.Errorf("%d", bad.status)
	}
	look := b.post("/directives/new", with(plan)...)
	look.shows(t, "Sẽ gửi cho 2 đơn vị", "Xã Ia Mlăng", "1 đơn vị chưa có máy", `value="send"`)
	if got := h.acts(staff.SendOrders); got != 0 {
		t.Errorf("a preview sends: %d", got)
	}
	done := b.post("/directives/new", append(append([]string{}, plan...), "do", "send")...)
	done.shows(t, "Đã phát hành cho 2 đơn vị", "12/KH-CAT", "Cao điểm", "Kế hoạch", "2 chưa đến", "đơn vị chưa có máy", "máy chưa liên lạc lần nào")
	if got := h.acts(staff.SendOrders); got != 1 {
		t.Errorf("%d lines in the audit", got)
	}
	path, _, _ := strings.Cut(done.at, "?")
	rec, err := record.ParseDot(strings.TrimPrefix(path, "/directives/"))
	if err != nil {
		t.Fatal(err)
	}
	b.post("/directives/new", append(append([]string{}, plan...), "do", "send")...).shows(t, "đã phát hành một văn bản có số này")

	rows := h.rowsOf(rec)
	if len(rows) != 2 {
		t.Fatal(rows)
	}
	for _, row := range rows {
		c1.write("directive_followup", record.Dot{}, "_unit", "C1/ordinary", "task", row, "accepted", "true", "read_at", "2026-11-18T08:00:00.000+07:00", "obstacle", "cần thêm tờ rơi tiếng Jrai")
	}
	noted := h.acts(staff.ReadOrders)
	page := b.via("/directives", path)
	if e := h.newest("giam.doc"); h.acts(staff.ReadOrders) != noted+1 || e.Act != string(staff.ReadOrders) || e.Record != rec.String() || e.Form != dispatch.FormDirective || e.Unit != "P1" ||
		e.Reason != "theo dõi việc thực hiện chỉ đạo" || e.Count != 1 || e.From == "" {
		t.Errorf("what units wrote is read, and noted so: %+v", e)
	}
	b.live(path)
	if h.acts(staff.ReadOrders) != noted+1 {
		t.Error("a page that refreshes itself is noted")
	}
	page.shows(t, "1 chưa đến", "1 đang làm", "cần thêm tờ rơi", "1 / 2")
	b.get(path+"?lost=done").shows(t, "Đã tiếp nhận, đang làm: 1 đơn vị", "Xã Đăk Rơ Leng")
	if a := b.get(path + "?lost=delivered"); strings.Contains(a.body, "tờ rơi") || !strings.Contains(a.body, "Xã Ia Mlăng") {
		t.Error("who has not got it is not told from who has")
	}
	b.get("/directives").shows(t, "12/KH-CAT", "Tỉnh Sơn Lĩnh", "15/12/2026")

	commune := h.as("truong.xa", "C1", staff.Review)
	own := commune.get(path)
	own.shows(t, "12/KH-CAT", "Gửi: 1 đơn vị", "1 / 1")
	if strings.Contains(own.body, "Ia Mlăng") {
		t.Error("a unit sees how others stand")
	}
	commune.get("/directives").shows(t, "12/KH-CAT")
	if a := commune.post("/directives/new", plan...); a.status != http.StatusForbidden {
		t.Errorf("who reviews sends: %d", a.status)
	}
	head := h.as("chi.huy.xa", "C2", staff.Direct)
	head.post("/directives/new", append(with(plan, "below", "", "number", "01/X"), "targets", "C1")...).shows(t, "không thuộc phạm vi của bạn")
	if a := h.as("thon", "V3", staff.Direct).get(path); a.status != http.StatusNotFound {
		t.Errorf("a unit that it is not for: %d", a.status)
	}
	if a := b.get("/directives/" + h.notebook("C1").flash("C1", "x").String()); a.status != http.StatusNotFound {
		t.Errorf("a record that is no directive: %d", a.status)
	}
}

// TestTooManyUnits: more units than a record has room for are refused beside the field.
func TestTooManyUnits(t *testing.T) {
	h := opened(t)
	list := "code,parent,name,level\n"
	for i := range centre.MaxTargets {
		list += fmt.Sprintf("X%d,P1,Xã %d,commune\n", i, i)
	}
	h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte(list)}})
	b := h.as("giam.doc", "P1", staff.Direct)
	a := b.post("/directives/new", with(plan)...)
	a.shows(t, `id="p-targets"`, "Nhiều nhất 1.500 đơn vị")
	if a.status != http.StatusBadRequest {
		t.Errorf("%d", a.status)
	}
}

// TestDirectiveByCommand: a list through the centre finds what was sent by command too.
func TestDirectiveByCommand(t *testing.T) {
	h := opened(t)
	h.notebook("C1")
	a := h.asks(centre.Request{SendDirective: &centre.SendDirective{Lang: "vi", By: "root", Issuer: "P1", To: []string{"C1"}, Number: "1/CV", Kind: "cong_van", Subject: "Nhắc nộp báo cáo",
		Tasks: []centre.DirectiveTask{{Task: "Nộp báo cáo", Due: "2026-11-30"}}}})
	if len(a.Sent.Problems) > 0 {
		t.Fatal(a.Sent.Problems)
	}
	end, err := h.centre.End(t.Context())
	if err == nil {
		err = h.centre.Views().Wait(t.Context(), end)
	}
	if err != nil {
		t.Fatal(err)
	}
	h.as("lanh.dao", "C1", staff.Direct).get("/directives").shows(t, "1/CV", "Nhắc nộp báo cáo")
}
