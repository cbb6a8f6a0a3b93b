package xlsform

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// An .xlsx or .xlsm is a zip of XML parts. They are read here, and not through a library that reads all of a workbook,
// so that a part is never unpacked beyond what is allowed, a sheet is left where the form in it ends, and the kind of
// each cell (text, number, date) is known.

// xlsxBook is a workbook half read.
type xlsxBook struct {
	ctx     context.Context
	parts   map[string]*zip.File
	left    int64 // bytes that may still be unpacked
	piece   int64 // of them, bytes that the token being read may still take
	depth   int   // of the element being read
	strings []string
	isDate  []bool // for each cell style
	dates   dateSystem
	sheets  []xlsxSheet
	budget  budget
	tokens  int
}

type xlsxSheet struct{ name, part string }

// maxParts bounds the parts of a workbook (sheets, pictures, themes), maxTokens the tags and texts that are read: a
// cell has five, its text five more. A tag, with its attributes, or a text is held in the memory as a whole, and of every
// element around it there is a trace: maxPiece and maxDepth bound them.
const (
	maxParts  = 4096
	maxTokens = 12 * MaxCells
	maxPiece  = 4 * MaxCellBytes // a letter of a cell may be written as &#x1ea1;
	maxDepth  = 100              // a cell's text is seven deep
)

// readXLSX reads a zip that may be an .xlsx, and reports whether it has macros.
func readXLSX(ctx context.Context, file []byte) (sheets []Sheet, macros bool, err error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil || len(z.File) > maxParts {
		return nil, false, damaged("zip")
	}
	b := &xlsxBook{ctx: ctx, parts: map[string]*zip.File{}, left: MaxPartBytes}
	for _, f := range z.File {
		b.parts[strings.TrimPrefix(f.Name, "/")] = f
		macros = macros || strings.HasSuffix(f.Name, "vbaProject.bin")
	}
	main := b.mainPart()
	if b.parts[main] == nil {
		return nil, false, wrongFile(b.otherKind())
	}
	for _, step := range []func() error{
		func() error { return b.readBook(main) },
		func() error { return b.readStrings(path.Join(path.Dir(main), "sharedStrings.xml")) },
		func() error { return b.readStyles(path.Join(path.Dir(main), "styles.xml")) },
	} {
		if err := step(); err != nil {
			return nil, false, err
		}
	}
	sheets, err = b.readSheets()
	return sheets, macros, err
}

// otherKind names a zip that is no workbook.
func (b *xlsxBook) otherKind() string {
	switch {
	case b.parts["word/document.xml"] != nil:
		return "Word .docx"
	case b.parts["ppt/presentation.xml"] != nil:
		return "PowerPoint .pptx"
	case b.parts["xl/workbook.bin"] != nil:
		return "Excel .xlsb"
	case b.parts["mimetype"] != nil:
		return "OpenDocument"
	}
	return aZip
}

// mainPart is the part that lists the sheets.
func (b *xlsxBook) mainPart() string {
	main := "xl/workbook.xml"
	_ = b.each("_rels/.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if strings.HasSuffix(attribute(e, "Type"), "/officeDocument") {
			if target := strings.TrimPrefix(attribute(e, "Target"), "/"); strings.HasSuffix(target, ".xml") && strings.HasPrefix(target, "xl/") {
				main = path.Clean(target)
			}
		}
		return nil
	})
	return main
}

// open unpacks a part, never more than is left.
func (b *xlsxBook) open(part string) (io.ReadCloser, error) {
	f := b.parts[part]
	if f == nil {
		return nil, damaged(part)
	}
	r, err := f.Open()
	if err != nil {
		return nil, damaged(part)
	}
	return &bounded{r, b}, nil
}

// bounded reads until the bytes that are left are used up, or those of a token.
type bounded struct {
	io.ReadCloser
	book *xlsxBook
}

func (r *bounded) Read(p []byte) (int, error) {
	b := r.book
	switch {
	case b.left <= 0:
		return 0, reached("part", MaxPartBytes, Place{})
	case b.piece <= 0:
		return 0, reached("piece", maxPiece, Place{})
	}
	n, err := r.ReadCloser.Read(p[:min(int64(len(p)), b.left, b.piece)])
	b.left -= int64(n)
	b.piece -= int64(n)
	return n, err
}

// errEnough ends the reading of a part before its end.
var errEnough = errors.New("enough")

// each calls f for every element of a part, parents first. A missing part has none.
func (b *xlsxBook) each(part string, f func(*xml.Decoder, xml.StartElement) error) error {
	if b.parts[part] == nil {
		return nil
	}
	r, err := b.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	b.depth = 0
	d := xml.NewDecoder(r)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, damaged(part) }
	for {
		t, err := b.token(d, part)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				if errors.Is(err, errEnough) {
					return nil
				}
				return err
			}
		}
	}
}

