package storetest

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// photos are some blobs, in order.
func photos() (refs []blob.Ref) {
	for i := range 4 {
		r, err := blob.Of([]byte(fmt.Sprint("ảnh ", i, " của điểm tuyên truyền")), "image/jpeg")
		if err != nil {
			panic(err)
		}
		refs = append(refs, r)
	}
	slices.SortFunc(refs, blob.Ref.Compare)
	return refs
}

func testWants(t *testing.T, b *bench) {
	p := photos()
	b.update(func(tx hub.Tx) {
		if tx.Want(24, p[0], true) == nil {
			t.Error("asked for what is not known")
		}
		must(0, tx.Want(24, p[0], false))(t)
		for _, r := range p {
			must(0, tx.PutBlob(ledger.Blob{Ref: r, Open: true}))(t)
			must(0, tx.Want(24, r, true))(t)
		}
		must(0, tx.Want(24, p[2], true))(t)
		must(0, tx.Want(7, p[2], true))(t)
		must(0, tx.Want(24, p[1], false))(t)
		must(0, tx.Want(7, p[1], false))(t)
	})
	b.both(func(tx hub.Tx) {
		sameList(t, "what it is asked for", must(tx.Wants(24, blob.Ref{}, 10))(t), []blob.Ref{p[0], p[2], p[3]})
		sameList(t, "behind one, and few", must(tx.Wants(24, p[0], 1))(t), []blob.Ref{p[2]})
		sameList(t, "another", must(tx.Wants(7, blob.Ref{}, 10))(t), []blob.Ref{p[2]})
		sameList(t, "who", must(tx.Asked(p[2]))(t), []record.ReplicaID{7, 24})
		sameList(t, "nobody", must(tx.Asked(p[1]))(t), nil)
	})
	b.update(func(tx hub.Tx) {
		for i, x := range []ledger.Blob{{Ref: p[0], Open: true, By: 24}, {Ref: p[1], Open: true, By: 24}, {Ref: p[2], By: 24}, {Ref: p[3], Open: true, By: 7}} {
			must(0, tx.PutBlob(x))(t)
			if i != 1 {
				must(0, tx.AddPiece(x.Ref, []byte("ảnh")))(t)
			}
		}
	})
	b.both(func(tx hub.Tx) {
		sameList(t, "begun", must(tx.Begun(24))(t), []ledger.Blob{{Ref: p[0], Got: len("ảnh"), Open: true, By: 24}})
		sameList(t, "begun by nobody", must(tx.Begun(9))(t), nil)
	})
	b.undo(func(tx hub.Tx) { must(0, tx.DropBlob(p[2]))(t) })
	b.both(func(tx hub.Tx) { sameList(t, "not dropped", must(tx.Asked(p[2]))(t), []record.ReplicaID{7, 24}) })
	b.update(func(tx hub.Tx) { must(0, tx.DropBlob(p[2]))(t) })
	b.both(func(tx hub.Tx) {
		sameList(t, "dropped", must(tx.Wants(24, blob.Ref{}, 10))(t), []blob.Ref{p[0], p[3]})
		sameList(t, "dropped, another", must(tx.Wants(7, blob.Ref{}, 10))(t), nil)
	})
}

// onWants does something about who is asked for what.
func onWants(t *rapid.T) op {
	r := rapid.SampledFrom(photos()).Draw(t, "photo")
	from, on := record.ReplicaID(rapid.IntRange(1, 3).Draw(t, "replica")), rapid.Bool().Draw(t, "on")
	what, n := rapid.IntRange(0, 5).Draw(t, "what"), rapid.IntRange(0, 3).Draw(t, "how many")
	return func(tx hub.Tx) string {
		switch what {
		case 0, 1:
			return fmt.Sprint("want ", tx.Want(from, r, on) == nil)
		case 2:
			refs, err := tx.Wants(from, r, n)
			return fmt.Sprint("wants ", refs, err)
		case 3:
			begun, err := tx.Begun(from)
			return fmt.Sprint("begun ", begun, err)
		case 4:
			return fmt.Sprint("drop ", tx.DropBlob(r))
		}
		x, _, err := tx.Blob(r)
		x.Ref, x.Open, x.By = r, on, from
		if err == nil {
			err = tx.PutBlob(x)
		}
		if err == nil && x.Got+n <= int(r.Size) {
			err = tx.AddPiece(r, make([]byte, n))
		}
		return fmt.Sprint("put ", err)
	}
}
