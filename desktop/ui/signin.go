package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// signInPage asks who is using this computer: names first, passphrase second.
type signInPage struct {
	w       *Window
	right   *fyne.Container
	side    *fyne.Container
	entry   *kit.Entry
	open    *kit.Button
	said    *kit.Para
	who     *kit.Cut
	start   *officerForm // the first start
	work    *kit.Progress
	working *kit.Para
	scroll  *kit.Scroll
	obj     fyne.CanvasObject
}

func newSignInPage(w *Window) *signInPage {
	p := &signInPage{w: w, said: kit.NewPara("", kit.Error), side: container.NewStack(), work: kit.NewProgress(),
		working: kit.NewPara(w.m.T("signin.sealing"), kit.Body)}
	if w.m.Gate.First() {
		p.start = newOfficerForm(w, w.m.T("officer.create"))
		p.right = kit.Column(10, kit.Line(w.m.T("signin.first"), kit.Title), kit.NewPara(w.m.T("signin.first.why"), kit.Body),
			p.start.object(), p.said, p.working, p.work)
	} else {
		p.layNames()
	}
	p.side.Objects = []fyne.CanvasObject{sideOf(w)}
	p.scroll = kit.NewScroll(kit.Pad(44, 32, 44, 16, p.right))
	p.obj = kit.Border(nil, nil, kit.Fixed(400, 0, p.side), nil, p.scroll.Container)
	p.say()
	return p
}

func (p *signInPage) layNames() {
	m := p.w.m
	var list []fyne.CanvasObject
	for i, o := range m.Gate.Officers() {
		list = append(list, newOfficerRow(o, i == m.Gate.Chosen(), func() { m.Gate.Choose(i) }))
	}
	p.entry = kit.NewPassphrase(p.w.keys)
	p.entry.OnNext = p.try
	p.entry.OnArrow = func(down bool) bool {
		step := -1
		if down {
			step = 1
		}
		m.Gate.Choose(m.Gate.Chosen() + step)
		return true
	}
	p.open = kit.NewButton(m.T("signin.open"), theme.LoginIcon(), p.try).As(kit.Primary).WithKey("Enter")
	p.who = kit.NewCut("", kit.Bold)
	p.right = kit.Column(10, kit.Line(m.T("signin.title"), kit.Title),
		kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(1, 1, 1, 1, kit.Column(0, list...))),
		kit.Space(1, 4), p.who, kit.Row(10, 0, p.entry.Framed(), p.open), p.said, p.working, p.work,
		kit.NewPara(m.T("signin.forgot"), kit.Small))
}

func (p *signInPage) try() { p.w.m.Gate.Try(p.entry.Text) }

// sideOf says whose notebook this is, how things stand, and what must be known before anything is entered.
func sideOf(w *Window) fyne.CanvasObject {
	m, bar := w.m, w.m.Bar()
	waiting, icon := m.T("signin.waiting", "n", bar.Missing), kit.IconWaiting
	switch {
	case bar.Waiting == 0 && bar.PhotosLeft != "":
		waiting = m.T("signin.photos", "n", bar.PhotosLeft)
	case bar.Waiting == 0:
		waiting, icon = m.T("signin.allsent"), kit.IconCentre
	}
	whose := kit.Column(2, kit.Line(m.T("app.whose"), kit.Small), kit.NewCut(unitOr(m), kit.Section), kit.Line(m.Machine(), kit.Small))
	objects := []fyne.CanvasObject{kit.Column(0, kit.Line(m.T("app.name"), kit.Figure), kit.NewPara(m.T("app.about"), kit.Body))}
	if m.Page() != app.PageEnrol {
		objects = append(objects, kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(16, 12, 16, 12, whose)))
	}
	if !m.Locked() {
		objects = append(objects, kit.Banner(kit.ColorWarnTint, kit.ColorWarn, theme.WarningIcon(), kit.NewPara(m.T("app.trial"), kit.Body)))
	}
	if m.Open() && bar.Phase == app.Offline {
		objects = append(objects, kit.TopRow(8, 1, kit.Icon(kit.IconOffline, kit.ColorInk, 20), kit.NewPara(m.T("signin.offline"), kit.Body)))
	}
	if m.Open() && bar.Saved != "0" {
		objects = append(objects, kit.TopRow(8, 1, kit.Icon(icon, kit.ColorInk, 20), kit.NewPara(waiting, kit.Body)))
	}
	if m.Open() {
		objects = append(objects, kit.NewButton(m.T("signin.shut"), kit.IconLock, m.SignOut).Little())
	}
	foot := kit.Column(8, languageAndSize(w), kit.Line(m.T("app.version", "version", m.Version()), kit.Small))
	body := kit.Border(nil, foot, nil, nil, kit.NewScroll(kit.Pad(2, 2, 12, 2, kit.Column(12, objects...))).Container)
	return kit.Fill(kit.ColorSurface, kit.Border(nil, nil, nil, kit.Hair(), kit.Pad(30, 26, 18, 14, body)))
}

func unitOr(m *app.App) string {
	if m.Unit() == "" {
		return m.Machine()
	}
	return m.Unit()
}

func (p *signInPage) object() fyne.CanvasObject { return p.obj }

