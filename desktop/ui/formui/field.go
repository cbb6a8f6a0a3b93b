package formui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// field is one question on the screen, or a note.
type field struct {
	f       *Form
	it      *form.Item
	path    string
	rows    *rows // the repeat in a row of which it stands; nil: outside of rows
	in      input // nil: only to be read
	all     bool  // it shows all choices at once, which are few as yet
	label   *label
	text    *kit.Para // what is only to be read
	body    *fyne.Container
	hint    *kit.Para
	problem *problem
	cell    *kit.Cell
}

// input is the part of a field that takes the focus.
type input interface {
	object() fyne.CanvasObject
	focus() fyne.Focusable
	show()      // what the editor holds, unless somebody is typing here
	wrong(bool) // draw it as wrong
	close()     // another field has the focus: what was open below this one goes
}

// wanting is an input that wants more room than a column.
type wanting interface{ wants() float32 }

func (f *Form) newField(it *form.Item, path string, in *rows) *field {
	x := &field{f: f, it: it, path: path, rows: in, label: newLabel(kit.Bold, cellWidth()), text: kit.NewPara("", kit.Body), body: container.NewStack(),
		hint: kit.NewPara("", kit.Small), problem: newProblem()}
	x.hint.Hidden = true
	objects := []fyne.CanvasObject{x.label.obj, x.body, x.hint, x.problem.obj}
	if it.Field.Type == form.TypeNote {
		objects = []fyne.CanvasObject{x.text, x.problem.obj}
	}
	x.cell = kit.NewCell(kit.Column(4, objects...), x.isWide())
	x.cell.Hidden = true
	return x
}

// isWide reports whether a field takes a line of its own.
func (x *field) isWide() bool {
	switch x.it.Field.Type {
	case form.TypeMultichoice, form.TypeRank, form.TypeNote, form.TypeFile:
		return true
	}
	return x.it.Field.Lines
}

// row names the row in which the field stands; "" outside of rows.
func (x *field) row() string {
	if x.rows == nil {
		return ""
	}
	row, _, _ := strings.Cut(x.path[len(x.rows.path)+1:], "/")
	return row
}

func (x *field) object() fyne.CanvasObject { return x.cell }
func (x *field) questions() []*field       { return []*field{x} }
func (x *field) takesFocus() bool          { return x.in != nil && x.cell.Visible() && x.in.focus() != nil }

func (x *field) refresh(touched func(string) bool) (changed bool) {
	if touched(x.path) || x.f.e.IsCopied(x.path) != x.isMarked() || x.f.e.TakesPictures(x.it) {
		changed = x.look()
	}
	return x.showProblem() || changed
}

// isMarked reports whether the field is said to be copied.
func (x *field) isMarked() bool { return strings.HasPrefix(x.hint.Text(), x.f.e.T("copy.mark")) }

// look brings the field up to what the editor holds, and reports whether it takes another place than before.
func (x *field) look() (changed bool) {
	l := x.f.filling
	if offered := x.offered(); offered != x.cell.Visible() {
		x.cell.Hidden, changed = !offered, true
	}
	if !x.cell.Visible() {
		return changed
	}
	text := l.Label(x.it, x.path)
	if x.it.Field.Type == form.TypeNote {
		return x.say(text) || changed
	}
	changed = x.name(text) || changed
	if hint := x.hints(text); hint != x.hint.Text() {
		x.hint.Set(hint, kit.Small)
		x.hint.Hidden, changed = hint == "", true
	}
	if l.ReadOnly(x.path) || x.it.Field.Type == form.TypeFile && !x.f.e.TakesPictures(x.it) {
		return x.readOnly() || changed
	}
	if grown := x.in != nil && x.all && x.it.Field.Type != form.TypeRank && x.hasMany(); x.in == nil || grown {
		here := grown && x.hasFocus()
		x.in = x.f.newInput(x)
		x.body.Objects, changed = []fyne.CanvasObject{x.in.object()}, true
		if here { // nobody had typed: what few choices there were had no entry
			x.in.show()
			x.f.canvas.Focus(x.in.focus())
		}
	}
	x.in.show()
	if w, ok := x.in.(wanting); ok && x.rows == nil && x.cell.Want != w.wants() {
		x.cell.Want, changed = w.wants(), true
	}
	return changed
}

// hasFocus reports whether the hand is in the input.
func (x *field) hasFocus() bool {
	here := x.f.canvas.Focused()
	if c, ok := x.in.(*checks); ok {
		return slices.ContainsFunc(c.boxes, func(b *kit.Check) bool { return here == fyne.Focusable(b) })
	}
	return here != nil && here == x.in.focus()
}

// name shows the name of the question; in a table it stands over the column.
func (x *field) name(text string) (changed bool) {
	if x.rows != nil && x.rows.table {
		x.label.obj.Hidden = true
		return false
	}
	cannot := x.it.Field.Type == form.TypeFile && !x.f.e.TakesPictures(x.it)
	return x.label.set(text, x.f.filling.Required(x.path) && !cannot)
}

