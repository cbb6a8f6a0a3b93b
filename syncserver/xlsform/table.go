package xlsform

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// table is a sheet whose headers are understood: each row has values by family (the first word of the column).
type table struct {
	name     string
	columns  []column
	slots    map[string]int // family → place in row.values
	families []string       // by slot, in the order of the sheet
	rows     []*row
	language string // of texts in columns that name none
	shift    int
	loose    bool
}

// column is a column of the sheet; one without words is ignored.
type column struct {
	header string
	words  []string // family, then keys in it
	slot   int
	index  int // in the cells of a row
}

// row is a row of a table.
type row struct {
	table  *table
	number int // as pyxform counts; made-up names carry it
	line   int // where the author finds it
	cells  []string
	values []value
}

// get returns the value of a family, the zero value if the cell is empty or there is no such column.
func (r *row) get(family string) value {
	if r == nil {
		return value{}
	}
	if slot, ok := r.table.slots[family]; ok {
		return r.values[slot]
	}
	return value{}
}

func (r *row) text(family string) string { return r.get(family).String() }
func (r *row) has(family string) bool    { return !r.get(family).isZero() }

// at is the place of the first column whose words begin with these, in this row.
func (r *row) at(words ...string) Place {
	if r == nil {
		return Place{}
	}
	p := Place{Sheet: r.table.name, Row: r.line}
	for _, c := range r.table.columns {
		if c.begins(words) && r.cell(c.index) != "" {
			return r.place(c)
		}
	}
	for _, c := range r.table.columns {
		if c.begins(words) {
			return r.place(c)
		}
	}
	p.Column = words[len(words)-1]
	return p
}

// place is the cell of column c in this row.
func (r *row) place(c column) Place {
	return Place{r.table.name, r.line, c.header, r.table.cellName(c.index, r.line)}
}

// whole is the place of the row itself.
func (r *row) whole() Place { return Place{Sheet: r.table.name, Row: r.line} }

func (r *row) cell(i int) string {
	if i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// cellName names a cell; files without a grid have no such names.
func (t *table) cellName(index, line int) string {
	if t.shift < 0 || line <= 0 {
		return ""
	}
	return letters(index+t.shift) + strconv.Itoa(line)
}

func (c column) begins(words []string) bool {
	if len(c.words) < len(words) {
		return false
	}
	for i, w := range words {
		if c.words[i] != w {
			return false
		}
	}
	return true
}

// readTable understands the headers of a sheet and the rows under them. Texts in columns without a language are in
// the one given. fold folds runs of spaces in the cells.
func readTable(ctx context.Context, s *Sheet, name string, by sheetColumns, language string, fold bool) (*table, error) {
	t := &table{name: name, language: language, shift: s.shift, loose: s.loose, slots: map[string]int{}}
	if len(s.Rows) == 0 {
		return t, nil
	}
	headers, err := t.headers(s.Rows[0])
	if err != nil {
		return nil, err
	}
	if name != "survey" && !hasRows(s) {
		return t, nil
	}
	if name == "settings" {
		headers = withoutSecondID(headers)
	}
	if err := t.understand(headers, by, s.Rows[0].Line); err != nil {
		return nil, err
	}
	if err := t.read(ctx, s.Rows[1:], fold); err != nil {
		return nil, err
	}
	return t, t.require(by.required)
}

// hasRows reports whether anything stands under the headers. A sheet without rows says nothing, whatever its headers.
func hasRows(s *Sheet) bool {
	for i, r := range s.Rows[1:] {
		if i > blankRows {
			break
		}
		for _, c := range r.Cells {
			if !blank(c) {
				return true
			}
		}
	}
	return false
}

// header is a header as written, and where.
type header struct {
	text  string
	index int
}

// headers are those of the first row. Blank ones are left out in workbooks, where a header stands only once.
func (t *table) headers(first Row) ([]header, error) {
	var found []header
	seen := map[string]int{}
	gap := 0
	for i, cell := range first.Cells {
		if blank(cell) && !t.loose {
			if gap++; gap > blankHeaders {
				break
			}
			continue
		}
		gap = 0
		text := strings.TrimSpace(cell)
		if !t.loose {
			text = oneSpace(text)
		}
		if at, twice := seen[text]; twice {
			if !t.loose {
				return nil, HeaderTwice.at(t.headerPlace(text, i, first.Line))
			}
			found[at].index = -1 // the later cell wins; see fill
		}
		seen[text] = len(found)
		if found = append(found, header{text, i}); len(found) > MaxColumns {
			return nil, reached("columns", MaxColumns, Place{Sheet: t.name, Row: first.Line})
		}
	}
	return found, nil
}

func (t *table) headerPlace(text string, index, line int) Place {
	return Place{t.name, line, text, t.cellName(index, line)}
}

// withoutSecondID drops id_string where form_id says the same.
func withoutSecondID(headers []header) []header {
	id := -1
	form := false
	for i, h := range headers {
		form = form || h.text == "form_id"
		if h.text == "id_string" {
			id = i
		}
	}
	if id < 0 || !form {
		return headers
	}
	return append(headers[:id:id], headers[id+1:]...)
}

// understand finds the words of each header. Two headers for one thing are refused.
func (t *table) understand(headers []header, by sheetColumns, line int) error {
	double := false
	for _, h := range headers {
		double = double || strings.Contains(h.text, "::")
	}
	taken := map[string]string{}
	for _, h := range headers {
		words, renamed := splitHeader(h.text, double, by)
		key := strings.Join(words, "\x00")
		if other, ok := taken[key]; ok && renamed {
			return HeaderSame.at(t.headerPlace(h.text, h.index, line), "other", other)
		}
		taken[key] = h.text
		slot, ok := t.slots[words[0]]
		if !ok {
			slot = len(t.families)
			t.slots[words[0]] = slot
			t.families = append(t.families, words[0])
		}
		if h.index >= 0 {
			t.columns = append(t.columns, column{h.text, words, slot, h.index})
		}
	}
	return nil
}

// snake is a header in lower case with underscores for spaces.
func snake(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "_")) }

