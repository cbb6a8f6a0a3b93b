package pivot_test

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/hub"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/report/reporttest"
)

var million = flag.Bool("million", false, "recount 1,000,000 records instead of 100,000")

// plain writes a value as the recount does.
func plain(v report.Value) string {
	switch v.Kind {
	case report.Nothing:
		return "–"
	case report.Share, report.Checked:
		return fmt.Sprintf("%d/%d", v.Num, v.Den)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(v.Places)), nil)
	return show(new(big.Rat).SetFrac(big.NewInt(v.Num), scale))
}

// reformed is a tree of four provinces in which communes went up in one another, one after another too, were divided, also over the
// border of their province, and were dissolved; and one province went up in another.
func reformed() *units.Tree {
	all := reporttest.Tree(4, 12).All()
	at := func(code string) *units.Unit {
		return &all[slices.IndexFunc(all, func(u units.Unit) bool { return u.Code == code })]
	}
	for code, x := range map[string]struct{ day, into string }{
		"p1c3": {"2017-03-01", "p1c1"}, "p1c4": {"2018-01-01", "p1c13 p1c14"}, "p2c5": {"2017-07-01", "p2c6"}, "p2c6": {"2018-09-01", "p2c7"},
		"p2c8": {"2017-01-01", ""}, "p4c12": {"2017-01-01", "p3c1 p4c11"}, "p4": {"2018-07-01", "p3"},
	} {
		at(code).To, at(code).Into = x.day, strings.Fields(x.into)
	}
	for i := range all {
		if u := &all[i]; u.Parent == "p4" && u.To == "" {
			u.To = at("p4").To
			all = append(all, units.Unit{Code: u.Code, Parent: "p3", Level: u.Level, Name: u.Name, From: u.To})
		}
	}
	for _, code := range at("p1c4").Into {
		all = append(all, units.Unit{Code: code, Parent: "p1", Level: "commune", Name: "Xã " + code, From: at("p1c4").To})
	}
	return units.New(units.Usual, all)
}

// TestTheRecountAgrees: all indicators, of 50 random periods and units, as a recount by hand gives them over the changes of the log.
func TestTheRecountAgrees(t *testing.T) {
	n := 100_000
	if *million {
		n = 1_000_000
	}
	c := openCentre(t, rand.New(rand.NewPCG(11, 12)), reformed())
	c.write(n / 2)
	c.erase(20)
	c.follow()
	c.write(n - n/2)
	c.follow()
	var all []rec
	c.must(c.store.View(t.Context(), func(tx hub.Tx) (err error) {
		var seen kinds
		all, seen, err = readLog(tx, func(ref record.FormRef) bool { _, known := c.forms.Lookup(ref); return known })
		t.Logf("%d records: %+v", len(all), seen)
		if few := n / 10_000; min(seen.records-n, seen.hidden-few, seen.marked-few, seen.conflicts-few, seen.rejected-few, seen.moved-few, seen.rows-few,
			seen.approved-few, seen.overtaken-few, seen.returned-few, seen.erased-1, seen.unread-few) < 0 {
			t.Errorf("the log has too little of something: %+v", seen)
		}
		return err
	}))
	for range 50 {
		q := c.question(all)
		t.Run(fmt.Sprintf("%s, %s to %s", q.Root, q.Period.From, q.Period.To), func(t *testing.T) {
			t.Parallel()
			c.compare(t, all, q)
		})
	}
}

// question draws a period, a unit of its last day, and a rule.
func (c *centre) question(all []rec) (q pivot.Query) {
	first, _ := time.Parse(time.DateOnly, reporttest.FirstDay)
	start := c.rng.IntN(1400)
	q.Period = report.Period{From: first.AddDate(0, 0, start).Format(time.DateOnly), To: first.AddDate(0, 0, start+c.rng.IntN(1461-start)).Format(time.DateOnly)}
	q.Root = units.Root
	if level := []string{"", "province", "commune"}[c.rng.IntN(3)]; level != "" {
		places := c.tree.At(q.Period.To).Level(level)
		q.Root = places[c.rng.IntN(len(places))].Code
	}
	some := all[c.rng.IntN(len(all))]
	q.Rule = []pivot.Rule{{}, {}, {Approved: true}, {Cutoff: some.Arrived}, {Approved: true, Cutoff: some.Arrived}, {Upto: some.Place}}[c.rng.IntN(6)]
	return q
}

