package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// directivesPage is what came down to the unit: the list, and the open one with its tasks to answer.
type directivesPage struct {
	w           *Window
	left, right *kit.Scroll
	start       fyne.Focusable
	opens       []*kit.Button        // of the rows
	forms, next map[string]*taskForm // by task: on the page, and while it is drawn anew
	obj         fyne.CanvasObject
}

func newDirectivesPage(w *Window) page {
	p := &directivesPage{w: w, left: kit.NewScroll(kit.Space(1, 1)), right: kit.NewScroll(kit.Space(1, 1)), next: map[string]*taskForm{}}
	split := container.NewHSplit(p.left.Container, kit.Border(nil, nil, kit.Hair(), nil, p.right.Container))
	split.Offset = 0.42
	p.obj = kit.Border(header(kit.NewCut(w.m.T("nav.directives"), kit.Title)), nil, nil, nil, split)
	if ds := w.m.Directives; ds.Opened() == nil && len(ds.Rows()) > 0 && ds.Rows()[0].Mine {
		defer ds.Open(ds.Rows()[0].Record)
	}
	for _, enter := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter} {
		w.keys.Set(enter, false, p.act)
	}
	w.keys.Set(fyne.KeyS, false, func() { p.atHand(func(f *taskForm) { f.e.Keep() }) })
	w.keys.Set(fyne.KeyZ, true, func() { p.atHand(func(f *taskForm) { f.form.Undo() }) })
	p.draw(app.PartOrders)
	return p
}

func (p *directivesPage) object() fyne.CanvasObject { return p.obj }
func (p *directivesPage) first() fyne.Focusable     { return p.start }

func (p *directivesPage) draw(part app.Part) {
	if part&(app.PartForm|app.PartDraft) != 0 {
		p.drawForms()
	}
	if part&app.PartOrders == 0 {
		return
	}
	at := -1
	if b, ok := p.w.win.Canvas().Focused().(*kit.Button); ok {
		at = slices.Index(p.opens, b)
	}
	p.drawList()
	p.drawOpen()
	if at >= 0 && len(p.opens) > 0 {
		p.w.win.Canvas().Focus(p.opens[min(at, len(p.opens)-1)])
	}
}

// arrow opens the directive before or after a row, and goes there.
func (p *directivesPage) arrow(i int, k fyne.KeyName) bool {
	to := map[fyne.KeyName]int{fyne.KeyDown: i + 1, fyne.KeyUp: i - 1}
	at, ok := to[k]
	if ok && at >= 0 && at < len(p.opens) {
		p.w.win.Canvas().Focus(p.opens[at])
		p.opens[at].OnTapped()
	}
	return ok
}

func (p *directivesPage) drawList() {
	m, ds := p.w.m, p.w.m.Directives
	p.start, p.opens = nil, nil
	if ds.Trouble().Some() {
		p.left.SetContent(kit.Pad(18, 14, 12, 14, troubleText(m, ds.Trouble())))
		return
	}
	if len(ds.Rows()) == 0 {
		p.left.SetContent(emptyState(kit.IconTask, m.T("directive.none"), m.T("sync.fetch"), m.Fetch))
		return
	}
	var rows []fyne.CanvasObject
	for i := range ds.Rows() {
		r := &ds.Rows()[i]
		open := kit.NewButton(m.T("directive.open"), nil, func() { ds.Open(r.Record) }).Little()
		open.OnKey = func(k fyne.KeyName) bool { return p.arrow(i, k) }
		if p.opens = append(p.opens, open); i == 0 {
			p.start = open
		}
		here := ds.Opened() != nil && ds.Opened().Record == r.Record
		rows = append(rows, directiveRow(r, here, open))
	}
	p.left.SetContent(kit.Pad(14, 12, 10, 14, kit.Column(0, kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(1, 1, 1, 1, kit.Column(0, rows...))))))
}

func directiveRow(r *app.DirectiveRow, here bool, open fyne.CanvasObject) fyne.CanvasObject {
	state := kit.ChipLook{Text: r.State, Ink: kit.ColorInk, Fill: kit.ColorPaper, Stroke: kit.ColorLine, Width: 1}
	chips := []fyne.CanvasObject{kit.NewChip(state)}
	if r.Late != "" {
		chips = append(chips, kit.NewChip(kit.ChipLook{Text: r.Late, Icon: theme.WarningIcon(), Ink: kit.ColorOnPrimary, Fill: kit.ColorDanger, Stroke: kit.ColorDanger}))
	}
	texts := kit.Column(4, kit.NewPara(r.Title, kit.Bold), kit.NewPara(r.Sub, kit.Small), kit.Row(6, -1, chips...))
	fill := kit.ColorPaper
	if here {
		fill = kit.ColorSel
	}
	return kit.Border(nil, kit.Hair(), nil, nil, kit.Fill(fill, kit.Pad(12, 10, 12, 10,
		kit.Row(12, 1, kit.Icon(kit.IconTask, kit.ColorPrimary, 24), texts, open))))
}

