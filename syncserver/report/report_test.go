package report_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/shared/units"
	"banlang/syncserver/report"
)

var library = form.Builtin()

// tree is two provinces of two communes each.
var tree = units.New(units.Usual, []units.Unit{
	{Code: "VN", Level: "country", Name: "Cả nước"},
	{Code: "A", Parent: "VN", Level: "province", Name: "Tỉnh A"}, {Code: "B", Parent: "VN", Level: "province", Name: "Tỉnh B"},
	{Code: "a1", Parent: "A", Level: "commune", Name: "Xã A1"}, {Code: "a2", Parent: "A", Level: "commune", Name: "Xã A2"},
	{Code: "b1", Parent: "B", Level: "commune", Name: "Xã B1"}, {Code: "b2", Parent: "B", Level: "commune", Name: "Xã B2"},
}).At("2020-01-01")

var year = report.Period{From: "2017-01-01", To: "2017-12-31"}

// reading is one of the current version of a form, as it is read.
func reading(id, unit, kind string, pairs ...string) report.Reading {
	return report.Read(library, []report.Record{kept(library, id, unit, kind, pairs...)})[0]
}

func kept(library *form.Library, id, unit, kind string, pairs ...string) report.Record {
	f, ok := library.Current(kind)
	if !ok {
		panic("no form " + kind)
	}
	r := report.Record{ID: id, Unit: unit, Form: f.Ref, Values: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		r.Values[pairs[i]] = pairs[i+1]
	}
	return r
}

func session(id, unit, day, venue, people string) report.Reading {
	return reading(id, unit, "awareness_session", "occurred_on", day, "method", "truc_tiep", "venue", venue, "participants_total", people)
}

func ask(records []report.Reading, indicator, root string, period report.Period) report.Figure {
	return report.Compute(slices.Values(records), tree, []report.Question{{Indicator: indicator, Root: root, Period: period}})[0]
}

func expect(t *testing.T, records []report.Reading, indicator, root string, period report.Period, want string) {
	t.Helper()
	if got := ask(records, indicator, root, period); got.Value.String() != want || got.Unread != 0 {
		t.Errorf("%s of %s over %v is %s (%d records, %d unread), want %s", indicator, root, period, got.Value, got.Records, got.Unread, want)
	}
}

func TestSessionsOfAYear(t *testing.T) {
	records := []report.Reading{
		session("1", "a1", "2017-01-01", "hall", "30"),
		session("2", "a1", "2017-12-31", "hall", "1200"),
		session("3", "a2", "2017-06-01", "school", "7"),
		session("4", "a1", "2016-12-31", "market", "100"),
		session("5", "a1", "2018-01-01", "market", "100"),
		session("6", "b1", "2017-06-01", "office", "100"),
		reading("7", "a2", "awareness_session", "occurred_on", "2017-03-01", "method", "xe_loa", "venue", "road"),
	}
	expect(t, records, "AW_PLACES", "A", year, "3")
	expect(t, records, "AW_SESSIONS", "A", year, "4")
	expect(t, records, "AW_PARTICIPANTS", "A", year, "1.237")
	expect(t, records, "AW_LOUDSPEAKER", "A", year, "1")
	expect(t, records, "AW_PARTICIPANTS", "a1", year, "1.230")
	expect(t, records, "AW_PARTICIPANTS", "VN", year, "1.337")
	expect(t, records, "AW_PARTICIPANTS", "A", report.Period{To: "2017-01-01"}, "130")
	expect(t, records, "AW_SESSIONS", "nowhere", year, "0")
}

func TestWeaponsByKind(t *testing.T) {
	records := []report.Reading{
		reading("1", "a1", "weapon_handover", "occurred_on", "2017-05-01",
			"items/1/kind", "gun_air", "items/1/quantity", "2", "items/x/kind", "gun_military", "items/x/quantity", "1",
			"items/3/kind", "explosive_g", "items/3/quantity", "62.5", "items/4/kind", "grenade", "items/4/quantity", "3"),
		reading("2", "a2", "weapon_handover", "occurred_on", "2017-05-02",
			"items/1/kind", "gun_hunting", "items/1/quantity", "4", "items/2/kind", "explosive_g", "items/2/quantity", "0.025",
			"items/3/kind", "", "items/3/quantity", "99"),
	}
	expect(t, records, "WPN_GUN", "A", year, "7")
	expect(t, records, "WPN_EXPLOSIVE_G", "A", year, "62,525")
	expect(t, records, "WPN_GRENADE", "A", year, "3")
	expect(t, records, "WPN_BOMB", "A", year, "0")
	if got := ask(records, "WPN_GRENADE", "A", year).Records; got != 1 {
		t.Errorf("%d handovers hold grenades, want 1", got)
	}
}

