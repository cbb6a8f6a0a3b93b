package xlsform

import (
	"errors"
	"strings"
	"testing"
)

// Whatever a file says: no panic, a *Problem or a form, and of a form XML that can be read.

func fuzzFile(t *testing.T, name string, file []byte) {
	form, err := Convert(t.Context(), name, file, Options{})
	var p *Problem
	switch {
	case err != nil && !errors.As(err, &p):
		t.Fatalf("no problem of the form: %v", err)
	case err == nil && wellFormed(form.XML) != nil:
		t.Fatalf("%v in\n%s", wellFormed(form.XML), form.XML)
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add(xlsxOf(""))
	f.Add(xlsxOf(textRow(3, "begin repeat", "r", "R")))
	f.Add(zipOf(map[string]string{"xl/workbook.xml": "<workbook/>"}))
	f.Fuzz(func(t *testing.T, file []byte) { fuzzFile(t, "x.xlsx", file) })
}

// FuzzSheetXML goes past the zip: the XML of a sheet as it comes.
func FuzzSheetXML(f *testing.F) {
	f.Add(textRow(1, "type", "name") + textRow(2, "note", "a"))
	f.Add(`<row r="9"><c r="ZZ1" t="s"><v>1</v></c><c s="1"><v>1e300</v></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) { fuzzFile(t, "x.xlsx", book("survey", rows, nil)) })
}

func FuzzXLS(f *testing.F) {
	f.Add([]byte(compoundMagic))
	f.Add(readTestdata(f, "ho_khau.xls"))
	f.Fuzz(func(t *testing.T, file []byte) { fuzzFile(t, "x.xls", file) })
}

// FuzzXLSRecords goes past the container: records as they come.
func FuzzXLSRecords(f *testing.F) {
	f.Add([]byte("\x09\x08\x10\x00\x00\x06\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	if c, err := openCompound(readTestdata(f, "ho_khau.xls")); err == nil {
		f.Add(c.stream("Workbook"))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		b := &xlsBook{ctx: t.Context(), stream: stream, formats: map[int]string{}}
		if err := b.readGlobals(); err == nil {
			_, _ = b.readSheets()
		}
	})
}

func FuzzCSV(f *testing.F) {
	f.Add("survey,,,\n,type,name,label\n,text,a,\"A, \"\"B\"\"\"\n")
	f.Fuzz(func(t *testing.T, text string) { fuzzFile(t, "x.csv", []byte(text)) })
}

func FuzzMarkdown(f *testing.F) {
	f.Add(household)
	f.Add("| survey |\n| | type | name | label |\n| | text | a | \\| |")
	f.Add("|surveY|à|\n|settings|") // sheets without a row
	f.Fuzz(func(t *testing.T, text string) { fuzzFile(t, "x.md", []byte(text)) })
}

// FuzzSheets makes forms of cells: sheets are parted by " #", rows by " / ", cells by commas.
func FuzzSheets(f *testing.F) {
	for _, r := range refusals {
		f.Add(r.form)
	}
	f.Fuzz(func(t *testing.T, form string) {
		converted, err := ConvertSheets(t.Context(), sheetsOf(form), Options{})
		var p *Problem
		switch {
		case err != nil && !errors.As(err, &p):
			t.Fatalf("no problem of the form: %v", err)
		case err == nil && wellFormed(converted.XML) != nil:
			t.Fatalf("%v in\n%s", wellFormed(converted.XML), converted.XML)
		}
	})
}

// FuzzExpression: tokens cover a text without a gap, and references become paths only where they stand.
func FuzzExpression(f *testing.F) {
	f.Add("if(${a} > -1.5, 'x', instance('l')/root/item[name = ${b}]/label) or \"2020-01-01T10:00:00Z\"")
	f.Fuzz(func(t *testing.T, text string) {
		s := scanner{text: text}
		at := 0
		for token, ok := s.next(); ok; token, ok = s.next() {
			if token.from != at || token.to <= at {
				t.Fatalf("token %v at %d of %q", token, at, text)
			}
			at = token.to
		}
		if at != len(text) {
			t.Fatalf("%q is read up to %d", text, at)
		}
		for _, span := range instanceSpans(text) {
			if !strings.HasPrefix(text[span[0]:], "instance(") {
				t.Fatalf("span %v of %q", span, text)
			}
		}
		for _, r := range refsIn(text) {
			if !isReference(text[r.from:r.to]) {
				t.Fatalf("reference %v of %q", r, text)
			}
		}
	})
}
