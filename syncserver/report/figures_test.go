package report_test

import (
	"fmt"
	"slices"
	"testing"

	"banlang/shared/units"
	"banlang/syncserver/report"
)

// What a unit has stated before it went up in another counts until that one states something itself.
func TestAStatementOutlivesItsUnit(t *testing.T) {
	merged := units.New(units.Usual, []units.Unit{
		{Code: "A", Level: "province", Name: "Tỉnh A"}, {Code: "a0", Parent: "A", Level: "commune", Name: "Xã A0"},
		{Code: "a1", Parent: "A", Level: "commune", Name: "Xã A1", To: "2025-07-01", Into: []string{"a3"}},
		{Code: "a2", Parent: "A", Level: "commune", Name: "Xã A2", To: "2025-07-01", Into: []string{"a3"}},
		{Code: "a3", Parent: "A", Level: "commune", Name: "Xã A3", From: "2025-07-01"},
	}).At("2026-01-01")
	profile := func(id, unit, day, hh string) report.Reading {
		return reading(id, unit, "commune_profile", "as_of", day, "hh", hh)
	}
	records := []report.Reading{profile("0", "a0", "2025-01-01", "1"), profile("1", "a1", "2025-05-01", "10"), profile("2", "a2", "2025-06-01", "20")}
	households := func(root string, records ...report.Reading) (string, []string) {
		q := report.Question{Indicator: "PROFILE_HH", Root: root, Period: report.Period{To: "2026-01-01"}}
		return report.Compute(slices.Values(records), merged, []report.Question{q})[0].Value.String(), report.Behind(slices.Values(records), merged, q)
	}
	for root, want := range map[string]string{"A": "31", "a3": "30"} {
		if got, _ := households(root, records...); got != want {
			t.Errorf("%s has %s, want %s", root, got, want)
		}
	}
	records = append(records, profile("3", "a3", "2025-09-01", "25"))
	if got, ids := households("A", records...); got != "26" || !slices.Equal(ids, []string{"0", "3"}) {
		t.Errorf("it has %s, of %q, once the new unit has spoken", got, ids)
	}
}

// What a unit stated before it was split counts until one of its parts states something, and never beside them; nor does it count beside
// what has ended in the meantime.
func TestAStatementIsNotCountedBesideThoseOfItsParts(t *testing.T) {
	split := units.New(units.Usual, []units.Unit{
		{Code: "A", Level: "province", Name: "Tỉnh A"},
		{Code: "a1", Parent: "A", Level: "commune", Name: "Xã A1", To: "2025-03-01", Into: []string{"a2", "a3"}},
		{Code: "a2", Parent: "A", Level: "commune", Name: "Xã A2", From: "2025-03-01"},
		{Code: "a3", Parent: "A", Level: "commune", Name: "Xã A3", From: "2025-03-01", To: "2025-07-01", Into: []string{"a4"}},
		{Code: "a4", Parent: "A", Level: "commune", Name: "Xã A4", From: "2025-07-01"},
	}).At("2026-01-01")
	var records []report.Reading
	for i, x := range []struct{ unit, day, hh, want string }{
		{"a1", "2025-02-01", "10", "10"}, {"a3", "2025-04-01", "4", "4"}, {"a2", "2025-05-01", "7", "11"}, {"a4", "2025-08-01", "5", "12"},
	} {
		records = append(records, reading(fmt.Sprint(i), x.unit, "commune_profile", "as_of", x.day, "hh", x.hh))
		q := report.Question{Indicator: "PROFILE_HH", Root: "A", Period: report.Period{To: "2026-01-01"}}
		if got := report.Compute(slices.Values(records), split, []report.Question{q})[0].Value.String(); got != x.want {
			t.Errorf("with the statement of %s there are %s households, want %s", x.unit, got, x.want)
		}
	}
}

