package form

import (
	"cmp"
	"errors"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"banlang/shared/envelope"
	"banlang/shared/form/declared"
	"banlang/shared/xform"
	"banlang/shared/xpath"
)

// Env is what a Filling may learn of the world. Every field may be left zero.
type Env struct {
	Language string // tag of the labels and messages: "vi" or "en"
	Now      func() time.Time
	Zone     *time.Location
	Random   func() uint64               // 64 bits that cannot be guessed
	Property func(name string) string    // deviceid, username
	List     func(name string) []byte    // a file beside the form, "venues.csv"; nil when it is not here
	SealTo   []string                    // whose sealing keys are here: declared.Unit, declared.Custodian
	RowOrder func(rowA, rowB string) int // orders rows that have a name ("items/<row>/"); nil: by name
	Creating bool                        // what Open opens is the draft of a new record: Finish notes its end
}

// Filling is a form being filled in over the values of a record, or a record being looked at through its form. It
// belongs to one goroutine at a time.
//
// What it holds are the answers on the screen. Values that the form has no place for stay with the caller and are
// listed (Aside); an answer that is not relevant is kept until the record is finished, and is then left out (Written).
type Filling struct {
	form *Form
	env  Env
	s    *xform.Session

	rows   map[string]*rows // by the path of a repeat
	added  uint64           // the number of the last new row
	aside  map[string]string
	sealed map[string]string // sealed values, which nobody here can read; the session has none in their place

	touched map[string]bool // see Touched

	kept struct { // what written found; nothing after a change
		written map[string]string
		vacant  func(path string) bool
	}
}

// New begins a new record: with the defaults of the form, and what it notes at the start. The error is that of a form
// that asks for too much work.
func (f *Form) New(env Env) (*Filling, error) {
	env.Creating = true
	l := f.filling(env)
	if err := l.start(f.x.New); err != nil {
		return nil, err
	}
	return l, nil
}

// Open fills the form with the values of a record or draft; an empty one clears what the form would put there by itself.
// It takes whatever there is, and each value stays as it is, to the letter: one that does not fit its field is shown and
// is a problem, one that has no place is set aside. No record is unopenable: the error is nil.
func (f *Form) Open(values map[string]string, env Env) (*Filling, error) {
	l := f.filling(env)
	var answers []Answer
	for path, text := range values {
		field, ok := f.Field(path)
		switch {
		case (!ok || !field.Stored) && text == "":
			continue
		case !ok || !field.Stored:
			l.aside[path] = text
			continue
		case envelope.IsSealed(text):
			l.sealed[path] = text
		default:
			answers = append(answers, Answer{path, text})
		}
		if text != "" {
			l.noteRows(path)
		}
	}
	l.sortRows()
	if err := l.start(func(env xform.Env) (*xform.Session, error) { return f.x.Resume(l.refs(answers), env) }); err != nil {
		return nil, err
	}
	return l, nil
}

// refs gives answers to a session. The rows come first, in their order: all that is in one may be sealed.
func (l *Filling) refs(answers []Answer) iter.Seq2[xform.Ref, string] {
	return func(yield func(xform.Ref, string) bool) {
		if !yield(l.ref(declared.CanSealTo), strings.Join(l.env.SealTo, " ")) {
			return
		}
		for _, repeat := range slices.Sorted(maps.Keys(l.rows)) { // those around others before them
			for _, row := range l.rows[repeat].names {
				if !yield(l.ref(repeat+"/"+row), "") {
					return
				}
			}
		}
		for _, a := range answers {
			if !yield(l.ref(a.Path), a.Value) {
				return
			}
		}
	}
}

func (f *Form) filling(env Env) *Filling {
	env.Language, _, _ = strings.Cut(env.Language, "-")
	return &Filling{form: f, env: env, rows: map[string]*rows{}, aside: map[string]string{}, sealed: map[string]string{}, touched: map[string]bool{}}
}

// start has a session begun and names its rows. A list that cannot be read counts as one that is not here.
func (l *Filling) start(begin func(xform.Env) (*xform.Session, error)) error {
	env := l.form.session(l.env)
	file := env.External
	unreadable := map[string]bool{}
	env.External = func(src string) ([]byte, error) {
		if unreadable[src] {
			return nil, fs.ErrNotExist
		}
		return file(src)
	}
	for {
		s, err := begin(env)
		if e, ok := errors.AsType[*xform.Error](err); ok && e.Code == xform.CodeInstance && !unreadable[e.Ref] {
			unreadable[e.Ref] = true
			continue
		}
		if err != nil {
			return err
		}
		l.s = s
		l.nameRows(xform.Ref(l.form.x.Root().Path()))
		return nil
	}
}

