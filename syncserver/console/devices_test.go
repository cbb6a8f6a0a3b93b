package console_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/enrolment"
	"banlang/shared/record"
	"banlang/syncserver/staff"
)

// TestDevices: devices of one's own units, with what they are known to lack; what they hold is changed by who may, for units that
// are his; a revocation is explained first, and can be taken back.
func TestDevices(t *testing.T) {
	h := opened(t)
	one, two := h.notebook("C1"), h.notebook("C2")
	n := strconv.Itoa(int(one.Replica))
	one.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-17")
	admin := h.as("quan.tri", "P1", staff.Administer)
	admin.get("/devices").shows(t, "2 máy", "Máy "+n, "Xã Đăk Rơ Leng", "Xã Ia Mlăng", "chưa vào lần nào")
	commune := h.as("quan.tri.xa", "C1", staff.Administer)
	if a := commune.get("/devices"); strings.Contains(a.body, "Ia Mlăng") || !strings.Contains(a.body, "Máy "+n) {
		t.Error("a commune sees others' devices, or not its own")
	}
	if a := commune.get("/devices/" + strconv.Itoa(int(two.Replica))); a.status != http.StatusNotFound {
		t.Errorf("another's device: %d", a.status)
	}
	reader := h.as("duyet", "P1", staff.Review)
	if a := reader.get("/devices/" + n); a.status != http.StatusOK || strings.Contains(a.body, "Thu hồi máy") {
		t.Errorf("%d, or who reviews may revoke", a.status)
	}
	for path, pairs := range map[string][]string{"/grant": {"compartment", "ordinary"}, "/revoke": nil} {
		if a := reader.post("/devices/"+n+path, pairs...); a.status != http.StatusForbidden {
			t.Errorf("who reviews posts %s: %d", path, a.status)
		}
	}
	if a := commune.post("/devices/"+n+"/grant", "compartment", "ordinary", "others", "C2"); a.status != http.StatusForbidden {
		t.Errorf("a commune gives away another's records: %d", a.status)
	}
	commune.post("/devices/"+n+"/grant", "compartment", "ordinary", "others", "NOWHERE").shows(t, "Chưa thay đổi gì", "NOWHERE")
	admin.post("/devices/"+n+"/grant", "compartment", "ordinary", "others", "C2/ordinary").shows(t, "Đã lưu phạm vi", "C2/ordinary")
	admin.get("/devices/"+n+"/revoke").shows(t, "được giữ riêng để cán bộ trung tâm xem", "Không mất gì")
	admin.post("/devices/"+n+"/revoke").shows(t, "Đã thu hồi máy", "Cho dùng lại")
	admin.post("/devices/"+n+"/grant", "compartment", "ordinary").shows(t, "Đã lưu phạm vi", "Thu hồi máy")
	if got := h.acts(staff.GrantDevice); got != 3 {
		t.Errorf("%d lines in the audit, want 3", got)
	}
}

// TestEnrolCode: a code is shown once, as words, picture and file; it is listed without what it says, and withdrawn.
func TestEnrolCode(t *testing.T) {
	h := opened(t)
	admin := h.as("quan.tri", "C1", staff.Administer)
	admin.get("/devices/new").shows(t, "Tạo mã đăng ký", `value="ordinary" checked`)
	made := admin.post("/devices/new", "unit", "Làng Kon Tơ Ngol (V1)", "name", "Máy thôn 1", "compartment", "ordinary", "address", "trungtam.example:7443")
	made.shows(t, "Làng Kon Tơ Ngol", "trungtam.example:7443", "<svg class=\"qr\"", "Mã chưa dùng")
	_, rest, _ := strings.Cut(made.body, `name="code" value="`)
	shown, _, _ := strings.Cut(rest, `"`)
	code, err := enrolment.ParseCode(shown)
	if err != nil {
		t.Fatalf("%q: %v", shown, err)
	}
	file := admin.post("/devices/file", "code", shown, "address", "trungtam.example:7443", "unit", "V1")
	if f, ok := enrolment.ParseCodeFile([]byte(file.body)); !ok || f.Code != code.String() || f.Address != "trungtam.example:7443" || !strings.Contains(file.header.Get("Content-Disposition"), "ma-dang-ky-V1.json") {
		t.Errorf("%s", file.body)
	}
	list := admin.get("/devices/new")
	list.shows(t, "Máy thôn 1", "Hủy mã")
	if strings.Contains(list.body, shown) {
		t.Error("the code is shown again")
	}
	for what, pairs := range map[string][]string{
		"another's unit": {"unit", "C2", "name", "Máy", "compartment", "ordinary", "address", "a:1"},
		"another's feed": {"unit", "V1", "name", "Máy", "compartment", "ordinary", "others", "C2", "address", "a:1"},
	} {
		if a := admin.post("/devices/new", pairs...); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", what, a.status)
		}
	}
	for what, pairs := range map[string][]string{
		"no feed": {"unit", "V1", "name", "Máy", "address", "a:1"}, "no name": {"unit", "V1", "compartment", "ordinary", "address", "a:1"},
		"no unit": {"unit", "??", "name", "Máy", "compartment", "ordinary", "address", "a:1"}, "no port": {"unit", "V1", "name", "Máy", "compartment", "ordinary", "address", "a"},
	} {
		if a := admin.post("/devices/new", pairs...); a.status != http.StatusBadRequest || !strings.Contains(a.body, "Chưa") {
			t.Errorf("%s: %d %.2000s", what, a.status, a.body)
		}
	}
	_, rest, _ = strings.Cut(list.body, `action="/devices/codes/`)
	id, _, _ := strings.Cut(rest, `/drop"`)
	if a := h.as("khac", "C2", staff.Administer).post("/devices/codes/" + id + "/drop"); a.status != http.StatusNotFound {
		t.Errorf("a neighbour withdraws it: %d", a.status)
	}
	if a := admin.post("/devices/codes/" + id + "/drop"); !strings.Contains(a.body, "Đã hủy mã") || strings.Contains(a.body, "Máy thôn 1") {
		t.Error("it is not withdrawn")
	}
}
