package ledgertest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// photoBytes are the bytes of photo i: the same for the same i, and up to some pieces long.
func photoBytes(i int) []byte {
	return bytes.Repeat([]byte(fmt.Sprint("ảnh ", i, " ")), 1+i*i*700)
}

func photo(i int) blob.Ref {
	r, err := blob.Of(photoBytes(i), "image/jpeg")
	if err != nil {
		panic(err)
	}
	return r
}

// held reads all bytes of a blob that are here, some at a time.
func held(tx ledger.Tx, r blob.Ref, atOnce int) (all []byte, err error) {
	for {
		b, err := tx.Piece(r, len(all), atOnce)
		if len(b) == 0 || err != nil {
			return all, err
		}
		all = append(all, b...)
	}
}

func testBlobs(t *testing.T, b *bench) {
	one, two, three := photo(1), photo(2), photo(3)
	whole := photoBytes(2)
	b.both(func(tx ledger.Tx) {
		_, ok, err := tx.Blob(one)
		equal(t, "unknown", ok || err != nil, false)
		equal(t, "its bytes", len(must(tx.Piece(one, 0, 10))(t)), 0)
		equal(t, "who names it", len(must(tx.Naming(one))(t)), 0)
		equal(t, "all", len(must(tx.Blobs(false, blob.Ref{}, 10))(t)), 0)
	})
	b.update(func(tx ledger.Tx) {
		for name, err := range map[string]error{"a piece": tx.AddPiece(one, []byte("x")), "a naming": tx.Name(one, 1, true), "with bytes": tx.PutBlob(ledger.Blob{Ref: one, Got: 1})} {
			equal(t, name+" of what is not known is refused", err != nil, true)
		}
		must(0, tx.DropBlob(one))(t)
		must(0, tx.PutBlob(ledger.Blob{Ref: two, Open: true, By: 24}))(t)
		must(0, tx.PutBlob(ledger.Blob{Ref: one}))(t)
		must(0, tx.AddPiece(two, whole[:1000]))(t)
		must(0, tx.AddPiece(two, nil))(t)
		must(0, tx.AddPiece(two, whole[1000:2500]))(t)
		equal(t, "a piece beyond the end is refused", tx.AddPiece(two, make([]byte, len(whole))) != nil, true)
	})
	b.both(func(tx ledger.Tx) {
		x, ok, err := tx.Blob(two)
		equal(t, "known", ok && err == nil, true)
		equal(t, "with a part", x, ledger.Blob{Ref: two, Got: 2500, Open: true, By: 24})
		for _, n := range []int{1, 999, 1000, 1001, 100_000} {
			equal(t, fmt.Sprint("its bytes, by ", n), bytes.Equal(must(held(tx, two, n))(t), whole[:2500]), true)
		}
		equal(t, "bytes of the other", len(must(tx.Piece(one, 0, 10))(t)), 0)
		equal(t, "before the first", len(must(tx.Piece(two, -1, 10))(t)), 0)
		equal(t, "behind the last", len(must(tx.Piece(two, 2500, 10))(t)), 0)
		equal(t, "open ones", len(must(tx.Blobs(true, blob.Ref{}, 10))(t)), 1)
	})
	for _, cut := range []int{2499, 1700, 1000, 999, 0} { // within pieces, and between them
		b.update(func(tx ledger.Tx) {
			must(0, tx.PutBlob(ledger.Blob{Ref: two, Got: cut}))(t)
			must(0, tx.AddPiece(two, whole[cut:2500]))(t)
			must(0, tx.PutBlob(ledger.Blob{Ref: two, Got: cut}))(t)
		})
		b.both(func(tx ledger.Tx) {
			equal(t, fmt.Sprint("cut to ", cut), bytes.Equal(must(held(tx, two, 300))(t), whole[:cut]), true)
		})
	}
	b.update(func(tx ledger.Tx) {
		must(0, tx.AddPiece(two, whole))(t)
		must(0, tx.PutBlob(ledger.Blob{Ref: three}))(t)
	})
	refs := []blob.Ref{one, two, three}
	slices.SortFunc(refs, blob.Ref.Compare)
	b.both(func(tx ledger.Tx) {
		x := must(tx.Blobs(false, blob.Ref{}, 10))(t)
		equals(t, "all, in order", []blob.Ref{x[0].Ref, x[1].Ref, x[2].Ref}, refs)
		x = must(tx.Blobs(false, refs[0], 1))(t)
		equal(t, "the one behind", len(x) == 1 && x[0].Ref == refs[1], true)
	})
	b.update(func(tx ledger.Tx) {
		for _, p := range []ledger.Pos{9, 3, 9, 4} {
			must(0, tx.Name(two, p, true))(t)
		}
		must(0, tx.Name(two, 4, false))(t)
		must(0, tx.Name(two, 5, false))(t)
		must(0, tx.Name(one, 3, true))(t)
		equals(t, "named by", must(tx.Naming(two))(t), []ledger.Pos{3, 9})
	})
	b.undo(func(tx ledger.Tx) { must(0, tx.DropBlob(two))(t) })
	b.both(func(tx ledger.Tx) {
		equal(t, "not dropped", bytes.Equal(must(held(tx, two, 3000))(t), whole), true)
		equals(t, "named by", must(tx.Naming(two))(t), []ledger.Pos{3, 9})
	})
	b.update(func(tx ledger.Tx) { must(0, tx.DropBlob(two))(t) })
	b.update(func(tx ledger.Tx) { must(0, tx.PutBlob(ledger.Blob{Ref: two}))(t) })
	b.both(func(tx ledger.Tx) {
		equal(t, "dropped, its bytes", len(must(held(tx, two, 3000))(t)), 0)
		equal(t, "dropped, who named it", len(must(tx.Naming(two))(t)), 0)
		equals(t, "another is named by", must(tx.Naming(one))(t), []ledger.Pos{3})
	})
}

