package hub

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"sync"

	"banlang/shared/blob"
	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/access"
)

// Memory is a Store in memory, for the simulation and the tests of what stands above the hub.
type Memory struct {
	mu sync.RWMutex
	t  memoryTx
}

type memoryTx struct {
	*ledger.Memory
	devices map[record.ReplicaID]access.Device
	lists   map[string][]Range
	turns   map[record.Dot]Turn
	waiting map[ledger.Pos]bool
	closed  map[ledger.Pos]closing
	fills   []Filling
	signed  map[record.RunID]record.HeadSignature
	wants   map[want]bool
	escrow  map[record.ReplicaID][]Deposit // latest first
	wipes   map[record.ReplicaID]Wipe
}

// closing is what a transaction left at the end of the log.
type closing struct {
	hash [32]byte
	at   record.Millis
}

// want: a replica is asked for a blob.
type want struct {
	from record.ReplicaID
	ref  blob.Ref
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{t: memoryTx{Memory: ledger.NewMemory(), devices: map[record.ReplicaID]access.Device{}, lists: map[string][]Range{},
		turns: map[record.Dot]Turn{}, waiting: map[ledger.Pos]bool{}, closed: map[ledger.Pos]closing{},
		signed: map[record.RunID]record.HeadSignature{}, wants: map[want]bool{},
		escrow: map[record.ReplicaID][]Deposit{}, wipes: map[record.ReplicaID]Wipe{}}}
}

// Clone returns an independent copy: a backup.
func (m *Memory) Clone() *Memory {
	m.mu.RLock()
	defer m.mu.RUnlock()
	x := &Memory{t: memoryTx{Memory: m.t.Memory.Clone(), devices: maps.Clone(m.t.devices), lists: maps.Clone(m.t.lists),
		turns: maps.Clone(m.t.turns), waiting: maps.Clone(m.t.waiting), closed: maps.Clone(m.t.closed), signed: maps.Clone(m.t.signed),
		wants: maps.Clone(m.t.wants), fills: slices.Clone(m.t.fills), escrow: maps.Clone(m.t.escrow), wipes: maps.Clone(m.t.wipes)}}
	for k, v := range x.t.lists {
		x.t.lists[k] = slices.Clone(v)
	}
	return x
}

