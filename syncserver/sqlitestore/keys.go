package sqlitestore

import (
	"errors"

	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/sqlite"
	"banlang/syncserver/hub"
)

// PutDeposit implements hub.Shelf.
func (t *transaction) PutDeposit(d hub.Deposit) error {
	var next any
	if len(d.Boxes) > 1 {
		next = d.Boxes[1]
	}
	err := t.SQL().Exec("INSERT INTO escrow (replica, sum, at, present, next) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		int64(d.Replica), d.Sum[:], d.At, d.Boxes[0], next)
	if err != nil {
		return err
	}
	return t.SQL().Exec("DELETE FROM escrow WHERE replica = ?1 AND id NOT IN (SELECT id FROM escrow WHERE replica = ?1 ORDER BY id DESC LIMIT ?2)",
		int64(d.Replica), hub.MaxDeposits)
}

// Deposits implements hub.Shelf.
func (t *transaction) Deposits(of record.ReplicaID) (all []hub.Deposit, err error) {
	rows := t.SQL().Query("SELECT replica, sum, at, present, next FROM escrow WHERE ?1 IN (0, replica) ORDER BY replica, id DESC", int64(of))
	defer rows.Close()
	for rows.Next() {
		d := hub.Deposit{Replica: record.ReplicaID(rows.Int64(0)), At: rows.Int64(2), Boxes: [][]byte{rows.Bytes(3)}}
		if copy(d.Sum[:], rows.Bytes(1)) != len(protocol.EscrowSum{}) {
			return nil, errors.Join(ErrUnsound, errors.New("the sum of a sealed key"))
		}
		if next := rows.Bytes(4); len(next) > 0 {
			d.Boxes = append(d.Boxes, next)
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// PutWipe implements hub.Shelf.
func (t *transaction) PutWipe(w hub.Wipe) error {
	return t.SQL().Exec("INSERT OR REPLACE INTO wipe (replica, serial, begun, done) VALUES (?, ?, ?, ?)",
		int64(w.Replica), int64(w.Order), w.Begun, w.Done)
}

// WipeOf implements hub.Shelf.
func (t *transaction) WipeOf(r record.ReplicaID) (hub.Wipe, error) {
	row, err := t.SQL().One("SELECT replica, serial, begun, done FROM wipe WHERE replica = ?", int64(r))
	if errors.Is(err, sqlite.ErrNoRow) {
		return hub.Wipe{}, nil
	}
	if err != nil {
		return hub.Wipe{}, err
	}
	return hub.Wipe{Replica: record.ReplicaID(row.Int64(0)), Order: uint64(row.Int64(1)), Begun: row.Int64(2), Done: row.Int64(3)}, nil
}
