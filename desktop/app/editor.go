package app

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// Editor is a form being filled in. There is no Save: every key goes into a draft, which is durable at most a second
// behind the hand. Nothing the officer typed is ever dropped, not even what the form cannot read.
//
// What he changes replaces what was on the screen when he changed it (decision 2). So the record below the form is not
// exchanged by itself when something arrives: the officer is told, and takes it over by a button.
//
// The answers on the screen are in the filling; those that he gave, or that the form filled in because of them, are in the
// draft too. What the form calculates is only ever shown (decision 3).
type Editor struct {
	a       *App
	filling *form.Filling
	draft   notebook.Draft
	shown   *record.View      // what is on the screen below the draft; nil: a new record
	instead *record.View      // the record in whose place a new one is written; nil: none
	by      record.ReplicaID  // the machine that created the record
	misfits []form.Misfit     // why the form is not the current version; none: it is
	lists   map[string][]byte // beside the form
	begun   map[string]string // what a new record begins with
	touched bool              // of a new record: what it begins with is in the draft
	from    string            // the name of the record with whose answers it was begun; "": none
	moved   bool              // the draft was one of another record, in whose place this one was written

	been   map[string]bool // paths that the officer has been in and left
	tried  bool            // to finish: from then on everything missing is shown
	newer  *record.View    // a later state of the record than the one on the screen
	nag    *Toast          // what this form said last; it goes with the form
	steps  []*step         // see Undo
	copied map[string]bool // answers that were copied from the last record and not touched since
	pen    pen
	waits  int // answers that are on their way: a place, a picture (beside)

	plan      []planned // the sections of the form
	stale     bool      // seen is older than the answers
	seen      *overview
	surveying func() // stops the timer after which seen is brought up to the answers; nil: none runs

	pictures      map[string]*picture // by path
	drawings      map[string]*drawing // by path; what is drawn in this form while it is open
	taking        int                 // pictures that are being taken in
	locating      map[string]bool     // paths for which the machine is asked where it stands
	atLast        func()              // to be called when all that is drawn is kept and all pictures are in; nil: nothing
	pictureFields map[string]bool     // templates of the questions that ask for a picture
}

// New opens an empty form.
func (a *App) New(formID string) {
	f, ok := a.o.Forms.Library.Current(formID)
	if !ok {
		a.show(PartPage) // it was retired meanwhile
		return
	}
	feeds := a.feedsFor(f.Compartment)
	if len(feeds) == 0 {
		a.toastTrouble(fault.WrongUnit)
		a.show(PartPage)
		return
	}
	a.load(notebook.Draft{Form: f.Ref, Feed: feeds[0], Officer: a.me.ID})
}

// Edit opens the form of the chosen record: the officer's draft of it, if there is one.
func (a *App) Edit() {
	switch d, k := a.detail, a.List.chosen; {
	case a.page == PageRecords && k.Draft == 0 && !k.Record.IsZero() && (d == nil || d.Key != k): // it is on its way beside the list
		a.editRecord(k.Record)
	case d == nil:
	case d.Draft != 0:
		a.Resume(d.Draft)
	case d.view != nil && d.Standing != Voided:
		a.editRecord(d.Record)
	}
}

// Resume opens a draft where it was left.
func (a *App) Resume(id notebook.DraftID) {
	a.goOn(func(d notebook.Draft) bool { return d.ID == id })
}

// goOn opens the first of the officer's drafts that is wanted: one still on its way to the disk as it is in memory.
func (a *App) goOn(wanted func(notebook.Draft) bool) bool {
	if e := a.underWay(wanted); e != nil {
		a.leaveForm()
		delete(a.ending, e)
		a.editor, a.choice, a.page = e, nil, PageForm
		a.show(PartPage)
		return true
	}
	for _, d := range a.desk.drafts {
		if wanted(d) {
			a.load(cloneDraft(d))
			return true
		}
	}
	return false
}

// underWay is the form of the officer that was left and whose draft is not all durable yet, or which an answer is on its way to; nil: there
// is none that is wanted.
func (a *App) underWay(wanted func(notebook.Draft) bool) *Editor {
	for e := range a.ending {
		if e.draft.Officer == a.me.ID && wanted(e.copyDraft()) {
			return e
		}
	}
	return nil
}

