//go:build linux && !headless

package hand

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"

	"banlang/desktop/app"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
)

// Run opens the window, does all deeds and closes it. It is called on the main goroutine, where there is a display.
func Run(ctx context.Context, m *app.App, d Deeds) (spent []Spent, err error) {
	pane := newPane()
	a := &program{fyneapp.NewWithID("vn.banlang.bench"), pane}
	h := &hand{watch: newWatch(pane), m: m, d: d}
	a.Lifecycle().SetOnStarted(func() {
		go func() {
			err = h.all(ctx)
			fyne.Do(a.Quit)
		}()
	})
	closed := ui.Run(a, m, true)
	if err == nil {
		err = closed
	}
	return h.spent, err
}

// hand is in a goroutine of its own, as the person is.
type hand struct {
	*watch
	m     *app.App
	d     Deeds
	began time.Time // of the first sign-in
}

const signIns = 5

func (h *hand) all(ctx context.Context) error {
	deeds := []func(context.Context) error{h.signIn, h.scroll, h.search, h.typeIn, h.rest}
	for range signIns - 1 {
		deeds = append(deeds, h.signOut, h.signIn)
	}
	for _, f := range deeds {
		if err := f(ctx); err != nil {
			return err
		}
	}
	return nil
}

// signIn gives the passphrase, and goes to the list as soon as the window lets it. That is one deed, "start", of two.
func (h *hand) signIn(ctx context.Context) error {
	begin := time.Now()
	if h.began.IsZero() {
		h.began = begin
	}
	err := h.do(ctx, "sign-in", func() { h.m.Gate.Try(h.d.Passphrase) }, func() bool {
		_, _, ready := h.m.Today.Todos()
		return h.m.Me() != "" && ready
	})
	if err != nil {
		return err
	}
	if err := h.do(ctx, "list", func() { h.m.Go(app.PageRecords) }, func() bool { return h.m.List.Len() > 0 }); err != nil {
		return err
	}
	h.spentOn("start").Screen = append(h.spentOn("start").Screen, millis(time.Since(begin)))
	return h.whole(ctx)
}

// whole waits until the list has all of its rows.
func (h *hand) whole(ctx context.Context) error { return h.do(ctx, "whole", func() {}, h.m.List.Whole) }

func (h *hand) signOut(ctx context.Context) error {
	return h.do(ctx, "sign-out", h.m.SignOut, func() bool { return !h.m.Open() })
}

// search types the words at once and takes them away again: both are answered by another list, after app.SearchPause.
func (h *hand) search(ctx context.Context) error {
	for _, words := range h.d.Searches {
		for _, x := range []struct {
			name string
			keys func()
		}{
			{"search", func() { h.write(words) }},
			{"search-all", func() { h.pane.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) }},
		} {
			had := h.m.List.Len()
			err := h.do(ctx, x.name, x.keys, func() bool { return h.m.List.Len() != had })
			if err == nil {
				err = h.whole(ctx)
			}
			if err != nil {
				return fmt.Errorf("%q: %w", words, err)
			}
		}
	}
	return nil
}

// scroll goes down the list by its rows, and jumps about in it.
func (h *hand) scroll(ctx context.Context) error {
	var list scrolling
	if err := h.do(ctx, "", func() { list = listIn(h.pane.Content()) }, drawn); err != nil {
		return err
	}
	if list == nil {
		return errors.New("hand: there is no list on the page")
	}
	return h.scrollThrough(ctx, list, h.d.Records)
}

// listIn finds the list below an object.
func listIn(o fyne.CanvasObject) scrolling {
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case scrolling:
		return o
	case *fyne.Container:
		inside = o.Objects
	case *container.Split:
		inside = []fyne.CanvasObject{o.Leading, o.Trailing}
	}
	for _, x := range inside {
		if l := listIn(x); l != nil {
			return l
		}
	}
	return nil
}

// typeIn opens a form and types in its field.
func (h *hand) typeIn(ctx context.Context) error {
	err := h.do(ctx, "form", func() { h.m.New(h.d.Form) }, func() bool { return h.m.Editor() != nil })
	if err == nil {
		err = h.do(ctx, "", h.goToField, drawn)
	}
	if err == nil {
		err = h.typeText(ctx)
	}
	if err != nil {
		return err
	}
	return h.do(ctx, "leave", func() { h.m.Go(app.PageRecords) }, func() bool { return h.m.Page() == app.PageRecords })
}

// goToField goes from field to field until what it types is the answer to the question.
func (h *hand) goToField() {
	for range 200 {
		if _, ok := h.pane.Canvas().Focused().(*kit.Entry); ok {
			h.write("a")
			if h.m.Editor().Value(h.d.Field) == "a" {
				return
			}
			h.pane.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		}
		h.pane.Canvas().FocusNext()
	}
}

// rest waits until the time has come to look what the open notebook costs.
func (h *hand) rest(ctx context.Context) error {
	select {
	case <-time.After(time.Until(h.began.Add(h.d.Rest))):
		h.d.Rested()
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
