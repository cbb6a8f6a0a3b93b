package nmea

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"banlang/shared/viet"
)

// Position is a place on the earth, in WGS 84.
type Position struct {
	Lat, Lon float64 // degrees; north and east are positive
	Alt      float64 // metres above the sea; 0 where it is not known
	Acc      float64 // metres within which it is right, as far as the receiver can tell; 0 where it is not known
}

// Geopoint writes the position as forms store it: "14.0583 108.2772 742.5 6". A degree has 7 decimals at most, which is a
// centimetre; a height and an accuracy have one.
func (p Position) Geopoint() string {
	return decimal(p.Lat, 7) + " " + decimal(p.Lon, 7) + " " + decimal(p.Alt, 1) + " " + decimal(p.Acc, 1)
}

// decimal writes x with that many decimals at most.
func decimal(x float64, places int) string {
	s := strconv.FormatFloat(x, 'f', places, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// ParsePosition reads a position that a person typed or copied: latitude and longitude, both in degrees ("14.0583, 108.2772",
// "14,0583 108,2772"), in degrees and minutes, or with seconds ("14°03'30\"N 108°16'38\"E", "14 03 30 B, 108 16 38 Đ"). The
// letters may be English (N S E W) or Vietnamese (B Đ T, Bắc Nam Đông Tây), both behind their numbers or both before
// them, and then the longitude may come first.
//
// It reports false for what is no position, and for what can be read in two ways, as "14,108", or an N, which is Nam or
// North, beside a Đ.
func ParsePosition(typed string) (Position, bool) {
	const most = 200 // bytes
	if len(typed) > most {
		return Position{}, false
	}
	typed = strings.TrimSpace(viet.Fold(typed))
	if inner, ok := strings.CutPrefix(typed, "("); ok && strings.HasSuffix(inner, ")") {
		typed = strings.TrimSpace(inner[:len(inner)-1])
	}
	for _, shape := range shapes {
		m := shape.FindStringSubmatch(typed)
		if m == nil {
			continue
		}
		between := (len(m) - 1) / 2 // the groups of the first half, what separates, and those of the second
		if first, second := m[1:1+between], m[2+between:]; m[1+between] != "," || twoNumbers(first, second) {
			return position(first, second)
		}
	}
	return Position{}, false
}

// twoNumbers says whether a bare comma between two halves can only be that, unlike the one of "14,108" or "14,05,108".
func twoNumbers(first, second []string) bool {
	x, y := strings.Join(first, " "), strings.Join(second, " ")
	return strings.ContainsAny(x, ".,") && (strings.Contains(y, ",") || !strings.Contains(x, ","))
}

// shapes are the ways to write a position, in folded text. Each has as many groups in one half as in the other: the numbers,
// and the letter if there is one, last.
var shapes = func() (all []*regexp.Regexp) {
	const (
		part      = `(\d{1,3}(?:[.,]\d{1,15})?)`
		degree    = `[-−]?\d{1,3}(?:[.,]\d{1,15})?`
		letter    = `([a-z]+)`
		separator = `(\s*;\s*|\s*,\s+|\s+,|\s+|,)`
	)
	marks := []string{`(?:[°º]|do\b)`, `(?:['′’]|phut\b)`, `(?:["″”]|''|′′|giay\b)`}
	numbers := ""
	for i, mark := range marks {
		if i == 0 {
			numbers = `(` + degree + `)`
		} else {
			numbers += `(?:\s*` + marks[i-1] + `\s*|\s+)` + part
		}
		half := numbers + `(?:\s*` + mark + `)?`
		for _, half := range []string{half, half + `\s*` + letter, letter + `\s*` + half} {
			all = append(all, regexp.MustCompile(`^`+half+separator+half+`$`))
		}
	}
	return all
}()

// position puts two halves together: each has one to three numbers and perhaps a letter, before or behind them.
func position(first, second []string) (p Position, ok bool) {
	x, letterX, ok1 := degrees(first)
	y, letterY, ok2 := degrees(second)
	if !ok1 || !ok2 {
		return p, false
	}
	switch axes(letterX, letterY) {
	case "lat lon":
		p.Lat, p.Lon = x, y
	case "lon lat":
		p.Lat, p.Lon = y, x
	default:
		return p, false
	}
	if math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180 {
		return Position{}, false
	}
	return p, true
}

// degrees adds up degrees, minutes and seconds, of which only the last may have decimals.
func degrees(half []string) (sum float64, letter string, ok bool) {
	sign, place, fraction := 1.0, 1.0, false
	for _, part := range half {
		if part[0] >= 'a' && part[0] <= 'z' {
			letter = part
			continue
		}
		unsigned := strings.TrimLeft(part, "-−")
		if unsigned != part {
			sign = -1
		}
		x, err := strconv.ParseFloat(strings.Replace(unsigned, ",", ".", 1), 64)
		if err != nil || fraction || place > 1 && x >= 60 {
			return 0, "", false
		}
		fraction = strings.ContainsAny(unsigned, ".,")
		sum += x / place
		place *= 60
	}
	if letter != "" && sign < 0 {
		return 0, "", false
	}
	if southOrWest[letter] {
		sign = -1
	}
	return sign * sum, letter, true
}

// The letters and words of each language, folded.
var (
	english     = map[string]string{"n": "lat", "s": "lat", "e": "lon", "w": "lon", "north": "lat", "south": "lat", "east": "lon", "west": "lon"}
	vietnamese  = map[string]string{"b": "lat", "d": "lon", "t": "lon", "bac": "lat", "nam": "lat", "dong": "lon", "tay": "lon"}
	southOrWest = map[string]bool{"s": true, "w": true, "south": true, "west": true, "t": true, "nam": true, "tay": true}
)

// axes says what the halves are, by two letters of one language, or by their order.
func axes(first, second string) string {
	if first == "" && second == "" {
		return "lat lon"
	}
	for _, language := range []map[string]string{english, vietnamese} {
		if language[first] != "" && language[second] != "" {
			return language[first] + " " + language[second]
		}
	}
	return ""
}
