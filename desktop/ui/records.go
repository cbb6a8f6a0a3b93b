package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// recordsPage is the list with its search, and beside it what the chosen row is about.
type recordsPage struct {
	w       *Window
	filters *filterBar
	list    *rowList
	order   app.Order // of the rows that are drawn
	answer  app.Filter
	pitch   float32
	foot    *kit.Cut
	empty   *fyne.Container
	offer   *fyne.Container
	detail  *kit.Scroll
	actions *fyne.Container
	shown   app.Key // whose detail is drawn
	phase   app.Phase
	later   bool // the offer of drafts was put off
	going   bool // into the list, as soon as it answers what was typed
	obj     fyne.CanvasObject
}

func newRecordsPage(w *Window) *recordsPage {
	p := &recordsPage{w: w, foot: kit.NewCut("", kit.Small), empty: container.NewStack(), offer: container.NewStack(),
		detail: kit.NewScroll(kit.Space(1, 1)), actions: container.NewStack()}
	p.list = newRowList(func() int { return p.order.Len() }, p.update, p.choose)
	p.list.onKey, p.list.onRune = p.key, p.typeOn
	p.pitch = p.list.pitch()
	p.filters = newFilterBar(w)
	p.filters.search.OnNext = p.intoList
	p.filters.search.OnChanged = func(text string) {
		p.going = false
		w.m.List.SetText(text)
	}
	p.filters.search.OnArrow = func(down bool) bool {
		if down {
			p.intoList()
		}
		return down
	}
	left := kit.Border(kit.Column(0, p.offer, listHead(w.m)),
		kit.Fixed(0, 30, kit.Pad(14, 4, 14, 4, p.foot)), nil, nil, container.NewStack(p.list, p.empty))
	right := kit.Border(nil, p.actions, nil, nil, p.detail.Container)
	split := container.NewHSplit(left, kit.Border(nil, nil, kit.Hair(), nil, right))
	split.Offset = 0.5
	p.obj = kit.Border(p.filters.obj, nil, nil, nil, split)
	p.draw(app.PartList | app.PartDetail)
	return p
}

// key does what a key means in the list.
func (p *recordsPage) key(k fyne.KeyName) {
	m, at := p.w.m, p.w.m.List.Chosen()
	switch k {
	case fyne.KeyDown:
		p.choose(min(at+1, p.order.Len()-1))
	case fyne.KeyUp:
		if at <= 0 {
			p.w.win.Canvas().Focus(p.filters.search)
			return
		}
		p.choose(at - 1)
	case fyne.KeyHome:
		p.choose(0)
	case fyne.KeyEnd:
		p.choose(p.order.Len() - 1)
	case fyne.KeyPageDown:
		p.detail.Page(true)
	case fyne.KeyPageUp:
		p.detail.Page(false)
	case fyne.KeyReturn, fyne.KeyEnter:
		m.Edit()
	case fyne.KeyDelete:
		p.void()
	case fyne.KeyEscape:
		p.w.win.Canvas().Focus(p.filters.search)
	case fyne.KeyF1:
		p.w.showKeys()
	}
}

// typeOn takes a letter to the search.
func (p *recordsPage) typeOn(r rune) {
	p.w.win.Canvas().Focus(p.filters.search)
	p.filters.search.TypedRune(r)
}

// intoList takes the hand from the search to the list: to the chosen row, or the first. Where the rows do not answer yet what was typed, it
// waits for those that do.
func (p *recordsPage) intoList() {
	if p.going = p.w.m.List.Pending(); p.going {
		p.w.m.List.Now()
		return
	}
	if p.order.Len() > 0 {
		p.w.win.Canvas().Focus(p.list)
		p.choose(max(0, p.w.m.List.Chosen()))
	}
}

func (p *recordsPage) choose(i int) {
	if i < 0 || i >= p.order.Len() {
		return
	}
	if i != p.w.m.List.Chosen() {
		p.w.m.List.Choose(i)
	}
	p.list.ScrollTo(i)
	p.list.Refresh()
}

func (p *recordsPage) object() fyne.CanvasObject { return p.obj }

func (p *recordsPage) first() fyne.Focusable {
	p.sit(p.w.m.List.Seat)
	if p.w.m.List.Chosen() >= 0 {
		return p.list // back from a form: the arrows go on
	}
	return p.filters.search
}

// seat is where the rows stand now; none at the upper end, where what is new is to be seen.
func (p *recordsPage) seat() app.Seat {
	offset := p.list.GetScrollOffset()
	if offset <= 0 {
		return app.Seat{}
	}
	i := int(offset / p.pitch)
	return app.Seat{Top: p.order.At(i), Above: offset - float32(i)*p.pitch}
}

// sit brings the rows to where they stood.
func (p *recordsPage) sit(s app.Seat) {
	if i := p.order.Place(s.Top); i >= 0 && s != (app.Seat{}) && p.list.Size().Height > 0 {
		p.list.ScrollToOffset(float32(i)*p.pitch + s.Above)
	}
}

// keepSeat keeps where the rows stand for the page that shows them next.
func (p *recordsPage) keepSeat() { p.w.m.List.Seat = p.seat() }

func (p *recordsPage) draw(part app.Part) {
	if part&app.PartList != 0 {
		p.drawList()
	}
	if part&(app.PartList|app.PartNav) != 0 {
		p.drawOffer()
	}
	if part&app.PartDetail != 0 {
		p.drawDetail()
	}
	if phase := p.w.m.Bar().Phase; part&app.PartSync != 0 && phase != p.phase {
		p.phase = phase
		p.list.Refresh()
	}
}

func (p *recordsPage) drawList() {
	l := p.w.m.List
	seat, another := p.seat(), p.answer != l.Shown()
	p.order, p.answer = l.Order(), l.Shown()
	p.filters.draw()
	p.foot.Set(l.Footer(), kit.Small)
	p.list.Refresh()
	switch at := l.Chosen(); {
	case p.list.Size().Height == 0:
	case another:
		p.list.ScrollToTop()
		if at >= 0 {
			p.list.ScrollTo(at)
		}
	default:
		p.sit(seat)
	}
	p.drawEmpty()
	if p.going && !l.Pending() {
		p.intoList()
	}
}

// drawEmpty says why there is nothing, with one thing to do about it.
func (p *recordsPage) drawEmpty() {
	l := p.w.m.List
	p.empty.Objects = nil
	switch {
	case l.Trouble().Some():
		p.empty.Objects = []fyne.CanvasObject{kit.Pad(20, 20, 20, 20, troubleText(p.w.m, l.Trouble()))}
	case p.order.Len() == 0 && l.Ready():
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
	text, before := m.Offer(), len(p.offer.Objects)
	p.offer.Objects = nil
	if text != "" && !p.later {
		p.offer.Objects = []fyne.CanvasObject{kit.Banner(kit.ColorPrimaryTint, kit.ColorPrimary, theme.DocumentCreateIcon(), kit.NewPara(text, kit.Body),
			kit.NewButton(m.T("draft.resume"), nil, m.ResumeLatest).Little(),
			kit.NewButton(m.T("draft.later"), nil, func() { p.later = true; p.drawOffer() }).As(kit.Quiet).Little())}
	}
	p.offer.Hidden = len(p.offer.Objects) == 0
	p.offer.Refresh()
	if p.obj != nil && before != len(p.offer.Objects) {
		p.obj.Refresh()
	}
}

func (p *recordsPage) update(i int, row *listRow) {
	r := p.w.m.List.Row(i)
	row.set(r, chipLook(p.w.m, r.Standing), i == p.w.m.List.Chosen(), p.list.here)
}
