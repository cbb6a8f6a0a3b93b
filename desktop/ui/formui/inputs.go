package formui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/ui/kit"
	"banlang/shared/form"
)

const (
	fewChoices  = 12 // are shown at once; more are searched
	mostBeside  = 6  // stand beside each other
	mostSpanned = 2  // columns that choices beside each other may take
)

// newInput makes the input that fits a question.
//
//	text, barcode, a number, a range        an entry
//	multiline                               an entry of lines
//	date, date and time, time               an entry; a calendar for the day
//	a place, a line, an area                an entry of numbers; a button where the machine knows where it stands
//	select one: few and short               radio buttons; likert, columns, quick, compact and horizontal: always
//	select one: others, minimal             a list that opens
//	select many: few                        boxes to tick
//	more than fewChoices, autocomplete      an entry that searches
//	rank                                    an entry that searches, with what was picked in its order
//	trigger                                 a box to tick
//	a picture                               a thumbnail, and a list of pictures to take in
//	a picture: signature, draw              a board to draw on; annotate: over a picture that was taken in
func (f *Form) newInput(x *field) input {
	t := x.it.Field.Type
	if t == form.TypeFile {
		return f.newPhoto(x)
	}
	if from, _, _, ok := x.it.Range(); ok && from != "" && says(x.it, "rating") {
		if steps := x.rating(); len(steps) > 0 {
			return f.newRadio(x, func() []form.Choice { return steps })
		}
	}
	switch t {
	case form.TypeBool:
		return f.newOneOf(x, func() []form.Choice {
			return []form.Choice{{Value: "1", Label: f.e.T("form.yes")}, {Value: "0", Label: f.e.T("form.no")}}
		})
	case form.TypeTrigger:
		return f.newChecks(x, func() []form.Choice { return []form.Choice{{Value: "OK", Label: f.e.T("form.confirm")}} })
	case form.TypeChoice, form.TypeMultichoice, form.TypeRank:
	default:
		return f.newText(x)
	}
	if slices.Contains(f.filling.Missing(), f.filling.Form().ListOf(x.it.Field)) {
		return f.newText(x) // the list is not here
	}
	choices := func() []form.Choice { return f.e.Filling().Choices(x.path) }
	x.all = !x.hasMany() // then it stands there until there are more
	switch {
	case t == form.TypeRank || t == form.TypeMultichoice && !x.all:
		return f.newPicks(x, choices)
	case !x.all:
		return f.newPick(x, choices)
	case t == form.TypeMultichoice:
		return f.newChecks(x, choices)
	}
	return f.newOneOf(x, choices)
}

// hasMany reports whether a question offers more choices now than are shown at once.
func (x *field) hasMany() bool {
	return says(x.it, "autocomplete", "search") || len(x.f.e.Filling().Choices(x.path)) > fewChoices
}

// says reports whether the appearance of a question begins a word so.
func says(it *form.Item, words ...string) bool {
	return slices.ContainsFunc(strings.Fields(it.Appearance), func(said string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(said, w) })
	})
}

// text is an entry: words, lines, a number, a day, a place.
type text struct {
	f     *Form
	path  string
	entry *kit.Entry
	obj   fyne.CanvasObject
}

// formats are the keys of what shows how to write an answer.
var formats = map[form.Type]string{form.TypeDate: "form.date", form.TypeTime: "form.time", form.TypeDateTime: "form.datetime", form.TypePlace: "form.geo"}