// Update implements Store.
func (m *Memory) Update(_ context.Context, f func(Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.t.Atomically(func() error { return f(&m.t) })
}

// View implements Store.
func (m *Memory) View(_ context.Context, f func(Tx) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return f(&m.t)
}

// Close implements Store.
func (m *Memory) Close() error { return nil }

func (t *memoryTx) Device(r record.ReplicaID) (access.Device, bool, error) {
	d, ok := t.devices[r]
	return d, ok, nil
}

func (t *memoryTx) PutDevice(d access.Device) error {
	ledger.Put(t.Memory, t.devices, d.Replica, d)
	return nil
}

func (t *memoryTx) Devices(f func(access.Device) bool) error {
	for _, r := range slices.Sorted(maps.Keys(t.devices)) {
		if !f(t.devices[r]) {
			break
		}
	}
	return nil
}

func (t *memoryTx) List(key string, r Range) error {
	ledger.Put(t.Memory, t.lists, key, append(slices.Clip(t.lists[key]), r))
	return nil
}

func (t *memoryTx) Listed(key string, after ledger.Pos, limit int) (out []Range, _ error) {
	for _, r := range t.lists[key] {
		if r.Last > after && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, nil
}

func (t *memoryTx) Turn(rec record.Dot) (Turn, bool, error) {
	x, ok := t.turns[rec]
	return x, ok, nil
}

func (t *memoryTx) PutTurn(rec record.Dot, x Turn) error {
	ledger.Put(t.Memory, t.turns, rec, x)
	return nil
}

func (t *memoryTx) Turns() (int, error) { return len(t.turns), nil }

func (t *memoryTx) Wait(p ledger.Pos) error { ledger.Put(t.Memory, t.waiting, p, true); return nil }

func (t *memoryTx) Judged(p ledger.Pos) error {
	if t.waiting[p] {
		delete(t.waiting, p)
		t.Undo(func() { t.waiting[p] = true })
	}
	return nil
}

func (t *memoryTx) Waiting(from ledger.Pos, limit int) ([]ledger.Pos, error) {
	ps := slices.Sorted(maps.Keys(t.waiting))
	ps = ps[sort.Search(len(ps), func(i int) bool { return ps[i] >= from }):]
	return ps[:min(limit, len(ps))], nil
}

func (t *memoryTx) CloseLog(end ledger.Pos, hash [32]byte, at record.Millis) error {
	ledger.Put(t.Memory, t.closed, end, closing{hash, at})
	return nil
}

func (t *memoryTx) Arrivals(from ledger.Pos, limit int) (out []Arrival, _ error) {
	for _, end := range slices.Sorted(maps.Keys(t.closed)) {
		if end >= from && len(out) < limit {
			out = append(out, Arrival{end, t.closed[end].at})
		}
	}
	return out, nil
}

func (t *memoryTx) Fill(p ledger.Pos) error {
	n := len(t.fills)
	t.Undo(func() { t.fills = t.fills[:n] })
	t.fills = append(slices.Clip(t.fills), Filling{int64(n) + 1, p})
	return nil
}

func (t *memoryTx) Fills(after int64, limit int) (out []Filling, _ error) {
	rest := t.fills[min(max(after, 0), int64(len(t.fills))):]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func (t *memoryTx) ClosedLog(at ledger.Pos) (ledger.Pos, [32]byte, error) {
	for ; at > 0; at-- {
		if c, ok := t.closed[at]; ok {
			return at, c.hash, nil
		}
	}
	return 0, [32]byte{}, nil
}

func (t *memoryTx) PutSigned(h record.HeadSignature) error {
	ledger.Put(t.Memory, t.signed, h.Run, h)
	return nil
}

func (t *memoryTx) Want(from record.ReplicaID, r blob.Ref, on bool) error {
	w := want{from, r}
	if _, known, err := t.Blob(r); on && !known {
		return errors.Join(err, fmt.Errorf("hub: %v is not known", r))
	}
	if on {
		ledger.Put(t.Memory, t.wants, w, true)
	} else if t.wants[w] {
		delete(t.wants, w)
		t.Undo(func() { t.wants[w] = true })
	}
	return nil
}

func (t *memoryTx) Wants(from record.ReplicaID, after blob.Ref, limit int) (refs []blob.Ref, _ error) {
	for w := range t.wants {
		if w.from == from && w.ref.Compare(after) > 0 {
			refs = append(refs, w.ref)
		}
	}
	slices.SortFunc(refs, blob.Ref.Compare)
	return refs[:min(limit, len(refs))], nil
}

func (t *memoryTx) Asked(r blob.Ref) (asked []record.ReplicaID, _ error) {
	for w := range t.wants {
		if w.ref == r {
			asked = append(asked, w.from)
		}
	}
	slices.Sort(asked)
	return asked, nil
}

func (t *memoryTx) Begun(by record.ReplicaID) (begun []ledger.Blob, _ error) {
	err := ledger.EachBlob(t, true, func(b ledger.Blob) error {
		if b.By == by && b.Got > 0 {
			begun = append(begun, b)
		}
		return nil
	})
	return begun, err
}

// DropBlob implements ledger.Shelf.
func (t *memoryTx) DropBlob(r blob.Ref) error {
	asked, err := t.Asked(r)
	for _, from := range asked {
		err = errors.Join(err, t.Want(from, r, false))
	}
	return errors.Join(err, t.Memory.DropBlob(r))
}

func (t *memoryTx) PutDeposit(d Deposit) error {
	all := t.escrow[d.Replica]
	if slices.ContainsFunc(all, func(x Deposit) bool { return x.Sum == d.Sum }) {
		return nil
	}
	all = slices.Insert(slices.Clone(all), 0, d)
	ledger.Put(t.Memory, t.escrow, d.Replica, all[:min(len(all), MaxDeposits)])
	return nil
}

func (t *memoryTx) Deposits(of record.ReplicaID) (all []Deposit, _ error) {
	if of != 0 {
		return slices.Clone(t.escrow[of]), nil
	}
	for _, r := range slices.Sorted(maps.Keys(t.escrow)) {
		all = append(all, t.escrow[r]...)
	}
	return all, nil
}

func (t *memoryTx) PutWipe(w Wipe) error { ledger.Put(t.Memory, t.wipes, w.Replica, w); return nil }

func (t *memoryTx) WipeOf(r record.ReplicaID) (Wipe, error) { return t.wipes[r], nil }
