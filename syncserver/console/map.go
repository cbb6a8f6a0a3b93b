package console

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/form/declared"
	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/boundary"
	"banlang/syncserver/centre"
	"banlang/syncserver/report"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/staff"
)

const (
	mapRows    = 100 // units in the table beside the map
	mapPeriods = 12
	formPrefix = "form:" // what is shown is the number of records of a form
)

// mapPage is a figure by units, on a map and in a table of the same numbers.
type mapPage struct {
	What       string // the id of an indicator, or formPrefix and that of a form
	Label      string
	Note       string
	Indicators []FormChoice
	Forms      []FormChoice
	Step       report.Step
	Periods    []report.Period
	Period     report.Period
	Ranks      []LevelNamed
	Rank       string
	Rows       []mapRow // of the page
	All        []mapRow
	After      int
	Legend     []mapStep
	Total      string
	Picture    *picture
	NoBorders  bool
	Above      []units.Unit
	byUnit     map[string]*mapRow
	cuts       [boundary.Bins - 1]float64
	share      bool
	check      bool // a unit's figures fit together, or they do not
	places     int
}

// mapRow is the figure of one unit.
type mapRow struct {
	Unit      units.Unit
	Text      string
	Value     float64
	Known     bool // it has a figure; otherwise it is hatched
	Hidden    bool // it has one that is not shown (decision 21)
	MayChange bool
	Below     bool // there are units below it
	Bin       int
}

// mapStep is a line of the legend.
type mapStep struct {
	Bin  int
	Text string
	N    int
}

// getMap shows the map that the address asks for.
func getMap(q *Request) error {
	root := q.Root()
	p := &mapPage{Ranks: q.levelsBelow(root, q.today()), Above: q.way(root, q.today())}
	q.mapAsked(p)
	machines, err := q.machines()
	if err != nil {
		return err
	}
	codes := map[string]bool{}
	for _, u := range q.today().Level(p.Rank) {
		if q.today().Within(u.Code, root) {
			codes[u.Code] = true
		}
	}
	if id, ok := strings.CutPrefix(p.What, formPrefix); ok {
		err = q.countForm(p, id, codes, machines)
	} else {
		err = q.countIndicator(p, root, codes, machines)
	}
	if err != nil {
		return err
	}
	p.shade()
	q.takeRows(p)
	if p.Picture, err = q.mapPicture(root, p); err != nil {
		return err
	}
	p.NoBorders = p.Picture == nil
	return q.show("map", "nav.map", p)
}

// takeRows takes the rows of the page that is asked for.
func (q *Request) takeRows(p *mapPage) {
	from, _ := strconv.Atoi(q.Q("after"))
	from = min(max(from, 0), len(p.All))
	if p.Rows = p.All[from:]; len(p.Rows) > mapRows {
		p.Rows, p.After = p.Rows[:mapRows], from+mapRows
	}
}

// mapAsked is what the address asks for: what, of which level, in which period; the usual where it asks for nothing.
func (q *Request) mapAsked(p *mapPage) {
	for _, d := range report.Indicators() {
		if (!d.Part || d.Measure == report.Check) && q.countsSomewhere(cmp.Or(d.Compartment, declared.Ordinary)) {
			p.Indicators = append(p.Indicators, FormChoice{d.ID, d.Label.In(q.lang)})
		}
	}
	for _, x := range q.c.Centre.Library().All() {
		if f, ok := q.c.Centre.Library().Current(x.ID); ok && f.Compartment == declared.Ordinary {
			p.Forms = append(p.Forms, FormChoice{formPrefix + x.ID, f.Title.In(q.lang)})
		}
	}
	p.What, p.Label = p.Indicators[0].ID, p.Indicators[0].Title
	for _, x := range slices.Concat(p.Indicators, p.Forms) {
		if x.ID == q.Q("what") {
			p.What, p.Label = x.ID, x.Title
		}
	}
	d, _ := report.Lookup(p.What)
	p.Note = d.Note.In(q.lang)
	if d.Measure == report.Rank { // units are ranked among those below the same unit, and in no other list
		p.Ranks = p.Ranks[:min(len(p.Ranks), 1)]
		p.Note = strings.TrimSpace(p.Note + " " + q.T("map.rank"))
	}
	p.Step = report.Month
	if s := report.Step(q.Q("step")); slices.Contains(p.Steps(), s) {
		p.Step = s
	}
	part := p.Step.Around(q.now().Format(time.DateOnly))
	for range mapPeriods {
		p.Periods = append(p.Periods, part)
		part = p.Step.Around(dayBefore(part.From))
	}
	p.Period = p.Periods[1]
	if day := isoDay(q.Q("period")); day != "" {
		p.Period = p.Step.Around(day)
	}
	if !slices.Contains(p.Periods, p.Period) {
		p.Periods = append(p.Periods, p.Period)
	}
	if len(p.Ranks) > 0 {
		p.Rank = p.Ranks[0].ID
	}
	if slices.ContainsFunc(p.Ranks, func(r LevelNamed) bool { return r.ID == q.Q("level") }) {
		p.Rank = q.Q("level")
	}
}

