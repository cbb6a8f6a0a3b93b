package console_test

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/centre"
	"banlang/syncserver/staff"
	"banlang/syncserver/units"
)

// reportMap is a report as a file of features, as any program reads it.
type reportMap struct {
	Features []struct {
		ID         string
		Geometry   json.RawMessage
		Properties map[string]any
	}
}

func readReportMap(t *testing.T, a answer) (m reportMap) {
	t.Helper()
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/geo+json" {
		t.Fatalf("%d %v %.500s", a.status, a.header, a.body)
	}
	followsRFC7946(t, a.body)
	if err := json.Unmarshal([]byte(a.body), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// followsRFC7946 holds a file against the standard: what a collection and a feature must have, no other system of coordinates than
// longitude and latitude, closed rings, the outer one counterclockwise and holes clockwise.
func followsRFC7946(t *testing.T, body string) {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		t.Fatalf("%v: %.500s", err, body)
	}
	if _, has := all["crs"]; has || string(all["type"]) != `"FeatureCollection"` {
		t.Errorf("a %s with crs %v", all["type"], has)
	}
	var features []map[string]json.RawMessage
	if err := json.Unmarshal(all["features"], &features); err != nil || features == nil {
		t.Fatalf("no features: %v", err)
	}
	ids := map[string]bool{}
	for _, f := range features {
		id := string(f["id"])
		if string(f["type"]) != `"Feature"` || f["geometry"] == nil || f["properties"] == nil || ids[id] {
			t.Errorf("feature %s is none, or there twice", id)
		}
		ids[id] = true
		if string(f["geometry"]) != "null" {
			ringsRun(t, id, f["geometry"])
		}
	}
}

func ringsRun(t *testing.T, id string, raw json.RawMessage) {
	t.Helper()
	var g struct {
		Type        string
		Coordinates [][][][]float64
	}
	if err := json.Unmarshal(raw, &g); err != nil || g.Type != "MultiPolygon" || len(g.Coordinates) == 0 {
		t.Fatalf("%s: %v: %.300s", id, err, raw)
	}
	for _, polygon := range g.Coordinates {
		for i, ring := range polygon {
			area := 0.0
			for k, p := range ring {
				if len(p) != 2 || p[0] < 102 || p[0] > 110 || p[1] < 8 || p[1] > 24 { // longitude first: Vietnam
					t.Fatalf("%s: a place at %v", id, p)
				}
				if k > 0 {
					area += ring[k-1][0]*p[1] - p[0]*ring[k-1][1]
				}
			}
			first, last := ring[0], ring[len(ring)-1]
			if len(ring) < 4 || math.Hypot(first[0]-last[0], first[1]-last[1]) != 0 || (area > 0) != (i == 0) {
				t.Errorf("%s: ring %d of %d points has the area %v", id, i, len(ring), area/2)
			}
		}
	}
}

