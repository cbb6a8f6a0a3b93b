// Package formui owns a form as widgets: the parts of a form of package shared/form in their order, an input for each
// question by its type, its label, and what is wrong with it underneath. It decides nothing: what is typed goes to the
// app.Editor key by key, and what is asked, shown or wrong comes from there.
package formui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// Form is a form on the screen.
type Form struct {
	e       *app.Editor
	keys    *kit.Keys
	canvas  fyne.Canvas
	end     func() // Enter in the last field
	scroll  *kit.Scroll
	root    *fyne.Container
	filling *form.Filling // that was drawn last
	parts   []part
	fields  []*field // the questions in the order of the form, rows of repeats included
	here    *field   // has the focus
	left    *leftover
}

// part is a piece of the form as it is drawn: a question, the name of a group, or a repeat.
type part interface {
	object() fyne.CanvasObject
	// refresh shows what the editor holds now where touched says that it may be another, and reports whether the form
	// must be laid out anew.
	refresh(touched func(path string) bool) bool
	questions() []*field
}

// Widths of the cells, for text of the middle step.
const (
	cellWidth = 330
	rowWidth  = 220 // in a row of a repeat
)

// New builds a form for a canvas. End is called when Enter is pressed in the last field.
func New(e *app.Editor, keys *kit.Keys, canvas fyne.Canvas, end func()) *Form {
	f := &Form{e: e, keys: keys, canvas: canvas, end: end}
	var cells []fyne.CanvasObject
	if text := e.Version(); text != "" {
		cells = append(cells, kit.NewCell(kit.NewPara(text, kit.Small), true))
	}
	if units := e.Units(); len(units) > 1 {
		cells = append(cells, f.unit(units))
	}
	f.parts = f.build(e.Form().Items, "", cellWidth)
	for _, p := range f.parts {
		cells = append(cells, p.object())
	}
	f.left = newLeftover(f)
	f.root = kit.Grid(16, cellWidth, 3, append(cells, f.left.cell)...)
	f.scroll = kit.NewScroll(kit.Pad(20, 12, 24, 24, f.root))
	keys.Set(fyne.KeyL, false, f.addRow)
	f.Refresh()
	return f
}

