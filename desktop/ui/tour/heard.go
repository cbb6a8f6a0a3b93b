package tour

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// Unheard names what of a page a hand can do without the window hearing of it: keys in what takes the focus, the mouse over any
// place, the wheel over what scrolls. Heard says whether the window has heard of anything since it was asked last.
func Unheard(c fyne.Canvas, heard func() bool) (found []string) {
	heard()
	try := func(what string, o fyne.CanvasObject, at fyne.Position, do func()) {
		if do(); !heard() {
			found = append(found, fmt.Sprintf("%s of %T at %.0f,%.0f", what, o, at.X, at.Y))
		}
	}
	var seens []seen
	walk(c, func(o seen) bool { seens = append(seens, o); return false })
	for _, o := range seens {
		if _, ok := o.CanvasObject.(fyne.Focusable); ok {
			try("a key", o.CanvasObject, o.at, func() {
				if k, ok := o.CanvasObject.(desktop.Keyable); ok {
					k.KeyDown(&fyne.KeyEvent{Name: fyne.KeyF12})
					k.KeyUp(&fyne.KeyEvent{Name: fyne.KeyF12})
				}
			})
		}
	}
	if c.Overlays().Top() != nil {
		return found // around it nothing can be done
	}
	tried := map[fyne.Scrollable]bool{}
	for y := float32(5); y < c.Size().Height; y += 20 {
		for x := float32(5); x < c.Size().Width; x += 20 {
			wheel, pointers := under(seens, x, y)
			if _, own := wheel.(*container.Scroll); own { // in the gap between two rows of a list, the next turn is over a row
				if near, _ := under(seens, x, y+theme.Padding()); near != nil {
					wheel = near
				}
			}
			at := fyne.NewPos(x, y)
			try("the mouse", c.Content(), at, func() {
				for _, p := range pointers {
					p.Cursor()
				}
			})
			if wheel != nil && !tried[wheel] {
				tried[wheel] = true
				turn(wheel, func(do func()) { try("the wheel", wheel.(fyne.CanvasObject), at, do) })
			}
		}
	}
	return found
}

// under is what gets the wheel at a place, and what is asked how the mouse looks there.
func under(seens []seen, x, y float32) (wheel fyne.Scrollable, pointers []desktop.Cursorable) {
	for _, o := range seens { // what lies on top comes last, as in Fyne
		if !o.view.holds(x, y) {
			continue
		}
		if s, ok := o.CanvasObject.(fyne.Scrollable); ok {
			wheel = s
		}
		if p, ok := o.CanvasObject.(desktop.Cursorable); ok {
			pointers = append(pointers, p)
		}
	}
	return wheel, pointers
}

// turn turns the wheel over what scrolls, and back. What Fyne makes itself counts only where that moves something.
func turn(wheel fyne.Scrollable, try func(do func())) {
	down := func() { wheel.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -30)}) }
	own, ok := wheel.(*container.Scroll)
	if !ok {
		try(down)
		return
	}
	if before := own.Offset; own.Content.MinSize().Height > own.Size().Height {
		try(down)
		own.ScrollToOffset(before)
	}
}

func (r rect) holds(x, y float32) bool { return x >= r.x0 && x < r.x1 && y >= r.y0 && y < r.y1 }
