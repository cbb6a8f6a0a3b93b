package notebook

import (
	"slices"
	"strings"
	"unicode"

	"banlang/shared/record"
	"banlang/shared/viet"
)

// Query asks for records of the list. Everything that is given narrows.
type Query struct {
	// Text is words (see SearchWords) in any order, each may be cut short; diacritics and case do not matter. A word stands
	// in the line of the record, or in what the place that it names is called now.
	Text     string
	Form     string // a form's ID; empty: all
	Unit     string // the code of a unit; empty: all
	From, To string // days of the event, ISO, both included; empty: open. With either, records without a day are not found
	State    State  // any but StateAny narrows; StateDeleted finds what no other does
	Limit    int
}

// State is what a record is waiting for: one, the first of StateConflict, StateAttention, StateReturned, StateQueued,
// StateApproved and StateCentre that holds. One that was deleted waits for nothing, and is found by StateDeleted alone.
type State uint8

// The states that a query may ask for.
const (
	StateAny       State = iota
	StateConflict        // people gave several answers, or it was deleted beside an edit
	StateAttention       // the centre rejected a change of it
	StateQueued          // an own change has no receipt of the present centre yet
	StateCentre          // none of these
	StateAsking          // StateConflict, StateAttention or StateReturned: somebody must do something
	StateReturned        // whoever reviews it has sent it back
	StateApproved        // whoever reviews it has approved of all that is in it
	StateDeleted         // it was deleted, and can be brought back
)

// SearchWords cuts folded text into the words that search compares: what stands between anything but letters and digits.
func SearchWords(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// Words are those that a query asks for.
func (q *Query) Words() []string { return SearchWords(viet.Fold(q.Text)) }

// HasWord reports whether a word stands in folded text, as a whole or as the beginning of one.
func HasWord(folded, word string) bool {
	return slices.ContainsFunc(SearchWords(folded), func(x string) bool { return strings.HasPrefix(x, word) })
}

// Days are the first and the last day that a query asks for; false when it takes any.
func (q *Query) Days() (from, to string, ok bool) {
	if q.From == "" && q.To == "" {
		return "", "", false
	}
	from, to = q.From, q.To
	if from == "" {
		from = "0"
	}
	if to == "" {
		to = "9999-12-31"
	}
	return from, to, true
}

// Fits reports whether a query asks for a row. Called says what a place of the list is called, "" for one that is not in
// it; queued whether an own change has no receipt.
func (q *Query) Fits(r *Row, called func(place record.Dot) string, queued func(own record.Dot) bool) bool {
	if !q.shows(r) || q.Form != "" && r.Form.ID != q.Form || q.Unit != "" && !slices.Contains(strings.Fields(r.Units), q.Unit) ||
		!q.State.holds(r, queued) {
		return false
	}
	if from, to, ok := q.Days(); ok && (r.Date == "" || r.Date < from || r.Date > to) {
		return false
	}
	for _, w := range q.Words() {
		if !HasWord(r.Words, w) && (r.Place.IsZero() || !HasWord(called(r.Place), w)) {
			return false
		}
	}
	return true
}

// shows reports whether a row is of those that the query is about: the deleted ones, or all others that are seen.
func (q *Query) shows(r *Row) bool {
	if q.State == StateDeleted {
		return r.Deleted
	}
	return r.Visible
}

func (s State) holds(r *Row, queued func(own record.Dot) bool) bool {
	returned := r.Review == record.ReviewReturned
	switch asking := r.Disputed() || r.Rejected || returned; s {
	case StateConflict:
		return r.Disputed()
	case StateAttention:
		return r.Rejected && !r.Disputed()
	case StateReturned:
		return returned && !r.Disputed() && !r.Rejected
	case StateAsking:
		return asking
	case StateQueued:
		return !asking && queued(r.Own)
	case StateCentre, StateApproved:
		return !asking && !queued(r.Own) && (r.Review == record.ReviewApproved) == (s == StateApproved)
	}
	return true
}

// Disputed reports whether the record waits for somebody to choose.
func (r *Row) Disputed() bool { return r.Conflict || r.Marked }
