package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Scroll is a page that scrolls up and down. Its content gets its width first and may be as high as it wants.
type Scroll struct {
	*fyne.Container
	scroll *Wheel
}

// NewScroll makes a scrolling page.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := newWheel(content)
	return &Scroll{container.New(scrolled{}, s), s}
}

type scrolled struct{}

func (scrolled) Layout(o []fyne.CanvasObject, size fyne.Size) {
	s := o[0].(*Wheel)
	s.Content.Resize(fyne.NewSize(size.Width, s.Content.Size().Height))
	s.Resize(size)
	s.Refresh()
}

func (scrolled) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// Again lays the content out after it has changed.
func (s *Scroll) Again() { scrolled{}.Layout(s.Objects, s.Size()) }

// Relay lays the content out after something in it came, went or grew. Unlike Again it draws nothing anew but what takes
// another place: who changed draws itself.
func (s *Scroll) Relay() {
	content := s.scroll.Content
	relay(content)
	content.Resize(fyne.NewSize(s.Size().Width, content.MinSize().Height).Max(s.Size()))
	s.scroll.Resize(s.Size().SubtractWidthHeight(0, 1)) // its bars follow only another size
	s.scroll.Resize(s.Size())
}

func relay(o fyne.CanvasObject) {
	switch x := o.(type) {
	case *fyne.Container:
		if x.Hidden {
			return
		}
		if x.Layout != nil {
			x.Layout.Layout(x.Objects, x.Size())
		}
		for _, child := range x.Objects {
			relay(child)
		}
	case *Cell:
		if !x.Hidden {
			relay(x.Content)
		}
	}
}

// Reveal scrolls no further than needed to show an object of the content, with some room around it.
func (s *Scroll) Reveal(o fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.scroll.Content).Y
	const room = 40
	offset, high := s.scroll.Offset, s.scroll.Size().Height
	switch bottom := top + o.Size().Height; {
	case top-room < offset.Y:
		offset.Y = max(0, top-room)
	case bottom+room > offset.Y+high:
		offset.Y = min(bottom+room, s.scroll.Content.Size().Height) - high
	default:
		return
	}
	s.scroll.ScrollToOffset(offset)
}

// Offset is how far the page is scrolled.
func (s *Scroll) Offset() float32 { return s.scroll.Offset.Y }

// Cell is an object of a Grid, which may take a row of its own.
type Cell struct {
	widget.BaseWidget
	Content fyne.CanvasObject
	Want    float32 // the width it needs; 0: one column does
	wide    bool
}

// NewCell makes a cell.
func NewCell(content fyne.CanvasObject, wide bool) *Cell {
	c := &Cell{Content: content, wide: wide}
	c.ExtendBaseWidget(c)
	return c
}

// TakesRow implements Wide.
func (c *Cell) TakesRow() bool { return c.wide }

// Wants implements Wanting.
func (c *Cell) Wants() float32 { return c.Want }

// CreateRenderer implements fyne.Widget.
func (c *Cell) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.Content) }

// SetContent exchanges what scrolls.
func (s *Scroll) SetContent(content fyne.CanvasObject) {
	s.scroll.Content = content
	s.Again()
}

// TapArea makes anything tappable.
type TapArea struct {
	widget.BaseWidget
	content fyne.CanvasObject
	tapped  func()
}

// NewTapArea wraps an object.
func NewTapArea(content fyne.CanvasObject, tapped func()) *TapArea {
	t := &TapArea{content: content, tapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

// Tapped implements fyne.Tappable.
func (t *TapArea) Tapped(*fyne.PointEvent) { t.tapped() }

// CreateRenderer implements fyne.Widget.
func (t *TapArea) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.content) }

// Top scrolls so that an object of the content stands at the top, as far as there is anything below it.
func (s *Scroll) Top(o fyne.CanvasObject) {
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(s.scroll.Content).Y
	s.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(top-8, s.scroll.Content.Size().Height-s.scroll.Size().Height))))
}

// ToTop scrolls to the beginning.
func (s *Scroll) ToTop() { s.scroll.ScrollToOffset(fyne.NewPos(0, 0)) }
