package hub

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"banlang/shared/blob"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// Photos at the hub. A change that names a blob makes it known; while bytes of it are missing it is open, and every replica
// that named it is asked for it (Shelf.Want). So what is to be sent is what the hub says, whatever happened to either end;
// and nobody can store a byte that a change of his own does not name.

// MaxPartial bounds the blobs of one replica of which a part is here; one more, and the least of them begins anew. With
// blob.MaxBytes it bounds what a replica can store that no digest vouches for.
const MaxPartial = 4

// askFor has the writer of a change asked for the blobs that it names and that are not whole here.
func (a *Act) askFor(c *record.Change, at ledger.Pos) error {
	for r := range ledger.NamedIn(c) {
		places, err := a.tx.Naming(r)
		if err != nil {
			return err
		}
		if !slices.Contains(places, at) { // it arrived after the order to erase it
			continue
		}
		b, _, err := a.tx.Blob(r)
		if err != nil || b.Whole() {
			return err
		}
		b.Open = true
		if err := errors.Join(a.tx.PutBlob(b), a.tx.Want(c.Replica, r, true)); err != nil {
			return err
		}
	}
	return nil
}

// askNoMore follows an order to erase: who named a blob in nothing but what was erased may not send it any more, and need
// not have it.
func (a *Act) askNoMore(c *record.Change) error {
	if c.Kind != record.KindErase || c.Replica != record.Centre {
		return nil
	}
	return ledger.EachBlob(a.tx, true, func(b ledger.Blob) error {
		asked, err := a.tx.Asked(b.Ref)
		if err != nil {
			return err
		}
		writers, err := ledger.Namers(a.tx, b.Ref)
		for _, r := range asked {
			if err == nil && !slices.Contains(writers, r) {
				err = a.tx.Want(r, b.Ref, false)
			}
		}
		return err
	})
}

// wants answers an Ask.
func (h *Hub) wants(ctx context.Context, from record.ReplicaID, after blob.Ref) (*protocol.Want, error) {
	w := &protocol.Want{}
	err := h.store.View(ctx, func(tx Tx) error {
		refs, err := tx.Wants(from, after, protocol.MaxWanted+1)
		if err != nil {
			return err
		}
		if w.More = len(refs) > protocol.MaxWanted; w.More {
			refs = refs[:protocol.MaxWanted]
		}
		for _, r := range refs {
			b, _, err := tx.Blob(r)
			if err != nil {
				return err
			}
			w.Items = append(w.Items, protocol.Wanted{Ref: r, Have: uint32(b.Got)})
		}
		return nil
	})
	return w, err
}

// store takes a chunk where the bytes that are here end, and with the last one says whether they are those of the name. Its
// answer is in the job; a mistake of the sender refuses this chunk and nothing else.
func (a *Act) store(j *Job) error {
	m := j.Chunk
	j.Stored = &protocol.Stored{Ref: m.Ref}
	wanted, err := a.wanted(j)
	if err != nil {
		return err
	}
	b, _, err := a.tx.Blob(m.Ref)
	switch {
	case err != nil:
		return err
	case !wanted:
		j.Stored.Refused = fault.NotFound
	case b.Whole():
		j.Stored.Have, j.Stored.Whole = m.Ref.Size, true
	case b.Got != int(m.Offset):
		j.Stored.Have = uint32(b.Got)
	case a.h.o.Room != nil && !a.h.o.Room():
		j.Stored.Refused = fault.DiskFull
	default:
		return a.grow(j, b)
	}
	return nil
}

// wanted reports whether a change of the sender names the blob.
func (a *Act) wanted(j *Job) (bool, error) {
	if !j.admitted() {
		return false, nil
	}
	writers, err := ledger.Namers(a.tx, j.Chunk.Ref)
	return slices.Contains(writers, j.From), err
}

func (a *Act) grow(j *Job, b ledger.Blob) error {
	m := j.Chunk
	if b.Got == 0 {
		if err := a.makeRoom(j.From); err != nil {
			return err
		}
	}
	if b.By != j.From {
		b.By = j.From
		if err := a.tx.PutBlob(b); err != nil {
			return err
		}
	}
	if err := a.tx.AddPiece(m.Ref, m.Data); err != nil {
		return err
	}
	b.Got += len(m.Data)
	j.Stored.Have = uint32(b.Got)
	if !b.Whole() {
		return nil
	}
	err := m.Ref.Check(func(from, most int) ([]byte, error) { return a.tx.Piece(m.Ref, from, most) })
	if errors.Is(err, blob.ErrBytes) && !planted.On(planted.BlobUnverified) {
		b.Got, j.Stored.Have = 0, 0
		a.h.spoiled.Add(1)
		return a.tx.PutBlob(b)
	}
	if err != nil && !errors.Is(err, blob.ErrBytes) {
		return err
	}
	j.Stored.Whole = true
	return a.settled(b)
}

