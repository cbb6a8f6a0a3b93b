package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/dispatch"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

// What the officer types of a task stands in the form of the unit's follow-up of it, and is in its draft as in every form: a
// second behind the keys at most, naming what was on the screen when it was typed. What arrives meanwhile is shown where
// nothing was typed, and told of where something was.

// taskForm is the form of a follow-up as it was read beside the screen.
type taskForm struct {
	task string
	e    *Editor
	form *form.Form
}

// Form is the form in which the officer types about a task of the open directive; nil while it is not open.
func (ds *Directives) Form(task string) *Editor { return cmp.Or(ds.forms[task], ds.past[task]) }

// readForms reads the forms of the tasks: where the officer has a draft of a follow-up it is that one, else the latest. A
// task that is done is asked about no more, unless there is a draft.
func (a *App) readForms(ctx context.Context, me string, o *order) (all []taskForm, err error) {
	if o.unit == "" {
		return nil, nil
	}
	drafts, err := a.o.Notebook.Drafts(ctx) // those of the desk may be older than the form that was just left
	if err != nil {
		return nil, err
	}
	for i := range o.standing.Tasks {
		t := &o.standing.Tasks[i]
		e := &Editor{a: a, by: a.o.Notebook.Replica()}
		own := slices.IndexFunc(drafts, func(d notebook.Draft) bool { return d.Officer == me && slices.Contains(t.FollowUps, d.Of()) })
		switch {
		case own >= 0:
			e.draft = cloneDraft(drafts[own])
		case len(t.FollowUps) == 0 || t.Done != "":
			continue
		default:
			e.draft = notebook.Draft{Record: t.FollowUps[len(t.FollowUps)-1], Officer: me}
		}
		f, err := e.readFollowUp(ctx, o)
		switch {
		case errors.Is(err, errNoForm): // nothing can be written by this program
		case err != nil:
			return nil, err
		default:
			all = append(all, taskForm{t.Ref, e, f})
		}
	}
	return all, nil
}

// readFollowUp is read for the form of a follow-up: of the lists only what names its answers is made.
func (e *Editor) readFollowUp(ctx context.Context, o *order) (*form.Form, error) {
	if err := e.below(ctx); err != nil {
		return nil, err
	}
	f, err := e.choose()
	if err == nil {
		e.lists = answerLists(o, e.over(f)[dispatch.Evidence])
	}
	return f, err
}

// takeForms puts the forms that were read onto the page. What is being typed stays, over the record as it is now.
func (ds *Directives) takeForms(o *order, all []taskForm) error {
	for i := range all {
		x := &all[i]
		here := ds.forms[x.task]
		if here == nil {
			here = ds.a.underWay(func(d notebook.Draft) bool { return d.Of() == x.e.draft.Of() })
		}
		if here != nil && (here.Drafted() || !here.Written() || here.draft.Of() == x.e.draft.Of() && (here.pen.id != 0 || x.e.draft.ID == 0)) {
			ds.forms[x.task] = here
			continue
		}
		if err := x.e.open(x.form); err != nil {
			return err
		}
		x.e.ready()
		ds.forms[x.task] = x.e
	}
	for task, e := range ds.forms {
		if !slices.ContainsFunc(all, func(x taskForm) bool { return x.task == task }) && !e.Drafted() && e.Written() {
			delete(ds.forms, task) // it was done meanwhile
			continue
		}
		e.renew(o)
	}
	clear(ds.past)
	return nil
}

// renew puts the record as it is now below what was typed, which still replaces what was on the screen when it was typed.
func (e *Editor) renew(o *order) {
	v := o.followUps[e.draft.Of()]
	if v == nil || e.shown == nil || e.pen.ended || v.Sum() == e.shown.Sum() {
		return
	}
	e.shown, e.lists = v, answerLists(o, v.Text(dispatch.Evidence))
	e.reopen()
}

// again reads the open directive once more.
func (ds *Directives) again() {
	if !ds.opening.IsZero() {
		ds.Open(ds.opening)
	}
}

// leave keeps what was typed: the page goes off the screen, or another directive comes onto it.
func (ds *Directives) leave() {
	ds.round++
	clear(ds.past)
	for task, e := range ds.forms {
		delete(ds.forms, task)
		e.away()
	}
}

