package sqlledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// run is what a transaction has learnt about one run.
type run struct {
	id    record.RunID
	read  bool       // row is what the table has, or will have
	dirty bool       // row must be written
	row   ledger.Run // zero: there is none

	spanned bool     // last is known
	last    *stretch // the stretch with the greatest numbers; nil: nothing is held
}

// of returns the entry of a run.
func (l *Ledger) of(id record.RunID) *run {
	if l.latest != nil && l.latest.id == id {
		return l.latest
	}
	r := l.runs[id]
	if r == nil {
		r = &run{id: id}
		l.runs[id] = r
	}
	l.latest = r
	return r
}

// spansOf returns the entry of a run with its last stretch.
func (l *Ledger) spansOf(id record.RunID) (_ *run, err error) {
	r := l.of(id)
	if r.spanned {
		return r, nil
	}
	r.last, err = l.stretch("SELECT first, last, pos FROM span WHERE run = ? ORDER BY first DESC LIMIT 1", id)
	r.spanned = err == nil
	return r, err
}

const runColumns = "id, replica, own, first, parent_run, parent_n, head, prefix, claim, safe, receipt"

// Run implements ledger.Tx.
func (l *Ledger) Run(id record.RunID) (ledger.Run, error) {
	r := l.of(id)
	if r.read {
		return r.row, nil
	}
	row, err := l.tx.One("SELECT "+runColumns+" FROM run WHERE id = ?", int64(id))
	if err == nil {
		r.row, err = decodeRun(&row)
	} else if errors.Is(err, sqlite.ErrNoRow) {
		err = nil
	}
	r.read = err == nil
	return r.row, err
}

// PutRun implements ledger.Tx.
func (l *Ledger) PutRun(row ledger.Run) error {
	if !l.writing {
		return errReading
	}
	r := l.of(row.ID)
	if r.read && !r.dirty && r.row == row && row.ID != 0 {
		return nil
	}
	r.row, r.read, r.dirty = row, true, true
	return nil
}

// Runs implements ledger.Tx. The ids that look negative to SQLite are the greater ones.
func (l *Ledger) Runs(f func(ledger.Run) bool) error {
	if err := l.flushRuns(); err != nil {
		return err
	}
	more := true
	for _, half := range []string{"id >= 0", "id < 0"} {
		rows := l.tx.Query("SELECT " + runColumns + " FROM run WHERE " + half + " ORDER BY id")
		for more && rows.Next() {
			r, err := decodeRun(&rows.Row)
			if err != nil {
				return err
			}
			more = f(r)
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) flushRuns() error {
	if !l.writing {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(l.runs)) {
		r := l.runs[id]
		if !r.dirty {
			continue
		}
		x := &r.row
		var head, receipt []byte
		if x.Head != (record.Digest{}) {
			head = x.Head[:]
		}
		if x.Receipt != (record.Receipt{}) {
			receipt = encodeReceipt(&x.Receipt)
		}
		err := l.exec("INSERT OR REPLACE INTO run ("+runColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			int64(x.ID), int64(x.Replica), x.Own, int64(x.First), int64(x.Parent.Run), int64(x.Parent.N),
			head, int64(x.Prefix), int64(x.Claim), int64(x.Safe), receipt)
		if err != nil {
			return err
		}
		r.dirty = false
	}
	return nil
}

func decodeRun(row *sqlite.Row) (r ledger.Run, err error) {
	r = ledger.Run{
		ID: record.RunID(row.Int64(0)), Replica: record.ReplicaID(row.Int64(1)), Own: row.Bool(2),
		First:  record.Number(row.Int64(3)),
		Parent: record.Dot{Run: record.RunID(row.Int64(4)), N: record.Number(row.Int64(5))},
		Prefix: record.Number(row.Int64(7)), Claim: record.Number(row.Int64(8)), Safe: record.Number(row.Int64(9)),
	}
	copy(r.Head[:], row.Bytes(6))
	if !row.Null(10) {
		r.Receipt, err = decodeReceipt(row.Bytes(10))
	}
	return r, err
}

// receiptBytes is the length of a stored receipt: its statement and its signature.
const receiptBytes = 88 + 64

func encodeReceipt(r *record.Receipt) []byte { return append(r.Statement(), r.Sig[:]...) }

func decodeReceipt(b []byte) (r record.Receipt, err error) {
	if len(b) != receiptBytes {
		return r, fmt.Errorf("sqlledger: a receipt of %d bytes", len(b))
	}
	u := binary.LittleEndian.Uint64
	r.Epoch = record.Epoch{Number: u(b), Random: u(b[8:])}
	r.Run, r.N = record.RunID(u(b[16:])), record.Number(u(b[24:]))
	copy(r.Head[:], b[32:])
	r.Safe, r.Time = record.Number(u(b[64:])), record.Millis(u(b[72:]))
	copy(r.Key[:], b[80:])
	copy(r.Sig[:], b[88:])
	return r, nil
}
