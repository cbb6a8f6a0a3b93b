package console_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"banlang/syncserver/staff"
)

// countryRecords are the records of a country in four years.
const countryRecords = 1_000_000

// TestCountry: what the benchmark measures is there: all communes in the grid and on the map, with all their records.
func TestCountry(t *testing.T) {
	h := opened(t)
	h.peopled(madeUpCountry(), 20_000)
	b := h.as("tw", "VN", staff.Review)
	b.get("/records").shows(t, "5.000 bản ghi")
	b.get("/map?what=form:awareness_session&step=year&period=2025-01-01").shows(t, ">2.742</td>")
	b.get("/map?what=AW_SESSIONS&step=year&period=2025-01-01").shows(t, ">2.742</td>")
	b.get("/grid").shows(t, "50 trên 3.321 đơn vị")
	b.get("/stale").shows(t, "3.112 trên 3.321 đơn vị")
	page := b.get("/map?what=AW_SESSIONS&level=commune")
	if n := strings.Count(page.body, "</title></path>"); n != countryCommunes {
		t.Errorf("%d communes are drawn", n)
	}
}

// BenchmarkPagesOfACountry measures pages over a million records of 3,321 communes, for the whole country, as the browser gets
// them over TLS. The country is the real one, where it is beside the project.
func BenchmarkPagesOfACountry(b *testing.B) {
	h := opened(b)
	h.peopled(cmp.Or(realCountry(b), madeUpCountry()), countryRecords)
	who := h.as("tw", "VN", staff.Review)
	for _, path := range []string{"/grid", "/grid?unit=P1", "/grid?plan=profile", "/stale", "/map?what=AW_SESSIONS", "/map?what=AW_SESSIONS&level=commune", "/quality", "/quality?from=01/11/2026&to=30/11/2026"} {
		b.Run(path, func(b *testing.B) {
			h.t = b
			var a answer
			a = who.get(path) // what is drawn once
			for b.Loop() {
				a = who.get(path)
			}
			if a.status != http.StatusOK {
				b.Fatal(a.status)
			}
			b.ReportMetric(float64(packed(b, a.body))/1000, "kB")
		})
	}
}
