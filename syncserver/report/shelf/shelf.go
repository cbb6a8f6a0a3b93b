// Package shelf owns the tables in which frozen figures stand (package frozen): a database of their own, "reports.db", to which is
// only added. It knows nothing of figures, so that the centre can open, copy and restore it.
package shelf

import (
	"context"
	"encoding/hex"
	"fmt"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// Tables is the part of a database in which frozen figures stand. Nothing in it is ever altered or taken away.
const Tables sqlite.Migration = `
CREATE TABLE snapshots (
	number  INTEGER PRIMARY KEY,
	title   TEXT    NOT NULL,
	root    TEXT    NOT NULL,
	at      INTEGER NOT NULL, -- ms since 1970
	by      TEXT    NOT NULL, -- account
	digest  TEXT    NOT NULL, -- BLAKE2b-256 of encoded
	encoded BLOB    NOT NULL
) STRICT;
CREATE TRIGGER snapshots_stay BEFORE DELETE ON snapshots BEGIN SELECT raise(ABORT, 'a snapshot stays'); END;
CREATE TRIGGER snapshots_hold BEFORE UPDATE ON snapshots BEGIN SELECT raise(ABORT, 'a snapshot is not altered'); END;
`

// follow keeps a snapshot from taking the place of another: "INSERT OR REPLACE" asks no trigger of deletion.
const follow sqlite.Migration = `
CREATE TRIGGER snapshots_follow BEFORE INSERT ON snapshots WHEN NEW.number <= (SELECT coalesce(max(number), 0) FROM snapshots)
	BEGIN SELECT raise(ABORT, 'a snapshot follows the others'); END;
`

// Schema is that of reports.db.
var Schema = sqlite.Schema{ApplicationID: 0x424c7368 /* BLsh */, Migrations: []sqlite.Migration{Tables, follow}}

// Digest is the BLAKE2b-256 of an encoded snapshot, in hexadecimal.
func Digest(encoded []byte) string {
	sum := blake2b.Sum256(encoded)
	return hex.EncodeToString(sum[:])
}

// Check holds every snapshot against its digest; n is how many there are. fault.TornDatabase names the first that is something else.
// Whether a snapshot has the bytes that the records give is for a replay to say (package frozen).
func Check(ctx context.Context, db *sqlite.DB) (n int, err error) {
	err = db.View(ctx, func(tx *sqlite.Tx) error {
		rows := tx.Query("SELECT number, encoded, digest FROM snapshots ORDER BY number")
		defer rows.Close()
		for rows.Next() {
			if Digest(rows.Bytes(1)) != rows.Text(2) {
				return fault.New(fault.TornDatabase, "shelf.Check", fmt.Errorf("report %d is not what its digest says", rows.Int64(0)))
			}
			n++
		}
		return rows.Err()
	})
	return n, err
}
