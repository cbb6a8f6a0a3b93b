package app

import (
	"cmp"
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
)

// How a draft becomes durable, and how it ends.

// pen keeps the draft durable, one write at a time.
type pen struct {
	dirty   bool      // something typed is not in the notebook yet
	since   time.Time // of the first of it
	writing bool
	stop    func() // the timer of the next write; nil: none runs
	saved   time.Time
	trouble Trouble
	then    []func(error) // to be called after the next write
	ended   bool          // finished or given up: nothing is written any more
	id      notebook.DraftID
	run     *write // the write that runs, or ran last
}

// write is one write of a draft, beside the screen. What came of it is read after over is closed.
type write struct {
	over chan struct{}
	id   notebook.DraftID
	err  error
}

const (
	behindKeys = 700 * time.Millisecond // between a key and the write that keeps it
	writeAgain = 3 * time.Second        // after a write that failed
)

// touch notes that something was typed and sees to it that it is written soon.
func (e *Editor) touch() {
	e.a.Active()
	if !e.pen.dirty {
		e.pen.since = e.a.now()
	}
	e.pen.dirty = true
	if e.pen.stop == nil && !e.pen.writing {
		e.later(behindKeys)
	}
	if e.surveying != nil {
		e.surveySoon()
	}
	e.a.show(PartDraft | PartForm)
}

func (e *Editor) later(d time.Duration) {
	e.pen.stop = e.a.after(d, func() {
		e.pen.stop = nil
		e.save()
	})
}

// save writes the draft now, if there is anything to write; one write runs at a time.
func (e *Editor) save() {
	p := &e.pen
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
	if p.writing || p.ended {
		return
	}
	if !p.dirty {
		e.saved(nil)
		return
	}
	w := &write{over: make(chan struct{})}
	p.dirty, p.writing, p.run = false, true, w
	d := e.copyDraft()
	e.a.run(func(ctx context.Context) func() {
		w.id, w.err = e.a.o.Notebook.SaveDraft(context.WithoutCancel(ctx), d)
		close(w.over)
		return func() {
			p.writing = false
			e.wrote(w.err)
		}
	})
}

func (e *Editor) copyDraft() notebook.Draft {
	d := e.draft
	d.ID = e.pen.id
	d.Values, d.Saw, d.Dropped = maps.Clone(d.Values), maps.Clone(d.Saw), maps.Clone(d.Dropped)
	e.lock(&d)
	return d
}

// wrote takes the answer of a write. A failed one is tried again until it holds, also when the form was left meanwhile.
func (e *Editor) wrote(err error) {
	p := &e.pen
	switch {
	case err != nil:
		p.dirty, p.trouble = true, e.a.sayFault(err)
		if !p.ended {
			e.later(writeAgain)
		}
		if !e.onScreen() {
			e.a.warn(err) // on a locked screen too: whoever switches the machine off now loses words
		}
	default:
		p.saved, p.trouble = e.a.now(), Trouble{}
		p.id, e.draft.ID = p.run.id, p.run.id
		if p.dirty && !p.ended && (len(p.then) > 0 || !e.onScreen()) {
			e.save()
			return
		}
		if p.dirty && !p.ended { // the time that the write took is counted; the clock may have been set back meanwhile
			e.later(min(behindKeys, max(0, behindKeys-e.a.now().Sub(p.since))))
		}
	}
	if e.idle() {
		delete(e.a.ending, e)
	}
	e.saved(err)
	if e.onScreen() {
		e.a.show(PartDraft)
	}
}

func (e *Editor) saved(err error) {
	then := e.pen.then
	e.pen.then = nil
	for _, f := range then {
		f(err)
	}
}

// idle reports whether a form that was left is done with: all is durable, and no answer is being waited for.
func (e *Editor) idle() bool { return e.Written() && e.waits == 0 && (e.pen.ended || !e.isDrawing()) }

// beside does work beside the screen that may answer a question of the form. Until it is back, a draft that is left and opened again is
// this form, and no other is made of it: two would overwrite each other.
func (e *Editor) beside(work func(ctx context.Context) (then func())) {
	e.waits++
	e.a.run(func(ctx context.Context) func() {
		then := work(ctx)
		return func() {
			e.waits--
			then()
			if !e.onScreen() && e.idle() {
				delete(e.a.ending, e)
			}
		}
	})
}

// SaveAll writes every draft that is not durable yet, and says why one could not be written: that one stays as it is, and is tried again. It also
// says when a picture is still being taken in, which would be lost; soon after, that is over.
func (a *App) SaveAll() Trouble {
	open := maps.Clone(a.ending)
	for _, e := range a.openForms() {
		open[e] = true
	}
	var err error
	taking := false
	for e := range open {
		err = cmp.Or(e.lastSave(), err)
		taking = taking || e.taking > 0 && !e.pen.ended
	}
	switch {
	case err != nil:
		return a.sayFault(err)
	case taking:
		return Trouble{Message: a.T("photo.taking"), Next: a.T("photo.taking.next"), Code: string(fault.Busy)}
	}
	return Trouble{}
}

