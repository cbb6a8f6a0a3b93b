package xpath

import "slices"

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
// alphabet. The caller may keep and alter what it gets.
func Functions() []FunctionInfo { return slices.Clone(functionTable) }

const (
	inAll = XPath1 | Spec | JavaRosa | Enketo
	inODK = Spec | JavaRosa | Enketo
)

// functionTable is never altered.
var functionTable = []FunctionInfo{
	{Name: "abs", Args: "number", Source: inODK},
	{Name: "acos", Args: "number", Source: inODK},
	{Name: "area", Args: "nodes or text", Source: inODK, Note: "on a plane at the first corner, as JavaRosa; the web engines take trapezoids on a sphere: 1 part in 10 million apart. Blank or no place: NaN"},
	{Name: "asin", Args: "number", Source: inODK},
	{Name: "atan", Args: "number", Source: inODK},
	{Name: "atan2", Args: "number, number", Source: inODK},
	{Name: "base64-decode", Args: "text", Source: Spec | JavaRosa, Note: "bytes that are no UTF-8 become U+FFFD"},
	{Name: "boolean", Args: "value", Source: inAll},
	{Name: "boolean-from-string", Args: "text", Source: inODK, Note: "True and TRUE too, as JavaRosa"},
	{Name: "ceiling", Args: "number", Source: XPath1 | Enketo},
	{Name: "checklist", Args: "min, max, value*", Source: inODK, Note: "node-sets count node by node, a node with text as true"},
	{Name: "coalesce", Args: "value, value", Source: inODK, Note: "gives the value itself, not its text; NaN is blank"},
	{Name: "concat", Args: "value*", Source: inAll, Note: "one argument or none will do; node-sets are joined node by node"},
	{Name: "contains", Args: "text, text", Source: inAll},
	{Name: "cos", Args: "number", Source: inODK},
	{Name: "count", Args: "nodes", Source: inAll},
	{Name: "count-non-empty", Args: "nodes", Source: inODK},
	{Name: "count-selected", Args: "text", Source: inODK},
	{Name: "current", Args: "", Source: Spec | JavaRosa},
	{Name: "date", Args: "value", Source: inODK, Note: "a date as text; of a time its local day; a number counts days of the calendar. What is no date is an error, as in JavaRosa; blank stays blank"},
	{Name: "date-time", Args: "value", Source: JavaRosa | Enketo, Note: "a number counts days since 1970 in UTC"},
	{Name: "decimal-date-time", Args: "value", Source: inODK, Note: "days with a fraction since 1970 in UTC; a date stands for its local midnight"},
	{Name: "decimal-time", Args: "value", Source: inODK, Note: "takes a time of day, as the specification has it, and a date and time"},
	{Name: "depend", Args: "value, value*", Source: JavaRosa, Note: "gives the first; the others are dependencies only"},
	{Name: "digest", Args: "text, algorithm, encoding?", Source: inODK},
	{Name: "distance", Args: "nodes or text, *", Source: inODK, Note: "not rounded, as JavaRosa; blank, no place or off the globe: NaN, as the web engines"},
	{Name: "enclosed-area", Args: "nodes or text", Source: JavaRosa, Note: "area()"},
	{Name: "ends-with", Args: "text, text", Source: inODK},
	{Name: "exp", Args: "number", Source: inODK},
	{Name: "exp10", Args: "number", Source: inODK},
	{Name: "extract-signed", Args: "base64, base64", Source: JavaRosa},
	{Name: "false", Args: "", Source: inAll},
	{Name: "floor", Args: "number", Source: XPath1 | Enketo},
	{Name: "format-date", Args: "value, text", Source: inODK, Note: "times too. What is no date is an error, as in JavaRosa; blank gives “”"},
	{Name: "format-date-time", Args: "value, text", Source: inODK, Note: "format-date()"},
	{Name: "geofence", Args: "geopoint, geoshape", Source: JavaRosa, Note: "the shape may be text; blank is an error"},
	{Name: "id", Args: "value", Source: XPath1 | Enketo, Note: "by the attributes id and xml:id"},
	{Name: "if", Args: "condition, value, value", Source: inODK, Note: "only the branch that is taken is evaluated, and its type kept"},
	{Name: "indexed-repeat", Args: "path, repeat, index, *", Source: Spec | JavaRosa, Note: "up to five repeats; plain paths; an index below 1 means 1, as in JavaRosa"},
	{Name: "instance", Args: "text", Source: Spec | JavaRosa},
	{Name: "int", Args: "number", Source: inODK},
	{Name: "is-selected", Args: "text, text", Source: JavaRosa, Note: "selected()"},
	{Name: "join", Args: "text, value*", Source: inODK},
	{Name: "jr:choice-name", Args: "text, text", Source: Spec | JavaRosa},
	{Name: "jr:itext", Args: "text", Source: Spec | JavaRosa},
	{Name: "lang", Args: "text", Source: XPath1 | Enketo},
	{Name: "last", Args: "", Source: XPath1 | Enketo},
	{Name: "local-name", Args: "nodes?", Source: XPath1 | Enketo},
	{Name: "log", Args: "number", Source: inODK},
	{Name: "log10", Args: "number", Source: inODK},
	{Name: "lower-case", Args: "text", Source: 0, Note: "XPath 2.0"},
	{Name: "max", Args: "value*", Source: inODK, Note: "leaves out what is no number, as JavaRosa; NaN when nothing is left"},
	{Name: "min", Args: "value*", Source: inODK, Note: "as max()"},
	{Name: "name", Args: "nodes?", Source: XPath1 | Enketo},
	{Name: "namespace-uri", Args: "nodes?", Source: XPath1 | Enketo},
	{Name: "normalize-space", Args: "text?", Source: inAll},
	{Name: "not", Args: "value", Source: inAll},
	{Name: "now", Args: "", Source: inODK, Note: "text with milliseconds and offset"},
	{Name: "number", Args: "value?", Source: inAll, Note: "a comma is a point, as in JavaRosa; dates count days"},
	{Name: "once", Args: "value", Source: inODK},
	{Name: "pi", Args: "", Source: inODK},
	{Name: "position", Args: "nodes?", Source: inAll},
	{Name: "pow", Args: "number, number", Source: inODK},
	{Name: "property", Args: "text", Source: JavaRosa},
	{Name: "pulldata", Args: "text, text, text, text", Source: Spec | JavaRosa, Note: "ODK Collect adds it to JavaRosa"},
	{Name: "random", Args: "", Source: inODK},
	{Name: "randomize", Args: "nodes, seed?", Source: inODK, Note: "a seed that is no number counts by its SHA-256, and one beyond 2^53 without its low bits, as in JavaRosa"},
	{Name: "regex", Args: "text, text", Source: inODK, Note: "the whole text must match, as in JavaRosa; in linear time, so without references back and without looking around, but for (?=…) and (?!…) at the start"},
	{Name: "round", Args: "number, number?", Source: inAll, Note: "on decimal digits; halves go up, as in XPath and JavaRosa"},
	{Name: "selected", Args: "text, text", Source: inODK},
	{Name: "selected-at", Args: "text, number", Source: inODK},
	{Name: "sin", Args: "number", Source: inODK},
	{Name: "sqrt", Args: "number", Source: inODK},
	{Name: "starts-with", Args: "text, text", Source: inAll},
	{Name: "string", Args: "value?", Source: inAll},
	{Name: "string-length", Args: "text?", Source: inAll, Note: "characters, as XPath has it; both engines count an emoji twice"},
	{Name: "substr", Args: "text, from, to?", Source: inODK},
	{Name: "substring", Args: "text, from, length?", Source: XPath1 | Enketo},
	{Name: "substring-after", Args: "text, text", Source: inAll},
	{Name: "substring-before", Args: "text, text", Source: inAll},
	{Name: "sum", Args: "nodes", Source: inAll, Note: "leaves out what is no number, as JavaRosa"},
	{Name: "tan", Args: "number", Source: inODK},
	{Name: "thousands-sep", Absent: "named in some lists of form functions; no engine or specification that could be read says what it does"},
	{Name: "today", Args: "", Source: inODK},
	{Name: "translate", Args: "text, text, text", Source: inAll},
	{Name: "true", Args: "", Source: inAll},
	{Name: "upper-case", Args: "text", Source: 0, Note: "XPath 2.0"},
	{Name: "uuid", Args: "number?", Source: inODK, Note: "with a number, that many of 0–9 and A–Z"},
	{Name: "version", Args: "", Source: JavaRosa},
	{Name: "weighted-checklist", Args: "min, max, (value, weight)*", Source: inODK, Note: "a negative bound is none, as the specification has it"},
}

// In says whether one of the sources has the function.
func (f FunctionInfo) In(s Source) bool { return f.Source&s != 0 }
