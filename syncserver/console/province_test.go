//go:build screens || browser || office

package console_test

import (
	"fmt"
	"strings"
	"time"

	"banlang/shared/record"
	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
)

// communes are more of the province, with how many sessions each reported in October.
var communes = []struct {
	code, name string
	n          int
}{{"C3", "Xã Kon Rlang", 3}, {"C4", "Xã Đăk Sơ Rai", 5}, {"C5", "Xã Suối Lạc", 1}, {"C6", "Xã Thượng Nhiên", 4}, {"C7", "Xã Ia Trơk Nam", 7},
	{"C8", "Xã Plei Hơ Ding", 2}, {"C9", "Xã Bình Khê Thượng", 9}, {"C10", "Xã Thạch Lũng", 0}}

// province makes the land a province of ten communes with boundaries, of which most have reported each month since June: some
// late, some approved, one sent back, and one that began in July.
func (h *house) province() {
	h.t.Helper()
	list := "code,parent,name,level,phone,from\n"
	for i, c := range communes {
		from := ""
		if c.code == "C8" {
			from = "2026-07-01"
		}
		list += fmt.Sprintf("%s,P1,%s,commune,0269 387 65%02d,%s\n", c.code, c.name, i, from)
	}
	if a := h.asks(centre.Request{AlterUnits: &centre.AlterUnits{List: []byte(list)}}); len(a.Altered.Problems) > 0 {
		h.t.Fatal(a.Altered.Problems)
	}
	for i, c := range communes {
		n := h.notebook(c.code)
		for m := time.June; m <= time.October; m++ {
			late := 0
			if i == 2 && m == time.October || i == 5 && m == time.September {
				late = 6
			}
			for k := range c.n {
				if c.code == "C8" && m == time.June {
					continue
				}
				h.on(m+1, 2+late)
				rec := n.write("awareness_session", record.Dot{}, "_unit", c.code+"/ordinary", "occurred_on", fmt.Sprintf("2026-%02d-%02d", m, 10+k), "note", "Họp thôn về phòng, chống ma túy")
				if i%2 == 0 || m < time.October {
					h.reviewed(rec, record.ReviewApproved)
				} else if i == 1 && k < 2 {
					h.reviewed(rec, record.ReviewReturned)
				}
			}
		}
		h.on(time.November, 19-i)
		if i != 4 {
			n.greeted()
		}
	}
	h.now.Store(time.Date(2026, 11, 19, 7, 2, 0, 0, time.UTC).UnixMilli())
	h.drawn()
}

func (h *house) reviewed(rec record.Dot, state string) {
	h.t.Helper()
	s, err := h.centre.Sheet(h.t.Context(), rec.String(), "vi", func(string, string) bool { return true })
	if err != nil {
		h.t.Fatal(err)
	}
	h.asks(centre.Request{Review: &centre.Review{By: "vn.tra", State: state, Note: "Ghi lại số người tham dự", Items: []centre.ReviewItem{{Record: rec.String(), Saw: s.Saw}}}})
}

// drawn gives the ten communes boundaries: two rows of five.
func (h *house) drawn() {
	h.t.Helper()
	var all []string
	corner := func(x, y int) string { // neighbours have it in common
		return fmt.Sprintf("[%.3f,%.3f]", 107.6+float64(x)*0.3+float64(y*7%5)*0.04, 14.4-float64(y)*0.45+float64(x*11%7)*0.03)
	}
	for i := range 10 {
		x, y := i%5, i/5
		all = append(all, fmt.Sprintf(`{"type": "Feature", "properties": {"code": "C%d"}, "geometry": {"type": "Polygon", "coordinates": [[%s,%s,%s,%s,%s]]}}`,
			i+1, corner(x, y), corner(x+1, y), corner(x+1, y+1), corner(x, y+1), corner(x, y)))
	}
	l, err := boundary.Read([]byte(`{"type": "FeatureCollection", "features": [` + strings.Join(all, ",") + `]}`))
	if err != nil {
		h.t.Fatal(err)
	}
	l.Name = "Xã, phường 2026"
	file, err := boundary.Encode([]*boundary.Layer{l})
	if err != nil {
		h.t.Fatal(err)
	}
	h.asks(centre.Request{PutBoundaries: &centre.PutBoundaries{Layer: file}})
}

// merger is the address of a preview.
func (h *house) merger(b *browser) string {
	h.t.Helper()
	return b.post("/units/merge", "units", "V1\nV2", "into", "V5", "name", "Làng Kon Plei", "on", "01/12/2026").at
}
