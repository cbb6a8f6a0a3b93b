package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"banlang/desktop/app"
	"banlang/desktop/ui/formui"
	"banlang/desktop/ui/kit"
)

// askingPage lists what needs somebody, and says beside it why, what is safe, and what to do next.
type askingPage struct {
	w     *Window
	title *kit.Cut
	left  *kit.Scroll
	right *kit.Scroll
	rows  []*askRow
	mend  mending
	obj   fyne.CanvasObject
}

// mending is the question whose answer is altered beside the reason.
type mending struct {
	e    *app.Editor
	path string
	form *formui.Form
	body fyne.CanvasObject
	act  *kit.Button
}

func newAskingPage(w *Window) page {
	p := &askingPage{w: w, title: kit.NewCut("", kit.Body.In(kit.ColorInk2)), left: kit.NewScroll(kit.Space(1, 1)), right: kit.NewScroll(kit.Space(1, 1))}
	head := header(kit.Row(14, 1, kit.Line(w.m.T("ask.title"), kit.Title), p.title))
	body := container.New(halvesHigh{0.4}, p.left.Container, kit.Border(nil, nil, kit.Hair(), nil, p.right.Container))
	p.obj = kit.Border(head, nil, nil, nil, body)
	for _, enter := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} {
		w.keys.Set(enter, false, p.act)
	}
	p.draw(app.PartList)
	return p
}

// halvesHigh stands two objects beside each other over the whole height, the first in a fixed share.
type halvesHigh struct{ first float32 }

func (h halvesHigh) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w := size.Width * h.first
	o[0].Resize(fyne.NewSize(w, size.Height))
	o[1].Move(fyne.NewPos(w, 0))
	o[1].Resize(fyne.NewSize(size.Width-w, size.Height))
}

func (halvesHigh) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(600, 200) }

func (p *askingPage) object() fyne.CanvasObject { return p.obj }

func (p *askingPage) first() fyne.Focusable {
	if at := p.w.m.Asking.Chosen(); at >= 0 && at < len(p.rows) {
		return p.rows[at]
	}
	return nil
}

// act takes the next step about the chosen row.
func (p *askingPage) act() {
	k := p.w.m.Asking
	if e, path := k.Mend(); e != nil {
		p.w.win.Canvas().Unfocus() // what stands in the entry is taken first
		if !k.Resend() {
			p.mend.form.Focus(path)
		}
		return
	}
	if d := k.Detail(); d != nil {
		d.Do()
	}
}

// enter goes to what is to be altered, or takes the next step: nothing is sent by going there.
func (p *askingPage) enter() {
	if e, path := p.w.m.Asking.Mend(); e != nil && p.mend.form != nil {
		p.mend.form.Focus(path)
		return
	}
	p.act()
}

// takeMend makes the widget of the question that can be altered here, where it is another than before.
func (p *askingPage) takeMend() {
	e, path := p.w.m.Asking.Mend()
	if e == p.mend.e && path == p.mend.path {
		return
	}
	p.mend = mending{e: e, path: path}
	if e != nil {
		p.mend.act = kit.NewButton(p.w.m.T("reject.resend"), theme.MailSendIcon(), p.act).As(kit.Primary).WithKey("Ctrl+Enter")
		p.mend.form, p.mend.body = formui.Only(e, p.w.keys, p.w.win.Canvas(), p.right, func() { p.w.win.Canvas().Focus(p.mend.act) }, path)
		if p.mend.form != nil {
			p.mend.form.OnEscape = p.w.escape
		}
	}
}

func (p *askingPage) draw(part app.Part) {
	if part&app.PartForm != 0 && p.mend.form != nil {
		p.mend.form.Refresh()
	}
	if part&app.PartList == 0 {
		return
	}
	p.takeMend()
	m, k := p.w.m, p.w.m.Asking
	rows, more, ready := k.Rows()
	had := p.hasFocus()
	p.rows = nil
	var objects []fyne.CanvasObject
	for i := range rows {
		row := newAskRow(p, i, &rows[i], i == k.Chosen())
		p.rows, objects = append(p.rows, row), append(objects, row)
	}
	if more > 0 {
		objects = append(objects, kit.Pad(16, 10, 16, 10, kit.NewPara(m.T("ask.more", "n", countOr0(more)), kit.Small)))
	}
	p.title.Set("", kit.Body)
	if len(rows) > 0 {
		p.title.Set(m.T("ask.count", "n", countOr0(len(rows)+more)), kit.Body.In(kit.ColorInk2))
	}
	if len(rows) == 0 && ready {
		objects = []fyne.CanvasObject{emptyState(theme.ConfirmIcon(), m.T("reject.empty"), m.T("reject.today"), func() { p.w.m.Go(app.PageToday) })}
	}
	p.left.SetContent(kit.Column(0, objects...))
	right := kit.Space(1, 1)
	if d := k.Detail(); d != nil {
		right = kit.Pad(22, 16, 22, 20, p.detail(d))
	}
	p.right.SetContent(right)
	if f := p.first(); had && f != nil {
		p.w.win.Canvas().Focus(f)
	}
}

func (p *askingPage) hasFocus() bool {
	f, ok := p.w.win.Canvas().Focused().(*askRow)
	return ok && f.p == p || p.w.win.Canvas().Focused() == nil
}

