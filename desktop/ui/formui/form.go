// Package formui owns a form as widgets: the sections of a form of package shared/form in their order, an input for each
// question by its type and appearance, its label, and what is wrong with it underneath. It decides nothing: what is typed
// goes to the app.Editor key by key, and what is asked, shown or wrong comes from there.
package formui

import (
	"strings"

	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// Form is a form on the screen. A long one shows one section at a time, and makes its widgets when it is first shown.
type Form struct {
	OnMove   func(section int) // the hand is in another section
	OnEscape func()

	e        *app.Editor
	keys     *kit.Keys
	canvas   fyne.Canvas
	end      func() // Enter in the last field
	scroll   *kit.Scroll
	root     *fyne.Container
	filling  *form.Filling // that was drawn last
	sections []*section
	paged    bool     // one section at a time
	at       int      // the section in which the hand is
	fields   []*field // the questions on the screen in the order of the form, rows of repeats included
	here     *field   // has the focus
	left     *leftover
}

// part is a piece of the form as it is drawn: a question, the name of a group, or a repeat.
type part interface {
	object() fyne.CanvasObject
	// refresh shows what the editor holds now where touched says that it may be another, and reports whether the form
	// must be laid out anew.
	refresh(touched func(path string) bool) bool
	questions() []*field
}

// section is a part of the form as the rail lists it.
type section struct {
	items []*form.Item
	parts []part // nil: not made yet
	body  *fyne.Container
	old   bool // answers have changed since it was last brought up to them
}

// manyQuestions is how many questions a form may show at once.
const manyQuestions = 80

// cellWidth is the least width of a question beside others.
func cellWidth() float32 { return kit.Size(kit.SizeBody) * 18 }

// New builds a form for a canvas. End is called when Enter is pressed in the last field.
func New(e *app.Editor, keys *kit.Keys, canvas fyne.Canvas, end func()) *Form {
	f := &Form{e: e, keys: keys, canvas: canvas, end: end, filling: e.Filling(), OnMove: func(int) {}, OnEscape: func() {}}
	var objects []fyne.CanvasObject
	if text := e.Version(); text != "" {
		objects = append(objects, kit.NewPara(text, kit.Small))
	}
	if units := e.Units(); len(units) > 1 {
		objects = append(objects, kit.Grid(16, cellWidth(), 3, f.unit(units)))
	}
	total := 0
	for i, items := range e.Sections() {
		s := &section{items: items, body: kit.Column(0), old: true}
		f.sections = append(f.sections, s)
		objects = append(objects, s.body)
		total += count(items)
		s.body.Hidden = i > 0
	}
	f.paged = total > manyQuestions && len(f.sections) > 1
	if !f.paged {
		for i := range f.sections {
			f.make(i)
		}
	} else {
		f.make(0)
	}
	f.left = newLeftover(f)
	f.root = kit.Column(18, append(objects, f.left.cell)...)
	f.scroll = kit.NewScroll(kit.Pad(20, 12, 24, 24, f.root))
	f.bind()
	f.Refresh()
	return f
}

func count(items []*form.Item) (n int) {
	for _, it := range items {
		if it.Type == form.Question {
			n++
		}
		n += count(it.Items)
	}
	return n
}

// bind gives the form its shortcuts.
func (f *Form) bind() {
	f.keys.Set(fyne.KeyL, false, f.addRow)
	f.keys.Set(fyne.KeyDelete, false, f.removeRow)
	f.keys.Set(fyne.KeyD, false, func() {
		if f.here != nil {
			f.e.CopyLast(f.here.path)
			return
		}
		f.e.CopyLast("")
	})
	f.keys.Set(fyne.KeyO, false, f.openPictures)
	f.keys.Set(fyne.KeyZ, true, f.Undo)
	for i, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9} {
		f.keys.Set(key, false, func() { f.goToNumber(i) })
	}
}

// make makes the widgets of a section.
func (f *Form) make(i int) {
	s := f.sections[i]
	if s.parts != nil {
		return
	}
	s.parts = f.build(s.items, "", nil)
	var cells []fyne.CanvasObject
	if i > 0 && f.e.Heading(i) == nil {
		cells = append(cells, kit.NewCell(kit.Hair(), true))
	}
	for _, p := range s.parts {
		cells = append(cells, p.object())
	}
	s.body.Objects = []fyne.CanvasObject{kit.Grid(14, cellWidth(), 3, cells...)}
}

// build makes the parts of some items in a row ("items/<row>/") of a repeat, or outside of rows ("" and nil); groups are
// flat.
func (f *Form) build(items []*form.Item, row string, in *rows) (parts []part) {
	for _, it := range items {
		switch {
		case it.Type == form.Question:
			parts = append(parts, f.newField(it, it.Path(row), in))
		case it.Type == form.Group && len(it.Items) == 1 && it.Items[0].Type == form.Repeat:
			parts = append(parts, f.newRows(it.Items[0], it, it.Items[0].Path(row)))
		case it.Type == form.Group:
			inside := f.build(it.Items, row, in)
			parts = append(append(parts, f.newHeading(it, it.Path(row), inside)), inside...)
		default:
			parts = append(parts, f.newRows(it, it, it.Path(row)))
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
	pick := kit.NewChoose(f.e.UnitNames(units), at, "", func(i int) { f.e.SetUnit(units[i]) })
	return kit.NewCell(kit.Column(4, kit.Line(f.e.T("form.unit"), kit.Bold), pick), false)
}

// Refresh shows what the editor holds now: values, rows, what is asked, and what is wrong. Only what the last answers
// touched is looked at.
func (f *Form) Refresh() {
	filling := f.e.Filling()
	paths, all := filling.Touched(), filling != f.filling || f.fields == nil
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
	for i, s := range f.sections {
		s.old = s.old || all || len(paths) > 0
		if f.paged && i != f.at {
			continue
		}
		if f.paged && s.old {
			touched = everything
		}
		changed = s.refresh(touched, f.paged) || changed
	}
	if f.left.refresh() || changed || f.fields == nil {
		f.again()
	}
}

func everything(string) bool { return true }

// refresh brings a section up to the editor, and reports whether the form must be laid out anew. A section in which nothing
// is asked takes no room.
func (s *section) refresh(touched func(string) bool, paged bool) (changed bool) {
	s.old = false
	shown := paged
	for _, p := range s.parts {
		changed = p.refresh(touched) || changed
		shown = shown || p.object().Visible()
	}
	if shown != s.body.Visible() {
		s.body.Hidden, changed = !shown, true
	}
	return changed
}

func questions(parts []part) (fields []*field) {
	for _, p := range parts {
		fields = append(fields, p.questions()...)
	}
	return fields
}

// again lays the form out after something came or went. It is not for every key: all of the form is measured.
func (f *Form) again() {
	f.fields = []*field{}
	for _, s := range f.sections {
		if s.body.Visible() {
			f.fields = append(f.fields, questions(s.parts)...)
		}
	}
	f.scroll.Relay()
}

// Undo takes back what the officer did last, and goes there.
func (f *Form) Undo() {
	if path, ok := f.e.Undo(); ok {
		f.Refresh()
		f.Focus(path)
	}
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
	h.cell = kit.NewCell(kit.Pad(0, 4, 0, 0, h.line), true)
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
