//go:build linux && !headless

package hand

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// program is a fyne.App whose one window is a pane.
type program struct {
	fyne.App
	*pane
}

// NewWindow implements fyne.App.
func (p *program) NewWindow(title string) fyne.Window {
	p.Window = p.App.NewWindow(title)
	return p.pane
}

// pane is a window that tells when it has been drawn: below its content lies a dot, which Fyne asks for its colour
// in every frame after a refresh.
type pane struct {
	fyne.Window
	dot   *canvas.Raster
	drawn func(at frame) // whom to tell; nil: nobody
}

// frame is the time in which the window was drawn once.
type frame struct{ begin, end time.Time }

func newPane() *pane {
	p := &pane{}
	still := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	p.dot = canvas.NewRaster(func(int, int) image.Image {
		if tell := p.drawn; tell != nil {
			p.drawn = nil
			begin := time.Now()
			go fyne.Do(func() { tell(frame{begin, time.Now()}) }) // runs behind the frame, in which the buffers are swapped
		}
		return still
	})
	return p
}

// SetContent implements fyne.Window.
func (p *pane) SetContent(o fyne.CanvasObject) { p.Window.SetContent(container.New(below{}, p.dot, o)) }

// next tells when the next frame has been drawn. It is called on the window's goroutine.
func (p *pane) next(tell func(frame)) {
	p.drawn = tell
	p.dot.Refresh()
}

// below lays a dot into the corner and the content over all.
type below struct{}

func (below) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Resize(fyne.NewSquareSize(1))
	o[1].Resize(size)
}

func (below) MinSize(o []fyne.CanvasObject) fyne.Size { return o[1].MinSize() }
