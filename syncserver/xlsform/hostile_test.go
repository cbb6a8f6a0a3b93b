package xlsform

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"banlang/shared/fault"
)

// refuseFile converts a file that must be refused, in no more than the time that an upload may take.
func refuseFile(t *testing.T, name string, file []byte, want Code) *Problem {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := Convert(ctx, name, file, Options{})
	var p *Problem
	if !errors.As(err, &p) || p.Code != want {
		t.Fatalf("%s: %v, want %s", name, err, want)
	}
	checkWords(t, p)
	return p
}

// TestWrongFiles: what is no form is named, whatever it is called.
func TestWrongFiles(t *testing.T) {
	compound := append([]byte(compoundMagic), make([]byte, 2000)...)
	for _, c := range []struct {
		name string
		file []byte
		want Code
	}{
		{"trống.xlsx", nil, EmptyFile},
		{"trắng.csv", []byte("\xef\xbb\xbf \r\n"), EmptyFile},
		{"ảnh.xlsx", []byte("\x89PNG\r\n\x1a\n"), WrongFile},
		{"công văn.xls", []byte("%PDF-1.7"), WrongFile},
		{"trang web.xls", []byte("<html><table></table></html>"), WrongFile},
		{"công văn.xlsx", zipOf(map[string]string{"word/document.xml": "<w/>"}), WrongFile},
		{"thư.csv", []byte("xin chào"), WrongFile},
		{"hỏng.xlsx", []byte("PK\x03\x04 not really"), DamagedFile},
		{"hỏng.xls", compound, DamagedFile},
		{"cũ.xls", []byte("\x09\x04\x06\x00\x00\x00"), OldExcel},
		{"hỏng.xlsx", book("survey", "<row><c><v>1</c>", nil), DamagedFile},
		{"thiếu.xlsx", book("survey", "", map[string]string{"xl/_rels/workbook.xml.rels": "<Relationships/>"}), DamagedFile},
	} {
		t.Run(c.name, func(t *testing.T) { refuseFile(t, c.name, c.file, c.want) })
	}
}

// TestOldEncodings: a .csv from before Unicode is refused with the first cell that shows it, and the likely encoding.
func TestOldEncodings(t *testing.T) {
	for _, c := range []struct{ encoding, text string }{
		{tcvn3, "H\xe4 v\xb5 t\xaan ch\xf1 h\xe9, ng\xb5y sinh, qu\xaa qu\xb8n, \xae\xdea ch\xd8"},
		{vni, "Hoï vaø teân chuû hoä, ngaøy sinh, queâ quaùn"},
		{windows1258, "H\xf2o v\xe0 t\xean, ng\xe0y sinh, \xf0\xead\xcc, c\xfb t\xfa, \xf0\xf3"},
	} {
		t.Run(c.encoding, func(t *testing.T) {
			text := c.text
			if c.encoding == vni {
				var b strings.Builder
				for _, r := range text {
					b.WriteByte(byte(r)) // VNI has the marks where Latin-1 has letters
				}
				text = b.String()
			}
			p := refuseFile(t, "ho.csv", []byte("survey,,,\n,type,name,label\n,text,ten,"+text+"\n"), BadEncoding)
			if p.Row != 3 || p.Cell != "D3" {
				t.Errorf("at %v", p.Place)
			}
			if !strings.Contains(p.Message(fault.Vietnamese), c.encoding) {
				t.Error(p.Message(fault.Vietnamese))
			}
		})
	}
	refuseFile(t, "unicode.csv", []byte("\xff\xfes\x00u\x00"), BadEncoding)
}

// TestZipBomb: a part is never unpacked beyond the limit.
func TestZipBomb(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	w, _ := z.Create("xl/workbook.xml")
	_, _ = w.Write([]byte(`<workbook><sheets><sheet name="survey" r:id="x"/>`))
	blank := append(bytes.Repeat([]byte(" "), 1<<20), "<x/>"...)
	for range 2 * MaxPartBytes / len(blank) {
		_, _ = w.Write(blank)
	}
	_ = z.Close()
	if out.Len() > MaxFileBytes {
		t.Fatal("the bomb is too large to upload")
	}
	p := refuseFile(t, "bom.xlsx", out.Bytes(), LimitReached)
	if !errors.Is(p, fault.LimitExceeded) {
		t.Error(p)
	}
}

// TestManyTags: nor are more tags read than a form can have.
func TestManyTags(t *testing.T) {
	sheet := strings.Repeat("<x/>", maxTokens/2)
	refuseFile(t, "thẻ.xlsx", xlsxOf(sheet), LimitReached)
}

