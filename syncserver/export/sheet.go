package export

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/viet"
)

// Sheet is a table of any length, of which a writer holds one row at a time.
type Sheet struct {
	Lang    string // "vi" or "en": of the labels
	Title   string
	Columns []Column
	// Rows gives the rows, each with a cell for each column. The slice may be used again for the next one. An error ends the
	// table, and comes back from the writer as it is.
	Rows  iter.Seq2[[]Cell, error]
	Basis []Fact    // what the table is of: period, place, filter, cut-off
	Made  time.Time // goes into the file as its time
}

// Fact is a line of what a table is based on.
type Fact struct{ Label, Value string }

// Column is a column of a Sheet.
type Column struct {
	Key    string // its name for programs; unique, not empty
	Title  string // its name for people
	Kind   Kind
	Scale  int  // of a Decimal: its numbers count 10^-Scale, 0 to 9
	Places int  // of a Decimal: the decimals that are shown; the file holds all
	Mixed  bool // of a Decimal: one that is whole is shown without decimals
	Part   int  // of a Percent: the column that is divided,
	Whole  int  // and the one by which; both Integer or both Decimal of one scale
	Width  int  // in letters; 0 for what suits its kind
}

// Kind is what a column holds.
type Kind int

// The kinds of columns.
const (
	TextColumn Kind = iota
	Integer
	Decimal
	Percent // of two other columns; its own cells are not looked at
	Date
)

// Cell is a value. The zero Cell is empty. A word may stand in a column of any kind ("< 5").
type Cell struct {
	text   string
	number int64
	kind   cellKind
}

type cellKind int

const (
	none cellKind = iota
	isText
	isNumber
	isDay
)

// Word is text; no text is an empty cell.
func Word(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Cell{kind: isText, text: text}
}

// Number is a number, in the units of its column.
func Number(n int64) Cell { return Cell{kind: isNumber, number: n} }

// Day is a day, yyyy-mm-dd. What is none is text.
func Day(iso string) Cell {
	if !viet.ValidDate(iso) {
		return Word(iso)
	}
	return Cell{kind: isDay, text: iso}
}

// Text gives the words of a cell that holds words, clean. It reports false for all others.
func (c Cell) Text() (string, bool) { return Clean(c.text), c.kind == isText }

// Number gives the number of a cell that holds one.
func (c Cell) Number() (int64, bool) { return c.number, c.kind == isNumber }

// Day gives the day of a cell that holds one.
func (c Cell) Day() (iso string, ok bool) { return c.text, c.kind == isDay }

// Scaled is an exact decimal number: Unscaled / 10^Scale.
type Scaled struct {
	Unscaled int64
	Scale    int
}

// String is the number with a point before its decimals, as every program reads it: "-1234.50".
func (d Scaled) String() string {
	digits, negative := strings.CutPrefix(strconv.FormatInt(d.Unscaled, 10), "-")
	if short := d.Scale + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	if d.Scale > 0 {
		digits = digits[:len(digits)-d.Scale] + "." + digits[len(digits)-d.Scale:]
	}
	if negative {
		return "-" + digits
	}
	return digits
}

// Figure gives the number of a column in a row: that of its cell by its scale, or of a Percent the share, of which 1 is the
// whole, in ten-thousandths, half up. It reports false where there is none.
func (s Sheet) Figure(row []Cell, column int) (Scaled, bool) {
	c := s.Columns[column]
	switch c.Kind {
	case Percent:
		part, a := row[c.Part].Number()
		whole, b := row[c.Whole].Number()
		n, ok := viet.Hundredths(part, whole)
		return Scaled{n, 4}, a && b && ok
	case Decimal:
		return Scaled{row[column].number, c.Scale}, row[column].kind == isNumber
	}
	return Scaled{row[column].number, 0}, row[column].kind == isNumber
}

// Check returns the fault Internal for columns that its writer got wrong.
func (s Sheet) Check() error {
	wrong := func(i int, what string) error {
		return fault.New(fault.Internal, "export.Sheet", fmt.Errorf("column %d: %s", i, what))
	}
	keys := map[string]bool{}
	for i, c := range s.Columns {
		if c.Key == "" || keys[c.Key] {
			return wrong(i, "its key is empty or not its own")
		}
		keys[c.Key] = true
		if c.Scale < 0 || c.Scale > 9 || c.Places < 0 || c.Places > 9 {
			return wrong(i, "more decimals than a number has")
		}
		if c.Kind == Percent {
			for _, of := range []int{c.Part, c.Whole} {
				if of < 0 || of >= len(s.Columns) || s.Columns[of].Kind != Integer && s.Columns[of].Kind != Decimal {
					return wrong(i, "a share of no number")
				}
			}
			if a, b := s.Columns[c.Part], s.Columns[c.Whole]; a.Kind != b.Kind || a.Kind == Decimal && a.Scale != b.Scale {
				return wrong(i, "a share of numbers of two kinds")
			}
		}
	}
	return nil
}

// Each calls f with every row, and returns the first error: of the rows, of f, or the fault Internal for a row of another length
// than the columns.
func (s Sheet) Each(f func(row []Cell) error) error {
	for row, err := range s.Rows {
		if err != nil {
			return err
		}
		if len(row) != len(s.Columns) {
			return fault.New(fault.Internal, "export.Sheet", fmt.Errorf("a row of %d cells for %d columns", len(row), len(s.Columns)))
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return nil
}
