package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/record"
)

// How a form is opened: with a record below and a draft over it, in the version that has a place for all of it.

// errNoForm: no version of a form is known to this program.
var errNoForm = errors.New("app: the form is not known here")

// load makes the form of a draft ready, with the record that it edits, and opens it.
func (a *App) load(d notebook.Draft) {
	e := &Editor{a: a, draft: d, by: a.o.Notebook.Replica()}
	lang := a.lang
	a.run(func(ctx context.Context) func() {
		f, err := e.read(ctx, lang)
		return func() {
			if err == nil {
				err = e.open(f)
			}
			switch {
			case d.Officer != a.me.ID: // the notebook was closed meanwhile
			case err == nil:
				a.edit(e)
				switch {
				case e.moved && len(e.draft.Values)+len(e.draft.Dropped) == 0:
					a.toast(a.T("anew.same", "name", humanName(e.by, e.draft.Of())), "", nil)
				case e.moved:
					a.toast(a.T("anew.moved", "name", humanName(e.by, e.draft.Of())), "", nil)
				}
				return
			case errors.Is(err, errNoForm):
				a.toast(a.T("form.unknown"), "", nil)
			default:
				a.toastTrouble(err)
			}
			a.startAt = ""
			a.show(PartPage)
		}
	})
}

// read reads the record of the draft, chooses the version of the form, and makes its lists. It runs beside the screen.
func (e *Editor) read(ctx context.Context, lang string) (*form.Form, error) {
	n := e.a.o.Notebook
	if err := e.below(ctx); err != nil {
		return nil, err
	}
	f, err := e.choose()
	if err != nil {
		return nil, err
	}
	made := listing{ctx: ctx, book: n, lang: lang, unit: e.a.o.Unit, units: e.a.units(), whole: true, but: e.draft.Record, called: e.a.called}
	e.lists, err = made.listsOf(f, maps.All(e.over(f)), e.a.o.Forms.Library)
	return f, err
}

// below reads the record of the draft: the one that it edits, or in whose place it is written. What would edit a record whose
// creation the centre does not count becomes a draft of the second kind.
func (e *Editor) below(ctx context.Context) error {
	n, rec := e.a.o.Notebook, e.draft.Of()
	if rec.IsZero() {
		return nil
	}
	v, err := n.View(ctx, rec)
	if err != nil {
		return err
	}
	if anew := latest(ctx, n, v); anew != v {
		changes, err := n.History(ctx, rec)
		if err != nil {
			return err
		}
		e.moveTo(anew, changes)
		v, rec = anew, anew.ID
	}
	if e.draft.Record == rec && uncounted(v) {
		granted, err := n.Feeds(ctx)
		if err != nil {
			return err
		}
		e.anew(v, granted)
	}
	if e.draft.Record != rec {
		e.instead = v
		return nil
	}
	e.shown = v
	lines, err := n.Lines(ctx, []record.Dot{rec})
	if err != nil {
		return err
	}
	if len(lines) == 1 {
		e.by = lines[0].Replica
	}
	if e.draft.ID == 0 && len(e.draft.Values)+len(e.draft.Dropped) == 0 {
		e.draft.Form = v.Form
	}
	return nil
}

// choose picks the version of the form: the current one if all that is there has its place in it.
func (e *Editor) choose() (*form.Form, error) {
	forms := e.a.o.Forms.Library
	own, ok := forms.Lookup(e.draft.Form)
	if !ok {
		if own, ok = forms.Current(e.draft.Form.ID); !ok {
			return nil, errNoForm
		}
	}
	if err := e.unlock(own); err != nil {
		return nil, err
	}
	f, misfits, ok := forms.For(e.draft.Form, e.readable(e.over(own)))
	if !ok {
		return nil, errNoForm
	}
	e.draft.Form, e.misfits = f.Ref, misfits
	return f, nil
}

// readable leaves out what was typed and cannot be read as its field wants: that is no matter of the version.
func (e *Editor) readable(values map[string]string) map[string]string {
	now, ok := e.a.o.Forms.Library.Current(e.draft.Form.ID)
	maps.DeleteFunc(values, func(path, value string) bool {
		if !ok || !strings.HasPrefix(value, unread) {
			return false
		}
		field, there := now.Field(path)
		return there && readsText(field)
	})
	return values
}

