package app

import (
	"context"
	"errors"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/record"
)

// Today is the page that opens after sign-in: what waits for the officer, the worst first, each in one sentence with one
// thing to do.
type Today struct {
	a     *App
	todos []Todo
	more  int // that wait beyond those listed
	ready bool

	reading turns
}

// TodoKind says what sort of thing waits.
type TodoKind uint8

// The kinds, the worst first.
const (
	TodoConflict  TodoKind = iota // two people wrote differently
	TodoAttention                 // the centre asks for a correction
	TodoReturned                  // the centre has sent it back
	TodoDraft                     // something was begun
)

// Todo is one thing that waits.
type Todo struct {
	Kind               TodoKind
	Title, Sub, Action string
	do                 func()
}

// Do does what the row offers.
func (t *Todo) Do() { t.do() }

// mostTodos of each kind are listed; the rest is counted.
const mostTodos = 6

// Todos lists what waits; more counts what is not listed. Ready reports whether it has been read.
func (t *Today) Todos() (todos []Todo, more int, ready bool) {
	todos = append(todos, t.todos...)
	for i, d := range t.a.Drafts() {
		if i >= mostTodos {
			return todos, t.more + len(t.a.desk.drafts) - i, t.ready
		}
		todos = append(todos, Todo{Kind: TodoDraft, Title: t.a.T("today.draft", "title", d.Title), Sub: d.Saved,
			Action: t.a.T("draft.resume"), do: func() { t.a.Resume(d.ID) }})
	}
	return todos, t.more, t.ready
}

// ShowRest goes to what is not listed.
func (t *Today) ShowRest() {
	if t.more > 0 {
		t.a.Go(PageAsking)
		return
	}
	t.a.List.SetState(HasDraft)
	t.a.Go(PageRecords)
}

// weekdays are the texts of the days, long and short, Sunday first.
var (
	weekdays      = [...]string{"weekday.0", "weekday.1", "weekday.2", "weekday.3", "weekday.4", "weekday.5", "weekday.6"}
	shortWeekdays = [...]string{"weekday.short.0", "weekday.short.1", "weekday.short.2", "weekday.short.3", "weekday.short.4",
		"weekday.short.5", "weekday.short.6"}
)

// Heading names the day: "Hôm nay, thứ Năm 19/11".
func (t *Today) Heading() string {
	now := t.a.now()
	return t.a.T("today.title", "weekday", t.a.T(weekdays[now.Weekday()]), "day", now.Format("02/01"))
}

// load reads what waits, beside the screen.
func (t *Today) load() {
	a, lang := t.a, t.a.lang
	if !a.Open() || !t.reading.begin() {
		return
	}
	a.run(func(ctx context.Context) func() {
		conflicts, err := a.waiting(ctx, lang, notebook.StateConflict)
		attention, err2 := a.waiting(ctx, lang, notebook.StateAttention)
		returned, err3 := a.waiting(ctx, lang, notebook.StateReturned)
		return func() {
			defer t.reading.end(t.load)
			if errors.Join(err, err2, err3) != nil {
				return // it is read again after the next change; what is on the screen stays
			}
			t.todos, t.ready = nil, true
			for _, l := range conflicts.looks {
				if l.asked() == 0 {
					t.todos = append(t.todos, t.conflict(l))
				}
			}
			for _, l := range attention.looks {
				t.todos = append(t.todos, t.attention(l))
			}
			for _, l := range returned.looks {
				t.todos = append(t.todos, t.returned(l))
			}
			for _, l := range conflicts.looks {
				if l.asked() != 0 {
					t.todos = append(t.todos, t.conflict(l))
				}
			}
			t.more = conflicts.more + attention.more + returned.more
			a.show(PartList)
		}
	})
}

// waiters are records that wait for somebody.
type waiters struct {
	looks []*look
	more  int
}

func (a *App) waiting(ctx context.Context, lang string, s notebook.State) (w waiters, err error) {
	recs, err := a.o.Notebook.Search(ctx, notebook.Query{State: s, Limit: mostCounted})
	if err != nil {
		return w, err
	}
	for i, rec := range recs {
		if i == mostTodos {
			w.more = len(recs) - i
			break
		}
		l, err := a.readLook(ctx, lang, rec)
		if err != nil {
			return w, err
		}
		w.looks = append(w.looks, l)
	}
	return w, nil
}

// named is what a record is called in a sentence.
func (l *look) named() string {
	l.open()
	kind, rest := l.names()
	title := join(kind, l.place())
	if l.place() == "" && len(rest) > 0 {
		title = join(kind, rest[0])
	}
	return title
}

func (t *Today) conflict(l *look) Todo {
	a, rec := t.a, l.line.Record
	todo := Todo{Kind: TodoConflict, Title: a.T("today.conflict", "title", l.named()), Action: a.T("today.choose"), do: func() { a.compare(rec) }}
	paths := chooseable(l.view)
	switch {
	case len(paths) == 0:
		todo.Sub = a.T("today.unlost")
	case paths[0] == record.PathLife:
		todo.Sub = a.T("conflict.deleted")
	case l.asked() != 0:
		todo.Sub = a.T("today.asked", "time", a.clockTime(a.at(l.asked())))
	case l.question() != "":
		todo.Sub = l.question()
	default:
		answer, _ := l.answer(paths[0], l.label(paths[0]))
		todo.Sub = a.T("today.answers", "field", answer.Label, "value", short(answer.Value), "other", answer.Other)
	}
	return todo
}

func (t *Today) attention(l *look) Todo {
	a, rec := t.a, l.line.Record
	todo := Todo{Kind: TodoAttention, Title: a.T("today.attention", "title", l.named()), Action: a.T("detail.edit"), do: func() { a.Asking.show(rec) }}
	if len(l.view.Rejected) > 0 {
		todo.Sub = a.sayReason(l.view.Rejected[0].Reason)
	}
	return todo
}

func (t *Today) returned(l *look) Todo {
	a, rec, r := t.a, l.line.Record, l.view.Review()
	return Todo{Kind: TodoReturned, Title: a.T("today.returned", "title", l.named()), Sub: a.sayReview("today.reason", &r), Action: a.T("detail.edit"),
		do: func() { a.editRecord(rec) }}
}

// weekStart is the Monday of the week of a moment.
func weekStart(t time.Time) time.Time {
	back := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-back, 0, 0, 0, 0, t.Location())
}