// settled closes a blob that is whole: nobody is asked for it any more.
func (a *Act) settled(b ledger.Blob) error {
	b.Open = false
	asked, err := a.tx.Asked(b.Ref)
	for _, r := range asked {
		err = errors.Join(err, a.tx.Want(r, b.Ref, false))
	}
	return errors.Join(err, a.tx.PutBlob(b))
}

// makeRoom takes the least of the begun blobs of a replica back to nothing when it has as many as it may.
func (a *Act) makeRoom(of record.ReplicaID) error {
	begun, err := a.tx.Begun(of)
	if len(begun) < MaxPartial || err != nil {
		return err
	}
	slices.SortStableFunc(begun, func(x, y ledger.Blob) int { return cmp.Compare(x.Got, y.Got) })
	for _, b := range begun[:len(begun)-MaxPartial+1] {
		b.Got = 0
		if err := a.tx.PutBlob(b); err != nil {
			return err
		}
	}
	return nil
}

// AskAgain throws the bytes of a blob away and has it asked for anew, from every replica whose changes name it: it was found
// damaged. A machine that still holds it sends it again.
func (a *Act) AskAgain(r blob.Ref) error {
	b, ok, err := a.tx.Blob(r)
	if !ok || err != nil {
		return errors.Join(err, fault.New(fault.NotFound, "ask again", nil))
	}
	writers, err := ledger.Namers(a.tx, r)
	if len(writers) == 0 || err != nil {
		return errors.Join(err, fault.New(fault.NotFound, "ask again", nil))
	}
	b.Got, b.Open, b.By = 0, true, 0
	if err := a.tx.PutBlob(b); err != nil {
		return err
	}
	for _, w := range writers {
		if err := a.tx.Want(w, r, true); err != nil {
			return err
		}
	}
	return nil
}

// Blob returns the bytes of a blob that is whole, for whoever may see them: who asks decides that. Damage is
// fault.TornDatabase, a blob that is not whole fault.NotFound.
func Blob(tx Tx, r blob.Ref) ([]byte, error) {
	b, _, err := tx.Blob(r)
	if err != nil {
		return nil, err
	}
	if b.Ref.IsZero() || !b.Whole() {
		return nil, fault.New(fault.NotFound, "blob", nil)
	}
	all := make([]byte, 0, r.Size)
	err = r.Check(func(from, most int) ([]byte, error) {
		p, err := tx.Piece(r, from, most)
		all = append(all, p...)
		return p, err
	})
	if errors.Is(err, blob.ErrBytes) {
		return nil, fault.New(fault.TornDatabase, "blob", err)
	}
	return all, err
}

// Missing is a blob of which bytes are missing, and the records that name it.
type Missing struct {
	Blob    ledger.Blob
	Records []record.Dot
}

// checkBlobs compares who is asked for what with what is missing, and lists that.
func (k *checker) checkBlobs() error {
	return ledger.EachBlob(k.tx, false, func(b ledger.Blob) error {
		k.n.Blobs++
		k.n.BlobBytes += int64(b.Got)
		m, err := missing(k.tx, b)
		if err != nil {
			return err
		}
		if open := len(m.Records) > 0 && !b.Whole(); b.Open != open {
			return unsound("blob %v: open %t, with %d of its bytes here", b.Ref, b.Open, b.Got)
		}
		var should []record.ReplicaID
		if b.Open {
			k.n.Missing = append(k.n.Missing, m)
			if should, err = ledger.Namers(k.tx, b.Ref); err != nil {
				return err
			}
		}
		asked, err := k.tx.Asked(b.Ref)
		if err == nil && !slices.Equal(asked, should) {
			err = unsound("replicas %v are asked for blob %v, not %v", asked, b.Ref, should)
		}
		return err
	})
}

func missing(tx Tx, b ledger.Blob) (Missing, error) {
	m := Missing{Blob: b}
	places, err := tx.Naming(b.Ref)
	for _, p := range places {
		c, err := tx.At(p)
		if err != nil {
			return m, err
		}
		m.Records = append(m.Records, c.RecordID())
	}
	return m, err
}
