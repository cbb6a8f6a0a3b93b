package banlang_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/crypto/blake2b"

	"banlang/desktop/notebook"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/hub"
)

// The closing checks. They compare the stores with what people did and saw (the ghost), not with the engine's opinion.

// finish settles the world and returns what it broke.
func (w *world) finish() []string {
	alive, within := w.alive(), w.within()
	w.settle()
	w.checkNothingMissing(alive)
	w.checkNumbers()
	w.checkReceipts()
	w.checkAccounts()
	w.checkUrgent()
	w.checkCopies()
	w.checkEqual()
	w.checkNoEditVanishes()
	w.checkErased()
	w.checkPublished()
	w.checkRejections()
	w.checkLists()
	w.checkPhotos(within)
	w.checkReviews()
	w.checkLost()
	w.checkCut()
	w.checkTree()
	w.checkSound()
	return w.broken
}

// alive names every change with values that some surviving machine holds.
func (w *world) alive() map[record.Dot]string {
	held := map[record.Dot]string{}
	note := func(name string) func(ledger.Tx) error {
		return func(tx ledger.Tx) error {
			eachChange(tx, func(c *record.Change) {
				if c.Body != record.BodyAbsent {
					held[c.Dot] = name
				}
			})
			return nil
		}
	}
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error { return note(d.name)(tx) })
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error { return note("centre")(tx) })
	return held
}

func eachChange(tx ledger.Tx, f func(*record.Change)) {
	end, _ := tx.End()
	for p := ledger.Pos(1); p <= end; p++ {
		c, err := tx.At(p)
		if err != nil {
			panic(err)
		}
		f(c)
	}
}

// The programs' own checks agree.
func (w *world) checkSound() {
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		if _, err := hub.Check(tx, w.centre.key.Public()); err != nil {
			w.breaks("closing: the centre's own check: %v", err)
		}
		return nil
	})
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error {
			if err := ledger.Check(tx); err != nil {
				w.breaks("closing: the own check of %s: %v", d.name, err)
			}
			return nil
		})
	}
}

// Promises 1, 3, 8, 12: what any surviving machine held is at the centre, and judged.
func (w *world) checkNothingMissing(alive map[record.Dot]string) {
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		waiting := map[ledger.Pos]bool{}
		ps, _ := tx.Waiting(1, 1<<30)
		for _, p := range ps {
			waiting[p] = true
		}
		for _, d := range sortedDots(alive) {
			p, _ := tx.Find(d)
			if p == 0 {
				w.breaks("promise 1: %s, held by %s, never reached the centre", d, alive[d])
				continue
			}
			c, _ := tx.At(p)
			if c.Body == record.BodyAbsent {
				w.breaks("promise 1: the centre lacks the values of %s", d)
			}
			if waiting[p] && !w.mayWait(tx, c) {
				w.breaks("promise 8: %s waits for ever", d)
			}
		}
		return nil
	})
}

// mayWait: the form is not known at the centre, or the creation, the move or the grant that the writer saw died.
func (w *world) mayWait(tx hub.Tx, c *record.Change) bool {
	published, _ := ledger.Publications(tx)
	if c.Form.Version > max(w.centre.form, newestPublished(published)) {
		return true
	}
	grants, _ := ledger.Grants(tx, c.Replica)
	about, _ := ledger.About(tx, c.RecordID())
	for _, x := range about {
		for _, g := range grants {
			if overlap(x.PutsIn(), g.Feeds) {
				return false
			}
		}
	}
	return true
}

// Promise 2: one dot, one content, everywhere, as it was written; chains hold at the centre; copies are noticed.
func (w *world) checkNumbers() {
	check := func(name string, tx ledger.Tx) {
		times := map[record.Dot]int{}
		eachChange(tx, func(c *record.Change) {
			if times[c.Dot]++; times[c.Dot] == 2 {
				w.breaks("closing: %s was applied twice at %s", c.Dot, name)
			}
			if a := w.acts[c.Dot]; a == nil {
				w.breaks("promise 2: %s holds %s, which nobody wrote", name, c.Dot)
			} else if a.digest != c.Digest() {
				w.breaks("promise 2: %s has another content at %s than was written", c.Dot, name)
			}
		})
		tx.Runs(func(r ledger.Run) bool {
			w.checkChain(name, tx, r)
			return true
		})
	}
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error { check(d.name, tx); return nil })
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error { check("the centre", tx); return nil })
}

