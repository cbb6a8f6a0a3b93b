package pivot_test

import (
	"fmt"
	"math/big"
	"sort"
	"strings"

	"banlang/syncserver/report/reporttest"
)

// This file counts every indicator again, by hand: from what the indicators mean, over the answers of single records, with
// nothing of package pivot, of its SQL or of the definitions.

// record is one record, to be counted.
type rec = reporttest.Entry

// recount answers one question: the figure as text, "7", "1/2" or "-".
type recount struct {
	under    func(unit string) bool // the place
	children map[string]int         // communes of the place
	from, to string
}

func (r recount) in(day string) bool { return day != "" && r.from <= day && day <= r.to }

// number reads a number exactly; nil for none.
func number(text string) *big.Rat {
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return n
}

func show(n *big.Rat) string {
	return strings.TrimSuffix(strings.TrimRight(n.FloatString(3), "0"), ".")
}

func (r recount) count(all []rec, form, day string, where func(v map[string]string) bool) string {
	n := 0
	for _, e := range all {
		if e.Form == form && !e.Unread && r.under(e.Unit) && r.in(e.Values[day]) && where(e.Values) {
			n++
		}
	}
	return fmt.Sprint(n)
}

func (r recount) distinct(all []rec, form, day, field string, where func(v map[string]string) bool) string {
	seen := map[string]bool{}
	for _, e := range all {
		if e.Form == form && !e.Unread && r.under(e.Unit) && r.in(e.Values[day]) && where(e.Values) && e.Values[field] != "" {
			seen[e.Values[field]] = true
		}
	}
	return fmt.Sprint(len(seen))
}

func (r recount) sum(all []rec, form, day, field string, where func(v map[string]string) bool) string {
	total := new(big.Rat)
	for _, e := range all {
		if e.Form == form && !e.Unread && r.under(e.Unit) && r.in(e.Values[day]) && where(e.Values) {
			if n := number(e.Values[field]); n != nil {
				total.Add(total, n)
			}
		}
	}
	return show(total)
}

func (r recount) weapons(all []rec, kinds ...string) string {
	total := new(big.Rat)
	for _, e := range all {
		if e.Form != "weapon_handover" || e.Unread || !r.under(e.Unit) || !r.in(e.Values["occurred_on"]) {
			continue
		}
		for row := 1; row <= 5; row++ {
			for _, kind := range kinds {
				if e.Values[fmt.Sprintf("items/%d/kind", row)] == kind {
					if n := number(e.Values[fmt.Sprintf("items/%d/quantity", row)]); n != nil {
						total.Add(total, n)
					}
				}
			}
		}
	}
	return show(total)
}

// last gives, of each unit, the record that states something last.
func (r recount) last(all []rec, form string, states func(v map[string]string) bool) (last []rec) {
	own := []rec{}
	for _, e := range all {
		if e.Form == form && !e.Unread && r.under(e.Unit) && e.Values["as_of"] != "" && e.Values["as_of"] <= r.to && states(e.Values) {
			own = append(own, e)
		}
	}
	sort.Slice(own, func(i, j int) bool {
		a, b := own[i], own[j]
		if a.Unit != b.Unit {
			return a.Unit < b.Unit
		}
		if a.Values["as_of"] != b.Values["as_of"] {
			return a.Values["as_of"] < b.Values["as_of"]
		}
		return a.ID < b.ID
	})
	for i, e := range own {
		if i+1 == len(own) || own[i+1].Unit != e.Unit {
			last = append(last, e)
		}
	}
	return last
}

func (r recount) stated(all []rec, field string) string {
	last := r.last(all, "commune_profile", func(v map[string]string) bool { return v[field] != "" })
	total := new(big.Rat)
	for _, e := range last {
		total.Add(total, number(e.Values[field]))
	}
	if len(last) == 0 {
		return "–"
	}
	return show(total)
}

func (r recount) businesses(all []rec, kind string) string {
	at := func(v map[string]string) string {
		for row := 1; row <= 6; row++ {
			if v[fmt.Sprintf("businesses/%d/kind", row)] == kind {
				return v[fmt.Sprintf("businesses/%d/count", row)]
			}
		}
		return ""
	}
	last := r.last(all, "commune_profile", func(v map[string]string) bool { return at(v) != "" })
	total := new(big.Rat)
	for _, e := range last {
		total.Add(total, number(at(e.Values)))
	}
	if len(last) == 0 {
		return "–"
	}
	return show(total)
}

func (r recount) models(all []rec) string {
	n := 0
	for _, e := range all {
		v := e.Values
		if e.Form != "model" || e.Unread || !r.under(e.Unit) || v["started_on"] == "" || v["started_on"] > r.to || v["movement"] != "dan_van_kheo" {
			continue
		}
		if v["status"] == "active" || v["ended_on"] > r.to {
			n++
		}
	}
	return fmt.Sprint(n)
}

func (r recount) groups(all []rec, households bool) string {
	n := new(big.Rat)
	for _, e := range all {
		v := e.Values
		if e.Form == "self_mgmt_group" && !e.Unread && r.under(e.Unit) && v["founded_on"] != "" && v["founded_on"] <= r.to && v["type"] == "to_lien_gia" && v["status"] == "active" {
			if households {
				n.Add(n, number(v["households"]))
			} else {
				n.Add(n, big.NewRat(1, 1))
			}
		}
	}
	return show(n)
}

func (r recount) due(all []rec) string {
	n := 0
	for _, e := range all {
		v := e.Values
		if e.Form != "petition" || e.Unread || !r.under(e.Unit) || v["competence"] != "own" || v["received_on"] == "" || v["received_on"] > r.to {
			continue
		}
		carried := v["resolved_on"] == "" || v["resolved_on"] >= r.from
		if v["received_on"] >= r.from || carried {
			n++
		}
	}
	return fmt.Sprint(n)
}

