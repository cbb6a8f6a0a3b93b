//go:build linux && !headless

package hand

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"

	"banlang/desktop/app"
	"banlang/desktop/ui"
	"banlang/desktop/ui/kit"
)

// Fyne needs the thread that the process began on.
func init() { runtime.LockOSThread() }

// Run opens the window, does all deeds and closes it. It is called on the main goroutine, where there is a display.
func Run(ctx context.Context, m *app.App, d Deeds) (spent []Spent, err error) {
	pane := newPane()
	a := &program{fyneapp.NewWithID("vn.banlang.bench"), pane}
	h := &hand{m: m, d: d, pane: pane}
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
	m     *app.App
	d     Deeds
	pane  *pane
	spent []Spent
	began time.Time // of the first sign-in
}

// How often the hand does what: steps are rows in turn, jumps are to anywhere, as with the bar.
const (
	signIns = 5
	steps   = 150
	jumps   = 40
	keys    = 100
)

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

func (h *hand) write(text string) {
	for _, r := range text {
		h.pane.Canvas().Focused().TypedRune(r)
	}
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
	const row = 58
	for range steps {
		if err := h.do(ctx, "scroll", func() { list.ScrollToOffset(list.GetScrollOffset() + row) }, drawn); err != nil {
			return err
		}
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range jumps {
		at := float32(random.IntN(h.d.Records) * row)
		if err := h.do(ctx, "jump", func() { list.ScrollToOffset(at) }, drawn); err != nil {
			return err
		}
	}
	return nil
}

// scrolling is a list, or what is made of one.
type scrolling interface {
	ScrollToOffset(offset float32)
	GetScrollOffset() float32
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
	if err != nil {
		return err
	}
	text := []rune(strings.Repeat("Trong thôn có ba hộ bị ngập. ", 1+keys/25))
	for i := range keys {
		if err := h.do(ctx, "key", func() { h.pane.Canvas().Focused().TypedRune(text[i]) }, drawn); err != nil {
			return err
		}
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

// patience is how long a deed may take; then it has failed.
const patience = 60 * time.Second

// drawn is of a deed that is done when it has been drawn.
func drawn() bool { return true }

// do does one deed and waits until it has come about and has been drawn; both functions are called on the window's
// goroutine. What it took is kept under the name.
func (h *hand) do(ctx context.Context, name string, f func(), about func() bool) error {
	done := make(chan frame, 1)
	var begin time.Time
	var acted, onThread time.Duration
	look := func() {}
	look = func() {
		if about() {
			h.pane.next(func(at frame) {
				onThread = threadTime() - onThread
				done <- at
			})
			return
		}
		time.AfterFunc(time.Millisecond, func() { fyne.Do(look) })
	}
	fyne.Do(func() {
		begin, onThread = time.Now(), threadTime()
		f()
		acted = time.Since(begin)
		look()
	})
	select {
	case at := <-done:
		h.note(name, at.end.Sub(begin), acted+at.end.Sub(at.begin), onThread)
		return nil
	case <-time.After(patience):
		return fmt.Errorf("hand: nothing came of %q", name)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// note keeps what a deed took; one without a name only had to be done.
func (h *hand) note(name string, screen, busy, cpu time.Duration) {
	if name == "" {
		return
	}
	s := h.spentOn(name)
	s.Screen, s.Busy, s.CPU = append(s.Screen, millis(screen)), append(s.Busy, millis(busy)), append(s.CPU, millis(cpu))
}

// spentOn is what is kept under a name.
func (h *hand) spentOn(name string) *Spent {
	for i := range h.spent {
		if h.spent[i].Name == name {
			return &h.spent[i]
		}
	}
	h.spent = append(h.spent, Spent{Name: name})
	return &h.spent[len(h.spent)-1]
}

func millis(d time.Duration) float64 { return d.Seconds() * 1000 }

// threadTime is what this thread has taken of the processor so far.
func threadTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_THREAD, &u) // fails for no thread
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
