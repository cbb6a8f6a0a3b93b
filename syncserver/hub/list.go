package hub

import (
	"slices"
	"strconv"

	"banlang/shared/ledger"
	"banlang/shared/planted"
	"banlang/shared/record"
)

// keyAll is what concerns everybody; keyOf what concerns one replica. A feed is its own key; no unit's code begins
// with these marks.
const keyAll = "*"

func keyOf(r record.ReplicaID) string { return "@" + strconv.FormatUint(uint64(r), 10) }

// note lists one place for a key, joined to the stretch before it.
func (a *Act) note(key string, at ledger.Pos) {
	l := a.listing[key]
	if l == nil {
		l = &[]Range{}
		a.listing[key] = l
	}
	if k := len(*l) - 1; k >= 0 && (*l)[k].Last+1 >= at {
		(*l)[k].Last = max((*l)[k].Last, at)
		return
	}
	*l = append(*l, Range{at, at})
}

// list notes a new change for whom it concerns, and keeps the turn of its record.
func (a *Act) list(c *record.Change, at ledger.Pos) error {
	switch { // what only the centre may say concerns others only when it does
	case c.Replica != record.Centre:
	case c.Kind == record.KindGrant:
		a.note(keyOf(c.Grantee), at)
		return nil
	case c.Kind == record.KindErase && !planted.On(planted.ErasureHidden) || c.Kind == record.KindPublish && !planted.On(planted.PublicationHidden):
		a.note(keyAll, at)
		return nil
	case c.Kind == record.KindVerdict:
		if err := a.listVerdict(c, at); err != nil {
			return err
		}
	}
	a.note(keyOf(c.Replica), at)
	rec := c.RecordID()
	if rec.IsZero() {
		return nil
	}
	moves, err := a.moves(c)
	if err != nil {
		return err
	}
	if moves {
		return a.turn(rec, c, at)
	}
	feeds, err := a.feedsOf(rec)
	if err != nil {
		return err
	}
	if c.Kind == record.KindVerdict && planted.On(planted.VerdictHidden) {
		return nil
	}
	for _, f := range feeds {
		a.note(string(f), at)
	}
	return nil
}

// listVerdict tells the writer of the judged change.
func (a *Act) listVerdict(c *record.Change, at ledger.Pos) error {
	p, err := a.tx.Find(c.Target)
	if p == 0 || err != nil {
		return err
	}
	t, err := a.tx.At(p)
	if err != nil {
		return err
	}
	a.note(keyOf(t.Replica), at)
	return nil
}

// moves reports whether a change may alter the units of its record.
func (a *Act) moves(c *record.Change) (bool, error) {
	if c.Kind == record.KindVerdict {
		p, err := a.tx.Find(c.Target)
		if p == 0 || err != nil {
			return false, err
		}
		if c, err = a.tx.At(p); err != nil {
			return false, err
		}
	}
	return c.Routes(), nil
}

// readable leaves out what is no feed: a value that nobody can be granted, or that would be taken for another key.
func readable(feeds []record.Feed) (out []record.Feed) {
	for _, f := range feeds {
		if isFeed(f) {
			out = append(out, f)
		}
	}
	return out
}

func isFeed(f record.Feed) bool { return f != "" && f[0] != keyAll[0] && f[0] != keyOf(0)[0] }

// createdIn is where a creation puts its record.
func createdIn(c *record.Change) []record.Feed {
	feeds := readable(c.PutsIn())
	if planted.On(planted.AddressedHidden) && len(feeds) > 1 {
		return feeds[:1]
	}
	return feeds
}

// turn moves the turn of a record to a change of its units. A creation that comes first needs no turn kept.
func (a *Act) turn(rec record.Dot, c *record.Change, at ledger.Pos) error {
	if c.Creates() {
		late, err := a.kept(rec)
		if err != nil {
			return err
		}
		if !late {
			a.feeds[rec] = createdIn(c)
			for _, f := range a.feeds[rec] {
				a.note(string(f), at)
			}
			return nil
		}
	}
	v, err := ledger.ViewOf(a.tx, rec)
	if err != nil {
		return err
	}
	t := Turn{At: at, Now: readable(v.Feeds)}
	if t.Ever, err = a.everIn(rec); err != nil {
		return err
	}
	for _, f := range t.Ever {
		if !planted.On(planted.MovesNotTold) || slices.Contains(t.Now, f) {
			a.note(string(f), at)
		}
	}
	a.turns++
	a.rejudge = true
	return a.tx.PutTurn(rec, t)
}

func (a *Act) kept(rec record.Dot) (bool, error) {
	if a.turns == 0 {
		return false, nil
	}
	_, ok, err := a.tx.Turn(rec)
	return ok, err
}

// feedsOf returns the feeds that a record is in now; none while its creation is not here.
func (a *Act) feedsOf(rec record.Dot) ([]record.Feed, error) {
	if a.turns > 0 {
		if t, ok, err := a.tx.Turn(rec); ok || err != nil {
			return t.Now, err
		}
	}
	if f, ok := a.feeds[rec]; ok {
		return f, nil
	}
	if f, ok := a.h.feeds[rec]; ok {
		return f, nil
	}
	p, err := a.tx.Find(rec)
	if err != nil {
		return nil, err
	}
	if p == 0 { // changes before their creation: remember that it will be late
		a.turns++
		return nil, a.tx.PutTurn(rec, Turn{})
	}
	c, err := a.tx.At(p)
	if err != nil || !c.Creates() {
		return nil, err
	}
	a.feeds[rec] = createdIn(c)
	return a.feeds[rec], nil
}

// everIn lists all feeds that any held change put the record in.
func (a *Act) everIn(rec record.Dot) (feeds []record.Feed, err error) {
	about, err := ledger.About(a.tx, rec)
	for _, c := range about {
		feeds = append(feeds, c.PutsIn()...)
	}
	slices.Sort(feeds)
	return readable(slices.Compact(feeds)), err
}
