package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"banlang/desktop/notebook"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// PutDraft implements notebook.Desk.
func (t *transaction) PutDraft(d notebook.Draft) (notebook.DraftID, error) {
	content, err := json.Marshal(d)
	if err != nil {
		return 0, fmt.Errorf("store: a draft: %w", err)
	}
	var id any // nil: a new one
	if d.ID != 0 {
		id = int64(d.ID)
	}
	done, err := t.SQL().ExecResult("INSERT OR REPLACE INTO draft (id, saved, content) VALUES (?, ?, ?)", id, d.Saved, string(content))
	return notebook.DraftID(done.RowID), err
}

// Draft implements notebook.Desk.
func (t *transaction) Draft(id notebook.DraftID) (notebook.Draft, bool, error) {
	row, err := t.SQL().One("SELECT id, content FROM draft WHERE id = ?", int64(id))
	if errors.Is(err, sqlite.ErrNoRow) {
		return notebook.Draft{}, false, nil
	}
	if err != nil {
		return notebook.Draft{}, false, err
	}
	d, err := decodeDraft(&row)
	return d, err == nil, err
}

// Drafts implements notebook.Desk.
func (t *transaction) Drafts() (ds []notebook.Draft, err error) {
	rows := t.SQL().Query("SELECT id, content FROM draft ORDER BY saved DESC, id DESC")
	defer rows.Close()
	for rows.Next() {
		d, err := decodeDraft(&rows.Row)
		if err != nil {
			return nil, err
		}
		ds = append(ds, d)
	}
	return ds, rows.Err()
}

// DropDraft implements notebook.Desk.
func (t *transaction) DropDraft(id notebook.DraftID) error {
	t.dropped = true
	return t.SQL().Exec("DELETE FROM draft WHERE id = ?", int64(id))
}

func decodeDraft(row *sqlite.Row) (d notebook.Draft, err error) {
	if err = json.Unmarshal([]byte(row.Text(1)), &d); err != nil {
		return d, fmt.Errorf("store: draft %d: %w", row.Int64(0), err)
	}
	d.ID = notebook.DraftID(row.Int64(0)) // a new one had none when it was written
	return d, nil
}

// dot reads two columns, the run and the number.
func dot(row *sqlite.Row, column int) record.Dot {
	return record.Dot{Run: record.RunID(row.Int64(column)), N: record.Number(row.Int64(column + 1))}
}

// Urgent implements notebook.Desk. There are few.
func (t *transaction) Urgent() (ds []record.Dot, err error) {
	rows := t.SQL().Query("SELECT run, n FROM urgent")
	for rows.Next() {
		ds = append(ds, dot(&rows.Row, 0))
	}
	slices.SortFunc(ds, func(a, b record.Dot) int { return cmp.Or(cmp.Compare(a.N, b.N), a.Compare(b)) })
	return ds, rows.Err()
}

// PutUrgent implements notebook.Desk.
func (t *transaction) PutUrgent(d record.Dot) error {
	return t.SQL().Exec("INSERT INTO urgent (run, n) VALUES (?, ?) ON CONFLICT DO NOTHING", int64(d.Run), int64(d.N))
}

// DropUrgent implements notebook.Desk.
func (t *transaction) DropUrgent(d record.Dot) error {
	return t.SQL().Exec("DELETE FROM urgent WHERE run = ? AND n = ?", int64(d.Run), int64(d.N))
}
