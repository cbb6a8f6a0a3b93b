package units

import (
	"maps"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// build makes the view of a day. The tree is locked.
func (t *Tree) build(day string, reporting bool) *View {
	v := &View{tree: t, day: day, report: reporting, rows: map[string]int{}, parent: map[string]string{}, below: map[string][]string{},
		place: map[string]span{}, home: map[string]string{}, guests: map[string][]string{}, heirs: map[string][]string{}}
	for i := range t.units {
		if t.units[i].On(day) {
			v.rows[t.units[i].Code] = i
		}
	}
	v.hang(reporting)
	v.number()
	v.settle()
	return v
}

// hang puts every unit in force below its parent, or below what that has become.
func (v *View) hang(reporting bool) {
	for code, row := range v.rows {
		parent := v.tree.units[row].Parent
		if reports := v.tree.units[row].Reports; reporting && reports != "" {
			parent = reports
		}
		if parent = v.heir(parent); parent != "" && parent != code {
			v.parent[code] = parent
		}
		v.below[v.parent[code]] = append(v.below[v.parent[code]], code)
	}
	ranks := v.tree.ranked()
	for _, codes := range v.below {
		slices.SortFunc(codes, func(a, b string) int { return ranks[v.rows[a]] - ranks[v.rows[b]] })
	}
}

// heir is the unit in force that a code has become; "" where there is none, or several.
func (v *View) heir(code string) string {
	for range v.tree.rows { // no way is longer
		if code == "" || v.Has(code) {
			return code
		}
		u, _ := v.tree.Lookup(code, v.day)
		if len(u.Into) != 1 {
			return ""
		}
		code = u.Into[0]
	}
	return ""
}

// number puts the units in order, each before what is below it. Units that are below each other in a circle are put at the
// top, the one of the least code first: none may be lost.
func (v *View) number() {
	var walk func(code string)
	walk = func(code string) {
		if _, been := v.place[code]; been {
			return
		}
		from := len(v.order)
		v.place[code] = span{from, from}
		v.order = append(v.order, code)
		for _, c := range v.below[code] {
			walk(c)
		}
		v.place[code] = span{from, len(v.order)}
	}
	for _, top := range v.below[""] {
		walk(top)
	}
	if len(v.order) == len(v.rows) {
		return
	}
	for _, code := range slices.Sorted(maps.Keys(v.rows)) {
		if _, been := v.place[code]; !been {
			above := v.parent[code]
			v.below[above] = slices.DeleteFunc(v.below[above], func(c string) bool { return c == code })
			delete(v.parent, code)
			v.below[""] = append(v.below[""], code)
			walk(code)
		}
	}
}

// settle finds where the codes count that are not in force.
func (v *View) settle() {
	from := map[string][]string{} // what a unit was made of
	for i := range v.tree.units {
		for _, into := range v.tree.units[i].Into {
			from[into] = append(from[into], v.tree.units[i].Code)
		}
	}
	asked := map[string]bool{}
	var home func(code string) string
	home = func(code string) string {
		if asked[code] || v.Has(code) {
			return v.Home(code)
		}
		asked[code] = true // a way that comes back here ends here
		u, ok := v.tree.Lookup(code, v.day)
		if !ok {
			return ""
		}
		others := u.Into
		if u.From > v.day {
			others = from[code]
		}
		found, heirs := "", slices.Clone(others)
		for i, other := range others {
			if h := home(other); i == 0 {
				found = h
			} else {
				found = v.meet(found, h)
			}
			heirs = append(heirs, v.heirs[other]...)
		}
		if found == "" && u.Parent != code {
			found = home(u.Parent)
		}
		if len(heirs) == 0 && found != "" {
			heirs = []string{found}
		}
		slices.Sort(heirs)
		v.heirs[code] = slices.Compact(heirs)
		v.home[code] = found
		return found
	}
	for i := range v.tree.units { // in their order: of a list that goes in circles every machine makes the same
		code := v.tree.units[i].Code
		if v.Has(code) || i > 0 && v.tree.units[i-1].Code == code {
			continue
		}
		if h := home(code); h != "" {
			v.guests[h] = append(v.guests[h], code)
		}
	}
}

// meet is the lowest unit that two units in force are both within; "" if there is none.
func (v *View) meet(a, b string) string {
	if b == "" {
		return ""
	}
	for ; a != ""; a = v.parent[a] {
		if v.Within(b, a) {
			return a
		}
	}
	return ""
}

// ranked gives every unit its place by name in Vietnamese order; numbers in names count as numbers. The tree is locked.
func (t *Tree) ranked() []int {
	if t.ranks != nil {
		return t.ranks
	}
	order := collate.New(language.Vietnamese, collate.Numeric)
	var buffer collate.Buffer
	keys, byName := make([][]byte, len(t.units)), make([]int, len(t.units))
	for i := range t.units {
		keys[i], byName[i] = order.KeyFromString(&buffer, t.units[i].Name), i
	}
	slices.SortStableFunc(byName, func(a, b int) int { return slices.Compare(keys[a], keys[b]) })
	t.ranks = make([]int, len(t.units))
	for rank, i := range byName {
		t.ranks[i] = rank
	}
	return t.ranks
}
