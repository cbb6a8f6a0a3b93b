package reporttest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"banlang/shared/units"
	"banlang/syncserver/report"
)

// Tree is a country of provinces and communes: "p1" and "p1c1", with "VN" above.
func Tree(provinces, communes int) *units.View {
	all := []units.Unit{{Code: units.Root, Level: "country", Name: "Cả nước"}}
	for p := range provinces {
		province := fmt.Sprintf("p%d", p+1)
		all = append(all, units.Unit{Code: province, Parent: units.Root, Level: "province", Name: "Tỉnh " + province})
		for c := range communes {
			commune := fmt.Sprintf("%sc%d", province, c+1)
			all = append(all, units.Unit{Code: commune, Parent: province, Level: "commune", Name: "Xã " + commune})
		}
	}
	return units.New(units.Usual, all).At("2026-01-01")
}

// Days of the records that Make makes.
const (
	FirstDay = "2016-01-01"
	LastDay  = "2019-12-31"
)

var firstDay = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

// maker writes records by chance.
type maker struct {
	*rand.Rand
	day  int
	unit string
}

// Make makes n records of all forms that any indicator reads, at the communes of a tree, some of them odd: without a day, not
// readable, late, of the province itself.
func Make(r *rand.Rand, view *units.View, n int) []Entry {
	places := view.Level("commune")
	provinces := view.Level("province")
	entries := make([]Entry, n)
	for i := range entries {
		m := &maker{Rand: r, day: r.IntN(1461), unit: places[r.IntN(len(places))].Code}
		if r.IntN(50) == 0 {
			m.unit = provinces[r.IntN(len(provinces))].Code
		}
		kind := kinds[r.IntN(len(kinds))]
		values := kind.write(m)
		day := m.on(0)
		if kind.day != "" {
			values[kind.day] = day
		}
		e := Entry{Reading: report.Reading{ID: fmt.Sprintf("%016x-%d", r.Uint64(), i), Unit: m.unit, Form: kind.form, Day: day, Values: values}}
		e.Arrived = firstDay.AddDate(0, 0, m.day+r.IntN(60)).UnixMilli()
		e.Review = []string{"", "", "approved", "returned"}[r.IntN(4)]
		switch r.IntN(400) {
		case 0:
			e.Day, values[kind.day] = "", ""
		case 1:
			e.Reading = report.Reading{ID: e.ID, Unit: e.Unit, Form: e.Form, Unread: true}
		}
		entries[i] = e
	}
	return entries
}

// on is the record's day and some more.
func (m *maker) on(more int) string { return firstDay.AddDate(0, 0, m.day+more).Format(time.DateOnly) }

func (m *maker) pick(from ...string) string { return from[m.IntN(len(from))] }

func (m *maker) number(below int) string { return strconv.Itoa(m.IntN(below)) }

// or gives the text, and nothing in one case of ten.
func (m *maker) or(text string) string {
	if m.IntN(10) == 0 {
		return ""
	}
	return text
}

func (m *maker) decimal() string { return m.number(90) + m.pick("", ".5", ".25", ".125") }

type values = map[string]string

