package xlsform

import (
	"fmt"
	"slices"
)

// Where the declaration of an entity stands in the form. A survey, group or repeat has room for one. A declaration
// belongs into the deepest repeat (its scope) that it has to do with, near the questions that save to it; one with
// a repeat that is not around the others has no place.

// request is a declaration that looks for a place.
type request struct {
	*declaration
	scope *element   // survey or repeat
	wish  *element   // the group, repeat or survey that it would rather be in
	saves []*element // where questions save to it
}

// chain is the way from the root to e, both included.
func (e *element) chain() []*element {
	var way []*element
	for p := e; p != nil; p = p.parent {
		way = append(way, p)
	}
	slices.Reverse(way)
	return way
}

// scope is the nearest repeat at or around e, or the survey.
func (e *element) scope() *element {
	for e.kind != aRepeat && e.parent != nil {
		e = e.parent
	}
	return e
}

// repeats counts the repeats at and around e.
func (e *element) repeats() int {
	n := 0
	for p := e; p != nil; p = p.parent {
		n += btoi(p.kind == aRepeat)
	}
	return n
}

// inScope counts the groups from e up to its scope.
func (e *element) inScope() int {
	n := 0
	for p := e; p.kind != aRepeat && p.parent != nil; p = p.parent {
		n++
	}
	return n
}

// isAround reports whether e is other or around it.
func (e *element) isAround(other *element) bool {
	for ; other != nil; other = other.parent {
		if other == e {
			return true
		}
	}
	return false
}

func (e *element) pathName() string {
	name := ""
	for p := e; p.parent != nil; p = p.parent {
		name = "/" + p.name + name
	}
	return "/survey" + name
}

// deeper returns the first of the uses that is in the most repeats, and of those in the most groups.
func deeper(uses []use, accept func(use) bool) (best *use) {
	for i := range uses {
		u := &uses[i]
		if !accept(*u) {
			continue
		}
		if best == nil || u.in.repeats() > best.in.repeats() ||
			u.in.scope() == best.in.scope() && u.in.inScope() > best.in.inScope() {
			best = u
		}
	}
	return best
}

func (u use) savesTo() bool { return u.property != "" }

// request finds the scope of a declaration, and refuses uses that are not around or in it.
func (d *declaration) request(root *element) (*request, error) {
	q := &request{declaration: d, scope: root, wish: root}
	if len(d.uses) == 0 {
		return q, nil
	}
	first := d.uses[0]
	for _, u := range d.uses {
		if u.in.repeats() > first.in.repeats() {
			first = u
		}
		if u.savesTo() && !slices.Contains(q.saves, u.in) {
			q.saves = append(q.saves, u.in)
		}
	}
	q.scope = first.in.scope()
	q.wish = d.wish(q.saves)
	for _, u := range d.uses {
		switch {
		case u.in.scope().isAround(q.scope) && (!u.savesTo() || q.wish.scope() == u.in.scope()):
		case u.savesTo():
			return nil, SaveScope.at(u.row.at("bind", saveTo), "list", d.list, "scope", u.in.pathName(), "other", first.in.pathName())
		default:
			return nil, EntityScope.at(d.row.whole(), "list", d.list, "scope", u.in.pathName(), "other", first.in.pathName(), "name", u.question)
		}
	}
	return q, nil
}

// wish is where a declaration would rather be: where all that save to it are, else where the deepest use is.
func (d *declaration) wish(saves []*element) *element {
	if len(saves) == 0 {
		return deeper(d.uses, func(use) bool { return true }).in
	}
	if len(saves) == 1 {
		return saves[0]
	}
	common := meeting(saves)
	scope := deeper(d.uses, use.savesTo).in.scope()
	if common.repeats() > scope.repeats() || common.repeats() == scope.repeats() && common.inScope() > scope.inScope() {
		return common
	}
	return scope
}

// meeting is where the ways to several places part, as pyxform sees it: it looks at all depths that they have in
// common, and the lowest at which they differ decides.
func meeting(places []*element) *element {
	way := places[0].chain()
	depth := len(way)
	for _, p := range places {
		depth = min(depth, len(p.chain()))
	}
	end := depth
	for i := range depth {
		for _, p := range places[1:] {
			if at := p.chain()[i]; at.name != way[i].name || at.typ != way[i].typ {
				end = i
			}
		}
	}
	return way[max(end, 1)-1]
}

// allocation says which group, repeat or survey carries which declaration.
type allocation struct {
	taken    map[*element]*declaration
	reserved map[*element]*declaration // what lies between a declaration and those that save to it
}

// placeEntities puts the declarations into the form.
func (s *surveyReader) placeEntities() error {
	if len(s.entities) == 0 {
		return nil
	}
	requests, err := s.requests()
	if err != nil {
		return err
	}
	a := allocation{map[*element]*declaration{}, map[*element]*declaration{}}
	if len(requests) == 1 && requests[0].scope == s.root {
		a.taken[s.root] = requests[0].declaration
	} else {
		for _, q := range requests {
			if err := a.allocate(q); err != nil {
				return err
			}
		}
	}
	s.version = "2024.1.0"
	for in, d := range a.taken {
		if len(s.entities) > 1 || in.repeats() > 0 {
			s.version = "2025.1.0"
		}
		if !in.inLoop() {
			in.metaGroup().add(d.element(in.repeats() > 0))
		}
	}
	return nil
}

// requests are those of all declarations, by scope, in the order of the sheet.
func (s *surveyReader) requests() ([]*request, error) {
	var all []*request
	for _, d := range s.entities {
		q, err := d.request(s.root)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

func (e *element) inLoop() bool {
	for p := e; p != nil; p = p.parent {
		if p.typ == "loop" {
			return true
		}
	}
	return false
}

// allocate gives a declaration the lowest free place from its wish up to its scope.
func (a *allocation) allocate(q *request) error {
	conflict := (*declaration)(nil)
	for at := q.wish; at != nil && q.scope.isAround(at); at = at.parent {
		other := a.taken[at]
		if other == nil {
			other = a.reserved[at]
		}
		if other == nil {
			a.take(at, q)
			return nil
		}
		conflict = other
		if len(q.saves) > 0 && a.reserved[q.saves[0]] != nil {
			conflict = a.reserved[q.saves[0]]
			break
		}
	}
	if conflict == nil {
		return nil // the questions that save to it are outside of its scope: there is nothing to do
	}
	return EntityNoRoom.at(q.row.whole(), "list", q.list, "scope", q.scope.pathName(), "row", fmt.Sprint(conflict.row.line))
}

func (a *allocation) take(at *element, q *request) {
	a.taken[at] = q.declaration
	a.reserved[at] = q.declaration
	depth := len(at.chain())
	for _, s := range q.saves {
		way := s.chain()
		for i := len(way); i >= depth; i-- {
			a.reserved[way[i-1]] = q.declaration
		}
	}
}
