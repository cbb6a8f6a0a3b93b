package madeup

import (
	"math/rand/v2"
	"strconv"
)

// What the other forms of the programme must add up to. As in plan.go, every number is divided into records.
const (
	mediaItems = 82
	newModels  = 7 // "4 models, …"
	skilful    = 52
	persons    = 33
	donations  = 3164 // "hơn 3.100"
	visits     = 7911 // "hơn 7.830"
	goodModels = 5

	labourHalves  = 2*371_245 + 1 // half days of labour: "hơn 368.800"
	roadHalves    = 2*1362 + 1    // half kilometres: "hơn 1.350"
	helpedHomes   = 4478          // "hơn 4.430"
	schools       = 377           //
	classes       = 52            //
	learners      = 1647          // "hơn 1.630"
	giftThousands = 163_912_500   // thousands of đồng: "hơn 163,4 tỷ"
	reliefTurnout = 30_460        //
	marchDays     = 15            // of each wave
)

// programme is a unit's share of these.
type programme struct {
	media, models, skilful, persons, good int
	donors, visits                        []int64
	labour, roads, homes, schools         []int64 // in the records of one unit; labour and roads in halves
	classes, learners, gifts, turnout     []int64
}

func (w *World) planProgramme(r *rand.Rand) {
	one, two, four, five := w.under(RootOne), w.under(RootTwo), w.under(RootFour), w.under(RootFive)
	deal := func(of []commune, total, least int64, give func(p *programme, n int)) {
		for i, n := range split(r, total, len(of), least) {
			give(&of[i].programme, int(n))
		}
	}
	parts := func(of []commune, total int64, each int, least int64, give func(p *programme) *[]int64) {
		all := split(r, total, each*len(of), least)
		for i := range of {
			*give(&of[i].programme) = all[i*each : (i+1)*each]
		}
	}
	deal(one, mediaItems, 1, func(p *programme, n int) { p.media = n })
	deal(one, newModels, 0, func(p *programme, n int) { p.models = n })
	deal(two, skilful, 2, func(p *programme, n int) { p.skilful = n })
	deal(two, persons, 1, func(p *programme, n int) { p.persons = n })
	deal(four, goodModels, 0, func(p *programme, n int) { p.good = n })
	parts(two, donations, 3, 12, func(p *programme) *[]int64 { return &p.donors })
	parts(four, visits, 25, 3, func(p *programme) *[]int64 { return &p.visits })
	parts(five, labourHalves, 12, 900, func(p *programme) *[]int64 { return &p.labour })
	parts(five, roadHalves, 12, 5, func(p *programme) *[]int64 { return &p.roads })
	parts(five, helpedHomes, 12, 9, func(p *programme) *[]int64 { return &p.homes })
	parts(five, schools, 12, 2, func(p *programme) *[]int64 { return &p.schools })
	parts(five, classes, 6, 1, func(p *programme) *[]int64 { return &p.classes })
	parts(five, learners, 6, 20, func(p *programme) *[]int64 { return &p.learners })
	parts(five, giftThousands, 12, 60_000, func(p *programme) *[]int64 { return &p.gifts })
	parts(five, reliefTurnout, 12, 80, func(p *programme) *[]int64 { return &p.turnout })
}

var (
	halfYear2019 = span{day("2019-01-01"), day("2019-06-30")}
	fiveMonths   = span{day("2019-01-01"), day("2019-05-31")}
)

// writeProgramme writes the records of the other forms, and around them some that belong to no published figure.
func (o *officer) writeProgramme() {
	switch o.Parent {
	case RootOne:
		o.writeMedia()
		o.writeDrives(1000, 900)
	case RootTwo:
		o.writeSkilful()
		o.writeStaffing()
		o.writeDonations()
		o.writeDrives(1000, 960)
	case RootThree:
		o.writeDrives(500, 490)
	case RootFour:
		o.writeReception()
		o.writeEvaluations()
		o.writeDrives(1000, 800)
	case RootFive:
		o.writeHelp()
		o.writeMarches()
	}
}

func (o *officer) writeMedia() {
	for i := range o.media {
		o.item(year2017.at(i, o.edges, o.r))
	}
	o.item(day("2016-12-31"))
	o.item(day("2018-01-01"))
	for i := range o.models {
		o.model("Mô hình mới "+itoa(i+1), year2017.any(o.r), "khac", "active", "")
	}
	o.model("Mô hình năm sau", day("2018-01-01"), "khac", "active", "")
}

