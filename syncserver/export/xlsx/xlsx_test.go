package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"banlang/shared/fault"
	"banlang/syncserver/export"
	"banlang/syncserver/export/exporttest"
	"banlang/syncserver/export/xlsx"
)

// read writes a sheet and opens what was written.
func read(t *testing.T, s export.Sheet) (*excelize.File, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := xlsx.Write(&b, s, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	written := bytes.Clone(b.Bytes())
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, written
}

// cell is what a cell holds, its type, and how it is shown.
func cell(t *testing.T, f *excelize.File, sheet, at string) (raw, shown string, kind excelize.CellType) {
	t.Helper()
	raw, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	shown, err = f.GetCellValue(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	kind, err = f.GetCellType(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	return raw, shown, kind
}

// TestKinds: numbers are numbers and days are days; a share has all its decimals; what the table is of stands on the second sheet.
func TestKinds(t *testing.T) {
	f, _ := read(t, exporttest.Sheet(60))
	for at, want := range map[string][2]string{
		"A1": {"Mã đơn vị", "Mã đơn vị"}, "G1": {"Khối lượng (kg)", "Khối lượng (kg)"},
		"B6": {"Làng Đê Ktŭ, xã Ia Mlăng, buổi thứ 4", "Làng Đê Ktŭ, xã Ia Mlăng, buổi thứ 4"},
		"C6": {"46027", "05/01/2026"}, "D6": {"1", "1"}, "D2": {"-3", "-3"}, "F6": {"0.0417", "4.17%"}, "F2": {"", ""}, "G6": {"0.5", "0.50"}, "G2": {"-4.5", "-4.50"},
	} {
		raw, shown, kind := cell(t, f, "Dữ liệu", at)
		if raw != want[0] || shown != want[1] {
			t.Errorf("%s holds %q and shows %q, want %q", at, raw, shown, want)
		}
		if words := at[0] < 'C' || at[1:] == "1"; words != (kind == excelize.CellTypeInlineString) {
			t.Errorf("%s is of type %d", at, kind)
		}
	}
	if got, _, _ := cell(t, f, "Căn cứ", "B4"); got != "xã Ia Mlăng (thiếu 8 lần ghi)" {
		t.Errorf("the basis says %q", got)
	}
	panes, err := f.GetPanes("Dữ liệu")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	if names := f.GetDefinedName(); len(names) != 1 || names[0].RefersTo != "'Dữ liệu'!$1:$1" {
		t.Errorf("what is repeated in print: %+v", names)
	}
	if wide, err := f.GetColWidth("Dữ liệu", "B"); err != nil || wide != 46 {
		t.Errorf("column B is %v wide, %v", wide, err)
	}
}

// TestMixed: in a column of counts and measures a count stands as one.
func TestMixed(t *testing.T) {
	s := export.Sheet{Lang: "vi", Title: "Phụ lục", Columns: []export.Column{{Key: "value", Title: "Giá trị", Kind: export.Decimal, Scale: 3, Places: 1, Mixed: true}}}
	shown := []string{"4", "0", "-1,308", "12.5", "0.0"}
	s.Rows = func(yield func([]export.Cell, error) bool) {
		for _, n := range []int64{4_000, 0, -1_308_000, 12_500, 1} {
			if !yield([]export.Cell{export.Number(n)}, nil) {
				return
			}
		}
	}
	f, _ := read(t, s)
	for i, want := range shown {
		if _, got, _ := cell(t, f, "Dữ liệu", fmt.Sprint("A", i+2)); got != want {
			t.Errorf("row %d shows %q, want %q", i, got, want)
		}
	}
}

// TestEqualInputEqualBytes, and English labels.
func TestEqualInputEqualBytes(t *testing.T) {
	_, a := read(t, exporttest.Sheet(60))
	_, b := read(t, exporttest.Sheet(60))
	if !bytes.Equal(a, b) {
		t.Error("the same sheet has other bytes")
	}
	s := exporttest.Sheet(1)
	s.Lang = "en"
	f, _ := read(t, s)
	if got := strings.Join(f.GetSheetList(), " "); got != "Data Basis" {
		t.Errorf("sheets %q", got)
	}
}

// TestEdges: numbers that Excel would round, days before its calendar, words where a number was expected, too long words.
func TestEdges(t *testing.T) {
	s := exporttest.Sheet(0)
	s.Rows = func(yield func([]export.Cell, error) bool) {
		yield([]export.Cell{export.Word(strings.Repeat("đ", 40_000)), export.Word(exporttest.Letters()), export.Day("1899-12-31"), export.Word("< 5"), export.Number(999_999_999_999_999), {}, export.Number(1_234_567_890_123_456_789)}, nil)
	}
	f, _ := read(t, s)
	for at, want := range map[string]string{
		"A2": strings.Repeat("đ", 32_766) + "…", "B2": exporttest.Letters(), "C2": "1899-12-31", "D2": "< 5", "E2": "999999999999999", "F2": "", "G2": "1234567890123456.789",
	} {
		if raw, _, _ := cell(t, f, "Dữ liệu", at); raw != want {
			t.Errorf("%s holds %.60q (%d bytes), want %.60q", at, raw, len(raw), want)
		}
	}
}

// FuzzWords: whatever stands in a cell comes back as it was, and as words.
func FuzzWords(f *testing.F) {
	for _, s := range append(exporttest.Hostile(), exporttest.Long()...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := exporttest.Sheet(0)
		s.Basis = []export.Fact{{Label: text, Value: text}}
		s.Columns = []export.Column{{Key: "k", Title: "x" + text}, {Key: "n", Kind: export.Integer}}
		s.Rows = func(yield func([]export.Cell, error) bool) {
			yield([]export.Cell{export.Word(text), export.Word(text)}, nil)
		}
		file, _ := read(t, s)
		want := export.Clean(text)
		if len(want) > 32_767 {
			return
		}
		for sheet, places := range map[string][]string{"Dữ liệu": {"A1", "A2", "B2"}, "Căn cứ": {"A2", "B2"}} {
			for _, at := range places {
				want := want
				if at == "A1" {
					want = export.Clean("x" + text)
				}
				formula, err := file.GetCellFormula(sheet, at)
				raw, _, _ := cell(t, file, sheet, at)
				if strings.Contains(raw+want, "_") { // the library reads its own escapes twice: TestEscapes
					want = raw
				}
				if err != nil || formula != "" || raw != want {
					t.Errorf("%s holds %q with the formula %q, %v; want %q", at, raw, formula, err, want)
				}
			}
		}
	})
}

// TestEscapes: words that look like an escape of Excel's are escaped, so that it shows them as they are.
func TestEscapes(t *testing.T) {
	s := exporttest.Sheet(0)
	s.Columns = s.Columns[:1]
	s.Rows = func(yield func([]export.Cell, error) bool) { yield([]export.Cell{export.Word("_x0041_ _x005F_")}, nil) }
	_, file := read(t, s)
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	if err != nil || !bytes.Contains(text, []byte("<t>_x005F_x0041_ _x005F_x005F_</t>")) {
		t.Errorf("%v: %s", err, text)
	}
}

// TestMemoryIsFlat: a hundred thousand rows need little more than the library's own buffers, and leave nothing behind. A million do
// too (EXPORT_ROWS=1000000): they take half a minute.
func TestMemoryIsFlat(t *testing.T) {
	rows, limit := 100_000, uint64(64<<20)
	if n, err := strconv.Atoi(os.Getenv("EXPORT_ROWS")); err == nil {
		rows = n
	}
	scratch, peak := t.TempDir(), uint64(0)
	s := exporttest.Sheet(rows)
	s.Rows = exporttest.Measured(s.Rows, &peak)
	before := exporttest.Alive()
	out := &counted{peak: &peak}
	if err := xlsx.Write(out, s, scratch); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rows, %d bytes, at most %d kB more alive than before", rows, out.n, (peak-before)>>10)
	if peak > before+limit {
		t.Errorf("%d bytes more than before, of which %d are allowed", peak-before, limit)
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// counted counts what is written, and measures the memory at every 4 MB.
type counted struct {
	n, next int
	peak    *uint64
}

func (c *counted) Write(p []byte) (int, error) {
	if c.n += len(p); c.n >= c.next {
		c.next = c.n + 4<<20
		*c.peak = max(*c.peak, exporttest.Alive())
	}
	return len(p), nil
}

// TestFailures: the error of the rows and of the writer come back, a sheet that is too long is refused, nothing is left behind.
func TestFailures(t *testing.T) {
	scratch, gone := t.TempDir(), errors.New("gone")
	s := exporttest.Sheet(0)
	s.Rows = func(yield func([]export.Cell, error) bool) { yield(nil, gone) }
	if err := xlsx.Write(io.Discard, s, scratch); !errors.Is(err, gone) {
		t.Error(err)
	}
	r, w := io.Pipe()
	r.CloseWithError(gone)
	if err := xlsx.Write(w, exporttest.Sheet(3), scratch); !errors.Is(err, gone) {
		t.Error(err)
	}
	s = export.Sheet{Columns: []export.Column{{Key: "k"}}, Rows: func(yield func([]export.Cell, error) bool) {
		for row := []export.Cell{{}}; yield(row, nil); {
		}
	}}
	if err := xlsx.Write(io.Discard, s, scratch); !errors.Is(err, fault.LimitExceeded) {
		t.Error(err)
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
