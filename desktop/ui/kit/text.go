package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Style is how a text looks. The zero Style is body text in ink.
type Style struct {
	Size  fyne.ThemeSizeName
	Color fyne.ThemeColorName
	Bold  bool
}

// The styles in use.
var (
	Body    = Style{SizeBody, ColorInk, false}
	Bold    = Style{SizeBody, ColorInk, true}
	Small   = Style{SizeSmall, ColorInk2, false}
	Section = Style{SizeSection, ColorInk, true}
	Title   = Style{SizeTitle, ColorInk, true}
	Figure  = Style{SizeFigure, ColorInk, true}
	Error   = Style{SizeSmall, ColorDanger, true}
	Warning = Style{SizeSmall, ColorWarn, false}
)

// In gives the style in another colour.
func (s Style) In(c fyne.ThemeColorName) Style { s.Color = c; return s }

// Strong gives the style in bold.
func (s Style) Strong() Style { s.Bold = true; return s }

func (s Style) size() float32 { return Size(s.Size) }

func (s Style) measure(text string) fyne.Size {
	return fyne.MeasureText(text, s.size(), fyne.TextStyle{Bold: s.Bold})
}

func (s Style) apply(t *canvas.Text) {
	t.TextSize, t.Color, t.TextStyle = s.size(), Color(s.Color), fyne.TextStyle{Bold: s.Bold}
}

// Line is a text on one line that is never cut; its place must be wide enough.
func Line(text string, s Style) *canvas.Text {
	t := canvas.NewText(text, nil)
	s.apply(t)
	return t
}

// Cut is a text on one line that ends in an ellipsis where its place ends.
type Cut struct {
	widget.BaseWidget
	text  string
	style Style
}

// NewCut makes a text that is cut.
func NewCut(text string, s Style) *Cut {
	c := &Cut{text: text, style: s}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes the text and how it looks.
func (c *Cut) Set(text string, s Style) {
	if c.text != text || c.style != s {
		c.text, c.style = text, s
		c.Refresh()
	}
}

// Text is the whole text.
func (c *Cut) Text() string { return c.text }

// Full is how wide the whole text is.
func (c *Cut) Full() float32 { return c.style.measure(c.text).Width + 1 }

// CreateRenderer implements fyne.Widget.
func (c *Cut) CreateRenderer() fyne.WidgetRenderer { return &cutRenderer{c: c, t: Line("", c.style)} }

type cutRenderer struct {
	c *Cut
	t *canvas.Text
}

func (r *cutRenderer) Layout(size fyne.Size) {
	r.c.style.apply(r.t)
	r.t.Text = r.c.style.cut(r.c.text, size.Width)
	h := r.t.MinSize().Height
	r.t.Move(fyne.NewPos(0, (size.Height-h)/2))
	r.t.Resize(fyne.NewSize(size.Width, h))
}

func (r *cutRenderer) MinSize() fyne.Size {
	return fyne.NewSize(24, r.c.style.measure("Ộg").Height)
}

func (r *cutRenderer) Refresh() {
	r.Layout(r.c.Size())
	r.t.Refresh()
}

func (r *cutRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.t} }
func (r *cutRenderer) Destroy()                     {}

// cut shortens a text to a width.
func (s Style) cut(text string, width float32) string {
	if width <= 0 || s.measure(text).Width <= width {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high { // the longest beginning that fits
		mid := (low + high + 1) / 2
		if s.measure(string(runes[:mid])+"…").Width <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return strings.TrimRight(string(runes[:low]), " ·") + "…"
}

// Para is a text that wraps at words. It needs a layout of this package around it, which asks for its height after giving
// it its width.
type Para struct {
	widget.BaseWidget
	text  string
	style Style
}

// NewPara makes a text that wraps.
func NewPara(text string, s Style) *Para {
	p := &Para{text: text, style: s}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes the text and how it looks.
func (p *Para) Set(text string, s Style) {
	if p.text != text || p.style != s {
		p.text, p.style = text, s
		p.Refresh()
	}
}

// Text is the whole text.
func (p *Para) Text() string { return p.text }

// CreateRenderer implements fyne.Widget.
func (p *Para) CreateRenderer() fyne.WidgetRenderer {
	r := &paraRenderer{p: p}
	r.wrap()
	return r
}

type paraRenderer struct {
	p     *Para
	lines []fyne.CanvasObject
	width float32
	text  string
	style Style
}

func (r *paraRenderer) wrap() {
	width := r.p.Size().Width
	if r.lines != nil && r.width == width && r.text == r.p.text && r.style == r.p.style {
		return
	}
	r.width, r.text, r.style, r.lines = width, r.p.text, r.p.style, []fyne.CanvasObject{}
	for _, line := range r.style.lines(r.text, width) {
		r.lines = append(r.lines, Line(line, r.style))
	}
}

func (r *paraRenderer) Layout(fyne.Size) {
	r.wrap()
	h := r.style.measure("Ộg").Height
	for i, l := range r.lines {
		l.Move(fyne.NewPos(0, float32(i)*h))
		l.Resize(l.MinSize())
	}
}

func (r *paraRenderer) MinSize() fyne.Size {
	r.wrap()
	w := float32(0)
	if r.width == 0 {
		w = min(r.style.measure(r.text).Width, 120)
	}
	return fyne.NewSize(w, r.style.measure("Ộg").Height*float32(max(1, len(r.lines))))
}

func (r *paraRenderer) Refresh() {
	r.Layout(r.p.Size())
	for _, l := range r.lines {
		l.Refresh()
	}
}

func (r *paraRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *paraRenderer) Destroy()                     {}

// lines breaks a text at words; a word wider than the place is broken inside.
func (s Style) lines(text string, width float32) (lines []string) {
	for _, para := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(para) {
			joined := word
			if line != "" {
				joined = line + " " + word
			}
			if width <= 0 || s.measure(joined).Width <= width {
				line = joined
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			for s.measure(word).Width > width && len([]rune(word)) > 1 {
				head := s.head(word, width)
				lines, word = append(lines, head), word[len(head):]
			}
			line = word
		}
		lines = append(lines, line)
	}
	return lines
}

// head is the longest beginning of a word that fits, at least one letter.
func (s Style) head(word string, width float32) string {
	runes := []rune(word)
	n := 1
	for n < len(runes) && s.measure(string(runes[:n+1])).Width <= width {
		n++
	}
	return string(runes[:n])
}
