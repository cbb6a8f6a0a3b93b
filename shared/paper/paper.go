// Package paper owns what a record looks like when it is printed: a PDF on A4, which any viewer shows and sends to a printer.
//
// Its text can be selected, searched and copied. It holds Vietnamese and the languages of the highlands, composed or not:
// letters that Unicode has no single code for (ơ̆, ê̆) have their marks where the font says. The fonts are inside, cut down to
// the letters that are used. The same document gives the same bytes.
//
// The package knows nothing of forms, records or languages: it is given words, and prints them.
package paper

import (
	"bytes"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"banlang/shared/fault"
	"banlang/shared/typeset"
)

// Document is one record, ready to be printed.
type Document struct {
	Title    string
	Subtitle []string // a line each; the first names the record, and stands on every page
	Sections []Section
	History  []Event
	Words    Words
	Made     time.Time // goes into the file as its time, by the clock of its location
}

// Section is a part of a record under a heading.
type Section struct {
	Heading string // "" for none
	Blocks  []Block
}

// A Block is a Field, a Repeat, a Group or Pictures.
type Block interface {
	// least is how much of a page the block needs to begin on it: no heading stands alone at its end.
	least(s *sheet) float64
	print(s *sheet)
}

// Value is what a field holds.
type Value struct {
	Text   string // its lines are kept; empty is printed as a dash
	Sealed bool   // then Text is not printed, whatever it is, but Words.Sealed
}

// Field is a question and its answer. They stay on one page unless the answer is longer than half of one.
type Field struct {
	Label string
	Value Value
}

// Repeat is a list of rows that all have the same columns: a table, if they fit side by side, and otherwise blocks. Both are
// numbered.
type Repeat struct {
	Label   string
	Columns []string
	Rows    [][]Value // each as long as Columns
}

// Group is some blocks under a heading of their own, set in.
type Group struct {
	Heading string
	Blocks  []Block
}

// Pictures are photographs beside each other.
type Pictures struct {
	Label    string
	Pictures []Picture
}

// Picture is a photograph. The JPEG goes into the file as it is: a small one makes it small. What is no JPEG is printed as an
// empty frame that says so.
type Picture struct {
	JPEG    []byte
	Caption string
}

// Event is a line of the history of the record.
type Event struct{ When, Who, What string }

// Words are what the page says by itself.
type Words struct {
	Language  string                // of the document, as "vi"
	Program   string                // its name, at the foot of each page
	Printed   string                // when and by whom it was printed, behind it
	Page      func(n, m int) string // "Trang 2/3"
	Sealed    string                // instead of a sealed value
	Continued string                // behind a label whose value began on the page before
	NoPicture string                // in the frame of a picture that cannot be shown
	Number    string                // above the numbers of the rows of a table
	History   string                // above the history
}

// PDF prints the document. The error is the fault Internal: no words or pictures are refused.
func PDF(d Document) ([]byte, error) {
	s, err := newSheet(d)
	if err != nil {
		return nil, fault.New(fault.Internal, "paper.PDF", err)
	}
	s.title()
	for i, section := range d.Sections {
		s.section(section, i == 0)
	}
	s.history()
	s.feet()
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, fault.New(fault.Internal, "paper.PDF", err)
	}
	return out.Bytes(), nil
}

// The page, in millimetres, and the sizes of letters, in points.
const (
	pageWidth, pageHeight     = 210.0, 297.0
	leftMargin, rightMargin   = 20.0, 15.0 // room for holes on the left
	topMargin, bottomMargin   = 20.0, 20.0
	bottom                    = pageHeight - bottomMargin
	titleSize, headingSize    = 16.0, 12.0
	textSize, labelSize       = 10.0, 9.0
	smallSize                 = 8.0
	lineOf                    = 1.3 * 25.4 / 72 // height of a line for each point of its letters
	standing                  = 0.78            // of the height of a line, down to where the letters stand
	textLine                  = textSize * lineOf
	gap                       = 1.2 // above and below a field, and beside a column
	between                   = 4.0 // parts of a page
	indent                    = 4.0
	labelShare                = 0.32 // of the width of a field
	black, grey, pale, shaded = 20, 85, 190, 232
)

// sheet is a document being printed, from top to bottom.
type sheet struct {
	Words
	doc           Document
	pdf           *fpdf.Fpdf
	regular, bold *typeset.Face
	left, y       float64 // where the next block begins
	pictures      int     // that are in it
}

