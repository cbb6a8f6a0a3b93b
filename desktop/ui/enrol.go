package ui

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// enrolPage asks for the code that the centre gave, or its file: the machine has no notebook yet.
type enrolPage struct {
	w             *Window
	code, address *kit.Entry
	hint          *kit.Para
	try, stop     *kit.Button
	asking        *kit.Para
	said          *fyne.Container
	files         *fyne.Container
	again         *kit.Button
	wrong         app.EnrolField  // that is marked
	found         []app.EnrolFile // that are drawn
	looking       bool            // so is drawn
	body          *fyne.Container
	scroll        *kit.Scroll
	obj           fyne.CanvasObject
}

func newEnrolPage(w *Window) *enrolPage {
	m, e := w.m, w.m.Enrolment
	p := &enrolPage{w: w, code: kit.NewEntry(w.keys), address: kit.NewEntry(w.keys), hint: kit.NewPara("", kit.Small),
		asking: kit.NewPara(m.T("enrol.asking"), kit.Body), said: kit.Column(0), files: kit.Column(8)}
	p.code.Plain, p.address.Plain = true, true
	p.code.SetText(e.Code())
	p.address.SetText(e.Address())
	p.code.OnChanged, p.address.OnChanged = e.SetCode, e.SetAddress
	p.code.OnNext = func() { w.win.Canvas().Focus(p.address) }
	p.address.OnNext = e.Try
	p.try = kit.NewButton(m.T("enrol.try"), theme.LoginIcon(), e.Try).As(kit.Primary).WithKey("Enter")
	p.stop = kit.NewButton(m.T("enrol.stop"), theme.CancelIcon(), e.Stop).WithKey("Esc")
	p.again = kit.NewButton(m.T("enrol.files.again"), theme.ViewRefreshIcon(), e.Look).WithKey("Ctrl+O").Little()
	w.keys.Set(fyne.KeyO, false, e.Look)
	w.keys.Set(fyne.KeyW, false, e.Stop)
	w.keys.Set(fyne.KeyH, false, w.showKeys)
	p.body = kit.Column(10, kit.Line(m.T("enrol.title"), kit.Title), kit.NewPara(m.T("enrol.why"), kit.Body),
		kit.Column(4, kit.NewCut(m.T("enrol.code"), kit.Bold), p.code.Framed(), p.hint),
		kit.Column(4, kit.NewCut(m.T("enrol.address"), kit.Bold), p.address.Framed(), kit.NewPara(m.T("enrol.address.hint"), kit.Small)),
		p.said, kit.Row(10, -1, p.try, p.stop), p.asking, kit.Space(1, 6), kit.Hair(), p.files)
	p.scroll = kit.NewScroll(kit.Pad(44, 32, 44, 16, p.body))
	p.obj = kit.Border(nil, nil, kit.Fixed(400, 0, sideOf(w)), nil, p.scroll.Container)
	p.draw(app.PartSignIn)
	return p
}

func (p *enrolPage) object() fyne.CanvasObject { return p.obj }
func (p *enrolPage) first() fyne.Focusable     { return p.code }

// take enrols with a file that was dropped on the window.
func (p *enrolPage) take(files []string) {
	if len(files) > 0 {
		p.w.m.Enrolment.Take(files[0])
	}
}

func (p *enrolPage) draw(part app.Part) {
	if part&app.PartSignIn == 0 {
		return
	}
	m, e := p.w.m, p.w.m.Enrolment
	for entry, text := range map[*kit.Entry]string{p.code: e.Code(), p.address: e.Address()} {
		if entry.Text != text { // both were put in at once
			entry.SetText(text)
		}
	}
	hint, slip := e.Hint()
	style := kit.Small
	if slip {
		style = kit.Small.In(kit.ColorDanger)
	}
	p.hint.Set(hint, style)
	trouble, wrong := e.Said()
	p.said.Objects = nil
	if trouble.Some() {
		lines := []fyne.CanvasObject{kit.NewPara(trouble.Message, kit.Bold), kit.NewPara(m.T("sync.todo", "hint", trouble.Next), kit.Body)}
		if trouble.Code != "" {
			lines = append(lines, kit.NewPara(m.T("sync.code", "code", trouble.Code), kit.Small))
		}
		p.said.Objects = []fyne.CanvasObject{kit.Banner(kit.ColorWarnTint, kit.ColorWarn, theme.WarningIcon(), kit.Column(6, lines...))}
	}
	p.mark(wrong)
	busy := e.Busy()
	p.asking.Hidden, p.stop.Hidden = !busy, !busy
	if busy {
		p.try.Disable()
	} else {
		p.try.Enable()
	}
	if len(p.files.Objects) == 0 || p.looking != e.Looking() || !slices.Equal(p.found, e.Files()) {
		p.drawFiles()
	}
	p.body.Refresh()
	p.scroll.Again()
}

// mark shows which field the trouble is about, and goes there once.
func (p *enrolPage) mark(wrong app.EnrolField) {
	for field, entry := range map[app.EnrolField]*kit.Entry{app.CodeField: p.code, app.AddressField: p.address} {
		entry.SetWrong(wrong == field)
		if wrong == field && wrong != p.wrong {
			p.w.win.Canvas().Focus(entry)
		}
	}
	p.wrong = wrong
}

// drawFiles draws those that were found. While somebody types they stay as they are, with the focus where it is.
func (p *enrolPage) drawFiles() {
	m, e := p.w.m, p.w.m.Enrolment
	p.found, p.looking = e.Files(), e.Looking()
	objects := []fyne.CanvasObject{kit.Row(10, 0, kit.NewCut(m.T("enrol.files"), kit.Section), p.again), kit.NewPara(m.T("enrol.files.why"), kit.Body)}
	files := e.Files()
	switch {
	case e.Looking():
		objects = append(objects, kit.NewPara(m.T("enrol.files.looking"), kit.Small))
	case len(files) == 0:
		objects = append(objects, kit.NewPara(m.T("enrol.files.none"), kit.Small))
	}
	for i := range files {
		f := &files[i]
		use := kit.NewButton(m.T("enrol.files.open"), theme.FileIcon(), func() { e.Take(f.Path) })
		texts := kit.Column(0, kit.NewCut(filepath.Base(f.Path), kit.Bold), kit.NewCut(filepath.Dir(f.Path)+" · "+e.Found(f), kit.Small))
		objects = append(objects, kit.Row(12, 0, texts, use))
	}
	p.files.Objects = objects
	p.files.Refresh()
}
