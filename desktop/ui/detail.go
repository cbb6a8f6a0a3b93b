package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// drawDetail shows what the chosen row is about: what it says, what waits for somebody, and who wrote what.
func (p *recordsPage) drawDetail() {
	m := p.w.m
	d := m.Detail()
	key, offset := app.Key{}, float32(0)
	if d != nil {
		key = d.Key
	}
	if key == p.shown {
		offset = p.detail.Offset()
	}
	p.shown = key
	p.detail.SetContent(kit.Pad(18, 14, 20, 20, p.detailOf(d)))
	p.detail.To(offset)
	p.actions.Objects = nil
	p.detailKeys(d)
	p.actions.Hidden = len(p.actions.Objects) == 0
	p.actions.Refresh()
	if p.obj != nil {
		p.obj.Refresh()
	}
}

// detailKeys offers what can be done with the chosen row.
func (p *recordsPage) detailKeys(d *app.Detail) {
	m, k := p.w.m, p.w.keys
	for _, key := range []fyne.KeyName{fyne.KeyE, fyne.KeyB, fyne.KeyP} {
		k.Set(key, false, nil)
	}
	if d == nil || d.Trouble.Some() {
		return
	}
	if d.Standing != app.Voided {
		k.Set(fyne.KeyE, false, m.Edit)
	}
	if d.Draft != 0 {
		p.showActions(kit.NewButton(m.T("form.discard"), theme.DeleteIcon(), m.Delete).As(kit.Danger).Little())
		return
	}
	k.Set(fyne.KeyB, false, m.Duplicate)
	buttons := []fyne.CanvasObject{kit.NewButton(m.T("detail.copy"), theme.ContentCopyIcon(), m.Duplicate).Little()}
	if m.MayPrint() {
		k.Set(fyne.KeyP, false, m.Print)
		buttons = append(buttons, kit.NewButton(m.T("detail.print"), theme.DocumentPrintIcon(), m.Print).Little())
	}
	if !d.Gone && !d.Answered {
		buttons = append(buttons, kit.NewButton(m.T("detail.delete"), theme.DeleteIcon(), p.void).As(kit.Danger).Little())
	}
	p.showActions(buttons...)
}

// void takes what is chosen off the list: at once, or when the officer has been asked.
func (p *recordsPage) void() {
	if q, ok := p.w.m.Voiding(); ok {
		p.w.ask(q)
		return
	}
	p.w.m.Delete()
}

// showActions puts buttons at the foot of the detail. Their keys are in the list of keys: there is no room for them here.
func (p *recordsPage) showActions(buttons ...fyne.CanvasObject) {
	p.actions.Objects = []fyne.CanvasObject{kit.Border(kit.Hair(), nil, nil, nil, kit.Pad(18, 7, 18, 7, kit.Row(8, -1, buttons...)))}
}

func (p *recordsPage) detailOf(d *app.Detail) fyne.CanvasObject {
	m := p.w.m
	switch {
	case d == nil:
		return kit.NewPara(m.T("detail.none"), kit.Body.In(kit.ColorInk2))
	case d.Trouble.Some():
		return troubleText(m, d.Trouble)
	case d.Draft != 0:
		return kit.Column(8, detailHead(m, d, d.Sub, m.T("draft.resume")), stateLine(m, d.Standing), kit.NewPara(m.T("detail.draft"), kit.Body))
	}
	sub := m.T("record.name", "name", d.Name)
	if d.Sub != "" {
		sub += " · " + d.Sub
	}
	edit := "detail.edit"
	if d.Answered {
		edit = "detail.answer"
	}
	objects := []fyne.CanvasObject{detailHead(m, d, sub, m.T(edit)), stateLine(m, d.Standing)}
	for i := range d.Notices {
		objects = append(objects, notice(&d.Notices[i]))
	}
	objects = append(objects, answers(m, d), kit.Space(1, 2), kit.Line(m.T("detail.history"), kit.Section))
	for i := range d.History {
		objects = append(objects, historyLine(&d.History[i]))
	}
	return kit.Column(8, objects...)
}

func detailHead(m *app.App, d *app.Detail, sub, action string) fyne.CanvasObject {
	texts := kit.Column(0, kit.NewPara(d.Title, kit.Section), kit.NewPara(sub, kit.Small))
	if d.Standing == app.Voided {
		return texts
	}
	return kit.TopRow(12, 0, texts, kit.NewButton(action, theme.DocumentCreateIcon(), m.Edit).WithKey("Ctrl+E"))
}

