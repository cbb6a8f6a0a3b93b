package sqlitestore

import (
	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Want implements hub.Shelf.
func (t *transaction) Want(from record.ReplicaID, r blob.Ref, on bool) error {
	id, err := t.BlobID(r)
	k := r.Key()
	switch {
	case on && err != nil:
		return err
	case on:
		return t.SQL().Exec("INSERT INTO want (replica, ref, blob) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", int64(from), k[:], id)
	}
	return t.SQL().Exec("DELETE FROM want WHERE replica = ? AND ref = ?", int64(from), k[:])
}

// Wants implements hub.Shelf.
func (t *transaction) Wants(from record.ReplicaID, after blob.Ref, limit int) (refs []blob.Ref, err error) {
	k := after.Key()
	rows := t.SQL().Query("SELECT ref FROM want WHERE replica = ? AND ref > ? ORDER BY ref LIMIT ?", int64(from), k[:], limit)
	defer rows.Close()
	for rows.Next() {
		r, err := blob.FromKey(rows.Bytes(0))
		if err != nil {
			return nil, err
		}
		refs = append(refs, r)
	}
	return refs, rows.Err()
}

// Asked implements hub.Shelf.
func (t *transaction) Asked(r blob.Ref) (asked []record.ReplicaID, err error) {
	k := r.Key()
	rows := t.SQL().Query("SELECT replica FROM want JOIN blob ON want.blob = blob.id WHERE blob.ref = ? ORDER BY replica", k[:])
	for rows.Next() {
		asked = append(asked, record.ReplicaID(rows.Int64(0)))
	}
	return asked, rows.Err()
}

// Begun implements hub.Shelf.
func (t *transaction) Begun(by record.ReplicaID) (begun []ledger.Blob, err error) {
	rows := t.SQL().Query("SELECT ref, got FROM blob WHERE open = 1 AND got > 0 AND sent = ? ORDER BY ref", int64(by))
	defer rows.Close()
	for rows.Next() {
		r, err := blob.FromKey(rows.Bytes(0))
		if err != nil {
			return nil, err
		}
		begun = append(begun, ledger.Blob{Ref: r, Got: int(rows.Int64(1)), Open: true, By: by})
	}
	return begun, rows.Err()
}
