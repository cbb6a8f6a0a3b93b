package console

import (
	"cmp"
	"sync"

	"banlang/shared/ledger"
	"banlang/syncserver/centre"
	"banlang/syncserver/report/pivot"
)

// gapsKept remembers what machines are known to have and the centre has not, as long as the log does not move.
type gapsKept struct {
	mu   sync.Mutex
	end  ledger.Pos
	gaps []pivot.Gap
}

// gaps are the changes that are known to be missing, for every unit that their machine may write for.
func (q *Request) gaps() ([]pivot.Gap, error) {
	k := &q.c.gaps
	k.mu.Lock()
	defer k.mu.Unlock()
	end, err := q.c.Centre.End(q.Context())
	if err != nil {
		return nil, err
	}
	if k.end == end && end > 0 {
		return k.gaps, nil
	}
	a, err := q.c.Centre.Do(q.Context(), centre.Request{Devices: true})
	if err != nil {
		return nil, err
	}
	k.gaps, k.end = nil, end
	for i := range a.Devices {
		k.gaps = append(k.gaps, gapsOf(&a.Devices[i])...)
	}
	return k.gaps, nil
}

// gapsOf are the gaps of one machine; of one that may write for nobody any more, those of its own unit.
func gapsOf(d *centre.Account) (gaps []pivot.Gap) {
	units := map[string]bool{}
	for _, f := range d.Feeds {
		units[f.Unit()] = true
	}
	if len(units) == 0 {
		units[cmp.Or(d.Unit, "?")] = true
	}
	for unit := range units {
		for _, m := range d.Missing {
			gaps = append(gaps, pivot.Gap{Unit: unit, Replica: d.Replica, From: uint64(m.First), To: uint64(m.Last)})
		}
	}
	return gaps
}
