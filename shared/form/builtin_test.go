package form_test

import (
	"testing"

	"banlang/shared/form"
	"banlang/shared/form/builtin"
)

// TestWhatWasReleasedIsKept: a record or draft may name any version that ever left the house.
func TestWhatWasReleasedIsKept(t *testing.T) {
	refs, err := builtin.Released()
	if err != nil {
		t.Fatal(err)
	}
	l := form.Builtin()
	for _, ref := range refs {
		if _, ok := l.Lookup(ref); !ok {
			t.Errorf("%s was released, and is not here", ref)
		}
	}
	if n := len(l.Known()); n < 26 {
		t.Errorf("%d versions", n)
	}
}
