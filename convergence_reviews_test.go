package banlang_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// Reviews in the world of the simulation: given over a page that was just loaded or one of hours ago, given twice after
// a restore, met by edits, moves, deletes, erasures, verdicts and releases, and claimed by devices, whose word is none.

// page is a record as it was shown to whoever reviews: as the program makes it, and what the ghost saw on it.
type page struct {
	view *record.View
	live map[string][]record.Dot // by path, worked out by brute force
}

// standing is where a record is with its reviews, worked out by brute force.
type standing struct {
	state, over string
	by          record.Dot
}

// load shows a record to whoever reviews.
func (w *world) load(tx ledger.Tx, rec record.Dot) (*page, error) {
	about, err := ledger.About(tx, rec)
	if err != nil {
		return nil, err
	}
	return &page{record.Fold(rec, about), w.liveOf(about)}, nil
}

// review lets staff say something of a record, over what is there or over a page that was loaded before.
func (w *world) review(a *hub.Act, live []record.Dot, saw *map[string][]record.Dot) error {
	p, err := w.load(a.Tx(), one(w, live))
	if err != nil {
		return err
	}
	if old := w.page; old != nil && w.pick(4) > 0 && slices.Contains(live, old.view.ID) {
		p = old
		w.happened("review over a page of hours ago")
	}
	w.page = nil
	if w.pick(2) == 0 { // it stays open on the desk
		w.page = p
		return nil
	}
	said := []string{record.ReviewApproved, record.ReviewApproved, record.ReviewReturned, ""}[w.pick(4)]
	values := map[string]string{record.PathReview: said}
	if said == record.ReviewReturned {
		values[record.NewNote] = "why"
	}
	*saw, w.looked = map[string][]record.Dot{record.PathReview: p.live[record.PathReview]}, saysOf(p.live)
	w.happened("review")
	_, err = a.Author(hub.Writing{Record: p.view.ID, Form: p.view.Form, Officer: "staff", Saw: p.view, Values: values})
	return err
}

// claimReview lets a machine that was tampered with approve of its own work.
func (d *device) claimReview() {
	w := d.w
	vs := d.visible()
	if len(vs) == 0 {
		return
	}
	v := vs[one(w, sortedDots(vs))]
	pen := ledger.Pen{Replica: d.replica, Random: w.random()}
	err := d.store.Update(ctx, func(tx notebook.Tx) error {
		_, err := pen.Write(tx, clock.WallMillis(w.wall(d.skew)()), &record.Change{Kind: record.KindEdit, Record: v.ID, Form: v.Form, Officer: d.name,
			Edits: []record.Edit{{Path: record.PathReview, Value: record.ReviewApproved, Replaces: v.Dots(record.PathReview), Seen: v.Live("")}}})
		return err
	})
	d.learn(map[string][]record.Dot{record.PathReview: v.Dots(record.PathReview)}, false, err == nil)
	d.open()
	w.happened("review claimed by a device")
}

// says: what people answer, as told apart by name.
func says(path string) bool {
	return !strings.HasPrefix(path, "_note/") && !strings.HasPrefix(path[strings.LastIndexByte(path, '/')+1:], "_")
}

func saysOf(live map[string][]record.Dot) (dots []record.Dot) {
	for p, ds := range live {
		if says(p) {
			dots = append(dots, ds...)
		}
	}
	return dots
}

// rejectedOf works out from the verdicts alone which changes do not count.
func rejectedOf(about []*record.Change) map[record.Dot]bool {
	gone, no, yes := map[record.Dot]bool{}, map[record.Dot]bool{}, map[record.Dot]bool{}
	for _, c := range about {
		if c.Kind == record.KindVerdict && c.Replica == record.Centre {
			for _, d := range c.Replaces {
				gone[d] = true
			}
		}
	}
	for _, c := range about {
		switch {
		case c.Kind != record.KindVerdict || c.Replica != record.Centre || gone[c.Dot]:
		case c.Rejected:
			no[c.Target] = true
		default:
			yes[c.Target] = true
		}
	}
	maps.DeleteFunc(no, func(d record.Dot, _ bool) bool { return yes[d] })
	return no
}

