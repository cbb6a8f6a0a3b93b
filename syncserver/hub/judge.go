package hub

import (
	"math"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/record"
)

// The centre judges a change by itself: its identity, known paths, types and lengths, and whether its device was cut
// off before it. Scope alone rejects nothing: a change waits, flagged, until its form is known and its replica ever
// held a feed that the record ever was in.

// Reasons of the centre's own; the others are codes of package form.
const (
	ReasonRevoked    = "revoked"     // the device was cut off before the change came
	ReasonNotAllowed = "not_allowed" // a verdict, grant, erasure or publication that the centre did not write
	ReasonNoFeed     = "no_unit"     // a creation that says no unit, or a change that names what is none
	ReasonAddressed  = "addressed"   // the record is the centre's, and addressed to units: they answer with records of their own
)

// maxRejudged bounds the waiting changes looked at again in one transaction; the rest follow in the next ones.
const maxRejudged = 1000

// judgeNew judges a change that has just been appended.
func (a *Act) judgeNew(c *record.Change, at ledger.Pos) error {
	switch {
	case c.Kind == record.KindGrant:
		delete(a.granted, c.Grantee)
		a.rejudge = true
	case c.Kind == record.KindPublish && c.Replica == record.Centre:
		a.h.learnt, a.rejudge = false, true
	}
	if c.Replica == record.Centre {
		return nil
	}
	if err := a.learn(); err != nil {
		return err
	}
	done, err := a.judge(c, at)
	if !done && err == nil {
		err = a.tx.Wait(at)
	}
	return err
}

// learn has Forms know everything that was published, before anything is judged by it.
func (a *Act) learn() error {
	if a.h.learnt {
		return nil
	}
	published, err := ledger.Publications(a.tx)
	if err != nil {
		return err
	}
	a.h.o.Forms.Learn(published)
	a.h.learnt = true
	return nil
}

// judge gives the verdict on the change at a place, if it can be given now.
func (a *Act) judge(c *record.Change, at ledger.Pos) (done bool, err error) {
	if reason := a.byItself(c); reason != "" {
		return true, a.reject(c, reason)
	}
	if c.Kind != record.KindEdit {
		return true, nil // a kind of a later version: kept, without effect here
	}
	reason, known := a.h.o.Forms.Check(c)
	if !known {
		return false, nil
	}
	may, err := a.standing(c.Replica)
	if err != nil {
		return false, err
	}
	if cut, err := a.cutBefore(c.Replica, may, at); err != nil {
		return false, err
	} else if cut {
		reason = ReasonRevoked
	}
	ever, err := a.everOf(c.RecordID())
	if err != nil || !slices.ContainsFunc(ever, func(f record.Feed) bool { return slices.Contains(may.ever, f) }) {
		return false, err
	}
	if theirs, err := a.isCentres(c, ever); err != nil {
		return false, err
	} else if theirs {
		reason = ReasonAddressed
	}
	if reason != "" {
		return true, a.reject(c, reason)
	}
	return true, nil
}

// byItself finds what is wrong with a change whatever its form.
func (a *Act) byItself(c *record.Change) string {
	switch {
	case c.Kind == record.KindVerdict || c.Kind == record.KindErase || c.Kind == record.KindGrant || c.Kind == record.KindPublish:
		return ReasonNotAllowed
	case c.Creates() && c.Edit(record.PathFeed) == nil:
		return ReasonNoFeed
	}
	for i := range c.Edits {
		e := &c.Edits[i]
		nowhere := e.Value == "" && e.Path != record.PathFeed // addressed there no longer
		if c.Kind == record.KindEdit && record.IsFeedPath(e.Path) && !nowhere && !isFeed(record.Feed(e.Value)) {
			return ReasonNoFeed
		}
	}
	return ""
}

func (a *Act) reject(c *record.Change, reason string) error {
	return a.write(&record.Change{Kind: record.KindVerdict, Record: c.RecordID(), Target: c.Dot, Rejected: true, Reason: reason})
}

// standing is what a replica may do, as the grants say that are here.
type standing struct {
	ever []record.Feed // every feed it was ever granted
	cut  bool          // it was cut off at some time
}

func (a *Act) standing(r record.ReplicaID) (standing, error) {
	if s, ok := a.granted[r]; ok {
		return s, nil
	}
	grants, err := ledger.Grants(a.tx, r)
	if err != nil {
		return standing{}, err
	}
	var s standing
	for _, g := range grants {
		s.ever = append(s.ever, g.Feeds...)
		s.cut = s.cut || g.Revoked
	}
	a.granted[r] = s
	return s, nil
}

// cutBefore reports whether a device was cut off when what stands at a place came. What waited is judged by that, too: a
// form that is published late turns nothing away that was here before the cut.
func (a *Act) cutBefore(r record.ReplicaID, s standing, at ledger.Pos) (bool, error) {
	if !s.cut {
		return false, nil
	}
	if planted.On(planted.CutBackwards) {
		at = math.MaxUint64
	}
	then, err := ledger.GrantAt(a.tx, r, at)
	return then != nil && then.Revoked, err
}

// everOf lists the feeds that a record ever was in, as far as the centre knows.
func (a *Act) everOf(rec record.Dot) ([]record.Feed, error) {
	now, err := a.feedsOf(rec)
	if err != nil {
		return nil, err
	}
	if t, ok, err := a.turnOf(rec); ok || err != nil {
		return t.Ever, err
	}
	return now, nil
}

// isCentres reports whether a change edits what the centre has written and addressed to several. A record that was in one
// feed only needs no look.
func (a *Act) isCentres(c *record.Change, ever []record.Feed) (bool, error) {
	if c.Creates() || len(ever) < 2 {
		return false, nil
	}
	p, err := a.tx.Find(c.Record)
	if p == 0 || err != nil {
		return false, err
	}
	created, err := a.tx.At(p)
	return err == nil && created.Replica == record.Centre && len(created.PutsIn()) > 1, err
}

func (a *Act) turnOf(rec record.Dot) (Turn, bool, error) {
	if a.turns == 0 {
		return Turn{}, false, nil
	}
	return a.tx.Turn(rec)
}

// round is how far the hub is with looking again at what waits: it goes through all of it, a stretch in each
// transaction, so that what waits for ever hides nothing behind it. It is kept in memory: an opening begins anew.
type round struct {
	next ledger.Pos // where to go on
	left int        // rounds to finish
}

// judgeWaiting looks again at what waited, when something came that it may have waited for.
func (a *Act) judgeWaiting() error {
	r := &a.h.round
	if err := a.learn(); err != nil {
		return err
	}
	for looked := 0; looked < maxRejudged; {
		if a.rejudge {
			a.rejudge = false
			r.left = 1
			if r.next > 0 { // what was passed already counts too
				r.left = 2
			}
		}
		if r.left == 0 {
			return nil
		}
		places, err := a.tx.Waiting(r.next, maxRejudged-looked)
		if err != nil {
			return err
		}
		if len(places) < maxRejudged-looked {
			r.next, r.left = 0, r.left-1
		} else {
			r.next = places[len(places)-1] + 1
		}
		looked += len(places)
		if err := a.judgeAgain(places); err != nil {
			return err
		}
	}
	return nil
}

func (a *Act) judgeAgain(places []ledger.Pos) error {
	for _, p := range places {
		c, err := a.tx.At(p)
		if err != nil {
			return err
		}
		done, err := a.judge(c, p)
		if err != nil {
			return err
		}
		if done {
			if err := a.tx.Judged(p); err != nil {
				return err
			}
		}
	}
	return nil
}