func (r recount) staff(all []rec) (met, least string) {
	n, low := 0, -1
	for _, e := range r.last(all, "commune_staffing", func(map[string]string) bool { return true }) {
		has, need := number(e.Values["regular_officers"]), number(e.Values["required"])
		if need != nil && has.Cmp(need) >= 0 {
			n++
		}
		if own := int(has.Num().Int64()); low < 0 || own < low {
			low = own
		}
	}
	if low < 0 {
		return fmt.Sprint(n), "–"
	}
	return fmt.Sprint(n), fmt.Sprint(low)
}

// figure is what the indicator of an id must be.
func (r recount) figure(all []rec, id string) string {
	every := func(map[string]string) bool { return true }
	is := func(pairs ...string) func(v map[string]string) bool {
		return func(v map[string]string) bool {
			for i := 0; i < len(pairs); i += 2 {
				if v[pairs[i]] != pairs[i+1] {
					return false
				}
			}
			return true
		}
	}
	const on, session, welfare = "occurred_on", "awareness_session", "welfare_activity"
	switch id {
	case "AW_PLACES":
		return r.distinct(all, session, on, "venue", every)
	case "AW_SESSIONS":
		return r.count(all, session, on, every)
	case "AW_PARTICIPANTS":
		return r.sum(all, session, on, "participants_total", every)
	case "AW_LOUDSPEAKER":
		return r.count(all, session, on, is("method", "xe_loa"))
	case "AW_MEDIA":
		return r.count(all, "media_item", "published_on", every)
	case "TIP_VALUABLE":
		return r.count(all, "tip", on, is("assessed_value", "co_gia_tri"))
	case "MODEL_NEW":
		return r.count(all, "model", "started_on", every)
	case "MODEL_SKILFUL":
		return r.models(all)
	case "MODEL_EXEMPLARY":
		return r.distinct(all, "evaluation", on, "subject", is("rating", "tot"))
	case "PERSON_SKILFUL":
		return r.count(all, "recognition", "decided_on", is("kind", "individual", "movement", "dan_van_kheo"))
	case "STAFF_COVER":
		met, _ := r.staff(all)
		return met + "/" + fmt.Sprint(len(r.children))
	case "STAFF_MIN":
		_, least := r.staff(all)
		return least
	case "WPN_GUN":
		return r.weapons(all, "gun_military", "gun_hunting", "gun_air")
	case "BLOOD":
		return r.sum(all, "blood_donation", on, "donors", every)
	case "GRP_COUNT":
		return r.groups(all, false)
	case "GRP_HOUSEHOLDS":
		return r.groups(all, true)
	case "GRP_COVER":
		return r.groups(all, true) + "/" + strings.ReplaceAll(r.stated(all, "hh"), "–", "0")
	case "PROFILE_HH", "PROFILE_POP", "PROFILE_TEMP":
		return r.stated(all, strings.ToLower(strings.TrimPrefix(id, "PROFILE_")))
	case "RECEPTION_VISITS":
		return r.sum(all, "citizen_reception", on, "visits", every)
	case "PET_RECEIVED":
		return r.count(all, "petition", "received_on", every)
	case "PET_DUE":
		return r.due(all)
	case "PET_RESOLVED":
		return r.count(all, "petition", "resolved_on", is("competence", "own"))
	case "PET_RATE":
		return r.count(all, "petition", "resolved_on", is("competence", "own")) + "/" + r.due(all)
	case "WF_LABOUR":
		return r.sum(all, welfare, on, "labour_days", every)
	case "WF_ROAD":
		return r.sum(all, welfare, on, "quantity", func(v map[string]string) bool { return v["output"] == "road_km" || v["output"] == "canal_km" })
	case "WF_HH_POVERTY":
		return r.sum(all, welfare, on, "households", is("kind", "giam_ngheo"))
	case "WF_SCHOOL":
		return r.sum(all, welfare, on, "quantity", is("output", "school"))
	case "WF_LIT_CLASS":
		return r.sum(all, welfare, on, "quantity", is("output", "class", "kind", "xoa_mu"))
	case "WF_LIT_LEARNERS":
		return r.sum(all, welfare, on, "persons", is("kind", "xoa_mu"))
	case "WF_GIFT_VALUE":
		return r.sum(all, welfare, on, "value_vnd", every)
	case "WF_RELIEF_TURNOUT":
		return r.sum(all, welfare, on, "staff_turnout", is("kind", "thien_tai"))
	case "WF_MARCH_DAYS":
		return r.sum(all, "joint_activity", on, "days", is("kind", "hanh_quan_da_ngoai"))
	}
	if kind, ok := strings.CutPrefix(id, "WPN_"); ok {
		return r.weapons(all, strings.ToLower(kind))
	}
	return r.businesses(all, strings.ToLower(strings.TrimPrefix(id, "PROFILE_")))
}

// rank is the place of a unit among others by issued over target.
func rank(all []rec, from, to string, among []recount, own int) string {
	share := func(r recount) *big.Rat {
		r.from, r.to = from, to
		every := func(map[string]string) bool { return true }
		target := number(r.sum(all, "id_card_drive", "occurred_on", "target", every))
		if target.Sign() == 0 {
			return nil
		}
		return new(big.Rat).Quo(number(r.sum(all, "id_card_drive", "occurred_on", "issued", every)), target)
	}
	mine, place := share(among[own]), 1
	if mine == nil {
		return "–"
	}
	for _, other := range among {
		if s := share(other); s != nil && s.Cmp(mine) > 0 {
			place++
		}
	}
	return fmt.Sprint(place)
}
