// Package typeset owns how words come onto the page of a PDF: which letters a font has, how wide they are, where a line
// breaks, and where the marks of a letter stand.
//
// It holds Vietnamese and the languages of the highlands, composed or not: letters that Unicode has no single code for (ơ̆, ê̆)
// have their marks where the font says. Its text can be selected, searched and copied, and the file holds only the letters used.
package typeset

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"banlang/shared/viet"
)

// PerPoint is a point in millimetres, the unit of every length here but the sizes of letters.
const PerPoint = 25.4 / 72

// Font is a TrueType font, read once and shared by all documents.
type Font struct {
	family, style string
	ttf           []byte
	read          func() (*font.Font, error)
}

// NewFont is a font of that file, which is not read before the first face is made of it. The family is its name in a PDF, the
// style what fpdf calls it: "", "B", "I" or "BI".
func NewFont(family, style string, ttf []byte) *Font {
	return &Font{family: family, style: style, ttf: ttf, read: sync.OnceValues(func() (*font.Font, error) {
		f, err := font.ParseTTF(bytes.NewReader(ttf))
		if err != nil {
			return nil, err
		}
		return f.Font, nil
	})}
}

// Face is a font at work. It is used by one document at a time.
type Face struct {
	face   *font.Face
	font   *Font
	shaper shaping.HarfbuzzShaper
}

// Face gives the font for a document. The error is that of a broken font file.
func (f *Font) Face() (*Face, error) {
	read, err := f.read()
	if err != nil {
		return nil, err
	}
	return &Face{face: font.NewFace(read), font: f}, nil
}

// Sheet is what stands in a PDF beside its pages.
type Sheet struct {
	Title, Author     string
	Program, Language string    // what made it; the tag of the language that it is in: "vi"
	Made              time.Time // by the clock of its location; zero: no time of this run is in it
}

// Begin begins a PDF on upright A4, without a page, that breaks none by itself and knows some faces. The same sheet and pages give the
// same bytes. Its error is the PDF's.
func (s Sheet) Begin(faces ...*Face) *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	made := s.Made
	if made.IsZero() {
		made = time.Unix(0, 0).UTC() // or it would be now
	}
	pdf.SetCreationDate(made)
	pdf.SetModificationDate(made)
	pdf.SetProducer(s.Program, true)
	pdf.SetTitle(faces[0].Clean(s.Title), true)
	if s.Author != "" {
		pdf.SetAuthor(faces[0].Clean(s.Author), true)
	}
	pdf.SetLang(s.Language)
	for _, f := range faces {
		pdf.AddUTF8FontFromBytes(f.font.family, f.font.style, slices.Clone(f.font.ttf)) // fpdf writes into what it is given
	}
	return pdf
}

// Clean gives text as it can be printed: composed, without what has no shape, and with a box for what the font has not. Line
// ends are kept.
func (f *Face) Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\u2011': // a hyphen that does not break
			return '-'
		case unicode.IsSpace(r) && r != '\u00A0':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		if _, ok := f.face.NominalGlyph(r); !ok || r > 0xFFFF {
			return '□'
		}
		return r
	}, viet.NFC(text))
}

// Width is that of clean text, in millimetres.
func (f *Face) Width(size float64, text string) (sum float64) {
	for _, r := range text {
		sum += f.advance(r)
	}
	return sum * size * PerPoint
}

// advance is how far a letter moves the pen, as a part of the size. A mark moves nothing.
func (f *Face) advance(r rune) float64 {
	if unicode.Is(unicode.Mn, r) {
		return 0
	}
	glyph, _ := f.face.NominalGlyph(r)
	return float64(f.face.HorizontalAdvance(glyph)) / float64(f.face.Upem())
}

// Cluster is how many bytes of text, which is not empty, stand for one letter with its marks.
func Cluster(text string) int {
	for i, r := range text {
		if i > 0 && !unicode.Is(unicode.Mn, r) {
			return i
		}
	}
	return len(text)
}