func cloneDraft(d notebook.Draft) notebook.Draft {
	d.Values, d.Saw, d.Dropped = maps.Clone(d.Values), maps.Clone(d.Saw), maps.Clone(d.Dropped)
	return d
}

// leaveForm keeps the draft of the form on the screen, if one is open, and closes the form.
func (a *App) leaveForm() {
	a.Asking.leave()
	a.Directives.leave()
	if e := a.editor; e != nil {
		a.editor = nil
		e.away()
	}
}

// away keeps the draft of a form that goes off the screen.
func (e *Editor) away() {
	a := e.a
	a.desk.stale = true
	if e.nag != nil && e.nag == a.toasted {
		a.EndToast()
	}
	if !e.idle() {
		a.ending[e] = true
	}
	e.save()
}

// openForms are the forms of which a question is on the screen.
func (a *App) openForms() []*Editor {
	all := append(slices.Collect(maps.Values(a.Directives.forms)), a.editor, a.Asking.mend)
	return slices.DeleteFunc(all, func(e *Editor) bool { return e == nil })
}

// onScreen reports whether the form, or a question of it, is on the screen.
func (e *Editor) onScreen() bool { return slices.Contains(e.a.openForms(), e) }

// Editor is the form being filled in; nil when none is open.
func (a *App) Editor() *Editor { return a.editor }

// Form is the version of the form that is being filled in.
func (e *Editor) Form() *form.Form { return e.filling.Form() }

// Title is what the form is called.
func (e *Editor) Title() string { return e.a.o.Forms.Library.Title(e.Form().Ref).In(e.a.lang) }

// Filling is what the form says now: to be read only. It is another after the form was opened anew.
func (e *Editor) Filling() *form.Filling { return e.filling }

// Language is that of the screen.
func (e *Editor) Language() string { return e.a.lang }

// T gives the text of a key.
func (e *Editor) T(key string, args ...string) string { return e.a.T(key, args...) }

// Name says which record is edited; "" for a new one.
func (e *Editor) Name() string {
	if e.shown == nil {
		return ""
	}
	return humanName(e.by, e.draft.Record)
}

// mostNamedMisfits bounds how many questions a line names.
const mostNamedMisfits = 3

