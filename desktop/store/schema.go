package store

import (
	"banlang/shared/ledger/sqlledger"
	"banlang/shared/sqlite"
)

// applicationID marks the file of a notebook: "BLsn", Bản Làng, sổ nhà.
const applicationID = 0x424c736e

var schema = sqlite.Schema{ApplicationID: applicationID, Migrations: []sqlite.Migration{
	sqlledger.Schema + version1,
	sqlledger.Blobs,
	version3,
	version4,
	version5,
}}

// version1 is what a notebook keeps beside its ledger.
const version1 = `
-- Forms being filled in (package notebook). They never leave the notebook. A draft that goes is overwritten
-- (secure_delete, and a checkpoint that empties the log); its id is not used again, so that bringing one back never falls
-- on another.
CREATE TABLE draft (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	saved   INTEGER NOT NULL, -- ms since 1970, by this machine's clock: latest first
	content TEXT    NOT NULL  -- JSON of notebook.Draft
) STRICT;

-- The list: one line for each record, drawn from the changes and forgotten at will.
CREATE TABLE row (
	id           INTEGER PRIMARY KEY, -- orders by time: (written << 3) + 0 … 7, or the next one free above (see newID)
	record_run   INTEGER NOT NULL,
	record_n     INTEGER NOT NULL,
	replica      INTEGER NOT NULL,    -- of the creation
	form_id      TEXT    NOT NULL,
	form_version INTEGER NOT NULL,    -- the int64 with the bits of the uint64
	title        TEXT    NOT NULL,
	date         TEXT    NOT NULL,    -- when it happened, ISO; may be empty
	words        TEXT    NOT NULL,    -- folded
	written      INTEGER NOT NULL,    -- ms since 1970, by the writer's clock: newest first
	own_run      INTEGER NOT NULL,    -- last own change of the record; 0, 0: none
	own_n        INTEGER NOT NULL,
	conflict     INTEGER NOT NULL,
	rejected     INTEGER NOT NULL,
	marked       INTEGER NOT NULL,
	visible      INTEGER NOT NULL,
	UNIQUE (record_run, record_n)
) STRICT;

-- The words of the visible lines, by row.id, and marks for what a query may narrow to (see indexed). So every query is
-- one walk through lists of ids that are in the order in which they are shown. It keeps no text: what is taken out must
-- be given as it was put in, so a version that makes it otherwise must empty the list first.
CREATE VIRTUAL TABLE row_search USING fts5(
	words, content='', detail=none, columnsize=0, prefix='1 2 3', tokenize="unicode61 remove_diacritics 2"
);

-- Own changes that overtake all others on their way to the centre.
CREATE TABLE urgent (
	run INTEGER NOT NULL,
	n   INTEGER NOT NULL,
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;
`

// version3 has the list say more of each record: what a query may narrow to. The list is emptied, and drawn anew from the
// changes.
const version3 = `
DELETE FROM row;
DELETE FROM value WHERE name = 'projected';
ALTER TABLE row ADD COLUMN units     TEXT    NOT NULL DEFAULT '';  -- codes of its units, a space between
ALTER TABLE row ADD COLUMN place_run INTEGER NOT NULL DEFAULT 0;   -- the record that it names first as its place; 0, 0: none
ALTER TABLE row ADD COLUMN place_n   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE row ADD COLUMN calls     TEXT    NOT NULL DEFAULT '';  -- of a place: what it is called, folded

-- Own changes without a receipt are few: by them the records are found that wait to be sent.
CREATE INDEX row_own ON row (own_run, own_n) WHERE own_n <> 0;

-- The index of version 1, for words of more letters: the beginning of a word is looked up at once where it is as long as one
-- of these, and else every word that begins so is read to its end before the first row comes. Syllables have up to seven.
DROP TABLE row_search;
CREATE VIRTUAL TABLE row_search USING fts5(
	words, content='', detail=none, columnsize=0, prefix='1 2 3 4 5 6', tokenize="unicode61 remove_diacritics 2"
);

-- What the places are called, all of them.
CREATE INDEX row_calls ON row (record_run, record_n, calls, visible) WHERE calls <> '';
`

// version4 has the list say what whoever reviews a record has said of it. Every line is drawn anew, for a review may have come
// before this program knew of any; in its place, so that nothing is missing meanwhile. The index stays: of a line of which
// nothing was said it says what it did (see stateMark).
const version4 = `
DELETE FROM value WHERE name = 'projected';
ALTER TABLE row ADD COLUMN review TEXT NOT NULL DEFAULT ''; -- approved or returned, while that holds
`

// version5 has the list find what was deleted, apart from all else, so that it can be brought back. Every line is drawn anew, in its
// place; the index had no words of those, and says of all others what it did (see indexed).
const version5 = `
DELETE FROM value WHERE name = 'projected';
ALTER TABLE row ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0; -- and can be brought back; never with visible
`