func TestProfilesAreTheLatestAtTheDate(t *testing.T) {
	profile := func(id, unit, day, hh, temp, karaoke string) report.Reading {
		pairs := []string{"as_of", day, "hh", hh, "temp", temp}
		if karaoke != "" {
			pairs = append(pairs, "businesses/1/kind", "karaoke", "businesses/1/count", karaoke, "businesses/2/kind", "food", "businesses/2/count", "50")
		}
		return reading(id, unit, "commune_profile", pairs...)
	}
	records := []report.Reading{
		profile("1", "a1", "2016-01-01", "900", "4100", "6"),
		profile("2", "a1", "2017-05-20", "1000", "", ""),
		profile("3", "a1", "2017-05-20", "1045", "", ""), // the same day again: the greater id
		profile("4", "a1", "2017-05-24", "2000", "9000", "9"),
		profile("5", "a2", "2015-07-07", "55", "12", "1"),
		profile("6", "b1", "2017-01-01", "70", "1", "1"),
	}
	at := report.Period{To: "2017-05-23"}
	for range 5 {
		rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		expect(t, records, "PROFILE_HH", "a1", at, "1.045")
		expect(t, records, "PROFILE_HH", "A", at, "1.100")
		expect(t, records, "PROFILE_TEMP", "a1", at, "4.100") // last stated in 2016
		expect(t, records, "PROFILE_TEMP_PEAK", "A", at, "4.100")
		expect(t, records, "PROFILE_TEMP_PEAK", "A", report.Period{To: "2017-12-31"}, "9.000")
		expect(t, records, "PROFILE_KARAOKE", "A", at, "7")
		expect(t, records, "PROFILE_HH", "a1", report.Period{From: "2017-05-21", To: "2017-05-23"}, "1.045") // a stock has no start
	}
	q := report.Question{Indicator: "PROFILE_HH", Root: "A", Period: at}
	if got := report.Behind(slices.Values(records), tree, q); !slices.Equal(got, []string{"3", "5"}) {
		t.Errorf("the figure is read from %v, want 3 and 5", got)
	}
}

func TestGroupsAndTheirShare(t *testing.T) {
	group := func(id, kind, status, founded, households string) report.Reading {
		return reading(id, "a1", "self_mgmt_group", "type", kind, "status", status, "founded_on", founded, "households", households)
	}
	records := []report.Reading{
		group("1", "to_lien_gia", "active", "2015-01-01", "500"),
		group("2", "to_lien_gia", "active", "2017-05-23", "520"),
		group("3", "to_lien_gia", "closed", "2015-01-01", "40"),
		group("4", "to_hoa_giai", "active", "2015-01-01", "40"),
		group("5", "to_lien_gia", "active", "2017-05-24", "40"),
		reading("6", "a1", "commune_profile", "as_of", "2017-05-20", "hh", "1045"),
	}
	at := report.Period{To: "2017-05-23"}
	expect(t, records, "GRP_COUNT", "a1", at, "2")
	expect(t, records, "GRP_HOUSEHOLDS", "a1", at, "1.020")
	expect(t, records, "GRP_COVER", "a1", at, "97,61 % (1.020/1.045)")
	expect(t, records[:5], "GRP_COVER", "a1", at, "– (1.020/0)")
}

