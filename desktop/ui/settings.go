package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// settingsPage is what the officer may choose; each choice holds at once. It keeps what is typed while it says what is wrong.
type settingsPage struct {
	w      *Window
	form   *officerForm
	rekey  *rekeyForm
	said   *kit.Para
	scroll *kit.Scroll
	obj    fyne.CanvasObject
}

func newSettingsPage(w *Window) page {
	m := w.m
	p := &settingsPage{w: w, form: newOfficerForm(w, m.T("officer.add")), rekey: newRekeyForm(w), said: kit.NewPara("", kit.Error)}
	p.said.Hidden = true
	var sizes, langs, locks []fyne.CanvasObject
	for _, s := range textSizes {
		sizes = append(sizes, picked(m.T(s.text)+" "+strconv.Itoa(s.step), s.step == m.TextSize(), func() { m.SetTextSize(s.step) }))
	}
	for _, l := range app.Languages() {
		langs = append(langs, picked(l.Name, l.Code == m.Language(), func() { m.SetLanguage(l.Code) }))
	}
	var methods []fyne.CanvasObject
	for _, x := range typingMethods {
		methods = append(methods, picked(m.T(x.text), x.method == w.keys.Typing.Rules().Method, func() { w.setMethod(x.method) }))
	}
	for _, n := range m.LockChoices() {
		text := m.T("settings.lock.after", "n", strconv.Itoa(n))
		if n == 0 {
			text = m.T("settings.lock.never")
		}
		locks = append(locks, picked(text, n == m.LockAfter(), func() {
			m.SetLockAfter(n)
			w.build()
		}))
	}
	rows := []fyne.CanvasObject{
		setting(m.T("settings.size"), m.T("settings.now"), sizes...),
		setting(m.T("settings.language"), m.T("settings.language.why"), langs...),
		setting(m.T("settings.typing"), m.T("settings.typing.why"), methods...),
		setting(m.T("settings.letters"), m.T("settings.letters.why"), kit.NewPalette(w.keys.Typing)),
		setting(m.T("settings.lock"), m.T("settings.lock.why"), locks...),
	}
	if offset := m.ClockOff(); offset != "" {
		rows = append(rows, setting(m.T("settings.clock"), m.T("settings.clock.why"), kit.NewChip(kit.ChipLook{Text: offset,
			Icon: kit.IconWaiting, Ink: kit.ColorInk, Fill: kit.ColorPaper, Stroke: kit.ColorLine, Width: 1})))
	}
	rows = append(rows, p.said,
		kit.Space(1, 6), kit.Line(m.T("officer.rekey"), kit.Section), p.rekey.obj, kit.Hair(),
		kit.Space(1, 6), kit.Line(m.T("officer.add"), kit.Section), p.form.object(), kit.Hair(),
		kit.NewPara(m.Technical(), kit.Small), kit.NewPara(m.T("app.version", "version", m.Version()), kit.Small))
	p.scroll = kit.NewScroll(kit.Pad(18, 8, 20, 20, kit.Column(8, rows...)))
	p.obj = kit.Border(header(kit.Row(12, 1, kit.Line(m.T("nav.settings"), kit.Title), kit.NewCut(m.T("settings.sub"), kit.Body))), nil, nil, nil, p.scroll.Container)
	p.draw(app.PartSignIn)
	return p
}

// setting is one choice: what it is and why on the left, what there is to choose on the right.
func setting(name, why string, choices ...fyne.CanvasObject) fyne.CanvasObject {
	texts := kit.Column(0, kit.NewPara(name, kit.Bold), kit.NewPara(why, kit.Small))
	return kit.Border(nil, kit.Hair(), nil, nil, kit.Pad(0, 8, 0, 10, kit.Row(12, 0, texts, kit.Row(0, -1, choices...))))
}

func (p *settingsPage) object() fyne.CanvasObject { return p.obj }
func (p *settingsPage) first() fyne.Focusable     { return nil }

func (p *settingsPage) draw(part app.Part) {
	if part&app.PartSignIn != 0 {
		g := p.w.m.Gate
		busy, _ := g.Busy()
		p.form.busy(busy)
		p.rekey.busy(busy)
		p.said.Set(g.Said(), kit.Error)
		p.said.Hidden = g.Said() == ""
		p.scroll.Again()
	}
}

// rekeyForm asks for another passphrase.
type rekeyForm struct {
	present, next, again *kit.Entry
	change               *kit.Button
	obj                  fyne.CanvasObject
}

func newRekeyForm(w *Window) *rekeyForm {
	m := w.m
	f := &rekeyForm{present: kit.NewPassphrase(w.keys), next: kit.NewPassphrase(w.keys), again: kit.NewPassphrase(w.keys)}
	change := func() { m.Gate.Rekey(f.present.Text, f.next.Text, f.again.Text) }
	f.change = kit.NewButton(m.T("officer.rekey"), kit.IconLock, change)
	cell := func(key string, e, after *kit.Entry) fyne.CanvasObject {
		e.OnNext = change
		if after != nil {
			e.OnNext = func() { w.win.Canvas().Focus(after) }
		}
		return kit.NewCell(kit.Column(4, kit.NewCut(m.T(key), kit.Bold), e.Framed()), false)
	}
	f.obj = kit.Column(12, kit.Grid(12, 240, 3, cell("officer.present", f.present, f.next), cell("officer.pass", f.next, f.again),
		cell("officer.again", f.again, nil)), kit.NewPara(m.Gate.Advice(), kit.Small), kit.Row(8, 1, f.change, kit.Space(1, 1)))
	return f
}

func (f *rekeyForm) busy(b bool) {
	if b {
		f.change.Disable()
	} else {
		f.change.Enable()
	}
}
