package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// syllables are folded Vietnamese ones, about as many as are in daily use, with the skew that words have.
func syllables() (list []string) {
	heads := strings.Fields("b c ch d g gi h k kh l m n ng nh ph qu r s t th tr v x")
	tails := strings.Fields("a ai am an ang anh ao at au ay e em en eo et i ia ich iem ien ieu im in inh it iu o oa oai oan oc oi om on ong ot u ua ui um un ung uoc uoi uon uong ut uu uy uyen y yen")
	for _, h := range heads {
		for _, t := range tails {
			list = append(list, h+t)
		}
	}
	return list
}

// fillRows puts rows as they may look: a title, a place, a note.
func fillRows(t testing.TB, s *store.Store, n int) {
	t.Helper()
	words := syllables()
	rng := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(rng, 1.1, 8, uint64(len(words)-1))
	rng.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	at := record.Millis(1_700_000_000_000)
	for i := 0; i < n; {
		err := s.Update(ctx, func(tx notebook.Tx) error {
			for range 500 {
				at += record.Millis(rng.IntN(600_000))
				var text strings.Builder
				for range 40 {
					text.WriteString(words[zipf.Uint64()] + " ")
				}
				r := notebook.Row{Record: record.Dot{Run: record.RunID(1 + i%40), N: record.Number(i + 1)}, Replica: 24,
					Form: record.FormRef{ID: fmt.Sprint("mau_", i%8), Version: 1}, Title: text.String()[:30], Date: "2026-11-16", Words: text.String(),
					Written: at, Conflict: i%5000 == 1, Rejected: i%20000 == 7, Visible: i%10 != 0, Units: fmt.Sprint("U", i%3)}
				r.Date = time.UnixMilli(at).UTC().Format(time.DateOnly)
				if i%4 == 0 {
					r.Own = record.Dot{Run: record.RunID(900 + i/20_000), N: record.Number(i + 1)}
				}
				if i%200 == 3 {
					r.Calls = text.String()[:16]
				} else if i > 1000 {
					r.Place = record.Dot{Run: record.RunID(1 + (i/1000*200+3)%40), N: record.Number(i/1000*200 + 4)}
				}
				if i++; i > n {
					return nil
				}
				if err := tx.PutRow(r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// own has the runs of fillRows known, all but the last receipted: of the own changes, few wait to be sent.
func own(t testing.TB, s *store.Store) {
	t.Helper()
	err := s.Update(ctx, func(tx notebook.Tx) error {
		for run := range record.RunID(5) {
			r := ledger.Run{ID: 900 + run, Replica: 24, Own: true, Claim: 100_000}
			r.Receipt = record.Receipt{Run: r.ID, N: 100_000}
			if run == 4 {
				r.Receipt.N = 99_000
			}
			if err := tx.PutRun(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkSearch asks a list of 100,000 rows, with each filter and with words: for what a screen shows at once, as the list
// does (app.firstRows), and for all that fits, which follows behind it.
func BenchmarkSearch(b *testing.B) {
	s, path := opened(b)
	started := time.Now()
	fillRows(b, s, 100_000)
	own(b, s)
	if err := s.Checkpoint(ctx); err != nil {
		b.Fatal(err)
	}
	if info, err := os.Stat(path); err == nil {
		b.Logf("%v and %d bytes a row", time.Since(started)/100_000, info.Size()/100_000)
	}
	month := notebook.Query{From: "2024-03-01", To: "2024-03-31"}
	year := notebook.Query{From: "2024-01-01", To: "2024-12-31"}
	queries := []notebook.Query{{}, {Form: "mau_3"}, {State: notebook.StateConflict}, {State: notebook.StateAttention}, {State: notebook.StateQueued},
		{State: notebook.StateCentre}, {Unit: "U1"}, month, year, {From: "2024-03-01"}, {Form: "mau_3", Unit: "U1", State: notebook.StateCentre, From: month.From, To: month.To},
		{Text: "t"}, {Text: "th"}, {Text: "tha"}, {Text: "thuong"}, {Text: "nguyen van"}, {Text: "t h n"}, {Text: "th ng ch"}, {Text: "khuoi"},
		{Text: "zzz"}, {Text: "thuong zzz"}, {Text: "th", State: notebook.StateConflict}, {Text: "th", Form: "mau_3"}, {Text: "th", Unit: "U1"},
		{Text: "th", State: notebook.StateQueued}, {Text: "thuong", From: year.From, To: year.To}, {Text: "th", From: month.From, To: month.To}}
	for _, limit := range []int{200, 200_000} {
		var all []time.Duration
		for _, q := range queries {
			q.Limit = limit
			b.Run(fmt.Sprintf("%d,%q,%s%s,%s,%d", limit, q.Text, q.Form, q.Unit, q.From, q.State), func(b *testing.B) {
				found := 0
				for b.Loop() {
					began := time.Now()
					err := s.View(ctx, func(tx notebook.Tx) error {
						recs, err := tx.Search(q)
						found = len(recs)
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
					all = append(all, time.Since(began))
				}
				b.ReportMetric(float64(found), "found")
			})
		}
		slices.Sort(all)
		b.Logf("limit %d: p50 %v, p95 %v of %d searches", limit, all[len(all)/2], all[len(all)*95/100], len(all))
	}
}

// BenchmarkPutRow alters rows of a list of 20,000, 500 in a transaction: their words, and when they were written.
func BenchmarkPutRow(b *testing.B) {
	s, _ := opened(b)
	fillRows(b, s, 20_000)
	rows := make([]notebook.Row, 0, 20_000)
	err := s.View(ctx, func(tx notebook.Tx) error {
		recs, err := tx.Search(notebook.Query{Limit: 20_000})
		for _, rec := range recs {
			r, _, _ := tx.Row(rec)
			rows = append(rows, r)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	at := rows[0].Written
	for _, later := range []bool{false, true} {
		b.Run(fmt.Sprint("later=", later), func(b *testing.B) {
			n := 0
			for b.Loop() {
				err := s.Update(ctx, func(tx notebook.Tx) error {
					for range 500 {
						r := &rows[rng.IntN(len(rows))]
						r.Words = r.Words[4:] + " moi"
						if later {
							at += 1000
							r.Written = at
						}
						if err := tx.PutRow(*r); err != nil {
							return err
						}
						n++
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(n), "µs/row")
		})
	}
}
