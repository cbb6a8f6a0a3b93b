package banlang_test

import (
	"bytes"
	"slices"
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// The promises about photos, in people's words. TestConvergence holds them under every accident.

// photo has an officer take a picture of a size in bytes.
func (d *device) photo(t *testing.T, size int) blob.Ref {
	t.Helper()
	r, err := d.nb.PutBlob(ctx, picture(func() byte { return byte(d.w.rng.Uint32()) }, size), "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.nb.Blob(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	d.w.pictures = append(d.w.pictures, b)
	return r
}

// with has the officer finish a record with a photo.
func (d *device) with(r blob.Ref) record.Dot {
	recs, err := d.nb.Save(ctx, notebook.Entry{Form: d.w.form(d), Feed: "U1/ordinary", Officer: d.name, Values: map[string]string{"a": "có ảnh", "photo": r.String()}})
	if err != nil {
		panic(err)
	}
	d.learn(nil, false, true)
	return recs[0]
}

// atCentre reports how many bytes of a photo the centre has, and whether they are all.
func (w *world) atCentre(r blob.Ref) (got int, whole bool) {
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		b, ok, err := tx.Blob(r)
		got, whole = b.Got, ok && b.Whole()
		return err
	})
	return got, whole
}

func (d *device) photoState(t *testing.T, r blob.Ref) notebook.BlobState {
	t.Helper()
	s, err := d.nb.BlobState(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// until steps the device's session, and lets see, each time, what is on the way up.
func (d *device) until(so func(up [][]byte) bool) {
	if d.session == nil {
		d.connect()
	}
	for d.session != nil && !so(d.session.up) && d.w.step(d.session) {
	}
}

// eager runs a whole session in which the hub says what it has to say before it commits anything.
func (d *device) eager() {
	d.connect()
	for s := d.session; d.session != nil; {
		moved := false
		for _, move := range []func() bool{s.clientSends, s.hubReceives, s.hubSends, s.clientReceives, s.hubCommits} {
			for move() {
				moved = true
			}
		}
		if !moved {
			d.drop()
		}
	}
}

// A photo arrives whole behind its record, the officer is told so, and nothing of it is said before it is durable.
func TestPromise03PhotosAtTheCentre(t *testing.T) {
	w := village(t, 2)
	d := w.devices[0]
	r := d.photo(t, 50_000)
	if s := d.photoState(t, r); s != notebook.BlobDraft {
		t.Fatalf("just taken: %v", s)
	}
	rec := d.with(r)
	if s := d.photoState(t, r); s != notebook.BlobWaiting || d.status().Photos.Waiting != 1 || d.status().Photos.Bytes != 50_000 {
		t.Fatalf("finished: %v, %+v", s, d.status())
	}
	d.eager()
	if _, whole := w.atCentre(r); !whole || d.photoState(t, r) != notebook.BlobAtCentre || d.status().Photos.Waiting != 0 {
		t.Fatalf("the centre has it: %t; the officer sees %v", whole, d.photoState(t, r))
	}
	w.online(w.devices[1])
	other := w.devices[1]
	if other.look(rec).Text("photo") != r.String() || other.photoState(t, r) != notebook.BlobElsewhere {
		t.Errorf("a colleague sees %v", other.photoState(t, r))
	}
}

// A byte that was altered on its way is found, and the photo sent again.
func TestPhotosArriveVerified(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	r := d.photo(t, 30_000)
	d.with(r)
	altered := false
	d.until(func(up [][]byte) bool {
		for i, b := range up {
			m, err := protocol.Decode(bytes.Clone(b))
			if err != nil {
				t.Fatal(err)
			}
			if c, ok := m.(*protocol.Chunk); ok && !altered {
				c.Data[100] ^= 4
				up[i], altered = encode(c), true
			}
		}
		return false
	})
	if !altered || w.centre.hub.Spoiled() != 1 {
		t.Fatalf("altered: %t, found: %d", altered, w.centre.hub.Spoiled())
	}
	w.online(d)
	if _, whole := w.atCentre(r); !whole {
		t.Error("not at the centre")
	}
}

// The photo of a draft stays at home; the record without it, and that of another one, do not wait for it.
func TestDraftsPhotoStaysAtHome(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	r, other := d.photo(t, 9000), d.photo(t, 9000)
	id, err := d.nb.SaveDraft(ctx, notebook.Draft{Form: w.form(d), Feed: "U1/ordinary", Officer: d.name, Values: map[string]string{"photo": r.String()}})
	if err != nil {
		t.Fatal(err)
	}
	d.with(other)
	w.online(d)
	d.open() // the program is started again, and sweeps
	w.online(d)
	if got, _ := w.atCentre(r); got > 0 || d.photoState(t, r) != notebook.BlobDraft {
		t.Fatalf("%d bytes are at the centre, here it is %v", got, d.photoState(t, r))
	}
	drafts, err := d.nb.Drafts(ctx)
	if err != nil || len(drafts) != 1 {
		t.Fatal(drafts, err)
	}
	if _, err := d.nb.Finalize(ctx, id, drafts[0].Entry()); err != nil {
		t.Fatal(err)
	}
	d.learn(nil, false, true)
	w.online(d)
	if _, whole := w.atCentre(r); !whole {
		t.Error("finished, and not at the centre")
	}
}

// A photo that nothing names is gone after the next start of the program, and not before: a draft that was given up can be
// brought back until then.
func TestAbandonedPhotoIsSwept(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	draft := notebook.Draft{Form: w.form(d), Feed: "U1/ordinary", Officer: d.name, Values: map[string]string{"photo": d.photo(t, 9000).String()}}
	r, err := blob.Parse(draft.Values["photo"])
	if err != nil {
		t.Fatal(err)
	}
	if draft.ID, err = d.nb.SaveDraft(ctx, draft); err != nil {
		t.Fatal(err)
	}
	for range 2 { // given up, and brought back
		if err := d.nb.DropDraft(ctx, draft.ID); err != nil {
			t.Fatal(err)
		}
		if d.photoState(t, r) != notebook.BlobDraft {
			t.Fatal("gone with the draft")
		}
		if _, err := d.nb.SaveDraft(ctx, draft); err != nil {
			t.Fatal(err)
		}
		d.open()
	}
	if err := d.nb.DropDraft(ctx, draft.ID); err != nil {
		t.Fatal(err)
	}
	d.open()
	if d.photoState(t, r) != notebook.BlobElsewhere {
		t.Error("nothing names it, and it is kept")
	}
}

// A centre that is set back to a backup which lacks the photo, and does not even know that it was set back, asks for it.
func TestCentreAsksAgain(t *testing.T) {
	for name, announced := range map[string]bool{"announced": true, "unannounced": false} {
		t.Run(name, func(t *testing.T) {
			w := village(t, 1)
			d := w.devices[0]
			r := d.photo(t, 50_000)
			d.with(r)
			var backup *hub.Memory
			d.until(func([][]byte) bool { // the record is there, and a part of the photo
				if got, _ := w.atCentre(r); got > 0 && backup == nil {
					backup = w.centre.store.Clone()
				}
				return false
			})
			if _, whole := w.atCentre(r); !whole || backup == nil {
				t.Fatal("not at the centre")
			}
			w.centre.store = backup
			w.centre.open()
			if announced {
				if err := w.centre.hub.Staff(ctx, (*hub.Act).NewEpoch); err != nil {
					t.Fatal(err)
				}
			}
			w.online(d)
			if _, whole := w.atCentre(r); !whole || d.photoState(t, r) != notebook.BlobAtCentre {
				t.Error("not at the centre after it was set back")
			}
		})
	}
}

// A centre that burned down gets the photos back from the machines that took them.
func TestNewCentreGetsPhotos(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	r := d.photo(t, 20_000)
	d.with(r)
	w.online(d)
	w.loseCentre()
	w.empty = false
	w.online(d)
	w.online(d)
	if _, whole := w.atCentre(r); !whole {
		t.Error("not at the new centre")
	}
}

// The same picture in two records, and of two officers, is sent once.
func TestSamePhotoIsSentOnce(t *testing.T) {
	w := village(t, 2)
	a, b := w.devices[0], w.devices[1]
	r := a.photo(t, 20_000)
	a.with(r)
	a.with(r)
	w.online(a)
	if _, err := b.nb.PutBlob(ctx, w.pictures[0], "image/jpeg"); err != nil {
		t.Fatal(err)
	}
	b.with(r)
	chunks := 0
	b.until(func(up [][]byte) bool {
		for _, f := range up {
			if m, err := protocol.Decode(f); err == nil {
				if _, ok := m.(*protocol.Chunk); ok {
					chunks++
				}
			}
		}
		return false
	})
	if chunks > 0 || b.photoState(t, r) != notebook.BlobAtCentre {
		t.Errorf("%d chunks; it is %v", chunks, b.photoState(t, r))
	}
}

// With an erased record its photo is destroyed, at the centre and on every machine; one that another record names is not.
func TestErasureTakesPhotos(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	gone, kept := d.photo(t, 9000), d.photo(t, 9000)
	rec := d.with(gone)
	other := d.with(kept)
	d.with(kept)
	w.online(d)
	w.ledger = append(w.ledger, rec, other)
	err := w.centre.hub.Staff(ctx, func(a *hub.Act) error {
		if err := a.Erase(rec); err != nil {
			return err
		}
		return a.Erase(other)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.centre.note(nil)
	w.online(d)
	check := func(who string, tx ledger.Tx) {
		if _, known, err := tx.Blob(gone); known || err != nil {
			t.Errorf("%s still knows the photo of the erased record (%v)", who, err)
		}
		if b, _, err := tx.Blob(kept); !b.Whole() || err != nil {
			t.Errorf("%s lost the photo of another record (%v)", who, err)
		}
	}
	d.store.View(ctx, func(tx notebook.Tx) error { check("the machine", tx); return nil })
	w.centre.store.View(ctx, func(tx hub.Tx) error { check("the centre", tx); return nil })
}

// What a hostile device can have the centre keep is bounded: nothing that it did not name, and few of what it began.
func TestBegunPhotosAreBounded(t *testing.T) {
	w := village(t, 1)
	d := w.devices[0]
	var refs []blob.Ref
	for range hub.MaxPartial + 3 {
		refs = append(refs, d.photo(t, 30_000))
		d.with(refs[len(refs)-1])
	}
	d.until(func(up [][]byte) bool { // the text, and no photo
		return slices.ContainsFunc(up, func(f []byte) bool {
			m, err := protocol.Decode(f)
			_, asks := m.(*protocol.Ask)
			return err == nil && asks
		})
	})
	d.drop()
	w.late = nil
	send := func(r blob.Ref, offset uint32, n int) *protocol.Stored {
		j := &hub.Job{Chunk: &protocol.Chunk{Ref: r, Offset: offset, Data: make([]byte, n)}, From: d.replica}
		w.centre.hub.Apply(ctx, []*hub.Job{j})
		if j.Err != nil {
			t.Fatal(j.Err)
		}
		return j.Stored
	}
	for i, r := range refs {
		if s := send(r, 0, 100+i); int(s.Have) != 100+i {
			t.Fatalf("%+v", s)
		}
	}
	begun := 0
	for _, r := range refs {
		if got, _ := w.atCentre(r); got > 0 {
			begun++
		}
	}
	if begun != hub.MaxPartial {
		t.Errorf("%d photos are begun", begun)
	}
	foreign, err := blob.Of([]byte("không ai nhắc đến"), "image/png")
	if err != nil {
		t.Fatal(err)
	}
	if s := send(foreign, 0, 10); s.Refused == "" || s.Have != 0 {
		t.Errorf("what nobody named: %+v", s)
	}
	if s := send(refs[len(refs)-1], 50, 10); int(s.Have) != 100+len(refs)-1 {
		t.Errorf("elsewhere than at the end: %+v", s)
	}
	if _, known := w.atCentre(foreign); known {
		t.Error("it is kept")
	}
}
