package pivot_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"banlang/shared/units"
)

// This file counts every indicator again, by hand: from what the indicators mean, over what single records say, with nothing of package
// pivot, of its SQL or of the definitions, nor of how package units places a code.

// recount answers one question: the figure as text, "7", "1/2" or "–".
type recount struct {
	tree     []units.Unit
	place    string
	from, to string
	inside   map[string]bool // by unit, what was found already
}

// countIn counts in a place, by the tree of the last day.
func countIn(tree []units.Unit, place, from, to string) recount {
	return recount{tree, place, from, to, map[string]bool{}}
}

// row is what holds of a unit on the day; where nothing does, what held last or will hold next.
func (r recount) row(code string) (u units.Unit, inForce bool) {
	for _, x := range r.tree {
		if x.Code != code {
			continue
		}
		if x.From <= r.to || u.Code == "" {
			u = x
		}
		if x.From <= r.to && (x.To == "" || r.to < x.To) {
			return x, true
		}
	}
	return u, false
}

// hands are the units into whose hands one has come that is not in force: what it went up in, or what it will come from.
func (r recount) hands(code string) (others []string) {
	u, inForce := r.row(code)
	if inForce {
		return nil
	}
	if u.From <= r.to {
		return u.Into
	}
	for _, x := range r.tree {
		if slices.Contains(x.Into, code) {
			others = append(others, x.Code)
		}
	}
	return others
}

// heirs are the hands, the hands into which these have come, and so on.
func (r recount) heirs(code string) (all []string) {
	for _, other := range r.hands(code) {
		all = append(append(all, other), r.heirs(other)...)
	}
	if u, inForce := r.row(code); len(all) == 0 && !inForce {
		all = []string{u.Parent}
	}
	return all
}

// under: the unit is the place, or below it; of one that is not in force, all units in whose hands it is are.
func (r recount) under(code string) bool {
	if code == r.place {
		return true
	}
	yes, known := r.inside[code]
	if !known {
		u, _ := r.row(code)
		hands := r.hands(code)
		if len(hands) == 0 {
			yes = u.Parent != "" && r.under(u.Parent)
		} else {
			yes = !slices.ContainsFunc(hands, func(other string) bool { return !r.under(other) })
		}
		r.inside[code] = yes
	}
	return yes
}

// communes are those in force of the place.
func (r recount) communes() (n int) {
	for _, x := range r.tree {
		if u, inForce := r.row(x.Code); inForce && u.From == x.From && x.Level == "commune" && r.under(x.Code) {
			n++
		}
	}
	return n
}

// beside are the units in force right below what the place is right below of, the place too.
func (r recount) beside() (codes []string) {
	own, _ := r.row(r.place)
	for _, x := range r.tree {
		if u, inForce := r.row(x.Code); inForce && u.From == x.From && x.Parent == own.Parent {
			codes = append(codes, x.Code)
		}
	}
	return codes
}

func (r recount) in(day string) bool { return day != "" && r.from <= day && day <= r.to }

// number reads a number exactly; nil for none, and for one that is finer than thousandths.
func number(text string) *big.Rat {
	n, ok := new(big.Rat).SetString(text)
	if _, decimals, _ := strings.Cut(text, "."); !ok || len(decimals) > 3 {
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
		if e.Form == form && r.under(e.Unit) && r.in(e.Values[day]) && where(e.Values) {
			n++
		}
	}
	return fmt.Sprint(n)
}

func (r recount) distinct(all []rec, form, day, field string, where func(v map[string]string) bool) string {
	seen := map[string]bool{}
	for _, e := range all {
		if e.Form == form && r.under(e.Unit) && r.in(e.Values[day]) && where(e.Values) && e.Values[field] != "" {
			seen[e.Values[field]] = true
		}
	}
	return fmt.Sprint(len(seen))
}

func (r recount) sum(all []rec, form, day, field string, where func(v map[string]string) bool) string {
	total := new(big.Rat)
	for _, e := range all {
		if e.Form == form && r.under(e.Unit) && r.in(e.Values[day]) && where(e.Values) {
			if n := number(e.Values[field]); n != nil {
				total.Add(total, n)
			}
		}
	}
	return show(total)
}

