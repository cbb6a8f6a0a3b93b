package store

import (
	"cmp"
	"context"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
)

// The marks of the search index. They begin with letters that no keyboard has, so that no word is like them.
const (
	markVisible  = "\ue000v"
	markConflict = "\ue000c"
	markRejected = "\ue000r"
	markForm     = "\ue001" // and the form's id in hexadecimal
)

// indexed is what stands in the search index for a row; nothing for one that is not visible.
func indexed(r *notebook.Row) string {
	if !r.Visible {
		return ""
	}
	marks := []string{r.Words, markVisible, markForm + hex.EncodeToString([]byte(r.Form.ID))}
	if r.Conflict {
		marks = append(marks, markConflict)
	}
	if r.Rejected {
		marks = append(marks, markRejected)
	}
	return strings.Join(marks, " ")
}

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
// erased. Update does it by itself at the end of the transaction that took them out; after a power cut in between, Open
// does. It rewrites the index, in steps that let others in between.
func (s *Store) Purge(ctx context.Context) error {
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
			if more = after.Int64(0)-before.Int64(0) >= 2; !more && err == nil {
				err = tx.Exec("DELETE FROM value WHERE name = ?", valuePurge)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.Checkpoint(ctx)
}

// found is a row that fits a query.
type found struct {
	rec     record.Dot
	written record.Millis
}

// Search implements notebook.Desk. The index gives the rows in the order of their ids, which is nearly that of their
// times; it is read until nothing later in it can belong among the newest.
func (t *transaction) Search(q notebook.Query) ([]record.Dot, error) {
	if q.Limit <= 0 {
		return nil, nil
	}
	if err := t.flushWords(); err != nil {
		return nil, err
	}
	rows := t.SQL().Query(`SELECT row.id, row.record_run, row.record_n, row.written FROM row_search JOIN row ON row.id = row_search.rowid
		WHERE row_search MATCH ? ORDER BY row_search.rowid DESC`, expression(q))
	defer rows.Close()
	var best []found
	for rows.Next() {
		if len(best) >= q.Limit && rows.Int64(0)>>idShift < min(best[q.Limit-1].written, maxWritten) {
			break
		}
		best = insert(best, found{dot(&rows.Row, 1), rows.Int64(3)}, q.Limit)
	}
	recs := make([]record.Dot, 0, len(best))
	for _, f := range best {
		recs = append(recs, f.rec)
	}
	return recs, rows.Err()
}

// insert puts f among the newest, of which at most limit are kept.
func insert(best []found, f found, limit int) []found {
	at, _ := slices.BinarySearchFunc(best, f, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.written, a.written), b.rec.Compare(a.rec))
	})
	best = slices.Insert(best, at, f)
	return best[:min(len(best), limit)]
}

// expression writes a query in the language of FTS5. Every part is quoted; words have neither quotes nor operators.
func expression(q notebook.Query) string {
	parts := []string{quoted(markVisible)}
	if q.Form != "" {
		parts = append(parts, quoted(markForm+hex.EncodeToString([]byte(q.Form))))
	}
	switch q.State {
	case notebook.StateConflict:
		parts = append(parts, quoted(markConflict))
	case notebook.StateAttention:
		parts = append(parts, quoted(markRejected))
	}
	for _, w := range notebook.SearchWords(viet.Fold(q.Text)) {
		parts = append(parts, quoted(w)+"*")
	}
	return strings.Join(parts, " AND ")
}

func quoted(s string) string { return `"` + s + `"` }
