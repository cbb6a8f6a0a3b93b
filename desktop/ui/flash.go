package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// flashPage lists the reports that could not wait, each with its clocks; a new one is one press away.
type flashPage struct {
	w     *Window
	fresh *kit.Button
	body  *kit.Scroll
	obj   fyne.CanvasObject
}

func newFlashPage(w *Window) page {
	m := w.m
	p := &flashPage{w: w, body: kit.NewScroll(kit.Space(1, 1))}
	p.fresh = kit.NewButton(m.T("flash.write"), kit.IconBolt, m.Flashes.New).As(kit.Urgent).WithKey("Ctrl+R")
	p.obj = kit.Border(header(kit.Row(12, 1, kit.Line(m.T("nav.flash"), kit.Title), kit.NewCut(m.T("flash.about"), kit.Body)), p.fresh), nil, nil, nil, p.body.Container)
	p.draw(app.PartFlash)
	return p
}

func (p *flashPage) object() fyne.CanvasObject { return p.obj }
func (p *flashPage) first() fyne.Focusable     { return p.fresh }

func (p *flashPage) draw(part app.Part) {
	if part&(app.PartFlash|app.PartSync) == 0 {
		return
	}
	m, fs := p.w.m, p.w.m.Flashes
	var objects []fyne.CanvasObject
	for _, line := range fs.Advice() {
		objects = append(objects, kit.NewPara(line, kit.Body))
	}
	objects = []fyne.CanvasObject{kit.Banner(kit.ColorPrimaryTint, kit.ColorPrimary, theme.InfoIcon(), kit.Column(2, objects...))}
	switch {
	case fs.Trouble().Some():
		objects = append(objects, troubleText(m, fs.Trouble()))
	case len(fs.Rows()) == 0:
		objects = append(objects, emptyState(kit.IconBolt, m.T("flash.none"), m.T("flash.write"), m.Flashes.New))
	}
	for i := range fs.Rows() {
		objects = append(objects, p.report(&fs.Rows()[i]))
	}
	p.body.SetContent(kit.Pad(18, 14, 20, 20, kit.Column(12, objects...)))
}

// report is one report: what and where, its five clocks, and who has answered.
func (p *flashPage) report(r *app.FlashRow) fyne.CanvasObject {
	m := p.w.m
	open := kit.NewButton(m.T("flash.open"), nil, func() { m.ShowRecord(r.Record) })
	stroke := kit.ColorHair
	if len(r.Acks) == 0 && !r.Closed {
		stroke = kit.ColorDanger
	}
	title := r.Title
	if r.Place != "" {
		title += " · " + r.Place
	}
	head := kit.TopRow(12, 1, kit.Icon(kit.IconBolt, kit.ColorDanger, 24),
		kit.Column(2, kit.NewPara(title, kit.Bold), kit.NewPara(m.T("record.name", "name", r.Name), kit.Small)), kit.NewChip(chipLook(m, r.Standing)), open)
	var clocks []fyne.CanvasObject
	for _, c := range r.Clocks {
		time, style := c.Time, kit.Bold
		if time == "" {
			time, style = "–", kit.Bold.In(kit.ColorInk2)
		}
		clocks = append(clocks, kit.NewCell(kit.Column(0, kit.NewCut(c.Label, kit.Small), kit.NewCut(time, style), kit.NewPara(c.After, kit.Small)), false))
	}
	objects := []fyne.CanvasObject{head, kit.NewPara(r.Summary, kit.Body), kit.Hair(), kit.Grid(12, 150, 5, clocks...)}
	for _, ack := range r.Acks {
		objects = append(objects, kit.Row(8, 1, kit.Icon(theme.ConfirmIcon(), kit.ColorOk, 20), kit.NewPara(ack, kit.Bold.In(kit.ColorOk))))
	}
	return kit.Box(kit.ColorPaper, stroke, 1, kit.Pad(16, 12, 16, 14, kit.Column(8, objects...)))
}
