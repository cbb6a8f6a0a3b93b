// Package sqlite owns how a SQLite file is opened, written, read, checked and copied,
// so that what was saved survives power cuts, full disks and torn files. It has no
// tables of its own.
//
// One connection writes (Update), a few read (View); both see whole transactions. A
// commit that returned is on the disk: WAL with synchronous=FULL, read back at every
// opening. A file that is damaged, newer or not ours is refused before SQLite touches
// it.
//
// A file is opened by one DB of a process at a time: closing a second file descriptor
// would drop the POSIX locks of the first. Keeping other processes out is the caller's;
// SQLite's own locks are only the second line.
//
// The package sits on the raw connections of the driver instead of database/sql,
// because the cost of one statement decides how many records a second a hub takes in.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"banlang/shared/fault"
	"banlang/shared/wholefile"
)

// DefaultReaders is how many reading connections a DB has if its Options do not say:
// one for the page in front of a person, one for work behind it.
const DefaultReaders = 2

// Options say which file is opened, and how.
type Options struct {
	Path    string // of the database; "-wal" and "-shm" stand beside it
	VFS     string // SQLite's file layer; "" is the one of the operating system
	Readers int    // reading connections at most; 0 is DefaultReaders

	// ReadOnly refuses to create, migrate or write. The WAL of a running program is
	// read along with the file.
	ReadOnly bool

	// WipeLog overwrites the WAL before Checkpoint and Close shorten or remove it: what is freed keeps its bytes for
	// whoever reads the disk. It is for a database that is not enciphered and may be one day.
	WipeLog bool

	// Plain opens a file of the database for reading as plain bytes, for the look that
	// Open takes before SQLite does. A VFS that enciphers must bring it; nil reads the
	// file as it is.
	Plain func(path string) (PlainFile, error)
}

// A PlainFile is a file of a database as plain bytes.
type PlainFile interface {
	io.ReaderAt
	io.Closer
}

// A Migration is SQL, prose included, that brings a database from one version to the
// next. It runs whole or not at all, with foreign keys unenforced and checked at the
// end, and so must not begin or end a transaction.
type Migration string

// Schema says what the tables of a database are.
type Schema struct {
	// ApplicationID marks the files of this program; never 0.
	ApplicationID int32
	// Migrations lead from an empty file to the present version, which is their number:
	// the n-th brings user_version to n. Those released never change.
	Migrations []Migration
}

// DB is an open database. Its methods may be called from any goroutine.
type DB struct {
	options Options
	schema  Schema
	writer  chan *conn // holds the one writing connection while it is free; nil: to be opened
	readers chan *conn // holds the free reading connections; nil: to be opened
	closing chan struct{}
	close   sync.Once
}

// ErrClosed is what a closed DB answers.
var ErrClosed = errors.New("the database is closed")

// Open opens the database, creating and migrating it as the schema says. Before an
// older one is migrated, a whole copy is put beside it as "<path>.before-v<n>", n being
// the version it goes to; an earlier copy of that name is replaced.
//
// Open refuses with fault.TornDatabase, NotOurDatabase, NewerDatabase or (if ReadOnly)
// OlderDatabase and NotFound, and then has changed no byte of the database and its WAL.
// It runs to the end or until ctx is done; a migration cut short, even by the power, is
// as if it had not begun.
func Open(ctx context.Context, options Options, schema Schema) (*DB, error) {
	if options.Readers == 0 {
		options.Readers = DefaultReaders
	}
	path, err := filepath.Abs(options.Path)
	if err != nil {
		return nil, fault.New(fault.Internal, "sqlite.Open", err)
	}
	options.Path = path
	db := &DB{
		options: options,
		schema:  schema,
		writer:  make(chan *conn, 1),
		readers: make(chan *conn, options.Readers),
		closing: make(chan struct{}),
	}
	first, err := db.start(ctx)
	if err != nil {
		return nil, err
	}
	if options.ReadOnly {
		first.close()
		first = nil
	}
	db.writer <- first
	for range options.Readers {
		db.readers <- nil
	}
	return db, nil
}

