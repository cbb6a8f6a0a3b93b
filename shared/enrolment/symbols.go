package enrolment

import (
	"crypto/rand"
	"strings"
)

// symbols are what codes that people copy by hand are written in: 32 letters and digits, none of which looks like another (Crockford).
const (
	symbols   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	groupSize = 4
	maxTyped  = 200
)

// Draw draws n symbols of 5 random bits each.
func Draw(n int) (string, error) {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	for i := range b {
		b[i] = symbols[b[i]%byte(len(symbols))] // 256 is a multiple of 32: all are as likely
	}
	return string(b), nil
}

// Grouped writes symbols for people, in groups of four.
func Grouped(s string) string {
	var groups []string
	for ; s != ""; s = s[min(groupSize, len(s)):] {
		groups = append(groups, s[:min(groupSize, len(s))])
	}
	return strings.Join(groups, "-")
}

// between is what people put between symbols.
const between = "- \t\r\n.\u00a0"

// Symbols counts what is typed of a code, right or wrong.
func Symbols(typed string) (n int) {
	for _, c := range typed {
		if !strings.ContainsRune(between, c) {
			n++
		}
	}
	return n
}

// Bare reads symbols as people type them: in either case, with O for 0 and I or L for 1, and spaced in any way. It is "" when a
// character is none of them, or it is too long for any code.
func Bare(typed string) string {
	if len(typed) > maxTyped {
		return ""
	}
	var b strings.Builder
	for _, c := range strings.ToUpper(typed) {
		if strings.ContainsRune(between, c) {
			continue
		}
		switch c {
		case 'O':
			c = '0'
		case 'I', 'L':
			c = '1'
		}
		if !strings.ContainsRune(symbols, c) {
			return ""
		}
		b.WriteRune(c)
	}
	return b.String()
}
