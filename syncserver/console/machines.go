package console

import (
	"strings"
	"sync"
	"time"

	"banlang/shared/record"
	"banlang/shared/units"
	"banlang/syncserver/centre"
	"banlang/syncserver/report/pivot"
)

// machinesRest is how long what is known of the machines is taken as it is: accounting for them walks over all runs.
const machinesRest = 5 * time.Second

// machinesKept is what is known of the machines, as it was a moment ago.
type machinesKept struct {
	mu  sync.Mutex
	at  time.Time
	all []centre.Account
}

// machines accounts for all machines: when they last were in touch, and what is known to be missing of them.
func (q *Request) machines() ([]centre.Account, error) {
	k := &q.c.machines
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := q.now(); k.all == nil || now.Sub(k.at).Abs() >= machinesRest {
		a, err := q.c.Centre.Do(q.Context(), centre.Request{Devices: true})
		if err != nil {
			return nil, err
		}
		k.all, k.at = a.Devices, now
	}
	return k.all, nil
}

// writesFor lists the units that a machine may write for; of one that has no grant any more, its own: what it has not sent yet
// is of there.
func writesFor(m *centre.Account) []string { return unitsOf(m, m.Feeds) }

// mayTouch lists the units that a machine ever might write for: nobody knows which of them a change is of that is not here, and
// which grant held when it was written.
func mayTouch(m *centre.Account) []string { return unitsOf(m, m.Granted) }

func unitsOf(m *centre.Account, feeds []record.Feed) (codes []string) {
	seen := map[string]bool{}
	for _, f := range feeds {
		if u := f.Unit(); !seen[u] {
			seen[u] = true
			codes = append(codes, u)
		}
	}
	if len(codes) == 0 && m.Unit != "" {
		codes = append(codes, m.Unit)
	}
	return codes
}

// gaps tells the figures which units may have more, because machines are known to.
func (q *Request) gaps() ([]pivot.Gap, error) {
	all, err := q.machines()
	return gapsOf(all), err
}

func gapsOf(all []centre.Account) (gaps []pivot.Gap) {
	for i := range all {
		for _, code := range mayTouch(&all[i]) {
			for _, m := range all[i].Missing {
				gaps = append(gaps, pivot.Gap{Unit: code, Replica: all[i].Replica, From: uint64(m.First), To: uint64(m.Last)})
			}
		}
	}
	return gaps
}

// GapLine is a stretch of numbers that a machine is known to have written and the centre has not.
type GapLine struct {
	Unit              string
	Machine, From, To uint64
	N                 uint64
}

// gapsWithin are the gaps that may alter figures of a unit of a tree, in words for the line below them.
func gapsWithin(root string, gaps []pivot.Gap, by *units.View) (lines []GapLine) {
	for _, g := range gaps {
		if by.Within(g.Unit, root) {
			lines = append(lines, GapLine{g.Unit, uint64(g.Replica), g.From, g.To, g.To - g.From + 1})
		}
	}
	return lines
}

// mayOwe lists the units that a machine may have something for: all that it ever might write for, while anything of it is missing.
func mayOwe(m *centre.Account) []string {
	if len(m.Missing) > 0 {
		return mayTouch(m)
	}
	return writesFor(m)
}

// byUnit finds the machines of units, each by every code that codes lists for it.
func byUnit(all []centre.Account, codes func(*centre.Account) []string) map[string][]*centre.Account {
	of := map[string][]*centre.Account{}
	for i := range all {
		for _, code := range codes(&all[i]) {
			of[code] = append(of[code], &all[i])
		}
	}
	return of
}

// lacks is how many changes are known to be missing of a machine.
func lacks(m *centre.Account) (n int) {
	for _, x := range m.Missing {
		n += int(x.Last - x.First + 1) //nolint:gosec // numbers of one machine
	}
	return n
}

// gapLine is one machine of which something is known to be missing, as a page tells it.
type gapLine struct {
	*centre.Account
	Units []string
	N     int
}

// Have is the number up to which nothing is missing.
func (g gapLine) Have() record.Number { return g.Missing[0].First - 1 }

// gapLines are the machines that lack something of any unit within a root of a tree, those that lack most first, and how many
// changes they lack by unit.
func (q *Request) gapLines(all []centre.Account, root string, by *units.View) (lines []gapLine, missing map[string]int) {
	missing = map[string]int{}
	for i := range all {
		m := &all[i]
		if len(m.Missing) == 0 {
			continue
		}
		line := gapLine{Account: m, N: lacks(m)}
		for _, code := range mayTouch(m) {
			if by.Within(code, root) {
				line.Units = append(line.Units, code)
				missing[code] += line.N
			}
		}
		if len(line.Units) > 0 {
			lines = append(lines, line)
		}
	}
	return lines, missing
}

// GapText says exactly what is missing of a machine.
func (q *Request) GapText(g gapLine) string {
	return q.T("grid.gap", "device", q.T("machine", "n", g.Replica), "last", q.Int(g.Claimed), "have", q.Int(g.Have()), "range", q.ranges(g.Missing))
}

// ranges writes stretches of numbers: "1.241–1.248, 1.250".
func (q *Request) ranges(all []centre.Numbers) string {
	var parts []string
	for _, m := range all {
		part := q.Int(m.First)
		if m.Last != m.First {
			part += "–" + q.Int(m.Last)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}