// start looks at the files, opens the first connection and brings the tables up to the
// present version.
func (db *DB) start(ctx context.Context) (*conn, error) {
	if db.schema.ApplicationID == 0 || len(db.schema.Migrations) == 0 {
		return nil, fault.New(fault.Internal, "sqlite.Open", errors.New("a schema has an application id and migrations"))
	}
	found, err := db.inspect()
	switch {
	case err != nil:
	case found == nothing:
		err = wrap("sqlite.Open", createFile(db.options.Path))
	default:
		err = db.probe(found)
	}
	if err != nil {
		return nil, err
	}
	use := writing
	if db.options.ReadOnly {
		use = reading
	}
	c, err := openConn(db.options, use)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx, c); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// Close waits for the transactions that run, then closes all connections; those that
// wait for their turn get ErrClosed. After it the WAL is empty and gone, if nobody else
// has the file open. The second call does nothing.
func (db *DB) Close() error {
	var err error
	db.close.Do(func() {
		close(db.closing)
		writer := db.lastWriter() // before the readers: the last one that is closed removes the WAL
		for range cap(db.readers) {
			err = errors.Join(err, (<-db.readers).close())
		}
		if writer != nil && db.options.WipeLog && !db.options.ReadOnly {
			_, _ = db.emptyLog(writer) // like SQLite, which closes whether or not its last checkpoint went through
		}
		err = errors.Join(err, writer.close())
	})
	return wrap("sqlite.Close", err)
}

// take waits for a free connection of the pool and opens it if need be.
func (db *DB) take(ctx context.Context, pool chan *conn, use use) (*conn, error) {
	select {
	case <-db.closing:
		return nil, ErrClosed
	default:
	}
	var c *conn
	select {
	case c = <-pool:
	case <-db.closing:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	err := ctx.Err()
	if c == nil && err == nil {
		c, err = openConn(db.options, use)
	}
	if err != nil {
		pool <- c
		return nil, err
	}
	return c, nil
}

// give returns a connection to its pool. An unsound one is closed, and its place taken
// by a new one when it is needed.
func (db *DB) give(pool chan *conn, c *conn, sound bool) {
	if !sound {
		c.close() // its error adds nothing: the connection was given up already
		c = nil
	}
	pool <- c
}

// createFile makes an empty file that only its owner may read. SQLite takes an empty
// file as an empty database, and gives its rights to "-wal" and "-shm".
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return wholefile.SyncDir(filepath.Dir(path))
}

// removeIfThere removes a file that may be missing.
func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

const beforeMigration = ".before-v"

func beforeMigrationPath(path string, version int) string {
	return fmt.Sprintf("%s%s%d", path, beforeMigration, version)
}

// DropFormer removes the copies that Open put beside a database before it migrated it, those that were made at a time of which old says
// so. They hold what was erased since. The error is fault.DiskIO.
func DropFormer(path string, old func(made time.Time) bool) error {
	dir, base := filepath.Split(path)
	beside, err := os.ReadDir(filepath.Clean(dir))
	if errors.Is(err, os.ErrNotExist) { // the files are another layer's
		return nil
	}
	dropped := false
	for _, f := range beside {
		if !strings.HasPrefix(f.Name(), base+beforeMigration) {
			continue
		}
		about, bad := f.Info()
		if bad == nil && old(about.ModTime()) {
			bad, dropped = os.Remove(filepath.Join(dir, f.Name())), true
		}
		err = errors.Join(err, bad)
	}
	if dropped {
		err = errors.Join(err, wholefile.SyncDir(filepath.Clean(dir)))
	}
	if err != nil {
		return fault.New(fault.DiskIO, "sqlite.DropFormer", err)
	}
	return nil
}
