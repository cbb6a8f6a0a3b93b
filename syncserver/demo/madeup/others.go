package madeup

import (
	"slices"
	"strconv"
)

var handoverYears = span{day("2017-01-01"), day("2021-12-31")}

func (o *officer) writeHandovers() {
	for i, rows := range o.handovers {
		o.handover(handoverYears.at(i, o.edges, o.r), rows)
	}
}

// dangerous kinds call for bomb disposal.
var dangerous = []string{"bomb", "shell", "grenade", "mine", "detonator", "explosive_g"}

func (o *officer) handover(on date, rows []item) {
	o.receipts++
	values := map[string]string{
		"occurred_on": on.String(), "receipt_no": itoa(o.receipts) + "/BB-" + on.String()[:4],
		"how":           pick(o.r, []string{"tu_giao_nop", "tu_giao_nop", "van_dong", "phat_hien_bao"}),
		"custody_place": pick(o.r, []string{"kho_don_vi", "kho_tinh", "quan_su"}),
	}
	danger := false
	for i, row := range rows {
		at := "items/" + itoa(i+1) + "/"
		values[at+"kind"], values[at+"quantity"] = row.kind, strconv.FormatInt(row.halves/2, 10)
		if row.halves%2 != 0 {
			values[at+"quantity"] += ".5"
		}
		danger = danger || slices.Contains(dangerous, row.kind)
	}
	values["danger"] = strconv.FormatBool(danger)
	o.write("weapon_handover", on, values)
}

func (o *officer) writePetitions() {
	if len(o.petitions) == 0 {
		return
	}
	for c, class := range petitionClasses() {
		for i := range o.petitions[c] {
			o.petition(class, i)
		}
	}
}

// petition writes the i-th of a class: received within its days, and resolved
// within its days but never before it was received.
func (o *officer) petition(class petitionClass, i int) {
	on := class.received.at(i, o.edges, o.r)
	values := map[string]string{
		"received_on": on.String(), "competence": class.competence,
		"type":   pick(o.r, []string{"kien_nghi", "phan_anh", "phan_anh", "khieu_nai", "to_cao"}),
		"field":  pick(o.r, []string{"cu_tru", "can_cuoc", "giao_thong", "dat_dai", "khac"}),
		"due_on": (on + 30).String(), "against_officer": "false",
	}
	switch {
	case class.competence != "own":
		delete(values, "due_on")
		values["notified_on"] = (on + date(2+o.r.IntN(9))).String()
		if class.competence == "other" {
			values["result"] = "chuyen"
		}
	case class.resolved != span{}:
		resolved := o.resolvedOn(class, on, i)
		values["resolved_on"] = resolved.String()
		values["notified_on"] = (resolved + date(o.r.IntN(5))).String()
		values["result"] = pick(o.r, []string{"dung", "dung_mot_phan", "sai", "rut_don"})
	}
	o.write("petition", on, values)
}

func (o *officer) resolvedOn(class petitionClass, received date, i int) date {
	days := span{max(class.resolved.from, received), class.resolved.to}
	if !o.edges || i > 1 {
		days.to = max(days.from, min(days.to, received+45))
	}
	return days.at(i, o.edges, o.r)
}

// writeGroups describes the single commune in May 2017: 34 active groups of
// unlike size with 1.020 households, others that do not count, and its profile
// before, at and after that day.
func (o *officer) writeGroups() {
	founded := span{day("2014-03-01"), day("2017-05-23")}
	for i, households := range split(o.r, 1020, 34, 17) {
		on := founded.any(o.r)
		if i == 0 {
			on = founded.to
		}
		o.group("Tổ liên gia "+itoa(i+1), "to_lien_gia", "active", on, households)
	}
	o.group("Tổ liên gia 35", "to_lien_gia", "closed", day("2014-05-05"), 26)
	o.group("Tổ liên gia 36", "to_lien_gia", "paused", day("2015-09-10"), 31)
	o.group("Tổ liên gia 37", "to_lien_gia", "active", day("2017-05-24"), 29)
	o.group("Tổ liên gia 38", "to_lien_gia", "active", day("2018-02-12"), 33)
	o.group("Tổ hòa giải thôn Sim", "to_hoa_giai", "active", day("2015-01-20"), 120)
	o.group("Tổ tự quản chợ", "to_tu_quan", "active", day("2016-07-01"), 44)
	o.profile("2016-06-15", profile{1012, 3398, 4126, [6]int{7, 81, 4, 96, 15, 1}})
	o.profile("2017-05-20", profile{1045, 3472, 968, [6]int{9, 89, 5, 104, 17, 2}})
	o.profile("2017-06-30", profile{1051, 3490, 1040, [6]int{10, 92, 6, 109, 18, 3}})
}