// testNamed: a change that names blobs makes them known, and its erasure destroys what nothing else names.
func testNamed(t *testing.T, b *bench) {
	one, two := photo(1), photo(2)
	w := newWriter(24, 5)
	a := w.write(record.Change{Kind: record.KindEdit, Edits: []record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}, {Path: "note", Value: "b2-không phải tên"},
		{Path: "p", Value: one.String()}, {Path: "q", Value: one.String()}}})
	c := w.write(record.Change{Kind: record.KindEdit, Record: a.Dot, Edits: []record.Edit{{Path: "p", Value: two.String()}}})
	d := w.write(record.Change{Kind: record.KindEdit, Edits: []record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}, {Path: "p", Value: two.String()}}})
	bare := d.Without(record.BodyAbsent)
	b.update(func(tx ledger.Tx) {
		for _, x := range []*record.Change{a, c, bare} {
			_, _, err := ledger.Insert(tx, x)
			must(0, err)(t)
		}
		equals(t, "one", must(tx.Naming(one))(t), []ledger.Pos{1})
		equals(t, "two, while values are absent", must(tx.Naming(two))(t), []ledger.Pos{2})
		for i := range 2 {
			must(0, tx.AddPiece(photo(i+1), photoBytes(i+1)))(t)
		}
	})
	b.update(func(tx ledger.Tx) {
		out, _, err := ledger.Insert(tx, d)
		equal(t, "filled", must(out, err)(t), ledger.Filled)
		equals(t, "two", must(tx.Naming(two))(t), []ledger.Pos{2, 3})
		must(0, ledger.Check(tx))(t)
		equals(t, "writers", must(ledger.Namers(tx, two))(t), []record.ReplicaID{24})
	})
	centre := newWriter(record.Centre, 6)
	order := centre.write(record.Change{Kind: record.KindErase, Record: a.Dot})
	late := w.write(record.Change{Kind: record.KindEdit, Record: a.Dot, Edits: []record.Edit{{Path: "p", Value: photo(3).String()}}})
	b.update(func(tx ledger.Tx) {
		for _, x := range []*record.Change{order, late} {
			_, _, err := ledger.Insert(tx, x)
			must(0, err)(t)
		}
	})
	b.both(func(tx ledger.Tx) {
		_, known, err := tx.Blob(one)
		equal(t, "of the erased record only", known || err != nil, false)
		_, known, err = tx.Blob(photo(3))
		equal(t, "what came behind the order", known || err != nil, false)
		equals(t, "of another record, too", must(tx.Naming(two))(t), []ledger.Pos{3})
		equal(t, "its bytes", bytes.Equal(must(held(tx, two, 4000))(t), photoBytes(2)), true)
		must(0, ledger.Check(tx))(t)
	})
}

