package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/desktop/ui/kit"
)

// recordsPage is the list with its search, and the chosen record beside it.
type recordsPage struct {
	w       *Window
	search  *kit.Entry
	forms   *kit.Choose
	formIDs []string
	states  *kit.Choose
	list    *widget.List
	length  int
	foot    *kit.Cut
	empty   *fyne.Container
	offer   *fyne.Container
	detail  *fyne.Container
	shown   *app.Detail
	later   bool // the offer of drafts was put off
	obj     fyne.CanvasObject
}

var statesOffered = []notebook.State{notebook.StateAny, notebook.StateConflict, notebook.StateAttention}

func newRecordsPage(w *Window) *recordsPage {
	p := &recordsPage{w: w, foot: kit.NewCut("", kit.Small), empty: container.NewStack(), offer: container.NewStack(), detail: container.NewStack()}
	p.list = widget.NewList(func() int { return p.length }, func() fyne.CanvasObject { return newListRow() }, p.update)
	p.list.OnSelected = func(i int) { p.choose(i) }
	p.list.HideSeparators = true
	left := kit.Border(kit.Column(0, p.offer, listHead(w.m)),
		kit.Fixed(0, 30, kit.Pad(14, 4, 14, 4, p.foot)), nil, nil, container.NewStack(p.list, p.empty))
	split := container.NewHSplit(left, kit.Border(nil, nil, kit.Hair(), nil, p.detail))
	split.Offset = 0.5
	p.obj = kit.Border(p.head(), nil, nil, nil, split)
	p.draw(app.PartList | app.PartDetail)
	return p
}

func (p *recordsPage) head() fyne.CanvasObject {
	m, l := p.w.m, p.w.m.List
	p.search = kit.NewEntry(p.w.keys)
	p.search.SetIcon(theme.SearchIcon())
	p.search.SetPlaceHolder(m.T("list.search"))
	p.search.SetText(l.Query().Text)
	p.search.OnChanged = l.SetText
	p.search.OnNext = p.intoList
	p.search.OnEscape = func() { p.search.SetText("") }
	p.forms = kit.NewChoose(nil, -1, "", func(i int) { l.SetForm(p.formIDs[i]) })
	p.offerForms()
	p.states = kit.NewChoose([]string{m.T("list.anystate"), m.T("status.conflict"), m.T("status.attention")},
		index(statesOffered, l.Query().State), "", func(i int) { l.SetState(statesOffered[i]); p.w.nav.draw() })
	fresh := kit.NewButton(m.T("new"), theme.ContentAddIcon(), func() { m.Go(app.PageNew) }).As(kit.Primary)
	row := kit.Row(10, 0, p.search.Framed(), kit.Fixed(210, 0, p.forms), kit.Fixed(190, 0, p.states), fresh)
	return kit.Border(nil, kit.Hair(), nil, nil, kit.Fixed(0, 60, kit.Pad(16, 9, 16, 9, row)))
}

// offerForms brings the filter up to the forms that are known.
func (p *recordsPage) offerForms() {
	labels := []string{p.w.m.T("list.anyform")}
	p.formIDs = []string{""}
	for _, f := range p.w.m.FormsListed() {
		labels, p.formIDs = append(labels, f.Label), append(p.formIDs, f.ID)
	}
	p.forms.Offer(labels, max(0, index(p.formIDs, p.w.m.List.Query().Form)), "")
}

func index[T comparable](list []T, x T) int {
	for i := range list {
		if list[i] == x {
			return i
		}
	}
	return -1
}

// intoList takes the hand from the search to the first record.
func (p *recordsPage) intoList() {
	if p.length > 0 {
		p.w.win.Canvas().Focus(p.list)
		p.list.Select(0)
	}
}

func (p *recordsPage) choose(i int) {
	if i != p.w.m.List.Chosen() {
		p.w.m.List.Choose(i)
	}
}

func (p *recordsPage) object() fyne.CanvasObject { return p.obj }

func (p *recordsPage) first() fyne.Focusable {
	p.mark()
	return p.search
}

func (p *recordsPage) draw(part app.Part) {
	if part&app.PartList != 0 {
		p.drawList()
	}
	if part&(app.PartList|app.PartNav) != 0 {
		p.drawOffer()
	}
	if part&(app.PartDetail) != 0 {
		p.drawDetail()
	}
}

func (p *recordsPage) drawList() {
	l := p.w.m.List
	p.length = l.Len()
	p.search.Put(l.Query().Text)
	p.offerForms()
	p.states.ShowChoice(index(statesOffered, l.Query().State))
	p.foot.Set(l.Footer(), kit.Small)
	p.list.Refresh()
	p.mark()
	p.drawEmpty()
}

// mark selects the chosen row; before the list has a size it cannot scroll to it.
func (p *recordsPage) mark() {
	if p.list.Size().Height == 0 {
		return
	}
	if at := p.w.m.List.Chosen(); at >= 0 {
		p.list.Select(at)
	} else {
		p.list.UnselectAll()
	}
}

// drawEmpty says why there is nothing, with one thing to do about it.
func (p *recordsPage) drawEmpty() {
	l := p.w.m.List
	p.empty.Objects = nil
	switch {
	case l.Trouble().Some():
		p.empty.Objects = []fyne.CanvasObject{kit.Pad(20, 20, 20, 20, troubleText(p.w.m, l.Trouble()))}
	case p.length == 0 && l.Ready():
		text, action, do := l.Empty()
		p.empty.Objects = []fyne.CanvasObject{emptyState(theme.ListIcon(), text, action, do)}
	}
	p.empty.Hidden = len(p.empty.Objects) == 0
	p.empty.Refresh()
}

