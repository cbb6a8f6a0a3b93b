package console

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"banlang/shared/dispatch"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/viet"
	"banlang/syncserver/centre"
	"banlang/syncserver/report"
	"banlang/syncserver/staff"
)

// newDirective is a directive that is being written.
type newDirective struct {
	centre.SendDirective
	Kinds, Urgencies []form.Choice
	Targets          string // codes, one a line
	Indicators       []form.Choice
	Bad              *Trouble
	Problems         map[string]string // by the path of the question, of a task "tasks/0/due_on"
	Preview          *orderPreview
	Reminded         int // units that it was filled in for, because they have not sent what was expected
}

// orderPreview is to whom a directive would go.
type orderPreview struct {
	Units    []string
	NoDevice []string
}

// mostTasks bounds the tasks that the page has fields for.
const mostTasks = 20

func (q *Request) newDirective() newDirective {
	p := newDirective{Kinds: q.choices(dispatch.FormDirective, "kind"), Urgencies: q.choices(dispatch.FormDirective, "urgency"), Problems: map[string]string{}}
	p.Tasks = make([]centre.DirectiveTask, 1)
	for _, x := range report.Indicators() {
		p.Indicators = append(p.Indicators, form.Choice{Value: x.ID, Label: x.Label.In(q.lang)})
	}
	return p
}

func getNewDirective(q *Request) error {
	p := q.newDirective()
	p.Issuer, p.IssuedOn = q.Viewer.Unit, q.now().Format("2006-01-02")
	if q.Q("plan") != "" {
		if err := q.fillReminder(&p); err != nil {
			return err
		}
	}
	return q.show("directivenew", "directive.new", p)
}

// typedDirective reads what was typed.
func (q *Request) typedDirective() (p newDirective, err error) {
	p = q.newDirective()
	if err := q.ParseForm(); err != nil {
		return p, badInput(err)
	}
	text := func(name string) string { return strings.TrimSpace(q.PostFormValue(name)) }
	day := func(typed string) string { return cmp.Or(isoDay(typed), typed) }
	p.SendDirective = centre.SendDirective{Lang: q.lang, By: q.Viewer.Account, Issuer: q.Viewer.Unit, Number: text("number"), Kind: text("kind"), Subject: text("subject"),
		Urgency: text("urgency"), IssuedOn: day(text("issued_on")), Parent: text("parent"), Note: text("note"), Below: text("below")}
	p.Targets = q.PostFormValue("targets")
	p.To = q.typedUnits(p.Targets)
	if p.Below != "" {
		p.To = append(p.To, q.level(p.Below)...)
	}
	slices.Sort(p.To)
	p.To = slices.Compact(p.To)
	p.Tasks = nil
	for i := range min(len(q.PostForm["task"]), mostTasks) {
		at := func(name string) string {
			if v := q.PostForm[name]; i < len(v) {
				return strings.TrimSpace(v[i])
			}
			return ""
		}
		t := centre.DirectiveTask{Task: at("task"), Due: day(at("due")), Measure: at("measure"), Target: at("target")}
		if n, ok := viet.ParseNumber(t.Target); ok {
			t.Target = n
		}
		if t != (centre.DirectiveTask{}) {
			p.Tasks = append(p.Tasks, t)
		}
	}
	return p, nil
}

// typedUnits reads units as they are typed, one a line: a code, a whole line of the list, or a name that one unit has.
func (q *Request) typedUnits(typed string) (codes []string) {
	for _, line := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune("\r\n;,", r) }) {
		if line = strings.TrimSpace(line); line != "" {
			codes = append(codes, q.unitNamed(line))
		}
	}
	return codes
}

// level lists the units of a level that are below the viewer's own.
func (q *Request) level(id string) (codes []string) {
	for _, u := range q.today().Level(id) {
		if u.Code != q.Viewer.Unit && q.today().Within(u.Code, q.Viewer.Unit) {
			codes = append(codes, u.Code)
		}
	}
	return codes
}

// LevelCount is how many units of a level there are below the viewer's own.
func (q *Request) LevelCount(id string) int { return len(q.level(id)) }

// postNewDirective shows to whom a directive would go, or sends it. What the form has against it stands beside its field.
func postNewDirective(q *Request) error {
	p, err := q.typedDirective()
	if err != nil {
		return err
	}
	for _, unit := range append([]string{p.Issuer}, p.To...) {
		if q.Viewer.Can(staff.SendOrders, unit, declared.Ordinary) != nil {
			p.Problems["targets"] = q.T("directive.stranger", "unit", unit)
		}
	}
	switch {
	case len(p.Problems) > 0:
		return q.refuseDirective(p)
	case q.PostFormValue("do") == "add":
		p.Tasks = append(p.Tasks, centre.DirectiveTask{})
		return q.show("directivenew", "directive.new", p)
	}
	send := p.SendDirective
	send.Below = "" // it is in To
	send.Try = q.PostFormValue("do") != "send"
	a, err := q.c.Centre.Do(q.Context(), centre.Request{SendDirective: &send, Viewer: q.Viewer})
	if err != nil {
		return err
	}
	if len(a.Sent.Problems) > 0 {
		for _, x := range a.Sent.Problems {
			p.Problems[x.Path] = strings.TrimSpace(p.Problems[x.Path] + " " + x.Text)
		}
		return q.refuseDirective(p)
	}
	if send.Try {
		p.Preview = &orderPreview{a.Sent.To, a.Sent.NoDevice}
		return q.show("directivenew", "directive.new", p)
	}
	q.seen()
	return q.said("/directives/"+a.Sent.Record.String(), "said.directive", len(a.Sent.To), "")
}

func (q *Request) refuseDirective(p newDirective) error {
	if len(p.Tasks) == 0 {
		p.Tasks = make([]centre.DirectiveTask, 1)
	}
	p.Bad = &Trouble{What: q.T("directive.bad"), Next: q.T("directive.bad.next")}
	return q.showAs(http.StatusBadRequest, "directivenew", "directive.new", p)
}

// Names lists units by their names, as many as are read; the rest is counted.
func (q *Request) Names(codes []string) string {
	const most = 40
	var names []string
	for _, code := range codes[:min(len(codes), most)] {
		names = append(names, q.UnitName(code))
	}
	list := strings.Join(names, ", ")
	if len(codes) > most {
		list += q.T("directive.names.more", "n", q.Int(len(codes)-most))
	}
	return list + "."
}
