package notebook

import (
	"slices"

	"banlang/shared/record"
)

// seen folds a record as this machine shows it. One that was created here and that the centre does not count is shown as it
// was written, with the verdict: nothing that an officer has written goes from before his eyes because somebody else could
// not count it. For everybody else it is not there. Rejections that somebody has answered are left out.
func (n *Notebook) seen(rec record.Dot, about []*record.Change) *record.View {
	v := record.Fold(rec, about)
	rejected := slices.ContainsFunc(v.Rejected, func(r record.Verdict) bool { return r.Target == rec })
	v.Rejected = v.Unanswered(about)
	own := slices.ContainsFunc(about, func(c *record.Change) bool { return c.Creates() && c.Replica == n.o.Replica })
	if v.Created || !own || !rejected {
		return v
	}
	written := slices.DeleteFunc(slices.Clone(about), func(c *record.Change) bool {
		return c.Kind == record.KindVerdict && c.Target == rec
	})
	w := record.Fold(rec, written)
	w.Rejected = v.Rejected
	return w
}
