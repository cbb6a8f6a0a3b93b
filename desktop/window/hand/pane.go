//go:build linux && !headless

package hand

import (
	"image/color"
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

// pane is a window that tells when it is drawn, without having itself drawn: below its content lies a dot that is asked for
// its size first when a frame begins, and for its colour first when it is painted.
type pane struct {
	fyne.Window
	dot     *canvas.Rectangle
	begun   time.Time             // when its content was first asked for its size since the last frame: the begin of the next
	painted func(begun time.Time) // is told of every frame; nil: nobody is
}

func newPane() *pane {
	p := &pane{}
	p.dot = canvas.NewRectangle(eye{p})
	return p
}

// eye is the colour of the dot.
type eye struct{ *pane }

// RGBA implements color.Color. The painter calls it once a frame, on the window's goroutine.
func (e eye) RGBA() (r, g, b, a uint32) {
	begun := e.begun
	e.begun = time.Time{}
	if e.painted != nil {
		e.painted(begun)
	}
	return color.White.RGBA()
}

// SetContent implements fyne.Window.
func (p *pane) SetContent(o fyne.CanvasObject) {
	p.Window.SetContent(container.New(below{p}, p.dot, o))
}

// below lays a dot into the corner and the content over all.
type below struct{ *pane }

func (below) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Resize(fyne.NewSquareSize(1))
	o[1].Resize(size)
}

func (b below) MinSize(o []fyne.CanvasObject) fyne.Size {
	if b.begun.IsZero() {
		b.begun = time.Now()
	}
	return o[1].MinSize()
}
