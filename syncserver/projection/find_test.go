package projection_test

import (
	"cmp"
	"slices"
	"testing"

	"banlang/shared/record"
	"banlang/syncserver/hub"
	"banlang/syncserver/projection"
)

// TestFind holds what is found against the rows of the list and the answers of the records, one by one.
func TestFind(t *testing.T) {
	w := newWorld(t, hub.NewMemory(), 21)
	w.happen(250)
	w.must(w.views.CatchUp(ctx))
	rows, _ := w.allRows()
	slices.SortFunc(rows, func(a, b projection.Row) int { return cmp.Compare(a.Rec, b.Rec) })
	forms, some := map[string]bool{}, 0
	for _, r := range rows {
		forms[r.Form] = true
	}
	for form := range forms {
		var all []record.Dot
		byAnswer := map[string][]record.Dot{}
		for _, r := range rows {
			if r.Form != form || r.Hidden {
				continue
			}
			all = append(all, r.Dot)
			if !r.Unread && (form == "awareness_session" || form == "weapon_handover") { // "note" is a question of all their versions
				byAnswer[w.seen(r.Dot).Text("note")] = append(byAnswer[w.seen(r.Dot).Text("note")], r.Dot)
			}
		}
		got, upTo, err := w.views.Find(ctx, projection.Finding{Form: form})
		w.must(err)
		if !slices.Equal(got, all) || upTo != w.end() {
			t.Errorf("%s: %v up to %d, want %v up to %d", form, got, upTo, all, w.end())
		}
		for answer, want := range byAnswer {
			if answer == "" {
				continue
			}
			got, _, err := w.views.Find(ctx, projection.Finding{Form: form, Question: "note", Values: []string{answer, "never said"}})
			w.must(err)
			if !slices.Equal(got, want) {
				t.Errorf("%s with %q: %v, want %v", form, answer, got, want)
			}
			some += len(want)
		}
	}
	if got, _, err := w.views.Find(ctx, projection.Finding{Form: "none", Question: "note", Values: []string{"a"}}); len(got) > 0 || err != nil {
		t.Errorf("of a form that is none: %v, %v", got, err)
	}
	if some == 0 || len(forms) < 2 {
		t.Error("nothing was tried")
	}
}