func (p *signInPage) first() fyne.Focusable {
	if p.start != nil {
		return p.start.name
	}
	return p.entry
}

func (p *signInPage) draw(part app.Part) {
	if part&app.PartSync != 0 {
		p.side.Objects = []fyne.CanvasObject{sideOf(p.w)}
		p.side.Refresh()
	}
	if part&app.PartSignIn == 0 {
		return
	}
	if p.start == nil { // the marked name
		typed := p.entry.Text
		focused := p.entry.Here()
		p.layNames()
		p.entry.SetText(typed)
		p.scroll.SetContent(kit.Pad(44, 32, 44, 16, p.right))
		if focused {
			p.w.win.Canvas().Focus(p.entry)
		}
	}
	p.say()
}

// say shows what came of the last try. A wrong passphrase stays in its place, marked, to be typed over.
func (p *signInPage) say() {
	g := p.w.m.Gate
	p.said.Set(g.Said(), kit.Error)
	p.said.Hidden = g.Said() == ""
	busy, done := g.Busy()
	p.work.Set(max(0, done))
	p.work.Hidden, p.working.Hidden = !busy || done < 0, !busy || done < 0
	if p.start != nil {
		p.start.busy(busy)
	} else {
		text := p.w.m.T("signin.open")
		if busy {
			text = p.w.m.T("signin.opening")
		}
		p.open.SetText(text)
		p.entry.SetWrong(g.Said() != "")
		if os := g.Officers(); g.Chosen() < len(os) {
			p.who.Set(p.w.m.T("signin.passphrase", "name", os[g.Chosen()].Name), kit.Bold)
		}
	}
	p.right.Refresh()
	if p.scroll != nil {
		p.scroll.Again()
	}
}

// newOfficerRow is a name to choose.
func newOfficerRow(o app.OfficerLine, here bool, tapped func()) fyne.CanvasObject {
	texts := kit.Column(0, kit.NewCut(o.Name, kit.Section), kit.NewCut(o.Detail, kit.Small))
	row := []fyne.CanvasObject{kit.Icon(theme.AccountIcon(), kit.ColorInk, 24), texts}
	fill, mark := kit.ColorPaper, kit.ColorPaper
	if here {
		fill, mark = kit.ColorSel, kit.ColorPrimary
	}
	return kit.NewTapArea(kit.Border(nil, kit.Hair(), kit.Stripe(mark, 6), nil, kit.Fill(fill, kit.Pad(12, 10, 14, 10, kit.Row(14, 1, row...)))), tapped)
}

// officerForm asks for a new officer.
type officerForm struct {
	w                       *Window
	name, role, pass, again *kit.Entry
	create                  *kit.Button
	obj                     fyne.CanvasObject
}

func newOfficerForm(w *Window, action string) *officerForm {
	f := &officerForm{w: w, name: kit.NewEntry(w.keys), role: kit.NewEntry(w.keys), pass: kit.NewPassphrase(w.keys), again: kit.NewPassphrase(w.keys)}
	ask := func(key string, e *kit.Entry, next *kit.Entry) fyne.CanvasObject {
		e.OnNext = func() {
			if next == nil {
				f.make()
				return
			}
			w.win.Canvas().Focus(next)
		}
		return kit.NewCell(kit.Column(4, kit.NewCut(w.m.T(key), kit.Bold), e.Framed()), false)
	}
	f.create = kit.NewButton(action, theme.LoginIcon(), f.make).As(kit.Primary)
	f.obj = kit.Column(12, kit.Grid(12, 260, 2, ask("officer.name", f.name, f.role), ask("officer.role", f.role, f.pass),
		ask("officer.pass", f.pass, f.again), ask("officer.again", f.again, nil)),
		kit.NewPara(w.m.Gate.Advice(), kit.Small), kit.Row(8, 1, f.create, kit.Space(1, 1)))
	return f
}

func (f *officerForm) object() fyne.CanvasObject { return f.obj }

func (f *officerForm) make() {
	f.w.m.Gate.Create(f.name.Text, f.role.Text, f.pass.Text, f.again.Text)
}

func (f *officerForm) busy(b bool) {
	if b {
		f.create.Disable()
	} else {
		f.create.Enable()
	}
}

// languageAndSize are the two things that one may want to change before signing in.
func languageAndSize(w *Window) fyne.CanvasObject {
	var langs, sizes []fyne.CanvasObject
	for _, l := range app.Languages() {
		langs = append(langs, picked(l.Short, l.Code == w.m.Language(), func() { w.m.SetLanguage(l.Code) }).Little())
	}
	for _, s := range textSizes {
		sizes = append(sizes, picked(w.m.T(s.text), s.step == w.m.TextSize(), func() { w.m.SetTextSize(s.step) }).Little())
	}
	return kit.Column(6, kit.Row(6, -1, langs...), kit.Row(6, -1, sizes...))
}

// textSizes are the steps with their names.
var textSizes = [...]struct {
	step int
	text string
}{{14, "settings.size.14"}, {16, "settings.size.16"}, {18, "settings.size.18"}}

// picked is one of several buttons, of which one holds.
func picked(text string, here bool, f func()) *kit.Button {
	b := kit.NewButton(text, nil, f)
	if here {
		b.Icon = theme.ConfirmIcon()
		b.As(kit.Primary)
	}
	return b
}