func newSheet(d Document) (*sheet, error) {
	regular, bold, err := faces()
	if err != nil {
		return nil, err
	}
	s := &sheet{Words: d.Words, doc: d, regular: regular, bold: bold, left: leftMargin}
	s.pdf = typeset.Sheet{Title: d.Title, Program: s.Program, Language: s.Language, Made: d.Made}.Begin(regular, bold)
	s.newPage()
	return s, s.pdf.Error()
}

func (s *sheet) width() float64 { return pageWidth - rightMargin - s.left }

func (s *sheet) newPage() {
	s.pdf.AddPage()
	s.y = topMargin
}

// need begins a new page unless there is room for so much.
func (s *sheet) need(height float64) {
	if s.y+height > bottom && s.y > topMargin {
		s.newPage()
	}
}

// line draws a horizontal one across.
func (s *sheet) line(y float64, shade int, thick float64) {
	s.pdf.SetDrawColor(shade, shade, shade)
	s.pdf.SetLineWidth(thick)
	s.pdf.Line(s.left, y, pageWidth-rightMargin, y)
}

// lines draws lines of text below each other, from y at the top of the first.
func (s *sheet) lines(f *typeset.Face, size float64, shade int, x, y float64, lines []string) {
	for i, line := range lines {
		s.text(f, size, shade, x, y+float64(i)*size*lineOf, line)
	}
}

func (s *sheet) title() {
	s.y = topMargin - 6
	lines := s.bold.Wrap(titleSize, s.width(), s.doc.Title)
	s.lines(s.bold, titleSize, black, s.left, s.y, lines)
	s.y += float64(len(lines))*titleSize*lineOf + 1
	for _, line := range s.doc.Subtitle {
		lines := s.regular.Wrap(textSize, s.width(), line)
		s.lines(s.regular, textSize, grey, s.left, s.y, lines)
		s.y += float64(len(lines)) * textLine
	}
	s.y += 2
	s.line(s.y, black, 0.4)
	s.y += between
}

// section prints one below the others. One without a heading has a line above it, so that it is no part of the last.
func (s *sheet) section(part Section, first bool) {
	switch {
	case part.Heading != "":
		s.heading(part.Heading, part.Blocks)
	case !first && len(part.Blocks) > 0:
		s.need(part.Blocks[0].least(s))
		s.line(s.y, grey, 0.25)
	}
	for _, b := range part.Blocks {
		b.print(s)
	}
	s.y += between
}

// heading prints one that stays with what comes after it.
func (s *sheet) heading(words string, blocks []Block) {
	lines := s.bold.Wrap(headingSize, s.width(), words)
	height := float64(len(lines))*headingSize*lineOf + 2.5
	least := height
	if len(blocks) > 0 {
		least += blocks[0].least(s)
	}
	s.need(least)
	s.lines(s.bold, headingSize, black, s.left, s.y, lines)
	s.y += height
	s.line(s.y-1.2, grey, 0.25)
}

func (s *sheet) history() {
	if len(s.doc.History) == 0 {
		return
	}
	t := table{widths: []float64{32, 44, s.width() - 76}, size: labelSize}
	var rows [][][]string
	for _, e := range s.doc.History {
		rows = append(rows, pieces(t.wrap(s, s.regular, []Value{{Text: e.When}, {Text: e.Who}, {Text: e.What}}), tallest)...)
	}
	s.heading(s.History, []Block{space(t.height(rows[0]))})
	for _, row := range rows {
		s.need(t.height(row))
		t.print(s, s.regular, row, nil)
	}
	s.y += between
}

// space is a block of which only its height is known.
type space float64

func (b space) least(*sheet) float64 { return float64(b) }
func (b space) print(s *sheet)       { s.y += float64(b) }

// feet writes what stands on each page, now that it is known how many there are.
func (s *sheet) feet() {
	const head, foot = 11, pageHeight - 13
	s.left = leftMargin
	name := ""
	if len(s.doc.Subtitle) > 0 {
		name = s.doc.Subtitle[0]
	}
	pages := s.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		s.pdf.SetPage(n)
		if n > 1 {
			s.text(s.regular, smallSize, grey, s.left, head, s.clip(smallSize, s.width(), joined(s.doc.Title, name)))
			s.line(head+4.5, pale, 0.2)
		}
		s.line(foot-1.5, pale, 0.2)
		number := s.regular.Clean(s.Page(n, pages))
		wide := s.regular.Width(smallSize, number)
		s.text(s.regular, smallSize, grey, pageWidth-rightMargin-wide, foot, number)
		s.text(s.regular, smallSize, grey, s.left, foot, s.clip(smallSize, s.width()-wide-between, joined(s.Program, s.Printed)))
	}
}

// joined puts a dot between two texts that are both there.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}
