package docx

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"banlang/syncserver/export"
	"banlang/syncserver/export/layout"
)

// writer is a document being written.
type writer struct {
	doc       export.Document
	faces     layout.Faces
	numbering export.Numbering
	notes     []string // the footnotes so far
}

func number(n float64) string { return strconv.Itoa(int(n + 0.5)) }

// look is how a run differs from its paragraph.
type look struct {
	bold, italic, underline, open bool
	size                          float64 // 0: that of the paragraph
}

func (l look) properties() []element {
	var p []element
	if l.bold {
		p = append(p, tag("w:b", nil))
	}
	if l.italic {
		p = append(p, tag("w:i", nil))
	}
	if l.size > 0 {
		p = append(p, val("w:sz", halves(l.size)))
	}
	if l.underline {
		p = append(p, val("w:u", "single"))
	}
	if l.open {
		fill := fmt.Sprintf("%02X%02X%02X", layout.Ground[0], layout.Ground[1], layout.Ground[2])
		p = append(p, tag("w:shd", []string{"w:val", "clear", "w:color", "auto", "w:fill", fill}))
	}
	if p == nil {
		return nil
	}
	return []element{tag("w:rPr", nil, p...)}
}

func run(l look, text string) element {
	return tag("w:r", nil, append(l.properties(), words(text)...)...)
}

// runs writes text, with its footnotes; bold and size hold for all of it.
func (b *writer) runs(text export.Text, bold bool, size float64) (all []element) {
	for _, r := range text {
		all = append(all, run(look{bold || r.Bold, r.Italic, r.Underline, r.Open, size}, r.Words))
		if r.Note != "" {
			b.notes = append(b.notes, r.Note)
			all = append(all, tag("w:r", nil, tag("w:rPr", nil, val("w:rStyle", "FootnoteReference")),
				tag("w:footnoteReference", []string{"w:id", strconv.Itoa(len(b.notes))})))
		}
	}
	return all
}

// paragraph writes one of that style, with what it has beside the style's properties, in the order of the schema.
func paragraph(style string, properties []element, inside ...element) element {
	return tag("w:p", nil, append([]element{tag("w:pPr", nil, append([]element{val("w:pStyle", style)}, properties...)...)}, inside...)...)
}

// document is the main part.
func (b *writer) document() element {
	body := b.head()
	blocks := b.doc.Body
	if opening := b.doc.Opening(); len(opening) > 0 {
		blocks = slices.Insert(slices.Clone(blocks), 0, export.Block(export.Paragraph{Text: opening}))
	}
	for i, block := range blocks {
		var kept []element
		if i == len(blocks)-1 {
			kept = []element{tag("w:keepNext", nil)} // the signature is not alone on a page
		}
		switch block := block.(type) {
		case export.Heading:
			text := b.numbering.Next(block.Level) + " " + block.Words
			body = append(body, paragraph(headings[block.Level-1], nil, run(look{}, text)))
		case export.Paragraph:
			body = append(body, paragraph(bodyStyle, kept, b.runs(block.Text, false, 0)...))
		case export.Bullets:
			for n, item := range block.Items {
				if n < len(block.Items)-1 {
					body = append(body, paragraph(bodyStyle, nil, b.runs(dashed(item), false, 0)...))
				} else {
					body = append(body, paragraph(bodyStyle, kept, b.runs(dashed(item), false, 0)...))
				}
			}
		case export.Table:
			body = append(body, b.table(block)...)
		}
	}
	body = append(body, b.signature()...)
	body = append(body, tag("w:sectPr", nil,
		tag("w:headerReference", []string{"w:type", "first", "r:id", "first"}),
		tag("w:headerReference", []string{"w:type", "default", "r:id", "others"}),
		tag("w:pgSz", []string{"w:w", twips(layout.PageWidth), "w:h", twips(layout.PageHeight)}),
		tag("w:pgMar", []string{"w:top", twips(layout.Top), "w:right", twips(layout.Right), "w:bottom", twips(layout.Bottom),
			"w:left", twips(layout.Left), "w:header", twips(layout.HeadFromEdge), "w:footer", twips(layout.HeadFromEdge), "w:gutter", "0"}),
		tag("w:titlePg", nil)))
	return tag("w:document", spaces, tag("w:body", nil, body...))
}

func dashed(item export.Text) export.Text {
	return slices.Insert(slices.Clone(item), 0, export.Run{Words: "- "})
}

// line is a paragraph of the head or the signature.
func line(l look, text string, properties ...element) element {
	return paragraph(headStyle, properties, run(l, text))
}

// rule is a line of that length in the middle of a width: a very low paragraph with a border.
func rule(width, length float64) element {
	side := twips(max((width-length)/2, 0))
	return paragraph(headStyle, []element{
		tag("w:pBdr", nil, tag("w:top", []string{"w:val", "single", "w:sz", "4", "w:space", "1", "w:color", "auto"})),
		tag("w:spacing", []string{"w:before", "40", "w:after", "0", "w:line", "120", "w:lineRule", "exact"}),
		tag("w:ind", []string{"w:left", side, "w:right", side}),
	}, run(look{size: 4}, ""))
}

