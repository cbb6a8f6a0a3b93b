package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"banlang/shared/fault"
	"banlang/syncserver/export"
	"banlang/syncserver/export/exporttest"
)

// TestOfficialWords: number and date are there once it was issued, with noughts where the decree has them, and room for them before.
func TestOfficialWords(t *testing.T) {
	d := export.Document{Symbol: "BC-TH", Place: "Sơn Lĩnh"}
	gap := strings.Repeat("\u00A0", 6)
	for _, c := range []struct {
		issued             *export.Issue
		month              string
		number, date, mark string
	}{
		{nil, "", "Số:" + gap + "/BC-TH", "Sơn Lĩnh, ngày " + gap + " tháng " + gap + " năm " + gap, "DỰ THẢO"},
		{nil, "2026-11", "Số:" + gap + "/BC-TH", "Sơn Lĩnh, ngày " + gap + " tháng 11 năm 2026", "DỰ THẢO"},
		{&export.Issue{Number: 5, Date: "2026-02-03"}, "2026-01", "Số: 05/BC-TH", "Sơn Lĩnh, ngày 03 tháng 02 năm 2026", ""},
		{&export.Issue{Number: 1234, Date: "2026-03-31"}, "", "Số: 1234/BC-TH", "Sơn Lĩnh, ngày 31 tháng 3 năm 2026", ""},
	} {
		d.Issued, d.Month = c.issued, c.month
		if d.NumberLine() != c.number || d.DateLine() != c.date || d.Mark() != c.mark {
			t.Errorf("issued %v: %q, %q, %q; want %q, %q, %q", c.issued, d.NumberLine(), d.DateLine(), d.Mark(), c.number, c.date, c.mark)
		}
	}
}

// TestMissingUnitsAreNamed: in the first paragraph, in both languages, each of them.
func TestMissingUnitsAreNamed(t *testing.T) {
	d := export.Document{Basis: "Số liệu của quý I.", Missing: []export.Missing{{Unit: "xã Ia Mlăng", What: "thiếu 8 lần ghi"}, {Unit: "xã Đăk Rong"}}}
	words := func() (s string) {
		for _, r := range d.Opening() {
			s += r.Words
		}
		return s
	}
	if got, want := words(), "Số liệu của quý I. Đơn vị chưa đủ số liệu: xã Ia Mlăng (thiếu 8 lần ghi); xã Đăk Rong."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	d.Lang, d.Basis = "en", ""
	if got, want := words(), "Units whose figures are not complete: xã Ia Mlăng (thiếu 8 lần ghi); xã Đăk Rong."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if d.Missing = nil; len(d.Opening()) != 0 {
		t.Error("an opening without anything to say")
	}
}