func (o *officer) item(on date) {
	o.write("media_item", on, map[string]string{
		"medium": pick(o.r, []string{"tin", "bai", "phong_su", "loa"}), "title": "Chuyện làng số " + itoa(1+o.r.IntN(900)), "outlet": "Loa truyền thanh",
		"published_on": on.String(), "topics": o.topics(), "language": pick(o.r, []string{"vi", "vi jra"}),
	})
}

func (o *officer) model(name string, started date, movement, status, ended string) {
	values := map[string]string{
		"name": name, "field": pick(o.r, []string{"tu_quan", "giao_thong", "truong_hoc"}), "movement": movement, "started_on": started.String(),
		"lead_body": pick(o.r, []string{"cong_an", "mttq", "phu_nu"}), "places": o.village(), "status": status,
	}
	if ended != "" {
		values["ended_on"] = ended
	}
	o.write("model", started, values)
}

// writeSkilful makes the models that stood on 28/02/2022, the first of them ended since, and who was recognised by then.
func (o *officer) writeSkilful() {
	past := span{day("2014-06-01"), day("2022-02-28")}
	for i := range o.skilful {
		status, ended := "active", ""
		if i == 0 {
			status, ended = "ended", "2022-03-01"
		}
		o.model("Dân vận khéo "+itoa(i+1), past.at(i, o.edges, o.r), "dan_van_kheo", status, ended)
	}
	o.model("Dân vận khéo đã thôi", day("2014-07-05"), "dan_van_kheo", "ended", "2022-02-28")
	o.model("Dân vận khéo còn yếu", day("2015-05-05"), "dan_van_kheo", "weak", "")
	o.model("Dân vận khéo mới", day("2022-03-01"), "dan_van_kheo", "active", "")
	o.model("Phong trào khác", day("2016-05-05"), "khac", "active", "")
	recognise := func(on date, kind, movement string) {
		o.write("recognition", on, map[string]string{
			"kind": kind, "movement": movement, "form": "giay_khen", "decision_no": itoa(100+o.r.IntN(800)) + "/QĐ", "decided_on": on.String(),
		})
	}
	for i := range o.persons {
		recognise(past.at(1-min(i, 1), o.edges, o.r), "individual", "dan_van_kheo")
	}
	recognise(day("2022-03-01"), "individual", "dan_van_kheo")
	recognise(day("2019-03-01"), "collective", "dan_van_kheo")
	recognise(day("2019-03-02"), "individual", "khac")
}

// writeStaffing states three times how many regular officers a commune has: too few, enough, and after the day of the report.
func (o *officer) writeStaffing() {
	for i, on := range []string{"2019-06-30", "2021-12-31", "2022-06-30"} {
		regular := []int{3, 5 + o.r.IntN(3), 4}[i]
		o.write("commune_staffing", day(on), map[string]string{
			"as_of": on, "regular_officers": itoa(regular), "required": "5", "communicators": itoa(2 + o.r.IntN(6)), "trained_24m": itoa(o.r.IntN(3)),
		})
	}
}

func (o *officer) writeDonations() {
	give := func(on date, donors int64) {
		o.write("blood_donation", on, map[string]string{
			"occurred_on": on.String(), "campaign": pick(o.r, []string{"Chủ nhật đỏ", "Ngày hội giọt máu hồng"}),
			"registered": strconv.FormatInt(donors+int64(o.r.IntN(9)), 10), "donors": strconv.FormatInt(donors, 10),
		})
	}
	past := span{day("2017-04-07"), day("2022-02-28")}
	for i, donors := range o.donors {
		give(past.at(1-min(i, 1), o.edges, o.r), donors)
	}
	give(day("2022-03-01"), 31)
}

func (o *officer) writeDrives(target, issued int) {
	for i, on := range []string{"2021-03-15", "2021-06-30"} {
		o.write("id_card_drive", day(on), map[string]string{
			"occurred_on": on, "mode": "luu_dong", "target": itoa(target), "applications": itoa(target), "issued": itoa(issued - 10 + 20*i),
		})
	}
}

func (o *officer) writeReception() {
	receive := func(on date, n int64) {
		text := strconv.FormatInt(n, 10)
		o.write("citizen_reception", on, map[string]string{
			"occurred_on": on.String(), "kind": pick(o.r, []string{"thuong_xuyen", "dinh_ky"}), "visits": text, "matters": text,
			"field": pick(o.r, []string{"cu_tru", "can_cuoc", "dat_dai"}), "leader_present": pick(o.r, []string{"true", "false"}),
			"result": pick(o.r, []string{"giai_thich_tai_cho", "huong_dan"}),
		})
	}
	for i, n := range o.visits {
		receive(fiveMonths.at(i, o.edges, o.r), n)
	}
	receive(day("2018-12-31"), 17)
	receive(day("2019-06-01"), 19)
}

