package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/formui"
	"banlang/desktop/ui/kit"
)

// formPage is a form being filled in. Its head and foot never scroll.
type formPage struct {
	w      *Window
	e      *app.Editor
	form   *formui.Form
	rail   *rail
	about  *kit.Cut
	top    *fyne.Container // the head
	saved  *fyne.Container
	banner *fyne.Container
	review *fyne.Container // why the record was sent back, or that it is approved
	safe   *kit.Cut
	look   savedLook
	finish *kit.Button
	obj    fyne.CanvasObject

	narrow bool
	wide   []fyne.CanvasObject // only where there is room
	small  []fyne.CanvasObject // only where there is none
}

func newFormPage(w *Window) page {
	e := w.m.Editor()
	if e == nil {
		return newRecordsPage(w)
	}
	p := &formPage{w: w, e: e, saved: container.NewStack(), banner: container.NewStack(), review: reviewBanner(w.m.Editor()), safe: kit.NewCut("", kit.Small), about: kit.NewCut("", kit.Small)}
	p.form = formui.New(e, w.keys, w.win.Canvas(), func() { w.win.Canvas().Focus(p.finish) })
	p.rail = newRail(p)
	p.form.OnMove = func(int) { p.drawRail() }
	p.form.OnEscape = p.leave
	p.finish = kit.NewButton(w.m.T("form.finish"), theme.ConfirmIcon(), func() { p.end(false) }).As(kit.Primary)
	body := kit.Border(nil, nil, nil, nil, p.form.Object())
	if p.rail.some() {
		body = kit.Border(nil, nil, p.rail.obj, nil, p.form.Object())
		p.wide = append(p.wide, p.rail.obj)
	}
	p.obj = container.New(&formFrame{p}, kit.Border(kit.Column(0, p.head(), p.review, p.banner), p.foot(), nil, nil, body))
	p.fold(false)
	p.keys()
	p.draw(app.PartDraft | app.PartForm)
	return p
}

// reviewBanner is what the centre has said of the record that is edited.
func reviewBanner(e *app.Editor) *fyne.Container {
	c := container.NewStack()
	text := e.ReviewLine()
	if c.Hidden = text == ""; c.Hidden {
		return c
	}
	fill, ink, icon := kit.ColorReturnTint, kit.ColorReturned, theme.MailReplyIcon()
	switch e.Reviewed() {
	case app.NeedsAttention:
		fill, ink, icon = kit.ColorDangerTint, kit.ColorDanger, theme.WarningIcon()
	case app.Approved:
		fill, ink, icon = kit.ColorOkTint, kit.ColorOk, kit.IconApproved
	}
	c.Objects = []fyne.CanvasObject{kit.Banner(fill, ink, icon, kit.NewPara(text, kit.Bold))}
	return c
}

// formFrame folds the rail away where the window is narrow.
type formFrame struct{ p *formPage }

// railFrom is the width of the page from which there is a rail: that of a window of foldBelow beside the folded navigation.
const railFrom = foldBelow - 62

func (f *formFrame) Layout(o []fyne.CanvasObject, size fyne.Size) {
	f.p.fold(size.Width < railFrom)
	o[0].Resize(size)
}

func (f *formFrame) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (p *formPage) fold(narrow bool) {
	p.narrow = narrow
	for _, o := range p.wide {
		show(o, !narrow)
	}
	for _, o := range p.small {
		show(o, narrow)
	}
}

// show shows or hides without drawing: the layout is on its way.
func show(o fyne.CanvasObject, shown bool) {
	switch {
	case shown == o.Visible():
	case shown:
		o.Show()
	default:
		o.Hide()
	}
}

func (p *formPage) head() fyne.CanvasObject {
	m := p.w.m
	leave := kit.NewButton(m.T("form.leave"), theme.NavigateBackIcon(), p.leave).Little()
	back := kit.NewButton("", theme.NavigateBackIcon(), p.leave).Little().Says(m.T("form.leave"))
	p.wide, p.small = append(p.wide, leave), append(p.small, back)
	title := kit.NewCut(p.e.Title(), kit.Section)
	objects := []fyne.CanvasObject{leave, back, kit.Column(0, title, p.about)}
	if p.rail.some() {
		pick := kit.Fixed(340, 0, p.rail.pick)
		p.small = append(p.small, pick)
		objects = append(objects, pick)
	}
	row := kit.Row(14, 2, append(objects, p.saved)...)
	p.top = kit.Border(nil, kit.Hair(), nil, nil, kit.Fixed(0, 56, kit.Pad(16, 5, 16, 5, row)))
	return p.top
}

