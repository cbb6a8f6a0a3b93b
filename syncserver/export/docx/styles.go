package docx

import (
	"banlang/syncserver/export/layout"
)

// The styles that paragraphs name.
const (
	bodyStyle    = "BodyText"
	headStyle    = "Head" // of everything in the head and the signature
	cellStyle    = "TableText"
	captionStyle = "Caption"
	noteStyle    = "TableNote"
)

var headings = [...]string{"Heading1", "Heading2", "Heading3"}

// lineHeight is a line in 240ths of the font's own, which is that of Times New Roman: 1.15 of the size.
const lineHeight = layout.LineHeight / 1.15 * 240

func styles() element {
	font := tag("w:rFonts", []string{"w:ascii", fontName, "w:hAnsi", fontName, "w:eastAsia", fontName, "w:cs", fontName})
	language := tag("w:lang", []string{"w:val", "vi-VN", "w:eastAsia", "vi-VN", "w:bidi", "vi-VN"})
	spacing := func(before, after string) element {
		return tag("w:spacing", []string{"w:before", before, "w:after", after, "w:line", number(lineHeight), "w:lineRule", "auto"})
	}
	gap := twips(layout.ParagraphGap)
	indent := tag("w:ind", []string{"w:firstLine", twips(layout.Indent)})
	justified, keep := val("w:jc", "both"), tag("w:keepNext", nil)
	all := []element{
		tag("w:docDefaults", nil,
			tag("w:rPrDefault", nil, tag("w:rPr", nil, font, val("w:sz", halves(layout.BodySize)), val("w:szCs", halves(layout.BodySize)), language)),
			tag("w:pPrDefault", nil, tag("w:pPr", nil, spacing("0", "0")))),
		tag("w:style", []string{"w:type", "paragraph", "w:default", "1", "w:styleId", "Normal"}, val("w:name", "Normal"), tag("w:qFormat", nil)),
		tag("w:style", []string{"w:type", "table", "w:default", "1", "w:styleId", "TableNormal"}, val("w:name", "Normal Table"),
			tag("w:tblPr", nil, tag("w:tblInd", []string{"w:w", "0", "w:type", "dxa"}))),
		style(bodyStyle, "Body Text", []element{tag("w:widowControl", nil), spacing("0", gap), indent, justified}),
		style(headStyle, "Official Head", []element{val("w:jc", "center")}),
		style(cellStyle, "Table Text", []element{spacing(twips(layout.CellGap), twips(layout.CellGap))}, val("w:sz", halves(layout.TableSize))),
		style(captionStyle, "caption", []element{keep, val("w:jc", "center")}, tag("w:b", nil), val("w:sz", halves(layout.BodySize-1))),
		style(noteStyle, "Table Note", []element{justified}, tag("w:i", nil), val("w:sz", halves(layout.NoteSize))),
		style("FootnoteText", "footnote text", []element{justified}, val("w:sz", halves(layout.NoteSize))),
		tag("w:style", []string{"w:type", "character", "w:styleId", "FootnoteReference"}, val("w:name", "footnote reference"),
			tag("w:rPr", nil, val("w:vertAlign", "superscript"))),
	}
	for i, id := range headings {
		look := []element{tag("w:b", nil)}
		if i == 2 {
			look = append(look, tag("w:i", nil))
		}
		all = append(all, style(id, "heading "+number(float64(i+1)),
			[]element{keep, tag("w:keepLines", nil), spacing("0", gap), indent, justified, val("w:outlineLvl", number(float64(i)))}, look...))
	}
	return tag("w:styles", spaces, all...)
}

// style is one of paragraphs.
func style(id, name string, paragraph []element, run ...element) element {
	inside := []element{val("w:name", name), val("w:basedOn", "Normal"), tag("w:qFormat", nil)}
	if len(paragraph) > 0 {
		inside = append(inside, tag("w:pPr", nil, paragraph...))
	}
	if len(run) > 0 {
		inside = append(inside, tag("w:rPr", nil, run...))
	}
	return tag("w:style", []string{"w:type", "paragraph", "w:styleId", id}, inside...)
}

func settings() element {
	return tag("w:settings", spaces,
		tag("w:zoom", []string{"w:percent", "100"}),
		val("w:defaultTabStop", "720"),
		tag("w:footnotePr", nil, tag("w:footnote", []string{"w:id", "-1"}), tag("w:footnote", []string{"w:id", "0"})),
		tag("w:compat", nil, tag("w:compatSetting", []string{
			"w:name", "compatibilityMode", "w:uri", "http://schemas.microsoft.com/office/word", "w:val", "15"})),
		tag("w:themeFontLang", []string{"w:val", "vi-VN"}))
}

// fontName is what the decree asks for. Liberation Serif, which has the same widths, stands in where it is not there.
const fontName = "Times New Roman"

func fonts() element {
	return tag("w:fonts", spaces, tag("w:font", []string{"w:name", fontName},
		val("w:altName", "Liberation Serif"), val("w:charset", "00"), val("w:family", "roman"), val("w:pitch", "variable")))
}
