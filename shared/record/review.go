package record

import (
	"cmp"
	"slices"
	"strings"

	"banlang/shared/planted"
)

// PathReview is the system path of what the centre says of a record: ReviewApproved, ReviewReturned, or nothing, which takes
// back what was said. Only the centre's word counts. The edit names every live value that whoever reviewed saw (Seen), and
// holds only while there is no other: who alters a record takes it from under its review.
const PathReview = "_review"

// The values of a PathReview.
const (
	ReviewApproved = "approved"
	ReviewReturned = "returned"
)

// notes begins the paths of notes. No question of a form has such a name.
const notes = "_note/"

// MaxNoteBytes bounds a note.
const MaxNoteBytes = 4 << 10

// NewNote is the path of a note that is about to be written; NameRows gives it its name for ever.
const NewNote = notes + NewRow + "1"

// IsNote reports whether the value at path is a note: a word about a record, by whoever has something to say about it. It
// is no part of what the record says: no form asks for it, no review or delete needs to have seen it. But it is a value,
// and may be erased.
func IsNote(path string) bool { return strings.HasPrefix(path, notes) && !IsSystem(path) }

// says reports whether the value at path is part of what the record says.
func says(path string) bool { return !IsSystem(path) && !IsNote(path) }

// Review is where a record stands with those who review it.
type Review struct {
	State   string // ReviewApproved or ReviewReturned; empty: neither, or not any more
	Over    string // what it was, when values came that the review had not seen
	Dot     Dot    // the review, also one that is over
	Officer string // the account of whoever reviewed
	At      Millis
	Note    string // why; empty when nothing was said, or it is not here
}

// Review reads the review of a record. Of several, given without knowing of each other, a return that holds comes first,
// then an approval that holds, then the latest.
func (v *View) Review() (r Review) {
	rank := func(x Review) int {
		switch x.State {
		case ReviewReturned:
			return 0
		case ReviewApproved:
			return 1
		}
		return 2
	}
	for _, x := range v.Field(PathReview) { // the latest in front
		if x.Replica != Centre && !planted.On(planted.ReviewByAnybody) || x.Text != ReviewApproved && x.Text != ReviewReturned {
			continue
		}
		said := Review{Dot: x.Dot, Officer: x.Officer, At: x.Time, Note: v.Text(NameRows(NewNote, x.Dot))}
		if v.covered(x, "") || planted.On(planted.ReviewStays) {
			said.State = x.Text
		} else {
			said.Over = x.Text
		}
		if r.Dot.IsZero() || rank(said) < rank(r) {
			r = said
		}
	}
	return r
}

// Note is one note on a record.
type Note struct {
	Path string
	Value
}

// Notes lists the notes on a record that were not taken back, the earliest first. The note of a review is among them.
func (v *View) Notes() (all []Note) {
	for i := range v.Fields {
		if f := &v.Fields[i]; IsNote(f.Path) && (f.Live[0].Text != "" || f.Live[0].State != BodyHere) {
			all = append(all, Note{f.Path, f.Live[0]})
		}
	}
	slices.SortFunc(all, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), a.Dot.Compare(b.Dot), strings.Compare(a.Path, b.Path))
	})
	return all
}
