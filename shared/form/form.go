// Package form owns what our programs make of a form: its versions, how a filled-in form becomes the values of a record
// and back, what a value must look like to be taken, and how a record is named in a list and found in a search.
//
// A form is an XForm (package xform), built in or published by the centre. A version of it never changes and is named
// by the digest of its XML (record.FormRef). The package is pure: no clock, no disk, no other record; what a form may
// learn of the world comes in through Env.
//
// # Values and paths
//
// A value is an XForms lexical string: "12", "1.5", "2026-11-16", "true", the value of a choice, values with one space
// between. The empty string is a field that was cleared, and is the same as no value.
//
// A path names one value of a record: the names of the XForm below its root, with the name of the row after each repeat:
// "venue", "place/village", "items/<row>/quantity". A template is a path without rows: "items/quantity". A row whose
// values are all empty does not exist.
//
// # What is stored
//
// Answers of people are stored, and what the form fills in once (defaults, the time of the start, once()). Calculated
// values are not (decision 3): they are computed from the record wherever it is shown. Notes have no value. The identity
// that an XForm gives its instance is not ours: records have their own.
//
// A default is the answer of whoever began the record and left it standing. A record that has no answer is not given one
// by being opened.
//
// # Versions
//
// A record may hold values written under several versions. It is opened in the current one if all its values have a
// place there (Fit), and otherwise in its own, which is never thrown away; so no record or draft is ever unopenable,
// and no value is dropped, moved, altered or invented by a new version.
package form

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/xform"
)

// Text is one wording in the two languages of the product.
type Text struct {
	VI string `json:"vi"`
	EN string `json:"en"`
}

// In gives the wording for a language tag: English for "en" and its regions
// ("en-GB"), Vietnamese for all else.
func (t Text) In(lang string) string {
	if (lang == "en" || strings.HasPrefix(lang, "en-")) && t.EN != "" {
		return t.EN
	}
	return t.VI
}

// Type says what a field's values look like.
type Type string

// The types.
const (
	TypeText        Type = "text"        // at most MaxLetters letters; lines only where the form asks for them
	TypeInt         Type = "int"         // "-12", at most MaxIntDigits digits
	TypeDecimal     Type = "decimal"     // "1.5", at most MaxIntDigits digits on either side
	TypeDate        Type = "date"        // yyyy-mm-dd
	TypeTime        Type = "time"        // hh:mm:ss, with a zone or without
	TypeDateTime    Type = "datetime"    // the two with a T between
	TypeBool        Type = "bool"        // "1" or "0"
	TypeChoice      Type = "choice"      // the value of one choice
	TypeMultichoice Type = "multichoice" // values with one space between, each once
	TypeRank        Type = "rank"        // the same, in an order that matters
	TypeTrigger     Type = "trigger"     // "OK" once it was confirmed
	TypePlace       Type = "place"       // latitude, longitude, altitude, accuracy with spaces between; several with semicolons
	TypeFile        Type = "file"        // the name of an attachment
	TypeNote        Type = "note"        // text to read; never a value
)

// Field is one node of a record that can hold a value.
type Field struct {
	Path     string // the template
	Type     Type
	Lines    bool   // of a text: more than one line
	Grouped  bool   // of a text: a number, which is shown with its thousands apart
	Points   bool   // of a place: several points, a line or the edge of an area
	Repeat   string // the template of the repeat it lies in, "" outside of repeats
	Declared declared.Declaration
	Stored   bool // a value of it is kept in the record; otherwise it is computed, or a note
	Demanded bool // the form asks for an answer, at least beside certain others

	x       *xform.Field
	asked   bool            // people answer it
	choices map[string]bool // the values that can be chosen; nil: not for the form alone to say
}

// Sealed reports whether values of the field leave the machine only sealed to somebody (decision 20).
func (f *Field) Sealed() bool { return f.Declared.SealedTo != "" }

// Computed reports whether the form calculates the field.
func (f *Field) Computed() bool {
	return !f.Stored && f.Type != TypeNote
}