// token reads the next token, io.EOF behind the last.
func (b *xlsxBook) token(d *xml.Decoder, part string) (xml.Token, error) {
	if b.tokens++; b.tokens > maxTokens {
		return nil, reached("cells", MaxCells, Place{})
	}
	if b.tokens%checkEvery == 0 && b.ctx.Err() != nil {
		return nil, b.ctx.Err()
	}
	b.piece = maxPiece
	t, err := d.Token()
	switch t.(type) {
	case xml.StartElement:
		b.depth++
	case xml.EndElement:
		b.depth--
	}
	var problem *Problem
	switch {
	case b.depth > maxDepth:
		return nil, reached("depth", maxDepth, Place{})
	case err == nil, errors.Is(err, io.EOF), errors.As(err, &problem):
		return t, err
	}
	return nil, damaged(part)
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// relation is the attribute that names a relation, which has a namespace.
func relation(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// readBook reads the list of sheets.
func (b *xlsxBook) readBook(main string) error {
	dir, base := path.Split(main)
	targets := map[string]string{}
	err := b.each(dir+"_rels/"+base+".rels", func(_ *xml.Decoder, e xml.StartElement) error {
		target := attribute(e, "Target")
		if rooted, ok := strings.CutPrefix(target, "/"); ok {
			targets[attribute(e, "Id")] = path.Clean(rooted)
		} else {
			targets[attribute(e, "Id")] = path.Join(dir, target)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.each(main, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			on := attribute(e, "date1904")
			b.dates.from1904 = on == "1" || on == "true"
		case "sheet":
			b.sheets = append(b.sheets, xlsxSheet{attribute(e, "name"), targets[relation(e)]})
			if len(b.sheets) > MaxSheets {
				return reached("sheets", MaxSheets, Place{})
			}
		}
		return nil
	})
}

// readStrings reads the texts that cells name by their number.
func (b *xlsxBook) readStrings(part string) error {
	size := 0
	return b.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := b.plainText(d, part)
		if err != nil {
			return err
		}
		if size += len(text); size > MaxTextBytes {
			return reached("text", MaxTextBytes, Place{})
		}
		if b.strings = append(b.strings, text); len(b.strings) > MaxCells {
			return reached("cells", MaxCells, Place{})
		}
		return nil
	})
}

// plainText reads the text up to the end of the element that is open, without how it sounds.
func (b *xlsxBook) plainText(d *xml.Decoder, part string) (string, error) {
	var text strings.Builder
	depth, inText, inSound := 1, 0, 0
	for depth > 0 {
		t, err := b.token(d, part)
		if errors.Is(err, io.EOF) {
			return "", damaged(part)
		}
		if err != nil {
			return "", err
		}
		step := 0
		name := ""
		switch t := t.(type) {
		case xml.StartElement:
			step, name = 1, t.Name.Local
		case xml.EndElement:
			step, name = -1, t.Name.Local
		case xml.CharData:
			if inText > 0 && inSound == 0 {
				text.Write(t)
			}
			if text.Len() > maxPiece {
				return "", reached("piece", maxPiece, Place{})
			}
		}
		depth += step
		switch name {
		case "t":
			inText += step
		case "rPh":
			inSound += step
		}
	}
	return text.String(), nil
}

// readStyles finds out which cell styles show dates.
func (b *xlsxBook) readStyles(part string) error {
	formats := map[string]string{}
	inCells := false
	return b.each(part, func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			formats[attribute(e, "numFmtId")] = attribute(e, "formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if !inCells {
				break
			}
			id := attribute(e, "numFmtId")
			n, err := strconv.Atoi(id)
			code, own := formats[id]
			b.isDate = append(b.isDate, own && isDateFormat(code) || !own && err == nil && isDateFormatID(n))
		}
		return nil
	})
}

// readSheets reads the sheets of a form; of others only the names count.
func (b *xlsxBook) readSheets() ([]Sheet, error) {
	var out []Sheet
	for _, s := range b.sheets {
		sheet := Sheet{Name: s.name}
		if sheetNames[strings.ToLower(s.name)] || len(b.sheets) == 1 {
			if b.parts[s.part] == nil {
				return nil, damaged(s.name)
			}
			g := grid{name: s.name, budget: &b.budget}
			if err := b.readCells(s.part, &g); err != nil {
				return nil, err
			}
			sheet.Rows = g.rows
		}
		out = append(out, sheet)
	}
	return out, nil
}
