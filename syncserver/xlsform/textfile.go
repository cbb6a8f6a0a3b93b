package xlsform

import (
	"context"
	"regexp"
	"strconv"
	"strings"
)

// All sheets of a form in one text: the first column names the sheet, where it begins; the others are its columns.

// sheetBook collects the sheets of a text file.
type sheetBook struct {
	ctx    context.Context
	sheets []Sheet
	budget budget
	rows   int
}

// begin opens a sheet; its rows so far stand again if it was begun before.
func (b *sheetBook) begin(name string, shift int) {
	b.sheets = append(b.sheets, Sheet{Name: name, shift: shift, loose: true})
}

// add adds a row to the sheet that is open; before the first sheet nothing is.
func (b *sheetBook) add(line int, cells []string) error {
	if b.rows++; b.rows%checkEvery == 0 && b.ctx.Err() != nil {
		return b.ctx.Err()
	}
	if len(b.sheets) == 0 {
		return nil
	}
	s := &b.sheets[len(b.sheets)-1]
	for i, c := range cells {
		p := Place{Sheet: s.Name, Row: line}
		if s.shift >= 0 {
			p.Cell = letters(i+s.shift) + strconv.Itoa(line)
		}
		if err := b.budget.take(c, p); err != nil {
			return err
		}
	}
	if len(s.Rows) > MaxRows {
		return reached("rows", MaxRows, Place{Sheet: s.Name})
	}
	s.Rows = append(s.Rows, Row{line, cells})
	return nil
}

func (b *sheetBook) done() ([]Sheet, error) {
	if len(b.sheets) > MaxSheets {
		return nil, reached("sheets", MaxSheets, Place{})
	}
	return b.sheets, nil
}

// readCSV reads a .csv file: commas, double quotes, lines within quotes.
func readCSV(ctx context.Context, text string) ([]Sheet, error) {
	b := &sheetBook{ctx: ctx}
	r := csvReader{rest: text, line: 1}
	for !r.done() {
		line, cells := r.record()
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if name := cells[0]; name != "" {
			b.begin(name, 1)
		}
		if allBlank(cells[1:]) {
			continue
		}
		if err := b.add(line, cells[1:]); err != nil {
			return nil, err
		}
	}
	return b.done()
}

func allBlank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

// csvReader reads records as spreadsheet programs write them. It takes what it gets: a quote within a cell is one, and
// a quoted cell that does not end goes on to the end.
type csvReader struct {
	rest string
	line int
}

func (r *csvReader) done() bool { return r.rest == "" }

// record returns the next record and the line that it begins on. There is at least one cell.
func (r *csvReader) record() (line int, cells []string) {
	line = r.line
	for {
		cell, end := r.cell()
		cells = append(cells, cell)
		if end != ',' {
			return line, cells
		}
	}
}

// cell reads a cell and the comma or line end behind it.
func (r *csvReader) cell() (cell string, end byte) {
	if !strings.HasPrefix(r.rest, `"`) {
		n := strings.IndexAny(r.rest, ",\r\n")
		if n < 0 {
			n = len(r.rest)
		}
		cell, r.rest = r.rest[:n], r.rest[n:]
		return cell, r.end()
	}
	var b strings.Builder
	r.rest = r.rest[1:]
	for {
		n := strings.IndexByte(r.rest, '"')
		if n < 0 {
			n = len(r.rest)
		}
		b.WriteString(r.rest[:n])
		r.line += strings.Count(r.rest[:n], "\n")
		r.rest = r.rest[min(n+1, len(r.rest)):]
		if !strings.HasPrefix(r.rest, `"`) {
			break
		}
		b.WriteByte('"')
		r.rest = r.rest[1:]
	}
	n := strings.IndexAny(r.rest, ",\r\n") // what stands behind the quote belongs to the cell
	if n < 0 {
		n = len(r.rest)
	}
	b.WriteString(r.rest[:n])
	r.rest = r.rest[n:]
	return b.String(), r.end()
}

// end steps over what ends a cell: a comma, a line end (reported as such), or the end of the file.
func (r *csvReader) end() byte {
	switch {
	case r.rest == "":
		return 0
	case strings.HasPrefix(r.rest, "\r\n"):
		r.rest = r.rest[2:]
	default:
		end := r.rest[0]
		r.rest = r.rest[1:]
		if end == ',' {
			return end
		}
	}
	r.line++
	return '\n'
}

var (
	mdComment   = regexp.MustCompile(`^\s*#`)
	mdRemark    = regexp.MustCompile(`^(.*)#[^|]+$`)
	mdRow       = regexp.MustCompile(`^\s*\|(.*)\|`)
	mdSeparator = regexp.MustCompile(`^[|-]+$`)
)

// readMarkdown reads the tables of a .md file. A bar within a cell is written \|.
func readMarkdown(ctx context.Context, text string) ([]Sheet, error) {
	b := &sheetBook{ctx: ctx}
	line := 0
	for s := range strings.SplitSeq(text, "\n") {
		line++
		s = strings.TrimSuffix(s, "\r")
		if mdComment.MatchString(s) {
			continue
		}
		if m := mdRemark.FindStringSubmatch(s); m != nil {
			s = m[1]
		}
		m := mdRow.FindStringSubmatch(s)
		if m == nil || mdSeparator.MatchString(m[1]) {
			continue
		}
		cells := splitBars(m[1])
		if cells[0] != "" {
			b.begin(cells[0], -1)
		}
		if allBlank(cells[1:]) {
			continue
		}
		if err := b.add(line, cells[1:]); err != nil {
			return nil, err
		}
	}
	for i := range b.sheets {
		b.sheets[i].loose = false
	}
	return b.done()
}

// splitBars parts a row at its bars.
func splitBars(s string) []string {
	var cells []string
	from := 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || s[i] == '|' && (i == 0 || s[i-1] != '\\') {
			cells = append(cells, strings.ReplaceAll(strings.TrimSpace(s[from:i]), `\|`, "|"))
			from = i + 1
		}
	}
	return cells
}