func TestPetitionsDueAndResolved(t *testing.T) {
	petition := func(id, competence, received, resolved string) report.Reading {
		return reading(id, "a1", "petition", "competence", competence, "received_on", received, "resolved_on", resolved)
	}
	records := []report.Reading{
		petition("in time", "own", "2019-01-01", "2019-05-31"),
		petition("late", "own", "2019-05-31", "2019-06-01"),
		petition("open", "own", "2019-03-01", ""),
		petition("carried", "own", "2018-06-01", "2019-01-01"),
		petition("carried, open", "own", "2018-06-01", ""),
		petition("closed before", "own", "2018-06-01", "2018-12-31"),
		petition("received after", "own", "2019-06-01", ""),
		petition("passed on", "other", "2019-02-01", "2019-02-02"),
	}
	months := report.Period{From: "2019-01-01", To: "2019-05-31"}
	expect(t, records, "PET_RECEIVED", "A", months, "4")
	expect(t, records, "PET_DUE", "A", months, "5")
	expect(t, records, "PET_RESOLVED", "A", months, "2")
	expect(t, records, "PET_RATE", "A", months, "40,00 % (2/5)")
	got := report.Behind(slices.Values(records), tree, report.Question{Indicator: "PET_DUE", Root: "A", Period: months})
	if want := []string{"carried", "carried, open", "in time", "late", "open"}; !slices.Equal(got, want) {
		t.Errorf("due are %v, want %v", got, want)
	}
}

// What cannot be read is said, not guessed at and not left out in silence.
func TestWhatCannotBeReadIsCounted(t *testing.T) {
	later := kept(library, "1", "a1", "awareness_session", "occurred_on", "2017-01-01", "method", "xe_loa", "participants_total", "30")
	later.Form.Version++
	huge := strings.Repeat("9", form.MaxIntDigits)
	cases := map[string][]report.Reading{
		"a form version of the future": report.Read(library, []report.Record{later}),
		"no date":                      {session("1", "a1", "", "hall", "30")},
		"a day that is none":           {session("1", "a1", "2017-02-30", "hall", "30")},
		"no number":                    {session("1", "a1", "2017-02-01", "hall", "ba mươi")},
		"half a person":                {session("1", "a1", "2017-02-01", "hall", "1.5")},
	}
	for name, records := range cases {
		if got := ask(records, "AW_PARTICIPANTS", "A", year); got.Value.Num != 0 || got.Unread != 1 {
			t.Errorf("%s: %+v, want one unread", name, got)
		}
		if got := ask(records, "AW_PARTICIPANTS", "B", year); got.Unread != 0 {
			t.Errorf("%s: counts as unread in a place it is not of: %+v", name, got)
		}
	}
	if got := ask([]report.Reading{session("1", "a1", "2017-02-01", "hall", huge)}, "AW_PARTICIPANTS", "A", year); got.Value.Num != 999_999_999_999_999 || got.Unread != 0 {
		t.Errorf("the largest number gives %+v", got)
	}
	if got := ask(nil, "NOTHING", "A", year); got.Unread != -1 {
		t.Errorf("an indicator that does not exist gives %+v", got)
	}
}

// The answer does not depend on the order of records, nor on the questions
// asked beside it; and the parts of a period add up to it.
func TestFiguresHoldInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var records []report.Reading
	for i := range 400 {
		month := 1 + r.IntN(12)
		day := "2017-" + pad(month) + "-" + pad(1+r.IntN(28))
		records = append(records, session(strconv.Itoa(i), []string{"a1", "a2", "b1", "b2"}[r.IntN(4)], day, strconv.Itoa(r.IntN(30)), strconv.Itoa(r.IntN(300))))
	}
	var questions []report.Question
	for _, d := range report.Indicators() {
		for _, root := range []string{"A", "B", "VN", "a1"} {
			questions = append(questions, report.Question{Indicator: d.ID, Root: root, Period: year})
		}
	}
	first := report.Compute(slices.Values(records), tree, questions)
	r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	for i, figure := range report.Compute(slices.Values(records), tree, questions) {
		if figure != first[i] || figure.Question != questions[i] {
			t.Errorf("%+v, shuffled %+v", first[i], figure)
		}
		if alone := ask(records, questions[i].Indicator, questions[i].Root, year); alone != figure {
			t.Errorf("%+v, asked alone %+v", figure, alone)
		}
	}
	var sum int64
	for month := 1; month <= 12; month++ {
		sum += ask(records, "AW_PARTICIPANTS", "VN", report.Period{From: "2017-" + pad(month) + "-01", To: "2017-" + pad(month) + "-31"}).Value.Num
	}
	if whole := ask(records, "AW_PARTICIPANTS", "VN", year).Value.Num; whole != sum || whole == 0 {
		t.Errorf("the year has %d attendances, its months %d", whole, sum)
	}
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
