package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"banlang/shared/clock"
	"banlang/shared/planted"
	"banlang/shared/record"
)

// Outcome says what Insert did.
type Outcome uint8

// The outcomes.
const (
	Known  Outcome = iota // held already, the same content
	Added                 // new here
	Filled                // held without its body, which has now arrived
	Forked                // held with another content: kept as evidence, without effect; a person must look
)

// Insert takes one change, whatever road it came by. It is idempotent. An erase order strips what it names, here and
// in whatever arrives later.
func Insert(tx Tx, c *record.Change) (Outcome, Pos, error) {
	at, err := tx.Find(c.Dot)
	if err != nil {
		return 0, 0, err
	}
	if planted.On(planted.LostDedup) && at != 0 {
		at = 0
	}
	if at != 0 {
		return known(tx, at, c)
	}
	if c, err = stripStanding(tx, c); err != nil {
		return 0, 0, err
	}
	if at, err = tx.Append(c); err != nil {
		return 0, 0, err
	}
	if err := errors.Join(noteRun(tx, c), named(tx, at, c)); err != nil {
		return 0, 0, err
	}
	if c.Kind == record.KindErase && c.Replica == record.Centre {
		err = Strip(tx, c.Record)
	}
	return Added, at, err
}

func known(tx Tx, at Pos, c *record.Change) (Outcome, Pos, error) {
	old, err := tx.At(at)
	if err != nil {
		return 0, 0, err
	}
	if old.Digest() != c.Digest() {
		return Forked, at, tx.Evidence(c)
	}
	if old.Body == record.BodyAbsent && c.Body == record.BodyHere {
		return Filled, at, errors.Join(tx.Rewrite(at, c), named(tx, at, c))
	}
	return Known, at, nil
}

// noteRun keeps the run's row: its opening, its prefix with the chain head there, and its claim.
func noteRun(tx Tx, c *record.Change) error {
	r, err := tx.Run(c.Dot.Run)
	if err != nil {
		return err
	}
	r.ID, r.Replica = c.Dot.Run, c.Replica
	r.Claim = max(r.Claim, c.Dot.N)
	opens := c.First() && r.First == 0 // a run opens once; a second opening must not move the prefix over a gap
	if opens {
		r.First, r.Parent = c.Dot.N, c.Parent
	}
	if opens || r.Prefix != 0 && c.Dot.N == r.Prefix+1 {
		r.Head, r.Prefix = c.Head(r.Head), c.Dot.N
		if r, err = extend(tx, r); err != nil {
			return err
		}
	}
	return tx.PutRun(r)
}

// extend moves the prefix over an island that it has reached.
func extend(tx Tx, r Run) (Run, error) {
	at, err := tx.Find(record.Dot{Run: r.ID, N: r.Prefix + 1})
	for ; err == nil && at != 0; at, err = tx.Find(record.Dot{Run: r.ID, N: r.Prefix + 1}) {
		c, err := tx.At(at)
		if err != nil {
			return r, err
		}
		r.Head, r.Prefix = c.Head(r.Head), c.Dot.N
	}
	return r, err
}

// stripStanding applies the erase orders that came before the change.
func stripStanding(tx Tx, c *record.Change) (*record.Change, error) {
	if n, err := tx.Erasures(); n == 0 || err != nil || c.Body == record.BodyNone || planted.On(planted.ErasureNotStanding) {
		return c, err
	}
	orders, err := erasures(tx, c.RecordID())
	if err != nil {
		return nil, err
	}
	if covers(orders, c) {
		return c.Without(record.BodyErased), nil
	}
	return c, nil
}

func erasures(tx Tx, rec record.Dot) (orders []*record.Change, err error) {
	about, err := About(tx, rec)
	for _, c := range about {
		if c.Kind == record.KindErase && c.Replica == record.Centre {
			orders = append(orders, c)
		}
	}
	return orders, err
}

// covers reports whether one of the orders erases the change. A body is one piece: an order that names a path erases
// every change that wrote it.
func covers(orders []*record.Change, c *record.Change) bool {
	for _, o := range orders {
		if len(o.Paths) == 0 || slices.ContainsFunc(o.Paths, func(p string) bool { return c.Edit(p) != nil }) {
			return true
		}
	}
	return false
}

