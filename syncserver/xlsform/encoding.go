package xlsform

import "strings"

// Vietnamese was written in many ways before Unicode, and files of old offices still are. Nothing is converted here:
// a guess would be wrong now and then, silently. It is only good for telling the author what to do.

const (
	tcvn3       = "TCVN3 (ABC)"
	vni         = "VNI"
	viscii      = "VISCII"
	windows1258 = "windows-1258"
	otherText   = "windows-1252"
)

// marks are, for each encoding, the bytes that Vietnamese has most often: those of àáđưôạâêảếộơờớốệấủểíợăịậ, or of the
// marks that stand behind the vowels.
var marks = []struct{ encoding, bytes string }{
	{tcvn3, "\xb5\xb8\xae\xad\xab\xb9\xa9\xaa\xb6\xd5\xe9\xac\xea\xed\xe8\xd6\xca\xf1\xd3\xdd\xee\xa8\xde\xcb"},
	{viscii, "\xe0\xe1\xf0\xdf\xf4\xd5\xe2\xea\xe4\xaa\xb5\xbd\xb6\xbe\xaf\xae\xa4\xfc\xac\xed\xfe\xe5\xb8\xa7"},
	{vni, "\xf8\xf9\xfb\xf5\xef\xe2\xe1\xe0\xe5\xe3\xe4\xea\xf6\xf4\xf1\xed"},
	{windows1258, "\xe0\xe1\xf0\xfd\xf4\xe2\xea\xf5\xed\xe3\xcc\xd2\xde\xec\xf2"},
}

// guessEncoding names the likely encoding of some text that is not UTF-8: right for nearly every text of some lines, and
// for most of a few words.
func guessEncoding(text string) string {
	best, most := otherText, 0
	for _, m := range marks {
		n := 0
		for i := range len(text) {
			n += btoi(strings.IndexByte(m.bytes, text[i]) >= 0)
		}
		if n > most {
			best, most = m.encoding, n
		}
	}
	return best
}

// Text that is typed in a font from before Unicode is, to others, text with odd letters. tcvn3Letters stand inside of
// words, vniMarks behind vowels; no language has either there more than once in a while.
const (
	tcvn3Letters = "µ¶·¸¹¨©ª«¬®¾¿ÆÇËÐÑÖ×ÜÞ"
	vniVowels    = "aeouyAEOUYôöÔÖ"
	vniMarks     = "øûïåäë"
)

// legacyFont names the kind of font that a text seems to be typed in, "" for none.
func legacyFont(text string) string {
	inWords, behindVowels, kinds := 0, 0, ""
	letter, before := false, ' '
	for _, r := range text {
		odd := strings.ContainsRune(tcvn3Letters, r)
		inWords += btoi(odd && letter)
		letter = odd || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if strings.ContainsRune(vniMarks, r) && strings.ContainsRune(vniVowels, before) {
			behindVowels++
			if !strings.ContainsRune(kinds, r) {
				kinds += string(r)
			}
		}
		before = r
	}
	switch {
	case inWords >= 3:
		return tcvn3
	case behindVowels >= 3 && len(kinds) > len("ø"):
		return vni
	}
	return ""
}
