package console

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/export"
	"banlang/syncserver/report"
	"banlang/syncserver/report/frozen"
	"banlang/syncserver/report/pivot"
	"banlang/syncserver/staff"
)

// shelf is where frozen reports stand.
func (q *Request) shelf() frozen.Shelf {
	if db := q.c.Centre.Reports(); db != nil {
		return frozen.NewShelf(db)
	}
	return noShelf{}
}

// noShelf is the shelf of a centre whose frozen figures cannot be opened: they are to be restored, and nobody is told that there
// are none.
type noShelf struct{}

var errNoShelf = fault.New(fault.TornDatabase, "console.reports", nil)

func (noShelf) Put(context.Context, *frozen.Snapshot, string, record.Millis) (frozen.Label, error) {
	return frozen.Label{}, errNoShelf
}
func (noShelf) Get(context.Context, int) (*frozen.Snapshot, error) { return nil, errNoShelf }
func (noShelf) List(context.Context) ([]frozen.Label, error)       { return nil, errNoShelf }

// reportsPage lists what was frozen, and begins what is not.
type reportsPage struct {
	Frozen []frozen.Label
	Drafts []draft         // of each kind of report, that of the last period that has ended
	Bad    *Trouble        // nil: nothing is wrong with what was typed
	Wrong  map[string]bool // the fields that it is about
}

// getReports lists the reports of the viewer's unit and of those below it. What the address asks for stands in the form.
func getReports(q *Request) error { return q.showReports(http.StatusOK, reportsPage{}) }

// showReports answers with the list of reports, and what is wrong with what was typed.
func (q *Request) showReports(status int, p reportsPage) error {
	labels, err := q.shelf().List(q.Context())
	if err != nil {
		return err
	}
	p.Frozen = slices.DeleteFunc(labels, func(l frozen.Label) bool { return !q.mayRead(l.Root) })
	for _, t := range report.Templates() {
		p.Drafts = append(p.Drafts, draft{q: q, Template: t, Root: q.Viewer.Unit, Period: q.lastEnded(t.Step)})
	}
	return q.showAs(status, "reports", "nav.reports", p)
}

// mayRead reports whether the reports of a unit are the viewer's to read.
func (q *Request) mayRead(root string) bool {
	return slices.Contains(q.Viewer.Scope(staff.ReadReports, declared.Ordinary), root)
}

// draft is a report as an address asks for it: nothing of it is kept before it is frozen.
type draft struct {
	q        *Request
	Template report.Template
	Root     string
	Period   report.Period
	Rule     pivot.Rule
}

// asksDraft reads which report the address asks for: its kind, unit and period, and which records count.
func (q *Request) asksDraft(act staff.Act) (*draft, error) {
	d := &draft{q: q, Rule: q.rule()}
	var ok bool
	if d.Template, ok = report.TemplateOf(q.Q("template")); !ok {
		return nil, errNoPage
	}
	var err error
	if d.Root, err = q.figureRoot(); err != nil {
		return nil, err
	}
	if err := q.Viewer.Can(act, d.Root, declared.Ordinary); err != nil {
		return nil, notHis(err)
	}
	if err := q.daysTyped("from", "to", "day", "cutoff"); err != nil {
		return nil, err
	}
	d.Period, err = q.reportPeriod(d.Template.Step)
	return d, err
}

// Address is a page of the draft: "/reports/draft", a file of it, or the question before it is frozen.
func (d draft) Address(to string) string {
	return d.q.Link(to, append(ruleAddress(d.Rule), "template", d.Template.ID, "unit", d.Root, "from", d.Period.From, "to", d.Period.To)...)
}

// Title is what the report is about.
func (d draft) Title() string { return reportTitle(vietnamese, d.Period) }

func reportTitle(lang string, p report.Period) string {
	return say(lang, "report.results", "period", p.InWords(lang))
}

// ReportTitle is what a frozen report is about, in the language of the page. What it was called by another program stays as it is.
func (q *Request) ReportTitle(l frozen.Label) string {
	if l.Title == reportTitle(vietnamese, l.Period) {
		return reportTitle(q.lang, l.Period)
	}
	return l.Title
}

// Name is what the report is called in a list.
func (d draft) Name() string { return d.Template.Label.In(d.q.lang) + " · " + d.Period.Name(d.q.lang) }

