package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/dispatch"
)

// todayPage says what waits for the officer, and beside it how sending stands.
type todayPage struct {
	w     *Window
	left  *kit.Scroll
	right *kit.Scroll
	start fyne.Focusable
	obj   fyne.CanvasObject
}

func newTodayPage(w *Window) page {
	p := &todayPage{w: w, left: kit.NewScroll(kit.Space(1, 1)), right: kit.NewScroll(kit.Space(1, 1))}
	m := w.m
	flash := kit.NewButton(m.T("flash.new"), kit.IconBolt, func() { m.New(app.FlashForm) }).As(kit.Danger).WithKey("Ctrl+R")
	fresh := kit.NewButton(m.T("new"), theme.ContentAddIcon(), func() { m.Go(app.PageNew) }).As(kit.Primary).WithKey("Ctrl+N")
	p.obj = kit.Border(header(kit.NewCut(m.Today.Heading(), kit.Title), flash, fresh), nil, nil, nil, container.New(twoColumns{}, p.left.Container, p.right.Container))
	p.draw(app.PartList | app.PartSync)
	return p
}

// sideWidth is the width of the column on the right, above which it stands beside the other one.
const sideWidth = 330

// twoColumns lays the work on the left and what goes with it on the right; on a narrow screen the right one is narrower.
type twoColumns struct{}

func (twoColumns) Layout(o []fyne.CanvasObject, size fyne.Size) {
	side := min(sideWidth, size.Width*0.36)
	o[0].Resize(fyne.NewSize(size.Width-side, size.Height))
	o[1].Move(fyne.NewPos(size.Width-side, 0))
	o[1].Resize(fyne.NewSize(side, size.Height))
}

func (twoColumns) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(600, 200) }

func (p *todayPage) object() fyne.CanvasObject { return p.obj }
func (p *todayPage) first() fyne.Focusable     { return p.start }

func (p *todayPage) draw(part app.Part) {
	if part&(app.PartList|app.PartNav|app.PartOrders) != 0 {
		p.drawTodos()
	}
	if part&app.PartSync != 0 {
		p.right.SetContent(kit.Pad(8, 12, 18, 16, sendingCard(p.w)))
	}
}

func (p *todayPage) drawTodos() {
	m := p.w.m
	todos, more, ready := m.Today.Todos()
	objects := []fyne.CanvasObject{counted(m.T("today.todo"), len(todos)+more)}
	focused := p.start != nil && p.w.win.Canvas().Focused() == p.start
	p.start = nil
	var rows []fyne.CanvasObject
	for i := range todos {
		row, do := todoRow(&todos[i], i == 0)
		if i == 0 {
			p.start = do
		}
		rows = append(rows, row)
	}
	switch {
	case len(rows) > 0:
		objects = append(objects, kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(1, 1, 1, 1, kit.Column(0, rows...))))
	case ready:
		objects = append(objects, emptyState(theme.ConfirmIcon(), m.T("today.empty"), m.T("new"), func() { m.Go(app.PageNew) }))
	}
	if more > 0 {
		objects = append(objects, kit.Row(0, 1, kit.NewButton(m.T("today.more", "n", countText(more)), nil, m.Today.ShowRest).As(kit.Quiet), kit.Space(1, 1)))
	}
	objects = append(objects, p.directives()...)
	p.left.SetContent(kit.Pad(18, 12, 8, 16, kit.Column(10, objects...)))
	if c := p.w.win.Canvas(); p.start != nil && (focused || p.w.page == page(p) && c.Focused() == nil) {
		c.Focus(p.start) // Enter does what is worst
	}
}

