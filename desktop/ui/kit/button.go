package kit

import (
	"cmp"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Kind is the weight of a button. A page has one primary button at most.
type Kind uint8

// The kinds.
const (
	Plain Kind = iota
	Primary
	Danger // destructive: never primary
	Quiet  // no frame
	Urgent // the one act that cannot wait
)

// Button is a button that Space and Enter press, and whose shortcut is written on it.
type Button struct {
	widget.BaseWidget
	Text     string
	Key      string // the shortcut as people read it: "Ctrl+Enter"; empty: none
	Icon     fyne.Resource
	Kind     Kind
	Small    bool
	Tip      string // what a button without words does
	OnTapped func()
	OnKey    func(key fyne.KeyName) bool // true: taken; nil: Space and Enter press
	OnFocus  func()
	OnLeft   func()

	disabled, hovered, focused bool
}

var (
	_ fyne.Focusable    = (*Button)(nil)
	_ fyne.Disableable  = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
	_ fyne.Accessible   = (*Button)(nil)
)

// NewButton makes a plain button; icon may be nil.
func NewButton(text string, icon fyne.Resource, tapped func()) *Button {
	b := &Button{Text: text, Icon: icon, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// As gives the button a weight and returns it.
func (b *Button) As(k Kind) *Button { b.Kind = k; return b }

// WithKey writes a shortcut on the button and returns it.
func (b *Button) WithKey(key string) *Button { b.Key = key; return b }

// Says gives a button without words those that tell what it does, and returns it.
func (b *Button) Says(tip string) *Button { b.Tip = tip; return b }

// AccessibilityLabel implements fyne.Accessible.
func (b *Button) AccessibilityLabel() string { return cmp.Or(b.Text, b.Tip) }

// AccessibilityRole implements fyne.Accessible.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Little makes the button less high and returns it.
func (b *Button) Little() *Button { b.Small = true; return b }

// SetText changes what stands on the button.
func (b *Button) SetText(text string) {
	if b.Text != text {
		b.Text = text
		b.Refresh()
	}
}

// Enable implements fyne.Disableable.
func (b *Button) Enable() { b.setDisabled(false) }

// Disable implements fyne.Disableable.
func (b *Button) Disable() { b.setDisabled(true) }

// Disabled implements fyne.Disableable.
func (b *Button) Disabled() bool { return b.disabled }

func (b *Button) setDisabled(d bool) {
	if b.disabled != d {
		b.disabled = d
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	b.tell(false)
	if !b.disabled && b.OnTapped != nil {
		b.OnTapped()
	}
}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() {
	b.focused = true
	b.Refresh()
	b.tell(true)
	if b.OnFocus != nil {
		b.OnFocus()
	}
}

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() {
	b.focused = false
	b.Refresh()
	b.tell(false)
	if b.OnLeft != nil {
		b.OnLeft()
	}
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(rune) {}

// KeyDown implements desktop.Keyable.
func (b *Button) KeyDown(*fyne.KeyEvent) { Touch(b) }

// KeyUp implements desktop.Keyable.
func (b *Button) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	if b.OnKey != nil && b.OnKey(e.Name) {
		return
	}
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		b.Tapped(nil)
	}
}

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh(); b.tell(true) }

func (b *Button) tell(shown bool) { tell(b, b.Tip, shown, false) }

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() { b.hovered = false; b.Refresh(); b.tell(false) }

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, ring: NewPlane(focusRing), face: NewPlane(PlaneLook{}), cap: NewPlane(PlaneLook{}),
		icon: &canvas.Image{FillMode: canvas.ImageFillContain}, text: Line("", Bold), key: Line("", Small)}
	r.draw()
	return r
}

type buttonRenderer struct {
	b               *Button
	ring, face, cap *Plane
	icon            *canvas.Image
	text, key       *canvas.Text
}

// colours of a kind: fill, border, ink.
func (b *Button) colours() (fill, stroke, ink fyne.ThemeColorName) {
	fill, stroke, ink = ColorPaper, ColorLine, ColorInk
	if b.hovered {
		fill = ColorSurface2
	}
	switch {
	case b.disabled:
		return ColorSurface2, ColorHair, "disabled"
	case b.Kind == Primary:
		return ColorPrimary, ColorPrimary, ColorOnPrimary
	case b.Kind == Urgent:
		return ColorDanger, ColorDanger, ColorOnPrimary
	case b.Kind == Danger:
		return fill, ColorDanger, ColorDanger
	case b.Kind == Quiet && b.hovered:
		return fill, fill, ColorPrimary
	case b.Kind == Quiet:
		return "", "", ColorPrimary
	}
	return fill, stroke, ink
}

func (r *buttonRenderer) draw() {
	b := r.b
	fill, stroke, ink := b.colours()
	r.ring.Show(b.focused)
	r.face.Set(PlaneLook{Fill: fill, Stroke: stroke, Width: 1, Radius: 4})
	style := Bold.In(ink)
	if b.Small {
		style = Small.Strong().In(ink)
	}
	style.apply(r.text)
	r.text.Text = b.Text
	Small.In(ink).apply(r.key)
	r.key.Text, r.key.Hidden = b.Key, b.Key == ""
	r.cap.Set(PlaneLook{Stroke: ink, Width: 1, Radius: 3})
	r.cap.Show(b.Key != "")
	r.icon.Hidden = b.Icon == nil
	if b.Icon != nil {
		r.icon.Resource = Tinted(b.Icon, ink)
	}
}

const buttonIcon = 20

func (r *buttonRenderer) parts() (w float32) {
	gap := float32(8)
	if r.b.Icon != nil {
		w += buttonIcon
	}
	if r.b.Text != "" {
		if w > 0 {
			w += gap
		}
		w += r.text.MinSize().Width
	}
	if r.b.Key != "" {
		w += gap + r.key.MinSize().Width + 12
	}
	return w
}

func (r *buttonRenderer) MinSize() fyne.Size {
	h, side := ControlHeight(), float32(16)
	if r.b.Small {
		h, side = 34, 12
	}
	if r.b.Text == "" {
		side = 12
	}
	return fyne.NewSize(r.parts()+2*side, h)
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	r.ring.Move(fyne.NewPos(-3, -3))
	r.ring.Resize(size.AddWidthHeight(6, 6))
	x := (size.Width - r.parts()) / 2
	if r.b.Icon != nil {
		r.icon.Move(fyne.NewPos(x, (size.Height-buttonIcon)/2))
		r.icon.Resize(fyne.NewSquareSize(buttonIcon))
		x += buttonIcon + 8
	}
	m := r.text.MinSize()
	r.text.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
	r.text.Resize(m)
	if r.b.Text != "" {
		x += m.Width + 8
	}
	k := r.key.MinSize()
	r.cap.Move(fyne.NewPos(x, (size.Height-k.Height-2)/2))
	r.cap.Resize(k.AddWidthHeight(12, 2))
	r.key.Move(fyne.NewPos(x+6, (size.Height-k.Height)/2))
	r.key.Resize(k)
}

func (r *buttonRenderer) Refresh() {
	r.draw()
	r.icon.Refresh()
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face.Object, r.ring.Object, r.icon, r.text, r.cap.Object, r.key}
}

func (r *buttonRenderer) Destroy() {}