// session is what an XForm may learn of the world through env.
func (f *Form) session(env Env) xform.Env {
	x := xform.Env{Now: env.Now, Zone: env.Zone, Random: env.Random, Language: f.language(env.Language), KeepChosen: true}
	if env.Language != "en" {
		x.Calendar = vietnamese
	}
	x.Property = func(name string) string {
		switch {
		case name == declared.CanSealTo:
			return strings.Join(env.SealTo, " ")
		case env.Property != nil:
			return env.Property(name)
		}
		return ""
	}
	x.External = func(src string) ([]byte, error) {
		if env.List != nil {
			if list := env.List(listName(src)); list != nil {
				return list, nil
			}
		}
		return nil, fs.ErrNotExist
	}
	return x
}

// language is what the form calls a language: "English (en)" for "en".
func (f *Form) language(tag string) string {
	for _, name := range f.x.Languages {
		if name == tag || strings.HasSuffix(name, "("+tag+")") {
			return name
		}
	}
	return ""
}

// Form is the version that is being filled in.
func (l *Filling) Form() *Form { return l.form }

// Value is what stands at a path: an answer, or what the form computed. "" for nothing, and for what is sealed.
func (l *Filling) Value(path string) string { return l.s.Value(l.ref(path)).Text }

// IsSealed reports whether a value that nobody here can read stands at a path, and none was typed over it.
func (l *Filling) IsSealed(path string) bool { return l.sealed[path] != "" }

// Set puts an answer at a path, whatever it is, and returns the paths of all stored answers that differ now: the path
// itself, and what the form filled in or added because of it. An empty answer leaves a sealed one where it is. What the
// form computes, and what it does not have, nobody can set.
func (l *Filling) Set(path, value string) (changed []string) {
	ref := l.ref(path)
	if field, ok := l.form.Field(path); !ok || !field.Stored || ref == "" {
		return nil
	}
	was := l.sealed[path]
	switch {
	case envelope.IsSealed(value):
		l.sealed[path], value = value, ""
	case value != "":
		delete(l.sealed, path)
	}
	_, c := l.s.Store(ref, xform.Text(value))
	if changed = l.follow(c); l.sealed[path] != was && !slices.Contains(changed, path) {
		changed = append(changed, path)
	}
	return changed
}

// Touched takes the paths that may look otherwise than when it was last called: another value, asked or no more, another
// text, other choices. With a group, repeat or row all below it is meant. Rows that came or went are for Rows to say.
func (l *Filling) Touched() map[string]bool {
	touched := l.touched
	l.touched = map[string]bool{}
	return touched
}

// touch notes what to look at again.
func (l *Filling) touch(c *xform.Change) {
	for _, refs := range [][]xform.Ref{c.Values, c.Relevance, c.Required, c.ReadOnly, c.Choices, c.Texts} {
		for _, ref := range refs {
			if path, ok := l.pathOf(ref); ok {
				l.touched[path] = true
			}
		}
	}
}

// follow names the rows that came, notes what to look at again, and gives the stored answers that a change altered.
func (l *Filling) follow(c xform.Change) (changed []string) {
	defer l.touch(&c) // once the rows have their names
	l.kept.written = nil
	for _, row := range c.Added {
		l.nameRows(row)
		l.each(row, func(path string, field *Field, st xform.State) {
			if field.Stored && !st.Value.IsEmpty() {
				changed = append(changed, path)
			}
		})
	}
	for _, ref := range c.Values {
		path, _ := l.pathOf(ref)
		if field, ok := l.form.Field(path); ok && field.Stored {
			changed = append(changed, path)
		}
	}
	return changed
}

// Relevant reports whether what is at a path (a question, group, repeat or row) is asked now. A repeat is when a further
// row of it would be, whether or not it has any.
func (l *Filling) Relevant(path string) bool {
	if l.form.isRepeat(path) {
		return l.s.Offers(l.ref(path))
	}
	st, ok := l.s.State(l.ref(path))
	return ok && st.Relevant
}

// Required reports whether a question must be answered before the record is finished.
func (l *Filling) Required(path string) bool {
	st, ok := l.s.State(l.ref(path))
	return ok && st.Required && st.Relevant
}

// ReadOnly reports whether people may not answer: the form computes it, or says so.
func (l *Filling) ReadOnly(path string) bool {
	st, ok := l.s.State(l.ref(path))
	field, known := l.form.Field(path)
	return !ok || st.ReadOnly || !known || !field.Stored
}

// Label is the name of an item at a path, in the language of the filling.
func (l *Filling) Label(it *Item, path string) string { return tidy(l.s.Label(it.x, l.ref(path))) }

