package formui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

// field is one question on the screen, or a note.
type field struct {
	f       *Form
	it      *form.Item
	path    string
	in      input // nil: only to be read
	label   *label
	text    *kit.Para // what is only to be read
	body    *fyne.Container
	hint    *kit.Para
	problem *kit.Para
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

func (f *Form) newField(it *form.Item, path string, width float32) *field {
	x := &field{f: f, it: it, path: path, label: newLabel(kit.Bold, width), text: kit.NewPara("", kit.Body), body: container.NewStack(),
		hint: kit.NewPara("", kit.Small), problem: kit.NewPara("", kit.Error)}
	x.hint.Hidden, x.problem.Hidden = true, true
	objects := []fyne.CanvasObject{x.label.obj, x.body, x.hint, x.problem}
	if it.Field.Type == form.TypeNote {
		objects = []fyne.CanvasObject{x.text, x.problem}
	}
	x.cell = kit.NewCell(kit.Column(4, objects...), x.isWide())
	x.cell.Hidden = true
	return x
}

// isWide reports whether a field takes a line of its own.
func (x *field) isWide() bool {
	switch x.it.Field.Type {
	case form.TypeMultichoice, form.TypeRank, form.TypeNote:
		return true
	}
	return x.it.Field.Lines
}

func (x *field) object() fyne.CanvasObject { return x.cell }
func (x *field) questions() []*field       { return []*field{x} }
func (x *field) takesFocus() bool          { return x.in != nil && x.cell.Visible() }

func (x *field) refresh(touched func(string) bool) (changed bool) {
	if touched(x.path) {
		changed = x.look()
	}
	return x.showProblem() || changed
}

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
	changed = x.label.set(text, l.Required(x.path)) || changed
	if hint := x.hints(); hint != x.hint.Text() {
		x.hint.Set(hint, kit.Small)
		x.hint.Hidden, changed = hint == "", true
	}
	if x.it.Field.Type == form.TypeFile || l.ReadOnly(x.path) {
		return x.readOnly() || changed
	}
	if x.in == nil {
		x.in = x.f.newInput(x)
		x.body.Objects, changed = []fyne.CanvasObject{x.in.object()}, true
	}
	x.in.show()
	return changed
}

// offered reports whether the field stands on the screen. A file cannot be added yet; one that is there is named.
func (x *field) offered() bool {
	return x.f.filling.Relevant(x.path) && (x.it.Field.Type != form.TypeFile || x.f.e.Value(x.path) != "")
}

// readOnly shows what can only be read.
func (x *field) readOnly() (changed bool) {
	if x.in != nil || x.body.Objects == nil {
		x.in, x.body.Objects, changed = nil, []fyne.CanvasObject{x.text}, true
	}
	text := x.f.e.Say(x.path)
	if text == "" {
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

// hints are what helps to answer.
func (x *field) hints() string {
	hint := x.f.filling.Hint(x.it, x.path)
	if from, to, _, ok := x.it.Range(); ok {
		hint = strings.TrimSpace(hint + " " + x.f.e.T("form.range", "from", from, "to", to))
	}
	if x.f.filling.IsSealed(x.path) {
		hint = strings.TrimSpace(x.f.e.T("form.sealed") + " " + hint)
	}
	return hint
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
	if text == x.problem.Text() && x.problem.Hidden == (text == "") {
		return false
	}
	style := kit.Error
	if warning {
		style = kit.Warning
	}
	x.problem.Set(text, style)
	x.problem.Hidden = text == ""
	if x.in != nil {
		x.in.wrong(text != "" && !warning)
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
	return &label{style: style, room: width - 34, obj: container.NewStack()}
}

// set changes the label, and reports whether it did.
func (l *label) set(text string, star bool) bool {
	if l.text == text && l.star == star && len(l.obj.Objects) > 0 {
		return false
	}
	l.text, l.star = text, star
	cut := kit.NewCut(text, l.style)
	var objects []fyne.CanvasObject
	grow := 0
	if cut.Full() <= l.room {
		objects, grow = []fyne.CanvasObject{kit.Fixed(cut.Full(), 0, cut), kit.Space(1, 1)}, 1
	} else {
		objects = []fyne.CanvasObject{kit.NewPara(text, l.style)}
	}
	if star {
		objects = append(objects[:1], append([]fyne.CanvasObject{kit.Line("*", l.style.In(kit.ColorDanger))}, objects[1:]...)...)
		grow *= 2
	}
	l.obj.Objects = []fyne.CanvasObject{kit.TopRow(6, grow, objects...)}
	l.obj.Refresh()
	return true
}
