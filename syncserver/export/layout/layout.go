// Package layout owns the measures of Decree 30/2020 that the writers of documents share: the sheet, the sizes of letters, and
// how wide the columns of a table are.
//
// Lengths are in millimetres, sizes of letters in points. The letters are those of Liberation Serif, which are as wide as those
// of Times New Roman: what fits here fits there.
package layout

import (
	"cmp"
	"slices"
	"strings"

	"codeberg.org/go-fonts/liberation/liberationserifbold"
	"codeberg.org/go-fonts/liberation/liberationserifbolditalic"
	"codeberg.org/go-fonts/liberation/liberationserifitalic"
	"codeberg.org/go-fonts/liberation/liberationserifregular"

	"banlang/shared/fault"
	"banlang/shared/typeset"
	"banlang/syncserver/export"
)

// The sheet, A4.
const (
	PageWidth       = 210.0
	PageHeight      = 297.0
	Left            = 30.0 // the margins
	Right           = 15.0
	Top             = 20.0
	Bottom          = 20.0
	Width           = PageWidth - Left - Right
	HeadLeft        = 68.0             // of the width: who issues it, and its number
	HeadRight       = Width - HeadLeft // the nation, place and date
	HeadFromEdge    = 9.0              // the number of the page, from the upper edge
	Indent          = 10.0             // of the first line of a paragraph
	CellMargin      = 1.4              // beside the words of a cell
	CellGap         = 0.6              // above and below them
	SignatureRoom   = 24.0             // for the hand and the seal
	RuleUnderIssuer = 0.42             // of the width of its words; the decree says from a third to a half
	RuleUnderTitle  = 0.42
	SignatureLeft   = Width * 0.45
	ParagraphGap    = 2.2 // below a paragraph; the decree says 6 points at least
	LineHeight      = 1.25
)

// The sizes of letters.
const (
	HeadSize       = 12.0 // of the nation and the issuer
	MottoSize      = 13.0 // and of the number, the place and date
	BodySize       = 14.0 // and of the title, the signature and the number of the page
	TableSize      = 12.0
	NoteSize       = 11.0
	RecipientsHead = 12.0
	RecipientsSize = 11.0
	MarkSize       = 13.0
)

// The colours, red, green and blue, of the mark of a draft and of the ground of what is still to be written.
var (
	Draft  = [3]int{0x8B, 0x1A, 0x1A}
	Ground = [3]int{0xFF, 0xF0, 0xD6}
)

var fonts = [4]*typeset.Font{
	typeset.NewFont("LiberationSerif", "", liberationserifregular.TTF),
	typeset.NewFont("LiberationSerif", "B", liberationserifbold.TTF),
	typeset.NewFont("LiberationSerif", "I", liberationserifitalic.TTF),
	typeset.NewFont("LiberationSerif", "BI", liberationserifbolditalic.TTF),
}

// Faces are the letters of one document.
type Faces [4]*typeset.Face

// NewFaces reads the fonts. The error is the fault Internal.
func NewFaces() (all Faces, err error) {
	for i, f := range fonts {
		if all[i], err = f.Face(); err != nil {
			return all, fault.New(fault.Internal, "layout.NewFaces", err)
		}
	}
	return all, nil
}

// Of gives the letters of that look.
func (f Faces) Of(bold, italic bool) *typeset.Face {
	i := 0
	if bold {
		i++
	}
	if italic {
		i += 2
	}
	return f[i]
}

// Cell is a cell of a table as it is measured: its words, and whether they are bold whatever their runs say.
type Cell struct {
	Text export.Text
	Bold bool
}

// Columns says how wide the columns of a table are, together Width, and how large its letters: TableSize, or smaller when words
// would have to be broken. Groups, which go across, count for nothing.
func (f Faces) Columns(t export.Table) (widths []float64, size float64) {
	for size = TableSize; ; size-- {
		least, most := f.measure(t, size)
		needed, wished := sum(least), sum(most)
		if needed > Width && size > 9 {
			continue
		}
		switch {
		case needed >= Width: // even small letters do not fit: words are broken
			return scaled(least, Width/needed), size
		case wished <= Width:
			return scaled(most, Width/wished), size
		}
		return shared(least, most, Width-needed), size
	}
}

func scaled(widths []float64, by float64) []float64 {
	all := make([]float64, len(widths))
	for i, w := range widths {
		all[i] = w * by
	}
	return all
}

// shared gives each column what it wishes beyond its least, out of what is spare: who wishes little gets all of it, and the
// rest have equal parts.
func shared(least, most []float64, spare float64) []float64 {
	order := make([]int, len(least))
	for i := range order {
		order[i] = i
	}
	wish := func(i int) float64 { return most[i] - least[i] }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(wish(a), wish(b)) })
	widths := slices.Clone(least)
	for n, i := range order {
		more := min(wish(i), spare/float64(len(order)-n))
		widths[i] += more
		spare -= more
	}
	return widths
}

// measure gives the least width of each column, which breaks no word, and that which breaks no line but in the head.
func (f Faces) measure(t export.Table, size float64) (least, most []float64) {
	const beside, longest, headLine = 2*CellMargin + 0.8, 0.6 * Width, 24.0
	least, most = make([]float64, len(t.Columns)), make([]float64, len(t.Columns))
	measure := func(i int, cell Cell, head bool) {
		total := 0.0
		for _, run := range cell.Text {
			face := f.Of(cell.Bold || run.Bold, run.Italic)
			for line := range strings.SplitSeq(face.Clean(export.Tidy(run.Words)), "\n") {
				total += face.Width(size, line)
				for word := range strings.SplitSeq(line, " ") {
					least[i] = max(least[i], face.Width(size, word)+beside)
				}
			}
		}
		if head && total > headLine {
			total = max(headLine, total/2)
		}
		most[i] = max(most[i], min(total+beside, longest))
	}
	for i, c := range t.Columns {
		measure(i, Cell{Text: export.Words(c.Title), Bold: true}, true)
	}
	for _, row := range t.Rows {
		if row.Kind == export.Group {
			continue
		}
		for i, cell := range row.Cells {
			measure(i, Cell{Text: cell, Bold: row.Kind == export.Total}, false)
		}
	}
	for i := range most {
		most[i] = max(most[i], least[i])
	}
	return least, most
}

func sum(all []float64) (s float64) {
	for _, x := range all {
		s += x
	}
	return s
}
