package ledger

import "banlang/shared/record"

// Copies lists, in ascending order of their names, the runs by which a copied or rewound notebook shows: two runs that go on from one
// change, or a run that goes on from a change which is not the last of its run. Nothing is wrong with what they hold: it
// merges like anything else. But a person should ask how the machine of their Replica came to be there twice. A centre
// that was restored from a backup shows in the same way, as the machine record.Centre.
func Copies(tx Tx) (copies []Run, err error) {
	var opened []Run
	last, children := map[record.RunID]record.Number{}, map[record.Dot]int{}
	err = tx.Runs(func(r Run) bool {
		last[r.ID] = max(last[r.ID], r.Claim) // what is held is claimed, too
		if r.First != 0 {
			opened = append(opened, r)
			children[origin(r)]++
			last[r.Parent.Run] = max(last[r.Parent.Run], r.Parent.N) // who goes on from a change tells of it
		}
		return true
	})
	for _, r := range opened {
		if children[origin(r)] > 1 || !r.Parent.IsZero() && last[r.Parent.Run] > r.Parent.N {
			copies = append(copies, r)
		}
	}
	return copies, err
}

// origin is where a run goes on from: the last change before it, or the empty notebook.
func origin(r Run) record.Dot {
	if r.Parent.IsZero() {
		return ReplicaSubject(r.Replica)
	}
	return r.Parent
}
