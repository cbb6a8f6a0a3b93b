package units

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"banlang/shared/units"
	"banlang/shared/viet"
	"banlang/syncserver/export"
)

// A field is what a column of a list may hold.
type field int

const (
	fieldCode field = iota
	fieldParent
	fieldReports
	fieldName
	fieldLevel
	fieldPhone
	fieldFrom
	fieldTo
	fieldInto
	fields int = iota
)

// headers are the names that columns go by, folded and without anything but letters and digits; the first is ours.
var headers = [fields][]string{
	fieldCode:    {"code", "ma", "madonvi", "madvhc", "madonvihanhchinh", "unit", "id"},
	fieldParent:  {"parent", "parentcode", "macha", "macaptren", "donvicaptren", "thuoc", "tructhuoc", "matinh", "matp", "mahuyen", "maqh"},
	fieldReports: {"reports", "reportsto", "baocao", "baocaove", "noibaocao"},
	fieldName:    {"name", "ten", "tendonvi", "tendaydu", "fullname"},
	fieldLevel:   {"level", "cap", "loai", "capdonvi", "type"},
	fieldPhone:   {"phone", "tel", "telephone", "dienthoai", "sodienthoai", "sdt"},
	fieldFrom:    {"from", "validfrom", "tungay", "ngayhieuluc", "hieuluctu"},
	fieldTo:      {"to", "validto", "hethieuluc", "hethieuluctu", "ngayhethieuluc"},
	fieldInto:    {"into", "successor", "successors", "sapnhapvao", "nhapvao", "chiathanh", "thanh"},
}

// words are what lists call the usual levels, folded.
var words = map[string][]string{
	"country":  {"quoc gia", "ca nuoc", "nuoc"},
	"province": {"tinh", "thanh pho truc thuoc trung uong", "thanh pho trung uong"},
	"district": {"huyen", "quan", "thi xa", "thanh pho thuoc tinh"},
	"commune":  {"xa", "phuong", "dac khu", "thi tran"},
	"village":  {"thon", "lang", "ban", "buon", "ap", "khom", "to dan pho", "khu pho", "soc", "plei"},
}

// List is a list of units as it stands in a file.
type List struct {
	Rows    []Row
	Ignored []string // headers of columns that nobody reads
	Has     [fields]bool
}

// Row is a line of a list.
type Row struct {
	units.Unit
	Line    int
	columns *columns
}

// columns say which column of the file holds what.
type columns struct {
	at   [fields]int // from 0; -1: there is none
	head []string
}

// problem says what is wrong with one cell.
func (r *Row) problem(f field, p Problem) Problem {
	p.Line, p.Code = r.Line, r.Code
	if r.columns != nil && r.columns.at[f] >= 0 {
		p.Column, p.Header = r.columns.at[f]+1, r.columns.head[r.columns.at[f]]
	}
	return p
}

// ReadCSV reads a list: a line of headers, in Vietnamese or English, and a line for each unit. Commas, semicolons and
// tabs are taken, with or without a byte order mark, with line ends of any kind. Levels may be written as their IDs or as
// people call them. What cannot be read is told; then the list is not to be applied.
func ReadCSV(file []byte, levels []units.Level) (l List, problems []Problem) {
	if len(file) > MaxFile {
		return l, []Problem{{What: text("Tệp có hơn %d MB.", "The file has more than %d MB.", MaxFile>>20), Next: text("Chia thành nhiều tệp.", "Split it into several files.")}}
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if !utf8.Valid(file) {
		return l, []Problem{{Line: 1 + bytes.Count(file[:firstInvalid(file)], []byte("\n")), What: text("Chữ trong tệp không phải mã UTF-8.", "The text is not in UTF-8."),
			Next: text("Mở tệp bằng Excel, lưu lại dạng “CSV UTF-8”.", "Open the file in Excel and save it as “CSV UTF-8”.")}}
	}
	file = bytes.ReplaceAll(bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	lines := csv.NewReader(bytes.NewReader(file))
	lines.Comma, lines.FieldsPerRecord = comma(file), -1
	head, err := lines.Read()
	if err != nil {
		return l, []Problem{{Line: 1, What: text("Tệp trống.", "The file is empty."), Next: text("Chọn tệp khác.", "Choose another file.")}}
	}
	c := &columns{head: head}
	if problems = l.readHead(c); len(problems) > 0 {
		return l, problems
	}
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return l, problems
		}
		if err != nil {
			p := Problem{What: text("Dấu nháy kép đặt chưa đúng.", "A quotation mark is out of place."), Next: text("Sửa dòng này.", "Correct this line.")}
			var bad *csv.ParseError
			if errors.As(err, &bad) {
				p.Line, p.Column = bad.StartLine, 0
			}
			return l, append(problems, p) // what follows would be read wrongly
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			continue
		}
		if len(l.Rows) == MaxRows {
			return l, append(problems, Problem{What: text("Hơn %d dòng.", "More than %d lines.", MaxRows), Next: text("Chia thành nhiều tệp.", "Split it into several files.")})
		}
		line, _ := lines.FieldPos(0)
		row, bad := c.read(cells, line, levels)
		l.Rows, problems = append(l.Rows, row), append(problems, bad...)
	}
}

