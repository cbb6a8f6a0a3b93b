package hub

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sort"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/syncserver/access"
)

// ErrUnsound is the base of what Check finds.
var ErrUnsound = errors.New("hub: unsound")

// Counts is what Check went through.
type Counts struct {
	Changes  int
	Centre   int // of these, written by the centre, with its signature verified
	Hashes   int // places at which the running hash of the log was kept, each computed anew
	Listings int // places listed for somebody
	Turns    int // records whose units ever altered
	Waiting  int // changes that cannot be judged yet
	Devices  int

	Blobs     int       // known
	BlobBytes int64     // here, those of blobs that are not whole included
	Missing   []Missing // named, and not whole: on their way, or lost
}

// Check reads everything that a hub keeps beside its ledger (which ledger.Check reads) and reports the first thing that
// contradicts the invariants of this package: a change of the centre that it did not sign, a running hash that does not
// follow from the log, a place that is not listed for somebody whom it concerns, or is for somebody whom it does not, a
// record that moved without a turn or with a wrong one.
func Check(tx Tx, centre seal.CentrePublic) (Counts, error) {
	k := &checker{tx: tx, centre: centre, lists: map[string]*listed{}, turned: map[record.Dot]bool{}}
	end, err := tx.End()
	if err != nil {
		return k.n, err
	}
	if err := k.loadHashes(end); err != nil {
		return k.n, err
	}
	err = tx.Each(1, end, func(p ledger.Pos, raw []byte) (bool, error) {
		c, err := record.Decode(raw)
		if err != nil {
			return false, fmt.Errorf("%w: place %d: %w", ErrUnsound, p, err)
		}
		return true, k.change(p, c)
	})
	if err != nil {
		return k.n, err
	}
	return k.n, errors.Join(k.nothingElse(), k.counts(end), k.checkBlobs())
}

type checker struct {
	tx     Tx
	centre seal.CentrePublic
	n      Counts
	lists  map[string]*listed
	turned map[record.Dot]bool // looked at already
	closed []closedAt          // not yet reached, the next one last
	hash   [32]byte
	sums   []byte // digests since the last place with a hash
}

type closedAt struct {
	at   ledger.Pos
	hash [32]byte
}

// listed is what is listed for one key, and how many of its places were found to be rightly there.
type listed struct {
	ranges []Range
	places uint64
	right  uint64
}

func unsound(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrUnsound}, args...)...)
}

func (k *checker) loadHashes(end ledger.Pos) error {
	for at := end; at > 0; {
		p, hash, err := k.tx.ClosedLog(at)
		if err != nil {
			return err
		}
		if at == end && p != end {
			return unsound("the log ends at %d, its hash at %d", end, p)
		}
		if p == 0 {
			break
		}
		k.closed = append(k.closed, closedAt{p, hash})
		at = p - 1
	}
	k.n.Hashes = len(k.closed)
	return nil
}

func (k *checker) change(p ledger.Pos, c *record.Change) error {
	k.n.Changes++
	d := c.Digest()
	if c.Replica == record.Centre {
		k.n.Centre++
		if !k.centre.Verify(seal.DomainChange, d[:], c.Sig) {
			return unsound("change %v of place %d is not signed by the centre", c.Dot, p)
		}
	}
	k.sums = append(k.sums, d[:]...)
	if err := k.hashAt(p); err != nil {
		return err
	}
	return k.listings(p, c)
}

// hashAt compares the running hash where one was kept.
func (k *checker) hashAt(p ledger.Pos) error {
	last := len(k.closed) - 1
	if last < 0 || k.closed[last].at != p {
		return nil
	}
	k.hash = sha256.Sum256(append(k.hash[:], k.sums...))
	if k.hash != k.closed[last].hash {
		return unsound("the hash of the log at %d is not that of its changes", p)
	}
	k.closed, k.sums = k.closed[:last], k.sums[:0]
	return nil
}

// listings compares for whom a place is listed with whom it concerns.
func (k *checker) listings(p ledger.Pos, c *record.Change) error {
	must, may, err := k.concerned(p, c)
	if err != nil {
		return err
	}
	for _, key := range must {
		l, err := k.list(key)
		if err != nil {
			return err
		}
		if !l.covers(p) {
			return unsound("place %d is not listed for %s", p, key)
		}
		l.right++
	}
	for _, key := range may {
		if slices.Contains(must, key) {
			continue
		}
		l, err := k.list(key)
		if err != nil {
			return err
		}
		if l.covers(p) {
			l.right++
		}
	}
	return nil
}

