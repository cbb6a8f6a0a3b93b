package console

import (
	"strings"
	"time"

	"banlang/shared/sqlite"
	"banlang/shared/units"
	"banlang/syncserver/centre"
	"banlang/syncserver/report/grid"
)

const (
	kindLetter = "cong_van"         // the kind of directive that a reminder is
	remindTime = 3 * 24 * time.Hour // how long units have at least
)

// toRemind are the units of which nothing came in a step, without the viewer's own: nobody reminds himself.
func (q *Request) toRemind(s grid.Step) (others []units.Unit) {
	for _, u := range s.Missing {
		if u.Code != q.Viewer.Unit {
			others = append(others, u)
		}
	}
	return others
}

// Reminder is the address where those units are reminded; "" where there is nobody to remind, or the viewer sends no directives.
func (q *Request) Reminder(p *gridPage) string {
	if !q.May("directive.send") || len(q.toRemind(p.Last)) == 0 {
		return ""
	}
	return q.Link("/directives/new", "plan", p.Plan.ID, "period", p.Last.Period.From, "unit", q.Q("unit"), "tree", q.Tree())
}

// Reminded is how many they are.
func (q *Request) Reminded(p *gridPage) int { return len(q.toRemind(p.Last)) }

// fillReminder fills a directive in for the units that have not sent what the grid of the same address expects. It is written in
// Vietnamese, whoever looks at the page: officers read it. Nothing is sent of it that nobody has looked at.
func (q *Request) fillReminder(p *newDirective) error {
	asked := gridPage{}
	if err := q.gridAsked(&asked); err != nil {
		return err
	}
	var step grid.Step
	err := q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		g, err := grid.Compute(tx, q.counted(), asked.Plan, q.Root(), q.lastStep(&asked), q.now(), nil)
		if err == nil {
			step = g.Steps[len(g.Steps)-1]
		}
		return err
	})
	if err != nil {
		return err
	}
	missing := q.toRemind(step)
	if p.Reminded = len(missing); p.Reminded == 0 {
		return nil
	}
	var lines []string
	for _, u := range missing {
		line := q.UnitLine(u.Code)
		if strings.ContainsAny(line, ",;") {
			line = u.Code
		}
		lines = append(lines, line)
	}
	pairs := []any{"what", asked.Plan.Label.VI, "period", step.Period.Name(vietnamese), "from", q.Day(step.Period.From), "to", q.Day(step.Period.To),
		"deadline", q.Day(step.Deadline), "time", q.now().Format("15:04 02/01/2006")}
	p.Kind, p.Urgency, p.Targets = kindLetter, "thuong", strings.Join(lines, "\n")
	p.Subject = say(vietnamese, "remind.subject", pairs...)
	p.Note = say(vietnamese, "remind.note", pairs...)
	due := max(step.Freeze, q.now().Add(remindTime).Format(time.DateOnly))
	p.Tasks = []centre.DirectiveTask{{Task: say(vietnamese, "remind.task", pairs...), Due: due}}
	return nil
}
