package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"banlang/desktop/app"
)

// OpenForTest is Open; the others reach into the window as the driver does.
func OpenForTest(a fyne.App, m *app.App, post func(func())) *Window { return Open(a, m, post) }

func Win(w *Window) fyne.Window { return w.win }

func Press(w *Window, s fyne.Shortcut) { w.keys.Do(s) }

func PressFinish(w *Window) { w.page.(*formPage).end(false) }

func Close(w *Window) { w.close() }

// ScrollOn shows the next page of the form that is open, and reports whether there is one.
func ScrollOn(w *Window) bool {
	s := w.page.(*formPage).form.Object().(*fyne.Container).Objects[0].(*container.Scroll)
	before := s.Offset.Y
	s.ScrollToOffset(fyne.NewPos(0, before+s.Size().Height-60))
	return s.Offset.Y > before
}

func FocusOn(w *Window, path string) { w.page.(*formPage).form.Focus(path) }