// lastSave writes what is left before the program ends, and waits for it.
func (e *Editor) lastSave() error {
	if err := e.lastDrawings(); err != nil {
		return err
	}
	p := &e.pen
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
	if p.writing {
		<-p.run.over
		if p.run.err == nil {
			p.id = p.run.id
		}
		p.dirty = p.dirty || p.run.err != nil
	}
	if !p.dirty || p.ended {
		return nil
	}
	id, err := e.a.o.Notebook.SaveDraft(context.WithoutCancel(e.a.ctx), e.copyDraft())
	if err != nil {
		p.dirty = true
		e.later(writeAgain)
		return err
	}
	p.id, e.draft.ID, p.dirty, p.saved = id, id, false, e.a.now()
	return nil
}

// Keep writes the draft at once and says so: Ctrl+S.
func (e *Editor) Keep() {
	e.pen.then = append(e.pen.then, func(err error) {
		if err != nil {
			e.a.toastTrouble(err)
			return
		}
		e.a.toast(e.DraftLine(), "", nil)
	})
	e.save()
}

// DraftLine says when the draft was last durable: "Đã lưu nháp 09:41:07".
func (e *Editor) DraftLine() string {
	if e.pen.saved.IsZero() {
		return e.a.T("form.untouched")
	}
	return e.a.T("form.saved", "time", e.pen.saved.Format("15:04:05"))
}

// DraftTrouble says why the draft could not be written; the program tries again by itself.
func (e *Editor) DraftTrouble() Trouble { return e.pen.trouble }

// Written reports whether everything typed is durable.
func (e *Editor) Written() bool { return !e.pen.dirty && !e.pen.writing }

// LeaveForm goes back to the list; the draft stays.
func (e *Editor) LeaveForm() { e.a.Go(PageRecords) }

func (a *App) forgetDraft(id notebook.DraftID) {
	kept := a.desk.drafts[:0:0]
	for _, d := range a.desk.drafts {
		if d.ID != id {
			kept = append(kept, d)
		}
	}
	a.desk.drafts = kept
}

// Discard gives the draft up, leaves the form, and offers to bring the draft back.
func (e *Editor) Discard() {
	if e.pen.writing {
		e.pen.then = append(e.pen.then, func(error) { e.Discard() })
		return
	}
	if e.pen.ended {
		return
	}
	e.pen.ended = true
	a, d := e.a, e.copyDraft()
	if e.pen.stop != nil {
		e.pen.stop()
		e.pen.stop = nil
	}
	a.forgetDraft(d.ID)
	if !a.Directives.holds(e) { // that page stays
		a.editor = nil
		a.Go(PageRecords)
	}
	if d.ID == 0 && len(d.Values)+len(d.Dropped) == 0 {
		return
	}
	a.run(func(ctx context.Context) func() {
		var err error
		if d.ID != 0 {
			err = a.o.Notebook.DropDraft(ctx, d.ID)
		}
		return func() {
			a.Directives.over(e)
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.toast(a.T("draft.dropped"), a.T("undo"), func() { a.unDrop(d) })
		}
	})
}

// unDrop brings a draft back and opens it.
func (a *App) unDrop(d notebook.Draft) {
	d.ID = 0
	a.run(func(ctx context.Context) func() {
		id, err := a.o.Notebook.SaveDraft(ctx, d)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			d.ID, d.Saved = id, a.now().UnixMilli()
			if !a.Directives.regain(&d) {
				a.load(d)
			}
		}
	})
}

// DraftCard is one draft that the officer may go on with.
type DraftCard struct {
	ID           notebook.DraftID
	Title, Saved string
}

// Drafts lists what the officer was writing, latest first.
func (a *App) Drafts() (cards []DraftCard) {
	for _, d := range a.desk.drafts {
		title := a.draftTitle(&d)
		if of := d.Of(); !of.IsZero() {
			title = a.T("draft.edit", "title", join(a.T("record.name", "name", humanName(a.desk.edited[of], of)), title))
		}
		t := a.at(d.Saved)
		cards = append(cards, DraftCard{d.ID, title, a.T("draft.at", "day", t.Format("02/01"), "time", t.Format("15:04:05"))})
	}
	return cards
}

// draftTitle names a draft by what is in it.
func (a *App) draftTitle(d *notebook.Draft) string {
	title := a.o.Forms.Library.Title(d.Form)
	kind, rest := title.In(a.lang), []string(nil)
	if f, ok := a.o.Forms.Library.Lookup(d.Form); ok {
		values := maps.Clone(d.Values)
		maps.DeleteFunc(values, func(path, value string) bool {
			field, ok := f.Field(path)
			return !ok || field.Sealed() || readsText(field) && strings.HasPrefix(value, unread)
		})
		if l, err := f.Open(values, a.env(nil, nil, d.Feed.Unit())); err == nil {
			kind, rest = parts(a.lang, title, l.Name())
		}
	}
	return join(append([]string{kind}, rest...)...)
}

// Offer is what to say about drafts on the list page after sign-in; empty when there are none.
func (a *App) Offer() string {
	if len(a.desk.drafts) == 0 {
		return ""
	}
	return a.T("draft.offer", "n", strconv.Itoa(len(a.desk.drafts)),
		"time", a.at(a.desk.drafts[0].Saved).Format("15:04:05"))
}

// ResumeLatest goes on with the latest draft.
func (a *App) ResumeLatest() {
	if len(a.desk.drafts) > 0 {
		a.Resume(a.desk.drafts[0].ID)
	}
}
