package apptest

import (
	"slices"
	"strings"

	"banlang/shared/record"
)

// Reviewer is the account that reviews.
const Reviewer = "tra.vn"

// Review is the centre's word on a record as it is on this machine, as the machine gets it: record.ReviewApproved or
// ReviewReturned, with a note unless it is empty.
func (m *Machine) Review(rec record.Dot, state, note string) {
	m.V.t.Helper()
	v := m.View(rec)
	next, err := m.V.pen.Next(m.V.books)
	if err != nil {
		m.V.t.Fatal(err)
	}
	c := &record.Change{Kind: record.KindEdit, Record: rec, Form: v.Form, Officer: Reviewer,
		Edits: []record.Edit{{Path: record.PathReview, Value: state, Replaces: v.Dots(record.PathReview), Seen: v.Live("")}}}
	if note != "" {
		c.Edits = append(c.Edits, record.Edit{Path: record.NameRows(record.NewNote, next), Value: note})
	}
	slices.SortFunc(c.Edits, func(a, b record.Edit) int { return strings.Compare(a.Path, b.Path) })
	m.V.write(c)
	m.take(c)
}
