package console

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"banlang/shared/dispatch"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
	"banlang/syncserver/centre"
	"banlang/syncserver/projection"
	"banlang/syncserver/report"
	"banlang/syncserver/staff"
)

// directiveRows is how many directives a page of the list shows.
const directiveRows = 20

// directivesPage is the list of directives, the newest first.
type directivesPage struct {
	All  []centre.DirectiveState
	Next string
}

// seesOrder reports whether a directive is the viewer's to follow: issued within his units, or for one of them. Of the units
// that it is for he sees those that are his; whoever issued it sees all.
func (q *Request) seesOrder(s *centre.DirectiveState) bool {
	if q.Viewer.Can(staff.ReadOrders, s.Issuer, declared.Ordinary) == nil {
		return true
	}
	return slices.ContainsFunc(s.Units, func(u centre.UnitState) bool { return q.Viewer.Can(staff.ReadOrders, u.Unit, declared.Ordinary) == nil })
}

// ownPart leaves of a directive that others issued what is about the viewer's units.
func (q *Request) ownPart(s centre.DirectiveState) centre.DirectiveState {
	if q.Viewer.Can(staff.ReadOrders, s.Issuer, declared.Ordinary) == nil {
		return s
	}
	return s.Of(func(unit string) bool { return q.Viewer.Can(staff.ReadOrders, unit, declared.Ordinary) == nil })
}

// getDirectives lists them. The list is noted, and so is one that is opened; what refreshes itself is not.
func getDirectives(q *Request) error {
	after, _ := strconv.ParseInt(q.Q("after"), 10, 64)
	p := directivesPage{}
	dots, next, err := q.directiveDots(after)
	if err != nil {
		return err
	}
	slices.Reverse(dots) // in the order in which they came
	all, err := q.c.Centre.Directives(q.Context(), &centre.DirectiveStatus{Records: append([]record.Dot{}, dots...)})
	if err != nil {
		return err
	}
	p.Next = next
	for i := range all {
		if q.seesOrder(&all[i]) {
			p.All = append(p.All, q.ownPart(all[i]))
		}
	}
	if !q.Live() {
		if err := q.note(staff.ReadOrders, "", dispatch.FormDirective, "", q.why(), "", len(p.All)); err != nil {
			return err
		}
	}
	return q.show("directives", "nav.directives", p)
}

// directiveDots names a page of the directives that were issued within the viewer's units or are for one of them.
func (q *Request) directiveDots(after int64) (dots []record.Dot, next string, err error) {
	err = q.c.Centre.Views().View(q.Context(), func(tx *sqlite.Tx) error {
		columns, err := projection.Columns(tx, dispatch.FormDirective)
		if err != nil || !slices.ContainsFunc(columns, func(c projection.Column) bool { return c.Name == "targets" }) {
			return err
		}
		units := q.Viewer.Scope(staff.ReadOrders, declared.Ordinary)
		where, args := projection.Scope{Units: units}.Where("r")
		// Targets are codes with spaces between.
		mine := make([]string, 0, len(units))
		for _, u := range units {
			mine = append(mine, " "+u+" ")
		}
		where = "(" + where + " OR EXISTS (SELECT 1 FROM json_each(?) u WHERE instr(' ' || f.targets || ' ', u.value) > 0)) AND r.hidden = 0"
		args = append(args, sqlite.List(mine))
		if after > 0 {
			where += " AND r.rec < ?"
			args = append(args, after)
		}
		rows := tx.Query("SELECT r.dot, r.rec FROM "+projection.Quote(projection.Table(dispatch.FormDirective))+" f JOIN records r ON r.rec = f.rec WHERE "+where+
			" ORDER BY r.rec DESC LIMIT ?", append(args, directiveRows+1)...)
		defer rows.Close()
		var last int64
		for rows.Next() {
			if len(dots) == directiveRows {
				next = strconv.FormatInt(last, 10)
				break
			}
			d, err := record.ParseDot(rows.Text(0))
			if err != nil {
				return err
			}
			dots, last = append(dots, d), rows.Int64(1)
		}
		return rows.Err()
	})
	return dots, next, err
}

// directivePage is one directive, and of its units those that stand at a step.
type directivePage struct {
	centre.DirectiveState
	Steps []FunnelStep
	Rows  []centre.UnitState
	All   int    // of which Rows are a page
	Next  int    // where the next begins; 0: this is the end
	Only  string // the step that the table is narrowed to; "": all that are not done
	Days  int    // since it was sent

	Measured []*Measured // tasks that an indicator measures
}

// FunnelStep is one line of the funnel: how many units came so far, and how many of the line before did not.
type FunnelStep struct {
	Key, Icon string
	N, Lost   int
	Width     int // of 1000
}