// checkChain computes the chain anew, with nothing of the engine but the digests.
func (w *world) checkChain(name string, tx ledger.Tx, r ledger.Run) {
	if r.First == 0 {
		return
	}
	var head [32]byte
	for n := r.First; n <= r.Prefix; n++ {
		p, _ := tx.Find(record.Dot{Run: r.ID, N: n})
		if p == 0 {
			w.breaks("promise 2: %s has no %d of run %s below its prefix", name, n, r.ID)
			return
		}
		c, _ := tx.At(p)
		if n == r.First {
			head = c.ParentHead
		}
		d := c.Digest()
		head = blake2b.Sum256(append(head[:], d[:]...))
	}
	if r.Prefix > 0 && head != [32]byte(r.Head) {
		w.breaks("promise 2: the chain of run %s at %s does not fit", r.ID, name)
	}
}

// Promise 3: every receipt verifies with a checker that shares no code with the engine, and the centre holds what it
// says.
func (w *world) checkReceipts() {
	public, _ := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(w.centre.key.Public().String(), "bltt1-"))
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error {
			return tx.Runs(func(r ledger.Run) bool {
				if rc := r.Receipt; rc.N > 0 {
					w.checkReceipt(d, public, rc)
				}
				return true
			})
		})
	}
}

func (w *world) checkReceipt(d *device, public []byte, rc record.Receipt) {
	var b []byte
	for _, x := range []uint64{rc.Epoch.Number, rc.Epoch.Random, uint64(rc.Run), uint64(rc.N)} {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	b = append(b, rc.Head[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(rc.Safe))
	b = binary.LittleEndian.AppendUint64(b, uint64(rc.Time))
	b = append(b, rc.Key[:]...)
	message := append([]byte{byte(len("banlang receipt 1"))}, "banlang receipt 1"...)
	if !ed25519.Verify(public, append(message, b...), rc.Sig[:]) {
		w.breaks("promise 3: a receipt of %s does not verify", d.name)
	}
	if rc.Epoch != w.centre.hub.Epoch() {
		return
	}
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		r, _ := tx.Run(rc.Run)
		if r.Prefix < rc.N {
			w.breaks("promise 3: %s has a receipt for %s to %d, the centre holds it to %d", d.name, rc.Run, rc.N, r.Prefix)
		}
		return nil
	})
}

// Promise 4: the centre knows every claim; no outbox holds anything but what stands behind numbers that died with
// another copy.
func (w *world) checkAccounts() {
	epoch := w.centre.hub.Epoch()
	w.centre.store.View(ctx, func(at hub.Tx) error {
		for run, n := range w.told {
			if r, _ := at.Run(run); r.Claim < n {
				w.breaks("promise 4: the centre was told that %s is saved to %d, and knows of %d", run, n, r.Claim)
			}
		}
		for _, d := range w.devices {
			d.store.View(ctx, func(tx notebook.Tx) error {
				return tx.Runs(func(r ledger.Run) bool {
					c, _ := at.Run(r.ID)
					if c.Claim < r.Prefix {
						w.breaks("promise 4: %s has saved %s to %d, the centre knows of %d", d.name, r.ID, r.Prefix, c.Claim)
					}
					if r.Own && ledger.Receipted(r, epoch) < r.Prefix {
						w.breaks("closing: the outbox of %s still holds %s from %d to %d", d.name, r.ID, ledger.Receipted(r, epoch)+1, r.Prefix)
					}
					return true
				})
			})
		}
		return nil
	})
}

// The urgent lane holds nothing that the centre has given its receipt for: by now, nothing at all.
func (w *world) checkUrgent() {
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error {
			if ds, err := tx.Urgent(); len(ds) > 0 || err != nil {
				w.breaks("closing: the urgent lane of %s still holds %v (%v)", d.name, ds, err)
			}
			return nil
		})
	}
}

