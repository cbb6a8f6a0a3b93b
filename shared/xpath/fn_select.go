package xpath

import (
	"math"
	"strings"
)

func selectFunctions() map[string]*function {
	return map[string]*function{
		"selected":       pure(2, 2, selected),
		"is-selected":    pure(2, 2, selected),
		"selected-at":    pure(2, 2, selectedAt),
		"count-selected": pure(1, 1, func(c *invocation) Value { return Number(float64(len(strings.Fields(c.text(0))))) }),
	}
}

// selected compares with what stands between the spaces of the list; so "" is in an empty list.
func selected(c *invocation) Value {
	list, want := c.text(0), trimmed(c.text(1))
	for choice := range strings.SplitSeq(list, " ") {
		if choice == want {
			return Boolean(true)
		}
	}
	return Boolean(false)
}

func selectedAt(c *invocation) Value {
	list, i := strings.Fields(c.text(0)), math.Trunc(c.number(1))
	if math.IsNaN(i) {
		i = 0
	}
	if i < 0 || i >= float64(len(list)) {
		return String("")
	}
	return String(list[int(i)])
}
