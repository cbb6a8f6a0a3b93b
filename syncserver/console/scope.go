package console

import (
	"context"

	"banlang/shared/fault"
	"banlang/shared/form/declared"
	"banlang/syncserver/projection"
	"banlang/syncserver/staff"
)

// scope is whose records the viewer may have before his eyes in an act, as the views ask for it.
func (q *Request) scope(a staff.Act) projection.Scope {
	s := projection.Scope{Units: q.Viewer.Scope(a, declared.Ordinary), Own: q.Viewer.Unit, Of: []string{}}
	for _, c := range declared.Compartments {
		if c != declared.Ordinary && len(q.Viewer.Scope(a, c)) > 0 {
			s.Of = append(s.Of, c)
		}
	}
	return s
}

// under is the choice of a unit in the address as a filter: it and all below it; nil: no choice.
func (q *Request) under() []string {
	if unit := q.unitTyped("unit"); unit != "" {
		return append(q.today().Under(unit), unit)
	}
	return nil
}

// note writes to the audit what the viewer did, also when the browser has gone meanwhile: nothing is hidden by hanging up.
func (q *Request) note(a staff.Act, unit, form, rec, reason, terms string, count int) error {
	e := q.Viewer.Entry(a)
	e.Unit, e.Form, e.Record, e.Reason, e.Terms, e.Count = unit, form, rec, reason, terms, int64(count)
	return q.c.Centre.Staff().Audit().Write(context.WithoutCancel(q.Context()), e)
}

// notHis turns a refusal into "there is no such page": nobody learns that a record is there by asking for it.
func notHis(err error) error {
	if fault.CodeOf(err) == fault.NotAllowed {
		return errNoPage
	}
	return err
}
