package xlsform

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// parseParams reads "key=value key=value" with spaces, commas or semicolons between. Keys and values are in lower
// case, but for the two that name columns of a file.
func parseParams(r *row) (attrs, error) {
	words := paramWords(r.text("parameters"))
	params := attrs{}
	for len(words) > 0 {
		if len(words) < 3 || words[0] == "=" || words[1] != "=" || words[2] == "=" {
			return nil, ParamSyntax.at(r.at("parameters"))
		}
		key, val := strings.ToLower(words[0]), words[2]
		if key != "label" && key != "value" {
			val = strings.ToLower(val)
		}
		params.setText(key, val)
		words = words[3:]
	}
	return params, nil
}

// paramWords parts a text into words and equal signs.
func paramWords(s string) []string {
	var words []string
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
	for _, part := range parts {
		for part != "" {
			n := strings.IndexByte(part, '=')
			switch {
			case n < 0:
				n = len(part)
			case n == 0:
				n = 1
			}
			words = append(words, part[:n])
			part = part[n:]
		}
	}
	return words
}

// only refuses parameters that the type does not know.
func only(r *row, params attrs, accepted ...string) error {
	var extra []string
	for _, p := range params {
		if !slices.Contains(accepted, p.key) {
			extra = append(extra, p.key)
		}
	}
	if len(extra) == 0 {
		return nil
	}
	return ParamUnknown.at(r.at("parameters"), "rejected", strings.Join(extra, ", "), "accepted", strings.Join(accepted, ", "))
}

// oneOfParam checks a parameter, if it is there, against the values that it may have.
func oneOfParam(r *row, params attrs, name string, accepted ...string) error {
	if v := params.get(name); v.isZero() || slices.Contains(accepted, v.text) {
		return nil
	}
	return ParamNotOneOf.at(r.at("parameters"), "name", name, "value", params.text(name), "accepted", strings.Join(accepted, ", "))
}

// integerParam checks that a parameter, if it is there, is a whole number.
func integerParam(r *row, params attrs, name string) (*big.Int, error) {
	if !params.has(name) {
		return nil, nil
	}
	const longest = 100
	if text := params.text(name); len(text) <= longest {
		if n, ok := new(big.Int).SetString(text, 10); ok {
			return n, nil
		}
	}
	return nil, ParamNotInteger.at(r.at("parameters"), "name", name)
}

// isNumber reports whether s is a number as calculations read it.
func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil || strings.HasSuffix(err.Error(), strconv.ErrRange.Error())
}

// decimal reads an exact decimal number of sensible size.
func decimal(s string) (*big.Rat, bool) {
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(s), "e")
	if n, err := strconv.Atoi(exponent); scientific && (err != nil || n < -99 || n > 99) {
		return nil, false
	}
	if len(s) > 100 || strings.Trim(mantissa, "+-.0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}
