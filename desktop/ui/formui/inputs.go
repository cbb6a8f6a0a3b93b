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

// fewChoices is how many choices are shown at once; more of them are searched.
const fewChoices = 12

func (f *Form) newInput(x *field) input {
	t := x.it.Field.Type
	switch t {
	case form.TypeBool:
		return f.newChoice(x, func() []form.Choice {
			return []form.Choice{{Value: "1", Label: f.e.T("form.yes")}, {Value: "0", Label: f.e.T("form.no")}}
		})
	case form.TypeTrigger:
		return f.newChecks(x, func() []form.Choice { return []form.Choice{{Value: "OK", Label: f.e.T("form.confirm")}} })
	case form.TypeChoice, form.TypeMultichoice, form.TypeRank:
	default:
		return f.newText(x)
	}
	choices := func() []form.Choice { return f.e.Filling().Choices(x.path) }
	many := len(choices()) > fewChoices || strings.Contains(x.it.Appearance, "autocomplete")
	switch {
	case slices.Contains(f.filling.Missing(), f.filling.Form().ListOf(x.it.Field)):
		return f.newText(x) // the list is not here
	case t == form.TypeRank || t == form.TypeMultichoice && many:
		return f.newPicks(x, choices)
	case many:
		return f.newPick(x, choices)
	case t == form.TypeMultichoice:
		return f.newChecks(x, choices)
	}
	return f.newChoice(x, choices)
}

// text is an entry: words, lines, a number, a day, a place.
type text struct {
	e     *app.Editor
	path  string
	entry *kit.Entry
	obj   fyne.CanvasObject
}

// formats are the keys of what shows how to write an answer.
var formats = map[form.Type]string{form.TypeDate: "form.date", form.TypeTime: "form.time", form.TypeDateTime: "form.datetime", form.TypePlace: "form.geo"}

func (f *Form) newText(x *field) input {
	t := &text{e: f.e, path: x.path}
	if x.it.Field.Lines {
		t.entry = kit.NewLines(f.keys, 3)
	} else {
		t.entry = kit.NewEntry(f.keys)
	}
	t.entry.Plain = x.it.Field.Type != form.TypeText || x.it.Field.Grouped || strings.Contains(x.it.Appearance, "numbers")
	t.obj = t.entry.Framed()
	t.entry.SetText(f.e.Text(x.path))
	t.entry.OnChanged = func(s string) { f.e.Type(x.path, s) }
	t.entry.OnLeft = func() {
		f.e.Leave(x.path)
		t.show() // as people write it
	}
	t.entry.OnNext, t.entry.OnFocus = func() { f.next(x) }, func() { f.got(x) }
	if key := formats[x.it.Field.Type]; key != "" {
		t.entry.SetPlaceHolder(f.e.T(key))
	}
	if f.filling.IsSealed(x.path) {
		t.entry.SetPlaceHolder(f.e.T("value.sealed"))
	}
	return t
}

func (t *text) object() fyne.CanvasObject { return t.obj }
func (t *text) focus() fyne.Focusable     { return t.entry }
func (t *text) wrong(w bool)              { t.entry.SetWrong(w) }
func (t *text) show()                     { t.entry.Put(t.e.Text(t.path)) }
func (t *text) close()                    {}

// choice is a pick of one answer; the first line takes it back.
type choice struct {
	f       *Form
	path    string
	choices func() []form.Choice
	values  []string
	pick    *kit.Choose
}

func (f *Form) newChoice(x *field, choices func() []form.Choice) input {
	c := &choice{f: f, path: x.path, choices: choices}
	c.pick = kit.NewChoose(nil, -1, f.e.T("form.none"), func(i int) { f.e.Set(x.path, c.values[i]) })
	c.pick.Fold, c.pick.Empty = viet.Fold, true
	c.pick.OnLeft = func() { f.e.Leave(x.path) }
	c.pick.OnNext, c.pick.OnFocus = func() { f.next(x) }, func() { f.got(x) }
	return c
}

func (c *choice) object() fyne.CanvasObject { return c.pick }
func (c *choice) focus() fyne.Focusable     { return c.pick }
func (c *choice) wrong(w bool)              { c.pick.SetWrong(w) }
func (c *choice) close()                    {}

// show shows the answer. One that cannot be chosen any more is shown as it is called, and kept.
func (c *choice) show() {
	none := c.f.e.T("form.none")
	values, labels := []string{""}, []string{none}
	for _, x := range c.choices() {
		values, labels = append(values, x.Value), append(labels, x.Label)
	}
	v := c.f.e.Value(c.path)
	at, hint := slices.Index(values, v), none
	switch {
	case v == "":
		at = -1
	case at < 0:
		hint = c.f.e.Say(c.path)
	}
	c.values = values
	c.pick.Offer(labels, at, hint)
}

// checks are boxes to tick.
type checks struct {
	f       *Form
	path    string
	choices func() []form.Choice
	values  []string
	labels  []string
	boxes   []*kit.Check
	obj     *fyne.Container
	next    func()
	here    func()
	busy    bool
}

func (f *Form) newChecks(x *field, choices func() []form.Choice) input {
	return &checks{f: f, path: x.path, choices: choices, obj: kit.Grid(0, cellWidth, 3), next: func() { f.next(x) }, here: func() { f.got(x) }}
}

// tell sets the values that are ticked, in the order of the form; those that cannot be chosen any more stay.
func (c *checks) tell() {
	if c.busy {
		return
	}
	var values []string
	for i, b := range c.boxes {
		if b.Checked {
			values = append(values, c.values[i])
		}
	}
	for _, v := range strings.Fields(c.f.e.Value(c.path)) {
		if !slices.Contains(c.values, v) {
			values = append(values, v)
		}
	}
	c.f.e.Set(c.path, strings.Join(values, " "))
}

func (c *checks) object() fyne.CanvasObject { return c.obj }

func (c *checks) focus() fyne.Focusable {
	if len(c.boxes) == 0 {
		return nil
	}
	return c.boxes[0]
}

func (c *checks) wrong(bool) {}
func (c *checks) close()     {}

func (c *checks) show() {
	c.busy = true
	defer func() { c.busy = false }()
	c.lay(c.choices())
	on := strings.Fields(c.f.e.Value(c.path))
	for i, b := range c.boxes {
		if want := slices.Contains(on, c.values[i]); b.Checked != want {
			b.SetChecked(want)
		}
	}
}

// lay makes the boxes anew when the choices are others.
func (c *checks) lay(choices []form.Choice) {
	var values, labels []string
	for _, x := range choices {
		values, labels = append(values, x.Value), append(labels, x.Label)
	}
	if slices.Equal(values, c.values) && slices.Equal(labels, c.labels) {
		return
	}
	c.values, c.labels, c.boxes, c.obj.Objects = values, labels, nil, nil
	for _, label := range labels {
		b := kit.NewCheck(label, func(bool) { c.tell() })
		b.OnNext, b.OnFocus = c.next, c.here
		c.boxes, c.obj.Objects = append(c.boxes, b), append(c.obj.Objects, b)
	}
	c.obj.Refresh()
}
