package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"banlang/shared/clock"
	"banlang/shared/form"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
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
}{{"awareness_session", "ordinary", 45}, {"tip", "tips", 15}, {"petition", "petitions", 10}, {"weapon_handover", "ordinary", 8},
	{"citizen_reception", "ordinary", 8}, {"training", "ordinary", 5}, {"welfare_activity", "ordinary", 5}, {"movement_event", "ordinary", 4}}

// Yardsticks of a page, in milliseconds.
const (
	listGoal  = 100
	pivotGoal = 300
)

// crowded is a centre that holds the records of all communes, and the tables behind it.
type crowded struct {
	dir     string
	forms   *form.Library
	store   *sqlitestore.Store
	hub     *hub.Hub
	rng     *rand.Rand
	replica []record.ReplicaID
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
		c := &crowded{dir: filepath.Join(r.dir, fmt.Sprint("views", n)), forms: form.Builtin(), rng: rand.New(rand.NewPCG(1, uint64(n)))}
		defer os.RemoveAll(c.dir)
		if err := c.open(ctx); err != nil {
			return err
		}
		defer func() { _ = errors.Join(c.views.Close(), c.store.Close()) }() // thrown away
		if err := c.ingest(ctx, n); err != nil {
			return err
		}
		start := time.Now()
		if err := c.views.Rebuild(ctx); err != nil {
			return err
		}
		followed := time.Since(start)
		limit, err := c.plainRows(ctx, n)
		if err != nil {
			return err
		}
		fmt.Printf("bench %-16s ours=%.0f floor=absent (no peer has tables) ratio=%.2f limit=%.0f(plain rows of %d bytes in batches)\n",
			"views-rebuild", float64(n)/followed.Seconds(), float64(n)/followed.Seconds()/limit, limit, plainRow)
		if err := c.replay(ctx, n, float64(n)/followed.Seconds()); err != nil {
			return err
		}
		return c.pages(ctx)
	}
}

func (c *crowded) open(ctx context.Context) (err error) {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	if c.store, err = sqlitestore.Open(ctx, filepath.Join(c.dir, "hub.db"), sqlitestore.Options{}); err != nil {
		return err
	}
	key, err := seal.NewCentreKey(nil)
	if err != nil {
		return err
	}
	c.hub, err = hub.Open(ctx, c.store, hub.Options{Key: key, Forms: judge.Forms{Library: c.forms}, Wall: clock.System})
	if err != nil {
		return err
	}
	for _, f := range viewsForms {
		if err := c.learn(f.id, f.compartment); err != nil {
			return err
		}
	}
	for m := range viewsMachines {
		err := c.hub.Staff(ctx, func(a *hub.Act) error {
			d, _, err := a.Enter(fmt.Sprint("máy ", m), commune(m), feedsOf(m))
			c.replica = append(c.replica, d.Replica)
			return err
		})
		if err != nil {
			return err
		}
	}
	c.views, err = projection.Open(ctx, projection.Options{Path: filepath.Join(c.dir, "views.db"), Hub: c.hub, Forms: c.forms})
	return err
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

// ingestGoal is the share of its rate that ingest keeps while the tables follow and pages are read.
const ingestGoal = 0.8

// pagesPerSecond are read while that is measured.
const pagesPerSecond = 5

// ingest has the hub take the records in: half of them alone, the others while the tables follow and pages are read.
func (c *crowded) ingest(ctx context.Context, n int) error {
	alone, err := c.fill(ctx, n/2)
	if err != nil {
		return err
	}
	if err := c.views.Rebuild(ctx); err != nil {
		return err
	}
	busy, stop := context.WithCancel(ctx)
	ended := make(chan error, 2)
	go func() { ended <- c.views.Run(busy) }()
	go func() { ended <- c.read(busy) }()
	beside, err := c.fill(ctx, n-n/2)
	lag, lagErr := c.views.Lag(ctx)
	stop()
	err = errors.Join(err, lagErr)
	for range 2 {
		if e := <-ended; !errors.Is(e, context.Canceled) {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		return err
	}
	fmt.Printf("bench %-16s ours=%.0f(tables follow, %d pages a second; they are %d behind at the end) floor=%.0f(the same, alone) ratio=%.2f limit=%.2f(the ratio)\n", "views-ingest",
		beside, pagesPerSecond, lag.Places, alone, beside/alone, ingestGoal)
	return nil
}

// read reads pages until ctx ends.
func (c *crowded) read(ctx context.Context) error {
	tick := time.NewTicker(time.Second / pagesPerSecond)
	defer tick.Stop()
	scope := country()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if _, err := c.views.List(ctx, scope, projection.Filter{Text: "nuoc lu"}, projection.Order{}, "", 50); err != nil {
				return err
			}
		}
	}
}

