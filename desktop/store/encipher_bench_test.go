package store_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"banlang/desktop/keyfile"
	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// BenchmarkEnciphered does the same on a plain notebook and on an enciphered one, in turns, and reports how many times longer
// each takes under the cipher, by processor time: taking 10,000 records, looking at 1,000 of them after opening, and one
// search. An operation is a turn of both; the least of the turns count.
func BenchmarkEnciphered(b *testing.B) {
	const nothing = time.Hour
	names := []string{"taking", "viewing", "search"}
	least := map[bool][]time.Duration{false: {nothing, nothing, nothing}, true: {nothing, nothing, nothing}}
	for b.Loop() {
		for enciphered, best := range least {
			o := store.Options{}
			if enciphered {
				o.Keys = []*keyfile.Key{oldKey}
			}
			for i, took := range turn(b, o) {
				best[i] = min(best[i], took)
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, name := range names {
		b.ReportMetric(float64(least[true][i])/float64(least[false][i]), name+"-ratio")
		b.ReportMetric(float64(least[true][i])/float64(time.Millisecond), name+"-ms")
	}
}

// turn measures one notebook.
func turn(b *testing.B, o store.Options) [3]time.Duration {
	b.Helper()
	dir, remove := memoryDir(b)
	defer remove()
	path := filepath.Join(dir, "so.db")
	opened := func() *store.Store {
		s, err := store.Open(ctx, path, o)
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	s := opened()
	w := newWorld(b, s, rand.New(rand.NewPCG(1, 1)))
	pages, ends := w.fullPages(10, false)
	var dots []record.Dot
	var at protocol.Cursor
	taking := measured(func() {
		for i := range pages {
			p := &protocol.Page{From: at.Sum(), To: ends[i], Grant: w.grant}
			for _, raw := range pages[i] {
				c, err := record.Decode(raw)
				if err != nil {
					b.Fatal(err)
				}
				p.Items = append(p.Items, c)
				dots = append(dots, c.Dot)
			}
			if err := w.nb.Session(ctx).TakePage(p); err != nil {
				b.Fatal(err)
			}
			at = ends[i]
		}
	})
	if _, err := w.nb.Project(ctx); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	s = opened() // with nothing in its caches
	defer s.Close()
	w.open(s)
	rng := rand.New(rand.NewPCG(2, 2))
	viewing := measured(func() {
		for range 1000 {
			if _, err := w.nb.View(ctx, dots[rng.IntN(len(dots))]); err != nil {
				b.Fatal(err)
			}
		}
	})
	const searches = 50
	search := measured(func() {
		for range searches {
			if found, err := w.nb.Search(ctx, notebook.Query{Text: "tuần tra đêm", Limit: 20}); err != nil || len(found) == 0 {
				b.Fatal(len(found), err)
			}
		}
	})
	return [3]time.Duration{taking, viewing, search / searches}
}

func measured(f func()) time.Duration {
	from := cpu()
	f()
	return cpu() - from
}
