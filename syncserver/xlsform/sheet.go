package xlsform

import (
	"strings"
)

// Sheet is a sheet as it stands in the file, each cell as text. The first row has the headers.
type Sheet struct {
	Name  string
	Rows  []Row
	shift int  // columns of the file before the first cell; .csv has one
	loose bool // from a text file: headers may be blank or twice, the later cell wins
}

// Row is a row of a sheet.
type Row struct {
	Line  int // where the author finds it, from 1
	Cells []string
}

// NewSheet makes a sheet of a grid of texts, as if it had been read from a workbook.
func NewSheet(name string, grid [][]string) Sheet {
	s := Sheet{Name: name, Rows: make([]Row, len(grid))}
	for i, cells := range grid {
		s.Rows[i] = Row{Line: i + 1, Cells: cells}
	}
	return s
}

// letters is the name of column n, from 0: A, B, … Z, AA.
func letters(n int) string {
	name := ""
	for n++; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// blank reports whether a cell says nothing.
func blank(cell string) bool { return strings.TrimSpace(cell) == "" }

// clean is the text of a cell without outer white space and with ordinary spaces.
func clean(cell string) string {
	return strings.ReplaceAll(strings.TrimSpace(cell), "\u00a0", " ")
}

// oneSpace folds runs of spaces.
func oneSpace(s string) string {
	if !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != ' ' || i == 0 || s[i-1] != ' ' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// straightQuotes undoes the typographic quotes that word processors put into expressions.
var straightQuotes = strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u201c", `"`, "\u201d", `"`)

// tidy is a cell as the form uses it.
func tidy(cell string, fold bool) string {
	if fold {
		cell = oneSpace(strings.TrimSpace(cell))
	}
	return straightQuotes.Replace(cell)
}
