package paper

import (
	"strconv"

	"banlang/shared/viet"
)

// shown is what is printed of a value.
func (s *sheet) shown(v Value) string {
	switch {
	case v.Sealed:
		return s.Sealed
	case v.Text == "":
		return viet.None
	}
	return v.Text
}

// fieldLines are those of a field: its label on the left, its value on the right.
type fieldLines struct {
	label, value []string
	at           float64 // of the value
	height       float64
	sealed       bool
}

func (f Field) lines(s *sheet) (l fieldLines) {
	at := s.width() * labelShare
	l.at, l.sealed = s.left+at, f.Value.Sealed
	l.label = s.regular.Wrap(labelSize, at-2*gap, f.Label)
	l.value = s.regular.Wrap(textSize, s.width()-at, s.shown(f.Value))
	l.height = l.heightOf(len(l.value))
	return l
}

// heightOf is that of the label beside so many lines of the value.
func (l fieldLines) heightOf(n int) float64 {
	return max(float64(len(l.label))*labelSize*lineOf, float64(n)*textLine) + 2*gap
}

const (
	longest   = (bottom - topMargin) / 2 // a field up to that is never divided
	together  = 3                        // lines at the end of a page, and at the beginning of the next
	labelDown = (textSize - labelSize) * lineOf * standing
)

func (f Field) least(s *sheet) float64 {
	l := f.lines(s)
	if l.height > longest {
		return l.heightOf(together)
	}
	return l.height
}

func (f Field) print(s *sheet) {
	l := f.lines(s)
	s.need(f.least(s))
	for {
		n := len(l.value)
		if room := int((bottom - s.y - 2*gap) / textLine); n > room {
			n = max(min(room, n-together), 1)
		}
		height := l.heightOf(n)
		if l.sealed {
			s.shade(l.at-gap, s.y+gap/2, s.width()-(l.at-s.left)+gap, height-gap)
		}
		s.lines(s.regular, labelSize, grey, s.left, s.y+gap+labelDown, l.label)
		s.lines(s.regular, textSize, black, l.at, s.y+gap, l.value[:n])
		s.y += height
		s.line(s.y, pale, 0.1)
		if l.value = l.value[n:]; len(l.value) == 0 {
			return
		}
		l.label = s.regular.Wrap(labelSize, l.at-s.left-2*gap, f.Label+" "+s.Continued)
		s.newPage()
	}
}

// shade lays a ground under what is not said.
func (s *sheet) shade(x, y, w, h float64) {
	s.pdf.SetFillColor(shaded, shaded, shaded)
	s.pdf.Rect(x, y, w, h, "F")
}

func (g Group) least(s *sheet) float64 {
	height := s.labelHeight(g.Heading)
	if len(g.Blocks) > 0 {
		height += g.Blocks[0].least(s)
	}
	return height
}

func (g Group) print(s *sheet) {
	s.need(g.least(s))
	s.label(g.Heading)
	s.left += indent
	for _, b := range g.Blocks {
		b.print(s)
	}
	s.left -= indent
	s.y += gap
}

// label prints one that stands above its block.
func (s *sheet) label(words string) {
	lines := s.bold.Wrap(labelSize, s.width(), words)
	s.lines(s.bold, labelSize, black, s.left, s.y+2*gap, lines)
	s.y += s.labelHeight(words)
}

func (s *sheet) labelHeight(words string) float64 {
	return float64(len(s.bold.Wrap(labelSize, s.width(), words)))*labelSize*lineOf + 3*gap
}

// groups are the rows of a repeat that is too wide for a table.
func (r Repeat) groups() []Block {
	all := make([]Block, len(r.Rows))
	for i, row := range r.Rows {
		g := Group{Heading: r.Label + " " + strconv.Itoa(i+1)}
		for c, name := range r.Columns {
			g.Blocks = append(g.Blocks, Field{name, row[c]})
		}
		all[i] = g
	}
	return all
}

func (r Repeat) least(s *sheet) float64 {
	t, rows, fits := r.table(s)
	switch {
	case len(r.Rows) == 0:
		return 0
	case fits:
		return s.labelHeight(r.Label) + t.height(rows[0]) + t.height(rows[1])
	}
	return r.groups()[0].least(s)
}

func (r Repeat) print(s *sheet) {
	t, rows, fits := r.table(s)
	if len(r.Rows) == 0 {
		return
	}
	if !fits {
		for _, g := range r.groups() {
			g.print(s)
		}
		return
	}
	s.need(r.least(s))
	s.label(r.Label)
	t.print(s, s.bold, rows[0], nil)
	for i, row := range rows[1:] {
		if s.y+t.height(row) > bottom {
			s.newPage()
			s.label(r.Label + " " + s.Continued)
			t.print(s, s.bold, rows[0], nil)
		}
		t.print(s, s.regular, row, append([]Value{{}}, r.Rows[i]...))
	}
	s.y += 2 * gap
}
