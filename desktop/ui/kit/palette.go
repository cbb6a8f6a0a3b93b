package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// highland are the letters of Jrai and Bahnar that Vietnamese lacks, small and capital. Jrai: the alphabet of 40 letters
// (Omniglot, "Jarai"; polyglotclub.com, "Jarai alphabet"). Bahnar, and the other languages of the highlands: the letters of
// the Dega keyboard (Keyman, release/d/dega), with b̆ and j̆, which schoolbooks write for ƀ and for a j that stops in the throat.
// The letters of two signs have no single code: the breve is U+0306.
var highland = [2][]string{
	strings.Fields("ƀ b̆ č ĕ ê̆ ĭ j̆ ñ ŏ ô̆ ơ̆ ŭ ư̆ â̆ y̆"),
	strings.Fields("Ƀ B̆ Č Ĕ Ê̆ Ĭ J̆ Ñ Ŏ Ô̆ Ơ̆ Ŭ Ư̆ Â̆ Y̆"),
}

// paletteKey opens the palette with Ctrl: K as in ký tự.
const paletteKey = fyne.KeyK

// Palette offers the letters of Jrai and Bahnar and puts the one that is taken where the cursor of the last entry is. Left and
// Right go through the letters, Up and Down from small ones to capitals; Enter takes one and is done, Space or a click takes
// one and stays; Esc leaves.
type Palette struct {
	widget.BaseWidget
	OnDone func()

	t        *Typing
	row, col int
	focused  bool
}

var _ fyne.Focusable = (*Palette)(nil)

// NewPalette makes a palette for the entries that share a Typing.
func NewPalette(t *Typing) *Palette {
	p := &Palette{t: t}
	p.ExtendBaseWidget(p)
	return p
}

// Letter is the letter that is marked.
func (p *Palette) Letter() string { return highland[p.row][p.col] }

func (p *Palette) take(done bool) {
	if e := p.t.last; e != nil {
		e.Insert(p.Letter())
	}
	if done {
		p.done()
	}
}

func (p *Palette) done() {
	if p.OnDone != nil {
		p.OnDone()
	}
}

// FocusGained implements fyne.Focusable.
func (p *Palette) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *Palette) FocusLost() { p.focused = false; p.Refresh() }

// TypedRune implements fyne.Focusable.
func (p *Palette) TypedRune(rune) {}

// KeyDown implements desktop.Keyable.
func (p *Palette) KeyDown(*fyne.KeyEvent) { Touch(p) }

// KeyUp implements desktop.Keyable.
func (p *Palette) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (p *Palette) TypedKey(k *fyne.KeyEvent) {
	n := len(highland[0])
	switch k.Name {
	case fyne.KeyLeft:
		p.col = (p.col + n - 1) % n
	case fyne.KeyRight:
		p.col = (p.col + 1) % n
	case fyne.KeyUp, fyne.KeyDown:
		p.row = 1 - p.row
	case fyne.KeyHome:
		p.col = 0
	case fyne.KeyEnd:
		p.col = n - 1
	case fyne.KeySpace:
		p.take(false)
	case fyne.KeyReturn, fyne.KeyEnter:
		p.take(true)
	case fyne.KeyEscape:
		p.done()
	}
	p.Refresh()
}

// Tapped implements fyne.Tappable.
func (p *Palette) Tapped(e *fyne.PointEvent) {
	row, col := int(e.Position.Y/cellSize()), int(e.Position.X/cellSize())
	if row >= 0 && row < len(highland) && col >= 0 && col < len(highland[0]) {
		p.row, p.col = row, col
		p.take(false)
		p.Refresh()
	}
}

func cellSize() float32 { return ControlHeight() }

// CreateRenderer implements fyne.Widget.
func (p *Palette) CreateRenderer() fyne.WidgetRenderer {
	r := &paletteRenderer{p: p, mark: NewPlane(PlaneLook{})}
	for _, row := range highland {
		for _, letter := range row {
			r.cells = append(r.cells, Line(letter, Section))
		}
	}
	r.draw()
	return r
}

