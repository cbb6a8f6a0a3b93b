package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// The small pages: which form to fill in, the way to the centre.

// simplePage is a head and a body that is drawn anew when certain parts change.
type simplePage struct {
	parts app.Part
	body  *fyne.Container
	fill  func() fyne.CanvasObject
	obj   fyne.CanvasObject
	focus fyne.Focusable
}

func newSimplePage(parts app.Part, head fyne.CanvasObject, fill func() fyne.CanvasObject) *simplePage {
	p := &simplePage{parts: parts, body: container.NewStack(), fill: fill}
	p.obj = kit.Border(head, nil, nil, nil, p.body)
	p.draw(parts)
	return p
}

func (p *simplePage) object() fyne.CanvasObject { return p.obj }
func (p *simplePage) first() fyne.Focusable     { return p.focus }

func (p *simplePage) draw(part app.Part) {
	if part&p.parts != 0 {
		p.body.Objects = []fyne.CanvasObject{kit.NewScroll(kit.Pad(18, 14, 20, 20, p.fill())).Container}
		p.body.Refresh()
	}
}

// formsPage offers the forms that may be filled in; typing narrows them, Enter opens the first.
type formsPage struct {
	w      *Window
	search *kit.Entry
	body   *fyne.Container
	obj    fyne.CanvasObject
}

func newFormsPage(w *Window) page {
	p := &formsPage{w: w, search: kit.NewEntry(w.keys), body: container.NewStack()}
	p.search.SetIcon(theme.SearchIcon())
	p.search.SetPlaceHolder(w.m.T("form.find"))
	p.search.OnChanged = func(string) { p.draw(app.PartList) }
	p.search.OnEscape = func() { p.search.SetText("") }
	p.search.OnNext = func() {
		if found := w.m.FindForms(p.search.Text); len(found) > 0 {
			w.m.New(found[0].ID)
		}
	}
	p.obj = kit.Border(header(kit.NewCut(w.m.T("form.new"), kit.Title)), nil, nil, nil,
		kit.Border(kit.Pad(18, 12, 20, 4, p.search.Framed()), nil, nil, nil, p.body))
	p.draw(app.PartList)
	return p
}

func (p *formsPage) object() fyne.CanvasObject { return p.obj }
func (p *formsPage) first() fyne.Focusable     { return p.search }

func (p *formsPage) draw(part app.Part) {
	if part&app.PartList == 0 {
		return
	}
	m := p.w.m
	var content fyne.CanvasObject
	switch found := m.FindForms(p.search.Text); {
	case len(m.Forms()) == 0:
		text, _, _ := m.List.Empty()
		content = emptyState(theme.WarningIcon(), text, "", nil)
	case len(found) == 0:
		content = emptyState(theme.SearchIcon(), m.T("list.nothing", "q", p.search.Text), "", nil)
	default:
		var cells []fyne.CanvasObject
		for _, f := range found {
			cells = append(cells, kit.NewCell(kit.NewButton(f.Label, theme.DocumentCreateIcon(), func() { m.New(f.ID) }), false))
		}
		content = kit.Grid(12, kit.Size(kit.SizeBody)*30, 2, cells...)
	}
	p.body.Objects = []fyne.CanvasObject{kit.NewScroll(kit.Pad(18, 8, 20, 20, content)).Container}
	p.body.Refresh()
}

func newSyncPage(w *Window) page {
	m := w.m
	now := kit.NewButton(m.T("sync.now"), kit.IconSync, m.SendNow).As(kit.Primary).WithKey("Ctrl+G")
	p := newSimplePage(app.PartSync, header(kit.NewCut(m.T("nav.sync"), kit.Title), now), func() fyne.CanvasObject { return syncBody(m) })
	p.focus = now
	return p
}

func syncBody(m *app.App) fyne.CanvasObject {
	bar := m.Bar()
	s := standing(m, &bar)
	figure := func(key, value string) fyne.CanvasObject {
		return kit.NewCell(kit.Column(2, kit.NewCut(m.T(key), kit.Small), kit.NewCut(value, kit.Figure)), false)
	}
	account := kit.Column(12, kit.TopRow(14, 1, kit.Icon(s.icon, s.ink, 40), kit.Column(2, kit.NewPara(s.title, kit.Section.In(s.ink)), kit.NewPara(s.why, kit.Body))),
		kit.Hair(), kit.Grid(12, 170, 4, figure("sync.week", bar.Week), figure("sync.atcentre", bar.WeekAt),
			figure("sync.missing", bar.Missing), figure("sync.receipt", bar.Receipt)))
	objects := []fyne.CanvasObject{kit.Box(kit.ColorPaper, s.ink, 2, kit.Pad(18, 14, 18, 14, account))}
	if bar.Trouble.Some() {
		objects = append(objects, kit.Banner(kit.ColorDangerTint, kit.ColorDanger, theme.WarningIcon(),
			kit.Column(4, kit.Line(m.T("sync.trouble"), kit.Section), troubleText(m, bar.Trouble))))
	} else {
		objects = append(objects, kit.NewPara(bar.Strong, kit.Bold))
	}
	if bar.Done >= 0 {
		progress := kit.NewProgress()
		progress.Set(bar.Done)
		objects = append(objects, kit.Fixed(0, 16, progress))
	}
	for _, text := range []string{bar.Contact, bar.NextTry} {
		if text != "" {
			objects = append(objects, kit.NewPara(text, kit.Body))
		}
	}
	objects = append(objects, kit.NewPara(m.T("sync.resume"), kit.Body), kit.NewPara(m.Technical(), kit.Small))
	return kit.Column(12, objects...)
}
