package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"banlang/desktop/notebook"
	"banlang/desktop/store"
	"banlang/shared/record"
)

// The desk: what an officer waits for, without a centre and without a window.

// deskResult is one line of the verbs desk and window; times are in milliseconds.
type deskResult struct {
	Name  string  `json:"name"`
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	N     int     `json:"n"`
	Plain float64 `json:"plain,omitempty"` // the median in a plain notebook
	Ratio float64 `json:"ratio,omitempty"` // of the medians: how many times longer it takes enciphered
}

func resultOf(name string, times []float64) deskResult {
	s := slices.Sorted(slices.Values(times))
	return deskResult{Name: name, P50: s[len(s)/2], P95: s[len(s)*95/100], P99: s[len(s)*99/100], N: len(s)}
}

func (r deskResult) print() error { return json.NewEncoder(os.Stdout).Encode(r) }

// deskRounds is how often each act is measured.
const deskRounds = 200

// desk furnishes the office with FILE and measures in both of its notebooks, in turns. Each act is what the window does for
// one deed of the officer's.
func desk(ctx context.Context) error {
	ls, err := lines()
	if err != nil {
		return err
	}
	if err := furnish(ctx, ls); err != nil {
		return err
	}
	opened, err := officeKeys()
	if err != nil {
		return err
	}
	plain, enciphered := &seat{dir: plainDir()}, &seat{dir: officeDir(), o: store.Options{Keys: opened}}
	for _, s := range []*seat{plain, enciphered} {
		if err := s.open(ctx, ls); err != nil {
			return err
		}
	}
	for i, act := range enciphered.acts {
		if err := compare(ctx, act, plain.acts[i]); err != nil {
			return err
		}
	}
	for _, s := range []*seat{plain, enciphered} {
		if err := s.store.Close(); err != nil {
			return err
		}
	}
	return nil
}

// seat is one of the notebooks, with what is done in it.
type seat struct {
	*table
	dir  string
	o    store.Options
	recs []record.Dot
	acts []act
}

func (s *seat) open(ctx context.Context, ls []line) (err error) {
	if s.table, err = openTable(ctx, s.dir, s.o); err != nil {
		return err
	}
	if s.recs, err = s.nb.Search(ctx, notebook.Query{Limit: len(ls)}); err == nil {
		s.acts = s.allActs(ls)
	}
	return err
}

type act struct {
	name   string
	rounds int
	before func() error // not measured
	do     func(ctx context.Context, i int) error
}

func (s *seat) allActs(ls []line) []act {
	draft := notebook.Draft{Form: s.form.Ref, Feed: feed, Officer: officerID}
	words := []string{"th", "nước", "trường học", "gieng khoan", "xã đông", "khong co", "sạt lở taluy", "lúa"}
	random := rand.New(rand.NewPCG(1, 1))
	return []act{
		{"draft", deskRounds, nil, func(ctx context.Context, i int) (err error) {
			draft.Set("note", ls[0].Note[:i%len(ls[0].Note)], nil)
			draft.ID, err = s.nb.SaveDraft(ctx, draft)
			return err
		}},
		{"save", deskRounds, nil, func(ctx context.Context, i int) error {
			_, err := s.nb.Save(ctx, s.entry(&ls[i%len(ls)], feed))
			return err
		}},
		{"view", deskRounds, nil, func(ctx context.Context, _ int) error {
			_, err := s.nb.View(ctx, s.recs[random.IntN(len(s.recs))])
			return err
		}},
		{"search", deskRounds, nil, func(ctx context.Context, i int) error {
			return s.page(ctx, words[i%len(words)])
		}},
		{"open", 20, func() error { return s.store.Close() }, func(ctx context.Context, _ int) (err error) {
			if s.table, err = openTable(ctx, s.dir, s.o); err != nil {
				return err
			}
			return s.page(ctx, "")
		}},
	}
}

// page is a screen of the list, with its lines.
func (t *table) page(ctx context.Context, text string) error {
	recs, err := t.nb.Search(ctx, notebook.Query{Text: text, Limit: 50})
	if err != nil {
		return err
	}
	if len(recs) == 0 {
		return fmt.Errorf("nothing is found by %q", text)
	}
	_, err = t.nb.Lines(ctx, recs)
	return err
}

// compare does an act in both notebooks, in turns, and prints what it took in the enciphered one.
func compare(ctx context.Context, enciphered, plain act) error {
	var times, plainTimes []float64
	for i := range enciphered.rounds {
		a, err := enciphered.once(ctx, i)
		if err != nil {
			return err
		}
		b, err := plain.once(ctx, i)
		if err != nil {
			return err
		}
		times, plainTimes = append(times, a), append(plainTimes, b)
	}
	r := resultOf(enciphered.name, times)
	r.Plain = resultOf("", plainTimes).P50
	r.Ratio = r.P50 / r.Plain
	return r.print()
}

// once does an act and returns its milliseconds.
func (a *act) once(ctx context.Context, i int) (float64, error) {
	if a.before != nil {
		if err := a.before(); err != nil {
			return 0, err
		}
	}
	start := time.Now()
	if err := a.do(ctx, i); err != nil {
		return 0, fmt.Errorf("%s: %w", a.name, err)
	}
	return float64(time.Since(start).Microseconds()) / 1000, nil
}
