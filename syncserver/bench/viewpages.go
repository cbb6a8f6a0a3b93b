package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/report/pivot"
)

// Yardsticks of a page, in milliseconds.
const (
	listGoal  = 100
	pivotGoal = 300
	gridGoal  = 200
)

// How many of each kind are asked for.
const (
	pagesAsked  = 200
	pivotsAsked = 10
)

// viewsWords are in the notes of records.
const viewsWords = "nuoc lu da cach ly thon ho gia dinh can bo xa kiem tra giong lua dien tich san"

// pages measures what somebody waits for at the console.
func (c *crowded) pages(ctx context.Context) error {
	all := country()
	scopes := []projection.Scope{all, {Units: all.Units[:135], Own: commune(0)}, {Units: []string{commune(7)}, Own: commune(7)}}
	words := strings.Fields(viewsWords)
	filters := map[string]func() projection.Filter{
		"views-list": func() projection.Filter { return projection.Filter{} },
		"views-filter": func() projection.Filter {
			month := time.Date(2024, time.Month(1+c.rng.IntN(34)), 1, 0, 0, 0, 0, time.UTC)
			return projection.Filter{Form: viewsForms[c.rng.IntN(len(viewsForms))].id, From: month.Format(time.DateOnly), To: month.AddDate(0, 3, -1).Format(time.DateOnly)}
		},
		"views-search": func() projection.Filter {
			w := words[c.rng.IntN(len(words))]
			return projection.Filter{Text: words[c.rng.IntN(len(words))] + " " + w[:min(len(w), 2+c.rng.IntN(3))]}
		},
		"views-both": func() projection.Filter {
			return projection.Filter{Text: words[c.rng.IntN(len(words))], Form: viewsForms[c.rng.IntN(len(viewsForms))].id, State: projection.AtCentre,
				Officer: fmt.Sprint("cán bộ ", c.rng.IntN(viewsMachines)), From: "2025-03-10"}
		},
	}
	for _, by := range []projection.Sort{projection.ByArrival, projection.ByDay} {
		for _, name := range []string{"views-list", "views-filter", "views-search", "views-both"} {
			var all rounds
			found := 0
			err := all.measure(pagesAsked, func(i int) error {
				page, err := c.views.List(ctx, scopes[i%len(scopes)], filters[name](), projection.Order{By: by}, "", 50)
				found += len(page.Rows)
				return err
			})
			if err == nil && found == 0 {
				err = fmt.Errorf("%s found nothing", name)
			}
			if err != nil {
				return err
			}
			all.meets(name+strings.Repeat("-day", len(by)/3), listGoal)
		}
	}
	return errors.Join(c.grid(ctx), c.pivots(ctx), c.drafts(ctx), c.exports(ctx))
}

// meets prints pages with the mark of their 95th percentile, and whether they are within it.
func (r rounds) meets(name string, limit float64) {
	half, most := r.at(50), r.at(95)
	said := "held"
	switch {
	case most.wall <= limit:
	case most.cpu <= limit:
		said = "spoilt by other load: held on the processor"
	default:
		said = "MISSED"
	}
	fmt.Printf("bench %-32s ours=%s(p95 %s; on the processor %s, p95 %s) mark=%s(p95) %s\n", name, figure(half.wall, ms), figure(most.wall, ms),
		figure(half.cpu, ms), figure(most.cpu, ms), figure(limit, ms), said)
}

// provinces is how many units are above the communes.
const provinces = 34

func province(i int) string { return fmt.Sprintf("P%02d", i) }

// belowCountry are the provinces and their communes.
func belowCountry() (all []units.Unit) {
	for p := range provinces {
		all = append(all, units.Unit{Code: province(p), Parent: units.Root, Level: "province", Name: fmt.Sprint("Tỉnh ", p)})
	}
	for i := range viewsCommunes {
		all = append(all, units.Unit{Code: commune(i), Parent: province(i * provinces / viewsCommunes), Level: "commune", Name: fmt.Sprint("Xã ", i)})
	}
	return all
}

// viewsTree is the communes below their provinces.
func viewsTree() *units.View {
	all := append([]units.Unit{{Code: units.Root, Level: "country", Name: "Cả nước"}}, belowCountry()...)
	return units.New(units.Usual, all).At(benchYear.To)
}

// viewsList is the same as the list that a centre takes in.
func viewsList() []byte {
	var list strings.Builder
	list.WriteString("code,parent,name,level\n")
	for _, u := range belowCountry() {
		fmt.Fprintf(&list, "%s,%s,%s,%s\n", u.Code, u.Parent, u.Name, u.Level)
	}
	return []byte(list.String())
}

// benchYear is the period of the tables.
var benchYear = report.Period{From: "2025-01-01", To: "2025-12-31"}