// Promise 12: every run that goes on from where another one also went on is noticed at the centre, and none else: worked
// out from the changes alone.
func (w *world) checkCopies() {
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		heirs, known := map[record.Dot][]record.RunID{}, map[record.RunID]record.Number{}
		tx.Runs(func(r ledger.Run) bool { known[r.ID] = r.Claim; return true })
		eachChange(tx, func(c *record.Change) {
			if from := c.Parent; c.First() {
				known[from.Run] = max(known[from.Run], from.N) // it tells of what it goes on from
				if from.IsZero() {
					from.N = record.Number(c.Replica)
				}
				heirs[from] = append(heirs[from], c.Dot.Run)
			}
		})
		var want []record.RunID
		for from, runs := range heirs {
			if len(runs) > 1 || known[from.Run] > from.N {
				want = append(want, runs...)
			}
		}
		slices.Sort(want)
		copies, err := ledger.Copies(tx)
		var got []record.RunID
		for _, r := range copies {
			got = append(got, r.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			w.breaks("promise 12: copies %v are noticed, and there are %v (%v)", got, want, err)
		}
		return nil
	})
}

// Promises 5, 9, 10: every device shows exactly the records of its scope, as the centre does.
func (w *world) checkEqual() {
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		for _, d := range w.devices {
			g, _ := ledger.Grant(tx, d.replica)
			scope := []record.Feed{}
			if g != nil {
				scope = append(scope, g.Feeds...)
			}
			w.compare(d, scope, visible(tx, scope))
			w.compareSets(d, tx)
		}
		return nil
	})
}

func (w *world) compare(d *device, scope []record.Feed, want map[record.Dot]*record.View) {
	got := d.visible()
	for _, rec := range sortedDots(got) {
		switch v := want[rec]; {
		case v == nil:
			w.breaks("promise 9: %s shows %s, which is not in its scope %v", d.name, rec, scope)
		case v.Sum() != got[rec].Sum():
			w.breaks("promise 5: %s shows %s otherwise than the centre:\n %s\n %s", d.name, rec, show(got[rec]), show(v))
		}
	}
	for _, rec := range sortedDots(want) {
		if got[rec] == nil {
			w.breaks("promise 10: %s lacks %s of its scope %v", d.name, rec, scope)
		}
	}
}

// compareSets: of every record that a device shows it holds every change that the centre holds, also those that have no
// effect in this version.
func (w *world) compareSets(d *device, tx hub.Tx) {
	d.store.View(ctx, func(mine notebook.Tx) error {
		for _, rec := range sortedDots(d.visible()) {
			about, _ := ledger.About(tx, rec)
			for _, c := range about {
				if p, _ := mine.Find(c.Dot); p == 0 {
					w.breaks("promise 5: %s shows %s, and lacks %s (kind %d) of it", d.name, rec, c.Dot, c.Kind)
				}
			}
		}
		return nil
	})
}

func show(v *record.View) string {
	s := fmt.Sprint(v.Created, v.Hidden, v.Marked, v.Feeds, v.Rejected)
	for _, f := range v.Fields {
		for _, x := range f.Live {
			s += fmt.Sprintf(" %s=%q(%s %d)", f.Path, x.Text, x.Dot, x.State)
		}
	}
	return s
}

// Promises 6, 7: an accepted value shows unless an accepted edit replaced it knowingly, directly or through others.
func (w *world) checkNoEditVanishes() {
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		views := visible(tx, nil)
		for _, rec := range sortedDots(views) {
			about, _ := ledger.About(tx, rec)
			about = slices.DeleteFunc(about, func(c *record.Change) bool { return c.Kind > record.KindGrant }) // of later versions
			w.checkRecord(views[rec], about)
		}
		return nil
	})
}

func (w *world) checkRecord(v *record.View, about []*record.Change) {
	bad := map[record.Dot]bool{}
	for _, r := range v.Rejected {
		bad[r.Target] = true
	}
	here := map[record.Dot]bool{}
	paths := map[string]bool{}
	for _, c := range about {
		here[c.Dot] = true
		for _, e := range c.Edits {
			paths[e.Path] = true
		}
	}
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		known := w.knowinglyReplaced(p, about, here, bad)
		shown := map[record.Dot]bool{}
		for i, x := range v.Field(p) {
			shown[x.Dot] = true
			if i > 0 && (v.Field(p)[0].Time < x.Time) {
				w.breaks("promise 6: of the answers at %s of %s the earlier is shown first", p, v.ID)
			}
		}
		for _, c := range about {
			if c.Edit(p) != nil && !bad[c.Dot] && known[c.Dot] == shown[c.Dot] {
				w.breaks("promise 7: %s of %s at %s: replaced knowingly %v, and shown %v", c.Dot, v.ID, p, known[c.Dot], shown[c.Dot])
			}
		}
	}
}