type paletteRenderer struct {
	p     *Palette
	mark  *Plane
	cells []*canvas.Text
}

func (r *paletteRenderer) draw() {
	look := PlaneLook{Fill: ColorSel, Radius: 4}
	if r.p.focused {
		look.Stroke, look.Width = ColorRing, 3
	}
	r.mark.Set(look)
	for _, c := range r.cells {
		Section.apply(c)
	}
}

func (r *paletteRenderer) MinSize() fyne.Size {
	return fyne.NewSize(float32(len(highland[0]))*cellSize(), float32(len(highland))*cellSize())
}

func (r *paletteRenderer) Layout(fyne.Size) {
	side := cellSize()
	for i, c := range r.cells {
		m := c.MinSize()
		x, y := float32(i%len(highland[0]))*side, float32(i/len(highland[0]))*side
		c.Move(fyne.NewPos(x+(side-m.Width)/2, y+(side-m.Height)/2))
		c.Resize(m)
	}
	r.mark.Resize(fyne.NewSquareSize(side))
	r.mark.Move(fyne.NewPos(float32(r.p.col)*side, float32(r.p.row)*side))
}

func (r *paletteRenderer) Refresh() {
	r.draw()
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

func (r *paletteRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.mark.Object}
	for _, c := range r.cells {
		objects = append(objects, c)
	}
	return objects
}

func (r *paletteRenderer) Destroy() {}

// openPalette shows the palette below the cursor. What lies over a page takes its keys; the entry is not left, and is not told
// which keys are let go.
func (e *Entry) openPalette() {
	c := fyne.CurrentApp().Driver().CanvasForObject(e)
	if c == nil || e.Disabled() || e.Password {
		return
	}
	t := e.typing()
	p := NewPalette(t)
	pop := widget.NewPopUp(Watched(Pad(10, 8, 10, 8, Column(4, Line(t.Words.Letters, Small.Strong()), p, Line(t.Words.Hint, Small)))), c)
	p.OnDone = pop.Hide
	e.held = 0
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e)
	y := at.Y + min(e.CursorPosition().Y+30, e.Size().Height) + 4
	if m := pop.MinSize(); y+m.Height > c.Size().Height {
		y = max(0, at.Y-m.Height-4)
	}
	pop.ShowAtPosition(fyne.NewPos(at.X, y))
	c.Focus(p)
}

// TappedSecondary shows what can be done here; Fyne's own menu knows only its own undo.
func (e *Entry) TappedSecondary(at *fyne.PointEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(e)
	if c == nil || e.Disabled() {
		return
	}
	c.Focus(e)
	board := fyne.CurrentApp().Clipboard()
	words := e.typing().Words
	var items []*fyne.MenuItem
	add := func(able bool, text string, f func()) {
		item := fyne.NewMenuItem(text, f)
		item.Disabled = !able
		items = append(items, item)
	}
	e.held = 0
	selected := e.SelectedText() != "" && !e.Password
	add(e.past.done > 0, words.Undo, e.Undo)
	add(e.past.done < len(e.past.steps), words.Redo, e.Redo)
	items = append(items, fyne.NewMenuItemSeparator())
	add(selected, words.Cut, func() { e.cut(board) })
	add(selected, words.Copy, func() { e.Entry.TypedShortcut(&fyne.ShortcutCopy{Clipboard: board}) })
	add(true, words.Paste, func() { e.paste(board) })
	add(e.Text != "", words.All, func() { e.Entry.TypedShortcut(&fyne.ShortcutSelectAll{}) })
	if !e.Password {
		items = append(items, fyne.NewMenuItemSeparator())
		add(true, words.Letters, e.openPalette)
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), c, at.AbsolutePosition)
}
