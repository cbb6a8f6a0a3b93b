package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// The desk: what an officer waits for, without a centre.

// deskResult is one line of the verb desk.
type deskResult struct {
	Name string  `json:"name"`
	P50  float64 `json:"p50"` // milliseconds
	P99  float64 `json:"p99"`
	N    int     `json:"n"`
}

// deskRounds is how often each act is measured.
const deskRounds = 200

// desk fills a notebook with FILE and measures. Each act is what the window does for one deed of the officer's.
func desk(ctx context.Context) error {
	ls, err := lines()
	if err != nil {
		return err
	}
	a, err := theActivity()
	if err != nil {
		return err
	}
	t := &table{activity: a}
	if err := t.open(ctx); err != nil {
		return err
	}
	if err := t.store.Update(ctx, granted); err != nil {
		return err
	}
	if err := importLines(ctx, t.nb, ls, feed); err != nil {
		return err
	}
	for _, act := range t.acts(ls) {
		if err := act.measure(ctx); err != nil {
			return err
		}
	}
	return t.store.Close()
}

// table is a notebook on a desk.
type table struct {
	*activity
	store notebook.Store
	nb    *notebook.Notebook
}

func (t *table) open(ctx context.Context) (err error) {
	if t.store, err = openStore(ctx, "desk.db"); err != nil {
		return err
	}
	key, err := seal.NewReplicaKey(nil)
	t.nb = notebook.Open(t.store, notebook.Options{Replica: 24, Key: key, Forms: app.NewForms(t.library), Wall: clock.System})
	return err
}

// granted makes the records visible: the list shows only what the centre has granted.
func granted(tx notebook.Tx) error { return grantTo(tx, feed) }

func grantTo(tx notebook.Tx, feeds ...record.Feed) error {
	c := &record.Change{Dot: record.Dot{Run: 1, N: 1}, Replica: record.Centre, Kind: record.KindGrant, Grantee: 24, Feeds: feeds}
	if err := c.Seal(nil, nil); err != nil {
		return err
	}
	_, _, err := ledger.Insert(tx, c)
	return err
}

type act struct {
	name   string
	rounds int
	before func() error // not measured
	do     func(ctx context.Context, i int) error
}

func (t *table) acts(ls []line) []act {
	draft := notebook.Draft{Form: t.form.Ref, Feed: feed, Officer: ls[0].Officer}
	words := []string{"th", "nước", "trường học", "gieng khoan", "xã đông", "khong co", "sạt lở taluy", "lúa"}
	return []act{
		{"draft", deskRounds, nil, func(ctx context.Context, i int) (err error) {
			draft.Set("note", ls[0].Note[:i%len(ls[0].Note)], nil)
			draft.ID, err = t.nb.SaveDraft(ctx, draft)
			return err
		}},
		{"save", deskRounds, nil, func(ctx context.Context, i int) error {
			_, err := t.nb.Save(ctx, t.entry(&ls[i%len(ls)], feed))
			return err
		}},
		{"search", deskRounds, nil, func(ctx context.Context, i int) error {
			return t.page(ctx, words[i%len(words)])
		}},
		{"open", 20, func() error { return t.store.Close() }, func(ctx context.Context, _ int) error {
			if err := t.open(ctx); err != nil {
				return err
			}
			return t.page(ctx, "")
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

func (a *act) measure(ctx context.Context) error {
	var times []float64
	for i := range a.rounds {
		if a.before != nil {
			if err := a.before(); err != nil {
				return err
			}
		}
		start := time.Now()
		if err := a.do(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		times = append(times, float64(time.Since(start).Microseconds())/1000)
	}
	slices.Sort(times)
	return json.NewEncoder(os.Stdout).Encode(deskResult{a.name, times[len(times)/2], times[len(times)*99/100], len(times)})
}
