package judge_test

import (
	"strings"
	"testing"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/syncserver/judge"
)

func TestCheck(t *testing.T) {
	session := record.FormRef{ID: "awareness_session", Version: 1}
	at := func(f record.FormRef, pathsAndValues ...string) *record.Change {
		c := &record.Change{Kind: record.KindEdit, Form: f}
		for i := 0; i < len(pathsAndValues); i += 2 {
			c.Edits = append(c.Edits, record.Edit{Path: pathsAndValues[i], Value: pathsAndValues[i+1]})
		}
		return c
	}
	for _, c := range []struct {
		name   string
		change *record.Change
		reason string
		known  bool
	}{
		{"all is right", at(session, "_unit", "GL014/ordinary", "note", "Họp thôn", "occurred_on", "2026-11-16"), "", true},
		{"a cleared field", at(session, "occurred_on", ""), "", true},
		{"a form nobody knows", at(record.FormRef{ID: "of_tomorrow", Version: 1}, "note", "x"), "", false},
		{"a version nobody knows", at(record.FormRef{ID: "awareness_session", Version: 99}, "note", "x"), "", false},
		{"a path that the form has not", at(session, "secret", "x"), form.RulePath, true},
		{"a value of another type", at(session, "occurred_on", "2026-02-30"), form.RuleType, true},
		{"longest", at(session, "note", strings.Repeat("ă", form.MaxLongText)), "", true},
		{"one letter too long", at(session, "note", strings.Repeat("ă", form.MaxLongText+1)), form.RuleLength, true},
		{"a compartment of another form", at(session, "_unit", "GL014/tips"), judge.ReasonCompartment, true},
		{"a unit without compartment", at(session, "_unit", "GL014"), judge.ReasonCompartment, true},
		{"no unit", at(session, "_unit", "/ordinary"), judge.ReasonCompartment, true},
		{"a tip among tips", at(record.FormRef{ID: "tip", Version: 1}, "_unit", "GL014/tips"), "", true},
		{"deleted", at(session, "_life", "deleted"), "", true},
		{"neither deleted nor kept", at(session, "_life", "perhaps"), judge.ReasonLife, true},
		{"a review, and a row that is gone", at(session, "_review", "approved", "items/1/_life", "deleted"), "", true},
	} {
		if reason, known := (judge.Forms{}).Check(c.change); reason != c.reason || known != c.known {
			t.Errorf("%s: %q, known %v; want %q, %v", c.name, reason, known, c.reason, c.known)
		}
	}
}

// TestEveryFormHasItsCompartment: a record of each form may be put where its form belongs.
func TestEveryFormHasItsCompartment(t *testing.T) {
	for _, f := range form.All() {
		c := &record.Change{Kind: record.KindEdit, Form: record.FormRef{ID: f.ID, Version: uint32(f.Version)},
			Edits: []record.Edit{{Path: record.PathFeed, Value: string(record.NewFeed("GL014", string(f.Compartment)))}}}
		if reason, known := (judge.Forms{}).Check(c); reason != "" || !known {
			t.Errorf("%s: %q, %v", f.ID, reason, known)
		}
	}
}
