package notebook

import (
	"context"
	"errors"
	"maps"
	"slices"

	"banlang/shared/blob"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// Photos in the notebook. The bytes are put first; then a draft names them, as the value of a question (blob.Ref.String),
// and the record that is made of it does. Nothing marks a photo as wanted: what names it, keeps it. A draft's photo stays
// at home; one that an own change names is open until the centre has said that it holds it.

// PutBlob keeps a picture (media type "image/jpeg", "image/png" or "image/webp", at most blob.MaxBytes) durably, and returns
// its name. One that carries notes about where it was taken is refused (blob.ErrTells): who takes pictures strips them.
// What no draft and no record names when the program starts the next time is dropped then (Sweep).
func (n *Notebook) PutBlob(ctx context.Context, b []byte, mediaType string) (r blob.Ref, err error) {
	if err := blob.Clean(b, mediaType); err != nil {
		return r, fault.New(fault.BadInput, "put blob", err)
	}
	if r, err = blob.Of(b, mediaType); err != nil {
		return r, fault.New(fault.BadInput, "put blob", err)
	}
	return r, n.update(ctx, func(tx Tx) error { return n.putBlob(tx, r, b) })
}

// pieceBytes is the size in which bytes are kept, so that a chunk is read without the rest.
const pieceBytes = protocol.MaxChunkBytes

func (n *Notebook) putBlob(tx Tx, r blob.Ref, b []byte) error {
	x, _, err := tx.Blob(r)
	if err != nil {
		return err
	}
	if x.Ref = r; x.Got > 0 && x.Whole() {
		return nil
	}
	x.Got = 0
	if err := tx.PutBlob(x); err != nil {
		return err
	}
	for ; len(b) > 0; b = b[min(pieceBytes, len(b)):] {
		if err := tx.AddPiece(r, b[:min(pieceBytes, len(b))]); err != nil {
			return err
		}
	}
	return n.reopen(tx, r)
}

// Blob returns the bytes of a blob. fault.NotFound: they are not on this machine. fault.TornDatabase: they are damaged.
func (n *Notebook) Blob(ctx context.Context, r blob.Ref) (b []byte, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		x, _, err := tx.Blob(r)
		if err != nil {
			return err
		}
		if x.Ref.IsZero() || !x.Whole() {
			return fault.New(fault.NotFound, "blob", nil)
		}
		b = make([]byte, 0, r.Size)
		err = r.Check(func(from, most int) ([]byte, error) {
			p, err := tx.Piece(r, from, most)
			b = append(b, p...)
			return p, err
		})
		if errors.Is(err, blob.ErrBytes) {
			return fault.New(fault.TornDatabase, "blob", err)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

// BlobState says where a blob is.
type BlobState uint8

// The states of a blob.
const (
	BlobElsewhere BlobState = iota // not on this machine
	BlobDraft                      // here, and named by no own change yet
	BlobWaiting                    // here, named by an own change; the centre has not said that it holds it
	BlobAtCentre                   // here, and the centre has said that it holds it, whole and durable
)

// BlobState says where a blob is, as far as this machine knows.
func (n *Notebook) BlobState(ctx context.Context, r blob.Ref) (s BlobState, err error) {
	err = n.store.View(ctx, func(tx Tx) error {
		x, ok, err := tx.Blob(r)
		if !ok || !x.Whole() || err != nil {
			return err
		}
		own, err := n.names(tx, r)
		switch {
		case x.Open:
			s = BlobWaiting
		case own:
			s = BlobAtCentre
		default:
			s = BlobDraft
		}
		return err
	})
	return s, err
}

// names reports whether an own change (of this machine, or of a copy of it) names a blob.
func (n *Notebook) names(tx Tx, r blob.Ref) (bool, error) {
	last, err := n.lastNaming(tx, r)
	return last > 0, err
}

// lastNaming is the place of the last own change that names a blob; 0: there is none. That a colleague's change names it, too,
// is nothing that the hub asks this machine about.
func (n *Notebook) lastNaming(tx Tx, r blob.Ref) (ledger.Pos, error) {
	places, err := tx.Naming(r)
	for _, p := range slices.Backward(places) {
		c, err := tx.At(p)
		if err != nil || c.Replica == n.o.Replica {
			return p, err
		}
	}
	return 0, err
}

// reopen has the centre asked anew whether it holds a blob, if that is this machine's to see to.
func (n *Notebook) reopen(tx Tx, r blob.Ref) error {
	x, _, err := tx.Blob(r)
	if x.Ref.IsZero() || !x.Whole() || x.Open || err != nil {
		return err
	}
	own, err := n.names(tx, r)
	if !own || err != nil {
		return err
	}
	x.Open = true
	return tx.PutBlob(x)
}

// noteBlobs follows a change that came into the log here.
func (n *Notebook) noteBlobs(tx Tx, c *record.Change) error {
	if c.Replica != n.o.Replica {
		return nil
	}
	for r := range ledger.NamedIn(c) {
		if err := n.reopen(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// reopenAll follows the news that the centre has another history.
func (n *Notebook) reopenAll(tx Tx) error {
	return ledger.EachBlob(tx, false, func(b ledger.Blob) error { return n.reopen(tx, b.Ref) })
}

// Photos is the account of the photos of finished records.
type Photos struct {
	Waiting int   // the centre has not said that it holds them
	Bytes   int64 // of these
}

// Photos counts what waits.
func (n *Notebook) Photos(ctx context.Context) (p Photos, err error) {
	err = n.store.View(ctx, func(tx Tx) error { p, err = photos(tx); return err })
	return p, err
}

func photos(tx Tx) (p Photos, err error) {
	err = ledger.EachBlob(tx, true, func(b ledger.Blob) error {
		p.Waiting++
		p.Bytes += int64(b.Ref.Size)
		return nil
	})
	return p, err
}

// Sweep drops the blobs that no draft and no change names: of drafts that were given up, of photos that were replaced. It
// is called once after Open, before anything is shown: later, a photo may have been put that no draft names yet, and a
// draft that was given up may be brought back. While a draft holds answers that are locked nothing is dropped, for they
// may be names.
func (n *Notebook) Sweep(ctx context.Context) (dropped int, err error) {
	var idle []blob.Ref
	find := func(tx Tx) error {
		idle = idle[:0]
		kept, sure, err := draftBlobs(tx)
		if err != nil || !sure {
			return err
		}
		return ledger.EachBlob(tx, false, func(b ledger.Blob) error {
			places, err := tx.Naming(b.Ref)
			if len(places) == 0 && !kept[b.Ref] {
				idle = append(idle, b.Ref)
			}
			return err
		})
	}
	if err := n.store.View(ctx, find); len(idle) == 0 || err != nil {
		return 0, err
	}
	err = n.update(ctx, func(tx Tx) error {
		if err := find(tx); err != nil { // as it is now
			return err
		}
		for _, r := range idle {
			if err := tx.DropBlob(r); err != nil {
				return err
			}
		}
		return nil
	})
	return len(idle), err
}

// draftBlobs lists what drafts name; it is not sure when an answer cannot be read.
func draftBlobs(tx Tx) (kept map[blob.Ref]bool, sure bool, err error) {
	ds, err := tx.Drafts()
	kept, sure = map[blob.Ref]bool{}, true
	for _, d := range ds {
		for v := range maps.Values(d.Values) {
			if r, err := blob.Parse(v); err == nil {
				kept[r] = true
			}
			sure = sure && !envelope.IsLocked(v)
		}
	}
	return kept, sure, err
}

// told is how far the log went when the hub was told of it last (Claims), and when it was asked what it lacks: the answer
// speaks of no photo that was named later.
type told struct{ claimed, asked ledger.Pos }

// Asks implements protocol.Photos. The first time in a session the centre is asked whenever a blob was ever put: it may
// have lost one.
func (s Session) Asks(first bool) (ask bool, err error) {
	s.n.mu.Lock()
	s.n.told.asked = s.n.told.claimed
	s.n.mu.Unlock()
	err = s.n.store.View(s.ctx, func(tx Tx) error {
		if !first {
			open, err := tx.Blobs(true, blob.Ref{}, 1)
			ask = len(open) > 0
			return err
		}
		return ledger.EachBlob(tx, false, func(b ledger.Blob) error {
			if ask = b.Whole(); ask {
				return errEnough
			}
			return nil
		})
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return ask, err
}

var errEnough = errors.New("enough")

// TakeWant implements protocol.Photos. What the hub wants is open, whatever it said before; what it does not want among
// the open ones it has, for their changes were there when it was asked.
func (s Session) TakeWant(after blob.Ref, w *protocol.Want) (held []protocol.Wanted, err error) {
	s.n.mu.Lock()
	upTo := s.n.told.asked
	s.n.mu.Unlock()
	wanted := map[blob.Ref]bool{}
	for _, x := range w.Items {
		wanted[x.Ref] = true
	}
	var turned []ledger.Blob // from open to closed, or back
	find := func(tx Tx) error {
		held, turned = held[:0], turned[:0]
		for _, x := range w.Items {
			b, _, err := tx.Blob(x.Ref)
			if err != nil {
				return err
			}
			if !b.Ref.IsZero() && b.Whole() {
				held = append(held, x)
			}
			if !b.Ref.IsZero() && b.Whole() && !b.Open {
				turned = append(turned, b)
			}
		}
		return ledger.EachBlob(tx, true, func(b ledger.Blob) error {
			past := w.More && b.Ref.Compare(w.Items[len(w.Items)-1].Ref) > 0
			if b.Ref.Compare(after) <= 0 || past || wanted[b.Ref] {
				return nil
			}
			last, err := s.n.lastNaming(tx, b.Ref) // none, when the own one was erased: then nobody waits for it
			if err == nil && last <= upTo {
				turned = append(turned, b)
			}
			return err
		})
	}
	if err := s.n.store.View(s.ctx, find); len(turned) == 0 || err != nil {
		return held, err
	}
	return held, s.n.updateSoon(s.ctx, func(tx Tx) error {
		if err := find(tx); err != nil {
			return err
		}
		for _, b := range turned {
			b.Open = !b.Open
			if err := tx.PutBlob(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// Piece implements protocol.Photos.
func (s Session) Piece(r blob.Ref, from, most int) (b []byte, err error) {
	err = s.n.store.View(s.ctx, func(tx Tx) error { b, err = tx.Piece(r, from, most); return err })
	return b, err
}

// TakeStored implements protocol.Photos. It may be learnt again after a power cut: nothing is freed by it.
func (s Session) TakeStored(m *protocol.Stored) error {
	return s.n.updateSoon(s.ctx, func(tx Tx) error {
		b, ok, err := tx.Blob(m.Ref)
		if !ok || !b.Open || err != nil {
			return err
		}
		b.Open = false
		return tx.PutBlob(b)
	})
}
