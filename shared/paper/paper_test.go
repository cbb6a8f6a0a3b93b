package paper

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png" // what pdftoppm writes
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"banlang/shared/form/builtin"
	"banlang/shared/typeset"
	"banlang/shared/typeset/typesettest"
)

// words gives all that a document is to show, line by line.
func words(d Document) (all []string) {
	add := func(s ...string) { all = append(all, s...) }
	value := func(v Value) {
		if v.Sealed {
			add(d.Words.Sealed)
		} else {
			add(strings.Split(v.Text, "\n")...)
		}
	}
	var block func(b Block)
	block = func(b Block) {
		switch b := b.(type) {
		case Field:
			add(b.Label)
			value(b.Value)
		case Repeat:
			add(b.Label)
			add(b.Columns...)
			for _, row := range b.Rows {
				for _, v := range row {
					value(v)
				}
			}
		case Group:
			add(b.Heading)
			for _, b := range b.Blocks {
				block(b)
			}
		case Pictures:
			add(b.Label)
			for _, p := range b.Pictures {
				add(p.Caption)
			}
		}
	}
	add(d.Title, d.Words.Program, d.Words.Printed)
	add(d.Subtitle...)
	for _, s := range d.Sections {
		add(s.Heading)
		for _, b := range s.Blocks {
			block(b)
		}
	}
	for _, e := range d.History {
		add(d.Words.History, e.When, e.Who, e.What)
	}
	return all
}

// TestRecord prints a long record: every word is there, inside the margins, in a small file, and the same each time.
func TestRecord(t *testing.T) {
	d := record(t)
	file := printed(t, d)
	text := whole(t, file)
	for _, w := range words(d) {
		if !strings.Contains(text, squeezed(w)) {
			t.Errorf("%q is not there", w)
		}
	}
	if strings.Contains(text, "BÍMẬT") || bytes.Contains(file, []byte("BÍ")) {
		t.Error("a sealed value is there")
	}
	if !strings.Contains(text, "Trang1/3") || !strings.Contains(text, "Trang3/3") {
		t.Error("the pages are not numbered 1 to 3")
	}
	inside(t, file)
	if again := printed(t, record(t)); !bytes.Equal(file, again) {
		t.Error("printed again it has other bytes")
	}
	for i := range d.Sections[2].Blocks {
		d.Sections[2].Blocks[i] = Field{}
	}
	if n := len(printed(t, d)); n > 100_000 {
		t.Errorf("without its pictures it has %d bytes", n)
	} else {
		t.Logf("%d bytes without pictures", n)
	}
	if at := os.Getenv("PAPER_OUT"); at != "" {
		if err := os.WriteFile(at, file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// inside fails where text begins or ends outside of the margins.
func inside(t *testing.T, file []byte) {
	t.Helper()
	regular, _, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range typesettest.Read(t, file) {
		end := p.X + regular.Width(p.Size, p.Text) // or a little more, if it is bold
		if p.X < leftMargin-0.1 || end > pageWidth-rightMargin+0.5 || p.Y < 10 || p.Y > pageHeight-8 {
			t.Errorf("page %d: %q lies from (%.1f, %.1f) to %.1f", p.Page, p.Text, p.X, p.Y, end)
		}
		if p.Y > bottom && p.Y < pageHeight-13 {
			t.Errorf("page %d: %q lies in the margin, at %.1f", p.Page, p.Text, p.Y)
		}
	}
}

// TestComposedOrNot: text that comes in with its marks apart looks the same, to the byte.
func TestComposedOrNot(t *testing.T) {
	d := Document{Words: vietnamese, Title: "Đồng bộ, Ngoại tuyến", Sections: []Section{{Heading: "Tiếng Việt", Blocks: []Block{Field{"Nội dung", Value{Text: story}}}}}}
	apart := d
	apart.Title = norm.NFD.String(d.Title)
	apart.Sections = []Section{{Heading: norm.NFD.String("Tiếng Việt"), Blocks: []Block{Field{norm.NFD.String("Nội dung"), Value{Text: norm.NFD.String(story)}}}}}
	if !bytes.Equal(printed(t, d), printed(t, apart)) {
		t.Error("composed and decomposed text are printed differently")
	}
}

// TestMarks: what has no code of its own has its mark over the letter, and higher where there is one already.
func TestMarks(t *testing.T) {
	pieces := typesettest.Read(t, printed(t, Document{Words: vietnamese, Title: "x ê̆ x", Subtitle: []string{"Bơ̆r b̆l ư̆"}}))
	var got []string
	for _, p := range pieces {
		got = append(got, p.Text)
	}
	if want := []string{"x ê", "\u0306", " x", "Bơ", "\u0306", "r b", "\u0306", "l ư", "\u0306", "Bản Làng · In lúc 14:02 ngày 17/11/2026, Ksơr H'Lan"}; !slices.Equal(slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "Trang") }), want) {
		t.Fatalf("drawn as %q", got)
	}
	if up := pieces[0].Y - pieces[1].Y; up < 0.5 {
		t.Errorf("the breve of ê̆ is %.2f mm above the line of the letter, on its circumflex", up)
	}
	_, bold, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	pen := pieces[0].X + bold.Width(titleSize, "x ê")
	if back := pen - pieces[1].X; back < 0.5 || pieces[2].X != pen && pieces[2].X-pen > 0.01 {
		t.Errorf("the breve lies %.2f mm before the end of its letter, and the next at %.2f instead of %.2f", back, pieces[2].X, pen)
	}
}

