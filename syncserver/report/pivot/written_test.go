package pivot_test

import (
	"context"
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"banlang/shared/clock"
	"banlang/shared/form"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/units"
	"banlang/syncserver/hub"
	"banlang/syncserver/judge"
	"banlang/syncserver/projection"
	"banlang/syncserver/report/reporttest"
	"banlang/syncserver/sqlitestore"
)

// centre is a real one, whose hub judges by the built-in forms, with the tables that follow its log. What is in it was written as people
// write: on two machines of each province and by those who review, many without knowing what others have just written.
type centre struct {
	testing.TB
	rng      *rand.Rand
	now      clock.WallMillis
	store    *sqlitestore.Store
	hub      *hub.Hub
	views    *projection.Projection
	forms    *form.Library
	tree     *units.Tree
	machines map[string][]*machine         // by province
	alike    map[string][]reporttest.Entry // by form: what may be answered too
	known    []*known
	refused  []record.Dot // changes that the hub will refuse, until somebody releases them
}

// machine is a notebook, with what it has not pushed.
type machine struct {
	last    record.Dot
	replica record.ReplicaID
	pending []*record.Change
}

// known is a record that is written on, with what was written of it so far.
type known struct {
	id       record.Dot
	province string
	changes  []*record.Change
}

// chance is a source of bytes that the seed decides.
type chance struct{ *rand.Rand }

func (r chance) Read(b []byte) (int, error) {
	for i := 0; i < len(b); i += 8 {
		copy(b[i:], binary.LittleEndian.AppendUint64(nil, r.Uint64()))
	}
	return len(b), nil
}

