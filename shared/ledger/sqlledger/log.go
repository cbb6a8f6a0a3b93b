package sqlledger

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// Rows written by one statement: a call into SQLite costs about as much as half an insertion.
const (
	changesAtOnce = 32
	touchesAtOnce = 16
)

// maxTouches bounds what Touching looks through in memory.
const maxTouches = 256

// A conflict is a mistake of ours, and ends the transaction whatever is left of the statement (OR FAIL): a statement of
// several rows that SQLite may have to take back by itself would cost a savepoint each time.
var (
	insertChange  = "INSERT OR FAIL INTO change (pos, data) VALUES " + rows("(?, ?)", 1)
	insertChanges = "INSERT OR FAIL INTO change (pos, data) VALUES " + rows("(?, ?)", changesAtOnce)
	insertTouch   = "INSERT OR FAIL INTO touch (record_run, record_n, pos) VALUES " + rows("(?, ?, ?)", 1)
	insertTouches = "INSERT OR FAIL INTO touch (record_run, record_n, pos) VALUES " + rows("(?, ?, ?)", touchesAtOnce)
)

func rows(row string, n int) string { return row + strings.Repeat(", "+row, n-1) }

// tail is the end of the log: what is stored, and behind it what is not yet.
type tail struct {
	known   bool
	stored  ledger.Pos // the last place in the table
	pending []*record.Change
}

func (t *tail) end() ledger.Pos { return t.stored + ledger.Pos(len(t.pending)) }

// touch is a row to be: the change at pos concerns a subject that it did not create.
type touch struct {
	subject record.Dot
	pos     ledger.Pos
}

// End implements ledger.Tx.
func (l *Ledger) End() (ledger.Pos, error) {
	if l.log.known {
		return l.log.end(), nil
	}
	row, err := l.tx.One("SELECT max(pos) FROM change")
	if err != nil {
		return 0, err
	}
	l.log.stored, l.log.known = ledger.Pos(row.Int64(0)), true
	return l.log.stored, nil
}

// Append implements ledger.Tx. It refuses a number above MaxNumber, and a name that is held if it notices.
func (l *Ledger) Append(c *record.Change) (ledger.Pos, error) {
	if !l.writing {
		return 0, errReading
	}
	if c.Dot.N == 0 || c.Dot.N > MaxNumber {
		return 0, fmt.Errorf("sqlledger: a change with the number %d", c.Dot.N)
	}
	end, err := l.End()
	if err != nil {
		return 0, err
	}
	at := end + 1
	if err := l.place(c.Dot, at); err != nil {
		return 0, err
	}
	l.log.pending = append(l.log.pending, c)
	if !c.Creates() {
		l.touches = append(l.touches, touch{ledger.Subject(c), at})
	}
	if c.Kind == record.KindErase {
		if err := l.AddTally(tallyErasures, 1); err != nil {
			return 0, err
		}
	}
	return at, l.bound()
}

// bound keeps what is in memory small.
func (l *Ledger) bound() error {
	if len(l.log.pending) >= changesAtOnce {
		if err := l.flushLog(); err != nil {
			return err
		}
	}
	if len(l.touches) >= maxTouches {
		return l.flushTouches()
	}
	return nil
}

// flushLog writes the changes appended since the last time.
func (l *Ledger) flushLog() error {
	t := &l.log
	if len(t.pending) == 0 {
		return nil
	}
	at, args := t.stored, make([]any, 0, 2*changesAtOnce)
	for batch := range inBatches(t.pending, changesAtOnce) {
		text := insertChange
		if len(batch) > 1 {
			text = insertChanges
		}
		args = args[:0]
		for _, c := range batch {
			at++
			args = append(args, int64(at), c.Encoded())
		}
		if err := l.exec(text, args...); err != nil {
			return err
		}
	}
	t.stored, t.pending = t.end(), t.pending[:0]
	return nil
}

// flushTouches writes the touches noted since the last time, in the order of the index.
func (l *Ledger) flushTouches() error {
	slices.SortFunc(l.touches, func(a, b touch) int { return a.subject.Compare(b.subject) })
	args := make([]any, 0, 3*touchesAtOnce)
	for batch := range inBatches(l.touches, touchesAtOnce) {
		text := insertTouch
		if len(batch) > 1 {
			text = insertTouches
		}
		args = args[:0]
		for _, t := range batch {
			args = append(args, int64(t.subject.Run), int64(t.subject.N), int64(t.pos))
		}
		if err := l.exec(text, args...); err != nil {
			return err
		}
	}
	l.touches = l.touches[:0]
	return nil
}

// inBatches cuts s into stretches of n, and what is left of less than n into single ones: two statements do for all
// lengths.
func inBatches[T any](s []T, n int) func(yield func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(s) > 0 {
			k := n
			if len(s) < n {
				k = 1
			}
			if !yield(s[:k]) {
				return
			}
			s = s[k:]
		}
	}
}

// At implements ledger.Tx.
func (l *Ledger) At(p ledger.Pos) (*record.Change, error) {
	if l.log.known && p > l.log.stored && p <= l.log.end() {
		return l.log.pending[p-l.log.stored-1], nil
	}
	if p == 0 || p > math.MaxInt64 {
		return nil, fmt.Errorf("sqlledger: nothing at place %d", p)
	}
	row, err := l.tx.One("SELECT data FROM change WHERE pos = ?", int64(p))
	if errors.Is(err, sqlite.ErrNoRow) {
		return nil, fmt.Errorf("sqlledger: nothing at place %d", p)
	}
	if err != nil {
		return nil, err
	}
	return record.DecodeStored(row.Bytes(0))
}

// Rewrite implements ledger.Tx.
func (l *Ledger) Rewrite(p ledger.Pos, c *record.Change) error {
	end, err := l.End()
	switch {
	case err != nil:
		return err
	case p == 0 || p > end:
		return fmt.Errorf("sqlledger: nothing at place %d", p)
	case p > l.log.stored:
		l.log.pending[p-l.log.stored-1] = c
		return nil
	}
	return l.exec("UPDATE change SET data = ? WHERE pos = ?", c.Encoded(), int64(p))
}

// Each implements ledger.Tx. While it runs, f must not append.
func (l *Ledger) Each(from, to ledger.Pos, f func(ledger.Pos, []byte) (bool, error)) error {
	end, err := l.End()
	if err != nil {
		return err
	}
	if to = min(to, end); to > l.log.stored {
		if err := l.flushLog(); err != nil {
			return err
		}
	}
	if from > to {
		return nil
	}
	rows := l.tx.Query("SELECT pos, data FROM change WHERE pos BETWEEN ? AND ?", int64(from), int64(to))
	defer rows.Close()
	for rows.Next() {
		if more, err := f(ledger.Pos(rows.Int64(0)), rows.Bytes(1)); err != nil || !more {
			return err
		}
	}
	return rows.Err()
}

// Touching implements ledger.Tx.
func (l *Ledger) Touching(s record.Dot) (places []ledger.Pos, err error) {
	rows := l.tx.Query("SELECT pos FROM touch WHERE record_run = ? AND record_n = ? ORDER BY pos", int64(s.Run), int64(s.N))
	for rows.Next() {
		places = append(places, ledger.Pos(rows.Int64(0)))
	}
	for _, t := range l.touches { // all of them later than what is stored
		if t.subject == s {
			places = append(places, t.pos)
		}
	}
	return places, rows.Err()
}
