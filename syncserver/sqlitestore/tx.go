package sqlitestore

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"

	"banlang/shared/ledger"
	"banlang/shared/ledger/sqlledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
)

// transaction is a hub.Tx: the ledger, and what stands beside it.
type transaction struct {
	*sqlledger.Ledger
	moved *moved
	last  lookup // the turn asked for last: the rules ask two or three times for the same
}

var _ hub.Tx = (*transaction)(nil)

// lookup is what the table turn says of a record.
type lookup struct {
	rec  record.Dot
	turn hub.Turn
	ok   bool
}

// moved names the records that may have a row in turn, so that for all others, which are nearly all, nothing is read.
// Turns are never taken away, and a record is added before its row can be seen: so what is not here has none, whatever
// moment a View sees. What a rollback left in it costs one look.
type moved struct {
	mu      sync.RWMutex
	records map[record.Dot]struct{}
}

func (m *moved) may(rec record.Dot) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	_, ok := m.records[rec]
	return ok
}

func (m *moved) add(rec record.Dot) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records[rec] = struct{}{}
}

// load reads the records that have moved so far.
func (m *moved) load(tx *sqlite.Tx) error {
	m.records = map[record.Dot]struct{}{}
	rows := tx.Query("SELECT record_run, record_n FROM turn")
	for rows.Next() {
		m.records[record.Dot{Run: record.RunID(rows.Int64(0)), N: record.Number(rows.Int64(1))}] = struct{}{}
	}
	return rows.Err()
}

const deviceColumns = "replica, name, unit, key, enrolled, seen, program, skew, revoked"

// Device implements access.Register.
func (t *transaction) Device(r record.ReplicaID) (access.Device, bool, error) {
	row, err := t.SQL().One("SELECT "+deviceColumns+" FROM device WHERE replica = ?", int64(r))
	if errors.Is(err, sqlite.ErrNoRow) {
		return access.Device{}, false, nil
	}
	if err != nil {
		return access.Device{}, false, err
	}
	return device(&row), true, nil
}

func device(row *sqlite.Row) access.Device {
	return access.Device{Replica: record.ReplicaID(row.Int64(0)), Name: row.Text(1), Unit: row.Text(2), Key: row.Text(3),
		Enrolled: row.Int64(4), Seen: row.Int64(5), Program: row.Text(6), Skew: row.Int64(7), Revoked: row.Bool(8)}
}

// PutDevice implements access.Register.
func (t *transaction) PutDevice(d access.Device) error {
	return t.SQL().Exec("INSERT OR REPLACE INTO device ("+deviceColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		int64(d.Replica), d.Name, d.Unit, d.Key, d.Enrolled, d.Seen, d.Program, d.Skew, d.Revoked)
}

// Devices implements access.Register.
func (t *transaction) Devices(f func(access.Device) bool) error {
	rows := t.SQL().Query("SELECT " + deviceColumns + " FROM device ORDER BY replica")
	defer rows.Close()
	for rows.Next() {
		if !f(device(&rows.Row)) {
			break
		}
	}
	return rows.Err()
}

// List implements hub.Shelf.
func (t *transaction) List(key string, r hub.Range) error {
	return t.SQL().Exec("INSERT INTO listing (key, last, first) VALUES (?, ?, ?)", key, int64(r.Last), int64(r.First))
}

// Listed implements hub.Shelf.
func (t *transaction) Listed(key string, after ledger.Pos, limit int) (ranges []hub.Range, err error) {
	rows := t.SQL().Query("SELECT first, last FROM listing WHERE key = ? AND last > ? ORDER BY last LIMIT ?", key, int64(min(after, 1<<63-1)), limit)
	for rows.Next() {
		ranges = append(ranges, hub.Range{First: ledger.Pos(rows.Int64(0)), Last: ledger.Pos(rows.Int64(1))})
	}
	return ranges, rows.Err()
}

// tallyTurns names the count of the rows of turn.
const tallyTurns = "turns"

// Turn implements hub.Shelf.
func (t *transaction) Turn(rec record.Dot) (hub.Turn, bool, error) {
	if !t.moved.may(rec) {
		return hub.Turn{}, false, nil
	}
	if t.last.rec == rec && !rec.IsZero() {
		return t.last.turn, t.last.ok, nil
	}
	row, err := t.SQL().One("SELECT pos, now, ever FROM turn WHERE record_run = ? AND record_n = ?", int64(rec.Run), int64(rec.N))
	if err != nil && !errors.Is(err, sqlite.ErrNoRow) {
		return hub.Turn{}, false, err
	}
	found := lookup{rec: rec, ok: err == nil}
	if found.ok {
		found.turn.At = ledger.Pos(row.Int64(0))
		err := errors.Join(json.Unmarshal([]byte(row.Text(1)), &found.turn.Now), json.Unmarshal([]byte(row.Text(2)), &found.turn.Ever))
		if err != nil {
			return hub.Turn{}, false, fmt.Errorf("sqlitestore: turn of %v: %w", rec, err)
		}
	}
	t.last = found
	return found.turn, found.ok, nil
}

