package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"banlang/shared/fault"
)

// identity is what a database says it is.
type identity struct {
	application int64
	version     int64
	objects     int64 // tables, indexes …
}

func readIdentity(c *conn) (identity, error) {
	var id identity
	for _, part := range []struct {
		value *int64
		text  string
	}{
		{&id.application, "PRAGMA application_id"},
		{&id.version, "PRAGMA user_version"},
		{&id.objects, "SELECT count(*) FROM sqlite_schema"},
	} {
		got, err := c.scalar(part.text)
		if err != nil {
			return id, err
		}
		*part.value, _ = got.(int64)
	}
	return id, nil
}

// isBlank reports whether the database was created and has no content yet.
func (id identity) isBlank() bool { return id == identity{} }

// judge refuses a database that is not for this schema.
func (db *DB) judge(id identity) error {
	present := int64(len(db.schema.Migrations))
	switch {
	case id.isBlank() && !db.options.ReadOnly:
		return nil
	case id.application != int64(db.schema.ApplicationID), id.version < 1:
		return refuse(fault.NotOurDatabase, "application id %#x, version %d", id.application, id.version)
	case id.version > present:
		return refuse(fault.NewerDatabase, "version %d, this program knows %d", id.version, present)
	case id.version < present && db.options.ReadOnly:
		return refuse(fault.OlderDatabase, "version %d, this program reads %d", id.version, present)
	}
	return nil
}

// probe asks SQLite, over a connection that cannot write, what the database is. It
// changes nothing, where a writing connection would move the WAL into the database at
// closing.
func (db *DB) probe(found finding) error {
	use := probing
	if found == coldFiles {
		use = peering
	}
	c, err := openConn(db.options, use)
	if err != nil {
		return err
	}
	id, err := readIdentity(c)
	if err := errors.Join(err, c.close()); err != nil {
		return wrap("sqlite.Open", err)
	}
	return db.judge(id)
}

// migrate brings the tables to the present version.
func (db *DB) migrate(ctx context.Context, c *conn) error {
	id, err := readIdentity(c)
	if err != nil {
		return wrap("sqlite.Open", err)
	}
	if err := db.judge(id); err != nil {
		return err
	}
	version, present := int(id.version), len(db.schema.Migrations)
	if version == present {
		return nil
	}
	if version > 0 {
		if err := keepCopy(ctx, c, beforeMigrationPath(db.options.Path, present), nil); err != nil {
			return err
		}
	}
	enforce := settings(db.options, writing)[1]
	if err := c.set(setting{enforce.pragma, "OFF", "0"}); err != nil {
		return wrap("sqlite: migrating", err)
	}
	for ; version < present; version++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := db.step(c, version+1); err != nil {
			c.rollback() // the connection is closed next, which does it too
			return wrap(fmt.Sprintf("sqlite: migrating to version %d", version+1), err)
		}
	}
	return wrap("sqlite: migrating", c.set(enforce))
}

// step runs one migration in one transaction.
func (db *DB) step(c *conn, to int) error {
	if err := c.script("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := c.script(string(db.schema.Migrations[to-1])); err != nil {
		return err
	}
	if c.raw.AutoCommit() {
		return errors.New("the migration ended its own transaction")
	}
	if err := checkForeignKeys(context.Background(), c); err != nil {
		return err
	}
	mark := fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d", db.schema.ApplicationID, to)
	if err := c.script(mark); err != nil {
		return err
	}
	return c.script("COMMIT")
}

// checkForeignKeys finds rows that refer to none, which is fault.TornDatabase.
func checkForeignKeys(ctx context.Context, c *conn) error {
	var found error
	err := c.each(ctx, "PRAGMA foreign_key_check", func(row []driver.Value) bool {
		text := fmt.Errorf("row %v of %v refers to a missing row of %v", row[1], row[0], row[2])
		found = fault.New(fault.TornDatabase, "sqlite", text)
		return false
	})
	return errors.Join(err, found)
}
