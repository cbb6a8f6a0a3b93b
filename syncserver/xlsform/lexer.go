package xlsform

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The words of an expression, as far as a converter must tell them apart. This is no XPath parser: it reads any text,
// and tells at each point the first of these kinds, in order, that matches there.
type tokenKind int

const (
	tokOther tokenKind = iota
	tokMoment
	tokNumber
	tokMath
	tokCompare
	tokLogic
	tokUnion
	tokOpen
	tokClose
	tokBracket // [ { and }; a predicate behind a name is tokPredicate
	tokDots
	tokSlash
	tokLiteral
	tokComma
	tokSpace
	tokReference // ${name}
	tokCall      // name(
	tokPredicate // name[
	tokPredicateEnd
	tokScheme // name://
	tokName
)

// token is the part [from, to) of the text.
type token struct {
	kind     tokenKind
	from, to int
}

// scanner walks the tokens of a text.
type scanner struct {
	text string
	pos  int
	// From here on no such quote follows, so that a lone quote is looked for once.
	noSingle, noDouble bool
}

// next returns the token at the position and steps over it; ok is false at the end.
func (s *scanner) next() (t token, ok bool) {
	if s.pos >= len(s.text) {
		return token{}, false
	}
	kind, n := s.match(s.text[s.pos:])
	t = token{kind, s.pos, s.pos + n}
	s.pos += n
	return t, true
}

func (s *scanner) match(rest string) (tokenKind, int) {
	for _, m := range matchers {
		if n := m.length(rest); n > 0 {
			return m.kind, n
		}
	}
	if n := s.literal(rest); n > 0 {
		return tokLiteral, n
	}
	for _, m := range laterMatchers {
		if n := m.length(rest); n > 0 {
			return m.kind, n
		}
	}
	_, n := utf8.DecodeRuneInString(rest)
	return tokOther, n
}

// literal is the length of a quoted text, 0 if the quote does not close.
func (s *scanner) literal(rest string) int {
	missing := &s.noSingle
	switch rest[0] {
	case '"':
		missing = &s.noDouble
	case '\'':
	default:
		return 0
	}
	if *missing {
		return 0
	}
	if n := strings.IndexByte(rest[1:], rest[0]); n >= 0 {
		return n + 2
	}
	*missing = true
	return 0
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

type matcher struct {
	kind   tokenKind
	length func(string) int
}

// matchers are tried in this order before quoted texts, laterMatchers after them.
var (
	matchers = []matcher{
		{tokMoment, moment},
		{tokNumber, number},
		{tokMath, oneOf("*", "+", "-", " mod ", " div ")},
		{tokCompare, oneOf("=", "!=", "<", ">")},
		{tokLogic, oneOf(" and ", " or ")},
		{tokUnion, oneOf("|")},
		{tokOpen, oneOf("(")},
		{tokClose, oneOf(")")},
		{tokBracket, oneOf("[", "{", "}")},
		{tokDots, oneOf("..", ".")},
		{tokSlash, oneOf("/")},
	}
	laterMatchers = []matcher{
		{tokComma, oneOf(",")},
		{tokSpace, space},
		{tokReference, func(s string) int { n, _, _ := reference(s); return n }},
		{tokCall, nameAnd("(")},
		{tokPredicate, nameAnd("[")},
		{tokPredicateEnd, oneOf("]")},
		{tokScheme, scheme},
		{tokName, qName},
	}
)

func oneOf(words ...string) func(string) int {
	return func(s string) int {
		for _, w := range words {
			if strings.HasPrefix(s, w) {
				return len(w)
			}
		}
		return 0
	}
}

func space(s string) int { return len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace)) }

// nameAnd matches a name with this right behind it.
func nameAnd(mark string) func(string) int {
	return func(s string) int {
		if n := qName(s); n > 0 && strings.HasPrefix(s[n:], mark) {
			return n + len(mark)
		}
		return 0
	}
}

