// Package pdf owns official documents as PDF: laid out line by line, with the letters that are used inside, and text that can be
// selected, searched and copied.
package pdf

import (
	"io"
	"strconv"

	"codeberg.org/go-pdf/fpdf"

	"banlang/shared/fault"
	"banlang/shared/typeset"
	"banlang/syncserver/export"
	"banlang/syncserver/export/layout"
)

// Write writes the document. The errors are those of w, and the fault Internal for a document that Check refuses.
func Write(w io.Writer, d export.Document) error {
	s, err := newSheet(d)
	if err != nil {
		return err
	}
	s.head()
	s.body()
	s.signature()
	s.finish()
	if err := s.pdf.Error(); err != nil {
		return fault.New(fault.Internal, "pdf.Write", err)
	}
	return s.pdf.Output(w)
}

const (
	standing  = 0.78 // of the height of a line, down to where its letters stand
	bottom    = layout.PageHeight - layout.Bottom
	noteRule  = layout.Width / 3
	noteAbove = 2.5 // above the footnotes of a page, with their rule
	thin      = 0.2
)

// sheet is a document being written, from top to bottom.
type sheet struct {
	doc       export.Document
	pdf       *fpdf.Fpdf
	faces     layout.Faces
	numbering export.Numbering
	y         float64 // where the next line begins
	floor     float64 // where the page ends for lines: above its footnotes
	foot      []line  // the footnotes of the page
	carried   []line  // what of them goes to the next page
	noted     int     // footnotes so far
}

func newSheet(d export.Document) (*sheet, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	faces, err := layout.NewFaces()
	if err != nil {
		return nil, err
	}
	s := &sheet{doc: d, faces: faces}
	s.pdf = typeset.Sheet{Title: d.Kind + " " + d.Subject, Author: d.Issuer, Program: "Bản Làng", Language: "vi", Made: d.Made}.Begin(faces[:]...)
	s.addPage()
	return s, nil
}

func height(size float64) float64 { return size * typeset.PerPoint * layout.LineHeight }

// addPage begins a page, with the footnotes that the page before had no room for.
func (s *sheet) addPage() {
	s.pdf.AddPage()
	s.y, s.floor, s.foot = layout.Top, bottom, nil
	s.pdf.SetDrawColor(0, 0, 0)
	if n := s.pdf.PageNo(); n > 1 {
		number := line{ends: true}
		number.words = []word{{}}
		number.words[0].add(piece{look: look{face: s.faces.Of(false, false), size: layout.BodySize}, text: strconv.Itoa(n)})
		number.wide = number.words[0].wide
		s.draw(number, layout.BodySize, layout.Left, layout.HeadFromEdge, layout.Width, centre)
	}
	s.mark()
	if len(s.carried) > 0 {
		carried := s.carried
		s.carried = nil
		s.hang(carried, len(carried))
	}
}

// mark says on the page that it is a draft.
func (s *sheet) mark() {
	words := s.doc.Mark()
	if words == "" {
		return
	}
	c, f := layout.Draft, s.faces.Of(true, false)
	const beside = 2.5
	tall := height(layout.MarkSize)
	s.pdf.SetTextColor(c[0], c[1], c[2])
	s.pdf.SetDrawColor(c[0], c[1], c[2])
	s.pdf.SetLineWidth(0.4)
	s.pdf.Rect(layout.Left, layout.HeadFromEdge-0.8, f.Width(layout.MarkSize, words)+2*beside, tall+0.6, "D")
	f.Draw(s.pdf, layout.MarkSize, layout.Left+beside, layout.HeadFromEdge+tall*standing, words)
	s.pdf.SetTextColor(0, 0, 0)
	s.pdf.SetDrawColor(0, 0, 0)
}

// endPage writes the footnotes of the page.
func (s *sheet) endPage() {
	if len(s.foot) == 0 {
		return
	}
	y := s.floor + noteAbove
	s.pdf.SetLineWidth(thin)
	s.pdf.Line(layout.Left, y-1, layout.Left+noteRule, y-1)
	for _, l := range s.foot {
		s.draw(l, layout.NoteSize, layout.Left, y, layout.Width, both)
		y += height(layout.NoteSize)
	}
}

func (s *sheet) newPage() {
	s.endPage()
	s.addPage()
}

// need begins a new page unless there is room for so much.
func (s *sheet) need(tall float64) {
	if s.y+tall > s.floor+0.001 && s.y > layout.Top {
		s.newPage()
	}
}

// noteLines are the footnotes as they stand at the foot of a page.
func (s *sheet) noteLines(notes []note) (lines []line) {
	for _, n := range notes {
		lines = append(lines, s.wrap(export.Words(strconv.Itoa(n.number)+". "+n.words), layout.NoteSize, false, layout.Width, 0)...)
	}
	return lines
}

// with is how much must be free for something so high with footnotes: the first of their lines, which go to the next page
// together with what they hang on. What is behind may be carried on.
func (s *sheet) with(tall float64, notes []line) float64 {
	const first = 12
	if len(notes) == 0 {
		return tall
	}
	return tall + s.rule() + float64(min(len(notes), first))*height(layout.NoteSize)
}

// place makes room for so much together with the footnotes that hang on it, which it puts to the foot of the page.
func (s *sheet) place(tall float64, notes []note) {
	lines := s.noteLines(notes)
	s.need(s.with(tall, lines))
	if len(lines) > 0 {
		s.hang(lines, int((s.floor-s.y-tall-s.rule())/height(layout.NoteSize)))
	}
}

// rule is what the footnotes of the page need beside their lines.
func (s *sheet) rule() float64 {
	if len(s.foot) == 0 {
		return noteAbove
	}
	return 0
}

// hang puts lines to the foot of the page, as many as fit, and carries the rest to the next; half a page at most is for
// footnotes.
func (s *sheet) hang(lines []line, fit int) {
	half := int((bottom - layout.Top) / 2 / height(layout.NoteSize))
	fit = max(min(fit, len(lines), half-len(s.foot)), 0)
	if len(s.carried) > 0 {
		fit = 0 // they follow each other
	}
	if fit > 0 {
		s.floor -= s.rule() + float64(fit)*height(layout.NoteSize)
		s.foot = append(s.foot, lines[:fit]...)
	}
	s.carried = append(s.carried, lines[fit:]...)
}

// finish ends the last page, and those that only footnotes need.
func (s *sheet) finish() {
	for len(s.carried) > 0 {
		s.newPage()
	}
	s.endPage()
}
