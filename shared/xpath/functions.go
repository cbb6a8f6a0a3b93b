package xpath

// A Source is a set of places that define or have a function.
type Source uint8

// The sources. XPath1 is the standard, Spec the ODK XForms specification; the others are engines, as of 2026.
const (
	XPath1   Source = 1 << iota
	Spec            // getodk.github.io/xforms-spec
	JavaRosa        // what ODK Collect runs
	Enketo          // openrosa-xpath-evaluator
)

// A FunctionInfo describes a function. A form that calls one which JavaRosa lacks does not work in ODK Collect: its
// author is to be warned.
type FunctionInfo struct {
	Name   string
	Args   string // what it takes; ? optional, * any number
	Source Source
	Note   string // where it differs from a source, or what is chosen where the engines differ
	Absent string // why this package does not have it; "" for all that it has
}

// Functions lists every function that this package has, and those that it leaves out on purpose, in the order of the
// alphabet.
func Functions() []FunctionInfo {
	const all, odk = XPath1 | Spec | JavaRosa | Enketo, Spec | JavaRosa | Enketo
	return []FunctionInfo{
		{Name: "abs", Args: "number", Source: odk},
		{Name: "acos", Args: "number", Source: odk},
		{Name: "area", Args: "nodes or text", Source: odk, Note: "on a plane at the first corner, as JavaRosa; the web engines take trapezoids on a sphere: 1 part in 10 million apart. Blank or no place: NaN"},
		{Name: "asin", Args: "number", Source: odk},
		{Name: "atan", Args: "number", Source: odk},
		{Name: "atan2", Args: "number, number", Source: odk},
		{Name: "base64-decode", Args: "text", Source: Spec | JavaRosa, Note: "bytes that are no UTF-8 become U+FFFD"},
		{Name: "boolean", Args: "value", Source: all},
		{Name: "boolean-from-string", Args: "text", Source: odk, Note: "True and TRUE too, as JavaRosa"},
		{Name: "ceiling", Args: "number", Source: XPath1 | Enketo},
		{Name: "checklist", Args: "min, max, value*", Source: odk, Note: "node-sets count node by node, a node with text as true"},
		{Name: "coalesce", Args: "value, value", Source: odk, Note: "gives the value itself, not its text; NaN is blank"},
		{Name: "concat", Args: "value*", Source: all, Note: "one argument or none will do; node-sets are joined node by node"},
		{Name: "contains", Args: "text, text", Source: all},
		{Name: "cos", Args: "number", Source: odk},
		{Name: "count", Args: "nodes", Source: all},
		{Name: "count-non-empty", Args: "nodes", Source: odk},
		{Name: "count-selected", Args: "text", Source: odk},
		{Name: "current", Args: "", Source: Spec | JavaRosa},
		{Name: "date", Args: "value", Source: odk, Note: "a date as text; of a time its local day; a number counts days of the calendar. What is no date is an error, as in JavaRosa; blank stays blank"},
		{Name: "date-time", Args: "value", Source: JavaRosa | Enketo, Note: "a number counts days since 1970 in UTC"},
		{Name: "decimal-date-time", Args: "value", Source: odk, Note: "days with a fraction since 1970 in UTC; a date stands for its local midnight"},
		{Name: "decimal-time", Args: "value", Source: odk, Note: "takes a time of day, as the specification has it, and a date and time"},
		{Name: "depend", Args: "value, value*", Source: JavaRosa, Note: "gives the first; the others are dependencies only"},
		{Name: "digest", Args: "text, algorithm, encoding?", Source: odk},
		{Name: "distance", Args: "nodes or text, *", Source: odk, Note: "not rounded, as JavaRosa; blank, no place or off the globe: NaN, as the web engines"},
		{Name: "enclosed-area", Args: "nodes or text", Source: JavaRosa, Note: "area()"},
		{Name: "ends-with", Args: "text, text", Source: odk},
		{Name: "exp", Args: "number", Source: odk},
		{Name: "exp10", Args: "number", Source: odk},
		{Name: "extract-signed", Args: "base64, base64", Source: JavaRosa},
		{Name: "false", Args: "", Source: all},
		{Name: "floor", Args: "number", Source: XPath1 | Enketo},
		{Name: "format-date", Args: "value, text", Source: odk, Note: "times too. What is no date is an error, as in JavaRosa; blank gives “”"},
		{Name: "format-date-time", Args: "value, text", Source: odk, Note: "format-date()"},
		{Name: "geofence", Args: "geopoint, geoshape", Source: JavaRosa, Note: "the shape may be text; blank is an error"},
		{Name: "id", Args: "value", Source: XPath1 | Enketo, Note: "by the attributes id and xml:id"},
		{Name: "if", Args: "condition, value, value", Source: odk, Note: "only the branch that is taken is evaluated, and its type kept"},
		{Name: "indexed-repeat", Args: "path, repeat, index, *", Source: Spec | JavaRosa, Note: "up to five repeats; plain paths; an index below 1 means 1, as in JavaRosa"},
		{Name: "instance", Args: "text", Source: Spec | JavaRosa},
		{Name: "int", Args: "number", Source: odk},
		{Name: "is-selected", Args: "text, text", Source: JavaRosa, Note: "selected()"},
		{Name: "join", Args: "text, value*", Source: odk},
		{Name: "jr:choice-name", Args: "text, text", Source: Spec | JavaRosa},
		{Name: "jr:itext", Args: "text", Source: Spec | JavaRosa},
		{Name: "lang", Args: "text", Source: XPath1 | Enketo},
		{Name: "last", Args: "", Source: XPath1 | Enketo},
		{Name: "local-name", Args: "nodes?", Source: XPath1 | Enketo},
		{Name: "log", Args: "number", Source: odk},
		{Name: "log10", Args: "number", Source: odk},
		{Name: "lower-case", Args: "text", Source: 0, Note: "XPath 2.0"},
		{Name: "max", Args: "value*", Source: odk, Note: "leaves out what is no number, as JavaRosa; NaN when nothing is left"},
		{Name: "min", Args: "value*", Source: odk, Note: "as max()"},
		{Name: "name", Args: "nodes?", Source: XPath1 | Enketo},
		{Name: "namespace-uri", Args: "nodes?", Source: XPath1 | Enketo},
		{Name: "normalize-space", Args: "text?", Source: all},
		{Name: "not", Args: "value", Source: all},
		{Name: "now", Args: "", Source: odk, Note: "text with milliseconds and offset"},
		{Name: "number", Args: "value?", Source: all, Note: "a comma is a point, as in JavaRosa; dates count days"},
		{Name: "once", Args: "value", Source: odk},
		{Name: "pi", Args: "", Source: odk},
		{Name: "position", Args: "nodes?", Source: all},
		{Name: "pow", Args: "number, number", Source: odk},
		{Name: "property", Args: "text", Source: JavaRosa},
		{Name: "pulldata", Args: "text, text, text, text", Source: Spec | JavaRosa, Note: "ODK Collect adds it to JavaRosa"},
		{Name: "random", Args: "", Source: odk},
		{Name: "randomize", Args: "nodes, seed?", Source: odk, Note: "a seed that is no number counts by its SHA-256, and one beyond 2^53 without its low bits, as in JavaRosa"},
		{Name: "regex", Args: "text, text", Source: odk, Note: "the whole text must match, as in JavaRosa; in linear time, so without references back and without looking around, but for (?=…) and (?!…) at the start"},
		{Name: "round", Args: "number, number?", Source: all, Note: "on decimal digits; halves go up, as in XPath and JavaRosa"},
		{Name: "selected", Args: "text, text", Source: odk},
		{Name: "selected-at", Args: "text, number", Source: odk},
		{Name: "sin", Args: "number", Source: odk},
		{Name: "sqrt", Args: "number", Source: odk},
		{Name: "starts-with", Args: "text, text", Source: all},
		{Name: "string", Args: "value?", Source: all},
		{Name: "string-length", Args: "text?", Source: all, Note: "characters, as XPath has it; both engines count an emoji twice"},
		{Name: "substr", Args: "text, from, to?", Source: odk},
		{Name: "substring", Args: "text, from, length?", Source: XPath1 | Enketo},
		{Name: "substring-after", Args: "text, text", Source: all},
		{Name: "substring-before", Args: "text, text", Source: all},
		{Name: "sum", Args: "nodes", Source: all, Note: "leaves out what is no number, as JavaRosa"},
		{Name: "tan", Args: "number", Source: odk},
		{Name: "thousands-sep", Absent: "named in some lists of form functions; no engine or specification that could be read says what it does"},
		{Name: "today", Args: "", Source: odk},
		{Name: "translate", Args: "text, text, text", Source: all},
		{Name: "true", Args: "", Source: all},
		{Name: "upper-case", Args: "text", Source: 0, Note: "XPath 2.0"},
		{Name: "uuid", Args: "number?", Source: odk, Note: "with a number, that many of 0–9 and A–Z"},
		{Name: "version", Args: "", Source: JavaRosa},
		{Name: "weighted-checklist", Args: "min, max, (value, weight)*", Source: odk, Note: "a negative bound is none, as the specification has it"},
	}
}

// In says whether one of the sources has the function.
func (f FunctionInfo) In(s Source) bool { return f.Source&s != 0 }
