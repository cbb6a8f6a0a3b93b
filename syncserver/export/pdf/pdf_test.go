package pdf_test

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"banlang/shared/fault"
	"banlang/shared/typeset"
	"banlang/shared/typeset/typesettest"
	"banlang/syncserver/export"
	"banlang/syncserver/export/exporttest"
	"banlang/syncserver/export/layout"
	"banlang/syncserver/export/pdf"
)

var update = flag.Bool("update", false, "write what is on the pages to testdata instead of holding them against it")

func written(t testing.TB, d export.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lines are the words on the pages, as they stand beside and below each other.
func lines(t testing.TB, d export.Document) [][]string {
	t.Helper()
	var pieces []typesettest.Piece
	for _, p := range typesettest.Read(t, written(t, d)) {
		if r, _ := utf8.DecodeRuneInString(p.Text); unicode.Is(unicode.Mn, r) { // it stands above the letter before it
			pieces[len(pieces)-1].Text += p.Text
			continue
		}
		pieces = append(pieces, p)
	}
	slices.SortStableFunc(pieces, func(a, b typesettest.Piece) int {
		return cmp.Or(cmp.Compare(a.Page, b.Page), cmp.Compare(int(a.Y*2), int(b.Y*2)), cmp.Compare(a.X, b.X))
	})
	var pages [][]string
	for i, p := range pieces {
		for len(pages) < p.Page {
			pages = append(pages, nil)
		}
		page := &pages[p.Page-1]
		if i > 0 && pieces[i-1].Page == p.Page && int(pieces[i-1].Y*2) == int(p.Y*2) {
			(*page)[len(*page)-1] += p.Text
		} else {
			*page = append(*page, p.Text)
		}
	}
	return pages
}

// TestReport holds the lines of the report, as a draft and issued, against testdata.
func TestReport(t *testing.T) {
	for name, issued := range map[string]bool{"draft": false, "issued": true} {
		var b strings.Builder
		for i, page := range lines(t, exporttest.Report(issued)) {
			fmt.Fprintf(&b, "== page %d\n%s\n", i+1, strings.Join(page, "\n"))
		}
		at := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(at, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if want, err := os.ReadFile(at); err != nil || string(want) != b.String() {
			t.Errorf("%s (%v) says otherwise; look at it, and write it anew with -update:\n%s", at, err, b.String())
		}
	}
}

func TestEqualInputEqualBytes(t *testing.T) {
	if !bytes.Equal(written(t, exporttest.Report(true)), written(t, exporttest.Report(true))) {
		t.Error("the same document has other bytes")
	}
}

func TestRefused(t *testing.T) {
	var b bytes.Buffer
	if err := pdf.Write(&b, export.Document{Month: "x"}); !errors.Is(err, fault.Internal) || b.Len() > 0 {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
}

func squeezed(words string) string { return strings.Join(strings.Fields(words), "") }

// all is what stands on the pages, in the order of writing, without spaces.
func all(pieces []typesettest.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Y > layout.Top { // no number of a page, no mark
			b.WriteString(p.Text)
		}
	}
	return squeezed(b.String())
}

// inside fails where words lie outside of the margins, measured in the narrowest of the faces; the number of the page and the mark of a draft stand in the upper one.
func inside(t testing.TB, pieces []typesettest.Piece) {
	t.Helper()
	faces, err := layout.NewFaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pieces {
		wide := math.Inf(1)
		for _, f := range faces {
			wide = min(wide, f.Width(p.Size, strings.TrimRight(p.Text, " ")))
		}
		end := p.X + wide
		if p.X < layout.Left-0.1 || end > layout.PageWidth-layout.Right+0.3 || p.Y < layout.HeadFromEdge || p.Y > layout.PageHeight-layout.Bottom+0.1 {
			t.Fatalf("page %d: %.60q lies from (%.1f, %.1f) to %.1f", p.Page, p.Text, p.X, p.Y, end)
		}
	}
}

// TestLetters: every letter with every tone is in all four faces, and comes out of the file.
func TestLetters(t *testing.T) {
	faces, err := layout.NewFaces()
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range faces {
		if at := strings.IndexRune(f.Clean(exporttest.Letters()), '□'); at >= 0 {
			t.Errorf("face %d lacks the letter after %q", i, f.Clean(exporttest.Letters())[:at])
		}
	}
	d := exporttest.Everywhere(exporttest.Letters())
	pieces := typesettest.Read(t, written(t, d))
	if n := strings.Count(all(pieces), squeezed(exporttest.Letters())); n < 20 {
		t.Errorf("all letters are there %d times", n)
	}
	inside(t, pieces)
}

// TestAnyWords: whatever the words are, in whatever place, nothing is lost and nothing lies outside of the margins.
func TestAnyWords(t *testing.T) {
	faces, err := layout.NewFaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range exporttest.Hostile() {
		pieces := typesettest.Read(t, written(t, exporttest.Everywhere(words)))
		want := squeezed(faces[0].Clean(export.Tidy(words)))
		if n := strings.Count(all(pieces), want); n < 30 && len(want) < 500 {
			t.Errorf("%.60q is there %d times", want, n)
		}
		inside(t, pieces)
	}
}

// TestLongWords: what is longer than a page goes on, in each place that can break; nothing is lost.
func TestLongWords(t *testing.T) {
	for _, words := range exporttest.Long() {
		for name, d := range map[string]export.Document{
			"paragraph": {Body: []export.Block{export.Paragraph{Text: export.Words(words)}}},
			"cell":      {Body: []export.Block{export.Table{Columns: make([]export.TableColumn, 2), Rows: []export.Row{{Cells: []export.Text{export.Words("x"), {{Words: words, Note: "chú"}}}}}}}},
			"head":      {Body: []export.Block{export.Table{Columns: []export.TableColumn{{Title: words}}, Rows: []export.Row{{Cells: []export.Text{nil}}}}}},
			"subject":   {Subject: words}, "issuer": {Issuer: words}, "place": {Place: words},
			"recipient": {Recipients: []string{words}}, "name": {Signature: export.Signature{Name: words}},
			"footnote": {Body: []export.Block{export.Bullets{Items: []export.Text{{{Words: "x", Note: words}}}}}},
		} {
			pieces := typesettest.Read(t, written(t, d))
			slices.SortStableFunc(pieces, func(a, b typesettest.Piece) int { return cmp.Compare(a.Page, b.Page) })
			if !strings.Contains(all(pieces), squeezed(words)) {
				t.Errorf("%s: not all of %.20q is there", name, words)
			}
			inside(t, pieces)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("từ", 2)
	f.Fuzz(func(t *testing.T, words string, times int) {
		if times < 0 || times > 50 {
			return
		}
		inside(t, typesettest.Read(t, written(t, exporttest.Everywhere(strings.Repeat(words, times)))))
	})
}

// TestMade: the time of the document is in the file, and not the one at which it was written.
func TestMade(t *testing.T) {
	d := exporttest.Report(true)
	for made, want := range map[time.Time]string{d.Made: "D:" + d.Made.Format("20060102150405"), {}: "D:19700101000000"} {
		d.Made = made
		file := written(t, d)
		for _, key := range []string{"/CreationDate", "/ModDate"} {
			if _, at, ok := bytes.Cut(file, []byte(key+" (")); !ok || !bytes.HasPrefix(at, []byte(want)) {
				t.Errorf("%s is %.30q, want %s", key, at, want)
			}
		}
	}
}

// TestNumbersStandBelowEachOther: those of a column end at one place, and words begin at one.
func TestNumbersStandBelowEachOther(t *testing.T) {
	faces, err := layout.NewFaces()
	if err != nil {
		t.Fatal(err)
	}
	table := export.Table{Columns: []export.TableColumn{{Title: "Chữ"}, {Title: "Số", Number: true}}}
	for _, n := range []string{"1", "1.000", "325.745.000"} {
		table.Rows = append(table.Rows, export.Row{Cells: []export.Text{export.Words("chữ" + n), export.Words(n)}})
	}
	begins, ends := map[int]bool{}, map[int]bool{}
	for _, p := range typesettest.Read(t, written(t, export.Document{Body: []export.Block{table}})) {
		switch {
		case strings.HasPrefix(p.Text, "chữ"):
			begins[int(math.Round(p.X*10))] = true
		case strings.Trim(p.Text, "0123456789.") == "":
			ends[int(math.Round((p.X+faces.Of(false, false).Width(p.Size, p.Text))*10))] = true
		}
	}
	if len(begins) != 1 || len(ends) != 1 {
		t.Errorf("words begin at %v, numbers end at %v", begins, ends)
	}
}

// TestWideTables are written smaller, before any word of them is broken; and no smaller than can be read.
func TestWideTables(t *testing.T) {
	for columns, want := range map[int]float64{3: layout.TableSize, 10: 11, 40: 9} {
		var table export.Table
		var row export.Row
		for range columns {
			table.Columns = append(table.Columns, export.TableColumn{Title: "Nguyễn"})
			row.Cells = append(row.Cells, export.Words("1"))
		}
		table.Rows = []export.Row{row}
		pieces := typesettest.Read(t, written(t, export.Document{Body: []export.Block{table}}))
		whole := 0
		for _, p := range pieces {
			if p.Text == "Nguyễn" {
				whole++
			}
			if strings.HasPrefix(p.Text, "Nguy") && p.Size != want {
				t.Errorf("%d columns: letters of %.1f points, want %.1f", columns, p.Size, want)
				break
			}
		}
		if broken := whole != columns; broken != (columns == 40) {
			t.Errorf("%d columns: %d words are whole", columns, whole)
		}
		inside(t, pieces)
	}
}

// TestUnderlined: the units that are missing are underlined, over their whole width.
func TestUnderlined(t *testing.T) {
	long := func(d export.Document) (sum float64) {
		for _, m := range regexp.MustCompile(`([0-9.]+) ([0-9.]+) m ([0-9.]+) ([0-9.]+) l S`).FindAllSubmatch(drawn(t, written(t, d)), -1) {
			from, _ := strconv.ParseFloat(string(m[1]), 64) // digits and a point
			to, _ := strconv.ParseFloat(string(m[3]), 64)
			sum += (to - from) * typeset.PerPoint
		}
		return sum
	}
	faces, err := layout.NewFaces()
	if err != nil {
		t.Fatal(err)
	}
	d := export.Document{Basis: "Số liệu tháng 6."}
	before := long(d)
	d.Missing = []export.Missing{{Unit: "xã Ia Mlăng"}}
	want := faces.Of(false, false).Width(layout.BodySize, "Đơn vị chưa đủ số liệu: xã Ia Mlăng.")
	if got := long(d) - before; math.Abs(got-want) > 12 { // but for the spaces
		t.Errorf("%.1f mm are underlined, want %.1f", got, want)
	}
}

// drawn is what the pages of a PDF are drawn by.
func drawn(t *testing.T, file []byte) (all []byte) {
	t.Helper()
	for _, stream := range regexp.MustCompile(`(?s)/Filter /FlateDecode[^>]*>>\nstream\n(.*?)\nendstream`).FindAllSubmatch(file, -1) {
		if z, err := zlib.NewReader(bytes.NewReader(stream[1])); err == nil {
			content, err := io.ReadAll(z)
			if err == nil && bytes.Contains(content, []byte(" Td (")) {
				all = append(all, content...)
			}
		}
	}
	return all
}

// TestHeadOfATableIsRepeated: on every page that it reaches, and no row is lost or parted.
func TestHeadOfATableIsRepeated(t *testing.T) {
	table := export.Table{Columns: []export.TableColumn{{Title: "Thứ tự"}, {Title: "Giá trị", Number: true}}}
	for i := range 200 {
		table.Rows = append(table.Rows, export.Row{Cells: []export.Text{export.Words("hàng-" + strconv.Itoa(i)), export.Words("giá trị")}})
	}
	pages := lines(t, export.Document{Body: []export.Block{table}})
	row := 0
	for n, page := range pages {
		heads := 0
		for _, l := range page {
			if strings.Contains(l, "Thứ tự") {
				heads++
			}
			if strings.HasPrefix(l, "hàng-") {
				if heads != 1 || !strings.HasPrefix(l, fmt.Sprintf("hàng-%dgiá", row)) {
					t.Fatalf("page %d: %q behind %d heads, row %d is next", n+1, l, heads, row)
				}
				row++
			}
		}
	}
	if row != 200 || len(pages) < 4 {
		t.Errorf("%d rows on %d pages", row, len(pages))
	}
}

// TestWhatStaysTogether: wherever a page ends, a heading has words below it, a group a row, and the signature the last words of
// the text.
func TestWhatStaysTogether(t *testing.T) {
	pageOf := func(pages [][]string, words string) int {
		for n, page := range pages {
			for _, l := range page {
				if strings.Contains(l, words) {
					return n
				}
			}
		}
		t.Fatalf("%q is nowhere", words)
		return 0
	}
	for before := range 45 {
		filler := strings.TrimSpace(strings.Repeat("dòng\n", before+1))
		d := export.Document{
			Signature: export.Signature{Position: "TRƯỞNG PHÒNG", Name: "Người Ký"}, Recipients: []string{"Nơi thứ nhất"},
			Body: []export.Block{
				export.Paragraph{Text: export.Words(filler)}, export.Heading{Level: 1, Words: "TRÊN BẢNG"},
				export.Table{Title: "Bảng", Columns: make([]export.TableColumn, 2), Rows: []export.Row{
					{Cells: []export.Text{export.Words("đầu"), nil}}, {Kind: export.Group, Cells: []export.Text{export.Words("nhóm")}}, {Cells: []export.Text{export.Words("dưới nhóm"), nil}}}},
				export.Heading{Level: 1, Words: "TRÊN MỤC"}, export.Heading{Level: 2, Words: "Mục"}, export.Paragraph{Text: export.Words("lời cuối")},
			},
		}
		pages := lines(t, d)
		for _, pair := range [][2]string{{"TRÊN BẢNG", "đầu"}, {"nhóm", "dưới nhóm"}, {"TRÊN MỤC", "lời cuối"}, {"1. Mục", "lời cuối"}, {"lời cuối", "TRƯỞNG PHÒNG"}, {"TRƯỞNG PHÒNG", "Người Ký"}, {"Nơi nhận", "Người Ký"}} {
			if a, b := pageOf(pages, pair[0]), pageOf(pages, pair[1]); a != b {
				t.Errorf("after %d lines %q is on page %d, %q on %d", before+1, pair[0], a+1, pair[1], b+1)
			}
		}
	}
}

// TestFootnotes: each stands on the page of its sign, below the text, in order; one that is longer than a page goes on.
func TestFootnotes(t *testing.T) {
	d := export.Document{}
	for i := 1; i <= 60; i++ {
		d.Body = append(d.Body, export.Paragraph{Text: export.Text{{Words: fmt.Sprintf("chữ-%d", i), Note: fmt.Sprintf("chú-%d thích", i)}, {Words: " và lời tiếp theo."}}})
	}
	written60 := lines(t, d)
	on := func(word string) (pages []int) {
		for n, page := range written60 {
			for _, l := range page {
				if strings.Contains(l+" ", word) {
					pages = append(pages, n)
				}
			}
		}
		return pages
	}
	for i := 1; i <= 60; i++ {
		signs, notes := on(fmt.Sprintf("chữ-%d", i)), on(fmt.Sprintf("%d. chú-%d ", i, i))
		if len(notes) != 1 || !slices.Contains(signs, notes[0]) {
			t.Errorf("the sign %d is on page %v, its footnote on %v", i, signs, notes)
		}
	}
	long := export.Document{Body: []export.Block{export.Paragraph{Text: export.Text{{Words: "dài", Note: strings.Repeat("chú thích rất dài ", 700)}, {Words: " hết."}}}}}
	pieces := typesettest.Read(t, written(t, long))
	inside(t, pieces)
	if n := strings.Count(all(pieces), "chúthíchrấtdài"); n != 700 {
		t.Errorf("%d of 700 are there", n)
	}
}
