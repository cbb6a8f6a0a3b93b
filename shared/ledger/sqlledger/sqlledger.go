// Package sqlledger owns how a ledger lies in a SQLite database: the tables (Schema), and ledger.Tx over them.
//
// The idea that makes it fast: a change that arrives costs one append at the end of one B-tree, and nothing else. It is
// found again by its name through spans, one row for a whole stretch of a run; what alters in every change of a run
// (its head, its prefix, how far a span reaches) is kept in memory during a transaction and written once, by Flush,
// before the commit. Reads in the same transaction see it. Nothing is kept from one transaction to the next, so a
// rollback needs no care.
//
// # Numbers
//
// SQLite's integers are signed. A RunID, an epoch, and the counts that others tell are stored as the int64 with the same
// 64 bits, so that about half of all runs look negative in a shell. Numbers of changes that are held must not exceed
// MaxNumber, so that their order in the index is their order.
package sqlledger

import (
	"errors"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// Schema is the SQL of a ledger's tables, to stand in the first migration of both programs. Released text never changes.
const Schema = `
-- A ledger (package sqlledger). Run ids, and what others claim, are the int64 with the bits of the uint64.

-- The log: every change held, in order of arrival. Rows are only ever appended at the end; an erasure by law, or a body
-- that comes late, rewrites data in place.
CREATE TABLE change (
	pos  INTEGER PRIMARY KEY, -- place in the log: 1, 2, 3 … without holes
	data BLOB NOT NULL        -- record.Change.Encoded
) STRICT;

-- Where the changes of a run are: a stretch of numbers at consecutive places. A notebook that wrote a year without an
-- interruption is one row; a run that arrived in pieces between others is one row a piece.
CREATE TABLE span (
	run   INTEGER NOT NULL,
	first INTEGER NOT NULL, -- number of the first change of the stretch
	last  INTEGER NOT NULL, -- number of the last one
	pos   INTEGER NOT NULL, -- place of the first one
	PRIMARY KEY (run, first),
	CHECK (first > 0 AND last >= first AND pos > 0)
) STRICT, WITHOUT ROWID;

-- Which changes concern a record that another change created; and, as records of run 0, which grants are for a replica.
-- A creation is not here: it is found by its own name, which is the record's.
CREATE TABLE touch (
	record_run INTEGER NOT NULL,
	record_n   INTEGER NOT NULL,
	pos        INTEGER NOT NULL, -- place of the change that concerns it
	PRIMARY KEY (record_run, record_n, pos)
) STRICT, WITHOUT ROWID;

-- What is known about each run, whether or not its changes are here (ledger.Run).
CREATE TABLE run (
	id         INTEGER PRIMARY KEY,
	replica    INTEGER NOT NULL, -- number of the notebook; 0: somebody claims the run, nobody said whose it is
	own        INTEGER NOT NULL, -- 1: written by this very notebook
	first      INTEGER NOT NULL, -- number of the change that opened it; 0: not here
	parent_run INTEGER NOT NULL, -- the change before it in the notebook; 0, 0: none
	parent_n   INTEGER NOT NULL,
	head       BLOB,             -- 32 bytes: chain head at prefix; NULL: none
	prefix     INTEGER NOT NULL, -- every number from first to here is held; 0: none
	claim      INTEGER NOT NULL, -- largest number told to be saved by anybody
	safe       INTEGER NOT NULL, -- in every restorable backup of the centre
	receipt    BLOB              -- 152 bytes: the centre's latest receipt, statement and signature; NULL: none
) STRICT;

-- Small named values: of the ledger, of what stands above it, of the program.
CREATE TABLE value (
	name TEXT PRIMARY KEY,
	data BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts that would be dear to count: "erasures" are the erase orders in the log. The program may have its own.
CREATE TABLE tally (
	name TEXT PRIMARY KEY,
	n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Second contents that claim the name of a held change. They have no effect; people look at them.
CREATE TABLE evidence (
	digest BLOB PRIMARY KEY,  -- of this content
	run    INTEGER NOT NULL,
	n      INTEGER NOT NULL,
	data   BLOB NOT NULL      -- record.Change.Encoded
) STRICT, WITHOUT ROWID;
`

// MaxNumber is the largest number that a change may have to be held.
const MaxNumber = record.MaxNumber

// tallyErasures names the count of erase orders.
const tallyErasures = "erasures"

// Ledger is a ledger.Tx over the tables of Schema, for the length of one transaction and in its goroutine. Make one with
// Writing or Reading.
type Ledger struct {
	tx      *sqlite.Tx
	writing bool
	failed  error // of a write: what is in memory may not fit the tables any more

	log     tail
	touches []touch // not yet written
	runs    map[record.RunID]*run
	latest  *run     // the one asked for last
	open    *stretch // the one that the last change appended here belongs to; the only one that may not be written
	values  map[string]*value
	tallies map[string]*tally
}

var _ ledger.Tx = (*Ledger)(nil)

// Writing returns the ledger in a transaction of sqlite.DB.Update. The caller must Flush before the transaction ends.
func Writing(tx *sqlite.Tx) *Ledger {
	return &Ledger{tx: tx, writing: true, runs: map[record.RunID]*run{}}
}

// Reading returns the ledger in a transaction of sqlite.DB.View. What writes fails.
func Reading(tx *sqlite.Tx) *Ledger {
	return &Ledger{tx: tx, runs: map[record.RunID]*run{}}
}

// SQL is the transaction that the ledger lies in, for tables that stand beside it.
func (l *Ledger) SQL() *sqlite.Tx { return l.tx }

// Flush writes what is kept in memory. After an error of it, or of any other write, the transaction must be rolled back.
func (l *Ledger) Flush() error {
	if !l.writing {
		return nil
	}
	err := errors.Join(l.failed, l.flushLog(), l.flushTouches(), l.flushOpen(), l.flushRuns())
	return errors.Join(err, l.flushValues(), l.flushTallies())
}

var errReading = fault.New(fault.Internal, "sqlledger", errors.New("a write in a View"))

// exec runs a statement that writes.
func (l *Ledger) exec(query string, args ...any) error {
	if l.failed == nil && !l.writing {
		l.failed = errReading
	}
	if l.failed == nil {
		l.failed = l.tx.Exec(query, args...)
	}
	return l.failed
}
