package centre

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"banlang/shared/ledger"
	"banlang/shared/record"
	"banlang/syncserver/access"
	"banlang/syncserver/hub"
)

// Account is what the centre knows of a device's work.
type Account struct {
	Replica  record.ReplicaID
	Name     string
	Unit     string
	Enrolled bool
	Revoked  bool
	Lost     bool          // reported lost, and not found again
	Wipe     hub.Wipe      // how far it is with the order to destroy its keys
	Seen     record.Millis // last contact; 0: never
	Skew     int64         // its clock minus the centre's at the last contact, in ms
	Program  string        // as it named itself then
	Feeds    []record.Feed // that it may hold now
	Granted  []record.Feed // that it ever was granted: what is missing of it may be of any of them
	Claimed  record.Number // the last number that anybody has told to be saved there
	Held     uint64        // changes of it that are here
	Missing  []Numbers     // told to be saved, and not here; ascending
	Copied   record.Number // from this number on the notebook has two histories, because it was copied; 0: it has one
}

// Numbers are a stretch of numbers, both ends included.
type Numbers struct{ First, Last record.Number }

// Accounts accounts for every device that is known, or of which a change is here.
func (c *Centre) Accounts(ctx context.Context) (accounts []Account, err error) {
	err = c.watched.View(ctx, func(tx hub.Tx) error {
		accounts, err = accountsOf(tx)
		return err
	})
	return accounts, err
}

func accountsOf(tx hub.Tx) ([]Account, error) {
	of, keys := map[record.ReplicaID]*Account{}, map[record.ReplicaID]string{}
	err := tx.Devices(func(d access.Device) bool {
		keys[d.Replica] = d.Key
		of[d.Replica] = &Account{Replica: d.Replica, Name: d.Name, Unit: d.Unit, Enrolled: d.Enrolled != 0, Revoked: d.Revoked,
			Seen: d.Seen, Skew: d.Skew, Program: d.Program}
		return true
	})
	if err != nil {
		return nil, err
	}
	published, err := ledger.Publications(tx)
	if err != nil {
		return nil, err
	}
	runs, err := knownRuns(tx)
	if err != nil {
		return nil, err
	}
	for r, stretches := range runs {
		if r <= record.Centre {
			continue
		}
		if of[r] == nil {
			of[r] = &Account{Replica: r}
		}
		of[r].count(stretches)
	}
	copies, err := ledger.Copies(tx)
	if err != nil {
		return nil, err
	}
	for _, run := range copies {
		if a := of[run.Replica]; a != nil && (a.Copied == 0 || run.First < a.Copied) {
			a.Copied = run.First
		}
	}
	var accounts []Account
	for _, r := range slices.Sorted(maps.Keys(of)) {
		grants, err := ledger.Grants(tx, r)
		if err != nil {
			return nil, err
		}
		if now := ledger.Standing(grants); now != nil {
			of[r].Feeds = now.Feeds
		}
		for _, g := range grants {
			of[r].Granted = append(of[r].Granted, g.Feeds...)
		}
		slices.Sort(of[r].Granted)
		of[r].Granted = slices.Compact(of[r].Granted)
		of[r].Lost = record.OrderOf(published, r, keys[r]).Lost
		if of[r].Wipe, err = tx.WipeOf(r); err != nil {
			return nil, err
		}
		accounts = append(accounts, *of[r])
	}
	return accounts, nil
}

// stretch is one run of a device, as far as it is known.
type stretch struct {
	first record.Number // 0: its opening is not here
	claim record.Number
	spans []ledger.Span
}

// knownRuns returns the runs of each device. What a run says of its parent is a claim too.
func knownRuns(tx hub.Tx) (map[record.ReplicaID][]stretch, error) {
	var runs []ledger.Run
	parents := map[record.RunID]record.Number{}
	err := tx.Runs(func(r ledger.Run) bool {
		runs = append(runs, r)
		if r.First > 0 && !r.Parent.IsZero() {
			parents[r.Parent.Run] = max(parents[r.Parent.Run], r.Parent.N)
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	replica := map[record.RunID]record.ReplicaID{}
	for _, r := range runs {
		replica[r.ID] = r.Replica
		if _, known := replica[r.Parent.Run]; !known && !r.Parent.IsZero() {
			replica[r.Parent.Run] = r.Replica
		}
	}
	of := map[record.ReplicaID][]stretch{}
	seen := map[record.RunID]bool{}
	for _, r := range runs {
		seen[r.ID] = true
		spans, err := tx.Spans(r.ID)
		if err != nil {
			return nil, err
		}
		who := cmp.Or(r.Replica, replica[r.ID])
		of[who] = append(of[who], stretch{r.First, max(r.Claim, parents[r.ID]), spans})
	}
	for run, n := range parents { // known only by what came after it
		if !seen[run] {
			of[replica[run]] = append(of[replica[run]], stretch{claim: n})
		}
	}
	return of, nil
}

// count fills in the numbers of an account.
func (a *Account) count(runs []stretch) {
	for _, s := range runs {
		a.Claimed = max(a.Claimed, s.claim)
		for _, sp := range s.spans {
			a.Held += uint64(sp.Last-sp.First) + 1
		}
		a.Missing = append(a.Missing, s.missing(before(runs, s))...)
	}
	slices.SortFunc(a.Missing, func(x, y Numbers) int { return cmp.Compare(x.First, y.First) })
	var joined []Numbers
	for _, m := range a.Missing {
		if k := len(joined) - 1; k >= 0 && m.First <= joined[k].Last+1 {
			joined[k].Last = max(joined[k].Last, m.Last)
			continue
		}
		joined = append(joined, m)
	}
	a.Missing = joined
}

// before is the last number that belongs to an earlier run than s, when the opening of s is not here to say it.
func before(runs []stretch, s stretch) (n record.Number) {
	least := s.claim
	if len(s.spans) > 0 {
		least = s.spans[0].First
	}
	for _, r := range runs {
		if r.claim < least {
			n = max(n, r.claim)
		}
	}
	return n
}

// missing lists the numbers from the run's opening to its claim that are not here.
func (s stretch) missing(before record.Number) (ms []Numbers) {
	next := s.first
	if next == 0 {
		next = before + 1
	}
	for _, sp := range s.spans {
		if sp.First > next {
			ms = append(ms, Numbers{next, sp.First - 1})
		}
		next = max(next, sp.Last+1)
	}
	if next <= s.claim {
		ms = append(ms, Numbers{next, s.claim})
	}
	return ms
}