func (p *formPage) foot() fyne.CanvasObject {
	m := p.w.m
	discard := kit.NewButton(m.T("form.discard"), theme.DeleteIcon(), p.e.Discard).As(kit.Danger)
	safe := kit.Fixed(0, 0, p.safe)
	p.wide = append(p.wide, safe)
	buttons := []fyne.CanvasObject{discard, kit.Space(8, 1), container.NewStack(kit.Space(1, 1), safe), kit.NewButton(m.T("form.keep"), nil, p.leave)}
	if p.e.Name() == "" {
		buttons = append(buttons, kit.NewButton(m.T("form.finish.next"), theme.ContentAddIcon(), func() { p.end(true) }))
	}
	p.finish.WithKey("Ctrl+Enter")
	row := kit.Row(10, 2, append(buttons, p.finish)...)
	return kit.Border(kit.Hair(), nil, nil, nil, kit.Pad(16, 8, 16, 8, row))
}

// keys are those of a form; an entry passes them on.
func (p *formPage) keys() {
	k := p.w.keys
	k.Set(fyne.KeyS, false, p.e.Keep)
	k.Set(fyne.KeyW, false, p.leave)
	for _, enter := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} {
		k.Set(enter, false, func() { p.end(false) })
		k.Set(enter, true, func() { p.end(true) })
	}
}

func (p *formPage) leave() {
	p.w.win.Canvas().Unfocus() // what stands in the entry is taken first
	p.e.LeaveForm()
}

// end finishes the form, or goes to the first place that keeps it from being finished.
func (p *formPage) end(next bool) {
	p.w.win.Canvas().Unfocus()
	if !p.e.Finish(next) {
		if path := p.e.First(); path != "" {
			p.form.Focus(path)
		}
	}
}

func (p *formPage) object() fyne.CanvasObject { return p.obj }

func (p *formPage) first() fyne.Focusable {
	p.form.Focus(p.e.StartAt())
	return nil
}

func (p *formPage) draw(part app.Part) {
	if part&app.PartForm != 0 {
		p.form.Refresh()
		p.about.Set(p.e.About(), kit.Small)
		if hidden := p.about.Text() == ""; hidden != p.about.Hidden {
			p.about.Hidden = hidden
			p.obj.Refresh()
		}
		p.drawRail()
	}
	if part&app.PartDraft != 0 {
		p.drawSaved()
	}
}

func (p *formPage) drawRail() {
	if p.rail.some() {
		p.rail.draw(p.e.Rail(), p.form.Section())
	}
}

func countOr0(n int) string {
	if n == 0 {
		return "0"
	}
	return countText(n)
}

// drawSaved tells the truth about the disk: when the draft was last durable, or in red that it is not.
func (p *formPage) drawSaved() {
	m, t := p.w.m, p.e.DraftTrouble()
	safe := m.T("form.safe")
	switch {
	case t.Some():
		safe = m.T("form.notsafe")
	case !p.e.Written():
		safe = m.T("form.saving")
	}
	p.safe.Set(safe, kit.Small)
	now := savedLook{p.e.DraftLine(), t, p.e.Newer()}
	if now == p.look {
		return
	}
	p.look = now
	ink, icon := kit.ColorOk, theme.DocumentSaveIcon()
	if t.Some() {
		ink, icon = kit.ColorDanger, theme.WarningIcon()
	}
	p.saved.Objects = []fyne.CanvasObject{kit.Row(8, -1, kit.Icon(icon, ink, 20), kit.Line(now.line, kit.Bold.In(ink)))}
	p.top.Refresh() // what stands beside it gives way
	p.drawBanner(now)
}

// savedLook is what the head of the form says about the draft.
type savedLook struct {
	line    string
	trouble app.Trouble
	newer   bool
}

func (p *formPage) drawBanner(now savedLook) {
	m, before := p.w.m, len(p.banner.Objects)
	p.banner.Objects = nil
	switch t := now.trouble; {
	case t.Some():
		p.banner.Objects = []fyne.CanvasObject{kit.Banner(kit.ColorDangerTint, kit.ColorDanger, theme.WarningIcon(),
			kit.NewPara(m.T("form.notsafe")+" "+t.Message+" "+m.T("sync.todo", "hint", t.Next)+" ("+t.Code+")", kit.Bold),
			kit.NewButton(m.T("form.again"), nil, p.e.Keep).Little())}
	case now.newer:
		p.banner.Objects = []fyne.CanvasObject{kit.Banner(kit.ColorWarnTint, kit.ColorConflict, kit.IconGroup,
			kit.NewPara(m.T("form.newer"), kit.Body), kit.NewButton(m.T("form.newer.take"), nil, p.e.TakeNewer).Little())}
	}
	p.banner.Hidden = len(p.banner.Objects) == 0
	if p.obj != nil && before+len(p.banner.Objects) > 0 {
		for _, o := range p.banner.Objects {
			kit.Lay(o, p.obj.Size().Width) // the first time it is shown it has no width yet
		}
		p.obj.Refresh()
	}
}
