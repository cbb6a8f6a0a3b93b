package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// Layouts that give each object its width first and then ask how high it wants to be, so that wrapped texts get the
// height they need.

type column struct{ gap float32 }

// Column stands objects below each other, each as wide as the place.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap}, objects...)
}

func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y, first := float32(0), true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if !first {
			y += c.gap
		}
		first = false
		o.Resize(fyne.NewSize(size.Width, o.Size().Height))
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, y))
		y += h
	}
}

func (c column) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	first := true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if !first {
			s.Height += c.gap
		}
		first = false
		m := o.MinSize()
		s.Width, s.Height = max(s.Width, m.Width), s.Height+m.Height
	}
	return s
}

// Lay gives an object that is not laid out yet its width, so that the height it wants is that of its wrapped texts.
func Lay(o fyne.CanvasObject, width float32) { o.Resize(fyne.NewSize(width, o.MinSize().Height)) }

type row struct {
	gap  float32
	grow int  // which object takes what is left; -1: none
	top  bool // objects stand at the top, not in the middle
}

// Row stands objects beside each other at their own width, in the middle of the height; the object number grow takes what
// is left (-1: none).
func Row(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{gap, grow, false}, objects...)
}

// TopRow is a Row whose objects stand at the top.
func TopRow(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{gap, grow, true}, objects...)
}

// widths gives each object its width.
func (r row) widths(objects []fyne.CanvasObject, total float32) []float32 {
	ws, left, shown := make([]float32, len(objects)), total, 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		if i != r.grow {
			ws[i] = o.MinSize().Width
			left -= ws[i]
		}
	}
	left -= r.gap * float32(max(0, shown-1))
	if r.grow >= 0 && r.grow < len(objects) && objects[r.grow].Visible() {
		ws[r.grow] = max(0, left)
	}
	return ws
}

func (r row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, w := range r.widths(objects, size.Width) {
		o := objects[i]
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(w, o.Size().Height))
		h, y := o.MinSize().Height, float32(0)
		if !r.top {
			y = max(0, (size.Height-h)/2)
		}
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, y))
		x += w + r.gap
	}
}

func (r row) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		m := o.MinSize()
		s.Width, s.Height = s.Width+m.Width, max(s.Height, m.Height)
	}
	s.Width += r.gap * float32(max(0, shown-1))
	return s
}

type grid struct {
	gap   float32
	least float32 // width of a column
	most  int
	width float32 // that it was laid out in last; asking for the size must not lay it out otherwise
}

// Grid stands objects in as many equal columns as fit, each at least so wide; rows are as high as their highest object.
func Grid(gap, least float32, most int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&grid{gap: gap, least: least, most: most}, objects...)
}

// Wide marks an object of a Grid that takes a row of its own.
type Wide interface{ TakesRow() bool }

// Wanting is an object of a Grid that takes as many columns as it needs for a width.
type Wanting interface{ Wants() float32 }

// columns is how many of n columns an object takes.
func (g *grid) columns(o fyne.CanvasObject, w float32, n int) int {
	x, ok := o.(Wanting)
	k := 1
	for ok && k < n && float32(k)*(w+g.gap)-g.gap < x.Wants() {
		k++
	}
	return k
}

func (g *grid) cells(objects []fyne.CanvasObject, width float32, f func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	n := max(1, min(g.most, int((width+g.gap)/(g.least+g.gap))))
	w := (width - g.gap*float32(n-1)) / float32(n)
	y, high, at := float32(0), float32(0), 0
	type place struct {
		o    fyne.CanvasObject
		x, w float32
	}
	var line []place
	end := func() {
		for _, p := range line {
			f(p.o, p.x, y, p.w, high)
		}
		if len(line) > 0 {
			y += high + g.gap
		}
		line, high, at = nil, 0, 0
	}
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if wide, ok := o.(Wide); ok && wide.TakesRow() {
			end()
			o.Resize(fyne.NewSize(width, o.Size().Height))
			h := o.MinSize().Height
			f(o, 0, y, width, h)
			y += h + g.gap
			continue
		}
		k := g.columns(o, w, n)
		if at+k > n {
			end()
		}
		wide := float32(k)*(w+g.gap) - g.gap
		o.Resize(fyne.NewSize(wide, o.Size().Height))
		line, high, at = append(line, place{o, float32(at) * (w + g.gap), wide}), max(high, o.MinSize().Height), at+k
		if at == n {
			end()
		}
	}
	end()
	return max(0, y-g.gap)
}

func (g *grid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	g.width = size.Width
	g.cells(objects, size.Width, func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(x, y))
	})
}

func (g *grid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	h := g.cells(objects, max(g.width, g.least), func(fyne.CanvasObject, float32, float32, float32, float32) {})
	return fyne.NewSize(g.least, h)
}

type columns struct {
	gap    float32
	widths []float32
}

// Columns stands objects beside each other at the top, each in the width of its column; 0 shares what is left.
func Columns(gap float32, widths []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columns{gap, widths}, objects...)
}

func (c columns) each(objects []fyne.CanvasObject, total float32, f func(o fyne.CanvasObject, x, w float32)) {
	shared, left := 0, total-c.gap*float32(len(c.widths)-1)
	for _, w := range c.widths {
		if w == 0 {
			shared++
		}
		left -= w
	}
	x := float32(0)
	for i, o := range objects {
		w := c.widths[i]
		if w == 0 {
			w = max(60, left/float32(shared))
		}
		f(o, x, w)
		x += w + c.gap
	}
}

