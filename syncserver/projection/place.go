package projection

import (
	"encoding/json"
	"errors"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
)

// The small values of the table meta.
const (
	valueLayout = "layout" // the version of the tables
	valuePlace  = "place"  // JSON of a place
	valuePurge  = "purge"  // something was erased, and its traces are not destroyed yet
)

// place says how far the tables are, and of which log.
type place struct {
	Hub    protocol.HubID
	Epoch  record.Epoch
	Pos    ledger.Pos
	Closed ledger.Pos // the end of the last transaction up to Pos, and
	Hash   [32]byte   // the running hash of the log there
	Fills  int64      // the number of the last body that came late (hub.Filling)
}

func readPlace(tx *sqlite.Tx) (p place, err error) {
	row, err := tx.One("SELECT value FROM meta WHERE name = ?", valuePlace)
	if errors.Is(err, sqlite.ErrNoRow) {
		return place{}, nil
	}
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(row.Text(0)), &p); err != nil {
		return place{}, fault.New(fault.TornDatabase, "projection", err)
	}
	return p, nil
}

func writePlace(tx *sqlite.Tx, p place) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return put(tx, valuePlace, string(text))
}

func put(tx *sqlite.Tx, name string, value any) error {
	return tx.Exec("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value)
}

// errOtherLog: the log is not the one that the tables were drawn from, or was set back.
var errOtherLog = errors.New("projection: the log has another history")

// follows reports errOtherLog unless the log goes on from the place.
func (p place) follows(tx hub.Tx, id protocol.HubID) error {
	if p == (place{}) {
		return nil
	}
	epoch, err := ledger.CentreEpoch(tx)
	if err != nil {
		return err
	}
	end, err := tx.End()
	if err != nil {
		return err
	}
	closed, hash, err := tx.ClosedLog(p.Pos)
	if err != nil {
		return err
	}
	if p.Hub != id || p.Epoch != epoch || p.Pos > end || p.Closed != closed || p.Hash != hash {
		return errOtherLog
	}
	return nil
}

// at is the place up to a position of the log.
func placeAt(tx hub.Tx, id protocol.HubID, pos ledger.Pos, fills int64) (p place, err error) {
	p = place{Hub: id, Pos: pos, Fills: fills}
	if p.Epoch, err = ledger.CentreEpoch(tx); err != nil {
		return p, err
	}
	p.Closed, p.Hash, err = tx.ClosedLog(pos)
	return p, err
}
