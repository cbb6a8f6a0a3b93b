package ui

import (
	"fyne.io/fyne/v2"

	"banlang/desktop/app"
)

// OpenForTest is Open; Win and PressFinish reach into the window.
func OpenForTest(a fyne.App, m *app.App, post func(func())) *Window { return Open(a, m, post) }

func Win(w *Window) fyne.Window { return w.win }

func PressFinish(w *Window) { w.page.(*formPage).end(false) }
