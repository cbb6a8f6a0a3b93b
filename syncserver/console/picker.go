package console

import (
	"strings"

	"banlang/shared/units"
)

// UnitOptions are the units that a field for one offers: those under the viewer's own, as "name (code)". A field with this list
// takes a code, a whole line of the list, or a name that only one unit has.
func (q *Request) UnitOptions() (options []string) {
	for _, code := range q.today().Under(q.Viewer.Unit) {
		if u, ok := q.today().Unit(code); ok {
			options = append(options, unitLine(u))
		}
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

// unitNamed is the code of the unit that a text names.
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
