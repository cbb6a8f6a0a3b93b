// Package viet owns how Vietnamese is written and compared: numbers (1.234,5),
// percentages (97,13 %), dates (16/11/2026), and the folding of words so that
// "Điệp" and "diep" meet in a search.
//
// It is pure and safe for concurrent use. Values come in and go out as XForms
// lexical strings ("1234.5", "2026-11-16"); nothing here rounds through a float.
package viet

import (
	"math/big"
	"strconv"
	"strings"
)

// MaxDigits is the most digits that ParseNumber takes before or after the
// comma. No count an officer writes is longer, and 15 digits stay exact in
// every spreadsheet.
const MaxDigits = 15

// None is shown in place of a figure that does not exist, such as a share of
// nothing.
const None = "–"

// Int writes n with dots between the thousands: -1234567 gives "-1.234.567".
func Int(n int64) string {
	digits, negative := strings.CutPrefix(strconv.FormatInt(n, 10), "-")
	return sign(negative) + group(digits)
}

// Fixed writes unscaled / 10^scale with exactly scale decimals after a comma:
// Fixed(12345, 1) gives "1.234,5". A scale of 0 or less is Int.
func Fixed(unscaled int64, scale int) string {
	if scale <= 0 {
		return Int(unscaled)
	}
	digits, negative := strings.CutPrefix(strconv.FormatInt(unscaled, 10), "-")
	if short := scale + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	cut := len(digits) - scale
	return sign(negative) + group(digits[:cut]) + "," + digits[cut:]
}

// Number writes an XForms integer or decimal ("-1234.50") as Vietnamese reads
// it ("-1.234,50"), keeping the decimals as they were typed. What is no such
// number comes back unchanged, so that an odd value is seen and not hidden.
func Number(lexical string) string {
	digits, negative := strings.CutPrefix(lexical, "-")
	whole, fraction, hasPoint := strings.Cut(digits, ".")
	if !allDigits(whole) || hasPoint && !allDigits(fraction) {
		return lexical
	}
	if !hasPoint {
		return sign(negative) + group(whole)
	}
	return sign(negative) + group(whole) + "," + fraction
}

// Position writes the latitude and longitude of an XForms geopoint ("14.0583
// 108.2772 742.5 6") with commas: "14,0583 108,2772". Several, with semicolons
// between, stay several. What is no geopoint comes back unchanged.
func Position(lexical string) string {
	points := strings.Split(lexical, ";")
	for i, point := range points {
		numbers := strings.Fields(point)
		if len(numbers) != 4 {
			return lexical
		}
		points[i] = Number(numbers[0]) + " " + Number(numbers[1])
	}
	return strings.Join(points, "; ")
}

// ParseNumber reads what a Vietnamese hand types ("1.234,5", "1234,5", "-7")
// into its XForms lexical form ("1234.5"). Dots must stand between thousands,
// so "1.5" is refused rather than read as fifteen or one and a half. It reports
// false for anything else, and for more than MaxDigits on a side.
func ParseNumber(typed string) (lexical string, ok bool) {
	digits, negative := strings.CutPrefix(strings.TrimSpace(typed), "-")
	whole, fraction, hasComma := strings.Cut(digits, ",")
	whole, ok = ungroup(whole)
	if !ok || len(whole) > MaxDigits || len(fraction) > MaxDigits {
		return "", false
	}
	if !hasComma {
		return sign(negative) + whole, true
	}
	if !allDigits(fraction) {
		return "", false
	}
	return sign(negative) + whole + "." + fraction, true
}

// Hundredths gives part as hundredths of a percent of whole, rounded half up
// from the exact ratio: Hundredths(8328, 8574) is 9713. It reports false where
// there is no such share: whole is not positive, part is negative, or the
// result does not fit.
func Hundredths(part, whole int64) (n int64, ok bool) {
	if whole <= 0 || part < 0 {
		return 0, false
	}
	// floor((2·part·10000 + whole) / (2·whole)) is half up without a fraction.
	twice := new(big.Int).SetInt64(part)
	twice.Mul(twice, big.NewInt(20000)).Add(twice, big.NewInt(whole))
	double := new(big.Int).Lsh(big.NewInt(whole), 1)
	twice.Div(twice, double)
	if !twice.IsInt64() {
		return 0, false
	}
	return twice.Int64(), true
}

// Percent writes part of whole as a percentage with two decimals, rounded half
// up: Percent(1020, 1045) gives "97,61 %". Without a share it gives None.
func Percent(part, whole int64) string {
	n, ok := Hundredths(part, whole)
	if !ok {
		return None
	}
	return Fixed(n, 2) + " %"
}

func sign(negative bool) string {
	if negative {
		return "-"
	}
	return ""
}

// group puts a dot before every third digit from the right.
func group(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	b.Grow(len(digits) + len(digits)/3)
	head := len(digits) % 3
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// ungroup takes the dots out again and reports whether each stood in its place.
func ungroup(s string) (digits string, ok bool) {
	parts := strings.Split(s, ".")
	for i, part := range parts {
		inside := i > 0
		if !allDigits(part) || inside && len(part) != 3 || !inside && len(parts) > 1 && len(part) > 3 {
			return "", false
		}
	}
	return strings.Join(parts, ""), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
