package xpath

import (
	"math"
	"strings"
)

func truthFunctions() map[string]*function {
	return map[string]*function{
		"true":                pure(0, 0, func(*invocation) Value { return Boolean(true) }),
		"false":               pure(0, 0, func(*invocation) Value { return Boolean(false) }),
		"boolean":             pure(1, 1, func(c *invocation) Value { return Boolean(c.truth(0)) }),
		"not":                 pure(1, 1, func(c *invocation) Value { return Boolean(!c.truth(0)) }),
		"boolean-from-string": pure(1, 1, booleanFromString),
		"if":                  pure(3, 3, choose),
		"coalesce":            pure(2, 2, coalesce),
		"once":                reading(1, 1, once),
		"depend":              pure(1, unlimited, func(c *invocation) Value { return c.value(0) }),
		"checklist":           pure(2, unlimited, checklist),
		"weighted-checklist":  {min: 2, max: unlimited, pure: true, prepare: wantPairs, run: weightedChecklist},
	}
}

// booleanFromString takes 1 and true in any case, as in JavaRosa.
func booleanFromString(c *invocation) Value {
	s := c.text(0)
	return Boolean(s == "1" || strings.EqualFold(s, "true"))
}

// choose evaluates only the branch that is taken, and gives what that gives, nodes too.
func choose(c *invocation) Value {
	if c.truth(0) {
		return c.value(1)
	}
	return c.value(2)
}

func coalesce(c *invocation) Value {
	if v := c.value(0); !blank(v) {
		return v
	}
	return c.value(1)
}

// blank says whether a value is what an unanswered question gives: an empty text, or NaN.
func blank(v Value) bool {
	if v.kind == NumberKind {
		return math.IsNaN(v.num)
	}
	return v.kind != BooleanKind && v.String() == ""
}

// once gives the context node when that has a value.
func once(c *invocation) Value {
	if c.here() == "" {
		return c.value(0)
	}
	return c.only(c.focus.node)
}

func checklist(c *invocation) Value {
	least, most, n := c.number(0), c.number(1), 0.0
	c.each(2, func(v Value) {
		if v.Boolean() {
			n++
		}
	})
	return Boolean(within(n, least, most))
}

// within says whether n is between least and most; a negative one is no bound.
func within(n, least, most float64) bool {
	return (least < 0 || n >= least) && (most < 0 || n <= most)
}

func wantPairs(c *call) *Error {
	if len(c.args)%2 != 0 {
		return failf(c.at, CodeArguments, "%s() needs a weight for each value: an even number of arguments, not %d", c.name, len(c.args))
	}
	return nil
}

// weightedChecklist pairs values with weights; of two node-sets, node by node.
func weightedChecklist(c *invocation) Value {
	least, most, sum := c.number(0), c.number(1), 0.0
	for i := 2; i+1 < len(c.args); i += 2 {
		var values []bool
		c.spread(c.value(i), func(v Value) { values = append(values, v.Boolean()) })
		k := 0
		c.spread(c.value(i+1), func(v Value) {
			if k < len(values) && values[k] {
				if w := c.env.Number(v); !math.IsNaN(w) {
					sum += w
				}
			}
			k++
		})
	}
	return Boolean(within(sum, least, most))
}