// TestLettersOfTheForms: no letter of the forms of the programme, and none of the languages spoken there, is a box.
func TestLettersOfTheForms(t *testing.T) {
	forms, err := builtin.All()
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"čñƀɃĂăÂâĐđÊêÔôƠơƯưĕĔŏŎŭŬĭĬ ơ̆ ư̆ ê̆ ô̆ â̆ b̆ č̆ ê̆̃ Ơ̆ Ư̆ Ê̆ “‘’”–—…•°²³×÷±≤≥½→₫€%‰ aàảãáạ"}
	for r := rune(0x1EA0); r <= 0x1EF9; r++ {
		texts = append(texts, string(r))
	}
	for _, f := range forms {
		texts = append(texts, string(f.XML))
	}
	regular, bold, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		for _, f := range []*typeset.Face{regular, bold} {
			if at := strings.IndexRune(f.Clean(text), '□'); at >= 0 {
				t.Errorf("a letter is missing after %q", f.Clean(text)[max(0, at-40):at])
			}
		}
	}
}

var labels = regexp.MustCompile(`<value>([^<&]+)</value>`)

// TestEveryForm prints the words of all forms of the programme as labels and as values.
func TestEveryForm(t *testing.T) {
	forms, err := builtin.All()
	if err != nil || len(forms) < 26 {
		t.Fatal(len(forms), err)
	}
	d := Document{Title: "Mọi biểu mẫu", Words: vietnamese}
	for _, f := range forms {
		part := Section{Heading: f.VI}
		for i, m := range labels.FindAllStringSubmatch(string(f.XML), -1) {
			part.Blocks = append(part.Blocks, Field{m[1], Value{Text: strings.Repeat(m[1]+" ", 1+i%9)}})
		}
		d.Sections = append(d.Sections, part)
	}
	file := printed(t, d)
	text := whole(t, file)
	for _, w := range words(d) {
		if !strings.Contains(text, squeezed(norm.NFC.String(w))) {
			t.Errorf("%q is not there", w)
		}
	}
	inside(t, file)
}

// TestBreaks: a label and its value stay on one page; a value longer than that goes on with its label.
func TestBreaks(t *testing.T) {
	d := Document{Words: vietnamese, Title: "T"}
	var blocks []Block
	for i := range 60 {
		blocks = append(blocks, Field{fmt.Sprintf("nhãn%d.", i), Value{Text: strings.TrimSpace(strings.Repeat(fmt.Sprintf("v%d.\n", i), 1+i*7%9))}})
	}
	var long strings.Builder
	for i := range 130 {
		fmt.Fprintf(&long, "dòng%d.\n", i)
	}
	blocks = append(blocks, Field{"dài.", Value{Text: long.String()}}, Field{"sau.", Value{Text: "hết."}})
	d.Sections = []Section{{Heading: "H", Blocks: blocks}}
	file := printed(t, d)
	inside(t, file)

	page := map[string][]int{}
	for _, p := range typesettest.Read(t, file) {
		page[p.Text] = append(page[p.Text], p.Page)
	}
	for i := range 60 {
		label, value := page[fmt.Sprintf("nhãn%d.", i)], page[fmt.Sprintf("v%d.", i)]
		if len(label) != 1 || len(value) != 1+i*7%9 || slices.Min(value) != label[0] || slices.Max(value) != label[0] {
			t.Errorf("label %d is on page %d, its %d lines on %d", i, label, 1+i*7%9, value)
		}
	}
	lines := map[int]int{}
	for i := range 130 {
		on := page[fmt.Sprintf("dòng%d.", i)]
		if len(on) != 1 {
			t.Fatalf("line %d is on %d", i, on)
		}
		lines[on[0]]++
	}
	again := page["dài. (tiếp theo)"]
	if len(lines) < 3 || len(again) != len(lines)-1 {
		t.Errorf("lines on the pages: %v, the label again on %v", lines, again)
	}
	for n, count := range lines {
		if count < together || n != page["dài."][0] && !slices.Contains(again, n) {
			t.Errorf("%d lines of it on page %d, the label again on %v", count, n, again)
		}
	}
}

