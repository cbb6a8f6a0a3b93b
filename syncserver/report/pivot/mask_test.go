package pivot_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/report/reporttest"
)

// petitions makes few records of tips and petitions, so that many numbers are small.
func petitions(r *rand.Rand, view *units.View, n int) (few []reporttest.Entry) {
	for len(few) < n {
		for _, e := range reporttest.Make(r, view, 50) {
			if (e.Form == "tip" || e.Form == "petition") && !e.Unread && e.Day != "" {
				e.Review = ""
				few = append(few, e)
			}
		}
	}
	return few[:n]
}

// box is what everybody knows of a number, whatever records there are: which communes, days and answer it is of.
type box struct {
	units  uint64 // of those that records are of
	period report.Period
	answer string // "" all
}

// secret is a hidden number.
type secret struct {
	name string
	n    int64
}

// matters: a number from 3 up is hidden so that others are not computed from it. Of a period that is none of the calendar it may
// follow from what is printed, as long as it is no small one.
func (s secret) matters(p report.Period) bool {
	calendar := false
	for _, step := range []report.Step{report.Month, report.Quarter, report.Half, report.Year} {
		calendar = calendar || p.From != "" && step.Around(p.From) == p
	}
	return s.n > 0 && (calendar || s.n < 3)
}

// everyTable makes all tables that can be printed of an indicator: every root, every period of the calendar and some others, every
// division.
func everyTable(t *testing.T, tx *sqlite.Tx, view *units.View, d report.Indicator, r *rand.Rand) (all []*pivot.Table) {
	roots := []string{"VN"}
	for _, u := range append(slices.Clone(view.Level("province")), view.Level("commune")...) {
		roots = append(roots, u.Code)
	}
	periods := []report.Period{{From: "2016-01-01", To: "2016-12-31"}, {From: "2016-01-01", To: "2019-12-31"}, {To: "2017-12-31"}}
	for range 6 {
		month := report.Period{From: "2016-01-01", To: "2017-12-31"}.Split(report.Month)
		a, b := r.IntN(24), r.IntN(24)
		periods = append(periods, report.Period{From: month[min(a, b)].From, To: month[max(a, b)].To})
	}
	periods = append(periods, report.Period{From: "2016-01-10", To: "2016-11-20"}, report.Period{From: "2016-01-10", To: "2016-11-21"})
	rows := []pivot.Axis{{}, {By: pivot.ByUnit}, {By: pivot.ByUnit, Level: "commune"}}
	columns := []pivot.Axis{{}, {By: pivot.ByTime, Step: report.Month}, {By: pivot.ByTime, Step: report.Quarter}, {By: pivot.ByTime, Step: report.Half},
		{By: pivot.ByTime, Step: report.Year}}
	for _, field := range d.By {
		columns = append(columns, pivot.Axis{By: pivot.ByAnswer, Field: field})
	}
	cache := &pivot.Cache{}
	for _, root := range roots {
		for _, period := range periods {
			for _, row := range rows {
				for _, column := range columns {
					if column.By == pivot.ByTime && (period.From == "" || d.OpenUntil != "") {
						continue
					}
					made, err := pivot.Make(tx, view, pivot.Query{Indicator: d.ID, Root: root, Period: period, Rows: row, Columns: column, Cache: cache})
					if err != nil {
						t.Fatal(err)
					}
					all = append(all, made)
				}
			}
		}
	}
	return all
}

