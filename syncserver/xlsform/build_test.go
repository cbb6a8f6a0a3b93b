package xlsform

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

// md converts a form written as tables of Markdown.
func md(t *testing.T, form string) (*Form, error) {
	t.Helper()
	return Convert(t.Context(), "biểu mẫu.md", []byte(form), Options{FormName: "data"})
}

// mustMD converts a form that is well.
func mustMD(t *testing.T, form string) *Form {
	t.Helper()
	f, err := md(t, form)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// wantXML asks for pieces of the XML of a form.
func wantXML(t *testing.T, f *Form, pieces ...string) {
	t.Helper()
	for _, p := range pieces {
		if !strings.Contains(string(f.XML), p) {
			t.Errorf("no %s in\n%s", p, f.XML)
		}
	}
}

// zipOf packs parts into a zip.
func zipOf(parts map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		method := zip.Store // small parts as they are, which is faster
		if len(parts[name]) > 1<<16 {
			method = zip.Deflate
		}
		w, _ := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		_, _ = w.Write([]byte(parts[name]))
	}
	_ = z.Close()
	return out.Bytes()
}

// book is a workbook with one sheet of this XML, and other parts.
func book(sheet, sheetData string, more map[string]string) []byte {
	parts := map[string]string{
		"xl/workbook.xml": `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
			`<sheets><sheet name="` + sheet + `" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + sheetData + `</sheetData></worksheet>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\/mm\/yyyy"/></numFmts>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="10"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml": `<sst><si><t>chung</t></si><si><r><t>hai </t></r><r><t>phần</t></r><rPh><t>âm</t></rPh></si></sst>`,
	}
	for k, v := range more {
		parts[k] = v
	}
	return zipOf(parts)
}

// textRow is the XML of a row of texts.
func textRow(n int, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, n)
	for i, c := range cells {
		fmt.Fprintf(&b, `<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>`, letters(i), n, c)
	}
	return b.String() + "</row>"
}

// xlsxOf is a small form, with more rows behind it.
func xlsxOf(rows string) []byte {
	return book("survey", textRow(1, "type", "name", "label")+textRow(2, "text", "ten", "Tên")+rows, nil)
}

// xlsWith is a compound file like an .xls whose stream, instead of Workbook, is called as another program calls its own.
func xlsWith(t *testing.T, stream string) []byte {
	return bytes.Replace(readTestdata(t, "ho_khau.xls"), entryName("Workbook"), entryName(stream), 1)
}

// entryName is how the directory of a compound file begins an entry: the name in 64 bytes, and how many of them count.
func entryName(name string) []byte {
	e := make([]byte, 66)
	for i := range name {
		e[2*i] = name[i]
	}
	le.PutUint16(e[64:], uint16(2*len(name)+2))
	return e
}