// TestMillionBlankRows: formatted blanks below a form cost nothing.
func TestMillionBlankRows(t *testing.T) {
	var rows strings.Builder
	for i := 3; i < 1_000_000; i++ {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" s="1"/></row>`, i, i)
	}
	rows.WriteString(textRow(1_000_001, "text", "xa", "Xa"))
	form, err := Convert(t.Context(), "x.xlsx", xlsxOf(rows.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(form.XML), "<xa/>") {
		t.Error("what stands a million rows below is no part of the form")
	}
	far := xlsxOf(textRow(1_048_576, "text", "xa", "Xa"))
	if _, err := Convert(t.Context(), "x.xlsx", far, Options{}); err != nil {
		t.Error(err)
	}
}

// TestLimits: each limit holds at one above, and not at the limit.
func TestLimits(t *testing.T) {
	grid := func(rows ...[]string) []Sheet { return []Sheet{NewSheet("survey", rows)} }
	header := []string{"type", "name", "label"}
	question := func(label string) []Sheet { return grid(header, []string{"text", "a", label}) }
	nested := func(n int) []Sheet {
		rows := [][]string{header}
		for i := range n {
			rows = append(rows, []string{"begin group", "g" + letters(i), "G"})
		}
		for range n {
			rows = append(rows, []string{"end group"})
		}
		return grid(rows...)
	}
	wide := func(n int) []Sheet {
		row := append([]string{}, header...)
		for i := len(row); i < n; i++ {
			row = append(row, "x"+letters(i))
		}
		return grid(row, []string{"text", "a", "A"})
	}
	many := func(n int) []Sheet { return append(make([]Sheet, n-1), question("A")...) }
	for _, c := range []struct {
		name  string
		limit int
		make  func(n int) []Sheet
	}{
		{"cell", MaxCellBytes, func(n int) []Sheet { return question(strings.Repeat("x", n)) }},
		{"nesting", MaxNesting, nested},
		{"columns", MaxColumns, wide},
		{"sheets", MaxSheets, many},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := ConvertSheets(t.Context(), c.make(c.limit), Options{}); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			_, err := ConvertSheets(t.Context(), c.make(c.limit+1), Options{})
			if !errors.Is(err, LimitReached) || !errors.Is(err, fault.LimitExceeded) {
				t.Errorf("one above: %v", err)
			}
		})
	}
	if _, _, err := readFile(t.Context(), "x.csv", make([]byte, MaxFileBytes+1)); !errors.Is(err, LimitReached) {
		t.Errorf("a file above the limit: %v", err)
	}
}

// TestSmallFormsThatGrow: loops in loops, and references to long paths, are stopped before they fill the memory.
func TestSmallFormsThatGrow(t *testing.T) {
	choices := [][]string{{"list_name", "name", "label"}}
	for i := range 500 {
		choices = append(choices, []string{"l", "c" + letters(i), strings.Repeat("x", 1000)})
	}
	loops := [][]string{{"type", "name", "label"}}
	for i := range 4 {
		loops = append(loops, []string{"begin loop over l", "l" + letters(i), ""})
	}
	loops = append(loops, []string{"text", "a", strings.Repeat("%(label)s", 100)})
	for range 4 {
		loops = append(loops, []string{"end loop"})
	}
	deep := [][]string{{"type", "name", "label", "relevant"}}
	for i := range MaxNesting {
		deep = append(deep, []string{"begin group", strings.Repeat("g", 200) + letters(i), "G", ""})
	}
	deep = append(deep, []string{"text", "a", "A", ""})
	for i := range 200 {
		deep = append(deep, []string{"text", "b" + letters(i), strings.Repeat("${a}", 20000), ""})
	}
	for range MaxNesting {
		deep = append(deep, []string{"end group"})
	}
	for name, sheets := range map[string][]Sheet{
		"loops in loops":       {NewSheet("survey", loops), NewSheet("choices", choices)},
		"references that grow": {NewSheet("survey", deep)},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			if _, err := ConvertSheets(ctx, sheets, Options{}); !errors.Is(err, LimitReached) {
				t.Error(err)
			}
		})
	}
}

// TestCyclesOfMany: a long chain of calculations is no cycle until its last link closes it.
func TestCyclesOfMany(t *testing.T) {
	const n = 5000
	rows := [][]string{{"type", "name", "calculation"}}
	for i := range n {
		rows = append(rows, []string{"calculate", "c" + letters(i), "${c" + letters((i+1)%n) + "} + 1"})
	}
	if _, err := ConvertSheets(t.Context(), []Sheet{NewSheet("survey", rows)}, Options{}); !errors.Is(err, RefCycle) {
		t.Errorf("closed: %v", err)
	}
	rows[n][2] = "1"
	if _, err := ConvertSheets(t.Context(), []Sheet{NewSheet("survey", rows)}, Options{}); err != nil {
		t.Errorf("open: %v", err)
	}
}

// TestTheContextEnds: a conversion stops when nobody waits for it.
func TestTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, file := range map[string][]byte{
		"x.xlsx": xlsxOf(""), "x.csv": []byte("survey,,,\n,type,name,label\n,text,a,A\n"), "x.xls": readTestdata(t, "ho_khau.xls"),
	} {
		if _, err := Convert(ctx, name, file, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
