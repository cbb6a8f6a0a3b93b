package record

import "slices"

// Unanswered are the rejections of a view that still ask for somebody. One is answered when each value of the rejected change
// is replaced by an accepted edit that names it: whoever wrote that edit had the rejected value before his eyes. The rejection
// of a creation is answered by another record in its place only (Replaced), and that answers everything; that of a change
// without values is never answered. Changes are those that the view is of.
func (v *View) Unanswered(changes []*Change) []Verdict {
	if v.Replaced() {
		return nil
	}
	rejected := map[Dot]bool{}
	for _, r := range v.Rejected {
		rejected[r.Target] = true
	}
	byDot, named := map[Dot]*Change{}, map[string][]Dot{} // named: by path, what accepted edits replaced
	for _, c := range changes {
		if c.Kind != KindEdit {
			continue
		}
		byDot[c.Dot] = c
		for i := range c.Edits {
			if e := &c.Edits[i]; !rejected[c.Dot] {
				named[e.Path] = append(named[e.Path], e.Replaces...)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(v.Rejected), func(r Verdict) bool {
		c, answered := byDot[r.Target], false
		if c == nil || c.Creates() {
			return false
		}
		for i := range c.Edits {
			if p := c.Edits[i].Path; says(p) {
				if answered = slices.Contains(named[p], r.Target); !answered {
					return false
				}
			}
		}
		return answered
	})
}
