package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"banlang/desktop/app"
	"banlang/desktop/ui/formui"
	"banlang/desktop/ui/kit"
	"banlang/shared/dispatch"
)

// taskForm is where the officer types about a task of a directive: questions of its follow-up, what arrived meanwhile, how the
// draft stands, and the buttons that write it.
type taskForm struct {
	p    *directivesPage
	e    *app.Editor
	task string
	asks []string
	form *formui.Form
	body fyne.CanvasObject
	told *kit.Para // what arrived, and what else is in the draft
	kept *kit.Para // when the draft was last durable, or why it is not
	give *kit.Button
	open *kit.Button
	foot *fyne.Container // kept, open and give, while there is a draft

	report, refuse, finish *kit.Button
	end                    *kit.Button // report or refuse: behind the last entry
}

// formOf is the form of a task, made anew where it is another one or other questions are asked; nil while there is none.
func (p *directivesPage) formOf(t *app.DirectiveTask) *taskForm {
	ds, before := p.w.m.Directives, p.forms[t.Ref]
	e, asks := ds.Form(t.Ref), []string{dispatch.Obstacle}
	if t.Accepted {
		asks = []string{dispatch.Progress, dispatch.Obstacle}
	}
	if e == nil {
		return nil
	}
	if before != nil && before.e == e && slices.Equal(before.asks, asks) {
		return before
	}
	m := p.w.m
	f := &taskForm{p: p, e: e, task: t.Ref, asks: asks, told: kit.NewPara("", kit.Small), kept: kit.NewPara("", kit.Small)}
	f.report = kit.NewButton(m.T("directive.report"), nil, func() { f.write(ds.Report) })
	f.refuse = kit.NewButton(m.T("directive.refuse"), nil, func() { f.write(ds.Refuse) })
	f.finish = kit.NewButton(m.T("directive.finish"), theme.ConfirmIcon(), func() {
		f.write(func(task string) bool { return ds.Done(task, "") })
	})
	f.give = kit.NewButton(m.T("form.discard"), theme.DeleteIcon(), func() { ds.Discard(t.Ref) }).As(kit.Danger)
	f.open = kit.NewButton(m.T("ask.form"), nil, func() { ds.OpenForm(t.Ref) })
	f.foot = kit.Row(8, 0, f.kept, f.open, f.give)
	f.end = f.refuse
	if t.Accepted {
		f.end = f.report
	}
	f.form, f.body = formui.Only(e, p.w.keys, p.w.win.Canvas(), p.right, func() { p.w.win.Canvas().Focus(f.end) }, asks...)
	if f.form == nil {
		return nil
	}
	f.form.OnEscape = p.w.escape
	return f
}

// write does what a button says with what is typed, or goes to what keeps it from being written.
func (f *taskForm) write(do func(task string) bool) {
	if do(f.task) {
		return
	}
	for _, path := range f.asks {
		if text, _ := f.e.Problem(path); text != "" {
			f.form.Focus(path)
			return
		}
	}
}

// has reports whether the hand is in the form, or at one of its buttons.
func (f *taskForm) has() bool {
	b, ok := f.p.w.win.Canvas().Focused().(*kit.Button)
	return f.form.Here() != "" || ok && slices.Contains([]*kit.Button{f.report, f.refuse, f.finish, f.give, f.open}, b)
}

