package staff

import (
	"crypto/rand"
	"strings"

	"banlang/shared/fault"
)

// Codes that people copy by hand: 32 letters and digits, none of which looks like another (Crockford), in groups of four. What is
// typed may be in either case, with O for 0 and I or L for 1, and spaced in any way.
const (
	symbols   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeGroup = 4
	// recoverySize is shorter: a recovery code is tried as slowly as a passphrase, and beside one.
	recoverySize = 12
)

// drawn draws n symbols.
func drawn(n int) (string, error) {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return "", fault.New(fault.Internal, "staff: drawing a code", err)
	}
	for i := range b {
		b[i] = symbols[b[i]%byte(len(symbols))] // 256 is a multiple of 32: all are as likely
	}
	return string(b), nil
}

// grouped writes a code for people.
func grouped(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i += codeGroup {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(code[i:min(i+codeGroup, len(code))])
	}
	return b.String()
}

// bare reads what people typed; "" when a character is none of a code, or it is too long for any.
func bare(typed string) string {
	const longest = 200
	if len(typed) > longest {
		return ""
	}
	var b strings.Builder
	for _, c := range strings.ToUpper(typed) {
		switch c {
		case '-', ' ', '\t', '.', '\u00a0':
			continue
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
