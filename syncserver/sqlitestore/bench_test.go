package sqlitestore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/hub"
	"banlang/syncserver/sqlitestore"
)

const changesOfAPush = 1000

// cpu is the processor time that this process has used: it does not grow while neighbours work.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watch measures the processor time of the stretches between start and stop.
type watch struct {
	from, sum time.Duration
}

func (w *watch) start() { w.from = cpu() }
func (w *watch) stop()  { w.sum += cpu() - w.from }

func (w *watch) report(b *testing.B, changes int) {
	b.ReportMetric(float64(w.sum.Nanoseconds())/1000/float64(changes), "cpu-µs/change")
}

// report writes a record as a busy form gives it: 10 fields, about 450 bytes of Vietnamese text.
func (w *world) report(d *device, of record.Dot) {
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
		c.Edits = append([]record.Edit{{Path: record.PathFeed, Value: "U1/ordinary"}}, c.Edits...)
	}
	w.write(d, c)
}

// pushes makes n pushes as they come over the link: encoded changes, and the device's word on its chain.
func pushes(b *testing.B, w *world, n int, edits bool) (encoded [][][]byte, heads []record.HeadSignature) {
	b.Helper()
	d := w.devices[0]
	size := 0
	for range n {
		var items [][]byte
		for range changesOfAPush {
			of := record.Dot{}
			if edits && len(w.records) > 100 && w.rng.IntN(2) == 0 {
				of = w.records[w.rng.IntN(len(w.records))]
			}
			w.report(d, of)
			items = append(items, d.log[len(d.log)-1].Encoded())
			size += len(d.log[len(d.log)-1].Encoded())
		}
		encoded = append(encoded, items)
		r, err := d.mem.Run(d.log[len(d.log)-1].Dot.Run)
		if err != nil {
			b.Fatal(err)
		}
		h := record.HeadSignature{Replica: d.replica, Run: r.ID, N: r.Prefix, Head: r.Head}
		h.Sig = d.key.Sign(seal.DomainHead, h.Statement())
		heads = append(heads, h)
	}
	b.Logf("%d bytes a change", size/n/changesOfAPush)
	d.mem, d.log, w.records = nil, nil, nil // nothing of the notebook is left for the collector to look at
	runtime.GC()
	return encoded, heads
}

// benchHub opens a hub on a plain file with one enrolled device.
func benchHub(b *testing.B, dir string) (*world, *sqlitestore.Store) {
	b.Helper()
	s, err := sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"), sqlitestore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	w := newWorld(b, s, rand.New(rand.NewPCG(1, 1)))
	if err := w.enter("U1/ordinary", "U2/ordinary"); err != nil {
		b.Fatal(err)
	}
	if err := w.apply(w.hello(w.devices[0])); err != nil {
		b.Fatal(err)
	}
	return w, s
}

const pushesOfAHub = 40

// BenchmarkApply takes pushes of 1,000 changes in, from the bytes of the link to the durable commit: decoded, summed,
// stored, listed, judged, receipted. In "edits" every other change is of an older record; in "turns" some record has
// moved, so that each is looked up.
func BenchmarkApply(b *testing.B) {
	for _, name := range []string{"records", "edits", "turns"} {
		b.Run(name, func(b *testing.B) {
			var clock watch
			n := 0
			for n < b.N {
				b.StopTimer()
				dir, remove := memoryDir(b)
				w, s := benchHub(b, dir)
				encoded, heads := pushes(b, w, min(b.N-n, pushesOfAHub), name != "records")
				if name == "turns" {
					w.moved()
				}
				b.StartTimer()
				clock.start()
				for i := range encoded {
					w.take(encoded[i], heads[i])
					n++
				}
				clock.stop()
				b.StopTimer()
				s.Close()
				remove()
			}
			clock.report(b, b.N*changesOfAPush)
		})
	}
}

// moved lets the centre keep a turn.
func (w *world) moved() {
	err := w.hub.Staff(ctx, func(a *hub.Act) error {
		return a.Tx().PutTurn(record.Dot{Run: 1, N: 1}, hub.Turn{})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// take decodes and applies one push.
func (w *world) take(items [][]byte, head record.HeadSignature) {
	p := &protocol.Push{Epoch: w.hub.Epoch(), Items: make([]*record.Change, len(items)), Heads: []record.HeadSignature{head}}
	for i, raw := range items {
		var err error
		if p.Items[i], err = record.Decode(raw); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := w.apply(&hub.Job{Push: p}); err != nil {
		w.t.Fatal(err)
	}
}

// BenchmarkPage cuts the pages of a fresh reader of the feed.
func BenchmarkPage(b *testing.B) {
	for _, name := range []string{"records", "turns"} {
		b.Run(name, func(b *testing.B) {
			dir, remove := memoryDir(b)
			defer remove()
			w, s := benchHub(b, dir)
			defer s.Close()
			encoded, heads := pushes(b, w, 20, true)
			if name == "turns" {
				w.moved()
			}
			for i := range encoded {
				w.take(encoded[i], heads[i])
			}
			if err := w.enter("U1/ordinary"); err != nil {
				b.Fatal(err)
			}
			rd := hub.Reader{Replica: w.devices[1].replica}
			var clock watch
			changes := 0
			at := protocol.Cursor{Hub: w.hub.ID(), Epoch: w.hub.Epoch(), At: map[string]ledger.Pos{}}
			from := at
			b.ResetTimer()
			clock.start()
			for b.Loop() {
				p, err := w.hub.Page(context.Background(), rd, from)
				if err != nil {
					b.Fatal(err)
				}
				changes += len(p.Items)
				if from = p.To; p.Caught {
					from = at
				}
			}
			clock.stop()
			clock.report(b, changes)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(changes), "µs/change")
			b.ReportMetric(float64(changes)/float64(b.N), "changes/page")
		})
	}
}
