// Package export owns what leaves the centre as a file: official documents in the layout of Decree 30/2020, and tables.
//
// It is a model, and what can be written of it without a library: CSV and GeoJSON. docx, pdf and xlsx write the rest. The model
// knows nothing of records, units or indicators: it is given words and numbers. Equal input gives equal bytes.
package export

import (
	"fmt"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/viet"
)

// The head that every document of the state has.
const (
	Nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	Motto  = "Độc lập - Tự do - Hạnh phúc"
)

// Document is an official document (văn bản hành chính). What is official in it is Vietnamese in every language.
type Document struct {
	Lang     string // "vi" or "en": of the labels that the decree says nothing about
	Superior string // the body above the one that issues it, in capitals; "" if there is none
	Issuer   string // the body that issues it, in capitals
	Symbol   string // its kind and who wrote it, behind the number: "BC-TH"
	Place    string // where it is issued: "Sơn Lĩnh"
	Issued   *Issue // nil: it is a draft, says so on every page, and has neither number nor date
	Month    string // yyyy-mm, in which a draft is to be issued; "" leaves month and year open too

	Kind    string // "BÁO CÁO"
	Subject string // what it is about

	Basis   string    // what the figures are of, up to when; the first sentence of the text
	Missing []Missing // units whose figures are not all in it; each is named, behind the basis
	Body    []Block

	Signature  Signature
	Recipients []string // "Công an các xã", without dash and stop
	Archive    string   // who keeps it: "VT, TH"

	Made time.Time // goes into the file as its time
}

// Issue makes a draft a document.
type Issue struct {
	Number int    // from 1, of the year
	Date   string // yyyy-mm-dd
}

// Missing is a unit that is not, or not wholly, in the figures.
type Missing struct {
	Unit string // "xã Ia Mlăng"
	What string // "thiếu 8 lần ghi"; "" if nothing came
}

// Signature is who signs.
type Signature struct {
	Authority string // "KT. TRƯỞNG PHÒNG"; "" for who signs in his own right
	Position  string // "PHÓ TRƯỞNG PHÒNG"
	Name      string // with his rank, if he has one
}

// A Block is a Heading, a Paragraph, Bullets or a Table.
type Block interface{ block() }

// Heading begins a part. Its number is not in the words: level 1 is I, II; level 2 is 1, 2; level 3 is a), b).
type Heading struct {
	Level int // 1 to 3
	Words string
}

// Paragraph is a paragraph of text.
type Paragraph struct{ Text Text }

// Bullets are lines that begin with a dash.
type Bullets struct{ Items []Text }

// Table has ruled cells. Its head is repeated on each page that it reaches.
type Table struct {
	Title   string // above it; may be ""
	Unit    string // "lượt người", if all its figures are of one; may be ""
	Columns []TableColumn
	Rows    []Row
	Notes   []string // below it
}

// TableColumn is a column of a Table.
type TableColumn struct {
	Title  string
	Number bool // flush right
}

// Row is a row of a Table, with a cell for each column. A group has one cell, across the table.
type Row struct {
	Kind  RowKind
	Cells []Text
}

// RowKind says what a row is.
type RowKind int

// The kinds of rows.
const (
	Plain RowKind = iota
	Group         // a heading inside of the table
	Total         // in bold letters
)

func (Heading) block()   {}
func (Paragraph) block() {}
func (Bullets) block()   {}
func (Table) block()     {}

// Text is words, in runs of one look each.
type Text []Run

// Run is words that look the same. Line ends in them are kept.
type Run struct {
	Words                   string
	Bold, Italic, Underline bool
	Open                    bool   // somebody still has to write this: it has a coloured ground
	Note                    string // a footnote that hangs on its end; "" for none
}

// Words gives text without a look of its own.
func Words(words string) Text { return Text{{Words: words}} }

// Check returns the fault Internal for a document that its writer got wrong: a number or date that is none, a row that does not
// fit its columns, a heading of no level.
func (d Document) Check() error {
	wrong := func(format string, a ...any) error {
		return fault.New(fault.Internal, "export.Document", fmt.Errorf(format, a...))
	}
	if d.Issued != nil && (d.Issued.Number < 1 || !viet.ValidDate(d.Issued.Date)) {
		return wrong("issued as number %d on %q", d.Issued.Number, d.Issued.Date)
	}
	if d.Month != "" && !viet.ValidDate(d.Month+"-01") {
		return wrong("no month: %q", d.Month)
	}
	for i, b := range d.Body {
		switch b := b.(type) {
		case Heading:
			if b.Level < 1 || b.Level > 3 {
				return wrong("block %d: a heading of level %d", i, b.Level)
			}
		case Table:
			if len(b.Columns) == 0 {
				return wrong("block %d: a table without columns", i)
			}
			for n, row := range b.Rows {
				if want := b.cells(row.Kind); len(row.Cells) != want {
					return wrong("block %d, row %d: %d cells, not %d", i, n, len(row.Cells), want)
				}
			}
		}
	}
	return nil
}

