// Package projection owns what the centre looks up in place of its log: lists, figures and search over the records as they
// are now, in a SQLite file of its own ("views.db") that follows the log behind it. Every row can be had again from the
// log, so the file may be thrown away at any time; nothing else is kept in it, and no word of it counts against the log.
//
// A record is here when its creation stands (record.View.Created). Its row is drawn anew, by folding what the log holds of
// it, whenever a change concerning it arrives; all records of a form are, when another version of it is published or when
// the program brings one. So, behind a known lag (Lag), the tables are a function of the log and of the forms that are
// known, and Check holds them against a rebuild. What is behind the position may be seen before its time in single rows,
// never the other way round.
//
// # What is not here
//
// Values of sealed fields, in any table or index. Values of records that are deleted: they have a row in records, marked
// hidden, and none elsewhere. Values that were erased, once the position has passed the order: neither in the file nor in
// the log beside it.
//
// # Who may see what
//
// A Scope is plain data: the units whose ordinary records are seen, and the one whose other compartments are. Whoever
// decides that is elsewhere (package staff); List and Count hold to it, and View gives the tables to those who must put
// Scope.Where into their own queries.
//
// # Tables of forms
//
// Beside the tables below there are, made when the first record of a form comes:
//
//	"f_<form>"           one row a record:  rec INTEGER PRIMARY KEY, "_unit", "_month" (yyyy-mm), "_day" and "_arrived" as in records,
//	                     "_approved" (1: its review says so now), and a column for each question
//	"r_<form>__<repeat>" one row a row:     rec INTEGER, row TEXT, and a column for each question; PRIMARY KEY (rec, row)
//
// A column is called as the path of its question, with "__" for "/" (in a repeat: of the path below it); Columns tells, also
// where two questions would share a name. It has no declared type: what can be read as a whole number is an INTEGER for an
// int, and in thousandths for a decimal; everything else, numbers that cannot be read included, is TEXT as the form keeps
// it. No answer is NULL. An index over "_unit", "_month", "_day", "_arrived", "_approved" and all numbers, dates and choices
// of a form (CellIndex) answers a pivot by unit and month without reading the table. What is not asked is no answer, and what the form computes is one, as in its records.
package projection

import (
	"strings"

	"banlang/shared/sqlite"
)

// applicationID marks the file: "BLbx", Bản Làng, bản xem.
const applicationID = 0x424c6278

// layout is the version of the tables. A file of another one is made anew: there are no migrations.
const layout = 3

var schema = sqlite.Schema{ApplicationID: applicationID, Migrations: []sqlite.Migration{tables}}

const tables = `
-- How far the tables are: small named values (see place.go).
CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each record that exists.
CREATE TABLE records (
	rec         INTEGER PRIMARY KEY, -- the place of its creation in the log: the later it arrived, the greater
	dot         TEXT    NOT NULL UNIQUE, -- its exact name (record.Dot)
	name        TEXT    NOT NULL, -- as people say it, "24-1271"
	form        TEXT    NOT NULL, -- id of the form
	version     TEXT    NOT NULL, -- that it was created in, 16 hexadecimal digits
	unit        TEXT    NOT NULL, -- code of the unit that it is of; to whom it is addressed beside that is not here
	compartment TEXT    NOT NULL,
	day         TEXT    NOT NULL, -- by which it counts, yyyy-mm-dd; '' none
	written     INTEGER NOT NULL, -- ms since 1970, by the notebook's clock: of the creation
	arrived     INTEGER NOT NULL, -- ms since 1970, by the centre's clock: of the creation; 0 not known
	altered     INTEGER NOT NULL, -- likewise: of the last change that concerns it
	replica     INTEGER NOT NULL, -- the machine that created it
	officer     TEXT    NOT NULL, -- and the account; '' a program
	title       TEXT    NOT NULL, -- one line, in Vietnamese
	review      TEXT    NOT NULL, -- '', 'approved' or 'returned': what holds now
	state       TEXT    NOT NULL, -- the first that holds of 'conflict', 'attention', 'returned', 'approved', 'centre'
	conflicts   INTEGER NOT NULL, -- how many paths have values that differ
	hidden      INTEGER NOT NULL, -- 1: deleted
	unread      INTEGER NOT NULL  -- 1: no version of its form is known here, or it cannot be computed: there are no values
) STRICT;
CREATE INDEX records_day ON records (day, rec);
CREATE INDEX records_hidden ON records (rec) WHERE hidden = 1;
CREATE INDEX records_unread ON records (form) WHERE unread = 1;

-- How many records there are, deleted ones left out. A row whose count has come to 0 is taken out.
CREATE TABLE cells (
	form        TEXT    NOT NULL,
	month       TEXT    NOT NULL, -- of day, yyyy-mm; '' none
	unit        TEXT    NOT NULL,
	compartment TEXT    NOT NULL,
	state       TEXT    NOT NULL,
	came        INTEGER NOT NULL, -- the day of the country on which it arrived, in days since 1970; 0 not known
	n           INTEGER NOT NULL,
	PRIMARY KEY (form, month, unit, compartment, state, came)
) STRICT, WITHOUT ROWID;

-- The same by form and unit alone: how many records a scope has.
CREATE TABLE holdings (
	form        TEXT    NOT NULL,
	unit        TEXT    NOT NULL,
	compartment TEXT    NOT NULL,
	n           INTEGER NOT NULL,
	PRIMARY KEY (form, unit, compartment)
) STRICT, WITHOUT ROWID;

-- The words of the records that are not deleted, by rec, and marks for what a query may narrow to (see marks).
CREATE VIRTUAL TABLE search USING fts5(
	words, content='', contentless_delete=1, detail=none, prefix='2 3 4', tokenize="unicode61 remove_diacritics 2"
);

-- How many records have each word, for Check.
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(search, row);

-- By which versions the records of a form are drawn.
CREATE TABLE forms (
	form TEXT PRIMARY KEY,
	sum  BLOB    NOT NULL, -- over the versions that are known, and which is current; empty: none is
	redo INTEGER NOT NULL  -- the records from here on are to be drawn anew; 0: none
) STRICT, WITHOUT ROWID;

-- Which columns the tables of forms have (Columns).
CREATE TABLE columns (
	n        INTEGER PRIMARY KEY, -- the order in which they were made
	form     TEXT NOT NULL,
	repeat   TEXT NOT NULL, -- the template of the repeat; '' the record itself
	question TEXT NOT NULL, -- the path of the question below that; '' the table
	name     TEXT NOT NULL, -- of the column; '' there is no room for it
	cell     INTEGER NOT NULL, -- 1: it is to stand in the index by unit and month
	UNIQUE (form, repeat, question)
) STRICT;
`

// State is what the list says of a record first.
type State string

// The states, from the one that goes before all others.
const (
	Conflict  State = "conflict"  // values differ at some path
	Attention State = "attention" // a change of it does not count, it is deleted beside an unseen edit, or it cannot be read
	Returned  State = "returned"
	Approved  State = "approved"
	AtCentre  State = "centre" // none of these
)

// States are all of them, in that order.
var States = []State{Conflict, Attention, Returned, Approved, AtCentre}

// Table names the table of a form's records.
func Table(form string) string { return "f_" + form }

// RowTable names the table of the rows of a repeat of a form, given by its template ("items").
func RowTable(form, repeat string) string { return "r_" + form + "__" + flat(repeat) }

// CellIndex names the index of Table by unit and month.
func CellIndex(form string) string { return Table(form) + "~cell" }

// Quote makes an identifier of SQL of a name.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func flat(path string) string { return strings.ReplaceAll(path, "/", "__") }