// grid computes who has reported: the communes of the country and of a province, and a year of months.
func (c *crowded) grid(ctx context.Context) error {
	view := viewsTree()
	for _, plan := range []string{"sessions", "reception"} {
		for _, place := range []struct{ name, root string }{{"country", units.Root}, {"province", "P07"}} {
			var all rounds
			if err := all.measure(pivotsAsked, func(int) error { return c.gridOf(ctx, view, place.root, plan) }); err != nil {
				return err
			}
			all.meets("views-grid-"+plan+"-"+place.name, gridGoal)
		}
	}
	return nil
}

// pivots compute each indicator of which there are records by unit and month, as the console does. Of each kind of table the slowest
// indicator is printed, and some that are spoken of. One of tips and petitions is computed once more for the first time after the tables
// have moved, when it must be found out what is hidden.
func (c *crowded) pivots(ctx context.Context) error {
	view := viewsTree()
	cache := &pivot.Cache{}
	slowest, of := map[string]rounds{}, map[string]string{}
	for _, d := range report.Indicators() {
		if !slices.ContainsFunc(c.kinds, func(k kind) bool { return k.ref.ID == d.Form }) {
			continue
		}
		communes, approved, cutoff, province := countryByMonth(d.ID), countryByMonth(d.ID), countryByMonth(d.ID), countryByMonth(d.ID)
		communes.Rows.Level, approved.Rule.Approved, cutoff.Rule.Cutoff, province.Root = "commune", true, 1, "P07"
		for _, x := range []struct {
			name  string
			asked int
			pivot.Query
		}{
			{"hidden-first", 1, countryByMonth(d.ID)}, {"provinces", pivotsAsked, countryByMonth(d.ID)}, {"communes", pivotsAsked, communes},
			{"approved", pivotsAsked, approved}, {"cutoff", pivotsAsked, cutoff}, {"province", pivotsAsked, province},
		} {
			if x.asked == 1 && !d.Sensitive() {
				continue
			}
			x.Cache = cache
			var all rounds
			if err := all.measure(x.asked, func(int) error { return c.pivotOf(ctx, view, x.Query) }); err != nil {
				return fmt.Errorf("%s: %w", d.ID, err)
			}
			if x.name == "provinces" && slices.Contains([]string{"AW_PARTICIPANTS", "AW_PLACES", "TIP_VALUABLE", "PET_DUE", "WPN_GUN", "PROFILE_HH"}, d.ID) {
				all.meets("views-pivot-"+d.ID, pivotGoal)
			}
			if of[x.name] == "" || all.at(95).cpu > slowest[x.name].at(95).cpu {
				slowest[x.name], of[x.name] = all, d.ID
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		slowest[name].meets("views-pivot-"+name+"-slowest-"+of[name], pivotGoal)
	}
	return nil
}

// draftsAsked is how many drafts of a report are made of each unit.
const draftsAsked = 5

// drafts make the report with the most headings for a unit and a year, every figure by the units below and once more for the year
// before: the first one finds out what is hidden.
func (c *crowded) drafts(ctx context.Context) error {
	all := report.Templates()
	template := slices.MaxFunc(all, func(a, b report.Template) int { return len(a.Groups) - len(b.Groups) })
	view, cache := viewsTree(), &pivot.Cache{}
	for _, place := range []struct{ name, root string }{{"country", units.Root}, {"province", "P07"}, {"commune", commune(7)}} {
		order := frozen.Order{Title: "dự thảo", Root: place.root, Period: benchYear}
		for _, g := range template.Headings() {
			for _, id := range g.Indicators {
				d, ok := report.Define(id, benchYear.To)
				if !ok || d.Measure == report.Rank {
					continue
				}
				now := frozen.Layout{Indicator: id}
				if len(view.Children(place.root)) > 0 {
					now.Rows = pivot.Axis{By: pivot.ByUnit}
				}
				order.Tables = append(order.Tables, now, frozen.Layout{Indicator: id, Period: report.Period{From: "2024-01-01", To: "2024-12-31"}})
			}
		}
		draft := func() error {
			return c.views.View(ctx, func(tx *sqlite.Tx) error {
				_, err := frozen.Take(tx, view, order, cache)
				return err
			})
		}
		first, err := timed(draft)
		if err != nil {
			return err
		}
		var later rounds
		if err := later.measure(draftsAsked, func(int) error { return draft() }); err != nil {
			return err
		}
		half := later.at(50)
		fmt.Printf("bench %-32s ours=%s(the first %s; on the processor %s; %d tables) floor=absent (no peer makes one) ratio=- limit=-\n", "views-draft-"+place.name,
			figure(half.wall, ms), figure(first.wall, ms), figure(half.cpu, ms), len(order.Tables))
	}
	return nil
}

func country() projection.Scope {
	s := projection.Scope{Own: commune(0)}
	for i := range viewsCommunes {
		s.Units = append(s.Units, commune(i))
	}
	return s
}
