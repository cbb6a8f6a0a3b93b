package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/syncserver/export"
	"banlang/syncserver/export/docx"
	"banlang/syncserver/export/exporttest"
)

var update = flag.Bool("update", false, "write what is in the documents to testdata instead of holding them against it")

func written(t testing.TB, d export.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts are the files in a document, each of which is sound XML.
func parts(t testing.TB, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		all[f.Name] = string(text)
	}
	return all
}

// outline writes down a part: a line for each paragraph with its style and the looks of its runs, set in below rows and cells.
func outline(t testing.TB, part string) string {
	t.Helper()
	var b strings.Builder
	depth := 0
	d := xml.NewDecoder(strings.NewReader(part))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		} else if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			value := ""
			for _, a := range e.Attr {
				if slices.Contains([]string{"val", "id", "type"}, a.Name.Local) && a.Name.Space != "http://www.w3.org/XML/1998/namespace" {
					value = a.Value
				}
			}
			switch name := e.Name.Local; name {
			case "tbl", "tr", "tc":
				b.WriteString("\n" + strings.Repeat("  ", depth) + name)
				depth++
			case "p":
				b.WriteString("\n" + strings.Repeat("  ", depth) + "¶")
			case "pStyle", "jc", "footnoteReference", "headerReference", "gridSpan", "footnote":
				b.WriteString(" " + name + "=" + value)
			case "keepNext", "tblHeader", "cantSplit", "b", "i", "u", "bdr", "shd", "titlePg", "tab", "br", "pBdr":
				b.WriteString(" " + name)
			case "pgMar":
				for _, a := range e.Attr {
					b.WriteString(" " + a.Name.Local + "=" + a.Value)
				}
			}
		case xml.EndElement:
			if slices.Contains([]string{"tbl", "tr", "tc"}, e.Name.Local) {
				depth--
			}
		case xml.CharData:
			b.WriteString(" “" + string(e) + "”")
		}
	}
}

// TestReport holds the structure of the report, as a draft and issued, against testdata.
func TestReport(t *testing.T) {
	for name, issued := range map[string]bool{"draft": false, "issued": true} {
		all := parts(t, written(t, exporttest.Report(issued)))
		var b strings.Builder
		for _, part := range []string{"word/document.xml", "word/footnotes.xml", "word/header1.xml", "word/header2.xml"} {
			_, body, _ := strings.Cut(all[part], "\n")
			b.WriteString("== " + part + outline(t, body) + "\n")
		}
		at := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(at, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		got, held := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
		for i := range max(len(got), len(held)) {
			if i >= len(got) || i >= len(held) || got[i] != held[i] {
				t.Errorf("%s, line %d differs; look at it, and write it anew with -update", at, i+1)
				break
			}
		}
	}
}

func TestEqualInputEqualBytes(t *testing.T) {
	if !bytes.Equal(written(t, exporttest.Report(true)), written(t, exporttest.Report(true))) {
		t.Error("the same document has other bytes")
	}
}

// TestRefused: what Check refuses is not written.
func TestRefused(t *testing.T) {
	var b bytes.Buffer
	if err := docx.Write(&b, export.Document{Month: "x"}); !errors.Is(err, fault.Internal) || b.Len() > 0 {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
}

// words are those of a part, a line for each paragraph.
func words(t testing.TB, part string) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(part))
	inside := false
	for {
		token, err := d.Token()
		if err != nil {
			return b.String()
		}
		switch e := token.(type) {
		case xml.StartElement:
			inside = e.Name.Local == "t"
			if e.Name.Local == "br" || e.Name.Local == "p" {
				b.WriteString("\n")
			}
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				b.Write(e)
			}
		}
	}
}

// TestLetters: every letter with every tone, composed or not, reaches the text.
func TestLetters(t *testing.T) {
	for _, issued := range []bool{false, true} {
		d := exporttest.Report(issued)
		d.Body = append(d.Body, export.Paragraph{Text: export.Words(exporttest.Letters())})
		if text := words(t, parts(t, written(t, d))["word/document.xml"]); !strings.Contains(text, exporttest.Letters()) {
			t.Errorf("letters are missing in %s", text)
		}
	}
}

// FuzzWords: whatever the words are, in whatever place, all parts are sound XML and hold them.
func FuzzWords(f *testing.F) {
	for _, s := range append(exporttest.Hostile(), exporttest.Long()...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all := parts(t, written(t, exporttest.Everywhere(text)))
		want := strings.TrimRight(export.Tidy(text), "\n")
		if n := strings.Count(words(t, all["word/document.xml"]), want); n < 30 {
			t.Errorf("%q is there %d times", want, n)
		}
		if n := strings.Count(words(t, all["word/footnotes.xml"]), want); n < 8 && text != "" {
			t.Errorf("%q is there in %d footnotes", want, n)
		}
		for name, part := range all {
			if strings.Contains(part, "<script") || strings.Contains(part, "\u202E") {
				t.Errorf("%s: %s", name, part)
			}
		}
	})
}