func (c columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.each(objects, size.Width, func(o fyne.CanvasObject, x, w float32) {
		o.Resize(fyne.NewSize(w, o.Size().Height))
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
		o.Move(fyne.NewPos(x, 0))
	})
}

func (c columns) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		s.Height = max(s.Height, o.MinSize().Height)
	}
	for _, w := range c.widths {
		s.Width += max(60, w)
	}
	s.Width += c.gap * float32(len(c.widths)-1)
	return s
}

type pad struct{ left, top, right, bottom float32 }

// Pad puts space around an object.
func Pad(left, top, right, bottom float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(pad{left, top, right, bottom}, o)
}

func (p pad) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(p.left, p.top))
		o.Resize(fyne.NewSize(size.Width-p.left-p.right, size.Height-p.top-p.bottom))
	}
}

func (p pad) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	return s.AddWidthHeight(p.left+p.right, p.top+p.bottom)
}

type fixed struct{ w, h float32 }

// Fixed gives an object at least a width and a height; 0 leaves it as it is.
func Fixed(w, h float32, o fyne.CanvasObject) *fyne.Container { return container.New(fixed{w, h}, o) }

func (f fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(size)
	}
}

func (f fixed) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		s = s.Max(o.MinSize())
	}
	if f.w > 0 {
		s.Width = f.w
	}
	if f.h > 0 {
		s.Height = max(s.Height, f.h)
	}
	return s
}

// Box draws a frame around an object: a fill, and a border unless its width is 0.
func Box(fill, stroke fyne.ThemeColorName, width float32, o fyne.CanvasObject) *fyne.Container {
	return Behind(NewPlane(PlaneLook{Fill: fill, Stroke: stroke, Width: width, Radius: 4}), o)
}

// Fill draws a colour behind an object.
func Fill(c fyne.ThemeColorName, o fyne.CanvasObject) *fyne.Container {
	return Behind(NewPlane(PlaneLook{Fill: c}), o)
}

// Stripe is a standing strip of a colour.
func Stripe(c fyne.ThemeColorName, width float32) fyne.CanvasObject {
	return Fixed(width, 1, NewPlane(PlaneLook{Fill: c}).Object)
}

// Hair is a thin line between things, standing or lying.
func Hair() fyne.CanvasObject {
	return NewPlane(PlaneLook{Fill: ColorHair}).Object
}

// Space takes room.
func Space(w, h float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(w, h))
	return r
}

// Banner is a coloured strip with an icon, a text that wraps, and buttons.
func Banner(fill, ink fyne.ThemeColorName, icon fyne.Resource, text fyne.CanvasObject, actions ...fyne.CanvasObject) *fyne.Container {
	objects := append([]fyne.CanvasObject{Icon(icon, ink, 20), text}, actions...)
	body := Pad(12, 8, 12, 8, Row(12, 1, objects...))
	return Fill(fill, Border(nil, nil, Stripe(ink, 6), nil, body))
}

type border struct{ top, bottom, left, right fyne.CanvasObject }

// Border stands objects around a middle that takes what is left, without gaps; any of the four may be nil.
func Border(top, bottom, left, right fyne.CanvasObject, middle fyne.CanvasObject) *fyne.Container {
	objects := []fyne.CanvasObject{middle}
	for _, o := range []fyne.CanvasObject{top, bottom, left, right} {
		if o != nil {
			objects = append(objects, o)
		}
	}
	return container.New(border{top, bottom, left, right}, objects...)
}

func (b border) Layout(o []fyne.CanvasObject, size fyne.Size) {
	x, y, w, h := float32(0), float32(0), size.Width, size.Height
	lie := func(o fyne.CanvasObject, atEnd bool) {
		if o == nil || !o.Visible() {
			return
		}
		o.Resize(fyne.NewSize(size.Width, o.Size().Height))
		high := o.MinSize().Height
		o.Resize(fyne.NewSize(size.Width, high))
		h -= high
		if atEnd {
			o.Move(fyne.NewPos(0, y+h))
			return
		}
		o.Move(fyne.NewPos(0, 0))
		y = high
	}
	lie(b.top, false)
	lie(b.bottom, true)
	stand := func(o fyne.CanvasObject, atEnd bool) {
		if o == nil || !o.Visible() {
			return
		}
		wide := o.MinSize().Width
		o.Resize(fyne.NewSize(wide, h))
		w -= wide
		if atEnd {
			o.Move(fyne.NewPos(x+w, y))
			return
		}
		o.Move(fyne.NewPos(x, y))
		x += wide
	}
	stand(b.left, false)
	stand(b.right, true)
	o[0].Resize(fyne.NewSize(w, o[0].Size().Height))
	o[0].Resize(fyne.NewSize(w, h))
	o[0].Move(fyne.NewPos(x, y))
}

func (b border) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := o[0].MinSize()
	for _, x := range []fyne.CanvasObject{b.left, b.right} {
		if x != nil && x.Visible() {
			s.Width, s.Height = s.Width+x.MinSize().Width, max(s.Height, x.MinSize().Height)
		}
	}
	for _, x := range []fyne.CanvasObject{b.top, b.bottom} {
		if x != nil && x.Visible() {
			s.Width, s.Height = max(s.Width, x.MinSize().Width), s.Height+x.MinSize().Height
		}
	}
	return s
}
