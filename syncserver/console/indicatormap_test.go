package console_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/audit"
	"banlang/syncserver/staff"
)

// mapped is a file of features as any program reads it.
type mapped struct {
	Type     string
	Features []struct {
		Type     string
		ID       string
		Geometry *struct {
			Type        string
			Coordinates [][][][2]float64
		}
		Properties struct {
			Code, Name, Base, Period      string
			Value, Numerator, Denominator *float64
			Hidden                        int
		}
	}
}

func readMapped(t *testing.T, a answer) (m mapped) {
	t.Helper()
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/geo+json" {
		t.Fatalf("%d %v %.500s", a.status, a.header, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &m); err != nil {
		t.Fatalf("%v: %.500s", err, a.body)
	}
	if m.Type != "FeatureCollection" {
		t.Errorf("it is a %q", m.Type)
	}
	return m
}

// TestIndicatorAsMap: the units of a table with their boundaries and figures; those without a boundary are there without one, and the
// file is noted as every other is.
func TestIndicatorAsMap(t *testing.T) {
	h := opened(t)
	h.bordered()
	c1, v1 := h.notebook("C1"), h.notebook("V1")
	c1.write("commune_staffing", record.Dot{}, "_unit", "C1/ordinary", "as_of", "2026-11-02", "regular_officers", "5", "required", "5")
	c1.write("awareness_session", record.Dot{}, "_unit", "C1/ordinary", "occurred_on", "2026-11-02")
	v1.write("awareness_session", record.Dot{}, "_unit", "V1/ordinary", "occurred_on", "2026-11-03")
	b := h.as("tong.hop", "P1", staff.Compile)
	const november = "/table.geojson?from=01/11/2026&to=30/11/2026"
	b.get("/indicators/STAFF_COVER?from=01/11/2026&to=30/11/2026").shows(t, "/indicators/STAFF_COVER/table.geojson?")

	m := readMapped(t, b.get("/indicators/STAFF_COVER"+november))
	if len(m.Features) != 2 {
		t.Fatalf("%+v", m)
	}
	one := m.Features[0]
	p := one.Properties
	if one.ID != "C1" || p.Code != "C1" || p.Name != "Xã Đăk Rơ Leng" || p.Value == nil || *p.Value != 1 || p.Numerator == nil || *p.Numerator != 1 || p.Denominator == nil || *p.Denominator != 1 || p.Hidden != 0 {
		t.Errorf("%+v", p)
	}
	if p.Period != "tháng 11/2026" || p.Base == "" {
		t.Errorf("of %q, based on %q", p.Period, p.Base)
	}
	if g := one.Geometry; g == nil || g.Type != "MultiPolygon" || len(g.Coordinates) != 1 || len(g.Coordinates[0][0]) != 5 || g.Coordinates[0][0][0] != g.Coordinates[0][0][4] {
		t.Errorf("its boundary is %+v", g)
	}
	found, err := h.centre.Staff().Audit().List(t.Context(), audit.Filter{Account: "tong.hop", Act: string(staff.CompileReport)})
	if err != nil || len(found) != 1 || found[0].Unit != "P1" || found[0].Count != 3 {
		t.Errorf("it is noted as %+v, %v", found, err)
	}

	// The villages have no boundary, and what is of the commune itself lies nowhere in it.
	m = readMapped(t, b.get("/indicators/AW_SESSIONS"+november+"&unit=C1"))
	total := 0.0
	for _, f := range m.Features {
		if f.Geometry != nil {
			t.Errorf("%s lies somewhere", f.ID)
		}
		if f.Properties.Value != nil {
			total += *f.Properties.Value
		}
	}
	if len(m.Features) != 3 || total != 2 {
		t.Errorf("%d rows, %v in all: %+v", len(m.Features), total, m)
	}
	// Of a unit that has none below it, it is the only one.
	if m = readMapped(t, b.get("/indicators/AW_SESSIONS"+november+"&unit=V1")); len(m.Features) != 1 || m.Features[0].ID != "V1" {
		t.Errorf("%+v", m)
	}
}

// TestSmallNumbersStayHiddenOnMaps: a number that the table hides is not in the file, nor anything from which it follows.
func TestSmallNumbersStayHiddenOnMaps(t *testing.T) {
	h := opened(t)
	h.bordered()
	c1, c2 := h.notebook("C1"), h.notebook("C2")
	for i := range 5 {
		n, unit := c2, "C2"
		if i == 0 {
			n, unit = c1, "C1"
		}
		n.write("tip", record.Dot{}, "_unit", unit+"/tips", "occurred_on", "2026-11-05", "assessed_value", "co_gia_tri")
	}
	m := readMapped(t, h.as("tong.hop", "P1", staff.Compile).get("/indicators/TIP_VALUABLE/table.geojson?from=01/11/2026&to=30/11/2026"))
	if len(m.Features) != 2 {
		t.Fatalf("%+v", m)
	}
	for _, f := range m.Features {
		if p := f.Properties; p.Hidden != 1 || p.Value != nil || p.Numerator != nil || p.Denominator != nil || f.Geometry == nil {
			t.Errorf("%+v", f)
		}
	}
}
