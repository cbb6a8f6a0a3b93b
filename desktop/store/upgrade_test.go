package store_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"banlang/desktop/cryptvfs"
	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/notebook/storetest"
	"banlang/desktop/store"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// olderNotebook is a notebook of saved records, and of one more that was deleted, as the program of schema version 3 left it, its list
// drawn to the end.
func olderNotebook(t *testing.T, records int, o store.Options) (w *world, path string) {
	t.Helper()
	path = inMemory(t)
	s, err := store.Open(ctx, path, o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w = newWorld(t, s, rand.New(rand.NewPCG(3, 4)))
	var entries []notebook.Entry
	for range records + 1 {
		entries = append(entries, notebook.Entry{Form: form, Feed: feeds[0], Values: map[string]string{"note": sentence(w.rng, 12)}})
	}
	recs, err := w.nb.Save(ctx, entries...)
	if err != nil {
		t.Fatal(err)
	}
	d := notebook.Draft{Form: form, Feed: feeds[0], Officer: "an"}
	d.Set("note", plantedText, nil)
	if _, err := w.nb.SaveDraft(ctx, d); err != nil {
		t.Fatal(err)
	}
	drawn(t, w)
	deleted, err := w.nb.View(ctx, recs[records])
	if err == nil {
		err = w.nb.Delete(ctx, "an", deleted)
	}
	if err == nil {
		err = unfound(s, recs[records])
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DB().Update(ctx, func(tx *sqlite.Tx) error {
		for _, sql := range []string{"ALTER TABLE row DROP COLUMN deleted", "ALTER TABLE row DROP COLUMN review", "PRAGMA user_version = 3"} {
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
	// The dump that the last program of version 3 had for its golden one.
	if want, err := os.ReadFile("testdata/schema-v3.golden"); err != nil || got != string(want) {
		t.Fatalf("this is not a notebook of version 3 (%v):\n%s", err, got)
	}
	return w, path
}

// unfound leaves of a deleted record in the list what it was before version 5: a line without words, which nothing finds.
func unfound(s *store.Store, rec record.Dot) error {
	return s.DB().Update(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT id, words, form_id, units, date FROM row WHERE record_run = ? AND record_n = ?", int64(rec.Run), int64(rec.N))
		if err != nil {
			return err
		}
		words := store.Indexed(&notebook.Row{Words: row.Text(1), Form: record.FormRef{ID: row.Text(2)}, Units: row.Text(3), Date: row.Text(4), Deleted: true})
		return errors.Join(
			tx.Exec("INSERT INTO row_search (row_search, rowid, words) VALUES ('delete', ?, ?)", row.Int64(0), words),
			tx.Exec("UPDATE row SET title = '', words = '', date = '' WHERE id = ?", row.Int64(0)))
	})
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
	for name, o := range map[string]store.Options{"plain": {}, "enciphered": {Keys: []*keyfile.Key{oldKey}}} {
		t.Run(name, func(t *testing.T) { upgrades(t, o) })
	}
}

func upgrades(t *testing.T, o store.Options) {
	const records = 1200 // more than are drawn in one transaction
	w, path := olderNotebook(t, records, o)
	asItWas, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Keys) > 0 {
		if _, err := store.Open(ctx, path, store.Options{Keys: []*keyfile.Key{newKey}}); fault.CodeOf(err) != fault.WrongDataKey {
			t.Fatalf("with a wrong key: %v", err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, asItWas) {
			t.Fatalf("a wrong key has touched the file (%v)", err)
		}
	}
	s, err := store.Open(ctx, path, o)
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
	next, err := store.Open(ctx, killed, o)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	w.open(next)
	whole("after a kill")
	drawn(t, w)
	whole("drawn to the end")
	if found, err := w.nb.Search(ctx, notebook.Query{State: notebook.StateDeleted, Limit: 9}); err != nil || len(found) != 1 {
		t.Errorf("of what was deleted before, %d are found (%v)", len(found), err)
	}
	if err := next.Check(ctx, false); err != nil {
		t.Error(err)
	}
	sameAsNew(t, w, next)
	if ds, err := w.nb.Drafts(ctx); err != nil || len(ds) != 1 || ds[0].Values["note"] != plantedText {
		t.Errorf("the drafts are %+v (%v)", ds, err)
	}
	before(t, path+".before-v5", o, records+1)
	if len(o.Keys) > 0 {
		nothingLegible(t, path)
	}
}

// before looks into the copy of an upgraded notebook: it opens as that of version 3, under the same key, and is whole.
func before(t *testing.T, path string, o store.Options, records int64) {
	t.Helper()
	options := sqlite.Options{Path: path, ReadOnly: true}
	for _, key := range o.Keys {
		layer, err := cryptvfs.Register((*[cryptvfs.KeySize]byte)(key), "")
		if err != nil {
			t.Fatal(err)
		}
		defer layer.Close()
		options.VFS, options.Plain = layer.Name(), layer.Plain
	}
	db, err := sqlite.Open(ctx, options, store.SchemaUpTo(3))
	if err != nil {
		t.Fatalf("the copy of before: %v", err)
	}
	defer db.Close()
	var saved, drafts int64
	if err := db.View(ctx, func(tx *sqlite.Tx) error {
		row, err := tx.One("SELECT (SELECT count(*) FROM row), (SELECT count(*) FROM draft)")
		if err == nil {
			saved, drafts = row.Int64(0), row.Int64(1)
		}
		return err
	}); err != nil || saved != records || drafts != 1 {
		t.Errorf("the copy of before holds %d records and %d drafts (%v)", saved, drafts, err)
	}
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
