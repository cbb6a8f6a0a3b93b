package docx

import (
	"banlang/syncserver/export"
	"banlang/syncserver/export/layout"
)

// table writes what stands above a table, the table, and its notes.
func (b *writer) table(t export.Table) []element {
	var all []element
	if t.Title != "" {
		all = append(all, paragraph(captionStyle, nil, run(look{}, t.Title)))
	}
	if unit := b.doc.UnitLine(t); unit != "" {
		all = append(all, paragraph(noteStyle, []element{tag("w:keepNext", nil), val("w:jc", "right")}, run(look{size: layout.TableSize}, unit)))
	}
	all = append(all, b.grid(t))
	if len(t.Notes) > 0 {
		all = append(all, paragraph(noteStyle, nil, run(look{bold: true}, b.doc.NotesLabel())))
	}
	for _, n := range t.Notes {
		all = append(all, paragraph(noteStyle, nil, run(look{}, "- "+n)))
	}
	return append(all, paragraph(noteStyle, []element{tag("w:spacing", []string{"w:line", twips(layout.ParagraphGap), "w:lineRule", "exact"})}))
}

func (b *writer) grid(t export.Table) element {
	widths, size := b.faces.Columns(t)
	if size == layout.TableSize {
		size = 0 // as the style says
	}
	var borders []element
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		borders = append(borders, tag("w:"+side, []string{"w:val", "single", "w:sz", "4", "w:space", "0", "w:color", "auto"}))
	}
	margin := []string{"w:w", twips(layout.CellMargin), "w:type", "dxa"}
	inside := []element{tag("w:tblPr", nil,
		tag("w:tblW", []string{"w:w", twips(layout.Width), "w:type", "dxa"}),
		tag("w:tblBorders", nil, borders...),
		tag("w:tblLayout", []string{"w:type", "fixed"}),
		tag("w:tblCellMar", nil, tag("w:left", margin), tag("w:right", margin))),
		columns(widths)}
	var titles []element
	for i, c := range t.Columns {
		titles = append(titles, cell(width(widths[i]), []element{tag("w:keepNext", nil), val("w:jc", "center")}, run(look{bold: true, size: size}, c.Title)))
	}
	inside = append(inside, row([]element{tag("w:cantSplit", nil), tag("w:tblHeader", nil)}, titles))
	for _, r := range t.Rows {
		inside = append(inside, b.row(t, r, widths, size))
	}
	return tag("w:tbl", nil, inside...)
}

// row writes one that stays on its page, unless it is so long that it might not fit on one; a group stays with what is below it.
func (b *writer) row(t export.Table, r export.Row, widths []float64, size float64) element {
	const long = 1500 // letters
	if r.Kind == export.Group {
		across := tag("w:gridSpan", []string{"w:val", number(float64(len(widths)))})
		only := cell(width(layout.Width)+across, []element{tag("w:keepNext", nil)}, b.runs(r.Cells[0], true, size)...)
		return row([]element{tag("w:cantSplit", nil)}, []element{only})
	}
	letters := 0
	var cells []element
	for i, text := range r.Cells {
		var align []element
		if t.Columns[i].Number {
			align = []element{val("w:jc", "right")}
		}
		for _, run := range text {
			letters += len(run.Words)
		}
		cells = append(cells, cell(width(widths[i]), align, b.runs(text, r.Kind == export.Total, size)...))
	}
	if letters > long {
		return row(nil, cells)
	}
	return row([]element{tag("w:cantSplit", nil)}, cells)
}

func row(properties, cells []element) element {
	if len(properties) > 0 {
		cells = append([]element{tag("w:trPr", nil, properties...)}, cells...)
	}
	return tag("w:tr", nil, cells...)
}

func cell(properties element, paragraphProperties []element, inside ...element) element {
	return tag("w:tc", nil, tag("w:tcPr", nil, properties, val("w:vAlign", "center")), paragraph(cellStyle, paragraphProperties, inside...))
}
