package telex

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// tone is one of the six tones of Vietnamese.
type tone uint8

const (
	level tone = iota
	grave
	acute
	hook
	tilde
	dot
)

const toneMarks = "\u0300\u0301\u0309\u0303\u0323" // in the order of the tones

// letter is a letter without its tone: small, in its shape.
type letter struct {
	r     rune
	upper bool
}

// toned is a small letter with a tone.
type toned struct {
	r rune
	t tone
}

var (
	withTone = map[toned]rune{}
	ofTone   = map[rune]toned{}
)

func init() {
	for _, r := range vowels {
		for i, m := range []rune(toneMarks) {
			t := toned{r, tone(i + 1)}
			c := []rune(norm.NFC.String(string(r) + string(m)))[0]
			withTone[t], ofTone[c] = c, t
		}
	}
}

const vowels = "aăâeêioôơuưy"

func isVowel(r rune) bool { return strings.ContainsRune(vowels, r) }

// bare gives a small letter without its shape.
func bare(r rune) rune {
	switch r {
	case 'ă', 'â':
		return 'a'
	case 'ê':
		return 'e'
	case 'ô', 'ơ':
		return 'o'
	case 'ư':
		return 'u'
	case 'đ':
		return 'd'
	}
	return r
}

// word is a word taken apart: what String gives is what was split, rune by rune.
type word struct {
	letters []letter
	tone    tone
	at      int // the letter that bears the tone
}

// split takes a word apart; false if it is too long, or has more than one tone.
func split(text string) (w word, ok bool) {
	for _, r := range text {
		l := letter{r: r}
		if low := unicode.ToLower(r); low != r && unicode.ToUpper(low) == r {
			l = letter{low, true}
		}
		if t, has := ofTone[l.r]; has {
			if w.tone != level {
				return w, false
			}
			l.r, w.tone, w.at = t.r, t.t, len(w.letters)
		}
		w.letters = append(w.letters, l)
	}
	return w, len(w.letters) <= longest
}

func (w *word) String() string {
	var b strings.Builder
	for i, l := range w.letters {
		r := l.r
		if w.tone != level && i == w.at {
			r = withTone[toned{r, w.tone}]
		}
		if l.upper {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// add appends a letter as it is typed.
func (w *word) add(key rune) {
	l := letter{r: key}
	if low := unicode.ToLower(key); low != key {
		l = letter{low, true}
	}
	w.letters = append(w.letters, l)
}

// settle puts the tone where spelling wants it.
func (w *word) settle(s syllable, newTones bool) {
	if w.tone != level {
		w.at = s.toneAt(newTones)
	}
}

// shouts reports whether the word is written in capitals.
func (w *word) shouts() bool {
	return len(w.letters) > 1 && !slices.ContainsFunc(w.letters, func(l letter) bool { return !l.upper })
}

// unshape takes back the shapes that a key has given.
func (w *word) unshape(shape map[rune]rune) (found bool) {
	for i, l := range w.letters {
		if b := bare(l.r); b != l.r && shape[b] == l.r {
			w.letters[i].r, found = b, true
		}
	}
	return found
}

// reshapeLast changes the last letter of a word that is no Vietnamese syllable, or takes its shape back.
func (w *word) reshapeLast(m mark, key rune) bool {
	n := len(w.letters) - 1
	last := &w.letters[n]
	if b := bare(last.r); b != last.r && m.shape[b] == last.r {
		last.r = b
		w.add(key)
		return true
	}
	to := m.shape[last.r]
	doubled := n > 0 && w.letters[n-1].r == last.r
	if to == 0 || doubled || !ofHighlands(w.letters) {
		return false
	}
	last.r = to
	return true
}

// ofHighlands reports whether letters could be the beginning of a word of Jrai or Bahnar, and are hardly one of English:
// they have a letter that English lacks, or they are one syllable so far.
func ofHighlands(letters []letter) bool {
	changes, vowel := 0, false
	for _, l := range letters {
		switch {
		case l.r > unicode.MaxASCII:
			return true
		case l.r == 'f' || l.r == 'z':
			return false
		case isVowel(l.r) != vowel:
			changes, vowel = changes+1, !vowel
		}
	}
	return changes <= 1
}
