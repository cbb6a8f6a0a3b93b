package report_test

import (
	"strings"
	"testing"

	"banlang/syncserver/report"
)

// Each indicator that is a line of reports stands under one heading, and an outline that forgets, doubles or invents one is refused.
func TestOutline(t *testing.T) {
	n := 0
	for _, g := range report.Headings() {
		n += len(g.Indicators)
	}
	if n < 49 || len(report.Templates()) != 4 {
		t.Errorf("%d indicators, %d templates", n, len(report.Templates()))
	}
	if year, ok := report.TemplateOf("year"); !ok || len(year.Headings()) != len(report.Headings()) {
		t.Errorf("%+v", year)
	}
	defined := []report.Indicator{{ID: "A"}, {ID: "B"}, {ID: "C", Part: true}}
	for bad, why := range map[string]string{
		`{"groups": [{"id": "g", "indicators": ["A"]}]}`:                                                                        "B stands under 0",
		`{"groups": [{"id": "g", "indicators": ["A", "B", "B"]}]}`:                                                              "B stands under 2",
		`{"groups": [{"id": "g", "indicators": ["A", "B", "D"]}]}`:                                                              "nothing defines D",
		`{"groups": [{"id": "g", "indicators": ["A", "B"], "text": "{C}"}]}`:                                                    "speaks of C",
		`{"groups": [{"id": "g", "indicators": ["A", "B"]}], "templates": [{"id": "t", "step": "month", "groups": ["h"]}]}`:     "no heading h",
		`{"groups": [{"id": "g", "indicators": ["A", "B"]}], "templates": [{"id": "t", "step": "fortnight", "groups": ["g"]}]}`: "no step",
		`{"groups": [{"id": "g", "indicators": ["A", "B"], "colour": "red"}]}`:                                                  "colour",
	} {
		if _, err := report.ReadOutline([]byte(bad), defined); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", bad, err, why)
		}
	}
}
