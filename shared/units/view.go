package units

import (
	"cmp"
	"slices"
)

// View is the tree of one day: the units that are in force then. Records keep the code that they were written under, so a
// view also places the codes that are not in force on the day (Home). It is safe for concurrent use.
type View struct {
	tree   *Tree
	day    string
	report bool                // it is the tree by which units report
	rows   map[string]int      // of the units in force, in tree.units
	parent map[string]string   // of the units in force; no entry: at the top
	below  map[string][]string // the units in force right below one ("": at the top), by name
	place  map[string]span     // of the units in force, in order
	order  []string            // those units, each before what is below it
	home   map[string]string   // of the codes that are not in force: the unit in which they count
	guests map[string][]string // the other way round, sorted
	heirs  map[string][]string // of the codes that are not in force, see Heirs
}

// span is where a unit and what is below it stand in View.order.
type span struct{ from, to int }

// Unit says what a code means: the unit that is in force, or else what it was or will be (Tree.Lookup). It reports false
// for a code that no unit ever had.
func (v *View) Unit(code string) (Unit, bool) {
	if row, ok := v.rows[code]; ok {
		return v.tree.units[row], true
	}
	return v.tree.Lookup(code, v.day)
}

// Has reports whether the code is that of a unit in force.
func (v *View) Has(code string) bool { _, ok := v.rows[code]; return ok }

// Name is what a unit is called, in force or not; the code itself where nobody knows.
func (v *View) Name(code string) string {
	u, _ := v.Unit(code)
	return cmp.Or(u.Name, code)
}

// Parent is the unit right above one that is in force; "" at the top.
func (v *View) Parent(code string) string { return v.parent[code] }

// Children are the units right below one, in Vietnamese order of their names; those of "" are at the top.
func (v *View) Children(code string) []Unit { return v.units(v.below[code]) }

// All lists the units in force, each before what is below it, in Vietnamese order.
func (v *View) All() []Unit { return v.units(v.order) }

// Level lists all units of a level, province by province, in Vietnamese order.
func (v *View) Level(id string) []Unit {
	return slices.DeleteFunc(v.units(v.order), func(u Unit) bool { return u.Level != id })
}

func (v *View) units(codes []string) []Unit {
	all := make([]Unit, len(codes))
	for i, code := range codes {
		all[i] = v.tree.units[v.rows[code]]
	}
	return all
}

// Under lists the codes by which records may be of a unit or of what is below it: the unit, every unit in force below it,
// each before its own, and after each the codes that count in it (Home). A code that is not in force has only itself.
func (v *View) Under(code string) []string {
	at, ok := v.place[code]
	if !ok {
		return []string{code}
	}
	var all []string
	for _, c := range v.order[at.from:at.to] {
		all = append(append(all, c), v.guests[c]...)
	}
	return all
}

// Within reports whether a record of the unit code counts in the unit ancestor: code is ancestor, or is below it, or counts
// in such a unit. Nothing but itself is within a unit that is not in force, and nothing but itself is within a code that
// nobody knows.
func (v *View) Within(code, ancestor string) bool {
	if code == ancestor {
		return true
	}
	in, ok := v.place[ancestor]
	at, here := v.place[v.Home(code)]
	return ok && here && in.from <= at.from && at.from < in.to
}

// Home is the unit in force in which a record of the code counts on the day: the unit itself; of one that has ended, what
// it went up in, or, when that is several, the lowest unit above all of these; of one that has not begun, what it comes
// from, likewise; and where nobody wrote that down, the unit that it was below. "" for a code that nobody knows.
func (v *View) Home(code string) string {
	if v.Has(code) {
		return code
	}
	return v.home[code]
}

// Heirs are the units in whose hands is what a unit had that is not in force: what it went up in, what that went up in, and so on to those
// in force; of one that has not begun, what it comes from, likewise; and where nobody wrote that down, its Home. They are sorted. A unit
// in force has none.
func (v *View) Heirs(code string) []string { return v.heirs[code] }

// On is what the same tree says of another day, yyyy-mm-dd: the administrative one of an administrative view, and whole.
func (v *View) On(day string) *View { return v.tree.view(day, v.report) }

// Reports reports whether this is the tree by which units report, and not the administrative one.
func (v *View) Reports() bool { return v.report }

// Among is the same view with nothing in it but some codes: each stands below the next one above it that is among them, or at
// the top. What any other unit has counts nowhere in it.
func (v *View) Among(codes []string) *View {
	kept := make(map[string]bool, len(codes))
	for _, c := range codes {
		kept[c] = true
	}
	n := &View{tree: v.tree, day: v.day, report: v.report, rows: map[string]int{}, parent: map[string]string{}, below: map[string][]string{},
		place: map[string]span{}, home: map[string]string{}, guests: map[string][]string{}, heirs: v.heirs}
	before := make([]int, len(v.order)+1) // how many are kept of those that come first
	keptAt := func(code string) string {  // the code, or the next one above it that is kept
		for code != "" && !kept[code] {
			code = v.parent[code]
		}
		return code
	}
	for i, code := range v.order {
		before[i+1] = before[i]
		above := keptAt(code)
		for _, guest := range v.guests[code] {
			if kept[guest] && above != "" {
				n.guests[above], n.home[guest] = append(n.guests[above], guest), above
			}
		}
		if above == code {
			before[i+1]++
			n.order, n.rows[code] = append(n.order, code), v.rows[code]
		}
	}
	for _, code := range n.order {
		n.place[code] = span{before[v.place[code].from], before[v.place[code].to]}
		above := keptAt(v.parent[code])
		if above != "" {
			n.parent[code] = above
		}
		n.below[above] = append(n.below[above], code)
	}
	return n
}

// Path is the way from the top to a unit in force, the unit last. For other codes it is the way to their Home.
func (v *View) Path(code string) []Unit {
	var codes []string
	for c := v.Home(code); c != ""; c = v.parent[c] {
		codes = append(codes, c)
	}
	slices.Reverse(codes)
	return v.units(codes)
}

// Above is the unit of a level that a code is within; false when there is none.
func (v *View) Above(code, level string) (Unit, bool) {
	for c := v.Home(code); c != ""; c = v.parent[c] {
		if u := v.tree.units[v.rows[c]]; u.Level == level {
			return u, true
		}
	}
	return Unit{}, false
}
