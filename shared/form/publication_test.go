package form_test

import (
	"testing"

	"banlang/shared/form"
)

// A publication arrives as it was sent; what is cut short is not taken for one.
func TestAPublicationTravels(t *testing.T) {
	p := form.Publication{ID: "of_tomorrow", Version: "3", Title: form.Text{VI: "Ngày mai", EN: "Tomorrow"}, XML: "<h:html/>", Reason: "cơ sở tôn giáo là địa điểm"}
	packed, err := p.Pack()
	if err != nil {
		t.Fatal(err)
	}
	got, err := form.Unpack(packed)
	if err != nil || *got != p || got.Ref() != p.Ref() {
		t.Errorf("%+v arrives as %+v: %v", p, got, err)
	}
	for _, n := range []int{0, 1, len(packed) / 2} {
		if _, err := form.Unpack(packed[:n]); err == nil {
			t.Errorf("%d of %d bytes are taken for a form", n, len(packed))
		}
	}
}