func firstInvalid(b []byte) (at int) {
	for at < len(b) {
		r, size := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// comma is what stands between the cells of the first line.
func comma(file []byte) rune {
	head, _, _ := bytes.Cut(file, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(head, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// readHead finds what the columns hold.
func (l *List) readHead(c *columns) (problems []Problem) {
	for f := range c.at {
		c.at[f] = -1
	}
	for i, name := range c.head {
		f := slices.IndexFunc(headers[:], func(known []string) bool { return slices.Contains(known, key(name)) })
		switch {
		case f < 0:
			if strings.TrimSpace(name) != "" {
				l.Ignored = append(l.Ignored, name)
			}
		case c.at[f] >= 0:
			problems = append(problems, Problem{Line: 1, Column: i + 1, Header: name,
				What: text("Cột %d (%s) cũng mang nội dung này.", "Column %d (%s) says the same.", c.at[f]+1, c.head[c.at[f]]),
				Next: text("Bỏ một trong hai cột.", "Take one of the two away.")})
		default:
			c.at[f], l.Has[f] = i, true
		}
	}
	for _, f := range []field{fieldCode, fieldName, fieldLevel} {
		if !l.Has[f] {
			problems = append(problems, Problem{Line: 1, What: text("Thiếu cột %s.", "There is no column %s.", headers[f][0]),
				Next: text("Thêm một cột, dòng đầu ghi %s.", "Add a column with %s in its first line.", headers[f][0])})
		}
	}
	return problems
}

// key is a header without what people write differently.
func key(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, viet.Fold(s))
}

// read reads one line.
func (c *columns) read(cells []string, line int, levels []units.Level) (r Row, problems []Problem) {
	cell := func(f field) string {
		if i := c.at[f]; i >= 0 && i < len(cells) {
			return export.Arm(strings.Join(strings.Fields(viet.NFC(cells[i])), " "))
		}
		return ""
	}
	r = Row{Line: line, columns: c, Unit: units.Unit{Code: cell(fieldCode), Parent: cell(fieldParent), Reports: cell(fieldReports),
		Name: cell(fieldName), Phone: cell(fieldPhone)}}
	r.Into = strings.FieldsFunc(cell(fieldInto), func(c rune) bool { return strings.ContainsRune(",; +", c) })
	if len(r.Into) == 0 {
		r.Into = nil
	}
	for f, day := range map[field]*string{fieldFrom: &r.From, fieldTo: &r.To} {
		if *day = cell(f); *day == "" || viet.ValidDate(*day) {
			continue
		}
		if iso, ok := viet.ParseDate(*day); ok {
			*day = iso
			continue
		}
		problems = append(problems, r.problem(f, Problem{What: text("%q không phải một ngày.", "%q is no day.", *day), Next: text("Ghi dạng 01/07/2025.", "Write it as 01/07/2025 or 2025-07-01.")}))
		*day = ""
	}
	level := cell(fieldLevel)
	if r.Level = levelOf(levels, level); r.Level == "" && level != "" {
		problems = append(problems, r.problem(fieldLevel, Problem{What: text("Không có cấp %q.", "There is no level %q.", level),
			Next: text("Chọn một trong: %s; hoặc khai cấp mới bằng --levels.", "Choose one of: %s; or name a new one with --levels.", ids(levels))}))
		r.Level = level
	}
	return r, problems
}

func ids(levels []units.Level) string {
	var all []string
	for _, l := range levels {
		all = append(all, l.ID)
	}
	return strings.Join(all, ", ")
}

// levelOf finds the level that a list writes somehow; "" for none.
func levelOf(levels []units.Level, written string) string {
	folded := viet.Fold(written)
	for _, l := range levels {
		if folded == viet.Fold(l.ID) || folded == viet.Fold(l.VI) || folded == viet.Fold(l.EN) || slices.Contains(words[l.ID], folded) {
			return l.ID
		}
	}
	return ""
}

// WriteCSV writes units as a list that ReadCSV takes, with every column and a byte order mark for spreadsheets. What those would take
// for a formula is disarmed (export.Disarm).
func WriteCSV(all []units.Unit) []byte {
	var head []string
	for _, known := range headers {
		head = append(head, known[0])
	}
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	_ = w.Write(head) // into memory, as all below
	for i := range all {
		u := &all[i]
		row := []string{u.Code, u.Parent, u.Reports, u.Name, u.Level, u.Phone, u.From, u.To, strings.Join(u.Into, " ")}
		for i := range row {
			row[i] = export.Disarm(row[i])
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}
