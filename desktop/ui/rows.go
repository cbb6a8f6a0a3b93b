package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// rowList is the list as widgets. Unlike the one that it is made of, its arrows choose, and what is chosen is for package
// app to say.
type rowList struct {
	widget.List
	onKey  func(fyne.KeyName)
	onRune func(rune)
	here   bool // has the focus
}

// FocusGained implements fyne.Focusable. The list within must not know: it would draw a row of its own as the one with the
// focus.
func (l *rowList) FocusGained() { l.here = true; l.Refresh() }

// FocusLost implements fyne.Focusable.
func (l *rowList) FocusLost() { l.here = false; l.Refresh() }

func newRowList(length func() int, update func(int, *listRow), choose func(int)) *rowList {
	l := &rowList{}
	l.Length, l.CreateItem = length, func() fyne.CanvasObject { r := newListRow(); r.list = l; return r }
	l.UpdateItem = func(i int, o fyne.CanvasObject) { update(i, o.(*listRow)) }
	l.HideSeparators = true
	l.OnSelected = func(i int) {
		l.UnselectAll() // so that the same row can be tapped again
		choose(i)
	}
	l.ExtendBaseWidget(l)
	return l
}

// KeyDown implements desktop.Keyable.
func (l *rowList) KeyDown(*fyne.KeyEvent) { kit.Touch(l) }

// KeyUp implements desktop.Keyable.
func (l *rowList) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	if l.onKey != nil {
		l.onKey(e.Name)
	}
}

// TypedRune implements fyne.Focusable.
func (l *rowList) TypedRune(r rune) {
	if l.onRune != nil {
		l.onRune(r)
	}
}

// pitch is the height of a row with the gap below it, which Fyne makes as wide as its padding.
func (l *rowList) pitch() float32 { return newListRow().MinSize().Height + theme.Padding() }

// Widths of the cells of a row: a recycled row does not lay itself out again, so they are fixed.
const (
	dayWidth  = 58
	sideSpace = 14
)

// chipWidth holds the longest word of a state at the step in force.
func chipWidth() float32 { return kit.Size(kit.SizeSmall)*9.2 + 40 + barRoom }

// barRoom is left free at the end of a row for the bar that scrolls.
const barRoom = 8

func listHead(m *app.App) fyne.CanvasObject {
	style := kit.Small.Strong()
	row := container.New(rowCells{}, kit.Space(1, 1), kit.Space(1, 1), kit.NewCut(m.T("list.day"), style), kit.NewCut(m.T("list.what"), style),
		kit.Space(1, 1), kit.NewCut(m.T("list.state"), style), kit.Space(1, 1))
	return kit.Border(nil, kit.Hair(), nil, nil, kit.Fixed(0, 32, row))
}

// listRow is a record of the list: when, what and where, how it stands.
type listRow struct {
	widget.BaseWidget
	list       *rowList // in which it stands; nil: it is measured only
	face, mark *kit.Plane
	day        *kit.Cut
	title, sub *kit.Cut
	chip       *kit.Chip
	hair       fyne.CanvasObject
}

func newListRow() *listRow {
	r := &listRow{face: kit.NewPlane(kit.PlaneLook{Fill: kit.ColorSel}), mark: kit.NewPlane(kit.PlaneLook{Fill: kit.ColorPrimary}), day: kit.NewCut("", kit.Small),
		title: kit.NewCut("", kit.Bold), sub: kit.NewCut("", kit.Small),
		chip: kit.NewChip(kit.ChipLook{Fill: kit.ColorPaper, Stroke: kit.ColorPaper, Ink: kit.ColorInk}), hair: kit.Hair()}
	r.face.Show(false)
	r.mark.Show(false)
	r.ExtendBaseWidget(r)
	return r
}

// Scrolled implements fyne.Scrollable: the list, which Fyne makes, tells nobody of the wheel.
func (r *listRow) Scrolled(e *fyne.ScrollEvent) {
	kit.Touch(r)
	r.list.ScrollToOffset(r.list.GetScrollOffset() - e.Scrolled.DY)
}

func (r *listRow) set(row app.Row, look kit.ChipLook, chosen, focused bool) {
	r.day.Set(row.Day, kit.Small.In(kit.ColorInk))
	r.title.Set(row.Title, kit.Bold)
	r.sub.Set(row.Sub, kit.Small)
	r.chip.Set(look)
	face := kit.PlaneLook{Fill: kit.ColorSel}
	if focused {
		face.Stroke, face.Width = kit.ColorRing, 3
	}
	r.face.Set(face)
	r.face.Show(chosen)
	r.mark.Show(chosen)
}

// CreateRenderer implements fyne.Widget.
func (r *listRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(rowCells{r.face}, r.face.Object, r.mark.Object, r.day, r.title, r.sub, r.chip, r.hair))
}

// rowCells lays out: face, mark, day, title, sub, chip, hair.
type rowCells struct{ face *kit.Plane } // of the head: nil

func (c rowCells) Layout(o []fyne.CanvasObject, size fyne.Size) {
	chip := chipWidth()
	if c.face != nil {
		c.face.Resize(size)
	}
	o[1].Resize(fyne.NewSize(5, size.Height))
	o[2].Move(fyne.NewPos(sideSpace, 0))
	o[2].Resize(fyne.NewSize(dayWidth-8, size.Height))
	x := float32(sideSpace + dayWidth)
	w := size.Width - x - chip - 10
	h, sub := o[3].MinSize().Height, o[4].MinSize().Height
	y := max(0, (size.Height-h-sub)/2)
	if sub <= 1 { // the head has one line
		y, h = 0, size.Height
	}
	o[3].Move(fyne.NewPos(x, y))
	o[3].Resize(fyne.NewSize(w, h))
	o[4].Move(fyne.NewPos(x, y+h))
	o[4].Resize(fyne.NewSize(w, sub))
	o[5].Move(fyne.NewPos(size.Width-chip, 0))
	o[5].Resize(fyne.NewSize(chip-8-barRoom, size.Height))
	o[6].Move(fyne.NewPos(0, size.Height-1))
	o[6].Resize(fyne.NewSize(size.Width, 1))
}

func (rowCells) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(360, max(32, o[3].MinSize().Height+o[4].MinSize().Height+14))
}
