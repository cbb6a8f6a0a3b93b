package madeup

import (
	"math/rand/v2"
	"slices"
	"strconv"
)

// officer writes the records of one commune.
type officer struct {
	*commune
	r        *rand.Rand
	names    bank
	edges    bool // puts records on the first and last day of each period
	venues   []place
	receipts int // numbers of handovers given out
	lines    []line
}

// place is an entry of the register: its reference and kind.
type place struct{ ref, kind string }

// line is a record and the day on which it was entered.
type line struct {
	entered date
	form    string
	values  map[string]string
}

// placesApart is how many places a commune registers beyond those visited in 2017.
const placesApart = 10

func newOfficer(r *rand.Rand, c *commune, edges bool) *officer {
	o := &officer{commune: c, r: r, edges: edges}
	for _, root := range roots() {
		if root.Code == c.Parent {
			o.names = root.names
		}
	}
	return o
}

func (o *officer) writeAll() {
	o.register(o.visited + placesApart)
	o.writeSessions()
	o.writeTips()
	o.writeHandovers()
	o.writePetitions()
	if o.groups {
		o.writeGroups()
	}
	o.writeNoise()
	o.writeProgramme()
}

// file orders the lines by entry and gives out their keys.
func (o *officer) file() []Entry {
	slices.SortStableFunc(o.lines, func(a, b line) int { return int(a.entered - b.entered) })
	entries, given := make([]Entry, len(o.lines)), keys{}
	for i, l := range o.lines {
		entries[i] = Entry{Key: given.next(l.form), Form: l.form, Unit: o.Code, Values: l.values}
	}
	return entries
}

// write keeps a record of something that happened on a day. Most are entered
// within a week, a few months later, which no figure may notice.
func (o *officer) write(form string, happened date, values map[string]string) {
	entered := happened + date(o.r.IntN(7))
	if o.r.IntN(40) == 0 {
		entered += date(20 + o.r.IntN(90))
	}
	if notes := remarks[form]; len(notes) > 0 && o.r.IntN(6) == 0 {
		values["note"] = pick(o.r, notes)
	}
	o.lines = append(o.lines, line{entered, form, values})
}

// register enters n places, before anything else is written.
func (o *officer) register(n int) {
	fixed, start, villages := institutions(o.Name), o.r.IntN(1000), 0
	for i := range n {
		var kind, name string
		if next := i / 3; i%3 == 2 && next < len(fixed) {
			kind, name = fixed[next].kind, fixed[next].name
		} else {
			kind, name = o.names.village(start, villages)
			name = hall(kind) + name
			villages++
		}
		entered := day("2014-01-06") + date(i)
		values := map[string]string{"name": name, "type": kind, "parent_unit": o.Code, "occurred_on": entered.String()}
		if kind == "lang" || kind == "thon" {
			values["households"] = itoa(35 + o.r.IntN(160))
			values["languages_needed"] = pick(o.r, []string{"vi", "vi jra", "vi bdq"})
			values["remote"] = strconv.FormatBool(o.r.IntN(5) == 0)
		}
		o.lines = append(o.lines, line{entered, "venue_register", values})
		o.venues = append(o.venues, place{"@v" + itoa(i+1), kind})
	}
}

func hall(kind string) string {
	if kind == "lang" {
		return "Nhà rông "
	}
	return "Nhà văn hóa "
}

// village gives a place that is a village: an area is never finer.
func (o *officer) village() string {
	for {
		if p := pick(o.r, o.venues); p.kind == "lang" || p.kind == "thon" {
			return p.ref
		}
	}
}

var year2017 = span{day("2017-01-01"), day("2017-12-31")}

// writeSessions holds one session at each visited place and the others at any
// of them but the first two, which keep a single one: a place counts once.
func (o *officer) writeSessions() {
	for i, people := range o.sizes {
		at := i
		if i >= o.visited {
			at = 2 + o.r.IntN(o.visited-2)
		}
		o.session(year2017.at(i, o.edges, o.r), o.venues[at], people)
	}
	for i := range o.runs {
		o.loudspeaker(year2017.at(i, o.edges, o.r), o.venues[2+o.r.IntN(o.visited-2)])
	}
}

