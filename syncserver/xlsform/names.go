package xlsform

import (
	"strings"
	"unicode/utf8"
)

// isName reports whether s may name an XML element: a letter or underscore, then letters, digits, hyphens and dots;
// at most one prefix with a colon.
func isName(s string) bool {
	prefix, local, both := strings.Cut(s, ":")
	return isNCName(prefix) && (!both || isNCName(local))
}

func isNCName(s string) bool { return s != "" && ncName(s) == len(s) }

// ncName is the length of the name without a colon that s begins with, 0 if there is none.
func ncName(s string) int {
	for i, r := range s {
		if i == 0 && !nameStart(r) || !nameStart(r) && !nameMore(r) {
			return i
		}
	}
	return len(s)
}

// qName is the length of the name, with or without a prefix, that s begins with.
func qName(s string) int {
	n := ncName(s)
	if n > 0 && n < len(s) && s[n] == ':' {
		if more := ncName(s[n+1:]); more > 0 {
			return n + 1 + more
		}
	}
	return n
}

// nameStart are the characters that XML lets a name begin with.
func nameStart(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	case r == '×', r == '÷', r == utf8.RuneError:
		return false
	}
	return 0xc0 <= r && r <= 0x2ff || 0x370 <= r && r <= 0x37d || 0x37f <= r && r <= 0x1fff ||
		0x200c <= r && r <= 0x200d || 0x2070 <= r && r <= 0x218f || 0x2c00 <= r && r <= 0x2fef ||
		0x3001 <= r && r <= 0xd7ff || 0xf900 <= r && r <= 0xfdcf || 0xfdf0 <= r && r <= 0xfffd || 0x10000 <= r && r <= 0xeffff
}

func nameMore(r rune) bool {
	return '0' <= r && r <= '9' || r == '-' || r == '.' || r == '·' || 0x300 <= r && r <= 0x36f || 0x203f <= r && r <= 0x2040
}
