package form_test

import (
	"slices"
	"testing"

	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
)

// A screen looks again only at what an answer touched.
func TestTouched(t *testing.T) {
	l := open(t, lookup(t, "awareness_session"), map[string]string{"occurred_on": "2026-11-16"})
	l.Touched()
	l.Set("presenters", "2")
	if got := l.Touched(); len(got) != 1 || !got["presenters"] {
		t.Errorf("a figure on its own touches %v", got)
	}
	l.Set("participants_total", "38")
	if got := l.Touched(); !got["participants_total"] || !got["count_method"] || got["venue"] {
		t.Errorf("the number of people touches %v", got)
	}
	if got := l.Touched(); len(got) != 0 {
		t.Errorf("taken twice: %v", got)
	}
	l = open(t, lookup(t, "weapon_handover"), handover())
	l.Touched()
	l.Set("items/2/kind", "round")
	if got := l.Touched(); !got["items/2/quantity"] || got["items/1/quantity"] {
		t.Errorf("the kind touches %v", got) // the unit stands in the label of the quantity
	}
}

func TestAround(t *testing.T) {
	f := lookup(t, "weapon_handover")
	for path, want := range map[string][]string{
		"receipt_no": nil, "items": nil, "items/1": nil, "items/1/": {"items/1/"}, "items/1/kind": {"items/1/"},
		"items/1/_life": {"items/1/"}, "of_tomorrow/1/x": nil, "": nil,
	} {
		if got := f.Around(path); !slices.Equal(got, want) {
			t.Errorf("%q lies in %v", path, got)
		}
	}
}

func TestEmptyRows(t *testing.T) {
	l := open(t, lookup(t, "weapon_handover"), handover())
	l.AddRow("items")
	l.AddRow("items")
	l.Set("items/+2/quantity", "3")
	if got := l.EmptyRows(); !slices.Equal(got, []string{"items/+1"}) {
		t.Errorf("empty are %v", got)
	}
}

func TestListsOfFields(t *testing.T) {
	f := lookup(t, "awareness_session")
	for path, want := range map[string]string{"venue": "venues.csv", "directive": "directives.csv", "method": "", "note": ""} {
		if field, _ := f.Field(path); f.ListOf(field) != want {
			t.Errorf("%s is chosen from %q", path, f.ListOf(field))
		}
	}
}

// What was typed over a sealed answer can be taken back.
func TestASealComesBack(t *testing.T) {
	e := env()
	e.SealTo = []string{declared.Unit}
	const sealed = "sealed:1:abc"
	l, err := lookup(t, "tip").Open(map[string]string{"content": sealed}, e)
	if err != nil {
		t.Fatal(err)
	}
	l.Set("content", "Có người lạ.")
	l.Set("content", sealed)
	if !l.IsSealed("content") || l.Value("content") != "" || l.Written()["content"] != sealed {
		t.Error(l.Written())
	}
}

// Money is a text to the form, and a number to people.
func TestMoneyIsShownAsANumber(t *testing.T) {
	l := open(t, lookup(t, "model"), nil)
	for value, want := range map[string]string{"1500000": "1.500.000", "khoảng 2 triệu": "khoảng 2 triệu", "": ""} {
		if got := l.Show("budget_vnd", value); got != want {
			t.Errorf("%q is shown as %q", value, got)
		}
	}
}

func TestTitles(t *testing.T) {
	lib := form.Builtin()
	f := lookup(t, "tip")
	unknown := record.FormRef{ID: "tip", Version: 1}
	for ref, want := range map[record.FormRef]form.Text{f.Ref: lib.Title(f.Ref), unknown: lib.Title(f.Ref), {ID: "of_tomorrow"}: {VI: "of_tomorrow", EN: "of_tomorrow"}} {
		if got := lib.Title(ref); got != want || got.EN == "" {
			t.Errorf("%v is called %v", ref, got)
		}
	}
}
