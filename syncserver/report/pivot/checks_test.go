package pivot_test

import (
	"fmt"
	"slices"
	"testing"

	"banlang/shared/form"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/report/reporttest"
)

// checkCase is what some records make of a check in the commune p1c1 and the year 2017.
type checkCase struct {
	name    string
	records [][]string // the form, the day, then questions and answers
	want    string
}

// checkCases are, of every check that the definitions have, records that hold and records that fail.
var checkCases = map[string][]checkCase{
	"CHECK_PET": {
		{"nothing", nil, "đúng (0 ≤ 0)"},
		{"all resolved", petition("2017-02-01", "2017-03-01", 4), "đúng (4 ≤ 4)"},
		{"some open", slices.Concat(petition("2017-02-01", "2017-03-01", 4), petition("2017-02-01", "", 3)), "đúng (4 ≤ 7)"},
		{"from before", petition("2016-02-01", "2017-03-01", 4), "đúng (4 ≤ 4)"},
		{"resolved earlier than received", petition("2018-01-01", "2017-03-01", 4), "không đúng (4 > 0)"},
		{"of which others are right", slices.Concat(petition("2018-01-01", "2017-03-01", 4), petition("2017-01-01", "", 3)), "không đúng (4 > 3)"},
		{"on the last day", petition("2017-12-31", "2017-12-31", 4), "đúng (4 ≤ 4)"},
	},
	"CHECK_GRP": {
		{"nothing", nil, "đúng (0 ≤ 0)"},
		{"as many as there are", [][]string{group("2017-02-01", "40"), group("2017-02-01", "60"), profile("2017-01-01", "100")}, "đúng (100 ≤ 100)"},
		{"one more", [][]string{group("2017-02-01", "40"), group("2017-02-01", "61"), profile("2017-01-01", "100")}, "không đúng (101 > 100)"},
		{"the last statement counts", [][]string{group("2017-02-01", "80"), profile("2017-01-01", "100"), profile("2017-06-01", "70")}, "không đúng (80 > 70)"},
		{"that of the next year does not", [][]string{group("2017-02-01", "80"), profile("2017-01-01", "100"), profile("2018-01-01", "70")}, "đúng (80 ≤ 100)"},
		{"nobody has stated how many there are", [][]string{group("2017-02-01", "5")}, "không đúng (5 > 0)"},
	},
	"CHECK_PLACES": {
		{"nothing", nil, "đúng (0 ≤ 0)"},
		{"each at its own place", [][]string{at("v1"), at("v2"), at("v3")}, "đúng (3 ≤ 3)"},
		{"twice at one", [][]string{at("v1"), at("v1"), at("v3")}, "đúng (2 ≤ 3)"},
		{"nowhere", [][]string{at(""), at("")}, "đúng (0 ≤ 2)"},
	},
}

// holdsAlways are checks that no records fail, and why: they hold the programs against each other, and not what people wrote.
var holdsAlways = map[string]string{
	"CHECK_PLACES": "a session names one place at most, and both figures count the same sessions",
}

func petition(received, resolved string, n int) (all [][]string) {
	for range n {
		all = append(all, []string{"petition", received, "received_on", received, "resolved_on", resolved, "competence", "own", "type", "khieu_nai"})
	}
	return all
}

func group(day, households string) []string {
	return []string{"self_mgmt_group", day, "founded_on", day, "type", "to_lien_gia", "status", "active", "households", households}
}

func profile(day, households string) []string {
	return []string{"commune_profile", day, "as_of", day, "hh", households}
}

func at(venue string) []string {
	return []string{"awareness_session", "2017-05-05", "occurred_on", "2017-05-05", "venue", venue}
}

// TestChecks: every check of the definitions holds over records that fit and fails over records that do not, by both roads to a figure.
// A check that is added to the definitions needs its cases here.
func TestChecks(t *testing.T) {
	view := reporttest.Tree(1, 2)
	year := report.Period{From: "2017-01-01", To: "2017-12-31"}
	for _, d := range report.Indicators() {
		if d.Measure != report.Check {
			continue
		}
		failed := 0
		for _, x := range checkCases[d.ID] {
			entries, readings := written(x.records)
			got := report.Compute(slices.Values(readings), view, []report.Question{{Indicator: d.ID, Root: "p1c1", Period: year}})[0].Value
			made := table(t, reporttest.Open(t, form.Builtin(), entries), view, pivot.Query{Indicator: d.ID, Root: "p1c1", Reader: "p1c1", Period: year})
			if got.String() != x.want || made.Total.Text() != x.want {
				t.Errorf("%s, %s: %s from readings and %s from tables, want %s", d.ID, x.name, got, made.Total.Text(), x.want)
			}
			if got.Num > got.Den {
				failed++
			}
		}
		if why, always := holdsAlways[d.ID]; len(checkCases[d.ID]) == 0 || failed == 0 != always {
			t.Errorf("%s has %d cases, of which %d fail (%s)", d.ID, len(checkCases[d.ID]), failed, why)
		}
	}
}

// written are records of p1c1 for both roads.
func written(records [][]string) (entries []reporttest.Entry, readings []report.Reading) {
	for i, r := range records {
		reading := report.Reading{ID: fmt.Sprint(i), Unit: "p1c1", Form: r[0], Day: r[1], Values: map[string]string{}}
		for k := 2; k < len(r); k += 2 {
			if r[k+1] != "" {
				reading.Values[r[k]] = r[k+1]
			}
		}
		entries, readings = append(entries, reporttest.Entry{Reading: reading}), append(readings, reading)
	}
	return entries, readings
}
