package centre

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/record"
)

// TestSheet: staff read what a record says in the words of its form, who wrote each answer, what it replaced, what stands
// beside it, what does not count, and what happened.
func TestSheet(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	p, q := newPen(r.enrolled("U1")), newPen(r.enrolled("U1"))
	made := p.write(t, record.Dot{}, record.Edit{Path: record.PathFeed, Value: "U1/ordinary"}, record.Edit{Path: "note", Value: "sáu mươi"},
		record.Edit{Path: "occurred_on", Value: "2026-11-17"})
	mine := p.write(t, made.Dot, record.Edit{Path: "note", Value: "sáu mươi tư", Replaces: []record.Dot{made.Dot}})
	bad := p.write(t, made.Dot, record.Edit{Path: "occurred_on", Value: "hôm qua", Replaces: []record.Dot{made.Dot}})
	theirs := q.write(t, made.Dot, record.Edit{Path: "note", Value: "bốn mươi sáu", Replaces: []record.Dot{made.Dot}})
	r.push(made, mine, bad)
	r.push(theirs)
	s, err := r.Sheet(t.Context(), made.Dot.String(), "vi", everything)
	if err != nil {
		t.Fatal(err)
	}
	if s.Unit != "U1" || s.Compartment != "ordinary" || !s.Created || s.Unread || s.Arrived == 0 || s.Kind == "" || !strings.HasSuffix(s.Name, "-"+strconv.Itoa(int(made.Dot.N))) {
		t.Errorf("%+v", s)
	}
	i := slices.IndexFunc(s.Answers, func(a SheetAnswer) bool { return a.Path == "occurred_on" })
	if i < 0 || s.Answers[i].Live[0].Shown != "17/11/2026" || s.Answers[i].Live[0].Officer != "s7" || s.Answers[i].Label == "occurred_on" {
		t.Errorf("the day: %+v", s.Answers)
	}
	if len(s.Conflicts) != 1 || len(s.Conflicts[0].Live) != 2 || len(s.Conflicts[0].Before) != 1 || s.Conflicts[0].Before[0].Shown != "sáu mươi" {
		t.Fatalf("the conflict: %+v", s.Conflicts)
	}
	if len(s.Rejected) != 1 || s.Rejected[0].Change.Dot != bad.Dot || s.Rejected[0].Reason != "type" {
		t.Errorf("what does not count: %+v", s.Rejected)
	}
	if len(s.History) != 5 { // four changes and a verdict
		t.Errorf("%d things happened", len(s.History))
	}
	stale := r.do(Request{Choose: &Choose{By: "lan", Record: s.Name, Saw: "000000000000", Path: "note", Of: mine.Dot}}).Chosen
	if stale.Outcome != ReviewChanged {
		t.Errorf("who saw something else chose: %+v", stale)
	}
	if _, err := r.Do(t.Context(), Request{Choose: &Choose{By: "lan", Record: s.Name, Saw: s.Saw, Path: "note", Of: made.Dot}}); !errors.Is(err, fault.BadInput) {
		t.Errorf("an answer that does not stand was chosen: %v", err)
	}
	if wrong := r.do(Request{Choose: &Choose{By: "lan", Record: s.Name, Saw: s.Saw, Path: "note", Value: strings.Repeat("x", 100_000)}}).Chosen; len(wrong.Problems) == 0 {
		t.Errorf("an answer that the form does not take: %+v", wrong)
	}
	done := r.do(Request{Choose: &Choose{By: "lan", Record: s.Name, Saw: s.Saw, Path: "note", Of: mine.Dot}}).Chosen
	if done.Outcome != ReviewDone || done.Shown != "sáu mươi tư" {
		t.Errorf("%+v", done)
	}
	after, err := r.Sheet(t.Context(), s.Name, "en", everything)
	if err != nil {
		t.Fatal(err)
	}
	if v := r.view(made.Dot); len(after.Conflicts) != 0 || v.Text("note") != "sáu mươi tư" || after.History[0].Officer != "lan" {
		t.Errorf("after the choice: %+v", after.Conflicts)
	}
	if _, err := r.Sheet(t.Context(), record.Dot{Run: 5, N: 5}.String(), "vi", everything); !errors.Is(err, fault.NotFound) {
		t.Errorf("a record that is nowhere: %v", err)
	}
	r.do(Request{Check: true})
}

