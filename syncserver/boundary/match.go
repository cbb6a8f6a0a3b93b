package boundary

import (
	"slices"
	"strings"

	"banlang/shared/units"
	"banlang/shared/viet"
)

// Match says how the units of a layer fit the tree of a day.
type Match struct {
	Same    int      // the code is known
	Renamed []Pair   // of these, those that the file calls by another name
	ByName  []Pair   // codes that nobody has, and the one unit of that very name
	Unknown []string // codes that nobody has, and no name helps
	Without []string // units of the same levels that have no boundary, by code
}

// Pair is a unit of the file, and what the tree has.
type Pair struct{ Code, Name, Unit, UnitName string }

// Match compares the layer with a tree. Nothing is altered; Rename takes over what was found by name.
func (l *Layer) Match(v *units.View) (m Match) {
	byName := map[string][]units.Unit{}
	for _, u := range v.All() {
		byName[bare(u.Name)] = append(byName[bare(u.Name)], u)
	}
	has, levels := map[string]bool{}, map[string]bool{}
	for i := range l.Shapes {
		s := &l.Shapes[i]
		u, _ := v.Unit(s.Code)
		named := byName[bare(s.Name)]
		switch {
		case v.Has(s.Code):
			m.Same++
			if s.Name != "" && bare(s.Name) != bare(u.Name) {
				m.Renamed = append(m.Renamed, Pair{s.Code, s.Name, u.Code, u.Name})
			}
		case s.Name != "" && len(named) == 1:
			u = named[0]
			m.ByName = append(m.ByName, Pair{s.Code, s.Name, u.Code, u.Name})
		default:
			m.Unknown = append(m.Unknown, s.Code)
			continue
		}
		has[u.Code], levels[u.Level] = true, true
	}
	for _, u := range v.All() {
		if levels[u.Level] && !has[u.Code] {
			m.Without = append(m.Without, u.Code)
		}
	}
	slices.Sort(m.Without)
	return m
}

// bare is a name without what files write differently: marks, capitals, and what kind of unit it is.
func bare(name string) string {
	folded := viet.Fold(strings.Join(strings.Fields(name), " "))
	for _, kind := range []string{"thanh pho ", "tinh ", "quan ", "huyen ", "thi xa ", "thi tran ", "phuong ", "xa ", "dac khu "} {
		if rest, ok := strings.CutPrefix(folded, kind); ok {
			return rest
		}
	}
	return folded
}

// Rename gives the units of pairs the codes of the tree. A code that another unit of the layer has already is left as it is.
func (l *Layer) Rename(pairs []Pair) {
	taken := map[string]bool{}
	for i := range l.Shapes {
		taken[l.Shapes[i].Code] = true
	}
	to := map[string]string{}
	for _, p := range pairs {
		if !taken[p.Unit] {
			to[p.Code], taken[p.Unit] = p.Unit, true
		}
	}
	for i := range l.Shapes {
		if code, ok := to[l.Shapes[i].Code]; ok {
			l.Shapes[i].Code = code
		}
	}
	slices.SortFunc(l.Shapes, func(a, b Shape) int { return strings.Compare(a.Code, b.Code) })
}