// TestHeadingsStayWithTheirBlocks: whatever is above, none is the last of its page.
func TestHeadingsStayWithTheirBlocks(t *testing.T) {
	blocks := map[string]Block{
		"first": Field{"first", Value{Text: "a\nb\nc"}},
		"in":    Group{"Nhóm", []Block{Field{"in", Value{Text: "a\nb\nc"}}}},
		"cell":  Repeat{"Bảng", []string{"A", "B"}, texted([]string{"cell", "2"})},
		"note":  Pictures{"Ảnh", []Picture{{nil, "note"}}},
	}
	for first, block := range blocks {
		pages := map[int]bool{}
		for above := 34; above < 54; above += 2 {
			d := Document{Words: vietnamese, Title: "T", Sections: []Section{
				{Blocks: []Block{Field{"trên", Value{Text: strings.Repeat("x\n", above) + "x"}}}}, {Heading: "Đầu đề", Blocks: []Block{block}}}}
			var heading, content int
			for _, p := range typesettest.Read(t, printed(t, d)) {
				switch p.Text {
				case "Đầu đề":
					heading = p.Page
				case first:
					content = p.Page
				}
			}
			if heading != content {
				t.Errorf("below %d lines: the heading is on page %d, %q on %d", above, heading, first, content)
			}
			pages[heading] = true
		}
		if !pages[1] || !pages[2] || len(pages) != 2 {
			t.Errorf("%q was on pages %v, and not on 1 and 2", first, pages)
		}
	}
}

func TestRepeats(t *testing.T) {
	var rows [][]string
	for i := range 90 {
		rows = append(rows, []string{fmt.Sprintf("hàng%d.", i), "2 khẩu"})
	}
	sealed := texted(rows...)
	sealed[3][1] = Value{Text: "kín", Sealed: true}
	small := Repeat{"Danh mục", []string{"Loại", "Số lượng"}, sealed}
	wide := Repeat{"Ý kiến", strings.Split(strings.Repeat("Cột 1234567890|", 11)+"C", "|"), texted(strings.Split(strings.Repeat("giá trị|", 11)+"c", "|"))}
	tower := Repeat{"Tháp", []string{"Một", "Hai"}, texted([]string{story + story, story})}
	none := Repeat{"Trống", []string{"Không"}, nil}
	file := printed(t, Document{Words: vietnamese, Title: "T", Sections: []Section{{Blocks: []Block{small, wide, tower, none}}}})
	inside(t, file)
	text := whole(t, file)
	if n, again := strings.Count(text, "TTLoạiSốlượng"), strings.Count(text, "Danhmục(tiếptheo)"); n < 2 || again != n-1 {
		t.Errorf("the columns are named %d times, the table goes on %d times", n, again)
	}
	for _, want := range []string{"Ýkiến1", "Tháp1", "90hàng89.", vietnamese.Sealed} {
		if !strings.Contains(text, squeezed(want)) {
			t.Errorf("%q is not there", want)
		}
	}
	for _, not := range []string{"Trống", "Danhmục1", "kín"} {
		if strings.Contains(text, not) {
			t.Errorf("%q is there", not)
		}
	}
}

func TestPictures(t *testing.T) {
	jpegs := [][]byte{photograph(t, 256, 192), photograph(t, 2, 200), photograph(t, 300, 4)}
	p := Pictures{Label: "Ảnh"}
	for _, j := range jpegs {
		p.Pictures = append(p.Pictures, Picture{JPEG: j})
	}
	p.Pictures = append(p.Pictures, Picture{JPEG: jpegs[0], Caption: "once more"}, Picture{JPEG: jpegs[0][:40]}, Picture{JPEG: []byte("no picture"), Caption: strings.Repeat("chú thích ", 20)})
	file := printed(t, Document{Words: vietnamese, Title: "T", Sections: []Section{{Blocks: []Block{p, Pictures{Label: "Trống"}}}}})
	for i, j := range jpegs {
		if n := bytes.Count(file, j); n != 1 {
			t.Errorf("picture %d is in the file %d times as it was", i, n)
		}
	}
	if n := bytes.Count(file, []byte("/Width 256\n")); n != 1 {
		t.Errorf("%d pictures have the width of the first", n)
	}
	text := whole(t, file)
	if n := strings.Count(text, squeezed(vietnamese.NoPicture)); n != 2 || strings.Contains(text, "Trống") {
		t.Errorf("%d of 2 frames say that their picture is not there", n)
	}
	inside(t, file)
}

