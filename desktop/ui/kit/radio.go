package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ways are the arrows, and which of them go forward.
var ways = map[fyne.KeyName]bool{fyne.KeyRight: true, fyne.KeyDown: true, fyne.KeyLeft: false, fyne.KeyUp: false}

// Opens reports whether a shortcut asks to see what can be picked.
func Opens(s fyne.Shortcut) bool {
	c, ok := s.(*desktop.CustomShortcut)
	return ok && (c.KeyName == fyne.KeyDown && c.Modifier == fyne.KeyModifierAlt || c.KeyName == fyne.KeySpace && c.Modifier == fyne.KeyModifierControl)
}

// Radio is a pick of one from a few that all stand there, in as many lines as they need. The whole is one stop of the
// focus: arrows choose the one beside, a letter or digit the next that begins with it, Backspace or Delete takes the answer
// back, Enter goes on.
type Radio struct {
	widget.BaseWidget
	Options  []string
	Selected int                 // -1: none
	Stand    bool                // below each other, not beside
	Fold     func(string) string // how letters are compared; nil: lower case
	OnChange func(i int)         // -1: the answer was taken back
	OnNext   func()
	OnFocus  func()
	OnLeft   func()
	OnEscape func()

	focused, wrong bool
	over           int // under the mouse; -1: none
}

var (
	_ fyne.Focusable    = (*Radio)(nil)
	_ desktop.Hoverable = (*Radio)(nil)
)

// NewRadio makes a pick of nothing yet.
func NewRadio(changed func(i int)) *Radio {
	r := &Radio{Selected: -1, over: -1, OnChange: changed}
	r.ExtendBaseWidget(r)
	return r
}

// Offer shows other options and the one that is chosen, without telling that it changed.
func (r *Radio) Offer(options []string, selected int) {
	if strings.Join(r.Options, "\n") != strings.Join(options, "\n") || r.Selected != selected {
		r.Options, r.Selected = options, selected
		r.Refresh()
	}
}

// Width is how wide the options are beside each other.
func (r *Radio) Width() float32 {
	w := float32(0)
	for _, o := range r.Options {
		w += optionWidth(o) + radioGap
	}
	return max(0, w-radioGap)
}

// SetWrong draws the rings in red.
func (r *Radio) SetWrong(wrong bool) {
	if r.wrong != wrong {
		r.wrong = wrong
		r.Refresh()
	}
}

func (r *Radio) pick(i int) {
	if i >= len(r.Options) || i == r.Selected {
		return
	}
	r.Selected = i
	r.Refresh()
	if r.OnChange != nil {
		r.OnChange(i)
	}
}

// Tapped implements fyne.Tappable: on the option that is chosen already it takes the answer back.
func (r *Radio) Tapped(e *fyne.PointEvent) {
	if cv := fyne.CurrentApp().Driver().CanvasForObject(r); cv != nil {
		cv.Focus(r)
	}
	if i := r.at(e.Position); i >= 0 {
		if i == r.Selected {
			i = -1
		}
		r.pick(i)
	}
}

// at is the option at a place; -1 where there is none.
func (r *Radio) at(p fyne.Position) int {
	found := -1
	r.places(r.Size().Width, func(i int, at fyne.Position, size fyne.Size) {
		if p.X >= at.X && p.X < at.X+size.Width && p.Y >= at.Y && p.Y < at.Y+size.Height {
			found = i
		}
	})
	return found
}

// KeyDown implements desktop.Keyable.
func (r *Radio) KeyDown(*fyne.KeyEvent) { Touch(r) }

