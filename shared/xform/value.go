package xform

import (
	"math"
	"strconv"
	"strings"

	"banlang/shared/xpath"
)

// Kind says what an answer is. It follows from the type that the form declares and from what was put in.
type Kind uint8

// The kinds of answer.
const (
	None       Kind = iota // no answer
	Uncast                 // text of a node that has no type, such as an attribute
	String                 // text, also barcodes and names of files
	Integer                // a whole number of 32 bits
	Long                   // a whole number beyond that
	Decimal                // any number
	Boolean                // 1 or 0
	Date                   // 2025-09-25
	Time                   // 23:14:00.000+07:00
	DateTime               // 2025-09-25T23:15:00.000+07:00
	SelectOne              // the value of one choice
	SelectMany             // values of choices with spaces between
	Geopoint               // latitude, longitude, altitude, accuracy
	Geotrace               // geopoints with semicolons between
	Geoshape               // the same, closed
)

var kindNames = [...]string{"none", "uncast", "string", "integer", "long", "decimal", "boolean", "date", "time", "dateTime",
	"selectOne", "selectMany", "geopoint", "geotrace", "geoshape"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// Value is an answer: its text as it stands in the submission, and what it is. The zero Value is no answer.
type Value struct {
	Kind Kind
	Text string
}

// Text is an answer given as text; the node it is put into decides about its kind.
func Text(s string) Value { return Value{Uncast, s} }

// IsEmpty reports whether v is no answer.
func (v Value) IsEmpty() bool { return v.Text == "" }

// typeKinds gives the kind of the values of a declared type.
var typeKinds = map[string]Kind{
	"string": String, "text": String, "binary": String, "barcode": String, "intent": String,
	"int": Integer, "integer": Integer, "long": Long, "decimal": Decimal, "double": Decimal, "float": Decimal,
	"boolean": Boolean, "date": Date, "time": Time, "dateTime": DateTime, "datetime": DateTime,
	"select1": SelectOne, "select": SelectMany, "rank": SelectMany, "odk:rank": SelectMany,
	"geopoint": Geopoint, "geotrace": Geotrace, "geoshape": Geoshape,
}

// kindOfType is the kind for the type of a bind; None when no type is given or it is not known, which counts as text.
func kindOfType(typ string) Kind {
	if k, ok := typeKinds[typ]; ok {
		return k
	}
	if _, local, ok := strings.Cut(typ, ":"); ok {
		return typeKinds[local]
	}
	return None
}

// isText reports whether a declared kind leaves text alone.
func (k Kind) isText() bool { return k == None || k == String || k == Uncast }

// cast reads text as a value of a declared kind. Text that is no such value stays text: nothing is dropped.
func cast(text string, declared Kind) Value {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return Value{}
	}
	if declared.isText() {
		return Value{String, text}
	}
	if !fits(trimmed, declared) {
		return Value{String, text}
	}
	if declared == Boolean {
		trimmed = booleanText(trimmed == "1" || trimmed == "true" || trimmed == "t")
	}
	return Value{declared, trimmed}
}

// fits reports whether text is a value of the kind.
func fits(text string, k Kind) bool {
	switch k {
	case Integer, Long:
		_, err := strconv.ParseInt(text, 10, 64)
		return err == nil
	case Decimal:
		f, err := strconv.ParseFloat(text, 64)
		return err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
	case Boolean:
		return text == "0" || text == "1" || text == "true" || text == "false" || text == "t" || text == "f"
	case Date:
		return isDate(text)
	}
	return true
}

// isDate reports whether text begins with a date; what follows a T is left aside.
func isDate(text string) bool {
	date, _, _ := strings.Cut(text, "T")
	parts := strings.SplitN(date, "-", 4)
	if len(parts) != 3 {
		return false
	}
	var numbers [3]int
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return false
		}
		numbers[i] = n
	}
	month, day := numbers[1], numbers[2]
	return month >= 1 && month <= 12 && day >= 1 && day <= 31
}

func booleanText(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// truth is what a typed value counts as where a condition is wanted.
func (v Value) truth() bool {
	switch v.Kind {
	case Boolean:
		return v.Text == "1" || v.Text == "true"
	case Integer, Long, Decimal:
		f := xpath.ParseNumber(v.Text)
		return f != 0 && !math.IsNaN(f)
	}
	return v.Text != ""
}

// day is the text of v as expressions see it when the node has no type of dates: of a midnight only the day, as in
// JavaRosa, where concat() makes 2026-11-21 of today() although 2026-11-21T00:00:00.000+07:00 is sent.
func (v Value) day() string {
	if day, clock, _ := strings.Cut(v.Text, "T"); strings.HasPrefix(clock, "00:00:00.000") {
		return day
	}
	return v.Text
}

// uncast is the value of an attribute.
func uncast(text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{Uncast, text}
}

// read is text of an instance as a value of the field.
func (f *Form) read(c *Field, text string) Value {
	if c.attr && f.kindOf(c) == None {
		return uncast(text)
	}
	return cast(text, f.kindOf(c))
}

// kindOf is the kind of the answers of a field: as declared, and for selects what the control makes of it.
func (f *Form) kindOf(c *Field) Kind {
	if c.question == nil || c.kind != None && c.kind != String {
		return c.kind
	}
	switch {
	case c.question.isMultiple():
		return SelectMany
	case c.question.Control == "select1":
		return SelectOne
	}
	return c.kind
}