var kinds = []struct {
	form, day string
	write     func(m *maker) values
}{
	{"awareness_session", "occurred_on", func(m *maker) values {
		return values{"venue": m.or("v" + m.number(300)), "method": m.pick("truc_tiep", "xe_loa", "tai_nha"), "venue_type": m.pick("thon", "lang"),
			"topics": m.pick("toi_pham", "ma_tuy toi_pham", "pccc"), "participants_total": m.or(m.number(400))}
	}},
	{"media_item", "published_on", func(m *maker) values { return values{"medium": m.pick("tin", "bai", "loa")} }},
	{"tip", "occurred_on", func(m *maker) values {
		return values{"assessed_value": m.or(m.pick("co_gia_tri", "khong", "chua_ro")), "category": m.pick("ma_tuy", "te_nan", "vu_khi"), "channel": m.pick("hop_dan", "hom_thu")}
	}},
	{"model", "started_on", func(m *maker) values {
		status, ended := m.pick("active", "weak", "paused", "ended"), ""
		if status == "ended" {
			ended = m.or(m.on(m.IntN(900)))
		}
		return values{"movement": m.pick("dan_van_kheo", "khac"), "status": status, "ended_on": ended, "field": m.pick("tu_quan", "ma_tuy")}
	}},
	{"evaluation", "occurred_on", func(m *maker) values {
		return values{"subject": "g" + m.number(90), "rating": m.pick("tot", "kha", "yeu")}
	}},
	{"recognition", "decided_on", func(m *maker) values {
		return values{"kind": m.pick("individual", "collective"), "movement": m.pick("dan_van_kheo", "khac"), "form": m.pick("giay_khen", "bang_khen")}
	}},
	{"commune_staffing", "as_of", func(m *maker) values { return values{"regular_officers": m.number(12), "required": m.or(m.number(9))} }},
	{"id_card_drive", "occurred_on", func(m *maker) values {
		return values{"mode": m.pick("luu_dong", "tai_nha"), "target": m.number(900), "issued": m.number(700)}
	}},
	{"weapon_handover", "occurred_on", func(m *maker) values {
		v := values{"how": m.pick("tu_giao_nop", "van_dong")}
		all := []string{"bomb", "shell", "grenade", "mine", "detonator", "explosive_g", "gun_military", "gun_hunting", "gun_air", "round", "crude", "tool"}
		for i := range m.IntN(5) {
			at := "items/" + strconv.Itoa(i+1) + "/"
			v[at+"kind"] = m.pick(all...)
			v[at+"quantity"] = m.or(m.number(30))
			if v[at+"kind"] == "explosive_g" {
				v[at+"quantity"] = m.decimal()
			}
		}
		return v
	}},
	{"blood_donation", "occurred_on", func(m *maker) values { return values{"campaign": "Khác", "donors": m.number(90)} }},
	{"self_mgmt_group", "founded_on", func(m *maker) values {
		return values{"type": m.pick("to_lien_gia", "to_hoa_giai"), "status": m.pick("active", "weak", "closed"), "households": m.number(60)}
	}},
	{"commune_profile", "as_of", func(m *maker) values {
		v := values{"hh": m.number(2000), "pop": m.number(9000), "temp": m.or(m.number(5000))}
		for i, kind := range []string{"karaoke", "food", "pawn", "company", "project", "gas"} {
			if m.IntN(3) > 0 {
				at := "businesses/" + strconv.Itoa(i+1) + "/"
				v[at+"kind"], v[at+"count"] = kind, m.number(20)
			}
		}
		return v
	}},
	{"citizen_reception", "occurred_on", func(m *maker) values {
		return values{"kind": m.pick("thuong_xuyen", "dot_xuat"), "result": "nhan_don", "visits": m.number(40)}
	}},
	{"petition", "received_on", func(m *maker) values {
		v := values{"type": m.pick("khieu_nai", "to_cao", "phan_anh"), "competence": m.pick("own", "own", "other", "duplicate")}
		if m.IntN(3) > 0 {
			v["resolved_on"] = m.on(m.IntN(200))
		}
		return v
	}},
	{"welfare_activity", "occurred_on", func(m *maker) values {
		return values{"kind": m.pick("giam_ngheo", "xoa_mu", "thien_tai", "duong"), "output": m.or(m.pick("road_km", "canal_km", "school", "class")),
			"quantity": m.or(m.decimal()), "households": m.or(m.number(30)), "persons": m.or(m.number(50)), "labour_days": m.or(m.decimal()),
			"value_vnd": m.or(m.number(9_000_000)), "staff_turnout": m.or(m.number(60)), "funding": m.pick("don_vi", "ngan_sach")}
	}},
	{"joint_activity", "occurred_on", func(m *maker) values {
		return values{"kind": m.pick("hanh_quan_da_ngoai", "giao_ban"), "lead_body": m.pick("cong_an", "quan_doi"), "days": m.or(m.number(20))}
	}},
}
