package console

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// looked gives what is found among the numbers of units of one level: of each, all of them in order, the last one of the period.
func looked(units ...[]int64) (found []numberFinding) {
	s := numbersOf{scale: 1}
	for i, numbers := range units {
		var own []reported
		for k, n := range numbers {
			own = append(own, reported{n, int64(i*1000 + k), k == len(numbers)-1})
		}
		s.add(fmt.Sprint(i), "commune", "", own)
	}
	return s.judge()
}

// TestUnusualNumbers says of single histories whether their last number is worth a look.
func TestUnusualNumbers(t *testing.T) {
	others := [][]int64{{30, 40, 35}, {20, 60, 41}, {25, 25, 50}, {70, 10, 30}, {45, 38, 52}, {33, 90, 27}}
	for name, x := range map[string]struct {
		own    []int64
		others [][]int64
		want   string
	}{
		"ten times as much":           {[]int64{40, 55, 47, 38, 61, 52, 470}, nil, "470 of 52"},
		"a tenth":                     {[]int64{400, 550, 470, 380, 610, 520, 47}, nil, "47 of 470"},
		"a little more":               {[]int64{40, 55, 47, 38, 61, 52, 80}, nil, ""},
		"a steady unit, a little off": {[]int64{850, 851, 850, 852, 849, 851, 880}, nil, ""},
		"as once before":              {[]int64{40, 55, 460, 38, 61, 52, 470}, nil, ""},
		"of a small number":           {[]int64{0, 1, 0, 2, 1, 0, 9}, nil, ""},
		"too few, nobody beside":      {[]int64{40, 55, 470}, nil, ""},
		"too few, far beyond others":  {[]int64{40, 55, 470}, others, "470 of 90, others"},
		"too few, like others":        {[]int64{4, 5, 90}, others, ""},
		"the first of all":            {[]int64{470}, others, "470 of 90, others"},
		"always the same":             {[]int64{30, 30, 30, 30, 31, 30, 300}, nil, "300 of 30"},
		"always the same, others not": {[]int64{30, 30, 30, 30, 31, 30, 95}, others, ""},
		"mostly none":                 {[]int64{0, 0, 0, 0, 0, 0, 40}, others, ""},
		"nothing for once":            {[]int64{40, 55, 47, 38, 61, 52, 0}, nil, "0 of 47"},
	} {
		got := ""
		for _, f := range looked(append(slices.Clone(x.others), x.own)...) {
			if f.unit != fmt.Sprint(len(x.others)) || f.repeated {
				t.Errorf("%s: %+v is found, too", name, f)
				continue
			}
			if got = fmt.Sprintf("%d of %d", f.n, f.usual); f.peers {
				got += ", others"
			}
		}
		if got != x.want {
			t.Errorf("%s: found %q, want %q", name, got, x.want)
		}
	}
}

// TestRepeatedNumbers: equal numbers in a row are worth a look where numbers differ, and not where they say what stays as it is.
func TestRepeatedNumbers(t *testing.T) {
	differ := []int64{31, 40, 28, 55, 39, 47}
	for name, x := range map[string]struct {
		units [][]int64
		want  int
	}{
		"three in a row":           {[][]int64{differ, {30, 41, 44, 44, 44}}, 1},
		"two in a row":             {[][]int64{differ, {30, 41, 35, 44, 44}}, 0},
		"not in the period":        {[][]int64{differ, {30, 44, 44, 44, 41}}, 0},
		"small":                    {[][]int64{differ, {3, 4, 4, 4, 4}}, 0},
		"what stays as it is":      {[][]int64{{400, 400, 400}, {310, 310, 310, 310}, {520, 520, 521, 521}, {75, 75, 75}}, 0},
		"nobody knows what's rare": {[][]int64{{44, 44, 44}}, 0},
	} {
		if got := looked(x.units...); len(got) != x.want || x.want == 1 && len(got[0].recs) != 3 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestFewFalseAlarms: of numbers as they come by chance, in large and small units, with a season and with many that are none, hardly
// any is called unusual; and of those that were typed with a digit too many, most are found.
func TestFewFalseAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	numbers := func(size float64) (own []int64) {
		for k := range 12 {
			season := 1 + 0.5*math.Sin(float64(k))
			n := int64(size * season * math.Exp(0.35*r.NormFloat64()))
			if size < 15 && r.IntN(3) == 0 {
				n = 0
			}
			own = append(own, n)
		}
		return own
	}
	const units = 3000
	var right, wrong [][]int64
	large := 0
	for i := range units {
		own := numbers(5 * math.Exp(float64(i%5)))
		right = append(right, own)
		own = slices.Clone(own)
		if i%31 == 0 {
			own[11] *= 10
			if own[11] >= 200 {
				large++
			}
		}
		wrong = append(wrong, own)
	}
	alarms := looked(right...)
	found := 0
	for _, f := range looked(wrong...) {
		var i int
		if _, err := fmt.Sscan(f.unit, &i); err == nil && i%31 == 0 && f.n >= 200 {
			found++
		}
	}
	t.Logf("%d alarms among %d numbers; %d of %d that are ten times too large are found", len(alarms), units, found, large)
	if len(alarms) > units/300 {
		t.Errorf("%d of %d numbers by chance are called unusual", len(alarms), units)
	}
	if large < 30 || found < large*2/3 {
		t.Errorf("%d of %d that are ten times too large are found", found, large)
	}
}
