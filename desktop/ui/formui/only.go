package formui

import (
	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// Only is a form of which one question is shown, within a page that scrolls: its widget as in the whole form, with what is
// wrong underneath. Body goes into that page; it is nil where the form has no such question. End is called at Enter.
func Only(e *app.Editor, keys *kit.Keys, canvas fyne.Canvas, page *kit.Scroll, path string, end func()) (f *Form, body fyne.CanvasObject) {
	field, ok := e.Form().Field(path)
	if !ok {
		return nil, nil
	}
	it := itemOf(e.Form().Items, field)
	if it == nil {
		return nil, nil
	}
	f = &Form{e: e, keys: keys, canvas: canvas, end: end, filling: e.Filling(), OnMove: func(int) {}, OnEscape: func() {}, scroll: page}
	x := f.newField(it, path, nil)
	f.sections = []*section{{items: []*form.Item{it}, parts: []part{x}, body: kit.Grid(0, cellWidth(), 2, x.cell), old: true}}
	f.left = newLeftover(f)
	f.Refresh()
	return f, f.sections[0].body
}

// itemOf finds the question of a field.
func itemOf(items []*form.Item, field *form.Field) *form.Item {
	for _, it := range items {
		if it.Type == form.Question && it.Field.Path == field.Path {
			return it
		}
		if found := itemOf(it.Items, field); found != nil {
			return found
		}
	}
	return nil
}