// Asked reports whether a question asks for the field.
func (f *Field) Asked() bool { return f.x.Question() != nil }

// ItemType says what an Item is.
type ItemType = xform.ItemType

// The types of items.
const (
	Group    = xform.Group
	Repeat   = xform.Repeat
	Question = xform.Question
)

// Item is a part of a form as people see it, in its order: a group, a repeat or a question.
type Item struct {
	Type       ItemType
	Field      *Field // of a question
	Template   string // of the question, repeat or group; that of what is around for a group without a place of its own
	Appearance string
	Items      []*Item

	below string // the part of the template below the repeat around it
	x     *xform.Item
}

// Form is one version of a record type. It never changes and may be shared by goroutines.
type Form struct {
	Ref         record.FormRef
	Version     string // as its author numbered it, for people
	Title       Text
	Compartment string // whose feed the records are in (decision 7)
	EventDate   string // template of the date that decides the reporting period; may be empty
	Items       []*Item

	x      *xform.Form
	root   *node
	nodes  map[*xform.Field]*node
	byPath map[string]*Field // by template
	fields []*Field
}

// node is a place of a form: the record itself, a group, a repeat or a field.
type node struct {
	template string
	x        *xform.Field
	field    *Field // nil for all others, and for what is not ours (the identity of the instance)
	below    map[string]*node
	index    int   // among those beside it
	repeat   *Item // of a repeat: it, as people see it
	fixed    bool  // of a repeat: the form says which rows there are, and people neither add rows nor take any out
}

// VersionOf names the version of a form by its XML.
func VersionOf(xml []byte) uint64 {
	sum := blake2b.Sum256(xml)
	return binary.BigEndian.Uint64(sum[:8])
}

// Parse reads a version of a form. The error is a *xform.Error.
func Parse(xml []byte) (*Form, error) {
	x, err := xform.Parse(xml)
	if err != nil {
		return nil, err
	}
	own := declared.OfForm(x)
	f := &Form{
		Ref: record.FormRef{ID: x.ID, Version: VersionOf(xml)}, Version: x.Version, Title: Text{x.Title, own.TitleEN},
		Compartment: own.Compartment, EventDate: own.EventDate, x: x,
		nodes: map[*xform.Field]*node{}, byPath: map[string]*Field{},
	}
	if f.Compartment == "" {
		f.Compartment = declared.Ordinary
	}
	f.root = f.survey(x.Root(), "", "")
	f.Items = f.items(x.Body, f.root)
	return f, nil
}

// survey enters a node and what is below it; at is its template, repeat that of the repeat around.
func (f *Form) survey(x *xform.Field, at, repeat string) *node {
	n := &node{template: at, x: x, below: map[string]*node{}}
	f.nodes[x] = n
	if x.IsRepeat() {
		repeat = at
	}
	if len(x.Children()) == 0 && at != "" && !x.IsRepeat() && !within(at, "meta") && at != declared.CanSealTo {
		n.field = f.newField(x, at, repeat)
		f.byPath[at] = n.field
		f.fields = append(f.fields, n.field)
	}
	for i, c := range x.Children() {
		k := f.survey(c, join(at, c.Name()), repeat)
		k.index = i
		n.below[c.Name()] = k
	}
	return n
}

func (f *Form) newField(x *xform.Field, at, repeat string) *Field {
	field := &Field{Path: at, Type: typeOf(x), Repeat: repeat, Declared: declared.Of(x.Bind()), x: x}
	b := x.Bind()
	calculated := b != nil && b.Calculate != ""
	field.Points = x.Kind() == xform.Geotrace || x.Kind() == xform.Geoshape
	field.Demanded = b != nil && b.Required != "" && b.Required != "false()"
	field.Stored = field.Type != TypeNote && (!calculated || x.KeepsFirst())
	if q := x.Question(); q != nil {
		field.Lines = strings.Contains(q.Appearance, "multiline")
		field.Grouped = field.Type == TypeText && strings.Contains(q.Appearance, "thousands-sep")
		field.asked = field.Stored && !calculated && field.Declared.Generated == "" && (b == nil || b.ReadOnly != "true()")
	}
	if values, ok := f.x.StaticChoices(x); ok {
		field.choices = make(map[string]bool, len(values))
		for _, v := range values {
			field.choices[v] = true
		}
	}
	return field
}