// testBlobCheck: what does not fit is found.
func testBlobCheck(t *testing.T, b *bench) {
	one := photo(1)
	c := sealed(record.Change{Edits: []record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}, {Path: "p", Value: one.String()}}}, runA, 1)
	b.update(func(tx ledger.Tx) {
		_, _, err := ledger.Insert(tx, c)
		must(0, err)(t)
		must(0, ledger.Check(tx))(t)
	})
	spoiled := slices.Clone(photoBytes(1))
	spoiled[len(spoiled)-1] ^= 1
	for name, spoil := range map[string]func(tx ledger.Tx) error{
		"a naming that is not": func(tx ledger.Tx) error { return tx.Name(one, 7, true) },
		"a naming that lacks":  func(tx ledger.Tx) error { return tx.Name(one, 1, false) },
		"an unknown blob":      func(tx ledger.Tx) error { return tx.DropBlob(one) },
		"a byte":               func(tx ledger.Tx) error { return tx.AddPiece(one, spoiled) },
	} {
		b.undo(func(tx ledger.Tx) {
			must(0, spoil(tx))(t)
			if err := ledger.Check(tx); !errors.Is(err, ledger.ErrUnsound) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

// dumpBlobs is the part of Dump about blobs.
func dumpBlobs(tx ledger.Tx) (string, error) {
	var b strings.Builder
	err := ledger.EachBlob(tx, false, func(x ledger.Blob) error {
		places, err1 := tx.Naming(x.Ref)
		bytes, err2 := held(tx, x.Ref, 1<<20)
		fmt.Fprintf(&b, "blob %v %d open %t by %d, named %v, %d bytes %x\n", x.Ref, x.Got, x.Open, x.By, places, len(bytes), bytes[:min(8, len(bytes))])
		return errors.Join(err1, err2)
	})
	return b.String(), err
}

// onBlobs does something with one of a few blobs, past the rules.
func onBlobs(t *rapid.T) op {
	i := rapid.IntRange(0, 4).Draw(t, "photo")
	r, whole := photo(i), photoBytes(i)
	n, on := rapid.IntRange(0, len(whole)).Draw(t, "bytes"), rapid.Bool().Draw(t, "on")
	p := ledger.Pos(rapid.IntRange(1, 5).Draw(t, "place"))
	what := rapid.IntRange(0, 5).Draw(t, "what")
	return func(tx ledger.Tx) string {
		x, known, err := tx.Blob(r)
		if err != nil {
			return err.Error()
		}
		switch what {
		case 0, 1:
			err = tx.PutBlob(ledger.Blob{Ref: r, Got: min(n, x.Got), Open: on, By: record.ReplicaID(p)})
		case 2:
			err = tx.AddPiece(r, whole[min(n, len(whole)-x.Got):len(whole)-x.Got])
		case 3:
			err = tx.Name(r, p, on)
		case 4:
			err = tx.DropBlob(r)
		case 5:
			open, err := tx.Blobs(on, photo(int(p)), n%4)
			return fmt.Sprint("blobs ", open, err)
		}
		return fmt.Sprint(what, " of blob ", i, known, err == nil)
	}
}
