package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/record"
)

// conflictPage shows what people wrote differently, side by side. The answers have equal weight: no button is primary and
// none has the focus.
type conflictPage struct {
	w   *Window
	obj fyne.CanvasObject
}

func newConflictPage(w *Window) page {
	c := w.m.Choice()
	if c == nil {
		return newRecordsPage(w)
	}
	p := &conflictPage{w: w}
	m := w.m
	back := kit.NewButton(m.T("back"), theme.NavigateBackIcon(), c.Back).WithKey("Ctrl+W").Little()
	head := kit.Border(nil, kit.Hair(), nil, nil, kit.Fixed(0, 60, kit.Pad(16, 7, 16, 7,
		kit.Row(14, 2, back, kit.Icon(kit.IconSplit, kit.ColorConflict, 24), kit.Column(0, kit.NewCut(c.Heading(), kit.Section), kit.NewCut(c.About, kit.Small))))))
	cards := []fyne.CanvasObject{}
	if c.Base != nil {
		cards = append(cards, baseCard(m, c.Base))
	}
	for i := range c.Answers {
		cards = append(cards, answerCard(m, c, i))
	}
	objects := []fyne.CanvasObject{kit.NewPara(c.Title, kit.Section), kit.NewPara(hint(m, c), kit.Body.In(kit.ColorInk2)),
		kit.Grid(12, 230, max(2, min(3, len(cards))), cards...)}
	if c.Path() != record.PathLife && c.Path() != record.PathFeed {
		other := kit.NewButton(m.T("conflict.other"), theme.DocumentCreateIcon(), c.Other).WithKey("Ctrl+3")
		objects = append(objects, kit.Row(12, 1, other, kit.NewPara(m.T("conflict.clock"), kit.Small)))
		w.keys.Set(fyne.Key3, false, c.Other)
		if c.MayAsk() {
			objects = append(objects, asking(w, c))
			w.keys.Set(fyne.Key4, false, c.Ask)
		}
	} else {
		objects = append(objects, kit.NewPara(m.T("conflict.clock"), kit.Small))
	}
	for _, text := range c.Notes() {
		objects = append(objects, kit.Banner(kit.ColorPrimaryTint, kit.ColorPrimary, kit.IconGroup, kit.NewPara(text, kit.Body)))
	}
	if lines := c.Merged(); len(lines) > 0 {
		objects = append(objects, merged(m, lines))
	}
	objects = append(objects, kit.Banner(kit.ColorPrimaryTint, kit.ColorPrimary, theme.ContentUndoIcon(), kit.NewPara(m.T("conflict.wrong"), kit.Body)))
	p.obj = kit.Border(head, nil, nil, nil, kit.NewScroll(kit.Pad(18, 14, 20, 20, kit.Column(10, objects...))).Container)
	w.keys.Set(fyne.KeyW, false, c.Back)
	w.keys.Set(fyne.Key1, false, func() { c.Choose(0) })
	w.keys.Set(fyne.Key2, false, func() { c.Choose(1) })
	return p
}

// asking leaves the choice for later: the question to the colleague is sent with what the officer adds in a line of his own.
func asking(w *Window, c *app.Choice) fyne.CanvasObject {
	words := kit.NewEntry(w.keys)
	words.SetPlaceHolder(w.m.T("conflict.words"))
	words.SetText(c.Words())
	words.OnChanged, words.OnNext = c.SetWords, c.Ask
	send := kit.NewButton(w.m.T("conflict.ask"), kit.IconLater, c.Ask).WithKey("Ctrl+4")
	return kit.Border(nil, nil, nil, kit.Pad(12, 0, 0, 0, send), words.Framed())
}

// hint says what to do, and what the bold words are.
func hint(m *app.App, c *app.Choice) string {
	for i := range c.Answers {
		if len(c.Answers[i].Pieces) > 0 {
			return c.Hint + " " + m.T("conflict.differs")
		}
	}
	return c.Hint
}

