package main

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"banlang/shared/clock"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
	"banlang/syncserver/centre"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/projection"
	"banlang/syncserver/sqlitestore"
)

// What the records of the views are divided among.
const (
	viewsCommunes = 3321
	viewsMachines = 81 // of 41 communes each
	viewsPush     = 1000
)

// viewsForms say how many in a hundred records are of which form.
var viewsForms = []struct {
	id, compartment string
	share           int
}{{"awareness_session", "ordinary", 40}, {"tip", "tips", 15}, {"petition", "petitions", 10}, {"weapon_handover", "ordinary", 8},
	{"citizen_reception", "ordinary", 8}, {"training", "ordinary", 5}, {"welfare_activity", "ordinary", 5}, {"commune_profile", "ordinary", 5},
	{"movement_event", "ordinary", 4}}

// crowded is a centre that holds the records of all communes, and the tables behind it.
type crowded struct {
	dir     string
	forms   *form.Library
	store   *sqlitestore.Store
	hub     *hub.Hub
	rng     *rand.Rand
	replica []record.ReplicaID
	pushes  atomic.Int64 // that were taken in
	kinds   []kind
	views   *projection.Projection
}

// kind is a form with the answers of its example.
type kind struct {
	ref         record.FormRef
	compartment string
	day         string // the question for it
	answers     []answer
}

// views measures the tables that the console and reports read.
func (r *runner) views(n int) func(context.Context) error {
	return func(ctx context.Context) error {
		c := &crowded{dir: filepath.Join(cmp.Or(r.keep, r.dir), fmt.Sprint("views", n)), forms: form.Builtin(), rng: rand.New(rand.NewPCG(1, uint64(n)))}
		if r.keep == "" {
			defer os.RemoveAll(c.dir)
		}
		kept, err := c.open(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = errors.Join(c.views.Close(), c.store.Close()) }() // thrown away, or whole as it is; or closed already
		if kept {
			err = c.whole(ctx)
		} else {
			err = c.grow(ctx, n)
		}
		if err == nil {
			err = c.replay(ctx, n)
		}
		if err != nil {
			return err
		}
		return errors.Join(c.pages(ctx), c.served(ctx))
	}
}

// whole makes the tables of a centre that was kept, if they are not there as they should be.
func (c *crowded) whole(ctx context.Context) error {
	lag, err := c.views.Lag(ctx)
	if err != nil || lag.Places == 0 {
		return err
	}
	return c.views.Rebuild(ctx)
}

// follow brings the tables to the end of the log.
func (c *crowded) follow(ctx context.Context) error {
	lag, err := c.views.Lag(ctx)
	if err != nil {
		return err
	}
	busy, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- c.views.Run(busy) }()
	err = c.views.Wait(ctx, lag.Pos+ledger.Pos(lag.Places)) //nolint:gosec // places of a log
	stop()
	<-ended
	return err
}

// grow has the hub take in n records. When it has three fifths the tables are made, so that there is something to read; the rest is
// taken in beside readers, and as much alone.
func (c *crowded) grow(ctx context.Context, n int) error {
	some := n / 5 * 3
	if _, err := c.fill(ctx, some); err != nil {
		return err
	}
	took, err := timed(func() error { return c.views.Rebuild(ctx) })
	if err != nil {
		return err
	}
	limit, err := c.plainRows(ctx, n/5)
	if err != nil {
		return err
	}
	perSecond := float64(some) / took.wall * 1000
	fmt.Printf("bench %-16s ours=%.0f(%.0f a second of processor) floor=absent (no peer has tables) ratio=%.2f limit=%.0f(plain rows of %d bytes in batches)\n",
		"views-rebuild", perSecond, float64(some)/took.cpu*1000, perSecond/limit, limit, plainRow)
	return errors.Join(c.ingest(ctx, n-some), c.follow(ctx))
}

// open opens the centre, and reports whether it was there with all its records.
func (c *crowded) open(ctx context.Context) (kept bool, err error) {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return false, err
	}
	if c.store, err = sqlitestore.Open(ctx, centre.Dir(c.dir).Database(), sqlitestore.Options{}); err != nil {
		return false, err
	}
	key, kept, err := c.key()
	if err != nil {
		return false, err
	}
	c.hub, err = hub.Open(ctx, c.store, hub.Options{Key: key, Forms: judge.Forms{Library: c.forms}, Wall: c.wall})
	if err != nil {
		return false, err
	}
	for _, f := range viewsForms {
		if err := c.learn(f.id, f.compartment); err != nil {
			return false, err
		}
	}
	c.views, err = projection.Open(ctx, projection.Options{Path: centre.Dir(c.dir).Views(), Hub: c.hub, Forms: c.forms})
	if kept || err != nil {
		return kept, err
	}
	for m := range viewsMachines {
		err := c.hub.Staff(ctx, func(a *hub.Act) error {
			d, _, err := a.Enter(fmt.Sprint("máy ", m), commune(m), feedsOf(m))
			c.replica = append(c.replica, d.Replica)
			return err
		})
		if err != nil {
			return false, err
		}
	}
	return false, nil
}

// wall is the clock of the centre: an hour passes with each push, so that what units sent came on many days, as it does.
func (c *crowded) wall() clock.WallMillis {
	return clock.FromTime(time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.pushes.Load()) * time.Hour))
}

// key is that of the centre: a new one, or that of the centre which is there.
func (c *crowded) key() (key seal.CentreKey, kept bool, err error) {
	path := centre.Dir(c.dir).Key()
	text, err := os.ReadFile(path)
	if err == nil {
		key, err = seal.ParseCentreKey(string(text))
		return key, true, err
	}
	if key, err = seal.NewCentreKey(nil); err != nil {
		return key, false, err
	}
	return key, false, os.WriteFile(path, []byte(key.Secret()), 0o600)
}

