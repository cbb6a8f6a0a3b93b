package xpath

import (
	"math"
	"strings"
	"unicode/utf8"
)

func textFunctions() map[string]*function {
	return map[string]*function{
		"string":           textOr(func(c *invocation, s string) Value { return c.made(s) }),
		"string-length":    textOr(func(_ *invocation, s string) Value { return Number(float64(utf8.RuneCountInString(s))) }),
		"normalize-space":  textOr(normalizeSpace),
		"concat":           pure(0, unlimited, func(c *invocation) Value { return c.join("", 0) }),
		"join":             pure(1, unlimited, func(c *invocation) Value { return c.join(c.text(0), 1) }),
		"substr":           pure(2, 3, substr),
		"substring":        pure(2, 3, substring),
		"substring-before": pure(2, 2, substringBefore),
		"substring-after":  pure(2, 2, substringAfter),
		"contains":         pure(2, 2, func(c *invocation) Value { return Boolean(strings.Contains(c.text(0), c.text(1))) }),
		"starts-with":      pure(2, 2, func(c *invocation) Value { return Boolean(strings.HasPrefix(c.text(0), c.text(1))) }),
		"ends-with":        pure(2, 2, func(c *invocation) Value { return Boolean(strings.HasSuffix(c.text(0), c.text(1))) }),
		"translate":        pure(3, 3, translate),
		"lower-case":       pure(1, 1, func(c *invocation) Value { return c.made(strings.ToLower(c.text(0))) }),
		"upper-case":       pure(1, 1, func(c *invocation) Value { return c.made(strings.ToUpper(c.text(0))) }),
		"regex":            {min: 2, max: 2, pure: true, prepare: preparePattern, run: regex},
	}
}

// textOr is a function of one string, which is that of the context node when the argument is left out.
func textOr(do func(c *invocation, s string) Value) *function {
	return reading(0, 1, func(c *invocation) Value {
		if c.has(0) {
			return do(c, c.text(0))
		}
		return do(c, c.here())
	})
}

func normalizeSpace(c *invocation, s string) Value {
	return c.made(strings.Join(strings.FieldsFunc(s, isSpace), " "))
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// join puts the arguments from number i on one behind the other, node-sets node by node.
func (c *invocation) join(separator string, i int) Value {
	var b strings.Builder
	first := true
	c.each(i, func(v Value) {
		if !first {
			b.WriteString(separator)
		}
		first = false
		s := v.String()
		b.WriteString(s)
		if c.err == nil {
			c.err = c.env.charge(c.at, 1+(len(s)+len(separator))/16)
		}
		if most := c.env.run.left.Bytes; b.Len() > most {
			c.fail(CodeLimit, "a text gets longer than %d bytes", most)
		}
	})
	return String(b.String())
}

// substr counts from 0, and negative numbers from the end; the end is not included.
func substr(c *invocation) Value {
	s := []rune(c.text(0))
	from, to := index(c.number(1), len(s)), len(s)
	if c.has(2) {
		to = index(c.number(2), len(s))
	}
	if c.err != nil || from >= to {
		return String("")
	}
	return String(string(s[from:to]))
}

// index turns a number into a place within 0 and size; negative ones count from the end.
func index(f float64, size int) int {
	f = math.Trunc(f)
	if math.IsNaN(f) {
		return 0
	}
	if f < 0 {
		f += float64(size)
	}
	return int(min(max(f, 0), float64(size)))
}

// substring counts from 1 and rounds, as section 4.2 of the standard has it.
func substring(c *invocation) Value {
	s, from, to := []rune(c.text(0)), roundHalfUp(c.number(1)), math.Inf(1)
	if c.has(2) {
		to = from + roundHalfUp(c.number(2))
	}
	var b strings.Builder
	for i, r := range s {
		if p := float64(i + 1); p >= from && p < to {
			b.WriteRune(r)
		}
	}
	return String(b.String())
}

// roundHalfUp rounds to a whole number, keeping the sign of zero.
func roundHalfUp(f float64) float64 {
	if r := math.Floor(f); f-r < 0.5 {
		return math.Copysign(r, f)
	}
	return math.Copysign(math.Ceil(f), f)
}

func substringBefore(c *invocation) Value {
	before, _, found := strings.Cut(c.text(0), c.text(1))
	if !found {
		before = ""
	}
	return String(before)
}

func substringAfter(c *invocation) Value {
	_, after, _ := strings.Cut(c.text(0), c.text(1))
	return String(after)
}

func translate(c *invocation) Value {
	s, from, to := c.text(0), []rune(c.text(1)), []rune(c.text(2))
	with := make(map[rune]rune, len(from))
	for i, r := range from {
		if _, ok := with[r]; ok {
			continue
		}
		with[r] = -1
		if i < len(to) {
			with[r] = to[i]
		}
	}
	return c.made(strings.Map(func(r rune) rune {
		if t, ok := with[r]; ok {
			return t
		}
		return r
	}, s))
}
