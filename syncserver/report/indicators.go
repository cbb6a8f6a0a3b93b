package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/form"
)

// Measure is how an indicator turns records into a figure.
type Measure string

// The measures.
const (
	Count         Measure = "count"    // how many records
	CountDistinct Measure = "distinct" // how many different values of Field; not additive over periods or places
	Sum           Measure = "sum"      // Field added up, over records or over rows of Rows
	Latest        Measure = "latest"   // per unit the value last stated at the date, added over units
	Highest       Measure = "highest"  // the greatest value any one record states up to the date
	Lowest        Measure = "lowest"   // the least of the values last stated by the units at the date
	UnitsWhere    Measure = "units"    // how many units have a last statement at the date that meets Where
	UnitsOfLevel  Measure = "level"    // how many units of Level there are at the date
	Ratio         Measure = "ratio"    // Over[0] as a share of Over[1], computed and never typed
	Rank          Measure = "rank"     // the place of a unit among those below the same unit, by Over[0] / Over[1], the greatest first
	Check         Measure = "check"    // whether Over[0] is no more than Over[1]
)

// Test is one condition on a value. Either it is one of Values, or with Not none of them; or it is a number not below
// that of the field AtLeast.
type Test struct {
	Field   string   `json:"field"`
	Not     bool     `json:"not,omitempty"`
	Values  []string `json:"in,omitempty"`
	AtLeast string   `json:"at_least,omitempty"`
}

// Standing makes a stock of an indicator: what stands at the end of the period, whenever it began. A record with a day in
// Until stands before that day; one without stands while the tests hold today.
type Standing struct {
	While []Test `json:"while"`
	Until string `json:"until,omitempty"`
}

// Indicator is the definition of one figure. It is data (indicators.json); all versions of it that ever held stay there, each with
// the days on which periods end that it is for.
type Indicator struct {
	ID        string    `json:"id"`
	Version   int       `json:"version"`
	Valid     Period    `json:"valid,omitzero"` // empty ends are open
	Label     form.Text `json:"label"`
	Unit      form.Text `json:"unit"` // what is counted
	Measure   Measure   `json:"measure"`
	Form      string    `json:"form,omitempty"`       // the record type it reads; empty where it is made of others
	Field     string    `json:"field,omitempty"`      // what is counted distinct, summed or taken
	Rows      string    `json:"rows,omitempty"`       // the repeat that Field and RowWhere belong to; empty for plain fields
	Where     []Test    `json:"where,omitempty"`      // of the record; all must hold
	RowWhere  []Test    `json:"row_where,omitempty"`  // of the row; all must hold
	Day       string    `json:"day,omitempty"`        // the date that counts; empty = the form's own event date
	OpenUntil string    `json:"open_until,omitempty"` // a record of before the period counts too while this date is empty or not before its start
	Standing  *Standing `json:"standing,omitempty"`
	Level     string    `json:"level,omitempty"` // of UnitsOfLevel
	Over      [2]string `json:"over,omitzero"`   // the two figures that it is made of
	By        []string  `json:"by,omitempty"`    // the questions by whose answers it may be broken down
	Part      bool      `json:"part,omitempty"`  // made for others; no line of a report
	Note      form.Text `json:"note,omitzero"`   // what a reader of the figure must know
	Corrects  string    `json:"corrects,omitempty"`

	Places      int    `json:"-"` // decimals that Field has: form.Thousandths where it is a decimal, else 0
	Compartment string `json:"-"` // of the form
}

// Made reports whether the figure is made of two others, and reads no records itself.
func (d *Indicator) Made() bool { return d.Over[0] != "" }

// AtDate reports whether the figure is one of a day, the last of the period: the start of the period does not matter.
func (d *Indicator) AtDate() bool {
	return d.Standing != nil || slices.Contains([]Measure{Latest, Highest, Lowest, UnitsWhere, UnitsOfLevel}, d.Measure)
}

// LastStated reports whether only the last statement of each unit counts.
func (d *Indicator) LastStated() bool {
	return d.Measure == Latest || d.Measure == Lowest || d.Measure == UnitsWhere
}

// Reads reports whether the figure is read from a number of the records.
func (d *Indicator) Reads() bool {
	return slices.Contains([]Measure{Sum, Latest, Highest, Lowest}, d.Measure)
}

// Sensitive reports whether small numbers of the figure are hidden above the handling unit (decision 21).
func (d *Indicator) Sensitive() bool { return d.Compartment != "" && d.Compartment != "ordinary" }

//go:embed indicators.json
var indicatorsJSON []byte

// builtin reads the definitions once. They are of the program, so a definition that its forms do not bear is a program that
// was built wrong.
var builtin = sync.OnceValue(func() []Indicator {
	all, err := ReadIndicators(indicatorsJSON, form.Builtin())
	if err != nil {
		panic(err)
	}
	return all
})

// Indicators gives the present definitions, in the order of a report, those too that are only parts of others.
func Indicators() []Indicator {
	return slices.DeleteFunc(slices.Clone(builtin()), func(d Indicator) bool { return d.Valid.To != "" })
}

// Lookup gives the present definition of an indicator.
func Lookup(id string) (Indicator, bool) { return find(builtin(), id, "9999-12-31") }

// Define gives the definition of an indicator for a period that ends on a day.
func Define(id, day string) (Indicator, bool) { return find(builtin(), id, day) }

// hiding is the version of the rule by which package pivot hides small numbers: figures that are printed side by side must be of one.
const hiding = 2

// Definitions names the set of definitions, and by what rule small numbers are hidden: 16 hexadecimal digits.
func Definitions() string {
	sum := blake2b.Sum256(fmt.Appendf(nil, "%s %d", indicatorsJSON, hiding))
	return fmt.Sprintf("%x", sum[:8])
}

