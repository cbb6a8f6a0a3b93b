package sqlledger

import (
	"bytes"
	"errors"
	"maps"
	"slices"

	"banlang/shared/record"
	"banlang/shared/sqlite"
)

// value and tally are rows that were read, or are to be written.
type value struct {
	data  []byte // nil: there is none
	dirty bool
}

type tally struct {
	n     int
	dirty bool
}

// Value implements ledger.Tx. The bytes must not be altered.
func (l *Ledger) Value(name string) ([]byte, error) {
	if v := l.values[name]; v != nil {
		return v.data, nil
	}
	row, err := l.tx.One("SELECT data FROM value WHERE name = ?", name)
	if err != nil && !errors.Is(err, sqlite.ErrNoRow) {
		return nil, err
	}
	v := &value{}
	if err == nil {
		v.data = row.Bytes(0)
	}
	l.keepValue(name, v)
	return v.data, nil
}

// PutValue implements ledger.Tx. Putting nil takes the value away. What is there already is not written again.
func (l *Ledger) PutValue(name string, data []byte) error {
	if !l.writing {
		return errReading
	}
	if old, err := l.Value(name); err != nil || old != nil && data != nil && bytes.Equal(old, data) {
		return err
	}
	l.keepValue(name, &value{bytes.Clone(data), true})
	return nil
}

func (l *Ledger) keepValue(name string, v *value) {
	if l.values == nil {
		l.values = map[string]*value{}
	}
	l.values[name] = v
}

func (l *Ledger) flushValues() error {
	for _, name := range slices.Sorted(maps.Keys(l.values)) {
		v := l.values[name]
		if !v.dirty {
			continue
		}
		v.dirty = false
		text, args := "INSERT OR REPLACE INTO value (name, data) VALUES (?, ?)", []any{name, v.data}
		if v.data == nil {
			text, args = "DELETE FROM value WHERE name = ?", args[:1]
		}
		if err := l.exec(text, args...); err != nil {
			return err
		}
	}
	return nil
}

// Erasures implements ledger.Tx.
func (l *Ledger) Erasures() (int, error) { return l.Tally(tallyErasures) }

// Tally returns a named count; 0 when nothing was added to it.
func (l *Ledger) Tally(name string) (int, error) {
	t, err := l.tally(name)
	if err != nil {
		return 0, err
	}
	return t.n, nil
}

// AddTally adds to a named count.
func (l *Ledger) AddTally(name string, n int) error {
	if !l.writing {
		return errReading
	}
	t, err := l.tally(name)
	if err != nil {
		return err
	}
	t.n, t.dirty = t.n+n, true
	return nil
}

func (l *Ledger) tally(name string) (*tally, error) {
	if t := l.tallies[name]; t != nil {
		return t, nil
	}
	row, err := l.tx.One("SELECT n FROM tally WHERE name = ?", name)
	if err != nil && !errors.Is(err, sqlite.ErrNoRow) {
		return nil, err
	}
	t := &tally{}
	if err == nil {
		t.n = int(row.Int64(0))
	}
	if l.tallies == nil {
		l.tallies = map[string]*tally{}
	}
	l.tallies[name] = t
	return t, nil
}

func (l *Ledger) flushTallies() error {
	for _, name := range slices.Sorted(maps.Keys(l.tallies)) {
		t := l.tallies[name]
		if !t.dirty {
			continue
		}
		t.dirty = false
		if err := l.exec("INSERT OR REPLACE INTO tally (name, n) VALUES (?, ?)", name, t.n); err != nil {
			return err
		}
	}
	return nil
}

// Evidence implements ledger.Tx. A content is kept once.
func (l *Ledger) Evidence(c *record.Change) error {
	d := c.Digest()
	return l.exec("INSERT INTO evidence (digest, run, n, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		d[:], int64(c.Dot.Run), int64(c.Dot.N), c.Encoded())
}
