package paper

import (
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"

	"banlang/shared/typeset"
)

// The fonts, with the name that they have in the file.
var (
	regularFont = typeset.NewFont("LiberationSans", "", liberationsansregular.TTF)
	boldFont    = typeset.NewFont("LiberationSans", "B", liberationsansbold.TTF)
)

func faces() (regular, bold *typeset.Face, err error) {
	if regular, err = regularFont.Face(); err != nil {
		return nil, nil, err
	}
	bold, err = boldFont.Face()
	return regular, bold, err
}

// clip cleans text and cuts it so that it fits into one line.
func (s *sheet) clip(size, width float64, text string) string {
	lines := s.regular.Wrap(size, width-s.regular.Width(size, "…"), text)
	if len(lines) > 1 {
		return lines[0] + "…"
	}
	return lines[0]
}

// text draws one line of clean text, from its upper left corner.
func (s *sheet) text(f *typeset.Face, size float64, shade int, x, top float64, text string) {
	s.pdf.SetTextColor(shade, shade, shade)
	f.Draw(s.pdf, size, x, top+size*lineOf*standing, text)
}
