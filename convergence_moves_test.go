package banlang_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/protocol"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// What people and fate do in the world.

func (w *world) form(d *device) record.FormRef {
	published, err := d.nb.Publications(ctx)
	if err != nil { // the disk of the moment
		published = nil
	}
	return record.FormRef{ID: "f", Version: max(d.form, newestPublished(published))}
}

// author lets the person at a device do one thing.
func (d *device) author() {
	w := d.w
	if d.keys.gone {
		d.refused()
		return
	}
	if d.screen != nil && w.pick(3) > 0 {
		d.finalize()
		return
	}
	vs := d.visible()
	recs := sortedDots(vs)
	scope := d.granted()
	if len(scope) == 0 {
		return
	}
	if len(recs) == 0 || len(recs) < 4 && w.pick(4) == 0 {
		values := map[string]string{"a": fmt.Sprint("new ", w.names), "items/+1/x": "first row"}
		if w.pick(3) == 0 {
			if photo, ok := d.photograph(); ok {
				values["photo"] = photo
			}
		}
		if f := one(w, simFeeds); w.pick(6) == 0 { // the engine lets anybody address a record; who may is for forms to say
			values[record.FeedPath(f.Unit())] = string(f)
		}
		d.save(notebook.Entry{Form: w.form(d), Feed: one(w, scope), Officer: d.name, Urgent: w.pick(5) == 0, Values: values}, false)
		w.names++
		return
	}
	v := vs[one(w, recs)]
	e := notebook.Entry{Record: v.ID, Form: w.form(d), Officer: d.name, Saw: map[string][]record.Dot{}}
	w.names++
	value, bad := fmt.Sprint("value ", w.names), false
	rows := fieldsOf(v)
	yes, no := true, false
	switch k := w.pick(18); {
	case v.Hidden && k < 12:
		e.Deleted = &no
		e.Saw[record.PathLife] = v.Dots(record.PathLife)
	case k < 6:
		p := []string{"a", "b"}[k&1]
		e.Values, e.Saw[p] = map[string]string{p: value}, v.Dots(p)
	case k == 6:
		e.Deleted, e.Covers = &yes, v.Live("")
		e.Saw[record.PathLife] = v.Dots(record.PathLife)
	case k == 7:
		e.Values = map[string]string{"items/+1/x": value}
	case k == 8 && len(rows) > 0:
		p := one(w, rows)
		e.Values, e.Saw[p] = map[string]string{p: value}, v.Dots(p)
	case k == 9 && len(rows) > 0:
		row := strings.TrimSuffix(one(w, rows), "x")
		e.Dropped = map[string][]record.Dot{row: v.Live(row)}
	case k < 12:
		e.Feed = one(w, simFeeds)
		e.Saw[record.PathFeed] = v.Dots(record.PathFeed)
	case k == 12:
		e.Values, e.Saw["a"] = map[string]string{"a": "BAD"}, v.Dots("a")
		bad = true
	default: // open the record, and finalize after something else has happened
		path := []string{"a", "b"}[k&1]
		if photo, ok := d.photograph(); ok && k < 16 {
			path, value = "photo", photo
		}
		d.edit(v, path, value)
		return
	}
	d.save(e, bad)
}

// edit opens a record on the screen and types; the draft is durable.
func (d *device) edit(v *record.View, path, value string) {
	s := &notebook.Draft{Record: v.ID, Form: d.w.form(d), Officer: d.name}
	s.Set(path, value, v)
	id, err := d.nb.SaveDraft(ctx, *s)
	if err != nil {
		d.open()
		return
	}
	s.ID = id
	d.screen, d.shown = s, v
}

func (d *device) finalize() {
	s := d.screen
	d.screen = nil
	saw := map[string][]record.Dot{}
	for p := range s.Values {
		saw[p] = d.shown.Dots(p)
	}
	drafts, err := d.nb.Drafts(ctx)
	if i := slices.IndexFunc(drafts, func(x notebook.Draft) bool { return x.ID == s.ID }); i >= 0 && err == nil {
		_, err = d.nb.Finalize(ctx, s.ID, drafts[i].Entry())
	}
	d.learn(saw, false, err == nil)
	d.wake(err)
}

// save writes; the ghost keeps what was on the screen, not what the program noted.
func (d *device) save(e notebook.Entry, bad bool) {
	_, err := d.nb.Save(ctx, e)
	d.learn(e.Saw, bad, err == nil)
	d.wake(err)
}

func (d *device) wake(err error) {
	if err != nil {
		d.open()
	} else if d.session != nil {
		d.session.client.Wake()
	}
}

