package banlang_test

import (
	"bytes"
	"fmt"

	"banlang/desktop/notebook"
	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Photos in the world of the simulation: taken, named by drafts and records, sent behind all text, cut, damaged, refused,
// lost with machines and with the centre, and asked for again.

// picture is a JPEG as far as the notebook looks, of a size in bytes.
func picture(random func() byte, size int) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xda, 0, 2}
	for len(b) < size-2 {
		b = append(b, random()&0x7f)
	}
	return append(b, 0xff, 0xd9)
}

// photograph puts a picture into the notebook and returns its name; some are taken twice, by anybody.
func (d *device) photograph() (name string, ok bool) {
	w := d.w
	b := picture(func() byte { return byte(w.rng.Uint32()) }, 10+w.pick([]int{300, 9000, 40000}[w.pick(3)]))
	if len(w.pictures) > 0 && w.pick(5) == 0 {
		b = one(w, w.pictures)
		w.happened("the same photo again")
	}
	r, err := d.nb.PutBlob(ctx, b, "image/jpeg")
	if err != nil {
		d.open()
		return "", false
	}
	w.pictures = append(w.pictures, b)
	return r.String(), true
}

// sweep is what the program does at its start. Nothing that a change names may go.
func (d *device) sweep() {
	var named []ledger.Blob
	d.store.View(ctx, func(tx notebook.Tx) error {
		return ledger.EachBlob(tx, false, func(b ledger.Blob) error {
			if places, _ := tx.Naming(b.Ref); b.Whole() && len(places) > 0 {
				named = append(named, b)
			}
			return nil
		})
	})
	dropped, err := d.nb.Sweep(ctx)
	if dropped > 0 && err == nil {
		d.w.happened("photo of a draft that was given up")
	}
	d.store.View(ctx, func(tx notebook.Tx) error {
		for _, b := range named {
			if x, ok, _ := tx.Blob(b.Ref); !ok || !x.Whole() {
				d.w.breaks("promise 1: %s dropped %s, which a record names", d.name, b.Ref)
			}
		}
		return nil
	})
}

// damage alters a byte of some chunks on their way.
func (w *world) damage(m protocol.Message) {
	if c, ok := m.(*protocol.Chunk); ok && !w.calm && w.pick(60) == 0 {
		c.Data = bytes.Clone(c.Data)
		c.Data[w.pick(len(c.Data))] ^= 1 << w.pick(8)
		w.happened("photo damaged on its way")
	}
}

// room: the centre's disk is nearly full now and then.
func (w *world) room() bool {
	if w.calm || w.pick(60) > 0 {
		return true
	}
	w.happened("photo refused for want of room")
	return false
}

// believes: a photo that the hub says it has whole is durable there at that moment. (A part may be thrown away behind the
// word, when another copy of the machine sent the rest of it damaged.)
func (w *world) believes(m protocol.Message) {
	s, ok := m.(*protocol.Stored)
	if !ok || !s.Whole || w.reset[s.Ref] {
		return
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		if b, _, err := tx.Blob(s.Ref); err != nil || !b.Whole() {
			w.breaks("promise 3: the centre says that it has %s whole, and has %d bytes of it (%v)", s.Ref, b.Got, err)
		}
		return nil
	})
}

// cutPhoto counts sessions that end in the middle of a photo.
func (s *simSession) cutPhoto() {
	if p := s.client.Progress().Photos; !p.Present.IsZero() && !s.d.w.calm {
		s.d.w.happened("upload cut")
	}
}

// askAgain: staff find a photo damaged, and have it sent again.
func (w *world) askAgain(a *hub.Act) error {
	var whole []blob.Ref
	err := ledger.EachBlob(a.Tx(), false, func(b ledger.Blob) error {
		if places, _ := a.Tx().Naming(b.Ref); b.Whole() && len(places) > 0 {
			whole = append(whole, b.Ref)
		}
		return nil
	})
	if len(whole) == 0 || err != nil {
		return err
	}
	w.happened("photo found damaged, asked for again")
	r := one(w, whole)
	w.asked++
	w.reset[r] = true // what was said of it before may still be under way
	return a.AskAgain(r)
}

// within names the photos that are somewhere from where they can reach the centre: there, or on a machine of a replica
// whose own changes name them, in records that were not erased: the machine may not have heard of that yet. It is noted
// before the world settles.
func (w *world) within() map[blob.Ref]string {
	held := map[blob.Ref]string{}
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error { return w.noteWithin(held, d.name, d.replica)(tx) })
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error { return w.noteWithin(held, "the centre", record.Centre)(tx) })
	return held
}

func (w *world) noteWithin(held map[blob.Ref]string, name string, by record.ReplicaID) func(ledger.Tx) error {
	return func(tx ledger.Tx) error {
		return ledger.EachBlob(tx, false, func(b ledger.Blob) error {
			places, err := tx.Naming(b.Ref)
			for _, p := range places {
				c, err := tx.At(p)
				if err != nil {
					return err
				}
				ours := by == record.Centre || c.Replica == by
				if b.Whole() && ours && !w.erased(c) {
					held[b.Ref] = name
				}
			}
			return err
		})
	}
}

// Photos: every one that any machine held for a finished record is at the centre, with the bytes that were taken, and its
// machine knows it; none of an erased record is anywhere.
func (w *world) checkPhotos(held map[blob.Ref]string) {
	taken := map[blob.Ref][]byte{}
	for _, b := range w.pictures {
		r, err := blob.Of(b, "image/jpeg")
		if err != nil {
			panic(err)
		}
		taken[r] = b
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		return ledger.EachBlob(tx, false, func(b ledger.Blob) error {
			switch got, err := hub.Blob(tx, b.Ref); {
			case !b.Whole() && held[b.Ref] != "":
				w.breaks("photos: %s, held by %s, never came whole to the centre: %d bytes", b.Ref, held[b.Ref], b.Got)
			case b.Whole() && (err != nil || !bytes.Equal(got, taken[b.Ref])):
				w.breaks("photos: %s is not as it was taken (%v)", b.Ref, err)
			}
			return nil
		})
	})
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error {
			return ledger.EachBlob(tx, true, func(b ledger.Blob) error {
				w.breaks("photos: %s still waits with %s", d.name, b.Ref)
				return nil
			})
		})
	}
}

// showPhotos is the state of the photos of a store, for what notices that anything moves.
func showPhotos(tx ledger.Tx) (s string) {
	ledger.EachBlob(tx, true, func(b ledger.Blob) error { s += fmt.Sprint(b.Ref, b.Got); return nil })
	return s
}
