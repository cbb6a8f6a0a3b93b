package audit

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/clock"
	"banlang/shared/sqlite"
)

// ErrBroken is the base of what Verify finds.
var ErrBroken = errors.New("the audit is broken")

// Broken says where: Seq is the first entry that does not hold.
type Broken struct {
	Seq int64
	Why string
}

func (b *Broken) Error() string { return fmt.Sprintf("%v at entry %d: %s", ErrBroken, b.Seq, b.Why) }

// Is makes it an ErrBroken.
func (b *Broken) Is(target error) bool { return target == ErrBroken }

// hash is the head of a chain.
type hash [blake2b.Size256]byte

func (h hash) String() string { return hex.EncodeToString(h[:]) }

// row is an entry as it is kept.
type row struct {
	Entry
	terms []byte
	hash  hash
}

// domain begins what is hashed, so that it is nothing else's.
const domain = "banlang audit 1"

// after is the hash of the row behind a head: over the domain, the head, and every column with its length before it, so that no
// text can be moved from one to the next. It is part of the format.
func (r *row) after(head hash) hash {
	b := append([]byte(domain), head[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Seq))
	b = binary.LittleEndian.AppendUint64(b, uint64(r.At))
	for _, s := range []string{r.Account, r.From, r.Act, r.Unit, r.Form, r.Record, r.Reason} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Count))
	b = binary.AppendUvarint(b, uint64(len(r.terms)))
	return blake2b.Sum256(append(b, r.terms...))
}

// read reads a row of columns.
func read(rows *sqlite.Rows) (r row) {
	r.Seq, r.At = rows.Int64(0), clock.WallMillis(rows.Int64(1))
	r.Account, r.From, r.Act, r.Unit = rows.Text(2), rows.Text(3), rows.Text(4), rows.Text(5)
	r.Form, r.Record, r.Reason, r.Count = rows.Text(6), rows.Text(7), rows.Text(8), rows.Int64(9)
	r.terms = rows.Bytes(10)
	copy(r.hash[:], rows.Bytes(11))
	return r
}

// end is the last place of the chain and its head; zero when there is none.
func end(tx *sqlite.Tx) (seq int64, head hash, err error) {
	last, err := tx.One("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
	if errors.Is(err, sqlite.ErrNoRow) {
		return 0, hash{}, nil
	}
	if err == nil {
		seq = last.Int64(0)
		copy(head[:], last.Bytes(1))
	}
	return seq, head, err
}

func insert(tx *sqlite.Tx, r *row) error {
	return tx.Exec("INSERT INTO audit ("+columns+") VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", r.Seq, int64(r.At), r.Account, r.From, r.Act,
		r.Unit, r.Form, r.Record, r.Reason, r.Count, r.terms, r.hash[:])
}

// walk reads the chain from behind a place, and stops at the first row that does not follow from the one before it.
func walk(tx *sqlite.Tx, seq int64, head hash, f func(*row) error) error {
	rows := tx.Query("SELECT "+columns+" FROM audit WHERE seq > ? ORDER BY seq", seq)
	defer rows.Close()
	for rows.Next() {
		r := read(rows)
		seq++
		switch {
		case r.Seq != seq:
			return &Broken{seq, "it is missing"}
		case r.after(head) != r.hash:
			return &Broken{seq, "it was altered, or the one before it was"}
		}
		head = r.hash
		if err := f(&r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Carry adds to the chain of one database what another one's has beyond it, when the longer one continues the shorter: after a
// restore the audit still knows what happened since the backup. It returns how many entries it took, and whether the chains
// belong together; when not, it took none.
func Carry(from, into *sqlite.Tx) (n int64, together bool, err error) {
	seq, head, err := end(into)
	if err != nil {
		return 0, false, err
	}
	if seq > 0 {
		there, err := from.One("SELECT hash FROM audit WHERE seq = ?", seq)
		if errors.Is(err, sqlite.ErrNoRow) {
			return 0, false, nil
		}
		if err != nil {
			return 0, false, err
		}
		if string(there.Bytes(0)) != string(head[:]) {
			return 0, false, nil
		}
	}
	err = walk(from, seq, head, func(r *row) error {
		n++
		return insert(into, r)
	})
	return n, err == nil, err
}