// holds reports whether a form is one of the page.
func (ds *Directives) holds(e *Editor) bool { _, ok := ds.taskOf(e); return ok }

func (ds *Directives) taskOf(e *Editor) (task string, ok bool) {
	for task, x := range ds.forms {
		if x == e {
			return task, true
		}
	}
	return "", false
}

// over opens another form in place of one whose draft has ended. It reports false for a form that is not on the page.
func (ds *Directives) over(e *Editor) bool {
	task, ok := ds.taskOf(e)
	if ok {
		ds.past[task] = e
		delete(ds.forms, task)
		ds.again()
	}
	return ok
}

// regain shows a draft again that was given up, and reports false where the page is not open on its task.
func (ds *Directives) regain(d *notebook.Draft) bool {
	if ds.a.page != PageDirectives || ds.open == nil ||
		!slices.ContainsFunc(ds.open.order.standing.Tasks, func(t dispatch.TaskStanding) bool { return slices.Contains(t.FollowUps, d.Of()) }) {
		return false
	}
	ds.again()
	return true
}

// reword says the forms in the language that holds now.
func (ds *Directives) reword() {
	for _, e := range ds.forms {
		e.reopen()
	}
	ds.refresh()
}

// Elsewhere is what the unit says stands in the way of a task where another follow-up says it than the one that is written
// on; "" where its entry shows it.
func (ds *Directives) Elsewhere(task string) string {
	t, e := ds.task(task), ds.forms[task]
	if t == nil || e == nil || e.shown == nil || t.Obstacle == e.shown.Text(dispatch.Obstacle) {
		return ""
	}
	return t.Obstacle
}

// OpenForm opens the whole form in which is typed about a task.
func (ds *Directives) OpenForm(task string) {
	e := ds.forms[task]
	if e == nil {
		return
	}
	e.pen.then = append(e.pen.then, func(err error) {
		if err == nil && ds.holds(e) {
			ds.leave()
			ds.again()                     // should the form not open
			ds.a.load(cloneDraft(e.draft)) // with all that there is to choose from
		}
	})
	e.save()
}

// Compare opens the answers to a task that stand side by side.
func (ds *Directives) Compare(task string) {
	if t := ds.task(task); t != nil {
		if v := apart(ds.open.order, t); v != nil {
			ds.a.compare(v.ID)
		}
	}
}

// apart is the follow-up of a task in which two answers wait for a choice; nil: none.
func apart(o *order, t *dispatch.TaskStanding) *record.View {
	for _, rec := range t.FollowUps {
		if v := o.followUps[rec]; v != nil && len(chooseable(v)) > 0 {
			return v
		}
	}
	return nil
}

// sayApart says what two people wrote differently of a task; "" when nothing.
func (a *App) sayApart(o *order, t *dispatch.TaskStanding) string {
	v := apart(o, t)
	if v == nil {
		return ""
	}
	var values []string
	for _, path := range []string{dispatch.Obstacle, dispatch.Progress} {
		if slices.Contains(chooseable(v), path) {
			for _, x := range v.Field(path) {
				values = append(values, a.T("ask.reason", "note", cmp.Or(x.Text, a.T("value.empty"))))
			}
		}
	}
	if len(values) == 0 {
		return a.T("ask.conflict")
	}
	return a.T("directive.apart", "values", strings.Join(values, " · "))
}

// sayFollowUp says what one machine said of a task: "Lò Thị May · máy 25 · 09:42: Đã tiếp nhận 17/11".
func (a *App) sayFollowUp(f *dispatch.FollowUp) string {
	who := a.T("who.you")
	if f.By.Officer != a.me.ID || f.By.Replica == record.Centre {
		who = a.nameOf(f.By.Officer, f.By.Replica, f.By.Time)
	}
	var said []string
	switch {
	case f.Done != "":
		said = append(said, a.T("directive.done", "day", viet.Date(f.Done)))
	case f.Accepted == dispatch.Yes:
		said = append(said, a.T("directive.accepted", "day", f.AcceptedAt.In(a.o.Zone).Format("02/01")))
	case f.Accepted == dispatch.No:
		said = append(said, a.T("directive.refused"))
	}
	if f.Progress != "" && f.Done == "" {
		said = append(said, a.T("directive.progress", "n", f.Progress))
	}
	if f.Obstacle != "" {
		said = append(said, a.T("directive.obstacle")+": "+f.Obstacle)
	}
	return join(who, a.T("machine", "n", strconv.Itoa(int(f.By.Replica))), a.clockTime(a.at(f.By.Time))) + ": " + join(said...)
}

