package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// filterBar is the head of the list: what is searched for, and what the list is narrowed by. What is needed less often folds
// away.
type filterBar struct {
	w       *Window
	search  *kit.Entry
	forms   *kit.Choose
	formIDs []string
	states  *kit.Choose
	units   *kit.Choose // nil: there is one unit
	codes   []string
	days    *kit.Choose
	from    *kit.Entry
	to      *kit.Entry
	between *fyne.Container // the two of them
	fold    *kit.Button
	open    bool
	second  *fyne.Container // the row that folds
	on      *fyne.Container // how many filters are on
	obj     *fyne.Container
	shape   barShape
	laid    bool
}

// barShape is all that decides which parts of the bar are seen.
type barShape struct {
	open bool
	on   int
	days app.Period
	unit bool
}

var statesOffered = []app.Standing{app.AnyStanding, app.InConflict, app.NeedsAttention, app.Returned, app.HasDraft, app.Queued, app.Approved, app.AtCentre, app.Voided}

var periods = []struct {
	period app.Period
	key    string
}{{app.PeriodAny, "list.anyday"}, {app.PeriodWeek, "list.week"}, {app.PeriodMonth, "list.month"}, {app.PeriodQuarter, "list.quarter"},
	{app.PeriodYear, "list.year"}, {app.PeriodDays, "list.days"}}

func newFilterBar(w *Window) *filterBar {
	b := &filterBar{w: w, second: container.NewStack(), on: container.NewStack()}
	m, l := w.m, w.m.List
	b.search = kit.NewEntry(w.keys)
	b.search.SetIcon(theme.SearchIcon())
	b.search.SetPlaceHolder(m.T("list.search"))
	b.search.SetText(l.Filter().Text)
	b.search.OnChanged = l.SetText
	b.search.OnEscape = func() {
		if b.search.Text == "" {
			w.escape()
			return
		}
		b.search.SetText("")
	}
	b.forms = kit.NewChoose(nil, -1, "", func(i int) { l.SetForm(b.formIDs[i]) })
	words := []string{m.T("list.anystate")}
	for _, s := range statesOffered[1:] {
		words = append(words, m.Word(s))
	}
	b.states = kit.NewChoose(words, 0, "", func(i int) { l.SetState(statesOffered[i]) })
	b.fold = kit.NewButton(m.T("list.more"), nil, func() { b.open = !b.open; b.draw() })
	b.buildMore()
	f := l.Filter()
	b.open = f.Unit != "" || f.Period != app.PeriodAny
	fresh := kit.NewButton(m.T("new"), theme.ContentAddIcon(), func() { m.Go(app.PageNew) }).As(kit.Primary)
	row := kit.Row(8, 0, b.search.Framed(), kit.Fixed(kit.Size(kit.SizeBody)*9.6, 0, b.forms), kit.Fixed(chipWidth()+12, 0, b.states), b.fold, fresh)
	b.obj = kit.Border(nil, kit.Hair(), nil, nil, kit.Column(0, kit.Fixed(0, 60, kit.Pad(16, 9, 16, 9, row)), b.second))
	b.draw()
	return b
}

// buildMore makes the row that folds.
func (b *filterBar) buildMore() {
	m, l := b.w.m, b.w.m.List
	var row []fyne.CanvasObject
	if units := l.Units(); len(units) > 0 {
		names := []string{m.T("list.anyunit")}
		b.codes = []string{""}
		for _, u := range units {
			names, b.codes = append(names, u.Name), append(b.codes, u.Code)
		}
		b.units = kit.NewChoose(names, 0, "", func(i int) { l.SetUnit(b.codes[i]) })
		row = append(row, kit.Fixed(190, 0, b.units))
	}
	words := make([]string, len(periods))
	for i, p := range periods {
		words[i] = m.T(p.key)
	}
	b.days = kit.NewChoose(words, 0, "", func(i int) { l.SetPeriod(periods[i].period); b.draw() })
	b.from, b.to = b.day("list.from"), b.day("list.to")
	b.between = kit.Row(8, -1, kit.Fixed(140, 0, b.from.Framed()), kit.Fixed(140, 0, b.to.Framed()))
	row = append(row, kit.Fixed(190, 0, b.days), b.between, kit.Space(1, 1), b.on)
	b.second.Objects = []fyne.CanvasObject{kit.Pad(16, 0, 16, 9, kit.Row(8, len(row)-2, row...))}
}

// day is an entry for a day; the list follows when it is left.
func (b *filterBar) day(key string) *kit.Entry {
	e := kit.NewEntry(b.w.keys)
	e.SetPlaceHolder(b.w.m.T(key))
	e.OnNext = b.takeDays
	e.OnLeft = b.takeDays
	return e
}

func (b *filterBar) takeDays() {
	from, to := b.w.m.List.SetDays(b.from.Text, b.to.Text)
	b.from.SetWrong(!from)
	b.to.SetWrong(!to)
	if from && to {
		b.draw()
	}
}

// draw brings the bar up to the filter.
func (b *filterBar) draw() {
	m, l := b.w.m, b.w.m.List
	f := l.Filter()
	b.search.Put(f.Text)
	labels := []string{m.T("list.anyform")}
	b.formIDs = []string{""}
	for _, x := range m.FormsListed() {
		labels, b.formIDs = append(labels, x.Label), append(b.formIDs, x.ID)
	}
	b.forms.Offer(labels, max(0, index(b.formIDs, f.Form)), "")
	b.states.ShowChoice(index(statesOffered, f.State))
	if b.units != nil {
		b.units.ShowChoice(max(0, index(b.codes, f.Unit)))
	}
	for i, p := range periods {
		if p.period == f.Period {
			b.days.ShowChoice(i)
		}
	}
	from, to := l.Days()
	b.from.Put(from)
	b.to.Put(to)
	b.fold.SetText(m.T(map[bool]string{false: "list.more", true: "list.less"}[b.open]))
	b.lay(f)
}

// lay lays the bar out, and all that gives way to it, when something in it comes or goes. To refresh the window is to draw
// every icon in it anew.
func (b *filterBar) lay(f app.Filter) {
	m, l := b.w.m, b.w.m.List
	now := barShape{open: b.open, on: f.Count(), days: f.Period, unit: f.Unit != ""}
	if b.laid && now == b.shape {
		return
	}
	b.shape, b.laid = now, true
	b.between.Hidden = f.Period != app.PeriodDays
	b.on.Objects = nil
	if n := now.on; n > 0 {
		b.on.Objects = []fyne.CanvasObject{kit.Row(8, -1, kit.Line(m.T("list.filters", "n", countText(n)), kit.Small.Strong()),
			kit.NewButton(m.T("list.unfilter"), theme.CancelIcon(), l.Unfiltered).Little())}
	}
	b.on.Hidden = len(b.on.Objects) == 0
	b.second.Hidden = !b.open && now.on == 0
	b.days.Hidden = !b.open && f.Period == app.PeriodAny
	if b.units != nil {
		b.units.Hidden = !b.open && f.Unit == ""
	}
	if b.obj != nil {
		b.obj.Refresh()
	}
	if c := b.w.win.Canvas().Content(); c != nil {
		c.Refresh() // the list below gives way
	}
}

func index[T comparable](list []T, x T) int {
	for i := range list {
		if list[i] == x {
			return i
		}
	}
	return -1
}
