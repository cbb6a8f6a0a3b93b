package viet

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const longNote = "Tổ dân phố họp, bà con góp ý về đường làng, đèn đường và việc giữ xe ban đêm. "

// FuzzValid: the quick check agrees with the standard library's.
func FuzzValid(f *testing.F) {
	for _, s := range []string{"", "a", longNote, longNote[1:], longNote[:40], strings.Repeat("x", 70) + "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80",
		strings.Repeat("ộ", 50) + "\xe1\xbb", "\xff" + longNote, strings.Repeat("🧛", 30), "\xf0\x8f\xbf\xbf" + longNote} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for from := range min(len(s), 40) { // at every distance from the edges of what is read at once
			if got, want := Valid(s[from:]), utf8.ValidString(s[from:]); got != want {
				t.Fatalf("%q: %v, want %v", s[from:], got, want)
			}
			if got, want := Valid(s[:len(s)-from]), utf8.ValidString(s[:len(s)-from]); got != want {
				t.Fatalf("%q: %v, want %v", s[:len(s)-from], got, want)
			}
		}
	})
}

func BenchmarkValid(b *testing.B) {
	s := strings.Repeat(longNote, 5)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if !Valid(s) {
			b.Fatal("not valid")
		}
	}
}