// countsSomewhere reports whether the viewer may have sums of a compartment.
func (q *Request) countsSomewhere(compartment string) bool {
	return len(q.Viewer.Scope(staff.CountRecords, compartment)) > 0
}

// Steps are those that a map can be of.
func (*mapPage) Steps() []report.Step {
	return []report.Step{report.Month, report.Quarter, report.Half, report.Year}
}

// countIndicator fills the page from the one table that is computed for it: what is small is hidden there.
func (q *Request) countIndicator(p *mapPage, root string, codes map[string]bool, machines []centre.Account) error {
	d, ok := report.Define(p.What, p.Period.To)
	if !ok {
		return errNoPage
	}
	if err := q.Viewer.Can(staff.CountRecords, root, cmp.Or(d.Compartment, declared.Ordinary)); err != nil {
		return notHis(err)
	}
	ask := pivot.Query{Indicator: p.What, Root: root, Period: p.Period, Reader: q.Viewer.Unit, Rows: pivot.Axis{By: pivot.ByUnit, Level: p.Rank}, Gaps: gapsOf(machines)}
	if d.Measure == report.Rank {
		ask.Rows.Level = "" // those right below the root, which is the level of the map
	}
	var t, against *pivot.Table
	err := q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) (err error) {
		if t, err = q.pivot(tx, q.today(), ask); err == nil && d.Measure == report.Check {
			p.check, ask.Indicator = true, d.Over[1]
			against, err = q.pivot(tx, q.today(), ask)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, h := range t.Rows {
		u, ok := q.today().Unit(h.Unit)
		if !ok || h.Own || !codes[h.Unit] {
			continue
		}
		r := mapRow{Unit: u, Below: len(q.today().Children(u.Code)) > 0}
		c := *t.At(i, pivot.Whole)
		if p.check && against.At(i, pivot.Whole).Value.Kind == report.Nothing { // of nothing stated nothing is known
			c.Value = report.Value{Kind: report.Nothing}
		}
		r.take(&c)
		p.All = append(p.All, r)
		if v := t.At(i, pivot.Whole).Value; r.Known {
			p.share, p.places = v.Kind == report.Share, v.Places
		}
	}
	p.Total = t.Total.Text()
	return nil
}

// take reads a cell. What nobody stated, what nothing came of, and what is hidden has no shade: it is not zero.
func (r *mapRow) take(c *pivot.Cell) {
	r.Text, r.Hidden, r.MayChange = c.Text(), c.Hidden, c.MayChange
	switch v := c.Value; {
	case c.Hidden, v.Kind == report.Nothing, c.Records == 0 && v.Num == 0:
		return
	case v.Kind == report.Share:
		if v.Den <= 0 {
			return
		}
		r.Value = float64(v.Num) / float64(v.Den)
	case v.Kind == report.Checked:
		if v.Num > v.Den {
			r.Value = 1
		}
	default:
		r.Value = float64(v.Num) / math.Pow10(v.Places)
	}
	r.Known = true
}

// countForm counts the records of an ordinary form by units.
func (q *Request) countForm(p *mapPage, id string, codes map[string]bool, machines []centre.Account) error {
	home, counts, gaps, total := map[string]string{}, map[string]int64{}, map[string]bool{}, int64(0)
	for code := range codes {
		for _, under := range q.today().Under(code) {
			home[under] = code
		}
	}
	for _, g := range gapsOf(machines) {
		gaps[home[g.Unit]] = true
	}
	err := q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		rows := tx.Query("SELECT unit, sum(n) FROM cells WHERE month BETWEEN ? AND ? AND form = ? AND compartment = ? GROUP BY unit",
			p.Period.From[:len("2006-01")], p.Period.To[:len("2006-01")], id, declared.Ordinary)
		for rows.Next() {
			if code, ok := home[rows.Text(0)]; ok {
				counts[code] += rows.Int64(1)
				total += rows.Int64(1)
			}
		}
		return rows.Err()
	})
	for _, u := range q.today().Level(p.Rank) {
		if codes[u.Code] {
			n := counts[u.Code]
			p.All = append(p.All, mapRow{Unit: u, Text: viet.Int(n), Value: float64(n), Known: n > 0, MayChange: gaps[u.Code], Below: len(q.today().Children(u.Code)) > 0})
		}
	}
	p.Total = viet.Int(total)
	return err
}

