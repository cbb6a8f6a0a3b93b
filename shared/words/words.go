// Package words puts numbers and names into the texts of a catalogue.
package words

import (
	"regexp"
	"strings"
)

// choices are the places of a text where a word follows a number: {n:record|records} is the first word where n is 1.
var choices = regexp.MustCompile(`\{(\w+):([^|{}]*)\|([^{}]*)\}`)

// Fill puts into a text what pairs say: a name that stands in it in braces, and what to put there; {n:record|records} is the word
// that fits the number n. What no pair names stays as it is, but for a word that follows a number, which is then the second.
func Fill(text string, pairs ...string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	one, places := map[string]bool{}, make([]string, len(pairs)/2*2)
	for i := 0; i+1 < len(pairs); i += 2 {
		one[pairs[i]] = pairs[i+1] == "1"
		places[i], places[i+1] = "{"+pairs[i]+"}", pairs[i+1]
	}
	if strings.Contains(text, ":") {
		text = choices.ReplaceAllStringFunc(text, func(place string) string {
			m := choices.FindStringSubmatch(place)
			if one[m[1]] {
				return m[2]
			}
			return m[3]
		})
	}
	return strings.NewReplacer(places...).Replace(text)
}