// Report writes what stands in the entries of a task: how far it is, in percent (not asked where an indicator measures it),
// and what stands in the way.
func (ds *Directives) Report(task string) bool {
	return ds.write(task, map[string]string{dispatch.Accepted: dispatch.Yes})
}

// Refuse says that the unit cannot take a task on. Why stands in its entry.
func (ds *Directives) Refuse(task string) bool {
	return ds.write(task, map[string]string{dispatch.Accepted: dispatch.No})
}

// Done says that a task was done on a day (yyyy-mm-dd; empty: today), with what stands in its entries.
func (ds *Directives) Done(task, day string) bool {
	t, e := ds.task(task), ds.forms[task]
	if t == nil || e == nil {
		return false
	}
	set := map[string]string{dispatch.Accepted: dispatch.Yes, dispatch.DoneOn: cmp.Or(day, ds.a.now().Format(time.DateOnly))}
	if _, typed := e.draft.Values[dispatch.Progress]; !typed && t.Measure == "" {
		set[dispatch.Progress] = "100"
	}
	return ds.write(task, set)
}

// write finishes the draft of a task with what a button says besides; that replaces what is on the screen now.
func (ds *Directives) write(task string, set map[string]string) bool {
	a, e := ds.a, ds.forms[task]
	if ds.task(task) == nil || e == nil || e.pen.ended {
		return false
	}
	for path := range maps.Clone(e.draft.Values) {
		e.Leave(path)
	}
	values, today := e.over(e.Form()), a.now().Format(time.DateOnly)
	maps.DeleteFunc(set, func(path, value string) bool { return values[path] == value })
	if len(set) == 0 && !e.Drafted() {
		return true // it says so already
	}
	if values[dispatch.OccurredOn] != today {
		set[dispatch.OccurredOn] = today
	}
	written := maps.Clone(set)
	maps.Copy(written, e.draft.Values)
	maps.Copy(values, set)
	if trouble := a.troubleWith(e.Form(), ds.open.order, values, written); trouble != "" {
		a.toast(trouble, "", nil)
		return false
	}
	for path, value := range set {
		e.Set(path, value)
	}
	e.complete(false)
	return true
}

// Discard gives up what was typed of a task, and offers to bring it back.
func (ds *Directives) Discard(task string) {
	if e := ds.forms[task]; e != nil && e.Drafted() {
		e.Discard()
	}
}

// Drafted reports whether the draft says anything that the record does not.
func (e *Editor) Drafted() bool { return len(e.draft.Values)+len(e.draft.Dropped) > 0 }

// Meanwhile says what others wrote at a path after something was typed there; "" when nothing.
func (e *Editor) Meanwhile(path string) string {
	typed, drafted := e.draft.Values[path]
	if !drafted || e.shown == nil || e.sawShown(path) {
		return ""
	}
	var unseen []string
	for _, v := range e.shown.Field(path) {
		if v.Text != typed && !slices.Contains(e.draft.Saw[path], v.Dot) {
			unseen = append(unseen, e.T("ask.reason", "note", cmp.Or(e.a.say(e.filling, path, v.Text), e.T("value.empty"))))
		}
	}
	if len(unseen) == 0 {
		return ""
	}
	return e.T("directive.meanwhile", "values", strings.Join(unseen, " · "))
}

// Besides are the answers of the draft at other paths than these and the day of the update, which the program notes.
func (e *Editor) Besides(paths ...string) (lines []FieldLine) {
	values := maps.Clone(e.draft.Values)
	maps.DeleteFunc(values, func(path, _ string) bool { return path == dispatch.OccurredOn || slices.Contains(paths, path) })
	for _, x := range e.filling.InOrder(values) {
		lines = append(lines, FieldLine{Label: e.filling.LabelOf(x.Path), Value: e.a.say(e.filling, x.Path, x.Value)})
	}
	return lines
}
