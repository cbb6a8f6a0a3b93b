package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	_ "github.com/mattn/go-sqlite3" // the plain driver: the limit
)

// latEdits is how many edits the latency is measured on in one round.
const latEdits = 150

// sync measures what goes between notebooks and the centre.
func (r *runner) sync(ctx context.Context) error {
	all := map[string]figures{}
	add := func(name, peer string, v float64) {
		if all[name] == nil {
			all[name] = figures{}
		}
		all[name][peer] = append(all[name][peer], v)
	}
	for range r.rounds {
		for _, p := range r.peers() {
			if err := r.syncRound(ctx, p, add); err != nil {
				return err
			}
		}
		rate, commit, err := r.plain(ctx)
		if err != nil {
			return err
		}
		add("limit", "rate", rate)
		add("limit", "commit", commit)
	}
	inserts := figure(all["limit"].median("rate"), rate)
	r.line("push10k", rate, all["push"], inserts)
	r.line("push50x200", rate, all["push50"], inserts)
	r.line("pull10k", rate, all["pull"], inserts)
	r.line("pull10k-listed", rate, all["listed"], inserts)
	commit := figure(all["limit"].median("commit"), ms) + "(one durable commit)"
	r.line("lat-p50", ms, all["p50"], commit)
	r.line("lat-p99", ms, all["p99"], commit)
	return nil
}

func (r *runner) syncRound(ctx context.Context, p peer, add func(name, peer string, v float64)) (err error) {
	s, err := p.start(ctx, r.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	files := []string{"FILE=" + r.data10 + ".jsonl", "EDITS=" + r.data10 + ".edits.jsonl"}
	x, err := s.run(ctx, "push", append(files, "N=10000", "DEVICES=1")...)
	if err != nil {
		return err
	}
	add("push", p.name, float64(x.N)/x.Secs)
	if x, err = s.run(ctx, "pull", append(files, "N=10000")...); err != nil {
		return err
	}
	add("pull", p.name, float64(x.N)/x.Secs)
	if x.List > 0 {
		add("listed", p.name, float64(x.N)/x.List)
	}
	if x, err = s.run(ctx, "lat", append(files, fmt.Sprint("N=", latEdits))...); err != nil {
		return err
	}
	slices.Sort(x.Lat)
	add("p50", p.name, x.Lat[len(x.Lat)/2])
	add("p99", p.name, x.Lat[len(x.Lat)*99/100])
	fresh, err := p.start(ctx, r.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fresh.stop()) }()
	if x, err = fresh.run(ctx, "push", append(files, "N=10000", "DEVICES=50")...); err != nil {
		return err
	}
	add("push50", p.name, float64(x.N)/x.Secs)
	return nil
}

// plainBatch is how many records share a commit at the limit.
const plainBatch = 1000

// plain is the limit: how many records a second the driver inserts in batches, and how long a commit of one takes (ms).
func (r *runner) plain(ctx context.Context) (perSecond, commit float64, err error) {
	b, err := os.ReadFile(r.data10 + ".jsonl")
	if err != nil {
		return 0, 0, err
	}
	dir, err := os.MkdirTemp(r.dir, "plain-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "plain.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "CREATE TABLE rec (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID"); err != nil {
		return 0, 0, err
	}
	records := slices.Collect(bytes.Lines(b))
	start := time.Now()
	for batch := range slices.Chunk(records, plainBatch) {
		if err := insert(ctx, db, batch); err != nil {
			return 0, 0, err
		}
	}
	perSecond = float64(len(records)) / time.Since(start).Seconds()
	var times []float64
	for _, l := range records[:100] {
		start := time.Now()
		if err := insert(ctx, db, [][]byte{append([]byte("again "), l...)}); err != nil {
			return 0, 0, err
		}
		times = append(times, float64(time.Since(start).Microseconds())/1000)
	}
	return perSecond, median(times), nil
}

func insert(ctx context.Context, db *sql.DB, batch [][]byte) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	st, err := tx.PrepareContext(ctx, "INSERT INTO rec (id, seq, body) VALUES (?, ?, ?)")
	if err != nil {
		return err
	}
	for i, l := range batch {
		if _, err := st.ExecContext(ctx, string(l[:min(len(l), 60)]), i, l); err != nil {
			return err
		}
	}
	return tx.Commit()
}
