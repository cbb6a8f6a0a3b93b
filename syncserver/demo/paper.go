package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"banlang/shared/viet"
)

// paper is what the story is told on: steps with their times, and while a step runs a bar where somebody watches.
type paper struct {
	mu    sync.Mutex
	out   io.Writer
	watch bool // a terminal
	start time.Time
	step  time.Time
	steps int
	drawn int
	last  time.Time
}

func newPaper(out io.Writer) *paper {
	return &paper{out: out, watch: isTerminal(out), start: time.Now()}
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if term := os.Getenv("TERM"); !ok || term == "" || term == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *paper) style(code, s string) string {
	if !p.watch {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *paper) line(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintf(p.out, format+"\n", args...)
}

// begin opens a step.
func (p *paper) begin(format string, args ...any) {
	p.steps++
	p.step = time.Now()
	p.line("\n%s", p.style("1", fmt.Sprintf("%d. ", p.steps)+fmt.Sprintf(format, args...)))
}

// done says what a step has come to, with the time since it began.
func (p *paper) done(format string, args ...any) {
	p.line("   %s %s  %s", p.style("32", "✓"), fmt.Sprintf(format, args...), p.style("2", "("+seconds(time.Since(p.step))+")"))
}

func (p *paper) bad(format string, args ...any) {
	p.line("   %s %s", p.style("31", "✗"), fmt.Sprintf(format, args...))
}

// seconds writes a duration the Vietnamese way: "3,2 giây".
func seconds(d time.Duration) string {
	return viet.Fixed(d.Round(100*time.Millisecond).Milliseconds()/100, 1) + " giây"
}

const cells = 30

// bar draws how far a step is.
func (p *paper) bar(done, all int, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.watch || all == 0 || done < all && time.Since(p.last) < 80*time.Millisecond {
		return
	}
	p.last = time.Now()
	full := done * cells / all
	s := fmt.Sprintf("   [%s%s] %d/%d  %s", strings.Repeat("█", full), strings.Repeat("░", cells-full), done, all, text)
	n := utf8.RuneCountInString(s)
	fmt.Fprint(p.out, "\r"+s+strings.Repeat(" ", max(0, p.drawn-n)))
	p.drawn = n
}

// clear takes the bar away; the caller holds mu.
func (p *paper) clear() {
	if p.drawn > 0 {
		fmt.Fprint(p.out, "\r"+strings.Repeat(" ", p.drawn)+"\r")
		p.drawn = 0
	}
}
