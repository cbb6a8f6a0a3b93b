package console

import (
	"strings"

	"banlang/shared/viet"
	"banlang/syncserver/projection"
	"banlang/syncserver/staff"
)

// recordRows is how many records a page of a list shows.
const recordRows = 50

// recordsPage is a list of records.
type recordsPage struct {
	projection.Page
	Forms    []FormChoice
	Filtered bool
}

// FormChoice is a form that one may look for.
type FormChoice struct{ ID, Title string }

// formChoices lists the forms by what people call them.
func (q *Request) formChoices() (all []FormChoice) {
	for _, p := range q.c.Centre.Library().All() {
		all = append(all, FormChoice{p.ID, q.c.Centre.Library().Title(p.Ref()).In(q.lang)})
	}
	return all
}

// FormTitle is what people call a form.
func (q *Request) FormTitle(id string) string {
	if f, ok := q.c.Centre.Library().Current(id); ok {
		return f.Title.In(q.lang)
	}
	return id
}

// filter is what the address asks for. The same words in the address of an export ask for the same records.
func (q *Request) filter() projection.Filter {
	return projection.Filter{Form: q.Q("form"), Units: q.underCounted(), State: projection.State(q.Q("state")), From: isoDay(q.Q("from")), To: isoDay(q.Q("to")),
		Text: strings.TrimSpace(q.Q("q")), Officer: q.Q("officer"), Hidden: q.Q("deleted") != ""}
}

// isoDay reads a day as it is typed or kept; "" for none.
func isoDay(typed string) string {
	if iso, ok := viet.ParseDate(typed); ok {
		return iso
	}
	if viet.ValidDate(typed) {
		return typed
	}
	return ""
}

// order is how the address has a list sorted.
func (q *Request) order() projection.Order {
	o := projection.Order{Asc: q.Q("asc") != ""}
	if q.Q("by") == string(projection.ByDay) {
		o.By = projection.ByDay
	}
	return o
}

// getRecords lists records. The list is noted, with what was searched for; a list that only refreshes itself is not.
func getRecords(q *Request) error {
	f := q.filter()
	p := recordsPage{Forms: q.formChoices(), Filtered: q.URL.RawQuery != ""}
	var err error
	if p.Page, err = q.c.Centre.Views().List(q.Context(), q.scope(staff.ReadRecords), f, q.order(), projection.Cursor(q.Q("after")), recordRows); err != nil {
		return err
	}
	if !q.Live() {
		if err := q.note(staff.ReadRecords, q.unitTyped("unit"), f.Form, "", q.why(), f.Text, len(p.Rows)); err != nil {
			return err
		}
	}
	return q.show("records", "nav.records", p)
}

// States are those that a list can be narrowed to.
func (recordsPage) States() []projection.State {
	return projection.States
}