func TestRecipients(t *testing.T) {
	d := export.Document{Recipients: []string{"Giám đốc (để báo cáo)", "Công an các xã"}, Archive: "VT, TH"}
	if got, want := d.RecipientLines(), []string{"- Giám đốc (để báo cáo);", "- Công an các xã;", "- Lưu: VT, TH."}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	d.Archive = ""
	if got, want := d.RecipientLines(), []string{"- Giám đốc (để báo cáo);", "- Công an các xã."}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestNumbering: the point after d is đ, a level begins anew below the next one above.
func TestNumbering(t *testing.T) {
	var n export.Numbering
	var got []string
	for _, level := range []int{1, 2, 3, 3, 3, 3, 3, 2, 3, 1, 1, 1, 2} {
		got = append(got, n.Next(level))
	}
	if want := "I. 1. a) b) c) d) đ) 2. a) II. III. IV. 1."; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
	n = export.Numbering{48, 0, 23}
	if a, b := n.Next(3), n.Next(1); a != "aa)" || b != "XLIX." {
		t.Errorf("%s %s", a, b)
	}
}

// TestCheck refuses what its writer got wrong.
func TestCheck(t *testing.T) {
	if err := exporttest.Report(true).Check(); err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]export.Document{
		"number": {Issued: &export.Issue{Date: "2026-01-01"}},
		"date":   {Issued: &export.Issue{Number: 1, Date: "2026-02-30"}},
		"month":  {Month: "2026-13"},
		"level":  {Body: []export.Block{export.Heading{Level: 4}}},
		"cells":  {Body: []export.Block{export.Table{Columns: make([]export.TableColumn, 2), Rows: []export.Row{{Cells: make([]export.Text, 1)}}}}},
		"group":  {Body: []export.Block{export.Table{Columns: make([]export.TableColumn, 2), Rows: []export.Row{{Kind: export.Group, Cells: make([]export.Text, 2)}}}}},
		"none":   {Body: []export.Block{export.Table{}}},
	} {
		if err := d.Check(); !errors.Is(err, fault.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, columns := range map[string][]export.Column{
		"no key":  {{}},
		"one key": {{Key: "a"}, {Key: "a"}},
		"scale":   {{Key: "a", Scale: 10}},
		"share":   {{Key: "a"}, {Key: "b", Kind: export.Percent}},
		"kinds":   {{Key: "a", Kind: export.Integer}, {Key: "b", Kind: export.Decimal, Scale: 3}, {Key: "c", Kind: export.Percent, Whole: 1}},
	} {
		if err := (export.Sheet{Columns: columns}).Check(); !errors.Is(err, fault.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClean(t *testing.T) {
	for from, want := range map[string]string{
		"a\x00b\x01\x1b[31m\x7f": "ab[31m", "\xff": "\uFFFD", "a\r\nb\rc\u2028d": "a\nb\nc\nd", "\u202Egnp\u202C\u2066x\u2069\uFEFF": "gnpx",
		"Đe\u0302\u0301n": "Đến", "a\tb\u2003c": "a b c", "5\u00A0%": "5\u00A0%", "": "",
	} {
		if got := export.Clean(from); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
	if got, want := export.Tidy("93,65 % và 4 %; các %"), "93,65\u00A0% và 4\u00A0%; các %"; got != want {
		t.Errorf("%q", got)
	}
}

// TestDisarm: what a spreadsheet takes for a formula is words, and numbers stay numbers.
func TestDisarm(t *testing.T) {
	for from, want := range map[string]string{
		"=1+1": "'=1+1", "+84912": "'+84912", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1", "\r=1": "'\r'=1", "  =1": "  '=1",
		"＝1": "'＝1", "a;=1": "a;'=1", "a\n- b": "a\n'- b", "-": "'-", "a;\"=1": "a;\"'=1",
		"-5": "-5", "-5,5": "-5,5", "-1234.5": "-1234.5", "12": "12", "a=b": "a=b", "x@y.vn": "x@y.vn", "Đơn - thư": "Đơn - thư", "'": "'", "": "",
		"-5-3": "'-5-3", "-1.2.3": "'-1.2.3",
	} {
		if got := export.Disarm(from); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
		if got := export.Arm(want); got != from {
			t.Errorf("%q comes back as %q, want %q", want, got, from)
		}
	}
}

// TestArm takes nothing but what Disarm has put there, whatever the text is.
func TestArm(t *testing.T) {
	for _, text := range []string{"'", "'a", "a'=b", "Ea H'leo", "\xff'=1", "'\xff", "x''=1"} {
		if got := export.Arm(text); got != text {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// one is a sheet of one column with these cells.
func one(kind export.Kind, cells ...export.Cell) export.Sheet {
	return export.Sheet{Columns: []export.Column{{Key: "k", Title: "Cột", Kind: kind}}, Rows: func(yield func([]export.Cell, error) bool) {
		for _, c := range cells {
			if !yield([]export.Cell{c}, nil) {
				return
			}
		}
	}}
}

// FuzzCSV: whatever stands in a cell, no part of what is written begins like a formula, however a program parts the line; and
// the apostrophes taken out it is what it was.
func FuzzCSV(f *testing.F) {
	for _, s := range append(exporttest.Hostile(), exporttest.Long()...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b bytes.Buffer
		if err := export.CSV(&b, one(export.TextColumn, export.Word(text), export.Number(1))); err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(b.Bytes()) || !bytes.HasPrefix(b.Bytes(), []byte("\uFEFF")) {
			t.Fatal("not UTF-8 with its mark")
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\uFEFF") + "\n")).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		clean := export.Clean(text)
		if clean == "" || clean == "\n" {
			return // the line is empty, and the reader passes over it
		}
		got := rows[1][0]
		if armed := export.Arm(got); !strings.Contains(clean, "'") && armed != clean {
			t.Fatalf("%q is read again as %q", clean, armed)
		}
		if without := strings.ReplaceAll(got, "'", ""); without != strings.ReplaceAll(clean, "'", "") {
			t.Fatalf("%q came back as %q", clean, got)
		}
		if _, err := json.Number(strings.Replace(got, ",", ".", 1)).Float64(); err == nil && !strings.ContainsAny(got, "+xXpP_eEinfINF") {
			return // a number
		}
		for _, part := range strings.FieldsFunc(got, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
			if part = strings.TrimLeft(part, " \u00A0\u202F\""); strings.IndexAny(part, "=+-@") == 0 {
				t.Fatalf("%q: the part %q begins like a formula", got, part)
			}
		}
	})
}

// TestCSV is the table as programs read it: every kind of cell, letters whole.
func TestCSV(t *testing.T) {
	s := exporttest.Sheet(5)
	var b bytes.Buffer
	if err := export.CSV(&b, s); err != nil {
		t.Fatal(err)
	}
	want := "\uFEFFMã đơn vị,Tên,Ngày,Đã giải quyết,Phải giải quyết,Tỷ lệ,Khối lượng (kg)\r\n" +
		"52.000.00,\"Làng Đê Ktŭ, xã Ia Mlăng, buổi thứ 0\",2026-01-01,-3,20,,-4.500\r\n" +
		"52.001.01,\"Làng Đê Ktŭ, xã Ia Mlăng, buổi thứ 1\",2026-01-02,-2,21,,-3.250\r\n" +
		"52.002.02,\"Làng Đê Ktŭ, xã Ia Mlăng, buổi thứ 2\",2026-01-03,-1,22,,-2.000\r\n" +
		"52.003.03,\"Làng Đê Ktŭ, xã Ia Mlăng, buổi thứ 3\",2026-01-04,0,23,0.0000,-0.750\r\n" +
		"52.004.04,\"Làng Đê Ktŭ, xã Ia Mlăng, buổi thứ 4\",2026-01-05,1,24,0.0417,0.500\r\n"
	if b.String() != want {
		t.Errorf("%s\nwant %s", b.String(), want)
	}
	b.Reset()
	if err := export.CSV(&b, one(export.Integer, export.Word("< 5"), export.Number(-9223372036854775808), export.Cell{}, export.Word(exporttest.Letters()))); err != nil {
		t.Fatal(err)
	}
	if want := "\uFEFFCột\r\n< 5\r\n-9223372036854775808\r\n\r\n" + exporttest.Letters() + "\r\n"; b.String() != want {
		t.Errorf("%q", b.String())
	}
}

// TestWhatIsNoShare: a word in the place of a number has no share; a share is computed and never read. A title is disarmed like a cell.
func TestWhatIsNoShare(t *testing.T) {
	s := export.Sheet{Columns: []export.Column{{Key: "a", Title: "=a", Kind: export.Integer}, {Key: "b", Kind: export.Integer}, {Key: "c", Title: "Tỷ lệ", Kind: export.Percent, Whole: 1}},
		Rows: func(yield func([]export.Cell, error) bool) {
			for _, whole := range []export.Cell{export.Word("•"), export.Number(0), {}, export.Number(8)} {
				if !yield([]export.Cell{export.Number(2), whole, export.Word("97 %")}, nil) {
					return
				}
			}
		}}
	var b bytes.Buffer
	if err := export.CSV(&b, s); err != nil {
		t.Fatal(err)
	}
	if want := "\uFEFF'=a,,Tỷ lệ\r\n2,•,\r\n2,0,\r\n2,,\r\n2,8,0.2500\r\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	b.Reset()
	if err := export.GeoJSON(&b, s, 0, places{}); err != nil {
		t.Fatal(err)
	}
	if strings.Count(b.String(), `"c":null`) != 3 || strings.Count(b.String(), `"c":0.2500`) != 1 || !strings.Contains(b.String(), `"b":"•"`) {
		t.Error(b.String())
	}
	for _, code := range []int{-1, 3} {
		if err := export.GeoJSON(io.Discard, s, code, places{}); !errors.Is(err, fault.Internal) {
			t.Errorf("column %d: %v", code, err)
		}
	}
}

// TestRowsThatFail: the error of the rows comes back as it is, and a row of the wrong length is found.
func TestRowsThatFail(t *testing.T) {
	gone := errors.New("gone")
	s := exporttest.Sheet(0)
	s.Rows = func(yield func([]export.Cell, error) bool) { yield(nil, gone) }
	if err := export.CSV(io.Discard, s); !errors.Is(err, gone) {
		t.Error(err)
	}
	s.Rows = func(yield func([]export.Cell, error) bool) { yield(make([]export.Cell, 2), nil) }
	if err := export.CSV(io.Discard, s); !errors.Is(err, fault.Internal) {
		t.Error(err)
	}
}

// places knows the geometry of one unit.
type places map[string]string

func (p places) Geometry(code string) (json.RawMessage, error) {
	if g, ok := p[code]; ok {
		return json.RawMessage(g), nil
	}
	return nil, nil
}

func TestGeoJSON(t *testing.T) {
	var b bytes.Buffer
	known := places{"52.001.01": `{"type": "Point", "coordinates": [108.0123456789012345, 13.9]}`}
	if err := export.GeoJSON(&b, exporttest.Sheet(5), 0, known); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"id":"52.001.01","geometry":{"type":"Point","coordinates":[108.0123456789012345,13.9]}`) ||
		!strings.Contains(b.String(), `"day":"2026-01-05","done":1,"due":24,"rate":0.0417,"mass":0.500}}`) ||
		!strings.Contains(b.String(), `"id":"52.000.00","geometry":null`) || !strings.Contains(b.String(), `"rate":null`) {
		t.Error(b.String())
	}
	var read struct {
		Type     string
		Features []struct {
			Type       string
			Properties map[string]any
		}
	}
	if err := json.Unmarshal(b.Bytes(), &read); err != nil || read.Type != "FeatureCollection" || len(read.Features) != 5 {
		t.Errorf("%v: %+v", err, read)
	}
	b.Reset()
	if err := export.GeoJSON(&b, exporttest.Sheet(0), 0, known); err != nil || !json.Valid(b.Bytes()) {
		t.Errorf("%v: %s", err, b.String())
	}
	for _, bad := range []string{`{"type":"Feature"}`, `{"type":"Point"}`, `{"type":"Point","coordinates":"x"}`, `[`} {
		if err := export.GeoJSON(io.Discard, exporttest.Sheet(1), 0, places{"52.000.00": bad}); !errors.Is(err, fault.Internal) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, words := range exporttest.Hostile() {
		b.Reset()
		s := one(export.TextColumn, export.Word(words))
		s.Columns[0].Key = "khóa\"" + words
		if err := export.GeoJSON(&b, s, 0, known); err != nil || !json.Valid(b.Bytes()) {
			t.Errorf("%q: %v: %s", words, err, b.String())
		}
	}
}

// TestMemoryIsFlat: a million rows go through with what a few need. What lives after each 50.000 rows is measured.
func TestMemoryIsFlat(t *testing.T) {
	const limit = 2 << 20
	for name, write := range map[string]func() (int, func(export.Sheet) error){
		"CSV": func() (int, func(export.Sheet) error) {
			return 1_000_000, func(s export.Sheet) error { return export.CSV(io.Discard, s) }
		},
		"GeoJSON": func() (int, func(export.Sheet) error) {
			return 100_000, func(s export.Sheet) error { return export.GeoJSON(io.Discard, s, 0, places{}) }
		},
	} {
		rows, write := write()
		s := exporttest.Sheet(rows)
		peak := uint64(0)
		s.Rows = exporttest.Measured(s.Rows, &peak)
		before := exporttest.Alive()
		if err := write(s); err != nil {
			t.Fatal(err)
		}
		if peak > before+limit {
			t.Errorf("%s: %d bytes more than before, of which %d are allowed", name, peak-before, limit)
		}
	}
}
