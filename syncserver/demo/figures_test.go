package main

import (
	"maps"
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/shared/sqlite"
	"banlang/syncserver/demo/madeup"
	"banlang/syncserver/report"
	"banlang/syncserver/report/reporttest"
)

// TestTheTablesGiveThePublishedFigures: of all made-up records, and shown to somebody above all units, from whom small numbers are
// hidden. None of what was published is.
func TestTheTablesGiveThePublishedFigures(t *testing.T) {
	world, forms := madeup.Plan(seed), form.Builtin()
	var records []report.Record
	for _, commune := range world.Communes() {
		for entry := range world.Records(commune.Code) {
			values := maps.Clone(entry.Values)
			for path, value := range values {
				if key, ok := strings.CutPrefix(value, "@"); ok {
					values[path] = entry.Unit + "." + key
				}
			}
			f, _ := forms.Current(entry.Form)
			records = append(records, report.Record{ID: entry.Unit + "." + entry.Key, Unit: entry.Unit, Form: f.Ref, Values: values})
		}
	}
	var entries []reporttest.Entry
	for _, r := range report.Read(forms, records) {
		entries = append(entries, reporttest.Entry{Reading: r})
	}
	facts, err := report.Published()
	if err != nil {
		t.Fatal(err)
	}
	count := map[report.Verdict]int{}
	err = reporttest.Open(t, forms, entries).View(t.Context(), func(tx *sqlite.Tx) error {
		rows, err := computed(tx, world.Tree().At("2022-12-31"), facts)
		for _, row := range rows {
			if count[row.Verdict]++; row.Verdict == report.Different {
				t.Errorf("%s %s: published %s, computed %s", row.Fact.ID, row.Fact.Indicator, row.Printed.VI, row.Computed)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if count[report.Beyond] != 3 || count[report.Corrected] != 1 || len(facts) != 54 {
		t.Errorf("%v of %d", count, len(facts))
	}
}
