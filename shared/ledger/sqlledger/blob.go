package sqlledger

import (
	"errors"
	"fmt"

	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// Blobs is the SQL of the tables of blobs, to stand in a migration of both programs behind that of Schema. Released text
// never changes.
const Blobs = `
-- Bytes that are no text, named by values of changes (package blob), and known from then on, also while none are here.
CREATE TABLE blob (
	id   INTEGER PRIMARY KEY,
	ref  BLOB    NOT NULL UNIQUE, -- 40 bytes (blob.Key): BLAKE2b-256, size, kind of file
	size INTEGER NOT NULL,        -- of all bytes
	got  INTEGER NOT NULL,        -- bytes that are here, from the first on
	open INTEGER NOT NULL,        -- 1: something is still to be done about it (ledger.Blob)
	sent INTEGER NOT NULL,        -- at a hub: number of the replica that sent the last bytes; 0: nobody
	CHECK (got >= 0 AND got <= size)
) STRICT;
CREATE INDEX blob_open ON blob (ref) WHERE open = 1;

-- Their bytes, in the pieces in which they came.
CREATE TABLE piece (
	id   INTEGER PRIMARY KEY, -- (blob.id << 23) + the offset of the first byte
	data BLOB NOT NULL
) STRICT;

-- Which changes name a blob.
CREATE TABLE naming (
	blob INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
	pos  INTEGER NOT NULL, -- place of the change
	PRIMARY KEY (blob, pos)
) STRICT, WITHOUT ROWID;
`

// offsetBits: an offset is below 1 << offsetBits.
const offsetBits = 23

// lookup returns the row of a blob; its id is 0 when it is not known.
func (l *Ledger) lookup(r blob.Ref) (id int64, b ledger.Blob, err error) {
	k := r.Key()
	row, err := l.tx.One("SELECT id, ref, got, open, sent FROM blob WHERE ref = ?", k[:])
	if errors.Is(err, sqlite.ErrNoRow) {
		return 0, b, nil
	}
	if err != nil {
		return 0, b, err
	}
	b, err = readBlob(&row)
	return row.Int64(0), b, err
}

func readBlob(row *sqlite.Row) (b ledger.Blob, err error) {
	b.Ref, err = blob.FromKey(row.Bytes(1))
	b.Got, b.Open, b.By = int(row.Int64(2)), row.Bool(3), record.ReplicaID(row.Int64(4))
	return b, err
}

// Blob implements ledger.Shelf.
func (l *Ledger) Blob(r blob.Ref) (ledger.Blob, bool, error) {
	id, b, err := l.lookup(r)
	return b, id != 0, err
}

// BlobID is the id of the row of a blob that is known, for tables that refer to it.
func (l *Ledger) BlobID(r blob.Ref) (int64, error) {
	id, _, err := l.lookup(r)
	if id == 0 && err == nil {
		err = fmt.Errorf("sqlledger: %v is not known", r)
	}
	return id, err
}

// PutBlob implements ledger.Shelf.
func (l *Ledger) PutBlob(b ledger.Blob) error {
	id, was, err := l.lookup(b.Ref)
	switch {
	case err != nil:
		return err
	case b.Got > was.Got:
		return fmt.Errorf("sqlledger: %d bytes of a blob that has %d", b.Got, was.Got)
	case id == 0:
		k := b.Ref.Key()
		return l.exec("INSERT INTO blob (ref, size, got, open, sent) VALUES (?, ?, 0, ?, ?)", k[:], int64(b.Ref.Size), b.Open, int64(b.By))
	case b.Got < was.Got:
		if err := l.shorten(id, b.Got); err != nil {
			return err
		}
	}
	return l.exec("UPDATE blob SET got = ?, open = ?, sent = ? WHERE id = ?", int64(b.Got), b.Open, int64(b.By), id)
}

// shorten destroys the bytes of a blob from an offset on, which may lie within a piece.
func (l *Ledger) shorten(id int64, to int) error {
	base, next := id<<offsetBits, (id+1)<<offsetBits
	row, err := l.tx.One("SELECT id, data FROM piece WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1", base, base+int64(to))
	if err != nil && !errors.Is(err, sqlite.ErrNoRow) {
		return err
	}
	if err == nil {
		if first, data := row.Int64(0), row.Bytes(1); int(first-base)+len(data) > to {
			if err := l.exec("UPDATE piece SET data = ? WHERE id = ?", data[:to-int(first-base)], first); err != nil {
				return err
			}
		}
	}
	return l.exec("DELETE FROM piece WHERE id >= ? AND id < ?", base+int64(to), next)
}

// AddPiece implements ledger.Shelf.
func (l *Ledger) AddPiece(r blob.Ref, piece []byte) error {
	id, b, err := l.lookup(r)
	if err != nil {
		return err
	}
	if id == 0 || b.Got+len(piece) > int(r.Size) {
		return fmt.Errorf("sqlledger: %d bytes behind %d of %v", len(piece), b.Got, r)
	}
	if len(piece) == 0 {
		return nil
	}
	if err := l.exec("INSERT INTO piece (id, data) VALUES (?, ?)", id<<offsetBits+int64(b.Got), piece); err != nil {
		return err
	}
	return l.exec("UPDATE blob SET got = ? WHERE id = ?", int64(b.Got+len(piece)), id)
}

// Piece implements ledger.Shelf. It returns at most what is left of the stored piece that the offset lies in.
func (l *Ledger) Piece(r blob.Ref, from, most int) ([]byte, error) {
	id, b, err := l.lookup(r)
	if id == 0 || from < 0 || from >= b.Got || most <= 0 || err != nil {
		return nil, err
	}
	base := id << offsetBits
	row, err := l.tx.One("SELECT id, data FROM piece WHERE id >= ? AND id <= ? ORDER BY id DESC LIMIT 1", base, base+int64(from))
	if errors.Is(err, sqlite.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	skip, data := int(base+int64(from)-row.Int64(0)), row.Bytes(1)
	if skip >= len(data) {
		return nil, nil
	}
	return data[skip:min(len(data), skip+most)], nil
}

// DropBlob implements ledger.Shelf.
func (l *Ledger) DropBlob(r blob.Ref) error {
	id, _, err := l.lookup(r)
	if id == 0 || err != nil {
		return err
	}
	if err := l.exec("DELETE FROM piece WHERE id >= ? AND id < ?", id<<offsetBits, (id+1)<<offsetBits); err != nil {
		return err
	}
	return l.exec("DELETE FROM blob WHERE id = ?", id)
}

// Blobs implements ledger.Shelf.
func (l *Ledger) Blobs(open bool, after blob.Ref, limit int) (bs []ledger.Blob, err error) {
	text := "SELECT id, ref, got, open, sent FROM blob WHERE ref > ? ORDER BY ref LIMIT ?"
	if open {
		text = "SELECT id, ref, got, open, sent FROM blob WHERE open = 1 AND ref > ? ORDER BY ref LIMIT ?"
	}
	k := after.Key()
	rows := l.tx.Query(text, k[:], limit)
	defer rows.Close()
	for rows.Next() {
		b, err := readBlob(&rows.Row)
		if err != nil {
			return nil, err
		}
		bs = append(bs, b)
	}
	return bs, rows.Err()
}

// Name implements ledger.Shelf.
func (l *Ledger) Name(r blob.Ref, p ledger.Pos, on bool) error {
	id, _, err := l.lookup(r)
	switch {
	case err != nil:
		return err
	case on && id == 0:
		return fmt.Errorf("sqlledger: %v is not known", r)
	case on:
		return l.exec("INSERT INTO naming (blob, pos) VALUES (?, ?) ON CONFLICT DO NOTHING", id, int64(p))
	}
	return l.exec("DELETE FROM naming WHERE blob = ? AND pos = ?", id, int64(p))
}

// Naming implements ledger.Shelf.
func (l *Ledger) Naming(r blob.Ref) (places []ledger.Pos, err error) {
	id, _, err := l.lookup(r)
	if id == 0 || err != nil {
		return nil, err
	}
	rows := l.tx.Query("SELECT pos FROM naming WHERE blob = ? ORDER BY pos", id)
	for rows.Next() {
		places = append(places, ledger.Pos(rows.Int64(0)))
	}
	return places, rows.Err()
}
