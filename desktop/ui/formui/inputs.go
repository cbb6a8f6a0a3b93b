package formui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"banlang/desktop/app"
	"banlang/desktop/ui/kit"
	"banlang/shared/form"
	"banlang/shared/viet"
)

func (f *Form) newInput(x *field) input {
	switch x.def.Type {
	case form.TypeChoice:
		return f.newChoice(x, x.def.Options)
	case form.TypeBool:
		return f.newChoice(x, []form.Option{{Code: "true", Label: f.both("form.yes")}, {Code: "false", Label: f.both("form.no")}})
	case form.TypeMultichoice:
		return f.newChecks(x)
	case form.TypeVenue:
		return f.newVenue(x)
	}
	return f.newText(x)
}

// both stands a text of the catalogue where a form's wording is expected.
func (f *Form) both(key string) form.Text { return form.Text{VI: f.e.T(key), EN: f.e.T(key)} }

// text is an entry: words, lines, a number, a day, a code.
type text struct {
	e     *app.Editor
	path  string
	entry *kit.Entry
	obj   fyne.CanvasObject
}

func (f *Form) newText(x *field) input {
	t := &text{e: f.e, path: x.path}
	if x.def.Type == form.TypeLongText {
		t.entry = kit.NewLines(f.keys, 3)
	} else {
		t.entry = kit.NewEntry(f.keys)
	}
	t.obj = t.entry.Framed()
	t.entry.SetText(f.e.Text(x.path))
	t.entry.OnChanged = func(s string) { f.e.Type(x.path, s) }
	t.entry.OnLeft = func() { f.e.Leave(x.path) }
	switch x.def.Type {
	case form.TypeDate:
		t.entry.SetPlaceHolder(f.e.T("form.date"))
	case form.TypeUnit:
		t.entry.SetPlaceHolder(f.e.T("form.unitcode"))
	}
	return t
}

func (t *text) object() fyne.CanvasObject { return t.obj }
func (t *text) focus() fyne.Focusable     { return t.entry }
func (t *text) wrong(w bool)              { t.entry.SetWrong(w) }
func (t *text) show()                     { t.entry.Put(t.e.Text(t.path)) }

func (t *text) on(next, here func()) { t.entry.OnNext, t.entry.OnFocus = next, here }

// choice is a pick of one answer; the first line takes it back.
type choice struct {
	e     *app.Editor
	path  string
	codes []string
	pick  *kit.Choose
}

func (f *Form) newChoice(x *field, options []form.Option) input {
	c := &choice{e: f.e, path: x.path, codes: []string{""}}
	labels := []string{f.e.T("form.none")}
	for _, o := range options {
		label := o.Label.In(f.e.Language())
		if o.Unit != (form.Text{}) {
			label += " (" + o.Unit.In(f.e.Language()) + ")"
		}
		c.codes, labels = append(c.codes, o.Code), append(labels, label)
	}
	c.pick = kit.NewChoose(labels, -1, labels[0], func(i int) { f.e.Set(x.path, c.codes[i]) })
	c.pick.Fold, c.pick.Empty = viet.Fold, true
	c.pick.OnLeft = func() { f.e.Leave(x.path) }
	return c
}

func (c *choice) object() fyne.CanvasObject { return c.pick }
func (c *choice) focus() fyne.Focusable     { return c.pick }
func (c *choice) wrong(w bool)              { c.pick.SetWrong(w) }

func (c *choice) show() {
	v := c.e.Value(c.path)
	i := slices.Index(c.codes, v)
	if v == "" {
		i = -1
	} else if i < 0 {
		c.pick.Hint = v // an answer of another version: shown as it is, and kept
	}
	c.pick.ShowChoice(i)
}

func (c *choice) on(next, here func()) { c.pick.OnNext, c.pick.OnFocus = next, here }

// checks are boxes to tick.
type checks struct {
	e     *app.Editor
	path  string
	codes []string
	boxes []*kit.Check
	obj   fyne.CanvasObject
	busy  bool
}

func (f *Form) newChecks(x *field) input {
	c := &checks{e: f.e, path: x.path}
	var objects []fyne.CanvasObject
	for _, o := range x.def.Options {
		c.codes = append(c.codes, o.Code)
		box := kit.NewCheck(o.Label.In(f.e.Language()), func(bool) { c.tell() })
		c.boxes, objects = append(c.boxes, box), append(objects, box)
	}
	c.obj = kit.Grid(0, 330, 3, objects...)
	return c
}

// tell sets the codes that are ticked, in the order of the form; codes of another version stay.
func (c *checks) tell() {
	if c.busy {
		return
	}
	var codes []string
	for i, b := range c.boxes {
		if b.Checked {
			codes = append(codes, c.codes[i])
		}
	}
	for _, code := range strings.Fields(c.e.Value(c.path)) {
		if !slices.Contains(c.codes, code) {
			codes = append(codes, code)
		}
	}
	c.e.Set(c.path, strings.Join(codes, " "))
}

