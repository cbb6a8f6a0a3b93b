package export

import (
	"strings"
	"unicode"

	"banlang/shared/viet"
)

// Clean gives words as every file may hold them: composed, valid UTF-8, without control characters and without the marks that
// turn the order of letters round, by which words can be made to look like others. Line ends become "\n", other white space
// a space; that which does not break a line is kept.
func Clean(words string) string {
	words = strings.ReplaceAll(strings.ToValidUTF8(words, "\uFFFD"), "\r\n", "\n")
	return viet.NFC(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\u00A0', r == '\u202F':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == '\u200E', r == '\u200F', r == '\u061C', r == '\uFEFF',
			r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF:
			return -1
		}
		return r
	}, words))
}

// Tidy is Clean for words that are printed: a number and its percent sign stay on one line.
func Tidy(words string) string {
	words = Clean(words)
	at := strings.Index(words, " %")
	if at < 0 {
		return words
	}
	var b strings.Builder
	for ; at >= 0; at = strings.Index(words, " %") {
		b.WriteString(words[:at])
		if at > 0 && words[at-1] >= '0' && words[at-1] <= '9' {
			b.WriteString("\u00A0%")
		} else {
			b.WriteString(" %")
		}
		words = words[at+len(" %"):]
	}
	return b.String() + words
}
