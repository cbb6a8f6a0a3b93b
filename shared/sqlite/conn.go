package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

// The settings of a connection that are numbers. They fit a laptop with little memory
// and a slow disk.
const (
	// busyTimeout is how long a statement waits for a lock of another process (a
	// backup, a check): longer than those hold one, shorter than patience.
	busyTimeout = 5 * time.Second
	// checkpointPatience is how long a Checkpoint waits for Views that need the WAL; it
	// holds up writers meanwhile.
	checkpointPatience = time.Second
	// cacheKiB is the page cache of a connection.
	cacheKiB = 4096
	// checkpointPages is the length of the WAL, in pages, at which a commit moves it
	// into the database: 4 MiB keep the pause of that one commit short.
	checkpointPages = 1000
	// walLimitBytes is what is left of a WAL that grew beyond it (by one huge
	// transaction, or behind a long View) when it starts over.
	walLimitBytes = 16 << 20
	// maxStatements is how many prepared statements a connection keeps: more than a
	// store has, so that only texts made up at run time are ever dropped.
	maxStatements = 256
)

// use says what a connection is for.
type use int

const (
	writing use = iota
	reading
	copying // reads this database, and writes another one
	probing // reads, and changes nothing even if the database is not what it should be
	peering // is probing a database without a WAL, and makes none
)

// A setting is a pragma that is set and read back: a driver or a VFS that cannot do it
// says so nowhere else.
type setting struct {
	pragma string
	value  string // as set
	back   string // as read
}

func settings(o Options, use use) []setting {
	walLimit := strconv.Itoa(walLimitBytes)
	if o.WipeLog {
		walLimit = "-1" // SQLite would shorten it without wiping
	}
	list := []setting{
		durable,
		{"foreign_keys", "ON", "1"},
		{"secure_delete", "ON", "1"}, // what is erased leaves the file
		{"temp_store", "MEMORY", "2"},
		{"mmap_size", "0", "0"}, // a torn disk gives an error, not a signal
		{"trusted_schema", "OFF", "0"},
		{"cell_size_check", "ON", "1"},
		{"cache_size", strconv.Itoa(-cacheKiB), strconv.Itoa(-cacheKiB)},
		{"wal_autocheckpoint", strconv.Itoa(checkpointPages), strconv.Itoa(checkpointPages)},
		{"journal_size_limit", walLimit, walLimit},
	}
	switch use {
	case writing:
		list = append(list, setting{"journal_mode", "WAL", "wal"})
	case reading:
		list = append(list, setting{"query_only", "ON", "1"})
	}
	return list
}

// Whether a commit waits for the disk. Without that, SQLite still waits before and after it
// moves the WAL into the database, so that a power cut takes whole transactions back, from
// the last one on, and never tears one.
//
// At most maxSoonInARow commits in a row do not wait: so that a WAL that lacks more than
// that is known to be damaged (see readWAL).
const maxSoonInARow = 3

var (
	durable = setting{"synchronous", "FULL", "2"}
	soon    = setting{"synchronous", "NORMAL", "1"}
)

// conn is a connection with its prepared statements. One goroutine uses it at a time.
type conn struct {
	raw        *sqlite3.SQLiteConn
	statements map[string]*statement // by their text
	waits      setting               // durable or soon: of the next commit
	soonInARow int                   // commits that did not wait
}

// waitFor makes the next commit wait for the disk, or not.
func (c *conn) waitFor(s setting) error {
	if s == soon && c.soonInARow == maxSoonInARow {
		s = durable
	}
	if c.waits != s {
		c.waits = setting{}
		if err := c.set(s); err != nil {
			return err
		}
		c.waits = s
	}
	if c.soonInARow++; s == durable {
		c.soonInARow = 0
	}
	return nil
}

// openConn opens a connection and makes its settings hold.
func openConn(o Options, use use) (*conn, error) {
	raw, err := new(sqlite3.SQLiteDriver).Open(dataSource(o, use))
	if err != nil {
		return nil, wrap("sqlite: opening a connection", err)
	}
	c := &conn{raw: raw.(*sqlite3.SQLiteConn), statements: map[string]*statement{}, waits: durable}
	if use == probing || use == peering {
		return c, nil
	}
	for _, s := range settings(o, use) {
		if err := c.set(s); err != nil {
			c.close()
			return nil, wrap("sqlite: opening a connection", err)
		}
	}
	return c, nil
}

// dataSource returns the URI of the database. The driver cuts its own parameters ("_…")
// from it, SQLite reads the others.
func dataSource(o Options, use use) string {
	values := url.Values{
		"mode":          {"rw"},
		"_busy_timeout": {strconv.FormatInt(busyTimeout.Milliseconds(), 10)},
	}
	if o.ReadOnly || use == probing || use == peering {
		values.Set("mode", "ro")
	}
	if use == peering {
		values.Set("immutable", "1")
	}
	if o.VFS != "" {
		values.Set("vfs", o.VFS)
	}
	return uri(o.Path, values)
}

// uri is the URI of a file of that absolute path.
func uri(path string, values url.Values) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… on Windows
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?" + values.Encode()
}

func (c *conn) set(s setting) error {
	if err := c.script("PRAGMA " + s.pragma + "=" + s.value); err != nil {
		return err
	}
	got, err := c.scalar("PRAGMA " + s.pragma)
	if err != nil {
		return err
	}
	if text := fmt.Sprint(got); text != s.back {
		return fmt.Errorf("%s is %s, not %s", s.pragma, text, s.value) // the caller makes it a fault
	}
	return nil
}

// wait sets how long statements wait for locks.
func (c *conn) wait(limit time.Duration) error {
	return c.script(fmt.Sprintf("PRAGMA busy_timeout=%d", limit.Milliseconds()))
}

// close finalizes the statements and closes the connection. A nil conn is closed.
func (c *conn) close() error {
	if c == nil {
		return nil
	}
	var err error
	for _, s := range c.statements {
		err = errors.Join(err, s.raw.Close())
	}
	c.statements = nil
	return errors.Join(err, c.raw.Close())
}

// script runs any number of statements without arguments.
func (c *conn) script(text string) error {
	_, err := c.raw.Exec(text, nil)
	return err
}

// scalar returns the first column of the first row, nil if there is none.
func (c *conn) scalar(text string) (driver.Value, error) {
	var first driver.Value
	err := c.each(context.Background(), text, func(row []driver.Value) bool {
		first = row[0]
		return false
	})
	return first, err
}

// each calls f with every row until it returns false. The row is valid during the call.
func (c *conn) each(ctx context.Context, text string, f func(row []driver.Value) bool) error {
	rows, err := c.raw.QueryContext(ctx, text, nil)
	if err != nil {
		return err
	}
	row := make([]driver.Value, len(rows.Columns()))
	for more := true; more && err == nil; {
		if err = rows.Next(row); err == nil {
			more = f(row)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, rows.Close())
}

// rollback ends the transaction, if one is open, without a trace.
func (c *conn) rollback() error {
	if c.raw.AutoCommit() { // never began, or SQLite itself rolled back
		return nil
	}
	return c.run("ROLLBACK")
}

// run runs one statement without arguments, prepared once.
func (c *conn) run(text string) error {
	s, err := c.take(text)
	if err != nil {
		return err
	}
	defer c.give(s)
	return s.exec()
}
