package ui

import (
	"fyne.io/fyne/v2"

	"banlang/desktop/app"
)

// OpenForTest is Open; the others reach into the window as the driver does.
func OpenForTest(a fyne.App, m *app.App, post func(func())) *Window { return Open(a, m, post) }

func Win(w *Window) fyne.Window { return w.win }

func Press(w *Window, s fyne.Shortcut) { w.keys.Do(s) }

func PressFinish(w *Window) { w.page.(*formPage).end(false) }

func Close(w *Window) { w.close() }
