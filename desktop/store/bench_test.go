package store_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

const changesOfAPage = 1000

// cpu is the processor time that this process has used: it does not grow while neighbours work.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// report writes a record as a busy form gives it: 10 fields, about 450 bytes of Vietnamese text.
func (w *world) report(of record.Dot) record.Change {
	c := record.Change{Kind: record.KindEdit, Officer: "nguyen.van.an", Form: record.FormRef{ID: "tuyen_truyen", Version: 3}, Record: of}
	for i, path := range []string{"attended", "date", "leaders", "method", "note", "place", "result", "topic", "village"} {
		value := fmt.Sprint(w.rng.IntN(300))
		switch {
		case path == "date":
			value = "2026-11-16"
		case path == "note":
			value = sentence(w.rng, 52)
		case i > 4:
			value = sentence(w.rng, 3)
		}
		c.Edits = append(c.Edits, record.Edit{Path: path, Value: value})
	}
	if of.IsZero() {
		c.Edits = append([]record.Edit{{Path: record.PathFeed, Value: string(feeds[0])}}, c.Edits...)
	}
	return c
}

// fullPages makes pages of 1,000 changes of a colleague, as they come over the link.
func (w *world) fullPages(n int, edits bool) (pages [][][]byte, ends []protocol.Cursor) {
	w.grant = w.write(w.centre, record.Change{Kind: record.KindGrant, Grantee: ownReplica, Feeds: feeds}).Dot
	for i := range n {
		page := [][]byte{w.centre.log[len(w.centre.log)-1].Encoded()}
		for range changesOfAPage - 1 {
			of := record.Dot{}
			if edits && len(w.records) > 100 && w.rng.IntN(2) == 0 {
				of = w.any()
			}
			page = append(page, w.write(w.colleague, w.report(of)).Encoded())
		}
		pages = append(pages, page)
		ends = append(ends, protocol.Cursor{Hub: 7, Epoch: record.Epoch{Number: 1, Random: 9}, At: map[string]ledger.Pos{protocol.KeyMine(): ledger.Pos(i + 1)}})
	}
	w.colleague, w.records = nil, nil // nothing of the colleague is left for the collector to look at
	runtime.GC()
	return pages, ends
}

func benchNotebook(b *testing.B, dir string) (*world, *store.Store) {
	b.Helper()
	s, err := store.Open(ctx, filepath.Join(dir, "so.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return newWorld(b, s, rand.New(rand.NewPCG(1, 1))), s
}

const pagesOfANotebook = 40

// BenchmarkTakePage takes pages of 1,000 changes, from the bytes of the link to the durable commit. In "edits" every
// other change is of an older record.
func BenchmarkTakePage(b *testing.B) {
	for _, name := range []string{"records", "edits"} {
		b.Run(name, func(b *testing.B) {
			var used time.Duration
			n := 0
			for n < b.N {
				b.StopTimer()
				dir, remove := memoryDir(b)
				w, s := benchNotebook(b, dir)
				pages, ends := w.fullPages(min(b.N-n, pagesOfANotebook), name == "edits")
				b.StartTimer()
				from := cpu()
				var at protocol.Cursor
				for i := range pages {
					p := &protocol.Page{From: at.Sum(), To: ends[i], Grant: w.grant}
					for _, raw := range pages[i] {
						c, err := record.Decode(raw)
						if err != nil {
							b.Fatal(err)
						}
						p.Items = append(p.Items, c)
					}
					if err := w.nb.Session(ctx).TakePage(p); err != nil {
						b.Fatal(err)
					}
					at = ends[i]
					n++
				}
				used += cpu() - from
				b.StopTimer()
				s.Close()
				remove()
			}
			b.ReportMetric(float64(used.Nanoseconds())/1000/float64(b.N*changesOfAPage), "cpu-µs/change")
		})
	}
}

// BenchmarkOutgoing reads 1,000 own changes to be pushed.
func BenchmarkOutgoing(b *testing.B) {
	dir, remove := memoryDir(b)
	defer remove()
	w, s := benchNotebook(b, dir)
	defer s.Close()
	const all = 10_000
	for range all / 500 {
		var entries []notebook.Entry
		for range 500 {
			c := w.report(record.Dot{})
			e := notebook.Entry{Form: c.Form, Feed: feeds[0], Officer: c.Officer, Values: map[string]string{}}
			for _, x := range c.Edits[1:] {
				e.Values[x.Path] = x.Value
			}
			entries = append(entries, e)
		}
		if _, err := w.nb.Save(ctx, entries...); err != nil {
			b.Fatal(err)
		}
	}
	runs, err := w.nb.Runs(ctx)
	if err != nil {
		b.Fatal(err)
	}
	from, at := cpu(), record.Number(1)
	for b.Loop() {
		cs, _, err := w.nb.Session(ctx).Outgoing(runs[0].ID, at, at+changesOfAPage-1, protocol.MaxFrameBytes)
		if err != nil || len(cs) != changesOfAPage {
			b.Fatal(len(cs), err)
		}
		if at += changesOfAPage; at >= all-changesOfAPage {
			at = 1
		}
	}
	b.ReportMetric(float64((cpu()-from).Nanoseconds())/1000/float64(b.N*changesOfAPage), "cpu-µs/change")
}

// BenchmarkSave saves one record, as an officer does: written, stored, drawn into the list, durable.
func BenchmarkSave(b *testing.B) {
	dir, remove := memoryDir(b)
	defer remove()
	w, s := benchNotebook(b, dir)
	defer s.Close()
	for b.Loop() {
		c := w.report(record.Dot{})
		e := notebook.Entry{Form: c.Form, Feed: feeds[0], Officer: c.Officer, Values: map[string]string{}}
		for _, x := range c.Edits[1:] {
			e.Values[x.Path] = x.Value
		}
		if _, err := w.nb.Save(ctx, e); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkProject draws the list of records that arrived, 500 in a transaction.
func BenchmarkProject(b *testing.B) {
	dir, remove := memoryDir(b)
	defer remove()
	w, s := benchNotebook(b, dir)
	defer s.Close()
	pages, ends := w.fullPages(10, false)
	var at protocol.Cursor
	for i := range pages {
		p := &protocol.Page{From: at.Sum(), To: ends[i], Grant: w.grant}
		for _, raw := range pages[i] {
			c, err := record.Decode(raw)
			if err != nil {
				b.Fatal(err)
			}
			p.Items = append(p.Items, c)
		}
		if err := w.nb.Session(ctx).TakePage(p); err != nil {
			b.Fatal(err)
		}
		at = ends[i]
	}
	places := 0
	for b.Loop() {
		more, err := w.nb.Project(ctx)
		if err != nil {
			b.Fatal(err)
		}
		if places += notebook.ProjectAtOnce; !more {
			if err := w.nb.Reproject(ctx); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(places), "µs/place")
}
