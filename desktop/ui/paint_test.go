package ui_test

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"banlang/desktop/app"
	"banlang/desktop/app/apptest"
	"banlang/desktop/ui"
)

// painted is what a frame paints of an object and all within it.
type painted struct {
	calls int     // to the graphics library
	area  float32 // of all that is painted, also of what lies below something else
	costs float32 // of that, what Fyne's own rectangles paint, which cost four times as much
}

// box is a part of the window.
type box struct{ x1, y1, x2, y2 float32 }

func (b box) and(c box) box {
	return box{max(b.x1, c.x1), max(b.y1, c.y1), min(b.x2, c.x2), min(b.y2, c.y2)}
}

func (b box) area() float32 { return max(0, b.x2-b.x1) * max(0, b.y2-b.y1) }

// add counts an object as Fyne's painter paints it.
func (p *painted) add(o fyne.CanvasObject, at fyne.Position, clip box) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	self := box{at.X, at.Y, at.X + o.Size().Width, at.Y + o.Size().Height}
	if _, ok := o.(fyne.Scrollable); ok {
		clip = self
	}
	if area := self.and(clip).area(); area > 0 && paints(o) {
		p.calls++
		p.area += area
		if _, own := o.(*canvas.Rectangle); own {
			p.costs += area
		}
	}
	var inside []fyne.CanvasObject
	switch x := o.(type) {
	case *fyne.Container:
		inside = x.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(x).Objects()
	}
	for _, x := range inside {
		p.add(x, at, clip)
	}
}

// paints reports whether an object itself is painted.
func paints(o fyne.CanvasObject) bool {
	none := func(c color.Color) bool { return c == nil || c == color.Transparent }
	switch x := o.(type) {
	case *canvas.Rectangle:
		return !none(x.FillColor) || !none(x.StrokeColor) && x.StrokeWidth > 0
	case *canvas.Text:
		return x.Text != ""
	case *canvas.Image:
		return x.Resource != nil || x.Image != nil
	}
	switch o.(type) {
	case *fyne.Container, fyne.Widget:
		return false
	}
	return true
}

// A machine without a graphics card computes every pixel that is painted, in every frame, and the window paints all of itself
// for one letter. So little may lie over another, and next to nothing be a rectangle of Fyne's own.
func TestAFramePaintsLittle(t *testing.T) {
	v := apptest.NewVillage(t)
	m := v.NewMachine(24)
	w := ui.OpenForTest(test.NewTempApp(t), m.App, m.Post)
	t.Cleanup(func() { m.App.Close() })
	m.SignIn("Phan Quốc Điềm")
	manyVenues(m)
	ui.Win(w).Resize(fyne.NewSize(1280, 690))
	m.App.Go(app.PageRecords)
	m.Settle()
	look := func(page string, calls int, area float32) {
		t.Helper()
		c := ui.Win(w).Canvas()
		whole := box{0, 0, c.Size().Width, c.Size().Height}
		var p painted
		p.add(c.Content(), fyne.Position{}, whole)
		t.Logf("%s: %d calls, %.2f windows, %.4f of them by Fyne's rectangles", page, p.calls, p.area/whole.area(), p.costs/whole.area())
		if p.calls > calls || p.area > area*whole.area() || p.costs > 0.01*whole.area() {
			t.Errorf("%s: %d calls, %.2f windows, %.4f of them by Fyne's rectangles", page, p.calls, p.area/whole.area(), p.costs/whole.area())
		}
	}
	look("list", 140, 0.65)
	m.App.New("welfare_activity")
	m.Settle()
	ui.FocusOn(w, "note")
	look("form", 140, 0.65)
}