// merged lists the other fields, which need nothing.
func merged(m *app.App, lines []app.FieldLine) fyne.CanvasObject {
	rows := []fyne.CanvasObject{kit.Pad(14, 8, 14, 6, kit.NewPara(m.T("conflict.merged"), kit.Small.Strong()))}
	for i := range lines {
		l := &lines[i]
		text := kit.NewPieces(kit.Piece{Text: l.Value, Style: kit.Body}, kit.Piece{Text: "· " + l.Other, Style: kit.Body.In(kit.ColorInk2)})
		row := container.New(halves{0.3}, kit.NewPara(l.Label, kit.Body), text)
		rows = append(rows, kit.Border(kit.Hair(), nil, nil, nil, kit.Pad(14, 6, 14, 6, kit.TopRow(10, 1, kit.Icon(theme.ConfirmIcon(), kit.ColorOk, 20), row))))
	}
	return kit.Box(kit.ColorPaper, kit.ColorHair, 1, kit.Column(0, rows...))
}

// valueText shows a figure large, a sentence as text, and marks the words that differ.
func valueText(a *app.Answer) fyne.CanvasObject {
	if len(a.Pieces) == 0 {
		return kit.NewPara(a.Value, valueStyle(a.Value))
	}
	pieces := make([]kit.Piece, len(a.Pieces))
	for i, x := range a.Pieces {
		pieces[i] = kit.Piece{Text: x.Text, Style: kit.Body}
		if x.Differs {
			pieces[i].Style = kit.Bold
		}
	}
	return kit.NewPieces(pieces...)
}

func baseCard(m *app.App, b *app.Answer) fyne.CanvasObject {
	objects := []fyne.CanvasObject{kit.Row(8, -1, kit.Icon(theme.HistoryIcon(), kit.ColorInk2, 20), kit.Line(m.T("conflict.base"), kit.Bold.In(kit.ColorInk2))),
		valueText(b), kit.NewPara(m.T("conflict.before"), kit.Small.In(kit.ColorInk))}
	if b.Who != "" {
		objects = append(objects, kit.NewPara(b.Who, kit.Small), kit.NewPara(b.When, kit.Small))
	}
	return kit.NewCell(kit.Box(kit.ColorSurface, kit.ColorHair, 1, kit.Pad(16, 14, 16, 14, kit.Column(6, objects...))), false)
}

func answerCard(m *app.App, c *app.Choice, i int) fyne.CanvasObject {
	a := &c.Answers[i]
	ink, icon, whose := kit.ColorConflict, kit.IconGroup, m.T("conflict.theirs")
	if a.Mine {
		ink, icon, whose = kit.ColorPrimary, theme.AccountIcon(), m.T("conflict.mine")
	}
	choose := kit.NewButton(a.Button, nil, func() { c.Choose(i) })
	if i < 2 {
		choose.WithKey(fmt.Sprintf("Ctrl+%d", i+1))
	}
	objects := []fyne.CanvasObject{kit.Row(8, -1, kit.Icon(icon, ink, 20), kit.Line(whose, kit.Bold.In(ink))), valueText(a)}
	if a.Who != "" {
		objects = append(objects, kit.NewPara(a.Who, kit.Bold), kit.NewPara(a.When, kit.Small))
	}
	if a.Unseen != "" {
		objects = append(objects, kit.NewPara(a.Unseen, kit.Small.In(kit.ColorInk)))
	}
	body := kit.Border(nil, kit.Pad(0, 10, 0, 0, choose), nil, nil, kit.Column(6, objects...))
	return kit.NewCell(kit.Box(kit.ColorPaper, ink, 2, kit.Pad(16, 14, 16, 14, body)), false)
}

// valueStyle shows a figure large and a sentence as text.
func valueStyle(v string) kit.Style {
	switch n := len([]rune(v)); {
	case n > 28:
		return kit.Body
	case n > 14:
		return kit.Bold
	}
	return kit.Figure
}

func (p *conflictPage) object() fyne.CanvasObject { return p.obj }
func (p *conflictPage) first() fyne.Focusable     { return nil }
func (p *conflictPage) draw(app.Part)             {}
