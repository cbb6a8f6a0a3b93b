package console

import (
	"slices"
	"strings"
	"time"

	"banlang/shared/form/declared"
	"banlang/shared/units"
	"banlang/syncserver/report"
	"banlang/syncserver/staff"
)

// Who has reported, where nothing came from and what the figures are can be looked at by two trees: the administrative one, by which
// also is decided who sees what (package staff), and the one by which units report. Through the second nobody sees more: of it there
// is only what the viewer may count by the first (staff.Viewer.Scope). Tips and petitions are counted by the first alone: two ways of
// adding them up would give away the small numbers that each hides. So are reports, which have them in, and maps, which are of places.

// byReports is what the address says for the reporting tree ("tree").
const byReports = "reports"

// reporting is the tree of today by which units report, with what the viewer may count in it; nil where that is no other tree.
func (q *Request) reporting() *units.View {
	if q.Viewer == nil || q.lookedUp {
		return q.second
	}
	q.lookedUp = true
	t, err := q.c.Centre.Units(q.Context())
	if err != nil {
		return nil // today says so
	}
	if !slices.ContainsFunc(t.All(), func(u units.Unit) bool { return u.Reports != "" }) {
		return nil
	}
	today, whole := q.today(), t.Reporting(q.now().Format(time.DateOnly))
	mine := q.Viewer.Scope(staff.CountRecords, declared.Ordinary)
	if slices.ContainsFunc(mine, func(code string) bool { return code != q.Viewer.Unit && whole.Parent(code) != today.Parent(code) }) {
		q.second, q.all = whole.Among(mine), whole
	}
	return q.second
}

// TwoTrees reports whether there is a choice of trees for the viewer.
func (q *Request) TwoTrees() bool { return q.reporting() != nil }

// Tree is the tree that the page goes by, as an address says it: "" for the administrative one.
func (q *Request) Tree() string {
	if q.Q("tree") == byReports && q.TwoTrees() {
		return byReports
	}
	return ""
}

// counted is the tree that the page goes by. Nothing is in it that the viewer may not count, but for what is above his own unit in the
// administrative one.
func (q *Request) counted() *units.View {
	if q.chosen == nil {
		q.chosen = q.today()
		if q.Tree() == byReports {
			q.chosen = q.reporting()
		}
	}
	return q.chosen
}

// countedFor is the tree by which a figure is counted.
func (q *Request) countedFor(d *report.Indicator) *units.View {
	if d.Sensitive() {
		return q.today()
	}
	return q.counted()
}

// underCounted is the choice of a unit in the address as a filter of what is counted under it; nil: no choice.
func (q *Request) underCounted() []string {
	if unit := q.unitTyped("unit"); unit != "" {
		return append(q.counted().Under(unit), unit)
	}
	return nil
}

// namedUnits is how many units a line names, at most.
const namedUnits = 5

// Moved says in words in what the reporting tree under a unit differs from the administrative one: what reports elsewhere, what comes
// from elsewhere, and what would but is not the viewer's to see.
func (q *Request) Moved(root string) (lines []string) {
	if q.Tree() != byReports {
		return nil
	}
	today := q.today()
	kinds := map[string][]string{}
	for _, u := range q.all.All() {
		if above := q.all.Parent(u.Code); above == today.Parent(u.Code) {
			continue
		}
		was, is := today.Within(u.Code, root), q.all.Within(u.Code, root)
		switch {
		case u.Code == root:
		case was && !is:
			kinds["tree.away"] = append(kinds["tree.away"], u.Name)
		case is && !was && q.counted().Within(u.Code, root):
			kinds["tree.joined"] = append(kinds["tree.joined"], u.Name)
		case is && !was:
			kinds["tree.foreign"] = append(kinds["tree.foreign"], u.Name)
		}
	}
	for _, key := range []string{"tree.joined", "tree.away", "tree.foreign"} {
		names := kinds[key]
		if len(names) == 0 {
			continue
		}
		list := strings.Join(names[:min(len(names), namedUnits)], ", ")
		if len(names) > namedUnits {
			list += ", …"
		}
		lines = append(lines, q.T(key, "n", len(names), "units", list))
	}
	return lines
}
