package pdf

import (
	"strconv"
	"strings"

	"banlang/shared/typeset"
	"banlang/syncserver/export"
	"banlang/syncserver/export/layout"
)

// look is how letters look.
type look struct {
	face            *typeset.Face
	size            float64
	underline, open bool
	raised          float64 // above the line they stand on
}

// piece is clean letters of one look, without a space.
type piece struct {
	look
	text string
	wide float64
}

// word is what no line end may part, with the look of the space before it.
type word struct {
	pieces []piece
	wide   float64
	space  look
	notes  []note // that hang on it
}

func (w *word) add(p piece) {
	p.wide = p.face.Width(p.size, p.text)
	w.pieces, w.wide = append(w.pieces, p), w.wide+p.wide
}

// line is words beside each other.
type line struct {
	words []word
	wide  float64 // with one space between the words
	ends  bool    // a paragraph: it is not stretched
}

func (l line) notes() (all []note) {
	for _, w := range l.words {
		all = append(all, w.notes...)
	}
	return all
}

// note is a footnote.
type note struct {
	number int
	words  string
}

// noteSigns are the size of the number of a footnote, of that of the words, and how far it is raised.
const noteSigns, noteRaise = 0.62, 0.33

// words takes text apart into paragraphs of words, counting the footnotes of the document.
func (s *sheet) words(text export.Text, size float64, bold bool) [][]word {
	paragraphs := [][]word{nil}
	var current word
	end := func() {
		if len(current.pieces) > 0 {
			last := &paragraphs[len(paragraphs)-1]
			*last = append(*last, current)
		}
		current = word{}
	}
	for _, run := range text {
		l := look{face: s.faces.Of(bold || run.Bold, run.Italic), size: size, underline: run.Underline, open: run.Open}
		for i, part := range strings.Split(strings.TrimRight(l.face.Clean(export.Tidy(run.Words)), "\n"), "\n") {
			if i > 0 {
				end()
				paragraphs = append(paragraphs, nil)
			}
			for n, text := range strings.Split(part, " ") {
				if n > 0 {
					end()
					current.space = l
				}
				if text != "" {
					current.add(piece{look: l, text: text})
				}
			}
		}
		if run.Note != "" {
			s.noted++
			sign := look{face: s.faces.Of(false, false), size: size * noteSigns, raised: size * noteRaise * typeset.PerPoint}
			current.add(piece{look: sign, text: strconv.Itoa(s.noted)})
			current.notes = append(current.notes, note{s.noted, run.Note})
		}
	}
	end()
	return paragraphs
}

// wrap breaks text into lines of that width; the first line of a paragraph begins set in. There is always one.
func (s *sheet) wrap(text export.Text, size float64, bold bool, width, indent float64) (lines []line) {
	for _, words := range s.words(text, size, bold) {
		l, room := line{}, width-indent
		next := func() {
			lines, l, room = append(lines, l), line{}, width
		}
		for _, w := range words {
			if space := w.gap(); len(l.words) > 0 {
				if l.wide+space+w.wide <= room+0.001 {
					l.words, l.wide = append(l.words, w), l.wide+space+w.wide
					continue
				}
				next()
			}
			for w.wide > room+0.001 {
				head, rest, ok := w.cut(room)
				if !ok {
					break
				}
				l = line{words: []word{head}, wide: head.wide}
				next()
				w = rest
			}
			l.words, l.wide = append(l.words, w), w.wide
		}
		l.ends = true
		next()
	}
	return lines
}

// gap is the width of the space before a word.
func (w word) gap() float64 {
	l := w.space
	if l.face == nil {
		l = w.pieces[0].look
	}
	return l.face.Width(l.size, " ")
}

// cut parts a word that is wider than a line; its footnotes stay with its end. It reports false for a single letter.
func (w word) cut(room float64) (head, rest word, ok bool) {
	rest.notes, head.space = w.notes, w.space
	for i, p := range w.pieces {
		if head.wide+p.wide <= room {
			head.add(p)
			continue
		}
		fits := 0
		if n := p.face.Fits(p.size, room-head.wide, p.text); i == 0 || p.face.Width(p.size, p.text[:n]) <= room-head.wide {
			fits = n
		}
		if fits > 0 {
			head.add(piece{look: p.look, text: p.text[:fits]})
		}
		if fits < len(p.text) {
			rest.add(piece{look: p.look, text: p.text[fits:]})
		}
		for _, p := range w.pieces[i+1:] {
			rest.add(p)
		}
		break
	}
	return head, rest, len(rest.pieces) > 0
}

// Where a line of words begins.
type alignment int

const (
	left alignment = iota
	right
	centre
	both // to the left and the right, but for the end of a paragraph
)

// draw writes a line into that width, with y at its top.
func (s *sheet) draw(l line, size, x, y, width float64, how alignment) {
	extra, foot := 0.0, y+size*typeset.PerPoint*layout.LineHeight*standing
	switch {
	case how == right:
		x += width - l.wide
	case how == centre:
		x += (width - l.wide) / 2
	case how == both && !l.ends && len(l.words) > 1:
		extra = max(0, (width-l.wide)/float64(len(l.words)-1))
	}
	for i, w := range l.words {
		if i > 0 {
			gap := w.gap() + extra
			if w.space.face != nil {
				s.piece(piece{look: w.space, text: " ", wide: gap}, x, foot)
			}
			x += gap
		}
		for _, p := range w.pieces {
			s.piece(p, x, foot)
			x += p.wide
		}
	}
}

// piece draws letters that stand on foot, with what lies below them.
func (s *sheet) piece(p piece, x, foot float64) {
	em := p.size * typeset.PerPoint
	if p.open {
		s.pdf.SetFillColor(layout.Ground[0], layout.Ground[1], layout.Ground[2])
		s.pdf.Rect(x, foot-em, p.wide, em*layout.LineHeight, "F")
	}
	if p.underline {
		s.pdf.SetLineWidth(em * 0.05)
		s.pdf.Line(x, foot+em*0.12, x+p.wide, foot+em*0.12)
	}
	p.face.Draw(s.pdf, p.size, x, foot-p.raised, p.text)
}
