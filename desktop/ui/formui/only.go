package formui

import (
	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// Only is a form of which some questions are shown, within a page that scrolls: their widgets as in the whole form, with what
// is wrong underneath. Body goes into that page; it is nil where the form has no such question. End is called at Enter in the
// last.
func Only(e *app.Editor, keys *kit.Keys, canvas fyne.Canvas, page *kit.Scroll, end func(), paths ...string) (f *Form, body fyne.CanvasObject) {
	f = &Form{e: e, keys: keys, canvas: canvas, end: end, filling: e.Filling(), OnMove: func(int) {}, OnEscape: func() {}, scroll: page}
	s := &section{old: true}
	var cells []fyne.CanvasObject
	for _, path := range paths {
		field, ok := e.Form().Field(path)
		if !ok {
			continue
		}
		if it := itemOf(e.Form().Items, field); it != nil {
			x := f.newField(it, path, nil)
			s.items, s.parts, cells = append(s.items, it), append(s.parts, x), append(cells, x.cell)
		}
	}
	if len(cells) == 0 {
		return nil, nil
	}
	gap := float32(0)
	if len(cells) > 1 {
		gap = 10
	}
	s.body = kit.Grid(gap, cellWidth(), 2, cells...)
	f.sections, f.left = []*section{s}, newLeftover(f)
	f.Refresh()
	return f, s.body
}

// Here is the path at which the hand is; "" where it is not in the form.
func (f *Form) Here() string {
	if f.here == nil || f.here.in == nil || f.canvas.Focused() != f.here.in.focus() {
		return ""
	}
	return f.here.path
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
