package xlsform

import "strings"

// Vietnamese was written in many ways before Unicode, and files of old offices still are. Nothing is converted here:
// a guess would be wrong now and then, silently. It is only good for telling the author what to do.

const (
	tcvn3       = "TCVN3 (ABC)"
	vni         = "VNI"
	windows1258 = "windows-1258"
	otherText   = "windows-1252"
)

// marks are bytes that are frequent in Vietnamese in one encoding and rare in the others: the vowels with marks that
// nearly every sentence has.
var marks = []struct{ encoding, bytes string }{
	{tcvn3, "\xb5\xb6\xb7\xb8\xb9\xa8\xa9\xaa\xab\xac\xad\xae\xbe\xbf\xc6\xc7\xcb\xd0\xd1\xd5\xd6\xd7\xdc\xdd\xde"},
	{windows1258, "\xe3\xf0\xf5\xfd\xcc\xd2\xde\xec\xf2\xfe\xd0\xe2\xea\xf4"},
}

// guessEncoding names the likely encoding of some text that is not UTF-8.
func guessEncoding(text string) string {
	if isVNI(text) {
		return vni
	}
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

// isVNI looks for vowels that are followed by a byte for the mark, as in "tieáng Vieät".
func isVNI(text string) bool {
	const vowels, following = "aeiouyAEIOUY", "\xf8\xf9\xfb\xf5\xef\xe2\xe1\xe0\xe5\xe3\xe4\xea\xe9\xe8\xfa\xfc\xeb"
	pairs, marks := 0, 0
	for i := 1; i < len(text); i++ {
		if strings.IndexByte(following, text[i]) < 0 {
			continue
		}
		marks++
		pairs += btoi(strings.IndexByte(vowels, text[i-1]) >= 0)
	}
	return pairs > 1 && pairs*3 > marks*2
}

// legacyLetters are letters and signs that TCVN3 fonts show as Vietnamese and Unicode does not: text typed in such a
// font has them inside of words.
const legacyLetters = "µ¶·¸¹¨©ª«¬®¾¿ÆÇËÐÑÖ×ÜÞ"

// looksLegacy reports whether a text seems to be typed in a TCVN3 font: at least three of its letters touch others.
func looksLegacy(text string) bool {
	found := 0
	letter := false
	for _, r := range text {
		isLegacy := strings.ContainsRune(legacyLetters, r)
		found += btoi(isLegacy && letter)
		letter = isLegacy || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return found >= 3
}
