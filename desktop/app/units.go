package app

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"banlang/shared/record"
	"banlang/shared/units"
)

// Units is the tree of units as the centre has published it. Before it has, codes are all there is.
type Units struct {
	mu   sync.Mutex
	tree *units.Tree
}

// learn takes what was published. A tree that cannot be read, of a later version of the program, leaves the one before.
func (u *Units) learn(publications []*record.Change) {
	tree, err := units.Learn(publications)
	if err != nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.tree = tree
}

// at is the tree of a day. Before a notebook is open there is none.
func (u *Units) at(day time.Time) *units.View {
	if u == nil {
		return (*units.Tree)(nil).At("")
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.tree.At(day.Format(time.DateOnly))
}

// units is the tree of today.
func (c *core) units() *units.View { return c.o.Forms.Units.at(c.now()) }

// UnitName is what people call a unit; the code where nobody has told.
func (a *App) UnitName(code string) string { return a.units().Name(code) }

// UnitNames is UnitName of each. Those that are called the same are told apart by the unit above, or by their codes.
func (a *App) UnitNames(codes []string) []string { return unitNames(a.units(), codes) }

func unitNames(v *units.View, codes []string) []string {
	names, count := make([]string, len(codes)), map[string]int{}
	for i, code := range codes {
		names[i] = v.Name(code)
		count[names[i]]++
	}
	full := map[string]int{}
	for i, code := range codes {
		if u, ok := v.Unit(code); ok && count[names[i]] > 1 && u.Parent != "" {
			names[i] += ", " + v.Name(u.Parent)
		}
		full[names[i]]++
	}
	for i, code := range codes {
		if full[names[i]] > 1 {
			names[i] += " (" + code + ")"
		}
	}
	return names
}

// neighbours are the units that an officer of some units may choose: his own, all that are below the unit above each of
// them, and the way from there to the top, from the top down. Own units that nobody knows are among them.
func neighbours(v *units.View, own []string) (codes []string) {
	wanted := map[string]bool{}
	for _, code := range own {
		for _, above := range v.Path(code) {
			wanted[above.Code] = true
		}
		wanted[code] = true
		for _, near := range v.Under(cmp.Or(v.Parent(code), code)) {
			wanted[near] = true
		}
	}
	for _, u := range v.All() {
		if wanted[u.Code] {
			codes = append(codes, u.Code)
		}
	}
	codes = codes[:min(len(codes), mostNamed)]
	for _, code := range own {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// unitRows are the units to choose from: those around the units of the granted feeds; in any case those that are held.
func (l *listing) unitRows() ([][]string, error) {
	feeds, err := l.book.Feeds(l.ctx)
	if err != nil {
		return nil, err
	}
	own := unitsOf(feeds)
	codes := own
	if l.whole {
		codes = neighbours(l.units, own)
	}
	for _, code := range l.held[unitList] {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	rows := [][]string{{"name", "label"}}
	for i, name := range unitNames(l.units, codes) {
		if !l.whole && name != codes[i] {
			name += " (" + codes[i] + ")" // in a record there is room for it
		}
		if len(own) == 1 && codes[i] == own[0] && name == own[0] {
			name = cmp.Or(l.unit, name) // what the machine is called, where the tree says nothing
		}
		rows = append(rows, []string{codes[i], name})
	}
	return rows, nil
}

// unitsOf lists the units of some feeds, each once.
func unitsOf(feeds []record.Feed) (codes []string) {
	for _, f := range feeds {
		codes = append(codes, f.Unit())
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
