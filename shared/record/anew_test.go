package record

import "testing"

// replaced is a record whose creation was rejected, and in whose place another was written.
func replaced(t *testing.T) (s *story, first, verdict, by *Change) {
	t.Helper()
	s = newStory(t)
	first = s.made("hai mươi")
	verdict = s.judged(first, true)
	other := Dot{Run: 2, N: 77}
	by = s.edit(2, Edit{Path: PathLife, Value: LifeDeleted, Seen: []Dot{first.Dot}}, Edit{Path: PathAnew, Value: other.String()})
	if v := s.view(); v.Anew() != other || v.Created {
		t.Fatalf("%+v", v)
	}
	return s, first, verdict, by
}

// A creation that was rejected is answered by the record in its place, and asks for nobody.
func TestARejectedCreationIsAnsweredByAnotherRecord(t *testing.T) {
	s, first, verdict, _ := replaced(t)
	if v := s.view(); len(v.Rejected) != 1 || len(v.Unanswered(s.all)) != 0 || !v.Replaced() {
		t.Errorf("%+v asks for %+v", v, v.Unanswered(s.all))
	}
	// The centre accepts it after all: it stays out of sight, so that the two do not count both.
	s.judged(first, false, verdict.Dot)
	if v := s.view(); !v.Created || !v.Hidden || v.Text("a") != "hai mươi" || len(v.Conflicts()) != 0 {
		t.Errorf("accepted after all: %+v", v)
	}
	// Somebody else has written another one in its place: neither is lost, and there is nothing to choose.
	s.edit(3, Edit{Path: PathLife, Value: LifeDeleted, Seen: []Dot{first.Dot}}, Edit{Path: PathAnew, Value: Dot{Run: 3, N: 78}.String()})
	if v := s.view(); len(v.Field(PathAnew)) != 2 || len(v.Conflicts()) != 0 || !v.Replaced() {
		t.Errorf("two in its place: %+v", v)
	}
}

// What whoever wrote it anew had not before his eyes goes on asking.
func TestWhatWasWrittenMeanwhileBringsTheOldRecordBack(t *testing.T) {
	s, _, _, _ := replaced(t)
	s.edit(3, Edit{Path: "b", Value: "viết thêm lúc ấy"})
	if v := s.view(); v.Replaced() || !v.Marked || len(v.Unanswered(s.all)) != 1 {
		t.Errorf("%+v", v)
	}
}

// A word that is itself rejected answers nothing, nor does one that names nothing.
func TestARejectedAnswerAnswersNothing(t *testing.T) {
	s, _, _, by := replaced(t)
	s.judged(by, true)
	if v := s.view(); v.Replaced() || len(v.Unanswered(s.all)) != 2 {
		t.Errorf("%+v", v)
	}
	s.edit(3, Edit{Path: PathLife, Value: LifeDeleted}, Edit{Path: PathAnew, Value: "đâu đó"})
	if v := s.view(); v.Replaced() || !v.Anew().IsZero() {
		t.Errorf("%+v", v)
	}
}
