package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/clock"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// listedRecords is how many records the list of BenchmarkList has.
const listedRecords = 100_000

// listed is the program on a notebook of many records on SQLite, without a window.
type listed struct {
	b     *testing.B
	nb    *notebook.Notebook
	forms app.Forms
	app   *app.App
	queue chan func()
}

// The door of a notebook that is open already, for an officer whom nobody asks.
func (l *listed) Whose() app.Whose { return app.Whose{Machine: 24} }
func (l *listed) Officers() ([]app.Officer, error) {
	return []app.Officer{{ID: "a.24", Name: "A"}}, nil
}
func (l *listed) Shut() error          { return nil }
func (l *listed) Advice(string) string { return "" }
func (l *listed) Open(context.Context, string, string, func(float64)) (app.Book, error) {
	return app.Book{Notebook: l.nb, Forms: l.forms}, nil
}
func (l *listed) Rekey(context.Context, string, string, string) error { return nil }
func (l *listed) Enter(context.Context, string, string, string, func(float64)) (app.Officer, app.Book, error) {
	return app.Officer{}, app.Book{}, nil
}

func (l *listed) fill() {
	const atOnce = 500
	entry := func(id string, values map[string]string) notebook.Entry {
		f, _ := l.forms.Library.Current(id)
		return notebook.Entry{Form: f.Ref, Feed: record.NewFeed("U", f.Compartment), Officer: "a.24", Values: values}
	}
	var villages []notebook.Entry
	for i := range atOnce {
		villages = append(villages, entry("venue_register", map[string]string{"name": fmt.Sprint("Thôn Suối Vàng ", i), "type": "thon"}))
	}
	places, err := l.nb.Save(l.b.Context(), villages...)
	for n := 0; n < listedRecords && err == nil; n += atOnce {
		var es []notebook.Entry
		for i := range atOnce {
			day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, (n+i)/45)
			es = append(es, entry("awareness_session", map[string]string{"occurred_on": day.Format(time.DateOnly), "method": "truc_tiep",
				"venue": places[(n+i*7)%len(places)].String(), "topics": "toi_pham tin_dung_den", "participants_total": fmt.Sprint(20 + i%100),
				"note": "Bà con hỏi về cấp đổi căn cước và đường liên xã"}))
		}
		_, err = l.nb.Save(l.b.Context(), es...)
	}
	if err != nil {
		l.b.Fatal(err)
	}
}

// until runs what is posted to the screen until done says so, and returns the longest that one of it kept the screen.
func (l *listed) until(done func() bool) (longest time.Duration) {
	for !done() {
		f := <-l.queue
		began := time.Now()
		f()
		longest = max(longest, time.Since(began))
	}
	return longest
}

// BenchmarkList measures what an officer waits for at a list of 100,000 records: each act from the key to the answer on the
// screen's goroutine, without the drawing itself.
func BenchmarkList(b *testing.B) {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "so.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	key, err := seal.NewReplicaKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Update(b.Context(), func(tx notebook.Tx) error {
		c := &record.Change{Dot: record.Dot{Run: 1, N: 1}, Replica: record.Centre, Kind: record.KindGrant, Grantee: 24,
			Feeds: []record.Feed{record.NewFeed("U", "ordinary")}}
		if err := c.Seal(nil, nil); err != nil {
			return err
		}
		_, _, err := ledger.Insert(tx, c)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	l := &listed{b: b, forms: app.NewForms(form.Builtin()), queue: make(chan func(), 1000)}
	l.nb = notebook.Open(s, notebook.Options{Replica: 24, Key: key, Forms: l.forms, Wall: clock.System})
	l.fill()
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			l.start()
		}
	})
	defer l.app.Close()
	l.until(func() bool { return l.app.List.Len() >= listedRecords })
	l.acts(b)
}

// start opens the program and goes to the list, until its first rows can be read.
func (l *listed) start() {
	if l.app != nil {
		l.app.Close()
	}
	l.queue = make(chan func(), 1000)
	queue := l.queue
	l.app = app.New(app.Options{Door: l, Zone: time.UTC})
	l.app.Start(func(f func()) { queue <- f }, func(app.Part) {})
	l.app.Gate.Try("mật khẩu")
	l.until(func() bool { return l.app.Me() != "" })
	l.app.Go(app.PageRecords)
	l.until(func() bool { return l.app.List.Ready() && l.app.List.Row(10).Title != "" })
}

func (l *listed) acts(b *testing.B) {
	list, n := l.app.List, 0
	b.Run("row", func(b *testing.B) { // a row that comes into sight; every 64th reads its page
		times := measured(b, func() { n++; list.Row(n * 3 % list.Len()) })
		b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	})
	b.Run("select", func(b *testing.B) {
		times := measured(b, func() {
			n += 997
			list.Choose(n % list.Len())
			key := list.Key(n % list.Len())
			l.until(func() bool { d := l.app.Detail(); return d != nil && d.Key == key })
		})
		b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
	})
	words := []string{"c", "ca", "can cuoc", "thon suoi vang 37", "duong lien", "tin dung den", "khong co", "suoi"}
	for _, filter := range []func(){func() {}, func() { list.SetPeriod(app.PeriodYear) }, func() { list.SetState(app.Queued) }, func() { list.SetForm("awareness_session") }} {
		filter()
		var all []time.Duration
		for _, word := range words {
			b.Run(fmt.Sprintf("search,%+v,%s", list.Filter(), word), func(b *testing.B) {
				all = append(all, measured(b, func() {
					n++
					list.SetText(word + " "[:n%2]) // another question, the same words
					list.Now()
					want := list.Filter()
					l.until(func() bool { return list.Shown() == want })
				})...)
			})
		}
		slices.Sort(all)
		b.Logf("%+v: p50 %v, p95 %v of %d searches", list.Filter(), all[len(all)/2], all[len(all)*95/100], len(all))
	}
}

// measured runs an act again and again, and gives its times, sorted.
func measured(b *testing.B, act func()) (times []time.Duration) {
	for b.Loop() {
		began := time.Now()
		act()
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	return times
}