// writeEvaluations rates the models of the commune: the good ones once in the half-year, and others that do not count.
func (o *officer) writeEvaluations() {
	rate := func(model int, on date, score string) {
		o.write("evaluation", on, map[string]string{
			"occurred_on": on.String(), "subject": "@m" + itoa(model), "period": "2019-H1", "meetings": "6", "activities": "4",
			"scores/1/criterion": "sinh_hoat", "scores/1/score": score, "scores/2/criterion": "hieu_qua", "scores/2/score": score,
		})
	}
	for i := range o.good + 2 {
		on := day("2014-02-01") + date(200*i) // far apart, so that they are entered in this order
		o.model("Mô hình "+itoa(i+1), on, "khac", "active", "")
	}
	for i := range o.good {
		rate(i+1, halfYear2019.any(o.r), "9")
	}
	rate(o.good+1, halfYear2019.any(o.r), "6")
	rate(o.good+2, day("2019-07-01"), "10")
}

func (o *officer) help(on date, kind string, values map[string]string) {
	values["occurred_on"], values["kind"] = on.String(), kind
	o.write("welfare_activity", on, values)
}

func (o *officer) writeHelp() {
	each := func(parts []int64, kind string, values func(n int64) map[string]string) {
		for i, n := range parts {
			o.help(halfYear2019.at(i, o.edges, o.r), kind, values(n))
		}
		for _, on := range []string{"2018-12-31", "2019-07-01"} {
			o.help(day(on), kind, values(3))
		}
	}
	number := func(field string) func(n int64) map[string]string {
		return func(n int64) map[string]string { return map[string]string{field: strconv.FormatInt(n, 10)} }
	}
	made := func(output string) func(n int64) map[string]string {
		return func(n int64) map[string]string {
			return map[string]string{"output": output, "quantity": strconv.FormatInt(n, 10)}
		}
	}
	each(o.labour, "ung_ho", func(n int64) map[string]string { return map[string]string{"labour_days": halves(n)} })
	each(o.roads, "duong", func(n int64) map[string]string {
		return map[string]string{"output": pick(o.r, []string{"road_km", "canal_km"}), "quantity": halves(n)}
	})
	each(o.homes, "giam_ngheo", number("households"))
	each(o.schools, "truong", made("school"))
	each(o.classes, "xoa_mu", made("class"))
	each(o.learners, "xoa_mu", number("persons"))
	each(o.turnout, "thien_tai", func(n int64) map[string]string {
		return map[string]string{"staff_turnout": strconv.FormatInt(n, 10), "households": "4"}
	})
	each(o.gifts, "chinh_sach", func(n int64) map[string]string {
		return map[string]string{"value_vnd": strconv.FormatInt(n*1000, 10)}
	})
}

// halves writes n halves of a unit.
func halves(n int64) string {
	text := strconv.FormatInt(n/2, 10)
	if n%2 != 0 {
		text += ".5"
	}
	return text
}

// writeMarches holds the two waves of every year under a joint programme; one unit marches for all.
func (o *officer) writeMarches() {
	o.write("joint_programme", day("2017-01-05"), map[string]string{
		"occurred_on": "2017-01-05", "number": "01/CTPH", "template_version": "1", "parties": "cong_an quan_doi", "from": "2017-01-05", "to": "2021-12-31",
		"tasks/1/task": "Hành quân dã ngoại làm dân vận", "tasks/1/lead": "quan_doi", "tasks/1/period": "hang_nam", "standing_office": "Ban Dân vận",
	})
	hold := func(on, kind string, days int) {
		o.write("joint_activity", day(on), map[string]string{
			"occurred_on": on, "programme": "@j1", "kind": kind, "lead_body": "quan_doi", "participants": "quan_doi cong_an", "days": itoa(days),
		})
	}
	hold("2018-07-15", "giao_ban", 1)
	if !o.edges {
		return
	}
	for _, year := range []string{"2017", "2018", "2019"} {
		hold(year+"-07-10", "hanh_quan_da_ngoai", marchDays)
		hold(year+"-11-10", "hanh_quan_da_ngoai", marchDays)
	}
}
