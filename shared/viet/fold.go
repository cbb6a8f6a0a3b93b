package viet

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC gives s with every letter composed ("e" + circumflex + dot becomes "ệ"),
// the one form in which text is stored. Text already so is returned as it is.
func NFC(s string) string { return norm.NFC.String(s) }

// Fold gives the key by which s is searched: lower case, no diacritics, đ as d.
// "Điệp", "ĐIỆP", "diep" and the decomposed "Điệp" all give "diep". The letter
// eth (Ð), which old keyboards put in place of Đ, is taken for it.
//
// Fold(Fold(s)) == Fold(s), and composed and decomposed text fold alike. Lower
// case ASCII comes back without a copy; Vietnamese costs one table lookup a
// letter; other scripts go through full normalisation.
func Fold(s string) string {
	start := firstToFold(s)
	if start == len(s) {
		return s
	}
	table := latin()
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:start])
	for _, r := range s[start:] {
		if int(r) >= len(table) || table[r] == outside {
			return foldAny(s)
		}
		if table[r] != dropped {
			b.WriteByte(table[r])
		}
	}
	return b.String()
}

// firstToFold is the number of leading bytes that are their own key.
func firstToFold(s string) int {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return i
		}
	}
	return len(s)
}

// What latin says of a letter that has no ASCII key.
const (
	outside = 0xFF // the table cannot tell: normalise
	dropped = 0xFE // a mark that stands alone
)

// latin maps the letters up to U+1EFF, which hold all of Vietnamese, to their
// keys. It is computed from the Unicode tables on first use (under a
// millisecond, 8 kB).
var latin = sync.OnceValue(func() *[0x1F00]byte {
	table := new([0x1F00]byte)
	for r := range table {
		key := foldAny(string(rune(r)))
		switch {
		case len(key) == 1 && key[0] < utf8.RuneSelf:
			table[r] = key[0]
		case key == "" && unicode.Is(unicode.Mn, rune(r)):
			table[r] = dropped
		default:
			table[r] = outside
		}
	}
	return table
})

// foldAny is Fold by its definition, for any script: decompose, lower, strip
// the marks, compose what is left.
func foldAny(s string) string {
	stripped := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ' || r == 'Đ' || r == 'ð' || r == 'Ð':
			return 'd'
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return norm.NFC.String(stripped)
}
