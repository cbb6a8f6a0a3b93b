package centre

import (
	"context"

	"banlang/shared/blob"
	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// PhotoState says how much of a photo is at the centre.
type PhotoState string

// The states of a photo.
const (
	PhotoComplete PhotoState = "complete" // all bytes, and they are those of its name
	PhotoPartial  PhotoState = "partial"  // on its way
	PhotoMissing  PhotoState = "missing"  // a record names it, and nothing of it came yet
)

// Photo is a photo that a record names.
type Photo struct {
	Name    string // blob.Ref
	State   PhotoState
	Have    int // bytes at the centre
	Size    int
	Records []string           // that name it, as people call them ("24-1271")
	Asked   []record.ReplicaID // the devices that are asked for it while it is not complete
}

// photos lists all photos, by name.
func (c *Centre) photos(ctx context.Context) (photos []Photo, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		return ledger.EachBlob(tx, false, func(b ledger.Blob) error {
			p, err := photoOf(tx, b)
			photos = append(photos, p)
			return err
		})
	})
	return photos, err
}

func photoOf(tx hub.Tx, b ledger.Blob) (Photo, error) {
	p := Photo{Name: b.Ref.String(), State: PhotoPartial, Have: b.Got, Size: int(b.Ref.Size)}
	switch b.Got {
	case p.Size:
		p.State = PhotoComplete
	case 0:
		p.State = PhotoMissing
	}
	places, err := tx.Naming(b.Ref)
	if err != nil {
		return p, err
	}
	seen := map[record.Dot]bool{}
	for _, at := range places {
		c, err := tx.At(at)
		if err != nil {
			return p, err
		}
		if rec := c.RecordID(); !seen[rec] {
			seen[rec] = true
			name, err := nameOf(tx, rec)
			if err != nil {
				return p, err
			}
			p.Records = append(p.Records, name)
		}
	}
	p.Asked, err = tx.Asked(b.Ref)
	return p, err
}

// nameOf is how people call a record; the exact name while its creation is not here.
func nameOf(tx hub.Tx, rec record.Dot) (string, error) {
	at, err := tx.Find(rec)
	if at == 0 || err != nil {
		return rec.String(), err
	}
	c, err := tx.At(at)
	if err != nil {
		return "", err
	}
	return record.HumanName(c.Replica, rec.N), nil
}

// Blob returns the bytes of a complete photo, verified. Who may see it is the caller's to decide. fault.NotFound: it is not
// complete here, or nobody names it. fault.TornDatabase: it is damaged (PhotoAgain has it sent again).
func (c *Centre) Blob(ctx context.Context, r blob.Ref) (b []byte, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error { b, err = hub.Blob(tx, r); return err })
	return b, err
}

func (c *Centre) photo(ctx context.Context, name string) ([]byte, error) {
	r, err := blob.Parse(name)
	if err != nil {
		return nil, fault.New(fault.BadInput, "photo", err)
	}
	return c.Blob(ctx, r)
}

// photoAgain has a photo asked for anew, after it was found damaged.
func (c *Centre) photoAgain(ctx context.Context, name string) error {
	r, err := blob.Parse(name)
	if err != nil {
		return fault.New(fault.BadInput, "photo", err)
	}
	return c.act(ctx, func(a *hub.Act) error { return a.AskAgain(r) })
}

// PhotoReserve is what photos leave of the disk: text needs it.
const PhotoReserve = 256 << 20

// room reports whether the disk has room for photos. Where it cannot be told, it has.
func (d Dir) room() bool {
	free, ok := freeBytes(string(d))
	return !ok || free > PhotoReserve
}
