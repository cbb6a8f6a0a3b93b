package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// ChipLook is how a state looks: word, colour, icon and fill together, since colour alone tells too little.
type ChipLook struct {
	Text      string
	Icon      fyne.Resource
	Ink, Fill fyne.ThemeColorName
	Stroke    fyne.ThemeColorName
	Width     float32 // of the border
}

// Chip is a state in one word.
type Chip struct {
	widget.BaseWidget
	look ChipLook
}

// NewChip makes a chip.
func NewChip(look ChipLook) *Chip {
	c := &Chip{look: look}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes the state.
func (c *Chip) Set(look ChipLook) {
	if c.look != look {
		c.look = look
		c.Refresh()
	}
}

// Look is what the chip shows.
func (c *Chip) Look() ChipLook { return c.look }

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	r := &chipRenderer{c: c, face: NewPlane(PlaneLook{}), icon: &canvas.Image{FillMode: canvas.ImageFillContain}, text: Line("", Small)}
	r.draw()
	return r
}

type chipRenderer struct {
	c    *Chip
	face *Plane
	icon *canvas.Image
	text *canvas.Text
}

func (r *chipRenderer) draw() {
	l := r.c.look
	r.face.Set(PlaneLook{Fill: l.Fill, Stroke: l.Stroke, Width: l.Width, Radius: 4})
	r.icon.Hidden = l.Icon == nil
	if l.Icon != nil {
		r.icon.Resource = Tinted(l.Icon, l.Ink)
	}
	Small.Strong().In(l.Ink).apply(r.text)
	r.text.Text = l.Text
}

func (r *chipRenderer) MinSize() fyne.Size {
	m := r.text.MinSize()
	w := m.Width + 16
	if r.c.look.Icon != nil {
		w += 22
	}
	return fyne.NewSize(w, m.Height+8)
}

func (r *chipRenderer) Layout(size fyne.Size) {
	m := r.MinSize() // a chip is never wider than its word
	y := max(0, (size.Height-m.Height)/2)
	r.face.Move(fyne.NewPos(0, y))
	r.face.Resize(m)
	x := float32(8)
	if r.c.look.Icon != nil {
		r.icon.Move(fyne.NewPos(x, y+(m.Height-16)/2))
		r.icon.Resize(fyne.NewSquareSize(16))
		x += 22
	}
	r.text.Move(fyne.NewPos(x, y+4))
	r.text.Resize(r.text.MinSize())
}

func (r *chipRenderer) Refresh() {
	r.draw()
	r.icon.Refresh()
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}

func (r *chipRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face.Object, r.icon, r.text}
}

func (r *chipRenderer) Destroy() {}

// NavItem is a line of the navigation: an icon, a word, and a count. Folded it is the icon alone.
type NavItem struct {
	widget.BaseWidget
	Text     string
	Icon     fyne.Resource
	Count    string
	Urgent   bool // the count asks for somebody
	Here     bool // its page is open
	Folded   bool
	OnTapped func()
	OnKey    func(key fyne.KeyName) // that does not press it; nil: it means nothing

	focused, hovered bool
}

// NewNavItem makes a line.
func NewNavItem(text string, icon fyne.Resource, tapped func()) *NavItem {
	n := &NavItem{Text: text, Icon: icon, OnTapped: tapped}
	n.ExtendBaseWidget(n)
	return n
}

// Tapped implements fyne.Tappable.
func (n *NavItem) Tapped(*fyne.PointEvent) {
	n.tell(false)
	if n.OnTapped != nil {
		n.OnTapped()
	}
}

// FocusGained implements fyne.Focusable.
func (n *NavItem) FocusGained() { n.focused = true; n.Refresh(); n.tell(true) }

// FocusLost implements fyne.Focusable.
func (n *NavItem) FocusLost() { n.focused = false; n.Refresh(); n.tell(false) }

// AccessibilityLabel implements fyne.Accessible.
func (n *NavItem) AccessibilityLabel() string { return strings.TrimSpace(n.Text + " " + n.Count) }

// AccessibilityRole implements fyne.Accessible.
func (n *NavItem) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleLink }

// tell shows what the icon stands for, where it stands alone.
func (n *NavItem) tell(shown bool) {
	if n.Folded || !shown {
		tell(n, n.Text, shown, true)
	}
}

// TypedRune implements fyne.Focusable.
func (n *NavItem) TypedRune(rune) {}

// KeyDown implements desktop.Keyable.
func (n *NavItem) KeyDown(*fyne.KeyEvent) { Touch(n) }

// KeyUp implements desktop.Keyable.
func (n *NavItem) KeyUp(*fyne.KeyEvent) {}

// TypedKey implements fyne.Focusable.
func (n *NavItem) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		n.Tapped(nil)
	} else if n.OnKey != nil {
		n.OnKey(e.Name)
	}
}

