package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// send sends a file with a form: pairs of a name and a value.
func (b *browser) send(path, name, file string, pairs ...string) answer {
	b.h.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		_ = m.WriteField(pairs[i], pairs[i+1])
	}
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		b.h.t.Fatal(err)
	}
	r := b.request(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// apply presses the button of a preview.
func (b *browser) apply(page answer) answer {
	b.h.t.Helper()
	fields := regexp.MustCompile(`name="(id|upon)" value="([^"]*)"`).FindAllStringSubmatch(page.body, -1)
	if len(fields) != 2 {
		b.h.t.Fatalf("no button at %s: %s", page.at, page.body)
	}
	return b.post("/units/trial", "id", fields[0][2], "upon", fields[1][2])
}

// confirmed gives the passphrase once more.
func (b *browser) confirmed() *browser {
	b.h.t.Helper()
	if a := b.post("/confirm", "passphrase", good, "to", "/units"); !strings.HasPrefix(a.at, "/units") {
		b.h.t.Fatalf("not confirmed: %s", a.at)
	}
	return b
}

// TestUnits: the tree is browsed and searched without marks; a list is shown as what it would alter before it is applied, and one
// that is wrong says where.
func TestUnits(t *testing.T) {
	h := opened(t)
	b := h.as("aa", "P1", staff.Administer)
	b.get("/units?unit=P1").shows(t, "Xã Đăk Rơ Leng", "Xã Ia Mlăng", "6 đơn vị đang có")
	b.get("/units?words=kon+to+ngol").shows(t, "Làng Kon Tơ Ngol", "Xã Đăk Rơ Leng")

	b.send("/units/list", "don-vi.csv", "code,parent,name,level\nV9,C7,Làng Mới,village\n").shows(t, "chưa đúng nên chưa áp dụng được", "C7")
	page := b.send("/units/list", "don-vi.csv", "code,parent,name,level,phone\nC1,P1,Xã Đăk Rơ Lang,commune,0269 387 6543\n")
	page.shows(t, "Xem trước thay đổi", "<b>Xã Đăk Rơ Lang</b>", "<b>1</b> thay đổi", "byte")
	b.get("/units?unit=P1").shows(t, "Xã Đăk Rơ Leng")
	h.now.Add(int64(6 * time.Minute / time.Millisecond)) // who has just signed in was asked
	if a := b.apply(page); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "Nhập lại mật khẩu") {
		t.Fatalf("the tree is altered without the passphrase: %s", a.at)
	}
	b.confirmed().apply(page).shows(t, "Đã thay đổi 1 đơn vị")
	b.get("/units?unit=P1").shows(t, "Xã Đăk Rơ Lang", "0269 387 6543")
	h.as("gs", "P1", staff.Supervise).get("/audit").shows(t, "Thay đổi đơn vị")
	if a := b.get("/units/list.csv"); !strings.Contains(a.body, "Xã Đăk Rơ Lang") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") {
		t.Error("the list cannot be downloaded")
	}
}

// TestUnitsMergedMeanwhile: a merger is previewed and applied; a split that was previewed before it is not, until it is looked
// at again.
func TestUnitsMergedMeanwhile(t *testing.T) {
	h := opened(t)
	b, other := h.as("aa", "P1", staff.Administer), h.as("bb", "P1", staff.Administer)
	split := other.post("/units/split", "unit", "V3", "parts", "V31; Thôn 6A\nV32; Thôn 6B", "on", "01/12/2026")
	split.shows(t, "Thôn 6A", "Thôn 6B", "chấm dứt")
	merge := b.post("/units/merge", "units", "Làng Kon Tơ Ngol\nV2", "into", "V5", "name", "Làng Kon Plei", "on", "01/12/2026")
	merge.shows(t, "Làng Kon Plei", "01/12/2026")
	b.confirmed().apply(merge).shows(t, "Đã thay đổi 3 đơn vị")
	h.notedOnce("aa", audit.Entry{Act: string(staff.ChangeUnits), Reason: "merged V1 V2 into V5", Count: 3})
	late := other.confirmed().apply(split)
	late.shows(t, "vừa được thay đổi nên chưa áp dụng", "Thôn 6A")
	other.apply(late).shows(t, "Đã thay đổi 3 đơn vị")
	if a := b.post("/units/merge", "units", "V1", "into", "V5", "on", "31/02/2026"); a.status != http.StatusBadRequest {
		t.Errorf("a day that is none is taken: %d", a.status)
	}
}

// TestUnitsBoundaries: boundaries are shown against the tree before they are kept, and then the map has them.
func TestUnitsBoundaries(t *testing.T) {
	h := opened(t)
	b := h.as("aa", "P1", staff.Administer).confirmed()
	b.send("/units/boundaries", "x.json", "{}").shows(t, "không phải ranh giới đọc được", "Chưa đổi gì")
	page := b.send("/units/boundaries", "xa.geojson", strings.Replace(borders, `"code": "C2"`, `"code": "999"`, 1), "byname", "1")
	page.shows(t, "Ranh giới: xa", "Tìm được theo tên</dt><dd>1 · sẽ dùng")
	b.apply(page).shows(t, "Đã giữ ranh giới của 2 đơn vị")
	h.as("vn.tra", "P1", staff.Review).get("/map").shows(t, `id="u-C1"`, `id="u-C2"`)
	h.notedOnce("aa", audit.Entry{Act: string(staff.ChangeUnits), Reason: "boundaries: xa", Count: 2})
	b.post("/units/boundaries/drop", "layer", "xa").shows(t, "Đã bỏ lớp ranh giới")
	h.notedOnce("aa", audit.Entry{Act: string(staff.ChangeUnits), Reason: "dropped boundaries: xa"})
}

// TestUnitsAreAlteredFromTheRoot: who administers a commune looks at the tree and alters nothing; nobody applies what another
// has sent.
func TestUnitsAreAlteredFromTheRoot(t *testing.T) {
	h := opened(t)
	low := h.as("cc", "C1", staff.Administer).confirmed()
	if a := low.get("/units"); a.status != http.StatusOK || strings.Contains(a.body, "/units/merge") {
		t.Errorf("a commune gets %d with the forms", a.status)
	}
	if a := low.post("/units/merge", "units", "V1\nV2", "into", "V5", "on", "01/12/2026"); a.status != http.StatusForbidden {
		t.Errorf("a commune previews: %d", a.status)
	}
	page := h.as("aa", "P1", staff.Administer).post("/units/merge", "units", "V1\nV2", "into", "V5", "name", "Làng Kon Plei", "on", "01/12/2026")
	if a := low.apply(page); a.status != http.StatusForbidden {
		t.Errorf("a commune applies: %d", a.status)
	}
	if a := h.as("bb", "P1", staff.Administer).confirmed().apply(page); a.status != http.StatusNotFound {
		t.Errorf("somebody else's file is applied: %d", a.status)
	}
	if a := h.as("vn.tra", "P1", staff.Review).get("/units"); a.status != http.StatusForbidden {
		t.Errorf("who reviews gets %d", a.status)
	}
}
