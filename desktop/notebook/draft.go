package notebook

import (
	"context"
	"errors"
	"maps"
	"slices"

	"banlang/shared/fault"
	"banlang/shared/record"
)

// SaveDraft keeps a draft durably and returns its ID.
func (n *Notebook) SaveDraft(ctx context.Context, d Draft) (id DraftID, err error) {
	d.Saved = record.Millis(n.o.Wall())
	err = n.update(ctx, func(tx Tx) error {
		if n.closed {
			return fault.New(fault.Wiped, "draft", nil)
		}
		id, err = tx.PutDraft(d)
		return err
	})
	return id, err
}

// DropDraft gives a draft up. The caller has asked the officer, or can bring it back with SaveDraft.
func (n *Notebook) DropDraft(ctx context.Context, id DraftID) error {
	return n.update(ctx, func(tx Tx) error { return tx.DropDraft(id) })
}

// Drafts returns all drafts, latest first.
func (n *Notebook) Drafts(ctx context.Context) (ds []Draft, err error) {
	err = n.store.View(ctx, func(tx Tx) error { ds, err = tx.Drafts(); return err })
	return ds, err
}

// Finalize turns a draft into a change, in one transaction with the draft's end. The entry is the draft's (Draft.Entry),
// but for answers that are left out and those that the form added. What it replaces at a path of the draft is what the
// draft saw, whatever has arrived since; an entry that says otherwise is refused.
func (n *Notebook) Finalize(ctx context.Context, id DraftID, e Entry) (rec record.Dot, err error) {
	err = n.update(ctx, func(tx Tx) error {
		d, ok, err := tx.Draft(id)
		if err != nil || !ok {
			return errors.Join(err, fault.New(fault.NotFound, "finalize", nil))
		}
		if !e.of(&d) {
			return fault.New(fault.BadInput, "finalize", errors.New("not the entry of this draft"))
		}
		if rec, err = n.save(tx, e); err != nil {
			return err
		}
		return tx.DropDraft(id)
	})
	return rec, err
}

// Entry is what the draft says, to be finalized.
func (d *Draft) Entry() Entry {
	e := Entry{Record: d.Record, Form: d.Form, Officer: d.Officer, Values: maps.Clone(d.Values), Saw: maps.Clone(d.Saw), Dropped: maps.Clone(d.Dropped)}
	if d.Record.IsZero() {
		e.Feed, e.Instead, e.Covers = d.Feed, d.Instead, slices.Clone(d.Covers)
		maps.DeleteFunc(e.Values, func(_, v string) bool { return v == "" })
	}
	return e
}

// of reports whether the entry is one of the draft.
func (e *Entry) of(d *Draft) bool {
	if e.Record != d.Record || e.Instead != d.Instead || !slices.Equal(e.Covers, d.Covers) || e.Form.ID != d.Form.ID || e.Officer != d.Officer {
		return false
	}
	for path := range e.Values {
		if _, held := d.Values[path]; held && !slices.Equal(e.Saw[path], d.Saw[path]) {
			return false
		}
	}
	for row, seen := range e.Dropped {
		if !slices.Equal(seen, d.Dropped[row]) {
			return false
		}
	}
	return true
}
