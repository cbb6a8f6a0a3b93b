package app

import (
	"cmp"
	"context"
	"slices"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/form"
	"banlang/shared/record"
)

// How a record is put right that the centre cannot count: all that the rejected change said is written once more, by an edit
// that names it, and the one answer that is wrong stands beside the reason to be altered there. Where the centre does not count
// the creation, no edit can mend that, and a new record is written in place of the old one (Editor.anew).

// correction begins the draft that puts a record right: with the answers of the changes that were rejected. Naming those
// changes answers the rejection (record.View.Unanswered). What a field cannot read stands in it as it was written; what it
// cannot hold at all is left to be answered anew. Without anything rejected it is an empty draft.
func (a *App) correction(v *record.View, changes []*record.Change) notebook.Draft {
	d := notebook.Draft{Record: v.ID, Officer: a.me.ID}
	f, known := a.o.Forms.Library.Current(v.Form.ID)
	for _, c := range changes {
		asks := slices.ContainsFunc(v.Rejected, func(r record.Verdict) bool { return r.Target == c.Dot })
		if !asks || !known || c.Kind != record.KindEdit || c.Creates() || c.Body != record.BodyHere {
			continue
		}
		d.Form = v.Form
		for i := range c.Edits {
			e := &c.Edits[i]
			if record.IsSystem(e.Path) || record.IsNote(e.Path) || envelope.IsSealed(e.Value) {
				continue
			}
			d.Set(e.Path, toMend(f, e.Path, e.Value, v.Text(e.Path)), v)
			d.Saw[e.Path] = append(d.Saw[e.Path], c.Dot)
			slices.SortFunc(d.Saw[e.Path], record.Dot.Compare)
		}
	}
	return d
}

// toMend is a value as it stands in a form in which it is to be put right: what the field cannot read as it was written, what
// it cannot hold at all as the record has it otherwise.
func toMend(f *form.Form, path, value, otherwise string) string {
	field, ok := f.Field(path)
	switch {
	case !ok || f.CheckValue(path, value) == nil:
		return value
	case readsText(field):
		return unread + value
	case field.Type == form.TypeText:
		return value
	case value == otherwise:
		return ""
	}
	return otherwise
}

// anew makes the draft that of a record to be written in place of the one that it would edit (v, as this machine shows it):
// with all that this one says, and what was typed over it. What the centre wrote into it, it writes again by itself. What is
// sealed nobody here can read, so it is to be answered once more.
func (e *Editor) anew(v *record.View, granted []record.Feed) {
	d := notebook.Draft{ID: e.draft.ID, Instead: v.ID, Covers: v.Live(""), Form: v.Form, Officer: e.draft.Officer, Saved: e.draft.Saved}
	f, ok := e.a.o.Forms.Library.Current(v.Form.ID)
	if !ok {
		f, ok = e.a.o.Forms.Library.Lookup(v.Form)
	}
	if !ok {
		return // no form is known, and none will be opened
	}
	for path, value := range v.Values() {
		if v.Field(path)[0].Replica != record.Centre && !envelope.IsSealed(value) {
			d.Set(path, toMend(f, path, value, value), nil)
		}
	}
	for path, value := range e.draft.Values {
		d.Set(path, value, nil)
	}
	for row := range e.draft.Dropped {
		d.DropRow(row, nil)
	}
	d.Feed = v.Home()
	of := slices.DeleteFunc(slices.Clone(granted), func(x record.Feed) bool { return x.Compartment() != f.Compartment })
	if !slices.Contains(of, d.Feed) && len(of) > 0 {
		d.Feed = of[0]
	}
	e.draft = d
}

// mostAnew is how many records written in place of each other are followed; more, or a ring of them, only a broken machine writes.
const mostAnew = 8

// latest is the record that counts in place of one that was written anew; the record itself where it was not, or the other one is not
// here.
func latest(ctx context.Context, n Reader, v *record.View) *record.View {
	last := v
	for range mostAnew {
		if !last.Replaced() {
			return last
		}
		anew, err := n.View(ctx, last.Anew())
		if err != nil || !anew.Created {
			return last
		}
		last = anew
	}
	return v
}

// mendable is the question of a record whose answer can be altered beside the reason; "" where the form must be opened.
func (l *look) mendable() string {
	path, _ := l.wrong()
	if path == "" || l.filling == nil || l.isSealed(path) || !l.filling.Relevant(path) {
		return ""
	}
	return path
}

// prepare opens the form of the chosen record behind its reason, where one answer is all that must be altered; what was being
// altered in another is kept.
func (k *Asking) prepare() {
	a, i := k.a, k.Chosen()
	if i >= 0 && k.mend != nil && k.mend.draft.Of() == k.rows[i].Record {
		return
	}
	k.leave()
	if i < 0 || k.rows[i].Standing != NeedsAttention || k.rows[i].look.mendable() == "" {
		return
	}
	rec, l, lang := k.rows[i].Record, k.rows[i].look, a.lang
	of := func(d notebook.Draft) bool { return d.Of() == rec }
	if e := a.underWay(of); e != nil {
		k.mend = e
		return
	}
	e := &Editor{a: a, draft: a.correction(l.view, l.changes), by: a.o.Notebook.Replica()}
	if j := slices.IndexFunc(a.desk.drafts, of); j >= 0 {
		e.draft = cloneDraft(a.desk.drafts[j])
	}
	a.run(func(ctx context.Context) func() {
		f, err := e.read(ctx, lang)
		return func() {
			if err == nil {
				err = e.open(f)
			}
			if err != nil || k.chosen != rec || a.page != PageAsking || k.mend != nil {
				return // the form itself can be opened
			}
			e.ready()
			e.been[l.mendable()] = true // what is wrong is said at once
			k.mend = e
			a.show(PartList)
		}
	})
}

// leave keeps what was altered.
func (k *Asking) leave() {
	if e := k.mend; e != nil {
		k.mend = nil
		e.away()
	}
}

// Mend is the form of the chosen record and the question in it that can be altered beside the reason; nil where the form must
// be opened.
func (k *Asking) Mend() (e *Editor, path string) {
	i := k.Chosen()
	if i < 0 || k.mend == nil || k.mend.draft.Of() != k.rows[i].Record {
		return nil, ""
	}
	return k.mend, k.rows[i].look.mendable()
}

// Resend writes the correction. Where something else must be put right first, the form is opened there; it reports false where
// it is the answer on the screen.
func (k *Asking) Resend() bool {
	e, path := k.Mend()
	if e == nil || e.Finish(false) || e.First() == "" {
		return true
	}
	if e.First() == path {
		return false
	}
	k.a.startAt = e.First()
	k.OpenForm()
	return true
}

// OpenForm opens the whole form of what is being put right, with the hand at what is wrong.
func (k *Asking) OpenForm() {
	a, e := k.a, k.mend
	_, path := k.Mend()
	a.startAt = cmp.Or(a.startAt, path)
	a.leaveForm()
	a.editor, a.choice, a.page = e, nil, PageForm
	a.show(PartPage)
}

// show opens the page with a record chosen.
func (k *Asking) show(rec record.Dot) {
	k.chosen = rec
	k.a.Go(PageAsking)
}
