package judge_test

import (
	"strings"
	"testing"
	"time"

	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
)

func edits(f record.FormRef, pathsAndValues ...string) *record.Change {
	c := &record.Change{Kind: record.KindEdit, Form: f}
	for i := 0; i < len(pathsAndValues); i += 2 {
		c.Edits = append(c.Edits, record.Edit{Path: pathsAndValues[i], Value: pathsAndValues[i+1]})
	}
	return c
}

// current names the version of a built-in form.
func current(t *testing.T, library *form.Library, id string) record.FormRef {
	t.Helper()
	f, ok := library.Current(id)
	if !ok {
		t.Fatal("no form ", id)
	}
	return f.Ref
}

func TestCheck(t *testing.T) {
	library := form.Builtin()
	session, tip, weapons := current(t, library, "awareness_session"), current(t, library, "tip"), current(t, library, "weapon_handover")
	for _, c := range []struct {
		name   string
		change *record.Change
		reason string
		known  bool
	}{
		{"all is right", edits(session, "_unit", "GL014/ordinary", "note", "Họp thôn", "occurred_on", "2026-11-16"), "", true},
		{"a cleared field", edits(session, "occurred_on", ""), "", true},
		{"a form nobody knows", edits(record.FormRef{ID: "of_tomorrow", Version: session.Version}, "note", "x"), "", false},
		{"a version nobody knows", edits(record.FormRef{ID: session.ID, Version: 1}, "note", "x"), "", false},
		{"a path that the form has not", edits(session, "secret", "x"), form.RulePath, true},
		{"a path in a row", edits(weapons, "items/1/kind", "gun_air"), "", true},
		{"a row without a name", edits(weapons, "items/kind", "gun_air"), form.RulePath, true},
		{"what the form computes", edits(weapons, "guns", "2"), form.RulePath, true},
		{"a value of another type", edits(session, "occurred_on", "2026-02-30"), form.RuleType, true},
		{"an answer that is not on the list", edits(session, "method", "by_drone"), form.RuleChoice, true},
		{"one of several that is not", edits(session, "topics", "ma_tuy tea"), form.RuleChoice, true},
		{"longest", edits(session, "note", strings.Repeat("ă", form.MaxLetters)), "", true},
		{"one letter too long", edits(session, "note", strings.Repeat("ă", form.MaxLetters+1)), form.RuleLength, true},
		{"sealed words", edits(tip, "content", "sealed:1:YWdl"), "", true},
		{"words that must be sealed", edits(tip, "content", "Có người lạ."), form.RuleSealed, true},
		{"a sealed answer taken back", edits(tip, "content", ""), "", true},
		{"the first that is wrong", edits(session, "note", "Họp", "secret", "x", "method", "by_drone"), form.RulePath, true},
		{"a compartment of another form", edits(session, "_unit", "GL014/tips"), judge.ReasonCompartment, true},
		{"addressed to another unit", edits(session, "_unit", "GL014/ordinary", "to/GL015/_unit", "GL015/ordinary"), hub.ReasonAddressed, true},
		{"a unit without compartment", edits(session, "_unit", "GL014"), judge.ReasonCompartment, true},
		{"no unit", edits(session, "_unit", "/ordinary"), judge.ReasonCompartment, true},
		{"a tip among tips", edits(tip, "_unit", "GL014/tips"), "", true},
		{"deleted", edits(session, "_life", "deleted"), "", true},
		{"neither deleted nor kept", edits(session, "_life", "perhaps"), judge.ReasonLife, true},
		{"a row that is gone", edits(session, "items/1/_life", "deleted"), "", true},
		{"a review by whoever is to be reviewed", edits(session, "_review", "approved"), judge.ReasonReview, true},
		{"a note", edits(session, "_note/24-1", "Anh Ba xem lại giúp."), "", true},
		{"a note of many words", edits(session, "_note/24-1", strings.Repeat("ă", record.MaxNoteBytes/2+1)), form.RuleLength, true},
	} {
		if reason, known := (judge.Forms{Library: library}).Check(c.change); reason != c.reason || known != c.known {
			t.Errorf("%s: %q, known %v; want %q, %v", c.name, reason, known, c.reason, c.known)
		}
	}
}

// TestStamps: the centre answers one question of the built-in forms, in the time of the country.
func TestStamps(t *testing.T) {
	library := form.Builtin()
	at := time.Date(2026, 11, 19, 7, 2, 2, 0, time.UTC)
	for _, p := range library.All() {
		stamps, want := judge.Forms{Library: library}.Stamps(p.Ref(), at), 0
		if p.ID == "flash_report" {
			want = 1
		}
		if len(stamps) != want || want == 1 && stamps["first_sent_at"] != "2026-11-19T14:02:02.000+07:00" {
			t.Errorf("%s: %v", p.ID, stamps)
		}
	}
}

// TestEveryFormHasItsCompartment: a record of each form may be put where its form belongs.
func TestEveryFormHasItsCompartment(t *testing.T) {
	library := form.Builtin()
	for _, p := range library.All() {
		c := edits(p.Ref(), record.PathFeed, string(record.NewFeed("GL014", p.Compartment)))
		if reason, known := (judge.Forms{Library: library}).Check(c); reason != "" || !known {
			t.Errorf("%s: %q, %v", p.ID, reason, known)
		}
	}
}

// TestAVersionIsPublishedLater: what was written in a version waits until that is here, and is then judged by it; what was
// written in the version before is judged by that, also when the form is retired.
func TestAVersionIsPublishedLater(t *testing.T) {
	library := form.Builtin()
	forms := judge.Forms{Library: library}
	old := current(t, library, "awareness_session")
	var next form.Publication
	for _, p := range library.All() {
		if p.ID == old.ID {
			next = *p
		}
	}
	next.XML = strings.ReplaceAll(next.XML, "xe_loa", "xe_loa_2027")
	if next.Ref() == old {
		t.Fatal("it is the same version, so this shows nothing")
	}
	check := func(version record.FormRef, method, reason string, known bool) {
		t.Helper()
		if r, k := forms.Check(edits(version, "method", method)); r != reason || k != known {
			t.Errorf("%s: %q, known %v; want %q, %v", method, r, k, reason, known)
		}
	}
	check(next.Ref(), "xe_loa_2027", "", false)
	packed, err := next.Pack()
	if err != nil {
		t.Fatal(err)
	}
	published := &record.Change{Dot: record.Dot{Run: 1, N: 1}, Kind: record.KindPublish, Topic: record.TopicForm + next.ID, Payload: packed}
	retired := &record.Change{Dot: record.Dot{Run: 1, N: 2}, Kind: record.KindPublish, Topic: published.Topic, Replaces: []record.Dot{published.Dot}}
	for _, all := range [][]*record.Change{{published}, {published, retired}} {
		if err := library.Learn(all); err != nil {
			t.Fatal(err)
		}
		check(next.Ref(), "xe_loa_2027", "", true)
		check(next.Ref(), "xe_loa", form.RuleChoice, true)
		check(old, "xe_loa", "", true)
		check(old, "xe_loa_2027", form.RuleChoice, true)
	}
}