// directives are those that the unit has not done, with how it stands with each.
func (p *todayPage) directives() []fyne.CanvasObject {
	m := p.w.m
	var rows []fyne.CanvasObject
	all := m.Directives.Rows()
	for i := range all {
		if r := &all[i]; r.Mine && r.Step != dispatch.StepDone {
			rows = append(rows, todoOfDirective(m, r, func() {
				m.Directives.Open(r.Record)
				m.Go(app.PageDirectives)
			}))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return []fyne.CanvasObject{kit.Space(1, 4), counted(m.T("today.directives"), len(rows)),
		kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(1, 1, 1, 1, kit.Column(0, rows...)))}
}

// counted is the head of a list with the number of its rows.
func counted(text string, n int) fyne.CanvasObject {
	return kit.Row(8, -1, kit.Line(text, kit.Section), kit.Line("("+countOr0(n)+")", kit.Body.In(kit.ColorInk2)))
}

// todoRow is one sentence and one button; that of the worst is the primary one.
func todoRow(t *app.Todo, worst bool) (fyne.CanvasObject, *kit.Button) {
	icon, ink := theme.DocumentCreateIcon(), kit.ColorDraft
	switch t.Kind {
	case app.TodoConflict:
		icon, ink = kit.IconSplit, kit.ColorConflict
	case app.TodoAttention:
		icon, ink = theme.WarningIcon(), kit.ColorDanger
	case app.TodoReturned:
		icon, ink = theme.MailReplyIcon(), kit.ColorReturned
	}
	do := kit.NewButton(t.Action, nil, t.Do)
	if worst {
		do.As(kit.Primary)
	}
	texts := kit.Column(0, kit.NewPara(t.Title, kit.Bold), kit.NewPara(t.Sub, kit.Small))
	return kit.Border(nil, kit.Hair(), nil, nil, kit.Pad(14, 8, 14, 8, kit.Row(14, 1, kit.Icon(icon, ink, 26), texts, do))), do
}

// sendingCard says in words and figures how sending stands.
func sendingCard(w *Window) fyne.CanvasObject {
	m := w.m
	bar := m.Bar()
	s := standing(m, &bar)
	objects := []fyne.CanvasObject{kit.TopRow(10, 1, kit.Icon(s.icon, s.ink, 28), kit.NewPara(s.title, kit.Section.In(s.ink))),
		kit.NewPara(m.T("today.counts", "saved", bar.Week, "centre", bar.WeekAt, "time", bar.Receipt), kit.Body)}
	if bar.Trouble.Some() {
		objects = append(objects, kit.Hair(), kit.NewPara(bar.Trouble.Message, kit.Bold.In(kit.ColorDanger)), kit.NewPara(m.T("sync.todo", "hint", bar.Trouble.Next), kit.Small))
	} else if bar.Waiting > 0 {
		objects = append(objects, kit.NewPara(m.T("sync.waits.why"), kit.Small))
	}
	if bar.Photos != "" {
		progress := kit.NewProgress()
		progress.Set(m.PhotosDone())
		objects = append(objects, kit.Hair(), kit.Row(8, 0, kit.NewCut(m.T("sync.photos.sent"), kit.Body), kit.Line(bar.Photos, kit.Bold)), progress)
		if m.PhotosWaiting() > 0 {
			objects = append(objects, kit.NewPara(m.PhotosWhy(), kit.Small))
		}
	}
	objects = append(objects, kit.NewButton(m.T("today.sync"), kit.IconSync, func() { m.Go(app.PageSync) }))
	return kit.Column(10, kit.Line(m.T("today.sending"), kit.Section),
		kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Pad(16, 14, 16, 14, kit.Column(8, objects...))))
}

// standingLook is how the account of the notebook looks: whether all is at the centre.
type standingLook struct {
	title, why string
	ink        fyne.ThemeColorName
	icon       fyne.Resource
}

func standing(m *app.App, bar *app.Bar) standingLook {
	switch {
	case bar.Saved == "0":
		return standingLook{m.T("sync.empty"), m.T("sync.empty.why"), kit.ColorInk2, kit.IconWaiting}
	case bar.Waiting > 0:
		return standingLook{m.T("sync.waits", "n", bar.Missing), m.T("sync.waits.why"), kit.ColorQueued, kit.IconWaiting}
	case bar.PhotosLeft != "":
		return standingLook{m.T("sync.photos.left", "n", bar.PhotosLeft), m.PhotosWhy(), kit.ColorQueued, kit.IconWaiting}
	}
	return standingLook{m.T("sync.complete"), m.T("sync.complete.why"), kit.ColorOk, kit.IconCentre}
}