// shade gives every row its step of lightness, and the legend what each step means and how many units are of it.
func (p *mapPage) shade() {
	var values []float64
	for _, r := range p.All {
		if r.Known {
			values = append(values, r.Value)
		}
	}
	p.cuts = boundary.Quintiles(values)
	if p.check { // the lightest where they fit, the darkest where not
		p.cuts = [...]float64{1, 1, 1, 1}
	}
	n := [boundary.Bins]int{}
	for i := range p.All {
		if r := &p.All[i]; r.Known {
			r.Bin = boundary.Bin(r.Value, p.cuts)
			n[r.Bin]++
		}
	}
	slices.SortStableFunc(p.All, func(a, b mapRow) int {
		if a.Known != b.Known {
			return map[bool]int{true: -1, false: 1}[a.Known]
		}
		return cmp.Compare(b.Value, a.Value)
	})
	p.byUnit = map[string]*mapRow{}
	for i := range p.All {
		p.byUnit[p.All[i].Unit.Code] = &p.All[i]
	}
	for bin, count := range n {
		if count > 0 { // values that are equal leave steps empty
			p.Legend = append(p.Legend, mapStep{Bin: bin, N: count})
		}
	}
}

// Unknown is how many units are hatched because nothing came of them.
func (p *mapPage) Unknown() int {
	return p.count(func(r *mapRow) bool { return !r.Known && !r.Hidden })
}

// Small is how many are hatched because their number is not shown.
func (p *mapPage) Small() int { return p.count(func(r *mapRow) bool { return r.Hidden }) }

func (p *mapPage) count(of func(*mapRow) bool) (n int) {
	for i := range p.All {
		if of(&p.All[i]) {
			n++
		}
	}
	return n
}

// StepText says from which value to which a step goes, by the cuts that the map is drawn with.
func (q *Request) StepText(p *mapPage, s mapStep) string {
	if p.check {
		return q.T(map[bool]string{true: "map.holds", false: "map.fails"}[s.Bin == 0])
	}
	low, high := 0.0, 0.0
	if s.Bin > 0 {
		low = p.cuts[s.Bin-1]
	}
	if s.Bin < len(p.cuts) {
		high = p.cuts[s.Bin]
	}
	switch {
	case s.Bin == 0:
		return q.T("map.below", "to", p.write(high))
	case s.Bin == len(p.cuts):
		return q.T("map.from", "from", p.write(low))
	}
	return q.T("map.between", "from", p.write(low), "to", p.write(high))
}

// write writes a value of the map as its figure is written.
func (p *mapPage) write(v float64) string {
	if p.share {
		return viet.Fixed(int64(math.Round(v*10_000)), 2) + " %"
	}
	return viet.Fixed(int64(math.Round(v*math.Pow10(p.places))), p.places)
}

// mapPicture draws it; nil without boundaries. The units of the page of the table have an id, by which they are found there.
func (q *Request) mapPicture(root string, p *mapPage) (*picture, error) {
	var codes []string
	for _, u := range q.today().Level(p.Rank) {
		if p.byUnit[u.Code] != nil {
			codes = append(codes, u.Code)
		}
	}
	m, err := q.drawn(root, p.Rank, codes)
	if err != nil {
		return nil, err
	}
	listed := map[string]bool{}
	for i := range p.Rows {
		listed[p.Rows[i].Unit.Code] = true
	}
	return q.picture(m, boundary.Look{
		ID:    func(code string) bool { return listed[code] },
		Label: p.Label + ", " + p.Period.Name(q.lang),
		Bin:   func(code string) (int, bool) { r := p.byUnit[code]; return r.Bin, r.Known },
		Title: func(code string) string { return q.MapTitle(p.byUnit[code]) },
		Href: func(code string) string {
			if p.byUnit[code].Below {
				return q.Link("/map", "unit", code, "what", q.Q("what"), "step", q.Q("step"), "period", q.Q("period"))
			}
			return ""
		},
	})
}

// MapTitle says what is told of a unit that is pointed at.
func (q *Request) MapTitle(r *mapRow) string {
	text := r.Unit.Name + ": " + r.Text
	if !r.Known && !r.Hidden {
		text = r.Unit.Name + ": " + q.T("map.none")
	}
	if r.MayChange {
		text += " · " + q.T("grid.may")
	}
	return text
}

// Shade is the colour of a step.
func (mapStep) Shade(bin int) string { return boundary.Shade(bin) }