// rows adds up what the rows of some kinds say of a record; nil: none says anything, or not all can be read.
func rows(v map[string]string, repeat, field string, kinds ...string) *big.Rat {
	var total *big.Rat
	for path, kind := range v {
		row, isKind := strings.CutSuffix(path, "/kind")
		if !isKind || !strings.HasPrefix(path, repeat+"/") || !slices.Contains(kinds, kind) || v[row+"/"+field] == "" {
			continue
		}
		n := number(v[row+"/"+field])
		if n == nil {
			return nil
		}
		if total == nil {
			total = new(big.Rat)
		}
		total.Add(total, n)
	}
	return total
}

func (r recount) weapons(all []rec, kinds ...string) string {
	total := new(big.Rat)
	for _, e := range all {
		if e.Form == "weapon_handover" && r.under(e.Unit) && r.in(e.Values["occurred_on"]) {
			if n := rows(e.Values, "items", "quantity", kinds...); n != nil {
				total.Add(total, n)
			}
		}
	}
	return show(total)
}

// last gives, of each unit, the record that states something last; of a unit that is not in force only while none of those in whose
// hands it is has stated anything since.
func (r recount) last(all []rec, form string, states func(v map[string]string) bool) (last []rec) {
	of := map[string]rec{}
	for _, e := range all {
		day := e.Values["as_of"]
		if e.Form != form || !r.under(e.Unit) || day == "" || day > r.to || !states(e.Values) {
			continue
		}
		before, known := of[e.Unit]
		if !known || day > before.Values["as_of"] || day == before.Values["as_of"] && e.ID > before.ID {
			of[e.Unit] = e
		}
	}
	for unit, e := range of {
		if !slices.ContainsFunc(r.heirs(unit), func(heir string) bool { return of[heir].Values["as_of"] > e.Values["as_of"] }) {
			last = append(last, e)
		}
	}
	return last
}

// stated adds up what the units state last, each by itself.
func (r recount) stated(all []rec, form string, of func(v map[string]string) *big.Rat) string {
	last := r.last(all, form, func(v map[string]string) bool { return of(v) != nil })
	total := new(big.Rat)
	for _, e := range last {
		total.Add(total, of(e.Values))
	}
	if len(last) == 0 {
		return "–"
	}
	return show(total)
}

func (r recount) profile(all []rec, field string) string {
	return r.stated(all, "commune_profile", func(v map[string]string) *big.Rat { return number(v[field]) })
}

func (r recount) businesses(all []rec, kind string) string {
	return r.stated(all, "commune_profile", func(v map[string]string) *big.Rat { return rows(v, "businesses", "count", kind) })
}

func (r recount) peak(all []rec) string {
	var peak *big.Rat
	for _, e := range all {
		n := number(e.Values["temp"])
		if r.under(e.Unit) && e.Values["as_of"] != "" && e.Values["as_of"] <= r.to && n != nil && (peak == nil || n.Cmp(peak) > 0) {
			peak = n
		}
	}
	if peak == nil {
		return "–"
	}
	return show(peak)
}

