package notebook_test

import (
	"slices"
	"testing"

	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// programs know some versions of forms, and one more for each publication.
type programs struct {
	known     []record.FormRef
	published *[]record.FormRef
}

func (p programs) Line(form record.FormRef, values map[string]string) notebook.Listing {
	if !slices.Contains(p.Known(), form) {
		return notebook.Listing{Title: form.ID, Words: form.ID}
	}
	return notebook.Listing{Title: values["a"], Words: values["a"]}
}

func (p programs) Known() []record.FormRef { return slices.Concat(p.known, *p.published) }

func (p programs) Learn(publications []*record.Change) {
	*p.published = nil
	for _, c := range publications {
		*p.published = append(*p.published, record.FormRef{ID: "f", Version: uint64(c.Payload[0])})
	}
}

// TestARecordIsDrawnAgainWithItsForm: what came before its form is listed by the form's name, and as it should be once a
// newer program, or a publication, brings the form; the list is never empty meanwhile, and equals a rebuild.
func TestARecordIsDrawnAgainWithItsForm(t *testing.T) {
	d := newDesk(t)
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	open := func(known ...record.FormRef) *notebook.Notebook {
		nb := notebook.Open(d.store, notebook.Options{Replica: 24, Key: key, Centre: d.centre.Public(), Wall: clock.System,
			Forms: programs{known, &[]record.FormRef{}}})
		if err := nb.Learn(ctx); err != nil {
			t.Fatal(err)
		}
		return nb
	}
	titles := func(nb *notebook.Notebook, want ...string) {
		t.Helper()
		var got []string
		recs, err := nb.Search(ctx, notebook.Query{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		lines, err := nb.Lines(ctx, recs)
		for _, l := range lines {
			got = append(got, l.Title)
		}
		slices.Sort(got)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("listed: %q, %v, want %q", got, err, want)
		}
	}
	first, second := record.FormRef{ID: "f", Version: 1}, record.FormRef{ID: "f", Version: 2}
	nb := open(first)
	for _, e := range []notebook.Entry{{Form: first, Feed: "U1/ordinary", Values: map[string]string{"a": "một"}},
		{Form: second, Feed: "U1/ordinary", Values: map[string]string{"a": "hai"}}} {
		if _, err := nb.Save(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	titles(nb, "f", "một")
	nb = open(first, second) // a newer program
	titles(nb, "f", "một")
	for more := true; more; {
		if more, err = nb.Project(ctx); err != nil {
			t.Fatal(err)
		}
	}
	titles(nb, "hai", "một")
	nb = open(first) // and an older one again
	if k, err := nb.Check(ctx); err != nil || k.Records != 2 {
		t.Errorf("%+v, %v", k, err)
	}
	titles(nb, "f", "một")
}