// TestReportAsMap: each unit of a report's tables is a feature with its boundary and all figures; it says whether the report is a draft,
// who is missing and what the figures are of; and each file is noted.
func TestReportAsMap(t *testing.T) {
	h := opened(t)
	h.bordered()
	c1 := h.notebook("C1")
	c1.sessions("C1", "2026-11-02", "60", "2026-11-09", "44")
	c1.write("commune_staffing", record.Dot{}, "_unit", "C1/ordinary", "as_of", "2026-11-02", "regular_officers", "5", "required", "5")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	const file = "/phu-luc.geojson"
	b.get("/reports/draft?"+november).shows(t, "/reports/draft"+file+"?")
	m := readReportMap(t, b.get("/reports/draft"+file+"?"+november))
	if len(m.Features) != 2 {
		t.Fatalf("%+v", m)
	}
	one, two := m.Features[0].Properties, m.Features[1].Properties
	for key, want := range map[string]any{"code": "C1", "name": "Xã Đăk Rơ Leng", "from": "2026-11-01", "to": "2026-11-30", "state": "draft", "report": nil, "missing": nil,
		"AW_SESSIONS": 2.0, "AW_SESSIONS.state": "shown", "AW_PARTICIPANTS": 104.0} {
		if got, has := one[key]; !has || got != want {
			t.Errorf("%s is %v (%v), want %v", key, got, has, want)
		}
	}
	if two["missing"] != "Xã Ia Mlăng (C2)" || two["AW_SESSIONS"] != 0.0 || !strings.Contains(two["base"].(string), "tổng hợp từ 1/2 đơn vị") {
		t.Errorf("%v", two)
	}
	if _, ranked := one["IDC_RANK"]; ranked {
		t.Error("a rank of the whole stands at its parts")
	}
	year := readReportMap(t, b.get("/reports/draft"+file+"?template=year&unit=P1&from=01/12/2025&to=30/11/2026"))
	one, two = year.Features[0].Properties, year.Features[1].Properties
	for key, want := range map[string]any{"STAFF_COVER": 1.0, "STAFF_COVER.numerator": 1.0, "STAFF_COVER.denominator": 1.0, "STAFF_COVER.state": "shown", "STAFF_MIN": 5.0, "from": "2025-12-01"} {
		if got, has := one[key]; !has || got != want {
			t.Errorf("%s is %v (%v), want %v", key, got, has, want)
		}
	}
	if two["STAFF_MIN"] != nil || two["STAFF_MIN.state"] != "none" {
		t.Errorf("nobody has stated %v, %v", two["STAFF_MIN"], two["STAFF_MIN.state"])
	}
	// What is of the commune itself lies nowhere in it, and its villages have no boundary: they are there all the same.
	m = readReportMap(t, b.get("/reports/draft"+file+"?template=month&unit=C1&day=30%2F11%2F2026"))
	total := 0.0
	for _, f := range m.Features {
		if string(f.Geometry) != "null" {
			t.Errorf("%s lies somewhere", f.ID)
		}
		total += f.Properties["AW_SESSIONS"].(float64)
	}
	if len(m.Features) != 3 || total != 2 {
		t.Errorf("%d features with %v", len(m.Features), total)
	}
	if m = readReportMap(t, b.get("/reports/draft"+file+"?template=month&unit=V1&day=30%2F11%2F2026")); len(m.Features) != 1 || m.Features[0].ID != "V1" {
		t.Errorf("of a unit with none below it: %+v", m)
	}
	found, err := h.centre.Staff().Audit().List(t.Context(), audit.Filter{Account: "vn.tra", Act: string(staff.CompileReport)})
	if err != nil || len(found) != 4 || found[3].Unit != "P1" || !strings.Contains(found[2].Reason, "phu-luc.geojson") {
		t.Errorf("noted as %+v, %v", found, err)
	}
	for who, status := range map[*browser]int{h.as("rr", "P1", staff.Review): http.StatusForbidden, h.as("cc", "C1", staff.Compile): http.StatusNotFound, h.as("aa", "P1", staff.Administer): http.StatusForbidden} {
		if a := who.get("/reports/draft" + file + "?" + november); a.status != status {
			t.Errorf("%d, want %d", a.status, status)
		}
	}
}

// TestFrozenMapStands: the file of a frozen report has the same bytes whoever asks for it in whatever language, and whatever came since.
func TestFrozenMapStands(t *testing.T) {
	h := opened(t)
	h.bordered()
	c1 := h.notebook("C1")
	recs := c1.sessions("C1", "2026-11-02", "60", "2026-11-09", "44")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.post("/reports/freeze?"+november, "upon", "0")
	const file = "/reports/1/phu-luc.geojson"
	first := b.get(file)
	one := readReportMap(t, first).Features[0]
	if p := one.Properties; p["state"] != "frozen" || p["report"] != 1.0 || p["AW_PARTICIPANTS"] != 104.0 || string(one.Geometry) == "null" {
		t.Errorf("%+v", one)
	}
	c1.sessions("C1", "2026-11-10", "7")
	c1.write("awareness_session", recs[1], "participants_total", "61")
	h.now.Add(int64(40 * 24 * time.Hour / time.Millisecond))
	b, other := h.as("vn.sau", "P1", staff.Compile), h.as("en", "P1", staff.Compile)
	other.post("/language", "language", "en", "to", "/reports").shows(t, "Results of mass mobilisation")
	for name, again := range map[string]answer{"later": b.get(file), "in English": other.get(file)} {
		if again.body != first.body {
			t.Errorf("%s it is\n%.600s, and was\n%.600s", name, again.body, first.body)
		}
	}
	if draft := readReportMap(t, b.get("/reports/draft/phu-luc.geojson?"+november)); draft.Features[0].Properties["AW_PARTICIPANTS"] != 128.0 {
		t.Errorf("the draft says %v", draft.Features[0].Properties)
	}
}

