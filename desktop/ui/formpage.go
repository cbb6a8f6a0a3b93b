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
	saved  *fyne.Container
	banner *fyne.Container
	counts *kit.Cut
	done   *kit.Progress
	safe   *kit.Cut
	look   savedLook
	finish *kit.Button
	obj    fyne.CanvasObject
}

func newFormPage(w *Window) page {
	e := w.m.Editor()
	if e == nil {
		return newRecordsPage(w)
	}
	p := &formPage{w: w, e: e, saved: container.NewStack(), banner: container.NewStack(), counts: kit.NewCut("", kit.Small), done: kit.NewProgress(),
		safe: kit.NewCut("", kit.Small)}
	p.form = formui.New(e, w.keys, w.win.Canvas(), func() { w.win.Canvas().Focus(p.finish) })
	p.obj = kit.Border(kit.Column(0, p.head(), p.banner), p.foot(), nil, nil, p.form.Object())
	p.keys()
	p.draw(app.PartDraft | app.PartForm)
	return p
}

func (p *formPage) head() fyne.CanvasObject {
	m := p.w.m
	leave := kit.NewButton(m.T("form.leave"), theme.NavigateBackIcon(), p.leave).WithKey("Ctrl+W").Little()
	titles := []fyne.CanvasObject{kit.NewCut(p.e.Title(), kit.Section)}
	if name := p.e.Name(); name != "" {
		titles = append(titles, kit.NewCut(m.T("record.name", "name", name), kit.Small))
	}
	row := kit.Row(14, 1, leave, kit.Column(0, titles...), p.saved)
	return kit.Border(nil, kit.Hair(), nil, nil, kit.Fixed(0, 56, kit.Pad(16, 7, 16, 7, row)))
}

func (p *formPage) foot() fyne.CanvasObject {
	m := p.w.m
	p.finish = kit.NewButton(m.T("form.finish"), theme.ConfirmIcon(), func() { p.end(false) }).As(kit.Primary).WithKey("Ctrl+Enter")
	left := kit.Column(2, p.safe, kit.Row(10, 1, kit.Fixed(120, 0, p.done), p.counts))
	buttons := []fyne.CanvasObject{left, kit.NewButton(m.T("form.discard"), theme.DeleteIcon(), p.e.Discard).As(kit.Danger), kit.Space(8, 1)}
	if p.e.Name() == "" {
		buttons = append(buttons, kit.NewButton(m.T("form.finish.next"), nil, func() { p.end(true) }))
	} else {
		buttons = append(buttons, kit.NewButton(m.T("form.keep"), nil, p.leave))
	}
	row := kit.Row(10, 0, append(buttons, p.finish)...)
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
	p.form.Focus("")
	return nil
}

func (p *formPage) draw(part app.Part) {
	if part&app.PartForm != 0 {
		p.form.Refresh()
		filled, required := p.e.Counts()
		p.counts.Set(p.w.m.T("form.counts", "done", countOr0(filled), "total", countOr0(required)), kit.Small)
		p.done.Set(float64(filled) / float64(max(1, required)))
	}
	if part&app.PartDraft != 0 {
		p.drawSaved()
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
	p.saved.Refresh()
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
		p.obj.Refresh()
	}
}