func emptyState(icon fyne.Resource, text, action string, do func()) fyne.CanvasObject {
	objects := []fyne.CanvasObject{kit.Row(0, 1, kit.Icon(icon, kit.ColorInk2, 32), kit.Space(1, 1)), kit.NewPara(text, kit.Body)}
	if action != "" {
		objects = append(objects, kit.Row(0, 1, kit.NewButton(action, nil, do), kit.Space(1, 1)))
	}
	return kit.Pad(28, 28, 28, 28, kit.Column(12, objects...))
}

// drawOffer brings back what was being written when the program ended.
func (p *recordsPage) drawOffer() {
	m := p.w.m
	text := m.Offer()
	p.offer.Objects = nil
	if text != "" && !p.later {
		p.offer.Objects = []fyne.CanvasObject{kit.Banner(kit.ColorPrimaryTint, kit.ColorPrimary, theme.DocumentCreateIcon(), kit.NewPara(text, kit.Body),
			kit.NewButton(m.T("draft.resume"), nil, m.ResumeLatest).Little(),
			kit.NewButton(m.T("draft.later"), nil, func() { p.later = true; p.drawOffer() }).As(kit.Quiet).Little())}
	}
	p.offer.Hidden = len(p.offer.Objects) == 0
	p.offer.Refresh()
	if p.obj != nil {
		p.obj.Refresh()
	}
}

func (p *recordsPage) update(i int, o fyne.CanvasObject) {
	r := p.w.m.List.Row(i)
	o.(*listRow).set(r, chipLook(p.w.m, r.Standing), i == p.w.m.List.Chosen())
}

// Widths of the cells of a row: a recycled row does not lay itself out again, so they are fixed.
const (
	dayWidth  = 58
	sideSpace = 14
)

// chipWidth holds the longest word of a state at the step in force.
func chipWidth() float32 { return kit.Size(kit.SizeSmall)*9.2 + 40 }

func listHead(m *app.App) fyne.CanvasObject {
	style := kit.Small.Strong()
	row := container.New(rowCells{}, kit.Space(1, 1), kit.NewCut(m.T("list.day"), style), kit.NewCut(m.T("list.what"), style),
		kit.Space(1, 1), kit.NewCut(m.T("list.state"), style), kit.Space(1, 1))
	return kit.Border(nil, kit.Hair(), nil, nil, kit.Fixed(0, 32, row))
}

// listRow is a record of the list: when, what and where, how it stands.
type listRow struct {
	widget.BaseWidget
	mark       *canvas.Rectangle
	day        *kit.Cut
	title, sub *kit.Cut
	chip       *kit.Chip
	hair       fyne.CanvasObject
}

func newListRow() *listRow {
	r := &listRow{mark: canvas.NewRectangle(kit.Color(kit.ColorPrimary)), day: kit.NewCut("", kit.Small), title: kit.NewCut("", kit.Bold), sub: kit.NewCut("", kit.Small),
		chip: kit.NewChip(kit.ChipLook{Fill: kit.ColorPaper, Stroke: kit.ColorPaper, Ink: kit.ColorInk}), hair: kit.Hair()}
	r.ExtendBaseWidget(r)
	return r
}

func (r *listRow) set(row app.Row, look kit.ChipLook, chosen bool) {
	r.day.Set(row.Day, kit.Small.In(kit.ColorInk))
	r.title.Set(row.Title, kit.Bold)
	r.sub.Set(row.Sub, kit.Small)
	r.chip.Set(look)
	if r.mark.Hidden == chosen {
		r.mark.Hidden = !chosen
		r.mark.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (r *listRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(rowCells{}, r.mark, r.day, r.title, r.sub, r.chip, r.hair))
}

// rowCells lays out: mark, day, title, sub, chip, hair.
type rowCells struct{}

func (rowCells) Layout(o []fyne.CanvasObject, size fyne.Size) {
	chip := chipWidth()
	o[0].Resize(fyne.NewSize(5, size.Height))
	o[1].Move(fyne.NewPos(sideSpace, 0))
	o[1].Resize(fyne.NewSize(dayWidth-8, size.Height))
	x := float32(sideSpace + dayWidth)
	w := size.Width - x - chip - 10
	h, sub := o[2].MinSize().Height, o[3].MinSize().Height
	y := max(0, (size.Height-h-sub)/2)
	if sub <= 1 { // the head has one line
		y, h = 0, size.Height
	}
	o[2].Move(fyne.NewPos(x, y))
	o[2].Resize(fyne.NewSize(w, h))
	o[3].Move(fyne.NewPos(x, y+h))
	o[3].Resize(fyne.NewSize(w, sub))
	o[4].Move(fyne.NewPos(size.Width-chip, 0))
	o[4].Resize(fyne.NewSize(chip-8, size.Height))
	o[5].Move(fyne.NewPos(0, size.Height-1))
	o[5].Resize(fyne.NewSize(size.Width, 1))
}

func (rowCells) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(360, max(32, o[2].MinSize().Height+o[3].MinSize().Height+14))
}
