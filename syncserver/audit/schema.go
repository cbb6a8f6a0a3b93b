package audit

import "banlang/shared/sqlite"

// Migration makes the table of the chain, in a database that has no audit yet.
const Migration sqlite.Migration = `
-- What staff did, one row an act, in the order in which it happened. Rows are only added: the triggers keep the program from
-- anything else, and the hashes show what somebody did who went around the triggers. No text of any record is here.
CREATE TABLE audit (
	seq     INTEGER PRIMARY KEY,  -- 1, 2, 3 … without gaps
	at      INTEGER NOT NULL,     -- ms since 1970, by the centre's clock, which may go back
	account TEXT NOT NULL,        -- whose act; '' for who works at the centre's machine
	origin  TEXT NOT NULL,        -- from where: a network address, or an account of the machine
	act     TEXT NOT NULL,
	unit    TEXT NOT NULL,
	form    TEXT NOT NULL,
	record  TEXT NOT NULL,        -- what it was about: a record's dot, a device's number, an account's name
	reason  TEXT NOT NULL,
	count   INTEGER NOT NULL,     -- of records
	terms   BLOB,                 -- day of the key (4 bytes, little-endian, since 1970), nonce, XChaCha20-Poly1305; NULL: none
	hash    BLOB NOT NULL CHECK (length(hash) = 32)  -- BLAKE2b-256 over the hash before it and this row (chain.go)
) STRICT;
CREATE INDEX audit_account ON audit (account, seq);
CREATE INDEX audit_record ON audit (record, seq) WHERE record <> '';
CREATE INDEX audit_unit ON audit (unit, seq);
CREATE INDEX audit_at ON audit (at, seq);
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN NEW.seq <= (SELECT coalesce(max(seq), 0) FROM audit)
	BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
`

// columns are those that a row is read by, in the order of row.
const columns = "seq, at, account, origin, act, unit, form, record, reason, count, terms, hash"
