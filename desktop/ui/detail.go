package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// drawDetail shows the chosen record: what it says, what waits for somebody, and who wrote what.
func (p *recordsPage) drawDetail() {
	m := p.w.m
	d := m.Detail()
	p.shown = d
	p.detail.Objects = []fyne.CanvasObject{p.detailOf(d)}
	p.detail.Refresh()
	p.w.keys.Set(fyne.KeyE, false, nil)
	if d != nil && !d.Trouble.Some() {
		p.w.keys.Set(fyne.KeyE, false, m.Edit)
	}
}

func (p *recordsPage) detailOf(d *app.Detail) fyne.CanvasObject {
	m := p.w.m
	if d == nil {
		return kit.Pad(24, 24, 24, 24, kit.NewPara(m.T("detail.none"), kit.Body.In(kit.ColorInk2)))
	}
	if d.Trouble.Some() {
		return kit.Pad(20, 20, 20, 20, troubleText(m, d.Trouble))
	}
	objects := []fyne.CanvasObject{detailHead(m, d)}
	for i := range d.Notices {
		objects = append(objects, notice(&d.Notices[i]))
	}
	objects = append(objects, answers(d.Fields), kit.Space(1, 2), kit.Line(m.T("detail.history"), kit.Section))
	for i := range d.History {
		objects = append(objects, historyLine(&d.History[i]))
	}
	if !d.Gone {
		void := kit.NewButton(m.T("detail.delete"), theme.DeleteIcon(), m.Delete).As(kit.Danger).Little()
		objects = append(objects, kit.Space(1, 8), kit.Row(0, 1, void, kit.Space(1, 1)))
	}
	return kit.NewScroll(kit.Pad(18, 14, 20, 20, kit.Column(8, objects...))).Container
}

func detailHead(m *app.App, d *app.Detail) fyne.CanvasObject {
	sub := m.T("record.name", "name", d.Name)
	if d.Sub != "" {
		sub += " · " + d.Sub
	}
	texts := kit.Column(0, kit.NewPara(d.Title, kit.Section), kit.NewPara(sub, kit.Small))
	return kit.TopRow(12, 0, texts, kit.NewButton(m.T("detail.edit"), theme.DocumentCreateIcon(), m.Edit).WithKey("Ctrl+E"))
}

func notice(n *app.Notice) fyne.CanvasObject {
	fill, ink, icon := kit.ColorDangerTint, kit.ColorDanger, theme.WarningIcon()
	switch {
	case n.Conflict:
		fill, ink, icon = kit.ColorWarnTint, kit.ColorConflict, kit.IconSplit
	case n.Action != "":
		fill, ink, icon = kit.ColorPrimaryTint, kit.ColorPrimary, theme.DocumentCreateIcon()
	}
	var actions []fyne.CanvasObject
	if n.Action != "" {
		actions = append(actions, kit.NewButton(n.Action, nil, n.Do).Little())
	}
	return kit.Banner(fill, ink, icon, kit.NewPara(n.Text, kit.Body), actions...)
}

// answers is a table of two columns: question and answer.
func answers(lines []app.FieldLine) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for i := range lines {
		l := &lines[i]
		if l.Heading {
			rows = append(rows, kit.Pad(8, 12, 8, 2, kit.NewPara(l.Label, kit.Bold)))
			continue
		}
		value := []fyne.CanvasObject{kit.NewPara(l.Value, kit.Body)}
		if l.Other != "" {
			value = []fyne.CanvasObject{kit.NewPara(l.Value, kit.Bold), kit.NewPara(l.Other, kit.Small.In(kit.ColorConflict))}
		}
		row := container.New(halves{0.42}, kit.NewPara(l.Label, kit.Body.In(kit.ColorInk2)), kit.Column(0, value...))
		rows = append(rows, kit.Border(nil, kit.Hair(), nil, nil, kit.Pad(8, 5, 8, 5, row)))
	}
	return kit.Column(0, rows...)
}

// halves stands two objects beside each other in a fixed share.
type halves struct{ first float32 }

func (h halves) Layout(o []fyne.CanvasObject, size fyne.Size) {
	w := size.Width * h.first
	for i, x := range o {
		width := w - 12
		if i == 1 {
			width = size.Width - w
			x.Move(fyne.NewPos(w, 0))
		}
		x.Resize(fyne.NewSize(width, x.Size().Height))
		x.Resize(fyne.NewSize(width, x.MinSize().Height))
	}
}

func (h halves) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(160, max(o[0].MinSize().Height, o[1].MinSize().Height))
}

func historyLine(h *app.HistoryLine) fyne.CanvasObject {
	text := h.Who + " " + h.What
	if h.Where != "" {
		text += " · " + h.Where
	}
	return kit.TopRow(10, 1, kit.Fixed(kit.Size(kit.SizeSmall)*7, 0, kit.Line(h.When, kit.Small)), kit.NewPara(text, kit.Small.In(kit.ColorInk)))
}

// troubleText says what happened and what is safe, what to do next, and the code last.
func troubleText(m *app.App, t app.Trouble) fyne.CanvasObject {
	return kit.Column(6, kit.NewPara(t.Message, kit.Bold), kit.NewPara(m.T("sync.todo", "hint", t.Next), kit.Body),
		kit.NewPara(m.T("sync.code", "code", t.Code), kit.Small))
}
