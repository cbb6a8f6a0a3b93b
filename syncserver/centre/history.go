package centre

import (
	"slices"

	"banlang/shared/record"
)

// happened fills in what happened to the record: its changes, notes, and what does not count.
func (x *sheeting) happened(s *Sheet) error {
	for _, n := range x.view.Notes() {
		v, err := x.value(n.Path, n.Text, n.State, x.byDot[n.Dot])
		if err != nil {
			return err
		}
		s.Notes = append(s.Notes, v)
	}
	s.Older = max(0, len(x.changes)-MaxHistory)
	for _, c := range x.changes[s.Older:] {
		v, err := x.value("", "", c.Body, c)
		if err != nil {
			return err
		}
		y := SheetChange{SheetValue: v, Kind: c.Kind, Creates: c.Kind == record.KindEdit && c.Record.IsZero(), Reason: c.Reason, Against: c.Rejected}
		for i := range c.Edits {
			e := &c.Edits[i]
			shown := x.say(e.Path, e.Value)
			if other, err := record.ParseDot(e.Value); err == nil && (e.Path == record.PathInstead || e.Path == record.PathAnew) {
				shown = record.HumanName(c.Replica, other.N) // both are of one machine
			}
			y.Edits = append(y.Edits, SheetEdit{e.Path, x.label(e.Path), shown})
		}
		s.History = append(s.History, y)
	}
	slices.Reverse(s.History) // they came in the order of the log: whatever the clocks say, nobody answers before he reads
	for _, r := range x.view.Unanswered(x.changes) {
		c := x.byDot[r.Target]
		if c == nil {
			continue
		}
		v, err := x.value("", "", c.Body, c)
		if err != nil {
			return err
		}
		y := SheetRejected{Change: v, Reason: r.Reason}
		for i := range c.Edits {
			y.Paths = append(y.Paths, x.label(c.Edits[i].Path))
		}
		s.Rejected = append(s.Rejected, y)
	}
	return nil
}
