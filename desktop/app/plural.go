package app

import (
	"regexp"
	"strings"
)

// choices are the places of a text where a word follows a number: {n:record|records} is the first word where n is 1.
var choices = regexp.MustCompile(`\{(\w+):([^|{}]*)\|([^{}]*)\}`)

// inflect puts the words that follow numbers. Pairs are those of T.
func inflect(text string, pairs []string) string {
	if !strings.Contains(text, ":") {
		return text
	}
	return choices.ReplaceAllStringFunc(text, func(place string) string {
		m := choices.FindStringSubmatch(place)
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == m[1] && pairs[i+1] == "1" {
				return m[2]
			}
		}
		return m[3]
	})
}

// titled are the words around figures and periods in the titles of records, by their keys. A title is computed by the form, and forms
// compute it in Vietnamese.
var titled = []string{"title.participants", "title.people", "title.donations", "title.visits", "title.households", "title.residents",
	"title.officers", "title.cards", "title.days", "title.workdays", "title.cutoff",
	"title.quarter", "title.half.first", "title.half.second", "title.month", "title.year"}

// figure says a part of a title in another language than Vietnamese, where it is a figure with known words; else as it is.
func figure(lang, part string) string {
	for _, key := range titled {
		before, after, _ := strings.Cut(catalogues[Vietnamese][key], "{n}")
		n, ok := strings.CutPrefix(part, before)
		if n, ok = cutSuffix(n, after, ok); ok && n != "" && strings.Trim(n, "0123456789.,/") == "" && catalogues[lang][key] != "" {
			pairs := []string{"n", n}
			return fill(inflect(catalogues[lang][key], pairs), pairs)
		}
	}
	return part
}

func cutSuffix(text, suffix string, ok bool) (string, bool) {
	text, cut := strings.CutSuffix(text, suffix)
	return text, ok && cut
}