// draw brings the form up to what is typed, and reports whether it takes another room than before.
func (f *taskForm) draw() (changed bool) {
	m := f.p.w.m
	f.form.Refresh()
	var told, besides []string
	for _, path := range f.asks {
		if text := f.e.Meanwhile(path); text != "" {
			told = append(told, text)
		}
	}
	for _, x := range f.e.Besides(f.asks...) {
		besides = append(besides, x.Label+": "+x.Value)
	}
	if len(besides) > 0 {
		told = append(told, m.T("directive.besides", "values", strings.Join(besides, " · ")))
	}
	kept, style := f.e.DraftLine(), kit.Small
	switch t := f.e.DraftTrouble(); {
	case t.Some():
		kept, style = m.T("form.notsafe")+" "+t.Message+" "+m.T("sync.todo", "hint", t.Next)+" ("+t.Code+")", kit.Error
	case !f.e.Written():
		kept = m.T("form.saving")
	}
	changed = say(f.told, strings.Join(told, "\n"), kit.Small.Strong().In(kit.ColorConflict))
	changed = say(f.kept, kept, style) || changed
	changed = stand(f.open, len(besides) > 0) || changed
	return stand(f.foot, f.e.Drafted()) || changed
}

// say shows a text where there is any, and reports whether it takes another room than before.
func say(p *kit.Para, text string, style kit.Style) (changed bool) {
	changed = stand(p, text != "")
	if text == p.Text() {
		return changed
	}
	before := p.Text()
	p.Set(text, style)
	return changed || len(before)+len(text) > 60
}

// stand shows or hides an object, and reports whether it did.
func stand(o fyne.CanvasObject, shown bool) (changed bool) {
	changed = shown != o.Visible()
	show(o, shown)
	return changed
}

// drawForms brings the forms up to what is typed.
func (p *directivesPage) drawForms() {
	changed := false
	for _, f := range p.forms {
		changed = f.draw() || changed
	}
	if changed {
		p.right.Relay()
	}
}

// answering is what may be said of a task.
func (p *directivesPage) answering(d *app.Directive, t *app.DirectiveTask, only bool) (objects []fyne.CanvasObject) {
	m, ds, f := p.w.m, p.w.m.Directives, p.formOf(t)
	if f != nil {
		p.next[t.Ref] = f
		f.draw()
		objects = append(objects, f.body, f.told)
	}
	var buttons []fyne.CanvasObject
	if !t.Accepted {
		accept := kit.NewButton(m.T("directive.accept"), theme.ConfirmIcon(), func() { ds.Accept(t.Ref) })
		if only {
			accept.As(kit.Primary)
		}
		buttons = append(buttons, accept)
	}
	if f != nil {
		buttons = append(buttons, f.end)
	}
	if f != nil && t.Accepted && !t.Done {
		buttons = append(buttons, f.finish)
	}
	if len(d.Newest) > 0 && t.Accepted && !t.Done {
		var titles []string
		for _, e := range d.Newest {
			titles = append(titles, e.Title)
		}
		objects = append(objects, kit.NewChoose(titles, -1, m.T("directive.link"), func(i int) { ds.Link(t.Ref, d.Newest[i].Record) }))
	}
	if f != nil {
		return append(objects, kit.Row(8, -1, buttons...), f.foot)
	}
	return append(objects, kit.Row(8, -1, buttons...))
}

// atHand does something with the form in which the hand is.
func (p *directivesPage) atHand(do func(f *taskForm)) {
	for _, f := range p.forms {
		if f.has() {
			do(f)
		}
	}
}

// act takes the next step: it writes the task in which the hand is, and else takes on what was not answered yet.
func (p *directivesPage) act() {
	for _, f := range p.forms {
		if f.has() && f.end == f.report {
			f.write(p.w.m.Directives.Report)
			return
		}
	}
	p.w.m.Directives.AcceptAll()
}

// seat puts the forms that were drawn in place of those before, and the hand where it was.
func (p *directivesPage) seat() {
	for task, f := range p.forms {
		next := p.next[task]
		if next == f || !f.has() {
			continue
		}
		switch at := f.form.Here(); {
		case next == nil && p.start != nil:
			p.w.win.Canvas().Focus(p.start)
		case next != nil && at != "":
			next.form.Focus(at)
		case next != nil:
			p.w.win.Canvas().Focus(next.end)
		}
	}
	p.forms, p.next = p.next, map[string]*taskForm{}
}
