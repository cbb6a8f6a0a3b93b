package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// StepLook is how a step of a rail looks.
type StepLook struct {
	Title, Line string
	Done, Wrong bool
	Here        bool
}

// Step is a line of a progress rail: a sign of how far it is, a title, and a line in words. It takes no focus; the window
// has shortcuts for it.
type Step struct {
	widget.BaseWidget
	OnTapped func()

	look    StepLook
	hovered bool
}

var _ desktop.Hoverable = (*Step)(nil)

// NewStep makes a line.
func NewStep(tapped func()) *Step {
	s := &Step{OnTapped: tapped}
	s.ExtendBaseWidget(s)
	return s
}

// Set changes how the line looks.
func (s *Step) Set(look StepLook) {
	if s.look != look {
		s.look = look
		s.Refresh()
	}
}

// Look is how the line looks.
func (s *Step) Look() StepLook { return s.look }

// Text is what the line is called.
func (s *Step) Text() string { return s.look.Title }

// Tapped implements fyne.Tappable.
func (s *Step) Tapped(*fyne.PointEvent) { s.OnTapped() }

// MouseIn implements desktop.Hoverable.
func (s *Step) MouseIn(*desktop.MouseEvent) { s.hovered = true; s.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (s *Step) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *Step) MouseOut() { s.hovered = false; s.Refresh() }

// StepSign is the sign of a look, and its colour.
func StepSign(look StepLook) (fyne.Resource, fyne.ThemeColorName) {
	switch {
	case look.Wrong:
		return theme.ErrorIcon(), ColorDanger
	case look.Done:
		return theme.ConfirmIcon(), ColorOk
	}
	return theme.RadioButtonIcon(), ColorInk2
}

// CreateRenderer implements fyne.Widget.
func (s *Step) CreateRenderer() fyne.WidgetRenderer {
	r := &stepRenderer{s: s, face: NewPlane(PlaneLook{}), stripe: NewPlane(PlaneLook{Fill: ColorPrimary}), hair: NewPlane(PlaneLook{Fill: ColorHair}),
		sign: &canvas.Image{FillMode: canvas.ImageFillContain}, title: NewCut("", Body), line: NewCut("", Small)}
	r.draw()
	return r
}

type stepRenderer struct {
	s                  *Step
	face, stripe, hair *Plane
	sign               *canvas.Image
	title, line        *Cut
}

func (r *stepRenderer) draw() {
	look := r.s.look
	fill, title, line := fyne.ThemeColorName(""), Body, Small
	if r.s.hovered {
		fill = ColorSurface
	}
	if look.Here {
		fill, title = ColorSel, Bold
	}
	if look.Wrong {
		line = line.In(ColorDanger)
	}
	r.face.Set(PlaneLook{Fill: fill})
	r.stripe.Show(look.Here)
	icon, ink := StepSign(look)
	r.sign.Resource = Tinted(icon, ink)
	r.title.Set(look.Title, title)
	r.line.Set(look.Line, line)
	r.line.Hidden = look.Line == ""
}

func (r *stepRenderer) MinSize() fyne.Size {
	return fyne.NewSize(120, r.title.MinSize().Height+r.line.MinSize().Height+14)
}

func (r *stepRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	r.stripe.Resize(fyne.NewSize(5, size.Height))
	r.hair.Move(fyne.NewPos(0, size.Height-1))
	r.hair.Resize(fyne.NewSize(size.Width, 1))
	r.sign.Move(fyne.NewPos(14, (size.Height-20)/2))
	r.sign.Resize(fyne.NewSquareSize(20))
	t, l := r.title.MinSize().Height, r.line.MinSize().Height
	high := t
	if !r.line.Hidden {
		high += l
	}
	y := (size.Height - high) / 2
	r.title.Move(fyne.NewPos(44, y))
	r.title.Resize(fyne.NewSize(size.Width-52, t))
	r.line.Move(fyne.NewPos(44, y+t))
	r.line.Resize(fyne.NewSize(size.Width-52, l))
}

func (r *stepRenderer) Refresh() {
	r.draw()
	r.sign.Refresh()
	r.Layout(r.s.Size())
	canvas.Refresh(r.s)
}

func (r *stepRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face.Object, r.stripe.Object, r.hair.Object, r.sign, r.title, r.line}
}

func (r *stepRenderer) Destroy() {}

// Cap is the name of a key in a frame, as it stands on the keyboard.
func Cap(key string) fyne.CanvasObject {
	return Box(ColorPaper, ColorLine, 1, Pad(6, 1, 6, 1, Line(key, Small.In(ColorInk))))
}
