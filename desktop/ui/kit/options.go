package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Options is what an entry offers below itself: a list of which some rows are seen and the rest is scrolled to. One row is marked. It
// takes no focus, for the hand stays in the entry, and has no more rows than are seen, however long it is.
type Options struct {
	widget.BaseWidget
	labels  []string
	icon    fyne.Resource
	at      int // the row that is marked
	most    int // rows seen at once
	pick    func(i int)
	rows    []*option
	content *fyne.Container
	scroll  *Wheel
}

// NewOptions makes an empty list; pick is told which row was tapped.
func NewOptions(icon fyne.Resource, pick func(i int)) *Options {
	o := &Options{icon: icon, pick: pick}
	o.content = container.New(optionRows{o})
	o.scroll = newWheel(o.content)
	o.scroll.OnScrolled = func(fyne.Position) { o.place() }
	o.ExtendBaseWidget(o)
	return o
}

// OptionHeight is the height of a row.
func OptionHeight() float32 { return 44 }

// Offer shows other rows, of which at most some are seen at once, and marks one.
func (o *Options) Offer(labels []string, at, most int) {
	o.labels, o.most = labels, most
	for len(o.rows) < min(len(labels), most+1) { // one is cut off above and one below
		r := newOption(o.icon)
		o.rows = append(o.rows, r)
		o.content.Objects = append(o.content.Objects, r)
	}
	o.content.Resize(fyne.NewSize(o.content.Size().Width, o.content.MinSize().Height)) // what is not so high cannot be scrolled so far
	o.scroll.Offset = fyne.Position{}
	o.Mark(at)
	o.scroll.Refresh()
}

// Mark marks another row, and scrolls no further than needed to show it.
func (o *Options) Mark(at int) {
	o.at = at
	top, high := float32(at)*OptionHeight(), o.MinSize().Height
	switch y := o.scroll.Offset.Y; {
	case top < y:
		o.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+OptionHeight() > y+high:
		o.scroll.Offset.Y = top + OptionHeight() - high
		o.scroll.Refresh()
	}
	o.place()
}

// place puts the rows where they are seen.
func (o *Options) place() {
	first := int(o.scroll.Offset.Y / OptionHeight())
	for k, r := range o.rows {
		i := first + k
		r.Hidden = i >= len(o.labels)
		if r.Hidden {
			continue
		}
		r.Move(fyne.NewPos(0, float32(i)*OptionHeight()))
		r.Resize(fyne.NewSize(o.content.Size().Width, OptionHeight()))
		r.set(o.labels[i], i == o.at, func() { o.pick(i) })
	}
	canvas.Refresh(o.content)
}

// MinSize implements fyne.Widget.
func (o *Options) MinSize() fyne.Size {
	return fyne.NewSize(120, float32(min(len(o.labels), o.most))*OptionHeight())
}

// CreateRenderer implements fyne.Widget.
func (o *Options) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(o.scroll) }

// optionRows is as high as all rows would be.
type optionRows struct{ o *Options }

func (l optionRows) Layout([]fyne.CanvasObject, fyne.Size) { l.o.place() }

func (l optionRows) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, float32(len(l.o.labels))*OptionHeight())
}

// option is a row.
type option struct {
	widget.BaseWidget
	text          string
	icon          fyne.Resource
	here, hovered bool
	tapped        func()
}

var _ desktop.Hoverable = (*option)(nil)

func newOption(icon fyne.Resource) *option {
	r := &option{icon: icon}
	r.ExtendBaseWidget(r)
	return r
}

func (r *option) set(text string, here bool, tapped func()) {
	r.tapped = tapped
	if r.text != text || r.here != here {
		r.text, r.here = text, here
		r.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (r *option) Tapped(*fyne.PointEvent) { r.tapped() }

// MouseIn implements desktop.Hoverable.
func (r *option) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (r *option) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *option) MouseOut() { r.hovered = false; r.Refresh() }

// AccessibilityLabel implements fyne.Accessible.
func (r *option) AccessibilityLabel() string { return r.text }

// AccessibilityRole implements fyne.Accessible.
func (r *option) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// CreateRenderer implements fyne.Widget.
func (r *option) CreateRenderer() fyne.WidgetRenderer {
	x := &optionRenderer{r: r, face: NewPlane(PlaneLook{}), icon: &canvas.Image{FillMode: canvas.ImageFillContain}, text: NewCut("", Body)}
	x.draw()
	return x
}

type optionRenderer struct {
	r    *option
	face *Plane
	icon *canvas.Image
	text *Cut
}

func (x *optionRenderer) draw() {
	fill, style := fyne.ThemeColorName(""), Body
	switch {
	case x.r.here:
		fill, style = ColorPrimary, Bold.In(ColorOnPrimary)
	case x.r.hovered:
		fill = ColorSurface2
	}
	x.face.Set(PlaneLook{Fill: fill})
	x.icon.Resource = Tinted(x.r.icon, style.Color)
	x.text.Set(x.r.text, style)
}

func (x *optionRenderer) MinSize() fyne.Size { return fyne.NewSize(100, OptionHeight()) }

func (x *optionRenderer) Layout(size fyne.Size) {
	x.face.Resize(size)
	x.icon.Move(fyne.NewPos(14, (size.Height-20)/2))
	x.icon.Resize(fyne.NewSquareSize(20))
	x.text.Move(fyne.NewPos(44, 0))
	x.text.Resize(fyne.NewSize(size.Width-56, size.Height)) // beside the bar that scrolls
}

func (x *optionRenderer) Refresh() {
	x.draw()
	x.icon.Refresh()
	canvas.Refresh(x.r)
}

func (x *optionRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{x.face.Object, x.icon, x.text}
}

func (x *optionRenderer) Destroy() {}