// build makes the parts of some items in a row ("items/<row>/"; "": outside of rows); groups are flat.
func (f *Form) build(items []*form.Item, row string, width float32) (parts []part) {
	for _, it := range items {
		switch it.Type {
		case form.Question:
			parts = append(parts, f.newField(it, it.Path(row), width))
		case form.Group:
			inside := f.build(it.Items, row, width)
			parts = append(append(parts, f.newHeading(it, it.Path(row), inside)), inside...)
		case form.Repeat:
			parts = append(parts, f.newRows(it, it.Path(row)))
		}
	}
	return parts
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

// got notes that a field has the focus.
func (f *Form) got(x *field) {
	if f.here != nil && f.here != x && f.here.in != nil {
		f.here.in.close()
	}
	f.here = x
	f.scroll.Reveal(x.cell)
}

// next moves the focus to the field after one that can be seen.
func (f *Form) next(after *field) {
	past := false
	for _, x := range f.fields {
		if past && x.takesFocus() {
			f.focus(x)
			return
		}
		past = past || x == after
	}
	f.end()
}

func (f *Form) focus(x *field) {
	f.canvas.Focus(x.in.focus())
	f.scroll.Reveal(x.cell)
}

// Focus goes to the field at path, or shows it where it takes no focus; "" is the first field.
func (f *Form) Focus(path string) {
	for _, x := range f.fields {
		switch {
		case path != "" && x.path != path:
			continue
		case x.takesFocus():
			f.focus(x)
			return
		case path != "":
			f.scroll.Reveal(x.cell)
			return
		}
	}
}

// Refresh shows what the editor holds now: values, rows, what is asked, and what is wrong. Only what the last answers
// touched is looked at.
func (f *Form) Refresh() {
	filling := f.e.Filling()
	paths, all := filling.Touched(), filling != f.filling
	f.filling = filling
	touched := func(path string) bool {
		if all || paths[path] {
			return true
		}
		for p := range paths { // what is around it
			if strings.HasPrefix(path, p) && path[len(p)] == '/' {
				return true
			}
		}
		return false
	}
	changed := false
	for _, p := range f.parts {
		changed = p.refresh(touched) || changed
	}
	if f.left.refresh() || changed {
		f.fields = questions(f.parts)
		f.again()
	}
}

func questions(parts []part) (fields []*field) {
	for _, p := range parts {
		fields = append(fields, p.questions()...)
	}
	return fields
}

// again lays the form out after something came or went. It is not for every key: it costs as much as drawing the form.
func (f *Form) again() {
	f.scroll.Again()
	f.root.Refresh()
}

// heading is the name of a group. It goes with what it names.
type heading struct {
	f      *Form
	it     *form.Item
	path   string
	inside []part
	line   *kit.Para
	cell   *kit.Cell
}

func (f *Form) newHeading(it *form.Item, path string, inside []part) *heading {
	h := &heading{f: f, it: it, path: path, inside: inside, line: kit.NewPara("", kit.Section)}
	h.cell = kit.NewCell(kit.Pad(0, 8, 0, 0, h.line), true)
	h.cell.Hidden = true
	return h
}

func (h *heading) object() fyne.CanvasObject { return h.cell }
func (h *heading) questions() []*field       { return nil }

func (h *heading) refresh(func(string) bool) bool {
	label := h.f.filling.Label(h.it, h.path)
	shown := label != "" && (h.path == "" || h.f.filling.Relevant(h.path))
	if shown == h.cell.Visible() && label == h.line.Text() {
		return false
	}
	h.line.Set(label, kit.Section)
	h.cell.Hidden = !shown
	return true
}

// rows is a repeat on the screen: its rows, each a box of parts.
type rows struct {
	f     *Form
	it    *form.Item
	path  string
	names []string
	boxes map[string]*box
	label *label
	none  *kit.Para
	body  *fyne.Container
	cell  *kit.Cell
}

type box struct {
	parts []part
	obj   fyne.CanvasObject
}

func (f *Form) newRows(it *form.Item, path string) *rows {
	r := &rows{f: f, it: it, path: path, boxes: map[string]*box{}, label: newLabel(kit.Section, cellWidth), none: kit.NewPara(f.e.T("form.norows"), kit.Small), body: kit.Column(8)}
	head := kit.Row(12, 0, r.label.obj)
	if it.MayAdd() {
		head = kit.Row(12, 0, r.label.obj, kit.NewButton(f.e.T("form.addrow"), theme.ContentAddIcon(), r.add).WithKey("Ctrl+L").Little())
	}
	r.cell = kit.NewCell(kit.Column(8, head, r.none, r.body), true)
	r.cell.Hidden = true
	return r
}

func (r *rows) object() fyne.CanvasObject { return r.cell }

func (r *rows) questions() (fields []*field) {
	for _, name := range r.names {
		fields = append(fields, questions(r.boxes[name].parts)...)
	}
	return fields
}

func (r *rows) add() {
	row := r.f.e.AddRow(r.path)
	r.f.Refresh()
	if b := r.boxes[row]; b != nil {
		for _, x := range questions(b.parts) {
			if x.takesFocus() {
				r.f.focus(x)
				return
			}
		}
	}
}

// refresh brings the boxes up to the rows that the editor has.
func (r *rows) refresh(touched func(string) bool) (changed bool) {
	if offered := r.f.filling.Relevant(r.path); offered != r.cell.Visible() {
		r.cell.Hidden, changed = !offered, true
	}
	changed = r.label.set(r.f.filling.Label(r.it, r.path), false) || changed
	if names := r.f.e.Rows(r.path); r.body.Objects == nil || !slices.Equal(names, r.names) {
		r.names, changed = names, true
		r.body.Objects = []fyne.CanvasObject{}
		for _, name := range names {
			if r.boxes[name] == nil {
				r.boxes[name] = r.box(name)
			}
			r.body.Objects = append(r.body.Objects, r.boxes[name].obj)
		}
		r.none.Hidden = len(names) > 0
		r.body.Refresh()
	}
	for _, name := range r.names {
		for _, p := range r.boxes[name].parts {
			changed = p.refresh(touched) || changed
		}
	}
	return changed
}

func (r *rows) box(row string) *box {
	b := &box{parts: r.f.build(r.it.Items, r.path+"/"+row+"/", rowWidth)}
	var cells []fyne.CanvasObject
	for _, p := range b.parts {
		p.refresh(func(string) bool { return true })
		cells = append(cells, p.object())
	}
	body := kit.Grid(12, rowWidth, 3, cells...)
	if r.it.MayAdd() {
		remove := kit.NewButton("", theme.DeleteIcon(), func() { r.f.e.RemoveRow(r.path, row) })
		body = kit.TopRow(12, 0, body, kit.Column(4, kit.Line(" ", kit.Bold), remove))
	}
	b.obj = kit.Box(kit.ColorSurface, kit.ColorHair, 1, kit.Pad(12, 8, 12, 10, body))
	return b
}

// addRow adds a row to the repeat in which the hand is, or else to the first.
func (f *Form) addRow() {
	var first, around *rows
	var look func(parts []part)
	look = func(parts []part) {
		for _, p := range parts {
			r, ok := p.(*rows)
			if !ok || !r.it.MayAdd() || !r.cell.Visible() {
				continue
			}
			if first == nil {
				first = r
			}
			if f.here != nil && strings.HasPrefix(f.here.path, r.path+"/") {
				around = r
			}
			for _, name := range r.names {
				look(r.boxes[name].parts)
			}
		}
	}
	look(f.parts)
	if around == nil {
		around = first
	}
	if around != nil {
		around.add()
	}
}

// leftover is what stands at the end: answers that will not be written, in words.
type leftover struct {
	f     *Form
	lines *kit.Para
	cell  *kit.Cell
}

func newLeftover(f *Form) *leftover {
	l := &leftover{f: f, lines: kit.NewPara("", kit.Small)}
	l.cell = kit.NewCell(kit.Pad(0, 12, 0, 0, kit.Column(4, kit.NewPara(f.e.T("form.notwritten"), kit.Small.Strong()), l.lines)), true)
	l.cell.Hidden = true
	return l
}

func (l *leftover) refresh() bool {
	var lines []string
	for _, x := range l.f.e.Leftover() {
		lines = append(lines, x.Label+": "+x.Value)
	}
	text := strings.Join(lines, "\n")
	if text == l.lines.Text() {
		return false
	}
	l.lines.Set(text, kit.Small)
	l.cell.Hidden = text == ""
	return true
}
