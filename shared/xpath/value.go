package xpath

import "slices"

// A Kind is one of the four types of XPath 1.0. Dates are no type of their own: as the ODK specification has it, they
// are strings of the form of a date, and count as days where a number is wanted.
type Kind uint8

// The kinds of value.
const (
	StringKind Kind = iota
	NumberKind
	BooleanKind
	NodeSetKind
)

// String names the kind as messages do.
func (k Kind) String() string {
	return [...]string{"string", "number", "boolean", "node-set"}[k&3]
}

// A Value is what an expression evaluates to. The zero Value is the empty string.
type Value struct {
	kind  Kind
	date  bool    // of a string: a function of dates made it
	num   float64 // of a number, and 1 or 0 of a boolean
	str   string
	nodes []Node // in document order, unless randomize made them
}

// String returns a string as a value.
func String(s string) Value { return Value{kind: StringKind, str: s} }

// Number returns a number as a value.
func Number(f float64) Value { return Value{kind: NumberKind, num: f} }

// Boolean returns a truth value as a value.
func Boolean(b bool) Value {
	if b {
		return Value{kind: BooleanKind, num: 1}
	}
	return Value{kind: BooleanKind}
}

// date returns the text of a date, or of a date and time, as a value.
func date(s string) Value { return Value{kind: StringKind, str: s, date: true} }

// IsDate says whether v is a date or a date and time that today(), now(), date() or date-time() gave. Text that only
// looks so is none.
func (v Value) IsDate() bool { return v.date }

// Kind returns the type.
func (v Value) Kind() Kind { return v.kind }

// Nodes returns the nodes of a node-set, and nil of anything else. The caller does not alter the slice.
func (v Value) Nodes() []Node { return v.nodes }

// String converts as string() does: a node-set to the string-value of its first node, a number without an exponent.
func (v Value) String() string {
	switch v.kind {
	case NumberKind:
		return FormatNumber(v.num)
	case BooleanKind:
		if v.num != 0 {
			return "true"
		}
		return "false"
	case NodeSetKind:
		if len(v.nodes) == 0 {
			return ""
		}
		return v.nodes[0].Value()
	}
	return v.str
}

// Boolean converts as boolean() does: a number that is neither 0 nor NaN, a string that is not empty, a node-set that
// is not empty, unless its first node says otherwise by Truthful.
func (v Value) Boolean() bool {
	switch v.kind {
	case NumberKind, BooleanKind:
		return v.num != 0 && v.num == v.num
	case NodeSetKind:
		return len(v.nodes) > 0 && truth(v.nodes[0])
	}
	return v.str != ""
}

// Number converts as XPath 1.0 does, and in addition takes a comma as decimal point. Dates become days only under
// Env.Number, since that can depend on the time zone.
func (v Value) Number() float64 {
	switch v.kind {
	case NumberKind, BooleanKind:
		return v.num
	}
	return ParseNumber(v.String())
}

// kept returns the value with its own slice of nodes, so that it outlives the evaluation.
func (v Value) kept() Value {
	v.nodes = slices.Clone(v.nodes)
	return v
}
