package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// The page on which one chooses what to write, and what simple pages share.

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

// showAll takes off what was searched for.
func (p *formsPage) showAll() {
	p.search.SetText("")
	p.w.win.Canvas().Focus(p.search)
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
		content = emptyState(theme.WarningIcon(), m.T("list.nofeeds"), m.T("sync.fetch"), m.Fetch)
	case len(found) == 0:
		content = emptyState(theme.SearchIcon(), m.T("list.nothing", "q", p.search.Text), m.T("form.all"), p.showAll)
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