// TestFrozenFilesKeepTheirNames: whatever a unit is called later, every file of a frozen report says what it was called.
func TestFrozenFilesKeepTheirNames(t *testing.T) {
	h := opened(t)
	h.bordered()
	h.notebook("C1").sessions("C1", "2026-11-02", "60", "2026-11-09", "44")
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.post("/reports/freeze?"+november, "upon", "0")
	files := []string{"bao-cao.docx", "bao-cao.pdf", "phu-luc.xlsx", "phu-luc.csv", "phu-luc.geojson"}
	first := map[string]string{}
	for _, file := range files {
		first[file] = b.get("/reports/1/" + file).body
	}
	if len(first["bao-cao.docx"]) < 1000 || !strings.Contains(first["phu-luc.csv"], "Xã Đăk Rơ Leng") {
		t.Fatalf("%.500s", first["phu-luc.csv"])
	}
	a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte("code,parent,name,level\nP1,,Tỉnh Sơn Mới,province\nC1,P1,Xã Mới,commune\n"), Import: units.Import{On: "2026-12-01"}}})
	if len(a.Altered.Problems) > 0 {
		t.Fatal(a.Altered.Problems)
	}
	h.now.Add(int64(40 * 24 * time.Hour / time.Millisecond))
	b = h.as("vn.sau", "P1", staff.Compile)
	b.get("/grid").shows(t, "Xã Mới")
	for _, file := range files {
		if got := b.get("/reports/1/" + file).body; got != first[file] {
			t.Errorf("%s is another one after units are called otherwise", file)
		}
	}
}

// TestMapsOfReportsHideSmallNumbers: a number that the report hides is in its file of features as hidden, drafted and frozen.
func TestMapsOfReportsHideSmallNumbers(t *testing.T) {
	h := opened(t)
	h.bordered()
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	for i := range 5 {
		n, unit := c2, "C2"
		if i == 0 {
			n, unit = c1, "C1"
		}
		n.write("tip", record.Dot{}, "_unit", unit+"/tips", "occurred_on", "2026-11-05", "assessed_value", "co_gia_tri")
		n.write("petition", record.Dot{}, "_unit", unit+"/petitions", "received_on", "2026-11-05", "competence", "own", "resolved_on", "2026-11-06")
	}
	b := h.as("vn.tra", "P1", staff.Review, staff.Compile)
	b.post("/reports/freeze?"+november, "upon", "0")
	for _, at := range []string{"/reports/1/phu-luc.geojson", "/reports/draft/phu-luc.geojson?" + november} {
		for _, f := range readReportMap(t, b.get(at)).Features {
			for _, id := range []string{"TIP_VALUABLE", "PET_RECEIVED", "PET_RESOLVED", "PET_DUE", "PET_RATE"} {
				for _, key := range []string{id, id + ".numerator", id + ".denominator"} {
					if f.Properties[key] != nil {
						t.Errorf("%s: %s of %s is %v", at, key, f.ID, f.Properties[key])
					}
				}
				if f.Properties[id+".state"] != "hidden" {
					t.Errorf("%s: %s of %s is %v", at, id, f.ID, f.Properties[id+".state"])
				}
			}
		}
	}
}