// todoOfDirective is the row of a directive on the page of today.
func todoOfDirective(m *app.App, r *app.DirectiveRow, f func()) fyne.CanvasObject {
	return directiveRow(r, false, kit.NewButton(m.T("directive.open"), nil, f))
}

func (p *directivesPage) drawOpen() {
	m, d := p.w.m, p.w.m.Directives.Opened()
	if d == nil {
		p.forms = nil
		p.right.SetContent(kit.Pad(24, 24, 24, 24, kit.NewPara(m.T("directive.choose"), kit.Body.In(kit.ColorInk2))))
		return
	}
	objects := []fyne.CanvasObject{kit.NewPara(d.Title, kit.Section), kit.NewPara(d.Sub, kit.Small)}
	pending := 0 // tasks that the unit has not answered
	for i := range d.Tasks {
		if t := &d.Tasks[i]; d.Mine && !t.Accepted && !t.Refused {
			pending++
		}
	}
	if pending > 1 {
		objects = append(objects, kit.Row(8, -1, kit.NewButton(m.T("directive.acceptall", "n", strconv.Itoa(pending)), theme.ConfirmIcon(),
			func() { m.Directives.AcceptAll() }).As(kit.Primary)))
	}
	for i := range d.Tasks {
		objects = append(objects, p.task(d, &d.Tasks[i], pending == 1))
	}
	if d.Detail != nil {
		objects = append(objects, kit.Space(1, 4), kit.Line(m.T("directive.text"), kit.Section), answers(m, d.Detail))
	}
	p.right.SetContent(kit.Pad(18, 14, 20, 20, kit.Column(10, objects...)))
	p.seat()
}

// task is one task with what the unit may say of it.
func (p *directivesPage) task(d *app.Directive, t *app.DirectiveTask, only bool) fyne.CanvasObject {
	m, ds := p.w.m, p.w.m.Directives
	look := kit.ChipLook{Text: t.State, Ink: kit.ColorInk, Fill: kit.ColorPaper, Stroke: kit.ColorLine, Width: 1}
	switch {
	case t.Done:
		look = kit.ChipLook{Text: t.State, Icon: theme.ConfirmIcon(), Ink: kit.ColorOk, Fill: kit.ColorOkTint, Stroke: kit.ColorOkTint}
	case t.Late:
		look = kit.ChipLook{Text: t.State, Icon: theme.WarningIcon(), Ink: kit.ColorDanger, Fill: kit.ColorDangerTint, Stroke: kit.ColorDangerTint}
	}
	objects := []fyne.CanvasObject{kit.TopRow(10, 0, kit.NewPara(t.Text, kit.Bold), kit.NewChip(look)), kit.NewPara(t.Sub, kit.Small)}
	said := ds.Elsewhere(t.Ref)
	if t.Done || t.Refused {
		said = t.Obstacle
	}
	if said != "" {
		objects = append(objects, kit.NewPara(m.T("directive.obstacle")+": "+said, kit.Small.In(kit.ColorInk)))
	}
	if t.Apart != "" {
		objects = append(objects, kit.Row(8, 1, kit.Icon(kit.IconSplit, kit.ColorConflict, 20), kit.NewPara(t.Apart, kit.Small.Strong().In(kit.ColorConflict)),
			kit.NewButton(m.T("detail.compare"), nil, func() { ds.Compare(t.Ref) }).Little()))
	}
	if len(t.Said) > 0 {
		said := []fyne.CanvasObject{kit.NewPara(m.T("directive.said"), kit.Small.Strong().In(kit.ColorConflict))}
		for _, line := range t.Said {
			said = append(said, kit.NewPara(line, kit.Small.In(kit.ColorInk)))
		}
		objects = append(objects, kit.TopRow(8, 1, kit.Icon(kit.IconSplit, kit.ColorConflict, 20), kit.Column(2, said...)))
	}
	for i := range t.Evidence {
		e := &t.Evidence[i]
		line := []fyne.CanvasObject{kit.Icon(theme.ListIcon(), kit.ColorInk2, 18), kit.NewCut(e.Title, kit.Body),
			kit.NewButton(m.T("flash.open"), nil, func() { m.ShowRecord(e.Record) }).As(kit.Quiet).Little()}
		if d.Mine && !t.Done {
			line = append(line, kit.NewButton("", theme.CancelIcon(), func() { ds.Unlink(t.Ref, e.Record) }).As(kit.Quiet).Little().Says(m.T("directive.unlink")))
		}
		objects = append(objects, kit.Row(8, 1, line...))
	}
	if d.Mine && (!t.Done || ds.Form(t.Ref) != nil) {
		objects = append(objects, p.answering(d, t, only)...)
	}
	return kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(14, 10, 14, 12, kit.Column(6, objects...)))
}
