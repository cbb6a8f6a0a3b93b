package centre

import (
	"errors"
	"slices"
	"testing"

	"banlang/shared/fault"
	"banlang/syncserver/boundary"
	"banlang/syncserver/hub"
	"banlang/syncserver/units"
)

const communes = "code,name,level,parent\nSL,Tỉnh Sơn La,province,VN\nSL01,Xã Đứa Mòn,commune,SL\nSL02,Xã Ẳng Nưa,commune,SL\n"

// TestEverybodySeesOneTree: a trial alters nothing, what was tried upon something else is not done, and the tree is in the
// log: a centre that is opened again has it, and finds itself sound.
func TestEverybodySeesOneTree(t *testing.T) {
	dir := t.TempDir()
	r := opened(t, dir, Options{})
	tree := func() []string {
		t.Helper()
		now, err := r.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return now.At("2026-01-01").Under("SL")
	}
	tried := r.do(Request{AlterUnits: &AlterUnits{List: []byte(communes), Try: true}}).Altered
	if len(tried.Differences) != 4 || tried.Bytes == 0 || !slices.Equal(tree(), []string{"SL"}) { // of a unit that nobody knows: itself
		t.Fatalf("after a trial: %+v, %q", tried, tree())
	}
	r.do(Request{AlterUnits: &AlterUnits{List: []byte(communes), Upon: tried.Upon}})
	if want := []string{"SL", "SL02", "SL01"}; !slices.Equal(tree(), want) {
		t.Fatalf("%q, want %q", tree(), want)
	}
	first, _ := r.Units(t.Context())
	if second, _ := r.Units(t.Context()); first != second {
		t.Error("the tree is read anew each time")
	}
	merge := &AlterUnits{Merge: &units.Merge{Units: []string{"SL01"}, Into: "SL02", On: "2025-07-01"}, Try: true}
	upon := r.do(Request{AlterUnits: merge}).Altered.Upon
	r.do(Request{AlterUnits: &AlterUnits{List: []byte("code,name,level,parent\nSL09,Xã Mới,commune,SL\n")}})
	merge.Try, merge.Upon = false, upon
	if _, err := r.Do(t.Context(), Request{AlterUnits: merge}); !errors.Is(err, fault.Busy) {
		t.Errorf("upon a tree of before: %v", err)
	}
	if bad := r.do(Request{AlterUnits: &AlterUnits{List: []byte("code,name,level,parent\nX,,commune,SL\n")}}).Altered; len(bad.Problems) != 1 || bad.Bytes != 0 {
		t.Errorf("a list that is not right: %+v", bad)
	}
	if _, err := r.Do(t.Context(), Request{AlterUnits: &AlterUnits{}}); !errors.Is(err, fault.BadInput) {
		t.Errorf("nothing asked: %v", err)
	}
	want := []string{"SL", "SL02", "SL01", "SL09"}
	if !slices.Equal(tree(), want) {
		t.Errorf("%q, want %q", tree(), want)
	}
	r.end()
	if r = opened(t, dir, Options{}); !slices.Equal(tree(), want) {
		t.Errorf("opened again: %q", tree())
	}
	r.do(Request{Check: true})
}

// TestATreeThatWasNotCommittedIsNowhere: what an act reads and publishes in vain is not kept.
func TestATreeThatWasNotCommittedIsNowhere(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	r.do(Request{AlterUnits: &AlterUnits{List: []byte(communes)}})
	ask := func() string {
		now, err := r.Units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return now.At("2026-01-01").Name("SL01")
	}
	if ask() != "Xã Đứa Mòn" {
		t.Fatal(ask())
	}
	spoilt := errors.New("spoilt")
	err := r.Centre.act(t.Context(), func(a *hub.Act) error {
		if err := a.Publish("units/tree", nil); err != nil {
			return err
		}
		if now, _, err := r.unitsIn(a.Tx()); now != nil || err != nil {
			t.Errorf("withdrawn, it is %v, %v", now, err)
		}
		return spoilt
	})
	if !errors.Is(err, spoilt) || ask() != "Xã Đứa Mòn" {
		t.Errorf("%v, and then %q", err, ask())
	}
}

func TestBoundariesAreKept(t *testing.T) {
	dir := t.TempDir()
	r := opened(t, dir, Options{})
	l, err := boundary.Read([]byte(`{"type":"FeatureCollection","features":[{"id":"SL01","geometry":{"type":"Polygon","coordinates":[[[104,21],[105,21],[105,22],[104,21]]]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	l.Name = "xã"
	packed, err := boundary.Encode([]*boundary.Layer{l})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Do(t.Context(), Request{PutBoundaries: &PutBoundaries{Layer: packed[:20]}}); !errors.Is(err, fault.BadInput) {
		t.Errorf("half a layer: %v", err)
	}
	r.do(Request{PutBoundaries: &PutBoundaries{Layer: packed}})
	r.end()
	r = opened(t, dir, Options{})
	layers, err := r.Boundaries()
	if err != nil || len(layers) != 1 || layers[0].Name != "xã" || len(layers[0].Shapes) != 1 {
		t.Fatalf("%v %v", layers, err)
	}
	r.do(Request{PutBoundaries: &PutBoundaries{Drop: "xã"}})
	if layers, err := r.Boundaries(); len(layers) != 0 || err != nil {
		t.Errorf("dropped: %v %v", layers, err)
	}
}
