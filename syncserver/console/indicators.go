package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/staff"
)

// figures are what the pages of figures keep between requests.
type figures struct {
	cache pivot.Cache
}

// IndicatorGroup is a heading of the programme with its indicators.
type IndicatorGroup struct {
	report.Group
	Lines []report.Indicator
}

// getIndicators lists the indicators by the headings of the programme.
func getIndicators(q *Request) error {
	var groups []IndicatorGroup
	for _, g := range report.Headings() {
		one := IndicatorGroup{Group: g}
		for _, id := range g.Indicators {
			if d, ok := report.Lookup(id); ok {
				one.Lines = append(one.Lines, d)
			}
		}
		groups = append(groups, one)
	}
	return q.show("indicators", "nav.indicators", groups)
}

// maxSteps is how many columns of time a table has; a longer period is cut into longer steps.
const maxSteps = 24

// usualMonths is how many months are shown when nobody asks for others.
const usualMonths = 6

// asked is what the address asks of an indicator: the same words ask for the same table, here, in its panel and in its files.
func (q *Request) asked(id string) (pivot.Query, *report.Indicator, error) {
	root, err := q.figureRoot()
	if err != nil {
		return pivot.Query{}, nil, err
	}
	p := pivot.Query{Indicator: id, Root: root, Period: q.period(), Reader: q.Viewer.Unit, Rule: q.rule()}
	if number := q.Q("report"); number != "" { // as in a report that was frozen; nobody chooses a place of the log by himself
		s, _, err := q.frozenReport(number, staff.ReadReports)
		if err != nil {
			return p, nil, err
		}
		p.Rule = s.Rule()
	}
	d, ok := report.Define(id, p.Period.To)
	if !ok {
		return p, nil, errNoPage
	}
	if err := q.Viewer.Can(staff.CountRecords, root, cmp.Or(d.Compartment, declared.Ordinary)); err != nil {
		return p, nil, notHis(err)
	}
	if len(q.countedFor(&d).Children(root)) > 0 {
		p.Rows = pivot.Axis{By: pivot.ByUnit, Level: q.Q("level")}
	}
	switch by := q.Q("by"); {
	case strings.HasPrefix(by, "f:"):
		p.Columns = pivot.Axis{By: pivot.ByAnswer, Field: by[2:]}
	case by != "none" && p.Period.From != "":
		p.Columns = pivot.Axis{By: pivot.ByTime, Step: fitting(report.Step(by), p.Period)}
	}
	p.Gaps, err = q.gaps()
	return p, &d, err
}

// figureRoot is the unit whose figures are asked for: the viewer's own, or one below it. Of any other there is no page.
func (q *Request) figureRoot() (string, error) {
	root := q.unitTyped("unit")
	switch {
	case root == "" || root == q.Viewer.Unit:
		return q.Viewer.Unit, nil
	case !q.today().Within(root, q.Viewer.Unit):
		return "", errNoPage
	}
	return root, nil
}

// period is that of the address, or the last months up to the end of this one.
func (q *Request) period() report.Period {
	month := report.Month.Around(q.now().Format(time.DateOnly))
	p := report.Period{From: isoDay(q.Q("from")), To: isoDay(q.Q("to"))}
	if p.To == "" {
		p.To = max(month.To, p.From)
	}
	if p.From == "" {
		last, err := time.Parse(time.DateOnly, p.To)
		if err != nil {
			return month
		}
		p.From = last.AddDate(0, 0, 1-last.Day()).AddDate(0, 1-usualMonths, 0).Format(time.DateOnly)
	}
	if p.From > p.To {
		p.From, p.To = p.To, p.From
	}
	return p
}

// rule is which records count: all that were received, or the approved ones; up to a day, or all.
func (q *Request) rule() pivot.Rule {
	r := pivot.Rule{Approved: q.Q("count") == "approved"}
	if day := isoDay(q.Q("cutoff")); day != "" {
		r.Cutoff = endOf(day)
	}
	return r
}

// ruleAddress is the part of an address that asks for a rule.
func ruleAddress(r pivot.Rule) []any {
	count, cutoff := "", ""
	if r.Approved {
		count = "approved"
	}
	if r.Cutoff != 0 {
		cutoff = at(r.Cutoff).Format("02/01/2006")
	}
	return []any{"count", count, "cutoff", cutoff}
}

// endOf is the last moment of a day of the country.
func endOf(day string) record.Millis {
	t, err := time.ParseInLocation(time.DateOnly, day, viet.Zone)
	if err != nil {
		return 0
	}
	return t.AddDate(0, 0, 1).UnixMilli() - 1
}

// fitting is a step by which the period is no wider than a screen: the one that was asked for, or the next longer one.
func fitting(step report.Step, p report.Period) report.Step {
	steps := []report.Step{report.Month, report.Quarter, report.Half, report.Year}
	i := max(slices.Index(steps, step), 0)
	for i < len(steps)-1 && len(p.Split(steps[i])) > maxSteps {
		i++
	}
	return steps[i]
}

// pivot computes a table of figures by a tree.
func (q *Request) pivot(tx *sqlite.Tx, by *units.View, p pivot.Query) (*pivot.Table, error) {
	p.Cache = &q.c.figures.cache
	return pivot.Make(tx, by, p)
}

// getIndicator shows one indicator as a table; with a cell that was opened, the records behind it too.
func getIndicator(q *Request) error {
	p, d, err := q.asked(q.PathValue("id"))
	if err != nil {
		return err
	}
	page := &indicatorPage{q: q, view: q.countedFor(d), Definition: d, asked: p.Rule}
	page.Levels = q.levelsBeyond(p.Root, page.view)
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		if page.Table, err = q.pivot(tx, page.view, p); err != nil {
			return err
		}
		if err := page.compare(tx); err != nil {
			return err
		}
		return page.open(tx)
	})
	if err != nil {
		return err
	}
	if page.Panel != nil && !q.Live() {
		if err := q.note(staff.ReadRecords, p.Root, d.Form, "", q.why(), "", len(page.Panel.Rows)); err != nil {
			return err
		}
	}
	return q.show("indicator", "nav.indicators", page)
}

// onlyTotals reports whether an error says that the records behind a figure are nobody's here to see.
func onlyTotals(err error) bool { return fault.CodeOf(err) == fault.OnlyTotals }