// cells is how many a row of that kind has.
func (t Table) cells(kind RowKind) int {
	if kind == Group {
		return 1
	}
	return len(t.Columns)
}

// Mark is what a draft says on every page; "" for a document that was issued.
func (d Document) Mark() string {
	switch {
	case d.Issued != nil:
		return ""
	case d.Lang == "en":
		return "DỰ THẢO · DRAFT"
	}
	return "DỰ THẢO"
}

// blank is the room that a draft leaves for what is written by hand.
var blank = strings.Repeat("\u00A0", 6)

// NumberLine is "Số: 05/BC-TH".
func (d Document) NumberLine() string {
	if d.Issued == nil {
		return "Số:" + blank + "/" + d.Symbol
	}
	return fmt.Sprintf("Số: %02d/%s", d.Issued.Number, d.Symbol)
}

// DateLine is "Sơn Lĩnh, ngày 05 tháng 02 năm 2026": a nought stands before days below 10 and the first two months only.
func (d Document) DateLine() string {
	day, month, year := blank, blank, blank
	from := d.Month
	if d.Issued != nil {
		from = d.Issued.Date
		day = from[8:]
	}
	if from != "" {
		month, year = from[5:7], from[:4]
		if month > "02" {
			month = strings.TrimPrefix(month, "0")
		}
	}
	return fmt.Sprintf("%s, ngày %s tháng %s năm %s", d.Place, day, month, year)
}

// Opening is the first paragraph: what the figures are of, and each unit that is missing. It is empty when there is neither.
func (d Document) Opening() Text {
	var text Text
	if d.Basis != "" {
		text = append(text, Run{Words: d.Basis})
	}
	if len(d.Missing) == 0 {
		return text
	}
	if d.Basis != "" {
		text = append(text, Run{Words: " "})
	}
	names := make([]string, len(d.Missing))
	for i, m := range d.Missing {
		names[i] = m.Unit
		if m.What != "" {
			names[i] += " (" + m.What + ")"
		}
	}
	return append(text, Run{Words: d.label("Đơn vị chưa đủ số liệu: ", "Units whose figures are not complete: ") + strings.Join(names, "; ") + ".", Underline: true})
}

// RecipientLines are the lines below "Nơi nhận:", each with its dash and stop; the last says who keeps the document.
func (d Document) RecipientLines() []string {
	var lines []string
	for _, r := range d.Recipients {
		lines = append(lines, "- "+r+";")
	}
	if d.Archive != "" {
		return append(lines, "- Lưu: "+d.Archive+".")
	}
	if len(lines) > 0 {
		last := &lines[len(lines)-1]
		*last = strings.TrimSuffix(*last, ";") + "."
	}
	return lines
}

// UnitLine says what the figures of a table are counted in; "" if they have no common unit.
func (d Document) UnitLine(t Table) string {
	if t.Unit == "" {
		return ""
	}
	return d.label("Đơn vị tính: ", "Unit: ") + t.Unit
}

// NotesLabel stands above the notes of a table.
func (d Document) NotesLabel() string { return d.label("Ghi chú:", "Notes:") }

func (d Document) label(vi, en string) string {
	if d.Lang == "en" {
		return en
	}
	return vi
}

// Numbering counts headings.
type Numbering [3]int

// letters are those that count points, in the order of the Vietnamese alphabet.
var letters = []rune("abcdđeghiklmnopqrstuvxy")

// Next counts a heading of that level, from 1 to 3, and gives its number with the stop behind it: "II.", "3." or "đ)".
func (n *Numbering) Next(level int) string {
	n[level-1]++
	clear(n[level:])
	count := n[level-1]
	switch level {
	case 1:
		return roman(count) + "."
	case 2:
		return fmt.Sprintf("%d.", count)
	}
	return strings.Repeat(string(letters[(count-1)%len(letters)]), 1+(count-1)/len(letters)) + ")"
}

func roman(n int) string {
	var b strings.Builder
	for _, step := range []struct {
		of   int
		sign string
	}{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= step.of; n -= step.of {
			b.WriteString(step.sign)
		}
	}
	return b.String()
}