// KeyUp implements desktop.Keyable.
func (r *Radio) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (r *Radio) TypedKey(e *fyne.KeyEvent) {
	if forward, ok := ways[e.Name]; ok {
		switch {
		case !forward:
			r.pick(max(r.Selected-1, 0))
		default:
			r.pick(min(r.Selected+1, len(r.Options)-1))
		}
		return
	}
	switch e.Name {
	case fyne.KeyBackspace, fyne.KeyDelete:
		r.pick(-1)
	case fyne.KeySpace:
		r.pick(max(r.Selected, 0))
	case fyne.KeyEscape:
		if r.OnEscape != nil {
			r.OnEscape()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if r.OnNext != nil {
			r.OnNext()
		}
	}
}

// TypedRune implements fyne.Focusable: a letter goes to the next option that begins with it.
func (r *Radio) TypedRune(c rune) {
	if i := nextWith(r.Options, r.Selected, c, r.Fold); i >= 0 {
		r.pick(i)
	}
}

// nextWith is the option after one that begins with a letter; -1 where none does.
func nextWith(options []string, after int, c rune, fold func(string) string) int {
	if fold == nil {
		fold = strings.ToLower
	}
	for n := range options {
		i := (after + 1 + n) % len(options)
		if c != ' ' && strings.HasPrefix(fold(options[i]), fold(string(c))) {
			return i
		}
	}
	return -1
}

// FocusGained implements fyne.Focusable.
func (r *Radio) FocusGained() {
	r.focused = true
	r.Refresh()
	if r.OnFocus != nil {
		r.OnFocus()
	}
}

// FocusLost implements fyne.Focusable.
func (r *Radio) FocusLost() {
	r.focused = false
	r.Refresh()
	if r.OnLeft != nil {
		r.OnLeft()
	}
}

// MouseIn implements desktop.Hoverable.
func (r *Radio) MouseIn(e *desktop.MouseEvent) { r.hover(r.at(e.Position)) }

// MouseMoved implements desktop.Hoverable.
func (r *Radio) MouseMoved(e *desktop.MouseEvent) { r.hover(r.at(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (r *Radio) MouseOut() { r.hover(-1) }

func (r *Radio) hover(i int) {
	if r.over != i {
		r.over = i
		r.Refresh()
	}
}

const (
	radioIcon = 22
	radioGap  = 18
)

func optionWidth(text string) float32 { return radioIcon + 8 + Bold.measure(text).Width + 4 }

// places gives each option its place in a width, and returns the height of all.
func (r *Radio) places(width float32, f func(i int, at fyne.Position, size fyne.Size)) float32 {
	x, y := float32(0), float32(0)
	high := max(Body.measure("Ộg").Height+8, ControlHeight()-6)
	for i, o := range r.Options {
		w := optionWidth(o)
		if x > 0 && (r.Stand || x+w > width+0.5) {
			x, y = 0, y+high
		}
		f(i, fyne.NewPos(x, y), fyne.NewSize(min(w, max(width, 60)), high))
		x += w + radioGap
	}
	return y + high
}

// CreateRenderer implements fyne.Widget.
func (r *Radio) CreateRenderer() fyne.WidgetRenderer {
	x := &radioRenderer{r: r, ring: NewPlane(focusRing)}
	x.draw()
	return x
}

type radioRenderer struct {
	r       *Radio
	ring    *Plane
	texts   []*Cut
	icons   []*canvas.Image
	objects []fyne.CanvasObject
}

func (x *radioRenderer) draw() {
	r := x.r
	x.ring.Show(r.focused)
	if len(x.texts) != len(r.Options) {
		x.texts, x.icons, x.objects = nil, nil, []fyne.CanvasObject{x.ring.Object}
		for range r.Options {
			text, icon := NewCut("", Body), &canvas.Image{FillMode: canvas.ImageFillContain}
			x.texts, x.icons = append(x.texts, text), append(x.icons, icon)
			x.objects = append(x.objects, icon, text)
		}
	}
	for i, o := range r.Options {
		style, icon, ink := Body, theme.RadioButtonIcon(), ColorPrimary
		if r.wrong {
			ink = ColorDanger
		}
		if i == r.Selected {
			style, icon = Bold, theme.RadioButtonCheckedIcon()
		}
		if i == r.over {
			style = style.In(ColorPrimary)
		}
		x.texts[i].Set(o, style)
		x.icons[i].Resource = Tinted(icon, ink)
	}
}

func (x *radioRenderer) MinSize() fyne.Size {
	w := x.r.Size().Width
	if w == 0 {
		w = x.r.Width()
	}
	h := x.r.places(w, func(int, fyne.Position, fyne.Size) {})
	return fyne.NewSize(60, max(h, ControlHeight()))
}

func (x *radioRenderer) Layout(size fyne.Size) {
	h := x.r.places(size.Width, func(int, fyne.Position, fyne.Size) {})
	top := max(0, (size.Height-h)/2)
	wide := float32(0)
	x.r.places(size.Width, func(i int, at fyne.Position, s fyne.Size) {
		if i >= len(x.icons) {
			return
		}
		x.icons[i].Move(fyne.NewPos(at.X, top+at.Y+(s.Height-radioIcon)/2))
		x.icons[i].Resize(fyne.NewSquareSize(radioIcon))
		x.texts[i].Move(fyne.NewPos(at.X+radioIcon+8, top+at.Y))
		x.texts[i].Resize(fyne.NewSize(s.Width-radioIcon-4, s.Height))
		wide = max(wide, at.X+s.Width)
	})
	x.ring.Move(fyne.NewPos(-4, top))
	x.ring.Resize(fyne.NewSize(min(wide, size.Width)+8, h))
}

func (x *radioRenderer) Refresh() {
	x.draw()
	for _, icon := range x.icons {
		icon.Refresh()
	}
	x.Layout(x.r.Size())
	canvas.Refresh(x.r)
}

func (x *radioRenderer) Objects() []fyne.CanvasObject { return x.objects }
func (x *radioRenderer) Destroy()                     {}
