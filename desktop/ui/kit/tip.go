package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// WithTips is the content of a window in which widgets without words may say what they do. Their words lie over everything
// else, beside the widget that has the mouse or the focus, and take neither. Touched is told of everything that somebody does in the window
// with mouse or keys.
func WithTips(body fyne.CanvasObject, touched func()) *fyne.Container {
	t := &tips{touched: touched, text: Line("", Small.Strong().In(ColorOnPrimary)), face: NewPlane(PlaneLook{Fill: ColorInk, Radius: 4})}
	t.box = container.NewWithoutLayout(t.face.Object, t.text)
	t.box.Hidden = true
	return container.New(t, NewWatch(), body, t.box)
}

// tips lays out the body and the one box of words over it.
type tips struct {
	box  *fyne.Container
	face *Plane
	text *canvas.Text
	of   fyne.CanvasObject // whose words are shown; nil: none are
	size fyne.Size         // of the window

	touched func()
}

// Layout implements fyne.Layout.
func (t *tips) Layout(o []fyne.CanvasObject, size fyne.Size) {
	t.size = size
	for _, x := range o[:2] { // the ground and the body
		x.Move(fyne.NewPos(0, 0))
		x.Resize(size)
	}
}

// MinSize implements fyne.Layout.
func (t *tips) MinSize(o []fyne.CanvasObject) fyne.Size { return o[1].MinSize() }

const (
	tipPad = 8
	tipGap = 6 // between the widget and its words
)

// show says what a widget does: to its right where there is room, as it is beside the navigation, else below it or above.
func (t *tips) show(of fyne.CanvasObject, words string, beside bool) {
	t.of, t.text.Text = of, words
	m := t.text.MinSize()
	box := m.AddWidthHeight(2*tipPad, tipPad)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(of)
	to := at.AddXY(0, of.Size().Height+tipGap)
	switch {
	case beside:
		to = at.AddXY(of.Size().Width+tipGap, (of.Size().Height-box.Height)/2)
	case to.Y+box.Height > t.size.Height:
		to.Y = at.Y - box.Height - tipGap
	}
	to.X = max(0, min(to.X, t.size.Width-box.Width-tipGap))
	t.face.Resize(box)
	t.text.Move(fyne.NewPos(tipPad, tipPad/2))
	t.text.Resize(m)
	t.box.Move(to)
	t.box.Resize(box)
	t.box.Hidden = false
	canvas.Refresh(t.box)
}

// hide takes the words of a widget away.
func (t *tips) hide(of fyne.CanvasObject) {
	if t.of == of {
		t.of, t.box.Hidden = nil, true
		canvas.Refresh(t.box)
	}
}

// tell shows or takes away what a widget without words does. In a window without tips, and before the widget is in one, it
// does nothing.
func tell(of fyne.CanvasObject, words string, shown, beside bool) {
	if words == "" {
		return
	}
	if t := tipsOf(of); t != nil && shown {
		t.show(of, words, beside)
	} else if t != nil {
		t.hide(of)
	}
}

// tipsOf are those of the window that an object is in; nil: it is in none, or that has none.
func tipsOf(of fyne.CanvasObject) *tips {
	if c := fyne.CurrentApp().Driver().CanvasForObject(of); c != nil {
		if root, ok := c.Content().(*fyne.Container); ok {
			t, _ := root.Layout.(*tips)
			return t
		}
	}
	return nil
}
