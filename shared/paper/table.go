package paper

import (
	"strconv"
	"strings"

	"banlang/shared/typeset"
)

// table is columns of known widths.
type table struct {
	widths []float64
	size   float64
}

// tallest is how many lines a row of a table may have.
const tallest = 8

// numbered is the repeat with the numbers of its rows before them.
func (r Repeat) numbered(s *sheet) Repeat {
	n := Repeat{Label: r.Label, Columns: append([]string{s.Number}, r.Columns...)}
	for i, row := range r.Rows {
		n.Rows = append(n.Rows, append([]Value{{Text: strconv.Itoa(i + 1)}}, row...))
	}
	return n
}

// table lays the repeat out side by side, as lines of its columns and of its rows. It reports false if it does not fit: a word
// would be broken, or a row would be a tower.
func (r Repeat) table(s *sheet) (t table, rows [][][]string, fits bool) {
	r = r.numbered(s)
	t = table{size: labelSize}
	least, most := make([]float64, len(r.Columns)), make([]float64, len(r.Columns))
	measure := func(i int, f *typeset.Face, text string) {
		for line := range strings.SplitSeq(f.Clean(text), "\n") {
			most[i] = max(most[i], f.Width(t.size, line)+2*gap)
			for word := range strings.SplitSeq(line, " ") {
				least[i] = max(least[i], f.Width(t.size, word)+2*gap)
			}
		}
	}
	for i, name := range r.Columns {
		measure(i, s.bold, name)
		for _, row := range r.Rows {
			measure(i, s.regular, s.shown(row[i]))
		}
	}
	least[0] = most[0]
	needed, wished := sum(least), sum(most)
	if needed > s.width() {
		return t, nil, false
	}
	t.widths = make([]float64, len(r.Columns))
	for i := range t.widths {
		switch {
		case i == 0: // the numbers
			t.widths[i] = most[i]
		case wished <= s.width():
			t.widths[i] = most[i] * (s.width() - most[0]) / (wished - most[0])
		default:
			t.widths[i] = least[i] + (most[i]-least[i])*(s.width()-needed)/(wished-needed)
		}
	}
	header := make([]Value, len(r.Columns))
	for i, name := range r.Columns {
		header[i].Text = name
	}
	rows = append(rows, t.wrap(s, s.bold, header))
	for _, row := range r.Rows {
		rows = append(rows, t.wrap(s, s.regular, row))
		if t.height(rows[len(rows)-1]) > (tallest+0.5)*t.size*lineOf+2*gap {
			return t, nil, false
		}
	}
	return t, rows, true
}

func sum(all []float64) (s float64) {
	for _, x := range all {
		s += x
	}
	return s
}

// wrap breaks the cells of a row into lines.
func (t table) wrap(s *sheet, f *typeset.Face, row []Value) [][]string {
	cells := make([][]string, len(row))
	for i, v := range row {
		cells[i] = f.Wrap(t.size, t.widths[i]-2*gap+0.001, s.shown(v)) // a word as wide as its column is not broken
	}
	return cells
}

func (t table) height(row [][]string) float64 {
	n := 0
	for _, cell := range row {
		n = max(n, len(cell))
	}
	return float64(n)*t.size*lineOf + 2*gap
}

// print draws a row with a line below it. The values, which may be nil, say what is sealed.
func (t table) print(s *sheet, f *typeset.Face, row [][]string, values []Value) {
	x, height := s.left, t.height(row)
	for i, cell := range row {
		if values != nil && values[i].Sealed {
			s.shade(x, s.y+gap/2, t.widths[i]-gap, height-gap)
		}
		s.lines(f, t.size, black, x+gap*0.5, s.y+gap, cell)
		x += t.widths[i]
	}
	s.y += height
	s.line(s.y, pale, 0.1)
}

// pieces divides a row of wrapped cells into rows of at most so many lines.
func pieces(row [][]string, most int) (rows [][][]string) {
	for left := true; left; {
		left = false
		piece := make([][]string, len(row))
		for i, cell := range row {
			n := min(len(cell), most)
			piece[i], row[i] = cell[:n], cell[n:]
			left = left || len(row[i]) > 0
		}
		rows = append(rows, piece)
	}
	return rows
}
