package kit

import (
	"image"
	"image/draw"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	xdraw "golang.org/x/image/draw"

	"banlang/desktop/photo"
)

// Board is what a hand draws on with a mouse, a pen or a finger. It shows a drawing and tells of every stroke that is added to
// it; whoever holds the drawing gives it back with Set. Ctrl+Z takes the last stroke back, Enter is done, Esc leaves.
type Board struct {
	widget.BaseWidget
	Keys     *Keys
	Says     string // what it is for
	OnStroke func(photo.Stroke)
	OnUndo   func()
	OnDone   func()
	OnEscape func()
	OnFocus  func()
	OnLeft   func()

	shown   photo.Drawing
	hand    photo.Stroke // that is being drawn; nil: none is
	size    fyne.Size
	focused bool

	face   *image.RGBA // what is on the screen, in its pixels; nil: it is painted anew
	ground *image.RGBA // the same without strokes
}

var (
	_ fyne.Focusable     = (*Board)(nil)
	_ fyne.Draggable     = (*Board)(nil)
	_ fyne.Shortcutable  = (*Board)(nil)
	_ fyne.Accessible    = (*Board)(nil)
	_ desktop.Mouseable  = (*Board)(nil)
	_ desktop.Cursorable = (*Board)(nil)
)

// NewBoard makes a board within a width and a height, in the proportions of its drawing.
func NewBoard(d photo.Drawing, most fyne.Size) *Board {
	b := &Board{shown: d}
	b.ExtendBaseWidget(b)
	of := d.Bounds()
	scale := min(most.Width/max(1, float32(of.X)), most.Height/max(1, float32(of.Y)))
	b.size = fyne.NewSize(float32(of.X)*scale, float32(of.Y)*scale)
	return b
}

// Set shows the drawing as it is now.
func (b *Board) Set(d photo.Drawing) {
	if d.Under != b.shown.Under {
		b.ground = nil
	}
	b.shown, b.face = d, nil
	b.Refresh()
}

// scale is how many pixels of the drawing one of the screen is.
func (b *Board) scale() float32 { return float32(b.shown.Bounds().X) / max(1, b.Size().Width) }

func (b *Board) at(p fyne.Position) photo.Point {
	return photo.Point{X: p.X * b.scale(), Y: p.Y * b.scale()}
}

// MouseDown implements desktop.Mouseable: a stroke begins.
func (b *Board) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil {
		c.Focus(b)
	}
	if e.Button == desktop.MouseButtonPrimary {
		b.hand = photo.Stroke{b.at(e.Position)}
		b.ink()
	}
}

// Dragged implements fyne.Draggable.
func (b *Board) Dragged(e *fyne.DragEvent) {
	b.hand = append(b.hand, b.at(e.Position))
	b.ink()
}

// MouseUp implements desktop.Mouseable.
func (b *Board) MouseUp(*desktop.MouseEvent) { b.DragEnd() }

// DragEnd implements fyne.Draggable: the stroke is done, wherever the mouse was let go.
func (b *Board) DragEnd() {
	s := b.hand
	b.hand = nil
	if len(s) > 0 && b.OnStroke != nil {
		b.OnStroke(s)
	}
}

// ink puts the last piece of the stroke on the screen.
func (b *Board) ink() {
	if b.face != nil {
		b.hand[max(0, len(b.hand)-2):].Ink(b.face, b.shown.Pen(), b.pixels(b.face))
	}
	b.Refresh()
}

// pixels is how many pixels of a face one of the drawing is.
func (b *Board) pixels(face *image.RGBA) float32 {
	return float32(face.Rect.Dx()) / float32(b.shown.Bounds().X)
}

// paint is the drawing in so many pixels of the screen. What is there already is drawn on.
func (b *Board) paint(w, h int) image.Image {
	size := image.Rect(0, 0, w, h)
	if b.ground == nil || b.ground.Rect != size {
		b.ground, b.face = image.NewRGBA(size), nil
		draw.Draw(b.ground, size, image.White, image.Point{}, draw.Src)
		if u := b.shown.Under; u != nil {
			xdraw.ApproxBiLinear.Scale(b.ground, size, u, u.Bounds(), draw.Over, nil)
		}
	}
	if b.face == nil {
		b.face = image.NewRGBA(size)
		copy(b.face.Pix, b.ground.Pix)
		for _, s := range append(slices.Clip(b.shown.Strokes), b.hand) {
			s.Ink(b.face, b.shown.Pen(), b.pixels(b.face))
		}
	}
	return b.face
}

// KeyDown implements desktop.Keyable.
func (b *Board) KeyDown(*fyne.KeyEvent) { Touch(b) }

// KeyUp implements desktop.Keyable.
func (b *Board) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (b *Board) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		b.OnDone()
	case fyne.KeyEscape:
		b.OnEscape()
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (b *Board) TypedShortcut(s fyne.Shortcut) {
	if _, undo := s.(*fyne.ShortcutUndo); undo || s.ShortcutName() == Ctrl(fyne.KeyZ).ShortcutName() {
		b.OnUndo()
		return
	}
	b.Keys.Do(s)
}

// TypedRune implements fyne.Focusable.
func (b *Board) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (b *Board) FocusGained() {
	b.focused = true
	b.Refresh()
	if b.OnFocus != nil {
		b.OnFocus()
	}
}

// FocusLost implements fyne.Focusable.
func (b *Board) FocusLost() {
	b.focused = false
	b.Refresh()
	if b.OnLeft != nil {
		b.OnLeft()
	}
}

// Cursor implements desktop.Cursorable.
func (b *Board) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

// AccessibilityLabel implements fyne.Accessible.
func (b *Board) AccessibilityLabel() string { return b.Says }

// AccessibilityRole implements fyne.Accessible.
func (b *Board) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer implements fyne.Widget.
func (b *Board) CreateRenderer() fyne.WidgetRenderer {
	r := &boardRenderer{b: b, ring: NewPlane(focusRing), edge: NewPlane(PlaneLook{Stroke: ColorLine, Width: 1}), face: canvas.NewRaster(b.paint)}
	r.ring.Show(b.focused)
	return r
}

type boardRenderer struct {
	b          *Board
	ring, edge *Plane
	face       *canvas.Raster
}

func (r *boardRenderer) MinSize() fyne.Size { return r.b.size }

func (r *boardRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	r.edge.Resize(size)
	r.ring.Move(fyne.NewPos(-3, -3))
	r.ring.Resize(size.AddWidthHeight(6, 6))
}

func (r *boardRenderer) Refresh() {
	r.ring.Show(r.b.focused)
	r.face.Refresh()
	canvas.Refresh(r.b)
}

func (r *boardRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.edge.Object, r.ring.Object}
}

func (r *boardRenderer) Destroy() {}
