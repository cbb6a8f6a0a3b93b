package tour

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/ui/kit"
)

// seen is an object of a window and where it can be seen.
type seen struct {
	fyne.CanvasObject
	at   fyne.Position
	room rect // what all that it is within leaves to see
	view rect // the part of it that can be seen
	deep int  // how many it is within, of those that visit counted
}

type rect struct{ x0, y0, x1, y1 float32 }

func (r rect) cut(at fyne.Position, size fyne.Size) rect {
	return rect{max(r.x0, at.X), max(r.y0, at.Y), min(r.x1, at.X+size.Width), min(r.y1, at.Y+size.Height)}
}

func (r rect) empty() bool { return r.x1 <= r.x0 || r.y1 <= r.y0 }

// walk visits what can be seen on a canvas, what lies on top last. Visit says whether an object counts as one that others are
// within.
func walk(c fyne.Canvas, visit func(o seen) bool) {
	whole := rect{0, 0, c.Size().Width, c.Size().Height}
	enter(seen{CanvasObject: c.Content(), at: c.Content().Position(), room: whole}, visit)
	for _, o := range c.Overlays().List() {
		enter(seen{CanvasObject: o, at: o.Position(), room: whole}, visit)
	}
}

func enter(o seen, visit func(o seen) bool) {
	o.view = o.room.cut(o.at, o.Size())
	if !o.Visible() || o.view.empty() {
		return
	}
	within := o.deep
	if visit(o) {
		within++
	}
	var children []fyne.CanvasObject
	switch x := o.CanvasObject.(type) {
	case *fyne.Container:
		children = x.Objects
	case fyne.Widget:
		children = test.WidgetRenderer(x).Objects()
	}
	for _, child := range children {
		if child != nil {
			enter(seen{CanvasObject: child, at: o.at.Add(child.Position()), room: o.view, deep: within}, visit)
		}
	}
}

// Misfits finds the words that do not fit where they stand: those of a button that is too narrow, and texts that go on, to
// the right, behind the edge of what they are in.
func Misfits(c fyne.Canvas) (found []string) {
	walk(c, func(o seen) bool {
		text := ""
		switch x := o.CanvasObject.(type) {
		case *kit.Button:
			text = x.Text
			if x.Size().Width+0.5 < x.MinSize().Width {
				found = append(found, fmt.Sprintf("the button %q is cut: %v of %v", text, x.Size().Width, x.MinSize().Width))
			}
		case *canvas.Text:
			text = strings.TrimSpace(x.Text)
		}
		if over := o.at.X + o.MinSize().Width - o.room.x1; text != "" && over > 1 {
			found = append(found, fmt.Sprintf("%q goes on for %v behind the edge of what it is in", text, over))
		}
		return false
	})
	return found
}

// hand is an officer's before a window.
type hand struct{ window fyne.Window }

// key presses a key in whatever has the focus; the page gets it where nothing has.
func (h hand) key(name fyne.KeyName) {
	e, c := &fyne.KeyEvent{Name: name}, h.window.Canvas()
	if f := c.Focused(); f != nil && name != fyne.KeyF1 {
		f.TypedKey(e)
		return
	}
	c.OnTypedKey()(e)
}

// write types into whatever has the focus.
func (h hand) write(text string) {
	for _, r := range text {
		h.window.Canvas().Focused().TypedRune(r)
	}
}

// press presses the button that says this word of the catalogue.
func (s *story) press(word string) {
	s.T().Helper()
	var found *kit.Button
	walk(s.window.Canvas(), func(o seen) bool {
		if b, ok := o.CanvasObject.(*kit.Button); ok && b.Text == s.App.T(word) {
			found = b
		}
		return true
	})
	if found == nil {
		s.T().Fatalf("there is no button %q", s.App.T(word))
	}
	found.Tapped(&fyne.PointEvent{})
	s.Settle()
}

// scroll turns to the next page of whatever has the most below what is seen.
func (h hand) scroll() {
	var found *container.Scroll
	left := func(s *container.Scroll) float32 { return s.Content.Size().Height - s.Size().Height - s.Offset.Y }
	walk(h.window.Canvas(), func(o seen) bool {
		if s, ok := o.CanvasObject.(*kit.Wheel); ok && left(&s.Scroll) > 0 && (found == nil || left(&s.Scroll) > left(found)) {
			found = &s.Scroll
		}
		return true
	})
	if found != nil {
		found.ScrollToOffset(fyne.NewPos(0, found.Offset.Y+min(left(found), found.Size().Height-60)))
	}
}
