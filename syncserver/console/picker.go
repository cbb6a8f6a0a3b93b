package console

import (
	"strings"

	"banlang/shared/units"
)

// maxOptions bounds what a field for a unit offers: the country's communes would weigh more than the page.
const maxOptions = 400

// UnitOptions are the units that a field for one offers, as "name (code)": the viewer's own and those below it, level by level as
// long as they are few. A field with this list takes a code, a whole line of the list, or a name that only one unit under his own
// has, offered or not. A page that refreshes itself keeps the list that it has.
func (q *Request) UnitOptions() (options []string) {
	if q.Live() {
		return nil
	}
	own, _ := q.today().Unit(q.Viewer.Unit)
	for level := []units.Unit{own}; len(level) > 0 && len(options)+len(level) <= maxOptions; {
		var below []units.Unit
		for _, u := range level {
			options = append(options, unitLine(u))
			below = append(below, q.today().Children(u.Code)...)
		}
		level = below
	}
	return options
}

func unitLine(u units.Unit) string { return u.Name + " (" + u.Code + ")" }

// UnitLine is a unit as a field shows it.
func (q *Request) UnitLine(code string) string {
	if u, ok := q.today().Unit(code); ok {
		return unitLine(u)
	}
	return code
}

// unitTyped is the code of the unit that was typed or chosen in a field.
func (q *Request) unitTyped(field string) string { return q.unitNamed(q.FormValue(field)) }

// unitNamed is the code of a unit that goes by a code, by a line of UnitOptions, or by a name.
func (q *Request) unitNamed(typed string) string {
	typed = strings.TrimSpace(typed)
	if i := strings.LastIndexByte(typed, '('); i >= 0 && strings.HasSuffix(typed, ")") {
		return typed[i+1 : len(typed)-1]
	}
	if _, ok := q.today().Unit(typed); ok {
		return typed
	}
	found := ""
	for _, code := range q.today().Under(q.Viewer.Unit) {
		if u, ok := q.today().Unit(code); ok && strings.EqualFold(u.Name, typed) {
			if found != "" {
				return typed // of several: the register says that it knows none
			}
			found = code
		}
	}
	if found != "" {
		return found
	}
	return typed
}