// funnel draws how far a directive got.
func funnel(f centre.Funnel) []FunnelStep {
	all := []FunnelStep{{Key: "sent", Icon: "send", N: f.Sent}, {Key: "delivered", Icon: "computer", N: f.Delivered}, {Key: "read", Icon: "visibility", N: f.Read},
		{Key: "accepted", Icon: "check", N: f.Accepted}, {Key: "done", Icon: "flag", N: f.Done}}
	for i := range all {
		if f.Sent > 0 {
			all[i].Width = all[i].N * 1000 / f.Sent
		}
		if i > 0 {
			all[i].Lost = all[i-1].N - all[i].N
		}
	}
	return all
}

// lostAt reports whether a unit came to the step before one of the funnel, and not to it.
func lostAt(step string, u *centre.UnitState) bool {
	switch step {
	case "delivered":
		return u.Step == "sent"
	case "read":
		return u.Step == "delivered"
	case "accepted":
		return u.Step == "read"
	case "done":
		return u.Step == "accepted" || u.Step == "doing"
	case "overdue":
		return u.Overdue
	case "all":
		return true
	}
	return u.Step != "done"
}

func getDirective(q *Request) error {
	rec, err := record.ParseDot(q.PathValue("name"))
	if err != nil {
		return errNoPage
	}
	all, err := q.c.Centre.Directives(q.Context(), &centre.DirectiveStatus{Records: []record.Dot{rec}})
	if err != nil {
		return err
	}
	if len(all) == 0 || !q.seesOrder(&all[0]) {
		return errNoPage
	}
	p := directivePage{DirectiveState: q.ownPart(all[0]), Only: q.Q("lost")}
	p.Steps = funnel(p.Funnel)
	p.Days = daysBetween(at(p.Sent), q.now())
	for i := range p.Units {
		if u := &p.Units[i]; lostAt(p.Only, u) {
			p.Rows = append(p.Rows, *u)
		}
	}
	steps := []string{"sent", "delivered", "read", "accepted", "doing", "done"}
	slices.SortStableFunc(p.Rows, func(a, b centre.UnitState) int {
		return cmp.Or(cmp.Compare(slices.Index(steps, a.Step), slices.Index(steps, b.Step)), strings.Compare(a.Unit, b.Unit))
	})
	p.All = len(p.Rows)
	p.Rows, p.Next = q.part(p.Rows)
	if p.Measured, err = q.measured(&p.DirectiveState); err != nil {
		return err
	}
	if !q.Live() { // with what the units wrote of their work
		if err := q.note(staff.ReadOrders, p.Issuer, dispatch.FormDirective, p.Record.String(), q.why(), "", 1); err != nil {
			return err
		}
	}
	return q.show("directive", "directive.title", p)
}

// unitRows is how many units a page shows.
const unitRows = 50

// part is the page of some units that the address asks for, and where the next begins.
func (q *Request) part(all []centre.UnitState) (rows []centre.UnitState, next int) {
	from, _ := strconv.Atoi(q.Q("after"))
	from = min(max(from, 0), len(all))
	if len(all)-from > unitRows {
		return all[from : from+unitRows], from + unitRows
	}
	return all[from:], 0
}

// Why says what keeps a unit at its step; "" when nothing is known.
func (q *Request) Why(u centre.UnitState) string {
	var all []string
	switch {
	case u.Step == "sent" && len(u.Devices) == 0:
		all = append(all, q.T("directive.why.device"))
	case u.Step == "sent" && u.Seen == 0:
		all = append(all, q.T("directive.why.never"))
	case u.Step == "sent":
		all = append(all, q.T("directive.why.silent", "n", u.Devices[0], "time", q.Ago(u.Seen)))
	case u.Step == "delivered":
		all = append(all, q.T("directive.why.unread"))
	}
	if u.Refused {
		all = append(all, q.T("directive.why.refused"))
	}
	if u.Overdue {
		all = append(all, q.T("directive.why.overdue"))
	}
	if u.Obstacle != "" {
		all = append(all, q.T("directive.why.obstacle", "text", u.Obstacle))
	}
	return strings.Join(all, "; ")
}

// ChoiceName is what a choice of a form is called.
func (q *Request) ChoiceName(formID, path, value string) string {
	for _, c := range q.choices(formID, path) {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

// choices are what can be chosen at a question of a new record.
func (q *Request) choices(formID, path string) []form.Choice {
	f, ok := q.c.Centre.Library().Current(formID)
	if !ok {
		return nil
	}
	l, err := f.New(form.Env{Language: q.lang, Zone: viet.Zone})
	if err != nil {
		return nil
	}
	return l.Choices(path)
}

// Columns are the steps that the list counts.
func (directivesPage) Columns() []string {
	return []string{"sent", "delivered", "read", "accepted", "done"}
}

// Counts are the counts of a directive, for the list.
func (directivesPage) Counts(f centre.Funnel) []FunnelStep { return funnel(f) }

// Number is a number as forms keep it, for people.
func (q *Request) Number(kept string) string { return viet.Number(kept) }

// IndicatorName is what an indicator is called.
func (q *Request) IndicatorName(id string) string {
	for _, x := range report.Indicators() {
		if x.ID == id {
			return x.Label.In(q.lang)
		}
	}
	return id
}