func (f *Form) newText(x *field) input {
	t := &text{f: f, path: x.path}
	if x.it.Field.Lines {
		t.entry = kit.NewLines(f.keys, 3)
	} else {
		t.entry = kit.NewEntry(f.keys)
	}
	t.entry.Plain = x.it.Field.Type != form.TypeText || x.it.Field.Grouped || strings.Contains(x.it.Appearance, "numbers")
	t.entry.Figures = x.it.Field.Type == form.TypeInt || x.it.Field.Type == form.TypeDecimal || x.it.Field.Grouped
	t.obj = t.entry.Framed()
	if x.it.Field.Type == form.TypeDate || x.it.Field.Type == form.TypeDateTime {
		t.withCalendar()
	}
	t.entry.SetText(f.e.Text(x.path))
	t.entry.OnChanged = func(s string) { f.e.Type(x.path, s) }
	t.entry.OnLeft = func() {
		f.e.Leave(x.path)
		t.show() // as people write it
	}
	t.entry.OnNext, t.entry.OnFocus, t.entry.OnEscape = func() { f.next(x) }, func() { f.got(x) }, func() { f.OnEscape() }
	if key := formats[x.it.Field.Type]; key != "" {
		t.entry.SetPlaceHolder(f.e.T(key))
	}
	if x.it.Field.Points {
		t.entry.SetPlaceHolder(f.e.T("form.geo.points"))
	}
	if f.filling.IsSealed(x.path) {
		t.entry.SetPlaceHolder(f.e.T("value.sealed"))
	}
	if x.it.Field.Type == form.TypePlace && f.e.Locates() && !x.it.Field.Points {
		t.withLocator()
	}
	return t
}

func (t *text) object() fyne.CanvasObject { return t.obj }
func (t *text) focus() fyne.Focusable     { return t.entry }
func (t *text) wrong(w bool)              { t.entry.SetWrong(w) }
func (t *text) close()                    {}

// show shows the answer: where the hand is only when it is another than what was typed.
func (t *text) show() {
	if t.entry.Here() && t.f.e.Holds(t.path, t.entry.Text) {
		return
	}
	t.entry.Replace(t.f.e.Text(t.path))
}

// withCalendar adds the calendar from which the day can be picked.
func (t *text) withCalendar() {
	t.entry.ActionItem = kit.NewTapArea(kit.Pad(4, 0, 6, 0, kit.Icon(theme.CalendarIcon(), kit.ColorInk, 20)), t.pickDay)
	t.entry.OnOpen = t.pickDay
}

func (t *text) pickDay() {
	e, now := t.f.e, t.f.e.Now()
	day, clock, timed := strings.Cut(e.Value(t.path), "T")
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		at = now
	}
	words := kit.CalendarWords{Keys: e.T("calendar.keys"), Month: func(m time.Time) string {
		return e.T("calendar.month", "m", m.Format("1"), "y", m.Format("2006"))
	}}
	copy(words.Days[:], strings.Fields(e.T("calendar.days")))
	kit.ShowCalendar(t.f.canvas, t.obj, words, at, now, func(day time.Time) {
		text := day.Format("02/01/2006")
		if timed && len(clock) >= 5 {
			text += " " + clock[:5]
		}
		e.Type(t.path, text)
		t.entry.Replace(text)
	}, func() { t.f.canvas.Focus(t.entry) })
}

// withLocator adds the button that asks the machine where it stands.
func (t *text) withLocator() {
	var b *kit.Button
	b = kit.NewButton(t.f.e.T("form.locate"), kit.IconPlace, func() {
		b.Disable()
		t.f.e.Locate(t.path, b.Enable)
	}).Little()
	t.obj = kit.Row(8, 0, t.obj, b)
	t.entry.OnOpen = b.OnTapped
}

// newOneOf makes a pick of one answer from a few.
func (f *Form) newOneOf(x *field, choices func() []form.Choice) input {
	offered := choices()
	if says(x.it, "minimal") || len(offered) == 0 || x.rows != nil && x.rows.table {
		return f.newChoice(x, choices)
	}
	if r := f.newRadio(x, choices); says(x.it, "likert", "columns", "quick", "compact", "horizontal") ||
		len(offered) <= mostBeside && r.radio.Width() <= mostSpanned*cellWidth() {
		return r
	}
	return f.newChoice(x, choices)
}

// state is what an input of choices knows of its question.
type state struct {
	f       *Form
	path    string
	choices func() []form.Choice
	values  []string
	labels  []string
}

func newState(x *field, choices func() []form.Choice) state {
	return state{f: x.f, path: x.path, choices: choices}
}

// read takes what is offered now, and reports whether that is something else than before.
func (s *state) read() bool {
	var values, labels []string
	for _, c := range s.choices() {
		values, labels = append(values, c.Value), append(labels, c.Label)
	}
	if slices.Equal(values, s.values) && slices.Equal(labels, s.labels) {
		return false
	}
	s.values, s.labels = values, labels
	return true
}

func (s *state) value() string { return s.f.e.Value(s.path) }
