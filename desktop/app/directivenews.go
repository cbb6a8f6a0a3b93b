package app

import (
	"context"
	"strconv"
	"time"

	"banlang/shared/dispatch"
)

// That directives came: it is said once, to whoever is signed in or signs in next.

// settingDirectivesTold keeps up to when the arrival of directives was told of.
const settingDirectivesTold = "directives told"

// readTold is up to when arrivals were told of. A notebook that has told of none yet begins now.
func (a *App) readTold(ctx context.Context) (time.Time, error) {
	kept, err := a.o.Notebook.Setting(ctx, settingDirectivesTold)
	if ms, bad := strconv.ParseInt(string(kept), 10, 64); bad == nil {
		return a.at(ms), err
	}
	return a.now(), err
}

// tell says which directives came for the unit that nobody was told of.
func (ds *Directives) tell(orders []*order, told time.Time) {
	a := ds.a
	if ds.told.IsZero() {
		ds.told = told
	}
	if a.me.ID == "" {
		return
	}
	var fresh []*order
	last := ds.told
	for _, o := range orders {
		if o.unit != "" && o.standing.Step == dispatch.StepNew && !o.received.Before(ds.told) {
			fresh, last = append(fresh, o), later(last, o.received.Add(time.Millisecond))
		}
	}
	if len(fresh) == 0 {
		return
	}
	ds.told = last
	a.run(func(ctx context.Context) func() {
		err := a.o.Notebook.PutSetting(ctx, settingDirectivesTold, strconv.AppendInt(nil, last.UnixMilli(), 10))
		return func() {
			if err != nil {
				a.toastTrouble(err)
			}
		}
	})
	text := a.T("directive.new", "title", join(fresh[0].Number, fresh[0].Subject))
	if n := len(fresh); n > 1 {
		text = a.T("directive.new.many", "n", strconv.Itoa(n))
	}
	rec := fresh[0].Record
	a.toast(text, a.T("directive.open"), func() { a.answer(rec) })
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
