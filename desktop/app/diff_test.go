package app

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDifferingWords(t *testing.T) {
	for _, c := range []struct{ text, other, want string }{
		{"một hai ba", "một hai ba", "một hai ba"},
		{"một hai ba", "một bốn ba", "một [hai] ba"},
		{"hai ba", "một hai ba", "hai ba"},
		{"một một hai", "một hai", "một [một] hai"},
		{"a b c d", "", "[a b c d]"},
		{"", "a", ""},
		{"x a y b z", "a b", "[x] a [y] b [z]"},
	} {
		if got := bracketed(differing(c.text, c.other)); got != c.want {
			t.Errorf("%q beside %q: %q, want %q", c.text, c.other, got, c.want)
		}
	}
}

func bracketed(pieces []Piece) string {
	var out []string
	for _, p := range pieces {
		if p.Differs {
			p.Text = "[" + p.Text + "]"
		}
		out = append(out, p.Text)
	}
	return strings.Join(out, " ")
}

// Whatever the texts are: nothing is lost, and the words that do not differ stand in the other text in the same order.
func TestDifferingLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 12)
		a, b := words.Draw(t, "a"), words.Draw(t, "b")
		var all, same []string
		for _, p := range differing(strings.Join(a, " "), strings.Join(b, " ")) {
			all = append(all, strings.Fields(p.Text)...)
			if !p.Differs {
				same = append(same, strings.Fields(p.Text)...)
			}
		}
		if strings.Join(all, " ") != strings.Join(a, " ") {
			t.Fatalf("%q became %q", a, all)
		}
		for _, w := range b {
			if len(same) > 0 && same[0] == w {
				same = same[1:]
			}
		}
		if len(same) > 0 {
			t.Fatalf("%q are not in %q in this order", same, b)
		}
	})
}
