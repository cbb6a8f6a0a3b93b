package hub

import (
	"slices"

	"banlang/shared/ledger"
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
	done, err := a.judge(c)
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

// judge gives the verdict, if it can be given now.
func (a *Act) judge(c *record.Change) (done bool, err error) {
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
	if may.revoked {
		reason = ReasonRevoked
	}
	if ok, err := a.inScope(c, may.ever); !ok || err != nil {
		return false, err
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
	if e := c.Edit(record.PathFeed); e != nil && c.Kind == record.KindEdit && !isFeed(record.Feed(e.Value)) {
		return ReasonNoFeed
	}
	return ""
}

func (a *Act) reject(c *record.Change, reason string) error {
	return a.write(&record.Change{Kind: record.KindVerdict, Record: c.RecordID(), Target: c.Dot, Rejected: true, Reason: reason})
}

// standing is what a replica may do, as the grants say that are here.
type standing struct {
	ever    []record.Feed // every feed it was ever granted
	revoked bool
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
	}
	now, err := ledger.Grant(a.tx, r)
	s.revoked = now != nil && now.Revoked
	a.granted[r] = s
	return s, err
}

// inScope reports whether the record ever was in one of these feeds, as far as the centre knows.
func (a *Act) inScope(c *record.Change, granted []record.Feed) (bool, error) {
	rec := c.RecordID()
	ever, err := a.feedsOf(rec)
	if err != nil {
		return false, err
	}
	if t, ok, err := a.turnOf(rec); err != nil {
		return false, err
	} else if ok {
		ever = t.Ever
	}
	return slices.ContainsFunc(ever, func(f record.Feed) bool { return slices.Contains(granted, f) }), nil
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
		done, err := a.judge(c)
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
