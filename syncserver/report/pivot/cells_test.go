package pivot_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/report/reporttest"
)

var years = report.Period{From: "2017-02-10", To: "2018-11-20"}

// TestEveryCellStandsByItself: each cell and each total of each table is the figure of its place and time alone, and opens as
// many records as it counts.
func TestEveryCellStandsByItself(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	view := reporttest.Tree(2, 3)
	db := reporttest.Open(t, form.Builtin(), reporttest.Make(r, view, 6000))
	axes := [][2]pivot.Axis{
		{{By: pivot.ByUnit}, {By: pivot.ByTime, Step: report.Quarter}},
		{{By: pivot.ByTime, Step: report.Month}, {By: pivot.ByUnit, Level: "commune"}},
		{{}, {By: pivot.ByTime, Step: report.Year}},
	}
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		for _, d := range report.Indicators() {
			for _, axis := range axes {
				if d.Measure == report.Rank && axis[0].By != pivot.ByUnit {
					continue
				}
				q := pivot.Query{Indicator: d.ID, Root: "VN", Period: years, Rows: axis[0], Columns: axis[1]}
				compareCells(t, tx, q, r, view)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func compareCells(t *testing.T, tx *sqlite.Tx, q pivot.Query, r *rand.Rand, view *units.View) {
	t.Helper()
	made, err := pivot.MakeExact(tx, view, q)
	if err != nil {
		t.Fatal(q.Indicator, err)
	}
	made.Each(func(row, column int, c *pivot.Cell) {
		if r.IntN(6) > 0 {
			return
		}
		alone, own := q, false
		for heads, i := range map[*[]pivot.Head]int{&made.Rows: row, &made.Columns: column} {
			if i == pivot.Whole {
				continue
			}
			h := (*heads)[i]
			own = own || h.Own
			if h.Unit != "" {
				alone.Root = h.Unit
			} else {
				alone.Period = h.Period
			}
		}
		if !own && !(made.Definition.Measure == report.Rank && row == pivot.Whole) {
			if want, err := pivot.Exact(tx, view, alone); err != nil || want.Value != c.Value || want.Records != c.Records || want.Unread != c.Unread {
				t.Errorf("%s %d %d of %v %v: %+v, alone %+v %v", q.Indicator, row, column, q.Rows, q.Columns, *c, want, err)
			}
		}
		if recs, err := pivot.Behind(tx, view, made, row, column); !made.Definition.Sensitive() && (err != nil || int64(len(recs)) != c.Records) {
			t.Errorf("%s %d %d of %v %v: %d records behind %+v %v", q.Indicator, row, column, q.Rows, q.Columns, len(recs), *c, err)
		}
	})
}

func TestAnswersDivideACount(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	view := reporttest.Tree(2, 2)
	entries := reporttest.Make(r, view, 3000)
	db := reporttest.Open(t, form.Builtin(), entries)
	q := pivot.Query{Indicator: "AW_SESSIONS", Root: "p1", Period: years, Rows: pivot.Axis{By: pivot.ByAnswer, Field: "topics"}, Columns: pivot.Axis{By: pivot.ByUnit}}
	made := table(t, db, view, q)
	want := map[string]int64{}
	total := int64(0)
	for _, e := range entries {
		if e.Form != "awareness_session" || e.Unread || !years.Has(e.Day) || !view.Within(e.Unit, "p1") {
			continue
		}
		total++
		for _, topic := range []string{"toi_pham", "ma_tuy", "pccc"} {
			if e.Values["topics"] == topic || e.Values["topics"] == "ma_tuy toi_pham" && topic != "pccc" {
				want[topic]++
			}
		}
	}
	for i, h := range made.Rows {
		if made.RowTotals[i].Value.Num != want[h.Answer] || want[h.Answer] == 0 {
			t.Errorf("%s: %d, want %d", h.Answer, made.RowTotals[i].Value.Num, want[h.Answer])
		}
	}
	if len(made.Rows) != 3 || made.Total.Value.Num != total { // two topics of one session are one session
		t.Errorf("%d rows, total %d, want 3 and %d", len(made.Rows), made.Total.Value.Num, total)
	}
}

// What came after the cut-off is kept apart, what is not approved is left out when that is asked, and a gap marks every cell
// of the units that its machine may write for.
func TestRulesAndGaps(t *testing.T) {
	session := func(id, unit, day, review string, arrived record.Millis) reporttest.Entry {
		return reporttest.Entry{Reading: report.Reading{ID: id, Unit: unit, Form: "awareness_session", Day: day, Values: map[string]string{"venue": "v" + id}}, Review: review, Arrived: arrived}
	}
	view := reporttest.Tree(2, 2)
	db := reporttest.Open(t, form.Builtin(), []reporttest.Entry{
		session("1", "p1c1", "2017-03-01", "approved", 100), session("2", "p1c1", "2017-03-02", "", 200), session("3", "p1c2", "2017-04-02", "returned", 300),
	})
	q := pivot.Query{Indicator: "AW_PLACES", Root: "p1", Period: report.Period{From: "2017-01-01", To: "2017-12-31"}, Rows: pivot.Axis{By: pivot.ByUnit},
		Gaps: []pivot.Gap{{Unit: "p1c2", Replica: 7, From: 4, To: 9}, {Unit: "p2c1", Replica: 8, From: 1, To: 1}}}
	if made := table(t, db, view, q); made.Total.Value.Num != 3 || made.RowTotals[0].MayChange || !made.RowTotals[1].MayChange || !made.Total.MayChange {
		t.Errorf("%+v", made)
	}
	q.Rule.Cutoff = 150
	if made := table(t, db, view, q); made.Total.Value.Num != 1 || made.Total.Late != 2 || made.Total.WithLate.Num != 3 || made.RowTotals[1].Late != 1 {
		t.Errorf("%+v", made)
	}
	q.Rule = pivot.Rule{Approved: true}
	if made := table(t, db, view, q); made.Total.Value.Num != 1 || made.Total.Late != 0 {
		t.Errorf("%+v", made)
	}
}

// What came after the cut-off alters a rank as it alters any figure, and where nothing came the rank is the same in both.
func TestARankHasOneWithWhatCameLate(t *testing.T) {
	drive := func(id, unit, issued string, arrived record.Millis) reporttest.Entry {
		return reporttest.Entry{Reading: report.Reading{ID: id, Unit: unit, Form: "id_card_drive", Day: "2017-03-01",
			Values: map[string]string{"occurred_on": "2017-03-01", "target": "10", "issued": issued}}, Arrived: arrived}
	}
	view := reporttest.Tree(1, 2)
	db := reporttest.Open(t, form.Builtin(), []reporttest.Entry{drive("1", "p1c1", "5", 100), drive("2", "p1c2", "4", 100), drive("3", "p1c2", "9", 200)})
	q := pivot.Query{Indicator: "IDC_RANK", Root: "p1c1", Period: report.Period{From: "2017-01-01", To: "2017-12-31"}, Rule: pivot.Rule{Cutoff: 150}}
	number := func(n int64) report.Value { return report.Value{Num: n} }
	if got := table(t, db, view, q).Total; got.Value != number(1) || got.WithLate != number(2) {
		t.Errorf("with what came late: %+v", got)
	}
	q.Rule.Cutoff = 300
	if got := table(t, db, view, q).Total; got.Value != number(2) || got.WithLate != number(2) {
		t.Errorf("nothing came late: %+v", got)
	}
	q.Root, q.Rows = "p1", pivot.Axis{By: pivot.ByUnit}
	if got := table(t, db, view, q).Total; got.Value.Kind != report.Nothing || got.WithLate != got.Value {
		t.Errorf("all together have no rank: %+v", got)
	}
}

func TestWhatCannotBeAskedIsRefused(t *testing.T) {
	view := reporttest.Tree(1, 1)
	db := reporttest.Open(t, form.Builtin(), nil)
	good := pivot.Query{Indicator: "AW_SESSIONS", Root: "VN", Period: years}
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		if made, err := pivot.Make(tx, view, good); err != nil || made.Total.Value.Num != 0 {
			t.Errorf("before the first record: %+v, %v", made, err)
		}
		tips := pivot.Query{Indicator: "TIP_VALUABLE", Root: "VN", Period: years}
		if made, err := pivot.Make(tx, view, tips); err != nil || made.Total.Hidden || made.Total.Value.Num != 0 {
			t.Errorf("before the first tip: %+v, %v", made, err)
		}
		reports := units.New(units.Usual, []units.Unit{{Code: units.Root, Level: "country", Name: "Cả nước"}}).Reporting("2026-01-01")
		if _, err := pivot.Make(tx, reports, tips); !errors.Is(err, fault.BadQuestion) {
			t.Errorf("tips by a second tree: %v", err)
		}
		for _, spoil := range []func(q *pivot.Query){
			func(q *pivot.Query) { q.Indicator = "NONE" },
			func(q *pivot.Query) { q.Rows = pivot.Axis{By: pivot.ByAnswer, Field: `note" OR 1`} },
			func(q *pivot.Query) { q.Rows, q.Columns = pivot.Axis{By: pivot.ByUnit}, pivot.Axis{By: pivot.ByUnit} },
			func(q *pivot.Query) { q.Columns, q.Period.From = pivot.Axis{By: pivot.ByTime, Step: report.Month}, "" },
			func(q *pivot.Query) { q.Indicator = "IDC_RANK" },
		} {
			q := good
			spoil(&q)
			if _, err := pivot.Make(tx, view, q); !errors.Is(err, fault.BadQuestion) {
				t.Errorf("%+v: %v", q, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
