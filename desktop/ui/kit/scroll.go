package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Scroll is a page that scrolls up and down. Its content gets its width first and may be as high as it wants.
type Scroll struct {
	*fyne.Container
	scroll *container.Scroll
}

// NewScroll makes a scrolling page.
func NewScroll(content fyne.CanvasObject) *Scroll {
	s := container.NewVScroll(content)
	return &Scroll{container.New(scrolled{}, s), s}
}

type scrolled struct{}

func (scrolled) Layout(o []fyne.CanvasObject, size fyne.Size) {
	s := o[0].(*container.Scroll)
	s.Content.Resize(fyne.NewSize(size.Width, s.Content.Size().Height))
	s.Resize(size)
	s.Refresh()
}

func (scrolled) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// Again lays the content out after it has changed.
func (s *Scroll) Again() { scrolled{}.Layout(s.Objects, s.Size()) }

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