func (r recount) models(all []rec) string {
	n := 0
	for _, e := range all {
		v := e.Values
		if e.Form != "model" || !r.under(e.Unit) || v["started_on"] == "" || v["started_on"] > r.to || v["movement"] != "dan_van_kheo" {
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
		if e.Form == "self_mgmt_group" && r.under(e.Unit) && v["founded_on"] != "" && v["founded_on"] <= r.to && v["type"] == "to_lien_gia" && v["status"] == "active" {
			if one := big.NewRat(1, 1); !households {
				n.Add(n, one)
			} else if h := number(v["households"]); h != nil {
				n.Add(n, h)
			}
		}
	}
	return show(n)
}

func (r recount) due(all []rec) string {
	n := 0
	for _, e := range all {
		v := e.Values
		if e.Form != "petition" || !r.under(e.Unit) || v["competence"] != "own" || v["received_on"] == "" || v["received_on"] > r.to {
			continue
		}
		carried := v["resolved_on"] == "" || v["resolved_on"] >= r.from
		if v["received_on"] >= r.from || carried {
			n++
		}
	}
	return fmt.Sprint(n)
}

// staffed is how many communes have the officers that they need.
func (r recount) staffed(all []rec) string {
	n := 0
	for _, e := range r.last(all, "commune_staffing", func(map[string]string) bool { return true }) {
		has, need := number(e.Values["regular_officers"]), number(e.Values["required"])
		if has != nil && need != nil && has.Cmp(need) >= 0 {
			n++
		}
	}
	return fmt.Sprint(n)
}

func (r recount) fewest(all []rec) string {
	of := func(v map[string]string) *big.Rat { return number(v["regular_officers"]) }
	var low *big.Rat
	for _, e := range r.last(all, "commune_staffing", func(v map[string]string) bool { return of(v) != nil }) {
		if n := of(e.Values); low == nil || n.Cmp(low) < 0 {
			low = n
		}
	}
	if low == nil {
		return "–"
	}
	return show(low)
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
		return r.staffed(all) + "/" + fmt.Sprint(r.communes())
	case "STAFF_MET":
		return r.staffed(all)
	case "STAFF_UNITS":
		return fmt.Sprint(r.communes())
	case "STAFF_MIN":
		return r.fewest(all)
	case "IDC_RANK":
		return r.rank(all)
	case "IDC_ISSUED", "IDC_TARGET":
		return r.sum(all, "id_card_drive", on, strings.ToLower(strings.TrimPrefix(id, "IDC_")), every)
	case "WPN_GUN":
		return r.weapons(all, "gun_military", "gun_hunting", "gun_air")
	case "BLOOD":
		return r.sum(all, "blood_donation", on, "donors", every)
	case "GRP_COUNT":
		return r.groups(all, false)
	case "GRP_HOUSEHOLDS":
		return r.groups(all, true)
	case "GRP_COVER", "CHECK_GRP":
		return r.groups(all, true) + "/" + strings.ReplaceAll(r.profile(all, "hh"), "–", "0")
	case "PROFILE_HH", "PROFILE_POP", "PROFILE_TEMP":
		return r.profile(all, strings.ToLower(strings.TrimPrefix(id, "PROFILE_")))
	case "PROFILE_TEMP_PEAK":
		return r.peak(all)
	case "CHECK_PLACES":
		return r.figure(all, "AW_PLACES") + "/" + r.figure(all, "AW_SESSIONS")
	case "RECEPTION_VISITS":
		return r.sum(all, "citizen_reception", on, "visits", every)
	case "PET_RECEIVED":
		return r.count(all, "petition", "received_on", every)
	case "PET_DUE":
		return r.due(all)
	case "PET_RESOLVED":
		return r.count(all, "petition", "resolved_on", is("competence", "own"))
	case "PET_RATE", "CHECK_PET":
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

// rank is the place of the unit among those beside it by issued over target; of what has no target it is none.
func (r recount) rank(all []rec) string {
	share := func(code string) *big.Rat {
		of := countIn(r.tree, code, r.from, r.to)
		target := number(of.figure(all, "IDC_TARGET"))
		if target.Sign() <= 0 {
			return nil
		}
		return new(big.Rat).Quo(number(of.figure(all, "IDC_ISSUED")), target)
	}
	mine, place := share(r.place), 1
	if mine == nil {
		return "–"
	}
	for _, other := range r.beside() {
		if s := share(other); s != nil && s.Cmp(mine) > 0 {
			place++
		}
	}
	return fmt.Sprint(place)
}

// ratingOf is that of the mean of the scores of an evaluation; "" without scores.
func ratingOf(v map[string]string) string {
	sum, n := new(big.Rat), int64(0)
	for path, text := range v {
		if strings.HasPrefix(path, "scores/") && strings.HasSuffix(path, "/score") {
			sum.Add(sum, number(text))
			n++
		}
	}
	if n == 0 {
		return ""
	}
	mean := sum.Quo(sum, big.NewRat(n, 1))
	switch {
	case mean.Cmp(big.NewRat(8, 1)) >= 0:
		return "tot"
	case mean.Cmp(big.NewRat(13, 2)) >= 0:
		return "kha"
	case mean.Cmp(big.NewRat(5, 1)) >= 0:
		return "trung_binh"
	}
	return "yeu"
}