// offered reports whether the field stands on the screen. A file that cannot be added on this machine is asked for in words
// only where that helps: where it is a picture, or where there is one.
func (x *field) offered() bool {
	if !x.f.filling.Relevant(x.path) {
		return false
	}
	return x.it.Field.Type != form.TypeFile || x.f.e.Value(x.path) != "" || strings.HasPrefix(x.it.Media(), "image/")
}

// readOnly shows what can only be read.
func (x *field) readOnly() (changed bool) {
	if x.in != nil || x.body.Objects == nil {
		x.in, x.body.Objects, changed = nil, []fyne.CanvasObject{x.text}, true
	}
	text := x.f.e.Say(x.path)
	switch {
	case text == "" && x.it.Field.Type == form.TypeFile:
		text = x.f.e.T("photo.cannot")
	case text == "":
		text = x.f.e.T("form.none.yet")
	}
	return x.say(text) || changed
}

// say changes the text, and reports whether it may take another height.
func (x *field) say(text string) bool {
	if text == x.text.Text() {
		return false
	}
	grew := len(text)+len(x.text.Text()) > 40 || strings.Contains(text, "\n")
	style := kit.Body
	if x.it.Field.Type == form.TypeNote {
		style = kit.Small.In(kit.ColorInk)
	}
	x.text.Set(text, style)
	return grew
}

// hints are what helps to answer a question.
func (x *field) hints(label string) string {
	e := x.f.e
	var hints []string
	add := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			hints = append(hints, text)
		}
	}
	if e.IsCopied(x.path) {
		add(e.T("copy.mark"))
	}
	if x.rows != nil && x.rows.table && label != x.rows.head(x) {
		add(label)
	}
	if x.f.filling.IsSealed(x.path) {
		add(e.T("form.sealed"))
	}
	add(x.f.filling.Hint(x.it, x.path))
	if from, to, _, ok := x.it.Range(); ok && from+to != "" {
		add(e.T("form.range", "from", from, "to", to))
	}
	if metres := e.Accuracy(x.path); metres > 0 && x.it.Field.Type == form.TypePlace {
		add(e.T("form.geo.accuracy", "n", strconv.Itoa(int(metres+0.5))))
	}
	return strings.Join(hints, " ")
}

// showProblem says what is wrong, and reports whether that is something else than before. A note that must not be there
// is the problem itself.
func (x *field) showProblem() bool {
	text, warning := x.f.e.Problem(x.path)
	if x.it.Field.Type == form.TypeNote {
		style := kit.Small.In(kit.ColorInk)
		if text != "" {
			style = kit.Error
		}
		x.text.Set(x.text.Text(), style)
		if text == x.text.Text() {
			text = ""
		}
	}
	if !x.problem.set(text, warning) {
		return false
	}
	if x.in != nil {
		x.in.wrong(text != "" && !warning)
	}
	return true
}

// problem is what is wrong with a field, with the sign of it.
type problem struct {
	text    *kit.Para
	warning bool
	obj     *fyne.Container
}

func newProblem() *problem {
	p := &problem{text: kit.NewPara("", kit.Error), obj: container.NewStack()}
	p.obj.Hidden = true
	return p
}

// set says something else, and reports whether it is.
func (p *problem) set(text string, warning bool) bool {
	if text == p.text.Text() && (text == "" || warning == p.warning) {
		return false
	}
	p.warning = warning
	style := kit.Error
	if warning {
		style = kit.Warning
	}
	p.text.Set(text, style)
	p.obj.Hidden = text == ""
	p.obj.Objects = nil
	if text != "" {
		p.obj.Objects = []fyne.CanvasObject{kit.TopRow(6, 1, kit.Icon(theme.ErrorIcon(), style.Color, 18), p.text)}
	}
	return true
}

// label is the name of a question with the star of one that must be answered. A short one stands on a line, the star right
// behind it; a long one wraps.
type label struct {
	style kit.Style
	room  float32
	text  string
	star  bool
	obj   *fyne.Container
}

func newLabel(style kit.Style, width float32) *label {
	return &label{style: style, room: width - 24, obj: container.NewStack()}
}

// set changes the label, and reports whether it did.
func (l *label) set(text string, star bool) bool {
	if l.text == text && l.star == star && len(l.obj.Objects) > 0 {
		return false
	}
	l.text, l.star = text, star
	cut := kit.NewCut(text, l.style)
	objects, grow := []fyne.CanvasObject{kit.NewPara(text, l.style)}, 0
	if cut.Full() <= l.room {
		objects, grow = []fyne.CanvasObject{kit.Fixed(cut.Full(), 0, cut), kit.Space(1, 1)}, 1
	}
	if star {
		objects = slices.Insert(objects, 1, fyne.CanvasObject(kit.Line("*", l.style.In(kit.ColorDanger))))
		grow *= 2
	}
	l.obj.Objects = []fyne.CanvasObject{kit.TopRow(5, grow, objects...)}
	l.obj.Refresh()
	return true
}
