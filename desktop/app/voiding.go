package app

import (
	"context"

	"banlang/shared/record"
)

// How a record goes off the list, and how it comes back.

// Question is what the officer is asked before something is done that others will see.
type Question struct {
	Title, Text, Action string
	do                  func()
}

// Do does what was asked about.
func (q *Question) Do() { q.do() }

// Voiding is what is asked before the record beside the list is deleted; false: nothing is, and Delete does it. It is asked about a
// record that the centre has, and so others: what only this machine has goes at once.
func (a *App) Voiding() (q Question, ok bool) {
	d := a.detail
	if d == nil || d.Gone || d.Answered || d.view == nil || !d.isAtCentre() {
		return q, false
	}
	return Question{a.T("void.title", "name", d.Name, "title", join(d.Title, d.Sub)), a.T("void.text"), a.T("detail.delete"), func() { a.deleteRecord(d) }}, true
}

// isAtCentre reports whether the centre has the record, whatever was added to it since.
func (l *look) isAtCentre() bool {
	_, signed := l.signed[l.view.ID]
	return signed || l.line.Replica != l.a.o.Notebook.Replica()
}

// Delete takes what is beside the list off it, and offers to bring it back: a record, or the draft of one.
func (a *App) Delete() {
	d := a.detail
	switch {
	case d == nil || d.Gone || d.Answered || d.Key != a.List.chosen: // another one is on its way
	case d.Draft != 0:
		a.dropDraft(d.Draft)
	case d.view != nil:
		a.deleteRecord(d)
	}
}

func (a *App) deleteRecord(d *Detail) {
	me := a.me.ID
	a.run(func(ctx context.Context) func() {
		err := a.o.Notebook.Delete(ctx, me, d.view)
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.toast(a.T("deleted", "name", d.Name), a.T("undo"), func() { a.restore(d.Record) })
			a.leaveRow()
		}
	})
}

// voided says who deleted the record and when, and offers to bring it back.
func (d *Detail) voided() Notice {
	a, last := d.a, record.Value{}
	for _, v := range d.view.Field(record.PathLife) {
		if v.Text == record.LifeDeleted && v.Time >= last.Time {
			last = v
		}
	}
	return Notice{a.T("detail.voided", "who", a.whoWrote(&last), "time", a.clockTime(a.at(last.Time))), a.T("detail.restore"), Voided,
		func() { a.restore(d.Record) }}
}

func (a *App) restore(rec record.Dot) {
	me := a.me.ID
	a.run(func(ctx context.Context) func() {
		v, err := a.o.Notebook.View(ctx, rec)
		if err == nil {
			err = a.o.Notebook.Restore(ctx, me, v)
		}
		return func() {
			if err != nil {
				a.toastTrouble(err)
				return
			}
			a.showRecord(rec)
		}
	})
}