func find(all []Indicator, id, day string) (Indicator, bool) {
	i := slices.IndexFunc(all, func(d Indicator) bool {
		return d.ID == id && d.Valid.From <= day && (d.Valid.To == "" || day <= d.Valid.To)
	})
	if i < 0 {
		return Indicator{}, false
	}
	return all[i], true
}

// ReadIndicators reads definitions and holds them against the current forms. The error names every definition that is wrong, and the
// field, answer or part that does not exist.
func ReadIndicators(data []byte, forms *form.Library) ([]Indicator, error) {
	var all []Indicator
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&all); err != nil {
		return nil, fmt.Errorf("report: definitions: %w", err)
	}
	var wrong []error
	for i := range all {
		if err := all[i].settle(all[:i], all, forms); err != nil {
			wrong = append(wrong, fmt.Errorf("report: %s version %d: %w", all[i].ID, all[i].Version, err))
		}
	}
	return all, errors.Join(wrong...)
}

// settle fills in what follows from the form, and says what is wrong with the definition.
func (d *Indicator) settle(before, all []Indicator, forms *form.Library) error {
	if d.ID == "" || d.Version < 1 || d.Label.VI == "" || d.Label.EN == "" || d.Unit.VI == "" || d.Unit.EN == "" {
		return errors.New("needs an id, a version, a label and a unit, each in both languages")
	}
	for _, other := range before {
		same := other.ID == d.ID
		if same && (other.Version >= d.Version || other.Valid.To == "" || other.Valid.To >= d.Valid.From) {
			return fmt.Errorf("follows version %d, which holds at the same time", other.Version)
		}
	}
	switch d.Measure {
	case Ratio, Rank, Check:
		for _, id := range d.Over {
			part, ok := find(all, id, "9999-12-31")
			if !ok || part.Made() {
				return fmt.Errorf("is made of %q, which is no figure of records", id)
			}
			if f, ok := forms.Current(part.Form); ok && f.Compartment != "ordinary" {
				d.Compartment = f.Compartment
			}
		}
		return nil
	case UnitsOfLevel:
		if d.Level == "" {
			return errors.New("names no level")
		}
		return nil
	case Count, CountDistinct, Sum, Latest, Highest, Lowest, UnitsWhere:
		f, ok := forms.Current(d.Form)
		if !ok {
			return fmt.Errorf("there is no form %q", d.Form)
		}
		d.Compartment = f.Compartment
		return d.fits(f)
	}
	return fmt.Errorf("there is no measure %q", d.Measure)
}

// fits holds what the definition names against the form.
func (d *Indicator) fits(f *form.Form) error {
	if d.Rows != "" && d.Measure != Sum && d.Measure != Latest {
		return fmt.Errorf("%s does not read rows", d.Measure)
	}
	if d.Day == "" && f.EventDate == "" {
		return errors.New("the form has no event date")
	}
	if d.Reads() || d.Measure == CountDistinct {
		field, err := fieldOf(f, d.Rows, d.Field)
		switch {
		case err != nil:
			return err
		case d.Reads() && field.Type == form.TypeDecimal:
			d.Places = form.Thousandths
		case d.Reads() && field.Type != form.TypeInt && !field.Grouped:
			return fmt.Errorf("%q is no number", d.Field)
		}
	}
	for _, day := range []string{d.Day, d.OpenUntil, d.until()} {
		if day == "" {
			continue
		}
		if field, err := fieldOf(f, "", day); err != nil || field.Type != form.TypeDate {
			return errors.Join(err, fmt.Errorf("%q must be a date", day))
		}
	}
	for _, by := range d.By {
		if field, err := fieldOf(f, "", by); err != nil || field.Type != form.TypeChoice && field.Type != form.TypeMultichoice {
			return errors.Join(err, fmt.Errorf("%q must be a choice", by))
		}
	}
	err := errors.Join(testsFit(f, "", d.Where), testsFit(f, d.Rows, d.RowWhere))
	if d.Standing != nil {
		err = errors.Join(err, testsFit(f, "", d.Standing.While))
	}
	return err
}

func (d *Indicator) until() string {
	if d.Standing == nil {
		return ""
	}
	return d.Standing.Until
}

// fieldOf finds a field, which must be readable here: what is sealed is in no figure.
func fieldOf(f *form.Form, rows, name string) (*form.Field, error) {
	path := name
	if rows != "" {
		path = form.JoinPath(rows, "1", name)
	}
	field, ok := f.Field(path)
	if !ok || field.Sealed() || field.Type == form.TypeNote {
		return nil, fmt.Errorf("form %s has no open field %q", f.ID(), path)
	}
	return field, nil
}

func testsFit(f *form.Form, rows string, tests []Test) error {
	for _, test := range tests {
		field, err := fieldOf(f, rows, test.Field)
		if err != nil {
			return err
		}
		if test.AtLeast != "" {
			other, err := fieldOf(f, rows, test.AtLeast)
			if err != nil || field.Type != form.TypeInt || other.Type != form.TypeInt {
				return errors.Join(err, fmt.Errorf("%q and %q must be whole numbers", test.Field, test.AtLeast))
			}
			continue
		}
		if len(test.Values) == 0 || field.Type == form.TypeInt || field.Type == form.TypeDecimal {
			return fmt.Errorf("the test of %q names no answers", test.Field)
		}
		for _, value := range test.Values {
			path := test.Field
			if rows != "" {
				path = form.JoinPath(rows, "1", path)
			}
			if field.Stored {
				if err := f.CheckValue(path, value); err != nil {
					return fmt.Errorf("%q is no answer to %q: %w", value, test.Field, err)
				}
			}
		}
	}
	return nil
}
