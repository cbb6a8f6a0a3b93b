package xpath

import (
	"math"
	"strconv"
	"strings"
)

// FormatNumber writes a number as string() does: as few digits as tell it from its neighbours, never an exponent.
func FormatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	if i := int64(f); float64(i) == f && i > -1<<53 && i < 1<<53 {
		return strconv.FormatInt(i, 10)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// ParseNumber reads a number as number() does: a minus sign, digits and a point, with space around; anything else is
// NaN, exponents, a plus sign and Infinity as well. As in JavaRosa a comma counts as a point, for the languages that
// write one; so 1,000 is one, and 1,000.5 is none.
func ParseNumber(s string) float64 {
	s = trimmed(s)
	if f, ok := smallNumber(s); ok {
		return f
	}
	digits, comma := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c == ',':
			comma = true
		case c != '.' && (c != '-' || i > 0):
			return math.NaN()
		}
	}
	if !digits {
		return math.NaN()
	}
	if comma {
		s = strings.ReplaceAll(s, ",", ".")
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// smallNumber reads what nearly all numbers are: up to nine digits.
func smallNumber(s string) (float64, bool) {
	if len(s) == 0 || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return float64(n), true
}
