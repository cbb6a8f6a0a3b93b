//go:build !windows

package alert

import (
	"context"
	"os/exec"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// boxes are the programs that show a text, the best first.
var boxes = []struct {
	name string
	args func(text string) []string
}{
	{"zenity", func(text string) []string {
		return []string{"--error", "--no-markup", "--width=480", "--title=" + Title, "--text=" + text}
	}},
	{"kdialog", func(text string) []string { return []string{"--title", Title, "--error", text} }},
	{"xmessage", func(text string) []string {
		return []string{"-center", "-buttons", "OK:0", "-default", "OK", "-title", plain(Title), wrap(plain(text))}
	}},
}

// Show shows text in a box of the first program of the desktop that can be started, until the person closes it or ctx
// ends. Where there is none it does nothing: the text is on the standard error, too.
func Show(ctx context.Context, text string) {
	for _, b := range boxes {
		box := exec.CommandContext(ctx, b.name, b.args(text)...)
		if box.Start() == nil {
			_ = box.Wait() // however it was closed
			return
		}
	}
}

// lineLen is how many letters xmessage is given in a line; it cuts what is longer than the screen.
const lineLen = 80

// wrap breaks long lines between words.
func wrap(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		length := 0
		for word := range strings.SplitAfterSeq(line, " ") {
			if length > 0 && length+len(word) > lineLen {
				b.WriteByte('\n')
				length = 0
			}
			b.WriteString(word)
			length += len(word)
		}
	}
	return b.String()
}

// plain takes the marks off the letters: the fonts of xmessage have none of them, and Vietnamese is read without.
func plain(text string) string {
	text = strings.NewReplacer("đ", "d", "Đ", "D", "→", "->").Replace(text)
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), text)
	if err != nil {
		return text
	}
	return bare
}
