package sqlitestore

import (
	"banlang/shared/ledger/sqlledger"
	"banlang/shared/sqlite"
)

// applicationID marks the file of a hub: "BLtt", Bản Làng, trung tâm.
const applicationID = 0x424c7474

var schema = sqlite.Schema{ApplicationID: applicationID, Migrations: []sqlite.Migration{
	sqlledger.Schema + version1,
	sqlledger.Blobs + version2,
	version3,
	version4,
}}

// version1 is what a hub keeps beside its ledger.
const version1 = `
-- The notebooks that the centre knows (package access).
CREATE TABLE device (
	replica  INTEGER PRIMARY KEY, -- its number, as people say it
	name     TEXT    NOT NULL,    -- as staff call it
	unit     TEXT    NOT NULL,    -- code of its own unit
	key      TEXT    NOT NULL,    -- its public key (seal.ReplicaPublic); empty: not enrolled yet
	enrolled INTEGER NOT NULL,    -- ms since 1970, by the centre's clock; 0: not yet
	seen     INTEGER NOT NULL,    -- ms since 1970, by the centre's clock: its last Hello; 0: never
	program  TEXT    NOT NULL,    -- as it named itself last
	skew     INTEGER NOT NULL,    -- ms: its clock minus the centre's at the last Hello
	revoked  INTEGER NOT NULL
) STRICT;

-- For whom stretches of the log are: one row for what one transaction brought one key. A reader asks for the stretches
-- of a key that end after its cursor.
CREATE TABLE listing (
	key   TEXT    NOT NULL, -- a feed ("GL014/ordinary"), a replica ("@24"), or everybody ("*")
	last  INTEGER NOT NULL, -- place of the last change of the stretch
	first INTEGER NOT NULL, -- place of the first one
	PRIMARY KEY (key, last),
	CHECK (first > 0 AND last >= first)
) STRICT, WITHOUT ROWID;

-- Where the units of a record changed last, for records that ever moved or came in the wrong order (hub.Turn). How many
-- there are is counted in tally, as "turns".
CREATE TABLE turn (
	record_run INTEGER NOT NULL,
	record_n   INTEGER NOT NULL,
	pos        INTEGER NOT NULL, -- place of the change that moved it last; 0: its creation is not here
	now        TEXT    NOT NULL, -- JSON array: the feeds that it is in
	ever       TEXT    NOT NULL, -- JSON array: the feeds that it was ever in
	PRIMARY KEY (record_run, record_n)
) STRICT, WITHOUT ROWID;

-- Changes that cannot be judged yet: their form is unknown, or their writer has no unit of the record.
CREATE TABLE waiting (
	pos INTEGER PRIMARY KEY -- place of the change
) STRICT;

-- The running hash of the log at the end of each transaction: shows a reader's cursor that the log went back in time.
CREATE TABLE closed (
	pos  INTEGER PRIMARY KEY, -- last place of the transaction
	hash BLOB NOT NULL        -- SHA-256 over the hash before and the digests of the transaction's changes
) STRICT;

-- The latest signature of each notebook over each of its runs (record.HeadSignature).
CREATE TABLE signed (
	run     INTEGER PRIMARY KEY,
	replica INTEGER NOT NULL, -- who signed
	n       INTEGER NOT NULL, -- the number that the signature vouches for, and all before it
	head    BLOB    NOT NULL, -- 32 bytes: chain head there
	sig     BLOB    NOT NULL  -- 64 bytes: Ed25519
) STRICT;
`

// version2 is what a hub keeps beside its blobs.
const version2 = `
-- Which replicas are asked for a blob that is not whole: those whose changes name it.
CREATE TABLE want (
	replica INTEGER NOT NULL,
	ref     BLOB    NOT NULL, -- the blob's
	blob    INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
	PRIMARY KEY (replica, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX want_blob ON want (blob);

-- Those of which a part is here, by who sent it.
CREATE INDEX blob_begun ON blob (sent) WHERE open = 1 AND got > 0;
`

// version3 is what those need who follow the log.
const version3 = `
ALTER TABLE closed ADD COLUMN at INTEGER NOT NULL DEFAULT 0; -- ms since 1970, by the centre's clock: of the transaction; 0: not known

-- Changes that were held without their bodies, and have got them.
CREATE TABLE fill (
	n   INTEGER PRIMARY KEY, -- in the order in which it happened
	pos INTEGER NOT NULL     -- place of the change
) STRICT;
`

// version4 is what a hub keeps of the keys of notebooks.
const version4 = `
-- The keys of notebooks, sealed to recipients of whom the centre is none (hub.Deposit). The latest few of each.
CREATE TABLE escrow (
	id      INTEGER PRIMARY KEY, -- ascending as they came
	replica INTEGER NOT NULL,    -- whose
	sum     BLOB    NOT NULL,    -- protocol.EscrowSum of the boxes
	at      INTEGER NOT NULL,    -- ms since 1970, by the centre's clock: when it came
	present BLOB    NOT NULL,    -- age file: the key
	next    BLOB,                -- age file: the next one; NULL: the key was not being changed
	UNIQUE (replica, sum)
) STRICT;

-- How far a machine is with the order to destroy its keys (hub.Wipe).
CREATE TABLE wipe (
	replica INTEGER PRIMARY KEY,
	serial  INTEGER NOT NULL, -- of the order
	begun   INTEGER NOT NULL, -- ms since 1970, by the centre's clock: it had leave; 0: not from here
	done    INTEGER NOT NULL  -- ms since 1970, by the centre's clock: it has said that they are gone; 0: not yet
) STRICT;
`
