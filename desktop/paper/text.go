package paper

import (
	"bytes"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"banlang/shared/viet"
)

// family is what the fonts are called in the file.
const family = "LiberationSans"

// face is a font at work. It is used by one document at a time.
type face struct {
	*font.Face

	style  string // as fpdf calls it
	ttf    []byte
	shaper shaping.HarfbuzzShaper
}

// fonts are read once.
var fonts = sync.OnceValues(func() (both [2]*font.Font, err error) {
	for i, ttf := range [][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		f, err := font.ParseTTF(bytes.NewReader(ttf))
		if err != nil {
			return both, err
		}
		both[i] = f.Font
	}
	return both, nil
})

func faces() (regular, bold *face, err error) {
	both, err := fonts()
	if err != nil {
		return nil, nil, err
	}
	return &face{Face: font.NewFace(both[0]), ttf: liberationsansregular.TTF},
		&face{Face: font.NewFace(both[1]), ttf: liberationsansbold.TTF, style: "B"}, nil
}

// clean gives text as it can be printed: composed, without what has no shape, and with a box for what the font has not.
func clean(text string, f *face) string {
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
		if _, ok := f.NominalGlyph(r); !ok || r > 0xFFFF {
			return '□'
		}
		return r
	}, viet.NFC(text))
}

// width is that of clean text, in millimetres.
func (f *face) width(size float64, text string) (sum float64) {
	for _, r := range text {
		sum += f.advance(r)
	}
	return sum * size * 25.4 / 72
}

// advance is how far a letter moves the pen, as a part of the size. A mark moves nothing.
func (f *face) advance(r rune) float64 {
	if unicode.Is(unicode.Mn, r) {
		return 0
	}
	glyph, _ := f.NominalGlyph(r)
	return float64(f.HorizontalAdvance(glyph)) / float64(f.Upem())
}

// cluster is how many bytes of text, which is not empty, stand for one letter with its marks.
func cluster(text string) int {
	for i, r := range text {
		if i > 0 && !unicode.Is(unicode.Mn, r) {
			return i
		}
	}
	return len(text)
}

// wrap cleans text and breaks it into lines of that width: between words, or inside of one that is longer than a line. There
// is always one.
func (s *sheet) wrap(f *face, size, width float64, text string) (lines []string) {
	space := f.width(size, " ")
	for paragraph := range strings.SplitSeq(strings.TrimRight(clean(text, f), " \n"), "\n") {
		line, used := "", 0.0
		for word := range strings.SplitSeq(paragraph, " ") {
			wide := f.width(size, word)
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
			for used > width && cluster(line) < len(line) {
				fits := cluster(line)
				for next := fits + cluster(line[fits:]); next < len(line) && f.width(size, line[:next]) <= width; next += cluster(line[next:]) {
					fits = next
				}
				lines = append(lines, line[:fits])
				line = line[fits:]
				used = f.width(size, line)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// clip cleans text and cuts it so that it fits into one line.
func (s *sheet) clip(size, width float64, text string) string {
	lines := s.wrap(s.regular, size, width-s.regular.width(size, "…"), text)
	if len(lines) > 1 {
		return lines[0] + "…"
	}
	return lines[0]
}

// text draws one line of clean text, from its upper left corner.
func (s *sheet) text(f *face, size float64, shade int, x, top float64, text string) {
	s.pdf.SetFont(family, f.style, size)
	s.pdf.SetTextColor(shade, shade, shade)
	y := top + size*lineOf*standing
	em := size * 25.4 / 72
	from, pen, start := 0, x, x // what is not drawn yet, and where it begins
	for at := 0; at < len(text); {
		end := at + cluster(text[at:])
		letters := []rune(text[at:end])
		pen += f.advance(letters[0]) * em
		if len(letters) > 1 {
			base := at + len(string(letters[0]))
			s.pdf.Text(start, y, text[from:base])
			for i, place := range f.marks(letters) {
				s.pdf.Text(pen+place.x*em, y-place.y*em, string(letters[i+1]))
			}
			from, start = end, pen
		}
		at = end
	}
	if from < len(text) {
		s.pdf.Text(start, y, text[from:])
	}
}

// offset is a distance, as a part of the size of the letters.
type offset struct{ x, y float64 }

// marks says where the font puts the marks of a letter: each to the right of, and above, the pen that has drawn the letter.
func (f *face) marks(letters []rune) []offset {
	places := make([]offset, len(letters)-1)
	size := fixed.I(int(f.Upem()))
	shaped := f.shaper.Shape(shaping.Input{
		Text: letters, RunEnd: len(letters), Direction: di.DirectionLTR, Face: f.Face, Size: size, Script: language.Latin, Language: "vi",
	})
	if len(shaped.Glyphs) != len(letters) {
		return places
	}
	for i, g := range shaped.Glyphs[1:] {
		places[i] = offset{float64(g.XOffset) / float64(size), float64(g.YOffset) / float64(size)}
	}
	return places
}
