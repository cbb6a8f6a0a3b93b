package grid_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"banlang/shared/form"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/report"
	"banlang/syncserver/report/grid"
	"banlang/syncserver/report/reporttest"
)

func at(t *testing.T, moment string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", moment, viet.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// session is one of a unit that reached the centre at a moment.
func session(t *testing.T, id, unit, day, moment, review string) reporttest.Entry {
	t.Helper()
	return reporttest.Entry{Reading: report.Reading{ID: id, Unit: unit, Form: "awareness_session", Day: day, Values: map[string]string{"venue": "v"}},
		Arrived: at(t, moment).UnixMilli(), Review: review}
}

func TestPlanIsWellMade(t *testing.T) {
	if plan, err := grid.Plan(); err != nil || len(plan) == 0 {
		t.Errorf("%v %v", plan, err)
	}
	for _, bad := range []string{`[{"id": "x", "form": "none"}]`, `[{"id": "x", "form": "tip", "level": "commune", "every": "month"}]`,
		`[{"id": "x", "form": "media_item", "level": "commune", "every": "week"}]`, `[{"id": "x", "form": "media_item", "level": "commune", "every": "month", "deadline": 9, "freeze": 5}]`} {
		if _, err := grid.ReadPlan([]byte(bad), form.Builtin()); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestWhoHasReported(t *testing.T) {
	view := reporttest.Tree(1, 6)
	db := reporttest.Open(t, form.Builtin(), []reporttest.Entry{
		session(t, "1", "p1c1", "2026-03-31", "2026-04-05 23:59", ""),         // the last minute
		session(t, "2", "p1c2", "2026-03-01", "2026-04-06 00:00", "approved"), // a minute later
		session(t, "3", "p1c3", "2026-03-09", "2026-03-10 08:00", "approved"),
		session(t, "4", "p1c4", "2026-03-09", "2026-03-10 08:00", "approved"), session(t, "5", "p1c4", "2026-03-09", "2026-04-20 08:00", "returned"),
		session(t, "6", "p1c5", "2026-04-01", "2026-04-02 08:00", ""), // of April
	})
	plan, _ := grid.Plan()
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		g, err := grid.Compute(tx, view, plan[0], "p1", report.Period{From: "2026-03-15", To: "2026-04-15"}, at(t, "2026-04-20 12:00"), []string{"p1c6", "p9"})
		if err != nil {
			return err
		}
		want := []grid.Cell{
			{State: grid.Sent, Due: true, Received: 1, OnTime: 1}, {State: grid.Late, Due: true, Received: 1, Approved: 1, DaysLate: 1}, {State: grid.Approved, Due: true, Received: 1, OnTime: 1, Approved: 1},
			{State: grid.Returned, Due: true, Received: 2, OnTime: 1, Approved: 1, Returned: 1}, {State: grid.None, Due: true}, {State: grid.None, Due: true, MayChange: true},
		}
		for i, w := range want {
			if got := g.Cells[i][0]; got != w {
				t.Errorf("%s: %+v, want %+v", g.Units[i].Code, got, w)
			}
		}
		march, april := g.Steps[0], g.Steps[1]
		if march.Period.From != "2026-03-01" || march.Deadline != "2026-04-05" || march.Freeze != "2026-04-10" || march.Expected != 6 || march.Received != 4 || march.OnTime != 3 {
			t.Errorf("%+v", march)
		}
		if fmt.Sprintf("%d %s %s", len(march.Missing), march.Missing[0].Code, march.Missing[1].Code) != "2 p1c5 p1c6" {
			t.Errorf("missing are %v", march.Missing)
		}
		if len(april.Missing) != 0 || april.Received != 1 || g.Cells[0][1].Due { // nobody is missing before the deadline
			t.Errorf("%+v", april)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhoHasReportedOfAPeriod: of a month that a period has a part of, only the records of that part count; of whole months all do.
func TestWhoHasReportedOfAPeriod(t *testing.T) {
	const came = "2026-05-20 08:00"
	db := reporttest.Open(t, form.Builtin(), []reporttest.Entry{
		session(t, "1", "p1c1", "2026-03-14", came, ""), session(t, "2", "p1c2", "2026-03-15", came, ""), session(t, "3", "p1c3", "2026-04-20", came, "approved"),
		session(t, "4", "p1c4", "2026-05-14", came, ""), session(t, "5", "p1c5", "2026-05-15", came, "returned"), session(t, "6", "p2c1", "2026-04-01", came, ""),
	})
	plan, _ := grid.Plan()
	for _, c := range []struct{ from, to, missing string }{
		{"2026-03-15", "2026-05-14", "p1c1 p1c5"}, // two parts and the month between them
		{"2026-03-01", "2026-04-30", "p1c4 p1c5"}, // whole months
		{"2026-03-10", "2026-03-14", "p1c2 p1c3 p1c4 p1c5"},
		{"2026-04-15", "2026-05-31", "p1c1 p1c2"},
		{"2026-03-14", "2026-05-15", ""},
		{"2026-01-01", "2026-01-31", "p1c1 p1c2 p1c3 p1c4 p1c5"},
	} {
		err := db.View(t.Context(), func(tx *sqlite.Tx) error {
			expected, missing, err := grid.Reported(tx, reporttest.Tree(2, 5), plan[0], "p1", report.Period{From: c.from, To: c.to})
			var codes []string
			for _, u := range missing {
				codes = append(codes, u.Code)
			}
			if got := strings.Join(codes, " "); got != c.missing || expected != 5 {
				t.Errorf("%s to %s: %q of %d, want %q", c.from, c.to, got, expected, c.missing)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestStepsOfDays: what is expected every day is counted by day, and timely by the day on which it came.
func TestStepsOfDays(t *testing.T) {
	db := reporttest.Open(t, form.Builtin(), []reporttest.Entry{
		session(t, "1", "p1c1", "2026-03-02", "2026-03-04 00:00", ""), session(t, "2", "p1c1", "2026-03-02", "2026-03-03 23:59", "approved"),
		session(t, "3", "p1c2", "2026-03-02", "2026-03-05 00:00", "returned"), session(t, "4", "p1c2", "2026-03-03", "2026-03-05 00:00", ""),
	})
	daily := grid.Expectation{ID: "daily", Form: "awareness_session", Level: "commune", Every: report.Day, Deadline: 1, Freeze: 1}
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		g, err := grid.Compute(tx, reporttest.Tree(1, 2), daily, "p1", report.Period{From: "2026-03-02", To: "2026-03-03"}, at(t, "2026-03-04 12:00"), nil)
		if err != nil {
			return err
		}
		want := [][]grid.Cell{
			{{State: grid.Sent, Due: true, Received: 2, OnTime: 1, Approved: 1}, {State: grid.None}},
			{{State: grid.Returned, Due: true, Received: 1, Returned: 1}, {State: grid.Late, Received: 1, DaysLate: 1}},
		}
		for i := range want {
			for j, w := range want[i] {
				if got := g.Cells[i][j]; got != w {
					t.Errorf("%s on day %d: %+v, want %+v", g.Units[i].Code, j, got, w)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSilentUnits(t *testing.T) {
	view := reporttest.Tree(1, 5)
	var entries []reporttest.Entry
	came := func(unit string, days ...int) {
		for _, d := range days {
			entries = append(entries, session(t, fmt.Sprint(len(entries)), unit, "2026-03-01", fmt.Sprintf("2026-03-%02d 09:00", d), ""))
		}
	}
	came("p1c1", 1, 2, 3, 4, 26)     // daily; silent since the 26th
	came("p1c2", 1, 6, 11, 16, 21)   // every five days: ten days may pass, and nine have
	came("p1c3", 1, 5, 9, 13, 17, 5) // every four days: eight may pass, thirteen have
	came("p1c4", 27)                 // once, three days ago
	entries = append(entries, reporttest.Entry{Reading: report.Reading{ID: "tip", Unit: "p1c3", Form: "tip", Day: "2026-03-29"}, Arrived: at(t, "2026-03-29 09:00").UnixMilli()})
	db := reporttest.Open(t, form.Builtin(), entries)
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		silent, err := grid.Silence(tx, view, "p1", "commune", at(t, "2026-03-30 10:00"))
		got := ""
		for _, s := range silent {
			got += fmt.Sprintf("%s %d/%d; ", s.Unit.Code, min(s.Days, 99), s.Usual)
		}
		if want := "p1c5 99/3; p1c3 13/8; p1c1 4/3; "; got != want {
			t.Errorf("silent are %s, want %s", got, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatCannotBeReadCame: a record without a row in the table of its form is counted all the same, with when it came.
func TestWhatCannotBeReadCame(t *testing.T) {
	entry := session(t, "1", "p1c1", "2026-03-31", "2026-04-06 00:00", "")
	entry.Unread = true
	db := reporttest.Open(t, form.Builtin(), []reporttest.Entry{entry, session(t, "2", "p1c2", "2026-03-02", "2026-03-03 00:00", "")})
	plan, _ := grid.Plan()
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		g, err := grid.Compute(tx, reporttest.Tree(1, 2), plan[0], "p1", report.Period{From: "2026-03-01", To: "2026-03-31"}, at(t, "2026-04-20 12:00"), nil)
		if err == nil && (g.Cells[0][0].State != grid.Late || g.Cells[1][0].State != grid.Sent) {
			t.Errorf("%+v", g.Cells)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestUnitsThatWereNot: nothing is expected of a unit before it began; of one that others went up in, what was expected of them.
func TestUnitsThatWereNot(t *testing.T) {
	view := units.New(units.Usual, []units.Unit{
		{Code: "p", Level: "province", Name: "Tỉnh"}, {Code: "old", Parent: "p", Level: "commune", Name: "Xã cũ", To: "2026-07-01", Into: []string{"merged"}},
		{Code: "merged", Parent: "p", Level: "commune", Name: "Xã gộp", From: "2026-07-01"}, {Code: "new", Parent: "p", Level: "commune", Name: "Xã mới", From: "2026-07-01"},
	}).At("2026-08-10")
	db := reporttest.Open(t, form.Builtin(), []reporttest.Entry{session(t, "1", "old", "2026-06-02", "2026-06-03 00:00", ""), session(t, "2", "old", "2026-06-09", "2026-06-10 00:00", "")})
	plan, _ := grid.Plan()
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		g, err := grid.Compute(tx, view, plan[0], "p", report.Period{From: "2026-06-01", To: "2026-07-31"}, at(t, "2026-08-10 12:00"), nil)
		if err != nil {
			return err
		}
		got := ""
		for i, u := range g.Units {
			got += fmt.Sprintf("%s %s %s; ", u.Code, g.Cells[i][0].State, g.Cells[i][1].State)
		}
		if want := "merged sent none; new exempt none; "; got != want || g.Steps[0].Expected != 1 || len(g.Steps[0].Missing) != 0 || g.Steps[1].Expected != 2 {
			t.Errorf("%s, want %s; %+v", got, want, g.Steps)
		}
		newest, err := grid.Newest(tx, view, "awareness_session", []string{"merged", "new"})
		if len(newest) != 1 || newest["merged"] != (grid.Arrival{Day: "2026-06-09", Arrived: at(t, "2026-06-10 00:00").UnixMilli()}) {
			t.Errorf("the newest are %v", newest)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