func (o *officer) group(name, kind, status string, founded date, households int64) {
	o.write("self_mgmt_group", founded, map[string]string{
		"name": name, "type": kind, "status": status, "founded_on": founded.String(),
		"households": strconv.FormatInt(households, 10), "members": strconv.FormatInt(households+int64(o.r.IntN(20)), 10),
		"decision_no": itoa(10+o.r.IntN(80)) + "/QĐ-UBND",
	})
}

// profile counts a commune: households, residents, temporary residents, and
// businesses in the order of businessKinds.
type profile struct {
	hh, pop, temp int
	businesses    [6]int
}

var businessKinds = [6]string{"karaoke", "food", "pawn", "company", "project", "gas"}

func (o *officer) profile(asOf string, p profile) {
	values := map[string]string{
		"as_of": asOf, "hh": itoa(p.hh), "pop": itoa(p.pop), "temp": itoa(p.temp), "villages": "8",
	}
	for i, kind := range businessKinds {
		at := "businesses/" + itoa(i+1) + "/"
		values[at+"kind"], values[at+"count"] = kind, itoa(p.businesses[i])
	}
	o.write("commune_profile", day(asOf), values)
}

// writeNoise adds what belongs to no published figure: the days just outside
// each period, and the right days in the wrong place.
func (o *officer) writeNoise() {
	unvisited := o.venues[o.visited:]
	for _, on := range []string{"2016-12-31", "2018-01-01", "2018-03-08", "2018-05-19"} {
		o.session(day(on), pick(o.r, unvisited), int64(20+o.r.IntN(90)))
	}
	o.loudspeaker(day("2016-12-31"), pick(o.r, unvisited))
	o.loudspeaker(day("2018-01-01"), pick(o.r, unvisited))
	o.tip(day("2016-12-31"), "co_gia_tri")
	o.tip(day("2022-01-01"), "co_gia_tri")
	one := []item{{"round", 24}, {"gun_hunting", 2}, {"grenade", 2}}
	o.handover(day("2016-12-31"), one)
	o.handover(day("2022-01-01"), one)
	if o.Parent == RootOne {
		o.tip(day("2018-01-01"), "co_gia_tri")
	} else {
		o.session(year2017.any(o.r), pick(o.r, unvisited), int64(20+o.r.IntN(90)))
		o.loudspeaker(year2017.any(o.r), pick(o.r, unvisited))
	}
	if o.Parent == RootThree || o.Parent == RootFour {
		o.tip(year2017.any(o.r), "co_gia_tri")
	}
	if o.Parent != RootTwo {
		o.handover(handoverYears.any(o.r), one)
	}
	if o.Parent != RootFour {
		months := span{day("2019-01-01"), day("2019-05-31")}
		o.petition(petitionClass{1, "own", months, months}, 2)
		o.petition(petitionClass{1, "other", months, span{}}, 2)
	}
	if !o.groups {
		o.group("Tổ liên gia 1", "to_lien_gia", "active", day("2015-04-02"), int64(20+o.r.IntN(20)))
		hh := 600 + o.r.IntN(1500)
		o.profile("2017-04-30", profile{hh, hh*3 + o.r.IntN(hh), o.r.IntN(200), [6]int{1, 4 + o.r.IntN(20), 1, o.r.IntN(9), 2, 0}})
	}
}
