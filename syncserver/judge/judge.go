// Package judge owns how the centre judges a change by its form: hub.Forms over the forms of package form. It is pure:
// no clock, no disk, no other change.
//
// A change is judged by itself. What may be wrong between the values of a record is told to its author and reviewer, and
// is never a reason to reject.
package judge

import (
	"errors"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Reasons beside the rules of package form (form.RulePath, RuleType, RuleLength).
const (
	ReasonCompartment = "compartment" // the record would be put where its form does not belong
	ReasonLife        = "life"        // the system path of deletion says neither deleted nor kept
)

// Forms judges by the forms that this program knows.
type Forms struct{}

var _ hub.Forms = Forms{}

// Check implements hub.Forms. The reason is the first rule that is broken, in the order of the edits; values that are
// absent or erased are not missed.
func (Forms) Check(c *record.Change) (reason string, known bool) {
	f, known := form.Lookup(c.Form.ID, int(c.Form.Version))
	if !known {
		return "", false
	}
	for i := range c.Edits {
		if reason := check(f, &c.Edits[i]); reason != "" {
			return reason, true
		}
	}
	return "", true
}

func check(f *form.Form, e *record.Edit) string {
	switch {
	case e.Path == record.PathFeed:
		feed := record.Feed(e.Value)
		if feed.Unit() == "" || feed.Compartment() != string(f.Compartment) {
			return ReasonCompartment
		}
		return ""
	case e.Path == record.PathLife:
		if e.Value != record.LifeDeleted && e.Value != record.LifeKept {
			return ReasonLife
		}
		return ""
	case record.IsSystem(e.Path): // of rows, and of later versions
		return ""
	}
	err := f.CheckValue(e.Path, e.Value)
	if err == nil {
		return ""
	}
	var p form.Problem
	if errors.As(err, &p) {
		return p.Rule
	}
	return form.RuleType
}
