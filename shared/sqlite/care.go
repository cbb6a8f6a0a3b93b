package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/wholefile"
)

var errReadOnly = errors.New("the database was opened for reading only")

// maxFindings is how many damages a check reports: the first ones tell what happened.
const maxFindings = 10

// Check reads the whole database and returns fault.TornDatabase with the first findings
// if something in it does not fit. The quick check leaves out whether indexes match
// their tables, and takes a fraction of the time. It is a View: others go on.
//
// It reads over a new connection. One that has searched a full-text index remembers how that
// was laid out, and SQLite's check would hold the index of today against it.
func (db *DB) Check(ctx context.Context, quick bool) error {
	pragma := "integrity_check"
	if quick {
		pragma = "quick_check"
	}
	c, err := db.fresh(ctx)
	if err != nil {
		return err
	}
	return db.viewOn(ctx, c, func(tx *Tx) error {
		var findings []string
		query := fmt.Sprintf("PRAGMA %s(%d)", pragma, maxFindings)
		err := tx.conn.each(ctx, query, func(row []driver.Value) bool {
			findings = append(findings, fmt.Sprint(row[0]))
			return true
		})
		if err != nil {
			return wrap("sqlite.Check", err)
		}
		if len(findings) != 1 || findings[0] != "ok" {
			return fault.New(fault.TornDatabase, "sqlite.Check", errors.New(strings.Join(findings, "; ")))
		}
		return wrap("sqlite.Check", checkForeignKeys(ctx, tx.conn))
	})
}

// fresh takes a reader and opens its connection anew.
func (db *DB) fresh(ctx context.Context) (*conn, error) {
	c, err := db.take(ctx, db.readers, reading)
	if err != nil {
		return nil, err
	}
	c.close() // its error adds nothing: it only read
	if c, err = openConn(db.options, reading); err != nil {
		db.readers <- nil
	}
	return c, err
}

// CopyTo writes a whole copy of the database, as it is at one moment, while others go
// on. The copy has its name only when it is complete and on the disk. An existing file
// is never replaced (fs.ErrExist). Rows keep their rowid only in tables that have an
// INTEGER PRIMARY KEY.
func (db *DB) CopyTo(ctx context.Context, path string) error { return db.CopyAs(ctx, path, nil) }

// CopyAs is CopyTo through another file layer: with parameters for the URI of the copy, those of SQLite ("vfs", and
// "reserve" for the bytes kept free at the end of each page).
func (db *DB) CopyAs(ctx context.Context, path string, parameters url.Values) error {
	if _, err := os.Lstat(path); err == nil {
		return fault.New(fault.Internal, "sqlite.CopyTo", &os.PathError{Op: "copy to", Path: path, Err: os.ErrExist})
	}
	c, err := openConn(db.options, copying)
	if err != nil {
		return err
	}
	return errors.Join(keepCopy(ctx, c, path, parameters), wrap("sqlite.CopyTo", c.close()))
}

// keepCopy writes a copy beside its final name, makes it durable, and renames it.
func keepCopy(ctx context.Context, c *conn, path string, parameters url.Values) error {
	const op = "sqlite: copying"
	path, err := filepath.Abs(path)
	if err != nil {
		return fault.New(fault.Internal, op, err)
	}
	part := path + ".part"
	if err := errors.Join(removeIfThere(part), createFile(part)); err != nil {
		return wrap(op, err)
	}
	quoted := "'" + strings.ReplaceAll(uri(part, parameters), "'", "''") + "'"
	err = c.each(ctx, "VACUUM INTO "+quoted, func([]driver.Value) bool { return true })
	if err == nil {
		err = syncFile(part)
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err == nil {
		err = wholefile.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return wrap(op, errors.Join(err, removeIfThere(part)))
	}
	return nil
}

// Checkpoint moves the WAL into the database and empties it, so that erased values are
// gone from both files. It waits for the writer; fault.Busy says that a View was in the
// way.
func (db *DB) Checkpoint(ctx context.Context) error {
	const op = "sqlite.Checkpoint"
	if db.options.ReadOnly {
		return fault.New(fault.Internal, op, errReadOnly)
	}
	c, err := db.take(ctx, db.writer, writing)
	if err != nil {
		return err
	}
	sound := false
	defer func() { db.give(db.writer, c, sound) }()
	if err := c.wait(checkpointPatience); err != nil {
		return wrap(op, err)
	}
	emptied, err := db.emptyLog(c)
	sound = c.wait(busyTimeout) == nil
	if err != nil {
		return wrap(op, err)
	}
	if !emptied {
		return fault.New(fault.Busy, op, errors.New("a View holds the WAL"))
	}
	return nil
}

// SchemaDump returns the schema as text, to compare with a golden one: version and
// application id, then each object with its SQL, sorted by table, kind and name.
func (db *DB) SchemaDump(ctx context.Context) (string, error) {
	var b strings.Builder
	err := db.View(ctx, func(tx *Tx) error {
		id, err := readIdentity(tx.conn)
		if err != nil {
			return wrap("sqlite.SchemaDump", err)
		}
		fmt.Fprintf(&b, "application_id %#x\nuser_version %d\n", id.application, id.version)
		rows := tx.Query(`SELECT type, name, sql FROM sqlite_schema
			WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name`)
		for rows.Next() {
			fmt.Fprintf(&b, "\n-- %s %s\n", rows.Text(0), rows.Text(1))
			for line := range strings.Lines(rows.Text(2)) {
				b.WriteString(strings.TrimRight(line, " \t\r\n") + "\n")
			}
		}
		return rows.Err()
	})
	return b.String(), err
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
