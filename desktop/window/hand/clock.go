//go:build linux && !headless

package hand

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
)

// Fyne needs the thread that the process began on.
func init() { runtime.LockOSThread() }

// watch does deeds before a pane, and keeps what each took.
type watch struct {
	pane   *pane
	random *rand.Rand
	spent  []Spent
}

func newWatch(p *pane) *watch { return &watch{pane: p, random: rand.New(rand.NewPCG(1, 1))} }

// patience is how long a deed may take; then it has failed.
const patience = 60 * time.Second

// tick is how often Fyne's loop draws. A hand knows nothing of it: each deed begins anywhere between two.
const tick = time.Second / 60

// drawn is of a deed that is done when it has been drawn.
func drawn() bool { return true }

// do does one deed and waits until it has come about and has been drawn; both functions are called on the window's
// goroutine, and what brings it about draws. What it took is kept under the name.
func (w *watch) do(ctx context.Context, name string, f func(), about func() bool) error {
	done := make(chan taken, 1)
	time.AfterFunc(time.Duration(w.random.Int64N(int64(tick))), func() {
		fyne.Do(func() { w.begin(f, about, done) })
	})
	select {
	case t := <-done:
		if name != "" {
			w.note(name, t)
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("hand: nothing came of %q", name)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// taken is what a deed took: until it was on the screen; of that, what the window's goroutine did; what its thread and what
// all threads took of the processor.
type taken struct{ screen, busy, thread, all time.Duration }

// begin does a deed on the window's goroutine, and tells when it has been drawn.
func (w *watch) begin(f func(), about func() bool, done chan<- taken) {
	begin, thread, all := time.Now(), processorTime(syscall.RUSAGE_THREAD), processorTime(syscall.RUSAGE_SELF)
	f()
	acted := time.Since(begin)
	w.pane.begun = time.Time{} // what has been asked for its size so far belongs to the deed
	w.pane.painted = func(begun time.Time) {
		if !about() {
			return
		}
		w.pane.painted = nil
		go fyne.Do(func() { // runs behind the frame, in which the buffers are swapped
			end := time.Now()
			done <- taken{end.Sub(begin), acted + end.Sub(begun), processorTime(syscall.RUSAGE_THREAD) - thread, processorTime(syscall.RUSAGE_SELF) - all}
		})
	}
	w.pane.dot.Refresh()
}

// How often the hand does what: steps are rows in turn, jumps are to anywhere, as with the bar.
const (
	steps = 150
	jumps = 40
	keys  = 100
)

// scrolling is a list, or what is made of one.
type scrolling interface {
	ScrollToOffset(offset float32)
	GetScrollOffset() float32
}

// scrollThrough goes down a list by its rows, and jumps about in it.
func (w *watch) scrollThrough(ctx context.Context, list scrolling, rows int) error {
	const row = 58
	for range steps {
		if err := w.do(ctx, "scroll", func() { list.ScrollToOffset(list.GetScrollOffset() + row) }, drawn); err != nil {
			return err
		}
	}
	for range jumps {
		at := float32(w.random.IntN(rows) * row)
		if err := w.do(ctx, "jump", func() { list.ScrollToOffset(at) }, drawn); err != nil {
			return err
		}
	}
	return nil
}

// typeText types in the field that has the focus, key by key.
func (w *watch) typeText(ctx context.Context) error {
	text := []rune(strings.Repeat("Trong thôn có ba hộ bị ngập. ", 1+keys/25))
	for i := range keys {
		if err := w.do(ctx, "key", func() { w.write(string(text[i])) }, drawn); err != nil {
			return err
		}
	}
	return nil
}

func (w *watch) write(text string) {
	for _, r := range text {
		w.pane.Canvas().Focused().TypedRune(r)
	}
}

// note keeps what a deed took.
func (w *watch) note(name string, t taken) {
	s := w.spentOn(name)
	s.Screen, s.Busy = append(s.Screen, millis(t.screen)), append(s.Busy, millis(t.busy))
	s.CPU, s.All = append(s.CPU, millis(t.thread)), append(s.All, millis(t.all))
}

// spentOn is what is kept under a name.
func (w *watch) spentOn(name string) *Spent {
	for i := range w.spent {
		if w.spent[i].Name == name {
			return &w.spent[i]
		}
	}
	w.spent = append(w.spent, Spent{Name: name})
	return &w.spent[len(w.spent)-1]
}

func millis(d time.Duration) float64 { return d.Seconds() * 1000 }

// processorTime is what this thread or all of the program has taken of the processor so far.
func processorTime(of int) time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(of, &u) // fails for nothing that is asked here
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
