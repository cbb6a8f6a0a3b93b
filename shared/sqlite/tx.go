package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"banlang/shared/fault"
)

var errOver = fault.New(fault.Internal, "sqlite", errors.New("the transaction is over"))

// Tx is a transaction. It belongs to the function that Update or View called, and to
// the goroutine of that; it is over when the function returns.
//
// Statements are given as one SQL text each, prepared once a connection. A text may be
// used again while its rows are being read.
//
// Arguments are nil, integers, floats, bools, strings, byte slices, and types made of
// these; a nil slice is NULL, an empty one an empty BLOB. int64, string and []byte are
// the fast ones. Nothing is held on to.
//
// The tables are meant to be STRICT: for columns declared DATE, DATETIME, TIMESTAMP or
// BOOLEAN, which STRICT does not allow, the driver converts values by itself.
type Tx struct {
	ctx      context.Context
	readOnly bool
	conn     *conn
	open     []*Rows // not closed yet
	failed   error   // why the transaction cannot be committed any more
	over     bool
	hurt     bool // the disk failed under a statement: the connection is not used again
}

// Result is what a statement did.
type Result struct {
	RowID   int64 // of the row inserted last on this connection
	Changes int64 // rows inserted, updated or deleted
}

// Exec runs a statement that returns no rows. After an error of IsConstraint the
// transaction goes on without this statement; after one of the disk it is over, and
// Update returns that error whatever f returns.
func (tx *Tx) Exec(query string, args ...any) error {
	s, err := tx.prepare(query, args)
	if err != nil {
		return err
	}
	err = s.exec()
	tx.conn.give(s)
	if err != nil {
		return tx.explain(query, err)
	}
	return nil
}

// ExecResult is Exec and tells what the statement did. It is a little slower.
func (tx *Tx) ExecResult(query string, args ...any) (Result, error) {
	s, err := tx.prepare(query, args)
	if err != nil {
		return Result{}, err
	}
	defer tx.conn.give(s)
	done, err := s.raw.ExecContext(context.Background(), s.args)
	if err != nil {
		return Result{}, tx.explain(query, err)
	}
	id, _ := done.LastInsertId()      // the driver never fails here
	changes, _ := done.RowsAffected() // nor here
	return Result{RowID: id, Changes: changes}, nil
}

// Script runs any number of statements without arguments. It prepares them each time.
func (tx *Tx) Script(text string) error {
	if err := tx.usable(); err != nil {
		return err
	}
	if err := tx.conn.script(text); err != nil {
		return tx.explain(text, err)
	}
	return nil
}

// Query runs a statement and returns its rows. An error in it is told by Rows.Err.
//
//	rows := tx.Query("SELECT id, body FROM change WHERE record = ?", record)
//	for rows.Next() {
//		use(rows.Int64(0), rows.Bytes(1))
//	}
//	return rows.Err()
func (tx *Tx) Query(query string, args ...any) *Rows {
	s, err := tx.prepare(query, args)
	if err != nil {
		return &Rows{err: err}
	}
	ctx := context.Background()
	if tx.readOnly {
		ctx = tx.ctx // only a View is interrupted in the middle of a statement
	}
	raw, err := s.raw.QueryContext(ctx, s.args)
	if err != nil {
		tx.conn.give(s)
		return &Rows{err: tx.explain(query, err)}
	}
	row := Row{tx: tx, values: make([]driver.Value, len(raw.Columns()))}
	rows := &Rows{Row: row, raw: raw, statement: s, query: query}
	tx.open = append(tx.open, rows)
	return rows
}

// One returns the first row, or ErrNoRow. The row stays valid.
func (tx *Tx) One(query string, args ...any) (Row, error) {
	rows := tx.Query(query, args...)
	found := rows.Next()
	rows.Close()
	switch {
	case rows.err != nil:
		return Row{}, rows.err
	case !found:
		return Row{}, ErrNoRow
	}
	return rows.Row, nil
}

