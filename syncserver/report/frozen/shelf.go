package frozen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/report"
)

// Shelf keeps snapshots for ever, in the order in which they were put there.
type Shelf interface {
	// Put numbers the snapshot, one above the last, and keeps it. It is on the disk when Put returns nil.
	Put(ctx context.Context, s *Snapshot, by string, at record.Millis) (Label, error)
	// Get gives a snapshot by its number, or fault.NotFound.
	Get(ctx context.Context, number int) (*Snapshot, error)
	// List gives the labels of all snapshots, the newest first.
	List(ctx context.Context) ([]Label, error)
}

// Label is what stands on a snapshot.
type Label struct {
	Number int
	Title  string
	Root   string
	At     record.Millis // when it was put there
	By     string        // the account
	Digest string
	Period report.Period // as the snapshot says; empty in what Put gives
}

// periodIn finds the period of a report in the beginning of its bytes; empty where there is none.
func periodIn(begins []byte) (p report.Period) {
	if _, rest, ok := bytes.Cut(begins, []byte(`"period":`)); ok { // in a text its quotes would be escaped
		if err := json.NewDecoder(bytes.NewReader(rest)).Decode(&p); err != nil {
			return report.Period{}
		}
	}
	return p
}

// begins is how many bytes of a snapshot hold its title, unit, day and period.
const begins = 2000

// shelf is a Shelf on SQLite.
type shelf struct{ db *sqlite.DB }

// NewShelf gives the shelf in a database that has shelf.Tables. The database stays the caller's.
func NewShelf(db *sqlite.DB) Shelf { return shelf{db} }

// Put implements Shelf.
func (h shelf) Put(ctx context.Context, s *Snapshot, by string, at record.Millis) (label Label, err error) {
	err = h.db.Update(ctx, func(tx *sqlite.Tx) error {
		last, err := tx.One("SELECT coalesce(max(number), 0) FROM snapshots")
		if err != nil {
			return err
		}
		numbered := *s
		numbered.Number = int(last.Int64(0)) + 1
		encoded, err := numbered.Bytes()
		if err != nil {
			return err
		}
		label = Label{Number: numbered.Number, Title: s.Title, Root: s.Root, At: at, By: by, Digest: Digest(encoded)}
		return tx.Exec("INSERT INTO snapshots VALUES (?, ?, ?, ?, ?, ?, ?)",
			label.Number, label.Title, label.Root, at, by, label.Digest, encoded)
	})
	return label, err
}

// Get implements Shelf.
func (h shelf) Get(ctx context.Context, number int) (s *Snapshot, err error) {
	err = h.db.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT encoded, digest FROM snapshots WHERE number = ?", number)
		if errors.Is(err, sqlite.ErrNoRow) {
			return fault.New(fault.NotFound, "frozen.Get", err)
		}
		if err != nil {
			return err
		}
		s, err = Decode(row.Bytes(0), row.Text(1))
		return err
	})
	return s, err
}

// List implements Shelf.
func (h shelf) List(ctx context.Context) (all []Label, err error) {
	err = h.db.View(ctx, func(tx *sqlite.Tx) error {
		rows := tx.Query("SELECT number, title, root, at, by, digest, substr(encoded, 1, ?) FROM snapshots ORDER BY number DESC", begins)
		for rows.Next() {
			all = append(all, Label{
				Number: int(rows.Int64(0)), Title: rows.Text(1), Root: rows.Text(2), At: rows.Int64(3), By: rows.Text(4), Digest: rows.Text(5),
				Period: periodIn(rows.Bytes(6)),
			})
		}
		return rows.Err()
	})
	return all, err
}