func commune(i int) string { return fmt.Sprintf("X%04d", i%viewsCommunes) }

// feedsOf are those of the communes of a machine.
func feedsOf(machine int) (feeds []record.Feed) {
	for i := machine; i < viewsCommunes; i += viewsMachines {
		for _, compartment := range []string{"ordinary", "tips", "petitions"} {
			feeds = append(feeds, record.NewFeed(commune(i), compartment))
		}
	}
	return feeds
}

func (c *crowded) learn(id, compartment string) error {
	f, ok := c.forms.Current(id)
	if !ok {
		return fmt.Errorf("no form %s", id)
	}
	all, err := readExample(id)
	if err != nil {
		return err
	}
	k := kind{ref: f.Ref, compartment: compartment, day: f.EventDate}
	for _, a := range all {
		if repeat, rest, ok := strings.Cut(a.path, "["); ok {
			row, rest, _ := strings.Cut(rest, "]/")
			a.path = form.JoinPath(repeat, row, rest)
		}
		if field, ok := f.Field(a.path); ok && field.Stored && !field.Sealed() && field.Type != form.TypeFile {
			k.answers = append(k.answers, a)
		}
	}
	c.kinds = append(c.kinds, k)
	return nil
}

// fill has the hub take records in, a push of one machine after another, and says how many a second.
func (c *crowded) fill(ctx context.Context, n int) (perSecond float64, err error) {
	var taken time.Duration
	for done := 0; done < n; done += viewsPush {
		machine := c.rng.IntN(viewsMachines)
		run := record.RunID(c.rng.Uint64())
		p := &protocol.Push{Epoch: c.hub.Epoch()}
		for i := range min(viewsPush, n-done) {
			x, err := c.change(machine, record.Dot{Run: run, N: record.Number(i + 1)})
			if err != nil {
				return 0, err
			}
			p.Items = append(p.Items, x)
		}
		c.pushes.Add(1)
		j, start := &hub.Job{Push: p}, time.Now()
		c.hub.Apply(ctx, []*hub.Job{j})
		taken += time.Since(start)
		if j.Err != nil || j.Refused {
			return 0, errors.Join(j.Err, errors.New("a push was not taken"))
		}
	}
	return float64(n) / taken.Seconds(), nil
}

// venues is how many places the communes of a machine have in which people are gathered.
const venues = 41 * 12

// change makes a record as a machine of some communes writes it.
func (c *crowded) change(machine int, d record.Dot) (*record.Change, error) {
	k, dice := 0, c.rng.IntN(100)
	for ; dice >= viewsForms[k].share; k++ {
		dice -= viewsForms[k].share
	}
	kind := c.kinds[k]
	unit := commune(machine + viewsMachines*c.rng.IntN(viewsCommunes/viewsMachines))
	day := time.Date(2024, 1, 1+c.rng.IntN(1050), 0, 0, 0, 0, time.UTC)
	x := &record.Change{Dot: d, Replica: c.replica[machine], Kind: record.KindEdit, Time: day.UnixMilli(), Officer: fmt.Sprint("cán bộ ", machine), Form: kind.ref,
		Edits: []record.Edit{{Path: record.PathFeed, Value: string(record.NewFeed(unit, kind.compartment))}}}
	if d.N > 1 {
		x.Parent = record.Dot{Run: d.Run}
	}
	for _, a := range kind.answers {
		switch {
		case a.path == kind.day:
			a.value = day.Format(time.DateOnly)
		case a.path == "participants_total":
			a.value = fmt.Sprint(c.rng.IntN(300))
		case a.path == "venue": // a place of the commune's register
			a.value = fmt.Sprintf("%016x-%d", uint64(machine)<<32+7, 1+c.rng.IntN(venues))
		case strings.Contains(a.value, " ") && len(a.value) > 30:
			a.value = madeNote(c.rng)
		}
		x.Edits = append(x.Edits, record.Edit{Path: a.path, Value: a.value})
	}
	slices.SortFunc(x.Edits, func(a, b record.Edit) int { return strings.Compare(a.Path, b.Path) })
	return x, x.Seal(salt{c.rng}, nil)
}

// salt is a source of bytes that the seed decides.
type salt struct{ *rand.Rand }

func (s salt) Read(b []byte) (int, error) {
	var x [8]byte
	for i := 0; i < len(b); i += len(x) {
		binary.LittleEndian.PutUint64(x[:], s.Uint64())
		copy(b[i:], x[:])
	}
	return len(b), nil
}

// plainRow is how many bytes a row has at the limit: about what the tables and indexes hold of a record.
const plainRow = 1000

// plainRows is the limit: how many rows a second SQLite takes in the same batches.
func (c *crowded) plainRows(ctx context.Context, n int) (perSecond float64, err error) {
	db, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(c.dir, "plain.db")},
		sqlite.Schema{ApplicationID: 7, Migrations: []sqlite.Migration{"CREATE TABLE rec (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT"}})
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }() // thrown away
	body := strings.Repeat("ố", plainRow/3)
	start := time.Now()
	for done := 0; done < n; {
		err := db.UpdateSoon(ctx, func(tx *sqlite.Tx) error {
			for range min(4096, n-done) {
				done++
				if err := tx.Exec("INSERT INTO rec (id, body) VALUES (?, ?)", done, body); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(start).Seconds(), nil
}