// usable reports why nothing more can be done in the transaction.
func (tx *Tx) usable() error {
	if tx.over {
		return errOver
	}
	if tx.failed == nil {
		tx.failed = tx.ctx.Err()
	}
	return tx.failed
}

func (tx *Tx) prepare(query string, args []any) (*statement, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	s, err := tx.conn.take(query)
	if err != nil {
		return nil, tx.explain(query, err)
	}
	if err := s.bind(args); err != nil {
		tx.conn.give(s)
		return nil, tx.explain(query, err)
	}
	return s, nil
}

// explain makes a fault of a statement's error. On some, of the disk mostly, SQLite has
// rolled back the whole transaction: from then on each statement would be committed by
// itself, and so none is run.
func (tx *Tx) explain(query string, err error) error {
	err = wrap("sqlite", fmt.Errorf("%w (in %.80q)", err, query))
	if tx.failed == nil && tx.conn.raw.AutoCommit() {
		tx.failed = err
	}
	switch codeOf(err) {
	case fault.DiskIO, fault.DiskFull, fault.TornDatabase:
		tx.hurt = true
	}
	tx.hurt = tx.hurt || tx.conn.raw.AutoCommit()
	return err
}

// end closes what f left open. It is called once, before the transaction ends.
func (tx *Tx) end() {
	for len(tx.open) > 0 {
		tx.open[len(tx.open)-1].Close()
	}
	tx.over = true
}

// Row is a row of a result. Columns are counted from 0, and are read as what they hold:
// NULL is the zero value. A column that holds another type gives the zero value and
// spoils the transaction: Update rolls back, and Update and View return the error.
type Row struct {
	tx     *Tx
	values []driver.Value
}

// Any gives a value of whatever type: nil, int64, float64, string or []byte.
func (r *Row) Any(column int) any { return r.values[column] }

// Null reports whether the column is NULL.
func (r *Row) Null(column int) bool { return r.values[column] == nil }

// Int64 returns an INTEGER.
func (r *Row) Int64(column int) int64 { return read[int64](r, column) }

// Float64 returns a REAL.
func (r *Row) Float64(column int) float64 { return read[float64](r, column) }

// Text returns a TEXT.
func (r *Row) Text(column int) string { return read[string](r, column) }

// Bytes returns a BLOB, which is the caller's: nil for NULL, not nil for an empty one.
func (r *Row) Bytes(column int) []byte { return read[[]byte](r, column) }

// Bool returns an INTEGER as the truth value that SQLite makes of it.
func (r *Row) Bool(column int) bool { return r.Int64(column) != 0 }

func read[T any](r *Row, column int) T {
	value, ok := r.values[column].(T)
	if !ok && r.values[column] != nil && r.tx.failed == nil {
		text := fmt.Errorf("column %d holds %T, read as %T", column, r.values[column], value)
		r.tx.failed = fault.New(fault.Internal, "sqlite", text)
	}
	return value
}

// Rows are the rows of a result, one at a time.
type Rows struct {
	Row
	raw       driver.Rows // nil once closed
	statement *statement
	query     string
	err       error
}

// Next goes to the next row. It returns false, and closes, at the end and on an error.
func (r *Rows) Next() bool {
	if r.raw == nil {
		return false
	}
	err := r.raw.Next(r.values)
	if err == nil {
		return true
	}
	if !errors.Is(err, io.EOF) {
		r.err = r.tx.explain(r.query, err)
	}
	r.Close()
	return false
}

// Err returns the error that ended the rows, or kept them from beginning; nil if they
// came to their end.
func (r *Rows) Err() error { return r.err }

// Close is needed only when the rows are left early, and even then the transaction's
// end does it.
func (r *Rows) Close() {
	if r.raw == nil {
		return
	}
	if err := r.raw.Close(); err != nil && r.err == nil {
		r.err = r.tx.explain(r.query, err)
	}
	r.raw = nil
	r.tx.conn.give(r.statement)
	for i, open := range r.tx.open {
		if open == r {
			r.tx.open = append(r.tx.open[:i], r.tx.open[i+1:]...)
			break
		}
	}
}
