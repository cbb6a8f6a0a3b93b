//go:build linux && !headless

package hand

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Bare types and scrolls, as Run does, in a window of the same size that has nothing but an entry, and then nothing but a
// list of so many labels. What a deed takes there no window of Fyne can do without, here. It is called on the main
// goroutine, where there is a display, in a process that calls nothing else of this package.
func Bare(ctx context.Context, rows int) (spent []Spent, err error) {
	pane := newPane()
	a := fyneapp.NewWithID("vn.banlang.bench.bare")
	pane.Window = a.NewWindow("")
	pane.Resize(fyne.NewSize(1280, 690))
	w := newWatch(pane)
	a.Lifecycle().SetOnStarted(func() {
		go func() {
			err = w.bare(ctx, rows)
			fyne.Do(a.Quit)
		}()
	})
	pane.SetContent(widget.NewLabel(""))
	pane.ShowAndRun()
	return w.spent, err
}

func (w *watch) bare(ctx context.Context, rows int) error {
	entry := func() {
		e := widget.NewMultiLineEntry()
		e.Wrapping = fyne.TextWrapWord
		w.pane.SetContent(container.NewBorder(e, nil, nil, nil))
		w.pane.Canvas().Focus(e)
	}
	if err := w.do(ctx, "", entry, drawn); err != nil {
		return err
	}
	if err := w.typeText(ctx); err != nil {
		return err
	}
	list := widget.NewList(func() int { return rows }, func() fyne.CanvasObject { return widget.NewLabel("") },
		func(i int, o fyne.CanvasObject) {
			o.(*widget.Label).SetText("Họp thôn, hộ ông Điểu Krông " + strconv.Itoa(i))
		})
	if err := w.do(ctx, "", func() { w.pane.SetContent(list) }, drawn); err != nil {
		return err
	}
	return w.scrollThrough(ctx, list, rows)
}
