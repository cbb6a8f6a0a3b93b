package ledger

import (
	"errors"
	"iter"
	"slices"

	"banlang/shared/blob"
	"banlang/shared/record"
)

// Blob is what is known of a blob that some change names, or that was put.
type Blob struct {
	Ref blob.Ref
	Got int // bytes that are here, from the first on; Ref.Size: all of them, and they are those of the name
	// Open says that something is still to be done about it. At a hub: a change names it, and bytes are missing. At a
	// notebook: it is here, an own change names it, and the centre has not said that it holds it.
	Open bool
	By   record.ReplicaID // at a hub: who sent the last bytes
}

// Whole reports whether all bytes are here.
func (b *Blob) Whole() bool { return b.Got == int(b.Ref.Size) }

// Shelf keeps blobs, and which changes name them. A blob may be known without any byte of it.
type Shelf interface {
	// Blob returns what is known of a blob; ok is false when nothing is.
	Blob(r blob.Ref) (b Blob, ok bool, err error)
	// PutBlob keeps what is known. Got may be less than before, down to 0: the bytes from there on are destroyed.
	PutBlob(b Blob) error
	// AddPiece keeps bytes behind those that are here already; the blob must be known.
	AddPiece(r blob.Ref, piece []byte) error
	// Piece returns at least one and at most so many of the bytes from an offset on; none where none are here.
	Piece(r blob.Ref, from, most int) ([]byte, error)
	// DropBlob forgets a blob and destroys its bytes.
	DropBlob(r blob.Ref) error
	// Blobs returns what is known of the blobs, or of the open ones only, ascending after a name, at most limit.
	Blobs(open bool, after blob.Ref, limit int) ([]Blob, error)
	// Name notes that the change at a place names a blob that is known, or (not on) that it does no more.
	Name(r blob.Ref, p Pos, on bool) error
	// Naming returns, ascending, the places of the changes that name a blob.
	Naming(r blob.Ref) ([]Pos, error)
}

// NamedIn goes through the blobs that the values of a change name. One may come twice.
func NamedIn(c *record.Change) iter.Seq[blob.Ref] {
	return func(yield func(blob.Ref) bool) {
		for i := range c.Edits {
			e := &c.Edits[i]
			if !blob.Is(e.Value) || record.IsSystem(e.Path) {
				continue
			}
			if r, err := blob.Parse(e.Value); err == nil && !yield(r) {
				return
			}
		}
	}
}

// named keeps what the change at a place names to be found. What was unknown is known from then on, without bytes.
func named(tx Tx, at Pos, c *record.Change) error {
	for r := range NamedIn(c) {
		_, known, err := tx.Blob(r)
		if err == nil && !known {
			err = tx.PutBlob(Blob{Ref: r})
		}
		if err = errors.Join(err, tx.Name(r, at, true)); err != nil {
			return err
		}
	}
	return nil
}

// unnamed follows the erasure of the change at a place: what nothing names any more is destroyed with the values.
func unnamed(tx Tx, at Pos, c *record.Change) error {
	for r := range NamedIn(c) {
		if err := tx.Name(r, at, false); err != nil {
			return err
		}
		places, err := tx.Naming(r)
		if err == nil && len(places) == 0 {
			err = tx.DropBlob(r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Namers returns the replicas that wrote changes which name a blob, ascending.
func Namers(tx Tx, r blob.Ref) (writers []record.ReplicaID, err error) {
	places, err := tx.Naming(r)
	for _, p := range places {
		c, err := tx.At(p)
		if err != nil {
			return nil, err
		}
		writers = append(writers, c.Replica)
	}
	slices.Sort(writers)
	return slices.Compact(writers), err
}

// EachBlob calls f with every blob that is known, or with the open ones only, ascending by name. What f alters of those
// behind is seen.
func EachBlob(tx Shelf, open bool, f func(Blob) error) error {
	const piece = 256
	for after := (blob.Ref{}); ; {
		bs, err := tx.Blobs(open, after, piece)
		if err != nil {
			return err
		}
		for _, b := range bs {
			if err := f(b); err != nil {
				return err
			}
			after = b.Ref
		}
		if len(bs) < piece {
			return nil
		}
	}
}

// naming is one change that names a blob.
type naming struct {
	ref blob.Ref
	at  Pos
}

// checkBlobs: every blob that a change of the log names is known and found by it, none is said to be named by others, and
// what is whole has the bytes of its name.
func checkBlobs(tx Tx, names map[naming]bool) error {
	found := 0
	err := EachBlob(tx, false, func(b Blob) error {
		places, err := tx.Naming(b.Ref)
		if err != nil {
			return err
		}
		for _, p := range places {
			if !names[naming{b.Ref, p}] {
				return unsound("blob %v is said to be named at %d", b.Ref, p)
			}
			found++
		}
		if b.Got < 0 || b.Got > int(b.Ref.Size) {
			return unsound("%d bytes of blob %v", b.Got, b.Ref)
		}
		return checkBytes(tx, b)
	})
	if err == nil && found != len(names) {
		err = unsound("%d namings of blobs found, the log has %d", found, len(names))
	}
	return err
}

func checkBytes(tx Tx, b Blob) error {
	if b.Whole() {
		err := b.Ref.Check(func(from, most int) ([]byte, error) { return tx.Piece(b.Ref, from, most) })
		if errors.Is(err, blob.ErrBytes) {
			return unsound("%w", err)
		}
		return err
	}
	got := 0
	for got <= b.Got {
		piece, err := tx.Piece(b.Ref, got, blob.MaxBytes)
		if err != nil {
			return err
		}
		if len(piece) == 0 {
			break
		}
		got += len(piece)
	}
	if got != b.Got {
		return unsound("%d bytes of blob %v, not %d", got, b.Ref, b.Got)
	}
	return nil
}
