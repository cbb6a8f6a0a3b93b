// Package xpath evaluates the expressions of ODK forms: XPath 1.0 and the functions of the ODK XForms specification.
// It owns the lexer, the parser, the evaluator and the function library, and knows nothing of forms beyond those.
//
//	x, err := xpath.Compile("sum(/data/row/price) > 100 and selected(../colours, 'red')")
//	ok, err := x.EvaluateBoolean(&xpath.Env{}, node)
//
// An expression is compiled once and then used by any number of goroutines. What it is evaluated over is any tree whose
// nodes implement Node; ParseXML makes one from XML. What it can learn from outside, such as the time, stands in an
// Env, and nothing else is ever read: two evaluations with the same tree and Env give the same value. Work and memory
// are bounded by Limits whatever the expression is, and every error says at which column it arose.
//
// # Where the sources differ
//
// The standard, the ODK specification and the two engines behind most forms, JavaRosa (in ODK Collect) and
// openrosa-xpath-evaluator (in Enketo), do not agree in everything. Expressions are to give here what they give on a
// phone, so JavaRosa decides, except where it is plainly wrong. Functions has the choices for single functions; these
// are the general ones:
//
//   - Node-sets convert and compare as in XPath 1.0: true when they are not empty, equal when any node is. JavaRosa
//     takes the value of the one node, and refuses several. A node can decide itself through Truthful.
//   - Numbers are written without an exponent and with all their digits, as in XPath 1.0. Numbers less than 1e-12 apart
//     are equal, as in JavaRosa. In text that is read as a number, a comma is a decimal point, as in JavaRosa.
//   - Dates are text, as the specification has it; where a number is wanted, text of the form of a date counts days.
//     JavaRosa does so with values whose type it knows, and not with literals; Enketo with both, as here.
//   - A date counts whole days of the calendar, as in JavaRosa; in Enketo it has a fraction that depends on the time
//     zone. A date with a time has in addition the part of the local day that has passed, which JavaRosa drops.
//   - When a date is compared with a date and time, only the day counts, as in JavaRosa. Two times are compared exactly.
//   - What is no date is an error where a date is needed, as in JavaRosa. Blank stays blank.
//   - A pattern of regex() must match the whole text, as in JavaRosa.
//   - Nodes that are Hideable are counted by positions and left out of what a path gives, as in JavaRosa.
//   - Absolute paths mean what XPath says, unless Env.Qualify asks for JavaRosa's reading.
//   - All axes, // and predicates anywhere, which JavaRosa lacks, are there.
package xpath