// order is what is computed for the report: each figure by the units below, and the one before it. It is made as for a reader above
// all units, because whoever may read reports reads the same.
func (d draft) order() frozen.Order {
	o := frozen.Order{Title: d.Title(), Root: d.Root, Day: d.q.now().Format(time.DateOnly), Period: d.Period, Cutoff: d.Rule.Cutoff, Only: d.Rule.Approved, Kind: d.Template.ID}
	view := d.q.today()
	before := d.Period.Before()
	for _, g := range d.Template.Headings() {
		for _, id := range g.Indicators {
			def, ok := report.Define(id, d.Period.To)
			if !ok || def.Measure == report.Rank && view.Parent(d.Root) == "" {
				continue // the first of all has no rank
			}
			now := frozen.Layout{Indicator: id}
			if def.Measure != report.Rank && len(view.Children(d.Root)) > 0 {
				now.Rows = pivot.Axis{By: pivot.ByUnit}
			}
			o.Tables = append(o.Tables, now, frozen.Layout{Indicator: id, Period: before})
		}
	}
	return o
}

// computed is the draft that the address asks for, made from what is there now.
func (q *Request) computed(act staff.Act) (d *draft, s *frozen.Snapshot, err error) {
	if d, err = q.asksDraft(act); err != nil {
		return nil, nil, err
	}
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		o := d.order()
		err := o.Expect(tx, q.today())
		if err == nil {
			s, err = frozen.Take(tx, q.today(), o, &q.c.figures.cache)
		}
		return err
	})
	return d, s, err
}

// reportPage is a report on the screen: a draft, or what was frozen.
type reportPage struct {
	Draft  *draft        // nil: it is frozen
	Label  *frozen.Label // nil: it is a draft
	Snap   *frozen.Snapshot
	Paper  []PaperBlock
	Doc    export.Document
	Since  []SinceLine
	Replay *replay // nil: nobody asked for one
	Gaps   []GapLine
	Others []frozen.Label // frozen before with the same title
}

// Nation and Motto stand at the head of every document of the state.
func (*reportPage) Nation() string { return export.Nation }

// Motto is the other line of it.
func (*reportPage) Motto() string { return export.Motto }

// fewMissing is how many missing units are named beside a report; the report itself names all.
const fewMissing = 20

// FewMissing are the first of the missing units.
func (p *reportPage) FewMissing() []string {
	return p.Snap.Missing[:min(len(p.Snap.Missing), fewMissing)]
}

// MoreMissing is how many more there are.
func (p *reportPage) MoreMissing() int { return max(len(p.Snap.Missing)-fewMissing, 0) }

// FileLink leads to a file of a report.
type FileLink struct{ Name, Href string }

// Files are those that the report can be had as.
func (p *reportPage) Files() (files []FileLink) {
	for _, f := range [][2]string{{"DOCX", "bao-cao.docx"}, {"PDF", "bao-cao.pdf"}, {"XLSX", "phu-luc.xlsx"}, {"CSV", "phu-luc.csv"}, {"GeoJSON", "phu-luc.geojson"}} {
		href := "/reports/draft/" + f[1]
		if p.Draft != nil {
			href = p.Draft.Address(href)
		} else {
			href = "/reports/" + strconv.Itoa(p.Label.Number) + "/" + f[1]
		}
		files = append(files, FileLink{f[0], href})
	}
	return files
}

// getDraft shows a report as it would be frozen now.
func getDraft(q *Request) error {
	d, s, err := q.computed(staff.CompileReport)
	if err != nil {
		return err
	}
	p := &reportPage{Draft: d, Snap: s, Doc: q.document(s, nil)}
	p.Paper = q.paper(s, p.Doc)
	gaps, err := q.gaps()
	if err != nil {
		return err
	}
	p.Gaps = gapsWithin(d.Root, gaps, q.today())
	if p.Others, err = q.frozenAs(s); err != nil {
		return err
	}
	return q.show("report", "nav.reports", p)
}

// frozenAs are the reports that were frozen of the same unit with the same title.
func (q *Request) frozenAs(s *frozen.Snapshot) ([]frozen.Label, error) {
	labels, err := q.shelf().List(q.Context())
	return slices.DeleteFunc(labels, func(l frozen.Label) bool { return l.Root != s.Root || l.Title != s.Title }), err
}

// freezePage asks before figures are frozen: they cannot be altered afterwards.
type freezePage struct {
	*reportPage
	Upon  int // the number of the last report; when another one was frozen meanwhile, it is asked once more
	Names string
}

