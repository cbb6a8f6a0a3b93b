package projection

import (
	"context"
	"errors"
	"maps"
	"slices"

	"banlang/shared/sqlite"
)

// Batch gives the next rows of a list, at most limit, and where it goes on; no row: it is at its end. What with reads beside the
// rows is of the same state of the tables. Each batch is a view of its own: who takes a list out slowly holds nothing up, and what
// comes meanwhile may be in the rest.
func (p *Projection) Batch(ctx context.Context, s Scope, f Filter, o Order, from Cursor, limit int, with func(tx *sqlite.Tx, rows []Row) error) (rows []Row, next Cursor, err error) {
	q, err := newQuery(s, f, o)
	if err != nil {
		return nil, "", err
	}
	after, err := parseCursor(from)
	if err != nil {
		return nil, "", err
	}
	err = p.View(ctx, func(tx *sqlite.Tx) error {
		some, err := q.begin(tx)
		if !some || err != nil {
			return err
		}
		if rows, err = q.rows(after, min(limit, MaxRows)); err != nil || len(rows) == 0 {
			return err
		}
		next = cursorOf(&rows[len(rows)-1])
		return with(tx, rows)
	})
	return rows, next, err
}

// Exact counts all records of a list, however many there are.
func (p *Projection) Exact(ctx context.Context, s Scope, f Filter) (n int, err error) {
	q, err := newQuery(s, f, Order{})
	if err != nil {
		return 0, err
	}
	err = p.View(ctx, func(tx *sqlite.Tx) error {
		some, err := q.begin(tx)
		if !some || err != nil {
			return err
		}
		from, where, args := q.source()
		row, err := tx.One("SELECT count(*) FROM "+from+" WHERE "+where, args...)
		if err != nil {
			return err
		}
		n = int(row.Int64(0))
		return nil
	})
	return n, err
}

// Rows gives those of some records (Row.Rec) that are in the scope and not deleted, in the order of the days, the last first.
func Rows(tx *sqlite.Tx, s Scope, recs []int64) ([]Row, error) {
	scope, args := s.Where("r")
	q := &query{tx: tx}
	return q.read("SELECT "+columnsOf("r")+" FROM json_each(?) j CROSS JOIN records r ON r.rec = j.value WHERE r.hidden = 0 AND "+scope+
		" ORDER BY r.day DESC, r.rec DESC", append([]any{sqlite.List(recs)}, args...)...)
}

// Stamp tells one state of the records of a form from every other, in a view of the tables: it alters whenever any of them does, however
// that comes, and no state has that of another one; 0: there never was one. It is what is kept beside results that shall not be computed
// again.
func Stamp(tx *sqlite.Tx, form string) (int64, error) {
	row, err := tx.One("SELECT value FROM meta WHERE name = ?", valueStamp+form)
	if errors.Is(err, sqlite.ErrNoRow) {
		return 0, nil
	}
	return row.Int64(0), err
}

// valueStamp begins the name of the value that is the Stamp of a form: drawn by lot.
const valueStamp = "stamp of "

// stamp gives new stamps to the forms of which records were written.
func (w *writer) stamp() error {
	for _, form := range slices.Sorted(maps.Keys(w.forms)) {
		if err := w.tx.Exec("INSERT OR REPLACE INTO meta (name, value) VALUES (?, random())", valueStamp+form); err != nil {
			return err
		}
	}
	return nil
}
