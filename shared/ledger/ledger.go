// Package ledger owns the set of changes that a notebook or a hub holds: in the order in which they arrived, found by
// name and by record, with what is known about each run (claims, receipts). It is the part that both programs share;
// each adds its own tables beside it, in the same transactions.
//
// The rules stand in this file and book.go as plain functions over Tx, a small storage interface with two real
// implementations (Memory here, sqlledger beside it) under one suite (ledgertest). Invariants, checked by Check:
//
//  1. One dot, one content: a dot is held once, with one digest, for ever.
//  2. The own chain is whole: own numbers run from 1 to the last without holes, each head following from the one before.
//  3. A body is only ever dropped by an erasure, and then for good, here and for what arrives later.
//  4. The next number and the head are a row of their own, never taken from what is stored.
//  5. A blob that a change names is known and found by it, whether or not its bytes are here; what is whole has the bytes of
//     its name. Bytes that only erased values named are destroyed with them.
package ledger

import (
	"banlang/shared/record"
)

// Pos is a place in the log: 1 for the first change that arrived. Places are never used again.
type Pos uint64

// Span is a stretch of numbers of one run held at consecutive places.
type Span struct {
	First, Last record.Number
	At          Pos // place of First
}

// Run is what is known about one run, whether or not its changes are here.
type Run struct {
	ID      record.RunID
	Replica record.ReplicaID
	Own     bool          // written by this very notebook (not by a copy of it)
	First   record.Number // number of the change that opened it; 0: not here yet
	Parent  record.Dot    // of the opening change
	Head    record.Digest // chain head at the end of Prefix
	Prefix  record.Number // every number from First to here is held; 0: none
	Claim   record.Number // the largest number that anybody has told to be saved
	Safe    record.Number // in every restorable backup of the centre; only grows
	Receipt record.Receipt
}

// Tx is one transaction over a ledger. Reads see the writes before them in the same transaction. A Tx must not be used
// by two goroutines, nor after its function has returned.
type Tx interface {
	// Append stores a change at the next place and makes it findable. The dot must not be held yet.
	Append(c *record.Change) (Pos, error)
	// At returns the change at a place at which something was appended.
	At(p Pos) (*record.Change, error)
	// Rewrite puts another holding of the same change (same digest) at its place: with its body, or without.
	Rewrite(p Pos, c *record.Change) error
	// Find returns the place of a change; 0 when it is not held.
	Find(d record.Dot) (Pos, error)
	// Touching returns, ascending, the places of the changes with this subject (see Subject) that did not create it.
	Touching(subject record.Dot) ([]Pos, error)
	// Spans returns what is held of a run, ascending by number, each stretch at consecutive places.
	Spans(run record.RunID) ([]Span, error)
	// Run returns what is known about a run; a zero Replica when nothing is.
	Run(id record.RunID) (Run, error)
	PutRun(r Run) error
	// Runs calls f for every known run, by ID, until f returns false.
	Runs(f func(Run) bool) error
	// Value returns a small named value; nil when it was never put.
	Value(name string) ([]byte, error)
	PutValue(name string, v []byte) error
	// Evidence keeps a second content that claims a held dot: it is shown to people and has no effect.
	Evidence(c *record.Change) error
	// Each calls f with the changes at the places from `from` to `to`, as encoded, until f returns false. The bytes are
	// f's to keep and not to alter.
	Each(from, to Pos, f func(p Pos, raw []byte) (more bool, err error)) error
	// End is the last place of the log; 0 when it is empty.
	End() (Pos, error)
	// Erasures counts the erase orders held, so that the usual case (none) costs nothing.
	Erasures() (int, error)
	Shelf
}

// Subject is what Touching finds a change by: the record it concerns; for a grant, the replica it is for, and for all
// publications one subject, as dots of run 0.
func Subject(c *record.Change) record.Dot {
	switch c.Kind {
	case record.KindGrant:
		return ReplicaSubject(c.Grantee)
	case record.KindPublish:
		return publications
	}
	return c.RecordID()
}

// publications is the Subject of everything published. No replica has such a number.
var publications = record.Dot{N: 1 << 32}

// ReplicaSubject is the Subject of the grants of a replica.
func ReplicaSubject(r record.ReplicaID) record.Dot { return record.Dot{N: record.Number(r)} }

// Have is what somebody holds of a run: everything up to Prefix, and the Islands beyond it.
type Have struct {
	Run     record.RunID
	Prefix  record.Number
	Islands []Span // At is not used
}

// Lacks returns the first number above n that is not held, and the last number before the next one that is held (or
// the largest number there is).
func (h *Have) Lacks(n record.Number) (first, last record.Number) {
	first, last = max(n, h.Prefix)+1, ^record.Number(0)
	for _, s := range h.Islands {
		if first >= s.First && first <= s.Last {
			first = s.Last + 1
		}
	}
	for _, s := range h.Islands {
		if s.First > first {
			last = min(last, s.First-1)
		}
	}
	return first, last
}

// HaveOf returns what the ledger holds of a run.
func HaveOf(tx Tx, id record.RunID) (Have, error) {
	h := Have{Run: id}
	run, err := tx.Run(id)
	if err != nil {
		return h, err
	}
	spans, err := tx.Spans(id)
	if err != nil {
		return h, err
	}
	h.Prefix = run.Prefix
	for _, s := range spans {
		k := len(h.Islands) - 1
		switch {
		case s.Last <= h.Prefix:
		case k >= 0 && h.Islands[k].Last+1 == s.First:
			h.Islands[k].Last = s.Last
		default:
			h.Islands = append(h.Islands, Span{First: s.First, Last: s.Last})
		}
	}
	return h, nil
}

// Last is the largest number of the run that is held.
func Last(spans []Span) (n record.Number) {
	for _, s := range spans {
		n = max(n, s.Last)
	}
	return n
}

// Merge joins spans that go on both in number and in place. The spans must be sorted by First.
func Merge(spans []Span) (out []Span) {
	for _, s := range spans {
		if k := len(out) - 1; k >= 0 && out[k].Last+1 == s.First && out[k].At+Pos(s.First-out[k].First) == s.At {
			out[k].Last = s.Last
			continue
		}
		out = append(out, s)
	}
	return out
}
