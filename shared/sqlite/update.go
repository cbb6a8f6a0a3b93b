package sqlite

import (
	"context"

	"banlang/shared/fault"
)

// Update runs f in the one writing transaction, and commits when f returns nil. When it
// returns nil, all of it is on the disk; with any other error than one of
// ErrOutcomeUnknown, nothing of it is in the database, now or ever. An error of f is
// returned as it is. If f panics, nothing was done, and the panic goes on.
//
// Writers wait for each other, as long as ctx lasts. Once ctx is done, statements of
// the transaction fail; one that runs, and the commit, run to their end. f must not
// call Update, nor wait for anybody who does.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	return db.update(ctx, f, durable)
}

// UpdateSoon is Update without waiting for the disk: when it returns nil, the work survives
// the end of the process. It survives a power cut together with the next Update that writes
// something, or the next checkpoint. Until then a power cut takes back whole transactions,
// from the last one on: what is left is a state that the database once had.
//
// It is for what can be had again, from where it came.
func (db *DB) UpdateSoon(ctx context.Context, f func(*Tx) error) error {
	return db.update(ctx, f, soon)
}

func (db *DB) update(ctx context.Context, f func(*Tx) error, waits setting) error {
	const op = "sqlite.Update"
	if db.options.ReadOnly {
		return fault.New(fault.Internal, op, errReadOnly)
	}
	c, err := db.take(ctx, db.writer, writing)
	if err != nil {
		return err
	}
	tx := &Tx{ctx: ctx, conn: c}
	unknownOutcome := false
	defer func() { // also when f panics
		tx.end()
		// Of what SQLite's modules remember, not all is forgotten by a rollback that came in the middle of their
		// work: a full-text index would go on with counts that it could not read (see TestAfterAFault).
		sound := !unknownOutcome && c.rollback() == nil && !tx.hurt
		db.give(db.writer, c, sound)
	}()
	if err := c.waitFor(waits); err != nil {
		return wrap(op, err)
	}
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		return wrap(op, err)
	}
	if err := f(tx); err != nil {
		return err
	}
	if tx.failed != nil {
		return tx.failed
	}
	tx.end()
	err = c.run("COMMIT")
	switch {
	case err == nil:
		return nil
	case IsConstraint(err): // a deferred foreign key: the transaction is still open
		return wrap(op, err)
	}
	unknownOutcome = true
	return unknown(op, err)
}

// View runs f in a reading transaction: f sees what was committed when it read first,
// and nothing that comes later, however long it takes. Writers do not wait for it, but
// the WAL grows while it lasts. It returns the error of f.
//
// At most Options.Readers run at a time, the others wait, as long as ctx lasts. When
// ctx is done, a statement that runs is interrupted.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	c, err := db.take(ctx, db.readers, reading)
	if err != nil {
		return err
	}
	return db.viewOn(ctx, c, f)
}

// viewOn is View over a connection that was taken from the readers.
func (db *DB) viewOn(ctx context.Context, c *conn, f func(*Tx) error) error {
	tx := &Tx{ctx: ctx, conn: c, readOnly: true}
	defer func() {
		tx.end()
		db.give(db.readers, c, c.rollback() == nil && !tx.hurt)
	}()
	if err := c.run("BEGIN"); err != nil {
		return wrap("sqlite.View", err)
	}
	if err := f(tx); err != nil {
		return err
	}
	return tx.failed
}
