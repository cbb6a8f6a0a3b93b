package ledger

import (
	"fmt"
	"maps"
	"slices"

	"banlang/shared/blob"
)

// memoryShelf is the Shelf of a Memory.
type memoryShelf struct {
	blobs  map[blob.Ref]Blob
	bytes  map[blob.Ref][]byte // never altered in place
	naming map[blob.Ref][]Pos
}

func newMemoryShelf() memoryShelf {
	return memoryShelf{map[blob.Ref]Blob{}, map[blob.Ref][]byte{}, map[blob.Ref][]Pos{}}
}

func (s *memoryShelf) clone() memoryShelf {
	return memoryShelf{maps.Clone(s.blobs), maps.Clone(s.bytes), maps.Clone(s.naming)}
}

// Blob implements Shelf.
func (m *Memory) Blob(r blob.Ref) (Blob, bool, error) {
	b, ok := m.shelf.blobs[r]
	return b, ok, nil
}

// PutBlob implements Shelf.
func (m *Memory) PutBlob(b Blob) error {
	held := m.shelf.bytes[b.Ref]
	if b.Got > len(held) {
		return fmt.Errorf("ledger: %d bytes of a blob that has %d", b.Got, len(held))
	}
	if b.Got < len(held) {
		Put(m, m.shelf.bytes, b.Ref, held[:b.Got:b.Got])
	}
	Put(m, m.shelf.blobs, b.Ref, b)
	return nil
}

// AddPiece implements Shelf.
func (m *Memory) AddPiece(r blob.Ref, piece []byte) error {
	b, ok := m.shelf.blobs[r]
	if !ok || b.Got+len(piece) > int(r.Size) {
		return fmt.Errorf("ledger: %d bytes behind %d of %v", len(piece), b.Got, r)
	}
	Put(m, m.shelf.bytes, r, append(slices.Clip(m.shelf.bytes[r]), piece...))
	b.Got += len(piece)
	Put(m, m.shelf.blobs, r, b)
	return nil
}

// Piece implements Shelf.
func (m *Memory) Piece(r blob.Ref, from, most int) ([]byte, error) {
	b := m.shelf.bytes[r]
	if from < 0 || from >= len(b) {
		return nil, nil
	}
	return slices.Clone(b[from:][:min(most, len(b)-from)]), nil
}

// DropBlob implements Shelf.
func (m *Memory) DropBlob(r blob.Ref) error {
	remove(m, m.shelf.blobs, r)
	remove(m, m.shelf.bytes, r)
	remove(m, m.shelf.naming, r)
	return nil
}

// remove takes a key out in the running transaction.
func remove[K comparable, V any](l *Memory, m map[K]V, k K) {
	if old, had := m[k]; had {
		delete(m, k)
		l.Undo(func() { m[k] = old })
	}
}

// Blobs implements Shelf.
func (m *Memory) Blobs(open bool, after blob.Ref, limit int) (bs []Blob, _ error) {
	for r, b := range m.shelf.blobs {
		if r.Compare(after) > 0 && (b.Open || !open) {
			bs = append(bs, b)
		}
	}
	slices.SortFunc(bs, func(a, b Blob) int { return a.Ref.Compare(b.Ref) })
	return bs[:min(len(bs), limit)], nil
}

// Name implements Shelf.
func (m *Memory) Name(r blob.Ref, p Pos, on bool) error {
	if _, ok := m.shelf.blobs[r]; !ok && on {
		return fmt.Errorf("ledger: %v is not known", r)
	}
	old := m.shelf.naming[r]
	i, had := slices.BinarySearch(old, p)
	switch {
	case on && !had:
		Put(m, m.shelf.naming, r, slices.Insert(slices.Clone(old), i, p))
	case !on && had:
		Put(m, m.shelf.naming, r, slices.Delete(slices.Clone(old), i, i+1))
	}
	return nil
}

// Naming implements Shelf.
func (m *Memory) Naming(r blob.Ref) ([]Pos, error) { return slices.Clone(m.shelf.naming[r]), nil }
