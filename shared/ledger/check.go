package ledger

import (
	"errors"
	"fmt"
	"slices"

	"banlang/shared/record"
)

// ErrUnsound is the base of what Check finds.
var ErrUnsound = errors.New("ledger: unsound")

// Check reads the whole ledger and reports the first thing in it that contradicts the invariants of this package: a
// change that is not found by its name or its record, a stretch of numbers without its changes, a head that does not
// follow from the changes, a hole in the own chain, a count that is wrong. It takes a few microseconds a change.
func Check(tx Tx) error {
	if err := checkLog(tx); err != nil {
		return err
	}
	if err := checkRuns(tx); err != nil {
		return err
	}
	return checkOwn(tx)
}

func unsound(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrUnsound}, args...)...)
}

// checkLog finds every change of the log by its name and by its record.
func checkLog(tx Tx) error {
	end, err := tx.End()
	if err != nil {
		return err
	}
	next, erasures, held, names := Pos(1), 0, map[record.RunID]Pos{}, map[naming]bool{}
	err = tx.Each(1, end, func(p Pos, raw []byte) (bool, error) {
		c, err := record.Decode(raw)
		if err != nil || p != next {
			return false, errors.Join(err, unsoundUnless(p == next, "place %d where %d should be", p, next))
		}
		next++
		held[c.Dot.Run]++
		if c.Kind == record.KindErase {
			erasures++
		}
		for r := range NamedIn(c) {
			names[naming{r, p}] = true
		}
		return true, checkFound(tx, c, p)
	})
	if err != nil {
		return err
	}
	if n, err := tx.Erasures(); n != erasures || err != nil {
		return errors.Join(err, unsound("%d erase orders counted, %d held", n, erasures))
	}
	if next != end+1 {
		return unsound("the log ends at %d, not at %d", next-1, end)
	}
	return errors.Join(checkSpans(tx, held), checkBlobs(tx, names))
}

func unsoundUnless(ok bool, format string, args ...any) error {
	if ok {
		return nil
	}
	return unsound(format, args...)
}

func checkFound(tx Tx, c *record.Change, p Pos) error {
	at, err := tx.Find(c.Dot)
	if at != p || err != nil {
		return errors.Join(err, unsound("change %v of place %d is found at %d", c.Dot, p, at))
	}
	if c.Creates() {
		return nil
	}
	places, err := tx.Touching(Subject(c))
	if !slices.Contains(places, p) || err != nil {
		return errors.Join(err, unsound("change %v is not found by %v", c.Dot, Subject(c)))
	}
	return nil
}

// checkSpans: the stretches of each run name as many changes as are held of it, each once. Together with every change
// being found, they name no others.
func checkSpans(tx Tx, held map[record.RunID]Pos) error {
	for run, n := range held {
		spans, err := tx.Spans(run)
		if err != nil {
			return err
		}
		last, named := record.Number(0), Pos(0)
		for _, s := range spans {
			if s.First <= last || s.Last < s.First {
				return unsound("stretches of run %v in disorder at %d", run, s.First)
			}
			last, named = s.Last, named+Pos(s.Last-s.First)+1
		}
		if named != n {
			return unsound("%d changes of run %v in stretches, %d held", named, run, n)
		}
	}
	return nil
}

// checkRuns follows the chain of every run to the end of its prefix.
func checkRuns(tx Tx) error {
	var runs []Run
	if err := tx.Runs(func(r Run) bool { runs = append(runs, r); return true }); err != nil {
		return err
	}
	last, err := LastOwn(tx)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if r.Own && last.Dot.IsZero() {
			return unsound("run %v is an own one, and nothing was ever written here", r.ID)
		}
		if r.Prefix == 0 {
			continue
		}
		head, err := follow(tx, r.ID, r.First, r.Prefix)
		if err != nil {
			return err
		}
		if head != r.Head {
			return unsound("run %v: another head at %d than its changes have", r.ID, r.Prefix)
		}
		next, err := tx.Find(record.Dot{Run: r.ID, N: r.Prefix + 1})
		if next != 0 || r.Claim < r.Prefix || err != nil {
			return errors.Join(err, unsound("run %v: prefix %d, claim %d, next at %d", r.ID, r.Prefix, r.Claim, next))
		}
	}
	return nil
}

// follow computes the chain head at `to` from the changes of a run that opened with `first`.
func follow(tx Tx, run record.RunID, first, to record.Number) (head record.Digest, err error) {
	for n := first; n <= to; n++ {
		c, err := held(tx, record.Dot{Run: run, N: n})
		if err != nil {
			return head, err
		}
		if c.First() != (n == first) {
			return head, unsound("run %v opens at %d, not at %d", run, n, first)
		}
		head = c.Head(head)
	}
	return head, nil
}

func held(tx Tx, d record.Dot) (*record.Change, error) {
	p, err := tx.Find(d)
	if err != nil {
		return nil, err
	}
	if p == 0 {
		return nil, unsound("change %v is missing", d)
	}
	return tx.At(p)
}

// checkOwn follows the own chain back from the last own change to the notebook's first.
func checkOwn(tx Tx) error {
	last, err := LastOwn(tx)
	if err != nil {
		return err
	}
	for at, head := last.Dot, last.Head; !at.IsZero(); {
		r, err := tx.Run(at.Run)
		if err != nil {
			return err
		}
		if !r.Own || r.First == 0 || r.First > at.N {
			return unsound("own change %v in a run that is not the own one (%+v)", at, r)
		}
		is, err := follow(tx, at.Run, r.First, at.N)
		if err != nil {
			return err
		}
		if is != head {
			return unsound("own chain: another head at %v than was noted", at)
		}
		opening, err := held(tx, record.Dot{Run: at.Run, N: r.First})
		if err != nil {
			return err
		}
		at, head = opening.Parent, opening.ParentHead
	}
	return nil
}
