// Package units owns the tree of administrative units as everybody knows it: villages in communes in provinces, or whatever
// levels a programme has. The tree is versioned in time: units begin, end, and go up in others, and any day can be asked for.
// The centre publishes it whole (Pack), and notebooks and the centre read it the same way (Learn).
package units

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Root is the code of the whole country, above all provinces. Lists of provinces name it without having a row for it.
const Root = "VN"

// Unit is what holds of one unit from one day to another. A code may have several, one after the other: it was renamed, or
// came under another parent.
type Unit struct {
	Code    string   // what records and devices name it by; never used for another place
	Parent  string   // the unit that it is part of; "": of none
	Reports string   // the unit that it reports to, where that is not its parent; "": to its parent
	Name    string   // in full: "Xã Ia Rsai"
	Level   string   // the ID of a Level
	Phone   string   // whom to call there; may be empty
	From    string   // the first day, yyyy-mm-dd; "": always was
	To      string   // the first day on which it is no more, yyyy-mm-dd; "": still is
	Into    []string // what it went up in at To: one unit (a merger, a new code), or several (a split)
}

// Level is a rank of units. The order of the levels is part of the tree.
type Level struct {
	ID     string // as lists write it: "commune"
	VI, EN string // for people
}

// Usual are the levels of a new tree, the highest first.
var Usual = []Level{
	{"country", "Cả nước", "Country"}, {"province", "Tỉnh, thành phố", "Province"}, {"district", "Huyện, quận", "District"},
	{"commune", "Xã, phường, đặc khu", "Commune"}, {"village", "Thôn, làng, tổ dân phố", "Village"},
}

// Tree is all that is known of the units, of all days. It is never altered, and safe for concurrent use. The zero value,
// and a nil one, is a tree without units.
type Tree struct {
	levels []Level
	units  []Unit           // by code, then by From
	rows   map[string][]int // of each code, in units
	days   []string         // on which anything begins or ends, in order

	mu    sync.Mutex
	views map[viewKey]*View
	ranks []int // of each unit among all, by name in Vietnamese order; made when it is first needed
}

// viewKey: between two days on which something changes, the tree is the same.
type viewKey struct {
	stretch   int
	reporting bool
}

// New makes a tree of units and the order of their levels. It takes whatever it is given, and makes the best of what cannot
// be so: the centre's package units says what is wrong with a list before it becomes a tree.
func New(levels []Level, all []Unit) *Tree {
	t := &Tree{levels: slices.Clone(levels), units: slices.Clone(all), rows: map[string][]int{}, views: map[viewKey]*View{}}
	slices.SortStableFunc(t.units, func(a, b Unit) int {
		return cmp.Or(strings.Compare(a.Code, b.Code), strings.Compare(a.From, b.From))
	})
	for i := range t.units {
		u := &t.units[i]
		u.Into = slices.Clone(u.Into)
		t.rows[u.Code] = append(t.rows[u.Code], i)
		t.days = append(t.days, u.From, u.To)
	}
	slices.Sort(t.days)
	t.days = slices.DeleteFunc(slices.Compact(t.days), func(day string) bool { return day == "" })
	return t
}

// All lists everything that is known, by code, then by From. The caller does not alter it.
func (t *Tree) All() []Unit {
	if t == nil {
		return nil
	}
	return t.units
}

// Levels lists the levels, the highest first. The caller does not alter it.
func (t *Tree) Levels() []Level {
	if t == nil {
		return nil
	}
	return t.levels
}

// Days lists the days on which units begin or end, in order. The caller does not alter it.
func (t *Tree) Days() []string {
	if t == nil {
		return nil
	}
	return t.days
}

// At is the administrative tree of a day, yyyy-mm-dd. To ask again for the same day costs nothing.
func (t *Tree) At(day string) *View { return t.view(day, false) }

// Reporting is the tree of a day by which units report: each stands below Unit.Reports, or else below its parent.
func (t *Tree) Reporting(day string) *View { return t.view(day, true) }

func (t *Tree) view(day string, reporting bool) *View {
	if t == nil || t.views == nil {
		return &View{tree: New(nil, nil)}
	}
	stretch, found := slices.BinarySearch(t.days, day)
	if found {
		stretch++
	}
	key := viewKey{stretch, reporting}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.views[key] == nil {
		t.views[key] = t.build(day, reporting)
	}
	return t.views[key]
}

// Lookup says what a code means, on whatever day: what is in force on the day; else what was before, the last; else what
// will be, the next. It reports false for a code that no unit ever had.
func (t *Tree) Lookup(code, day string) (Unit, bool) {
	if t == nil {
		return Unit{}, false
	}
	row, ok := t.row(code, day)
	if !ok {
		return Unit{}, false
	}
	return t.units[row], true
}

// row is Lookup as an index.
func (t *Tree) row(code, day string) (row int, ok bool) {
	rows := t.rows[code]
	if len(rows) == 0 {
		return 0, false
	}
	row = rows[0]
	for _, r := range rows[1:] {
		if t.units[r].From <= day {
			row = r
		}
	}
	return row, true
}

// On reports whether the unit is in force on a day.
func (u *Unit) On(day string) bool { return u.From <= day && (u.To == "" || day < u.To) }