// splitHeader returns the words of a header, and whether they are other than the header itself. A column that nobody
// knows keeps its name: choice filters may ask for it.
func splitHeader(h string, double bool, by sheetColumns) (words []string, renamed bool) {
	isKnown := func(s string) bool { return by.known[s] && by.aliases[s] == nil }
	if isKnown(h) {
		return []string{h}, false
	}
	if s := snake(h); isKnown(s) {
		return []string{s}, s != h
	}
	if double || strings.Contains(h, "::") {
		words = strings.Split(h, "::")
	} else {
		words = joinJavaRosa(strings.Split(h, ":"))
	}
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	first := snake(words[0])
	if to := by.aliases[first]; to != nil {
		return append(to[:len(to):len(to)], words[1:]...), len(to) > 1 || to[0] != h
	}
	if by.known[first] {
		words[0] = first
		return words, first != h
	}
	return words, false
}

// joinJavaRosa keeps the prefix jr: with its name where single colons part the words.
func joinJavaRosa(words []string) []string {
	for i, w := range words {
		if strings.TrimSpace(w) == "jr" && i+1 < len(words) {
			return slices.Concat(words[:i], []string{"jr:" + strings.TrimSpace(words[i+1])}, words[i+2:])
		}
	}
	return words
}

// read takes in the rows, up to a long run of empty ones.
func (t *table) read(ctx context.Context, rows []Row, fold bool) error {
	last, empty := 0, 0
	for i, r := range rows {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		out := &row{table: t, number: i + 2, line: r.Line, values: make([]value, len(t.families))}
		out.cells = r.Cells
		if t.fill(out, fold) {
			empty = 0
			last = i + 1
		} else if empty++; empty > blankRows && !t.loose {
			break
		}
		t.rows = append(t.rows, out)
	}
	t.rows = t.rows[:last]
	return nil
}

// fill sets the values of a row from its cells and reports whether there are any.
func (t *table) fill(r *row, fold bool) bool {
	some := false
	for _, c := range t.columns {
		if c.index >= len(r.cells) || blank(r.cells[c.index]) {
			continue
		}
		some = true
		text := tidy(clean(r.cells[c.index]), fold)
		if len(c.words) == 1 {
			r.values[c.slot] = plain(text)
		} else {
			r.values[c.slot] = merge(r.values[c.slot], under(c.words[1:], text), t.language)
		}
	}
	return some
}

func (t *table) require(family string) error {
	if family == "" || t.hasFamily(family) || len(t.rows) == 0 && t.name != "survey" {
		return nil
	}
	return HeaderMissing.at(Place{Sheet: t.name, Row: 1}, "missing", family)
}

func (t *table) hasFamily(family string) bool {
	_, ok := t.slots[family]
	return ok
}

// speaks reports whether there are columns for attributes with a prefix.
func (t *table) speaks(prefix string) bool {
	return t != nil && prefix != "" && slices.ContainsFunc(t.columns, func(c column) bool {
		return len(c.words) > 1 && strings.HasPrefix(c.words[1], prefix+":")
	})
}
