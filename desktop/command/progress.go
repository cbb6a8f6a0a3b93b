package command

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
)

// redraw is the least time between two drawings of a bar.
const redraw = 100 * time.Millisecond

// bar draws one line over and over on a terminal, and nothing elsewhere: a file or a pipe gets only whole lines, from
// who uses the bar.
type bar struct {
	out   io.Writer // nil: not a terminal
	last  time.Time
	width int // of what is drawn now
}

func (c *Command) newBar() *bar {
	b := &bar{}
	if isTerminal(c.Out, c.Env) {
		b.out = c.Out
	}
	return b
}

// isTerminal reports whether somebody watches: a character device that can go back to the start of a line.
func isTerminal(w io.Writer, env func(string) string) bool {
	f, ok := w.(*os.File)
	if !ok || runtime.GOOS != "windows" && (env("TERM") == "" || env("TERM") == "dumb") {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

const cells = 24

// draw shows how much of all is done. When all is 0 it is not known.
func (b *bar) draw(label string, done, all int64, text string) {
	if b.out == nil || time.Since(b.last) < redraw {
		return
	}
	b.last = time.Now()
	full := 0
	if all > 0 {
		full = int(min(done, all) * cells / all)
	}
	b.line(fmt.Sprintf("%s [%s%s] %s", label, strings.Repeat("█", full), strings.Repeat("░", cells-full), text))
}

// clear takes the bar away, so that whole lines may follow.
func (b *bar) clear() {
	if b.out != nil && b.width > 0 {
		b.line("")
		fmt.Fprint(b.out, "\r")
		b.last = time.Time{}
	}
}

func (b *bar) line(s string) {
	n := utf8.RuneCountInString(s)
	fmt.Fprint(b.out, "\r"+s+strings.Repeat(" ", max(0, b.width-n)))
	b.width = n
}
