package xpath

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// pattern is a compiled pattern of regex(): what must match the whole text, and what the text must or must not start
// with. Matching takes time in proportion to the text, whatever the pattern is.
type pattern struct {
	whole *regexp.Regexp
	looks []look
	size  int // of the machine that matches it; see machineSize
}

// look is a lookahead at the start of a pattern.
type look struct {
	at     *regexp.Regexp
	absent bool // (?!…)
}

func (p *pattern) match(s string) bool {
	for _, l := range p.looks {
		if l.at.MatchString(s) == l.absent {
			return false
		}
	}
	return p.whole.MatchString(s)
}

// MaxPatternBytes is the limit of the length of a pattern, which bounds what matching it costs for a character.
const MaxPatternBytes = 10_000

// preparePattern compiles a pattern that is a literal, once.
func preparePattern(c *call) *Error {
	l, ok := c.args[1].(*literal)
	if !ok {
		return nil
	}
	p, err := compilePattern(l.v.String())
	if err != nil {
		return failf(c.at, CodeValue, "regex(): “%s” is no pattern: %v", l.v.String(), err)
	}
	c.ready = p
	return nil
}

func regex(c *invocation) Value {
	s := c.text(0)
	p, ok := c.ready.(*pattern)
	if !ok {
		if p = c.pattern(c.text(1)); c.err != nil {
			return Value{}
		}
	}
	if c.err == nil {
		c.err = c.env.charge(c.at, len(s)*(1+p.size/32))
	}
	return Boolean(c.err == nil && p.match(s))
}

// pattern compiles a pattern that is known only now. The last one is kept, since the next is likely the same.
func (c *invocation) pattern(text string) *pattern {
	last := &c.env.lastPattern
	if c.err != nil || last.pattern != nil && last.text == text {
		return last.pattern
	}
	p, err := compilePattern(text)
	if err != nil {
		c.fail(CodeValue, "regex(): “%s” is no pattern: %v", text, err)
		return nil
	}
	c.err = c.env.charge(c.at, 1000+20*(len(text)+p.size))
	last.text, last.pattern = text, p
	return p
}

// compilePattern reads a pattern that must match the whole text. Lookaheads at the start are taken off and matched for
// themselves; anywhere else they are refused, as is a reference back.
func compilePattern(text string) (*pattern, error) {
	if len(text) > MaxPatternBytes {
		return nil, errors.New("it is too long")
	}
	p, rest := new(pattern), codePoint.ReplaceAllString(text, `\x{$1}`)
	for {
		rest = strings.TrimPrefix(rest, "^")
		l, after, err := leadingLook(rest)
		if err != nil {
			return nil, err
		}
		if l == nil {
			break
		}
		p.looks, rest = append(p.looks, *l), after
	}
	if len(p.looks) > 0 && alternative(rest) {
		return nil, errors.New("a lookahead cannot stand beside | without brackets")
	}
	if len(p.looks) == 0 { // the ^ may belong to one of several branches
		rest = codePoint.ReplaceAllString(text, `\x{$1}`)
	}
	var err error
	p.whole, p.size, err = compileBounded(`\A(?:` + rest + `)\z`)
	return p, err
}

// compileBounded compiles a pattern, once it is sure that the machine which matches it stays small.
func compileBounded(text string) (*regexp.Regexp, int, error) {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, 0, err
	}
	size := machineSize(parsed)
	if size > maxMachine {
		return nil, 0, errors.New("its repetitions are too many")
	}
	x, err := regexp.Compile(text)
	return x, size, err
}

// maxMachine is the limit of the steps of a machine.
const maxMachine = 20_000

// machineSize estimates the steps of the machine that matches a pattern: what a character of text can cost.
func machineSize(x *syntax.Regexp) int {
	size := 1 + len(x.Rune)/2
	for _, sub := range x.Sub {
		size += machineSize(sub)
	}
	if x.Op == syntax.OpRepeat {
		size *= 1 + max(x.Min, x.Max)
	}
	return min(size, 2*maxMachine)
}

// codePoint is how Java writes a character by its number; an even number of backslashes before it is overlooked.
var codePoint = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// leadingLook cuts a lookahead from the start of a pattern; nil when there is none.
func leadingLook(s string) (*look, string, error) {
	absent := strings.HasPrefix(s, "(?!")
	if !absent && !strings.HasPrefix(s, "(?=") {
		return nil, s, nil
	}
	end := closing(s)
	if end < 0 {
		return nil, s, errors.New("a bracket is not closed")
	}
	at, _, err := compileBounded(`\A(?:` + s[3:end] + `)`)
	return &look{at, absent}, s[end+1:], err
}

// closing finds the bracket that closes the one s starts with; -1: none does.
func closing(s string) int {
	depth, end := 0, -1
	outline(s, func(i int, c byte) bool {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			end = i
		}
		return end < 0
	})
	return end
}

// alternative says whether a | stands outside all brackets.
func alternative(s string) bool {
	depth, found := 0, false
	outline(s, func(_ int, c byte) bool {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			found = found || depth == 0
		}
		return !found
	})
	return found
}

// outline gives the bytes of a pattern that are neither escaped nor in a class of characters, until use is false.
func outline(s string, use func(i int, c byte) bool) {
	class := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']' || s[i-1] == '['
		case c == '[':
			class = true
		case !use(i, c):
			return
		}
	}
}
