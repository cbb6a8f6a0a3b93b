package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Choose is a pick of one from a short list. Space or Down opens the list, Left and Right step through it, a letter goes to
// the next choice that begins with it, Enter goes on.
type Choose struct {
	widget.BaseWidget
	Options  []string
	Selected int // -1: none
	Hint     string
	Empty    bool                // the first option takes the answer back: no letter goes there
	Fold     func(string) string // how letters are compared; nil: as they are
	OnChange func(i int)
	OnNext   func()
	OnFocus  func()
	OnLeft   func()
	OnEscape func()

	focused, hovered, wrong bool
}

var _ fyne.Focusable = (*Choose)(nil)

// NewChoose makes a pick; hint stands there while nothing is chosen.
func NewChoose(options []string, selected int, hint string, changed func(i int)) *Choose {
	c := &Choose{Options: options, Selected: selected, Hint: hint, OnChange: changed}
	c.ExtendBaseWidget(c)
	return c
}

// ShowChoice shows a choice without telling that it changed.
func (c *Choose) ShowChoice(i int) {
	if c.Selected != i {
		c.Selected = i
		c.Refresh()
	}
}

// Offer shows other options, the one that is chosen (-1: none), and what stands there while none is.
func (c *Choose) Offer(options []string, selected int, hint string) {
	if !slices.Equal(c.Options, options) || c.Selected != selected || c.Hint != hint {
		c.Options, c.Selected, c.Hint = options, selected, hint
		c.Refresh()
	}
}

// SetWrong draws the border in red.
func (c *Choose) SetWrong(wrong bool) {
	if c.wrong != wrong {
		c.wrong = wrong
		c.Refresh()
	}
}

func (c *Choose) pick(i int) {
	if i < 0 || i >= len(c.Options) || i == c.Selected {
		return
	}
	c.Selected = i
	c.Refresh()
	if c.OnChange != nil {
		c.OnChange(i)
	}
}

// Tapped implements fyne.Tappable.
func (c *Choose) Tapped(*fyne.PointEvent) {
	if cv := fyne.CurrentApp().Driver().CanvasForObject(c); cv != nil {
		cv.Focus(c)
		c.open(cv)
	}
}

func (c *Choose) open(cv fyne.Canvas) {
	items := make([]*fyne.MenuItem, len(c.Options))
	for i, text := range c.Options {
		items[i] = fyne.NewMenuItem(text, func() { c.pick(i) })
		items[i].Checked = i == c.Selected
	}
	pop := widget.NewPopUpMenu(fyne.NewMenu("", items...), cv)
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(c).AddXY(0, c.Size().Height)
	size := pop.MinSize().Max(fyne.NewSize(c.Size().Width, 0))
	if room := cv.Size().Height - 8; size.Height > room {
		size.Height = room
	}
	if over := pos.Y + size.Height - cv.Size().Height + 4; over > 0 {
		pos.Y = max(4, pos.Y-over)
	}
	pop.ShowAtPosition(pos)
	pop.Resize(size)
}

// KeyDown implements desktop.Keyable.
func (c *Choose) KeyDown(*fyne.KeyEvent) { Touch(c) }

// KeyUp implements desktop.Keyable.
func (c *Choose) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (c *Choose) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyDown, fyne.KeyUp, fyne.KeyF4:
		if cv := fyne.CurrentApp().Driver().CanvasForObject(c); cv != nil {
			c.open(cv)
		}
	case fyne.KeyRight:
		c.pick(min(c.Selected+1, len(c.Options)-1))
	case fyne.KeyLeft:
		c.pick(max(c.Selected-1, 0))
	case fyne.KeyBackspace, fyne.KeyDelete:
		if c.Empty && c.Selected > 0 {
			c.pick(0)
		}
	case fyne.KeyEscape:
		if c.OnEscape != nil {
			c.OnEscape()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.OnNext != nil {
			c.OnNext()
		}
	}
}

// TypedRune implements fyne.Focusable: a letter goes to the next choice that begins with it.
func (c *Choose) TypedRune(r rune) {
	options, skip := c.Options, 0
	if c.Empty {
		options, skip = options[min(1, len(options)):], 1
	}
	if i := nextWith(options, max(c.Selected-skip, -1), r, c.Fold); i >= 0 {
		c.pick(i + skip)
	}
}

// FocusGained implements fyne.Focusable.
func (c *Choose) FocusGained() {
	c.focused = true
	c.Refresh()
	if c.OnFocus != nil {
		c.OnFocus()
	}
}

// FocusLost implements fyne.Focusable.
func (c *Choose) FocusLost() {
	c.focused = false
	c.Refresh()
	if c.OnLeft != nil {
		c.OnLeft()
	}
}

// MouseIn implements desktop.Hoverable.
func (c *Choose) MouseIn(*desktop.MouseEvent) { c.hovered = true; c.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (c *Choose) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *Choose) MouseOut() { c.hovered = false; c.Refresh() }

// CreateRenderer implements fyne.Widget.
func (c *Choose) CreateRenderer() fyne.WidgetRenderer {
	r := &chooseRenderer{c: c, ring: NewPlane(focusRing), face: NewPlane(PlaneLook{}), text: NewCut("", Body),
		arrow: Icon(theme.MenuDropDownIcon(), ColorInk, 20)}
	r.draw()
	return r
}

type chooseRenderer struct {
	c          *Choose
	ring, face *Plane
	text       *Cut
	arrow      *canvas.Image
}

func (r *chooseRenderer) draw() {
	c := r.c
	r.ring.Show(c.focused)
	fill, stroke := ColorPaper, ColorLine
	if c.hovered {
		fill = ColorSurface
	}
	if c.wrong {
		stroke = ColorDanger
	}
	r.face.Set(PlaneLook{Fill: fill, Stroke: stroke, Width: 1, Radius: 4})
	if c.Selected >= 0 && c.Selected < len(c.Options) {
		r.text.Set(c.Options[c.Selected], Body)
	} else {
		r.text.Set(c.Hint, Body.In(ColorInk2))
	}
}

func (r *chooseRenderer) MinSize() fyne.Size { return fyne.NewSize(110, ControlHeight()) }

func (r *chooseRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	r.ring.Move(fyne.NewPos(-2, -2))
	r.ring.Resize(size.AddWidthHeight(4, 4))
	r.text.Move(fyne.NewPos(10, 0))
	r.text.Resize(fyne.NewSize(size.Width-44, size.Height))
	r.arrow.Move(fyne.NewPos(size.Width-30, (size.Height-20)/2))
	r.arrow.Resize(fyne.NewSquareSize(20))
}

func (r *chooseRenderer) Refresh() {
	r.draw()
	canvas.Refresh(r.c)
}

func (r *chooseRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face.Object, r.ring.Object, r.text, r.arrow}
}

func (r *chooseRenderer) Destroy() {}