// length is how long the rule below words is that go over some lines of that width: a share of the last.
func (b *writer) length(words string, size, width, share float64) float64 {
	lines := b.faces.Of(true, false).Wrap(size, width, export.Tidy(words))
	return b.faces.Of(true, false).Width(size, lines[len(lines)-1]) * share
}

// head is who issues the document beside the nation and its motto, number and date below them, then the title.
func (b *writer) head() []element {
	d := b.doc
	var issuer []element
	if d.Superior != "" {
		issuer = append(issuer, line(look{size: layout.HeadSize}, d.Superior))
	}
	issuer = append(issuer, line(look{size: layout.HeadSize, bold: true}, d.Issuer),
		rule(layout.HeadLeft, b.length(d.Issuer, layout.HeadSize, layout.HeadLeft, layout.RuleUnderIssuer)))
	nation := []element{
		line(look{size: layout.HeadSize, bold: true}, export.Nation),
		line(look{size: layout.MottoSize, bold: true}, export.Motto),
		rule(layout.HeadRight, b.length(export.Motto, layout.MottoSize, layout.HeadRight, 1)),
	}
	widths := []float64{layout.HeadLeft, layout.HeadRight}
	top := bare(widths,
		[][]element{issuer, nation},
		[][]element{
			{line(look{size: layout.MottoSize}, d.NumberLine())},
			{line(look{size: layout.MottoSize, italic: true}, d.DateLine())},
		})
	return []element{
		top,
		line(look{bold: true}, d.Kind, tag("w:spacing", []string{"w:before", twips(6)})),
		line(look{bold: true}, d.Subject, tag("w:ind", []string{"w:left", twips(10), "w:right", twips(10)})),
		rule(layout.Width, b.length(d.Subject, layout.BodySize, layout.Width-20, layout.RuleUnderTitle)),
		paragraph(headStyle, []element{tag("w:spacing", []string{"w:line", "120", "w:lineRule", "exact"})}),
	}
}

// bare is a table without rules or margins, whose rows are not parted.
func bare(widths []float64, rows ...[][]element) element {
	inside := []element{tag("w:tblPr", nil,
		tag("w:tblW", []string{"w:w", twips(layout.Width), "w:type", "dxa"}),
		tag("w:tblLayout", []string{"w:type", "fixed"}),
		tag("w:tblCellMar", nil, tag("w:left", []string{"w:w", "0", "w:type", "dxa"}), tag("w:right", []string{"w:w", "0", "w:type", "dxa"}))),
		columns(widths)}
	for _, row := range rows {
		cells := []element{tag("w:trPr", nil, tag("w:cantSplit", nil))}
		for i, cell := range row {
			cells = append(cells, tag("w:tc", nil, append([]element{tag("w:tcPr", nil, width(widths[i]))}, cell...)...))
		}
		inside = append(inside, tag("w:tr", nil, cells...))
	}
	return tag("w:tbl", nil, inside...)
}

func columns(widths []float64) element {
	var cols []element
	for _, w := range widths {
		cols = append(cols, tag("w:gridCol", []string{"w:w", twips(w)}))
	}
	return tag("w:tblGrid", nil, cols...)
}

func width(mm float64) element { return tag("w:tcW", []string{"w:w", twips(mm), "w:type", "dxa"}) }

// signature is who gets the document beside who signs it, after a low paragraph that parts it from a table before it.
func (b *writer) signature() []element {
	keep := tag("w:keepNext", nil)
	begins := val("w:jc", "left")
	var recipients, signs []element
	if lines := b.doc.RecipientLines(); len(lines) > 0 {
		recipients = append(recipients, line(look{bold: true, italic: true, size: layout.RecipientsHead}, "Nơi nhận:", begins))
		for _, l := range lines {
			recipients = append(recipients, line(look{size: layout.RecipientsSize}, l, begins))
		}
	} else {
		recipients = append(recipients, line(look{}, ""))
	}
	s := b.doc.Signature
	for _, words := range []string{s.Authority, s.Position} {
		if strings.TrimSpace(words) != "" {
			signs = append(signs, line(look{bold: true}, words, keep))
		}
	}
	signs = append(signs, line(look{bold: true}, s.Name, tag("w:spacing", []string{"w:before", twips(layout.SignatureRoom)})))
	low := tag("w:spacing", []string{"w:line", "80", "w:lineRule", "exact"})
	return []element{
		paragraph(headStyle, []element{keep, low}),
		bare([]float64{layout.SignatureLeft, layout.Width - layout.SignatureLeft}, [][]element{recipients, signs}),
		paragraph(headStyle, []element{low}),
	}
}
