package hub

import (
	"slices"
	"strings"

	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/record"
)

// Writing is what staff at the centre write: a new record, or an edit of one.
type Writing struct {
	Record  record.Dot             // zero: a new record
	Form    record.FormRef         // that the values are written in
	Officer string                 // the account of whoever writes
	Saw     *record.View           // what was before the writer; nil: a new record
	Feeds   map[string]record.Feed // by feed path (record.IsFeedPath): where a new record is, or what alters
	Values  map[string]string      // by path; a new row is "+1", "+2" … and gets its name for ever here. With record.PathReview, a review
}

// Author writes for staff, as a notebook does for an officer: what the edit replaces is what the writer saw. It is signed
// with the centre's key, listed like any other change, and comes back to a restored centre through the devices that hold it.
// Who writes has made sure that the form takes the values: what the centre writes is not judged.
func (a *Act) Author(w Writing) (record.Dot, error) {
	c := &record.Change{Kind: record.KindEdit, Officer: w.Officer, Record: w.Record, Form: w.Form}
	saw := func(string) []record.Dot { return nil }
	if w.Saw != nil {
		saw, c.FeedSeen = w.Saw.Dots, w.Saw.Dots(record.PathFeed)
	}
	next, err := a.h.pen.Next(a.tx)
	if err != nil {
		return record.Dot{}, err
	}
	for path, feed := range w.Feeds {
		c.Edits = append(c.Edits, record.Edit{Path: path, Value: string(feed), Replaces: saw(path)})
	}
	for path, value := range w.Values {
		e := record.Edit{Path: record.NameRows(path, next), Value: value, Replaces: saw(path)}
		if path == record.PathReview && w.Saw != nil && !planted.On(planted.ReviewUnnamed) {
			e.Seen = w.Saw.Live("")
			if planted.On(planted.ReviewedUnseen) {
				now, err := ledger.ViewOf(a.tx, w.Record)
				if err != nil {
					return record.Dot{}, err
				}
				e.Seen = now.Live("")
			}
		}
		c.Edits = append(c.Edits, e)
	}
	slices.SortFunc(c.Edits, func(x, y record.Edit) int { return strings.Compare(x.Path, y.Path) })
	if err := a.write(c); err != nil {
		return record.Dot{}, err
	}
	return c.RecordID(), nil
}
