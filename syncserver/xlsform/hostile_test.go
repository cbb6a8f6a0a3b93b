package xlsform

import (
	"context"
	"errors"
	"fmt"
	"runtime"
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
	damaged := append([]byte(compoundMagic), make([]byte, 2000)...)
	half := xlsxOf("")
	half = half[:len(half)/2]
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
		{"ô.ods", zipOf(map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), WrongFile},
		{"công văn.xlsx", xlsWith(t, "WordDocument"), WrongFile},
		{"mật.xlsx", xlsWith(t, "EncryptedPackage"), PasswordProtected},
		{"rỗng.csv", make([]byte, 1000), WrongFile},
		{"chấm phẩy.csv", []byte("survey;;;\n;type;name;label\n;text;a;A\n"), OtherSeparator},
		{"tab.txt", []byte("survey\t\t\t\n\ttype\tname\tlabel\n\ttext\ta\tA\n"), OtherSeparator},
		{"nửa.xlsx", half, DamagedFile},
		{"hỏng.xls", damaged, DamagedFile},
		{"lạ.xls", xlsWith(t, "Contents"), DamagedFile},
		{"cũ.xls", xlsWith(t, "Book"), OldExcel},
		{"cũ.xls", []byte("\x09\x04\x06\x00\x00\x00"), OldExcel},
		{"hỏng.xlsx", book("survey", "<row><c><v>1</c>", nil), DamagedFile},
		{"thiếu.xlsx", book("survey", "", map[string]string{"xl/_rels/workbook.xml.rels": "<Relationships/>"}), DamagedFile},
	} {
		t.Run(c.name, func(t *testing.T) { refuseFile(t, c.name, c.file, c.want) })
	}
}

// endless is text that is longer than what may be unpacked, and short in a zip.
func endless(text string) string { return strings.Repeat(text, MaxPartBytes/len(text)+1) }

// TestBombs: what unpacks to more than a form can have is refused before it fills the memory: all of it, one tag or text
// of it, or tags within each other.
func TestBombs(t *testing.T) {
	laughs := `<!DOCTYPE l [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>`
	for _, c := range []struct {
		name string
		file []byte
		want Code
		says string
	}{
		{"all", xlsxOf(endless("<x/>" + strings.Repeat(" ", 10_000))), LimitReached, "unpacked"},
		{"tags", xlsxOf(strings.Repeat("<x/>", maxTokens/2)), LimitReached, "cells"},
		{"blanks", xlsxOf(endless(" ")), LimitReached, "cell or XML tag"},
		{"a name", xlsxOf("<row " + endless("x")), LimitReached, "cell or XML tag"},
		{"attributes", xlsxOf("<row " + endless(` x="y"`)), LimitReached, "cell or XML tag"},
		{"a cell", xlsxOf(`<row><c t="inlineStr"><is>` + endless("<t>xxxxxxxxxxxxxxxx</t>")), LimitReached, "cell or XML tag"},
		{"a value", xlsxOf(`<row><c><v>` + endless("<![CDATA[xxxxxxxxxxxxxxxx]]>")), LimitReached, "cell or XML tag"},
		{"tags in tags", xlsxOf(endless("<x>")), LimitReached, "within each other"},
		{"a billion laughs", book("survey", "", map[string]string{"xl/sharedStrings.xml": laughs + "<sst><si><t>&c;</t></si></sst>"}), DamagedFile, "sharedStrings"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if len(c.file) > MaxFileBytes {
				t.Fatal("the bomb is too large to upload")
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p := refuseFile(t, "bom.xlsx", c.file, c.want)
			runtime.ReadMemStats(&after)
			if !strings.Contains(p.Message(fault.English), c.says) {
				t.Error(p.Message(fault.English))
			}
			if taken := after.Sys - before.Sys; taken > 100<<20 {
				t.Errorf("it took %d MB of memory", taken>>20)
			}
		})
	}
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