// Version says why the form on the screen is not its current version; "" when it is.
func (e *Editor) Version() string {
	var labels []string
	for _, m := range e.misfits {
		if label := e.filling.LabelOf(m.Path); !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	if n := len(labels) - mostNamedMisfits; n > 0 {
		labels = append(labels[:mostNamedMisfits], e.T("did.more", "n", strconv.Itoa(n)))
	}
	now, ok := e.a.o.Forms.Library.Current(e.Form().ID())
	switch {
	case len(labels) == 0:
		return ""
	case ok && now.Ref == e.Form().Ref:
		return e.T("form.version.gone", "fields", strings.Join(labels, ", "))
	}
	return e.T("form.version.old", "fields", strings.Join(labels, ", "))
}

// over is what the record on the screen says, with the draft over it; rows that were taken out are left away.
func (e *Editor) over(f *form.Form) map[string]string {
	m := map[string]string{}
	if e.shown != nil {
		for i := range e.shown.Fields {
			if p := e.shown.Fields[i].Path; !record.IsSystem(p) && !record.IsNote(p) && !e.rowGone(f, p) {
				m[p] = e.shown.Text(p)
			}
		}
	}
	maps.Copy(m, e.draft.Values)
	return m
}

// Value is what a field holds, as the form stores it: a code, codes, a reference. For what was typed see Text.
func (e *Editor) Value(path string) string { return e.filling.Value(path) }

// Text is what stands in an entry.
func (e *Editor) Text(path string) string {
	f, ok := e.Form().Field(path)
	if !ok {
		return e.Value(path)
	}
	return written(f, e.Value(path))
}

// Say gives what stands at a path as people read it.
func (e *Editor) Say(path string) string {
	if e.filling.IsSealed(path) {
		return e.T("value.sealed")
	}
	return e.a.say(e.filling, path, e.Value(path))
}

// Type takes what stands in an entry after a key.
func (e *Editor) Type(path, typed string) {
	if f, ok := e.Form().Field(path); ok {
		e.set(path, e.kept(f, typed), true)
	}
}

// Holds reports whether what stands in an entry is what the field holds.
func (e *Editor) Holds(path, typed string) bool {
	f, ok := e.Form().Field(path)
	return !ok || e.kept(f, typed) == e.Value(path)
}

// Set takes the value of a field, and what the form fills in because of it. It replaces what was on the screen when the
// officer first changed it. Going back to what the record says takes the edit back, unless there is more than one answer to
// choose from. What is sealed cannot be cleared, only replaced.
func (e *Editor) Set(path, value string) { e.set(path, value, false) }

func (e *Editor) set(path, value string, typed bool) {
	if e.shown != nil && value == "" && envelope.IsSealed(e.shown.Text(path)) {
		value = e.shown.Text(path)
	}
	before := e.held(path)
	if e.pen.ended || value == before && !e.contested(path) {
		return
	}
	if !typed || !e.typing(path) {
		e.did(&step{path, typed, func() { e.put(path, before) }})
	}
	delete(e.copied, path)
	e.note(append(e.filling.Set(path, value), path)...)
	for _, row := range e.Form().Around(path) {
		delete(e.draft.Dropped, row) // who writes in a row that came back keeps it
	}
	e.touch()
}

// held is the value at a path as a record keeps it.
func (e *Editor) held(path string) string {
	if e.filling.IsSealed(path) {
		return e.shown.Text(path)
	}
	return e.filling.Value(path)
}

// note brings the draft up to the answers at some paths. What a new record begins with belongs to the draft from the first
// touch on.
func (e *Editor) note(paths ...string) {
	if !e.touched {
		e.touched = true
		for path, value := range e.begun {
			e.draft.Set(path, value, nil)
		}
	}
	for _, path := range paths {
		value := e.held(path)
		if e.shown != nil && value == e.shown.Text(path) && !e.contested(path) && e.sawShown(path) && !e.shown.RowHidden(path) {
			delete(e.draft.Values, path)
			delete(e.draft.Saw, path)
			continue
		}
		e.draft.Set(path, value, e.shown)
	}
	e.stale = true
}

func (e *Editor) contested(path string) bool {
	return e.shown != nil && len(e.shown.Field(path)) > 1
}

// sawShown reports whether the draft's edit of path, if there is one, replaces what the record on the screen says.
func (e *Editor) sawShown(path string) bool {
	_, ok := e.draft.Values[path]
	return !ok || slices.Equal(e.draft.Saw[path], e.shown.Dots(path))
}

// Leave notes that the officer has left a field: a day typed short is written out, and a problem with it may be shown.
func (e *Editor) Leave(path string) {
	if e.pen.ended {
		return
	}
	e.been[path], e.stale = true, true
	if f, ok := e.Form().Field(path); ok && readsText(f) {
		if typed, bad := strings.CutPrefix(e.Value(path), unread); bad {
			if value, ok := e.left(f, typed); ok {
				e.set(path, value, true)
			}
		}
	}
	e.endTyping()
	e.a.show(PartForm)
}

// Problem says what is wrong with a field, as far as it is time to say it; warning: it may stay so.
func (e *Editor) Problem(path string) (text string, warning bool) {
	e.overview()
	p, ok := e.problemAt(path)
	if !ok {
		return "", false
	}
	return e.sayProblem(p), !blocks(p)
}

// problemAt is what is known to be wrong with a field, as far as it is time to say it.
func (e *Editor) problemAt(path string) (p form.Problem, ok bool) {
	if !e.tried && !e.been[path] {
		return p, false
	}
	p, ok = e.seen.at[path]
	return p, ok && (e.tried || p.Rule != form.RuleRequired)
}

func (e *Editor) sayProblem(p form.Problem) string {
	if f, ok := e.Form().Field(p.Path); ok && f.Type == form.TypeDate && p.Rule == form.RuleType {
		return e.T("form.date.bad")
	}
	return p.Text.In(e.a.lang)
}

// blocks reports whether a record cannot be finished with a problem. An expression that cannot be computed here is not the
// officer's fault.
func blocks(p form.Problem) bool { return p.Rule != form.RuleExpression }

// Counts says how many of the required fields are filled in.
func (e *Editor) Counts() (filled, required int) {
	o := e.overview()
	return o.filled, o.required
}

// About says what the record is about, as far as it is typed: its name if it has one, its place and its day.
func (e *Editor) About() string {
	about := []string{e.Name()}
	switch {
	case e.shown != nil:
		about[0] = e.T("record.name", "name", about[0])
	case e.instead != nil:
		about[0] = e.T("anew.origin", "name", humanName(e.by, e.draft.Instead))
	case e.from != "":
		about[0] = e.T("copy.origin", "name", e.from)
	}
	for _, f := range e.Form().Fields() {
		if f.Declared.Holds == declared.HoldsVenue && f.Repeat == "" && f.Type == form.TypeChoice && e.filling.Value(f.Path) != "" {
			about = append(about, e.Say(f.Path))
			break
		}
	}
	if day := e.filling.EventDay(); day != "" {
		about = append(about, viet.Date(day))
	}
	return join(about...)
}

// Leftover are answers that the form does not ask for any more, as it stands, or has no place for. They stay in the draft;
// the finished record is without them.
func (e *Editor) Leftover() []FieldLine { return e.overview().leftover }

func (e *Editor) readLeftover() (lines []FieldLine) {
	left, asked := e.filling.Answers(), e.filling.Written()
	for path := range left {
		field, _ := e.Form().Field(path)
		_, drafted := e.draft.Values[path]
		own := drafted && left[path] != e.begun[path] || e.shown != nil && e.shown.Text(path) != ""
		if asked[path] != "" || !own || !field.Asked() || field.Sealed() {
			delete(left, path)
		}
	}
	maps.Copy(left, e.filling.Aside())
	for _, x := range e.filling.InOrder(left) {
		lines = append(lines, FieldLine{Label: e.filling.LabelOf(x.Path), Value: e.a.say(e.filling, x.Path, x.Value)})
	}
	return lines
}

// Units lists the units that a new record may be of; a record that exists stays where it is.
func (e *Editor) Units() (units []string) {
	if e.shown != nil {
		return nil
	}
	for _, f := range e.a.feedsFor(e.Form().Compartment) {
		units = append(units, f.Unit())
	}
	return units
}

// UnitNames are what people call units.
func (e *Editor) UnitNames(units []string) []string { return e.a.UnitNames(units) }

// Unit is the unit of the record being written.
func (e *Editor) Unit() string {
	if e.shown != nil {
		return unitOf(e.shown)
	}
	return e.draft.Feed.Unit()
}

// SetUnit chooses the unit of a new record.
func (e *Editor) SetUnit(unit string) {
	feed := record.NewFeed(unit, e.Form().Compartment)
	if e.shown == nil && feed != e.draft.Feed && slices.Contains(e.a.desk.feeds, feed) {
		e.draft.Feed = feed
		e.reopen() // the keys of another unit may be here
		if len(e.draft.Values) > 0 {
			e.touch()
		}
		e.a.show(PartForm)
	}
}

// look asks whether the record has changed below the form.
func (e *Editor) look() {
	if e.shown == nil {
		return
	}
	e.a.run(func(ctx context.Context) func() {
		v, err := e.a.o.Notebook.View(ctx, e.draft.Record)
		return func() {
			if err != nil || e.a.editor != e {
				return
			}
			e.newer = nil
			if v.Sum() != e.shown.Sum() {
				e.newer = v
			}
			e.a.show(PartDraft)
		}
	})
}

// Newer reports whether the record has changed since it came on the screen.
func (e *Editor) Newer() bool { return e.newer != nil }

// TakeNewer puts the record as it is now below the draft. What the officer has typed stays, and still replaces only what
// he saw.
func (e *Editor) TakeNewer() {
	if e.newer == nil {
		return
	}
	e.shown, e.newer = e.newer, nil
	e.reopen()
	e.a.show(PartPage)
}

// Now is the present moment on this machine.
func (e *Editor) Now() time.Time { return e.a.now() }
