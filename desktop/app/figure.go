package app

import (
	"strings"

	"banlang/shared/words"
)

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
			return words.Fill(catalogues[lang][key], "n", n)
		}
	}
	return part
}

func cutSuffix(text, suffix string, ok bool) (string, bool) {
	text, cut := strings.CutSuffix(text, suffix)
	return text, ok && cut
}
