package record

import (
	"slices"
	"testing"
)

// reviewed is what the centre says of the record as it stands, with a note.
func (s *story) reviewed(state, note string) *Change {
	s.t.Helper()
	v := s.view()
	run := RunID(98)
	dot := Dot{run, s.next[run] + 1}
	e := []Edit{{Path: PathReview, Value: state, Replaces: v.Dots(PathReview), Seen: v.Live("")}}
	if note != "" {
		e = append(e, Edit{Path: NameRows(NewNote, dot), Value: note})
	}
	sortEdits(e)
	return s.add(run, Change{Replica: Centre, Officer: "lan", Record: s.all[0].Dot, Edits: e})
}

func (s *story) stands(state, over, note string) {
	s.t.Helper()
	if r := s.view().Review(); r.State != state || r.Over != over || r.Note != note {
		s.t.Errorf("the review is %q, was %q, says %q; want %q, %q, %q", r.State, r.Over, r.Note, state, over, note)
	}
}

// TestAReviewHoldsForWhatItSaw: an approval stands until a value comes that whoever approved had not seen; then it is over,
// and a review of all of it may follow.
func TestAReviewHoldsForWhatItSaw(t *testing.T) {
	s := newStory(t)
	s.made("ba người")
	s.stands("", "", "")
	s.reviewed(ReviewApproved, "")
	s.stands(ReviewApproved, "", "")
	if r := s.view().Review(); r.Officer != "lan" || r.At == 0 || r.Dot.IsZero() {
		t.Errorf("nobody knows who reviewed: %+v", r)
	}
	s.edit(2, Edit{Path: "a", Value: "bốn người", Replaces: s.view().Dots("a")})
	s.stands("", ReviewApproved, "")
	s.reviewed(ReviewReturned, "Thiếu danh sách.")
	s.stands(ReviewReturned, "", "Thiếu danh sách.")
	s.reviewed("", "")
	s.stands("", "", "")
	shows(t, s.view(), "a", "bốn người") // no review alters a value
}

// TestAReviewMeetsAnEdit: what an officer wrote in the valley, not knowing of the review, takes the record from under it, in
// whatever order the two arrive.
func TestAReviewMeetsAnEdit(t *testing.T) {
	s := newStory(t)
	first := s.made("x")
	s.reviewed(ReviewApproved, "")
	s.edit(2, Edit{Path: "b", Value: "y"})
	s.stands("", ReviewApproved, "")
	slices.Reverse(s.all[1:])
	s.stands("", ReviewApproved, "")
	if v := s.view(); v.Text("a") != "x" || v.Text("b") != "y" || len(v.Conflicts()) != 0 {
		t.Errorf("the record says %q, %q, conflicts %v (%v)", v.Text("a"), v.Text("b"), v.Conflicts(), first.Dot)
	}
}

// TestTwoReviewAtOnce: who would have a record corrected is heard before who was content; a review that is over never hides
// one that holds.
func TestTwoReviewAtOnce(t *testing.T) {
	s := newStory(t)
	s.made("x")
	saw := s.view()
	both := func(run RunID, state string) {
		s.add(run, Change{Replica: Centre, Record: s.all[0].Dot, Edits: []Edit{{Path: PathReview, Value: state, Replaces: saw.Dots(PathReview), Seen: saw.Live("")}}})
	}
	both(97, ReviewReturned)
	both(98, ReviewApproved)
	s.stands(ReviewReturned, "", "")
	if c := s.view().Conflicts(); len(c) != 0 {
		t.Errorf("two reviews are a conflict for the officer to solve: %v", c)
	}
	s.edit(2, Edit{Path: "a", Value: "z", Replaces: s.view().Dots("a")})
	s.stands("", ReviewApproved, "") // the latest
	s.add(97, Change{Replica: Centre, Record: s.all[0].Dot, Edits: []Edit{{Path: PathReview, Value: ReviewApproved, Seen: s.view().Live("")}}})
	s.stands(ReviewApproved, "", "")
}

// TestOnlyTheCentreReviews: the word of a device is no review, whatever it says.
func TestOnlyTheCentreReviews(t *testing.T) {
	s := newStory(t)
	s.made("x")
	s.edit(2, Edit{Path: PathReview, Value: ReviewApproved, Seen: s.view().Live("")})
	s.stands("", "", "")
	s.add(98, Change{Replica: Centre, Record: s.all[0].Dot, Edits: []Edit{{Path: PathReview, Value: "perhaps", Seen: s.view().Live("")}}})
	s.stands("", "", "")
}

// TestNotes: a note is no part of what a record says, stands beside what others say, survives whatever is edited, can be
// taken back, and can be erased.
func TestNotes(t *testing.T) {
	s := newStory(t)
	s.made("x")
	s.reviewed(ReviewApproved, "Tốt.")
	second := Dot{3, 1}
	path := NameRows(NewNote, second)
	if note := s.edit(3, Edit{Path: path, Value: "Anh Ba xem lại giúp."}); note.Dot != second || !IsNote(path) || IsSystem(path) {
		t.Fatalf("the note is %v, its path %q", note.Dot, path)
	}
	s.stands(ReviewApproved, "", "Tốt.") // a note takes no record from under its review
	texts := func() (ts []string) {
		for _, n := range s.view().Notes() {
			ts = append(ts, n.Text)
		}
		return ts
	}
	if got := texts(); !slices.Equal(got, []string{"Tốt.", "Anh Ba xem lại giúp."}) {
		t.Errorf("the notes are %q", got)
	}
	v := s.view()
	if values := v.Values(); len(values) != 1 || values["a"] != "x" {
		t.Errorf("the record says %q", values)
	}
	s.edit(2, Edit{Path: PathLife, Value: LifeDeleted, Seen: v.Live("")})
	if !s.view().Hidden {
		t.Error("a note keeps a record from being deleted")
	}
	s.edit(3, Edit{Path: path, Value: "", Replaces: s.view().Dots(path)})
	if got := texts(); !slices.Equal(got, []string{"Tốt."}) {
		t.Errorf("a note was taken back, there are %q", got)
	}
}