// Strip drops the values of a record that its erase orders name.
func Strip(tx Tx, rec record.Dot) error {
	orders, err := erasures(tx, rec)
	if err != nil {
		return err
	}
	places, err := Places(tx, rec)
	if err != nil {
		return err
	}
	for _, p := range places {
		c, err := tx.At(p)
		if err != nil {
			return err
		}
		if x := c.Without(record.BodyErased); x != c && covers(orders, c) {
			if err := errors.Join(tx.Rewrite(p, x), unnamed(tx, p, c)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Places returns, ascending, where the changes are that concern a record, its creation included.
func Places(tx Tx, rec record.Dot) ([]Pos, error) {
	places, err := tx.Touching(rec)
	if err != nil {
		return nil, err
	}
	at, err := tx.Find(rec)
	if at != 0 && err == nil {
		places = append(places, at)
		slices.Sort(places)
	}
	return places, err
}

// About returns all held changes that concern a record, in the order in which they arrived here.
func About(tx Tx, rec record.Dot) ([]*record.Change, error) {
	places, err := Places(tx, rec)
	if err != nil {
		return nil, err
	}
	cs := make([]*record.Change, len(places))
	for i, p := range places {
		if cs[i], err = tx.At(p); err != nil {
			return nil, err
		}
	}
	return cs, nil
}

// ViewOf folds a record from what is held.
func ViewOf(tx Tx, rec record.Dot) (*record.View, error) {
	cs, err := About(tx, rec)
	if err != nil {
		return nil, err
	}
	return record.Fold(rec, cs), nil
}

// Grant is what a replica may hold now, as far as this ledger knows: of its grants that no other replaces, the one with the
// greatest dot. It is nil when there is none.
func Grant(tx Tx, r record.ReplicaID) (*record.Change, error) {
	return GrantAt(tx, r, maxPos)
}

// GrantAt is Grant as it was when what stands at a place came: by the grants before it.
func GrantAt(tx Tx, r record.ReplicaID, at Pos) (*record.Change, error) {
	grants, err := ofCentre(tx, record.KindGrant, ReplicaSubject(r), at)
	return Standing(grants), err
}

// Standing is the one of all grants of a replica that holds; nil when there is none.
func Standing(grants []*record.Change) *record.Change {
	gone := map[record.Dot]bool{}
	for _, g := range grants {
		for _, d := range g.Replaces {
			gone[d] = true
		}
	}
	var now *record.Change
	for _, g := range grants {
		if !gone[g.Dot] && (now == nil || now.Dot.Compare(g.Dot) < 0) {
			now = g
		}
	}
	return now
}

// Grants returns every grant of a replica that is held.
func Grants(tx Tx, r record.ReplicaID) ([]*record.Change, error) {
	return ofCentre(tx, record.KindGrant, ReplicaSubject(r), maxPos)
}

// Publications returns everything that the centre published and that is held, in the order of the log.
func Publications(tx Tx) ([]*record.Change, error) {
	return ofCentre(tx, record.KindPublish, publications, maxPos)
}

// PublicationsUpTo is Publications as it was when the log ended at a place.
func PublicationsUpTo(tx Tx, end Pos) ([]*record.Change, error) {
	return ofCentre(tx, record.KindPublish, publications, end+1)
}

// LastPublication is the place of the last publication that is held; 0: there is none. While it stays, so does everything
// that Publications returns.
func LastPublication(tx Tx) (Pos, error) {
	places, err := tx.Touching(publications)
	if len(places) == 0 {
		return 0, err
	}
	return places[len(places)-1], err
}

// maxPos is behind every place.
const maxPos Pos = math.MaxUint64

// ofCentre returns what the centre wrote about a subject, in the order of the log, as far as it came before a place.
func ofCentre(tx Tx, kind record.Kind, subject record.Dot, before Pos) ([]*record.Change, error) {
	places, err := tx.Touching(subject)
	if err != nil {
		return nil, err
	}
	var found []*record.Change
	for _, p := range places {
		if p >= before {
			break // ascending
		}
		c, err := tx.At(p)
		if err != nil {
			return nil, err
		}
		if c.Replica == record.Centre && c.Kind == kind {
			found = append(found, c)
		}
	}
	return found, nil
}

// TakeReceipt believes a receipt whose signature the caller has checked. A receipt of an epoch before the latest known
// one only moves Safe. A head other than the own chain's is an alarm: ErrWrongHead, and nothing is taken.
func TakeReceipt(tx Tx, rc record.Receipt) error {
	if err := LearnEpoch(tx, rc.Epoch); err != nil {
		return err
	}
	epoch, err := CentreEpoch(tx)
	if err != nil {
		return err
	}
	r, err := tx.Run(rc.Run)
	if err != nil {
		return err
	}
	if r.Prefix == rc.N && r.Prefix != 0 && r.Head != rc.Head {
		return fmt.Errorf("%w: run %s at %d", ErrWrongHead, rc.Run, rc.N)
	}
	r.ID, r.Safe, r.Claim = rc.Run, max(r.Safe, rc.Safe), max(r.Claim, rc.N)
	if rc.Epoch == epoch && (r.Receipt.Epoch != epoch || rc.N >= r.Receipt.N) {
		r.Receipt = rc
	}
	return tx.PutRun(r)
}

// ErrWrongHead: the centre signed another history than the one held here.
var ErrWrongHead = errors.New("ledger: the receipt is for another history")

// Receipted is the number up to which the centre of the latest known epoch vouches for a run.
func Receipted(r Run, epoch record.Epoch) record.Number {
	if r.Receipt.Epoch == epoch {
		return r.Receipt.N
	}
	return 0
}

// The names of the ledger's own small values.
const (
	valueEpoch = "centre epoch"
	valueLast  = "last own change" // run, number, head, clock
)

// CentreEpoch is the latest epoch of the centre that this ledger has heard of.
func CentreEpoch(tx Tx) (e record.Epoch, err error) {
	b, err := tx.Value(valueEpoch)
	if len(b) == 16 {
		e.Number, e.Random = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	}
	return e, err
}

// LearnEpoch takes note of an epoch of the centre, if it is later than the latest known.
func LearnEpoch(tx Tx, e record.Epoch) error {
	now, err := CentreEpoch(tx)
	if err != nil || !now.Before(e) {
		return err
	}
	return SetEpoch(tx, e)
}

// SetEpoch is LearnEpoch without the question. Only the centre sets its own.
func SetEpoch(tx Tx, e record.Epoch) error {
	b := binary.LittleEndian.AppendUint64(nil, e.Number)
	return tx.PutValue(valueEpoch, binary.LittleEndian.AppendUint64(b, e.Random))
}

// OwnLast is the last change written here: its dot, the chain head there, and the writer's clock.
type OwnLast struct {
	Dot   record.Dot
	Head  record.Digest
	Clock record.Millis
}

// LastOwn returns the last change written here; a zero Dot when there is none.
func LastOwn(tx Tx) (o OwnLast, err error) {
	b, err := tx.Value(valueLast)
	if len(b) == 56 {
		o.Dot.Run = record.RunID(binary.LittleEndian.Uint64(b))
		o.Dot.N = record.Number(binary.LittleEndian.Uint64(b[8:]))
		o.Clock = record.Millis(binary.LittleEndian.Uint64(b[16:]))
		copy(o.Head[:], b[24:])
	}
	return o, err
}

func putLastOwn(tx Tx, o OwnLast) error {
	b := binary.LittleEndian.AppendUint64(nil, uint64(o.Dot.Run))
	b = binary.LittleEndian.AppendUint64(b, uint64(o.Dot.N))
	b = binary.LittleEndian.AppendUint64(b, uint64(o.Clock))
	return tx.PutValue(valueLast, append(b, o.Head[:]...))
}

// Pen writes changes for one opening of a notebook or hub. The zero Run is drawn at the first write, so an opening
// that writes nothing leaves no trace. A Pen belongs to the store's single writer.
type Pen struct {
	Replica record.ReplicaID
	Random  io.Reader                    // of runs and salts; nil: the system's
	Sign    func(record.Digest) [64]byte // the centre's signature on its own changes; nil elsewhere
	run     record.RunID
}

// Reset forgets the run: the next write draws another. It is called after anything that may have gone back in time.
func (p *Pen) Reset() { p.run = 0 }

// Next is the dot that the next Write gets, if nothing is written in between.
func (p *Pen) Next(tx Tx) (record.Dot, error) {
	last, err := LastOwn(tx)
	if err != nil {
		return record.Dot{}, err
	}
	p.run, err = p.draw(last)
	return record.Dot{Run: p.run, N: last.Dot.N + 1}, err
}

// Write numbers, stamps, chains, seals and inserts a change: all of it in the caller's transaction. It fills in Dot,
// Replica, Parent, ParentHead and Time.
func (p *Pen) Write(tx Tx, wall clock.WallMillis, c *record.Change) (Pos, error) {
	last, err := LastOwn(tx)
	if err != nil {
		return 0, err
	}
	run, err := p.draw(last)
	if err != nil {
		return 0, err
	}
	w := clock.Writer{Last: clock.WallMillis(last.Clock)}
	c.Dot = record.Dot{Run: run, N: last.Dot.N + 1}
	c.Replica, c.Time = p.Replica, record.Millis(w.Stamp(max(wall, 0))) // a clock that fell back to before 1970 stops no work
	if last.Dot.Run != run {
		c.Parent, c.ParentHead = last.Dot, last.Head
	}
	if err := c.Seal(p.Random, p.Sign); err != nil {
		return 0, err
	}
	_, at, err := Insert(tx, c)
	if err != nil {
		return 0, err
	}
	r, err := tx.Run(run)
	if err != nil {
		return 0, err
	}
	if !r.Own {
		r.Own = true
		if err := tx.PutRun(r); err != nil {
			return 0, err
		}
	}
	p.run = run // only now: a failed transaction leaves the pen as it was, or draws anew
	return at, putLastOwn(tx, OwnLast{c.Dot, c.Head(last.Head), c.Time})
}

func (p *Pen) draw(last OwnLast) (record.RunID, error) {
	if p.run != 0 {
		return p.run, nil
	}
	if planted.On(planted.RunKept) && last.Dot.Run != 0 {
		return last.Dot.Run, nil
	}
	var b [8]byte
	for {
		if err := readRandom(p.Random, b[:]); err != nil {
			return 0, err
		}
		if r := record.RunID(binary.LittleEndian.Uint64(b[:])); r != 0 {
			return r, nil
		}
	}
}