func country() projection.Scope {
	s := projection.Scope{Own: commune(0)}
	for i := range viewsCommunes {
		s.Units = append(s.Units, commune(i))
	}
	return s
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
		j, start := &hub.Job{Push: p}, time.Now()
		c.hub.Apply(ctx, []*hub.Job{j})
		taken += time.Since(start)
		if j.Err != nil || j.Refused {
			return 0, errors.Join(j.Err, errors.New("a push was not taken"))
		}
	}
	return float64(n) / taken.Seconds(), nil
}

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

// How many of each kind are asked for.
const (
	pagesAsked  = 200
	pivotsAsked = 10
)

// pages measures what somebody waits for at the console.
func (c *crowded) pages(ctx context.Context) error {
	all := country()
	scopes := []projection.Scope{all, {Units: all.Units[:135], Own: commune(0)}, {Units: []string{commune(7)}, Own: commune(7)}}
	words := strings.Fields("nuoc lu da cach ly thon ho gia dinh can bo xa kiem tra giong lua dien tich san")
	filters := map[string]func() projection.Filter{
		"views-list": func() projection.Filter { return projection.Filter{} },
		"views-filter": func() projection.Filter {
			month := time.Date(2024, time.Month(1+c.rng.IntN(34)), 1, 0, 0, 0, 0, time.UTC)
			return projection.Filter{Form: viewsForms[c.rng.IntN(len(viewsForms))].id, From: month.Format(time.DateOnly), To: month.AddDate(0, 3, -1).Format(time.DateOnly)}
		},
		"views-search": func() projection.Filter {
			w := words[c.rng.IntN(len(words))]
			return projection.Filter{Text: words[c.rng.IntN(len(words))] + " " + w[:min(len(w), 2+c.rng.IntN(3))]}
		},
		"views-both": func() projection.Filter {
			return projection.Filter{Text: words[c.rng.IntN(len(words))], Form: viewsForms[c.rng.IntN(len(viewsForms))].id, State: projection.AtCentre,
				Officer: fmt.Sprint("cán bộ ", c.rng.IntN(viewsMachines)), From: "2025-03-10"}
		},
	}
	for _, by := range []projection.Sort{projection.ByArrival, projection.ByDay} {
		for _, name := range []string{"views-list", "views-filter", "views-search", "views-both"} {
			var all rounds
			found := 0
			err := all.measure(pagesAsked, func(i int) error {
				page, err := c.views.List(ctx, scopes[i%len(scopes)], filters[name](), projection.Order{By: by}, "", 50)
				found += len(page.Rows)
				return err
			})
			if err == nil && found == 0 {
				err = fmt.Errorf("%s found nothing", name)
			}
			if err != nil {
				return err
			}
			all.within(name+strings.Repeat("-day", len(by)/3), listGoal, "")
		}
	}
	return c.pivot(ctx)
}

// pivot adds up one indicator by commune and month.
func (c *crowded) pivot(ctx context.Context) error {
	for name, text := range map[string]string{
		"views-pivot":      `SELECT "_unit", "_month", sum(participants_total) FROM f_awareness_session WHERE "_month" BETWEEN '2025-01' AND '2025-12' GROUP BY 1, 2`,
		"views-pivot-all":  `SELECT "_unit", "_month", sum(participants_total) FROM f_awareness_session GROUP BY 1, 2`,
		"views-pivot-if":   `SELECT "_unit", "_month", sum(participants_total) FROM f_awareness_session WHERE method = 'truc_tiep' GROUP BY 1, 2`,
		"views-pivot-join": `SELECT unit, substr(day, 1, 7) AS month, sum(participants_total) FROM f_awareness_session JOIN records USING (rec) WHERE hidden = 0 GROUP BY 1, 2`,
		"views-grid":       `SELECT month, unit, sum(n), sum(n) FILTER (WHERE state = 'approved') FROM cells WHERE month BETWEEN '2025-01' AND '2025-12' GROUP BY 1, 2`,
	} {
		var all rounds
		err := all.measure(pivotsAsked, func(int) error {
			return c.views.View(ctx, func(tx *sqlite.Tx) error {
				row, err := tx.One("SELECT count(*) FROM (" + text + ")")
				if err == nil && row.Int64(0) == 0 {
					err = errors.New("an empty pivot")
				}
				return err
			})
		})
		if err != nil {
			return err
		}
		all.within(name, pivotGoal, "")
	}
	return nil
}
