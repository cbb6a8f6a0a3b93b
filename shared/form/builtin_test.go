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

// TestWhatIsKeptHasAName: a record in an older version of a form is called as the form is.
func TestWhatIsKeptHasAName(t *testing.T) {
	l := form.Builtin()
	released, err := builtin.Released()
	if err != nil || len(released) == 0 {
		t.Fatal(err)
	}
	for _, ref := range released {
		current, ok := l.Current(ref.ID)
		if got := l.Title(ref); ok && (got.VI == "" || got != l.Title(current.Ref)) {
			t.Errorf("%v is called %q", ref, got)
		}
	}
}
