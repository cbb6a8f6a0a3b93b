package store_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"banlang/desktop/notebook"
	"banlang/desktop/notebook/storetest"
	"banlang/desktop/store"
	"banlang/shared/sqlite"
)

// olderNotebook is a notebook of saved records as the program of schema version 3 left it, its list drawn to the end.
func olderNotebook(t *testing.T, records int) (w *world, path string) {
	t.Helper()
	s, path := opened(t)
	w = newWorld(t, s, rand.New(rand.NewPCG(3, 4)))
	var entries []notebook.Entry
	for range records {
		entries = append(entries, notebook.Entry{Form: form, Feed: feeds[0], Values: map[string]string{"note": sentence(w.rng, 12)}})
	}
	if _, err := w.nb.Save(ctx, entries...); err != nil {
		t.Fatal(err)
	}
	drawn(t, w)
	if err := s.DB().Update(ctx, func(tx *sqlite.Tx) error {
		for _, sql := range []string{"ALTER TABLE row DROP COLUMN review", "PRAGMA user_version = 3"} {
			if err := tx.Exec(sql); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	got, err := s.DB().SchemaDump(ctx)
	if err != nil {
		t.Fatal(err)
	}
	old, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(filepath.Dir(path), "three.db")}, store.SchemaUpTo(3))
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if want, err := old.SchemaDump(ctx); err != nil || got != want {
		t.Fatalf("this is not a notebook of version 3 (%v):\n%s\nbut it was\n%s", err, got, want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return w, path
}

func drawn(t *testing.T, w *world) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = w.nb.Project(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// An older notebook is whole at once: the list that it had answers every question while its lines are drawn anew, and the
// copy beside it is the notebook that it was.
func TestAnUpgradedListIsWholeAtOnce(t *testing.T) {
	const records = 1200 // more than are drawn in one transaction
	w, path := olderNotebook(t, records)
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { s.Close() }()
	whole := func(when string) {
		t.Helper()
		for _, q := range []notebook.Query{{}, {Form: form.ID}, {State: notebook.StateQueued}, {Text: "ban"}} {
			q.Limit = records * 2
			found, err := w.nb.Search(ctx, q)
			want := records
			if q.Text != "" {
				want = w.holding("ban")
			}
			if err != nil || len(found) != want {
				t.Fatalf("%s: %+v finds %d of %d (%v)", when, q, len(found), want, err)
			}
		}
		if n, err := w.nb.Count(ctx); n != records || err != nil {
			t.Fatalf("%s: counts %d (%v)", when, n, err)
		}
	}
	w.open(s)
	whole("before the first line was drawn anew")
	if more, err := w.nb.Project(ctx); !more || err != nil {
		t.Fatalf("all was drawn anew in one step (%v)", err)
	}
	whole("while it is drawn anew")

	// The process is killed here: what the files hold now is what the next start finds.
	dir, remove := memoryDir(t)
	defer remove()
	killed := filepath.Join(dir, "so.db")
	for _, ending := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + ending)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(killed+ending, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	next, err := store.Open(ctx, killed, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	w.open(next)
	whole("after a kill")
	drawn(t, w)
	whole("drawn to the end")
	if err := next.Check(ctx, false); err != nil {
		t.Error(err)
	}
	sameAsNew(t, w, next)
	before, err := sqlite.Open(ctx, sqlite.Options{Path: path + ".before-v4", ReadOnly: true}, store.SchemaUpTo(3))
	if err != nil {
		t.Fatalf("the copy of before: %v", err)
	}
	before.Close()
}

// sameAsNew holds the list, and its index, against one that is drawn from nothing.
func sameAsNew(t *testing.T, w *world, s *store.Store) {
	t.Helper()
	dump := func() (text string) {
		if err := s.View(ctx, func(tx notebook.Tx) (err error) { text, err = storetest.Dump(tx); return err }); err != nil {
			t.Fatal(err)
		}
		return text
	}
	centre := func() (n int) {
		found, err := w.nb.Search(context.Background(), notebook.Query{State: notebook.StateCentre, Limit: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	list, found := dump(), centre()
	if err := w.nb.Reproject(ctx); err != nil {
		t.Fatal(err)
	}
	drawn(t, w)
	if dump() != list || centre() != found {
		t.Error("the list of an upgraded notebook is another than a new one")
	}
}

// holding counts the saved records in whose note a word stands, as the notebook itself folds them.
func (w *world) holding(word string) (n int) {
	found, err := w.nb.Search(ctx, notebook.Query{Limit: 1 << 20})
	if err != nil {
		w.t.Fatal(err)
	}
	lines, err := w.nb.Lines(ctx, found)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, l := range lines {
		if slices.ContainsFunc(notebook.SearchWords(l.Words), func(x string) bool { return len(x) >= len(word) && x[:len(word)] == word }) {
			n++
		}
	}
	return n
}
