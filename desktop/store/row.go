package store

import (
	"errors"

	"banlang/desktop/notebook"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

const rowColumns = "id, record_run, record_n, replica, form_id, form_version, title, date, words, written, own_run, own_n, conflict, rejected, marked, visible, units, place_run, place_n, calls, review, deleted"

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
	now, write := line{r, old.id}, insertRow
	if ok {
		write = updateRow
	}
	if !ok || old.Written != r.Written {
		if now.id, err = t.newID(&r); err != nil {
			return err
		}
	}
	if was, is := indexed(&old.Row), indexed(&r); now.id != old.id || was != is {
		t.unindex(old.id, was)
		t.index(now.id, is)
		if err := t.noteErased(r.Record); err != nil {
			return err
		}
	}
	return t.SQL().Exec(write, now.id, int64(r.Record.Run), int64(r.Record.N), int64(r.Replica), r.Form.ID, int64(r.Form.Version), r.Title,
		r.Date, r.Words, r.Written, int64(r.Own.Run), int64(r.Own.N), r.Conflict, r.Rejected, r.Marked, r.Visible, r.Units,
		int64(r.Place.Run), int64(r.Place.N), r.Calls, r.Review, r.Deleted)
}

const (
	insertRow = "INSERT INTO row (" + rowColumns + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)"
	updateRow = "UPDATE row SET (id, replica, form_id, form_version, title, date, words, written, own_run, own_n, conflict, rejected, marked, visible, units, place_run, place_n, calls, review, deleted)" +
		" = (?1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22) WHERE record_run = ?2 AND record_n = ?3"
)

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
	t.words = nil
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
	return readLine(&row), true, nil
}

// readLine reads rowColumns.
func readLine(row *sqlite.Row) (l line) {
	l.id = row.Int64(0)
	l.Row = notebook.Row{Record: dot(row, 1), Replica: record.ReplicaID(row.Int64(3)),
		Form: record.FormRef{ID: row.Text(4), Version: uint64(row.Int64(5))}, Title: row.Text(6), Date: row.Text(7), Words: row.Text(8),
		Written: row.Int64(9), Own: dot(row, 10), Conflict: row.Bool(12), Rejected: row.Bool(13), Marked: row.Bool(14), Visible: row.Bool(15),
		Units: row.Text(16), Place: dot(row, 17), Calls: row.Text(19), Review: row.Text(20), Deleted: row.Bool(21)}
	return l
}
