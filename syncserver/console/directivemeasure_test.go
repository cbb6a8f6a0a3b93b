package console_test

import (
	"strings"
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// TestMeasuredTask: of a task that names an indicator every unit shows how far it is, counted from the day of the directive; the
// target is held against it, and of others' units a unit sees nothing.
func TestMeasuredTask(t *testing.T) {
	h := opened(t)
	c1, v3 := h.notebook("C1"), h.notebook("V3")
	session := func(n *notebook, unit, day string) {
		n.write("awareness_session", record.Dot{}, "_unit", unit+"/ordinary", "occurred_on", day)
	}
	session(c1, "C1", "2026-11-15") // before it was issued
	session(c1, "C1", "2026-11-16")
	session(c1, "C1", "2026-11-18")
	session(v3, "V3", "2026-11-17") // of a village of C2
	head := h.as("giam.doc", "P1", staff.Direct)
	order := append([]string{}, plan[:2*8]...)
	order = append(order, "measure", "AW_SESSIONS", "target", "2", "task", "Nộp kho", "due", "15/12/2026", "measure", "", "target", "", "do", "send")
	sent := head.post("/directives/new", order...)
	sent.shows(t, "Đã phát hành cho 2 đơn vị", "Đạt mức: 1 / 2 đơn vị", "16/11/2026 – 19/11/2026",
		`<span class="hid">đã đạt mức</span> <b>2</b> / 2`, `<b>1</b> / 2`, `max="1000" value="1000"`, `max="1000" value="500"`)
	if n := strings.Count(sent.body, "<meter"); n != 2 {
		t.Errorf("%d figures, of one task and two units", n)
	}
	path, _, _ := strings.Cut(sent.at, "?")
	own := h.as("xa", "C2", staff.Review).get(path)
	own.shows(t, "Đạt mức: 0 / 1 đơn vị", `<b>1</b> / 2`)
	if strings.Contains(own.body, `<b>2</b> / 2`) {
		t.Error("a unit sees how far another is")
	}
	session(v3, "V3", "2026-11-19")
	head.get(path).shows(t, "Đạt mức: 2 / 2 đơn vị")
}

// TestMeasuredTaskHidesSmallNumbers: what the tables of figures hide no directive tells.
func TestMeasuredTaskHidesSmallNumbers(t *testing.T) {
	h := opened(t)
	c1 := h.notebook("C1")
	c1.write("tip", record.Dot{}, "_unit", "C1/tips", "occurred_on", "2026-11-18", "assessed_value", "co_gia_tri")
	order := append(append([]string{}, plan[:2*8]...), "measure", "TIP_VALUABLE", "target", "1", "do", "send")
	page := h.as("giam.doc", "P1", staff.Direct).post("/directives/new", order...)
	page.shows(t, "Đã phát hành", "<b>•</b> / 1", "Đạt mức: 0 / 2")
	if strings.Contains(page.body, "đã đạt mức") {
		t.Error("a number that is hidden can be told from its target")
	}
}
