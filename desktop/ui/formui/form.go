// Package formui owns a form as widgets: one input for each field of a shared/form definition, its label, and what is
// wrong with it underneath. It decides nothing: what is typed goes to the app.Editor key by key, and what is asked, shown
// or wrong comes from there.
package formui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// Form is a form on the screen.
type Form struct {
	e      *app.Editor
	keys   *kit.Keys
	canvas fyne.Canvas
	end    func() // Enter in the last field
	scroll *kit.Scroll
	root   *fyne.Container
	fields []*field // in the order of the form, rows of repeats included
	lists  []*rows
	venues []*venue
}

// input is the part of a field that takes the focus.
type input interface {
	object() fyne.CanvasObject
	focus() fyne.Focusable
	show()      // what the editor holds, unless somebody is typing here
	wrong(bool) // draw it as wrong
	on(next, here func())
}

// field is one question on the screen.
type field struct {
	path    string
	def     *form.Field
	in      input
	problem *kit.Para
	cell    *kit.Cell
}

// New builds a form for a canvas. End is called when Enter is pressed in the last field.
func New(e *app.Editor, keys *kit.Keys, canvas fyne.Canvas, end func()) *Form {
	f := &Form{e: e, keys: keys, canvas: canvas, end: end}
	var cells []fyne.CanvasObject
	def := e.Form()
	if units := e.Units(); len(units) > 1 {
		cells = append(cells, f.unit(units))
	}
	for i := range def.Fields {
		d := &def.Fields[i]
		if d.Type == form.TypeRepeat {
			r := f.newRows(d)
			f.lists = append(f.lists, r)
			cells = append(cells, r.cell)
			continue
		}
		x := f.newField(d, d.Key)
		f.fields = append(f.fields, x)
		cells = append(cells, x.cell)
	}
	f.root = kit.Grid(16, 330, 3, cells...)
	f.scroll = kit.NewScroll(kit.Pad(20, 12, 24, 24, f.root))
	f.order()
	f.Refresh()
	return f
}

// Object is what goes into the page.
func (f *Form) Object() fyne.CanvasObject { return f.scroll.Container }

// unit is the pick of the unit that a new record is of.
func (f *Form) unit(units []string) fyne.CanvasObject {
	at := 0
	for i, u := range units {
		if u == f.e.Unit() {
			at = i
		}
	}
	pick := kit.NewChoose(units, at, "", func(i int) { f.e.SetUnit(units[i]) })
	return kit.NewCell(kit.Column(4, kit.Line(f.e.T("form.unit"), kit.Bold), pick), false)
}

func (f *Form) newField(d *form.Field, path string) *field {
	x := &field{path: path, def: d, problem: kit.NewPara("", kit.Error)}
	x.in = f.newInput(x)
	label := []fyne.CanvasObject{kit.NewCut(d.Label.In(f.e.Language()), kit.Bold)}
	if d.Required {
		label = append(label, kit.Line("*", kit.Bold.In(kit.ColorDanger)))
	}
	objects := []fyne.CanvasObject{labelRow(label), x.in.object()}
	if hint := d.Hint.In(f.e.Language()); hint != "" {
		objects = append(objects, kit.NewPara(hint, kit.Small))
	}
	objects = append(objects, x.problem)
	x.cell = kit.NewCell(kit.Column(4, objects...), d.Type == form.TypeLongText || d.Type == form.TypeMultichoice)
	x.in.on(func() { f.next(path) }, func() { f.here(x) })
	return x
}

// here notes that a field has the focus.
func (f *Form) here(x *field) {
	for _, v := range f.venues {
		if v != x.in {
			v.close()
		}
	}
	f.scroll.Reveal(x.cell)
}

// labelRow puts the star right behind the words.
func labelRow(objects []fyne.CanvasObject) fyne.CanvasObject {
	if len(objects) == 1 {
		return objects[0]
	}
	cut := objects[0].(*kit.Cut)
	return kit.Row(6, 2, kit.Fixed(min(cut.Full(), 296), 0, cut), objects[1], kit.Space(1, 1))
}

// order lines the fields up for Enter: plain fields and rows as they stand in the form.
func (f *Form) order() {
	plain := map[string]*field{}
	for _, x := range f.fields {
		plain[x.path] = x
	}
	lists := map[string]*rows{}
	for _, r := range f.lists {
		lists[r.def.Key] = r
	}
	f.fields = f.fields[:0]
	def := f.e.Form()
	for i := range def.Fields {
		key := def.Fields[i].Key
		if r := lists[key]; r != nil {
			f.fields = append(f.fields, r.fields()...)
		} else if x := plain[key]; x != nil {
			f.fields = append(f.fields, x)
		}
	}
}

// next moves the focus to the field after path that can be seen.
func (f *Form) next(path string) {
	past := false
	for _, x := range f.fields {
		if past && x.cell.Visible() {
			f.focus(x)
			return
		}
		past = past || x.path == path
	}
	f.end()
}