// getFreeze asks. It asks for the passphrase first.
func getFreeze(q *Request) error {
	d, s, err := q.computed(staff.FreezeReport)
	if err != nil {
		return err
	}
	p := freezePage{reportPage: &reportPage{Draft: d, Snap: s}, Names: q.unitNames(s.Missing)}
	if p.Others, err = q.frozenAs(s); err != nil {
		return err
	}
	if p.Upon, err = q.lastNumber(); err != nil {
		return err
	}
	return q.show("freeze", "nav.reports", p)
}

func (q *Request) lastNumber() (int, error) {
	labels, err := q.shelf().List(q.Context())
	if err != nil || len(labels) == 0 {
		return 0, err
	}
	return labels[0].Number, nil
}

func (q *Request) unitNames(codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = q.UnitName(code)
	}
	return strings.Join(names, ", ")
}

// postFreeze freezes a report over everything that the log holds now: what is committed later is no part of it.
func postFreeze(q *Request) error {
	d, err := q.asksDraft(staff.FreezeReport)
	if err != nil {
		return err
	}
	q.c.freezing.Lock()
	defer q.c.freezing.Unlock()
	last, err := q.lastNumber()
	if err != nil {
		return err
	}
	if upon, err := strconv.Atoi(q.PostFormValue("upon")); err != nil || upon != last {
		return q.said(d.Address("/reports/freeze"), "said.report.late", 0, "")
	}
	now := int64(q.c.Wall())
	if d.Rule.Cutoff > now { // the place in the log is the end of it, whatever the clock says then
		d.Rule.Cutoff = 0
	}
	s, err := frozen.Freeze(q.Context(), q.c.frozenFrom(), d.order())
	if err != nil {
		return err
	}
	label, err := q.shelf().Put(q.Context(), s, q.Viewer.Account, now)
	if err != nil {
		return err
	}
	if err := q.note(staff.FreezeReport, d.Root, "", strconv.Itoa(label.Number), label.Title+" · "+label.Digest, "", len(s.Tables)); err != nil {
		return err
	}
	return q.said("/reports/"+strconv.Itoa(label.Number), "said.report.frozen", label.Number, "")
}

// frozenReport is the report of a number, as it was typed. One of a unit that is not the viewer's looks as if it were not there.
func (q *Request) frozenReport(typed string, act staff.Act) (*frozen.Snapshot, *frozen.Label, error) {
	number, err := strconv.Atoi(typed)
	if err != nil {
		return nil, nil, errNoPage
	}
	labels, err := q.shelf().List(q.Context())
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(labels, func(l frozen.Label) bool { return l.Number == number })
	if i < 0 || !q.mayRead(labels[i].Root) {
		return nil, nil, errNoPage
	}
	if err := q.Viewer.Can(act, labels[i].Root, declared.Ordinary); err != nil {
		return nil, nil, err
	}
	s, err := q.shelf().Get(q.Context(), number)
	return s, &labels[i], err
}

// getReport shows a frozen report, with what would be otherwise today beside it, and what came of the last replay.
func getReport(q *Request) error {
	s, label, err := q.frozenReport(q.PathValue("number"), staff.ReadReports)
	if err != nil {
		return err
	}
	p := &reportPage{Label: label, Snap: s, Doc: q.document(s, label)}
	p.Paper = q.paper(s, p.Doc)
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		since, err := frozen.Since(tx, q.today(), s, &q.c.figures.cache)
		p.Since = q.sinceLines(s, since)
		return err
	})
	if err != nil {
		return err
	}
	p.Replay = q.lastReplay(label.Number)
	return q.show("report", "nav.reports", p)
}

// SinceLine is a figure that would be another one today.
type SinceLine struct {
	Label, Unit, Was, Is string
	Late                 int64
}

// sinceLines are the totals and the units that differ; the period before is no figure of the report.
func (q *Request) sinceLines(s *frozen.Snapshot, all []frozen.Difference) (lines []SinceLine) {
	for _, d := range all {
		if d.Period.To != "" {
			continue
		}
		def, ok := report.Define(d.Indicator, s.Period.To)
		if !ok {
			continue
		}
		line := SinceLine{Label: def.Label.In(q.lang), Unit: q.UnitName(s.Root), Was: d.Frozen.In(q.lang), Is: d.Now.In(q.lang), Late: d.Late}
		if d.Row.Unit != "" {
			line.Unit = q.UnitName(d.Row.Unit)
		}
		lines = append(lines, line)
	}
	return lines
}