// stateLine is the one state, and what it means.
func stateLine(m *app.App, s app.Standing) fyne.CanvasObject {
	return kit.Row(10, 1, kit.NewChip(chipLook(m, s)), kit.NewPara(m.Help(s), kit.Small))
}

func notice(n *app.Notice) fyne.CanvasObject {
	fill, ink, icon := kit.ColorDangerTint, kit.ColorDanger, theme.WarningIcon()
	switch n.Standing {
	case app.InConflict:
		fill, ink, icon = kit.ColorWarnTint, kit.ColorConflict, kit.IconSplit
	case app.Returned:
		fill, ink, icon = kit.ColorReturnTint, kit.ColorReturned, theme.MailReplyIcon()
	case app.Approved:
		fill, ink, icon = kit.ColorOkTint, kit.ColorOk, kit.IconApproved
	case app.Voided:
		fill, ink, icon = kit.ColorSurface2, kit.ColorInk2, theme.ContentRemoveIcon()
	case app.Queued:
		fill, ink, icon = kit.ColorQueuedTint, kit.ColorQueued, kit.IconWaiting
	case app.AtCentre:
		fill, ink, icon = kit.ColorPrimaryTint, kit.ColorPrimary, kit.IconGroup
	case app.AnyStanding:
		if n.Action != "" {
			fill, ink, icon = kit.ColorPrimaryTint, kit.ColorPrimary, theme.DocumentCreateIcon()
		}
	}
	var actions []fyne.CanvasObject
	if n.Action != "" {
		actions = append(actions, kit.NewButton(n.Action, nil, n.Do).Little())
	}
	return kit.Banner(fill, ink, icon, kit.NewPara(n.Text, kit.Body), actions...)
}

// answers is a table of two columns: question and answer.
func answers(m *app.App, d *app.Detail) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for i := range d.Fields {
		l := &d.Fields[i]
		if l.Heading {
			rows = append(rows, kit.Pad(8, 12, 8, 2, kit.NewPara(l.Label, kit.Bold)))
			continue
		}
		pictures := d.Pictures(l)
		var value []fyne.CanvasObject
		switch {
		case l.Other != "":
			value = []fyne.CanvasObject{kit.NewPara(l.Value, kit.Bold), kit.NewPara(l.Other, kit.Small.In(kit.ColorConflict))}
		case l.Value != "" || len(pictures) == 0:
			value = []fyne.CanvasObject{kit.NewPara(l.Value, kit.Body)}
		}
		value = append(value, album(m, pictures)...)
		row := container.New(halves{0.42}, kit.NewPara(l.Label, kit.Body.In(kit.ColorInk2)), kit.Column(0, value...))
		rows = append(rows, kit.Border(nil, kit.Hair(), nil, nil, kit.Pad(8, 5, 8, 5, row)))
	}
	return kit.Column(0, rows...)
}

// album is pictures side by side, and below them that some are elsewhere.
func album(m *app.App, pictures []app.DetailPicture) (objects []fyne.CanvasObject) {
	if len(pictures) == 0 {
		return nil
	}
	shown, away := container.NewGridWrap(kit.ThumbSize()), false
	for _, p := range pictures {
		shown.Add(kit.Thumb(p.JPEG))
		away = away || p.Away
	}
	if objects = append(objects, kit.Pad(0, 3, 0, 3, shown)); away {
		objects = append(objects, kit.NewPara(m.T("photo.nothere"), kit.Small))
	}
	return objects
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
	said := []fyne.CanvasObject{kit.NewPara(text, kit.Small.In(kit.ColorInk))}
	if h.Again != "" {
		said = append(said, kit.Row(0, 1, kit.NewButton(h.Again, nil, h.ChooseAgain).Little(), kit.Space(1, 1)))
	}
	return kit.TopRow(10, 1, kit.Fixed(kit.Size(kit.SizeSmall)*6, 0, kit.Line(h.When, kit.Small)), kit.Column(2, said...))
}

// troubleText says what happened and what is safe, what to do next, and the code last.
func troubleText(m *app.App, t app.Trouble) fyne.CanvasObject {
	return kit.Column(6, kit.NewPara(t.Message, kit.Bold), kit.NewPara(m.T("sync.todo", "hint", t.Next), kit.Body),
		kit.NewPara(m.T("sync.code", "code", t.Code), kit.Small))
}
