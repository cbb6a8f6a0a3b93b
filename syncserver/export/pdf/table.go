package pdf

import (
	"banlang/syncserver/export"
	"banlang/syncserver/export/layout"
)

// grid is a table whose columns are measured.
type grid struct {
	of     export.Table
	widths []float64
	size   float64
	head   [][]line // what is repeated on each page; nil if nothing is
}

// head is the row that is repeated.
const head export.RowKind = -1

// cells wraps the cells of a row.
func (s *sheet) cells(g grid, row export.Row) [][]line {
	cells := make([][]line, len(row.Cells))
	for i, text := range row.Cells {
		cells[i] = s.wrap(text, g.size, row.Kind != export.Plain, g.width(i, len(row.Cells))-2*layout.CellMargin, 0)
	}
	return cells
}

// width is that of a cell: of its column, or of the table if the row has one cell.
func (g grid) width(i, cells int) float64 {
	if cells == 1 {
		return layout.Width
	}
	return g.widths[i]
}

// tall is how high a row of cells is.
func (g grid) tall(cells [][]line) float64 {
	n := 1
	for _, c := range cells {
		n = max(n, len(c))
	}
	return float64(n)*height(g.size) + 2*layout.CellGap
}

// grid measures and wraps a table.
func (s *sheet) grid(t export.Table) (g grid, rows [][][]line) {
	g.of = t
	g.widths, g.size = s.faces.Columns(t)
	titles := make([]export.Text, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = export.Words(c.Title)
	}
	g.head = s.cells(g, export.Row{Kind: head, Cells: titles})
	for _, row := range t.Rows {
		rows = append(rows, s.cells(g, row))
	}
	return g, rows
}

// first is how high its beginning is that is not parted: the head, and the first row, with a group that stands above it.
func (g grid) first(rows [][][]line) float64 {
	tall := min(g.tall(g.head), bottom/3)
	for i, row := range rows {
		tall += min(g.tall(row), bottom/3)
		if g.of.Rows[i].Kind != export.Group {
			break
		}
	}
	return tall
}

func (s *sheet) table(t export.Table) {
	title, unit := s.aboveLines(t)
	g, rows := s.grid(t)
	s.need(s.aboveHeight(title, unit) + g.first(rows))
	s.flow(title, titleSize, 0, centre)
	s.flow(unit, layout.TableSize, 0, right)
	s.y++
	if g.tall(g.head) <= most/2 {
		s.row(g, g.head, head)
	} else { // it is no head but a text, and would leave no room for rows
		titles := g.head
		g.head = nil
		s.rowOrPieces(g, titles, head, 0)
	}
	for i, row := range rows {
		behind := 0.0
		if t.Rows[i].Kind == export.Group && i+1 < len(rows) {
			behind = min(g.tall(rows[i+1]), bottom/3)
		}
		s.rowOrPieces(g, row, t.Rows[i].Kind, behind)
	}
	s.below(t)
}

const titleSize = layout.BodySize - 1 // of the title of a table

// aboveLines are the title of a table, and what it is counted in.
func (s *sheet) aboveLines(t export.Table) (title, unit []line) {
	if t.Title != "" {
		title = s.wrap(export.Words(t.Title), titleSize, true, layout.Width, 0)
	}
	if words := s.doc.UnitLine(t); words != "" {
		unit = s.wrap(export.Text{{Words: words, Italic: true}}, layout.TableSize, false, layout.Width, 0)
	}
	return title, unit
}

func (s *sheet) aboveHeight(title, unit []line) float64 {
	return float64(len(title))*height(titleSize) + float64(len(unit))*height(layout.TableSize) + 1
}

func (s *sheet) below(t export.Table) {
	s.y++
	if len(t.Notes) > 0 {
		s.flow(s.wrap(export.Text{{Words: s.doc.NotesLabel(), Italic: true, Bold: true}}, layout.NoteSize, false, layout.Width, 0), layout.NoteSize, 0, left)
		for _, n := range t.Notes {
			s.flow(s.wrap(export.Text{{Words: "- " + n, Italic: true}}, layout.NoteSize, false, layout.Width, 0), layout.NoteSize, 0, both)
		}
	}
	s.y += layout.ParagraphGap
}

// most is how high a row or a piece of one may be: it fits on any page, below a head and above footnotes that were carried to it.
const most = (bottom - layout.Top) * 0.4

// rowOrPieces writes a row: whole, on the next page if it must be, or in pieces if it is higher than a page. Behind it on its
// page there is room for so much.
func (s *sheet) rowOrPieces(g grid, cells [][]line, kind export.RowKind, behind float64) {
	if g.tall(cells) <= most {
		if s.y+s.with(g.tall(cells), s.noteLines(notesOf(cells)))+behind > s.floor {
			s.nextPage(g)
		}
		s.row(g, cells, kind)
		return
	}
	lines := func() int { return int((s.floor - s.y - 2*layout.CellGap) / height(g.size)) }
	for more := true; more; {
		if lines() < 3 {
			s.nextPage(g)
		}
		room := max(min(lines(), int(most/height(g.size))), 1)
		more = false
		piece := make([][]line, len(cells))
		for i, c := range cells {
			n := min(len(c), room)
			piece[i], cells[i] = c[:n], c[n:]
			more = more || len(cells[i]) > 0
		}
		s.row(g, piece, kind)
	}
}

func (s *sheet) nextPage(g grid) {
	s.newPage()
	if g.head != nil {
		s.row(g, g.head, head)
	}
}

// notesOf are the footnotes that hang on a row.
func notesOf(cells [][]line) (notes []note) {
	for _, c := range cells {
		for _, l := range c {
			notes = append(notes, l.notes()...)
		}
	}
	return notes
}

// row draws a row with its rules: the head centred, numbers at the right, all else from the left.
func (s *sheet) row(g grid, cells [][]line, kind export.RowKind) {
	tall := g.tall(cells)
	s.place(tall, notesOf(cells))
	s.pdf.SetLineWidth(thin)
	x := layout.Left
	for i, c := range cells {
		wide := g.width(i, len(cells))
		s.pdf.Rect(x, s.y, wide, tall, "D")
		how := left
		switch {
		case kind == head:
			how = centre
		case kind != export.Group && g.of.Columns[i].Number:
			how = right
		}
		y := s.y + (tall-float64(len(c))*height(g.size))/2
		for _, l := range c {
			s.draw(l, g.size, x+layout.CellMargin, y, wide-2*layout.CellMargin, how)
			y += height(g.size)
		}
		x += wide
	}
	s.y += tall
}
