package xform

import (
	"math"
	"strconv"
	"strings"

	"banlang/shared/xpath"
)

// computed turns what a calculation gave into the value of a node of the declared kind, as JavaRosa does: a whole
// number stays one whatever the type, an empty text and NaN are no answer.
func (s *Session) computed(v xpath.Value, declared Kind) Value {
	switch v.Kind() {
	case xpath.NodeSetKind:
		return s.computedNode(v.Nodes(), declared)
	case xpath.NumberKind:
		return computedNumber(v.Number(), declared)
	case xpath.BooleanKind:
		return computedBoolean(v.Boolean(), declared)
	}
	if v.IsDate() {
		return s.computedDate(v.String(), declared)
	}
	return computedText(v.String(), declared)
}

// computedNode is the value of the first node, with what it is.
func (s *Session) computedNode(nodes []xpath.Node, declared Kind) Value {
	if len(nodes) == 0 {
		return Value{}
	}
	n, ok := nodes[0].(*node)
	if !ok {
		return computedText(nodes[0].Value(), declared)
	}
	switch from := n.seen(); from.Kind {
	case Integer, Long, Decimal:
		return computedNumber(xpath.ParseNumber(from.Text), declared)
	case Boolean:
		return computedBoolean(from.truth(), declared)
	case Date, DateTime:
		return s.computedDate(from.Text, declared)
	default:
		return computedText(from.Text, declared)
	}
}

// computedDate is a date, or a date and time, as JavaRosa stores it: by the type of the node when that is one of dates,
// otherwise with the time, so that today() in a node of text is midnight. See Value.day for how expressions see that.
func (s *Session) computedDate(text string, declared Kind) Value {
	full, ok := s.x.DateTime(text)
	if !ok {
		return computedText(text, declared)
	}
	day, clock, _ := strings.Cut(full, "T")
	switch declared {
	case Date:
		return Value{Date, day}
	case Time:
		return Value{Time, clock}
	case None, Uncast, String, Integer, Long, Decimal, DateTime:
		return Value{DateTime, full}
	}
	return computedText(text, declared)
}

// computedBoolean writes a truth value as 1 or 0 where the type is boolean, and elsewhere as XPath does: forms compare
// such calculations with 'true'.
func computedBoolean(b bool, declared Kind) Value {
	if declared == Boolean {
		return Value{Boolean, booleanText(b)}
	}
	return Value{Boolean, strconv.FormatBool(b)}
}

func computedText(s string, declared Kind) Value {
	switch {
	case s == "":
		return Value{}
	case declared == Boolean:
		return Value{Boolean, "1"}
	case declared == Date: // now() in a date
		s, _, _ = strings.Cut(s, "T")
	case declared.isText():
		return Value{String, s}
	case declared == Integer || declared == Decimal || declared == Long:
		return Value{String, s} // JavaRosa keeps the text
	}
	return cast(s, declared)
}

func computedNumber(f float64, declared Kind) Value {
	if math.IsNaN(f) {
		return Value{}
	}
	if declared == Boolean {
		return Value{Boolean, booleanText(math.Abs(f) > 1e-12)}
	}
	if declared == Integer && math.Abs(f) < 1<<31 {
		f = math.Trunc(f)
	}
	return Value{numberKind(f), xpath.FormatNumber(f)}
}

func numberKind(f float64) Kind {
	switch {
	case math.IsInf(f, 0) || math.Abs(f-math.Trunc(f)) >= 1e-9:
		return Decimal
	case f >= math.MinInt32 && f <= math.MaxInt32:
		return Integer
	}
	return Long
}
