// Package declared owns what a form says about its questions beyond XLSForm: why a thing is asked, how private it is, how
// long it is kept, who may see it, for whom it is sealed, and what its values name. In the spreadsheet these are columns
// that other tools ignore; in the XForm they are attributes of the binds, in a namespace of our own, so that the digest
// of the XForm covers them and a machine that has the form has all of it.
//
// The package knows the words. Whether a form must say them is for the publisher to ask.
package declared

import (
	"regexp"

	"banlang/shared/xform"
)

// Namespace is that of the attributes, Prefix what our XForms abbreviate it to.
const (
	Namespace = "urn:banlang:form"
	Prefix    = "bl"
)

// The columns of the survey sheet, and the attributes of binds.
const (
	Purpose   = "purpose"    // why it is asked, a sentence
	Category  = "category"   // how private it is: None, Basic or Sensitive
	Retention = "retention"  // how long it is kept, as IsRetention has it
	VisibleTo = "visible_to" // who may see it: All, Counts, Handling, Unit or Custodian
	SealedTo  = "sealed_to"  // whose key it is sealed to when the form is finalized: Unit or Custodian; "" is not sealed
	Holds     = "holds"      // what its values name: "venue", "unit", the name of a list, "period", "money"; "" is nothing
	Generated = "generated"  // who fills it in place of the officer: "program", "sync" or "centre"; "" is nobody
)

// The columns of the settings sheet, and the attributes of the root of a record.
const (
	Compartment = "compartment" // whose feed the records are in (decision 7): one of Compartments
	EventDate   = "event_date"  // the question whose day decides the reporting period, by its path below the root
	TitleEN     = "title_en"    // what the form is called in English; XLSForm has one title, which is Vietnamese
)

// What values name, where a program must know.
const (
	HoldsVenue = "venue" // a record of the register of places
	HoldsUnit  = "unit"  // a unit of the tree
)

// The compartments of feeds.
const (
	Ordinary  = "ordinary"
	Tips      = "tips"      // above the unit that handles them only as sums
	Petitions = "petitions" // likewise
	Oversight = "oversight" // of the parent unit; the unit itself cannot read it
)

// Compartments are all of them.
var Compartments = []string{Ordinary, Tips, Petitions, Oversight}

// Survey and Settings are the columns of each sheet, in their order.
var (
	Survey   = []string{Purpose, Category, Retention, VisibleTo, SealedTo, Holds, Generated}
	Settings = []string{Compartment, EventDate, TitleEN}
)

// How private an answer is.
const (
	None      = "none"      // says nothing of any citizen
	Basic     = "basic"     // personal: a name, a way to reach somebody
	Sensitive = "sensitive" // personal, and harmful in the wrong hands
)

// Who fills in an answer in place of the officer.
const (
	ByProgram = "program"
	BySync    = "sync"
	ByCentre  = "centre" // a time: when the record first reached the centre
)

// Who may see an answer.
const (
	All       = "all"       // the unit and every level above
	Counts    = "counts"    // the unit; above it only sums
	Handling  = "handling"  // the unit and the one that the matter is handed to; above them only sums, the small ones hidden
	Unit      = "unit"      // the unit alone
	Custodian = "custodian" // whoever keeps the custodian's key
)

// CanSealTo is the question in which a client says what it can protect: the recipients whose keys it has (Unit,
// Custodian), and Oversight when it can put a record into that compartment. Forms ask it before they show a sealed
// question. It is filled by the property of the same name, which clients of others do not have: there the question stays
// hidden.
const CanSealTo = "can_seal_to"

// Declaration is what a form declares about one question. Empty texts were not declared.
type Declaration struct {
	Purpose, Category, Retention, VisibleTo, SealedTo, Holds, Generated string
}

// Of reads the declaration from a bind; that of no bind is empty.
func Of(b *xform.Bind) Declaration {
	if b == nil {
		return Declaration{}
	}
	get := func(name string) string {
		text, _ := b.Attr(Namespace, name)
		return text
	}
	return Declaration{
		get(Purpose), get(Category), get(Retention), get(VisibleTo), get(SealedTo), get(Holds), get(Generated),
	}
}

// FormDeclaration is what a form declares about itself. Empty texts were not declared.
type FormDeclaration struct {
	Compartment, EventDate, TitleEN string
}

// OfForm reads the declaration from the root of the form's records.
func OfForm(f *xform.Form) FormDeclaration {
	get := func(name string) string { return f.RecordAttr(Namespace, name) }
	return FormDeclaration{get(Compartment), get(EventDate), get(TitleEN)}
}

// DayOf is the question whose day decides the reporting period of a record: one that holds a date, or a date and a time,
// and stands in no repeat. It is nil where the form names no such question.
func DayOf(f *xform.Form) *xform.Field {
	day := f.Field(f.Root().Path() + "/" + OfForm(f).EventDate)
	if day == nil || day.Kind() != xform.Date && day.Kind() != xform.DateTime || day.Repeats() {
		return nil
	}
	return day
}

var retention = regexp.MustCompile(`^(permanent|[1-9][0-9]{0,2}[dmy]( after [a-z_]+)?)$`)

// IsRetention reports whether a text says how long something is kept: "permanent", or a number of days, months or
// years after the day of the event or of another one: "10y", "90d after closed_on".
func IsRetention(s string) bool { return retention.MatchString(s) }

// Missing names the declarations that every question needs and d lacks, or has in words unknown here.
func (d Declaration) Missing() []string {
	var missing []string
	need := func(column string, ok bool) {
		if !ok {
			missing = append(missing, column)
		}
	}
	need(Purpose, d.Purpose != "")
	need(Category, d.Category == None || d.Category == Basic || d.Category == Sensitive)
	need(Retention, IsRetention(d.Retention))
	need(VisibleTo, d.VisibleTo == All || d.VisibleTo == Counts || d.VisibleTo == Handling || d.VisibleTo == Unit || d.VisibleTo == Custodian)
	need(SealedTo, d.SealedTo == "" || d.SealedTo == Unit || d.SealedTo == Custodian)
	need(Generated, d.Generated == "" || d.Generated == ByProgram || d.Generated == BySync || d.Generated == ByCentre)
	return missing
}