// detail says why the chosen record waits, what to do, and what is safe.
func (p *askingPage) detail(d *app.AskDetail) fyne.CanvasObject {
	m, ink := p.w.m, kit.ColorDanger
	switch d.Standing {
	case app.InConflict:
		ink = kit.ColorConflict
	case app.Returned:
		ink = kit.ColorReturned
	}
	why := []fyne.CanvasObject{kit.NewPara(m.T("reject.title"), kit.Bold)}
	for _, text := range d.Why {
		why = append(why, kit.NewPara(text, kit.Body))
	}
	if d.Field != "" {
		why = append(why, kit.NewPieces(kit.Piece{Text: d.Field + ":", Style: kit.Body}, kit.Piece{Text: d.Value, Style: kit.Bold.In(kit.ColorDanger)}))
	}
	next := append([]fyne.CanvasObject{kit.NewPara(m.T("reject.next"), kit.Bold)}, p.next(d)...)
	box := kit.Column(0, kit.Pad(16, 12, 16, 12, kit.Column(6, why...)), kit.Hair(), kit.Fill(kit.ColorSurface, kit.Pad(16, 12, 16, 14, kit.Column(8, next...))))
	objects := []fyne.CanvasObject{
		kit.TopRow(12, 1, kit.NewChip(chipLook(m, d.Standing)), kit.NewPara(d.Title, kit.Section)), kit.Box(kit.ColorPaper, ink, 2, kit.Pad(2, 2, 2, 2, box)),
		kit.Row(12, -1, p.others()...),
		kit.Banner(kit.ColorPrimaryTint, kit.ColorPrimary, theme.InfoIcon(), kit.NewPara(d.Safe, kit.Body)),
	}
	if d.Code != "" {
		objects = append(objects, kit.NewPara(m.T("sync.code", "code", d.Code), kit.Small))
	}
	return kit.Column(12, objects...)
}

// next is what to do, with the widget to do it where one answer is all that must be altered.
func (p *askingPage) next(d *app.AskDetail) []fyne.CanvasObject {
	m := p.w.m
	if p.mend.body != nil {
		return []fyne.CanvasObject{p.mend.body, kit.Row(0, 1, p.mend.act, kit.Space(1, 1))}
	}
	act := kit.NewButton(d.Action, theme.DocumentCreateIcon(), d.Do).As(kit.Primary).WithKey("Ctrl+Enter")
	row := kit.Row(0, 1, act, kit.Space(1, 1))
	if d.Standing == app.NeedsAttention {
		return []fyne.CanvasObject{kit.NewPara(m.T("reject.how"), kit.Body), row}
	}
	return []fyne.CanvasObject{row}
}

// others are what else can be done about the chosen record.
func (p *askingPage) others() []fyne.CanvasObject {
	m := p.w.m
	buttons := []fyne.CanvasObject{kit.NewButton(m.T("ask.open"), nil, m.Asking.OpenRecord)}
	if p.mend.body != nil {
		buttons = append(buttons, kit.NewButton(m.T("ask.form"), nil, m.Asking.OpenForm))
	}
	return buttons
}

// askRow is one thing that waits. The arrows go from one to the next.
type askRow struct {
	widget.BaseWidget
	p       *askingPage
	i       int
	face    *kit.Plane
	content fyne.CanvasObject
}

func newAskRow(p *askingPage, i int, r *app.AskRow, chosen bool) *askRow {
	icon, ink := theme.WarningIcon(), kit.ColorDanger
	switch r.Standing {
	case app.InConflict:
		icon, ink = kit.IconSplit, kit.ColorConflict
	case app.Returned:
		icon, ink = theme.MailReplyIcon(), kit.ColorReturned
	}
	fill := kit.ColorPaper
	if chosen {
		fill = kit.ColorSel
	}
	a := &askRow{p: p, i: i, face: kit.NewPlane(kit.PlaneLook{Fill: fill})}
	mark := kit.Stripe(kit.ColorPrimary, 5)
	show(mark, chosen)
	texts := kit.Column(0, kit.NewCut(r.Title, kit.Bold), kit.NewCut(r.Sub, kit.Body), kit.NewCut(r.Foot, kit.Small))
	a.content = kit.Border(nil, kit.Hair(), mark, nil, kit.Pad(12, 9, 12, 9, kit.Row(14, 1, kit.Icon(icon, ink, 26), texts)))
	a.ExtendBaseWidget(a)
	return a
}

// Tapped implements fyne.Tappable.
func (a *askRow) Tapped(*fyne.PointEvent) {
	a.p.w.win.Canvas().Focus(a)
	a.p.w.m.Asking.Choose(a.i)
}

// FocusGained implements fyne.Focusable.
func (a *askRow) FocusGained() {
	a.face.Set(kit.PlaneLook{Fill: a.face.Look().Fill, Stroke: kit.ColorRing, Width: 3})
}

// FocusLost implements fyne.Focusable.
func (a *askRow) FocusLost() {
	a.face.Set(kit.PlaneLook{Fill: a.face.Look().Fill})
}

// TypedRune implements fyne.Focusable.
func (a *askRow) TypedRune(rune) {}

// KeyDown implements desktop.Keyable.
func (a *askRow) KeyDown(*fyne.KeyEvent) { kit.Touch(a) }

// KeyUp implements desktop.Keyable.
func (a *askRow) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (a *askRow) TypedKey(e *fyne.KeyEvent) {
	k := a.p.w.m.Asking
	switch e.Name {
	case fyne.KeyDown:
		k.Choose(k.Chosen() + 1)
	case fyne.KeyUp:
		k.Choose(k.Chosen() - 1)
	case fyne.KeySpace:
		k.Choose(a.i)
	case fyne.KeyReturn, fyne.KeyEnter:
		k.Choose(a.i)
		a.p.enter()
	case fyne.KeyEscape:
		a.p.w.escape()
	}
}

// CreateRenderer implements fyne.Widget.
func (a *askRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(kit.Behind(a.face, a.content))
}
