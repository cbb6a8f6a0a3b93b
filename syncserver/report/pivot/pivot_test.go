package pivot_test

import (
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"banlang/shared/form"
	"banlang/shared/sqlite"
	"banlang/shared/units"
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
	case report.Share:
		return fmt.Sprintf("%d/%d", v.Num, v.Den)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(v.Places)), nil)
	return show(new(big.Rat).SetFrac(big.NewInt(v.Num), scale))
}

// TestTheRecountAgrees: all 49 indicators, of 50 random periods and units, as a recount by hand gives them.
func TestTheRecountAgrees(t *testing.T) {
	n := 100_000
	if *million {
		n = 1_000_000
	}
	r := rand.New(rand.NewPCG(11, 12))
	view := reporttest.Tree(4, 12)
	all := reporttest.Make(r, view, n)
	db := reporttest.Open(t, form.Builtin(), all)
	byForm := map[string][]rec{}
	for _, e := range all {
		byForm[e.Form] = append(byForm[e.Form], e)
	}
	first, _ := time.Parse(time.DateOnly, reporttest.FirstDay)
	seen, wrong := 0, 0
	for range 50 {
		start := r.IntN(1400)
		from := first.AddDate(0, 0, start).Format(time.DateOnly)
		to := first.AddDate(0, 0, start+r.IntN(1461-start)).Format(time.DateOnly)
		root := []string{"VN", fmt.Sprintf("p%d", 1+r.IntN(4)), fmt.Sprintf("p%dc%d", 1+r.IntN(4), 1+r.IntN(12))}[r.IntN(3)]
		for _, d := range report.Indicators() {
			if d.Part || d.ID == "PROFILE_TEMP_PEAK" {
				continue
			}
			if d.ID == "IDC_RANK" && root == "VN" {
				continue // nothing is beside the country
			}
			seen++
			want := ""
			if d.ID == "IDC_RANK" {
				want = wantRank(byForm["id_card_drive"], view, root, from, to)
			} else {
				records := byForm[d.Form]
				if d.ID == "GRP_COVER" {
					records = append(append([]rec{}, byForm["self_mgmt_group"]...), byForm["commune_profile"]...)
				} else if d.Made() {
					part, _ := report.Lookup(d.Over[0])
					records = byForm[part.Form]
				}
				want = counter(view, root, from, to).figure(records, d.ID)
			}
			got := exact(t, db, view, pivot.Query{Indicator: d.ID, Root: root, Period: report.Period{From: from, To: to}})
			if plain(got.Value) != want {
				t.Errorf("%s of %s, %s to %s: %s, by hand %s", d.ID, root, from, to, plain(got.Value), want)
				if wrong++; wrong > 10 {
					t.FailNow()
				}
			}
		}
	}
	if seen < 49*50-50 {
		t.Errorf("%d figures were compared", seen)
	}
}

func counter(view *units.View, root, from, to string) recount {
	c := recount{under: func(unit string) bool { return unit == root || root == "VN" || strings.HasPrefix(unit, root+"c") }, from: from, to: to, children: map[string]int{}}
	for _, u := range view.Level("commune") {
		if c.under(u.Code) {
			c.children[u.Code]++
		}
	}
	return c
}

func wantRank(all []rec, view *units.View, root, from, to string) string {
	var among []recount
	own := 0
	for i, u := range view.Children(view.Parent(root)) {
		if u.Code == root {
			own = i
		}
		among = append(among, counter(view, u.Code, from, to))
	}
	return rank(all, from, to, among, own)
}

// exact computes one figure, whatever protection does to small ones.
func exact(t *testing.T, db *sqlite.DB, view *units.View, q pivot.Query) (c pivot.Cell) {
	t.Helper()
	err := db.View(t.Context(), func(tx *sqlite.Tx) (err error) {
		c, err = pivot.Exact(tx, view, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
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