// everything is what whoever may see all records sees.
func everything(string, string) bool { return true }

// TestSheetNamesNoOther: an answer that is the name of another record is called by its title for those who may see that, and is
// left as it was typed for all others.
func TestSheetNamesNoOther(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	p, q := newPen(r.enrolled("U1")), newPen(r.enrolled("U2"))
	hidden := q.write(t, record.Dot{}, record.Edit{Path: record.PathFeed, Value: "U2/ordinary"}, record.Edit{Path: "note", Value: "kín"})
	made := p.write(t, record.Dot{}, record.Edit{Path: record.PathFeed, Value: "U1/ordinary"}, record.Edit{Path: "note", Value: hidden.Dot.String()})
	r.push(hidden, made)
	shown := func(sees func(string, string) bool) string {
		s, err := r.Sheet(t.Context(), made.Dot.String(), "vi", sees)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range s.Answers {
			if a.Path == "note" {
				return a.Live[0].Shown
			}
		}
		return ""
	}
	if got := shown(everything); got == hidden.Dot.String() {
		t.Errorf("who may see it reads only %q", got)
	}
	if got := shown(func(unit, _ string) bool { return unit == "U1" }); got != hidden.Dot.String() {
		t.Errorf("a neighbour's record is called %q", got)
	}
}

// TestChooseMovesNothing: of places that differ one is chosen of those that stand; no other is written, and no state by hand.
func TestChooseMovesNothing(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	p, q := newPen(r.enrolled("U1")), newPen(r.enrolled("U1"))
	made := p.create(t, "U1")
	to := p.write(t, made.Dot, record.Edit{Path: record.PathFeed, Value: "U2/ordinary", Replaces: []record.Dot{made.Dot}})
	r.push(made, to)
	r.push(q.write(t, made.Dot, record.Edit{Path: record.PathFeed, Value: "U3/ordinary", Replaces: []record.Dot{made.Dot}}))
	if got := r.view(made.Dot).Conflicts(); len(got) != 1 || got[0] != record.PathFeed {
		t.Fatalf("conflicts: %v", got)
	}
	for _, value := range []string{"U9/ordinary", "U2/tips", "nowhere", ""} {
		_, err := r.Do(t.Context(), Request{Choose: &Choose{By: "lan", Record: made.Dot.String(), Saw: SumOf(r.view(made.Dot)), Path: record.PathFeed, Value: value}})
		if !errors.Is(err, fault.BadInput) {
			t.Errorf("moved to %q: %v", value, err)
		}
	}
	done := r.do(Request{Choose: &Choose{By: "lan", Record: made.Dot.String(), Saw: SumOf(r.view(made.Dot)), Path: record.PathFeed, Of: to.Dot}}).Chosen
	if v := r.view(made.Dot); done.Outcome != ReviewDone || v.Home() != "U2/ordinary" || len(v.Conflicts()) != 0 {
		t.Errorf("chosen: %+v, it is in %v", done, v.Feeds)
	}
}

// TestSheetOfManyChanges: a record that a machine has written thousands of times is told of as far as anybody reads.
func TestSheetOfManyChanges(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	p := newPen(r.enrolled("U1"))
	made := p.create(t, "U1")
	all := []*record.Change{made}
	for i := range MaxHistory + 20 {
		all = append(all, p.write(t, made.Dot, record.Edit{Path: "note", Value: strconv.Itoa(i), Replaces: []record.Dot{all[i].Dot}}))
	}
	for ; len(all) > 0; all = all[min(len(all), 100):] {
		r.push(all[:min(len(all), 100)]...)
	}
	s, err := r.Sheet(t.Context(), made.Dot.String(), "vi", everything)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.History) != MaxHistory || s.Older != 21 || s.History[0].Edits[0].Shown != strconv.Itoa(MaxHistory+19) {
		t.Errorf("%d changes, %d before them, the last says %v", len(s.History), s.Older, s.History[0].Edits)
	}
}
