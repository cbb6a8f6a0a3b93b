// Package notebook owns what an officer's machine keeps: the changes it wrote and those it was sent, drafts, the list
// with its search, and what it knows about the centre. It is the desktop's half of the sync promises, without widgets,
// sockets or SQL.
//
// Invariants (Check runs them on real data):
//
//  1. What Save, Finalize or SaveDraft returned from survives power loss; nothing that lacks a receipt can be deleted by
//     any path, and in this version nothing at all is.
//  2. A cursor and the page that it covers are one transaction.
//  3. The list equals a rebuild from the changes up to the place that it names (Projected).
//  4. A blob stays as long as a draft or a change names it. It counts as being at the centre only by the centre's word.
//  5. A draft names, for each field, the values that were on the screen when the officer first changed it.
package notebook

import (
	"cmp"
	"context"
	"maps"
	"strings"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Tx is one transaction over what a notebook keeps.
type Tx interface {
	ledger.Tx
	Desk
}

// Desk is what a notebook keeps beside the changes.
type Desk interface {
	// PutDraft keeps a draft under its ID (0: a new one, which no draft ever had) and returns the ID.
	PutDraft(d Draft) (DraftID, error)
	Draft(id DraftID) (d Draft, ok bool, err error)
	// Drafts returns all drafts, latest first.
	Drafts() ([]Draft, error)
	// DropDraft destroys a draft; its place is overwritten.
	DropDraft(id DraftID) error
	// PutRow keeps the line of a record in the list, findable by its words; DropRows empties the list.
	PutRow(r Row) error
	DropRows() error
	Row(rec record.Dot) (r Row, ok bool, err error)
	// Search returns the records that a query asks for, newest first, at most q.Limit.
	Search(q Query) ([]record.Dot, error)
	// Count is how many records the list shows.
	Count() (int, error)
	// Urgent lists own changes that overtake all others, oldest first; PutUrgent adds one, DropUrgent takes it off.
	Urgent() ([]record.Dot, error)
	PutUrgent(d record.Dot) error
	DropUrgent(d record.Dot) error
}

// Store keeps a notebook. It has two real implementations: SQLite (package store) and Memory, under one suite (package
// storetest).
type Store interface {
	// Update runs f in one durable transaction; one runs at a time. When it returns nil, the work survives power loss.
	Update(ctx context.Context, f func(Tx) error) error
	// UpdateSoon is Update that does not wait for the disk: when it returns nil, the work survives the end of the process;
	// it survives power loss together with the next Update. Power loss takes whole transactions back, from the last one on.
	// It is for what the centre, or the notebook itself, can give again.
	UpdateSoon(ctx context.Context, f func(Tx) error) error
	// View runs f over a consistent state; many may run at once.
	View(ctx context.Context, f func(Tx) error) error
	Close() error
}

// DraftID names a draft within a notebook.
type DraftID int64

// Draft is a form being filled in. It never leaves the notebook.
type Draft struct {
	ID      DraftID
	Record  record.Dot // the record being edited; zero: a new one
	Instead record.Dot // the record in whose place a new one is written; zero: none
	Form    record.FormRef
	Feed    record.Feed // of a new record
	Officer string
	Saved   record.Millis
	Values  map[string]string       // what the officer typed, by path
	Saw     map[string][]record.Dot // by path: the live values on the screen when he first changed it
	Dropped map[string][]record.Dot // rows taken out ("items/<row>/"), each with every live value of it on the screen
	Covers  []record.Dot            // with Instead: every live value of that record that was on the screen
}

// Of is the record that the draft edits, or in whose place it is written; zero: neither.
func (d *Draft) Of() record.Dot { return cmp.Or(d.Record, d.Instead) }

// Set notes that the officer typed a value while this view was on the screen (nil: a new record).
func (d *Draft) Set(path, value string, shown *record.View) {
	if d.Values == nil {
		d.Values = map[string]string{}
	}
	if d.Saw == nil {
		d.Saw = map[string][]record.Dot{}
	}
	if _, ok := d.Values[path]; !ok && shown != nil {
		d.Saw[path] = shown.Dots(path)
	}
	d.Values[path] = value
}

// DropRow notes that the officer took a row out ("items/<row>/") while this view was on the screen (nil: a new record).
// What he typed into it in this draft goes too.
func (d *Draft) DropRow(row string, shown *record.View) {
	maps.DeleteFunc(d.Values, func(p, _ string) bool { return strings.HasPrefix(p, row) })
	maps.DeleteFunc(d.Saw, func(p string, _ []record.Dot) bool { return strings.HasPrefix(p, row) })
	if shown == nil || len(shown.Live(row)) == 0 {
		return
	}
	if d.Dropped == nil {
		d.Dropped = map[string][]record.Dot{}
	}
	d.Dropped[row] = shown.Live(row)
}

// Row is the line of a record in the list.
type Row struct {
	Record   record.Dot
	Replica  record.ReplicaID // of the creation: with the number, the name for people
	Form     record.FormRef
	Title    string
	Date     string     // when it happened, ISO; may be empty
	Words    string     // what search looks in, folded
	Units    string     // of the record, sorted, with a space between: several while a move is in conflict
	Place    record.Dot // what it names first as its place; zero: none
	Calls    string     // of a place that others name: what it is called, folded; empty: it is none
	Written  record.Millis
	Own      record.Dot // the last own change of the record; zero: none
	Conflict bool
	Rejected bool   // a change of it was rejected: somebody must look
	Marked   bool   // deleted beside an edit
	Review   string // record.ReviewApproved or ReviewReturned while that holds; empty: neither
	Visible  bool   // in the own scope, created, not deleted
	Deleted  bool   // in the own scope, created, deleted and not written anew: it can be brought back. Never with Visible
}