// PutTurn implements hub.Shelf.
func (t *transaction) PutTurn(rec record.Dot, turn hub.Turn) error {
	_, was, err := t.Turn(rec)
	if err != nil {
		return err
	}
	if !was {
		if err := t.AddTally(tallyTurns, 1); err != nil {
			return err
		}
	}
	t.moved.add(rec)
	now, err1 := json.Marshal(turn.Now)
	ever, err2 := json.Marshal(turn.Ever)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("sqlitestore: turn of %v: %w", rec, err)
	}
	t.last = lookup{}
	return t.SQL().Exec("INSERT OR REPLACE INTO turn (record_run, record_n, pos, now, ever) VALUES (?, ?, ?, ?, ?)",
		int64(rec.Run), int64(rec.N), int64(turn.At), string(now), string(ever))
}

// Turns implements hub.Shelf.
func (t *transaction) Turns() (int, error) { return t.Tally(tallyTurns) }

// Wait implements hub.Shelf.
func (t *transaction) Wait(p ledger.Pos) error {
	return t.SQL().Exec("INSERT INTO waiting (pos) VALUES (?) ON CONFLICT DO NOTHING", int64(p))
}

// Judged implements hub.Shelf.
func (t *transaction) Judged(p ledger.Pos) error {
	return t.SQL().Exec("DELETE FROM waiting WHERE pos = ?", int64(p))
}

// Waiting implements hub.Shelf.
func (t *transaction) Waiting(from ledger.Pos, limit int) (places []ledger.Pos, err error) {
	rows := t.SQL().Query("SELECT pos FROM waiting WHERE pos >= ? ORDER BY pos LIMIT ?", int64(min(from, math.MaxInt64)), limit)
	for rows.Next() {
		places = append(places, ledger.Pos(rows.Int64(0)))
	}
	return places, rows.Err()
}

// CloseLog implements hub.Shelf.
func (t *transaction) CloseLog(end ledger.Pos, hash [32]byte, at record.Millis) error {
	return t.SQL().Exec("INSERT OR REPLACE INTO closed (pos, hash, at) VALUES (?, ?, ?)", int64(end), hash[:], at)
}

// Arrivals implements hub.Shelf.
func (t *transaction) Arrivals(from ledger.Pos, limit int) (out []hub.Arrival, err error) {
	rows := t.SQL().Query("SELECT pos, at FROM closed WHERE pos >= ? ORDER BY pos LIMIT ?", int64(min(from, math.MaxInt64)), limit)
	for rows.Next() {
		out = append(out, hub.Arrival{End: ledger.Pos(rows.Int64(0)), At: rows.Int64(1)})
	}
	return out, rows.Err()
}

// Fill implements hub.Shelf.
func (t *transaction) Fill(p ledger.Pos) error {
	return t.SQL().Exec("INSERT INTO fill (pos) VALUES (?)", int64(p))
}

// Fills implements hub.Shelf.
func (t *transaction) Fills(after int64, limit int) (out []hub.Filling, err error) {
	rows := t.SQL().Query("SELECT n, pos FROM fill WHERE n > ? ORDER BY n LIMIT ?", after, limit)
	for rows.Next() {
		out = append(out, hub.Filling{N: rows.Int64(0), At: ledger.Pos(rows.Int64(1))})
	}
	return out, rows.Err()
}

// ClosedLog implements hub.Shelf.
func (t *transaction) ClosedLog(at ledger.Pos) (end ledger.Pos, hash [32]byte, err error) {
	row, err := t.SQL().One("SELECT pos, hash FROM closed WHERE pos <= ? ORDER BY pos DESC LIMIT 1", int64(min(at, 1<<63-1)))
	if errors.Is(err, sqlite.ErrNoRow) {
		return 0, hash, nil
	}
	if err != nil {
		return 0, hash, err
	}
	copy(hash[:], row.Bytes(1))
	return ledger.Pos(row.Int64(0)), hash, nil
}

// PutSigned implements hub.Shelf.
func (t *transaction) PutSigned(h record.HeadSignature) error {
	return t.SQL().Exec("INSERT OR REPLACE INTO signed (run, replica, n, head, sig) VALUES (?, ?, ?, ?, ?)",
		int64(h.Run), int64(h.Replica), int64(h.N), h.Head[:], h.Sig[:])
}

// ErrUnsound is the base of what Check finds in the tables of this package.
var ErrUnsound = errors.New("sqlitestore: unsound")

// check finds listings, places and counts that do not fit the log.
func (t *transaction) check() error {
	for _, fits := range []struct{ what, query string }{
		{"a listing beyond the log", "SELECT count(*) = 0 FROM listing WHERE last > (SELECT coalesce(max(pos), 0) FROM change)"},
		{"a waiting change that is not in the log", "SELECT count(*) = 0 FROM waiting WHERE pos NOT IN (SELECT pos FROM change)"},
		{"a turn beyond the log", "SELECT count(*) = 0 FROM turn WHERE pos > (SELECT coalesce(max(pos), 0) FROM change)"},
		{"a count of turns that is wrong", "SELECT count(*) = coalesce((SELECT n FROM tally WHERE name = 'turns'), 0) FROM turn"},
		{"a log whose end has no hash", "SELECT coalesce(max(pos), 0) = (SELECT coalesce(max(pos), 0) FROM change) FROM closed"},
	} {
		row, err := t.SQL().One(fits.query)
		if err != nil {
			return err
		}
		if !row.Bool(0) {
			return fmt.Errorf("%w: %s", ErrUnsound, fits.what)
		}
	}
	return nil
}
