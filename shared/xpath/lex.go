package xpath

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind tells tokens apart.
type tokenKind uint8

const (
	tokenEnd      tokenKind = iota
	tokenNumber             // 1.5
	tokenString             // 'x'; the text is without the quotes
	tokenName               // a, a:b, a:*, *; also functions, axes and node types
	tokenVariable           // $a; the text is without the dollar
	tokenSymbol             // ( ) [ ] . .. @ , ::
	tokenOperator           // and or div mod + - = != < <= > >= * | / //
)

// token is one lexical piece.
type token struct {
	kind tokenKind
	text string
	at   place // its first byte
	end  place // behind its last byte
}

func (t token) is(text string) bool {
	return t.text == text && (t.kind == tokenSymbol || t.kind == tokenOperator)
}

// shown is how messages name the token.
func (t token) shown() string {
	if t.kind == tokenEnd {
		return "the end"
	}
	return "“" + t.text + "”"
}

// lexer cuts a text into tokens, looking at the one before, as section 3.7 of the standard has it: where an operator
// can stand, * multiplies, and a name is an operator. No space is needed around those: 4div2 is 4 div 2.
type lexer struct {
	text  string
	at    int
	value bool // the token before ends a value, so that an operator is next
}

const spaces = " \t\r\n\f"

// trimmed is s without the spaces around it. Most text has none.
func trimmed(s string) string {
	if s == "" || s[0] > ' ' && s[len(s)-1] > ' ' {
		return s
	}
	return strings.Trim(s, spaces)
}

func (l *lexer) next() (token, *Error) {
	for l.at < len(l.text) && l.text[l.at] <= ' ' && strings.IndexByte(spaces, l.text[l.at]) >= 0 {
		l.at++
	}
	from := l.at
	t, err := l.scan()
	if err != nil {
		return t, err
	}
	t.at, t.end = place(from), place(l.at)
	switch t.kind {
	case tokenNumber, tokenString, tokenName, tokenVariable:
		l.value = true
	case tokenSymbol:
		l.value = t.text == ")" || t.text == "]" || t.text == "." || t.text == ".."
	default:
		l.value = false
	}
	return t, nil
}

func (l *lexer) scan() (token, *Error) {
	rest := l.text[l.at:]
	if rest == "" {
		return token{kind: tokenEnd}, nil
	}
	if l.value {
		if n := word(rest); n > 0 {
			return l.take(tokenOperator, n), nil
		}
	}
	c := rest[0]
	switch {
	case c >= '0' && c <= '9', c == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		return l.number(rest), nil
	case c == '\'' || c == '"':
		return l.literal(rest)
	case c == '$':
		return l.variable(rest)
	case c == '*':
		return l.take(tokenName, 1), nil
	}
	if t, ok := l.symbol(rest); ok {
		return t, nil
	}
	if n := qname(rest); n > 0 {
		return l.take(tokenName, n), nil
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return token{}, failf(place(l.at), CodeSyntax, "%q cannot stand here", r)
}

func (l *lexer) take(kind tokenKind, n int) token {
	t := token{kind: kind, text: l.text[l.at : l.at+n]}
	l.at += n
	return t
}

func (l *lexer) number(rest string) token {
	n, dot := 0, false
	for n < len(rest) && (rest[n] >= '0' && rest[n] <= '9' || rest[n] == '.' && !dot) {
		dot = dot || rest[n] == '.'
		n++
	}
	return l.take(tokenNumber, n)
}

func (l *lexer) literal(rest string) (token, *Error) {
	n := strings.IndexByte(rest[1:], rest[0])
	if n < 0 {
		return token{}, failf(place(l.at), CodeSyntax, "the closing %c of this text is missing", rest[0])
	}
	t := token{kind: tokenString, text: rest[1 : 1+n]}
	l.at += n + 2
	return t, nil
}

func (l *lexer) variable(rest string) (token, *Error) {
	n := qname(rest[1:])
	if n == 0 || strings.HasSuffix(rest[1:1+n], "*") {
		return token{}, failf(place(l.at), CodeSyntax, "the name of a variable must follow $")
	}
	t := token{kind: tokenVariable, text: rest[1 : 1+n]}
	l.at += 1 + n
	return t, nil
}

func (l *lexer) symbol(rest string) (token, bool) {
	next := byte(0)
	if len(rest) > 1 {
		next = rest[1]
	}
	switch c := rest[0]; c {
	case '(', ')', '[', ']', '@', ',':
		return l.take(tokenSymbol, 1), true
	case '=', '+', '-', '|':
		return l.take(tokenOperator, 1), true
	case '.':
		return l.take(tokenSymbol, oneOrTwo(next == '.')), true
	case '/':
		return l.take(tokenOperator, oneOrTwo(next == '/')), true
	case '<', '>':
		return l.take(tokenOperator, oneOrTwo(next == '=')), true
	case ':':
		if next == ':' {
			return l.take(tokenSymbol, 2), true
		}
	case '!':
		if next == '=' {
			return l.take(tokenOperator, 2), true
		}
	}
	return token{}, false
}

func oneOrTwo(two bool) int {
	if two {
		return 2
	}
	return 1
}

// word returns the length of the operator that s starts with where an operator can stand: a word, or *. 0: none.
func word(s string) int {
	switch {
	case s[0] == '*':
		return 1
	case strings.HasPrefix(s, "or"):
		return 2
	case strings.HasPrefix(s, "and"), strings.HasPrefix(s, "div"), strings.HasPrefix(s, "mod"):
		return 3
	}
	return 0
}

// qname returns the length of the name, prefix included, that s starts with: a, a:b or a:*. 0: none.
func qname(s string) int {
	n := ncname(s)
	if n == 0 || !strings.HasPrefix(s[n:], ":") || strings.HasPrefix(s[n:], "::") {
		return n
	}
	if strings.HasPrefix(s[n+1:], "*") {
		return n + 2
	}
	if m := ncname(s[n+1:]); m > 0 {
		return n + 1 + m
	}
	return n
}

// ncname returns the length of the name without colon that s starts with.
func ncname(s string) int {
	for i, r := range s {
		if !nameRune(r, i == 0) {
			return i
		}
	}
	return len(s)
}

func nameRune(r rune, first bool) bool {
	if r < utf8.RuneSelf {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		return letter || !first && (r >= '0' && r <= '9' || r == '-' || r == '.')
	}
	if r == utf8.RuneError {
		return false
	}
	return unicode.IsLetter(r) || !first && (unicode.In(r, unicode.M, unicode.Nd) || r == '·')
}
