package store_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"testing"

	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// TestErasedWordsAreGone saves a name, edits it over, and gets the order to erase the record. When the list has been
// drawn, no file holds the name: neither the log, nor the list, nor what the search index once had.
func TestErasedWordsAreGone(t *testing.T) {
	s, path := opened(t)
	w := newWorld(t, s, rand.New(rand.NewPCG(5, 6)))
	const name = "Quyhzzqwk"
	save := func(e notebook.Entry) record.Dot {
		t.Helper()
		recs, err := w.nb.Save(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		return recs[0]
	}
	rec := save(notebook.Entry{Form: form, Feed: feeds[0], Values: map[string]string{"note": "ông " + name + " ở bản"}})
	for range 30 { // others between, so that the index has several parts
		save(notebook.Entry{Form: form, Feed: feeds[0], Values: map[string]string{"note": sentence(w.rng, 20)}})
	}
	v, err := w.nb.View(ctx, rec)
	if err != nil {
		t.Fatal(err)
	}
	save(notebook.Entry{Record: rec, Form: form, Values: map[string]string{"note": "bà " + name + "bis"}, Saw: map[string][]record.Dot{"note": v.Dots("note")}})
	if found, _ := w.nb.Search(ctx, notebook.Query{Text: name, Limit: 1}); len(found) != 1 {
		t.Fatal("the name is not found")
	}
	w.grant = w.write(w.centre, record.Change{Kind: record.KindGrant, Grantee: ownReplica, Feeds: feeds[:1]}).Dot
	p := &protocol.Page{Grant: w.grant, To: protocol.Cursor{Hub: 7, Epoch: record.Epoch{Number: 1}}}
	var none protocol.Cursor
	p.From = none.Sum()
	former := path + ".before-v4" // as an upgrade leaves it
	if err := s.Copy(ctx, former); err != nil {
		t.Fatal(err)
	}
	w.write(w.centre, record.Change{Kind: record.KindErase, Record: rec})
	p.Items = w.centre.log
	if err := w.nb.Session(ctx).TakePage(decoded(t, p)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.nb.Check(ctx); err != nil { // draws the list
		t.Fatal(err)
	}
	if found, _ := w.nb.Search(ctx, notebook.Query{Text: name, Limit: 1}); len(found) != 0 {
		t.Error("the name is found")
	}
	if _, err := os.Stat(former); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a copy of before an upgrade has it still: %v", err)
	}
	for _, file := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range []string{"uyhzzqwk", "yhzzqwk", "zzqwk"} {
			if bytes.Contains(content, []byte(trace)) {
				t.Errorf("%s holds %q", file, trace)
			}
		}
	}
	if err := s.Check(ctx, false); err != nil {
		t.Error(err)
	}
}

// TestErasedOfNoWords: what the list says no word of any more, as of a deleted record, is gone from the copy of before an upgrade too.
func TestErasedOfNoWords(t *testing.T) {
	s, path := opened(t)
	w := newWorld(t, s, rand.New(rand.NewPCG(7, 8)))
	save := func(e notebook.Entry) []record.Dot {
		t.Helper()
		recs, err := w.nb.Save(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		return recs
	}
	rec := save(notebook.Entry{Form: form, Feed: feeds[0], Values: map[string]string{"note": "ông Quyhzzqwk"}})[0]
	save(notebook.Entry{Record: rec, Form: form, Values: map[string]string{record.PathLife: record.LifeDeleted}, Saw: map[string][]record.Dot{record.PathLife: {rec}}})
	if _, err := w.nb.Check(ctx); err != nil { // draws the list
		t.Fatal(err)
	}
	former := path + ".before-v4"
	if err := s.Copy(ctx, former); err != nil {
		t.Fatal(err)
	}
	w.grant = w.write(w.centre, record.Change{Kind: record.KindGrant, Grantee: ownReplica, Feeds: feeds[:1]}).Dot
	var none protocol.Cursor
	w.write(w.centre, record.Change{Kind: record.KindErase, Record: rec})
	p := &protocol.Page{Grant: w.grant, From: none.Sum(), To: protocol.Cursor{Hub: 7, Epoch: record.Epoch{Number: 1}}, Items: w.centre.log}
	if err := w.nb.Session(ctx).TakePage(decoded(t, p)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.nb.Check(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(former); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a copy of before an upgrade has it still: %v", err)
	}
}

// TestPurgeAfterAPowerCut: a purge that did not come to its end is done at the next opening.
func TestPurgeAfterAPowerCut(t *testing.T) {
	s, path := opened(t)
	put := func(words string) error {
		return s.Update(ctx, func(tx notebook.Tx) error {
			return tx.PutRow(notebook.Row{Record: record.Dot{Run: 1, N: 1}, Words: words, Visible: true})
		})
	}
	if err := put("quyhzzqwk"); err != nil {
		t.Fatal(err)
	}
	if err := put("khac"); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(ctx, func(tx notebook.Tx) error { return tx.PutValue("store: purge", []byte{1}) }); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	content, err := os.ReadFile(path)
	if err != nil || bytes.Contains(content, []byte("hzzqwk")) {
		t.Error("the word is still there", err)
	}
	err = s.View(ctx, func(tx notebook.Tx) error {
		v, err := tx.Value("store: purge")
		if v != nil {
			t.Error("the purge is still due")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// BenchmarkPurge rewrites the search index of 100,000 rows.
func BenchmarkPurge(b *testing.B) {
	s, _ := opened(b)
	fillRows(b, s, 100_000)
	for b.Loop() {
		if err := s.Purge(ctx); err != nil {
			b.Fatal(err)
		}
	}
}