func (c *checks) object() fyne.CanvasObject { return c.obj }
func (c *checks) focus() fyne.Focusable     { return c.boxes[0] }
func (c *checks) wrong(bool)                {}

func (c *checks) show() {
	c.busy = true
	defer func() { c.busy = false }()
	on := strings.Fields(c.e.Value(c.path))
	for i, b := range c.boxes {
		if want := slices.Contains(on, c.codes[i]); b.Checked != want {
			b.SetChecked(want)
		}
	}
}

func (c *checks) on(next, here func()) {
	for _, b := range c.boxes {
		b.OnNext, b.OnFocus = next, here
	}
}

// venue is a searchable pick of a place of the register: typing looks, arrows move, Enter takes.
type venue struct {
	f     *Form
	path  string
	entry *kit.Entry
	found []app.VenueChoice
	at    int
	list  *fyne.Container
	none  *kit.Para
	obj   *fyne.Container
	asked string // the words whose answer is awaited
	moved bool   // the mark was moved by hand
	next  func()
	here  func()
}

func (f *Form) newVenue(x *field) input {
	v := &venue{f: f, path: x.path, entry: kit.NewEntry(f.keys), list: kit.Column(2), none: kit.NewPara("", kit.Small)}
	v.none.Hidden, v.list.Hidden = true, true
	v.entry.SetPlaceHolder(f.e.T("venue.find"))
	v.entry.SetText(f.e.VenueName(f.e.Value(x.path)))
	v.entry.OnChanged = v.look
	v.entry.OnFocus = func() {
		v.here()
		if f.e.Value(v.path) == "" {
			v.look(v.entry.Text)
		}
	}
	v.entry.OnLeft = v.left
	v.entry.OnArrow = v.move
	v.entry.OnNext = v.take
	v.entry.OnEscape = v.close
	v.obj = kit.Column(4, v.entry.Framed(), v.none, v.list)
	f.venues = append(f.venues, v)
	return v
}

// look asks for the places that fit; an emptied entry takes the answer back.
func (v *venue) look(typed string) {
	if strings.TrimSpace(typed) == "" && v.f.e.Value(v.path) != "" {
		v.f.e.Set(v.path, "")
	}
	v.asked = typed
	v.f.e.FindVenues(typed, func(found []app.VenueChoice) {
		if v.asked != typed || !v.entry.Here() {
			return
		}
		v.none.Set(v.f.e.T("venue.none"), kit.Small)
		v.none.Hidden = len(found) > 0
		v.offer(found)
	})
}

// offer lists the places that were found.
func (v *venue) offer(found []app.VenueChoice) {
	v.found, v.at, v.moved = found, 0, false
	v.draw()
}

func (v *venue) draw() {
	v.list.Objects = []fyne.CanvasObject{}
	for i, c := range v.found {
		b := kit.NewNavItem(c.Label, kit.IconPlace, func() { v.at, v.moved = i, true; v.take() })
		b.Here = i == v.at
		v.list.Objects = append(v.list.Objects, b)
	}
	v.list.Hidden = len(v.found) == 0
	v.list.Refresh()
	v.f.again()
}

func (v *venue) move(down bool) bool {
	if len(v.found) == 0 {
		return false
	}
	v.moved = true
	if down {
		v.at = min(v.at+1, len(v.found)-1)
	} else {
		v.at = max(v.at-1, 0)
	}
	v.draw()
	return true
}

// take sets the place that is marked, and goes on.
func (v *venue) take() {
	if v.at < len(v.found) && (v.moved || v.entry.Text != v.f.e.VenueName(v.f.e.Value(v.path))) {
		v.f.e.Set(v.path, v.found[v.at].Ref)
	}
	v.close()
	v.show()
	v.next()
}

// left keeps the places on the screen: a click on one of them takes the focus first. They go when another field gets it.
func (v *venue) left() { v.f.e.Leave(v.path) }

// close takes the places off the screen.
func (v *venue) close() {
	v.asked, v.none.Hidden = "", true
	if len(v.found) > 0 {
		v.offer(nil)
	}
}

func (v *venue) object() fyne.CanvasObject { return v.obj }
func (v *venue) focus() fyne.Focusable     { return v.entry }
func (v *venue) wrong(w bool)              { v.entry.SetWrong(w) }

func (v *venue) show() {
	if ref := v.f.e.Value(v.path); ref != "" {
		v.entry.Put(v.f.e.VenueName(ref))
	}
}

func (v *venue) on(next, here func()) { v.next, v.here = next, here }