// Fits is how many bytes of clean text, which is not empty, fit into that width: whole letters, and at least one.
func (f *Face) Fits(size, width float64, text string) int {
	fits := Cluster(text)
	used := f.Width(size, text[:fits])
	for fits < len(text) {
		next := Cluster(text[fits:])
		if used += f.Width(size, text[fits:fits+next]); used > width {
			break
		}
		fits += next
	}
	return fits
}

// Wrap cleans text and breaks it into lines of that width: between words, or inside of one that is longer than a line. There
// is always one.
func (f *Face) Wrap(size, width float64, text string) (lines []string) {
	space := f.Width(size, " ")
	for paragraph := range strings.SplitSeq(strings.TrimRight(f.Clean(text), " \n"), "\n") {
		line, used := "", 0.0
		for word := range strings.SplitSeq(paragraph, " ") {
			wide := f.Width(size, word)
			switch {
			case line == "":
				line, used = word, wide
			case word == "":
				continue
			case used+space+wide <= width:
				line, used = line+" "+word, used+space+wide
			default:
				lines = append(lines, line)
				line, used = word, wide
			}
			for used > width && Cluster(line) < len(line) {
				fits := f.Fits(size, width, line)
				lines = append(lines, line[:fits])
				line = line[fits:]
				used = f.Width(size, line)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// Draw writes one line of clean text with its letters standing on y, in the colour that the PDF has for text, and returns
// where it ends.
func (f *Face) Draw(pdf *fpdf.Fpdf, size, x, y float64, text string) (end float64) {
	pdf.SetFont(f.font.family, f.font.style, size)
	em := size * PerPoint
	from, pen, start := 0, x, x // what is not drawn yet, and where it begins
	for at := 0; at < len(text); {
		end := at + Cluster(text[at:])
		letters := []rune(text[at:end])
		pen += f.advance(letters[0]) * em
		if len(letters) > 1 {
			base := at + len(string(letters[0]))
			pdf.Text(start, y, text[from:base])
			for i, place := range f.marks(letters) {
				pdf.Text(pen+place.x*em, y-place.y*em, string(letters[i+1]))
			}
			from, start = end, pen
		}
		at = end
	}
	if from < len(text) {
		pdf.Text(start, y, text[from:])
	}
	return pen
}

// offset is a distance, as a part of the size of the letters.
type offset struct{ x, y float64 }

// marks says where the marks of a letter stand: each to the right of, and above, the pen that has drawn the letter. That is where the
// font puts them, or, where it says nothing of this letter (Liberation Serif of ơ̆ and ê̆), in the middle of the letter, clear of it.
func (f *Face) marks(letters []rune) []offset {
	size := fixed.I(int(f.face.Upem()))
	shaped := f.shaper.Shape(shaping.Input{
		Text: letters, RunEnd: len(letters), Direction: di.DirectionLTR, Face: f.face, Size: size, Script: language.Latin, Language: "vi",
	}).Glyphs
	places := make([]offset, len(letters)-1)
	_, low, high := f.ink(letters[0])
	for i, mark := range letters[1:] {
		if at := i + 1; len(shaped) == len(letters) && (shaped[at].XOffset != 0 || shaped[at].YOffset != 0) {
			places[i] = offset{float64(shaped[at].XOffset) / float64(size), float64(shaped[at].YOffset) / float64(size)}
			continue
		}
		const gap = 0.03
		middle, bottom, top := f.ink(mark)
		places[i].x = -f.advance(letters[0])/2 - middle
		if top < 0 { // it hangs below
			places[i].y = min(0, low-gap-top)
			low = bottom + places[i].y
		} else {
			places[i].y = max(0, high+gap-bottom)
			high = top + places[i].y
		}
	}
	return places
}

// ink is where a letter is black: its middle from the pen on, and its lower and upper edge, as parts of the size.
func (f *Face) ink(r rune) (middle, bottom, top float64) {
	glyph, _ := f.face.NominalGlyph(r)
	e, _ := f.face.GlyphExtents(glyph)
	em := float64(f.face.Upem())
	return float64(e.XBearing+e.Width/2) / em, float64(e.YBearing+e.Height) / em, float64(e.YBearing) / em
}
