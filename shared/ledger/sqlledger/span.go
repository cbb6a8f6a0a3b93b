package sqlledger

import (
	"errors"
	"fmt"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// stretch is a row of the table span, or one that will be.
type stretch struct {
	run record.RunID
	ledger.Span
	stored record.Number // Last as the table has it; 0: there is no row yet
}

// goesOn reports whether a change at a place is the next of the stretch.
func (s *stretch) goesOn(d record.Dot, at ledger.Pos) bool {
	return s.run == d.Run && s.Last+1 == d.N && s.place(d.N) == at
}

func (s *stretch) holds(d record.Dot) bool { return s.run == d.Run && d.N >= s.First && d.N <= s.Last }

func (s *stretch) place(n record.Number) ledger.Pos { return s.At + ledger.Pos(n-s.First) }

// place notes where a change is appended: in the stretch that it goes on, or in a new one.
func (l *Ledger) place(d record.Dot, at ledger.Pos) error {
	if l.open != nil && l.open.goesOn(d, at) {
		l.open.Last = d.N
		return nil
	}
	if err := l.flushOpen(); err != nil {
		return err
	}
	r, err := l.spansOf(d.Run)
	if err != nil {
		return err
	}
	s, err := l.before(r, d.N)
	if err != nil {
		return err
	}
	switch {
	case s != nil && s.holds(d):
		return fmt.Errorf("sqlledger: change %v is held already", d)
	case s != nil && s.goesOn(d, at):
		s.Last = d.N
	default:
		s = &stretch{run: d.Run, Span: ledger.Span{First: d.N, Last: d.N, At: at}}
	}
	if l.open = s; r.last == nil || s.First > r.last.First {
		r.last = s
	}
	return nil
}

// before returns the stretch of a run that begins at n or last before it; nil when none does. Every stretch must be
// written.
func (l *Ledger) before(r *run, n record.Number) (*stretch, error) {
	if r.last == nil || n >= r.last.First {
		return r.last, nil
	}
	return l.stretch("SELECT first, last, pos FROM span WHERE run = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1", r.id, int64(n))
}

// stretch reads one stretch of a run; nil when there is none.
func (l *Ledger) stretch(query string, run record.RunID, args ...any) (*stretch, error) {
	row, err := l.tx.One(query, append([]any{int64(run)}, args...)...)
	if errors.Is(err, sqlite.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &stretch{run: run, Span: span(&row)}
	s.stored = s.Last
	return s, nil
}

func span(row *sqlite.Row) ledger.Span {
	return ledger.Span{First: record.Number(row.Int64(0)), Last: record.Number(row.Int64(1)), At: ledger.Pos(row.Int64(2))}
}

// flushOpen writes the stretch that is growing. It may go on growing.
func (l *Ledger) flushOpen() (err error) {
	s := l.open
	switch {
	case s == nil || s.stored == s.Last:
		return nil
	case s.stored == 0:
		err = l.exec("INSERT INTO span (run, first, last, pos) VALUES (?, ?, ?, ?)", int64(s.run), int64(s.First), int64(s.Last), int64(s.At))
	default:
		err = l.exec("UPDATE span SET last = ?3 WHERE run = ?1 AND first = ?2", int64(s.run), int64(s.First), int64(s.Last))
	}
	s.stored = s.Last
	return err
}

// Find implements ledger.Tx. For what lies above or in the last stretch of a run it is two comparisons.
func (l *Ledger) Find(d record.Dot) (ledger.Pos, error) {
	if d.N == 0 {
		return 0, nil
	}
	r, err := l.spansOf(d.Run)
	if err != nil {
		return 0, err
	}
	switch s := r.last; {
	case s == nil || d.N > s.Last:
		return 0, nil
	case d.N >= s.First:
		return s.place(d.N), nil
	case l.open != nil && l.open.holds(d):
		return l.open.place(d.N), nil
	}
	s, err := l.before(r, d.N)
	if s == nil || !s.holds(d) || err != nil {
		return 0, err
	}
	return s.place(d.N), nil
}

// Spans implements ledger.Tx.
func (l *Ledger) Spans(run record.RunID) (spans []ledger.Span, err error) {
	if err := l.flushOpen(); err != nil {
		return nil, err
	}
	rows := l.tx.Query("SELECT first, last, pos FROM span WHERE run = ? ORDER BY first", int64(run))
	for rows.Next() {
		spans = append(spans, span(&rows.Row))
	}
	return spans, rows.Err()
}
