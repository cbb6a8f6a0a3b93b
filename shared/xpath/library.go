package xpath

import "maps"

// library is every function that this package knows, by name. It is built once and never altered.
var library = newLibrary()

func newLibrary() map[string]*function {
	all := map[string]*function{}
	for _, part := range [...]map[string]*function{
		nodeFunctions(), textFunctions(), truthFunctions(), numberFunctions(), dateFunctions(), selectFunctions(),
		randomFunctions(), geoFunctions(), digestFunctions(), formFunctions(),
	} {
		maps.Copy(all, part)
	}
	for _, name := range [...]string{"not", "boolean", "true", "false", "contains", "starts-with", "ends-with", "regex",
		"selected", "is-selected", "boolean-from-string", "lang", "checklist", "weighted-checklist", "geofence"} {
		all[name].truth = true
	}
	return all
}

// pure is a function whose value depends on its arguments alone.
func pure(least, most int, run func(c *invocation) Value) *function {
	return &function{min: least, max: most, pure: true, run: run}
}

// reading is a function that looks at the node, the tree or the Env.
func reading(least, most int, run func(c *invocation) Value) *function {
	return &function{min: least, max: most, run: run}
}

// volatile is a function that gives another value each time, and needs no argument.
func volatile(most int, run func(c *invocation) Value) *function {
	return &function{max: most, run: run, volatile: func(*call) bool { return true }}
}

const unlimited = -1 // number of arguments