// compare computes all indicators in both ways, also with what came late.
func (c *centre) compare(t *testing.T, all []rec, q pivot.Query) {
	onTime, withLate := map[string][]rec{}, map[string][]rec{}
	for _, e := range all {
		if q.Rule.Approved && !e.Approved {
			continue
		}
		withLate[e.Form] = append(withLate[e.Form], e)
		if (q.Rule.Cutoff == 0 || e.Arrived <= q.Rule.Cutoff) && (q.Rule.Upto == 0 || e.Place <= q.Rule.Upto) {
			onTime[e.Form] = append(onTime[e.Form], e)
		}
	}
	by := countIn(c.tree.All(), q.Root, q.Period.From, q.Period.To)
	for _, d := range report.Indicators() {
		if d.ID == "IDC_RANK" && q.Root == units.Root {
			continue // nothing is beside the country
		}
		q.Indicator = d.ID
		var got pivot.Cell
		err := c.views.View(t.Context(), func(tx *sqlite.Tx) (err error) {
			got, err = pivot.Exact(tx, c.tree.At(q.Period.To), q)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := by.figure(ofForms(d, onTime), d.ID)
		wantLate := want
		if q.Rule.Cutoff != 0 || q.Rule.Upto != 0 {
			wantLate = by.figure(ofForms(d, withLate), d.ID)
		}
		if plain(got.Value) != want || plain(got.WithLate) != wantLate {
			t.Errorf("%s by %+v: %s, with what came late %s; by hand %s and %s", d.ID, q.Rule, plain(got.Value), plain(got.WithLate), want, wantLate)
		}
	}
}

// ofForms are the records that an indicator may be counted from.
func ofForms(d report.Indicator, byForm map[string][]rec) (records []rec) {
	if !d.Made() {
		return byForm[d.Form]
	}
	var forms []string
	for _, id := range d.Over {
		if part, _ := report.Lookup(id); !slices.Contains(forms, part.Form) {
			forms = append(forms, part.Form)
			records = append(records, byForm[part.Form]...)
		}
	}
	return records
}

// TestAStockOutlivesASplit: what a unit stated before it was split counts until one of its parts states something, month by month, and
// never beside them.
func TestAStockOutlivesASplit(t *testing.T) {
	view := units.New(units.Usual, []units.Unit{
		{Code: "A", Level: "province", Name: "Tỉnh A"},
		{Code: "a1", Parent: "A", Level: "commune", Name: "Xã A1", To: "2025-03-01", Into: []string{"a2", "a3"}},
		{Code: "a2", Parent: "A", Level: "commune", Name: "Xã A2", From: "2025-03-01"},
		{Code: "a3", Parent: "A", Level: "commune", Name: "Xã A3", From: "2025-03-01"},
	}).At("2026-01-01")
	var entries []reporttest.Entry
	for i, x := range [][3]string{{"a1", "2025-02-01", "10"}, {"a3", "2025-04-05", "4"}, {"a2", "2025-05-09", "7"}} {
		entries = append(entries, reporttest.Entry{Reading: report.Reading{ID: fmt.Sprint(i), Unit: x[0], Form: "commune_profile", Day: x[1],
			Values: map[string]string{"as_of": x[1], "hh": x[2]}}})
	}
	made := table(t, reporttest.Open(t, form.Builtin(), entries), view, pivot.Query{Indicator: "PROFILE_HH", Root: "A", Period: report.Period{From: "2025-02-01", To: "2025-05-31"},
		Columns: pivot.Axis{By: pivot.ByTime, Step: report.Month}})
	got := ""
	for i := range made.Columns {
		got += made.ColTotals[i].Text() + " "
	}
	if got += made.Total.Text(); got != "10 10 4 11 11" {
		t.Errorf("from month to month %s", got)
	}
}

func table(t *testing.T, db *sqlite.DB, view *units.View, q pivot.Query) (made *pivot.Table) {
	t.Helper()
	err := db.View(t.Context(), func(tx *sqlite.Tx) (err error) {
		made, err = pivot.Make(tx, view, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}