// tidy takes the brackets off that a label leaves around an answer which is not given yet: "Quantity (${unit})".
func tidy(label string) string {
	return strings.TrimSpace(strings.ReplaceAll(label, "()", ""))
}

// Hint is the sentence under a question; "" for none.
func (l *Filling) Hint(it *Item, path string) string {
	return strings.TrimSpace(l.s.Hint(it.x, l.ref(path)))
}

// LabelOf is the name of the question that asks for a path, or of the repeat that it names; the last name of the path when
// there is none.
func (l *Filling) LabelOf(path string) string {
	if at, ok := l.form.place(path); ok && at.node.repeat != nil {
		if label := l.Label(at.node.repeat, path); label != "" {
			return label
		}
	}
	if field, ok := l.form.Field(path); ok && field.x.Question() != nil {
		if label := tidy(l.s.Label(field.x.Question(), l.ref(path))); label != "" {
			return label
		}
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}

// Choice is what can be chosen.
type Choice struct{ Value, Label string }

// Choices are what can be chosen at a path now, in the order of the list. What was chosen and can be chosen no more is
// not among them, and stays in the answer.
func (l *Filling) Choices(path string) (choices []Choice) {
	all, _ := l.s.Choices(l.ref(path))
	for _, c := range all {
		choices = append(choices, Choice{c.Value, c.Label})
	}
	return choices
}

// ChoiceLabel is what people call a value of a list; the value itself when it is on no list here.
func (l *Filling) ChoiceLabel(path, value string) string {
	return cmp.Or(l.s.ChoiceLabel(l.ref(path), value), value)
}

// Path is where an item stands: in the row that scope names ("items/<row>/"), or, with "", outside of rows.
func (it *Item) Path(scope string) string { return strings.TrimSuffix(scope+it.below, "/") }

// Rows names the rows of the repeat at a path, empty ones too.
func (l *Filling) Rows(repeat string) []string {
	if r := l.rows[repeat]; r != nil {
		return slices.Clone(r.names)
	}
	return nil
}

// Range is what a number that is picked from a range may be, as the form writes it: from, to, and by what steps. False
// for all other questions.
func (it *Item) Range() (from, to, step string, ok bool) {
	return it.x.Attr("start"), it.x.Attr("end"), it.x.Attr("step"), it.x.Control == "range"
}

// Media is what kind of file a question asks for, as the form says it: "image/*". "" where it does not say, and for all
// other questions.
func (it *Item) Media() string { return it.x.Attr("mediatype") }

// MayAdd reports whether people add rows to a repeat, and take them out; else the form counts them.
func (it *Item) MayAdd() bool { return !it.x.NoAddRemove && !it.x.HasCount() }

// AddRow adds an empty row to the repeat at a path. It returns the row's name within the draft, and the stored answers
// that the form filled in; "" when there is no such repeat, or it is full (xform.MaxInstances).
func (l *Filling) AddRow(repeat string) (row string, changed []string) {
	if !l.form.isRepeat(repeat) {
		return "", nil
	}
	ref, c, ok := l.s.AddRepeat(l.ref(repeat))
	if !ok {
		return "", nil
	}
	changed = l.follow(c)
	path, _ := l.pathOf(ref)
	return path[len(repeat)+1:], changed
}

// RemoveRow takes a row out, with all that is in it, and returns the stored answers elsewhere that differ now. Where the
// form says which rows there are, nobody takes any out.
func (l *Filling) RemoveRow(repeat, row string) (changed []string) {
	changed, _ = l.remove(repeat, row)
	return changed
}

func (l *Filling) remove(repeat, row string) (changed []string, ok bool) {
	i, ok := l.placeOf(repeat, row)
	if at, _ := l.form.place(repeat); !ok || at.node.fixed {
		return nil, false
	}
	path := repeat + "/" + row
	c, ok := l.s.RemoveRepeat(l.ref(path))
	if !ok {
		return nil, false
	}
	r := l.rows[repeat]
	r.set(slices.Delete(r.names, i, i+1))
	maps.DeleteFunc(l.rows, func(at string, _ *rows) bool { return within(at, path) })
	maps.DeleteFunc(l.sealed, func(at, _ string) bool { return within(at, path) })
	return l.follow(c), true
}

// Missing names the lists that are not here; what they would offer or check is left to people.
func (l *Filling) Missing() (names []string) {
	for _, src := range l.s.Missing() {
		names = append(names, listName(src))
	}
	return names
}

// vietnamese are the names of days and months.
var vietnamese = &xpath.Calendar{
	Months: [12]string{"tháng 1", "tháng 2", "tháng 3", "tháng 4", "tháng 5", "tháng 6", "tháng 7", "tháng 8", "tháng 9", "tháng 10", "tháng 11", "tháng 12"},
	Days:   [7]string{"Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"},
}