// TestAnyText: what people paste is printed, or a box for it.
func TestAnyText(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"emoji and Chinese":  {"a😀b漢c", "a□b□c"},
		"controls":           {"a\x00\x07b\u200bc\ufeffd\u202ee", "abcde"},
		"a mark alone":       {"\u0306a", "\u0306a"},
		"brackets":           {`a(b)c\d`, `a(b)c\d`},
		"returns":            {"a\r\nb\rc", "abc"},
		"not UTF-8":          {"a\xffb", "a□b"},
		"one very long word": {strings.Repeat("ệ̆", 3000), strings.Repeat("ệ̆", 3000)},
		"many lines":         {strings.Repeat("\n", 300) + "a", "a"},
		"page after page":    {strings.Repeat(story+"\n", 40), strings.Repeat(squeezed(story), 40)},
	} {
		for _, d := range []Document{
			{Sections: []Section{{Blocks: []Block{Field{"nhãn", Value{Text: c.text}}}}}},
			{History: []Event{{"lúc", "ai", c.text}}},
		} {
			d.Words, d.Title = vietnamese, "T"
			file := printed(t, d)
			inside(t, file)
			var text strings.Builder
			for _, p := range typesettest.Read(t, file) {
				if p.Y > topMargin && p.Y < bottom && !strings.HasPrefix(p.Text, "nhãn") {
					text.WriteString(p.Text)
				}
			}
			if got := squeezed(text.String()); !strings.HasSuffix(got, squeezed(c.want)) {
				t.Errorf("%s: %.200q does not end in %.200q", name, got, c.want)
			}
		}
	}
}

// TestNothingIsLeftOfAnother: records that are printed at once, or after others, come out as if each were alone. The race
// detector watches; fpdf would write into a font that is shared.
func TestNothingIsLeftOfAnother(t *testing.T) {
	d := record(t)
	want := printed(t, d)
	var all strings.Builder
	for r := rune(0x20); r < 0x2200; r++ {
		all.WriteRune(r)
	}
	printed(t, Document{Words: vietnamese, Title: all.String(), Subtitle: []string{all.String()}})
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if file, err := PDF(d); err != nil || !bytes.Equal(file, want) {
				t.Errorf("another file (%v)", err)
			}
		})
	}
	both.Wait()
}

// TestWithPoppler has another program read what was printed, and draw it.
func TestWithPoppler(t *testing.T) {
	for _, tool := range []string{"pdftotext", "pdftoppm", "pdffonts"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("not checked by another program: poppler-utils is not installed: ", err)
		}
	}
	d := record(t)
	at := filepath.Join(t.TempDir(), "record.pdf")
	if err := os.WriteFile(at, printed(t, d), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(name string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
		if err != nil || bytes.Contains(out, []byte("Error")) {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	text := squeezed(norm.NFC.String(run("pdftotext", "-raw", at, "-")))
	for _, w := range words(d) {
		for word := range strings.FieldsSeq(w) {
			if !strings.Contains(text, norm.NFC.String(word)) {
				t.Errorf("%q is not there", word)
			}
		}
	}
	if fonts := run("pdffonts", at); strings.Count(fonts, "yes no  yes") != 2 {
		t.Errorf("two fonts should be embedded, with their letters named:\n%s", fonts)
	}
	run("pdftoppm", "-r", "40", "-png", at, at)
	for n := 1; n <= 3; n++ {
		f, err := os.Open(fmt.Sprintf("%s-%d.png", at, n))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		page, _, err := image.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		dark := 0
		for y := range page.Bounds().Dy() {
			for x := range page.Bounds().Dx() {
				if r, _, _, _ := page.At(x, y).RGBA(); r < 0x8000 {
					dark++
				}
			}
		}
		if dark < 500 {
			t.Errorf("page %d is nearly empty: %d dark dots", n, dark)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	d := record(b)
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(len(printed(b, d)))/1000, "kB")
	}
}