// staff lets the centre decide something.
func (w *world) staff() {
	c := w.centre
	var rejected, live []record.Dot
	c.store.View(ctx, func(tx hub.Tx) error {
		for rec, v := range visible(tx, nil) {
			live = append(live, rec)
			for _, r := range v.Rejected {
				rejected = append(rejected, r.Target)
			}
		}
		return nil
	})
	slices.SortFunc(rejected, record.Dot.Compare)
	slices.SortFunc(live, record.Dot.Compare)
	var saw map[string][]record.Dot
	err := c.hub.Staff(ctx, func(a *hub.Act) error {
		switch k := w.pick(20); {
		case k < 2 && len(live) > 0:
			return w.staffEdit(a, one(w, live), &saw)
		case k == 2 && len(rejected) > 0:
			w.happened("release")
			return a.Release(one(w, rejected))
		case k == 3 && len(live) > 1:
			rec := one(w, live)
			w.ledger = append(w.ledger, rec)
			w.happened("erasure")
			return a.Erase(rec)
		case k < 7:
			i := w.pick(3)
			w.happened("scope change")
			return a.Grant(one(w, w.devices).replica, simFeeds[i:min(3, i+1+w.pick(2))], false)
		case k == 7:
			w.happened("form published")
			return a.Publish("form/f", []byte{byte(max(c.form, c.learnt) + 1)})
		case k == 8 && w.pick(2) == 0:
			r := one(w, w.devices).replica
			w.cut[r] = true
			w.happened("device revoked")
			return a.Grant(r, nil, true)
		case k == 9:
			return w.askAgain(a)
		case k < 12:
			return w.directive(a)
		case k < 16 && len(live) > 0:
			return w.review(a, live, &saw)
		case k == 16 && len(live) > 1:
			return w.eraseAnswer(a, one(w, live))
		case k == 17:
			return w.plant(a)
		case k >= 18:
			return w.report(a)
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	c.note(saw)
	for _, d := range w.devices {
		if d.session != nil {
			d.session.hub.News()
		}
	}
}

func (w *world) staffEdit(a *hub.Act, rec record.Dot, saw *map[string][]record.Dot) error {
	v, err := ledger.ViewOf(a.Tx(), rec)
	if err != nil {
		return err
	}
	p, value := "b", fmt.Sprint("staff ", w.names)
	switch f := one(w, simFeeds); w.pick(6) {
	case 0, 1:
		p, value = record.PathFeed, string(f)
	case 2:
		p, value = record.FeedPath(f.Unit()), string(f)
		w.happened("addressed to one more unit")
	case 3:
		p, value = record.FeedPath(f.Unit()), ""
		w.happened("addressed to a unit no longer")
	}
	*saw = map[string][]record.Dot{p: v.Dots(p)}
	w.names++
	return a.Edit(&record.Change{Record: rec, Form: v.Form, Edits: []record.Edit{{Path: p, Value: value, Replaces: v.Dots(p)}}})
}

// directive is a record of the centre's own for several units.
func (w *world) directive(a *hub.Act) error {
	w.names++
	edits := []record.Edit{{Path: record.PathFeed, Value: string(one(w, simFeeds))}, {Path: "a", Value: fmt.Sprint("directive ", w.names)}}
	for _, i := range w.rng.Perm(len(simFeeds))[:2+w.pick(2)] {
		edits = append(edits, record.Edit{Path: record.FeedPath(simFeeds[i].Unit()), Value: string(simFeeds[i])})
	}
	slices.SortFunc(edits, func(x, y record.Edit) int { return strings.Compare(x.Path, y.Path) })
	w.happened("directive to several units")
	return a.Edit(&record.Change{Form: record.FormRef{ID: "f", Version: 1}, Edits: edits})
}

// mishap breaks something.
func (w *world) mishap() {
	d := one(w, w.devices)
	switch w.pick(24) {
	case 0, 1:
		w.backups = append(w.backups, w.centre.store.Clone())
		w.backups = w.backups[max(0, len(w.backups)-2):]
		w.happened("backup")
	case 2:
		w.restore()
	case 3, 4:
		if d.keys.noted {
			return
		}
		w.images = append(w.images, image{d.name, d.store.Clone(), d.keys.boxes})
		w.happened("image")
	case 5, 6:
		w.rewind()
	case 7:
		w.copyDevice()
	case 8, 9:
		d.skew = []time.Duration{0, 0, 10 * 365 * 24 * time.Hour, -10 * 365 * 24 * time.Hour, 20 * time.Minute}[w.pick(5)]
		w.happened("clock jumps")
	case 10:
		if len(w.devices) > 3 && w.pick(3) == 0 {
			d.drop()
			w.devices = slices.DeleteFunc(slices.Clone(w.devices), func(x *device) bool { return x == d })
			w.happened("device lost")
		}
	case 11:
		d.open()
		w.happened("device restarts")
	case 12:
		w.centre.open()
		w.happened("server restarts")
	case 13: // programs are brought up to date at different times
		if w.pick(2) == 0 {
			d.form = min(d.form+1, w.centre.form+1)
			w.happened("newer form at a device")
		} else {
			w.centre.form++
			w.centre.open()
		}
	case 14:
		d.writeLater()
	case 15:
		w.forge()
	case 16:
		if w.pick(3) == 0 {
			w.loseCentre()
		}
	case 17:
		// A centre that does not know that it was set back, or was made anew, must not give out numbers: see access.Enter.
		if len(w.devices) < 7 && !w.empty && w.silent != w.centre.hub.Epoch() {
			w.names++
			w.enrol(fmt.Sprint("n", w.names), simFeeds[w.names%3:w.names%3+1])
			w.centre.note(nil)
			w.happened("device entered")
		}
	case 18:
		d.reseal()
	case 19, 20, 21, 22:
		w.unlock()
	case 23:
		d.claimReview()
	}
}

// writeLater lets a later version of the program write something that this one does not know: about a record, or not.
func (d *device) writeLater() {
	w := d.w
	c := &record.Change{Kind: record.Kind(40 + w.pick(3)), Officer: d.name, Opaque: []byte("của bản sau")}
	if recs := sortedDots(d.visible()); len(recs) > 0 && w.pick(4) > 0 {
		c.Record = one(w, recs)
		c.Edits = []record.Edit{{Path: "a", Value: "of a later kind"}}
	}
	pen := ledger.Pen{Replica: d.replica, Random: w.random()}
	err := d.store.Update(ctx, func(tx notebook.Tx) error {
		_, err := pen.Write(tx, clock.WallMillis(w.wall(d.skew)()), c)
		return err
	})
	d.learn(nil, false, err == nil)
	d.open() // and the program of today is put back
	w.happened("change of a later kind")
}

// forge shows the centre a second content under a name that it holds: a machine's memory was copied while it ran, or
// somebody lies.
func (w *world) forge() {
	var all []*record.Change
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		eachChange(tx, func(c *record.Change) {
			if c.Replica != record.Centre && c.Kind == record.KindEdit {
				all = append(all, c)
			}
		})
		return nil
	})
	if len(all) == 0 {
		return
	}
	c := one(w, all)
	x := &record.Change{Dot: c.Dot, Replica: c.Replica, Kind: c.Kind, Parent: c.Parent, ParentHead: c.ParentHead, Time: c.Time, Record: c.Record,
		Form: c.Form, Edits: []record.Edit{{Path: record.PathFeed, Value: string(one(w, simFeeds))}, {Path: "a", Value: "forged"}}}
	if err := x.Seal(w.random(), nil); err != nil {
		panic(err)
	}
	j := &hub.Job{Push: &protocol.Push{Epoch: w.centre.hub.Epoch(), Items: []*record.Change{x}}}
	w.centre.hub.Apply(ctx, []*hub.Job{j})
	w.forged++
	if n := w.centre.hub.Alarms(); n < int64(w.forged) {
		w.breaks("promise 2: %d second contents were shown to the centre, and %d alarms given", w.forged, n)
	}
	w.happened("second content for one number")
}

// loseCentre: it burned down. Somebody puts an empty one in its place, with the key from the safe.
func (w *world) loseCentre() {
	w.centre.store = hub.NewMemory()
	w.backups, w.empty = w.backups[:0], true
	w.history++
	clear(w.told)
	w.centre.open()
	w.happened("centre lost, replaced by an empty one")
}

func (w *world) restore() {
	if len(w.backups) == 0 {
		return
	}
	i := w.pick(len(w.backups))
	w.centre.store = w.backups[i].Clone()
	w.history++
	w.backups = w.backups[:i+1]
	clear(w.told)
	w.centre.open()
	if w.pick(2) == 0 {
		w.silent = w.centre.hub.Epoch()
		w.happened("restore, unannounced")
		return
	}
	w.happened("restore")
	if err := w.centre.hub.Staff(ctx, (*hub.Act).NewEpoch); err != nil {
		panic(err)
	}
}

func (w *world) rewind() {
	if len(w.images) == 0 {
		return
	}
	im := one(w, w.images)
	for _, d := range w.devices {
		if d.name == im.name {
			d.store, d.keys = im.store.Clone(), &simKeys{d: d, boxes: im.boxes}
			d.open()
			w.happened("device rewound")
		}
	}
}

func (w *world) copyDevice() {
	if len(w.images) == 0 || len(w.devices) > 6 {
		return
	}
	im := one(w, w.images)
	name, _, _ := strings.Cut(im.name, "'")
	for _, d := range w.devices {
		if d.name == name {
			w.names++
			x := &device{w: w, name: fmt.Sprintf("%s'%d", name, w.names), replica: d.replica, key: d.key, ticket: d.ticket,
				store: im.store.Clone(), form: d.form, seen: map[record.Dot]bool{}}
			for dot := range d.seen {
				x.seen[dot] = true
			}
			x.keys = &simKeys{d: x, boxes: im.boxes}
			x.open()
			w.devices = append(w.devices, x)
			w.happened("device copied")
			return
		}
	}
}

// turn makes one random move of the world.
func (w *world) turn() {
	w.now = w.now.Add(time.Duration(w.pick(int(2 * time.Hour))))
	d := one(w, w.devices)
	switch k := w.pick(100); {
	case k < 52:
		w.talk(d)
	case k < 78:
		d.author()
	case k < 86:
		w.staff()
	case k < 90:
		w.lateFrames()
	default:
		w.mishap()
	}
}

// talk lets a session go on for a while; it may be cut at any frame.
func (w *world) talk(d *device) {
	if w.now.Before(d.away) {
		return
	}
	if d.session == nil {
		d.connect()
	}
	for range 1 + w.pick(40) {
		if d.session == nil {
			return
		}
		others := w.devices[w.pick(len(w.devices))]
		if others.session != nil && w.pick(4) == 0 {
			w.step(others.session)
			continue
		}
		if !w.step(d.session) {
			break
		}
	}
	if d.session != nil && w.pick(3) == 0 {
		if len(d.session.up)+len(d.session.down) > 0 {
			w.happened("link cut with frames under way")
		}
		d.drop()
	}
}

// lateFrames lets the hub hear what a client sent before it gave the session up: behind newer connections.
func (w *world) lateFrames() {
	if len(w.late) == 0 {
		return
	}
	s := one(w, w.late)
	if s.hubReceives() || s.hubCommits() {
		w.happened("frames late, behind a newer connection")
	}
	w.late = slices.DeleteFunc(w.late, func(s *simSession) bool { return s.dead || len(s.up)+len(s.jobs) == 0 })
}

// settle brings everyone online until nothing moves.
func (w *world) settle() {
	w.calm = true
	w.late = nil
	for _, d := range w.devices {
		if d.screen != nil {
			d.finalize()
		}
		d.drop()
	}
	for range 60 {
		moved := false
		for _, d := range w.devices {
			moved = w.quiet(d) || moved
		}
		if !moved {
			return
		}
	}
	w.breaks("bounded: not quiet after 60 rounds")
}

// quiet runs one whole session of a device and reports whether it changed anything.
func (w *world) quiet(d *device) bool {
	before := w.mark(d)
	d.drop()
	d.connect()
	for range 5000 {
		if d.session == nil {
			return true // ended to begin anew
		}
		if !w.step(d.session) {
			d.drop()
			return w.mark(d) != before
		}
	}
	w.breaks("bounded: a session of %s does not end", d.name)
	return false
}

func (w *world) mark(d *device) string {
	s := ""
	d.store.View(ctx, func(tx notebook.Tx) error {
		end, _ := tx.End()
		c, _ := tx.Value("cursor")
		o, _ := tx.Value("offered")
		s = fmt.Sprintf("%v %x %x", end, c, o) + showPhotos(tx)
		return tx.Runs(func(r ledger.Run) bool { s += fmt.Sprint(r.ID, r.Receipt.N, r.Receipt.Epoch); return true })
	})
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		end, _ := tx.End()
		kept, _ := tx.Deposits(d.replica)
		for _, x := range kept {
			s += fmt.Sprintf("%x", x.Sum[:4])
		}
		wipe, _ := tx.WipeOf(d.replica)
		s += fmt.Sprint(end, w.centre.hub.Epoch(), wipe, d.keys.gone) + showPhotos(tx)
		return tx.Runs(func(r ledger.Run) bool { s += fmt.Sprint(r.ID, r.Claim, r.Prefix); return true })
	})
	return s
}