// openCentre opens one with the machines of the provinces of a tree, in memory where there is such.
func openCentre(t testing.TB, r *rand.Rand, tree *units.Tree) *centre {
	t.Helper()
	c := &centre{TB: t, rng: r, now: 1_790_000_000_000 /* 21/09/2026 */, forms: form.Builtin(), tree: tree, machines: map[string][]*machine{}, alike: map[string][]reporttest.Entry{}}
	dir, err := os.MkdirTemp("/dev/shm", "recount")
	if err != nil {
		dir = t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	key, err := seal.NewCentreKey(chance{r})
	c.must(err)
	c.store, err = sqlitestore.Open(t.Context(), filepath.Join(dir, "hub.db"), sqlitestore.Options{})
	c.must(err)
	t.Cleanup(func() { c.must(c.store.Close()) })
	c.hub, err = hub.Open(t.Context(), c.store, hub.Options{Key: key, Forms: judge.Forms{Library: c.forms}, Wall: func() clock.WallMillis { return c.now }, Random: chance{r}})
	c.must(err)
	c.views, err = projection.Open(t.Context(), projection.Options{Path: filepath.Join(dir, "views.db"), Hub: c.hub, Forms: c.forms})
	c.must(err)
	t.Cleanup(func() { c.must(c.views.Close()) })
	for _, u := range tree.All() {
		if u.Level == "province" {
			c.enter(u.Code)
			c.enter(u.Code)
		}
	}
	return c
}

func (c *centre) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// enter makes a machine known that writes for all units that ever were of a province.
func (c *centre) enter(province string) {
	c.Helper()
	var feeds []record.Feed
	for _, u := range c.tree.All() {
		for _, compartment := range []string{"ordinary", "tips", "petitions"} {
			if provinceOf(u.Code) == province {
				feeds = append(feeds, record.NewFeed(u.Code, compartment))
			}
		}
	}
	c.must(c.hub.Staff(c.Context(), func(a *hub.Act) error {
		d, _, err := a.Enter("máy", province, feeds)
		c.machines[province] = append(c.machines[province], &machine{replica: d.Replica, last: record.Dot{Run: record.RunID(c.rng.Uint64())}})
		return err
	}))
}

// provinceOf is the province whose machines write for a unit: "p4" of "p4c11", also when that is in another one by now.
func provinceOf(code string) string { return code[:2] }

// recordsAtOnce is how many new records come between two rounds of reviews.
const recordsAtOnce = 1000

// write has n records written, and for each ten of them three changes of others and two reviews.
func (c *centre) write(n int) {
	c.Helper()
	view := c.tree.At("2026-01-01")
	for ; n > 0; n -= recordsAtOnce {
		entries := reporttest.Make(c.rng, view, min(n, recordsAtOnce))
		if len(c.known) > 0 {
			for range len(entries) * 3 / 10 {
				c.alter()
			}
		}
		for i := range entries {
			c.create(&entries[i])
		}
		c.push()
		c.review(len(entries) * 2 / 10)
	}
}

// create has a record written of what a report test would put into the tables.
func (c *centre) create(e *reporttest.Entry) {
	if c.rng.IntN(5) == 0 { // of any unit that ever was
		e.Unit = c.commune("")
	}
	f, _ := c.forms.Current(e.Form)
	x := &record.Change{Form: f.Ref}
	if e.Unread {
		x.Form.Version++
	} else {
		e.Values = c.answers(e)
		c.alike[e.Form] = append(c.alike[e.Form], *e)
		c.alike[e.Form] = c.alike[e.Form][max(0, len(c.alike[e.Form])-recordsAtOnce):]
	}
	x.Edits = append(x.Edits, record.Edit{Path: record.PathFeed, Value: string(record.NewFeed(e.Unit, f.Compartment))})
	for path, value := range e.Values {
		if value != "" {
			x.Edits = append(x.Edits, record.Edit{Path: path, Value: value})
		}
	}
	k := &known{province: provinceOf(e.Unit)}
	c.change(k, x)
	if k.id = x.Dot; !e.Unread && c.rng.IntN(3) == 0 {
		c.known = append(c.known, k)
	}
}

// answers are what people write for a record to say what an entry says: the rating of an evaluation follows from scores, or is set.
func (c *centre) answers(e *reporttest.Entry) map[string]string {
	v := maps.Clone(e.Values)
	rating, rated := v["rating"]
	if !rated {
		return v
	}
	delete(v, "rating")
	if c.rng.IntN(2) == 0 {
		v["rating_override"] = rating
	} else {
		score := map[string][2]string{"tot": {"9", "7"}, "kha": {"8", "5"}, "yeu": {"6", "3"}}[rating]
		v["scores/1/score"], v["scores/2/score"] = score[0], score[1]
	}
	return v
}

// change has a machine of the record's province write a change.
func (c *centre) change(k *known, x *record.Change) {
	c.Helper()
	of := c.machines[k.province]
	m := of[c.rng.IntN(len(of))]
	m.last.N++
	c.now += 1000
	x.Dot, x.Replica, x.Kind, x.Officer = m.last, m.replica, record.KindEdit, "an"
	x.Time = int64(c.now) - int64(c.rng.IntN(1_000_000)) // clocks differ
	slices.SortFunc(x.Edits, func(a, b record.Edit) int { return strings.Compare(a.Path, b.Path) })
	c.must(x.Seal(chance{c.rng}, nil))
	m.pending, k.changes = append(m.pending, x), append(k.changes, x)
}

// push has the hub take in what the machines have, in one transaction.
func (c *centre) push() {
	c.Helper()
	var jobs []*hub.Job
	for _, province := range slices.Sorted(maps.Keys(c.machines)) {
		for _, m := range c.machines[province] {
			jobs = append(jobs, &hub.Job{Push: &protocol.Push{Epoch: c.hub.Epoch(), Items: m.pending}})
			m.pending = nil
		}
	}
	c.hub.Apply(c.Context(), jobs)
	for _, j := range jobs {
		if c.must(j.Err); j.Refused {
			c.Fatal("a push was refused")
		}
	}
}

// pick takes a record, a new one in most cases, and what somebody has seen of it: one time in four not what was written last.
func (c *centre) pick() (*known, *record.View) {
	n := len(c.known)
	if c.rng.IntN(6) > 0 {
		n = min(n, recordsAtOnce/4)
	}
	k := c.known[len(c.known)-1-c.rng.IntN(n)]
	saw := k.changes
	if len(saw) > 1 && c.rng.IntN(4) == 0 {
		saw = saw[:len(saw)-1]
	}
	return k, record.Fold(k.id, saw)
}

// alter has one person write on a record, or two who do not know of each other.
func (c *centre) alter() {
	c.Helper()
	k, saw := c.pick()
	for range 1 + c.rng.IntN(5)/4 {
		x := &record.Change{Record: k.id, Form: saw.Form, FeedSeen: saw.Dots(record.PathFeed)}
		set := func(path, value string, covers []record.Dot) {
			x.Edits = append(x.Edits, record.Edit{Path: path, Value: value, Replaces: saw.Dots(path), Seen: covers})
		}
		paths := slices.Sorted(maps.Keys(saw.Values()))
		if len(paths) == 0 { // it was deleted row by row
			return
		}
		path := paths[c.rng.IntN(len(paths))]
		switch c.rng.IntN(12) {
		case 0:
			set(record.PathLife, record.LifeDeleted, saw.Live(""))
		case 1:
			set(record.PathLife, record.LifeKept, nil)
		case 2, 3:
			if row := rowOf(path); row != "" {
				set(row+record.PathLife, record.LifeDeleted, saw.Live(row))
			} else if path != c.dayOf(saw) {
				set(path, "", nil)
			}
		case 4:
			set(record.PathFeed, string(record.NewFeed(c.commune(k.province), saw.Home().Compartment())), nil)
		case 5:
			c.odd(saw, path, set)
		default:
			c.answer(saw, set)
		}
		c.change(k, x)
		if slices.ContainsFunc(x.Edits, func(e record.Edit) bool { return e.Value == notAnAnswer }) {
			c.refused = append(c.refused, x.Dot)
		}
	}
}

// dayOf is the question for the day of a record. Hardly anybody clears it: the form wants one.
func (c *centre) dayOf(saw *record.View) string {
	f, _ := c.forms.Lookup(saw.Form)
	return f.EventDate
}

// rowOf is the beginning of all paths in the row that a path lies in: "items/1/" of "items/1/kind"; "" of none.
func rowOf(path string) string { return path[:strings.LastIndexByte(path, '/')+1] }

// commune is any that ever was, of a province ("": of any).
func (c *centre) commune(province string) string {
	for all := c.tree.All(); ; {
		if u := all[c.rng.IntN(len(all))]; u.Level == "commune" && (province == "" || provinceOf(u.Code) == province) {
			return u.Code
		}
	}
}

// notAnAnswer is refused where a list, a number or a day is asked for.
const notAnAnswer = "không có"

// odd answers what no machine lets people answer, but the hub may have to take.
func (c *centre) odd(saw *record.View, path string, set func(path, value string, covers []record.Dot)) {
	f, _ := c.forms.Lookup(saw.Form)
	field, _ := f.Field(path)
	switch {
	case field.Type == form.TypeInt && (field.Repeat == "scores" || c.rng.IntN(2) == 0):
		set(path, "-3", nil)
	case field.Type == form.TypeDecimal && c.rng.IntN(2) == 0:
		set(path, "0.0625", nil) // finer than what figures count
	default:
		set(path, notAnAnswer, nil)
	}
}

// answer answers some questions as in another record of the form.
func (c *centre) answer(saw *record.View, set func(path, value string, covers []record.Dot)) {
	others := c.alike[saw.Form.ID]
	other, now := others[c.rng.IntN(len(others))], saw.Values()
	paths := map[string]bool{}
	for _, values := range []map[string]string{now, other.Values} {
		for path := range values {
			paths[path] = true
		}
	}
	all := slices.Sorted(maps.Keys(paths))
	c.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, path := range all[:min(len(all), 1+c.rng.IntN(3))] {
		if path != c.dayOf(saw) || other.Values[path] != "" {
			set(path, other.Values[path], nil)
		}
	}
}

// review has the centre say so many words about records, and release some of what it refused.
func (c *centre) review(n int) {
	c.Helper()
	if len(c.known) == 0 {
		return
	}
	c.staff(func(a *hub.Act) error {
		for range n {
			k, saw := c.pick()
			word := []string{record.ReviewApproved, record.ReviewApproved, record.ReviewApproved, record.ReviewReturned, ""}[c.rng.IntN(5)]
			if _, err := a.Author(hub.Writing{Record: k.id, Form: saw.Form, Officer: "chi", Saw: saw, Values: map[string]string{record.PathReview: word}}); err != nil {
				return err
			}
			end, err := a.Tx().End()
			if err != nil {
				return err
			}
			x, err := a.Tx().At(end)
			if err != nil {
				return err
			}
			k.changes = append(k.changes, x)
		}
		for _, d := range c.refused {
			if c.rng.IntN(3) == 0 {
				if err := a.Release(d); err != nil {
					return err
				}
			}
		}
		c.refused = nil
		return nil
	})
}

func (c *centre) staff(f func(a *hub.Act) error) {
	c.Helper()
	c.now += 1000
	c.must(c.hub.Staff(c.Context(), f))
}

// erase has the values of some records destroyed.
func (c *centre) erase(n int) {
	c.Helper()
	c.staff(func(a *hub.Act) error {
		for range n {
			if err := a.Erase(c.known[c.rng.IntN(len(c.known))].id); err != nil {
				return err
			}
		}
		return nil
	})
}

// follow brings the tables to the end of the log.
func (c *centre) follow() {
	c.Helper()
	var end ledger.Pos
	c.must(c.store.View(c.Context(), func(tx hub.Tx) (err error) {
		end, err = tx.End()
		return err
	}))
	running, stop := context.WithCancel(c.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.views.Run(running) }()
	err := c.views.Wait(c.Context(), end)
	stop()
	<-ended
	c.must(err)
}
