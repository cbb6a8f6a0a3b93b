// Package form owns the record types: which fields a record has, what they are
// called in Vietnamese and English, which values they take, and how a record is
// named in a list and found in a search.
//
// The types are data, written by hand until the Forms issue reads them from
// XLSForm. The package is pure: no clock, no disk, no other record. Rules that
// need one of these (not later than today; three times the median of the
// venue; every group of the same size) belong to the packages that have it.
//
// # Values and paths
//
// A value is an XForms lexical string: "12", "1.5", "2026-11-16", "true", a
// choice code, codes with one space between, the id of a venue_register record.
// The empty string is a field that was cleared, and is the same as no value.
//
// A path names one value of a record: "venue" for a field, and
// "items/<row>/quantity" for a field of a repeat, where <row> is any text
// without a slash that the engine chose for the row. A row whose values are all
// empty does not exist.
//
// # What is never asked
//
// No ethnicity, religion, opinion, health or conviction of a citizen, no names
// of citizens, no coordinates. Left out until the package that protects them is
// built: sealed texts (decision 20), receipt codes of tips and petitions, which
// need the keyed hash (decision 21), photographs and files. A petition against
// an officer cannot be entered at all until decisions 7 and 20 hold.
// The unit of a record is its routing, not a field, and calculated values are
// never stored (decision 3).
package form

import (
	"slices"
	"strings"
	"sync"
)

// Text is one wording in the two languages of the product.
type Text struct{ VI, EN string }

// In gives the wording for a language tag: English for "en" and its regions
// ("en-GB"), Vietnamese for all else.
func (t Text) In(lang string) string {
	if lang == "en" || strings.HasPrefix(lang, "en-") {
		return t.EN
	}
	return t.VI
}

// Compartment separates the feeds of one unit by who may read them (decision 7).
type Compartment string

const (
	Ordinary  Compartment = "ordinary"
	Tips      Compartment = "tips"      // above the handling unit only as counts
	Petitions Compartment = "petitions" // above the handling unit only as counts
	Oversight Compartment = "oversight" // of the parent unit; no form uses it yet
)

// Type says what a field's values look like.
type Type string

const (
	TypeText        Type = "text"        // one line, at most MaxText letters
	TypeLongText    Type = "longtext"    // lines, at most MaxLongText letters
	TypeInt         Type = "int"         // "-12", at most MaxIntDigits digits
	TypeDecimal     Type = "decimal"     // "1.5", at most MaxDecimalPlaces places
	TypeDate        Type = "date"        // yyyy-mm-dd
	TypeBool        Type = "bool"        // "true" or "false"
	TypeChoice      Type = "choice"      // the code of one option
	TypeMultichoice Type = "multichoice" // codes with one space between, each once
	TypeUnit        Type = "unit"        // the code of a unit of the tree
	TypeVenue       Type = "venue"       // the id of a venue_register record
	TypeRepeat      Type = "repeat"      // rows of Children; has no value itself
)

// Option is one answer of a choice. Unit, where set, is what is counted when
// this answer is chosen: a kind of weapon fixes pieces, rounds or grams.
type Option struct {
	Code      string
	Label     Text
	Unit      Text
	Fractions bool // the unit is measured, not counted: half a gram makes sense
}

// Limits are the least and the greatest whole number that make sense for a
// field. A value outside is pointed out to the author, never refused.
type Limits struct{ Min, Max int64 }

// Condition holds when the value at Key is one of Values, or with Not when it
// is none of them. A nil Condition always holds. Inside a repeat Key names a
// field of the same row.
type Condition struct {
	Key    string
	Not    bool
	Values []string
}

// Holds asks the condition of a record; value gives "" for what is not filled.
func (c *Condition) Holds(value func(path string) string) bool {
	return c == nil || slices.Contains(c.Values, value(c.Key)) != c.Not
}

// Field is one question of a form.
type Field struct {
	Key         string
	Type        Type
	Required    bool // asked of the author before finalizing, where it is offered
	Label       Text
	Hint        Text       // empty, or one sentence under the field
	Options     []Option   // of a choice or multichoice
	Children    []Field    // of a repeat; children are not repeats themselves
	Distinct    string     // of a repeat: the child whose answer stands in one row only
	CountedBy   string     // of a quantity: the choice beside it that fixes its unit
	Limits      *Limits    // nil, or the range that makes sense for a number
	OfferedWhen *Condition // nil = always; a field not offered is not required
}

// Option gives the answer with a code.
func (f *Field) Option(code string) (*Option, bool) {
	for i := range f.Options {
		if f.Options[i].Code == code {
			return &f.Options[i], true
		}
	}
	return nil, false
}

// Child gives the field of a repeat with a key.
func (f *Field) Child(key string) (*Field, bool) {
	for i := range f.Children {
		if f.Children[i].Key == key {
			return &f.Children[i], true
		}
	}
	return nil, false
}

// Form is one version of a record type. It is shared and must not be changed.
type Form struct {
	ID          string
	Version     int
	Compartment Compartment
	Label       Text
	EventDate   string // key of the date that decides the reporting period
	Fields      []Field
	Summary     []Part // what Title shows after the label
	Rules       []Rule // what CheckRecord looks at across fields
}

// registry holds every form once, in the order in which a menu shows them.
var registry = sync.OnceValue(func() []*Form {
	return []*Form{
		awarenessSession(), venueRegister(), tip(), petition(),
		weaponHandover(), selfMgmtGroup(), communeProfile(),
	}
})

// All gives every form, in the order in which a menu shows them.
func All() []*Form { return slices.Clone(registry()) }

// Lookup gives one version of a form, or false for one this program does not
// know; records of such a form are kept and forwarded all the same.
func Lookup(id string, version int) (*Form, bool) {
	for _, f := range registry() {
		if f.ID == id && f.Version == version {
			return f, true
		}
	}
	return nil, false
}

// Field gives the field that a path names: a plain field for "venue", a repeat
// itself for "items", a field of the repeat for "items/<row>/quantity". It
// reports false for all other paths.
func (f *Form) Field(path string) (*Field, bool) {
	key, row, child, ok := SplitPath(path)
	if !ok {
		return nil, false
	}
	for i := range f.Fields {
		field := &f.Fields[i]
		switch {
		case field.Key != key:
		case row == "":
			return field, true
		default:
			return field.Child(child)
		}
	}
	return nil, false
}

// SplitPath takes a path apart. A plain field gives its key alone; a field of a
// repeat gives the key of the repeat, the row and the key of the child. It
// reports false when path has neither shape.
func SplitPath(path string) (key, row, child string, ok bool) {
	key, rest, nested := strings.Cut(path, "/")
	if !nested {
		return key, "", "", key != ""
	}
	row, child, ok = strings.Cut(rest, "/")
	if !ok || key == "" || row == "" || child == "" || strings.Contains(child, "/") {
		return "", "", "", false
	}
	return key, row, child, true
}

// JoinPath is the path of a field in a row of a repeat.
func JoinPath(repeat, row, child string) string { return repeat + "/" + row + "/" + child }