// concerned names the keys under which a place must be listed, and those under which it may.
func (k *checker) concerned(p ledger.Pos, c *record.Change) (must, may []string, err error) {
	switch {
	case c.Replica != record.Centre:
	case c.Kind == record.KindGrant:
		for _, f := range c.Feeds { // what nobody wrote to may be read all the same
			if _, err := k.list(string(f)); err != nil {
				return nil, nil, err
			}
		}
		return []string{keyOf(c.Grantee)}, nil, nil
	case c.Kind == record.KindErase || c.Kind == record.KindPublish:
		return []string{keyAll}, nil, nil
	}
	must = []string{keyOf(c.Replica)}
	moves, err := k.judged(p, c, &must)
	rec := c.RecordID()
	if rec.IsZero() || err != nil {
		return must, nil, err
	}
	t, kept, err := k.tx.Turn(rec)
	if err != nil {
		return nil, nil, err
	}
	if !kept {
		feeds, err := k.unmoved(p, c, moves)
		return append(must, keys(feeds)...), nil, err
	}
	if err := k.turn(rec, t); err != nil {
		return nil, nil, err
	}
	switch {
	case p > t.At && moves && t.At > 0:
		return nil, nil, unsound("record %v moved at %d, its turn is at %d", rec, p, t.At)
	case p > t.At:
		must = append(must, keys(t.Now)...)
	case p == t.At:
		must = append(must, keys(t.Ever)...)
	default:
		may = keys(t.Ever)
	}
	return compact(must), may, nil
}

// judged adds whom a verdict is about, and reports whether a change may alter the units of its record.
func (k *checker) judged(p ledger.Pos, c *record.Change, must *[]string) (moves bool, err error) {
	if c.Kind != record.KindVerdict {
		return c.Routes(), nil
	}
	at, err := k.tx.Find(c.Target)
	if at == 0 || at > p || err != nil {
		return false, err
	}
	target, err := k.tx.At(at)
	if err != nil {
		return false, err
	}
	if c.Replica == record.Centre {
		*must = compact(append(*must, keyOf(target.Replica)))
	}
	return target.Routes(), nil
}

// unmoved returns the feed, if any, of a record without a turn, of which this place must not be a move.
func (k *checker) unmoved(p ledger.Pos, c *record.Change, moves bool) ([]record.Feed, error) {
	creation := c
	if !c.Creates() {
		at, err := k.tx.Find(c.RecordID())
		if err != nil {
			return nil, err
		}
		if at == 0 || at > p || moves {
			return nil, unsound("record %v has no turn, though place %d moved it or came before it", c.RecordID(), p)
		}
		if creation, err = k.tx.At(at); err != nil {
			return nil, err
		}
	}
	return createdIn(creation), nil
}

// turn computes a kept turn anew, once.
func (k *checker) turn(rec record.Dot, t Turn) error {
	if k.turned[rec] {
		return nil
	}
	k.turned[rec] = true
	k.n.Turns++
	created, err := k.tx.Find(rec)
	if err != nil {
		return err
	}
	if t.At == 0 {
		if created != 0 || len(t.Now) > 0 {
			return unsound("record %v is here, and its turn says that it is not", rec)
		}
		return nil
	}
	v, err := ledger.ViewOf(k.tx, rec)
	if err != nil {
		return err
	}
	ever, err := (&Act{tx: k.tx}).everIn(rec)
	if err != nil {
		return err
	}
	if !slices.Equal(readable(v.Feeds), t.Now) || !slices.Equal(ever, t.Ever) {
		return unsound("record %v is in other feeds than its turn says", rec)
	}
	return nil
}

// nothingElse: every listed place was rightly listed.
func (k *checker) nothingElse() error {
	for key, l := range k.lists {
		k.n.Listings += int(l.places)
		if key != "" && l.places != l.right {
			return unsound("%d places are listed for %s, %d concern it", l.places, key, l.right)
		}
	}
	return nil
}

func (k *checker) counts(end ledger.Pos) error {
	places, err := k.tx.Waiting(1, 1<<40)
	if err != nil {
		return err
	}
	k.n.Waiting = len(places)
	if n := len(places); n > 0 && places[n-1] > end {
		return unsound("a change waits at %d, beyond the log", places[n-1])
	}
	if turns, err := k.tx.Turns(); turns < k.n.Turns || err != nil {
		return errors.Join(err, unsound("%d turns counted, %d found", turns, k.n.Turns))
	}
	return k.tx.Devices(func(access.Device) bool { k.n.Devices++; return true })
}

// list loads what is listed for a key.
func (k *checker) list(key string) (*listed, error) {
	if l := k.lists[key]; l != nil {
		return l, nil
	}
	const piece = 10_000
	l := &listed{}
	k.lists[key] = l
	for after := ledger.Pos(0); ; {
		rs, err := k.tx.Listed(key, after, piece)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			if r.First > r.Last || r.First <= after {
				return nil, unsound("a listing for %s from %d to %d, after one to %d", key, r.First, r.Last, after)
			}
			after = r.Last
			l.places += uint64(r.Last-r.First) + 1
		}
		l.ranges = append(l.ranges, rs...)
		if len(rs) < piece {
			return l, nil
		}
	}
}

func (l *listed) covers(p ledger.Pos) bool {
	i := sort.Search(len(l.ranges), func(i int) bool { return l.ranges[i].Last >= p })
	return i < len(l.ranges) && l.ranges[i].First <= p
}

func keys(feeds []record.Feed) []string {
	ks := make([]string, len(feeds))
	for i, f := range feeds {
		ks[i] = string(f)
	}
	return ks
}

func compact(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}