// open fills the form with the record and, over it, the draft.
func (e *Editor) open(f *form.Form) (err error) {
	env := e.a.env(e.lists, cmp.Or(e.shown, e.instead), e.Unit())
	env.Property, env.Creating = e.property, e.shown == nil
	if e.shown == nil {
		if e.filling, err = f.New(env); err != nil {
			return err
		}
		e.dropEmptyRows() // nobody has asked for them
		e.begun = e.filling.Answers()
	}
	e.stale, e.seen, e.touched = true, nil, e.shown != nil || len(e.draft.Values) > 0
	if e.touched {
		if e.filling, err = f.Open(e.over(f), env); err != nil {
			return err
		}
	}
	if e.plan == nil {
		e.plan, e.pictureFields = planOf(f.Items), map[string]bool{}
		walkItems(f.Items, func(it *form.Item) {
			if it.Type == form.Question && e.TakesPictures(it) {
				e.pictureFields[it.Field.Path] = true
			}
		})
	}
	return nil
}

// walkItems visits all items of a form, each before those in it.
func walkItems(items []*form.Item, visit func(it *form.Item)) {
	for _, it := range items {
		visit(it)
		walkItems(it.Items, visit)
	}
}

// reopen opens the form anew, after what is below the draft, the draft, or the language has changed by more than an
// answer.
func (e *Editor) reopen() {
	if err := e.open(e.Form()); err != nil {
		e.a.toastTrouble(err)
	}
}

// property is what a form may ask of the machine.
func (e *Editor) property(name string) string {
	switch name {
	case "username":
		return e.draft.Officer
	case "deviceid":
		return strconv.Itoa(int(e.a.o.Notebook.Replica()))
	}
	return ""
}

// unlock makes the answers of the draft readable that are to be sealed; lock undoes it in a copy that is to be kept.
func (e *Editor) unlock(f *form.Form) (err error) {
	e.draft.Values = maps.Clone(e.draft.Values)
	for path, value := range e.draft.Values {
		if field, ok := f.Field(path); ok && field.Sealed() && envelope.IsLocked(value) && e.a.o.Locker != nil {
			if e.draft.Values[path], err = e.a.o.Locker(e.draft.Officer).Unlock(path, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Editor) lock(d *notebook.Draft) {
	for path, value := range d.Values {
		if field, ok := e.Form().Field(path); ok && field.Sealed() && value != "" && e.a.o.Locker != nil {
			d.Values[path] = e.a.o.Locker(d.Officer).Lock(path, value)
		}
	}
}

func (a *App) edit(e *Editor) {
	a.leaveForm()
	e.ready()
	a.editor, a.choice, a.page = e, nil, PageForm
	a.show(PartPage)
}

// ready makes a form that was opened ready for a hand.
func (e *Editor) ready() {
	e.been, e.copied, e.pictures, e.drawings = map[string]bool{}, map[string]bool{}, map[string]*picture{}, map[string]*drawing{}
	e.pen.id = e.draft.ID
	if e.draft.Saved != 0 {
		e.pen.saved = e.a.at(e.draft.Saved)
	}
	if at := e.a.startAt; at != "" {
		e.been[at] = true // what is wrong is said at once
	}
}

// editRecord opens the form of a record: the officer's draft of it, if there is one; with the hand where its rejection points
// to. Of one in whose place another was written it opens that.
func (a *App) editRecord(rec record.Dot) {
	if a.goOn(func(d notebook.Draft) bool { return d.Of() == rec }) {
		return
	}
	me := a.me.ID
	a.run(func(ctx context.Context) func() {
		v, err := a.o.Notebook.View(ctx, rec)
		var changes []*record.Change
		anew := v
		if err == nil {
			anew = latest(ctx, a.o.Notebook, v)
			changes, err = a.o.Notebook.History(ctx, rec)
		}
		return func() {
			switch {
			case me != a.me.ID: // the notebook was closed meanwhile
			case err != nil:
				a.toastTrouble(err)
			case anew != v:
				a.editRecord(anew.ID)
			case addressed(changes, rec):
				a.answer(rec)
			default:
				if a.startAt == "" && len(v.Rejected) > 0 {
					l := &look{a: a, view: v, changes: changes}
					l.form, _ = a.o.Forms.Library.Lookup(v.Form)
					a.startAt, _ = l.wrong()
				}
				a.load(a.correction(v, changes))
			}
		}
	})
}

// uncounted reports whether the centre does not count the very creation of a record. No edit can mend that: what is put right
// is written as a new record.
func uncounted(v *record.View) bool {
	return slices.ContainsFunc(v.Rejected, func(r record.Verdict) bool { return r.Target == v.ID })
}

// editAt opens the form of a record with the hand at a question.
func (a *App) editAt(rec record.Dot, path string) {
	a.startAt = path
	a.editRecord(rec)
}

// StartAt is the question at which the hand begins in the form, told once; "" is the first.
func (e *Editor) StartAt() string {
	path := e.a.startAt
	e.a.startAt = ""
	return path
}