func (o *officer) session(on date, at place, people int64) {
	raised := o.r.IntN(12)
	o.write("awareness_session", on, map[string]string{
		"occurred_on": on.String(), "venue": at.ref, "venue_type": at.kind,
		"method":             pick(o.r, []string{"truc_tiep", "truc_tiep", "truc_tiep", "long_ghep", "tai_nha"}),
		"topics":             o.topics(),
		"language":           pick(o.r, []string{"vi", "vi", "vi jra", "vi bdq"}),
		"duration_min":       itoa(30 + 5*o.r.IntN(25)),
		"participants_total": strconv.FormatInt(people, 10),
		"count_method":       pick(o.r, []string{"dem", "dem", "danh_sach", "uoc"}),
		"lead_body":          pick(o.r, []string{"cong_an", "cong_an", "mttq", "phu_nu", "thanh_nien", "ubnd"}),
		"presenters":         itoa(1 + o.r.IntN(3)),
		"questions_raised":   itoa(raised), "questions_answered": itoa(raised - o.r.IntN(raised/3+1)),
		"materials": itoa(10 * o.r.IntN(20)),
	})
}

// loudspeaker is a run of the vehicle: nobody is counted.
func (o *officer) loudspeaker(on date, at place) {
	o.write("awareness_session", on, map[string]string{
		"occurred_on": on.String(), "venue": at.ref, "venue_type": at.kind, "method": "xe_loa",
		"topics": o.topics(), "language": pick(o.r, []string{"vi", "vi jra"}),
		"duration_min": itoa(60 + 10*o.r.IntN(12)), "lead_body": "cong_an", "presenters": itoa(1 + o.r.IntN(2)),
	})
}

func (o *officer) topics() string {
	codes := []string{"toi_pham", "ma_tuy", "antq", "giao_thong", "pccc", "vu_khi", "tin_dung_den", "tre_em", "phap_luat"}
	first := o.r.IntN(len(codes))
	second := (first + 1 + o.r.IntN(len(codes)-1)) % len(codes)
	if o.r.IntN(3) == 0 {
		return codes[first]
	}
	return codes[first] + " " + codes[second]
}

func (o *officer) writeTips() {
	period := year2017
	if o.Parent == RootTwo {
		period.to = day("2021-12-31")
	}
	for i := range o.valuable {
		o.tip(period.at(i, o.edges, o.r), "co_gia_tri")
	}
	for i := range o.otherTips {
		o.tip(period.at(i, o.edges, o.r), pick(o.r, []string{"khong", "chua_ro", ""}))
	}
}

func (o *officer) tip(on date, assessed string) {
	values := map[string]string{
		"occurred_on": on.String(), "area": o.village(),
		"channel":  pick(o.r, []string{"truc_tiep", "dien_thoai", "hom_thu", "hop_dan", "to_tu_quan"}),
		"category": pick(o.r, []string{"toi_pham", "ma_tuy", "te_nan", "giao_thong", "chay_no", "vu_khi", "antt_khac"}),
		"urgency":  pick(o.r, []string{"thuong", "thuong", "thuong", "khan", "hoa_toc"}),
	}
	if assessed != "" {
		values["assessed_value"] = assessed
		values["assessed_on"] = (on + date(1+o.r.IntN(14))).String()
		values["outcome"] = pick(o.r, map[string][]string{
			"co_gia_tri": {"giai_quyet", "giai_quyet", "phong_ngua", "dang_xac_minh"},
			"khong":      {"khong_co_so"}, "chua_ro": {"dang_xac_minh"},
		}[assessed])
	}
	o.write("tip", on, values)
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func itoa(n int) string { return strconv.Itoa(n) }