// liveOf names by path the values that nobody replaced knowingly, from the set of the changes and from what their writers
// saw.
func (w *world) liveOf(about []*record.Change) map[string][]record.Dot {
	bad := rejectedOf(about)
	about = slices.DeleteFunc(slices.Clone(about), func(c *record.Change) bool { return c.Kind != record.KindEdit })
	here, paths := map[record.Dot]bool{}, map[string]bool{}
	for _, c := range about {
		here[c.Dot] = true
		for _, e := range c.Edits {
			paths[e.Path] = true
		}
	}
	live := map[string][]record.Dot{}
	for p := range paths {
		known := w.knowinglyReplaced(p, about, here, bad)
		for _, c := range about {
			if c.Edit(p) != nil && !bad[c.Dot] && !known[c.Dot] {
				live[p] = append(live[p], c.Dot)
			}
		}
	}
	return live
}

// reviewOf works out where a record stands: a return that saw everything, else an approval that did, else what the latest
// one was.
func (w *world) reviewOf(about []*record.Change) (s standing) {
	live := w.liveOf(about)
	given := slices.DeleteFunc(slices.Clone(about), func(c *record.Change) bool {
		e := c.Edit(record.PathReview)
		return c.Kind != record.KindEdit || c.Replica != record.Centre || e == nil || !slices.Contains(live[record.PathReview], c.Dot) ||
			e.Value != record.ReviewApproved && e.Value != record.ReviewReturned
	})
	slices.SortFunc(given, func(a, b *record.Change) int { return cmp.Or(cmp.Compare(b.Time, a.Time), a.Dot.Compare(b.Dot)) })
	says := saysOf(live)
	for _, want := range []string{record.ReviewReturned, record.ReviewApproved} {
		for _, c := range given {
			looked := w.acts[c.Dot].looked
			unseen := slices.ContainsFunc(says, func(d record.Dot) bool { return !slices.Contains(looked, d) })
			if c.Edit(record.PathReview).Value == want && !unseen {
				return standing{want, "", c.Dot}
			}
		}
	}
	if len(given) > 0 {
		return standing{"", given[0].Edit(record.PathReview).Value, given[0].Dot}
	}
	return s
}

// Decision 5: a record is approved, or returned, only while whoever said so had seen every value that is there; the centre
// and everybody who shows it say the same, in the list, too.
func (w *world) checkReviews() {
	want := map[record.Dot]standing{}
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		reviewed := map[record.Dot]bool{}
		eachChange(tx, func(c *record.Change) {
			if c.Edit(record.PathReview) != nil {
				reviewed[c.RecordID()] = true
			}
		})
		for _, rec := range sortedDots(reviewed) {
			about, _ := ledger.About(tx, rec)
			want[rec] = w.reviewOf(about)
			if want[rec].over != "" {
				w.happened("review that is over")
			}
			w.compareReview("the centre", record.Fold(rec, about).Review(), rec, want[rec])
		}
		return nil
	})
	for _, d := range w.devices {
		if len(want) == 0 {
			return
		}
		shown, listed := d.visible(), rows(d)
		for _, rec := range sortedDots(want) {
			if v := shown[rec]; v != nil {
				w.compareReview(d.name, v.Review(), rec, want[rec])
				if row := listed[rec]; row.Review != want[rec].state {
					w.breaks("decision 5: the list of %s has %s as %q, and it is %q", d.name, rec, row.Review, want[rec].state)
				}
			}
		}
	}
}

func (w *world) compareReview(name string, got record.Review, rec record.Dot, want standing) {
	if (standing{got.State, got.Over, got.Dot}) != want {
		w.breaks("decision 5: %s has %s as %q (was %q, by %s); it is %q (was %q, by %s)", name, rec, got.State, got.Over, got.Dot, want.state, want.over, want.by)
	}
}
