package store

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
)

// The marks of the search index. They begin with letters that no keyboard has, so that no word is like them.
const (
	markVisible  = "\ue000v"
	markDeleted  = "\ue000d"
	markConflict = "\ue000c"
	markRejected = "\ue000r"
	markReturned = "\ue000b"
	markQuiet    = "\ue000q" // nobody must do anything
	markApproved = "\ue000a" // with markQuiet
	markForm     = "\ue001"  // and the form's id in hexadecimal
	markUnit     = "\ue002"  // and the unit's code, likewise
	markPlace    = "\ue003"  // and the record of the place, likewise
	markMonth    = "\ue004"  // and the month of the event: 202611
	markDay      = "\ue005"  // and its day: 20261116
)

func marked(mark, text string) string { return mark + hex.EncodeToString([]byte(text)) }

// indexed is what stands in the search index for a row; nothing for one that is not to be found.
func indexed(r *notebook.Row) string {
	marks := []string{r.Words}
	switch {
	case r.Visible:
		marks = append(marks, markVisible, marked(markForm, r.Form.ID), stateMark(r))
	case r.Deleted:
		marks = append(marks, markDeleted, marked(markForm, r.Form.ID))
	default:
		return ""
	}
	for _, unit := range strings.Fields(r.Units) {
		marks = append(marks, marked(markUnit, unit))
	}
	if !r.Place.IsZero() {
		marks = append(marks, marked(markPlace, r.Place.String()))
	}
	if viet.ValidDate(r.Date) {
		marks = append(marks, monthMark(r.Date), dayMark(r.Date))
	}
	return strings.Join(marks, " ")
}

// stateMark is the mark of what a record waits for; of one that waits for nobody, with what was said of it, if anything.
func stateMark(r *notebook.Row) string {
	switch {
	case r.Disputed():
		return markConflict
	case r.Rejected:
		return markRejected
	case r.Review == record.ReviewReturned:
		return markReturned
	case r.Review == record.ReviewApproved:
		return markQuiet + " " + markApproved
	}
	return markQuiet
}

func monthMark(iso string) string { return markMonth + iso[:4] + iso[5:7] }
func dayMark(iso string) string   { return markDay + iso[:4] + iso[5:7] + iso[8:] }

// words is what the search index has, and is to have, under one id.
type words struct{ was, is string }

// wordsOf returns what was noted for an id in this transaction.
func (t *transaction) wordsOf(id int64) *words {
	if t.words == nil {
		t.words = map[int64]*words{}
	}
	if t.words[id] == nil {
		t.words[id] = &words{}
	}
	return t.words[id]
}

// unindex takes out what the index has under an id, or was to have.
func (t *transaction) unindex(id int64, was string) {
	if t.words[id] == nil {
		t.wordsOf(id).was = was
	}
	t.wordsOf(id).is = ""
}

// index puts words in under an id, where nothing is.
func (t *transaction) index(id int64, is string) { t.wordsOf(id).is = is }

// flushWords writes what was noted, by ascending ids: FTS5 gathers such in memory and writes them down once, others one
// by one, which is a hundred times dearer.
func (t *transaction) flushWords() error {
	for _, id := range slices.Sorted(maps.Keys(t.words)) {
		w := t.words[id]
		if w.was == w.is {
			continue
		}
		if w.was != "" {
			if err := t.SQL().Exec("INSERT INTO row_search (row_search, rowid, words) VALUES ('delete', ?, ?)", id, w.was); err != nil {
				return err
			}
		}
		if w.is != "" {
			if err := t.SQL().Exec("INSERT INTO row_search (rowid, words) VALUES (?, ?)", id, w.is); err != nil {
				return err
			}
		}
	}
	t.words = nil
	return nil
}

// valuePurge is put when words of an erased record were taken out of the index, and is there until Purge has run.
const valuePurge = "store: purge"

// noteErased remembers that words were taken out which the law may have ordered to be destroyed.
func (t *transaction) noteErased(rec record.Dot) error {
	if n, err := t.Erasures(); n == 0 || err != nil {
		return err
	}
	about, err := ledger.About(t, rec)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(about, func(c *record.Change) bool { return c.Kind == record.KindErase }) {
		t.purge = true
		return t.PutValue(valuePurge, []byte{1})
	}
	return nil
}

// purgePages is how many pages of the index are rewritten in one transaction: some ten milliseconds.
const purgePages = 200

// Purge destroys what the files still have of words that were taken out of the search index because a record was
// erased, and the copies of before a migration, which have the record whole. Update does it by itself at the end of the transaction that
// took them out; after a power cut in between, Open does. It rewrites the index, in steps that let others in between. Where a copy cannot
// be removed, the next opening tries again.
func (s *Store) Purge(ctx context.Context) error {
	former := sqlite.DropFormer(s.path, func(time.Time) bool { return true })
	for pages, more := -purgePages, true; more; pages = purgePages {
		err := s.db.Update(ctx, func(tx *sqlite.Tx) error {
			before, err := tx.One("SELECT total_changes()")
			if err != nil {
				return err
			}
			if err := tx.Exec("INSERT INTO row_search (row_search, rank) VALUES ('merge', ?)", pages); err != nil {
				return err
			}
			after, err := tx.One("SELECT total_changes()")
			if more = after.Int64(0)-before.Int64(0) >= 2; !more && err == nil && former == nil {
				err = tx.Exec("DELETE FROM value WHERE name = ?", valuePurge)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return errors.Join(former, s.Checkpoint(ctx))
}