func scheme(s string) int {
	if n := ncName(s); n > 0 && strings.HasPrefix(s[n:], "://") {
		return n + 3
	}
	return 0
}

// moment matches a date, a time, or both with a T between.
func moment(s string) int {
	d := date(s)
	if d > 0 && strings.HasPrefix(s[d:], "T") {
		if t := clockTime(s[d+1:]); t > 0 {
			return d + 1 + t
		}
	}
	if d > 0 {
		return d
	}
	return clockTime(s)
}

// date matches -?dddd-dd-dd.
func date(s string) int {
	minus := btoi(strings.HasPrefix(s, "-"))
	if n := shaped(s[minus:], "0000-00-00"); n > 0 {
		return minus + n
	}
	return 0
}

// clockTime matches dd:dd:dd, and a zone.
func clockTime(s string) int {
	n := shaped(s, "00:00:00")
	if n == 0 {
		return 0
	}
	switch rest := s[n:]; {
	case strings.HasPrefix(rest, "Z"):
		return n + 1
	case rest != "" && (rest[0] == '+' || rest[0] == '-') && shaped(rest[1:], "00:00") > 0:
		return n + 6
	}
	return n
}

// shaped reports the length of shape if s begins like it; 0 in the shape is any digit.
func shaped(s, shape string) int {
	if len(s) < len(shape) {
		return 0
	}
	for i := range len(shape) {
		if shape[i] == '0' && (s[i] < '0' || s[i] > '9') || shape[i] != '0' && s[i] != shape[i] {
			return 0
		}
	}
	return len(shape)
}

// number matches an optional minus and digits, with or without a point.
func number(s string) int {
	minus := btoi(strings.HasPrefix(s, "-"))
	whole := digits(s[minus:])
	n := minus + whole
	if n < len(s) && s[n] == '.' {
		fraction := digits(s[n+1:])
		if whole+fraction > 0 {
			return n + 1 + fraction
		}
	}
	return n * btoi(whole > 0)
}

func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// hyphenated are the types whose plain values may well have a hyphen.
var hyphenated = set("date", "dateTime", "geopoint", "geotrace", "geoshape")

// isDynamic reports whether a default must be computed: it calls, calculates or refers to something.
func isDynamic(text, typ string) bool {
	s := scanner{text: text}
	for t, ok := s.next(); ok; t, ok = s.next() {
		switch t.kind {
		case tokMath:
			if hyphenated[typ] && text[t.from:t.to] == "-" {
				return false
			}
			return true
		case tokUnion, tokReference, tokCall:
			return true
		}
	}
	return false
}

// instanceSpans finds the paths that begin with instance('…'), as [from, to) pairs: they end at a space outside of
// a predicate.
func instanceSpans(text string) [][2]int {
	var spans [][2]int
	s := scanner{text: text}
	var last token
	inside, inPath, inPredicate := false, false, false
	word := func(t token) string { return text[t.from:t.to] }
	for t, ok := s.next(); ok; t, ok = s.next() {
		part := false
		switch {
		case !inside:
			if part = t.kind == tokCall && word(t) == "instance("; part {
				inside = true
				spans = append(spans, [2]int{t.from, t.to})
			}
		case t.kind == tokLiteral && last.kind == tokCall && word(last) == "instance(",
			last.kind == tokLiteral && t.kind == tokClose:
			part = true
		case t.kind == tokSlash && (last.kind == tokClose || last.kind == tokPredicateEnd):
			part, inPath = true, true
		case inPath:
			inPath = t.kind != tokSpace && t.kind != tokPredicate
			inPredicate = t.kind == tokPredicate
			part = t.kind != tokSpace
		case inPredicate:
			part = true
			inPredicate = t.kind != tokPredicateEnd
		}
		if part {
			last = t
			spans[len(spans)-1][1] = t.to
		} else {
			inside = false
		}
	}
	return spans
}
