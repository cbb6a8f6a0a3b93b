package store_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"banlang/desktop/notebook"
)

// TestEndedDraftsAreGone: when a draft was finalized or given up, no file holds what only the draft had: neither its row,
// nor the earlier states of it, nor the log beside the file. Other drafts stay as they are.
func TestEndedDraftsAreGone(t *testing.T) {
	s, path := opened(t)
	w := newWorld(t, s, rand.New(rand.NewPCG(5, 6)))
	const secret = "Quyhzzqwk"
	keep := func(d notebook.Draft) notebook.Draft {
		t.Helper()
		id, err := w.nb.SaveDraft(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		d.ID = id
		return d
	}
	write := func(d notebook.Draft, size int) notebook.Draft {
		d.Form, d.Feed, d.Officer = form, feeds[0], "an"
		d.Set("note", "ở bản", nil)
		d.Set("informant", strings.Repeat(secret+" ", size), nil)
		return keep(d)
	}
	traces := func() (files []string) {
		for _, file := range []string{path, path + "-wal"} {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(content, []byte(secret)) {
				files = append(files, file)
			}
		}
		return files
	}
	other := keep(notebook.Draft{Form: form, Feed: feeds[0], Officer: "an", Values: map[string]string{"note": "đang gõ dở"}})
	for _, size := range []int{1, 3000} { // within a page, and over many
		sealed := write(write(notebook.Draft{}, size), size+1)
		if err := s.Checkpoint(ctx); err != nil { // some of it is in the file, some in the log
			t.Fatal(err)
		}
		sealed = write(sealed, size)
		if len(traces()) == 0 {
			t.Fatal("it never was there: this test looks in the wrong place")
		}
		e := sealed.Entry()
		e.Values["informant"] = "age1 sealed"
		if _, err := w.nb.Finalize(ctx, sealed.ID, e); err != nil {
			t.Fatal(err)
		}
		if left := traces(); left != nil {
			t.Errorf("finalized, and still in %v", left)
		}
		if err := w.nb.DropDraft(ctx, write(notebook.Draft{}, size).ID); err != nil {
			t.Fatal(err)
		}
		if left := traces(); left != nil {
			t.Errorf("given up, and still in %v", left)
		}
	}
	ds, err := w.nb.Drafts(ctx)
	if err != nil || len(ds) != 1 || ds[0].ID != other.ID || ds[0].Values["note"] != "đang gõ dở" {
		t.Errorf("left: %v, %v", ds, err)
	}
}
