package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
)

// OpenForTest is Open; the others reach into the window as the driver does.
func OpenForTest(a fyne.App, m *app.App, post func(func())) *Window { return Open(a, m, post) }

func Win(w *Window) fyne.Window { return w.win }

// OnTouch has somebody else told of what is done in the window.
func OnTouch(w *Window, touched func()) { w.touched = touched }

func Press(w *Window, s fyne.Shortcut) { w.keys.Do(s) }

func Close(w *Window) { w.close() }

// ScrollOn shows the next page of the form that is open, and reports whether there is one.
func ScrollOn(w *Window) bool {
	s := w.page.(*formPage).form.Object().(*fyne.Container).Objects[0].(*kit.Wheel)
	before := s.Offset.Y
	s.ScrollToOffset(fyne.NewPos(0, before+s.Size().Height-60))
	return s.Offset.Y > before
}

func FocusOn(w *Window, path string) { w.page.(*formPage).form.Focus(path) }

// Drop lets files fall on the window.
func Drop(w *Window, files ...string) {
	uris := make([]fyne.URI, len(files))
	for i, file := range files {
		uris[i] = storage.NewFileURI(file)
	}
	w.dropped(uris)
}

// ListOffset is how far the list is scrolled; ScrollList scrolls it.
func ListOffset(w *Window) float32 { return w.page.(*recordsPage).list.GetScrollOffset() }

func ScrollList(w *Window, y float32) { w.page.(*recordsPage).list.ScrollToOffset(y) }

func FocusList(w *Window) { w.page.(*recordsPage).intoList() }

// DetailOffset is how far what stands beside the list is scrolled.
func DetailOffset(w *Window) float32 { return w.page.(*recordsPage).detail.Offset() }

// RowsSeen are the rows of the list that are drawn.
func RowsSeen(o fyne.CanvasObject) (title, sub string, chosen, ok bool) {
	r, ok := o.(*listRow)
	if !ok {
		return "", "", false, false
	}
	return r.title.Text(), r.sub.Text(), r.mark.Shown(), true
}