// TestNoHiddenNumberCanBeComputed prints every table of small data, puts all numbers together, and tries to compute one that
// is hidden: as the difference of two printed numbers, as a sum of two, or as what is left of a total.
func TestNoHiddenNumberCanBeComputed(t *testing.T) {
	view := reporttest.Tree(3, 3)
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 7))
		entries := petitions(r, view, 60+20*int(seed))
		db := reporttest.Open(t, form.Builtin(), entries)
		for _, id := range []string{"TIP_VALUABLE", "PET_RECEIVED", "PET_RESOLVED"} {
			d, _ := report.Lookup(id)
			err := db.View(t.Context(), func(tx *sqlite.Tx) error {
				check(t, d, base(d, entries), everyTable(t, tx, view, d, r), view)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// base gives the records that count for an indicator, each with its day.
func base(d report.Indicator, entries []reporttest.Entry) map[string]reporttest.Entry {
	of := map[string]reporttest.Entry{}
	for i, e := range entries {
		day := e.Day
		if d.Day != "" {
			day = e.Values[d.Day]
		}
		where := e.Form == d.Form && day != ""
		for _, test := range d.Where {
			where = where && slices.Contains(test.Values, e.Values[test.Field])
		}
		if where {
			e.Day = day
			of[fmt.Sprint(i)] = e
		}
	}
	return of
}

// check holds everything that is printed together.
func check(t *testing.T, d report.Indicator, records map[string]reporttest.Entry, tables []*pivot.Table, view *units.View) {
	t.Helper()
	shown, hidden := map[box]string{}, map[box]secret{}
	places := append(slices.Clone(view.Level("province")), view.Level("commune")...)
	for _, table := range tables {
		table.Each(func(row, column int, c *pivot.Cell) {
			b, n := box{period: table.Query.Period}, int64(0)
			for i, u := range places {
				if counts(table, row, column, reporttest.Entry{Reading: report.Reading{Unit: u.Code}}, view, true) {
					b.units |= 1 << i
				}
			}
			for _, e := range records {
				if counts(table, row, column, e, view, false) {
					n++
				}
			}
			if column != pivot.Whole && table.Columns[column].Period.To != "" {
				b.period = table.Columns[column].Period
			}
			if column != pivot.Whole && table.Query.Columns.By == pivot.ByAnswer {
				b.answer = table.Query.Columns.Field + table.Columns[column].Answer
			}
			name := fmt.Sprint(table.Query.Root, b.period, table.Query.Rows, table.Query.Columns, row, column)
			switch {
			case c.Hidden:
				hidden[b] = secret{name, n}
				return
			case n != c.Value.Num || n > 0 && n < 3:
				t.Fatalf("%s %s shows %d, and counts %d", d.ID, name, c.Value.Num, n)
			}
			shown[b] = name
		})
	}
	for b, s := range hidden {
		if other, both := shown[b]; both {
			t.Errorf("%s %s is hidden, and shown in %s", d.ID, s.name, other)
			return
		}
	}
	subtract(t, d, shown, hidden)
	for _, table := range tables {
		leftOver(t, d, table)
	}
}

// subtract takes every printed number from every other that it is a part of, and adds those that lie beside each other.
func subtract(t *testing.T, d report.Indicator, shown map[box]string, hidden map[box]secret) {
	t.Helper()
	for a, nameA := range shown {
		for b, nameB := range shown {
			var found []box
			switch {
			case a.answer != b.answer:
			case a.period == b.period && b.units != a.units && b.units&^a.units == 0:
				found = append(found, box{a.units &^ b.units, a.period, a.answer})
			case a.period == b.period && a.units&b.units == 0:
				found = append(found, box{a.units | b.units, a.period, a.answer})
			case a.units == b.units && a.period.From == b.period.From && b.period.To < a.period.To:
				found = append(found, box{a.units, report.Period{From: report.NextDay(b.period.To), To: a.period.To}, a.answer})
			case a.units == b.units && a.period.To == b.period.To && a.period.From < b.period.From:
				for p := range hidden { // the day before b
					if p.period.From == a.period.From && report.NextDay(p.period.To) == b.period.From {
						found = append(found, box{a.units, p.period, a.answer})
					}
				}
			case a.units == b.units && report.NextDay(a.period.To) == b.period.From:
				found = append(found, box{a.units, report.Period{From: a.period.From, To: b.period.To}, a.answer})
			}
			for _, f := range found {
				if s, given := hidden[f]; given && s.matters(f.period) {
					t.Errorf("%s %s is given away by %s and %s", d.ID, s.name, nameA, nameB)
					return
				}
			}
		}
	}
}

// leftOver: no line of a table has one hidden number beside its total.
func leftOver(t *testing.T, d report.Indicator, table *pivot.Table) {
	lines := func(n, m int, at func(i, j int) *pivot.Cell) {
		for i := -1; i < n; i++ {
			closed, sum := 0, int64(0)
			for j := range m {
				sum += at(i, j).Value.Num
				if at(i, j).Hidden {
					closed++
				}
			}
			if m > 0 && (closed == 1 && !at(i, pivot.Whole).Hidden || closed == 0 && sum > 0 && at(i, pivot.Whole).Hidden) {
				text := ""
				for j := pivot.Whole; j < m; j++ {
					text += " " + at(i, j).Text()
				}
				t.Errorf("%s %v %v %v, line %d gives away its hidden number: %s", d.ID, table.Query.Period, table.Query.Rows, table.Query.Columns, i, text)
			}
		}
	}
	lines(len(table.Rows), len(table.Columns), table.At)
	lines(len(table.Columns), len(table.Rows), func(i, j int) *pivot.Cell { return table.At(j, i) })
}

// counts reports whether a record counts in a cell; of a place, only whether records of its unit may.
func counts(table *pivot.Table, row, column int, e reporttest.Entry, view *units.View, place bool) bool {
	if !view.Within(e.Unit, table.Query.Root) || !place && !table.Query.Period.Has(e.Day) {
		return false
	}
	fits := func(axis pivot.Axis, heads []pivot.Head, i int) bool {
		if i == pivot.Whole {
			return true
		}
		switch h := heads[i]; {
		case axis.By == pivot.ByAnswer:
			return place || e.Values[axis.Field] == h.Answer
		case axis.By == pivot.ByTime:
			return place || h.Period.Has(e.Day)
		case h.Own:
			return !slices.ContainsFunc(heads, func(o pivot.Head) bool { return !o.Own && view.Within(e.Unit, o.Unit) })
		default:
			return view.Within(e.Unit, h.Unit)
		}
	}
	return fits(table.Query.Rows, table.Rows, row) && fits(table.Query.Columns, table.Columns, column)
}

// TestWhatIsOnesOwnIsSubtracted: who works for a unit that holds tips beside those of the units below it knows his own, and must not find
// a small number by it.
func TestWhatIsOnesOwnIsSubtracted(t *testing.T) {
	view := reporttest.Tree(1, 3)
	r := rand.New(rand.NewPCG(9, 9))
	for range 100 {
		var entries []reporttest.Entry
		of := map[string]int64{}
		for unit, most := range map[string]int{"p1": 8, "p1c1": 3, "p1c2": 4, "p1c3": 12} {
			for range r.IntN(most + 1) {
				of[unit]++
				entries = append(entries, reporttest.Entry{Reading: report.Reading{ID: fmt.Sprint(len(entries)), Unit: unit, Form: "tip", Day: "2017-03-01",
					Values: map[string]string{"occurred_on": "2017-03-01", "assessed_value": "co_gia_tri", "category": "ma_tuy", "channel": "hom_thu"}}})
			}
		}
		made := table(t, reporttest.Open(t, form.Builtin(), entries), view, pivot.Query{Indicator: "TIP_VALUABLE", Root: "p1", Reader: "p1",
			Period: report.Period{From: "2017-01-01", To: "2017-12-31"}, Rows: pivot.Axis{By: pivot.ByUnit}})
		var unknown, ones int64
		for i, h := range made.Rows {
			if n := of[h.Unit]; !h.Own && n > 0 && made.RowTotals[i].Hidden {
				unknown++
				ones += n
			} else if !h.Own && n > 0 && n < 3 {
				t.Fatalf("%v: %s is shown", of, h.Unit)
			}
		}
		if made.Total.Hidden {
			continue
		}
		rest := made.Total.Value.Num - of["p1"]
		if rest > 0 && rest < 3 || unknown == 1 || unknown > 1 && ones == unknown && ones < rest {
			t.Fatalf("%v: %d of %d are left beside his own, in %d numbers that are hidden", of, rest, made.Total.Value.Num, unknown)
		}
	}
}

// TestPetitionsAreNotSubtracted: what is still open, what was open before, and what is of nobody here do not follow from the figures of
// petitions side by side.
func TestPetitionsAreNotSubtracted(t *testing.T) {
	view := reporttest.Tree(1, 2)
	q := pivot.Query{Root: "p1", Reader: "VN", Period: report.Period{From: "2017-04-01", To: "2017-06-30"}, Rows: pivot.Axis{By: pivot.ByUnit}}
	for name, x := range map[string]struct {
		resolved, open, before, others int
		hidden                         bool
	}{
		"nothing small": {5, 4, 3, 3, false}, "one open": {5, 1, 0, 0, true}, "one from before": {5, 3, 1, 0, true}, "one of others": {6, 0, 0, 1, true}, "all resolved": {6, 0, 0, 0, false},
	} {
		var entries []reporttest.Entry
		add := func(n int, received, resolved, competence string) {
			for range n {
				values := map[string]string{"received_on": received, "type": "kien_nghi", "competence": competence}
				if resolved != "" {
					values["resolved_on"] = resolved
				}
				entries = append(entries, reporttest.Entry{Reading: report.Reading{ID: fmt.Sprint(len(entries)), Unit: "p1c1", Form: "petition", Day: received, Values: values}})
			}
		}
		add(x.resolved, "2017-04-10", "2017-05-10", "own")
		add(x.open, "2017-04-11", "", "own")
		add(x.before, "2017-01-10", "2017-05-11", "own")
		add(x.others, "2017-04-12", "", "other")
		db := reporttest.Open(t, form.Builtin(), entries)
		for _, id := range []string{"PET_DUE", "PET_RATE"} {
			q.Indicator = id
			made := table(t, db, view, q)
			if made.RowTotals[0].Hidden != x.hidden || made.Total.Hidden != x.hidden {
				t.Errorf("%s, %s: hidden %v in the commune and %v in the province, want %v", name, id, made.RowTotals[0].Hidden, made.Total.Hidden, x.hidden)
			}
		}
	}
}

// A commune above its villages handles what its own people were told, as long as no village holds any.
func TestTheHandlingUnitHasVillages(t *testing.T) {
	view := units.New(units.Usual, []units.Unit{{Code: "p", Level: "province", Name: "Tỉnh"}, {Code: "c", Parent: "p", Level: "commune", Name: "Xã"},
		{Code: "v", Parent: "c", Level: "village", Name: "Làng"}}).At("2026-01-01")
	told := func(unit string) reporttest.Entry {
		return reporttest.Entry{Reading: report.Reading{ID: unit, Unit: unit, Form: "tip", Day: "2017-03-01",
			Values: map[string]string{"occurred_on": "2017-03-01", "assessed_value": "co_gia_tri", "category": "ma_tuy"}}}
	}
	q := pivot.Query{Indicator: "TIP_VALUABLE", Root: "c", Reader: "c", Period: report.Period{From: "2017-01-01", To: "2017-12-31"}, Rows: pivot.Axis{By: pivot.ByUnit}}
	for want, entries := range map[string][]reporttest.Entry{"1": {told("c")}, "•": {told("c"), told("v")}} {
		db := reporttest.Open(t, form.Builtin(), entries)
		err := db.View(t.Context(), func(tx *sqlite.Tx) error {
			made, err := pivot.Make(tx, view, q)
			if err == nil && made.Total.Text() != want {
				t.Errorf("the commune sees %s, want %s", made.Total.Text(), want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestOneWayToCount: above the handling unit nothing follows from two ways of counting the same records, because there is one; the
// handling unit has all of them. Of what stands open nothing is shown from one day to the next.
func TestOneWayToCount(t *testing.T) {
	view := reporttest.Tree(2, 2)
	entries := petitions(rand.New(rand.NewPCG(11, 7)), view, 400)
	for i := range entries {
		entries[i].Arrived, entries[i].Review = int64(i), []string{"", "approved"}[i%2]
	}
	db := reporttest.Open(t, form.Builtin(), entries)
	year := report.Period{From: "2016-01-01", To: "2017-12-31"}
	for _, id := range []string{"PET_RECEIVED", "PET_DUE", "PET_RATE"} {
		for _, reader := range []string{"", "VN", "p1", "p1c1"} {
			q := pivot.Query{Indicator: id, Root: "VN", Period: year, Rows: pivot.Axis{By: pivot.ByUnit, Level: "commune"}, Reader: reader}
			whole := table(t, db, view, q)
			for _, rule := range []pivot.Rule{{Approved: true}, {Cutoff: 200}, {Approved: true, Cutoff: 300}} {
				q.Rule = rule
				other := table(t, db, view, q)
				other.Each(func(row, column int, c *pivot.Cell) {
					if *c != *whole.At(row, column) {
						t.Errorf("%s for %q by %+v: %+v, want %+v", id, reader, rule, *c, *whole.At(row, column))
					}
				})
				if other.Query.Rule != (pivot.Rule{}) {
					t.Errorf("%s for %q says that it counts by %+v", id, reader, other.Query.Rule)
				}
			}
		}
	}
	q := pivot.Query{Indicator: "PET_RECEIVED", Root: "p1c1", Period: year, Reader: "p1c1"}
	all := table(t, db, view, q).Total.Value.Num
	q.Rule.Approved = true
	if some := table(t, db, view, q).Total.Value.Num; some == 0 || some >= all {
		t.Errorf("the handling unit has %d petitions, %d of them approved", all, some)
	}
	days := pivot.Query{Indicator: "PET_DUE", Root: "VN", Period: report.Period{From: "2016-01-01", To: "2017-12-30"}}
	if c := table(t, db, view, days).Total; !c.Hidden {
		t.Errorf("what is open on any day is shown: %+v", c)
	}
	if days.Period.To = "2017-12-31"; table(t, db, view, days).Total.Hidden {
		t.Error("what is open at the end of a month is hidden")
	}
}

// The unit that handles them sees its own, and opens them; nobody else opens any.
func TestTheHandlingUnitSeesItsOwn(t *testing.T) {
	view := reporttest.Tree(2, 2)
	entries := []reporttest.Entry{}
	for i := range 2 {
		entries = append(entries, reporttest.Entry{Reading: report.Reading{ID: fmt.Sprint(i), Unit: "p1c1", Form: "tip", Day: "2017-03-01",
			Values: map[string]string{"occurred_on": "2017-03-01", "assessed_value": "co_gia_tri", "category": "ma_tuy"}}})
	}
	db := reporttest.Open(t, form.Builtin(), entries)
	q := pivot.Query{Indicator: "TIP_VALUABLE", Root: "p1", Period: report.Period{From: "2017-01-01", To: "2017-12-31"}, Rows: pivot.Axis{By: pivot.ByUnit}}
	err := db.View(t.Context(), func(tx *sqlite.Tx) error {
		for reader, want := range map[string]string{"p1c1": "2", "p1": "•", "": "•", "p1c2": "•"} {
			q.Reader = reader
			made, err := pivot.Make(tx, view, q)
			if err != nil {
				return err
			}
			if got := made.At(0, pivot.Whole).Text(); got != want {
				t.Errorf("%q sees %s, want %s", reader, got, want)
			}
			if got := made.Total.Text(); got != "•" {
				t.Errorf("%q sees %s in the province", reader, got)
			}
			recs, err := pivot.Behind(tx, view, made, 0, pivot.Whole)
			if opened := reader == "p1c1"; opened != slices.Equal(recs, []int64{1, 2}) || opened == errors.Is(err, fault.OnlyTotals) {
				t.Errorf("%q opens %v: %v", reader, recs, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTimesThatCannotBeAddedStandAlone: what is hidden of a figure that is not additive over times is the same in a table of many
// times as in that of each alone.
func TestTimesThatCannotBeAddedStandAlone(t *testing.T) {
	view := reporttest.Tree(3, 3)
	db := reporttest.Open(t, form.Builtin(), petitions(rand.New(rand.NewPCG(5, 7)), view, 600))
	q := pivot.Query{Indicator: "PET_DUE", Root: "VN", Period: report.Period{From: "2017-01-01", To: "2017-12-31"}, Rows: pivot.Axis{By: pivot.ByUnit, Level: "commune"},
		Columns: pivot.Axis{By: pivot.ByTime, Step: report.Quarter}}
	all := table(t, db, view, q)
	shown, hidden := 0, 0
	for column, head := range all.Columns {
		q.Period, q.Columns = head.Period, pivot.Axis{}
		alone := table(t, db, view, q)
		for row := pivot.Whole; row < len(alone.Rows); row++ { // what is of no commune may be at other times only
			cell := *all.At(row, column)
			if cell != *alone.At(row, pivot.Whole) {
				t.Errorf("%s in %v: %+v, alone %+v", all.Rows[max(row, 0)].Unit, head.Period, cell, *alone.At(row, pivot.Whole))
			}
			if cell.Hidden {
				hidden++
			} else if cell.Records > 0 {
				shown++
			}
		}
	}
	if shown < 5 || hidden < 5 {
		t.Errorf("%d numbers are shown and %d hidden: that says little", shown, hidden)
	}
}