// typesOf are the types of kinds that no control alters.
var typesOf = map[xform.Kind]Type{
	xform.Integer: TypeInt, xform.Long: TypeInt, xform.Decimal: TypeDecimal, xform.Boolean: TypeBool, xform.Date: TypeDate,
	xform.Time: TypeTime, xform.DateTime: TypeDateTime, xform.SelectOne: TypeChoice, xform.SelectMany: TypeMultichoice,
	xform.Geopoint: TypePlace, xform.Geotrace: TypePlace, xform.Geoshape: TypePlace,
}

// controls are the types that controls make.
var controls = map[string]Type{
	"select1": TypeChoice, "select": TypeMultichoice, "rank": TypeRank, "trigger": TypeTrigger, "upload": TypeFile,
}

func typeOf(x *xform.Field) Type {
	if q := x.Question(); q != nil {
		if t, ok := controls[q.Control]; ok {
			return t
		}
		if x.IsNote() {
			return TypeNote
		}
	}
	if t, ok := typesOf[x.Kind()]; ok {
		return t
	}
	return TypeText
}

// items are the parts of a body as people see them, in the repeat around them (the record itself outside of repeats).
func (f *Form) items(body []*xform.Item, around *node) []*Item {
	var out []*Item
	for _, x := range body {
		n := f.nodes[x.Field]
		if n == nil || !within(n.template, around.template) {
			n = around // a group may say that it is for anything
		}
		it := &Item{Type: x.Type, Template: n.template, Appearance: x.Appearance, x: x,
			below: strings.TrimPrefix(n.template[len(around.template):], "/")}
		inside := around
		switch x.Type {
		case xform.Question:
			if it.Field = n.field; it.Field == nil {
				continue // of the form's own identity
			}
		case xform.Repeat:
			inside, n.repeat, n.fixed = n, it, !it.MayAdd()
		}
		it.Items = f.items(x.Items, inside)
		out = append(out, it)
	}
	return out
}

// ID is the name that all versions of the form share.
func (f *Form) ID() string { return f.Ref.ID }

// Fields are all fields in the order of the form, those too that nobody is asked. They are not the caller's to change.
func (f *Form) Fields() []*Field { return f.fields }

// Lists names the files beside the form that it reads, "venues.csv"; Env.List is asked for them.
func (f *Form) Lists() (names []string) {
	for _, in := range f.x.Instances {
		if in.External() {
			names = append(names, listName(in.Src))
		}
	}
	return names
}

// ListOf names the file beside the form from which a field's answers are chosen; "" when they are not.
func (f *Form) ListOf(field *Field) string {
	q := field.x.Question()
	if q == nil || q.Itemset == nil {
		return ""
	}
	for _, in := range f.x.Instances {
		if in.External() && strings.HasPrefix(q.Itemset.Nodeset, "instance('"+in.ID+"')") {
			return listName(in.Src)
		}
	}
	return ""
}

func listName(src string) string { return src[strings.LastIndexByte(src, '/')+1:] }

// Field gives the field in which the value of a path stands. Of the template of a field in a repeat, which is no path of
// a value, it gives the field and false.
func (f *Form) Field(path string) (*Field, bool) {
	field := f.byPath[path]
	if field != nil && field.Repeat == "" {
		return field, true
	}
	if at, ok := f.place(path); ok && at.node.field != nil {
		return at.node.field, true
	}
	return field, false
}

// String names the version for logs.
func (f *Form) String() string {
	return fmt.Sprintf("%s %s (%016x)", f.Ref.ID, f.Version, f.Ref.Version)
}
