package app

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/dispatch"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
)

// How the unit answers a directive by a button: each method of Directives below writes at once, checked by the form of
// follow-ups, and reports false when that does not take the answer; the toast says why. What is written replaces what was on
// the page. What is typed stands in forms (report.go).

// errNotHere: the directive is not here any more, or never was.
var errNotHere error = fault.New(fault.NotFound, "directive", nil)

// taskList is the list of tasks beside the form of follow-ups.
const taskList = "directive_tasks.csv"

// Accept takes a task on.
func (ds *Directives) Accept(task string) bool {
	return ds.answer(task, map[string]string{dispatch.Accepted: dispatch.Yes})
}

// AcceptAll takes on every task that was not answered yet.
func (ds *Directives) AcceptAll() bool {
	ok := ds.open != nil
	for i := 0; ok && i < len(ds.open.Tasks); i++ {
		if t := &ds.open.Tasks[i]; !t.Accepted && !t.Refused {
			ok = ds.Accept(t.Ref)
		}
	}
	return ok
}

// Link names a record that shows what was done for a task; Unlink takes it off.
func (ds *Directives) Link(task string, rec record.Dot) bool {
	return ds.linked(task, func(refs []string) []string { return append(refs, rec.String()) })
}

// Unlink takes a record off the evidence of a task.
func (ds *Directives) Unlink(task string, rec record.Dot) bool {
	return ds.linked(task, func(refs []string) []string {
		return slices.DeleteFunc(refs, func(r string) bool { return r == rec.String() })
	})
}

func (ds *Directives) linked(task string, alter func([]string) []string) bool {
	t := ds.task(task)
	if t == nil {
		return false
	}
	refs := alter(slices.Clone(t.Evidence))
	slices.Sort(refs)
	return ds.answer(task, map[string]string{dispatch.Evidence: strings.Join(slices.Compact(refs), " ")})
}

// task is a task of the open directive that this unit answers; nil when there is none.
func (ds *Directives) task(ref string) *dispatch.TaskStanding {
	if ds.open == nil || ds.open.order.unit == "" || ds.a.me.ID == "" {
		return nil
	}
	tasks := ds.open.order.standing.Tasks
	if i := slices.IndexFunc(tasks, func(t dispatch.TaskStanding) bool { return t.Ref == ref }); i >= 0 {
		return &tasks[i]
	}
	return nil
}

// answer writes what the unit says of a task.
func (ds *Directives) answer(task string, set map[string]string) bool {
	t, a := ds.task(task), ds.a
	if t == nil {
		return false
	}
	e, trouble := a.followUp(ds.open.order, t, set)
	if trouble != "" {
		a.toast(trouble, "", nil)
		return false
	}
	if len(e.Values) == 0 {
		return true // it says so already
	}
	rec := ds.open.Record
	a.run(func(ctx context.Context) func() {
		_, err := a.o.Notebook.Save(ctx, e)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			if ds.opening == rec {
				ds.Open(rec)
			}
		}
	})
	return true
}

// followUp makes what is to be written for a task, or says what the form has against it. It goes on in the unit's latest
// follow-up of the task, or begins one.
func (a *App) followUp(o *order, t *dispatch.TaskStanding, set map[string]string) (e notebook.Entry, trouble string) {
	e = notebook.Entry{Officer: a.me.ID, Urgent: true, Values: map[string]string{}, Saw: map[string][]record.Dot{}}
	f, ok := a.o.Forms.Library.Current(dispatch.FormFollowUp)
	values, today := map[string]string{dispatch.TaskOf: t.Ref}, a.now().Format(time.DateOnly)
	var shown *record.View
	if n := len(t.FollowUps); n > 0 {
		shown = o.followUps[t.FollowUps[n-1]]
		values = shown.Values()
		f, _, ok = a.o.Forms.Library.For(shown.Form, values)
		e.Record = shown.ID
	} else {
		e.Feed = ordinary(o.unit)
		maps.Copy(set, a.reception(o))
		set[dispatch.TaskOf] = t.Ref
	}
	if !ok {
		return e, a.T("form.unknown")
	}
	e.Form = f.Ref
	for path, value := range set {
		if values[path] != value || shown == nil {
			e.Values[path] = value
		}
	}
	if len(e.Values) > 0 && values[dispatch.OccurredOn] != today {
		e.Values[dispatch.OccurredOn] = today
	}
	for path := range e.Values {
		if shown != nil {
			e.Saw[path] = shown.Dots(path)
		} else if e.Values[path] == "" {
			delete(e.Values, path)
		}
	}
	maps.Copy(values, e.Values)
	return e, a.troubleWith(f, o, values, e.Values)
}

// troubleWith says what the form has against some of the values; "" when nothing.
func (a *App) troubleWith(f *form.Form, o *order, values, written map[string]string) string {
	l, err := f.Open(values, a.env(answerLists(o, values[dispatch.Evidence]), nil, o.unit))
	if err != nil {
		return a.sayFault(err).Message
	}
	for _, p := range l.Problems() {
		if _, ours := written[p.Path]; ours && blocks(p) {
			return l.LabelOf(p.Path) + ": " + p.Text.In(a.lang)
		}
	}
	return ""
}

// reception is what the program notes by itself in a follow-up that it begins: when the directive came, and that it was
// opened now.
func (a *App) reception(o *order) map[string]string {
	return map[string]string{dispatch.ReceivedAt: form.Moment(o.received), dispatch.ReadAt: form.Moment(a.now())}
}

// markRead begins the follow-ups of the tasks that have none.
func (a *App) markRead(ctx context.Context, me string, o *order) error {
	f, ok := a.o.Forms.Library.Current(dispatch.FormFollowUp)
	var entries []notebook.Entry
	for i := range o.standing.Tasks {
		if t := &o.standing.Tasks[i]; ok && len(t.FollowUps) == 0 {
			values := a.reception(o)
			values[dispatch.TaskOf], values[dispatch.OccurredOn] = t.Ref, a.now().Format(time.DateOnly)
			entries = append(entries, notebook.Entry{Form: f.Ref, Feed: ordinary(o.unit), Officer: me, Urgent: true, Values: values})
		}
	}
	if len(entries) == 0 {
		return nil
	}
	_, err := a.o.Notebook.Save(ctx, entries...) // the page is read again when the notebook says that it has changed
	return err
}

// tasks are the rows of the list of tasks: of the directives that are here. How far a measured one is, reports compute.
func (l *listing) tasks() ([][]string, error) {
	views, err := viewsOf(l.ctx, l.book, dispatch.FormDirective)
	var orders []*order
	for _, v := range views {
		orders = append(orders, &order{Directive: dispatch.ReadDirective(v)})
	}
	slices.SortFunc(orders, func(a, b *order) int { return b.Record.Compare(a.Record) })
	return taskRows(orders), err
}

// answerLists are the lists beside a follow-up of a directive: its tasks, and the records that are named.
func answerLists(o *order, evidence string) map[string][]byte {
	return map[string][]byte{taskList: encode(taskRows([]*order{o})), "records.csv": listOf(strings.Fields(evidence))}
}

func taskRows(orders []*order) [][]string {
	rows := [][]string{{"name", "label", "indicator", "progress"}}
	for _, o := range orders {
		for _, t := range o.Tasks {
			rows = append(rows, []string{t.Ref, join(o.Number, t.Text), t.Measure, ""})
		}
	}
	return rows
}

// listOf is a list of names that say themselves.
func listOf(names []string) []byte {
	rows := [][]string{{"name", "label"}}
	for _, n := range names {
		rows = append(rows, []string{n, n})
	}
	return encode(rows)
}