// The records and the unread of a figure that is made of two are those of both; a share of nothing has no place, and takes none.
func TestWhatIsMadeOfTwo(t *testing.T) {
	drive := func(id, unit, target, issued string) report.Reading {
		return reading(id, unit, "id_card_drive", "occurred_on", "2017-05-05", "target", target, "issued", issued)
	}
	petition := func(id, received, resolved string) report.Reading {
		return reading(id, "a1", "petition", "competence", "own", "received_on", received, "resolved_on", resolved)
	}
	got := ask([]report.Reading{petition("1", "2017-01-01", "2017-02-01"), petition("2", "2017-01-01", ""), petition("3", "2017-02-30", "")}, "PET_RATE", "A", year)
	if got.Records != 3 || got.Unread != 1 || got.Value.String() != "50,00 % (1/2)" {
		t.Errorf("%+v", got)
	}
	records := []report.Reading{drive("1", "a1", "10", "9"), drive("2", "a2", "0", "5"), drive("3", "b1", "10", "9")}
	for unit, want := range map[string]string{"a1": "1", "a2": "–", "A": "1", "B": "2"} {
		if got := ask(records, "IDC_RANK", unit, year).Value.String(); got != want {
			t.Errorf("%s is in place %s, want %s", unit, got, want)
		}
	}
	large := []report.Value{{Num: 1 << 62, Den: 1<<62 + 1}, {Num: 1<<62 - 1, Den: 1 << 62}, {Num: 5, Den: 0}}
	if a, b := report.RankOf(large[0], large), report.RankOf(large[1], large); a.Num != 1 || b.Num != 2 {
		t.Errorf("large numbers: %v, %v", a, b)
	}
	if alike := report.RankOf(report.Value{Num: 1, Den: 2}, []report.Value{{Num: 1, Den: 2}, {Num: 2, Den: 4}, {Num: 3, Den: 4}}); alike.Num != 2 {
		t.Errorf("those that are alike share a place: %v", alike)
	}
}

// A commune that has as many officers as it needs has enough.
func TestEnoughIsEnough(t *testing.T) {
	staff := func(id, unit, regular string) report.Reading {
		return reading(id, unit, "commune_staffing", "as_of", "2017-01-01", "regular_officers", regular, "required", "5")
	}
	expect(t, []report.Reading{staff("1", "a1", "5"), staff("2", "a2", "4")}, "STAFF_COVER", "A", year, "50,00 % (1/2)")
}

// A number that was printed as a limit holds at the limit, and not beyond; one with decimals is held in whole ones.
func TestLimits(t *testing.T) {
	fact := func(indicator string, value int64, c report.Comparator) report.Fact {
		return report.Fact{ID: "X", Indicator: indicator, Root: "A", From: "2017-01-01", To: "2017-12-31", Value: value, Comparator: c}
	}
	records := []report.Reading{session("1", "a1", "2017-03-01", "hall", "7"), reading("2", "a1", "weapon_handover", "occurred_on", "2017-05-01",
		"items/1/kind", "explosive_g", "items/1/quantity", "62.5", "items/2/kind", "explosive_g", "items/2/quantity", "1.5")}
	for _, c := range []struct {
		fact report.Fact
		want report.Verdict
		text string
	}{
		{fact("AW_PARTICIPANTS", 7, report.AtLeast), report.Satisfies, "từ 7 trở lên"}, {fact("AW_PARTICIPANTS", 8, report.AtLeast), report.Different, "từ 8 trở lên"},
		{fact("AW_PARTICIPANTS", 7, report.AtMost), report.Satisfies, "không quá 7"}, {fact("AW_PARTICIPANTS", 6, report.AtMost), report.Different, "không quá 6"},
		{fact("WPN_EXPLOSIVE_G", 64, report.Exactly), report.Equal, "64"}, {fact("WPN_EXPLOSIVE_G", 63, report.Above), report.Satisfies, "hơn 63"},
		{fact("WPN_EXPLOSIVE_G", 65, report.Nearly), report.Satisfies, "gần 65"}, {fact("WPN_EXPLOSIVE_G", 64000, report.Exactly), report.Different, "64.000"},
	} {
		row := report.Compare(slices.Values(records), tree, []report.Fact{c.fact})[0]
		if row.Verdict != c.want || row.Printed.VI != c.text {
			t.Errorf("%s against %s: %s, want %s", row.Printed.VI, row.Computed, row.Verdict, c.want)
		}
	}
}
