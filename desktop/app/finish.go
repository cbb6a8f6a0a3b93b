package app

import (
	"context"
	"slices"
	"strconv"

	"banlang/desktop/notebook"
	"banlang/shared/record"
)

// How a form is finished: a draft becomes a change.

// urgentForms are those whose records overtake all others on their way (decision 11), and urgent the answer that makes any
// record do so.
var urgentForms = []string{"flash_report", "directive", "directive_followup"}

const (
	urgency = "urgency"
	urgent  = "hoa_toc"
)

// First is the path of the first thing that must be put right before the form can be finished; "" when nothing is.
func (e *Editor) First() string {
	for _, p := range e.survey().problems {
		if blocks(p) {
			return p.Path
		}
	}
	return ""
}

// Missing counts the places that must be put right.
func (e *Editor) Missing() (n int) {
	for _, p := range e.survey().problems {
		if blocks(p) {
			n++
		}
	}
	return n
}

// Finish turns the draft into a change. When something is missing it says where, in every field, and reports false.
func (e *Editor) Finish(next bool) bool {
	if e.coming() { // then the last stroke, or a picture, is on its way
		e.atLast = func() { e.Finish(next) }
		if e.taking > 0 {
			e.a.Tell("photo.taking")
			e.nag = e.a.toasted
		}
		return true
	}
	e.tried, e.stale = true, true
	if changed := e.dropEmptyRows(); len(changed) > 0 {
		e.note(changed...)
		e.touch()
	}
	if n := e.Missing(); n > 0 {
		e.a.toast(e.a.T("form.leftover", "n", strconv.Itoa(n)), "", nil)
		e.nag = e.a.toasted
		e.a.show(PartForm)
		return false
	}
	if !e.Drafted() {
		e.a.toast(e.a.T("form.nothing"), "", nil)
		e.nag = e.a.toasted
		return false
	}
	e.complete(next)
	return true
}

// coming reports whether strokes or pictures are not in the draft yet that finishing waits for.
func (e *Editor) coming() bool { return e.isDrawing() || e.taking > 0 }

// arrived goes on with finishing when that waited for the last stroke or picture.
func (e *Editor) arrived() {
	if then := e.atLast; then != nil && !e.pen.ended && !e.coming() {
		e.atLast = nil
		then()
	}
}

// complete makes a draft durable that was found right, and turns it into a change.
func (e *Editor) complete(next bool) {
	if changed := e.filling.Finish(); len(changed) > 0 {
		e.note(changed...)
		e.pen.dirty = true
	}
	if e.pen.id == 0 || e.instead != nil || e.moved {
		e.pen.dirty = true // finished from a draft, always, and one that says the same
	}
	e.pen.then = append(e.pen.then, func(err error) {
		switch {
		case err != nil || e.pen.dirty:
		case e.coming(): // begun meanwhile
			e.Finish(next)
		default:
			e.finalize(next)
		}
	})
	e.save()
}

// entry is what finishing writes: the draft without the answers that are not asked, and what the form filled in by itself
// that the record does not say. Those too replace what is on the screen, and nothing else. The notebook seals what is to be
// sealed.
func (e *Editor) entry() notebook.Entry {
	en := e.draft.Entry()
	asked := e.filling.Written()
	for path, value := range e.draft.Values {
		if value != "" && asked[path] == "" {
			delete(en.Values, path)
			delete(en.Saw, path)
		}
	}
	own := notebook.Draft{Values: en.Values, Saw: en.Saw}
	for path, value := range asked {
		_, drafted := e.draft.Values[path]
		if !drafted && (e.shown == nil || value != e.shown.Text(path)) {
			own.Set(path, value, e.shown)
		}
	}
	en.Values, en.Saw = own.Values, own.Saw
	en.Urgent = slices.Contains(urgentForms, e.Form().ID()) || e.Value(urgency) == urgent
	return en
}

func (e *Editor) finalize(next bool) {
	if e.pen.ended {
		return
	}
	e.pen.ended = true
	id, en := e.pen.id, e.entry()
	e.a.run(func(ctx context.Context) func() {
		rec, err := e.a.o.Notebook.Finalize(ctx, id, en)
		return func() {
			if err != nil {
				e.pen.ended = false
				e.pen.trouble = e.a.sayFault(err)
				e.a.show(PartDraft)
				return
			}
			e.finished(rec, next)
		}
	})
}

func (e *Editor) finished(rec record.Dot, next bool) {
	a, there := e.a, e.a.editor == e
	a.forgetDraft(e.pen.id)
	delete(a.ending, e)
	kind, _ := parts(a.lang, a.o.Forms.Library.Title(e.Form().Ref), e.filling.Name())
	done := "form.finished"
	if e.Reviewed() != AnyStanding {
		done = "form.finished.over"
	}
	if e.instead != nil {
		done = "form.finished.anew"
	}
	if a.Directives.holds(e) {
		done = "directive.written"
	}
	said := a.T(done, "title", kind, "name", humanName(e.by, rec), "before", humanName(e.by, e.draft.Instead))
	stays := toastStays
	if len(e.locating) > 0 {
		said, stays = said+" "+a.T("form.finished.noplace"), troubleStays
	}
	a.tellOf(stays, said, "", nil)
	if a.Asking.mend == e {
		a.Asking.mend = nil
		a.Asking.load()
		return
	}
	if a.Directives.over(e) || !there {
		return
	}
	a.editor = nil
	if next {
		a.page = PageNew // should the next form not open
		a.New(e.Form().ID())
		return
	}
	a.showRecord(rec)
}
