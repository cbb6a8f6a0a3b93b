package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// That somebody is at the machine. Fyne tells no window of the mouse or of keys that a widget takes, so the widgets tell it: what
// takes the focus hears every key that is pressed (desktop.Keyable), what scrolls hears the wheel, and below everything lies a
// Watch, over which the mouse moves wherever it is.

// Touch tells the window of an object that somebody works with it.
func Touch(of fyne.CanvasObject) {
	if t := tipsOf(of); t != nil && t.touched != nil {
		t.touched()
	}
}

// Watch is a ground that hears the mouse over it and over all that lies on it, and the wheel where nothing scrolls.
type Watch struct{ widget.BaseWidget }

var (
	_ desktop.Cursorable = (*Watch)(nil)
	_ fyne.Scrollable    = (*Watch)(nil)
)

// NewWatch makes a ground.
func NewWatch() *Watch {
	w := &Watch{}
	w.ExtendBaseWidget(w)
	return w
}

// Watched lays an object that stands over the page on a ground of its own: there nothing below it hears the mouse.
func Watched(o fyne.CanvasObject) *fyne.Container { return container.NewStack(NewWatch(), o) }

// Cursor implements desktop.Cursorable. It is asked for whenever the mouse moves, also of what lies below others.
func (w *Watch) Cursor() desktop.Cursor {
	Touch(w)
	return desktop.DefaultCursor
}

// Scrolled implements fyne.Scrollable.
func (w *Watch) Scrolled(*fyne.ScrollEvent) { Touch(w) }

// CreateRenderer implements fyne.Widget.
func (w *Watch) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(Space(1, 1)) }

// Wheel is a page that scrolls up and down, and hears the wheel also at its ends.
type Wheel struct{ container.Scroll }

func newWheel(content fyne.CanvasObject) *Wheel {
	w := &Wheel{container.Scroll{Content: content, Direction: container.ScrollVerticalOnly}}
	w.ExtendBaseWidget(w)
	return w
}

// Scrolled implements fyne.Scrollable.
func (w *Wheel) Scrolled(e *fyne.ScrollEvent) {
	Touch(w)
	w.Scroll.Scrolled(e)
}

// hearWheel has an object tell of the wheel over what Fyne lets scroll within it: it is heard where that moves something.
func hearWheel(r fyne.WidgetRenderer, of fyne.CanvasObject) {
	for _, o := range r.Objects() {
		if s, ok := o.(*container.Scroll); ok {
			s.OnScrolled = func(fyne.Position) { Touch(of) }
		}
	}
}