// MouseIn implements desktop.Hoverable.
func (n *NavItem) MouseIn(*desktop.MouseEvent) { n.hovered = true; n.Refresh(); n.tell(true) }

// MouseMoved implements desktop.Hoverable.
func (n *NavItem) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (n *NavItem) MouseOut() { n.hovered = false; n.Refresh(); n.tell(false) }

// CreateRenderer implements fyne.Widget.
func (n *NavItem) CreateRenderer() fyne.WidgetRenderer {
	r := &navRenderer{n: n, face: NewPlane(PlaneLook{}), ring: NewPlane(PlaneLook{Stroke: ColorRing, Width: 3}), tag: NewPlane(PlaneLook{}),
		icon: &canvas.Image{FillMode: canvas.ImageFillContain}, text: NewCut("", Body), count: Line("", Small)}
	r.draw()
	return r
}

type navRenderer struct {
	n               *NavItem
	face, ring, tag *Plane
	icon            *canvas.Image
	text            *Cut
	count           *canvas.Text
}

func (r *navRenderer) draw() {
	n, style := r.n, Body
	fill := fyne.ThemeColorName("") // the navigation lies on its own ground
	switch {
	case n.Here:
		fill, style = ColorPrimary, Bold.In(ColorOnPrimary)
	case n.hovered:
		fill = ColorSurface2
	}
	r.face.Set(PlaneLook{Fill: fill})
	r.ring.Show(n.focused)
	r.icon.Resource = Tinted(n.Icon, style.Color)
	r.text.Set(n.Text, style)
	r.text.Hidden = n.Folded
	tag, ink := ColorSurface2, ColorInk
	if n.Urgent {
		tag, ink = ColorDanger, ColorOnPrimary
	}
	r.tag.Set(PlaneLook{Fill: tag, Radius: 4})
	Small.Strong().In(ink).apply(r.count)
	r.count.Text = n.Count
	r.count.Hidden = n.Count == ""
	r.tag.Show(n.Count != "")
}

func (r *navRenderer) MinSize() fyne.Size {
	if r.n.Folded {
		return fyne.NewSize(62, 44)
	}
	return fyne.NewSize(Size(SizeBody)*14.8, 44)
}

func (r *navRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	r.ring.Move(fyne.NewPos(1, 1))
	r.ring.Resize(size.SubtractWidthHeight(2, 2))
	x := float32(14) // folded too: the count stands beside the icon
	r.icon.Move(fyne.NewPos(x, (size.Height-20)/2))
	r.icon.Resize(fyne.NewSquareSize(20))
	c := r.count.MinSize()
	tag := c.AddWidthHeight(14, 2)
	at := fyne.NewPos(size.Width-tag.Width-10, (size.Height-tag.Height)/2)
	if r.n.Folded {
		at = fyne.NewPos(size.Width-tag.Width-1, 1)
	}
	r.tag.Move(at)
	r.tag.Resize(tag)
	r.count.Move(at.AddXY(7, 1))
	r.count.Resize(c)
	end := size.Width - 8
	if r.n.Count != "" {
		end = at.X - 6
	}
	r.text.Move(fyne.NewPos(44, 0))
	r.text.Resize(fyne.NewSize(end-44, size.Height))
}

func (r *navRenderer) Refresh() {
	r.draw()
	r.icon.Refresh()
	r.Layout(r.n.Size())
	canvas.Refresh(r.n)
}

func (r *navRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face.Object, r.icon, r.text, r.tag.Object, r.count, r.ring.Object}
}

func (r *navRenderer) Destroy() {}

// Progress is a bar without words: the words stand beside it.
type Progress struct {
	widget.BaseWidget
	done float64
}

// NewProgress makes an empty bar.
func NewProgress() *Progress {
	p := &Progress{}
	p.ExtendBaseWidget(p)
	return p
}

// Set says how much is done, 0…1.
func (p *Progress) Set(done float64) {
	if p.done != done {
		p.done = done
		p.Refresh()
	}
}

// Done is what the bar shows.
func (p *Progress) Done() float64 { return p.done }

// CreateRenderer implements fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	return &progressRenderer{p: p, frame: NewPlane(PlaneLook{Fill: ColorPaper, Stroke: ColorLine, Width: 1, Radius: 3}), bar: NewPlane(PlaneLook{Fill: ColorPrimary, Radius: 3})}
}

type progressRenderer struct {
	p          *Progress
	frame, bar *Plane
}

func (r *progressRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 14) }

func (r *progressRenderer) Layout(size fyne.Size) {
	r.frame.Resize(size)
	r.bar.Resize(fyne.NewSize(size.Width*float32(min(1, max(0, r.p.done))), size.Height))
}

func (r *progressRenderer) Refresh() {
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

func (r *progressRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.frame.Object, r.bar.Object}
}

func (r *progressRenderer) Destroy() {}
