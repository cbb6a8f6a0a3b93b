package report_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/syncserver/report"
)

// The definitions cover the 49 indicators of the seed, and say why where they mean something else.
func TestDefinitionsCoverTheSeed(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/seed_facts.json")
	if err != nil {
		t.Skip("../shared is not here, so the definitions are not compared with the seed: ", err)
	}
	var seed struct {
		Indicators []struct{ ID, Aggregation, Formula string }
	}
	if err := json.Unmarshal(data, &seed); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, s := range seed.Indicators {
		d, ok := report.Lookup(s.ID)
		if !ok || d.Part {
			t.Errorf("%s is not defined", s.ID)
		}
		// A field in capitals or with a point is one of the seed's; what it names and no form has was corrected.
		wrong := []string{"venue_id", "exemplary", "theme_group", "minimum", "households WHERE", "'gun'", "commune_profile.karaoke", "commune_profile.households"}
		if slices.ContainsFunc(wrong, func(w string) bool { return strings.Contains(s.Formula, w) }) && d.Corrects == "" {
			t.Errorf("%s differs from %q and does not say why", s.ID, s.Formula)
		}
		lines++
	}
	if lines != 49 {
		t.Errorf("the seed has %d indicators", lines)
	}
}

// A definition that the forms do not bear is refused, and the error names what is wrong.
func TestDefinitionsAreHeldAgainstTheForms(t *testing.T) {
	const words = `"version": 1, "label": {"vi": "a", "en": "a"}, "unit": {"vi": "a", "en": "a"}`
	for text, want := range map[string]string{
		`{"id": "X", ` + words + `, "measure": "count", "form": "no_form"}`:                                                            `no form "no_form"`,
		`{"id": "X", ` + words + `, "measure": "sum", "form": "tip", "field": "people"}`:                                               `"people"`,
		`{"id": "X", ` + words + `, "measure": "sum", "form": "tip", "field": "channel"}`:                                              `"channel" is no number`,
		`{"id": "X", ` + words + `, "measure": "distinct", "form": "tip", "field": "source"}`:                                          `no open field "source"`,
		`{"id": "X", ` + words + `, "measure": "count", "form": "tip", "where": [{"field": "channel", "in": ["fax"]}]}`:                `"fax" is no answer to "channel"`,
		`{"id": "X", ` + words + `, "measure": "count", "form": "tip", "day": "channel"}`:                                              `"channel" must be a date`,
		`{"id": "X", ` + words + `, "measure": "count", "form": "tip", "by": ["area_code"]}`:                                           `"area_code"`,
		`{"id": "X", ` + words + `, "measure": "guess", "form": "tip"}`:                                                                `no measure "guess"`,
		`{"id": "X", ` + words + `, "measure": "ratio", "over": ["Y", "Z"]}`:                                                           `"Y"`,
		`{"id": "X", ` + words + `, "measure": "count", "form": "tip", "colour": "red"}`:                                               `colour`,
		`{"id": "X", "version": 1, "measure": "count", "form": "tip"}`:                                                                 `label`,
		`{"id": "X", ` + words + `, "measure": "count", "form": "tip"}, {"id": "X", ` + words + `, "measure": "count", "form": "tip"}`: `at the same time`,
	} {
		if _, err := report.ReadIndicators([]byte("["+text+"]"), form.Builtin()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// Of two versions each holds for the periods that end within its days.
func TestAPeriodHasItsVersion(t *testing.T) {
	version := func(n, valid, kind string) string {
		return `{"id": "X", "version": ` + n + `, "valid": ` + valid + `, "label": {"vi": "a", "en": "a"}, "unit": {"vi": "a", "en": "a"}, "measure": "count", "form": "` + kind + `"}`
	}
	all, err := report.ReadIndicators([]byte("["+version("1", `{"to": "2026-12-31"}`, "tip")+","+version("2", `{"from": "2027-01-01"}`, "petition")+"]"), form.Builtin())
	if err != nil || len(all) != 2 || all[0].Compartment != "tips" || !all[1].Sensitive() {
		t.Errorf("%+v %v", all, err)
	}
	for _, d := range report.Indicators() { // what is made of small numbers is as small
		if d.Made() {
			a, _ := report.Lookup(d.Over[0])
			b, _ := report.Lookup(d.Over[1])
			if d.Sensitive() != (a.Sensitive() || b.Sensitive()) {
				t.Errorf("%s is made of %s and %s, and sensitive: %t", d.ID, a.ID, b.ID, d.Sensitive())
			}
		}
	}
}

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		period report.Period
		name   string
	}{
		{report.Period{From: "2026-01-01", To: "2026-12-31"}, "năm 2026"},
		{report.Period{From: "2026-07-01", To: "2026-12-31"}, "6 tháng cuối năm 2026"},
		{report.Period{From: "2026-07-01", To: "2026-09-30"}, "quý 3/2026"},
		{report.Period{From: "2026-01-01", To: "2026-03-31"}, "quý 1/2026"},
		{report.Period{From: "2026-10-01", To: "2026-12-31"}, "quý 4/2026"},
		{report.Period{From: "2026-01-01", To: "2026-06-30"}, "6 tháng đầu năm 2026"},
		{report.Period{From: "2026-12-01", To: "2026-12-31"}, "tháng 12/2026"},
		{report.Period{From: "2024-02-01", To: "2024-02-29"}, "tháng 2/2024"},
		{report.Period{From: "2024-02-01", To: "2024-02-28"}, "01/02/2024 – 28/02/2024"},
		{report.Period{From: "2019-01-01", To: "2019-05-31"}, "5 tháng đầu năm 2019"},
		{report.Period{From: "2019-01-01", To: "2019-11-30"}, "11 tháng đầu năm 2019"},
		{report.Period{From: "2019-01-01", To: "2019-05-30"}, "01/01/2019 – 30/05/2019"},
		{report.Period{From: "2019-02-01", To: "2019-05-31"}, "01/02/2019 – 31/05/2019"},
		{report.Period{From: "2019-01-01", To: "2020-05-31"}, "01/01/2019 – 31/05/2020"},
		{report.Period{To: "2017-05-23"}, "đến 23/05/2017"},
		{report.Period{From: "2017-05-23", To: "2017-05-23"}, "23/05/2017"},
	} {
		if got := c.period.Name("vi"); got != c.name {
			t.Errorf("%v is called %q, want %q", c.period, got, c.name)
		}
	}
	quarters := report.Period{From: "2025-11-15", To: "2026-04-02"}.Split(report.Quarter)
	want := []report.Period{{From: "2025-11-15", To: "2025-12-31"}, {From: "2026-01-01", To: "2026-03-31"}, {From: "2026-04-01", To: "2026-04-02"}}
	if !slices.Equal(quarters, want) {
		t.Errorf("%v, want %v", quarters, want)
	}
	if days := (report.Period{From: "2026-02-27", To: "2026-03-02"}).Split(report.Day); len(days) != 4 || days[2].From != "2026-03-01" {
		t.Errorf("%v", days)
	}
	if none := (report.Period{To: "2026-03-02"}).Split(report.Day); none != nil {
		t.Errorf("%v", none)
	}
	if none := (report.Period{From: "2026-03-03", To: "2026-03-02"}).Split(report.Day); none != nil {
		t.Errorf("%v", none)
	}
	for _, step := range []report.Step{report.Day, report.Month, report.Quarter, report.Half, report.Year} { // it ends with the calendar
		last := report.Period{From: "9999-12-30", To: "9999-12-31"}.Split(step)
		if want := map[bool]int{true: 2, false: 1}[step == report.Day]; len(last) != want || last[want-1].To != "9999-12-31" {
			t.Errorf("the end of the calendar by %s: %v", step, last)
		}
	}
}

// TestPeriodsInSentences: what stands in a title names both days, unless people have a name for the period.
func TestPeriodsInSentences(t *testing.T) {
	for _, c := range []struct{ from, to, vi, en string }{
		{"2026-10-15", "2026-11-14", "từ ngày 15/10/2026 đến ngày 14/11/2026", "from 15/10/2026 to 14/11/2026"},
		{"2017-01-01", "2019-12-31", "từ ngày 01/01/2017 đến ngày 31/12/2019", "from 01/01/2017 to 31/12/2019"},
		{"2026-10-15", "2026-10-15", "ngày 15/10/2026", "15/10/2026"},
		{"2019-01-01", "2019-05-31", "5 tháng đầu năm 2019", "first 5 months of 2019"},
		{"2026-11-01", "2026-11-30", "tháng 11/2026", "11/2026"},
		{"", "2026-11-30", "đến 30/11/2026", "until 30/11/2026"},
	} {
		p := report.Period{From: c.from, To: c.to}
		if vi, en := p.InWords("vi"), p.InWords("en"); vi != c.vi || en != c.en {
			t.Errorf("%v: %q %q, want %q %q", p, vi, en, c.vi, c.en)
		}
	}
}

// TestThePeriodBefore: as many months where the period is of whole ones, on whichever day they begin, or else as many days.
func TestThePeriodBefore(t *testing.T) {
	for _, c := range [][4]string{
		{"2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"},
		{"2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"},
		{"2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"},
		{"2019-01-01", "2019-05-31", "2018-08-01", "2018-12-31"},
		{"2017-01-01", "2019-12-31", "2014-01-01", "2016-12-31"},
		{"2026-10-15", "2026-11-14", "2026-09-15", "2026-10-14"},
		{"2025-12-15", "2026-06-14", "2025-06-15", "2025-12-14"},
		{"2026-03-28", "2026-04-27", "2026-02-28", "2026-03-27"},
		{"2026-03-30", "2026-04-29", "2026-02-27", "2026-03-29"}, // February has no 30th
		{"2026-10-05", "2026-10-11", "2026-09-28", "2026-10-04"},
		{"2026-10-05", "2026-10-05", "2026-10-04", "2026-10-04"},
		{"9999-12-01", "9999-12-31", "9999-11-01", "9999-11-30"},
		{"", "2026-10-05", "", ""},
	} {
		if got := (report.Period{From: c[0], To: c[1]}).Before(); got != (report.Period{From: c[2], To: c[3]}) {
			t.Errorf("before %s to %s: %v", c[0], c[1], got)
		}
	}
}

// Rank, least, communes that meet a test, and a stock with an end, over readings.
func TestTheOtherMeasures(t *testing.T) {
	staff := func(id, unit, day, regular, required string) report.Reading {
		return reading(id, unit, "commune_staffing", "as_of", day, "regular_officers", regular, "required", required)
	}
	drive := func(id, unit, target, issued string) report.Reading {
		return reading(id, unit, "id_card_drive", "occurred_on", "2017-05-05", "target", target, "issued", issued)
	}
	model := func(id, status, ended string) report.Reading {
		return reading(id, "a1", "model", "movement", "dan_van_kheo", "started_on", "2016-01-01", "status", status, "ended_on", ended)
	}
	records := []report.Reading{
		staff("1", "a1", "2016-01-01", "3", "5"), staff("2", "a1", "2017-01-01", "6", "5"), staff("3", "a2", "2017-01-01", "4", "5"),
		drive("4", "a1", "100", "90"), drive("5", "b1", "10", "9"), drive("6", "b2", "10", "1"),
		model("7", "active", ""), model("8", "ended", "2018-01-01"), model("9", "ended", "2017-12-31"), model("10", "weak", ""),
	}
	expect(t, records, "STAFF_MIN", "A", year, "4")
	expect(t, records, "STAFF_MIN", "B", year, "–")
	expect(t, records, "STAFF_COVER", "A", year, "50,00 % (1/2)")
	expect(t, records, "STAFF_COVER", "VN", year, "25,00 % (1/4)")
	expect(t, records, "IDC_RANK", "A", year, "1")
	expect(t, records, "IDC_RANK", "B", year, "2")
	expect(t, records, "IDC_RANK", "a2", year, "–")
	expect(t, records, "MODEL_SKILFUL", "A", year, "2")
	expect(t, records, "CHECK_GRP", "A", year, "đúng (0 ≤ 0)")
}