func (f *Form) focus(x *field) {
	f.canvas.Focus(x.in.focus())
	f.scroll.Reveal(x.cell)
}

// Focus goes to the field at path, or to the list of that name; "" is the first field.
func (f *Form) Focus(path string) {
	for _, x := range f.fields {
		if (path == "" || x.path == path) && x.cell.Visible() {
			f.focus(x)
			return
		}
	}
	for _, r := range f.lists {
		if r.def.Key == path {
			f.scroll.Reveal(r.cell)
		}
	}
}

// Refresh shows what the editor holds now: values, rows, what is asked, and what is wrong.
func (f *Form) Refresh() {
	changed := false
	for _, r := range f.lists {
		if r.sync() {
			changed = true
		}
	}
	if changed {
		f.order()
	}
	for _, x := range f.fields {
		x.in.show()
		changed = f.showProblem(x.path, x.problem, x.in.wrong) || changed
		if offered := f.e.Offered(x.path); offered != x.cell.Visible() {
			x.cell.Hidden, changed = !offered, true
		}
	}
	for _, r := range f.lists {
		changed = f.showProblem(r.def.Key, r.problem, func(bool) {}) || changed
	}
	if changed {
		f.again()
	}
}

// again lays the form out after something came or went. It is not for every key: it costs as much as drawing the form.
func (f *Form) again() {
	f.scroll.Again()
	f.root.Refresh()
}

// showProblem says what is wrong at a path, and reports whether that is something else than before.
func (f *Form) showProblem(path string, p *kit.Para, wrong func(bool)) bool {
	text, warning := f.e.Problem(path)
	if text == p.Text() && p.Hidden == (text == "") {
		return false
	}
	style := kit.Error
	if warning {
		style = kit.Warning
	}
	p.Set(text, style)
	p.Hidden = text == ""
	wrong(text != "" && !warning)
	return true
}

// rows is a repeat on the screen: its rows, each a box of fields.
type rows struct {
	f       *Form
	def     *form.Field
	names   []string
	byName  map[string][]*field
	boxes   map[string]fyne.CanvasObject
	body    *fyne.Container
	none    *kit.Para
	problem *kit.Para
	cell    *kit.Cell
}

func (f *Form) newRows(d *form.Field) *rows {
	r := &rows{f: f, def: d, byName: map[string][]*field{}, boxes: map[string]fyne.CanvasObject{},
		problem: kit.NewPara("", kit.Error), none: kit.NewPara(f.e.T("form.norows"), kit.Small), body: kit.Column(8)}
	label := []fyne.CanvasObject{kit.NewCut(d.Label.In(f.e.Language()), kit.Section)}
	if d.Required {
		label = append(label, kit.Line("*", kit.Bold.In(kit.ColorDanger)))
	}
	add := kit.NewButton(f.e.T("form.addrow"), theme.ContentAddIcon(), r.add).WithKey("Ctrl+L").Little()
	head := kit.Row(12, 0, labelRow(label), add)
	r.cell = kit.NewCell(kit.Column(8, head, r.none, r.body, r.problem), true)
	f.keys.Set(fyne.KeyL, false, r.add)
	r.sync()
	return r
}

func (r *rows) add() {
	row := r.f.e.AddRow(r.def.Key)
	r.f.Refresh()
	if fs := r.byName[row]; len(fs) > 0 {
		r.f.focus(fs[0])
	}
}

// fields are those of the rows, in order.
func (r *rows) fields() (fs []*field) {
	for _, name := range r.names {
		fs = append(fs, r.byName[name]...)
	}
	return fs
}

// sync brings the boxes up to the rows that the editor has, and reports whether any came or went.
func (r *rows) sync() bool {
	names := r.f.e.Rows(r.def.Key)
	same := len(names) == len(r.names)
	for i := range names {
		same = same && names[i] == r.names[i]
	}
	if same && r.body.Objects != nil {
		return false
	}
	r.names = names
	r.body.Objects = []fyne.CanvasObject{}
	for _, name := range names {
		if r.boxes[name] == nil {
			r.boxes[name] = r.box(name)
		}
		r.body.Objects = append(r.body.Objects, r.boxes[name])
	}
	r.none.Hidden = len(names) > 0
	r.body.Refresh()
	return true
}

func (r *rows) box(row string) fyne.CanvasObject {
	var cells []fyne.CanvasObject
	for i := range r.def.Children {
		d := &r.def.Children[i]
		x := r.f.newField(d, form.JoinPath(r.def.Key, row, d.Key))
		r.byName[row] = append(r.byName[row], x)
		cells = append(cells, x.cell)
	}
	remove := kit.NewButton("", theme.DeleteIcon(), func() { r.f.e.RemoveRow(r.def.Key, row) })
	body := kit.TopRow(12, 0, kit.Grid(12, 220, 3, cells...), kit.Column(4, kit.Line(" ", kit.Bold), remove))
	return kit.Box(kit.ColorSurface, kit.ColorHair, 1, kit.Pad(12, 8, 12, 10, body))
}
