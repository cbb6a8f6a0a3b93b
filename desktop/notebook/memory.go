package notebook

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"banlang/shared/ledger"
	"banlang/shared/record"
)

// Memory is a Store in memory, for the simulation and the tests of the screens.
type Memory struct {
	mu sync.RWMutex
	t  memoryTx
}

type memoryTx struct {
	*ledger.Memory
	drafts map[DraftID]Draft
	rows   map[record.Dot]Row
	urgent map[record.Dot]bool
	last   DraftID // the greatest ever given
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{t: memoryTx{ledger.NewMemory(), map[DraftID]Draft{}, map[record.Dot]Row{}, map[record.Dot]bool{}, 0}}
}

// Clone returns an independent copy: an image of the machine.
func (m *Memory) Clone() *Memory {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return &Memory{t: memoryTx{m.t.Memory.Clone(), maps.Clone(m.t.drafts), maps.Clone(m.t.rows), maps.Clone(m.t.urgent), m.t.last}}
}

// Update implements Store.
func (m *Memory) Update(_ context.Context, f func(Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t.Atomically(func() error { return f(&m.t) })
}

// UpdateSoon implements Store.
func (m *Memory) UpdateSoon(_ context.Context, f func(Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t.AtomicallySoon(func() error { return f(&m.t) })
}

// PowerCut does what one does to a file: what UpdateSoon did since the last Update is gone. It reports whether that was
// anything.
func (m *Memory) PowerCut() (lost bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t.PowerCut()
}

// View implements Store.
func (m *Memory) View(_ context.Context, f func(Tx) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return f(&m.t)
}

// Close implements Store.
func (m *Memory) Close() error { return nil }

func (t *memoryTx) PutDraft(d Draft) (DraftID, error) {
	if d.ID == 0 {
		d.ID = t.last + 1
	}
	if old := t.last; d.ID > old {
		t.last = d.ID
		t.Undo(func() { t.last = old })
	}
	d.Values, d.Saw = maps.Clone(d.Values), maps.Clone(d.Saw)
	d.Dropped, d.Covers = maps.Clone(d.Dropped), slices.Clone(d.Covers)
	ledger.Put(t.Memory, t.drafts, d.ID, d)
	return d.ID, nil
}

func (t *memoryTx) Draft(id DraftID) (Draft, bool, error) {
	d, ok := t.drafts[id]
	return d, ok, nil
}

func (t *memoryTx) Drafts() ([]Draft, error) {
	return slices.SortedFunc(maps.Values(t.drafts), func(a, b Draft) int {
		return cmp.Or(cmp.Compare(b.Saved, a.Saved), cmp.Compare(b.ID, a.ID))
	}), nil
}

func (t *memoryTx) DropDraft(id DraftID) error {
	if d, ok := t.drafts[id]; ok {
		delete(t.drafts, id)
		t.Undo(func() { t.drafts[id] = d })
	}
	return nil
}

func (t *memoryTx) PutRow(r Row) error { ledger.Put(t.Memory, t.rows, r.Record, r); return nil }

func (t *memoryTx) DropRows() error {
	old := t.rows
	t.Undo(func() { t.rows = old })
	t.rows = map[record.Dot]Row{}
	return nil
}

func (t *memoryTx) Row(rec record.Dot) (Row, bool, error) {
	r, ok := t.rows[rec]
	return r, ok, nil
}

func (t *memoryTx) Search(q Query) ([]record.Dot, error) {
	receipts, err := ReceiptsOf(t)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, r := range t.rows {
		if q.Fits(&r, t.called, receipts.Lacks) {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Written, a.Written), b.Record.Compare(a.Record))
	})
	var recs []record.Dot
	for _, r := range rows[:min(len(rows), max(q.Limit, 0))] {
		recs = append(recs, r.Record)
	}
	return recs, receipts.Err()
}

func (t *memoryTx) called(place record.Dot) string {
	if r := t.rows[place]; r.Visible {
		return r.Calls
	}
	return ""
}

func (t *memoryTx) Count() (n int, err error) {
	for _, r := range t.rows {
		if r.Visible {
			n++
		}
	}
	return n, nil
}

func (t *memoryTx) Urgent() ([]record.Dot, error) {
	return slices.SortedFunc(maps.Keys(t.urgent), func(a, b record.Dot) int {
		return cmp.Or(cmp.Compare(a.N, b.N), a.Compare(b))
	}), nil
}

func (t *memoryTx) PutUrgent(d record.Dot) error { ledger.Put(t.Memory, t.urgent, d, true); return nil }

func (t *memoryTx) DropUrgent(d record.Dot) error {
	if t.urgent[d] {
		delete(t.urgent, d)
		t.Undo(func() { t.urgent[d] = true })
	}
	return nil
}
