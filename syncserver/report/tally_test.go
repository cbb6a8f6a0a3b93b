package report

import (
	"math"
	"testing"

	"banlang/shared/units"
)

var noUnits = (*units.Tree)(nil).At("")

// A sum that leaves int64 is unread, not a wrong number.
func TestSumsDoNotOverflow(t *testing.T) {
	d, _ := Lookup("AW_PARTICIPANTS")
	sum := newTally(d, Question{Indicator: d.ID, Root: "A", Period: Period{To: "2017-12-31"}})
	sum.sum = math.MaxInt64 - 30
	for range 2 {
		sum.add(&Reading{
			ID: "1", Unit: "A", Form: "awareness_session", Day: "2017-01-01",
			Values: map[string]string{"participants_total": "30"},
		}, noUnits)
	}
	if got := sum.figure(noUnits); got.Value.Num != math.MaxInt64 || got.Unread != 1 {
		t.Errorf("%+v, want the largest sum and one unread", got)
	}
}

// The same holds for what the units state, each for itself.
func TestStatementsDoNotOverflow(t *testing.T) {
	d, _ := Lookup("PROFILE_HH")
	latest := newTally(d, Question{Indicator: d.ID, Root: "A", Period: Period{To: "2017-12-31"}})
	latest.latest["a1"] = stated{day: "2017-01-01", id: "1", value: math.MaxInt64 - 30}
	latest.latest["a2"] = stated{day: "2017-01-01", id: "2", value: 31}
	latest.latest["a3"] = stated{day: "2017-01-01", id: "3", value: 30}
	if got := latest.figure(noUnits); got.Value.Num != math.MaxInt64 || got.Unread != 1 {
		t.Errorf("%+v, want the largest sum and one unread", got)
	}
}

func TestPlusKnowsItsBounds(t *testing.T) {
	for _, c := range []struct {
		a, b int64
		fits bool
	}{
		{1, 2, true}, {5, 0, true}, {0, 0, true}, {-5, 5, true}, {5, -5, true}, {math.MaxInt64, 0, true}, {math.MinInt64, math.MaxInt64, true},
		{math.MaxInt64, 1, false}, {math.MinInt64, -1, false}, {math.MinInt64, math.MinInt64, false},
	} {
		if sum, fits := plus(c.a, c.b); fits != c.fits || fits && sum != c.a+c.b {
			t.Errorf("plus(%d, %d) = %d, %v", c.a, c.b, sum, fits)
		}
	}
}

// A share may be below nothing: no machine lets people answer so, but the hub takes it.
func TestTheLeastShareIsTheLast(t *testing.T) {
	shares := []Value{{Num: -3, Den: 10}, {Num: 0, Den: 7}, {Num: math.MaxInt64, Den: math.MaxInt64}, {Num: -3, Den: 5}}
	for i, want := range []int64{3, 2, 1, 4} {
		if got := RankOf(shares[i], shares); got.Num != want {
			t.Errorf("%v has the place %v, want %d", shares[i], got, want)
		}
	}
}

// Of two versions of a definition each holds for the periods that end within its days.
func TestTheVersionOfADay(t *testing.T) {
	all := []Indicator{{ID: "X", Version: 1, Valid: Period{To: "2026-12-31"}}, {ID: "Y", Version: 5}, {ID: "X", Version: 2, Valid: Period{From: "2027-01-01"}}}
	for day, want := range map[string]int{"2026-12-31": 1, "2027-01-01": 2, "9999-12-31": 2} {
		if d, ok := find(all, "X", day); !ok || d.Version != want {
			t.Errorf("%s: version %d, want %d", day, d.Version, want)
		}
	}
	if _, ok := find(all[:1], "X", "2027-01-01"); ok {
		t.Error("a version holds after its last day")
	}
}
