package ledger

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"banlang/shared/record"
)

// Memory is a ledger in memory, for simulations and tests of what stands above. It is a Tx whenever Atomically runs;
// other stores embed it and add their own maps under the same transactions through Undo. It is not safe for concurrent
// use. Make one with NewMemory.
type Memory struct {
	log      []*record.Change
	places   map[record.Dot]Pos
	touching map[record.Dot][]Pos
	spans    map[record.RunID][]Span
	runs     map[record.RunID]Run
	values   map[string][]byte
	evidence []*record.Change
	erasures int
	shelf    memoryShelf
	undo     []func()
	soon     []func() // undoes what a power cut would take
}

// NewMemory returns an empty ledger.
func NewMemory() *Memory {
	return &Memory{places: map[record.Dot]Pos{}, touching: map[record.Dot][]Pos{}, spans: map[record.RunID][]Span{},
		runs: map[record.RunID]Run{}, values: map[string][]byte{}, shelf: newMemoryShelf()}
}

// Clone returns a copy that shares nothing that changes: a backup, an image, a stolen laptop.
func (m *Memory) Clone() *Memory {
	x := &Memory{log: slices.Clone(m.log), places: maps.Clone(m.places), touching: maps.Clone(m.touching),
		spans: maps.Clone(m.spans), runs: maps.Clone(m.runs), values: maps.Clone(m.values),
		evidence: slices.Clone(m.evidence), erasures: m.erasures, shelf: m.shelf.clone()}
	for k, v := range x.touching {
		x.touching[k] = slices.Clone(v)
	}
	for k, v := range x.spans {
		x.spans[k] = slices.Clone(v)
	}
	return x
}

// Atomically runs f as one transaction: when f fails or panics, nothing has happened.
func (m *Memory) Atomically(f func() error) error {
	err := m.atomically(f)
	if err == nil {
		m.soon = nil
	}
	return err
}

// AtomicallySoon is Atomically for what PowerCut takes back, as long as nothing was done by Atomically after it.
func (m *Memory) AtomicallySoon(f func() error) error {
	return m.atomically(func() error {
		err := f()
		if err == nil {
			m.soon = append(m.soon, m.undo...)
		}
		return err
	})
}

// PowerCut takes back what was done by AtomicallySoon since Atomically succeeded last, and reports whether that was
// anything.
func (m *Memory) PowerCut() (lost bool) {
	lost = len(m.soon) > 0
	for _, f := range slices.Backward(m.soon) {
		f()
	}
	m.soon = nil
	return lost
}

func (m *Memory) atomically(f func() error) (err error) {
	m.undo = m.undo[:0]
	done := false
	defer func() {
		if !done || err != nil {
			m.rollback()
		}
		m.undo = m.undo[:0]
	}()
	err = f()
	done = true
	return err
}

func (m *Memory) rollback() {
	for _, f := range slices.Backward(m.undo) {
		f()
	}
}

// Undo registers what a rollback of the running transaction must do; the latest is done first.
func (m *Memory) Undo(f func()) { m.undo = append(m.undo, f) }

// Put sets m[k] = v in the running transaction of l.
func Put[K comparable, V any](l *Memory, m map[K]V, k K, v V) {
	old, had := m[k]
	l.Undo(func() {
		if had {
			m[k] = old
		} else {
			delete(m, k)
		}
	})
	m[k] = v
}

// Append implements Tx.
func (m *Memory) Append(c *record.Change) (Pos, error) {
	n := len(m.log)
	m.log = append(m.log, c)
	at := Pos(n + 1)
	m.Undo(func() { m.log = m.log[:n] })
	Put(m, m.places, c.Dot, at)
	if !c.Creates() {
		s := Subject(c)
		old := m.touching[s]
		Put(m, m.touching, s, append(slices.Clip(old), at))
	}
	if c.Kind == record.KindErase {
		m.erasures++
		m.Undo(func() { m.erasures-- })
	}
	spans := slices.Clone(m.spans[c.Dot.Run])
	spans = append(spans, Span{c.Dot.N, c.Dot.N, at})
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.First, b.First) })
	Put(m, m.spans, c.Dot.Run, Merge(spans))
	return at, nil
}

// At implements Tx.
func (m *Memory) At(p Pos) (*record.Change, error) {
	if p == 0 || p > Pos(len(m.log)) {
		return nil, fmt.Errorf("ledger: nothing at place %d", p)
	}
	return m.log[p-1], nil
}

// Rewrite implements Tx.
func (m *Memory) Rewrite(p Pos, c *record.Change) error {
	old := m.log[p-1]
	m.Undo(func() { m.log[p-1] = old })
	m.log[p-1] = c
	return nil
}

// Find implements Tx.
func (m *Memory) Find(d record.Dot) (Pos, error) { return m.places[d], nil }

// Touching implements Tx.
func (m *Memory) Touching(s record.Dot) ([]Pos, error) { return slices.Clone(m.touching[s]), nil }

// Spans implements Tx.
func (m *Memory) Spans(run record.RunID) ([]Span, error) { return m.spans[run], nil }

// Run implements Tx.
func (m *Memory) Run(id record.RunID) (Run, error) { return m.runs[id], nil }

// PutRun implements Tx.
func (m *Memory) PutRun(r Run) error { Put(m, m.runs, r.ID, r); return nil }

// Runs implements Tx.
func (m *Memory) Runs(f func(Run) bool) error {
	for _, id := range slices.Sorted(maps.Keys(m.runs)) {
		if !f(m.runs[id]) {
			break
		}
	}
	return nil
}

// Value implements Tx.
func (m *Memory) Value(name string) ([]byte, error) { return m.values[name], nil }

// PutValue implements Tx.
func (m *Memory) PutValue(name string, v []byte) error {
	Put(m, m.values, name, slices.Clone(v))
	return nil
}

// Evidence implements Tx.
func (m *Memory) Evidence(c *record.Change) error {
	for _, x := range m.evidence {
		if x.Digest() == c.Digest() {
			return nil
		}
	}
	n := len(m.evidence)
	m.evidence = append(m.evidence, c)
	m.Undo(func() { m.evidence = m.evidence[:n] })
	return nil
}

// Each implements Tx.
func (m *Memory) Each(from, to Pos, f func(Pos, []byte) (bool, error)) error {
	for p := max(from, 1); p <= to && int(p) <= len(m.log); p++ {
		if more, err := f(p, m.log[p-1].Encoded()); err != nil || !more {
			return err
		}
	}
	return nil
}

// End implements Tx.
func (m *Memory) End() (Pos, error) { return Pos(len(m.log)), nil }

// Erasures implements Tx.
func (m *Memory) Erasures() (int, error) { return m.erasures, nil }
