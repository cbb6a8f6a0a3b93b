// Package judge owns how the centre judges a change by its form: hub.Forms over the versions of forms in a library. It
// adds no clock, no disk and no other change to what the library knows.
//
// A change is judged by itself. What may be wrong between the values of a record is told to its author and reviewer, and
// is never a reason to reject.
package judge

import (
	"errors"
	"time"

	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Reasons beside the rules of package form (form.RulePath, RuleType, RuleChoice, RuleLength, RuleSealed).
const (
	ReasonCompartment = "compartment" // the record would be put where its form does not belong
	ReasonLife        = "life"        // the system path of deletion says neither deleted nor kept
	ReasonReview      = "review"      // a review that the centre did not write
)

// Forms judges each change by the version of the form that it was written in. A version that the library learns later
// counts from then on; until then its changes wait.
type Forms struct{ Library *form.Library }

var _ hub.Forms = Forms{}

// Learn implements hub.Forms. A form that cannot be read is one that is not known: what names it waits.
func (fs Forms) Learn(publications []*record.Change) { _ = fs.Library.Learn(publications) }

// Check implements hub.Forms. The reason is the first rule that is broken, in the order of the edits; values that are
// absent or erased are not missed.
func (fs Forms) Check(c *record.Change) (reason string, known bool) {
	f, known := fs.Library.Lookup(c.Form)
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

// Stamps is hub.Stamps: the questions of a form that the centre answers (declared.ByCentre).
func (fs Forms) Stamps(ref record.FormRef, at time.Time) (stamps map[string]string) {
	f, known := fs.Library.Lookup(ref)
	if !known {
		return nil
	}
	for _, field := range f.Fields() {
		if field.Stored && field.Repeat == "" && field.Type == form.TypeDateTime && field.Declared.Generated == declared.ByCentre {
			if stamps == nil {
				stamps = map[string]string{}
			}
			stamps[field.Path] = form.Moment(at)
		}
	}
	return stamps
}

func check(f *form.Form, e *record.Edit) string {
	switch {
	case e.Path == record.PathFeed:
		feed := record.Feed(e.Value)
		if feed.Unit() == "" || feed.Compartment() != f.Compartment {
			return ReasonCompartment
		}
		return ""
	case record.IsFeedPath(e.Path):
		return hub.ReasonAddressed // only the centre addresses records to further units
	case e.Path == record.PathLife:
		if e.Value != record.LifeDeleted && e.Value != record.LifeKept {
			return ReasonLife
		}
		return ""
	case e.Path == record.PathReview:
		return ReasonReview
	case record.IsSystem(e.Path): // of rows, and of later versions
		return ""
	case record.IsNote(e.Path):
		if len(e.Value) > record.MaxNoteBytes {
			return form.RuleLength
		}
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
