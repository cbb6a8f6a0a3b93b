package store

import (
	"cmp"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/shared/viet"
)

const rowColumns = "id, record_run, record_n, replica, form_id, form_version, title, date, words, written, own_run, own_n, conflict, rejected, marked, visible"

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

// line is a row with its place in the list.
type line struct {
	notebook.Row
	id int64
}

// PutRow implements notebook.Desk. What did not alter is not written.
func (t *transaction) PutRow(r notebook.Row) error {
	old, ok, err := t.line(r.Record)
	if err != nil || ok && old.Row == r {
		return err
	}
	now := line{r, old.id}
	if !ok || old.Written != r.Written {
		if now.id, err = t.newID(&r); err != nil {
			return err
		}
	}
	was, is := indexed(&old.Row), indexed(&r)
	if now.id != old.id || was != is {
		if err := t.unindex(old.id, was); err != nil {
			return err
		}
	} else {
		is = "" // it stays as it is
	}
	write := insertRow
	if ok {
		write = updateRow
	}
	if err := t.keep(write, &now); err != nil || is == "" {
		return err
	}
	return t.SQL().Exec("INSERT INTO row_search (rowid, words) VALUES (?, ?)", now.id, is)
}

func (t *transaction) unindex(id int64, was string) error {
	if was == "" {
		return nil
	}
	return t.SQL().Exec("INSERT INTO row_search (row_search, rowid, words) VALUES ('delete', ?, ?)", id, was)
}

// The two ways to write a row. INSERT OR REPLACE would do for both, and be ten times dearer: a statement that SQLite may
// have to take back by itself makes the search index write down, each time, what it has gathered so far.
const (
	insertRow = "INSERT INTO row (" + rowColumns + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
	updateRow = "UPDATE row SET (id, replica, form_id, form_version, title, date, words, written, own_run, own_n, conflict, rejected, marked, visible)" +
		" = (?1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) WHERE record_run = ?2 AND record_n = ?3"
)

func (t *transaction) keep(write string, r *line) error {
	return t.SQL().Exec(write, r.id, int64(r.Record.Run), int64(r.Record.N), int64(r.Replica), r.Form.ID, int64(r.Form.Version), r.Title, r.Date,
		r.Words, r.Written, int64(r.Own.Run), int64(r.Own.N), r.Conflict, r.Rejected, r.Marked, r.Visible)
}

// idShift leaves room for several rows of one millisecond.
const idShift = 3

// maxWritten bounds the time in an id; rows written later, by a mad clock, stand together in front.
const maxWritten record.Millis = 1 << 59

// newID finds a place in the list for a row: by its time, and when that is taken, some place later. So of a row with
// id x it is certain that it was not written after x>>idShift.
func (t *transaction) newID(r *notebook.Row) (int64, error) {
	spread := uint64(r.Record.Run) ^ uint64(r.Record.N)
	id := min(max(r.Written, 0), maxWritten)<<idShift + int64(spread&(1<<idShift-1))
	for step := int64(1); ; step *= 2 {
		_, err := t.SQL().One("SELECT 1 FROM row WHERE id = ?", id)
		if errors.Is(err, sqlite.ErrNoRow) {
			return id, nil
		}
		if err != nil {
			return 0, err
		}
		id += step
	}
}

// DropRows implements notebook.Desk.
func (t *transaction) DropRows() error {
	return errors.Join(t.SQL().Exec("DELETE FROM row"), t.SQL().Exec("INSERT INTO row_search (row_search) VALUES ('delete-all')"))
}

// Row implements notebook.Desk.
func (t *transaction) Row(rec record.Dot) (notebook.Row, bool, error) {
	l, ok, err := t.line(rec)
	return l.Row, ok, err
}

func (t *transaction) line(rec record.Dot) (l line, ok bool, err error) {
	row, err := t.SQL().One("SELECT "+rowColumns+" FROM row WHERE record_run = ? AND record_n = ?", int64(rec.Run), int64(rec.N))
	if errors.Is(err, sqlite.ErrNoRow) {
		return l, false, nil
	}
	if err != nil {
		return l, false, err
	}
	l.id = row.Int64(0)
	l.Row = notebook.Row{Record: dot(&row, 1), Replica: record.ReplicaID(row.Int64(3)),
		Form: record.FormRef{ID: row.Text(4), Version: uint32(row.Int64(5))}, Title: row.Text(6), Date: row.Text(7), Words: row.Text(8),
		Written: row.Int64(9), Own: dot(&row, 10), Conflict: row.Bool(12), Rejected: row.Bool(13), Marked: row.Bool(14), Visible: row.Bool(15)}
	return l, true, nil
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
	words := notebook.SearchWords(viet.Fold(q.Text))
	if len(words)+len(parts) > 1 {
		parts = parts[:len(parts):len(parts)]
	}
	for _, w := range words {
		parts = append(parts, quoted(w)+"*")
	}
	return strings.Join(parts, " AND ")
}

func quoted(s string) string { return `"` + s + `"` }
