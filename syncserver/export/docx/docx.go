// Package docx owns official documents as DOCX: what Word and LibreOffice open, edit and print. It writes the few parts of
// Office Open XML (ECMA-376) that such a document needs; styles carry the layout, so that who edits it keeps it.
package docx

import (
	"archive/zip"
	"fmt"
	"io"
	"time"

	"banlang/syncserver/export"
	"banlang/syncserver/export/layout"
)

const (
	declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace   = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	linkSpace   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packSpace   = "http://schemas.openxmlformats.org/package/2006/"
	mimeOf      = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

var spaces = []string{"xmlns:w", mainSpace, "xmlns:r", linkSpace}

// Write writes the document. The errors are those of w, and the fault Internal for a document that Check refuses.
func Write(w io.Writer, d export.Document) error {
	if err := d.Check(); err != nil {
		return err
	}
	faces, err := layout.NewFaces()
	if err != nil {
		return err
	}
	b := &writer{doc: d, faces: faces}
	body := b.document()
	z := zip.NewWriter(w)
	for _, part := range []struct {
		name string
		text element
	}{
		{"[Content_Types].xml", contentTypes()},
		{"_rels/.rels", links(
			link{"officeDocument", linkSpace + "/officeDocument", "word/document.xml"},
			link{"core", packSpace + "relationships/metadata/core-properties", "docProps/core.xml"})},
		{"docProps/core.xml", properties(d)},
		{"word/document.xml", body},
		{"word/styles.xml", styles()},
		{"word/settings.xml", settings()},
		{"word/fontTable.xml", fonts()},
		{"word/footnotes.xml", b.footnotes()},
		{"word/header1.xml", b.firstHeader()},
		{"word/header2.xml", b.header()},
		{"word/_rels/document.xml.rels", links(
			link{"styles", linkSpace + "/styles", "styles.xml"},
			link{"settings", linkSpace + "/settings", "settings.xml"},
			link{"fonts", linkSpace + "/fontTable", "fontTable.xml"},
			link{"footnotes", linkSpace + "/footnotes", "footnotes.xml"},
			link{"first", linkSpace + "/header", "header1.xml"},
			link{"others", linkSpace + "/header", "header2.xml"})},
	} {
		f, err := z.Create(part.name) // without a time: equal documents have equal bytes
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, declaration+string(part.text)); err != nil {
			return err
		}
	}
	return z.Close()
}

func contentTypes() element {
	types := []element{
		tag("Default", []string{"Extension", "rels", "ContentType", "application/vnd.openxmlformats-package.relationships+xml"}),
		tag("Default", []string{"Extension", "xml", "ContentType", "application/xml"}),
		tag("Override", []string{"PartName", "/docProps/core.xml", "ContentType", "application/vnd.openxmlformats-package.core-properties+xml"}),
	}
	for _, part := range [][2]string{
		{"document", "document.main"}, {"styles", "styles"}, {"settings", "settings"}, {"fontTable", "fontTable"},
		{"footnotes", "footnotes"}, {"header1", "header"}, {"header2", "header"},
	} {
		types = append(types, tag("Override", []string{"PartName", "/word/" + part[0] + ".xml", "ContentType", mimeOf + part[1] + "+xml"}))
	}
	return tag("Types", []string{"xmlns", packSpace + "content-types"}, types...)
}

// link is a relation of a part to another.
type link struct{ id, kind, to string }

func links(all ...link) element {
	var inside []element
	for _, l := range all {
		inside = append(inside, tag("Relationship", []string{"Id", l.id, "Type", l.kind, "Target", l.to}))
	}
	return tag("Relationships", []string{"xmlns", packSpace + "relationships"}, inside...)
}

func properties(d export.Document) element {
	text := func(words string) element { return element(escaped(export.Clean(words))) }
	made := element(d.Made.UTC().Format(time.RFC3339))
	date := []string{"xsi:type", "dcterms:W3CDTF"}
	inside := []element{
		tag("dc:title", nil, text(d.Kind+" "+d.Subject)),
		tag("dc:creator", nil, text(d.Issuer)),
		tag("dc:language", nil, "vi-VN"),
	}
	if !d.Made.IsZero() {
		inside = append(inside, tag("dcterms:created", date, made), tag("dcterms:modified", date, made))
	}
	return tag("cp:coreProperties", []string{
		"xmlns:cp", packSpace + "metadata/core-properties", "xmlns:dc", "http://purl.org/dc/elements/1.1/",
		"xmlns:dcterms", "http://purl.org/dc/terms/", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
	}, inside...)
}

// firstHeader stands above the first page: that it is a draft, if it is one.
func (b *writer) firstHeader() element {
	return tag("w:hdr", spaces, tag("w:p", nil, b.mark()...))
}

// header stands above all others, with the number of the page in the middle.
func (b *writer) header() element {
	inside := append([]element{tag("w:pPr", nil,
		tag("w:tabs", nil, tag("w:tab", []string{"w:val", "center", "w:pos", twips(layout.Width / 2)})))}, b.mark()...)
	inside = append(inside,
		tag("w:r", nil, tag("w:tab", nil)),
		tag("w:r", nil, tag("w:fldChar", []string{"w:fldCharType", "begin"})),
		tag("w:r", nil, tag("w:instrText", []string{"xml:space", "preserve"}, " PAGE ")),
		tag("w:r", nil, tag("w:fldChar", []string{"w:fldCharType", "separate"})),
		tag("w:r", nil, tag("w:t", nil, "2")),
		tag("w:r", nil, tag("w:fldChar", []string{"w:fldCharType", "end"})))
	return tag("w:hdr", spaces, tag("w:p", nil, inside...))
}

// mark is the run that says that it is a draft; nothing in what was issued.
func (b *writer) mark() []element {
	if b.doc.Mark() == "" {
		return nil
	}
	colour := fmt.Sprintf("%02X%02X%02X", layout.Draft[0], layout.Draft[1], layout.Draft[2])
	look := tag("w:rPr", nil, tag("w:b", nil), val("w:color", colour), val("w:sz", halves(layout.MarkSize)),
		tag("w:bdr", []string{"w:val", "single", "w:sz", "8", "w:space", "0", "w:color", colour}))
	return []element{tag("w:r", nil, look, tag("w:t", []string{"xml:space", "preserve"}, element(escaped("\u00A0"+b.doc.Mark()+"\u00A0"))))}
}

// footnotes are those of the document, behind the two lines that part them from it.
func (b *writer) footnotes() element {
	plain := tag("w:pPr", nil, tag("w:spacing", []string{"w:after", "0", "w:line", "240", "w:lineRule", "auto"}))
	all := []element{
		tag("w:footnote", []string{"w:type", "separator", "w:id", "-1"}, tag("w:p", nil, plain, tag("w:r", nil, tag("w:separator", nil)))),
		tag("w:footnote", []string{"w:type", "continuationSeparator", "w:id", "0"},
			tag("w:p", nil, plain, tag("w:r", nil, tag("w:continuationSeparator", nil)))),
	}
	for i, note := range b.notes {
		run := append([]element{}, words(" "+note)...)
		all = append(all, tag("w:footnote", []string{"w:id", fmt.Sprint(i + 1)}, tag("w:p", nil,
			tag("w:pPr", nil, val("w:pStyle", "FootnoteText")),
			tag("w:r", nil, tag("w:rPr", nil, val("w:rStyle", "FootnoteReference")), tag("w:footnoteRef", nil)),
			tag("w:r", nil, run...))))
	}
	return tag("w:footnotes", spaces, all...)
}
