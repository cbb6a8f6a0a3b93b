package staff

import (
	"banlang/shared/sqlite"
	"banlang/syncserver/audit"
)

// schema is that of staff.db.
var schema = sqlite.Schema{ApplicationID: 0x424c5354 /* BLST */, Migrations: []sqlite.Migration{audit.Migration + tables, enrolByName}}

// tables are those of this package. All times are ms since 1970 by the centre's clock; all hashes of tokens and codes are
// BLAKE2b-256 keyed with what is derived of the centre's key.
const tables sqlite.Migration = `
-- What ties the register to the key of its centre: one row.
CREATE TABLE tie (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL) STRICT;

-- The people of the centre. A name is never given to somebody else: the audit speaks of it. Nobody is deleted, only disabled.
CREATE TABLE account (
	name       TEXT PRIMARY KEY,
	person     TEXT NOT NULL,
	unit       TEXT NOT NULL,
	roles      TEXT NOT NULL,            -- sorted, with commas between
	disabled   INTEGER NOT NULL DEFAULT 0,
	created    INTEGER NOT NULL,
	created_by TEXT NOT NULL,
	signed_in  INTEGER NOT NULL DEFAULT 0, -- last; 0: never
	-- The passphrase: Argon2id with this cost and salt, then BLAKE2b-256 under the centre's key.
	cost_time    INTEGER NOT NULL,
	cost_memory  INTEGER NOT NULL,       -- KiB
	cost_threads INTEGER NOT NULL,
	salt       BLOB NOT NULL,
	verifier   BLOB NOT NULL,
	renew      INTEGER NOT NULL,         -- 1: somebody else gave it, and the owner must choose his own
	renew_by   INTEGER NOT NULL,         -- a passphrase to be renewed opens nothing after this; 0: it does
	-- The telephone's code: the secret under the centre's key, bound to the name; NULL: none.
	totp       BLOB,
	totp_next  BLOB,                     -- that of an enrolment that is not confirmed yet
	totp_step  INTEGER NOT NULL DEFAULT 0 -- the last one used: none up to it is taken again
) STRICT, WITHOUT ROWID;

-- Recovery codes that are left, each for one sign-in without the telephone.
CREATE TABLE recovery (
	account TEXT NOT NULL REFERENCES account (name),
	hash    BLOB NOT NULL,
	PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

-- Who is signed in. The token itself is in the browser only.
CREATE TABLE session (
	hash      BLOB PRIMARY KEY,
	account   TEXT NOT NULL REFERENCES account (name),
	begun     INTEGER NOT NULL,
	seen      INTEGER NOT NULL,          -- last use, up to seenStep too old
	confirmed INTEGER NOT NULL,          -- when the passphrase was given last
	origin    TEXT NOT NULL              -- the address that it began from
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account, begun);

-- Sign-ins that failed, by what slows down the next one (limit.go). Bounded; nothing is lost with a row but a pause.
CREATE TABLE tries (
	key   TEXT PRIMARY KEY,
	wrong INTEGER NOT NULL,              -- in a row, halved by each hour
	last  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tries_last ON tries (last);

-- Addresses from which an account has signed in: there it is not slowed down by what others try elsewhere.
CREATE TABLE known (
	account TEXT NOT NULL REFERENCES account (name),
	network TEXT NOT NULL,
	last    INTEGER NOT NULL,
	PRIMARY KEY (account, network)
) STRICT, WITHOUT ROWID;

-- One-time codes that enrol a device.
CREATE TABLE enrol_code (
	hash    BLOB PRIMARY KEY,
	unit    TEXT NOT NULL,
	name    TEXT NOT NULL,               -- of the device
	feeds   TEXT NOT NULL,               -- with commas between
	made_by TEXT NOT NULL,
	ends    INTEGER NOT NULL,
	claim   BLOB,                        -- hash of the claim of the device that took it; NULL: nobody has
	answer  BLOB                         -- what that device was given, under the claim, until the code ends
) STRICT, WITHOUT ROWID;
`

// enrolByName: a code goes by what is derived from it, and is not kept. Those that were made before cannot be traded.
const enrolByName = `
DROP TABLE enrol_code;

-- One-time codes that enrol a device (package enrolment).
CREATE TABLE enrol_code (
	hash    BLOB PRIMARY KEY,            -- of the name of the code
	key     BLOB,                        -- of the code, under a key of the centre; NULL: it was taken
	unit    TEXT NOT NULL,
	name    TEXT NOT NULL,               -- of the device
	feeds   TEXT NOT NULL,               -- with commas between
	made_by TEXT NOT NULL,
	ends    INTEGER NOT NULL,
	claim   BLOB,                        -- hash of the claim of the device that took it; NULL: nobody has
	answer  BLOB                         -- what that device was given, under the key of the code, until the code ends
) STRICT, WITHOUT ROWID;
`
