package xlsform

import "strconv"

// grid collects the cells of one sheet of a workbook as they come, row by row. It keeps no more than a form has: the
// columns up to the last header, and the rows up to a long run of blank ones.
type grid struct {
	name   string
	budget *budget
	rows   []Row
	width  int  // of the header, once its row is complete
	blank  int  // rows without a cell, at the end
	ended  bool // what follows is not part of the form
}

// put puts a text into a cell. Cells come by rows, from the top.
func (g *grid) put(row, col int, text string) error {
	if text == "" || g.ended || row < 0 || col < 0 || row < len(g.rows)-1 {
		return nil
	}
	for len(g.rows) <= row {
		if g.next(); g.ended {
			return nil
		}
	}
	if row > 0 && col >= g.width || row == 0 && col > len(g.rows[0].Cells)+blankHeaders {
		return nil
	}
	p := Place{g.name, row + 1, "", letters(col) + strconv.Itoa(row+1)}
	if err := g.budget.take(text, p); err != nil {
		return err
	}
	if len(g.rows) > MaxRows {
		return reached("rows", MaxRows, Place{Sheet: g.name})
	}
	cells := &g.rows[row].Cells
	for len(*cells) <= col {
		*cells = append(*cells, "")
	}
	(*cells)[col] = text
	return nil
}

// next opens another row.
func (g *grid) next() {
	if n := len(g.rows); n == 1 {
		g.width = len(g.rows[0].Cells)
	} else if n > 1 && g.isBlank(n-1) {
		g.blank++
	} else {
		g.blank = 0
	}
	if g.blank > blankRows {
		g.ended = true
		return
	}
	g.rows = append(g.rows, Row{Line: len(g.rows) + 1})
}

func (g *grid) isBlank(row int) bool {
	for _, c := range g.rows[row].Cells {
		if !blank(c) {
			return false
		}
	}
	return true
}