func (w *world) knowinglyReplaced(p string, about []*record.Change, here, bad map[record.Dot]bool) map[record.Dot]bool {
	known := map[record.Dot]bool{}
	var reach func([]record.Dot)
	reach = func(dots []record.Dot) {
		for _, d := range dots {
			if !known[d] {
				known[d] = true
				if a := w.acts[d]; here[d] && a != nil { // what died with its device hides nothing
					reach(a.saw[p])
				}
			}
		}
	}
	for _, c := range about {
		if c.Edit(p) != nil && !bad[c.Dot] {
			reach(w.acts[c.Dot].saw[p])
		}
	}
	return known
}

// Promise 12: everybody holds everything that was published, and agrees on what holds.
func (w *world) checkPublished() {
	of := func(tx ledger.Tx) (dots []record.Dot, now map[string]*record.Change) {
		published, err := ledger.Publications(tx)
		if err != nil {
			panic(err)
		}
		for _, c := range published {
			dots = append(dots, c.Dot)
		}
		slices.SortFunc(dots, record.Dot.Compare)
		return dots, record.Published(published)
	}
	var all []record.Dot
	var now map[string]*record.Change
	w.centre.store.View(ctx, func(tx hub.Tx) error { all, now = of(tx); return nil })
	for _, d := range w.devices {
		d.store.View(ctx, func(tx notebook.Tx) error {
			dots, here := of(tx)
			if !slices.Equal(dots, all) {
				w.breaks("promise 12: %s holds %v of what was published, which is %v", d.name, dots, all)
			}
			for topic, c := range now {
				if here[topic] == nil || here[topic].Dot != c.Dot {
					w.breaks("promise 12: %s does not take %v for what holds of %s", d.name, c.Dot, topic)
				}
			}
			return nil
		})
	}
}

// Promise 8: the centre rejects nothing but what is invalid, and tells the writer.
func (w *world) checkRejections() {
	w.centre.store.View(ctx, func(tx hub.Tx) error {
		views := visible(tx, nil)
		for _, rec := range sortedDots(views) {
			for _, r := range views[rec].Rejected {
				if r.Reason == hub.ReasonRevoked && w.cut[writer(tx, r.Target)] || r.Reason == hub.ReasonAddressed && writer(tx, rec) == record.Centre {
					w.happened("rejected: " + r.Reason)
					continue
				}
				if a := w.acts[r.Target]; a != nil && !a.bad {
					w.breaks("promise 8: %s was rejected (%s), though nothing is wrong with it", r.Target, r.Reason)
				}
			}
		}
		return nil
	})
}

func writer(tx ledger.Tx, d record.Dot) record.ReplicaID {
	p, _ := tx.Find(d)
	c, err := tx.At(p)
	if err != nil {
		panic(err)
	}
	return c.Replica
}

// The list of every notebook equals a rebuild from its changes.
func (w *world) checkLists() {
	for _, d := range w.devices {
		project(w, d)
		kept := rows(d)
		if err := d.nb.Reproject(ctx); err != nil {
			panic(err)
		}
		project(w, d)
		if again := rows(d); !maps.Equal(kept, again) {
			w.breaks("closing: the list of %s differs from a rebuild:\n %v\n %v", d.name, kept, again)
		}
	}
}

func project(w *world, d *device) {
	for more, err := true, error(nil); more; {
		if more, err = d.nb.Project(ctx); err != nil {
			panic(err)
		}
	}
}

func rows(d *device) map[record.Dot]notebook.Row {
	m := map[record.Dot]notebook.Row{}
	d.store.View(ctx, func(tx notebook.Tx) error {
		eachChange(tx, func(c *record.Change) {
			if r, ok, _ := tx.Row(c.RecordID()); ok {
				m[r.Record] = r
			}
		})
		return nil
	})
	return m
}
