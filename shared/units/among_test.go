package units_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/units"
)

// TestAmong: what is not among the codes counts nowhere; of the others, one is within another exactly as in the whole view.
func TestAmong(t *testing.T) {
	codes := []string{"", "A", "B", "C", "D", "E", "F"}
	days := []string{"", "2025-07-01", "2026-01-01"}
	code := rapid.SampledFrom(codes)
	unit := rapid.Custom(func(t *rapid.T) units.Unit {
		return units.Unit{Code: rapid.SampledFrom(codes[1:]).Draw(t, "code"), Parent: code.Draw(t, "parent"), Reports: code.Draw(t, "reports"),
			Name: code.Draw(t, "name"), From: rapid.SampledFrom(days).Draw(t, "from"), To: rapid.SampledFrom(days).Draw(t, "to"),
			Into: rapid.SliceOfN(rapid.SampledFrom(codes[1:]), 0, 2).Draw(t, "into")}
	})
	rapid.Check(t, func(t *rapid.T) {
		tree := units.New(units.Usual, rapid.SliceOfN(unit, 0, 9).Draw(t, "units"))
		whole := tree.Reporting("2025-12-31")
		kept := rapid.SliceOfN(rapid.SampledFrom(codes[1:]), 0, 5).Draw(t, "kept")
		v := whole.Among(kept)
		for _, c := range codes[1:] {
			if v.Has(c) != (whole.Has(c) && slices.Contains(kept, c)) {
				t.Fatalf("%s: has %t", c, v.Has(c))
			}
			for _, above := range codes[1:] {
				want := c == above || slices.Contains(kept, c) && slices.Contains(kept, above) && whole.Within(c, above)
				if v.Within(c, above) != want {
					t.Fatalf("%s within %s: %t among %q", c, above, !want, kept)
				}
				if slices.Contains(v.Under(above), c) != want {
					t.Fatalf("%s under %s: %t among %q", c, above, !want, kept)
				}
			}
			for _, below := range v.Children(c) {
				if v.Parent(below.Code) != c || !v.Within(below.Code, c) {
					t.Fatalf("%s is below %s, and is not", below.Code, c)
				}
			}
		}
	})
}

// TestOnAnotherDay: the reporting tree stays the reporting tree, on whatever day.
func TestOnAnotherDay(t *testing.T) {
	tree := village()
	if v := tree.Reporting(later).On(before); !v.Reports() || !v.Within("GL02", "SL") {
		t.Error("another day is of the other tree")
	}
	if v := tree.At(later).On(before); v.Reports() || v.Within("GL02", "SL") {
		t.Error("the administrative tree becomes the other one")
	}
}
