package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Piece is a stretch of a text in a style.
type Piece struct {
	Text  string
	Style Style
}

// Pieces is a text that wraps at words and changes its style within. Like Para it needs a layout of this package around it.
type Pieces struct {
	widget.BaseWidget
	pieces []Piece
}

// NewPieces makes a text of pieces, all of one size.
func NewPieces(pieces ...Piece) *Pieces {
	p := &Pieces{pieces: pieces}
	p.ExtendBaseWidget(p)
	return p
}

// Text is the whole text.
func (p *Pieces) Text() string {
	texts := make([]string, len(p.pieces))
	for i, x := range p.pieces {
		texts[i] = x.Text
	}
	return strings.Join(texts, " ")
}

// CreateRenderer implements fyne.Widget.
func (p *Pieces) CreateRenderer() fyne.WidgetRenderer {
	r := &piecesRenderer{p: p, width: -1}
	r.wrap()
	return r
}

type piecesRenderer struct {
	p      *Pieces
	texts  []fyne.CanvasObject // a line of one style each
	height float32
	width  float32
}

func (r *piecesRenderer) wrap() {
	width := r.p.Size().Width
	if r.width == width {
		return
	}
	r.width, r.texts, r.height = width, nil, 0
	x, y := float32(0), float32(0)
	for _, piece := range r.p.pieces {
		high := piece.Style.measure("Ộg").Height
		r.height = max(r.height, y+high)
		space := piece.Style.measure(" ").Width
		var line *canvas.Text
		end := func() {
			if line != nil {
				line.Resize(line.MinSize())
				x += line.MinSize().Width + space
			}
			line = nil
		}
		for _, word := range strings.Fields(piece.Text) {
			joined := word
			if line != nil {
				joined = line.Text + " " + word
			}
			if width > 0 && x > 0 && line == nil && x+piece.Style.measure(word).Width > width || line != nil && width > 0 && x+piece.Style.measure(joined).Width > width {
				end()
				x, y, joined = 0, y+high, word
				r.height = y + high
			}
			if line == nil {
				line = Line("", piece.Style)
				line.Move(fyne.NewPos(x, y))
				r.texts = append(r.texts, line)
			}
			line.Text = joined
		}
		end()
	}
}

func (r *piecesRenderer) Layout(fyne.Size) { r.wrap() }

func (r *piecesRenderer) MinSize() fyne.Size {
	r.wrap()
	return fyne.NewSize(120, r.height)
}

func (r *piecesRenderer) Refresh() { r.width = -1; r.wrap(); canvas.Refresh(r.p) }

func (r *piecesRenderer) Objects() []fyne.CanvasObject { return r.texts }
func (r *piecesRenderer) Destroy()                     {}

// Page scrolls by what is seen, but for some lines that stay.
func (s *Scroll) Page(down bool) {
	by := s.scroll.Size().Height - 60
	if !down {
		by = -by
	}
	s.To(s.scroll.Offset.Y + by)
}

// To scrolls to a height, as far as there is something.
func (s *Scroll) To(y float32) {
	most := max(0, s.scroll.Content.Size().Height-s.scroll.Size().Height)
	s.scroll.ScrollToOffset(fyne.NewPos(0, min(max(0, y), most)))
}
