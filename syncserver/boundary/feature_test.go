package boundary

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestGeometry: what was read is written again as RFC 7946 has it, whichever way round it was drawn, also where neighbours share a
// border and where there is a hole.
func TestGeometry(t *testing.T) {
	const east, hole = `[[108.4,14],[109,14.1],[108.9,14.5],[108.5,14.5],[108.4,14]]`, `[[108.6,14.2],[108.7,14.2],[108.7,14.3],[108.6,14.2]]` // both counterclockwise
	l, err := Read([]byte(`{"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"code":"W"},"geometry":{"type":"Polygon","coordinates":[[[108,14],[108,14.6],[108.5,14.5],[108.4,14],[108,14]]]}},
 {"type":"Feature","properties":{"code":"E"},"geometry":{"type":"MultiPolygon","coordinates":[[` + east + `,` + hole + `],[[[110,14],[110.5,14],[110,14.5],[110,14]]]]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{"W": "[5+]", "E": "[5+ 4-][4+]"} {
		raw, err := l.Geometry(code)
		if err != nil {
			t.Fatal(err)
		}
		if got := ringsOf(t, raw); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
		again, err := Read([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"` + code + `"},"geometry":` + string(raw) + `}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := again.Geometry(code); err != nil || ringsOf(t, twice) != want {
			t.Errorf("%s: read again it is %s, %v, and was %s", code, twice, err, raw)
		}
	}
	if raw, err := l.Geometry("X"); raw != nil || err != nil {
		t.Errorf("a unit that is not there: %s, %v", raw, err)
	}
}

// ringsOf says how many points each ring of a geometry has and which way round it runs: "[5+ 4-][4+]".
func ringsOf(t *testing.T, raw json.RawMessage) (all string) {
	t.Helper()
	var g struct {
		Type        string
		Coordinates [][][][2]float64
	}
	if err := json.Unmarshal(raw, &g); err != nil || g.Type != "MultiPolygon" {
		t.Fatalf("%v: %s", err, raw)
	}
	for _, polygon := range g.Coordinates {
		rings := []string{}
		for _, ring := range polygon {
			rings = append(rings, fmt.Sprintf("%d%s", len(ring), turn(ring)))
			if ring[0] != ring[len(ring)-1] {
				t.Errorf("an open ring: %v", ring)
			}
		}
		all += fmt.Sprint(rings)
	}
	return all
}

// turn is "+" of a ring that runs counterclockwise.
func turn(ring [][2]float64) string {
	area := 0.0
	for i := 1; i < len(ring); i++ {
		area += ring[i-1][0]*ring[i][1] - ring[i][0]*ring[i-1][1]
	}
	if area > 0 {
		return "+"
	}
	return "-"
}
